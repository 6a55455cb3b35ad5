"""The Telegram channel: a thin sender of ``sendMessage`` and ``editMessageText`` over kept connections.

It is made of ready JSON bytes and one ``aiohttp`` session: a bot framework's client costs two or three times as much.
There is no idempotency key in the Bot API, so the one question that matters after a failure is whether the request had
left. It is answered by the bytes that were handed to the transport, not guessed from the kind of the error.
The URL carries the token. Nothing here logs a URL, shows it in a ``repr``, or turns a wire error into text.
"""

import asyncio
import html
import json
import re
import select
import socket
import ssl
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache

import aiohttp
import structlog
from aiohttp.abc import AbstractStreamWriter
from yarl import URL

from notifiers.outcome_log import log_outcome
from notifiers.port import ALWAYS, Button, Capabilities, Deferred, Message, Outcome, Rejected, Unknown, Window
from notifiers.slots import Slots
from notifiers.telegram_errors import TelegramReason, outcome_of_answer
from notifiers.telegram_pauses import Pauses

_log = structlog.get_logger("notifiers.telegram")

MAX_TEXT = 4096
"""Characters after entities are parsed (``sendMessage``, parameter ``text``)."""
_MAX_PAYLOAD = 64
"""Bytes of ``callback_data``."""
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_CHAT_ID = re.compile(r"-?[0-9]{1,19}")
_MESSAGE_ID = re.compile(r"[0-9]{1,19}")
_TAG = re.compile(r"<[^>]*>")
_HANGUP = getattr(select, "POLLRDHUP", 0)
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
        base = _web_address(self.base_url)
        if base is None or base.query_string or base.fragment:
            raise ValueError("Адрес Bot API записан неверно: нужен вид https://api.telegram.org.")
        if self.proxy is not None and _web_address(self.proxy) is None:
            raise ValueError("Прокси для Telegram записан неверно: нужен вид http://хост:порт.")
        if self.concurrency < 1 or self.timeout <= timedelta() or self.keepalive < timedelta():
            raise ValueError("Telegram: число соединений и время ожидания должны быть больше нуля.")


def _web_address(text: str) -> URL | None:
    """Read an address of the web; None if it is none, whatever the library says of it."""
    try:
        url = URL(text)
    except ValueError:
        return None
    return url if url.scheme in {"http", "https"} and url.host else None


class _Body(aiohttp.BytesPayload):
    """A request's body that knows whether anything of the request was handed to the transport.

    aiohttp writes the headers together with the body, and only here; to the caller a total timeout before it looks
    just like one after it.
    """

    handed_over = False

    def __init__(self, request: bytes, late: Callable[[], bool]) -> None:
        super().__init__(request, content_type="application/json")
        self._late = late

    async def write_with_length(self, writer: AbstractStreamWriter, content_length: int | None) -> None:
        """Write, unless the server has hung up on this connection already: then the request is certainly unsent.

        So it is if the connection came too late.
        """
        if self._late():
            raise TimeoutError
        transport = writer.transport
        if transport is None or transport.is_closing() or _peer_hung_up(transport):
            raise ConnectionResetError
        self.handed_over = True
        await super().write_with_length(writer, content_length)


def _peer_hung_up(transport: asyncio.BaseTransport) -> bool:
    """Whether the peer's FIN or RST lies in the kernel, not yet seen by the busy loop.

    On Linux; elsewhere False, which only calls more failures unknown. Readability would not do: TLS servers send
    session tickets unasked.
    """
    connection = transport.get_extra_info("socket")
    if not _HANGUP or connection is None:
        return False
    poll = select.poll()
    poll.register(connection.fileno(), _HANGUP)
    return bool(poll.poll(0))


@dataclass(slots=True)
class _Round:
    """The messages of one batch: still waiting, done, and until when they may wait."""

    window: Window
    waiting: deque[tuple[int, Message, bytes]] = field(default_factory=deque)
    outcomes: dict[int, Outcome] = field(default_factory=dict)


class TelegramNotifier:
    """``Notifier`` over the Bot API with one bot token. ``clock`` is monotonic seconds."""

    def __init__(self, settings: TelegramSettings, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._pauses = Pauses(clock)
        bot = URL(f"{settings.base_url.rstrip('/')}/bot{settings.token}", encoded=True)
        self._send_url = bot / "sendMessage"
        self._edit_url = bot / "editMessageText"
        self._slots = Slots(settings.concurrency, clock)
        self._rounds: list[_Round] = []
        self._session: aiohttp.ClientSession | None = None

    def __repr__(self) -> str:
        return f"TelegramNotifier({self._settings.base_url!r})"

    @property
    def capabilities(self) -> Capabilities:
        """Edits, buttons, and 4096 characters."""
        return Capabilities(edit=True, buttons=True, max_text=MAX_TEXT)

    @property
    def room(self) -> int:
        """Requests that can be begun soon, less those that wait already."""
        return self._slots.room - sum(len(work.waiting) for work in self._rounds)

    async def send(self, batch: Sequence[Message], window: Window = ALWAYS) -> Sequence[Outcome]:
        """Send the messages of the batch concurrently; one outcome for each, in order. No wire error leaves it."""
        work = _prepared(batch, window)
        self._rounds.append(work)
        try:
            # As many carriers as slots, not a task for each message: a queue of tasks would cost as much as requests.
            async with asyncio.TaskGroup() as carriers:
                for _ in range(min(self._settings.concurrency, len(work.waiting))):
                    carriers.create_task(self._carry(work))
        finally:
            self._rounds.remove(work)
        not_begun = Deferred(TelegramReason.NOT_BEGUN, begun=False)
        work.outcomes.update((index, not_begun) for index, _, _ in work.waiting)
        outcomes = [work.outcomes[index] for index in range(len(batch))]
        for message, outcome in zip(batch, outcomes, strict=True):
            log_outcome(_log, message.key, outcome)
        return outcomes

    async def close(self) -> None:
        """Close the kept connections; a later ``send`` opens new ones."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _carry(self, work: _Round) -> None:
        """Carry waiting messages until none is left, or until it is too late to begin one."""
        while work.waiting and await self._slots.take(work.window.begin_by):
            try:
                if work.waiting:
                    index, message, request = work.waiting.popleft()
                    work.outcomes[index] = await self._deliver(message, request, work.window)
            finally:
                self._slots.give_back()

    async def _deliver(self, message: Message, request: bytes, window: Window) -> Outcome:
        pause = self._pauses.standing(message.address)
        if pause is not None:
            return pause
        outcome = await self._post(request, message.provider_id, window)
        if isinstance(outcome, Deferred) and outcome.reason == TelegramReason.TOO_MANY_REQUESTS:
            return self._pauses.refused(message.address, outcome)
        return outcome

    async def _post(self, request: bytes, editing: str | None, window: Window) -> Outcome:
        body = _Body(request, lambda: self._clock() > window.leave_by())
        url = self._send_url if editing is None else self._edit_url
        try:
            # A redirect would be a second POST of the same message.
            async with self._connected().post(url, data=body, allow_redirects=False) as answer:
                return outcome_of_answer(answer.status, await answer.read(), editing=editing)
        except (aiohttp.ClientError, OSError) as failure:
            return _outcome_of_failure(failure, handed_over=body.handed_over)

    def _connected(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=self._settings.concurrency,
                    keepalive_timeout=self._settings.keepalive.total_seconds(),
                ),
                timeout=aiohttp.ClientTimeout(total=self._settings.timeout.total_seconds()),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"Accept-Encoding": "identity", "User-Agent": "zvonok"},
                proxy=self._settings.proxy,
            )
        return self._session


def _prepared(batch: Sequence[Message], window: Window) -> _Round:
    work = _Round(window)
    for index, message in enumerate(batch):
        request = request_of(message)
        if isinstance(request, Rejected):
            work.outcomes[index] = request
        else:
            work.waiting.append((index, message, request))
    return work


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


def _outcome_of_failure(failure: aiohttp.ClientError | OSError, *, handed_over: bool) -> Deferred | Unknown:
    """Map a wire error by its kind. Its text is never read: it may hold the URL, and the URL holds the token."""
    if not handed_over:
        return Deferred(reason_before_sending(failure))
    if isinstance(failure, TimeoutError):
        return Unknown(TelegramReason.NO_ANSWER)
    if isinstance(failure, aiohttp.ClientResponseError):
        return Unknown(TelegramReason.UNDECODABLE_ANSWER)
    return Unknown(TelegramReason.CUT_AFTER_SEND)


def reason_before_sending(failure: Exception) -> TelegramReason:
    """Name the kind of a wire error of a request that did not leave; its text is never read."""
    match failure:
        case TimeoutError():
            return TelegramReason.CONNECT_TIMEOUT
        case aiohttp.ClientProxyConnectionError() | aiohttp.ClientHttpProxyError():
            return TelegramReason.PROXY_FAILED
        case aiohttp.ClientSSLError() | ssl.SSLError():
            return TelegramReason.TLS_FAILED
        case aiohttp.ClientConnectorDNSError() | socket.gaierror():
            return TelegramReason.DNS_FAILED
        case aiohttp.ClientConnectorError():
            return TelegramReason.CONNECT_FAILED
        case _:
            return TelegramReason.CONNECTION_LOST
