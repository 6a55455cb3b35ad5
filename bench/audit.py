"""What the audit and its sealer cost twenty writers: rounds in turns with and without, medians.

The writers give marks by core's own command, each in a transaction of its own; the sealer runs in the same process, as
it does in ``zvonok up``. The machine drifts: only ratios inside one run mean anything, and on a machine that is busy
with something else only that of the processors' time. ``python -m bench audit``.
"""

import asyncio
import os
import platform
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from datetime import time as wall_time
from importlib.metadata import version
from pathlib import Path
from statistics import median
from unittest.mock import patch
from uuid import UUID, uuid4

from sqlalchemy import text

from core.actor import Act, Actor
from core.audit import audit_chain, audit_check
from core.audit.audit_links import ChainKey
from core.database import Database, Role
from core.learning import gradebook
from core.school_time import MachineClock, SchoolClock
from tests.school_builder import SchoolBuilder
from zvonok.kept_heads import KeptHeads
from zvonok.migrate import migrate
from zvonok.postgres import running_postgres
from zvonok.sealing import Sealer

ROUNDS = 7
WRITERS = 20
MARKS_EACH = 15
MARKS = WRITERS * MARKS_EACH
NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
KEY = ChainKey(b"bench")


@dataclass(frozen=True)
class Class5A:
    """Whom the marks are given to, and by whom."""

    database: Database
    school: UUID
    lesson: UUID
    teacher: UUID
    pupils: tuple[UUID, ...]


@dataclass
class Figures:
    """Commands a second, and the processors' time of one command in milliseconds, one of each round."""

    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        rates = f"{median(self.rates):>6.0f}/s ({min(self.rates):.0f}-{max(self.rates):.0f})"
        return f"{rates}  {median(self.cpu):>5.1f} ms of processors"


@asynccontextmanager
async def classroom(folder: Path) -> AsyncIterator[Class5A]:
    """Start a durable PostgreSQL with a small school in it."""
    async with running_postgres(folder / "data") as server:
        await migrate(server.url)
        database = Database(server.url, Role.CORE, pool_size=WRITERS + 4)
        try:
            builder = SchoolBuilder(database, SchoolClock(source=lambda: NOW))
            school = await builder.school()
            teacher = await builder.teacher(school, "Кузнецова Мария Петровна")
            school_class = await builder.school_class(school, "5А")
            pupils = await builder.pupils(school_class, *(f"Ученик Имя{number}" for number in range(WRITERS)))
            lesson = await builder.lesson(school_class, teacher, wall_time(8, 30))
            yield Class5A(database, school.id, lesson, teacher, pupils)
        finally:
            await database.close()


async def give_marks(room: Class5A) -> None:
    """Let everybody write at once."""
    actor = Actor("telegram", room.teacher, uuid4())

    async def write(pupil: UUID) -> None:
        for number in range(MARKS_EACH):
            async with room.database.begin() as session:
                act = Act(actor, NOW + timedelta(seconds=number), str(uuid4()))
                await gradebook.give(session, act, room.lesson, pupil, 5)

    await asyncio.gather(*(write(pupil) for pupil in room.pupils))


async def audited(room: Class5A, figures: Figures, lags: list[float]) -> None:
    """Write with audit, and go on until the last row is sealed: the processors' time of that counts, too."""
    began, cpu = time.perf_counter(), await processors(room)
    await give_marks(room)
    written = time.perf_counter()
    await all_sealed(room)
    lags.append(time.perf_counter() - written)
    figures.rates.append(MARKS / (written - began))
    figures.cpu.append((await processors(room) - cpu) / MARKS * 1e3)


async def bare(room: Class5A, figures: Figures) -> None:
    """Write without audit."""
    began, cpu = time.perf_counter(), await processors(room)
    with unaudited():
        await give_marks(room)
    figures.rates.append(MARKS / (time.perf_counter() - began))
    figures.cpu.append((await processors(room) - cpu) / MARKS * 1e3)


async def processors(room: Class5A) -> float:
    """Return the processors' time, in seconds, that this process and the server have taken so far (Linux)."""
    async with room.database.begin() as session:
        pids = (await session.execute(text("SELECT pid FROM pg_stat_activity"))).scalars().all()
    return time.process_time() + sum(processors_of(pid) for pid in pids)


def processors_of(pid: int) -> float:
    """Return the processors' time of a process, in seconds. Source: proc(5), fields utime and stime."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def unaudited() -> Iterator[None]:
    """Leave the audit out of the command."""

    async def nothing(*_: object) -> None:
        return None

    with patch.object(gradebook, "audit", nothing):
        yield


@asynccontextmanager
async def sealed(room: Class5A, folder: Path) -> AsyncIterator[None]:
    """Run the sealer beside the writers."""
    running = asyncio.create_task(Sealer(room.database, KEY, MachineClock(), KeptHeads(folder)).run())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.wait([running])


async def all_sealed(room: Class5A) -> None:
    """Wait until the sealer has caught up: the next round must not pay for this one."""
    while True:
        async with room.database.begin() as session:
            if not await audit_chain.schools_waiting(session):
                return
        await asyncio.sleep(0.01)


async def measure(folder: Path) -> None:
    """Compare in turns, then walk the chain that has come about."""
    async with classroom(folder) as room:
        await describe(room)
        without, with_audit, lags = Figures(), Figures(), list[float]()
        async with sealed(room, folder):
            await give_marks(room)
            for _ in range(ROUNDS):
                await bare(room, without)
                await audited(room, with_audit, lags)
        rates = median(with_audit.rates) / median(without.rates)
        cpu = median(without.cpu) / median(with_audit.cpu)
        print(f"without audit          {without}")
        print(f"with audit and sealer  {with_audit}")
        print(f"of the rate without audit: {rates:.2f} by the clock, {cpu:.2f} by the processors' time")
        print(f"last row sealed after  {median(lags):.2f} s ({min(lags):.2f}-{max(lags):.2f})")
        await walk(room)


async def walk(room: Class5A) -> None:
    """Verify the chain."""
    began = time.perf_counter()
    async with room.database.begin() as session:
        verdict = await audit_check.verify(session, KEY, room.school)
    if verdict.broken or verdict.waiting:
        raise RuntimeError(verdict)
    print(f"verified {verdict.links} links at {verdict.links / (time.perf_counter() - began):.0f}/s")


async def describe(room: Class5A) -> None:
    """Print what the figures were made on."""
    async with room.database.begin() as session:
        server = (await session.execute(text("SHOW server_version"))).scalar_one()
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {platform.system()} "
        f"{platform.release()}, Python {platform.python_version()}, PostgreSQL {server}, "
        f"SQLAlchemy {version('sqlalchemy')}, asyncpg {version('asyncpg')}; "
        f"{WRITERS} writers, {MARKS} marks a round, {ROUNDS} rounds"
    )


def main() -> None:
    """Measure in a folder of its own, reachable for the unprivileged user of the server."""
    with tempfile.TemporaryDirectory(prefix="zvonok-bench-") as folder:
        Path(folder).chmod(0o755)
        asyncio.run(measure(Path(folder)))
