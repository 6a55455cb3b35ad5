"""What is to be told of what a school has planned: changed timetables, control works, events. Pure.

Like every content these say what is true (``facts``), what must be told unasked (``alarming``), and their key. Besides
that, what rings (``rings``): whoever has a message is rung anew when that is different, else only sees it changed.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Self

from core.events import ControlWorkState, NotHeld, SchoolEventState, TimetableDayState, TimetableLesson
from gateway.school_days import NO_SCHOOL

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def canonical(fields: dict[str, Any]) -> str:
    """Return fields as the one text by which contents are compared."""
    return _ENCODER.encode(fields)


@dataclass(frozen=True, slots=True)
class TimetableContent:
    """What is told of a day's timetable: the lessons that are held otherwise than usual, or not at all."""

    day: date
    lessons: tuple[TimetableLesson, ...]
    taught_by: date | None = None

    @property
    def alarming(self) -> tuple[TimetableLesson, ...]:
        """What is otherwise than usual."""
        return self.lessons

    @property
    def rings(self) -> frozenset[TimetableLesson]:
        """What a family must arrange itself by; who gives a lesson, and in which room, is told without a sound."""
        return frozenset(lesson for lesson in self.lessons if self.taught_by or is_material(lesson, self.day))

    @property
    def keeps_at_home(self) -> bool:
        """True if children must not come to some lesson: an актированный день, quarantine, an emergency.

        Such news passes quiet hours: it is of use before the child leaves home, at 6:15, or not at all.
        """
        return any(lesson.cancelled in NO_SCHOOL for lesson in self.lessons)

    @property
    def facts(self) -> tuple[date | None, tuple[TimetableLesson, ...]]:
        """What is otherwise than usual, and by which day's timetable."""
        return self.taught_by, self.lessons

    def key(self) -> str:
        """Return the canonical text of this content."""
        lessons = [lesson.model_dump(mode="json", exclude_defaults=True) for lesson in self.lessons]
        taught_by = None if self.taught_by is None else self.taught_by.isoformat()
        fields = {"day": self.day.isoformat(), "lessons": lessons, "taught_by": taught_by}
        return canonical({"of": "timetable_day", **fields})

    @classmethod
    def of(cls, state: TimetableDayState) -> Self:
        """Return what is to be told of a day: of one taught by another day's timetable, all its lessons."""
        told = tuple(one for one in state.lessons if state.taught_by is not None or one.is_changed)
        return cls(state.day, told, state.taught_by)

    @classmethod
    def from_raw(cls, raw: dict[str, Any]) -> Self:
        """Read a content back from its fields."""
        lessons = tuple(TimetableLesson.model_validate(one) for one in raw["lessons"])
        taught_by = date.fromisoformat(raw["taught_by"]) if raw["taught_by"] else None
        return cls(date.fromisoformat(raw["day"]), lessons, taught_by)


@dataclass(frozen=True, slots=True)
class ControlWorkContent:
    """What is told of a control work to come: what it is, and at which lesson it is written."""

    subject: str
    form: str
    topic: str
    day: date
    number: int
    cancelled: NotHeld | None = None
    withdrawn: bool = False

    @property
    def alarming(self) -> tuple[tuple[date, int], ...]:
        """When it is written, as long as it stands and its lesson is held."""
        return () if self.withdrawn or self.cancelled else ((self.day, self.number),)

    @property
    def rings(self) -> frozenset[tuple[date, int]]:
        """When it is written."""
        return frozenset(self.alarming)

    @property
    def facts(self) -> tuple[str, str, str, date, int, NotHeld | None, bool]:
        """All of it."""
        return self.subject, self.form, self.topic, self.day, self.number, self.cancelled, self.withdrawn

    def key(self) -> str:
        """Return the canonical text of this content."""
        return canonical({"of": "control_work", **asdict(self), "day": self.day.isoformat()})

    @classmethod
    def from_raw(cls, raw: dict[str, Any]) -> Self:
        """Read a content back from its fields."""
        cancelled = NotHeld(raw["cancelled"]) if raw["cancelled"] else None
        what = (raw["subject"], raw["form"], raw["topic"])
        return cls(*what, date.fromisoformat(raw["day"]), raw["number"], cancelled, raw["withdrawn"])


@dataclass(frozen=True, slots=True)
class SchoolEventContent:
    """What is told of an event of the school or of its classes."""

    title: str
    place: str
    note: str
    starts_at: datetime
    ends_at: datetime
    withdrawn: bool = False

    @property
    def alarming(self) -> tuple[datetime, ...]:
        """When it begins, as long as it stands."""
        return () if self.withdrawn else (self.starts_at,)

    @property
    def rings(self) -> frozenset[datetime]:
        """When it begins."""
        return frozenset(self.alarming)

    @property
    def facts(self) -> tuple[str, str, str, datetime, datetime, bool]:
        """All of it."""
        return self.title, self.place, self.note, self.starts_at, self.ends_at, self.withdrawn

    def key(self) -> str:
        """Return the canonical text of this content."""
        hours = {"starts_at": self.starts_at.isoformat(), "ends_at": self.ends_at.isoformat()}
        return canonical({"of": "school_event", **asdict(self), **hours})

    @classmethod
    def from_raw(cls, raw: dict[str, Any]) -> Self:
        """Read a content back from its fields."""
        hours = (datetime.fromisoformat(raw["starts_at"]), datetime.fromisoformat(raw["ends_at"]))
        return cls(raw["title"], raw["place"], raw["note"], *hours, raw["withdrawn"])


type PlannedContent = TimetableContent | ControlWorkContent | SchoolEventContent


def is_material(lesson: TimetableLesson, day: date) -> bool:
    """Tell whether a lesson of a day is changed in more than who gives it, and where."""
    if lesson.cancelled is not None or lesson.distant or lesson.left_out or lesson.day != day:
        return True
    was = lesson.was
    if was is None:
        return False
    then = (was.day, was.number, was.starts_at, was.ends_at, was.subject_name)
    return then != (lesson.day, lesson.number, lesson.starts_at, lesson.ends_at, lesson.subject_name)


def planned_content(state: TimetableDayState | ControlWorkState | SchoolEventState) -> PlannedContent:
    """Return what is to be told of a plan; the same to every reader."""
    match state:
        case TimetableDayState():
            return TimetableContent.of(state)
        case ControlWorkState():
            at = (state.day, state.number)
            what = (state.subject_name, state.form, state.topic)
            return ControlWorkContent(*what, *at, state.cancelled, state.withdrawn)
        case SchoolEventState():
            what = (state.title, state.place, state.note)
            return SchoolEventContent(*what, state.starts_at, state.ends_at, state.withdrawn)
