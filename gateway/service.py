"""The gateway's loops: hear the bell, plan, send. Every loop is repeatable; none needs a leader."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import asyncpg
import structlog
from sqlalchemy.exc import SQLAlchemyError

from core.database import Database, Role, connect_arguments
from core.events import BELL
from gateway.courier import Courier
from gateway.intake import Intake

POLL_SECONDS = 0.5
"""How often plans are looked at without a bell: undo windows end and retries come due in silence."""
CHORE_SECONDS = 60.0
"""Between two looks at what is due once a day or once a week."""
TROUBLE_SECONDS = 1.0
"""Pause after a failed turn, a database that is away most often."""

LOST = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What a lost connection looks like; the last one when the server dies in the middle of a word."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class GatewayService:
    """All loops of one gateway process."""

    database: Database
    intake: Intake
    couriers: Sequence[Courier]
    bell: asyncio.Event
    """Wakes the planner."""
    chores: Sequence[Callable[[], Awaitable[object]]] = ()
    """What is looked at every minute; each repeatable, and right whoever else does it too."""

    async def run(self) -> None:
        """Run until cancelled, then let what is in flight end and give the leases back."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._listen())
                group.create_task(self._plan_forever())
                for courier in self.couriers:
                    group.create_task(self._send_forever(courier))
                for chore in self.chores:
                    group.create_task(self._do_forever(chore))
        finally:
            for courier in self.couriers:
                with suppress(SQLAlchemyError, OSError):
                    await courier.stop()

    async def _listen(self) -> None:
        """Keep a connection that hears the bell; while it is away, the poll does the work."""
        while True:
            closed = asyncio.Event()
            connection = None
            try:
                with suppress(*LOST):
                    connection = await self._hear(closed)
                    await closed.wait()
            finally:
                # Whoever stops the gateway leaves no connection behind either.
                if connection is not None and not connection.is_closed():
                    await connection.close(timeout=TROUBLE_SECONDS)
            _log.warning("bell not heard; polling")
            await asyncio.sleep(TROUBLE_SECONDS)

    async def _hear(self, closed: asyncio.Event) -> asyncpg.Connection:
        """Open a connection that rings our bell; ``closed`` is set when it is lost."""
        role = {"role": Role.GATEWAY.value}
        connection = await asyncpg.connect(**connect_arguments(self.database.url), server_settings=role)
        connection.add_termination_listener(lambda *_: closed.set())
        await connection.add_listener(BELL, lambda *_: self.bell.set())
        self.bell.set()
        return connection

    async def _plan_forever(self) -> None:
        while True:
            await _wait(self.bell, POLL_SECONDS)
            self.bell.clear()
            await self._turn("planning", self.intake.run_once)
            for courier in self.couriers:
                courier.bell.set()

    async def _send_forever(self, courier: Courier) -> None:
        pause: float | None = 0.0
        while True:
            if pause is None or pause > 0:
                await _wait(courier.bell, POLL_SECONDS if pause is None else min(pause, POLL_SECONDS))
                courier.bell.clear()
            pause = await self._turn("sending", courier.run_once)

    async def _do_forever(self, chore: Callable[[], Awaitable[object]]) -> None:
        while True:
            await self._turn("chore", chore)
            await asyncio.sleep(CHORE_SECONDS)

    async def _turn[Result](self, what: str, turn: Callable[[], Awaitable[Result]]) -> Result | None:
        """Take one turn of a loop; trouble is logged by its kind and the loop goes on."""
        try:
            return await turn()
        except Exception as error:  # noqa: BLE001 - one row that cannot be read must not end the whole gateway
            _log.error("turn failed", what=what, error=type(error).__name__)
            await asyncio.sleep(TROUBLE_SECONDS)
            return None


async def _wait(event: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
