"""How long to wait before another try, and when another way comes first. Pure: the randomness comes in as a number."""

from datetime import timedelta

from gateway.states import Lane

FIRST = timedelta(seconds=2)
LONGEST = timedelta(minutes=5)
TRIES = 12
"""Tries of one message before another way is looked for: about twenty minutes. It is tried on if there is none."""
URGENT_TRIES = 8
"""The same of what cannot wait: two to four minutes. A shorter trouble is over before a letter would be read."""
MAX_UNKNOWN_SENDS = 2
"""How often an absence may go out although an earlier copy may have arrived: once more, so twice at most."""


def tries_of(lane: int) -> int:
    """Return how often a message is tried before another way is looked for."""
    return URGENT_TRIES if lane == int(Lane.URGENT) else TRIES


def backoff(attempts: int, jitter: float) -> timedelta:
    """Return the pause after ``attempts`` tries: doubled each time up to ``LONGEST``, then spread.

    ``jitter`` in [0, 1) takes off up to half of it, so that those who failed together do not return together.
    """
    doublings = min(max(attempts, 1) - 1, 20)
    whole = min(LONGEST, FIRST * (1 << doublings))
    return whole * (1 - jitter / 2)
