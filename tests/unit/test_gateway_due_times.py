"""Quiet times against a slow reading of the wall clock, in every zone of Russia and where clocks are changed."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.events import SchoolSettings
from core.school_time import at_school
from gateway.due_times import Hours, in_loud_hours
from tests.unit import slow_times
from tests.unit.slow_times import (
    CHANGES,
    DAY,
    FAMILY_QUIET,
    MINUTE,
    RUSSIAN,
    STAFF_QUIET,
    clocks,
    first,
    is_quiet,
    moments,
    spans,
    weekdays,
    zones,
)

quiets = st.tuples(clocks, clocks) | st.sampled_from(
    (FAMILY_QUIET, STAFF_QUIET, (time(13), time(14)), (time(), time(6)))
)
hours_of_readers = st.builds(lambda quiet, *rest: Hours(*quiet, *rest), quiets, zones, weekdays)
MINUTES_OF_DAY = 24 * 60
FEW = settings(deadline=None, max_examples=60)


def after(clock: time, minutes: int) -> time:
    """Turn the hands of a clock on."""
    return (datetime.combine(date(2026, 11, 20), clock) + minutes * MINUTE).time()


def quiet(at: datetime, hours: Hours) -> bool:
    return is_quiet(at, (hours.quiet_from, hours.quiet_until), hours.zone, hours.days_off)


def loud(at: datetime, hours: Hours) -> bool:
    return not quiet(at, hours)


@FEW
@given(moments, hours_of_readers)
def test_due_is_the_first_minute_that_is_not_quiet_and_leave_by_the_first_that_is_again(
    moment: datetime, hours: Hours
) -> None:
    timing = in_loud_hours(moment, hours, moment)
    assert timing.not_before == moment
    assert timing.due_at == first(moment, lambda minute: loud(minute, hours))
    if hours.quiet_from == hours.quiet_until and not hours.days_off:
        assert timing.leave_by is None
    else:
        assert timing.leave_by == first(timing.due_at, lambda minute: quiet(minute, hours))


@FEW
@given(moments, hours_of_readers, spans, spans)
def test_looked_at_again_it_stays_until_its_loud_time_is_over_and_then_is_due_in_the_one_that_is_there(
    moment: datetime, hours: Hours, late: timedelta, later: timedelta
) -> None:
    planned, again = in_loud_hours(moment, hours, moment), in_loud_hours(moment, hours, moment + late)
    if planned.leave_by is None or moment + late < planned.leave_by:
        assert again == planned
    assert loud(again.due_at, hours)
    assert again.expires_at == planned.expires_at
    # Never sent further away than whoever looks must wait for the quiet to end.
    assert again.due_at <= max(planned.due_at, first(moment + late, lambda minute: loud(minute, hours)))
    assert again.leave_by is None or again.leave_by > moment + late
    # From one look to the next nothing changes within one loud time, nor is anything due earlier than before.
    third = in_loud_hours(moment, hours, moment + late + later)
    assert third.due_at >= again.due_at
    if again.leave_by is None or moment + late + later < again.leave_by:
        assert third == again


@FEW
@given(moments, clocks, st.integers(1, MINUTES_OF_DAY - 1), st.integers(1, 600), zones, weekdays)
def test_whoever_sleeps_longer_is_told_not_sooner_and_after_a_change_of_hours_and_back_it_is_as_before(
    moment: datetime, begins: time, night: int, more: int, zone: str, days_off: frozenset[int]
) -> None:
    short = Hours(begins, after(begins, night), zone)
    long = Hours(begins, after(begins, min(night + more, MINUTES_OF_DAY - 1)), zone, days_off)
    before, changed = in_loud_hours(moment, short, moment), in_loud_hours(moment, long, moment)
    assert before.due_at <= changed.due_at
    assert before.not_before == changed.not_before
    assert in_loud_hours(moment, short, moment) == before


near_changes = st.tuples(*2 * [st.integers(60, 239).map(lambda minute: time(minute // 60, minute % 60))])


@FEW
@given(
    st.sampled_from(CHANGES),
    st.integers(-30 * 60, 30 * 60),
    quiets | near_changes,
    st.sampled_from((frozenset(), frozenset({7}))),
)
def test_where_clocks_are_changed_it_is_never_quiet_and_never_later_by_more_than_the_change(
    change: tuple[str, date], offset: int, quiet_time: tuple[time, time], days_off: frozenset[int]
) -> None:
    zone, day = change
    begins, ends = (one.hour * 60 + one.minute for one in quiet_time)
    # Whoever may be rung for less than an hour a day may lose it where an hour comes twice: any reading of it is quiet.
    assume(begins == ends or (begins - ends) % MINUTES_OF_DAY >= 60)
    hours = Hours(*quiet_time, zone, days_off)
    moment = at_school(day, time(2), zone) + offset * MINUTE
    due_at = in_loud_hours(moment, hours, moment).due_at
    exact = first(moment, lambda minute: loud(minute, hours))
    assert loud(due_at, hours)
    assert due_at >= exact
    wait = first(exact + timedelta(hours=1), lambda minute: loud(minute, hours))
    assert due_at <= max(exact + timedelta(hours=1), wait)


def test_where_an_hour_comes_twice_or_never_the_quiet_lasts_as_long_as_any_reading_of_the_clock_says() -> None:
    volgograd, magadan = "Europe/Volgograd", "Asia/Magadan"
    # 27 December 2020: at two o'clock it was one again. The quiet until half past one ends when that comes again.
    midnight = at_school(date(2020, 12, 27), time(), volgograd)
    assert in_loud_hours(midnight, Hours(time(22), time(1, 30), volgograd), midnight).due_at == midnight + 150 * MINUTE
    assert Hours(time(1, 30), time(9), volgograd).next_quiet(midnight) == midnight + 90 * MINUTE
    # 24 April 2016: at two o'clock it was three.
    midnight = at_school(date(2016, 4, 24), time(), magadan)
    assert slow_times.shown(midnight + 120 * MINUTE, magadan).time() == time(3)
    three = midnight + 120 * MINUTE
    assert in_loud_hours(three, Hours(time(2, 30), time(9), magadan), three).due_at == midnight + 8 * 60 * MINUTE
    assert in_loud_hours(midnight, Hours(time(22), time(2, 30), magadan), midnight).due_at >= three


@pytest.mark.parametrize("zone", RUSSIAN)
def test_families_are_left_alone_from_nine_to_seven_and_teachers_from_seven_to_half_past_seven(zone: str) -> None:
    family, teacher = Hours(*FAMILY_QUIET, zone), Hours(*STAFF_QUIET, zone)
    evening = at_school(date(2026, 11, 24), time(20, 10), zone)
    assert in_loud_hours(evening, family, evening).due_at == evening
    assert in_loud_hours(evening, family, evening).leave_by == at_school(date(2026, 11, 24), time(21), zone)
    assert in_loud_hours(evening, teacher, evening).due_at == at_school(date(2026, 11, 25), time(7, 30), zone)
    night = at_school(date(2026, 11, 24), time(21), zone)
    assert in_loud_hours(night, family, night).due_at == at_school(date(2026, 11, 25), time(7), zone)


def test_the_schools_default_is_the_quiet_of_families() -> None:
    school = SchoolSettings()
    assert (school.quiet_from, school.quiet_until) == FAMILY_QUIET


def test_a_teachers_weekend_is_quiet_from_friday_evening_to_monday_morning() -> None:
    hours = Hours(*STAFF_QUIET, "Asia/Omsk", frozenset({6, 7}))
    friday = at_school(date(2026, 11, 27), time(19), "Asia/Omsk")
    timing = in_loud_hours(friday, hours, friday)
    assert timing.due_at == at_school(date(2026, 11, 30), time(7, 30), "Asia/Omsk")
    assert timing.leave_by == at_school(date(2026, 11, 30), time(19), "Asia/Omsk")


def test_a_day_off_is_quiet_even_where_no_hours_are() -> None:
    hours = Hours(time(), time(), "Europe/Moscow", frozenset({7}))
    saturday = at_school(date(2026, 11, 28), time(23, 59), "Europe/Moscow")
    assert in_loud_hours(saturday, hours, saturday).due_at == saturday
    assert in_loud_hours(saturday, hours, saturday).leave_by == saturday + MINUTE
    assert in_loud_hours(saturday + MINUTE, hours, saturday + MINUTE).due_at == saturday + MINUTE + DAY


def test_what_could_not_leave_before_a_day_off_is_due_since_its_end_even_days_later() -> None:
    zone = "Europe/Moscow"
    hours = Hours(time(), time(), zone, frozenset({7}))
    saturday = at_school(date(2026, 11, 28), time(12), zone)
    timing = in_loud_hours(saturday, hours, at_school(date(2026, 12, 5), time(12), zone))
    assert timing.due_at == at_school(date(2026, 11, 30), time(), zone)


@pytest.mark.parametrize("days_off", [range(1, 8), [0], [8]])
def test_a_week_without_a_loud_day_or_with_days_that_none_has_is_refused(days_off: range) -> None:
    with pytest.raises(ValueError, match="days off"):
        Hours(time(21), time(7), "Europe/Moscow", frozenset(days_off))


def test_what_missed_its_evening_is_due_since_the_morning_however_often_it_is_looked_at() -> None:
    hours = Hours(*FAMILY_QUIET, "Asia/Kamchatka")
    evening = datetime(2026, 11, 24, 8, 50, tzinfo=UTC)
    morning = datetime(2026, 11, 24, 19, tzinfo=UTC)
    assert slow_times.shown(morning, "Asia/Kamchatka").time() == time(7)
    seen = {in_loud_hours(evening, hours, morning + late * MINUTE) for late in range(-610, 14 * 60)}
    assert {timing.due_at for timing in seen} == {evening, morning}
