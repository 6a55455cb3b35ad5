"""The school year as it is set: its calendar and its bells (YEAR-03, YEAR-04, YEAR-14, YEAR-17).

Each is one document, judged whole: what contradicts itself is refused with all its problems at once, and nothing is
kept of it. A change makes the lessons that were planned by the old one be planned again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.actor import Act, Actor
from core.journal import Change, audit, first_time
from core.person.class_titles import title_order
from core.plan import year_documents
from core.plan.plan_tables import GroupClass, SchoolYear, StudyGroup
from core.plan.year_rests import rests_in
from core.refusals import Conflict, Invalid
from core.school import schools
from core.school_time import school_date
from core.tables import Pupil, School, SchoolClass, Slot
from core.timetable import change_documents, side_clashes
from core.timetable.timetable_tables import TimetableChange
from core.year import bells as bell_rules
from core.year import calendar_problems
from core.year.bells import BellProblem, BellSchedule, schedule_for
from core.year.calendar import Calendar
from core.year.calendar_problems import CalendarProblem
from core.year.changes import Move


@dataclass(frozen=True, slots=True)
class YearCard:
    """A year as people see it."""

    year: int
    calendar: Calendar | None
    """As it was set; None: not yet."""
    bells: tuple[BellSchedule, ...]
    version: int
    """0 of a year that was not set yet."""
    closed_at: datetime | None


class CalendarRefused(Invalid):
    """The calendar contradicts itself; ``problems`` are all the reasons, to be said by ``calendar_problems``."""

    def __init__(self, problems: Sequence[CalendarProblem]) -> None:
        super().__init__("plan-calendar-refused", count=len(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class SlotWithoutBell:
    """A weekly place that goes by the bells, and for which there is none."""

    learners: str
    number: int
    shift: int


class SlotsWithoutBells(Invalid):
    """The timetable has lessons for which these bells do not ring; ``slots`` are all of them."""

    def __init__(self, slots: Sequence[SlotWithoutBell]) -> None:
        super().__init__("plan-slots-without-bells", count=len(slots), learners=slots[0].learners)
        self.slots = tuple(slots)


class BellsRefused(Invalid):
    """The bells contradict each other; ``problems`` are all the reasons, each with its sentence."""

    def __init__(self, problems: Sequence[BellProblem]) -> None:
        super().__init__("plan-bells-refused", count=len(problems))
        self.problems = tuple(problems)


async def read(session: AsyncSession, actor: Actor, school_id: UUID, year: int, now: datetime) -> YearCard:
    """Show a year, set or not. Raises ``NotFound``, ``Forbidden``."""
    rights.demand(await rights.of_school(session, actor, school_id, now), Right.YEAR_VIEW)
    row = await session.get(SchoolYear, (school_id, year), populate_existing=True)
    if row is None:
        return YearCard(year, None, (), 0, None)
    calendar = year_documents.calendar_of(year, row.calendar)
    return YearCard(year, calendar, year_documents.bells_of(row.bells), row.version, row.closed_at)


async def set_calendar(session: AsyncSession, act: Act, school_id: UUID, calendar: Calendar) -> bool:
    """Set the calendar of its year; tell whether it is another than before.

    Raises ``NotFound``, ``Forbidden``, ``CalendarRefused`` with every problem, ``Invalid`` (a class of the year whose
    grade the calendar does not have), ``Conflict`` (the year is closed).
    """
    rights.demand(await rights.of_school(session, act.actor, school_id, act.at), Right.YEAR_SET)
    problems = calendar_problems.problems(calendar)
    if problems:
        raise CalendarRefused(problems)
    row = await _for_writing(session, school_id, calendar.year)
    await _check_classes(session, school_id, calendar)
    document = year_documents.of_calendar(calendar)
    before = None if row is None else row.calendar
    if before == document or not await first_time(session, act.key, act.at):
        return False
    rested = () if row is None else rests_in(year_documents.calendar_of(row.year, row.calendar))
    if row is None:
        row = SchoolYear(school_id=school_id, year=calendar.year, calendar=document, bells=[], version=1)
        session.add(row)
    else:
        row.calendar = document
        _plan_again(row)
    await session.flush()
    if rests_in(calendar) != rested:
        await _tell_rests(session, school_id, act.at)
    await _audit(session, act, row, "year.calendar", before, document)
    return True


async def set_bells(session: AsyncSession, act: Act, school_id: UUID, year: int, bells: Sequence[BellSchedule]) -> bool:
    """Set all bells of a year, in the order in which they hold; tell whether they are others than before.

    Raises ``NotFound``, ``Forbidden``, ``BellsRefused`` with every problem, ``SlotsWithoutBells`` with every lesson of
    the timetable that would have no hours, ``Conflict`` (the year has no calendar yet, or is closed), and
    ``TimetableClash``: by these bells somebody or something would be in two places at once from today on.
    """
    facts = await rights.of_school(session, act.actor, school_id, act.at)
    rights.demand(facts, Right.YEAR_SET)
    problems = bell_rules.problems(bells)
    if problems:
        raise BellsRefused(problems)
    row = await _for_writing(session, school_id, year)
    if row is None:
        raise Conflict("plan-calendar-first", year=_years(year))
    await _check_slots(session, row, bells, act.at)
    document, before = year_documents.of_bells(bells), row.bells
    if before == document or not await first_time(session, act.key, act.at):
        return False
    now = await side_clashes.look(session, facts.of_school, year, school_date(act.at, facts.of_school.zone))
    await side_clashes.demand_no_new(session, now, now.ringing(bells))
    row.bells = document
    _plan_again(row)
    await session.flush()
    await _audit(session, act, row, "year.bells", before, document)
    return True


async def _tell_rests(session: AsyncSession, school_id: UUID, now: datetime) -> None:
    """Let the gateway know when the school rests now: its letters are timed by that."""
    school = await session.get_one(School, school_id, populate_existing=True)
    school.version += 1
    await session.flush()
    await schools.announce(session, school, now)


async def _for_writing(session: AsyncSession, school_id: UUID, year: int) -> SchoolYear | None:
    # The school's row is there before the year's is, so that two who set a year at once come one after the other.
    await session.execute(select(School.id).where(School.id == school_id).with_for_update(key_share=True))
    # Its key stays free: whoever writes of a lesson holds that, and may wait for the school.
    row = await session.get(SchoolYear, (school_id, year), with_for_update={"key_share": True}, populate_existing=True)
    if row is not None and row.closed_at is not None:
        raise Conflict("plan-year-closed", year=_years(year))
    return row


async def _check_classes(session: AsyncSession, school_id: UUID, calendar: Calendar) -> None:
    """Raise ``Invalid`` for classes of a grade that the calendar has not; a title without a grade is no mistake."""
    query = select(SchoolClass.title).where(
        SchoolClass.school_id == school_id,
        SchoolClass.year == calendar.year,
        SchoolClass.grade.not_in([0, *calendar.week]),
    )
    titles = sorted((await session.execute(query)).scalars(), key=title_order)
    if titles:
        raise Invalid("plan-class-without-grade", classes=", ".join(titles))


async def _check_slots(session: AsyncSession, row: SchoolYear, bells: Sequence[BellSchedule], now: datetime) -> None:
    """Raise ``SlotsWithoutBells``: planning would stop at such a place, and with it the lessons of everybody.

    Of lessons that were moved, those to come are asked about: the others were held by the bells of their day.
    """
    dumb = set()
    places = await _places(session, row)
    for place in places.values():
        if place.by_bells and not place.rings(bells, place.weekday, place.number):
            dumb.add(SlotWithoutBell(place.learners, place.number, place.shift))
    calendar = year_documents.calendar_of(row.year, row.calendar)
    moves = [move for move in await _moves_to_come(session, row, now) if move.slot in places]
    moves = [move for move in moves if places[move.slot].has(move.day)]
    for move in moves:
        place, weekday = places[move.slot], calendar.timetable_day(move.to).isoweekday()
        by_bells = move.hours is None and (place.by_bells or move.number != place.number)
        if by_bells and not place.rings(bells, weekday, move.number):
            dumb.add(SlotWithoutBell(place.learners, move.number, place.shift))
    if dumb:
        raise SlotsWithoutBells(sorted(dumb, key=lambda one: (title_order(one.learners), one.shift, one.number)))


@dataclass(frozen=True, slots=True)
class _Place:
    """A weekly place, as far as bells matter to it."""

    learners: str
    number: int
    shift: int
    weekday: int
    grade: int
    by_bells: bool
    """It has no hours of its own."""
    since: date | None
    until: date | None

    def has(self, day: date) -> bool:
        """Tell whether the timetable has it on a day; a lesson that it has lost is nowhere, wherever it was moved."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    def rings(self, bells: Sequence[BellSchedule], weekday: int, number: int) -> bool:
        """Tell whether there is a bell for such a lesson of its learners."""
        schedule = schedule_for(bells, self.shift, self.grade, weekday)
        return schedule is not None and schedule.hours_of(number) is not None


async def _places(session: AsyncSession, row: SchoolYear) -> Mapping[UUID, _Place]:
    source = or_(
        SchoolClass.id == Slot.class_id, SchoolClass.id == Pupil.class_id, SchoolClass.id == GroupClass.class_id
    )
    title = func.coalesce(func.max(StudyGroup.title), func.min(SchoolClass.title))
    columns = (title, Slot.number, Slot.shift, Slot.weekday, func.min(SchoolClass.grade), Slot.starts.is_(None))
    times = (Slot.since, Slot.until)
    query = (
        select(Slot.id, *columns, *times)
        .outerjoin(StudyGroup, StudyGroup.id == Slot.group_id)
        .outerjoin(GroupClass, GroupClass.group_id == Slot.group_id)
        .outerjoin(Pupil, Pupil.person_id == Slot.pupil_id)
        .join(SchoolClass, source)
        .where(Slot.school_id == row.school_id, Slot.year == row.year)
        .group_by(Slot.id)
    )
    return {row[0]: _Place(*row[1:]) for row in await session.execute(query)}


async def _moves_to_come(session: AsyncSession, row: SchoolYear, now: datetime) -> Iterator[Move]:
    """Read the moves of lessons that are to be held from today on."""
    zone = (await session.execute(select(School.zone).where(School.id == row.school_id))).scalar_one()
    query = select(TimetableChange).where(
        TimetableChange.school_id == row.school_id,
        TimetableChange.year == row.year,
        TimetableChange.kind == change_documents.MOVE,
        TimetableChange.withdrawn_at.is_(None),
    )
    changes = change_documents.read((await session.execute(query)).scalars().all())
    today = school_date(now, zone)
    return (one for one in changes if isinstance(one, Move) and one.to >= today)


def _plan_again(row: SchoolYear) -> None:
    row.version += 1
    row.planned_until = None


async def _audit(session: AsyncSession, act: Act, row: SchoolYear, action: str, before: Any, after: Any) -> None:
    change = Change(action, f"year/{row.year}", None if before is None else {"kept": before}, {"kept": after})
    await audit(session, act.actor, row.school_id, act.at, change)


def _years(year: int) -> str:
    return f"{year}/{year + 1}"
