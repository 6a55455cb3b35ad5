"""The way in by login and password, and the second factor behind it.

Opens its own transactions: a refusal must not take back that a try was counted, and hashing must not hold a connection.
Whatever is wrong (the login, the password, an account that is closed), the answer is one and takes as long.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.account import admission, login_lookup, login_tries, logins, second_factor, sessions, strange_entries
from core.account.account_keeper import AccountKeeper
from core.account.account_tables import Password
from core.account.login_tries import Count, Knock
from core.account.password_hashing import Hasher
from core.account.passwords import living
from core.account.sessions import Arrival, Need, Opened, Proof, Visitor
from core.actor import Act
from core.database import Database
from core.refusals import Forbidden
from core.rule_book.values import LoginMethod
from core.tables import Account


@dataclass(frozen=True, slots=True)
class Tried:
    """What came from a browser."""

    login: str
    password: str = field(repr=False)
    source: str
    """Its network address."""
    mark: str | None = field(default=None, repr=False)
    """What it keeps if the owner of the login has entered from it before."""
    device: str = ""
    """What it says of itself."""


@dataclass(frozen=True, slots=True)
class Entered:
    """A stay has begun."""

    opened: Opened
    mark: str | None = field(repr=False)
    """For the browser to keep; None while the second factor is owed: a password alone makes no browser known."""


@dataclass(frozen=True, slots=True)
class ShownCode:
    """A code of the second factor, as it came from a browser."""

    code: str = field(repr=False)
    machine: datetime
    """By the machine's clock, by which the application counts."""
    mark: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Link:
    """A link that was opened: what it stands for, to whom it was sent, and from where it is used."""

    reset: UUID
    reader: UUID
    source: str
    device: str = ""


@dataclass(frozen=True, slots=True)
class _Candidate:
    account: UUID | None = None
    hash: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Entrance:
    """Lets people in."""

    database: Database
    hasher: Hasher
    keeper: AccountKeeper

    async def log_in(self, tried: Tried, now: datetime) -> Entered:
        """Begin a stay. Raises ``Forbidden``: wrong, too many tries, no consent, nobody's any more."""
        login = logins.fold_login(tried.login)
        counts = login_tries.of_login(self.keeper, login, tried.mark, tried.source)
        async with self.database.begin() as session:
            knock = await login_tries.knock(session, self.keeper, counts, now)
        async with self.database.begin() as session:
            candidate = await _candidate(session, login, now)
        fits = await self.hasher.fits(candidate.hash, tried.password)
        if candidate.account is None or candidate.hash is None or not fits:
            raise Forbidden("login-wrong")
        better = await self.hasher.make(tried.password) if self.hasher.outdated(candidate.hash) else None
        async with self.database.begin() as session:
            await _still(session, candidate, better)
            await login_tries.succeeded(session, knock)
            arrival = await arrive(session, candidate.account, LoginMethod.PASSWORD, tried.device, now)
            opened = await sessions.begin(session, self.keeper, arrival, now)
            if not opened.unfinished:
                await self._tell(session, opened, login, tried.mark, now)
        return Entered(opened, None if opened.unfinished else self.keeper.device_mark(login))

    async def enter_by_link(self, link: Link, now: datetime) -> Entered:
        """Begin a stay by a link that the gateway had sent; it is used up, and passwords stay as they are.

        Raises ``Conflict`` (used, expired or not his), ``Forbidden`` (no consent, not in this way).
        """
        async with self.database.begin() as session:
            row = await living(session, link.reset, link.reader, now)
            row.used_at = now
            arrival = await arrive(session, row.account_id, LoginMethod.PASSWORD, link.device, now)
            login = (await session.get_one(Account, row.account_id)).external_id
            await login_tries.forget(session, self.keeper, login, link.source)
            opened = await sessions.begin(session, self.keeper, replace(arrival, proof=Proof.LINK), now)
        return Entered(opened, None if opened.unfinished else self.keeper.device_mark(login))

    async def show_second_factor(self, here: Visitor, shown: ShownCode, now: datetime) -> Entered:
        """Finish entering by a code of the application, or a recovery code; the session gets another token.

        Raises ``Forbidden``: wrong, too many. A recovery code is good whatever others have tried.
        """
        account = here.actor.account
        if account is None or here.need is not Need.SECOND_FACTOR:
            raise Forbidden("second-factor-not-due")
        await self.accept_code(here, shown, now)
        async with self.database.begin() as session:
            login = (await session.get_one(Account, account)).external_id
            opened = await sessions.rotate(session, self.keeper, here.session, now)
            await self._tell(session, opened, login, shown.mark, now)
        return Entered(opened, self.keeper.device_mark(login))

    async def accept_code(self, here: Visitor, shown: ShownCode, now: datetime) -> None:
        """Accept a code of the visitor's second factor, once. Raises ``Forbidden``: wrong, too many."""
        account = here.actor.account
        if account is None:
            raise Forbidden("session-over")
        async with self.database.begin() as session:
            act = Act(here.actor, now, f"code/{here.session}")
            if await second_factor.accept_recovery(session, act, self.keeper, account, shown.code):
                return
            login = (await session.get_one(Account, account)).external_id
        knock = await self.count(login_tries.of_second_factor(self.keeper, account, login, shown.mark), now)
        async with self.database.begin() as session:
            await second_factor.accept(session, self.keeper, account, shown.code, shown.machine)
            await login_tries.succeeded(session, knock)

    async def _tell(self, session: AsyncSession, opened: Opened, login: str, mark: str | None, now: datetime) -> None:
        """Have the owner told, unless he has entered from this browser before."""
        if mark is None or not self.keeper.knows_device(login, mark):
            await strange_entries.announce(session, opened.id, now)

    async def count(self, counts: Sequence[Count], now: datetime) -> Knock:
        """Count a try in a transaction of its own."""
        async with self.database.begin() as session:
            return await login_tries.knock(session, self.keeper, counts, now)


async def arrive(session: AsyncSession, account: UUID, method: LoginMethod, device: str, now: datetime) -> Arrival:
    """Return as whom an account enters: the first of its persons who may, in this way (CONF-11).

    Raises ``Forbidden`` if none may: no consent, nobody's any more, not in this way at his school.
    """
    refusals = set()
    for person in await logins.persons_of(session, account):
        admitted = await admission.of_person(session, person.id, now)
        if await admission.this_way(session, person, admitted.kinds, method):
            return Arrival(account, person.id, admitted.kinds, method, device, Proof(method.value))
        refusals.add(admitted.refusal or "other-way")
    if "other-way" in refusals:
        raise Forbidden("login-other-way")
    if "no-consent" in refusals:
        raise Forbidden("login-no-consent")
    raise Forbidden("login-nobody")


async def _candidate(session: AsyncSession, login: str, now: datetime) -> _Candidate:
    """Return the account of a login with its hash, but for whose password there is nothing to compare with."""
    account = await login_lookup.open_account(session, login)
    found = None if account is None else await session.get(Password, account.id)
    if found is None or (found.must_change and found.changed_at + logins.FIRST_PASSWORD_LIVES <= now):
        return _Candidate()
    return _Candidate(found.account_id, found.hash)


async def _still(session: AsyncSession, candidate: _Candidate, better: str | None) -> None:
    """Make sure that what was compared still stands. Raises ``Forbidden`` if the password was changed meanwhile."""
    password = await session.get(Password, candidate.account, with_for_update=True, populate_existing=True)
    account = await session.get_one(Account, candidate.account)
    if password is None or password.hash != candidate.hash or account.closed_at is not None:
        raise Forbidden("login-wrong")
    if better is not None:
        password.hash = better
        await session.flush()
