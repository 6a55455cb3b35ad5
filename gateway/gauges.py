"""How the ledger stands, for whoever watches: one query for each figure, cheap with a million finished rows.

Read from the database at every question, so that two gateways say the same. Each query walks a partial index of what is
not finished, or an hour of another (docs/adr/0029-metrics.md); none reads the rows of finished messages.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.dead_letters import TOLD_OTHERWISE
from gateway.partition import oldest_month
from gateway.states import Lane

LATELY = timedelta(hours=1)
"""For so long back what was suppressed is counted."""

# An index that begins with the credential has no oldest row of all, but one for each credential: those that occur are
# found by jumping from one to the next. Letters have an index of their own, without the lane: they are all one lane.
OLDEST_DUE = text("""
WITH RECURSIVE alone AS (
  (SELECT d.credential FROM gateway.delivery d
   WHERE d.month >= :oldest AND d.state = 'pending' AND d.bundle IS NULL AND NOT d.held
   ORDER BY d.credential LIMIT 1)
  UNION ALL
  SELECT (SELECT d.credential FROM gateway.delivery d
    WHERE d.month >= :oldest AND d.state = 'pending' AND d.bundle IS NULL AND NOT d.held AND d.credential > a.credential
    ORDER BY d.credential LIMIT 1)
  FROM alone a WHERE a.credential IS NOT NULL),
bundled AS (
  (SELECT d.credential FROM gateway.delivery d
   WHERE d.month >= :oldest AND d.state = 'pending' AND d.bundle IS NOT NULL AND NOT d.held
   ORDER BY d.credential LIMIT 1)
  UNION ALL
  SELECT (SELECT d.credential FROM gateway.delivery d
    WHERE d.month >= :oldest AND d.state = 'pending' AND d.bundle IS NOT NULL AND NOT d.held
      AND d.credential > b.credential
    ORDER BY d.credential LIMIT 1)
  FROM bundled b WHERE b.credential IS NOT NULL)
SELECT l.lane, (SELECT d.due_at FROM gateway.delivery d
    WHERE d.month >= :oldest AND d.credential = a.credential AND d.lane = l.lane AND d.state = 'pending'
      AND d.bundle IS NULL AND NOT d.held
    ORDER BY d.due_at LIMIT 1) AS due_at
FROM alone a CROSS JOIN unnest(CAST(:lanes AS smallint[])) AS l (lane) WHERE a.credential IS NOT NULL
UNION ALL
SELECT CAST(:digest AS smallint), (SELECT d.due_at FROM gateway.delivery d
    WHERE d.month >= :oldest AND d.credential = b.credential AND d.state = 'pending'
      AND d.bundle IS NOT NULL AND NOT d.held
    ORDER BY d.due_at LIMIT 1)
FROM bundled b WHERE b.credential IS NOT NULL
""")
# A partition that was never planned has no horizon yet: what lies unread there tells how far it is behind.
HORIZON = text("""
SELECT min(behind.since) FROM (
  SELECT i.horizon AS since FROM gateway.intake i WHERE i.source = 'core'
  UNION ALL
  SELECT o.at FROM bus.outbox o
  WHERE NOT EXISTS (SELECT FROM gateway.intake i WHERE i.source = 'core' AND i.part = o.part)) behind
""")
# Without the oldest month, which no index holds: so an index alone answers, and an old month costs it two pages.
SUPPRESSED = text("""
SELECT d.reason, count(*) AS number FROM gateway.delivery d
WHERE d.state = 'suppressed' AND d.changed_at > :since GROUP BY d.reason
""")
SET_ASIDE = text("SELECT reason, count(*) AS number FROM gateway.refused_event GROUP BY reason")
CREDENTIALS = text("""
SELECT id, lease_until > :machine AS held, pause_until, pause_reason FROM gateway.credential
WHERE id = ANY(CAST(:credentials AS text[]))
""")
DEAD = text(f"""
SELECT d.channel, d.reason, count(*) AS number FROM gateway.delivery d
WHERE d.month >= :oldest AND d.state IN ('failed', 'unknown') AND d.expires_at > :now AND NOT {TOLD_OTHERWISE}
GROUP BY d.channel, d.reason
""")  # noqa: S608 - a condition of ours, no words from outside


@dataclass(frozen=True, slots=True)
class Pause:
    """A provider told us to wait, or refused the whole account."""

    seconds: float
    """Still to wait; by the machine's clock."""
    reason: str


@dataclass(frozen=True, slots=True)
class Gauges:
    """How the ledger stands at one moment."""

    due: Mapping[Lane, float]
    """Age in seconds of the oldest message that is due and waits; 0 if none does."""
    horizon: float | None
    """Age in seconds of what the slowest partition has planned; None while there is nothing to plan."""
    suppressed: Mapping[str, int]
    set_aside: Mapping[str, int]
    leases: Mapping[str, bool]
    """Whether anybody owns the credential of each channel."""
    pauses: Mapping[str, Pause]
    """Of each channel whose credential pauses."""
    dead: Mapping[tuple[str, str], int]
    """Dead letters that are still news and were told by no other way, by channel and reason."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When the ledger is looked at, by both clocks."""

    school: datetime
    machine: datetime


async def read(session: AsyncSession, served: Mapping[str, str], at: Moment) -> Gauges:
    """Read every figure; ``served`` tells which credential serves a channel of this installation."""
    now = at.school
    values = {"oldest": oldest_month(now), "now": now}
    horizon = (await session.execute(HORIZON)).scalar_one()
    leases, pauses = await _credentials(session, served, at.machine)
    return Gauges(
        due=await _due(session, values),
        horizon=None if horizon is None else _age(horizon, now),
        suppressed=await _counts(session, SUPPRESSED, {"since": now - LATELY}),
        set_aside=await _counts(session, SET_ASIDE, {}),
        leases=leases,
        pauses=pauses,
        dead={(row.channel, row.reason or ""): row.number for row in await session.execute(DEAD, values)},
    )


async def _due(session: AsyncSession, values: Mapping[str, Any]) -> dict[Lane, float]:
    lanes = {"lanes": [int(lane) for lane in Lane], "digest": int(Lane.DIGEST)}
    ages = dict.fromkeys(Lane, 0.0)
    for row in await session.execute(OLDEST_DUE, {"oldest": values["oldest"], **lanes}):
        if row.due_at is not None:
            lane = Lane(str(row.lane))
            ages[lane] = max(ages[lane], _age(row.due_at, values["now"]))
    return ages


async def _counts(session: AsyncSession, query: Any, values: Mapping[str, Any]) -> dict[str, int]:
    return {row.reason: row.number for row in await session.execute(query, values)}


async def _credentials(
    session: AsyncSession, served: Mapping[str, str], machine: datetime
) -> tuple[dict[str, bool], dict[str, Pause]]:
    asked: Collection[str] = sorted(served.values())
    rows = {row.id: row for row in await session.execute(CREDENTIALS, {"credentials": asked, "machine": machine})}
    leases: dict[str, bool] = {}
    pauses: dict[str, Pause] = {}
    for channel, credential in served.items():
        row = rows.get(credential)
        leases[channel] = row is not None and bool(row.held)
        if row is not None and row.pause_until is not None and row.pause_until > machine:
            pauses[channel] = Pause((row.pause_until - machine).total_seconds(), row.pause_reason or "")
    return leases, pauses


def _age(since: datetime, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds())
