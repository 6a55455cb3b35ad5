"""Who will hear of something, as things stand now: at once, in a daily letter, not at all. Sends and plans nothing.

It asks the very watches that planning asks, so that what a teacher is told beforehand is what happens afterwards,
unless somebody chooses otherwise in between.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.events import SchoolState, Subject
from core.school_time import school_date
from gateway.content import content_for
from gateway.known_readers import FOLLOWERS
from gateway.profiles import STRENGTH, Mode
from gateway.subjects import pupils_of
from gateway.watch_rows import watches_of
from gateway.watches import matching, news_of

SCHOOL = text("SELECT state FROM gateway.school WHERE id = :school")


@dataclass(frozen=True, slots=True)
class Audience:
    """How many families hear of it, and how; the adults of brothers and sisters are one family."""

    now: int
    """At once, at least one adult of the family."""
    daily: int
    """In a daily or weekly letter or message, and nobody of the family at once."""
    untold: int
    """Nobody of the family: not wanted, not allowed, or no living address."""

    @property
    def told(self) -> int:
        """Count the families that hear of it unasked."""
        return self.now + self.daily


async def audience(session: AsyncSession, school: UUID, about: Subject, at: datetime) -> Audience | None:
    """Count the families of the pupils whom ``about`` concerns; ``at`` is the school clock.

    None while the gateway has not heard of the school or of any adult of these pupils: then nothing can be said.
    """
    row = (await session.execute(SCHOOL, {"school": school})).one_or_none()
    follows = (await session.execute(FOLLOWERS, {"pupils": sorted(pupils_of(about))})).all()
    if row is None or not follows:
        return None
    modes = await _modes(session, SchoolState.model_validate(row.state), about, follows, at)
    families: dict[UUID, set[UUID]] = {}
    for follow in follows:
        families.setdefault(follow.pupil, set()).add(follow.recipient)
    heard = [{modes[adult] for adult in family} for family in {frozenset(one) for one in families.values()}]
    now = sum(Mode.NOW in family for family in heard)
    daily = sum(Mode.NOW not in family and family != {Mode.OFF} for family in heard)
    return Audience(now, daily, len(heard) - now - daily)


async def _modes(
    session: AsyncSession, school: SchoolState, about: Subject, follows: Sequence[Row[Any]], at: datetime
) -> Mapping[UUID, Mode]:
    """Tell how each adult hears of it; one child of whom he may be told is enough."""
    watches = await watches_of(session, {follow.pupil for follow in follows})
    news = news_of(content_for(about, UUID(int=0), acknowledged=False, interactive=False))
    today = school_date(at, school.zone)
    found = dict.fromkeys((follow.recipient for follow in follows), Mode.OFF)
    for follow in follows:
        for watch in matching(watches.get(follow.recipient, ()), follow.pupil, news, today):
            found[follow.recipient] = max(found[follow.recipient], watch.term.frequency.mode, key=STRENGTH.__getitem__)
    return found
