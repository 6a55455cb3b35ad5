"""Against guessing: tries are counted before they are carried out, and forgotten when one succeeds.

Nobody is to lock the owner out. Tries are counted by login and the network they come from, so that a stranger stops
his own network alone; a browser that the owner has entered from before is counted by itself, wherever it stands
(OWASP «Slow Down Online Guessing Attacks with Device Cookies»). Where a login is guessed at from many networks, or many
logins from one, each network has fewer tries at each login, but never none. Unknown logins are counted like known ones,
so that the answer tells nothing. Source: NIST SP 800-63B-4 §3.2.2.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.account.account_keeper import AccountKeeper
from core.account.account_tables import LoginTry
from core.refusals import Forbidden

WINDOW = timedelta(minutes=15)
"""Nobody waits longer than this for having been mistaken, or for a stranger's mistakes."""
LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")


FULL, STRAITENED = 10, 3
"""Tries of one network at one login: as a rule, and while guessing is going on."""


@dataclass(frozen=True, slots=True)
class Count:
    """What tries are counted by, and how many may fail within the time."""

    use: str
    value: str
    limit: int
    within: timedelta = WINDOW
    shared: bool = False
    """Others are counted with him, so that his success forgives only his own try."""
    straitens: bool = False
    """More than ``limit`` refuse nobody; whoever is counted beside has ``straitened`` tries then."""
    straitened: int | None = None
    code: str = "login-too-many"
    """What is said to whoever must wait."""


@dataclass(frozen=True, slots=True)
class Knock:
    """A try that was counted."""

    rows: tuple[UUID, ...]
    own: tuple[str, ...]
    """Keys of the counts that are his alone."""


def of_login(keeper: AccountKeeper, login: str, mark: str | None, source: str) -> Sequence[Count]:
    """Return what a try to enter is counted by."""
    if mark is not None and keeper.knows_device(login, mark):
        return (Count("device", f"{login}:{mark}", FULL),)
    return (
        Count("login", f"{login} {source}", FULL, straitened=STRAITENED),
        Count("login-anywhere", login, 100, shared=True, straitens=True),
        # Pupils of a whole school come from one address; the last one is against the load of so much hashing.
        Count("source", source, 100, shared=True, straitens=True),
        Count("source-at-all", source, 1000, shared=True, code="source-too-many"),
    )


def of_reset(keeper: AccountKeeper, login: str, mark: str | None, source: str) -> Sequence[Count]:
    """Return what a request for a new password is counted by; a mailbox is spared by ``passwords.NEW_LINK_AFTER``."""
    hour = timedelta(hours=1)
    if mark is not None and keeper.knows_device(login, mark):
        return (Count("reset-device", f"{login}:{mark}", 100, hour),)
    return (Count("reset-source", source, 100, hour, shared=True, code="source-too-many"),)


def of_entry_code(source: str) -> Sequence[Count]:
    """Return what codes of a chat are counted by: they name nobody until they fit."""
    return (Count("entry-code", source, 100, shared=True, code="source-too-many"),)


def of_provider(source: str) -> Sequence[Count]:
    """Return what beginning a login at a provider is counted by: each one keeps a row for some minutes."""
    return (Count("provider", source, 1000, shared=True, code="source-too-many"),)


def of_password(account: UUID) -> Sequence[Count]:
    """Return what showing the old password inside a stay is counted by."""
    return (Count("password", str(account), 5, timedelta(hours=1), code="password-too-many"),)


def of_second_factor(keeper: AccountKeeper, account: UUID, login: str, mark: str | None) -> Sequence[Count]:
    """Return what codes of the second factor are counted by: six digits bear no more tries than these in all.

    Whoever knows the password stops other browsers by them, but none that its owner has entered from.
    """
    known = mark is not None and keeper.knows_device(login, mark)
    use, value = ("second-factor-device", f"{account}:{mark}") if known else ("second-factor", str(account))
    return (Count(use, value, 5, timedelta(hours=1), code="code-too-many"),)


async def knock(session: AsyncSession, keeper: AccountKeeper, counts: Sequence[Count], now: datetime) -> Knock:
    """Count a try, in a transaction that the caller commits before it is carried out.

    Raises ``Forbidden`` with the minutes to wait; what is refused here is not counted, so that waiting helps.
    """
    # In one order, so that two who are counted by the same never wait for each other.
    keys = {count: _key(keeper, count) for count in sorted(counts, key=lambda one: one.use)}
    for count, key in keys.items():
        await session.execute(LOCK, {"key": key})
        await session.execute(delete(LoginTry).where(LoginTry.key == key, LoginTry.at <= now - count.within))
    reached = [await _reached(session, key, count.limit) for count, key in keys.items() if count.straitens]
    for count, key in keys.items():
        limit = count.straitened if any(reached) and count.straitened is not None else count.limit
        since = None if count.straitens else await _reached(session, key, limit)
        if since is not None:
            raise Forbidden(count.code, minutes=_minutes(since + count.within - now))
    rows: list[dict[str, Any]] = [{"id": uuid4(), "key": key, "at": now} for key in keys.values()]
    await session.execute(insert(LoginTry), rows)
    return Knock(tuple(row["id"] for row in rows), tuple(keys[count] for count in counts if not count.shared))


async def _reached(session: AsyncSession, key: str, limit: int) -> datetime | None:
    """Return since when a limit is reached: once that try is forgotten, the next is let through. None if it is not."""
    newest_first = select(LoginTry.at).where(LoginTry.key == key).order_by(LoginTry.at.desc())
    return (await session.execute(newest_first.offset(limit - 1).limit(1))).scalar_one_or_none()


async def succeeded(session: AsyncSession, tried: Knock) -> None:
    """Forget a try that succeeded, and the failed ones before it that were counted for him alone."""
    await session.execute(delete(LoginTry).where(LoginTry.id.in_(tried.rows) | LoginTry.key.in_(tried.own)))


async def forget(session: AsyncSession, keeper: AccountKeeper, login: str, source: str) -> None:
    """Forget what was counted against a login, here and in all: its owner has proved himself in another way."""
    own = (count for count in of_login(keeper, login, None, source) if count.use in {"login", "login-anywhere"})
    await session.execute(delete(LoginTry).where(LoginTry.key.in_([_key(keeper, count) for count in own])))


async def forgive(session: AsyncSession, keeper: AccountKeeper, counts: Sequence[Count]) -> None:
    """Forget one try of each of these counts: it came to a good end in another request."""
    for count in counts:
        one = select(LoginTry.id).where(LoginTry.key == _key(keeper, count)).limit(1)
        await session.execute(delete(LoginTry).where(LoginTry.id == one.scalar_subquery()))


def _key(keeper: AccountKeeper, count: Count) -> str:
    """Return the key as it is kept: neither logins as typed, which may be passwords, nor addresses stand there."""
    return f"{count.use}:{keeper.hash(f'try-{count.use}', count.value).hex()}"


def _minutes(left: timedelta) -> int:
    """Round up: whoever comes back after so many minutes is let in."""
    return max(1, -(-int(left.total_seconds()) // 60))
