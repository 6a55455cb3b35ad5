"""The way of an event, for whoever asks «почему?»: event, channels tried, outcomes, fallback, receipts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, assert_never
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.events import Subject
from gateway.absence_content import AbsenceContent
from gateway.content import (
    Content,
    HomeworkContent,
    MarkContent,
    NoticeContent,
    PasswordLinkContent,
    RemarkContent,
    read_content,
)
from gateway.duty_content import DisputeContent, MorningContent, RollContent, SchoolRollsContent
from gateway.learning_content import LearningContent
from gateway.mailbox_content import MailboxLinkContent
from gateway.planned_content import ControlWorkContent, SchoolEventContent, TimetableContent
from gateway.strange_entry_content import StrangeEntryContent
from gateway.subjects import subject_state
from gateway.transitions import Act

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
SELECT delivery, act, gen, version, content_key, started_at, finished_at, outcome, reason FROM gateway.attempt
WHERE delivery = ANY(CAST(:deliveries AS uuid[])) ORDER BY started_at, version, id
""")
RECEIPTS = text("""
SELECT delivery, kind, detail, at FROM gateway.receipt WHERE subject = :subject ORDER BY at, key
""")


ACCEPTED = "accepted"
MAY_BE_SEEN = (ACCEPTED, "unknown", None)
"""Outcomes of a try after which its reader may have what it showed; None: nobody knows yet."""
REDRAW = "redraw"
"""An edit that corrects nothing: the reader's own answer was drawn into the message that he has."""


@dataclass(frozen=True, slots=True)
class AttemptSeen:
    """One try."""

    act: str
    """One of ``transitions.Act``, or ``REDRAW``."""
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
        attempts=tuple(_tries(one for one in attempts if one.delivery == row.id)),
        receipts=tuple(ReceiptSeen(one.kind, one.detail, one.at) for one in receipts if one.delivery == row.id),
    )


def _tries(rows: Iterable[Row[Any]]) -> Iterator[AttemptSeen]:
    """Name each try of one thread, in their order, by what it did to what the reader may have seen until then."""
    seen: list[Content] = []
    for row in rows:
        shown = read_content(row.content_key)
        act = REDRAW if row.act == Act.EDIT and draws_the_answer(shown, seen) else row.act
        yield AttemptSeen(act, row.version, row.started_at, row.outcome, row.reason)
        if row.outcome == ACCEPTED:
            seen = []
        if row.outcome in MAY_BE_SEEN:
            seen.append(shown)


def draws_the_answer(shown: Content, seen: Sequence[Content]) -> bool:
    """Tell whether a message is changed only because its reader answered.

    ``seen`` is what it showed for certain and, after that, what it may have shown: as long as it is not certain that
    the facts stood there, an edit corrects.
    """
    same = all(one.facts == shown.facts for one in seen)
    return same and any(_own_acts(one) != _own_acts(shown) for one in seen)


def _own_acts(content: Content) -> tuple[str | None, bool]:
    """Return what the reader himself did, as the message shows it to him."""
    match content:
        case AbsenceContent() | NoticeContent():
            return content.answer, content.acknowledged
        case MarkContent() | RemarkContent():
            return None, content.acknowledged
        case HomeworkContent() | PasswordLinkContent() | MailboxLinkContent() | StrangeEntryContent():
            return None, False
        case TimetableContent() | ControlWorkContent() | SchoolEventContent() | LearningContent():
            return None, False
        case RollContent() | DisputeContent() | SchoolRollsContent() | MorningContent():
            return None, False
        case _ as never:
            assert_never(never)
