"""The inbox: every update is kept before anybody handles it, and handled in order inside its conversation.

A row waits, is claimed (``due_at`` moves to the end of the lease, ``attempts`` counts the claim), and is done, put off,
or set aside. A claim whose process died falls due again by itself, so an update is never lost; since handlers are
repeatable it never acts twice either (house.md §2.12). Times are the machine clock's, passed in.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeGuard

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import Database

STORE = text("""
INSERT INTO bot.inbox (credential, update_key, conversation, body, received_at, due_at)
VALUES (:credential, :update_key, :conversation, :body, :now, :now)
ON CONFLICT (credential, update_key) DO NOTHING
""")
# Only the oldest waiting update of a conversation may be claimed; while it is leased or put off, later ones wait.
CLAIM = text("""
WITH head AS (
  SELECT DISTINCT ON (conversation) update_key FROM bot.inbox
  WHERE credential = :credential AND done_at IS NULL
  ORDER BY conversation, seq),
due AS (
  SELECT i.update_key FROM bot.inbox i JOIN head h ON h.update_key = i.update_key
  WHERE i.credential = :credential AND i.done_at IS NULL AND i.due_at <= :now
  ORDER BY i.seq LIMIT :slots
  FOR UPDATE OF i SKIP LOCKED)
UPDATE bot.inbox i SET due_at = :lease_until, attempts = i.attempts + 1
FROM due WHERE i.credential = :credential AND i.update_key = due.update_key
RETURNING i.seq, i.update_key, i.conversation, i.body, i.received_at, i.attempts
""")
DONE = text("""
UPDATE bot.inbox SET done_at = :now, failure = CAST(:failure AS text)
WHERE credential = :credential AND update_key = :update_key AND done_at IS NULL
""")
PUT_OFF = text("""
UPDATE bot.inbox SET due_at = :due_at, attempts = attempts - CASE WHEN :blameless THEN 1 ELSE 0 END
WHERE credential = :credential AND update_key = :update_key AND done_at IS NULL
""")
FORGET = text("""
DELETE FROM bot.inbox WHERE (failure IS NULL AND done_at < :done_before) OR done_at < :failed_before
""")
# Handled, most likely, in the time that was lost, and answered: acting once more would tell families again.
SET_ASIDE = text("UPDATE bot.inbox SET done_at = :now, failure = :failure WHERE done_at IS NULL")

LEASE = timedelta(seconds=30)
"""How long a claim holds; a handler is stopped well before."""
KEEP_DONE = timedelta(days=2)
"""Telegram repeats an unconfirmed update for at most 24 hours; later the row is only personal data."""
KEEP_FAILED = timedelta(days=30)
"""Long enough to look into a failure."""
RESTORED = "restored"
"""Failure of updates that were waiting in a backup."""
ELSEWHERE = "elsewhere"
"""Conversation of updates that belong to no chat."""
_BITS = 63
"""Of a number that a messenger may give; a longer one is none, and would not fit under an index."""


@dataclass(frozen=True, slots=True)
class StoredUpdate:
    """One claimed update."""

    seq: int
    update_key: str
    conversation: str
    body: str = field(repr=False)
    """Raw JSON. Personal: never logged."""
    received_at: datetime
    attempts: int
    """Claims so far, this one included; claims that ended in somebody else's trouble do not count."""

    def update(self) -> Mapping[str, Any]:
        """Return the update as it came."""
        update: Mapping[str, Any] = json.loads(self.body)
        return update


class Inbox:
    """The updates of one bot."""

    def __init__(self, database: Database, credential: str) -> None:
        self._database = database
        self.credential = credential

    async def store(self, updates: Iterable[Mapping[str, Any]], now: datetime) -> None:
        """Keep the updates, in their order; one that is there already is left as it is. Committed on return."""
        rows = [
            {
                "credential": self.credential,
                "update_key": str(update["update_id"]),
                "conversation": conversation_of(update),
                "body": json.dumps(update),
                "now": now,
            }
            for update in updates
        ]
        if rows:
            async with self._database.begin() as session:
                await session.execute(STORE, rows)

    async def claim(self, now: datetime, slots: int) -> Sequence[StoredUpdate]:
        """Claim up to ``slots`` due updates, at most one in a conversation, oldest first."""
        values = {"credential": self.credential, "now": now, "lease_until": now + LEASE, "slots": slots}
        async with self._database.begin() as session:
            rows = (await session.execute(CLAIM, values)).all()
        return sorted((StoredUpdate(*row) for row in rows), key=lambda stored: stored.seq)

    async def finish(self, update_key: str, now: datetime, failure: str | None = None) -> None:
        """Take an update out of the way: handled, or set aside with the code of its failure."""
        values = {"credential": self.credential, "update_key": update_key, "now": now, "failure": failure}
        async with self._database.begin() as session:
            await session.execute(DONE, values)

    async def put_off(self, update_key: str, due_at: datetime, *, blameless: bool) -> None:
        """Try again at ``due_at``; ``blameless`` takes back the counted attempt."""
        values = {"credential": self.credential, "update_key": update_key, "due_at": due_at, "blameless": blameless}
        async with self._database.begin() as session:
            await session.execute(PUT_OFF, values)

    async def forget(self, now: datetime) -> None:
        """Delete what was handled long ago, of every bot."""
        async with self._database.begin() as session:
            await session.execute(FORGET, {"done_before": now - KEEP_DONE, "failed_before": now - KEEP_FAILED})


async def set_aside_all(session: AsyncSession, now: datetime) -> None:
    """Take every waiting update of every bot out of the way, after a restore; ``forget`` deletes them in time."""
    await session.execute(SET_ASIDE, {"now": now, "failure": RESTORED})


@dataclass(frozen=True, slots=True)
class Addressee:
    """Where an answer to an update may go; read from raw JSON, which may be anything."""

    chat: int | None
    is_private: bool
    query: str | None
    """Id of the press, if it was one."""


def addressee_of(update: Mapping[str, Any]) -> Addressee:
    """Find the chat and the press of an update, whatever its kind."""
    event = next((value for value in update.values() if isinstance(value, dict)), {})
    pressed = "data" in event or "chat_instance" in event
    chat = _chat(event) or _chat(event.get("message"))
    chat_id = chat.get("id")
    query = event.get("id") if pressed else None
    return Addressee(
        chat_id if is_number(chat_id) else None,
        chat.get("type") == "private",
        query if isinstance(query, str) else None,
    )


def is_number(value: Any) -> TypeGuard[int]:
    """Tell whether this is a number of a messenger: of an update, a chat, a person."""
    return isinstance(value, int) and not isinstance(value, bool) and value.bit_length() <= _BITS


def conversation_of(update: Mapping[str, Any]) -> str:
    """Name the conversation of an update: its chat."""
    chat = addressee_of(update).chat
    return ELSEWHERE if chat is None else str(chat)


def _chat(event: Any) -> Mapping[str, Any]:
    chat = event.get("chat") if isinstance(event, dict) else None
    return chat if isinstance(chat, dict) else {}
