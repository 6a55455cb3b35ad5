"""A bot in a process of its own, to be killed: ``python -m tests.integration.bot_process '<json>'``."""

import asyncio
import json
import sys
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import make_url

from bot.app import BotApp, BotSettings
from bot.desk import Desk
from core.accounts import CodeKeeper
from core.database import Database, Role
from core.school_time import MachineClock, SchoolClock
from gateway.addresses import AddressVault
from texts.reader import load


async def run(order: dict[str, Any]) -> None:
    """Converse until killed, at a time that stands still."""
    at = datetime.fromisoformat(order["at"])
    url = make_url(order["url"])
    desk = Desk(
        core=Database(url, Role.CORE),
        gateway=Database(url, Role.GATEWAY),
        bot=Database(url, Role.BOT),
        keeper=CodeKeeper(bytes.fromhex(order["codes"])),
        vault=AddressVault(bytes.fromhex(order["addresses"])),
        texts=load("ru"),
        school_clock=SchoolClock(source=lambda: at),
        machine_clock=MachineClock(source=lambda: at),
        log=structlog.get_logger("bot"),
    )
    await BotApp(BotSettings(**order["settings"]), desk).run()


if __name__ == "__main__":
    asyncio.run(run(json.loads(sys.argv[1])))
