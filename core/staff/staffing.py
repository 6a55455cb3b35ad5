"""Hiring and dismissal: who works at the school from when to when (ROLE-21).

With the last day of work everything ends that followed from it: roles, the class that he led, his stays in browsers. A
parent who worked here stays a parent. A list of the office hires, and never takes a dismissal back.

A position that administers the journal brings its role only if whoever records it gives roles. The specialist for staff
writes down whom the order names as director, and cannot make one: the role waits for those who may.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core import free_text, rights
from core.access import Right, Role
from core.account import handing_out
from core.account.account_tables import Session
from core.actor import Act, Actor
from core.journal import Change, audit, first_time
from core.person.people import name_of
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.rights import Facts
from core.russian import FullName
from core.school.schools import SchoolCard
from core.school_time import end_of_school_date, school_date, school_year_of_lists
from core.staff import roles, staff_roles
from core.staff.positions import role_of
from core.tables import Person, RoleAssignment, SchoolClass, Slot, Staff

CLOCKWORK = Actor(via="clockwork")
"""The journal's own daily job: it acts by the calendar, for nobody."""
LEFT_WORK = "left-work"
POSITION_LONGEST, ORDER_LONGEST = 120, 300


@dataclass(frozen=True, slots=True)
class Job:
    """As what somebody works, from when, by which order."""

    position: str
    order: str
    since: date | None = None
    """None: from today."""


@dataclass(frozen=True, slots=True)
class Employee:
    """Somebody who works, or worked, at the school."""

    person: UUID
    name: FullName
    position: str
    since: date | None
    until: date | None
    due: Role | None = None
    """The role of his position, which he does not have."""


@dataclass(frozen=True, slots=True)
class Left:
    """What somebody who is leaving leaves behind, and somebody must take over."""

    classes: tuple[str, ...]
    """Titles of classes that he leads."""
    weekly_lessons: int
    """His places in the timetable."""


async def hire(session: AsyncSession, act: Act, person: UUID, job: Job) -> Role | None:
    """Hire somebody, or hire him again; return the role of his position if it waits for somebody who gives roles.

    Raises ``NotFound``, ``Forbidden``, ``Conflict`` (he works here), ``Invalid`` (no position or order, a day before
    his last one).
    """
    facts = await _facts(session, act, person)
    school = facts.of_school
    since = job.since or school_date(act.at, school.zone)
    roles.check_day(since)
    position, order = _fit(job.position, POSITION_LONGEST), _order(job.order)
    role, may_grant = role_of(position), facts.may(Right.ROLE_GRANT)
    due = None if may_grant else role
    if not await first_time(session, act.key, act.at):
        return due
    await session.execute(select(Person.id).where(Person.id == person).with_for_update(key_share=True))
    row = await session.get(Staff, person, with_for_update=True, populate_existing=True)
    before = None if row is None else _as_json(row)
    if (await rights.station_of(session, person, school_date(act.at, school.zone))).is_family_alone:
        await handing_out.take_back(session, [person], act.at)
    if row is None:
        row = Staff(person_id=person)
        session.add(row)
    elif row.until is None:
        raise Conflict("staff-already")
    elif row.until >= since:
        raise Invalid("staff-until", until=row.until.strftime("%d.%m.%Y"))
    row.position, row.since, row.until = position, since, None
    await session.flush()
    change = Change("staff.hire", f"person/{person}", before, _as_json(row), order)
    await audit(session, act.actor, school.id, act.at, change)
    await staff_roles.follow_list(session, act, school.id, {person: role}, since, may_grant=may_grant)
    return due


async def dismiss(session: AsyncSession, act: Act, person: UUID, last_day: date, order: str) -> Left:
    """Let somebody work until this day and no longer; return what he leaves behind. Another day replaces the first.

    Raises ``NotFound`` (he does not work here), ``Forbidden``, ``Invalid`` (no order, a day before he began).
    """
    facts = await _facts(session, act, person)
    school = facts.of_school
    why = _order(order)
    roles.check_day(last_day)
    row = await session.get(Staff, person)
    if row is None:
        raise NotFound("staff-unknown")
    if row.since is not None and last_day < row.since:
        raise Invalid("staff-before", since=row.since.strftime("%d.%m.%Y"))
    left = await _left(session, school, person, act.at)
    if not await first_time(session, act.key, act.at):
        return left
    await session.refresh(row, with_for_update=True)
    before = _as_json(row)
    row.until = last_day
    for role in await _roles_after(session, school.id, person, last_day):
        await roles.cut(session, role, last_day)
    await session.flush()
    change = Change("staff.dismiss", f"person/{person}", before, _as_json(row), why)
    await audit(session, act.actor, school.id, act.at, change)
    if last_day < school_date(act.at, school.zone):
        await _close_behind(session, act, school, person, act.at)
    return left


async def close_behind_the_gone(session: AsyncSession, school: SchoolCard, now: datetime) -> int:
    """Take from those whose last day is over what outlived it: classes that they led, stays in browsers begun by then.

    For the daily job; doing it twice changes nothing. Returns of how many something was taken.
    """
    today = school_date(now, school.zone)
    gone = await session.execute(
        select(Staff.person_id, Staff.until)
        .join(Person, Person.id == Staff.person_id)
        .where(Person.school_id == school.id, Staff.until < today)
        .order_by(Staff.person_id)
    )
    taken = 0
    for person, until in gone.all():
        over = end_of_school_date(until or today, school.zone)
        taken += await _close_behind(session, Act(CLOCKWORK, now, ""), school, person, over)
    return taken


async def of_school(session: AsyncSession, actor: Actor, school_id: UUID, now: datetime) -> tuple[Employee, ...]:
    """List who works at a school today or will, in Russian alphabetical order. Raises ``NotFound``, ``Forbidden``."""
    facts = await rights.of_school(session, actor, school_id, now)
    rights.demand(facts, Right.STAFF_VIEW)
    today = school_date(now, facts.of_school.zone)
    rows = await session.execute(
        select(Staff, Person)
        .join(Person, Person.id == Staff.person_id)
        .where(Person.school_id == school_id, or_(Staff.until.is_(None), Staff.until >= today))
        .order_by(Person.sort_key, Person.id)
    )
    given = await session.execute(
        select(RoleAssignment.person_id, RoleAssignment.role).where(
            RoleAssignment.school_id == school_id, or_(RoleAssignment.until.is_(None), RoleAssignment.until >= today)
        )
    )
    held = {(person, role) for person, role in given}
    return tuple(
        Employee(
            person=one.id,
            name=name_of(one),
            position=row.position,
            since=row.since,
            until=row.until,
            due=_due(row, held),
        )
        for row, one in rows
    )


def _due(row: Staff, held: Collection[tuple[UUID, str]]) -> Role | None:
    role = role_of(row.position)
    return None if role is None or (row.person_id, role.value) in held else role


async def _facts(session: AsyncSession, act: Act, person: UUID) -> Facts:
    facts = await rights.of_person(session, act.actor, person, act.at)
    rights.demand(facts, Right.STAFF_MANAGE)
    if act.actor.person == person:
        raise Forbidden("staff-own")
    if facts.school is None:
        raise NotFound("staff-unknown")
    return facts


async def _roles_after(session: AsyncSession, school: UUID, person: UUID, last_day: date) -> Sequence[RoleAssignment]:
    query = (
        select(RoleAssignment)
        .where(
            RoleAssignment.person_id == person,
            RoleAssignment.school_id == school,
            or_(RoleAssignment.until.is_(None), RoleAssignment.until > last_day),
        )
        .order_by(RoleAssignment.id)
        .with_for_update()
    )
    return (await session.execute(query)).scalars().all()


async def _close_behind(session: AsyncSession, act: Act, school: SchoolCard, person: UUID, begun_by: datetime) -> bool:
    """Take the classes of this year and the coming one from him, and end his stays; tell whether there was anything.

    A stay begun later is a parent's, who worked here once.
    """
    classes = (await session.execute(_led(school, person, act.at).with_for_update())).scalars().all()
    for one in classes:
        one.class_teacher_id = None
        led = {"class_teacher": str(person)}
        change = Change("class.lead", f"class/{one.id}", led, {"class_teacher": None}, LEFT_WORK)
        await audit(session, act.actor, school.id, act.at, change)
    stays = (
        update(Session)
        .where(Session.person_id == person, Session.ended_at.is_(None), Session.created_at <= begun_by)
        .values(ended_at=act.at, ended_why=LEFT_WORK)
        .returning(Session.id)
    )
    ended = (await session.execute(stays)).scalars().all()
    return bool(classes or ended)


async def _left(session: AsyncSession, school: SchoolCard, person: UUID, now: datetime) -> Left:
    classes = (await session.execute(_led(school, person, now).order_by(SchoolClass.title))).scalars()
    lessons = await session.execute(select(func.count()).select_from(Slot).where(Slot.teacher_id == person))
    return Left(tuple(one.title for one in classes), lessons.scalar_one())


def _led(school: SchoolCard, person: UUID, now: datetime) -> Select[SchoolClass]:
    year = school_year_of_lists(school_date(now, school.zone))
    return select(SchoolClass).where(
        SchoolClass.school_id == school.id, SchoolClass.class_teacher_id == person, SchoolClass.year >= year - 1
    )


def _order(written: str) -> str:
    if not _one_line(written):
        raise Invalid("role-order-needed")
    return _fit(written, ORDER_LONGEST)


def _fit(written: str, longest: int) -> str:
    return free_text.fit(_one_line(written), longest)


def _one_line(written: str) -> str:
    return " ".join(free_text.plain(written).split())


def _as_json(row: Staff) -> dict[str, str | None]:
    return {
        "position": row.position,
        "since": row.since.isoformat() if row.since else None,
        "until": row.until.isoformat() if row.until else None,
    }
