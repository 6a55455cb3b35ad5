"""Who waits for the turn of his address holds no place, and does not wait beyond the window."""

import asyncio
from dataclasses import dataclass, field
from itertools import pairwise

from notifiers.carriers import Carriers, Load
from notifiers.port import Accepted, Deferred, Message, Outcome, Rejected, Window

NOT_BEGUN = Deferred("not-begun", begun=False)


@dataclass
class EveryTwentieth:
    """One request for one address in a twentieth of a second."""

    begun: dict[str, list[float]] = field(default_factory=dict)

    def next_for(self, address: str) -> float:
        return max(self.begun.get(address, [0.0])) + 0.05

    def begin(self, address: str) -> None:
        self.begun.setdefault(address, []).append(asyncio.get_running_loop().time())


def to(*addresses: str) -> list[Message]:
    return [Message(key=f"k{place}", address=address, text="x") for place, address in enumerate(addresses)]


def request_of(message: Message) -> str | Rejected:
    return Rejected("bad") if message.address == "bad" else message.key


async def accept(load: Load[str], window: Window) -> Outcome:
    del window
    await asyncio.sleep(0)
    return Accepted(load.request)


async def test_others_go_while_one_address_waits_for_its_turn() -> None:
    order: list[str] = []

    async def deliver(load: Load[str], window: Window) -> Outcome:
        order.append(load.message.address)
        return await accept(load, window)

    turns = EveryTwentieth()
    carriers = Carriers(1, asyncio.get_running_loop().time, deliver, NOT_BEGUN, turns)
    outcomes = await carriers.carry(to("a", "a", "a", "b", "bad", "c"), request_of, Window())
    assert outcomes == [*map(Accepted, ("k0", "k1", "k2", "k3")), Rejected("bad"), Accepted("k5")]
    assert order == ["a", "b", "c", "a", "a"]
    first, second, third = turns.begun["a"]
    assert min(second - first, third - second) >= 0.05


async def test_a_turn_after_the_window_is_not_waited_for() -> None:
    loop = asyncio.get_running_loop()
    turns = EveryTwentieth({"a": [loop.time() + 60]})
    carriers = Carriers(4, loop.time, accept, NOT_BEGUN, turns)
    window = Window(begin_by=loop.time() + 30)
    assert await carriers.carry(to("a", "b", "a"), request_of, window) == [NOT_BEGUN, Accepted("k1"), NOT_BEGUN]
    assert carriers.room >= 4


async def test_batches_share_the_turns_of_an_address() -> None:
    turns = EveryTwentieth()
    carriers = Carriers(4, asyncio.get_running_loop().time, accept, NOT_BEGUN, turns)
    await asyncio.gather(*(carriers.carry(to("a", "a"), request_of, Window()) for _ in range(2)))
    begun = turns.begun["a"]
    assert len(begun) == 4
    assert all(later - earlier >= 0.05 for earlier, later in pairwise(begun))
