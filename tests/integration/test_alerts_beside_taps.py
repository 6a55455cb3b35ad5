"""What a roll call does to alerts that leave by the same bot of MAX, which grants thirty requests a second to a bot.

The gateway takes 20 of them (``ZVONOK_MAX_RATE``), and the conversation keeps to the rest (``bot.pace``). Real
time, real HTTP, the real sender; the taps are bare requests at the conversation's own pace, or at none.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus

import aiohttp
import pytest

from bot.pace import Pace
from notifiers.max import MaxNotifier
from notifiers.max_settings import MaxSettings
from notifiers.port import Accepted, Deferred, Message
from zvonok.sandbox.max_api import MaxBot, MaxEmulator

ALERTS, STAFF = MaxBot("alerts", 1), MaxBot("staff", 2)
PARENTS, TEACHERS = range(1000, 1060), range(2000, 2040)
ALERTS_A_SECOND = 20
RESERVE = 10
A_ROLL_CALL = 30
"""Taps a second: of thirty teachers who tap once a second at 8:31."""

type Figure = Callable[[str, object], None]


@dataclass
class Told:
    """What became of the alerts."""

    seconds: float
    refused: int
    """Answered with 429, and sent again when that allowed."""


@asynccontextmanager
async def a_busy_morning() -> AsyncIterator[MaxEmulator]:
    async with MaxEmulator(ALERTS, STAFF) as emulator:
        for number in (*PARENTS, *TEACHERS):
            person = emulator.person(number, "Кто-то")
            for bot in (ALERTS, STAFF):
                await person.start(bot_id=bot.bot_id)
        emulator.enforce()
        yield emulator


async def alert_everybody(emulator: MaxEmulator) -> Told:
    """Send one alert to each parent at the gateway's pace, each until it is taken."""
    notifier = MaxNotifier(MaxSettings(ALERTS.token, emulator.base_url))
    began, refused, waiting = time.monotonic(), 0, [Message(f"k{one}", str(one), "Нет на уроке") for one in PARENTS]
    try:
        while waiting:
            message = waiting.pop(0)
            (outcome,) = await notifier.send([message])
            if isinstance(outcome, Deferred):
                refused += 1
                waiting.append(message)
                await asyncio.sleep(outcome.retry_after.total_seconds() if outcome.retry_after else 0)
            else:
                assert isinstance(outcome, Accepted)
            await asyncio.sleep(1 / ALERTS_A_SECOND)
    finally:
        await notifier.close()
    return Told(time.monotonic() - began, refused)


@asynccontextmanager
async def tapped(emulator: MaxEmulator, bot: MaxBot, pace: Pace) -> AsyncIterator[None]:
    """Let teachers' rolls be drawn anew all the time, each in a dialogue of its own."""
    async with aiohttp.ClientSession(headers={"Authorization": bot.token}) as session:
        task = asyncio.create_task(_tap(emulator, session, pace))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])


async def _tap(emulator: MaxEmulator, session: aiohttp.ClientSession, pace: Pace) -> None:
    while True:
        for teacher in TEACHERS:
            await pace.turn(teacher)
            url = f"{emulator.base_url}/messages?user_id={teacher}"
            async with session.post(url, json={"text": "5А · математика"}) as answer:
                assert answer.status in (HTTPStatus.OK, HTTPStatus.TOO_MANY_REQUESTS)
            await asyncio.sleep(1 / A_ROLL_CALL)


@pytest.mark.parametrize(
    ("bot", "reserve"), [(ALERTS, RESERVE), (STAFF, None)], ids=["kept to the reserve", "by a bot of their own"]
)
async def test_taps_delay_no_alert(bot: MaxBot, reserve: int | None, record_property: Figure) -> None:
    async with a_busy_morning() as emulator:
        async with tapped(emulator, bot, Pace(time.monotonic, reserve=reserve)):
            told = await alert_everybody(emulator)
        record_property("figure", f"alerts beside a roll call by bot {bot.token}, reserve {reserve}: {_in_words(told)}")
        assert told.refused == 0
        _each_got_one(emulator)


async def test_taps_that_keep_to_no_reserve_delay_alerts_and_lose_none(record_property: Figure) -> None:
    async with a_busy_morning() as emulator:
        async with tapped(emulator, ALERTS, Pace(time.monotonic)):
            told = await alert_everybody(emulator)
        record_property("figure", f"alerts beside a roll call by bot alerts, reserve None: {_in_words(told)}")
        assert told.refused > 0, "else the reserve is for nothing"
        _each_got_one(emulator)


def _in_words(told: Told) -> str:
    return f"{len(PARENTS)} in {told.seconds:.1f} s, 429 {told.refused} times"


def _each_got_one(emulator: MaxEmulator) -> None:
    assert {len(emulator.log.delivered(one)) for one in PARENTS} == {1}
