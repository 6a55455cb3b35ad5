"""Lessons follow the year: what is due at them, what was told of them, the coming year, hands that write meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import OFFICE, Act
from core.database import Database
from core.events import HomeworkState
from core.learning import homework, timetable
from core.plan import stored_years, year_documents, years
from core.plan.plan_tables import SchoolYear
from core.plan.years import SlotsWithoutBells
from core.refusals import Conflict
from core.school_time import MachineClock
from core.timetable import lesson_changes
from core.timetable.lesson_changes import Place
from core.year.bells import BellSchedule
from core.year.changes import CancelReason
from tests.integration.core_world import refused
from tests.integration.eventually import eventually
from tests.integration.timetable_world import BELLS, MONDAY, TimetableWorld, timetable_world
from tests.unit.year_cases import calendar
from zvonok.installation import Installation
from zvonok.lessons import Coming
from zvonok.secret import Secret
from zvonok.settings import Settings

TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
FOUR = BellSchedule("первая смена", 1, BELLS.bells[:4])


@pytest.fixture
async def world(core_database: Database, database_url: URL) -> TimetableWorld:
    return await timetable_world(core_database, database_url)


async def coming(world: TimetableWorld) -> int:
    return await world.do(lambda session: timetable.open_coming(session, world.school, world.hands.at))


async def plan_again(world: TimetableWorld) -> None:
    await world.watch.rows("UPDATE core.school_year SET planned_until = NULL")


async def move(world: TimetableWorld, lesson: UUID, to: date, number: int) -> None:
    await world.do(lambda session: lesson_changes.move(session, world.act(), lesson, Place(to, number)))


async def set_days_off(world: TimetableWorld, *days: date) -> None:
    wanted = calendar(days_off=calendar().days_off | {*days})
    act = Act(OFFICE, world.hands.at, str(uuid4()))
    assert await world.do(lambda session: years.set_calendar(session, act, world.school.id, wanted))


async def give(world: TimetableWorld, session: AsyncSession) -> UUID:
    """Set homework at Monday's first lesson of 5А, for Tuesday's."""
    lesson = await world.lesson("5А", MONDAY, 1)
    return (await homework.set_at(session, world.act(world.teachers["К"]), lesson, "№ 7")).lesson


async def homework_told(world: TimetableWorld, due: UUID) -> list[tuple[int, date]]:
    found = sorted(await world.watch.events(f"homework/{due}"), key=lambda one: one.version)
    return [(one.version, one.data.due_on) for one in found if isinstance(one.data, HomeworkState)]


async def test_homework_is_due_when_its_lesson_is_held_wherever_that_is_moved(world: TimetableWorld) -> None:
    world.hands.move(hours=2)
    due = await world.do(lambda session: give(world, session))
    assert await homework_told(world, due) == [(1, TUESDAY)]
    await move(world, due, WEDNESDAY, 5)
    assert await homework_told(world, due) == [(1, TUESDAY), (2, WEDNESDAY)]
    again = await world.do(lambda session: homework.texts_due(session, [due]))
    assert again == {due: "№ 7"}
    row = await world.watch.value("SELECT due_on FROM core.homework WHERE lesson_id = $1", due)
    assert row == WEDNESDAY
    act = world.act()
    await world.do(lambda session: lesson_changes.cancel(session, act, due, CancelReason.WEATHER))
    assert (await homework_told(world, due))[2:] == [(3, WEDNESDAY)], "also that it is not held"


async def test_a_changed_calendar_is_told_where_something_was_told_before(world: TimetableWorld) -> None:
    await coming(world)
    lesson, act = await world.lesson("5А", WEDNESDAY, 1), world.act()
    await world.do(lambda session: lesson_changes.cancel(session, act, lesson, CancelReason.WEATHER))
    assert len(await world.events(world.classes["5А"], WEDNESDAY)) == 1
    await set_days_off(world, WEDNESDAY)
    await coming(world)
    assert await world.cancelled("5А", WEDNESDAY) == []
    (_, last) = (await world.events(world.classes["5А"], WEDNESDAY))[-1]
    assert last.lessons == ()
    assert len(await world.events(world.classes["5А"], WEDNESDAY)) == 2
    assert await world.events(world.classes["5Б"], WEDNESDAY) == [], "nobody was told of it"
    await plan_again(world)
    await coming(world)
    assert len(await world.events(world.classes["5А"], WEDNESDAY)) == 2, "again is nothing"


async def test_a_lesson_moved_to_a_day_that_becomes_free_is_not_held_and_that_is_told(world: TimetableWorld) -> None:
    lesson = await world.lesson("5А", TUESDAY, 1)
    await move(world, lesson, WEDNESDAY, 5)
    await set_days_off(world, WEDNESDAY)
    await coming(world)
    row = await world.read(lesson)
    assert (row.day, row.cancelled) == (WEDNESDAY, "other")
    (told,) = (await world.told("5А", WEDNESDAY)).lessons
    assert (told.lesson, told.cancelled) == (lesson, "other")


async def test_bells_that_a_moved_lesson_needs_are_kept_while_it_is_to_come(world: TimetableWorld) -> None:
    lesson = await world.lesson("5А", TUESDAY, 1)
    await move(world, lesson, TUESDAY, 6)

    async def set_bells() -> bool:
        act = Act(OFFICE, world.hands.at, str(uuid4()))
        return await world.do(lambda session: years.set_bells(session, act, world.school.id, 2026, (FOUR,)))

    with pytest.raises(SlotsWithoutBells) as found:
        await set_bells()
    assert [(one.learners, one.number) for one in found.value.slots] == [("5А", 6)]
    slot = "UPDATE core.slot SET until = $2 FROM core.lesson l WHERE l.slot_id = slot.id AND l.id = $1"
    await world.watch.rows(slot, lesson, MONDAY)
    assert await set_bells(), "the timetable has lost it"
    await world.watch.rows("UPDATE core.slot SET until = NULL")
    assert await world.do(lambda session: years.set_bells(session, world.act(), world.school.id, 2026, (BELLS,)))
    world.hands.move(days=2)
    assert await set_bells(), "it was held"
    assert await coming(world) > 0


async def test_one_moved_lesson_without_a_bell_leaves_the_others_theirs(world: TimetableWorld) -> None:
    lesson = await world.lesson("5А", WEDNESDAY, 1)
    await move(world, lesson, WEDNESDAY, 6)
    async with world.database.begin() as session:
        row = await session.get_one(SchoolYear, (world.school.id, 2026))
        row.bells = year_documents.of_bells((FOUR,))
    assert await coming(world) > 0
    assert await world.cancelled("5А", WEDNESDAY) == [None, None, "short-day"]
    other, act = await world.lesson("5Б", WEDNESDAY, 1), world.act()
    await world.do(lambda session: lesson_changes.cancel(session, act, other, CancelReason.WEATHER))
    assert await world.cancelled("5Б", WEDNESDAY) == ["weather", None, None]


async def test_the_coming_year_is_made_before_it_begins(world: TimetableWorld) -> None:
    await coming(world)
    async with world.database.begin() as session:
        now = await session.get_one(SchoolYear, (world.school.id, 2026))
        document = year_documents.of_calendar(stored_years.undeclared(2027))
        session.add(SchoolYear(school_id=world.school.id, year=2027, calendar=document, bells=now.bells, version=1))
    slot = await world.slot(3, 5, "математика", "К", class_id=world.classes["5А"])
    await world.watch.rows("UPDATE core.slot SET year = 2027 WHERE id = $1", slot)
    world.hands.at = datetime(2027, 8, 30, 3, tzinfo=UTC)
    assert await coming(world) > 30
    query = "SELECT min(day) FROM core.lesson WHERE slot_id = $1"
    assert await world.watch.value(query, slot) == date(2027, 9, 1)
    assert await coming(world) == 0


async def test_tomorrow_is_made_though_it_lies_in_a_year_that_is_not_set(world: TimetableWorld) -> None:
    await coming(world)
    slot = await world.slot(3, 5, "математика", "К", class_id=world.classes["5А"], starts=time(8, 30), ends=time(9, 10))
    await world.watch.rows("UPDATE core.slot SET year = 2027 WHERE id = $1", slot)
    world.hands.at = datetime(2027, 8, 30, 3, tzinfo=UTC)
    assert await coming(world) == 0
    world.hands.move(days=1)
    assert await coming(world) == 1


async def test_a_timetable_that_comes_late_makes_no_lessons_in_the_past(world: TimetableWorld) -> None:
    world.hands.move(days=2)
    for weekday in (1, 2, 4):
        for number in (4, 5, 6):
            for title in ("5А", "5Б"):
                await world.slot(weekday, number, "музыка", "С", class_id=world.classes[title])
    for number in range(1, 5):
        third = await world.builder.school_class(world.school, f"{number}В")
        for weekday in (1, 2):
            await world.slot(weekday, number, "музыка", "С", class_id=third)
    before = await world.watch.value("SELECT count(*) FROM core.lesson WHERE day < $1", WEDNESDAY)
    await plan_again(world)
    assert await coming(world) > 0
    assert await world.watch.value("SELECT count(*) FROM core.lesson WHERE day < $1", WEDNESDAY) == before


async def test_of_a_closed_year_no_lesson_is_made_and_no_homework_taken_back(world: TimetableWorld) -> None:
    world.hands.move(hours=2)
    due = await world.do(lambda session: give(world, session))
    await world.watch.rows("UPDATE core.school_year SET closed_at = now()")
    before = await world.watch.everything()
    day = MONDAY + timedelta(days=7)
    assert await world.do(lambda session: timetable.open_day(session, world.school, day, world.hands.at)) == 0
    world.hands.move(days=14)
    assert await coming(world) == 0, "nor of days missed"
    async with world.database.begin() as session:
        doing = homework.take_back(session, world.act(world.teachers["К"]), due)
        assert await refused(doing) == (Conflict, "year-closed")
    assert await world.watch.everything() == before


async def after[T](
    world: TimetableWorld, first: Callable[[AsyncSession], Awaitable[object]], second: Callable[[], Awaitable[T]]
) -> T:
    """Do the first; begin the second before the first has committed, so that it has to wait; return what it made."""

    async def is_blocked() -> bool:
        return await world.watch.blocked() > 0

    async with world.database.begin() as session:
        await first(session)
        task = asyncio.ensure_future(second())
        await eventually(is_blocked)
    return await task


async def test_homework_written_meanwhile_is_waited_for_and_its_lesson_stays_as_not_held(world: TimetableWorld) -> None:
    world.hands.move(hours=2)
    due = await world.lesson("5А", TUESDAY, 1)

    async def write(session: AsyncSession) -> None:
        assert await give(world, session) == due
        await set_days_off(world, TUESDAY)

    assert await after(world, write, lambda: coming(world)) > 0
    assert await world.cancelled("5А", TUESDAY) == ["other"]
    assert (await homework_told(world, due))[-1] == (2, TUESDAY)


async def test_homework_for_a_lesson_that_goes_at_this_moment_is_refused_and_no_lesson_comes_back(
    world: TimetableWorld,
) -> None:
    world.hands.move(hours=2)

    async def free_tuesday(session: AsyncSession) -> None:
        wanted = calendar(days_off=calendar().days_off | {TUESDAY})
        await years.set_calendar(session, Act(OFFICE, world.hands.at, str(uuid4())), world.school.id, wanted)
        await timetable.open_coming(session, world.school, world.hands.at)

    async def write() -> tuple[type[Exception], str]:
        async with world.database.begin() as session:
            return await refused(give(world, session))

    assert await after(world, free_tuesday, write) == (Conflict, "timetable-lesson-gone")
    assert await world.cancelled("5А", TUESDAY) == []
    assert await world.do(lambda session: give(world, session)) == await world.lesson("5А", WEDNESDAY, 1)


async def test_a_school_whose_lessons_cannot_be_made_hinders_no_other_and_is_looked_at_again_at_once(
    world: TimetableWorld, database_url: URL, tmp_path: Path
) -> None:
    clock = world.hands.clock
    here = Installation(Settings(data=tmp_path), database_url, Secret(b"x" * 32), clock, MachineClock())
    other = await world.builder.school("Школа 2")
    teacher = await world.builder.teacher(other, "Белова Ольга Львовна")
    await world.builder.lesson(await world.builder.school_class(other, "5А"), teacher, time(12, 30))
    await world.watch.rows("DELETE FROM core.lesson WHERE school_id = $1", other.id)
    await world.watch.rows(
        f"ALTER TABLE core.lesson ADD CONSTRAINT torn CHECK (school_id <> '{world.school.id}') NOT VALID"
    )
    count = "SELECT count(*) FROM core.lesson WHERE school_id = $1"
    before, looking = await world.watch.value(count, world.school.id), Coming()
    await looking.look(here, world.database)
    assert await world.watch.value(count, other.id) == 1
    assert await world.watch.value(count, world.school.id) == before
    await world.watch.rows("ALTER TABLE core.lesson DROP CONSTRAINT torn")
    await looking.look(here, world.database)
    assert await world.watch.value(count, world.school.id) > before
