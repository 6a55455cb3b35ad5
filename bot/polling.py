"""Fetching updates: stored and committed before the next request confirms them to the messenger."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from aiogram import Bot
from aiogram.exceptions import TelegramConflictError, TelegramRetryAfter, TelegramUnauthorizedError
from structlog.typing import FilteringBoundLogger

from bot.inbox import Inbox, is_number
from bot.retry import failure_code
from bot.wire import REQUEST_SECONDS, GetRawUpdates
from core.school_time import MachineClock

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0

type Pause = Callable[[float], Awaitable[None]]
"""Waits so many seconds."""


class Updates(Protocol):
    """The updates of one bot, wherever they come from."""

    async def fetch(self, place: int | None, seconds: int) -> tuple[int | None, int]:
        """Wait up to ``seconds`` for updates, and store what came.

        Returns the place from which to go on, which confirms what is before it, and how many came. Raises aiogram's
        errors.
        """
        ...

    async def take(self, updates: Sequence[Mapping[str, Any]]) -> int:
        """Store updates as the messenger sent them; return how many there are to handle."""
        ...


@dataclass(frozen=True, slots=True)
class PollingTools:
    """What polling works with."""

    updates: Updates
    pause: Pause
    stored: Callable[[], None]
    """Called after updates were stored; must not block."""
    log: FilteringBoundLogger


async def poll(tools: PollingTools, *, seconds: int) -> None:
    """Fetch updates for as long as the process lives; no trouble ends it. ``seconds`` is the length of a long poll."""
    place: int | None = None
    pause = 0.0
    while True:
        try:
            place, came = await tools.updates.fetch(place, seconds)
        except Exception as failure:  # noqa: BLE001 - whatever it was, the bot must go on listening
            pause = _pause_after(failure, pause)
            _log(tools.log, failure, pause)
            await tools.pause(pause)
            continue
        if came:
            tools.stored()
        if pause:
            tools.log.info("bot.updates-fetched")
        pause = 0.0


@dataclass(frozen=True, slots=True)
class TelegramUpdates:
    """``Updates`` of the Bot API."""

    bot: Bot
    inbox: Inbox
    clock: MachineClock

    async def fetch(self, place: int | None, seconds: int) -> tuple[int | None, int]:
        """Store one batch and return the offset that will confirm it.

        After an empty answer there is nothing to confirm, and no offset is sent: after a silent week Telegram goes on
        from a random id, which may be smaller.
        """
        method = GetRawUpdates(offset=place, timeout=seconds, allowed_updates=list(ALLOWED_UPDATES))
        updates = await self.bot(method, request_timeout=seconds + REQUEST_SECONDS)
        if not updates:
            return None, 0
        came = await self.take(updates)
        return max(int(update["update_id"]) for update in updates) + 1, came

    async def take(self, updates: Sequence[Mapping[str, Any]]) -> int:
        """Store updates under their own numbers; one without a number under what it says, for a person to look at."""
        await self.inbox.store([_numbered(update) for update in updates], self.clock.now())
        return len(updates)


def _numbered(update: Mapping[str, Any]) -> Mapping[str, Any]:
    if is_number(update.get("update_id")):
        return update
    said = json.dumps(update, sort_keys=True).encode()
    return {"update_id": int.from_bytes(hashlib.sha256(said).digest()[:8]) >> 1, "unreadable": update}


def _pause_after(failure: Exception, pause: float) -> float:
    if isinstance(failure, TelegramRetryAfter):
        return float(failure.retry_after)
    if isinstance(failure, TelegramUnauthorizedError):
        return LONGEST_PAUSE
    return min(max(pause * 2, FIRST_PAUSE), LONGEST_PAUSE)


def _log(log: FilteringBoundLogger, failure: Exception, pause: float) -> None:
    code = failure_code(failure)
    match failure:
        case TelegramUnauthorizedError():
            log.error("bot.token-refused", failure=code, pause=pause)
        case TelegramConflictError():
            # Another process polls with the same token, or a webhook is set: a person must look.
            log.error("bot.polled-elsewhere", failure=code, pause=pause)
        case _:
            log.warning("bot.updates-not-fetched", failure=code, pause=pause)
