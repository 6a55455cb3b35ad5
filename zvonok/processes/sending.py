"""The gateway's process: intake and a courier for each channel that is set up."""

import asyncio
from datetime import timedelta

import structlog

from core.database import Database, Role
from core.events import Channel
from gateway import quarantine
from gateway.courier import Courier, CourierSettings
from gateway.credentials import assign
from gateway.heads import Heads
from gateway.intake import Intake
from gateway.learning import LearningWeeks
from gateway.service import GatewayService
from notifiers.mail import MailNotifier
from notifiers.max import MaxNotifier
from notifiers.port import Notifier
from notifiers.telegram import TelegramNotifier
from texts.reader import load
from zvonok.installation import Installation
from zvonok.learning_digest import JournalsWeeks
from zvonok.processes.metering import metered
from zvonok.trouble import InstallationError

_log = structlog.get_logger(__name__)


async def run_gateway(installation: Installation) -> None:
    """Run intake and couriers. Raises ``InstallationError`` if there is no channel to send by."""
    settings = installation.settings
    channels = _notifiers(installation)
    if not channels:
        raise InstallationError(
            "Отправлять не через что: задайте ZVONOK_MAX_TOKEN, ZVONOK_TELEGRAM_TOKEN или ZVONOK_MAIL_HOST."
        )
    vault = installation.secret.vault()
    bell = asyncio.Event()
    served = {channel: credential for channel, (credential, _, _) in channels.items()}
    async with (
        installation.database(Role.GATEWAY, pool_size=16) as database,
        installation.database(Role.CORE) as journal,
        metered(installation, database, served) as observer,
    ):
        await assign(database, served, tuple(Channel))
        await _say_what_is_held(database)
        heads = Heads(vault, served)
        intake = Intake(database, heads, installation.school_clock, installation.machine_clock)
        lease = timedelta(seconds=settings.lease_seconds)
        links = installation.secret.links(settings.public_url)
        couriers = [
            Courier(
                CourierSettings(credential, rate, lease=lease),
                database,
                notifier,
                vault,
                load("ru"),
                installation.school_clock,
                installation.machine_clock,
                bell,
                links=links,
                observer=observer,
            )
            for credential, notifier, rate in channels.values()
        ]
        weeks = LearningWeeks(database, heads, JournalsWeeks(journal), installation.school_clock)
        try:
            await GatewayService(database, intake, couriers, bell, (weeks.run_once,)).run()
        finally:
            for _, notifier, _ in channels.values():
                await notifier.close()


async def _say_what_is_held(database: Database) -> None:
    """Warn whoever reads the log that a restore holds messages back: silence would look like a fault."""
    async with database.begin() as session:
        if await quarantine.standing(session) is not None:
            _log.warning("messages are held after a restore; see zvonok quarantine list")


def _notifiers(installation: Installation) -> dict[str, tuple[str, Notifier, float]]:
    """Return credential, notifier and rate of each channel that is set up."""
    settings, clock = installation.settings, installation.machine_clock.monotonic
    found: dict[str, tuple[str, Notifier, float]] = {}
    if (telegram := settings.telegram()) is not None:
        found["telegram"] = (settings.bot_credential(), TelegramNotifier(telegram, clock=clock), settings.telegram_rate)
    if (chat := settings.max_bot()) is not None:
        found["max"] = (settings.max_credential(), MaxNotifier(chat, clock=clock), settings.max_rate)
    if (mail := settings.mail()) is not None:
        notifier = MailNotifier(mail, now=installation.school_clock.now, clock=clock)
        found["mail"] = (f"mail:{mail.sender_address}", notifier, settings.mail_rate)
    return found
