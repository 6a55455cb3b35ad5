"""Letters leave after the child's lessons, unless an hour was chosen; and move when the lessons do (house.md §6)."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from core.database import Database
from core.events import Addressee, Channel, RemarkKind, TimetableDayState, TimetableLesson, timetable_subject
from gateway.categories import Category
from gateway.profiles import OFF, Choice, Mode
from tests.integration.gateway_world import MORNING, UNEXPLAINED, Child, GatewayWorld, gateway_world
from tests.integration.test_gateway_news import EVENING, LETTER, at, choose, mark, remark

CLASS, DAY = UUID(int=5), MORNING.date()
DAILY = Choice(Mode.DAILY, Channel.MAIL)
LESSON = TimetableLesson(
    lesson=UUID(int=6),
    day=DAY,
    number=1,
    starts_at=MORNING,
    ends_at=MORNING + timedelta(minutes=40),
    subject_name="математика",
    teacher_name="Кузнецова Мария Петровна",
    room_name="12",
)
SIX_TWENTY = EVENING + timedelta(minutes=20)
"""From 8:40 to 18:20: the end of lessons at 16:50, and an hour and a half."""


@pytest_asyncio.fixture
async def world(core_database: Database, gateway_database: Database, tmp_path: Path) -> AsyncIterator[GatewayWorld]:
    async with gateway_world(core_database, gateway_database, tmp_path) as made:
        yield made


async def lessons_end(world: GatewayWorld, after_morning: timedelta, *children: Child) -> None:
    """State a day of a class whose last lesson ends so long after 8:40."""
    late = LESSON.model_copy(update={"ends_at": MORNING + after_morning})
    state = TimetableDayState(
        learners=CLASS,
        class_title="5 «А»",
        pupils=tuple(Addressee(pupil=child.id, name=child.name) for child in children),
        day=DAY,
        lessons=(late,),
    )
    await world.publish(world._event(state, timetable_subject(CLASS, DAY)))


async def second_shift(world: GatewayWorld, *children: Child) -> None:
    """State that lessons end at 16:50."""
    await lessons_end(world, SIX_TWENTY - timedelta(minutes=90), *children)


async def due(world: GatewayWorld, child: Child) -> timedelta:
    """Return how long after 8:40 the one message of the day is due."""
    query = "SELECT due_at FROM gateway.delivery WHERE recipient = :parent AND state = 'pending'"
    found: timedelta = await world.value(query, parent=child.parents[0].id) - MORNING
    return found


@pytest.mark.req("NOTIF-05")
async def test_who_chose_nothing_gets_his_letter_after_the_lessons_and_who_chose_an_hour_at_that(
    world: GatewayWorld,
) -> None:
    after, at_six = await world.child(LETTER), await world.child(LETTER, name="Щукина Мира")
    await second_shift(world, after, at_six)
    await choose(world, at_six.parents[0], Choice(Mode.DAILY, Channel.MAIL, 18), Category.BAD_MARK)
    for child in (after, at_six):
        await mark(world, child, 2, uuid4())
    await world.pass_undo()
    await at(world, SIX_TWENTY - timedelta(seconds=1))
    assert [len(world.letters(child.parents[0])) for child in (after, at_six)] == [0, 1]
    await at(world, SIX_TWENTY + timedelta(seconds=1))
    assert [len(world.letters(child.parents[0])) for child in (after, at_six)] == [1, 1]


@pytest.mark.req("NOTIF-05")
async def test_of_the_week_one_letter_comes_on_the_chosen_day_after_its_lessons(world: GatewayWorld) -> None:
    child = await world.child(LETTER)
    weekly = Choice(Mode.WEEKLY, Channel.MAIL, None, 4)
    await choose(world, child.parents[0], weekly, Category.PRAISE)
    await remark(world, child, uuid4(), RemarkKind.PRAISE)
    await world.pass_undo()
    await at(world, EVENING + timedelta(days=2, seconds=-1))
    assert world.letters(child.parents[0]) == ()
    await at(world, EVENING + timedelta(days=2, seconds=1))
    assert len(world.letters(child.parents[0])) == 1


async def test_a_letter_that_waits_moves_with_the_lessons_and_stays_one(world: GatewayWorld) -> None:
    child, other = await world.child(LETTER), await world.child(LETTER, name="Щукина Мира")
    parent = child.parents[0]
    for one in (child, other):
        await mark(world, one, 2, uuid4())
    await mark(world, child, 3, uuid4())
    await world.pass_undo()
    # At noon a lesson is put behind the others, and later it is put further still.
    await at(world, timedelta(hours=3))
    await lessons_end(world, timedelta(hours=7), child)
    await at(world, timedelta(hours=4))
    await second_shift(world, child)
    await world.settle()
    assert await due(world, other) == EVENING
    await at(world, SIX_TWENTY - timedelta(seconds=1))
    assert [len(world.letters(one.parents[0])) for one in (child, other)] == [0, 1]
    await at(world, SIX_TWENTY + timedelta(seconds=1))
    (letter,) = world.letters(parent)
    assert "математика: 2" in (letter.text or "")
    assert "математика: 3" in (letter.text or "")
    await at(world, EVENING + timedelta(days=1, hours=1))
    assert len(world.letters(parent)) == 1


async def test_what_another_class_is_taught_leaves_a_letter_where_it_is(world: GatewayWorld) -> None:
    child, other = await world.child(LETTER), await world.child(LETTER, name="Щукина Мира")
    await mark(world, child, 2, uuid4())
    await world.pass_undo()
    touched = "SELECT changed_at FROM gateway.delivery WHERE recipient = :parent AND channel = 'mail'"
    before = await world.value(touched, parent=child.parents[0].id)
    world.clock.move(minutes=5)
    await second_shift(world, other)
    await world.settle()
    assert await world.value(touched, parent=child.parents[0].id) == before


async def test_a_reader_has_the_same_plan_whatever_else_is_in_the_batch(world: GatewayWorld) -> None:
    """Absences wait for nothing, unless their reader wants them so: then his days are read in every batch."""
    alone, beside = await world.child(LETTER), await world.child(LETTER, name="Щукина Мира")
    await second_shift(world, alone, beside)
    await world.plan()
    for child in (alone, beside):
        await choose(world, child.parents[0], OFF, Category.BAD_MARK)
        await choose(world, child.parents[0], DAILY, Category.ABSENCE)
    await world.states(alone, {1: UNEXPLAINED})
    await world.plan()
    await mark(world, beside, 2, uuid4())
    await world.states(beside, {1: UNEXPLAINED})
    await world.plan()
    assert [await due(world, child) for child in (alone, beside)] == [SIX_TWENTY, SIX_TWENTY]
