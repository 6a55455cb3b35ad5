"""What a school's administration is told of its day: late rolls as they come and go, and the morning in numbers."""

import asyncio
from datetime import time, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL, update

from core.access import Role
from core.actor import OFFICE, Act
from core.database import Database
from core.events import SchoolMorningState, SchoolRollsState
from core.learning import roll_deadlines, school_told
from core.school import school_rules
from core.staff import roles
from core.staff.roles import Term
from core.tables import Lesson, Staff
from tests.integration.core_world import DAY, FIRST_BELL, ClassRoom, class_room

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def room(core_database: Database, database_url: URL) -> ClassRoom:
    return await class_room(core_database, database_url)


async def ticks_at(room: ClassRoom, minutes: float) -> tuple[int, int]:
    """Let the clockwork go; return of how many schools rolls and mornings were told."""
    room.hands.at = FIRST_BELL + minutes * MINUTE
    async with room.database.begin() as session:
        await roll_deadlines.tick(session, room.hands.at)
    async with room.database.begin() as session:
        rolls = await school_told.tell_rolls(session, room.hands.at)
    async with room.database.begin() as session:
        return rolls, await school_told.tell_mornings(session, room.hands.at)


async def change(room: ClassRoom, lesson: UUID, **values: object) -> None:
    async with room.database.begin() as session:
        await session.execute(update(Lesson).where(Lesson.id == lesson).values(**values))


async def change_rules(room: ClassRoom, **own: object) -> None:
    async with room.database.begin() as session:
        await school_rules.change(session, Act(OFFICE, room.hands.at, str(uuid4())), room.school.id, own)


async def a_deputy(room: ClassRoom) -> UUID:
    person = await room.builder.teacher(room.school, "Завьялова Анна")
    async with room.database.begin() as session:
        act = Act(OFFICE, room.hands.at, str(uuid4()))
        await roles.grant(session, act, person, Role.DEPUTY, Term("приказ № 1"))
    return person


async def told(room: ClassRoom) -> list[SchoolRollsState]:
    events = await room.watch.events("school-rolls/")
    assert [one.version for one in events] == list(range(1, len(events) + 1))
    return [one.data for one in events if isinstance(one.data, SchoolRollsState)]


async def test_late_rolls_are_told_to_the_deputies_as_they_come_and_go(room: ClassRoom) -> None:
    deputy = await a_deputy(room)
    first, second, third = room.lessons
    await change(room, second, starts_at=FIRST_BELL + 60 * MINUTE)
    await change(room, third, starts_at=FIRST_BELL + 60 * MINUTE)
    assert [(await ticks_at(room, minutes))[0] for minutes in (15, 20, 21)] == [0, 1, 0], "nearly late is the teacher's"
    (state,) = await told(room)
    assert (state.day, state.administration, state.rings) == (DAY, (deputy,), 1)
    (late,) = state.lessons
    assert (late.lesson, late.class_title, late.number) == (first, "5А", 1)
    assert (late.subject_name, late.teacher_name) == ("математика", "Кузнецова Мария Петровна")
    await room.record(0)
    assert (await ticks_at(room, 30))[0] == 1
    assert (await ticks_at(room, 80))[0] == 1
    *_, called, again = await told(room)
    assert (called.lessons, called.rings) == ((), 1)
    assert ({one.lesson for one in again.lessons}, again.rings) == ({second, third}, 2)


async def test_a_school_says_how_often_its_deputies_hear_of_it(room: ClassRoom) -> None:
    second = room.lessons[1]
    await change_rules(room, roll_reminders_a_day=1)
    await change(room, second, starts_at=FIRST_BELL + 60 * MINUTE)
    await ticks_at(room, 20)
    await ticks_at(room, 80)
    states = await told(room)
    assert [(len(one.lessons), one.rings) for one in states] == [(1, 1), (2, 1)]
    assert {one.administration for one in states} == {(room.head,)}, "no deputy: the director"


async def test_two_clockworks_tell_a_school_once(room: ClassRoom) -> None:
    at = room.hands.at = FIRST_BELL + 120 * MINUTE
    async with room.database.begin() as session:
        await roll_deadlines.tick(session, at)

    async def tick() -> tuple[int, int]:
        async with room.database.begin() as session:
            return await school_told.tell_rolls(session, at), await school_told.tell_mornings(session, at)

    done = await asyncio.gather(*(tick() for _ in range(4)))
    assert [sum(column) for column in zip(*done, strict=True)] == [1, 1]


async def test_the_morning_is_told_once_at_the_schools_own_time(room: ClassRoom) -> None:
    deputy = await a_deputy(room)
    await room.record(0)
    await change(room, room.lessons[1], substitute_id=room.stranger)
    await change(room, room.lessons[2], cancelled="weather")
    assert [(await ticks_at(room, minutes))[1] for minutes in (59, 60, 61)] == [0, 1, 0]
    (event,) = await room.watch.events("school-morning/")
    state = event.data
    assert isinstance(state, SchoolMorningState)
    assert set(state.administration) == {room.head, deputy}
    learners = len(room.pupils)
    assert (state.classes, state.called, state.enrolled, state.present) == (1, 1, learners, learners - 1)
    assert (state.unknown, state.substituted, state.cancelled) == (1, 1, 1)
    assert (state.day, state.at, event.time) == (DAY, room.hands.at - MINUTE, room.hands.at - MINUTE)


async def test_a_school_without_lessons_or_without_the_wish_is_told_no_morning(room: ClassRoom) -> None:
    await change_rules(room, morning_at=None)
    assert (await ticks_at(room, 120))[1] == 0
    await change_rules(room, morning_at=...)
    assert (await ticks_at(room, 24 * 60 + 120))[1] == 0, "a day without lessons"
    assert (await ticks_at(room, 120))[1] == 1


async def test_many_schools_at_a_bell_are_told_each_its_own_and_whoever_works_there_no_more_hears_nothing(
    room: ClassRoom,
) -> None:
    deputy = await a_deputy(room)
    async with room.database.begin() as session:
        await session.execute(update(Staff).where(Staff.person_id == deputy).values(until=DAY - timedelta(days=1)))
    other = await room.builder.school("Школа «Маяк»")
    head = await room.builder.teacher(other, "Маякова Зоя", administers=True)
    school_class = await room.builder.school_class(other, "1А", head)
    await room.builder.pupil(school_class, "Щеглов Пётр")
    lesson = await room.builder.lesson(school_class, head, time(8, 30))
    assert (await ticks_at(room, 20))[0] == 2
    events = {one.school: one.data for one in await room.watch.events("school-rolls/")}
    found = {
        school: ([one.lesson for one in state.lessons], state.administration)
        for school, state in events.items()
        if isinstance(state, SchoolRollsState)
    }
    assert found == {room.school.id: ([room.lessons[0]], (room.head,)), other.id: ([lesson], (head,))}
