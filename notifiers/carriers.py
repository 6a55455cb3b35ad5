"""How batches of ready requests are carried over so many places, and when each may begin."""

import asyncio
import heapq
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from notifiers.port import Deferred, Message, Outcome, Recall, Rejected, Window
from notifiers.slots import Slots

USUAL_ANSWER = 0.5
"""Seconds; Telegram and MAX answer within a half of that. A slower one is met by one batch after each rest: what could
not be begun of that comes back after two seconds, and counts for no try."""


class Load[Request](NamedTuple):
    """One message, or a recall of one, with its request, ready for the wire."""

    place: int
    """In the batch."""
    message: Message | Recall
    request: Request


class Turns(Protocol):
    """The channel's own limit for one address."""

    def next_for(self, address: str) -> float:
        """When the next request for this address may begin, by the notifier's clock; not after now: at once."""
        ...

    def begin(self, address: str) -> None:
        """Note that one begins now."""
        ...


@dataclass(slots=True)
class _Round[Request]:
    """The messages of one batch: still waiting, held until their address's turn, done, and until when they may wait."""

    window: Window
    waiting: deque[Load[Request]] = field(default_factory=deque)
    held: list[tuple[float, Load[Request]]] = field(default_factory=list)
    """A heap: by the time of their turn, then by their place in the batch."""
    outcomes: dict[int, Outcome] = field(default_factory=dict)

    @property
    def left(self) -> int:
        return len(self.waiting) + len(self.held)


@dataclass(slots=True)
class Carriers[Request]:
    """Carries requests over ``size`` places. ``clock`` is monotonic seconds; without ``turns`` nobody waits for one."""

    size: int
    clock: Callable[[], float]
    deliver: Callable[[Load[Request], Window], Awaitable[Outcome]]
    not_begun: Deferred
    turns: Turns | None = None
    _slots: Slots = field(init=False)
    _rounds: list[_Round[Request]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self._slots = Slots(self.size, self.clock, USUAL_ANSWER)

    @property
    def room(self) -> int:
        """Requests that can be begun soon, less those that wait already."""
        return self._slots.room - sum(work.left for work in self._rounds)

    async def carry[Item: (Message, Recall)](
        self, batch: Sequence[Item], request_of: Callable[[Item], Request | Rejected], window: Window
    ) -> list[Outcome]:
        """Carry all of the batch concurrently; one outcome for each, in order."""
        work: _Round[Request] = _prepared(batch, request_of, window)
        self._rounds.append(work)
        try:
            # As many carriers as slots, not a task for each message: a queue of tasks would cost as much as requests.
            async with asyncio.TaskGroup() as carriers:
                for _ in range(min(self.size, len(work.waiting))):
                    carriers.create_task(self._carry(work))
        finally:
            self._rounds.remove(work)
        left = [*work.waiting, *(load for _, load in work.held)]
        work.outcomes.update((load.place, self.not_begun) for load in left)
        return [work.outcomes[index] for index in range(len(batch))]

    async def _carry(self, work: _Round[Request]) -> None:
        """Carry waiting messages until none is left, or until it is too late to begin one."""
        while work.left:
            if not self._any_ready(work):
                if not work.held or not await self._until_next_turn(work):
                    return
                continue
            if not await self._slots.take(work.window.begin_by):
                return
            try:
                if self._any_ready(work):
                    load = work.waiting.popleft()
                    if self.turns is not None:
                        self.turns.begin(load.message.address)
                    work.outcomes[load.place] = await self.deliver(load, work.window)
            finally:
                self._slots.give_back()

    def _any_ready(self, work: _Round[Request]) -> bool:
        """Whether the first that waits may begin now; those before it whose turn is not yet are held."""
        if self.turns is None:
            return bool(work.waiting)
        now = self.clock()
        while work.held and work.held[0][0] <= now:
            work.waiting.append(heapq.heappop(work.held)[1])
        while work.waiting:
            turn = self.turns.next_for(work.waiting[0].message.address)
            if turn <= now:
                return True
            heapq.heappush(work.held, (turn, work.waiting.popleft()))
        return False

    async def _until_next_turn(self, work: _Round[Request]) -> bool:
        """Wait, without a place, for the nearest turn; False if it comes after the window."""
        turn = work.held[0][0]
        if turn > work.window.begin_by:
            return False
        await asyncio.sleep(turn - self.clock())
        return True


def _prepared[Request, Item: (Message, Recall)](
    batch: Sequence[Item], request_of: Callable[[Item], Request | Rejected], window: Window
) -> _Round[Request]:
    work = _Round[Request](window)
    for index, message in enumerate(batch):
        request = request_of(message)
        if isinstance(request, Rejected):
            work.outcomes[index] = request
        else:
            work.waiting.append(Load(index, message, request))
    return work
