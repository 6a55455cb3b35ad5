"""What was held stays as it was held: while its roll is being called, and whatever its day becomes later."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import Database
from core.events import RemarkKind
from core.learning import attendance, gradebook, remarks, timetable
from core.refusals import Conflict, Refusal
from core.tables import Lesson
from core.timetable import change_list, dated, day_acts, lesson_changes
from core.timetable.change_writing import TimetableClash
from core.timetable.day_acts import Acted
from core.timetable.lesson_changes import Place, Substitute
from core.timetable.short_bells import shortened
from core.year.changes import CancelReason, Closed, DayAct, Effect, Scope, ShortBells, TaughtBy
from core.year.span import Span
from tests.integration.core_world import refused
from tests.integration.eventually import eventually
from tests.integration.timetable_world import BELLS, MONDAY, WEEK, TimetableWorld, timetable_world

TUESDAY, FRIDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=4)
COLD = Closed(CancelReason.WEATHER)
HELD = (Conflict, "timetable-lesson-held")
type Doing[T] = Callable[[AsyncSession], Awaitable[T]]


@pytest.fixture
async def world(core_database: Database, database_url: URL) -> TimetableWorld:
    return await timetable_world(core_database, database_url)


def calling(world: TimetableWorld, lesson: UUID) -> Doing[object]:
    return lambda session: attendance.record(session, world.act(), lesson, {})


def cancelling(world: TimetableWorld, lesson: UUID) -> Doing[UUID]:
    return lambda session: lesson_changes.cancel(session, world.act(), lesson, CancelReason.NO_TEACHER)


def moving(world: TimetableWorld, lesson: UUID, place: Place) -> Doing[UUID]:
    return lambda session: lesson_changes.move(session, world.act(), lesson, place)


def substituting(world: TimetableWorld, lesson: UUID, wanted: Substitute) -> Doing[UUID]:
    return lambda session: lesson_changes.substitute(session, world.act(), lesson, wanted)


def withdrawing(world: TimetableWorld, change: UUID) -> Doing[None]:
    return lambda session: lesson_changes.withdraw(session, world.act(), change)


def acting(world: TimetableWorld, effect: Effect, *classes: str) -> Doing[Acted]:
    of = frozenset(world.classes[title] for title in classes) if classes else None
    act = DayAct(Span(MONDAY, MONDAY), effect, Scope(classes=of))
    return lambda session: day_acts.act(session, world.act(), world.school.id, act)


def making(world: TimetableWorld, now: datetime) -> Doing[object]:
    return lambda session: dated.make(session, world.school, 2026, WEEK, now)


async def outcome[T](doing: Awaitable[T]) -> T | tuple[type[Refusal], str]:
    try:
        return await doing
    except Refusal as refusal:
        return type(refusal), refusal.code


async def while_its_roll_is_called[T](
    world: TimetableWorld, lesson: UUID, doing: Doing[T]
) -> T | tuple[type[Refusal], str]:
    """Do something that waits until a roll, called already, is committed."""
    async with world.database.begin() as session:
        await calling(world, lesson)(session)
        waiting = asyncio.create_task(outcome(world.do(doing)))
        await eventually(world.watch.blocked)
        assert not waiting.done()
    return await waiting


def place(lesson: Lesson) -> tuple[date, int, datetime, str | None]:
    return lesson.day, lesson.number, lesson.starts_at, lesson.cancelled


async def test_a_lesson_whose_roll_is_being_called_is_neither_cancelled_nor_moved_nor_closed_nor_made_anew(
    world: TimetableWorld,
) -> None:
    first, second, third = [await world.lesson("5А", MONDAY, number) for number in (1, 2, 3)]
    other = await world.lesson("5Б", MONDAY, 1)
    stood = [place(await world.read(one)) for one in (first, second, third, other)]
    begun = world.hands.at
    world.hands.move(hours=3)
    assert await while_its_roll_is_called(world, first, cancelling(world, first)) == HELD
    assert await while_its_roll_is_called(world, other, moving(world, other, Place(TUESDAY, 5))) == HELD
    slot = (await world.read(second)).slot_id
    await world.watch.rows("UPDATE core.slot SET number = 5 WHERE id = $1", slot)
    # Whoever makes a year began before the bell: by his clock the lesson is still to come.
    await while_its_roll_is_called(world, second, making(world, begun))
    await world.watch.rows("UPDATE core.slot SET number = 2 WHERE id = $1", slot)
    acted = await while_its_roll_is_called(world, third, acting(world, COLD))
    assert isinstance(acted, Acted)
    assert (acted.lessons, acted.held) == (2, 4)
    assert [place(await world.read(one)) for one in (first, second, third, other)] == stood


@pytest.mark.parametrize(
    ("effect", "classes"),
    [
        (COLD, ("5А",)),
        (ShortBells(shortened((BELLS,), 39, pause=30)), ()),
        (TaughtBy(date(2026, 11, 28)), ("5А",)),
    ],
)
async def test_an_act_of_the_day_takes_nothing_from_a_held_lesson_and_its_substitution_may_still_be_put_right(
    world: TimetableWorld, effect: Effect, classes: tuple[str, ...]
) -> None:
    lesson, other = await world.lesson("5А", MONDAY, 2), await world.lesson("5Б", MONDAY, 2)
    world.teachers["Т"] = await world.builder.teacher(world.school, "Титов Лев Юрьевич")
    await world.do(substituting(world, lesson, Substitute(world.teachers["С"])))
    world.hands.move(hours=2)
    await world.do(calling(world, lesson))
    stood = place(await world.read(lesson))
    act = await world.do(acting(world, effect, *classes))
    assert act.held == 1
    assert await refused(world.do(cancelling(world, lesson))) == HELD
    assert await refused(world.do(moving(world, lesson, Place(MONDAY, 5)))) == HELD
    # Whoever gave it has no other lesson at those minutes.
    doing = world.do(substituting(world, other, Substitute(world.teachers["С"])))
    assert await refused(doing) == (TimetableClash, "timetable-clash")
    made = await world.do(substituting(world, lesson, Substitute(world.teachers["Т"])))
    now = await world.read(lesson)
    assert (place(now), now.substitute_id) == (stood, world.teachers["Т"])
    await world.do(withdrawing(world, made))
    now = await world.read(lesson)
    assert (place(now), now.substitute_id, now.teacher_id) == (stood, None, world.teachers["З"])
    await world.do(lambda session: day_acts.withdraw(session, world.act(), act.change))
    assert place(await world.read(lesson)) == stood


async def test_a_late_substitution_changes_neither_subject_nor_teacher_of_a_lesson_held_by_an_earlier_timetable(
    world: TimetableWorld,
) -> None:
    lesson = await world.lesson("5А", MONDAY, 1)
    held = await world.read(lesson)
    russian = await world.watch.value("SELECT id FROM core.subject WHERE name = 'русский язык'")
    world.hands.move(hours=1)
    await world.do(calling(world, lesson))
    giving = world.act(world.teachers["К"])
    await world.do(lambda session: gradebook.give(session, giving, lesson, world.pupils["5А"][0], 5))
    world.hands.move(days=1)
    listed = "UPDATE core.slot SET subject_id = $1, teacher_id = $2, room_id = $3, number = 4 WHERE id = $4"
    await world.watch.rows(listed, russian, world.teachers["З"], world.rooms["14"], held.slot_id)
    made = await world.do(substituting(world, lesson, Substitute(world.teachers["С"])))
    named = ("subject_id", "teacher_id", "substitute_id", "room_id", "number", "starts_at", "cancelled")
    stands = [getattr(await world.read(lesson), name) for name in named]
    assert stands == [getattr(held, name) if name != "substitute_id" else world.teachers["С"] for name in named]
    doing = world.do(substituting(world, lesson, Substitute(world.teachers["С"], subject=russian)))
    assert await refused(doing) == (Conflict, "timetable-subject-held")
    room = await world.builder.room(world.school.id, "31")
    await world.do(moving(world, lesson, Place(MONDAY, 1, room=room)))
    assert (await world.read(lesson)).room_id == room
    await world.do(withdrawing(world, made))
    now = await world.read(lesson)
    assert (now.subject_id, now.teacher_id, now.substitute_id) == (held.subject_id, held.teacher_id, None)


async def test_what_was_told_of_a_lesson_of_another_subject_stays_true(world: TimetableWorld) -> None:
    lesson = await world.lesson("5А", MONDAY, 1)
    russian = await world.watch.value("SELECT id FROM core.subject WHERE name = 'русский язык'")
    first = await world.do(substituting(world, lesson, Substitute(world.teachers["С"], subject=russian)))
    world.hands.move(hours=1)
    await world.do(calling(world, lesson))
    told, other = (Conflict, "timetable-subject-held"), world.teachers["С"]
    assert await refused(world.do(withdrawing(world, first))) == told
    assert await refused(world.do(substituting(world, lesson, Substitute(other)))) == told
    wanted = Substitute(other, subject=russian, room=await world.builder.room(world.school.id, "31"))
    await world.do(substituting(world, lesson, wanted))
    now = await world.read(lesson)
    assert (now.subject_id, now.room_id) == (russian, wanted.room)


async def test_a_remark_keeps_its_lesson_and_one_that_was_taken_back_does_not(world: TimetableWorld) -> None:
    lesson, teacher = await world.lesson("5А", MONDAY, 1), world.teachers["К"]
    world.hands.move(hours=1)
    act, pupil = world.act(teacher), world.pupils["5А"][0]
    remark = await world.do(lambda s: remarks.write(s, act, lesson, pupil, RemarkKind.REMARK, "Забыт дневник."))
    assert await refused(world.do(cancelling(world, lesson))) == HELD
    await world.do(lambda session: remarks.withdraw(session, world.act(teacher), remark))
    await world.do(cancelling(world, lesson))
    assert (await world.read(lesson)).cancelled == "no-teacher"


async def test_a_move_of_a_lesson_that_the_timetable_has_lost_is_taken_back(world: TimetableWorld) -> None:
    lesson = await world.lesson("5А", FRIDAY, 1)
    slot = (await world.read(lesson)).slot_id
    moved = await world.do(moving(world, lesson, Place(FRIDAY, 6)))
    await world.watch.rows("UPDATE core.slot SET until = $2 WHERE id = $1", slot, TUESDAY)
    await world.do(lambda session: timetable.open_coming(session, world.school, world.hands.at))
    assert await world.watch.rows("SELECT id FROM core.lesson WHERE id = $1", lesson) == []
    await world.do(withdrawing(world, moved))
    act = world.act()
    listed = await world.do(lambda session: change_list.of_days(session, act.actor, world.school.id, WEEK, act.at))
    assert listed == ()
    (row,) = await world.watch.audit("timetable.withdraw")
    assert row["subject"] == f"timetable-change/{moved}"
