"""How long to wait before another try, and when another way comes first. Pure: the randomness comes in as a number."""

from datetime import timedelta

from gateway.states import Lane

FIRST = timedelta(seconds=2)
LONGEST = timedelta(minutes=5)
TRIES = 12
"""Tries of one message before another way is looked for: about twenty minutes. It is tried on if there is none."""
URGENT_TRIES = 8
"""The same of what cannot wait: two to four minutes. A shorter trouble is over before a letter would be read."""
URGENT_PATIENCE = timedelta(minutes=4)
"""For how long what cannot wait is due on a bot or mail account that is refused, before another way is looked for."""
PATIENCE = timedelta(minutes=20)
"""The same of everything else. It is about as long as the tries last where the way itself is away."""
MAX_UNKNOWN_SENDS = 2
"""How often an absence may go out although an earlier copy may have arrived: once more, so twice at most."""


def tries_of(lane: int) -> int:
    """Return how often a message is tried before another way is looked for."""
    return URGENT_TRIES if lane == int(Lane.URGENT) else TRIES


def patience_of(lane: int) -> timedelta:
    """Return how long a message is due on a credential that is refused before another way is looked for."""
    return URGENT_PATIENCE if lane == int(Lane.URGENT) else PATIENCE


def backoff(attempts: int, jitter: float) -> timedelta:
    """Return the pause after ``attempts`` tries: doubled each time up to ``LONGEST``, then spread.

    ``jitter`` in [0, 1) takes off up to half of it, so that those who failed together do not return together.
    """
    doublings = min(max(attempts, 1) - 1, 20)
    whole = min(LONGEST, FIRST * (1 << doublings))
    return whole * (1 - jitter / 2)
