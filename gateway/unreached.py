"""Whom nothing leads to any more when a child is missing: what a class teacher must know, and act on by telephone.

Whoever unsubscribes is obeyed, and so is a bot that was blocked; then somebody at the school has to know it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.categories import BIT, Category
from gateway.states import Reason

ROUTES = text("""
SELECT w.pupil, w.recipient, w.reason, w.made_at FROM gateway.watch w
WHERE w.pupil = ANY(CAST(:pupils AS uuid[])) AND w.first <= :today AND :today <= w.last
  AND w.topics & :absence <> 0 AND w.rank = 0
ORDER BY w.pupil, w.recipient
""")


@dataclass(frozen=True, slots=True)
class Silent:
    """An adult who is not told when the child is missing."""

    recipient: UUID
    reason: Reason
    since: datetime
    """Since when it is for this reason, by the school clock; not before the gateway first looked."""


@dataclass(frozen=True, slots=True)
class AbsenceRoutes:
    """Who is told when a child is missing, and who is not."""

    told: tuple[UUID, ...]
    silent: tuple[Silent, ...]

    @property
    def nobody(self) -> bool:
        """Tell whether nobody at all would be told."""
        return not self.told

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Return why not, each reason once; whoever has no right any more is no reason beside anybody's."""
        return tuple(dict.fromkeys(one.reason for one in self.silent if one.reason is not Reason.RIGHTS_LOST))


async def absence_routes(session: AsyncSession, pupils: Iterable[UUID], today: date) -> Mapping[UUID, AbsenceRoutes]:
    """Return for each pupil who would be told of an absence on a school day; every pupil that was asked about."""
    asked = sorted(set(pupils))
    told: dict[UUID, list[UUID]] = {pupil: [] for pupil in asked}
    silent: dict[UUID, list[Silent]] = {pupil: [] for pupil in asked}
    values = {"pupils": asked, "today": today, "absence": BIT[Category.ABSENCE]}
    for row in await session.execute(ROUTES, values):
        if row.reason is None:
            told[row.pupil].append(row.recipient)
        else:
            silent[row.pupil].append(Silent(row.recipient, Reason(row.reason), row.made_at))
    return {pupil: AbsenceRoutes(tuple(told[pupil]), tuple(silent[pupil])) for pupil in asked}
