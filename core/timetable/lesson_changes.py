"""Changes of one lesson: who gives it, when and where it is held, or that it is not (TT-04, TT-15).

Each is recorded, refused if it makes a clash, told to whoever listens, and can be withdrawn. Of the same kind the last
one holds, and those before it are withdrawn with it. Of a lesson that was held its teacher and its room may be put
right, whatever the weekly timetable and the acts of its day have become since; all else stays as it was held.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import free_text, rights
from core.access import Right
from core.actor import Act
from core.journal import Change as Audited
from core.journal import audit, first_time, id_made_by
from core.learning import lesson_rights
from core.learning.lesson_rights import LessonFacts
from core.person import people
from core.plan.plan_tables import Room
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.school_time import school_date
from core.tables import Lesson, Person, Slot, Subject
from core.timetable import change_documents, change_writing
from core.timetable.change_writing import Ground, Turn
from core.timetable.timetable_tables import TimetableChange
from core.year.changes import Cancellation, CancelReason, Change, LessonChange, LessonKey, Move, Substitution
from core.year.planned import Cancelled, PlannedLesson
from core.year.span import Hours
from core.year.words import day_words

LONGEST_WHY = 300
SUNDAY = 7
REASONS = frozenset(CancelReason) - {CancelReason.SHORT_DAY}
"""What somebody may give as a reason; the rest follows from bells."""


@dataclass(frozen=True, slots=True)
class Substitute:
    """Who gives the lesson, and what else is otherwise."""

    teacher: UUID
    subject: UUID | None = None
    """None: the same."""
    room: UUID | None = None
    """None: where it was to be."""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when a lesson is held instead."""

    to: date
    number: int
    room: UUID | None = None
    """None: where it was to be."""
    hours: Hours | None = None
    """None: by the bells."""
    why: str = ""


async def substitute(session: AsyncSession, act: Act, lesson_id: UUID, wanted: Substitute) -> UUID:
    """Have somebody else give a lesson, also one that was held already. Returns the change's id; again is harmless.

    Raises ``NotFound``, ``Forbidden``, ``Invalid`` (nobody who works at the school on that day, no such subject or
    room), or ``Conflict``: the lesson is not held, its year is closed, nothing would change, it has been held as a
    lesson of another subject, or somebody or something would be in two places at once (``TimetableClash``).
    """
    facts = await _facts(session, act, lesson_id, Right.SUBSTITUTION_RECORD)
    await _check_teacher(session, facts, wanted.teacher)
    if wanted.subject is not None:
        await _check_subject(session, facts, wanted.subject)
    await _check_room(session, facts, wanted.room)

    def change(key: LessonKey) -> LessonChange:
        return Substitution(*key, wanted.teacher, wanted.subject, wanted.room)

    return await _record(session, act, facts, change, wanted.why)


async def move(session: AsyncSession, act: Act, lesson_id: UUID, place: Place) -> UUID:
    """Hold a lesson on another day, as another lesson of the day, or elsewhere. Returns the change's id.

    Raises ``NotFound``, ``Forbidden``, ``Invalid`` (no such room, a day without lessons, one that is over for a lesson
    to come, a number without a bell), or ``Conflict`` as ``substitute`` does, and if it has been held: its roll was
    called, or marks or remarks were written.
    """
    facts = await _facts(session, act, lesson_id, Right.TIMETABLE_SET)
    await _check_room(session, facts, place.room)

    def change(key: LessonKey) -> LessonChange:
        return Move(*key, place.to, place.number, place.room, place.hours)

    return await _record(session, act, facts, change, place.why)


async def cancel(session: AsyncSession, act: Act, lesson_id: UUID, reason: CancelReason, note: str = "") -> UUID:
    """Say that a lesson is not held, and why. Returns the change's id.

    Raises ``NotFound``, ``Forbidden``, ``Invalid`` (no reason that one may give), or ``Conflict``: an act of the day
    has cancelled it already, its year is closed, it has been held, or nothing would change.
    """
    facts = await _facts(session, act, lesson_id, Right.TIMETABLE_SET)
    if reason not in REASONS:
        raise Invalid("timetable-reason-of-bells")
    said = words_of(note)

    def change(key: LessonKey) -> LessonChange:
        return Cancellation(*key, reason, said)

    return await _record(session, act, facts, change, "")


async def withdraw(session: AsyncSession, act: Act, change_id: UUID) -> None:
    """Take back a change of a lesson, so that it is held as before; also of one that the timetable has lost since.

    Again is harmless. Raises ``NotFound``, ``Forbidden``, or ``Conflict``: what took its place clashes with it, its
    year is closed, or it has been held in its new place, or as a lesson of the other subject.
    """
    row = await session.get(TimetableChange, change_id)
    if row is None or row.slot_id is None:
        raise NotFound("timetable-change-unknown")
    facts = await rights.of_school(session, act.actor, row.school_id, act.at)
    rights.demand(facts, change_writing.right_to(row.kind))
    if not await first_time(session, act.key, act.at):
        return
    at = await change_writing.ground(session, facts.of_school, row.year)
    await _take_back(session, act, at, (row.slot_id, row.first), lambda one: one.id == change_id)


def words_of(written: str) -> str:
    """Return a note as it is kept; nothing, if it says nothing. Raises ``Invalid`` if it is too long."""
    return "" if free_text.says_nothing(written) else free_text.fit(written, LONGEST_WHY)


async def take_back(
    session: AsyncSession, act: Act, facts: LessonFacts, chosen: Callable[[TimetableChange], bool]
) -> None:
    """Withdraw those changes of a lesson that are chosen; rights are asked for by the caller. Raises ``Conflict``."""
    at, key = await _ground(session, facts)
    await _take_back(session, act, at, key, chosen)


async def _take_back(
    session: AsyncSession, act: Act, at: Ground, key: LessonKey, chosen: Callable[[TimetableChange], bool]
) -> None:
    found = [(row, one) for row, one in at.of_lesson(key) if chosen(row)]
    if not found:
        return
    rows = [row for row, _ in found]
    made = await change_writing.turn(session, at, at.without({row.id for row in rows}), _days(at, key), key)
    if key in made.held:
        _demand_as_held(made, key, is_taken=any(_takes_away(made.before[key], one) for _, one in found))
    await change_writing.demand_no_new_clash(session, at, made)
    change_writing.withdraw(rows, act)
    await session.flush()
    lesson = await _lesson_of(session, key)
    for row in rows:
        subject = f"timetable-change/{row.id}" if lesson is None else f"lesson/{lesson}"
        said = Audited("timetable.withdraw", subject, _said(row), None)
        await audit(session, act.actor, at.school.id, act.at, said)
    await change_writing.carry_out(session, act, at, made, (key,))


async def _record(
    session: AsyncSession, act: Act, facts: LessonFacts, change: Callable[[LessonKey], LessonChange], why: str
) -> UUID:
    identity = id_made_by(act.key, "timetable-change")
    reason = words_of(why)
    if not await first_time(session, act.key, act.at):
        return identity
    at, key = await _ground(session, facts)
    wanted = change(key)
    written = change_documents.write(wanted)
    old = [row for row, _ in at.of_lesson(key) if row.kind == written.kind]
    others = at.without({row.id for row in old})
    days = {*_days(at, key), *([_in_year(at, wanted.to)] if isinstance(wanted, Move) else [])}
    made = await change_writing.turn(session, at, (*others, wanted), days, key)
    _demand_sense(at, made, key, wanted, act.at)
    if isinstance(wanted, Cancellation):
        _demand_not_called_off(at, made, key, others)
    await change_writing.demand_no_new_clash(session, at, made)
    change_writing.withdraw(old, act)
    row = change_writing.row_of(act, at, wanted, identity, reason)
    session.add(row)
    await session.flush()
    before = None if not old else _said(old[-1])
    said = Audited(f"lesson.{_VERBS[written.kind]}", f"lesson/{facts.id}", before, _said(row), why=reason or None)
    await audit(session, act.actor, facts.school.id, act.at, said)
    await change_writing.carry_out(session, act, at, made, (key,))
    return identity


_VERBS = {
    change_documents.SUBSTITUTION: "substitute",
    change_documents.MOVE: "move",
    change_documents.CANCELLATION: "cancel",
}


async def _facts(session: AsyncSession, act: Act, lesson_id: UUID, right: Right) -> LessonFacts:
    facts = await lesson_rights.of_lesson(session, act.actor, lesson_id, act.at)
    if not facts.may(right):
        raise Forbidden("not-allowed")
    return facts


async def _ground(session: AsyncSession, facts: LessonFacts) -> tuple[Ground, LessonKey]:
    query = select(Slot.year, Lesson.slot_id, Lesson.planned_day).join(Lesson, Lesson.slot_id == Slot.id)
    found = (await session.execute(query.where(Lesson.id == facts.id))).one_or_none()
    if found is None:
        raise NotFound("lesson-unknown")
    year, slot, day = found
    return await change_writing.ground(session, facts.school, year), (slot, day)


async def _lesson_of(session: AsyncSession, key: LessonKey) -> UUID | None:
    query = select(Lesson.id).where(Lesson.slot_id == key[0], Lesson.planned_day == key[1])
    return (await session.execute(query)).scalar_one_or_none()


def _days(at: Ground, key: LessonKey) -> Collection[date]:
    """Return the days on which the lesson is planned and held."""
    return {key[1], *(one.to for _, one in at.of_lesson(key) if isinstance(one, Move))}


def _in_year(at: Ground, day: date) -> date:
    """Return a day of the year. Raises ``Invalid`` for others, of which no calendar can be asked."""
    if day not in at.read.plan.calendar.span:
        raise Invalid("timetable-day-closed", day=day_words(day))
    return day


def _demand_sense(at: Ground, made: Turn, key: LessonKey, wanted: LessonChange, now: datetime) -> None:
    """Raise ``Conflict`` or ``Invalid`` for a change that makes no sense of this lesson, as it would be then."""
    lesson = made.after.get(key)
    if lesson is None:
        raise Conflict("timetable-lesson-gone")
    if key in made.held:
        _demand_as_held(made, key, is_taken=_takes_from(made.before[key], wanted))
    elif isinstance(wanted, Move):
        _demand_study_day(at, lesson)
        _demand_to_come(at, made, lesson, now)
    why = lesson.cancelled
    if why is not None and not isinstance(wanted, Cancellation):
        raise _not_held(lesson, why)
    if key not in made.differing:
        raise Conflict("timetable-nothing-changes")


def _demand_study_day(at: Ground, lesson: PlannedLesson) -> None:
    calendar = at.read.plan.calendar
    by = calendar.timetable_day(lesson.day)
    is_open = any(calendar.is_open(lesson.day, part.grade) for part in lesson.slot.learners.parts)
    if by.isoweekday() == SUNDAY or not is_open:
        raise Invalid("timetable-day-closed", day=day_words(lesson.day))


def _demand_to_come(at: Ground, made: Turn, lesson: PlannedLesson, now: datetime) -> None:
    """Raise ``Invalid`` if a lesson to come is moved to a day that is over: it would stand there as if it was held."""
    before = made.before.get(lesson.key)
    if before is not None and before.starts_at > now and lesson.day < school_date(now, at.school.zone):
        raise Invalid("timetable-day-over", day=day_words(lesson.day))


def _demand_not_called_off(at: Ground, made: Turn, key: LessonKey, others: Sequence[Change]) -> None:
    """Raise ``Conflict`` if an act of its day, or the day itself, has the lesson cancelled already."""
    lesson = change_writing.lesson_by(at, others, key, made.after[key].day)
    if lesson is not None and lesson.cancelled is not None:
        raise _not_held(lesson, lesson.cancelled)


def _not_held(lesson: PlannedLesson, why: Cancelled) -> Conflict:
    return Conflict("timetable-not-held", day=day_words(lesson.day), reason=why.reason.value)


def _demand_as_held(made: Turn, key: LessonKey, *, is_taken: bool) -> None:
    """Raise ``Conflict`` if a lesson that was held would lose its place, or become one of another subject."""
    stands = made.before[key]
    number, title = str(stands.number), stands.slot.learners.title
    if is_taken:
        raise Conflict("timetable-lesson-held", number=number, class_title=title)
    if made.after[key].subject != stands.subject:
        raise Conflict("timetable-subject-held", number=number, class_title=title)


def _takes_from(stands: PlannedLesson, wanted: LessonChange) -> bool:
    """Tell whether a change would have a lesson held elsewhere than it was, or at other hours, or not at all."""
    if isinstance(wanted, Move):
        return (wanted.to, wanted.number, wanted.hours) != (stands.day, stands.number, None)
    return isinstance(wanted, Cancellation)


def _takes_away(stands: PlannedLesson, change: LessonChange) -> bool:
    """Tell whether a lesson was held where it was because of a change: it would have no place without it."""
    own = (stands.planned_day, stands.slot.number, None)
    return isinstance(change, Move) and (change.to, change.number, change.hours) != own


async def _check_teacher(session: AsyncSession, facts: LessonFacts, teacher: UUID) -> None:
    person = await session.get(Person, teacher)
    works = person is not None and person.school_id == facts.school.id
    # On the day of the lesson, whenever it is recorded: he may be dismissed by then, or hired since.
    if not works or not await people.is_staff(session, teacher, facts.starts_at):
        raise Invalid("substitute-not-staff")


async def _check_subject(session: AsyncSession, facts: LessonFacts, subject: UUID) -> None:
    found = await session.get(Subject, subject)
    if found is None or found.school_id != facts.school.id:
        raise NotFound("timetable-subject-unknown")


async def _check_room(session: AsyncSession, facts: LessonFacts, room: UUID | None) -> None:
    found = None if room is None else await session.get(Room, room)
    if room is not None and (found is None or found.school_id != facts.school.id):
        raise NotFound("timetable-room-unknown")
    if found is not None and found.closed:
        raise Invalid("timetable-room-closed", room=found.name)


def _said(row: TimetableChange) -> dict[str, object]:
    return {"change": str(row.id), "kind": row.kind, "day": row.first.isoformat(), **row.data}
