"""Places for requests: so many at a time, and nobody waits for one longer than his message is still true."""

import asyncio
import math
from collections import deque
from collections.abc import Callable

BEGUN_SOON = 2.0
"""Seconds within which what is handed to a notifier should be begun: whoever claims has looked at it no later."""
_REMEMBERED = 1024
"""Ends of requests that are remembered: more than any claim asks for."""


class Slots:
    """``size`` places. ``clock`` is monotonic seconds.

    After a rest nobody knows how soon places come free: as if each were taken for ``usual`` seconds, then, or for long.
    """

    def __init__(self, size: int, clock: Callable[[], float], usual: float = BEGUN_SOON) -> None:
        self._places = asyncio.Semaphore(size)
        self._size = self._free = size
        self._rested = int(size * BEGUN_SOON / usual)
        self._clock = clock
        self._ended: deque[float] = deque(maxlen=_REMEMBERED)

    @property
    def room(self) -> int:
        """How many requests can be begun within ``BEGUN_SOON``: the free places, and as many as came free of late."""
        since = self._clock() - BEGUN_SOON
        while self._ended and self._ended[0] < since:
            self._ended.popleft()
        if self._free == self._size and not self._ended:
            return self._rested
        return self._free + len(self._ended)

    async def take(self, begin_by: float = math.inf) -> bool:
        """Wait for a place; False, and nothing taken, if ``begin_by`` comes first."""
        if not await self._acquired(begin_by):
            return False
        if self._clock() > begin_by:
            self._places.release()
            return False
        self._free -= 1
        return True

    def give_back(self) -> None:
        """Let the next one in."""
        self._free += 1
        self._ended.append(self._clock())
        self._places.release()

    async def _acquired(self, begin_by: float) -> bool:
        while self._places.locked():
            left = begin_by - self._clock()
            if left <= 0:
                return False
            try:
                # What waits in vain is said at once to be unsent: another owner would take it for sent.
                async with asyncio.timeout(None if left == math.inf else left):
                    return await self._places.acquire()
            except TimeoutError:
                # The clock that counts is the one that was handed in.
                continue
        return await self._places.acquire()
