"""Drafts of roll calls: what a teacher has ticked and not yet recorded. Kept here, since buttons carry no state."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.payloads import Presence
from core.account.accounts import MessengerAccount
from core.learning.absence_codes import ABSENT
from core.learning.entries import LATE_MOST, Entry

ROLL = "roll"
LATE_UNSEEN = 10
"""Minutes of whoever is said to have come late when the lesson is over: nobody looked at the clock."""
KEEP = timedelta(days=2)
"""A draft holds names; a roll call that is older is opened anew."""
TOKEN_BYTES = 6
"""Eight signs in a payload. It need not be secret: a draft opens for its own account only."""

_CYCLE = (Presence.HERE, Presence.ABSENT, Presence.LATE)
_GUESSED = (Presence.ABSENT, Presence.HERE, Presence.LATE)

FIND = text("""
SELECT data FROM bot.draft WHERE token = :token AND account = :account AND kind = :kind FOR UPDATE
""")
NEWEST = text("""
SELECT token, data FROM bot.draft
WHERE account = :account AND kind = :kind AND made_at > :since AND data->>'lesson' = :lesson
ORDER BY made_at DESC LIMIT 1
""")
INSERT = text("""
INSERT INTO bot.draft (token, account, kind, data, made_at)
VALUES (:token, :account, :kind, CAST(:data AS jsonb), :now)
""")
UPDATE = text("UPDATE bot.draft SET data = CAST(:data AS jsonb) WHERE token = :token")
FORGET = text("DELETE FROM bot.draft WHERE made_at < :before")


class Recorded(BaseModel):
    """How a draft ended."""

    model_config = ConfigDict(frozen=True)

    version: int
    changed: int
    at: AwareDatetime


class RollDraft(BaseModel):
    """A roll call in the making. A pupil is named by his place in the class list as it was opened."""

    model_config = ConfigDict(frozen=True)

    lesson: UUID
    person: UUID
    """Who calls the roll."""
    version: int
    """Version of the roll that was opened: if it changes meanwhile, this draft may not replace it."""
    pupils: tuple[UUID, ...]
    labels: tuple[str, ...]
    before: dict[int, str]
    """Absent pupils and their codes as recorded."""
    marks: dict[int, str]
    """Absent pupils and their codes as ticked."""
    partial: dict[int, Entry] = Field(default_factory=dict)
    """Who came late or left early, as ticked."""
    partial_before: dict[int, Entry] = Field(default_factory=dict)
    """The same as recorded."""
    last_lesson: dict[int, str] = Field(default_factory=dict)
    """Who was absent from the lesson before, and with which code."""
    guessed: frozenset[int] = frozenset()
    """Of whom absence is likely before anybody has looked: known beforehand, or absent from the lesson before."""
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    """Of the lesson; None in drafts begun before lateness was ticked."""
    absent_code: str = ABSENT
    """The school's code for whoever is not there, nobody knows why."""
    roster: str | None = None
    """By which list of learners it was opened."""
    recorded: Recorded | None = None

    def marked(self, place: int, presence: Presence, now: datetime) -> Self:
        """Return the draft with one pupil marked; what was recorded comes back, a new code is «н».

        ``now`` is the school clock's: it says how late whoever comes in this moment is.
        """
        if not 0 <= place < len(self.pupils):
            return self
        marks = {at: code for at, code in self.marks.items() if at != place}
        partial = {at: entry for at, entry in self.partial.items() if at != place}
        if presence is Presence.ABSENT:
            marks[place] = self.before.get(place, self.absent_code)
        elif (entry := self._entry(place, presence, now)) is not None:
            partial[place] = entry
        return self.model_copy(update={"marks": marks, "partial": partial})

    def as_last_lesson(self) -> Self:
        """Return the draft with whoever was absent from the lesson before ticked; what is ticked already stays."""
        absent = {place: self.before.get(place, code) for place, code in self.last_lesson.items()}
        marks = absent | self.marks
        partial = {place: entry for place, entry in self.partial.items() if place not in absent}
        return self.model_copy(update={"marks": marks, "partial": partial})

    def presence(self, place: int) -> Presence:
        """Tell how a pupil stands."""
        if place in self.marks:
            return Presence.ABSENT
        return Presence.HERE if self.late_minutes(place) is None else Presence.LATE

    def next(self, place: int) -> Presence:
        """Tell what another tap makes of a pupil: absent, late, here; of whom absence is a guess, here comes first."""
        order = _GUESSED if place in self.guessed else _CYCLE
        return order[(order.index(self.presence(place)) + 1) % len(order)]

    def late_minutes(self, place: int) -> int | None:
        """Return how many minutes late a pupil came; None if he did not."""
        entry = self.partial.get(place)
        return None if entry is None else entry.late_minutes

    @property
    def late(self) -> int:
        """How many came late."""
        return sum(self.presence(place) is Presence.LATE for place in self.partial)

    def _entry(self, place: int, presence: Presence, now: datetime) -> Entry | None:
        """Return how whoever is here, but not all the time, is written down; that he left early is not ticked here."""
        recorded = self.partial_before.get(place, Entry())
        if presence is Presence.LATE:
            return replace(recorded, late_minutes=recorded.late_minutes or self._late_by(now))
        return replace(recorded, late_minutes=None) if recorded.left_early is not None else None

    def _late_by(self, now: datetime) -> int:
        if self.starts_at is None or self.ends_at is None or now > self.ends_at:
            return LATE_UNSEEN
        return min(max(-(-(now - self.starts_at) // timedelta(minutes=1)), 1), LATE_MOST)

    def exceptions(self) -> dict[UUID, Entry]:
        """Return whoever was not there all the time, as core takes them."""
        entries = self.partial | {place: Entry(code) for place, code in self.marks.items()}
        return {self.pupils[place]: entry for place, entry in sorted(entries.items())}


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A draft and the token by which buttons name it."""

    token: str
    draft: RollDraft


async def open_draft(session: AsyncSession, account: MessengerAccount, fresh: RollDraft, now: datetime) -> OpenDraft:
    """Keep a fresh draft, or go on with the one that this account has begun of the same roll as it stands."""
    values = {"account": str(account), "kind": ROLL}
    begun = (await session.execute(NEWEST, values | {"lesson": str(fresh.lesson), "since": now - KEEP})).one_or_none()
    if begun is not None:
        draft = RollDraft.model_validate(begun.data)
        if draft.recorded is None and _same_roll(draft, fresh):
            return OpenDraft(begun.token, draft)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    await session.execute(INSERT, values | {"token": token, "data": fresh.model_dump_json(), "now": now})
    return OpenDraft(token, fresh)


async def change(
    session: AsyncSession, account: MessengerAccount, token: str, decide: Callable[[RollDraft], RollDraft]
) -> RollDraft | None:
    """Change a draft under its lock and return it; None if there is none, or it is another account's."""
    found = await session.execute(FIND, {"token": token, "account": str(account), "kind": ROLL})
    data = found.scalar_one_or_none()
    if data is None:
        return None
    before = RollDraft.model_validate(data)
    after = decide(before)
    if after != before:
        await session.execute(UPDATE, {"token": token, "data": after.model_dump_json()})
    return after


async def forget(session: AsyncSession, now: datetime) -> None:
    """Delete old drafts of everybody."""
    await session.execute(FORGET, {"before": now - KEEP})


def _same_roll(one: RollDraft, other: RollDraft) -> bool:
    shape = {"marks", "partial", "recorded"}
    return one.model_dump(exclude=shape) == other.model_dump(exclude=shape)
