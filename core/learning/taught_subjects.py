"""Which subjects children are taught: what a family may choose from."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.tables import Lesson, Pupil, Subject

AROUND = timedelta(days=28)
"""So long before and after a day, so that neither holidays nor a subject of every other week is missed."""


async def taught(session: AsyncSession, school: UUID, pupils: Iterable[UUID], today: date) -> tuple[str, ...]:
    """Name the subjects that these pupils of a school are taught around a day, in the order of their names.

    The caller has found that the pupils are his. Subjects of all groups of a class are named: who is in which group
    changes through the year.
    """
    wanted = sorted(set(pupils))
    classes = [one for one in await session.scalars(select(Pupil.class_id).where(Pupil.person_id.in_(wanted))) if one]
    theirs = [Lesson.pupil_id.in_(wanted)]
    if classes:
        theirs.append(Lesson.classes.overlap(classes))
    query = (
        select(Subject.name)
        .join(Lesson, Lesson.subject_id == Subject.id)
        .where(Lesson.school_id == school, Lesson.day.between(today - AROUND, today + AROUND), or_(*theirs))
        .distinct()
        .order_by(Subject.name)
    )
    return tuple(await session.scalars(query))
