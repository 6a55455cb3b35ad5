"""Joining an account at the wire: codes, birth dates, and what a stranger may see."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

import pytest

from core.account import accounts
from core.database import Database
from core.school.schools import SchoolCard
from tests.integration.bot_world import BotWorld, Rooms, account_of, bot_world, last
from zvonok.sandbox.people import Person

BORN = date(2014, 3, 5)


@dataclass
class Family:
    """A child with a parent who holds a code, and a stranger."""

    world: BotWorld
    school: SchoolCard
    school_class: UUID
    child: UUID
    parent: UUID
    code: str
    account: Person

    async def linked(self, user_id: int = 200) -> int:
        """Count the persons behind an account."""
        async with self.world.desk.core.begin() as session:
            return len(await accounts.persons_behind(session, account_of(user_id)))

    async def say(self, *texts: str) -> str:
        """Write to the bot, and return its last answer."""
        for text in texts:
            await self.account.send(text)
            await self.world.settled()
        return last(self.account).text


@pytest.fixture
async def family(core_database: Database, gateway_database: Database, bot_database: Database) -> AsyncIterator[Family]:
    async with bot_world(Rooms(core_database, gateway_database, bot_database)) as world:
        school = await world.builder.school()
        school_class = await world.builder.school_class(school, "5А")
        child = await world.builder.pupil(school_class, "Иванова Анна Петровна", BORN)
        parent = await world.builder.guardian(child, name="Иванов Пётр")
        code = await world.builder.code(parent)
        yield Family(world, school, school_class, child, parent, code, world.someone(200, "Пётр"))


@pytest.mark.parametrize("by_link", [True, False])
async def test_a_guardian_sees_class_and_initials_only_until_the_birth_date_is_given(
    family: Family, *, by_link: bool
) -> None:
    async with family.world.running():
        offer = await family.say(f"/start {family.code}" if by_link else family.code.lower())
        assert "5А, И. А." in offer
        assert "Напишите дату рождения ребёнка, например: 5.3.2014" in offer
        assert "Иванова" not in offer
        assert await family.linked() == 0
        welcome = await family.say("5 марта 2014")
    assert await family.linked() == 1
    assert welcome.startswith("Готово! Этот чат связан с журналом: Иванов Пётр.\n5А, Иванова Анна\n")
    assert not any(family.code in message.text for message in family.account.chat.messages if message.from_bot)


async def test_a_teachers_code_joins_at_once_and_opens_the_roll_call(family: Family) -> None:
    builder = family.world.builder
    teacher = await builder.teacher(family.school, "Кузнецова Мария Петровна")
    await builder.lesson(family.school_class, teacher, time(8, 30))
    code = await builder.code(teacher)
    async with family.world.running():
        roster = await family.say(code)
    said = [message.text for message in family.account.chat.messages if message.from_bot]
    assert said[0] == "Готово! Этот чат связан с журналом: Кузнецова Мария Петровна."
    assert roster.startswith("5А · математика")


async def test_a_stranger_learns_how_to_begin_and_nothing_else(family: Family) -> None:
    async with family.world.running():
        assert "код с листка" in await family.say("/start")
        assert "код с листка" in await family.say("привет")
        assert "не связан с журналом" in await family.say("/help")
        assert "сюда не приходят" in await family.say("/why")
    assert await family.linked() == 0


async def test_a_linked_parent_sees_his_children_and_why(family: Family) -> None:
    async with family.world.running():
        assert "5А, Иванова Анна" in await family.say(family.code, "5.3.2014", "/start")
        why = await family.say("/why")
        assert "вы записаны родителем или представителем.\nШкола «Радуга»:\n5А, Иванова Анна" in why
        assert "через 60 секунд" in why
        assert "Родителям." in await family.say("/help")


async def test_wrong_dates_are_counted_down_and_burn_the_code(family: Family) -> None:
    async with family.world.running():
        await family.say(family.code)
        left = [(await family.say("1.1.2014")).removeprefix("Дата рождения не подошла. ") for _ in range(5)]
        assert left == [
            "Осталось 4 попытки.",
            "Осталось 3 попытки.",
            "Осталось 2 попытки.",
            "Осталась 1 попытка.",
            "Код больше не действует: новый выдаст классный руководитель.",
        ]
        assert "Такого кода нет." in await family.say(family.code)
        assert "код с листка" in await family.say("5.3.2014")
    assert await family.linked() == 0


async def test_what_is_no_date_is_asked_again_and_costs_no_try(family: Family) -> None:
    async with family.world.running():
        await family.say(family.code)
        for text in ("не помню", "31.2.2014", "5.3", "пятого марта"):
            assert (await family.say(text)).startswith("Не получилось прочитать дату.")
        assert "Осталось 4 попытки." in await family.say("1.1.2014")
        assert (await family.say("05.03.14")).startswith("Готово!")


async def test_a_wrong_code_says_so_and_too_many_close_the_door(family: Family) -> None:
    async with family.world.running():
        for _ in range(accounts.ATTEMPTS_AN_HOUR):
            assert (await family.say("ZZZZZZZZZ2")).startswith("Такого кода нет.")
        assert (await family.say(family.code)).startswith("Слишком много попыток подряд.")
        family.world.clock.move(hours=1, minutes=1)
        assert "5А, И. А." in await family.say(family.code)


async def test_a_slip_in_a_code_is_no_try(family: Family) -> None:
    async with family.world.running():
        for _ in range(accounts.ATTEMPTS_AN_HOUR + 1):
            assert (await family.say(family.code[:-1] + "0")).startswith("Похоже на код")
        assert "5А, И. А." in await family.say(family.code)


async def test_a_used_code_is_of_no_use_to_anybody_else(family: Family) -> None:
    world = family.world
    async with world.running():
        await family.say(family.code, "5.3.2014")
        thief = world.someone(300)
        await thief.start(family.code)
        await world.settled()
        assert last(thief).text.startswith("Этот код уже использован.")
        assert (await family.say(family.code)).startswith("Готово!")
    assert (await family.linked(300), await family.linked()) == (0, 1)


async def test_an_expired_code_says_so(family: Family) -> None:
    async with family.world.running():
        family.world.clock.move(days=31)
        assert (await family.say(family.code)).startswith("Срок этого кода вышел.")
    assert await family.linked() == 0


async def test_an_offer_waits_half_an_hour(family: Family) -> None:
    async with family.world.running():
        await family.say(family.code)
        family.world.clock.move(minutes=31)
        assert "код с листка" in await family.say("5.3.2014")
    assert await family.linked() == 0


async def test_one_account_may_stand_for_a_parent_at_two_schools(family: Family) -> None:
    builder = family.world.builder
    other = await builder.school("Школа «Восток»")
    child = await builder.pupil(await builder.school_class(other, "1Б"), "Иванов Олег", date(2019, 7, 1))
    code = await builder.code(await builder.guardian(child, name="Иванов Пётр"))
    async with family.world.running():
        await family.say(family.code, "5.3.2014", code, "1.7.2019")
        menu = await family.say("/start")
    assert await family.linked() == 2
    assert "5А, Иванова Анна" in menu
    assert "1Б, Иванов Олег" in menu


async def test_two_children_are_both_shown_by_initials_and_either_birth_date_will_do(family: Family) -> None:
    builder = family.world.builder
    second = await builder.pupil(family.school_class, "Иванов Олег", date(2016, 7, 1))
    await builder.guardian(second, name="", person=family.parent)
    async with family.world.running():
        offer = await family.say(family.code)
        assert "5А, И. А." in offer
        assert "5А, И. О." in offer
        assert "любого из детей" in offer
        assert (await family.say("1.7.2016")).startswith("Готово!")


async def test_a_teacher_who_has_shown_a_parents_code_can_still_open_lessons(family: Family) -> None:
    world = family.world
    teacher = await world.builder.teacher(family.school, "Кузнецова Мария")
    await world.builder.link(teacher, account_of(200))
    async with world.running():
        await family.say(family.code)
        assert "уроков у вас нет" in await family.say("урок")
        assert (await family.say("5.3.2014")).startswith("Сегодня")
    assert await family.linked() == 2
