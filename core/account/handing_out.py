"""Who may hand out access in somebody's name, and take it away: what opens his account is worth what he may himself.

The class teacher to the pupils of his class and to their guardians in law (AUTH-07), and to nobody through whom he
would reach farther than that. Whoever works at the school or has a role there gets his access from those who manage
accounts; and whoever can give any right to anybody, only from those who can do the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC as UTC_ZONE
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core import rights
from core.access import Right
from core.account import admission, sessions
from core.account.account_tables import Password
from core.actor import Actor
from core.events import guardianship_subject
from core.person import people
from core.refusals import Forbidden
from core.rights import UTC, Facts
from core.school_time import school_date
from core.tables import Account, AccountPerson, AuditRow, LinkCode, Person

LOGIN = "login"
"""Channel of accounts with a login of their own."""
STRANGE_HANDS = "breach"
"""Why an account is closed of which a breach was reported."""
LONG_OVER = datetime(2000, 1, 1, tzinfo=UTC_ZONE)
"""Makes a first password one that is too old."""
WRITTEN_DOWN = ("guardianship.add", "guardianship.change", "guardianship.end")


@dataclass(frozen=True, slots=True)
class HandingOut:
    """That the actor may hand out access to somebody."""

    facts: Facts
    manages: bool
    """He looks after accounts, and may open one again that the school has closed."""


async def demand(session: AsyncSession, actor: Actor, person: UUID, now: datetime) -> HandingOut:
    """Check that the actor may hand out access to this person. Raises ``Forbidden``, ``NotFound``."""
    facts = await rights.of_person(session, actor, person, now)
    his = await _station(session, facts, person, now)
    if facts.may(Right.ACCOUNT_MANAGE):
        rights.demand_no_less(facts, his)
        return HandingOut(facts, manages=True)
    may = facts.may(Right.CODE_ISSUE) or await _through_children(session, actor, person, now)
    if not (may and his.is_family_alone):
        raise Forbidden("not-allowed")
    return HandingOut(facts, manages=False)


async def demand_login(session: AsyncSession, actor: Actor, person: UUID, now: datetime) -> HandingOut:
    """Check the same of a person's login, which may be that of other persons besides: he must be let by all of them."""
    own = await demand(session, actor, person, now)
    for other in await _behind_his_login(session, person):
        await demand(session, actor, other, now)
    return own


async def demand_manage(session: AsyncSession, actor: Actor, person: UUID, now: datetime) -> None:
    """Check that the actor may close this person's login, or take off its second factor.

    Raises ``Forbidden``, ``NotFound``.
    """
    for one in (person, *await _behind_his_login(session, person)):
        facts = await rights.of_person(session, actor, one, now)
        rights.demand(facts, Right.ACCOUNT_MANAGE)
        rights.demand_no_less(facts, await _station(session, facts, one, now))


async def locked(session: AsyncSession, persons: Sequence[UUID]) -> list[Person]:
    """Wait for whoever hands out access to these persons, or merges one of them; return them in alphabetical order."""
    chosen = select(Person).where(Person.id.in_(persons)).order_by(Person.id).with_for_update()
    rows = await session.execute(chosen.execution_options(populate_existing=True))
    return sorted(rows.scalars(), key=lambda one: (one.sort_key, one.id))


async def take_back(session: AsyncSession, persons: Sequence[UUID], now: datetime) -> None:
    """Make void what was handed out to people while they were a family's alone, and they have not used.

    Called when they begin to work, or get a role: whoever handed it out was let do so for less.
    """
    await session.execute(delete(LinkCode).where(LinkCode.person_id.in_(persons), LinkCode.used_at.is_(None)))
    theirs = (
        select(AccountPerson.account_id)
        .join(Account, Account.id == AccountPerson.account_id)
        .where(Account.channel == LOGIN, AccountPerson.person_id.in_(persons))
    )
    first = update(Password).where(Password.account_id.in_(theirs), Password.must_change)
    over = await session.execute(first.values(changed_at=LONG_OVER).returning(Password.account_id))
    for account in over.scalars().all():
        await sessions.end_all(session, account, "password-void", now)


async def why_not(session: AsyncSession, person: UUID, now: datetime, *, manages: bool) -> str | None:
    """Tell why a person gets no access, in the words of ``accounts.LeftOut``; ``manages``: of ``HandingOut``."""
    if not manages and await _is_closed(session, person):
        return "login-closed"
    return (await admission.of_person(session, person, now)).refusal


async def _is_closed(session: AsyncSession, person: UUID) -> bool:
    """Tell whether the school has closed this person's login, and he has no other."""
    closed, other = Account.closed_at.is_not(None), Account.closed_at.is_(None)
    # One that was closed because it was in strange hands is opened again by whoever hands out access (AUTH-16).
    by_school = Account.closed_why.is_distinct_from(STRANGE_HANDS)
    return await _has(session, person, closed, by_school) and not await _has(session, person, other)


async def _has(session: AsyncSession, person: UUID, *conditions: ColumnElement[bool]) -> bool:
    query = (
        select(Account.id)
        .join(AccountPerson, AccountPerson.account_id == Account.id)
        .where(Account.channel == LOGIN, AccountPerson.person_id == person, *conditions)
    )
    return (await session.execute(query.limit(1))).first() is not None


async def _station(session: AsyncSession, facts: Facts, person: UUID, now: datetime) -> rights.Station:
    return await rights.station_of(session, person, school_date(now, facts.school.zone if facts.school else UTC))


async def _through_children(session: AsyncSession, actor: Actor, person: UUID, now: datetime) -> bool:
    """Tell whether the person is a guardian in law of a pupil to whose family the actor hands out access.

    Where that person sees pupils besides whom the actor does not, a relation counts that others have written down.
    """
    seen = await people.children(session, person, now)
    reached = [
        child.pupil for child in seen if (await rights.of_pupil(session, actor, child.pupil, now)).may(Right.CODE_ISSUE)
    ]
    lawful = {child.pupil for child in await people.children(session, person, now, as_guardian=True)}
    ways = [pupil for pupil in reached if pupil in lawful]
    if len(reached) < len(seen):
        ways = [pupil for pupil in ways if not await _wrote_down(session, actor, pupil, person)]
    return bool(ways)


async def _wrote_down(session: AsyncSession, actor: Actor, pupil: UUID, guardian: UUID) -> bool:
    query = select(AuditRow.id).where(
        AuditRow.subject == guardianship_subject(pupil, guardian),
        AuditRow.action.in_(WRITTEN_DOWN),
        AuditRow.person_id == actor.person,
    )
    return (await session.execute(query.limit(1))).first() is not None


async def _behind_his_login(session: AsyncSession, person: UUID) -> tuple[UUID, ...]:
    """Return the other persons for whom an account with this person's login stands."""
    his, theirs = aliased(AccountPerson), aliased(AccountPerson)
    query = (
        select(theirs.person_id)
        .distinct()
        .join(Account, Account.id == theirs.account_id)
        .join(his, his.account_id == Account.id)
        .where(Account.channel == LOGIN, his.person_id == person, theirs.person_id != person)
    )
    return tuple((await session.execute(query)).scalars())
