"""Dead letters: what was given up, why, and how a person has it tried again.

A dead letter is a thread that ``failed`` (certainly not told) or stays ``unknown`` (may have arrived, and policy
forbids another copy). What expired is none: nobody can make it news again. A thread of which its reader heard by
another way, or is about to, is none that anybody has to see to.

A replay hands the thread back to planning, under the partition's lock: the planner decides as it always does whether
its reader may be told, by which way and when. If nothing follows, nothing was changed, and the refusal says why.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.partition import lock_partition, oldest_month
from gateway.planning import plan_recipient
from gateway.states import Reason, State

DEAD = frozenset({State.FAILED, State.UNKNOWN})

# Said of ``d``. Whoever was told this version or a newer one by another way, or is being told, needs no other.
TOLD_OTHERWISE = """EXISTS (SELECT FROM gateway.delivery o
    WHERE o.month = d.month AND o.subject = d.subject AND o.recipient = d.recipient AND o.id <> d.id
      AND o.purpose <> 'all-clear'
      AND (o.state IN ('pending', 'claimed', 'sending')
        OR (o.state IN ('accepted', 'delivered') AND o.told >= d.want)))"""
_LETTER = f"""
SELECT d.month, d.id, d.subject, d.recipient, d.school, d.part, d.channel, d.state, d.reason, d.want, d.told,
  d.attempts, d.changed_at, d.expires_at, f.category, f.day, f.occurred_at, {TOLD_OTHERWISE} AS told_otherwise,
  (SELECT count(*) FROM gateway.replay r WHERE r.delivery = d.id) AS replays
FROM gateway.delivery d JOIN gateway.fact f ON f.month = d.month AND f.subject = d.subject
"""  # noqa: S608 - a condition of ours, no words from outside
LIST = text(f"""{_LETTER}
WHERE d.month >= :oldest AND d.state IN ('failed', 'unknown')
  AND (:every OR (d.expires_at > :now AND NOT {TOLD_OTHERWISE}))
  AND d.reason = COALESCE(CAST(:reason AS text), d.reason) AND d.channel = COALESCE(CAST(:channel AS text), d.channel)
  AND d.school = COALESCE(CAST(:school AS uuid), d.school)
  AND d.changed_at >= COALESCE(CAST(:since AS timestamptz), d.changed_at)
  AND (CAST(:before AS timestamptz) IS NULL
    OR (d.changed_at, d.id) < (CAST(:before AS timestamptz), CAST(:before_id AS uuid)))
ORDER BY d.changed_at DESC, d.id DESC LIMIT :limit
""")
ONE = text(f"{_LETTER} WHERE d.month >= :oldest AND d.id = :id")
# An id is as good as its first letters: those between the lowest and the highest that begin so.
NAMED = text("SELECT id FROM gateway.delivery WHERE month >= :oldest AND id BETWEEN :low AND :high LIMIT 2")
LOCKED = text("SELECT state FROM gateway.delivery WHERE month = :month AND id = :id FOR UPDATE")
# Nothing of its reader is as it was when this was given up: no rev is -1. So the planner looks at this way anew.
GIVE_BACK = text("""
UPDATE gateway.delivery SET state = 'failed', recipient_rev = -1, changed_at = :at WHERE month = :month AND id = :id
""")
# Only to hear why not: of a reader who may know it already, the planner does not say.
AS_IF_UNTOLD = text("""
UPDATE gateway.delivery SET unknowns = 0, told = NULL, told_key = NULL
WHERE month = :month AND subject = :subject AND recipient = :recipient
""")
# An all-clear that rings beside a message stands for nothing but itself.
UNDER_WAY = text("""
SELECT channel FROM gateway.delivery
WHERE month = :month AND subject = :subject AND recipient = :recipient AND state IN ('pending', 'claimed', 'sending')
  AND (purpose <> 'all-clear' OR id = :id)
ORDER BY id = :id DESC, channel LIMIT 1
""")
SILENCED = text("""
SELECT reason FROM gateway.delivery
WHERE month = :month AND subject = :subject AND recipient = :recipient AND state = 'suppressed' AND changed_at = :at
ORDER BY id = :id DESC LIMIT 1
""")
NOTE = text("""
INSERT INTO gateway.replay (id, month, delivery, state, reason, maybe_told, by, why, at)
VALUES (:replay, :month, :id, :state, :reason, :maybe_told, :by, :why, :at)
""")
REPLAYS = text("SELECT at, by, why, state, reason, maybe_told FROM gateway.replay WHERE delivery = :id ORDER BY at, id")


class WhyNot(StrEnum):
    """Why a letter is not tried again, beside the planner's own reasons (``states.Reason``)."""

    TOLD = "told"
    """It reached its reader after all."""
    TOLD_OTHERWISE = "told-otherwise"
    """Its reader was told by another way."""
    MAYBE_TOLD = "maybe-told"
    """It may have arrived: it goes again only on the operator's explicit word."""
    NOTHING_TO_TELL = "nothing-to-tell"
    """What is recorded now needs no message, or another way has it."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A thread that was given up, or was once and is not any more."""

    month: date
    id: UUID
    subject: str
    recipient: UUID
    school: UUID
    part: int
    channel: str
    category: str
    day: date
    state: State
    reason: str | None
    told_before: bool
    """An earlier version was told: what its reader has is out of date."""
    attempts: int
    changed_at: datetime
    """When it was given up."""
    expires_at: datetime
    told_otherwise: bool
    replays: int
    """How often a person had it tried again."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next page begins: behind this letter."""

    changed_at: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which letters; what is not given does not matter."""

    reason: str | None = None
    channel: str | None = None
    since: datetime | None = None
    """Given up then or later."""
    school: UUID | None = None
    every: bool = False
    """Also those that are no news any more, or were told by another way."""


@dataclass(frozen=True, slots=True)
class Word:
    """The operator's word: who, why, and whether also what may have arrived shall go again."""

    by: str
    why: str
    maybe_told: bool = False


@dataclass(frozen=True, slots=True)
class Replayed:
    """Planned anew."""

    channel: str
    """By which it will leave now; perhaps another one than that which failed."""


@dataclass(frozen=True, slots=True)
class UnderWay:
    """It waits or leaves already: nothing was done. So a repeat changes nothing."""

    channel: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed, and this is why: one of ``WhyNot`` or ``states.Reason``."""

    reason: str


type Result = Replayed | UnderWay | Refused


@dataclass(frozen=True, slots=True)
class ReplaySeen:
    """One replay, as it was noted."""

    at: datetime
    by: str
    why: str
    state: str
    reason: str | None
    maybe_told: bool


async def listed(
    session: AsyncSession, wanted: Wanted, now: datetime, *, behind: Place | None = None, limit: int
) -> tuple[DeadLetter, ...]:
    """Return a page of dead letters, the newest first; ``now`` is the school clock."""
    values = {
        "oldest": oldest_month(now),
        "now": now,
        "every": wanted.every,
        "reason": wanted.reason,
        "channel": wanted.channel,
        "school": wanted.school,
        "since": wanted.since,
        "before": None if behind is None else behind.changed_at,
        "before_id": None if behind is None else behind.id,
        "limit": limit,
    }
    return tuple(map(_letter, await session.execute(LIST, values)))


async def named(session: AsyncSession, low: UUID, high: UUID, now: datetime) -> tuple[UUID, ...]:
    """Return the threads whose ids lie between these two, two at most: one is meant, or the name is doubtful."""
    found = await session.execute(NAMED, {"low": low, "high": high, "oldest": oldest_month(now)})
    return tuple(found.scalars())


async def one(session: AsyncSession, letter: UUID, now: datetime) -> DeadLetter | None:
    """Return a thread by its id, dead or not; None if there is none."""
    row = (await session.execute(ONE, {"id": letter, "oldest": oldest_month(now)})).one_or_none()
    return None if row is None else _letter(row)


async def replays_of(session: AsyncSession, letter: UUID) -> tuple[ReplaySeen, ...]:
    """Return who had it tried again, in their order."""
    return tuple(ReplaySeen(*row) for row in await session.execute(REPLAYS, {"id": letter}))


async def replay(session: AsyncSession, letter: DeadLetter, word: Word, at: datetime) -> Result:
    """Hand a letter back to planning as a new try, and note who wanted it, when and why.

    ``at`` is the school clock. Never sends what may have arrived without the explicit word. A refusal changes nothing.
    """
    result = await _tried(session, letter, word, at)
    if isinstance(result, Replayed):
        values = {
            "replay": uuid4(),
            "month": letter.month,
            "id": letter.id,
            "state": letter.state.value,
            "reason": letter.reason,
            "maybe_told": word.maybe_told and letter.state is State.UNKNOWN,
            "by": word.by,
            "why": word.why,
            "at": at,
        }
        await session.execute(NOTE, values)
    return result


async def may_replay(session: AsyncSession, letter: DeadLetter, word: Word, at: datetime) -> Result:
    """Tell what a replay would do, and do nothing."""
    async with _undone(session):
        return await _tried(session, letter, word, at)


async def _tried(session: AsyncSession, letter: DeadLetter, word: Word, at: datetime) -> Result:
    await lock_partition(session, letter.part)
    state = State((await session.execute(LOCKED, {"month": letter.month, "id": letter.id})).scalar_one())
    if (known := await _settled(session, letter, state, word, at)) is not None:
        return known
    values = {
        "month": letter.month,
        "id": letter.id,
        "subject": letter.subject,
        "recipient": letter.recipient,
        "at": at,
    }
    async with session.begin_nested() as kept:
        planned = await _planned(session, letter, values)
        if isinstance(planned, Replayed):
            return planned
        await kept.rollback()
    if planned is not None:
        return planned
    async with _undone(session):
        await session.execute(AS_IF_UNTOLD, values)
        planned = await _planned(session, letter, values)
    return planned if isinstance(planned, Refused) else Refused(WhyNot.NOTHING_TO_TELL)


async def _settled(
    session: AsyncSession, letter: DeadLetter, state: State, word: Word, at: datetime
) -> UnderWay | Refused | None:
    """Say what is plain before anything is planned; None if the planner has to be asked."""
    values = {
        "month": letter.month,
        "id": letter.id,
        "subject": letter.subject,
        "recipient": letter.recipient,
    }
    channel = (await session.execute(UNDER_WAY, values)).scalar_one_or_none()
    if channel is not None:
        return UnderWay(channel)
    if state not in DEAD:
        settled = {State.EXPIRED: Reason.TIME_PASSED, State.SUPPRESSED: WhyNot.NOTHING_TO_TELL}
        return Refused(settled.get(state, WhyNot.TOLD))
    fresh = await one(session, letter.id, at)
    if fresh is not None and fresh.told_otherwise:
        return Refused(WhyNot.TOLD_OTHERWISE)
    if letter.expires_at <= at:
        return Refused(Reason.TIME_PASSED)
    return Refused(WhyNot.MAYBE_TOLD) if state is State.UNKNOWN and not word.maybe_told else None


async def _planned(session: AsyncSession, letter: DeadLetter, values: dict[str, Any]) -> Replayed | Refused | None:
    """Have the planner look at this way anew; return what follows; None if it says nothing at all of this reader."""
    await session.execute(GIVE_BACK, values)
    await plan_recipient(session, letter.month, letter.subject, letter.recipient, values["at"])
    channel = (await session.execute(UNDER_WAY, values)).scalar_one_or_none()
    if channel is not None:
        return Replayed(channel)
    reason = (await session.execute(SILENCED, values)).scalar_one_or_none()
    return None if reason is None else Refused(reason)


@asynccontextmanager
async def _undone(session: AsyncSession) -> AsyncIterator[None]:
    """Take back whatever is written in the block; locks of the partition taken in it may go, too."""
    async with session.begin_nested() as kept:
        yield
        await kept.rollback()


def _letter(row: Row[Any]) -> DeadLetter:
    return DeadLetter(
        month=row.month,
        id=row.id,
        subject=row.subject,
        recipient=row.recipient,
        school=row.school,
        part=row.part,
        channel=row.channel,
        category=row.category,
        day=row.day,
        state=State(row.state),
        reason=row.reason,
        told_before=row.told is not None,
        attempts=row.attempts,
        changed_at=row.changed_at,
        expires_at=row.expires_at,
        told_otherwise=row.told_otherwise,
        replays=row.replays,
    )
