"""Dated lessons in the database: made from the week, following it, and keeping what is written of them."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL, update

from core.database import Database
from core.events import RemarkKind
from core.learning import attendance, diary, gradebook, homework, lesson_learners, remarks, timetable
from core.learning.absence_codes import ABSENT
from core.movement.movement_tables import Enrolment
from core.plan.plan_tables import GroupClass, SchoolYear, StudyGroup
from core.refusals import Conflict, Invalid
from core.tables import Pupil, Slot
from core.timetable import dated
from core.timetable.dated import Made
from core.timetable.timetable_tables import TimetableChange
from core.year.span import Span
from tests.integration.core_world import refused
from tests.integration.timetable_world import MONDAY, WEEK, TimetableWorld, timetable_world
from tests.unit.year_cases import calendar

TUESDAY = MONDAY + timedelta(days=1)
NEXT = Span(MONDAY + timedelta(days=7), MONDAY + timedelta(days=12))


@pytest.fixture
async def world(core_database: Database, database_url: URL) -> TimetableWorld:
    return await timetable_world(core_database, database_url)


async def make(world: TimetableWorld, span: Span = WEEK) -> Made:
    return await world.do(lambda session: dated.make(session, world.school, 2026, span, world.hands.at))


async def days(world: TimetableWorld, slot: UUID) -> list[date]:
    rows = await world.watch.rows("SELECT day FROM core.lesson WHERE slot_id = $1 ORDER BY day", slot)
    return [row["day"] for row in rows]


async def learners(world: TimetableWorld, lesson: UUID) -> list[str]:
    found = await world.do(lambda session: lesson_learners.of_lesson(session, lesson))
    return [one.name.surname for one in found]


async def only_lesson(world: TimetableWorld, slot: UUID) -> UUID:
    await make(world)
    return UUID(str(await world.watch.value("SELECT id FROM core.lesson WHERE slot_id = $1", slot)))


@pytest.mark.req("TT-01")
async def test_classes_groups_streams_and_pupils_have_lessons_with_their_teachers(world: TimetableWorld) -> None:
    group = await world.group("5А, английский, 1", "5А", 0, 2)
    stream = await world.group("поток 5-х", "5А", 1)
    async with world.database.begin() as session:
        await session.execute(update(StudyGroup).where(StudyGroup.id == stream).values(kind="stream"))
        session.add(GroupClass(group_id=stream, class_id=world.classes["5Б"]))
    of_group = await world.slot(2, 5, "иностранный язык (английский)", "С", group_id=group)
    of_stream = await world.slot(3, 5, "физическая культура", "З", group_id=stream)
    of_pupil = await world.slot(4, 5, "математика", "С", pupil_id=world.pupils["5Б"][0])
    lessons = [await only_lesson(world, slot) for slot in (of_group, of_stream, of_pupil)]
    assert [await learners(world, one) for one in lessons] == [["Абрамов", "Ёлкин"], ["Иванова"], ["Яшин"]]
    rows = [await world.read(one) for one in lessons]
    assert [set(row.classes) for row in rows] == [
        {world.classes["5А"]},
        set(world.classes.values()),
        {world.classes["5Б"]},
    ]
    cards = await world.do(lambda session: timetable.lessons_of(session, [world.teachers["С"]], TUESDAY))
    assert [(card.class_title, card.number) for card in cards if card.id == lessons[0]] == [("5А, английский, 1", 5)]


@pytest.mark.req("YEAR-20")
async def test_who_learns_at_a_lesson_is_told_by_its_own_day(world: TimetableWorld) -> None:
    glad = world.pupils["5А"][0]
    await world.make(NEXT)
    first, later = await world.lesson("5А", MONDAY, 1), await world.lesson("5А", NEXT.first, 1)
    async with world.database.begin() as session:
        held = update(Enrolment).where(Enrolment.pupil_id == glad)
        await session.execute(held.values(until=TUESDAY))
        session.add(Enrolment(pupil_id=glad, class_id=world.classes["5Б"], since=TUESDAY + timedelta(days=1)))
    assert "Ёлкин" in await learners(world, first)
    assert "Ёлкин" not in await learners(world, later)
    assert "Ёлкин" in await learners(world, await world.lesson("5Б", NEXT.first, 1))


@pytest.mark.req("YEAR-30")
async def test_whoever_is_taught_at_home_is_on_his_own_sheet_and_on_no_roll_of_the_class(world: TimetableWorld) -> None:
    glad = world.pupils["5А"][0]
    slot = await world.slot(2, 6, "математика", "С", pupil_id=glad)
    async with world.database.begin() as session:
        row = await session.get_one(Pupil, glad)
        row.education_form, row.form_since = "home", TUESDAY
    own = await only_lesson(world, slot)
    assert await learners(world, own) == ["Ёлкин"]
    assert "Ёлкин" in await learners(world, await world.lesson("5А", MONDAY, 1)), "before that day"
    assert "Ёлкин" not in await learners(world, await world.lesson("5А", TUESDAY, 1))
    world.hands.move(days=2)
    async with world.database.begin() as session:
        act = world.act(world.teachers["С"])
        assert (await gradebook.give(session, act, own, glad, 5)).version == 1
        called = await attendance.record(session, world.act(world.teachers["С"]), own, {})
        assert called.absent == 0


async def test_holidays_days_off_and_what_the_week_does_not_have_are_skipped(world: TimetableWorld) -> None:
    slot = await world.slot(1, 6, "математика", "С", class_id=world.classes["5А"])
    whole = Span(date(2026, 9, 1), date(2027, 5, 31))
    await make(world, whole)
    year = calendar()
    by_monday = [day for day in whole.days() if year.timetable_day(day).isoweekday() == 1]
    assert await days(world, slot) == [day for day in by_monday if day in year.span and year.is_open(day, 5)]
    free = [day for day in by_monday if day in year.span and not year.is_open(day, 5)]
    assert len(free) > 2, "holidays, and days off"


async def test_again_is_nothing_and_a_change_of_the_week_is_followed_by_what_has_not_begun(
    world: TimetableWorld,
) -> None:
    slot = await world.slot(1, 6, "математика", "С", class_id=world.classes["5А"])
    assert len((await make(world)).new) == 1
    assert await make(world) == Made((), (), (), ())
    world.hands.move(days=1)
    await make(world, NEXT)
    async with world.database.begin() as session:
        (await session.get_one(Slot, slot)).number = 5
    made = await make(world, Span(WEEK.first, NEXT.last))
    assert (len(made.changed), made.new, made.gone) == (1, (), ())
    rows = await world.watch.rows("SELECT number FROM core.lesson WHERE slot_id = $1 ORDER BY day", slot)
    assert [row["number"] for row in rows] == [6, 5], "the first was over"


async def test_what_leaves_the_timetable_goes_unless_something_is_written_of_it(world: TimetableWorld) -> None:
    slot = await world.slot(1, 6, "математика", "К", class_id=world.classes["5А"])
    await make(world, Span(WEEK.first, NEXT.last + timedelta(days=7)))
    world.hands.move(hours=8)
    lesson = await world.lesson("5А", MONDAY, 6)
    async with world.database.begin() as session:
        given = await homework.set_at(session, world.act(world.teachers["К"]), lesson, "№ 7")
    async with world.database.begin() as session:
        (await session.get_one(Slot, slot)).until = MONDAY
    made = await make(world, NEXT)
    assert (made.gone, made.kept) == ((), (given.lesson,)) or len(made.gone) == 1
    kept = await world.read(given.lesson)
    if made.kept:
        assert kept.cancelled == "other"
    made = await make(world, Span(NEXT.first + timedelta(days=7), NEXT.last + timedelta(days=7)))
    assert (len(made.gone), made.kept) == (1, ())


async def test_two_at_once_make_every_lesson_once(world: TimetableWorld) -> None:
    await world.slot(1, 6, "математика", "С", class_id=world.classes["5А"])
    before = await world.watch.value("SELECT count(*) FROM core.lesson")
    async with world.database.begin() as one, world.database.begin() as other:
        first = await dated.make(one, world.school, 2026, NEXT, world.hands.at)
        await one.commit()
        second = await dated.make(other, world.school, 2026, NEXT, world.hands.at)
    assert (len(first.new) > 0, second.new) == (True, ())
    assert await world.watch.value("SELECT count(*) FROM core.lesson") == before + len(first.new)


@pytest.mark.req("TT-15")
async def test_nothing_can_be_written_of_a_cancelled_lesson(world: TimetableWorld) -> None:
    lesson = await world.lesson("5А", MONDAY, 1)
    row = await world.read(lesson)
    async with world.database.begin() as session:
        session.add(
            TimetableChange(
                id=uuid4(),
                school_id=world.school.id,
                year=2026,
                kind="cancellation",
                slot_id=row.slot_id,
                first=MONDAY,
                last=MONDAY,
                data={"reason": "weather", "note": "мороз"},
                made_at=world.hands.at,
            )
        )
    await make(world)
    world.hands.move(hours=2)
    teacher = row.teacher_id
    glad = world.pupils["5А"][0]
    async with world.database.begin() as session:
        for doing in (
            attendance.record(session, world.act(teacher), lesson, {glad: ABSENT}),
            gradebook.give(session, world.act(teacher), lesson, glad, 4),
            remarks.write(session, world.act(teacher), lesson, glad, RemarkKind.PRAISE, "Молодец"),
            homework.set_at(session, world.act(teacher), lesson, "№ 1"),
        ):
            assert await refused(doing) == (Conflict, "lesson-cancelled")
    cards = await world.do(lambda session: timetable.lessons_of(session, [teacher], MONDAY))
    card = next(one for one in cards if one.id == lesson)
    assert (card.cancelled, timetable.lesson_to_call([card], card.starts_at)) == ("weather", None)


async def test_of_a_closed_year_nothing_is_written(world: TimetableWorld) -> None:
    lesson = await world.lesson("5А", MONDAY, 1)
    world.hands.move(hours=2)
    async with world.database.begin() as session:
        (await session.get_one(SchoolYear, (world.school.id, 2026))).closed_at = world.hands.at
    teacher = (await world.read(lesson)).teacher_id
    async with world.database.begin() as session:
        doing = attendance.record(session, world.act(teacher), lesson, {})
        assert await refused(doing) == (Conflict, "year-closed")


async def test_the_rest_of_the_year_is_made_once_after_each_change_of_it(world: TimetableWorld) -> None:
    await world.slot(1, 6, "математика", "С", class_id=world.classes["5А"])

    async def coming() -> int:
        return await world.do(lambda session: timetable.open_coming(session, world.school, world.hands.at))

    async with world.database.begin() as session:
        (await session.get_one(SchoolYear, (world.school.id, 2026))).planned_until = None
    assert await coming() > 100
    last = await world.watch.value("SELECT max(day) FROM core.lesson")
    assert last == max(day for day in calendar().span.days() if calendar().is_study_day(day, 5) and day.weekday() < 5)
    assert await coming() == 0
    async with world.database.begin() as session:
        assert (await session.get_one(SchoolYear, (world.school.id, 2026))).planned_until == date(2027, 8, 31)


@pytest.mark.req("YEAR-20")
async def test_a_diary_has_the_lessons_of_the_pupils_own_group_and_says_holidays(world: TimetableWorld) -> None:
    glad, anna = world.pupils["5А"][:2]
    group = await world.group("5А, английский, 1", "5А", 0)
    await world.slot(2, 5, "иностранный язык (английский)", "С", group_id=group)
    await make(world)
    reads = {child: await world.builder.guardian(child, name=f"Мать {child.hex[:4]}") for child in (glad, anna)}

    async def subjects(child: UUID, day: date) -> list[str]:
        actor = world.act(reads[child]).actor
        week = await world.do(lambda session: diary.week(session, actor, child, day, world.hands.at))
        return [lesson.subject_name for lesson in next(one for one in week.days if one.day == day).lessons]

    for day in (TUESDAY, TUESDAY + timedelta(days=7)):
        assert "иностранный язык (английский)" in await subjects(glad, day)
        assert "иностранный язык (английский)" not in await subjects(anna, day)
    holiday = next(one for one in calendar().holidays if one.frees(5)).span.first
    actor = world.act(reads[glad]).actor
    week = await world.do(lambda session: diary.week(session, actor, glad, holiday, world.hands.at))
    assert next(one for one in week.days if one.day == holiday).empty == "holiday"


async def test_a_combined_class_has_one_lesson_and_its_first_grade_no_marks(world: TimetableWorld) -> None:
    little = await world.builder.school_class(world.school, "1А")
    child = await world.builder.pupil(little, "Белкин Юра", date(2019, 5, 5))
    combined = uuid4()
    async with world.database.begin() as session:
        session.add(
            StudyGroup(
                id=combined, school_id=world.school.id, year=2026, kind="combined", purpose="combined", title="1–5"
            )
        )
        await session.flush()
        session.add_all([GroupClass(group_id=combined, class_id=one) for one in (little, world.classes["5А"])])
    slot = await world.slot(1, 6, "музыка", "С", group_id=combined)
    lesson = await only_lesson(world, slot)
    assert await learners(world, lesson) == ["Абрамов", "Белкин", "Ёлкин", "Иванова"]
    world.hands.move(hours=8)
    act = world.act(world.teachers["С"])
    async with world.database.begin() as session:
        assert await refused(gradebook.give(session, act, lesson, child, 5)) == (Invalid, "first-grade-unmarked")
        assert (await gradebook.give(session, act, lesson, world.pupils["5А"][0], 5)).version == 1


async def test_own_lessons_of_a_pupil_end_with_his_last_day(world: TimetableWorld) -> None:
    glad = world.pupils["5А"][0]
    slot = await world.slot(2, 6, "математика", "С", pupil_id=glad)
    await make(world, Span(WEEK.first, NEXT.last))
    assert await days(world, slot) == [TUESDAY, TUESDAY + timedelta(days=7)]
    async with world.database.begin() as session:
        await session.execute(update(Enrolment).where(Enrolment.pupil_id == glad).values(until=TUESDAY))
    await make(world, Span(WEEK.first, NEXT.last))
    assert await days(world, slot) == [TUESDAY]
