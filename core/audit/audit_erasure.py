"""Erasure of words from the audit: who, what and when stay, and so does the chain, which holds commitments only."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import free_text
from core.actor import Act
from core.audit.audit_tables import AuditErasure
from core.journal import Change, audit, first_time
from core.refusals import Forbidden, Invalid, NotFound
from core.tables import AuditRow

ERASE = "audit.erase"
"""Action under which an erasure stands in the audit itself."""
WHY_LONGEST = 300
"""Characters of a reason."""


def erasure_subject(row: UUID) -> str:
    """Name the subject "this row of the audit"."""
    return f"audit/{row}"


async def rows_about(session: AsyncSession, school: UUID, subject: str) -> tuple[UUID, ...]:
    """List the rows about a subject, such as ``remark/…``, whose words still stand, the oldest first."""
    query = select(AuditRow.id).where(
        AuditRow.school_id == school, AuditRow.subject == subject, AuditRow.salt.is_not(None), AuditRow.action != ERASE
    )
    return tuple((await session.execute(query.order_by(AuditRow.seq))).scalars())


async def erase(session: AsyncSession, act: Act, school: UUID, rows: Sequence[UUID], why: str) -> int:
    """Erase the words (from what, to what, why) of these rows of a school's audit; return how many had any.

    Only the operator of the installation may. The reason stays in the audit: it must hold no names. Raises
    ``Forbidden``, ``NotFound`` (no such row in this school), ``Invalid`` (no reason, or it tells of an erasure itself).
    """
    if not act.actor.is_office:
        raise Forbidden("office-only")
    reason = free_text.fit(why, WHY_LONGEST)
    query = select(AuditRow.id, AuditRow.action, AuditRow.salt).where(
        AuditRow.id.in_(rows), AuditRow.school_id == school
    )
    found = {row: (action, salt) for row, action, salt in await session.execute(query)}
    if found.keys() != set(rows) or not rows:
        raise NotFound("audit-row-unknown")
    if any(action == ERASE for action, _ in found.values()):
        raise Invalid("audit-erasure-stays")
    if not await first_time(session, act.key, act.at):
        return 0
    standing = [row for row, (_, salt) in found.items() if salt is not None]
    for row in standing:
        await _erase(session, row, act.actor.person, act.at, reason)
    changes = [Change(ERASE, erasure_subject(row), None, None, reason) for row in standing]
    await audit(session, act.actor, school, act.at, *changes)
    return len(standing)


async def _erase(session: AsyncSession, row: UUID, person: UUID | None, at: datetime, why: str) -> None:
    await session.execute(insert(AuditErasure).values(audit_id=row, at=at, person_id=person, why=why))
    await session.execute(select(func.core.erase_audit_words(row)))
