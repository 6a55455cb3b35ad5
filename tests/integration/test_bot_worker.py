"""The worker on a real inbox, with handlers of the tests: order, bounds, mistakes, and dying."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import text

from bot.inbox import LEASE, Inbox, StoredUpdate
from bot.retry import GAVE_UP, MAX_ATTEMPTS, PATIENCE, UndecodableUpdateError
from bot.worker import HANDLER_SECONDS, Worker, WorkerTools
from core.database import Database
from core.school_time import MachineClock
from tests.integration.eventually import eventually
from tests.integration.test_bot_inbox import update
from tests.unit.sandbox_clock import MovableClock


@dataclass
class Bench:
    """An inbox, a worker on it, and what handlers did."""

    inbox: Inbox
    database: Database
    clock: MovableClock = field(default_factory=MovableClock)
    handled: list[str] = field(default_factory=list)
    apologised: list[str] = field(default_factory=list)
    answer: Callable[[StoredUpdate], Awaitable[None]] | None = None
    tried: int = 0
    slots: int = 4
    handler_seconds: float = 5.0
    grace_seconds: float = 5.0
    worker: Worker | None = None

    async def _handle(self, stored: StoredUpdate) -> None:
        self.tried += 1
        if self.answer is not None:
            await self.answer(stored)
        self.handled.append(stored.update_key)

    async def _apologise(self, stored: StoredUpdate) -> None:
        self.apologised.append(stored.update_key)
        raise ConnectionResetError

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        clock = MachineClock(source=lambda: self.clock.wall)
        log = structlog.get_logger("bot")
        tools = WorkerTools(self.inbox, clock, self._handle, self._apologise, log, self.slots)
        self.worker = Worker(replace(tools, handler_seconds=self.handler_seconds, grace_seconds=self.grace_seconds))
        task = asyncio.create_task(self.worker.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def put(self, *updates: tuple[int, int]) -> None:
        await self.inbox.store([update(number, chat=chat) for number, chat in updates], self.clock.wall)
        self.wake()

    def wake(self) -> None:
        assert self.worker is not None
        self.worker.wake()

    async def until(self, looks: Callable[[], bool]) -> None:
        await eventually(looks)

    async def until_tried(self, times: int) -> None:
        await self.until(lambda: self.tried == times)

    async def row(self, key: str) -> tuple[bool, int, str | None]:
        query = text("SELECT done_at IS NOT NULL, attempts, failure FROM bot.inbox WHERE update_key = :key")
        async with self.database.begin() as session:
            done, attempts, failure = (await session.execute(query, {"key": key})).one()
        return done, attempts, failure

    async def until_row(self, key: str, *, done: bool, attempts: int) -> None:
        async def stands_so() -> bool:
            return (await self.row(key))[:2] == (done, attempts)

        await eventually(stands_so)


@pytest.fixture
def bench(bot_database: Database) -> Bench:
    return Bench(Inbox(bot_database, "telegram:1"), bot_database)


async def test_order_inside_a_conversation_and_none_between_conversations(bench: Bench) -> None:
    gate = asyncio.Event()

    async def slow_in_the_first(stored: StoredUpdate) -> None:
        if stored.update_key == "1":
            await gate.wait()

    bench.answer = slow_in_the_first
    async with bench.running():
        await bench.put((1, 100), (2, 100), (3, 100), (4, 200), (5, 200))
        await bench.until(lambda: bench.handled == ["4", "5"])
        gate.set()
        await bench.until(lambda: bench.handled == ["4", "5", "1", "2", "3"])


async def test_no_more_conversations_at_once_than_slots(bench: Bench) -> None:
    running = 0
    most = 0

    async def count(_: StoredUpdate) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.01)
        running -= 1

    bench.answer, bench.slots = count, 3
    async with bench.running():
        await bench.put(*((number, number) for number in range(1, 13)))
        await bench.until(lambda: len(bench.handled) == 12)
    assert most == 3


async def test_a_mistake_of_ours_is_tried_again_later_then_set_aside_and_the_queue_goes_on(bench: Bench) -> None:
    async def stumble(stored: StoredUpdate) -> None:
        if stored.update_key == "1":
            raise KeyError("Иванова")

    bench.answer = stumble
    async with bench.running():
        await bench.put((1, 100), (2, 100))
        for attempts, pause in ((1, 1), (2, 5), (3, 25)):
            await bench.until_row("1", done=False, attempts=attempts)
            assert bench.handled == []
            bench.clock.move(seconds=pause)
            bench.wake()
        await bench.until(lambda: bench.handled == ["2"])
    done, attempts, failure = await bench.row("1")
    assert (done, attempts) == (True, MAX_ATTEMPTS)
    assert failure is not None
    assert failure.startswith("KeyError")
    assert "Иванова" not in failure
    assert bench.apologised == ["1"]


async def test_what_cannot_be_read_is_set_aside_at_once(bench: Bench) -> None:
    async def unreadable(stored: StoredUpdate) -> None:
        if stored.update_key == "1":
            raise UndecodableUpdateError

    bench.answer = unreadable
    async with bench.running():
        await bench.put((1, 100), (2, 100))
        await bench.until(lambda: bench.handled == ["2"])
    done, attempts, failure = await bench.row("1")
    assert (done, attempts) == (True, 1)
    assert failure is not None
    assert failure.startswith("UndecodableUpdateError")


async def test_a_messenger_that_is_away_is_waited_for_and_does_not_count(bench: Bench) -> None:
    away = True

    async def unreachable(_: StoredUpdate) -> None:
        if away:
            raise ConnectionResetError

    bench.answer = unreachable
    async with bench.running():
        await bench.put((1, 100))
        for tries in range(1, MAX_ATTEMPTS * 2):
            await bench.until_tried(tries)
            await bench.until_row("1", done=False, attempts=0)
            bench.clock.move(minutes=1)
            bench.wake()
        away = False
        bench.clock.move(minutes=1)
        bench.wake()
        await bench.until(lambda: bench.handled == ["1"])
    assert bench.apologised == []


async def test_a_trouble_that_lasts_longer_than_a_day_is_given_up(bench: Bench) -> None:
    async def unreachable(_: StoredUpdate) -> None:
        raise ConnectionResetError

    bench.answer = unreachable
    async with bench.running():
        await bench.put((1, 100))
        await bench.until_tried(1)
        await bench.until_row("1", done=False, attempts=0)
        bench.clock.move(seconds=PATIENCE.total_seconds())
        bench.wake()
        await bench.until(lambda: bench.apologised == ["1"])


async def test_an_update_that_kills_its_process_each_time_is_set_aside(bench: Bench) -> None:
    await bench.inbox.store([update(1), update(2)], bench.clock.wall)
    for _ in range(MAX_ATTEMPTS):
        await bench.inbox.claim(bench.clock.wall, 1)
        bench.clock.move(seconds=LEASE.total_seconds())
    async with bench.running():
        await bench.until(lambda: bench.handled == ["2"])
    assert await bench.row("1") == (True, MAX_ATTEMPTS + 1, GAVE_UP)


async def test_told_to_stop_it_lets_a_short_handler_end(bench: Bench) -> None:
    async def short(_: StoredUpdate) -> None:
        started.set()
        await asyncio.sleep(0.05)

    started = asyncio.Event()
    bench.answer = short
    async with bench.running():
        await bench.put((1, 100))
        await started.wait()
    assert bench.handled == ["1"]
    assert await bench.row("1") == (True, 1, None)


async def test_told_to_stop_it_gives_back_what_takes_long(bench: Bench) -> None:
    async def endless(_: StoredUpdate) -> None:
        started.set()
        await asyncio.Event().wait()

    bench.grace_seconds = 0.05
    started = asyncio.Event()
    bench.answer = endless
    async with bench.running():
        await bench.put((1, 100))
        await started.wait()
    assert await bench.row("1") == (False, 0, None)
    bench.answer = None
    async with bench.running():
        await bench.until(lambda: bench.handled == ["1"])


async def test_a_handler_that_hangs_is_stopped_before_its_lease_ends(bench: Bench) -> None:
    async def endless_at_first(_: StoredUpdate) -> None:
        if bench.tried == 1:
            await asyncio.Event().wait()

    assert timedelta(seconds=HANDLER_SECONDS) < LEASE
    bench.handler_seconds = 0.05
    bench.answer = endless_at_first
    async with bench.running():
        await bench.put((1, 100))
        await bench.until_tried(1)
        await bench.until_row("1", done=False, attempts=0)
        bench.clock.move(seconds=5)
        bench.wake()
        await bench.until(lambda: bench.handled == ["1"])
