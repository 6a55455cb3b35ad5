"""Places for requests: nobody waits longer than he may, and room is what comes free soon."""

import asyncio
from dataclasses import dataclass

from notifiers.slots import BEGUN_SOON, Slots


@dataclass
class Hand:
    """A clock that stands still until it is moved."""

    seconds: float = 100.0

    def __call__(self) -> float:
        return self.seconds


async def test_a_place_is_not_taken_too_late() -> None:
    clock = Hand()
    slots = Slots(1, clock)
    assert not await slots.take(99.0)
    assert await slots.take(100.0), "the place was given back"
    waiting = asyncio.create_task(slots.take(101.0))
    await asyncio.sleep(0)
    clock.seconds = 102.0
    slots.give_back()
    assert not await waiting
    assert await slots.take()


async def test_waiting_ends_when_it_is_too_late_though_no_place_comes_free() -> None:
    loop = asyncio.get_running_loop()
    slots = Slots(1, loop.time)
    assert await slots.take()
    async with asyncio.timeout(5):
        assert not await slots.take(loop.time() + 0.05)


async def test_a_clock_that_stands_still_ends_no_waiting() -> None:
    clock = Hand()
    slots = Slots(1, clock)
    assert await slots.take()
    waiting = asyncio.create_task(slots.take(100.01))
    await asyncio.sleep(0.05)
    assert not waiting.done(), "the clock that was handed in says that there is time"
    slots.give_back()
    assert await waiting


async def test_room_is_what_is_free_and_what_came_free_of_late() -> None:
    clock = Hand()
    slots = Slots(2, clock)
    assert slots.room == 2
    assert await slots.take()
    assert await slots.take()
    assert slots.room == 0
    slots.give_back()
    assert slots.room == 2, "one is free, and another as fast as that may follow"
    clock.seconds += BEGUN_SOON + 0.1
    assert slots.room == 1


async def test_after_a_rest_the_usual_is_supposed_once() -> None:
    clock = Hand()
    slots = Slots(3, clock, usual=0.5)
    assert slots.room == 12, "four turns of half a second within two"
    assert await slots.take()
    assert slots.room == 2, "what was handed over finds out"
    slots.give_back()
    assert slots.room == 4
    clock.seconds += BEGUN_SOON + 0.1
    assert slots.room == 12
