"""What waits for a place in a notifier: it is looked at again before it leaves, and one owner alone sends it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text

from core.database import Database
from core.events import Channel
from gateway.courier import Courier
from notifiers.telegram import TelegramNotifier, TelegramSettings
from tests.integration.eventually import eventually
from tests.integration.gateway_world import UNEXPLAINED, Child, GatewayWorld, gateway_world
from tests.integration.sandbox_wire import TOKEN
from zvonok.sandbox.faults import Fault, Hang

CHAT = (Channel.TELEGRAM,)
LEASE = 16.0
"""Seconds, a little more than a lease."""


class Boastful(TelegramNotifier):
    """Says that it has room for everything: stands for a messenger that was fast until the claim, and slow after it."""

    @property
    def room(self) -> int:
        return 1000


@pytest_asyncio.fixture
async def world(core_database: Database, gateway_database: Database, tmp_path: Path) -> AsyncIterator[GatewayWorld]:
    async with gateway_world(core_database, gateway_database, tmp_path) as made:
        yield made


def narrow(world: GatewayWorld, kind: type[TelegramNotifier] = TelegramNotifier) -> Courier:
    """A courier whose notifier has one place."""
    settings = TelegramSettings(TOKEN, world.emulator.base_url, concurrency=1)
    world.notifiers["telegram"] = kind(settings, clock=lambda: world.clock.seconds)
    return world.courier("telegram")


async def due(world: GatewayWorld, count: int) -> tuple[Child, ...]:
    children = [await world.child(CHAT, name=f"Иванов Петя {number}") for number in range(count)]
    for child in children:
        await world.states(child, {1: UNEXPLAINED})
    await world.plan()
    world.clock.move(seconds=61)
    await world.plan()
    return tuple(children)


async def two_due(world: GatewayWorld) -> tuple[Child, Child]:
    one, other = await due(world, 2)
    return one, other


async def hung(world: GatewayWorld, courier: Courier, children: tuple[Child, Child]) -> tuple[Fault, Child]:
    """Let the first request hang; returns the fault, and the child whose alarm has not been begun."""
    hang = world.emulator.faults.arm(Hang(), times=1)
    for _ in range(3):
        world.clock.seconds += 1
        if await courier.run_once() == 0.0:
            break
    await eventually(lambda: any(world.chat(child.parents[0]) for child in children))
    (late,) = [child for child in children if not world.chat(child.parents[0])]
    return hang, late


async def landed(courier: Courier) -> None:
    if courier._flying:
        await asyncio.wait(courier._flying)


async def close(*couriers: Courier) -> None:
    for courier in couriers:
        await courier.stop()
        await courier.notifier.close()


async def tries(world: GatewayWorld, child: Child) -> list[tuple[str, str | None]]:
    query = text("""SELECT t.outcome, t.reason FROM gateway.attempt t JOIN gateway.delivery d ON d.id = t.delivery
        WHERE d.recipient = :reader ORDER BY t.started_at""")
    async with world.database.begin() as session:
        rows = await session.execute(query, {"reader": child.parents[0].id})
        return [(row.outcome, row.reason) for row in rows]


async def stands(world: GatewayWorld, child: Child) -> tuple[str, int]:
    query = text("SELECT state, attempts FROM gateway.delivery WHERE recipient = :reader")
    async with world.database.begin() as session:
        row = (await session.execute(query, {"reader": child.parents[0].id})).one()
        return row.state, row.attempts


async def test_a_bar_of_a_court_reaches_what_waits_behind_slow_requests(world: GatewayWorld) -> None:
    courier = narrow(world, Boastful)
    hang, late = await hung(world, courier, await two_due(world))
    world.clock.move(seconds=10)
    await world.publish(world.follow_event(late, late.parents[0], barred=True))
    await world.plan()
    world.emulator.faults.release(hang)
    await landed(courier)
    assert await tries(world, late) == [("deferred", "not-begun")]
    await world.plan()
    await world.send(courier)
    assert not world.chat(late.parents[0])
    assert (await stands(world, late))[0] == "suppressed"
    await close(courier)


async def test_what_was_not_begun_in_time_leaves_next_and_no_try_is_counted(world: GatewayWorld) -> None:
    courier = narrow(world, Boastful)
    hang, late = await hung(world, courier, await two_due(world))
    world.clock.seconds += 3
    world.emulator.faults.release(hang)
    await landed(courier)
    assert await stands(world, late) == ("pending", 0)
    await world.send(courier)
    assert len(world.chat(late.parents[0])) == 1
    assert await tries(world, late) == [("deferred", "not-begun"), ("accepted", None)]
    await close(courier)


@pytest.mark.parametrize("kind", [TelegramNotifier, Boastful])
async def test_what_was_never_begun_is_not_sent_by_two_owners(
    world: GatewayWorld, kind: type[TelegramNotifier]
) -> None:
    courier = narrow(world, kind)
    hang, late = await hung(world, courier, await two_due(world))
    world.clock.move(seconds=LEASE)
    successor = narrow(world)
    await world.plan()
    await world.send(successor)
    world.clock.move(seconds=10)
    await world.plan()
    await world.send(successor)
    assert len(world.chat(late.parents[0])) == 1
    world.emulator.faults.release(hang)
    await landed(courier)
    assert len(world.chat(late.parents[0])) == 1
    await close(courier, successor)


async def test_no_more_is_claimed_than_can_be_begun(world: GatewayWorld) -> None:
    courier = narrow(world)
    children = await due(world, 6)
    hang = world.emulator.faults.arm(Hang(), times=1)
    world.clock.seconds += 1
    await courier.run_once()
    world.clock.seconds += 1
    assert await courier.run_once() == 0.0
    await eventually(lambda: any(world.chat(child.parents[0]) for child in children))
    pause = await courier.run_once()
    assert pause is not None
    assert pause > 0, "asked again soon: a place may come free before the batch lands"
    left = [child for child in children if await stands(world, child) == ("pending", 0)]
    assert len(left) == 2, "what the usual messenger would not begin in time waits where news reaches it"
    assert [await tries(world, child) for child in left] == [[], []]
    world.clock.seconds += 3
    world.emulator.faults.release(hang)
    await landed(courier)
    begun = [child for child in children if world.chat(child.parents[0])]
    assert len(begun) == 1, "this one is slow: the three behind it are looked at again"
    for _ in range(3):
        await world.send(courier)
    assert [len(world.chat(child.parents[0])) for child in children] == [1] * 6
    assert {(await stands(world, child))[0] for child in children} == {"accepted"}
    await close(courier)
