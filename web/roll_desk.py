"""What the pages of the roll ask core for: whose lessons, which of them now, its roll; and bringing taps in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.learning import attendance, roll_taps, timetable
from core.learning.attendance import Roll
from core.learning.timetable import LessonCard
from core.school import schools
from core.school_time import school_date
from core.tables import Person
from web.roll_commands import SentTaps
from web.roll_visitors import Caller

type OwnLesson = tuple[LessonCard, str]
"""A lesson and the zone of its school."""


@dataclass(frozen=True, slots=True)
class Day:
    """The lessons of whoever asks, today, in the order of the bell."""

    lessons: tuple[OwnLesson, ...]
    zone: str | None

    def to_call(self, now: datetime) -> UUID | None:
        """Choose the lesson whose roll is wanted now; else the last one that has begun, whose roll may be corrected."""
        cards = [card for card, _ in self.lessons]
        chosen = timetable.lesson_to_call(cards, now)
        if chosen is not None:
            return chosen.id
        begun = [card for card in cards if card.cancelled is None and card.starts_at <= now]
        return begun[-1].id if begun else None


@dataclass(frozen=True, slots=True)
class Opened:
    """A page with a roll."""

    day: Day
    roll: Roll | None


async def open_page(session: AsyncSession, caller: Caller, lesson: UUID | None, now: datetime) -> Opened:
    """Read the day and the roll of a lesson, or of the one that is wanted now. Raises ``NotFound``, ``Forbidden``."""
    day = await _day(session, caller, now)
    wanted = lesson or day.to_call(now)
    return Opened(day, None if wanted is None else await read(session, caller, wanted, now))


async def read(session: AsyncSession, caller: Caller, lesson: UUID, now: datetime) -> Roll:
    """Read a roll. Raises ``NotFound``, ``Forbidden``."""
    actor = await caller.for_lesson(session, lesson, now)
    return await attendance.roll(session, actor, lesson, now)


async def take(session: AsyncSession, caller: Caller, sent: SentTaps, now: datetime) -> Sequence[UUID]:
    """Bring taps in; return whom somebody else has tapped later. Raises what ``roll_taps.take`` raises."""
    actor = await caller.for_lesson(session, sent.lesson, now)
    return await roll_taps.take(session, sent.act(actor, now), sent.lesson, sent.taps(now))


async def _day(session: AsyncSession, caller: Caller, now: datetime) -> Day:
    found: list[OwnLesson] = []
    zone = None
    for actor in caller.actors:
        person = None if actor.person is None else await session.get(Person, actor.person)
        if person is not None and person.school_id is not None:
            zone = (await schools.of_id(session, person.school_id)).zone
            cards = await timetable.lessons_of(session, [person.id], school_date(now, zone))
            found += [(card, zone) for card in cards]
    found.sort(key=lambda one: one[0].starts_at)
    return Day(tuple(found), zone)
