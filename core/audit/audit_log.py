"""The audit as it is read: who entered or changed what, when, from what to what, through what (AUDIT-01, AUDIT-02)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.actor import Actor
from core.person.people import name_of
from core.russian import FullName
from core.tables import AuditRow, Person

SHOWN = 200
"""Lines in one answer."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines; what is not given does not matter."""

    subject: str | None = None
    person: UUID | None = None
    account: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    """Before this moment."""
    after: int = 0
    """``seq`` of the last line already seen: how whoever wants more goes on."""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line of the audit."""

    id: UUID
    seq: int
    at: datetime
    person: UUID | None
    """None: the office."""
    name: FullName | None
    account: UUID | None
    via: str
    action: str
    subject: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    why: str | None
    erased: bool
    """Its words were erased: ``before``, ``after`` and ``why`` say nothing."""


async def lines(
    session: AsyncSession, actor: Actor, school: UUID, wanted: Wanted, now: datetime
) -> tuple[AuditLine, ...]:
    """Read a school's audit in the order of writing, some lines at a time. Raises ``NotFound``, ``Forbidden``."""
    rights.demand(await rights.of_school(session, actor, school, now), Right.AUDIT_VIEW)
    return await _next(session, school, wanted)


async def every(session: AsyncSession, school: UUID, wanted: Wanted) -> tuple[AuditLine, ...]:
    """Read all the lines at once. Whoever calls has asked for the right to."""
    found: tuple[AuditLine, ...] = ()
    while more := await _next(session, school, replace(wanted, after=found[-1].seq if found else wanted.after)):
        found += more
    return found


async def of_ids(session: AsyncSession, ids: Collection[UUID]) -> tuple[AuditLine, ...]:
    """Read these lines in the order of writing. Whoever calls has asked for the right to."""
    query = select(AuditRow, Person).outerjoin(Person, Person.id == AuditRow.person_id).where(AuditRow.id.in_(ids))
    return tuple(_line(row, person) for row, person in await session.execute(query.order_by(AuditRow.seq)))


async def _next(session: AsyncSession, school: UUID, wanted: Wanted) -> tuple[AuditLine, ...]:
    query = (
        select(AuditRow, Person)
        .outerjoin(Person, Person.id == AuditRow.person_id)
        .where(AuditRow.school_id == school, AuditRow.seq > wanted.after, *_conditions(wanted))
        .order_by(AuditRow.seq)
        .limit(SHOWN)
    )
    return tuple(_line(row, person) for row, person in await session.execute(query))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    given = {
        AuditRow.subject: wanted.subject,
        AuditRow.person_id: wanted.person,
        AuditRow.account_id: wanted.account,
    }
    found = [column == value for column, value in given.items() if value is not None]
    if wanted.since is not None:
        found.append(AuditRow.at >= wanted.since)
    if wanted.until is not None:
        found.append(AuditRow.at < wanted.until)
    return found


def _line(row: AuditRow, person: Person | None) -> AuditLine:
    return AuditLine(
        id=row.id,
        seq=row.seq,
        at=row.at,
        person=row.person_id,
        name=None if person is None else name_of(person),
        account=row.account_id,
        via=row.via,
        action=row.action,
        subject=row.subject,
        before=row.before,
        after=row.after,
        why=row.why,
        erased=row.salt is None,
    )
