"""When a message is due, and until when it is news. Pure.

Every time is derived from the moment of the fact, so that planning again changes nothing; only what could not leave
before a quiet time began is looked at from now on.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from core.school_time import at_school, end_of_school_date, school_date
from gateway.school_days import DAYS_OF_WEEK

LATE_ENTRY_LIVES = timedelta(hours=12)
"""An absence entered after its day was over is still told for so long; so is whatever was held back past its day."""
CORRECTION_LIVES = timedelta(days=2)
"""What was told wrongly is worth correcting for so long; messengers also let us delete for two days only."""
NEWS_LIVES = timedelta(days=7)
"""A mark, a remark or a notice is still news after so long."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Timing:
    """``not_before`` is the raw moment, ``due_at`` what follows from it, ``expires_at`` when it stops being news."""

    not_before: datetime
    due_at: datetime
    expires_at: datetime
    leave_by: datetime | None = None
    """Begin of the next quiet time: from then on it may not leave until it is planned anew. None: it passes quiet."""
    slot: datetime | None = None
    """The evening letter that it belongs to; None: it goes alone."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Quiet times of a reader by the wall clock where he lives; equal ends mean that no hours of the day are quiet.

    Where clocks are changed, what is quiet by either reading of the clock is quiet.
    """

    quiet_from: time
    quiet_until: time
    zone: str
    """His own, or the school's."""
    days_off: frozenset[int] = frozenset()
    """Days of the week, from 1, Monday, to 7, that are quiet from midnight to midnight: a teacher's Sunday."""

    def __post_init__(self) -> None:
        """Refuse a week without a loud moment. Raises ``ValueError``."""
        if not self.days_off <= set(DAYS_OF_WEEK) or len(self.days_off) == len(DAYS_OF_WEEK):
            raise ValueError("no such days off")

    def first_loud(self, at: datetime) -> datetime:
        """Return the first moment from ``at`` on that is not quiet."""
        for begins, ends in self._quiet_from_day_before(at):
            if begins > at:
                return at
            at = max(at, ends)
        return at

    def next_quiet(self, at: datetime) -> datetime | None:
        """Return the begin of the next quiet time after ``at``, which is loud; None if there are none."""
        return next((begins for begins, _ in self._quiet_from_day_before(at) if begins > at), None)

    def loud_since(self, at: datetime) -> datetime:
        """Return when the quiet before ``at``, which is loud, ended. Raises ``ValueError`` if nothing is ever quiet."""
        today = school_date(at, self.zone)
        return max(ends for back in range(8) for _, ends in self._quiet(today - back * _DAY) if ends <= at)

    def _quiet_from_day_before(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """List quiet times in the order of their begin; one that began yesterday may still last."""
        if self.quiet_from == self.quiet_until and not self.days_off:
            return
        yesterday = school_date(at, self.zone) - _DAY
        for days in itertools.count():
            yield from self._quiet(yesterday + days * _DAY)

    def _quiet(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """List quiet times that begin on a day."""
        if day.isoweekday() in self.days_off:
            yield _between(day, time(), day + _DAY, time(), self.zone)
        if self.quiet_from != self.quiet_until:
            last = day + _DAY if self.quiet_until < self.quiet_from else day
            yield _between(day, self.quiet_from, last, self.quiet_until, self.zone)


@lru_cache(maxsize=4096)
def _between(first: date, begins: time, last: date, ends: time, zone: str) -> tuple[datetime, datetime]:
    """Return the moments between which a quiet time lasts. Kept: a school has few hours, shared by all its readers.

    A wall clock may show a time twice, or leave it out; of its two readings the wider apart are taken.
    """
    early = min(at_school(first, begins.replace(fold=fold), zone) for fold in (0, 1))
    late = max(at_school(last, ends.replace(fold=fold), zone) for fold in (0, 1))
    return early, late


def news(occurred_at: datetime, undo_window: timedelta, day: date, zone: str) -> Timing:
    """Time an urgent message that tells something new: it waits out the undo window, lives to the school day's end.

    "Absent from lesson 1" is no news next morning. An entry made when the day was over lives ``LATE_ENTRY_LIVES``.
    """
    not_before = occurred_at + undo_window
    end = end_of_school_date(day, zone)
    expires_at = end if not_before < end else not_before + LATE_ENTRY_LIVES
    return Timing(not_before, not_before, expires_at)


def correction(occurred_at: datetime) -> Timing:
    """Time an urgent message that takes back or clarifies what was told: at once."""
    return Timing(occurred_at, occurred_at, occurred_at + CORRECTION_LIVES)


def in_loud_hours(not_before: datetime, hours: Hours, at: datetime) -> Timing:
    """Time what is not urgent: outside quiet hours, however late it is looked at.

    What could not leave before a quiet time began is due since the loud time in which it is looked at, or from the
    next one on.
    """
    due_at = hours.first_loud(not_before)
    expires_at = due_at + NEWS_LIVES
    leave_by = hours.next_quiet(due_at)
    if leave_by is not None and leave_by <= at:
        loud = hours.first_loud(at)
        # Not ``at`` itself: whoever looks twice in one loud time must see the same.
        due_at = loud if loud > at else hours.loud_since(at)
        leave_by = hours.next_quiet(due_at)
    return Timing(not_before, due_at, expires_at, leave_by)


@dataclass(frozen=True, slots=True)
class Settle:
    """How long a mark must stand unchanged before it is told, while its teacher is still writing (parents.md §4.3)."""

    pause: timedelta = timedelta(minutes=10)
    """From the newest change."""
    longest: timedelta = timedelta(minutes=30)
    """From the first change that was not told: whoever changes a mark again and again does not hide it."""


def settled(began_at: datetime, changed_at: datetime, undo_window: timedelta, settle: Settle) -> datetime:
    """Return the raw moment of what was first changed at ``began_at``, last at ``changed_at``, and not told between.

    Never within the undo window of the newest change. A mark changed several times meanwhile is told once, as it
    stands at the end: its thread wants the newest version, and this is when it may leave.
    """
    return max(changed_at + undo_window, min(changed_at + settle.pause, began_at + settle.longest))
