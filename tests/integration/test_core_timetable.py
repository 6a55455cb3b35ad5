"""Weekly slots become lessons of a day, once; a teacher finds the lesson whose roll is wanted now."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL

from core.actor import OFFICE
from core.database import Database
from core.events import SchoolKind
from core.learning import timetable
from core.learning.timetable import LessonCard, lesson_to_call
from core.school import schools
from core.school.schools import SchoolCard
from core.tables import Slot, Subject
from tests.integration.core_world import DAY, ClassRoom, class_room
from tests.integration.roster_pages import Office, lesson, office_files, parent, pupil, staff

NEXT_WEEK = DAY + timedelta(days=7)


@pytest.fixture
async def room(core_database: Database, database_url: URL) -> ClassRoom:
    return await class_room(core_database, database_url)


async def open_day(room: ClassRoom, day: date, school: SchoolCard | None = None) -> int:
    async with room.database.begin() as session:
        return await timetable.open_day(session, school or room.school, day, room.hands.at)


async def lessons_of(room: ClassRoom, day: date, *teachers: UUID) -> tuple[LessonCard, ...]:
    async with room.database.begin() as session:
        return await timetable.lessons_of(session, teachers or [room.teacher], day)


async def test_a_day_is_opened_once(room: ClassRoom) -> None:
    assert await open_day(room, NEXT_WEEK) == 3
    before = await room.watch.everything()
    assert await open_day(room, NEXT_WEEK) == 0
    assert await room.watch.everything() == before
    assert [card.number for card in await lessons_of(room, NEXT_WEEK)] == [1, 2, 3]


async def test_a_day_that_exists_in_part_is_completed(room: ClassRoom) -> None:
    await room.watch.rows("DELETE FROM core.lesson WHERE id = $1", room.lessons[1])
    assert await open_day(room, DAY) == 1
    assert len(await lessons_of(room, DAY)) == 3


async def test_a_day_opened_by_several_at_once_is_opened_once(room: ClassRoom) -> None:
    opened = await asyncio.gather(*(open_day(room, NEXT_WEEK) for _ in range(4)))
    assert sorted(opened) == [0, 0, 0, 3]


async def test_days_on_which_nothing_ran_are_found_and_nothing_else_is(room: ClassRoom) -> None:
    """The room's lessons are on one weekday, and ``DAY`` is the first one with lessons."""
    month = DAY - timedelta(days=31), DAY + timedelta(days=22)

    async def unopened() -> tuple[date, ...]:
        async with room.database.begin() as session:
            return await timetable.unopened_days(session, room.school, *month)

    assert await unopened() == tuple(DAY + timedelta(days=7 * week) for week in (1, 2, 3))
    await open_day(room, NEXT_WEEK)
    # Homework had opened one lesson of a day ahead: the day itself was not.
    far = DAY + timedelta(days=14)
    await open_day(room, far)
    await room.watch.rows("DELETE FROM core.lesson WHERE day = $1 AND number > 1", far)
    await room.watch.rows(
        "INSERT INTO core.homework (lesson_id, due_on, set_on, text, nothing_set, set_at, withdrawn, version)"
        " SELECT id, day, $2, '№ 1', false, now(), false, 1 FROM core.lesson WHERE day = $1",
        far,
        DAY,
    )
    assert await unopened() == (far, DAY + timedelta(days=21))
    await room.watch.rows("DELETE FROM core.homework")
    await room.watch.rows("DELETE FROM core.lesson")
    assert await unopened() == (), "before a school's first lesson nothing was missed"


async def test_a_day_without_slots_has_no_lessons(room: ClassRoom) -> None:
    assert await open_day(room, DAY + timedelta(days=1)) == 0


async def test_only_this_schools_day_is_opened(room: ClassRoom) -> None:
    async with room.database.begin() as session:
        other = await schools.create(
            session, OFFICE, name="Школа 2", kind=SchoolKind.STATE, zone="Asia/Omsk", now=room.hands.at
        )
    assert await open_day(room, NEXT_WEEK, other) == 0
    assert await lessons_of(room, NEXT_WEEK) == ()


async def test_the_bell_rings_by_the_schools_own_clock(room: ClassRoom) -> None:
    async with room.database.begin() as session:
        far = await schools.create(
            session, OFFICE, name="Школа 2", kind=SchoolKind.STATE, zone="Asia/Kamchatka", now=room.hands.at
        )
    teacher = await room.builder.teacher(far, "Белова Ольга Львовна")
    own_class = await room.builder.school_class(far, "5А")
    async with room.database.begin() as session:
        subject = Subject(id=uuid4(), school_id=far.id, name="алгебра")
        session.add(subject)
        await session.flush()
        session.add(
            Slot(
                id=uuid4(),
                school_id=far.id,
                year=DAY.year,
                class_id=own_class,
                weekday=2,
                number=1,
                starts=time(8, 30),
                ends=time(9, 15),
                subject_id=subject.id,
                teacher_id=teacher,
            )
        )
    await open_day(room, DAY, far)
    (card,) = await lessons_of(room, DAY, teacher)
    assert (card.starts_at, card.day) == (datetime(2026, 11, 23, 20, 30, tzinfo=UTC), DAY)


async def test_a_teacher_sees_his_own_lessons_of_the_day_and_which_are_called(room: ClassRoom) -> None:
    await room.builder.lesson(room.school_class, room.head, time(12, 30), number=6)
    recorded = await room.record()
    cards = await lessons_of(room, DAY)
    assert [(card.number, card.class_title, card.subject_name, card.roll_called) for card in cards] == [
        (1, "5А", "математика", True),
        (2, "5А", "математика", False),
        (3, "5А", "математика", False),
    ]
    await room.withdraw(recorded.version)
    assert not (await lessons_of(room, DAY))[0].roll_called
    assert len(await lessons_of(room, DAY, room.teacher, room.head)) == 4
    assert await lessons_of(room, DAY, room.stranger) == ()


@pytest.mark.req("ATT-02")
async def test_a_teacher_calls_the_roll_of_each_own_lesson_of_every_school_day(room: ClassRoom) -> None:
    await room.builder.lesson(room.school_class, room.head, time(12, 30), number=6)
    for week in range(3):
        day = DAY + timedelta(weeks=week)
        await open_day(room, day)
        own = await lessons_of(room, day)
        assert len(own) == 3
        for card in own:
            room.hands.at = card.starts_at + timedelta(minutes=5)
            room.lessons = (card.id,)
            assert (await room.record(week)).absent == 1
        assert all(card.roll_called for card in await lessons_of(room, day))
        assert not any(card.roll_called for card in await lessons_of(room, day, room.head))


async def test_a_lesson_that_has_not_begun_follows_a_changed_timetable(room: ClassRoom) -> None:
    await open_day(room, NEXT_WEEK)
    query = "UPDATE core.slot SET teacher_id = $1, starts = starts + interval '5 minutes' WHERE number = 2"
    await room.watch.rows(query, room.head)
    assert await open_day(room, NEXT_WEEK) == 0
    assert [card.number for card in await lessons_of(room, NEXT_WEEK)] == [1, 3]
    (moved,) = await lessons_of(room, NEXT_WEEK, room.head)
    assert (moved.starts_at, moved.ends_at) == (
        datetime(2026, 12, 1, 4, 35, tzinfo=UTC),
        datetime(2026, 12, 1, 5, 15, tzinfo=UTC),
    )
    room.lessons, room.hands.at = (moved.id,), moved.starts_at
    assert (await room.record(0, act=room.act(room.head))).absent == 1


async def test_a_lesson_that_has_begun_stays_as_it_was_given(room: ClassRoom) -> None:
    await room.record(0)
    await room.watch.rows("UPDATE core.slot SET teacher_id = $1, subject_id = subject_id", room.head)
    before = (await lessons_of(room, DAY))[0]
    await open_day(room, DAY)
    assert await lessons_of(room, DAY) == (before,)
    assert [card.number for card in await lessons_of(room, DAY, room.head)] == [2, 3]


async def test_a_lesson_that_follows_its_slot_is_not_written_again_for_nothing(room: ClassRoom) -> None:
    await open_day(room, NEXT_WEEK)
    query = "SELECT array_agg(ctid::text || xmin::text ORDER BY id) FROM core.lesson"
    before = await room.watch.value(query)
    await open_day(room, NEXT_WEEK)
    assert await room.watch.value(query) == before


@pytest.mark.req("YEAR-01")
async def test_a_class_has_a_journal_for_each_school_year(room: ClassRoom) -> None:
    office = Office(room.database, room.watch, room.hands, room.school)
    teacher = "Белова Ольга Львовна"
    mother = parent("Юдина Яна")
    room.hands.at = datetime(2026, 9, 7, 6, tzinfo=UTC)
    first = [pupil("6А", "Юдин Юрий", mother), pupil("6Б", "Юдин Лев", mother)]
    await office.imports(office_files([staff(teacher)], first, [lesson("6А", 1, teacher)]))
    assert await open_day(room, date(2026, 9, 8)) == 4
    room.hands.at = datetime(2027, 9, 6, 6, tzinfo=UTC)
    second = [pupil("7А", "Юдин Юрий", mother), pupil("6А", "Яхин Ян", mother)]
    await office.imports(office_files([staff(teacher)], second, [lesson("6А", 1, teacher)]))
    rows = await room.watch.rows("SELECT year, title, id FROM core.school_class WHERE title <> '5А' ORDER BY 1, 2")
    assert [(row["year"], row["title"]) for row in rows] == [(2026, "6А"), (2026, "6Б"), (2027, "6А"), (2027, "7А")]
    assert await open_day(room, date(2027, 9, 7)) == 1
    query = "SELECT class_id FROM core.lesson WHERE day = '2027-09-07'"
    assert await room.watch.value(query) == rows[2]["id"]
    query = "SELECT class_id FROM core.pupil JOIN core.person ON id = person_id WHERE surname = $1 AND given = $2"
    assert await room.watch.value(query, "Юдин", "Юрий") == rows[3]["id"]
    assert await room.watch.value(query, "Яхин", "Ян") == rows[2]["id"]


async def test_lists_handed_in_in_summer_are_of_the_coming_year(room: ClassRoom) -> None:
    office = Office(room.database, room.watch, room.hands, room.school)
    for at, year in ((datetime(2027, 6, 30, 18, tzinfo=UTC), 2026), (datetime(2027, 6, 30, 19, tzinfo=UTC), 2027)):
        room.hands.at = at
        await office.imports(office_files([], [pupil("7Г", "Юдин Юрий", parent("Юдина Яна"))]))
        query = "SELECT max(year) FROM core.school_class WHERE title = '7Г'"
        assert await room.watch.value(query) == year


def card(number: int, *, called: bool = False) -> LessonCard:
    starts = datetime(2026, 11, 24, 3 + number, 0, tzinfo=UTC)
    return LessonCard(
        UUID(int=number), "5А", "алгебра", DAY, number, starts, starts + timedelta(minutes=45), roll_called=called
    )


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 24, 3 + hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("called", "now", "wanted"),
    [
        ((), at(0), 1),
        ((), at(1), 1),
        ((), at(1, 44), 1),
        ((), at(1, 45), 2),
        ((1,), at(1, 10), 1),
        ((2,), at(1, 50), 3),
        ((2, 3), at(1, 50), None),
        ((), at(3, 45), None),
        ((), at(3, 44), 3),
    ],
)
def test_the_lesson_that_is_on_is_wanted_else_the_next_uncalled_one(
    called: tuple[int, ...], now: datetime, wanted: int | None
) -> None:
    found = lesson_to_call([card(number, called=number in called) for number in (1, 2, 3)], now)
    assert (found.number if found else None) == wanted


def test_without_lessons_nothing_is_wanted() -> None:
    assert lesson_to_call([], at(1)) is None
