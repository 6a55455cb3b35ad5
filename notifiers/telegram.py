"""The Telegram channel: ``sendMessage``, ``editMessageText``, ``deleteMessage`` over kept connections, and no more.

It is made of ready JSON bytes and one ``aiohttp`` session: a bot framework's client costs two or three times as much.
The URL carries the token. Nothing here logs a URL, shows it in a ``repr``, or turns a wire error into text.
"""

import html
import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache

import aiohttp
import structlog
from yarl import URL

from notifiers.asked import Asked, Deed, asked_of
from notifiers.carriers import Carriers, Load
from notifiers.http_wire import Body, Kept, open_session, outcome_of_failure, web_address
from notifiers.outcome_log import log_outcome
from notifiers.pauses import Pauses
from notifiers.port import (
    ALWAYS,
    CAPABILITIES,
    Button,
    Capabilities,
    Deferred,
    Message,
    Outcome,
    Recall,
    Rejected,
    Window,
)
from notifiers.telegram_errors import PAUSED, TelegramReason, outcome_of_answer

_log = structlog.get_logger("notifiers.telegram")

MAX_TEXT = CAPABILITIES["telegram"].max_text
"""Characters after entities are parsed (``sendMessage``, parameter ``text``)."""
_MAX_PAYLOAD = 64
"""Bytes of ``callback_data``."""
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_CHAT_ID = re.compile(r"-?[0-9]{1,19}")
_MESSAGE_ID = re.compile(r"[0-9]{1,19}")
_TAG = re.compile(r"<[^>]*>")
_quoted = json.JSONEncoder(ensure_ascii=False).encode
"""Write one text as JSON. A body is put together by hand: an object's way through the encoder costs twice as much."""
_label = lru_cache(256)(_quoted)
"""The same for the labels of buttons, which are few."""


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """One bot and the way to it.

    Raises ``ValueError`` with a sentence for the administrator, never with the token in it.
    """

    token: str = field(repr=False)
    base_url: str = "https://api.telegram.org"
    """May have a path; the local Bot API server and the sandbox are reached by it."""
    proxy: str | None = field(default=None, repr=False)
    """``http://`` or ``https://``; may hold a password."""
    concurrency: int = 50
    """Requests in flight, and connections kept."""
    timeout: timedelta = timedelta(seconds=20)
    """For one request from the free connection to the last byte of the answer."""
    keepalive: timedelta = timedelta(seconds=15)
    """A connection idle for longer is not used again.

    Keep it below the server's own limit, or requests meet a closing connection and their outcome is unknown.
    """

    def __post_init__(self) -> None:
        if not _TOKEN.fullmatch(self.token):
            raise ValueError("Токен бота Telegram записан неверно: нужен вид 123456:ABC, как его выдал @BotFather.")
        base = web_address(self.base_url)
        if base is None or base.query_string or base.fragment:
            raise ValueError("Адрес Bot API записан неверно: нужен вид https://api.telegram.org.")
        if self.proxy is not None and web_address(self.proxy) is None:
            raise ValueError("Прокси для Telegram записан неверно: нужен вид http://хост:порт.")
        if self.concurrency < 1 or self.timeout <= timedelta() or self.keepalive < timedelta():
            raise ValueError("Telegram: число соединений и время ожидания должны быть больше нуля.")


class TelegramNotifier:
    """``Notifier`` over the Bot API with one bot token. ``clock`` is monotonic seconds."""

    def __init__(self, settings: TelegramSettings, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._pauses = Pauses(clock, PAUSED)
        bot = URL(f"{settings.base_url.rstrip('/')}/bot{settings.token}", encoded=True)
        methods = {Deed.SEND: "sendMessage", Deed.EDIT: "editMessageText", Deed.RECALL: "deleteMessage"}
        self._urls = {deed: bot / method for deed, method in methods.items()}
        not_begun = Deferred(TelegramReason.NOT_BEGUN, begun=False)
        self._carriers = Carriers(settings.concurrency, clock, self._deliver, not_begun)
        self._session: aiohttp.ClientSession | None = None

    def __repr__(self) -> str:
        return f"TelegramNotifier({self._settings.base_url!r})"

    @property
    def capabilities(self) -> Capabilities:
        """What the Bot API can do for a private chat."""
        return CAPABILITIES["telegram"]

    @property
    def room(self) -> int:
        """Requests that can be begun soon, less those that wait already."""
        return self._carriers.room

    async def send(self, batch: Sequence[Message], window: Window = ALWAYS) -> Sequence[Outcome]:
        """Send the messages of the batch concurrently; one outcome for each, in order. No wire error leaves it."""
        outcomes = await self._carriers.carry(batch, request_of, window)
        for message, outcome in zip(batch, outcomes, strict=True):
            log_outcome(_log, message.key, outcome)
        return outcomes

    async def recall(self, batch: Sequence[Recall], window: Window = ALWAYS) -> Sequence[Outcome]:
        """Delete messages that are less than 48 hours old; an older one stands, and is ``Rejected``."""
        outcomes = await self._carriers.carry(batch, recall_of, window)
        for item, outcome in zip(batch, outcomes, strict=True):
            log_outcome(_log, item.key, outcome)
        return outcomes

    async def close(self) -> None:
        """Close the kept connections; a later ``send`` opens new ones."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _deliver(self, load: Load[bytes], window: Window) -> Outcome:
        message = load.message
        pause = self._pauses.standing(message.address)
        if pause is not None:
            return pause
        outcome = await self._post(load.request, asked_of(message), window)
        if isinstance(outcome, Deferred) and outcome.reason == TelegramReason.TOO_MANY_REQUESTS:
            return self._pauses.refused(message.address, outcome)
        return outcome

    async def _post(self, request: bytes, asked: Asked, window: Window) -> Outcome:
        body = Body(request, lambda: self._clock() > window.leave_by())
        try:
            # A redirect would be a second POST of the same message.
            async with self._connected().post(self._urls[asked.deed], data=body, allow_redirects=False) as answer:
                return outcome_of_answer(answer.status, await answer.read(), asked=asked)
        except (aiohttp.ClientError, OSError) as failure:
            return outcome_of_failure(failure, handed_over=body.handed_over)

    def _connected(self) -> aiohttp.ClientSession:
        if self._session is None:
            told = self._settings
            self._session = open_session(Kept(told.concurrency, told.timeout, told.keepalive, told.proxy), {})
        return self._session


def request_of(message: Message) -> bytes | Rejected:
    """Make the JSON body of the request for this message, or say why Telegram would not take it."""
    refusal = _refusal(message)
    if refusal is not None:
        return Rejected(refusal)
    text = html.escape(message.text, quote=False) if message.html is None else message.html
    body = (
        f'{{"chat_id":{int(message.address)},"text":{_quoted(text)},"parse_mode":"HTML",'
        f'"link_preview_options":{{"is_disabled":true}}{_rest(message)}}}'
    )
    try:
        return body.encode()
    except UnicodeEncodeError:
        return Rejected(TelegramReason.BAD_TEXT)


def recall_of(recall: Recall) -> bytes | Rejected:
    """Make the JSON body of the request that deletes a message."""
    if not _CHAT_ID.fullmatch(recall.address):
        return Rejected(TelegramReason.BAD_ADDRESS)
    if not _MESSAGE_ID.fullmatch(recall.provider_id):
        return Rejected(TelegramReason.BAD_PROVIDER_ID)
    return f'{{"chat_id":{int(recall.address)},"message_id":{int(recall.provider_id)}}}'.encode()


def _rest(message: Message) -> str:
    """Write the fields that not every message has, each after a comma."""
    found = ""
    if message.provider_id is not None:
        # Protection cannot be changed by an edit: the message keeps what it was sent with.
        found = f',"message_id":{int(message.provider_id)}'
    else:
        found = ',"protect_content":true' if message.protected else ""
        if message.silent:
            found += ',"disable_notification":true'
    if not message.buttons:
        return found
    rows = "],[".join([",".join([_written(button) for button in row]) for row in message.buttons])
    return f'{found},"reply_markup":{{"inline_keyboard":[[{rows}]]}}'


def _written(button: Button) -> str:
    return f'{{"text":{_label(button.label)},"callback_data":{_quoted(button.payload)}}}'


def _refusal(message: Message) -> TelegramReason | None:
    if not _CHAT_ID.fullmatch(message.address):
        return TelegramReason.BAD_ADDRESS
    if message.provider_id is not None and not _MESSAGE_ID.fullmatch(message.provider_id):
        return TelegramReason.BAD_PROVIDER_ID
    if _visible_length(message) > MAX_TEXT:
        return TelegramReason.TOO_LONG
    if not (message.text if message.html is None else message.html).strip():
        return TelegramReason.BAD_TEXT
    for row in message.buttons:
        for button in row:
            if not (_fits(button.payload) and button.label.strip()):
                return TelegramReason.BAD_BUTTON
    return None


def _fits(payload: str) -> bool:
    size = len(payload) if payload.isascii() else len(payload.encode("utf-8", "surrogatepass"))
    return 1 <= size <= _MAX_PAYLOAD


def _visible_length(message: Message) -> int:
    """Characters that count against the limit: those of the text as it is shown, without markup."""
    if message.html is None:
        return len(message.text)
    if len(message.html) <= MAX_TEXT:
        return len(message.html)
    return len(html.unescape(_TAG.sub("", message.html)))
