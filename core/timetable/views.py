"""The timetable of a week as a class, a teacher or a room has it, and of a day of the whole school (TT-10).

Lessons are shown as they have become: with substitutions, moves and cancellations, and beside them what the school and
its classes do besides (TT-11). Staff see all of it; pupils and families see theirs in the diary.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.actor import Actor
from core.person.people import name_of
from core.plan.plan_tables import Room, SchoolYear
from core.refusals import NotFound
from core.rights import Facts
from core.school.schools import SchoolCard
from core.school_time import at_school, end_of_school_date, school_date, school_year_start
from core.tables import Lesson, Person, SchoolClass, Slot
from core.timetable import change_documents, lesson_views, school_events
from core.timetable.control_load import week_of
from core.timetable.lesson_views import LessonView
from core.timetable.school_events import EventView
from core.timetable.timetable_tables import TimetableChange
from core.year.span import Span

SUNDAY = 7


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """A past day of which the journal has no lesson, though there may have been some."""

    begins: date | None
    """The first day of the school's journal, if this day lies before it."""


@dataclass(frozen=True, slots=True)
class DayView:
    """What goes on on a day."""

    day: date
    lessons: tuple[LessonView, ...]
    """Held on this day, cancelled ones included, in the order in which they begin."""
    moved_away: tuple[LessonView, ...]
    """Those that the timetable has on this day, and that are held on another."""
    events: tuple[EventView, ...]
    is_made: bool
    """False: the timetable may have lessons on this day, and they are not made yet."""
    unrecorded: Unrecorded | None = None
    """Of a past day: nobody knows whether it had lessons."""


@dataclass(frozen=True, slots=True)
class WeekView:
    """A week of somebody or something."""

    title: str
    """Of the class, the name of the teacher in full, or the room's."""
    days: tuple[DayView, ...]
    """From Monday to Saturday; a Sunday only if something goes on on it."""


@dataclass(frozen=True, slots=True)
class _At:
    """What days of which school are looked at, and when."""

    school: SchoolCard
    span: Span
    now: datetime


async def of_class(session: AsyncSession, actor: Actor, class_id: UUID, day: date, now: datetime) -> WeekView:
    """Show the week of a class in which a day lies: its lessons, those of its groups and pupils, its events.

    Raises ``NotFound``, ``Forbidden`` (staff only).
    """
    facts = _staff_only(await rights.of_class(session, actor, class_id, now))
    title = (await session.get_one(SchoolClass, class_id)).title
    at = _At(facts.of_school, week_of(day), now)
    events = await school_events.within(session, at.school, at.span, class_id)
    return WeekView(title, await _days(session, at, events, Lesson.classes.contains([class_id])))


async def of_teacher(session: AsyncSession, actor: Actor, teacher: UUID, day: date, now: datetime) -> WeekView:
    """Show the week of a teacher: lessons that he gives, and his own that somebody gives in his place.

    Raises ``NotFound``, ``Forbidden`` (staff only).
    """
    facts = _staff_only(await rights.of_person(session, actor, teacher, now))
    title = name_of(await session.get_one(Person, teacher)).in_full()
    at = _At(facts.of_school, week_of(day), now)
    events = await school_events.within(session, at.school, at.span)
    his = or_(Lesson.teacher_id == teacher, Lesson.substitute_id == teacher)
    return WeekView(title, await _days(session, at, events, his))


async def of_room(session: AsyncSession, actor: Actor, room_id: UUID, day: date, now: datetime) -> WeekView:
    """Show which lessons are held in a room in a week. Raises ``NotFound``, ``Forbidden`` (staff only)."""
    room = await session.get(Room, room_id)
    if room is None:
        raise NotFound("room-unknown")
    facts = _staff_only(await rights.of_school(session, actor, room.school_id, now))
    at = _At(facts.of_school, week_of(day), now)
    return WeekView(room.name, await _days(session, at, (), Lesson.room_id == room_id))


async def of_school_day(session: AsyncSession, actor: Actor, school_id: UUID, day: date, now: datetime) -> DayView:
    """Show a day of the whole school. Raises ``NotFound``, ``Forbidden`` (staff only)."""
    facts = _staff_only(await rights.of_school(session, actor, school_id, now))
    at = _At(facts.of_school, Span(day, day), now)
    events = await school_events.within(session, at.school, at.span)
    (only,) = await _days(session, at, events)
    return only


def _staff_only(facts: Facts) -> Facts:
    rights.demand(facts, Right.YEAR_VIEW)
    return facts


async def _days(
    session: AsyncSession, at: _At, events: Sequence[EventView], *conditions: ColumnElement[bool]
) -> tuple[DayView, ...]:
    """Sort into days the lessons that are held on these, and those that were to be."""
    school, span = at.school, at.span
    held = Lesson.day.between(span.first, span.last)
    moved = await _moved_from(session, school, span)
    # Of the moved ones alone the planned day is asked: a school's lessons are found by their day.
    due = and_(Lesson.slot_id.in_(moved), Lesson.planned_day.between(span.first, span.last))
    in_span = or_(held, due) if moved else held
    lessons = await lesson_views.read(session, Lesson.school_id == school.id, in_span, *conditions)
    gaps = await _gaps(session, at)
    days = [_day(day, lessons, _on(day, school, events), gaps) for day in span.days()]
    return tuple(one for one in days if span.first == span.last or one.day.isoweekday() < SUNDAY or _goes_on(one))


async def _moved_from(session: AsyncSession, school: SchoolCard, span: Span) -> Sequence[UUID]:
    """Find the slots some lesson of which was moved away from one of these days."""
    moves = select(TimetableChange.slot_id).where(
        TimetableChange.school_id == school.id,
        TimetableChange.kind == change_documents.MOVE,
        TimetableChange.first.between(span.first, span.last),
        TimetableChange.withdrawn_at.is_(None),
    )
    return [one for one in (await session.execute(moves.distinct())).scalars() if one is not None]


@dataclass(frozen=True, slots=True)
class _Gaps:
    """Days on which the whole school has no lesson, and that are not free for that."""

    unmade: frozenset[date]
    """To come: lessons are made a day ahead only, while a year is not set."""
    unrecorded: Mapping[date, Unrecorded]
    """Past: nothing more will be made of them."""


async def _gaps(session: AsyncSession, at: _At) -> _Gaps:
    """Find the days that are not free, although no lesson of theirs is there. Each is asked of its own school year."""
    school, span, today = at.school, at.span, school_date(at.now, at.school.zone)
    held = select(Lesson.day).where(Lesson.school_id == school.id, Lesson.day.between(span.first, span.last))
    made = set((await session.execute(held.distinct())).scalars())
    bare = [day for day in span.days() if day not in made]
    if not bare:
        return _Gaps(frozenset(), {})
    taught = await _taught(session, school, span)
    awaited = {day for day in bare if (school_year_start(day).year, day.isoweekday()) in taught}
    past = [day for day in bare if day < today]
    begins = await _begins(session, school) if past else None
    before = {day: Unrecorded(begins) for day in past if begins is None or day < begins}
    unrecorded = {day: Unrecorded(None) for day in past if day in awaited} | before
    return _Gaps(frozenset(day for day in awaited if day >= today), unrecorded)


async def _taught(session: AsyncSession, school: SchoolCard, span: Span) -> set[tuple[int, int]]:
    """Find on which weekdays (ISO) of which years there are lessons by the timetable; of years that are not set."""
    years = {school_year_start(day).year for day in (span.first, span.last)}
    set_up = select(SchoolYear.year).where(
        SchoolYear.school_id == school.id, SchoolYear.year.in_(years), SchoolYear.planned_until.is_not(None)
    )
    open_years = years.difference((await session.execute(set_up)).scalars())
    if not open_years:
        return set()
    planned = select(Slot.year, Slot.weekday).where(Slot.school_id == school.id, Slot.year.in_(open_years))
    return {(year, weekday) for year, weekday in await session.execute(planned.distinct())}


async def _begins(session: AsyncSession, school: SchoolCard) -> date | None:
    """Return the first day of which the school's journal has a lesson."""
    first = select(func.min(Lesson.day)).where(Lesson.school_id == school.id)
    return (await session.execute(first)).scalar_one()


def _day(day: date, lessons: Iterable[LessonView], events: tuple[EventView, ...], gaps: _Gaps) -> DayView:
    return DayView(
        day,
        tuple(one for one in lessons if one.day == day),
        tuple(one for one in lessons if one.planned_day == day != one.day),
        events,
        day not in gaps.unmade,
        gaps.unrecorded.get(day),
    )


def _on(day: date, school: SchoolCard, events: Iterable[EventView]) -> tuple[EventView, ...]:
    return tuple(one for one in events if is_on(one, day, school.zone))


def is_on(event: EventView, day: date, zone: str) -> bool:
    """Tell whether an event goes on on a day; one that ends at midnight is over with its day."""
    return event.starts_at < end_of_school_date(day, zone) and event.ends_at > at_school(day, time(), zone)


def _goes_on(day: DayView) -> bool:
    return bool(day.lessons or day.moved_away or day.events)
