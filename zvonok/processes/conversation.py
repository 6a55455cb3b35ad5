"""The bot's process: conversation in a messenger."""

import structlog

from bot.app import BotApp, BotSettings
from bot.desk import Desk
from core.database import Role
from texts.reader import load
from zvonok.installation import Installation
from zvonok.trouble import InstallationError


async def run_bot(installation: Installation) -> None:
    """Run the conversation. Raises ``InstallationError`` without a bot."""
    telegram = installation.settings.telegram()
    if telegram is None:
        raise InstallationError("Боту нужен токен: задайте ZVONOK_TELEGRAM_TOKEN.")
    settings = BotSettings(
        token=telegram.token,
        credential=installation.settings.bot_credential(),
        base_url=telegram.base_url,
        proxy=telegram.proxy,
    )
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
        )
        await BotApp(settings, desk).run()
