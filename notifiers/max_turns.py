"""How fast one dialogue of MAX may be spoken to, and how long it is left alone after a 429.

Sends, edits and answers alike: at most two calls a second for one dialogue (dev.max.ru/docs-api, ``POST /messages`` and
``PUT /messages``). A 429 tells no time to wait.
"""

from collections import deque
from collections.abc import Callable
from datetime import timedelta

from notifiers.max_errors import PAUSED, MaxReason
from notifiers.pauses import Pauses
from notifiers.port import Deferred

_CALLS = 2
_WITHIN = 1.1
"""Seconds for so many calls: the second of the rule, and a tenth for those that the network brings closer together."""
_FIRST_PAUSE = 1
_LONGEST_PAUSE = 64
"""Seconds; each 429 in a row doubles the pause."""
_FORGOTTEN = 600.0
"""Seconds after which an earlier 429 counts no more."""


class DialogueTurns:
    """``Turns`` of dialogues. ``clock`` is monotonic seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._begun: dict[str, deque[float]] = {}
        self._swept_at = clock()

    def next_for(self, address: str) -> float:
        """When the next call for this dialogue may begin."""
        begun = self._begun.get(address)
        return float("-inf") if begun is None or len(begun) < _CALLS else begun[0] + _WITHIN

    def begin(self, address: str) -> None:
        """Note that a call begins now."""
        now = self._clock()
        if now - self._swept_at > _WITHIN:
            self._begun = {one: begun for one, begun in self._begun.items() if now - begun[-1] <= _WITHIN}
            self._swept_at = now
        self._begun.setdefault(address, deque(maxlen=_CALLS)).append(now)


class GrowingPauses:
    """``Pauses`` whose length is our own: it grows with every 429 in a row, until the dialogue answers otherwise."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._pauses = Pauses(clock, PAUSED)
        self._in_a_row: dict[str, tuple[int, float]] = {}

    def standing(self, address: str) -> Deferred | None:
        """Tell the pause that a message for this dialogue would break now, if any."""
        return self._pauses.standing(address)

    def refused(self, address: str) -> Deferred:
        """Note a 429; how long to wait now, ``whole_credential`` set if it binds the bot."""
        now = self._clock()
        self._in_a_row = {one: row for one, row in self._in_a_row.items() if now - row[1] <= _FORGOTTEN}
        before, _ = self._in_a_row.get(address, (0, now))
        self._in_a_row[address] = (before + 1, now)
        pause = timedelta(seconds=min(_FIRST_PAUSE << min(before, _LONGEST_PAUSE.bit_length()), _LONGEST_PAUSE))
        return self._pauses.refused(address, Deferred(MaxReason.TOO_MANY_REQUESTS, pause))

    def answered(self, address: str) -> None:
        """Note an answer that is no 429."""
        self._in_a_row.pop(address, None)
