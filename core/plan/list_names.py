"""Whom and what a list names: classes, subjects, pupils, teachers of a school, as people write them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.movement.movement_tables import Enrolment
from core.person import people
from core.plan.list_file import ListLine
from core.plan.plan_tables import StudyGroup
from core.roster_file.fields import split_teacher
from core.roster_file.rows import ClassTitle, fold, name_key
from core.russian import FullName
from core.school.schools import SchoolCard
from core.tables import Person, Pupil, SchoolClass, Staff, Subject

type NameKey = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class KnownPupil:
    """A pupil as lists name him, with the times in which he learns in classes of the year."""

    id: UUID
    name: FullName
    born: date | None
    times: tuple[tuple[UUID, date, date | None], ...]
    """Class, first day, last day."""

    def first_day_in(self, class_id: UUID) -> date | None:
        """Return the first day of his last time in a class; None if he has never learned there."""
        return max((since for one, since, _ in self.times if one == class_id), default=None)

    def times_in(self, classes: Collection[UUID]) -> list[tuple[date, date | None]]:
        """Return from when to when he learns in any of these classes."""
        return [(since, until) for one, since, until in self.times if one in classes]


@dataclass(frozen=True, slots=True)
class Known:
    """What lists of a school's year may name."""

    classes: Mapping[str, UUID]
    subjects: Mapping[str, UUID]
    groups: Mapping[str, UUID]
    pupils: Mapping[tuple[str, str], tuple[KnownPupil, ...]]
    """By surname and given name."""
    teachers: Mapping[NameKey, frozenset[UUID]]
    marks: Mapping[UUID, frozenset[str]]
    """What tells teachers from namesakes: birth date and position, as far as spellings do not matter."""

    def school_class(self, line: ListLine, key: str, title: ClassTitle) -> UUID | None:
        """Find a class of the year; what is wrong goes to the line, here and below."""
        found = self.classes.get(fold(str(title)))
        if found is None:
            line.problem(key, "plan-list-class-unknown", title=str(title))
        return found

    def subject(self, line: ListLine, name: str) -> UUID | None:
        """Find a subject by its name in full."""
        found = self.subjects.get(fold(name))
        if found is None:
            line.problem("subject", "plan-list-subject-unknown", subject=name)
        return found

    def group(self, line: ListLine, title: str) -> UUID | None:
        """Find a group of the year."""
        found = self.groups.get(fold(title))
        if found is None:
            line.problem("group", "plan-list-group-unknown", group=title)
        return found

    def pupil(
        self, line: ListLine, key: str, name: FullName, class_id: UUID | None, born: date | None = None
    ) -> KnownPupil | None:
        """Find the one pupil of this name, in a class or in the school; the patronymic may be left out."""
        fits = [
            one
            for one in self.pupils.get(name_key(name)[:2], ())
            if (not name.patronymic or name_key(one.name) == name_key(name))
            and (class_id is None or one.first_day_in(class_id) is not None)
            and (born is None or one.born == born)
        ]
        if len(fits) != 1:
            line.problem(key, "plan-list-pupil-ambiguous" if fits else "plan-list-pupil-unknown", name=name.in_full())
            return None
        return fits[0]

    def teacher(self, line: ListLine, written: str) -> UUID | None:
        """Find the one who works at the school by «Фамилия Имя Отчество» or «Фамилия И. О.»; of namesakes by a mark."""
        name, mark = split_teacher(written)
        parts = [part.rstrip(".") for part in name.replace(".", ". ").split()]
        surname, given, patronymic = (*parts, "", "", "")[:3]
        named = self.teachers.get(name_key(FullName(surname, given, patronymic)), frozenset())
        fits = {one for one in named if not mark or fold(mark) in self.marks[one]}
        if len(fits) != 1:
            code = "roster-error-teacher-ambiguous" if fits else "roster-error-teacher-unknown"
            line.problem("teacher", code, teacher=written)
            return None
        (one,) = fits
        return one


async def read(session: AsyncSession, school: SchoolCard, year: int, now: datetime) -> Known:
    """Read what lists of a year may name, in a handful of statements however large the school is."""
    of_year = (SchoolClass.school_id == school.id, SchoolClass.year == year)
    classes = await session.execute(select(SchoolClass.title, SchoolClass.id).where(*of_year))
    subjects = await session.execute(select(Subject.name, Subject.id).where(Subject.school_id == school.id))
    groups = await session.execute(
        select(StudyGroup.title, StudyGroup.id).where(StudyGroup.school_id == school.id, StudyGroup.year == year)
    )
    return Known(
        {fold(title): one for title, one in classes},
        {fold(name): one for name, one in subjects},
        {fold(title): one for title, one in groups},
        await _pupils(session, school, year),
        *await _teachers(session, await people.staff_of(session, school, now)),
    )


async def _pupils(
    session: AsyncSession, school: SchoolCard, year: int
) -> dict[tuple[str, str], tuple[KnownPupil, ...]]:
    times: dict[UUID, list[tuple[UUID, date, date | None]]] = {}
    for pupil, class_id, since, until in await session.execute(
        select(Enrolment.pupil_id, Enrolment.class_id, Enrolment.since, Enrolment.until)
        .join(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .where(SchoolClass.school_id == school.id, SchoolClass.year == year)
    ):
        times.setdefault(pupil, []).append((class_id, since, until))
    rows = await session.scalars(
        select(Person)
        .join(Pupil, Pupil.person_id == Person.id)
        .where(Person.school_id == school.id, Person.merged_into.is_(None))
        .order_by(Person.sort_key, Person.id)
    )
    found: dict[tuple[str, str], tuple[KnownPupil, ...]] = {}
    for one in rows:
        name = people.name_of(one)
        known = KnownPupil(one.id, name, one.birth_date, tuple(times.get(one.id, ())))
        found[name_key(name)[:2]] = (*found.get(name_key(name)[:2], ()), known)
    return found


async def _teachers(
    session: AsyncSession, working: Collection[UUID]
) -> tuple[dict[NameKey, frozenset[UUID]], dict[UUID, frozenset[str]]]:
    found: dict[NameKey, set[UUID]] = {}
    marks: dict[UUID, frozenset[str]] = {}
    query = select(Person, Staff.position).join(Staff, Staff.person_id == Person.id).where(Person.id.in_(working))
    for one, position in await session.execute(query):
        key = name_key(people.name_of(one))
        for shape in {key, (key[0], key[1][:1], key[2][:1]), (key[0], key[1], "")}:
            found.setdefault(shape, set()).add(one.id)
        born = [] if one.birth_date is None else [f"{one.birth_date:%d.%m.%Y}"]
        marks[one.id] = frozenset(fold(mark) for mark in (*born, position))
    return {shape: frozenset(persons) for shape, persons in found.items()}, marks
