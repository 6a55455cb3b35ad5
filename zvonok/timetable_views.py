"""Timetables at the command line: a week of a class, a teacher or a room, a day of the school, substituted lessons."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import OFFICE
from core.plan import stored_years
from core.plan.plan_tables import Room
from core.roster_file.rows import fold
from core.school import schools
from core.school.schools import SchoolCard
from core.school_time import school_date, school_year_start
from core.timetable import substituted, views
from core.timetable.control_load import week_of
from core.timetable.lesson_views import LessonView
from core.timetable.school_events import EventView
from core.timetable.substituted import LessonCounts, SubstitutedLesson
from core.timetable.views import DayView
from core.year.span import Span
from core.year.words import day_words
from texts.reader import load
from zvonok import named
from zvonok.installation import Installation
from zvonok.trouble import OfficeError

_SAY = load("ru").format
_INDENT = "  "
MONTH = timedelta(days=30)

type Work = Callable[[AsyncSession, SchoolCard], Awaitable[list[str]]]


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose timetable the office wants to see; exactly one of the four."""

    title: str | None = None
    """Of a class."""
    teacher: str | None = None
    room: str | None = None
    day: date | None = None
    """A day of the whole school."""

    def check(self) -> None:
        """Raise ``OfficeError`` unless one is named."""
        if sum(one is not None for one in (self.title, self.teacher, self.room, self.day)) != 1:
            raise OfficeError(_SAY("timetable-what-needed"))


@dataclass(frozen=True, slots=True)
class Days:
    """From which day to which; what is not said, follows from today."""

    first: date | None = None
    last: date | None = None

    def span(self, today: date, after: timedelta = timedelta()) -> Span:
        """Return the days: from ``first`` or today to ``last`` or so long after. Raises ``Invalid``."""
        first = self.first or today
        return Span(first, self.last or max(first, today) + after)

    def before(self, today: date) -> Span:
        """Return the days up to ``last``, or a month or more from ``first``, or the month up to today."""
        last = self.last or (today if self.first is None else max(today, self.first + MONTH))
        return Span(self.first or last - MONTH, last)


async def at_school(here: Installation, school_name: str | None, work: Work) -> list[str]:
    """Do something at a school, in one transaction."""
    async with here.journal() as database, database.begin() as session:
        return await work(session, await schools.find(session, school_name))


async def show(here: Installation, school_name: str | None, asked: Asked, week: date | None) -> list[str]:
    """Show the week (this one, or that of a day) of a class, a teacher or a room, or a day of the school."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        now = here.school_clock.now()
        if asked.day is not None:
            shown = (await views.of_school_day(session, OFFICE, school.id, asked.day, now),)
            return [school.name, *_days(shown, school), *await _not_made(session, school, shown)]
        day = week or school_date(now, school.zone)
        found = await _week(session, school, asked, day, now)
        return [
            _SAY("timetable-week", title=found.title, **_bounds(week_of(day))),
            *_days(found.days, school),
            *await _not_made(session, school, found.days),
        ]

    return await at_school(here, school_name, work)


async def substituted_lessons(here: Installation, school_name: str | None, days: Days) -> list[str]:
    """List the journal of substituted lessons of some days, of the last month unless said, and count the lessons."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        now = here.school_clock.now()
        span = days.before(school_date(now, school.zone))
        lessons = await substituted.journal(session, OFFICE, school.id, span, now)
        counted = await substituted.counts(session, OFFICE, school.id, span, now)
        lines = [line for one in lessons for line in _substituted(one, school.zone)] or [_SAY("substituted-none")]
        return [_SAY("substituted-title", **_bounds(span)), *lines, *_counted(counted)]

    return await at_school(here, school_name, work)


def event_line(event: EventView, zone: str) -> str:
    """Say an event in one line."""
    starts, ends = (at.astimezone(ZoneInfo(zone)) for at in (event.starts_at, event.ends_at))
    if starts.date() == ends.date():
        hours = f"{starts:%H:%M}–{ends:%H:%M}"
    else:
        hours = f"{starts:%d.%m %H:%M} – {ends:%d.%m %H:%M}"
    whose = _SAY("timetable-event-whole") if event.classes is None else ", ".join(event.classes)
    parts = (_SAY("timetable-event", hours=hours, title=event.title), event.place, whose, event.note)
    return "; ".join(part for part in parts if part)


def weekday_of(day: date) -> str:
    """Return «вторник»."""
    return _SAY(f"timetable-weekday-{day.isoweekday()}")


async def _week(session: AsyncSession, school: SchoolCard, asked: Asked, day: date, now: datetime) -> views.WeekView:
    if asked.title is not None:
        class_id = await named.school_class(session, school, asked.title)
        return await views.of_class(session, OFFICE, class_id, day, now)
    if asked.teacher is not None:
        teacher = await named.somebody(session, school, asked.teacher)
        return await views.of_teacher(session, OFFICE, teacher, day, now)
    return await views.of_room(session, OFFICE, await _room(session, school, asked.room or ""), day, now)


async def _room(session: AsyncSession, school: SchoolCard, name: str) -> UUID:
    rows = await session.execute(select(Room.id, Room.name).where(Room.school_id == school.id))
    found = [room for room, called in rows if fold(called) == fold(name)]
    if not found:
        raise OfficeError(_SAY("change-no-room", room=name))
    return found[0]


async def _not_made(session: AsyncSession, school: SchoolCard, days: Sequence[DayView]) -> list[str]:
    """Say why lessons are not made, if they are made only a day ahead since the school has not set its year."""
    if all(one.is_made for one in days):
        return []
    stored = await stored_years.stored(session, school.id, school_year_start(days[-1].day).year)
    return [] if stored is not None else ["", _SAY("timetable-not-made")]


def _days(days: Iterable[DayView], school: SchoolCard) -> Iterator[str]:
    for one in days:
        yield ""
        yield _SAY("timetable-day", weekday=weekday_of(one.day), day=day_words(one.day))
        lines = [_lesson(lesson, school.zone) for lesson in one.lessons]
        lines += [_moved_away(lesson) for lesson in one.moved_away]
        lines = lines or [_nothing(one)]
        yield from (f"{_INDENT}{line}" for line in [*lines, *(event_line(event, school.zone) for event in one.events)])


def _nothing(one: DayView) -> str:
    """Say why a day has no lessons."""
    if one.unrecorded is None:
        return _SAY("timetable-no-lessons" if one.is_made else "timetable-day-not-made")
    if one.unrecorded.begins is None:
        return _SAY("timetable-day-unrecorded")
    return _SAY("timetable-day-before", first=day_words(one.unrecorded.begins))


def _lesson(lesson: LessonView, zone: str) -> str:
    starts, ends = (at.astimezone(ZoneInfo(zone)) for at in (lesson.starts_at, lesson.ends_at))
    room = [] if lesson.room_name is None else [_SAY("timetable-room", name=lesson.room_name)]
    what = ", ".join([lesson.subject_name, lesson.learners, *room])
    line = f"{lesson.number}. {starts:%H:%M}–{ends:%H:%M}  {what} — {lesson.teacher_name}"
    notes = "; ".join(_notes(lesson, zone))
    return f"{line} [{notes}]" if notes else line


def _notes(lesson: LessonView, zone: str) -> Iterator[str]:
    """Say what is not as usual: what was changed, and what is planned for the lesson."""
    if lesson.cancelled is not None:
        yield _cancelled(lesson)
    yield from _otherwise(lesson, zone)
    if lesson.is_all_distant:
        yield _SAY("timetable-distant")
    elif lesson.distant:
        yield _SAY("timetable-distant-some", classes=", ".join(lesson.distant))
    if lesson.control is not None:
        yield lesson.control


def _otherwise(lesson: LessonView, zone: str) -> Iterator[str]:
    """Say what the timetable has, where the lesson is otherwise."""
    if lesson.own_teacher is not None:
        yield _SAY("timetable-own-teacher", name=lesson.own_teacher)
    if lesson.subject_name != lesson.planned_subject:
        yield _SAY("timetable-own-subject", name=lesson.planned_subject)
    if lesson.planned_room is not None and lesson.room_name not in (None, lesson.planned_room):
        yield _SAY("timetable-own-room", name=lesson.planned_room)
    held = tuple(at.astimezone(ZoneInfo(zone)).time() for at in (lesson.starts_at, lesson.ends_at))
    if lesson.planned_hours is not None and not lesson.is_moved and held != lesson.planned_hours:
        starts, ends = lesson.planned_hours
        yield _SAY("timetable-own-hours", starts=f"{starts:%H:%M}", ends=f"{ends:%H:%M}")
    if lesson.is_moved:
        yield _SAY("timetable-moved-from", day=day_words(lesson.planned_day), number=str(lesson.planned_number))


def _cancelled(lesson: LessonView) -> str:
    reason = _SAY(f"cancel-reason-{lesson.cancelled}")
    if not lesson.cancelled_note:
        return _SAY("timetable-cancelled", reason=reason)
    return _SAY("timetable-cancelled-note", reason=reason, note=lesson.cancelled_note)


def _moved_away(lesson: LessonView) -> str:
    return _SAY(
        "timetable-moved-to",
        number=str(lesson.planned_number),
        subject=lesson.planned_subject,
        learners=lesson.learners,
        day=day_words(lesson.day),
        to=str(lesson.number),
    )


def _substituted(one: SubstitutedLesson, zone: str) -> Iterator[str]:
    lesson = one.lesson
    yield _SAY(
        "substituted-line",
        day=day_words(lesson.day),
        number=str(lesson.number),
        learners=lesson.learners,
        subject=lesson.subject_name,
        name=lesson.teacher_name,
        own=lesson.own_teacher or "",
    )
    if one.why:
        yield f"{_INDENT}{_SAY('substituted-why', why=one.why)}"
    if one.signed is None:
        yield f"{_INDENT}{_SAY('substituted-unsigned')}"
        return
    at = one.signed.at.astimezone(ZoneInfo(zone))
    name = one.signed.name or _SAY("substituted-office")
    yield f"{_INDENT}{_SAY('substituted-signed', name=name, at=f'{at:%d.%m.%Y %H:%M}')}"


def _counted(counts: LessonCounts) -> Iterator[str]:
    yield ""
    cancelled = sum(counts.cancelled.values())
    totals = {"planned": counts.planned, "substituted": counts.substituted, "cancelled": cancelled}
    yield _SAY("substituted-counts", **totals)
    for reason, count in counts.cancelled.items():
        words = _SAY(f"cancel-reason-{reason}")
        yield f"{_INDENT}{_SAY('substituted-counts-reason', reason=words, count=count)}"


def _bounds(span: Span) -> dict[str, str]:
    return {"first": day_words(span.first), "last": day_words(span.last)}
