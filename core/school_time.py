"""Two clocks, both parameters, and the school's calendar day.

The *school clock* says when things are due and which school day it is; training and demonstrations may move it.
The *machine clock* counts leases, pacing and timeouts; nobody moves it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall_time
from zoneinfo import ZoneInfo

SCHOOL_YEAR_BEGINS = (9, 1)
"""Month and day on which totals of absences start anew."""
LISTS_OF_NEXT_YEAR_FROM = 7
"""In July nobody learns any more: whoever hands in lists means the classes of September."""


@dataclass(frozen=True, slots=True)
class SchoolClock:
    """The time that the school lives in: the machine's, moved by ``offset``."""

    offset: timedelta = timedelta()
    source: Callable[[], datetime] = field(default=lambda: datetime.now(UTC), repr=False)

    def now(self) -> datetime:
        """Return the aware time (UTC) by which the school lives."""
        return self.source() + self.offset


@dataclass(frozen=True, slots=True)
class MachineClock:
    """The machine's own time, for leases and pauses kept in the database, and a monotonic count for pacing."""

    source: Callable[[], datetime] = field(default=lambda: datetime.now(UTC), repr=False)
    monotonic: Callable[[], float] = field(default=time.monotonic, repr=False)

    def now(self) -> datetime:
        """Return the aware machine time (UTC)."""
        return self.source()


def school_date(at: datetime, zone: str) -> date:
    """Return the calendar day in the school's zone at an aware moment."""
    return at.astimezone(ZoneInfo(zone)).date()


def at_school(day: date, clock: wall_time, zone: str) -> datetime:
    """Return the aware moment (UTC) at which the school's wall clock shows ``clock`` on ``day``."""
    return datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)


def end_of_school_date(day: date, zone: str) -> datetime:
    """Return the aware moment (UTC) at which the school's calendar day is over."""
    return at_school(day + timedelta(days=1), wall_time(), zone)


def school_year_start(day: date) -> date:
    """Return the 1 September on or before ``day``."""
    start = date(day.year, *SCHOOL_YEAR_BEGINS)
    return start if day >= start else date(day.year - 1, *SCHOOL_YEAR_BEGINS)


def school_year_of_lists(day: date) -> int:
    """Return the school year, named by its September, of lists handed in on ``day``: from July on, the coming one."""
    return day.year if day.month >= LISTS_OF_NEXT_YEAR_FROM else day.year - 1


def month_of(day: date) -> date:
    """Return the first day of the month: the partition in which a subject of ``day`` lives."""
    return day.replace(day=1)
