"""One planner at a time in a partition of schools (house.md §2.5), and how far back its months are open."""

from datetime import date, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

LOCK_SPACE = 0x5A47
"""First key of the advisory lock; the second is the partition."""

KEPT = timedelta(days=400)
"""Facts of older days are recorded as too old, never planned: a school year and its summer.

As far ahead, a day is a mistake: it would open a partition of its own and outlive everybody.
"""

LOCK = text("SELECT pg_advisory_xact_lock(:space, :part)")


async def lock_partition(session: AsyncSession, part: int) -> None:
    """Wait until nobody else plans in this partition; held to the end of the transaction.

    Whatever writes plans takes it: intake, receipts, timers. Without it a correction beside an uncommitted fan-out
    would suppress nothing.
    """
    await session.execute(LOCK, {"space": LOCK_SPACE, "part": part})


def oldest_month(now: datetime) -> date:
    """Return the oldest month whose threads are still open; queries name it, so that old partitions are left alone."""
    return (now - KEPT).date().replace(day=1)
