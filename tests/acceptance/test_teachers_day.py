"""A teacher's day on either messenger, with its limits enforced: three rolls, a substitution, a call, and a restart.

``zvonok up`` is a process of its own, killed in the middle of a roll and started again with a later clock for each
lesson. Taps are counted from the first screen, and printed.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import time, timedelta
from http import HTTPStatus
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import URL, text

from core.account.accounts import MessengerAccount
from core.events import Channel
from core.school import schools
from core.school_time import SchoolClock
from tests.acceptance.town import Process, Town, build_town
from zvonok.sandbox.chats import ChatMessage
from zvonok.sandbox.max_api import MaxEmulator
from zvonok.sandbox.people import Person

TEACHER, STAND_IN, DEPUTY, MOTHER = 101, 102, 103, 501
NAMES = ("Абрамов Глеб", "Ёлкин Вадим", "Иванова Анна", "Яшин Лев")
A_FEW = 3
"""Refusals of the messenger: the network of a busy machine may bring two requests closer together than they left."""

type Figure = Callable[[str, object], None]


@dataclass
class Day:
    """A school day, and who holds a phone."""

    town: Town
    teacher: Person
    stand_in: Person
    deputy: Person
    mother: Person
    lessons: list[UUID]
    process: Process | None = None

    async def goes_on(self, **span: float) -> None:
        """Kill the process, let time pass, and start another."""
        if self.process is not None:
            await self.process.kill()
        self.town.clock = SchoolClock(self.town.clock.offset + timedelta(**span))
        self.process = await self.town.start("up")

    async def press(self, person: Person, *labels: str) -> int:
        """Press buttons of the newest message, each as soon as it is shown; return how many."""
        for label in labels:
            await self.shows(person, label)
            shown = next(one for one in keyboard(person) if label in one)
            await person.press(shown)
        return len(labels)

    async def opens(self, person: Person) -> None:
        """Ask for the first screen, and wait for it."""
        await self.town.until(lambda: bool(newest(person)))
        before = newest(person)[0].message_id
        await person.send("урок")
        await self.town.until(lambda: newest(person)[0].message_id > before)

    async def shows(self, person: Person, label: str) -> None:
        """Wait for a button of the newest message."""
        await self.town.until(lambda: any(label in one for one in keyboard(person)))

    async def says(self, person: Person, words: str) -> ChatMessage:
        """Wait until the newest message says this, and return it."""
        await self.town.until(lambda: any(words in one.text for one in newest(person)))
        return newest(person)[0]

    async def stand(self, lesson: UUID) -> dict[str, str]:
        """Return who is absent from a lesson, by surname."""
        query = """SELECT p.surname, a.code FROM core.absence a JOIN core.person p ON p.id = a.pupil_id
          WHERE a.lesson_id = :lesson"""
        async with self.town.core.begin() as session:
            return {row.surname: row.code for row in await session.execute(text(query), {"lesson": lesson})}

    async def until_stands(self, lesson: UUID, expected: dict[str, str]) -> None:
        """Wait until the journal says so."""
        async with asyncio.timeout(60):
            while await self.stand(lesson) != expected:  # noqa: ASYNC110 - what is watched lies in another process
                await asyncio.sleep(0.05)


def newest(person: Person) -> list[ChatMessage]:
    """Return the newest message of the bot, as it stands now, if it has said anything."""
    return [one for one in person.chat.messages if one.from_bot][-1:]


def keyboard(person: Person) -> list[str]:
    """Return the buttons of the newest message."""
    return [label for one in newest(person) for label in one.labels()]


@pytest.fixture(params=[Channel.TELEGRAM, Channel.MAX])
async def day(request: pytest.FixtureRequest, database_url: URL, tmp_path: Path) -> AsyncIterator[Day]:
    async with build_town(database_url, tmp_path, messenger=request.param) as town:
        made = await _school(town)
        enforce(town)
        yield made


async def _school(town: Town) -> Day:
    builder = town.builder
    async with town.core.begin() as session:
        (school,) = await schools.all_schools(session)
    pupils = await builder.pupils(town.class_id, *NAMES)
    other = await builder.teacher(school, "Седов Илья Петрович")
    deputy = await builder.teacher(school, "Орлова Вера Львовна", administers=True)
    mother = await builder.guardian(pupils[2], name="Иванова Ольга")
    lessons = [town.lesson]
    for number, starts in ((2, time(9, 25)), (3, time(10, 30))):
        lessons.append(await builder.lesson(town.class_id, town.teacher, starts, number=number))
    people = {TEACHER: town.teacher, STAND_IN: other, DEPUTY: deputy, MOTHER: mother}
    phones = [town.emulator.person(number, "Кто-то") for number in people]
    for phone, person in zip(phones, people.values(), strict=True):
        await phone.start()
        await builder.link(person, MessengerAccount(messenger_of(town), str(phone.user_id)))
    return Day(town, phones[0], phones[1], phones[2], phones[3], lessons)


def messenger_of(town: Town) -> Channel:
    """Return the only messenger there is."""
    return Channel.MAX if isinstance(town.emulator, MaxEmulator) else Channel.TELEGRAM


def enforce(town: Town) -> None:
    """Let the messenger grant no more than it says."""
    emulator = town.emulator
    if isinstance(emulator, MaxEmulator):
        emulator.enforce()
    else:
        emulator.limits.enforce(edits=True)


@pytest.mark.req("ATT-01", "ATT-02", "ATT-13", "TT-05", "ROLE-27")
async def test_a_teachers_day(day: Day, record_property: Figure) -> None:
    await day.goes_on()
    counted(record_property, "2 absent, killed in between", await first_roll(day), at_most=3)
    counted(record_property, "result of a call", await the_mother_answers_and_another_is_called(day), at_most=3)
    await day.goes_on(minutes=55)
    counted(record_property, "substitution", await a_substitution(day), at_most=4)
    await two_at_one_roll(day)
    await day.goes_on(minutes=65)
    counted(record_property, "all present", await everybody_is_there(day), at_most=1)

    town = day.town
    refusals = [one for one in town.emulator.log.requests if one.answer.code == HTTPStatus.TOO_MANY_REQUESTS]
    record_property("figure", f"a teacher's day, {messenger_of(town)}: {len(refusals)} x 429")
    assert len(refusals) <= A_FEW
    for person in (day.teacher, day.stand_in, day.deputy, day.mother):
        shown = sum(one.from_bot for one in person.chat.messages)
        assert len(town.emulator.log.delivered(person.user_id)) == shown, "nothing came twice"


async def first_roll(day: Day) -> int:
    """8:31. The lesson that is on is the first screen; the process dies between two taps."""
    await day.says(day.teacher, "5А · математика\n1-й урок")
    taps = await day.press(day.teacher, "Ёлкин В.")
    await day.shows(day.teacher, "Готово: отсутствует 1")
    await day.goes_on()
    taps += await day.press(day.teacher, "Иванова А.", "Готово: отсутствуют 2")
    await day.says(day.teacher, "Записано: отсутствуют 2.")
    await day.until_stands(day.lessons[0], {"Ёлкин": "н", "Иванова": "н"})
    return taps


async def the_mother_answers_and_another_is_called(day: Day) -> int:
    """Of one absent child nobody can be told, so that the class teacher calls, and writes down what came of it."""
    await day.says(day.mother, "Отсутствие на уроке")
    await day.press(day.mother, "Болеет")
    await day.says(day.mother, "Ваш ответ: болеет.")
    await day.opens(day.teacher)
    await day.press(day.teacher, "К урокам")
    taps = await day.press(day.teacher, "5А сегодня")
    await day.says(day.teacher, "Семья: болеет")
    await day.press(day.teacher, "✓ Иванова А.: болеет")
    await day.until_stands(day.lessons[0], {"Ёлкин": "н", "Иванова": "б"})
    taps += await day.press(day.teacher, "Ёлкин В.", "Уважительная причина")
    await day.until_stands(day.lessons[0], {"Ёлкин": "ну", "Иванова": "б"})
    # A process that dies before it has noted what it answered is waited for by its successor for half a minute.
    await day.says(day.teacher, "• Ёлкин В.: ну")
    return taps


async def a_substitution(day: Day) -> int:
    """9:26. The teacher has the second roll open, when the deputy gives the lesson to another."""
    await day.opens(day.teacher)
    await day.says(day.teacher, "5А · математика\n2-й урок")
    await day.press(day.teacher, "Яшин Л.")
    await day.shows(day.teacher, "Готово: отсутствует 1")
    await day.opens(day.deputy)
    taps = await day.press(day.deputy, "Замена", "Королёва А.", "2-й", "Седов И.")
    await day.says(day.deputy, "Замена записана")
    return taps


async def two_at_one_roll(day: Day) -> None:
    """Both call the roll, the one who gave it away too: nobody writes over what he has not seen."""
    await day.opens(day.stand_in)
    await day.says(day.stand_in, "Замена. По расписанию урок ведёт Королёва Анна Сергеевна.")
    await day.press(day.stand_in, "Как на прошлом уроке")
    await day.shows(day.stand_in, "Готово: отсутствуют 2")
    await day.press(day.teacher, "Готово: отсутствует 1")
    await day.says(day.teacher, "Записано: отсутствует 1.")
    refused = await day.stand_in.press("Готово: отсутствуют 2", within=20)
    assert refused is not None
    assert "Эту перекличку уже изменили" in refused.text
    await day.opens(day.stand_in)
    await day.says(day.stand_in, "Записано: отсутствует 1.")
    await day.press(day.stand_in, "Исправить", "Ёлкин В.", "Иванова А.", "Готово: отсутствуют 3")
    await day.says(day.stand_in, "Записано: отсутствуют 3.")
    assert (await day.stand(day.lessons[1])).keys() == {"Ёлкин", "Иванова", "Яшин"}


async def everybody_is_there(day: Day) -> int:
    """10:31. All have come, and the deputy has read how the morning was."""
    await day.opens(day.teacher)
    await day.says(day.teacher, "5А · математика\n3-й урок")
    taps = await day.press(day.teacher, "Все на месте")
    await day.says(day.teacher, "Записано: все присутствуют.")
    assert await day.stand(day.lessons[2]) == {}
    await day.says(day.mother, "Присутствие отмечено на 3-м уроке")
    await day.town.until(lambda: any("Утро школы" in one.text for one in day.deputy.chat.messages))
    return taps


def counted(record_property: Figure, what: str, taps: int, *, at_most: int) -> None:
    """Print how many taps it took."""
    record_property("figure", f"a teacher's day, taps: {what} {taps}")
    assert taps <= at_most
