"""The worker: feeds handlers from the inbox, in order inside a conversation, several conversations at once."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from structlog.typing import FilteringBoundLogger

from bot.inbox import LEASE, Inbox, StoredUpdate
from bot.retry import GAVE_UP, MAX_ATTEMPTS, SetAside, TryAgain, failure_code, verdict_on
from core.school_time import MachineClock

HANDLER_SECONDS = LEASE.total_seconds() - 8
"""A handler is stopped before its lease ends, so that no update is handled by two at once."""
GRACE_SECONDS = 5.0
"""How long running handlers may go on when the process is told to stop."""
POLL_SECONDS = 1.0
"""The inbox is looked at so often, bell or no bell: updates that were put off ring no bell."""
PAUSE_WITHOUT_DATABASE = 2.0

type Handle = Callable[[StoredUpdate], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class WorkerTools:
    """What a worker works with."""

    inbox: Inbox
    clock: MachineClock
    handle: Handle
    apologise: Handle
    """Tells the person that this update came to nothing; may fail."""
    log: FilteringBoundLogger
    slots: int
    """Conversations at once."""
    handler_seconds: float = HANDLER_SECONDS
    grace_seconds: float = GRACE_SECONDS


class Worker:
    """Handles what the inbox holds."""

    def __init__(self, tools: WorkerTools) -> None:
        self._tools = tools
        self._news = asyncio.Event()
        self._running: dict[asyncio.Task[None], StoredUpdate] = {}

    def wake(self) -> None:
        """Look into the inbox now."""
        self._news.set()

    async def run(self) -> None:
        """Work for as long as the process lives; when cancelled, let running handlers end or give them back."""
        try:
            while True:
                self._news.clear()
                await self._start_due()
                await self._wait()
        finally:
            await self._stop()

    async def _start_due(self) -> None:
        free = self._tools.slots - len(self._running)
        if free < 1:
            return
        try:
            claimed = await self._tools.inbox.claim(self._tools.clock.now(), free)
        except Exception as failure:  # noqa: BLE001 - a database that is away must not end the worker
            self._tools.log.warning("bot.inbox-unreachable", failure=failure_code(failure))
            await asyncio.sleep(PAUSE_WITHOUT_DATABASE)
            return
        for stored in claimed:
            task = asyncio.create_task(self._work(stored))
            self._running[task] = stored
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.pop(task, None)
        self._news.set()

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self._news.wait()
        except TimeoutError:
            return

    async def _work(self, stored: StoredUpdate) -> None:
        try:
            await self._work_through(stored)
        except Exception as failure:  # noqa: BLE001 - the lease ends by itself, and the update is handled again
            self._tools.log.warning("bot.inbox-unreachable", update=stored.update_key, failure=failure_code(failure))

    async def _work_through(self, stored: StoredUpdate) -> None:
        if stored.attempts > MAX_ATTEMPTS:
            await self._set_aside(stored, GAVE_UP)
            return
        try:
            async with asyncio.timeout(self._tools.handler_seconds):
                await self._tools.handle(stored)
        except Exception as failure:  # noqa: BLE001 - whatever a handler raises, the queue goes on
            await self._failed(stored, failure)
        else:
            await self._tools.inbox.finish(stored.update_key, self._tools.clock.now())

    async def _failed(self, stored: StoredUpdate, failure: Exception) -> None:
        now = self._tools.clock.now()
        code = failure_code(failure)
        verdict = verdict_on(failure, attempts=stored.attempts, received_at=stored.received_at, now=now)
        match verdict:
            case TryAgain(at, blameless):
                log = self._tools.log.info if blameless else self._tools.log.error
                log("bot.update-put-off", update=stored.update_key, failure=code, attempts=stored.attempts)
                await self._tools.inbox.put_off(stored.update_key, at, blameless=blameless)
            case SetAside():
                await self._set_aside(stored, code)

    async def _set_aside(self, stored: StoredUpdate, code: str) -> None:
        self._tools.log.error("bot.update-set-aside", update=stored.update_key, failure=code, attempts=stored.attempts)
        await self._tools.inbox.finish(stored.update_key, self._tools.clock.now(), code)
        try:
            async with asyncio.timeout(self._tools.handler_seconds):
                await self._tools.apologise(stored)
        except Exception as failure:  # noqa: BLE001 - an apology that fails must not stop the queue
            self._tools.log.warning("bot.no-apology", update=stored.update_key, failure=failure_code(failure))

    async def _stop(self) -> None:
        running = dict(self._running)
        if not running:
            return
        _, late = await asyncio.wait(running, timeout=self._tools.grace_seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        await asyncio.gather(*(self._give_back(running[task]) for task in late), return_exceptions=True)

    async def _give_back(self, stored: StoredUpdate) -> None:
        await self._tools.inbox.put_off(stored.update_key, self._tools.clock.now(), blameless=True)
