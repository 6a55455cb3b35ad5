"""When a message is due, and until when it is news. Pure.

Every time is derived from the moment of the fact, so that planning again changes nothing; only what could not leave
before a quiet time began is looked at from now on.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.school_time import at_school, end_of_school_date, school_date

LATE_ENTRY_LIVES = timedelta(hours=12)
"""An absence entered after its day was over is still told for so long."""
CORRECTION_LIVES = timedelta(days=2)
"""What was told wrongly is worth correcting for so long; messengers also let us delete for two days only."""
NEWS_LIVES = timedelta(days=7)
"""A mark, a remark or a notice is still news after so long."""


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
    """Quiet hours of a reader, by the school's wall clock; equal ends mean that there are none."""

    quiet_from: time
    quiet_until: time
    zone: str

    def first_loud(self, at: datetime) -> datetime:
        """Return the first moment from ``at`` on that is not quiet."""
        if self.quiet_from == self.quiet_until:
            return at
        # A quiet time that began yesterday may still last.
        for offset in (-1, 0):
            begins, ends = self._quiet(school_date(at, self.zone) + timedelta(days=offset))
            if begins <= at < ends:
                return ends
        return at

    def next_quiet(self, at: datetime) -> datetime | None:
        """Return the begin of the next quiet time after ``at``, which is loud; None if there are none."""
        if self.quiet_from == self.quiet_until:
            return None
        today = school_date(at, self.zone)
        begins = (self._quiet(today + timedelta(days=offset))[0] for offset in (0, 1, 2))
        return next(begin for begin in begins if begin > at)

    def _quiet(self, day: date) -> tuple[datetime, datetime]:
        over_night = self.quiet_until < self.quiet_from
        last = day + timedelta(days=1) if over_night else day
        return at_school(day, self.quiet_from, self.zone), at_school(last, self.quiet_until, self.zone)


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
    """Time what is not urgent: outside quiet hours, however late it is looked at."""
    due_at = hours.first_loud(not_before)
    expires_at = due_at + NEWS_LIVES
    leave_by = hours.next_quiet(due_at)
    if leave_by is not None and leave_by <= at:
        due_at = hours.first_loud(at)
        leave_by = hours.next_quiet(due_at)
    return Timing(not_before, due_at, expires_at, leave_by)


def slot_after(not_before: datetime, hour: int, zone: str) -> datetime:
    """Return the first evening letter, at ``hour`` of the school's wall clock, not before a moment."""
    day = school_date(not_before, zone)
    today = at_school(day, time(hour), zone)
    return today if not_before <= today else at_school(day + timedelta(days=1), time(hour), zone)


def in_digest(not_before: datetime, hour: int, hours: Hours, at: datetime) -> Timing:
    """Time what waits for the evening letter."""
    slot = slot_after(not_before, hour, hours.zone)
    timing = in_loud_hours(slot, hours, at)
    return Timing(not_before, timing.due_at, timing.expires_at, timing.leave_by, slot)
