"""The bot's way to MAX: aiogram's session over the API of MAX, for the few requests that our conversation makes.

What the Bot API and MAX do differently ends here: a keyboard is an attachment and stays with an edit, a press answered
with nothing needs no request, an error may come inside of an answer that says 200, and no more than two requests a
second go to one dialogue.

Sources: dev.max.ru, «Отправить сообщение», «Редактировать сообщение», «Ответ на callback», read as channels.md §2
says; «Изменить команды бота» (``PATCH /me/commands``; ``PATCH /me`` is gone since 15 September 2026).
"""

import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from http import HTTPStatus
from typing import Any, NoReturn, cast

import aiohttp
from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage, SetMyCommands, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import Chat, InlineKeyboardButton, InlineKeyboardMarkup, Message

from bot.max_messages import MaxMessages
from bot.max_updates import TYPES, press_of
from bot.merged_edits import Edits
from bot.wire import REQUEST_SECONDS
from core.school_time import MachineClock

NO_BOT = "0:max"
"""aiogram reads a bot's number out of its token; this one has none, and its real token is the session's alone."""
PAUSE_SECONDS = 1
"""After «too many requests», of which MAX does not say how long to wait."""
FULL_PAGE = 100
_KEYBOARD = "inline_keyboard"

type Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class MaxAddress:
    """The way to MAX."""

    token: str = field(repr=False)
    base_url: str = "https://platform-api2.max.ru"
    proxy: str | None = field(default=None, repr=False)
    tls: ssl.SSLContext | None = None
    """Trusts whom MAX is vouched for by; None: whom everybody trusts."""


@dataclass(frozen=True, slots=True)
class _Request:
    """One request to MAX, and the method of the Bot API that it stands for."""

    method: TelegramMethod[Any]
    verb: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Json | None = None
    gone: str = "chat not found"
    """What the Bot API would say of something that is not there."""
    refused: str = "refused"
    """What it would say of something that cannot be done."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One webhook of a bot, as MAX shows it."""

    url: str
    kinds: frozenset[str] | None
    """Of updates that go there; None: MAX does not say."""


class MaxSession(BaseSession):
    """Carries requests of aiogram's bot to MAX. Failures are aiogram's own: nobody asks which messenger it is."""

    def __init__(self, address: MaxAddress, messages: MaxMessages, clock: MachineClock, edits: Edits) -> None:
        super().__init__(timeout=REQUEST_SECONDS)
        self._address = address
        self._messages = messages
        self._clock = clock
        self._edits, self._pace = edits, edits.pace
        self._session: aiohttp.ClientSession | None = None

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109, ARG002 - aiogram's own signature
    ) -> TelegramType:
        """Do what a method of the Bot API asks. Raises aiogram's errors, ``NotImplementedError`` for other methods."""
        return cast("TelegramType", await self._done(bot, method))

    async def updates(self, marker: int | None, seconds: int) -> Json:
        """Fetch updates by long polling, after ``marker``; MAX forgets what is before it."""
        query = {"limit": str(FULL_PAGE), "timeout": str(seconds), "types": ",".join(TYPES)}
        if marker is not None:
            query["marker"] = str(marker)
        return await self._ask(_Request(_NoMethod(), "GET", "/updates", query), seconds + REQUEST_SECONDS)

    async def subscriptions(self) -> Sequence[Subscription]:
        """List where MAX sends the updates of this bot."""
        answer = await self._ask(_Request(_NoMethod(), "GET", "/subscriptions"))
        stand = [one for one in answer.get("subscriptions") or () if isinstance(one, dict)]
        return [Subscription(str(one.get("url")), _kinds(one.get("update_types"))) for one in stand]

    async def subscribe(self, url: str, secret: str) -> None:
        """Have updates sent to this address, with this secret in a header."""
        body = {"url": url, "update_types": list(TYPES), "secret": secret}
        await self._ask(_Request(_NoMethod(), "POST", "/subscriptions", body=body))

    async def unsubscribe(self, url: str) -> None:
        """Have no more updates sent to this address."""
        await self._ask(_Request(_NoMethod(), "DELETE", "/subscriptions", {"url": url}))

    async def close(self) -> None:
        """Let waiting edits go, and close the kept connections."""
        await self._edits.close()
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def stream_content(self, *_: object, **__: object) -> NoReturn:
        """Refuse: our conversation takes no files."""
        raise NotImplementedError("files")

    async def _done(self, bot: Bot, method: TelegramMethod[Any]) -> object:
        match method:
            case SendMessage():
                return await self._send(bot, method)
            case EditMessageText():
                return await self._edit(method)
            case AnswerCallbackQuery():
                return await self._answer(method)
            case SetMyCommands():
                named = [{"name": one.command, "description": one.description} for one in method.commands]
                await self._ask(_Request(method, "PATCH", "/me/commands", body={"commands": named}))
                return True
            case _:
                raise NotImplementedError(type(method).__name__)

    async def _send(self, bot: Bot, method: SendMessage) -> Message:
        chat = int(method.chat_id)
        # A person's dialogue is called by the person; a group by its own number, which stands below nought here.
        query = {"user_id": str(chat)} if chat > 0 else {"chat_id": str(chat)}
        await self._pace.turn(chat)
        answer = await self._ask(_Request(method, "POST", "/messages", query, _body(method.text, method.reply_markup)))
        now = self._clock.now()
        mid = answer["message"]["body"]["mid"]
        number = (await self._messages.numbered([mid], now))[mid]
        kind = "private" if chat > 0 else "group"
        sent = Message(message_id=number, date=now.astimezone(UTC), chat=Chat(id=chat, type=kind), text=method.text)
        return sent.as_(bot)

    async def _edit(self, method: EditMessageText) -> bool:
        words = {"gone": "message to edit not found", "refused": "message can't be edited"}
        mid = await self._messages.name_of(int(method.message_id or 0))
        if mid is None:
            raise TelegramBadRequest(method=method, message=words["gone"])
        body = _body(method.text or "", method.reply_markup)
        request = _Request(method, "PUT", "/messages", {"message_id": mid}, body, **words)
        await self._edits.go(int(method.chat_id or 0), mid, lambda: self._ask(request))
        return True

    async def _answer(self, method: AnswerCallbackQuery) -> bool:
        if not method.text:
            # MAX shows no spinner: there is nothing to stop, and an empty answer would be refused.
            return True
        person, callback = press_of(method.callback_query_id)
        query, words = {"callback_id": callback}, {"gone": "query id is invalid"}
        words["refused"] = words["gone"]
        await self._pace.turn(person)
        await self._ask(_Request(method, "POST", "/answers", query, {"notification": method.text}, **words))
        return True

    async def _ask(self, request: _Request, seconds: float = REQUEST_SECONDS) -> Json:
        """Make one request and read its answer. Its URL holds no secret; errors hold neither text nor token."""
        try:
            async with self._connected().request(
                request.verb,
                f"{self._address.base_url.rstrip('/')}{request.path}",
                params=request.query,
                json=request.body,
                timeout=aiohttp.ClientTimeout(total=seconds),
                # A redirect would be a second request of the same message.
                allow_redirects=False,
            ) as answer:
                status, content = answer.status, await answer.read()
        except (aiohttp.ClientError, OSError) as failure:
            raise TelegramNetworkError(method=request.method, message=type(failure).__name__) from None
        return self._read(request, status, content)

    def _read(self, request: _Request, status: int, content: bytes) -> Json:
        try:
            answer = self.json_loads(content)
        except ValueError as failure:
            if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise TelegramServerError(method=request.method, message=str(status)) from None
            raise ClientDecodeError("no JSON", failure, "") from None
        if not isinstance(answer, dict):
            raise ClientDecodeError("no object", TypeError(type(answer).__name__), "")
        if status != HTTPStatus.OK:
            _refuse(request, status, str(answer.get("code", "")))
        if answer.get("success") is False:
            raise TelegramBadRequest(method=request.method, message=request.refused)
        return answer

    def _connected(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(ssl=True if self._address.tls is None else self._address.tls),
                headers={"Authorization": self._address.token, "User-Agent": "zvonok"},
                cookie_jar=aiohttp.DummyCookieJar(),
                proxy=self._address.proxy,
            )
        return self._session


class _NoMethod(TelegramMethod[list[Any]]):
    """Fetching updates of MAX, for errors to name."""

    __returning__ = list[Any]
    __api_method__ = "updates"


def _refuse(request: _Request, status: int, code: str) -> NoReturn:
    """Raise what aiogram raises when the Bot API refuses alike."""
    method = request.method
    match status:
        case HTTPStatus.TOO_MANY_REQUESTS:
            raise TelegramRetryAfter(method=method, message=code, retry_after=PAUSE_SECONDS)
        case HTTPStatus.UNAUTHORIZED:
            raise TelegramUnauthorizedError(method=method, message=code)
        case HTTPStatus.FORBIDDEN:
            raise TelegramForbiddenError(method=method, message=code)
        case HTTPStatus.NOT_FOUND:
            raise TelegramBadRequest(method=method, message=f"{request.gone} ({code})")
        case _ if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise TelegramServerError(method=method, message=f"{status} {code}")
        case _:
            raise TelegramBadRequest(method=method, message=f"{request.refused} ({status} {code})")


def _kinds(told: object) -> frozenset[str] | None:
    return frozenset(map(str, told)) if isinstance(told, list) and told else None


def _body(text: str, markup: object) -> Json:
    """Write a message: its keyboard goes with it, and none takes away what there was."""
    rows = markup.inline_keyboard if isinstance(markup, InlineKeyboardMarkup) else []
    buttons = [[_button(one) for one in row] for row in rows]
    return {"text": text, "attachments": [{"type": _KEYBOARD, "payload": {"buttons": buttons}}] if buttons else []}


def _button(button: InlineKeyboardButton) -> Json:
    """Write a button. A Mini App is named by the link of its bot, and what the link carries stands beside it."""
    if button.web_app is None:
        return {"type": "callback", "text": button.text, "payload": button.callback_data}
    link, _, carried = button.web_app.url.partition("?startapp=")
    return {"type": "open_app", "text": button.text, "web_app": link, "payload": carried}
