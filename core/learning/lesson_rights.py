"""What must be known of a lesson before anybody may look at or touch what is written of it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right, Thing
from core.actor import Actor
from core.refusals import NotFound
from core.rights import Facts
from core.school.schools import SchoolCard, card_of
from core.tables import Lesson, School, SchoolClass, Subject


@dataclass(frozen=True, slots=True)
class LessonFacts:
    """A lesson, with the rights of whoever asked."""

    id: UUID
    school: SchoolCard
    class_id: UUID
    class_title: str
    subject_name: str
    day: date
    number: int
    starts_at: datetime
    ends_at: datetime
    rights: Facts

    def may(self, right: Right) -> bool:
        """Tell whether whoever asked may do this with the lesson."""
        return self.rights.may(right)


async def of_lesson(session: AsyncSession, actor: Actor, lesson_id: UUID, now: datetime) -> LessonFacts:
    """Read a lesson and the actor's relation to it on this day. Raises ``NotFound``."""
    found = (
        await session.execute(
            select(Lesson, SchoolClass, Subject.name, School)
            .join(SchoolClass, SchoolClass.id == Lesson.class_id)
            .join(Subject, Subject.id == Lesson.subject_id)
            .join(School, School.id == SchoolClass.school_id)
            .where(Lesson.id == lesson_id)
        )
    ).one_or_none()
    if found is None:
        raise NotFound("lesson-unknown")
    lesson, school_class, subject_name, school = found
    thing = Thing(
        school=school.id,
        school_class=school_class.id,
        class_teacher=school_class.class_teacher_id,
        lesson_teacher=lesson.teacher_id,
        substitute=lesson.substitute_id,
    )
    card = card_of(school)
    return LessonFacts(
        id=lesson.id,
        school=card,
        class_id=school_class.id,
        class_title=school_class.title,
        subject_name=subject_name,
        day=lesson.day,
        number=lesson.number,
        starts_at=lesson.starts_at,
        ends_at=lesson.ends_at,
        rights=await rights.facts_of(session, actor, card, now, thing),
    )
