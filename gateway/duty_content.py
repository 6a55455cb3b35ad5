"""What the school's own people are told of their work: a roll that is late, an entry that a family disputes. Pure.

Like every content these say what is true (``facts``), what must be told unasked (``alarming``), and their key. Nobody
is told by a message of its own that it is over: he has seen to it himself, or nobody waits for it any more.
"""

from dataclasses import asdict, dataclass
from typing import Any, Self

from core.events import AbsenceDisputedState, RollOverdueState
from gateway.planned_content import canonical


@dataclass(frozen=True, slots=True)
class RollContent:
    """What a teacher is told of a roll: whether it is late."""

    subject: str
    class_title: str
    number: int
    overdue: bool

    @property
    def alarming(self) -> tuple[bool, ...]:
        """That it is late; which lesson it is of never changes."""
        return (True,) if self.overdue else ()

    @property
    def facts(self) -> tuple[str, str, int, bool]:
        """All of it."""
        return self.subject, self.class_title, self.number, self.overdue

    def key(self) -> str:
        """Return the canonical text of this content."""
        return canonical({"of": "roll_overdue", **asdict(self)})

    @classmethod
    def of(cls, state: RollOverdueState) -> Self:
        """Return what is to be told of a roll."""
        return cls(state.subject_name, state.class_title, state.number, state.overdue)

    @classmethod
    def from_raw(cls, raw: dict[str, Any]) -> Self:
        """Read a content back from its fields."""
        return cls(raw["subject"], raw["class_title"], raw["number"], raw["overdue"])


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


type DutyContent = RollContent | DisputeContent
