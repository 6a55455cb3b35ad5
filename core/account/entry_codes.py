"""Codes by which a chat lets its owner in on the site: asked for in the chat, typed into a page, once, for minutes.

Nothing leads from the site to a chat, so that nobody learns there who has one. Whoever knows such a code is taken for
the owner of the chat; a second factor of his login is asked for all the same.
"""

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.account import login_tries, logins, sessions
from core.account.account_keeper import AccountKeeper
from core.account.account_tables import EntryCode, SecondFactor
from core.account.accounts import CODE_ALPHABET, MessengerAccount
from core.account.entrance import Entered, arrive
from core.account.sessions import Proof
from core.database import Database
from core.refusals import Forbidden
from core.rule_book.values import LoginMethod
from core.tables import Account, AccountPerson

LIVES = timedelta(minutes=5)
LENGTH = 8
"""Forty bits for five minutes: a network has a hundred tries in fifteen."""
USE = "entry-code"


@dataclass(frozen=True, slots=True)
class FreshCode:
    """A code that nobody has used, shown once and kept nowhere in the clear."""

    code: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class TypedCode:
    """A code as it came from a browser."""

    code: str = field(repr=False)
    source: str
    """Its network address."""
    device: str = ""
    """What it says of itself."""


async def issue(session: AsyncSession, keeper: AccountKeeper, account: MessengerAccount, now: datetime) -> FreshCode:
    """Make a code for the owner of a chat; the one before it dies, and so does whatever is over.

    Raises ``Forbidden``: a stranger's chat, no consent, not in this way at his school (CONF-11).
    """
    query = select(Account).where(Account.channel == account.channel, Account.external_id == account.external_id)
    found = (await session.execute(query.where(Account.closed_at.is_(None)).with_for_update())).scalar_one_or_none()
    if found is None or not await logins.persons_of(session, found.id):
        raise Forbidden("account-not-linked")
    await arrive(session, found.id, LoginMethod.PASSWORD, "", now)
    await session.execute(delete(EntryCode).where((EntryCode.account_id == found.id) | (EntryCode.expires_at <= now)))
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(LENGTH))
    session.add(EntryCode(code_hash=keeper.hash(USE, code), account_id=found.id, expires_at=now + LIVES))
    await session.flush()
    return FreshCode(code, now + LIVES)


@dataclass(frozen=True, slots=True)
class CodeEntrance:
    """Lets people in whom their chat vouches for. Opens its own transactions, as ``core.account.entrance`` does."""

    database: Database
    keeper: AccountKeeper

    async def enter(self, typed: TypedCode, now: datetime) -> Entered:
        """Begin a stay by a code, once. Raises ``Forbidden``: wrong or over, too many tries, no consent."""
        async with self.database.begin() as session:
            counts = login_tries.of_entry_code(typed.source)
            knock = await login_tries.knock(session, self.keeper, counts, now)
        async with self.database.begin() as session:
            gone = delete(EntryCode).where(EntryCode.code_hash == self.keeper.hash(USE, typed.code))
            row = (await session.execute(gone.returning(EntryCode.account_id, EntryCode.expires_at))).one_or_none()
            if row is None or row.expires_at <= now:
                raise Forbidden("entry-code-wrong")
            account = await _account(session, row.account_id)
            arrival = await arrive(session, account, LoginMethod.PASSWORD, typed.device, now)
            await login_tries.succeeded(session, knock)
            return Entered(await sessions.begin(session, self.keeper, replace(arrival, proof=Proof.CODE), now), None)


async def _account(session: AsyncSession, chat: UUID) -> UUID:
    """Return the account to enter: the login that has a second factor, so that it is asked for; else the chat's own.

    Raises ``Forbidden`` if the chat was closed meanwhile.
    """
    if (await session.get_one(Account, chat, with_for_update=True)).closed_at is not None:
        raise Forbidden("entry-code-wrong")
    persons = [one.id for one in await logins.persons_of(session, chat)]
    guarded = (
        select(Account.id)
        .join(AccountPerson, AccountPerson.account_id == Account.id)
        .join(SecondFactor, SecondFactor.account_id == Account.id)
        .where(
            AccountPerson.person_id.in_(persons), SecondFactor.confirmed_at.is_not(None), Account.closed_at.is_(None)
        )
        .order_by(AccountPerson.linked_at, Account.id)
        .limit(1)
    )
    return (await session.execute(guarded)).scalar_one_or_none() or chat
