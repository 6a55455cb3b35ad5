"""Sessions: stays of an account in browsers, which its owner can list and end.

The token is known to the browser alone; here stands its hash. A stay ends by «Выход» (AUTH-12), by itself after a
while without a sign of life, and at the latest at its end. Source of the times: NIST SP 800-63B-4 §2.1.3, §2.2.3.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, assert_never
from uuid import UUID, uuid4

from sqlalchemy import and_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.account import admission
from core.account.account_keeper import AccountKeeper, fresh_token
from core.account.account_tables import Password, SecondFactor, Session
from core.account.admission import Kind
from core.actor import Actor
from core.refusals import Forbidden, NotFound
from core.rule_book.values import LoginMethod
from core.tables import Account, AccountPerson, Person

TOUCH = timedelta(minutes=1)
"""How often a sign of life is written down, and whether he still may be here is looked at."""
DEVICE_CHARACTERS = 120


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a stay lasts: without a sign of life, and in all."""

    idle: timedelta
    whole: timedelta


STAFF_LIFETIME = Lifetime(timedelta(hours=1), timedelta(hours=24))
"""A school's computer has many users."""
FAMILY_LIFETIME = Lifetime(timedelta(days=7), timedelta(days=30))
APP_LIFETIME = Lifetime(timedelta(hours=1), timedelta(hours=12))
"""A day at school; the chat opens the next one with one press."""
UNFINISHED = timedelta(minutes=10)
"""For showing the second factor."""


class Door(StrEnum):
    """What a token opens: whoever has one of these, has nothing for the other."""

    SITE = "session"
    """The pages and the API of whoever has entered."""
    APP = "app-session"
    """The Mini App alone: no more than its chat can do, so that no second factor is gone round."""


class Need(StrEnum):
    """What stands between a session and the journal."""

    NOTHING = "nothing"
    SECOND_FACTOR = "second-factor"
    NEW_PASSWORD = "new-password"  # noqa: S105 - the name of a step


class Proof(StrEnum):
    """By what somebody has entered, as he remembers it himself."""

    PASSWORD = "password"  # noqa: S105 - the name of a proof
    PROVIDER = "provider"
    LINK = "link"
    """A link that was sent to his mailbox or chat."""
    CODE = "code"
    """A code that his chat gave him."""
    APP = "app"
    """His messenger vouched for him when he opened the Mini App."""

    @property
    def door(self) -> Door:
        """What a stay that began so opens."""
        return Door.APP if self is Proof.APP else Door.SITE


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who enters, how, and from what."""

    account: UUID
    person: UUID
    kinds: frozenset[Kind]
    method: LoginMethod
    """The way that the rules of his school open or close; a link or a code counts as a password."""
    device: str
    proof: Proof


@dataclass(frozen=True, slots=True)
class Opened:
    """A session with the token that only its browser will know."""

    id: UUID
    token: str
    expires_at: datetime
    unfinished: bool = False
    """It still owes the second factor."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever shows a token."""

    session: UUID
    actor: Actor
    need: Need


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A stay as its owner sees it in the list."""

    id: UUID
    device: str
    method: LoginMethod
    proof: Proof
    began_at: datetime
    seen_at: datetime
    this: bool


async def begin(session: AsyncSession, keeper: AccountKeeper, arrival: Arrival, now: datetime) -> Opened:
    """Begin a stay. One that still owes the second factor lasts some minutes only."""
    lifetime = _first_lifetime(arrival)
    owes = arrival.method is LoginMethod.PASSWORD and await _has_second_factor(session, arrival.account)
    token = fresh_token()
    row = Session(
        id=uuid4(),
        token_hash=keeper.hash(arrival.proof.door, token),
        account_id=arrival.account,
        person_id=arrival.person,
        method=arrival.method,
        proof=arrival.proof,
        device=arrival.device[:DEVICE_CHARACTERS],
        created_at=now,
        seen_at=now,
        expires_at=now + (UNFINISHED if owes else lifetime.whole),
        idle_seconds=int(lifetime.idle.total_seconds()),
    )
    session.add(row)
    await session.flush()
    return Opened(row.id, token, row.expires_at, unfinished=owes)


async def visitor(
    session: AsyncSession, keeper: AccountKeeper, token: str, now: datetime, door: Door = Door.SITE
) -> Visitor:
    """Tell who shows a token. Raises ``Forbidden`` ("session-over") for an unknown, ended or expired one.

    So does one whose account does not stand for this person any more: an identity provider has meant another since.
    """
    found = await _row(session, keeper.hash(door, token))
    if found is None or not _lives(found, now):
        raise Forbidden("session-over")
    stay: Session = found.Session
    if now - stay.seen_at >= TOUCH:
        await _touch(session, stay, now)
    actor = Actor(via="web", person=stay.person_id, account=stay.account_id)
    return Visitor(stay.id, actor, _need(found))


async def rotate(session: AsyncSession, keeper: AccountKeeper, stay_id: UUID, now: datetime) -> Opened:
    """Give a stay that has shown its second factor another token; the old one opens nothing any more."""
    stay = await session.get_one(Session, stay_id, with_for_update=True)
    lifetime = _lifetime(stay)
    token = fresh_token()
    stay.token_hash, stay.second_factor_at, stay.seen_at = keeper.hash(Door.SITE, token), now, now
    stay.expires_at = stay.created_at + lifetime.whole
    await session.flush()
    return Opened(stay.id, token, stay.expires_at)


async def of_account(session: AsyncSession, here: Visitor, now: datetime) -> tuple[SessionLine, ...]:
    """List the living stays of the visitor's account, the latest seen first. Raises ``Forbidden``."""
    await demand_own(session, here.actor, now)
    rows = await session.execute(
        select(Session)
        .where(Session.account_id == here.actor.account, Session.ended_at.is_(None), Session.expires_at > now)
        .order_by(Session.seen_at.desc(), Session.created_at, Session.id)
    )
    return tuple(_line(one, here) for one in rows.scalars() if one.seen_at + timedelta(seconds=one.idle_seconds) > now)


async def leave(session: AsyncSession, here: Visitor, now: datetime) -> None:
    """End this stay: «Выход»."""
    await _end(session, [here.session], "left", now)


async def end_one(session: AsyncSession, here: Visitor, stay_id: UUID, now: datetime) -> None:
    """End one stay of the visitor's own account. Raises ``NotFound`` for anybody else's, ``Forbidden``."""
    await demand_own(session, here.actor, now)
    stay = await session.get(Session, stay_id)
    if stay is None or stay.account_id != here.actor.account:
        raise NotFound("session-unknown")
    await _end(session, [stay_id], "ended-by-owner", now)


async def end_others(session: AsyncSession, here: Visitor, now: datetime) -> int:
    """End every other stay of the visitor's account; return how many there were. Raises ``Forbidden``."""
    await demand_own(session, here.actor, now)
    account = here.actor.account
    return 0 if account is None else await end_all(session, account, "ended-by-owner", now, but=(here.session,))


async def end_all(session: AsyncSession, account: UUID, why: str, now: datetime, *, but: Collection[UUID] = ()) -> int:
    """End the stays of an account: its password was changed, it was closed, its owner has left the school."""
    rows = await session.execute(
        select(Session.id).where(Session.account_id == account, Session.ended_at.is_(None), Session.id.not_in(but))
    )
    stays = rows.scalars().all()
    await _end(session, stays, why, now)
    return len(stays)


async def end_of(session: AsyncSession, account: UUID, person: UUID, why: str, now: datetime) -> None:
    """End the stays of one person of an account: he acts by it no more, others may."""
    ended = update(Session).where(
        Session.account_id == account, Session.person_id == person, Session.ended_at.is_(None)
    )
    await session.execute(ended.values(ended_at=now, ended_why=why))


async def act_as(session: AsyncSession, here: Visitor, person: UUID, now: datetime) -> None:
    """Go on as another person of the same account, such as the same parent in another school.

    A stay of a parent who goes on as an employee lasts no longer than any other employee's. Raises ``NotFound`` if the
    account does not stand for him, ``Forbidden`` if he may not have an account, or not enter in this way (CONF-11).
    """
    joined = await session.get(AccountPerson, (here.actor.account, person))
    if joined is None:
        raise NotFound("account-person-unknown")
    admitted = await admission.of_person(session, person, now)
    admitted.demand()
    stay = await session.get_one(Session, here.session, with_for_update=True, populate_existing=True)
    other = await session.get_one(Person, person)
    if not await admission.this_way(session, other, admitted.kinds, LoginMethod(stay.method)):
        raise Forbidden("login-other-way")
    lifetime = STAFF_LIFETIME if Kind.STAFF in admitted.kinds else FAMILY_LIFETIME
    stay.person_id = person
    stay.idle_seconds = min(stay.idle_seconds, int(lifetime.idle.total_seconds()))
    stay.expires_at = min(stay.expires_at, stay.created_at + lifetime.whole)
    await session.flush()


def demand_finished(here: Visitor) -> None:
    """Raise ``Forbidden`` while something stands between this session and the journal."""
    match here.need:
        case Need.SECOND_FACTOR:
            raise Forbidden("second-factor-due")
        case Need.NEW_PASSWORD:
            raise Forbidden("password-change-due")
        case Need.NOTHING:
            return
        case _ as never:
            assert_never(never)


async def demand_own(session: AsyncSession, actor: Actor, now: datetime) -> None:
    """Raise ``Forbidden`` unless the actor may look after his own account."""
    if actor.person is None:
        raise Forbidden("not-allowed")
    rights.demand(await rights.of_person(session, actor, actor.person, now), Right.ACCOUNT_OWN)


def _first_lifetime(arrival: Arrival) -> Lifetime:
    if arrival.proof is Proof.APP:
        return APP_LIFETIME
    return STAFF_LIFETIME if Kind.STAFF in arrival.kinds else FAMILY_LIFETIME


async def _row(session: AsyncSession, token_hash: bytes) -> Any:
    query = (
        select(Session, Account.closed_at, Password.must_change, SecondFactor.confirmed_at)
        .join(Account, Account.id == Session.account_id)
        .join(
            AccountPerson,
            and_(AccountPerson.account_id == Session.account_id, AccountPerson.person_id == Session.person_id),
        )
        .outerjoin(Password, Password.account_id == Session.account_id)
        .outerjoin(SecondFactor, SecondFactor.account_id == Session.account_id)
        .where(Session.token_hash == token_hash)
    )
    return (await session.execute(query)).one_or_none()


def _lives(found: Any, now: datetime) -> bool:
    stay: Session = found.Session
    idle_until = stay.seen_at + timedelta(seconds=stay.idle_seconds)
    return stay.ended_at is None and found.closed_at is None and now < min(stay.expires_at, idle_until)


def _need(found: Any) -> Need:
    stay: Session = found.Session
    if stay.method != LoginMethod.PASSWORD:
        return Need.NOTHING
    if found.confirmed_at is not None and stay.second_factor_at is None:
        return Need.SECOND_FACTOR
    # Whoever came by a link or a code did not use what was handed out on paper, and may not have it.
    return Need.NEW_PASSWORD if found.must_change and stay.proof == Proof.PASSWORD else Need.NOTHING


def _line(one: Session, here: Visitor) -> SessionLine:
    method, proof, this = LoginMethod(one.method), Proof(one.proof), one.id == here.session
    return SessionLine(one.id, one.device, method, proof, one.created_at, one.seen_at, this)


async def _touch(session: AsyncSession, stay: Session, now: datetime) -> None:
    """Write down a sign of life, unless consent or work has ended meanwhile. Raises ``Forbidden`` then."""
    (await admission.of_person(session, stay.person_id, now)).demand()
    stay.seen_at = now
    await session.flush()


async def _end(session: AsyncSession, stays: Collection[UUID], why: str, now: datetime) -> None:
    ended = update(Session).where(Session.id.in_(stays), Session.ended_at.is_(None))
    await session.execute(ended.values(ended_at=now, ended_why=why))


async def _has_second_factor(session: AsyncSession, account: UUID) -> bool:
    factor = await session.get(SecondFactor, account)
    return factor is not None and factor.confirmed_at is not None


def _lifetime(stay: Session) -> Lifetime:
    idle = timedelta(seconds=stay.idle_seconds)
    return STAFF_LIFETIME if idle == STAFF_LIFETIME.idle else FAMILY_LIFETIME
