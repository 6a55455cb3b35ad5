"""What a journal asks its database does not grow: not with other schools beside it, not with the pupils of a class."""

from collections.abc import Awaitable, Callable
from datetime import time
from uuid import UUID

import pytest
from sqlalchemy import URL, event
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import Actor
from core.database import Database
from core.learning import attendance, diary, gradebook, timetable
from tests.integration.core_world import DAY, NAMES, ClassRoom, class_room

OTHERS = 2
MORE_PUPILS = tuple(f"Новиков Имя{number}" for number in range(12))


type Asked = dict[str, tuple[int, int]]
"""Of each step of a day: how many statements it took, and how many rows they returned or wrote."""


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
    return {
        "teacher's day": await cost(room, lambda s: timetable.lessons_of(s, [room.teacher], DAY)),
        "diary week": await cost(room, lambda s: diary.week(s, Actor("telegram", parent), pupil, DAY, now)),
        "roll": await cost(room, lambda s: attendance.roll(s, teacher, lesson, now)),
        "calling": await cost(room, lambda s: attendance.record(s, room.act(), lesson, absent)),
        "mark": await cost(room, lambda s: gradebook.give(s, room.act(), lesson, pupil, 5)),
    }


async def beside(room: ClassRoom, name: str) -> None:
    """Put another school beside the first: a class with the same lessons today, its pupils, a parent."""
    school = await room.builder.school(name)
    teacher = await room.builder.teacher(school, "Кузнецова Мария Петровна")
    school_class = await room.builder.school_class(school, "5А")
    (pupil, *_) = await room.builder.pupils(school_class, *NAMES)
    await room.builder.guardian(pupil, name="Абрамова Вера Львовна")
    for number in range(len(room.lessons)):
        await room.builder.lesson(school_class, teacher, time(8 + number, 30), number=number + 1)


async def test_a_day_asks_no_more_with_other_schools_beside(room: ClassRoom) -> None:
    parent = await room.builder.guardian(room.pupils[0], name="Абрамова Вера Львовна")
    alone = await asked(room, parent)
    for number in range(OTHERS):
        await beside(room, f"Школа {number}")
    assert await asked(room, parent) == alone


async def test_a_larger_class_takes_no_more_statements(room: ClassRoom) -> None:
    parent = await room.builder.guardian(room.pupils[0], name="Абрамова Вера Львовна")
    small = await asked(room, parent)
    room.pupils += await room.builder.pupils(room.school_class, *MORE_PUPILS)
    large = await asked(room, parent)
    assert {step: statements for step, (statements, _) in large.items()} == {
        step: statements for step, (statements, _) in small.items()
    }
    assert large["roll"][1] > small["roll"][1], "they are on the roll"
