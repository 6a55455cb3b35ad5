"""What a journal's steps cost one school alone, and the same school among a hundred.

A school of 1,000 pupils with a year of its lessons lies in two databases of one server: alone, and beside 99 of its
kind. Each step is done in both in turns, in a transaction that is taken back, so that every round finds what the first
one found. A step may take as many statements and as many rows among a hundred schools as alone, and not a quarter more
of time; else the exit code is 1. Seconds drift with the machine: their ratio is the median of the turns' ratios.

``python -m bench journal`` takes a quarter of an hour on two busy cores, and 6 GB of memory. Rows that the server looks
at are shown beside: they tell why, if something is slower.
"""

import asyncio
import os
import platform
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import median

import asyncpg
from sqlalchemy import URL

from bench import _copied_schools as copied
from bench import _journal_school as built
from bench._journal_school import Cast
from bench._journal_steps import WALKS, Walk
from bench._meter import Cost, metered
from core.database import Database, Role, connect_arguments
from zvonok.migrate import migrate
from zvonok.postgres import Server, running_postgres

WARM, ROUNDS = 1, 5
OTHERS = 99
MEASURED = 50
"""Which of the copies is measured: neither the first rows of a table nor the last."""
MOST = 1.25
"""So many times the seconds of one school alone are too much."""
MEMORY = Path("/dev/shm")  # noqa: S108 - the folder made below is private
EMPTY, ONE, HUNDRED = "bench_empty", "bench_one", "bench_hundred"
MEGABYTE = 1 << 20
_OPTIONS = {"autovacuum": "off", "wal_level": "minimal", "max_wal_senders": "0", "max_wal_size": "2GB"}
"""Copying is quicker so, and nothing is cleared away in the middle of a round: that is done between them."""


@dataclass(frozen=True, slots=True)
class Side:
    """A database, and whom the steps are about in it."""

    database: Database
    cast: Cast


@dataclass(frozen=True, slots=True)
class Sides:
    """The databases that are compared."""

    empty: Side
    one: Side
    hundred: Side

    def pair(self, walk: Walk) -> tuple[Side, Side]:
        """Return where steps are done alone, and where among a hundred."""
        return self.empty if walk.is_of_new_school else self.one, self.hundred


@dataclass
class Compared:
    """What a step has cost, time by time, on either side in turns."""

    alone: list[Cost] = field(default_factory=list)
    among: list[Cost] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        """Say what is not as it should be."""
        one, hundred = middle(self.alone), middle(self.among)
        found = []
        if one.statements != hundred.statements:
            found.append("STATEMENTS DIFFER")
        if one.rows != hundred.rows:
            found.append("ROWS DIFFER")
        if self.ratio > MOST:
            found.append("SLOWER")
        return found

    @property
    def ratio(self) -> float:
        """Return how much longer it takes among a hundred: the median of the turns."""
        pairs = zip(self.alone, self.among, strict=True)
        return median(hundred.seconds / one.seconds for one, hundred in pairs)


def middle(costs: list[Cost]) -> Cost:
    """Return the medians; of memory, the most."""
    return Cost(
        statements=int(median(one.statements for one in costs)),
        rows=int(median(one.rows for one in costs)),
        looked_at=int(median(one.looked_at for one in costs)),
        seconds=median(one.seconds for one in costs),
        peak=max(one.peak for one in costs),
    )


async def do(side: Side, walk: Walk) -> dict[str, Cost]:
    """Do the steps of a walk in a transaction that is taken back."""
    costs: dict[str, Cost] = {}
    async with side.database.begin() as session:
        for step in walk.steps:
            if step.before is not None:
                await step.before(session, side.cast)
            # Each begins as a command does, with nothing read yet.
            await session.flush()
            session.expunge_all()
            async with metered(side.database, session) as cost:
                await step.do(session, side.cast)
            costs[step.name] = cost
        await session.rollback()
    return costs


async def compare(sides: Sides, walk: Walk, compared: dict[str, Compared]) -> None:
    """Do a walk on either side in turns, as often as a round wants it."""
    one, hundred = sides.pair(walk)
    for turn in range(walk.times):
        # By turns the first: the second finds the processor's caches filled.
        if turn % 2:
            among, alone = await do(hundred, walk), await do(one, walk)
        else:
            alone, among = await do(one, walk), await do(hundred, walk)
        for name in alone:
            compared[name].alone.append(alone[name])
            compared[name].among.append(among[name])


async def measure(folder: Path) -> bool:
    """Build, compare in turns, print; tell whether all is as it should be."""
    postgres = running_postgres(folder / "data", options=_OPTIONS, throwaway=True)
    async with postgres as server, prepared(server) as sides:
        for number in range(WARM + ROUNDS):
            if number <= WARM:
                compared = {step.name: Compared() for walk in WALKS for step in walk.steps}
            for walk in WALKS:
                await compare(sides, walk, compared)
            for name in (EMPTY, ONE, HUNDRED):
                await execute(server.database(name), "VACUUM")
        return report(compared)


@asynccontextmanager
async def prepared(server: Server) -> AsyncIterator[Sides]:
    """Make the three databases."""
    began = time.perf_counter()
    await execute(server.url, f"CREATE DATABASE {EMPTY}")
    await migrate(server.database(EMPTY))
    await execute(server.url, f"CREATE DATABASE {ONE} TEMPLATE {EMPTY}")
    async with opened(server.database(ONE)) as database:
        school = await built.build(database)
    said(began, "one school")
    await execute(server.url, f"CREATE DATABASE {HUNDRED} TEMPLATE {ONE}")
    await copied.copy(server.database(HUNDRED), OTHERS)
    for name in (EMPTY, ONE, HUNDRED):
        await execute(server.database(name), "VACUUM ANALYZE")
    said(began, f"{OTHERS} more, analysed")
    await describe(server)
    async with AsyncExitStack() as stack:
        empty, one, hundred = [
            await stack.enter_async_context(opened(server.database(name))) for name in (EMPTY, ONE, HUNDRED)
        ]
        cast = await built.cast_of(one, school)
        copy = await built.cast_of(hundred, copied.id_in(MEASURED, school))
        yield Sides(Side(empty, cast), Side(one, cast), Side(hundred, copy))


@asynccontextmanager
async def opened(url: URL, pool_size: int = 8) -> AsyncIterator[Database]:
    """Open a database as the journal does."""
    database = Database(url, Role.CORE, pool_size=pool_size)
    try:
        yield database
    finally:
        await database.close()


async def execute(url: URL, statement: str) -> None:
    """Run one statement as the owner, outside of any transaction."""
    connection = await asyncpg.connect(**connect_arguments(url))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def report(compared: dict[str, Compared]) -> bool:
    """Print the figures and the verdicts; tell whether all is as it should be."""
    print(f"\n{'':30} {'statements':>11} {'rows':>15} {'looked at':>17} {'ms':>19} {'MB':>9}")
    for name, one in compared.items():
        alone, among = middle(one.alone), middle(one.among)
        print(
            f"{name:30} {alone.statements:>5}/{among.statements:<5} {alone.rows:>7}/{among.rows:<7}"
            f" {alone.looked_at:>8}/{among.looked_at:<8} {alone.seconds * 1e3:>9.1f}/{among.seconds * 1e3:<9.1f}"
            f" {alone.peak // MEGABYTE:>4}/{among.peak // MEGABYTE:<4}"
        )
    print("\none school alone / the same among a hundred; medians, of memory the most")
    for name, one in compared.items():
        print(f"{name:30} {one.ratio:>7.2f} times the seconds  {', '.join(one.faults) or 'equal'}")
    return not any(one.faults for one in compared.values())


def said(began: float, what: str) -> None:
    """Print how far preparing has come."""
    print(f"{time.perf_counter() - began:6.1f} s  {what}", flush=True)


async def describe(server: Server) -> None:
    """Print what the figures were made on."""
    connection = await asyncpg.connect(**connect_arguments(server.database(HUNDRED)))
    try:
        lessons, size = await connection.fetchrow(
            "SELECT (SELECT count(*) FROM core.lesson), pg_size_pretty(pg_database_size(current_database()))"
        )
    finally:
        await connection.close()
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {platform.system()} "
        f"{platform.release()}, Python {platform.python_version()}, PostgreSQL {server.version}, "
        f"SQLAlchemy {version('sqlalchemy')}, asyncpg {version('asyncpg')}; "
        f"{lessons} lessons in {OTHERS + 1} schools, {size}; {ROUNDS} rounds",
        flush=True,
    )


def main() -> None:
    """Measure in memory, in a folder reachable for the unprivileged user of the server."""
    memory = MEMORY if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory, prefix="zvonok-bench-") as folder:
        Path(folder).chmod(0o755)
        is_well = asyncio.run(measure(Path(folder)))
    if not is_well:
        sys.exit(1)
