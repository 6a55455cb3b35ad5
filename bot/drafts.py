"""Drafts of roll calls: what a teacher has ticked and not yet recorded. Kept here, since buttons carry no state."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from core.account.accounts import MessengerAccount
from core.learning.absence_codes import ABSENT
from core.learning.entries import Entry

ROLL = "roll"
KEEP = timedelta(days=2)
"""A draft holds names; a roll call that is older is opened anew."""
TOKEN_BYTES = 6
"""Eight signs in a payload. It need not be secret: a draft opens for its own account only."""

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
    partial: dict[int, Entry] = {}
    """Who came late or left early, as recorded; the roster does not show it, and does not lose it either."""
    absent_code: str = ABSENT
    """The school's code for whoever is not there, nobody knows why."""
    roster: str | None = None
    """By which list of learners it was opened."""
    recorded: Recorded | None = None

    def marked(self, place: int, *, absent: bool) -> Self:
        """Return the draft with one pupil marked; a code that was recorded comes back, a new one is «н»."""
        marks = {at: code for at, code in self.marks.items() if at != place}
        if absent and 0 <= place < len(self.pupils):
            marks[place] = self.before.get(place, self.absent_code)
        return self.model_copy(update={"marks": marks})

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
    shape = {"marks", "recorded"}
    return one.model_dump(exclude=shape) == other.model_dump(exclude=shape)
