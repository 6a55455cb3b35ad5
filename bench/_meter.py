"""What a step of the journal costs: statements, rows, seconds, memory of this process.

Rows that the server looked at come from its own counters of the transaction: a query that looks at rows of other
schools shows there, however fast it is.
"""

import gc
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import Database

_LOOKED_AT = text("""
SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0) FROM pg_stat_xact_user_tables
WHERE schemaname IN ('core', 'bus')""")
_RESET_PEAK = "5"
"""Source: proc(5), /proc/[pid]/clear_refs."""


@dataclass
class Cost:
    """What was used."""

    statements: int = 0
    rows: int = 0
    """Returned and written."""
    looked_at: int = 0
    """Rows that the server read to find them."""
    seconds: float = 0.0
    peak: int = 0
    """Most memory that this process held, in bytes."""
    texts: list[str] = field(default_factory=list)


@asynccontextmanager
async def metered(database: Database, session: AsyncSession) -> AsyncIterator[Cost]:
    """Measure what is done in the block; ``session`` is of ``database``."""
    cost = Cost()
    before = await _looked_at(session)
    # How much is thrown away counts by the objects made since the last time: of two sides in turns it was always one.
    gc.collect()
    _reset_peak()
    with _counting(database, cost):
        began = time.perf_counter()
        yield cost
        await session.flush()
        cost.seconds = time.perf_counter() - began
    cost.peak = _peak()
    cost.looked_at = await _looked_at(session) - before


@contextmanager
def _counting(database: Database, cost: Cost) -> Iterator[None]:
    def note(_: object, cursor: Any, statement: str, parameters: Any, __: object, executemany: bool) -> None:  # noqa: FBT001 - SQLAlchemy's own signature
        cost.statements += 1
        cost.rows += len(parameters) if executemany else max(0, cursor.rowcount)
        cost.texts.append(statement)

    engine = database.engine.sync_engine
    event.listen(engine, "after_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(engine, "after_cursor_execute", note)


async def _looked_at(session: AsyncSession) -> int:
    return int((await session.execute(_LOOKED_AT)).scalar_one())


def _reset_peak() -> None:
    Path("/proc/self/clear_refs").write_text(_RESET_PEAK, encoding="ascii")


def _peak() -> int:
    """Return the most memory held since the reset. Source: proc(5), field VmHWM."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024
