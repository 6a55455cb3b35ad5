"""How much a measurement does: whole, for its figures, or so little that only its running is shown."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Extent:
    """Of sending: messages a round, and rounds. Of claiming: finished messages beside, and turns."""

    messages: int
    rounds: int
    finished: int
    turns: int
    warm: int
    """Turns before those that count: a connection's first ones are planned for their values, later ones once."""


WHOLE = Extent(messages=4000, rounds=11, finished=1_000_000, turns=20, warm=6)
QUICK = Extent(messages=40, rounds=1, finished=2_000, turns=1, warm=0)
"""Shows that it still runs; its figures mean nothing."""
