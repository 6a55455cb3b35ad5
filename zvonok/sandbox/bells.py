"""Where people want the school's clock to stand next: in ten minutes, at the next lesson, at 18:00, tomorrow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.roster_file import LessonRow
from core.school_time import at_school

EVENING = time(18, 0)
MORNING = time(8, 0)
LESSON_HAS_BEGUN = timedelta(minutes=1)
"""The roll is called when the lesson has begun."""
DAYS_LOOKED_AHEAD = 7
LITTLE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Preset:
    """A place to move the clock to."""

    id: str
    at: datetime
    name: str
    when: str
    """«9:21», «завтра, 8:00» or «пн, 8:00»."""


def presets(lessons: Sequence[LessonRow], now: datetime, zone: str) -> tuple[Preset, ...]:
    """List the places, each later than ``now``; ``lessons`` are the timetable of the class that is played with.

    The ten minutes stand first, as they go with every hour; the others follow in the order in which they come.
    """
    today = now.astimezone(ZoneInfo(zone)).date()
    found = []
    lesson = _next_lesson(lessons, now, zone)
    if lesson is not None:
        at, row = lesson
        found.append(Preset("lesson", at, f"{row.number}-й урок", _when(at, today, zone)))
    evening = at_school(today, EVENING, zone)
    if evening <= now:
        evening = at_school(today + timedelta(days=1), EVENING, zone)
    morning = at_school(_next_school_day(lessons, today), MORNING, zone)
    found.append(Preset("evening", evening, "Вечер", _when(evening, today, zone)))
    found.append(Preset("morning", morning, "Утро", _when(morning, today, zone)))
    little = Preset("little", now + LITTLE, "+10 минут", _when(now + LITTLE, today, zone))
    return little, *sorted(found, key=lambda one: one.at)


def todays_lessons(
    lessons: Sequence[LessonRow], now: datetime, zone: str
) -> list[tuple[datetime, datetime, LessonRow]]:
    """List the lessons of the school's today with their beginnings and ends, in their order."""
    today = now.astimezone(ZoneInfo(zone)).date()
    rows = sorted(_of_day(lessons, today), key=lambda one: (_hours(one), one.teacher))
    timed = [(*_hours(row), row) for row in rows]
    return [(at_school(today, begins, zone), at_school(today, ends, zone), row) for begins, ends, row in timed]


def _next_lesson(lessons: Sequence[LessonRow], now: datetime, zone: str) -> tuple[datetime, LessonRow] | None:
    today = now.astimezone(ZoneInfo(zone)).date()
    for ahead in range(DAYS_LOOKED_AHEAD + 1):
        day = today + timedelta(days=ahead)
        for row in sorted(_of_day(lessons, day), key=_hours):
            at = at_school(day, _hours(row)[0], zone) + LESSON_HAS_BEGUN
            if at > now:
                return at, row
    return None


def _next_school_day(lessons: Sequence[LessonRow], today: date) -> date:
    for ahead in range(1, DAYS_LOOKED_AHEAD + 1):
        if _of_day(lessons, today + timedelta(days=ahead)):
            return today + timedelta(days=ahead)
    return today + timedelta(days=1)


def _hours(row: LessonRow) -> tuple[time, time]:
    """Return from when to when a lesson goes on: the sample's lists give each lesson hours of its own."""
    if row.starts_at is None or row.ends_at is None:
        raise ValueError("a lesson of the sandbox has hours of its own")
    return row.starts_at, row.ends_at


def _of_day(lessons: Sequence[LessonRow], day: date) -> list[LessonRow]:
    return [row for row in lessons if row.weekday == day.isoweekday()]


_WEEKDAYS = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")


def _when(at: datetime, today: date, zone: str) -> str:
    """Say «9:21», «завтра, 8:00» or «пн, 8:00»."""
    there = at.astimezone(ZoneInfo(zone))
    clock = f"{there.hour}:{there.minute:02}"
    ahead = (there.date() - today).days
    if ahead == 0:
        return clock
    return f"завтра, {clock}" if ahead == 1 else f"{_WEEKDAYS[there.weekday()]}, {clock}"
