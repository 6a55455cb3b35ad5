"""Edits of one dialogue, merged: whoever taps fast sees the newest screen at once, not every one in its turn.

MAX grants two requests a second to a dialogue, sends, edits and answers alike; Telegram says one message a second. An
edit that would have to wait is put aside, and leaves when there is a turn, unless a newer one of the same message has
taken its place. What a person did is in the journal by then: an edit that is lost with its process leaves an old
screen, and the next press draws it anew.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from structlog.typing import FilteringBoundLogger

from bot.pace import Pace
from bot.retry import failure_code

TRIES = 3
"""Of an edit that was put aside, while the way or the other side is in trouble."""
LONGEST_REST = 20.0
"""Seconds that a dialogue rests when its messenger asks for it: by then a person has tapped again."""
LAST_SECONDS = 3.0
"""How long a closing bot waits for edits that were put aside."""

type Send = Callable[[], Awaitable[object]]


@dataclass(slots=True)
class _Dialogue:
    aside: dict[str, Send] = field(default_factory=dict)
    """By message, the newest edit of it."""
    leaving: asyncio.Task[None] | None = None


@dataclass(slots=True)
class Edits:
    """Lets edits go at the pace of their dialogue."""

    pace: Pace
    log: FilteringBoundLogger
    _dialogues: dict[int, _Dialogue] = field(default_factory=dict)

    async def go(self, chat: int, message: str, send: Send) -> None:
        """Edit a message now, or as soon as there is a turn. Raises what ``send`` raises only if it goes now."""
        dialogue = self._dialogues.setdefault(chat, _Dialogue())
        if dialogue.leaving is None and self.pace.is_free(chat):
            await self.pace.turn(chat)
            try:
                await send()
            finally:
                self._drop(chat, dialogue)
            return
        dialogue.aside[message] = send
        if dialogue.leaving is None:
            dialogue.leaving = asyncio.create_task(self._leave(chat, dialogue))

    async def close(self) -> None:
        """Let what was put aside go, for a moment."""
        leaving = [one.leaving for one in self._dialogues.values() if one.leaving is not None]
        if leaving:
            _, late = await asyncio.wait(leaving, timeout=LAST_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _leave(self, chat: int, dialogue: _Dialogue) -> None:
        try:
            while dialogue.aside:
                await self._next(chat, dialogue)
        finally:
            dialogue.leaving = None
            self._drop(chat, dialogue)

    async def _next(self, chat: int, dialogue: _Dialogue) -> None:
        """Let the edit that waits longest go, in its newest form, until it has gone or cannot."""
        message = next(iter(dialogue.aside))
        for last in (*(False,) * (TRIES - 1), True):
            await self.pace.turn(chat)
            send = dialogue.aside[message]
            if await self._is_over(send, last=last):
                break
        # A newer one may have come while this one was on its way: it has a turn of its own.
        if dialogue.aside[message] is send:
            del dialogue.aside[message]

    async def _is_over(self, send: Send, *, last: bool) -> bool:
        try:
            await send()
        except TelegramRetryAfter as failure:
            if last:
                self._failed(failure)
            else:
                await self.pace.pause(min(failure.retry_after, LONGEST_REST))
            return last
        except (TelegramNetworkError, TelegramServerError, ClientDecodeError) as failure:
            if last:
                self._failed(failure)
            return last
        except AiogramError as failure:
            self._failed(failure)
        return True

    def _failed(self, failure: Exception) -> None:
        self.log.info("bot.edit-lost", failure=failure_code(failure))

    def _drop(self, chat: int, dialogue: _Dialogue) -> None:
        if dialogue.leaving is None and not dialogue.aside:
            self._dialogues.pop(chat, None)
