"""Rolls that are late: which they are, and that each is told once, and once more when it is called (DL-01)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL, update

from core.actor import OFFICE, Act, Actor
from core.database import Database
from core.events import RollOverdueState
from core.learning import journal_locks, roll_deadlines
from core.plan.plan_tables import GroupMember, StudyGroup
from core.refusals import Forbidden
from core.school import school_rules
from core.tables import Lesson, Pupil, Slot
from core.timetable import dated
from tests.integration.core_world import DAY, FIRST_BELL, ClassRoom, class_room, refused
from tests.integration.timetable_world import MONDAY, WEEK, timetable_world

MINUTE, DAY_LONG = timedelta(minutes=1), timedelta(days=1)


@dataclass
class Clockwork:
    """The journal's clockwork, that ticks when told to."""

    room: ClassRoom

    async def ticks_at(self, minutes: float) -> int:
        self.room.hands.at = FIRST_BELL + minutes * MINUTE
        async with self.room.database.begin() as session:
            return await roll_deadlines.tick(session, self.room.hands.at)

    async def told(self, lesson: UUID) -> list[bool]:
        """Return what was told of a lesson's roll, in the order of versions."""
        events = await self.room.watch.events(f"roll/{lesson}")
        assert [one.version for one in events] == list(range(1, len(events) + 1))
        return [one.data.overdue for one in events if isinstance(one.data, RollOverdueState)]

    async def steps(self, lesson: UUID) -> list[tuple[str, bool]]:
        """Return how far a roll had come, and whether that was kept to oneself, in the order of versions."""
        events = await self.room.watch.events(f"roll/{lesson}")
        return [(one.data.step.value, one.data.silent) for one in events if isinstance(one.data, RollOverdueState)]


@pytest.fixture
async def clockwork(core_database: Database, database_url: URL) -> Clockwork:
    return Clockwork(await class_room(core_database, database_url))


async def late(room: ClassRoom, actor: Actor = OFFICE) -> list[UUID]:
    async with room.database.begin() as session:
        return [one.lesson for one in await roll_deadlines.overdue(session, actor, room.school.id, room.hands.at)]


async def late_of_class(room: ClassRoom, actor: Actor) -> list[UUID]:
    async with room.database.begin() as session:
        found = await roll_deadlines.overdue_of_class(session, actor, room.school_class, room.hands.at)
    return [one.lesson for one in found]


async def change_rules(room: ClassRoom, **own: object) -> None:
    async with room.database.begin() as session:
        await school_rules.change(session, Act(OFFICE, room.hands.at, str(uuid4())), room.school.id, own)


async def change(room: ClassRoom, lesson: UUID, **values: object) -> None:
    async with room.database.begin() as session:
        await session.execute(update(Lesson).where(Lesson.id == lesson).values(**values))


async def test_a_late_roll_is_told_once_and_once_more_when_it_is_called(clockwork: Clockwork) -> None:
    room = clockwork.room
    first, second, _ = room.lessons
    await change_rules(room, roll_reminder_minutes=None)
    assert await clockwork.ticks_at(19.9) == 0
    assert await clockwork.ticks_at(20) == 1
    assert await clockwork.ticks_at(25) == 0
    (event,) = await room.watch.events("roll/")
    assert (event.school, event.subject, event.time) == (room.school.id, f"roll/{first}", FIRST_BELL + 20 * MINUTE)
    assert event.data == RollOverdueState(
        lesson=first,
        class_title="5А",
        subject_name="математика",
        teacher=room.teacher,
        teacher_name="Кузнецова Мария Петровна",
        day=DAY,
        number=1,
        starts_at=FIRST_BELL,
        minutes=20,
        overdue=True,
    )
    called = await room.record(0)
    assert await clockwork.told(first) == [True], "calling a roll costs nothing more"
    assert await clockwork.ticks_at(30) == 1
    assert await clockwork.ticks_at(31) == 0
    assert await clockwork.told(first) == [True, False]
    await room.withdraw(called.version)
    await clockwork.ticks_at(32)
    assert await clockwork.told(first) == [True, False, True]

    room.hands.at = FIRST_BELL + 70 * MINUTE
    await room.record(lesson=1)
    await clockwork.ticks_at(85)
    assert await clockwork.told(second) == [], "it was called in time"
    await change(room, first, cancelled="emergency")
    await clockwork.ticks_at(86)
    assert await clockwork.told(first) == [True, False, True, False], "nobody waits for the roll of a lesson not held"


async def test_two_clockworks_tell_nothing_twice_and_yesterday_is_not_told_today(clockwork: Clockwork) -> None:
    room = clockwork.room
    at = FIRST_BELL + 20 * MINUTE

    async def tick() -> int:
        async with room.database.begin() as session:
            return await roll_deadlines.tick(session, at)

    assert sorted(await asyncio.gather(*(tick() for _ in range(4)))) == [0, 0, 0, 1]
    # 23:59 of the day at school, 18:59 by Greenwich; then midnight.
    room.hands.at = datetime.combine(DAY, time(18, 59), FIRST_BELL.tzinfo)
    assert len(await late(room)) == 3
    room.hands.move(minutes=1)
    assert await late(room) == []
    async with room.database.begin() as session:
        assert await roll_deadlines.tick(session, room.hands.at) == 0
    assert [await clockwork.told(one) for one in room.lessons] == [[True], [], []]


async def test_whose_roll_is_late_and_by_which_minutes(clockwork: Clockwork) -> None:
    room = clockwork.room
    first, second, third = room.lessons
    quick = await _quick_school(room)
    await change(room, second, starts_at=FIRST_BELL, distant=[room.school_class], substitute_id=room.stranger)
    await change(room, third, starts_at=FIRST_BELL, cancelled="weather")
    empty, of_two = await _group_lessons(room)
    await clockwork.ticks_at(6)
    told = {one.subject for one in await room.watch.events("roll/")}
    assert told == {f"roll/{quick}"}, "that school wants it within five minutes"
    await clockwork.ticks_at(20)
    told = {one.subject for one in await room.watch.events("roll/")}
    assert told == {f"roll/{one}" for one in (quick, first, second, of_two)}
    (state,) = [one.data for one in await room.watch.events(f"roll/{second}")]
    assert isinstance(state, RollOverdueState)
    assert (state.teacher, state.teacher_name) == (room.stranger, "Зимин Олег Андреевич")
    (of_group,) = [one.data for one in await room.watch.events(f"roll/{of_two}")]
    assert isinstance(of_group, RollOverdueState)
    assert of_group.class_title == "5А английский 1"
    assert empty not in await late(room)

    assert set(await late(room)) == set(await late(room, _actor(room.head))) == {first, second, of_two}
    assert set(await late_of_class(room, _actor(room.class_teacher))) == {first, second, of_two}
    for doing in (late(room, _actor(room.class_teacher)), late(room, _actor(room.teacher))):
        assert await refused(doing) == (Forbidden, "not-allowed")
    assert await refused(late_of_class(room, _actor(room.teacher))) == (Forbidden, "not-allowed")
    async with room.database.begin() as session:
        (shown,) = [
            one
            for one in await roll_deadlines.overdue(session, OFFICE, room.school.id, room.hands.at)
            if one.lesson == second
        ]
    assert (shown.class_title, shown.teacher_name, shown.minutes) == ("5А", "Зимин Олег Андреевич", 20)


async def test_who_is_taught_at_home_has_no_roll_in_class(clockwork: Clockwork) -> None:
    room = clockwork.room
    async with room.database.begin() as session:
        await session.execute(update(Pupil).where(Pupil.person_id.in_(room.pupils)).values(education_form="home"))
    assert await clockwork.ticks_at(200) == 0


async def test_a_lesson_that_was_opened_stays_as_not_held_when_the_timetable_loses_it_and_a_late_one_stays(
    core_database: Database, database_url: URL
) -> None:
    world = await timetable_world(core_database, database_url)
    slot = await world.slot(1, 6, "физика", "С", class_id=world.classes["5А"])
    await world.make()
    late = await world.lesson("5А", MONDAY, 6)
    opened = await world.lesson("5А", MONDAY + DAY_LONG, 1)
    world.hands.move(hours=8)
    await world.do(lambda session: roll_deadlines.tick(session, world.hands.at))
    until = world.hands.at + DAY_LONG
    await world.do(lambda session: journal_locks.unlock(session, world.act(), opened, until, "урок вперёд"))
    planned = await world.do(lambda session: session.get_one(Lesson, opened))
    gone = update(Slot).where(Slot.id.in_((slot, planned.slot_id))).values(until=MONDAY - DAY_LONG)
    await world.do(lambda session: session.execute(gone))
    made = await world.do(lambda session: dated.make(session, world.school, 2026, WEEK, world.hands.at))
    assert opened in made.kept
    assert (await world.read(opened)).cancelled == "other"
    assert (await world.read(late)).cancelled is None, "it has begun, and stays as it was"
    await world.do(lambda session: roll_deadlines.tick(session, world.hands.at))
    events = sorted(await world.watch.events(f"roll/{late}"), key=lambda one: one.version)
    assert [one.data.overdue for one in events if isinstance(one.data, RollOverdueState)] == [True]


@pytest.mark.req("ATT-01")
async def test_a_teacher_is_reminded_before_it_is_late_and_not_more_often_than_his_school_wants(
    clockwork: Clockwork,
) -> None:
    room = clockwork.room
    first, second, third = room.lessons
    await change_rules(room, roll_bell_reminder=True, roll_reminders_a_day=3)
    steps: list[int] = [await clockwork.ticks_at(minutes) for minutes in (-0.1, 0, 14, 15, 19, 20, 30)]
    assert steps == [0, 1, 0, 1, 0, 1, 0]
    assert await clockwork.steps(first) == [("begun", False), ("soon", False), ("late", False)]
    await change(room, second, starts_at=FIRST_BELL + 30 * MINUTE)
    assert [await clockwork.ticks_at(minutes) for minutes in (30, 45, 50)] == [1, 0, 1]
    told = await clockwork.steps(second)
    assert told == [("begun", False), ("late", True)], "the third of the day was the last; what came is changed"
    await change(room, third, starts_at=FIRST_BELL + 90 * MINUTE, substitute_id=room.stranger)
    assert [await clockwork.ticks_at(minutes) for minutes in (90, 105, 110)] == [1, 1, 1]
    assert await clockwork.steps(third) == [("begun", False), ("soon", False), ("late", False)], "another's day"


async def test_a_roll_called_in_time_is_no_longer_asked_for_and_a_moved_lesson_is_asked_for_anew(
    clockwork: Clockwork,
) -> None:
    room = clockwork.room
    first, second, _ = room.lessons
    await clockwork.ticks_at(15)
    await room.record(0)
    await clockwork.ticks_at(16)
    assert await clockwork.told(first) == [True, False]
    await change(room, second, starts_at=FIRST_BELL + 10 * MINUTE)
    await clockwork.ticks_at(26)
    await change(room, second, starts_at=FIRST_BELL + 100 * MINUTE)
    await clockwork.ticks_at(27)
    assert await clockwork.told(second) == [True, False]
    await clockwork.ticks_at(115)
    assert await clockwork.steps(second) == [("soon", False), ("soon", False), ("soon", False)]
    assert await clockwork.told(second) == [True, False, True]


def _actor(person: UUID) -> Actor:
    return Actor("web", person)


async def _quick_school(room: ClassRoom) -> UUID:
    """Make another school, in which a roll is late after five minutes; return its lesson of now."""
    quick = await room.builder.school("Школа «Маяк»")
    async with room.database.begin() as session:
        await school_rules.change(session, Act(OFFICE, room.hands.at, "quick"), quick.id, {"absence_minutes": 5})
    teacher = await room.builder.teacher(quick, "Иволгина Анна Львовна")
    school_class = await room.builder.school_class(quick, "1А", teacher)
    await room.builder.pupil(school_class, "Щеглов Пётр")
    return await room.builder.lesson(school_class, teacher, time(8, 30))


async def _group_lessons(room: ClassRoom) -> Sequence[UUID]:
    """Make lessons of two groups of the class: one whose members have left it, and one with two pupils."""
    lessons = []
    for number, (pupils, until) in enumerate(((room.pupils[:2], DAY - timedelta(days=1)), (room.pupils[:2], None))):
        lesson = await room.builder.lesson(room.school_class, room.teacher, time(8, 30), number=5 + number)
        group = StudyGroup(
            id=uuid4(),
            school_id=room.school.id,
            year=DAY.year,
            kind="group",
            purpose="subgroup",
            title=f"5А английский {number}",
        )
        async with room.database.begin() as session:
            session.add(group)
            await session.flush()
            since = date(2026, 9, 1)
            session.add_all(GroupMember(group_id=group.id, pupil_id=one, since=since, until=until) for one in pupils)
            await session.execute(update(Lesson).where(Lesson.id == lesson).values(class_id=None, group_id=group.id))
        lessons.append(lesson)
    return lessons
