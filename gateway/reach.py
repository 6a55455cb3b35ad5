"""Who is reached by a subject and who is not, with the reason: what a class teacher sees on a board."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from core.school_time import month_of
from gateway.states import State

SEEN = text("""
SELECT d.recipient, d.channel, d.state, d.reason, d.told IS NOT NULL AS told, d.unknowns,
  EXISTS (SELECT FROM gateway.receipt c WHERE c.subject = d.subject AND c.recipient = d.recipient) AS answered
FROM gateway.delivery d WHERE d.month = :month AND d.subject = :subject
ORDER BY d.recipient, d.changed_at, d.id
""")


@dataclass(frozen=True, slots=True)
class Reached:
    """What is known of one reader, and nothing more: accepted is not read."""

    told: bool
    """A message was certainly taken by the messenger or the mail server."""
    unsure: bool
    """Nothing was certainly taken, but a message may have arrived: how its sending ended nobody knows."""
    acted: bool
    """The reader did something with it himself."""
    channel: str | None
    """The way by which he was told, or was last tried."""
    waiting: bool
    """Something is still to be sent."""
    reason: str | None
    """Why he is not told; None if he is or may be, or if it only waits."""


async def reached(session: AsyncSession, subject: str, day: date) -> Mapping[UUID, Reached]:
    """Return what is known of each reader of a subject, whose school date is ``day``."""
    found: dict[UUID, Reached] = {}
    for row in await session.execute(SEEN, {"subject": subject, "month": month_of(day)}):
        before = found.get(row.recipient)
        state = State(row.state)
        told = row.told
        waiting = state in (State.PENDING, State.CLAIMED, State.SENDING)
        # What may have arrived once may have arrived, whatever became of a later try or of another way.
        maybe = state is State.UNKNOWN or row.unknowns > 0 or (before is not None and before.unsure)
        unsure = maybe and not told
        reason = None if told or unsure or waiting else row.reason
        this = Reached(told, unsure, row.answered, row.channel, waiting, reason)
        # Whoever was told by one way is told, whatever became of the others.
        if before is None or told or not before.told:
            found[row.recipient] = this
    return found
