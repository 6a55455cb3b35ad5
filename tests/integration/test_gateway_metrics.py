"""The figures of a gateway: what couriers did is counted as the ledger has it; how the ledger stands is read there."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import aiohttp
import asyncpg
import pytest
import pytest_asyncio
from pydantic import SecretStr
from sqlalchemy import URL, text

from core.database import Database, connect_arguments
from core.events import Channel
from core.school_time import MachineClock, SchoolClock, month_of
from gateway import gauges
from gateway.gauges import Gauges, Moment
from gateway.metrics import Meter
from gateway.receipts import ReceiptKind
from gateway.states import Lane
from tests.integration.eventually import eventually
from tests.integration.gateway_world import CREDENTIALS, UNEXPLAINED, GatewayWorld, gateway_world
from tests.integration.sandbox_wire import TOKEN
from tests.ports import free_port
from tests.unit.test_gateway_metrics import value
from zvonok.installation import Installation
from zvonok.processes.metering import metered
from zvonok.processes.sending import run_gateway
from zvonok.reason_codes import REASONS
from zvonok.sandbox.faults import Cut, Hang, Refused, bad_gateway
from zvonok.secret import Secret
from zvonok.settings import Settings
from zvonok.trouble import InstallationError

CHAT, BOTH, LETTER = (Channel.TELEGRAM,), (Channel.TELEGRAM, Channel.MAIL), (Channel.MAIL,)
TOLD = {"channel": "telegram", "outcome": "accepted", "reason": "none"}
URGENT = {"channel": "telegram", "lane": "urgent"}


@pytest_asyncio.fixture
async def world(core_database: Database, gateway_database: Database, tmp_path: Path) -> AsyncIterator[GatewayWorld]:
    async with gateway_world(core_database, gateway_database, tmp_path) as made:
        yield made


@pytest.fixture
def meter(world: GatewayWorld) -> Meter:
    """Count what both couriers do."""
    made = Meter(tuple(CREDENTIALS), REASONS)
    world.telegram.observer = world.mail.observer = made
    return made


async def look(world: GatewayWorld) -> Gauges:
    async with world.database.begin() as session:
        return await gauges.read(session, CREDENTIALS, Moment(world.clock.wall, world.clock.wall))


async def counted_as_in_the_ledger(world: GatewayWorld, meter: Meter) -> None:
    rows = await world.rows("""
SELECT d.channel, a.outcome, COALESCE(a.reason, 'none') AS reason, count(*) AS number
FROM gateway.attempt a JOIN gateway.delivery d ON d.id = a.delivery GROUP BY 1, 2, 3""")
    page = meter.page(None)
    counted = {
        (row.channel, row.outcome, row.reason): value(
            page, "outcomes_total", channel=row.channel, outcome=row.outcome, reason=row.reason
        )
        for row in rows
    }
    assert counted == {(row.channel, row.outcome, row.reason): row.number for row in rows}


async def test_an_absence_that_was_told_is_counted_once_with_its_time(world: GatewayWorld, meter: Meter) -> None:
    child = await world.child(CHAT)
    await world.states(child, {1: UNEXPLAINED})
    await world.settle()
    await world.pass_undo()
    page = meter.page(None)
    assert value(page, "outcomes_total", **TOLD) == 1
    assert value(page, "commit_to_accepted_seconds_count", **URGENT) == 1
    assert value(page, "commit_to_accepted_seconds_sum", **URGENT) == 61, "the undo window, and a second"
    assert await world.press(child.parents[0], ReceiptKind.ACKNOWLEDGED, key="1") is True
    world.clock.move(hours=3)
    await world.settle()
    page = meter.page(None)
    assert value(page, "outcomes_total", **TOLD) == 2, "his answer was drawn into the message"
    assert value(page, "commit_to_accepted_seconds_count", **URGENT) == 1, "and told him nothing"
    await world.states(child, {})
    await world.settle()
    page = meter.page(None)
    assert value(page, "commit_to_accepted_seconds_count", **URGENT) == 2
    assert value(page, "commit_to_accepted_seconds_sum", **URGENT) == 61, "a correction leaves at once"
    await counted_as_in_the_ledger(world, meter)


async def test_every_outcome_is_counted_as_the_ledger_has_it(world: GatewayWorld, meter: Meter) -> None:
    world.emulator.faults.arm(bad_gateway(), times=2)
    children = [await world.child(BOTH) for _ in range(3)]
    await world.publish(*(world.day_event(child, {1: UNEXPLAINED}) for child in children))
    await world.settle()
    await world.pass_undo()
    world.emulator.faults.arm(Cut(accepted=False), times=2)
    world.emulator.faults.arm(Refused(403, "Forbidden: bot was blocked by the user"), times=1)
    await world.retry_for(minutes=3)
    await counted_as_in_the_ledger(world, meter)
    page = meter.page(None)
    deferred = {"channel": "telegram", "outcome": "deferred", "reason": "server-error"}
    assert value(page, "outcomes_total", **deferred) == 2


async def test_what_a_dead_courier_left_is_counted_by_whoever_takes_over(world: GatewayWorld, meter: Meter) -> None:
    child = await world.child(CHAT)
    await world.states(child, {1: UNEXPLAINED})
    await world.settle()
    world.clock.move(seconds=61)
    await world.plan()
    await world.do("UPDATE gateway.delivery SET state = 'claimed', claim = gen_random_uuid(), epoch = 0")
    await world.do(
        """
WITH sent AS (UPDATE gateway.delivery SET state = 'sending', lease_until = :then RETURNING month, id, want, want_key)
INSERT INTO gateway.attempt (id, month, delivery, act, gen, version, content_key, epoch, started_at)
SELECT gen_random_uuid(), month, id, 'send', 1, want, want_key, 0, :then FROM sent""",
        then=world.clock.wall,
    )
    await world.turn(world.telegram)
    lost = {"channel": "telegram", "outcome": "unknown", "reason": "lease-expired"}
    assert value(meter.page(None), "outcomes_total", **lost) == 1


async def test_an_outcome_that_came_too_late_is_not_counted_beside_the_loss(world: GatewayWorld, meter: Meter) -> None:
    child = await world.child(CHAT)
    await world.states(child, {1: UNEXPLAINED})
    await world.settle()
    fault = world.emulator.faults.arm(Hang(), times=1)
    world.clock.move(seconds=61)
    await world.plan()
    while await world.telegram.run_once() != 0.0:
        world.clock.seconds += 1
    (flight,) = world.telegram._flying
    await eventually(lambda: world.chat(child.parents[0]))
    world.clock.move(seconds=16)
    other = world.courier("telegram")
    other.observer = meter
    await world.turn(other)
    world.emulator.faults.release(fault)
    await flight
    page = meter.page(None)
    assert value(page, "outcomes_total", **TOLD) == 0
    assert value(page, "commit_to_accepted_seconds_count", **URGENT) == 0
    await counted_as_in_the_ledger(world, meter)
    await other.stop()


async def test_a_message_that_is_overdue_grows_older_by_the_clock_in_its_lane(world: GatewayWorld) -> None:
    assert (await look(world)).due == dict.fromkeys(Lane, 0.0)
    child = await world.child(CHAT)
    await world.states(child, {1: UNEXPLAINED})
    await world.plan()
    assert (await look(world)).due[Lane.URGENT] == 0, "it waits out the undo window"
    ages = []
    for _ in range(3):
        world.clock.move(seconds=100)
        ages.append((await look(world)).due)
    assert [age[Lane.URGENT] for age in ages] == [40, 140, 240]
    assert ages[-1] == {Lane.URGENT: 240, Lane.NORMAL: 0, Lane.DIGEST: 0}
    other = await world.child(CHAT, name="Щукин Пётр")
    await world.states(other, {1: UNEXPLAINED})
    await world.plan()
    world.clock.move(seconds=100)
    await world.do("UPDATE gateway.delivery SET held = true WHERE recipient = :one", one=child.parents[0].id)
    assert (await look(world)).due[Lane.URGENT] == 40, "what a restore holds is not late"
    await world.do("UPDATE gateway.delivery SET state = 'expired' WHERE recipient = :one", one=other.parents[0].id)
    assert (await look(world)).due[Lane.URGENT] == 0
    await world.do("UPDATE gateway.delivery SET held = false, bundle = gen_random_uuid(), lane = 2")
    assert (await look(world)).due == {Lane.URGENT: 0, Lane.NORMAL: 0, Lane.DIGEST: 340}
    await world.do("UPDATE gateway.delivery SET credential = 'mail:another', bundle = NULL, lane = 1")
    assert (await look(world)).due == {Lane.URGENT: 0, Lane.NORMAL: 340, Lane.DIGEST: 0}, "whoever is to send it"
    await world.do("UPDATE gateway.delivery SET credential = :usual, lane = 0", usual=CREDENTIALS["telegram"])
    await world.settle()
    assert (await look(world)).due == dict.fromkeys(Lane, 0.0)
    assert len(world.chat(child.parents[0])) == 1


async def test_planning_that_stands_still_grows_older(world: GatewayWorld) -> None:
    assert (await look(world)).horizon is None
    await world.publish(world.school_event())
    world.clock.move(seconds=20)
    assert (await look(world)).horizon == 20, "what was never planned, since its event"
    await world.plan()
    assert (await look(world)).horizon == 0
    world.clock.move(seconds=400)
    assert (await look(world)).horizon == 400


async def test_what_was_not_sent_is_counted_by_its_reason(world: GatewayWorld) -> None:
    without = await world.child(CHAT, consent_given_on=None)
    nowhere = await world.child((), name="Щукин Пётр")
    await world.publish(*(world.day_event(child, {1: UNEXPLAINED}) for child in (without, nowhere)))
    await world.settle()
    assert (await look(world)).suppressed == {"no-consent": 1, "no-address": 1}
    world.clock.move(minutes=61)
    assert (await look(world)).suppressed == {}, "of the last hour"


async def test_events_set_aside_are_counted_by_their_reason(world: GatewayWorld) -> None:
    strange = {"id": str(uuid4()), "specversion": "1.0"}
    async with world.core.begin() as session:
        for body in (strange, {**strange, "id": str(uuid4())}):
            await session.execute(
                text("INSERT INTO bus.outbox (id, part, event, at) VALUES (:id, 1, CAST(:event AS jsonb), :at)"),
                {"id": uuid4(), "event": json.dumps(body), "at": world.clock.wall},
            )
    await world.plan()
    page = Meter((), REASONS).page(await look(world))
    assert value(page, "events_set_aside", reason="unreadable") == 2


async def test_leases_and_pauses_are_told_by_channel(world: GatewayWorld, meter: Meter) -> None:
    assert (await look(world)).leases == {"telegram": False, "mail": False}
    child = await world.child(CHAT)
    world.emulator.faults.arm(Refused(401, "Unauthorized"))
    await world.states(child, {1: UNEXPLAINED})
    await world.settle()
    await world.pass_undo()
    seen = await look(world)
    assert seen.leases == {"telegram": True, "mail": True}
    assert set(seen.pauses) == {"telegram"}
    page = meter.page(seen)
    assert 0 < value(page, "pause_seconds", channel="telegram", reason="credential-refused") < 10
    world.clock.move(minutes=1)
    seen = await look(world)
    assert (seen.leases, seen.pauses) == ({"telegram": False, "mail": False}, {})


async def test_a_dead_letter_counts_while_it_is_news_and_nobody_else_told_it(world: GatewayWorld) -> None:
    world.emulator.faults.arm(Refused(400, "Bad Request: message is too long"))
    alone, helped = await world.child(CHAT), await world.child(BOTH)
    await world.publish(*(world.day_event(child, {1: UNEXPLAINED}) for child in (alone, helped)))
    await world.settle()
    await world.pass_undo()
    assert len(world.letters(helped.parents[0])) == 1
    assert (await look(world)).dead == {("telegram", "refused"): 1}
    world.clock.move(days=1)
    assert (await look(world)).dead == {}


async def test_no_figure_reads_what_is_finished(world: GatewayWorld, database_url: URL) -> None:
    """Pages read are counted, not seconds: they are the same on every machine."""
    await world.publish(world.school_event())
    await world.plan()
    before = await pages_read(world, database_url)
    await world.do("SELECT gateway.open_month(CAST(:month AS date))", month=month_of(world.clock.wall.date()))
    await world.do(
        """
INSERT INTO gateway.delivery (month, id, subject, recipient, channel, purpose, school, part, credential, lane,
  not_before, due_at, expires_at, state, want, want_key, told, told_key, gen, recipient_rev, school_rev, attempts,
  unknowns, created_at, changed_at)
SELECT CAST(:month AS date), gen_random_uuid(), 'mark/' || n, gen_random_uuid(), 'telegram', 'alert', :school, 1,
  :credential, n % 3, :at, :at, :at, 'accepted', 1, '{}', 1, '{}', 1, 1, 1, 1, 0, :at, :at
FROM generate_series(1, 20000) n""",
        month=month_of(world.clock.wall.date()),
        school=world.school,
        credential=CREDENTIALS["telegram"],
        at=world.clock.wall - timedelta(minutes=5),
    )
    after = await pages_read(world, database_url)
    assert {name: count for name, count in after.items() if count > before[name] + 20} == {}


async def pages_read(world: GatewayWorld, url: URL) -> dict[str, int]:
    """Return how many pages each query reads."""
    owner = await asyncpg.connect(**connect_arguments(url))
    try:
        await owner.execute("VACUUM ANALYZE gateway.delivery")
    finally:
        await owner.close()
    now = world.clock.wall
    values = {
        "oldest": month_of(now.date()),
        "now": now,
        "since": now - gauges.LATELY,
        "lanes": [0, 1, 2],
        "digest": 2,
        "machine": now,
        "credentials": list(CREDENTIALS.values()),
    }
    found = {}
    for name in ("OLDEST_DUE", "HORIZON", "SUPPRESSED", "SET_ASIDE", "CREDENTIALS", "DEAD"):
        query = getattr(gauges, name).text
        given = {key: given for key, given in values.items() if f":{key}" in query}
        async with world.database.begin() as session:
            plan = await session.execute(text(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query}"), given)
            top = plan.scalar_one()[0]["Plan"]
        found[name] = top["Shared Hit Blocks"] + top["Shared Read Blocks"]
    return found


# --- the page itself --------------------------------------------------------------------------------------------------


def here(world: GatewayWorld, url: URL, folder: Path, port: int | None) -> Installation:
    settings = Settings(
        data=folder,
        telegram_token=SecretStr(TOKEN),
        telegram_base_url=world.emulator.base_url,
        metrics_port=port,
        sandbox=True,
        public_url=None,
        mail_host=None,
    )
    clock = SchoolClock(source=lambda: world.clock.wall)
    return Installation(settings, url, Secret(b"x" * 32), clock, MachineClock())


async def fetch(port: int, path: str = "/metrics") -> tuple[int, bytes]:
    try:
        async with aiohttp.ClientSession() as client, client.get(f"http://127.0.0.1:{port}{path}") as response:
            return response.status, await response.read()
    except aiohttp.ClientConnectionError:
        return 0, b""


@asynccontextmanager
async def running(installation: Installation) -> AsyncIterator[None]:
    task = asyncio.create_task(run_gateway(installation))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_a_gateway_that_runs_tells_prometheus_what_it_did(
    world: GatewayWorld, database_url: URL, tmp_path: Path
) -> None:
    port = free_port()
    gateway = here(world, database_url, tmp_path, port)
    # The gateway's own vault seals the addresses.
    world.vault = gateway.secret.vault()
    world.intake = world.another_intake(world.database)
    child = await world.child(CHAT)
    await world.states(child, {1: UNEXPLAINED})
    async with running(gateway):

        async def page() -> bytes:
            return (await fetch(port))[1]

        async def planned() -> bool:
            return bool(await world.rows("SELECT id FROM gateway.delivery"))

        async def told() -> bool:
            return value(await page(), "outcomes_total", **TOLD) == 1

        await eventually(planned)
        world.clock.move(seconds=61)
        await eventually(told)
        last = await page()
        assert value(last, "commit_to_accepted_seconds_count", **URGENT) == 1
        assert value(last, "ledger_readable") == 1
        assert value(last, "lease_held", channel="telegram") == 1
        assert value(last, "oldest_due_age_seconds", lane="urgent") == 0
        assert "Саша" not in last.decode()
        assert (await fetch(port, "/"))[0] == 404
        with pytest.raises(InstallationError, match="ZVONOK_METRICS_PORT"):
            await run_gateway(gateway)
    assert (await fetch(port))[0] == 0


async def test_without_a_port_nothing_listens_and_without_the_database_the_page_says_so(
    world: GatewayWorld, database_url: URL, tmp_path: Path
) -> None:
    async with metered(here(world, database_url, tmp_path, None), world.database, {"telegram": "x"}) as silent:
        assert not isinstance(silent, Meter)
    port = free_port()
    away = Database(replace_port(database_url, free_port()), world.database.role)
    try:
        async with metered(here(world, database_url, tmp_path, port), away, {"telegram": "x"}) as counting:
            assert isinstance(counting, Meter)
            status, page = await fetch(port)
        assert (status, value(page, "ledger_readable")) == (200, 0)
        assert value(page, "outcomes_total", **TOLD) == 0
    finally:
        await away.close()


def replace_port(url: URL, port: int) -> URL:
    return url.set(host="127.0.0.1", port=port, query={})
