"""Remarks and praise: written at a lesson or by the class teacher, taken back by their author."""

import asyncio
import json
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL

from core.actor import OFFICE, Act
from core.database import Database
from core.events import RemarkKind, RemarkState
from core.learning import remarks
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from tests.integration.core_world import DAY, FIRST_BELL, ClassRoom, class_room, refused

TEXT = "Забыт дневник. Просьба подписать."


@pytest.fixture
async def room(core_database: Database, database_url: URL) -> ClassRoom:
    return await class_room(core_database, database_url)


async def write(
    room: ClassRoom, text: str = TEXT, act: Act | None = None, kind: RemarkKind = RemarkKind.REMARK, pupil: int = 1
) -> UUID:
    async with room.database.begin() as session:
        return await remarks.write(session, act or room.act(), room.lessons[0], room.pupils[pupil], kind, text)


async def write_outside(
    room: ClassRoom, text: str = TEXT, act: Act | None = None, kind: RemarkKind = RemarkKind.REMARK
) -> UUID:
    async with room.database.begin() as session:
        doing = act or room.act(room.class_teacher)
        return await remarks.write_as_class_teacher(session, doing, room.pupils[1], kind, text)


async def withdraw(room: ClassRoom, remark: UUID, act: Act | None = None) -> None:
    async with room.database.begin() as session:
        await remarks.withdraw(session, act or room.act(), remark)


async def told(room: ClassRoom, remark: UUID) -> list[RemarkState]:
    """Return every state of a remark that was published, in the order of versions."""
    events = await room.watch.events(f"remark/{remark}")
    assert [one.version for one in events] == list(range(1, len(events) + 1))
    assert {(one.type, one.school) for one in events} <= {("zvonok.remark", room.school.id)}
    return [one.data for one in events if isinstance(one.data, RemarkState)]


@pytest.mark.parametrize("kind", RemarkKind)
async def test_a_remark_at_a_lesson_is_told_whole(room: ClassRoom, kind: RemarkKind) -> None:
    room.hands.move(days=1)
    remark = await write(room, f"  {TEXT}\n", kind=kind)
    (state,) = await told(room, remark)
    assert state == RemarkState(
        remark=remark,
        pupil=room.pupils[1],
        pupil_name="Ёлкин Вадим",
        class_title="5А",
        kind=kind,
        day=DAY,
        subject_name="математика",
        author_name="Кузнецова Мария Петровна",
        text=TEXT,
    )
    (row,) = await room.watch.audit("remark.write")
    assert (row["person_id"], row["at"], row["subject"]) == (room.teacher, room.hands.at, f"remark/{remark}")
    after = {"kind": kind, "text": TEXT, "pupil": str(room.pupils[1]), "lesson": str(room.lessons[0])}
    assert (row["before"], json.loads(row["after"])) == (None, after)


async def test_a_class_teacher_writes_outside_lessons_on_the_schools_own_day(room: ClassRoom) -> None:
    room.hands.at = datetime(2026, 11, 28, 20, 0, tzinfo=UTC)
    remark = await write_outside(room, kind=RemarkKind.PRAISE)
    (state,) = await told(room, remark)
    assert (state.day, state.subject_name) == (date(2026, 11, 29), None), "it is past midnight at the school"
    assert (state.author_name, state.kind) == ("Громова Нина Сергеевна", RemarkKind.PRAISE)


@pytest.mark.parametrize("text", ["", " \n\t", "\x00"])
async def test_nothing_is_no_remark(room: ClassRoom, text: str) -> None:
    before = await room.watch.everything()
    assert await refused(write(room, text)) == (Invalid, "text-needed")
    assert await refused(write_outside(room, text)) == (Invalid, "text-needed")
    assert await room.watch.everything() == before


async def test_a_remark_has_a_thousand_characters_at_most(room: ClassRoom) -> None:
    (state,) = await told(room, await write(room, "й" * 1000))
    assert len(state.text) == 1000
    assert await refused(write(room, "й" * 1001)) == (Invalid, "text-too-long")
    assert await refused(write_outside(room, "й" * 1001)) == (Invalid, "text-too-long")


async def test_what_cannot_be_in_a_database_is_left_out(room: ClassRoom) -> None:
    (state,) = await told(room, await write(room, "Молодец\x00 \ud83d👍\r\nТак держать"))
    assert state.text == "Молодец 👍\nТак держать"


async def test_a_remark_taken_back_is_told_so(room: ClassRoom) -> None:
    remark = await write(room)
    room.hands.move(minutes=1)
    await withdraw(room, remark)
    assert [state.withdrawn for state in await told(room, remark)] == [False, True]
    (row,) = await room.watch.audit("remark.withdraw")
    assert (row["person_id"], row["at"], row["subject"]) == (room.teacher, room.hands.at, f"remark/{remark}")
    before = await room.watch.everything()
    assert await refused(withdraw(room, remark)) == (Conflict, "remark-taken-back")
    assert await room.watch.everything() == before


async def test_each_command_twice_under_one_key_acts_once(room: ClassRoom) -> None:
    write_act, outside_act, withdraw_act = room.act(), room.act(room.class_teacher), room.act()
    remark = await write(room, act=write_act)
    outside = await write_outside(room, act=outside_act)
    await withdraw(room, remark, withdraw_act)
    before = await room.watch.everything()
    assert await write(room, act=write_act) == remark
    assert await write_outside(room, act=outside_act) == outside
    await withdraw(room, remark, withdraw_act)
    assert await room.watch.everything() == before


async def test_two_hands_take_one_remark_back_once(room: ClassRoom) -> None:
    remark = await write(room)
    people = (room.teacher, room.head)
    doings = (withdraw(room, remark, room.act(person)) for person in people)
    done = await asyncio.gather(*doings, return_exceptions=True)
    assert [one.code for one in done if isinstance(one, Conflict)] == ["remark-taken-back"]
    assert len(await told(room, remark)) == 2


async def test_a_lesson_to_come_has_no_remarks(room: ClassRoom) -> None:
    room.hands.at = FIRST_BELL - timedelta(seconds=1)
    assert await refused(write(room)) == (Invalid, "lesson-ahead")
    assert await room.watch.events("remark/") == []


async def test_no_remark_is_about_anybody_but_a_pupil_of_the_class(room: ClassRoom) -> None:
    other = await room.builder.pupil(await room.builder.school_class(room.school, "5Б"), "Чужой Иван")
    before = await room.watch.everything()
    for person in (other, room.teacher, uuid4()):
        async with room.database.begin() as session:
            doing = remarks.write(session, room.act(), room.lessons[0], person, RemarkKind.REMARK, TEXT)
            assert await refused(doing) == (Invalid, "pupil-of-another-class")
    for person in (room.teacher, uuid4()):
        async with room.database.begin() as session:
            act = room.act(room.class_teacher)
            doing = remarks.write_as_class_teacher(session, act, person, RemarkKind.REMARK, TEXT)
            assert await refused(doing) == (NotFound, "pupil-unknown")
    assert await room.watch.everything() == before


async def test_what_is_not_there_cannot_be_taken_back(room: ClassRoom) -> None:
    assert await refused(withdraw(room, uuid4())) == (NotFound, "remark-unknown")


async def test_who_may_write_at_a_lesson_and_who_outside(room: ClassRoom) -> None:
    mother = await room.builder.guardian(room.pupils[1], name="Ёлкина Ольга")
    assert len(await told(room, await write(room, act=room.act(room.head)))) == 1
    assert len(await told(room, await write_outside(room, act=room.act(room.head)))) == 1
    before = await room.watch.everything()
    office = Act(OFFICE, room.hands.at, "office/1")
    for act in (*(room.act(person) for person in (room.class_teacher, room.stranger, mother)), office):
        assert await refused(write(room, act=act)) == (Forbidden, "lesson-of-another-teacher")
    for act in (*(room.act(person) for person in (room.teacher, room.stranger, mother)), office):
        assert await refused(write_outside(room, act=act)) == (Forbidden, "class-of-another-teacher")
    assert await room.watch.everything() == before


async def test_who_may_take_a_remark_back(room: ClassRoom) -> None:
    remark = await write(room)
    mother = await room.builder.guardian(room.pupils[1], name="Ёлкина Ольга")
    before = await room.watch.everything()
    for person in (room.class_teacher, room.stranger, mother):
        assert await refused(withdraw(room, remark, room.act(person))) == (Forbidden, "remark-of-another-teacher")
    assert await room.watch.everything() == before
    await withdraw(room, remark, room.act(room.head))
    assert [state.withdrawn for state in await told(room, remark)] == [False, True]


async def test_a_remark_about_a_pupil_who_has_changed_class_is_still_its_authors(room: ClassRoom) -> None:
    remark = await write(room)
    other = await room.builder.school_class(room.school, "5Б")
    await room.builder.move(room.pupils[1], other)
    await withdraw(room, remark)
    assert [(state.class_title, state.withdrawn) for state in await told(room, remark)] == [("5А", False), ("5Б", True)]
