"""Roles given one by one: by whom, to whom, from when to when; who leads a class; what a school decides itself."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from sqlalchemy import URL

from core import rights
from core.access import Reach, Right
from core.actor import OFFICE, Act, Actor
from core.database import Database
from core.person import newcomers, people
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.russian import FullName
from core.staff import role_rights, roles
from core.staff.role_rights import Decided, OwnRoleCard
from core.staff.roles import Term
from tests.integration.core_world import DAY, ClassRoom, class_room, refused

ONE = timedelta(days=1)
ORDER = "приказ № 7 от 20.11.2026"
NOW_ON = Term(ORDER)


@pytest_asyncio.fixture
async def room(core_database: Database, database_url: URL) -> AsyncIterator[ClassRoom]:
    yield await class_room(core_database, database_url, lessons=0)


async def do(room: ClassRoom, command: Any, *args: Any, by: UUID | None = None) -> Any:
    """Run a command of the office's, or of somebody's, in a transaction of its own."""
    actor = OFFICE if by is None else Actor("telegram", by)
    async with room.database.begin() as session:
        return await command(session, Act(actor, room.hands.at, str(uuid4())), *args)


async def may(room: ClassRoom, person: UUID, right: Right, *, days: int = 0) -> bool:
    at: datetime = room.hands.at + days * ONE
    async with room.database.begin() as session:
        facts = await rights.of_class(session, Actor("web", person), room.school_class, at)
    return facts.may(right)


@pytest.mark.req("ROLE-34")
async def test_one_person_has_several_roles_each_for_its_days(room: ClassRoom) -> None:
    person = room.stranger
    first = await do(room, roles.grant, person, "secretary", Term(ORDER, until=DAY + ONE))
    await do(room, roles.grant, person, "administrator", Term(ORDER, since=DAY + ONE))
    await do(room, roles.grant, room.teacher, "secretary", NOW_ON)
    held = [
        (
            await may(room, person, Right.MOVEMENT_RECORD, days=day),
            await may(room, person, Right.RIGHTS_CHANGE, days=day),
        )
        for day in range(3)
    ]
    assert held == [(True, False), (True, True), (False, True)]
    assert await may(room, room.teacher, Right.MOVEMENT_RECORD)
    again = do(room, roles.grant, person, "secretary", Term(ORDER, since=DAY + ONE))
    assert await refused(again) == (Conflict, "role-already")
    await do(room, roles.end, first, DAY, "перевод")
    await do(room, roles.grant, person, "secretary", Term(ORDER, since=DAY + ONE))
    async with room.database.begin() as session:
        listed = await roles.of_person(session, Actor("web", room.head), person, room.hands.at)
        everybody = await roles.of_school(session, OFFICE, room.school.id, room.hands.at)
    assert [(one.role, one.since, one.until) for one in listed] == [
        ("secretary", DAY, DAY),
        ("administrator", DAY + ONE, None),
        ("secretary", DAY + ONE, None),
    ]
    assert {one.person for one in everybody} == {person, room.teacher, room.head}
    ended = await room.watch.audit("role.end")
    assert [(row["why"], row["person_id"]) for row in ended] == [("перевод", None)]


async def test_who_may_give_which_role_to_whom(room: ClassRoom) -> None:
    grant = roles.grant
    for nobody in (room.teacher, room.class_teacher):
        assert await refused(do(room, grant, room.stranger, "hr", NOW_ON, by=nobody)) == (Forbidden, "not-allowed")
    assert await refused(do(room, grant, room.head, "administrator", NOW_ON, by=room.head)) == (Forbidden, "role-own")
    await do(room, grant, room.stranger, "administrator", NOW_ON, by=room.head)
    for follows in ("teacher", "class-teacher", "stand-in", "substitute", "pupil", "guardian", "regional-officer", "x"):
        assert await refused(do(room, grant, room.teacher, follows, NOW_ON)) == (Invalid, "role-not-given")
    assert await refused(do(room, grant, room.teacher, "hr", Term(" "))) == (Invalid, "role-order-needed")
    backwards = Term(ORDER, since=DAY, until=DAY - ONE)
    assert await refused(do(room, grant, room.teacher, "hr", backwards)) == (Invalid, "role-ends-before")
    mother = await room.builder.guardian(room.pupils[0], name="Абрамова Яна")
    assert await refused(do(room, grant, mother, "secretary", NOW_ON)) == (Conflict, "role-not-staff")
    support = await do(room, grant, mother, "support", NOW_ON)
    assert await refused(do(room, roles.end, support, DAY - 2 * ONE, "")) == (Invalid, "role-ends-before")
    assert await refused(do(room, roles.end, support, DAY, "", by=room.teacher)) == (Forbidden, "not-allowed")
    assert await refused(do(room, roles.end, uuid4(), DAY, "")) == (NotFound, "role-unknown")
    await do(room, roles.end, support, DAY - ONE, "ошибка")
    assert not await may(room, mother, Right.BREACH_MANAGE)
    assert await refused(do(room, grant, uuid4(), "hr", NOW_ON)) == (NotFound, "person-gone")


async def test_a_class_gets_its_teacher_and_a_stand_in_for_some_days(room: ClassRoom) -> None:
    lead, stand_in = roles.lead, roles.stand_in
    theirs = room.school_class
    for nobody in (room.teacher, room.class_teacher):
        assert await refused(do(room, lead, theirs, room.stranger, ORDER, by=nobody)) == (Forbidden, "not-allowed")
    spell = Term(ORDER, until=DAY + ONE)
    made = await do(room, stand_in, theirs, room.stranger, spell, by=room.head)
    again = do(room, stand_in, theirs, room.stranger, NOW_ON, by=room.head)
    assert await refused(again) == (Conflict, "role-already")
    assert [await may(room, room.stranger, Right.NOTICE_PUBLISH, days=day) for day in range(3)] == [True, True, False]
    assert await may(room, room.class_teacher, Right.NOTICE_PUBLISH), "whoever is stood in for stays what he is"
    await do(room, roles.end, made, DAY - ONE, "вышла раньше", by=room.head)
    assert not await may(room, room.stranger, Right.NOTICE_PUBLISH)
    mother = await room.builder.guardian(room.pupils[0], name="Абрамова Яна")
    for person, how in ((mother, (Conflict, "role-not-staff")), (uuid4(), (NotFound, "staff-unknown"))):
        assert await refused(do(room, lead, theirs, person, ORDER, by=room.head)) == how
        assert await refused(do(room, stand_in, theirs, person, NOW_ON, by=room.head)) == how
    await do(room, lead, theirs, room.teacher, ORDER, by=room.head)
    assert await may(room, room.teacher, Right.NOTICE_PUBLISH)
    assert not await may(room, room.class_teacher, Right.NOTICE_PUBLISH)
    await do(room, lead, theirs, None, ORDER, by=room.head)
    async with room.database.begin() as session:
        assert await people.classes_led(session, room.teacher) == ()
    assert [row["why"] for row in await room.watch.audit("class.lead")] == [ORDER, ORDER]


@pytest.mark.req("ROLE-04")
async def test_a_school_makes_roles_of_its_own_and_decides_what_each_role_may(room: ClassRoom) -> None:
    administrator, school = room.stranger, room.school.id
    await do(room, roles.grant, administrator, "administrator", NOW_ON)
    wanted = Decided("psychologist", Right.PUPIL_VIEW, Reach.SCHOOL)
    assert await refused(do(room, role_rights.decide, school, wanted, by=administrator)) == (NotFound, "role-unknown")
    name = role_rights.name_role
    assert await refused(do(room, name, school, "psychologist", "Психолог", by=room.head)) == (Forbidden, "not-allowed")
    for code in ("Психолог", "hr", "a", "", "x" * 40):
        assert await refused(do(room, name, school, code, "Психолог", by=administrator)) == (Invalid, "own-role-code")
    await do(room, name, school, "psychologist", "Психолог", by=administrator)
    await do(room, roles.grant, room.teacher, "psychologist", NOW_ON)
    assert not await may(room, room.teacher, Right.PUPIL_VIEW)
    await do(room, role_rights.decide, school, wanted, by=administrator)
    assert await may(room, room.teacher, Right.PUPIL_VIEW)
    assert await may(room, room.class_teacher, Right.NOTICE_PUBLISH)
    none = Decided("class-teacher", Right.NOTICE_PUBLISH, Reach.NONE)
    await do(room, role_rights.decide, school, none, by=administrator)
    assert not await may(room, room.class_teacher, Right.NOTICE_PUBLISH)
    async with room.database.begin() as session:
        actor = Actor("web", administrator)
        assert set(await role_rights.decided_at(session, actor, school, room.hands.at)) == {wanted, none}
        assert await role_rights.own_roles(session, actor, school, room.hands.at) == (
            OwnRoleCard("psychologist", "Психолог"),
        )
    back = Decided("class-teacher", Right.NOTICE_PUBLISH, Reach.CLASS)
    await do(room, role_rights.decide, school, back, by=administrator)
    assert await may(room, room.class_teacher, Right.NOTICE_PUBLISH)
    assert len(await room.watch.rows("SELECT 1 FROM core.role_right")) == 1, "what the table says is not kept twice"
    locked_out = Decided("administrator", Right.RIGHTS_CHANGE, Reach.NONE)
    refusal = await refused(do(room, role_rights.decide, school, locked_out, by=administrator))
    assert refusal == (Invalid, "role-right-impossible")
    decided = await room.watch.audit("role-right.decide")
    assert [row["person_id"] for row in decided] == [administrator] * 3


async def test_an_officer_has_the_one_role_of_his_authority(room: ClassRoom) -> None:
    region, city = uuid4(), uuid4()
    put = "INSERT INTO core.authority (id, kind, name, parent_id) VALUES ($1, $2, $3, $4)"
    await room.watch.rows(put, region, "region", "Югра", None)
    await room.watch.rows(put, city, "municipality", "Сургут", region)
    await room.watch.rows("UPDATE core.school SET authority_id = $1", city)
    name = FullName("Власова", "Яна")
    officer = newcomers.officer
    assert await refused(do(room, officer, city, name, by=room.head)) == (Forbidden, "office-only")
    of_city, of_region = await do(room, officer, city, name), await do(room, officer, region, name)
    assert await refused(do(room, roles.grant, of_city, "regional-officer", NOW_ON)) == (Invalid, "role-not-given")
    assert await refused(do(room, roles.grant, of_city, "director", NOW_ON)) == (Invalid, "role-not-given")
    await do(room, roles.grant, of_city, "municipal-officer", NOW_ON)
    await do(room, roles.grant, of_region, "regional-officer", NOW_ON)
    for one in (of_city, of_region):
        assert await may(room, one, Right.FIGURES_VIEW)
        assert not await may(room, one, Right.PUPIL_VIEW)
    by_city = do(room, roles.grant, of_region, "regional-officer", NOW_ON, by=of_city)
    assert await refused(by_city) == (Forbidden, "not-allowed")
