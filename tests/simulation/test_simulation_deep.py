"""The long runs: ten thousand crash runs, fifty replays, every planted bug with its first seed."""

import os
import time

import pytest

from tests.simulation.machine import Machine
from tests.simulation.plants import PLANTS, planted
from tests.simulation.run import scenario_of, simulate
from tests.simulation.test_simulation import Record, world

pytestmark = [pytest.mark.deep, pytest.mark.timeout(1800)]
RUNS = int(os.environ.get("SIMULATION_RUNS", "10000"))
BATCH = 100
"""Runs on one machine: the dead are never collected, and workers that end together waste no time."""
REPLAYED = 50
SEEDS = 300
"""Within so many seeds each planted bug must be found."""
__all__ = ["world"]


@pytest.mark.parametrize("first", range(100_000, 100_000 + RUNS, BATCH))
def test_no_crash_breaks_a_promise(world: Machine, first: int, record_property: Record) -> None:
    began, broken = time.monotonic(), {}
    seeds = range(first, min(first + BATCH, 100_000 + RUNS))
    for seed in seeds:
        if violations := simulate(world, scenario_of(seed)).violations:
            broken[seed] = violations
    seconds = time.monotonic() - began
    record_property("figure", f"simulation: {len(seeds)} runs from {first}, {len(seeds) / seconds:.1f} a second")
    assert not broken


def test_fifty_seeds_replay_identically(world: Machine, record_property: Record) -> None:
    seeds = range(200_000, 200_000 + REPLAYED)
    first = {seed: simulate(world, scenario_of(seed)).log for seed in seeds}
    same = [seed for seed in seeds if simulate(world, scenario_of(seed)).log == first[seed]]
    record_property("figure", f"simulation: {len(same)} of {REPLAYED} replays identical")
    assert len(same) == REPLAYED


@pytest.mark.parametrize("name", PLANTS)
def test_a_planted_bug_is_found(world: Machine, name: str, record_property: Record) -> None:
    with planted(name):
        found = next((seed for seed in range(SEEDS) if simulate(world, scenario_of(seed)).violations), None)
    record_property("figure", f"planted: {name}: first seed {found}")
    assert found is not None
