"""How long to wait before another try. Pure: the randomness comes in as a number."""

from datetime import timedelta

FIRST = timedelta(seconds=2)
LONGEST = timedelta(minutes=5)
MAX_ATTEMPTS = 12
"""Tries of one message before it is given up on this channel: about half an hour."""
MAX_UNKNOWN_SENDS = 2
"""How often an absence may go out although an earlier copy may have arrived: once more, so twice at most."""


def backoff(attempts: int, jitter: float) -> timedelta:
    """Return the pause after ``attempts`` tries: doubled each time up to ``LONGEST``, then spread.

    ``jitter`` in [0, 1) takes off up to half of it, so that those who failed together do not return together.
    """
    doublings = min(max(attempts, 1) - 1, 20)
    whole = min(LONGEST, FIRST * (1 << doublings))
    return whole * (1 - jitter / 2)
