"""How often one may ask: a bucket for each asker, filled at a steady rate; whoever finds it empty waits.

Kept in memory, by process: it guards this process from one asker, and is no accounting. Strangers who show keys that
open nothing share the bucket of their network, however many keys they try; nobody who is known waits for them.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from math import ceil

from web.api.problems import ApiError

MOST_BUCKETS = 10_000


@dataclass(frozen=True, slots=True)
class Rate:
    """How many requests at once, and how many a second after that."""

    at_once: int
    a_second: float


@dataclass(frozen=True, slots=True)
class Limits:
    """The rates of this installation."""

    person: Rate = Rate(60, 5)
    """Screens of one person: a diary opened and leafed through."""
    program: Rate = Rate(300, 20)
    """A timetable program that reads a school's morning."""
    stranger: Rate = Rate(30, 1)
    """Of one network, counting only what was refused."""


USUAL = Limits()


@dataclass(slots=True)
class _Bucket:
    left: float
    seen: float


@dataclass(slots=True)
class Buckets:
    """The buckets of all askers; ``clock`` counts seconds and is never moved."""

    clock: Callable[[], float]
    _of: OrderedDict[str, _Bucket] = field(default_factory=OrderedDict)

    def take(self, name: str, rate: Rate) -> None:
        """Take one request out of a bucket. Raises ``ApiError`` (429) if there is none left."""
        bucket = self._filled(name, rate)
        if bucket.left < 1:
            wait = ceil((1 - bucket.left) / rate.a_second)
            raise ApiError(HTTPStatus.TOO_MANY_REQUESTS, "too-often", wait=wait)
        bucket.left -= 1

    def _filled(self, name: str, rate: Rate) -> _Bucket:
        now = self.clock()
        bucket = self._of.setdefault(name, _Bucket(rate.at_once, now))
        bucket.left = min(rate.at_once, bucket.left + (now - bucket.seen) * rate.a_second)
        bucket.seen = now
        self._of.move_to_end(name)
        # Who was seen longest ago has filled up again, or nearly so.
        while len(self._of) > MOST_BUCKETS:
            self._of.popitem(last=False)
        return bucket
