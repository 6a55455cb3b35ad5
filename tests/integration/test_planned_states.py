"""What is planned beside the weekly timetable is told whole, at rising versions: control works and school events."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import Database
from core.events import Addressee, ControlWorkState, NotHeld, SchoolEventState
from core.refusals import Conflict
from core.tables import Slot
from core.timetable import control_works, day_acts, lesson_changes, school_events
from core.timetable.control_works import ControlWorkDraft
from core.timetable.lesson_changes import Place, Substitute
from core.timetable.school_events import EventDraft
from core.year.changes import CancelReason, Closed, DayAct
from core.year.span import Span
from tests.integration.core_world import refused
from tests.integration.eventually import eventually
from tests.integration.timetable_world import MONDAY, TimetableWorld, timetable_world

TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
TEST = ControlWorkDraft("контрольная работа", "Обыкновенные дроби")
NAMES_OF_A = ("Абрамов Глеб", "Ёлкин Вадим", "Иванова Анна")
FAIR = EventDraft(
    title="Ярмарка",
    starts_at=datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
    ends_at=datetime(2026, 11, 24, 11, 0, tzinfo=UTC),
    place="Актовый зал",
)


@pytest.fixture
async def world(core_database: Database, database_url: URL) -> TimetableWorld:
    return await timetable_world(core_database, database_url)


async def plan(world: TimetableWorld, lesson: UUID, key: str | None = None) -> UUID:
    return await world.do(lambda session: control_works.plan(session, world.act(key=key), lesson, TEST))


async def works_told(world: TimetableWorld, work: UUID) -> list[ControlWorkState]:
    """Return the states of a work in the order of versions, which rise by one."""
    found = await world.watch.events(f"control-work/{work}")
    assert [one.version for one in found] == list(range(1, len(found) + 1))
    assert {(one.type, one.school) for one in found} == {("zvonok.control_work", world.school.id)}
    return [one.data for one in found if isinstance(one.data, ControlWorkState)]


async def events_told(world: TimetableWorld, event: UUID) -> list[SchoolEventState]:
    found = await world.watch.events(f"school-event/{event}")
    assert [one.version for one in found] == list(range(1, len(found) + 1))
    assert {(one.type, one.school) for one in found} == {("zvonok.school_event", world.school.id)}
    return [one.data for one in found if isinstance(one.data, SchoolEventState)]


def places(states: list[ControlWorkState]) -> list[tuple[date, int, NotHeld | None]]:
    return [(one.day, one.number, one.cancelled) for one in states]


async def test_each_command_on_a_work_tells_its_whole_state(world: TimetableWorld) -> None:
    first, second = await world.lesson("5А", TUESDAY, 1), await world.lesson("5А", WEDNESDAY, 3)
    work = await plan(world, first, key="pressed")
    draft = ControlWorkDraft("зачёт", "Проценты", for_control=True)
    await world.do(lambda session: control_works.change(session, world.act(), work, draft))
    await world.do(lambda session: control_works.move(session, world.act(), work, second))
    await world.do(lambda session: control_works.withdraw(session, world.act(), work))
    pupils = dict(zip(("Ёлкин Вадим", "Иванова Анна", "Абрамов Глеб"), world.pupils["5А"], strict=True))
    planned = ControlWorkState(
        work=work,
        class_title="5А",
        pupils=tuple(Addressee(pupil=pupils[name], name=name) for name in NAMES_OF_A),
        lesson=first,
        day=TUESDAY,
        number=1,
        subject_name="математика",
        form="контрольная работа",
        topic="Обыкновенные дроби",
        planned_on=MONDAY,
    )
    changed = planned.model_copy(update={"form": "зачёт", "topic": "Проценты"})
    moved = changed.model_copy(update={"lesson": second, "day": WEDNESDAY, "number": 3})
    told = [planned, changed, moved, moved.model_copy(update={"withdrawn": True})]
    assert await works_told(world, work) == told
    await world.do(lambda session: control_works.withdraw(session, world.act(), work))
    assert await plan(world, first, key="pressed") == work
    assert await works_told(world, work) == told, "a repeat tells nothing"


async def test_what_is_refused_or_rolled_back_is_not_told(world: TimetableWorld) -> None:
    work = await plan(world, await world.lesson("5А", TUESDAY, 1))
    other = await world.lesson("5А", TUESDAY, 2)
    assert await refused(plan(world, other)) == (Conflict, "control-work-day-full")
    await world.do(lambda session: control_works.change(session, world.act(), work, TEST))

    async def broken_off(session: AsyncSession) -> None:
        await control_works.withdraw(session, world.act(), work)
        await school_events.plan(session, world.act(), world.school.id, FAIR)
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        await world.do(broken_off)
    assert len(await works_told(world, work)) == 1
    assert len(await world.watch.events("control-work/")) == 1
    assert await world.watch.events("school-event/") == []


async def test_a_work_is_told_anew_when_its_lesson_is_moved_cancelled_or_put_back(world: TimetableWorld) -> None:
    lesson = await world.lesson("5А", TUESDAY, 1)
    work, untouched = await plan(world, lesson), await plan(world, await world.lesson("5Б", TUESDAY, 1))
    place = Place(WEDNESDAY, 4)
    moved = await world.do(lambda session: lesson_changes.move(session, world.act(), lesson, place))
    why = CancelReason.NO_TEACHER
    cancelled = await world.do(lambda session: lesson_changes.cancel(session, world.act(), lesson, why))
    await world.do(lambda session: lesson_changes.withdraw(session, world.act(), cancelled))
    await world.do(lambda session: lesson_changes.withdraw(session, world.act(), moved))
    assert places(await works_told(world, work)) == [
        (TUESDAY, 1, None),
        (WEDNESDAY, 4, None),
        (WEDNESDAY, 4, NotHeld.NO_TEACHER),
        (WEDNESDAY, 4, None),
        (TUESDAY, 1, None),
    ]
    assert len(await works_told(world, untouched)) == 1


async def test_a_closed_day_tells_every_work_of_it(world: TimetableWorld) -> None:
    works = [await plan(world, await world.lesson(title, TUESDAY, 2)) for title in ("5А", "5Б")]
    closed = DayAct(Span(TUESDAY, TUESDAY), Closed(CancelReason.WEATHER))
    done = await world.do(lambda session: day_acts.act(session, world.act(), world.school.id, closed))
    for work in works:
        assert places(await works_told(world, work)) == [(TUESDAY, 2, None), (TUESDAY, 2, NotHeld.WEATHER)]
    await world.do(lambda session: day_acts.withdraw(session, world.act(), done.change))
    for work in works:
        assert places(await works_told(world, work))[2:] == [(TUESDAY, 2, None)]


async def test_a_change_of_which_a_work_says_nothing_tells_nothing_of_it(world: TimetableWorld) -> None:
    lesson = await world.lesson("5А", TUESDAY, 1)
    work, gone = await plan(world, lesson), await plan(world, await world.lesson("5А", WEDNESDAY, 1))
    await world.do(lambda session: control_works.withdraw(session, world.act(), gone))
    instead = Substitute(world.teachers["С"])
    await world.do(lambda session: lesson_changes.substitute(session, world.act(), lesson, instead))
    later = await world.lesson("5А", WEDNESDAY, 1)
    await world.do(lambda session: lesson_changes.cancel(session, world.act(), later, CancelReason.EVENT))
    assert len(await works_told(world, work)) == 1
    assert [one.withdrawn for one in await works_told(world, gone)] == [False, True], "it stands no more"


async def test_a_lesson_that_the_weekly_timetable_lost_is_told_once_with_its_work(world: TimetableWorld) -> None:
    lesson = await world.lesson("5А", WEDNESDAY, 1)
    work = await plan(world, lesson)
    slot = (await world.read(lesson)).slot_id
    async with world.database.begin() as session:
        row = await session.get_one(Slot, slot)
        row.until = TUESDAY
    for _ in range(2):
        await world.make()
    told = [(WEDNESDAY, 1, None), (WEDNESDAY, 1, NotHeld.OTHER)]
    assert places(await works_told(world, work)) == told
    async with world.database.begin() as session:
        row = await session.get_one(Slot, slot)
        row.until = None
    await world.make()
    assert places(await works_told(world, work)) == [*told, (WEDNESDAY, 1, None)]


async def test_a_work_of_a_group_names_its_members(world: TimetableWorld) -> None:
    group = await world.group("5А английский 1", "5А", 0, 2)
    await world.slot(2, 5, "английский язык", "С", group_id=group)
    await world.make()
    lesson = await world.watch.value("SELECT id FROM core.lesson WHERE group_id = $1 AND day = $2", group, TUESDAY)
    (state,) = await works_told(world, await plan(world, lesson))
    assert (state.class_title, state.subject_name) == ("5А английский 1", "английский язык")
    assert [one.name for one in state.pupils] == ["Абрамов Глеб", "Ёлкин Вадим"]


async def test_a_work_planned_while_its_lesson_is_moved_says_the_new_day(world: TimetableWorld) -> None:
    """The lesson is held: whoever plans waits for whoever moves, and tells where the lesson has come to."""
    lesson = await world.lesson("5А", TUESDAY, 1)
    async with world.database.begin() as session:
        await lesson_changes.move(session, world.act(), lesson, Place(WEDNESDAY, 4))
        second = asyncio.create_task(plan(world, lesson))
        await eventually(world.watch.blocked)
    assert places(await works_told(world, await second)) == [(WEDNESDAY, 4, None)]


async def test_a_lesson_moved_while_a_work_is_planned_takes_it_along(world: TimetableWorld) -> None:
    lesson, other = await world.lesson("5А", TUESDAY, 1), await world.lesson("5А", TUESDAY, 3)
    work = await plan(world, other)
    async with world.database.begin() as session:
        await control_works.move(session, world.act(), work, lesson)
        place = Place(WEDNESDAY, 4)
        second = asyncio.create_task(world.do(lambda session: lesson_changes.move(session, world.act(), lesson, place)))
        await eventually(world.watch.blocked)
    await second
    assert places(await works_told(world, work)) == [(TUESDAY, 3, None), (TUESDAY, 1, None), (WEDNESDAY, 4, None)]


async def test_each_command_on_an_event_tells_its_whole_state(world: TimetableWorld) -> None:
    school, of_a = world.school.id, frozenset((world.classes["5А"],))
    draft = replace(FAIR, classes=of_a)
    event = await world.do(lambda session: school_events.plan(session, world.act(key="pressed"), school, draft))
    both = replace(FAIR, title="Поход", note="Вода", classes=frozenset(world.classes.values()))
    for _ in range(2):
        await world.do(lambda session: school_events.change(session, world.act(), event, both))
    for _ in range(2):
        await world.do(lambda session: school_events.withdraw(session, world.act(), event))
    again = await world.do(lambda session: school_events.plan(session, world.act(key="pressed"), school, draft))
    assert again == event
    planned, changed, withdrawn = await events_told(world, event)
    pupils = dict(zip(("Ёлкин Вадим", "Иванова Анна", "Абрамов Глеб"), world.pupils["5А"], strict=True))
    assert planned == SchoolEventState(
        event=event,
        title="Ярмарка",
        place="Актовый зал",
        note="",
        starts_at=FAIR.starts_at,
        ends_at=FAIR.ends_at,
        classes=("5А",),
        pupils=tuple(Addressee(pupil=pupils[name], name=name) for name in NAMES_OF_A),
        planned_on=MONDAY,
    )
    assert (changed.title, changed.note, changed.classes) == ("Поход", "Вода", ("5А", "5Б"))
    assert [one.name for one in changed.pupils] == [
        "Абрамов Глеб",
        "Бойко Ян",
        "Ёлкин Вадим",
        "Иванова Анна",
        "Яшин Лев",
    ]
    assert withdrawn == changed.model_copy(update={"withdrawn": True})


async def test_an_event_of_the_whole_school_is_for_whoever_is_at_it_on_that_day(world: TimetableWorld) -> None:
    elsewhere = await world.builder.school("Школа 2")
    await world.builder.pupil(await world.builder.school_class(elsewhere, "5А"), "Чужой Пётр")
    gone = world.pupils["5Б"][1]
    await world.watch.rows("UPDATE core.enrolment SET until = $1 WHERE pupil_id = $2", MONDAY, gone)
    event = await world.do(lambda session: school_events.plan(session, world.act(), world.school.id, FAIR))
    (state,) = await events_told(world, event)
    assert state.classes is None
    assert [one.name for one in state.pupils] == [*NAMES_OF_A, "Яшин Лев"]
