"""What an outcome leaves in the ledger, and what becomes of messages whose sender died before he could say."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from gateway import ledger
from gateway.claimed import ClaimedRow
from gateway.retry import MAX_UNKNOWN_SENDS, tries_of
from gateway.states import Reason
from gateway.transitions import Act, Limits, Next, after, describe
from notifiers.port import Unknown


def recorded(result: Next, now: datetime) -> dict[str, Any]:
    """Return the values that the ledger's statements take from an outcome."""
    return {
        "now": now,
        "outcome": result.outcome,
        "state": result.state.value,
        "reason": result.reason,
        "provider_id": result.provider_id,
        "due_at": None if result.wait is None else now + result.wait,
        "unknown": int(result.unknown),
        "not_counted": int(result.pause is not None or not result.counted),
        "new_message": result.new_message,
    }


async def write_off(
    session: AsyncSession, row: Row[Any], now: datetime, jitter: float, *, copies: int = MAX_UNKNOWN_SENDS
) -> Next:
    """Record of a message that was on the wire when its sender died that nobody knows whether it left.

    ``row`` is one of ``ledger.ABANDONED``. What is done, and returned, is the channel's policy of unknown outcomes.
    """
    limits, shown, told = Limits(copies, tries_of(row.lane)), row.content_key, row.told_key
    tried = describe(Act(row.act), row.attempts, row.unknowns, shown=shown, told=told, limits=limits)
    result = after(Unknown(Reason.LEASE_EXPIRED), tried, jitter)
    values = {**recorded(result, now), "attempt": row.attempt, "month": row.month, "id": row.id}
    await session.execute(ledger.END_ATTEMPT, values)
    await session.execute(ledger.NOT_ACCEPTED, {**values, "claim": row.claim, "content_key": row.content_key})
    await ask_planner(session, row, now)
    return result


async def ask_planner(session: AsyncSession, row: Row[Any] | ClaimedRow, now: datetime) -> None:
    """Have the next planning pass look at this reader of this subject."""
    values = {
        "month": row.month,
        "subject": row.subject,
        "recipient": row.recipient,
        "step": "fall-back",
        "part": row.part,
        "now": now,
    }
    await session.execute(ledger.REPLAN, values)
