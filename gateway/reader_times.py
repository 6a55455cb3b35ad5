"""What planning must read of readers to time their letters and their day: ends of lessons, and what rings already."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from core.events import TimetableDayState
from core.school_time import month_of
from gateway.daily_budget import DailyBudget
from gateway.partition import oldest_month
from gateway.school_days import ends_of_lessons
from gateway.states import Lane
from gateway.subjects import subject_state

RINGS_COUNT = timedelta(days=8)
"""Older messages count for days that nobody plans for any more: news is over by then."""
DAYS_AHEAD = 8
"""As far as the next letter is away, a weekly one included."""
CHILDREN = text("""
SELECT recipient, pupil FROM gateway.follow WHERE recipient = ANY(CAST(:recipients AS uuid[])) ORDER BY recipient, pupil
""")
LESSONS = text("""
SELECT data FROM gateway.fact
WHERE month = ANY(CAST(:months AS date[])) AND day = ANY(CAST(:days AS date[])) AND subject LIKE 'timetable/%'
  AND pupils && CAST(:pupils AS uuid[])
""")
RINGS = text("""
SELECT recipient, subject, min(not_before) AS not_before FROM gateway.delivery
WHERE month >= :oldest AND recipient = ANY(CAST(:recipients AS uuid[])) AND lane = :lane AND bundle IS NULL
  AND NOT starts_with(subject, 'roll/')
  AND not_before > :since AND state NOT IN ('suppressed', 'expired', 'failed')
GROUP BY recipient, subject
""")


@dataclass(frozen=True, slots=True)
class ReadersDays:
    """What is known of the days of some readers."""

    lessons_end: Mapping[UUID, Mapping[date, tuple[datetime | None, ...]]] = field(default_factory=dict)
    """By reader and day, for each of his children."""
    rings: dict[UUID, dict[str, datetime]] = field(default_factory=dict)
    """By reader and subject, the raw moment of what goes alone and is not urgent; planning keeps it up to date."""

    def budget(self, recipient: UUID, limit: int | None) -> DailyBudget:
        """Return what is left of a reader's days."""
        return DailyBudget(limit, self.rings.get(recipient, {}))

    def planned(self, recipient: UUID, subject: str, not_before: datetime | None) -> None:
        """Keep that a message goes alone; None: that it does not."""
        mine = self.rings.setdefault(recipient, {})
        if not_before is None:
            mine.pop(subject, None)
        else:
            mine[subject] = not_before


async def days_of(session: AsyncSession, recipients: Collection[UUID], today: date, at: datetime) -> ReadersDays:
    """Read what is known of the days of these readers. ``today`` is a school's, ``at`` the school clock."""
    keys = {"recipients": sorted(recipients)}
    children: dict[UUID, list[UUID]] = {}
    for row in await session.execute(CHILDREN, keys):
        children.setdefault(row.recipient, []).append(row.pupil)
    ends = await _ends(session, {child for some in children.values() for child in some}, today)
    days = {day for _, day in ends}
    by_reader = {
        recipient: {day: tuple(ends.get((child, day)) for child in some) for day in days}
        for recipient, some in children.items()
    }
    rings: dict[UUID, dict[str, datetime]] = {}
    values = keys | {"lane": int(Lane.NORMAL), "since": at - RINGS_COUNT, "oldest": oldest_month(at)}
    for row in await session.execute(RINGS, values):
        rings.setdefault(row.recipient, {})[row.subject] = row.not_before
    return ReadersDays(by_reader, rings)


async def _ends(session: AsyncSession, pupils: Collection[UUID], today: date) -> Mapping[tuple[UUID, date], datetime]:
    days = [today + timedelta(days=ahead) for ahead in range(-1, DAYS_AHEAD)]
    keys = {"months": sorted({month_of(day) for day in days}), "days": days, "pupils": sorted(pupils)}
    states = [subject_state(row.data) for row in await session.execute(LESSONS, keys)]
    return ends_of_lessons(state for state in states if isinstance(state, TimetableDayState))
