"""The way of an event, for whoever asks «почему?»: event, channels tried, outcomes, fallback, receipts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.events import Subject
from gateway.subjects import subject_state

FACTS = text("""
SELECT month, subject, day, version, event_id, occurred_at, planned_at, followers, data FROM gateway.fact
WHERE (CAST(:pupil AS uuid) IS NULL OR pupils @> ARRAY[CAST(:pupil AS uuid)])
  AND (CAST(:day AS date) IS NULL OR day = :day)
  AND (CAST(:event_id AS uuid) IS NULL OR event_id = :event_id)
  AND (CAST(:subject AS text) IS NULL OR subject = :subject)
ORDER BY day, subject
""")
DELIVERIES = text("""
SELECT id, recipient, channel, purpose, state, reason, want, told, due_at, expires_at FROM gateway.delivery
WHERE month = :month AND subject = :subject
  AND (CAST(:pupil AS uuid) IS NULL OR recipient IN (SELECT w.recipient FROM gateway.follow w WHERE w.pupil = :pupil))
ORDER BY recipient, created_at, id
""")
ATTEMPTS = text("""
SELECT delivery, act, gen, version, started_at, finished_at, outcome, reason FROM gateway.attempt
WHERE delivery = ANY(CAST(:deliveries AS uuid[])) ORDER BY started_at, id
""")
RECEIPTS = text("""
SELECT delivery, kind, detail, at FROM gateway.receipt WHERE subject = :subject ORDER BY at, key
""")


@dataclass(frozen=True, slots=True)
class AttemptSeen:
    """One try."""

    act: str
    version: int
    started_at: datetime
    outcome: str | None
    """None while nobody knows yet."""
    reason: str | None


@dataclass(frozen=True, slots=True)
class ReceiptSeen:
    """One act of the reader."""

    kind: str
    detail: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class ThreadSeen:
    """One thread with all that happened on it."""

    recipient: UUID
    channel: str
    purpose: str
    state: str
    reason: str | None
    want: int
    told: int | None
    due_at: datetime
    attempts: tuple[AttemptSeen, ...]
    receipts: tuple[ReceiptSeen, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """The way of one subject: its event, and each thread."""

    subject: str
    event_id: UUID
    day: date
    version: int
    occurred_at: datetime
    planned_at: datetime | None
    followers: int
    state: Subject
    """What it is about, as it stands now."""
    threads: tuple[ThreadSeen, ...]


async def ways(
    session: AsyncSession,
    *,
    pupil: UUID | None = None,
    day: date | None = None,
    event_id: UUID | None = None,
    subject: str | None = None,
) -> tuple[Way, ...]:
    """Find the ways of all subjects that fit; everything given must fit. Of a pupil, only his own family's threads."""
    wanted = {"pupil": pupil, "day": day, "event_id": event_id, "subject": subject}
    facts = (await session.execute(FACTS, wanted)).all()
    return tuple([await _way(session, fact, pupil) for fact in facts])


async def _way(session: AsyncSession, fact: Row[Any], pupil: UUID | None) -> Way:
    wanted = {"month": fact.month, "subject": fact.subject, "pupil": pupil}
    rows = (await session.execute(DELIVERIES, wanted)).all()
    attempts = (await session.execute(ATTEMPTS, {"deliveries": [row.id for row in rows]})).all()
    receipts = (await session.execute(RECEIPTS, {"subject": fact.subject})).all()
    return Way(
        subject=fact.subject,
        event_id=fact.event_id,
        day=fact.day,
        version=fact.version,
        occurred_at=fact.occurred_at,
        planned_at=fact.planned_at,
        followers=fact.followers,
        state=subject_state(fact.data),
        threads=tuple(_thread(row, attempts, receipts) for row in rows),
    )


def _thread(row: Row[Any], attempts: Sequence[Row[Any]], receipts: Sequence[Row[Any]]) -> ThreadSeen:
    return ThreadSeen(
        recipient=row.recipient,
        channel=row.channel,
        purpose=row.purpose,
        state=row.state,
        reason=row.reason,
        want=row.want,
        told=row.told,
        due_at=row.due_at,
        attempts=tuple(
            AttemptSeen(one.act, one.version, one.started_at, one.outcome, one.reason)
            for one in attempts
            if one.delivery == row.id
        ),
        receipts=tuple(ReceiptSeen(one.kind, one.detail, one.at) for one in receipts if one.delivery == row.id),
    )
