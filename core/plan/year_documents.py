"""Calendar and bells as they are kept in the database: each one JSON document, and back.

What is read back was judged before it was kept; a document that cannot be read is damage, and raises.
"""

from collections.abc import Mapping, Sequence
from datetime import date, time
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter

from core.year.bells import Bell, BellSchedule
from core.year.calendar import Calendar, Holiday, Level, Period, PeriodKind, StudyWeek, Terms
from core.year.span import Hours, Span


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Period(_Document):
    number: int
    name: str
    first: date
    last: date


class _Terms(_Document):
    kind: PeriodKind
    periods: tuple[_Period, ...]


class _Holiday(_Document):
    name: str
    first: date
    last: date
    grades: tuple[int, ...] | None


class _Calendar(_Document):
    first: date
    last: date
    terms: dict[Level, _Terms]
    week: dict[int, StudyWeek]
    holidays: tuple[_Holiday, ...]
    days_off: tuple[date, ...]
    moved: dict[date, date]


class _Bell(_Document):
    number: int
    starts: time
    ends: time


class _Schedule(_Document):
    name: str
    shift: int
    bells: tuple[_Bell, ...]
    grades: tuple[int, ...] | None
    weekdays: tuple[int, ...] | None


_BELLS: TypeAdapter[tuple[_Schedule, ...]] = TypeAdapter(tuple[_Schedule, ...])


def of_calendar(calendar: Calendar) -> dict[str, Any]:
    """Write a calendar down; its year stands beside it in the row. Equal calendars give equal documents."""
    kept = _Calendar(
        first=calendar.span.first,
        last=calendar.span.last,
        terms={level: _of_terms(terms) for level, terms in sorted(calendar.terms.items())},
        week=dict(sorted(calendar.week.items())),
        holidays=tuple(_of_holiday(holiday) for holiday in calendar.holidays),
        days_off=tuple(sorted(calendar.days_off)),
        moved=dict(sorted(calendar.moved.items())),
    )
    return kept.model_dump(mode="json")


def calendar_of(year: int, document: Mapping[str, Any]) -> Calendar:
    """Read a calendar. Raises ``pydantic.ValidationError``."""
    kept = _Calendar.model_validate(document)
    return Calendar(
        year=year,
        span=Span(kept.first, kept.last),
        terms=MappingProxyType({level: _terms(terms) for level, terms in kept.terms.items()}),
        week=MappingProxyType(kept.week),
        holidays=tuple(_holiday(holiday) for holiday in kept.holidays),
        days_off=frozenset(kept.days_off),
        moved=MappingProxyType(kept.moved),
    )


def of_bells(schedules: Sequence[BellSchedule]) -> list[Any]:
    """Write bells down, in the order in which they hold."""
    written: list[Any] = _BELLS.dump_python(tuple(_of_schedule(one) for one in schedules), mode="json")
    return list(written)


def bells_of(document: Sequence[Any]) -> tuple[BellSchedule, ...]:
    """Read bells. Raises ``pydantic.ValidationError``."""
    return tuple(
        BellSchedule(
            name=one.name,
            shift=one.shift,
            bells=tuple(Bell(bell.number, Hours(bell.starts, bell.ends)) for bell in one.bells),
            grades=_set(one.grades),
            weekdays=_set(one.weekdays),
        )
        for one in _BELLS.validate_python(document)
    )


def _of_terms(terms: Terms) -> _Terms:
    periods = tuple(
        _Period(number=one.number, name=one.name, first=one.span.first, last=one.span.last) for one in terms.periods
    )
    return _Terms(kind=terms.kind, periods=periods)


def _terms(kept: _Terms) -> Terms:
    return Terms(kept.kind, tuple(Period(one.number, one.name, Span(one.first, one.last)) for one in kept.periods))


def _of_holiday(holiday: Holiday) -> _Holiday:
    span = holiday.span
    return _Holiday(name=holiday.name, first=span.first, last=span.last, grades=_in_turn(holiday.grades))


def _holiday(kept: _Holiday) -> Holiday:
    return Holiday(kept.name, Span(kept.first, kept.last), _set(kept.grades))


def _of_schedule(schedule: BellSchedule) -> _Schedule:
    return _Schedule(
        name=schedule.name,
        shift=schedule.shift,
        bells=tuple(
            _Bell(number=bell.number, starts=bell.hours.starts, ends=bell.hours.ends) for bell in schedule.bells
        ),
        grades=_in_turn(schedule.grades),
        weekdays=_in_turn(schedule.weekdays),
    )


def _in_turn(numbers: frozenset[int] | None) -> tuple[int, ...] | None:
    return None if numbers is None else tuple(sorted(numbers))


def _set(numbers: tuple[int, ...] | None) -> frozenset[int] | None:
    return None if numbers is None else frozenset(numbers)
