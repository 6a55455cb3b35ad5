"""What the gateway costs: messages a second beside a client that does nothing else, and a claim beside a long past.

**Sending.** A day's absences lie planned, by events out of the outbox; the gateway's own loops send them by the real
Telegram channel to nginx, which answers at once, and everything is recorded in a durable PostgreSQL. In turns
with it ``aiohttp`` alone posts the very bodies that the gateway posted, to the same nginx with as many requests in
flight, before each turn of the gateway and after it: a machine that others use too may be half as fast in one second as
in the next. The bots' limits do not bind: pacing is set beyond what anything here reaches.

**Claiming.** The claim of 500 messages, and of 500 that wait in evening letters, in a database with a million finished
ones beside, and in one without, in turns.

``python -m bench gateway`` takes three minutes on two cores. Below 0.4 of the bare client, or above 1.2 times the
claim, the exit code is 1. With ``--quick`` it only shows within seconds that it still runs.
"""

import asyncio
import json
import logging
import os
import platform
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from statistics import median

import aiohttp
import asyncpg
import structlog

from bench import _claims, _nginx
from bench import _processors as processors
from bench._extent import QUICK, WHOLE, Extent
from bench._told_school import MORNING, UNDO, ToldSchool, put
from bench.journal import opened, said
from core.database import Database, Role, connect_arguments
from core.school_time import MachineClock, SchoolClock
from gateway.addresses import AddressVault
from gateway.courier import Courier, CourierSettings
from gateway.heads import Heads
from gateway.intake import Intake
from gateway.observing import Unobserved
from gateway.service import GatewayService
from notifiers.port import ALWAYS, Capabilities, Message, Outcome, Sender, Window
from notifiers.telegram import TelegramNotifier, TelegramSettings, request_of
from texts.reader import load
from zvonok.migrate import migrate
from zvonok.postgres import Server, running_postgres
from zvonok.processes.collecting import collect_seldom

IN_FLIGHT = 50
WANTED = 0.4
MOST = 1.2
RATE = 100_000.0
"""Messages a second that would be allowed: nobody here reaches it."""
POOL = 16
"""As the gateway's process has it."""
CREDENTIAL = "telegram:42"
TOKEN = "42:bench"  # noqa: S105  of nobody
_PATIENCE = 120.0
_STANDS = "SELECT state, count(*) FROM gateway.delivery GROUP BY state"
_TRIES = "SELECT count(*) FROM gateway.attempt"


@dataclass(slots=True)
class Recorder:
    """The real channel; keeps what it was given to carry."""

    carrier: Sender
    bodies: list[bytes] = field(default_factory=list)

    @property
    def capabilities(self) -> Capabilities:
        """Those of the channel."""
        return self.carrier.capabilities

    @property
    def room(self) -> int:
        """That of the channel."""
        return self.carrier.room

    async def send(self, batch: Sequence[Message], window: Window = ALWAYS) -> Sequence[Outcome]:
        """Note the bodies and carry on."""
        self.bodies += [body for body in map(request_of, batch) if isinstance(body, bytes)]
        return await self.carrier.send(batch, window)

    async def close(self) -> None:
        """Close the channel."""
        await self.carrier.close()


@dataclass(slots=True)
class Recorded(Unobserved):
    """Hears when all is recorded: looking for it in the database would take a part of what is measured."""

    left: int
    all: asyncio.Event = field(default_factory=asyncio.Event)

    def recorded(self, channel: str, outcome: str, reason: str | None) -> None:
        """Count a try that ended."""
        del channel, outcome, reason
        self.left -= 1
        if not self.left:
            self.all.set()


@dataclass(slots=True)
class Hall:
    """Everything that the two contenders need."""

    server: Server
    core: Database
    gateway: Database
    looker: asyncpg.Connection
    url: str
    nginx: int
    school: ToldSchool
    rounds: int
    now: datetime = MORNING
    vault: AddressVault = field(default_factory=lambda: AddressVault(os.urandom(32)))
    bell: asyncio.Event = field(default_factory=asyncio.Event)
    sent: int = 0

    @property
    def clock(self) -> SchoolClock:
        """The school's clock stands while messages leave."""
        return SchoolClock(source=lambda: self.now)

    def telegram(self) -> TelegramNotifier:
        """Open the real channel."""
        return TelegramNotifier(TelegramSettings(TOKEN, self.url, concurrency=IN_FLIGHT))

    def intake(self) -> Intake:
        """Make the planner."""
        return Intake(self.gateway, Heads(self.vault, {"telegram": CREDENTIAL}), self.clock, MachineClock())

    async def plan_a_day(self, number: int) -> float:
        """Have a day's absences planned and due; return the events planned a second."""
        self.now = MORNING + timedelta(days=number)
        await put(self.core, self.school.absences(self.now))
        began = time.perf_counter()
        taken = await self.intake().run_once()
        rate = taken / (time.perf_counter() - began)
        self.now += UNDO
        await self.intake().run_once()
        return rate


@dataclass(frozen=True, slots=True)
class Speed:
    """What sending a day's messages took."""

    rate: float
    """Messages a second."""
    own: float
    """Microseconds of the processors for each: of this process, of PostgreSQL, of nginx."""
    database: float
    messenger: float

    def __str__(self) -> str:
        each = f"{self.own:4.0f} us own, {self.database:4.0f} database, {self.messenger:3.0f} nginx"
        return f"{self.rate:6.0f}/s ({each})"


@asynccontextmanager
async def timed(hall: Hall, count: int) -> AsyncIterator[list[Speed]]:
    """Measure the block; what it took is the list's one member afterwards."""
    found: list[Speed] = []
    # The others are asked outside of what is measured: to look through all processes takes as long as a hundred posts.
    others, before = _others(hall), _own()
    yield found
    after = (*_own(), *_others(hall))
    wall, *used = (ended - began for ended, began in zip(after, (*before, *others), strict=True))
    found.append(Speed(count / wall, *(1e6 * seconds / count for seconds in used)))


def _own() -> tuple[float, float]:
    """Return the time, and what the processors have done for this process."""
    return time.perf_counter(), time.process_time()


def _others(hall: Hall) -> tuple[float, float]:
    """Return what the processors have done for PostgreSQL and for nginx."""
    return processors.of_server(hall.server), processors.of_process(hall.nginx)


async def by_gateway(hall: Hall, notifier: Sender) -> Speed:
    """Let the gateway's loops send what is due, until everything is accepted. Raises ``RuntimeError``."""
    count = len(hall.school.pupils)
    ends, sending = Recorded(count), (CourierSettings(CREDENTIAL, RATE), hall.gateway, notifier)
    courier = Courier(*sending, hall.vault, load("ru"), hall.clock, MachineClock(), hall.bell, observer=ends)
    service = GatewayService(hall.gateway, hall.intake(), [courier], hall.bell)
    async with timed(hall, count) as found:
        running = asyncio.create_task(service.run())
        async with asyncio.timeout(_PATIENCE):
            await ends.all.wait()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    await notifier.close()
    hall.sent += count
    stands = dict(await hall.looker.fetch(_STANDS))
    tries = await hall.looker.fetchval(_TRIES)
    if stands != {"accepted": hall.sent} or tries != hall.sent:
        raise RuntimeError(f"{stands}, {tries} tries, of {hall.sent} messages")
    return found[0]


async def by_aiohttp(hall: Hall, bodies: Sequence[bytes]) -> Speed:
    """Post the bodies by aiohttp alone, and read the id out of each answer."""
    url, headers = f"{hall.url}/bot{TOKEN}/sendMessage", {"Content-Type": "application/json"}
    waiting = iter(bodies)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=IN_FLIGHT)) as session:

        async def post() -> None:
            for body in waiting:
                async with session.post(url, data=body, headers=headers) as answer:
                    json.loads(await answer.read())["result"]["message_id"]

        async with timed(hall, len(bodies)) as found, asyncio.TaskGroup() as group:
            for _ in range(IN_FLIGHT):
                group.create_task(post())
    return found[0]


async def compare(hall: Hall) -> bool:
    """Take turns; print, and tell whether the gateway is fast enough."""
    began = time.perf_counter()
    await put(hall.core, hall.school.people())
    await hall.intake().run_once()
    said(began, f"{len(hall.school.pupils)} families known")
    await hall.plan_a_day(0)
    recorder = Recorder(hall.telegram())
    await by_gateway(hall, recorder)
    said(began, f"bodies of {median(map(len, recorder.bodies)):.0f} bytes recorded")
    ratios: list[float] = []
    own: list[float] = []
    for number in range(1, hall.rounds + 1):
        planned = await hall.plan_a_day(number)
        before = await by_aiohttp(hall, recorder.bodies)
        ours = await by_gateway(hall, hall.telegram())
        after = await by_aiohttp(hall, recorder.bodies)
        ratios.append(ours.rate * (1 / before.rate + 1 / after.rate) / 2)
        own.append(2 * ours.own / (before.own + after.own))
        bare = f"{before.rate:.0f} and {after.rate:.0f}/s ({before.own:.0f} and {after.own:.0f} us own)"
        print(f"gateway {ours}   bare {bare}   {ratios[-1]:.3f}   ({planned:.0f} planned/s)", flush=True)
    ratio = median(ratios)
    print(f"own processor: {median(own):.2f} times the bare client's a message")
    return judged(f"{ratio:.3f} of the bare client's messages a second (at least {WANTED})", enough=ratio >= WANTED)


def judged(finding: str, *, enough: bool) -> bool:
    """Print a finding with its verdict, and return that."""
    print(f"{'ENOUGH' if enough else 'SHORT '} {finding}", flush=True)
    return enough


@asynccontextmanager
async def hall_in(folder: Path, server: Server, extent: Extent) -> AsyncIterator[Hall]:
    """Open everything that sending needs."""
    async with _nginx.running_nginx(folder) as (port, pid), opened(server.url) as core:
        gateway = Database(server.url, Role.GATEWAY, pool_size=POOL)
        looker = await asyncpg.connect(**connect_arguments(server.url))
        try:
            url = f"http://{_nginx.HOST}:{port}"
            yield Hall(server, core, gateway, looker, url, pid, ToldSchool.of(extent.messages), extent.rounds)
        finally:
            await looker.close()
            await gateway.close()


async def measure(folder: Path, extent: Extent) -> bool:
    """Measure both; tell whether both are as wanted."""
    async with running_postgres(folder / "data", options={"max_wal_size": "4GB"}) as server:
        describe(server, extent)
        await migrate(server.url)
        async with hall_in(folder, server, extent) as hall:
            collect_seldom()
            verdicts = [await compare(hall)]
    for name, ratio in (await _claims.measure(extent)).items():
        verdicts.append(judged(f"{ratio:.2f} of the {name} without a past (at most {MOST})", enough=ratio <= MOST))
    return all(verdicts)


def describe(server: Server, extent: Extent) -> None:
    """Print what the figures are made on."""
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {platform.system()} "
        f"{platform.release()}, Python {platform.python_version()}, PostgreSQL {server.version}, {_nginx.version()}, "
        f"aiohttp {version('aiohttp')}, asyncpg {version('asyncpg')}, SQLAlchemy {version('sqlalchemy')}; "
        f"{extent.messages} messages a round, {IN_FLIGHT} requests in flight, {extent.rounds} rounds",
        flush=True,
    )


def main() -> None:
    """Measure sending on the machine's disk, where a commit is durable."""
    if not run(WHOLE):
        sys.exit(1)


def quick() -> None:
    """Show that it still runs."""
    run(QUICK)
    print("So little was done that these figures mean nothing.")


def run(extent: Extent) -> bool:
    """Measure so much; tell whether everything is as wanted."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    lacking = _nginx.lacking()
    if lacking is not None:
        sys.exit(lacking)
    with tempfile.TemporaryDirectory(prefix="zvonok-bench-") as folder:
        Path(folder).chmod(0o755)
        return asyncio.run(measure(Path(folder), extent))
