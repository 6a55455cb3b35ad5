"""The school's lists as tables for an office: those that an import reads are read again as no difference at all.

``pupils``, ``staff`` and ``timetable`` are read by ``zvonok import``, ``groups`` and ``load`` by the imports of these;
``classes``, ``parents`` and ``movement`` are for people to look at. Lessons of single pupils are in no list.
Whoever takes a list out is kept in the audit.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.actor import Act
from core.consent import consent_entries
from core.events import school_subject
from core.journal import Change, audit
from core.lists import reading, teachers
from core.lists.book import NO_ADDRESS, Book, KnownRelation
from core.lists.slots import FROM_THE_FIRST_DAY
from core.movement import orders
from core.person.class_titles import title_order
from core.plan import load
from core.plan.list_lines import GROUP_COLUMNS, LOAD_COLUMNS, PURPOSE_WORDS
from core.plan.plan_tables import GroupClass, GroupMember, StudyGroup
from core.plan.study_groups import Purpose
from core.roster_file import Weekday
from core.roster_file.columns import Field, Kind
from core.roster_file.fields import WEEKS_WORDS
from core.roster_file.rows import WEEKDAY_WORDS
from core.roster_file.writing import Table, Value, Values, table
from core.school.schools import SchoolCard
from core.tables import Subject
from core.year.span import Span
from core.year.weekly import Every

ADULTS_OF_A_LINE = 2
PROVEN = ("Почта подтверждена", "Согласие от")
FIRST_SHIFT = 1


class ListKind(StrEnum):
    """Which list."""

    PUPILS = "pupils"
    STAFF = "staff"
    CLASSES = "classes"
    PARENTS = "parents"
    GROUPS = "groups"
    TIMETABLE = "timetable"
    LOAD = "load"
    MOVEMENT = "movement"


@dataclass(frozen=True, slots=True)
class Exported:
    """A list that was taken out."""

    table: Table
    """The header first."""
    left_out: int = 0
    """Of pupils: adults for whom a line has no room."""

    @property
    def rows(self) -> int:
        """How many lines there are."""
        return len(self.table) - 1


@dataclass(frozen=True, slots=True)
class _Office:
    session: AsyncSession
    act: Act
    school: SchoolCard
    book: Book

    def name(self, person: UUID) -> str:
        return self.book.people[person].name.in_full()

    def title(self, class_id: UUID) -> str:
        return self.book.classes[class_id].title

    def learning(self) -> list[UUID]:
        """Return the pupils who have not left, by class, then by name."""
        there = [one for one in self.book.pupils if not self.book.has_left(one)]
        return sorted(there, key=lambda one: (title_order(self.title(self.book.class_of(one))), self.order(one)))

    def order(self, person: UUID) -> tuple[str, UUID]:
        return self.book.people[person].name.sort_key(), person

    def adults(self, pupil: UUID) -> list[UUID]:
        """Return the adults whom a list of parents names: those whose relation holds, no trusted ones."""
        pairs = ((adult, self.book.relations[pupil, adult]) for adult in self.book.adults_of.get(pupil, ()))
        held = [adult for adult, known in pairs if known.in_force(self.book.today) and not known.is_trusted]
        return sorted(held, key=self.order)

    def address(self, person: UUID) -> tuple[str | None, date | None]:
        known = self.book.addresses.get(person)
        return (None, None) if known is None or known.value == NO_ADDRESS else (known.value, known.verified_on)


type Export = Callable[[_Office], Awaitable[Exported]]


async def export(session: AsyncSession, act: Act, school: SchoolCard, kind: ListKind) -> Exported:
    """Take a list out. Raises ``NotFound``, ``Forbidden``."""
    facts = await rights.of_school(session, act.actor, school.id, act.at)
    rights.demand(facts, Right.ROSTER_IMPORT, "office-only")
    book = await reading.read(session, school, act.at, lock=False)
    exported = await EXPORTS[kind](_Office(session, act, school, book))
    said = {"list": kind.value, "rows": exported.rows}
    await audit(session, act.actor, school.id, act.at, Change("roster.export", school_subject(school.id), None, said))
    return exported


async def _pupils(office: _Office) -> Exported:
    rows = []
    left_out = 0
    for pupil in office.learning():
        one = office.book.people[pupil]
        values: dict[tuple[Field, int], Value] = {
            (Field.CLASS, 0): office.title(office.book.class_of(pupil)),
            **_name(office, pupil, 0),
            (Field.BIRTH_DATE, 0): one.born,
        }
        adults = office.adults(pupil)
        left_out += max(0, len(adults) - ADULTS_OF_A_LINE)
        for number, adult in enumerate(adults[:ADULTS_OF_A_LINE], 1):
            values |= _adult(office, pupil, adult, number)
        rows.append(values)
    return Exported(table(Kind.PUPILS, rows), left_out)


def _name(office: _Office, person: UUID, number: int) -> dict[tuple[Field, int], Value]:
    name = office.book.people[person].name
    return {
        (Field.SURNAME, number): name.surname,
        (Field.GIVEN, number): name.given,
        (Field.PATRONYMIC, number): name.patronymic,
    }


def _adult(office: _Office, pupil: UUID, adult: UUID, number: int) -> dict[tuple[Field, int], Value]:
    relation = office.book.relations[pupil, adult]
    value, verified_on = office.address(adult)
    return {
        **_name(office, adult, number),
        (Field.BIRTH_DATE, number): office.book.people[adult].born,
        (Field.RELATION, number): relation.word,
        (Field.EMAIL, number): value,
        (Field.EMAIL_VERIFIED, number): verified_on,
        (Field.CONSENT, number): consent_of_list(relation),
    }


def consent_of_list(relation: KnownRelation) -> date | None:
    """Return the date that a list has to name so that it changes nothing; an empty cell, if that changes nothing."""
    given = sorted({one.since for one in relation.consents if one.given}, reverse=True)
    standing = consent_entries.stand(relation.consents)
    stands = [term.given_on for term in (standing.attendance, standing.achievement) if term.given_on is not None]
    for day in (*stands, None, *given):
        if not consent_entries.from_list(relation.consents, day):
            return day
    return None


async def _staff(office: _Office) -> Exported:
    leads = {one.teacher: one.title for one in office.book.classes_of_year.values() if one.teacher is not None}
    rows: list[Values] = []
    for person in sorted(office.book.staff, key=office.order):
        if not office.book.dismissed(person):
            value, verified_on = office.address(person)
            values: dict[tuple[Field, int], Value] = {
                **_name(office, person, 0),
                (Field.BIRTH_DATE, 0): office.book.people[person].born,
                (Field.POSITION, 0): office.book.staff[person].position,
                (Field.CLASS_TEACHER_OF, 0): leads.get(person),
                (Field.EMAIL, 0): value,
                (Field.EMAIL_VERIFIED, 0): verified_on,
            }
            rows.append(values)
    return Exported(table(Kind.STAFF, rows))


async def _timetable(office: _Office) -> Exported:
    book = office.book
    names, marked = teachers.callable_names(book, {}, book.staff), teachers.marks(book)
    subjects = {key: name for name, key in book.subjects.items()}
    rooms = {room.id: room.name for room in book.rooms.values()}
    rows: list[Values] = []
    for key in sorted(book.slots, key=lambda one: (_learners(office, one[0]), *one[1:])):
        learners, weekday, number, every, since = key
        slot = book.slots[key]
        if slot.year != book.year:
            continue
        said: Mapping[str, Any] = slot.values
        title, group = _learners(office, learners)
        values: dict[tuple[Field, int], Value] = {
            (Field.CLASS, 0): title or None,
            (Field.WEEKDAY, 0): WEEKDAY_WORDS[Weekday(weekday)],
            (Field.NUMBER, 0): number,
            (Field.STARTS, 0): None if said["starts"] is None else time.fromisoformat(said["starts"]),
            (Field.ENDS, 0): None if said["ends"] is None else time.fromisoformat(said["ends"]),
            (Field.SUBJECT, 0): subjects[UUID(said["subject"])],
            (Field.TEACHER, 0): teachers.as_written(book, names, marked, UUID(said["teacher"])),
            (Field.ROOM, 0): None if said["room"] is None else rooms[UUID(said["room"])],
            (Field.GROUP, 0): group or None,
            (Field.WEEKS, 0): WEEKS_WORDS[Every(every)],
            (Field.SHIFT, 0): None if said["shift"] == FIRST_SHIFT else said["shift"],
            (Field.SINCE, 0): None if since == FROM_THE_FIRST_DAY else date.fromisoformat(since),
            (Field.UNTIL, 0): None if said["until"] is None else date.fromisoformat(said["until"]),
        }
        rows.append(values)
    return Exported(table(Kind.TIMETABLE, rows))


def _learners(office: _Office, learners: UUID) -> tuple[str, str]:
    """Return the class and the group of a lesson; of a group that is drawn from several classes, none."""
    group = office.book.groups.get(learners)
    if group is None:
        return office.title(learners), ""
    return office.title(next(iter(group.classes))) if len(group.classes) == 1 else "", group.title


async def _classes(office: _Office) -> Exported:
    learn = [office.book.class_of(pupil) for pupil in office.learning()]
    classes = sorted(office.book.classes_of_year.values(), key=lambda one: title_order(one.title))
    rows = [
        (one.title, None if one.teacher is None else office.name(one.teacher), learn.count(one.id)) for one in classes
    ]
    return Exported((("Класс", "Классный руководитель", "Учеников"), *rows))


async def _parents(office: _Office) -> Exported:
    rows = []
    for pupil in office.learning():
        for adult in office.adults(pupil):
            relation = office.book.relations[pupil, adult]
            who = (office.title(office.book.class_of(pupil)), office.name(pupil), office.name(adult), relation.word)
            rows.append((*who, *office.address(adult), consent_of_list(relation)))
    return Exported((("Класс", "Ученик", "Взрослый", "Кем приходится", "Эл. почта", *PROVEN), *rows))


async def _groups(office: _Office) -> Exported:
    query = (
        select(StudyGroup, Subject.name)
        .outerjoin(Subject, Subject.id == StudyGroup.subject_id)
        .where(StudyGroup.school_id == office.school.id, StudyGroup.year == office.book.year, ~StudyGroup.closed)
        .order_by(StudyGroup.title)
    )
    rows: list[tuple[Value, ...]] = []
    for group, subject in (await office.session.execute(query)).all():
        rows += await _of_group(office, group, subject)
    return Exported((tuple(one.titles[0] for one in GROUP_COLUMNS), *rows))


async def _of_group(office: _Office, group: StudyGroup, subject: str | None) -> list[tuple[Value, ...]]:
    """Return a line for each member, and for each class that has none."""
    about = (subject, group.title, PURPOSE_WORDS[Purpose(group.purpose)])
    members = await office.session.execute(
        select(GroupMember.pupil_id, GroupMember.since, GroupMember.until).where(GroupMember.group_id == group.id)
    )
    drawn = select(GroupClass.class_id).where(GroupClass.group_id == group.id)
    classes = set((await office.session.execute(drawn)).scalars())
    rows: list[tuple[Value, ...]] = []
    named: set[UUID] = set()
    for pupil, since, until in sorted(members.all(), key=lambda row: (office.order(row[0]), row[1])):
        if pupil in office.book.pupils and not office.book.has_left(pupil):
            class_id, one = office.book.class_of(pupil), office.book.people[pupil]
            if class_id in classes:
                named.add(class_id)
                who = (one.name.surname, one.name.given, one.name.patronymic, one.born)
                rows.append((office.title(class_id), *about, *who, since, until))
    bare = sorted((office.title(one) for one in classes - named), key=title_order)
    return [*((title, *about, *[None] * 6) for title in bare), *rows]


async def _load(office: _Office) -> Exported:
    book = office.book
    names, marked = teachers.callable_names(book, {}, book.staff), teachers.marks(book)
    subjects = {key: name for name, key in book.subjects.items()}
    rows = []
    for card in await load.of_year(office.session, office.act.actor, office.school.id, office.book.year, office.act.at):
        whom = card.load.whom
        rows.append(
            (
                teachers.as_written(book, names, marked, card.load.teacher),
                subjects[card.load.subject],
                None if whom.class_id is None else office.title(whom.class_id),
                None if whom.group is None else book.groups[whom.group].title,
                None if whom.pupil is None else office.name(whom.pupil),
                card.load.hours,
            )
        )
    return Exported((tuple(one.titles[0] for one in LOAD_COLUMNS), *rows))


async def _movement(office: _Office) -> Exported:
    year = Span(date(office.book.year, 9, 1), date(office.book.year + 1, 8, 31))
    lines = await orders.of_school(office.session, office.act.actor, office.school.id, year, office.act.at)
    rows: Iterable[tuple[Value, ...]] = (
        (
            line.name.in_full(),
            line.kind.value,
            line.on_day,
            line.from_title,
            line.to_title,
            line.order.number,
            line.order.day,
            line.other_school,
            "" if line.stands else NO_LONGER,
        )
        for line in lines
    )
    return Exported((MOVEMENT_TITLES, *rows))


NO_LONGER = "не действует"
MOVEMENT_TITLES = (
    *("Ученик", "Что произошло", "С какого дня", "Из класса", "В класс"),
    *("Приказ №", "Приказ от", "Другая школа", "Отметка"),
)
EXPORTS: Mapping[ListKind, Export] = MappingProxyType(
    {
        ListKind.PUPILS: _pupils,
        ListKind.STAFF: _staff,
        ListKind.CLASSES: _classes,
        ListKind.PARENTS: _parents,
        ListKind.GROUPS: _groups,
        ListKind.TIMETABLE: _timetable,
        ListKind.LOAD: _load,
        ListKind.MOVEMENT: _movement,
    }
)
