"""What the timetable is to one pupil: by his class on the day, by his own school year, by his form of education."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL, event, update

from core.database import Database
from core.events import AttendanceDayState
from core.learning import attendance, diary
from core.learning.absence_codes import ABSENT
from core.learning.diary import DiaryDay, DiaryLesson
from core.movement.movement_tables import Enrolment
from core.plan import year_documents, years
from core.plan.plan_tables import GroupClass, GroupMember, SchoolYear, StudyGroup
from core.tables import Pupil, SchoolClass, Slot
from core.timetable import day_acts, lesson_changes, school_events, views
from core.timetable.lesson_changes import Substitute
from core.timetable.school_events import EventDraft
from core.timetable.views import WeekView
from core.year.changes import CancelReason, Closed, DayAct, Distance, Effect, Scope
from core.year.span import Span
from tests.integration.timetable_world import MONDAY, WEEK, TimetableWorld, timetable_world
from tests.school_builder import LONG_AGO
from tests.unit.year_cases import calendar

TUESDAY, WEDNESDAY, THURSDAY = (MONDAY + timedelta(days=number) for number in (1, 2, 3))
NEXT = MONDAY + timedelta(days=7)
SEPTEMBER = date(2026, 9, 1)
"""A Tuesday."""
GLAD = 0
"""The first pupil of a class."""


@pytest.fixture
async def world(core_database: Database, database_url: URL) -> TimetableWorld:
    return await timetable_world(core_database, database_url)


async def shared(world: TimetableWorld, kind: str, *classes: UUID, members: tuple[UUID, ...] = ()) -> UUID:
    """Make a stream or a combined class."""
    made = uuid4()
    async with world.database.begin() as session:
        row = StudyGroup(
            id=made, school_id=world.school.id, year=2026, kind=kind, purpose=kind, title=f"вместе {made.hex[:6]}"
        )
        session.add(row)
        await session.flush()
        session.add_all([GroupClass(group_id=made, class_id=one) for one in classes])
        session.add_all([GroupMember(group_id=made, pupil_id=one, since=LONG_AGO) for one in members])
    return made


async def stream(world: TimetableWorld, weekday: int) -> UUID:
    """Give both classes physical education together as the sixth lesson; the first pupils are in it."""
    members = (world.pupils["5А"][GLAD], world.pupils["5Б"][GLAD])
    made = await shared(world, "stream", *world.classes.values(), members=members)
    await world.slot(weekday, 6, "физическая культура", "С", group_id=made, room_id=world.rooms["14"])
    await world.make()
    return made


async def carry_out(world: TimetableWorld, effect: Effect, day: date, *titles: str) -> None:
    act = DayAct(Span(day, day), effect, Scope(classes=frozenset(world.classes[title] for title in titles)))
    await world.do(lambda session: day_acts.act(session, world.act(), world.school.id, act))


async def day_of(world: TimetableWorld, child: UUID, day: date) -> DiaryDay:
    """Read a day of the diary as the pupil's mother does."""
    query = "SELECT guardian_id FROM core.guardianship WHERE pupil_id = $1"
    known = await world.watch.rows(query, child)
    mother = known[0]["guardian_id"] if known else await world.builder.guardian(child, name=f"Мать {child.hex[:4]}")
    actor = world.act(mother).actor
    week = await world.do(lambda session: diary.week(session, actor, child, day, world.hands.at))
    return next(one for one in week.days if one.day == day)


async def sixth(world: TimetableWorld, title: str, day: date) -> DiaryLesson | None:
    found = (await day_of(world, world.pupils[title][GLAD], day)).lessons
    return next((one for one in found if one.number == 6), None)


async def told(world: TimetableWorld, learners: UUID, day: date) -> list[UUID]:
    return [one.pupil for one in (await world.events(learners, day))[-1][1].pupils]


async def moved(world: TimetableWorld, child: UUID, title: str, on: date) -> None:
    """Let a pupil be in another class from a day on."""
    async with world.database.begin() as session:
        held = update(Enrolment).where(Enrolment.pupil_id == child, Enrolment.until.is_(None))
        await session.execute(held.values(until=on - timedelta(days=1)))
        session.add(Enrolment(pupil_id=child, class_id=world.classes[title], since=on))


async def test_own_lessons_of_a_pupil_are_of_his_class_on_their_day(world: TimetableWorld) -> None:
    child = world.pupils["5А"][GLAD]
    slot = await world.slot(2, 6, "математика", "С", pupil_id=child)
    weeks = Span(WEEK.first, NEXT + timedelta(days=13))
    await world.make(weeks)
    await moved(world, child, "5Б", NEXT)
    await world.make(weeks)
    query = "SELECT day, classes FROM core.lesson WHERE slot_id = $1 ORDER BY day"
    found = [(row["day"], row["classes"]) for row in await world.watch.rows(query, slot)]
    tuesdays = [TUESDAY + timedelta(days=7 * number) for number in range(3)]
    one, other = world.classes["5А"], world.classes["5Б"]
    assert found == [(tuesdays[0], [one]), (tuesdays[1], [other]), (tuesdays[2], [other])]
    lessons = [(await day_of(world, child, day)).lessons[-1] for day in tuesdays]
    assert [lesson.number for lesson in lessons] == [6, 6, 6]

    await carry_out(world, Closed(CancelReason.QUARANTINE), tuesdays[1], "5А")
    assert (await day_of(world, child, tuesdays[1])).lessons[-1].cancelled is None, "it is of 5Б by then"


async def test_own_lessons_stand_while_the_pupil_is_at_the_school(world: TimetableWorld) -> None:
    child = world.pupils["5А"][GLAD]
    slot = await world.slot(2, 6, "математика", "С", pupil_id=child)
    elsewhere = await world.builder.school("Школа 2")
    there = await world.builder.school_class(elsewhere, "5В")
    world.classes["5В"] = there
    await moved(world, child, "5В", NEXT)
    await world.make(Span(WEEK.first, NEXT + timedelta(days=6)))
    rows = await world.watch.rows("SELECT day FROM core.lesson WHERE slot_id = $1", slot)
    assert [row["day"] for row in rows] == [TUESDAY]


async def test_a_stream_without_the_class_in_quarantine_is_not_held_for_its_pupils(world: TimetableWorld) -> None:
    group = await stream(world, 2)
    await carry_out(world, Closed(CancelReason.QUARANTINE, "до среды"), TUESDAY, "5А")
    for _ in ("to come", "over"):
        ours, theirs = await sixth(world, "5А", TUESDAY), await sixth(world, "5Б", TUESDAY)
        assert ours is not None
        assert theirs is not None
        assert (ours.cancelled, ours.cancelled_note) == ("quarantine", "до среды")
        assert theirs.cancelled is None
        world.hands.move(days=2)
    (state,) = [data for _, data in await world.events(group, TUESDAY)]
    assert [one.left_out for one in state.lessons] == [("5А",)], "and those left out are told so"
    assert len(state.pupils) == 2


async def test_lessons_at_a_distance_are_so_for_the_class_that_stays_at_home(world: TimetableWorld) -> None:
    await stream(world, 2)
    await carry_out(world, Distance(), TUESDAY, "5Б")
    for _ in ("to come", "over"):
        ours, theirs = await sixth(world, "5А", TUESDAY), await sixth(world, "5Б", TUESDAY)
        assert ours is not None
        assert theirs is not None
        assert [(one.distant, one.room) for one in (ours, theirs)] == [(False, "14"), (True, "")]
        world.hands.move(days=2)


async def test_the_first_grade_of_a_combined_class_has_its_own_holidays(world: TimetableWorld) -> None:
    little, third = [await world.builder.school_class(world.school, title) for title in ("1А", "3А")]
    child = await world.builder.pupil(little, "Белкин Юра", date(2019, 5, 5))
    elder = await world.builder.pupil(third, "Соболев Илья", date(2017, 5, 5))
    group = await shared(world, "combined", little, third)
    await world.slot(2, 5, "музыка", "С", group_id=group)
    inside = date(2027, 2, 16)
    await world.make(Span(inside, inside))
    mother = await world.builder.guardian(child, elder, name="Белкина Вера")
    lesson = UUID(str(await world.watch.value("SELECT id FROM core.lesson WHERE group_id = $1", group)))

    async def shown(pupil: UUID) -> tuple[int, str | None]:
        actor = world.act(mother).actor
        week = await world.do(lambda session: diary.week(session, actor, pupil, inside, world.hands.at))
        (found,) = [one for one in week.days if one.day == inside]
        return len(found.lessons), found.empty

    wanted = Substitute(world.teachers["К"])
    await world.do(lambda session: lesson_changes.substitute(session, world.act(), lesson, wanted))
    assert await told(world, group, inside) == [elder]
    for _ in ("to come", "over"):
        assert await shown(child) == (0, "holiday")
        assert (await shown(elder))[0] == 1
        world.hands.at = datetime(2027, 2, 17, 12, tzinfo=UTC)


async def test_of_a_day_that_has_become_free_everybody_is_told_who_would_have_learned(world: TimetableWorld) -> None:
    lesson = await world.lesson("5А", WEDNESDAY, 1)
    await world.do(lambda session: lesson_changes.cancel(session, world.act(), lesson, CancelReason.EVENT))
    free = calendar(days_off=calendar().days_off | {WEDNESDAY})
    await world.do(lambda session: years.set_calendar(session, world.act(), world.school.id, free))
    await world.make()
    state = await world.told("5А", WEDNESDAY)
    assert state.lessons == ()
    assert {one.pupil for one in state.pupils} == set(world.pupils["5А"])


async def test_whoever_is_taught_at_home_has_his_own_timetable_and_the_events_of_his_class(
    world: TimetableWorld,
) -> None:
    child = world.pupils["5А"][GLAD]
    await stream(world, 3)
    await world.slot(3, 5, "математика", "С", pupil_id=child)
    await world.make()
    async with world.database.begin() as session:
        row = await session.get_one(Pupil, child)
        row.education_form, row.form_since = "home", WEDNESDAY
    fair = EventDraft(
        title="Ярмарка",
        starts_at=datetime(2026, 11, 25, 9, tzinfo=UTC),
        ends_at=datetime(2026, 11, 25, 10, tzinfo=UTC),
        classes=frozenset((world.classes["5А"],)),
    )
    await world.do(lambda session: school_events.plan(session, world.act(), world.school.id, fair))
    lesson = await world.lesson("5А", WEDNESDAY, 1)
    await world.do(lambda session: lesson_changes.cancel(session, world.act(), lesson, CancelReason.EVENT))
    assert child not in await told(world, world.classes["5А"], WEDNESDAY)
    for _ in ("to come", "over"):
        assert [one.number for one in (await day_of(world, child, TUESDAY)).lessons] == [1, 2, 3], "before that day"
        found = await day_of(world, child, WEDNESDAY)
        assert [one.number for one in found.lessons] == [5]
        assert [one.title for one in found.events] == ["Ярмарка"]
        assert (await day_of(world, child, THURSDAY)).lessons == ()
        world.hands.move(days=4)


async def set_last_year(world: TimetableWorld) -> None:
    """Set 2025/26, whose summer has no lessons."""
    terms = Span(date(2025, 9, 1), date(2026, 5, 26))
    before = calendar(year=2025, span=terms, terms={}, holidays=(), days_off=frozenset(), moved={})
    async with world.database.begin() as session:
        document = year_documents.of_calendar(before)
        session.add(SchoolYear(school_id=world.school.id, year=2025, calendar=document, bells=[], version=1))


@pytest.mark.parametrize("last_year", ["set", "not set"])
async def test_the_first_of_september_is_seen_in_august(world: TimetableWorld, last_year: str) -> None:
    if last_year == "set":
        await set_last_year(world)
    child = world.pupils["5А"][GLAD]
    for now in (date(2026, 8, 30), date(2026, 8, 31)):
        world.hands.at = datetime(now.year, now.month, now.day, 7, tzinfo=UTC)
        found = [await day_of(world, child, SEPTEMBER + timedelta(days=number)) for number in range(4)]
        assert [[one.number for one in day.lessons] for day in found] == [[1, 2, 3]] * 4
    if last_year == "set":
        assert (await day_of(world, child, date(2026, 8, 31))).empty == "holiday", "by its own year"


async def test_a_pupil_goes_by_the_class_that_he_has_on_each_side_of_september(world: TimetableWorld) -> None:
    child = world.pupils["5А"][GLAD]
    async with world.database.begin() as session:
        old = SchoolClass(id=uuid4(), school_id=world.school.id, year=2025, title="4А")
        session.add(old)
        await session.flush()
        held = update(Enrolment).where(Enrolment.pupil_id == child)
        await session.execute(held.values(since=SEPTEMBER))
        session.add(Enrolment(pupil_id=child, class_id=old.id, since=LONG_AGO, until=date(2026, 8, 31)))
        (await session.get_one(Pupil, child)).class_id = old.id
    world.hands.at = datetime(2026, 8, 31, 7, tzinfo=UTC)
    assert [one.number for one in (await day_of(world, child, SEPTEMBER)).lessons] == [1, 2, 3]


async def week_of_class(world: TimetableWorld, day: date) -> WeekView:
    actor, now = world.act().actor, world.hands.at
    return await world.do(lambda session: views.of_class(session, actor, world.classes["5А"], day, now))


async def test_the_week_of_the_first_of_september_asks_each_year_of_its_own_days(world: TimetableWorld) -> None:
    world.hands.at = datetime(2026, 8, 28, 7, tzinfo=UTC)
    async with world.database.begin() as session:
        (await session.get_one(SchoolYear, (world.school.id, 2026))).planned_until = date(2027, 8, 31)
        known = await session.get_one(Slot, UUID(str(await world.watch.value("SELECT id FROM core.slot LIMIT 1"))))
        session.add(
            Slot(
                id=uuid4(),
                school_id=world.school.id,
                year=2025,
                weekday=1,
                number=4,
                subject_id=known.subject_id,
                teacher_id=known.teacher_id,
                class_id=known.class_id,
            )
        )
    shown = await week_of_class(world, SEPTEMBER)
    assert [one.is_made for one in shown.days] == [False, True, True, True, True, True]


async def test_past_days_of_a_year_that_is_not_set_wait_for_nothing(world: TimetableWorld) -> None:
    async with world.database.begin() as session:
        (await session.get_one(SchoolYear, (world.school.id, 2026))).planned_until = None
    world.hands.at = datetime(2026, 12, 2, 7, tzinfo=UTC)
    shown = await week_of_class(world, WEDNESDAY + timedelta(days=7))
    assert [one.is_made for one in shown.days] == [True, True, False, False, False, True]


async def test_what_ends_at_midnight_is_over_with_its_day(world: TimetableWorld) -> None:
    ball = EventDraft(
        title="Бал",
        starts_at=datetime(2026, 11, 23, 13, tzinfo=UTC),
        ends_at=datetime(2026, 11, 23, 19, tzinfo=UTC),
    )
    await world.do(lambda session: school_events.plan(session, world.act(), world.school.id, ball))
    shown = await week_of_class(world, MONDAY)
    assert [len(one.events) for one in shown.days[:3]] == [1, 0, 0]
    child = world.pupils["5А"][GLAD]
    assert [len((await day_of(world, child, day)).events) for day in (MONDAY, TUESDAY)] == [1, 0]


async def test_a_correction_of_an_absence_names_the_class_of_that_day(world: TimetableWorld) -> None:
    child = world.pupils["5А"][GLAD]
    lesson = await world.lesson("5А", MONDAY, 1)
    world.hands.move(hours=1)
    teacher = world.teachers["К"]
    await world.do(lambda session: attendance.record(session, world.act(teacher), lesson, {child: ABSENT}))
    world.hands.move(days=1)
    await world.builder.move(child, world.classes["5Б"])
    await world.do(lambda session: attendance.correct(session, world.act(teacher), lesson, {child: "б"}))
    found = sorted(await world.watch.events(f"attendance/{child}/{MONDAY}"), key=lambda one: one.version)
    states = [one.data for one in found if isinstance(one.data, AttendanceDayState)]
    assert [(one.class_title, one.absences[0].code) for one in states] == [("5А", ABSENT), ("5А", "б")]


async def test_a_diary_asks_no_more_of_a_pupil_with_several_classes_and_groups(world: TimetableWorld) -> None:
    async def statements(child: UUID) -> int:
        seen: list[str] = []

        def note(_: object, __: object, statement: str, *___: object) -> None:
            seen.append(statement)

        engine = world.database.engine.sync_engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            await day_of(world, child, TUESDAY)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    child = world.pupils["5А"][GLAD]
    await day_of(world, child, TUESDAY)
    few = await statements(child)
    for number in range(1, 5):
        await stream(world, number)
    await world.slot(2, 5, "математика", "С", pupil_id=child)
    await carry_out(world, Closed(CancelReason.QUARANTINE), TUESDAY, "5А")
    assert await statements(child) == few > 0
