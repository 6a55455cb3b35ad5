"""Classes of a school as lists show them, and the school that somebody belongs to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.actor import Actor
from core.person.class_titles import title_order
from core.person.people import name_of, year_of_learning
from core.russian import FullName
from core.tables import Person, SchoolClass


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A class of the year in which pupils learn now."""

    id: UUID
    title: str
    grade: int
    year: int
    """By its September."""
    class_teacher: FullName | None


async def of_school(session: AsyncSession, actor: Actor, school_id: UUID, now: datetime) -> tuple[ClassLine, ...]:
    """List the classes of a school in which pupils learn now. Raises ``NotFound``, ``Forbidden`` (staff only)."""
    rights.demand(await rights.of_school(session, actor, school_id, now), Right.YEAR_VIEW)
    rows = await session.execute(
        select(SchoolClass, Person)
        .outerjoin(Person, Person.id == SchoolClass.class_teacher_id)
        .where(SchoolClass.school_id == school_id, SchoolClass.year == year_of_learning(school_id))
    )
    found = [
        ClassLine(one.id, one.title, one.grade, one.year, None if teacher is None else name_of(teacher))
        for one, teacher in rows
    ]
    return tuple(sorted(found, key=lambda line: (title_order(line.title), line.id)))


async def own_school(session: AsyncSession, actor: Actor) -> UUID | None:
    """Return the school that the actor belongs to, or in whose name he acts; None: an officer of an authority."""
    if actor.program is not None:
        return actor.program.school
    query = select(Person.school_id).where(Person.id == actor.person)
    return (await session.execute(query)).scalar_one_or_none()
