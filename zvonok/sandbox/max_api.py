"""A local stand-in for MAX's API, in the caller's event loop, over real HTTP.

``async with MaxEmulator(MaxBot("a token", 4243)) as emulator:`` and give ``emulator.base_url`` to the client. What it
knows, and where the vendor's truth is uncertain, is said in ``docs/reference/sandbox.md``.
"""

import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

from zvonok.sandbox.chats import Account, Profile
from zvonok.sandbox.chronicle import Chronicle, MonotonicClock, WallClock, wall_clock
from zvonok.sandbox.faults import Faults
from zvonok.sandbox.files import Files
from zvonok.sandbox.happenings import Happenings
from zvonok.sandbox.journal import JournalError
from zvonok.sandbox.limits import Limits
from zvonok.sandbox.max_server import MaxServer
from zvonok.sandbox.max_world import MaxWorld
from zvonok.sandbox.people import Person
from zvonok.sandbox.request_log import RequestLog
from zvonok.sandbox.updates import Updates

_STOP_SECONDS = 2.0
PER_BOT, PER_DIALOGUE = 30, 2
"""Requests a second that MAX grants."""


@dataclass(frozen=True, slots=True)
class MaxBot:
    """A bot of the sandbox."""

    token: str = field(repr=False)
    bot_id: int
    username: str = "zvonok_sandbox_bot"
    first_name: str = "Звонок"
    app_page: str | None = None
    """The page of its Mini App, as it stands in the cabinet for partners."""


class MaxEmulator:
    """Bots, people and their dialogues, served at ``base_url`` between ``start`` and ``stop``.

    With ``state`` everything but tokens, armed faults and subscriptions is kept in that folder, and a later emulator
    goes on from there; one emulator at a time may hold it (``JournalError``).
    """

    def __init__(
        self,
        *bots: MaxBot,
        state: Path | None = None,
        port: int = 0,
        wall: WallClock = wall_clock,
        monotonic: MonotonicClock = time.monotonic,
    ) -> None:
        self._chronicle = chronicle = Chronicle(state, clock=wall, monotonic=monotonic)
        self._host, self._port = "127.0.0.1", port
        self._runner: web.AppRunner | None = None
        self.log = RequestLog(chronicle)
        self.faults = Faults(monotonic)
        self.limits = Limits(monotonic)
        self.world = MaxWorld(chronicle, Updates(chronicle), Files(chronicle, state))
        self._server = MaxServer(self.world, self.log, self.faults, self.limits)
        for bot in bots:
            self.add_bot(bot)
        try:
            chronicle.replay()
        except JournalError:
            self.close()
            raise

    def add_bot(self, bot: MaxBot) -> None:
        """Know one more bot."""
        self.world.accounts[bot.bot_id] = Account(bot.bot_id, bot.username, bot.first_name)
        self._server.admit(bot.token, bot.bot_id)
        self.world.mini_apps.admit(bot.token, bot.bot_id)
        if bot.app_page is not None:
            self.world.app_pages[bot.bot_id] = bot.app_page

    def person(self, user_id: int, first_name: str | None = None, *, last_name: str | None = None) -> Person:
        """Return a person, made on the first call; without a name it is the one whom the sandbox knows.

        ``KeyError`` for an unknown person without a name.
        """
        if first_name is not None:
            self.world.know(Profile(user_id, first_name, last_name))
        elif user_id not in self.world.people:
            raise KeyError(user_id)
        return Person(self.world, user_id)

    @property
    def happenings(self) -> Happenings:
        """What happens here, as ``BotApiEmulator.happenings``."""
        return self._chronicle.happenings

    def enforce(self) -> None:
        """Let no more through than MAX grants."""
        self.limits.enforce(per_token=PER_BOT, per_chat=PER_DIALOGUE)

    @property
    def base_url(self) -> str:
        """``http://host:port``."""
        return f"http://{self._host}:{self._port}"

    async def start(self) -> None:
        """Listen; on a port of the system's choice unless one was given, and on the same one after a stop."""
        app = web.Application()
        self._server.add_routes(app)
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=_STOP_SECONDS)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port, reuse_address=True).start()
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
