"""One change that is to be told to one reader: when. Puts together whatever delays a message, in one place. Pure.

undo window → settle time → the reader's letter, or the day's budget → school calendar → quiet hours → time to live.
What is urgent waits out the undo window and passes all the rest: an актированный день is announced at 6:15.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from core.school_time import end_of_school_date
from gateway.daily_budget import DailyBudget
from gateway.due_times import Hours, Settle, Timing, in_loud_hours, news, settled
from gateway.school_days import EVERY_EVENING, Evenings, Rhythm
from gateway.terms import Terms

AFTER_QUIET = timedelta(hours=2)
"""What a quiet time has held back, and whose time would be over, is told for so long when it ends: never dropped."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What changed, as time sees it; the same to every reader."""

    subject: str
    changed_at: datetime
    """Of the newest version."""
    day: date
    """School day that the subject is about."""
    zone: str
    """Of the school."""
    undo_window: timedelta
    terms: Terms
    began_at: datetime | None = None
    """Of the first version that was not told; None: of the newest."""
    settle: Settle = field(default_factory=Settle)
    urgent: bool = False
    alone: bool = False
    """It waits for no letter: what asks for an answer needs its buttons."""
    until: date | None = None
    """The last school day on which it is of use (``terms.useful_until``)."""
    needed_by: datetime | None = None
    """A letter that leaves later is not waited for (``terms.needed_by``)."""
    over_at: datetime | None = None
    """It is no news any more, however little time it had (``terms.over_at``)."""

    @property
    def not_before(self) -> datetime:
        """Return the raw moment."""
        if self.urgent or not self.terms.settles:
            return self.changed_at + self.undo_window
        return settled(self.began_at or self.changed_at, self.changed_at, self.undo_window, self.settle)


@dataclass(frozen=True, slots=True)
class ReaderTimes:
    """When one reader may be reached, and when he wants to be."""

    hours: Hours
    evenings: Evenings
    rhythm: Rhythm | None = None
    """Of his letter, if that is how he wants this topic; None: at once."""
    budget: DailyBudget = field(default_factory=DailyBudget)
    overflow: Rhythm = EVERY_EVENING
    """Of the letter that takes what is over the budget: his daily one if he has one, so that there are not two."""

    def slot_following(self, slot: datetime) -> datetime:
        """Return his letter after one that has left, or was closed, already."""
        return self.evenings.slot_following(slot, self.rhythm or self.overflow)


def timed(occasion: Occasion, reader: ReaderTimes, at: datetime) -> Timing:
    """Say when an occasion is told to a reader; looked at again, at any time ``at``, it says the same.

    Only what could not leave in its own loud time is due in the one of ``at``, or in the next.
    """
    if occasion.urgent:
        return news(occasion.changed_at, occasion.undo_window, occasion.day, occasion.zone)
    slot = _slot(occasion, reader)
    timing = in_loud_hours(slot or occasion.not_before, reader.hours, at)
    first_due = reader.hours.first_loud(slot or occasion.not_before)
    expires_at = max(first_due + occasion.terms.lives, _outlives(occasion, reader.hours, first_due))
    if occasion.until is not None:
        expires_at = max(expires_at, end_of_school_date(occasion.until, occasion.zone))
    if occasion.over_at is not None:
        expires_at = min(expires_at, max(occasion.over_at, occasion.not_before))
    return Timing(occasion.not_before, timing.due_at, expires_at, timing.leave_by, slot)


def _outlives(occasion: Occasion, hours: Hours, first_due: datetime) -> datetime:
    """Return until when it lives if it could not leave before a quiet time began; of what is of its day, no longer."""
    quiet = hours.next_quiet(first_due) if occasion.terms.outlives_quiet else None
    return first_due if quiet is None else hours.first_loud(quiet) + AFTER_QUIET


def _slot(occasion: Occasion, reader: ReaderTimes) -> datetime | None:
    """Return the letter with which an occasion goes; None: it goes alone."""
    if occasion.alone:
        return None
    rhythm = reader.rhythm or (reader.overflow if _is_over(occasion, reader) else None)
    slot = None if rhythm is None else reader.evenings.slot_after(occasion.not_before, rhythm)
    return None if occasion.needed_by is not None and slot is not None and slot > occasion.needed_by else slot


def _is_over(occasion: Occasion, reader: ReaderTimes) -> bool:
    """Tell whether the reader's day is full, and this is of what gives way then."""
    has_room = reader.budget.has_room
    return occasion.terms.overflows and not has_room(occasion.subject, occasion.not_before, reader.hours)
