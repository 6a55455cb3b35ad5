"""When messages are due, found minute by minute from what a wall clock shows: slow, and nothing like the real code.

Everything here lies on whole minutes.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

RUSSIAN = (
    "Europe/Kaliningrad",
    "Europe/Moscow",
    "Europe/Samara",
    "Asia/Yekaterinburg",
    "Asia/Omsk",
    "Asia/Krasnoyarsk",
    "Asia/Irkutsk",
    "Asia/Yakutsk",
    "Asia/Vladivostok",
    "Asia/Magadan",
    "Asia/Kamchatka",
)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
FAMILY_QUIET, STAFF_QUIET = (time(21), time(7)), (time(19), time(7, 30))
"""Wall clock from and until which people are left alone unless their school says otherwise. Source: channels.md §8."""
CHANGES = (
    # Zones whose clocks were, or are, changed, and the day of it: forward and back, once for all or every year.
    ("Asia/Kamchatka", date(2011, 3, 27)),
    ("Europe/Moscow", date(2011, 3, 27)),
    ("Europe/Moscow", date(2014, 10, 26)),
    ("Asia/Magadan", date(2016, 4, 24)),
    ("Asia/Tomsk", date(2016, 5, 29)),
    ("Europe/Saratov", date(2016, 12, 4)),
    ("Europe/Volgograd", date(2018, 10, 28)),
    ("Europe/Volgograd", date(2020, 12, 27)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("Europe/Berlin", date(2027, 3, 28)),
)

zones = st.sampled_from((*RUSSIAN, "Europe/Berlin"))
minutes = st.integers(0, 24 * 60 - 1)
clocks = minutes.map(lambda minute: time(minute // 60, minute % 60))
# Two winters and two summers; nothing of it on a day on which Berlin changes its clocks, nor next to one.
_FIRST = datetime(2026, 10, 28, tzinfo=UTC)
moments = st.integers(0, 143 * 24 * 60).map(lambda minute: _FIRST + minute * MINUTE)
spans = st.integers(0, 4 * 24 * 60).map(lambda minute: minute * MINUTE)
weekdays = st.frozensets(st.integers(1, 7), max_size=3)


def shown(at: datetime, zone: str) -> datetime:
    """Return what the wall clock shows."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def is_quiet(at: datetime, quiet: tuple[time, time], zone: str, days_off: Iterable[int] = ()) -> bool:
    """Say by the wall clock alone whether a moment is quiet."""
    wall = shown(at, zone)
    begins, ends = quiet
    now = wall.time()
    if wall.isoweekday() in days_off:
        return True
    if begins <= ends:
        return begins <= now < ends
    return now >= begins or now < ends


def ticks(at: datetime) -> Iterator[datetime]:
    """Go on minute by minute, this one first; a month at most."""
    return (at + number * MINUTE for number in range(32 * 24 * 60))


def first(at: datetime, is_so: Callable[[datetime], bool]) -> datetime:
    """Return the first minute from ``at`` on of which something is so."""
    return next(minute for minute in ticks(at) if is_so(minute))


@dataclass(frozen=True)
class SlowEvenings:
    """Evening letters, by a rule for each minute: does a letter leave now?"""

    zone: str
    clock: time | None = None
    weekday: int | None = None
    rests: frozenset[date] = frozenset()
    """Single days of rests that letters respect."""
    ends: datetime | None = None
    """End of the last lesson on its day."""
    usual: time = time(18)

    def leaves_at(self, minute: datetime) -> bool:
        """Say whether a letter leaves at this minute."""
        wall = shown(minute, self.zone)
        if not time(16) <= wall.time() <= time(20, 30) or wall.date() in self.rests:
            return False
        if wall.time() == time(20, 30) and self._rest_takes_a_letter(wall.date() + DAY):
            return True
        return self._is_on(wall.date()) and self._regular(minute, wall)

    def first_letter(self, not_before: datetime) -> datetime:
        """Return the first minute from ``not_before`` on at which a letter leaves."""
        minute = not_before
        while not self.leaves_at(minute):
            # Outside the evening there is nothing to find: on to the next full hour.
            outside = shown(minute, self.zone).hour not in range(16, 21)
            minute += (60 - shown(minute, self.zone).minute) * MINUTE if outside else MINUTE
        return minute

    def _is_on(self, day: date) -> bool:
        return self.weekday in (None, day.isoweekday())

    def _rest_takes_a_letter(self, day: date) -> bool:
        while day in self.rests:
            if self._is_on(day):
                return True
            day += DAY
        return False

    def _regular(self, minute: datetime, wall: datetime) -> bool:
        if self.clock is not None:
            return wall.time() == self.clock
        if self.ends is None or shown(self.ends, self.zone).date() != wall.date():
            return wall.time() == self.usual
        # The first minute of the evening with so long a time behind the lessons, or its last one.
        is_time = minute - self.ends >= timedelta(minutes=90)
        was_time = minute - MINUTE - self.ends >= timedelta(minutes=90) and wall.time() > time(16)
        return (is_time and not was_time) or (wall.time() == time(20, 30) and not was_time)
