"""Days as whoever waits for an evening letter knows them: holidays, ends of lessons, evenings of letters. Pure.

A letter of learning leaves after the child's last lesson, on the evening that its reader chose, and not in holidays
(parents.md §4.7). What holidays would hold back is told on their eve, if it is there by then; only what comes later
waits for lessons to begin. Nothing is dropped because of them.
"""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from uuid import UUID

from core.events import NotHeld, SchoolState, TimetableDayState, TimetableLesson
from core.school_time import at_school, school_date

EARLIEST, LATEST = time(16), time(20, 30)
"""Wall clock between which evening letters leave, both included. Source: house.md §6."""
AFTER_LESSONS = timedelta(minutes=90)
"""From the end of a child's last lesson to the letter. Source: house.md §6."""
USUAL = time(18)
"""Wall clock of the letter on days of whose lessons nothing is known. Source: core.events, ``digest_hour``."""
LONGEST_SILENCE = 16
"""Days of rest, both ends included, over which letters keep silent; of longer ones (summer) nothing is held back.

Ours: the winter holidays of a Russian school with the weekends around them come to it at most.
"""
NO_SCHOOL = frozenset({NotHeld.WEATHER, NotHeld.QUARANTINE, NotHeld.EMERGENCY})
"""Why lessons are not held on a day on which children must not come at all."""
DAYS_OF_WEEK = range(1, 8)
"""As ISO counts them, from Monday."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rest:
    """Days without lessons for a whole school, both included: holidays, or a single day off (YEAR-04)."""

    first: date
    last: date

    def __post_init__(self) -> None:
        """Refuse what ends before it begins. Raises ``ValueError``."""
        if self.last < self.first:
            raise ValueError("a rest ends before it begins")

    @property
    def days(self) -> int:
        """Count its days."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    """When a school rests. Weekends are no rests: families are at home then, and letters leave on Saturdays (DL-28)."""

    rests: tuple[Rest, ...] = ()
    """In their order, none touching the next: ``calendar_of`` makes such ones of any."""

    def __post_init__(self) -> None:
        """Refuse rests that touch or are out of order. Raises ``ValueError``."""
        for one, other in itertools.pairwise(self.rests):
            if other.first - one.last <= _DAY:
                raise ValueError("rests touch")

    def rest_at(self, day: date) -> Rest | None:
        """Return the rest in which a day lies; None for a day that belongs to school, weekends included."""
        return next((rest for rest in self.rests if rest.first <= day <= rest.last), None)


def calendar_of(rests: Iterable[Rest]) -> SchoolCalendar:
    """Put rests in order; those that overlap, or follow each other without a day between, are one."""
    found: list[Rest] = []
    for rest in sorted(rests, key=lambda one: one.first):
        if found and rest.first - found[-1].last <= _DAY:
            found[-1] = Rest(found[-1].first, max(found[-1].last, rest.last))
        else:
            found.append(rest)
    return SchoolCalendar(tuple(found))


def calendar_by(school: SchoolState) -> SchoolCalendar:
    """Return the calendar of a school as its newest state has it."""
    return calendar_of(Rest(one.first, one.last) for one in school.rests)


def ends_of_lessons(states: Iterable[TimetableDayState]) -> Mapping[tuple[UUID, date], datetime]:
    """Return when the last lesson of a pupil's day ends; nothing for days on which none is held, or of which none told.

    ``states`` are timetables of classes, groups and pupils in any order. Lessons taught at a distance count, those
    moved to another day or not held do not.
    """
    found: dict[tuple[UUID, date], datetime] = {}
    for state in states:
        held = [lesson.ends_at for lesson in state.lessons if _is_held(lesson, state)]
        for addressee in state.pupils if held else ():
            key = (addressee.pupil, state.day)
            found[key] = max(found.get(key, held[0]), *held)
    return found


def _is_held(lesson: TimetableLesson, state: TimetableDayState) -> bool:
    return lesson.day == state.day and lesson.cancelled is None and state.class_title not in lesson.left_out


@dataclass(frozen=True, slots=True)
class LetterHours:
    """How a school times its evening letters."""

    after_lessons: timedelta = AFTER_LESSONS
    earliest: time = EARLIEST
    latest: time = LATEST
    usual: time = USUAL

    def __post_init__(self) -> None:
        """Refuse an evening that ends before it begins, or whose usual hour lies outside. Raises ``ValueError``."""
        if not self.earliest <= self.usual <= self.latest or self.after_lessons < timedelta():
            raise ValueError("hours of letters out of order")


def digest_slot(day: date, last_lesson_ends: datetime | None, zone: str, hours: LetterHours | None = None) -> datetime:
    """Return when the letter of a day leaves: ``after_lessons`` from the end of the last lesson, within its evening.

    ``last_lesson_ends`` None: not known, or none is held; the letter leaves at the usual hour. UTC.
    """
    hours = hours or LetterHours()
    if last_lesson_ends is None:
        return at_school(day, hours.usual, zone)
    earliest, latest = at_school(day, hours.earliest, zone), at_school(day, hours.latest, zone)
    return min(max(last_lesson_ends + hours.after_lessons, earliest), latest)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a reader gets his letter, and at what hour (NOTIF-05)."""

    clock: time | None = None
    """Wall clock that he chose; None: after the lessons."""
    weekday: int | None = None
    """From 1, Monday, to 7; None: every evening. Weekly ones come on the school's day unless chosen otherwise."""

    def __post_init__(self) -> None:
        """Refuse a day that no week has. Raises ``ValueError``."""
        if self.weekday is not None and self.weekday not in DAYS_OF_WEEK:
            raise ValueError("no such day of the week")

    def is_on(self, day: date) -> bool:
        """Tell whether there is a letter on a day."""
        return self.weekday is None or self.weekday == day.isoweekday()


EVERY_EVENING = Rhythm()


def _nothing_known() -> Mapping[date, tuple[datetime | None, ...]]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Evenings:
    """When evening letters of one reader leave: one letter for all his children."""

    zone: str
    """Of the children's school; one of them, for a family with several."""
    hours: LetterHours = field(default_factory=LetterHours)
    calendar: SchoolCalendar = field(default_factory=SchoolCalendar)
    lessons_end: Mapping[date, tuple[datetime | None, ...]] = field(default_factory=_nothing_known, hash=False)
    """By day, for each child, what ``ends_of_lessons`` knows of it; the letter waits for the last of them."""

    def slot(self, day: date, rhythm: Rhythm) -> datetime:
        """Return when the letter of a day leaves, if there is one."""
        if rhythm.clock is not None:
            return at_school(day, min(max(rhythm.clock, self.hours.earliest), self.hours.latest), self.zone)
        ends = self.lessons_end.get(day, ())
        return max(digest_slot(day, end, self.zone, self.hours) for end in ends or (None,))

    def slot_after(self, not_before: datetime, rhythm: Rhythm) -> datetime:
        """Return the first letter not before a moment.

        A letter whose evening falls into a rest leaves at the close of the evening before it. What is not there by then
        waits until the rest is over, unless it lasts more than ``LONGEST_SILENCE`` days.
        """
        slot = self._first(not_before, rhythm)
        while (rest := self.calendar.rest_at(school_date(slot, self.zone))) and rest.days <= LONGEST_SILENCE:
            eve = at_school(rest.first - _DAY, self.hours.latest, self.zone)
            if not_before <= eve:
                return eve
            not_before = at_school(rest.last + _DAY, time(), self.zone)
            slot = self._first(not_before, rhythm)
        return slot

    def slot_following(self, slot: datetime, rhythm: Rhythm) -> datetime:
        """Return the letter after one that has left already."""
        return self.slot_after(slot + timedelta.resolution, rhythm)

    def _first(self, not_before: datetime, rhythm: Rhythm) -> datetime:
        """Return the first letter not before a moment, rests left aside."""
        day = school_date(not_before, self.zone)
        while not rhythm.is_on(day) or (slot := self.slot(day, rhythm)) < not_before:
            day += _DAY
        return slot
