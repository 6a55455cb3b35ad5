"""The teaching load of a year (YEAR-15): what each teacher is to give, to whom, how many hours a week."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.actor import Act, Actor
from core.journal import Change, audit, first_time, id_made_by
from core.person import people
from core.plan import curriculum, load_comparison, open_years
from core.plan.load_comparison import Difference, Hours, Part, Planned
from core.plan.plan_tables import GroupClass, StudyGroup, TeachingLoad
from core.refusals import Conflict, Invalid, NotFound
from core.school.schools import SchoolCard
from core.tables import Person, Pupil, SchoolClass, Slot, Subject
from core.year.weekly import Every, LearnersKind

HALF = Decimal("0.5")
"""Of an hour a week: a lesson that is held every other week."""


@dataclass(frozen=True, slots=True)
class Taught:
    """Who is taught: a class, a group (a stream, a combined class among them) or one pupil."""

    class_id: UUID | None = None
    group: UUID | None = None
    pupil: UUID | None = None

    @property
    def id(self) -> UUID:
        """Of whichever it is. Raises ``Invalid`` unless it is one."""
        named = [one for one in (self.class_id, self.group, self.pupil) if one is not None]
        if len(named) != 1:
            raise Invalid("load-whom")
        return named[0]


@dataclass(frozen=True, slots=True)
class NewLoad:
    """What a teacher is to give."""

    teacher: UUID
    subject: UUID
    whom: Taught
    hours: Decimal


@dataclass(frozen=True, slots=True)
class LoadCard:
    """What a teacher is to give, as it stands."""

    id: UUID
    load: NewLoad


async def give(
    session: AsyncSession, act: Act, school_id: UUID, year: int, wanted: Sequence[NewLoad]
) -> tuple[UUID, ...]:
    """Give teachers hours of subjects for learners; in place of the hours that each has of it for them.

    Raises ``NotFound``, ``Forbidden``, ``Invalid`` (nobody who works here, no such hours, the same twice),
    ``Conflict`` (year or group closed). All of it, or nothing.
    """
    facts = await rights.of_school(session, act.actor, school_id, act.at)
    rights.demand(facts, Right.LOAD_SET)
    for one in wanted:
        curriculum.demand_hours(one.hours)
    if len({_key(one) for one in wanted}) < len(wanted):
        raise Invalid("load-twice")
    is_first = await first_time(session, act.key, act.at)
    # One at a time: two rows of the same teacher, subject and learners would be refused by the database alone.
    await open_years.alone(session, school_id)
    there = await _there(session, school_id, year)
    if is_first:
        await open_years.demand(session, school_id, year)
        await _check(session, act, facts.of_school, year, wanted)
        await _write(session, act, school_id, year, wanted, there)
        there = await _there(session, school_id, year)
    return tuple(there[_key(one)].id for one in wanted if _key(one) in there)


async def take(session: AsyncSession, act: Act, load_id: UUID) -> None:
    """Take hours from a teacher; the audit keeps them. Raises ``NotFound``, ``Forbidden``, ``Conflict``."""
    row = await session.get(TeachingLoad, load_id)
    if row is None:
        raise NotFound("load-unknown")
    rights.demand(await rights.of_school(session, act.actor, row.school_id, act.at), Right.LOAD_SET)
    if not await first_time(session, act.key, act.at):
        return
    school, year = row.school_id, row.year
    await open_years.alone(session, school)
    await open_years.demand(session, school, year)
    there = {one.id: one for one in (await _there(session, school, year)).values()}
    if load_id not in there:
        raise NotFound("load-unknown")
    before, teacher = _said(_new(there[load_id])), there[load_id].teacher_id
    await session.delete(there[load_id])
    await session.flush()
    await audit(session, act.actor, school, act.at, Change("load.take", f"person/{teacher}", before, None))


async def of_year(
    session: AsyncSession, actor: Actor, school_id: UUID, year: int, now: datetime
) -> tuple[LoadCard, ...]:
    """List the load of a year by teacher. Raises ``NotFound``, ``Forbidden``."""
    rights.demand(await rights.of_school(session, actor, school_id, now), Right.YEAR_VIEW)
    return await cards(session, school_id, year)


async def cards(session: AsyncSession, school_id: UUID, year: int) -> tuple[LoadCard, ...]:
    """Read the load of a year, whoever asks; a part of other questions about the year."""
    rows = await session.scalars(
        select(TeachingLoad)
        .join(Person, Person.id == TeachingLoad.teacher_id)
        .where(TeachingLoad.school_id == school_id, TeachingLoad.year == year)
        .order_by(Person.sort_key, Person.id, TeachingLoad.subject_id, TeachingLoad.id)
    )
    return tuple(LoadCard(row.id, _new(row)) for row in rows)


async def differences(
    session: AsyncSession, actor: Actor, school_id: UUID, year: int, on: date, now: datetime
) -> tuple[Difference, ...]:
    """Compare the load with the plans of the classes and with the weekly timetable as it is on a day.

    Raises ``NotFound``, ``Forbidden``.
    """
    rights.demand(await rights.of_school(session, actor, school_id, now), Right.YEAR_VIEW)
    return load_comparison.differences(await _planned(session, school_id, year, on))


async def _planned(session: AsyncSession, school_id: UUID, year: int, on: date) -> Planned:
    load = await cards(session, school_id, year)
    given = [Hours(one.load.whom.id, one.load.subject, one.load.teacher, one.load.hours) for one in load]
    classes = await _plans(session, school_id, year)
    return Planned(
        classes, given, await _timetable(session, school_id, year, on), await _parts(session, school_id, year)
    )


async def _plans(session: AsyncSession, school_id: UUID, year: int) -> dict[UUID, dict[UUID, Decimal]]:
    rows = await session.execute(
        select(SchoolClass.id, SchoolClass.grade).where(SchoolClass.school_id == school_id, SchoolClass.year == year)
    )
    grades = {row.id: row.grade for row in rows}
    found: dict[UUID, dict[UUID, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for card in await curriculum.cards(session, school_id, year):
        for class_id in card.classes:
            for line in card.plan.lines:
                if line.grade == grades.get(class_id):
                    found[class_id][line.subject] += line.hours
    return found


async def _parts(session: AsyncSession, school_id: UUID, year: int) -> list[Part]:
    rows = await session.execute(
        select(StudyGroup.id, StudyGroup.division, StudyGroup.kind, func.array_agg(GroupClass.class_id))
        .join(GroupClass, GroupClass.group_id == StudyGroup.id)
        .where(StudyGroup.school_id == school_id, StudyGroup.year == year, ~StudyGroup.closed)
        .group_by(StudyGroup.id)
    )
    return [
        Part(group, frozenset(classes), division, whole=kind == LearnersKind.COMBINED.value)
        for group, division, kind, classes in rows
    ]


async def _timetable(session: AsyncSession, school_id: UUID, year: int, on: date) -> list[Hours]:
    rows = await session.execute(
        select(func.coalesce(Slot.class_id, Slot.group_id, Slot.pupil_id), Slot.subject_id, Slot.teacher_id, Slot.every)
        .where(Slot.school_id == school_id, Slot.year == year)
        .where(or_(Slot.since.is_(None), Slot.since <= on), or_(Slot.until.is_(None), Slot.until >= on))
    )
    return [
        Hours(learners, subject, teacher, Decimal(1) if every == Every.WEEK.value else HALF)
        for learners, subject, teacher, every in rows
    ]


async def _write(
    session: AsyncSession,
    act: Act,
    school_id: UUID,
    year: int,
    wanted: Sequence[NewLoad],
    there: Mapping[tuple[UUID, UUID, UUID], TeachingLoad],
) -> None:
    changes = []
    for number, one in enumerate(wanted):
        row = there.get(_key(one))
        before = None if row is None else _said(_new(row))
        if row is None:
            session.add(_row(id_made_by(f"{act.key}/{number}", "load"), school_id, year, one))
        else:
            row.hours_a_week = one.hours
        if before != _said(one):
            changes.append(Change("load.give", f"person/{one.teacher}", before, _said(one)))
    await session.flush()
    await audit(session, act.actor, school_id, act.at, *changes)


async def _check(session: AsyncSession, act: Act, school: SchoolCard, year: int, wanted: Sequence[NewLoad]) -> None:
    working = await people.staff_of(session, school, act.at)
    if not {one.teacher for one in wanted} <= set(working):
        raise Invalid("load-not-staff")
    subjects = {one.subject for one in wanted}
    known = select(Subject.id).where(Subject.id.in_(subjects), Subject.school_id == school.id)
    if len((await session.scalars(known)).all()) < len(subjects):
        raise NotFound("plan-subject-unknown")
    whom = {one.whom for one in wanted}
    classes, named, pupils = (
        {one for one in ids if one is not None}
        for ids in ((one.class_id for one in whom), (one.group for one in whom), (one.pupil for one in whom))
    )
    of_year = select(SchoolClass.id).where(SchoolClass.school_id == school.id, SchoolClass.year == year)
    in_school = select(Pupil.person_id).join(Person).where(Person.school_id == school.id)
    there = {
        *await session.scalars(of_year.where(SchoolClass.id.in_(classes))),
        *await session.scalars(in_school.where(Pupil.person_id.in_(pupils))),
        *await _groups(session, school.id, year, named),
    }
    if not {one.id for one in whom} <= there:
        raise NotFound("load-whom-unknown")


async def _groups(session: AsyncSession, school_id: UUID, year: int, named: Collection[UUID]) -> list[UUID]:
    rows = await session.scalars(
        select(StudyGroup).where(StudyGroup.id.in_(named), StudyGroup.school_id == school_id, StudyGroup.year == year)
    )
    found = rows.all()
    for row in found:
        if row.closed:
            raise Conflict("group-closed", group=row.title)
    return [row.id for row in found]


async def _there(session: AsyncSession, school_id: UUID, year: int) -> dict[tuple[UUID, UUID, UUID], TeachingLoad]:
    rows = await session.scalars(
        select(TeachingLoad)
        .where(TeachingLoad.school_id == school_id, TeachingLoad.year == year)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {_key(_new(row)): row for row in rows}


def _key(load: NewLoad) -> tuple[UUID, UUID, UUID]:
    """Return what tells two rows of a year apart. Raises ``Invalid`` for learners that are none, or two."""
    return load.teacher, load.subject, load.whom.id


def _row(load: UUID, school_id: UUID, year: int, wanted: NewLoad) -> TeachingLoad:
    return TeachingLoad(
        id=load,
        school_id=school_id,
        year=year,
        teacher_id=wanted.teacher,
        subject_id=wanted.subject,
        class_id=wanted.whom.class_id,
        group_id=wanted.whom.group,
        pupil_id=wanted.whom.pupil,
        hours_a_week=wanted.hours,
    )


def _new(row: TeachingLoad) -> NewLoad:
    whom = Taught(row.class_id, row.group_id, row.pupil_id)
    return NewLoad(row.teacher_id, row.subject_id, whom, row.hours_a_week)


def _said(load: NewLoad) -> dict[str, Any]:
    kinds = {"class": load.whom.class_id, "group": load.whom.group, "pupil": load.whom.pupil}
    whom = {kind: str(one) for kind, one in kinds.items() if one is not None}
    return {"subject": str(load.subject), **whom, "hours": curriculum.hours_words(load.hours)}
