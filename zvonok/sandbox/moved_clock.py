"""A school's clock that people move: forwards only, within one school year, and never back over what was lived.

Due times, quiet hours and school days follow it; leases, pacing and timeouts keep the machine's clock.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from core.school_time import SchoolClock
from zvonok.called_as import as_called

PROMISED_AHEAD = timedelta(minutes=1)
"""How much of the future is written down before it is lived: so much is skipped after a killed process."""


class ClockRefusedError(Exception):
    """The clock does not go there; the text says why, in Russian."""


class MovedClock:
    """Runs from where it stood last, or from ``first``; stands still at ``last``.

    The file holds a moment that was never passed: whatever was recorded under this clock is older, however the process
    ended. All moments are aware; the file's is UTC.
    """

    def __init__(
        self, path: Path, first: datetime, last: datetime, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._path = path
        self._monotonic = monotonic
        self.last = last
        kept = kept_moment(path)
        self._moment = first if kept is None else max(first, kept)
        self._since = monotonic()
        self._promised = self._moment
        self._watchers: list[Callable[[], None]] = []

    def now(self) -> datetime:
        """Return the aware time (UTC) by which the school lives."""
        at = min(self._moment + timedelta(seconds=self._monotonic() - self._since), self.last)
        if at >= self._promised:
            self._promise(at + PROMISED_AHEAD)
        return at

    def school_clock(self) -> SchoolClock:
        """Return the clock as every process takes it."""
        return SchoolClock(source=self.now)

    def move_to(self, at: datetime) -> None:
        """Go on from ``at``. Raises ``ClockRefusedError`` for the past and for what follows the school year."""
        if at < self.now():
            raise ClockRefusedError("Часы школы идут только вперёд: прошлое уже записано в журнал.")
        if at > self.last:
            raise ClockRefusedError(as_called("Дальше учебный год кончается. Начните заново: make demo ARGS=--fresh."))
        self._promise(at + PROMISED_AHEAD)
        self._moment, self._since = at, self._monotonic()
        for moved in self._watchers:
            moved()

    def on_move(self, moved: Callable[[], None]) -> None:
        """Call ``moved`` after each move; it must not block."""
        self._watchers.append(moved)

    def close(self) -> None:
        """Write down where it stands, so that the next one goes on from here and not from the promise."""
        self._promise(self.now())

    def _promise(self, at: datetime) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        part = self._path.with_suffix(".part")
        part.write_text(at.isoformat(), encoding="ascii")
        part.replace(self._path)
        self._promised = at


def kept_moment(path: Path) -> datetime | None:
    """Return the moment that a clock wrote there, None if there was none."""
    try:
        return datetime.fromisoformat(path.read_text(encoding="ascii"))
    except FileNotFoundError:
        return None
