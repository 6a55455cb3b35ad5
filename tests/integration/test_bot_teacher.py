"""A teacher's conversation at the wire: real PostgreSQL, real HTTP, the sandbox's Bot API."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

import pytest

from core.database import Database
from core.school.schools import SchoolCard
from tests.integration.bot_world import BotWorld, Rooms, account_of, bot_world, last
from tests.integration.sandbox_wire import BOT_ID
from zvonok.sandbox.people import Person
from zvonok.sandbox.rail_records import ACTS

NAMES = ("Абрамов Глеб Ильич", "Ёлкин Вадим Олегович", "Иванова Анна Петровна", "Иванова Алина Игоревна", "Яшин Лев")
WORK = ("Оценки", "Замечание / похвала", "Домашнее задание")
LABELS = ("Абрамов Г.", "Ёлкин В.", "Иванова Алина", "Иванова Анна", "Яшин Л.")


@dataclass
class Room:
    """A class, its teacher at the bot, and the lesson that is on."""

    world: BotWorld
    school: SchoolCard
    teacher: Person
    person: UUID
    school_class: UUID
    pupils: dict[str, UUID]
    lesson: UUID

    async def absent(self) -> list[str]:
        """Return the labels of the absent, as the journal has them."""
        query = (
            "SELECT coalesce(array_agg(pupil_id ORDER BY pupil_id), '{}') FROM core.absence WHERE lesson_id = :lesson"
        )
        absent = set(await self.world.core_value(query, lesson=self.lesson))
        return [label for label, pupil in self.pupils.items() if pupil in absent]

    async def rail_says(self) -> list[str]:
        """Return what the sandbox's rail takes the acts on this roll for, the newest first."""
        async with self.world.desk.core.begin() as session:
            acts = (await session.execute(ACTS, {"limit": 100})).all()
        return [act.action for act in acts if act.action.startswith("attendance.roll")]

    async def calls(self) -> int:
        """Count callings of this roll, taken from the audit: each is written once."""
        query = "SELECT count(*) FROM core.audit WHERE action = 'attendance.roll'"
        return int(await self.world.core_value(query))


@pytest.fixture
async def world(core_database: Database, gateway_database: Database, bot_database: Database) -> AsyncIterator[BotWorld]:
    async with bot_world(Rooms(core_database, gateway_database, bot_database)) as made:
        yield made


@pytest.fixture
async def room(world: BotWorld) -> Room:
    builder = world.builder
    school = await builder.school()
    person = await builder.teacher(school, "Кузнецова Мария Петровна")
    school_class = await builder.school_class(school, "5А")
    made = dict(zip(NAMES, await builder.pupils(school_class, *NAMES), strict=True))
    ordered = (NAMES[0], NAMES[1], NAMES[3], NAMES[2], NAMES[4])
    pupils = {label: made[name] for label, name in zip(LABELS, ordered, strict=True)}
    lesson = await builder.lesson(school_class, person, time(8, 30))
    teacher = await world.linked(100, person)
    return Room(world, school, teacher, person, school_class, pupils, lesson)


async def test_the_roll_call_is_the_first_screen_and_takes_one_tap_for_each_absent_and_one_more(room: Room) -> None:
    world, teacher = room.world, room.teacher
    async with world.running():
        await teacher.send("урок")
        await world.settled()
        assert last(teacher).text.startswith("5А · математика\n1-й урок, 8:30–9:15, вторник, 20 октября")
        assert last(teacher).labels() == (*LABELS, "Все на месте", "К урокам")
        await world.taps(teacher, "Ёлкин В.", "Иванова Анна", "Яшин Л.", "Готово: отсутствуют 3")
    assert await room.absent() == ["Ёлкин В.", "Иванова Анна", "Яшин Л."]
    presses = [press for press in world.emulator.world.presses.values() if press.chat_id == teacher.user_id]
    assert len(presses) == 3 + 1
    assert all(len(press.answers) == 1 for press in presses)
    assert len(world.emulator.log.delivered(teacher.user_id)) == 1
    assert "Записано: отсутствуют 3.\nн · Ёлкин В.\nн · Иванова Анна\nн · Яшин Л." in last(teacher).text
    assert "Родителям уйдёт через 60 с, в 8:41." in last(teacher).text
    assert last(teacher).labels() == ("Отменить", "Исправить", *WORK, "К урокам")


async def test_a_full_class_takes_one_tap(room: Room) -> None:
    world, teacher = room.world, room.teacher
    async with world.running():
        await teacher.start()
        await world.settled()
        await world.taps(teacher, "Все на месте")
    assert (await room.absent(), await room.calls()) == ([], 1)
    assert "Записано: все присутствуют." in last(teacher).text


async def test_the_marked_stand_out_by_a_letter_and_a_tap_takes_the_mark_off(room: Room) -> None:
    world, teacher = room.world, room.teacher
    async with world.running():
        await teacher.start()
        await world.settled()
        await world.taps(teacher, "Ёлкин В.", "Яшин Л.")
        assert last(teacher).labels()[:6] == (
            "Абрамов Г.",
            "н · Ёлкин В.",
            "Иванова Алина",
            "Иванова Анна",
            "н · Яшин Л.",
            "Готово: отсутствуют 2",
        )
        await world.taps(teacher, "н · Ёлкин В.", "оп 10 · Ёлкин В.", "Готово: отсутствует 1")
    assert await room.absent() == ["Яшин Л."]


async def test_undo_takes_everything_back(room: Room) -> None:
    world, teacher = room.world, room.teacher
    async with world.running():
        await teacher.start()
        await world.settled()
        await world.taps(teacher, "Ёлкин В.", "Готово: отсутствует 1")
        world.clock.move(seconds=1)
        await world.taps(teacher, "Отменить")
        assert await room.absent() == []
        assert "Отменено: этот урок снова без переклички." in last(teacher).text
        assert await room.rail_says() == ["attendance.roll.undone", "attendance.roll"]
        await world.taps(teacher, "К урокам")
        assert "1. 8:30 · 5А · математика · идёт сейчас" in last(teacher).text
        await world.taps(teacher, "1-й · 5А")
        assert last(teacher).labels() == (*LABELS, "Все на месте", "К урокам")


async def test_a_correction_opens_with_what_is_recorded_and_undo_brings_it_back(room: Room) -> None:
    world, teacher = room.world, room.teacher
    async with world.running():
        await teacher.start()
        await world.settled()
        await world.taps(teacher, "Ёлкин В.", "Готово: отсутствует 1", "Исправить")
        assert "н · Ёлкин В." in last(teacher).labels()
        await world.taps(teacher, "н · Ёлкин В.", "оп 10 · Ёлкин В.", "Яшин Л.", "Готово: отсутствует 1")
        assert await room.absent() == ["Яшин Л."]
        assert "Родители, которых это касается, узнают об изменении." in last(teacher).text
        await world.taps(teacher, "Отменить")
        assert await room.absent() == ["Ёлкин В."]
        assert "Снова так, как было раньше:\nЗаписано: отсутствует 1.\nн · Ёлкин В." in last(teacher).text


async def test_an_impatient_second_tap_changes_nothing(room: Room) -> None:
    world, teacher = room.world, room.teacher
    async with world.running():
        await teacher.start()
        await world.settled()
        roster = last(teacher)
        yolkin = next(button.data for row in roster.buttons for button in row if button.label == "Ёлкин В.")
        assert yolkin is not None
        for _ in range(2):
            await teacher.forge_press(yolkin, message_id=roster.message_id)
        await world.settled()
        assert "н · Ёлкин В." in last(teacher).labels()
        done = next(button.data for row in last(teacher).buttons for button in row if "Готово" in button.label)
        assert done is not None
        for _ in range(2):
            await teacher.forge_press(done, message_id=roster.message_id)
        await world.settled()
    assert (await room.absent(), await room.calls()) == (["Ёлкин В."], 1)


async def test_two_phones_of_one_teacher_tap_into_one_roll(room: Room) -> None:
    world, teacher = room.world, room.teacher
    async with world.running():
        await teacher.start()
        await teacher.start()
        await world.settled()
        first, second = [message for message in teacher.chat.messages if message.from_bot]
        await teacher.press("Ёлкин В.", message_id=first.message_id)
        await teacher.press("Яшин Л.", message_id=second.message_id)
        await world.settled()
        await teacher.press("Готово: отсутствуют 2", message_id=second.message_id)
        await world.settled()
        assert await room.absent() == ["Ёлкин В.", "Яшин Л."]
        answer = await teacher.press("Абрамов Г.", message_id=first.message_id, within=5)
        await world.settled()
    assert answer is not None
    assert answer.show_alert
    assert "уже записана" in answer.text
    assert await room.absent() == ["Ёлкин В.", "Яшин Л."]
    assert "Записано: отсутствуют 2." in next(m.text for m in teacher.chat.messages if m.message_id == first.message_id)


async def test_a_roster_opened_before_somebody_changed_the_roll_may_not_replace_it(room: Room) -> None:
    world, teacher = room.world, room.teacher
    director = await world.linked(101, await world.builder.teacher(room.school, "Орлова Вера", administers=True))
    async with world.running():
        await teacher.start()
        await world.settled()
        stale = last(teacher).message_id
        # The director opens the same lesson by its button and records first.
        await director.start()
        await world.settled()
        await director.forge_press(f"t1:e:{room.lesson.hex}", message_id=last(director).message_id)
        await world.settled()
        await world.taps(director, "Яшин Л.", "Готово: отсутствует 1")
        answer = await teacher.press("Все на месте", message_id=stale, within=5)
        await world.settled()
    assert answer is not None
    assert answer.text.startswith("Эту перекличку уже изменили.")
    assert (await room.absent(), await room.calls()) == (["Яшин Л."], 1)


@pytest.mark.req("ROLE-06")
async def test_a_tap_into_somebody_elses_roster_changes_nothing(room: Room) -> None:
    world, teacher = room.world, room.teacher
    other_teacher = await world.builder.teacher(room.school, "Орлов Пётр")
    other = await world.linked(101, other_teacher)
    async with world.running():
        await teacher.start()
        await other.start()
        await world.settled()
        stolen = [button.data for row in last(teacher).buttons for button in row][:-1]
        lesson = room.lesson.hex
        for payload in [*stolen, f"t1:l:{lesson}", f"t1:e:{lesson}", f"t1:u:{lesson}:1", f"t1:l:{'0' * 32}"]:
            assert payload is not None
            answer = await other.forge_press(payload, message_id=last(other).message_id, within=5)
            assert answer is not None
            assert answer.show_alert
            assert answer.text.startswith(("Эта кнопка", "Этот урок ведёт другой", "Такого урока"))
        await world.settled()
    assert (await room.absent(), await room.calls()) == ([], 0)
    assert last(teacher).labels() == (*LABELS, "Все на месте", "К урокам")


async def test_an_old_button_says_so(room: Room) -> None:
    world, teacher = room.world, room.teacher
    async with world.running():
        await teacher.start()
        await world.settled()
        for payload in ("t1:m:abcdefgh:1:1", "t1:d:abcdefgh", "t1:nonsense", "t0:old", "", "x" * 64):
            answer = await teacher.forge_press(payload, message_id=last(teacher).message_id, within=5)
            assert answer is not None
            assert answer.show_alert
            assert "устарела" in answer.text
        await world.settled()
    assert await room.calls() == 0


async def test_a_stranger_cannot_use_a_teachers_button(room: Room) -> None:
    world = room.world
    stranger = world.someone(666)
    async with world.running():
        await stranger.send("привет")
        await world.settled()
        for payload in (f"t1:e:{room.lesson.hex}", f"t1:u:{room.lesson.hex}:1", "t1:s"):
            answer = await stranger.forge_press(payload, message_id=last(stranger).message_id, within=5)
            assert answer is not None
            assert answer.text.startswith("Этот чат не связан с журналом.")
        await world.settled()
    assert await room.calls() == 0


async def test_a_lesson_that_has_not_begun_is_refused_and_the_ticks_stay(room: Room) -> None:
    world, teacher = room.world, room.teacher
    await world.builder.lesson(room.school_class, room.person, time(9, 25), number=2)
    async with world.running():
        await teacher.start()
        await world.settled()
        await world.taps(teacher, "Все на месте", "К урокам", "2-й · 5А", "Яшин Л.")
        answer = await teacher.press("Готово: отсутствует 1", within=5)
        assert answer is not None
        assert answer.text == "2-й урок в 5А ещё не начался. Отметить отсутствующих можно со звонка."
        world.clock.move(hours=1)
        await world.taps(teacher, "Готово: отсутствует 1")
    assert await room.calls() == 2


async def test_the_roster_tells_who_was_away_before_and_goes_on_with_ticks_made(room: Room) -> None:
    world, teacher = room.world, room.teacher
    await world.builder.lesson(room.school_class, room.person, time(9, 25), number=2)
    async with world.running():
        await teacher.start()
        await world.settled()
        await world.taps(teacher, "Ёлкин В.", "Готово: отсутствует 1")
        world.clock.move(hours=1)
        await teacher.start()
        await world.settled()
        assert "2-й урок" in last(teacher).text
        assert "Не было на прошлом уроке (•): Ёлкин В." in last(teacher).text
        await world.taps(teacher, "Яшин Л.")
        await teacher.send("Ещё раз!")
        await world.settled()
        assert "н · Яшин Л." in last(teacher).labels()


async def test_the_list_of_lessons_tells_what_is_done(room: Room) -> None:
    world, teacher = room.world, room.teacher
    sixth = await world.builder.school_class(room.school, "6Б")
    await world.builder.lesson(room.school_class, room.person, time(7, 40), number=0)
    await world.builder.lesson(sixth, room.person, time(10, 20), number=3, subject="алгебра")
    async with world.running():
        await teacher.start()
        await world.settled()
        await world.taps(teacher, "Все на месте", "К урокам")
        assert last(teacher).text.splitlines()[:4] == [
            "Ваши уроки сегодня, вторник, 20 октября:",
            "0. 7:40 · 5А · математика · переклички нет",
            "1. 8:30 · 5А · математика · перекличка есть",
            "3. 10:20 · 6Б · алгебра",
        ]
        assert last(teacher).labels() == ("0-й · 5А", "1-й · 5А", "3-й · 6Б", "Неделя")
        await world.taps(teacher, "1-й · 5А")
        assert "Записано: все присутствуют." in last(teacher).text
        world.clock.move(days=1)
        await teacher.start()
        await world.settled()
        assert last(teacher).text == "Сегодня, среда, 21 октября, уроков у вас нет."


async def test_a_teacher_at_two_schools_sees_both_each_by_its_own_clock(room: Room) -> None:
    world, teacher = room.world, room.teacher
    far = await world.builder.school("Школа «Восток»", zone="Asia/Vladivostok")
    there = await world.builder.teacher(far, "Кузнецова Мария Петровна")
    await world.builder.link(there, account_of(teacher.user_id))
    distant = await world.builder.school_class(far, "9В")
    await world.builder.lesson(distant, there, time(14, 0), number=6, subject="физика")
    world.clock.move(hours=1, minutes=30)
    async with world.running():
        await teacher.start()
        await world.settled()
    text = last(teacher).text
    assert "Школа «Восток»\nВаши уроки сегодня, вторник, 20 октября:\n6. 14:00 · 9В · физика" in text
    assert "Школа «Радуга»\nВаши уроки сегодня, вторник, 20 октября:\n1. 8:30 · 5А · математика" in text


async def test_a_teacher_who_is_a_parent_gets_the_roll_call_first_and_help_for_both(room: Room) -> None:
    world, teacher = room.world, room.teacher
    child = await world.builder.pupil(room.school_class, "Кузнецов Павел", date(2015, 1, 2))
    await world.builder.guardian(child, name="", person=room.person)
    async with world.running():
        await teacher.start()
        await world.settled()
        assert "Кузнецов П." in last(teacher).labels()
        await world.taps(teacher, "К урокам")
        assert last(teacher).text.endswith("Сообщения о ваших детях приходят в этот же чат: 5А, Кузнецов Павел.")
        await teacher.send("/help")
        await world.settled()
        assert "Учителю." in last(teacher).text
        assert "Родителям." in last(teacher).text


async def test_a_teacher_who_blocked_the_bot_stops_nobody(room: Room) -> None:
    world, teacher = room.world, room.teacher
    async with world.running():
        await teacher.start()
        await world.settled()
        await teacher.press("Ёлкин В.")
        await teacher.block()
        await world.settled()
        assert await world.waiting() == 0
        await teacher.unblock()
        await teacher.start()
        await world.settled()
        assert "н · Ёлкин В." in last(teacher).labels()
    assert world.emulator.world.chat(BOT_ID, teacher.user_id) is not None
