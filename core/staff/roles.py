"""Roles given one by one (ROLE-34), who leads a class and who stands in for him, and a school's own roles (ROLE-04).

A role lasts from a day to a day, no longer than the work at the school, and rests on an order. Some roles nobody
gives: a teacher is one by his work, a guardian by his relation, a pupil by his class. Nobody gives a role to himself.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import free_text, rights
from core.access import Right, Role
from core.account import handing_out
from core.actor import Act, Actor
from core.journal import Change, audit, first_time, id_made_by
from core.person.people import name_of
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.rights import UTC, WITHOUT_WORK, Facts
from core.russian import FullName
from core.school_time import school_date
from core.staff.role_rights import is_own_role
from core.tables import Authority, Person, RoleAssignment, SchoolClass, Staff

ORDER_LONGEST = 300
DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 1930, 2100
"""Days of work and of roles lie between; others are slips of the pen."""
OF_STAFF = frozenset(
    {
        Role.DIRECTOR,
        Role.DEPUTY,
        Role.FURTHER_EDUCATION_TEACHER,
        Role.ADMINISTRATOR,
        Role.ASSISTANT,
        Role.SECRETARY,
        Role.HR,
        Role.CLERK,
    }
)
"""Roles that only somebody who works at the school may have; so may a school's own."""
ABOVE_SCHOOLS = {"municipality": Role.MUNICIPAL_OFFICER, "region": Role.REGIONAL_OFFICER}
"""The one role of an authority's officers, by its kind."""


@dataclass(frozen=True, slots=True)
class Term:
    """From when to when, and by which order."""

    order: str
    since: date | None = None
    """None: from today."""
    until: date | None = None
    """The last day; None: until further notice."""


@dataclass(frozen=True, slots=True)
class RoleCard:
    """A role that somebody has or had."""

    id: UUID
    person: UUID
    name: FullName
    role: str
    """Of a school's own role: its code."""
    school_class: UUID | None
    since: date
    until: date | None
    order: str
    by_list: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a role is held: at a school, or in an authority above schools."""

    school: UUID | None
    authority: UUID | None


async def grant(session: AsyncSession, act: Act, person: UUID, role: str, term: Term) -> UUID:
    """Give a role; return the id under which it is ended. It ends with the last day of work, if that comes sooner.

    Raises ``NotFound``, ``Forbidden``, ``Conflict`` (he has it already, or does not work here), ``Invalid``: a role
    that is not given, no order, dates that make no sense.
    """
    facts = await rights.of_person(session, act.actor, person, act.at)
    _check_actor(facts, act, person, Right.ROLE_GRANT)
    place = await _place(session, facts, person)
    await _check_role(session, place, role)
    since, order = _fit(term, _today(facts, act.at))
    last_day = await _check_works(session, person, since) if role not in WITHOUT_WORK else None
    made = id_made_by(act.key, "role")
    if not await first_time(session, act.key, act.at):
        return made
    row = _made(act, made, place, person)
    row.role, row.since, row.until, row.why = role, since, _sooner(term.until, last_day), order
    await _give(session, act, row)
    return made


async def stand_in(session: AsyncSession, act: Act, class_id: UUID, person: UUID, term: Term) -> UUID:
    """Let somebody stand in for the teacher of a class; return the id under which that is ended.

    It ends with his last day of work, if that comes sooner.

    Raises ``NotFound``, ``Forbidden``, ``Conflict`` (he does it already, or does not work here), ``Invalid``.
    """
    facts = await rights.of_class(session, act.actor, class_id, act.at)
    _check_actor(facts, act, person, Right.CLASS_LEAD)
    since, order = _fit(term, _today(facts, act.at))
    last_day = await _check_works(session, person, since, facts.of_school.id)
    made = id_made_by(act.key, "role")
    if not await first_time(session, act.key, act.at):
        return made
    row = _made(act, made, _Place(facts.of_school.id, None), person)
    row.role, row.class_id, row.why = Role.STAND_IN, class_id, order
    row.since, row.until = since, _sooner(term.until, last_day)
    await _give(session, act, row)
    return made


async def lead(session: AsyncSession, act: Act, class_id: UUID, person: UUID | None, order: str) -> None:
    """Appoint the class teacher from now on; None: the class has none. Who is it already stays it.

    Raises ``NotFound``, ``Forbidden``, ``Conflict`` (he does not work here), ``Invalid`` (no order).
    """
    facts = await rights.of_class(session, act.actor, class_id, act.at)
    rights.demand(facts, Right.CLASS_LEAD)
    why = _order(order)
    if person is not None:
        await _check_works(session, person, _today(facts, act.at), facts.of_school.id)
    if not await first_time(session, act.key, act.at):
        return
    row = await session.get_one(SchoolClass, class_id, with_for_update=True, populate_existing=True)
    before = row.class_teacher_id
    if before == person:
        return
    row.class_teacher_id = person
    await session.flush()
    change = Change("class.lead", f"class/{class_id}", _id_as_json(before), _id_as_json(person), why)
    await audit(session, act.actor, facts.of_school.id, act.at, change)


async def end(session: AsyncSession, act: Act, assignment: UUID, last_day: date, why: str) -> None:
    """End a role with this day; the day before it began: it never was.

    Raises ``NotFound`` (somebody else has said so before, too), ``Forbidden``, ``Invalid`` (the day lies before its
    beginning), ``Conflict``: it would last longer than it does now, and he works here no more on that day.
    """
    check_day(last_day)
    reason = " ".join(free_text.plain(why).split())
    reason = free_text.fit(reason, ORDER_LONGEST) if reason else ""
    row = await session.get(RoleAssignment, assignment, populate_existing=True)
    if row is None:
        raise NotFound("role-unknown")
    facts = await _facts_of(session, act, row)
    _check_actor(facts, act, row.person_id, Right.CLASS_LEAD if row.class_id else Right.ROLE_GRANT)
    if last_day < row.since - DAY:
        raise Invalid("role-ends-before", since=row.since.strftime("%d.%m.%Y"))
    if row.until is not None and row.until < last_day and row.role not in WITHOUT_WORK:
        await _check_works(session, row.person_id, last_day)
    if not await first_time(session, act.key, act.at):
        return
    row = await session.get(RoleAssignment, assignment, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound("role-unknown")
    before = _as_json(row)
    after = before | {"until": last_day.isoformat()}
    change = Change("role.end", f"person/{row.person_id}", before, after, reason or None)
    await cut(session, row, last_day)
    await audit(session, act.actor, _audited(row), act.at, change)


async def cut(session: AsyncSession, row: RoleAssignment, last_day: date) -> None:
    """Let a role last no longer than this day; one that was to begin later never was, and stands in the audit alone."""
    if row.since > last_day:
        await session.delete(row)
    else:
        row.until = last_day
    await session.flush()


async def of_person(session: AsyncSession, actor: Actor, person: UUID, now: datetime) -> tuple[RoleCard, ...]:
    """List the roles that somebody was ever given. Raises ``NotFound``, ``Forbidden``."""
    facts = await rights.of_person(session, actor, person, now)
    if not facts.may(Right.ROLE_GRANT):
        rights.demand(facts, Right.STAFF_VIEW)
    return await _cards(session, RoleAssignment.person_id == person)


async def of_school(session: AsyncSession, actor: Actor, school_id: UUID, now: datetime) -> tuple[RoleCard, ...]:
    """List the roles that are given at a school today or later. Raises ``NotFound``, ``Forbidden``."""
    facts = await rights.of_school(session, actor, school_id, now)
    if not facts.may(Right.ROLE_GRANT):
        rights.demand(facts, Right.STAFF_VIEW)
    lasts = or_(RoleAssignment.until.is_(None), RoleAssignment.until >= _today(facts, now))
    return await _cards(session, RoleAssignment.school_id == school_id, lasts)


async def _cards(session: AsyncSession, *conditions: Any) -> tuple[RoleCard, ...]:
    rows = await session.execute(
        select(RoleAssignment, Person)
        .join(Person, Person.id == RoleAssignment.person_id)
        .where(*conditions)
        .order_by(Person.sort_key, Person.id, RoleAssignment.since, RoleAssignment.role)
    )
    return tuple(
        RoleCard(row.id, person.id, name_of(person), row.role, row.class_id, row.since, row.until, row.why, row.by_list)
        for row, person in rows
    )


async def _give(session: AsyncSession, act: Act, row: RoleAssignment) -> None:
    """Write the role, unless the person has the same one on one of these days. Raises ``Conflict``."""
    await session.execute(select(Person.id).where(Person.id == row.person_id).with_for_update(key_share=True))
    same = await session.execute(
        select(RoleAssignment.id).where(
            RoleAssignment.person_id == row.person_id,
            RoleAssignment.role == row.role,
            RoleAssignment.class_id.is_not_distinct_from(row.class_id),
            or_(RoleAssignment.until.is_(None), RoleAssignment.until >= row.since),
            *([RoleAssignment.since <= row.until] if row.until else []),
        )
    )
    if same.first() is not None:
        raise Conflict("role-already")
    if (await rights.station_of(session, row.person_id, row.since)).is_family_alone:
        await handing_out.take_back(session, [row.person_id], act.at)
    session.add(row)
    await session.flush()
    change = Change("role.grant", f"person/{row.person_id}", None, _as_json(row), row.why)
    await audit(session, act.actor, _audited(row), act.at, change)


async def _place(session: AsyncSession, facts: Facts, person: UUID) -> _Place:
    if facts.school is not None:
        return _Place(facts.school.id, None)
    return _Place(None, (await session.get_one(Person, person)).authority_id)


async def _check_role(session: AsyncSession, place: _Place, role: str) -> None:
    """Check that this role is one that is given, there. Raises ``Invalid``."""
    if place.school is None:
        authority = await session.get_one(Authority, place.authority)
        given = role == ABOVE_SCHOOLS[authority.kind]
    else:
        given = role in OF_STAFF or role == Role.SUPPORT or await is_own_role(session, place.school, role)
    if not given:
        raise Invalid("role-not-given")


async def _check_works(session: AsyncSession, person: UUID, day: date, school: UUID | None = None) -> date | None:
    """Check that somebody works at the school on this day, or will; return his last day.

    Whoever begins later may be given his roles now: they do nothing before. Raises ``NotFound``, ``Conflict``.
    """
    if school is not None:
        there = await session.get(Person, person)
        if there is None or there.school_id != school:
            raise NotFound("staff-unknown")
    row = await session.get(Staff, person, populate_existing=True)
    if row is None or (row.until is not None and row.until < day):
        raise Conflict("role-not-staff")
    return row.until


def _sooner(until: date | None, last_day: date | None) -> date | None:
    return min((day for day in (until, last_day) if day is not None), default=None)


def _check_actor(facts: Facts, act: Act, person: UUID, right: Right) -> None:
    rights.demand(facts, right)
    if act.actor.person == person:
        raise Forbidden("role-own")


async def _facts_of(session: AsyncSession, act: Act, row: RoleAssignment) -> Facts:
    if row.class_id is not None:
        return await rights.of_class(session, act.actor, row.class_id, act.at)
    return await rights.of_person(session, act.actor, row.person_id, act.at)


def _made(act: Act, made: UUID, place: _Place, person: UUID) -> RoleAssignment:
    return RoleAssignment(
        id=made,
        person_id=person,
        school_id=place.school,
        authority_id=place.authority,
        class_id=None,
        by_list=False,
        granted_by=act.actor.person,
        granted_at=act.at,
    )


def _audited(row: RoleAssignment) -> UUID:
    """Return under which id the audit keeps it: the school's, or of an officer the authority's."""
    place = row.school_id or row.authority_id
    if place is None:
        raise LookupError("belongs nowhere")
    return place


def _today(facts: Facts, now: datetime) -> date:
    return school_date(now, facts.school.zone if facts.school else UTC)


def check_day(day: date) -> None:
    """Refuse a day of a year that nobody means. Raises ``Invalid``."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Invalid("day-odd", day=day.strftime("%d.%m.") + str(day.year))


def _fit(term: Term, today: date) -> tuple[date, str]:
    since = term.since or today
    for day in (since, term.until or since):
        check_day(day)
    if term.until is not None and term.until < since:
        raise Invalid("role-ends-before", since=since.strftime("%d.%m.%Y"))
    return since, _order(term.order)


def _order(written: str) -> str:
    text = " ".join(free_text.plain(written).split())
    if not text:
        raise Invalid("role-order-needed")
    return free_text.fit(text, ORDER_LONGEST)


def _id_as_json(person: UUID | None) -> dict[str, Any]:
    return {"class_teacher": str(person) if person else None}


def _as_json(row: RoleAssignment) -> dict[str, Any]:
    return {
        "role": row.role,
        "class": str(row.class_id) if row.class_id else None,
        "since": row.since.isoformat(),
        "until": row.until.isoformat() if row.until else None,
    }
