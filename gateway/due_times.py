"""When a message is due, and until when it is news. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.school_time import end_of_school_date

LATE_ENTRY_LIVES = timedelta(hours=12)
"""An absence entered after its day was over is still told for so long."""
CORRECTION_LIVES = timedelta(days=2)
"""What was told wrongly is worth correcting for so long; messengers also let us delete for two days only."""


@dataclass(frozen=True, slots=True)
class Timing:
    """``not_before`` is the raw moment, ``due_at`` what follows from it, ``expires_at`` when it stops being news."""

    not_before: datetime
    due_at: datetime
    expires_at: datetime


def news(occurred_at: datetime, undo_window: timedelta, day: date, zone: str) -> Timing:
    """Time a message that tells something new: it waits out the undo window and lives to the end of the school day.

    "Absent from lesson 1" is no news next morning. An entry made when the day was over lives ``LATE_ENTRY_LIVES``.
    """
    not_before = occurred_at + undo_window
    end = end_of_school_date(day, zone)
    expires_at = end if not_before < end else not_before + LATE_ENTRY_LIVES
    return Timing(not_before, not_before, expires_at)


def correction(occurred_at: datetime) -> Timing:
    """Time a message that takes back or clarifies what was told: at once."""
    return Timing(occurred_at, occurred_at, occurred_at + CORRECTION_LIVES)
