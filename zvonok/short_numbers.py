"""Numbers of control works and events at the command line: a few letters of each are shown, and name it."""

from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.school.schools import SchoolCard
from core.timetable.timetable_tables import ControlWork, SchoolEvent
from texts.reader import load
from zvonok.trouble import OfficeError

SHOWN = 8
_SAY = load("ru").format


def short(number: UUID) -> str:
    """Return as much of a number as people are shown."""
    return str(number)[:SHOWN]


async def named_by(
    session: AsyncSession, school: SchoolCard, table: type[ControlWork | SchoolEvent], number: str
) -> UUID:
    """Find what a number, or its first letters, names at a school. Raises ``OfficeError``."""
    begins: ColumnElement[bool] = cast(table.id, Text).startswith(number.lower(), autoescape=True)
    query = select(table.id).where(table.school_id == school.id, table.withdrawn.is_(False), begins)
    found = (await session.execute(query)).scalars().all()
    if not number or not found:
        raise OfficeError(_SAY("timetable-number-unknown", number=number))
    if len(found) > 1:
        raise OfficeError(_SAY("timetable-number-doubtful", number=number))
    return found[0]
