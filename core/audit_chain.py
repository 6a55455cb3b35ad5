"""The audit's chains: one for each school, sealed after the fact and never in the writer's transaction.

Rows are written unsealed, in any order, and commit in another; the sealer takes whatever has no seal yet, so that a row
which commits late is sealed late and never lost. One sealer at a time holds a school's head; what a chain's order says
is in which order rows were sealed.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, bindparam, exists, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from core.audit_links import EMPTY, ChainKey, Head, SealedFacts
from core.audit_tables import AuditHead, AuditSeal
from core.tables import AuditRow

AT_ONCE = 1000
"""Rows of one sealing transaction."""
FACTS: tuple[InstrumentedAttribute[Any], ...] = (
    AuditRow.id,
    AuditRow.seq,
    AuditRow.school_id,
    AuditRow.at,
    AuditRow.person_id,
    AuditRow.account_id,
    AuditRow.via,
    AuditRow.action,
    AuditRow.subject,
    AuditRow.commitment,
)
"""Columns that a link vouches for, in the order of ``SealedFacts``."""


def unsealed() -> ColumnElement[bool]:
    """Return the condition of rows without a seal.

    What has a seal and says that it has none was touched by hand: sealing it again would hide that.
    """
    return AuditRow.sealed.is_(False) & ~exists().where(AuditSeal.audit_id == AuditRow.id)


async def schools_waiting(session: AsyncSession) -> tuple[UUID, ...]:
    """List the schools that have rows without a seal."""
    return tuple((await session.execute(select(AuditRow.school_id).where(unsealed()).distinct())).scalars())


async def seal(session: AsyncSession, key: ChainKey, school: UUID, now: datetime, at_once: int = AT_ONCE) -> int:
    """Seal the next rows of a school, in the order of writing; return how many.

    ``now`` is the machine's clock. Returns 0, too, while another sealer has this school's head.
    """
    first = {"school_id": school, "number": EMPTY.number, "hash": EMPTY.hash}
    await session.execute(upsert(AuditHead).values(first).on_conflict_do_nothing())
    locked = select(AuditHead).where(AuditHead.school_id == school).with_for_update(skip_locked=True)
    standing = (await session.execute(locked.execution_options(populate_existing=True))).scalar_one_or_none()
    if standing is None:
        return 0
    waiting = select(*FACTS).where(AuditRow.school_id == school, unsealed()).order_by(AuditRow.seq).limit(at_once)
    rows = [SealedFacts(*row) for row in await session.execute(waiting)]
    if not rows:
        return 0
    head = await _append(session, key, Head(standing.number, standing.hash), rows, now)
    standing.number, standing.hash = head.number, head.hash
    return len(rows)


async def _append(session: AsyncSession, key: ChainKey, head: Head, rows: Sequence[SealedFacts], now: datetime) -> Head:
    seals: list[dict[str, Any]] = []
    for facts in rows:
        head = key.next(head, facts, now)
        link = {"number": head.number, "hash": head.hash}
        seals.append({"school_id": facts.school, "audit_id": facts.id, "sealed_at": now} | link)
    await session.execute(insert(AuditSeal), seals)
    ids = bindparam("ids", [one["audit_id"] for one in seals], type_=ARRAY(Uuid))
    await session.execute(
        update(AuditRow)
        .where(AuditRow.id == any_(ids))
        .values(sealed=True)
        .execution_options(synchronize_session=False)
    )
    return head


async def head_of(session: AsyncSession, school: UUID) -> Head:
    """Return the head of a school's chain as the database states it."""
    found = await session.get(AuditHead, school, populate_existing=True)
    return EMPTY if found is None else Head(found.number, found.hash)


async def link_at(session: AsyncSession, school: UUID, number: int) -> bytes | None:
    """Return the hash of one link; None if the chain has no such link."""
    query = select(AuditSeal.hash).where(AuditSeal.school_id == school, AuditSeal.number == number)
    return (await session.execute(query)).scalar_one_or_none()
