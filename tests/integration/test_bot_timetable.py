"""A changed timetable at the wire: what a teacher and a parent read of it in the bot."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import URL, text

from bot.parent_payloads import Day, Week, pack_parent
from bot.payloads import Look
from bot.payloads import pack as pack_first
from bot.teacher_payloads import LessonWeek, ThisWeek, pack
from core.database import Database
from core.school_time import at_school
from core.timetable import day_acts, lesson_changes, school_events
from core.timetable.lesson_changes import Place, Substitute
from core.timetable.school_events import EventDraft
from core.year.changes import CancelReason, Closed, DayAct, Distance, Effect
from core.year.span import Span
from tests.integration.bot_home import forged
from tests.integration.bot_world import BotWorld, Rooms, bot_world, last
from tests.integration.timetable_world import MONDAY, TimetableWorld, timetable_world
from zvonok.sandbox.people import Person

BEFORE_SCHOOL = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = (MONDAY + timedelta(days=number) for number in range(1, 7))
OWN = "Кузнецова Мария Петровна"


@dataclass
class Changed:
    """A school with a week of lessons, a teacher and a parent at the bot."""

    of: TimetableWorld
    bot: BotWorld
    teacher: Person
    mother: Person
    child: UUID

    async def substitute(self, title: str, day: date, number: int, teacher: str) -> None:
        wanted = Substitute(self.of.teachers[teacher])
        lesson = await self.of.lesson(title, day, number)
        await self.of.do(lambda s: lesson_changes.substitute(s, self.of.act(), lesson, wanted))

    async def cancel(self, title: str, day: date, number: int, reason: CancelReason, note: str = "") -> None:
        lesson = await self.of.lesson(title, day, number)
        await self.of.do(lambda s: lesson_changes.cancel(s, self.of.act(), lesson, reason, note))

    async def move(self, title: str, day: date, number: int, to: Place) -> None:
        lesson = await self.of.lesson(title, day, number)
        await self.of.do(lambda s: lesson_changes.move(s, self.of.act(), lesson, to))

    async def whole_day(self, day: date, effect: Effect) -> None:
        act = DayAct(Span(day, day), effect)
        await self.of.do(lambda s: day_acts.act(s, self.of.act(), self.of.school.id, act))

    async def event(self, title: str, day: date, *classes: str, place: str = "", note: str = "") -> None:
        """Plan an event from 14:00 to 15:00; of the school, if no class is named."""
        draft = EventDraft(
            title=title,
            starts_at=at_school(day, time(14), self.of.school.zone),
            ends_at=at_school(day, time(15), self.of.school.zone),
            classes=frozenset(self.of.classes[one] for one in classes) if classes else None,
            place=place,
            note=note,
        )
        await self.of.do(lambda s: school_events.plan(s, self.of.act(), self.of.school.id, draft))

    async def says(self, person: Person, words: str) -> str:
        """Let somebody write, and return the answer."""
        await person.send(words)
        await self.bot.settled()
        return last(person).text

    async def day_of_child(self, day: date) -> str:
        """Return a day of the child's diary in full, without its heading."""
        await forged(self.bot, self.mother, pack_parent(Day(self.child, day)))
        return last(self.mother).text.split("\n\n", 1)[1]

    async def week_of_child(self, day: date) -> dict[str, list[str]]:
        """Return the lines of each day of the diary's week by the day's name."""
        await forged(self.bot, self.mother, pack_parent(Week(self.child, day)))
        return by_day(last(self.mother).text)


def by_day(told: str) -> dict[str, list[str]]:
    """Return the lines of each day of a week."""
    days = [block.splitlines() for block in told.split("\n\n")[1:]]
    return {lines[0]: lines[1:] for lines in days}


@pytest.fixture
async def it(
    core_database: Database, gateway_database: Database, bot_database: Database, database_url: URL
) -> AsyncIterator[Changed]:
    async with bot_world(Rooms(core_database, gateway_database, bot_database), BEFORE_SCHOOL) as bot:
        of = await timetable_world(core_database, database_url)
        child = of.pupils["5А"][1]
        mother = await bot.linked(200, await of.builder.guardian(child, name="Иванова Ольга"))
        yield Changed(of, bot, await bot.linked(100, of.teachers["К"]), mother, child)


@pytest.mark.req("TT-05")
async def test_whoever_gives_the_lesson_of_another_is_shown_so_wherever_he_writes(it: Changed) -> None:
    await it.substitute("5А", MONDAY, 1, "С")
    other = await it.bot.linked(101, it.of.teachers["С"])
    told = f"5А · математика\n1-й урок, 8:30–9:10, понедельник, 23 ноября\nЗамена. По расписанию урок ведёт {OWN}."
    it.bot.clock.move(minutes=40)
    async with it.bot.running():
        assert (await it.says(other, "урок")).startswith(f"{told}\n\n")
        assert "Все на месте" in last(other).labels()
        await it.bot.taps(other, "Абрамов Г.", "Готово: отсутствует 1")
        assert last(other).text.startswith(f"{told}\n\nЗаписано: отсутствует 1.")
        for button in ("Оценки", "Замечание / похвала", "Домашнее задание"):
            await it.bot.taps(other, button)
            assert last(other).text.startswith(f"{told}\n")
            await it.bot.taps(other, "К уроку")
        await it.bot.taps(other, "Оценки", "Иванова А.")
        assert told in last(other).text
        await it.bot.taps(other, "К списку класса", "К уроку", "К урокам")
        assert last(other).text.splitlines()[:2] == [
            "Ваши уроки сегодня, понедельник, 23 ноября:",
            "1. 8:30 · 5А · математика · замена · перекличка есть",
        ]
        assert "1. 8:30" not in await it.says(it.teacher, "/start")


async def test_the_list_of_the_day_says_what_is_cancelled_or_moved_and_only_what_is_held_has_a_button(
    it: Changed,
) -> None:
    await it.cancel("5А", MONDAY, 1, CancelReason.QUARANTINE)
    await it.move("5А", TUESDAY, 1, Place(MONDAY, 5))
    async with it.bot.running():
        assert (await it.says(it.teacher, "урок")).startswith("5Б · русский язык\n2-й урок")
        await it.bot.taps(it.teacher, "К урокам")
        assert last(it.teacher).text == (
            "Ваши уроки сегодня, понедельник, 23 ноября:\n"
            "1. 8:30 · 5А · математика · урока нет: карантин\n"
            "2. 9:30 · 5Б · русский язык\n"
            "3. 10:30 · 5А · математика\n"
            "5. 12:30 · 5А · математика · перенесён (по расписанию вторник, 24 ноября)\n\n"
            "Выберите урок."
        )
        assert last(it.teacher).labels() == ("2-й · 5Б", "3-й · 5А", "5-й · 5А", "Неделя")
        # A button drawn before the lesson was cancelled opens no roster, and a text is not offered to be written to it.
        await forged(it.bot, it.teacher, pack_first(Look(await it.of.lesson("5А", MONDAY, 1))))
        assert last(it.teacher).text == (
            "5А · математика\n1-й урок, 8:30–9:10, понедельник, 23 ноября\nУрока нет: карантин"
        )
        assert last(it.teacher).labels() == ("К урокам",)
        it.bot.clock.move(minutes=40)
        assert "Урок: " not in await it.says(it.teacher, "§ 12, № 5")


async def test_a_parent_reads_in_the_diary_what_has_become_of_each_lesson(it: Changed) -> None:
    await it.substitute("5А", MONDAY, 1, "С")
    await it.cancel("5А", MONDAY, 2, CancelReason.NO_TEACHER)
    await it.move("5А", TUESDAY, 1, Place(MONDAY, 5, it.of.rooms["14"]))
    await it.whole_day(WEDNESDAY, Closed(CancelReason.QUARANTINE, "до понедельника"))
    await it.whole_day(THURSDAY, Distance())
    async with it.bot.running():
        await it.says(it.mother, "/diary")
        week = await it.week_of_child(MONDAY)
        assert week["Понедельник, 23 ноября (сегодня)"] == [
            "1. математика · замена",
            "2. математика · урока нет: учитель отсутствует",
            "3. математика",
            "5. математика · перенесён (по расписанию вторник, 24 ноября)",
        ]
        assert week["Вторник, 24 ноября"] == ["2. математика", "3. математика"]
        assert week["Среда, 25 ноября"] == [
            f"{number}. математика · урока нет: карантин (до понедельника)" for number in (1, 2, 3)
        ]
        assert week["Четверг, 26 ноября"] == [f"{number}. математика · дистанционно" for number in (1, 2, 3)]
        assert week["Пятница, 27 ноября"] == ["1. математика", "2. математика", "3. математика"]
        monday = (await it.day_of_child(MONDAY)).split("\n\n")
        assert monday[0] == "1. математика\n8:30–9:10, каб. 12\nСедова Анна Юрьевна\nЗамена"
        assert monday[3] == (
            f"5. математика\n12:30–13:10, каб. 14\n{OWN}\nПеренесён (по расписанию вторник, 24 ноября)"
        )
        await forged(it.bot, it.mother, pack_parent(Week(it.child, date(2027, 1, 5))))
        assert last(it.mother).text == (
            "Дневник: Иванова Анна, 5А\nНеделя: 4–9 января\n\nНа этой неделе занятий нет: каникулы или выходные дни."
        )
        off = await it.week_of_child(date(2027, 2, 23))
        assert off["Вторник, 23 февраля"] == ["Занятий нет: каникулы или выходной день."]
        assert off["Среда, 24 февраля"] == ["1. математика", "2. математика", "3. математика"]


async def test_what_the_class_does_beside_lessons_stands_in_the_diary_and_nobody_elses(it: Changed) -> None:
    await it.event("Ярмарка", MONDAY, "5А", place="актовый зал", note="Ключ у завхоза")
    await it.event("Экскурсия", MONDAY, "5Б")
    await it.event("День здоровья", SUNDAY)
    async with it.bot.running():
        await it.says(it.mother, "/diary")
        week = await it.week_of_child(MONDAY)
        assert week["Понедельник, 23 ноября (сегодня)"] == [
            *("1. математика", "2. математика", "3. математика"),
            "Мероприятие: Ярмарка, 14:00–15:00, актовый зал",
        ]
        assert week["Воскресенье, 29 ноября"][1:] == ["Мероприятие: День здоровья, 14:00–15:00"]
        monday = await it.day_of_child(MONDAY)
        assert monday.endswith("\n\nМероприятие: Ярмарка, 14:00–15:00, актовый зал")


async def test_events_follow_a_child_who_changes_class_in_the_week(it: Changed) -> None:
    for day, title in ((MONDAY, "5А"), (MONDAY, "5Б"), (FRIDAY, "5А"), (FRIDAY, "5Б")):
        await it.event(f"Поход {title}", day, title)
    query = text("UPDATE core.enrolment SET until = :day WHERE pupil_id = :child AND until IS NULL")
    added = text("INSERT INTO core.enrolment (pupil_id, class_id, since) VALUES (:child, :other, :day)")
    async with it.bot.desk.core.begin() as session:
        await session.execute(query, {"child": it.child, "day": WEDNESDAY})
        await session.execute(added, {"child": it.child, "other": it.of.classes["5Б"], "day": THURSDAY})
    async with it.bot.running():
        await it.says(it.mother, "/diary")
        week = await it.week_of_child(MONDAY)
    assert week["Понедельник, 23 ноября (сегодня)"][-1] == "Мероприятие: Поход 5А, 14:00–15:00"
    assert week["Пятница, 27 ноября"][-1] == "Мероприятие: Поход 5Б, 14:00–15:00"
    assert "Поход 5Б" not in "".join(week["Понедельник, 23 ноября (сегодня)"])


async def test_a_teacher_sees_his_week_with_rooms_learners_changes_and_events(it: Changed) -> None:
    await it.substitute("5А", MONDAY, 1, "С")
    await it.substitute("5Б", MONDAY, 1, "К")
    await it.cancel("5А", MONDAY, 3, CancelReason.WEATHER, "мороз")
    await it.move("5А", TUESDAY, 1, Place(THURSDAY, 5, it.of.rooms["14"]))
    await it.move("5А", TUESDAY, 3, Place(TUESDAY, 6))
    await it.whole_day(FRIDAY, Distance())
    await it.event("Ярмарка", MONDAY, "5А", "5Б", place="актовый зал", note="Ключ у завхоза")
    async with it.bot.running():
        await it.says(it.teacher, "урок")
        await it.bot.taps(it.teacher, "К урокам", "Неделя")
        assert last(it.teacher).text == (
            "Ваши уроки: 23–28 ноября\n\n"
            "Понедельник, 23 ноября (сегодня)\n"
            "1. 8:30 · 5А · математика · каб. 12 · замена, ведёт Седова Анна Юрьевна\n"
            "1. 8:30 · 5Б · русский язык · каб. 14 · замена, по расписанию ведёт Зимин Олег Андреевич\n"
            "2. 9:30 · 5Б · русский язык · каб. 14\n"
            "3. 10:30 · 5А · математика · каб. 12 · урока нет: актированный день (мороз)\n"
            "Мероприятие: Ярмарка, 14:00–15:00, актовый зал, 5А, 5Б\nКлюч у завхоза\n\n"
            "Вторник, 24 ноября\n"
            "2. 9:30 · 5Б · русский язык · каб. 14\n"
            "6. 13:30 · 5А · математика · каб. 12 · перенесён (по расписанию 3-й урок)\n"
            "1. 5А · математика · перенесён, теперь четверг, 26 ноября, 5-й урок\n\n"
            "Среда, 25 ноября\n"
            "1. 8:30 · 5А · математика · каб. 12\n"
            "2. 9:30 · 5Б · русский язык · каб. 14\n"
            "3. 10:30 · 5А · математика · каб. 12\n\n"
            "Четверг, 26 ноября\n"
            "1. 8:30 · 5А · математика · каб. 12\n"
            "2. 9:30 · 5Б · русский язык · каб. 14\n"
            "3. 10:30 · 5А · математика · каб. 12\n"
            "5. 12:30 · 5А · математика · каб. 14"
            " · перенесён (по расписанию вторник, 24 ноября, 1-й урок, каб. 12)\n\n"
            "Пятница, 27 ноября\n"
            "1. 8:30 · 5А · математика · дистанционно\n"
            "2. 9:30 · 5Б · русский язык · дистанционно\n"
            "3. 10:30 · 5А · математика · дистанционно\n\n"
            "Суббота, 28 ноября\nУроков нет."
        )
        assert last(it.teacher).labels() == ("‹ 16 нояб.", "Эта неделя", "30 нояб. ›", "К урокам")


async def test_weeks_are_turned_in_place_and_lead_back_to_the_lessons(it: Changed) -> None:
    await it.of.make(Span(MONDAY + timedelta(days=7), MONDAY + timedelta(days=12)))
    async with it.bot.running():
        await it.says(it.teacher, "урок")
        said = len(it.teacher.chat.messages)
        await it.bot.taps(it.teacher, "К урокам", "Неделя", "30 нояб. ›")
        following = last(it.teacher).text
        await it.bot.taps(it.teacher, "7 дек. ›")
        assert last(it.teacher).text.startswith(
            "Ваши уроки: 7–12 декабря\n\nПонедельник, 7 декабря\nУроки этого дня ещё"
        )
        it.bot.clock.move(days=7)
        await it.bot.taps(it.teacher, "Эта неделя")
        assert last(it.teacher).text.splitlines()[2] == "Понедельник, 30 ноября (сегодня)"
        await it.bot.taps(it.teacher, "К урокам")
    assert following.startswith("Ваши уроки: 30 ноября – 5 декабря\n\nПонедельник, 30 ноября\n1. 8:30 · 5А")
    assert last(it.teacher).text.startswith("Ваши уроки сегодня, понедельник, 30 ноября:")
    assert len(it.teacher.chat.messages) == said


async def test_a_week_is_opened_by_whoever_it_is_of_and_not_for_ever(it: Changed) -> None:
    stranger = it.bot.someone(666)
    async with it.bot.running():
        await it.says(it.teacher, "урок")
        await it.says(stranger, "привет")
        own, other = it.of.teachers["К"], it.of.teachers["З"]
        for person, press, told in (
            (it.teacher, ThisWeek(other), "На это у вас нет прав."),
            (it.teacher, LessonWeek(own, date(2029, 1, 1), 0), "Так далеко недели не листаются."),
            (it.teacher, LessonWeek(own, date(1000, 1, 1), 0), "Так далеко недели не листаются."),
            (it.mother, ThisWeek(own), "На это у вас нет прав."),
            (stranger, ThisWeek(own), "Этот чат не связан с журналом."),
        ):
            if person is it.mother:
                await it.says(person, "/diary")
            answer = await forged(it.bot, person, pack(press))
            assert answer.show_alert
            assert (answer.text or "").startswith(told)


async def test_whoever_teaches_at_two_schools_has_a_week_at_each(it: Changed) -> None:
    there = await it.bot.builder.school("Школа «Восток»", zone="Asia/Vladivostok")
    person = await it.bot.builder.teacher(there, OWN)
    of_class = await it.bot.builder.school_class(there, "7Б")
    await it.bot.builder.lesson(of_class, person, time(9), number=2)
    await it.bot.linked(100, person)
    async with it.bot.running():
        await it.says(it.teacher, "урок")
        await it.bot.taps(it.teacher, "К урокам")
        assert last(it.teacher).labels()[-2:] == ("Неделя · Школа «Восток»", "Неделя · Школа «Радуга»")
        await it.bot.taps(it.teacher, "Неделя · Школа «Восток»")
        told = last(it.teacher).text
        await it.bot.taps(it.teacher, "30 нояб. ›")
        following = last(it.teacher).text
    assert told.startswith("Ваши уроки: 23–28 ноября\nШкола «Восток»\n\n")
    assert by_day(told)["Понедельник, 23 ноября (сегодня)"] == ["2. 9:00 · 7Б · математика"]
    assert by_day(told)["Вторник, 24 ноября"] == ["Уроков нет."]
    # The school has not set its year, so that lessons are made a day ahead: silence would be a day without lessons.
    assert by_day(following)["Понедельник, 30 ноября"] == ["Уроки этого дня ещё не составлены."]
