"""People and their relations: whose child, which class, who works here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    ScalarSelect,
    SQLColumnExpression,
    and_,
    case,
    cast,
    exists,
    func,
    not_,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.family.coming_of_age import OF_AGE_YEARS
from core.person.class_titles import title_order
from core.refusals import NotFound
from core.roster_file.rows import fold
from core.russian import FullName
from core.school.schools import SchoolCard
from core.school_time import school_date
from core.tables import Guardianship, Person, Pupil, School, SchoolClass, Staff


@dataclass(frozen=True, slots=True)
class Child:
    """A pupil as his guardian may know him."""

    pupil: UUID
    name: FullName
    class_title: str
    birth_date: date | None

    def in_class(self) -> str:
        """Return «5А, Иванова Анна»."""
        return f"{self.class_title}, {self.name.in_lists()}"

    def veiled(self) -> str:
        """Return «5А, И. А.», all that may be shown before the holder of a code has proved himself."""
        return f"{self.class_title}, {self.name.initials()}"


@dataclass(frozen=True, slots=True)
class ClassCard:
    """A class by its title."""

    id: UUID
    title: str


@dataclass(frozen=True, slots=True)
class Classmate:
    """One line of a class list."""

    pupil: UUID
    name: FullName


def name_of(person: Person) -> FullName:
    """Return a person's name."""
    return FullName(person.surname, person.given, person.patronymic)


async def children(
    session: AsyncSession, guardian: UUID, now: datetime, *, as_guardian: bool = False
) -> tuple[Child, ...]:
    """List the pupils whom this adult may see now, in Russian alphabetical order.

    ``as_guardian`` leaves out those who are only trusted to him.
    """
    today = await today_of(session, guardian, now)
    if today is None:
        return ()  # an officer of an authority belongs to no school, and has nobody's child to look after in one
    rows = await session.execute(
        select(Person, SchoolClass.title)
        .join(Guardianship, Guardianship.pupil_id == Person.id)
        .join(Pupil, Pupil.person_id == Person.id)
        .join(SchoolClass, SchoolClass.id == Pupil.class_id)
        .where(Guardianship.guardian_id == guardian, lawful(today) if as_guardian else in_force(today))
        .order_by(Person.sort_key, Person.id)
    )
    return tuple(Child(person.id, name_of(person), title, person.birth_date) for person, title in rows)


async def today_of(session: AsyncSession, person: UUID, now: datetime) -> date | None:
    """Return the day at a person's school; None for whoever belongs to no school."""
    query = select(School.zone).join(Person, Person.school_id == School.id).where(Person.id == person)
    zone = (await session.execute(query)).scalar_one_or_none()
    return None if zone is None else school_date(now, zone)


async def is_staff(session: AsyncSession, person: UUID, now: datetime) -> bool:
    """Tell whether the person works at the school today."""
    found = await session.execute(
        select(Staff, School.zone)
        .join(Person, Person.id == Staff.person_id)
        .join(School, School.id == Person.school_id)
        .where(Staff.person_id == person)
    )
    row = found.one_or_none()
    if row is None:
        return False
    staff, zone = row
    today = school_date(now, zone)
    return (staff.since is None or staff.since <= today) and (staff.until is None or staff.until >= today)


async def staff_of(session: AsyncSession, school: SchoolCard, now: datetime) -> tuple[UUID, ...]:
    """List who works at a school today or will, in Russian alphabetical order."""
    rows = await session.execute(
        select(Person.id)
        .join(Staff, Staff.person_id == Person.id)
        .where(
            Person.school_id == school.id,
            or_(Staff.until.is_(None), Staff.until >= school_date(now, school.zone)),
        )
        .order_by(Person.sort_key, Person.id)
    )
    return tuple(rows.scalars())


async def guardians_of_class(session: AsyncSession, school: SchoolCard, title: str, now: datetime) -> tuple[UUID, ...]:
    """List the guardians who may see a pupil of the class now. Raises ``NotFound`` if there is no such class."""
    class_id = await _newest_class(session, school, title)
    rows = await session.execute(
        select(Person.id)
        .join(Guardianship, Guardianship.guardian_id == Person.id)
        .join(Pupil, Pupil.person_id == Guardianship.pupil_id)
        .where(Pupil.class_id == class_id, Pupil.left_on.is_(None), in_force(school_date(now, school.zone)))
        .distinct()
    )
    return await _sorted(session, rows.scalars().all())


async def pupils_of_class(session: AsyncSession, school: SchoolCard, title: str) -> tuple[UUID, ...]:
    """List the pupils of a class by its title, in the order of its list. Raises ``NotFound``."""
    listed = await of_class(session, await _newest_class(session, school, title))
    return tuple(one.pupil for one in listed)


def year_of_learning(school: UUID | SQLColumnExpression[UUID | None]) -> ScalarSelect[int]:
    """Return the newest year of a school in whose classes somebody learns now, whatever the calendar says.

    Classes of the coming year are empty until its first day (the passing to it is written in June). Of a school in
    which nobody learns: the newest year that it has lists of.
    """
    learning, any_class = aliased(SchoolClass), aliased(SchoolClass)
    taught = (
        select(func.max(learning.year))
        .join(Pupil, Pupil.class_id == learning.id)
        .where(learning.school_id == school, Pupil.left_on.is_(None))
        .scalar_subquery()
    )
    newest = select(func.max(any_class.year)).where(any_class.school_id == school).scalar_subquery()
    return select(func.coalesce(taught, newest)).scalar_subquery()


async def classes_led(session: AsyncSession, person: UUID) -> tuple[ClassCard, ...]:
    """List the classes in which pupils learn now and whose class teacher this person is, by grade and letter."""
    of_person = select(Person.school_id).where(Person.id == person).scalar_subquery()
    rows = await session.execute(
        select(SchoolClass.id, SchoolClass.title).where(
            SchoolClass.class_teacher_id == person, SchoolClass.year == year_of_learning(of_person)
        )
    )
    return tuple(sorted((ClassCard(*row) for row in rows), key=lambda card: title_order(card.title)))


async def of_class(session: AsyncSession, class_id: UUID) -> tuple[Classmate, ...]:
    """List the pupils of a class in the order of the class list (YEAR-23)."""
    rows = await session.execute(
        select(Person)
        .join(Pupil, Pupil.person_id == Person.id)
        .where(Pupil.class_id == class_id, Pupil.left_on.is_(None))
    )
    pupils = sorted(rows.scalars(), key=lambda one: (one.sort_key, one.birth_date or date.min, one.id))
    return tuple(Classmate(one.id, name_of(one)) for one in pupils)


async def by_name(session: AsyncSession, school: SchoolCard, name: str) -> tuple[UUID, ...]:
    """Find persons of a school by «Фамилия Имя» or the full name; neither capitals nor ё tell people apart.

    Less than surname and given name finds nobody: codes for every Иванова of the school are nobody's wish.
    """
    wanted = fold(" ".join(name.split()))
    rows = await session.execute(
        select(Person.id, Person.surname, Person.given, Person.patronymic)
        .where(Person.school_id == school.id, Person.merged_into.is_(None))
        .order_by(Person.sort_key, Person.id)
    )
    # Folded here, since lower() of some servers leaves Russian letters as they are.
    named = [(person_id, FullName(*parts)) for person_id, *parts in rows]
    return tuple(person_id for person_id, one in named if wanted in {fold(one.in_lists()), fold(one.in_full())})


async def names(session: AsyncSession, persons: Sequence[UUID]) -> dict[UUID, str]:
    """Return full names by person."""
    rows = await session.execute(select(Person).where(Person.id.in_(persons)))
    return {person.id: name_of(person).in_full() for person in rows.scalars()}


async def _newest_class(session: AsyncSession, school: SchoolCard, title: str) -> UUID:
    """Return the class of a title in which pupils learn now, else the newest one. Raises ``NotFound``."""
    query = (
        select(SchoolClass.id)
        .where(SchoolClass.school_id == school.id, SchoolClass.title == title)
        .order_by((SchoolClass.year == year_of_learning(school.id)).desc(), SchoolClass.year.desc())
        .limit(1)
    )
    found = (await session.execute(query)).scalar_one_or_none()
    if found is None:
        raise NotFound("class-unknown", title=title)
    return found


async def _sorted(session: AsyncSession, persons: Sequence[UUID]) -> tuple[UUID, ...]:
    rows = await session.execute(select(Person.id).where(Person.id.in_(persons)).order_by(Person.sort_key, Person.id))
    return tuple(rows.scalars())


async def is_guardian(session: AsyncSession, adult: UUID, pupils: Sequence[UUID]) -> bool:
    """Tell whether the adult has a relation to one of the pupils."""
    query = select(Guardianship.pupil_id).where(Guardianship.guardian_id == adult, Guardianship.pupil_id.in_(pupils))
    return (await session.execute(query.limit(1))).first() is not None


TRUSTED = "trusted"
"""Kind of a guardianship without rights in law, which shows little."""


def lawful(today: date) -> ColumnElement[bool]:
    """Return the condition under which a guardianship lets its adult read and sign all that concerns the pupil."""
    return and_(in_force(today), Guardianship.kind != TRUSTED)


def in_force(today: date | BindParameter[date]) -> ColumnElement[bool]:
    """Return the condition under which a guardianship lets its adult see the pupil on this day.

    It ends with the pupil's eighteenth birthday by itself, whether the daily job that writes it down has run or not.
    """
    return and_(
        Guardianship.may_see,
        Guardianship.barred.is_(False),
        Guardianship.since <= today,
        or_(Guardianship.until.is_(None), Guardianship.until >= today),
        not_(_outgrown(today)),
    )


def _outgrown(today: date | BindParameter[date]) -> ColumnElement[bool]:
    """Return the condition under which the pupil has come of age, and has not named this adult himself since then.

    The same day as ``coming_of_age.comes_of_age_on`` says: eighteen years after 29 February are 1 March.
    """
    pupil = aliased(Person)
    born = case((func.to_char(pupil.birth_date, "MMDD") == "0229", pupil.birth_date + 1), else_=pupil.birth_date)
    came_on = cast(born + func.make_interval(OF_AGE_YEARS), Date)
    named_since = and_(Guardianship.kind == TRUSTED, Guardianship.since >= came_on)
    return (
        exists().where(pupil.id == Guardianship.pupil_id, came_on <= today, not_(named_since)).correlate(Guardianship)
    )
