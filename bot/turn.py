"""One turn of a conversation: the update that came, who acts, and the ways to answer.

What a messenger refuses without harm (a press that is too old to be answered, a screen that already looks so, a person
who stopped the bot) ends here; everything else is the caller's trouble.
"""

from collections.abc import Awaitable
from datetime import datetime

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import Update
from structlog.typing import FilteringBoundLogger

from bot.screens import Screen, keyboard
from core.account.accounts import MessengerAccount
from core.events import Channel

MAX_TOAST = 200
"""Characters of an answer to a press. Source: answerCallbackQuery."""
_TOO_LATE = ("query is too old", "query id is invalid")
_SAME_ALREADY = ("message is not modified",)
_CANNOT_EDIT = ("message to edit not found", "message can't be edited")
_NOBODY_THERE = ("chat not found",)


class Turn:
    """What handlers get beside the event; ``key`` makes every command of this turn repeatable."""

    def __init__(
        self, bot: Bot, update: Update, *, messenger: Channel, key: str, at: datetime, log: FilteringBoundLogger
    ) -> None:
        self.messenger = messenger
        self.key = key
        self.at = at
        """The school clock's."""
        self._bot = bot
        self._log = log
        self._query = update.callback_query
        self._chat = _chat_of(update)
        self._pressed = _pressed_message(update)
        self._sender = _sender_of(update)
        self._answered = False

    @property
    def account(self) -> MessengerAccount:
        """Whoever acts. Raises ``LookupError`` for an update that nobody sent."""
        if self._sender is None:
            raise LookupError("the update has no sender")
        return MessengerAccount(self.messenger, str(self._sender))

    async def say(self, screen: Screen) -> None:
        """Send a new message."""
        if self._chat is None:
            return
        sending = self._bot.send_message(self._chat, screen.text, reply_markup=keyboard(screen.rows))
        await self._tolerating(sending, _NOBODY_THERE)

    async def show(self, screen: Screen) -> None:
        """Put the screen in place of the message whose button was pressed; send a new one if there is none."""
        if self._pressed is None:
            await self.say(screen)
            return
        editing = self._bot.edit_message_text(
            screen.text, chat_id=self._chat, message_id=self._pressed, reply_markup=keyboard(screen.rows)
        )
        if await self._tolerating(editing, _SAME_ALREADY + _CANNOT_EDIT) in _CANNOT_EDIT:
            await self.say(screen)

    async def answer(self, text: str = "", *, alert: bool = False) -> None:
        """Answer a press (the first answer counts), or say the text if it was no press or the text is too long."""
        if self._query is None or len(text) > MAX_TOAST:
            if text:
                await self.say(Screen(text))
            text = ""
        if self._query is not None and not self._answered:
            answering = self._bot.answer_callback_query(self._query.id, text or None, show_alert=alert)
            await self._tolerating(answering, _TOO_LATE)
            self._answered = True

    async def settle(self) -> None:
        """Stop the spinner on a pressed button if nobody has."""
        await self.answer()

    async def _tolerating(self, request: Awaitable[object], harmless: tuple[str, ...]) -> str | None:
        """Send a request; return which of the harmless refusals it met."""
        try:
            await request
        except TelegramForbiddenError:
            # The person stopped the bot or is gone: there is nobody to answer.
            self._log.info("bot.nobody-to-answer", key=self.key)
        except TelegramBadRequest as refusal:
            met = next((words for words in harmless if words in refusal.message.lower()), None)
            if met is None:
                raise
            return met
        return None


def _chat_of(update: Update) -> int | None:
    if update.callback_query is not None:
        message = update.callback_query.message
        return None if message is None else message.chat.id
    event = update.message or update.edited_message or update.my_chat_member
    return None if event is None else event.chat.id


def _pressed_message(update: Update) -> int | None:
    """Return the id of the message under which a button was pressed; Telegram gives it even for one it hides."""
    query = update.callback_query
    return None if query is None or query.message is None else query.message.message_id


def _sender_of(update: Update) -> int | None:
    event = update.message or update.edited_message or update.callback_query or update.my_chat_member
    return event.from_user.id if event is not None and event.from_user is not None else None
