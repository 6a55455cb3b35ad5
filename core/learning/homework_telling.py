"""What is told of homework: its whole state, at a new version, also when the lesson at which it is due is moved."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Uuid, any_, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from core.events import Addressee, HomeworkState, event, homework_subject
from core.learning import lesson_learners, lesson_rights
from core.learning.learning_tables import Homework
from core.outbox import publish
from core.tables import Lesson, Subject


@dataclass(frozen=True, slots=True)
class HomeworkView:
    """What a class has to do for a lesson."""

    lesson: UUID
    """The lesson at which it is due."""
    subject_name: str
    class_title: str
    due_on: date
    set_on: date
    """The day of the lesson at which it was given."""
    text: str
    nothing_set: bool


async def tell(session: AsyncSession, school: UUID, homework: Homework, at: datetime) -> None:
    """Publish the whole state: to whom it is meant are those who are to learn at that lesson as the lists stand now."""
    seen = await view(session, homework)
    pupils = await lesson_learners.of_lesson(session, homework.lesson_id)
    state = HomeworkState(
        lesson=seen.lesson,
        class_title=seen.class_title,
        pupils=tuple(Addressee(pupil=one.pupil, name=one.name.in_lists()) for one in pupils),
        subject_name=seen.subject_name,
        set_on=seen.set_on,
        due_on=seen.due_on,
        text=seen.text,
        nothing_set=seen.nothing_set,
        withdrawn=homework.withdrawn,
    )
    subject = homework_subject(homework.lesson_id)
    await publish(session, event(state, subject=subject, school=school, version=homework.version, at=at))


async def follow(session: AsyncSession, school: UUID, lessons: Collection[UUID], at: datetime) -> None:
    """State anew what is due at lessons that are held otherwise than before, or not at all: due when they are now."""
    if not lessons:
        return
    # One parameter: a year's lessons are more than a statement may have.
    wanted = any_(literal(sorted(lessons), ARRAY(Uuid)))
    found = await session.execute(
        select(Homework)
        .where(Homework.lesson_id == wanted, Homework.withdrawn.is_(False))
        .order_by(Homework.lesson_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    standing = found.scalars().all()
    # Columns, not the row's object: lessons are made by statements of their own, which objects do not see.
    days = dict((await session.execute(select(Lesson.id, Lesson.day).where(Lesson.id == wanted))).all())
    for homework in standing:
        homework.due_on, homework.version = days[homework.lesson_id], homework.version + 1
    await session.flush()
    for homework in standing:
        await tell(session, school, homework, at)


async def view(session: AsyncSession, homework: Homework) -> HomeworkView:
    """Return homework as it is shown."""
    subject_name, class_title = (
        await session.execute(
            lesson_rights.with_learners(
                select(Subject.name, lesson_rights.learners_title())
                .select_from(Lesson)
                .join(Subject, Subject.id == Lesson.subject_id)
                .where(Lesson.id == homework.lesson_id)
            )
        )
    ).one()
    return HomeworkView(
        lesson=homework.lesson_id,
        subject_name=subject_name,
        class_title=class_title,
        due_on=homework.due_on,
        set_on=homework.set_on,
        text=homework.text,
        nothing_set=homework.nothing_set,
    )
