"""A week of learning in the journal's own numbers."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL, event

from core.database import Database
from core.events import DatedWork, LearningWeekState, SubjectAverage
from core.learning import learning_week
from core.learning.learning_tables import Homework, Mark
from core.tables import Absence
from core.timetable.timetable_tables import ControlWork
from tests.integration.core_world import DAY, ClassRoom, class_room


@pytest.fixture
async def room(core_database: Database, database_url: URL) -> ClassRoom:
    return await class_room(core_database, database_url)


async def week(room: ClassRoom, first: int = 6, *pupils: UUID) -> dict[UUID, LearningWeekState]:
    async with room.database.begin() as session:
        wanted = pupils or room.pupils
        found = await learning_week.of_pupils(session, room.school.id, wanted, DAY - timedelta(days=first), DAY)
    return dict(found)


async def write(room: ClassRoom, *rows: object) -> None:
    async with room.database.begin() as session:
        session.add_all(rows)


def mark(room: ClassRoom, value: int | None, days_ago: int = 0, pupil: int = 0, lesson: int = 0) -> Mark:
    return Mark(
        id=uuid4(),
        lesson_id=room.lessons[lesson],
        pupil_id=room.pupils[pupil],
        day=DAY - timedelta(days=days_ago),
        value=value,
        work="ответ на уроке",
        given_by=room.teacher,
        given_at=room.hands.at,
        version=1,
    )


def absence(room: ClassRoom, lesson: int, *, missed: bool = True, kind: str = "unexplained", ago: int = 0) -> Absence:
    return Absence(
        lesson_id=room.lessons[lesson],
        pupil_id=room.pupils[0],
        day=DAY - timedelta(days=ago),
        code="н",
        recorded_at=room.hands.at,
        kind=kind,
        missed=missed,
    )


def work(room: ClassRoom, lesson: int, *, withdrawn: bool = False) -> ControlWork:
    return ControlWork(
        id=uuid4(),
        school_id=room.school.id,
        year=DAY.year,
        lesson_id=room.lessons[lesson],
        form="диктант",
        topic="",
        planned_at=room.hands.at,
        withdrawn=withdrawn,
        version=1,
    )


async def test_averages_are_of_marks_that_stand_and_know_what_they_were_a_week_ago(room: ClassRoom) -> None:
    await write(room, mark(room, 5, 7), mark(room, 4, 8), mark(room, 2), mark(room, None), mark(room, 3, pupil=1))
    found = await week(room)
    mine, other = found[room.pupils[0]], found[room.pupils[1]]
    (average,) = mine.averages
    assert (average.hundredths, average.before, mine.marks) == (367, 450, 1)
    assert [(one.hundredths, one.before) for one in other.averages] == [(300, None)]
    assert found[room.pupils[2]].is_empty
    assert isinstance(average, SubjectAverage)


async def test_missed_lessons_are_of_the_week_and_only_those_that_count(room: ClassRoom) -> None:
    await write(room, absence(room, 0), absence(room, 1, kind="illness"), absence(room, 2, missed=False))
    mine = (await week(room))[room.pupils[0]]
    assert (mine.missed, mine.unexplained) == (2, 1)
    before = (await week(room, -1))[room.pupils[0]]
    assert (before.missed, before.unexplained) == (0, 0)


async def test_a_missed_work_without_a_mark_is_named_until_there_is_one(room: ClassRoom) -> None:
    await write(room, absence(room, 0), absence(room, 1), work(room, 0), work(room, 1, withdrawn=True))
    mine = (await week(room))[room.pupils[0]]
    assert [(one.form, one.day) for one in mine.unwritten] == [("диктант", DAY)]
    await write(room, mark(room, 4))
    assert (await week(room))[room.pupils[0]].unwritten == ()


async def test_what_is_to_come_is_of_the_lessons_that_the_pupil_has(room: ClassRoom) -> None:
    lesson = room.lessons[0]
    homework = Homework(
        lesson_id=lesson,
        due_on=DAY,
        set_on=DAY - timedelta(days=2),
        text="№ 5",
        nothing_set=False,
        set_at=room.hands.at,
        withdrawn=False,
        version=1,
    )
    await write(room, homework, work(room, 0))
    async with room.database.begin() as session:
        days = (DAY - timedelta(days=7), DAY - timedelta(days=1))
        found = await learning_week.of_pupils(session, room.school.id, room.pupils, *days)
        before = await learning_week.of_pupils(
            session, room.school.id, room.pupils, *(one - timedelta(days=7) for one in days)
        )
    mine = found[room.pupils[0]]
    assert [(one.day, one.form) for one in (*mine.homework, *mine.ahead)] == [(DAY, ""), (DAY, "диктант")]
    assert isinstance(mine.homework[0], DatedWork)
    assert before[room.pupils[0]].is_empty, "eight days ahead is the next week's"


async def test_a_whole_class_is_read_in_a_few_statements_and_strangers_are_left_out(room: ClassRoom) -> None:
    said: list[str] = []
    engine = room.database.engine.sync_engine

    def note(*context: object) -> None:
        said.append(str(context[2]))

    event.listen(engine, "after_cursor_execute", note)
    found = await week(room, 6, *room.pupils, room.teacher, uuid4())
    event.remove(engine, "after_cursor_execute", note)
    assert found.keys() == set(room.pupils)
    assert len([one for one in said if "SET" not in one]) <= 8, said
