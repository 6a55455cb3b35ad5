"""Homework: given at the current lesson, due at the class's next lesson of the subject (CONF-14, HW-05, HW-06).

It is kept by the lesson at which it is due, one text for the whole class, and is one subject of events.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core import free_text
from core.access import Right
from core.actor import Act, Actor
from core.events import homework_subject
from core.journal import Change, audit, first_time
from core.learning import homework_telling, lesson_rights, timetable
from core.learning.homework_telling import HomeworkView
from core.learning.learning_tables import Homework
from core.learning.lesson_rights import LessonFacts
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.school_time import school_date
from core.tables import Lesson

LONGEST = 1000
"""Characters of a homework."""
NOTHING_SET = "Не задано"
"""What the field must say where nothing is set (HW-08)."""
type Check = Callable[[HomeworkView | None], None]
"""Sees what stands, which nobody changes any more before the commit, and raises what it will if that is not expected.

An expected version alone would not do: what was given at a lesson may be due at another one by now.
"""


async def set_at(
    session: AsyncSession, act: Act, lesson_id: UUID, text: str | None, check: Check | None = None
) -> HomeworkView:
    """Give homework at this lesson for the next one of the subject; None says that nothing is set (HW-08).

    Doing it again replaces what was given here, if ``check`` lets it; a repeat is not checked, and returns what it gave
    though that was taken back since. Raises ``NotFound``, ``Forbidden``, or ``Invalid`` (no text or too much, a lesson
    to come, no next lesson in the timetable, or one that is not after today: HW-06), ``Conflict``: this lesson is not
    held, its year is closed, or the next one left the timetable at this moment.
    """
    facts = await lesson_rights.of_lesson(session, act.actor, lesson_id, act.at)
    if not facts.may(Right.HOMEWORK_SET):
        raise Forbidden("lesson-of-another-teacher")
    facts = await lesson_rights.hold(session, facts)
    written = None if text is None else free_text.fit(text, LONGEST)
    if act.at < facts.starts_at:
        raise Invalid("lesson-ahead", number=facts.number, class_title=facts.class_title)
    facts.demand_open()
    if not await first_time(session, act.key, act.at):
        return await _as_it_stands(session, facts)
    due = await _open_due(session, act, facts)
    standing = await _lock(session, facts, due.id)
    if check is not None:
        check(await homework_telling.view(session, standing[0]) if standing else None)
    for homework in standing:
        # The timetable has put the next lesson elsewhere since.
        if homework.lesson_id != due.id:
            await _withdraw(session, act, facts.school.id, homework)
    return await homework_telling.view(session, await _set(session, act, facts, due, written))


async def set_at_lesson(session: AsyncSession, actor: Actor, lesson_id: UUID, now: datetime) -> HomeworkView | None:
    """Read what was given at this lesson; None while nothing was said. Raises ``NotFound``, ``Forbidden``."""
    facts = await lesson_rights.of_lesson(session, actor, lesson_id, now)
    if not facts.may(Right.JOURNAL_VIEW):
        raise Forbidden("lesson-of-another-teacher")
    standing = [homework for homework in await _given_at(session, facts) if not homework.withdrawn]
    return await homework_telling.view(session, standing[0]) if standing else None


async def take_back(session: AsyncSession, act: Act, lesson_due_id: UUID, check: Check | None = None) -> None:
    """Take homework back, if ``check`` lets it: nothing was said about this lesson.

    Raises ``NotFound``, ``Forbidden``, ``Conflict``: it was taken back already, or the year is closed (YEAR-28).
    """
    facts = await lesson_rights.of_lesson(session, act.actor, lesson_due_id, act.at)
    found = await session.get(Homework, lesson_due_id)
    own = facts.rights.may_as_author(Right.HOMEWORK_WITHDRAW, found.set_by if found else None)
    if not own and not facts.may(Right.HOMEWORK_SET):
        raise Forbidden("lesson-of-another-teacher")
    if found is None:
        raise NotFound("homework-unknown")
    facts = await lesson_rights.hold(session, facts)
    # Of a lesson that is not held any more it may be taken back.
    if facts.year_closed:
        raise Conflict("year-closed", day=f"{facts.day:%d.%m.%Y}")
    if not await first_time(session, act.key, act.at):
        return
    await session.refresh(found, with_for_update=True)
    if found.withdrawn:
        raise Conflict("homework-taken-back")
    if check is not None:
        check(await homework_telling.view(session, found))
    await _withdraw(session, act, facts.school.id, found)


async def state_anew(session: AsyncSession, act: Act, school: UUID, lesson_due_id: UUID) -> None:
    """State homework at a higher version, since the class's list changed. Whoever calls writes the audit."""
    homework = await session.get_one(Homework, lesson_due_id, with_for_update=True, populate_existing=True)
    homework.version += 1
    await session.flush()
    await homework_telling.tell(session, school, homework, act.at)


async def texts_due(session: AsyncSession, lessons: Collection[UUID]) -> Mapping[UUID, str]:
    """Read what is to be done for these lessons. Whoever calls has asked for the right to."""
    rows = await session.execute(
        select(Homework.lesson_id, Homework.text).where(Homework.lesson_id.in_(lessons), Homework.withdrawn.is_(False))
    )
    return dict(rows.all())


async def _as_it_stands(session: AsyncSession, facts: LessonFacts) -> HomeworkView:
    given = await _given_at(session, facts)
    if not given:
        raise Conflict("homework-taken-back")
    return await homework_telling.view(session, given[0])


async def _open_due(session: AsyncSession, act: Act, facts: LessonFacts) -> Lesson:
    """Find the lesson at which homework of this one is due, and open it if its day is not open yet."""
    found = await timetable.next_lesson(session, facts)
    if found is None:
        raise Invalid("homework-no-lesson-ahead", subject_name=facts.subject_name, class_title=facts.class_title)
    if found.day <= school_date(act.at, facts.school.zone):
        raise Invalid("homework-too-late", subject_name=facts.subject_name, class_title=facts.class_title)
    return await timetable.open_lesson(session, facts, found, act.at)


async def _given_at(session: AsyncSession, facts: LessonFacts) -> list[Homework]:
    """Read what was given at this lesson: what stands comes first, then what was taken back."""
    here = await session.get_one(Lesson, facts.id)
    rows = await session.execute(
        select(Homework)
        .join(Lesson, Lesson.id == Homework.lesson_id)
        .where(
            lesson_rights.same_learners(here),
            Homework.set_on == facts.day,
            Lesson.day > facts.day,
            Lesson.subject_id == here.subject_id,
        )
        .order_by(Homework.withdrawn, Homework.set_at.desc())
    )
    return list(rows.scalars())


async def _lock(session: AsyncSession, facts: LessonFacts, due: UUID) -> list[Homework]:
    """Lock what was given at this lesson, and what is due where this is to be; return what stands of the former.

    Locked by everybody in one order, since of two who give it anew each would else wait for the other.
    """
    given = [homework.lesson_id for homework in await _given_at(session, facts)]
    rows = await session.execute(
        select(Homework)
        .where(Homework.lesson_id.in_({*given, due}))
        .order_by(Homework.lesson_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    here = (homework for homework in rows.scalars() if homework.set_on == facts.day and not homework.withdrawn)
    return sorted(here, key=lambda homework: homework.set_at, reverse=True)


async def _set(session: AsyncSession, act: Act, facts: LessonFacts, due: Lesson, text: str | None) -> Homework:
    """Write the row under its lock, and tell if anything is new in it."""
    said = {
        "set_on": facts.day,
        "due_on": due.day,
        "text": NOTHING_SET if text is None else text,
        "nothing_set": text is None,
        "withdrawn": False,
    }
    by = {"set_by": act.actor.person, "set_at": act.at}
    row = {"lesson_id": due.id, "version": 0}
    # Written as taken back at version 0, the row is locked before anybody decides whether it is new.
    await session.execute(insert(Homework).values(row | by | said | {"withdrawn": True}).on_conflict_do_nothing())
    homework = await session.get_one(Homework, due.id, with_for_update=True, populate_existing=True)
    before = {"text": homework.text, "withdrawn": homework.withdrawn} if homework.version else None
    if all(getattr(homework, name) == value for name, value in said.items()):
        return homework
    for name, value in (said | by).items():
        setattr(homework, name, value)
    homework.version += 1
    await session.flush()
    await homework_telling.tell(session, facts.school.id, homework, act.at)
    after = {"text": homework.text, "withdrawn": False, "lesson": str(facts.id)}
    change = Change("homework.set", homework_subject(due.id), before, after)
    await audit(session, act.actor, facts.school.id, act.at, change)
    return homework


async def _withdraw(session: AsyncSession, act: Act, school: UUID, homework: Homework) -> None:
    homework.withdrawn, homework.version = True, homework.version + 1
    await session.flush()
    await homework_telling.tell(session, school, homework, act.at)
    subject = homework_subject(homework.lesson_id)
    change = Change("homework.take-back", subject, {"withdrawn": False}, {"withdrawn": True})
    await audit(session, act.actor, school, act.at, change)
