"""What a journal asks its database does not grow: not with other schools beside it, not with the pupils of a class."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import URL, event
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import Actor
from core.database import Database
from core.learning import attendance, diary, gradebook, timetable
from tests.integration.core_world import DAY, ClassRoom, class_room
from tests.school_builder import SchoolBuilder

MORE_PUPILS = tuple(f"Новиков Имя{number}" for number in range(12))


@dataclass(frozen=True)
class Asked:
    """How many statements each step of a day took, and how many rows they returned or wrote."""

    teachers_day: tuple[int, int]
    diary_week: tuple[int, int]
    roll: int
    calling: int
    mark: tuple[int, int]


@pytest.fixture
async def room(core_database: Database, database_url: URL) -> ClassRoom:
    return await class_room(core_database, database_url)


async def cost(room: ClassRoom, doing: Callable[[AsyncSession], Awaitable[object]]) -> tuple[int, int]:
    """Count statements and their rows in a transaction that is taken back."""
    rows: list[int] = []

    def note(_: object, cursor: object, __: object, parameters: list[object], ___: object, many: bool) -> None:  # noqa: FBT001 - SQLAlchemy's own signature
        rows.append(len(parameters) if many else max(0, getattr(cursor, "rowcount", 0)))

    engine = room.database.engine.sync_engine
    event.listen(engine, "after_cursor_execute", note)
    try:
        async with room.database.begin() as session:
            await doing(session)
            await session.rollback()
    finally:
        event.remove(engine, "after_cursor_execute", note)
    assert rows
    return len(rows), sum(rows)


async def asked(room: ClassRoom, parent: UUID) -> Asked:
    """Do what is done on a day: everybody but the first is absent."""
    lesson, pupil = room.lessons[0], room.pupils[0]
    absent = dict.fromkeys(room.pupils[1:], "н")
    teacher, now = room.act().actor, room.hands.at
    return Asked(
        teachers_day=await cost(room, lambda s: timetable.lessons_of(s, [room.teacher], DAY)),
        diary_week=await cost(room, lambda s: diary.week(s, Actor("telegram", parent), pupil, DAY, now)),
        roll=(await cost(room, lambda s: attendance.roll(s, teacher, lesson, now)))[0],
        calling=(await cost(room, lambda s: attendance.record(s, room.act(), lesson, absent)))[0],
        mark=await cost(room, lambda s: gradebook.give(s, room.act(), lesson, pupil, 5)),
    )


async def test_a_day_asks_no_more_with_other_schools_beside(
    room: ClassRoom, core_database: Database, database_url: URL
) -> None:
    parent = await room.builder.guardian(room.pupils[0], name="Абрамова Вера Львовна")
    alone = await asked(room, parent)
    for number in range(2):
        other = await another(core_database, f"Школа {number}")
        assert other.pupils
    assert await asked(room, parent) == alone


async def test_a_day_asks_no_more_of_a_larger_class(room: ClassRoom) -> None:
    parent = await room.builder.guardian(room.pupils[0], name="Абрамова Вера Львовна")
    small = await asked(room, parent)
    room.pupils += await room.builder.pupils(room.school_class, *MORE_PUPILS)
    assert await asked(room, parent) == small
