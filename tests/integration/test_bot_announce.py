"""A parent announces at the wire that a child will not come: in few taps, changed later, refused in plain words."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import URL, text

from bot.announce_payloads import Cancel, Longer, OneAnnounced, Until, Whom, pack_absence
from core.consent import consents
from core.consent.consent_entries import Decision
from core.database import Database
from tests.integration.bot_home import HandGateway, act_of, forged, hand_gateway, payload_of, pressed
from tests.integration.bot_world import BotWorld, Rooms, bot_world, last
from tests.integration.core_world import DAY, FIRST_BELL, ClassRoom, class_room
from zvonok.sandbox.people import Person

LISTED = "SELECT coalesce(string_agg(concat_ws('|', first, last, reason, note, certificate), ';' ORDER BY first), '')"
STANDING = f"{LISTED} FROM core.announced_absence WHERE withdrawn_at IS NULL"


@dataclass
class Family:
    """A class in its first lesson, the mother of one of its pupils at the bot, and a gateway run by hand."""

    world: BotWorld
    gateway: HandGateway
    room: ClassRoom
    child: UUID
    mother_id: UUID
    mother: Person

    @property
    def text(self) -> str:
        """What the newest message says to the mother."""
        return last(self.mother).text

    def labels(self) -> tuple[str, ...]:
        """The buttons under it."""
        return last(self.mother).labels()

    async def starts(self, *labels: str) -> None:
        """Open the first screen and press from there."""
        await self.mother.start()
        await self.world.settled()
        await self.world.taps(self.mother, *labels)

    async def types(self, words: str) -> str:
        """Let the mother write; return the answer."""
        await self.mother.send(words)
        await self.world.settled()
        return self.text

    async def told(self, label: str) -> str:
        """Press a button that only raises an alert; return what it says."""
        answer = await pressed(self.world, self.mother, label)
        assert answer.show_alert
        return answer.text or ""

    async def standing(self) -> str:
        """Return all that stands announced."""
        return str(await self.world.core_value(STANDING))

    async def again(self) -> None:
        """Let a new process handle all updates anew, as after a crash before they were marked as done."""
        async with self.world.desk.bot.begin() as session:
            await session.execute(text("UPDATE bot.inbox SET done_at = NULL, due_at = received_at"))
        async with self.world.running():
            await self.world.settled()

    async def teacher(self) -> Person:
        """Bring the teacher of the lesson that is on to its roll."""
        teacher = await self.world.linked(100, self.room.teacher)
        await teacher.send("урок")
        await self.world.settled()
        return teacher


@asynccontextmanager
async def _family(rooms: Rooms, url: URL) -> AsyncIterator[Family]:
    room = await class_room(rooms.core, url)
    async with bot_world(rooms, FIRST_BELL + timedelta(minutes=10)) as world, hand_gateway(world) as gateway:
        child = room.pupils[2]
        mother_id = await world.builder.guardian(child, name="Иванова Ольга")
        yield Family(world, gateway, room, child, mother_id, await world.linked(200, mother_id))


@pytest.fixture
async def family(
    core_database: Database, gateway_database: Database, bot_database: Database, database_url: URL
) -> AsyncIterator[Family]:
    async with _family(Rooms(core_database, gateway_database, bot_database), database_url) as made:
        yield made


async def test_ill_today_is_three_taps_and_the_roll_begins_with_it(family: Family) -> None:
    father = await family.world.linked(300, await family.world.builder.guardian(family.child, name="Иванов Пётр"))
    async with family.world.running():
        await family.starts()
        taps = ("Ребёнок не придёт", "Болеет, сегодня не придёт", "Отправить")
        assert len(taps) <= 4
        await family.world.taps(family.mother, *taps[:2])
        assert family.text == (
            "Проверьте и отправьте:\n\n"
            "Иванова Анна: не придёт 24 ноября (сегодня), болеет.\n\n"
            "Классный руководитель увидит дни, причину и записку.\n"
            "В перекличке это будет отмечено заранее, и тревожное сообщение о пропуске не придёт.\n"
            "Уроки, на которых перекличка уже прошла, это не меняет."
        )
        lengths = ("✓ Один день", "До пятницы", "Неделя", "Пока не знаю", "Другой день")
        assert family.labels() == ("Отправить", *lengths, "Справка будет", "Добавить записку", "‹ Назад")
        send = payload_of(family.mother, "Отправить")
        await family.world.taps(family.mother, taps[2])
        assert family.text.startswith("Отправлено, спасибо! Скорейшего выздоровления! Школа знает:\n\nИванова Анна:")
        assert family.labels() == ("Продлить", "Отменить", "Сообщить о других днях", "‹ В начало")
        answer = await forged(family.world, family.mother, send)
        assert (answer.text or "").startswith("Это уже отправлено.")
        await family.starts("Ребёнок не придёт")
        assert "Уже сообщено:\n• Иванова Анна: не придёт 24 ноября (сегодня), болеет." in family.text
        await family.world.taps(family.mother, "Болеет, другие дни", "Сегодня")
        assert (await family.told("Отправить")).startswith("Об этом уже сообщено: с 24.11.2026 по 24.11.2026")
        await _father_sees_nothing(family, father)
        teacher = await family.teacher()
        assert "Известно заранее: Иванова А. — болеет, сообщила семья" in last(teacher).text
        assert "Готово: отсутствует 1" in last(teacher).labels()
        await family.world.taps(teacher, "Готово: отсутствует 1")
        assert "Иванова А." in last(teacher).text
    await family.again()
    assert await family.standing() == "2026-11-24|2026-11-24|illness||f"
    await family.gateway.deliver()
    assert not any("Отсутствие" in message.text for message in family.mother.chat.messages)


async def _father_sees_nothing(family: Family, father: Person) -> None:
    await father.start()
    await family.world.settled()
    await family.world.taps(father, "Ребёнок не придёт")
    assert "сообщено" not in last(father).text
    assert "Что уже сообщено" not in last(father).labels()
    made = UUID(str(await family.world.core_value("SELECT id FROM core.announced_absence")))
    for press in (
        OneAnnounced(family.child, made),
        Longer(family.child, made),
        Until(family.child, made, DAY + timedelta(days=1), 1),
        Cancel(family.child, made),
    ):
        answer = await forged(family.world, father, pack_absence(press))
        assert answer.text == "Такой записи о пропуске нет. Откройте список заново."


async def test_days_ahead_for_one_of_two_children_with_a_note_over_restarts_and_midnight(family: Family) -> None:
    world = family.world
    brother = await world.builder.pupil(family.room.school_class, "Иванов Олег", date(2014, 3, 5))
    await world.builder.guardian(brother, name="", person=family.mother_id)
    async with world.running():
        await family.starts("Ребёнок не придёт")
        assert family.text == "Кто не придёт?"
        assert family.labels() == ("5А, Иванов Олег", "5А, Иванова Анна", "‹ В начало")
        await world.taps(family.mother, "5А, Иванова Анна", "Семейные обстоятельства")
        assert family.text.endswith("С какого дня? Нажмите или напишите дату, например: 27.11")
        assert "Не получилось прочитать дату." in await family.types("на днях")
        assert await family.types("25.11.2036") == (
            "Предупредить можно о днях с 17.11.2026 по 24.11.2027. Проверьте даты."
        )
    async with world.running():
        await family.types("30.12")
        assert "Иванова Анна: не придёт 30 декабря (среда), по семейным обстоятельствам." in family.text
        assert "Пока не знаю" not in family.labels(), "of a journey everybody knows"
        await world.taps(family.mother, "До пятницы")
        assert "не придёт с 30 декабря 2026 года по 1 января 2027 года (среда – пятница), по семейным" in family.text
        await world.taps(family.mother, "Другой день")
        assert await family.types("29.12") == (
            "Последний день (29.12.2026) раньше первого (30.12.2026). Напишите другой день."
        )
    async with world.running():
        await family.types("12 января")
        old = payload_of(family.mother, "Отправить")
        assert "Нажмите «Отправить» или «Добавить записку»" in (await _said_before(family, "едем к бабушке"))
        await world.taps(family.mother, "Добавить записку")
        await family.types("Едем к бабушке, задания спросим.")
        await world.taps(family.mother, "Справка будет")
        assert "(среда – вторник), по семейным обстоятельствам.\nСправка будет.\nЗаписка: Едем" in family.text
        answer = await forged(world, family.mother, old)
        assert (answer.text or "").startswith("Текст с тех пор изменился")
        world.clock.move(days=1)
        assert (await family.told("Отправить")).startswith("Наступил новый день")
        assert await family.standing() == ""
        await world.taps(family.mother, "Отправить")
    assert family.text.startswith("Отправлено, спасибо! Школа знает:")
    assert await family.standing() == "2026-12-30|2027-01-12|family|Едем к бабушке, задания спросим.|t"
    assert await world.core_value("SELECT pupil_id FROM core.announced_absence") == family.child


async def _said_before(family: Family, words: str) -> str:
    """Let the mother type where nothing is asked for; return the message before the screen that is shown again."""
    await family.types(words)
    return family.mother.chat.messages[-2].text


async def test_what_was_announced_is_shortened_prolonged_and_cancelled(family: Family) -> None:
    world = family.world
    async with world.running():
        await family.starts("Ребёнок не придёт", "Болеет, сегодня не придёт", "Пока не знаю")
        assert "Сколько дней, пока не знаем: записываем неделю, последний день — 30 ноября." in family.text
        await world.taps(family.mother, "Отправить")
        assert await family.standing() == "2026-11-24|2026-11-30|illness||f"
        await family.starts("Ребёнок не придёт", "Что уже сообщено", "Вернётся раньше")
        back = ("25 ноября (среда)", "26 ноября (четверг)", "27 ноября (пятница)", "28 ноября (суббота)")
        assert family.labels() == (*back, "30 ноября (понедельник)", "‹ Назад")
        friday = payload_of(family.mother, back[2])
        await world.taps(family.mother, back[1])
        assert family.text.startswith("Изменено. Школа знает:\n\nИванова Анна: не придёт с 24 по 25 ноября (вторник – ")
        assert await family.standing() == "2026-11-24|2026-11-25|illness||f"
        answer = await forged(world, family.mother, friday)
        assert (answer.text or "").startswith("С тех пор всё уже изменилось")
        assert await family.standing() == "2026-11-24|2026-11-25|illness||f"
        await world.taps(family.mother, "Продлить")
        longer = ("26 ноября (четверг)", "27 ноября (пятница)", "2 декабря (среда)", "9 декабря (среда)")
        assert family.labels() == (*longer, "‹ Назад")
        week = payload_of(family.mother, longer[2])
        await world.taps(family.mother, longer[2])
        answer = await forged(world, family.mother, week)
        assert (answer.text, answer.show_alert) == ("Изменено", False)
        assert await family.standing() == "2026-11-24|2026-12-02|illness||f"
        await family.starts("Ребёнок не придёт", "Семейные обстоятельства", "Завтра", "Отправить")
        await family.starts("Ребёнок не придёт", "Что уже сообщено")
        assert family.text.startswith("Вы сообщили (нажмите, чтобы изменить или отменить):")
        await world.taps(family.mother, "25 ноября (завтра), по семейным обстоятельствам", "Отменить", "Нет, оставить")
        await world.taps(family.mother, "Отменить")
        cancel = payload_of(family.mother, "Да, отменить")
        await world.taps(family.mother, "Да, отменить")
        assert family.text.startswith("5А, Иванова Анна: отменено.")
        await forged(world, family.mother, cancel)
        assert await family.standing() == "2026-11-24|2026-12-02|illness||f"
        await family.starts("Ребёнок не придёт", "Что уже сообщено", "Отменить", "Да, отменить")
        answer = await forged(world, family.mother, week)
        assert answer.text == "Эта запись о пропуске уже отменена. Сообщите о пропуске заново."
        teacher = await family.teacher()
        assert "Все на месте" in last(teacher).labels()
    assert await family.standing() == ""


async def test_who_may_not_is_told_so_in_plain_words_and_nothing_is_written(family: Family) -> None:
    world = family.world
    grown = await world.builder.pupil(family.room.school_class, "Яшин Ян", DAY.replace(year=2008) + timedelta(days=1))
    adult = await world.linked(300, await world.builder.guardian(grown, name="Яшина Яна"))
    stranger = world.someone(666)
    async with world.running():
        await adult.start()
        await world.settled()
        await world.taps(adult, "Ребёнок не придёт", "Болеет, другие дни", "Завтра")
        await family.starts("Ребёнок не придёт", "Болеет, сегодня не придёт")
        await stranger.start()
        await world.settled()
        for payload in (payload_of(family.mother, "Отправить"), pack_absence(Whom(family.child))):
            answer = await forged(world, stranger, payload)
            assert answer.show_alert
        await _withdraw_consent(family)
        assert "согласия на обработку персональных данных сейчас нет" in await _refused(family, "Отправить")
        world.clock.move(days=1)
        answer = await pressed(world, adult, "Отправить")
        assert (answer.text or "").startswith("За этим чатом сейчас не записан ни один ученик.")
        await family.starts()
        assert "согласия на обработку персональных данных сейчас нет" in await _refused(family, "Ребёнок не придёт")
    assert await family.standing() == ""


async def _refused(family: Family, label: str) -> str:
    """Press what is refused in words that may be too long for a bubble; return them."""
    answer = await pressed(family.world, family.mother, label)
    return answer.text or family.text


async def _withdraw_consent(family: Family) -> None:
    async with family.world.desk.core.begin() as session:
        act = act_of(family.world, family.room.class_teacher, "withdrawn")
        await consents.record(session, act, family.child, family.mother_id, Decision(given=False, since=DAY))
