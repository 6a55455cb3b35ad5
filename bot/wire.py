"""The bot's own way to the Bot API: aiogram's client with our base URL and proxy, and updates as raw JSON."""

from functools import cache
from typing import Any, cast

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import EditMessageText, Response, SendMessage, TelegramMethod
from aiogram.methods.base import TelegramType
from aiohttp import ClientSession
from aiohttp.hdrs import USER_AGENT

from bot.merged_edits import Edits

REQUEST_SECONDS = 10
"""For one request of a handler; well within the lease of its update."""


class ProxiedSession(AiohttpSession):
    """aiogram's session with aiohttp's own ``http(s)://`` proxy: aiogram's way needs one more package, for SOCKS."""

    def __init__(self, *, base_url: str, proxy: str | None, edits: Edits | None = None) -> None:
        super().__init__(api=TelegramAPIServer.from_base(base_url), timeout=REQUEST_SECONDS)
        self._edits = edits
        self._http_proxy = proxy
        self._is_tls = base_url.startswith("https")

    async def create_session(self) -> ClientSession:
        """Return the kept session, made at the first call."""
        if self._session is None or self._session.closed:
            self._session = ClientSession(
                connector=self._connector_type(**self._connector_init),
                headers={USER_AGENT: "zvonok"},
                proxy=self._http_proxy,
            )
        return self._session

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 - aiogram's own parameter
    ) -> TelegramType:
        """Make a request; an edit that must wait for its turn counts as done, and its answer is not waited for."""
        if self._edits is not None and isinstance(method, SendMessage) and isinstance(method.chat_id, int):
            # A new message waits for nothing, but an edit right behind it would be one too many in its second.
            self._edits.pace.count(method.chat_id)
        if self._edits is None or not isinstance(method, EditMessageText):
            return await super().make_request(bot, method, timeout)
        done: list[Any] = []
        request = super().make_request

        async def send() -> None:
            done.append(await request(bot, method, timeout))

        await self._edits.go(int(method.chat_id or 0), str(method.message_id), send)
        # True is what the Bot API itself may answer an edit.
        return cast("TelegramType", done[0] if done else True)

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        """Read an answer, by a model that is built once: pydantic forgets one that nobody holds (5 ms each time)."""
        _answer_model(method.__returning__)
        return super().check_response(bot, method, status_code, content)

    async def close(self) -> None:
        """Let waiting edits go, close kept connections; aiogram's pause for TLS to say goodbye is for TLS only."""
        if self._edits is not None:
            await self._edits.close()
        if self._is_tls:
            await super().close()
        elif self._session is not None:
            await self._session.close()


@cache
def _answer_model(returning: Any) -> type[Response[Any]]:
    """Return the model of an answer that carries this, and hold it for as long as the process lives."""
    return Response[returning]


class GetRawUpdates(TelegramMethod[list[dict[str, Any]]]):
    """getUpdates without reading what came: one update that aiogram cannot parse would lose the whole batch.

    https://core.telegram.org/bots/api#getupdates
    """

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"

    offset: int | None = None
    timeout: int
    """Seconds of long polling."""
    allowed_updates: list[str]


def make_bot(token: str, *, base_url: str, proxy: str | None, edits: Edits | None = None) -> Bot:
    """Return a client of the Bot API; close ``bot.session`` after use. Raises ``TokenValidationError``.

    Without ``edits`` every edit goes at once.
    """
    return Bot(token, session=ProxiedSession(base_url=base_url, proxy=proxy, edits=edits))
