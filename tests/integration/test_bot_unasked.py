"""What an employee types though nothing asks for it: he is told that it is recorded nowhere, and where it belongs."""

from collections.abc import AsyncIterator
from datetime import time

import pytest

from core.database import Database
from tests.integration.bot_classroom import Classroom, classroom
from tests.integration.bot_world import Rooms, last

NOWHERE = "Этот текст нигде не записан и никому не отправлен."


@pytest.fixture
async def room(core_database: Database, gateway_database: Database, bot_database: Database) -> AsyncIterator[Classroom]:
    async with classroom(Rooms(core_database, gateway_database, bot_database)) as made:
        yield made


async def written(room: Classroom) -> list[int]:
    """Count homework, remarks and notices."""
    tables = ("homework", "remark", "notice")
    return [await room.values(f"SELECT count(*) FROM core.{table}") for table in tables]  # noqa: S608 - our own words


async def test_after_something_was_recorded_the_next_text_is_said_to_be_recorded_nowhere(room: Classroom) -> None:
    async with room.world.running():
        await room.open_card()
        await room.taps("Замечание / похвала", "Ёлкин В.", "Телефон на уроке", "Отправить")
        await room.types("Прочитать § 12, выучить правило")
        assert room.text == (
            f"{NOWHERE}\n\n"
            "Нажмите, что вы хотите написать, и отправьте текст ещё раз.\n"
            "Урок: 1. 8:30 · 5А · математика\n"
            "Если нужен другой, нажмите «К урокам»."
        )
        assert room.labels() == (
            "Домашнее задание",
            "Замечание / похвала",
            "К уроку",
            "5А сегодня",
            "Объявления · 5А",
            "К урокам",
        )
        assert await written(room) == [0, 1, 0]


@pytest.mark.parametrize(
    ("button", "asked"),
    [
        ("Домашнее задание", "Домашнее задание"),
        ("Замечание / похвала", "О ком замечание?"),
        ("К уроку", "Записано: все присутствуют."),
        ("5А сегодня", "5А сегодня"),
        ("Объявления · 5А", "Объявления · 5А"),
        ("К урокам", "Ваши уроки сегодня"),
    ],
)
async def test_every_button_under_it_leads_where_it_says(room: Classroom, button: str, asked: str) -> None:
    async with room.world.running():
        await room.open_card()
        await room.types("Завтра принести контурные карты")
        await room.taps(button)
        if button == "Домашнее задание":
            assert "5А · математика" in room.text
        else:
            assert asked in room.text


async def test_the_lesson_offered_is_the_one_that_has_begun_last(room: Classroom) -> None:
    await room.world.builder.lesson(room.school_class, room.person, time(9, 25), number=2, subject="алгебра")
    async with room.world.running():
        await room.types("номера 5 и 6")
        assert "Урок: 1. 8:30 · 5А · математика" in room.text
        room.world.clock.move(hours=3)
        await room.types("номера 5 и 6")
        assert "Урок: 2. 9:25 · 5А · алгебра" in room.text


async def test_before_the_first_bell_no_lesson_is_offered(room: Classroom) -> None:
    room.world.clock.move(hours=-2)
    async with room.world.running():
        await room.types("номера 5 и 6")
    assert room.text.startswith(NOWHERE)
    assert "Задание, замечание и похвалу пишут к уроку, который уже начался" in room.text
    assert room.labels() == ("5А сегодня", "Объявления · 5А", "К урокам")


@pytest.mark.parametrize("words", ["урок", "Уроки!", "перекличка", "Здравствуйте", "добрый день", "ehjr", "/start"])
async def test_words_by_which_people_open_the_bot_open_the_roll_call(room: Classroom, words: str) -> None:
    async with room.world.running():
        await room.types(words)
    assert "Нажмите на тех, кого нет: появится «н»." in last(room.teacher).text
