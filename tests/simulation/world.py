"""The world around the gateways: the journal that states, people who choose and press, processes that come and go."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from core.database import Database, Role
from core.events import Channel, Event
from core.outbox import publish
from core.school_time import MachineClock, SchoolClock
from gateway.courier import Courier, CourierSettings
from gateway.credentials import assign
from gateway.heads import Heads
from gateway.intake import Intake
from gateway.service import GatewayService
from tests.simulation.effects import Process
from tests.simulation.history import Recorder
from tests.simulation.machine import CREDENTIALS, VAULT, Machine, Slot, forever
from tests.simulation.school import School
from tests.simulation.turnstile import Turnstile
from tests.simulation.wire import Provider, SimulatedNotifier
from texts.reader import load

RATE = 5.0
LINGERING = 0.2
"""Share of core's transactions that commit long after they wrote their event."""
LEASE = timedelta(seconds=20)


class _Service(GatewayService):
    """The gateway's own loops; its bell is rung by the world instead of over a connection of its own."""

    async def _hear(self, closed: asyncio.Event) -> None:  # never returns a connection
        assert not closed.is_set()
        await forever()


@dataclass(eq=False)
class Generation:
    """One life of a gateway."""

    process: Process
    slot: Slot
    bell: asyncio.Event
    task: asyncio.Task[None]


@dataclass(eq=False)
class World:
    """Everything of one run."""

    machine: Machine
    school: School
    provider: Provider
    turnstile: Turnstile
    recorder: Recorder
    chance: random.Random
    copies: dict[str, int]
    """For each channel, how often a message may be sent while nobody knows whether it arrived."""
    alive: dict[int, Generation] = field(default_factory=dict)
    all_processes: list[tuple[Slot, Process]] = field(default_factory=list)
    restarts: bool = True
    calm_since: float = 0.0
    """When the faults ended."""
    silenced: set[UUID] = field(default_factory=set)
    """Who chose to hear nothing of something."""
    unreachable: set[UUID] = field(default_factory=set)
    """Who gave an address up, or let nothing in."""
    _lives: int = 0

    def __post_init__(self) -> None:
        self.turnstile.died = self._died
        self.core = self._occupy(Role.CORE, "core", mortal=False)
        self.desk = self._occupy(Role.GATEWAY, "desk", mortal=False)

    @property
    def now(self) -> float:
        """Virtual seconds since the run began."""
        return self.machine.loop.time()

    # --- processes ------------------------------------------------------------------------------------------------

    def start(self, number: int, *, first: bool = False) -> None:
        """Start a gateway."""
        self._lives += 1
        slot = self._occupy(Role.GATEWAY, f"gateway-{number}.{self._lives}", mortal=True)
        process = slot.process
        assert process is not None
        bell = asyncio.Event()
        task = self.machine.loop.create_task(self._live(slot.database, process, bell, first=first))
        self.machine.bury(task)
        self.alive[number] = Generation(process, slot, bell, task)

    async def _live(self, database: Database, process: Process, bell: asyncio.Event, *, first: bool) -> None:
        """Do what ``zvonok.processes.sending`` does: the addresses' credentials first, then all loops."""
        try:
            if not first:
                await assign(database, CREDENTIALS, tuple(Channel))
        except (SQLAlchemyError, OSError):
            # It ends with an error; whoever keeps it running starts it again.
            process.dead = True
            self._died(process)
            return
        school_clock = SchoolClock(source=lambda: self.school.wall(self.now))
        machine_clock = MachineClock(source=lambda: self.school.wall(self.now), monotonic=lambda: self.now)
        intake = Intake(database, Heads(VAULT, CREDENTIALS), school_clock, machine_clock)
        couriers = [
            Courier(
                CourierSettings(CREDENTIALS[channel], RATE, lease=LEASE, copies=self.copies[channel]),
                database,
                SimulatedNotifier(channel, process, self.provider, self.turnstile),
                VAULT,
                load("ru"),
                school_clock,
                machine_clock,
                bell,
                jitter=self.chance.random,
            )
            for channel in self.copies
        ]
        await _Service(database, intake, couriers, bell).run()

    def _occupy(self, role: Role, name: str, *, mortal: bool) -> Slot:
        process = Process(name, self.recorder, mortal)
        slot = self.machine.occupy(role, process)
        self.all_processes.append((slot, process))
        return slot

    def _died(self, process: Process) -> None:
        number = next((number for number, one in self.alive.items() if one.process is process), None)
        if number is None:
            return
        del self.alive[number]
        if self.restarts:
            self.machine.loop.call_later(self.chance.choice((0.1, 5.0, 40.0)), self._restart, number)

    def _restart(self, number: int) -> None:
        if self.restarts and number not in self.alive:
            self.start(number)

    def ring(self, chance: random.Random, likely: float = 0.8) -> None:
        """Ring the bell; not everybody hears it."""
        for one in self.alive.values():
            if chance.random() < likely:
                one.bell.set()

    async def end(self) -> None:
        """Stop the world as it stands."""
        self.restarts = False
        with self.machine.loop.real():
            for _, process in self.all_processes:
                process.dead = True
            for slot, process in self.all_processes:
                await self.turnstile.kill(process)
                await self.machine.vacate(slot, process)
        self.machine.loop.forget()

    # --- what people do -------------------------------------------------------------------------------------------

    async def state(self, make: Callable[[], Event | None], chance: random.Random) -> None:
        """Commit one event as core does, and ring. What ``make`` returns is stated as of now."""
        made = make()
        if made is None:
            return
        stated = next((one for one in reversed(self.school.stated) if one.event == made.id), None)
        if stated is not None:
            self.recorder.stated[made.id] = stated
        async with self.core.database.begin() as session:
            await publish(session, made)
            if chance.random() < LINGERING:
                await asyncio.sleep(chance.choice((0.1, 2.0)))
        self.ring(chance)

    async def at_desk(self, work: Callable[[Database], Awaitable[None]]) -> None:
        """Do something under the gateway's role in another process: a choice, a press."""
        await work(self.desk.database)
