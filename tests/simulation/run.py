"""One run: a scenario from a seed, the faults that strike it, the calm at its end, and the oracle's judgement."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from tests.simulation.effects import Blow, Fault, Kind
from tests.simulation.history import Recorder
from tests.simulation.machine import Machine
from tests.simulation.oracle import Judged, judge
from tests.simulation.school import School
from tests.simulation.steps import DOINGS, Step
from tests.simulation.turnstile import Turnstile
from tests.simulation.wire import Provider, Weather
from tests.simulation.world import World

BEGINNINGS = (
    datetime(2026, 10, 20, 3, 40, tzinfo=UTC),  # 8:40 in Yekaterinburg
    datetime(2026, 10, 20, 7, 10, tzinfo=UTC),
    datetime(2026, 10, 20, 12, 58, tzinfo=UTC),  # two minutes before the evening letters
    datetime(2026, 10, 20, 15, 59, tzinfo=UTC),  # a minute before the quiet
    datetime(2026, 10, 20, 1, 58, 30, tzinfo=UTC),  # just before it ends
)
BLOWS = (
    (4, Blow.DIE_BEFORE),
    (4, Blow.DIE_AFTER),
    (2, Blow.LOST_BEFORE),
    (3, Blow.LOST_AFTER),
    (2, Blow.SLOW),
)
CALM_TURNS = 60
"""In so many turns without faults everything must be at rest."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """Everything that a run is made of, beside the seed of its order."""

    seed: int
    began: datetime
    gateways: int
    weather: float
    """From nought, calm, upwards."""
    steps: tuple[Step, ...]
    faults: tuple[Fault, ...]
    really_close: bool
    lingers: float = 0.0
    """Seconds after the last step for which things may still go wrong: what was stated becomes due in them."""
    sms: bool = False
    """Mail plays a channel on which nothing of unknown outcome is ever sent again."""

    def limits(self) -> dict[str, int]:
        """How often the same message may reach its reader, if nobody knew whether it had."""
        return {"telegram": 2, "mail": 1 if self.sms else 2}


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a run."""

    scenario: Scenario
    violations: tuple[str, ...]
    log: tuple[Any, ...]
    posts: int
    struck: int
    effects: int
    summary: dict[str, int] = field(default_factory=dict)


def scenario_of(seed: int) -> Scenario:
    """Draw a scenario."""
    chance = random.Random(f"scenario {seed}")  # noqa: S311 - nothing secret
    names = list(DOINGS)
    weights = [weight for weight, _ in DOINGS.values()]
    steps = [Step(0.0, chance.choice(("absent", "absent", "undo", "mark", "remark", "notice")), chance.getrandbits(32))]
    steps += [
        Step(
            chance.choice((0.0, 0.01, 0.05, 0.3, 2.0, 9.0, UNDO_GAP)),
            chance.choices(names, weights)[0],
            chance.getrandbits(32),
        )
        for _ in range(chance.randint(1, 5))
    ]
    apart = random.Random(f"away {seed}")  # noqa: S311 - nothing secret
    if apart.random() < AWAY:
        steps.insert(apart.randint(1, len(steps)), Step(0.3, "away", apart.getrandbits(32)))
    frozen = chance.random() < FROZEN
    return Scenario(
        seed=seed,
        began=chance.choices(BEGINNINGS, (5, 2, 2, 1, 1))[0],
        gateways=2 if frozen else chance.choices((1, 2, 3), (4, 5, 1))[0],
        weather=chance.choice((0.0, 1.0, 1.0, 3.0)),
        steps=tuple(steps),
        faults=_faults(chance, frozen=frozen),
        really_close=chance.random() < 0.05,
        sms=chance.random() < 0.4,
        lingers=chance.choice(LINGERS),
    )


UNDO_GAP = 21.0
"""A little more than the undo window."""
LINGERS = (0.0, UNDO_GAP, UNDO_GAP, 66.0)
AWAY = 0.05
"""Share of runs in which a server is away for minutes or hours."""
AT_WORK = 4.0
SMS_UNKNOWN = 0.3
"""How often nobody hears what came of a message on the channel that may not repeat, while there is weather."""
FROZEN = 0.2
"""Share of runs with two gateways of which one stands still for longer than its lease."""
FROZEN_IN_HAND = 0.85
"""How often it stands still with messages in hand, between two effects of one of them."""


def _faults(chance: random.Random, *, frozen: bool) -> tuple[Fault, ...]:
    found = [_fault(chance, chance.choices([blow for _, blow in BLOWS], [weight for weight, _ in BLOWS])[0])]
    found += [
        _fault(chance, chance.choices([blow for _, blow in BLOWS], [weight for weight, _ in BLOWS])[0])
        for _ in range(chance.choice((0, 0, 1, 2)))
    ]
    if frozen:
        blow = chance.choice((Blow.FREEZE_BEFORE, Blow.FREEZE_AFTER))
        # Longer than a lease, best of all between a claim and what follows from it.
        kind = chance.choice((Kind.CLAIM, Kind.CLAIM, Kind.MARK))
        in_hand = Fault(kind, chance.choice((1, 1, 2)), blow, chance.choice((45.0, 70.0)))
        found.append(in_hand if chance.random() < FROZEN_IN_HAND else _fault(chance, blow))
    return tuple(sorted(set(found)))


def _fault(chance: random.Random, blow: Blow) -> Fault:
    kind = chance.choice((Kind.POST, Kind.CLAIM, Kind.MARK, Kind.COMMIT, Kind.COMMIT, Kind.STATEMENT))
    if kind is Kind.POST and blow in (Blow.LOST_BEFORE, Blow.LOST_AFTER):
        kind = Kind.COMMIT
    nth = chance.randint(1, {Kind.POST: 6, Kind.CLAIM: 3, Kind.MARK: 3, Kind.COMMIT: 80, Kind.STATEMENT: 200}[kind])
    seconds = chance.choice((0.5, 3.0, 17.0, 30.0))
    return Fault(kind, nth, blow, seconds + (10 if blow in (Blow.FREEZE_BEFORE, Blow.FREEZE_AFTER) else 0))


def simulate(machine: Machine, scenario: Scenario) -> Result:
    """Run a scenario to its end and judge it."""
    machine.loop.restart()
    return machine.loop.run_until_complete(_run(machine, scenario))


async def _run(machine: Machine, scenario: Scenario) -> Result:
    world = await _prepare(machine, scenario)
    for number in range(scenario.gateways):
        world.start(number, first=True)
    doing = [await _begin(world, step) for step in scenario.steps]
    await asyncio.gather(*doing)
    if scenario.lingers:
        await asyncio.sleep(scenario.lingers)
        world.ring(world.chance)
        await asyncio.sleep(AT_WORK)
    rest = await calm(world)
    judged: Judged = await judge(world, scenario.limits(), at_rest=rest)
    await world.end()
    turnstile = world.turnstile
    return Result(
        scenario,
        tuple(judged.violations),
        tuple(turnstile.log),
        len(world.provider.posts),
        len(turnstile.struck),
        turnstile.effects,
        judged.summary,
    )


async def _prepare(machine: Machine, scenario: Scenario) -> World:
    chance = random.Random(f"order {scenario.seed}")  # noqa: S311 - nothing secret
    turnstile = Turnstile(machine.loop, chance, machine.monitor, really_close=scenario.really_close)
    turnstile.faults = {(one.kind, one.nth): one for one in scenario.faults}
    with machine.loop.real():
        await machine.reset(random.Random(f"names {scenario.seed}"), turnstile)  # noqa: S311 - nothing secret
    school = School(scenario.began)
    school.beginning()
    for stated in school.stated:
        stated.committed = (0, 0.0)
    share = scenario.weather
    weather = Weather(0.04 * share, 0.01 * share, 0.04 * share, 0.12 * share, 0.04 * share, 0.01 * share, 0.02 * share)
    provider = Provider(random.Random(f"provider {scenario.seed}"), weather)  # noqa: S311 - nothing secret
    provider.silent = {"mail": SMS_UNKNOWN} if scenario.sms else {}
    recorder = Recorder(provider, lambda: turnstile.effects, school.seconds, machine.loop.time)
    return World(machine, school, provider, turnstile, recorder, chance, scenario.limits())


async def _begin(world: World, step: Step) -> asyncio.Task[None]:
    await asyncio.sleep(step.gap)
    doing = DOINGS[step.name][1]
    work = doing(world, random.Random(step.salt))  # noqa: S311 - nothing secret
    return world.machine.loop.create_task(_carried_out(world, work))


async def _carried_out(world: World, work: Awaitable[None]) -> None:
    try:
        await work
    except SQLAlchemyError as error:
        world.machine.errors.append(f"step failed: {type(error).__name__}")


async def calm(world: World) -> bool:
    """Let nothing more go wrong, and wait until nothing is left to do; False if something always is."""
    turnstile, loop = world.turnstile, world.machine.loop
    turnstile.faults.clear()
    # Whoever stands still does so to its end: somebody else takes over meanwhile.
    await asyncio.sleep(max([0.0, *(one.process.thaws_at - world.now for one in world.alive.values())]))
    world.provider.calm()
    await turnstile.until_idle()
    world.restarts, world.calm_since = False, world.now
    with loop.real():
        for number in sorted(world.alive)[1:]:
            await turnstile.kill(world.alive[number].process)
    if not world.alive:
        world.start(0)
    for _ in range(CALM_TURNS):
        for one in world.alive.values():
            one.bell.set()
        await asyncio.sleep(1.0)
        await turnstile.until_idle()
        with loop.real():
            left = await _left(world)
        if left is None:
            return True
        loop.advance(left)
    return False


LEFT = """
SELECT (SELECT count(*) FROM bus.outbox) AS unread,
  (SELECT count(*) FROM gateway.delivery WHERE state IN ('claimed', 'sending')) AS flying,
  (SELECT count(*) FROM gateway.timer) AS timers,
  (SELECT min(due_at) FROM gateway.delivery WHERE state = 'pending') AS due
"""


async def _left(world: World) -> float | None:
    """Return how many seconds to wait for what is left; None if nothing is."""
    row = await world.machine.monitor.fetchrow(LEFT)
    if row["due"] is not None and not row["unread"] and not row["timers"]:
        wait: float = (row["due"] - world.school.wall(world.now)).total_seconds()
        return min(max(0.5, wait + 0.5), 60.0) if row["flying"] else max(0.5, wait + 0.5)
    if row["unread"] or row["timers"] or row["flying"]:
        return 4.0 if row["unread"] or row["timers"] else 61.0
    return None


def without(scenario: Scenario, **changes: Any) -> Scenario:
    """Return the scenario with changes."""
    return replace(scenario, **changes)


def shrink(fails: Callable[[Scenario], bool], scenario: Scenario, *, tries: int = 200) -> Scenario:
    """Leave out faults, then steps, then gateways, for as long as it goes on failing."""
    left = tries
    for name in ("faults", "steps"):
        kept = getattr(scenario, name)
        index = 0
        while index < len(kept) and left > 0:
            left -= 1
            fewer = without(scenario, **{name: kept[:index] + kept[index + 1 :]})
            if fails(fewer):
                scenario, kept = fewer, getattr(fewer, name)
            else:
                index += 1
    for changes in ({"weather": 0.0}, {"gateways": 1}, {"really_close": False}):
        simpler = without(scenario, **changes)
        if simpler != scenario and fails(simpler):
            scenario = simpler
    return scenario
