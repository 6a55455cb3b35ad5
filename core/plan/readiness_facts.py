"""What is read of a school to tell whether its year is formed: nine statements, whatever the size of the school."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, case, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.movement.movement_tables import Enrolment
from core.person.class_titles import title_order
from core.plan import year_documents
from core.plan.plan_tables import (
    GroupClass,
    GroupMember,
    Room,
    SchoolYear,
    StudyGroup,
    StudyPlan,
    StudyPlanLine,
    TeachingLoad,
)
from core.russian import sort_key
from core.tables import Person, Pupil, SchoolClass, Slot, Staff, Subject
from core.timetable.timetable_tables import ControlWork, TimetableChange
from core.year.bells import BellSchedule
from core.year.calendar import Calendar
from core.year.span import Span
from core.year.weekly import LearnersKind, Service


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """What is there of a class."""

    title: str
    grade: int
    shift: int
    has_class_teacher: bool
    pupils: int
    has_lessons: bool
    """Of its own, or of a group drawn from it."""
    has_load: bool


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """What is there of a group, a stream, a combined class."""

    title: str
    kind: LearnersKind
    shift: int
    grade: int
    """The youngest one's, by whose bells it goes."""
    members: int
    """On its list; 0 of a combined class, which has none."""
    has_lessons: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolFacts:
    """What is there of a school's year."""

    calendar: Calendar | None = None
    bells: tuple[BellSchedule, ...] = ()
    subjects: tuple[str, ...] = ()
    plans: Mapping[Service, frozenset[int]] = MappingProxyType({})
    """For which grades there are plans of a service."""
    plan_count: int = 0
    rooms: int = 0
    staff: int = 0
    classes: tuple[ClassFacts, ...] = ()
    groups: tuple[GroupFacts, ...] = ()
    on_own_plans: int = 0
    """Pupils who learn by individual plans."""
    unplanned_in: tuple[str, ...] = ()
    """Classes of those of them whose plan is not there."""
    weekly_places: int = 0
    taught: frozenset[Service] = frozenset()
    """Services that the timetable has lessons of."""
    changes: int = 0
    control_works: int = 0


async def of_school(session: AsyncSession, school_id: UUID, year: int, today: date) -> SchoolFacts:
    """Read the year as it is on ``today``, or on its first or last day if today is before or after it."""
    row = await session.get(SchoolYear, (school_id, year), populate_existing=True)
    calendar = None if row is None else year_documents.calendar_of(year, row.calendar)
    whole = calendar.span if calendar else Span(date(year, 9, 1), date(year + 1, 8, 31))
    day = max(whole.first, min(today, whole.last))
    plans, plan_count = await _plans(session, school_id, year)
    unplanned = await _unplanned(session, school_id, year, day)
    taught = await _taught(session, school_id, year)
    return SchoolFacts(
        calendar=calendar,
        bells=() if row is None else year_documents.bells_of(row.bells),
        subjects=await _subjects(session, school_id),
        plans=plans,
        plan_count=plan_count,
        **await _counts(session, school_id, year, today),
        classes=await _classes(session, school_id, year, day),
        groups=await _groups(session, school_id, year, day),
        on_own_plans=len(unplanned),
        unplanned_in=tuple(dict.fromkeys(title for title, has_plan in unplanned if not has_plan)),
        weekly_places=sum(taught.values()),
        taught=frozenset(taught),
    )


async def _subjects(session: AsyncSession, school_id: UUID) -> tuple[str, ...]:
    names = (await session.execute(select(Subject.name).where(Subject.school_id == school_id))).scalars()
    return tuple(sorted(names, key=sort_key))


async def _plans(session: AsyncSession, school_id: UUID, year: int) -> tuple[Mapping[Service, frozenset[int]], int]:
    rows = await session.execute(
        select(StudyPlan.id, StudyPlan.service, StudyPlanLine.grade)
        .outerjoin(StudyPlanLine, StudyPlanLine.plan_id == StudyPlan.id)
        .where(StudyPlan.school_id == school_id, StudyPlan.year == year, StudyPlan.pupil_id.is_(None))
        .distinct()
    )
    found: dict[Service, set[int]] = {}
    plans = set()
    for plan, service, grade in rows:
        plans.add(plan)
        found.setdefault(Service(service), set()).update(() if grade is None else (grade,))
    return MappingProxyType({service: frozenset(grades) for service, grades in found.items()}), len(plans)


async def _counts(session: AsyncSession, school_id: UUID, year: int, today: date) -> dict[str, int]:
    counted: dict[str, Select[Any]] = {
        "rooms": select(func.count(Room.id)).where(Room.school_id == school_id, ~Room.closed),
        "staff": select(func.count(Staff.person_id))
        .join(Person, Person.id == Staff.person_id)
        .where(
            Person.school_id == school_id,
            Person.merged_into.is_(None),
            or_(Staff.until.is_(None), Staff.until >= today),
        ),
        "changes": select(func.count(TimetableChange.id)).where(
            TimetableChange.school_id == school_id,
            TimetableChange.year == year,
            TimetableChange.withdrawn_at.is_(None),
        ),
        "control_works": select(func.count(ControlWork.id)).where(
            ControlWork.school_id == school_id, ControlWork.year == year, ~ControlWork.withdrawn
        ),
    }
    query = select(*(one.scalar_subquery().label(name) for name, one in counted.items()))
    return dict((await session.execute(query)).mappings().one())


async def _classes(session: AsyncSession, school_id: UUID, year: int, day: date) -> tuple[ClassFacts, ...]:
    # Without this, the select inside an EXISTS would bring in a school_class of its own.
    drawn = select(GroupClass.group_id).where(GroupClass.class_id == SchoolClass.id).correlate(SchoolClass)
    pupils = select(func.count(Enrolment.pupil_id)).where(
        Enrolment.class_id == SchoolClass.id, _holds(Enrolment.since, Enrolment.until, day)
    )
    query = select(
        SchoolClass.title,
        SchoolClass.grade,
        SchoolClass.shift,
        SchoolClass.class_teacher_id.is_not(None),
        pupils.scalar_subquery(),
        exists().where(or_(Slot.class_id == SchoolClass.id, Slot.group_id.in_(drawn))),
        exists().where(or_(TeachingLoad.class_id == SchoolClass.id, TeachingLoad.group_id.in_(drawn))),
    ).where(SchoolClass.school_id == school_id, SchoolClass.year == year)
    found = [ClassFacts(*row) for row in await session.execute(query)]
    return tuple(sorted(found, key=lambda one: title_order(one.title)))


async def _groups(session: AsyncSession, school_id: UUID, year: int, day: date) -> tuple[GroupFacts, ...]:
    members = select(func.count(GroupMember.pupil_id)).where(
        GroupMember.group_id == StudyGroup.id, _holds(GroupMember.since, GroupMember.until, day)
    )
    grade = (
        select(func.min(SchoolClass.grade))
        .join(GroupClass, GroupClass.class_id == SchoolClass.id)
        .where(GroupClass.group_id == StudyGroup.id)
    )
    query = select(
        StudyGroup.title,
        StudyGroup.kind,
        StudyGroup.shift,
        func.coalesce(grade.scalar_subquery(), 0),
        case((StudyGroup.kind == LearnersKind.COMBINED.value, 0), else_=members.scalar_subquery()),
        exists().where(Slot.group_id == StudyGroup.id),
    ).where(StudyGroup.school_id == school_id, StudyGroup.year == year, ~StudyGroup.closed)
    found = [GroupFacts(title, LearnersKind(kind), *rest) for title, kind, *rest in await session.execute(query)]
    return tuple(sorted(found, key=lambda one: title_order(one.title)))


async def _unplanned(session: AsyncSession, school_id: UUID, year: int, day: date) -> list[tuple[str, bool]]:
    """Read the class of every pupil on an individual plan, and whether that plan is there; in the order of classes."""
    there = exists().where(StudyPlan.pupil_id == Pupil.person_id, StudyPlan.year == year)
    rows = await session.execute(
        select(SchoolClass.title, there)
        .join(Enrolment, Enrolment.class_id == SchoolClass.id)
        .join(Pupil, Pupil.person_id == Enrolment.pupil_id)
        .where(
            SchoolClass.school_id == school_id,
            SchoolClass.year == year,
            Pupil.individual_plan,
            _holds(Enrolment.since, Enrolment.until, day),
        )
    )
    return sorted(((title, has_plan) for title, has_plan in rows), key=lambda one: title_order(one[0]))


async def _taught(session: AsyncSession, school_id: UUID, year: int) -> dict[Service, int]:
    rows = await session.execute(
        select(Slot.service, func.count(Slot.id))
        .where(Slot.school_id == school_id, Slot.year == year)
        .group_by(Slot.service)
    )
    return {Service(service): count for service, count in rows}


def _holds(since: SQLColumnExpression[date], until: SQLColumnExpression[date | None], day: date) -> ColumnElement[bool]:
    return and_(since <= day, or_(until.is_(None), until >= day))
