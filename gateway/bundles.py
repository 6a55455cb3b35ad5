"""Evening letters: one for each reader, channel and slot. What waits for a letter joins it while planning.

A bundle is closed when a courier claims it: what comes later goes into the next one, so that a letter never splits and
never comes twice (docs/adr/0011-bundles-and-choices.md).
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from core.school_time import at_school, school_date
from gateway.due_times import Hours, in_loud_hours

OPEN = text("""
INSERT INTO gateway.bundle AS b (id, recipient, channel, slot) VALUES (:id, :recipient, :channel, :slot)
ON CONFLICT (recipient, channel, slot) DO UPDATE SET slot = excluded.slot WHERE b.closed_at IS NULL
RETURNING id
""")


async def join(session: AsyncSession, row: dict[str, Any], slot: datetime, hours: Hours, at: datetime) -> None:
    """Put a planned row into the bundle of its slot, or of the next day's if that letter has left already.

    Changes ``row``: bundle, and the times that follow from the slot.
    """
    while (bundle := await _open(session, row, slot)) is None:
        slot = _next_day(slot, hours.zone)
    timing = in_loud_hours(slot, hours, at)
    row |= {
        "bundle": bundle,
        "due_at": timing.due_at,
        "expires_at": timing.expires_at,
        "leave_by": timing.leave_by,
    }


async def _open(session: AsyncSession, row: dict[str, Any], slot: datetime) -> UUID | None:
    values = {"id": uuid4(), "recipient": row["recipient"], "channel": row["channel"], "slot": slot}
    return (await session.execute(OPEN, values)).scalar_one_or_none()


def _next_day(slot: datetime, zone: str) -> datetime:
    day = school_date(slot, zone)
    # By the wall clock, not by 24 hours: zones change theirs.
    return at_school(day + timedelta(days=1), slot.astimezone(ZoneInfo(zone)).time(), zone)
