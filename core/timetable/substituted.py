"""The journal of substituted lessons (журнал замещения уроков, TT-06), and how many were substituted or not held.

What the replacing teacher writes, he writes into the journal itself: the roll that he has called stands here for his
signature. The counts are what internal control asks for (TT-08); its report belongs to the reports.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.actor import Actor
from core.person import people
from core.tables import Lesson, RollCall
from core.timetable import change_documents, lesson_views
from core.timetable.lesson_views import LessonView
from core.timetable.timetable_tables import TimetableChange
from core.year.changes import CancelReason
from core.year.span import Span


@dataclass(frozen=True, slots=True)
class Signed:
    """Who has called the roll of a lesson, and when."""

    name: str | None
    """In full; None: the office."""
    at: datetime


@dataclass(frozen=True, slots=True)
class SubstitutedLesson:
    """A line of the journal of substituted lessons."""

    lesson: LessonView
    """``own_teacher`` is whom ``teacher_name`` has replaced."""
    why: str
    """As it was recorded; empty if nothing was said."""
    signed: Signed | None
    """None: the roll has not been called."""


@dataclass(frozen=True, slots=True)
class LessonCounts:
    """How many lessons of some days there were."""

    planned: int
    """All that the timetable had."""
    substituted: int
    """Held by somebody else than its teacher."""
    cancelled: Mapping[CancelReason, int]


async def journal(
    session: AsyncSession, actor: Actor, school_id: UUID, span: Span, now: datetime
) -> tuple[SubstitutedLesson, ...]:
    """List the substituted lessons of some days in the order in which they begin; cancelled ones were given by nobody.

    Raises ``NotFound``, ``Forbidden`` (the administration only: reasons may speak of somebody's health).
    """
    rights.demand(await rights.of_school(session, actor, school_id, now), Right.SUBSTITUTION_RECORD)
    lessons = await lesson_views.read(
        session,
        Lesson.school_id == school_id,
        Lesson.day.between(span.first, span.last),
        Lesson.substitute_id.is_not(None),
        Lesson.cancelled.is_(None),
    )
    why = await _reasons(session, school_id, [one.slot for one in lessons])
    signed = await _signatures(session, [one.id for one in lessons])
    return tuple(
        SubstitutedLesson(one, why.get((one.slot, one.planned_day), ""), signed.get(one.id)) for one in lessons
    )


async def counts(session: AsyncSession, actor: Actor, school_id: UUID, span: Span, now: datetime) -> LessonCounts:
    """Count the lessons of some days. Raises ``NotFound``, ``Forbidden`` (the administration only)."""
    rights.demand(await rights.of_school(session, actor, school_id, now), Right.SUBSTITUTION_RECORD)
    rows = await session.execute(
        select(Lesson.cancelled, func.count(), func.count(Lesson.substitute_id))
        .where(Lesson.school_id == school_id, Lesson.day.between(span.first, span.last))
        .group_by(Lesson.cancelled)
    )
    found = {reason: (lessons, substituted) for reason, lessons, substituted in rows}
    return LessonCounts(
        planned=sum(lessons for lessons, _ in found.values()),
        substituted=found.get(None, (0, 0))[1],
        cancelled=MappingProxyType({one: found[one][0] for one in CancelReason if one in found}),
    )


async def _reasons(session: AsyncSession, school_id: UUID, slots: list[UUID]) -> Mapping[tuple[UUID, object], str]:
    """Read why each lesson was substituted; of two changes that say the same, the later one holds."""
    rows = await session.execute(
        select(TimetableChange.slot_id, TimetableChange.first, TimetableChange.why)
        .where(
            TimetableChange.school_id == school_id,
            TimetableChange.kind == change_documents.SUBSTITUTION,
            TimetableChange.slot_id.in_(slots),
            TimetableChange.withdrawn_at.is_(None),
        )
        .order_by(TimetableChange.seq)
    )
    return {(slot, day): why for slot, day, why in rows if slot is not None}


async def _signatures(session: AsyncSession, lessons: list[UUID]) -> Mapping[UUID, Signed]:
    rows = await session.execute(
        select(RollCall.lesson_id, RollCall.recorded_by, RollCall.recorded_at).where(
            RollCall.lesson_id.in_(lessons), RollCall.withdrawn.is_(False)
        )
    )
    found = rows.all()
    names = await people.names(session, [by for _, by, _ in found if by is not None])
    return {lesson: Signed(None if by is None else names[by], at) for lesson, by, at in found}
