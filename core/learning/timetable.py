"""The lessons of a day: made from the timetable before anybody asks, listed for whoever gives them; the next one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import and_, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.learning import lesson_rights
from core.learning.learning_tables import Homework
from core.learning.lesson_rights import LessonFacts
from core.plan import stored_years
from core.plan.plan_tables import Room, SchoolYear
from core.refusals import Conflict
from core.russian import FullName
from core.school.schools import SchoolCard
from core.school_time import school_date, school_year_start
from core.tables import Lesson, Person, RollCall, Slot, Subject
from core.timetable import dated, reading
from core.year.planned import PlannedLesson, planned_lessons
from core.year.span import Span

LOOK_BACK = timedelta(days=31)
"""So far back lessons are made of days on which the installation stood still: their rolls are called later."""
AHEAD = timedelta(days=1)
"""So far ahead lessons are made while the school has not set its year."""
STEP = timedelta(days=28)
"""The next lesson is looked for in so many days at a time."""


@dataclass(frozen=True, slots=True)
class LessonCard:
    """A lesson as its teacher sees it in the list of a day."""

    id: UUID
    class_title: str
    """Of the class; of a group, a stream or one pupil, how these are called."""
    subject_name: str
    day: date
    number: int
    starts_at: datetime
    ends_at: datetime
    roll_called: bool
    room: str = ""
    """Empty where none is named."""
    instead_of: str | None = None
    """Whom he replaces (TT-05)."""
    cancelled: str | None = None
    """Why it is not held (TT-15)."""
    moved_from: date | None = None


async def open_day(session: AsyncSession, school: SchoolCard, day: date, now: datetime) -> int:
    """Make the lessons of a day what the timetable says; repeating it makes nothing twice. Returns how many are new.

    A lesson that has not begun by ``now`` follows its timetable: whoever is to give it, must be able to call its roll.
    Of a closed year nothing is made any more (YEAR-28).
    """
    year = school_year_start(day).year
    await dated.hold(session, school.id)
    row = await session.get(
        SchoolYear, (school.id, year), with_for_update={"read": True, "key_share": True}, populate_existing=True
    )
    if row is not None and row.closed_at is not None:
        return 0
    made = await dated.make(session, school, year, Span(day, day), now)
    return len(made.new)


async def open_coming(session: AsyncSession, school: SchoolCard, now: datetime) -> int:
    """Make all lessons that should be there by now; again is harmless. Returns how many are new.

    Of each year that the school has set, this and the coming one: to its end, once after each change of what it is
    made from. Of a year that it has not: of today and tomorrow. And of the days of the last month on which nothing was
    made, since nothing ran here.
    """
    today = school_date(now, school.zone)
    this = school_year_start(today).year
    new = await _open_missed(session, school, today, now)
    for year in (this, this + 1):
        stored = await stored_years.stored(session, school.id, year)
        if stored is not None:
            new += await open_rest(session, school, year, now) if stored.planned_until is None else 0
        else:
            near = (day for day in (today, today + AHEAD) if school_year_start(day).year == year)
            new += sum([await open_day(session, school, day, now) for day in near])
    return new


async def _open_missed(session: AsyncSession, school: SchoolCard, today: date, now: datetime) -> int:
    """Make the lessons of the days of this year on which nothing ran; of one that is made to its end there are none."""
    stored = await stored_years.stored(session, school.id, school_year_start(today).year)
    if stored is not None and (stored.planned_until is not None or stored.closed_at is not None):
        return 0
    missed = await unopened_days(session, school, today - LOOK_BACK, today - timedelta(days=1))
    return sum([await open_day(session, school, day, now) for day in missed])


async def open_unopened(session: AsyncSession, school: SchoolCard, day: date, now: datetime) -> None:
    """Make the lessons of a day that is today or past, if nothing ran when they should have been made.

    For whoever asks of that day: without them it would seem that nothing is missing.
    """
    last = min(day, school_date(now, school.zone))
    for one in await unopened_days(session, school, day, last):
        await open_day(session, school, one, now)


async def open_rest(session: AsyncSession, school: SchoolCard, year: int, now: datetime) -> int:
    """Make the lessons from today to the end of a year, once after each change; return how many are new.

    To the last day that a year may have: a calendar that was cut short takes lessons behind its end with it. Of a
    closed year nothing is made any more.
    """
    last = date(year + 1, 8, 31)
    await dated.hold(session, school.id)
    # Its key stays free: whoever writes of a lesson holds that, and need not wait until a whole year is made.
    row = await session.get(SchoolYear, (school.id, year), with_for_update={"key_share": True}, populate_existing=True)
    if row is None or row.closed_at is not None or row.planned_until == last:
        return 0
    first = max(school_date(now, school.zone), date(year, 8, 1))
    made = await dated.make(session, school, year, Span(first, last), now)
    row.planned_until = last
    await session.flush()
    return len(made.new)


async def unopened_days(session: AsyncSession, school: SchoolCard, first: date, last: date) -> tuple[date, ...]:
    """List the days from ``first`` to ``last`` whose lessons were not made, though the timetable has some.

    Days before the school's first lesson do not count. Homework makes single lessons ahead: a day that has no others
    was not made. Slots that came later make nothing in a day that was, however many they are.
    """
    begun = (await session.execute(select(func.min(Lesson.day)).where(Lesson.school_id == school.id))).scalar_one()
    if begun is None or begun > last:
        return ()
    begins, start = school_year_start(last), max(first, begun)
    if max(start, begins) > last:
        return ()
    due = exists().where(Homework.lesson_id == Lesson.id)
    lessons = await session.execute(
        select(Lesson.planned_day, func.count(), func.bool_and(due))
        .where(Lesson.school_id == school.id, Lesson.planned_day.between(first, last))
        .group_by(Lesson.planned_day)
    )
    single = {day: count if only_due else None for day, count, only_due in lessons}
    read = await reading.read_year(session, school, begins.year)
    planned: dict[date, int] = {}
    for lesson in planned_lessons(read.plan, (), Span(max(start, begins), last)):
        planned[lesson.planned_day] = planned.get(lesson.planned_day, 0) + 1
    made = {day for day, count in single.items() if count is None or count >= planned.get(day, 0)}
    return tuple(sorted(day for day in planned if day not in made))


async def next_lesson(session: AsyncSession, facts: LessonFacts) -> PlannedLesson | None:
    """Find the next lesson that the same learners have in the subject on a later day, and that is to be held.

    None if the timetable has none before the school year is over.
    """
    here = await session.get_one(Lesson, facts.id)
    year = (await session.get_one(Slot, here.slot_id)).year
    learners = here.class_id or here.group_id or here.pupil_id
    read = await reading.read_year(session, facts.school, year, [learners] if learners else [])
    end = read.plan.calendar.span.last
    first = here.day + timedelta(days=1)
    while first <= end:
        span = Span(first, min(first + STEP, end))
        found = planned_lessons(read.plan, read.changes, span)
        wanted = (one for one in found if one.subject == here.subject_id and one.cancelled is None)
        if (lesson := next(wanted, None)) is not None:
            return lesson
        first = span.last + timedelta(days=1)
    return None


async def open_lesson(session: AsyncSession, facts: LessonFacts, lesson: PlannedLesson, now: datetime) -> Lesson:
    """Make the next lesson, if it is not there yet; it stays as it is until the transaction ends.

    Raises ``Conflict`` if the timetable has just lost it.
    """
    query = (
        select(Lesson)
        .where(Lesson.slot_id == lesson.slot.id, Lesson.planned_day == lesson.planned_day)
        .execution_options(populate_existing=True)
    )
    row = (await session.execute(query)).scalar_one_or_none()
    values = dated.values_of(lesson, facts.school.id)
    if row is None or (row.starts_at > now and any(getattr(row, name) != value for name, value in values.items())):
        await _make_next(session, facts, lesson, now)
    held = (await session.execute(query.with_for_update(read=True))).scalar_one_or_none()
    if held is None:
        raise Conflict("timetable-lesson-gone")
    return held


async def _make_next(session: AsyncSession, facts: LessonFacts, lesson: PlannedLesson, now: datetime) -> None:
    """Make a lesson that is not there, or is another, by the timetable as it is while nobody else changes it."""
    await dated.hold(session, facts.school.id)
    found = await next_lesson(session, facts)
    if found is None or found.key != lesson.key:
        raise Conflict("timetable-lesson-gone")
    values = {"id": uuid4(), **dated.values_of(found, facts.school.id)}
    inserted = await session.execute(insert(Lesson).values(values).on_conflict_do_nothing().returning(Lesson.id))
    if inserted.scalar_one_or_none() is None:
        # Whoever was told of it otherwise is told anew.
        year = school_year_start(found.planned_day).year
        await dated.make(session, facts.school, year, Span(found.planned_day, found.planned_day), now)


async def lessons_of(session: AsyncSession, teachers: Sequence[UUID], day: date) -> tuple[LessonCard, ...]:
    """List the lessons that somebody gives on a day, his own or in another's place, in the order of the bell.

    ``teachers`` are the persons behind one account.
    """
    called = exists().where(RollCall.lesson_id == Lesson.id, RollCall.withdrawn.is_(False)).label("called")
    title = lesson_rights.learners_title()
    query = (
        select(Lesson, title, Subject.name, called, Room.name, Person)
        .join(Subject, Subject.id == Lesson.subject_id)
        .outerjoin(Room, Room.id == Lesson.room_id)
        .outerjoin(Person, and_(Person.id == Lesson.teacher_id, Lesson.substitute_id.is_not(None)))
        .where(func.coalesce(Lesson.substitute_id, Lesson.teacher_id).in_(teachers), Lesson.day == day)
        .order_by(Lesson.starts_at, title)
    )
    return tuple(
        LessonCard(
            id=lesson.id,
            class_title=learners,
            subject_name=subject,
            day=lesson.day,
            number=lesson.number,
            starts_at=lesson.starts_at,
            ends_at=lesson.ends_at,
            roll_called=bool(is_called),
            room=room or "",
            instead_of=None if replaced is None else _full(replaced),
            cancelled=lesson.cancelled,
            moved_from=lesson.planned_day if lesson.planned_day != lesson.day else None,
        )
        for lesson, learners, subject, is_called, room, replaced in await session.execute(
            lesson_rights.with_learners(query)
        )
    )


def _full(person: Person) -> str:
    return FullName(person.surname, person.given, person.patronymic).in_full()


def lesson_to_call(lessons: Sequence[LessonCard], now: datetime) -> LessonCard | None:
    """Choose the lesson whose roll is wanted now: the one that is on, else the next uncalled one of the day."""
    held = [lesson for lesson in lessons if lesson.cancelled is None]
    on = [lesson for lesson in held if lesson.starts_at <= now < lesson.ends_at]
    if on:
        return on[0]
    return next((lesson for lesson in held if lesson.starts_at > now and not lesson.roll_called), None)
