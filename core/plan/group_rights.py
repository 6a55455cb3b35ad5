"""Who may write groups: the administration all of them, a class teacher those of his own class alone (YEAR-19)."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.actor import Act
from core.plan.plan_tables import GroupClass, StudyGroup
from core.refusals import NotFound
from core.school.schools import SchoolCard


@dataclass(frozen=True, slots=True)
class Drawn:
    """A group and the classes that it is drawn from. Its row never leaves core."""

    row: StudyGroup
    classes: frozenset[UUID]


async def demand(session: AsyncSession, act: Act, school_id: UUID, classes: Collection[UUID]) -> SchoolCard:
    """Return the school if the actor may write groups of these classes: of the school, or of each of them.

    Raises ``NotFound``, ``Forbidden``.
    """
    facts = await rights.of_school(session, act.actor, school_id, act.at)
    if not facts.may(Right.GROUP_WRITE):
        if not classes:
            rights.demand(facts, Right.GROUP_WRITE)
        for one in sorted(classes):
            rights.demand(await rights.of_class(session, act.actor, one, act.at), Right.GROUP_WRITE)
    return facts.of_school


async def of_group(session: AsyncSession, act: Act, group_id: UUID) -> Drawn:
    """Read a group that the actor may write. Raises ``NotFound``, ``Forbidden``."""
    row = await session.get(StudyGroup, group_id)
    if row is None:
        raise NotFound("group-unknown")
    found = await session.scalars(select(GroupClass.class_id).where(GroupClass.group_id == group_id))
    drawn = Drawn(row, frozenset(found))
    await demand(session, act, row.school_id, drawn.classes)
    return drawn
