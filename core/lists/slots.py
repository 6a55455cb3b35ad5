"""A weekly lesson as entries keep it: by what it is known, and what is written of it."""

from datetime import date, time
from typing import Any
from uuid import UUID

from core.lists.book import SlotKey
from core.lists.difference import Entry, Values
from core.tables import Slot

FROM_THE_FIRST_DAY = ""
"""As the first day of a weekly lesson: the year's."""


def key_of(row: Slot) -> SlotKey:
    """Return by what a lesson of a class or a group is known."""
    learners = row.class_id or row.group_id
    if learners is None:
        raise ValueError("one pupil's own lesson is in no list")
    since = FROM_THE_FIRST_DAY if row.since is None else row.since.isoformat()
    return learners, row.weekday, row.number, row.every, since


def key_of_entry(entry: Entry) -> SlotKey:
    """Return by what the lesson of an entry is known."""
    learners, weekday, number, every, since = entry.key
    return UUID(learners), int(weekday), int(number), every, since


def values_of(row: Slot) -> dict[str, Any]:
    """Return what stands of a lesson."""
    return {
        "group": row.group_id is not None,
        "starts": None if row.starts is None else f"{row.starts:%H:%M}",
        "ends": None if row.ends is None else f"{row.ends:%H:%M}",
        "subject": str(row.subject_id),
        "teacher": str(row.teacher_id),
        "room": None if row.room_id is None else str(row.room_id),
        "shift": row.shift,
        "until": None if row.until is None else row.until.isoformat(),
    }


def columns_of(values: Values) -> dict[str, Any]:
    """Return the columns of what an entry says, but for those of its key."""
    return {
        "starts": _time(values["starts"]),
        "ends": _time(values["ends"]),
        "subject_id": UUID(values["subject"]),
        "teacher_id": UUID(values["teacher"]),
        "room_id": None if values["room"] is None else UUID(values["room"]),
        "shift": values["shift"],
        "until": None if values["until"] is None else date.fromisoformat(values["until"]),
    }


def key_columns(entry: Entry) -> dict[str, Any]:
    """Return the columns of an entry's key; the school year is not among them."""
    learners, weekday, number, every, since = key_of_entry(entry)
    of_group = bool((entry.after or {})["group"])
    return {
        "class_id": None if of_group else learners,
        "group_id": learners if of_group else None,
        "weekday": weekday,
        "number": number,
        "every": every,
        "since": date.fromisoformat(since) if since else None,
    }


def _time(written: str | None) -> time | None:
    return None if written is None else time.fromisoformat(written)
