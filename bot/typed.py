"""What is typed, photographed or forwarded while a writing waits for words: it belongs to the writing that asks.

Commands stay commands, «урок» opens the lesson, codes stay codes, and a birth date that was asked for stays one.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from aiogram import BaseMiddleware, F, Router
from aiogram.enums import ChatType
from aiogram.types import CallbackQuery, Message, TelegramObject

from bot import writings
from bot.announce_payloads import read_absence
from bot.birth_date import read_birth_date
from bot.code_text import shown_code
from bot.desk import Desk
from bot.screens import Screen
from bot.stray import SENT_BY_PEOPLE
from bot.teacher_payloads import Token, read
from bot.turn import Turn
from bot.unasked import asks_for_lesson
from bot.writings import Waiting
from core.account import accounts

CUT_FROM = 4000
"""A text so long may have been cut by the messenger, which takes 4096 characters. Source: sendMessage."""


type Next = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class Scribe(Protocol):
    """Whoever takes the words of one kind of writing."""

    async def take(self, turn: Turn, token: Token, text: str) -> None:
        """Take what was typed."""


@dataclass(frozen=True, slots=True)
class Typed:
    """Gives what is typed to whoever asked for it."""

    desk: Desk
    scribes: Mapping[str, Scribe]
    """By kind of writing."""

    def router(self) -> Router:
        """Return the router; to be included before all that answer any text."""
        router = Router(name="typed")
        private = F.chat.type == ChatType.PRIVATE
        router.message.register(self.on_forwarded, private, F.forward_origin, self._waiting)
        router.message.register(self.on_no_text, private, F.content_type.in_(SENT_BY_PEOPLE), self._waiting)
        router.message.register(self.on_text, private, F.text, self._meant_for_a_writing)
        return router

    async def on_forwarded(self, _: Message, turn: Turn, waiting: Waiting) -> None:
        """Say that words of somebody else are not taken."""
        await turn.say(Screen(self.desk.texts.format(f"teacher-{waiting.kind}-no-forward")))

    async def on_no_text(self, _: Message, turn: Turn, waiting: Waiting) -> None:
        """Say that a picture is no words."""
        await turn.say(Screen(self.desk.texts.format(f"teacher-{waiting.kind}-no-picture")))

    async def on_text(self, message: Message, turn: Turn, waiting: Waiting) -> None:
        """Give the words to the writing; not the tail of a text that the messenger has cut."""
        text = message.text or ""
        if waiting.is_tail(message.message_id, message.date):
            return
        if len(text) >= CUT_FROM:
            async with self.desk.bot.begin() as session:
                await writings.note_cut(session, turn.account, waiting.token, message.message_id, message.date)
        await self.scribes[waiting.kind].take(turn, waiting.token, text)

    async def _meant_for_a_writing(self, message: Message, turn: Turn) -> bool | dict[str, Any]:
        text = message.text or ""
        if text.startswith("/") or shown_code(text) is not None or asks_for_lesson(text):
            return False
        found = await self._waiting(message, turn)
        return found if found and not await self._is_birth_date(text, turn) else False

    async def _waiting(self, _: Message, turn: Turn) -> bool | dict[str, Any]:
        async with self.desk.bot.begin() as session:
            found = await writings.waiting(session, turn.account, self.desk.machine_clock.now())
        return {"waiting": found} if found is not None and found.kind in self.scribes else False

    async def _is_birth_date(self, text: str, turn: Turn) -> bool:
        if read_birth_date(text, turn.at.date()) is None:
            return False
        async with self.desk.core.begin() as session:
            return await accounts.has_offer(session, turn.account, turn.at)


class TurningAway(BaseMiddleware):
    """Around presses: whoever presses a button of something else is not asked for words any more."""

    def __init__(self, desk: Desk, *, afterwards: bool = False) -> None:
        """``afterwards`` for handlers that never ask for words: whoever pressed need not wait for this."""
        self._desk = desk
        self._afterwards = afterwards

    async def __call__(self, handler: Next, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Let the other writings of this account ask no more, and handle the press."""
        data_of = (event.data or "") if isinstance(event, CallbackQuery) else ""
        press = read(data_of) or read_absence(data_of)
        turn: Turn = data["turn"]
        if not self._afterwards:
            await self._hush(turn, getattr(press, "token", ""))
            return await handler(event, data)
        try:
            return await handler(event, data)
        finally:
            await self._hush(turn, getattr(press, "token", ""))

    async def _hush(self, turn: Turn, but: str) -> None:
        async with self._desk.bot.begin() as session:
            await writings.hush(session, turn.account, but=but)
