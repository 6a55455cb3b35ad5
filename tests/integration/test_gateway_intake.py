"""Intake: repeated, disordered, unreadable, late, simultaneous events; the horizon; plans that went stale."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from sqlalchemy import URL, text

from core.database import Database, Role
from core.events import Channel, Event, partition_of
from core.school_time import school_date
from gateway.partition import LOCK, LOCK_SPACE
from tests.integration.eventually import eventually
from tests.integration.gateway_world import UNEXPLAINED, ZONE, GatewayWorld, gateway_world

CHAT, BOTH = (Channel.TELEGRAM,), (Channel.TELEGRAM, Channel.MAIL)


@pytest_asyncio.fixture
async def world(core_database: Database, gateway_database: Database, tmp_path: Path) -> AsyncIterator[GatewayWorld]:
    async with gateway_world(core_database, gateway_database, tmp_path) as made:
        yield made


async def refused(world: GatewayWorld) -> list[str]:
    rows = await world.rows("SELECT reason FROM gateway.refused_event ORDER BY reason")
    return [row.reason for row in rows]


async def unread(world: GatewayWorld) -> int:
    return int(await world.value("SELECT count(*) FROM bus.outbox"))


async def put_raw(world: GatewayWorld, body: str) -> None:
    """Put something into the outbox that no version of core would write."""
    async with world.core.begin() as session:
        await session.execute(
            text("INSERT INTO bus.outbox (id, part, event, at) VALUES (:id, :part, CAST(:event AS jsonb), :at)"),
            {"id": uuid4(), "part": partition_of(world.school), "event": body, "at": world.clock.wall},
        )


# --- once, whatever the order -----------------------------------------------------------------------------------------


async def test_a_redelivered_event_changes_nothing(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    event = world.day_event(child, {1: UNEXPLAINED})
    for _ in range(2):
        await world.publish(event)
        assert await world.plan() == 1
    await world.pass_undo()
    await world.publish(event)
    await world.settle()
    assert len(world.chat(child.parents[0])) == 1
    assert await world.value("SELECT count(*) FROM gateway.delivery") == 1
    assert await unread(world) == 0


async def test_the_higher_version_wins_whatever_comes_last(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    absent, present = world.day_event(child, {1: UNEXPLAINED}), world.day_event(child, {})
    await world.publish(present)
    await world.plan()
    await world.publish(absent)
    await world.settle()
    await world.pass_undo()
    assert world.requests(child.parents[0]) == 0
    assert await world.value("SELECT version FROM gateway.fact") == 2


async def test_rights_and_addresses_in_one_batch_are_read_before_the_facts_they_govern(world: GatewayWorld) -> None:
    child = await world.child(BOTH)
    (parent,) = child.parents
    await world.publish(
        world.day_event(child, {1: UNEXPLAINED}),
        world.follow_event(child, parent, barred=True),
    )
    await world.settle()
    assert await world.stands() == {"none": ("suppressed", "barred")}


async def test_a_school_and_its_first_absence_may_come_in_one_batch_in_any_order(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    world.school = uuid4()
    await world.publish(world.day_event(child, {1: UNEXPLAINED}), world.school_event(undo_window_seconds=0))
    await world.settle()
    assert await refused(world) == []
    assert len(world.chat(child.parents[0])) == 1


async def test_an_old_state_of_rights_or_of_an_address_does_not_come_back(world: GatewayWorld) -> None:
    child = await world.child(BOTH)
    (parent,) = child.parents
    old_right, old_address = world.follow_event(child, parent), world.address_event(parent, Channel.TELEGRAM)
    await world.publish(
        world.follow_event(child, parent, consent_withdrawn_on=world.clock.wall.date()),
        world.address_event(parent, Channel.TELEGRAM, ended=True),
    )
    await world.plan()
    await world.publish(old_right, old_address)
    await world.states(child, {1: UNEXPLAINED})
    await world.settle()
    await world.pass_undo()
    assert await world.stands() == {"none": ("suppressed", "no-consent")}
    assert await world.value("SELECT ended FROM gateway.address WHERE channel = 'telegram'") is True


async def test_more_events_than_one_batch_are_all_taken_in_one_pass(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    versions = [world.day_event(child, {1: UNEXPLAINED, 2: UNEXPLAINED}) for _ in range(1, 503)]
    await world.publish(*versions)
    assert await world.plan() == 502
    assert await world.value("SELECT version FROM gateway.fact") == 502
    assert await unread(world) == 0


# --- what cannot be planned is set aside ------------------------------------------------------------------------------


def broken(event: Event, **changes: Any) -> str:
    body = event.model_dump(mode="json")
    for path, value in changes.items():
        at = body
        *folders, name = path.split("__")
        for folder in folders:
            at = at[folder]
        at[name] = value
    return json.dumps(body)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"data__missed_lessons": "many"}, "unreadable: data.attendance_day.missed_lessons"),
        ({"data__type": "weather"}, "unreadable: data"),
        ({"version": 2**31}, "unreadable: version"),
        ({"version": 0}, "unreadable: version"),
        ({"specversion": "2.0"}, "unreadable: specversion"),
        ({"surprise": 1}, "unreadable: surprise"),
        ({"time": "2026-10-20T08:40:00"}, "unreadable: time"),
        ({"data__day": "2024-10-20"}, "too-old"),
        ({"data__day": "9999-12-31"}, "too-far-ahead"),
        ({"time": "9999-12-31T23:59:59Z"}, "too-far-ahead"),
        ({"school": str(UUID(int=7))}, "school-unknown"),
    ],
)
async def test_an_event_that_cannot_be_planned_is_set_aside_and_stops_nobody(
    world: GatewayWorld, changes: dict[str, Any], reason: str
) -> None:
    child = await world.child(CHAT)
    await put_raw(world, broken(world.day_event(child, {5: UNEXPLAINED}), **changes))
    other = await world.child(CHAT, name="Щукина Мира")
    await world.states(other, {1: UNEXPLAINED})
    await world.settle()
    await world.pass_undo()
    assert await refused(world) == [reason]
    assert await unread(world) == 0
    assert world.requests(child.parents[0]) == 0
    assert len(world.chat(other.parents[0])) == 1


@pytest.mark.parametrize("body", ["null", "[]", '"н"', "{}"])
async def test_rubbish_is_set_aside(world: GatewayWorld, body: str) -> None:
    await put_raw(world, body)
    await world.plan()
    (reason,) = await refused(world)
    assert reason.startswith("unreadable: ")
    assert await unread(world) == 0


async def test_a_school_in_no_known_time_zone_keeps_the_zone_it_had(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    await put_raw(world, broken(world.school_event(), data__zone="Mars/Phobos"))
    await world.states(child, {1: UNEXPLAINED})
    await world.settle()
    await world.pass_undo()
    assert await refused(world) == ["unreadable: data.school.zone"]
    assert len(world.chat(child.parents[0])) == 1


async def test_a_partition_that_cannot_be_planned_stops_no_other(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    await world.states(child, {1: UNEXPLAINED})
    await world.plan()
    # What no event can do any more: a state that this version cannot read.
    await world.do("UPDATE gateway.school SET state = '{}'")
    await world.states(child, {2: UNEXPLAINED})
    broken_part, world.school = partition_of(world.school), UUID(int=world.school.int + 1)
    other = await world.child(CHAT)
    await world.states(other, {1: UNEXPLAINED})
    await world.settle()
    await world.pass_undo()
    assert len(world.chat(other.parents[0])) == 1
    assert world.requests(child.parents[0]) == 0
    horizons = await world.rows("SELECT part, horizon FROM gateway.intake")
    stands = {row.part: row.horizon for row in horizons}
    assert stands[broken_part] < stands[partition_of(world.school)], "nothing of it leaves either"


# --- the horizon ------------------------------------------------------------------------------------------------------


async def test_nothing_leaves_that_is_due_after_the_horizon(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    await world.states(child, {1: UNEXPLAINED})
    await world.plan()
    world.clock.move(seconds=600)
    await world.send()
    assert world.requests(child.parents[0]) == 0, "nobody has read the outbox since it was due"
    await world.plan()
    await world.send()
    assert len(world.chat(child.parents[0])) == 1


async def test_a_correction_that_lies_unread_is_not_overtaken(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    await world.states(child, {1: UNEXPLAINED})
    await world.plan()
    world.clock.move(seconds=30)
    await world.plan()
    world.clock.move(seconds=29)
    await world.states(child, {})
    world.clock.move(seconds=600)
    await world.send()
    await world.settle()
    assert world.requests(child.parents[0]) == 0
    assert await world.stands() == {"telegram": ("suppressed", "superseded")}


async def test_the_horizon_is_the_moment_before_the_lock_was_asked_for(world: GatewayWorld) -> None:
    """What commits while intake waits for its turn may be unread by it: the horizon stays before that."""
    await world.child(CHAT)
    part = partition_of(world.school)
    asked = world.clock.wall
    async with world.database.begin() as session:
        await session.execute(LOCK, {"space": LOCK_SPACE, "part": part})
        waiting = asyncio.create_task(world.plan())
        await eventually(lambda: waits_for_partition(world))
        world.clock.move(seconds=50)
    await waiting
    assert await world.value("SELECT horizon FROM gateway.intake WHERE part = :part", part=part) == asked


async def waits_for_partition(world: GatewayWorld) -> bool:
    return bool(
        await world.value(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory' AND classid = :space"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            space=LOCK_SPACE,
        )
    )


# --- side by side -----------------------------------------------------------------------------------------------------


async def test_two_intakes_at_once_plan_each_event_once(world: GatewayWorld, database_url: URL) -> None:
    children = [await world.child(CHAT, BOTH) for _ in range(5)]
    await world.publish(*(world.day_event(child, {1: UNEXPLAINED}) for child in children))
    other = Database(database_url, Role.GATEWAY)
    try:
        taken = await asyncio.gather(world.intake.run_once(), world.another_intake(other).run_once())
    finally:
        await other.close()
    assert sum(taken) == 5
    assert await world.value("SELECT count(*) FROM gateway.delivery") == 10
    await world.pass_undo()
    assert [len(world.chat(parent)) for child in children for parent in child.parents] == [1] * 10


async def test_an_intake_waits_for_whoever_plans_in_its_partition(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    await world.states(child, {1: UNEXPLAINED})
    async with world.database.begin() as session:
        await session.execute(LOCK, {"space": LOCK_SPACE, "part": partition_of(world.school)})
        waiting = asyncio.create_task(world.plan())
        await eventually(lambda: waits_for_partition(world))
        assert await world.threads() == {}
    assert await waiting == 1
    assert set(await world.threads()) == {"telegram"}


# --- plans that went stale --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["recipient", "school"])
async def test_a_stale_plan_is_made_again_and_not_sent(world: GatewayWorld, table: str) -> None:
    child = await world.child(CHAT)
    await world.states(child, {1: UNEXPLAINED})
    await world.plan()
    await world.do(f"UPDATE gateway.{table} SET rev = rev + 1")  # noqa: S608 - two literal names, above
    world.clock.move(seconds=61)
    await world.do("UPDATE gateway.intake SET horizon = :now", now=world.clock.wall)
    await world.send()
    assert world.requests(child.parents[0]) == 0
    await world.settle()
    assert len(world.chat(child.parents[0])) == 1


async def test_planning_again_keeps_a_retry_where_it_was(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    await world.states(child, {1: UNEXPLAINED})
    await world.plan()
    later = world.clock.wall + timedelta(minutes=4)
    await world.do("UPDATE gateway.delivery SET attempts = 7, due_at = :later", later=later)
    for _ in range(2):
        await world.states(child, {1: UNEXPLAINED})
        await world.plan()
    row = (await world.threads())["telegram"]
    assert (row.due_at, row.attempts) == (later, 7)


async def test_news_expire_and_are_not_told_next_morning(world: GatewayWorld) -> None:
    child = await world.child(BOTH)
    await world.states(child, {1: UNEXPLAINED})
    await world.plan()
    world.clock.move(days=1)
    await world.settle()
    assert world.requests(child.parents[0]) == 0
    assert await world.stands() == {"telegram": ("expired", "time-passed")}
    await world.publish(world.follow_event(child, child.parents[0]))
    await world.settle()
    assert await world.stands() == {"telegram": ("expired", "time-passed")}


async def test_a_day_entered_after_it_was_over_is_still_told(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    yesterday = world.clock.wall.date() - timedelta(days=1)
    await world.publish(world.day_event(child, {1: UNEXPLAINED}, day=yesterday))
    await world.settle()
    await world.pass_undo()
    (message,) = world.chat(child.parents[0])
    assert "понедельник, 19 октября" in message.text


async def test_the_undo_window_is_the_schools_own(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    await world.publish(world.school_event(undo_window_seconds=0))
    await world.plan()
    await world.states(child, {1: UNEXPLAINED})
    await world.settle()
    assert len(world.chat(child.parents[0])) == 1


# --- months -----------------------------------------------------------------------------------------------------------


async def test_a_thread_lives_in_the_month_of_its_day_whenever_it_is_redelivered(world: GatewayWorld) -> None:
    world.clock.wall = datetime(2026, 10, 31, 18, 58, tzinfo=UTC)
    child = await world.child(CHAT)
    event = world.day_event(child, {1: UNEXPLAINED})
    await world.publish(event)
    await world.settle()
    world.clock.move(minutes=4)
    assert school_date(world.clock.wall, ZONE) == date(2026, 11, 1)
    await world.publish(event)
    await world.states_of(child, {1: UNEXPLAINED, 2: UNEXPLAINED}, date(2026, 10, 31))
    await world.settle()
    await world.pass_undo()
    rows = await world.rows("SELECT tableoid::regclass::text AS place, month FROM gateway.delivery")
    assert [(row.place, row.month) for row in rows] == [("delivery_2026_10", date(2026, 10, 1))]
    facts = await world.rows("SELECT tableoid::regclass::text AS place FROM gateway.fact")
    assert [row.place for row in facts] == ["fact_2026_10"]
    world.clock.move(hours=8)  # entered late, it has waited for the morning
    await world.settle()
    assert len(world.chat(child.parents[0])) == 1


async def test_a_new_month_opens_by_itself_even_for_two_at_once(world: GatewayWorld) -> None:
    child = await world.child(CHAT)

    async def opened(month: date) -> None:
        async with world.database.begin() as session:
            await session.execute(text("SELECT gateway.open_month(:month)"), {"month": month})

    await asyncio.gather(*(opened(date(2027, 2, day)) for day in (1, 14, 28)))
    await world.publish(world.day_event(child, {1: UNEXPLAINED}, day=date(2026, 11, 30)))
    await world.plan()
    rows = await world.rows("SELECT tableoid::regclass::text AS place FROM gateway.delivery")
    assert [row.place for row in rows] == ["delivery_2026_11"]
    places = await world.rows(
        "SELECT relname FROM pg_class WHERE relname LIKE 'delivery\\_20%' AND relkind = 'r' ORDER BY 1"
    )
    assert [row.relname for row in places] == ["delivery_2026_11", "delivery_2027_02"]
