"""What whoever counts is told of a courier's work: a port, so that couriers know no library of metrics."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from gateway.packing import Part
from gateway.states import Lane
from gateway.transitions import Act, describe

type Counted = tuple[Part, str, str | None]
"""A try that stands in the ledger, with its outcome and reason as they stand with the attempt."""


class CourierObserver(Protocol):
    """Hears of what stands in the ledger for certain: called after the commit, once for each try."""

    def recorded(self, channel: str, outcome: str, reason: str | None) -> None:
        """Hear that a try ended: ``outcome`` and ``reason`` as they stand with the attempt."""
        ...

    def told(self, channel: str, lane: Lane, after: timedelta) -> None:
        """Hear that a reader was told something new, so long after the journal had recorded it."""
        ...


class Unobserved:
    """Nobody counts."""

    def recorded(self, channel: str, outcome: str, reason: str | None) -> None:
        """Count nothing."""

    def told(self, channel: str, lane: Lane, after: timedelta) -> None:
        """Count nothing."""


def tell(observer: CourierObserver, counted: Iterable[Counted], now: datetime) -> None:
    """Tell an observer of tries whose outcomes were committed; ``now`` is the school clock."""
    for part, outcome, reason in counted:
        row = part.row
        observer.recorded(row.channel, outcome, reason)
        if outcome == "accepted" and not _redraws(part):
            observer.told(row.channel, Lane(str(row.lane)), now - row.occurred_at)


def _redraws(part: Part) -> bool:
    """Tell whether only the reader's own act was drawn into his message: it tells him nothing."""
    if part.act is not Act.EDIT:
        return False
    return describe(part.act, 0, 0, shown=part.content_key, told=part.row.told_key).redraws
