"""The timetable as staff see it: a week of a class, a teacher, a room; a day of the school; substituted lessons."""

from collections.abc import Awaitable, Callable
from datetime import date, time, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL, event
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import Actor
from core.database import Database
from core.learning import attendance, gradebook, homework
from core.refusals import Forbidden, NotFound
from core.timetable import substituted, views
from core.timetable.lesson_views import LessonView
from core.timetable.views import DayView, WeekView
from core.year.changes import Cancellation, CancelReason, Closed, DayAct, Distance, Move, Scope, Substitution
from core.year.span import Hours, Span
from tests.integration.core_world import refused
from tests.integration.week_world import MONDAY, NEXT_MONDAY, THURSDAY, TUESDAY, TWO_WEEKS, WEDNESDAY, Week, week

SUNDAY = MONDAY + timedelta(days=6)


@pytest.fixture
async def it(core_database: Database, database_url: URL) -> Week:
    return await week(core_database, database_url)


async def does[T](it: Week, doing: Callable[[AsyncSession], Awaitable[T]]) -> T:
    async with it.room.database.begin() as session:
        return await doing(session)


async def of_class(it: Week, day: date = MONDAY, person: UUID | None = None) -> WeekView:
    actor, now = Actor("telegram", person or it.room.stranger), it.room.hands.at
    return await does(it, lambda s: views.of_class(s, actor, it.room.school_class, day, now))


async def of_teacher(it: Week, teacher: UUID, person: UUID | None = None) -> WeekView:
    actor, now = Actor("telegram", person or it.room.stranger), it.room.hands.at
    return await does(it, lambda s: views.of_teacher(s, actor, teacher, MONDAY, now))


async def of_room(it: Week, place: UUID, person: UUID | None = None) -> WeekView:
    actor, now = Actor("telegram", person or it.room.stranger), it.room.hands.at
    return await does(it, lambda s: views.of_room(s, actor, place, MONDAY, now))


async def of_day(it: Week, day: date, person: UUID | None = None) -> DayView:
    actor, now = Actor("telegram", person or it.room.stranger), it.room.hands.at
    return await does(it, lambda s: views.of_school_day(s, actor, it.school, day, now))


def all_of(shown: WeekView) -> list[LessonView]:
    return [lesson for day in shown.days for lesson in day.lessons]


async def test_a_week_of_a_class_has_its_groups_lessons_and_nobody_elses(it: Week) -> None:
    room = it.room
    place = await it.place("12")
    other = await room.builder.school_class(room.school, "5Б")
    stream = await it.group("5АБ английский", room.school_class, other, kind="stream")
    await it.slot(MONDAY, 1, place=place)
    await it.slot(TUESDAY, 2, "английский язык", of={"group_id": stream}, teacher=room.stranger)
    await it.slot(WEDNESDAY, 3, "химия", of={"pupil_id": room.pupils[0]})
    await it.slot(THURSDAY, 1, "музыка", of={"class_id": other}, teacher=room.stranger)
    await it.make()
    shown = await of_class(it, THURSDAY)
    assert shown.title == "5А"
    assert [one.day for one in shown.days] == [MONDAY + timedelta(days=number) for number in range(6)]
    maths, english, chemistry = all_of(shown)
    assert (maths.subject_name, maths.learners, maths.room_name, maths.number) == ("математика", "5А", "12", 1)
    assert (maths.teacher_name, maths.own_teacher, maths.is_moved) == ("Кузнецова Мария Петровна", None, False)
    assert (english.learners, english.classes) == ("5АБ английский", ("5А", "5Б"))
    assert (chemistry.learners, chemistry.classes) == ("Абрамов Глеб", ("5А",))
    assert all_of(await of_class(it, NEXT_MONDAY + timedelta(days=30))) == []


async def test_a_week_of_a_teacher_has_what_he_gives_and_what_others_give_for_him(it: Week) -> None:
    room = it.room
    monday = await it.slot(MONDAY, 1)
    await it.slot(TUESDAY, 1)
    wednesday = await it.slot(WEDNESDAY, 1, "физика", teacher=room.stranger)
    await it.make()
    chemistry, lab = await it.subject("химия"), await it.place("лаборатория")
    await it.change(
        Substitution(monday, MONDAY, room.stranger, chemistry, lab), Substitution(wednesday, WEDNESDAY, room.teacher)
    )
    given, own, for_another = all_of(await of_teacher(it, room.teacher))[:3]
    assert (given.teacher_name, given.own_teacher) == ("Зимин Олег Андреевич", "Кузнецова Мария Петровна")
    assert (given.subject_name, given.planned_subject) == ("химия", "математика")
    assert (given.room_name, given.planned_room) == ("лаборатория", None)
    assert (own.day, own.own_teacher) == (TUESDAY, None)
    assert (for_another.teacher_name, for_another.own_teacher) == ("Кузнецова Мария Петровна", "Зимин Олег Андреевич")
    assert (await of_teacher(it, room.teacher)).title == "Кузнецова Мария Петровна"
    assert [one.day for one in all_of(await of_teacher(it, room.stranger))] == [MONDAY, WEDNESDAY]
    assert all_of(await of_teacher(it, room.head)) == []


async def test_a_moved_lesson_is_seen_where_it_is_and_where_it_was(it: Week) -> None:
    slot = await it.slot(MONDAY, 1)
    await it.make()
    await it.change(Move(slot, MONDAY, WEDNESDAY, 4, hours=Hours(time(11, 30), time(12, 15))))
    monday, _, wednesday, *_ = (await of_class(it)).days
    assert monday.lessons == ()
    assert wednesday.moved_away == ()
    (moved,) = wednesday.lessons
    assert monday.moved_away == (moved,)
    assert (moved.day, moved.number, moved.planned_day, moved.planned_number) == (WEDNESDAY, 4, MONDAY, 1)
    assert moved.is_moved
    assert (await of_day(it, MONDAY)).moved_away == (moved,)
    assert (await of_day(it, WEDNESDAY)).lessons == (moved,)
    (next_week, *_) = (await of_class(it, NEXT_MONDAY)).days
    assert (len(next_week.lessons), next_week.moved_away) == (1, ()), "the week after is as usual"


async def test_a_lesson_moved_to_another_week_leaves_its_trace(it: Week) -> None:
    slot = await it.slot(MONDAY, 1)
    await it.make()
    await it.change(Move(slot, MONDAY, NEXT_MONDAY, 4, hours=Hours(time(11, 30), time(12, 15))))
    assert [one.day for one in (await of_class(it)).days[0].moved_away] == [NEXT_MONDAY]
    assert [one.number for one in (await of_class(it, NEXT_MONDAY)).days[0].lessons] == [1, 4]


async def test_what_is_not_held_or_at_a_distance_says_so(it: Week) -> None:
    room = it.room
    other = await room.builder.school_class(room.school, "5Б")
    stream = await it.group("5АБ английский", room.school_class, other, kind="stream")
    cancelled = await it.slot(MONDAY, 1)
    await it.slot(TUESDAY, 1, place=await it.place("12"))
    await it.slot(TUESDAY, 2, "английский язык", of={"group_id": stream}, teacher=room.stranger)
    await it.slot(WEDNESDAY, 1)
    await it.make()
    await it.change(
        Cancellation(cancelled, MONDAY, CancelReason.NO_TEACHER, "учитель на курсах"),
        DayAct(Span(TUESDAY, TUESDAY), Distance(), Scope(classes=frozenset((room.school_class,)))),
        DayAct(Span(WEDNESDAY, WEDNESDAY), Closed(CancelReason.WEATHER)),
    )
    off, distant, half, closed = all_of(await of_class(it))
    assert (off.cancelled, off.cancelled_note) == (CancelReason.NO_TEACHER, "учитель на курсах")
    assert (distant.distant, distant.is_all_distant, distant.room_name) == (("5А",), True, None)
    assert (half.distant, half.is_all_distant) == (("5А",), False)
    assert closed.cancelled is CancelReason.WEATHER


async def test_a_room_and_a_day_of_the_school(it: Week) -> None:
    room = it.room
    here, there = await it.place("12"), await it.place("21")
    other = await room.builder.school_class(room.school, "10Б")
    await it.slot(MONDAY, 2, place=here)
    await it.slot(MONDAY, 1, "физика", place=there)
    await it.slot(MONDAY, 1, "музыка", of={"class_id": other}, teacher=room.stranger, place=here)
    await it.make()
    shown = await of_room(it, here)
    assert shown.title == "12"
    assert [one.subject_name for one in all_of(shown)] == ["музыка", "математика"]
    day = await of_day(it, MONDAY)
    assert [(one.number, one.learners) for one in day.lessons] == [(1, "5А"), (1, "10Б"), (2, "5А")]
    assert (await of_day(it, SUNDAY)).lessons == ()
    assert await refused(of_room(it, uuid4())) == (NotFound, "room-unknown")


@pytest.mark.parametrize("who", ["pupil", "guardian", "another school"])
async def test_only_staff_of_the_school_look(it: Week, who: str) -> None:
    room = it.room
    place = await it.place("12")
    if who == "pupil":
        person = room.pupils[0]
    elif who == "guardian":
        person = await room.builder.guardian(room.pupils[0], name="Иванова Ольга")
    else:
        person = await room.builder.teacher(await room.builder.school("Школа 2"), "Дёмин Илья", administers=True)
    for doing in (
        of_class(it, MONDAY, person),
        of_teacher(it, room.teacher, person),
        of_room(it, place, person),
        of_day(it, MONDAY, person),
    ):
        assert await refused(doing) == (Forbidden, "not-allowed")


async def test_a_week_is_read_in_as_many_statements_whatever_is_in_it(it: Week) -> None:
    async def statements() -> int:
        seen: list[str] = []

        def note(_: object, __: object, statement: str, *___: object) -> None:
            seen.append(statement)

        engine = it.room.database.engine.sync_engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            await of_class(it)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    await it.slot(MONDAY, 1)
    await it.make()
    few = await statements()
    for day in (MONDAY, TUESDAY, WEDNESDAY):
        for number in (2, 3, 4):
            await it.slot(day, number)
    await it.make()
    assert len(all_of(await of_class(it))) == 10
    assert await statements() == few > 0


async def journal(it: Week, span: Span = TWO_WEEKS, person: UUID | None = None) -> list[substituted.SubstitutedLesson]:
    actor, now = Actor("telegram", person or it.room.head), it.room.hands.at
    return list(await does(it, lambda s: substituted.journal(s, actor, it.school, span, now)))


async def counts(it: Week, span: Span, person: UUID | None = None) -> substituted.LessonCounts:
    actor, now = Actor("telegram", person or it.room.head), it.room.hands.at
    return await does(it, lambda s: substituted.counts(s, actor, it.school, span, now))


@pytest.mark.req("TT-06")
async def test_the_substitute_fills_the_journal_as_usual_and_signs_so(it: Week) -> None:
    room = it.room
    slot = await it.slot(MONDAY, 1)
    await it.make()
    await it.change(Substitution(slot, MONDAY, room.stranger), why="приказ 12 от 27.11.2026")
    lesson, later = await it.lesson(slot, MONDAY), await it.lesson(slot, NEXT_MONDAY)
    (line,) = await journal(it)
    assert (line.lesson.id, line.lesson.day, line.why, line.signed) == (lesson, MONDAY, "приказ 12 от 27.11.2026", None)
    assert (line.lesson.teacher_name, line.lesson.own_teacher) == ("Зимин Олег Андреевич", "Кузнецова Мария Петровна")

    room.hands.at = line.lesson.starts_at + timedelta(minutes=5)
    await does(it, lambda s: attendance.record(s, room.act(room.stranger), lesson, {room.pupils[0]: "н"}))
    await does(it, lambda s: gradebook.give(s, room.act(room.stranger), lesson, room.pupils[1], 5))
    await does(it, lambda s: homework.set_at(s, room.act(room.stranger), lesson, "№ 215"))
    (line,) = await journal(it)
    assert line.signed == substituted.Signed("Зимин Олег Андреевич", room.hands.at)
    assert await refused(does(it, lambda s: attendance.record(s, room.act(room.stranger), later, {}))) == (
        Forbidden,
        "lesson-not-yours",
    ), "the lessons of others stay theirs"


async def test_the_journal_names_the_last_reason_and_what_was_withdrawn_no_more(it: Week) -> None:
    room = it.room
    slot, other = await it.slot(MONDAY, 1), await it.slot(TUESDAY, 1)
    await it.make()
    await it.change(Substitution(slot, MONDAY, room.stranger), why="приказ 12")
    await it.change(Substitution(slot, MONDAY, room.head), why="приказ 13")
    await it.change(Substitution(other, TUESDAY, room.stranger), why="приказ 14")
    await it.change(Cancellation(other, TUESDAY, CancelReason.WEATHER))
    (line,) = await journal(it)
    assert (line.lesson.teacher_name, line.why) == ("Орлов Пётр Ильич", "приказ 13"), "nobody gave a cancelled lesson"
    await room.watch.rows("UPDATE core.timetable_change SET withdrawn_at = $1 WHERE why = 'приказ 13'", room.hands.at)
    await it.make()
    (line,) = await journal(it)
    assert (line.lesson.teacher_name, line.why) == ("Зимин Олег Андреевич", "приказ 12")
    assert await journal(it, Span(TUESDAY, THURSDAY)) == []


async def test_substituted_and_cancelled_lessons_are_counted(it: Week) -> None:
    room = it.room
    slots = [await it.slot(MONDAY, number) for number in (1, 2, 3, 4)]
    await it.make()
    await it.change(
        Substitution(slots[0], MONDAY, room.stranger),
        Substitution(slots[1], MONDAY, room.stranger),
        Cancellation(slots[1], MONDAY, CancelReason.QUARANTINE),
        Cancellation(slots[2], MONDAY, CancelReason.WEATHER),
    )
    monday, both = [await counts(it, days) for days in (Span(MONDAY, MONDAY), TWO_WEEKS)]
    assert (monday.planned, monday.substituted) == (4, 1)
    assert dict(monday.cancelled) == {CancelReason.WEATHER: 1, CancelReason.QUARANTINE: 1}
    assert (both.planned, both.substituted) == (8, 1)


async def test_reasons_of_substitutions_are_for_the_administration(it: Week) -> None:
    assert await refused(journal(it, person=it.room.teacher)) == (Forbidden, "not-allowed")
    assert await refused(counts(it, TWO_WEEKS, it.room.teacher)) == (Forbidden, "not-allowed")
