"""Remarks and praise: what a teacher writes into a pupil's diary (MSG-01), and how he takes it back."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import free_text
from core.access import Right
from core.actor import Act
from core.events import RemarkKind, RemarkState, event, remark_subject
from core.journal import Change, audit, first_time, id_made_by
from core.learning import class_rights, lesson_learners, lesson_rights
from core.learning.class_rights import ClassFacts
from core.learning.learning_tables import Remark
from core.movement import closing, enrolments
from core.outbox import publish
from core.person import people
from core.plan import open_years
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.school_time import school_date
from core.tables import Lesson, Person, Pupil, Subject

LONGEST = 1000
"""Characters of a remark."""


async def write(session: AsyncSession, act: Act, lesson_id: UUID, pupil_id: UUID, kind: RemarkKind, text: str) -> UUID:
    """Write a remark at a lesson; return its id.

    Raises ``NotFound``, ``Forbidden``, or ``Invalid`` (no text or too much, a lesson to come, another class's pupil).
    """
    facts = await lesson_rights.of_lesson(session, act.actor, lesson_id, act.at)
    author = act.actor.person
    if author is None or not facts.may(Right.REMARK_WRITE):
        raise Forbidden("lesson-of-another-teacher")
    written = free_text.fit(text, LONGEST)
    facts = await lesson_rights.hold(session, facts)
    if act.at < facts.starts_at:
        raise Invalid("lesson-ahead", number=facts.number, class_title=facts.class_title)
    facts.demand_open()
    if all(one.pupil != pupil_id for one in await lesson_learners.of_lesson(session, lesson_id)):
        raise Invalid("pupil-of-another-class", class_title=facts.class_title)
    remark = _remark(act, author, pupil_id, kind, written)
    remark.lesson_id, remark.day = lesson_id, facts.day
    return await _write(session, act, facts.school.id, remark)


async def write_as_class_teacher(session: AsyncSession, act: Act, pupil_id: UUID, kind: RemarkKind, text: str) -> UUID:
    """Write a remark outside lessons, on the day of writing: the class teacher, the administration; return its id.

    Raises ``NotFound``, ``Forbidden``, ``Invalid`` (no text or too much, a pupil who does not learn here today), or
    ``Conflict``: the year of his class is closed.
    """
    facts = await _class_of(session, act, pupil_id)
    author = act.actor.person
    if author is None or not facts.may(Right.REMARK_WRITE_OUTSIDE):
        raise Forbidden("class-of-another-teacher")
    remark = _remark(act, author, pupil_id, kind, free_text.fit(text, LONGEST))
    remark.lesson_id, remark.day = None, school_date(act.at, facts.school.zone)
    await _demand_learning(session, facts.school.id, pupil_id, remark.day)
    return await _write(session, act, facts.school.id, remark)


async def withdraw(session: AsyncSession, act: Act, remark_id: UUID) -> None:
    """Take a remark back.

    Raises ``NotFound``, ``Forbidden``, ``Conflict``: it was taken back already, or its year is closed.
    """
    facts = await _of_remark(session, act, remark_id)
    if not await first_time(session, act.key, act.at):
        return
    remark = await session.get_one(Remark, remark_id, with_for_update=True, populate_existing=True)
    if remark.withdrawn:
        raise Conflict("remark-taken-back")
    remark.withdrawn, remark.version = True, remark.version + 1
    await session.flush()
    await _tell(session, act, facts.school.id, remark)
    change = Change("remark.withdraw", remark_subject(remark_id), {"withdrawn": False}, {"withdrawn": True})
    await audit(session, act.actor, facts.school.id, act.at, change)


async def state_anew(session: AsyncSession, act: Act, school: UUID, remark_id: UUID) -> None:
    """State a remark at a higher version, since a record of its people changed. Whoever calls writes the audit."""
    remark = await session.get_one(Remark, remark_id, with_for_update=True, populate_existing=True)
    remark.version += 1
    await session.flush()
    await _tell(session, act, school, remark)


async def _of_remark(session: AsyncSession, act: Act, remark_id: UUID) -> ClassFacts:
    """Read the class of whom a remark is about, if it is the actor's to take back."""
    found = (await session.execute(select(Remark).where(Remark.id == remark_id))).scalar_one_or_none()
    if found is None:
        raise NotFound("remark-unknown")
    facts = await _class_of(session, act, found.pupil_id)
    if not facts.rights.may_as_author(Right.REMARK_WITHDRAW, found.author_id):
        raise Forbidden("remark-of-another-teacher")
    await closing.demand_open(session, facts.school.id, found.day)
    return facts


async def _demand_learning(session: AsyncSession, school: UUID, pupil: UUID, day: date) -> None:
    """Raise ``Invalid`` if a pupil learns nowhere on a day, ``Conflict`` if the year of his class is closed."""
    here = (await enrolments.classes_on(session, [pupil], day)).get(pupil)
    if here is None:
        raise Invalid("remark-pupil-gone")
    await open_years.demand(session, school, await open_years.of_classes(session, school, [here]))


async def _class_of(session: AsyncSession, act: Act, pupil_id: UUID) -> ClassFacts:
    """Read the class where a pupil learns now, with the actor's rights to it."""
    pupil = await session.get(Pupil, pupil_id)
    if pupil is None:
        raise NotFound("pupil-unknown")
    return await class_rights.of_class(session, act.actor, pupil.class_id, act.at)


def _remark(act: Act, author: UUID, pupil_id: UUID, kind: RemarkKind, text: str) -> Remark:
    return Remark(
        id=id_made_by(act.key, "remark"),
        pupil_id=pupil_id,
        kind=kind,
        text=text,
        author_id=author,
        written_at=act.at,
        withdrawn=False,
        version=1,
    )


async def _write(session: AsyncSession, act: Act, school: UUID, remark: Remark) -> UUID:
    if not await first_time(session, act.key, act.at):
        return remark.id
    session.add(remark)
    await session.flush()
    await _tell(session, act, school, remark)
    after = {
        "kind": remark.kind,
        "text": remark.text,
        "pupil": str(remark.pupil_id),
        "lesson": str(remark.lesson_id) if remark.lesson_id else None,
    }
    await audit(session, act.actor, school, act.at, Change("remark.write", remark_subject(remark.id), None, after))
    return remark.id


async def _tell(session: AsyncSession, act: Act, school: UUID, remark: Remark) -> None:
    """Publish the whole state of a remark."""
    pupil = await session.get_one(Person, remark.pupil_id)
    titles = await lesson_learners.class_titles(session, {remark.pupil_id: remark.day})
    author = await session.get_one(Person, remark.author_id)
    subject_name = (
        await session.execute(
            select(Subject.name).join(Lesson, Lesson.subject_id == Subject.id).where(Lesson.id == remark.lesson_id)
        )
    ).scalar_one_or_none()
    state = RemarkState(
        remark=remark.id,
        pupil=remark.pupil_id,
        pupil_name=people.name_of(pupil).in_lists(),
        class_title=titles[remark.pupil_id],
        kind=RemarkKind(remark.kind),
        day=remark.day,
        subject_name=subject_name,
        author_name=people.name_of(author).in_full(),
        text=remark.text,
        withdrawn=remark.withdrawn,
    )
    subject = remark_subject(remark.id)
    await publish(session, event(state, subject=subject, school=school, version=remark.version, at=act.at))
