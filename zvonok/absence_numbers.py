"""Numbers of announced absences and orders of release at the command line: a few letters of each name it."""

from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.learning.attendance_tables import AnnouncedAbsence, ReleaseOrder
from core.school.schools import SchoolCard
from core.year.span import Span
from core.year.words import day_words
from texts.reader import load
from zvonok.trouble import OfficeError

_SAY = load("ru").format


async def named_by(
    session: AsyncSession, school: SchoolCard, table: type[AnnouncedAbsence | ReleaseOrder], number: str
) -> UUID:
    """Find what a number, or its first letters, names at a school and stands. Raises ``OfficeError``."""
    begins: ColumnElement[bool] = cast(table.id, Text).startswith(number.lower(), autoescape=True)
    query = select(table.id).where(table.school_id == school.id, table.withdrawn_at.is_(None), begins)
    found = (await session.execute(query)).scalars().all()
    if not number or not found:
        raise OfficeError(_SAY("absences-number-unknown", number=number))
    if len(found) > 1:
        raise OfficeError(_SAY("absences-number-doubtful", number=number))
    return found[0]


def days_words(days: Span) -> str:
    """Say «01.12.2026», or «01.12.2026 – 04.12.2026»."""
    first, last = day_words(days.first), day_words(days.last)
    return first if first == last else f"{first} – {last}"
