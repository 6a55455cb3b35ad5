"""The week's clock: it stands while anything runs, and jumps when every loop of the gateway waits.

The loops are the gateway's own, ``GatewayService.run`` with all its turns. Only their waiting is replaced: a poll of
half a second would be looked at 1.2 million times in a week. Whoever waits is woken by his bell, as ever, and by each
jump. The clock never jumps over a moment at which something becomes due, stops being allowed or stops being news: these
are read from the ledger itself.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import text

from core.database import Database
from gateway.courier import Courier
from gateway.service import POLL_SECONDS, GatewayService

NEXT = text("""
SELECT min(v.at) FROM (
  SELECT due_at AS at FROM gateway.delivery WHERE state = 'pending'
  UNION ALL SELECT leave_by FROM gateway.delivery WHERE state = 'pending'
  UNION ALL SELECT expires_at FROM gateway.delivery WHERE state = 'pending' AND NOT held
  UNION ALL SELECT due_at FROM gateway.timer
  UNION ALL SELECT pause_until FROM gateway.credential) v
WHERE v.at > :now
""")
WITHIN = 20.0
"""Real seconds in which everything that a moment brings is done."""
BREATH = timedelta(seconds=1)
"""A bucket that is empty fills in it."""


@dataclass
class Clockwork:
    """Time, and who waits for it."""

    wall: datetime
    seconds: float = 1000.0
    steps: int = 0
    pauses: dict[int, float] = field(default_factory=dict)
    """Of those who wait, by the bell that wakes them: for how long they would."""
    _tick: asyncio.Event = field(default_factory=asyncio.Event)
    _quiet: asyncio.Event = field(default_factory=asyncio.Event)
    _service: GatewayService | None = None
    _running: asyncio.Task[None] | None = None

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        """Stand in for the wait of the gateway's loops."""
        tick = self._tick
        self.pauses[id(event)] = seconds
        bells = [asyncio.ensure_future(one.wait()) for one in (event, tick)]
        self._look()
        try:
            await asyncio.wait(bells, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.pauses.pop(id(event), None)
            for bell in bells:
                bell.cancel()

    def _look(self) -> None:
        """Say that it is quiet when all loops wait, no bell has rung and nothing is on its way."""
        service = self._service
        assert service is not None
        bells = [service.bell, *(courier.bell for courier in service.couriers)]
        waiting = all(id(bell) in self.pauses and not bell.is_set() for bell in bells)
        if waiting and not any(_flying(courier) for courier in service.couriers):
            self._quiet.set()

    async def start(self, service: GatewayService) -> None:
        """Start a gateway, and let it do what it finds."""
        self._service = service
        self._quiet.clear()
        self._running = asyncio.create_task(service.run())
        await asyncio.wait_for(self._quiet.wait(), WITHIN)

    async def stop(self) -> None:
        """Stop it in good order."""
        assert self._running is not None
        self._running.cancel()
        with suppress(asyncio.CancelledError):
            await self._running
        self.pauses.clear()

    async def settle(self) -> None:
        """Let the loops do all there is to do at this moment; buckets fill in a second or two of the clock."""
        tick, self._tick = self._tick, asyncio.Event()
        await self._wake(tick)
        for _ in range(100):
            assert self._service is not None
            thirsty = [one.bell for one in self._service.couriers if 0 < self.pauses[id(one.bell)] < POLL_SECONDS]
            if not thirsty:
                return
            self._jump(self.wall + BREATH)
            await self._wake(*thirsty)
        raise AssertionError("a courier never came to rest")

    async def _wake(self, *bells: asyncio.Event) -> None:
        self.steps += 1
        self._quiet.clear()
        for bell in bells:
            bell.set()
        await asyncio.wait_for(self._quiet.wait(), WITHIN)
        assert self._running is not None
        assert not self._running.done()

    async def go_to(self, until: datetime, ledger: Database) -> None:
        """Let time pass up to a moment, stopping wherever the ledger says that something happens."""
        while True:
            async with ledger.begin() as session:
                at = (await session.execute(NEXT, {"now": self.wall})).scalar_one()
            if at is None or at >= until:
                break
            self._jump(at)
            await self.settle()
        self._jump(max(until, self.wall))

    def pass_over(self, at: datetime) -> None:
        """Let time pass while no gateway runs."""
        self._jump(max(at, self.wall))

    def _jump(self, at: datetime) -> None:
        self.seconds += max(0.0, (at - self.wall).total_seconds())
        self.wall = at


def _flying(courier: Courier) -> Sequence[object]:
    return tuple(courier._flying)
