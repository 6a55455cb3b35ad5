"""Lock-out against guessing: tries are counted before they are carried out, and forgotten when one succeeds.

Three counts. By login, for browsers that its owner has never entered from; by browser, for those that he has, so that
a stranger who guesses at a teacher's login hinders strangers, not the teacher; by source address over all logins.
Unknown logins are counted like known ones, so that the answer tells nothing. Source: NIST SP 800-63B-4 §3.2.2; OWASP
«Slow Down Online Guessing Attacks with Device Cookies».
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.account.account_keeper import AccountKeeper
from core.account.account_tables import LoginTry
from core.refusals import Forbidden

WINDOW = timedelta(minutes=15)
"""Nobody waits longer than this for having been mistaken, or for a stranger's mistakes."""
LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")


@dataclass(frozen=True, slots=True)
class Count:
    """What tries are counted by, and how many may fail within the time."""

    use: str
    value: str
    limit: int
    within: timedelta = WINDOW
    shared: bool = False
    """Others are counted with him, so that his success forgives only his own try."""


@dataclass(frozen=True, slots=True)
class Knock:
    """A try that was counted."""

    rows: tuple[UUID, ...]
    own: tuple[str, ...]
    """Keys of the counts that are his alone."""


def of_login(keeper: AccountKeeper, login: str, mark: str | None, source: str) -> Sequence[Count]:
    """Return what a try to enter is counted by."""
    known = mark is not None and keeper.knows_device(login, mark)
    person = Count("device", f"{login}:{mark}", 10) if known else Count("login", login, 10)
    # Pupils of a whole school come from one address.
    return (person,) if known else (person, Count("source", source, 100, shared=True))


def of_reset(login: str, source: str) -> Sequence[Count]:
    """Return what a request for a new password is counted by: nobody's mailbox is to be flooded."""
    hour = timedelta(hours=1)
    return Count("reset", login, 3, hour), Count("reset-source", source, 30, hour, shared=True)


def of_provider(source: str) -> Sequence[Count]:
    """Return what beginning a login at a provider is counted by: each one keeps a row for some minutes."""
    return (Count("provider", source, 200, shared=True),)


def of_account(use: str, account: UUID) -> Sequence[Count]:
    """Return what tries inside an account are counted by: its old password, its second factor."""
    return (Count(use, str(account), 5, timedelta(hours=1)),)


async def knock(session: AsyncSession, keeper: AccountKeeper, counts: Sequence[Count], now: datetime) -> Knock:
    """Count a try, in a transaction that the caller commits before it is carried out.

    Raises ``Forbidden`` with the minutes to wait; what is refused here is not counted, so that waiting helps.
    """
    rows: list[dict[str, Any]] = []
    for count in sorted(counts, key=lambda one: one.use):
        key = _key(keeper, count)
        await session.execute(LOCK, {"key": key})
        await session.execute(delete(LoginTry).where(LoginTry.key == key, LoginTry.at <= now - count.within))
        query = select(func.count(), func.min(LoginTry.at)).where(LoginTry.key == key)
        failed, first = (await session.execute(query)).one()
        if failed >= count.limit:
            raise Forbidden("login-too-many", minutes=_minutes(first + count.within - now))
        rows.append({"id": uuid4(), "key": key, "at": now})
    await session.execute(insert(LoginTry), rows)
    own = tuple(_key(keeper, count) for count in counts if not count.shared)
    return Knock(tuple(row["id"] for row in rows), own)


async def succeeded(session: AsyncSession, tried: Knock) -> None:
    """Forget a try that succeeded, and the failed ones before it that were counted for him alone."""
    await session.execute(delete(LoginTry).where(LoginTry.id.in_(tried.rows) | LoginTry.key.in_(tried.own)))


async def forget(session: AsyncSession, keeper: AccountKeeper, login: str) -> None:
    """Forget what was counted against a login: its owner has proved himself in another way."""
    key = _key(keeper, Count("login", login, 0))
    await session.execute(delete(LoginTry).where(LoginTry.key == key))


def _key(keeper: AccountKeeper, count: Count) -> str:
    """Return the key as it is kept: neither logins as typed, which may be passwords, nor addresses stand there."""
    return f"{count.use}:{keeper.hash(f'try-{count.use}', count.value).hex()}"


def _minutes(left: timedelta) -> int:
    """Round up: whoever comes back after so many minutes is let in."""
    return max(1, -(-int(left.total_seconds()) // 60))
