"""What a person is writing: a remark, homework, a notice. Kept in the database, so that no restart loses it.

A writing knows what it asks for. The newest one that asks gets the next text that its owner types. Each look of it has
a number (``view``), which its buttons carry: nobody sends a text by a button under another.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.drafts import FIND, INSERT, TOKEN_BYTES, UPDATE
from bot.teacher_payloads import Token
from core.account.accounts import MessengerAccount

LISTENS = timedelta(hours=12)
"""So long a writing waits for a text; next morning «урок» is a word to the bot again."""
TAIL = timedelta(seconds=3)
"""Parts of one text come together."""
VIEWS = 100
"""The number of a look has two figures."""

WAITING = text("""
SELECT token, kind, CAST(data->>'cut_by' AS bigint) AS cut_by, CAST(data->>'cut_at' AS timestamptz) AS cut_at
FROM bot.draft
WHERE account = :account AND data->>'asks' IS NOT NULL AND made_at > :since
ORDER BY made_at DESC, token LIMIT 1
""")
HUSH = text("""
UPDATE bot.draft SET data = jsonb_set(data, '{asks}', 'null')
WHERE account = :account AND data->>'asks' IS NOT NULL AND token <> :but
""")
CUT = text("""
UPDATE bot.draft SET data = data || jsonb_build_object('cut_by', CAST(:message AS bigint), 'cut_at', CAST(:at AS text))
WHERE token = :token AND account = :account
""")
FORGET = text("DELETE FROM bot.draft WHERE token = :token AND account = :account")


class Asks(StrEnum):
    """What a writing waits for."""

    TEXT = "text"
    DAY = "day"
    PRESS = "press"
    """A button. A text is not taken then: «да» under a page of a notice must not take its place."""


class Writing(BaseModel):
    """Anything begun and not yet sent."""

    model_config = ConfigDict(frozen=True)

    KIND: ClassVar[str]

    asks: Asks | None = Asks.TEXT
    view: int = 0
    cut_by: int | None = None
    """Message that was as long as the messenger takes: what follows it at once is its tail."""
    cut_at: AwareDatetime | None = None
    done: UUID | None = None
    """What came of it: the id of what core made."""
    done_at: AwareDatetime | None = None

    def changed(self, **changes: object) -> Self:
        """Return it with changes, under a new number; as it is, if nothing is new."""
        after = self.model_copy(update=changes)
        return self if after == self else after.model_copy(update={"view": (self.view + 1) % VIEWS})

    def finished(self, made: UUID, at: datetime) -> Self:
        """Return it as sent: it asks for nothing any more."""
        return self.model_copy(update={"done": made, "done_at": at, "asks": None})


@dataclass(frozen=True, slots=True)
class Waiting:
    """The writing that waits for what its owner types."""

    token: Token
    kind: str
    cut_by: int | None
    cut_at: datetime | None

    def is_tail(self, message: int, at: datetime) -> bool:
        """Tell whether a message is the rest of one that the messenger has cut; the first part was refused already."""
        if self.cut_by is None or self.cut_at is None:
            return False
        return message > self.cut_by and at - self.cut_at <= TAIL


async def begin(session: AsyncSession, account: MessengerAccount, fresh: Writing, now: datetime) -> Token:
    """Keep a fresh writing; earlier ones of this account ask no more."""
    token = Token(secrets.token_urlsafe(TOKEN_BYTES))
    await hush(session, account)
    values = {"token": token, "account": str(account), "kind": fresh.KIND, "data": fresh.model_dump_json(), "now": now}
    await session.execute(INSERT, values)
    return token


async def change[W: Writing](
    session: AsyncSession, account: MessengerAccount, token: Token, of: type[W], decide: Callable[[W], W]
) -> W | None:
    """Change a writing under its lock and return it; None if there is none, or it is another account's."""
    found = await session.execute(FIND, {"token": token, "account": str(account), "kind": of.KIND})
    data = found.scalar_one_or_none()
    if data is None:
        return None
    before = of.model_validate(data)
    after = decide(before)
    if after != before:
        await session.execute(UPDATE, {"token": token, "data": after.model_dump_json()})
    return after


async def waiting(session: AsyncSession, account: MessengerAccount, now: datetime) -> Waiting | None:
    """Find the writing that gets what this account types."""
    found = (await session.execute(WAITING, {"account": str(account), "since": now - LISTENS})).one_or_none()
    return None if found is None else Waiting(Token(found.token), found.kind, found.cut_by, found.cut_at)


async def hush(session: AsyncSession, account: MessengerAccount, *, but: str = "") -> None:
    """Let no writing of this account ask any more: its owner has turned to something else."""
    await session.execute(HUSH, {"account": str(account), "but": but})


async def note_cut(session: AsyncSession, account: MessengerAccount, token: Token, message: int, at: datetime) -> None:
    """Note that a message was as long as the messenger takes, so that its tail is not taken for a text of its own."""
    values = {"token": token, "account": str(account), "message": message, "at": at.isoformat()}
    await session.execute(CUT, values)


async def drop(session: AsyncSession, account: MessengerAccount, token: Token) -> None:
    """Forget a writing: its buttons are out of date from now on."""
    await session.execute(FORGET, {"token": token, "account": str(account)})
