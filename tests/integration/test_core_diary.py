"""The diary: a week as the guardians of one pupil may see it, and the register of who has opened it."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL

from core.actor import OFFICE, Act
from core.consent import consents
from core.consent.consent_entries import Decision
from core.database import Database
from core.events import ConsentPurpose, ProposedReason, RemarkKind
from core.learning import attendance, diary, gradebook, homework, homework_telling, remarks, timetable
from core.learning.diary import DiaryDay, DiaryLesson, DiaryRemark, DiaryWeek
from core.learning.gradebook import ANSWER
from core.person import people
from core.refusals import Forbidden, Invalid, NotFound
from core.russian import FullName
from tests.integration.core_world import DAY, FIRST_BELL, ClassRoom, class_room, refused

MONDAY = DAY - timedelta(days=1)
WEDNESDAY, NEXT_TUESDAY = DAY + timedelta(days=1), DAY + timedelta(days=7)
WEEK = [MONDAY + timedelta(days=number) for number in range(6)]


@pytest.fixture
async def room(core_database: Database, database_url: URL) -> ClassRoom:
    """Tuesday, after the first three lessons."""
    room = await class_room(core_database, database_url)
    room.hands.move(hours=3)
    return room


@pytest.fixture
async def mother(room: ClassRoom) -> UUID:
    return await room.builder.guardian(room.pupils[1], name="Ёлкина Ольга Петровна")


async def week(
    room: ClassRoom, person: UUID, day: date = DAY, pupil: UUID | None = None, now: datetime | None = None
) -> DiaryWeek:
    async with room.database.begin() as session:
        actor = room.act(person).actor
        return await diary.week(session, actor, pupil or room.pupils[1], day, now or room.hands.at)


async def open_week(room: ClassRoom, act: Act, day: date = DAY) -> DiaryWeek:
    async with room.database.begin() as session:
        return await diary.open_week(session, act, room.pupils[1], day)


async def give(room: ClassRoom, value: int, pupil: int = 1, *, lesson: int = 0, work: str = ANSWER) -> UUID:
    async with room.database.begin() as session:
        act = room.act()
        given = await gradebook.give(session, act, room.lessons[lesson], room.pupils[pupil], value, work)
    return given.mark


async def set_homework(room: ClassRoom, text: str | None, lesson: int = 0) -> homework_telling.HomeworkView:
    async with room.database.begin() as session:
        return await homework.set_at(session, room.act(), room.lessons[lesson], text)


async def remark(room: ClassRoom, text: str, kind: RemarkKind = RemarkKind.REMARK, pupil: int = 1) -> UUID:
    async with room.database.begin() as session:
        return await remarks.write(session, room.act(), room.lessons[0], room.pupils[pupil], kind, text)


def of(seen: DiaryWeek, day: date) -> DiaryDay:
    (found,) = [one for one in seen.days if one.day == day]
    return found


def values(lessons: Sequence[DiaryLesson]) -> list[list[int]]:
    return [[mark.value for mark in lesson.marks] for lesson in lessons]


async def test_a_week_runs_from_monday_to_saturday_whichever_day_it_is_opened_by(room: ClassRoom, mother: UUID) -> None:
    seen = await week(room, mother)
    assert (seen.pupil, seen.pupil_name, seen.class_title) == (room.pupils[1], FullName("Ёлкин", "Вадим"), "5А")
    assert (seen.monday, [one.day for one in seen.days]) == (MONDAY, WEEK)
    for day in (MONDAY, *WEEK, MONDAY + timedelta(days=6)):
        assert await week(room, mother, day) == seen
    assert [len(one.lessons) for one in seen.days] == [0, 3, 0, 0, 0, 0]
    assert (await week(room, mother, MONDAY - timedelta(days=1))).monday == MONDAY - timedelta(days=7)


async def test_a_lesson_stands_with_all_that_is_written_of_the_pupil(room: ClassRoom, mother: UUID) -> None:
    await room.watch.rows(
        "UPDATE core.lesson SET room_id = $1 WHERE number = 1", await room.builder.room(room.school.id, "12")
    )
    await room.record(1, lesson=1, code="б")
    await room.record(0, 2, lesson=2)
    for value, pupil in ((2, 1), (5, 0), (4, 1)):
        room.hands.move(minutes=1)
        await give(room, value, pupil)
    taken = await give(room, 1)
    async with room.database.begin() as session:
        await gradebook.take_back(session, room.act(), taken)
    first, second, third = of(await week(room, mother), DAY).lessons
    assert (first.number, first.subject_name, first.room) == (1, "математика", "12")
    assert first.teacher_name == "Кузнецова Мария Петровна"
    assert (first.starts_at, first.ends_at) == (FIRST_BELL, FIRST_BELL + timedelta(minutes=45))
    assert values([first, second, third]) == [[2, 4], [], []]
    assert [(mark.work, mark.version) for mark in first.marks] == [(ANSWER, 1)] * 2
    assert [lesson.absence_code for lesson in (first, second, third)] == [None, "б", None]
    assert [lesson.homework for lesson in (first, second, third)] == [None, None, None]


async def test_homework_stands_at_the_lesson_for_which_it_is_to_be_done(room: ClassRoom, mother: UUID) -> None:
    given = await set_homework(room, "№ 301")
    assert given.due_on == NEXT_TUESDAY
    assert {lesson.homework for lesson in of(await week(room, mother), DAY).lessons} == {None}
    ahead = of(await week(room, mother, NEXT_TUESDAY), NEXT_TUESDAY).lessons
    assert [(lesson.number, lesson.homework) for lesson in ahead] == [(1, "№ 301"), (2, None), (3, None)]
    await set_homework(room, None)
    assert of(await week(room, mother, NEXT_TUESDAY), NEXT_TUESDAY).lessons[0].homework == "Не задано"
    async with room.database.begin() as session:
        await homework.take_back(session, room.act(), given.lesson)
    assert of(await week(room, mother, NEXT_TUESDAY), NEXT_TUESDAY).lessons[0].homework is None


async def test_lessons_to_come_stand_as_the_timetable_has_them_now(room: ClassRoom, mother: UUID) -> None:
    await set_homework(room, "№ 301")
    other = await room.builder.teacher(room.school, "Белова Ольга Львовна")
    query = "UPDATE core.slot SET teacher_id = $1, starts = '10:00', ends = '10:45', room_id = $2 WHERE number = 1"
    await room.watch.rows(query, other, await room.builder.room(room.school.id, "7"))
    ahead = of(await week(room, mother, NEXT_TUESDAY), NEXT_TUESDAY).lessons
    assert [lesson.number for lesson in ahead] == [2, 1, 3], "in the order of the bell"
    moved = ahead[1]
    assert (moved.teacher_name, moved.room, moved.homework) == ("Белова Ольга Львовна", "7", "№ 301")
    assert moved.starts_at == datetime.combine(NEXT_TUESDAY, time(5), FIRST_BELL.tzinfo)
    held = of(await week(room, mother), DAY).lessons[0]
    assert (held.teacher_name, held.starts_at) == ("Кузнецова Мария Петровна", FIRST_BELL), "it was held as it was held"
    async with room.database.begin() as session:
        await timetable.open_day(session, room.school, NEXT_TUESDAY, room.hands.at)
    assert of(await week(room, mother, NEXT_TUESDAY), NEXT_TUESDAY).lessons == ahead


async def test_a_past_day_has_the_lessons_that_the_journal_has(room: ClassRoom, mother: UUID) -> None:
    before = DAY - timedelta(days=7)
    assert [one.lessons for one in (await week(room, mother, before)).days] == [()] * 6
    yesterday = room.hands.at - timedelta(days=1)
    assert len(of(await week(room, mother, now=yesterday), DAY).lessons) == 3
    later = NEXT_TUESDAY + timedelta(days=1)
    assert of(await week(room, mother, NEXT_TUESDAY, now=room.hands.at + (later - DAY)), NEXT_TUESDAY).lessons == ()


async def test_the_timetable_ends_with_the_school_year(room: ClassRoom, mother: UUID) -> None:
    for tuesday, lessons in ((date(2027, 8, 31), 3), (date(2027, 9, 7), 0)):
        assert len(of(await week(room, mother, tuesday), tuesday).lessons) == lessons


async def test_remarks_stand_by_their_day_and_those_taken_back_do_not(room: ClassRoom, mother: UUID) -> None:
    await remark(room, "Забыт дневник")
    await remark(room, "Чужое", pupil=2)
    taken = await remark(room, "Ошибка")
    async with room.database.begin() as session:
        await remarks.withdraw(session, room.act(), taken)
    room.hands.move(days=1)
    await remark(room, "Отличная работа", RemarkKind.PRAISE)
    async with room.database.begin() as session:
        act = room.act(room.class_teacher)
        await remarks.write_as_class_teacher(session, act, room.pupils[1], RemarkKind.PRAISE, "Концерт удался")
    seen = await week(room, mother)
    teacher = "Кузнецова Мария Петровна"
    assert of(seen, DAY).remarks == (
        DiaryRemark(RemarkKind.REMARK, "математика", teacher, "Забыт дневник"),
        DiaryRemark(RemarkKind.PRAISE, "математика", teacher, "Отличная работа"),
    )
    assert of(seen, WEDNESDAY).remarks == (
        DiaryRemark(RemarkKind.PRAISE, None, "Громова Нина Сергеевна", "Концерт удался"),
    )
    assert [len(one.remarks) for one in seen.days] == [0, 2, 1, 0, 0, 0]


async def test_sunday_stands_only_if_something_stands_there(room: ClassRoom, mother: UUID) -> None:
    room.hands.move(days=5)
    sunday = DAY + timedelta(days=5)
    async with room.database.begin() as session:
        act = room.act(room.class_teacher)
        await remarks.write_as_class_teacher(session, act, room.pupils[1], RemarkKind.PRAISE, "Победа в лыжной гонке")
    seen = await week(room, mother, sunday)
    assert [one.day for one in seen.days] == [*WEEK, sunday]
    assert [one.text for one in seen.days[-1].remarks] == ["Победа в лыжной гонке"]


async def test_a_pupil_who_has_changed_class_loses_nothing(room: ClassRoom, mother: UUID) -> None:
    await give(room, 5)
    await room.record(1, lesson=2)
    other = await room.builder.school_class(room.school, "5Б")
    await room.builder.lesson(other, room.teacher, time(11, 30), number=4, subject="физика")
    await room.builder.move(room.pupils[1], other)
    lessons = of(await week(room, mother), DAY).lessons
    assert [(lesson.number, lesson.subject_name) for lesson in lessons] == [
        (1, "математика"),
        (3, "математика"),
        (4, "физика"),
    ]
    assert values(lessons) == [[5], [], []]
    assert [lesson.absence_code for lesson in lessons] == [None, "н", None]


async def test_each_guardian_sees_his_own_children_and_nothing_of_others(room: ClassRoom, mother: UUID) -> None:
    father = await room.builder.guardian(room.pupils[1], room.pupils[4], name="Яшин Пётр")
    await give(room, 2, 1)
    await give(room, 5, 4)
    await remark(room, "О другом", pupil=4)
    assert await week(room, father) == await week(room, mother)
    second = await week(room, father, pupil=room.pupils[4])
    assert (second.pupil, values(of(second, DAY).lessons)) == (room.pupils[4], [[5], [], []])
    assert "О другом" not in repr(await week(room, mother))
    async with room.database.begin() as session:
        own = await people.children(session, father, room.hands.at)
    assert [child.pupil for child in own] == [room.pupils[1], room.pupils[4]]
    assert (await week(room, room.pupils[4], pupil=room.pupils[4])).days == second.days
    for person in (mother, room.teacher, room.class_teacher, room.head, room.pupils[1], uuid4()):
        assert await refused(week(room, person, pupil=room.pupils[4])) == (Forbidden, "child-not-yours")
    assert await refused(week(room, mother, pupil=uuid4())) == (NotFound, "pupil-unknown")
    async with room.database.begin() as session:
        doing = diary.week(session, OFFICE, room.pupils[1], DAY, room.hands.at)
        assert await refused(doing) == (Forbidden, "child-not-yours")


@pytest.mark.parametrize("change", ["barred = true", "may_see = false", "until = '2026-11-23'", "since = '2026-11-25'"])
async def test_whoever_may_not_see_any_more_sees_no_diary_nor_leaves_a_trace(
    room: ClassRoom, mother: UUID, change: str
) -> None:
    assert len((await week(room, mother)).days) == 6
    await room.watch.rows(f"UPDATE core.guardianship SET {change}")  # noqa: S608 - our own words
    before = await room.watch.everything()
    assert await refused(week(room, mother)) == (Forbidden, "child-not-yours")
    assert await refused(open_week(room, room.act(mother))) == (Forbidden, "child-not-yours")
    assert await room.watch.everything() == before


async def test_what_one_guardian_answers_the_other_does_not_read_in_the_diary(room: ClassRoom, mother: UUID) -> None:
    father = await room.builder.guardian(room.pupils[1], name="Ёлкин Пётр")
    await room.record(1)
    before = await week(room, father)
    async with room.database.begin() as session:
        await attendance.answer(session, room.act(mother), room.day(1), ProposedReason.FAMILY)
    assert await week(room, father) == before
    assert of(before, DAY).lessons[0].absence_code == "н"


async def test_opening_is_registered_once_an_act_and_reading_is_not(room: ClassRoom, mother: UUID) -> None:
    await week(room, mother)
    assert await room.watch.rows("SELECT * FROM core.diary_view") == []
    act = room.act(mother)
    seen = await open_week(room, act, WEDNESDAY)
    assert seen == await open_week(room, act, WEDNESDAY) == await week(room, mother)
    (row,) = await room.watch.rows("SELECT * FROM core.diary_view")
    assert (row["pupil_id"], row["viewer_id"], row["week"]) == (room.pupils[1], mother, MONDAY)
    assert (row["via"], row["at"]) == ("telegram", room.hands.at)
    room.hands.move(minutes=1)
    await open_week(room, room.act(mother))
    assert await room.watch.value("SELECT count(*) FROM core.diary_view") == 2


@pytest.mark.req("AUDIT-08")
async def test_who_read_the_diary_with_a_remark_in_it_and_when_is_recorded(room: ClassRoom, mother: UUID) -> None:
    """Every parent for himself; what was written later was not read until the diary is opened again."""
    father = await room.builder.guardian(room.pupils[1], name="Ёлкин Пётр")

    async def write(text: str) -> None:
        room.hands.move(minutes=1)
        async with room.database.begin() as session:
            kind = RemarkKind.REMARK
            await remarks.write(session, room.act(), room.lessons[0], room.pupils[1], kind, text)
        room.hands.move(minutes=1)

    async def read_by() -> set[tuple[str, UUID]]:
        """Who has opened the week of a remark after it was written."""
        rows = await room.watch.rows(
            "SELECT r.text, v.viewer_id FROM core.remark r JOIN core.diary_view v "
            "ON v.pupil_id = r.pupil_id AND r.day BETWEEN v.week AND v.week + 6 AND v.at >= r.written_at"
        )
        return {(row["text"], row["viewer_id"]) for row in rows}

    await write("Нет тетради.")
    assert await read_by() == set()
    shown = await open_week(room, room.act(mother))
    assert [one.text for one in of(shown, DAY).remarks] == ["Нет тетради."]
    assert await read_by() == {("Нет тетради.", mother)}
    await write("Опять нет тетради.")
    await open_week(room, room.act(father))
    assert await read_by() == {("Нет тетради.", mother), ("Нет тетради.", father), ("Опять нет тетради.", father)}
    await open_week(room, room.act(mother), DAY - timedelta(days=7))
    assert ("Опять нет тетради.", mother) not in await read_by(), "another week"
    await open_week(room, room.act(mother))
    assert ("Опять нет тетради.", mother) in await read_by()


@pytest.mark.parametrize("day", [date.min, date.max, date(2013, 12, 31), date(2028, 1, 1)])
async def test_no_diary_reaches_so_far(room: ClassRoom, mother: UUID, day: date) -> None:
    assert await refused(week(room, mother, day)) == (Invalid, "diary-out-of-reach")
    assert await refused(open_week(room, room.act(mother), day)) == (Invalid, "diary-out-of-reach")


async def test_the_diary_shows_what_its_reader_has_consented_to(room: ClassRoom, mother: UUID) -> None:
    await give(room, 4)
    await room.record(1)
    pupil = room.pupils[1]

    async def decide(decision: Decision) -> None:
        async with room.database.begin() as session:
            await consents.record(session, Act(OFFICE, room.hands.at, str(uuid4())), pupil, mother, decision)

    def written(of: DiaryWeek) -> tuple[int, int]:
        lessons = [lesson for day in of.days for lesson in day.lessons]
        return sum(len(lesson.marks) for lesson in lessons), sum(lesson.absence_code is not None for lesson in lessons)

    assert written(await week(room, mother)) == (1, 1)
    await decide(Decision(given=False, since=DAY, purposes=(ConsentPurpose.ATTENDANCE,)))
    assert written(await week(room, mother)) == (1, 0)
    await decide(Decision(given=False, since=DAY))
    assert await refused(week(room, mother)) == (Forbidden, "consent-needed")
    await decide(Decision(given=True, since=DAY, until=DAY, paper_ref="№ 1"))
    assert written(await week(room, mother)) == (1, 1)
    room.hands.move(days=1)
    assert await refused(week(room, mother)) == (Forbidden, "consent-needed")
