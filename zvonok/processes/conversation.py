"""The bot's process: conversation in every messenger that is set up."""

import asyncio

import structlog

from bot.app import BotApp
from bot.desk import Desk
from bot.line import BotSettings
from core.database import Role
from core.events import Channel
from texts.reader import load
from zvonok.installation import Installation
from zvonok.settings import Settings
from zvonok.trouble import InstallationError


async def run_bot(installation: Installation) -> None:
    """Run the conversation. Raises ``InstallationError`` without a bot."""
    bots = _bots(installation.settings)
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
            site=installation.settings.public_url,
        )
        async with asyncio.TaskGroup() as group:
            for one in bots:
                group.create_task(BotApp(one, desk).run())


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
