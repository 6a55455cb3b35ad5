"""Calendars and bells survive being written down, and equal ones are written alike."""

import json
from datetime import date, time, timedelta
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from core.plan import stored_years, year_documents
from core.refusals import Refusal
from core.year.bells import Bell, BellSchedule
from core.year.calendar import Calendar, Holiday, Level, Period, PeriodKind, StudyWeek, Terms
from core.year.span import Hours, Span
from tests.unit.year_cases import calendar

DAYS = st.dates(date(2026, 8, 1), date(2027, 8, 31))
NAMES = st.text(min_size=1, max_size=20)
GRADE_SETS = st.none() | st.frozensets(st.integers(0, 11), min_size=1)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    first = draw(DAYS)
    return Span(first, first + timedelta(days=draw(st.integers(0, 300))))


@st.composite
def all_terms(draw: st.DrawFn) -> Terms:
    found = draw(st.lists(st.tuples(NAMES, spans()), max_size=4))
    periods = tuple(Period(number, name, span) for number, (name, span) in enumerate(found, 1))
    return Terms(draw(st.sampled_from(PeriodKind)), periods)


@st.composite
def hours(draw: st.DrawFn) -> Hours:
    first, last = sorted(draw(st.lists(st.integers(0, 24 * 60 - 1), min_size=2, max_size=2, unique=True)))
    return Hours(time(*divmod(first, 60)), time(*divmod(last, 60)))


CALENDARS = st.builds(
    Calendar,
    year=st.just(2026),
    span=spans(),
    terms=st.dictionaries(st.sampled_from(Level), all_terms()),
    week=st.dictionaries(st.integers(0, 11), st.sampled_from(StudyWeek)),
    holidays=st.lists(st.builds(Holiday, NAMES, spans(), GRADE_SETS), max_size=4).map(tuple),
    days_off=st.frozensets(DAYS, max_size=6),
    moved=st.dictionaries(DAYS, DAYS, max_size=4),
)
SCHEDULES = st.builds(
    BellSchedule,
    name=NAMES,
    shift=st.integers(1, 3),
    bells=st.lists(st.builds(Bell, st.integers(0, 19), hours()), max_size=8).map(tuple),
    grades=GRADE_SETS,
    weekdays=st.none() | st.frozensets(st.integers(1, 7), min_size=1),
)


@given(CALENDARS)
@settings(deadline=None, max_examples=50)
def test_a_calendar_is_read_as_it_was_written(written: Calendar) -> None:
    document = json.loads(json.dumps(year_documents.of_calendar(written)))
    assert year_documents.calendar_of(2026, document) == written


@given(CALENDARS)
@settings(deadline=None, max_examples=50)
def test_equal_calendars_are_written_alike(one: Calendar) -> None:
    turned = Calendar(
        year=one.year,
        span=one.span,
        terms=MappingProxyType(dict(reversed(list(one.terms.items())))),
        week=dict(reversed(list(one.week.items()))),
        holidays=one.holidays,
        days_off=frozenset(sorted(one.days_off, reverse=True)),
        moved=dict(reversed(list(one.moved.items()))),
    )
    assert json.dumps(year_documents.of_calendar(turned)) == json.dumps(year_documents.of_calendar(one))


@given(st.lists(SCHEDULES, max_size=4))
@settings(deadline=None, max_examples=50)
def test_bells_are_read_as_they_were_written(written: list[BellSchedule]) -> None:
    document = json.loads(json.dumps(year_documents.of_bells(written)))
    assert year_documents.bells_of(document) == tuple(written)


def test_a_damaged_document_is_no_calendar() -> None:
    document = year_documents.of_calendar(calendar())
    for damaged in ({**document, "week": {"5": 7}}, {**document, "more": 1}, {}):
        with pytest.raises(ValidationError):
            year_documents.calendar_of(2026, damaged)
    with pytest.raises(Refusal):
        year_documents.calendar_of(2026, {**document, "last": "2026-08-01"})


def test_a_school_that_has_set_nothing_is_planned_for_every_grade_and_day_but_sundays() -> None:
    found = stored_years.undeclared(2026)
    assert (found.span.first, found.span.last) == (date(2026, 9, 1), date(2027, 8, 31))
    for grade in range(12):
        assert found.is_study_day(date(2026, 9, 5), grade)
        assert not found.is_study_day(date(2026, 9, 6), grade)
