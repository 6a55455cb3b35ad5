"""The turnstile: one effect (statement, commit, request) at a time, chosen by the seed among all that wait.

A process that dies here is never answered and never cancelled, as after SIGKILL: its tasks hang for ever, and no
``finally`` of it runs. A frozen one (SIGSTOP) waits, with all its locks, until it is let go.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from tests.simulation.effects import Blow, Fault, Kind, Process
from tests.simulation.loop import VirtualLoop

EFFECT_SECONDS = 0.002
"""Virtual time that an effect takes: no two moments of a run are the same."""


@dataclass(eq=False)
class _Ticket:
    process: Process
    kind: Kind
    name: str
    act: Callable[[], Awaitable[Any]]
    answer: asyncio.Future[Any]
    connection: Any
    not_before: float = 0.0
    counted: bool = False
    done: asyncio.Event = field(default_factory=asyncio.Event)
    result: tuple[Any, Exception | None] = (None, None)
    held_by: frozenset[int] = frozenset()
    """While it hangs: the connections that have what it wants, or want it before it."""

    def rank(self) -> tuple[str, str, str, str]:
        """Order tickets by what they are, not by when they came: that would show how long the server took."""
        detail = "" if self.connection is None else self.connection.detail()
        return self.process.name, self.kind.value, self.name, detail


@dataclass(eq=False)
class Turnstile:
    """Admits effects; ``die`` is called with a process that was just killed."""

    loop: VirtualLoop
    chance: random.Random
    monitor: Any
    really_close: bool = False
    died: Callable[[Process], None] = lambda _: None
    faults: dict[tuple[Kind, int], Fault] = field(default_factory=dict)
    struck: list[Fault] = field(default_factory=list)
    log: list[tuple[Any, ...]] = field(default_factory=list)
    effects: int = 0
    waiters: list[asyncio.Future[None]] = field(default_factory=list)
    """Whoever waits until nothing can go on but by time."""
    _waiting: list[_Ticket] = field(default_factory=list)
    _blocked: list[_Ticket] = field(default_factory=list)
    _running: _Ticket | None = None
    _answers: list[tuple[_Ticket, Callable[[], None]]] = field(default_factory=list)
    _checking: bool = False
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)
    """One question at a time to the server."""
    _counts: dict[Kind, int] = field(default_factory=dict)
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.loop.admit = self._admit
        self.loop.on_quiet = self._quiet

    async def through(
        self, process: Process, kind: Kind, name: str, act: Callable[[], Awaitable[Any]], connection: Any = None
    ) -> Any:
        """Wait to be admitted, do it, and hear what came of it; or hang for ever."""
        if process.free:
            return await act()
        answer: asyncio.Future[Any] = self.loop.create_future()
        if not process.dead:
            self._waiting.append(_Ticket(process, kind, name, act, answer, connection))
        return await answer

    def background(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do something real that nobody waits for, before anything else goes on."""

        async def done() -> None:
            with self.loop.real():
                await work

        self.loop.outstanding += 1
        task = self.loop.create_task(done())
        self._tasks.add(task)

        def ended(finished: asyncio.Task[Any]) -> None:
            self.loop.outstanding -= 1
            self._tasks.discard(finished)

        task.add_done_callback(ended)

    async def until_idle(self) -> None:
        """Wait until nobody has anything to do but to wait for a moment."""
        waiter: asyncio.Future[None] = self.loop.create_future()
        self.waiters.append(waiter)
        await waiter

    async def kill(self, process: Process) -> None:
        """Kill a process: its connections are rolled back, and nobody of it ever hears anything again."""
        process.dead = True
        self._waiting = [one for one in self._waiting if one.process is not process]
        hanging = {one.connection for one in self._blocked if one.process is process}
        for one in [one for one in self._blocked if one.process is process]:
            async with self._asking:
                await self.monitor.execute("SELECT pg_terminate_backend($1)", one.connection.pid)
            await one.done.wait()
            self._blocked.remove(one)
        for connection in list(process.connections):
            await connection.abandon(close=self.really_close or connection in hanging)
        self.died(process)
        await self._settle()

    def freeze(self, process: Process, seconds: float) -> None:
        """Stop a process; it goes on after ``seconds``."""
        process.frozen, process.thaws_at = True, self.loop.time() + seconds
        process.hurt.append(self.loop.time())
        self.loop.call_later(seconds, self.thaw, process)

    def thaw(self, process: Process) -> None:
        """Let a frozen process go on, with the answers that came meanwhile."""
        process.frozen = False
        answers, process.held_answers = process.held_answers, []
        for give in answers:
            give()

    def _admit(self) -> bool:
        if self._running is not None:
            return False
        now = self.loop.time()
        ready = [
            one
            for one in self._waiting
            if not one.process.frozen and one.not_before <= now and not (self._blocked and self._queues(one))
        ]
        if not ready:
            waiters, self.waiters = self.waiters, []
            for waiter in waiters:
                waiter.set_result(None)
            return bool(waiters)
        ticket = ready[0] if len(ready) == 1 else self._chosen(ready)
        self._waiting.remove(ticket)
        self._running = ticket
        self.loop.advance(EFFECT_SECONDS)
        self.loop.outstanding += 1
        task = self.loop.create_task(self._go(ticket))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    def _queues(self, ticket: _Ticket) -> bool:
        """Tell whether it would wait behind one that hangs.

        Of two that hang on one lock the server may let either go first: the second is not let in to the queue, unless
        it has itself what somebody hangs on, who would hang for ever.
        """
        if ticket.connection is not None and any(ticket.connection.pid in one.held_by for one in self._blocked):
            return False
        return any(one.name == ticket.name for one in self._blocked)

    def _chosen(self, ready: list[_Ticket]) -> _Ticket:
        return sorted(ready, key=_Ticket.rank)[self.chance.randrange(len(ready))]

    async def _go(self, ticket: _Ticket) -> None:
        try:
            fault = self._fault(ticket)
            if fault is not None and not await self._before(ticket, fault):
                return
            self.effects += 1
            ticket.result = await _outcome(ticket.act)
            ticket.done.set()
            if ticket in self._blocked or ticket is not self._running:
                return  # whoever let it go on makes its result known
            await self._after(ticket, fault, ticket.result)
            if ticket.kind in (Kind.COMMIT, Kind.ROLLBACK):
                await self._settle()
        finally:
            if self._running is ticket:
                self._let_next()
            self._deliver()

    def _deliver(self) -> None:
        """Let everybody hear of what this effect brought about at one moment: how long it took shows nowhere."""
        answers, self._answers = self._answers, []
        if len(answers) > 1:
            answers.sort(key=lambda one: one[0].rank())
        for _, give in answers:
            give()

    def _let_next(self) -> None:
        self._running = None
        self.loop.outstanding -= 1

    def _quiet(self) -> None:
        """Look whether what runs hangs on a lock that somebody else holds: then others may go on."""
        ticket = self._running
        if ticket is not None and ticket.connection is not None and not self._checking:
            self._checking = True
            self.background(self._check(ticket))

    async def _check(self, ticket: _Ticket) -> None:
        try:
            if ticket is self._running and not ticket.done.is_set() and await self._hangs(ticket):
                self._blocked.append(ticket)
                ticket.connection.waited = True
                self._note(ticket, "blocked")
                await self._part()
                if self._running is ticket:
                    self._let_next()
        finally:
            self._checking = False

    async def _hangs(self, ticket: _Ticket) -> bool:
        if ticket.connection is None or ticket.kind is not Kind.STATEMENT:
            return False
        async with self._asking:
            found = await self.monitor.fetchval("SELECT pg_blocking_pids($1)", ticket.connection.pid)
        ticket.held_by = frozenset(found or ())
        return bool(found)

    async def _settle(self) -> None:
        """Whoever hung on a lock has got it, or hangs on another: wait until that is certain, then let them hear."""
        for ticket in list(self._blocked):
            await self._decided(ticket)
            if ticket.done.is_set() and ticket in self._blocked:
                self._blocked.remove(ticket)
                await self._after(ticket, None, ticket.result)

    async def _decided(self, ticket: _Ticket) -> None:
        """Ask until it is done or hangs again: each question takes a while, and lets the answer come."""
        while not ticket.done.is_set():
            if await self._hangs(ticket):
                return

    async def _part(self) -> None:
        """Two that hang on each other are parted by the server, which chooses whose transaction ends."""
        if len(self._blocked) < 2:
            return
        pids = [one.connection.pid for one in self._blocked]
        async with self._asking:
            rows = await self.monitor.fetch("SELECT p, pg_blocking_pids(p) AS by FROM unnest($1::int[]) p", pids)
            tied = knotted({row["p"]: set(row["by"]) for row in rows})
            if tied:
                await self.monitor.execute("SELECT pg_sleep(0.05)")
        if tied:
            await self._settle()

    def _fault(self, ticket: _Ticket) -> Fault | None:
        if not ticket.process.mortal or ticket.counted:
            return None
        ticket.counted = True
        kinds = [ticket.kind]
        if ticket.kind is Kind.COMMIT:
            tags = {one.tag for one in ticket.connection.noted if one.rows}
            kinds += [kind for kind in (Kind.CLAIM, Kind.MARK) if kind.value in tags]
        for kind in kinds:
            number = self._counts[kind] = self._counts.get(kind, 0) + 1
            fault = self.faults.get((kind, number))
            if fault is not None:
                self.struck.append(fault)
                return fault
        return None

    async def _before(self, ticket: _Ticket, fault: Fault) -> bool:
        """Strike before the effect; True if it is to happen."""
        match fault.blow:
            case Blow.DIE_BEFORE:
                self._note(ticket, fault.blow)
                await self.kill(ticket.process)
            case Blow.LOST_BEFORE if ticket.connection is not None:
                self._note(ticket, fault.blow)
                await self._lose(ticket)
            case Blow.SLOW:
                ticket.not_before = self.loop.time() + fault.seconds
                ticket.process.hurt.append(self.loop.time())
                self.loop.call_at(ticket.not_before, lambda: None)
                self._waiting.append(ticket)
            case Blow.FREEZE_BEFORE:
                self._note(ticket, fault.blow)
                self.freeze(ticket.process, fault.seconds)
                self._waiting.append(ticket)
            case _:
                return True
        return False

    async def _after(self, ticket: _Ticket, fault: Fault | None, result: tuple[Any, BaseException | None]) -> None:
        """Let the process hear of its effect, unless something strikes it."""
        blow = None if fault is None else fault.blow
        self._note(ticket, "ok" if result[1] is None else type(result[1]).__name__, blow)
        if blow is Blow.DIE_AFTER:
            await self.kill(ticket.process)
        elif blow is Blow.LOST_AFTER and ticket.connection is not None:
            await self._lose(ticket)
        else:
            if blow is Blow.FREEZE_AFTER and fault is not None:
                self.freeze(ticket.process, fault.seconds)
            self._give(ticket, *result)

    async def _lose(self, ticket: _Ticket) -> None:
        await ticket.connection.abandon(close=self.really_close)
        lost = asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")
        self._give(ticket, None, lost)
        await self._settle()

    def _give(self, ticket: _Ticket, answer: Any, error: BaseException | None) -> None:
        def give() -> None:
            if ticket.answer.done():
                return
            if error is None:
                ticket.answer.set_result(answer)
            else:
                ticket.answer.set_exception(error)

        if ticket.process.dead:
            return
        if ticket.process.frozen:
            ticket.process.held_answers.append(give)
        else:
            self._answers.append((ticket, give))

    def _note(self, ticket: _Ticket, *said: Any) -> None:
        line = (self.effects, round(self.loop.time(), 3), ticket.process.name, ticket.kind.value, ticket.name, *said)
        self.log.append(
            tuple(None if one is None else one if isinstance(one, int | float) else str(one) for one in line)
        )


def knotted(held_by: dict[int, set[int]]) -> bool:
    """Tell whether some of them hang on each other, whatever the rest hangs on."""
    left = dict(held_by)
    while free := [one for one, by in left.items() if not by & left.keys()]:
        for one in free:
            del left[one]
    return bool(left)


async def _outcome(act: Callable[[], Awaitable[Any]]) -> tuple[Any, Exception | None]:
    try:
        return await act(), None
    except Exception as error:  # noqa: BLE001 - whatever the server says is for whoever asked
        return None, error
