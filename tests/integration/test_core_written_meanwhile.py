"""What is written of a lesson, while its year is being closed or the lesson struck out: one comes after the other."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import asyncpg
import pytest
from sqlalchemy import URL, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import OFFICE, Act
from core.database import Database, connect_arguments
from core.events import ProposedReason, RemarkKind
from core.learning import attendance, gradebook, remarks
from core.movement import closing
from core.plan import open_years, years
from core.plan.plan_tables import SchoolYear
from core.refusals import Conflict, NotFound
from tests.integration.core_world import DAY, ClassRoom, class_room, refused
from tests.integration.eventually import eventually
from tests.unit.year_cases import calendar

type Doing = Callable[[AsyncSession], Awaitable[object]]
TEXT = "Забыт дневник."


@pytest.fixture
async def room(core_database: Database, database_url: URL) -> ClassRoom:
    room = await class_room(core_database, database_url)
    async with core_database.begin() as session:
        await years.set_calendar(session, Act(OFFICE, room.hands.at, "year"), room.school.id, calendar())
    return room


def writers(room: ClassRoom) -> dict[str, Doing]:
    """Return everything that is written of the first lesson by its teacher."""
    lesson, pupil = room.lessons[0], room.pupils[0]
    return {
        "roll": lambda session: attendance.record(session, room.act(), lesson, {}),
        "mark": lambda session: gradebook.give(session, room.act(), lesson, room.pupils[1], 5),
        "remark": lambda session: remarks.write(session, room.act(), lesson, pupil, RemarkKind.REMARK, TEXT),
    }


def planners(room: ClassRoom) -> dict[str, Doing]:
    """Return what asks whether the year is open before it plans, or moves somebody."""
    return {
        "plan": lambda session: open_years.demand(session, room.school.id, 2026),
        "order": lambda session: closing.demand_open(session, room.school.id, DAY),
    }


@asynccontextmanager
async def held(room: ClassRoom, lock: str, *values: object) -> AsyncIterator[asyncpg.Connection]:
    """Hold a lock on a connection of its own; what is done with it is committed at the end."""
    connection = await asyncpg.connect(**connect_arguments(room.watch.url))
    try:
        async with connection.transaction():
            await connection.fetch(lock, *values)
            yield connection
    finally:
        await connection.close()


async def alone(room: ClassRoom, doing: Doing) -> None:
    async with room.database.begin() as session:
        await doing(session)


async def close(room: ClassRoom) -> None:
    """Close the year as it is closed: under the lock of its row."""
    async with room.database.begin() as session:
        row = await session.get_one(SchoolYear, (room.school.id, 2026), with_for_update=True)
        row.closed_at = room.hands.at


YEAR_ROW = "SELECT * FROM core.school_year WHERE school_id = $1 FOR UPDATE"


@pytest.mark.parametrize("name", ["roll", "mark", "remark", "plan", "order"])
async def test_whoever_writes_while_the_year_is_being_closed_waits_and_is_refused(room: ClassRoom, name: str) -> None:
    doing = (writers(room) | planners(room))[name]
    before = await room.watch.everything()
    async with held(room, YEAR_ROW, room.school.id) as connection:
        waiting = asyncio.create_task(refused(alone(room, doing)))
        await eventually(room.watch.blocked)
        await connection.execute("UPDATE core.school_year SET closed_at = $1", room.hands.at)
    assert await waiting == (Conflict, "plan-year-closed" if name == "plan" else "year-closed")
    after = await room.watch.everything()
    assert {table for table in after if after[table] != before[table]} == {"core.school_year"}


@pytest.mark.parametrize("name", ["roll", "mark", "remark", "plan", "order"])
async def test_whoever_closes_the_year_waits_for_what_is_being_written(room: ClassRoom, name: str) -> None:
    doing = (writers(room) | planners(room))[name]
    async with room.database.begin() as session:
        await doing(session)
        closed = asyncio.create_task(close(room))
        await eventually(room.watch.blocked)
        assert not closed.done()
    await closed


async def test_planning_again_waits_for_nobody_who_writes(room: ClassRoom) -> None:
    async with room.database.begin() as first, room.database.begin() as second:
        for session in (first, second):
            await closing.demand_open(session, room.school.id, DAY)
        for doing in writers(room).values():
            await doing(second)
        await asyncio.wait_for(first.execute(update(SchoolYear).values(planned_until=None)), 5)


@pytest.mark.parametrize("name", ["roll", "mark", "remark"])
async def test_a_lesson_that_is_struck_out_meanwhile_is_no_lesson(room: ClassRoom, name: str) -> None:
    before = await room.watch.everything()
    async with held(room, "SELECT * FROM core.lesson WHERE id = $1 FOR UPDATE", room.lessons[0]) as connection:
        waiting = asyncio.create_task(refused(alone(room, writers(room)[name])))
        await eventually(room.watch.blocked)
        await connection.execute("DELETE FROM core.lesson WHERE id = $1", room.lessons[0])
    assert await waiting == (NotFound, "lesson-unknown")
    after = await room.watch.everything()
    assert {table for table in after if after[table] != before[table]} == {"core.lesson"}


@pytest.mark.parametrize("name", ["roll", "mark", "remark"])
async def test_whoever_makes_lessons_anew_under_the_years_lock_meets_nobody_who_holds_one(
    room: ClassRoom, name: str
) -> None:
    async with held(room, YEAR_ROW, room.school.id) as connection:
        waiting = asyncio.create_task(refused(alone(room, writers(room)[name])))
        await eventually(room.watch.blocked)
        await connection.execute("SELECT * FROM core.lesson WHERE id = $1 FOR UPDATE NOWAIT", room.lessons[0])
        await connection.execute("UPDATE core.lesson SET cancelled = 'other' WHERE id = $1", room.lessons[0])
    assert await waiting == (Conflict, "lesson-cancelled")


@pytest.mark.parametrize("name", ["roll", "mark", "remark"])
async def test_a_lesson_of_which_is_being_written_is_not_struck_out(room: ClassRoom, name: str) -> None:
    async with room.database.begin() as session:
        await writers(room)[name](session)
        asked = "SELECT id FROM core.lesson WHERE id = $1 FOR UPDATE SKIP LOCKED"
        assert await room.watch.rows(asked, room.lessons[0]) == []
    assert len(await room.watch.rows(asked, room.lessons[0])) == 1


def writing_outside(room: ClassRoom) -> Doing:
    act = room.act(room.class_teacher)
    return lambda session: remarks.write_as_class_teacher(session, act, room.pupils[0], RemarkKind.REMARK, TEXT)


async def test_a_closed_year_takes_no_remarks_and_no_answers_of_parents(room: ClassRoom) -> None:
    mother = await room.builder.guardian(room.pupils[0], name="Абрамова Вера Львовна")
    await room.record(0)
    async with room.database.begin() as session:
        remark = await remarks.write(session, room.act(), room.lessons[0], room.pupils[0], RemarkKind.REMARK, TEXT)
    await close(room)
    before = await room.watch.everything()
    doings: dict[str, Doing] = {
        "withdraw": lambda session: remarks.withdraw(session, room.act(), remark),
        "answer": lambda session: attendance.answer(session, room.act(mother), room.day(), ProposedReason.ILL),
    }
    for doing in doings.values():
        assert await refused(alone(room, doing)) == (Conflict, "year-closed")
    for days in (0, 30):
        room.hands.move(days=days)
        assert await refused(alone(room, writing_outside(room))) == (Conflict, "plan-year-closed")
    assert await room.watch.everything() == before
