"""A local stand-in for the Bot API server, in the caller's event loop, over real HTTP.

``async with BotApiEmulator(SandboxBot("42:abc", "school_bot")) as emulator:`` and give ``emulator.base_url`` to the
client.
What it knows, and where it differs from Telegram, is in ``docs/reference/sandbox.md``.
"""

import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

from zvonok.sandbox.bot_api_server import BotApiServer
from zvonok.sandbox.chats import Account, Profile
from zvonok.sandbox.chronicle import Chronicle, MonotonicClock, WallClock, wall_clock
from zvonok.sandbox.control import Control
from zvonok.sandbox.faults import Faults
from zvonok.sandbox.files import Files
from zvonok.sandbox.happenings import Happenings
from zvonok.sandbox.journal import JournalError
from zvonok.sandbox.limits import Limits
from zvonok.sandbox.parameters import MAX_UPLOAD
from zvonok.sandbox.people import Person
from zvonok.sandbox.request_log import RequestLog
from zvonok.sandbox.updates import Updates
from zvonok.sandbox.world import World

_TOKEN = re.compile(r"([1-9][0-9]{0,15}):[A-Za-z0-9_-]+")
_STOP_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class SandboxBot:
    """A bot of the sandbox. ``ValueError`` if the token does not look like one (``<bot id>:<letters and digits>``)."""

    token: str = field(repr=False)
    username: str = "zvonok_sandbox_bot"
    first_name: str = "Звонок"

    def __post_init__(self) -> None:
        if _TOKEN.fullmatch(self.token) is None:
            raise ValueError("Токен бота песочницы должен иметь вид «число:буквы и цифры».")

    @property
    def bot_id(self) -> int:
        """The number before the colon."""
        return int(self.token.partition(":")[0])


@dataclass(frozen=True, slots=True)
class Clocks:
    """Time as the sandbox sees it."""

    wall: WallClock = wall_clock
    """Dates of messages, the 48 hours of deleting, the life of updates."""
    monotonic: MonotonicClock = time.monotonic
    """Rates and lasting faults, in seconds."""


class BotApiEmulator:
    """Bots, people and their chats, served at ``base_url`` between ``start`` and ``stop``.

    With ``state`` everything but tokens and armed faults is kept in that folder, and a later emulator goes on from
    there; one emulator at a time may hold it (``JournalError``).
    """

    def __init__(
        self,
        *bots: SandboxBot,
        state: Path | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        clocks: Clocks = Clocks(),
    ) -> None:
        self._chronicle = Chronicle(state, clock=clocks.wall, monotonic=clocks.monotonic)
        self._host = host
        self._port = port
        self._runner: web.AppRunner | None = None
        self.log = RequestLog(self._chronicle)
        self.faults = Faults(clocks.monotonic)
        self.limits = Limits(clocks.monotonic)
        self.world = World(self._chronicle, Updates(self._chronicle), Files(self._chronicle, state))
        self._server = BotApiServer(self.world, self.log, self.faults, self.limits)
        for bot in bots:
            self.add_bot(bot)
        try:
            self._chronicle.replay()
        except JournalError:
            self.close()
            raise

    def add_bot(self, bot: SandboxBot) -> None:
        """Know one more bot."""
        self.world.accounts[bot.bot_id] = Account(bot.bot_id, bot.username, bot.first_name)
        self._server.admit(bot.token, bot.bot_id)
        self.world.mini_apps.admit(bot.token, bot.bot_id)

    def person(
        self, user_id: int, first_name: str | None = None, *, last_name: str | None = None, username: str | None = None
    ) -> Person:
        """Return a person, made on the first call; without a name it is the one whom the sandbox knows.

        ``KeyError`` for an unknown person without a name.
        """
        if first_name is not None:
            self.world.know(Profile(user_id, first_name, last_name, username))
        elif user_id not in self.world.people:
            raise KeyError(user_id)
        return Person(self.world, user_id)

    @property
    def happenings(self) -> Happenings:
        """What happens here: ``with emulator.happenings.watch() as watcher: async for happening in watcher``."""
        return self._chronicle.happenings

    @property
    def base_url(self) -> str:
        """``http://host:port``, for ``TelegramAPIServer.from_base`` or any other client."""
        return f"http://{self._host}:{self._port}"

    async def start(self) -> None:
        """Listen; on a port of the system's choice unless one was given, and on the same one after a stop.

        ``OSError`` if the port is taken.
        """
        app = web.Application(client_max_size=MAX_UPLOAD)
        self._server.add_routes(app)
        Control(self.world, self.log, self.faults, self.limits).add_routes(app)
        # The access log would hold tokens: they are in the path.
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=_STOP_SECONDS)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port, reuse_address=True).start()
        except OSError:
            await self.stop()
            raise
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Stop listening and calling, and break every connection; the state stays."""
        await self.world.webhooks.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except OSError:
            self.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()
        self.close()

    def close(self) -> None:
        """Let go of the folder; nothing can happen here any more."""
        self._chronicle.close()
