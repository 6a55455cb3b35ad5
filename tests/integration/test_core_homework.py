"""Homework: given at a lesson, due at the next one of the subject; replaced, taken back, told to the whole class."""

import asyncio
import json
from datetime import date, time, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL

from core.actor import OFFICE, Act
from core.database import Database
from core.events import HomeworkState
from core.learning import homework, timetable
from core.learning.homework_telling import HomeworkView
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from tests.integration.core_world import DAY, FIRST_BELL, ClassRoom, class_room, refused

TEXT = "§ 12, № 301–305 письменно, правило наизусть"
THURSDAY, NEXT_TUESDAY = DAY + timedelta(days=2), DAY + timedelta(days=7)


@pytest.fixture
async def room(core_database: Database, database_url: URL) -> ClassRoom:
    """Mathematics on Tuesday, twice, and on Thursday; biology on Tuesday."""
    room = await class_room(core_database, database_url, lessons=2)
    await add_slot(room, 4, 3)
    other = await room.builder.teacher(room.school, "Белова Ольга Львовна")
    biology = await room.builder.lesson(room.school_class, other, time(8, 30), number=6, subject="биология")
    room.lessons = (*room.lessons, biology)
    room.hands.move(hours=1)
    return room


async def add_slot(room: ClassRoom, weekday: int, number: int) -> UUID:
    """Put one more lesson like the first one into the timetable."""
    return UUID(
        str(
            await room.watch.value(
                "INSERT INTO core.slot (id, school_id, year, class_id, weekday, number, starts, ends, subject_id,"
                " teacher_id) SELECT gen_random_uuid(), s.school_id, s.year, s.class_id, $2, $3, s.starts, s.ends,"
                " s.subject_id, s.teacher_id FROM core.slot s JOIN core.lesson l ON l.slot_id = s.id WHERE l.id = $1"
                " RETURNING id",
                room.lessons[0],
                weekday,
                number,
            )
        )
    )


async def set_at(room: ClassRoom, text: str | None = TEXT, lesson: int = 0, act: Act | None = None) -> HomeworkView:
    async with room.database.begin() as session:
        return await homework.set_at(session, act or room.act(), room.lessons[lesson], text)


async def set_here(room: ClassRoom, lesson: int = 0, person: UUID | None = None) -> HomeworkView | None:
    async with room.database.begin() as session:
        return await homework.set_at_lesson(session, room.act(person).actor, room.lessons[lesson], room.hands.at)


async def take_back(room: ClassRoom, due: UUID, act: Act | None = None) -> None:
    async with room.database.begin() as session:
        await homework.take_back(session, act or room.act(), due)


async def told(room: ClassRoom, due: UUID) -> list[HomeworkState]:
    """Return every state of a homework that was published, in the order of versions."""
    events = await room.watch.events(f"homework/{due}")
    assert [one.version for one in events] == list(range(1, len(events) + 1))
    assert {(one.type, one.school) for one in events} <= {("zvonok.homework", room.school.id)}
    return [one.data for one in events if isinstance(one.data, HomeworkState)]


async def lessons_on(room: ClassRoom, day: date) -> list[UUID]:
    rows = await room.watch.rows("SELECT id FROM core.lesson WHERE day = $1 ORDER BY number", day)
    return [row["id"] for row in rows]


async def test_homework_is_due_at_the_next_lesson_of_the_subject_and_told_whole(room: ClassRoom) -> None:
    assert await lessons_on(room, THURSDAY) == []
    view = await set_at(room)
    assert [view.lesson] == await lessons_on(room, THURSDAY)
    assert view == HomeworkView(view.lesson, "математика", "5А", THURSDAY, DAY, TEXT, nothing_set=False)
    (state,) = await told(room, view.lesson)
    assert (state.lesson, state.class_title, state.subject_name) == (view.lesson, "5А", "математика")
    assert (state.set_on, state.due_on, state.text) == (DAY, THURSDAY, TEXT)
    assert (state.nothing_set, state.withdrawn) == (False, False)
    names = ["Абрамов Глеб", "Ёлкин Вадим", "Иванова Анна", "Иванова Ева", "Яшин Лев"]
    assert [(one.pupil, one.name) for one in state.pupils] == list(zip(room.pupils, names, strict=True))
    (row,) = await room.watch.audit("homework.set")
    assert (row["person_id"], row["at"], row["subject"]) == (room.teacher, room.hands.at, f"homework/{view.lesson}")
    after = {"text": TEXT, "withdrawn": False, "lesson": str(room.lessons[0])}
    assert (row["before"], json.loads(row["after"])) == (None, after)


async def test_both_lessons_of_a_day_give_one_homework_and_another_subject_its_own(room: ClassRoom) -> None:
    first = await set_at(room)
    second = await set_at(room, "№ 306", lesson=1)
    biology = await set_at(room, "§ 3", lesson=2, act=room.act(room.head))
    assert first.lesson == second.lesson != biology.lesson
    assert await set_here(room) == await set_here(room, 1) == second
    assert await set_here(room, 2, room.head) == biology
    assert (biology.due_on, biology.subject_name) == (NEXT_TUESDAY, "биология")
    texts = {second.lesson: "№ 306", biology.lesson: "§ 3"}
    async with room.database.begin() as session:
        assert await homework.texts_due(session, [*texts, room.lessons[0]]) == texts


async def test_each_lesson_has_the_homework_that_was_given_at_it(room: ClassRoom) -> None:
    tuesday = await set_at(room)
    room.lessons = (*room.lessons, tuesday.lesson)
    room.hands.move(days=2)
    assert await set_here(room, 3) is None
    thursday = await set_at(room, "№ 310", lesson=3)
    assert (thursday.set_on, thursday.due_on) == (THURSDAY, NEXT_TUESDAY)
    assert await set_here(room) == tuesday
    assert await set_here(room, 3) == thursday
    assert [state.withdrawn for state in await told(room, tuesday.lesson)] == [False]


@pytest.mark.req("HW-06")
async def test_the_lesson_it_is_due_at_lies_after_today(room: ClassRoom) -> None:
    room.hands.move(days=1)
    assert (await set_at(room)).due_on == THURSDAY
    for days in (1, 1, 5, 300):
        room.hands.move(days=days)
        before = await room.watch.everything()
        assert await refused(set_at(room, "№ 1")) == (Invalid, "homework-too-late")
        assert await room.watch.everything() == before


async def test_today_is_the_schools_own(room: ClassRoom) -> None:
    room.hands.at = FIRST_BELL.replace(day=25, hour=18, minute=59)
    assert (await set_at(room)).due_on == THURSDAY
    room.hands.move(minutes=1)
    assert await refused(set_at(room, "№ 1")) == (Invalid, "homework-too-late"), "it is Thursday at the school"


@pytest.mark.req("HW-08")
async def test_where_nothing_is_set_the_field_says_so(room: ClassRoom) -> None:
    assert await set_here(room) is None
    view = await set_at(room, None)
    assert (view.text, view.nothing_set) == ("Не задано", True)
    (state,) = await told(room, view.lesson)
    assert (state.text, state.nothing_set) == ("Не задано", True)
    assert await set_here(room) == view


async def test_setting_again_replaces_and_the_same_again_changes_nothing(room: ClassRoom) -> None:
    first = await set_at(room)
    room.hands.move(minutes=5)
    assert (await set_at(room, f" {TEXT} ")).text == TEXT
    assert len(await told(room, first.lesson)) == 1
    for text in ("№ 1", None, "№ 2"):
        room.hands.move(minutes=1)
        await set_at(room, text)
    states = await told(room, first.lesson)
    assert [state.text for state in states] == [TEXT, "№ 1", "Не задано", "№ 2"]
    assert [state.nothing_set for state in states] == [False, False, True, False]
    rows = await room.watch.audit("homework.set")
    texts = [tuple(json.loads(row[side] or "{}").get("text") for side in ("before", "after")) for row in rows]
    assert texts == [(None, TEXT), (TEXT, "№ 1"), ("№ 1", "Не задано"), ("Не задано", "№ 2")]
    seen = await set_here(room)
    assert seen is not None
    assert seen.text == "№ 2"


async def test_homework_taken_back_is_told_so_and_may_be_set_anew(room: ClassRoom) -> None:
    view = await set_at(room)
    await take_back(room, view.lesson)
    assert await set_here(room) is None
    async with room.database.begin() as session:
        assert await homework.texts_due(session, [view.lesson]) == {}
    before = await room.watch.everything()
    assert await refused(take_back(room, view.lesson)) == (Conflict, "homework-taken-back")
    assert await room.watch.everything() == before
    assert (await set_at(room)).lesson == view.lesson
    assert [state.withdrawn for state in await told(room, view.lesson)] == [False, True, False]
    assert len(await room.watch.audit("homework.take-back")) == 1


async def test_each_command_twice_under_one_key_acts_once(room: ClassRoom) -> None:
    set_act, back_act = room.act(), room.act()
    view = await set_at(room, act=set_act)
    assert await set_at(room, act=set_act) == view
    assert len(await told(room, view.lesson)) == 1
    await take_back(room, view.lesson, back_act)
    before = await room.watch.everything()
    await take_back(room, view.lesson, back_act)
    assert await set_at(room, act=set_act) == view
    room.hands.move(days=9)
    assert await set_at(room, act=Act(set_act.actor, room.hands.at, set_act.key)) == view, "the answer comes late"
    assert await room.watch.everything() == before


async def test_hands_on_both_lessons_at_once_leave_one_homework(room: ClassRoom) -> None:
    views = await asyncio.gather(*(set_at(room, f"№ {turn}", lesson=turn % 2) for turn in range(6)))
    (due,) = {view.lesson for view in views}
    assert [due] == await lessons_on(room, THURSDAY)
    states = await told(room, due)
    assert len(states) == 6
    seen = await set_here(room)
    assert seen is not None
    assert seen.text == states[-1].text


async def test_a_day_opened_later_keeps_the_lesson_with_its_homework(room: ClassRoom) -> None:
    view = await set_at(room)
    async with room.database.begin() as session:
        assert await timetable.open_day(session, room.school, THURSDAY, room.hands.at) == 0
    assert await lessons_on(room, THURSDAY) == [view.lesson]


async def test_setting_again_moves_it_when_the_timetable_has_changed(room: ClassRoom) -> None:
    first = await set_at(room)
    await add_slot(room, 3, 1)
    second = await set_at(room, "№ 7")
    assert second.due_on == DAY + timedelta(days=1)
    assert [state.withdrawn for state in await told(room, first.lesson)] == [False, True]
    assert [state.text for state in await told(room, second.lesson)] == ["№ 7"]
    assert await set_here(room) == second


async def test_without_another_lesson_this_school_year_there_is_nothing_to_set_it_for(room: ClassRoom) -> None:
    move = "UPDATE core.lesson SET day = $2 WHERE id = $1"
    last_tuesday = date(2027, 8, 31)
    room.hands.at = FIRST_BELL.replace(year=2027, month=8, day=27)
    await room.watch.rows(move, room.lessons[0], last_tuesday)
    assert await refused(set_at(room)) == (Invalid, "homework-no-lesson-ahead")
    await room.watch.rows(move, room.lessons[0], last_tuesday - timedelta(days=5))
    assert (await set_at(room)).due_on == last_tuesday


async def test_a_lesson_to_come_an_unknown_one_and_no_text_are_refused(room: ClassRoom) -> None:
    before = await room.watch.everything()
    assert await refused(set_at(room, "")) == (Invalid, "text-needed")
    assert await refused(set_at(room, "й" * 1001)) == (Invalid, "text-too-long")
    room.hands.at = FIRST_BELL - timedelta(seconds=1)
    assert await refused(set_at(room)) == (Invalid, "lesson-ahead")
    assert await refused(take_back(room, room.lessons[0])) == (NotFound, "homework-unknown")
    assert await refused(take_back(room, uuid4())) == (NotFound, "lesson-unknown")
    room.lessons = (uuid4(),)
    assert await refused(set_at(room)) == (NotFound, "lesson-unknown")
    assert await refused(set_here(room)) == (NotFound, "lesson-unknown")
    assert await room.watch.everything() == before


async def test_who_may_set_it_see_it_and_take_it_back(room: ClassRoom) -> None:
    view = await set_at(room)
    mother = await room.builder.guardian(room.pupils[1], name="Ёлкина Ольга")
    other = await room.watch.value("SELECT teacher_id FROM core.lesson WHERE id = $1", room.lessons[2])
    assert await set_here(room, 0, room.class_teacher) == view
    before = await room.watch.everything()
    for person in (room.stranger, other, mother, room.class_teacher):
        assert await refused(set_at(room, act=room.act(person))) == (Forbidden, "lesson-of-another-teacher")
        doing = take_back(room, view.lesson, room.act(person))
        assert await refused(doing) == (Forbidden, "lesson-of-another-teacher")
        if person != room.class_teacher:
            assert await refused(set_here(room, 0, person)) == (Forbidden, "lesson-of-another-teacher")
    assert await room.watch.everything() == before
    await take_back(room, view.lesson, room.act(room.head))
    await set_at(room, act=Act(OFFICE, room.hands.at, "office/1"))
    await take_back(room, view.lesson, Act(OFFICE, room.hands.at, "office/2"))
    assert [state.withdrawn for state in await told(room, view.lesson)] == [False, True, False, True]


async def test_who_has_set_it_may_take_it_back_though_another_gives_the_lesson_at_which_it_is_due(
    room: ClassRoom,
) -> None:
    other = await room.builder.teacher(room.school, "Лебедева Анна Ильинична")
    await room.watch.rows("UPDATE core.slot SET teacher_id = $1 WHERE weekday = 4", other)
    for person in (room.teacher, other):
        view = await set_at(room)
        await take_back(room, view.lesson, room.act(person))
    assert [state.withdrawn for state in await told(room, view.lesson)] == [False, True, False, True]
