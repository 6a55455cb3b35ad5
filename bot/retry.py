"""What becomes of an update whose handler failed. Pure.

Somebody else's trouble (the messenger or the database is away, too many requests) is waited out for a day and does not
count against the update. Anything else is our own mistake: a few tries, then the update is set aside, so that one bad
update never stops its conversation.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from traceback import extract_tb
from types import TracebackType

from aiogram.exceptions import (
    ClientDecodeError,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

PAUSES = (timedelta(seconds=1), timedelta(seconds=5), timedelta(seconds=25))
"""Between tries after a mistake of ours."""
MAX_ATTEMPTS = len(PAUSES) + 1
PATIENCE = timedelta(hours=24)
"""How long somebody else's trouble is waited out; Telegram itself keeps an update no longer."""
SHORTEST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(minutes=1)
GAVE_UP = "claimed too often"
"""Failure of an update whose handler never came to an end: the process died each time."""
_AWAY = ("08", "53", "57P")
"""SQLSTATE classes of a server that is away, full or shutting down."""
_HOUSE = Path(__file__).parent.parent
_ROOMS = frozenset({"bot", "core", "gateway", "texts"})
_WIRE = Path("bot/wire.py")
_OTHERS_TROUBLE = (
    asyncio.TimeoutError,
    OSError,
    PoolTimeoutError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
    TelegramConflictError,
    ClientDecodeError,
)


class UndecodableUpdateError(Exception):
    """What came is no update that we know; trying again will not help."""


@dataclass(frozen=True, slots=True)
class TryAgain:
    """Put the update off."""

    at: datetime
    blameless: bool


@dataclass(frozen=True, slots=True)
class SetAside:
    """Let the queue go on without it."""


type Verdict = TryAgain | SetAside


def verdict_on(failure: Exception, *, attempts: int, received_at: datetime, now: datetime) -> Verdict:
    """Decide what becomes of the update after its ``attempts``-th try failed."""
    if isinstance(failure, UndecodableUpdateError):
        return SetAside()
    if is_others_trouble(failure):
        waited = now - received_at
        return TryAgain(now + _pause(failure, waited), blameless=True) if waited < PATIENCE else SetAside()
    if attempts < MAX_ATTEMPTS:
        return TryAgain(now + PAUSES[attempts - 1], blameless=False)
    return SetAside()


def is_others_trouble(failure: BaseException) -> bool:
    """Tell whether the failure is the network's, the messenger's or the database server's."""
    if isinstance(failure, TelegramEntityTooLarge):
        return False
    if isinstance(failure, _OTHERS_TROUBLE):
        return True
    if isinstance(failure, DBAPIError) and failure.connection_invalidated:
        return True
    state = getattr(failure, "sqlstate", None)
    if isinstance(state, str) and state.startswith(_AWAY):
        return True
    return failure.__cause__ is not None and is_others_trouble(failure.__cause__)


def failure_code(failure: BaseException) -> str:
    """Name a failure by its type and our own line: its text may hold names, or a URL with the token in it."""
    place = _our_line(failure.__traceback__)
    return f"{type(failure).__name__} at {place}" if place else type(failure).__name__


def _our_line(trace: TracebackType | None) -> str | None:
    for frame in reversed(extract_tb(trace)):
        path = Path(frame.filename)
        if not path.is_relative_to(_HOUSE):
            continue
        inside = path.relative_to(_HOUSE)
        # Every answer is read on the wire: whoever asked for it says more.
        if inside.parts[0] in _ROOMS and inside != _WIRE:
            return f"{inside.as_posix()}:{frame.lineno}"
    return None


def _pause(failure: Exception, waited: timedelta) -> timedelta:
    if isinstance(failure, TelegramRetryAfter):
        return timedelta(seconds=failure.retry_after)
    return min(max(waited / 2, SHORTEST_WAIT), LONGEST_WAIT)
