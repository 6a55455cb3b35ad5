"""Staff at the command line: hiring, dismissal, roles, class teachers, what a role may do at a school."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from core.access import Reach, Right, Role
from core.actor import OFFICE, Act
from core.person import newcomers
from core.person.newcomers import Newcomer
from core.school import schools
from core.school.schools import SchoolCard
from core.school_time import school_date
from core.staff import role_rights, roles, staffing
from core.staff.role_rights import Decided
from core.staff.roles import RoleCard, Term
from core.staff.staffing import Job
from texts.reader import load
from zvonok import named
from zvonok.installation import Installation
from zvonok.trouble import OfficeError

_SAY = load("ru").format


@dataclass(frozen=True, slots=True)
class Hired:
    """Whom the office hires, and as what."""

    person: str
    job: Job
    new: bool
    born: date | None = None
    namesake: bool = False


async def listing(here: Installation, school_name: str | None) -> list[str]:
    """List who works at a school, each with his roles."""
    async with here.journal() as database, database.begin() as session:
        school = await schools.find(session, school_name)
        now = here.school_clock.now()
        there = await staffing.of_school(session, OFFICE, school.id, now)
        given = await roles.of_school(session, OFFICE, school.id, now)
        names = await _names(session, school, here)
    lines = []
    for one in there:
        until = f", {_SAY('staff-until', until=f'{one.until:%d.%m.%Y}')}" if one.until else ""
        lines.append(f"{one.name.in_full()} — {one.position}{until}")
        lines += [f"  {_role(card, names)}" for card in given if card.person == one.person]
        lines += [f"  {_SAY('staff-role-due', name=names[one.due], role=one.due)}"] if one.due else []
    return lines or [_SAY("staff-nobody")]


async def hire(here: Installation, school_name: str | None, hired: Hired) -> list[str]:
    """Hire somebody, writing him down first if he is new."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        if hired.new:
            who = Newcomer(named.full_name(hired.person), hired.born, namesake=hired.namesake)
            person = await newcomers.employee(session, _act(here), school.id, who)
        else:
            person = await named.somebody(session, school, hired.person)
        await staffing.hire(session, _act(here), person, hired.job)
        return [_SAY("staff-hired", name=hired.person)]

    return await _at(here, school_name, work)


async def dismiss(here: Installation, school_name: str | None, person: str, last_day: date, order: str) -> list[str]:
    """Dismiss somebody, and say what he leaves behind."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        found = await named.somebody(session, school, person)
        left = await staffing.dismiss(session, _act(here), found, last_day, order)
        lines = [_SAY("staff-dismissed", name=person, day=f"{last_day:%d.%m.%Y}")]
        lines += [_SAY("staff-leaves-class", title=title) for title in left.classes]
        return lines + ([_SAY("staff-leaves-lessons", count=left.weekly_lessons)] if left.weekly_lessons else [])

    return await _at(here, school_name, work)


async def grant(here: Installation, school_name: str | None, person: str, role: str, term: Term) -> list[str]:
    """Give somebody a role."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        found = await named.somebody(session, school, person)
        await roles.grant(session, _act(here), found, role, term)
        return await _roles_of(session, here, school, found)

    return await _at(here, school_name, work)


async def take(
    here: Installation, school_name: str | None, person: str, role: str, last_day: date | None, why: str
) -> list[str]:
    """End a role of somebody's with a day; without one with yesterday, so that it may nothing from this moment on."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        found = await named.somebody(session, school, person)
        now = here.school_clock.now()
        day = last_day or school_date(now, school.zone) - roles.DAY
        there = await roles.of_person(session, OFFICE, found, now)
        lasting = [one for one in there if one.role == role and (one.until is None or one.until > day)]
        if not lasting:
            raise OfficeError(_SAY("staff-no-such-role", name=person, role=role))
        for one in lasting:
            await roles.end(session, _act(here), one.id, max(day, one.since - roles.DAY), why)
        return await _roles_of(session, here, school, found) or [_SAY("staff-no-roles")]

    return await _at(here, school_name, work)


async def lead(here: Installation, school_name: str | None, title: str, person: str | None, order: str) -> list[str]:
    """Appoint the teacher of a class, or leave it without one."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        class_id = await named.school_class(session, school, title)
        found = None if person is None else await named.somebody(session, school, person)
        await roles.lead(session, _act(here), class_id, found, order)
        return [_SAY("staff-leads", title=title, name=person or "—")]

    return await _at(here, school_name, work)


async def stand_in(here: Installation, school_name: str | None, title: str, person: str, term: Term) -> list[str]:
    """Let somebody stand in for the teacher of a class."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        class_id = await named.school_class(session, school, title)
        found = await named.somebody(session, school, person)
        await roles.stand_in(session, _act(here), class_id, found, term)
        return await _roles_of(session, here, school, found)

    return await _at(here, school_name, work)


async def name_role(here: Installation, school_name: str | None, code: str, called: str) -> list[str]:
    """Make a role of the school's own, or give it another name."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        await role_rights.name_role(session, _act(here), school.id, code, called)
        return [_SAY("staff-role-named", role=code, name=called)]

    return await _at(here, school_name, work)


async def rights(here: Installation, school_name: str | None, change: tuple[str, str, str] | None) -> list[str]:
    """Show what a school decided about rights, after deciding what ``change`` (role, right, reach) says."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        if change is not None:
            await role_rights.decide(session, _act(here), school.id, read_decided(change))
        now = here.school_clock.now()
        own = await role_rights.own_roles(session, OFFICE, school.id, now)
        decided = await role_rights.decided_at(session, OFFICE, school.id, now)
        lines = [_SAY("staff-own-role", role=one.code, name=one.name) for one in own]
        lines += [f"{one.role}: {one.right} — {one.reach}" for one in decided]
        return lines or [_SAY("staff-rights-usual")]

    return await _at(here, school_name, work)


def read_decided(change: tuple[str, str, str]) -> Decided:
    """Read role, right and reach. Raises ``OfficeError`` for a right or a reach that does not exist."""
    role, right, reach = change
    if right not in set(Right):
        raise OfficeError(_SAY("staff-no-such-right", right=right))
    if reach not in set(Reach):
        raise OfficeError(_SAY("staff-no-such-reach", reach=reach, known=", ".join(Reach)))
    return Decided(role, Right(right), Reach(reach))


type Work = Callable[[AsyncSession, SchoolCard], Awaitable[list[str]]]


async def _at(here: Installation, school_name: str | None, work: Work) -> list[str]:
    """Do something at a school, in one transaction."""
    async with here.journal() as database, database.begin() as session:
        return await work(session, await schools.find(session, school_name))


async def _roles_of(session: AsyncSession, here: Installation, school: SchoolCard, person: UUID) -> list[str]:
    names = await _names(session, school, here)
    return [_role(card, names) for card in await roles.of_person(session, OFFICE, person, here.school_clock.now())]


async def _names(session: AsyncSession, school: SchoolCard, here: Installation) -> dict[str, str]:
    own = await role_rights.own_roles(session, OFFICE, school.id, here.school_clock.now())
    return {role.value: _SAY(f"role-{role}") for role in Role} | {one.code: one.name for one in own}


def _role(card: RoleCard, names: dict[str, Any]) -> str:
    span = named.span_of(card.since, card.until)
    order = f"; {card.order}" if card.order else ""
    return f"{names.get(card.role, card.role)} ({card.role}), {span}{order}"


def _act(here: Installation) -> Act:
    return Act(OFFICE, here.school_clock.now(), f"staff:{uuid4()}")
