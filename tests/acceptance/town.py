"""A town to try whole processes in: one class, its families, a local messenger and mail server, processes to kill.

The journal's commands are called here; gateway and bot are processes of their own, started as a school starts them.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import URL, text

from core.actor import Act, Actor
from core.database import Database, Role
from core.events import AddressState, Channel, address_subject, event
from core.learning import attendance
from core.learning.attendance import Recorded
from core.outbox import OutboxBell, publish
from core.school_time import SchoolClock
from tests.school_builder import SchoolBuilder
from zvonok.sandbox.bot_api import BotApiEmulator, SandboxBot
from zvonok.sandbox.mail_catcher import MailCatcher
from zvonok.sandbox.max_api import MaxBot, MaxEmulator
from zvonok.sandbox.people import Person
from zvonok.secret import Secret

TOKEN = "77:acceptance"
MAX_TOKEN, MAX_BOT_ID = "f9LHodD0cOL-acceptance", 78
SECRET = "of the acceptance tests, 32 characters long"
BELL = datetime(2026, 11, 24, 3, 31, tzinfo=UTC)
LEASE_SECONDS = 1

type Emulator = BotApiEmulator | MaxEmulator


@dataclass
class Process:
    """A process of ours, in a session of its own."""

    name: str
    process: asyncio.subprocess.Process
    log: Path

    async def kill(self) -> None:
        """SIGKILL: no cleaning up."""
        self.process.kill()
        await self.process.wait()

    async def stop(self) -> None:
        """SIGTERM, as a service manager does."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        await self.process.wait()


@dataclass
class Town:
    """What a test may touch."""

    url: URL
    folder: Path
    emulator: Emulator
    catcher: MailCatcher
    core: Database
    gateway: Database
    builder: SchoolBuilder
    clock: SchoolClock
    bell: OutboxBell
    teacher: UUID
    lesson: UUID
    school: UUID
    started: list[Process] = field(default_factory=list)

    def environment(self, **more: str) -> Mapping[str, str]:
        """Return the settings of the processes: the sandbox's, and nothing of this shell's own."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ZVONOK_")}
        offset = (self.clock.now() - datetime.now(UTC)).total_seconds()
        return {
            **kept,
            "ZVONOK_DATA": str(self.folder),
            "ZVONOK_DATABASE_URL": self.url.render_as_string(hide_password=False),
            "ZVONOK_SECRET": SECRET,
            "ZVONOK_SANDBOX": "true",
            "ZVONOK_SCHOOL_CLOCK_OFFSET_SECONDS": str(offset),
            **_messenger(self.emulator),
            "ZVONOK_MAIL_HOST": self.catcher.host,
            "ZVONOK_MAIL_PORT": str(self.catcher.port),
            "ZVONOK_MAIL_SECURITY": "plain",
            "ZVONOK_MAIL_FROM": "school@example.org",
            "ZVONOK_LEASE_SECONDS": str(LEASE_SECONDS),
            **more,
        }

    async def start(self, *words: str, **settings: str) -> Process:
        """Start ``zvonok`` with these words, as a process."""
        log = self.folder / f"{words[0]}-{len(self.started)}.log"
        with log.open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "zvonok.cli",
                *words,
                env=self.environment(**settings),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.started.append(Process(words[0], process, log))
        return self.started[-1]

    async def run(self, *words: str) -> str:
        """Run ``zvonok`` to its end and return what it printed."""
        process = await self.start(*words)
        await process.process.wait()
        return process.log.read_text(encoding="utf-8")

    async def family(self, name: str, *, chat: int | None = None, mail: str | None = None) -> tuple[UUID, UUID]:
        """Add a pupil to the class with one guardian who has these verified addresses; return both."""
        pupil = await self.builder.pupil(self.class_id, name)
        guardian = await self.builder.guardian(pupil, name=f"Родитель {name}")
        addresses = ((Channel.TELEGRAM, None if chat is None else str(chat)), (Channel.MAIL, mail))
        async with self.core.begin() as session:
            for channel, value in addresses:
                if value is not None:
                    now = self.clock.now()
                    state = AddressState(person=guardian, channel=channel, value=value, verified_at=now)
                    subject = address_subject(guardian, channel)
                    await publish(session, event(state, subject=subject, school=self.school, version=1, at=now))
        if chat is not None:
            await self.emulator.person(chat, name).start()
        return pupil, guardian

    class_id: UUID = field(default_factory=uuid4)

    def phone(self, chat: int) -> Person:
        """Return the person of a chat."""
        return self.emulator.person(chat)

    async def call_the_roll(self, *absent: UUID) -> Recorded:
        """The teacher marks «н»."""
        async with self.core.begin() as session:
            act = Act(Actor("telegram", self.teacher), self.clock.now(), f"test:{uuid4()}")
            recorded = await attendance.record(session, act, self.lesson, dict.fromkeys(absent, "н"))
        await self.bell.ring_if_wanted()
        return recorded

    def alerts(self, chat: int) -> int:
        """Count the messages that really came to a chat; where nobody converses, these are the alerts."""
        return len(self.emulator.log.delivered(chat))

    async def rows(self, query: str, **values: object) -> list[tuple[object, ...]]:
        """Read from the gateway's own tables."""
        async with self.gateway.begin() as session:
            return [tuple(row) for row in await session.execute(text(query), values)]

    async def until_alerts(self, chat: int, count: int) -> None:
        """Wait for so many alerts in a chat."""
        await self.until(lambda: self.alerts(chat) == count)

    async def until(self, look: Callable[[], bool], *, within: float = 60.0) -> None:
        """Look until it is so. Fails with the processes' logs."""
        try:
            async with asyncio.timeout(within):
                while not look():  # noqa: ASYNC110 - what is watched lies in other processes
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(self._logs()) from None

    async def until_rows(self, query: str, expected: list[tuple[object, ...]], *, within: float = 60.0) -> None:
        """Look into the gateway's tables until they say so."""
        found: list[tuple[object, ...]] = []
        try:
            async with asyncio.timeout(within):
                while (found := await self.rows(query)) != expected:  # noqa: ASYNC110 - as above
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(f"{found} instead of {expected}\n{self._logs()}") from None

    def _logs(self) -> str:
        return "\n".join(f"--- {one.name}\n{one.log.read_text(encoding='utf-8')[-3000:]}" for one in self.started)


@asynccontextmanager
async def build_town(
    url: URL, folder: Path, *, undo_window: int = 0, messenger: Channel = Channel.TELEGRAM
) -> AsyncIterator[Town]:
    """Build the town on an empty migrated database; whatever was started is stopped at the end."""
    ahead = BELL - datetime.now(UTC)
    clock = SchoolClock(ahead)
    core, gateway = Database(url, Role.CORE), Database(url, Role.GATEWAY)
    builder = SchoolBuilder(core, clock, Secret(SECRET.encode()).code_keeper())
    async with _emulator(messenger) as emulator, MailCatcher(folder / "mail") as catcher:
        school = await builder.school(undo_window=undo_window)
        teacher = await builder.teacher(school, "Королёва Анна Сергеевна")
        class_id = await builder.school_class(school, "5А", teacher)
        lesson = await builder.lesson(class_id, teacher, time(8, 30))
        bell = OutboxBell(core)
        town = Town(url, folder, emulator, catcher, core, gateway, builder, clock, bell, teacher, lesson, school.id)
        town.class_id = class_id
        try:
            yield town
        finally:
            for process in town.started:
                await process.stop()
            await core.close()
            await gateway.close()


def _emulator(messenger: Channel) -> Emulator:
    return MaxEmulator(MaxBot(MAX_TOKEN, MAX_BOT_ID)) if messenger is Channel.MAX else BotApiEmulator(SandboxBot(TOKEN))


def _messenger(emulator: Emulator) -> dict[str, str]:
    """Return the settings of the only messenger there is."""
    name, token = ("MAX", MAX_TOKEN) if isinstance(emulator, MaxEmulator) else ("TELEGRAM", TOKEN)
    return {
        f"ZVONOK_{name}_TOKEN": token,
        f"ZVONOK_{name}_BASE_URL": emulator.base_url,
        f"ZVONOK_{name}_TIMEOUT_SECONDS": "5",
    }
