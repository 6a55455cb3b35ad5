"""Hiring and dismissal: with the last day of work everything ends that followed from it, and nothing else."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from sqlalchemy import URL

from core import rights
from core.access import Right, Role
from core.actor import OFFICE, Act, Actor
from core.database import Database
from core.person import newcomers, people
from core.person.newcomers import Newcomer
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.russian import FullName
from core.staff import roles, staffing
from core.staff.roles import Term
from core.staff.staffing import Job, Left
from tests.integration.core_world import DAY, ClassRoom, class_room, refused

ONE = timedelta(days=1)
ORDER = "приказ № 7-л от 20.11.2026"
TEACHER = Job("учитель", ORDER)


@pytest_asyncio.fixture
async def room(core_database: Database, database_url: URL) -> AsyncIterator[ClassRoom]:
    yield await class_room(core_database, database_url, lessons=1)


async def do(room: ClassRoom, command: Any, *args: Any, by: UUID | None = None) -> Any:
    """Run a command of the office's, or of somebody's, in a transaction of its own."""
    actor = OFFICE if by is None else Actor("telegram", by)
    async with room.database.begin() as session:
        return await command(session, Act(actor, room.hands.at, str(uuid4())), *args)


async def may(room: ClassRoom, person: UUID, right: Right) -> bool:
    async with room.database.begin() as session:
        facts = await rights.of_class(session, Actor("web", person), room.school_class, room.hands.at)
    return facts.may(right)


async def works(room: ClassRoom, person: UUID) -> bool:
    async with room.database.begin() as session:
        at_work = await people.is_staff(session, person, room.hands.at)
        assert at_work is (person in await people.staff_of(session, room.school, room.hands.at))
    return at_work


async def waiting(room: ClassRoom) -> dict[UUID, Role]:
    """Return whose position brings a role that they do not have."""
    async with room.database.begin() as session:
        listed = await staffing.of_school(session, OFFICE, room.school.id, room.hands.at)
    return {one.person: one.due for one in listed if one.due is not None}


async def pass_midnight(room: ClassRoom) -> int:
    room.hands.move(days=1)
    async with room.database.begin() as session:
        return await staffing.close_behind_the_gone(session, room.school, room.hands.at)


async def open_stay(room: ClassRoom, person: UUID) -> UUID:
    """Put a stay of a person into the table, begun now."""
    account, stay = uuid4(), uuid4()
    await room.watch.rows(
        "INSERT INTO core.account (id, channel, external_id) VALUES ($1, 'password', $2)", account, str(account)
    )
    await room.watch.rows(
        "INSERT INTO core.session (id, token_hash, account_id, person_id, method, proof, device, created_at, seen_at,"
        " expires_at, idle_seconds) VALUES ($1, $2, $3, $4, 'password', 'password', '', $5, $5, $6, 3600)",
        stay,
        stay.bytes,
        account,
        person,
        room.hands.at,
        room.hands.at + 30 * ONE,
    )
    return stay


async def ended(room: ClassRoom, stay: UUID) -> str | None:
    found: str | None = await room.watch.value("SELECT ended_why FROM core.session WHERE id = $1", stay)
    return found


@pytest.mark.req("ROLE-21")
async def test_an_hr_specialist_hires_and_dismisses(room: ClassRoom) -> None:
    hr = await room.builder.teacher(room.school, "Кадрова Ольга Львовна")
    await do(room, roles.grant, hr, "hr", Term(ORDER))
    who = Newcomer(FullName("Зуева", "Яна"))
    nobody = do(room, newcomers.employee, room.school.id, who, by=room.teacher)
    assert await refused(nobody) == (Forbidden, "not-allowed")
    person = await do(room, newcomers.employee, room.school.id, who, by=hr)
    assert not await works(room, person)
    assert await refused(do(room, staffing.hire, person, TEACHER, by=room.stranger)) == (Forbidden, "not-allowed")
    assert await refused(do(room, staffing.hire, person, Job("учитель", " "), by=hr)) == (Invalid, "role-order-needed")
    due = await do(room, staffing.hire, person, Job(" завуч   школы ", ORDER), by=hr)
    assert await works(room, person)
    assert (due, await may(room, person, Right.NOTICE_PUBLISH)) == (Role.DEPUTY, False), "hr makes no deputies"
    assert await waiting(room) == {person: Role.DEPUTY}
    await do(room, roles.grant, person, "deputy", Term(ORDER), by=room.head)
    assert await may(room, person, Right.NOTICE_PUBLISH)
    assert await waiting(room) == {}
    assert await refused(do(room, staffing.hire, person, TEACHER, by=hr)) == (Conflict, "staff-already")
    assert await refused(do(room, staffing.dismiss, hr, DAY, ORDER, by=hr)) == (Forbidden, "staff-own")
    assert await refused(do(room, staffing.dismiss, room.pupils[0], DAY, ORDER, by=hr)) == (NotFound, "staff-unknown")
    early = do(room, staffing.dismiss, person, DAY - ONE, ORDER, by=hr)
    assert await refused(early) == (Invalid, "staff-before")
    await do(room, staffing.dismiss, person, DAY, ORDER, by=hr)
    assert await refused(do(room, staffing.hire, person, TEACHER, by=hr)) == (Invalid, "staff-until")
    assert await works(room, person), "the last day counts"
    assert await may(room, person, Right.NOTICE_PUBLISH)
    await pass_midnight(room)
    assert not await works(room, person)
    assert not await may(room, person, Right.NOTICE_PUBLISH)
    await do(room, staffing.hire, person, TEACHER, by=hr)
    assert await works(room, person)
    assert not await may(room, person, Right.NOTICE_PUBLISH), "the role of the old position does not come back"
    reasons = {row["action"]: row["why"] for row in await room.watch.audit() if row["action"].startswith("staff.")}
    assert reasons == {"staff.hire": ORDER, "staff.dismiss": ORDER}


async def test_with_the_last_day_end_roles_classes_and_stays_and_a_parent_stays_a_parent(room: ClassRoom) -> None:
    leader, own = room.class_teacher, await room.builder.pupil(room.school_class, "Громов Ян")
    await room.builder.guardian(own, name="", person=leader)
    await do(room, roles.grant, leader, "secretary", Term(ORDER))
    await do(room, roles.grant, leader, "clerk", Term(ORDER, since=DAY + 9 * ONE))
    stay, others = await open_stay(room, leader), await open_stay(room, room.head)
    assert await do(room, staffing.dismiss, leader, DAY, ORDER) == Left(("5А",), 0)
    assert await do(room, staffing.dismiss, room.teacher, DAY + ONE, ORDER) == Left((), 1)
    assert await may(room, leader, Right.NOTICE_PUBLISH)
    assert await ended(room, stay) is None
    assert await pass_midnight(room) == 1
    assert await ended(room, stay) == "left-work"
    assert await ended(room, others) is None
    for right in (Right.NOTICE_PUBLISH, Right.CONSENT_RECORD, Right.PUPIL_WRITE):
        assert not await may(room, leader, right)
    async with room.database.begin() as session:
        assert await people.classes_led(session, leader) == ()
        assert [child.pupil for child in await people.children(session, leader, room.hands.at)] == [own]
    assert await room.watch.rows("SELECT role FROM core.role_assignment WHERE since > $1", DAY) == []
    parents = await open_stay(room, leader)
    assert await pass_midnight(room) == 0
    assert await ended(room, parents) is None, "a parent's own stay is not the employee's"


async def test_a_dismissal_with_a_day_in_the_past_works_at_once(room: ClassRoom) -> None:
    stay = await open_stay(room, room.class_teacher)
    await do(room, staffing.dismiss, room.class_teacher, DAY - ONE, ORDER)
    assert not await works(room, room.class_teacher)
    assert await ended(room, stay) == "left-work"
    assert await room.watch.value("SELECT class_teacher_id FROM core.school_class") is None
    assert await refused(do(room, roles.lead, room.school_class, room.class_teacher, ORDER)) == (
        Conflict,
        "role-not-staff",
    )
    async with room.database.begin() as session:
        listed = await staffing.of_school(session, OFFICE, room.school.id, room.hands.at)
    assert room.class_teacher not in {one.person for one in listed}
