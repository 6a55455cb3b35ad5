"""Around every handler: the turn is made, a refusal of core becomes a sentence, a spinner is stopped.

This is the one place where the bot translates refusals (``core/refusals.py``).
"""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware, Bot
from aiogram.types import TelegramObject, Update

from bot.desk import Desk
from bot.turn import Turn
from core.events import Channel
from core.refusals import Refusal

type Next = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class Turns(BaseMiddleware):
    """Gives handlers their ``turn: Turn``, the only argument that they get beside the event."""

    def __init__(self, bot: Bot, desk: Desk, credential: str, messenger: Channel) -> None:
        self._bot = bot
        self._desk = desk
        self._credential = credential
        self._messenger = messenger

    async def __call__(self, handler: Next, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Run the handler of one update."""
        if not isinstance(event, Update):
            raise TypeError(type(event).__name__)
        turn = Turn(
            self._bot,
            event,
            messenger=self._messenger,
            key=f"{self._credential}:{event.update_id}",
            at=self._desk.school_clock.now(),
            log=self._desk.log,
        )
        data["turn"] = turn
        try:
            result = await handler(event, data)
        except Refusal as refusal:
            self._desk.log.info("bot.refused", key=turn.key, refusal=refusal.code)
            await turn.answer(self._desk.texts.format(f"refusal-{refusal.code}", **refusal.details), alert=True)
            return None
        await turn.settle()
        return result
