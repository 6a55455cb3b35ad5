"""The gate's part of the simulation: three hundred crash runs, replay, and each planted bug near its first seed."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import URL

from tests.simulation.effects import Blow
from tests.simulation.machine import Machine, machine
from tests.simulation.plants import PLANTS, planted
from tests.simulation.run import Scenario, scenario_of, shrink, simulate
from tests.simulation.school import School

RUNS = 300
BATCH = 25
"""Runs of one test: some ten seconds, so that workers share them evenly."""
REPLAYED = 4
BEFORE = datetime(2026, 10, 19, 3, 40, tzinfo=UTC)
"""The day before all runs: what every run begins with is planned then."""
FREEZES = (Blow.FREEZE_BEFORE, Blow.FREEZE_AFTER)
NEAR = {
    "checkpoint before send": 3,
    "deferral forgotten": 3,
    "rights not re-checked at the claim": 3,
    "double claim": 10,
    "digest split": 29,
    "last-id poller": 9,
    "correction beside fan-out without the lock": 11,
    "lease without epoch": 11,
    "SMS re-sent after unknown": 67,
    "undo overtaken": 10,
    "outage is an end": 137,
}
"""The seed at which each bug was found last. Another order of effects moves it: then it is looked for from there on."""
LOOKED_AT = 40

type Record = Callable[[str, object], None]


@pytest.fixture
def world(database_url: URL) -> Iterator[Machine]:
    """A machine on which runs may follow each other."""
    with machine(database_url, School(BEFORE)) as made:
        yield made


@pytest.mark.parametrize("first", range(0, RUNS, BATCH))
def test_no_crash_breaks_a_promise(world: Machine, first: int, record_property: Record) -> None:
    began = time.monotonic()
    struck = told = 0
    for seed in range(first, first + BATCH):
        result = simulate(world, scenario_of(seed))
        assert not result.violations, f"seed {seed}: {result.violations}\n{result.scenario}"
        struck += result.struck
        told += result.posts
    assert struck > BATCH // 2  # faults do strike
    assert told > BATCH  # and there is something to be struck
    record_property("figure", f"simulation: runs {first:>3}…, {BATCH / (time.monotonic() - began):.1f} a second")


def test_no_crash_breaks_a_promise_to_whoever_wants_a_duplicate_by_letter(database_url: URL) -> None:
    copies = told = 0
    with machine(database_url, School(BEFORE), copies=True) as world:
        for seed in range(BATCH):
            result = simulate(world, scenario_of(seed))
            assert not result.violations, f"seed {seed}: {result.violations}\n{result.scenario}"
            copies += world.count("SELECT count(*) FROM gateway.delivery WHERE purpose = 'copy'")
            told += world.count("SELECT count(*) FROM gateway.delivery WHERE purpose = 'copy' AND told IS NOT NULL")
    assert copies > BATCH // 2
    assert told > BATCH // 4


def test_whoever_others_hang_on_goes_on(world: Machine) -> None:
    """A statement held back behind one like it, whose own transaction was what that one hung on: for ever."""
    assert not simulate(world, scenario_of(104_311)).violations


def test_a_request_that_waited_out_its_lease_does_not_leave(world: Machine) -> None:
    """A courier stood still between its place for a request and the request, while another took over and sent news."""
    assert not simulate(world, scenario_of(107_559)).violations


def test_a_tenth_of_the_runs_has_two_gateways_one_of_them_frozen() -> None:
    scenarios = [scenario_of(seed) for seed in range(RUNS)]
    frozen = [one for one in scenarios if any(fault.blow in FREEZES for fault in one.faults)]
    assert len(frozen) >= RUNS // 10
    assert all(one.gateways == 2 for one in frozen)


def test_a_seed_replays_identically(world: Machine) -> None:
    first = [simulate(world, scenario_of(seed)).log for seed in range(REPLAYED)]
    assert first == [simulate(world, scenario_of(seed)).log for seed in range(REPLAYED)]


@pytest.mark.parametrize("names", [tuple(PLANTS)[:5], tuple(PLANTS)[5:10], tuple(PLANTS)[10:]])
def test_planted_bugs_are_found(world: Machine, names: tuple[str, ...], record_property: Record) -> None:
    for name in names:
        with planted(name):
            seeds = range(NEAR[name], NEAR[name] + LOOKED_AT)
            found = next((seed for seed in seeds if simulate(world, scenario_of(seed)).violations), None)
        assert found is not None, name
        record_property("figure", f"planted: {name}: seed {found}")


def test_a_planted_bug_is_shrunk(world: Machine) -> None:
    def fails(scenario: Scenario) -> bool:
        return any(one.startswith("twice") for one in simulate(world, scenario).violations)

    with planted("double claim"):
        found = next(scenario_of(seed) for seed in range(LOOKED_AT) if fails(scenario_of(seed)))
        small = shrink(fails, found)
        assert fails(small)
    assert len(small.steps) <= len(found.steps)
    assert len(small.faults) <= len(found.faults)
    assert not fails(small)  # without the bug nothing is wrong
