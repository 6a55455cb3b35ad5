"""On which days a week of learning is asked for and told: once a week, on the eve of a rest that has its evening."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from gateway.learning import days_due, is_told_on
from gateway.school_days import LONGEST_SILENCE, Rest, calendar_of

SATURDAY = date(2026, 10, 24)
DAYS = [SATURDAY + timedelta(days=number) for number in range(-7, 60)]


def told(weekday: int, *rests: Rest) -> list[date]:
    return [day for day in DAYS if is_told_on(day, weekday, calendar_of(rests))]


@pytest.mark.parametrize("weekday", range(1, 8))
def test_without_a_rest_every_week_is_told_on_its_day(weekday: int) -> None:
    found = told(weekday)
    assert {day.isoweekday() for day in found} == {weekday}
    assert len(found) in (9, 10)


def test_a_week_whose_evening_falls_into_a_rest_is_told_on_its_eve() -> None:
    holidays = Rest(date(2026, 10, 30), date(2026, 11, 8))
    found = told(6, holidays)
    assert found[:4] == [SATURDAY - timedelta(days=7), SATURDAY, date(2026, 10, 29), date(2026, 11, 14)]


@pytest.mark.parametrize("weekday", range(1, 8))
def test_of_no_week_two_are_told(weekday: int) -> None:
    found = told(weekday, Rest(date(2026, 11, 2), date(2026, 11, 4)), Rest(date(2026, 11, 26), date(2026, 11, 26)))
    assert all((other - one).days >= 4 for one, other in pairwise(found))


def test_in_a_rest_nothing_is_told_unless_it_is_as_long_as_a_summer() -> None:
    short, summer = (Rest(SATURDAY, SATURDAY + timedelta(days=days)) for days in (8, LONGEST_SILENCE))
    assert not is_told_on(SATURDAY + timedelta(days=7), 6, calendar_of([short]))
    assert is_told_on(SATURDAY + timedelta(days=7), 6, calendar_of([summer]))


@pytest.mark.parametrize(
    ("hour", "minute", "days"),
    [
        (10, 29, [date(2026, 10, 23)]),
        (10, 30, [date(2026, 10, 23), SATURDAY]),
        (18, 59, [date(2026, 10, 23), SATURDAY]),
    ],
)
def test_a_day_is_due_from_half_past_three_by_its_schools_clock_and_all_the_next(
    hour: int, minute: int, days: list[date]
) -> None:
    assert list(days_due(datetime(2026, 10, 24, hour, minute, tzinfo=UTC), "Asia/Yekaterinburg")) == days
