"""Numbers for the messages of MAX, which names them by texts: kept, so that edits go on after a restart.

A later message of a bot has a greater number than an earlier one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from core.database import Database

NUMBERED = text("""
INSERT INTO bot.max_message AS m (credential, mid, seen_at)
SELECT :credential, k.mid, :now FROM unnest(CAST(:mids AS text[])) WITH ORDINALITY AS k (mid, place) ORDER BY k.place
ON CONFLICT (credential, mid) DO UPDATE SET seen_at = GREATEST(m.seen_at, excluded.seen_at)
RETURNING m.mid, m.number
""")
FIND = text("SELECT mid FROM bot.max_message WHERE credential = :credential AND number = :number")
FORGET = text("DELETE FROM bot.max_message WHERE seen_at < :before")

KEEP = timedelta(days=400)
"""Buttons live in chats for months: a school year and its summer after a message was last seen."""


@dataclass(frozen=True, slots=True)
class MaxMessages:
    """The messages of one bot of MAX."""

    database: Database
    credential: str

    async def numbered(self, mids: Sequence[str], now: datetime) -> Mapping[str, int]:
        """Return the numbers of messages, new ones in the given order. ``now`` is the machine clock's."""
        if not mids:
            return {}
        values = {"credential": self.credential, "mids": list(dict.fromkeys(mids)), "now": now}
        async with self.database.begin() as session:
            return {row.mid: row.number for row in await session.execute(NUMBERED, values)}

    async def name_of(self, number: int) -> str | None:
        """Return what MAX calls a message; None if it was never seen, or long ago."""
        async with self.database.begin() as session:
            found = await session.execute(FIND, {"credential": self.credential, "number": number})
            name: str | None = found.scalar_one_or_none()
        return name


async def forget(database: Database, now: datetime) -> None:
    """Delete what no button refers to any more, of every bot."""
    async with database.begin() as session:
        await session.execute(FORGET, {"before": now - KEEP})
