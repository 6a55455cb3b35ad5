"""«Ребёнок в школе, это ошибка»: what a guardian says of an entry is a matter for whoever gave the lesson."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.events import AbsenceDisputedState, AttendanceDayState, dispute_subject, event
from core.learning.attendance_day import DayKey
from core.outbox import publish
from core.tables import Lesson


@dataclass(frozen=True, slots=True)
class Dispute:
    """Whose word it is, and whether it stands."""

    guardian: UUID
    disputed: bool
    version: int
    """Of the pupil's day: it rises with every answer."""


async def tell(session: AsyncSession, school: UUID, state: AttendanceDayState, dispute: Dispute, now: datetime) -> None:
    """Publish that an entry is disputed, or is so no more; of several lessons the last one speaks for the day."""
    last = state.absences[-1]
    gave = select(func.coalesce(Lesson.substitute_id, Lesson.teacher_id)).where(Lesson.id == last.lesson)
    told = AbsenceDisputedState(
        pupil=state.pupil,
        pupil_name=state.pupil_name,
        class_title=state.class_title,
        guardian=dispute.guardian,
        day=state.day,
        lesson=last.lesson,
        lesson_number=last.number,
        subject_name=last.subject_name,
        teacher=(await session.execute(gave)).scalar_one(),
        disputed=dispute.disputed,
    )
    key = DayKey(state.pupil, state.day)
    subject = dispute_subject(key.pupil, key.day, dispute.guardian)
    await publish(session, event(told, subject=subject, school=school, version=dispute.version, at=now))
