"""What the school's own people are told of their work: a roll that is late, an entry that a family disputes. Pure.

Like every content these say what is true (``facts``), what must be told unasked (``alarming``), and their key. Nobody
is told by a message of its own that it is over: he has seen to it himself, or nobody waits for it any more.
"""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self
from uuid import UUID

from core.events import (
    AbsenceDisputedState,
    RollOverdueState,
    RollStep,
    SchoolMorningState,
    SchoolRollsState,
)
from gateway.planned_content import canonical


@dataclass(frozen=True, slots=True)
class RollContent:
    """What a teacher is told of a roll: whether it is late."""

    subject: str
    class_title: str
    number: int
    overdue: bool
    step: RollStep = RollStep.LATE
    silent: bool = False
    """He was reminded often enough that day."""

    @property
    def alarming(self) -> tuple[RollStep, ...]:
        """That it is waited for, or late; which lesson it is of never changes."""
        return (self.step,) if self.overdue and not self.silent else ()

    @property
    def facts(self) -> tuple[str, str, int, bool, RollStep]:
        """What he reads of it."""
        return self.subject, self.class_title, self.number, self.overdue, self.step

    def rings_after(self, said: object) -> bool:
        """Tell whether he is rung anew: once, beyond the reminder at the lesson's beginning."""
        told = isinstance(said, RollContent) and said.step is not RollStep.BEGUN
        return bool(self.alarming) and self.step is not RollStep.BEGUN and not told

    def key(self) -> str:
        """Return the canonical text of this content."""
        return canonical({"of": "roll_overdue", **asdict(self)})

    @classmethod
    def of(cls, state: RollOverdueState) -> Self:
        """Return what is to be told of a roll."""
        return cls(state.subject_name, state.class_title, state.number, state.overdue, state.step, state.silent)

    @classmethod
    def from_raw(cls, raw: dict[str, Any]) -> Self:
        """Read a content back from its fields."""
        # What was kept before there were steps, was told of late rolls.
        step, silent = RollStep(raw.get("step", RollStep.LATE)), raw.get("silent", False)
        return cls(raw["subject"], raw["class_title"], raw["number"], raw["overdue"], step, silent)


@dataclass(frozen=True, slots=True)
class DisputeContent:
    """What a teacher is told of an entry: that a family says that the child was there. Not who of the family."""

    subject: str
    number: int
    disputed: bool

    @property
    def alarming(self) -> tuple[tuple[str, int], ...]:
        """The entry, as long as the family speaks of it."""
        return ((self.subject, self.number),) if self.disputed else ()

    @property
    def facts(self) -> tuple[str, int, bool]:
        """All of it."""
        return self.subject, self.number, self.disputed

    def key(self) -> str:
        """Return the canonical text of this content."""
        return canonical({"of": "absence_disputed", **asdict(self)})

    @classmethod
    def of(cls, state: AbsenceDisputedState) -> Self:
        """Return what is to be told of a dispute."""
        return cls(state.subject_name, state.lesson_number, state.disputed)

    @classmethod
    def from_raw(cls, raw: dict[str, Any]) -> Self:
        """Read a content back from its fields."""
        return cls(raw["subject"], raw["number"], raw["disputed"])


@dataclass(frozen=True, slots=True)
class SchoolRollsContent:
    """What a school's administration is told of its day's rolls: which are late."""

    lessons: tuple[UUID, ...]
    rings: int
    """How often they were worth a message so far."""

    @property
    def alarming(self) -> tuple[UUID, ...]:
        """The late ones, unless the school wants no message of them."""
        return self.lessons if self.rings else ()

    @property
    def facts(self) -> tuple[UUID, ...]:
        """Which they are."""
        return self.lessons

    def rings_after(self, said: object) -> bool:
        """Tell whether more have become late since, and the school wants to hear of it."""
        return bool(self.alarming) and isinstance(said, SchoolRollsContent) and self.rings > said.rings

    def key(self) -> str:
        """Return the canonical text of this content."""
        return canonical(
            {"of": "school_rolls", "lessons": [str(one) for one in self.lessons], "rings": self.rings},
        )

    @classmethod
    def from_raw(cls, raw: dict[str, Any]) -> Self:
        """Read a content back from its fields."""
        return cls(tuple(UUID(one) for one in raw["lessons"]), raw["rings"])


@dataclass(frozen=True, slots=True)
class MorningContent:
    """What a school's administration is told of its morning: that it is told, once; its numbers never change."""

    day: date

    @property
    def alarming(self) -> tuple[date, ...]:
        """The day."""
        return (self.day,)

    @property
    def facts(self) -> tuple[date, ...]:
        """The day."""
        return (self.day,)

    def key(self) -> str:
        """Return the canonical text of this content."""
        return canonical({"of": "school_morning", "day": self.day.isoformat()})

    @classmethod
    def from_raw(cls, raw: dict[str, Any]) -> Self:
        """Read a content back from its fields."""
        return cls(date.fromisoformat(raw["day"]))


type DutyState = RollOverdueState | AbsenceDisputedState | SchoolRollsState | SchoolMorningState
"""What the school's own people are told of their work."""
type DutyContent = RollContent | DisputeContent | SchoolRollsContent | MorningContent


def duty_content(state: DutyState) -> DutyContent:
    """Return what is to be told of a duty."""
    match state:
        case RollOverdueState():
            return RollContent.of(state)
        case AbsenceDisputedState():
            return DisputeContent.of(state)
        case SchoolRollsState():
            return SchoolRollsContent(tuple(one.lesson for one in state.lessons), state.rings)
        case SchoolMorningState():
            return MorningContent(state.day)
