"""What a claim costs, and the other statements of every turn, in a database with a past and in one without."""

import asyncio
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from uuid import UUID, uuid4

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncSession

from bench import _past_messages as past
from bench._extent import Extent
from bench.journal import MEMORY, execute, said
from core.database import Database, Role
from gateway import intake, ledger
from gateway.partition import oldest_month
from zvonok.migrate import migrate
from zvonok.postgres import Server, running_postgres

CLAIMED = 500
TURNS_BETWEEN_VACUUMS = 5
CREDENTIAL = "telegram:42"
NONE, MANY = "bench_none", "bench_many"
NOW = datetime(2026, 5, 20, 9, 0, tzinfo=UTC)
"""At the end of a school year: all its months lie behind."""
_OPTIONS = {"autovacuum": "off", "wal_level": "minimal", "max_wal_senders": "0", "max_wal_size": "2GB"}
_VALUES = {
    "claim": UUID(int=1),
    "epoch": 1,
    "lease_until": NOW + timedelta(minutes=5),
    "now": NOW,
    "machine": NOW,
    "oldest": oldest_month(NOW),
    "credential": CREDENTIAL,
    "limit": CLAIMED,
    "in_hand": [uuid4()],
    "part": 7,
}

type Step = Callable[[AsyncSession], Awaitable[int]]


async def alone(session: AsyncSession) -> int:
    """Claim messages that wait alone."""
    return len((await session.execute(ledger.CLAIM, _VALUES)).all())


async def letters(session: AsyncSession) -> int:
    """Claim letters with what waits in them."""
    values = {**_VALUES, "limit": CLAIMED // past.IN_A_LETTER}
    bundles = (await session.execute(ledger.READY_BUNDLES, values)).scalars().all()
    return len((await session.execute(ledger.CLAIM_BUNDLES, {**values, "bundles": bundles})).all())


async def recover(session: AsyncSession) -> int:
    """Look for what an earlier owner left, as every turn of a courier does."""
    freed = (await session.execute(ledger.UNCLAIM, _VALUES)).all()
    return CLAIMED + len(freed) + len((await session.execute(ledger.ABANDONED, _VALUES)).all())


async def sweep(session: AsyncSession) -> int:
    """Look for what is stale or too late, as every pass of a planner does."""
    await session.execute(intake.STALE, _VALUES)
    await session.execute(intake.EXPIRE, _VALUES)
    return CLAIMED


JUDGED: dict[str, Step] = {"claim of 500 alone": alone, "claim of 500 in letters": letters}
SHOWN: dict[str, Step] = {"taking over, nothing left": recover, "planner's sweep": sweep}


@dataclass(frozen=True, slots=True)
class Beside:
    """Seconds of a step, time by time."""

    none: list[float]
    many: list[float]

    @property
    def ratio(self) -> float:
        """Return how much longer it takes with a past: the median of the turns'."""
        return median(many / none for none, many in zip(self.none, self.many, strict=True))


async def do(database: Database, step: Step) -> float:
    """Do a step in a transaction that is taken back; return its seconds. Raises ``RuntimeError`` if rows are missed."""
    async with database.begin() as session:
        await session.connection()
        began = time.perf_counter()
        found = await step(session)
        seconds = time.perf_counter() - began
        await session.rollback()
    if found != CLAIMED:
        raise RuntimeError(f"{found} of {CLAIMED} rows")
    return seconds


async def measure(extent: Extent) -> dict[str, float]:
    """Make both databases, in memory; compare in turns; return how many times longer each judged step takes."""
    memory = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory, prefix="zvonok-bench-") as folder:
        # Reachable for the unprivileged user of the server.
        await asyncio.to_thread(Path(folder).chmod, 0o755)
        async with running_postgres(Path(folder, "data"), options=_OPTIONS, throwaway=True) as server:
            found = await compare(*await prepared(server, extent.finished), extent)
    for name, beside in found.items():
        alone, among = (median(seconds) * 1e3 for seconds in (beside.none, beside.many))
        print(f"{name:26} {alone:7.2f} ms with none, {among:7.2f} ms with the past   {beside.ratio:.2f}")
    return {name: found[name].ratio for name in JUDGED}


async def prepared(server: Server, finished: int) -> tuple[URL, URL]:
    """Make the database without a past, and the one with it."""
    began = time.perf_counter()
    none, many = server.database(NONE), server.database(MANY)
    await execute(server.url, f"CREATE DATABASE {NONE}")
    await migrate(none)
    await execute(server.url, f"CREATE DATABASE {MANY} TEMPLATE {NONE}")
    for url in (none, many):
        await past.fill(url, CREDENTIAL, NOW, finished if url is many else 0)
    said(began, f"{finished} finished messages in the open months, {past.MONTHS} months in all")
    return none, many


async def compare(none: URL, many: URL, extent: Extent) -> dict[str, Beside]:
    """Take turns."""
    found = {name: Beside([], []) for name in (*JUDGED, *SHOWN)}
    databases = [Database(url, Role.GATEWAY, pool_size=1) for url in (none, many)]
    try:
        for turn in range(-extent.warm, extent.turns):
            steps = JUDGED
            if turn % TURNS_BETWEEN_VACUUMS == 0:
                # What was taken back is cleared away, as it would be after what was not.
                for url in (none, many):
                    await execute(url, "VACUUM gateway.delivery, gateway.bundle")
                steps = JUDGED | SHOWN
            for name, step in steps.items():
                # By turns the first: the second finds the processor's caches filled.
                order = databases if turn % 2 else databases[::-1]
                seconds = {database: await do(database, step) for database in order}
                one, other = (seconds[database] for database in databases)
                if turn >= 0:
                    found[name].none.append(one)
                    found[name].many.append(other)
    finally:
        for database in databases:
            await database.close()
    return found
