"""A pupil who by an order of today was not in the class any more when the lesson was: what was written of him there."""

from datetime import time, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL

from core.access import Right
from core.actor import Actor
from core.database import Database
from core.events import RemarkKind
from core.learning import attendance, gradebook, lesson_rights, remarks
from core.learning.gradebook import GradePage
from core.movement import enrolments
from core.refusals import Invalid
from core.tables import Lesson, Slot
from tests.integration.core_world import DAY, ClassRoom, class_room, refused

LATER = DAY + timedelta(days=1)


@pytest.fixture
async def room(core_database: Database, database_url: URL) -> ClassRoom:
    return await class_room(core_database, database_url)


async def pass_on(room: ClassRoom, pupil: int = 0) -> None:
    """Write down on the day after the lesson that he learns in 5Б since the day before it."""
    other = await room.builder.school_class(room.school, "5Б")
    room.hands.move(days=1)
    async with room.database.begin() as session:
        since = DAY - timedelta(days=1)
        await enrolments.move(session, [(room.pupils[pupil], other)], since, today=LATER)


async def roll(room: ClassRoom) -> attendance.Roll:
    async with room.database.begin() as session:
        return await attendance.roll(session, room.act().actor, room.lessons[0], room.hands.at)


async def page(room: ClassRoom) -> GradePage:
    async with room.database.begin() as session:
        return await gradebook.page(session, room.act().actor, room.lessons[0], room.hands.at)


async def test_his_absence_stands_behind_the_list_and_can_be_corrected(room: ClassRoom) -> None:
    await room.record(0, 1)
    await pass_on(room)
    lines = (await roll(room)).pupils
    assert [(lines[number].id, lines[number].code) for number in (0, -1)] == [
        (room.pupils[1], "н"),
        (room.pupils[0], "н"),
    ]
    await room.correct({0: "б"})
    assert await room.codes() == {0: "б", 1: "н"}
    await room.correct({0: None})
    assert len((await roll(room)).pupils) == 4, "of whom nothing is written is on no list"
    assert await refused(room.correct({0: "н"})) == (Invalid, "pupil-not-of-this-class")


async def test_calling_the_roll_again_counts_him_as_the_list_has_him(room: ClassRoom) -> None:
    await room.record(0)
    await pass_on(room)
    recorded = await room.record(0, 1)
    assert (recorded.absent, recorded.changed) == (2, (room.pupils[1],))
    recorded = await room.record()
    assert (recorded.absent, await room.codes()) == (0, {})


async def test_his_mark_stays_on_the_page_and_can_be_corrected(room: ClassRoom) -> None:
    async with room.database.begin() as session:
        given = await gradebook.give(session, room.act(), room.lessons[0], room.pupils[0], 5)
    await pass_on(room)
    found = (await page(room)).pupils
    assert [line.pupil for line in found] == [*room.pupils[1:], room.pupils[0]]
    assert [mark.value for mark in found[-1].marks] == [5]
    async with room.database.begin() as session:
        await gradebook.take_back(session, room.act(), given.mark)
    assert len((await page(room)).pupils) == 4
    async with room.database.begin() as session:
        doing = gradebook.give(session, room.act(), room.lessons[0], room.pupils[0], 5)
        assert await refused(doing) == (Invalid, "pupil-of-another-class")


async def test_a_remark_of_that_day_names_the_class_of_that_day(room: ClassRoom) -> None:
    async with room.database.begin() as session:
        remark = await remarks.write(session, room.act(), room.lessons[0], room.pupils[0], RemarkKind.REMARK, "Молодец")
    room.hands.move(days=1)
    await room.builder.move(room.pupils[0], await room.builder.school_class(room.school, "5Б"))
    async with room.database.begin() as session:
        await remarks.withdraw(session, room.act(), remark)
    events = await room.watch.events("remark/")
    assert [one.data.model_dump()["class_title"] for one in events] == ["5А", "5А"]


async def test_nobody_writes_outside_lessons_of_a_pupil_who_has_left(room: ClassRoom) -> None:
    async with room.database.begin() as session:
        await enrolments.end(session, [room.pupils[0]], DAY - timedelta(days=1), today=DAY)
    before = await room.watch.everything()
    for person in (room.class_teacher, room.head):
        async with room.database.begin() as session:
            act = room.act(person)
            doing = remarks.write_as_class_teacher(session, act, room.pupils[0], RemarkKind.PRAISE, "Молодец")
            assert await refused(doing) == (Invalid, "remark-pupil-gone")
    assert await room.watch.everything() == before


async def own_lesson(room: ClassRoom, days: int) -> UUID:
    """Make a lesson of the first pupil alone, so many days after the others; it was made while he learned in 5А."""
    at = room.hands.at + timedelta(days=days)
    day = DAY + timedelta(days=days)
    async with room.database.begin() as session:
        of_class = await session.get_one(Lesson, room.lessons[0])
        subject, school = of_class.subject_id, room.school.id
        slot = Slot(
            id=uuid4(),
            school_id=school,
            year=2026,
            pupil_id=room.pupils[0],
            weekday=day.isoweekday(),
            number=7,
            starts=time(14, 0),
            ends=time(14, 40),
            subject_id=subject,
            teacher_id=room.teacher,
        )
        session.add(slot)
        await session.flush()
        lesson = Lesson(
            id=uuid4(),
            school_id=school,
            slot_id=slot.id,
            planned_day=day,
            pupil_id=room.pupils[0],
            classes=[room.school_class],
            subject_id=subject,
            teacher_id=room.teacher,
            day=day,
            number=7,
            starts_at=at,
            ends_at=at + timedelta(minutes=40),
        )
        session.add(lesson)
    return lesson.id


async def seen_by(room: ClassRoom, lesson: UUID, *people: UUID) -> list[bool]:
    """Tell of each of these people whether the page of a lesson is his to see."""
    found = []
    for person in people:
        async with room.database.begin() as session:
            facts = await lesson_rights.of_lesson(session, Actor("telegram", person), lesson, room.hands.at)
        found.append(facts.may(Right.JOURNAL_VIEW))
    return found


async def test_his_own_lessons_go_with_him_from_one_class_teacher_to_the_other(room: ClassRoom) -> None:
    theirs = await room.builder.teacher(room.school, "Седова Анна Юрьевна")
    other = await room.builder.school_class(room.school, "5Б", theirs)
    lessons = [await own_lesson(room, days) for days in (0, 1, 2)]
    async with room.database.begin() as session:
        await enrolments.move(session, [(room.pupils[0], other)], LATER, today=DAY)
        await enrolments.end(session, [room.pupils[0]], LATER, today=DAY)
    seen = [await seen_by(room, lesson, room.class_teacher, theirs, room.teacher) for lesson in lessons]
    assert seen == [[True, False, True], [False, True, True], [False, False, True]]
    async with room.database.begin() as session:
        found = [
            await lesson_rights.of_lesson(session, Actor("telegram", room.head), lesson, room.hands.at)
            for lesson in lessons
        ]
    assert [one.classes for one in found] == [(room.school_class,), (other,), ()]
