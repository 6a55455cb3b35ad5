"""The clock that people move: forwards only, one school year, never back over what was lived."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zvonok.installation import installation
from zvonok.sandbox.moved_clock import PROMISED_AHEAD, ClockRefusedError, MovedClock, kept_moment
from zvonok.settings import read_settings
from zvonok.trouble import InstallationError

FIRST = datetime(2026, 9, 8, 3, 31, tzinfo=UTC)
LAST = datetime(2027, 5, 31, 15, tzinfo=UTC)


class Seconds:
    """A monotonic clock that stands until it is moved."""

    def __init__(self) -> None:
        self.passed = 0.0

    def __call__(self) -> float:
        return self.passed


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


def opened(folder: Path, seconds: Seconds) -> MovedClock:
    return MovedClock(folder / "clock", FIRST, LAST, monotonic=seconds)


def test_it_begins_at_the_first_bell_and_runs(tmp_path: Path, seconds: Seconds) -> None:
    clock = opened(tmp_path, seconds)
    assert clock.now() == FIRST
    seconds.passed += 90
    assert clock.now() == FIRST + timedelta(seconds=90)
    assert clock.school_clock().now() == clock.now()


def test_moved_it_tells_whoever_watches_and_goes_on_from_there(tmp_path: Path, seconds: Seconds) -> None:
    clock = opened(tmp_path, seconds)
    told: list[datetime] = []
    clock.on_move(lambda: told.append(clock.now()))
    there = FIRST + timedelta(days=1)
    clock.move_to(there)
    seconds.passed += 5
    assert told == [there]
    assert clock.now() == there + timedelta(seconds=5)


@pytest.mark.parametrize(
    ("at", "why"),
    [(FIRST - timedelta(seconds=1), "только вперёд"), (LAST + timedelta(seconds=1), "учебный год кончается")],
)
def test_it_goes_neither_back_nor_out_of_the_school_year(
    tmp_path: Path, seconds: Seconds, at: datetime, why: str
) -> None:
    clock = opened(tmp_path, seconds)
    with pytest.raises(ClockRefusedError, match=why):
        clock.move_to(at)
    assert clock.now() == FIRST


def test_at_the_end_of_the_school_year_it_stands_still(tmp_path: Path, seconds: Seconds) -> None:
    clock = opened(tmp_path, seconds)
    clock.move_to(LAST)
    seconds.passed += 3600
    assert clock.now() == LAST


def test_closed_the_next_one_goes_on_from_the_same_moment(tmp_path: Path, seconds: Seconds) -> None:
    clock = opened(tmp_path, seconds)
    seconds.passed += 7
    clock.close()
    seconds.passed += 100_000
    assert opened(tmp_path, seconds).now() == FIRST + timedelta(seconds=7)


@given(st.lists(st.one_of(st.floats(0, 5000), st.timedeltas(timedelta(), timedelta(days=9))), max_size=20))
def test_killed_at_any_moment_nothing_is_ever_lived_twice(
    tmp_path_factory: pytest.TempPathFactory, walk: list[float | timedelta]
) -> None:
    folder, seconds = tmp_path_factory.mktemp("walk"), Seconds()
    clock = opened(folder, seconds)
    lived = clock.now()
    for step in walk:
        if isinstance(step, timedelta):
            clock.move_to(clock.now() + step)
        else:
            seconds.passed += step
        lived = clock.now()
        kept = kept_moment(folder / "clock")
        assert kept is not None
        assert lived < kept <= lived + PROMISED_AHEAD
    assert opened(folder, seconds).now() > lived


async def test_outside_the_sandbox_nobody_brings_a_clock(tmp_path: Path, seconds: Seconds) -> None:
    settings = read_settings(_env_file=None, data=tmp_path, sandbox=False)
    clock = opened(tmp_path, seconds).school_clock()
    with pytest.raises(InstallationError, match="только в песочнице"):
        async with installation(settings, school_clock=clock):
            raise AssertionError("a real school's clock was moved")
