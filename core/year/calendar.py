"""Which days are taught: the year, its periods by level of school, holidays, days off, days taught by another's plan.

Periods are set for every level (YEAR-03), holidays for all or for some grades (YEAR-04).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum, StrEnum
from types import MappingProxyType

from core.refusals import Invalid
from core.year.span import Span


class Level(StrEnum):
    """A level of general education (GEN-10)."""

    PRIMARY = "primary"
    """НОО, grades 1–4."""
    BASIC = "basic"
    """ООО, grades 5–9."""
    SECONDARY = "secondary"
    """СОО, grades 10–11."""


GRADES: Mapping[Level, range] = MappingProxyType(
    {Level.PRIMARY: range(1, 5), Level.BASIC: range(5, 10), Level.SECONDARY: range(10, 12)}
)


def level_of(grade: int) -> Level:
    """Return the level that a grade belongs to. Raises ``Invalid`` for what is no grade."""
    for level, grades in GRADES.items():
        if grade in grades:
            return level
    raise Invalid("year-grade-unknown", grade=grade)


class PeriodKind(StrEnum):
    """Into what the year is divided."""

    QUARTER = "quarter"
    TRIMESTER = "trimester"
    HALF_YEAR = "half-year"
    OWN = "own"
    """As the school decided for itself: modules, for instance."""


@dataclass(frozen=True, slots=True)
class Period:
    """A part of the year at whose end final marks are set."""

    number: int
    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Terms:
    """How the year of one level is divided."""

    kind: PeriodKind
    periods: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class Holiday:
    """Holidays of everybody, or of some grades only, such as those of grade 1 in February."""

    name: str
    span: Span
    grades: frozenset[int] | None = None
    """None: everybody's."""

    def frees(self, grade: int) -> bool:
        """Tell whether it is a holiday of this grade."""
        return self.grades is None or grade in self.grades


class StudyWeek(IntEnum):
    """How many days of the week are taught, from Monday on."""

    FIVE = 5
    SIX = 6


@dataclass(frozen=True, slots=True)
class Calendar:
    """A school year. What contradicts itself in it is found by ``calendar_problems.problems``."""

    year: int
    """Of its September."""
    span: Span
    terms: Mapping[Level, Terms]
    week: Mapping[int, StudyWeek]
    """By grade: the grades that the school has."""
    holidays: tuple[Holiday, ...] = ()
    days_off: frozenset[date] = frozenset()
    """Single days without lessons for anybody, such as public holidays."""
    moved: Mapping[date, date] = field(default_factory=lambda: MappingProxyType({}))
    """Days taught by another day's timetable: a working Saturday by that of the Monday which is free instead."""

    def timetable_day(self, day: date) -> date:
        """Return the day by whose timetable (weekday, and parity of the week) this one is taught."""
        return self.moved.get(day, day)

    def is_open(self, day: date, grade: int) -> bool:
        """Tell whether the day lies in the year and is neither off nor a holiday of this grade; Sundays may be open."""
        if day not in self.span or day in self.days_off:
            return False
        return not any(day in holiday.span and holiday.frees(grade) for holiday in self.holidays)

    def is_study_day(self, day: date, grade: int, by: date | None = None) -> bool:
        """Tell whether a grade has lessons on a day, if it is taught by the timetable of ``by``, else as planned.

        Raises ``Invalid`` for a grade that the school does not have.
        """
        if grade not in self.week:
            raise Invalid("year-grade-unknown", grade=grade)
        source = by or self.timetable_day(day)
        return source.isoweekday() <= self.week[grade] and self.is_open(day, grade)

    def period_of(self, day: date, level: Level) -> Period | None:
        """Return the period of a level in which the day lies; None between periods, or without any."""
        terms = self.terms.get(level)
        periods = terms.periods if terms else ()
        return next((period for period in periods if day in period.span), None)

    def week_number(self, day: date) -> int:
        """Return the number of the day's week: 1, and odd, is the one in which the year begins; holidays count."""
        first_monday = self.span.first - timedelta(days=self.span.first.weekday())
        return (day - first_monday).days // 7 + 1
