"""What is told of control works: the whole state of each, at a new version, when what it says has changed (TT-12)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Uuid, any_, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from core.events import Addressee, ControlWorkState, NotHeld, control_work_subject, event
from core.learning import lesson_learners
from core.learning.lesson_rights import learners_title, with_learners
from core.outbox import publish
from core.school.schools import SchoolCard
from core.school_time import school_date
from core.tables import Lesson, Subject
from core.timetable.timetable_tables import ControlWork


@dataclass(frozen=True, slots=True)
class _Held:
    """The lesson of a work, as it stands."""

    day: date
    number: int
    cancelled: str | None
    subject_name: str
    learners: str


async def tell(session: AsyncSession, school: SchoolCard, works: Sequence[ControlWork], at: datetime) -> None:
    """Publish the states of works at the versions of their rows, which the caller has raised under their locks."""
    lessons = await _lessons(session, [work.lesson_id for work in works])
    told = []
    for work in works:
        state = await _state(session, school, work, lessons[work.lesson_id])
        told.append(event(state, subject=control_work_subject(work.id), school=school.id, version=work.version, at=at))
    await publish(session, *told)


async def follow(session: AsyncSession, school: SchoolCard, lessons: Collection[UUID], at: datetime) -> None:
    """State anew the works of lessons that are held otherwise than before, or not at all, or again."""
    if not lessons:
        return
    # One parameter: a year's lessons are more than a statement may have.
    wanted = any_(literal(sorted(lessons), ARRAY(Uuid)))
    found = await session.execute(
        select(ControlWork)
        .where(ControlWork.lesson_id == wanted, ControlWork.withdrawn.is_(False))
        .order_by(ControlWork.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    works = found.scalars().all()
    for work in works:
        work.version += 1
    await session.flush()
    await tell(session, school, works, at)


async def _lessons(session: AsyncSession, lessons: Collection[UUID]) -> Mapping[UUID, _Held]:
    # Columns, not the row's object: lessons are made by statements of their own, which objects do not see.
    columns = (Lesson.id, Lesson.day, Lesson.number, Lesson.cancelled, Subject.name, learners_title())
    query = with_learners(select(*columns).select_from(Lesson).join(Subject, Subject.id == Lesson.subject_id))
    rows = await session.execute(query.where(Lesson.id.in_(lessons)))
    return {row[0]: _Held(*row[1:]) for row in rows}


async def _state(session: AsyncSession, school: SchoolCard, work: ControlWork, lesson: _Held) -> ControlWorkState:
    pupils = await lesson_learners.of_lesson(session, work.lesson_id)
    return ControlWorkState(
        work=work.id,
        class_title=lesson.learners,
        pupils=tuple(Addressee(pupil=one.pupil, name=one.name.in_lists()) for one in pupils),
        lesson=work.lesson_id,
        day=lesson.day,
        number=lesson.number,
        subject_name=lesson.subject_name,
        form=work.form,
        topic=work.topic,
        planned_on=school_date(work.planned_at, school.zone),
        cancelled=None if lesson.cancelled is None else NotHeld(lesson.cancelled),
        withdrawn=work.withdrawn,
    )
