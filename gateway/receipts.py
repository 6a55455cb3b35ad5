"""Receipts: what the reader himself did with a message. Append-only; no messenger tells a bot that it was read."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.addresses import AddressVault
from gateway.links import Links, Use
from gateway.partition import lock_partition
from gateway.planning import plan_recipient

FIND = text("""
SELECT d.month, d.id, d.subject, d.recipient, d.school, d.part, f.pupils, f.day
FROM gateway.delivery d
JOIN gateway.fact f ON f.month = d.month AND f.subject = d.subject
JOIN gateway.address a ON a.recipient = d.recipient AND a.channel = d.channel
WHERE d.id = :id AND d.channel = :channel AND a.value_hmac = :value_hmac AND NOT a.ended
""")
# No link outlives the address it was sent to: what went to a mailbox taken back since is not its reader's any more.
FIND_BY_LINK = text("""
SELECT d.month, d.id, d.subject, d.recipient, d.school, d.part, f.pupils, f.day, a.value_hmac
FROM gateway.delivery d
JOIN gateway.fact f ON f.month = d.month AND f.subject = d.subject
JOIN gateway.address a ON a.recipient = d.recipient AND a.channel = d.channel
WHERE d.id = :id AND NOT a.ended
""")
# What was told of a thing, when the reader answers it elsewhere in the same chat than under the message.
FIND_TOLD = text("""
SELECT d.month, d.id, d.subject, d.recipient, d.school, d.part, f.pupils, f.day
FROM gateway.delivery d
JOIN gateway.fact f ON f.month = d.month AND f.subject = d.subject
JOIN gateway.address a ON a.recipient = d.recipient AND a.channel = d.channel
WHERE d.subject = :subject AND d.recipient = :recipient AND d.told_key IS NOT NULL
  AND d.channel = :channel AND a.value_hmac = :value_hmac AND NOT a.ended
ORDER BY d.month DESC LIMIT 1
""")
NOTE = text("""
INSERT INTO gateway.receipt (key, month, delivery, subject, recipient, kind, detail, at)
VALUES (:key, :month, :delivery, :subject, :recipient, :kind, :detail, :at)
ON CONFLICT (key) DO NOTHING
RETURNING key
""")
# What certainly arrived is what the oldest message of unknown outcome said; the planner decides what is still to be
# told. At worst the newest comes once more.
ARRIVED = text("""
UPDATE gateway.delivery d SET state = 'accepted', changed_at = :at, reason = 'proved-by-press', unknowns = 0,
  told = t.version, told_key = t.content_key
FROM (SELECT a.version, a.content_key FROM gateway.attempt a WHERE a.delivery = :delivery AND a.outcome = 'unknown'
  ORDER BY a.started_at, a.version LIMIT 1) t
WHERE d.month = :month AND d.id = :delivery AND d.state IN ('unknown', 'pending') AND d.unknowns > 0
  AND d.told_key IS NULL
""")


class ReceiptKind(StrEnum):
    """What a reader did; always an act of his own."""

    READ = "read"
    ACKNOWLEDGED = "acknowledged"
    EXPLAINED = "explained"


@dataclass(frozen=True, slots=True)
class ToldMessage:
    """A message that a button was pressed under, and that this very account got."""

    month: date
    delivery: UUID
    subject: str
    recipient: UUID
    school: UUID
    part: int
    pupils: tuple[UUID, ...]
    day: date

    @property
    def pupil(self) -> UUID:
        """The one pupil of a message about one pupil. Raises ``ValueError`` for a message about several."""
        (pupil,) = self.pupils
        return pupil


async def message_behind(
    session: AsyncSession, vault: AddressVault, channel: str, address: str, delivery: UUID
) -> ToldMessage | None:
    """Find the message under which ``address`` pressed a button; None if it is not his, or there is none."""
    found = await session.execute(
        FIND, {"id": delivery, "channel": channel, "value_hmac": vault.hash(channel, address)}
    )
    row = found.one_or_none()
    return None if row is None else _told(row)


async def message_about(
    session: AsyncSession, vault: AddressVault, channel: str, address: str, subject: str, recipient: UUID
) -> ToldMessage | None:
    """Find the message that told this reader of a subject at this address; None if none has been told there."""
    wanted = {"subject": subject, "recipient": recipient, "channel": channel}
    found = await session.execute(FIND_TOLD, wanted | {"value_hmac": vault.hash(channel, address)})
    row = found.one_or_none()
    return None if row is None else _told(row)


async def delivery_behind(session: AsyncSession, links: Links, token: str, use: Use = Use.NOTICE) -> ToldMessage | None:
    """Find the message of a link: its signed token names the delivery and the address, and so proves the reader.

    None if we did not make it for this use, or the address that it went to has been taken back or corrected since.
    """
    delivery = links.delivery_of(token)
    if delivery is None:
        return None
    row = (await session.execute(FIND_BY_LINK, {"id": delivery})).one_or_none()
    if row is None or not links.proves(token, delivery, row.value_hmac, use):
        return None
    return _told(row)


def _told(row: Row[Any]) -> ToldMessage:
    return ToldMessage(row.month, row.id, row.subject, row.recipient, row.school, row.part, tuple(row.pupils), row.day)


async def note(
    session: AsyncSession, message: ToldMessage, kind: ReceiptKind, detail: str | None, *, key: str, at: datetime
) -> bool:
    """Append a receipt; a repeat with the same key changes nothing. Returns False for such a repeat.

    A press proves that a message of unknown outcome arrived. The message is planned again, since its text may show
    what the reader did.
    """
    await lock_partition(session, message.part)
    values = {
        "key": key,
        "month": message.month,
        "delivery": message.delivery,
        "subject": message.subject,
        "recipient": message.recipient,
        "kind": kind.value,
        "detail": detail,
        "at": at,
    }
    if (await session.execute(NOTE, values)).one_or_none() is None:
        return False
    await session.execute(ARRIVED, {"month": message.month, "delivery": message.delivery, "at": at})
    await plan_recipient(session, message.month, message.subject, message.recipient, at)
    return True
