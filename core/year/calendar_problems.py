"""What contradicts itself in a calendar: a closed set, each with a sentence in ``texts/*/year.ftl``."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from core.year.calendar import GRADES, Calendar, Level, PeriodKind, Terms, level_of
from core.year.span import Span
from core.year.words import Say, day_words

SUNDAY = 7
PERIODS_OF: Mapping[PeriodKind, int] = MappingProxyType(
    {PeriodKind.QUARTER: 4, PeriodKind.TRIMESTER: 3, PeriodKind.HALF_YEAR: 2}
)
"""How many there are of each kind; the school's own ones are as many as it likes."""


class CalendarCode(StrEnum):
    """What may be wrong."""

    YEAR_BOUNDS = "year-bounds"
    NO_GRADES = "no-grades"
    NO_PERIODS = "no-periods"
    PERIOD_COUNT = "period-count"
    PERIOD_NUMBERS = "period-numbers"
    PERIOD_OUTSIDE = "period-outside"
    PERIODS_OVERLAP = "periods-overlap"
    PERIODS_GAP = "periods-gap"
    HOLIDAY_OUTSIDE = "holiday-outside"
    HOLIDAY_OF_NOBODY = "holiday-of-nobody"
    DAY_OFF_OUTSIDE = "day-off-outside"
    MOVED_OUTSIDE = "moved-outside"
    MOVED_TO_DAY_OFF = "moved-to-day-off"
    MOVED_TO_HOLIDAY = "moved-to-holiday"
    MOVED_BY_ITSELF = "moved-by-itself"
    MOVED_BY_MOVED = "moved-by-moved"
    MOVED_BY_SUNDAY = "moved-by-sunday"


@dataclass(frozen=True, slots=True)
class CalendarProblem:
    """One contradiction; ``details`` fill its sentence."""

    code: CalendarCode
    details: tuple[tuple[str, str | int], ...] = ()
    level: Level | None = None
    """Whose periods are meant."""

    @property
    def message_id(self) -> str:
        """Id of the Fluent message."""
        return f"calendar-problem-{self.code}"

    @property
    def args(self) -> dict[str, str | int]:
        """Arguments of the Fluent message, but for the words of the level."""
        return dict(self.details)


def describe(problem: CalendarProblem, say: Say) -> str:
    """Say a problem in one sentence, or two."""
    level = {} if problem.level is None else {"level": say(f"school-level-{problem.level}")}
    return say(problem.message_id, **problem.args, **level)


def problems(calendar: Calendar) -> tuple[CalendarProblem, ...]:
    """Find everything that contradicts itself; a calendar without problems may be taught by."""
    return (
        *_of_year(calendar),
        *_of_periods(calendar),
        *_of_days_off(calendar),
        *(found for day, by in sorted(calendar.moved.items()) for found in _of_moved(calendar, day, by)),
    )


def _problem(code: CalendarCode, level: Level | None = None, /, **details: str | int) -> CalendarProblem:
    return CalendarProblem(code, tuple(details.items()), level)


def _bounds(span: Span) -> dict[str, str]:
    return {"first": day_words(span.first), "last": day_words(span.last)}


def _of_year(calendar: Calendar) -> Iterator[CalendarProblem]:
    if not _is_within_bounds(calendar):
        yield _problem(CalendarCode.YEAR_BOUNDS, year=str(calendar.year), **_bounds(calendar.span))
    if not calendar.week:
        yield _problem(CalendarCode.NO_GRADES)


def _is_within_bounds(calendar: Calendar) -> bool:
    whole = Span(date(calendar.year, 8, 1), date(calendar.year + 1, 8, 31))
    return whole.covers(calendar.span) and calendar.span.first.year == calendar.year < calendar.span.last.year


def _of_periods(calendar: Calendar) -> Iterator[CalendarProblem]:
    for level in sorted({level_of(grade) for grade in calendar.week} | calendar.terms.keys(), key=list(Level).index):
        terms = calendar.terms.get(level)
        if terms is None or not terms.periods:
            yield _problem(CalendarCode.NO_PERIODS, level)
        else:
            yield from _of_terms(calendar, level, terms)
            # Of a year that lasts to 9999 nobody waits to hear of each gap.
            found = gaps(calendar, level) if _is_within_bounds(calendar) else ()
            yield from (_problem(CalendarCode.PERIODS_GAP, level, **_bounds(gap)) for gap in found)


def _of_terms(calendar: Calendar, level: Level, terms: Terms) -> Iterator[CalendarProblem]:
    periods, wanted = terms.periods, PERIODS_OF.get(terms.kind)
    if wanted is not None and len(periods) != wanted:
        yield _problem(CalendarCode.PERIOD_COUNT, level, wanted=wanted, count=len(periods))
    in_turn = sorted(periods, key=lambda period: period.span.first)
    if [period.number for period in in_turn] != list(range(1, len(periods) + 1)):
        yield _problem(CalendarCode.PERIOD_NUMBERS, level)
    for period in periods:
        if not calendar.span.covers(period.span):
            yield _problem(CalendarCode.PERIOD_OUTSIDE, level, name=period.name, **_bounds(period.span))
    # Each against the one before it that reaches furthest: of a whole heap every one is named, not every two of it.
    furthest = in_turn[0]
    for other in in_turn[1:]:
        if furthest.span.overlaps(other.span):
            day = day_words(other.span.first)
            yield _problem(CalendarCode.PERIODS_OVERLAP, level, one=furthest.name, other=other.name, day=day)
        furthest = max(furthest, other, key=lambda period: period.span.last)


def gaps(calendar: Calendar, level: Level) -> tuple[Span, ...]:
    """Find the study days of a level's grades that lie in no period; those that follow each other are one span."""
    grades = [grade for grade in GRADES[level] if grade in calendar.week]
    found: list[Span] = []
    joined = False
    for day in calendar.span.days():
        if not any(calendar.is_study_day(day, grade) for grade in grades):
            continue
        if calendar.period_of(day, level) is not None:
            joined = False
        elif joined:
            found[-1] = Span(found[-1].first, day)
        else:
            found.append(Span(day, day))
            joined = True
    return tuple(found)


def _of_days_off(calendar: Calendar) -> Iterator[CalendarProblem]:
    for holiday in calendar.holidays:
        if not calendar.span.covers(holiday.span):
            yield _problem(CalendarCode.HOLIDAY_OUTSIDE, name=holiday.name, **_bounds(holiday.span))
        if not any(holiday.frees(grade) for grade in calendar.week):
            yield _problem(CalendarCode.HOLIDAY_OF_NOBODY, name=holiday.name)
    for day in sorted(calendar.days_off):
        if day not in calendar.span:
            yield _problem(CalendarCode.DAY_OFF_OUTSIDE, day=day_words(day))


def _of_moved(calendar: Calendar, day: date, by: date) -> Iterator[CalendarProblem]:
    words = {"day": day_words(day), "by": day_words(by)}
    wrong = {
        CalendarCode.MOVED_OUTSIDE: day not in calendar.span,
        CalendarCode.MOVED_TO_DAY_OFF: day in calendar.days_off,
        CalendarCode.MOVED_TO_HOLIDAY: _all_free(calendar, day),
        CalendarCode.MOVED_BY_ITSELF: by == day,
        CalendarCode.MOVED_BY_MOVED: by != day and by in calendar.moved,
        CalendarCode.MOVED_BY_SUNDAY: by.isoweekday() == SUNDAY,
    }
    yield from (_problem(code, **words) for code, is_so in wrong.items() if is_so)


def _all_free(calendar: Calendar, day: date) -> bool:
    """Tell whether every grade of the school has holidays on the day."""
    here = [holiday for holiday in calendar.holidays if day in holiday.span]
    return bool(calendar.week) and all(any(holiday.frees(grade) for holiday in here) for grade in calendar.week)
