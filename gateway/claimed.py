"""A claimed delivery: where it lies, and all that its message is made of, as the ledger reads it."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID


class Claimed(NamedTuple):
    """Where a claimed delivery lies."""

    month: date
    id: UUID


class ClaimedRow(NamedTuple):
    """A row of ``ledger.READ``, whose columns these are, in order.

    Copied out of the database library's own row once: an attribute of that one costs as much as a small statement of
    Python, and a message asks for fifty.
    """

    month: date
    id: UUID
    subject: str
    recipient: UUID
    channel: str
    part: int
    want: int
    want_key: str
    told_key: str | None
    gen: int
    provider_id: str | None
    attempts: int
    unknowns: int
    bundle: UUID | None
    lane: int
    version: int
    data: str
    """The subject's state as JSON text."""
    occurred_at: datetime
    school: UUID
    value: bytes
    """The address, sealed."""
    dead_reason: str | None
    verified_at: datetime | None
    ended: bool
    value_hmac: bytes
    said_key: str | None
    """The last thing else that this reader was, or may have been, told of the subject, on whichever channel."""
    last_key: str | None
    """What this thread tried last."""
    acknowledged: bool
    relations: list[str]
    """The reader's relations to the subject's pupils, each as JSON text."""
    slot: datetime | None
    """Of the evening letter that it is in."""
    maybe_copies: int
    """How often just this may have arrived since the last that did, and since a person had it tried again."""
