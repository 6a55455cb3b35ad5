"""Lessons made before anybody asks for them, and of days on which nothing ran here."""

from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.exc import IntegrityError

from core.database import Database
from core.learning import timetable
from core.movement import enrolments
from core.refusals import Refusal
from core.school import schools
from core.school.schools import SchoolCard
from core.school_time import school_date
from zvonok.installation import Installation

_log = structlog.get_logger(__name__)
AGAIN_AFTER = timedelta(minutes=10)
"""So often a school's day is looked at once more: lists and changes make their lessons themselves."""


@dataclass
class Coming:
    """Makes the lessons of every school day after day, and remembers when it looked last."""

    seen: dict[UUID, tuple[date, datetime]] = field(default_factory=dict)

    async def look(self, installation: Installation, database: Database) -> None:
        """Look at the schools whose day has changed, or that were not looked at for a while."""
        now = installation.school_clock.now()
        async with database.begin() as session:
            cards = await schools.all_schools(session)
        for school in cards:
            today = school_date(now, school.zone)
            day, at = self.seen.get(school.id, (None, now))
            if day == today and timedelta() <= now - at < AGAIN_AFTER:
                continue
            if await _look_at(database, school, now, begins=day != today):
                self.seen[school.id] = (today, now)


async def open_days(installation: Installation, database: Database) -> None:
    """Make the coming lessons of every school, and those of days missed; repeating it makes nothing twice."""
    await Coming().look(installation, database)


async def _look_at(database: Database, school: SchoolCard, now: datetime, *, begins: bool) -> bool:
    """Look at one school; tell whether it may rest for a while, or is to be looked at again at once."""
    begun = not begins or await _tried(school, _begin_day(database, school, school_date(now, school.zone))) is None
    hindered = await _tried(school, _open(database, school, now))
    return begun and not isinstance(hindered, IntegrityError)


async def _tried(school: SchoolCard, doing: Awaitable[None]) -> Refusal | IntegrityError | None:
    """Do it, and return what hindered it: one school must not leave the others without lessons."""
    try:
        await doing
    except Refusal as refused:
        _log.error("lessons not made", school=str(school.id), code=refused.code)
        return refused
    except IntegrityError as torn:
        # Somebody wrote of a lesson at this moment. What he wrote is there now, and is seen the next time.
        _log.error("lessons not made", school=str(school.id), code=type(torn).__name__)
        return torn
    return None


async def _begin_day(database: Database, school: SchoolCard, today: date) -> None:
    """Let the lists follow the day: a passing to the next year, or a leaving, was written before it."""
    async with database.begin() as session:
        await enrolments.follow(session, school.id, today)


async def _open(database: Database, school: SchoolCard, now: datetime) -> None:
    async with database.begin() as session:
        await timetable.open_coming(session, school, now)
