"""What the calendar itself brings about in a school: pupils come of age, last days of work pass."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from core.database import Database
from core.family import majority
from core.school import schools
from core.school.schools import SchoolCard
from core.school_time import SchoolClock, school_date
from core.staff import staffing

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class SchoolDays:
    """Does the work of a new day once in each school, soon after its midnight, or when the process starts."""

    database: Database
    clock: SchoolClock
    _done: dict[UUID, date] = field(default_factory=dict)

    async def run(self) -> None:
        """Do what a new day brings in schools where one has begun; again on one day changes nothing.

        What fails in one school is logged, stops no other, and is tried again at the next call.
        """
        async with self.database.begin() as session:
            there = await schools.all_schools(session)
        for school in there:
            today = school_date(self.clock.now(), school.zone)
            if self._done.get(school.id) != today and await self._begin_day(school):
                self._done[school.id] = today

    async def _begin_day(self, school: SchoolCard) -> bool:
        now = self.clock.now()
        try:
            async with self.database.begin() as session:
                grown = await majority.come(session, school, now)
                gone = await staffing.close_behind_the_gone(session, school, now)
        except SQLAlchemyError as error:
            _log.error("day not begun", school=str(school.id), error=type(error).__name__)
            return False
        if grown or gone:
            _log.info("day begun", school=str(school.id), came_of_age=grown, left_work=gone)
        return True
