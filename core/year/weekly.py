"""The weekly timetable: what is taught each week, to whom, by whom and where (TT-01)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from core.year.span import Hours


class LearnersKind(StrEnum):
    """Who is taught together."""

    CLASS = "class"
    GROUP = "group"
    """A part of a class, an elective, a club: whoever is in it on the day."""
    STREAM = "stream"
    """A group drawn from several classes (YEAR-11)."""
    COMBINED = "combined"
    """A combined class (класс-комплект): several grades at one lesson, each by a plan of its own (YEAR-10)."""
    PUPIL = "pupil"
    """One pupil, taught by a plan of his own (YEAR-12) or at home (YEAR-30)."""


@dataclass(frozen=True, slots=True)
class ClassPart:
    """A class that learners come from, with its grade."""

    class_id: UUID
    grade: int


@dataclass(frozen=True, slots=True)
class Learners:
    """Those who have a lesson together, and the classes they are drawn from."""

    kind: LearnersKind
    id: UUID
    """Of the class, the group, the stream, the combined class or the pupil."""
    title: str
    parts: tuple[ClassPart, ...]

    def __post_init__(self) -> None:
        if not self.parts or len({part.class_id for part in self.parts}) < len(self.parts):
            raise ValueError("learners come from one class or from several, each named once")
        if self.kind in (LearnersKind.CLASS, LearnersKind.PUPIL) and len(self.parts) > 1:
            raise ValueError("a class, and a pupil, belong to one class")

    @property
    def whole(self) -> bool:
        """Whether everybody of these classes is meant, not only members of a list."""
        return self.kind in (LearnersKind.CLASS, LearnersKind.COMBINED)


class Every(StrEnum):
    """In which weeks; the week in which the year begins is the first, and odd."""

    WEEK = "week"
    ODD = "odd"
    EVEN = "even"

    def has(self, week_number: int) -> bool:
        """Tell whether the week of this number is one of them."""
        return self is Every.WEEK or (week_number % 2 == 1) == (self is Every.ODD)


class Service(StrEnum):
    """What a timetable is made for (TT-02)."""

    BASIC = "basic"
    """Lessons of the curriculum plan; they keep to the study week."""
    EXTRA_CURRICULAR = "extra-curricular"
    """Внеурочная деятельность, the extended day; it may be on a Saturday of a five-day week."""
    ADDITIONAL = "additional"
    """Дополнительное образование: clubs, sections."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklySlot:
    """A weekly place in the timetable; a double lesson is two of them, so each has its own date and topic (TT-09)."""

    id: UUID
    learners: Learners
    weekday: int
    """ISO: Monday is 1."""
    number: int
    subject: UUID
    teacher: UUID
    room: UUID | None = None
    shift: int = 1
    since: date | None = None
    until: date | None = None
    """The last day; None: to the end of the year."""
    every: Every = Every.WEEK
    service: Service = Service.BASIC
    hours: Hours | None = None
    """When it does not go by the bells, as clubs do."""

    def in_force(self, day: date) -> bool:
        """Tell whether the timetable has it on this day's date."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)
