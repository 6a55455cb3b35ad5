"""The bell of a region: every class calls its roll within minutes, on twenty connections; beside it, bare inserts.

20,296 lessons of one day in 115 schools get their roll called by core's own command, five of a class absent, each in a
transaction of its own. In turns with them ``pgbench`` inserts single rows, each a transaction too, on the same server
with as many connections: what the journal adds to a commit is the ratio of the two. The server is durable. The roll
calls come from this one process; ``pgbench`` is a program in C.

What a roll call costs the processors is printed beside it, of this process and of the server: by the server's part
alone follows the most that a client could reach which costs nothing, on this machine.

``python -m bench bell`` takes ten minutes on two cores. A fifth of pgbench's rate is wanted; less is exit code 1.
"""

import asyncio
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from uuid import UUID, uuid4

from sqlalchemy import text

from bench import _copied_schools as copied
from bench import _journal_school as built
from bench.journal import execute, opened, said
from core.actor import Act, Actor
from core.database import Database
from core.learning import attendance
from zvonok.migrate import migrate
from zvonok.postgres import Server, running_postgres
from zvonok.postgres.binaries import find_installation

CALLS, CONNECTIONS, ROUNDS = 20_296, 20, 5
SCHOOLS = 115
"""So many of them have so many lessons a day."""
PGBENCH_SECONDS = 6
WANTED = 0.2
_ABSENT = 5
_LESSONS = text("""
SELECT l.id, l.teacher_id, l.starts_at, (ARRAY(
  SELECT pupil_id FROM core.enrolment e WHERE e.class_id = l.class_id AND e.until IS NULL LIMIT :absent)) AS absent
FROM core.lesson l WHERE l.day = :day AND l.class_id IS NOT NULL AND l.cancelled IS NULL
ORDER BY l.number, l.id LIMIT :calls""")
_INSERT = "INSERT INTO bench_row (id, at, what) VALUES (gen_random_uuid(), now(), 'one row');\n"

type Call = tuple[UUID, UUID, datetime, Sequence[UUID]]


async def call(database: Database, calls: Iterator[Call]) -> None:
    """Call the rolls that nobody has taken yet, one after the other."""
    for lesson, teacher, starts_at, absent in calls:
        act = Act(Actor("telegram", teacher), starts_at + timedelta(minutes=10), str(uuid4()))
        async with database.begin() as session:
            await attendance.record(session, act, lesson, dict.fromkeys(absent, "н"))


@dataclass(frozen=True)
class Called:
    """What some roll calls took."""

    rate: float
    """A second."""
    own: float
    """Milliseconds of the processors for each, of this process."""
    server: float
    """The same of the server."""


async def called(server: Server, database: Database, calls: Sequence[Call]) -> Called:
    """Call these rolls on all connections."""
    began, own, of_server = time.perf_counter(), time.process_time(), seconds_of(server)
    shared = iter(calls)
    async with asyncio.TaskGroup() as group:
        for _ in range(CONNECTIONS):
            group.create_task(call(database, shared))
    seconds, each = time.perf_counter() - began, 1000 / len(calls)
    return Called(len(calls) / seconds, (time.process_time() - own) * each, (seconds_of(server) - of_server) * each)


def seconds_of(server: Server) -> float:
    """Return the processor seconds of the server: of its first process, those that live and those that ended."""
    (lock,) = server.data.rglob("postmaster.pid")
    first = int(lock.read_text(encoding="utf-8").split()[0])
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):  # it ended meanwhile
            # Source: proc(5); the name of a program may hold blanks, what follows it does not.
            fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
            if int(stat.parent.name) == first:
                ticks += sum(map(int, fields[11:15]))
            elif int(fields[1]) == first:
                ticks += sum(map(int, fields[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


async def rate_of_inserts(server: Server, script: Path) -> float:
    """Let pgbench insert; return its transactions a second."""
    url = server.url
    host = url.host or str(url.query["host"])
    running = await asyncio.create_subprocess_exec(
        str(find_installation() / "bin" / "pgbench"),
        *("-n", "-M", "prepared", "-c", str(CONNECTIONS), "-j", "2", "-T", str(PGBENCH_SECONDS), "-f", str(script)),
        *("-h", host, "-p", str(url.port or 5432), "-U", str(url.username), str(url.database)),
        env={"PGPASSWORD": str(url.password or "")},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await running.communicate()
    found = re.search(rb"tps = ([\d.]+)", out)
    if found is None:
        raise RuntimeError(err.decode())
    return float(found[1])


async def measure(folder: Path) -> bool:
    """Build the region, compare in turns, print; tell whether the ratio is what is wanted."""
    script = folder / "insert.sql"
    script.write_text(_INSERT, encoding="ascii")
    async with running_postgres(folder / "data", options={"max_wal_size": "4GB"}) as server:
        began = time.perf_counter()
        await migrate(server.url)
        await execute(server.url, "CREATE TABLE bench_row (id uuid PRIMARY KEY, at timestamptz, what text)")
        async with opened(server.url) as database:
            await built.build(database)
        await copied.copy(server.url, SCHOOLS - 1)
        await execute(server.url, "VACUUM ANALYZE")
        said(began, "the region is there")
        async with opened(server.url, pool_size=CONNECTIONS) as database:
            return await compare(server, database, script)


async def compare(server: Server, database: Database, script: Path) -> bool:
    """Take turns."""
    async with database.begin() as session:
        values = {"day": built.TODAY, "calls": CALLS, "absent": _ABSENT}
        calls: list[Call] = [tuple(row) for row in await session.execute(_LESSONS, values)]
    each = len(calls) // ROUNDS
    rounds: list[tuple[Called, float]] = []
    for number in range(ROUNDS):
        inserts = await rate_of_inserts(server, script)
        done = await called(server, database, calls[number * each : (number + 1) * each])
        rounds.append((done, inserts))
        costs = f"{done.own:.1f} ms of this process, {done.server:.1f} ms of the server each"
        print(f"{done.rate:8.0f} roll calls/s ({costs})  {inserts:8.0f} inserts/s", flush=True)
    ratio = median(done.rate / inserts for done, inserts in rounds)
    cores = os.cpu_count() or 1
    most = median(cores * 1000 / done.server / inserts for done, inserts in rounds)
    print(f"{each * ROUNDS} roll calls, {CONNECTIONS} connections: {ratio:.3f} of pgbench (wanted {WANTED})")
    print(f"a client that costs nothing would reach {most:.3f}: the server alone keeps {cores} cores busy then")
    return ratio >= WANTED


def main() -> None:
    """Measure on the machine's disk, where a commit is durable."""
    with tempfile.TemporaryDirectory(prefix="zvonok-bench-") as folder:
        Path(folder).chmod(0o755)
        if not asyncio.run(measure(Path(folder))):
            sys.exit(1)
