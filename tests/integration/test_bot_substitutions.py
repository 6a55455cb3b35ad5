"""A substitution from a deputy's phone: four taps from the first screen, seen by whoever steps in, and taken back."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import URL

from bot.substitution_payloads import StepIn, WhoIsAway
from bot.teacher_payloads import pack
from core.database import Database
from tests.integration.bot_home import pressed
from tests.integration.bot_world import BotWorld, Rooms, bot_world, last
from tests.integration.timetable_world import MONDAY, TimetableWorld, timetable_world
from zvonok.sandbox.people import Person

BEFORE_SCHOOL = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@dataclass
class Office:
    """A school with a timetable, a deputy at the bot, and a teacher."""

    of: TimetableWorld
    bot: BotWorld
    deputy: Person
    teacher: Person

    async def taps(self, *labels: str) -> int:
        for label in labels:
            await pressed(self.bot, self.deputy, label)
        return len(labels)

    async def gives(self, lesson: UUID) -> UUID | None:
        found: UUID | None = await self.bot.core_value(
            "SELECT substitute_id FROM core.lesson WHERE id = :lesson", lesson=lesson
        )
        return found


@pytest.fixture
async def it(
    core_database: Database, gateway_database: Database, bot_database: Database, database_url: URL
) -> AsyncIterator[Office]:
    async with bot_world(Rooms(core_database, gateway_database, bot_database), BEFORE_SCHOOL) as bot:
        of = await timetable_world(core_database, database_url)
        deputy = await of.builder.teacher(of.school, "Орлова Вера Львовна", administers=True)
        yield Office(of, bot, await bot.linked(300, deputy), await bot.linked(100, of.teachers["К"]))


async def first_screen(it: Office, person: Person) -> None:
    await person.send("урок")
    await it.bot.settled()


@pytest.mark.req("TT-05")
async def test_four_taps_from_the_first_screen_and_whoever_steps_in_sees_the_lesson(
    it: Office, record_property: Callable[[str, object], None]
) -> None:
    lesson = await it.of.lesson("5А", MONDAY, 1)
    async with it.bot.running():
        await first_screen(it, it.deputy)
        assert last(it.deputy).labels()[:2] == ("Школа сейчас", "Замена")
        (giver,) = (label for label in await labels_after(it, "Замена") if label.startswith("Кузнецова М."))
        (first,) = (label for label in await labels_after(it, giver) if label.startswith("1-й, 8:30 · 5А"))
        free = await labels_after(it, first)
        assert not any(label.startswith("Кузнецова") for label in free), "whoever gives it is no stand-in"
        (stand_in,) = (label for label in free if "Седов" in label)
        taps = 3 + await it.taps(stand_in)
        assert "Замена записана: урок проведёт" in last(it.deputy).text
        record_property("figure", f"taps: substitution {taps}")
        assert taps <= 4
        assert await it.gives(lesson) == it.of.teachers["С"]

        other = await it.bot.linked(101, it.of.teachers["С"])
        await first_screen(it, other)
        assert "Замена. По расписанию урок ведёт Кузнецова Мария Петровна." in last(other).text

        await it.taps("Отменить замену")
        assert await it.gives(lesson) is None
        assert "Замена отменена" in last(it.deputy).text


async def labels_after(it: Office, button: str) -> tuple[str, ...]:
    await it.taps(button)
    return last(it.deputy).labels()


async def test_whoever_has_a_lesson_then_is_not_offered_and_a_forged_press_is_refused_in_words(it: Office) -> None:
    lesson, beside = await it.of.lesson("5А", MONDAY, 1), await it.of.lesson("5Б", MONDAY, 1)
    busy: UUID = await it.bot.core_value(
        "SELECT coalesce(substitute_id, teacher_id) FROM core.lesson WHERE id = :lesson", lesson=beside
    )
    async with it.bot.running():
        await first_screen(it, it.deputy)
        answer = await it.deputy.forge_press(
            pack(StepIn(lesson, busy)), message_id=last(it.deputy).message_id, within=5
        )
        await it.bot.settled()
        assert answer is not None
        assert answer.show_alert
    assert await it.gives(lesson) is None


async def test_teachers_without_that_right_see_and_do_nothing(it: Office) -> None:
    lesson = await it.of.lesson("5А", MONDAY, 1)
    async with it.bot.running():
        await first_screen(it, it.teacher)
        await it.bot.taps(it.teacher, "К урокам")
        assert "Замена" not in last(it.teacher).labels()
        for payload in (pack(WhoIsAway(it.of.school.id, 0)), pack(StepIn(lesson, it.of.teachers["С"]))):
            answer = await it.teacher.forge_press(payload, message_id=last(it.teacher).message_id, within=5)
            await it.bot.settled()
            assert answer is not None
            assert answer.show_alert
    assert await it.gives(lesson) is None


async def test_after_the_last_lesson_there_is_nobody_to_replace(it: Office) -> None:
    it.bot.clock.move(hours=12)
    async with it.bot.running():
        await first_screen(it, it.deputy)
        await it.taps("Замена")
        assert last(it.deputy).text.startswith("Сегодняшние уроки уже закончились")
        assert last(it.deputy).labels() == ("Школа сейчас", "К урокам")
