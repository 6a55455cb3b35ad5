"""Lessons that were held: their roll was called, or marks or remarks were written at them.

They stay as they were held, whatever is changed later: of such a lesson only who gave it and where may be put right.
Whoever writes of a lesson holds its row until he has committed (``lesson_rights.hold``); whoever changes it waits for
him here, and looks again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    RowMapping,
    Uuid,
    and_,
    any_,
    column,
    exists,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from core.learning.learning_tables import Mark, Remark
from core.tables import Lesson, RollCall
from core.year.changes import CancelReason, LessonKey
from core.year.planned import Cancelled, PlannedLesson
from core.year.span import Span
from core.year.weekly import WeeklySlot

_COLUMNS = (
    Lesson.slot_id,
    Lesson.planned_day,
    Lesson.day,
    Lesson.number,
    Lesson.starts_at,
    Lesson.ends_at,
    Lesson.classes,
    Lesson.distant,
    Lesson.subject_id,
    Lesson.teacher_id,
    Lesson.substitute_id,
    Lesson.room_id,
    Lesson.cancelled,
    Lesson.cancelled_note,
)


@dataclass(frozen=True, slots=True)
class Locked:
    """Lessons that nobody can write of until the transaction ends."""

    there: frozenset[UUID]
    """Those of the wanted that have not been struck out."""
    held: frozenset[UUID]
    """Those of them that were held."""


async def lock(session: AsyncSession, ids: Collection[UUID]) -> Locked:
    """Wait for whoever writes of these lessons, and keep others from it; after the school's and the year's row."""
    if not ids:
        return Locked(frozenset(), frozenset())
    wanted = any_(literal(sorted(ids), ARRAY(Uuid)))
    rows = select(Lesson.id).where(Lesson.id == wanted).order_by(Lesson.id).with_for_update()
    there = frozenset((await session.execute(rows)).scalars())
    # A statement of its own: what was committed while this one waited, the first does not see.
    held = await session.execute(select(Lesson.id).where(Lesson.id == wanted, _held()))
    return Locked(there, frozenset(held.scalars()))


async def lock_those(session: AsyncSession, keys: Collection[LessonKey], besides: LessonKey | None = None) -> None:
    """Do the same with the lessons of these names that were not held yet, and with the one ``besides`` in any case."""
    named = _named({*keys, *([] if besides is None else [besides])})
    is_besides = false() if besides is None else and_(*_is(besides))
    query = select(Lesson.id).join(named, and_(Lesson.slot_id == named.c.slot, Lesson.planned_day == named.c.day))
    await session.execute(query.where(or_(is_besides, ~_held())).order_by(Lesson.id).with_for_update(of=Lesson))


async def standing(
    session: AsyncSession, school_id: UUID, spans: Sequence[Span], slots: Iterable[WeeklySlot]
) -> Mapping[LessonKey, PlannedLesson]:
    """Read the lessons held on these days, or planned for them, as they stand; ``slots`` are those of their year."""
    days = (of_day.between(one.first, one.last) for one in spans for of_day in (Lesson.day, Lesson.planned_day))
    rows = await session.execute(select(*_COLUMNS).where(Lesson.school_id == school_id, or_(*days), _held()))
    found = rows.mappings().all()
    known: dict[UUID, list[WeeklySlot]] = {row["slot_id"]: [] for row in found}
    for slot in slots:
        if slot.id in known:
            known[slot.id].append(slot)
    return {
        (row["slot_id"], row["planned_day"]): _as_it_stands(row, known[row["slot_id"]])
        for row in found
        if known[row["slot_id"]]
    }


def _as_it_stands(row: RowMapping, slots: Sequence[WeeklySlot]) -> PlannedLesson:
    # A pupil who changes his class has one slot for each: that of the day, if there is one.
    slot = next((one for one in slots if one.in_force(row["planned_day"])), slots[-1])
    return PlannedLesson(
        slot=replace(slot, teacher=row["teacher_id"]),
        planned_day=row["planned_day"],
        day=row["day"],
        number=row["number"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        classes=frozenset(row["classes"]),
        distant=frozenset(row["distant"]),
        subject=row["subject_id"],
        teacher=row["substitute_id"] or row["teacher_id"],
        room=row["room_id"],
        cancelled=None
        if row["cancelled"] is None
        else Cancelled(CancelReason(row["cancelled"]), row["cancelled_note"]),
    )


def _held() -> ColumnElement[bool]:
    return or_(
        exists().where(RollCall.lesson_id == Lesson.id, RollCall.withdrawn.is_(False)),
        exists().where(Mark.lesson_id == Lesson.id, Mark.value.is_not(None)),
        exists().where(Remark.lesson_id == Lesson.id, Remark.withdrawn.is_(False)),
    )


def _is(key: LessonKey) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Lesson.slot_id == key[0], Lesson.planned_day == key[1]


def _named(keys: Collection[LessonKey]) -> Any:
    # Two parameters, however many lessons they name.
    slots, days = ([key[part] for key in sorted(keys)] for part in (0, 1))
    columns = (column("slot", Uuid), column("day", Date))
    return (
        func.unnest(literal(slots, ARRAY(Uuid)), literal(days, ARRAY(Date)))
        .table_valued(*columns, name="named")
        .render_derived()
    )
