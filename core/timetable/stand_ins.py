"""Who may step in today: for whoever arranges substitutions from a phone (TT-04, TT-05).

Proposals only: whether somebody may give a lesson, and is nowhere else then, ``lesson_changes.substitute`` decides.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.actor import Actor
from core.learning import lesson_rights, timetable
from core.learning.lesson_rights import LessonFacts
from core.learning.timetable import LessonCard
from core.person.people import name_of
from core.russian import FullName
from core.school_time import school_date
from core.tables import Lesson, Person, Slot, Staff

_GIVES = func.coalesce(Lesson.substitute_id, Lesson.teacher_id)


@dataclass(frozen=True, slots=True)
class Giver:
    """A teacher with lessons of today that are not over."""

    person: UUID
    name: FullName
    lessons: int


@dataclass(frozen=True, slots=True)
class StandIn:
    """An employee who gives no lesson at that time."""

    person: UUID
    name: FullName
    at_school: bool
    """He has another lesson today, and so is there."""


async def givers(session: AsyncSession, actor: Actor, school_id: UUID, now: datetime) -> tuple[Giver, ...]:
    """List the teachers whose lessons of today are not all over, by name. Raises ``NotFound``, ``Forbidden``."""
    facts = await rights.of_school(session, actor, school_id, now)
    rights.demand(facts, Right.SUBSTITUTION_RECORD)
    today = school_date(now, facts.of_school.zone)
    rows = await session.execute(
        select(Person, func.count(Lesson.id))
        .join(Lesson, Person.id == _GIVES)
        .where(Lesson.school_id == school_id, Lesson.day == today, Lesson.ends_at > now, Lesson.cancelled.is_(None))
        .group_by(Person.id)
        .order_by(Person.sort_key, Person.id)
    )
    return tuple(Giver(person.id, name_of(person), count) for person, count in rows)


async def lessons_left(
    session: AsyncSession, actor: Actor, school_id: UUID, teacher: UUID, now: datetime
) -> tuple[FullName | None, tuple[LessonCard, ...]]:
    """List what a teacher of the school still gives today, with his name; None for nobody of this school.

    Raises ``NotFound``, ``Forbidden``.
    """
    facts = await rights.of_school(session, actor, school_id, now)
    rights.demand(facts, Right.SUBSTITUTION_RECORD)
    person = await session.get(Person, teacher)
    if person is None or person.school_id != school_id:
        return None, ()
    found = await timetable.lessons_of(session, [teacher], school_date(now, facts.of_school.zone))
    return name_of(person), tuple(one for one in found if one.ends_at > now and one.cancelled is None)


async def stand_ins(
    session: AsyncSession, actor: Actor, lesson_id: UUID, now: datetime
) -> tuple[LessonFacts, tuple[StandIn, ...]]:
    """List who works at the school and gives no lesson at the time of this one.

    Those who have another lesson today come first, then whoever teaches there at all, then everybody else.

    Raises ``NotFound``, ``Forbidden``.
    """
    facts = await lesson_rights.of_lesson(session, actor, lesson_id, now)
    rights.demand(facts.rights, Right.SUBSTITUTION_RECORD)
    lesson = await session.get_one(Lesson, lesson_id)
    today = and_(Lesson.school_id == facts.school.id, Lesson.day == facts.day, Lesson.cancelled.is_(None))
    here = exists().where(today, Person.id == _GIVES)
    busy = exists().where(
        today, Person.id == _GIVES, Lesson.starts_at < lesson.ends_at, Lesson.ends_at > lesson.starts_at
    )
    teaches = exists().where(Slot.school_id == facts.school.id, Slot.teacher_id == Person.id)
    rows = await session.execute(
        select(Person, here)
        .join(Staff, Staff.person_id == Person.id)
        .where(
            Person.school_id == facts.school.id,
            *_works(facts.day),
            ~busy,
            Person.id != (lesson.substitute_id or lesson.teacher_id),
        )
        .order_by(here.desc(), teaches.desc(), Person.sort_key, Person.id)
    )
    return facts, tuple(StandIn(person.id, name_of(person), at_school=there) for person, there in rows)


def _works(day: date) -> tuple[ColumnElement[bool], ...]:
    return (or_(Staff.since.is_(None), Staff.since <= day), or_(Staff.until.is_(None), Staff.until >= day))
