"""Edits of a dialogue that come faster than they may go: the newest goes, and what was on the way is not overtaken."""

import asyncio
from typing import Any

import pytest
import structlog
from aiogram.exceptions import TelegramBadRequest, TelegramNetworkError
from aiogram.methods import GetMe

from bot.merged_edits import TRIES, Edits
from bot.pace import OF_MAX, SECOND, Pace
from tests.unit.test_bot_pace import Clock

ANNA, OTHER = 501, 502
AWAY = TelegramNetworkError(method=GetMe(), message="away")
REFUSED = TelegramBadRequest(method=GetMe(), message="message to edit not found")


class Screens:
    """What people see, and troubles on the way there."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.edits = Edits(Pace(lambda: self.clock.now, self.pause), structlog.get_logger("test"))
        self.seen: list[tuple[float, str, str]] = []
        self.troubles: list[Exception] = []

    async def pause(self, seconds: float) -> None:
        """Let time pass, and everybody else go on first."""
        for _ in range(20):
            await asyncio.sleep(0)
        await self.clock.pause(seconds)

    async def shows(self, screen: str, *, message: str = "m", chat: int = ANNA) -> None:
        """Edit a message."""

        async def send() -> None:
            if self.troubles:
                raise self.troubles.pop(0)
            self.seen.append((round(self.clock.now, 1), message, screen))

        await self.edits.go(chat, message, send)


async def test_of_many_edits_at_once_two_go_now_and_the_newest_in_its_turn() -> None:
    screens = Screens()
    for number in range(9):
        await screens.shows(str(number))
    assert screens.seen == [(0, "m", "0"), (0, "m", "1")], "nobody waits for those that are put aside"
    await screens.edits.close()
    assert screens.seen[OF_MAX:] == [(SECOND, "m", "8")]
    assert not screens.edits._dialogues


async def test_each_message_keeps_its_newest_edit_and_another_dialogue_waits_for_nobody() -> None:
    screens = Screens()
    for number in range(4):
        await screens.shows(str(number), message="one")
        await screens.shows(str(number), message="two")
    await screens.shows("now", chat=OTHER)
    assert screens.seen[-1][2] == "now"
    await screens.edits.close()
    assert [(message, screen) for _, message, screen in screens.seen[-2:]] == [("one", "3"), ("two", "3")]


async def test_an_edit_that_goes_now_says_what_went_wrong() -> None:
    screens = Screens()
    screens.troubles = [REFUSED]
    with pytest.raises(TelegramBadRequest):
        await screens.shows("0")
    await screens.shows("1")
    assert screens.seen == [(0, "m", "1")]


@pytest.mark.parametrize(
    ("troubles", "arrives"), [([AWAY] * (TRIES - 1), True), ([AWAY] * TRIES, False), ([REFUSED], False)]
)
async def test_an_edit_that_was_put_aside_is_tried_again_unless_it_is_refused(troubles: Any, arrives: bool) -> None:  # noqa: FBT001 - a case of a table
    screens = Screens()
    for number in range(3):
        await screens.shows(str(number))
    screens.troubles = list(troubles)
    with structlog.testing.capture_logs() as logs:
        await screens.edits.close()
    assert (screens.seen[-1][2] == "2") is arrives
    assert [entry["event"] for entry in logs] == ([] if arrives else ["bot.edit-lost"])
    await screens.shows("3")
    await screens.edits.close()
    assert screens.seen[-1][2] == "3", "the next press draws it anew"


async def test_a_newer_edit_is_never_overtaken_by_the_one_that_is_on_its_way() -> None:
    screens = Screens()
    gate = asyncio.Event()

    async def slow() -> None:
        await gate.wait()
        screens.seen.append((0, "m", "slow"))

    for number in range(2):
        await screens.shows(str(number))
    await screens.edits.go(ANNA, "m", slow)
    await asyncio.sleep(0)
    for _ in range(50):
        await asyncio.sleep(0)
    await screens.shows("newest")
    gate.set()
    await screens.edits.close()
    assert [screen for _, _, screen in screens.seen[-2:]] == ["slow", "newest"]
