"""Every fault and the rates, over real HTTP; what the log then says."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.integration.sandbox_wire import BOT, BOT_ID, Wire, wire_to
from tests.unit.sandbox_clock import MovableClock
from zvonok.sandbox import faults as trouble
from zvonok.sandbox.bot_api import BotApiEmulator
from zvonok.sandbox.faults import Scope
from zvonok.sandbox.people import Person

PARENT, OTHER = 1001, 1002


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
async def wire(clock: MovableClock) -> AsyncIterator[Wire]:
    async with wire_to(BotApiEmulator(BOT, clocks=clock.clocks)) as wire:
        for user_id, name in ((PARENT, "Анна"), (OTHER, "Олег")):
            await wire.emulator.person(user_id, name).start()
        yield wire


@pytest.fixture
def parent(wire: Wire) -> Person:
    return wire.emulator.person(PARENT)


def texts(person: Person) -> list[str]:
    return [message.text for message in person.chat.messages if message.from_bot]


def answers(wire: Wire, chat_id: int = PARENT) -> list[tuple[str, bool, int | None]]:
    return [(one.answer.kind, one.took_effect, one.answer.code) for one in wire.emulator.log.of(chat_id=chat_id)]


async def send(wire: Wire, text: str, chat_id: int = PARENT) -> tuple[int, dict[str, Any]]:
    return await wire.post("sendMessage", chat_id=chat_id, text=text)


async def test_429_for_a_while_tells_how_long(wire: Wire, parent: Person, clock: MovableClock) -> None:
    wire.emulator.faults.arm(trouble.TooMany(), lasts=5)
    clock.move(seconds=1.5)
    status, body = await send(wire, "рано")
    assert (status, body["parameters"]) == (429, {"retry_after": 4})
    assert body["description"] == "Too Many Requests: retry after 4"
    clock.move(seconds=4)
    assert (await send(wire, "вовремя"))[0] == 200
    assert texts(parent) == ["вовремя"]
    assert answers(wire) == [("refused", False, 429), ("ok", True, 200)]


async def test_429_a_number_of_times_in_one_chat(wire: Wire) -> None:
    wire.emulator.faults.arm(trouble.TooMany(2), Scope(chat_id=PARENT), times=2)
    got = [(await send(wire, "а", chat))[0] for chat in (PARENT, OTHER, PARENT, PARENT)]
    assert got == [429, 200, 429, 200]


@pytest.mark.parametrize(
    ("effect", "status", "description"),
    [
        (trouble.blocked(), 403, "Forbidden: bot was blocked by the user"),
        (trouble.Refused(400, "Bad Request: чужая ошибка"), 400, "Bad Request: чужая ошибка"),
        (trouble.bad_gateway(), 502, "Bad Gateway"),
    ],
)
async def test_refusals(wire: Wire, parent: Person, effect: trouble.Effect, status: int, description: str) -> None:
    wire.emulator.faults.arm(effect, Scope(bot_id=BOT_ID, method="sendMessage"), times=1)
    assert await wire.refused("sendMessage", chat_id=PARENT, text="а") == (status, description)
    assert (texts(parent), answers(wire)) == ([], [("refused", False, status)])


async def test_a_5xx_may_lie(wire: Wire, parent: Person) -> None:
    wire.emulator.faults.arm(trouble.Refused(500, "Internal Server Error", accepted=True), times=1)
    assert (await send(wire, "а"))[0] == 500
    assert (texts(parent), answers(wire)) == (["а"], [("refused", True, 500)])


async def test_a_hang_accepts_and_answers_when_released(wire: Wire, parent: Person) -> None:
    fault = wire.emulator.faults.arm(trouble.Hang(), times=1)
    hanging = asyncio.create_task(send(wire, "а"))
    await parent.wait_for(lambda message: message.text == "а")
    assert not hanging.done()
    assert (await send(wire, "б"))[0] == 200
    wire.emulator.faults.release(fault)
    status, body = await hanging
    assert (status, body["result"]["text"]) == (200, "а")
    assert answers(wire) == [("hang", True, None), ("ok", True, 200)]
    assert [request.message_id for request in wire.emulator.log.delivered(PARENT)] == [3, 4]


async def test_a_hang_ends_when_the_caller_hangs_up_and_stopping_does_not_wait(wire: Wire, parent: Person) -> None:
    wire.emulator.faults.arm(trouble.Hang())
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await send(wire, "а")
    hanging = asyncio.create_task(send(wire, "б"))
    poll = asyncio.create_task(wire.post("getUpdates", timeout=50, offset=1_000_005))
    await parent.wait_for(lambda message: message.text == "б")
    async with asyncio.timeout(1):
        await wire.emulator.stop()
        for broken in (hanging, poll):
            with pytest.raises(aiohttp.ClientError):
                await broken
    await wire.emulator.start()
    wire.emulator.faults.lift_all()
    assert (await send(wire, "в"))[0] == 200


@pytest.mark.parametrize(("accepted", "shown"), [(False, []), (True, ["а"])])
async def test_a_cut_connection(wire: Wire, parent: Person, *, accepted: bool, shown: list[str]) -> None:
    wire.emulator.faults.arm(trouble.Cut(accepted=accepted), times=1)
    with pytest.raises(aiohttp.ClientError):
        await send(wire, "а")
    assert (texts(parent), answers(wire)) == (shown, [("cut", accepted, None)])
    assert len(wire.emulator.log.delivered(PARENT)) == len(shown)
    assert (await send(wire, "б"))[0] == 200


@pytest.mark.parametrize("accepted", [False, True])
async def test_garbage(wire: Wire, parent: Person, *, accepted: bool) -> None:
    wire.emulator.faults.arm(trouble.Garbage("<html>", accepted=accepted), times=1)
    url = f"{wire.emulator.base_url}/bot{wire.token}/sendMessage"
    async with wire.session.post(url, json={"chat_id": PARENT, "text": "а"}) as response:
        assert (response.status, await response.text()) == (200, "<html>")
    assert (len(texts(parent)), answers(wire)) == (int(accepted), [("garbage", accepted, 200)])


async def test_a_slow_answer_is_accepted_at_once(wire: Wire, parent: Person) -> None:
    wire.emulator.faults.arm(trouble.Slow(0.3), times=1)
    slow = asyncio.create_task(send(wire, "а"))
    await parent.wait_for(lambda message: message.text == "а")
    assert not slow.done()
    assert (await slow)[0] == 200


async def test_a_fault_may_strike_a_later_request(wire: Wire) -> None:
    wire.emulator.faults.arm(trouble.bad_gateway(), skip=2, times=1)
    assert [(await send(wire, text))[0] for text in "абвг"] == [200, 200, 502, 200]


async def test_what_is_refused_anyway_takes_no_effect_under_a_fault(wire: Wire) -> None:
    fault = wire.emulator.faults.arm(trouble.Hang(), times=1)
    hanging = asyncio.create_task(send(wire, "", PARENT))
    with wire.emulator.happenings.watch() as watcher:
        happening = await anext(watcher)
    assert (happening.kind, happening.data["took_effect"]) == ("request", False)
    wire.emulator.faults.release(fault)
    assert (await hanging)[0] == 400


async def test_rates_are_enforced_when_told_to(wire: Wire, parent: Person, clock: MovableClock) -> None:
    assert [(await send(wire, "а"))[0] for _ in range(3)] == [200, 200, 200]
    clock.move(seconds=1)
    wire.emulator.limits.enforce(per_token=3, per_chat=1)
    statuses = [(await send(wire, "б", chat))[0] for chat in (PARENT, PARENT, OTHER, OTHER)]
    assert statuses == [200, 429, 200, 429]
    first = parent.chat.messages[-1]
    assert (await wire.post("editMessageText", chat_id=PARENT, message_id=first.message_id, text="в"))[0] == 200
    clock.move(seconds=1)
    status, body = await send(wire, "г")
    assert (status, body["result"]["text"]) == (200, "г")
    wire.emulator.limits.lift()
    assert (await send(wire, "д"))[0] == 200
    assert [request.monotonic for request in wire.emulator.log.delivered(PARENT)] == [
        1000.0,
        1000.0,
        1000.0,
        1001.0,
        1002.0,
        1002.0,
    ]


async def test_a_refused_message_does_not_use_up_the_rate(wire: Wire) -> None:
    wire.emulator.limits.enforce()
    assert [(await send(wire, text))[0] for text in ("", "а", "б")] == [400, 200, 429]


async def test_the_log_holds_no_token(wire: Wire) -> None:
    await send(wire, "а")
    assert wire.token not in repr(wire.emulator.log.requests)
    assert wire.emulator.log.requests[0].parameters == {"chat_id": PARENT, "text": "а"}
