"""What outlives a run: the loop, the real connections, the database as every run finds it. And processes on it."""

import asyncio
import ctypes
import random
import uuid
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, NoReturn

import asyncpg
import structlog
from sqlalchemy import URL

import gateway.service
from core.database import Database, Role, connect_arguments
from core.outbox import publish
from core.school_time import MachineClock, SchoolClock
from gateway.addresses import AddressVault
from gateway.heads import Heads
from gateway.intake import Intake
from tests.simulation.connections import SETTINGS, Connections, ProxyConnection
from tests.simulation.effects import Noted, Process
from tests.simulation.loop import VirtualLoop
from tests.simulation.school import School
from tests.simulation.turnstile import Turnstile

CREDENTIALS = {"telegram": "telegram:1", "mail": "mail:school@example.ru"}
VAULT = AddressVault(b"addresses of the simulation, 32!")
POLL_SECONDS = 20.0
"""The gateway looks twice a second; virtual hours of that would be real hours. The bell is heard as ever."""

TABLES = """
SELECT c.oid::regclass::text AS name FROM pg_class c WHERE c.relnamespace = 'gateway'::regnamespace
  AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1
"""
SEQUENCES = """
SELECT format('%I.%I', schemaname, sequencename) AS name, last_value AS last FROM pg_sequences
WHERE schemaname = 'gateway' ORDER BY 1
"""
SLOTS = {Role.CORE: 1, Role.GATEWAY: 14}
"""Pools made beforehand: more than a run has processes."""
_graveyard: list[Any] = []
"""Tasks of the dead. Nothing may ever collect them: that would run their ``finally``."""
ctypes.pythonapi.Py_IncRef(ctypes.py_object(_graveyard))


class _Nobody:
    def committed(self, process: Process, noted: list[Noted]) -> None:
        """Nobody asks what is prepared before a run."""


@dataclass(eq=False)
class Slot:
    """A pool of connections, and the generation of a process that uses it now."""

    database: Database
    process: Process | None = None


@dataclass(eq=False)
class Machine:
    """One server, one loop; runs follow each other on it."""

    url: URL
    loop: VirtualLoop
    connections: Connections
    copies: bool = False
    """All adults want a duplicate by letter."""
    monitor: Any = None
    turnstile: Turnstile | None = None
    errors: list[str] = field(default_factory=list)
    """What the gateways logged as errors in this run."""
    _free: dict[Role, list[Slot]] = field(default_factory=dict)
    _runs: int = 0
    _reset: str = ""

    async def prepare(self, school: School) -> None:
        """Let the real intake plan the school's beginning, and keep what it wrote for all runs."""
        arguments = connect_arguments(self.url)
        self.monitor = await asyncpg.connect(**arguments, server_settings=SETTINGS)
        for month in ("2026-09-01", "2026-10-01", "2026-11-01"):
            await self.monitor.execute(f"SELECT gateway.open_month('{month}')")
        core, database = Database(self.url, Role.CORE), Database(self.url, Role.GATEWAY)
        async with core.begin() as session:
            await publish(session, *school.beginning())
        clocks = SchoolClock(source=lambda: school.started), MachineClock(source=lambda: school.started)
        assert await Intake(database, Heads(VAULT, CREDENTIALS), *clocks).run_once() == len(school.stated)
        await core.close()
        await database.close()
        await self.monitor.execute("UPDATE gateway.recipient SET copies = $1", self.copies)
        await self._warm()
        await self._keep()

    async def _keep(self) -> None:
        """Keep what every table holds now: a run begins with that, and with nothing in the others."""
        await self.monitor.execute("CREATE SCHEMA beginning; SET session_replication_role = replica")
        words = ["DELETE FROM bus.outbox"]
        for row in await self.monitor.fetch(TABLES):
            table, kept = row["name"], row["name"].replace("gateway.", "beginning.")
            await self.monitor.execute(f"CREATE TABLE {kept} AS TABLE {table}")
            words.append(f"DELETE FROM {table}")  # noqa: S608 - a name from the catalogue
            if await self.monitor.fetch(f"TABLE {kept}"):
                words.append(f"INSERT INTO {table} OVERRIDING SYSTEM VALUE TABLE {kept}")
        for row in await self.monitor.fetch(SEQUENCES):
            words.append(f"SELECT setval('{row['name']}', {row['last'] or 1})")  # noqa: PERF401 - told apart
        self._reset = ";".join(words)

    async def _warm(self) -> None:
        """Let each pool ask what SQLAlchemy asks a server once, so that no run sees it."""
        self.turnstile = Turnstile(self.loop, random.Random(0), self.monitor)  # noqa: S311 - nothing secret
        for role, many in SLOTS.items():
            warmed = [self.occupy(role, Process("warm", _Nobody(), mortal=False, free=True)) for _ in range(many)]
            for slot in warmed:
                async with slot.database.engine.connect():
                    assert slot.process is not None
                await self.vacate(slot, slot.process)

    async def reset(self, chance: random.Random, turnstile: Turnstile) -> None:
        """Put everything back to the beginning."""
        self.turnstile = turnstile
        self.errors.clear()
        self._runs += 1
        await self.monitor.execute(self._reset)
        if self._runs % 50 == 0:
            await self.monitor.execute("VACUUM")
        uuid.os.urandom = chance.randbytes  # type: ignore[attr-defined]  # put there by ``everything_injected``

    def occupy(self, role: Role, process: Process) -> Slot:
        """Give a process a pool of its own."""
        free = self._free.setdefault(role, [])
        slot = free.pop() if free else self._slot(role)
        slot.process = process
        return slot

    async def vacate(self, slot: Slot, process: Process) -> None:
        """Take the pool of a process that will never run again, with whatever it had in hand."""
        for connection in list(process.connections):
            await connection.abandon(close=False)
        slot.database.engine.sync_engine.dispose(close=False)
        slot.process = None
        self._free[slot.database.role].append(slot)

    def bury(self, *what: Any) -> None:
        """Keep for ever what belonged to a process."""
        _graveyard.extend(what)

    def count(self, query: str) -> int:
        """Count something that the last run left behind."""
        with self.loop.real():
            return int(self.loop.run_until_complete(self.monitor.fetchval(query)))

    async def close(self) -> None:
        """Let go of the server."""
        await self.connections.close()
        await self.monitor.close()

    def _slot(self, role: Role) -> Slot:
        async def connect(*_: Any, **arguments: Any) -> ProxyConnection:
            process, turnstile = slot.process, self.turnstile
            assert process is not None
            assert turnstile is not None
            return ProxyConnection(await self.connections.take(arguments), process, turnstile, self.connections)

        slot = Slot(Database(self.url, role, pool_size=16, connect=connect))
        return slot


@contextmanager
def machine(url: URL, school: School, *, copies: bool = False) -> Iterator[Machine]:
    """Open a machine with everything injected: time, chance, names, logs."""
    loop = VirtualLoop()
    made = Machine(url, loop, Connections(loop), copies)

    def hear(_: Any, level: str, said: MutableMapping[str, Any]) -> NoReturn:
        if level in ("error", "exception"):
            made.errors.append(f"{said.get('event')}: {said.get('error', '')}")
        raise structlog.DropEvent

    before, poll, system = structlog.get_config(), gateway.service.POLL_SECONDS, uuid.os  # type: ignore[attr-defined]  # not listed among its names
    structlog.configure(processors=[hear])
    gateway.service.POLL_SECONDS = POLL_SECONDS
    uuid.os = SimpleNamespace(urandom=system.urandom)  # type: ignore[attr-defined]  # ``uuid4`` asks this name alone
    try:
        with loop.real():
            loop.run_until_complete(made.prepare(school))
        yield made
        with loop.real():
            loop.run_until_complete(made.close())
    finally:
        structlog.configure(**before)
        gateway.service.POLL_SECONDS = poll
        uuid.os = system  # type: ignore[attr-defined]  # not listed among its names
        loop.forget()
        loop.stopping = True
        loop.close()


def forever() -> asyncio.Future[Any]:
    """Return something that never comes."""
    return asyncio.get_running_loop().create_future()
