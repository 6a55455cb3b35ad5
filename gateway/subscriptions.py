"""Subscriptions: what a reader chose, and how he changes it. A change counts from its commit.

What waits is planned again at once: what he no longer wants does not leave, what he wants otherwise leaves otherwise.
What happened before and was not told is not told because of a change.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.events import Channel, SchoolState
from gateway.categories import Category
from gateway.partition import lock_partition, oldest_month
from gateway.planning import Target, plan, subscription_rows
from gateway.profiles import OFF, Choice, choices, recommended, rows_of

READER = text("""
SELECT r.id, s.part, s.state AS school_state FROM gateway.recipient r JOIN gateway.school s ON s.id = r.school
WHERE r.id = :recipient
""")
CHANNELS = text("""
SELECT channel FROM gateway.address WHERE recipient = :recipient AND NOT ended AND dead_reason IS NULL
  AND verified_at IS NOT NULL AND credential <> ''
""")
KEEP = text("""
INSERT INTO gateway.subscription (recipient, category, channel, mode, hour, chosen_at)
VALUES (:recipient, :category, :channel, :mode, :hour, :at)
ON CONFLICT (recipient, category, channel) DO UPDATE SET mode = excluded.mode, hour = excluded.hour,
  chosen_at = excluded.chosen_at
""")
NEW_REV = text("UPDATE gateway.recipient SET rev = rev + 1 WHERE id = :recipient")
WAITING = text("""
SELECT month, subject, recipient FROM gateway.delivery
WHERE month >= :oldest AND recipient = :recipient AND state = 'pending'
""")


@dataclass(frozen=True, slots=True)
class Profile:
    """What a reader gets, and by which ways he can."""

    choices: Mapping[Category, Choice]
    """Every category; the school's default where he chose nothing."""
    channels: tuple[Channel, ...]
    """His living, verified addresses on channels that the school allows and has."""
    chosen: bool
    """He chose something himself."""
    hour: int
    """The school's own hour of the evening letter."""


async def profile(session: AsyncSession, recipient: UUID) -> Profile | None:
    """Return a reader's profile; None for somebody the gateway does not know."""
    reader = (await session.execute(READER, {"recipient": recipient})).one_or_none()
    if reader is None:
        return None
    settings = SchoolState.model_validate(reader.school_state).settings
    rows = (await subscription_rows(session, [recipient])).get(recipient, [])
    living = set((await session.execute(CHANNELS, {"recipient": recipient})).scalars())
    ways = tuple(channel for channel in Channel if channel in living and channel in settings.allowed_channels)
    return Profile(choices(rows, settings), ways, bool(rows), settings.digest_hour)


async def choose(session: AsyncSession, recipient: UUID, category: Category, choice: Choice, *, at: datetime) -> None:
    """Keep a reader's choice for one category. Raises ``LookupError`` for somebody the gateway does not know."""
    await _keep(session, recipient, {category: choice}, at)


async def recommend(session: AsyncSession, recipient: UUID, *, at: datetime) -> None:
    """Make the recommended set the reader's own choice. Raises ``LookupError``."""
    found = await profile(session, recipient)
    if found is None:
        raise LookupError("recipient-unknown")
    await _keep(session, recipient, {category: recommended(category, found.hour) for category in Category}, at)


async def silence(session: AsyncSession, recipient: UUID, *, at: datetime) -> None:
    """Switch everything off for a reader. Raises ``LookupError``."""
    await _keep(session, recipient, dict.fromkeys(Category, OFF), at)


async def _keep(session: AsyncSession, recipient: UUID, wanted: Mapping[Category, Choice], at: datetime) -> None:
    reader = (await session.execute(READER, {"recipient": recipient})).one_or_none()
    if reader is None:
        raise LookupError("recipient-unknown")
    await lock_partition(session, reader.part)
    rows: list[dict[str, Any]] = [
        {
            "recipient": recipient,
            "category": row.category.value,
            "channel": row.channel.value,
            "mode": row.mode.value,
            "hour": row.hour,
            "at": at,
        }
        for category, choice in wanted.items()
        for row in rows_of(category, choice)
    ]
    await session.execute(KEEP, rows)
    await session.execute(NEW_REV, {"recipient": recipient})
    await plan(session, _targets(await _waiting(session, recipient, at)), at)


async def _waiting(session: AsyncSession, recipient: UUID, at: datetime) -> Iterable[Row[Any]]:
    return (await session.execute(WAITING, {"recipient": recipient, "oldest": oldest_month(at)})).all()


def _targets(rows: Iterable[Row[Any]]) -> list[Target]:
    return [Target(row.month, row.subject, row.recipient) for row in rows]
