"""What happened, in the order of effects: committed events, horizons, claims, marks, owners. The oracle's memory."""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from tests.simulation.effects import Noted, Process
from tests.simulation.wire import Mark, Provider


@dataclass(eq=False)
class Stated:
    """One event of the journal, as the world knows it."""

    token: int
    subject: str
    version: int
    event: UUID
    occurred_at: float
    pupils: tuple[UUID, ...]
    facts: Any
    alarming: bool
    category: str
    state: Any = None
    committed: tuple[int, float] | None = None
    """Effect and moment of its commit; None: it never was."""

    @property
    def is_news(self) -> bool:
        """Tell whether families are told of it."""
        return self.category in ("absence", "mark", "remark", "notice")

    @property
    def urgent(self) -> bool:
        """Tell whether it may ring at night."""
        return self.category == "absence"


@dataclass(frozen=True, slots=True)
class Horizon:
    """A planning pass that was committed."""

    committed: int
    read: int
    """The effect at which it read the outbox: what was committed earlier is planned."""
    at: float


@dataclass(frozen=True, slots=True)
class Taken:
    """A lease that was taken or renewed."""

    effect: int
    at: float
    process: str
    credential: str
    owner: UUID
    epoch: int


@dataclass
class Recorder:
    """Remembers what commits tell; turned by the world's clock into virtual seconds."""

    provider: Provider
    effects: Callable[[], int]
    seconds: Callable[[datetime], float]
    now: Callable[[], float]
    stated: dict[UUID, Stated] = field(default_factory=dict)
    """By the id of their event."""
    horizons: list[Horizon] = field(default_factory=list)
    leases: list[Taken] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)
    """Errors that the gateways logged."""
    _claims: dict[tuple[str, UUID], int] = field(default_factory=dict)

    def committed(self, process: Process, noted: list[Noted]) -> None:
        """Remember a transaction."""
        read = next((one.effect for one in noted if one.tag == "unread"), 0)
        for one in noted:
            match one.tag:
                case "horizon":
                    self.horizons.append(Horizon(self.effects(), read, self.seconds(one.values[1])))
                case "hold":
                    self._held(process, one)
                case "claim":
                    self._claims |= {(process.name, row["id"]): one.effect for row in one.rows or ()}
                case "mark":
                    self._marked(process, one)
                case "publish":
                    self._published(one)

    def _held(self, process: Process, noted: Noted) -> None:
        for row in noted.rows:
            credential, owner = noted.values[0], noted.values[1]
            self.leases.append(Taken(noted.effect, noted.at, process.name, credential, owner, row["epoch"]))

    def _marked(self, process: Process, noted: Noted) -> None:
        for attempt, delivery, version in _marks(noted):
            horizon = self.horizon_at(self._claims.get((process.name, delivery), 0))
            mark = Mark(str(attempt), noted.effect, noted.at, version, horizon)
            self.provider.marks.setdefault(process.name, {})[str(delivery)] = mark

    def _published(self, noted: Noted) -> None:
        for event in noted.values[0]:
            if event in self.stated:
                self.stated[event].committed = (self.effects(), self.now())

    def horizon_at(self, effect: int) -> tuple[float, int]:
        """Return the newest horizon before an effect: its moment, and the effect at which its pass read."""
        index = bisect_left([one.committed for one in self.horizons], effect)
        if index == 0:
            return 0.0, 0
        found = self.horizons[index - 1]
        return found.at, found.read


def _marks(noted: Noted) -> list[tuple[UUID, UUID, int]]:
    """Return attempt, delivery and version of what was marked: one alone, or a batch in columns."""
    values = noted.values
    if not isinstance(values[1], list):
        return [(values[0], values[2], values[5])]
    marked = {row["id"] for row in noted.rows}
    columns = zip(values[6], values[1], values[2], strict=True)
    return [one for one in columns if one[1] in marked]
