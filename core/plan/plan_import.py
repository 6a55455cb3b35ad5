"""Lists of plans and of load brought in: what a list names becomes what it says (YEAR-06, YEAR-15).

What is in the journal and not in the list stays, and is counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.actor import Act
from core.plan import curriculum, list_names, load
from core.plan.curriculum import NewPlan, PlanCard, PlanLine
from core.plan.list_file import ListProblem, ListRefused, demand_good, of_refusal
from core.plan.list_lines import LoadRow, PlanRow
from core.plan.list_names import Known
from core.plan.load import NewLoad, Taught
from core.refusals import Refusal
from core.roster_file.rows import fold
from core.russian import FullName


@dataclass(frozen=True, slots=True)
class Brought:
    """What a list changed."""

    new: int
    changed: int
    unchanged: int
    stays: int
    """In the journal, and not in the list."""


@dataclass(frozen=True, slots=True)
class _WantedPlan:
    """A plan put together of its lines."""

    first: PlanRow
    plan: NewPlan
    classes: frozenset[UUID]


async def bring_plans(session: AsyncSession, act: Act, school_id: UUID, year: int, rows: Sequence[PlanRow]) -> Brought:
    """Bring in a list of plans of a year; again changes nothing. All of it, or nothing.

    A class that the list names for a plan learns by it beside the plans that it learns by already.
    Raises ``NotFound``, ``Forbidden``, ``ListRefused`` with every problem of every line.
    """
    facts = await rights.of_school(session, act.actor, school_id, act.at)
    rights.demand(facts, Right.YEAR_SET)
    wanted = _plans(rows, await list_names.read(session, facts.of_school, year, act.at))
    before = _by_name(await curriculum.cards(session, school_id, year))
    problems: list[ListProblem] = []
    for number, one in enumerate(wanted):
        try:
            step = Act(act.actor, act.at, f"{act.key}/plan/{number}")
            await curriculum.put(session, step, school_id, year, one.plan)
        except Refusal as refusal:
            problems.append(of_refusal(one.first.line.place, refusal))
    if not problems:
        problems = await _attach(session, act, school_id, year, wanted)
    if problems:
        raise ListRefused(problems)
    after = _by_name(await curriculum.cards(session, school_id, year))
    named = [fold(one.plan.name) for one in wanted]
    changed = sum(name in before and before[name] != after[name] for name in named)
    new = sum(name not in before for name in named)
    return Brought(new, changed, len(named) - new - changed, len(before.keys() - set(named)))


async def bring_load(session: AsyncSession, act: Act, school_id: UUID, year: int, rows: Sequence[LoadRow]) -> Brought:
    """Bring in a list of load of a year; again changes nothing. All of it, or nothing.

    Raises ``NotFound``, ``Forbidden``, ``Invalid``, ``Conflict``, ``ListRefused`` with every problem of every line.
    """
    facts = await rights.of_school(session, act.actor, school_id, act.at)
    rights.demand(facts, Right.LOAD_SET)
    wanted = _loads(rows, await list_names.read(session, facts.of_school, year, act.at))
    before = {_key(one.load): one.load.hours for one in await load.cards(session, school_id, year)}
    await load.give(session, act, school_id, year, wanted)
    new = sum(_key(one) not in before for one in wanted)
    changed = sum(before.get(_key(one), one.hours) != one.hours for one in wanted)
    stays = len(before.keys() - {_key(one) for one in wanted})
    return Brought(new, changed, len(wanted) - new - changed, stays)


async def _attach(
    session: AsyncSession, act: Act, school_id: UUID, year: int, wanted: Sequence[_WantedPlan]
) -> list[ListProblem]:
    there = _by_name(await curriculum.cards(session, school_id, year))
    problems = []
    for class_id in sorted(frozenset[UUID]().union(*(one.classes for one in wanted))):
        naming = [one for one in wanted if class_id in one.classes]
        plans = {card.id for card in there.values() if class_id in card.classes}
        plans |= {there[fold(one.plan.name)].id for one in naming}
        try:
            await curriculum.attach(session, Act(act.actor, act.at, f"{act.key}/class/{class_id}"), class_id, plans)
        except Refusal as refusal:
            problems.append(of_refusal(naming[0].first.line.place, refusal))
    return problems


def _plans(rows: Sequence[PlanRow], known: Known) -> list[_WantedPlan]:
    """Put the lines of each plan together. Raises ``ListRefused``."""
    by_plan: dict[str, list[PlanRow]] = {}
    for row in rows:
        by_plan.setdefault(fold(" ".join(row.plan.split())), []).append(row)
    wanted = [one for found in by_plan.values() for one in [_plan(found, known)] if one is not None]
    demand_good([row.line for row in rows])
    return wanted


def _plan(rows: Sequence[PlanRow], known: Known) -> _WantedPlan | None:
    first = rows[0]
    lines: dict[tuple[int, str], PlanLine] = {}
    classes: set[UUID] = set()
    for row in rows:
        if (row.kind, row.service, row.profile, row.pupil) != (first.kind, first.service, first.profile, first.pupil):
            row.line.problem("plan", "plan-list-plan-differs", plan=row.plan)
        subject = known.subject(row.line, row.subject)
        found = [known.school_class(row.line, "classes", title) for title in row.classes]
        classes |= {one for one in found if one is not None}
        if (row.grade, fold(row.subject)) in lines:
            row.line.problem("subject", "plan-list-subject-twice", subject=row.subject, grade=row.grade)
        if subject is not None:
            lines[row.grade, fold(row.subject)] = PlanLine(row.grade, subject, row.hours)
    pupil = None if first.pupil is None else known.pupil(first.line, "pupil", _full_name(first.pupil), None)
    if any(row.line.problems for row in rows):
        return None
    whose = None if pupil is None else pupil.id
    plan = NewPlan(first.plan, tuple(lines.values()), first.kind, first.service, first.profile, whose)
    return _WantedPlan(first, plan, frozenset(classes))


def _loads(rows: Sequence[LoadRow], known: Known) -> list[NewLoad]:
    """Understand the lines. Raises ``ListRefused``."""
    wanted: dict[tuple[UUID, UUID, UUID], NewLoad] = {}
    for row in rows:
        teacher, subject = known.teacher(row.line, row.teacher), known.subject(row.line, row.subject)
        whom = _whom(row, known)
        if teacher is None or subject is None or whom is None:
            continue
        one = NewLoad(teacher, subject, whom, row.hours)
        if _key(one) in wanted:
            row.line.problem("teacher", "plan-list-load-twice", teacher=row.teacher, subject=row.subject)
        try:
            curriculum.demand_hours(row.hours)
        except Refusal as refusal:
            row.line.problems.append(of_refusal(row.line.at("hours"), refusal))
        wanted[_key(one)] = one
    demand_good([row.line for row in rows])
    return list(wanted.values())


def _whom(row: LoadRow, known: Known) -> Taught | None:
    class_id = None if row.school_class is None else known.school_class(row.line, "class", row.school_class)
    if row.group is not None:
        group = known.group(row.line, row.group)
        return None if group is None else Taught(group=group)
    if row.pupil is not None:
        pupil = known.pupil(row.line, "pupil", _full_name(row.pupil), class_id)
        return None if pupil is None else Taught(pupil=pupil.id)
    return None if class_id is None else Taught(class_id)


def _full_name(written: str) -> FullName:
    surname, given, patronymic = (*written.split(maxsplit=2), "", "", "")[:3]
    return FullName(surname, given, patronymic)


def _by_name(cards: Sequence[PlanCard]) -> dict[str, PlanCard]:
    return {fold(one.plan.name): one for one in cards}


def _key(one: NewLoad) -> tuple[UUID, UUID, UUID]:
    return one.teacher, one.subject, one.whom.id
