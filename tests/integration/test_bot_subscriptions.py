"""What is sent to a parent, chosen at the wire: after linking, and at any time."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from bot.parent_payloads import ADVISED, SILENCE, Choose, OfCategory, OfProfile, pack_parent
from bot.subscription_payloads import CallBad, LikeTheOthers, RestOnSunday, pack_choice
from core.actor import OFFICE
from core.database import Database
from core.events import (
    AddressState,
    Channel,
    DefaultSubscriptions,
    RemarkKind,
    SchoolTelling,
    address_subject,
    event,
)
from core.learning import attendance, remarks
from core.outbox import publish
from core.school import school_settings
from core.school.schools import SchoolCard
from gateway import subscriptions
from gateway.categories import Category
from gateway.own_hours import own_hours
from gateway.profiles import OFF, Choice, Mode, recommended
from gateway.routing import OwnHours
from tests.integration.bot_home import HandGateway, act_of, forged, hand_gateway, payload_of, pressed
from tests.integration.bot_world import BotWorld, Rooms, bot_world, last
from zvonok.sandbox.people import Person

NOW_HERE = Choice(Mode.NOW, Channel.TELEGRAM)
ALL_ADVISED = {category: recommended(category, SchoolTelling()) for category in Category}
SILENT = dict.fromkeys(Category, OFF)


@dataclass
class Reader:
    """A child, a parent who holds a code, and a gateway run by hand."""

    world: BotWorld
    gateway: HandGateway
    school: SchoolCard
    school_class: UUID
    child: UUID
    mother_id: UUID
    mother: Person

    async def link(self) -> None:
        """Join the mother the way she does it herself; the gateway hears of it."""
        code = await self.world.builder.code(self.mother_id)
        await self.mother.start(code)
        await self.world.settled()
        await self.mother.send("5.3.2014")
        await self.world.settled()
        await self.gateway.plan()

    async def linked(self) -> None:
        """Join her behind the scenes."""
        await self.world.linked(200, self.mother_id)
        await self.gateway.plan()

    async def has_mailbox(self, *, verified: bool = True, version: int = 1) -> None:
        """Let the office know a mailbox of hers."""
        now = self.world.clock.wall
        state = AddressState(
            person=self.mother_id,
            channel=Channel.MAIL,
            value="olga@example.ru",
            verified_at=now if verified else None,
        )
        subject = address_subject(self.mother_id, Channel.MAIL)
        async with self.world.desk.core.begin() as session:
            await publish(session, event(state, subject=subject, school=self.school.id, version=version, at=now))
        await self.gateway.plan()

    async def advised_is(self, default: DefaultSubscriptions) -> None:
        """Set what the school's default is."""
        async with self.world.desk.core.begin() as session:
            changes = {"default_subscriptions": default.value}
            await school_settings.change(session, OFFICE, self.school.id, changes, self.world.clock.wall)
        await self.gateway.plan()

    async def chosen(self) -> Mapping[Category, Choice] | None:
        """Return the mother's own choices; None while she has none."""
        async with self.world.desk.gateway.begin() as session:
            found = await subscriptions.profile(session, self.mother_id)
        assert found is not None
        return found.choices if found.chosen else None

    async def says(self, words: str) -> str:
        """Let the mother write, and return the answer."""
        await self.mother.send(words)
        await self.world.settled()
        return last(self.mother).text


@pytest.fixture
async def reader(core_database: Database, gateway_database: Database, bot_database: Database) -> AsyncIterator[Reader]:
    async with bot_world(Rooms(core_database, gateway_database, bot_database)) as world, hand_gateway(world) as gateway:
        school = await world.builder.school(undo_window=0)
        school_class = await world.builder.school_class(school, "5А")
        child = await world.builder.pupil(school_class, "Иванова Анна Петровна", date(2014, 3, 5))
        mother_id = await world.builder.guardian(child, name="Иванова Ольга")
        yield Reader(world, gateway, school, school_class, child, mother_id, world.someone(200, "Ольга"))


OFFERED = (
    "Что присылать? Вот как советует школа:\n\n"
    "Сразу, в мессенджер: отсутствие на уроке, объявления, замечания, изменения в расписании\n"
    "Раз в день, после уроков, в мессенджер: "
    "опоздания, оценки 1 и 2, остальные оценки, похвала, контрольные работы, события школы\n"
    "Раз в неделю, по субботам после уроков, в мессенджер: итоги учёбы\n"
    "Не присылаем: домашние задания\n\n"
)


@pytest.mark.req("NOTIF-12")
async def test_after_linking_one_screen_offers_the_recommended_set_and_one_tap_takes_it(reader: Reader) -> None:
    async with reader.world.running():
        await reader.link()
        offer = last(reader.mother)
        assert offer.text.startswith("Готово! Этот чат связан с журналом: Иванова Ольга.\n5А, Иванова Анна\n")
        assert OFFERED + "Всё это уже включено, можно ничего не нажимать." in offer.text
        assert offer.text.endswith("Ваше согласие у школы есть.")
        assert "подпис" not in offer.text.lower()
        assert offer.labels() == ("Оставить так", "Настроить", "Ничего не присылать")
        assert all(f"«{label}»" in offer.text for label in offer.labels())
        assert await reader.chosen() is None
        await pressed(reader.world, reader.mother, "Оставить так")
        assert last(reader.mother).message_id == offer.message_id
        assert last(reader.mother).text.startswith(
            "Готово! Запомнили ваш выбор.\nШкола «Радуга»: 5А, Иванова Анна\n\nСразу,"
        )
        assert await reader.chosen() == ALL_ADVISED
        await pressed(reader.world, reader.mother, "Настроить")
    assert last(reader.mother).text.startswith("Что и как вам присылать")


async def test_who_has_chosen_already_is_not_asked_again_after_linking_anew(reader: Reader) -> None:
    await reader.linked()
    async with reader.world.desk.gateway.begin() as session:
        await subscriptions.silence(session, reader.mother_id, at=reader.world.clock.wall)
    async with reader.world.running():
        await reader.link()
    assert last(reader.mother).text.startswith("Готово!")
    assert last(reader.mother).labels() == ("Дневник", "Ребёнок не придёт", "Объявления", "Что и как присылать")
    assert await reader.chosen() == SILENT


async def test_of_whom_the_consent_is_missing_is_said_after_linking_and_at_the_start(reader: Reader) -> None:
    brother = await reader.world.builder.pupil(reader.school_class, "Иванов Олег", date(2014, 3, 5))
    await reader.world.builder.guardian(brother, name="", person=reader.mother_id, consent=False)
    missing = "Подписать его можно у классного руководителя. О ком речь: 5А, Иванов Олег."
    async with reader.world.running():
        await reader.link()
        assert missing in last(reader.mother).text
        assert "Ваше согласие у школы есть." not in last(reader.mother).text
        await pressed(reader.world, reader.mother, "Настроить")
        await pressed(reader.world, reader.mother, "‹ В начало")
    assert last(reader.mother).text.startswith("Вы на связи со школой. Здесь записаны:\n5А, Иванов")
    assert missing in last(reader.mother).text
    assert last(reader.mother).labels() == ("Дневник", "Ребёнок не придёт", "Объявления", "Что и как присылать")


async def test_where_the_school_sends_nothing_unasked_not_now_leaves_it_so(reader: Reader) -> None:
    await reader.advised_is(DefaultSubscriptions.OFF)
    async with reader.world.running():
        await reader.link()
        assert OFFERED + "Пока ничего не присылаем: решаете вы." in last(reader.mother).text
        assert last(reader.mother).labels() == ("Подключить", "Настроить", "Пока не надо")
        await pressed(reader.world, reader.mother, "Пока не надо")
        assert last(reader.mother).text == (
            "Хорошо, пока ничего не присылаем. Когда понадобится: /subscriptions\n\n"
            "Исключение – то, о чём школа сообщает всегда: отсутствие на уроке."
        )
        assert last(reader.mother).labels() == ("Настроить", "‹ В начало")
        assert await reader.chosen() is None
        shown = await reader.says("/subscriptions")
        assert "Сразу, в мессенджер: отсутствие на уроке\nНе присылаем: опоздания" in shown
        await pressed(reader.world, reader.mother, "Как советуют")
    assert await reader.chosen() == ALL_ADVISED


async def test_where_the_set_is_in_force_sending_nothing_asks_what_it_would_cost(reader: Reader) -> None:
    async with reader.world.running():
        await reader.link()
        await pressed(reader.world, reader.mother, "Ничего не присылать")
        question = last(reader.mother)
        assert question.text.startswith("Если всё отключить, школа не сможет сообщить вам:\n• опоздания")
        assert await reader.chosen() is None
        await pressed(reader.world, reader.mother, "Нет, оставить как есть")
    assert await reader.chosen() is None
    assert "Сами вы пока ничего не меняли." in last(reader.mother).text


async def test_a_button_pressed_before_the_gateway_heard_of_the_link_says_to_wait(reader: Reader) -> None:
    await reader.world.linked(200, reader.mother_id)
    async with reader.world.running():
        await reader.says("/subscriptions")
        answer = last(reader.mother).text
        await reader.gateway.plan()
        assert (await reader.says("/subscriptions")).startswith("Что и как вам присылать")
    assert answer == "Чат ещё подключается, это меньше минуты. Нажмите ещё раз чуть позже."


@pytest.mark.parametrize("words", ["отписаться", "Стоп", "/stop", "не присылать"])
async def test_whoever_writes_that_he_wants_no_more_is_shown_where_to_choose(reader: Reader, words: str) -> None:
    await reader.linked()
    async with reader.world.running():
        assert (await reader.says(words)).startswith("Что и как вам присылать")


async def test_a_category_has_only_the_ways_that_the_reader_has(reader: Reader) -> None:
    await reader.linked()
    await reader.has_mailbox(verified=False, version=1)
    async with reader.world.running():
        await reader.says("подписки")
        await pressed(reader.world, reader.mother, "Замечания")
        here = ("✓ Сразу, в мессенджер", "Раз в день, в мессенджер", "Раз в неделю, в мессенджер", "Не присылать")
        assert last(reader.mother).labels() == (*here, "‹ Назад")
        await reader.has_mailbox(version=2)
        await reader.world.taps(reader.mother, "‹ Назад", "Замечания")
    assert last(reader.mother).labels()[1:3] == ("Сразу, на почту", "Раз в день, на почту")


@pytest.mark.req("NOTIF-05")
async def test_each_choice_is_kept_shown_and_can_be_changed(reader: Reader) -> None:
    await reader.linked()
    await reader.has_mailbox()
    async with reader.world.running():
        await reader.says("/subscriptions")
        await pressed(reader.world, reader.mother, "Оценки 1 и 2")
        assert last(reader.mother).labels() == (
            "Сразу, в мессенджер",
            "Сразу, на почту",
            "✓ Раз в день, на почту",
            "Раз в день, в мессенджер",
            "Раз в неделю, на почту",
            "Раз в неделю, в мессенджер",
            "Не присылать",
            "✓ После уроков",
            "16:00",
            "17:00",
            "18:00",
            "19:00",
            "20:00",
            "1",
            "✓ 1–2",
            "1–3",
            "1–4",
            "Все",
            "Предметы: все",
            "‹ Назад",
        )
        for label, kept in (
            ("Сразу, на почту", Choice(Mode.NOW, Channel.MAIL)),
            ("Раз в день, в мессенджер", Choice(Mode.DAILY, Channel.TELEGRAM)),
            ("20:00", Choice(Mode.DAILY, Channel.TELEGRAM, 20)),
            ("Раз в неделю, на почту", Choice(Mode.WEEKLY, Channel.MAIL, 20, 6)),
            ("Пт", Choice(Mode.WEEKLY, Channel.MAIL, 20, 5)),
            ("После уроков", Choice(Mode.WEEKLY, Channel.MAIL, None, 5)),
            ("Не присылать", OFF),
            ("Сразу, в мессенджер", NOW_HERE),
        ):
            answer = await pressed(reader.world, reader.mother, label)
            chosen = await reader.chosen()
            assert answer.text == "Сохранено"
            assert chosen is not None
            assert chosen[Category.BAD_MARK] == kept
            assert chosen[Category.MARK] == ALL_ADVISED[Category.MARK]
            assert f"✓ {label}" in last(reader.mother).labels()
        await pressed(reader.world, reader.mother, "‹ Назад")
    assert "Сразу, в мессенджер: отсутствие на уроке, объявления, замечания, оценки 1 и 2, " in last(reader.mother).text


async def test_each_child_has_choices_of_his_own_until_the_common_ones_are_taken_again(reader: Reader) -> None:
    await reader.linked()
    brother = await reader.world.builder.pupil(reader.school_class, "Иванов Олег", date(2014, 3, 5))
    await reader.world.builder.guardian(brother, name="", person=reader.mother_id)
    await reader.gateway.plan()

    async def of(pupil: UUID) -> tuple[Choice, int]:
        async with reader.world.desk.gateway.begin() as session:
            found = await subscriptions.profile(session, reader.mother_id, pupil)
        assert found is not None
        return found.choices[Category.BAD_MARK], found.bad_below

    async with reader.world.running():
        await reader.says("/subscriptions")
        await reader.world.taps(reader.mother, "Отдельно: 5А, Иванов Олег", "Оценки 1 и 2", "Сразу, в мессенджер")
        await reader.world.taps(reader.mother, "1–4", "‹ Назад")
        assert last(reader.mother).text.startswith("Что и как вам присылать\n5А, Иванов Олег\n\n")
        assert "Оценки от 1 до 4" in last(reader.mother).labels()
        assert await of(brother) == (NOW_HERE, 5)
        assert await of(reader.child) == (ALL_ADVISED[Category.BAD_MARK], 3)
        await pressed(reader.world, reader.mother, "‹ Для всех детей")
        assert "Отдельно настроено: 5А, Иванов Олег." in last(reader.mother).text
        await reader.world.taps(reader.mother, "Отдельно: 5А, Иванов Олег", "Вернуть общие настройки")
        assert "Вернуть общие настройки" not in last(reader.mother).labels()
    assert await of(brother) == (ALL_ADVISED[Category.BAD_MARK], 3)


async def test_quiet_hours_are_chosen_and_what_waits_is_timed_anew(reader: Reader) -> None:
    await reader.linked()
    teacher = await reader.world.builder.teacher(reader.school, "Кузнецова Мария")
    lesson = await reader.world.builder.lesson(reader.school_class, teacher, time(8, 30))

    async def hours() -> OwnHours | None:
        async with reader.world.desk.gateway.begin() as session:
            return await own_hours(session, reader.mother_id)

    async def due() -> datetime:
        async with reader.world.desk.gateway.begin() as session:
            found = await session.execute(text("SELECT due_at FROM gateway.delivery WHERE state = 'pending'"))
            moment: datetime = found.scalar_one()
        return moment.astimezone(ZoneInfo("Europe/Kaliningrad"))

    async with reader.world.running():
        await reader.says("/subscriptions")
        await reader.world.taps(reader.mother, "Тихие часы", "с 20:00 до 7:00", "Калининград")
        assert await hours() == OwnHours((time(20), time(7)), "Europe/Kaliningrad")
        async with reader.world.desk.core.begin() as session:
            act = act_of(reader.world, teacher, "remark")
            await remarks.write(session, act, lesson, reader.child, RemarkKind.REMARK, "Нет тетради")
        await reader.gateway.plan()
        assert (await due()).time() == time(7)
        await reader.world.taps(reader.mother, "Без тихих часов", "Не беспокоить в воскресенье")
        assert (await due()).time() < time(7)
        mine = OwnHours((time(), time()), "Europe/Kaliningrad", frozenset({7}))
        assert await hours() == mine
        father = await reader.world.linked(300, await reader.world.builder.guardian(reader.child, name="Иванов Пётр"))
        await father.start()
        await reader.world.settled()
        answer = await forged(reader.world, father, pack_choice(RestOnSunday(reader.mother_id, wanted=False)))
        assert answer.show_alert
    assert await hours() == mine


async def test_of_subjects_those_are_told_that_the_parent_marked(reader: Reader) -> None:
    await reader.linked()
    teacher = await reader.world.builder.teacher(reader.school, "Кузнецова Мария")
    for hour, subject in ((8, "математика"), (9, "труд")):
        await reader.world.builder.lesson(reader.school_class, teacher, time(hour, 30), number=hour, subject=subject)

    async def wanted() -> frozenset[str]:
        async with reader.world.desk.gateway.begin() as session:
            found = await subscriptions.profile(session, reader.mother_id)
        assert found is not None
        return found.selection(Category.MARK).subjects

    async with reader.world.running():
        await reader.says("/subscriptions")
        await reader.world.taps(reader.mother, "Остальные оценки", "Предметы: все")
        assert last(reader.mother).labels() == ("✓ Все предметы", "математика", "труд", "‹ Назад")
        stale = payload_of(reader.mother, "труд")
        await reader.world.taps(reader.mother, "труд", "математика")
        assert await wanted() == {"математика", "труд"}
        await pressed(reader.world, reader.mother, "✓ труд")
        assert await wanted() == {"математика"}
        assert last(reader.mother).labels()[1] == "✓ математика"
        await pressed(reader.world, reader.mother, "‹ Назад")
        assert "Только предметы: математика." in last(reader.mother).text
        await reader.world.taps(reader.mother, "Предметы: выбрано 1", "Все предметы")
        assert await wanted() == frozenset()
        async with reader.world.desk.core.begin() as session:
            await session.execute(text("UPDATE core.subject SET name = 'технология' WHERE name = 'труд'"))
        answer = await forged(reader.world, reader.mother, stale)
    assert (answer.text or "").startswith("Этого предмета больше нет в расписании.")


async def test_everything_is_switched_off_only_after_a_question_that_says_what_is_missed(reader: Reader) -> None:
    await reader.linked()
    async with reader.world.running():
        await reader.says("/subscriptions")
        await pressed(reader.world, reader.mother, "Ничего не присылать")
        question = last(reader.mother).text
        assert await reader.chosen() is None
        await pressed(reader.world, reader.mother, "Да, ничего не присылать")
    assert question == (
        "Если всё отключить, школа не сможет сообщить вам:\n"
        "• опоздания и уход до конца урока\n"
        "• объявления класса, среди них те, что ждут вашей подписи\n"
        "• замечания учителей\n"
        "• оценки 1 и 2\n"
        "• оценки 3, 4 и 5\n"
        "• похвалу учителей\n"
        "• изменения в расписании: отмены, замены, другое время\n"
        "• даты контрольных работ\n"
        "• события школы и класса\n"
        "• итоги учёбы: средние оценки, пропуски, что впереди\n\n"
        "Исключение – то, о чём школа сообщает всегда: отсутствие на уроке.\n\n"
        "Дневник и объявления можно будет открывать здесь же самим. Отключить всё?"
    )
    assert await reader.chosen() == SILENT
    assert last(reader.mother).text.startswith("Хорошо, больше ничего не присылаем.")


@pytest.mark.parametrize("floor", [(), ("absence",)])
async def test_who_wants_nothing_is_sent_nothing_but_what_the_school_insists_on(
    reader: Reader, floor: tuple[str, ...]
) -> None:
    await reader.linked()
    teacher = await reader.world.builder.teacher(reader.school, "Кузнецова Мария")
    lesson = await reader.world.builder.lesson(reader.school_class, teacher, time(8, 30))
    async with reader.world.desk.core.begin() as session:
        await school_settings.change(session, OFFICE, reader.school.id, {"floor": floor}, reader.world.clock.wall)
    await reader.gateway.plan()
    async with reader.world.running():
        await reader.says("/subscriptions")
        await reader.world.taps(reader.mother, "Ничего не присылать", "Да, ничего не присылать")
    async with reader.world.desk.core.begin() as session:
        await attendance.record(session, act_of(reader.world, teacher, "roll"), lesson, {reader.child: "н"})
    await reader.gateway.deliver()
    told = any(message.text.startswith("Отсутствие") for message in reader.mother.chat.messages)
    assert told is bool(floor)


async def test_why_says_what_is_subscribed(reader: Reader) -> None:
    await reader.linked()
    async with reader.world.running():
        by_school = await reader.says("/why")
        await reader.says("/subscriptions")
        await reader.world.taps(reader.mother, "Замечания", "Не присылать")
        own = await reader.says("/why")
    assert "Сразу, в мессенджер: отсутствие на уроке, объявления, замечания, изменения в расписании\n" in by_school
    assert by_school.endswith("Так советует школа. Сами вы пока ничего не меняли.")
    assert own.endswith("Не присылаем: замечания, домашние задания")


async def test_without_a_signed_consent_the_screen_says_that_nothing_comes(reader: Reader) -> None:
    await reader.linked()
    second = await reader.world.builder.pupil(reader.school_class, "Иванов Олег")
    await reader.world.builder.guardian(second, name="", person=reader.mother_id, consent=False)
    await reader.gateway.plan()
    async with reader.world.running():
        said = [await reader.says("/subscriptions"), await reader.says("/why")]
    for one in said:
        assert "Пока без вашего согласия ничего не приходит." in one
        assert "О ком речь: 5А, Иванов Олег." in one


async def test_an_account_of_two_guardians_chooses_for_each(reader: Reader) -> None:
    await reader.linked()
    builder = reader.world.builder
    other = await builder.school("Школа «Восток»")
    brother = await builder.pupil(await builder.school_class(other, "1Б"), "Иванов Олег", date(2019, 7, 1))
    second = await builder.guardian(brother, name="Иванова Ольга")
    await reader.world.linked(200, second)
    await reader.gateway.plan()
    async with reader.world.running():
        assert await reader.says("/subscriptions") == "О ком решаем, что и как присылать?"
        await reader.world.taps(reader.mother, "Школа «Восток»: 1Б, Иванов Олег", "Объявления", "Не присылать")
    assert await reader.chosen() is None
    async with reader.world.desk.gateway.begin() as session:
        profile = await subscriptions.profile(session, second)
    assert profile is not None
    assert profile.choices[Category.NOTICE] == OFF


async def test_nobody_chooses_for_anybody_else(reader: Reader) -> None:
    await reader.linked()
    stranger, father = reader.world.someone(666), reader.world.someone(300)
    father_id = await reader.world.builder.guardian(reader.child, name="Иванов Пётр")
    await reader.world.linked(300, father_id)
    await reader.gateway.plan()
    presses = (
        OfProfile(reader.mother_id, SILENCE),
        OfProfile(reader.mother_id, ADVISED),
        OfCategory(reader.mother_id, Category.MARK),
        Choose(reader.mother_id, Category.MARK, OFF),
    )
    of_child = CallBad(reader.mother_id, reader.child, 6)
    like = LikeTheOthers(reader.mother_id, reader.child)
    payloads = [*(pack_parent(press) for press in presses), pack_choice(of_child), pack_choice(like)]
    async with reader.world.running():
        for person in (stranger, father):
            await person.start()
            await reader.world.settled()
            for payload in payloads:
                answer = await forged(reader.world, person, payload)
                assert answer.show_alert
                assert "не связан" in (answer.text or "") or "Об этом ребёнке" in (answer.text or "")
    assert await reader.chosen() is None


async def test_nobody_chooses_of_a_child_who_is_not_his(reader: Reader) -> None:
    await reader.linked()
    other = await reader.world.builder.pupil(reader.school_class, "Петрова Мира", date(2014, 3, 5))
    async with reader.world.running():
        await reader.says("/subscriptions")
        answer = await forged(reader.world, reader.mother, pack_choice(CallBad(reader.mother_id, other, 6)))
    assert answer.show_alert
    assert await reader.chosen() is None


async def test_an_old_button_does_not_wipe_out_what_was_chosen_since(reader: Reader) -> None:
    async with reader.world.running():
        await reader.link()
        keep = payload_of(reader.mother, "Оставить так")
        await reader.says("/subscriptions")
        await reader.world.taps(reader.mother, "Похвала", "Не присылать")
        mine = {**ALL_ADVISED, Category.PRAISE: OFF}
        await forged(reader.world, reader.mother, keep)
        assert "Сейчас у вас свой выбор. Заменить его тем, что советует школа?" in last(reader.mother).text
        assert await reader.chosen() == mine
        await pressed(reader.world, reader.mother, "Нет, оставить как есть")
        assert await reader.chosen() == mine
        await pressed(reader.world, reader.mother, "Как советуют")
        await pressed(reader.world, reader.mother, "Да, как советует школа")
    assert await reader.chosen() == ALL_ADVISED


async def test_what_the_school_insists_on_is_not_switched_off_by_an_old_button(reader: Reader) -> None:
    await reader.linked()
    off = pack_parent(Choose(reader.mother_id, Category.ABSENCE, OFF))
    async with reader.world.running():
        await reader.says("/subscriptions")
        await pressed(reader.world, reader.mother, "Отсутствие на уроке")
        assert "Не присылать" not in last(reader.mother).labels()
        answer = await forged(reader.world, reader.mother, off)
    assert "отключить это здесь нельзя" in (answer.text or "")
    assert await reader.chosen() is None


async def test_who_lost_the_right_or_the_channel_changes_nothing(reader: Reader) -> None:
    await reader.linked()
    async with reader.world.running():
        await reader.says("/subscriptions")
        await pressed(reader.world, reader.mother, "Замечания")
        off = payload_of(reader.mother, "Не присылать")
        by_mail = pack_parent(Choose(reader.mother_id, Category.REMARK, Choice(Mode.NOW, Channel.MAIL)))
        answer = await forged(reader.world, reader.mother, by_mail)
        assert (answer.text or "").startswith("Этот способ связи сейчас не работает.")
        async with reader.world.desk.core.begin() as session:
            await session.execute(text("UPDATE core.guardianship SET barred = true"))
        answer = await forged(reader.world, reader.mother, off)
        assert "не записан ни один ученик" in (answer.text or "")
    assert await reader.chosen() is None


async def test_a_choice_handled_twice_is_the_same_choice(reader: Reader) -> None:
    await reader.linked()
    async with reader.world.running():
        await reader.says("/subscriptions")
        await reader.world.taps(reader.mother, "Похвала", "Не присылать")
    async with reader.world.desk.bot.begin() as session:
        await session.execute(text("UPDATE bot.inbox SET done_at = NULL, due_at = received_at"))
    async with reader.world.running():
        await reader.world.settled()
    assert await reader.chosen() == {**ALL_ADVISED, Category.PRAISE: OFF}
