"""«Общие сведения об учащихся» of a class (YEAR-23), and which pupils have no parent as the law wants one (YEAR-27)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.account.identity_documents import IdentityDocument
from core.actor import Actor
from core.events import RelationKind
from core.person import people
from core.person.card_tables import PersonalCard
from core.person.cards import PUPIL
from core.person.class_titles import title_order
from core.person.education_forms import EducationForm
from core.person.people import in_force, name_of
from core.russian import FullName
from core.school_time import school_date
from core.tables import Guardianship, Person, Pupil, SchoolClass


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One pupil of the register."""

    pupil: UUID
    number: int
    """His place in the class list."""
    name: FullName
    birth_date: date | None
    file_number: str
    """Of the personal file; empty while the card has none."""
    address: str
    form: EducationForm
    individual_plan: bool
    parents: tuple[FullName, ...]
    """Adults who may see him now, whom the school turns to first coming first; without trusted ones."""


class Missing(StrEnum):
    """What a pupil's record lacks (YEAR-27)."""

    PARENT = "parent"
    """Nobody is recorded who stands for him."""
    NAME = "name"
    """The parent's surname or given name; not everybody has a patronymic."""
    BIRTH_DATE = "birth-date"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Gap:
    """A pupil without a parent whose record is whole."""

    pupil: UUID
    name: FullName
    class_title: str
    missing: tuple[Missing, ...]
    """Of the parent whose record lacks the least."""


async def register(session: AsyncSession, actor: Actor, class_id: UUID, now: datetime) -> tuple[RegisterLine, ...]:
    """Read the general data of a class's pupils, in the order of the class list. Raises ``NotFound``, ``Forbidden``."""
    facts = await rights.of_class(session, actor, class_id, now)
    rights.demand(facts, Right.PUPIL_VIEW)
    order = await people.of_class(session, class_id)
    ids = [one.pupil for one in order]
    rows = await session.execute(
        select(Person, Pupil, PersonalCard.data)
        .join(Pupil, Pupil.person_id == Person.id)
        .outerjoin(PersonalCard, (PersonalCard.person_id == Person.id) & (PersonalCard.kind == PUPIL))
        .where(Person.id.in_(ids))
    )
    known = {person.id: (person, pupil, data or {}) for person, pupil, data in rows}
    parents = await _parents(session, ids, school_date(now, facts.of_school.zone))
    lines = []
    for number, one in enumerate(order, 1):
        person, pupil, data = known[one.pupil]
        lines.append(
            RegisterLine(
                one.pupil,
                number,
                one.name,
                person.birth_date,
                data.get("file_number", ""),
                data.get("address", ""),
                EducationForm(pupil.education_form),
                pupil.individual_plan,
                tuple(name_of(parent) for parent in parents.get(one.pupil, ())),
            )
        )
    return tuple(lines)


async def without_parent(session: AsyncSession, actor: Actor, school_id: UUID, now: datetime) -> tuple[Gap, ...]:
    """List the pupils of a school without a parent recorded with full name, birth date and document (YEAR-27).

    By class and name. Raises ``NotFound``, ``Forbidden``.
    """
    facts = await rights.of_school(session, actor, school_id, now)
    rights.demand(facts, Right.PUPIL_VIEW)
    rows = await session.execute(
        select(Person, SchoolClass.title)
        .join(Pupil, Pupil.person_id == Person.id)
        .join(SchoolClass, SchoolClass.id == Pupil.class_id)
        .where(SchoolClass.school_id == school_id, Pupil.left_on.is_(None))
        .order_by(Person.sort_key, Person.id)
    )
    pupils = sorted(rows.all(), key=lambda row: title_order(row[1]))
    parents = await _parents(session, [person.id for person, _ in pupils], school_date(now, facts.of_school.zone))
    adults = {one.id for found in parents.values() for one in found}
    documents = await session.execute(select(IdentityDocument.person_id).where(IdentityDocument.person_id.in_(adults)))
    known = set(documents.scalars())
    gaps = [
        Gap(person.id, name_of(person), title, _lacks(parents.get(person.id, ()), known)) for person, title in pupils
    ]
    return tuple(gap for gap in gaps if gap.missing)


def _lacks(parents: tuple[Person, ...], documents: set[UUID]) -> tuple[Missing, ...]:
    if not parents:
        return (Missing.PARENT,)
    lacks = [
        tuple(
            missing
            for missing, there in (
                (Missing.NAME, parent.surname and parent.given),
                (Missing.BIRTH_DATE, parent.birth_date),
                (Missing.DOCUMENT, parent.id in documents),
            )
            if not there
        )
        for parent in parents
    ]
    return min(lacks, key=len)


async def _parents(session: AsyncSession, pupils: list[UUID], today: date) -> dict[UUID, tuple[Person, ...]]:
    rows = await session.execute(
        select(Guardianship.pupil_id, Person)
        .join(Person, Person.id == Guardianship.guardian_id)
        .where(
            Guardianship.pupil_id.in_(pupils),
            Guardianship.kind != RelationKind.TRUSTED.value,
            in_force(today),
        )
        .order_by(Guardianship.priority, Person.sort_key, Person.id)
    )
    found: dict[UUID, tuple[Person, ...]] = {}
    for pupil, parent in rows:
        found[pupil] = (*found.get(pupil, ()), parent)
    return found
