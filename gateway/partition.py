"""One planner at a time in a partition of schools (house.md §2.5)."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

LOCK_SPACE = 0x5A47
"""First key of the advisory lock; the second is the partition."""

LOCK = text("SELECT pg_advisory_xact_lock(:space, :part)")


async def lock_partition(session: AsyncSession, part: int) -> None:
    """Wait until nobody else plans in this partition; held to the end of the transaction.

    Whatever writes plans takes it: intake, receipts, timers. Without it a correction beside an uncommitted fan-out
    would suppress nothing.
    """
    await session.execute(LOCK, {"space": LOCK_SPACE, "part": part})
