"""When a message is due, how long it waits after a failure, how fast a credential sends."""

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.school_time import at_school, end_of_school_date
from gateway import due_times
from gateway.due_times import CORRECTION_LIVES, LATE_ENTRY_LIVES
from gateway.pacing import MOMENT, Pacer
from gateway.retry import FIRST, LONGEST, TRIES, URGENT_TRIES, backoff

ZONES = ("Asia/Kamchatka", "Europe/Kaliningrad", "Europe/Moscow", "Asia/Yekaterinburg", "Asia/Vladivostok")
DAY = date(2026, 10, 20)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("zone", ZONES)
def test_news_wait_out_the_undo_window_and_live_to_the_end_of_the_schools_day(zone: str) -> None:
    entered = at_school(DAY, datetime(2026, 10, 20, 8, 40).time(), zone)  # noqa: DTZ001 - a wall clock in that zone
    timing = due_times.news(entered, timedelta(seconds=60), DAY, zone)
    assert timing.not_before == timing.due_at == entered + timedelta(seconds=60)
    assert timing.expires_at == datetime(2026, 10, 21, tzinfo=ZoneInfo(zone))
    assert timing.expires_at.utcoffset() == timedelta()


@pytest.mark.parametrize(
    ("zone", "end"),
    [
        ("Asia/Kamchatka", datetime(2026, 10, 20, 12, tzinfo=UTC)),
        ("Europe/Kaliningrad", datetime(2026, 10, 20, 22, tzinfo=UTC)),
    ],
)
def test_a_school_day_ends_at_its_own_midnight(zone: str, end: datetime) -> None:
    in_time = due_times.news(end - 2 * SECOND, SECOND, DAY, zone)
    assert in_time.expires_at == end
    late = due_times.news(end - SECOND, SECOND, DAY, zone)
    assert late.expires_at == end + LATE_ENTRY_LIVES


@settings(deadline=None)
@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds are naive
    st.integers(0, 3600),
    st.dates(date(2025, 1, 1), date(2030, 1, 1)),
    st.sampled_from(ZONES),
)
def test_no_news_are_over_before_they_are_due(occurred: datetime, undo: int, day: date, zone: str) -> None:
    timing = due_times.news(occurred, timedelta(seconds=undo), day, zone)
    assert occurred <= timing.not_before <= timing.due_at < timing.expires_at
    assert timing.due_at - occurred == timedelta(seconds=undo)
    assert timing.expires_at >= end_of_school_date(day, zone)


def test_a_correction_does_not_wait() -> None:
    at = datetime(2026, 10, 20, 3, 40, tzinfo=UTC)
    timing = due_times.correction(at)
    assert (timing.not_before, timing.due_at, timing.expires_at) == (at, at, at + CORRECTION_LIVES)


@settings(deadline=None)
@given(st.integers(-3, 10_000), st.floats(0, 1, exclude_max=True))
def test_a_pause_is_never_nothing_and_never_endless(attempts: int, jitter: float) -> None:
    # Not more than half of the first: of a jitter next to 1 microseconds are all that is left.
    assert FIRST / 2 <= backoff(attempts, jitter) <= LONGEST


def test_without_jitter_pauses_double_up_to_the_longest() -> None:
    pauses = [backoff(attempts, 0.0) for attempts in range(1, TRIES)]
    assert pauses[0] == FIRST
    assert pauses == sorted(pauses)
    assert all(later in (2 * earlier, LONGEST) for earlier, later in itertools.pairwise(pauses))
    assert timedelta(minutes=15) < sum(pauses, timedelta()) < timedelta(minutes=45)
    assert timedelta(minutes=4) < sum(pauses[: URGENT_TRIES - 1], timedelta()) < timedelta(minutes=5)


@settings(deadline=None)
@given(st.integers(1, 20), st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True))
def test_jitter_takes_off_half_at_most(attempts: int, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert backoff(attempts, high) <= backoff(attempts, low) <= 2 * backoff(attempts, high)


def test_a_pacer_starts_empty_and_says_how_long_to_wait() -> None:
    pacer = Pacer(rate=8, since=100.0)
    assert pacer.available(100.0) == 0
    assert pacer.wait() == 0.125
    assert pacer.available(100.125) == 1
    pacer.take(1)
    assert pacer.available(100.1875) == 0
    assert pacer.wait() == 0.0625


def test_whoever_waits_for_a_message_never_turns_on_the_spot() -> None:
    pacer = Pacer(rate=30, since=0.0)
    assert pacer.available(0.03333333333333332) == 0, "a ten-billionth of a message is lacking"
    assert pacer.wait() == MOMENT
    assert pacer.available(0.03333333333333332 + MOMENT) == 1


def test_after_a_long_pause_no_more_than_a_seconds_worth_leaves_at_once() -> None:
    pacer = Pacer(rate=25, since=0.0)
    assert pacer.available(3600.0) == 25
    pacer.take(25)
    assert pacer.available(3600.0) == 0


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.999])
def test_a_rate_below_one_a_second_sends_nevertheless(rate: float) -> None:
    pacer = Pacer(rate=rate, since=0.0)
    assert pacer.available(0.5 / rate) == 0
    assert pacer.available(1.001 / rate) == 1
    pacer.take(1)
    assert pacer.wait() == pytest.approx(1 / rate, rel=0.01)


@settings(deadline=None)
@given(
    st.floats(0.1, 100),
    st.lists(st.tuples(st.floats(0, 5), st.integers(0, 60)), min_size=1, max_size=60),
)
def test_no_window_holds_more_than_its_length_allows_and_a_seconds_worth(
    rate: float, steps: list[tuple[float, int]]
) -> None:
    pacer, now = Pacer(rate, 0.0), 0.0
    sent: list[tuple[float, int]] = []
    for pause, wish in steps:
        now += pause
        count = min(wish, pacer.available(now))
        pacer.take(count)
        sent.append((now, count))
    for first, (begin, _) in enumerate(sent):
        total = 0
        for at, count in sent[first:]:
            total += count
            assert total <= rate * (at - begin) + max(1.0, rate) + 1e-6
    assert sum(count for _, count in sent) <= rate * now + 1e-6
