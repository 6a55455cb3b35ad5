"""A school year as it is stored, for whoever plans lessons by it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.plan import year_documents
from core.plan.plan_tables import SchoolYear
from core.year.bells import BellSchedule
from core.year.calendar import Calendar, StudyWeek
from core.year.span import Span

EVERY_GRADE = range(12)
"""0 is that of a class whose title names none."""


@dataclass(frozen=True, slots=True)
class StoredYear:
    """A year for whoever plans by it."""

    calendar: Calendar
    """Knows every grade: one that the school has not named learns as long a week as any, so that planning never stops
    at a class that came later, or whose title names no grade."""
    bells: tuple[BellSchedule, ...]
    version: int
    planned_until: date | None
    closed_at: datetime | None


def undeclared(year: int) -> Calendar:
    """Return by what a school is planned that has set nothing: no holidays, six days, every grade, no periods."""
    return Calendar(
        year=year,
        span=Span(date(year, 9, 1), date(year + 1, 8, 31)),
        terms=MappingProxyType({}),
        week=MappingProxyType(dict.fromkeys(EVERY_GRADE, StudyWeek.SIX)),
    )


async def stored(session: AsyncSession, school_id: UUID, year: int) -> StoredYear | None:
    """Return a year for planning by it; None if the school has not set it. Asks for no rights."""
    row = await session.get(SchoolYear, (school_id, year), populate_existing=True)
    if row is None:
        return None
    calendar = _with_every_grade(year_documents.calendar_of(year, row.calendar))
    bells = year_documents.bells_of(row.bells)
    return StoredYear(calendar, bells, row.version, row.planned_until, row.closed_at)


def _with_every_grade(calendar: Calendar) -> Calendar:
    longest = max(calendar.week.values())
    return replace(calendar, week=MappingProxyType({**dict.fromkeys(EVERY_GRADE, longest), **calendar.week}))
