"""A parent's diary at the wire."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

import pytest
from sqlalchemy import text

from bot.parent_payloads import Day, Today, Week, pack_parent
from core.database import Database
from core.events import ProposedReason, RemarkKind
from core.learning import attendance, gradebook, homework, remarks
from core.learning.attendance_day import DayKey
from core.school.schools import SchoolCard
from tests.integration.bot_home import act_of, forged, pressed
from tests.integration.bot_world import BotWorld, Rooms, bot_world, last
from zvonok.sandbox.people import Person

TODAY = date(2026, 10, 20)
MATHS, RUSSIAN = time(8, 30), time(8, 35)
BEFORE = "Записей нет: школа ведёт этот журнал с 20 октября 2026 года."


@dataclass
class Diaries:
    """A child with one parent, a teacher with two lessons that have begun."""

    world: BotWorld
    school: SchoolCard
    school_class: UUID
    teacher: UUID
    child: UUID
    mother_id: UUID
    mother: Person
    maths: UUID
    russian: UUID

    async def write(self) -> None:
        """Fill the day."""
        world = self.world
        async with world.desk.core.begin() as session:
            await gradebook.give(session, act_of(world, self.teacher, "m1"), self.maths, self.child, 5)
            world.clock.move(seconds=1)
            await gradebook.give(
                session, act_of(world, self.teacher, "m2"), self.maths, self.child, 2, "контрольная работа"
            )
            await attendance.record(session, act_of(world, self.teacher, "r1"), self.russian, {self.child: "н"})
            await homework.set_at(session, act_of(world, self.teacher, "h1"), self.maths, "№ 123, 124")
            await remarks.write(
                session, act_of(world, self.teacher, "w1"), self.maths, self.child, RemarkKind.PRAISE, "Помогает другим"
            )

    async def views(self) -> list[tuple[UUID, date]]:
        """List who opened which week."""
        async with self.world.desk.core.begin() as session:
            rows = await session.execute(text("SELECT viewer_id, week FROM core.diary_view ORDER BY week, id"))
            return [(row.viewer_id, row.week) for row in rows]

    async def says(self, words: str) -> str:
        """Let the mother write, and return the answer."""
        await self.mother.send(words)
        await self.world.settled()
        return last(self.mother).text


@pytest.fixture
async def diaries(
    core_database: Database, gateway_database: Database, bot_database: Database
) -> AsyncIterator[Diaries]:
    async with bot_world(Rooms(core_database, gateway_database, bot_database)) as world:
        builder = world.builder
        school = await builder.school()
        teacher = await builder.teacher(school, "Кузнецова Мария Петровна")
        school_class = await builder.school_class(school, "5А")
        child = await builder.pupil(school_class, "Иванова Анна Петровна")
        mother_id = await builder.guardian(child, name="Иванова Ольга")
        yield Diaries(
            world,
            school,
            school_class,
            teacher,
            child,
            mother_id,
            await world.linked(200, mother_id),
            await builder.lesson(school_class, teacher, MATHS),
            await builder.lesson(school_class, teacher, RUSSIAN, number=2, subject="русский язык"),
        )


@pytest.mark.parametrize("words", ["/diary", "Дневник"])
async def test_the_week_that_is_on_is_one_message_and_its_reading_is_registered(diaries: Diaries, words: str) -> None:
    await diaries.write()
    async with diaries.world.running():
        week = await diaries.says(words)
    assert week == (
        "Дневник: Иванова Анна, 5А\n"
        "Неделя: 19–24 октября\n\n"
        f"Понедельник, 19 октября\n{BEFORE}\n\n"
        "Вторник, 20 октября (сегодня)\n"
        "1. математика: 5, 2\n"
        "2. русский язык: отсутствует\n"
        "Похвала (математика): Помогает другим\n\n"
        "Среда, 21 октября\nПо расписанию уроков нет.\n\n"
        "Четверг, 22 октября\nПо расписанию уроков нет.\n\n"
        "Пятница, 23 октября\nПо расписанию уроков нет.\n\n"
        "Суббота, 24 октября\nПо расписанию уроков нет."
    )
    assert await diaries.views() == [(diaries.mother_id, date(2026, 10, 19))]


async def test_weeks_are_turned_in_place_and_homework_stands_where_it_is_due(diaries: Diaries) -> None:
    await diaries.write()
    async with diaries.world.running():
        await diaries.says("/diary")
        said = len(diaries.mother.chat.messages)
        await diaries.world.taps(diaries.mother, "26 окт. ›")
        following = last(diaries.mother).text
        await diaries.world.taps(diaries.mother, "‹ 19 окт.", "‹ 12 окт.")
        before = last(diaries.mother).text
        await diaries.world.taps(diaries.mother, "Сегодня")
    assert "Вторник, 27 октября\n1. математика\n✎ № 123, 124\n2. русский язык\n" in following
    assert before == (
        "Дневник: Иванова Анна, 5А\nНеделя: 12–17 октября\n\n"
        "Об этой неделе записей нет: школа ведёт этот журнал с 20 октября 2026 года."
    )
    assert "Вторник, 20 октября (сегодня)" in last(diaries.mother).text
    assert len(diaries.mother.chat.messages) == said
    assert [week for _, week in await diaries.views()] == [
        date(2026, 10, 12),
        *[date(2026, 10, 19)] * 3,
        date(2026, 10, 26),
    ]


async def test_a_day_is_told_in_full_and_days_are_turned_over_the_week_end(diaries: Diaries) -> None:
    await diaries.write()
    async with diaries.world.running():
        await diaries.says("/diary")
        await diaries.world.taps(diaries.mother, "Подробно, по дням")
        day = last(diaries.mother).text
        await diaries.world.taps(diaries.mother, "‹ пн, 19", "‹ сб, 17")
        saturday = last(diaries.mother).text
        await diaries.world.taps(diaries.mother, "пн, 19 ›", "Сегодня", "Вся неделя")
    assert day == (
        "Дневник: Иванова Анна, 5А\n"
        "Вторник, 20 октября (сегодня)\n\n"
        "1. математика\n8:30–9:15\nКузнецова Мария Петровна\n"
        "Оценка: 5 (ответ на уроке)\nОценка: 2 (контрольная работа)\n\n"
        "2. русский язык\n8:35–9:20\nКузнецова Мария Петровна\nПосещение: отсутствует\n\n"
        "Похвала (математика): Помогает другим\nКузнецова Мария Петровна"
    )
    assert saturday == f"Дневник: Иванова Анна, 5А\nСуббота, 17 октября\n\n{BEFORE}"
    assert "Неделя: 19–24 октября" in last(diaries.mother).text


async def test_a_day_without_lessons_says_why_and_nothing_is_made_up(diaries: Diaries) -> None:
    async with diaries.world.running():
        await diaries.says("/diary")
        for label in ("26 окт. ›", "Подробно, по дням", "‹ пн, 26", "‹ сб, 24"):
            await diaries.world.taps(diaries.mother, label)
        assert last(diaries.mother).text.endswith("По расписанию уроков нет.")
        for day, told in (
            (date(2027, 9, 7), "Расписания на эту неделю пока нет."),
            (date(2026, 9, 1), "Об этой неделе записей нет: школа ведёт этот журнал с 20 октября 2026 года."),
        ):
            await forged(diaries.world, diaries.mother, pack_parent(Week(diaries.child, day)))
            assert last(diaries.mother).text.endswith(f"\n\n{told}")
        diaries.world.clock.move(days=14)
        await forged(diaries.world, diaries.mother, pack_parent(Week(diaries.child, date(2026, 10, 27))))
        # Two weeks later nobody has opened the Tuesday between, though the timetable has lessons on Tuesdays.
        assert "Вторник, 27 октября\nОб этом дне в журнале записей нет." in last(diaries.mother).text
        assert "Среда, 28 октября\nПо расписанию уроков нет." in last(diaries.mother).text


async def test_before_the_first_lesson_of_all_the_diary_says_that_it_has_not_begun(diaries: Diaries) -> None:
    async with diaries.world.desk.core.begin() as session:
        await session.execute(text("DELETE FROM core.lesson"))
    async with diaries.world.running():
        await diaries.says("/diary")
        await diaries.world.taps(diaries.mother, "‹ 12 окт.")
    assert last(diaries.mother).text.endswith("\n\nЗаписей нет: уроки в этом журнале ещё не начались.")


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (ProposedReason.ILL, "болеет (по вашему сообщению)"),
        (ProposedReason.FAMILY, "по семейным обстоятельствам (по вашему сообщению)"),
        (ProposedReason.LATE, "опаздывает (по вашему сообщению)"),
        (ProposedReason.UNAWARE, "вы ответили, что не знаете, где ребёнок"),
    ],
)
async def test_what_the_reader_has_answered_stands_beside_the_absence(
    diaries: Diaries, reason: ProposedReason, told: str
) -> None:
    world = diaries.world
    await diaries.write()
    father = await world.linked(300, await world.builder.guardian(diaries.child, name="Иванов Олег"))
    async with world.running():
        async with world.desk.core.begin() as session:
            act = act_of(world, diaries.mother_id, "answer")
            await attendance.answer(session, act, DayKey(diaries.child, TODAY), reason)
        assert f"2. русский язык: отсутствует, {told}\n" in await diaries.says("/diary")
        await world.taps(diaries.mother, "Подробно, по дням")
        assert f"Посещение: отсутствует, {told}\n" in last(diaries.mother).text
        # The other parent did not say so, and what one answers the other does not read.
        await father.send("/diary")
        await world.settled()
        assert "2. русский язык: отсутствует\n" in last(father).text
        async with world.desk.core.begin() as session:
            act = act_of(world, diaries.teacher, "explained")
            await attendance.correct(session, act, diaries.russian, {diaries.child: "б"})
        assert "2. русский язык: отсутствует по болезни\n" in await diaries.says("/diary")


@pytest.mark.parametrize(
    ("room", "told"),
    [
        ("12", "каб. 12"),
        ("12а", "каб. 12а"),
        ("3-14", "каб. 3-14"),
        ("спортзал 1", "спортзал 1"),
        ("каб. химии", "каб. химии"),
    ],
)
async def test_only_a_number_is_called_a_room_number(diaries: Diaries, room: str, told: str) -> None:
    async with diaries.world.desk.core.begin() as session:
        made = text("INSERT INTO core.room (id, school_id, name) SELECT gen_random_uuid(), id, :room FROM core.school")
        await session.execute(made, {"room": room})
        await session.execute(
            text("UPDATE core.lesson SET room_id = (SELECT id FROM core.room WHERE name = :room)"), {"room": room}
        )
    async with diaries.world.running():
        await diaries.says("/diary")
        await diaries.world.taps(diaries.mother, "Подробно, по дням")
    assert f"8:30–9:15, {told}\n" in last(diaries.mother).text


async def test_a_week_too_long_for_a_message_is_told_by_day_and_nothing_of_it_is_lost(diaries: Diaries) -> None:
    words = [f"Замечание {number}. " + "Слово и ещё слово. " * 45 for number in range(10)]
    async with diaries.world.desk.core.begin() as session:
        for number, one in enumerate(words):
            act = act_of(diaries.world, diaries.teacher, f"w{number}")
            await remarks.write(session, act, diaries.maths, diaries.child, RemarkKind.REMARK, one)
    async with diaries.world.running():
        told = [await diaries.says("/diary")]
        for label in ("вт, 20 ›", "вт, 20 ›"):
            await diaries.world.taps(diaries.mother, label)
            told.append(last(diaries.mother).text)
        await diaries.world.taps(diaries.mother, "ср, 21 ›")
    assert [part.splitlines()[1:3] for part in told] == [
        ["Вторник, 20 октября (сегодня)", f"Часть {number} из 3: продолжение по кнопкам"] for number in (1, 2, 3)
    ]
    assert "Среда, 21 октября" in last(diaries.mother).text
    assert "Вся неделя" not in last(diaries.mother).labels()
    whole = "".join("".join(part.split()) for part in told)
    assert all("".join(one.split()) in whole for one in words)


async def test_children_of_two_schools_are_chosen_from(diaries: Diaries) -> None:
    builder = diaries.world.builder
    other = await builder.school("Школа «Восток»", zone="Asia/Vladivostok")
    brother = await builder.pupil(await builder.school_class(other, "1Б"), "Иванов Олег", date(2019, 7, 1))
    await diaries.world.linked(200, await builder.guardian(brother, name="Иванова Ольга"))
    async with diaries.world.running():
        assert await diaries.says("/diary") == "Чей дневник открыть?"
        assert sorted(last(diaries.mother).labels()) == [
            "1Б, Иванов Олег · Школа «Восток»",
            "5А, Иванова Анна · Школа «Радуга»",
            "‹ В начало",
        ]
        await diaries.world.taps(diaries.mother, "1Б, Иванов Олег · Школа «Восток»")
        assert last(diaries.mother).text.startswith("Дневник: Иванов Олег, 1Б")
        await diaries.world.taps(diaries.mother, "Другой ребёнок", "5А, Иванова Анна · Школа «Радуга»")
        assert last(diaries.mother).text.startswith("Дневник: Иванова Анна, 5А")
        await diaries.world.taps(diaries.mother, "‹ В начало")
    assert last(diaries.mother).text.startswith("Вы на связи со школой.")
    assert last(diaries.mother).labels() == ("Дневник", "Ребёнок не придёт", "Объявления", "Что и как присылать")


async def test_somebody_elses_diary_stays_shut_whatever_is_pressed(diaries: Diaries) -> None:
    builder = diaries.world.builder
    other = await builder.pupil(diaries.school_class, "Петров Пётр")
    stranger = diaries.world.someone(666)
    async with diaries.world.running():
        await diaries.says("/diary")
        await stranger.send("/diary")
        await diaries.world.settled()
        assert "не связан с журналом" in last(stranger).text
        for press in (Week(other, TODAY), Day(other, TODAY), Today(other, whole_week=True)):
            answer = await forged(diaries.world, diaries.mother, pack_parent(press))
            assert answer.show_alert
            assert (answer.text or "").startswith("Об этом ребёнке школа рассказывает только его родителям")
        answer = await forged(diaries.world, stranger, pack_parent(Week(diaries.child, TODAY)))
        assert "не связан с журналом" in (answer.text or "")
    assert len(await diaries.views()) == 1


@pytest.mark.parametrize("lost", ["barred = true", "until = '2026-10-19'", "may_see = false"])
async def test_who_lost_the_right_sees_nothing_any_more(diaries: Diaries, lost: str) -> None:
    async with diaries.world.running():
        await diaries.says("/diary")
        async with diaries.world.desk.core.begin() as session:
            await session.execute(text(f"UPDATE core.guardianship SET {lost}"))  # noqa: S608 - our own literal words
        answer = await pressed(diaries.world, diaries.mother, "26 окт. ›")
        assert answer.text == (
            "За этим чатом сейчас не записан ни один ученик. Если это ошибка, напишите классному руководителю."
        )
        assert "не записан ни один ученик" in await diaries.says("/diary")
    assert len(await diaries.views()) == 1


async def test_an_employee_without_children_has_no_diary(diaries: Diaries) -> None:
    teacher = await diaries.world.linked(100, diaries.teacher)
    async with diaries.world.running():
        await teacher.send("дневник")
        await diaries.world.settled()
    assert "не записан ни один ученик" in last(teacher).text


async def test_an_update_handled_twice_registers_one_reading(diaries: Diaries) -> None:
    async with diaries.world.running():
        await diaries.says("/diary")
    async with diaries.world.desk.bot.begin() as session:
        await session.execute(text("UPDATE bot.inbox SET done_at = NULL, due_at = received_at"))
    async with diaries.world.running():
        await diaries.world.settled()
    assert len(await diaries.views()) == 1
