"""When a reader wants to be left alone: his own quiet hours, the zone that he lives by, his days off (CONF-20…22).

What is urgent passes them all. A change counts from its commit: what waits is timed anew.
"""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.due_times import Hours
from gateway.routing import OwnHours
from gateway.subscriptions import locked, taken_up

LEAST_LOUD = timedelta(hours=4)
"""So much of a day at least must be left, or what is told in loud hours only would come in a heap, or never."""
ANY_ZONE = "UTC"
READ = text("SELECT quiet_from, quiet_until, zone, days_off FROM gateway.recipient WHERE id = :recipient")
KEEP = text("""
UPDATE gateway.recipient SET quiet_from = :quiet_from, quiet_until = :quiet_until, zone = :zone,
  days_off = CAST(:days_off AS smallint[])
WHERE id = :recipient
""")


async def own_hours(session: AsyncSession, recipient: UUID) -> OwnHours | None:
    """Return what a reader said of his hours; None for somebody of whom the gateway has not heard yet."""
    row = (await session.execute(READ, {"recipient": recipient})).one_or_none()
    if row is None:
        return None
    quiet = None if row.quiet_from is None else (row.quiet_from, row.quiet_until)
    return OwnHours(quiet, row.zone, frozenset(row.days_off))


async def choose_hours(session: AsyncSession, recipient: UUID, hours: OwnHours, *, at: datetime) -> None:
    """Keep when a reader wants to be left alone, in the place of what stood; what he leaves out is his school's.

    Raises ``LookupError`` for somebody unknown, ``ValueError`` for a zone that is none, for a day without
    ``LEAST_LOUD``, and for a week without a day. ``at`` is the school clock.
    """
    check(hours)
    part = await locked(session, recipient)
    begins, ends = hours.quiet or (None, None)
    days_off = sorted(hours.days_off)
    values = {"quiet_from": begins, "quiet_until": ends, "zone": hours.zone, "days_off": days_off}
    await session.execute(KEEP, {"recipient": recipient, **values})
    await taken_up(session, recipient, part, at)


def check(hours: OwnHours) -> None:
    """Refuse hours by which a reader could not be told anything. Raises ``ValueError``."""
    begins, ends = hours.quiet or (time(), time())
    Hours(begins, ends, hours.zone or ANY_ZONE, hours.days_off)
    try:
        ZoneInfo(hours.zone or ANY_ZONE)
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError("no such zone") from error
    midnight = date(2000, 1, 1)
    lasts = datetime.combine(midnight, ends) - datetime.combine(midnight, begins)
    if lasts % timedelta(days=1) > timedelta(days=1) - LEAST_LOUD:
        raise ValueError("too little of the day is left")
