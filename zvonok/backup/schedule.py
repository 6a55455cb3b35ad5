"""The daily backup: due at its hour, made as soon as the process lives, tried again when it failed."""

import asyncio
from datetime import datetime, time, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from core.database import Database
from core.school import schools
from core.school_time import at_school, school_date
from core.upkeep import backups
from zvonok.backup.making import make
from zvonok.backup.troubles import BackupError
from zvonok.installation import Installation

LOOK_SECONDS = 60.0
AFTER_TROUBLE_SECONDS = 900.0
"""Pause after a failure: a full disk or an unplugged one is not mended within a minute."""

_log = structlog.get_logger(__name__)


def is_due(now: datetime, last: datetime | None, hour: int, zone: str) -> bool:
    """Tell whether a backup is due: none was made since the last time when the clock of ``zone`` showed ``hour``.

    The first one is made at the first hour after the schedule was set, or at once if that hour is past today.
    """
    today = school_date(now, zone)
    slot = at_school(today, time(hour), zone)
    if slot > now:
        slot = at_school(today - timedelta(days=1), time(hour), zone)
    return last is None or last < slot


async def back_up_daily(here: Installation, database: Database) -> None:
    """Make the daily backups for as long as the process lives; without a folder in the settings there are none."""
    if here.settings.backup_folder is None:
        return
    while True:
        pause = LOOK_SECONDS
        try:
            await back_up_if_due(here, database)
        except BackupError as error:
            # Its sentences name files and settings, never what stands in them.
            _log.error("backup not made", why=str(error))
            pause = AFTER_TROUBLE_SECONDS
        except (SQLAlchemyError, OSError) as error:
            _log.error("backup not made", error=type(error).__name__)
            pause = AFTER_TROUBLE_SECONDS
        await asyncio.sleep(pause)


async def back_up_if_due(here: Installation, database: Database) -> bool:
    """Make a backup if one is due; tell whether one was made. Raises ``BackupError``."""
    async with database.begin() as session:
        last = await backups.last_snapshot(session, here.school_clock.now())
        known = await schools.all_schools(session)
    if not known or not is_due(here.school_clock.now(), last, here.settings.backup_hour, known[0].zone):
        return False
    made = await make(here)
    if made.ahead:
        _log.warning("backups named by a moment yet to come", count=made.ahead)
    _log.info("backup made", file=made.path.name, rows=made.rows, bytes=made.bytes, removed=made.removed)
    return True
