"""Breaches: an account in strange hands is reported, its stays end, what it did from then on is listed (AUTH-10, 11).

A notice in the journal is how its user tells the head of the school and the support: it stands at once in the list
that both watch. That they knew before, by telephone, is entered by whoever watches that list, and never by the owner
himself: he would choose from when on his own doings are void. From the moment when both knew, everything done under
the account is void by an act (``core.audit.voiding``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

import structlog
from sqlalchemy import and_, exists, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.account import lost_accounts, sessions
from core.account.account_tables import FormerAccount
from core.actor import Act, Actor
from core.audit import audit_log
from core.audit.audit_log import AuditLine, Wanted
from core.audit.breach_clock import hours_after, working_days_after
from core.audit.breach_tables import BreachRow, BreachTold
from core.journal import Change, audit, first_time, id_made_by
from core.person.people import name_of
from core.refusals import Forbidden, Invalid, NotFound
from core.rights import Facts
from core.russian import FullName
from core.school import school_rules
from core.tables import Account, AccountPerson, Guardianship, Person, Pupil, Staff

OWN = ("breach.", "audit.")
"""How actions begin that are no operations of a user in the journal."""

FOUND_WITHIN = timedelta(days=366)
"""How long ago a breach may have been found: further back is a slip of the pen."""
TOLD_WITHIN = timedelta(days=92)
"""How long ago head and support may have been told: from then on everything under the account is void."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class UsedAccount:
    """An account by which a person acts, or did until he joined another chat."""

    account: UUID
    channel: str
    is_former: bool


def breach_subject(breach: UUID) -> str:
    """Name the subject "this breach"."""
    return f"breach/{breach}"


class Whom(StrEnum):
    """Who must be told."""

    HEAD = "head"
    """Руководитель организации."""
    SUPPORT = "support"
    """Служба технической поддержки."""


@dataclass(frozen=True, slots=True)
class BreachNotice:
    """What is reported."""

    person: UUID
    account: UUID
    found_at: datetime
    """When he found it; or, where the school's rules count from that, when he had news of it."""
    told: Mapping[Whom, datetime] = field(default_factory=lambda: MappingProxyType({}))
    """Who knew before this notice, and since when; everybody else is told by it. Empty in one's own notice."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A breach as the head and the support see it."""

    id: UUID
    person: UUID
    name: FullName
    account: UUID
    channel: str
    found_at: datetime
    report_by: datetime
    reported_at: datetime
    told: Mapping[Whom, datetime]
    act_number: str | None
    act_at: datetime | None

    @property
    def void_from(self) -> datetime:
        """The moment from which operations are void: when both, head and support, were told (AUTH-11)."""
        return max(self.told.values())

    @property
    def is_late(self) -> bool:
        """Tell whether they were told after the last moment for it."""
        return self.void_from > self.report_by


async def report(session: AsyncSession, act: Act, notice: BreachNotice) -> Breach:
    """Report that an account is in strange hands: by its owner, or for him by the head, the administrator, the support.

    Its stays end and the account closes until a new password or code is issued. While a notice of this account has no
    act yet, it stays the only one. Raises ``NotFound`` (no such person or account), ``Forbidden`` (also: who was told
    before is not the owner's to say), ``Invalid`` (moments ahead or too long ago, somebody told before it was found).
    """
    facts = await rights.of_person(session, act.actor, notice.person, act.at)
    own = act.actor.person == notice.person and facts.may(Right.BREACH_REPORT)
    if not own and not facts.may(Right.BREACH_MANAGE):
        raise Forbidden("not-allowed")
    if facts.school is None:
        raise NotFound("breach-account-unknown")
    if notice.told and (act.actor.person == notice.person or not facts.may(Right.BREACH_MANAGE)):
        raise Forbidden("breach-told-not-own")
    await _check(session, act, notice)
    standing = await _standing(session, notice.account, facts.of_school.id)
    if standing is not None or not await first_time(session, act.key, act.at):
        return await of_id(session, standing or id_made_by(act.key, "breach"))
    breach = await _write(session, act, facts, notice)
    await sessions.end_all(session, notice.account, "breach", act.at)
    await lost_accounts.shut(session, notice.account, act.at, "breach")
    _log.warning("breach reported", breach=str(breach), school=str(facts.of_school.id))
    return await of_id(session, breach)


async def of_school(session: AsyncSession, actor: Actor, school: UUID, now: datetime) -> tuple[Breach, ...]:
    """List a school's breaches, those without an act first, then the newest. Raises ``NotFound``, ``Forbidden``."""
    rights.demand(await rights.of_school(session, actor, school, now), Right.BREACH_MANAGE)
    order = (BreachRow.act_at.is_not(None), BreachRow.reported_at.desc(), BreachRow.id)
    ids = (await session.execute(select(BreachRow.id).where(BreachRow.school_id == school).order_by(*order))).scalars()
    return tuple([await of_id(session, breach) for breach in ids.all()])


async def read(session: AsyncSession, actor: Actor, breach: UUID, now: datetime) -> Breach:
    """Read one breach. Raises ``NotFound``, ``Forbidden``."""
    rights.demand(await rights.of_school(session, actor, await school_of(session, breach), now), Right.BREACH_MANAGE)
    return await of_id(session, breach)


async def school_of(session: AsyncSession, breach: UUID) -> UUID:
    """Return the school of a breach. Raises ``NotFound``."""
    found = (await session.execute(select(BreachRow.school_id).where(BreachRow.id == breach))).scalar_one_or_none()
    if found is None:
        raise NotFound("breach-unknown")
    return found


async def accounts_of(session: AsyncSession, person: UUID) -> tuple[UsedAccount, ...]:
    """List the accounts by which a person acts, then those by which he did.

    A lost phone is told of when its owner has another chat already. Whoever calls has asked for the right to.
    """
    found: dict[UUID, UsedAccount] = {}
    for joined in (AccountPerson, FormerAccount):
        rows = await session.execute(
            select(Account.id, Account.channel)
            .join(joined, joined.account_id == Account.id)
            .where(joined.person_id == person)
            .order_by(Account.channel, Account.id)
        )
        for account, channel in rows:
            found.setdefault(account, UsedAccount(account, channel, is_former=joined is FormerAccount))
    return tuple(found.values())


async def operations(session: AsyncSession, actor: Actor, breach: UUID, now: datetime) -> tuple[AuditLine, ...]:
    """List what was done under the account from the moment on from which it is void, in the order of writing.

    Of this school only: another school's journal is that school's. Raises ``NotFound``, ``Forbidden``.
    """
    return await operations_of(session, await read(session, actor, breach, now), await school_of(session, breach))


async def operations_of(session: AsyncSession, breach: Breach, school: UUID) -> tuple[AuditLine, ...]:
    """List the same. Whoever calls has asked for the right to."""
    wanted = Wanted(account=breach.account, since=breach.void_from)
    found = await audit_log.every(session, school, wanted)
    return tuple(line for line in found if not line.action.startswith(OWN))


async def _check(session: AsyncSession, act: Act, notice: BreachNotice) -> None:
    joined = [await session.get(one, (notice.account, notice.person)) for one in (AccountPerson, FormerAccount)]
    if not any(joined):
        raise NotFound("breach-account-unknown")
    moments = (notice.found_at, *notice.told.values())
    if max(moments) > act.at:
        raise Invalid("breach-ahead")
    if min(moments) < notice.found_at:
        raise Invalid("breach-told-before-found")
    if notice.found_at < act.at - FOUND_WITHIN:
        raise Invalid("breach-long-ago", days=FOUND_WITHIN.days)
    if min(notice.told.values(), default=act.at) < act.at - TOLD_WITHIN:
        raise Invalid("breach-told-long-ago", days=TOLD_WITHIN.days)


async def _standing(session: AsyncSession, account: UUID, school: UUID) -> UUID | None:
    """Return the notice of this account that waits for its act; two notices at once wait for each other."""
    await session.get_one(Account, account, with_for_update=True)
    query = select(BreachRow.id).where(
        BreachRow.account_id == account, BreachRow.school_id == school, BreachRow.act_at.is_(None)
    )
    return (await session.execute(query)).scalar_one_or_none()


async def _write(session: AsyncSession, act: Act, facts: Facts, notice: BreachNotice) -> UUID:
    breach = id_made_by(act.key, "breach")
    report_by = await _report_by(session, facts, notice)
    row = BreachRow(
        id=breach,
        school_id=facts.of_school.id,
        person_id=notice.person,
        account_id=notice.account,
        found_at=notice.found_at,
        report_by=report_by,
        reported_at=act.at,
        reported_by=act.actor.person,
    )
    session.add(row)
    await session.flush()
    told = {whom: notice.told.get(whom, act.at) for whom in Whom}
    rows = [{"breach_id": breach, "whom": whom.value, "at": at} for whom, at in told.items()]
    await session.execute(insert(BreachTold), rows)
    after = {"person": str(notice.person), "account": str(notice.account), "found_at": notice.found_at.isoformat()}
    after |= {"report_by": report_by.isoformat()} | {whom.value: at.isoformat() for whom, at in told.items()}
    change = Change("breach.report", breach_subject(breach), None, after)
    await audit(session, act.actor, facts.of_school.id, act.at, change)
    return breach


async def _report_by(session: AsyncSession, facts: Facts, notice: BreachNotice) -> datetime:
    """Return the last moment for the notice: parents have working days, everybody else hours."""
    rules = await school_rules.of_school(session, facts.of_school.id)
    if await _is_parent_only(session, notice.person):
        return working_days_after(notice.found_at, rules.breach_parent_days, facts.of_school.zone)
    return hours_after(notice.found_at, rules.breach_staff_hours)


async def _is_parent_only(session: AsyncSession, person: UUID) -> bool:
    """Tell whether somebody is a parent here and nothing else: of two terms the shorter one counts."""
    guards = exists().where(Guardianship.guardian_id == person)
    works_or_learns = or_(exists().where(Staff.person_id == person), exists().where(Pupil.person_id == person))
    return bool((await session.execute(select(and_(guards, ~works_or_learns)))).scalar_one())


async def of_id(session: AsyncSession, breach: UUID) -> Breach:
    """Read one breach that there is. Whoever calls has asked for the right to."""
    query = (
        select(BreachRow, Person, Account.channel)
        .join(Person, Person.id == BreachRow.person_id)
        .join(Account, Account.id == BreachRow.account_id)
        .where(BreachRow.id == breach)
    )
    row, person, channel = (await session.execute(query.execution_options(populate_existing=True))).one()
    told = await session.execute(select(BreachTold.whom, BreachTold.at).where(BreachTold.breach_id == breach))
    return Breach(
        id=row.id,
        person=row.person_id,
        name=name_of(person),
        account=row.account_id,
        channel=channel,
        found_at=row.found_at,
        report_by=row.report_by,
        reported_at=row.reported_at,
        told=MappingProxyType({Whom(whom): at for whom, at in told}),
        act_number=row.act_number,
        act_at=row.act_at,
    )
