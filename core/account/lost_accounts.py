"""Accounts that are their owner's no more: in strange hands, or left for another chat of the same messenger.

Whoever has lost his phone gets a new code and shows it in a new chat. From then on the old one opens nothing: it may be
in anybody's pocket. It is told, since the code may have been shown by somebody else (docs/adr/0041-a-new-chat.md).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.account import sessions
from core.account.account_tables import EntryCode, FormerAccount
from core.actor import Actor
from core.events import AddressState, Channel, address_subject, event
from core.journal import Change, audit
from core.outbox import publish
from core.tables import Account, AccountPerson, Contact, Person, School

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
"""Between tries to tell a chat, each pause twice the one before; the first is the lease of whoever is telling."""
MOST_TRIES = 14
"""Two days and a half: then the news is no news."""
AT_ONCE = 20
"""Chats in one claim."""


@dataclass(frozen=True, slots=True)
class Farewell:
    """A chat that is to be told that its owner has left it."""

    account: UUID
    person: UUID
    external_id: str
    school_name: str
    is_shared: bool
    """Whether somebody else still acts by it."""


async def shut(session: AsyncSession, account_id: UUID, now: datetime, why: str) -> None:
    """Close an account that is in strange hands: nobody acts through it, and nothing is sent there any more.

    A new code, shown by the same account, opens it again.
    """
    account = await session.get_one(Account, account_id, with_for_update=True, populate_existing=True)
    if account.closed_at is not None:
        return
    account.closed_at, account.closed_why = now, why
    await session.flush()
    rows = await session.execute(
        select(Contact, School.id)
        .join(Person, Person.id == Contact.person_id)
        .join(School, School.id == Person.school_id)
        .join(AccountPerson, AccountPerson.person_id == Person.id)
        .where(
            AccountPerson.account_id == account_id,
            Contact.channel == account.channel,
            Contact.value == account.external_id,
        )
        .with_for_update(of=Contact)
    )
    for contact, school in rows.all():
        contact.version += 1
        channel = Channel(contact.channel)
        ended = AddressState(
            person=contact.person_id, channel=channel, value=contact.value, verified_at=None, ended=True
        )
        subject = address_subject(contact.person_id, channel)
        await publish(session, event(ended, subject=subject, school=school, version=contact.version, at=now))
    await session.flush()


async def leave_others(session: AsyncSession, actor: Actor, school: UUID, now: datetime) -> bool:
    """Let the person act by no other account of this messenger; tell whether there was one.

    Stays in browsers and codes that the old chat may hold end with it; a link to a password, with the address it went
    to. Other messengers, the mailbox and the login stay as they are, and so do other persons behind the old chat.
    """
    if actor.person is None or actor.account is None:
        raise LookupError("nobody has joined")
    # He may have come back to it.
    here = (FormerAccount.account_id == actor.account, FormerAccount.person_id == actor.person)
    await session.execute(delete(FormerAccount).where(*here))
    query = (
        select(AccountPerson, Account)
        .join(Account, Account.id == AccountPerson.account_id)
        .where(AccountPerson.person_id == actor.person, Account.channel == actor.via, Account.id != actor.account)
        .order_by(Account.id)
        .with_for_update(of=AccountPerson)
    )
    left = (await session.execute(query)).all()
    for joined, account in left:
        await _leave(session, joined, account, now)
        change = Change("account.leave", f"person/{actor.person}", {"account": str(account.id)}, None)
        await audit(session, actor, school, now, change)
    return bool(left)


async def claim(
    session: AsyncSession, channel: Channel, machine_now: datetime, person: UUID | None = None
) -> tuple[Farewell, ...]:
    """Take chats (of one person) that are to be told now.

    Whoever does not come back with ``told`` in a while leaves them to others.
    """
    shared = exists().where(AccountPerson.account_id == FormerAccount.account_id)
    query = (
        select(FormerAccount, Account.external_id, School.name, shared)
        .join(Account, Account.id == FormerAccount.account_id)
        .join(Person, Person.id == FormerAccount.person_id)
        .join(School, School.id == Person.school_id)
        .where(
            FormerAccount.untold,
            Account.channel == channel,
            FormerAccount.tell_at.is_(None) | (FormerAccount.tell_at <= machine_now),
            *(() if person is None else (FormerAccount.person_id == person,)),
        )
        .order_by(FormerAccount.left_at, FormerAccount.account_id)
        .limit(AT_ONCE)
        .with_for_update(of=FormerAccount, skip_locked=True)
    )
    found = []
    for row, external_id, school_name, is_shared in (await session.execute(query)).all():
        row.tell_at = machine_now + min(FIRST_PAUSE * 2**row.tries, LONGEST_PAUSE)
        row.tries += 1
        row.untold = row.tries < MOST_TRIES
        found.append(Farewell(row.account_id, row.person_id, external_id, school_name, is_shared))
    await session.flush()
    return tuple(found)


async def told(session: AsyncSession, farewell: Farewell) -> None:
    """Note that a chat knows, or that nobody is there to know. Who has come back meanwhile has nothing to be told."""
    row = await session.get(FormerAccount, (farewell.account, farewell.person))
    if row is not None:
        row.untold = False


async def _leave(session: AsyncSession, joined: AccountPerson, account: Account, now: datetime) -> None:
    # Whoever has a closed account in his hands is nobody to talk to.
    state = {"left_at": now, "untold": account.closed_at is None, "tell_at": None, "tries": 0}
    kept = insert(FormerAccount).values(
        account_id=account.id, person_id=joined.person_id, linked_at=joined.linked_at, **state
    )
    await session.execute(kept.on_conflict_do_update(index_elements=["account_id", "person_id"], set_=state))
    await session.execute(delete(EntryCode).where(EntryCode.account_id == account.id))
    await sessions.end_of(session, account.id, joined.person_id, "left-chat", now)
    await session.delete(joined)
    await session.flush()
