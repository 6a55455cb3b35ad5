"""Why a day of the diary has no lesson: what the journal and the calendar know, and nothing beyond. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.school_time import school_year_start
from core.year.calendar import Calendar


class NoLessons(StrEnum):
    """Why a day of the diary has no lesson: what the journal knows, and nothing beyond."""

    NOT_PLANNED = "not-planned"
    """The timetable of the class has none on such a day."""
    BEFORE = "before"
    """The journal of the school begins later."""
    UNRECORDED = "unrecorded"
    """The day is past, and the journal has nothing of it."""
    HOLIDAY = "holiday"
    """Holidays, or a day off, by the calendar that the school has set."""
    NO_TIMETABLE = "no-timetable"
    """The day is to come, and the class has no timetable for it."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """What is known of the days of a class that have no lessons."""

    year: int
    today: date
    begins: date | None
    weekdays: frozenset[int]
    """On which the timetable has lessons (ISO)."""
    calendar: Calendar | None
    """As the school has set it."""
    grade: int

    def why_empty(self, day: date) -> NoLessons:
        """Say why a day has no lessons."""
        past = day < self.today
        if self.calendar is not None and not self.calendar.is_open(day, self.grade):
            return NoLessons.HOLIDAY
        if past and (self.begins is None or day < self.begins):
            return NoLessons.BEFORE
        if school_year_start(day).year != self.year or not self.weekdays:
            return NoLessons.UNRECORDED if past else NoLessons.NO_TIMETABLE
        return NoLessons.UNRECORDED if past and day.isoweekday() in self.weekdays else NoLessons.NOT_PLANNED
