"""What a parent switches on and off as a whole: messages, letters, and the duplicate of the one by the other.

NOTIF-04: «notify of new messages» and «notify by e-mail» are off until he turns them on, where his school sends nothing
unasked (``default_subscriptions``); elsewhere they are on until he turns them off. NOTIF-02: the duplicate is off
everywhere until he ticks it. What the school insists on does not ask the first one (ADR 0030), and asks the second one
only if he turned it off himself.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from core.events import Channel
from gateway import subscriptions
from gateway.categories import OFFERED
from gateway.profiles import Mode
from gateway.subscriptions import Profile

COPY = text("""
UPDATE gateway.recipient SET copies = :wanted WHERE id = :recipient AND copies <> :wanted RETURNING id
""")


class Switch(StrEnum):
    """Which of them."""

    NEWS = "news"
    """Messages of the journal, whichever the way."""
    LETTERS = "letters"
    """The mailbox is one of the ways."""
    COPIES = "copies"
    """What goes to a messenger goes to the mailbox as well."""


@dataclass(frozen=True, slots=True)
class Switches:
    """How they stand for one reader."""

    news: bool
    letters: bool
    """Whether there is a mailbox or not."""
    copies: bool
    """Ticked; nothing is doubled while letters are off, or there is no mailbox or no messenger."""
    mailbox: bool
    """There is a confirmed, living mailbox, to which his school may write."""
    offered: tuple[Switch, ...] = tuple(Switch)
    """Those that turn something: his school may send no letters at all."""

    def on(self, switch: Switch) -> bool:
        """Tell how one of them stands: of copies, whether there are any."""
        match switch:
            case Switch.NEWS:
                return self.news
            case Switch.LETTERS:
                return self.letters
            case Switch.COPIES:
                return self.copies and self.letters
            case _:
                assert_never(switch)


async def standing(session: AsyncSession, recipient: UUID) -> Switches | None:
    """Return how they stand; None for a reader of whom the gateway has not heard yet."""
    found = await subscriptions.profile(session, recipient)
    return None if found is None else await _standing(session, recipient, found)


async def _standing(session: AsyncSession, recipient: UUID, found: Profile) -> Switches:
    apart = [await subscriptions.profile(session, recipient, child) for child in found.apart]
    news = any(one is not None and _tells(one) for one in (found, *apart))
    offered = (Switch.NEWS,) if found.letters is None else tuple(Switch)
    return Switches(news, bool(found.letters), found.copies, Channel.MAIL in (*found.channels, *found.left), offered)


def _tells(profile: Profile) -> bool:
    return any(profile.choices[category].mode is not Mode.OFF for category in OFFERED)


async def turn(session: AsyncSession, recipient: UUID, switch: Switch, *, on: bool, via: str, at: datetime) -> Switches:
    """Turn one of them; turned already, nothing changes. Raises ``LookupError`` for somebody unknown.

    Messages are turned on as the school advises, since off is without a choice; off forgets what was chosen. A
    duplicate that is wanted turns letters on. ``via``: from where letters were turned off.
    """
    await subscriptions.locked(session, recipient)
    before = await standing(session, recipient)
    if before is None:
        raise LookupError("recipient-unknown")
    if before.on(switch) is not on:
        await _turn(session, recipient, switch, on=on, via=via, at=at)
    if switch is Switch.COPIES and on and not before.letters:
        await subscriptions.resubscribe(session, recipient, Channel.MAIL, at=at)
    after = await standing(session, recipient)
    return before if after is None else after


async def _turn(session: AsyncSession, recipient: UUID, switch: Switch, *, on: bool, via: str, at: datetime) -> None:
    match switch:
        case Switch.NEWS:
            await (subscriptions.recommend if on else subscriptions.silence)(session, recipient, at=at)
        case Switch.LETTERS if on:
            await subscriptions.resubscribe(session, recipient, Channel.MAIL, at=at)
        case Switch.LETTERS:
            await subscriptions.unsubscribe(session, recipient, Channel.MAIL, via=via, at=at)
        case Switch.COPIES:
            part = await subscriptions.locked(session, recipient)
            await session.execute(COPY, {"recipient": recipient, "wanted": on})
            await subscriptions.taken_up(session, recipient, part, at)
        case _:
            assert_never(switch)
