"""Control works planned for lessons: each with its form, and whether it is for internal monitoring (ВШК; TT-12).

A work belongs to its lesson: whoever moves the lesson, moves the work. Each change is told whole to whoever listens
(``control_telling``). Of a class there are no more on a day and in a
week than ``control_load`` allows; what a moved lesson has crowded since is shown in the summary, not forbidden.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import free_text, rights
from core.access import Right
from core.actor import Act, Actor
from core.journal import Change, audit, first_time, id_made_by
from core.learning import lesson_rights
from core.learning.learning_tables import Mark
from core.learning.lesson_rights import LessonFacts
from core.plan.plan_tables import StudyGroup
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.school_time import school_date
from core.tables import Lesson, RollCall, SchoolClass, Slot
from core.timetable import control_load, control_telling, lesson_views, reading
from core.timetable.control_load import Crowd, Sitting
from core.timetable.lesson_views import LessonView
from core.timetable.timetable_tables import ControlWork
from core.year.span import Span
from core.year.words import day_words

FORM_LONGEST, TOPIC_LONGEST = 60, 300
"""Characters: a form is a column of a table, a topic a line of the journal."""


@dataclass(frozen=True, slots=True)
class ControlWorkDraft:
    """What is planned."""

    form: str
    """In the school's own words: «контрольная работа», «диктант», «тест»."""
    topic: str
    for_control: bool = False
    """For the school's internal monitoring (ВШК), not only the teacher's."""


@dataclass(frozen=True, slots=True)
class ControlWorkCard:
    """A line of the summary schedule."""

    id: UUID
    form: str
    topic: str
    for_control: bool
    lesson: LessonView
    """If it is cancelled, the work is to be moved."""


@dataclass(frozen=True, slots=True)
class Crowded:
    """A day or a week with more works of a class than there may be, since a lesson was moved there."""

    learners: str
    """The class, or the pupil who is taught alone."""
    span: Span
    limit: int
    works: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class ControlSchedule:
    """The summary schedule of control works of some days."""

    works: tuple[ControlWorkCard, ...]
    """In the order in which they begin."""
    crowded: tuple[Crowded, ...]


async def plan(session: AsyncSession, act: Act, lesson_id: UUID, draft: ControlWorkDraft) -> UUID:
    """Plan a control work for a lesson. A repeat returns the work already planned.

    Raises ``NotFound``, ``Forbidden`` (its teacher and the administration only), ``Invalid`` (no form or topic, a
    lesson that is over), or ``Conflict``: the lesson is cancelled or has a work, its year is closed, or the class has
    as many works that day or that week as there may be.
    """
    facts = await _facts(session, act, lesson_id)
    said = _checked(draft)
    work_id = id_made_by(act.key, "control-work")
    if not await first_time(session, act.key, act.at):
        return work_id
    facts = await lesson_rights.hold(session, facts)
    lesson = await _lesson(session, lesson_id)
    year = await _planned_at(session, facts, lesson, act.at)
    await _check_limits(session, facts, work_id, lesson)
    work = ControlWork(
        id=work_id,
        school_id=facts.school.id,
        year=year,
        lesson_id=lesson.id,
        planned_by=act.actor.person,
        planned_at=act.at,
        version=1,
        **said,
    )
    session.add(work)
    await session.flush()
    await control_telling.tell(session, facts.school, [work], act.at)
    await _write_down(session, act, work, "plan", None, {**said, **_place(lesson)})
    return work_id


async def change(session: AsyncSession, act: Act, work_id: UUID, draft: ControlWorkDraft) -> None:
    """Say otherwise what the work is. Raises ``NotFound``, ``Forbidden``, ``Invalid``, ``Conflict`` (withdrawn)."""
    work, facts = await _open(session, act, work_id)
    said = _checked(draft)
    if not await first_time(session, act.key, act.at):
        return
    facts = await lesson_rights.hold(session, facts)
    facts.demand_open()
    await _lock(session, work, facts)
    _demand_planned(work)
    before = {name: getattr(work, name) for name in said}
    if before == said:
        return
    for name, value in said.items():
        setattr(work, name, value)
    await _raise(session, act, facts, work)
    await _write_down(session, act, work, "change", before, said)


async def move(session: AsyncSession, act: Act, work_id: UUID, lesson_id: UUID) -> None:
    """Plan the work for another lesson of the same class, group or pupil in the same subject.

    Raises as ``plan`` does, ``Invalid`` for a lesson of others or of another subject, and ``Conflict`` for a work that
    is withdrawn, or written: there are marks at its lesson, or the roll of a day that is over.
    """
    work, facts = await _open(session, act, work_id)
    to = await _facts(session, act, lesson_id)
    if not await first_time(session, act.key, act.at):
        return
    held = {one.id: await lesson_rights.hold(session, one) for one in sorted((facts, to), key=lambda one: one.id)}
    facts, to = held[facts.id], held[lesson_id]
    await _lock(session, work, facts)
    _demand_planned(work)
    if work.lesson_id == lesson_id:
        return
    await _demand_unwritten(session, facts, act.at)
    old, lesson = await _lesson(session, facts.id), await _lesson(session, lesson_id)
    year = await _planned_at(session, to, lesson, act.at)
    same = select(Lesson.id).where(
        Lesson.id == lesson_id, Lesson.subject_id == old.subject_id, lesson_rights.same_learners(old)
    )
    if (await session.execute(same)).first() is None:
        raise Invalid("control-work-other-lesson", subject_name=facts.subject_name, learners=facts.class_title)
    await _check_limits(session, to, work_id, lesson)
    work.lesson_id, work.year = lesson_id, year
    await _raise(session, act, facts, work)
    await _write_down(session, act, work, "move", _place(old), _place(lesson))


async def withdraw(session: AsyncSession, act: Act, work_id: UUID) -> None:
    """Take a work off the schedule; again is harmless.

    Raises ``NotFound``, ``Forbidden``, ``Conflict``: it was written (as for ``move``), or its year is closed.
    """
    work, facts = await _open(session, act, work_id)
    if not await first_time(session, act.key, act.at):
        return
    facts = await lesson_rights.hold(session, facts)
    await _lock(session, work, facts)
    if work.withdrawn:
        return
    await _demand_unwritten(session, facts, act.at)
    work.withdrawn = True
    await _raise(session, act, facts, work)
    await _write_down(session, act, work, "withdraw", {"withdrawn": False}, {"withdrawn": True})


async def summary(
    session: AsyncSession, actor: Actor, school_id: UUID, span: Span, now: datetime, *, classes: Sequence[UUID] = ()
) -> ControlSchedule:
    """Make the summary schedule (сводный график, TT-12) of some days, of all classes or of these.

    Raises ``NotFound``, ``Forbidden`` (staff only).
    """
    rights.demand(await rights.of_school(session, actor, school_id, now), Right.YEAR_VIEW)
    wanted = [Lesson.classes.overlap(list(classes))] if classes else []
    whole_weeks = Span(control_load.week_of(span.first).first, control_load.week_of(span.last).last)
    sittings = await _sittings(session, *_on(school_id, whole_weeks), *wanted)
    crowds = [one for one in control_load.crowds(sittings) if one.span.overlaps(span)]
    called = await _called(session, [one.of for one in crowds])
    return ControlSchedule(
        works=await _cards(session, *_on(school_id, span), *wanted),
        crowded=tuple(Crowded(called[one.of], one.span, one.limit, one.works) for one in crowds),
    )


async def _facts(session: AsyncSession, act: Act, lesson_id: UUID) -> LessonFacts:
    facts = await lesson_rights.of_lesson(session, act.actor, lesson_id, act.at)
    if not facts.may(Right.CONTROL_WORK_PLAN):
        raise Forbidden("lesson-of-another-teacher")
    return facts


async def _open(session: AsyncSession, act: Act, work_id: UUID) -> tuple[ControlWork, LessonFacts]:
    work = await session.get(ControlWork, work_id)
    if work is None:
        raise NotFound("control-work-unknown")
    return work, await _facts(session, act, work.lesson_id)


async def _lock(session: AsyncSession, work: ControlWork, facts: LessonFacts) -> None:
    """Lock a work whose lesson is held: lessons come before works, as for whoever moves a lesson.

    Raises ``Conflict`` if it was moved to another lesson meanwhile.
    """
    await session.refresh(work, with_for_update=True)
    if work.lesson_id != facts.id:
        raise Conflict("control-work-just-moved")


def _demand_planned(work: ControlWork) -> None:
    if work.withdrawn:
        raise Conflict("control-work-withdrawn")


async def _demand_unwritten(session: AsyncSession, facts: LessonFacts, at: datetime) -> None:
    """Raise ``Conflict`` if the work was written at its lesson, which is held, or if the year is closed.

    A cancelled lesson's work is there to be moved or taken off.
    """
    replace(facts, cancelled=None).demand_open()
    called = exists().where(RollCall.lesson_id == facts.id, RollCall.withdrawn.is_(False))
    marked = exists().where(Mark.lesson_id == facts.id, Mark.value.is_not(None))
    is_over = facts.day < school_date(at, facts.school.zone)
    if (await session.execute(select((called & is_over) | marked))).scalar_one():
        raise Conflict("control-work-written", day=day_words(facts.day))


def _checked(draft: ControlWorkDraft) -> dict[str, Any]:
    """Return what is said of the work as it will stand. Raises ``Invalid``."""
    return {
        "form": free_text.fit(" ".join(draft.form.split()), FORM_LONGEST),
        "topic": free_text.fit(" ".join(draft.topic.split()), TOPIC_LONGEST),
        "for_control": draft.for_control,
    }


async def _lesson(session: AsyncSession, lesson_id: UUID) -> Lesson:
    """Read a lesson that is held, as it is now."""
    return await session.get_one(Lesson, lesson_id, populate_existing=True)


async def _planned_at(session: AsyncSession, facts: LessonFacts, lesson: Lesson, at: datetime) -> int:
    """Return the school year of a lesson, which is held, for which a work may be planned.

    Its classes stay locked to the end of the transaction, so that two plans for one class come one after the other.
    """
    facts.demand_open()
    if facts.ends_at <= at:
        raise Invalid("control-work-lesson-over", day=day_words(facts.day))
    classes = select(SchoolClass.id).where(SchoolClass.id.in_(lesson.classes)).order_by(SchoolClass.id)
    await session.execute(classes.with_for_update(key_share=True))
    there = select(ControlWork.form).where(ControlWork.lesson_id == facts.id, ControlWork.withdrawn.is_(False))
    form = (await session.execute(there)).scalar_one_or_none()
    if form is not None:
        raise Conflict("control-work-there", form=form)
    return (await session.get_one(Slot, lesson.slot_id)).year


async def _check_limits(session: AsyncSession, facts: LessonFacts, work_id: UUID, lesson: Lesson) -> None:
    """Raise ``Conflict`` if the work is one too many on its day or in its week; the sentence names the others."""
    division = select(StudyGroup.division).where(StudyGroup.id == lesson.group_id)
    new = _sitting(work_id, lesson, (await session.execute(division)).scalar_one_or_none())
    week = control_load.week_of(lesson.day)
    near = [*_on(facts.school.id, week), Lesson.classes.overlap(lesson.classes)]
    crowd = control_load.crowded_by(new, await _sittings(session, *near))
    if crowd is None:
        return
    await _refuse(session, crowd, work_id, await _cards(session, *near))


async def _refuse(session: AsyncSession, crowd: Crowd, new: UUID, cards: Sequence[ControlWorkCard]) -> None:
    """Raise ``Conflict``, naming the class, and the works that are there."""
    learners = (await _called(session, [crowd.of]))[crowd.of]
    there = [one for one in cards if one.id in crowd.works and one.id != new]
    others = "; ".join(f"{one.lesson.subject_name}, {one.form} ({day_words(one.lesson.day)})" for one in there)
    first, last = day_words(crowd.span.first), day_words(crowd.span.last)
    if crowd.span.first == crowd.span.last:
        raise Conflict("control-work-day-full", learners=learners, day=first, others=others)
    limit = crowd.limit
    raise Conflict("control-work-week-full", learners=learners, first=first, last=last, limit=limit, others=others)


def _on(school_id: UUID, span: Span) -> tuple[ColumnElement[bool], ...]:
    return Lesson.school_id == school_id, Lesson.day.between(span.first, span.last)


async def _sittings(session: AsyncSession, *conditions: ColumnElement[bool]) -> list[Sitting]:
    """Read works as the limits see them: those of cancelled lessons are not written, and do not count."""
    query = _works(select(ControlWork.id, Lesson, StudyGroup.division)).outerjoin(
        StudyGroup, StudyGroup.id == Lesson.group_id
    )
    rows = await session.execute(query.where(Lesson.cancelled.is_(None), *conditions))
    return [_sitting(*row) for row in rows]


def _works[*Columns](query: Select[*Columns]) -> Select[*Columns]:
    return query.join(Lesson, Lesson.id == ControlWork.lesson_id).where(ControlWork.withdrawn.is_(False))


def _sitting(work_id: UUID, lesson: Lesson, division: UUID | None) -> Sitting:
    learners = lesson.class_id or lesson.group_id or lesson.pupil_id
    if learners is None:
        raise LookupError(f"lesson {lesson.id} is nobody's")
    return Sitting(
        work=work_id,
        day=lesson.day,
        learners=learners,
        classes=frozenset(lesson.classes),
        division=division,
        is_alone=lesson.pupil_id is not None,
    )


async def _cards(session: AsyncSession, *conditions: ColumnElement[bool]) -> tuple[ControlWorkCard, ...]:
    rows = (await session.execute(_works(select(ControlWork)).where(*conditions))).scalars()
    by_lesson = {work.lesson_id: work for work in rows}
    lessons = await lesson_views.read(session, Lesson.id.in_(by_lesson)) if by_lesson else ()
    pairs = [(by_lesson[lesson.id], lesson) for lesson in lessons]
    return tuple(ControlWorkCard(work.id, work.form, work.topic, work.for_control, lesson) for work, lesson in pairs)


async def _called(session: AsyncSession, whose: Sequence[UUID]) -> Mapping[UUID, str]:
    return await reading.names_of(session, whose)


async def _raise(session: AsyncSession, act: Act, facts: LessonFacts, work: ControlWork) -> None:
    """Raise the version of a work, whose row is locked, and tell what it says now."""
    work.version += 1
    await session.flush()
    await control_telling.tell(session, facts.school, [work], act.at)


def _place(lesson: Lesson) -> dict[str, Any]:
    return {"lesson": str(lesson.id), "day": f"{lesson.day:%Y-%m-%d}"}


async def _write_down(
    session: AsyncSession, act: Act, work: ControlWork, what: str, before: dict[str, Any] | None, after: dict[str, Any]
) -> None:
    change = Change(f"control-work.{what}", f"control-work/{work.id}", before, after)
    await audit(session, act.actor, work.school_id, act.at, change)
