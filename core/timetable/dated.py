"""Dated lessons, stored: those of some days become what the weekly timetable and its changes say.

A lesson that has begun stays as it was, unless a change of that very lesson was recorded since, and one that was held
in any case. A lesson of which something is written is never struck out: where the timetable has it no more, it stands
as not held.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import RowMapping, Uuid, any_, delete, exists, literal, or_, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from core.learning import homework_telling
from core.learning.attendance_tables import JournalUnlock, RollDeadline
from core.learning.learning_tables import Homework, Mark, Remark
from core.school.schools import SchoolCard
from core.tables import Lesson, RollCall, School, Slot
from core.timetable import control_telling, held_lessons, reading, telling
from core.timetable.reading import YearRead
from core.timetable.telling import Day
from core.timetable.timetable_tables import ControlWork, TimetableDay
from core.year.changes import CancelReason, LessonKey, Move
from core.year.planned import PlannedLesson, planned_lessons
from core.year.span import Span
from core.year.weekly import LearnersKind

AT_ONCE = 4000
"""Lessons written by one statement."""
type Values = dict[str, Any]

_COLUMNS = """school_id uuid, slot_id uuid, planned_day date, class_id uuid, group_id uuid, pupil_id uuid,
  classes uuid[], distant uuid[], subject_id uuid, teacher_id uuid, substitute_id uuid, room_id uuid,
  day date, number smallint, starts_at timestamptz, ends_at timestamptz, cancelled text, cancelled_note text"""
_NAMES = tuple(part.split()[0] for part in _COLUMNS.replace("\n", " ").split(", "))
_OFF = {"cancelled": CancelReason.OTHER.value}
_OF_WORKS = ("classes", "subject_id", "day", "number", "cancelled")
"""What a control work or homework says of its lesson."""
# Names of columns are our own; what is not ours comes as one parameter.
_INSERT = text(f"""INSERT INTO core.lesson (id, {", ".join(_NAMES)})
SELECT id, {", ".join(_NAMES)} FROM json_to_recordset(cast(:rows AS json)) AS new(id uuid, {_COLUMNS})
ON CONFLICT (slot_id, planned_day) DO NOTHING RETURNING id""")  # noqa: S608 - names of our own
_UPDATE = text(f"""UPDATE core.lesson AS old SET {", ".join(f"{name} = new.{name}" for name in _NAMES)}
FROM json_to_recordset(cast(:rows AS json)) AS new(id uuid, {_COLUMNS}) WHERE old.id = new.id""")  # noqa: S608 - names of our own


@dataclass(frozen=True, slots=True)
class Made:
    """What became of the lessons of some days."""

    new: tuple[UUID, ...]
    changed: tuple[UUID, ...]
    gone: tuple[UUID, ...]
    kept: tuple[UUID, ...]
    """Those that the timetable has no more, and of which something is written: they stand as not held."""
    shifted: tuple[UUID, ...] = ()
    """Those, of the changed and the kept, that are held at another place of the timetable, by others, or not at all."""
    days: tuple[Day, ...] = ()
    """Whose timetables are others than before, and on which days."""


@dataclass(frozen=True, slots=True)
class Late:
    """Lessons that follow their changes though they have begun."""

    follow: Collection[LessonKey] = frozenset()
    held: Mapping[LessonKey, PlannedLesson] = MappingProxyType({})
    """Those of them that were held: as they are to stand, whatever the timetable says by now."""


NOTHING_LATE = Late()


async def make(session: AsyncSession, school: SchoolCard, year: int, span: Span, now: datetime) -> Made:
    """Make the lessons of these days of a school year what its timetable says; again is harmless.

    Whoever was told of one of the days is told anew if it is another now; days of which nobody was told are as anybody
    sees them. Raises ``Invalid`` as ``planned_lessons`` does: a slot whose number has no bell, a grade that the
    calendar does not know.
    """
    await hold(session, school.id)
    read = await reading.read_year(session, school, year)
    made = await write(session, school, read, span, now)
    await telling.tell(session, school, read, await _told(session, read, made.days), now)
    await follow(session, school, made, now)
    return made


async def hold(session: AsyncSession, school_id: UUID) -> None:
    """Keep others from changing the school's timetable, or its lessons by it, until the transaction ends.

    Rows that refer to the school may be written all the while: only its own row is held, before the year's.
    """
    await session.execute(select(School.id).where(School.id == school_id).with_for_update(key_share=True))


async def follow(session: AsyncSession, school: SchoolCard, made: Made, now: datetime) -> None:
    """State anew what is said of shifted lessons: homework that is due at them, works that are planned for them."""
    await homework_telling.follow(session, school.id, made.shifted, now)
    await control_telling.follow(session, school, made.shifted, now)


async def write(
    session: AsyncSession,
    school: SchoolCard,
    read: YearRead,
    span: Span,
    now: datetime,
    late: Late = NOTHING_LATE,
) -> Made:
    """Do what ``make`` does with a year that was read already, and held; the caller tells, and calls ``follow``."""
    there = await _stored(session, school.id, read.plan.calendar.year, span)
    planned = {lesson.key: lesson for lesson in _planned(read, span)}
    planned |= {key: lesson for key, lesson in late.held.items() if key in there}
    wanted = {key: values_of(lesson, school.id) for key, lesson in planned.items()}
    new = [{"id": uuid4(), **values} for key, values in wanted.items() if key not in there]
    due = {key: row for key, row in there.items() if row["starts_at"] > now or key in late.follow}
    other = {key: row for key, row in due.items() if key not in wanted or _differ(row, wanted[key])}
    locked = await held_lessons.lock(session, [row["id"] for row in other.values()])
    follows = {key: row for key, row in other.items() if row["id"] not in locked.held or key in late.held}
    changed = [{"id": row["id"], **wanted[key]} for key, row in follows.items() if key in wanted]
    inserted = await _insert(session, new)
    for rows in _portions(changed):
        await session.execute(_UPDATE, {"rows": rows})
    lost = {row["id"] for key, row in follows.items() if key not in wanted}
    gone, kept = await _strike_out(session, lost & locked.there)
    shifted = _shifted(follows, wanted).difference(gone)
    days = {*_days(new), *_days(_differing(follows, wanted, frozenset(gone)))}
    return Made(inserted, tuple(row["id"] for row in changed), gone, kept, tuple(sorted(shifted)), tuple(sorted(days)))


def _differ(row: RowMapping, values: Values) -> bool:
    return any(row[name] != values[name] for name in _NAMES)


def _shifted(there: Mapping[LessonKey, RowMapping], wanted: Mapping[LessonKey, Values]) -> frozenset[UUID]:
    """Return the lessons of which a work planned for them would say something else than before."""
    pairs = ((row, wanted.get(key, {**row, **_OFF})) for key, row in there.items())
    return frozenset(row["id"] for row, new in pairs if any(row[name] != new[name] for name in _OF_WORKS))


def _differing(
    there: Mapping[LessonKey, RowMapping], wanted: Mapping[LessonKey, Values], gone: frozenset[UUID]
) -> Iterator[Mapping[str, Any]]:
    """Yield the lessons that are others than before, or gone: as they were, and as they are."""
    for key, row in there.items():
        new = wanted.get(key, {**row, **_OFF})
        if row["id"] in gone or _differ(row, new):
            yield from ({**row}, new)


def _days(lessons: Iterable[Mapping[str, Any]]) -> Iterator[Day]:
    for lesson in lessons:
        learners = lesson["class_id"] or lesson["group_id"] or lesson["pupil_id"]
        yield from ((learners, lesson[name]) for name in ("planned_day", "day"))


async def _told(session: AsyncSession, read: YearRead, days: Collection[Day]) -> frozenset[Day]:
    """Choose the days of which something was told; of learners without any slot left there is nothing to tell by."""
    learners = {one for one, _ in days}.intersection(slot.learners.id for slot in read.plan.slots)
    rows = await session.execute(
        select(TimetableDay.learners_id, TimetableDay.day).where(
            TimetableDay.learners_id == _any_of(learners), TimetableDay.day.in_({day for _, day in days})
        )
    )
    return frozenset(days).intersection((who, day) for who, day in rows)


def _planned(read: YearRead, span: Span) -> Iterator[PlannedLesson]:
    """Yield the lessons held on these days, and those that were moved from them to other days."""
    yield from planned_lessons(read.plan, read.changes, span)
    away = {one.to for one in read.changes if isinstance(one, Move) and one.day in span and one.to not in span}
    for day in sorted(away):
        found = planned_lessons(read.plan, read.changes, Span(day, day))
        yield from (lesson for lesson in found if lesson.planned_day in span)


def values_of(lesson: PlannedLesson, school_id: UUID) -> Values:
    """Return what a planned lesson is as a row, but for its id."""
    learners = lesson.slot.learners
    kind, cancelled = learners.kind, lesson.cancelled
    return {
        "school_id": school_id,
        "slot_id": lesson.slot.id,
        "planned_day": lesson.planned_day,
        "class_id": learners.id if kind is LearnersKind.CLASS else None,
        "group_id": learners.id if kind not in (LearnersKind.CLASS, LearnersKind.PUPIL) else None,
        "pupil_id": learners.id if kind is LearnersKind.PUPIL else None,
        "classes": sorted(lesson.classes),
        "distant": sorted(lesson.distant),
        "subject_id": lesson.subject,
        "teacher_id": lesson.slot.teacher,
        "substitute_id": lesson.teacher if lesson.teacher != lesson.slot.teacher else None,
        "room_id": lesson.room,
        "day": lesson.day,
        "number": lesson.number,
        "starts_at": lesson.starts_at,
        "ends_at": lesson.ends_at,
        "cancelled": None if cancelled is None else cancelled.reason.value,
        "cancelled_note": "" if cancelled is None else cancelled.note,
    }


async def _stored(session: AsyncSession, school_id: UUID, year: int, span: Span) -> Mapping[LessonKey, RowMapping]:
    """Read the lessons held on these days or planned for them, of the slots of the year that is made."""
    columns = [getattr(Lesson, name) for name in _NAMES]
    rows = await session.execute(
        select(Lesson.id, *columns)
        .join(Slot, Slot.id == Lesson.slot_id)
        .where(
            Lesson.school_id == school_id,
            Slot.school_id == school_id,
            Slot.year == year,
            or_(Lesson.day.between(span.first, span.last), Lesson.planned_day.between(span.first, span.last)),
        )
    )
    return {(row["slot_id"], row["planned_day"]): row for row in rows.mappings()}


async def _insert(session: AsyncSession, rows: Sequence[Values]) -> tuple[UUID, ...]:
    made: list[UUID] = []
    for portion in _portions(rows):
        made += (await session.execute(_INSERT, {"rows": portion})).scalars()
    return tuple(made)


def _portions(rows: Sequence[Values]) -> Iterator[str]:
    for first in range(0, len(rows), AT_ONCE):
        yield json.dumps(rows[first : first + AT_ONCE], default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value)


async def _strike_out(session: AsyncSession, lost: Collection[UUID]) -> tuple[tuple[UUID, ...], tuple[UUID, ...]]:
    """Delete those of which nothing is written; the others stand as not held. Nobody can write of them meanwhile."""
    if not lost:
        return (), ()
    touched = select(Lesson.id).where(Lesson.id == _any_of(lost), or_(*_written()))
    kept = tuple((await session.execute(touched)).scalars())
    gone = tuple(set(lost).difference(kept))
    await session.execute(delete(Lesson).where(Lesson.id == _any_of(gone)))
    if kept:
        rows = [{"id": one, "why": CancelReason.OTHER.value} for one in kept]
        await session.execute(text("UPDATE core.lesson SET cancelled = :why WHERE id = :id"), rows)
    return gone, kept


def _any_of(ids: Collection[UUID]) -> Any:
    # One parameter: a year's lessons are more than a statement may have.
    return any_(literal(sorted(ids), ARRAY(Uuid)))


def _written() -> tuple[Any, ...]:
    return tuple(
        exists().where(table.lesson_id == Lesson.id)
        for table in (RollCall, RollDeadline, JournalUnlock, Mark, Remark, Homework, ControlWork)
    )
