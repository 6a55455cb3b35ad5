"""After a restore: what may have been said in the time that was lost waits until the operator has looked.

Everything that waited in the backup is held, and so is whatever is planned later from facts that happened before the
restore. What happens after it is held too until the operator says that he has checked the papers: a court's bar or a
withdrawn consent of the lost time is gone from the database, and its reader would be told again. From then on news is
told as always. A released message is planned anew and leaves once; a discarded one counts as possibly told, so that a
later correction of it is still sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.partition import lock_partition
from gateway.recovery import write_off
from gateway.states import Reason, State

OWN_AFFAIRS = ("password-link/", "mailbox-link/", "strange-entry/")
"""Subjects that say nothing of a child: what an account tells its owner waits for nobody's papers."""
STANDING = text("""
SELECT min(snapshot_at) AS snapshot_at, max(restored_at) AS restored_at, bool_and(checked_at IS NOT NULL) AS checked
FROM gateway.quarantine
WHERE released_at IS NULL
""")
# In the lost time it was due: it may have been sent then, as the message that would be sent now.
MAYBE_TOLD = text("""
WITH due AS (
  UPDATE gateway.delivery d SET unknowns = GREATEST(unknowns, 1), changed_at = :restored_at,
    gen = CASE WHEN provider_id IS NULL OR bundle IS NOT NULL THEN gen + 1 ELSE gen END
  WHERE held AND state IN ('pending', 'claimed') AND due_at <= :restored_at AND want_key IS DISTINCT FROM told_key
    AND NOT EXISTS (SELECT FROM gateway.attempt a
      WHERE a.delivery = d.id AND a.reason = :reason AND a.finished_at = :restored_at)
  RETURNING d.month, d.id, d.provider_id, d.bundle, d.gen, d.want, d.want_key, d.due_at)
INSERT INTO gateway.attempt (id, month, delivery, act, gen, version, content_key, epoch, started_at, finished_at,
  outcome, reason)
SELECT gen_random_uuid(), month, id, CASE WHEN provider_id IS NULL OR bundle IS NOT NULL THEN 'send' ELSE 'edit' END,
  gen, want, want_key, 0, due_at, :restored_at, 'unknown', :reason FROM due
""")
ON_THE_WIRE = text("""
SELECT d.month, d.id, d.subject, d.recipient, d.part, d.claim, d.attempts, d.unknowns, d.lane, d.told_key,
  t.id AS attempt, t.act, t.content_key
FROM gateway.delivery d
JOIN LATERAL (SELECT a.id, a.act, a.content_key FROM gateway.attempt a
  WHERE a.delivery = d.id AND a.outcome IS NULL ORDER BY a.started_at DESC, a.id LIMIT 1) t ON true
WHERE d.held AND d.state = 'sending' FOR UPDATE OF d
""")
UNCLAIM = text("""
UPDATE gateway.delivery SET state = 'pending', claim = NULL, lease_until = NULL, recipient_rev = -1,
  changed_at = :restored_at
WHERE held AND state = 'claimed'
""")
FREE = text("UPDATE gateway.credential SET owner = NULL, lease_until = NULL, pause_until = NULL, pause_reason = NULL")
HELD = text("""
SELECT d.school, d.recipient, d.channel, f.category, count(*) AS count,
  count(*) FILTER (WHERE d.expires_at <= :now) AS late
FROM gateway.delivery d JOIN gateway.fact f ON f.month = d.month AND f.subject = d.subject
WHERE d.held AND d.state = 'pending'
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
""")
UNREAD = text("SELECT count(*) FROM bus.outbox WHERE at <= :restored_at")
PARTS = text("""
SELECT part FROM gateway.delivery WHERE held UNION SELECT part FROM gateway.intake
UNION SELECT part FROM bus.outbox ORDER BY 1
""")
# Stale until planned again, and of no letter: it leaves with the next one, or at once, as its reader's hours say.
RELEASE = text("""
WITH freed AS (
  UPDATE gateway.delivery SET held = false, bundle = NULL, recipient_rev = -1, changed_at = :now
  WHERE held AND state = 'pending' RETURNING month, subject, recipient, part),
asked AS (
  INSERT INTO gateway.timer (month, subject, recipient, step, part, due_at)
  SELECT DISTINCT month, subject, recipient, 'replan', part, CAST(:now AS timestamptz) FROM freed
  ON CONFLICT DO NOTHING)
SELECT count(*) FROM freed
""")
# What happened in this life was never told by the lost one. It goes as what is released does; the rest goes on waiting.
NEWS = text("""
WITH freed AS (
  UPDATE gateway.delivery d SET held = false, bundle = NULL, recipient_rev = -1, changed_at = :now
  FROM gateway.fact f
  WHERE d.held AND d.state = 'pending' AND f.month = d.month AND f.subject = d.subject AND f.occurred_at > :restored_at
  RETURNING d.month, d.subject, d.recipient, d.part),
asked AS (
  INSERT INTO gateway.timer (month, subject, recipient, step, part, due_at)
  SELECT DISTINCT month, subject, recipient, 'replan', part, CAST(:now AS timestamptz) FROM freed
  ON CONFLICT DO NOTHING)
SELECT count(*) FROM freed
""")
CHECKED = text("UPDATE gateway.quarantine SET checked_at = :now WHERE released_at IS NULL AND checked_at IS NULL")
DISCARD = text("""
WITH gone AS (
  UPDATE gateway.delivery SET held = false, bundle = NULL, state = :expired, reason = :reason,
    unknowns = GREATEST(unknowns, 1), changed_at = :now
  WHERE held AND state = 'pending' RETURNING id)
SELECT count(*) FROM gone
""")
FORGET_MARKS = text("UPDATE gateway.delivery SET held = false WHERE held")
CLOSE = text("UPDATE gateway.quarantine SET released_at = :now, released_by = :by WHERE released_at IS NULL")


@dataclass(frozen=True, slots=True)
class Quarantine:
    """A quarantine that nobody has ended yet."""

    snapshot_at: datetime
    restored_at: datetime
    checked: bool
    """The operator has checked the papers: what happens now is told."""


@dataclass(frozen=True, slots=True)
class Held:
    """Messages of one kind that wait for one reader on one channel."""

    school: UUID
    recipient: UUID
    channel: str
    category: str
    count: int
    late: int
    """Of these, how many are no news any more: released, they would not be sent."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the operator is to look at."""

    quarantine: Quarantine
    held: tuple[Held, ...]
    unread: int
    """Events from before the restore that no gateway has planned yet: what follows from them is not in ``held``."""


class NotPlannedError(Exception):
    """Events from before the restore lie unread, so that nobody has seen what they would send."""

    def __init__(self, unread: int) -> None:
        super().__init__(f"{unread} unread")
        self.unread = unread


class NotCheckedError(Exception):
    """The operator has not said yet that the papers are checked: news waits among what would be released."""


async def standing(session: AsyncSession) -> Quarantine | None:
    """Return the quarantine in force; None if there is none."""
    row = (await session.execute(STANDING)).one()
    return None if row.restored_at is None else Quarantine(row.snapshot_at, row.restored_at, row.checked)


def holding(quarantine: Quarantine | None, row: Mapping[str, Any], occurred_at: datetime | None) -> dict[str, Any]:
    """Return what a quarantine adds to a planned row of ``gateway.delivery``.

    ``occurred_at`` None: nothing is told, only what the reader did is drawn into the message that he has.
    """
    if quarantine is None or occurred_at is None or row["state"] != State.PENDING:
        return {"held": False, "maybe_told": 0}
    if occurred_at > quarantine.restored_at:
        return {"held": not (quarantine.checked or row["subject"].startswith(OWN_AFFAIRS)), "maybe_told": 0}
    return {"held": True, "maybe_told": int(row["due_at"] <= quarantine.restored_at)}


async def settle(session: AsyncSession) -> None:
    """Bring a restored ledger in order: nothing is in flight, no dead gateway owns a bot. Repeatable."""
    quarantine = await standing(session)
    if quarantine is None:
        return
    values = {"restored_at": quarantine.restored_at, "reason": Reason.RESTORED.value}
    await session.execute(MAYBE_TOLD, values)
    for row in (await session.execute(ON_THE_WIRE)).all():
        await write_off(session, row, quarantine.restored_at, 0.0)
    await session.execute(UNCLAIM, values)
    await session.execute(FREE)


async def waiting(session: AsyncSession, now: datetime) -> Waiting | None:
    """Return what waits; None if there is no quarantine. ``now`` is the school clock."""
    quarantine = await standing(session)
    if quarantine is None:
        return None
    held = tuple(Held(*row) for row in await session.execute(HELD, {"now": now}))
    return Waiting(quarantine, held, await _unread(session, quarantine))


async def release(session: AsyncSession, *, by: str, now: datetime, discard: bool) -> int:
    """End the quarantine: let go what is held, or discard it; return how many messages that were.

    Raises ``NotCheckedError``, ``NotPlannedError``. Repeating it changes nothing.
    """
    quarantine = await _alone(session)
    if quarantine is None:
        return 0
    if not quarantine.checked:
        raise NotCheckedError
    if (unread := await _unread(session, quarantine)) > 0:
        raise NotPlannedError(unread)
    gone = {"now": now, "expired": State.EXPIRED.value, "reason": Reason.DISCARDED.value}
    freed = await (session.execute(DISCARD, gone) if discard else session.execute(RELEASE, {"now": now}))
    count = int(freed.scalar_one())
    await session.execute(FORGET_MARKS)
    await session.execute(CLOSE, {"now": now, "by": by})
    return count


async def checked(session: AsyncSession, *, now: datetime) -> int:
    """Let news go from now on, as the papers are checked; return how many messages waited for that. Repeatable."""
    quarantine = await _alone(session)
    if quarantine is None or quarantine.checked:
        return 0
    freed = await session.execute(NEWS, {"now": now, "restored_at": quarantine.restored_at})
    await session.execute(CHECKED, {"now": now})
    return int(freed.scalar_one())


async def _alone(session: AsyncSession) -> Quarantine | None:
    """Return the quarantine in force, with nobody planning meanwhile."""
    for part in (await session.execute(PARTS)).scalars().all():
        await lock_partition(session, part)
    return await standing(session)


async def _unread(session: AsyncSession, quarantine: Quarantine) -> int:
    return int((await session.execute(UNREAD, {"restored_at": quarantine.restored_at})).scalar_one())
