"""Telegram's published rates as exact sliding windows: off until told.

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this — about 30 messages a second for a
bot and one a second for a chat. The real limits are unpublished and let short bursts pass; these do not. New messages
alone count, unless edits are to count as well.
"""

from collections import deque
from dataclasses import dataclass

from zvonok.sandbox.chronicle import MonotonicClock
from zvonok.sandbox.refusals import too_many_requests

_SECOND = 1.0


@dataclass(frozen=True, slots=True)
class Rates:
    """How many new messages are let through within any one second; None lets all through."""

    per_token: int | None = None
    per_chat: int | None = None
    edits: bool = False
    """Edits count as well: no page of Telegram says whether they do."""


class Limits:
    """The last second of each token and of each chat, on a monotonic clock in seconds."""

    def __init__(self, monotonic: MonotonicClock) -> None:
        self._monotonic = monotonic
        self._rates = Rates()
        self._times: dict[tuple[int, int | None], deque[float]] = {}

    @property
    def rates(self) -> Rates:
        """What is enforced now."""
        return self._rates

    def enforce(self, *, per_token: int | None = 30, per_chat: int | None = 1, edits: bool = False) -> None:
        """Enforce from now on; the last second counts. ``ValueError`` for a rate below one."""
        if any(rate is not None and rate < 1 for rate in (per_token, per_chat)):
            raise ValueError("Предел должен быть не меньше одного сообщения в секунду.")
        self._rates = Rates(per_token, per_chat, edits)

    def lift(self) -> None:
        """Let everything through again."""
        self._rates = Rates()

    def check(self, bot_id: int, chat_id: int) -> None:
        """Refuse with 429 if a message does not fit now. A second's window is never full for longer than a second."""
        for chat, rate in ((None, self._rates.per_token), (chat_id, self._rates.per_chat)):
            if rate is not None and len(self._last_second(bot_id, chat)) >= rate:
                raise too_many_requests(1)

    def count(self, bot_id: int, chat_id: int) -> None:
        """Count a message that came to its chat."""
        for chat in (None, chat_id):
            self._last_second(bot_id, chat).append(self._monotonic())

    def _last_second(self, bot_id: int, chat_id: int | None) -> deque[float]:
        times = self._times.setdefault((bot_id, chat_id), deque())
        while times and times[0] <= self._monotonic() - _SECOND:
            times.popleft()
        return times
