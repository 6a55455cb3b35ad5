"""Fetching updates over real HTTP: kept before they are confirmed, whatever Telegram and the network do."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import structlog
from structlog.testing import capture_logs

from bot.polling import ALLOWED_UPDATES, LONGEST_PAUSE
from core.database import Database
from tests.integration.bot_world import BotWorld, Rooms, bot_world, last, other_bot
from tests.integration.eventually import WITHIN, eventually
from tests.integration.sandbox_wire import BOT_ID, TOKEN
from zvonok.sandbox.faults import Cut, Garbage, Hang, Refused, Scope, TooMany, bad_gateway

SECRET = TOKEN.partition(":")[2]


@pytest.fixture
async def world(core_database: Database, gateway_database: Database, bot_database: Database) -> AsyncIterator[BotWorld]:
    async with bot_world(Rooms(core_database, gateway_database, bot_database)) as made:
        yield made


async def until_pauses(world: BotWorld, count: int) -> None:
    await eventually(lambda: len(world.pauses) >= count)


POLLS = Scope(method="getUpdates")


async def test_an_update_is_kept_before_it_is_confirmed(world: BotWorld) -> None:
    # No hands at all: what is fetched is kept and not handled.
    storing = other_bot(world, slots=0)
    person = world.someone(200)
    async with storing.running():
        await person.start()
        await eventually(lambda: not world.emulator.world.updates.pending(BOT_ID))
        assert await world.waiting() == 1
        assert last_or_none(world, 200) is None
    async with world.running():
        await world.settled()
    assert "код с листка" in last(person).text


async def test_a_process_that_died_before_confirming_gets_the_update_again_and_answers_once(world: BotWorld) -> None:
    fault = world.emulator.faults.arm(Cut(accepted=False), POLLS, skip=1)
    person = world.someone(200)
    async with world.running():
        await person.start()
        await until_pauses(world, 2)
        assert fault.struck >= 2
        await eventually(lambda: world.value("SELECT bool_and(done_at IS NOT NULL) FROM bot.inbox"))
        assert len(world.emulator.world.updates.pending(BOT_ID)) == 1
    world.emulator.faults.lift_all()
    async with world.running():
        await world.settled()
    assert len(world.emulator.log.delivered(200)) == 1


@pytest.mark.parametrize(
    "effect",
    [
        Refused(409, "Conflict: terminated by other getUpdates request"),
        Refused(401, "Unauthorized"),
        bad_gateway(),
        TooMany(3),
        Cut(accepted=False),
        Cut(accepted=True),
        Garbage(accepted=False),
    ],
    ids=lambda effect: f"{type(effect).__name__}{getattr(effect, 'code', '')}",
)
async def test_no_trouble_of_the_wire_ends_polling_or_loses_an_update(
    world: BotWorld, effect: Refused | TooMany | Cut | Garbage
) -> None:
    world.emulator.faults.arm(effect, POLLS, times=2)
    person = world.someone(200)
    with capture_logs() as logs:
        fresh = replace(world, desk=replace(world.desk, log=structlog.get_logger("bot")))
        async with fresh.running():
            await person.start()
            await until_pauses(fresh, 2)
            await fresh.settled()
    assert "код с листка" in last(person).text
    assert len(world.emulator.log.delivered(200)) == 1
    troubles = [entry for entry in logs if "pause" in entry]
    assert len(troubles) == 2
    assert [entry["event"] for entry in logs].count("bot.updates-fetched") == 1, "its end is told, and told once"
    assert SECRET not in json.dumps(logs, default=str)


async def test_a_refused_token_is_tried_once_a_minute_and_429_as_told(world: BotWorld) -> None:
    world.emulator.faults.arm(Refused(401, "Unauthorized"), POLLS, times=1)
    world.emulator.faults.arm(TooMany(17), POLLS, times=1)
    world.emulator.faults.arm(bad_gateway(), POLLS, times=4)
    async with world.running():
        await until_pauses(world, 6)
    assert world.pauses[:6] == [LONGEST_PAUSE, 17.0, 34.0, LONGEST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE]


async def test_a_bot_that_nobody_knows_goes_on_trying_and_tells_no_token(world: BotWorld) -> None:
    unknown = other_bot(world, token=f"{BOT_ID}:wrong{SECRET}")
    with capture_logs() as logs:
        fresh = replace(unknown, desk=replace(world.desk, log=structlog.get_logger("bot")))
        async with fresh.running():
            await until_pauses(fresh, 2)
    assert {"bot.token-refused", "bot.commands-not-set"} <= {entry["event"] for entry in logs}
    assert SECRET not in json.dumps(logs, default=str)
    assert SECRET not in repr(unknown.settings)


async def test_a_bot_api_that_is_not_there_is_waited_for_and_the_token_stays_secret(world: BotWorld) -> None:
    nowhere = other_bot(world, base_url="http://127.0.0.1:9")
    with capture_logs() as logs:
        fresh = replace(nowhere, desk=replace(world.desk, log=structlog.get_logger("bot")))
        async with fresh.running():
            await until_pauses(fresh, 3)
    assert [entry["event"] for entry in logs if "pause" in entry][:2] == ["bot.updates-not-fetched"] * 2
    assert SECRET not in json.dumps(logs, default=str)


async def test_an_update_that_nobody_can_read_harms_no_other(world: BotWorld) -> None:
    person = world.someone(200)
    world.post("message", {"nonsense": True})
    world.post("callback_query", {"id": "1", "from": "nobody"})
    await person.start()
    async with world.running():
        await world.settled()
    assert "код с листка" in last(person).text
    assert await world.value("SELECT count(*) FROM bot.inbox WHERE failure LIKE 'UndecodableUpdateError%'") == 2


async def test_it_asks_for_what_it_understands_and_sets_its_menu(world: BotWorld) -> None:
    async with world.running():
        await world.someone(200).start()
        await world.settled()
    allowed = world.emulator.world.updates.allowed(BOT_ID)
    assert allowed == frozenset(ALLOWED_UPDATES)
    (menu,) = world.emulator.world.commands.values()
    names = [command["command"] for command in menu]
    assert names == ["start", "diary", "notices", "subscriptions", "me", "help", "why"]


async def test_it_stops_at_once_while_it_waits_for_news(world: BotWorld) -> None:
    hang = world.emulator.faults.arm(Hang(), POLLS)
    async with asyncio.timeout(WITHIN), world.running():
        await eventually(lambda: hang.struck)


def last_or_none(world: BotWorld, user_id: int) -> str | None:
    """Return the bot's newest message to a person, if there is any."""
    said = [message for message in world.someone(user_id).chat.messages if message.from_bot]
    return said[-1].text if said else None
