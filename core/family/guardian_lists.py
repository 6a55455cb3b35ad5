"""Who stands behind each pupil, for the school: his adults in the order of calling, and pupils who have nobody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.actor import Actor
from core.events import RelationKind
from core.family.coming_of_age import is_of_age
from core.family.guardianships import RelationCard, card_of
from core.person.class_titles import title_order
from core.person.people import name_of
from core.russian import FullName
from core.school_time import school_date
from core.tables import Guardianship, Person, Pupil, SchoolClass


class Lack(StrEnum):
    """Why a pupil has nobody who answers for him in law."""

    NOBODY = "nobody"
    """No adult was ever recorded."""
    ENDED = "ended"
    """Every relation has ended, or has not begun."""
    BARRED = "barred"
    """Those who are left are barred by a court."""
    ONLY_TRUSTED = "only-trusted"
    """Those who are left are trusted adults, without rights in law."""


@dataclass(frozen=True, slots=True)
class Adult:
    """An adult of a pupil, as the school sees him."""

    name: FullName
    card: RelationCard


@dataclass(frozen=True, slots=True)
class Alone:
    """A pupil without a guardian."""

    pupil: UUID
    name: FullName
    class_title: str
    lack: Lack


async def of_pupil(session: AsyncSession, actor: Actor, pupil: UUID, now: datetime) -> tuple[Adult, ...]:
    """List every adult that a pupil has or had, in the order in which the school turns to them.

    For those who keep or view pupils' records, never for the family itself: one parent does not read of a court's order
    about the other here. Raises ``NotFound``, ``Forbidden``.
    """
    facts = await rights.of_pupil(session, actor, pupil, now)
    if not facts.may(Right.CUSTODY_DECIDE):
        rights.demand(facts, Right.GUARDIANSHIP_WRITE)
    rows = await session.execute(
        select(Guardianship, Person)
        .join(Person, Person.id == Guardianship.guardian_id)
        .where(Guardianship.pupil_id == pupil)
        .order_by(Guardianship.priority, Person.sort_key, Person.id)
    )
    return tuple(Adult(name_of(person), card_of(row)) for row, person in rows)


async def alone(session: AsyncSession, actor: Actor, school_id: UUID, now: datetime) -> tuple[Alone, ...]:
    """List the pupils of a school who have no guardian today, by class; who has come of age needs none.

    Raises ``NotFound``, ``Forbidden``.
    """
    facts = await rights.of_school(session, actor, school_id, now)
    if not facts.may(Right.CUSTODY_DECIDE):
        rights.demand(facts, Right.GUARDIANSHIP_WRITE)
    today = school_date(now, facts.of_school.zone)
    relations: dict[UUID, list[Guardianship]] = {}
    rows = await session.execute(
        select(Guardianship).join(Person, Person.id == Guardianship.pupil_id).where(Person.school_id == school_id)
    )
    for row in rows.scalars():
        relations.setdefault(row.pupil_id, []).append(row)
    pupils = await session.execute(
        select(Person, SchoolClass.title)
        .join(Pupil, Pupil.person_id == Person.id)
        .join(SchoolClass, SchoolClass.id == Pupil.class_id)
        .where(Person.school_id == school_id, Person.merged_into.is_(None))
        .order_by(Person.sort_key, Person.id)
    )
    found = [
        Alone(person.id, name_of(person), title, lack)
        for person, title in pupils
        if not is_of_age(person.birth_date, today)
        and (lack := lack_of(relations.get(person.id, ()), today)) is not None
    ]
    return tuple(sorted(found, key=lambda one: title_order(one.class_title)))


def lack_of(relations: Iterable[Guardianship], today: date) -> Lack | None:
    """Tell what is wrong with these relations of one pupil; None if somebody answers for him."""
    known = list(relations)
    if not known:
        return Lack.NOBODY
    there = [row for row in known if card_of(row).in_force(today)]
    if not there:
        return Lack.ENDED
    free = [row for row in there if not row.barred]
    if not free:
        return Lack.BARRED
    return Lack.ONLY_TRUSTED if all(row.kind == RelationKind.TRUSTED for row in free) else None
