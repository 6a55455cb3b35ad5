"""Where one pupil learns, as a line of days, and how what one order changed is taken out of it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Self
from uuid import UUID

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Place:
    """That a pupil learns in a class from one day to another."""

    class_id: UUID
    since: date
    until: date | None
    """The last day; None: still."""

    def __contains__(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)

    def written(self) -> list[Any]:
        """Return it as the book of orders keeps it."""
        return [str(self.class_id), self.since.isoformat(), self.until and self.until.isoformat()]

    @classmethod
    def read(cls, written: Sequence[Any]) -> Self:
        """Read what ``written`` has made."""
        class_id, since, until = written
        return cls(UUID(class_id), date.fromisoformat(since), until and date.fromisoformat(until))


def taken_back(first: date, before: Iterable[Place], after: Iterable[Place], now: Iterable[Place]) -> tuple[Place, ...]:
    """Return where he learns without an order: on each day that stands as the order left it, where he would have.

    A day that a list has changed since is left as it is now, and so is whatever lies before ``first``, the first day
    that the order spoke of. ``before`` and ``after`` are his places from that day on, without the order and with it.
    """
    before, after, now = tuple(before), tuple(after), tuple(now)
    found = [
        one if one.until and one.until < first else replace(one, until=first - DAY) for one in now if one.since < first
    ]
    ends = {one.until + DAY for one in (*before, *after, *now) if one.until is not None}
    turns = sorted({first} | {day for day in ends | {one.since for one in (*before, *after, *now)} if day > first})
    for turn, following in zip(turns, [*turns[1:], None], strict=True):
        here = _class_on(now, turn)
        class_id = _class_on(before, turn) if here == _class_on(after, turn) else here
        if class_id is not None:
            found.append(Place(class_id, turn, following and following - DAY))
    return _joined(found)


def _class_on(places: Iterable[Place], day: date) -> UUID | None:
    return next((one.class_id for one in places if day in one), None)


def _joined(places: Iterable[Place]) -> tuple[Place, ...]:
    """Make one of two that follow each other in the same class."""
    found: list[Place] = []
    for one in places:
        last = found[-1] if found else None
        if last and last.class_id == one.class_id and last.until and last.until + DAY == one.since:
            found[-1] = replace(last, until=one.until)
        else:
            found.append(one)
    return tuple(found)
