"""Who enters and changes data, by the regulation of 2019 (ROLE-03, CONF-25): real people of every role it names."""

from datetime import time
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL

from core.access import Role
from core.account import logins, sessions
from core.account.entrance import Entrance, Tried
from core.account.password_hashing import Hasher
from core.actor import OFFICE, Act
from core.database import Database
from core.learning import diary
from core.person import cards
from core.refusals import Forbidden
from core.staff import roles
from core.staff.roles import Term
from tests.integration.account_site import KEEPER, QUICK
from tests.integration.core_world import DAY, ClassRoom, class_room, refused

ENTERING = {
    Role.ADMINISTRATOR: "Дроздов Пётр Ильич",
    Role.ASSISTANT: "Щеглов Иван Ильич",
    Role.HR: "Иволгина Ольга Львовна",
    Role.CLERK: "Синицына Вера Павловна",
}
NOT_ALLOWED = (Forbidden, "not-allowed")


@pytest.fixture
async def room(core_database: Database, database_url: URL) -> ClassRoom:
    return await class_room(core_database, database_url, lessons=1)


async def employ(room: ClassRoom, name: str, role: Role) -> UUID:
    person = await room.builder.teacher(room.school, name)
    async with room.database.begin() as session:
        await roles.grant(session, Act(OFFICE, room.hands.at, str(uuid4())), person, role, Term("приказ № 5"))
    return person


async def fill(room: ClassRoom, person: UUID, address: str, version: int) -> int:
    async with room.database.begin() as session:
        sections = {"address": address}
        return (await cards.fill_pupil_card(session, room.act(person), room.pupils[0], sections, version)).version


async def opens_the_diary(room: ClassRoom, person: UUID) -> bool:
    async with room.database.begin() as session:
        return (await diary.week(session, room.act(person).actor, room.pupils[0], DAY, room.hands.at)).whole


async def enters(room: ClassRoom, person: UUID) -> UUID | None:
    """Hand out a login, and enter by it."""
    hasher = Hasher(QUICK)
    async with room.database.begin() as session:
        act = Act(OFFICE, room.hands.at, str(uuid4()))
        (issued,) = (await logins.issue(session, act, hasher, [person])).logins
    tried = Tried(issued.login, issued.password, "203.0.113.7")
    entered = await Entrance(room.database, hasher, KEEPER).log_in(tried, room.hands.at)
    async with room.database.begin() as session:
        return (await sessions.visitor(session, KEEPER, entered.opened.token, room.hands.at)).actor.person


@pytest.mark.req("ROLE-03")
async def test_those_whom_the_regulation_names_enter_and_change_data_and_the_head_teacher_has_a_login(
    room: ClassRoom,
) -> None:
    mother = await room.builder.guardian(room.pupils[0], name="Абрамова Яна")
    version = 0
    for role, name in ENTERING.items():
        person = await employ(room, name, role)
        version = await fill(room, person, f"Ленина, {version}", version)
        version = await fill(room, person, f"Мира, {version}", version)
        assert await refused(opens_the_diary(room, person)) == (Forbidden, "child-not-yours")
    assert version == 2 * len(ENTERING)
    assert await refused(fill(room, room.teacher, "Труда, 1", version)) == NOT_ALLOWED
    assert await refused(fill(room, mother, "Труда, 1", version)) == NOT_ALLOWED
    # A teacher has his lessons, the director everybody's, pupil and parent their diary, the head teacher a login.
    another = await room.builder.lesson(room.school_class, room.stranger, time(8, 30), number=7, subject="биология")
    room.lessons = (*room.lessons, another)
    assert (await room.record(1)).absent == 1
    assert await refused(room.record(1, lesson=1)) == (Forbidden, "lesson-not-yours")
    for lesson in (0, 1):
        assert (await room.record(2, lesson=lesson, act=room.act(room.head))).absent == 1
    assert await opens_the_diary(room, room.pupils[0])
    assert await opens_the_diary(room, mother)
    deputy = await employ(room, "Воронова Анна Юрьевна", Role.DEPUTY)
    assert await enters(room, deputy) == deputy
