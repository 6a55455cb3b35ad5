"""Whom the page of a lesson lists: who learns at it (``lesson_learners``), and of whom something is written there."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.learning import lesson_learners
from core.person.people import name_of
from core.russian import FullName
from core.tables import Person


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the page."""

    pupil: UUID
    name: FullName


async def of_lesson(session: AsyncSession, lesson_id: UUID, written: Collection[UUID]) -> tuple[Listed, ...]:
    """List who learns at a lesson in the order of the class list (YEAR-23), and behind them the rest of ``written``.

    An order of yesterday may take a pupil out of the class since last week: what was written of him meanwhile is on no
    other page, and could else be neither seen nor corrected.
    """
    learners = [Listed(one.pupil, one.name) for one in await lesson_learners.of_lesson(session, lesson_id)]
    gone = set(written).difference(one.pupil for one in learners)
    if not gone:
        return tuple(learners)
    found = await session.execute(select(Person).where(Person.id.in_(gone)).order_by(Person.sort_key, Person.id))
    return (*learners, *(Listed(one.id, name_of(one)) for one in found.scalars()))
