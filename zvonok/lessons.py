"""Lessons made before anybody asks for them, and of days on which nothing ran here."""

from core.database import Database
from core.learning import timetable
from core.school import schools
from zvonok.installation import Installation


async def open_days(installation: Installation, database: Database) -> None:
    """Make the coming lessons of every school, and those of days missed; repeating it makes nothing twice."""
    async with database.begin() as session:
        now = installation.school_clock.now()
        for school in await schools.all_schools(session):
            await timetable.open_coming(session, school, now)
