"""Who may look at a roll and who may change it, asked of every command on a real journal."""

from collections.abc import Awaitable, Callable
from datetime import time

import pytest
from sqlalchemy import URL

from core.account import accounts
from core.actor import OFFICE, Act, Actor
from core.database import Database
from core.events import ProposedReason, SchoolKind
from core.learning import attendance
from core.learning.attendance import Roll
from core.person import people, roster
from core.refusals import Forbidden, NotFound
from core.roster_file import RosterFiles
from core.school import schools
from tests.integration.core_world import ClassRoom, class_room, refused

type Doing = Callable[[ClassRoom, Act], Awaitable[object]]

WRITING: dict[str, Doing] = {
    "record": lambda room, act: room.record(1, act=act),
    "correct": lambda room, act: room.correct({0: None}, act=act),
    "withdraw": lambda room, act: room.withdraw(1, act=act),
}


async def look(room: ClassRoom, act: Act, lesson: int = 0) -> Roll:
    async with room.database.begin() as session:
        return await attendance.roll(session, act.actor, room.lessons[lesson], room.hands.at)


async def _answer(room: ClassRoom, act: Act) -> None:
    async with room.database.begin() as session:
        await attendance.answer(session, act, room.day(), ProposedReason.ILL)


async def _import(room: ClassRoom, act: Act) -> None:
    async with room.database.begin() as session:
        await roster.import_roster(session, act, room.school, RosterFiles((), (), ()))


async def _codes(room: ClassRoom, act: Act) -> None:
    async with room.database.begin() as session:
        await accounts.issue_codes(session, act.actor, room.builder.keeper, [room.teacher], act.at)


@pytest.fixture
async def room(core_database: Database, database_url: URL) -> ClassRoom:
    room = await class_room(core_database, database_url)
    await room.record(0)
    return room


@pytest.mark.parametrize("name", WRITING)
async def test_the_lessons_teacher_may_write_his_own_lesson(room: ClassRoom, name: str) -> None:
    await WRITING[name](room, room.act())
    assert await room.codes() != {0: "н"}


@pytest.mark.parametrize("name", WRITING)
async def test_another_teacher_of_the_class_may_not_touch_it_nor_look(room: ClassRoom, name: str) -> None:
    other = await room.builder.teacher(room.school, "Белова Ольга Львовна")
    await room.builder.lesson(room.school_class, other, time(12, 30), number=6, subject="биология")
    before = await room.watch.everything()
    assert await refused(WRITING[name](room, room.act(other))) == (Forbidden, "lesson-not-yours")
    assert await refused(look(room, room.act(other))) == (Forbidden, "lesson-not-yours")
    assert await room.watch.everything() == before


@pytest.mark.req("ROLE-09")
async def test_the_class_teacher_views_every_subject_of_his_class_and_may_edit_none(room: ClassRoom) -> None:
    other = await room.builder.teacher(room.school, "Белова Ольга Львовна")
    biology = await room.builder.lesson(room.school_class, other, time(8, 30), number=6, subject="биология")
    room.lessons = (room.lessons[0], biology)
    await room.record(2, lesson=1, act=room.act(other))
    act = room.act(room.class_teacher)
    rolls = [await look(room, act, lesson) for lesson in (0, 1)]
    assert [[line.code for line in roll.pupils] for roll in rolls] == [
        ["н", None, None, None, None],
        [None, None, "н", None, None],
    ]
    assert [roll.lesson.subject_name for roll in rolls] == ["математика", "биология"]
    before = await room.watch.everything()
    for write in WRITING.values():
        assert await refused(write(room, room.act(room.class_teacher))) == (Forbidden, "lesson-not-yours")
    assert await room.watch.everything() == before


async def test_a_class_teacher_sees_nothing_of_another_class(room: ClassRoom) -> None:
    other = await room.builder.teacher(room.school, "Белова Ольга Львовна")
    await room.builder.school_class(room.school, "5Б", other)
    assert await refused(look(room, room.act(other))) == (Forbidden, "lesson-not-yours")


@pytest.mark.req("ROLE-13")
async def test_the_administration_views_and_edits_every_lesson_of_its_school(room: ClassRoom) -> None:
    act = room.act(room.head)
    assert (await look(room, act)).pupils[0].code == "н"
    await room.correct({0: "б", 1: "н"}, act=act)
    assert await room.codes() == {0: "б", 1: "н"}
    recorded = await room.record(2, act=room.act(room.head))
    await room.withdraw(recorded.version, act=room.act(room.head))
    assert await room.codes() == {0: "б", 1: "н"}
    assert {row["person_id"] for row in await room.watch.audit("attendance.roll")} == {room.teacher, room.head}


@pytest.mark.req("ROLE-34")
async def test_one_employee_has_several_roles_and_one_role_has_several_employees(room: ClassRoom) -> None:
    many = await room.builder.teacher(room.school, "Белова Ольга Львовна", administers=True)
    own_class = await room.builder.school_class(room.school, "5Б", many)
    mine = await room.builder.lesson(own_class, many, time(8, 30))
    child = await room.builder.pupil(own_class, "Белов Ян")
    await room.builder.guardian(child, name="", person=many)
    room.lessons = (*room.lessons, mine)
    assert (await room.record(lesson=3, act=room.act(many))).absent == 0
    for administrator in (many, room.head):
        await room.correct({0: "б"}, act=room.act(administrator))
    async with room.database.begin() as session:
        assert await people.is_guardian(session, many, [child])
        assert {many, room.head, room.teacher} <= set(await people.staff_of(session, room.school, room.hands.at))


@pytest.mark.parametrize("name", WRITING)
async def test_a_teacher_who_administers_another_school_is_a_stranger(room: ClassRoom, name: str) -> None:
    elsewhere = await room.builder.school("Школа «Парус»")
    head = await room.builder.teacher(elsewhere, "Павлов Илья Ильич", administers=True)
    before = await room.watch.everything()
    assert await refused(WRITING[name](room, room.act(head))) == (Forbidden, "lesson-not-yours")
    assert await refused(look(room, room.act(head))) == (Forbidden, "lesson-not-yours")
    assert await room.watch.everything() == before


EVERYTHING: dict[str, Doing] = {
    **WRITING,
    "look": look,
    "answer": _answer,
    "import": _import,
    "issue codes": _codes,
}


@pytest.mark.req("ROLE-05")
@pytest.mark.parametrize("name", EVERYTHING)
@pytest.mark.parametrize("via", ["telegram", "office"])
async def test_whoever_has_no_right_gets_nothing_done(room: ClassRoom, name: str, via: str) -> None:
    parent = await room.builder.guardian(room.pupils[1], name="Ёлкина Ольга")
    before = await room.watch.everything()
    nobody = [room.stranger, parent, room.pupils[0], *([] if via == "office" else [None])]
    for number, person in enumerate(nobody):
        act = Act(Actor(via, person), room.hands.at, f"{name}/{number}")
        kind, _ = await refused(EVERYTHING[name](room, act))
        assert kind is Forbidden
    assert await room.watch.everything() == before


@pytest.mark.req("GEN-28")
async def test_the_data_of_organisations_of_every_kind_are_kept_apart(room: ClassRoom) -> None:
    made = {}
    for kind in SchoolKind:
        async with room.database.begin() as session:
            card = await schools.create(
                session, OFFICE, name=f"Школа {kind}", kind=kind, zone="Asia/Omsk", now=room.hands.at
            )
        teacher = await room.builder.teacher(card, "Белова Ольга Львовна", administers=True)
        own_class = await room.builder.school_class(card, "5А", teacher)
        pupil = await room.builder.pupil(own_class, "Иванова Анна")
        guardian = await room.builder.guardian(pupil, name="Иванова Яна")
        made[kind] = (card, teacher, guardian, await room.builder.lesson(own_class, teacher, time(8, 30)))
    room.hands.move(hours=3)
    for card, teacher, guardian, own in made.values():
        async with room.database.begin() as session:
            assert await people.staff_of(session, card, room.hands.at) == (teacher,)
            assert await people.guardians_of_class(session, card, "5А", room.hands.at) == (guardian,)
            assert await people.by_name(session, card, "Иванова Яна") == (guardian,)
            assert (await schools.find(session, card.name)).id == card.id
            for other, _, _, lesson in made.values():
                doing = attendance.roll(session, Actor("telegram", teacher), lesson, room.hands.at)
                if other is card:
                    assert len((await doing).pupils) == 1
                    assert lesson == own
                else:
                    assert await refused(doing) == (Forbidden, "lesson-not-yours")
            assert await refused(people.guardians_of_class(session, card, "5Б", room.hands.at)) == (
                NotFound,
                "class-unknown",
            )
    assert {event.school for event in await room.watch.events("guardianship/")} == {
        card.id for card, *_ in made.values()
    }
