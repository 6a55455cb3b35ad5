"""Batches: a claim takes so many and no more, and a batch costs as many statements as one message."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import event

from core.database import Database
from core.events import Channel
from gateway import ledger
from gateway.claimed import ClaimedRow
from tests.integration.gateway_world import UNEXPLAINED, GatewayWorld, gateway_world

MANY = 6


@pytest_asyncio.fixture
async def world(core_database: Database, gateway_database: Database, tmp_path: Path) -> AsyncIterator[GatewayWorld]:
    async with gateway_world(core_database, gateway_database, tmp_path) as built:
        yield built


async def due(world: GatewayWorld, parents: int) -> None:
    """Make so many messages due: one absence of one child, told to each of so many relatives."""
    child = await world.child(*[[Channel.TELEGRAM]] * parents)
    await world.states(child, {1: UNEXPLAINED})
    await world.plan()
    world.clock.move(seconds=61)
    await world.plan()
    # The first turn only takes the lease.
    await world.turn(world.telegram)


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """Note the statements of the block."""
    said: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        said.append(statement)

    event.listen(database.engine.sync_engine, "after_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(database.engine.sync_engine, "after_cursor_execute", note)


async def test_many_messages_take_as_many_statements_as_one(world: GatewayWorld) -> None:
    await due(world, 1)
    with counted(world.database) as of_one:
        await world.turn(world.telegram)
    await due(world, MANY)
    with counted(world.database) as of_many:
        await world.turn(world.telegram)
    accepted = await world.value("SELECT count(*) FROM gateway.delivery WHERE state = 'accepted'")
    tried = await world.value("SELECT count(*) FROM gateway.attempt WHERE outcome = 'accepted'")
    assert (accepted, tried) == (1 + MANY, 1 + MANY)
    assert of_many == of_one


async def test_a_claim_takes_no_more_than_it_may(world: GatewayWorld) -> None:
    world.telegram.settings = replace(world.telegram.settings, largest_claim=4)
    await due(world, MANY)
    left = []
    for _ in range(2):
        await world.turn(world.telegram)
        left.append(await world.value("SELECT count(*) FROM gateway.delivery WHERE state = 'pending'"))
    assert left == [MANY - 4, 0]


async def test_a_school_that_cannot_be_read_holds_up_nobody(world: GatewayWorld) -> None:
    await due(world, 2)
    await world.do("UPDATE gateway.school SET state = '{}'")
    await world.turn(world.telegram)
    found = await world.rows("SELECT state, reason FROM gateway.delivery")
    assert [tuple(row) for row in found] == [("failed", "cannot-be-made")] * 2


@pytest.mark.parametrize(
    "broken",
    [
        "UPDATE gateway.follow SET state = '{}' WHERE recipient = :one",
        "UPDATE gateway.address SET value = 'no token' WHERE recipient = :one",
    ],
)
async def test_a_message_that_cannot_be_made_holds_up_none_of_its_batch(world: GatewayWorld, broken: str) -> None:
    await due(world, MANY)
    one = await world.value("SELECT recipient FROM gateway.delivery ORDER BY created_at, id OFFSET 1 LIMIT 1")
    await world.do(broken, one=one)
    await world.turn(world.telegram)
    found = await world.rows("SELECT recipient = :one, state, reason FROM gateway.delivery", one=one)
    assert sorted(map(tuple, found)) == [(False, "accepted", None)] * (MANY - 1) + [(True, "failed", "cannot-be-made")]


async def test_a_claimed_row_is_read_column_by_column(world: GatewayWorld) -> None:
    async with world.database.begin() as session:
        found = await session.execute(ledger.READ, {"first": date.min, "last": date.max, "ids": []})
        assert tuple(found.keys()) == ClaimedRow._fields
