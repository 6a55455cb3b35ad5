"""A parent's conversation at the wire, with the real gateway between the teacher's tap and the alert."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from bot.recent_rolls import SECONDS
from core.actor import Act, Actor
from core.database import Database
from core.learning.attendance import correct, record
from tests.integration.bot_home import HandGateway, forged, hand_gateway
from tests.integration.bot_world import BotWorld, Rooms, bot_world, last
from zvonok.sandbox.people import Person


@dataclass
class Home:
    """A child with two parents in the messenger, a teacher, and a gateway that is run by hand."""

    world: BotWorld
    mother: Person
    father: Person
    mother_id: UUID
    teacher: UUID
    child: UUID
    lesson: UUID
    gateway: HandGateway

    async def call_roll(self, *, absent: bool, key: str) -> None:
        """Let the teacher record."""
        act = Act(Actor(via="telegram", person=self.teacher), self.world.desk.school_clock.now(), key)
        async with self.world.desk.core.begin() as session:
            if absent:
                await record(session, act, self.lesson, {self.child: "н"})
            else:
                await correct(session, act, self.lesson, {self.child: None})
        await self.deliver()

    async def deliver(self) -> None:
        """Plan and send all that is due."""
        await self.gateway.deliver()

    async def receipts(self) -> list[tuple[str, str | None]]:
        """List what readers did."""
        return await self.gateway.receipts()

    async def school_class(self) -> UUID:
        """Return the class of the child."""
        async with self.world.desk.core.begin() as session:
            found = await session.execute(
                text("SELECT class_id FROM core.pupil WHERE person_id = :id"), {"id": self.child}
            )
            return UUID(str(found.scalar_one()))

    async def answers(self) -> dict[UUID, str]:
        """List what guardians answered, as the journal has it."""
        async with self.world.desk.core.begin() as session:
            rows = await session.execute(text("SELECT guardian_id, reason FROM core.absence_answer"))
            return {row.guardian_id: row.reason for row in rows}


@pytest.fixture
async def home(core_database: Database, gateway_database: Database, bot_database: Database) -> AsyncIterator[Home]:
    async with bot_world(Rooms(core_database, gateway_database, bot_database)) as world, hand_gateway(world) as gateway:
        builder = world.builder
        school = await builder.school(undo_window=0)
        teacher = await builder.teacher(school, "Кузнецова Мария Петровна")
        school_class = await builder.school_class(school, "5А")
        child = await builder.pupil(school_class, "Иванова Анна Петровна")
        lesson = await builder.lesson(school_class, teacher, time(8, 30))
        mother_id = await builder.guardian(child, name="Иванова Ольга")
        father_id = await builder.guardian(child, name="Иванов Пётр")
        mother, father = await world.linked(200, mother_id), await world.linked(300, father_id)
        yield Home(world, mother, father, mother_id, teacher, child, lesson, gateway)


async def alarmed(home: Home) -> None:
    """Bring the alert to both parents."""
    await home.call_roll(absent=True, key="roll-1")
    for parent in (home.mother, home.father):
        assert "Иванова Анна" in last(parent).text
        assert last(parent).labels() == (
            *("Понятно", "Болеет", "Семейные причины", "Опаздывает"),
            *("Ребёнок в школе, это ошибка", "Не знаю, где ребёнок"),
        )


async def test_understood_is_noted_and_thanked_for(home: Home) -> None:
    await alarmed(home)
    async with home.world.running():
        answer = await home.mother.press("Понятно", within=5)
        await home.world.settled()
    assert answer is not None
    assert (answer.text, answer.show_alert) == ("Спасибо! Отметили, что вы в курсе.", False)
    assert await home.receipts() == [("acknowledged", None)]
    assert await home.answers() == {}


REASONS = (
    (
        "Болеет",
        "ill",
        "болеет",
        "Спасибо! Записали: болеет. Учитель увидит это в перекличке. Скорейшего выздоровления!",
    ),
    (
        "Семейные причины",
        "family",
        "по семейным обстоятельствам",
        "Спасибо! Записали: по семейным обстоятельствам. Учитель увидит это в перекличке.",
    ),
    ("Опаздывает", "late", "опаздывает", "Спасибо! Записали: опаздывает. Учитель увидит это в перекличке."),
    (
        "Ребёнок в школе, это ошибка",
        "at-school",
        "ребёнок в школе, это ошибка",
        (
            "Спасибо! Учитель увидит это в перекличке и сможет проверить отметку. "
            "Если сомневаетесь, сразу позвоните в школу."
        ),
    ),
)


async def test_a_reason_reaches_the_journal_and_the_teachers_roster(home: Home) -> None:
    await alarmed(home)
    teacher = await home.world.linked(100, home.teacher)
    async with home.world.running():
        for label, reason, words, thanks in REASONS:
            answer = await home.mother.press(label, within=5)
            await teacher.start()
            await home.world.settled()
            await home.world.taps(teacher, "Исправить")
            assert answer is not None
            assert (answer.text, answer.show_alert) == (thanks, False)
            assert await home.answers() == {home.mother_id: reason}
            assert f"Ответили родители: Иванова А. — {words}." in last(teacher).text
    assert sorted(await home.receipts()) == sorted(("explained", reason) for _, reason, *_ in REASONS)


async def test_an_answer_that_comes_while_the_roster_is_open_stands_there_at_a_tap_seconds_later(home: Home) -> None:
    await home.world.builder.pupil(await home.school_class(), "Яшин Лев")
    await alarmed(home)
    teacher = await home.world.linked(100, home.teacher)
    async with home.world.running():
        await teacher.start()
        await home.world.settled()
        await home.world.taps(teacher, "Исправить")
        assert "Ответили родители" not in last(teacher).text
        for label, words in (("Болеет", "болеет"), ("Семейные причины", "по семейным обстоятельствам")):
            await home.mother.press(label, within=5)
            await home.world.settled()
            home.world.clock.move(seconds=SECONDS)
            await home.world.taps(teacher, "Яшин Л." if label == "Болеет" else "н · Яшин Л.")
            assert f"Ответили родители: Иванова А. — {words}." in last(teacher).text
        absent, late = last(teacher).labels()[:2]
        assert (absent, late.split(" · ")[1]) == ("н · Иванова А.", "Яшин Л.")


@pytest.mark.parametrize("label", ["Болеет", "Семейные причины", "Опаздывает", "Не знаю, где ребёнок"])
async def test_a_parent_is_told_that_the_teacher_will_see_the_answer_and_not_that_he_does(
    home: Home, label: str
) -> None:
    await alarmed(home)
    assert last(home.mother).text.endswith("Нажмите кнопку: учитель увидит ответ в перекличке.")
    async with home.world.running():
        answer = await home.mother.press(label, within=5)
        await home.world.settled()
    await home.deliver()
    assert answer is not None
    said = f"{answer.text} {last(home.mother).text}".lower()
    assert said.count("увидит") == 2
    assert not re.search(r"\bвидит\b|передал|сразу увидит", said)


async def test_who_does_not_know_where_the_child_is_is_told_what_to_do_now(home: Home) -> None:
    await alarmed(home)
    teacher = await home.world.linked(100, home.teacher)
    async with home.world.running():
        answer = await home.father.press("Не знаю, где ребёнок", within=5)
        await home.world.settled()
        await teacher.start()
        await home.world.settled()
        await home.world.taps(teacher, "Исправить")
    assert answer is not None
    assert answer.show_alert
    assert "позвоните ребёнку и сразу в школу" in answer.text
    assert "Внимание! Родители не знают, где ребёнок: Иванова А." in last(teacher).text


async def test_another_answer_replaces_the_first_and_a_second_press_of_the_same_is_harmless(home: Home) -> None:
    await alarmed(home)
    async with home.world.running():
        for label in ("Болеет", "Болеет", "Опаздывает"):
            await home.mother.press(label, within=5)
            await home.world.settled()
    assert await home.answers() == {home.mother_id: "late"}


async def test_a_button_of_somebody_elses_alert_changes_nothing(home: Home) -> None:
    await alarmed(home)
    payload = last(home.mother).buttons[1][0].data
    assert payload is not None
    stranger = home.world.someone(666)
    async with home.world.running():
        await stranger.start()
        await home.world.settled()
        for thief in (stranger, home.father):
            answer = await thief.forge_press(payload, message_id=last(thief).message_id, within=5)
            assert answer is not None
            assert answer.show_alert
            assert answer.text == "Эта кнопка не для вас или устарела. Ничего не изменилось."
        await home.world.settled()
    assert (await home.answers(), await home.receipts()) == ({}, [])


async def test_a_notices_button_under_an_alert_does_nothing(home: Home) -> None:
    await alarmed(home)
    delivery = (last(home.mother).buttons[1][0].data or "").split(":")[1]
    async with home.world.running():
        for verb in ("confirm", "sign", "refuse"):
            answer = await forged(home.world, home.mother, f"a:{delivery}:{verb}")
            assert answer.text == "Эта кнопка не для вас или устарела. Ничего не изменилось."
    assert (await home.answers(), await home.receipts()) == ({}, [])


async def test_an_old_or_broken_button_says_so(home: Home) -> None:
    async with home.world.running():
        await home.mother.start()
        await home.world.settled()
        for payload in (f"a:{'0' * 32}:ill", "a:nonsense:ill", f"a:{'0' * 32}:nonsense", "a:"):
            answer = await home.mother.forge_press(payload, message_id=last(home.mother).message_id, within=5)
            assert answer is not None
            assert answer.text == "Эта кнопка не для вас или устарела. Ничего не изменилось."
        await home.world.settled()


async def test_after_a_correction_no_answer_is_needed(home: Home) -> None:
    await alarmed(home)
    old = next(button.data for row in last(home.mother).buttons for button in row if button.label == "Болеет")
    assert old is not None
    await home.call_roll(absent=False, key="roll-2")
    async with home.world.running():
        answer = await home.mother.forge_press(old, message_id=last(home.mother).message_id, within=5)
        await home.world.settled()
    assert answer is not None
    assert answer.text == "Отметка об отсутствии уже снята, отвечать не нужно."
    assert (await home.answers(), await home.receipts()) == ({}, [])


async def test_who_lost_the_right_to_see_the_child_is_refused(home: Home) -> None:
    await alarmed(home)
    async with home.world.desk.core.begin() as session:
        await session.execute(
            text("UPDATE core.guardianship SET barred = true WHERE guardian_id = :guardian"),
            {"guardian": home.mother_id},
        )
    async with home.world.running():
        answer = await home.mother.press("Болеет", within=5)
        await home.world.settled()
    assert answer is not None
    assert answer.show_alert
    assert answer.text.startswith("Об этом ребёнке школа рассказывает только его родителям")
    assert (await home.answers(), await home.receipts()) == ({}, [])


async def test_a_press_whose_answer_comes_too_late_counts_all_the_same(home: Home) -> None:
    await alarmed(home)
    await home.mother.press("Болеет")
    press = next(iter(home.world.emulator.world.presses.values()))
    # The bot was down for so long that Telegram no longer takes an answer to the press.
    home.world.emulator.world.presses[press.query_id] = replace(press, at=press.at - timedelta(hours=1))
    async with home.world.running():
        await home.world.settled()
    assert await home.answers() == {home.mother_id: "ill"}
    assert await home.world.value("SELECT count(*) FROM bot.inbox WHERE failure IS NOT NULL") == 0


async def test_a_press_handled_twice_counts_once(home: Home) -> None:
    await alarmed(home)
    async with home.world.running():
        await home.mother.press("Болеет", within=5)
        await home.world.settled()
    async with home.world.desk.bot.begin() as session:
        await session.execute(text("UPDATE bot.inbox SET done_at = NULL, due_at = received_at"))
    async with home.world.running():
        await home.world.settled()
    assert await home.receipts() == [("explained", "ill")]
    assert await home.world.core_value("SELECT count(*) FROM core.audit WHERE action = 'attendance.answer'") == 1


async def test_a_parent_who_lets_the_bot_in_again_is_told_what_could_not_reach_him(home: Home) -> None:
    await home.mother.block()
    await home.call_roll(absent=True, key="roll-1")
    assert not any("Иванова Анна" in message.text for message in home.mother.chat.messages)
    await home.mother.unblock()
    async with home.world.running():
        await home.world.settled()
    await home.deliver()
    assert "Иванова Анна" in last(home.mother).text


async def test_a_parents_first_screen_leads_everywhere(home: Home) -> None:
    await home.deliver()
    async with home.world.running():
        await home.mother.start()
        await home.world.settled()
        assert last(home.mother).labels() == ("Дневник", "Ребёнок не придёт", "Объявления", "Что и как присылать")
        opened = []
        for label in ("Дневник", "Ребёнок не придёт", "Объявления", "Что и как присылать"):
            await home.mother.start()
            await home.world.settled()
            await home.world.taps(home.mother, label)
            opened.append(last(home.mother).text.split("\n", 1)[0])
        await home.mother.send("/help")
        await home.world.settled()
    assert opened == [
        "Дневник: Иванова Анна, 5А",
        "5А, Иванова Анна. Почему не придёт?",
        "Объявлений пока нет. Когда школа что-нибудь объявит, оно появится здесь.",
        "Что и как вам присылать",
    ]
    assert "/diary" in last(home.mother).text


async def test_a_letter_written_to_the_bot_is_said_to_be_read_by_nobody(home: Home) -> None:
    await home.deliver()
    async with home.world.running():
        await home.mother.start()
        await home.world.settled()
        await home.mother.send("Аня сегодня не придёт, болеет")
        await home.world.settled()
        said = last(home.mother)
        await home.mother.send("Меню")
        await home.world.settled()
    assert said.text.startswith("Этот текст в школе никто не увидит: бот не передаёт писем.")
    assert said.labels() == ("Дневник", "Ребёнок не придёт", "Объявления", "Что и как присылать")
    assert last(home.mother).text.startswith("Вы на связи со школой.")


@pytest.mark.parametrize("payload", ["p1:", "p1:nonsense", "p0:c", f"p1:w:{'0' * 32}:20261399"])
async def test_a_broken_button_of_a_parents_screen_says_so(home: Home, payload: str) -> None:
    async with home.world.running():
        await home.mother.start()
        await home.world.settled()
        answer = await home.mother.forge_press(payload, message_id=last(home.mother).message_id, within=5)
        await home.world.settled()
    assert answer is not None
    assert answer.show_alert
    assert "устарела" in (answer.text or "")
