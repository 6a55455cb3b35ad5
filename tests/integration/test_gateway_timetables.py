"""Changed timetables reach the gateway: it keeps them, tells nobody yet, and says so to whoever asks why."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest_asyncio

from core.database import Database
from core.events import (
    Addressee,
    Channel,
    Event,
    NotHeld,
    TimetableDayState,
    TimetableLesson,
    event,
    timetable_subject,
)
from gateway import trace
from gateway.content import TimetableContent, read_content
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
    assert [line for line in lines if "Ёлкина Анна" in line and "о расписании пока не рассказываем" in line]


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
