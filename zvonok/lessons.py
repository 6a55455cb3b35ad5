"""Lessons of the coming days, opened before anybody asks for them, and of days on which nothing ran here."""

from datetime import timedelta

from core.database import Database
from core.learning import timetable
from core.school import schools
from core.school_time import school_date
from zvonok.installation import Installation

OPEN_DAYS_AHEAD = 1
"""Lessons are opened for today and so many days more."""
LOOK_BACK_DAYS = 31
"""So far back a day is opened on which the installation stood still: its rolls are called later."""


async def open_days(installation: Installation, database: Database) -> None:
    """Open the lessons of today and tomorrow in every school, and of days missed; repeating it opens nothing twice."""
    async with database.begin() as session:
        now = installation.school_clock.now()
        for school in await schools.all_schools(session):
            today = school_date(now, school.zone)
            first, yesterday = today - timedelta(days=LOOK_BACK_DAYS), today - timedelta(days=1)
            missed = await timetable.unopened_days(session, school, first, yesterday)
            ahead = [today + timedelta(days=number) for number in range(OPEN_DAYS_AHEAD + 1)]
            for day in (*missed, *ahead):
                await timetable.open_day(session, school, day, now)
