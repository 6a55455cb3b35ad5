"""The administration at the wire: without lessons, it writes to any class of its school, and to no other."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import time
from uuid import UUID

import pytest

from bot.class_choice import ON_PAGE
from bot.class_day_payloads import SchoolNow
from bot.teacher_payloads import Classes, pack
from core.actor import Act, Actor
from core.database import Database
from core.learning import attendance
from core.tables import SchoolClass
from tests.integration.bot_classroom import Classroom, classroom, refusal
from tests.integration.bot_world import Rooms, last
from zvonok.sandbox.people import Person

WRITE = "Написать классу"


@pytest.fixture
async def room(core_database: Database, gateway_database: Database, bot_database: Database) -> AsyncIterator[Classroom]:
    async with classroom(Rooms(core_database, gateway_database, bot_database)) as made:
        yield made


async def employee(room: Classroom, *, administers: bool) -> tuple[Person, UUID]:
    """Bring somebody of the school who gives no lessons, and let him open the bot."""
    person = await room.world.builder.teacher(room.school, "Орлова Вера Львовна", administers=administers)
    someone = await room.world.linked(102, person)
    await someone.start()
    await room.world.settled()
    return someone, person


async def test_a_director_without_lessons_writes_to_a_class(room: Classroom) -> None:
    await room.world.builder.guardian(room.pupils["Иванова А."], name="Иванова Ольга")
    async with room.world.running():
        head, person = await employee(room, administers=True)
        assert last(head).text == (
            "Сегодня, вторник, 20 октября, уроков у вас нет.\n"
            "Объявление можно написать семьям любого класса: «Написать классу»."
        )
        assert last(head).labels() == ("Школа сейчас", "Замена", WRITE)
        await room.world.taps(head, WRITE, "5А", "Объявление классу", "Прочитать")
        await head.send("День открытых дверей\nВ субботу с 10 до 12.")
        await room.world.settled()
        await room.world.taps(head, "Отправить", "К объявлениям", "К классам")
        assert last(head).text.startswith("Какому классу?")
    author = "SELECT author_id::text || ' ' || title FROM core.notice"
    assert await room.values(author) == f"{person} День открытых дверей"


async def test_classes_stand_by_grade_and_a_long_list_has_pages(room: Classroom) -> None:
    for grade in range(1, 12):
        for letter in "БВГД":
            await room.world.builder.school_class(room.school, f"{grade}{letter}")
    async with room.world.running():
        head, _ = await employee(room, administers=True)
        await room.world.taps(head, WRITE)
        first = last(head).labels()
        await room.world.taps(head, "Старшие ›")
        second = last(head).labels()
        await room.world.taps(head, "‹ Младшие")
    assert first[:5] == ("1Б", "1В", "1Г", "1Д", "2Б")
    assert first[ON_PAGE - 1 :] == ("10Г", "Старшие ›", "К урокам")
    assert second == ("10Д", "11Б", "11В", "11Г", "11Д", "‹ Младшие", "К урокам")
    assert last(head).labels() == first


async def test_classes_of_another_school_and_of_last_year_are_not_offered(room: Classroom) -> None:
    other = await room.world.builder.school("Школа «Восток»")
    await room.world.builder.school_class(other, "7Я")
    before = await room.world.builder.school_class(room.school, "4А")
    async with room.world.desk.core.begin() as session:
        school_class = await session.get_one(SchoolClass, before)
        school_class.year -= 1
    async with room.world.running():
        head, _ = await employee(room, administers=True)
        await room.world.taps(head, WRITE)
    assert last(head).labels() == ("5А", "К урокам")


async def test_an_employee_without_lessons_and_rights_is_told_who_writes(room: Classroom) -> None:
    async with room.world.running():
        secretary, _ = await employee(room, administers=False)
        assert last(secretary).text == (
            "Сегодня, вторник, 20 октября, уроков у вас нет.\n"
            "В расписании ваших уроков нет. Объявления семьям пишут классные руководители и администрация школы."
        )
        assert last(secretary).labels() == ()
        assert await room.forged(secretary, pack(Classes(0))) == refusal("classes-not-yours")
        stranger = room.world.someone(666)
        await stranger.send("привет")
        await room.world.settled()
        assert await room.forged(stranger, pack(Classes(0))) == refusal("account-not-linked")


async def test_one_who_administers_two_schools_tells_their_classes_apart(room: Classroom) -> None:
    builder = room.world.builder
    other = await builder.school("Школа «Восток»")
    await builder.school_class(other, "5А")
    async with room.world.running():
        head, _ = await employee(room, administers=True)
        await room.world.linked(102, await builder.teacher(other, "Орлова Вера Львовна", administers=True))
        await head.start()
        await room.world.settled()
        await room.world.taps(head, WRITE)
    assert last(head).labels() == ("5А · Школа «Восток»", "5А · Школа «Радуга»", "К урокам")


async def test_a_school_at_this_moment_in_a_few_lines(room: Classroom) -> None:
    world, builder = room.world, room.world.builder
    other_class = await builder.school_class(room.school, "5Б", room.person)
    await builder.pupils(other_class, "Зимин Олег", "Юдин Пётр")
    late = await builder.lesson(other_class, room.person, time(8, 0), subject="физика")
    async with world.desk.core.begin() as session:
        act = Act(Actor("web", room.person), world.desk.school_clock.now(), "roll")
        absent = {room.pupils["Ёлкин В."]: "н", room.pupils["Яшин Л."]: "б"}
        await attendance.record(session, act, room.lesson, absent)
    async with world.running():
        head, _ = await employee(room, administers=True)
        await room.world.taps(head, "Школа сейчас")
        assert last(head).text.split("\n\n") == [
            f"{room.school.name}: вторник, 20 октября, 8:40",
            "На местах 4 из 6. Переклички есть в 1 из 2 классов.",
            "Переклички ещё нет, а время вышло: 1\n• 5Б, физика, с 8:00 (Кузнецова Мария Петровна)",
            "Отсутствуют без известной причины: 1.\nСемье сообщить не вышло, нужно позвонить: 1\n• Ёлкин Вадим, 5А",
            "Список отсутствующих не проверен: 5А (2).",
        ]
        assert last(head).labels() == ("Замена", "Обновить", "К урокам")
        async with world.desk.core.begin() as session:
            await attendance.record(session, replace(act, key="late roll"), late, {})
        await room.world.taps(head, "Обновить")
        assert "Опоздавших перекличек нет." in last(head).text


async def test_nobody_else_looks_at_a_school(room: Classroom) -> None:
    other = await room.world.builder.school("Школа «Восток»")
    async with room.world.running():
        secretary, _ = await employee(room, administers=False)
        assert await room.forged(secretary, pack(SchoolNow(room.school.id))) == refusal("classes-not-yours")
    async with room.world.running():
        head = await room.world.linked(103, await room.world.builder.teacher(other, "Ильин Лев", administers=True))
        await head.start()
        await room.world.settled()
        assert await room.forged(head, pack(SchoolNow(room.school.id))) == refusal("classes-not-yours")
