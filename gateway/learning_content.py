"""What is to be told of a week of learning, in numbers. Pure.

Like every content it says what is true (``facts``), what must be told unasked (``alarming``), and its key.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Self
from uuid import UUID

from core.events import DatedWork, LearningWeekState, SubjectAverage
from gateway.planned_content import canonical

_NUMBERS = ("marks", "missed", "unexplained")
_WORKS = ("unwritten", "homework", "ahead")


@dataclass(frozen=True, slots=True)
class LearningContent:
    """How a pupil's learning went; ``day`` None: this reader is told nothing of it."""

    day: date | None
    averages: tuple[SubjectAverage, ...] = ()
    marks: int = 0
    missed: int | None = None
    """None: this reader may not be told of attendance (CONS-02)."""
    unexplained: int = 0
    unwritten: tuple[DatedWork, ...] = ()
    homework: tuple[DatedWork, ...] = ()
    ahead: tuple[DatedWork, ...] = ()

    @property
    def alarming(self) -> tuple[date, ...]:
        """The week, if there is anything to say of it."""
        return () if self.day is None else (self.day,)

    @property
    def facts(self) -> str:
        """All of it."""
        return self.key()

    def key(self) -> str:
        """Return the canonical text of this content."""
        numbers = {name: getattr(self, name) for name in _NUMBERS}
        parts = {
            name: [one.model_dump(mode="json", exclude_defaults=True) for one in getattr(self, name)]
            for name in ("averages", *_WORKS)
        }
        day = None if self.day is None else self.day.isoformat()
        return canonical({"of": "learning_week", "day": day, **numbers, **parts})

    @classmethod
    def of(cls, state: LearningWeekState, reader: UUID, *, attendance: bool) -> Self:
        """Return what a reader is to be told of a week: nothing, if it was put together for others, or is empty.

        ``attendance``: he may be told of it, and of what follows from it.
        """
        told = state if attendance else state.model_copy(update={"missed": 0, "unexplained": 0, "unwritten": ()})
        if told.is_empty or (state.readers is not None and reader not in state.readers):
            return cls(None)
        values = {name: getattr(told, name) for name in ("averages", *_NUMBERS, *_WORKS)}
        return cls(state.day, **(values if attendance else values | {"missed": None}))

    @classmethod
    def from_raw(cls, raw: dict[str, Any]) -> Self:
        """Read a content back from its fields."""
        day = date.fromisoformat(raw["day"]) if raw["day"] else None
        averages = tuple(SubjectAverage.model_validate(one) for one in raw["averages"])
        works = [tuple(DatedWork.model_validate(one) for one in raw[name]) for name in _WORKS]
        return cls(day, averages, *(raw[name] for name in _NUMBERS), *works)
