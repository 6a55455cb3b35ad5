"""Substitutions: who gives a lesson in its teacher's place (ROLE-14), and may write it as his own (ROLE-27)."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.access import Right
from core.actor import Act
from core.journal import Change, audit, first_time
from core.learning import lesson_rights
from core.person import people
from core.refusals import Conflict, Forbidden, Invalid
from core.tables import Lesson, Person


async def replace(session: AsyncSession, act: Act, lesson_id: UUID, substitute: UUID | None) -> None:
    """Say who gives this lesson; None: its own teacher after all. Again is harmless.

    Raises ``NotFound``, ``Forbidden`` (the administration only), ``Invalid`` (nobody who works at the school), or
    ``Conflict``: he gives another lesson at that hour.
    """
    facts = await lesson_rights.of_lesson(session, act.actor, lesson_id, act.at)
    if not facts.may(Right.SUBSTITUTION_RECORD):
        raise Forbidden("not-allowed")
    lesson = await session.get_one(Lesson, lesson_id, with_for_update=True, populate_existing=True)
    wanted = None if substitute == lesson.teacher_id else substitute
    if wanted is not None:
        await _check(session, act, facts.school.id, lesson, wanted)
    if not await first_time(session, act.key, act.at) or lesson.substitute_id == wanted:
        return
    before, lesson.substitute_id = lesson.substitute_id, wanted
    await session.flush()
    change = Change("lesson.substitute", f"lesson/{lesson_id}", _as_json(before), _as_json(wanted))
    await audit(session, act.actor, facts.school.id, act.at, change)


async def _check(session: AsyncSession, act: Act, school: UUID, lesson: Lesson, substitute: UUID) -> None:
    person = await session.get(Person, substitute)
    if person is None or person.school_id != school or not await people.is_staff(session, substitute, act.at):
        raise Invalid("substitute-not-staff")
    others = select(Lesson.id).where(
        func.coalesce(Lesson.substitute_id, Lesson.teacher_id) == substitute,
        Lesson.id != lesson.id,
        Lesson.starts_at < lesson.ends_at,
        Lesson.ends_at > lesson.starts_at,
    )
    if (await session.execute(others.limit(1))).first() is not None:
        raise Conflict("substitute-busy")


def _as_json(person: UUID | None) -> dict[str, str | None]:
    return {"substitute": None if person is None else str(person)}
