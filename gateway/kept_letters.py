"""Letters of several subjects as they went on the wire: kept, so that any of them can be shown again byte for byte.

What a letter was made of changes: marks are corrected, children change classes, texts are rewritten. So the letter
itself is kept, in the transaction that marks its deliveries as on the wire; the ledger's tries say what came of it. Not
its address: that is sealed, and may be another one by now.
"""

import hashlib
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.packing import Parcel
from notifiers.port import Message

KEEP = text("""
INSERT INTO gateway.letter (bundle, key, body, made_at) VALUES (:bundle, :key, :body, :made_at)
ON CONFLICT (bundle, key) DO NOTHING
""")
KEPT = text("SELECT key, body, made_at FROM gateway.letter WHERE bundle = :bundle ORDER BY made_at, key")
_TOLD_APART = 12
"""Signs of the hash by which two letters of one key are told apart: the texts may change between two tries."""
_LEVEL = 6


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """A letter, or evening message, as its reader got it."""

    made_at: datetime
    """On the school's clock; the try of its deliveries began then."""
    subject: str | None
    """None of a message in a messenger."""
    text: str
    html: str | None


async def keep(session: AsyncSession, parcels: Sequence[Parcel], now: datetime) -> None:
    """Keep those of the parcels that are letters; the same once more is one."""
    rows = []
    for parcel in parcels:
        bundle = parcel.parts[0].row.bundle
        if bundle is not None:
            body = _body(parcel.message)
            key = f"{parcel.message.key}.{hashlib.sha256(body).hexdigest()[:_TOLD_APART]}"
            rows.append({"bundle": bundle, "key": key, "body": zlib.compress(body, _LEVEL), "made_at": now})
    if rows:
        await session.execute(KEEP, rows)


async def reproduce(session: AsyncSession, bundle: UUID) -> tuple[KeptLetter, ...]:
    """Return what was put on the wire of a bundle, in its order: one letter, unless it was made again for a retry."""
    rows = await session.execute(KEPT, {"bundle": bundle})
    return tuple(KeptLetter(row.made_at, *json.loads(zlib.decompress(row.body))) for row in rows)


def _body(message: Message) -> bytes:
    return json.dumps([message.subject, message.text, message.html], ensure_ascii=False).encode()
