"""Why a day of the diary has no lesson: what the journal and the calendar know, and nothing beyond. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.learning.diary_places import Places
from core.school_time import school_year_start


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
    """What is known of the days of a pupil that have no lessons."""

    today: date
    begins: date | None
    """The first day of which the journal of the school has a lesson."""
    places: Places
    grade: int
    """Of his class of now, for days on which he is in none."""
    class_year: int
    """Of the same."""

    def why_empty(self, day: date) -> NoLessons:
        """Say why a day has no lessons."""
        here, read = self.places.on(day), self.places.year_of(day)
        grade, class_year = (self.grade, self.class_year) if here is None else (here.grade, here.year)
        past = day < self.today
        if read.is_declared and not read.plan.calendar.is_open(day, grade):
            return NoLessons.HOLIDAY
        if past and (self.begins is None or day < self.begins):
            return NoLessons.BEFORE
        # On which the timetable has lessons (ISO).
        weekdays = {slot.weekday for slot in read.plan.slots if self.places.has(slot.learners.id, day)}
        if school_year_start(day).year != class_year or not weekdays:
            return NoLessons.UNRECORDED if past else NoLessons.NO_TIMETABLE
        return NoLessons.UNRECORDED if past and day.isoweekday() in weekdays else NoLessons.NOT_PLANNED
