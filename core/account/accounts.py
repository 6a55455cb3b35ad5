"""Accounts: who may act through a messenger account, and the one-time codes that join the two.

A guardian's code opens nothing by itself: until the child's birth date is given, only the class and the initials are
shown, and too many wrong tries burn the code and close the door to the account for an hour.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.account import admission, handing_out, lost_accounts
from core.actor import Actor
from core.events import AddressState, Channel, address_subject, event
from core.journal import Change, audit, first_time
from core.outbox import publish
from core.person import people
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.russian import FullName
from core.school.schools import SchoolCard, card_of
from core.school_time import school_date
from core.tables import Account, AccountPerson, Contact, LinkAttempt, LinkCode, Person, School

CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0, 1, I, O: the code is read from paper and typed."""
_TWINS = str.maketrans("АВЕКМНРСТУХ", "ABEKMHPCTYX")
"""A code is typed on a Russian keyboard, where half of the Latin capitals have a letter that looks just so."""
CODE_LENGTH = 10
"""Fifty bits: with the limits below, guessing is hopeless."""
CODE_LIFETIME = timedelta(days=30)
WRONG_ANSWERS_BURN = 5
ATTEMPTS_AN_HOUR = 10
OFFER_LIFETIME = timedelta(minutes=30)
"""How long an account may owe the birth date after it has shown the code."""


@dataclass(frozen=True, slots=True)
class MessengerAccount:
    """An account in a messenger, proved by the messenger itself."""

    channel: Channel
    external_id: str

    def __str__(self) -> str:
        return f"{self.channel}:{self.external_id}"


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A fresh code, shown once and kept nowhere in the clear."""

    person: UUID
    name: FullName
    code: str
    expires_at: datetime
    children: tuple[str, ...]
    """«5А, Иванова Анна» for a guardian; empty for an employee."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Somebody who got no code."""

    person: UUID
    name: FullName
    why: str
    """``no-consent``: no consent is in force (CONS-04, CONF-21); ``nobody``: neither work nor a child binds him;
    ``login-closed``: the school has closed his login; ``meanwhile``: somebody else hands out his access right now."""


@dataclass(frozen=True, slots=True)
class Issue:
    """Fresh codes, and who was left out."""

    codes: tuple[IssuedCode, ...]
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class LinkOffer:
    """What may be shown to whoever holds a guardian's code and has not proved himself yet."""

    children: tuple[str, ...]
    """«5А, И. А.»: class and initials, nothing more."""


@dataclass(frozen=True, slots=True)
class Linked:
    """An account and a person are joined."""

    person: UUID
    name: FullName
    is_guardian: bool
    children: tuple[str, ...]
    replaced: bool = False
    """Whether another chat of his in the same messenger was his until now."""


@dataclass(frozen=True, slots=True)
class CodeKeeper:
    """Makes codes and knows them again by a keyed hash."""

    secret: bytes

    def fresh(self) -> str:
        """Return a new random code."""
        return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))

    def hash(self, code: str) -> str:
        """Return the hash under which a code is kept; case, spaces and hyphens do not matter."""
        plain = code.upper().replace(" ", "").replace("-", "")
        return hmac.new(self.secret, b"link-code:" + plain.encode(), hashlib.sha256).hexdigest()


def plain_code(typed: str) -> str:
    """Return what was typed as a code is kept: in capitals without blanks and hyphens, Russian twins made Latin."""
    return "".join(typed.upper().split()).replace("-", "").translate(_TWINS)


async def issue_codes(
    session: AsyncSession, actor: Actor, keeper: CodeKeeper, persons: Sequence[UUID], now: datetime
) -> Issue:
    """Issue a new one-time code to each person; earlier unused codes of theirs die (AUTH-07).

    The class teacher to the families of his class, the administrator to everybody (``core.account.handing_out``); to
    nobody without a consent in force (CONS-04, CONF-21), who is named among those left out. Raises ``Forbidden``.
    """
    handing = {person: await handing_out.demand(session, actor, person, now) for person in persons}
    known = await _unused(session, persons)
    rows = await handing_out.locked(session, persons)
    stands = await _unused(session, persons)
    issued: list[IssuedCode] = []
    left_out: list[LeftOut] = []
    for person in rows:
        refusal = "meanwhile" if stands.get(person.id) != known.get(person.id) else None
        if refusal is None:
            await session.execute(delete(LinkCode).where(LinkCode.person_id == person.id, LinkCode.used_at.is_(None)))
            refusal = await handing_out.why_not(session, person.id, now, manages=handing[person.id].manages)
        if refusal is not None:
            left_out.append(LeftOut(person.id, people.name_of(person), refusal))
            continue
        code = keeper.fresh()
        row = LinkCode(
            code_hash=keeper.hash(code), person_id=person.id, expires_at=now + CODE_LIFETIME, wrong_answers=0
        )
        session.add(row)
        children = tuple(child.in_class() for child in await people.children(session, person.id, now))
        issued.append(IssuedCode(person.id, people.name_of(person), code, row.expires_at, children))
        school = handing[person.id].facts.of_school.id
        await audit(session, actor, school, now, Change("code.issue", f"person/{person.id}", None, {}))
    await session.flush()
    return Issue(tuple(issued), tuple(left_out))


async def _unused(session: AsyncSession, persons: Sequence[UUID]) -> dict[UUID, frozenset[str]]:
    """Return by person what stands for the codes that nobody has used."""
    rows = await session.execute(
        select(LinkCode.person_id, LinkCode.code_hash).where(
            LinkCode.person_id.in_(persons), LinkCode.used_at.is_(None)
        )
    )
    found: dict[UUID, frozenset[str]] = {}
    for person, code in rows:
        found[person] = found.get(person, frozenset()) | {code}
    return found


async def show_code(
    session: AsyncSession, keeper: CodeKeeper, account: MessengerAccount, code: str, now: datetime
) -> LinkOffer | Linked:
    """Show a code: an employee is joined at once, a guardian is asked for the child's birth date.

    Raises ``NotFound`` (wrong code), ``Conflict`` (used or expired), ``Forbidden`` (too many attempts). After a
    refusal the caller counts the try with ``note_attempt`` in a transaction of its own, since this one rolls back.
    """
    await _check_attempts(session, account, now)
    row = await _code_row(session, keeper.hash(code))
    if row is None:
        raise NotFound("link-code-unknown")
    if row.used_at is not None:
        if row.used_by == str(account):
            return await _linked(session, row.person_id, now)
        raise Conflict("link-code-used")
    if row.expires_at <= now:
        raise Conflict("link-code-expired")
    children = await people.children(session, row.person_id, now)
    if await people.is_staff(session, row.person_id, now):
        return await _join(session, account, row, now)
    if not children:
        raise Conflict("link-no-children")
    await _demand_consent(session, row.person_id, now)
    row.offered_to, row.offered_at = str(account), now
    return LinkOffer(tuple(child.veiled() for child in children))


async def has_offer(session: AsyncSession, account: MessengerAccount, now: datetime) -> bool:
    """Tell whether this account has shown a guardian's code and still owes the birth date."""
    return await _offered(session, account, now) is not None


async def answer_offer(session: AsyncSession, account: MessengerAccount, birth_date: date, now: datetime) -> Linked:
    """Join a guardian who knows the birth date of a child of his.

    Raises ``NotFound`` if nothing was offered, ``Invalid`` for a wrong date, ``Forbidden`` after too many attempts.
    After a refusal the caller counts the try with ``note_attempt``.
    """
    await _check_attempts(session, account, now)
    row = await _offered(session, account, now)
    if row is None:
        raise NotFound("link-no-offer")
    children = await people.children(session, row.person_id, now)
    if birth_date not in {child.birth_date for child in children}:
        raise Invalid("link-birth-date-wrong", left=max(0, WRONG_ANSWERS_BURN - row.wrong_answers - 1))
    await _demand_consent(session, row.person_id, now)
    return await _join(session, account, row, now)


async def note_attempt(session: AsyncSession, account: MessengerAccount, now: datetime, *, wrong_date: bool) -> None:
    """Count a refused try of this account; called in a transaction of its own, since a refusal rolls back.

    ``wrong_date`` counts it against the code that the account has shown, too; a mistyped code is none of its fault.
    """
    await session.execute(insert(LinkAttempt).values(id=uuid4(), account=str(account), at=now))
    row = await _offered(session, account, now) if wrong_date else None
    if row is not None:
        row.wrong_answers += 1
        if row.wrong_answers >= WRONG_ANSWERS_BURN:
            await session.delete(row)


async def persons_behind(session: AsyncSession, account: MessengerAccount) -> tuple[UUID, ...]:
    """List the persons who act through this account; empty for a stranger, and for one that was closed."""
    rows = await session.execute(
        select(AccountPerson.person_id)
        .join(Account, Account.id == AccountPerson.account_id)
        .where(
            Account.channel == account.channel,
            Account.external_id == account.external_id,
            Account.closed_at.is_(None),
        )
        .order_by(AccountPerson.person_id)
    )
    return tuple(rows.scalars())


async def came_back(session: AsyncSession, account: MessengerAccount, *, key: str, now: datetime) -> None:
    """State the account's addresses anew: its owner has let the bot in again, so that messages can reach him.

    Raises a version of each address, which wipes out what made it unreachable. A stranger's account changes nothing.
    """
    if not await first_time(session, key, now):
        return
    for person in await persons_behind(session, account):
        contact = await session.get(Contact, (person, account.channel), with_for_update=True)
        if contact is None or contact.value != account.external_id:
            continue  # this person has another account by now: an old one takes nothing back
        school = select(School).join(Person, Person.school_id == School.id).where(Person.id == person)
        await _publish_address(session, account, person, card_of((await session.execute(school)).scalar_one()), now)


async def actor_for(session: AsyncSession, account: MessengerAccount, person: UUID) -> Actor:
    """Return the actor "this person through this account". Raises ``Forbidden`` if they are not joined."""
    query = (
        select(Account.id)
        .join(AccountPerson, AccountPerson.account_id == Account.id)
        .where(
            Account.channel == account.channel,
            Account.external_id == account.external_id,
            AccountPerson.person_id == person,
            Account.closed_at.is_(None),
        )
    )
    found = (await session.execute(query)).scalar_one_or_none()
    if found is None:
        raise Forbidden("account-not-linked")
    return Actor(via=account.channel, person=person, account=found)


async def _demand_consent(session: AsyncSession, person: UUID, now: datetime) -> None:
    """Refuse to join whoever has withdrawn his consent since he got the code."""
    if (await admission.of_person(session, person, now)).refusal is not None:
        raise Forbidden("link-no-consent")


async def _check_attempts(session: AsyncSession, account: MessengerAccount, now: datetime) -> None:
    since = now - timedelta(hours=1)
    query = select(func.count()).where(LinkAttempt.account == str(account), LinkAttempt.at > since)
    if (await session.execute(query)).scalar_one() >= ATTEMPTS_AN_HOUR:
        raise Forbidden("link-too-many-attempts")


async def _code_row(session: AsyncSession, code_hash: str) -> LinkCode | None:
    query = select(LinkCode).where(LinkCode.code_hash == code_hash).with_for_update()
    return (await session.execute(query)).scalar_one_or_none()


async def _offered(session: AsyncSession, account: MessengerAccount, now: datetime) -> LinkCode | None:
    query = (
        select(LinkCode)
        .where(
            LinkCode.offered_to == str(account),
            LinkCode.offered_at > now - OFFER_LIFETIME,
            LinkCode.used_at.is_(None),
            LinkCode.expires_at > now,
        )
        .order_by(LinkCode.offered_at.desc())
        .limit(1)
        .with_for_update()
    )
    return (await session.execute(query)).scalar_one_or_none()


async def _join(session: AsyncSession, account: MessengerAccount, row: LinkCode, now: datetime) -> Linked:
    row.used_at, row.used_by = now, str(account)
    account_id = await _account_id(session, account)
    joined = (
        insert(AccountPerson)
        .values(account_id=account_id, person_id=row.person_id, linked_at=now)
        .on_conflict_do_nothing()
    )
    await session.execute(joined)
    linked = await _linked(session, row.person_id, now)
    school = select(School).join(Person, Person.school_id == School.id).where(Person.id == row.person_id)
    card = card_of((await session.execute(school)).scalar_one())
    await _publish_address(session, account, row.person_id, card, now)
    actor = Actor(via=account.channel, person=row.person_id, account=account_id)
    await audit(session, actor, card.id, now, Change("account.link", f"person/{row.person_id}", None, {}))
    return replace(linked, replaced=await lost_accounts.leave_others(session, actor, card.id, now))


async def _account_id(session: AsyncSession, account: MessengerAccount) -> UUID:
    statement = (
        insert(Account)
        .values(id=uuid4(), channel=account.channel, external_id=account.external_id)
        .on_conflict_do_update(index_elements=["channel", "external_id"], set_={"closed_at": None, "closed_why": None})
        .returning(Account.id)
    )
    return (await session.execute(statement)).scalar_one()


async def _publish_address(
    session: AsyncSession, account: MessengerAccount, person: UUID, school: SchoolCard, now: datetime
) -> None:
    """State the messenger as this person's address: the messenger itself has proved whose it is."""
    values = {"value": account.external_id, "verified_on": school_date(now, school.zone)}
    statement = (
        insert(Contact)
        .values(person_id=person, channel=account.channel, version=1, **values)
        .on_conflict_do_update(index_elements=["person_id", "channel"], set_={**values, "version": Contact.version + 1})
        .returning(Contact.version)
    )
    version = (await session.execute(statement)).scalar_one()
    state = AddressState(person=person, channel=account.channel, value=account.external_id, verified_at=now)
    subject = address_subject(person, account.channel)
    await publish(session, event(state, subject=subject, school=school.id, version=version, at=now))


async def _linked(session: AsyncSession, person_id: UUID, now: datetime) -> Linked:
    person = await session.get_one(Person, person_id)
    children = await people.children(session, person_id, now)
    in_classes = tuple(child.in_class() for child in children)
    return Linked(person_id, people.name_of(person), bool(children), in_classes)
