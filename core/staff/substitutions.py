"""Substitutions: who gives a lesson in its teacher's place (ROLE-14), and may write it as his own (ROLE-27)."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.access import Right
from core.actor import Act
from core.journal import first_time
from core.learning import lesson_rights
from core.refusals import Forbidden
from core.tables import Lesson
from core.timetable import change_documents, lesson_changes
from core.timetable.lesson_changes import Substitute


async def replace(session: AsyncSession, act: Act, lesson_id: UUID, substitute: UUID | None) -> None:
    """Say who gives this lesson; None: its own teacher after all. Again is harmless.

    Raises ``NotFound``, ``Forbidden`` (the administration only), ``Invalid`` (nobody who works at the school), or
    ``Conflict``: he gives another lesson at that hour, the lesson is not held, its year is closed.
    """
    facts = await lesson_rights.of_lesson(session, act.actor, lesson_id, act.at)
    if not facts.may(Right.SUBSTITUTION_RECORD):
        raise Forbidden("not-allowed")
    lesson = await session.get_one(Lesson, lesson_id, populate_existing=True)
    wanted = None if substitute == lesson.teacher_id else substitute
    if lesson.substitute_id == wanted:
        return
    if wanted is not None:
        await lesson_changes.substitute(session, act, lesson_id, Substitute(wanted))
    elif await first_time(session, act.key, act.at):
        substitution = change_documents.SUBSTITUTION
        await lesson_changes.take_back(session, act, facts, lambda row: row.kind == substitution)
