"""Telegram's published rates as exact sliding windows: off until told.

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this — about 30 messages a second for a
bot and one a second for a chat. The real limits are unpublished and let short bursts pass; these do not. New messages
alone count.
"""

import math
from collections import deque
from dataclasses import dataclass, field

from zvonok.sandbox.chronicle import MonotonicClock
from zvonok.sandbox.refusals import too_many_requests

_SECOND = 1.0


@dataclass(frozen=True, slots=True)
class Rates:
    """How many new messages are let through within any one second; None lets all through."""

    per_token: int | None = None
    per_chat: int | None = None


@dataclass(slots=True)
class _Window:
    times: deque[float] = field(default_factory=deque)

    def wait(self, now: float, limit: int) -> float:
        """Seconds until one more fits; zero if it fits now."""
        while self.times and self.times[0] <= now - _SECOND:
            self.times.popleft()
        return 0.0 if len(self.times) < limit else self.times[-limit] + _SECOND - now


class Limits:
    """Windows of tokens and of chats, on a monotonic clock in seconds."""

    def __init__(self, monotonic: MonotonicClock) -> None:
        self._monotonic = monotonic
        self._rates = Rates()
        self._windows: dict[tuple[int, int | None], _Window] = {}

    @property
    def rates(self) -> Rates:
        """What is enforced now."""
        return self._rates

    def enforce(self, *, per_token: int | None = 30, per_chat: int | None = 1) -> None:
        """Enforce from now on; the last second counts. ``ValueError`` for a rate below one."""
        if any(rate is not None and rate < 1 for rate in (per_token, per_chat)):
            raise ValueError("Предел должен быть не меньше одного сообщения в секунду.")
        self._rates = Rates(per_token, per_chat)

    def lift(self) -> None:
        """Let everything through again."""
        self._rates = Rates()

    def check(self, bot_id: int, chat_id: int) -> None:
        """Refuse with 429 and whole seconds to wait (at least one) if a message does not fit now."""
        now = self._monotonic()
        waits = (
            self._window(bot_id, None).wait(now, limit) if (limit := self._rates.per_token) is not None else 0.0,
            self._window(bot_id, chat_id).wait(now, limit) if (limit := self._rates.per_chat) is not None else 0.0,
        )
        if max(waits) > 0:
            raise too_many_requests(max(1, math.ceil(max(waits))))

    def count(self, bot_id: int, chat_id: int) -> None:
        """Count a message that came to its chat."""
        now = self._monotonic()
        for chat in (None, chat_id):
            window = self._window(bot_id, chat)
            window.wait(now, 1)
            window.times.append(now)

    def _window(self, bot_id: int, chat_id: int | None) -> _Window:
        return self._windows.setdefault((bot_id, chat_id), _Window())
