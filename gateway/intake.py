"""Intake: events leave the outbox in the very transaction that plans them.

The outbox is consumed by row state, never by "last id seen", which loses rows that commit late. A pass of a partition
takes its lock, reads what is visible, plans, and moves the horizon: everything that committed before that moment is
planned, so whatever is due before it may leave.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from pydantic import ValidationError
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import Database
from core.events import Event, NoSubject
from core.school_time import MachineClock, SchoolClock
from gateway.heads import Changed, EventRefusedError, Heads, first_rights_then_facts
from gateway.partition import KEPT, lock_partition, oldest_month
from gateway.planning import Target, plan
from gateway.retry import patience_of, tries_of
from gateway.states import Lane
from gateway.subjects import day_of
from gateway.watch_rows import recompile

BATCH = 500
"""Events planned in one transaction."""
PARTS = text(
    "SELECT part FROM gateway.intake WHERE source = 'core' UNION SELECT DISTINCT part FROM bus.outbox ORDER BY 1"
)
UNREAD = text("SELECT id, event FROM bus.outbox WHERE part = :part ORDER BY seq LIMIT :limit")
TAKEN = text("DELETE FROM bus.outbox WHERE id = ANY(CAST(:ids AS uuid[]))")
REFUSED = text("""
INSERT INTO gateway.refused_event (id, part, event, reason, at)
SELECT o.id, o.part, o.event, :reason, :at FROM bus.outbox o WHERE o.id = :id ON CONFLICT (id) DO NOTHING
""")
DUE_TIMERS = text("SELECT month, subject, recipient, step FROM gateway.timer WHERE part = :part AND due_at <= :now")
# Only when all that they asked about is planned, and its rows are held. Whoever records what became of a message holds
# its row while he asks for a look: he would wait for a timer that is being deleted by somebody who waits for his row.
# So whoever finds his timer standing was before the planner's look; whoever comes after it waits, and makes a new one.
TIMERS_DONE = text("""
DELETE FROM gateway.timer t USING unnest(CAST(:subjects AS text[]), CAST(:recipients AS uuid[]), CAST(:steps AS text[]))
  AS k (subject, recipient, step)
WHERE t.subject = k.subject AND t.recipient = k.recipient AND t.step = k.step
""")
HORIZON = text("""
INSERT INTO gateway.intake AS i (source, part, horizon, seen_at) VALUES ('core', :part, :horizon, :seen_at)
ON CONFLICT (source, part) DO UPDATE SET horizon = excluded.horizon, seen_at = excluded.seen_at
""")
EXPIRE = text("""
UPDATE gateway.delivery SET state = 'expired', reason = 'time-passed', changed_at = :now
WHERE month >= :oldest AND part = :part AND state = 'pending' AND expires_at <= :now
  AND NOT held
""")
STALE = text("""
INSERT INTO gateway.timer (month, subject, recipient, step, part, due_at)
SELECT d.month, d.subject, d.recipient, 'replan', d.part, :now FROM gateway.delivery d
JOIN gateway.recipient r ON r.id = d.recipient JOIN gateway.school s ON s.id = d.school
WHERE d.month >= :oldest AND d.part = :part AND d.state = 'pending' AND d.due_at <= :now
  AND (d.recipient_rev <> r.rev OR d.school_rev <> s.rev OR d.leave_by <= :now)
ON CONFLICT DO NOTHING
""")

# What waits for a bot or mail account that is refused gets no try, and so no last one: its time counts instead.
# Once, for then it was tried in vain. No more than a batch at once: an outage may leave a whole city waiting.
AWAY = text("""
WITH late AS MATERIALIZED (
  SELECT d.month, d.id, d.lane FROM gateway.delivery d JOIN gateway.credential c ON c.id = d.credential
  JOIN unnest(CAST(:lanes AS smallint[]), CAST(:tries AS int[]), CAST(:patience AS interval[]))
    AS l (lane, tries, patience) ON l.lane = d.lane
  WHERE d.month >= :oldest AND d.part = :part AND d.state = 'pending' AND NOT d.held AND d.attempts < l.tries
    AND c.pause_until > :machine AND c.refused_since <= CAST(:machine AS timestamptz) - l.patience
    AND d.due_at <= CAST(:now AS timestamptz) - l.patience
  ORDER BY d.lane, d.due_at, d.id LIMIT :limit FOR UPDATE OF d SKIP LOCKED),
left_in_vain AS (
  UPDATE gateway.delivery d SET attempts = l.tries FROM late
  JOIN unnest(CAST(:lanes AS smallint[]), CAST(:tries AS int[])) AS l (lane, tries) ON l.lane = late.lane
  WHERE d.month >= :oldest AND d.month = late.month AND d.id = late.id
  RETURNING d.month, d.subject, d.recipient, d.part)
INSERT INTO gateway.timer (month, subject, recipient, step, part, due_at)
SELECT month, subject, recipient, 'fall-back', part, :now FROM left_in_vain ON CONFLICT DO NOTHING
""")

_LANES = tuple(int(lane) for lane in Lane)
PATIENT = {
    "lanes": list(_LANES),
    "tries": [tries_of(lane) for lane in _LANES],
    "patience": [patience_of(lane) for lane in _LANES],
}
"""Of each lane, after how many tries and how much waiting another way is looked for."""

_log = structlog.get_logger(__name__)


async def _done(session: AsyncSession, timers: Sequence[Row[Any]]) -> None:
    """Forget the timers that were heard."""
    if timers:
        keys = {
            "subjects": [row.subject for row in timers],
            "recipients": [row.recipient for row in timers],
            "steps": [row.step for row in timers],
        }
        await session.execute(TIMERS_DONE, keys)


@dataclass(frozen=True, slots=True)
class Intake:
    """Moves events from the outbox into plans, partition by partition."""

    database: Database
    heads: Heads
    school_clock: SchoolClock
    machine_clock: MachineClock

    async def run_once(self) -> int:
        """Make one pass over all partitions until nothing is unread; return how many events were taken.

        A partition that cannot be planned is logged and left for the next pass.
        """
        async with self.database.begin() as session:
            parts = (await session.execute(PARTS)).scalars().all()
        return sum([await self._plan_part(part) for part in parts])

    async def _plan_part(self, part: int) -> int:
        taken = 0
        try:
            while (batch := await self._plan_batch(part)) == BATCH:
                taken += batch
        except Exception as error:  # noqa: BLE001 - what stops the schools of one partition may not stop all others
            # Nothing of it is lost: its rows stay in the outbox, its horizon stays behind; the next pass tries again.
            _log.error("partition not planned", part=part, error=type(error).__name__)
            return taken
        return taken + batch

    async def _plan_batch(self, part: int) -> int:
        # Taken before the transaction sees anything: what commits later than this moment counts as later.
        started = self.school_clock.now()
        seen_at = self.machine_clock.now()
        async with self.database.begin() as session:
            await lock_partition(session, part)
            rows = (await session.execute(UNREAD, {"part": part, "limit": BATCH})).all()
            changed = await self._take(session, {row.id: row.event for row in rows}, started)
            await recompile(session, part, started)
            sweep = {"part": part, "now": started, "oldest": oldest_month(started)}
            await session.execute(STALE, sweep)
            await session.execute(AWAY, sweep | PATIENT | {"machine": seen_at, "limit": BATCH})
            timers = (await session.execute(DUE_TIMERS, {"part": part, "now": started})).all()
            due = {Target(row.month, row.subject, row.recipient) for row in timers}
            await plan(session, due | await changed.targets(session, started.date()), started)
            await _done(session, timers)
            await session.execute(EXPIRE, sweep)
            if rows:
                await session.execute(TAKEN, {"ids": [row.id for row in rows]})
            if len(rows) < BATCH:
                await session.execute(HORIZON, {"part": part, "horizon": started, "seen_at": seen_at})
        return len(rows)

    async def _take(self, session: AsyncSession, raw: dict[UUID, Any], now: datetime) -> Changed:
        """Take the states of a batch; an event that cannot be is set aside with its reason and stops nobody."""
        changed = Changed()
        events: list[tuple[UUID, Event]] = []
        for row_id, body in raw.items():
            try:
                events.append((row_id, Event.model_validate(body)))
            except ValidationError as error:
                fields = ",".join(sorted({".".join(map(str, issue["loc"])) for issue in error.errors()}))
                await self._refuse(session, row_id, f"unreadable: {fields}", now)
        for row_id, event in sorted(events, key=lambda one: first_rights_then_facts(one[1])):
            try:
                self._check_age(event, now)
                await self.heads.take(session, event, changed)
            except EventRefusedError as refused:
                await self._refuse(session, row_id, str(refused), now)
        return changed

    def _check_age(self, event: Event, now: datetime) -> None:
        if event.time > now + KEPT:
            raise EventRefusedError("too-far-ahead")
        if isinstance(event.data, NoSubject):
            return
        day = day_of(event.data)
        if day < (now - KEPT).date():
            raise EventRefusedError("too-old")
        if day > (now + KEPT).date():
            raise EventRefusedError("too-far-ahead")

    async def _refuse(self, session: AsyncSession, row_id: UUID, reason: str, now: datetime) -> None:
        """Keep a row of the outbox as it came. Its id is the row's: what the body says of itself need not be so."""
        _log.error("event set aside", row=str(row_id), reason=reason)
        await session.execute(REFUSED, {"id": row_id, "reason": reason, "at": now})
