"""Records that look like one person's: the office looks, before it says that they are (``core.person.merging``)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.actor import Actor
from core.person.people import name_of
from core.roster_file.rows import name_key
from core.russian import FullName
from core.tables import Guardianship, Person, Pupil, SchoolClass, Staff


@dataclass(frozen=True, slots=True)
class Record:
    """One record, by what tells it from another of the same name."""

    person: UUID
    name: FullName
    born: date | None
    class_title: str | None
    """Of a pupil."""
    position: str | None
    """Of an employee."""
    children: tuple[FullName, ...]
    """Of a guardian."""


@dataclass(frozen=True, slots=True)
class Twins:
    """Two records of one name, and no two different birth dates."""

    first: Record
    second: Record


async def listed(session: AsyncSession, actor: Actor, school_id: UUID, now: datetime) -> tuple[Twins, ...]:
    """List the pairs of a school, by name. Raises ``NotFound``, ``Forbidden``."""
    rights.demand(await rights.of_school(session, actor, school_id, now), Right.PERSON_MERGE)
    rows = await session.execute(
        select(Person)
        .where(Person.school_id == school_id, Person.merged_into.is_(None))
        .order_by(Person.sort_key, Person.id)
    )
    by_name: dict[tuple[str, str, str], list[Person]] = {}
    for person in rows.scalars():
        by_name.setdefault(name_key(name_of(person)), []).append(person)
    pairs = [
        (first, second)
        for same in by_name.values()
        for number, first in enumerate(same)
        for second in same[number + 1 :]
        if first.birth_date is None or second.birth_date is None or first.birth_date == second.birth_date
    ]
    records = await _records(session, [person for pair in pairs for person in pair])
    return tuple(Twins(records[first.id], records[second.id]) for first, second in pairs)


async def _records(session: AsyncSession, persons: Sequence[Person]) -> dict[UUID, Record]:
    ids = {person.id for person in persons}
    classes = await session.execute(
        select(Pupil.person_id, SchoolClass.title)
        .join(SchoolClass, SchoolClass.id == Pupil.class_id)
        .where(Pupil.person_id.in_(ids))
    )
    titles = dict(classes.all())
    positions = dict(
        (await session.execute(select(Staff.person_id, Staff.position).where(Staff.person_id.in_(ids)))).all()
    )
    children: dict[UUID, tuple[FullName, ...]] = {}
    related = await session.execute(
        select(Guardianship.guardian_id, Person)
        .join(Person, Person.id == Guardianship.pupil_id)
        .where(Guardianship.guardian_id.in_(ids))
        .order_by(Person.sort_key, Person.id)
    )
    for guardian, child in related:
        children[guardian] = (*children.get(guardian, ()), name_of(child))
    return {
        one.id: Record(
            one.id,
            name_of(one),
            one.birth_date,
            titles.get(one.id),
            positions.get(one.id),
            children.get(one.id, ()),
        )
        for one in persons
    }
