"""The bot's process: conversation in every messenger that is set up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import structlog
from aiohttp import web

from bot.app import BotApp
from bot.desk import Desk
from bot.hooks import FOLDER, Doors, hook_of
from bot.line import BotSettings
from bot.mini_app import MiniApps
from core.database import Role
from core.events import Channel
from texts.reader import load
from zvonok.installation import Installation
from zvonok.settings import Settings
from zvonok.trouble import InstallationError

STOP_SECONDS = 5.0
"""Given to updates under way when the process is told to stop."""


async def run_bot(installation: Installation) -> None:
    """Run the conversation. Raises ``InstallationError`` without a bot."""
    bots = [_hooked(installation, one) for one in _bots(installation.settings)]
    if not bots:
        raise InstallationError("Боту нужен токен: задайте ZVONOK_MAX_TOKEN или ZVONOK_TELEGRAM_TOKEN.")
    async with (
        installation.journal() as core,
        installation.database(Role.GATEWAY) as gateway,
        installation.database(Role.BOT) as bot,
    ):
        desk = Desk(
            core=core,
            gateway=gateway,
            bot=bot,
            keeper=installation.secret.code_keeper(),
            vault=installation.secret.vault(),
            texts=load("ru"),
            school_clock=installation.school_clock,
            machine_clock=installation.machine_clock,
            log=structlog.get_logger("bot"),
            account_keeper=installation.secret.account_keeper(),
            apps=MiniApps.at(installation.settings.public_url, installation.settings.max_bot_name),
            site=installation.settings.public_url,
        )
        async with _doors(installation.settings, desk) as doors, asyncio.TaskGroup() as group:
            for one in bots:
                group.create_task(BotApp(one, desk, doors=doors).run())


@asynccontextmanager
async def _doors(settings: Settings, desk: Desk) -> AsyncIterator[Doors | None]:
    """Listen for what messengers send, if one of them is to. Raises ``InstallationError`` without the port."""
    if not (settings.telegram_hook or settings.max_hook):
        yield None
        return
    doors = Doors(desk.log)
    # No access log: addresses are secrets.
    runner = web.AppRunner(doors.app(), access_log=None, shutdown_timeout=STOP_SECONDS)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.hooks_host, settings.hooks_port).start()
    except OSError:
        await runner.cleanup()
        raise InstallationError(
            f"Бот не может слушать {settings.hooks_host}:{settings.hooks_port}: адрес занят или недоступен. Проверьте "
            "ZVONOK_HOOKS_HOST и ZVONOK_HOOKS_PORT."
        ) from None
    try:
        yield doors
    finally:
        await runner.cleanup()


def _hooked(installation: Installation, bot: BotSettings) -> BotSettings:
    """Have updates sent to a bot whose settings say so."""
    settings = installation.settings
    wanted = settings.max_hook if bot.messenger is Channel.MAX else settings.telegram_hook
    if not wanted:
        return bot
    hook = hook_of(installation.secret.hook_key(), bot.messenger, bot.credential)
    return replace(bot, hook=hook, hook_url=f"{settings.public_url}{FOLDER}{hook.path}")


def _bots(settings: Settings) -> list[BotSettings]:
    """Return the bots that are set up, one for each messenger."""
    found = []
    if (chat := settings.max_bot()) is not None:
        found.append(
            BotSettings(
                token=chat.token,
                credential=settings.max_credential(),
                base_url=chat.base_url,
                proxy=chat.proxy,
                messenger=Channel.MAX,
                reserve=settings.max_reserve,
                tls=chat.tls_context(),
            )
        )
    if (telegram := settings.telegram()) is not None:
        found.append(
            BotSettings(
                token=telegram.token,
                credential=settings.bot_credential(),
                base_url=telegram.base_url,
                proxy=telegram.proxy,
            )
        )
    return found
