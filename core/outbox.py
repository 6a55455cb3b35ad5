"""Events on their way out: a row in the fact's own transaction, and a bell rung after the commit.

A NOTIFY inside the writer's transaction takes a global lock at commit and cuts writers to a quarter; rung after the
commit, on a connection of its own and at most once in 20 ms, it leaves them 0.9 (docs/adr/0002-outbox.md).
"""

import asyncio
from typing import Any

import structlog
from sqlalchemy import ARRAY, DateTime, SmallInteger, Text, Uuid, bindparam, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import Database
from core.events import BELL, Event, partition_of

AT_MOST_EVERY_SECONDS = 0.02

# One statement however many they are; in their order, which is that of reading.
_PUT = text("""
INSERT INTO bus.outbox (id, part, event, at)
SELECT one.id, one.part, one.event::jsonb, one.at
FROM unnest(:ids, :parts, :events, :moments) WITH ORDINALITY AS one (id, part, event, at, turn) ORDER BY one.turn
""").bindparams(
    bindparam("ids", type_=ARRAY(Uuid)),
    bindparam("parts", type_=ARRAY(SmallInteger)),
    bindparam("events", type_=ARRAY(Text)),
    bindparam("moments", type_=ARRAY(DateTime(timezone=True))),
)

_log = structlog.get_logger(__name__)


async def publish(session: AsyncSession, *events: Event) -> None:
    """Put the events into the outbox, in the transaction of the facts that they state."""
    if not events:
        return
    values: dict[str, Any] = {
        "ids": [event.id for event in events],
        "parts": [partition_of(event.school) for event in events],
        "events": [event.model_dump_json() for event in events],
        "moments": [event.time for event in events],
    }
    await session.execute(_PUT, values)
    session.info["published"] = True


class OutboxBell:
    """Rings after commits that published something. Losing a ring costs a poll's delay, never an event."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._wanted = asyncio.Event()
        database.after_commit(self._committed)

    def _committed(self, session: AsyncSession) -> None:
        if session.info.pop("published", False):
            self._wanted.set()

    async def run(self) -> None:
        """Ring for as long as the process lives."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            await self.ring()
            await asyncio.sleep(AT_MOST_EVERY_SECONDS)

    async def ring(self) -> None:
        """Ring once; a database that is away is logged and left to the slow poll."""
        try:
            async with self._database.engine.connect() as connection:
                await connection.execute(text(f"NOTIFY {BELL}"))
                await connection.commit()
        except (SQLAlchemyError, OSError) as error:
            _log.warning("outbox bell did not ring", error=type(error).__name__)

    async def ring_if_wanted(self) -> None:
        """Ring for commits that the loop has not rung for yet: before a short-lived process ends."""
        if self._wanted.is_set():
            self._wanted.clear()
            await self.ring()
