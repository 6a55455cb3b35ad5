"""Marks of a lesson: given, corrected, taken back.

A mark is one subject of events. Whatever changes it raises its version under its row's lock and publishes its whole
state, in the same transaction as the fact and the audit row.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.access import Right
from core.actor import Act, Actor
from core.events import MarkState, event, mark_subject
from core.journal import Change, audit, first_time, id_made_by
from core.learning import journal_locks, lesson_learners, lesson_lists, lesson_rights
from core.learning.learning_tables import Mark
from core.learning.lesson_rights import LessonFacts
from core.learning.lock_rules import Work
from core.outbox import publish
from core.person import people
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.russian import FullName
from core.tables import Absence, Person

ANSWER = "ответ на уроке"
WORKS = (
    ANSWER,
    "самостоятельная работа",
    "контрольная работа",
    "домашняя работа",
    "проверочная работа",
    "лабораторная работа",
    "практическая работа",
    "диктант",
    "сочинение",
    "тест",
    "чтение наизусть",
    "проект",
)
"""Kinds of work (MARK-07, MARK-08), the usual ones first, until each school keeps a list of its own."""
MARKS = range(1, 6)
"""Values that a mark may have."""
_UNMARKED_GRADE = 1


@dataclass(frozen=True, slots=True)
class MarkView:
    """A mark that stands."""

    id: UUID
    value: int
    work: str
    version: int


type Check = Callable[[MarkView], None]
"""Sees a mark that nobody changes any more before the commit, and raises what it will if it is not the expected one."""


@dataclass(frozen=True, slots=True)
class GradeLine:
    """One line of the page: a pupil and his marks for the lesson, in the order in which they were given."""

    pupil: UUID
    name: FullName
    marks: tuple[MarkView, ...]
    absent: bool


@dataclass(frozen=True, slots=True)
class GradePage:
    """The marks of a lesson, in the order of the class list (YEAR-23).

    Whoever by an order that came later was not in the class that day stands behind it with what he got there.
    """

    lesson: LessonFacts
    pupils: tuple[GradeLine, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """A mark as a command left it."""

    mark: UUID
    version: int


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A mark as somebody wants to give it."""

    pupil: UUID
    value: int
    work: str
    for_missed: bool = False
    """He has said that it may be for a topic that the pupil missed."""


async def page(session: AsyncSession, actor: Actor, lesson_id: UUID, now: datetime) -> GradePage:
    """Read the marks of a lesson. Raises ``NotFound`` or ``Forbidden`` (ROLE-06, ROLE-09)."""
    facts = await lesson_rights.of_lesson(session, actor, lesson_id, now)
    if not facts.may(Right.JOURNAL_VIEW):
        raise Forbidden("lesson-of-another-teacher")
    rows = await session.execute(select(Absence.pupil_id).where(Absence.lesson_id == lesson_id))
    absent = set(rows.scalars())
    marks = _standing((await session.execute(select(Mark).where(Mark.lesson_id == lesson_id))).scalars())
    lines = tuple(
        GradeLine(
            one.pupil,
            one.name,
            tuple(view for mark, view in marks if mark.pupil_id == one.pupil),
            one.pupil in absent,
        )
        for one in await lesson_lists.of_lesson(session, lesson_id, absent | {mark.pupil_id for mark, _ in marks})
    )
    return GradePage(facts, lines)


async def of_pupil(
    session: AsyncSession, pupil_id: UUID, first: date, last: date
) -> Mapping[UUID, tuple[MarkView, ...]]:
    """Read a pupil's marks by lesson, for lessons of these days. Whoever calls has asked for the right to."""
    rows = await session.execute(select(Mark).where(Mark.pupil_id == pupil_id, Mark.day.between(first, last)))
    found: dict[UUID, tuple[MarkView, ...]] = {}
    for mark, view in _standing(rows.scalars()):
        found[mark.lesson_id] = (*found.get(mark.lesson_id, ()), view)
    return found


async def give(
    session: AsyncSession, act: Act, lesson_id: UUID, pupil_id: UUID, value: int, work: str = ANSWER
) -> Given:
    """Give a mark for a lesson, the day of which is the mark's day however late it is given (MARK-06).

    Raises ``NotFound``, ``Forbidden``, ``Invalid`` (no such value or kind of work, grade 1: MARK-11, a lesson to come,
    a pupil of another class), or ``Conflict``: the lesson is locked (MARK-21), or he was absent from it, see
    ``give_for_missed``.
    """
    return await _give(session, act, lesson_id, _Wanted(pupil_id, value, work))


async def give_for_missed(
    session: AsyncSession, act: Act, lesson_id: UUID, pupil_id: UUID, value: int, work: str = ANSWER
) -> Given:
    """Give a mark at a lesson that the pupil missed, for its topic, passed later; his absence stays (ATT-09).

    A word of its own, so that no client gives one by a slip. To a pupil who is not, or no longer, absent there it gives
    a mark as any other. Raises what ``give`` raises otherwise.
    """
    return await _give(session, act, lesson_id, _Wanted(pupil_id, value, work, for_missed=True))


async def correct(session: AsyncSession, act: Act, mark_id: UUID, value: int, check: Check | None = None) -> Given:
    """Correct a mark, if ``check`` lets it; the same value again changes nothing, and a repeat is not checked.

    Raises ``NotFound``, ``Forbidden``, ``Invalid`` (no such value), ``Conflict``: it was taken back, or its lesson is
    locked (MARK-21).
    """
    facts = await _of_mark(session, act, mark_id)
    _check_value(value)
    return await _change(session, act, facts, mark_id, value, check)


async def take_back(session: AsyncSession, act: Act, mark_id: UUID, check: Check | None = None) -> Given:
    """Take a mark back, if ``check`` lets it: it was not meant.

    Raises ``NotFound``, ``Forbidden``, ``Conflict`` (taken back, or locked).
    """
    facts = await _of_mark(session, act, mark_id)
    return await _change(session, act, facts, mark_id, None, check)


async def state_anew(session: AsyncSession, act: Act, mark_id: UUID) -> None:
    """State a mark at a higher version, since its pupil's record was changed. Whoever calls writes the audit."""
    mark = await session.get_one(Mark, mark_id, with_for_update=True, populate_existing=True)
    facts = await lesson_rights.of_lesson(session, act.actor, mark.lesson_id, act.at)
    mark.version += 1
    await session.flush()
    await _tell(session, act, facts, mark)


async def _for_writing(session: AsyncSession, act: Act, lesson_id: UUID) -> LessonFacts:
    facts = await lesson_rights.of_lesson(session, act.actor, lesson_id, act.at)
    if not facts.may(Right.MARK_GIVE):
        raise Forbidden("lesson-of-another-teacher")
    facts = await lesson_rights.hold(session, facts)
    facts.demand_open()
    return facts


async def _of_mark(session: AsyncSession, act: Act, mark_id: UUID) -> LessonFacts:
    """Read the lesson of a mark, if its marks are the actor's to write."""
    query = select(Mark.lesson_id).where(Mark.id == mark_id)
    lesson_id = (await session.execute(query)).scalar_one_or_none()
    if lesson_id is None:
        raise NotFound("mark-unknown")
    facts = await _for_writing(session, act, lesson_id)
    await journal_locks.demand_open(session, facts, act.at)
    return facts


async def _give(session: AsyncSession, act: Act, lesson_id: UUID, wanted: _Wanted) -> Given:
    facts = await _for_writing(session, act, lesson_id)
    grade = await _check(session, act, facts, wanted)
    await _demand_open(session, act, facts, wanted, grade)
    mark_id = id_made_by(act.key, "mark")
    if not await first_time(session, act.key, act.at):
        return await _as_it_stands(session, mark_id)
    missed = await _is_absent(session, lesson_id, wanted.pupil)
    if missed and not wanted.for_missed:
        raise Conflict("pupil-absent-from-lesson")
    mark = Mark(
        id=mark_id,
        lesson_id=lesson_id,
        pupil_id=wanted.pupil,
        day=facts.day,
        value=wanted.value,
        work=wanted.work,
        given_by=act.actor.person,
        given_at=act.at,
        version=1,
    )
    session.add(mark)
    await session.flush()
    after = {"value": wanted.value, "work": wanted.work, "lesson": str(lesson_id), "pupil": str(wanted.pupil)}
    change = Change("mark.give", mark_subject(mark_id), None, after | ({"for_missed": True} if missed else {}))
    return await _tell_and_audit(session, act, facts, mark, change)


async def _demand_open(session: AsyncSession, act: Act, facts: LessonFacts, wanted: _Wanted, grade: int) -> None:
    """Refuse what is locked; the first mark of a written work in its time is given though the days have passed."""
    first = None
    if journal_locks.is_late(facts, act.at) and not await _is_marked(session, facts.id, wanted):
        first = Work(wanted.work, grade)
    await journal_locks.demand_open(session, facts, act.at, first=first)


async def _is_marked(session: AsyncSession, lesson_id: UUID, wanted: _Wanted) -> bool:
    """Tell whether the pupil has, or had, a mark for this work: what was taken back was not the first entry, either."""
    same = (Mark.lesson_id == lesson_id, Mark.pupil_id == wanted.pupil, Mark.work == wanted.work)
    return (await session.execute(select(exists().where(*same)))).scalar_one()


async def _is_absent(session: AsyncSession, lesson_id: UUID, pupil_id: UUID) -> bool:
    query = select(exists().where(Absence.lesson_id == lesson_id, Absence.pupil_id == pupil_id))
    return (await session.execute(query)).scalar_one()


async def _check(session: AsyncSession, act: Act, facts: LessonFacts, wanted: _Wanted) -> int:
    """Refuse what makes no sense for this lesson; return the pupil's grade."""
    _check_value(wanted.value)
    if wanted.work not in WORKS:
        raise Invalid("work-unknown", work=wanted.work)
    if act.at < facts.starts_at:
        raise Invalid("lesson-ahead", number=facts.number, class_title=facts.class_title)
    learners = await lesson_learners.of_lesson(session, facts.id)
    learner = next((one for one in learners if one.pupil == wanted.pupil), None)
    if learner is None:
        raise Invalid("pupil-of-another-class", class_title=facts.class_title)
    # Of a combined class, only the part that is in grade 1 goes without marks.
    if learner.grade == _UNMARKED_GRADE:
        raise Invalid("first-grade-unmarked")
    return learner.grade


def _check_value(value: int) -> None:
    if value not in MARKS:
        raise Invalid("mark-unusual", lowest=MARKS[0], highest=MARKS[-1])


async def _change(
    session: AsyncSession, act: Act, facts: LessonFacts, mark_id: UUID, value: int | None, check: Check | None
) -> Given:
    """Change the value under the row's lock; what was taken back is changed no more."""
    if not await first_time(session, act.key, act.at):
        return await _as_it_stands(session, mark_id)
    mark = await session.get_one(Mark, mark_id, with_for_update=True, populate_existing=True)
    before = mark.value
    if before is None:
        raise Conflict("mark-taken-back")
    if check is not None:
        check(_view(mark, before))
    if before == value:
        return Given(mark.id, mark.version)
    mark.value, mark.version = value, mark.version + 1
    await session.flush()
    action = "mark.take-back" if value is None else "mark.correct"
    change = Change(action, mark_subject(mark_id), {"value": before}, {"value": value})
    return await _tell_and_audit(session, act, facts, mark, change)


async def _tell_and_audit(session: AsyncSession, act: Act, facts: LessonFacts, mark: Mark, change: Change) -> Given:
    await _tell(session, act, facts, mark)
    await audit(session, act.actor, facts.school.id, act.at, change)
    return Given(mark.id, mark.version)


async def _tell(session: AsyncSession, act: Act, facts: LessonFacts, mark: Mark) -> None:
    """Publish the whole state of a mark."""
    pupil = await session.get_one(Person, mark.pupil_id)
    titles = await lesson_learners.class_titles(session, {mark.pupil_id: mark.day})
    state = MarkState(
        mark=mark.id,
        pupil=mark.pupil_id,
        pupil_name=people.name_of(pupil).in_lists(),
        class_title=titles.get(mark.pupil_id, facts.class_title),
        lesson=facts.id,
        day=mark.day,
        lesson_number=facts.number,
        subject_name=facts.subject_name,
        value=mark.value,
        work=mark.work,
    )
    subject = mark_subject(mark.id)
    await publish(session, event(state, subject=subject, school=facts.school.id, version=mark.version, at=act.at))


async def _as_it_stands(session: AsyncSession, mark_id: UUID) -> Given:
    mark = await session.get_one(Mark, mark_id)
    return Given(mark.id, mark.version)


def _standing(marks: Iterable[Mark]) -> list[tuple[Mark, MarkView]]:
    """Leave out what was taken back; order by the time of giving."""
    ordered = sorted(marks, key=lambda mark: (mark.given_at, mark.id))
    return [(mark, _view(mark, mark.value)) for mark in ordered if mark.value is not None]


def _view(mark: Mark, value: int) -> MarkView:
    return MarkView(mark.id, value, mark.work, mark.version)
