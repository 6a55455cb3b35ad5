"""A bot with everything real around it: its rooms in PostgreSQL, the Bot API over HTTP, people who tap."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import event, text

from bot.app import HOUSEKEEPING_SECONDS, BotApp
from bot.desk import Desk
from bot.farewells import EVERY_SECONDS
from bot.hooks import Doors
from bot.inbox import Inbox
from bot.line import BotSettings
from core.account.account_keeper import AccountKeeper
from core.account.accounts import CodeKeeper, MessengerAccount
from core.database import Database
from core.events import Channel
from core.school_time import MachineClock, SchoolClock
from gateway.addresses import AddressVault
from tests.integration.eventually import eventually
from tests.integration.sandbox_wire import BOT, BOT_ID, TOKEN
from tests.school_builder import SchoolBuilder
from tests.unit.sandbox_clock import MovableClock
from texts.reader import load
from zvonok.sandbox.bot_api import BotApiEmulator
from zvonok.sandbox.chats import ChatMessage
from zvonok.sandbox.max_api import MaxBot, MaxEmulator
from zvonok.sandbox.people import Person

CREDENTIAL = f"telegram:{BOT_ID}"
MAX_TOKEN, MAX_CREDENTIAL = "f9LHodD0cOL-sandbox-token", "max:bot"
DURING_LESSON = datetime(2026, 10, 20, 3, 40, tzinfo=UTC)
"""Tuesday, 8:40 by the school's clock: ten minutes after the first bell."""


@dataclass
class BotWorld:
    """One bot, its emulator, and the school behind it."""

    emulator: BotApiEmulator | MaxEmulator
    desk: Desk
    builder: SchoolBuilder
    clock: MovableClock
    settings: BotSettings
    pauses: list[float] = field(default_factory=list)
    """What polling wanted to wait, in seconds; nobody waits."""
    doors: Doors | None = None
    """Where the messenger sends updates, if the settings name a hook."""

    @property
    def app(self) -> BotApp:
        """A fresh process of this bot."""
        return BotApp(self.settings, self.desk, pause=self._pause, doors=self.doors)

    async def _pause(self, seconds: float) -> None:
        # By their length alone can these two be told from the pauses of polling.
        if seconds in (HOUSEKEEPING_SECONDS, EVERY_SECONDS):
            await asyncio.Event().wait()
        self.pauses.append(seconds)
        await asyncio.sleep(0.02)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Let the bot run within the block."""
        task, flow = asyncio.create_task(self.app.run()), asyncio.create_task(self._flow())
        try:
            yield
        finally:
            flow.cancel()
            task.cancel()
            await asyncio.wait([task, flow])
        if not task.cancelled():
            task.result()

    async def _flow(self) -> None:
        """Let time pass as the messenger's own does, where requests wait for it."""
        while self.settings.messenger is Channel.MAX or self.settings.per_chat is not None:
            before = time.monotonic()
            await asyncio.sleep(0.02)
            self.clock.move(seconds=time.monotonic() - before)

    def someone(self, user_id: int, name: str = "Кто-то") -> Person:
        """Return a person with the messenger."""
        return self.emulator.person(user_id, name)

    async def linked(self, user_id: int, person: UUID) -> Person:
        """Return a person whose account is joined already, and whose chat with the bot is open."""
        await self.builder.link(person, account_of(user_id, self.settings.messenger))
        someone = self.someone(user_id)
        self.emulator.world.chronicle.record("started", {"bot_id": BOT_ID, "chat_id": user_id})
        return someone

    def post(self, kind: str, payload: Mapping[str, Any]) -> None:
        """Let an update come that the sandbox's people cannot cause."""
        self.emulator.world.updates.put(BOT_ID, kind, dict(payload))

    @property
    def inbox(self) -> Inbox:
        """What is kept of this bot's updates."""
        return Inbox(self.desk.bot, self.settings.credential)

    @asynccontextmanager
    async def without_inbox(self) -> AsyncIterator[None]:
        """Let the bot's database refuse every connection within the block, the open ones included."""
        engine = self.desk.bot.engine
        nowhere = self.desk.bot.url.set(host="127.0.0.1", port=9, query={})

        def elsewhere(_: object, __: object, arguments: list[object], values: dict[str, object]) -> None:
            arguments.clear()
            values.update(nowhere.translate_connect_args(username="user"))

        await engine.dispose()
        event.listen(engine.sync_engine, "do_connect", elsewhere)
        try:
            yield
        finally:
            event.remove(engine.sync_engine, "do_connect", elsewhere)

    async def settled(self) -> None:
        """Wait until the bot has fetched and handled all there is."""
        await eventually(lambda: not self.emulator.world.updates.pending(BOT_ID))
        await eventually(self._is_quiet)

    async def _is_quiet(self) -> bool:
        if self.emulator.world.updates.pending(BOT_ID):
            return False
        if not await self.waiting():
            return True
        # Asking PostgreSQL every 10 ms took a fifth of all these tests: a press takes some 80 ms to be handled.
        await asyncio.sleep(0.02)
        return False

    async def waiting(self) -> int:
        """Count updates that are stored and not handled."""
        return int(await self.value("SELECT count(*) FROM bot.inbox WHERE done_at IS NULL"))

    async def value(self, query: str, **values: Any) -> Any:
        """Read one value with the bot's rights."""
        async with self.desk.bot.begin() as session:
            return (await session.execute(text(query), values)).scalar_one()

    async def core_value(self, query: str, **values: Any) -> Any:
        """Read one value with core's rights."""
        async with self.desk.core.begin() as session:
            return (await session.execute(text(query), values)).scalar_one()

    async def taps(self, person: Person, *labels: str) -> None:
        """Press buttons one after the other, as fast as a finger can, and wait for the last to be handled."""
        for label in labels:
            await person.press(label)
            await self.settled()


def account_of(user_id: int, messenger: Channel = Channel.TELEGRAM) -> MessengerAccount:
    """Return the account of a person of the sandbox."""
    return MessengerAccount(messenger, str(user_id))


def last(person: Person) -> ChatMessage:
    """Return the newest message of the bot."""
    return next(message for message in reversed(person.chat.messages) if message.from_bot)


@dataclass(frozen=True)
class Rooms:
    """The three databases of a bot."""

    core: Database
    gateway: Database
    bot: Database


@asynccontextmanager
async def bot_world(
    rooms: Rooms, at: datetime = DURING_LESSON, messenger: Channel = Channel.TELEGRAM, site: str | None = None
) -> AsyncIterator[BotWorld]:
    """Build the world around fresh databases."""
    clock = MovableClock(at)
    school_clock = SchoolClock(source=lambda: clock.wall)
    keeper = CodeKeeper(b"codes of the tests")
    made = MaxEmulator(MaxBot(MAX_TOKEN, BOT_ID)) if messenger is Channel.MAX else BotApiEmulator(BOT)
    async with made as emulator:
        desk = Desk(
            core=rooms.core,
            gateway=rooms.gateway,
            bot=rooms.bot,
            keeper=keeper,
            vault=AddressVault(b"addresses of the tests, 32 bytes"),
            texts=load("ru"),
            school_clock=school_clock,
            machine_clock=MachineClock(source=lambda: clock.wall, monotonic=lambda: clock.seconds),
            log=structlog.get_logger("bot"),
            account_keeper=AccountKeeper(b"accounts of the tests, 32 bytes "),
            site=site,
        )
        token, credential = (MAX_TOKEN, MAX_CREDENTIAL) if messenger is Channel.MAX else (TOKEN, CREDENTIAL)
        # Time stands still here, and merged edits wait for it; what waits for edits sets another pace (``other_bot``).
        settings = BotSettings(token, credential, emulator.base_url, poll_seconds=5, messenger=messenger, per_chat=None)
        yield BotWorld(emulator, desk, SchoolBuilder(rooms.core, school_clock, keeper), clock, settings)


def other_bot(world: BotWorld, **changes: Any) -> BotWorld:
    """Return the same world with other settings of the bot."""
    return replace(world, settings=replace(world.settings, **changes))
