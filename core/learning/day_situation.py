"""How a pupil's day stands, by the lessons whose roll was called. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.events import DaySituation


@dataclass(frozen=True, slots=True)
class Part:
    """One lesson of a pupil's day."""

    starts_at: datetime
    absent: bool | None
    """None: nobody has called its roll."""


def situation(parts: Sequence[Part]) -> DaySituation:
    """Tell how a day stands whose lessons are these."""
    known = sorted((one for one in parts if one.absent is not None), key=lambda one: one.starts_at)
    if not any(one.absent for one in known):
        return DaySituation.PRESENT
    if not known[-1].absent:
        return DaySituation.CAME_LATER
    if not all(one.absent for one in known):
        return DaySituation.GONE
    return DaySituation.ABSENT_ALL_DAY if len(known) == len(parts) else DaySituation.NOT_COME
