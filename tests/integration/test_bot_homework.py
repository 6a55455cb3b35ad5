"""Homework at the wire: typed or «Не задано», looked at with the lesson it is due at, replaced, taken back."""

from collections.abc import AsyncIterator
from datetime import time
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from bot.teacher_payloads import DropHomework, Homework, NothingSet, SetHomework, Token, pack
from core.database import Database
from core.events import Channel
from core.tables import Lesson, Slot
from gateway.categories import Category
from gateway.profiles import OFF, Choice, Mode
from gateway.routing import AT_ONCE
from gateway.subscriptions import choose
from tests.integration.bot_classroom import CARD, Classroom, classroom, colleague, refusal
from tests.integration.bot_home import hand_gateway
from tests.integration.bot_world import Rooms, last


@pytest.fixture
async def room(core_database: Database, gateway_database: Database, bot_database: Database) -> AsyncIterator[Classroom]:
    async with classroom(Rooms(core_database, gateway_database, bot_database)) as made:
        await weekly(made, made.lesson, weekday=4)
        yield made


async def weekly(room: Classroom, lesson: UUID, *, weekday: int) -> None:
    """Put one more lesson a week of the same subject into the timetable."""
    async with room.world.desk.core.begin() as session:
        like = await session.get_one(Lesson, lesson)
        session.add(
            Slot(
                id=uuid4(),
                school_id=like.school_id,
                year=2026,
                class_id=like.class_id,
                weekday=weekday,
                number=2,
                starts=time(9, 25),
                ends=time(10, 10),
                subject_id=like.subject_id,
                teacher_id=like.teacher_id,
            )
        )


async def given(room: Classroom) -> list[tuple[str, str, bool]]:
    """Return what stands as homework: due day, text, whether nothing is set."""
    query = (
        "SELECT coalesce(json_agg(json_build_array(due_on, text, nothing_set)), '[]')"
        " FROM core.homework h JOIN core.lesson l ON l.id = h.lesson_id"
        " WHERE NOT withdrawn AND class_id = :school_class"
    )
    return [tuple(row) for row in await room.values(query, school_class=room.school_class)]


@pytest.mark.req("HW-05", "HW-12")
async def test_homework_is_typed_looked_at_with_its_day_and_recorded(room: Classroom) -> None:
    async with room.world.running():
        await room.open_card()
        await room.taps("Домашнее задание")
        assert "К уроку: четверг, 22 октября\nНапишите задание одним сообщением или нажмите «Не задано»." in room.text
        assert room.labels() == ("Не задано", "К уроку")
        await room.types("§ 12, № 345–350\nповторить правила на стр. 40")
        assert room.text.startswith(
            "Домашнее задание · 5А · математика\nК уроку: четверг, 22 октября\n«§ 12, № 345–350"
        )
        assert await given(room) == []
        await room.taps("Записать")
        assert await given(room) == [("2026-10-22", "§ 12, № 345–350\nповторить правила на стр. 40", False)]
        assert "На этом уроке задано:\nК уроку: четверг, 22 октября\n«§ 12" in room.text
        assert "Сообщение о нём придёт только тем семьям, которые это выбрали.\nДо 8:41 можно нажать" in room.text
        assert room.labels() == ("Убрать задание", "Исправить", "К уроку")


async def families(room: Classroom) -> dict[str, UUID]:
    """Bring a parent to each of three pupils, and to the fourth one of whom the consent is missing; all have chats."""
    found = {}
    for user_id, (label, pupil) in enumerate(room.pupils.items(), start=200):
        found[label] = await room.world.builder.guardian(pupil, name=f"Родитель {label}", consent=user_id != 203)
        if user_id != 203:
            await room.world.linked(user_id, found[label])
    return found


async def record(room: Classroom) -> None:
    await room.open_card()
    await room.taps("Домашнее задание", "Не задано", "Записать")


async def test_as_the_school_advises_nobody_is_sent_homework_and_the_teacher_is_told_so(room: Classroom) -> None:
    await families(room)
    async with hand_gateway(room.world) as gateway, room.world.running():
        await gateway.plan()
        await record(room)
    assert "Сообщение о задании никому не придёт" in room.text
    assert "Задание видно в дневнике." in room.text
    assert "исправление" not in room.text


async def test_the_teacher_is_told_how_many_families_get_homework_at_once_and_in_the_evening(room: Classroom) -> None:
    adults = list((await families(room)).values())
    # Brothers and sisters in one class are one family, and whoever may not be told gets nothing whatever he chose.
    await room.world.builder.guardian(room.pupils["Яшин Л."], name="", person=adults[2])
    chosen = (Choice(Mode.NOW, Channel.TELEGRAM), Choice(Mode.DAILY, Channel.TELEGRAM, 18), OFF, AT_ONCE)
    async with hand_gateway(room.world) as gateway, room.world.running():
        await gateway.plan()
        async with room.world.desk.gateway.begin() as session:
            for adult, choice in zip(adults, chosen, strict=True):
                await choose(session, adult, Category.HOMEWORK, choice, at=room.world.desk.school_clock.now())
        await record(room)
    assert "Сообщение о задании получат семьи: сразу — 1, раз в день, вечером — 1." in room.text
    assert "Остальные семьи (2) увидят задание, когда откроют дневник." in room.text
    assert "До 8:41 можно нажать «Убрать задание», и никому ничего не придёт." in room.text


@pytest.mark.req("HW-08")
async def test_nothing_set_is_said_in_so_many_words(room: Classroom) -> None:
    async with room.world.running():
        await room.open_card()
        await room.taps("Домашнее задание", "Не задано", "Записать")
    assert await given(room) == [("2026-10-22", "Не задано", True)]


async def test_homework_is_replaced_and_taken_back(room: Classroom) -> None:
    async with room.world.running():
        await room.open_card()
        await room.taps("Домашнее задание")
        await room.types("№ 1")
        await room.taps("Записать", "Исправить")
        assert "На этом уроке задано:" in room.text
        assert "Чтобы заменить его, напишите новое" in room.text
        await room.types("№ 2")
        assert "Заменит то, что было задано на этом уроке раньше." in room.text
        await room.taps("Записать")
        assert await given(room) == [("2026-10-22", "№ 2", False)]
        await room.taps("К уроку", "Домашнее задание", "Убрать задание")
        assert await given(room) == []
        assert "Задание убрано" in room.text
        await room.taps("К уроку")
        assert room.labels() == ("Исправить", *CARD, "К урокам")


async def test_a_text_replaces_nothing_set_and_the_other_way_round_before_it_is_recorded(room: Classroom) -> None:
    async with room.world.running():
        await room.open_card()
        await room.taps("Домашнее задание")
        await room.types("№ 1")
        older = last(room.teacher).message_id
        await room.taps("Не задано")
        assert "«Не задано»" in room.text
        await room.types("№ 3")
        assert "«№ 3»" in room.text
        told = await room.teacher.press("Записать", message_id=older, within=5)
        await room.world.settled()
        assert told is not None
        assert told.show_alert
        assert await given(room) == []
        await room.teacher.press("Записать", message_id=last(room.teacher).message_id)
        await room.world.settled()
    assert await given(room) == [("2026-10-22", "№ 3", False)]


async def test_a_restart_in_the_middle_loses_nothing(room: Classroom) -> None:
    async with room.world.running():
        await room.open_card()
        await room.taps("Домашнее задание")
    async with room.world.running():
        await room.types("№ 1")
    async with room.world.running():
        await room.taps("Записать")
    assert await given(room) == [("2026-10-22", "№ 1", False)]


async def test_words_are_waited_for_until_the_day_is_over(room: Classroom) -> None:
    async with room.world.running():
        await room.open_card()
        await room.taps("Домашнее задание")
        room.world.clock.move(hours=11)
        await room.types("№ 1")
        assert "«№ 1»" in room.text
        room.world.clock.move(hours=2)
        await room.types("№ 2")
        assert "№ 2" not in room.text
        await room.taps("Записать")
    assert await given(room) == [("2026-10-22", "№ 1", False)]


async def test_a_text_that_the_messenger_has_cut_is_refused_once_and_its_tail_is_no_homework(room: Classroom) -> None:
    async with room.world.running():
        await room.open_card()
        await room.taps("Домашнее задание")
        await room.teacher.send("о" * 4096)
        await room.teacher.send("хвост")
        await room.world.settled()
        assert room.text == refusal("text-too-long", seen=4096, longest=1000)


async def test_an_empty_text_is_refused(room: Classroom) -> None:
    async with room.world.running():
        await room.open_card()
        await room.taps("Домашнее задание")
        await room.types("\u0007")
        assert room.text == refusal("text-needed")


async def test_a_subject_without_a_later_lesson_has_nothing_to_give_homework_for(room: Classroom) -> None:
    async with room.world.desk.core.begin() as session:
        await session.execute(text("DELETE FROM core.slot WHERE id NOT IN (SELECT slot_id FROM core.lesson)"))
        await session.execute(text("UPDATE core.school_class SET year = year - 1"))
        await session.execute(text("UPDATE core.slot SET year = year - 1"))
    async with room.world.running():
        await room.open_card()
        await room.taps("Домашнее задание")
        assert "В расписании нет следующего урока" in room.text
        await room.types("№ 1")
        told = await room.refused("Записать")
    assert told == refusal("homework-no-lesson-ahead", subject_name="математика", class_title="5А")


async def test_another_teachers_lesson_is_closed_and_old_buttons_say_so(room: Classroom) -> None:
    async with room.world.running():
        await room.open_card()
        await room.taps("Домашнее задание")
        await room.types("№ 1")
        await room.taps("Записать")
        due = UUID(str(await room.values("SELECT lesson_id FROM core.homework")))
        other = await colleague(room)
        for press in (Homework(room.lesson), DropHomework(room.lesson, due)):
            assert await room.forged(other, pack(press)) == refusal("lesson-of-another-teacher")
        for old in (NothingSet(Token("abcdefgh")), SetHomework(Token("abcdefgh"), 1)):
            assert "устарела" in await room.forged(room.teacher, pack(old))
    assert await given(room) == [("2026-10-22", "№ 1", False)]
