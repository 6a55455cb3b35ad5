"""The summary schedule of control works: planned, moved, withdrawn, never too many for a class."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL, delete, event, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import Act, Actor
from core.database import Database
from core.learning import attendance, gradebook
from core.plan.plan_tables import SchoolYear
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.tables import Lesson
from core.timetable import control_works
from core.timetable.control_works import ControlSchedule, ControlWorkDraft
from core.year.changes import Cancellation, CancelReason, Move
from core.year.span import Hours, Span
from tests.integration.core_world import refused
from tests.integration.eventually import eventually
from tests.integration.week_world import (
    FRIDAY,
    MONDAY,
    THURSDAY,
    TUESDAY,
    TWO_WEEKS,
    WEDNESDAY,
    Week,
    week,
)
from texts.reader import load

TEST = ControlWorkDraft("контрольная работа", "Обыкновенные дроби")
DICTATION = ControlWorkDraft("диктант", "Безударные гласные", for_control=True)
DAYS = (MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY)


class Works:
    """Commands on works, each in a transaction of its own."""

    def __init__(self, it: Week) -> None:
        self.it = it
        self.maths: dict[date, UUID] = {}
        self.russian: dict[date, UUID] = {}

    async def timetable(self) -> None:
        """Give the class mathematics and then Russian every day."""
        slots = [
            (await self.it.slot(day, 1), await self.it.slot(day, 2, "русский язык", teacher=self.it.room.class_teacher))
            for day in DAYS
        ]
        await self.it.make()
        for day, (maths, russian) in zip(DAYS, slots, strict=True):
            self.maths[day] = await self.it.lesson(maths, day)
            self.russian[day] = await self.it.lesson(russian, day)

    async def does[T](self, doing: Callable[[AsyncSession], Awaitable[T]]) -> T:
        async with self.it.room.database.begin() as session:
            return await doing(session)

    async def plan(self, lesson: UUID, draft: ControlWorkDraft = TEST, act: Act | None = None) -> UUID:
        return await self.does(lambda s: control_works.plan(s, act or self.it.office(), lesson, draft))

    async def move(self, work: UUID, lesson: UUID, act: Act | None = None) -> None:
        await self.does(lambda s: control_works.move(s, act or self.it.office(), work, lesson))

    async def change(self, work: UUID, draft: ControlWorkDraft, act: Act | None = None) -> None:
        await self.does(lambda s: control_works.change(s, act or self.it.office(), work, draft))

    async def withdraw(self, work: UUID, act: Act | None = None) -> None:
        await self.does(lambda s: control_works.withdraw(s, act or self.it.office(), work))

    async def summary(self, span: Span = TWO_WEEKS, *classes: UUID, actor: Actor | None = None) -> ControlSchedule:
        who, now = actor or self.it.office().actor, self.it.room.hands.at
        return await self.does(lambda s: control_works.summary(s, who, self.it.school, span, now, classes=classes))


@pytest.fixture
async def works(core_database: Database, database_url: URL) -> Works:
    made = Works(await week(core_database, database_url))
    await made.timetable()
    return made


@pytest.mark.req("TT-12")
async def test_the_summary_schedule_names_the_form_and_what_is_for_monitoring(works: Works) -> None:
    it = works.it
    dictation = await works.plan(works.russian[TUESDAY], DICTATION)
    test = await works.plan(works.maths[MONDAY])
    found = await works.summary()
    assert [card.id for card in found.works] == [test, dictation], "in the order in which they are written"
    first, second = found.works
    assert (first.form, first.topic, first.for_control) == ("контрольная работа", "Обыкновенные дроби", False)
    assert (second.form, second.for_control) == ("диктант", True)
    assert (second.lesson.learners, second.lesson.classes, second.lesson.day) == ("5А", ("5А",), TUESDAY)
    assert (second.lesson.subject_name, second.lesson.number) == ("русский язык", 2)
    assert second.lesson.teacher_name == "Громова Нина Сергеевна"
    assert found.crowded == ()
    assert [card.id for card in (await works.summary(Span(TUESDAY, FRIDAY))).works] == [dictation]
    other = await it.room.builder.school_class(it.room.school, "5Б")
    assert (await works.summary(TWO_WEEKS, other)).works == ()
    assert len((await works.summary(TWO_WEEKS, other, it.room.school_class)).works) == 2


async def test_what_is_planned_is_in_the_audit_and_planned_once(works: Works) -> None:
    act = works.it.act(key="the same press")
    work = await works.plan(works.maths[MONDAY], act=act)
    before = await works.it.room.watch.everything()
    assert await works.plan(works.maths[MONDAY], act=act) == work
    assert await works.it.room.watch.everything() == before
    (row,) = await works.it.room.watch.audit("control-work.plan")
    assert row["person_id"] == works.it.room.teacher
    assert row["subject"] == f"control-work/{work}"
    assert "Обыкновенные дроби" in row["after"]


async def test_a_second_work_of_a_day_is_refused_by_name(works: Works) -> None:
    await works.plan(works.maths[MONDAY])
    before = await works.it.room.watch.everything()
    with pytest.raises(Conflict) as refusal:
        await works.plan(works.russian[MONDAY], DICTATION)
    said = load("ru").format(f"refusal-{refusal.value.code}", **refusal.value.details)
    assert said == (
        "5А, 30.11.2026: работа на этот день уже есть — математика, контрольная работа (30.11.2026). "
        "Больше одной в день нельзя."
    )
    assert await works.it.room.watch.everything() == before, "a refusal changes nothing"


async def test_a_fourth_work_of_a_week_is_refused_by_name(works: Works) -> None:
    for day in (MONDAY, TUESDAY, WEDNESDAY):
        await works.plan(works.maths[day])
    with pytest.raises(Conflict) as refusal:
        await works.plan(works.russian[THURSDAY])
    assert refusal.value.code == "control-work-week-full"
    said = load("ru").format("refusal-control-work-week-full", **refusal.value.details)
    assert "5А, неделя 30.11.2026 – 06.12.2026" in said
    assert said.count("математика, контрольная работа") == 3
    assert said.endswith("За неделю можно не больше 3 работ.")


async def test_two_who_plan_at_once_do_not_crowd_a_day(works: Works) -> None:
    """The classes are locked: whoever comes second waits, and sees the first one's work."""
    room = works.it.room
    async with room.database.begin() as session:
        await control_works.plan(session, works.it.office(), works.maths[MONDAY], TEST)
        second = asyncio.create_task(works.plan(works.russian[MONDAY], DICTATION))
        await eventually(room.watch.blocked)
    assert await refused(second) == (Conflict, "control-work-day-full")
    assert len((await works.summary()).works) == 1


async def test_a_work_waits_for_whoever_changes_its_lesson_or_closes_its_year(works: Works) -> None:
    room = works.it.room
    work = await works.plan(works.maths[FRIDAY])
    await room.watch.rows(
        "INSERT INTO core.school_year (school_id, year, calendar, version) VALUES ($1, 2026, '{}', 1)", works.it.school
    )

    async def meanwhile(
        doing: Callable[[AsyncSession], Awaitable[object]], late: Awaitable[object]
    ) -> tuple[type, str]:
        async with room.database.begin() as session:
            await doing(session)
            waiting = asyncio.ensure_future(late)
            await eventually(room.watch.blocked)
        return await refused(waiting)

    async def close(session: AsyncSession) -> None:
        year = await session.get_one(SchoolYear, (works.it.school, 2026), with_for_update=True)
        year.closed_at = room.hands.at
        await session.flush()

    cancel = update(Lesson).where(Lesson.id == works.maths[MONDAY]).values(cancelled="other")
    gone = delete(Lesson).where(Lesson.id == works.maths[TUESDAY])
    late = works.plan(works.maths[MONDAY])
    assert await meanwhile(lambda s: s.execute(cancel), late) == (Conflict, "lesson-cancelled")
    late_move = works.move(work, works.maths[TUESDAY])
    assert await meanwhile(lambda s: s.execute(gone), late_move) == (NotFound, "lesson-unknown")
    assert await meanwhile(close, works.plan(works.russian[MONDAY])) == (Conflict, "year-closed")
    assert await refused(works.withdraw(work)) == (Conflict, "year-closed")
    assert await refused(works.change(work, DICTATION)) == (Conflict, "year-closed")
    assert await refused(works.move(work, works.maths[THURSDAY])) == (Conflict, "year-closed")
    assert [card.id for card in (await works.summary()).works] == [work]


async def test_a_work_that_was_written_stays_where_it_was(works: Works) -> None:
    room = works.it.room
    work, another = await works.plan(works.maths[MONDAY]), await works.plan(works.russian[TUESDAY])
    room.hands.at = datetime.combine(MONDAY, time(4, 30), UTC)
    assert await refused(works.plan(works.maths[MONDAY], DICTATION)) == (Invalid, "control-work-lesson-over")
    await works.does(lambda s: attendance.record(s, works.it.act(), works.maths[MONDAY], {}))
    await works.move(work, works.maths[THURSDAY])
    await works.move(work, works.maths[WEDNESDAY])
    room.hands.move(days=2)
    await works.does(lambda s: gradebook.give(s, works.it.act(), works.maths[WEDNESDAY], room.pupils[0], 4))
    assert await refused(works.move(work, works.maths[FRIDAY])) == (Conflict, "control-work-written")
    assert await refused(works.withdraw(work)) == (Conflict, "control-work-written")
    teacher = works.it.act(room.class_teacher)
    await works.does(lambda s: attendance.record(s, teacher, works.russian[TUESDAY], {}))
    assert await refused(works.withdraw(another)) == (Conflict, "control-work-written"), "its day is over"
    await works.change(work, DICTATION)


async def test_halves_of_a_class_may_write_on_one_day(works: Works) -> None:
    it, division = works.it, uuid4()
    halves = [
        await it.group(title, it.room.school_class, division=division)
        for title in ("5А английский 1", "5А английский 2")
    ]
    slots = [
        await it.slot(MONDAY, 3, "английский язык", of={"group_id": group}, teacher=teacher)
        for group, teacher in zip(halves, (it.room.teacher, it.room.stranger), strict=True)
    ]
    await it.make()
    first, second = [await it.lesson(slot, MONDAY) for slot in slots]
    await works.plan(first)
    await works.plan(second)
    found = await works.summary()
    assert [card.lesson.learners for card in found.works] == ["5А английский 1", "5А английский 2"]
    assert found.crowded == ()
    assert await refused(works.plan(works.maths[MONDAY])) == (Conflict, "control-work-day-full")


async def test_a_work_goes_with_its_lesson_and_a_crowd_is_shown(works: Works) -> None:
    """Who moves a lesson is not stopped by a work: it is said what has become too much."""
    work = await works.plan(works.maths[TUESDAY])
    other = await works.plan(works.russian[MONDAY], DICTATION)
    slot = await works.it.room.watch.value("SELECT slot_id FROM core.lesson WHERE id = $1", works.maths[TUESDAY])
    await works.it.change(Move(slot, TUESDAY, MONDAY, 5, hours=Hours(time(12, 30), time(13, 15))))
    found = await works.summary()
    assert {card.id: card.lesson.day for card in found.works} == {work: MONDAY, other: MONDAY}
    (crowd,) = found.crowded
    assert (crowd.learners, crowd.span, crowd.limit) == ("5А", Span(MONDAY, MONDAY), 1)
    assert set(crowd.works) == {work, other}
    assert (await works.summary(Span(TUESDAY, TUESDAY))).crowded == ()


async def test_a_cancelled_lesson_has_no_work_and_frees_its_day(works: Works) -> None:
    work = await works.plan(works.maths[MONDAY])
    slot = await works.it.room.watch.value("SELECT slot_id FROM core.lesson WHERE id = $1", works.maths[MONDAY])
    await works.it.change(Cancellation(slot, MONDAY, CancelReason.NO_TEACHER))
    (card,) = (await works.summary()).works
    assert card.lesson.cancelled is CancelReason.NO_TEACHER, "it is shown, since it has to be moved"
    await works.plan(works.russian[MONDAY])
    await works.move(work, works.maths[TUESDAY])
    assert [card.lesson.day for card in (await works.summary()).works] == [MONDAY, TUESDAY]


async def test_a_work_is_moved_to_a_lesson_of_the_same_learners_and_subject(works: Works) -> None:
    act = works.it.act(key="moved once")
    work = await works.plan(works.maths[MONDAY])
    await works.move(work, works.maths[TUESDAY], act)
    await works.move(work, works.maths[TUESDAY], act)
    (card,) = (await works.summary()).works
    assert (card.id, card.lesson.day) == (work, TUESDAY)
    (row,) = await works.it.room.watch.audit("control-work.move")
    assert "2026-11-30" in row["before"]
    assert "2026-12-01" in row["after"]
    assert await refused(works.move(work, works.russian[MONDAY])) == (Invalid, "control-work-other-lesson")
    await works.plan(works.maths[MONDAY], DICTATION)
    assert await refused(works.move(work, works.maths[MONDAY])) == (Conflict, "control-work-there")
    assert await refused(works.plan(works.maths[MONDAY])) == (Conflict, "control-work-there")


async def test_a_work_in_its_own_way_may_be_moved_within_a_full_week(works: Works) -> None:
    first, *_ = [await works.plan(works.maths[day]) for day in (MONDAY, TUESDAY, WEDNESDAY)]
    await works.move(first, works.maths[THURSDAY])
    assert await refused(works.move(first, works.maths[TUESDAY])) == (Conflict, "control-work-there")
    assert [card.lesson.day for card in (await works.summary()).works] == [TUESDAY, WEDNESDAY, THURSDAY]


async def test_a_work_is_changed_and_withdrawn(works: Works) -> None:
    work = await works.plan(works.maths[MONDAY])
    await works.change(work, ControlWorkDraft("  зачёт ", "Дроби\nи проценты", for_control=True))
    (card,) = (await works.summary()).works
    assert (card.form, card.topic, card.for_control) == ("зачёт", "Дроби и проценты", True)
    await works.withdraw(work)
    before = await works.it.room.watch.value("SELECT count(*) FROM core.audit")
    await works.withdraw(work)
    assert await works.it.room.watch.value("SELECT count(*) FROM core.audit") == before, "again is harmless"
    assert (await works.summary()).works == ()
    assert await refused(works.change(work, TEST)) == (Conflict, "control-work-withdrawn")
    assert await refused(works.move(work, works.maths[TUESDAY])) == (Conflict, "control-work-withdrawn")
    await works.plan(works.russian[MONDAY])


async def test_what_makes_no_sense_is_refused(works: Works) -> None:
    lesson = works.maths[MONDAY]
    assert await refused(works.plan(lesson, ControlWorkDraft(" ", "Дроби"))) == (Invalid, "text-needed")
    assert await refused(works.plan(lesson, ControlWorkDraft("тест", "\u200b"))) == (Invalid, "text-needed")
    assert await refused(works.plan(lesson, ControlWorkDraft("т" * 61, "Дроби"))) == (Invalid, "text-too-long")
    assert await refused(works.plan(uuid4())) == (NotFound, "lesson-unknown")
    assert await refused(works.withdraw(uuid4())) == (NotFound, "control-work-unknown")
    works.it.room.hands.at += timedelta(days=7)
    assert await refused(works.plan(lesson)) == (Invalid, "control-work-lesson-over")


async def test_a_lesson_not_held_and_a_closed_year_take_no_work(works: Works) -> None:
    slot = await works.it.room.watch.value("SELECT slot_id FROM core.lesson WHERE id = $1", works.maths[MONDAY])
    await works.it.change(Cancellation(slot, MONDAY, CancelReason.EVENT))
    assert await refused(works.plan(works.maths[MONDAY])) == (Conflict, "lesson-cancelled")
    await works.it.room.watch.rows(
        "INSERT INTO core.school_year (school_id, year, calendar, version, closed_at) VALUES ($1, 2026, '{}', 1, $2)",
        works.it.school,
        works.it.room.hands.at,
    )
    assert await refused(works.plan(works.maths[TUESDAY])) == (Conflict, "year-closed")


async def test_its_teacher_and_the_administration_plan_and_all_staff_look(works: Works) -> None:
    room = works.it.room
    stranger, teacher, head = works.it.act(room.stranger), works.it.act(), works.it.act(room.head)
    refusal = (Forbidden, "lesson-of-another-teacher")
    assert await refused(works.plan(works.maths[MONDAY], act=stranger)) == refusal
    work = await works.plan(works.maths[MONDAY], act=teacher)
    assert await refused(works.withdraw(work, stranger)) == refusal
    assert await refused(works.change(work, DICTATION, stranger)) == refusal
    assert await refused(works.move(work, works.maths[TUESDAY], stranger)) == refusal
    await works.move(work, works.maths[TUESDAY], head)
    assert len((await works.summary(actor=stranger.actor)).works) == 1
    pupil = Actor("telegram", room.pupils[0])
    assert await refused(works.summary(actor=pupil)) == (Forbidden, "not-allowed")
    guardian = Actor("telegram", await room.builder.guardian(room.pupils[0], name="Иванова Ольга"))
    assert await refused(works.summary(actor=guardian)) == (Forbidden, "not-allowed")


async def test_another_school_sees_nothing_of_it(works: Works) -> None:
    await works.plan(works.maths[MONDAY])
    room = works.it.room
    elsewhere = await room.builder.school("Школа 2")
    head = await room.builder.teacher(elsewhere, "Дёмин Илья", administers=True)
    actor, now = Actor("telegram", head), room.hands.at
    assert await refused(works.summary(actor=actor)) == (Forbidden, "not-allowed")
    assert await refused(works.plan(works.maths[TUESDAY], act=works.it.act(head))) == (
        Forbidden,
        "lesson-of-another-teacher",
    )
    found = await works.does(lambda s: control_works.summary(s, actor, elsewhere.id, TWO_WEEKS, now))
    assert found == ControlSchedule((), ())


async def test_the_schedule_is_read_in_as_many_statements_whatever_its_length(works: Works) -> None:
    async def statements() -> int:
        seen: list[str] = []

        def note(_: object, __: object, statement: str, *___: object) -> None:
            seen.append(statement)

        engine = works.it.room.database.engine.sync_engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            await works.summary()
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    await works.plan(works.maths[MONDAY])
    few = await statements()
    for day in (TUESDAY, WEDNESDAY):
        await works.plan(works.russian[day])
    assert await statements() == few > 0
