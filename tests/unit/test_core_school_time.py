"""The school's calendar in each of Russia's eleven time zones."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.school_time import (
    MachineClock,
    SchoolClock,
    at_school,
    end_of_school_date,
    month_of,
    school_date,
    school_year_of_lists,
    school_year_start,
)

ZONES = {
    "Europe/Kaliningrad": 2,
    "Europe/Moscow": 3,
    "Europe/Samara": 4,
    "Asia/Yekaterinburg": 5,
    "Asia/Omsk": 6,
    "Asia/Krasnoyarsk": 7,
    "Asia/Irkutsk": 8,
    "Asia/Yakutsk": 9,
    "Asia/Vladivostok": 10,
    "Asia/Magadan": 11,
    "Asia/Kamchatka": 12,
}
DAY = date(2026, 11, 24)


@pytest.mark.parametrize(("zone", "hours"), ZONES.items())
def test_a_bell_rings_at_the_schools_wall_clock(zone: str, hours: int) -> None:
    rings = at_school(DAY, time(8, 30), zone)
    assert rings == datetime(2026, 11, 24, 8, 30, tzinfo=UTC) - timedelta(hours=hours)
    assert rings.tzinfo is UTC
    assert school_date(rings, zone) == DAY


@pytest.mark.parametrize(("zone", "hours"), ZONES.items())
def test_a_school_day_ends_at_the_schools_midnight(zone: str, hours: int) -> None:
    ends = end_of_school_date(DAY, zone)
    assert ends == datetime(2026, 11, 25, tzinfo=UTC) - timedelta(hours=hours)
    assert school_date(ends - timedelta(microseconds=1), zone) == DAY
    assert school_date(ends, zone) == DAY + timedelta(days=1)


@pytest.mark.parametrize("zone", ZONES)
@given(day=st.dates(date(2024, 1, 1), date(2040, 12, 31)), clock=st.times())
def test_what_rings_on_a_day_is_of_that_day(zone: str, day: date, clock: time) -> None:
    rings = at_school(day, clock, zone)
    assert school_date(rings, zone) == day
    assert end_of_school_date(day - timedelta(days=1), zone) <= rings < end_of_school_date(day, zone)


def test_one_moment_is_two_school_days() -> None:
    moment = datetime(2026, 11, 24, 19, 30, tzinfo=UTC)
    days = {zone: school_date(moment, zone) for zone in ZONES}
    assert days["Europe/Samara"] == DAY
    assert days["Asia/Yekaterinburg"] == DAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "start"),
    [
        (date(2026, 9, 1), date(2026, 9, 1)),
        (date(2026, 8, 31), date(2025, 9, 1)),
        (date(2026, 12, 31), date(2026, 9, 1)),
        (date(2027, 1, 1), date(2026, 9, 1)),
        (date(2028, 2, 29), date(2027, 9, 1)),
    ],
)
def test_the_school_year_begins_on_the_first_of_september(day: date, start: date) -> None:
    assert school_year_start(day) == start


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 9, 1), 2026),
        (date(2027, 1, 1), 2026),
        (date(2027, 6, 30), 2026),
        (date(2027, 7, 1), 2027),
        (date(2027, 8, 31), 2027),
    ],
)
def test_lists_handed_in_in_summer_are_of_the_coming_year(day: date, year: int) -> None:
    assert school_year_of_lists(day) == year


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_day_lies_within_a_year_of_the_start_of_its_school_year(day: date) -> None:
    start = school_year_start(day)
    assert (start.month, start.day) == (9, 1)
    assert start <= day < start.replace(year=start.year + 1)


def test_a_month_is_named_by_its_first_day() -> None:
    assert month_of(date(2026, 11, 30)) == month_of(date(2026, 11, 1)) == date(2026, 11, 1)


def test_the_school_clock_is_moved_and_the_machines_is_not() -> None:
    moment = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)
    moved = SchoolClock(timedelta(days=-2, hours=1), source=lambda: moment)
    assert moved.now() == datetime(2026, 11, 22, 4, 30, tzinfo=UTC)
    machine = MachineClock(source=lambda: moment, monotonic=lambda: 7.0)
    assert (machine.now(), machine.monotonic()) == (moment, 7.0)


def test_both_clocks_show_the_time_of_the_world_unless_told_otherwise() -> None:
    before = datetime.now(UTC)
    shown = (SchoolClock().now(), MachineClock().now())
    assert all(before <= now <= datetime.now(UTC) for now in shown)
    assert all(now.utcoffset() == timedelta() for now in shown)
