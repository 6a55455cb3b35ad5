"""Curriculum plans (YEAR-06): of the school, of a profile, of one pupil; of lessons and of activity beyond them.

A plan is written whole: what it was and what it became stand together in the audit.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import free_text, rights
from core.access import Right
from core.actor import Act, Actor
from core.journal import Change, audit, first_time, id_made_by
from core.person.class_titles import title_order
from core.plan import open_years
from core.plan.plan_tables import ClassPlan, StudyPlan, StudyPlanLine
from core.refusals import Conflict, Invalid, NotFound
from core.roster_file.rows import fold
from core.tables import Person, Pupil, SchoolClass, Subject
from core.year.weekly import Service

LONGEST_NAME = 120
GRADES = range(1, 12)
MOST_HOURS = Decimal(40)
QUARTER = Decimal("0.25")
"""Hours a week are counted by it: a lesson once in four weeks is the rarest that plans have."""


class PlanKind(StrEnum):
    """Whose plan it is."""

    SCHOOL = "school"
    PROFILE = "profile"
    INDIVIDUAL = "individual"


@dataclass(frozen=True, slots=True)
class PlanLine:
    """So many hours a week of a subject in a grade."""

    grade: int
    subject: UUID
    hours: Decimal


@dataclass(frozen=True, slots=True)
class NewPlan:
    """A plan as somebody wants it."""

    name: str
    lines: tuple[PlanLine, ...]
    kind: PlanKind = PlanKind.SCHOOL
    service: Service = Service.BASIC
    profile: str = ""
    """Natural-science, humanities, socio-economic, technological, universal, or another."""
    pupil: UUID | None = None
    """Whose, of an individual one."""


@dataclass(frozen=True, slots=True)
class PlanCard:
    """A plan as it stands."""

    id: UUID
    year: int
    plan: NewPlan
    classes: tuple[UUID, ...]
    """Which learn by it."""


async def put(session: AsyncSession, act: Act, school_id: UUID, year: int, wanted: NewPlan) -> UUID:
    """Write a plan of a year: a new one, or in place of the one of this name. Again is harmless.

    Raises ``NotFound``, ``Forbidden``, ``Invalid`` (a plan that cannot be), ``Conflict``: the year is closed, the plan
    of this name is of another kind, a class learns by it whose grade it would lose, or the pupil has no order for an
    individual plan yet (``education_forms.change``).
    """
    rights.demand(await rights.of_school(session, act.actor, school_id, act.at), Right.YEAR_SET)
    fitted = _fit(wanted)
    new = id_made_by(act.key, "plan")
    is_first = await first_time(session, act.key, act.at)
    # One at a time: two plans of one name, each blind to the other, would be refused by the database alone.
    await open_years.alone(session, school_id)
    there = await _of_name(session, school_id, year, fitted.name)
    if not is_first:
        return new if there is None else there.id
    await open_years.demand(session, school_id, year)
    await _check(session, school_id, fitted)
    plan_id = new if there is None else there.id
    before = None if there is None else _said(there.plan)
    if there is None:
        session.add(_row(plan_id, school_id, year, fitted))
    elif (there.plan.kind, there.plan.pupil) != (fitted.kind, fitted.pupil):
        raise Conflict("plan-of-another-kind", plan=fitted.name)
    else:
        await _check_grades(session, there, fitted)
        row = await session.get_one(StudyPlan, plan_id)
        row.name, row.service, row.profile = fitted.name, fitted.service.value, fitted.profile
    await session.flush()
    await _write_lines(session, plan_id, fitted.lines)
    if before != _said(fitted):
        made = Change("plan.put", f"plan/{plan_id}", before, _said(fitted))
        await audit(session, act.actor, school_id, act.at, made)
    return plan_id


async def remove(session: AsyncSession, act: Act, plan_id: UUID) -> None:
    """Strike a plan out; the audit keeps it. Raises ``NotFound``, ``Forbidden``, ``Conflict`` (classes learn by it)."""
    row = await session.get(StudyPlan, plan_id)
    if row is None:
        raise NotFound("plan-unknown")
    rights.demand(await rights.of_school(session, act.actor, row.school_id, act.at), Right.YEAR_SET)
    if not await first_time(session, act.key, act.at):
        return
    school, year = row.school_id, row.year
    await open_years.alone(session, school)
    await open_years.demand(session, school, year)
    there = next((one for one in await cards(session, school, year) if one.id == plan_id), None)
    if there is None:
        raise NotFound("plan-unknown")
    if there.classes:
        raise Conflict("plan-in-use", plan=there.plan.name, count=len(there.classes))
    await session.execute(delete(StudyPlanLine).where(StudyPlanLine.plan_id == plan_id))
    await session.delete(row)
    await session.flush()
    gone = Change("plan.remove", f"plan/{plan_id}", _said(there.plan), None)
    await audit(session, act.actor, school, act.at, gone)


async def attach(session: AsyncSession, act: Act, class_id: UUID, plans: Collection[UUID]) -> None:
    """Say by which plans a class learns; none of them is an individual one. Again is harmless.

    Raises ``NotFound``, ``Forbidden``, ``Invalid`` (a pupil's plan, a plan without the class's grade), ``Conflict``.
    """
    facts = await rights.of_class(session, act.actor, class_id, act.at)
    school = facts.of_school
    rights.demand(facts, Right.YEAR_SET)
    if not await first_time(session, act.key, act.at):
        return
    await open_years.alone(session, school.id)
    row = await session.get_one(SchoolClass, class_id, with_for_update={"key_share": True}, populate_existing=True)
    await open_years.demand(session, school.id, row.year)
    there = {one.id: one for one in await cards(session, school.id, row.year)}
    for one in plans:
        if one not in there:
            raise NotFound("plan-unknown")
        plan = there[one].plan
        if plan.kind is PlanKind.INDIVIDUAL or row.grade not in {line.grade for line in plan.lines}:
            raise Invalid("plan-not-of-class", plan=plan.name, title=row.title)
    before = sorted(str(one.id) for one in there.values() if class_id in one.classes)
    after = sorted({str(one) for one in plans})
    if before == after:
        return
    await session.execute(delete(ClassPlan).where(ClassPlan.class_id == class_id))
    if plans:
        await session.execute(insert(ClassPlan), [{"class_id": class_id, "plan_id": one} for one in set(plans)])
    made = Change("plan.attach", f"class/{class_id}", {"plans": before}, {"plans": after})
    await audit(session, act.actor, school.id, act.at, made)


async def of_year(
    session: AsyncSession, actor: Actor, school_id: UUID, year: int, now: datetime
) -> tuple[PlanCard, ...]:
    """List the plans of a year by name. Raises ``NotFound``, ``Forbidden``."""
    rights.demand(await rights.of_school(session, actor, school_id, now), Right.YEAR_VIEW)
    return await cards(session, school_id, year)


async def cards(session: AsyncSession, school_id: UUID, year: int) -> tuple[PlanCard, ...]:
    """Read the plans of a year, whoever asks; a part of other questions about the year."""
    of_year = (StudyPlan.school_id == school_id, StudyPlan.year == year)
    rows = (await session.scalars(select(StudyPlan).where(*of_year).order_by(StudyPlan.name))).all()
    lines: dict[UUID, list[PlanLine]] = defaultdict(list)
    for plan, grade, subject, hours in await session.execute(
        select(StudyPlanLine.plan_id, StudyPlanLine.grade, StudyPlanLine.subject_id, StudyPlanLine.hours_a_week)
        .join(StudyPlan, StudyPlan.id == StudyPlanLine.plan_id)
        .where(*of_year)
        .order_by(StudyPlanLine.grade, StudyPlanLine.subject_id)
    ):
        lines[plan].append(PlanLine(grade, subject, hours))
    classes: dict[UUID, list[UUID]] = defaultdict(list)
    for plan, class_id in await session.execute(
        select(ClassPlan.plan_id, ClassPlan.class_id)
        .join(StudyPlan, StudyPlan.id == ClassPlan.plan_id)
        .where(*of_year)
        .order_by(ClassPlan.class_id)
    ):
        classes[plan].append(class_id)
    return tuple(PlanCard(row.id, row.year, _plan(row, tuple(lines[row.id])), tuple(classes[row.id])) for row in rows)


async def unplanned(session: AsyncSession, school_id: UUID, year: int) -> tuple[tuple[UUID, ...], tuple[UUID, ...]]:
    """Return the classes without a plan of lessons, and the pupils with an order for a plan of their own without one.

    A part of the readiness of the year, which answers for the rights.
    """
    there = await cards(session, school_id, year)
    basic = [one for one in there if one.plan.service is Service.BASIC]
    planned = {class_id for one in basic for class_id in one.classes}
    classes = await session.execute(
        select(SchoolClass.id).where(SchoolClass.school_id == school_id, SchoolClass.year == year)
    )
    own = {one.plan.pupil for one in basic}
    pupils = await session.execute(
        select(Pupil.person_id)
        .join(SchoolClass, SchoolClass.id == Pupil.class_id)
        .where(SchoolClass.school_id == school_id, Pupil.individual_plan, Pupil.left_on.is_(None))
    )
    return (
        tuple(one for one in classes.scalars() if one not in planned),
        tuple(one for one in pupils.scalars() if one not in own),
    )


async def _of_name(session: AsyncSession, school_id: UUID, year: int, name: str) -> PlanCard | None:
    there = await cards(session, school_id, year)
    return next((one for one in there if fold(one.plan.name) == fold(name)), None)


async def _check(session: AsyncSession, school_id: UUID, wanted: NewPlan) -> None:
    subjects = {line.subject for line in wanted.lines}
    known = await session.scalars(select(Subject.id).where(Subject.id.in_(subjects), Subject.school_id == school_id))
    if len(known.all()) < len(subjects):
        raise NotFound("plan-subject-unknown")
    if wanted.pupil is None:
        return
    query = select(Pupil.individual_plan).join(Person, Person.id == Pupil.person_id)
    has_order = await session.execute(query.where(Person.id == wanted.pupil, Person.school_id == school_id))
    ordered = has_order.scalar_one_or_none()
    if ordered is None:
        raise NotFound("pupil-unknown")
    if not ordered:
        raise Conflict("plan-without-order", plan=wanted.name)


async def _check_grades(session: AsyncSession, there: PlanCard, wanted: NewPlan) -> None:
    """Raise ``Conflict`` if a class learns by a plan that would have nothing for its grade any more."""
    grades = {line.grade for line in wanted.lines}
    left = select(SchoolClass.title).where(SchoolClass.id.in_(there.classes), SchoolClass.grade.not_in(grades))
    titles = sorted(await session.scalars(left), key=title_order)
    if titles:
        raise Conflict("plan-grade-in-use", plan=wanted.name, classes=", ".join(titles))


async def _write_lines(session: AsyncSession, plan: UUID, lines: Sequence[PlanLine]) -> None:
    await session.execute(delete(StudyPlanLine).where(StudyPlanLine.plan_id == plan))
    await session.execute(
        insert(StudyPlanLine),
        [{"plan_id": plan, "grade": one.grade, "subject_id": one.subject, "hours_a_week": one.hours} for one in lines],
    )


def _fit(wanted: NewPlan) -> NewPlan:
    name = " ".join(free_text.fit(wanted.name, LONGEST_NAME).split())
    profile = " ".join(free_text.plain(wanted.profile).split())[:LONGEST_NAME]
    if (wanted.kind is PlanKind.INDIVIDUAL) != (wanted.pupil is not None):
        raise Invalid("plan-whose", plan=name)
    if (wanted.kind is PlanKind.PROFILE) != bool(profile):
        raise Invalid("plan-profile-needed", plan=name)
    if not wanted.lines:
        raise Invalid("plan-empty", plan=name)
    places = [(line.grade, line.subject) for line in wanted.lines]
    if len(set(places)) < len(places):
        raise Invalid("plan-line-twice", plan=name)
    for line in wanted.lines:
        demand_hours(line.hours)
        if line.grade not in GRADES:
            raise Invalid("plan-grade-odd", plan=name, grade=line.grade)
    ordered = tuple(sorted(wanted.lines, key=lambda line: (line.grade, line.subject)))
    return replace(wanted, name=name, profile=profile, lines=ordered)


def demand_hours(hours: Decimal) -> None:
    """Raise ``Invalid`` for hours a week that nobody has: a quarter of one up to forty."""
    if not QUARTER <= hours <= MOST_HOURS or hours % QUARTER:
        raise Invalid("plan-hours-odd", hours=hours_words(hours))


def hours_words(hours: Decimal) -> str:
    """Return «2» or «1,5»."""
    return f"{hours.normalize():f}".replace(".", ",")


def _row(plan: UUID, school_id: UUID, year: int, wanted: NewPlan) -> StudyPlan:
    return StudyPlan(
        id=plan,
        school_id=school_id,
        year=year,
        kind=wanted.kind.value,
        service=wanted.service.value,
        name=wanted.name,
        profile=wanted.profile,
        pupil_id=wanted.pupil,
    )


def _plan(row: StudyPlan, lines: tuple[PlanLine, ...]) -> NewPlan:
    return NewPlan(row.name, lines, PlanKind(row.kind), Service(row.service), row.profile, row.pupil_id)


def _said(plan: NewPlan) -> dict[str, Any]:
    lines: Mapping[str, str] = {f"{one.grade}/{one.subject}": hours_words(one.hours) for one in plan.lines}
    return {
        "name": plan.name,
        "kind": plan.kind.value,
        "service": plan.service.value,
        "profile": plan.profile,
        "pupil": None if plan.pupil is None else str(plan.pupil),
        "hours": dict(sorted(lines.items())),
    }
