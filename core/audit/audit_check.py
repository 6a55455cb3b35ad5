"""Verification of the audit's chains: walks a chain from its first link, and names the first that does not hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, exists, func, select, union, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from core.audit.audit_chain import FACTS, unsealed
from core.audit.audit_erasure import ERASE, erasure_subject
from core.audit.audit_links import EMPTY, ChainKey, Head, SealedFacts, commitment_of
from core.audit.audit_tables import AuditErasure, AuditHead, AuditSeal
from core.tables import AuditRow, Authority, School

type Link = Row[*tuple[Any, ...]]
"""A seal beside its row of the audit, which may be gone."""
type Links = Sequence[Link]

AT_ONCE = 2000
"""Links read in one statement: what is held of a chain of millions at any moment."""


class Fault(StrEnum):
    """What may be wrong with a chain."""

    ROW_CHANGED = "row-changed"
    """Who, when, what or about what is not what was sealed, or the seal itself was changed."""
    WORDS_CHANGED = "words-changed"
    """Before, after or the reason are not what was committed to."""
    WORDS_GONE = "words-gone"
    """Words were erased otherwise than by the command that leaves a trace."""
    ROW_MISSING = "row-missing"
    """A seal stands, and its row is gone."""
    ROW_ADDED = "row-added"
    """A row says that it is sealed, and has no seal."""
    ROW_UNSEALED = "row-unsealed"
    """A row has a seal, and says that it has none."""
    SEAL_MISSING = "seal-missing"
    """A link is gone."""
    HEAD_CHANGED = "head-changed"
    """The chain ends otherwise than its head says."""
    TAIL_CUT = "tail-cut"
    """The chain ends before a head that was kept elsewhere: its end was cut off, head included."""
    CHAIN_REWRITTEN = "chain-rewritten"
    """The chain passes a head that was kept elsewhere with another hash: it was made anew."""


@dataclass(frozen=True, slots=True)
class Broken:
    """The first thing that is wrong."""

    fault: Fault
    number: int | None = None
    """Of the link; None of a row that has none."""
    row: UUID | None = None
    at: datetime | None = None
    action: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the verification of one school's chain has shown."""

    school: UUID
    head: Head
    links: int
    """Links that hold, from the first on."""
    erased: int
    """Rows among them whose words were lawfully erased."""
    waiting: int
    """Rows that are not sealed yet."""
    broken: Broken | None


@dataclass(slots=True)
class _Walk:
    """Where a verification stands."""

    key: ChainKey
    kept: dict[int, bytes]
    head: Head = EMPTY
    erased: int = 0
    broken: Broken | None = None

    def over(self, links: Links, lawful: frozenset[UUID]) -> None:
        """Go on over the next links, up to the first that does not hold."""
        for link in links:
            fault = self._fault(link, lawful)
            if fault is not None:
                number = self.head.number + 1 if fault is Fault.SEAL_MISSING else link.number
                self.broken = _broken(fault, number, link)
                return
            self.head = Head(link.number, link.hash)
            self.erased += link.salt is None

    def _fault(self, link: Link, lawful: frozenset[UUID]) -> Fault | None:
        if link.number != self.head.number + 1:
            return Fault.SEAL_MISSING
        if link.id is None:
            return Fault.ROW_MISSING
        facts = SealedFacts(*(getattr(link, column.key) for column in FACTS))
        if self.key.next(self.head, facts, link.sealed_at).hash != link.hash:
            return Fault.ROW_CHANGED
        if not link.hash.startswith(self.kept.get(link.number, b"")):
            return Fault.CHAIN_REWRITTEN
        return _fault_of_words(link, lawful) or (None if link.sealed else Fault.ROW_UNSEALED)

    def at_the_end(self, head: Head, last: int) -> Broken | None:
        """Look whether the chain ends where its head, and the heads that were kept elsewhere, say."""
        if self.head.number < last:
            return Broken(Fault.SEAL_MISSING, self.head.number + 1)
        if self.head != head:
            return Broken(Fault.HEAD_CHANGED, self.head.number)
        if max(self.kept, default=0) > self.head.number:
            return Broken(Fault.TAIL_CUT, self.head.number + 1)
        return None


async def chains(session: AsyncSession) -> Mapping[UUID, str]:
    """Return whatever has, had or should have a chain, with its name; the id of what was struck off is its name."""
    known = union_all(select(School.id, School.name), select(Authority.id, Authority.name))
    names: dict[UUID, str] = dict((await session.execute(known)).all())
    of_audit = (select(AuditHead.school_id), select(AuditSeal.school_id), select(AuditRow.school_id))
    ids = union(select(School.id), select(Authority.id), *of_audit)
    return {one: names.get(one, str(one)) for one in sorted((await session.execute(ids)).scalars())}


async def verify(session: AsyncSession, key: ChainKey, school: UUID, kept: Sequence[Head] = ()) -> Verdict:
    """Walk a school's chain as it stands now; what is sealed meanwhile is left for the next time.

    ``kept`` are heads that were written down outside the database: without one of them a chain whose end was cut off
    with its rows cannot be told from one that was never longer.
    """
    head, last = await _extent(session, school)
    walk = _Walk(key, {one.number: one.hash for one in kept})
    while walk.broken is None and (links := await _links(session, school, walk.head.number, last)):
        walk.over(links, await _lawfully_erased(session, school, [link for link in links if link.salt is None]))
    broken = walk.broken or walk.at_the_end(head, last) or await _added(session, school)
    return Verdict(school, head, walk.head.number, walk.erased, await _waiting(session, school), broken)


async def _extent(session: AsyncSession, school: UUID) -> tuple[Head, int]:
    """Return the head and the number of the last link, or the head's if that is higher, in one snapshot."""
    last = select(func.max(AuditSeal.number)).where(AuditSeal.school_id == school).scalar_subquery()
    query = select(last, AuditHead.number, AuditHead.hash).select_from(
        select(1).subquery().outerjoin(AuditHead, AuditHead.school_id == school)
    )
    sealed, number, hashed = (await session.execute(query)).one()
    head = EMPTY if number is None else Head(number, hashed)
    return head, max(head.number, sealed or 0)


async def _links(session: AsyncSession, school: UUID, after: int, last: int) -> Links:
    words = (AuditRow.before, AuditRow.after, AuditRow.why, AuditRow.salt, AuditRow.sealed)
    query = (
        select(AuditSeal.number, AuditSeal.hash, AuditSeal.sealed_at, *FACTS, *words)
        .outerjoin(AuditRow, AuditRow.id == AuditSeal.audit_id)
        .where(AuditSeal.school_id == school, AuditSeal.number > after, AuditSeal.number <= last)
        .order_by(AuditSeal.number)
        .limit(AT_ONCE)
    )
    return (await session.execute(query)).all()


async def _lawfully_erased(session: AsyncSession, school: UUID, links: Links) -> frozenset[UUID]:
    """Return the rows of these links whose erasure is on record, and itself a later link of the same chain."""
    ids = [link.id for link in links if link.id is not None]
    if not ids:
        return frozenset()
    recorded = (await session.execute(select(AuditErasure.audit_id).where(AuditErasure.audit_id.in_(ids)))).scalars()
    by_subject = {erasure_subject(row): row for row in recorded}
    sealed = (
        select(AuditRow.subject, func.max(AuditSeal.number))
        .join(AuditSeal, AuditSeal.audit_id == AuditRow.id)
        .where(AuditRow.subject.in_(by_subject), AuditRow.action == ERASE)
        .where(AuditRow.school_id == school, AuditSeal.school_id == school)
        .group_by(AuditRow.subject)
    )
    erased_at = {by_subject[subject]: number for subject, number in await session.execute(sealed)}
    return frozenset(link.id for link in links if link.number < erased_at.get(link.id, 0))


def _fault_of_words(link: Link, lawful: frozenset[UUID]) -> Fault | None:
    if link.salt is not None:
        held = commitment_of(link.salt, link.before, link.after, link.why) == link.commitment
        return None if held else Fault.WORDS_CHANGED
    if (link.before, link.after, link.why) != (None, None, None):
        return Fault.WORDS_CHANGED
    return None if link.id in lawful else Fault.WORDS_GONE


async def _added(session: AsyncSession, school: UUID) -> Broken | None:
    """Find the first row that pretends to be sealed."""
    query = (
        select(AuditRow.id, AuditRow.at, AuditRow.action, AuditRow.subject)
        .where(AuditRow.school_id == school, AuditRow.sealed, ~exists().where(AuditSeal.audit_id == AuditRow.id))
        .order_by(AuditRow.seq)
        .limit(1)
    )
    found = (await session.execute(query)).one_or_none()
    return None if found is None else _broken(Fault.ROW_ADDED, None, found)


async def _waiting(session: AsyncSession, school: UUID) -> int:
    query = select(func.count()).where(AuditRow.school_id == school, unsealed())
    return (await session.execute(query)).scalar_one()


def _broken(fault: Fault, number: int | None, row: Link) -> Broken:
    if fault in {Fault.SEAL_MISSING, Fault.ROW_MISSING}:
        return Broken(fault, number)
    return Broken(fault, number, row.id, row.at, row.action, row.subject)
