"""Payloads of buttons: short, typed, and versioned, since buttons live in chats for months.

Fields are never added to a payload: a new shape gets a new letter or a new number in ``PREFIX``, and the old one is
read for as long as chats may hold it. A payload opens nothing by itself; rights are checked at every press.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never
from uuid import UUID

PREFIX = "t1:"
"""A teacher's buttons, first shape."""
ALERT_PREFIX = "a:"
"""Buttons under an alert, drawn by the gateway: ``a:<delivery>:<verb>``."""

_HEX = "[0-9a-f]{32}"
_DRAFT = "[A-Za-z0-9_-]{8}"
_MARK = re.compile(rf"m:({_DRAFT}):(\d{{1,3}}):([01])")
"""Buttons drawn before there was lateness."""
_TICK = re.compile(rf"k:({_DRAFT}):(\d{{1,3}}):([hnl])")
_AS_LAST = re.compile(rf"p:({_DRAFT})")
_DONE = re.compile(rf"d:({_DRAFT})")
_LOOK = re.compile(rf"l:({_HEX})")
_EDIT = re.compile(rf"e:({_HEX})")
_UNDO = re.compile(rf"u:({_HEX}):(\d{{1,9}})")
_LESSONS = "s"
_ALERT = re.compile(rf"{ALERT_PREFIX}({_HEX}):([a-z-]{{1,16}})")


class Presence(StrEnum):
    """How a pupil stands on a roster."""

    HERE = "h"
    ABSENT = "n"
    LATE = "l"


@dataclass(frozen=True, slots=True)
class Mark:
    """Mark a pupil.

    It says what shall be, not "the other way round", so that a second tap of an impatient finger is harmless.
    """

    draft: str
    place: int
    presence: Presence


@dataclass(frozen=True, slots=True)
class AsLast:
    """Tick whoever was absent from the lesson before; what is ticked already stays."""

    draft: str


@dataclass(frozen=True, slots=True)
class Done:
    """Record what the draft holds."""

    draft: str


@dataclass(frozen=True, slots=True)
class Look:
    """Open a lesson: what is recorded, or its roll call."""

    lesson: UUID


@dataclass(frozen=True, slots=True)
class Edit:
    """Open the roster of a lesson, whatever is recorded."""

    lesson: UUID


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back the calling that made this version."""

    lesson: UUID
    version: int


@dataclass(frozen=True, slots=True)
class Lessons:
    """Show the lessons of today."""


type TeacherPress = Mark | AsLast | Done | Look | Edit | Undo | Lessons


def pack(press: TeacherPress) -> str:
    """Return the payload of a teacher's button."""
    return f"{PREFIX}{_packed(press)}"


def _packed(press: TeacherPress) -> str:
    match press:
        case Mark() | AsLast() | Done():
            return _of_draft(press)
        case Look(lesson):
            return f"l:{lesson.hex}"
        case Edit(lesson):
            return f"e:{lesson.hex}"
        case Undo(lesson, version):
            return f"u:{lesson.hex}:{version}"
        case Lessons():
            return _LESSONS
        case _:
            assert_never(press)


def _of_draft(press: Mark | AsLast | Done) -> str:
    match press:
        case Mark(draft, place, presence):
            return f"k:{draft}:{place}:{presence}"
        case AsLast(draft):
            return f"p:{draft}"
        case Done(draft):
            return f"d:{draft}"
        case _:
            assert_never(press)


def read(payload: str) -> TeacherPress | None:
    """Read the payload of a teacher's button; None if it is none of ours."""
    body = payload.removeprefix(PREFIX)
    if body == payload:
        return None
    if body == _LESSONS:
        return Lessons()
    return _read_draft(body) or _read_lesson(body)


def _read_draft(body: str) -> Mark | AsLast | Done | None:
    if found := _TICK.fullmatch(body):
        return Mark(found[1], int(found[2]), Presence(found[3]))
    if found := _MARK.fullmatch(body):
        return Mark(found[1], int(found[2]), Presence.ABSENT if found[3] == "1" else Presence.HERE)
    if found := _AS_LAST.fullmatch(body):
        return AsLast(found[1])
    if found := _DONE.fullmatch(body):
        return Done(found[1])
    return None


def _read_lesson(body: str) -> Look | Edit | Undo | None:
    if found := _LOOK.fullmatch(body):
        return Look(UUID(found[1]))
    if found := _EDIT.fullmatch(body):
        return Edit(UUID(found[1]))
    if found := _UNDO.fullmatch(body):
        return Undo(UUID(found[1]), int(found[2]))
    return None


class Verb(StrEnum):
    """What a parent answers to an alert."""

    OK = "ok"
    ILL = "ill"
    FAMILY = "family"
    LATE = "late"
    AT_SCHOOL = "at-school"
    UNAWARE = "unaware"


class NoticeVerb(StrEnum):
    """What a parent answers to a notice; any message has ``Verb.OK``."""

    CONFIRM = "confirm"
    SIGN = "sign"
    REFUSE = "refuse"


_VERBS: dict[str, Verb | NoticeVerb] = {verb.value: verb for verb in (*Verb, *NoticeVerb)}


@dataclass(frozen=True, slots=True)
class AlertPress:
    """A press under a message of the gateway."""

    delivery: UUID
    verb: Verb | NoticeVerb


def read_alert(payload: str) -> AlertPress | None:
    """Read the payload of a button under a message of the gateway; None if it is none."""
    found = _ALERT.fullmatch(payload)
    verb = None if found is None else _VERBS.get(found[2])
    return None if found is None or verb is None else AlertPress(UUID(found[1]), verb)
