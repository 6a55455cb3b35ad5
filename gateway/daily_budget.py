"""How much may ring at one reader on one day; what is over goes with the evening letter, and nothing is dropped. Pure.

Too many messages lower what parents do for the school otherwise (parents.md §1). Urgent ones and letters do not count
and are not held back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from core.school_time import school_date
from gateway.due_times import Hours

USUAL_LIMIT = 5
"""Ours: no trial says how many are too many. A reader of the recommended set meets it on no ordinary day."""


def _nothing() -> Mapping[str, datetime]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class DailyBudget:
    """What rings at one reader already."""

    limit: int | None = USUAL_LIMIT
    """Messages a day; None: as many as there are, as for the school's own people."""
    rings: Mapping[str, datetime] = field(default_factory=_nothing, hash=False)
    """Subject → raw moment (``not_before``) of each message that goes, or went, alone and is not urgent."""

    def has_room(self, subject: str, not_before: datetime, hours: Hours) -> bool:
        """Tell whether the message of a subject may ring on the day on which it is first due.

        It counts for that day for ever, even if it leaves later: so whoever looks again sees the same. The subject's
        own message does not count: what rang may ring, and what becomes of it is told.
        """
        if self.limit is None:
            return True
        day = school_date(hours.first_loud(not_before), hours.zone)
        others = (at for other, at in self.rings.items() if other != subject)
        return sum(school_date(hours.first_loud(at), hours.zone) == day for at in others) < self.limit
