"""A class today in the chat of its teacher: who is absent and why, and how the list empties by a tap or a call."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import time
from uuid import UUID

import pytest
from sqlalchemy import text

from bot.class_day_payloads import Cause, Named
from bot.teacher_payloads import pack
from core.actor import Act, Actor
from core.database import Database
from core.events import ProposedReason
from core.learning import attendance
from core.learning.attendance_day import DayKey
from core.school_time import school_date
from tests.integration.bot_home import HandGateway, hand_gateway, pressed
from tests.integration.bot_world import BotWorld, Rooms, bot_world, last
from zvonok.sandbox.people import Person

NAMES = ("Абрамов Глеб Ильич", "Ёлкин Вадим Олегович", "Иванова Анна Петровна", "Яшин Лев Ильич")
CAUSES = """
SELECT array_agg(a.code || ' ' || coalesce(w.why, '') ORDER BY p.sort_key)
FROM core.absence a JOIN core.person p ON p.id = a.pupil_id
LEFT JOIN LATERAL (
  SELECT why FROM core.audit
  WHERE action = 'absence.confirm' AND subject LIKE '%' || a.pupil_id || '%' LIMIT 1) w ON true
"""


@dataclass
class Day:
    """A class of whom three are absent: one family answers, one is silent, of one nobody can be told."""

    world: BotWorld
    gateway: HandGateway
    head: Person
    head_person: UUID
    other: Person
    school_class: UUID
    pupils: dict[str, UUID]
    parents: dict[str, UUID]
    lesson: UUID

    async def called(self, *absent: str) -> None:
        """Let the roll be called, and whoever is to be told be told."""
        async with self.world.desk.core.begin() as session:
            act = Act(Actor("web", self.head_person), self.world.desk.school_clock.now(), "roll")
            entries = {self.pupils[one]: "н" for one in absent}
            await attendance.record(session, act, self.lesson, entries)
        self.world.clock.move(minutes=2)
        await self.gateway.deliver()

    async def says(self, pupil: str, reason: ProposedReason) -> None:
        """Let a family answer."""
        now = self.world.desk.school_clock.now()
        async with self.world.desk.core.begin() as session:
            act = Act(Actor("telegram", self.parents[pupil]), now, f"{pupil} {reason}")
            key = DayKey(self.pupils[pupil], school_date(now, "Europe/Moscow"))
            await attendance.answer(session, act, key, reason)

    async def causes(self) -> list[str]:
        found = await self.world.core_value(CAUSES)
        return [one.strip() for one in found]


@pytest.fixture
async def day(core_database: Database, gateway_database: Database, bot_database: Database) -> AsyncIterator[Day]:
    async with (
        bot_world(Rooms(core_database, gateway_database, bot_database)) as world,
        hand_gateway(world) as gateway,
    ):
        builder = world.builder
        school = await builder.school()
        person = await builder.teacher(school, "Кузнецова Мария Петровна")
        other = await builder.teacher(school, "Орлов Пётр Ильич")
        school_class = await builder.school_class(school, "5А", person)
        made = dict(zip(NAMES, await builder.pupils(school_class, *NAMES), strict=True))
        parents = {}
        for number, name in enumerate(NAMES[1:3]):
            parents[name] = await builder.guardian(made[name], name=f"Родитель {name.split()[0]} Н")
            await world.linked(300 + number, parents[name])
        lesson = await builder.lesson(school_class, person, time(8, 30))
        yield Day(
            world,
            gateway,
            await world.linked(100, person),
            person,
            await world.linked(101, other),
            school_class,
            made,
            parents,
            lesson,
        )


@pytest.mark.req("ATT-10")
async def test_the_list_empties_by_a_tap_on_what_the_family_says_and_by_three_after_a_call(
    day: Day, record_property: Callable[[str, object], None]
) -> None:
    world, head = day.world, day.head
    await day.called(*NAMES[1:])
    await day.says(NAMES[1], ProposedReason.ILL)
    async with world.running():
        await head.send("урок")
        await world.settled()
        await pressed(world, head, "К урокам")
        taps = ["5А сегодня"]
        await pressed(world, head, taps[0])
        shown = last(head).text.splitlines()
        assert shown[0].startswith("5А сегодня, вторник, 20 октября")
        assert "Сегодня отсутствуют или отсутствовали на уроках: 3 из 4." in shown
        assert "• Ёлкин В., 1-й урок. Семья: болеет" in shown
        assert "• Иванова А., 1-й урок. Семье сообщили, ответа пока нет" in shown
        (unreached,) = (line for line in shown if line.startswith("• Яшин Л."))
        assert "Семье сообщить не вышло" in unreached
        assert last(head).labels() == (
            "✓ Ёлкин В.: болеет",
            "Другое",
            "Иванова А.",
            "Яшин Л.",
            "Список проверен",
            "Обновить",
            "К урокам",
        )

        await pressed(world, head, "✓ Ёлкин В.: болеет")
        assert await day.causes() == ["б по ответу семьи", "н", "н"]
        assert "Причина известна:\n• Ёлкин В.: б" in last(head).text
        assert "✓ Ёлкин В.: болеет" not in last(head).labels()

        for label in ("Яшин Л.", "Уважительная причина"):
            taps.append(label)
            await pressed(world, head, label)
        assert len(taps) == 3
        assert await day.causes() == ["б по ответу семьи", "н", "ну по телефону"]
        await pressed(world, head, "Иванова А.")
        assert "Родитель Иванова Н: сообщение отправлено, ответа нет" in last(head).text
        await pressed(world, head, "Болеет")
        assert "Причина неизвестна" not in last(head).text
        assert last(head).labels() == ("Список проверен", "Обновить", "К урокам")
        await pressed(world, head, "Список проверен")
        assert "Список проверен в 8:4" in last(head).text
        assert last(head).labels() == ("Обновить", "К урокам")
    record_property("figure", f"taps: result of a call {len(taps)}")


async def test_an_impatient_second_tap_and_an_old_list_change_nothing(day: Day) -> None:
    world, head = day.world, day.head
    await day.called(NAMES[1])
    async with world.running():
        await head.send("урок")
        await world.settled()
        for label in ("К урокам", "5А сегодня", "Ёлкин В."):
            await pressed(world, head, label)
        card = last(head).message_id
        ill, other = (pack(Cause(day.school_class, day.pupils[NAMES[1]], one, 0)) for one in Named)
        await head.forge_press(ill, message_id=card)
        for payload in (ill, other):
            answer = await head.forge_press(payload, message_id=card, within=5)
            await world.settled()
            assert answer is not None
            assert "нет пропусков без причины" in answer.text
        assert await day.causes() == ["б по телефону"]


async def test_nobody_but_who_speaks_to_the_families_sees_or_writes_anything(day: Day) -> None:
    world = day.world
    await day.called(NAMES[1])
    async with world.running():
        await day.other.send("урок")
        await world.settled()
        assert "5А сегодня" not in last(day.other).labels()
        payload = pack(Cause(day.school_class, day.pupils[NAMES[1]], Named.ILLNESS, 0))
        answer = await day.other.forge_press(payload, message_id=last(day.other).message_id, within=5)
        await world.settled()
        assert answer is not None
        assert answer.show_alert
    assert await day.causes() == ["н"]


async def test_two_parents_who_say_two_things_are_accepted_by_nobodys_one_tap(day: Day) -> None:
    world, head = day.world, day.head
    father = await world.builder.guardian(day.pupils[NAMES[1]], name="Родитель Второй")
    await day.called(NAMES[1])
    await day.says(NAMES[1], ProposedReason.ILL)
    world.clock.move(minutes=1)
    day.parents[NAMES[1]] = father
    await day.says(NAMES[1], ProposedReason.FAMILY)
    async with world.running():
        await head.send("урок")
        await world.settled()
        for label in ("К урокам", "5А сегодня"):
            await pressed(world, head, label)
        assert "Семья: болеет, по семейным обстоятельствам" in last(head).text
        assert last(head).labels()[0] == "Ёлкин В."


async def test_a_quiet_day_says_so(day: Day) -> None:
    world, head = day.world, day.head
    async with world.running():
        await head.send("урок")
        await world.settled()
        for label in ("К урокам", "5А сегодня"):
            await pressed(world, head, label)
        assert "Отсутствующих сегодня не отмечено." in last(head).text
        assert last(head).labels() == ("Обновить", "К урокам")
    async with world.desk.core.begin() as session:
        assert (await session.execute(text("SELECT count(*) FROM core.absence_recheck"))).scalar_one() == 0
