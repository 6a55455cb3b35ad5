"""Pauses that 429 answers ask for: of one chat, or of the whole bot.

No messenger says whether the chat or the bot went too fast. So a 429 pauses its chat, and 429s for two chats within a
second pause the bot. Asking again inside a pause only lengthens it: a paused message does not go to the wire.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from notifiers.port import Deferred

_TOGETHER = 1.0
"""Seconds within which 429s of two chats mean the bot."""


class PauseReasons(NamedTuple):
    """The channel's names for being paused."""

    chat: str
    credential: str


class Pauses:
    """What is paused until when, by a monotonic clock in seconds."""

    def __init__(self, clock: Callable[[], float], reasons: PauseReasons) -> None:
        self._clock = clock
        self._reasons = reasons
        self._chat_until: dict[str, float] = {}
        self._refused_at: dict[str, float] = {}
        self._bot_until = float("-inf")

    def refused(self, chat: str, told: Deferred) -> Deferred:
        """Note a 429 for a chat; the same outcome, with ``whole_credential`` set if it binds the bot."""
        now = self._clock()
        self._forget_old(now)
        whole = any(other != chat for other in self._refused_at)
        self._refused_at[chat] = now
        until = now + (told.retry_after or timedelta()).total_seconds()
        self._chat_until[chat] = max(until, self._chat_until.get(chat, until))
        if whole:
            self._bot_until = max(self._bot_until, until)
        return Deferred(told.reason, told.retry_after, whole_credential=whole)

    def standing(self, chat: str) -> Deferred | None:
        """Tell the pause that a message for this chat would break now, if any."""
        if not self._chat_until:
            return None
        now = self._clock()
        if now < self._bot_until:
            left = timedelta(seconds=self._bot_until - now)
            return Deferred(self._reasons.credential, left, whole_credential=True)
        until = self._chat_until.get(chat, now)
        if now < until:
            return Deferred(self._reasons.chat, timedelta(seconds=until - now))
        return None

    def _forget_old(self, now: float) -> None:
        self._chat_until = {chat: until for chat, until in self._chat_until.items() if until > now}
        self._refused_at = {chat: at for chat, at in self._refused_at.items() if now - at <= _TOGETHER}
