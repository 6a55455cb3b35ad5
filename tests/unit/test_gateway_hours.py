"""Quiet hours and evening letters, in every zone: never in the quiet, never before the event, always the same."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.due_times import Hours, in_loud_hours
from gateway.school_days import Evenings, Rhythm
from tests.unit.gateway_cases import in_daily_letter

ZONES = (
    "Europe/Kaliningrad",
    "Europe/Moscow",
    "Europe/Samara",
    "Asia/Yekaterinburg",
    "Asia/Omsk",
    "Asia/Krasnoyarsk",
    "Asia/Irkutsk",
    "Asia/Yakutsk",
    "Asia/Vladivostok",
    "Asia/Magadan",
    "Asia/Kamchatka",
)
moments = st.datetimes(datetime(2026, 8, 30), datetime(2027, 6, 1), timezones=st.just(UTC))  # noqa: DTZ001 - made aware
clocks = st.times().map(lambda at: at.replace(second=0, microsecond=0))
zones = st.sampled_from(ZONES)


def quiet(at: datetime, hours: Hours) -> bool:
    """Say by the wall clock alone whether a moment is quiet."""
    clock = at.astimezone(ZoneInfo(hours.zone)).time()
    if hours.quiet_from <= hours.quiet_until:
        return hours.quiet_from <= clock < hours.quiet_until
    return clock >= hours.quiet_from or clock < hours.quiet_until


@given(moments, clocks, clocks, zones, st.timedeltas(timedelta(), timedelta(days=3)))
def test_what_is_not_urgent_is_due_outside_the_quiet_and_may_leave_until_the_next_one(
    moment: datetime, quiet_from: time, quiet_until: time, zone: str, late: timedelta
) -> None:
    hours = Hours(quiet_from, quiet_until, zone)
    timing = in_loud_hours(moment, hours, moment + late)
    assert timing.due_at >= timing.not_before == moment
    assert not quiet(timing.due_at, hours)
    if quiet_from == quiet_until:
        assert (timing.due_at, timing.leave_by) == (moment, None)
        return
    assert timing.leave_by is not None
    assert timing.leave_by > moment + late
    assert quiet(timing.leave_by, hours)
    assert (
        not quiet(timing.leave_by - timedelta(seconds=1), hours)
        or timing.leave_by - timedelta(seconds=1) < timing.due_at
    )
    assert in_loud_hours(moment, hours, timing.due_at) == timing or timing.due_at < moment + late


@given(moments, st.integers(16, 20), zones, st.timedeltas(timedelta(), timedelta(days=2)))
def test_a_letter_leaves_at_its_hour_on_the_first_evening_after_the_event(
    moment: datetime, hour: int, zone: str, late: timedelta
) -> None:
    slot = Evenings(zone).slot_after(moment, Rhythm(time(hour)))
    local = slot.astimezone(ZoneInfo(zone))
    assert (local.hour, local.minute, local.second) == (hour, 0, 0)
    assert moment <= slot < moment + timedelta(days=1)
    hours = Hours(time(21), time(7), zone)
    timing = in_daily_letter(moment, hour, hours, moment + late)
    assert timing.slot == slot
    assert timing.due_at >= slot
    assert not quiet(timing.due_at, hours)


@pytest.mark.parametrize("zone", ZONES)
def test_nine_in_the_evening_is_quiet_and_seven_in_the_morning_is_not(zone: str) -> None:
    hours = Hours(time(21), time(7), zone)
    evening = datetime.combine(date(2026, 10, 20), time(21), ZoneInfo(zone))
    timing = in_loud_hours(evening.astimezone(UTC), hours, evening.astimezone(UTC))
    assert timing.due_at == datetime.combine(date(2026, 10, 21), time(7), ZoneInfo(zone))
    just_before = (evening - timedelta(seconds=1)).astimezone(UTC)
    assert in_loud_hours(just_before, hours, just_before).due_at == just_before
