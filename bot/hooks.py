"""Webhooks: what a messenger sends by itself is stored and committed before it is answered.

Each bot has a path of its own that names nothing, since what MAX sends names no bot, and a secret that the messenger
shows in a header. 200 is said only of what stands in the inbox; anything else is sent again, by Telegram for a day, by
MAX ten times. Sources: core.telegram.org/bots/api#setwebhook; dev.max.ru, «Подписка на обновления» (channels.md §2).
"""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Protocol

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError
from structlog.typing import FilteringBoundLogger

from core.events import Channel

LARGEST = 1024 * 1024
"""Bytes of one update; Telegram's text has 4096 characters at the most."""
FOLDER = "/hook/"
HEADERS: Mapping[Channel, str] = MappingProxyType(
    {Channel.TELEGRAM: "X-Telegram-Bot-Api-Secret-Token", Channel.MAX: "X-Max-Bot-Api-Secret"}
)
_PATH_BYTES = 16


class Taker(Protocol):
    """Whoever keeps the updates of one bot."""

    async def take(self, updates: Sequence[Mapping[str, Any]]) -> int:
        """Store updates as the messenger sent them; return how many there are to handle."""
        ...


@dataclass(frozen=True, slots=True)
class Hook:
    """Where the messenger of one bot sends, and what it must show."""

    messenger: Channel
    path: str
    secret: str = field(repr=False)
    """64 of the signs that both messengers take: letters and figures."""


def hook_of(key: bytes, messenger: Channel, credential: str) -> Hook:
    """Return the hook of a bot: the same for as long as the installation has its secret, told to nobody else."""
    path, secret = (hmac.digest(key, f"{use}:{credential}".encode(), hashlib.sha256) for use in ("path", "secret"))
    return Hook(messenger, urlsafe_b64encode(path[:_PATH_BYTES]).decode().rstrip("="), secret.hex())


@dataclass(frozen=True, slots=True)
class _Door:
    hook: Hook
    taker: Taker
    stored: Callable[[], None]


class Doors:
    """Takes what messengers send, for every bot whose door is open."""

    def __init__(self, log: FilteringBoundLogger) -> None:
        self._log = log
        self._doors: dict[str, _Door] = {}

    @contextmanager
    def opened(self, hook: Hook, taker: Taker, stored: Callable[[], None]) -> Iterator[None]:
        """Take what is sent to a hook, for as long as this lasts. ``stored`` is called after each; must not block."""
        self._doors[hook.path] = _Door(hook, taker, stored)
        try:
            yield
        finally:
            del self._doors[hook.path]

    def app(self) -> web.Application:
        """Return the application that messengers reach; whatever takes TLS off stands before it."""
        app = web.Application(client_max_size=LARGEST)
        app.router.add_post(FOLDER + "{path}", self._take)
        return app

    async def _take(self, request: web.Request) -> web.Response:
        door = self._doors.get(request.match_info["path"])
        if door is None or not _shows(request, door.hook):
            # One answer for both: whoever guesses learns of no path that there is.
            return web.Response(status=HTTPStatus.NOT_FOUND)
        update = _read(await request.read())
        if update is None:
            return self._unreadable(door)
        try:
            await door.taker.take([update])
        except RecursionError:
            # Nested just so deep that it can be read, and not be written again.
            return self._unreadable(door)
        except (SQLAlchemyError, OSError) as failure:
            self._log.warning("bot.hook-not-stored", failure=type(failure).__name__)
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        door.stored()
        return web.Response(status=HTTPStatus.OK)

    def _unreadable(self, door: _Door) -> web.Response:
        self._log.warning("bot.hook-unreadable", messenger=door.hook.messenger)
        return web.Response(status=HTTPStatus.BAD_REQUEST)


def _shows(request: web.Request, hook: Hook) -> bool:
    """Tell whether the messenger's secret was shown; compared as bytes, for a header may hold any of them."""
    shown = request.headers.get(HEADERS[hook.messenger], "").encode("utf-8", "surrogateescape")
    return hmac.compare_digest(shown, hook.secret.encode())


def _read(body: bytes) -> Mapping[str, Any] | None:
    """Read an update; None for what is no object of JSON, which no messenger sends and no repetition mends."""
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return update if isinstance(update, dict) else None
