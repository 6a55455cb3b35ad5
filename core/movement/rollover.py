"""The passing to the next year: whose class becomes which, who finishes school, and how all of it is carried out.

Classes of a year are other classes than those of the year before, with the same pupils in them: their enrolments begin
on the new year's first day. Guardianships, consents, accounts, codes and subscriptions belong to people, and stay.

It may be carried out long before the first day: until then everybody learns where he did. Whoever passed already, by an
import of new lists or an order of his own, is left alone.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.actor import Act, Actor
from core.journal import Change, audit, first_time, id_made_by
from core.movement import closing, enrolments, movements
from core.movement.movement_tables import Enrolment, Movement
from core.movement.movements import Moved, MovementKind, Order
from core.person.class_titles import grade_of, title_order
from core.person.people import name_of
from core.refusals import Conflict, Invalid
from core.roster_file.fields import parse_class
from core.russian import FullName
from core.school.schools import SchoolCard
from core.school_time import school_date
from core.tables import Person, Pupil, School, SchoolClass, Staff

FINISHES = frozenset({9, 11})
"""Grades after which a pupil may have finished."""
LAST_GRADE = 11
ASKED_GRADE = 9
"""After it everybody decides for himself: the tenth grade, a college."""
LAST_PRIMARY = 4
"""The teacher of a class up to here stays behind; subject teachers lead on."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Goer:
    """One pupil of a class."""

    pupil: UUID
    name: FullName
    birth_date: date | None
    """Tells namesakes apart."""


@dataclass(frozen=True, slots=True)
class Passing:
    """One class, and what becomes of it."""

    class_id: UUID
    title: str
    to_title: str | None
    """None: its pupils finish school."""
    asked: bool
    """Nobody but the school can know: the ninth grade, or a title that names no grade."""
    teacher: UUID | None
    """Who leads the class on, if somebody does."""
    shift: int
    pupils: tuple[Goer, ...]


@dataclass(frozen=True, slots=True)
class RolloverPlan:
    """What would become of a school's classes."""

    year: int
    """The year that ends, of its September."""
    first_day: date
    """Of the new year."""
    classes: tuple[Passing, ...]
    fingerprint: str
    """Of who learns where now, and of the orders so far: a plan is carried out only as it was looked at."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the school decides; whoever is not named goes the way that was proposed."""

    order: Order
    classes: Mapping[UUID, str | None] = field(default_factory=lambda: MappingProxyType({}))
    """By class: the title in the new year; None: its pupils finish school."""
    pupils: Mapping[UUID, str | None] = field(default_factory=lambda: MappingProxyType({}))
    """The same of one pupil, against his class: he repeats the year in «5Б», or finishes school after the ninth."""
    last_day: date | None = None
    """Of those who finish."""


@dataclass(frozen=True, slots=True)
class Rolled:
    """What was done."""

    moved_up: int
    repeat: int
    graduated: int
    new_classes: tuple[str, ...]
    without_teacher: tuple[str, ...]
    """New classes that nobody leads yet."""


async def propose(session: AsyncSession, actor: Actor, school_id: UUID, year: int, now: datetime) -> RolloverPlan:
    """Say what would become of everybody who learns in a class of ``year``, and would after its end.

    Raises ``NotFound``, ``Forbidden``.
    """
    facts = await rights.of_school(session, actor, school_id, now)
    rights.demand(facts, Right.MOVEMENT_RECORD)
    return await _plan(session, facts.of_school, year)


async def carry_out(
    session: AsyncSession, act: Act, school_id: UUID, year: int, fingerprint: str, answers: Answers
) -> Rolled | None:
    """Make the classes of the next year and let everybody learn there from its first day, or finish; all, or nobody.

    The same key twice acts once, and returns None. Raises ``NotFound``, ``Forbidden``, ``Invalid`` (the order; a way
    that cannot be gone, by name), ``Conflict``: the pupils are not those of the plan any more, a class has no answer
    yet, or a year is closed.
    """
    facts = await rights.of_school(session, act.actor, school_id, act.at)
    rights.demand(facts, Right.MOVEMENT_RECORD)
    school, today = facts.of_school, school_date(act.at, facts.of_school.zone)
    order = movements.fitted(answers.order, today)
    if not await first_time(session, act.key, act.at):
        return None
    await session.execute(select(School.id).where(School.id == school_id).with_for_update(key_share=True))
    here = select(Person.id).join(Pupil, Pupil.person_id == Person.id).where(Person.school_id == school_id)
    await enrolments.lock(session, (await session.execute(here)).scalars().all())
    plan = await _plan(session, school, year)
    if plan.fingerprint != fingerprint:
        raise Conflict("rollover-changed")
    decided = decide(plan, answers)
    last_day = answers.last_day if any(way.kind.leads_away for way in decided) else None
    if last_day is not None:
        await closing.demand_open(session, school_id, last_day)
    classes, made = await _classes(session, act, school_id, plan, decided)
    before = await enrolments.places(session, [way.pupil for way in decided], last_day or plan.first_day)
    moved = [replace(_moved(way, plan, last_day, classes), before=before[way.pupil]) for way in decided]
    await _write(session, moved, plan.first_day, today)
    await movements.record(session, act, school_id, order, moved)
    return _rolled(moved, made)


@dataclass(frozen=True, slots=True)
class Way:
    """Where one pupil goes."""

    pupil: UUID
    from_class: UUID
    kind: MovementKind
    to_title: str | None


def next_title(title: str) -> str | None:
    """Return what a class is called a year later: «5А» is «6А»; None: it has finished, or its title names no grade."""
    grade = grade_of(title)
    if not 0 < grade < LAST_GRADE:
        return None
    return title.replace(str(grade), str(grade + 1), 1)


def decide(plan: RolloverPlan, answers: Answers) -> tuple[Way, ...]:
    """Put together what was proposed and what was answered. Pure.

    Raises ``Conflict`` ``rollover-unanswered`` (a class that is asked about, by title), ``Invalid``: a class or pupil
    who is not in the plan, a way that skips a grade or leads back, finishing after another grade than 9 and 11, no
    last day for those who finish, or one outside the year, a title that names no class (``5А``).
    """
    pupils = {goer.pupil for one in plan.classes for goer in one.pupils}
    if answers.classes.keys() - {one.class_id for one in plan.classes} or answers.pupils.keys() - pupils:
        raise Invalid("rollover-stranger")
    open_ = unanswered(plan, answers)
    if open_:
        raise Conflict("rollover-unanswered", classes=", ".join(open_))
    found = ways(plan, answers)
    if any(way.kind is MovementKind.GRADUATED for way in found):
        if answers.last_day is None:
            raise Invalid("rollover-last-day-needed")
        if not plan.first_day - timedelta(days=366) < answers.last_day < plan.first_day:
            raise Invalid("rollover-last-day-odd", day=f"{answers.last_day:%d.%m.%Y}")
    return found


def ways(plan: RolloverPlan, answers: Answers) -> tuple[Way, ...]:
    """Return where everybody goes. Raises ``Invalid``: a way that nobody can go, by name."""
    return tuple(
        _way(one, goer, answers.pupils.get(goer.pupil, answers.classes.get(one.class_id, one.to_title)))
        for one in plan.classes
        for goer in one.pupils
    )


def unanswered(plan: RolloverPlan, answers: Answers) -> tuple[str, ...]:
    """Name the classes of which nobody has said where they go, neither of the class nor of each of its pupils."""
    return tuple(
        one.title
        for one in plan.classes
        if one.asked
        and one.class_id not in answers.classes
        and any(goer.pupil not in answers.pupils for goer in one.pupils)
    )


def _way(one: Passing, goer: Goer, to_title: str | None) -> Way:
    grade = grade_of(one.title)
    if to_title is None:
        if grade and grade not in FINISHES:
            raise Invalid("rollover-finishes-early", name=goer.name.in_lists(), title=one.title)
        return Way(goer.pupil, one.class_id, MovementKind.GRADUATED, None)
    if to_title not in {one.title, one.to_title} and str(parse_class(to_title)) != to_title:
        raise Invalid("rollover-title-odd", name=goer.name.in_lists())
    steps = grade_of(to_title) - grade
    if steps not in {0, 1}:
        raise Invalid("rollover-wrong-grade", name=goer.name.in_lists(), title=one.title, to=to_title)
    stays = steps == 0 and grade > 0
    return Way(goer.pupil, one.class_id, MovementKind.REPEATS if stays else MovementKind.MOVED_UP, to_title)


def _moved(way: Way, plan: RolloverPlan, last_day: date | None, classes: Mapping[str, UUID]) -> Moved:
    if way.to_title is None:
        return Moved(way.pupil, way.kind, last_day or plan.first_day - DAY, way.from_class, None)
    return Moved(way.pupil, way.kind, plan.first_day, way.from_class, classes[way.to_title])


def _rolled(moved: Sequence[Moved], made: Mapping[str, UUID | None]) -> Rolled:
    counts = [sum(one.kind is kind for one in moved) for kind in (MovementKind.MOVED_UP, MovementKind.REPEATS)]
    without = tuple(title for title, teacher in made.items() if teacher is None)
    return Rolled(counts[0], counts[1], len(moved) - sum(counts), tuple(made), without)


async def _plan(session: AsyncSession, school: SchoolCard, year: int) -> RolloverPlan:
    first_day = await closing.first_day_after(session, school.id, year)
    rows = await session.execute(
        select(SchoolClass, Person)
        .join(Enrolment, Enrolment.class_id == SchoolClass.id)
        .join(Person, Person.id == Enrolment.pupil_id)
        .where(SchoolClass.school_id == school.id, SchoolClass.year == year, enrolments.in_force_on(first_day))
        .order_by(SchoolClass.id, Person.sort_key, Person.id)
    )
    teachers = await _leading_on(session, school.id, first_day)
    found = [
        _passing(group, [Goer(person.id, name_of(person), person.birth_date) for _, person in lines], teachers)
        for group, lines in groupby(rows, key=lambda row: row[0])
    ]
    classes = tuple(sorted(found, key=lambda one: title_order(one.title)))
    ordered = select(func.count()).select_from(Movement).where(Movement.school_id == school.id)
    said = [f"{first_day} {(await session.execute(ordered)).scalar_one()}", *_said(classes)]
    return RolloverPlan(year, first_day, classes, hashlib.sha256("\n".join(said).encode()).hexdigest()[:16])


def _passing(school_class: SchoolClass, pupils: Iterable[Goer], teachers: frozenset[UUID]) -> Passing:
    grade, teacher = grade_of(school_class.title), school_class.class_teacher_id
    leads_on = teacher in teachers and grade not in {LAST_PRIMARY, LAST_GRADE}
    return Passing(
        class_id=school_class.id,
        title=school_class.title,
        to_title=next_title(school_class.title),
        asked=grade in {0, ASKED_GRADE},
        teacher=teacher if leads_on else None,
        shift=school_class.shift,
        pupils=tuple(pupils),
    )


def _said(classes: Sequence[Passing]) -> Iterator[str]:
    """Say who learns where, and who leads on: a plan with one word otherwise is another."""
    for one in classes:
        yield f"{one.class_id} {one.title} {one.teacher} {one.shift}"
        yield from sorted(f"{one.class_id} {goer.pupil}" for goer in one.pupils)


async def _leading_on(session: AsyncSession, school_id: UUID, first_day: date) -> frozenset[UUID]:
    """Find who still works at the school when the new year begins."""
    query = (
        select(Staff.person_id)
        .join(Person, Person.id == Staff.person_id)
        .where(Person.school_id == school_id, or_(Staff.until.is_(None), Staff.until >= first_day))
    )
    return frozenset((await session.execute(query)).scalars())


async def _classes(
    session: AsyncSession, act: Act, school_id: UUID, plan: RolloverPlan, decided: Sequence[Way]
) -> tuple[dict[str, UUID], dict[str, UUID | None]]:
    """Return the classes of the new year by title, and those of them that were made, with who leads them.

    A class that is there already keeps its teacher.
    """
    wanted = {way.to_title for way in decided if way.to_title is not None}
    of_year = SchoolClass.school_id == school_id, SchoolClass.year == plan.year + 1
    rows = await session.execute(select(SchoolClass.title, SchoolClass.id).where(*of_year))
    there: dict[str, UUID] = {row.title: row.id for row in rows}
    origin = _origins(plan, decided)
    titles = sorted(wanted - there.keys(), key=title_order)
    new = {title: id_made_by(act.key, f"class/{title}") for title in titles}
    led = {title: origin[title].teacher if title in origin else None for title in titles}
    values = [
        {
            "id": new[title],
            "school_id": school_id,
            "year": plan.year + 1,
            "title": title,
            "class_teacher_id": led[title],
            "shift": origin[title].shift if title in origin else 1,
        }
        for title in titles
    ]
    if values:
        await session.execute(insert(SchoolClass).execution_options(render_nulls=True), values)
        opened = [_opened(new[title], title, plan.year + 1, led[title]) for title in titles]
        await audit(session, act.actor, school_id, act.at, *opened)
    return there | new, led


def _opened(class_id: UUID, title: str, year: int, teacher: UUID | None) -> Change:
    after = {"title": title, "year": year, "teacher": None if teacher is None else str(teacher)}
    return Change("class.open", f"class/{class_id}", None, after)


def _origins(plan: RolloverPlan, decided: Sequence[Way]) -> dict[str, Passing]:
    """Find of which class each new one is the continuation: of that from which most of its pupils move up."""
    found: dict[str, Passing] = {}
    most: dict[str, int] = {}
    for one in plan.classes:
        titles = [
            way.to_title for way in decided if way.from_class == one.class_id and way.kind is MovementKind.MOVED_UP
        ]
        for title in set(titles):
            if title is not None and titles.count(title) > most.get(title, 0):
                found[title], most[title] = one, titles.count(title)
    return found


async def _write(session: AsyncSession, moved: Sequence[Moved], first_day: date, today: date) -> None:
    passing = [(one.pupil, one.to_class) for one in moved if one.to_class is not None]
    await enrolments.move(session, passing, first_day, today=today)
    leaving = {one.pupil: one.on_day for one in moved if one.to_class is None}
    for last_day in set(leaving.values()):
        await enrolments.end(session, leaving.keys(), last_day, today=today)
