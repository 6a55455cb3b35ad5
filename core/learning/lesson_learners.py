"""Who learns at a lesson: the class's pupils of that day, the group's members of that day, or one pupil (YEAR-20).

Whoever is taught at home, in a hospital, or outside school is on no roll of a class: his lessons are his own (YEAR-30).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.movement.movement_tables import Enrolment
from core.russian import FullName
from core.tables import Pupil, SchoolClass

_APART = ("family", "self", "external", "home", "hospital")
"""Forms of education without the lessons of a class."""
_IN_FORCE = "e.since <= l.day AND (e.until IS NULL OR e.until >= l.day)"
LEARN_AT = f"""
  SELECT e.pupil_id AS pupil, e.class_id FROM core.enrolment e
  JOIN core.pupil p ON p.person_id = e.pupil_id
  LEFT JOIN core.study_group g ON g.id = l.group_id
  WHERE l.pupil_id IS NULL AND e.class_id = ANY(l.classes) AND {_IN_FORCE}
    AND NOT (coalesce(p.education_form, '') IN ({", ".join(f"'{form}'" for form in _APART)})
      AND coalesce(p.form_since, l.day) <= l.day)
    AND (l.group_id IS NULL OR g.kind = 'combined' OR EXISTS (
      SELECT FROM core.group_member m WHERE m.group_id = l.group_id AND m.pupil_id = e.pupil_id
        AND m.since <= l.day AND (m.until IS NULL OR m.until >= l.day)))
  UNION ALL
  SELECT e.pupil_id, e.class_id FROM core.enrolment e WHERE e.pupil_id = l.pupil_id AND {_IN_FORCE}"""  # noqa: S608 - forms are ours
"""SQL: who learns at the lesson ``l``, and the class of each on its day. For other statements too."""
_OF_LESSON = text(f"""
SELECT person.id, person.surname, person.given, person.patronymic, c.id AS class_id, c.title, c.grade
FROM core.lesson l CROSS JOIN LATERAL ({LEARN_AT}) AS learner
JOIN core.person ON person.id = learner.pupil
JOIN core.school_class c ON c.id = learner.class_id
WHERE l.id = :lesson
ORDER BY person.sort_key COLLATE "C", coalesce(person.birth_date, '-infinity'), person.id""").bindparams(  # noqa: S608 - all of it is ours
    bindparam("lesson", type_=Uuid)
)


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
    rows = await session.execute(_OF_LESSON, {"lesson": lesson})
    return tuple(
        Learner(row.id, FullName(row.surname, row.given, row.patronymic), row.class_id, row.title, row.grade)
        for row in rows
    )


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


def apart_since(form: str | None, since: date | None) -> date | None:
    """Return the day from which whoever has this form of education has no lessons of a class; None: he has them."""
    return (since or date.min) if form in _APART else None
