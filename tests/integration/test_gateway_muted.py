"""A muted dialogue is a weak way: what is urgent goes where it rings, and nothing told there is forgotten."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from core.database import Database
from core.events import Channel
from gateway.muted_chats import UNTIL_UNMUTED, muted
from tests.integration.gateway_world import UNEXPLAINED, GatewayWorld, Parent, gateway_world

TELEGRAM, MAIL = Channel.TELEGRAM, Channel.MAIL
BOTH, CHAT = (TELEGRAM, MAIL), (TELEGRAM,)


@pytest_asyncio.fixture
async def world(core_database: Database, gateway_database: Database, tmp_path: Path) -> AsyncIterator[GatewayWorld]:
    async with gateway_world(core_database, gateway_database, tmp_path) as made:
        yield made


async def mutes(world: GatewayWorld, parent: Parent, until: datetime | None = UNTIL_UNMUTED) -> None:
    async with world.database.begin() as session:
        await muted(session, world.vault, TELEGRAM, str(parent.chat), until, world.clock.wall)


def told(world: GatewayWorld, parent: Parent) -> tuple[int, int]:
    """Count what came by the messenger and by letter."""
    return len(world.chat(parent)), len(world.letters(parent))


async def passes(world: GatewayWorld) -> None:
    await world.settle()
    await world.pass_undo()


async def test_an_absence_goes_by_letter_to_whoever_muted_the_chat_and_by_chat_when_he_hears_it_again(
    world: GatewayWorld,
) -> None:
    first, second = await world.child(BOTH), await world.child(BOTH, name="Иванов Пётр")
    (parent,), (other,) = first.parents, second.parents
    await mutes(world, parent)
    await world.states(first, {1: UNEXPLAINED})
    await world.states(second, {1: UNEXPLAINED})
    await passes(world)
    assert told(world, parent) == (0, 1)
    assert told(world, other) == (1, 0), "somebody else's chat is nobody's business"
    await mutes(world, parent, None)
    third = await world.child(name="Сидоров Лев")
    await world.publish(world.follow_event(third, parent))
    await world.states(third, {1: UNEXPLAINED})
    await passes(world)
    assert told(world, parent) == (1, 1)


async def test_without_another_way_a_muted_chat_is_still_told(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    (parent,) = child.parents
    await mutes(world, parent)
    await world.states(child, {1: UNEXPLAINED})
    await passes(world)
    assert told(world, parent) == (1, 0)


async def test_what_waits_for_a_chat_goes_by_letter_when_it_is_muted_meanwhile(world: GatewayWorld) -> None:
    child = await world.child(BOTH)
    (parent,) = child.parents
    await world.states(child, {1: UNEXPLAINED})
    await world.plan()
    assert [row.state for row in (await world.threads(parent)).values()] == ["pending"]
    await mutes(world, parent)
    await passes(world)
    assert told(world, parent) == (0, 1)


async def test_a_chat_that_told_of_an_absence_is_corrected_although_it_was_muted_since(world: GatewayWorld) -> None:
    child = await world.child(BOTH, BOTH)
    parent, other = child.parents
    await world.states(child, {1: UNEXPLAINED})
    await passes(world)
    before = world.chat(parent)[0].text
    await mutes(world, parent)
    await world.states(child, {})
    await passes(world)
    assert world.chat(parent)[0].text != before
    assert [one.text for one in world.chat(parent)] == [one.text for one in world.chat(other)]
    assert (told(world, parent)[1], told(world, other)[1]) == (0, 0)


async def test_a_letter_that_told_instead_is_followed_by_the_letter_that_corrects_it(world: GatewayWorld) -> None:
    child = await world.child(BOTH)
    (parent,) = child.parents
    await mutes(world, parent)
    await world.states(child, {1: UNEXPLAINED})
    await passes(world)
    await world.states(child, {})
    await passes(world)
    assert told(world, parent) == (0, 2)


@pytest.mark.parametrize(("hours", "way"), [(1, (0, 1)), (-1, (1, 0))], ids=["lasts", "over"])
async def test_a_muting_ends_by_itself(world: GatewayWorld, hours: int, way: tuple[int, int]) -> None:
    child = await world.child(BOTH)
    (parent,) = child.parents
    await mutes(world, parent, world.clock.wall + timedelta(hours=hours))
    await world.states(child, {1: UNEXPLAINED})
    await passes(world)
    assert told(world, parent) == way


async def test_the_same_address_stated_again_stays_muted_and_another_one_is_not(world: GatewayWorld) -> None:
    child = await world.child(BOTH)
    (parent,) = child.parents
    await mutes(world, parent)
    await mutes(world, parent)
    kept = "SELECT muted_until FROM gateway.address WHERE recipient = :recipient AND channel = 'telegram'"
    await world.publish(world.address_event(parent, TELEGRAM))
    await world.plan()
    assert await world.value(kept, recipient=parent.id) == UNTIL_UNMUTED
    await world.publish(world.address_event(parent, TELEGRAM, "77"))
    await world.plan()
    assert await world.value(kept, recipient=parent.id) is None


async def test_a_stranger_who_mutes_changes_nothing(world: GatewayWorld) -> None:
    child = await world.child(BOTH)
    (parent,) = child.parents
    async with world.database.begin() as session:
        await muted(session, world.vault, TELEGRAM, "12345", UNTIL_UNMUTED, world.clock.wall)
    await world.states(child, {1: UNEXPLAINED})
    await passes(world)
    assert told(world, parent) == (1, 0)
