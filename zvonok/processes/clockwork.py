"""The journal's own clockwork."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy.exc import SQLAlchemyError

from core.account import account_tidying
from core.learning import roll_deadlines, roll_taps, school_told
from core.person import mailboxes
from zvonok.backup.schedule import back_up_daily
from zvonok.installation import Installation
from zvonok.lessons import Coming
from zvonok.school_days import SchoolDays
from zvonok.sealing import sealer

_log = structlog.get_logger(__name__)


async def run_core(installation: Installation, ready: Callable[[], None] = lambda: None) -> None:
    """Run the journal's own clockwork: lessons opened before their day, days begun, late rolls told, the audit sealed.

    ``ready`` is called when the first minute is done.
    """
    async with installation.journal() as database:
        days, coming = SchoolDays(database, installation.school_clock), Coming()

        async def every_minute() -> None:
            await coming.look(installation, database)
            await days.run()
            async with database.begin() as session:
                await account_tidying.tidy(session, installation.school_clock.now())
            async with database.begin() as session:
                await mailboxes.tidy(session, installation.school_clock.now())
            async with database.begin() as session:
                await roll_taps.forget(session, installation.school_clock.now())
            async with database.begin() as session:
                await roll_deadlines.tick(session, installation.school_clock.now())
            async with database.begin() as session:
                await school_told.tell_rolls(session, installation.school_clock.now())
            async with database.begin() as session:
                await school_told.tell_mornings(session, installation.school_clock.now())

        await every_minute()
        ready()
        async with _clock(every_minute=every_minute), asyncio.TaskGroup() as group:
            group.create_task(sealer(installation, database).run())
            group.create_task(back_up_daily(installation, database))


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
