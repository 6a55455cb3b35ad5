"""Accounts with a login of their own (AUTH-01): issued on paper, closed again, and found by what is typed.

A first password opens nothing but the choice of one's own, and is over with it; whoever has lost it is issued another
(AUTH-16). Whoever was interrupted while choosing enters with it again.
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core import free_text
from core.account import handing_out, sessions
from core.account.account_tables import Password
from core.account.accounts import CODE_ALPHABET, LeftOut
from core.account.password_hashing import Hasher
from core.account.password_strength import in_latin, normal
from core.actor import Act, Actor
from core.journal import Change, audit, first_time
from core.person import people
from core.refusals import Conflict, NotFound
from core.russian import FullName
from core.tables import Account, AccountPerson, Guardianship, Person, School

CHANNEL = handing_out.LOGIN
WHY_LONGEST = 300
FIRST_PASSWORD_GROUPS, GROUP = 3, 5
"""Seventy-five bits in groups that can be copied from paper."""
FIRST_PASSWORD_LIVES = timedelta(days=30)
LONGEST_LOGIN = 64


@dataclass(frozen=True, slots=True)
class IssuedLogin:
    """A login with its first password, shown once and kept nowhere in the clear."""

    person: UUID
    name: FullName
    login: str
    password: str = field(repr=False)
    expires_at: datetime
    children: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Issued:
    """Fresh logins, and who was left out."""

    logins: tuple[IssuedLogin, ...]
    left_out: tuple[LeftOut, ...]


def fold_login(typed: str) -> str:
    """Return a login as it is kept: neither capitals nor blanks around it matter."""
    return normal(typed).strip().casefold()[:LONGEST_LOGIN]


async def issue(session: AsyncSession, act: Act, hasher: Hasher, persons: Sequence[UUID]) -> Issued:
    """Give each person a login, or the one he has a new first password; his stays end.

    For whoever manages accounts, and for the class teacher to his families (``core.account.handing_out``); to nobody
    without a consent in force (CONF-21), who is named among those left out. So is whose login the school has closed,
    unless it is opened by those who manage accounts, and for whom somebody else has issued a password at the same
    moment: of two that are shown one alone would be good. Raises ``Forbidden``, ``NotFound``, ``Conflict`` for a
    repeat, whose passwords were shown already.
    """
    handing = {person: await handing_out.demand_login(session, act.actor, person, act.at) for person in persons}
    known = await _hashes(session, persons)
    if not await first_time(session, act.key, act.at):
        raise Conflict("login-issued-already")
    # Locked, so that two administrators at once do not open two accounts of one person.
    rows = await handing_out.locked(session, persons)
    stands = await _hashes(session, persons)
    issued: list[IssuedLogin] = []
    left_out: list[LeftOut] = []
    for row in rows:
        refusal = await handing_out.why_not(session, row.id, act.at, manages=handing[row.id].manages)
        if refusal is None and stands.get(row.id) != known.get(row.id):
            refusal = "meanwhile"
        if refusal is None:
            issued.append(await _issue_one(session, act, hasher, row))
        else:
            left_out.append(LeftOut(row.id, people.name_of(row), refusal))
    return Issued(tuple(issued), tuple(left_out))


async def close(session: AsyncSession, act: Act, person: UUID, why: str) -> None:
    """Close the login of a person who has left, or whose consent has ended: nobody enters by it, and its stays end.

    Raises ``Forbidden``, ``NotFound`` if he has none, ``Invalid`` (no reason, or too long a one).
    """
    await handing_out.demand_manage(session, act.actor, person, act.at)
    reason = free_text.fit(" ".join(free_text.plain(why).split()), WHY_LONGEST)
    # Somebody recorded twice may have had two.
    found = (await session.execute(_of_person(person))).scalars().all()
    if not found:
        raise NotFound("login-unknown")
    if not await first_time(session, act.key, act.at):
        return
    for account in found:
        if account.closed_at is None:
            await _close(session, act, account, reason)


async def of_person(session: AsyncSession, person: UUID) -> Account | None:
    """Return the account with a login by which this person acts: of several one that is open, the oldest of these."""
    return (await session.execute(_of_person(person))).scalars().first()


async def persons_of(session: AsyncSession, account: UUID) -> tuple[Person, ...]:
    """Return the persons for whom an account stands, those of the first school first."""
    rows = await session.execute(
        select(Person)
        .join(AccountPerson, AccountPerson.person_id == Person.id)
        .where(AccountPerson.account_id == account)
        .order_by(AccountPerson.linked_at, Person.id)
    )
    return tuple(rows.scalars())


async def words_of_owner(session: AsyncSession, account: UUID) -> tuple[str, ...]:
    """Return what others know of an account's owner and a password must not rest on: names, login, school, birth."""
    found = await session.get_one(Account, account)
    words = [found.external_id]
    for person in await persons_of(session, account):
        school = None if person.school_id is None else await session.get(School, person.school_id)
        children = await session.execute(
            select(Person)
            .join(Guardianship, Guardianship.pupil_id == Person.id)
            .where(Guardianship.guardian_id == person.id)
        )
        for one in (person, *children.scalars()):
            words += [one.surname, one.given, one.patronymic]
            words += [] if one.birth_date is None else [f"{one.birth_date:%Y}", f"{one.birth_date:%d%m%Y}"]
        words += [] if school is None else re.findall(r"\w+", school.name)
    return tuple(dict.fromkeys(word for word in words if word))


async def note(
    session: AsyncSession, actor: Actor, account: UUID, at: datetime, action: str, *, why: str | None = None
) -> None:
    """Write into the audit of each school concerned that something was done with an account; never a secret."""
    for person in await persons_of(session, account):
        place = person.school_id or person.authority_id
        if place is None:
            raise LookupError(person.id)
        await audit(session, actor, place, at, Change(action, f"person/{person.id}", None, {}, why))


def _of_person(person: UUID) -> Select[Account]:
    return (
        select(Account)
        .join(AccountPerson, AccountPerson.account_id == Account.id)
        .where(Account.channel == CHANNEL, AccountPerson.person_id == person)
        .order_by(Account.closed_at.is_not(None), AccountPerson.linked_at, Account.id)
        .with_for_update(of=Account)
    )


async def _close(session: AsyncSession, act: Act, account: Account, why: str) -> None:
    account.closed_at, account.closed_why = act.at, why
    await session.flush()
    await sessions.end_all(session, account.id, "account-closed", act.at)
    await note(session, act.actor, account.id, act.at, "login.close", why=why)


async def _hashes(session: AsyncSession, persons: Sequence[UUID]) -> dict[UUID, frozenset[str]]:
    """Return by person what stands for the passwords of his logins."""
    rows = await session.execute(
        select(AccountPerson.person_id, Password.hash)
        .join(Account, Account.id == AccountPerson.account_id)
        .join(Password, Password.account_id == Account.id)
        .where(Account.channel == CHANNEL, AccountPerson.person_id.in_(persons))
    )
    found: dict[UUID, frozenset[str]] = {}
    for person, one in rows:
        found[person] = found.get(person, frozenset()) | {one}
    return found


async def _issue_one(session: AsyncSession, act: Act, hasher: Hasher, person: Person) -> IssuedLogin:
    password = _first_password()
    account = await of_person(session, person.id) or await _open_account(session, person, act.at)
    account.closed_at = account.closed_why = None
    values = {"hash": await hasher.make(password), "must_change": True, "changed_at": act.at}
    statement = insert(Password).values(account_id=account.id, **values)
    await session.execute(statement.on_conflict_do_update(index_elements=["account_id"], set_=values))
    await sessions.end_all(session, account.id, "password-issued", act.at)
    await note(session, act.actor, account.id, act.at, "login.issue")
    children = await people.children(session, person.id, act.at) if person.school_id is not None else ()
    return IssuedLogin(
        person=person.id,
        name=people.name_of(person),
        login=account.external_id,
        password=password,
        expires_at=act.at + FIRST_PASSWORD_LIVES,
        children=tuple(child.in_class() for child in children),
    )


async def _open_account(session: AsyncSession, person: Person, now: datetime) -> Account:
    """Open an account under the first free login made of the name; whoever takes it meanwhile makes us try the next."""
    for login in _proposals(people.name_of(person)):
        statement = (
            insert(Account)
            .values(id=uuid4(), channel=CHANNEL, external_id=login)
            .on_conflict_do_nothing()
            .returning(Account)
        )
        account = (await session.execute(statement)).scalar_one_or_none()
        if account is not None:
            session.add(AccountPerson(account_id=account.id, person_id=person.id, linked_at=now))
            await session.flush()
            return account
    raise Conflict("login-none-free")


def _proposals(name: FullName) -> Sequence[str]:
    """Return «ivanova-ap», «ivanova-ap2» and so on."""
    surname = re.sub(r"[^a-z]+", "", in_latin(name.surname))[:20] or "login"
    initials = re.sub(r"[^a-z]+", "", in_latin(name.given[:1] + name.patronymic[:1]))
    first = f"{surname}-{initials}" if initials else surname
    return [first, *(f"{first}{number}" for number in range(2, 1000))]


def _first_password() -> str:
    letters = [[secrets.choice(CODE_ALPHABET) for _ in range(GROUP)] for _ in range(FIRST_PASSWORD_GROUPS)]
    return "-".join("".join(group) for group in letters)
