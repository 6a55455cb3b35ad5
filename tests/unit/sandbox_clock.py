"""A clock for the sandbox that is moved by hand."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from zvonok.sandbox.bot_api import Clocks


@dataclass
class MovableClock:
    """Time that stands until it is moved."""

    wall: datetime = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)
    seconds: float = 1000.0

    def move(self, **span: float) -> None:
        step = timedelta(**span)
        self.wall += step
        self.seconds += step.total_seconds()

    @property
    def clocks(self) -> Clocks:
        return Clocks(wall=lambda: self.wall, monotonic=lambda: self.seconds)
