"""The school's subjects: in which part of the plan each stands (YEAR-05), and as what it is taught (TT-02)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.actor import Act, Actor
from core.journal import Change, audit, first_time, id_made_by
from core.plan import subject_names
from core.refusals import Conflict, NotFound
from core.russian import sort_key
from core.tables import School, Subject
from core.year.weekly import Service


class PlanPart(StrEnum):
    """In which part of the plan a subject stands (YEAR-05)."""

    FEDERAL = "federal"
    """Федеральный базисный учебный план."""
    SCHOOL = "school"
    """Компонент образовательной организации."""


@dataclass(frozen=True, slots=True)
class SubjectDraft:
    """A subject as it is to be."""

    name: str
    """In full, from a lower-case letter (GEN-17)."""
    part: PlanPart = PlanPart.FEDERAL
    service: Service = Service.BASIC


@dataclass(frozen=True, slots=True)
class SubjectCard:
    """A subject as other rooms see it."""

    id: UUID
    name: str
    part: PlanPart
    service: Service


async def listed(session: AsyncSession, actor: Actor, school_id: UUID, now: datetime) -> tuple[SubjectCard, ...]:
    """List the subjects: lessons first, of them the federal part; by name. Raises ``NotFound``, ``Forbidden``."""
    rights.demand(await rights.of_school(session, actor, school_id, now), Right.YEAR_VIEW)
    rows = (await session.execute(select(Subject).where(Subject.school_id == school_id))).scalars()
    return tuple(sorted(map(_card, rows), key=_order))


async def add(session: AsyncSession, act: Act, school_id: UUID, draft: SubjectDraft) -> UUID:
    """Add a subject.

    Raises ``NotFound``, ``Forbidden``, ``Invalid`` (a name that GEN-17 does not allow), ``Conflict`` (it is there).
    """
    rights.demand(await rights.of_school(session, act.actor, school_id, act.at), Right.YEAR_SET)
    name = subject_names.in_full(draft.name)
    subject = id_made_by(act.key, "subject")
    if not await first_time(session, act.key, act.at):
        return subject
    await _check_free(session, school_id, subject, name)
    row = Subject(id=subject, school_id=school_id, name=name, part=draft.part.value, service=draft.service.value)
    session.add(row)
    await session.flush()
    await audit(session, act.actor, school_id, act.at, Change("subject.add", f"subject/{subject}", None, _said(row)))
    return subject


async def change(session: AsyncSession, act: Act, subject_id: UUID, draft: SubjectDraft) -> None:
    """Change name, part and service of a subject; lessons, marks and plans stay its own.

    A name that was let in by a list once, and is not changed, stays as it is. Raises as ``add`` does.
    """
    row = await session.get(Subject, subject_id)
    if row is None:
        raise NotFound("subject-unknown")
    rights.demand(await rights.of_school(session, act.actor, row.school_id, act.at), Right.YEAR_SET)
    name = row.name if draft.name == row.name else subject_names.in_full(draft.name)
    if not await first_time(session, act.key, act.at):
        return
    await _check_free(session, row.school_id, subject_id, name)
    await session.refresh(row, with_for_update=True)
    before = _said(row)
    row.name, row.part, row.service = name, draft.part.value, draft.service.value
    after = _said(row)
    if before == after:
        return
    await session.flush()
    made = Change("subject.change", f"subject/{subject_id}", before, after)
    await audit(session, act.actor, row.school_id, act.at, made)


async def _check_free(session: AsyncSession, school_id: UUID, subject: UUID, name: str) -> None:
    """Raise ``Conflict`` if another subject has this name; two who name subjects come one after the other."""
    await session.execute(select(School.id).where(School.id == school_id).with_for_update(key_share=True))
    others = select(Subject.name).where(Subject.school_id == school_id, Subject.id != subject)
    wanted = subject_names.key(name)
    there = next((one for one in (await session.execute(others)).scalars() if subject_names.key(one) == wanted), None)
    if there is not None:
        raise Conflict("subject-there", name=there)


def _card(row: Subject) -> SubjectCard:
    return SubjectCard(row.id, row.name, PlanPart(row.part), Service(row.service))


def _order(card: SubjectCard) -> tuple[int, int, str]:
    return list(Service).index(card.service), list(PlanPart).index(card.part), sort_key(card.name)


def _said(row: Subject) -> dict[str, str]:
    return {"name": row.name, "part": row.part, "service": row.service}
