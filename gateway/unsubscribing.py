"""Whom a link of unsubscribing stands for: a reader and the mailbox that his letters go to, proved by its token."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from core.events import Channel, SchoolState
from gateway import subscriptions
from gateway.links import Links

CHANNEL = Channel.MAIL
"""Messengers are left by blocking the bot; headers and footers with links are of letters."""
FIND = text("""
SELECT a.recipient, a.value_hmac, s.state FROM gateway.address a
JOIN gateway.recipient r ON r.id = a.recipient JOIN gateway.school s ON s.id = r.school
WHERE a.recipient = :recipient AND a.channel = :channel AND NOT a.ended
""")


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A reader of letters, as his own page may name him: not at all, and no child either."""

    recipient: UUID
    school_name: str
    left: bool
    """He wants no more letters."""
    others: tuple[Channel, ...]
    """By which other ways he is told."""


async def behind(session: AsyncSession, links: Links, token: str) -> Subscriber | None:
    """Find whose link this is; None if we did not make it, or the mailbox has been taken back or corrected since."""
    recipient = links.recipient_of(token)
    if recipient is None:
        return None
    row = (await session.execute(FIND, {"recipient": recipient, "channel": CHANNEL.value})).one_or_none()
    if row is None or not links.unsubscribes(token, recipient, row.value_hmac):
        return None
    profile = await subscriptions.profile(session, recipient)
    left = await subscriptions.has_left(session, recipient, CHANNEL)
    others = () if profile is None else tuple(one for one in profile.channels if one is not CHANNEL)
    return Subscriber(recipient, SchoolState.model_validate(row.state).name, left, others)
