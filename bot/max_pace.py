"""No more than two requests a second go to one dialogue of MAX: a third waits.

Source: dev.max.ru, «Ограничения»: sends, edits and answers alike (channels.md §2).
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

AT_ONCE = 2
SECOND = 1.1
"""Seconds: the second of the rule, and a tenth for requests that the network brings closer together."""
KNOWN = 1000
"""Dialogues remembered before those that have been quiet are forgotten."""


@dataclass(slots=True)
class _Dialogue:
    lately: deque[float] = field(default_factory=lambda: deque(maxlen=AT_ONCE))
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(slots=True)
class Pace:
    """Gives turns. ``clock`` is monotonic seconds; ``pause`` waits so many of them."""

    clock: Callable[[], float]
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    _dialogues: dict[int, _Dialogue] = field(default_factory=dict)

    async def turn(self, chat: int) -> None:
        """Wait until one more request may go to a dialogue."""
        dialogue = self._dialogues.setdefault(chat, _Dialogue())
        async with dialogue.turn:
            while (wait := self._wait(dialogue)) > 0:
                await self.pause(wait)
            dialogue.lately.append(self.clock())
        if len(self._dialogues) > KNOWN:
            self._forget()

    def is_free(self, chat: int) -> bool:
        """Tell whether a request to a dialogue would not have to wait."""
        dialogue = self._dialogues.get(chat)
        return dialogue is None or (not dialogue.turn.locked() and self._wait(dialogue) <= 0)

    def _wait(self, dialogue: _Dialogue) -> float:
        return dialogue.lately[0] + SECOND - self.clock() if len(dialogue.lately) == AT_ONCE else 0.0

    def _forget(self) -> None:
        before = self.clock() - SECOND
        kept = {
            chat: one
            for chat, one in self._dialogues.items()
            if one.turn.locked() or max(one.lately, default=0) > before
        }
        self._dialogues = kept
