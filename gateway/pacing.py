"""Exact pacing of one credential: never more than the messenger allows, never a burst after a pause."""

from dataclasses import dataclass

MOMENT = 0.001
"""Seconds: whoever waits for less would turn on the spot, since a clock does not tell so little apart."""


@dataclass(slots=True)
class Pacer:
    """A token bucket that starts empty and holds at most one second's worth, but room for one message at any rate.

    ``rate`` is in messages a second; times are seconds of a monotonic clock, given by the caller.
    """

    rate: float
    since: float
    tokens: float = 0.0

    def available(self, now: float) -> int:
        """Return how many messages may leave now."""
        self.tokens = min(max(1.0, self.rate), self.tokens + (now - self.since) * self.rate)
        self.since = now
        return int(self.tokens)

    def take(self, count: int) -> None:
        """Note that so many left."""
        self.tokens -= count

    def wait(self) -> float:
        """Return the seconds until one message may leave, as of the last ``available``; a moment at least."""
        return max(MOMENT, (1 - self.tokens) / self.rate)
