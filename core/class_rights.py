"""What must be known of a class before anybody may speak to its families or look at who answered."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.access import ClassRights
from core.actor import Actor
from core.lesson_rights import administers
from core.refusals import NotFound
from core.schools import SchoolCard, card_of
from core.tables import School, SchoolClass


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """A class, with the rights of whoever asked."""

    id: UUID
    school: SchoolCard
    title: str
    rights: ClassRights


async def of_class(session: AsyncSession, actor: Actor, class_id: UUID) -> ClassFacts:
    """Read a class and the actor's relation to it. Raises ``NotFound``."""
    found = (
        await session.execute(
            select(SchoolClass, School)
            .join(School, School.id == SchoolClass.school_id)
            .where(SchoolClass.id == class_id)
        )
    ).one_or_none()
    if found is None:
        raise NotFound("class-gone")
    school_class, school = found
    rights = ClassRights(
        person=actor.person,
        class_teacher=school_class.class_teacher_id,
        administers_this_school=await administers(session, actor, school.id),
        is_office=actor.is_office,
    )
    return ClassFacts(school_class.id, card_of(school), school_class.title, rights)
