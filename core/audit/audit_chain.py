"""The audit's chains: one for each school, sealed after the fact and never in the writer's transaction.

Rows are written unsealed, in any order, and commit in another; the sealer takes whatever has no seal yet, so that a row
which commits late is sealed late and never lost. One sealer at a time holds a school's head; what a chain's order says
is in which order rows were sealed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, bindparam, exists, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from core.audit.audit_links import EMPTY, ChainKey, Head, SealedFacts
from core.audit.audit_tables import AuditHead, AuditSeal
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


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a sealing has done."""

    rows: int
    before: Head
    after: Head


async def seal(
    session: AsyncSession, key: ChainKey, school: UUID, now: datetime, at_once: int = AT_ONCE
) -> Sealed | None:
    """Seal the next rows of a school, in the order of writing; None while another sealer has this school's head.

    ``now`` is the machine's clock.
    """
    standing = await _locked_head(session, school)
    if standing is None:
        return None
    before = after = Head(standing.number, standing.hash)
    waiting = select(*FACTS).where(AuditRow.school_id == school, unsealed()).order_by(AuditRow.seq).limit(at_once)
    rows = [SealedFacts(*row) for row in await session.execute(waiting)]
    if rows:
        after = await _append(session, key, before, rows, now)
        standing.number, standing.hash = after.number, after.hash
        await session.flush()
    return Sealed(len(rows), before, after)


async def seal_all(session: AsyncSession, key: ChainKey, school: UUID, now: datetime) -> None:
    """Seal whatever a school's audit has in this transaction's eyes, having waited for whoever seals there now.

    For what must not be seen unsealed even for a moment.
    """
    await session.execute(select(AuditHead.school_id).where(AuditHead.school_id == school).with_for_update())
    while (sealed := await seal(session, key, school, now)) is not None and sealed.rows:
        pass


async def _locked_head(session: AsyncSession, school: UUID) -> AuditHead | None:
    """Read the head under its lock, making it if it is the first; None if another sealer has it."""
    query = select(AuditHead).where(AuditHead.school_id == school).with_for_update(skip_locked=True)
    query = query.execution_options(populate_existing=True)
    found = (await session.execute(query)).scalar_one_or_none()
    there = select(AuditHead.school_id).where(AuditHead.school_id == school)
    if found is not None or (await session.execute(there)).first() is not None:
        return found
    first = {"school_id": school, "number": EMPTY.number, "hash": EMPTY.hash}
    made = await session.execute(
        upsert(AuditHead).values(first).on_conflict_do_nothing().returning(AuditHead.school_id)
    )
    return None if made.first() is None else (await session.execute(query)).scalar_one()


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
