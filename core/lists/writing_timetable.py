"""Writes entries about subjects and weekly lessons; a weekly lesson that goes takes its untouched lessons with it."""

from collections.abc import Sequence
from datetime import time
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select, tuple_

from core.lists.difference import Entry, What
from core.lists.work import Work, about, first_ids, rows_of
from core.tables import Lesson, Slot, Subject


async def subjects(work: Work, entries: Sequence[Entry]) -> None:
    """Write subjects."""
    found = about(entries, What.SUBJECT)
    new = [entry for entry in found if entry.after is not None]
    if new:
        rows = [
            {"id": UUID(entry.key[0]), "school_id": work.school.id, "name": (entry.after or {})["name"]}
            for entry in new
        ]
        await work.session.execute(insert(Subject), rows)
    going = [entry for entry in found if entry.after is None]
    if going:
        await work.session.execute(delete(Subject).where(Subject.id.in_(first_ids(going))))


async def slots(work: Work, entries: Sequence[Entry]) -> None:
    """Write the weekly timetable."""
    found = {_key(entry): entry for entry in about(entries, What.SLOT)}
    if not found:
        return
    query = select(Slot).where(tuple_(Slot.class_id, Slot.weekday, Slot.number).in_(list(found)))
    rows = {(row.class_id, row.weekday, row.number): row for row in await rows_of(work, query)}
    new: list[dict[str, Any]] = []
    going: list[UUID] = []
    for key, entry in found.items():
        row = rows.get(key)
        if not work.fits(entry, None if row is None else _values(row)):
            continue
        if row is None:
            named = dict(zip(("class_id", "weekday", "number"), key, strict=True))
            new.append({"id": uuid4(), **named, **_columns(entry)})
        elif entry.after is None:
            going.append(row.id)
        else:
            for name, value in _columns(entry).items():
                setattr(row, name, value)
    if new:
        await work.session.execute(insert(Slot), new)
    await work.session.flush()
    await _drop(work, going)


async def _drop(work: Work, going: Sequence[UUID]) -> None:
    """Take weekly lessons out, with the lessons that were opened from them and nobody has touched."""
    if going:
        await work.session.execute(delete(Lesson).where(Lesson.slot_id.in_(going)))
        await work.session.execute(delete(Slot).where(Slot.id.in_(going)))


def _key(entry: Entry) -> tuple[UUID, int, int]:
    return UUID(entry.key[0]), int(entry.key[1]), int(entry.key[2])


def _values(row: Slot) -> dict[str, Any]:
    return {
        "starts": f"{row.starts:%H:%M}",
        "ends": f"{row.ends:%H:%M}",
        "subject": str(row.subject_id),
        "teacher": str(row.teacher_id),
        "room": row.room,
    }


def _columns(entry: Entry) -> dict[str, Any]:
    after = entry.after or {}
    return {
        "starts": time.fromisoformat(after["starts"]),
        "ends": time.fromisoformat(after["ends"]),
        "subject_id": UUID(after["subject"]),
        "teacher_id": UUID(after["teacher"]),
        "room": after["room"],
    }
