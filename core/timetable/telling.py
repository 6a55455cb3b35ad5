"""What is told of a changed timetable: the whole state of a day of a class, a group or a pupil, at a new version.

It is read from the lessons as they are stored, so that what is told is what stands in the journal.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import batched
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.events import Addressee, NotHeld, PlannedAs, TimetableDayState, TimetableLesson, event, timetable_subject
from core.learning import lesson_learners, lesson_rights
from core.outbox import publish
from core.person.people import name_of
from core.school.schools import SchoolCard
from core.tables import Lesson, Person, Pupil
from core.timetable import reading
from core.timetable.reading import YearRead
from core.timetable.timetable_tables import TimetableDay
from core.year.changes import DayAct, LessonKey, TaughtBy, in_force
from core.year.membership import Lists
from core.year.planned import PlannedLesson, planned_lessons
from core.year.span import Span
from core.year.weekly import Learners, LearnersKind, WeeklySlot

type Day = tuple[UUID, date]
"""Those who learn together (class, group, pupil), and a day."""
AT_ONCE = 5000
"""Heads raised by one statement."""


@dataclass(frozen=True, slots=True)
class _Pupil:
    """One of those who are told, perhaps."""

    order: tuple[str, ...]
    name: str
    """In lists."""
    apart_since: date | None
    """From this day he is taught apart from any class (YEAR-30)."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What states of these days are made of."""

    slots: Mapping[UUID, tuple[WeeklySlot, ...]]
    """By those who have them."""
    acts: Mapping[date, tuple[DayAct, ...]]
    usual: Mapping[LessonKey, PlannedLesson]
    """Lessons as the weekly timetable has them, without any change."""
    names: Mapping[UUID, str]
    pupils: Mapping[UUID, _Pupil]
    lists: Lists


async def tell(
    session: AsyncSession, school: SchoolCard, read: YearRead, concerned: Collection[Day], at: datetime
) -> None:
    """Publish the timetables of these learners on these days; ``read`` has the changes that are in force now.

    Each of them has some slot in the year: by it they are known.
    """
    if not concerned:
        return
    lessons = await _lessons(session, school, concerned)
    known = await _known(session, school, read, concerned, lessons)
    versions = await _raise(session, concerned)
    told = [
        event(
            _state(known, learners, day, lessons[learners, day]),
            subject=timetable_subject(learners, day),
            school=school.id,
            version=versions[learners, day],
            at=at,
        )
        for learners, day in sorted(concerned)
    ]
    await publish(session, *told)


async def _raise(session: AsyncSession, concerned: Collection[Day]) -> Mapping[Day, int]:
    """Raise the version of each day, in one order for all, so that two who do it never wait for each other."""
    found: dict[Day, int] = {}
    for some in batched(sorted(concerned), AT_ONCE):
        rows = [{"learners_id": learners, "day": day, "version": 1} for learners, day in some]
        statement = insert(TimetableDay).values(rows)
        raised = statement.on_conflict_do_update(
            index_elements=["learners_id", "day"], set_={"version": TimetableDay.version + 1}
        ).returning(TimetableDay.learners_id, TimetableDay.day, TimetableDay.version)
        found |= {(learners, day): version for learners, day, version in await session.execute(raised)}
    return found


async def _lessons(
    session: AsyncSession, school: SchoolCard, concerned: Collection[Day]
) -> Mapping[Day, Sequence[Lesson]]:
    """Read the lessons held on these days, or planned for them and moved away."""
    days = {day for _, day in concerned}
    own = lesson_rights.learners_column()
    rows = await session.execute(
        select(Lesson)
        .where(
            Lesson.school_id == school.id,
            own.in_({learners for learners, _ in concerned}),
            or_(Lesson.day.in_(days), Lesson.planned_day.in_(days)),
        )
        .order_by(Lesson.starts_at, Lesson.id)
        .execution_options(populate_existing=True)
    )
    found: dict[Day, list[Lesson]] = defaultdict(list)
    for lesson in rows.scalars():
        learners = lesson.class_id or lesson.group_id or lesson.pupil_id
        for day in {lesson.day, lesson.planned_day}:
            if learners is not None:
                found[learners, day].append(lesson)
    return found


async def _known(
    session: AsyncSession,
    school: SchoolCard,
    read: YearRead,
    concerned: Collection[Day],
    lessons: Mapping[Day, Sequence[Lesson]],
) -> _Known:
    days = sorted({day for _, day in concerned})
    flat = [one for some in lessons.values() for one in some]
    planned_days = {*days, *(one.planned_day for one in flat)}
    of_them = {who for who, _ in concerned}
    slots = tuple(slot for slot in read.plan.slots if slot.learners.id in of_them)
    plan = replace(read.plan, slots=slots)
    usual = {one.key: one for day in planned_days for one in planned_lessons(plan, (), Span(day, day))}
    lists = Lists(await reading.memberships(session, school.id, Span(days[0], days[-1])))
    of_each: dict[UUID, tuple[WeeklySlot, ...]] = {}
    for slot in slots:
        of_each[slot.learners.id] = (*of_each.get(slot.learners.id, ()), slot)
    of_days = {pupil for who, day in concerned for pupil in _pupils(_slot(of_each[who], day).learners, day, lists)}
    people = await session.execute(
        select(Person, Pupil.education_form, Pupil.form_since)
        .join(Pupil, Pupil.person_id == Person.id)
        .where(Person.id.in_(of_days))
    )
    shown = {
        one.id: _Pupil((one.sort_key, str(one.id)), name_of(one).in_lists(), lesson_learners.apart_since(form, since))
        for one, form, since in people
    }
    things = {thing for one in flat for thing in _things(one)}
    usual_things = {thing for one in usual.values() for thing in (one.subject, one.teacher, one.room, *one.classes)}
    wanted = sorted(thing for thing in things | usual_things if thing is not None)
    names = await reading.names_of(session, wanted)
    return _Known(MappingProxyType(of_each), in_force(read.changes).acts, usual, names, shown, lists)


def _things(lesson: Lesson) -> Iterator[UUID | None]:
    yield from (lesson.subject_id, lesson.teacher_id, lesson.substitute_id, lesson.room_id)
    yield from lesson.classes
    yield from lesson.distant


def _pupils(learners: Learners, day: date, lists: Lists) -> frozenset[UUID]:
    match learners.kind:
        case LearnersKind.PUPIL:
            return frozenset((learners.id,))
        case LearnersKind.COMBINED:
            return frozenset[UUID]().union(*(lists.members(part.class_id, day) for part in learners.parts))
        case _:
            return lists.members(learners.id, day)


def _slot(slots: Sequence[WeeklySlot], day: date) -> WeeklySlot:
    """Choose by which slot learners are known on a day: a pupil who changes his class is of each in its time."""
    return next((one for one in slots if one.in_force(day)), slots[-1])


def _state(known: _Known, learners_id: UUID, day: date, lessons: Sequence[Lesson]) -> TimetableDayState:
    slot = _slot(known.slots[learners_id], day)
    pupils = sorted(_told(known, slot.learners, day, lessons), key=lambda pupil: known.pupils[pupil].order)
    return TimetableDayState(
        learners=learners_id,
        class_title=slot.learners.title,
        pupils=tuple(Addressee(pupil=pupil, name=known.pupils[pupil].name) for pupil in pupils),
        day=day,
        lessons=tuple(_lesson(known, one) for one in lessons),
        taught_by=_taught_by(known.acts.get(day, ()), slot.learners, slot.shift),
    )


def _told(known: _Known, learners: Learners, day: date, lessons: Sequence[Lesson]) -> Iterator[UUID]:
    """Choose who is told of a day: those who have its lessons, or would have them but for what has changed.

    A first grade on holidays of its own has none of its combined class's; whoever is taught apart has none at all.
    """
    found = _pupils(learners, day, known.lists)
    if learners.kind is LearnersKind.PUPIL:
        yield from found
        return
    usual = (known.usual.get((one.slot_id, one.planned_day)) for one in lessons)
    classes = {part for one in lessons for part in one.classes} | {part for one in usual if one for part in one.classes}
    of_lessons = frozenset[UUID]().union(*(known.lists.members(one, day) for one in classes)) if lessons else found
    for pupil in found & of_lessons:
        apart_since = known.pupils[pupil].apart_since
        if apart_since is None or day < apart_since:
            yield pupil


def _taught_by(acts: Sequence[DayAct], learners: Learners, shift: int) -> date | None:
    """Tell by which day's timetable an act has the day taught; of a stream, its first class speaks for all."""
    for act in acts:
        if isinstance(act.effect, TaughtBy) and act.scope.concerns(learners.parts[0], shift):
            return act.effect.day
    return None


def _lesson(known: _Known, lesson: Lesson) -> TimetableLesson:
    names = known.names
    usual = known.usual.get((lesson.slot_id, lesson.planned_day))
    teacher = lesson.substitute_id or lesson.teacher_id
    left_out = () if usual is None else usual.classes.difference(lesson.classes)
    return TimetableLesson(
        lesson=lesson.id,
        day=lesson.day,
        number=lesson.number,
        starts_at=lesson.starts_at,
        ends_at=lesson.ends_at,
        subject_name=names[lesson.subject_id],
        teacher_name=names[teacher],
        room_name=None if lesson.room_id is None else names[lesson.room_id],
        substituted=lesson.substitute_id is not None,
        cancelled=None if lesson.cancelled is None else NotHeld(lesson.cancelled),
        cancelled_note=lesson.cancelled_note,
        distant=tuple(sorted(names[one] for one in lesson.distant)),
        left_out=tuple(sorted(names[one] for one in left_out)),
        was=None if usual is None else _was(usual, lesson, names),
    )


def _was(usual: PlannedLesson, lesson: Lesson, names: Mapping[UUID, str]) -> PlannedAs | None:
    now = (lesson.day, lesson.number, lesson.starts_at, lesson.ends_at, lesson.subject_id, lesson.room_id)
    then = (usual.day, usual.number, usual.starts_at, usual.ends_at, usual.subject, usual.room)
    if now == then and (lesson.substitute_id or lesson.teacher_id) == usual.teacher:
        return None
    return PlannedAs(
        day=usual.day,
        number=usual.number,
        starts_at=usual.starts_at,
        ends_at=usual.ends_at,
        subject_name=names[usual.subject],
        teacher_name=names[usual.teacher],
        room_name=None if usual.room is None else names[usual.room],
    )
