"""Passwords of one's own: changed by whoever knows the old one, or set anew by a link that reached the owner.

A link is asked for by anybody and sent by the gateway to the owner's verified address; whoever asks learns nothing.
Opens its own transactions, as ``core.account.entrance`` does and for the same reasons.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.account import admission, login_lookup, login_tries, logins, sessions
from core.account.account_keeper import AccountKeeper
from core.account.account_tables import Password, PasswordReset, SecondFactor
from core.account.password_hashing import Hasher
from core.account.password_links import RESET_LIVES, announce
from core.account.password_strength import ALONE, LONGEST, WITH_SECOND_FACTOR, Weakness, weakness
from core.account.sessions import Need, Visitor
from core.actor import Actor
from core.database import Database
from core.refusals import Conflict, Forbidden, Invalid
from core.tables import Account

NEW_LINK_AFTER = timedelta(minutes=10)
"""How long a link is fresh: no other letter is sent meanwhile, whoever asks."""


@dataclass(frozen=True, slots=True)
class AskedReset:
    """A request for a link, as it came from a browser."""

    login: str
    source: str
    """Its network address."""
    mark: str | None = field(default=None, repr=False)
    """What it keeps if the owner of the login has entered from it before."""


@dataclass(frozen=True, slots=True)
class Passwords:
    """Changes passwords."""

    database: Database
    hasher: Hasher
    keeper: AccountKeeper

    async def change(self, here: Visitor, old: str, new: str, now: datetime) -> None:
        """Change the visitor's password; his other stays end.

        Raises ``Forbidden`` (the old one is wrong, too many tries), ``Invalid`` (the new one is weak, or the old one).
        """
        account = here.actor.account
        if account is None or here.need is Need.SECOND_FACTOR:
            raise Forbidden("session-over")
        kept = await self.prove(here, old, now)
        await self._check(account, new)
        if await self.hasher.fits(kept, new):
            raise Invalid("password-same")
        made = await self.hasher.make(new)
        async with self.database.begin() as session:
            await _put(session, account, made, now)
            await sessions.end_all(session, account, "password-changed", now, but=(here.session,))
            await logins.note(session, here.actor, account, now, "password.change")

    async def prove(self, here: Visitor, password: str, now: datetime) -> str:
        """Make sure that the visitor knows his password, and return its hash: a stay left open is not yet its owner.

        Raises ``Forbidden`` (wrong, too many tries, an account without a password).
        """
        account = here.actor.account
        if account is None or here.need is Need.SECOND_FACTOR:
            raise Forbidden("session-over")
        async with self.database.begin() as session:
            await sessions.demand_own(session, here.actor, now)
            kept = await session.get(Password, account)
            knock = await login_tries.knock(session, self.keeper, login_tries.of_password(account), now)
        if kept is None or not await self.hasher.fits(kept.hash, password):
            raise Forbidden("password-old-wrong")
        async with self.database.begin() as session:
            await login_tries.succeeded(session, knock)
        return kept.hash

    async def ask_reset(self, asked: AskedReset, now: datetime) -> None:
        """Have a link sent to the owner of a login; the same to whoever asks, whether there is one or not.

        Earlier links die, but for one that is fresh: it was sent just now, and stays the good one. So strangers who ask
        neither flood a mailbox nor take the link away. Raises ``Forbidden`` after too many requests of one network.
        """
        login = logins.fold_login(asked.login)
        async with self.database.begin() as session:
            counts = login_tries.of_reset(self.keeper, login, asked.mark, asked.source)
            await login_tries.knock(session, self.keeper, counts, now)
        async with self.database.begin() as session:
            account = await login_lookup.open_account(session, login, lock=True)
            if account is not None and not await _is_fresh(session, account.id, now):
                await _open_reset(session, account.id, now)

    async def reset(self, reset: UUID, reader: UUID, new: str, source: str, now: datetime) -> None:
        """Set a new password by a link that the gateway had sent to ``reader``; all stays of the account end.

        Raises ``Conflict`` (used, expired or not his), ``Invalid`` (weak; the link stays good).
        """
        async with self.database.begin() as session:
            account = (await living(session, reset, reader, now)).account_id
        await self._check(account, new)
        made = await self.hasher.make(new)
        async with self.database.begin() as session:
            row = await living(session, reset, reader, now)
            row.used_at = now
            await _put(session, account, made, now)
            login = (await session.get_one(Account, account)).external_id
            await login_tries.forget(session, self.keeper, login, source)
            await sessions.end_all(session, account, "password-reset", now)
            actor = Actor(via="web", person=reader, account=account)
            await logins.note(session, actor, account, now, "password.reset")

    async def still_good(self, reset: UUID, reader: UUID, now: datetime) -> bool:
        """Tell whether a link would set a password; looking at it changes nothing."""
        async with self.database.begin() as session:
            try:
                await living(session, reset, reader, now)
            except Conflict:
                return False
        return True

    async def _check(self, account: UUID, new: str) -> None:
        async with self.database.begin() as session:
            words = await logins.words_of_owner(session, account)
            factor = await session.get(SecondFactor, account)
        two = factor is not None and factor.confirmed_at is not None
        match weakness(new, words, second_factor=two):
            case Weakness.SHORT:
                raise Invalid("password-short", least=WITH_SECOND_FACTOR if two else ALONE)
            case Weakness.LONG:
                raise Invalid("password-long", most=LONGEST)
            case Weakness.GUESSABLE:
                raise Invalid("password-guessable")
            case None:
                return


async def _put(session: AsyncSession, account: UUID, made: str, now: datetime) -> None:
    values = {"hash": made, "must_change": False, "changed_at": now}
    statement = insert(Password).values(account_id=account, **values)
    await session.execute(statement.on_conflict_do_update(index_elements=["account_id"], set_=values))


async def _open_reset(session: AsyncSession, account: UUID, now: datetime) -> None:
    """Write down that a link was asked for, and have it sent to the first person who may still enter."""
    for person in await logins.persons_of(session, account):
        if person.school_id is not None and (await admission.of_person(session, person.id, now)).kinds:
            await kill_resets(session, account, now)
            row = PasswordReset(id=uuid4(), account_id=account, person_id=person.id, expires_at=now + RESET_LIVES)
            session.add(row)
            await session.flush()
            await announce(session, row, person.school_id, now)
            return


async def _is_fresh(session: AsyncSession, account: UUID, now: datetime) -> bool:
    """Tell whether a link was sent just now, to somebody who may still enter."""
    made_after = now - NEW_LINK_AFTER
    query = select(PasswordReset.person_id).where(
        PasswordReset.account_id == account,
        PasswordReset.used_at.is_(None),
        PasswordReset.expires_at > made_after + RESET_LIVES,
    )
    reader = (await session.execute(query)).scalars().first()
    return reader is not None and bool((await admission.of_person(session, reader, now)).kinds)


async def kill_resets(session: AsyncSession, account: UUID, now: datetime) -> None:
    """Let no link of this account open anything any more."""
    open_ones = update(PasswordReset).where(PasswordReset.account_id == account, PasswordReset.used_at.is_(None))
    await session.execute(open_ones.values(used_at=now))


async def living(session: AsyncSession, reset: UUID, reader: UUID, now: datetime) -> PasswordReset:
    """Return what a link stands for, locked. Raises ``Conflict``: used, expired, not his, or his no more."""
    row = await session.get(PasswordReset, reset, with_for_update=True, populate_existing=True)
    if row is None or row.person_id != reader or row.used_at is not None or row.expires_at <= now:
        raise Conflict("password-link-over")
    closed = (await session.get_one(Account, row.account_id)).closed_at
    if closed is not None or not (await admission.of_person(session, reader, now)).kinds:
        raise Conflict("password-link-over")
    return row
