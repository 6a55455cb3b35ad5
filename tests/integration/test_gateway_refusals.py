"""Answers that refuse a message, a reader, a whole bot or mail account: nobody is left with what is false."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from core.database import Database
from core.events import Channel
from tests.integration.gateway_world import UNEXPLAINED, Child, GatewayWorld, gateway_world
from zvonok.sandbox.faults import Refused, Scope

CHAT = (Channel.TELEGRAM,)
EDITS = Scope(method="editMessageText")
NEW_WORDS = Refused(400, "Bad Request: MESSAGE_EDIT_TIME_EXPIRED")


@pytest_asyncio.fixture
async def world(core_database: Database, gateway_database: Database, tmp_path: Path) -> AsyncIterator[GatewayWorld]:
    async with gateway_world(core_database, gateway_database, tmp_path) as made:
        yield made


async def absent(world: GatewayWorld, *ways: tuple[Channel, ...]) -> Child:
    """A child whose absence stands, its parents about to be told."""
    child = await world.child(*ways)
    await world.states(child, {1: UNEXPLAINED})
    return child


# --- one message ------------------------------------------------------------------------------------------------------


async def test_an_edit_refused_in_new_words_becomes_one_new_message(world: GatewayWorld) -> None:
    child = await absent(world, CHAT)
    await world.pass_undo()
    world.emulator.faults.arm(NEW_WORDS, EDITS)
    world.clock.move(minutes=5)
    await world.states(child, {1: UNEXPLAINED, 2: UNEXPLAINED})
    await world.pass_undo()
    await world.retry_for(5)
    said = world.chat(child.parents[0])
    assert len(said) == 2, "the old one cannot be changed, and says less than is true"
    assert await world.stands() == {"telegram": ("accepted", None)}


async def test_where_the_new_message_is_refused_too_that_is_the_end(world: GatewayWorld) -> None:
    child = await absent(world, CHAT)
    await world.pass_undo()
    world.emulator.faults.arm(NEW_WORDS)
    before = world.requests(child.parents[0])
    await world.states(child, {1: UNEXPLAINED, 2: UNEXPLAINED})
    await world.pass_undo()
    await world.retry_for(5)
    assert await world.stands() == {"telegram": ("failed", "refused")}
    assert world.requests(child.parents[0]) == before + 2, "the edit, and one new message"
