"""The gateway is killed with SIGKILL at the worst moments: the parent gets the message all the same.

Between commit and send: exactly once. Between send and record: at most twice, and recorded as unknown.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from core.database import connect_arguments
from tests.acceptance.town import Town
from zvonok.sandbox.faults import Hang, Scope

CHAT = 501
STATE = "SELECT state, gen, unknowns FROM gateway.delivery"
# A courier whose lease is nearly over puts the message back before the wire: on a busy machine that may come between.
OUTCOMES = "SELECT outcome, reason FROM gateway.attempt WHERE outcome <> 'deferred' ORDER BY started_at"


async def test_killed_before_it_read_the_event(town: Town) -> None:
    """The fact is committed, nobody has read it: the next gateway does."""
    pupil, _ = await town.family("Иванова Анна", chat=CHAT)
    gateway = await town.start("gateway")
    await town.until_rows("SELECT count(*) FROM gateway.follow", [(1,)])
    await gateway.kill()
    await town.call_the_roll(pupil)
    await town.start("gateway")
    await town.until_rows(STATE, [("accepted", 1, 0)])
    assert town.alerts(CHAT) == 1
    assert await town.rows(OUTCOMES) == [("accepted", None)]


async def test_killed_with_the_message_planned_and_not_sent(town: Town) -> None:
    """Planned, and waiting out its undo window: the next gateway sends it, once."""
    await _undo_window(town, 5)
    pupil, _ = await town.family("Иванова Анна", chat=CHAT)
    gateway = await town.start("gateway")
    await town.until_rows("SELECT count(*) FROM gateway.follow", [(1,)])
    await town.call_the_roll(pupil)
    await town.until_rows(STATE, [("pending", 0, 0)])
    await gateway.kill()
    assert town.alerts(CHAT) == 0
    await town.start("gateway")
    await town.until_rows(STATE, [("accepted", 1, 0)])
    assert town.alerts(CHAT) == 1


@pytest.mark.req("BACK-06", "CONS-11")
async def test_killed_with_the_message_claimed_and_not_sent(town: Town) -> None:
    """Claimed by a courier who died before he touched the wire: it goes back, and out once."""
    pupil, _ = await town.family("Иванова Анна", chat=CHAT)
    async with _nobody_may_begin_an_attempt(town):
        gateway = await town.start("gateway")
        await town.call_the_roll(pupil)
        await town.until_rows(STATE, [("claimed", 0, 0)])
        await gateway.kill()
    assert town.alerts(CHAT) == 0
    await town.start("gateway")
    await town.until_rows(STATE, [("accepted", 1, 0)])
    assert town.alerts(CHAT) == 1
    assert await town.rows(OUTCOMES) == [("accepted", None)]


async def test_killed_between_send_and_record(town: Town) -> None:
    """The message stands in the chat and nobody wrote it down: unknown, and one more copy at most."""
    pupil, _ = await town.family("Иванова Анна", chat=CHAT)
    hang = town.emulator.faults.arm(Hang(), Scope(chat_id=CHAT, method="sendMessage"), times=1)
    gateway = await town.start("gateway")
    await town.call_the_roll(pupil)
    await town.until_alerts(CHAT, 1)
    assert await town.rows(STATE) == [("sending", 1, 0)]
    await gateway.kill()
    town.emulator.faults.release(hang)
    await town.start("gateway")
    await town.until_rows(STATE, [("accepted", 1, 0)])
    assert town.alerts(CHAT) == 2
    assert await town.rows(OUTCOMES) == [("unknown", "lease-expired"), ("accepted", None)]


async def test_killed_twice_between_send_and_record(town: Town) -> None:
    """After two copies of unknown fate no third goes out: the letter does."""
    pupil, _ = await town.family("Иванова Анна", chat=CHAT, mail="parent@example.org")
    for copies in (1, 2):
        town.emulator.faults.arm(Hang(), Scope(chat_id=CHAT, method="sendMessage"), times=1)
        gateway = await town.start("gateway")
        if copies == 1:
            await town.call_the_roll(pupil)
        await town.until_alerts(CHAT, copies)
        await gateway.kill()
    await town.start("gateway")
    await town.until(lambda: bool(town.catcher.spool.to("parent@example.org")))
    await town.until_rows(
        "SELECT channel, state FROM gateway.delivery ORDER BY channel", [("mail", "accepted"), ("telegram", "unknown")]
    )
    assert town.alerts(CHAT) == 2
    assert len(town.catcher.spool.to("parent@example.org")) == 1


async def test_a_stopped_gateway_gives_its_bot_to_the_next_at_once(town: Town) -> None:
    """SIGTERM gives the lease back: the next gateway need not wait for its end."""
    pupil, _ = await town.family("Иванова Анна", chat=CHAT)
    gateway = await town.start("gateway", ZVONOK_LEASE_SECONDS="300")
    await town.call_the_roll(pupil)
    await town.until_rows(STATE, [("accepted", 1, 0)])
    await gateway.stop()
    assert gateway.process.returncode == 0
    assert await town.rows("SELECT owner FROM gateway.credential") == [(None,)] * 2


@asynccontextmanager
async def _nobody_may_begin_an_attempt(town: Town) -> AsyncIterator[None]:
    """Keep couriers from writing what they must write before they touch the wire."""
    connection = await asyncpg.connect(**connect_arguments(town.url))
    try:
        async with connection.transaction():
            await connection.execute("LOCK TABLE gateway.attempt IN SHARE MODE")
            yield
    finally:
        await connection.close()
    await asyncio.sleep(0)


async def _undo_window(town: Town, seconds: int) -> None:
    await town.builder.change_settings(town.school, undo_window_seconds=seconds)
