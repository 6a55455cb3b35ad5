"""Changes of the timetable as people look through them: what is otherwise on some days, since when and by whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.actor import Actor
from core.learning.lesson_rights import learners_title, with_learners
from core.school_time import SCHOOL_YEAR_BEGINS
from core.tables import Lesson, Slot, Subject
from core.timetable import change_documents, change_writing, reading
from core.timetable.timetable_tables import TimetableChange
from core.year.changes import Change, DayAct, LessonKey, Move, Substitution
from core.year.span import Span


@dataclass(frozen=True, slots=True)
class Changed:
    """The lesson that a change is about."""

    id: UUID
    learners: str
    """Title of the class or the group, or the pupil's name."""
    number: int
    """As the timetable has it on the day that the change names, wherever it is held."""
    subject_name: str


@dataclass(frozen=True, slots=True)
class ChangeCard:
    """A change in force."""

    id: UUID
    change: Change
    lesson: Changed | None
    """None of an act of whole days, and of a lesson that the timetable has no more."""
    why: str
    """Empty for whoever might not have made the change: it may speak of somebody's health."""
    made_by: str | None
    """In full; None: the operator at the command line."""
    made_at: datetime
    names: Mapping[UUID, str]
    """Of the teacher, the subject, the room and the classes that the change names."""


async def of_days(
    session: AsyncSession, actor: Actor, school_id: UUID, span: Span, now: datetime
) -> tuple[ChangeCard, ...]:
    """List the changes in force of some days, also of lessons moved to them, in the order of their days.

    Raises ``NotFound``, ``Forbidden``.
    """
    facts = await rights.of_school(session, actor, school_id, now)
    rights.demand(facts, Right.YEAR_VIEW)
    query = (
        select(TimetableChange)
        .where(
            TimetableChange.school_id == school_id,
            TimetableChange.year.between(_year(span.first), _year(span.last)),
            TimetableChange.withdrawn_at.is_(None),
        )
        .order_by(TimetableChange.first, TimetableChange.seq)
        .execution_options(populate_existing=True)
    )
    rows = (await session.execute(query)).scalars().all()
    found = [(row, change) for row in rows if _of(change := change_documents.read_one(row), span)]
    lessons = await _lessons(session, [row for row, _ in found])
    things = {thing for row, change in found for thing in (*_things(change), row.made_by) if thing is not None}
    names = await reading.names_of(session, sorted(things))
    return tuple(
        ChangeCard(
            id=row.id,
            change=change,
            lesson=None if row.slot_id is None else lessons.get((row.slot_id, row.first)),
            why=row.why if facts.may(change_writing.right_to(row.kind)) else "",
            made_by=None if row.made_by is None else names[row.made_by],
            made_at=row.made_at,
            names={thing: names[thing] for thing in _things(change) if thing is not None},
        )
        for row, change in found
    )


def _year(day: date) -> int:
    """Return the school year of any day that there is, also of one that nobody can mean."""
    return day.year if (day.month, day.day) >= SCHOOL_YEAR_BEGINS else day.year - 1


def _of(change: Change, span: Span) -> bool:
    if isinstance(change, DayAct):
        return change.span.overlaps(span)
    return change.day in span or (isinstance(change, Move) and change.to in span)


def _things(change: Change) -> Sequence[UUID | None]:
    match change:
        case Substitution():
            return change.teacher, change.subject, change.room
        case Move():
            return (change.room,)
        case DayAct():
            return tuple(change.scope.classes or ())
        case _:
            return ()


async def _lessons(session: AsyncSession, rows: Sequence[TimetableChange]) -> Mapping[LessonKey, Changed]:
    slots, days = {row.slot_id for row in rows}, {row.first for row in rows}
    query = (
        select(Lesson, Slot.number, learners_title(), Subject.name)
        .join(Slot, Slot.id == Lesson.slot_id)
        .join(Subject, Subject.id == Lesson.subject_id)
    )
    found = await session.execute(with_learners(query).where(Lesson.slot_id.in_(slots), Lesson.planned_day.in_(days)))
    return {
        (lesson.slot_id, lesson.planned_day): Changed(lesson.id, title, number, subject)
        for lesson, number, title, subject in found
    }
