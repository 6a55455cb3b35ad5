"""Lessons of the coming days, opened before anybody asks for them."""

from datetime import timedelta

from core import schools, timetable
from core.database import Database
from core.school_time import school_date
from zvonok.installation import Installation

OPEN_DAYS_AHEAD = 1
"""Lessons are opened for today and so many days more."""


async def open_days(installation: Installation, database: Database) -> None:
    """Open the lessons of today and tomorrow in every school; repeating it opens nothing twice."""
    async with database.begin() as session:
        now = installation.school_clock.now()
        for school in await schools.all_schools(session):
            today = school_date(now, school.zone)
            for ahead in range(OPEN_DAYS_AHEAD + 1):
                await timetable.open_day(session, school, today + timedelta(days=ahead), now)
