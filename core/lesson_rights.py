"""What must be known of a lesson before anybody may look at or touch what is written of it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.access import LessonRights
from core.actor import Actor
from core.refusals import NotFound
from core.schools import SchoolCard, card_of
from core.tables import Lesson, Person, School, SchoolClass, Staff, Subject


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
    rights: LessonRights


async def of_lesson(session: AsyncSession, actor: Actor, lesson_id: UUID) -> LessonFacts:
    """Read a lesson and the actor's relation to it. Raises ``NotFound``."""
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
    rights = LessonRights(
        person=actor.person,
        lesson_teacher=lesson.teacher_id,
        class_teacher=school_class.class_teacher_id,
        administers_this_school=await administers(session, actor, school.id),
        is_office=actor.is_office,
    )
    return LessonFacts(
        id=lesson.id,
        school=card_of(school),
        class_id=school_class.id,
        class_title=school_class.title,
        subject_name=subject_name,
        day=lesson.day,
        number=lesson.number,
        starts_at=lesson.starts_at,
        ends_at=lesson.ends_at,
        rights=rights,
    )


async def administers(session: AsyncSession, actor: Actor, school_id: UUID) -> bool:
    """Tell whether the actor is of this school's administration (ROLE-13)."""
    if actor.person is None:
        return False
    query = (
        select(Staff.administers)
        .join(Person, Person.id == Staff.person_id)
        .where(Staff.person_id == actor.person, Person.school_id == school_id)
    )
    return bool((await session.execute(query)).scalar_one_or_none())
