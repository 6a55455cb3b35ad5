"""Entering through an identity provider: the port, and whom of the journal it means (AUTH-02…04).

The person is found by full name, birth date and identity document, at every login anew. The provider's word is
compared with what the school holds and then forgotten: nothing of it is written down but a keyed hash of its own
number for him. Whoever is not found is told what to compare at school; which of the data differ is told to nobody.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol
from uuid import UUID, uuid4

import structlog
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.account import handing_out, login_tries, logins, sessions
from core.account.account_keeper import AccountKeeper, fresh_token
from core.account.account_tables import ProviderIdentity, ProviderLogin
from core.account.entrance import arrive
from core.account.identity_documents import Document, IdentityDocument
from core.account.sessions import Opened
from core.actor import Act, Actor
from core.database import Database
from core.journal import first_time
from core.person import people
from core.refusals import Conflict, Forbidden, NotFound
from core.roster_file.rows import name_key
from core.rule_book.values import LoginMethod
from core.russian import FullName
from core.tables import Account, AccountPerson, Person

CHANNEL = "provider"
UNDER_WAY = timedelta(minutes=10)
"""How long a login may take at the provider."""
USE = "provider-login"

_log = structlog.get_logger(__name__)


class ProviderError(Exception):
    """The provider is away, or what it says does not hold; ``reason`` is a word for the log and holds no data."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Journey:
    """What binds the way there and the way back together (RFC 7636, OpenID Connect Core §15.5.2)."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Proven:
    """Whom the provider means, in its own words."""

    issuer: str
    subject: str = field(repr=False)
    name: FullName = field(repr=False)
    birth_date: date | None = field(repr=False)
    document: Document | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Brought:
    """What a browser brings back from the provider."""

    state: str = field(repr=False)
    code: str = field(repr=False)
    issuer: str | None
    source: str
    """Its network address."""
    device: str = ""
    """What it says of itself."""


class IdentityProvider(Protocol):
    """One provider, such as ЕСИА behind its OpenID Connect."""

    async def address(self, journey: Journey) -> str:
        """Return where the browser is sent. Raises ``ProviderError``."""

    async def prove(self, code: str, journey: Journey, issuer: str | None) -> Proven:
        """Exchange the code of a browser that came back. Raises ``ProviderError``; nothing of it may be guessed."""


@dataclass(frozen=True, slots=True)
class ProviderEntrance:
    """Lets people in whom a provider vouches for."""

    database: Database
    provider: IdentityProvider
    keeper: AccountKeeper

    async def begin(self, source: str, now: datetime) -> tuple[str, str]:
        """Begin a login; return the provider's address, and the state that the browser must bring back itself.

        Raises ``Forbidden`` ("provider-away", or too many from this source).
        """
        async with self.database.begin() as session:
            await login_tries.knock(session, self.keeper, login_tries.of_provider(source), now)
        journey = Journey(fresh_token(), fresh_token(), fresh_token())
        try:
            address = await self.provider.address(journey)
        except ProviderError as error:
            _log.warning("provider away", reason=error.reason)
            raise Forbidden("provider-away") from None
        row = ProviderLogin(
            state_hash=self.keeper.hash(USE, journey.state),
            nonce=journey.nonce,
            verifier_sealed=self.keeper.seal(USE, journey.verifier),
            expires_at=now + UNDER_WAY,
        )
        async with self.database.begin() as session:
            await session.execute(delete(ProviderLogin).where(ProviderLogin.expires_at <= now))
            session.add(row)
        return address, journey.state

    async def come_back(self, brought: Brought, now: datetime) -> Opened:
        """Finish a login. Each state is good once, whatever comes of it.

        Raises ``Conflict`` (unknown or expired state), ``Forbidden`` (the provider's word does not hold; nobody of
        the journal is meant, or his account was closed; no consent).
        """
        state, code = brought.state, brought.code
        async with self.database.begin() as session:
            gone = delete(ProviderLogin).where(ProviderLogin.state_hash == self.keeper.hash(USE, state))
            row = (await session.execute(gone.returning(ProviderLogin))).scalar_one_or_none()
        if row is None or row.expires_at <= now:
            raise Conflict("provider-login-over")
        if not code:
            raise Conflict("provider-login-broken-off")
        journey = Journey(state, row.nonce, self.keeper.open(USE, row.verifier_sealed))
        try:
            proven = await self.provider.prove(code, journey, brought.issuer)
        except ProviderError as error:
            _log.warning("provider not believed", reason=error.reason)
            raise Forbidden("provider-away") from None
        async with self.database.begin() as session:
            account = await self._account(session, proven, now)
            arrival = await arrive(session, account, LoginMethod.PROVIDER, brought.device, now)
            await login_tries.forgive(session, self.keeper, login_tries.of_provider(brought.source))
            return await sessions.begin(session, self.keeper, arrival, now)

    async def _account(self, session: AsyncSession, proven: Proven, now: datetime) -> UUID:
        persons = await meant(session, self.keeper, proven)
        if not persons:
            raise Forbidden("provider-person-unknown")
        subject = self.keeper.hash("provider-subject", f"{proven.issuer} {proven.subject}")
        account = await self._joined(session, subject, persons[0], now)
        closed = (await session.get_one(Account, account)).closed_at
        if closed is not None:
            raise Forbidden("provider-account-closed")
        kept = insert(AccountPerson).values(
            [{"account_id": account, "person_id": person, "linked_at": now} for person in persons]
        )
        await session.execute(kept.on_conflict_do_nothing())
        # Whoever is not meant any more is not acted for any more.
        await session.execute(
            delete(AccountPerson).where(AccountPerson.account_id == account, AccountPerson.person_id.not_in(persons))
        )
        return account

    async def _joined(self, session: AsyncSession, subject: bytes, person: UUID, now: datetime) -> UUID:
        """Return the account of a provider's subject, made at his first login."""
        known = await session.get(ProviderIdentity, subject)
        if known is not None:
            return known.account_id
        # In two windows at once the second waits here for the first, and finds what it made.
        made = insert(Account).values(id=uuid4(), channel=CHANNEL, external_id=subject.hex())
        same = made.on_conflict_do_update(index_elements=["channel", "external_id"], set_={"channel": CHANNEL})
        account: UUID = (await session.execute(same.returning(Account.id))).scalar_one()
        identity = insert(ProviderIdentity).values(subject_hash=subject, account_id=account, joined_at=now)
        first = await session.execute(identity.on_conflict_do_nothing().returning(ProviderIdentity.account_id))
        if first.scalar_one_or_none() is not None:
            session.add(AccountPerson(account_id=account, person_id=person, linked_at=now))
            await session.flush()
            await logins.note(session, Actor(via="web", person=person, account=account), account, now, "provider.join")
        return account


async def reopen(session: AsyncSession, act: Act, person: UUID) -> None:
    """Open the provider's way for somebody again, after a stranger's hands closed it; his identity was checked by eye.

    Raises ``Forbidden`` (only whoever manages accounts), ``NotFound`` if no such account of his is closed.
    """
    await handing_out.demand_manage(session, act.actor, person, act.at)
    query = (
        select(Account)
        .join(AccountPerson, AccountPerson.account_id == Account.id)
        .where(AccountPerson.person_id == person, Account.channel == CHANNEL, Account.closed_at.is_not(None))
        .order_by(Account.id)
    )
    closed = (await session.execute(query.with_for_update(of=Account))).scalars().all()
    if not closed:
        raise NotFound("provider-account-open")
    if not await first_time(session, act.key, act.at):
        return
    for account in closed:
        account.closed_at = account.closed_why = None
        await session.flush()
        await logins.note(session, act.actor, account.id, act.at, "provider.reopen")


async def meant(session: AsyncSession, keeper: AccountKeeper, proven: Proven) -> tuple[UUID, ...]:
    """Find whom the provider means: one human being may be a person of several schools. Empty: nobody."""
    if proven.birth_date is None or proven.document is None or not proven.document.plain():
        return ()
    rows = await session.execute(
        select(Person)
        .join(IdentityDocument, IdentityDocument.person_id == Person.id)
        .where(
            IdentityDocument.number_hash == proven.document.hash(keeper),
            Person.birth_date == proven.birth_date,
            Person.merged_into.is_(None),
        )
        .order_by(Person.id)
    )
    wanted = name_key(proven.name)
    return tuple(one.id for one in rows.scalars() if name_key(people.name_of(one)) == wanted)
