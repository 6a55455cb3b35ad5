"""«Мои данные изменились»: a parent or a pupil tells, the class teacher settles it (CONS-14, ROLE-23, ROLE-24)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import free_text, rights
from core.access import Right
from core.actor import Act, Actor
from core.consent import consent_gate
from core.journal import Change, audit, first_time, id_made_by
from core.person.card_tables import DataChange
from core.person.people import name_of
from core.refusals import Conflict, Forbidden, NotFound
from core.russian import FullName
from core.tables import Person, Pupil, SchoolClass

LONGEST = 1000
"""Characters of what is told, and of the answer."""


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody told, and what became of it."""

    id: UUID
    about: UUID
    """The pupil."""
    about_name: FullName
    class_title: str
    told_by: UUID
    told_by_name: FullName
    text: str
    told_at: datetime
    closed_at: datetime | None
    outcome: str | None


async def tell(session: AsyncSession, act: Act, pupil: UUID, text: str) -> UUID:
    """Tell the school what has changed of a pupil or of his family; return the id.

    Raises ``NotFound``, ``Forbidden`` (neither his adult nor he himself, or no consent, CONF-21), ``Invalid`` (no text,
    too much of it).
    """
    facts = await rights.of_pupil(session, act.actor, pupil, act.at)
    teller = act.actor.person
    if teller is None:
        raise Forbidden("not-allowed")
    rights.demand(facts, Right.DATA_CHANGE_TELL)
    await consent_gate.demand(session, facts, pupil, act.at)
    written = free_text.fit(text, LONGEST)
    made = id_made_by(act.key, "data-change")
    if not await first_time(session, act.key, act.at):
        return made
    session.add(DataChange(id=made, about_id=pupil, told_by=teller, text=written, told_at=act.at))
    await session.flush()
    change = Change("data-change.tell", f"data-change/{made}", None, {"about": str(pupil), "text": written})
    await audit(session, act.actor, facts.of_school.id, act.at, change)
    return made


async def waiting(session: AsyncSession, actor: Actor, class_id: UUID, now: datetime) -> tuple[Told, ...]:
    """List what the families of a class told and nobody has settled, the oldest first.

    Raises ``NotFound``, ``Forbidden``.
    """
    rights.demand(await rights.of_class(session, actor, class_id, now), Right.DATA_CHANGE_CLOSE)
    return await _told(session, SchoolClass.id == class_id, DataChange.closed_at.is_(None))


async def own(session: AsyncSession, actor: Actor, now: datetime) -> tuple[Told, ...]:
    """List what the actor himself told, with the answers, the oldest first.

    Of pupils whom he may see no more, or of whom nothing is open to him electronically (CONF-21), nothing.
    """
    if actor.person is None:
        return ()
    told = await _told(session, DataChange.told_by == actor.person)
    open_ones = {pupil for pupil in {one.about for one in told} if await _is_open(session, actor, pupil, now)}
    return tuple(one for one in told if one.about in open_ones)


async def _is_open(session: AsyncSession, actor: Actor, pupil: UUID, now: datetime) -> bool:
    facts = await rights.of_pupil(session, actor, pupil, now)
    return facts.may(Right.DATA_CHANGE_TELL) and bool(await consent_gate.open_to(session, facts, pupil, now))


async def close(session: AsyncSession, act: Act, told: UUID, outcome: str) -> None:
    """Settle it: say what was done. Raises ``NotFound``, ``Forbidden``, ``Invalid``, ``Conflict`` if it is settled."""
    row = await session.get(DataChange, told)
    if row is None:
        raise NotFound("data-change-unknown")
    facts = await rights.of_pupil(session, act.actor, row.about_id, act.at)
    rights.demand(facts, Right.DATA_CHANGE_CLOSE)
    written = free_text.fit(outcome, LONGEST)
    if not await first_time(session, act.key, act.at):
        return
    await session.refresh(row, with_for_update=True)
    if row.closed_at is not None:
        raise Conflict("data-change-settled")
    row.closed_by, row.closed_at, row.outcome = act.actor.person, act.at, written
    await session.flush()
    change = Change("data-change.close", f"data-change/{told}", None, {"outcome": written})
    await audit(session, act.actor, facts.of_school.id, act.at, change)


async def _told(session: AsyncSession, *conditions: ColumnElement[bool]) -> tuple[Told, ...]:
    rows = await session.execute(
        select(DataChange, Person, SchoolClass.title)
        .join(Person, Person.id == DataChange.about_id)
        .join(Pupil, Pupil.person_id == Person.id)
        .join(SchoolClass, SchoolClass.id == Pupil.class_id)
        .where(*conditions)
        .order_by(DataChange.told_at, DataChange.id)
    )
    found = rows.all()
    tellers = await session.execute(select(Person).where(Person.id.in_({row.told_by for row, _, _ in found})))
    names = {person.id: name_of(person) for person in tellers.scalars()}
    return tuple(
        Told(
            row.id,
            row.about_id,
            name_of(about),
            title,
            row.told_by,
            names[row.told_by],
            row.text,
            row.told_at,
            row.closed_at,
            row.outcome,
        )
        for row, about, title in found
    )
