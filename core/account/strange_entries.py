"""Entering by a password from a browser that was not known: its owner is told, and may say that it was not he.

Known is a browser that keeps a mark of the login (``AccountKeeper.device_mark``). What a chat, a mailbox or the
identity provider vouches for is not told: the news would go to where the entering came from
(docs/adr/0044-it-was-not-me.md).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.account import logins, passwords, sessions
from core.account.account_tables import Password, SecondFactor, Session
from core.account.browsers import browser_name
from core.actor import Actor
from core.events import StrangeEntryState, event, strange_entry_subject
from core.outbox import publish
from core.refusals import Conflict
from core.school import schools
from core.school_time import school_date
from core.tables import Account, AccountPerson, Person

GOOD_FOR = timedelta(days=7)
"""How long the link is good: whoever is away for a week may still say so at his school."""
DISOWNED = "not-me"
"""Why stays ended."""


@dataclass(frozen=True, slots=True)
class StrangeEntry:
    """An entering that somebody is asked about."""

    at: datetime
    browser: str
    """Empty if it is none that we know."""
    zone: str
    school_name: str


async def announce(session: AsyncSession, stay_id: UUID, now: datetime) -> None:
    """Have the owner told that this stay has begun; an officer of an authority has no school that would tell him."""
    stay = await session.get_one(Session, stay_id)
    person = await session.get_one(Person, stay.person_id)
    if person.school_id is None:
        return
    school = await schools.of_id(session, person.school_id)
    state = StrangeEntryState(
        stay=stay.id,
        person=person.id,
        day=school_date(now, school.zone),
        at=now,
        browser=browser_name(stay.device),
        expires_at=now + GOOD_FOR,
    )
    told = event(state, subject=strange_entry_subject(stay.id), school=school.id, version=1, at=now)
    await publish(session, told)


def stay_of(subject: str) -> UUID | None:
    """Read the stay of a subject; None if the subject is another."""
    _, _, tail = subject.partition("/")
    try:
        stay = UUID(tail)
    except ValueError:
        return None
    return stay if subject == strange_entry_subject(stay) else None


async def asked(session: AsyncSession, stay_id: UUID, reader: UUID, now: datetime) -> StrangeEntry | None:
    """Return what a link asks its reader; None if it is over. Looking at it changes nothing."""
    try:
        stay = await _living(session, stay_id, reader, now)
    except Conflict:
        return None
    person = await session.get_one(Person, reader)
    if person.school_id is None:
        return None
    school = await schools.of_id(session, person.school_id)
    return StrangeEntry(stay.created_at, browser_name(stay.device), school.zone, school.name)


async def disown(session: AsyncSession, stay_id: UUID, reader: UUID, now: datetime) -> None:
    """Throw everybody out of the account: it was not its owner who entered.

    Every stay ends, the password opens nothing any more, open links to another one die, and a second factor that was
    set up since goes with them, for it may be the stranger's. The owner sets a new password by a link, as if he had
    forgotten the old one. Raises ``Conflict``: not his, too old, or said already.
    """
    stay = await _living(session, stay_id, reader, now, lock=True)
    account, began = stay.account_id, stay.created_at
    # First: whoever is entering by it this moment is waited for, and his stay ends with the others.
    await session.execute(delete(Password).where(Password.account_id == account))
    await sessions.end_all(session, account, DISOWNED, now)
    # It may have ended before: that it was disowned is what must stand.
    stay.ended_at, stay.ended_why = now, DISOWNED
    await session.flush()
    since = SecondFactor.confirmed_at.is_(None) | (SecondFactor.confirmed_at >= began)
    await session.execute(delete(SecondFactor).where(SecondFactor.account_id == account, since))
    await passwords.kill_resets(session, account, now)
    actor = Actor(via="web", person=reader, account=account)
    await logins.note(session, actor, account, now, "login.disown")


async def _living(session: AsyncSession, stay_id: UUID, reader: UUID, now: datetime, *, lock: bool = False) -> Session:
    """Return the stay of a link; its account may be locked, but for those who enter. Raises ``Conflict``."""
    stay = await session.get(Session, stay_id)
    if stay is None or stay.created_at + GOOD_FOR <= now:
        raise Conflict("strange-entry-over")
    locked = {"key_share": True} if lock else None
    account = await session.get_one(Account, stay.account_id, with_for_update=locked, populate_existing=True)
    joined = await session.get(AccountPerson, (account.id, reader))
    said = exists().where(
        Session.account_id == account.id, Session.ended_why == DISOWNED, Session.ended_at >= stay.created_at
    )
    if joined is None or account.closed_at is not None or (await session.execute(select(said))).scalar_one():
        raise Conflict("strange-entry-over")
    return stay
