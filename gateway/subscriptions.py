"""Subscriptions: what a reader chose, and how he changes it. A change counts from its commit.

What waits is planned again at once: what he no longer wants does not leave, what he wants otherwise leaves otherwise.
What happened before and was not told is not told because of a change.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from core.events import BAD_BELOW, Channel, SchoolState, SchoolTelling
from gateway.categories import BY_SUBJECT, FOLLOWS, Category
from gateway.partition import lock_partition, oldest_month
from gateway.planning import Target, plan
from gateway.profile_rows import selections_of, subscription_rows
from gateway.profiles import (
    OFF,
    Choice,
    Mode,
    Selection,
    SubscriptionRow,
    choices,
    insisted,
    insistence,
    letters_wait,
    recommended,
    rows_of,
    selection_of,
)
from gateway.watch_rows import recompile

READER = text("""
SELECT r.id, r.letters, r.copies, s.part, s.state AS school_state,
  EXISTS (SELECT FROM gateway.opt_out o WHERE o.recipient = r.id AND o.channel = 'mail') AS no_letters
FROM gateway.recipient r JOIN gateway.school s ON s.id = r.school
WHERE r.id = :recipient
""")
CHANNELS = text("""
SELECT a.channel, o.at IS NOT NULL AS left
FROM gateway.address a LEFT JOIN gateway.opt_out o ON o.recipient = a.recipient AND o.channel = a.channel
WHERE a.recipient = :recipient AND NOT a.ended AND a.dead_reason IS NULL AND a.verified_at IS NOT NULL
  AND a.credential <> ''
""")
FORGET = text("""
DELETE FROM gateway.subscription WHERE recipient = :recipient AND category = :category
  AND pupil IS NOT DISTINCT FROM CAST(:pupil AS uuid)
""")
FORGET_ALL = text("DELETE FROM gateway.subscription WHERE recipient = :recipient")
FORGET_ALL_SELECTIONS = text("DELETE FROM gateway.selection WHERE recipient = :recipient")
FORGET_PUPIL = text("DELETE FROM gateway.subscription WHERE recipient = :recipient AND pupil = :pupil")
FORGET_SELECTIONS = text("DELETE FROM gateway.selection WHERE recipient = :recipient AND pupil = :pupil")
KEEP = text("""
INSERT INTO gateway.subscription (recipient, category, channel, mode, hour, weekday, pupil, chosen_at)
VALUES (:recipient, :category, :channel, :mode, :hour, :weekday, :pupil, :at)
""")
SELECT = text("""
INSERT INTO gateway.selection (recipient, category, pupil, below, subjects, chosen_at)
VALUES (:recipient, :category, :pupil, :below, CAST(:subjects AS text[]), :at)
ON CONFLICT (recipient, category, pupil) DO UPDATE SET below = excluded.below, subjects = excluded.subjects,
  chosen_at = excluded.chosen_at
""")
LEAVE = text("""
INSERT INTO gateway.opt_out (recipient, channel, via, at) VALUES (:recipient, :channel, :via, :at)
ON CONFLICT (recipient, channel) DO NOTHING RETURNING recipient
""")
COME_BACK = text("""
DELETE FROM gateway.opt_out WHERE recipient = :recipient AND channel = ANY(CAST(:channels AS text[]))
RETURNING recipient
""")
ASKED_FOR_LETTERS = text(
    "UPDATE gateway.recipient SET letters = true WHERE id = :recipient AND NOT letters RETURNING id"
)
HAS_LEFT = text("SELECT EXISTS (SELECT FROM gateway.opt_out WHERE recipient = :recipient AND channel = :channel)")
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
    """He chose something himself; of one child, something else than of all."""
    left: tuple[Channel, ...] = ()
    """Channels that would lead to him, but that he unsubscribed from, or that wait for his word (``letters_wait``)."""
    selections: Mapping[Category, Selection] = field(default_factory=dict)
    """Which marks are bad to him, and of which subjects he wants to hear, where he said so."""
    apart: frozenset[UUID] = frozenset()
    """Children of whom he chose something else than of all."""
    insisted: frozenset[Category] = frozenset()
    """What his school tells him although he switched it off (``SchoolSettings.floor``)."""
    telling: SchoolTelling = field(default_factory=SchoolTelling)
    """What the rules of his school say of how families are told."""
    letters: bool | None = True
    """A mailbox of his may be one of his ways, whether there is one or not. None: his school sends no letters."""
    copies: bool = False
    """He wants a duplicate by letter of what goes to a messenger."""

    def in_force(self, category: Category) -> Choice:
        """Return how he is told of a category: as chosen, or as his school insists by whichever way is open."""
        choice = self.choices[category]
        if choice.mode is not Mode.OFF or category not in self.insisted or not self.channels:
            return choice
        return Choice(insistence(category, self.telling), self.channels[0])

    @property
    def bad_below(self) -> int:
        """Return below which value marks are bad to him."""
        return self.selection(Category.BAD_MARK).below or BAD_BELOW

    def selection(self, category: Category) -> Selection:
        """Return what he wants of a category."""
        return self.selections.get(category) or Selection(category)


async def profile(session: AsyncSession, recipient: UUID, pupil: UUID | None = None) -> Profile | None:
    """Return a reader's profile of one child, or of every child of whom he chose nothing else.

    None for a reader of whom the gateway has not heard yet.
    """
    reader = (await session.execute(READER, {"recipient": recipient})).one_or_none()
    if reader is None:
        return None
    school = SchoolState.model_validate(reader.school_state)
    settings = school.settings
    rows = (await subscription_rows(session, [recipient])).get(recipient, [])
    found = {row.channel: row.left for row in await session.execute(CHANNELS, {"recipient": recipient})}
    letters = not reader.no_letters and not letters_wait(settings, asked=reader.letters)
    if Channel.MAIL in found:
        found[Channel.MAIL] = not letters
    living = tuple(channel for channel in Channel if channel in found and channel in settings.allowed_channels)
    ways = tuple(channel for channel in living if not found[channel])
    left = tuple(channel for channel in living if found[channel])
    selected = (await selections_of(session, [recipient])).get(recipient, [])
    children = [*(row.pupil for row in rows), *(one.pupil for one in selected)]
    apart = frozenset(child for child in children if child is not None)
    return Profile(
        choices(rows, settings, school.telling, pupil),
        ways,
        bool(rows or selected) if pupil is None else pupil in apart,
        left,
        {category: selection_of(selected, category, pupil) for category in BY_SUBJECT},
        apart,
        insisted(settings),
        school.telling,
        letters if Channel.MAIL in settings.allowed_channels else None,
        reader.copies,
    )


async def choose(
    session: AsyncSession,
    recipient: UUID,
    category: Category,
    choice: Choice,
    *,
    at: datetime,
    pupil: UUID | None = None,
) -> None:
    """Keep a reader's choice for one category, of one child or of all. Raises ``LookupError`` for somebody unknown."""
    await choose_ways(session, recipient, rows_of(category, choice, pupil), at=at)


async def choose_ways(session: AsyncSession, recipient: UUID, rows: Iterable[SubscriptionRow], *, at: datetime) -> None:
    """Keep choices channel by channel, in the place of what stood for their categories and children.

    Whoever chooses a channel that he unsubscribed from is subscribed to it again. Raises ``LookupError``.
    """
    wanted = tuple(rows)
    part = await locked(session, recipient)
    for row in wanted:
        await session.execute(FORGET, {"recipient": recipient, "category": row.category.value, "pupil": row.pupil})
    for row in wanted:
        await session.execute(KEEP, _values(recipient, row, at))
    await come_back(session, recipient, {str(row.channel) for row in wanted if row.mode is not Mode.OFF})
    await taken_up(session, recipient, part, at)


async def select(session: AsyncSession, recipient: UUID, selection: Selection, *, at: datetime) -> None:
    """Keep which marks are bad to a reader, or of which subjects he wants to hear. Raises ``LookupError``."""
    part = await locked(session, recipient)
    values = {
        "recipient": recipient,
        "category": selection.category.value,
        "pupil": selection.pupil,
        "below": selection.below,
        "subjects": sorted(selection.subjects),
        "at": at,
    }
    await session.execute(SELECT, values)
    await taken_up(session, recipient, part, at)


async def choose_for_all(session: AsyncSession, recipient: UUID, pupil: UUID, *, at: datetime) -> None:
    """Forget what was chosen of one child, so that what was chosen of all counts for him. Raises ``LookupError``."""
    part = await locked(session, recipient)
    for forget in (FORGET_PUPIL, FORGET_SELECTIONS):
        await session.execute(forget, {"recipient": recipient, "pupil": pupil})
    await taken_up(session, recipient, part, at)


async def recommend(session: AsyncSession, recipient: UUID, *, at: datetime) -> None:
    """Make the recommended set the reader's own choice, for all his children and subjects. Raises ``LookupError``.

    He stays unsubscribed from what he unsubscribed from, as long as another way leads to him.
    """
    found = await profile(session, recipient)
    if found is None:
        raise LookupError("recipient-unknown")
    await come_back(session, recipient, () if found.channels else map(str, found.left))
    await session.execute(FORGET_ALL_SELECTIONS, {"recipient": recipient})
    await _keep_all(session, recipient, {one: recommended(one, found.telling) for one in _BY_THEMSELVES}, at)


async def silence(session: AsyncSession, recipient: UUID, *, at: datetime) -> None:
    """Switch everything off for a reader, of all his children. Raises ``LookupError``."""
    await _keep_all(session, recipient, dict.fromkeys(_BY_THEMSELVES, OFF), at)


async def unsubscribe(session: AsyncSession, recipient: UUID, channel: Channel, *, via: str, at: datetime) -> bool:
    """Send a reader nothing more by a channel, whatever he chose or his school demands. Raises ``LookupError``.

    One click is enough (RFC 8058), a second one changes nothing, and is answered by False. If no way is left by which
    he is told of absences, the school sees it (``gateway.unreached``).
    """
    part = await locked(session, recipient)
    values = {"recipient": recipient, "channel": channel.value, "via": via, "at": at}
    left = (await session.execute(LEAVE, values)).one_or_none() is not None
    if left:
        await taken_up(session, recipient, part, at)
    return left


async def resubscribe(session: AsyncSession, recipient: UUID, channel: Channel, *, at: datetime) -> bool:
    """Take back an unsubscribing: what the reader chose before counts again. Raises ``LookupError``.

    False: he was not unsubscribed, and nothing has changed.
    """
    part = await locked(session, recipient)
    back = await come_back(session, recipient, [channel.value])
    if back:
        await taken_up(session, recipient, part, at)
    return back


async def come_back(session: AsyncSession, recipient: UUID, channels: Iterable[str]) -> bool:
    """Open channels that he left, and letters that waited for his word; whoever calls takes it up. False: no change."""
    wanted = sorted(channels)
    back = (await session.execute(COME_BACK, {"recipient": recipient, "channels": wanted})).all()
    if Channel.MAIL not in wanted:
        return bool(back)
    asked = (await session.execute(ASKED_FOR_LETTERS, {"recipient": recipient})).one_or_none()
    return bool(back) or asked is not None


async def has_left(session: AsyncSession, recipient: UUID, channel: Channel) -> bool:
    """Tell whether a reader has unsubscribed from a channel."""
    values = {"recipient": recipient, "channel": channel.value}
    return bool((await session.execute(HAS_LEFT, values)).scalar_one())


_BY_THEMSELVES = tuple(category for category in Category if category not in FOLLOWS)
"""What is a part of another category goes with it."""


async def _keep_all(session: AsyncSession, recipient: UUID, wanted: Mapping[Category, Choice], at: datetime) -> None:
    part = await locked(session, recipient)
    rows = [_values(recipient, row, at) for category, choice in wanted.items() for row in rows_of(category, choice)]
    await session.execute(FORGET_ALL, {"recipient": recipient})
    await session.execute(KEEP, rows)
    await taken_up(session, recipient, part, at)


async def locked(session: AsyncSession, recipient: UUID) -> int:
    """Lock a reader's partition, and return which one it is. Raises ``LookupError`` for somebody unknown."""
    reader = (await session.execute(READER, {"recipient": recipient})).one_or_none()
    if reader is None:
        raise LookupError("recipient-unknown")
    await lock_partition(session, reader.part)
    return int(reader.part)


async def taken_up(session: AsyncSession, recipient: UUID, part: int, at: datetime) -> None:
    """Take up what a reader changed: his watches, and whatever still waits for him."""
    await session.execute(NEW_REV, {"recipient": recipient})
    await recompile(session, part, at)
    waiting = await session.execute(WAITING, {"recipient": recipient, "oldest": oldest_month(at)})
    await plan(session, [Target(row.month, row.subject, row.recipient) for row in waiting.all()], at)


def _values(recipient: UUID, row: SubscriptionRow, at: datetime) -> dict[str, object]:
    return {
        "recipient": recipient,
        "category": row.category.value,
        "channel": str(row.channel),
        "mode": row.mode.value,
        "hour": row.hour,
        "weekday": row.weekday,
        "pupil": row.pupil,
        "at": at,
    }
