"""In which shift a class learns: with bells and study week, its regime of work (YEAR-14)."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.actor import Act
from core.journal import Change, audit, first_time
from core.plan import open_years
from core.refusals import Invalid
from core.tables import SchoolClass

SHIFTS = range(1, 4)


async def set_shift(session: AsyncSession, act: Act, class_id: UUID, shift: int) -> None:
    """Say in which shift a class learns; places of the timetable keep the shift that they were given.

    Raises ``NotFound``, ``Forbidden``, ``Invalid``, ``Conflict`` (the year is closed).
    """
    facts = await rights.of_class(session, act.actor, class_id, act.at)
    rights.demand(facts, Right.YEAR_SET)
    if shift not in SHIFTS:
        raise Invalid("shift-unknown", most=SHIFTS[-1])
    if not await first_time(session, act.key, act.at):
        return
    row = await session.get_one(SchoolClass, class_id, with_for_update=True, populate_existing=True)
    await open_years.demand(session, facts.of_school.id, row.year)
    before, row.shift = row.shift, shift
    if before == shift:
        return
    await session.flush()
    change = Change("class.shift", f"class/{class_id}", {"shift": before}, {"shift": shift})
    await audit(session, act.actor, facts.of_school.id, act.at, change)
