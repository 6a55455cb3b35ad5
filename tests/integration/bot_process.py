"""A bot in a process of its own, to be killed.

Processes are forked from a server that has imported everything once: aiogram alone takes seconds to import.
"""

import asyncio
import multiprocessing
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import make_url

from bot.app import BotApp
from bot.desk import Desk
from bot.line import BotSettings
from core.account.account_keeper import AccountKeeper
from core.account.accounts import CodeKeeper
from core.database import Database, Role
from core.school_time import MachineClock, SchoolClock
from gateway.addresses import AddressVault
from tests.integration.bot_world import BotWorld
from texts.reader import load

_PROCESSES = multiprocessing.get_context("forkserver")


@asynccontextmanager
async def doomed(world: BotWorld) -> AsyncIterator[None]:
    """Run this world's bot in a process of its own, and kill it at the end of the block: no cleaning up, as in life."""
    order = {
        "url": world.desk.core.url.render_as_string(hide_password=False),
        "at": world.clock.wall.isoformat(),
        "codes": world.desk.keeper.secret,
        "addresses": world.desk.vault.secret,
        "settings": asdict(world.settings),
    }
    _PROCESSES.set_forkserver_preload([__name__])
    process = _PROCESSES.Process(target=_live, args=(order,), daemon=True)
    await asyncio.to_thread(process.start)
    try:
        yield
    finally:
        process.kill()
        await asyncio.to_thread(process.join)
        process.close()


def _live(order: dict[str, Any]) -> None:
    asyncio.run(_converse(order))


async def _converse(order: dict[str, Any]) -> None:
    """Converse until killed, at a time that stands still."""
    at = datetime.fromisoformat(order["at"])
    url = make_url(order["url"])
    desk = Desk(
        core=Database(url, Role.CORE),
        gateway=Database(url, Role.GATEWAY),
        bot=Database(url, Role.BOT),
        account_keeper=AccountKeeper(b"accounts of the tests, 32 bytes "),
        keeper=CodeKeeper(order["codes"]),
        vault=AddressVault(order["addresses"]),
        texts=load("ru"),
        school_clock=SchoolClock(source=lambda: at),
        machine_clock=MachineClock(source=lambda: at),
        log=structlog.get_logger("bot"),
    )
    await BotApp(BotSettings(**order["settings"]), desk).run()
