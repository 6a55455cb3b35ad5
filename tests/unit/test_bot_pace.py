"""Two requests a second to one dialogue, whoever else is written to, and to all together what alerts leave over."""

import asyncio

import pytest

from bot.pace import KNOWN, SECOND, Pace


class Clock:
    """A clock that goes on by waiting alone."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    async def pause(self, seconds: float) -> None:
        """Let time pass."""
        self.waits.append(round(seconds, 3))
        self.now += seconds


def pace() -> tuple[Pace, Clock]:
    """Return a pace in virtual time."""
    clock = Clock()
    return Pace(lambda: clock.now, clock.pause), clock


async def test_a_third_request_within_a_second_waits_for_it_to_pass() -> None:
    turns, clock = pace()
    moments = []
    for _ in range(6):
        await turns.turn(1)
        moments.append(round(clock.now, 3))
        clock.now += 0.1
    assert all(later - earlier > 1.0 for earlier, later in zip(moments, moments[2:], strict=False))
    assert moments == [0, 0.1, 1.1, 1.2, 2.2, 2.3]


async def test_others_do_not_wait_and_those_who_came_together_keep_their_order() -> None:
    turns, clock = pace()
    gone: list[int] = []

    async def one(number: int, chat: int) -> None:
        await turns.turn(chat)
        gone.append(number)

    await asyncio.gather(*(one(number, 1) for number in range(4)), one(9, 2))
    assert [number for number in gone if number != 9] == [0, 1, 2, 3]
    assert clock.waits == [SECOND]


async def test_all_dialogues_together_keep_to_what_alerts_leave_over() -> None:
    clock = Clock()
    turns = Pace(lambda: clock.now, clock.pause, reserve=5)
    moments: list[float] = []
    for chat in range(20):
        assert turns.is_free(chat) == (len(moments) < 5 or clock.now >= moments[-5] + SECOND)
        await turns.turn(chat)
        moments.append(clock.now)
    assert all(later - earlier >= SECOND for earlier, later in zip(moments, moments[5:], strict=False))
    assert clock.now == pytest.approx(3 * SECOND)


async def test_those_who_wait_for_the_reserve_get_their_turns_in_order() -> None:
    clock, gone = Clock(), list[int]()
    turns = Pace(lambda: clock.now, clock.pause, reserve=2)

    async def one(chat: int) -> None:
        await turns.turn(chat)
        gone.append(chat)

    await asyncio.gather(*map(one, range(7)))
    assert gone == list(range(7))


async def test_what_goes_without_waiting_takes_the_turn_of_the_next() -> None:
    paced, clock = pace()
    for _ in range(3):
        paced.count(7)
        clock.now += 0.1
    assert not paced.is_free(7)
    await paced.turn(7)
    assert clock.now == pytest.approx(0.1 + SECOND)
    await paced.turn(8)
    assert clock.now == pytest.approx(0.1 + SECOND)


async def test_quiet_dialogues_are_forgotten() -> None:
    turns, clock = pace()
    for chat in range(KNOWN):
        await turns.turn(chat)
    clock.now += 5
    await turns.turn(KNOWN)
    assert len(turns._dialogues) == 1
