"""The proxy at asyncpg's connection: each statement and commit is one effect that the turnstile admits.

Real connections are kept over generations: a dead process's one is rolled back, as the server does when the socket of
a killed process closes, and handed to the next. In some runs it is really closed.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import cache
from typing import Any

import asyncpg

from tests.simulation.effects import Kind, Noted, Process
from tests.simulation.loop import VirtualLoop
from tests.simulation.turnstile import Turnstile

SETTINGS = {"plan_cache_mode": "force_generic_plan", "jit": "off", "deadlock_timeout": "20ms"}
"""The same plan whenever it is asked for: what has no order comes in the same one when a seed is replayed."""

TAGS = {
    "INSERT INTO gateway.attempt (": "mark",
    "UPDATE gateway.attempt SET finished_at": "record",
    "INSERT INTO gateway.intake": "horizon",
    "INSERT INTO gateway.credential": "hold",
    "SET state = 'claimed'": "claim",
    "pg_advisory_xact_lock": "lock",
    "SELECT id, event FROM bus.outbox": "unread",
    "INSERT INTO bus.outbox": "publish",
}

CHANGES = re.compile(r"INSERT INTO|(?<!FOR )UPDATE|DELETE FROM|^SELECT.*FOR UPDATE|pg_advisory|open_month", re.DOTALL)

type Did = tuple[tuple[Any, ...], Any, str]
"""The values of a statement, its rows, and what the server says that it did."""


@cache
def named(operation: str) -> tuple[str, str | None]:
    """Return the beginning of a statement, for the log, and what it is to the oracle."""
    tag = next((tag for mark, tag in TAGS.items() if mark in operation), None)
    return re.sub(r"\s+", " ", operation).strip()[:60], tag


class RealConnection:
    """One connection to the server, with what was prepared on it."""

    def __init__(self, connection: Any, role: str) -> None:
        self.connection = connection
        self.role = role
        self.prepared: dict[str, Any] = {}
        self.codecs = False
        self.pid: int = connection.get_server_pid()
        self.open = False
        """A transaction is open on the server. Ends are chained (``COMMIT AND CHAIN``), which saves a round trip."""
        self.touched = False
        """It has written or locked something, so that its end matters."""


class Connections:
    """Free real connections, by role."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop
        self._free: dict[str, list[RealConnection]] = {}

    async def take(self, arguments: dict[str, Any]) -> RealConnection:
        """Give a free connection, or open one."""
        settings = dict(arguments.pop("server_settings"))
        role = settings["role"]
        if free := self._free.get(role):
            return free.pop()
        with self._loop.real():
            opened = await asyncpg.connect(**arguments, server_settings=settings | SETTINGS)
        return RealConnection(opened, role)

    async def give_back(self, real: RealConnection, *, close: bool) -> None:
        """Take a connection back: clean, or closed for good."""
        with self._loop.real():
            if close or real.connection.is_closed():
                await real.connection.close()
                return
            if real.touched:
                real.touched = False
                await real.connection.execute("ROLLBACK AND CHAIN")
        self._free.setdefault(real.role, []).append(real)

    async def close(self) -> None:
        """Close all."""
        with self._loop.real():
            for real in (one for free in self._free.values() for one in free):
                await real.connection.close()


class ProxyConnection:
    """What SQLAlchemy takes for asyncpg's connection."""

    def __init__(self, real: RealConnection, process: Process, turnstile: Turnstile, connections: Connections) -> None:
        self._real: RealConnection | None = real
        self._process = process
        self._turnstile = turnstile
        self._connections = connections
        self._used = False
        self._last: Any = None
        self.waited = False
        """The statement that runs has hung on a lock: it may hold one although it changed nothing."""
        self.noted: list[Noted] = []
        process.connections.append(self)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real.connection, name)

    @property
    def real(self) -> RealConnection:
        """The connection behind it. Raises as the driver does on a lost one."""
        if self._real is None:
            raise asyncpg.InterfaceError("connection is closed")
        return self._real

    @property
    def pid(self) -> int:
        """Of the server's process."""
        return self.real.pid

    def is_closed(self) -> bool:
        return self._real is None and not self._process.dead

    async def set_type_codec(self, *args: Any, **kwargs: Any) -> None:
        # Once for a real connection; SQLAlchemy asks on both types, of which the second is the last.
        if not self.real.codecs:
            with self._turnstile.loop.real():
                await self.real.connection.set_type_codec(*args, **kwargs)
            self.real.codecs = args[0] == "jsonb"

    async def reload_schema_state(self) -> None:
        raise AssertionError("no statement of ours changes types")

    def transaction(self, **_: Any) -> "_Transaction":
        return _Transaction(self)

    async def prepare(self, operation: str, *, name: str | None = None) -> "_Statement":
        assert name is None
        await self._alive()
        if (found := self.real.prepared.get(operation)) is None:
            with self._turnstile.loop.real():
                found = self.real.prepared[operation] = await self.real.connection.prepare(operation)
        return _Statement(self, operation, found)

    async def executemany(self, operation: str, values: Iterable[Sequence[Any]]) -> None:
        given = list(values)
        statement = await self.prepare(operation)
        await self.effect(operation, given, lambda: statement.many(given))

    async def close(self, **_: Any) -> None:
        await self.abandon(close=False)

    def terminate(self) -> None:
        if self._real is not None:
            self._turnstile.background(self.abandon(close=False))

    async def fetchrow(self, *args: Any) -> Any:
        with self._turnstile.loop.real():
            return await self.real.connection.fetchrow(*args)

    async def abandon(self, *, close: bool) -> None:
        """Leave the connection as the death of its owner does: nothing of an open transaction stays."""
        if self._real is not None:
            real, self._real = self._real, None
            self._process.connections.remove(self)
            await self._connections.give_back(real, close=close)

    def detail(self) -> str:
        """Tell this connection's business from that of another one of the same process."""
        return repr(self._last)

    async def _alive(self) -> None:
        """Hang for ever if the process is dead: even that its connection is gone, it never hears."""
        if self._process.dead:
            await self._turnstile.loop.create_future()
        self.real  # noqa: B018 - raises on a lost one

    async def effect(self, operation: str, values: Any, act: Callable[[], Awaitable[Did]]) -> Any:
        """Have one statement admitted and done."""
        await self._alive()
        name, tag = named(operation)
        self._last = name, values
        return await self._turnstile.through(self._process, Kind.STATEMENT, name, self._done(operation, tag, act), self)

    def _done(self, operation: str, tag: str | None, act: Callable[[], Awaitable[Did]]) -> Callable[[], Awaitable[Any]]:
        async def done() -> Any:
            real = self.real
            if not real.open:
                await real.connection.execute("BEGIN")
                real.open = True
            self._used, before = True, real.touched
            real.touched = True
            self.waited = False
            values, rows, status = await act()
            real.touched = before or self.waited or _touches(operation, values, status)
            if tag is not None:
                self.noted.append(Noted(tag, self._turnstile.effects, self._turnstile.loop.time(), values, rows))
            return rows

        return done

    def begin(self) -> None:
        """Begin with the next statement."""
        self._used, self.noted = False, []

    async def end(self, word: str) -> None:
        """Commit or roll back, if anything was begun."""
        await self._alive()
        if not self._used:
            return
        self._used = False

        async def done() -> None:
            real = self.real
            if real.touched:
                await real.connection.execute(f"{word} AND CHAIN")
                real.touched = False
            if word == "COMMIT":
                self._process.history.committed(self._process, self.noted)

        kind = Kind.COMMIT if word == "COMMIT" else Kind.ROLLBACK
        await self._turnstile.through(self._process, kind, word.lower(), done, self)


class _Transaction:
    def __init__(self, connection: ProxyConnection) -> None:
        self._connection = connection

    async def start(self) -> None:
        self._connection.begin()

    async def commit(self) -> None:
        await self._connection.end("COMMIT")

    async def rollback(self) -> None:
        if not self._connection.is_closed():
            await self._connection.end("ROLLBACK")


class _Statement:
    def __init__(self, connection: ProxyConnection, operation: str, prepared: Any) -> None:
        self._connection = connection
        self._operation = operation
        self._prepared = prepared
        self._status = ""

    def get_attributes(self) -> Any:
        return self._prepared.get_attributes()

    def get_statusmsg(self) -> str:
        return self._status

    async def fetch(self, *values: Any) -> Any:
        async def act() -> Did:
            rows = await self._prepared.fetch(*values)
            self._status = self._prepared.get_statusmsg()
            return values, rows, self._status

        return await self._connection.effect(self._operation, values, act)

    async def many(self, values: list[Sequence[Any]]) -> Did:
        await self._prepared.executemany(values)
        return tuple(values), None, ""


def _touches(operation: str, values: tuple[Any, ...], status: str) -> bool:
    """Tell whether the end of its transaction matters after this statement: it changed or locked something.

    The server's word counts the rows of a statement's last part alone: of one that changes in several parts it says
    nothing of the others.
    """
    changes = changes_of(operation)
    if not changes or (operation.lstrip().startswith("WITH") and any(value == [] for value in values)):
        return False
    return len(changes) > 1 or status not in ("SELECT 0", "UPDATE 0", "DELETE 0", "INSERT 0 0")


@cache
def changes_of(operation: str) -> tuple[str, ...]:
    """Return what of a statement changes or locks something; functions of ours that do are told by their names."""
    return tuple(CHANGES.findall(operation))
