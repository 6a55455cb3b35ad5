"""Operations of a stolen account are void by an act: number, who, when; their facts are put right, history kept.

Nothing is struck out of the audit: beside each void operation stands that it is void, by which notice, and what became
of its fact (AUTH-11, AUDIT-05). Source: «Акт о фиксации нарушения конфиденциальности», 001 R3 4.4.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import free_text, rights
from core.access import Right
from core.actor import Act, Actor
from core.audit import audit_log, breaches
from core.audit.audit_log import AuditLine, Wanted
from core.audit.breach_tables import BreachRow, Voided
from core.audit.breaches import breach_subject
from core.audit.corrections import Kind, Outcome, Run, kind_of
from core.journal import Change, audit, first_time
from core.refusals import Conflict, NotFound, Refusal

NUMBER_LONGEST = 50
"""Characters of the number of an act."""
REFUSED = "refused:"
"""Begins the note of an operation whose correction was refused; the refusal's code follows."""


@dataclass(frozen=True, slots=True)
class VoidLine:
    """One void operation."""

    line: AuditLine
    undone: bool
    """Nothing of it stands: it was put right, or had left nothing."""
    note: str
    """An ``Outcome``, or ``REFUSED`` and the code of the refusal."""


@dataclass(frozen=True, slots=True)
class VoidingAct:
    """An act by which operations are void, with what could not be undone among them."""

    breach: UUID
    number: str
    at: datetime
    by: UUID | None
    """None: the office."""
    lines: tuple[VoidLine, ...]


async def void(session: AsyncSession, act: Act, breach_id: UUID, number: str) -> VoidingAct:
    """Void by an act whatever was done under the account since head and support were told.

    Each fact is put right by the ordinary correction, in the name of whoever signs the act, unless somebody else has
    changed it since; what cannot be undone is named in the answer. Raises ``NotFound``, ``Forbidden``, ``Invalid`` (no
    number), ``Conflict`` (there is an act already).
    """
    school = await breaches.school_of(session, breach_id)
    rights.demand(await rights.of_school(session, act.actor, school, act.at), Right.BREACH_VOID)
    number = free_text.fit(" ".join(number.split()), NUMBER_LONGEST)
    if not await first_time(session, act.key, act.at):
        return await _act_of(session, breach_id)
    row = await session.get_one(BreachRow, breach_id, with_for_update=True, populate_existing=True)
    if row.act_at is not None:
        raise Conflict("breach-void-already", number=row.act_number or "")
    row.act_number, row.act_at, row.act_by = number, act.at, act.actor.person
    await session.flush()
    lines = await breaches.operations_of(session, await breaches.of_id(session, breach_id), school)
    notes = await _put_right(session, act, school, number, lines)
    await _write(session, act, breach_id, notes)
    undone = sum(_is_undone(note) for note in notes.values())
    after = {"act": number, "operations": len(lines), "undone": undone}
    await audit(session, act.actor, school, act.at, Change("breach.void", breach_subject(breach_id), None, after))
    return await _act_of(session, breach_id)


async def act_of(session: AsyncSession, actor: Actor, breach_id: UUID, now: datetime) -> VoidingAct:
    """Read the act of a breach with its void operations. Raises ``NotFound`` (or no act yet), ``Forbidden``."""
    await breaches.read(session, actor, breach_id, now)
    return await _act_of(session, breach_id)


async def _put_right(
    session: AsyncSession, act: Act, school: UUID, number: str, lines: Sequence[AuditLine]
) -> Mapping[UUID, str]:
    """Put right whatever can be, subject by subject; return what became of each operation."""
    notes: dict[UUID, str] = dict.fromkeys((line.id for line in lines), Outcome.NO_WAY_BACK.value)
    runs: list[tuple[Kind, Run]] = []
    for kind, about in _by_fact(lines):
        run = list(about) if kind.each else await _unfollowed(session, school, kind, about)
        notes |= dict.fromkeys((line.id for line in about if line not in run), Outcome.CHANGED_SINCE.value)
        if run:
            own = replace(act, key=f"{act.key}/{run[0].id}")
            runs.append((kind, Run(own, school, number, run)))
    # Only now: a correction is somebody else's word, too.
    for kind, found in runs:
        notes |= dict.fromkeys((line.id for line in found.lines), await _correct(session, kind, found))
    return notes


async def _correct(session: AsyncSession, kind: Kind, run: Run) -> str:
    """Put one fact right; a refusal takes back what was begun of it, and is noted instead of raised."""
    try:
        async with session.begin_nested():
            return (await kind.correct(session, run)).value
    except Refusal as refusal:
        return f"{REFUSED}{refusal.code}"


def _by_fact(lines: Sequence[AuditLine]) -> Iterator[tuple[Kind, Sequence[AuditLine]]]:
    """Gather operations about one fact, in the order of the first of each."""
    found: dict[tuple[frozenset[str], str], tuple[Kind, list[AuditLine]]] = {}
    for line in lines:
        kind = kind_of(line.action)
        if kind is not None:
            of_its_own = f" {line.id}" if kind.each else ""
            found.setdefault((kind.actions, line.subject + of_its_own), (kind, []))[1].append(line)
    yield from found.values()


async def _unfollowed(
    session: AsyncSession, school: UUID, kind: Kind, about: Sequence[AuditLine]
) -> Sequence[AuditLine]:
    """Return those of the operations about a fact that came after everybody else's; none if another's came last."""
    every = await audit_log.every(session, school, Wanted(subject=about[0].subject, after=about[0].seq))
    void = {line.id for line in about}
    others = [line.seq for line in every if line.action in kind.actions and line.id not in void]
    last = max(others, default=0)
    return [line for line in about if line.seq > last]


async def _write(session: AsyncSession, act: Act, breach_id: UUID, notes: Mapping[UUID, str]) -> None:
    rows = [
        {"audit_id": line, "breach_id": breach_id, "at": act.at, "undone": _is_undone(note), "note": note}
        for line, note in notes.items()
    ]
    if rows:
        await session.execute(insert(Voided), rows)


def _is_undone(note: str) -> bool:
    return note in {Outcome.PUT_RIGHT, Outcome.NOTHING_LEFT, Outcome.NO_FACT}


async def _act_of(session: AsyncSession, breach_id: UUID) -> VoidingAct:
    row = await session.get_one(BreachRow, breach_id, populate_existing=True)
    if row.act_number is None or row.act_at is None:
        raise NotFound("breach-no-act")
    rows = await session.execute(select(Voided).where(Voided.breach_id == breach_id))
    void = {one.audit_id: one for one in rows.scalars()}
    lines = await audit_log.of_ids(session, void.keys())
    told = tuple(VoidLine(line, void[line.id].undone, void[line.id].note) for line in lines)
    return VoidingAct(row.id, row.act_number, row.act_at, row.act_by, told)
