"""The timetable: weekly slots become lessons of a day; a teacher sees his own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import and_, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.school.schools import SchoolCard
from core.school_time import at_school, school_year_start
from core.tables import Lesson, RollCall, SchoolClass, Slot, Subject


@dataclass(frozen=True, slots=True)
class LessonCard:
    """A lesson as its teacher sees it in the list of a day."""

    id: UUID
    class_title: str
    subject_name: str
    day: date
    number: int
    starts_at: datetime
    ends_at: datetime
    roll_called: bool


async def open_day(session: AsyncSession, school: SchoolCard, day: date, now: datetime) -> int:
    """Make the lessons of a day from the weekly slots; repeating it makes nothing twice. Returns how many are new.

    A lesson that has not begun by ``now`` follows its slot: whoever is to give it, must be able to call its roll.
    """
    this_year = SchoolClass.year == school_year_start(day).year
    slots = await session.execute(
        select(Slot)
        .join(SchoolClass, SchoolClass.id == Slot.class_id)
        .where(SchoolClass.school_id == school.id, this_year, Slot.weekday == day.isoweekday())
    )
    return len(await _open(session, slots.scalars().all(), day, school.zone, now))


async def unopened_days(session: AsyncSession, school: SchoolCard, first: date, last: date) -> tuple[date, ...]:
    """List the days from ``first`` to ``last`` whose lessons were not opened, though the timetable has some.

    Days before the school's first lesson do not count. A day with less than half of its lessons was not opened:
    homework opens single lessons ahead. A slot that came later opens nothing in a day that was.
    """
    of_school = SchoolClass.school_id == school.id
    lessons = await session.execute(
        select(Lesson.day, func.count())
        .join(SchoolClass, SchoolClass.id == Lesson.class_id)
        .where(of_school, Lesson.day <= last)
        .group_by(Lesson.day)
    )
    opened: dict[date, int] = dict(lessons.all())
    if not opened:
        return ()
    this_year = SchoolClass.year == school_year_start(last).year
    slots = await session.execute(
        select(Slot.weekday, func.count())
        .join(SchoolClass, SchoolClass.id == Slot.class_id)
        .where(of_school, this_year)
        .group_by(Slot.weekday)
    )
    planned: dict[int, int] = dict(slots.all())
    start = max(first, min(opened))
    days = (start + timedelta(days=number) for number in range((last - start).days + 1))
    return tuple(day for day in days if opened.get(day, 0) * 2 < planned.get(day.isoweekday(), 0))


async def next_slot(session: AsyncSession, lesson_id: UUID) -> tuple[UUID, date] | None:
    """Find where the class has its next lesson of the same subject on a later day, and which day that is.

    None if the timetable has none before the school year of the class is over.
    """
    rows = await session.execute(
        select(Slot, Lesson.day, SchoolClass.year)
        .join(Lesson, and_(Lesson.class_id == Slot.class_id, Lesson.subject_id == Slot.subject_id))
        .join(SchoolClass, SchoolClass.id == Slot.class_id)
        .where(Lesson.id == lesson_id)
    )
    found = [(weekday_after(day, slot.weekday), slot.starts, slot.id, year) for slot, day, year in rows]
    if not found:
        return None
    day, _, slot_id, year = min(found)
    return (slot_id, day) if school_year_start(day).year == year else None


def weekday_after(day: date, weekday: int) -> date:
    """Return the first day after ``day`` that is this weekday (ISO: Monday is 1)."""
    return day + timedelta(days=(weekday - day.isoweekday() - 1) % 7 + 1)


async def open_lesson(session: AsyncSession, school: SchoolCard, slot_id: UUID, day: date, now: datetime) -> UUID:
    """Make one lesson of a day to come from its slot, if it is not there yet, and return its id."""
    await _open(session, [await session.get_one(Slot, slot_id)], day, school.zone, now)
    query = select(Lesson.id).where(Lesson.slot_id == slot_id, Lesson.day == day)
    return (await session.execute(query)).scalar_one()


async def _open(session: AsyncSession, slots: Sequence[Slot], day: date, zone: str, now: datetime) -> Sequence[UUID]:
    """Make the lessons of these slots; return the ids of the new ones."""
    wanted = {slot.id: _as_slot_says(slot, day, zone) for slot in slots}
    if not wanted:
        return ()
    made = await session.execute(
        insert(Lesson).on_conflict_do_nothing(index_elements=["slot_id", "day"]).returning(Lesson.id),
        [{"id": uuid4(), "slot_id": slot, "day": day, **values} for slot, values in wanted.items()],
    )
    new = made.scalars().all()
    await _follow_slots(session, day, wanted, now)
    return new


def _as_slot_says(slot: Slot, day: date, zone: str) -> dict[str, Any]:
    return {
        "class_id": slot.class_id,
        "subject_id": slot.subject_id,
        "teacher_id": slot.teacher_id,
        "number": slot.number,
        "starts_at": at_school(day, slot.starts, zone),
        "ends_at": at_school(day, slot.ends, zone),
    }


async def _follow_slots(session: AsyncSession, day: date, wanted: Mapping[UUID, dict[str, Any]], now: datetime) -> None:
    """Change the lessons of a day that have not begun to what their slots say now."""
    lessons = select(Lesson).where(Lesson.slot_id.in_(wanted), Lesson.day == day, Lesson.starts_at > now)
    for lesson in (await session.execute(lessons)).scalars():
        for name, value in wanted[lesson.slot_id].items():
            if getattr(lesson, name) != value:
                setattr(lesson, name, value)
    await session.flush()


async def lessons_of(session: AsyncSession, teachers: Sequence[UUID], day: date) -> tuple[LessonCard, ...]:
    """List the lessons that somebody gives on a day, his own or in another's place, in the order of the bell.

    ``teachers`` are the persons behind one account.
    """
    called = exists().where(RollCall.lesson_id == Lesson.id, RollCall.withdrawn.is_(False)).label("called")
    rows = await session.execute(
        select(Lesson, SchoolClass.title, Subject.name, called)
        .join(SchoolClass, SchoolClass.id == Lesson.class_id)
        .join(Subject, Subject.id == Lesson.subject_id)
        .where(func.coalesce(Lesson.substitute_id, Lesson.teacher_id).in_(teachers), Lesson.day == day)
        .order_by(Lesson.starts_at, SchoolClass.title)
    )
    return tuple(
        LessonCard(lesson.id, title, name, lesson.day, lesson.number, lesson.starts_at, lesson.ends_at, bool(called_))
        for lesson, title, name, called_ in rows
    )


def lesson_to_call(lessons: Sequence[LessonCard], now: datetime) -> LessonCard | None:
    """Choose the lesson whose roll is wanted now: the one that is on, else the next uncalled one of the day."""
    on = [lesson for lesson in lessons if lesson.starts_at <= now < lesson.ends_at]
    if on:
        return on[0]
    return next((lesson for lesson in lessons if lesson.starts_at > now and not lesson.roll_called), None)
