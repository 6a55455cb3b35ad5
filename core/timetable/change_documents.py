"""Changes of the timetable as ``core.timetable_change`` keeps them, and back.

What a change is about (its slot, its days) stands in columns, what it says in the column ``data``; nothing stands
twice. Documents refuse fields that they do not know.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, Self, assert_never
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.timetable.timetable_tables import TimetableChange
from core.year.bells import BellSchedule
from core.year.changes import (
    Cancellation,
    CancelReason,
    Change,
    Closed,
    DayAct,
    Distance,
    Effect,
    Move,
    Scope,
    ShortBells,
    Substitution,
    TaughtBy,
)
from core.year.span import Hours, Span

SUBSTITUTION = "substitution"
MOVE = "move"
CANCELLATION = "cancellation"
DAY_ACT = "day-act"


class _Document(BaseModel):
    """What every document keeps to."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class _Substitution(_Document):
    teacher: UUID
    subject: UUID | None = None
    room: UUID | None = None


class _Move(_Document):
    to: date
    number: int
    room: UUID | None = None
    hours: Hours | None = None


class _Cancellation(_Document):
    reason: CancelReason
    note: str = ""


class _ShortBells(_Document):
    kind: Literal["short-bells"] = "short-bells"
    schedules: tuple[BellSchedule, ...]

    def value(self) -> Effect:
        return ShortBells(self.schedules)


class _Closed(_Document):
    kind: Literal["closed"] = "closed"
    reason: CancelReason
    note: str = ""

    def value(self) -> Effect:
        return Closed(self.reason, self.note)


class _Distance(_Document):
    kind: Literal["distance"] = "distance"

    def value(self) -> Effect:
        return Distance()


class _TaughtBy(_Document):
    kind: Literal["taught-by"] = "taught-by"
    day: date

    def value(self) -> Effect:
        return TaughtBy(self.day)


def _effect(effect: Effect) -> "_ShortBells | _Closed | _Distance | _TaughtBy":
    match effect:
        case ShortBells():
            return _ShortBells(schedules=effect.schedules)
        case Closed():
            return _Closed(reason=effect.reason, note=effect.note)
        case Distance():
            return _Distance()
        case TaughtBy():
            return _TaughtBy(day=effect.day)
        case never:
            assert_never(never)


class _Scope(_Document):
    """Sets are kept as sorted lists, so that the same scope is the same document."""

    shift: int | None = None
    grades: tuple[int, ...] | None = None
    classes: tuple[UUID, ...] | None = None

    @classmethod
    def of(cls, scope: Scope) -> Self:
        grades = None if scope.grades is None else tuple(sorted(scope.grades))
        classes = None if scope.classes is None else tuple(sorted(scope.classes))
        return cls(shift=scope.shift, grades=grades, classes=classes)

    def value(self) -> Scope:
        grades = None if self.grades is None else frozenset(self.grades)
        return Scope(self.shift, grades, None if self.classes is None else frozenset(self.classes))


class _DayAct(_Document):
    effect: Annotated[_ShortBells | _Closed | _Distance | _TaughtBy, Field(discriminator="kind")]
    scope: _Scope = _Scope()


@dataclass(frozen=True, slots=True)
class Written:
    """A change as columns: ``first`` is the day on which the timetable has the lesson, or an act's first day."""

    kind: str
    slot_id: UUID | None
    first: date
    last: date
    data: dict[str, Any]


def write(change: Change) -> Written:
    """Turn a change into columns of ``timetable_change``."""
    match change:
        case Substitution(slot, day):
            said: _Document = _Substitution(teacher=change.teacher, subject=change.subject, room=change.room)
            return Written(SUBSTITUTION, slot, day, day, _json(said))
        case Move(slot, day):
            said = _Move(to=change.to, number=change.number, room=change.room, hours=change.hours)
            return Written(MOVE, slot, day, day, _json(said))
        case Cancellation(slot, day):
            return Written(CANCELLATION, slot, day, day, _json(_Cancellation(reason=change.reason, note=change.note)))
        case DayAct(span):
            said = _DayAct(effect=_effect(change.effect), scope=_Scope.of(change.scope))
            return Written(DAY_ACT, None, span.first, span.last, _json(said))
        case never:
            assert_never(never)


def read(rows: Sequence[TimetableChange]) -> tuple[Change, ...]:
    """Turn rows into changes, in the order of the rows: let them come by ``seq``, without the withdrawn."""
    return tuple(read_one(row) for row in rows)


def read_one(row: TimetableChange) -> Change:
    """Turn a row into a change. Raises ``ValueError`` if it is none of ours."""
    if row.slot_id is None:
        act = _DayAct.model_validate(row.data)
        return DayAct(Span(row.first, row.last), act.effect.value(), act.scope.value())
    match row.kind:
        case "substitution":
            said = _Substitution.model_validate(row.data)
            return Substitution(row.slot_id, row.first, said.teacher, said.subject, said.room)
        case "move":
            move = _Move.model_validate(row.data)
            return Move(row.slot_id, row.first, move.to, move.number, move.room, move.hours)
        case "cancellation":
            cancellation = _Cancellation.model_validate(row.data)
            return Cancellation(row.slot_id, row.first, cancellation.reason, cancellation.note)
        case kind:
            raise ValueError(f"no change of a lesson is of kind {kind!r}")


def _json(document: _Document) -> dict[str, Any]:
    return document.model_dump(mode="json", exclude_none=True)
