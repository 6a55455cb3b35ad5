"""Couriers that share a credential, die, freeze, lose the database; pace and pauses; races with the planner."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import URL, text
from structlog.testing import capture_logs

from core.database import Database, Role, connect_arguments
from core.events import Channel
from gateway.courier import Courier
from notifiers.port import ALWAYS, Capabilities, Deferred, Message, Outcome, Window
from tests.integration.eventually import eventually
from tests.integration.gateway_world import UNEXPLAINED, WITHIN, Child, GatewayWorld, Parent, gateway_world
from zvonok.sandbox.faults import Cut, Hang, Refused, Scope, TooMany

CHAT, BOTH = (Channel.TELEGRAM,), (Channel.TELEGRAM, Channel.MAIL)
LEASE = 16.0
"""Seconds, a little more than a lease."""


@pytest_asyncio.fixture
async def world(core_database: Database, gateway_database: Database, tmp_path: Path) -> AsyncIterator[GatewayWorld]:
    async with gateway_world(core_database, gateway_database, tmp_path) as made:
        yield made


async def due(world: GatewayWorld, *channels: tuple[Channel, ...]) -> Child:
    """Let a child's absence be planned and due, with nothing sent yet."""
    child = await world.child(*(channels or (CHAT,)))
    await world.states(child, {1: UNEXPLAINED})
    await world.plan()
    world.clock.move(seconds=61)
    await world.plan()
    return child


async def launch(world: GatewayWorld, courier: Courier) -> asyncio.Task[None]:
    """Let a courier claim a batch; it has not begun to fly when this returns."""
    for _ in range(3):
        # The first turn of an owner only takes the lease: his bucket is empty.
        world.clock.seconds += 1
        if await courier.run_once() == 0.0:
            break
    (flight,) = courier._flying
    return flight


async def until_asked(world: GatewayWorld, parent: Parent, times: int = 1) -> None:
    await eventually(lambda: len(world.chat(parent)) >= times)


async def die(flight: asyncio.Task[None]) -> None:
    """Stop a courier's batch where it stands: nothing after that point of it ever runs."""
    flight.cancel()
    await asyncio.wait([flight])


async def take_over(world: GatewayWorld) -> Courier:
    """Let the lease of the dead one end, and another gateway's courier work."""
    world.clock.move(seconds=LEASE)
    other = world.courier("telegram")
    await world.plan()
    await world.send(other)
    return other


async def attempts(world: GatewayWorld) -> list[tuple[str, str | None]]:
    rows = await world.rows("SELECT outcome, reason FROM gateway.attempt ORDER BY started_at, id")
    return [(row.outcome, row.reason) for row in rows]


# --- one owner --------------------------------------------------------------------------------------------------------


async def test_two_couriers_take_turns_and_double_nothing(world: GatewayWorld) -> None:
    children = [await world.child(CHAT) for _ in range(6)]
    await world.publish(*(world.day_event(child, {1: UNEXPLAINED}) for child in children))
    await world.settle()
    world.clock.move(seconds=61)
    await world.plan()
    other = world.courier("telegram", rate=2)
    one = world.courier("telegram", rate=2)
    await world.telegram.stop()
    for _ in range(8):
        await asyncio.gather(world.turn(one), world.turn(other))
    assert sorted(len(world.chat(child.parents[0])) for child in children) == [1] * 6
    holders = await world.rows("SELECT DISTINCT epoch FROM gateway.attempt")
    assert len(holders) == 1, "the lease stayed with one of them"
    await one.stop()
    await other.stop()


async def test_a_lease_given_back_is_taken_at_once(world: GatewayWorld) -> None:
    child = await due(world)
    await world.turn(world.telegram)
    other = world.courier("telegram")
    pause = await world.turn(other)
    assert pause is not None
    assert pause > 0
    assert world.requests(child.parents[0]) == 0
    await world.telegram.stop()
    await world.send(other)
    assert len(world.chat(child.parents[0])) == 1
    await other.stop()


async def test_a_young_lease_is_not_asked_for_again(world: GatewayWorld) -> None:
    ends = "SELECT lease_until FROM gateway.credential WHERE id LIKE 'telegram:%'"
    await world.telegram.run_once()
    first = await world.value(ends)
    world.clock.move(seconds=3)
    await world.telegram.run_once()
    assert await world.value(ends) == first, "a quarter of its length is not over"
    world.clock.move(seconds=1)
    await world.telegram.run_once()
    assert await world.value(ends) == first + timedelta(seconds=4)
    world.clock.move(seconds=LEASE)
    other = world.courier("telegram")
    await other.run_once()
    assert await world.value("SELECT epoch FROM gateway.credential WHERE id LIKE 'telegram:%'") == 2
    pause = await world.telegram.run_once()
    assert pause is not None
    assert pause > 1, "whoever was away for longer asks before he goes on"
    await other.stop()


async def test_a_pause_ends_the_trust_in_a_young_lease(world: GatewayWorld) -> None:
    child = await due(world)
    world.emulator.faults.arm(Refused(401, "Unauthorized"), times=1)
    await (await launch(world, world.telegram))
    world.clock.seconds += 1
    pause = await world.telegram.run_once()
    assert pause is not None
    assert pause > 1
    assert world.chat(child.parents[0]) == ()


async def test_a_lease_read_beside_a_pause_is_not_trusted(world: GatewayWorld) -> None:
    lease = world.telegram._lease
    await lease.hold()
    world.clock.move(seconds=5)
    until = world.clock.wall + timedelta(minutes=1)
    await asyncio.gather(lease.hold(), lease.pause(until, "too-many-requests", grows=False))
    held = await lease.hold()
    assert held is not None
    assert held.pause_until == until


async def test_a_courier_whose_lease_is_short_sends_nothing_and_says_so(world: GatewayWorld) -> None:
    child = await due(world)
    flight = await launch(world, world.telegram)
    world.clock.seconds += 14.8
    await flight
    assert world.requests(child.parents[0]) == 0
    assert await world.stands() == {"telegram": ("pending", "lease-too-short")}
    await world.send()
    assert len(world.chat(child.parents[0])) == 1


# --- death ------------------------------------------------------------------------------------------------------------


async def test_what_was_claimed_by_the_dead_goes_out_exactly_once(world: GatewayWorld) -> None:
    child = await due(world)
    await die(await launch(world, world.telegram))
    assert (await world.threads())["telegram"].state == "claimed"
    early = world.courier("telegram")
    await world.send(early)
    assert world.requests(child.parents[0]) == 0, "the lease is not over"
    other = await take_over(world)
    assert world.requests(child.parents[0]) == 0, "what came back is planned again before it leaves"
    await world.plan()
    await world.send(other)
    assert world.requests(child.parents[0]) == 1
    assert await attempts(world) == [("accepted", None)]
    await other.stop()


async def test_what_was_on_the_wire_is_unknown_goes_out_once_more_and_then_falls_back(world: GatewayWorld) -> None:
    child = await due(world, BOTH)
    (parent,) = child.parents
    world.emulator.faults.arm(Hang(), Scope(method="sendMessage"), times=2)
    flight = await launch(world, world.telegram)
    await until_asked(world, parent)
    await die(flight)
    assert (await world.threads())["telegram"].state == "sending"
    world.clock.move(seconds=LEASE)
    second = world.courier("telegram")
    await world.turn(second)
    assert await world.stands() == {"telegram": ("pending", "lease-expired")}
    world.clock.move(seconds=5)
    await world.plan()
    flight = await launch(world, second)
    await until_asked(world, parent, times=2)
    await die(flight)
    third = await take_over(world)
    assert await world.stands() == {"telegram": ("unknown", "lease-expired")}
    await world.settle()
    assert await world.stands() == {"telegram": ("unknown", "lease-expired"), "mail": ("accepted", None)}
    assert (len(world.chat(parent)), len(world.letters(parent))) == (2, 1)
    assert await attempts(world) == [("unknown", "lease-expired")] * 2 + [("accepted", None)]
    await third.stop()


async def test_a_correction_meets_an_absence_that_died_on_the_wire(world: GatewayWorld) -> None:
    child = await due(world)
    (parent,) = child.parents
    world.emulator.faults.arm(Hang(), times=1)
    flight = await launch(world, world.telegram)
    await until_asked(world, parent)
    await die(flight)
    await world.states(child, {})
    other = await take_over(world)
    world.clock.move(seconds=5)
    await world.plan()
    await world.send(other)
    assert [message.text.partition("\n")[0] for message in world.chat(parent)] == [
        "Отсутствие на уроке",
        "Исправлено: отметка об отсутствии снята",
    ]
    await other.stop()


async def test_a_correction_wanted_while_the_last_try_was_dying_is_sent_nevertheless(world: GatewayWorld) -> None:
    child = await due(world)
    (parent,) = child.parents
    world.emulator.faults.arm(Cut(accepted=True), times=1)
    await world.send()
    world.clock.move(seconds=5)
    await world.plan()
    world.emulator.faults.arm(Hang(), times=1)
    flight = await launch(world, world.telegram)
    await until_asked(world, parent, times=2)
    await world.states(child, {})
    await world.plan()
    await die(flight)
    other = await take_over(world)
    await world.plan()
    await world.send(other)
    assert [message.text.partition("\n")[0] for message in world.chat(parent)] == [
        "Отсутствие на уроке",
        "Отсутствие на уроке",
        "Исправлено: отметка об отсутствии снята",
    ]
    await other.stop()


# --- freezing ---------------------------------------------------------------------------------------------------------


async def test_the_late_outcome_of_a_frozen_courier_changes_nothing(world: GatewayWorld) -> None:
    child = await due(world)
    (parent,) = child.parents
    hang = world.emulator.faults.arm(Hang(), times=1)
    flight = await launch(world, world.telegram)
    await until_asked(world, parent)
    other = await take_over(world)
    world.clock.move(seconds=5)
    await world.plan()
    await world.send(other)
    assert await world.stands() == {"telegram": ("accepted", None)}
    before = (await world.threads())["telegram"]
    world.emulator.faults.release(hang)
    await flight
    assert (await world.threads())["telegram"] == before
    assert await attempts(world) == [("unknown", "lease-expired"), ("accepted", None)]
    pause = await world.turn(world.telegram)
    assert pause is not None
    assert pause > 0, "revived, it finds the lease taken"
    await other.stop()


class _Waiting:
    """Answers that it is not now, when it is let."""

    def __init__(self, capabilities: Capabilities) -> None:
        self.capabilities, self.room = capabilities, 50
        self.asked, self.may_answer = asyncio.Event(), asyncio.Event()

    async def send(self, batch: Sequence[Message], window: Window = ALWAYS) -> Sequence[Outcome]:
        del window  # nothing waits for a place here
        self.asked.set()
        await self.may_answer.wait()
        return [Deferred("server-error") for _ in batch]

    async def close(self) -> None:
        raise AssertionError("nobody closes it")


async def test_a_late_outcome_waits_for_whoever_writes_it_off_and_holds_up_nobody(world: GatewayWorld) -> None:
    await due(world)
    waiting = _Waiting(world.telegram.notifier.capabilities)
    flight = await launch(world, replace(world.telegram, notifier=waiting))
    await waiting.asked.wait()
    async with world.database.begin() as new_owner:
        await new_owner.execute(text("SELECT FROM gateway.delivery WHERE state = 'sending' FOR UPDATE"))
        waiting.may_answer.set()
        await eventually(lambda: until_blocked(world))
        await new_owner.execute(text("SET LOCAL lock_timeout = '500ms'"))
        await new_owner.execute(text("UPDATE gateway.attempt SET reason = reason"))
    await flight
    assert await attempts(world) == [("deferred", "server-error")]


async def until_blocked(world: GatewayWorld) -> bool:
    return bool(await world.value("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'"))


async def test_what_costs_money_is_never_sent_again_after_an_unknown_outcome(world: GatewayWorld) -> None:
    child = await due(world)
    courier = replace(world.telegram, settings=replace(world.telegram.settings, copies=1))
    world.emulator.faults.arm(Cut(accepted=True), times=1)
    for _ in range(4):
        await world.send(courier)
        world.clock.move(seconds=60)
        await world.plan()
    assert (await world.threads())["telegram"].state == "unknown"
    assert len(world.chat(child.parents[0])) == 1
    await courier.stop()


async def test_a_courier_whose_lease_lapsed_does_not_write_off_what_it_has_in_hand(world: GatewayWorld) -> None:
    child = await due(world)
    hang = world.emulator.faults.arm(Hang(), times=1)
    flight = await launch(world, world.telegram)
    await until_asked(world, child.parents[0])
    world.clock.move(seconds=LEASE)
    world.clock.seconds += 1
    await world.telegram.run_once()
    assert (await world.threads())["telegram"].state == "sending"
    world.emulator.faults.release(hang)
    await flight
    assert await attempts(world) == [("accepted", None)]
    assert len(world.chat(child.parents[0])) == 1


async def test_an_outcome_outlives_a_database_that_was_away(world: GatewayWorld, database_url: URL) -> None:
    child = await due(world)
    hang = world.emulator.faults.arm(Hang(), times=1)
    flight = await launch(world, world.telegram)
    await until_asked(world, child.parents[0])
    connection = await asyncpg.connect(**connect_arguments(database_url))
    try:
        cut = await connection.fetchval(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name LIKE '%:gateway'"
        )
    finally:
        await connection.close()
    assert cut > 0
    world.emulator.faults.release(hang)
    async with asyncio.timeout(WITHIN):
        await flight
    assert await world.stands() == {"telegram": ("accepted", None)}
    assert await attempts(world) == [("accepted", None)]


# --- beside the planner -----------------------------------------------------------------------------------------------


async def test_what_is_corrected_while_a_batch_is_being_made_is_made_again(
    world: GatewayWorld,
) -> None:
    """A courier has read the head and made the message; before he marks it, a planner commits a correction."""
    first = await due(world)
    second = await due(world)
    # Both absences are read in one batch; the first one's mark waits behind this lock, the second is made before.
    async with world.database.begin() as session:
        await session.execute(text("LOCK TABLE gateway.attempt IN EXCLUSIVE MODE"))
        flight = await launch(world, world.telegram)
        await until_marked(world)
        await world.states(second, {})
        await world.plan()
    await flight
    await world.settle()
    assert (len(world.chat(first.parents[0])), world.requests(second.parents[0])) == (1, 0)
    stands = [(await world.stands(child.parents[0]))["telegram"] for child in (first, second)]
    assert stands == [("accepted", None), ("suppressed", "superseded")]


async def test_what_becomes_true_again_while_it_is_being_settled_is_not_lost(
    world: GatewayWorld,
) -> None:
    """The courier finds nothing to send and is about to say so, when the absence is entered once more."""
    first = await due(world)
    second = await due(world)
    await world.states(second, {})
    await world.plan()
    # As a claim finds it that was quicker than the planner: the head says that there is nothing to tell.
    await world.do(
        "UPDATE gateway.delivery SET state = 'pending' WHERE recipient = :parent", parent=second.parents[0].id
    )
    async with world.database.begin() as session:
        await session.execute(text("LOCK TABLE gateway.attempt IN EXCLUSIVE MODE"))
        flight = await launch(world, world.telegram)
        await until_marked(world)
        await world.states(second, {1: UNEXPLAINED})
        await world.plan()
    await flight
    await world.settle()
    await world.pass_undo()
    assert [len(world.chat(child.parents[0])) for child in (first, second)] == [1, 1]


async def until_marked(world: GatewayWorld) -> None:
    """Wait until the courier stands before the lock on attempts: he has read the heads and made the messages."""

    async def waits() -> bool:
        return bool(
            await world.value(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'gateway.attempt'::regclass"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        )

    await eventually(waits)


@asynccontextmanager
async def held_back(courier: Courier) -> AsyncIterator[None]:
    """Keep a batch that was claimed just now from beginning: its courier's only connection is busy."""
    assert courier.database.engine.pool.size() == 1  # type: ignore[attr-defined]  # a queue pool has a size
    async with courier.database.begin() as session:
        await session.execute(text("SELECT 1"))
        yield


async def test_an_address_that_died_while_another_message_was_claimed_leaves_that_one_the_letter(
    world: GatewayWorld, database_url: URL
) -> None:
    child = await due(world, BOTH)
    narrow = Database(database_url, Role.GATEWAY, pool_size=1)
    courier = world.courier("telegram", narrow)
    flight = await launch(world, courier)
    async with held_back(courier):
        assert (await world.threads())["telegram"].state == "claimed"
        await world.do("UPDATE gateway.address SET dead_reason = 'blocked-by-user' WHERE channel = 'telegram'")
        await world.do("UPDATE gateway.recipient SET rev = rev + 1")
    await flight
    await courier.stop()
    await narrow.close()
    await world.settle()
    assert (world.requests(child.parents[0]), len(world.letters(child.parents[0]))) == (0, 1)


@pytest.mark.parametrize("lost", ["channel", "right"])
async def test_what_comes_back_unsent_asks_anew_whether_it_may_leave(
    world: GatewayWorld, database_url: URL, lost: str
) -> None:
    child = await due(world, BOTH)
    (parent,) = child.parents
    narrow = Database(database_url, Role.GATEWAY, pool_size=1)
    courier = world.courier("telegram", narrow)
    flight = await launch(world, courier)
    async with held_back(courier):
        if lost == "channel":
            await world.publish(world.school_event(allowed_channels=(Channel.MAIL,)))
        else:
            await world.publish(world.follow_event(child, parent, may_see=False))
        await world.plan()
        world.clock.seconds += 15
    await flight
    await courier.stop()
    await narrow.close()
    await world.settle()
    assert (world.requests(parent), len(world.letters(parent))) == (0, 1 if lost == "channel" else 0)


async def test_more_wanted_while_the_message_is_on_the_wire_follows_by_edit(world: GatewayWorld) -> None:
    child = await due(world)
    (parent,) = child.parents
    hang = world.emulator.faults.arm(Hang(), times=1)
    flight = await launch(world, world.telegram)
    await until_asked(world, parent)
    await world.states(child, {1: UNEXPLAINED, 2: UNEXPLAINED})
    await world.plan()
    assert (await world.threads())["telegram"].state == "sending"
    world.emulator.faults.release(hang)
    await flight
    await world.settle()
    assert world.requests(parent) == 1, "the second lesson waits out its own undo window"
    await world.pass_undo()
    (message,) = world.chat(parent)
    assert message.text.startswith("Отсутствие на уроках")


async def test_absent_again_while_the_all_clear_is_on_the_wire_rings(world: GatewayWorld) -> None:
    child = await due(world)
    (parent,) = child.parents
    await world.send()
    hang = world.emulator.faults.arm(Hang(), Scope(method="editMessageText"), times=1)
    await world.states(child, {})
    await world.plan()
    flight = await launch(world, world.telegram)
    await eventually(lambda: bool(world.chat(parent)[0].earlier))
    await world.states(child, {1: UNEXPLAINED})
    await world.plan()
    world.emulator.faults.release(hang)
    await flight
    await world.settle()
    await world.pass_undo()
    assert [message.text.partition("\n")[0] for message in world.chat(parent)] == [
        "Исправлено: отметка об отсутствии снята",
        "Отсутствие на уроке",
    ]


async def test_a_messenger_linked_while_the_letter_is_on_its_way_rings_nobody_twice(world: GatewayWorld) -> None:
    child = await due(world, (Channel.MAIL,))
    (parent,) = child.parents
    flight = await launch(world, world.mail)
    world.open_chat(parent.chat)
    await world.publish(world.address_event(parent, Channel.TELEGRAM))
    await world.plan()
    await flight
    await world.settle()
    assert (len(world.letters(parent)), len(world.chat(parent))) == (1, 0)


async def test_one_message_that_cannot_be_made_stops_no_other(world: GatewayWorld) -> None:
    child = await world.child(CHAT, BOTH, CHAT)
    lost, through_mail, well = child.parents
    await world.do(
        "UPDATE gateway.address SET value = 'rubbish' WHERE recipient IN (:one, :two) AND channel = 'telegram'",
        one=lost.id,
        two=through_mail.id,
    )
    await world.states(child, {1: UNEXPLAINED})
    await world.settle()
    await world.pass_undo()
    assert await world.stands(lost) == {"telegram": ("failed", "cannot-be-made")}
    assert (await world.stands(through_mail))["mail"] == ("accepted", None)
    assert len(world.chat(well)) == 1


# --- pace -------------------------------------------------------------------------------------------------------------


async def test_the_rate_is_kept_and_an_idle_second_buys_one_batch_only(world: GatewayWorld) -> None:
    children = [await world.child(CHAT) for _ in range(7)]
    await world.publish(*(world.day_event(child, {1: UNEXPLAINED}) for child in children))
    await world.plan()
    world.clock.move(seconds=600)
    await world.plan()
    courier = world.courier("telegram", rate=3)
    sent = []
    for _ in range(5):
        await world.turn(courier)
        sent.append(len(world.emulator.log.of("sendMessage")))
    assert sent == [0, 3, 6, 7, 7], "a new owner begins with an empty bucket"
    await courier.stop()


async def test_a_pause_of_the_whole_bot_holds_everybody_and_outlives_its_owner(world: GatewayWorld) -> None:
    children = [await world.child(CHAT) for _ in range(4)]
    world.emulator.faults.arm(TooMany(retry_after=20), times=4)
    await world.publish(*(world.day_event(child, {1: UNEXPLAINED}) for child in children))
    await world.plan()
    world.clock.move(seconds=61)
    await world.settle()
    asked = len(world.emulator.log.of("sendMessage"))
    assert 2 <= asked <= 4
    until = await world.value("SELECT pause_until FROM gateway.credential WHERE id LIKE 'telegram:%'")
    assert until >= world.clock.wall + timedelta(seconds=15)
    await world.telegram.stop()
    other = world.courier("telegram")
    pauses = [await world.turn(other) for _ in range(2)]
    assert all(pause is not None and pause > 10 for pause in pauses)
    assert len(world.emulator.log.of("sendMessage")) == asked
    world.emulator.faults.lift_all()
    for _ in range(3):
        world.clock.move(seconds=20)
        await world.plan()
        await world.send(other)
    seen = itertools.chain.from_iterable(world.chat(child.parents[0]) for child in children)
    assert len(list(seen)) == 4
    await other.stop()


async def test_that_nothing_gets_through_is_logged_once_and_that_it_works_again(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    world.emulator.faults.arm(Refused(401, "Unauthorized"), times=2)
    await world.publish(world.day_event(child, {1: UNEXPLAINED}))
    await world.plan()
    with capture_logs() as logs:
        for _ in range(12):
            world.clock.move(seconds=61)
            await world.settle()
    told = [(entry["event"], entry.get("reason")) for entry in logs if "credential" in entry]
    ours = [one for one in told if one[0] in {"nothing gets through", "credential works"}]
    assert ours == [("nothing gets through", "credential-refused"), ("credential works", None)]
    assert len(world.chat(child.parents[0])) == 1
