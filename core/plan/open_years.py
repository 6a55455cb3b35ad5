"""What a year's groups, plans and load have in common: they are changed while the year is open (YEAR-28)."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.plan.plan_tables import SchoolYear
from core.refusals import Conflict, Invalid, NotFound
from core.tables import School, SchoolClass


async def alone(session: AsyncSession, school_id: UUID) -> None:
    """Keep others from changing the timetable, groups, plans and load of a school until the transaction ends.

    Before any other row is held: the school comes first for everybody (``dated.hold``).
    """
    await session.execute(select(School.id).where(School.id == school_id).with_for_update(key_share=True))


async def demand(session: AsyncSession, school_id: UUID, year: int) -> None:
    """Raise ``Conflict`` if the school has closed this year; else it stays open until the commit."""
    if (await hold(session, school_id, (year,))).get(year) is not None:
        raise Conflict("plan-year-closed", year=f"{year}/{year + 1}")


async def hold(session: AsyncSession, school_id: UUID, years: Collection[int]) -> dict[int, datetime | None]:
    """Keep these years from being closed until the commit; tell when those that the school has set were closed.

    Whoever closes a year waits for this. Not FOR SHARE: planning again writes another column of the row, and two who
    both make a year be planned again would wait for each other in a ring.
    """
    query = (
        select(SchoolYear.year, SchoolYear.closed_at)
        .where(SchoolYear.school_id == school_id, SchoolYear.year.in_(years))
        .order_by(SchoolYear.year)
        .with_for_update(read=True, key_share=True)
    )
    return dict((await session.execute(query)).all())


async def of_classes(session: AsyncSession, school_id: UUID, classes: Collection[UUID]) -> int:
    """Return the one year of these classes of a school. Raises ``NotFound``, ``Invalid`` (of several years)."""
    query = select(SchoolClass.year).where(SchoolClass.id.in_(classes), SchoolClass.school_id == school_id)
    years = (await session.execute(query)).scalars().all()
    if len(years) < len(set(classes)) or not years:
        raise NotFound("class-gone")
    if len(set(years)) > 1:
        raise Invalid("plan-classes-of-years")
    return years[0]
