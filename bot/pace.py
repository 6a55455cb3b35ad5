"""No more requests a second go to one dialogue than its messenger grants, and to all no more than alerts leave over.

Source: dev.max.ru, «Ограничения»: two for a dialogue, thirty for a bot; sends, edits and answers alike. Telegram's Bots
FAQ: one message a second for a chat, thirty for a bot; what it grants to edits is not published.
Alerts leave by the same bot. A roll call that took of the thirty what it liked would have them refused: sixty alerts
took 21 seconds beside thirty taps a second, and 2.7 without (``tests/integration/test_alerts_beside_taps.py``).
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

OF_MAX, OF_TELEGRAM = 2, 1
"""Requests a second of one dialogue."""
SECOND = 1.1
"""Seconds: the second of the rule, and a tenth for requests that the network brings closer together."""
KNOWN = 1000
"""Dialogues remembered before those that have been quiet are forgotten."""


@dataclass(slots=True)
class _Second:
    """The requests of the last second, of which there may be so many."""

    granted: int
    lately: deque[float] = field(default_factory=deque)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def wait(self, now: float) -> float:
        """Return the seconds until one more request fits."""
        while self.lately and self.lately[0] + SECOND <= now:
            self.lately.popleft()
        return self.lately[-self.granted] + SECOND - now if len(self.lately) >= self.granted else 0.0

    def is_free(self, now: float) -> bool:
        return not self.turn.locked() and self.wait(now) <= 0


@dataclass(slots=True)
class Pace:
    """Gives turns. ``clock`` is monotonic seconds; ``pause`` waits so many of them."""

    clock: Callable[[], float]
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    granted: int = OF_MAX
    """Requests a second of one dialogue."""
    reserve: int | None = None
    """Requests a second that are the conversation's; None: as many as it likes."""
    _dialogues: dict[int, _Second] = field(default_factory=dict)
    _whole: _Second | None = None

    def __post_init__(self) -> None:
        if self.reserve is not None:
            self._whole = _Second(self.reserve)

    async def turn(self, chat: int) -> None:
        """Wait until one more request may go to a dialogue."""
        dialogue = self._dialogues.setdefault(chat, _Second(self.granted))
        async with dialogue.turn:
            await self._fit(dialogue)
            if self._whole is not None:
                async with self._whole.turn:
                    await self._fit(self._whole)
                    self._whole.lately.append(self.clock())
            dialogue.lately.append(self.clock())
        self._tidy()

    def count(self, chat: int) -> None:
        """Count a request that goes to a dialogue without waiting for its turn: the next one waits for it."""
        self._dialogues.setdefault(chat, _Second(self.granted)).lately.append(self.clock())
        self._tidy()

    def is_free(self, chat: int) -> bool:
        """Tell whether a request to a dialogue would not have to wait."""
        now, dialogue = self.clock(), self._dialogues.get(chat)
        of_all = self._whole is None or self._whole.is_free(now)
        return of_all and (dialogue is None or dialogue.is_free(now))

    async def _fit(self, second: _Second) -> None:
        while (wait := second.wait(self.clock())) > 0:
            await self.pause(wait)

    def _tidy(self) -> None:
        if len(self._dialogues) <= KNOWN:
            return
        before = self.clock() - SECOND
        kept = {
            chat: one
            for chat, one in self._dialogues.items()
            if one.turn.locked() or max(one.lately, default=0) > before
        }
        self._dialogues = kept
