"""What whoever calls a roll is shown beside it: who was absent before, and what families say of the day."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, Date, DateTime, Uuid, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.events import ProposedReason
from core.learning.attendance_tables import AbsenceAnswer
from core.learning.lesson_learners import LEARN_AT
from core.learning.lesson_rights import LessonFacts

_PREVIOUS = text(f"""
SELECT DISTINCT ON (learner.pupil) learner.pupil, a.code
FROM core.lesson l
JOIN core.roll_call r ON r.lesson_id = l.id AND NOT r.withdrawn
CROSS JOIN LATERAL ({LEARN_AT}) AS learner
LEFT JOIN core.absence a ON a.lesson_id = l.id AND a.pupil_id = learner.pupil
WHERE l.school_id = :school AND l.day = :day AND l.starts_at < :starts_at AND l.classes && :classes
  AND l.cancelled IS NULL AND learner.pupil = ANY(coalesce(r.learners, ARRAY[learner.pupil]))
ORDER BY learner.pupil, l.starts_at DESC""").bindparams(  # noqa: S608 - all of it is ours
    *(bindparam("school", type_=Uuid), bindparam("day", type_=Date)),
    bindparam("starts_at", type_=DateTime(timezone=True)),
    bindparam("classes", type_=ARRAY(Uuid)),
)


async def absent_before(session: AsyncSession, facts: LessonFacts) -> dict[UUID, str]:
    """Find who was absent from his last lesson before this: halves of a class may have had a lesson each, or none."""
    values = {
        "school": facts.school.id,
        "day": facts.day,
        "starts_at": facts.starts_at,
        "classes": list(facts.classes),
    }
    return {row.pupil: row.code for row in await session.execute(_PREVIOUS, values) if row.code is not None}


async def answers(session: AsyncSession, pupils: Sequence[UUID], day: date) -> dict[UUID, tuple[ProposedReason, ...]]:
    """Return what guardians said of these pupils' day, in the order in which they did."""
    rows = await session.execute(
        select(AbsenceAnswer.pupil_id, AbsenceAnswer.reason)
        .where(AbsenceAnswer.pupil_id.in_(pupils), AbsenceAnswer.day == day)
        .order_by(AbsenceAnswer.at)
    )
    found: dict[UUID, tuple[ProposedReason, ...]] = {}
    for pupil, reason in rows:
        found[pupil] = (*found.get(pupil, ()), ProposedReason(reason))
    return found
