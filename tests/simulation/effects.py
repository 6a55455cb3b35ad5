"""What there is to strike: kinds of effects, blows, faults, and the generations of processes that they fall on."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol


class Kind(StrEnum):
    """What kinds of effects there are."""

    STATEMENT = "statement"
    COMMIT = "commit"
    ROLLBACK = "rollback"
    POST = "post"
    CLAIM = "claim"
    """For faults only: a commit by which something was claimed."""
    MARK = "mark"
    """For faults only: a commit by which something was marked as on the wire."""


class Blow(StrEnum):
    """What may befall a process at an effect."""

    DIE_BEFORE = "die-before"
    """The effect never happens."""
    DIE_AFTER = "die-after"
    """The effect happens, and nobody is left to hear of it."""
    LOST_BEFORE = "lost-before"
    """The connection breaks: what was open is rolled back, the process lives and knows."""
    LOST_AFTER = "lost-after"
    """The same, but the effect happened: its answer is lost."""
    SLOW = "slow"
    """The effect happens some seconds later."""
    FREEZE_BEFORE = "freeze-before"
    """The process stands still just before, and goes on much later."""
    FREEZE_AFTER = "freeze-after"
    """The process stands still before it hears the answer."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """A blow at the n-th effect of a kind, counted over all gateways."""

    kind: Kind
    nth: int
    blow: Blow
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Noted:
    """What the oracle remembers of a statement."""

    tag: str
    effect: int
    at: float
    values: tuple[Any, ...]
    rows: Any


class History(Protocol):
    """Whoever remembers what was committed."""

    def committed(self, process: "Process", noted: list[Noted]) -> None: ...


@dataclass(eq=False)
class Process:
    """One generation of a process."""

    name: str
    history: History
    mortal: bool
    """A gateway: blows fall on it."""
    free: bool = False
    """Before the runs: it need not wait for anybody."""
    connections: list[Any] = field(default_factory=list)
    dead: bool = False
    frozen: bool = False
    thaws_at: float = 0.0
    hurt: list[float] = field(default_factory=list)
    """When it was frozen or slowed: what it does later may be late."""
    held_answers: list[Callable[[], None]] = field(default_factory=list)
