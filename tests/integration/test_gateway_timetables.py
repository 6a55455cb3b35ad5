"""Changed timetables and plans reach the gateway: it keeps them, tells nobody yet, and says so to whoever asks why."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from core.database import Database
from core.events import (
    Addressee,
    Channel,
    ControlWorkState,
    Event,
    NotHeld,
    SchoolEventState,
    TimetableDayState,
    TimetableLesson,
    control_work_subject,
    event,
    school_event_subject,
    timetable_subject,
)
from gateway import trace
from gateway.content import content_for, read_content
from gateway.planned_content import ControlWorkContent, SchoolEventContent, TimetableContent
from tests.integration.gateway_world import MORNING, ZONE, Child, GatewayWorld, gateway_world
from texts.reader import load
from zvonok.trace_words import WayWords

CLASS, DAY = UUID(int=5), MORNING.date()
SUBJECT = timetable_subject(CLASS, DAY)
LESSON = TimetableLesson(
    lesson=UUID(int=6),
    day=DAY,
    number=2,
    starts_at=MORNING + timedelta(hours=1),
    ends_at=MORNING + timedelta(hours=1, minutes=40),
    subject_name="математика",
    teacher_name="Кузнецова Мария Петровна",
    room_name="12",
)
COLD = LESSON.model_copy(update={"cancelled": NotHeld.WEATHER, "cancelled_note": "мороз"})


WORK = ControlWorkState(
    work=UUID(int=7),
    class_title="5А",
    pupils=(),
    lesson=UUID(int=6),
    day=DAY + timedelta(days=3),
    number=2,
    subject_name="математика",
    form="контрольная работа",
    topic="Дроби",
    planned_on=DAY,
)
FAIR = SchoolEventState(
    event=UUID(int=8),
    title="Ярмарка",
    place="Актовый зал",
    note="",
    starts_at=MORNING + timedelta(days=40),
    ends_at=MORNING + timedelta(days=40, hours=2),
    classes=None,
    pupils=(),
    planned_on=DAY,
)


@pytest_asyncio.fixture
async def world(core_database: Database, gateway_database: Database, tmp_path: Path) -> AsyncIterator[GatewayWorld]:
    async with gateway_world(core_database, gateway_database, tmp_path) as made:
        yield made


def told(world: GatewayWorld, child: Child, version: int, *lessons: TimetableLesson) -> Event:
    state = TimetableDayState(
        learners=CLASS,
        class_title="5А",
        pupils=(Addressee(pupil=child.id, name=child.name),),
        day=DAY,
        lessons=lessons,
    )
    return event(state, subject=SUBJECT, school=world.school, version=version, at=world.clock.wall)


async def nothing_was_sent(world: GatewayWorld, child: Child) -> None:
    await world.pass_undo()
    assert await world.value("SELECT count(*) FROM bus.outbox") == 0
    assert await world.value("SELECT count(*) FROM gateway.refused_event") == 0
    for parent in child.parents:
        assert world.chat(parent) == ()
        assert world.letters(parent) == ()


async def test_a_changed_day_is_kept_and_nobody_is_told_with_the_reason_on_record(world: GatewayWorld) -> None:
    child = await world.child((Channel.TELEGRAM,), (Channel.MAIL,))
    await world.publish(told(world, child, 1, COLD))
    await nothing_was_sent(world, child)
    for parent in child.parents:
        assert await world.stands(parent) == {"none": ("suppressed", "not-told-yet")}
    assert await world.value("SELECT followers FROM gateway.fact WHERE subject = :subject", subject=SUBJECT) == 2


async def test_newer_versions_and_changed_parents_are_planned_again_and_told_nothing(world: GatewayWorld) -> None:
    child = await world.child((Channel.TELEGRAM, Channel.MAIL))
    for number, lessons in enumerate(((COLD,), (LESSON,), (COLD, LESSON)), 1):
        await world.publish(told(world, child, number, *lessons))
        await nothing_was_sent(world, child)
    await world.publish(world.address_event(child.parents[0], Channel.MAIL, "new@example.ru"))
    await nothing_was_sent(world, child)
    assert await world.stands(child.parents[0]) == {"none": ("suppressed", "not-told-yet")}
    assert await world.value("SELECT version FROM gateway.fact WHERE subject = :subject", subject=SUBJECT) == 3


async def test_a_day_as_usual_leaves_no_trace_at_its_readers(world: GatewayWorld) -> None:
    child = await world.child((Channel.TELEGRAM,))
    await world.publish(told(world, child, 1, LESSON))
    await nothing_was_sent(world, child)
    assert await world.stands(child.parents[0]) == {}


async def test_whoever_asks_why_is_told_that_timetables_are_not_told_yet(world: GatewayWorld) -> None:
    child = await world.child((Channel.TELEGRAM,))
    await world.publish(told(world, child, 1, COLD))
    await world.plan()
    async with world.database.begin() as session:
        (way,) = await trace.ways(session, pupil=child.id)
    names = {child.parents[0].id: "Ёлкина Анна"}
    lines = WayWords(load("ru"), ZoneInfo(ZONE), names).way(way)
    assert lines[0] == "5А · расписание, 20 октября 2026"
    assert [line for line in lines if "Ёлкина Анна" in line and "семьям об этом пока не рассказываем" in line]


async def test_what_would_be_told_is_what_is_otherwise_and_is_read_back_from_its_key(world: GatewayWorld) -> None:
    child = await world.child((Channel.TELEGRAM,))
    state = told(world, child, 1, LESSON, COLD).data
    assert isinstance(state, TimetableDayState)
    content = TimetableContent.of(state)
    assert content.alarming == (COLD,)
    assert read_content(content.key()) == content
    swapped = TimetableContent.of(state.model_copy(update={"taught_by": DAY - timedelta(days=1)}))
    assert swapped.alarming == (LESSON, COLD)
    assert read_content(swapped.key()) == swapped


def of(child: Child, state: ControlWorkState | SchoolEventState, **changes: Any) -> ControlWorkState | SchoolEventState:
    return state.model_copy(update={"pupils": (Addressee(pupil=child.id, name=child.name),), **changes})


async def planned(world: GatewayWorld, state: ControlWorkState | SchoolEventState, version: int) -> str:
    if isinstance(state, ControlWorkState):
        subject = control_work_subject(state.work)
    else:
        subject = school_event_subject(state.event)
    await world.publish(event(state, subject=subject, school=world.school, version=version, at=world.clock.wall))
    return subject


LATER = [
    (WORK, {"day": DAY + timedelta(days=60), "number": 5}),
    (FAIR, {"starts_at": FAIR.starts_at - timedelta(days=30), "classes": ("5А",)}),
]


@pytest.mark.parametrize(("state", "changes"), LATER, ids=("work", "event"))
async def test_a_plan_is_kept_through_every_change_and_nobody_is_told(
    world: GatewayWorld, state: ControlWorkState | SchoolEventState, changes: dict[str, Any]
) -> None:
    """Moved into another month it stays the same subject: the gateway files it under the day it was planned on."""
    child = await world.child((Channel.TELEGRAM,), (Channel.MAIL,))
    moved = of(child, state, **changes)
    for version, one in enumerate((of(child, state), moved, moved.model_copy(update={"withdrawn": True})), 1):
        subject = await planned(world, one, version)
        await nothing_was_sent(world, child)
        for parent in child.parents:
            assert await world.stands(parent) == {"none": ("suppressed", "not-told-yet")}
    (fact,) = await world.rows("SELECT * FROM gateway.fact WHERE subject = :subject", subject=subject)
    assert (fact.version, fact.followers, fact.day, fact.category) == (3, 2, DAY, state.type)


@pytest.mark.parametrize("state", [WORK, FAIR], ids=("work", "event"))
async def test_an_older_state_of_a_plan_is_dropped(
    world: GatewayWorld, state: ControlWorkState | SchoolEventState
) -> None:
    child = await world.child((Channel.TELEGRAM,))
    subject = await planned(world, of(child, state, withdrawn=True), 2)
    await planned(world, of(child, state), 1)
    await nothing_was_sent(world, child)
    assert await world.stands(child.parents[0]) == {}, "what was withdrawn before anybody knew leaves no trace"
    assert await world.value("SELECT version FROM gateway.fact WHERE subject = :subject", subject=subject) == 2


@pytest.mark.parametrize(
    ("state", "heading"),
    [
        (WORK, "5А · контрольная работа · математика, 23 октября 2026"),
        (FAIR, "вся школа · мероприятие «Ярмарка», 29 ноября 2026"),
    ],
    ids=("work", "event"),
)
async def test_whoever_asks_why_is_told_that_plans_are_not_told_yet(
    world: GatewayWorld, state: ControlWorkState | SchoolEventState, heading: str
) -> None:
    child = await world.child((Channel.TELEGRAM,))
    await planned(world, of(child, state), 1)
    await world.plan()
    async with world.database.begin() as session:
        (way,) = await trace.ways(session, pupil=child.id)
    lines = WayWords(load("ru"), ZoneInfo(ZONE), {child.parents[0].id: "Ёлкина Анна"}).way(way)
    assert lines[0] == heading
    assert [line for line in lines if "Ёлкина Анна" in line and "семьям об этом пока не рассказываем" in line]


def test_what_would_be_told_of_a_plan_is_read_back_from_its_key() -> None:
    off = WORK.model_copy(update={"cancelled": NotHeld.WEATHER})
    for state in (WORK, off, FAIR, FAIR.model_copy(update={"withdrawn": True})):
        content = content_for(state, UUID(int=1), acknowledged=False, interactive=True)
        assert isinstance(content, ControlWorkContent | SchoolEventContent)
        assert read_content(content.key()) == content
        assert bool(content.alarming) == (state in (WORK, FAIR))
