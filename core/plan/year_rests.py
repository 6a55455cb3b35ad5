"""On which days a whole school rests, as the gateway must know it: evening letters keep silent then (YEAR-04)."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.events import SchoolRest
from core.plan import year_documents
from core.plan.plan_tables import SchoolYear
from core.year.calendar import Calendar

PAST_COUNTS = timedelta(days=31)
"""A rest that ended longer ago times no letter any more."""


async def rests_of(session: AsyncSession, school_id: UUID, today: date) -> tuple[SchoolRest, ...]:
    """Return the rests of a school that are to come, last, or ended lately, of every year that has a calendar."""
    query = select(SchoolYear.year, SchoolYear.calendar).where(SchoolYear.school_id == school_id)
    rows = (await session.execute(query)).all()
    found = {rest for row in rows for rest in rests_in(year_documents.calendar_of(row.year, row.calendar))}
    lately = [rest for rest in found if rest.last >= today - PAST_COUNTS]
    return tuple(sorted(lately, key=lambda rest: (rest.first, rest.last)))


def rests_in(calendar: Calendar) -> tuple[SchoolRest, ...]:
    """Return the holidays of everybody and the days off; in holidays of some grades the others get their letters."""
    holidays = [SchoolRest(first=one.span.first, last=one.span.last) for one in calendar.holidays if one.grades is None]
    return (*holidays, *(SchoolRest(first=day, last=day) for day in sorted(calendar.days_off)))
