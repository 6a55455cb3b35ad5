"""Reads a stored year back into the values of ``core.year``: calendar, bells, weekly slots, changes, lists by date."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.movement.movement_tables import Enrolment
from core.plan import stored_years
from core.plan.plan_tables import GroupClass, GroupMember, Room, StudyGroup
from core.russian import FullName
from core.school.schools import SchoolCard
from core.tables import Person, SchoolClass, Slot, Subject
from core.timetable import change_documents
from core.timetable.timetable_tables import TimetableChange
from core.year.changes import Change
from core.year.membership import Membership
from core.year.planned import YearPlan
from core.year.span import Hours, Span
from core.year.weekly import ClassPart, Every, Learners, LearnersKind, Service, WeeklySlot

type Parts = Mapping[UUID, tuple[ClassPart, ...]]


@dataclass(frozen=True, slots=True)
class YearRead:
    """A year as it is stored."""

    plan: YearPlan
    changes: tuple[Change, ...]
    """Those in force, in the order in which they were made."""
    is_declared: bool
    """The school has set its calendar; else every day of six-day weeks is taught."""
    shared_rooms: frozenset[UUID] = field(default_factory=frozenset)


async def read_year(
    session: AsyncSession, school: SchoolCard, year: int, learners: Collection[UUID] | None = None
) -> YearRead:
    """Read what is set for a year; with ``learners``, only slots of these classes, groups and pupils.

    So many statements whatever the size of the school: its calendar, slots, classes of groups, changes, shared rooms.
    Of a pupil who changes his class in the year each own slot stands once for each class, for his days in it.
    """
    stored = await stored_years.stored(session, school.id, year)
    declared = stored is not None and stored.calendar is not None
    calendar = stored.calendar if stored is not None and stored.calendar is not None else stored_years.undeclared(year)
    parts = await _parts(session, school.id, year)
    slots = await _slots(session, school.id, year, parts, learners)
    plan = YearPlan(calendar=calendar, bells=stored.bells if stored else (), slots=slots, zone=school.zone)
    changes = await _changes(session, school.id, year)
    return YearRead(plan, changes, declared, await _shared_rooms(session, school.id))


async def memberships(session: AsyncSession, school_id: UUID, span: Span) -> tuple[Membership, ...]:
    """Read who is in which group and which class of a school on any of these days."""
    groups = await session.execute(
        select(GroupMember.pupil_id, GroupMember.group_id, GroupMember.since, GroupMember.until)
        .join(StudyGroup, StudyGroup.id == GroupMember.group_id)
        .where(StudyGroup.school_id == school_id, _holds(GroupMember.since, GroupMember.until, span))
    )
    classes = await session.execute(
        select(Enrolment.pupil_id, Enrolment.class_id, Enrolment.since, Enrolment.until)
        .join(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .where(SchoolClass.school_id == school_id, _holds(Enrolment.since, Enrolment.until, span))
    )
    return tuple(Membership(*row) for row in (*groups, *classes))


def _holds(since: Any, until: Any, span: Span) -> ColumnElement[bool]:
    return and_(since <= span.last, or_(until.is_(None), until >= span.first))


async def _parts(session: AsyncSession, school_id: UUID, year: int) -> Parts:
    """Read from which classes each group of the year is drawn."""
    rows = await session.execute(
        select(GroupClass.group_id, SchoolClass.id, SchoolClass.grade)
        .join(StudyGroup, StudyGroup.id == GroupClass.group_id)
        .join(SchoolClass, SchoolClass.id == GroupClass.class_id)
        .where(StudyGroup.school_id == school_id, StudyGroup.year == year)
        .order_by(SchoolClass.grade, SchoolClass.title)
    )
    found: dict[UUID, tuple[ClassPart, ...]] = {}
    for group, class_id, grade in rows:
        found[group] = (*found.get(group, ()), ClassPart(class_id, grade))
    return found


async def _slots(
    session: AsyncSession, school_id: UUID, year: int, parts: Parts, learners: Collection[UUID] | None
) -> tuple[WeeklySlot, ...]:
    # A pupil's own lessons are those of the class in which he is on their day, and end with his last one at the school.
    of_class = SchoolClass.id == func.coalesce(Slot.class_id, Enrolment.class_id)
    in_year = _holds(Enrolment.since, Enrolment.until, Span(date(year, 8, 1), date(year + 1, 8, 31)))
    titles = (SchoolClass.title, SchoolClass.grade, StudyGroup.kind, StudyGroup.title)
    query = (
        select(Slot, SchoolClass.id, *titles, Person, Enrolment.since, Enrolment.until)
        .outerjoin(StudyGroup, and_(StudyGroup.id == Slot.group_id, StudyGroup.school_id == Slot.school_id))
        .outerjoin(Person, Person.id == Slot.pupil_id)
        .outerjoin(Enrolment, and_(Enrolment.pupil_id == Slot.pupil_id, in_year))
        .outerjoin(SchoolClass, and_(of_class, SchoolClass.school_id == Slot.school_id))
        .where(Slot.school_id == school_id, Slot.year == year)
        .where(or_(Slot.pupil_id.is_(None), SchoolClass.id.is_not(None)))
        .order_by(Slot.id, Enrolment.since)
    )
    if learners is not None:
        query = query.where(func.coalesce(Slot.class_id, Slot.group_id, Slot.pupil_id).in_(learners))
    return tuple(_slot(row, parts) for row in await session.execute(query))


def _slot(row: Sequence[Any], parts: Parts) -> WeeklySlot:
    slot, (enrolled, left) = row[0], row[-2:]
    return WeeklySlot(
        id=slot.id,
        learners=_learners(row, parts),
        weekday=slot.weekday,
        number=slot.number,
        subject=slot.subject_id,
        teacher=slot.teacher_id,
        room=slot.room_id,
        shift=slot.shift,
        since=max((one for one in (slot.since, enrolled) if one is not None), default=None),
        until=min((one for one in (slot.until, left) if one is not None), default=None),
        every=Every(slot.every),
        service=Service(slot.service),
        hours=None if slot.starts is None or slot.ends is None else Hours(slot.starts, slot.ends),
    )


def _learners(row: Sequence[Any], parts: Parts) -> Learners:
    slot, class_id, class_title, grade, kind, group_title, person, *_ = row
    if slot.group_id is not None:
        return Learners(LearnersKind(kind), slot.group_id, group_title, parts[slot.group_id])
    of_class = (ClassPart(class_id, grade),)
    if slot.pupil_id is not None:
        name = FullName(person.surname, person.given, person.patronymic).in_lists()
        return Learners(LearnersKind.PUPIL, slot.pupil_id, name, of_class)
    return Learners(LearnersKind.CLASS, slot.class_id, class_title, of_class)


async def _changes(session: AsyncSession, school_id: UUID, year: int) -> tuple[Change, ...]:
    query = (
        select(TimetableChange)
        .where(
            TimetableChange.school_id == school_id,
            TimetableChange.year == year,
            TimetableChange.withdrawn_at.is_(None),
        )
        .order_by(TimetableChange.seq)
    )
    return change_documents.read((await session.execute(query)).scalars().all())


async def _shared_rooms(session: AsyncSession, school_id: UUID) -> frozenset[UUID]:
    query = select(Room.id).where(Room.school_id == school_id, Room.shared)
    return frozenset((await session.execute(query)).scalars())


async def names_of(session: AsyncSession, things: Sequence[UUID]) -> Mapping[UUID, str]:
    """Return what classes, groups, rooms, subjects and people of these ids are called, for sentences that name them."""
    found: dict[UUID, str] = {}
    for query in (
        select(SchoolClass.id, SchoolClass.title).where(SchoolClass.id.in_(things)),
        select(StudyGroup.id, StudyGroup.title).where(StudyGroup.id.in_(things)),
        select(Room.id, Room.name).where(Room.id.in_(things)),
        select(Subject.id, Subject.name).where(Subject.id.in_(things)),
    ):
        found |= dict((await session.execute(query)).all())
    people = await session.execute(select(Person).where(Person.id.in_(things)))
    found |= {one.id: FullName(one.surname, one.given, one.patronymic).in_full() for one in people.scalars()}
    return MappingProxyType(found)
