"""Who learns at a lesson: the class's pupils of that day, the group's members of that day, or one pupil (YEAR-20).

Whoever is taught at home, in a hospital, or outside school is on no roll of a class: his lessons are his own (YEAR-30).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.movement.movement_tables import Enrolment
from core.person.people import name_of
from core.plan.plan_tables import GroupMember, StudyGroup
from core.russian import FullName
from core.tables import Lesson, Person, Pupil, SchoolClass
from core.year.weekly import LearnersKind

_APART = ("family", "self", "external", "home", "hospital")
"""Forms of education without the lessons of a class."""


@dataclass(frozen=True, slots=True)
class Learner:
    """One line of a lesson's list."""

    pupil: UUID
    name: FullName
    class_id: UUID
    """Where he learned on the day of the lesson."""
    class_title: str
    grade: int


async def of_lesson(session: AsyncSession, lesson: UUID) -> tuple[Learner, ...]:
    """List who learns at a lesson, in the order of the class list (YEAR-23). Whoever calls has asked for the right."""
    query = (
        select(Lesson.day, Lesson.classes, Lesson.group_id, Lesson.pupil_id, StudyGroup.kind)
        .outerjoin(StudyGroup, StudyGroup.id == Lesson.group_id)
        .where(Lesson.id == lesson)
    )
    day, classes, group_id, pupil_id, kind = (await session.execute(query)).one()
    found = _enrolled(day).where(_taught_in_class(day)) if pupil_id is None else _enrolled(day)
    if pupil_id is not None:
        found = found.where(Person.id == pupil_id)
    elif group_id is None or kind == LearnersKind.COMBINED:
        found = found.where(Enrolment.class_id.in_(classes))
    else:
        found = found.join(GroupMember, GroupMember.pupil_id == Person.id).where(
            GroupMember.group_id == group_id,
            _holds(GroupMember.since, GroupMember.until, day),
            Enrolment.class_id.in_(classes),
        )
    rows = (await session.execute(found)).all()
    ordered = sorted(rows, key=lambda row: (row[0].sort_key, row[0].birth_date or date.min, row[0].id))
    return tuple(Learner(one.id, name_of(one), class_id, title, grade) for one, class_id, title, grade in ordered)


async def class_titles(session: AsyncSession, pupils: Mapping[UUID, date]) -> dict[UUID, str]:
    """Return the title of the class where each pupil learned on his day; where he learns now, if that is not known."""
    rows = await session.execute(
        select(Pupil.person_id, Enrolment.since, Enrolment.until, SchoolClass.title)
        .join(Enrolment, Enrolment.pupil_id == Pupil.person_id)
        .join(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .where(Pupil.person_id.in_(pupils))
    )
    now = await session.execute(
        select(Pupil.person_id, SchoolClass.title)
        .join(SchoolClass, SchoolClass.id == Pupil.class_id)
        .where(Pupil.person_id.in_(pupils))
    )
    titles: dict[UUID, str] = dict(now.all())
    return titles | {
        pupil: title
        for pupil, since, until, title in rows
        if since <= pupils[pupil] and (until is None or pupils[pupil] <= until)
    }


def _enrolled(day: date) -> Select[Person, UUID, str, int]:
    return (
        select(Person, SchoolClass.id, SchoolClass.title, SchoolClass.grade)
        .join(Enrolment, Enrolment.pupil_id == Person.id)
        .join(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .join(Pupil, Pupil.person_id == Person.id)
        .where(_holds(Enrolment.since, Enrolment.until, day))
    )


def _holds(since: Any, until: Any, day: date) -> ColumnElement[bool]:
    return and_(since <= day, or_(until.is_(None), until >= day))


def apart_since(form: str | None, since: date | None) -> date | None:
    """Return the day from which whoever has this form of education has no lessons of a class; None: he has them."""
    return (since or date.min) if form in _APART else None


def _taught_in_class(day: date) -> ColumnElement[bool]:
    since = or_(Pupil.form_since.is_(None), Pupil.form_since <= day)
    return not_(and_(Pupil.education_form.in_(_APART), since))
