"""A planning pass and a courier's record that meet at one reader: neither hangs on the other."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from sqlalchemy import URL, text

from core.database import Database
from core.events import Channel
from gateway.recovery import ask_planner
from tests.integration.core_world import Watch
from tests.integration.eventually import eventually
from tests.integration.gateway_world import UNEXPLAINED, GatewayWorld, gateway_world

THREAD = text("SELECT month, id, subject, recipient, part FROM gateway.delivery WHERE channel = 'telegram'")
REFUSED = text("""
UPDATE gateway.delivery SET state = 'failed', reason = 'blocked-by-user', told = NULL, told_key = NULL,
  provider_id = NULL
WHERE id = :id
""")
DEAD = text(
    "UPDATE gateway.address SET dead_reason = 'blocked-by-user', dead_at = now() "
    "WHERE recipient = :recipient AND channel = 'telegram'"
)
TIMERS = text("SELECT count(*) FROM gateway.timer")


@pytest_asyncio.fixture
async def world(core_database: Database, gateway_database: Database, tmp_path: Path) -> AsyncIterator[GatewayWorld]:
    async with gateway_world(core_database, gateway_database, tmp_path) as made:
        yield made


async def test_a_record_that_asks_while_the_planner_looks_is_seen_by_that_look(
    world: GatewayWorld, database_url: URL
) -> None:
    child = await world.child((Channel.TELEGRAM, Channel.MAIL))
    await world.states(child, {1: UNEXPLAINED})
    await world.settle()
    await world.pass_undo()
    now = world.school_clock.now()
    async with world.database.begin() as session:
        thread = (await session.execute(THREAD)).one()
        await ask_planner(session, thread, now)  # somebody asked before
    watch = Watch(database_url)
    async with world.database.begin() as recording:
        await recording.execute(REFUSED, {"id": thread.id})
        planning = asyncio.create_task(world.plan())
        await eventually(watch.blocked)
        await recording.execute(DEAD, {"recipient": thread.recipient})
        await ask_planner(recording, thread, now)
    await planning
    assert (await world.stands())["mail"][0] == "pending", "the look that waited saw what the record had changed"
    async with world.database.begin() as session:
        assert await session.scalar(TIMERS) == 0
