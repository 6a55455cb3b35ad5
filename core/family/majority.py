"""Coming of age: guardians' rights end by themselves, and the pupil says who may go on looking.

Nobody's act is needed for the end: a daily job does it, and doing it twice changes nothing. What the pupil answers is
the whole of his will: whoever he names becomes a trusted adult, whoever he does not name is told nothing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.actor import Act, Actor
from core.events import RelationKind, guardianship_subject
from core.family import guardianship_events
from core.family.coming_of_age import born_by, comes_of_age_on
from core.family.relation_tables import Majority
from core.journal import Change, audit, first_time
from core.person.people import name_of
from core.refusals import Conflict, Forbidden, Invalid
from core.rights import Facts
from core.russian import FullName
from core.school.schools import SchoolCard
from core.school_time import school_date
from core.tables import Guardianship, Person, Pupil, SchoolClass

CLOCKWORK = Actor(via="clockwork")
"""The journal's own daily job: it acts by the calendar, for nobody."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Question:
    """A pupil who has come of age, and what he has said."""

    pupil: UUID
    name: FullName
    class_title: str
    came_on: date
    answered_at: datetime | None
    adults: tuple[tuple[UUID, FullName, bool], ...]
    """Adults whom he may name: who, the name, and whether he has let him look on."""


async def come(session: AsyncSession, school: SchoolCard, now: datetime) -> int:
    """End the rights of guardians of pupils who are of age today, and ask these pupils; return how many were asked.

    Repeatable: it looks at what stands, not at what was done. Relations that a list brought since end too.
    """
    today = school_date(now, school.zone)
    grown = await session.execute(
        select(Person.id, Person.birth_date)
        .join(Pupil, Pupil.person_id == Person.id)
        .where(Person.school_id == school.id, Person.merged_into.is_(None), Person.birth_date <= born_by(today))
    )
    came_on = {pupil: comes_of_age_on(born) for pupil, born in grown if born is not None}
    if not came_on:
        return 0
    asked = await _ask(session, came_on, now)
    act = Act(CLOCKWORK, now, f"majority:{school.id}:{today}")
    for pupil in sorted(asked):
        said = {"came_on": came_on[pupil].isoformat()}
        await audit(session, CLOCKWORK, school.id, now, Change("majority.come", f"person/{pupil}", None, said))
    for row in await _open_relations(session, sorted(came_on), today):
        before = _rights_of(row)
        row.until = max(row.since, came_on[row.pupil_id]) - DAY
        await _tell(session, act, school.id, row, "majority.end", before)
    return len(asked)


async def answer(session: AsyncSession, act: Act, pupil: UUID, allowed: Collection[UUID]) -> None:
    """Say who of the former guardians may look on from today; nobody is an answer too, and a later answer replaces it.

    By the pupil himself, or on his paper by whoever records pupils' adults. Raises ``NotFound``, ``Forbidden``,
    ``Conflict`` (not of age yet, or an adult is barred by a court), ``Invalid`` (somebody who was no adult of his).
    """
    school = (await _may_answer(session, act, pupil, allowed)).of_school
    question = await session.get(Majority, pupil)
    if question is None:
        raise Conflict("majority-not-yet")
    if not await first_time(session, act.key, act.at):
        return
    await session.refresh(question, with_for_update=True)
    query = select(Guardianship).where(Guardianship.pupil_id == pupil).order_by(Guardianship.guardian_id)
    rows = (await session.execute(query.with_for_update().execution_options(populate_existing=True))).scalars().all()
    _check_allowed(rows, allowed)
    today = school_date(act.at, school.zone)
    for row in rows:
        before = _rights_of(row)
        if _decide(row, today, allowed=row.guardian_id in allowed):
            await _tell(session, act, school.id, row, "majority.allow", before)
    question.answered_at = act.at
    said = {"allowed": sorted(str(one) for one in allowed)}
    await audit(session, act.actor, school.id, act.at, Change("majority.answer", f"person/{pupil}", None, said))


async def question_of(session: AsyncSession, actor: Actor, pupil: UUID, now: datetime) -> Question | None:
    """Return what a grown pupil is asked, or None if he is not of age. Raises ``NotFound``, ``Forbidden``."""
    facts = await rights.of_pupil(session, actor, pupil, now)
    if not (facts.may(Right.MAJORITY_ANSWER) or facts.may(Right.GUARDIANSHIP_WRITE)):
        raise Forbidden("not-allowed")
    found = await _questions(session, facts.of_school, now, [pupil])
    return found[0] if found else None


async def unanswered(session: AsyncSession, actor: Actor, school_id: UUID, now: datetime) -> tuple[Question, ...]:
    """List the grown pupils of a school who have not said yet. Raises ``NotFound``, ``Forbidden``."""
    facts = await rights.of_school(session, actor, school_id, now)
    rights.demand(facts, Right.GUARDIANSHIP_WRITE)
    waiting = await session.execute(
        select(Majority.pupil_id)
        .join(Person, Person.id == Majority.pupil_id)
        .where(Person.school_id == school_id, Majority.answered_at.is_(None))
    )
    return await _questions(session, facts.of_school, now, waiting.scalars().all())


async def _may_answer(session: AsyncSession, act: Act, pupil: UUID, allowed: Collection[UUID]) -> Facts:
    facts = await rights.of_pupil(session, act.actor, pupil, act.at)
    if not facts.may(Right.MAJORITY_ANSWER):
        rights.demand(facts, Right.GUARDIANSHIP_WRITE)
        if act.actor.person in allowed:
            raise Forbidden("guardianship-own")
    return facts


async def _ask(session: AsyncSession, came_on: dict[UUID, date], now: datetime) -> frozenset[UUID]:
    rows = [{"pupil_id": pupil, "came_on": day, "asked_at": now} for pupil, day in sorted(came_on.items())]
    put = insert(Majority)
    # A birth date corrected since makes another day of it, and another question.
    fresh = {"came_on": put.excluded.came_on, "asked_at": put.excluded.asked_at, "answered_at": None}
    put = put.on_conflict_do_update(
        index_elements=["pupil_id"], set_=fresh, where=Majority.came_on != put.excluded.came_on
    )
    return frozenset((await session.execute(put.returning(Majority.pupil_id), rows)).scalars())


async def _open_relations(session: AsyncSession, pupils: Sequence[UUID], today: date) -> Sequence[Guardianship]:
    """Lock the relations in law of grown pupils that go on, or are still to begin."""
    query = (
        select(Guardianship)
        .join(Majority, Majority.pupil_id == Guardianship.pupil_id)
        .where(
            Guardianship.pupil_id.in_(pupils),
            or_(Guardianship.until.is_(None), Guardianship.until >= today),
            # A trusted adult whom he has named himself stays; one whom his parents had named does not.
            or_(Guardianship.kind != RelationKind.TRUSTED.value, Guardianship.since < Majority.came_on),
        )
        .order_by(Guardianship.pupil_id, Guardianship.guardian_id)
        .with_for_update(of=Guardianship)
        .execution_options(populate_existing=True)
    )
    return (await session.execute(query)).scalars().all()


def _check_allowed(rows: Sequence[Guardianship], allowed: Collection[UUID]) -> None:
    if set(allowed) - {row.guardian_id for row in rows}:
        raise Invalid("majority-not-an-adult")
    if any(row.barred for row in rows if row.guardian_id in allowed):
        raise Conflict("guardian-barred")


def _decide(row: Guardianship, today: date, *, allowed: bool) -> bool:
    """Bring a relation to what the pupil wants; tell whether that changed anything."""
    trusted = row.kind == RelationKind.TRUSTED and row.may_see and _goes_on(row, today)
    if allowed:
        if trusted:
            return False
        row.kind, row.may_see, row.must_sign = RelationKind.TRUSTED.value, True, False
        row.since, row.until = today, None
        return True
    if not _goes_on(row, today):
        return False
    row.until = today - DAY
    return True


def _goes_on(row: Guardianship, today: date) -> bool:
    return row.until is None or row.until >= today


async def _tell(
    session: AsyncSession, act: Act, school: UUID, row: Guardianship, action: str, before: dict[str, str | None]
) -> None:
    await guardianship_events.state_anew(session, school, row, act.at)
    change = Change(action, guardianship_subject(row.pupil_id, row.guardian_id), before, _rights_of(row))
    await audit(session, act.actor, school, act.at, change)


def _rights_of(row: Guardianship) -> dict[str, str | None]:
    return {
        "kind": row.kind,
        "since": row.since.isoformat(),
        "until": row.until.isoformat() if row.until else None,
    }


async def _questions(
    session: AsyncSession, school: SchoolCard, now: datetime, pupils: Sequence[UUID]
) -> tuple[Question, ...]:
    today = school_date(now, school.zone)
    adults: dict[UUID, list[tuple[UUID, FullName, bool]]] = {}
    relations = await session.execute(
        select(Guardianship, Person)
        .join(Person, Person.id == Guardianship.guardian_id)
        .where(Guardianship.pupil_id.in_(pupils), Guardianship.barred.is_(False))
        .order_by(Guardianship.priority, Person.sort_key, Person.id)
    )
    for row, person in relations:
        lets = row.kind == RelationKind.TRUSTED and row.may_see and _goes_on(row, today)
        adults.setdefault(row.pupil_id, []).append((person.id, name_of(person), lets))
    rows = await session.execute(
        select(Majority, Person, SchoolClass.title)
        .join(Person, Person.id == Majority.pupil_id)
        .join(Pupil, Pupil.person_id == Majority.pupil_id)
        .join(SchoolClass, SchoolClass.id == Pupil.class_id)
        .where(Majority.pupil_id.in_(pupils))
        .order_by(Majority.came_on, Person.sort_key, Person.id)
    )
    return tuple(
        Question(one.pupil_id, name_of(person), title, one.came_on, one.answered_at, tuple(adults.get(person.id, ())))
        for one, person, title in rows
    )
