"""How learning goes, once a week: asked of whoever knows it, kept as a fact, and told like any other.

The gateway knows no averages: it asks through a port, and what it is answered is the head of a subject of its own, one
for each pupil and week, so that rights, choices, letters and retries are those of every other message, and what was
told can be looked up when the journal says something else by now. Asking is repeatable and needs no leader: a row says
of which schools and days it is done.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import batched
from typing import Protocol
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import Database
from core.events import LearningWeekState, SchoolState, event, learning_week_subject
from core.school_time import SchoolClock, at_school, school_date
from gateway.categories import BIT, Category
from gateway.heads import Changed, Heads
from gateway.partition import lock_partition
from gateway.planning import plan
from gateway.school_days import LONGEST_SILENCE, SchoolCalendar, calendar_by

ASK_AT = time(15, 30)
"""Wall clock from which a school is asked: before the earliest evening letter (``school_days.EARLIEST``)."""
WEEK = timedelta(days=6)
"""From the first day told of to the last."""
AT_ONCE = 50
"""Pupils planned in one transaction: what is urgent waits for the lock of their partition no longer than that."""
_DAY = timedelta(days=1)

SCHOOLS = text("""
SELECT s.id, s.part, s.state, ARRAY(SELECT a.day FROM gateway.learning_asked a
  WHERE a.school = s.id AND a.day >= :since) AS asked
FROM gateway.school s ORDER BY s.id
""")
READERS = text("""
SELECT DISTINCT w.pupil, w.recipient, w.weekday FROM gateway.watch w JOIN gateway.recipient r ON r.id = w.recipient
WHERE r.school = :school AND w.topics & :bit <> 0 AND w.channel IS NOT NULL AND w.first <= :day AND w.last >= :day
ORDER BY w.pupil, w.recipient
""")
ASKED = text("""
INSERT INTO gateway.learning_asked (school, day, asked_at) VALUES (:school, :day, :at) ON CONFLICT DO NOTHING
""")


class DigestContent(Protocol):
    """Whoever knows how learning goes: the journal, by an adapter outside the gateway (house.md §1)."""

    async def weeks(
        self, school: UUID, pupils: Collection[UUID], first: date, day: date
    ) -> Mapping[UUID, LearningWeekState]:
        """Return the week from ``first`` to ``day`` of each of these pupils; nothing of whom nothing is known."""
        ...


@dataclass(frozen=True, slots=True)
class LearningWeeks:
    """Asks for the weeks that are to be told, and plans them."""

    database: Database
    heads: Heads
    content: DigestContent
    school_clock: SchoolClock

    async def run_once(self) -> int:
        """Ask of every school and day that is due and was not asked yet; return of how many."""
        now = self.school_clock.now()
        async with self.database.begin() as session:
            rows = (await session.execute(SCHOOLS, {"since": now.date() - 3 * _DAY})).all()
        asked = 0
        for row in rows:
            school = SchoolState.model_validate(row.state)
            for day in days_due(now, school.zone):
                if day not in row.asked:
                    await self._ask(row.id, row.part, school, day)
                    asked += 1
        return asked

    async def _ask(self, school_id: UUID, part: int, school: SchoolState, day: date) -> None:
        calendar = calendar_by(school)
        readers: dict[UUID, list[UUID]] = {}
        async with self.database.begin() as session:
            values = {"school": school_id, "bit": BIT[Category.DIGEST], "day": day}
            for row in await session.execute(READERS, values):
                if is_told_on(day, row.weekday or school.telling.weekly_letter_on, calendar):
                    readers.setdefault(row.pupil, []).append(row.recipient)
        weeks = await self.content.weeks(school_id, readers, day - WEEK, day) if readers else {}
        told = [state.model_copy(update={"readers": tuple(readers[pupil])}) for pupil, state in sorted(weeks.items())]
        for some in batched(told, AT_ONCE):
            async with self.database.begin() as session:
                await lock_partition(session, part)
                await self._take(session, school_id, some)
        async with self.database.begin() as session:
            await session.execute(ASKED, {"school": school_id, "day": day, "at": self.school_clock.now()})

    async def _take(self, session: AsyncSession, school: UUID, weeks: Sequence[LearningWeekState]) -> None:
        """Keep weeks as heads of their subjects and plan those that are new. Under the partition's lock."""
        now, changed = self.school_clock.now(), Changed()
        for state in weeks:
            subject = learning_week_subject(state.pupil, state.day)
            told = event(state, subject=subject, school=school, version=1, at=now)
            await self.heads.take(session, told, changed)
        await plan(session, changed.subjects, now)


def days_due(now: datetime, zone: str) -> Sequence[date]:
    """Return the days whose weeks are to be asked for by now: yesterday as well, should nobody have been there to."""
    today = school_date(now, zone)
    return (today - _DAY, today) if now >= at_school(today, ASK_AT, zone) else (today - _DAY,)


def is_told_on(day: date, weekday: int, calendar: SchoolCalendar) -> bool:
    """Tell whether a weekly letter of ``weekday`` is told on a day: on its own, or on the eve of a rest that has it.

    In a rest nothing is told, unless it is as long as a summer (``Evenings.slot_after``).
    """
    rest = calendar.rest_at(day)
    if rest is not None and rest.days <= LONGEST_SILENCE:
        return False
    if day.isoweekday() == weekday:
        return True
    its_own = day + timedelta(days=(weekday - day.isoweekday()) % 7)
    ahead = calendar.rest_at(its_own)
    return ahead is not None and ahead.first == day + _DAY and ahead.days <= LONGEST_SILENCE
