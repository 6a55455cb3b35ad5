"""One act for whole days: shortened bells, an актированный день, a quarantine, lessons at a distance, a swapped day.

It concerns everybody, a shift, some grades or classes (TT-15). A lesson of which nothing is written follows it, also if
it has begun; one whose roll was called, or that has marks or remarks, stays as it was held.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.actor import Act
from core.journal import Change as Audited
from core.journal import audit, first_time, id_made_by
from core.plan import stored_years
from core.refusals import Conflict, Invalid, NotFound
from core.school.schools import SchoolCard
from core.school_time import school_year_start
from core.tables import SchoolClass
from core.timetable import change_writing
from core.timetable.change_writing import Ground, Turn
from core.timetable.lesson_changes import REASONS, words_of
from core.timetable.timetable_tables import TimetableChange
from core.year import bells as bell_rules
from core.year.calendar import Calendar
from core.year.changes import Closed, DayAct, ShortBells, TaughtBy
from core.year.span import Span
from core.year.words import day_words

LONGEST_DAYS = 100
"""Of one act: a quarantine of a quarter. More is a mistake in the year."""
EARLIEST, LATEST = date(2000, 9, 1), date(2100, 8, 31)
"""Days of school years that can be meant."""


@dataclass(frozen=True, slots=True)
class Acted:
    """What an act has done."""

    change: UUID
    lessons: int
    """Lessons that are held otherwise than before, or not at all, or again."""
    held: int
    """Lessons that had been held already, and stay so."""


async def act(session: AsyncSession, act: Act, school_id: UUID, wanted: DayAct, why: str = "") -> Acted:
    """Carry out an act of whole days; a repeat does nothing and counts nothing.

    Raises ``NotFound``, ``Forbidden``, ``Invalid`` (days of another year, too many of them, bells that contradict
    each other, a class that is not the school's), or ``Conflict``: the year is closed, nothing would change, or
    somebody or something would be in two places at once (``TimetableClash``).
    """
    facts = await rights.of_school(session, act.actor, school_id, act.at)
    rights.demand(facts, Right.TIMETABLE_SET)
    reason, identity = words_of(why), id_made_by(act.key, "timetable-change")
    year = await _checked(session, facts.of_school, wanted)
    if not await first_time(session, act.key, act.at):
        return Acted(identity, 0, 0)
    at = await change_writing.ground(session, facts.of_school, year)
    made = await change_writing.turn(session, at, (*at.changes, wanted), tuple(wanted.span.days()))
    _demand_difference(wanted, made)
    row = change_writing.row_of(act, at, wanted, identity, reason)
    session.add(row)
    await session.flush()
    said = Audited("timetable.day-act", _subject(row), None, _said(row), why=reason or None)
    await audit(session, act.actor, school_id, act.at, said)
    return await _carry_out(session, act, at, made, identity)


def _demand_difference(wanted: DayAct, made: Turn) -> None:
    """Raise ``Conflict`` with the reason for which an act changes no lesson, if it changes none."""
    if made.differing or made.kept:
        return
    there = [one for one in made.before.values() if one.day in wanted.span]
    scope = wanted.scope
    meant = [one for one in there if any(scope.concerns(part, one.slot.shift) for part in one.slot.learners.parts)]
    if not there:
        raise Conflict("timetable-no-lessons-then")
    if not meant:
        raise Conflict("timetable-nobody-meant")
    if isinstance(wanted.effect, ShortBells) and all(one.slot.hours for one in meant):
        raise Conflict("timetable-own-hours")
    raise Conflict("timetable-nothing-changes")


async def withdraw(session: AsyncSession, act: Act, change_id: UUID) -> Acted:
    """Take back an act, so that its days are taught as before; a repeat does nothing and counts nothing.

    Raises ``NotFound``, ``Forbidden``, or ``Conflict``: the year is closed, or what came since clashes with it.
    """
    row = await session.get(TimetableChange, change_id)
    if row is None or row.slot_id is not None:
        raise NotFound("timetable-change-unknown")
    facts = await rights.of_school(session, act.actor, row.school_id, act.at)
    rights.demand(facts, Right.TIMETABLE_SET)
    if not await first_time(session, act.key, act.at):
        return Acted(change_id, 0, 0)
    at = await change_writing.ground(session, facts.of_school, row.year)
    if row not in at.rows:
        return Acted(change_id, 0, 0)
    days = tuple(Span(row.first, row.last).days())
    made = await change_writing.turn(session, at, at.without({change_id}), days)
    change_writing.withdraw([row], act)
    await session.flush()
    said = Audited("timetable.withdraw", _subject(row), _said(row), None)
    await audit(session, act.actor, row.school_id, act.at, said)
    return await _carry_out(session, act, at, made, change_id)


async def _carry_out(session: AsyncSession, act: Act, at: Ground, made: Turn, identity: UUID) -> Acted:
    # Lessons that were held are over: how the rest of their day goes on is not for them to hinder.
    await change_writing.demand_no_new_clash(session, at, made, made.held)
    done = await change_writing.carry_out(session, act, at, made, made.differing)
    # A day taught by another day's timetable has its own lessons struck out and others made: these are one day's.
    return Acted(identity, len(done.changed) + max(len(done.new), len(done.gone)), len(made.kept))


async def _checked(session: AsyncSession, school: SchoolCard, wanted: DayAct) -> int:
    """Return the school year of an act. Raises ``Invalid``, ``NotFound``."""
    if wanted.span.first < EARLIEST or wanted.span.last > LATEST:
        raise Invalid("timetable-act-years", first=day_words(EARLIEST), last=day_words(LATEST))
    year = school_year_start(wanted.span.first).year
    stored = await stored_years.stored(session, school.id, year)
    calendar = stored_years.undeclared(year) if stored is None or stored.calendar is None else stored.calendar
    if not calendar.span.covers(wanted.span):
        raise Invalid(
            "timetable-act-outside-year", first=day_words(calendar.span.first), last=day_words(calendar.span.last)
        )
    if sum(1 for _ in wanted.span.days()) > LONGEST_DAYS:
        raise Invalid("timetable-act-too-long", longest=LONGEST_DAYS)
    _check_effect(wanted, calendar)
    await _check_classes(session, school, year, wanted.scope.classes)
    return year


def _check_effect(wanted: DayAct, calendar: Calendar) -> None:
    match wanted.effect:
        case ShortBells(schedules):
            found = bell_rules.problems(schedules)
            if found or not schedules:
                raise ShortBellsRefused(found)
        case Closed(reason) if reason not in REASONS:
            raise Invalid("timetable-reason-of-bells")
        case TaughtBy(day) if day not in calendar.span or day in wanted.span:
            raise Invalid("timetable-taught-by-itself", day=day_words(day))
        case _:
            return


class ShortBellsRefused(Invalid):
    """The bells of the act contradict each other; ``problems`` are all the reasons, each with its sentence."""

    def __init__(self, problems: Sequence[bell_rules.BellProblem]) -> None:
        super().__init__("timetable-bells-refused", count=len(problems))
        self.problems = tuple(problems)


async def _check_classes(
    session: AsyncSession, school: SchoolCard, year: int, classes: Collection[UUID] | None
) -> None:
    if classes is None:
        return
    query = select(SchoolClass.id).where(
        SchoolClass.id.in_(classes), SchoolClass.school_id == school.id, SchoolClass.year == year
    )
    if not classes or set(classes) - set((await session.execute(query)).scalars()):
        raise NotFound("timetable-class-unknown")


def _subject(row: TimetableChange) -> str:
    return f"timetable-change/{row.id}"


def _said(row: TimetableChange) -> dict[str, object]:
    return {"first": row.first.isoformat(), "last": row.last.isoformat(), **row.data}
