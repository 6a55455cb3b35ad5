"""Movement of pupils by the director's order (YEAR-21): arriving, passing to another class, leaving, putting it right.

Nothing is struck out: an order recorded by mistake is taken back by another row, and the right one recorded anew.
Whoever left learns nowhere, so no lesson tells his family anything more; what was stays in his diary, and his family
may read it as before: the guardianships, accounts and consents are not touched.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core import rights
from core.access import Right
from core.actor import Act, Actor
from core.family.relation_tables import Institution
from core.journal import first_time
from core.movement import closing, enrolments, movements
from core.movement.movement_tables import Movement
from core.movement.movements import Moved, MovementKind, Order, Written
from core.movement.places import Place, taken_back
from core.person.people import name_of
from core.plan import groups
from core.plan.groups import Left
from core.refusals import Conflict, Invalid, NotFound
from core.rights import Facts
from core.russian import FullName
from core.school_time import school_date
from core.tables import Guardianship, Person, SchoolClass, Staff
from core.year.span import Span

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who came, into which class and from which day on."""

    class_id: UUID
    since: date
    order: Order
    other_school: str = ""
    """From where."""
    adult: bool = False
    """Whoever writes knows that this is an employee or somebody's parent, and comes to learn all the same."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """Into which class a pupil passes, and from which day on."""

    to_class: UUID
    on: date
    order: Order


@dataclass(frozen=True, slots=True)
class Leaving:
    """A pupil's last day."""

    last_day: date
    order: Order
    other_school: str = ""
    """Whereto."""


@dataclass(frozen=True, slots=True)
class MovementLine:
    """One line of the book of orders."""

    id: UUID
    pupil: UUID
    name: FullName
    kind: MovementKind
    on_day: date
    """The first day of the new state; of whoever leaves, his last day."""
    from_title: str | None
    to_title: str | None
    order: Order
    other_school: str
    recorded_by: UUID | None
    recorded_at: datetime
    stands: bool
    """False of a correction, and of what one has taken back."""


async def arrive(session: AsyncSession, act: Act, person: UUID, arrival: Arrival) -> None:
    """Let somebody who is written down (``newcomers.pupil``), or had left, learn in a class.

    Raises ``NotFound``, ``Forbidden``, ``Invalid`` (no order, a day outside the class's year), ``Conflict``: he learns
    already, is known as an adult only, or the year is closed.
    """
    facts = await rights.of_class(session, act.actor, arrival.class_id, act.at)
    rights.demand(facts, Right.MOVEMENT_RECORD)
    school, today = facts.of_school, _today(facts, act)
    order, other = movements.fitted(arrival.order, today), movements.fitted_words(arrival.other_school)
    found = await session.get(Person, person)
    if found is None or found.school_id != school.id or found.merged_into is not None:
        raise NotFound("person-gone")
    await _check_comer(session, found, arrival)
    await _check_class(session, school.id, arrival.class_id, arrival.since)
    await closing.demand_open(session, school.id, arrival.since)
    if await first_time(session, act.key, act.at):
        await enrolments.enrol(session, [(person, arrival.class_id)], arrival.since, today=today)
        moved = Moved(person, MovementKind.ARRIVED, arrival.since, None, arrival.class_id, other)
        await movements.record(session, act, school.id, order, [moved])


async def transfer(session: AsyncSession, act: Act, pupil: UUID, wanted: Transfer) -> tuple[Left, ...]:
    """Pass a pupil to another class of the same year; return the groups of the former one that he leaves.

    Raises ``NotFound``, ``Forbidden``, ``Invalid``, ``Conflict``: he learns nowhere on that day, or in that class
    already, or the year is closed.
    """
    facts, order = await _for_order(session, act, pupil, wanted.order)
    school = facts.of_school
    to_class = await _check_class(session, school.id, wanted.to_class, wanted.on)
    await closing.demand_open(session, school.id, wanted.on)
    if not await first_time(session, act.key, act.at):
        return ()
    await enrolments.lock(session, [pupil])
    former = (await enrolments.classes_on(session, [pupil], wanted.on)).get(pupil)
    if former == wanted.to_class:
        raise Conflict("pupil-in-class-already", title=to_class.title)
    await _check_same_year(session, former, to_class)
    before = (await enrolments.places(session, [pupil], wanted.on))[pupil]
    await enrolments.move(session, [(pupil, wanted.to_class)], wanted.on, today=_today(facts, act))
    left = await _leave_groups(session, pupil, {former} - {None}, wanted.on - DAY, wanted.to_class)
    moved = Moved(pupil, MovementKind.TRANSFERRED, wanted.on, former, wanted.to_class, before=before)
    await movements.record(session, act, school.id, order, [moved], {pupil: _groups(left)})
    return left


async def leave(session: AsyncSession, act: Act, pupil: UUID, leaving: Leaving) -> tuple[Left, ...]:
    """Let a pupil leave for another school, or otherwise; return the groups that he leaves with it.

    Raises ``NotFound``, ``Forbidden``, ``Invalid``, ``Conflict``: he does not learn on that day, or the year is closed.
    """
    return await _go(session, act, pupil, leaving, MovementKind.LEFT)


async def expel(session: AsyncSession, act: Act, pupil: UUID, leaving: Leaving) -> tuple[Left, ...]:
    """Let a pupil go against his will. Raises as ``leave`` does."""
    return await _go(session, act, pupil, leaving, MovementKind.EXPELLED)


async def correct(session: AsyncSession, act: Act, movement_id: UUID, order: Order) -> None:
    """Take back a pupil's last movement that stands; its order's note says why. The right one is recorded anew.

    He learns where he would without it; days that a list has changed since stay as the list says. The groups that he
    left with it he does not come back to by itself. Raises ``NotFound``, ``Forbidden``, ``Invalid``, ``Conflict``: a
    later one stands, it was taken back already, or the year is closed.
    """
    row = await session.get(Movement, movement_id)
    if row is None:
        raise NotFound("movement-gone")
    facts, fitted = await _for_order(session, act, row.pupil_id, order)
    await closing.demand_open(session, facts.of_school.id, row.on_day)
    if not await first_time(session, act.key, act.at):
        return
    await enrolments.lock(session, [row.pupil_id])
    standing = movements.in_effect(await _book(session, row.pupil_id))
    wrong = next((one for one in standing if one.id == movement_id), None)
    if wrong is None:
        raise Conflict("movement-corrected")
    if wrong is not standing[-1]:
        raise Conflict("movement-not-last")
    await _take_back(session, row, _today(facts, act))
    moved = Moved(row.pupil_id, MovementKind.CORRECTED, row.on_day, row.to_class, row.from_class)
    await movements.record(session, act, facts.of_school.id, fitted, [moved])


async def history(session: AsyncSession, actor: Actor, pupil: UUID, now: datetime) -> tuple[MovementLine, ...]:
    """List a pupil's movements in the order in which they were recorded. Raises ``NotFound``, ``Forbidden``."""
    rights.demand(await rights.of_pupil(session, actor, pupil, now), Right.PUPIL_VIEW)
    return await _lines(session, Movement.pupil_id == pupil)


async def of_school(
    session: AsyncSession, actor: Actor, school_id: UUID, span: Span, now: datetime
) -> tuple[MovementLine, ...]:
    """List the movements of a school on days of a span, by day. Raises ``NotFound``, ``Forbidden``."""
    rights.demand(await rights.of_school(session, actor, school_id, now), Right.PUPIL_VIEW)
    found = await _lines(session, Movement.school_id == school_id, Movement.on_day.between(span.first, span.last))
    return tuple(sorted(found, key=lambda line: line.on_day))


async def _go(session: AsyncSession, act: Act, pupil: UUID, leaving: Leaving, kind: MovementKind) -> tuple[Left, ...]:
    facts, order = await _for_order(session, act, pupil, leaving.order)
    other = movements.fitted_words(leaving.other_school)
    await closing.demand_open(session, facts.of_school.id, leaving.last_day)
    if not await first_time(session, act.key, act.at):
        return ()
    await enrolments.lock(session, [pupil])
    former = (await enrolments.classes_on(session, [pupil], leaving.last_day)).get(pupil)
    if former is not None:
        await _check_class(session, facts.of_school.id, former, leaving.last_day)
    before = (await enrolments.places(session, [pupil], leaving.last_day))[pupil]
    await enrolments.end(session, [pupil], leaving.last_day, today=_today(facts, act))
    left = await _leave_groups(session, pupil, {one.class_id for one in before}, leaving.last_day)
    moved = Moved(pupil, kind, leaving.last_day, former, None, other, before)
    await movements.record(session, act, facts.of_school.id, order, [moved], {pupil: _groups(left)})
    return left


async def _for_order(session: AsyncSession, act: Act, pupil: UUID, order: Order) -> tuple[Facts, Order]:
    facts = await rights.of_pupil(session, act.actor, pupil, act.at)
    rights.demand(facts, Right.MOVEMENT_RECORD)
    return facts, movements.fitted(order, _today(facts, act))


def _today(facts: Facts, act: Act) -> date:
    return school_date(act.at, facts.of_school.zone)


async def _check_comer(session: AsyncSession, person: Person, arrival: Arrival) -> None:
    """Refuse an organisation, and, unless it is said that he is meant, an employee or somebody's parent."""
    if await session.get(Institution, person.id) is not None:
        raise NotFound("person-gone")
    known = or_(exists().where(Staff.person_id == person.id), exists().where(Guardianship.guardian_id == person.id))
    if not arrival.adult and (await session.execute(select(known))).scalar_one():
        raise Conflict("movement-of-adult", name=name_of(person).in_lists())


async def _check_class(session: AsyncSession, school_id: UUID, class_id: UUID, day: date) -> SchoolClass:
    """Return a class of this school in whose year the day lies. Raises ``NotFound``, ``Invalid``."""
    found = await session.get(SchoolClass, class_id)
    if found is None or found.school_id != school_id:
        raise NotFound("class-gone")
    if not date(found.year, 8, 1) <= day <= date(found.year + 1, 8, 31):
        year = f"{found.year}/{found.year + 1}"
        raise Invalid("movement-other-year", title=found.title, year=year, day=f"{day:%d.%m.%Y}")
    return found


async def _check_same_year(session: AsyncSession, former: UUID | None, to_class: SchoolClass) -> None:
    """Refuse to pass somebody to a class of another year: in August a day belongs to the classes of two."""
    left = None if former is None else await session.get_one(SchoolClass, former)
    if left is not None and left.year != to_class.year:
        raise Invalid("movement-across-years", former=left.title, title=to_class.title)


async def _leave_groups(
    session: AsyncSession, pupil: UUID, classes: Collection[UUID | None], last_day: date, to: UUID | None = None
) -> tuple[Left, ...]:
    of = [one for one in classes if one is not None]
    return await groups.leave_all(session, pupil, of, last_day, to=to) if of else ()


def _groups(left: Sequence[Left]) -> dict[str, Any]:
    if not left:
        return {}
    said = [
        {"group": str(one.group), "since": one.since.isoformat(), "until": one.until and one.until.isoformat()}
        for one in left
    ]
    return {"groups_left": said}


async def _take_back(session: AsyncSession, wrong: Movement, today: date) -> None:
    first = wrong.on_day + DAY if MovementKind(wrong.kind).leads_away else wrong.on_day
    before, after = ([Place.read(one) for one in each] for each in (wrong.places_before, wrong.places_after))
    now = (await enrolments.places(session, [wrong.pupil_id], date.min))[wrong.pupil_id]
    wanted = taken_back(first, before, after, now)
    await enrolments.lay_out(session, wrong.pupil_id, wanted, first, today=today)


async def _book(session: AsyncSession, pupil: UUID) -> list[Written]:
    query = select(Movement.id, Movement.kind).where(Movement.pupil_id == pupil).order_by(Movement.seq)
    return [Written(row.id, MovementKind(row.kind)) for row in await session.execute(query)]


async def _lines(session: AsyncSession, *conditions: ColumnElement[bool]) -> tuple[MovementLine, ...]:
    came, went = aliased(SchoolClass), aliased(SchoolClass)
    query = (
        select(Movement, Person, went.title, came.title)
        .join(Person, Person.id == Movement.pupil_id)
        .outerjoin(went, went.id == Movement.from_class)
        .outerjoin(came, came.id == Movement.to_class)
        .order_by(Movement.seq)
    )
    rows = (await session.execute(query.where(*conditions))).all()
    standing = await _standing(session, {row.pupil_id for row, *_ in rows})
    return tuple(
        MovementLine(
            id=row.id,
            pupil=row.pupil_id,
            name=name_of(person),
            kind=MovementKind(row.kind),
            on_day=row.on_day,
            from_title=from_title,
            to_title=to_title,
            order=Order(row.order_number, row.order_day, row.note),
            other_school=row.other_school,
            recorded_by=row.recorded_by,
            recorded_at=row.recorded_at,
            stands=row.id in standing,
        )
        for row, person, from_title, to_title in rows
    )


async def _standing(session: AsyncSession, pupils: Collection[UUID]) -> frozenset[UUID]:
    rows = await session.execute(
        select(Movement.pupil_id, Movement.id, Movement.kind)
        .where(Movement.pupil_id.in_(pupils))
        .order_by(Movement.pupil_id, Movement.seq)
    )
    found: set[UUID] = set()
    for _, book in groupby(rows, key=lambda row: row.pupil_id):
        written = (Written(one.id, MovementKind(one.kind)) for one in book)
        found |= {one.id for one in movements.in_effect(written)}
    return frozenset(found)
