"""Writes entries about subjects, rooms and weekly lessons; one that goes takes its untouched lessons with it."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, delete, func, insert, select, tuple_, update

from core.learning.attendance_tables import RollDeadline
from core.lists.difference import Entry, What
from core.lists.slots import columns_of, key_columns, key_of, key_of_entry, values_of
from core.lists.work import Work, about, first_ids, rows_of
from core.plan.plan_tables import Room, SchoolYear
from core.tables import Lesson, Slot, Subject


async def subjects(work: Work, entries: Sequence[Entry]) -> None:
    """Write subjects."""
    found = about(entries, What.SUBJECT)
    new = [entry for entry in found if entry.after is not None]
    if new:
        await work.session.execute(insert(Subject), [_named(work, entry) for entry in new])
    going = [entry for entry in found if entry.after is None]
    if going:
        await work.session.execute(delete(Subject).where(Subject.id.in_(first_ids(going))))


async def rooms(work: Work, entries: Sequence[Entry]) -> None:
    """Write rooms."""
    found = about(entries, What.ROOM)
    new = [entry for entry in found if entry.after is not None]
    if new:
        await work.session.execute(insert(Room), [_named(work, entry) for entry in new])
    going = [entry for entry in found if entry.after is None]
    if going:
        await work.session.execute(delete(Room).where(Room.id.in_(first_ids(going))))


async def slots(work: Work, entries: Sequence[Entry]) -> None:
    """Write the weekly timetable."""
    found = {key_of_entry(entry): entry for entry in about(entries, What.SLOT)}
    if not found:
        return
    places = sorted({key[:3] for key in found})
    by_place = tuple_(func.coalesce(Slot.class_id, Slot.group_id), Slot.weekday, Slot.number)
    query = select(Slot).where(Slot.school_id == work.school.id, Slot.pupil_id.is_(None), by_place.in_(places))
    rows = {key_of(row): row for row in await rows_of(work, query)}
    service = {row.id: row.service for row in await rows_of(work, _subjects(found.values()))}
    new: list[dict[str, Any]] = []
    going: list[UUID] = []
    for key, entry in found.items():
        row = rows.get(key)
        if not work.fits(entry, None if row is None else values_of(row)):
            continue
        if row is None:
            named = {"id": uuid4(), "school_id": work.school.id, "year": work.year, **key_columns(entry)}
            columns = columns_of(entry.after or {})
            new.append({**named, **columns, "service": service[columns["subject_id"]]})
        elif entry.after is None:
            going.append(row.id)
        else:
            for name, value in columns_of(entry.after).items():
                setattr(row, name, value)
    if new:
        await work.session.execute(insert(Slot).execution_options(render_nulls=True), new)
    await work.session.flush()
    await _drop(work, going)
    # Lessons that were planned by the former timetable are planned again.
    years = {row.year for row in rows.values()} | {one["year"] for one in new}
    whose = SchoolYear.school_id == work.school.id, SchoolYear.year.in_(years)
    await work.session.execute(update(SchoolYear).where(*whose).values(planned_until=None))


def _subjects(entries: Iterable[Entry]) -> Select[Subject]:
    ids = {UUID(entry.after["subject"]) for entry in entries if entry.after is not None}
    return select(Subject).where(Subject.id.in_(ids))


async def _drop(work: Work, going: Sequence[UUID]) -> None:
    """Take weekly lessons out, with the lessons opened from them: these are held, and nobody has touched them."""
    if going:
        # That the roll of one is late, nobody has written: the clockwork saw it.
        late = RollDeadline.lesson_id.in_(select(Lesson.id).where(Lesson.slot_id.in_(going)))
        await work.session.execute(delete(RollDeadline).where(late))
        await work.session.execute(delete(Lesson).where(Lesson.slot_id.in_(going)))
        await work.session.execute(delete(Slot).where(Slot.id.in_(going)))


def _named(work: Work, entry: Entry) -> dict[str, Any]:
    return {"id": UUID(entry.key[0]), "school_id": work.school.id, "name": (entry.after or {})["name"]}
