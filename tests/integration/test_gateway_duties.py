"""The school's own people are told of their work: once, in their own hours, and not that it is over."""

from collections.abc import AsyncIterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from core.database import Database
from core.events import (
    AbsenceDisputedState,
    Channel,
    Event,
    LateLesson,
    RollOverdueState,
    RollStep,
    SchoolMorningState,
    SchoolRollsState,
    SchoolSettings,
    dispute_subject,
    roll_subject,
    school_morning_subject,
    school_rolls_subject,
)
from core.school_time import at_school
from tests.integration.gateway_world import MORNING, ZONE, GatewayWorld, Parent, gateway_world

DAY = MORNING.date()
BOTH = (Channel.TELEGRAM, Channel.MAIL)


@pytest_asyncio.fixture
async def world(core_database: Database, gateway_database: Database, tmp_path: Path) -> AsyncIterator[GatewayWorld]:
    async with gateway_world(core_database, gateway_database, tmp_path) as made:
        await made.publish(made.school_event())
        yield made


async def employee(world: GatewayWorld, *channels: Channel) -> Parent:
    """Make somebody who works at the school and has linked these ways."""
    one = world._parent()
    await world.publish(*(world.address_event(one, channel) for channel in channels))
    world.open_chat(one.chat)
    await world.plan()
    return one


def roll(
    world: GatewayWorld,
    teacher: Parent,
    *,
    overdue: bool = True,
    day: date = DAY,
    step: RollStep = RollStep.LATE,
    silent: bool = False,
) -> Event:
    state = RollOverdueState(
        lesson=UUID(int=1),
        class_title="5А",
        subject_name="математика",
        teacher=teacher.id,
        teacher_name="Петрова Мария Ивановна",
        day=day,
        number=1,
        starts_at=MORNING,
        minutes=20,
        overdue=overdue,
        step=step,
        silent=silent,
    )
    return world._event(state, roll_subject(state.lesson))


def dispute(world: GatewayWorld, teacher: Parent, *leading: Parent, disputed: bool, guardian: UUID) -> Event:
    state = AbsenceDisputedState(
        pupil=UUID(int=2),
        pupil_name="Ёлкина Саша",
        class_title="5А",
        guardian=guardian,
        day=DAY,
        lesson=UUID(int=1),
        lesson_number=1,
        subject_name="математика",
        teacher=teacher.id,
        class_teachers=tuple(one.id for one in leading),
        disputed=disputed,
    )
    return world._event(state, dispute_subject(state.pupil, DAY, guardian))


def bodies(world: GatewayWorld, person: Parent) -> list[dict[str, Any]]:
    return [dict(one.parameters) for one in world.emulator.log.of(chat_id=person.chat)]


async def test_a_late_roll_is_told_once_without_a_sound_and_its_end_is_only_written_in(world: GatewayWorld) -> None:
    teacher = await employee(world, *BOTH)
    for overdue in (True, False, True, False):
        await world.publish(roll(world, teacher, overdue=overdue))
        await world.settle()
        (message,) = world.chat(teacher)
        first = "Перекличка ещё не отмечена" if overdue else "Эта перекличка больше не ждёт"
        assert message.text.splitlines()[0] == first
        world.clock.move(minutes=5)
    sent, *edits = bodies(world, teacher)
    assert (sent["disable_notification"], len(edits)) == (True, 3)
    assert world.letters(teacher) == ()


async def test_by_mail_a_late_roll_is_one_letter_whatever_follows(world: GatewayWorld) -> None:
    teacher = await employee(world, Channel.MAIL)
    for overdue in (True, False, True, False):
        await world.publish(roll(world, teacher, overdue=overdue))
        await world.settle()
        world.clock.move(minutes=5)
    (letter,) = world.letters(teacher)
    assert letter.subject == "Перекличка не отмечена: 5А, математика"
    assert "оно приходит тем, кто ведёт этот урок" in (letter.text or "").lower()


async def test_whoever_called_the_roll_before_he_was_told_is_told_nothing(world: GatewayWorld) -> None:
    teacher = await employee(world, *BOTH)
    await world.publish(roll(world, teacher, overdue=True), roll(world, teacher, overdue=False))
    await world.settle()
    assert (world.chat(teacher), world.letters(teacher)) == ((), ())


async def test_a_late_roll_of_the_evening_is_no_news_next_morning(world: GatewayWorld) -> None:
    teacher = await employee(world, *BOTH)
    quiet = at_school(DAY, SchoolSettings().staff_quiet_from, ZONE)
    world.clock.move(seconds=(quiet - world.clock.wall).total_seconds() + 60)
    await world.publish(roll(world, teacher, overdue=True))
    await world.settle()
    world.clock.move(hours=13)
    await world.settle()
    assert (world.chat(teacher), world.letters(teacher)) == ((), ())
    assert await world.stands(teacher) == {"telegram": ("expired", "time-passed")}


async def test_a_dispute_is_told_to_the_lessons_and_the_classes_teacher_and_names_no_parent(
    world: GatewayWorld,
) -> None:
    teacher, leading, guardian = await employee(world, *BOTH), await employee(world, Channel.MAIL), uuid4()
    await world.publish(dispute(world, teacher, leading, teacher, disputed=True, guardian=guardian))
    await world.settle()
    (message,) = world.chat(teacher)
    assert message.text.startswith("Семья пишет: ребёнок в школе\n\nЁлкина Саша, 5А\nвторник, 20 октября, 1-й урок")
    assert "disable_notification" not in bodies(world, teacher)[0]
    (letter,) = world.letters(leading)
    assert letter.subject == "Семья не согласна с отметкой об отсутствии, вторник, 20 октября"
    assert await world.value("SELECT count(*) FROM gateway.delivery WHERE lane = 0") == 2
    await world.publish(dispute(world, teacher, leading, disputed=False, guardian=guardian))
    await world.settle()
    (message,) = world.chat(teacher)
    assert message.text.startswith("Этот вопрос закрыт")
    assert len(world.letters(leading)) == 1


async def test_a_dispute_of_the_night_rings_at_no_teacher_before_his_morning(world: GatewayWorld) -> None:
    teacher = await employee(world, *BOTH)
    night, morning = at_school(DAY, time(22), ZONE), at_school(DAY + timedelta(days=1), time(7, 30), ZONE)
    await moved_to(world, night)
    await world.publish(dispute(world, teacher, disputed=True, guardian=uuid4()))
    await world.settle()
    assert world.chat(teacher) == ()
    await moved_to(world, morning - timedelta(minutes=1))
    assert world.chat(teacher) == ()
    await moved_to(world, morning)
    assert len(world.chat(teacher)) == 1


async def moved_to(world: GatewayWorld, moment: datetime) -> None:
    world.clock.move(seconds=(moment - world.clock.wall).total_seconds())
    await world.settle()


async def test_a_reminder_at_the_bell_rings_once_more_before_it_is_late_and_never_after(world: GatewayWorld) -> None:
    teacher = await employee(world, Channel.TELEGRAM)
    titles = []
    for step in RollStep:
        await world.publish(roll(world, teacher, step=step))
        await world.settle()
        titles.append([one.text.splitlines()[0] for one in world.chat(teacher)])
        world.clock.move(minutes=5)
    begun, waits = "Урок начался", "Перекличка ещё не отмечена"
    assert titles == [[begun], [begun, waits], [begun, waits]]
    late = world.chat(teacher)[-1].text
    assert "С начала урока прошло 20 минут. Отметьте, пожалуйста, кого нет: /start" in late
    assert all(one["disable_notification"] for one in bodies(world, teacher) if "message_id" not in one)


async def test_a_reminder_names_the_minute_by_which_the_roll_is_due(world: GatewayWorld) -> None:
    teacher = await employee(world, Channel.MAIL)
    await world.publish(roll(world, teacher, step=RollStep.SOON))
    await world.settle()
    (letter,) = world.letters(teacher)
    assert "Отметьте, пожалуйста, кого нет, до 9:00" in (letter.text or "")


async def test_whoever_was_reminded_often_enough_is_told_by_no_message_of_its_own(world: GatewayWorld) -> None:
    teacher, other = await employee(world, *BOTH), await employee(world, *BOTH)
    await world.publish(roll(world, other, silent=True))
    await world.settle()
    assert (world.chat(other), world.letters(other)) == ((), ())
    await world.publish(roll(world, teacher, step=RollStep.BEGUN))
    await world.settle()
    await world.publish(roll(world, teacher, silent=True))
    await world.settle()
    (message,) = world.chat(teacher)
    assert message.text.splitlines()[0] == "Перекличка ещё не отмечена", "what he has is changed"


def late_rolls(world: GatewayWorld, deputy: Parent, *titles: str, rings: int = 1) -> Event:
    lessons = tuple(
        LateLesson(
            lesson=UUID(int=ord(title[0]) * 100 + ord(title[-1])),
            class_title=title,
            subject_name="математика",
            number=1,
            starts_at=MORNING,
            teacher_name="Петрова Мария Ивановна",
        )
        for title in titles
    )
    state = SchoolRollsState(day=DAY, lessons=lessons, administration=(deputy.id,), rings=rings)
    return world._event(state, school_rolls_subject(world.school, DAY))


async def test_a_deputy_gets_a_list_of_late_rolls_that_is_kept_true_and_a_new_one_when_it_grows(
    world: GatewayWorld,
) -> None:
    deputy = await employee(world, *BOTH)
    for event in (late_rolls(world, deputy, "5А", "7Б"), late_rolls(world, deputy, "7Б"), late_rolls(world, deputy)):
        await world.publish(event)
        await world.settle()
        world.clock.move(minutes=5)
    (message,) = world.chat(deputy)
    assert message.text.startswith("Все переклички отмечены")
    await world.publish(late_rolls(world, deputy, "9В", rings=2))
    await world.settle()
    *_, message = world.chat(deputy)
    assert message.text.splitlines()[0] == "1 урок без переклички"
    assert "• 9В, математика, с 8:40 (Петрова Мария Ивановна)" in message.text
    await world.publish(late_rolls(world, deputy, "9В", "9Г", rings=2))
    await world.settle()
    first, second = world.chat(deputy)
    assert (first.text.splitlines()[0], second.text.splitlines()[0]) == (
        "Все переклички отмечены",
        "2 урока без переклички",
    )
    assert all(one["disable_notification"] for one in bodies(world, deputy) if "message_id" not in one)
    assert world.letters(deputy) == ()


async def test_a_deputy_who_wants_no_list_gets_none(world: GatewayWorld) -> None:
    deputy = await employee(world, *BOTH)
    await world.publish(late_rolls(world, deputy, "5А", rings=0))
    await world.settle()
    assert (world.chat(deputy), world.letters(deputy)) == ((), ())


@pytest.mark.parametrize("channel", [Channel.TELEGRAM, Channel.MAIL])
async def test_the_schools_morning_comes_in_five_lines(world: GatewayWorld, channel: Channel) -> None:
    head = await employee(world, channel)
    state = SchoolMorningState(
        day=DAY,
        at=MORNING,
        classes=36,
        called=34,
        enrolled=860,
        present=812,
        unknown=17,
        late_rolls=2,
        substituted=5,
        cancelled=0,
        administration=(head.id,),
    )
    await world.publish(world._event(state, school_morning_subject(world.school, DAY)))
    await world.settle()
    if channel is Channel.MAIL:
        (letter,) = world.letters(head)
        assert letter.subject == "Утро школы, вторник, 20 октября"
        text = letter.text or ""
        assert "оно приходит директору и завучам" in text.lower()
    else:
        (message,) = world.chat(head)
        text = message.text
        assert bodies(world, head)[0]["disable_notification"] is True
    assert [line for line in text.splitlines() if line.endswith(".")][:5] == [
        "На местах 812 из 860.",
        "Перекличка прошла в классах: 34 из 36.",
        "Отсутствуют без известной причины: 17.",
        "Уроков без переклички: 2.",
        "Замены: 5, отменено уроков: 0.",
    ]


async def test_a_morning_on_which_nobody_learns_says_so(world: GatewayWorld) -> None:
    head = await employee(world, Channel.TELEGRAM)
    state = SchoolMorningState(
        day=DAY,
        at=MORNING,
        classes=0,
        called=0,
        enrolled=0,
        present=0,
        unknown=0,
        late_rolls=0,
        substituted=0,
        cancelled=180,
        administration=(head.id,),
    )
    await world.publish(world._event(state, school_morning_subject(world.school, DAY)))
    await world.settle()
    (message,) = world.chat(head)
    assert "Сегодня никто не учится в школе.\nЗамены: 0, отменено уроков: 180." in message.text
    assert "0 из 0" not in message.text
