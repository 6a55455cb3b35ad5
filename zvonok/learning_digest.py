"""The gateway's question how learning goes, answered by the journal (house.md §1: the adapter of the port)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from core.database import Database
from core.events import LearningWeekState
from core.learning import learning_week


@dataclass(frozen=True, slots=True)
class JournalsWeeks:
    """``gateway.learning.DigestContent`` over the journal of this installation."""

    journal: Database
    """Under the role of core."""

    async def weeks(
        self, school: UUID, pupils: Collection[UUID], first: date, day: date
    ) -> Mapping[UUID, LearningWeekState]:
        """Ask the journal; of pupils who learn in no class of the school it knows nothing."""
        async with self.journal.begin() as session:
            return await learning_week.of_pupils(session, school, pupils, first, day)
