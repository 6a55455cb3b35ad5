"""Paper rolls of many lessons entered at once, after days on which the journal stood still.

First all of them are tried, and taken back: one wrong line, and nothing is entered, with every wrong line named. Then
each lesson is a roll call of its own transaction, in the order in which they were held. So a process that dies goes on
where it was when the same act is done again, and nobody waits for more than one lesson.

A roll that somebody has called meanwhile is his: where it says the same, nothing is done; where it does not, it stays
as it is, and that is said. That these entries are late is seen from when they were recorded.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.access import Right
from core.actor import Act
from core.database import Database
from core.learning import attendance, lesson_rights, roll_rows, timetable
from core.learning.absence_codes import code_of, unknown_codes
from core.learning.entries import PRESENT, Entry
from core.learning.late_roll_lines import RollLine, WrittenPupil
from core.learning.lesson_rights import LessonFacts
from core.learning.roll_rows import RollRows
from core.person.class_titles import title_order
from core.person.people import name_of
from core.plan.list_file import ListProblem, demand_good, of_refusal
from core.refusals import Conflict, Forbidden, Refusal
from core.roster_file.rows import fold
from core.rule_book.model import SchoolRules
from core.russian import FullName, sort_key
from core.school.schools import SchoolCard
from core.school_time import school_date
from core.tables import Lesson, Person
from core.timetable import lesson_views
from core.timetable.lesson_views import LessonView
from core.year.words import day_words

NAMED = 3
"""So many of those whose entries differ are named; of the rest the number."""
_OF_THE_DAY = frozenset({"journal-locked-days", "journal-locked-finals", "year-closed"})
"""Refusals of a whole lesson that are about its day; others are said of its number."""


@dataclass(frozen=True, slots=True)
class LateRoll:
    """The roll of a lesson as its paper has it."""

    lesson: UUID
    entries: Mapping[UUID, Entry]
    first: RollLine
    """Its first line: what is wrong with all of it is said there."""


@dataclass(frozen=True, slots=True)
class RollsEntered:
    """What became of the papers."""

    entered: int
    """Lessons whose roll is called by them; in a trial: would be."""
    entries: int
    """Of these lessons: pupils who were absent, late, or left early."""
    there: int
    """Lessons whose roll stood there before."""
    refused: tuple[ListProblem, ...] = ()
    """Of lessons that changed between the trial and their turn."""


@dataclass(frozen=True, slots=True)
class _Known:
    """Somebody on the roll."""

    id: UUID
    name: FullName
    born: date | None

    def is_called(self, written: WrittenPupil) -> bool:
        spellings = {fold(self.name.in_lists()), fold(self.name.in_full())}
        return fold(written.name) in spellings and written.born in (None, self.born)


async def enter(
    database: Database, act: Act, school: SchoolCard, lines: Sequence[RollLine], *, dry: bool = False
) -> RollsEntered:
    """Enter paper rolls: whoever a lesson's lines do not name was there all the time. ``dry``: try it, no more.

    The same act again enters what is not entered yet, and leaves alone what was corrected since. Each lesson asks for
    the right to its own roll. Raises ``ListRefused`` with every problem of every line; nothing is entered then.
    """
    async with database.begin() as session:
        rolls = await _understood(session, act, school, lines)
    tried = [await _try(database, act, roll) for roll in rolls]
    demand_good([one.line for one in lines])
    if dry:
        return _counted(rolls, tried, ())
    done: list[bool | None] = []
    refused: list[ListProblem] = []
    for roll in rolls:
        try:
            async with database.begin() as session:
                done.append(await _enter(session, act, roll))
        except Refusal as refusal:
            done.append(None)
            refused.append(_problem(roll, refusal))
    return _counted(rolls, done, tuple(refused))


def _counted(rolls: Sequence[LateRoll], done: Sequence[bool | None], refused: tuple[ListProblem, ...]) -> RollsEntered:
    entered = [roll for roll, new in zip(rolls, done, strict=True) if new]
    entries = sum(len(roll.entries) for roll in entered)
    return RollsEntered(len(entered), entries, sum(new is False for new in done), refused)


async def _try(database: Database, act: Act, roll: LateRoll) -> bool | None:
    """Enter a roll and take it back; what is wrong with it goes to its first line."""
    async with database.begin() as session:
        try:
            new = await _enter(session, act, roll)
        except Refusal as refusal:
            new = None
            roll.first.line.problems.append(_problem(roll, refusal))
        await session.rollback()
    return new


async def _enter(session: AsyncSession, act: Act, roll: LateRoll) -> bool:
    """Call the roll of a lesson by its paper; tell whether it did, or the roll stood there already.

    Raises what ``attendance.record`` does, and ``Conflict`` if somebody has called it otherwise.
    """
    own = Act(act.actor, act.at, f"{act.key}/{roll.lesson}")
    facts = await lesson_rights.of_lesson(session, act.actor, roll.lesson, act.at)
    if not facts.may(Right.ATTENDANCE_RECORD):
        raise Forbidden("lesson-not-yours")
    # Held before it is looked at: whoever calls it just now comes before this or after.
    facts = await lesson_rights.hold(session, facts, alone=True)
    rows = await roll_rows.read(session, roll.lesson, own.key)
    if rows.repeated and not rows.is_called:
        raise Conflict("late-roll-taken-back")
    if rows.repeated:
        return False
    if rows.is_called:
        await _demand_same(session, facts.rules, rows, roll)
        return False
    await attendance.record(session, own, roll.lesson, roll.entries)
    return True


async def _demand_same(session: AsyncSession, rules: SchoolRules, rows: RollRows, roll: LateRoll) -> None:
    """Raise ``Conflict`` if a roll that was called says anything else than the paper."""
    unknown = unknown_codes(rules)
    other = {
        pupil
        for pupil in rows.entries.keys() | roll.entries.keys()
        if not _same(rows.entries.get(pupil, PRESENT), roll.entries.get(pupil, PRESENT), unknown)
    }
    if not other:
        return
    names = [one.name.in_lists() for one in await _people(session, other)]
    raise Conflict("late-roll-called", names=", ".join(names[:NAMED]), more=max(len(names) - NAMED, 0))


def _same(stands: Entry, paper: Entry, unknown: Collection[str]) -> bool:
    """Compare two entries; the cause that a paper did not know yet may be known by now."""
    return stands == paper or (paper.code in unknown and stands.code is not None)


def _problem(roll: LateRoll, refusal: Refusal) -> ListProblem:
    field = "day" if refusal.code in _OF_THE_DAY else "number"
    return of_refusal(roll.first.line.at(field), refusal)


async def _understood(session: AsyncSession, act: Act, school: SchoolCard, lines: Sequence[RollLine]) -> list[LateRoll]:
    """Find the lessons and the pupils that are meant, in the order in which the lessons were held.

    What is wrong goes to the lines; a lesson with such a line is left out.
    """
    there = await _lessons(session, school, {one.day for one in lines}, act.at)
    meant: dict[UUID, tuple[LessonView, list[RollLine]]] = {}
    for one in lines:
        lesson = _lesson(there, one)
        if lesson is not None:
            meant.setdefault(lesson.id, (lesson, []))[1].append(one)
    in_turn = sorted(meant.values(), key=lambda one: (one[0].starts_at, title_order(one[0].learners), one[0].id))
    rolls = [await _roll(session, act, lesson, of_lesson) for lesson, of_lesson in in_turn]
    return [roll for roll in rolls if roll is not None]


async def _lessons(
    session: AsyncSession, school: SchoolCard, days: Collection[date], now: datetime
) -> Mapping[tuple[date, int], Sequence[LessonView]]:
    """Read the lessons of these days; those of days on which nothing ran here are made first."""
    if not days:
        return {}
    last = min(max(days), school_date(now, school.zone))
    for day in await timetable.unopened_days(session, school, min(days), last):
        if day in days:
            await timetable.open_day(session, school, day, now)
    found: dict[tuple[date, int], list[LessonView]] = {}
    for one in await lesson_views.read(session, Lesson.school_id == school.id, Lesson.day.in_(days)):
        found.setdefault((one.day, one.number), []).append(one)
    return found


def _lesson(there: Mapping[tuple[date, int], Sequence[LessonView]], one: RollLine) -> LessonView | None:
    """Find the lesson of a line; where one that is held has come to the place of one that is not, the former."""
    title = fold(one.learners)
    at_hour = there.get((one.day, one.number), ())
    own = [lesson for lesson in at_hour if fold(lesson.learners) == title]
    of_class = [lesson for lesson in at_hour if title in {fold(other) for other in lesson.classes}]
    theirs = own or of_class
    found = [lesson for lesson in theirs if one.subject is None or fold(lesson.subject_name) == fold(one.subject)]
    held = {_name(lesson) for lesson in found if lesson.cancelled is None}
    found = [lesson for lesson in found if lesson.cancelled is None or _name(lesson) not in held]
    if len(found) == 1:
        return found[0]
    words = {"learners": one.learners, "day": day_words(one.day), "number": str(one.number)}
    names = {f"{lesson.subject_name}, {lesson.learners}" for lesson in found or theirs}
    listed = "; ".join(sorted(names, key=sort_key))
    if found:
        one.line.problem("number", "late-roll-several-lessons", found=listed, **words)
    elif theirs:
        one.line.problem("subject", "late-roll-other-subject", found=listed, **words)
    else:
        one.line.problem("number", "change-no-lesson", **words)
    return None


def _name(lesson: LessonView) -> tuple[str, str]:
    return lesson.learners, lesson.subject_name


async def _roll(session: AsyncSession, act: Act, lesson: LessonView, lines: Sequence[RollLine]) -> LateRoll | None:
    """Read the entries of a lesson; None if a line is wrong."""
    facts = await lesson_rights.of_lesson(session, act.actor, lesson.id, act.at)
    first = lines[0]
    if not facts.may(Right.ATTENDANCE_RECORD):
        # Before anybody is looked for: whom the list holds is not for everybody.
        first.line.problems.append(of_refusal(first.line.at("number"), Forbidden("lesson-not-yours")))
        return None
    rows = await roll_rows.read(session, lesson.id, "")
    listed = await _people(session, rows.learners | rows.entries.keys())
    entries: dict[UUID, Entry] = {}
    for one in lines:
        _add(one, facts, listed, entries)
    nobody = next((one for one in lines if one.pupil is None), None)
    if nobody is not None and any(one.pupil is not None for one in lines):
        nobody.line.problem("pupil", "late-roll-nobody-and-somebody", learners=lesson.learners)
    return None if any(one.line.problems for one in lines) else LateRoll(lesson.id, entries, first)


def _add(one: RollLine, facts: LessonFacts, listed: Iterable[_Known], entries: dict[UUID, Entry]) -> None:
    """Add the entry of a line, in the spelling of the school's codes; or say what is wrong with it."""
    if one.pupil is None:
        return
    code = None if one.entry.code is None else code_of(facts.rules, one.entry.code)
    if one.entry.code is not None and code is None:
        known = ", ".join(it.code for it in facts.rules.absence_codes)
        one.line.problem("mark", "late-roll-code", code=one.entry.code, known=known)
    fits = [it for it in listed if it.is_called(one.pupil)]
    if len(fits) != 1:
        _say_who(one, facts, fits, one.pupil)
        return
    (pupil,) = fits
    if pupil.id in entries:
        one.line.problem("pupil", "late-roll-twice", name=pupil.name.in_lists())
    entries[pupil.id] = one.entry if code is None else Entry(code.code)


def _say_who(one: RollLine, facts: LessonFacts, fits: Sequence[_Known], written: WrittenPupil) -> None:
    if not fits:
        one.line.problem("pupil", "late-roll-pupil-unknown", name=written.name, learners=facts.class_title)
        return
    shown = "; ".join(", ".join([it.name.in_full(), *([] if it.born is None else [day_words(it.born)])]) for it in fits)
    one.line.problem("pupil", "late-roll-namesakes", name=written.name, learners=facts.class_title, known=shown)


async def _people(session: AsyncSession, ids: Collection[UUID]) -> list[_Known]:
    """Read people in the order of the class list (YEAR-23)."""
    rows = await session.scalars(select(Person).where(Person.id.in_(ids)).order_by(Person.sort_key, Person.id))
    return [_Known(one.id, name_of(one), one.birth_date) for one in rows]
