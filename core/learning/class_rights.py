"""What must be known of a class before anybody may speak to its families or look at who answered."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.actor import Actor
from core.rights import Facts
from core.school.schools import SchoolCard
from core.tables import SchoolClass


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """A class, with the rights of whoever asked."""

    id: UUID
    school: SchoolCard
    title: str
    rights: Facts

    def may(self, right: Right) -> bool:
        """Tell whether whoever asked may do this with the class."""
        return self.rights.may(right)


async def of_class(session: AsyncSession, actor: Actor, class_id: UUID, now: datetime) -> ClassFacts:
    """Read a class and the actor's relation to it on this day. Raises ``NotFound``."""
    facts = await rights.of_class(session, actor, class_id, now)
    title = (await session.get_one(SchoolClass, class_id)).title
    return ClassFacts(class_id, facts.of_school, title, facts)
