"""What changes the timetable: of one lesson, or by one act of a whole day or shift. Values of a closed set.

A list of changes holds those in force: what was withdrawn, is not in it. Of two that say the same of one lesson or
class, the later one holds; a cancellation holds whatever else is said of the lesson.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from core.year.bells import BellSchedule
from core.year.span import Hours, Span
from core.year.weekly import ClassPart

type LessonKey = tuple[UUID, date]
"""A slot, and the day on which the timetable has its lesson; a moved lesson keeps it."""


class CancelReason(StrEnum):
    """Why a lesson is not held (TT-15)."""

    WEATHER = "weather"
    """Актированный день."""
    QUARANTINE = "quarantine"
    NO_TEACHER = "no-teacher"
    SHORT_DAY = "short-day"
    """The shortened bells of the day do not reach to it."""
    EVENT = "event"
    EMERGENCY = "emergency"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Substitution:
    """Somebody else gives the lesson, possibly of another subject (TT-04)."""

    slot: UUID
    day: date
    teacher: UUID
    subject: UUID | None = None
    """None: the same."""
    room: UUID | None = None
    """None: where it was to be."""


@dataclass(frozen=True, slots=True)
class Move:
    """The lesson is held on another day, as another lesson of the day, or elsewhere (TT-04)."""

    slot: UUID
    day: date
    to: date
    number: int
    room: UUID | None = None
    """None: where it was to be."""
    hours: Hours | None = None
    """None: by the bells, or as the slot says if it has hours of its own and keeps its number."""


@dataclass(frozen=True, slots=True)
class Cancellation:
    """The lesson is not held (TT-15)."""

    slot: UUID
    day: date
    reason: CancelReason
    note: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom an act of a day concerns: everybody, or whoever fits everything that is said."""

    shift: int | None = None
    grades: frozenset[int] | None = None
    classes: frozenset[UUID] | None = None

    def concerns(self, part: ClassPart, shift: int) -> bool:
        """Tell whether the lessons of a class in a shift are meant."""
        return (
            (self.shift is None or self.shift == shift)
            and (self.grades is None or part.grade in self.grades)
            and (self.classes is None or part.class_id in self.classes)
        )


@dataclass(frozen=True, slots=True)
class ShortBells:
    """Other bells than usual; a lesson that they do not reach to is not held."""

    schedules: tuple[BellSchedule, ...]


@dataclass(frozen=True, slots=True)
class Closed:
    """No lessons: an актированный день, a quarantine."""

    reason: CancelReason
    note: str = ""


@dataclass(frozen=True, slots=True)
class Distance:
    """Lessons as planned, and nobody comes for them."""


@dataclass(frozen=True, slots=True)
class TaughtBy:
    """Taught by the timetable of another day; two swapped days are two acts."""

    day: date


type Effect = ShortBells | Closed | Distance | TaughtBy


@dataclass(frozen=True, slots=True)
class DayAct:
    """One act for a whole day or several, of everybody, a shift, some grades or classes."""

    span: Span
    effect: Effect
    scope: Scope = field(default_factory=Scope)


type LessonChange = Substitution | Move | Cancellation
type Change = LessonChange | DayAct


@dataclass(frozen=True, slots=True)
class InForce:
    """Changes, found by the lesson or by the day."""

    substitutions: Mapping[LessonKey, Substitution]
    moves: Mapping[LessonKey, Move]
    cancellations: Mapping[LessonKey, Cancellation]
    rooms: Mapping[LessonKey, UUID]
    """Where a substitution or a move has the lesson held: of both, where the later one says."""
    acts: Mapping[date, tuple[DayAct, ...]]
    """The later one first: the first that concerns a class is the one that holds."""


def in_force(changes: Iterable[Change]) -> InForce:
    """Sort changes, given in the order in which they were made."""
    substitutions: dict[LessonKey, Substitution] = {}
    moves: dict[LessonKey, Move] = {}
    cancellations: dict[LessonKey, Cancellation] = {}
    rooms: dict[LessonKey, UUID] = {}
    acts: dict[date, tuple[DayAct, ...]] = {}
    for change in changes:
        match change:
            case Substitution():
                substitutions[change.slot, change.day] = change
                _say_room(rooms, change, moves)
            case Move():
                moves[change.slot, change.day] = change
                _say_room(rooms, change, substitutions)
            case Cancellation():
                cancellations[change.slot, change.day] = change
            case DayAct():
                acts |= {day: (change, *acts.get(day, ())) for day in change.span.days()}
            case never:
                assert_never(never)
    return InForce(substitutions, moves, cancellations, rooms, acts)


def _say_room(
    rooms: dict[LessonKey, UUID], later: Substitution | Move, others: Mapping[LessonKey, Substitution | Move]
) -> None:
    """Note where a lesson is held by a change and the one of the other kind that was made before it."""
    key = (later.slot, later.day)
    earlier = others.get(key)
    room = later.room or (None if earlier is None else earlier.room)
    if room is None:
        rooms.pop(key, None)
    else:
        rooms[key] = room
