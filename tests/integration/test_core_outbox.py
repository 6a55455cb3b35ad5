"""The outbox's bell: after the commit, never inside a writer's transaction, once for many, lost without harm."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import asyncpg
import pytest
from sqlalchemy import URL, event, text

from core.database import Database, connect_arguments
from core.events import BELL
from core.outbox import AT_MOST_EVERY_SECONDS, OutboxBell
from tests.integration.core_world import ClassRoom, class_room, listening


@asynccontextmanager
async def ringing(bell: OutboxBell) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(bell.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


@contextmanager
def overheard(database: Database) -> Iterator[list[str]]:
    """Write down every statement said on the pool, and where transactions end."""
    said: list[str] = []

    def statement(_connection: Any, _cursor: Any, words: str, *_: Any) -> None:
        said.append(words)

    def committed(_connection: Any) -> None:
        said.append("COMMIT")

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "commit", committed)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", statement)
        event.remove(engine, "commit", committed)


@pytest.fixture
async def room(core_database: Database, database_url: URL) -> ClassRoom:
    return await class_room(core_database, database_url)


@pytest.mark.req("NOTIF-18")
async def test_the_bell_rings_after_the_commit_when_the_event_is_there_to_be_read(room: ClassRoom) -> None:
    async with listening(room.watch.url) as ear, ringing(OutboxBell(room.database)):
        async with room.database.begin() as session:
            await session.execute(text("SELECT 1"))
        await room.record(0)
        await ear.ring()
        assert len(await room.watch.events("attendance/")) == 1


NOTIFYING = """
SELECT t.tgname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND p.prosrc ILIKE '%notify%'
"""


async def test_a_writers_transaction_contains_no_notify(room: ClassRoom) -> None:
    async with listening(room.watch.url) as ear, ringing(OutboxBell(room.database)):
        with overheard(room.database) as said:
            await room.record(0)
            await ear.ring()
    notify = said.index(f"NOTIFY {BELL}")
    assert notify > said.index("COMMIT") > 4
    assert not any("notify" in words.lower() for words in said[: said.index("COMMIT")])
    assert await room.watch.rows(NOTIFYING) == []


async def test_the_bell_rings_at_most_once_in_twenty_milliseconds(room: ClassRoom) -> None:
    async with listening(room.watch.url) as ear, ringing(OutboxBell(room.database)):
        loop = asyncio.get_running_loop()
        started = loop.time()
        await asyncio.gather(*(room.record(turn % 5, lesson=0) for turn in range(24)))
        await ear.ring()
        rings = await ear.caught_up()
        assert 1 <= rings <= (loop.time() - started) / AT_MOST_EVERY_SECONDS + 1


async def test_commits_while_nobody_rings_ring_once(room: ClassRoom) -> None:
    bell = OutboxBell(room.database)
    async with listening(room.watch.url) as ear:
        for turn in range(20):
            await room.record(turn % 5)
        await bell.ring_if_wanted()
        await bell.ring_if_wanted()
        assert await ear.caught_up() == 1


async def test_what_rolls_back_and_what_publishes_nothing_does_not_ring(room: ClassRoom) -> None:
    bell = OutboxBell(room.database)
    async with listening(room.watch.url) as ear:
        with pytest.raises(ZeroDivisionError):
            await _fail_after_recording(room)
        await room.record()
        async with room.database.begin() as session:
            await session.execute(text("SELECT 1"))
        await bell.ring_if_wanted()
        assert await ear.caught_up() == 0
        await room.record(0)
        await bell.ring_if_wanted()
        assert await ear.caught_up() == 1


async def _fail_after_recording(room: ClassRoom) -> None:
    async with room.database.begin() as session:
        await session.execute(text("SELECT 1"))
        session.info["published"] = True
        raise ZeroDivisionError


async def test_a_database_that_is_away_silences_the_bell_for_a_while_only(room: ClassRoom) -> None:
    name = room.watch.url.database
    lobby = room.watch.url.set(database="postgres")
    async with ringing(OutboxBell(room.database)) as task:
        await room.record(0)
        await _execute(lobby, f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        await _execute(lobby, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")  # noqa: S608 - our own database
        bell = OutboxBell(room.database)
        await bell.ring()  # on a kept connection, which is dead
        await room.database.engine.dispose()
        await bell.ring()  # on a new one, which is refused
        await _execute(lobby, f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        async with listening(room.watch.url) as ear:
            await room.record(1)
            await ear.ring()
        assert not task.done()


async def _execute(url: URL, statement: str) -> None:
    connection = await asyncpg.connect(**connect_arguments(url))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
