"""Marks of a lesson: given, corrected, taken back; fact, audit and event go together."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import time, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL

from core.actor import OFFICE, Act
from core.database import Database
from core.events import MarkState
from core.learning import attendance, diary, gradebook
from core.learning.gradebook import ANSWER, WORKS, Given, GradePage
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from tests.integration.core_world import DAY, FIRST_BELL, ClassRoom, class_room, refused


@pytest.fixture
async def room(core_database: Database, database_url: URL) -> ClassRoom:
    return await class_room(core_database, database_url)


async def give(room: ClassRoom, value: int = 4, pupil: int = 1, *, work: str = ANSWER, act: Act | None = None) -> Given:
    async with room.database.begin() as session:
        return await gradebook.give(session, act or room.act(), room.lessons[0], room.pupils[pupil], value, work)


async def correct(room: ClassRoom, mark: UUID, value: int, act: Act | None = None) -> Given:
    async with room.database.begin() as session:
        return await gradebook.correct(session, act or room.act(), mark, value)


async def take_back(room: ClassRoom, mark: UUID, act: Act | None = None) -> Given:
    async with room.database.begin() as session:
        return await gradebook.take_back(session, act or room.act(), mark)


async def page(room: ClassRoom, person: UUID | None = None, lesson: int = 0) -> GradePage:
    async with room.database.begin() as session:
        return await gradebook.page(session, room.act(person).actor, room.lessons[lesson], room.hands.at)


async def told(room: ClassRoom, mark: UUID) -> list[MarkState]:
    """Return every state of a mark that was published, in the order of versions."""
    events = await room.watch.events(f"mark/{mark}")
    assert [one.version for one in events] == list(range(1, len(events) + 1))
    assert {(one.type, one.school) for one in events} <= {("zvonok.mark", room.school.id)}
    return [one.data for one in events if isinstance(one.data, MarkState)]


def shown(seen: GradePage) -> list[list[tuple[int, str]]]:
    return [[(mark.value, mark.work) for mark in line.marks] for line in seen.pupils]


async def test_a_mark_is_given_and_told_whole(room: ClassRoom) -> None:
    given = await give(room, 2)
    assert given.version == 1
    (state,) = await told(room, given.mark)
    assert state == MarkState(
        mark=given.mark,
        pupil=room.pupils[1],
        pupil_name="Ёлкин Вадим",
        class_title="5А",
        lesson=room.lessons[0],
        day=DAY,
        lesson_number=1,
        subject_name="математика",
        value=2,
        work="ответ на уроке",
    )
    (event,) = await room.watch.events("mark/")
    assert event.time == room.hands.at
    (row,) = await room.watch.audit("mark.give")
    assert (row["person_id"], row["at"], row["subject"]) == (room.teacher, room.hands.at, f"mark/{given.mark}")
    after = {"value": 2, "work": ANSWER, "lesson": str(room.lessons[0]), "pupil": str(room.pupils[1])}
    assert (row["before"], json.loads(row["after"])) == (None, after)


@pytest.mark.req("MARK-25")
async def test_below_three_is_unsatisfactory_and_from_three_on_success(room: ClassRoom) -> None:
    bad = {}
    for value in gradebook.MARKS:
        (state,) = await told(room, (await give(room, value)).mark)
        bad[state.value] = state.is_bad
    assert bad == {1: True, 2: True, 3: False, 4: False, 5: False}


@pytest.mark.req("MARK-08")
async def test_marks_are_recorded_by_kind_of_work_done(room: ClassRoom) -> None:
    given = [await give(room, 5, work=work) for work in WORKS]
    assert [(await told(room, one.mark))[0].work for one in given] == list(WORKS)
    line = (await page(room)).pupils[1]
    assert {(mark.id, mark.work) for mark in line.marks} == {
        (one.mark, work) for one, work in zip(given, WORKS, strict=True)
    }
    before = await room.watch.everything()
    for work in ("", "поведение", "Ответ на уроке"):
        assert await refused(give(room, 5, work=work)) == (Invalid, "work-unknown")
    assert await room.watch.everything() == before


@pytest.mark.req("MARK-06")
async def test_a_mark_given_later_stands_in_the_day_of_the_work(room: ClassRoom) -> None:
    room.hands.move(days=3)
    given = await give(room, 3, work="контрольная работа")
    (state,) = await told(room, given.mark)
    assert (state.day, state.lesson) == (DAY, room.lessons[0])
    assert shown(await page(room))[1] == [(3, "контрольная работа")]
    async with room.database.begin() as session:
        marks = await gradebook.of_pupil(session, room.pupils[1], DAY, DAY)
        assert [mark.id for mark in marks[room.lessons[0]]] == [given.mark]
        assert await gradebook.of_pupil(session, room.pupils[1], DAY + timedelta(days=1), DAY + timedelta(days=9)) == {}


async def test_a_correction_raises_the_version_and_tells_the_new_value(room: ClassRoom) -> None:
    given = await give(room, 2)
    room.hands.move(minutes=5)
    corrected = await correct(room, given.mark, 4)
    assert corrected == Given(given.mark, 2)
    assert [state.value for state in await told(room, given.mark)] == [2, 4]
    (row,) = await room.watch.audit("mark.correct")
    assert (json.loads(row["before"]), json.loads(row["after"])) == ({"value": 2}, {"value": 4})
    (mark,) = (await page(room)).pupils[1].marks
    assert (mark.id, mark.value, mark.version) == (given.mark, 4, 2)


async def test_the_same_value_again_changes_nothing(room: ClassRoom) -> None:
    given = await give(room, 4)
    assert await correct(room, given.mark, 4) == given
    assert len(await told(room, given.mark)) == 1
    assert await room.watch.audit("mark.correct") == []


async def test_a_mark_taken_back_is_told_and_listed_no_more(room: ClassRoom) -> None:
    given, other = await give(room, 2), await give(room, 5)
    assert await take_back(room, given.mark) == Given(given.mark, 2)
    assert [state.value for state in await told(room, given.mark)] == [2, None]
    assert shown(await page(room))[1] == [(5, ANSWER)]
    before = await room.watch.everything()
    assert await refused(correct(room, given.mark, 3)) == (Conflict, "mark-taken-back")
    assert await refused(take_back(room, given.mark)) == (Conflict, "mark-taken-back")
    assert await room.watch.everything() == before
    assert len(await told(room, other.mark)) == 1


async def test_each_command_twice_under_one_key_acts_once(room: ClassRoom) -> None:
    acts = [room.act(key=f"update/{number}") for number in range(3)]
    given = await give(room, 2, act=acts[0])
    before = await room.watch.everything()
    assert await give(room, 2, act=acts[0]) == given
    assert await room.watch.everything() == before
    corrected = await correct(room, given.mark, 3, acts[1])
    taken = await take_back(room, given.mark, acts[2])
    before = await room.watch.everything()
    assert await correct(room, given.mark, 3, acts[1]) == await take_back(room, given.mark, acts[2]) == taken
    assert await give(room, 2, act=acts[0]) == taken
    assert (corrected.version, taken.version) == (2, 3)
    assert await room.watch.everything() == before


async def test_corrections_at_once_follow_each_other(room: ClassRoom) -> None:
    given = await give(room, 1)
    done = await asyncio.gather(*(correct(room, given.mark, value) for value in (2, 3, 4, 5)))
    assert sorted(one.version for one in done) == [2, 3, 4, 5]
    states = await told(room, given.mark)
    assert sorted(state.value or 0 for state in states) == [1, 2, 3, 4, 5]
    chain = [(json.loads(row["before"]), json.loads(row["after"])) for row in await room.watch.audit("mark.correct")]
    values = [state.value for state in states]
    assert {(before["value"], after["value"]) for before, after in chain} == set(pairwise(values))


async def test_one_mark_given_twice_at_once_under_one_key_is_one_mark(room: ClassRoom) -> None:
    act = room.act(key="update/1")
    first, second = await asyncio.gather(give(room, 5, act=act), give(room, 5, act=act))
    assert first == second
    assert len(await room.watch.events("mark/")) == 1


async def test_the_page_is_the_class_list_with_its_marks_and_the_absent(room: ClassRoom) -> None:
    await room.record(3)
    for value, pupil in ((5, 0), (4, 2), (2, 0)):
        room.hands.move(minutes=1)
        await give(room, value, pupil)
    room.hands.move(hours=1)
    seen = await page(room)
    assert (seen.lesson.id, seen.lesson.subject_name) == (room.lessons[0], "математика")
    names = ["Абрамов Глеб", "Ёлкин Вадим", "Иванова Анна", "Иванова Ева", "Яшин Лев"]
    assert [line.name.in_lists() for line in seen.pupils] == names
    assert [line.pupil for line in seen.pupils] == list(room.pupils)
    assert [[value for value, _ in line] for line in shown(seen)] == [[5, 2], [], [4], [], []]
    assert [line.absent for line in seen.pupils] == [False, False, False, True, False]
    assert shown(await page(room, lesson=1)) == [[], [], [], [], []]


async def give_for_missed(room: ClassRoom, pupil: int, act: Act | None = None) -> Given:
    async with room.database.begin() as session:
        return await gradebook.give_for_missed(session, act or room.act(), room.lessons[0], room.pupils[pupil], 4)


@pytest.mark.parametrize("code", ["н", "б", "ну"])
async def test_an_absent_pupil_gets_no_mark_by_a_slip(room: ClassRoom, code: str) -> None:
    await room.record(1, code=code)
    act = room.act()
    before = await room.watch.everything()
    assert await refused(give(room, 4, act=act)) == (Conflict, "pupil-absent-from-lesson")
    assert await room.watch.everything() == before
    await room.correct({1: None})
    assert (await give(room, 4, act=act)).version == 1


@pytest.mark.req("ATT-09")
async def test_a_missed_topic_passed_later_is_marked_by_a_word_of_its_own_and_the_absence_stays(
    room: ClassRoom,
) -> None:
    await room.record(1)
    room.hands.move(days=3)
    act = room.act()
    given = await give_for_missed(room, 1, act)
    assert await give_for_missed(room, 1, act) == given
    line = (await page(room)).pupils[1]
    assert ([mark.id for mark in line.marks], line.absent) == ([given.mark], True)
    assert await room.codes() == {1: "н"}
    (state,) = await told(room, given.mark)
    assert (state.day, state.lesson, state.value) == (DAY, room.lessons[0], 4)
    (row,) = await room.watch.audit("mark.give")
    assert json.loads(row["after"])["for_missed"] is True
    assert (await correct(room, given.mark, 5)).version == 2
    mother = await room.builder.guardian(room.pupils[1], name="Ёлкина Вера")
    async with room.database.begin() as session:
        seen = await diary.week(session, room.act(mother).actor, room.pupils[1], DAY, room.hands.at)
        roll = await attendance.roll(session, room.act().actor, room.lessons[0], room.hands.at)
    (there,) = [one for day in seen.days for one in day.lessons if one.marks]
    assert (there.day, there.absence_code, [mark.value for mark in there.marks]) == (DAY, "н", [5])
    assert [one.code for one in roll.pupils] == [None, "н", None, None, None]
    assert [len(one.absences) for one in await room.states(1)] == [1], "nothing was told of the absence again"
    await take_back(room, given.mark)
    assert await room.codes() == {1: "н"}


async def test_the_word_for_a_missed_topic_marks_whoever_was_there_after_all_as_anybody(room: ClassRoom) -> None:
    await give_for_missed(room, 1)
    (row,) = await room.watch.audit("mark.give")
    assert "for_missed" not in json.loads(row["after"])


async def test_a_mark_that_stood_before_the_absence_stays_and_its_repeat_is_no_other(room: ClassRoom) -> None:
    act = room.act()
    given = await give(room, 4, act=act)
    await room.record(1)
    assert await give(room, 4, act=act) == given
    assert shown(await page(room))[1] == [(4, ANSWER)]


@pytest.mark.parametrize("value", [-1, 0, 6, 55])
async def test_a_mark_is_between_one_and_five(room: ClassRoom, value: int) -> None:
    given = await give(room)
    before = await room.watch.everything()
    assert await refused(give(room, value)) == (Invalid, "mark-unusual")
    assert await refused(correct(room, given.mark, value)) == (Invalid, "mark-unusual")
    assert await room.watch.everything() == before


async def test_a_lesson_to_come_has_no_marks(room: ClassRoom) -> None:
    room.hands.at = FIRST_BELL - timedelta(seconds=1)
    before = await room.watch.everything()
    assert await refused(give(room)) == (Invalid, "lesson-ahead")
    assert await room.watch.everything() == before
    room.hands.at = FIRST_BELL
    assert (await give(room)).version == 1


async def test_the_first_grade_has_no_marks(room: ClassRoom) -> None:
    for title, marked in (("1Б", False), ("10Б", True), ("11", True)):
        own = await room.builder.school_class(room.school, title)
        pupil = await room.builder.pupil(own, "Малышева Ия")
        lesson = await room.builder.lesson(own, room.teacher, time(8, 30))
        async with room.database.begin() as session:
            giving = gradebook.give(session, room.act(), lesson, pupil, 5)
            if marked:
                assert (await giving).version == 1
            else:
                assert await refused(giving) == (Invalid, "first-grade-unmarked")


async def test_no_mark_goes_to_a_pupil_of_another_class_nor_to_an_adult(room: ClassRoom) -> None:
    other = await room.builder.pupil(await room.builder.school_class(room.school, "5Б"), "Чужой Иван")
    before = await room.watch.everything()
    for person in (other, room.teacher, uuid4()):
        async with room.database.begin() as session:
            giving = gradebook.give(session, room.act(), room.lessons[0], person, 5)
            assert await refused(giving) == (Invalid, "pupil-of-another-class")
    assert await room.watch.everything() == before


async def test_what_is_not_there_is_refused(room: ClassRoom) -> None:
    assert await refused(correct(room, uuid4(), 5)) == (NotFound, "mark-unknown")
    assert await refused(take_back(room, uuid4())) == (NotFound, "mark-unknown")
    async with room.database.begin() as session:
        giving = gradebook.give(session, room.act(), uuid4(), room.pupils[0], 5)
        assert await refused(giving) == (NotFound, "lesson-unknown")


async def test_a_mark_of_a_pupil_who_has_changed_class_can_still_be_corrected(room: ClassRoom) -> None:
    given = await give(room, 2)
    other = await room.builder.school_class(room.school, "5Б")
    await room.builder.move(room.pupils[1], other)
    assert (await correct(room, given.mark, 4)).version == 2
    assert len((await page(room)).pupils) == 5, "he stands there as long as he has a mark"
    assert (await page(room)).pupils[-1].pupil == room.pupils[1]


WRITING: dict[str, Callable[[ClassRoom, Act, UUID], Awaitable[object]]] = {
    "give": lambda room, act, _: give(room, act=act),
    "give_for_missed": lambda room, act, _: give_for_missed(room, 1, act),
    "correct": lambda room, act, mark: correct(room, mark, 5, act),
    "take_back": lambda room, act, mark: take_back(room, mark, act),
}


async def test_the_class_teacher_views_the_marks_of_his_class_and_may_edit_none(room: ClassRoom) -> None:
    given = await give(room, 2)
    assert [mark.id for mark in (await page(room, room.class_teacher)).pupils[1].marks] == [given.mark]
    before = await room.watch.everything()
    for write in WRITING.values():
        doing = write(room, room.act(room.class_teacher), given.mark)
        assert await refused(doing) == (Forbidden, "lesson-of-another-teacher")
    assert await room.watch.everything() == before


async def test_a_stranger_a_guardian_and_a_pupil_neither_see_nor_write(room: ClassRoom) -> None:
    given = await give(room, 2)
    mother = await room.builder.guardian(room.pupils[1], name="Ёлкина Ольга")
    other = await room.builder.teacher(room.school, "Белова Ольга Львовна")
    await room.builder.lesson(room.school_class, other, time(12, 30), number=6, subject="биология")
    before = await room.watch.everything()
    for person in (room.stranger, other, mother, room.pupils[1]):
        assert await refused(page(room, person)) == (Forbidden, "lesson-of-another-teacher")
        for write in WRITING.values():
            doing = write(room, room.act(person), given.mark)
            assert await refused(doing) == (Forbidden, "lesson-of-another-teacher")
    assert await room.watch.everything() == before


async def test_the_administration_views_and_edits_and_so_does_the_office(room: ClassRoom) -> None:
    for act in (room.act(room.head), Act(OFFICE, room.hands.at, "office/1")):
        given = await give(room, 2, act=act)
        assert await correct(room, given.mark, 3, Act(act.actor, act.at, str(uuid4()))) == Given(given.mark, 2)
        assert (await take_back(room, given.mark, Act(act.actor, act.at, str(uuid4())))).version == 3
    assert len((await page(room, room.head)).pupils) == 5
