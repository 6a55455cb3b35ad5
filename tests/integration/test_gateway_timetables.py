"""Changed timetables and plans are told: at once, to the families of the class, once, and no louder than they are."""

from collections.abc import AsyncIterator
from datetime import time, timedelta
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
    PlannedAs,
    SchoolEventState,
    TimetableDayState,
    TimetableLesson,
    control_work_subject,
    event,
    school_event_subject,
    timetable_subject,
)
from core.school_time import at_school
from gateway import subscriptions, trace
from gateway.categories import Category
from gateway.content import content_for, read_content
from gateway.planned_content import ControlWorkContent, SchoolEventContent, TimetableContent
from gateway.profiles import Choice, Mode
from tests.integration.gateway_world import MORNING, ZONE, Child, GatewayWorld, Parent, gateway_world
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


def of(child: Child, state: ControlWorkState | SchoolEventState, **changes: Any) -> ControlWorkState | SchoolEventState:
    return state.model_copy(update={"pupils": (Addressee(pupil=child.id, name=child.name),), **changes})


def read(world: GatewayWorld, parent: Parent) -> list[str]:
    return [(one.text or "").replace("\r\n", "\n") for one in world.letters(parent)]


async def planned(world: GatewayWorld, state: ControlWorkState | SchoolEventState, version: int) -> str:
    if isinstance(state, ControlWorkState):
        subject = control_work_subject(state.work)
    else:
        subject = school_event_subject(state.event)
    await world.publish(event(state, subject=subject, school=world.school, version=version, at=world.clock.wall))
    return subject


NO_TEACHER = LESSON.model_copy(update={"cancelled": NotHeld.NO_TEACHER})
LAST = LESSON.model_copy(
    update={
        "lesson": UUID(int=9),
        "number": 5,
        "starts_at": MORNING + timedelta(hours=4),
        "ends_at": MORNING + timedelta(hours=4, minutes=40),
        "cancelled": NotHeld.EVENT,
    }
)
SUBSTITUTED = LESSON.model_copy(
    update={
        "teacher_name": "Орлов Пётр Ильич",
        "substituted": True,
        "was": PlannedAs.model_validate(LESSON.model_dump(include=set(PlannedAs.model_fields))),
    }
)
BOTH = (Channel.TELEGRAM, Channel.MAIL)


@pytest.mark.req("NOTIF-16")
async def test_many_changes_of_a_day_are_one_message_to_the_families_of_the_class_alone(world: GatewayWorld) -> None:
    child, other = await world.child(BOTH, (Channel.MAIL,)), await world.child(BOTH, name="Орлов Женя")
    await world.publish(told(world, child, 1, NO_TEACHER), told(world, child, 2, NO_TEACHER, LAST))
    await world.pass_undo()
    mother, father = child.parents
    (message,) = world.chat(mother)
    assert message.text.startswith("Изменения в расписании\n\nЁлкина Саша, 5А\nвторник, 20 октября\n")
    assert "2-й урок, 9:40 (математика): урока не будет, нет учителя" in message.text
    assert "5-й урок, 12:40 (математика): урока не будет, в школе мероприятие" in message.text
    (letter,) = world.letters(father)
    assert letter.subject == "Изменения в расписании: Ёлкина Саша, вторник, 20 октября"
    assert (world.letters(mother), world.chat(other.parents[0]), world.letters(other.parents[0])) == ((), (), ())


async def test_what_a_family_must_know_rings_anew_and_who_gives_a_lesson_is_only_written_in(
    world: GatewayWorld,
) -> None:
    child = await world.child((Channel.TELEGRAM,))
    (parent,) = child.parents
    for version, lessons in enumerate(
        ((SUBSTITUTED,), (NO_TEACHER,), (NO_TEACHER, LAST), (LESSON, LAST), (LESSON,)), 1
    ):
        await world.publish(told(world, child, version, *lessons))
        await world.pass_undo()
    first, *others = world.chat(parent)
    assert "ведёт Орлов Пётр Ильич" in first.text
    assert [one.text.splitlines()[0] for one in others] == [
        "Расписание снова изменилось",
        "Расписание снова изменилось",
        "Расписание снова изменилось",
        "Исправлено: изменений в расписании нет",
    ]
    sent = world.emulator.log.of(chat_id=parent.chat)
    assert len(sent) == 5


async def test_a_substitution_is_written_into_the_message_that_is_there(world: GatewayWorld) -> None:
    child = await world.child((Channel.TELEGRAM,))
    for version, lessons in enumerate(((LAST,), (SUBSTITUTED, LAST)), 1):
        await world.publish(told(world, child, version, *lessons))
        await world.pass_undo()
    (message,) = world.chat(child.parents[0])
    assert "ведёт Орлов Пётр Ильич" in message.text


async def test_a_day_without_school_passes_quiet_hours_and_letters_and_so_does_its_end(world: GatewayWorld) -> None:
    child, plain = await world.child((Channel.TELEGRAM,)), await world.child((Channel.TELEGRAM,), name="Орлов Женя")
    (parent,) = child.parents
    async with world.database.begin() as session:
        daily = Choice(Mode.DAILY, Channel.TELEGRAM)
        await subscriptions.choose(session, parent.id, Category.TIMETABLE, daily, at=world.clock.wall)
    world.clock.move(minutes=-145)
    assert world.clock.wall == at_school(DAY, time(6, 15), ZONE)
    await world.publish(told(world, child, 1, COLD, LESSON.model_copy(update={"lesson": UUID(int=9), "number": 3})))
    other = told(world, plain, 1, NO_TEACHER).model_copy(update={"subject": timetable_subject(UUID(int=55), DAY)})
    await world.publish(other)
    await world.pass_undo()
    (message,) = world.chat(parent)
    assert "урока не будет, актированный день (мороз)" in message.text
    assert world.chat(plain.parents[0]) == (), "what keeps nobody at home waits for the morning"
    await world.publish(told(world, child, 2, LESSON))
    await world.pass_undo()
    assert world.chat(parent)[-1].text.startswith("Исправлено: изменений в расписании нет")
    assert world.clock.wall < at_school(DAY, time(6, 20), ZONE)
    world.clock.move(minutes=45)
    await world.settle()
    assert len(world.chat(plain.parents[0])) == 1


async def test_what_is_written_down_when_its_lesson_is_over_is_not_told(world: GatewayWorld) -> None:
    child = await world.child(BOTH)
    world.clock.move(hours=3)
    await world.publish(told(world, child, 1, SUBSTITUTED))
    await world.pass_undo()
    assert world.chat(child.parents[0]) == ()
    assert await world.stands(child.parents[0]) == {"telegram": ("expired", "time-passed")}


async def test_a_day_as_usual_leaves_no_trace_at_its_readers(world: GatewayWorld) -> None:
    child = await world.child((Channel.TELEGRAM,))
    await world.publish(told(world, child, 1, LESSON))
    await world.pass_undo()
    assert world.chat(child.parents[0]) == ()
    assert await world.stands(child.parents[0]) == {}


async def test_plans_ahead_come_with_the_evening_letter_and_their_changes_too(world: GatewayWorld) -> None:
    child = await world.child((Channel.MAIL,))
    (parent,) = child.parents
    await planned(world, of(child, WORK), 1)
    await planned(world, of(child, FAIR), 1)
    await world.pass_undo()
    assert world.letters(parent) == ()
    world.clock.move(hours=10)
    await world.settle()
    (letter,) = read(world, parent)
    assert letter.split("\n\n")[2] == (
        "Ёлкина Саша, 5А\n"
        "• Впереди контрольная работа, пятница, 23 октября, 2-й урок\n"
        "математика: Дроби\n"
        "• Мероприятие «Ярмарка», воскресенье, 29 ноября, 8:40–10:40\n"
        "Где: Актовый зал"
    )
    await planned(world, of(child, WORK, day=DAY + timedelta(days=4), number=1), 2)
    await planned(world, of(child, FAIR, withdrawn=True), 2)
    await world.pass_undo()
    assert len(world.letters(parent)) == 1
    world.clock.move(hours=24)
    await world.settle()
    second = read(world, parent)[-1]
    assert "Раньше было: пятница, 23 октября, 2-й урок" in second
    assert "Отменено мероприятие «Ярмарка»" in second
    assert len(world.letters(parent)) == 2


async def test_a_work_of_tomorrow_waits_for_no_letter_that_comes_too_late(world: GatewayWorld) -> None:
    child = await world.child((Channel.MAIL,))
    world.clock.move(hours=11)
    await planned(world, of(child, WORK, day=DAY + timedelta(days=1)), 1)
    await world.pass_undo()
    (letter,) = read(world, child.parents[0])
    assert "Впереди контрольная работа" in letter


@pytest.mark.parametrize("state", [WORK, FAIR], ids=("work", "event"))
async def test_an_older_state_of_a_plan_is_dropped(
    world: GatewayWorld, state: ControlWorkState | SchoolEventState
) -> None:
    child = await world.child((Channel.TELEGRAM,))
    subject = await planned(world, of(child, state, withdrawn=True), 2)
    await planned(world, of(child, state), 1)
    world.clock.move(hours=10)
    await world.settle()
    assert await world.stands(child.parents[0]) == {}, "what was withdrawn before anybody knew leaves no trace"
    assert await world.value("SELECT version FROM gateway.fact WHERE subject = :subject", subject=subject) == 2


async def test_whoever_asks_why_reads_what_it_was_and_what_became_of_it(world: GatewayWorld) -> None:
    child = await world.child((Channel.TELEGRAM,))
    await world.publish(told(world, child, 1, COLD))
    await planned(world, of(child, WORK), 1)
    await planned(world, of(child, FAIR), 1)
    await world.pass_undo()
    async with world.database.begin() as session:
        ways = await trace.ways(session, pupil=child.id)
    words = WayWords(load("ru"), ZoneInfo(ZONE), {child.parents[0].id: "Ёлкина Анна"})
    assert [words.way(way)[0] for way in ways] == [
        "5А · контрольная работа · математика, 23 октября 2026",
        "вся школа · мероприятие «Ярмарка», 29 ноября 2026",
        "5А · расписание, 20 октября 2026",
    ]


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


def test_what_would_be_told_of_a_plan_is_read_back_from_its_key() -> None:
    off = WORK.model_copy(update={"cancelled": NotHeld.WEATHER})
    for state in (WORK, off, FAIR, FAIR.model_copy(update={"withdrawn": True})):
        content = content_for(state, UUID(int=1), acknowledged=False, interactive=True)
        assert isinstance(content, ControlWorkContent | SchoolEventContent)
        assert read_content(content.key()) == content
        assert bool(content.alarming) == (state in (WORK, FAIR))
