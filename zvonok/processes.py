"""The processes of an installation: core, gateway, bot; together or apart."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy.exc import SQLAlchemyError

from bot.app import BotApp, BotSettings
from bot.desk import Desk
from core import schools, timetable
from core.database import Database, Role
from core.events import Channel
from core.school_time import school_date
from gateway.courier import Courier, CourierSettings
from gateway.credentials import assign
from gateway.heads import Heads
from gateway.intake import Intake
from gateway.service import GatewayService
from notifiers.mail import MailNotifier
from notifiers.port import Notifier
from notifiers.telegram import TelegramNotifier, TelegramSettings
from texts.reader import load
from zvonok.installation import Installation, InstallationError

OPEN_DAYS_AHEAD = 1
"""Lessons are opened for today and so many days more."""

_log = structlog.get_logger(__name__)


async def run_core(installation: Installation) -> None:
    """Run the journal's own clockwork: the lessons of each day are opened before it begins."""
    async with installation.journal() as database:

        async def open_lessons() -> None:
            await open_days(installation, database)

        await open_lessons()
        async with _clock(every_minute=open_lessons):
            await asyncio.Event().wait()


async def open_days(installation: Installation, database: Database) -> None:
    """Open the lessons of today and tomorrow in every school; repeating it opens nothing twice."""
    async with database.begin() as session:
        for school in await schools.all_schools(session):
            today = school_date(installation.school_clock.now(), school.zone)
            for ahead in range(OPEN_DAYS_AHEAD + 1):
                await timetable.open_day(session, school, today + timedelta(days=ahead))


async def run_gateway(installation: Installation) -> None:
    """Run intake and couriers. Raises ``InstallationError`` if there is no channel to send by."""
    settings = installation.settings
    channels = _notifiers(installation)
    if not channels:
        raise InstallationError("Отправлять не через что: задайте ZVONOK_TELEGRAM_TOKEN или ZVONOK_MAIL_HOST.")
    vault = installation.secret.vault()
    bell = asyncio.Event()
    async with installation.database(Role.GATEWAY, pool_size=16) as database:
        served = {channel: credential for channel, (credential, _, _) in channels.items()}
        await assign(database, served, tuple(Channel))
        heads = Heads(vault, served)
        intake = Intake(database, heads, installation.school_clock, installation.machine_clock)
        lease = timedelta(seconds=settings.lease_seconds)
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
            )
            for credential, notifier, rate in channels.values()
        ]
        try:
            await GatewayService(database, intake, couriers, bell).run()
        finally:
            for _, notifier, _ in channels.values():
                await notifier.close()


async def run_bot(installation: Installation) -> None:
    """Run the conversation. Raises ``InstallationError`` without a bot."""
    telegram = installation.settings.telegram()
    if telegram is None:
        raise InstallationError("Боту нужен токен: задайте ZVONOK_TELEGRAM_TOKEN.")
    settings = BotSettings(
        token=telegram.token,
        credential=_bot_credential(telegram),
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


async def run_all(installation: Installation) -> None:
    """Run everything that is set up in one process: enough for a school."""
    async with asyncio.TaskGroup() as group:
        group.create_task(run_core(installation))
        group.create_task(run_gateway(installation))
        if installation.settings.telegram() is not None:
            group.create_task(run_bot(installation))


def _bot_credential(telegram: TelegramSettings) -> str:
    """Name a bot by its public number, never by its token."""
    return f"telegram:{telegram.token.partition(':')[0]}"


def _notifiers(installation: Installation) -> dict[str, tuple[str, Notifier, float]]:
    """Return credential, notifier and rate of each channel that is set up."""
    settings = installation.settings
    found: dict[str, tuple[str, Notifier, float]] = {}
    if (telegram := settings.telegram()) is not None:
        found["telegram"] = (_bot_credential(telegram), TelegramNotifier(telegram), settings.telegram_rate)
    if (mail := settings.mail()) is not None:
        notifier = MailNotifier(mail, now=installation.school_clock.now)
        found["mail"] = (f"mail:{mail.sender_address}", notifier, settings.mail_rate)
    return found


@asynccontextmanager
async def _clock(*, every_minute: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Wake ``every_minute``; APScheduler is a clock only, and a late tick is better than none."""

    async def tick() -> None:
        try:
            await every_minute()
        except (SQLAlchemyError, OSError) as error:
            _log.error("tick failed", error=type(error).__name__)

    scheduler = AsyncIOScheduler(timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True})
    scheduler.add_job(tick, "interval", minutes=1)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)
