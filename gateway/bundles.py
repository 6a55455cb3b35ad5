"""Evening letters: one for each reader, channel and slot. What waits for a letter joins it while planning.

A bundle is closed when a courier claims it: what comes later goes into the next one, so that a letter never splits and
never comes twice (docs/adr/0011-bundles-and-choices.md).
"""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.due_times import in_loud_hours
from gateway.occasions import ReaderTimes

OPEN = text("""
INSERT INTO gateway.bundle AS b (id, recipient, channel, slot) VALUES (:id, :recipient, :channel, :slot)
ON CONFLICT (recipient, channel, slot) DO UPDATE SET slot = excluded.slot WHERE b.closed_at IS NULL
RETURNING id
""")


async def join(session: AsyncSession, row: dict[str, Any], slot: datetime, times: ReaderTimes, at: datetime) -> None:
    """Put a planned row into the bundle of its slot, or of the reader's next letter if that one has left already.

    Changes ``row``: bundle, and the times that follow from the slot. It lives as long behind its letter as it would
    have behind the one that it missed.
    """
    planned = in_loud_hours(slot, times.hours, at)
    while (bundle := await _open(session, row, slot)) is None:
        slot = times.slot_following(slot)
    timing = in_loud_hours(slot, times.hours, at)
    row |= {
        "bundle": bundle,
        "due_at": timing.due_at,
        "expires_at": row["expires_at"] + (timing.expires_at - planned.expires_at),
        "leave_by": timing.leave_by,
    }


async def _open(session: AsyncSession, row: dict[str, Any], slot: datetime) -> UUID | None:
    values = {"id": uuid4(), "recipient": row["recipient"], "channel": row["channel"], "slot": slot}
    return (await session.execute(OPEN, values)).scalar_one_or_none()
