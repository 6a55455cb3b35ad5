"""Marks at the wire: two taps for each pupil, undone, corrected, and nobody else's."""

from collections.abc import AsyncIterator
from datetime import time
from uuid import UUID

import pytest

from bot.teacher_payloads import Change, Correct, Give, GiveForMissed, Marks, MarkWhom, Once, TakeBack, pack
from core.database import Database
from tests.integration.bot_classroom import CARD, LABELS, Classroom, classroom, colleague, refusal
from tests.integration.bot_world import Rooms, last


@pytest.fixture
async def room(core_database: Database, gateway_database: Database, bot_database: Database) -> AsyncIterator[Classroom]:
    async with classroom(Rooms(core_database, gateway_database, bot_database)) as made:
        yield made


async def standing(room: Classroom) -> dict[str, list[tuple[int, str]]]:
    """Return the marks that stand, by label, as the journal has them."""
    query = (
        "SELECT coalesce(json_agg(json_build_array(pupil_id, value, work) ORDER BY given_at, id), '[]')"
        " FROM core.mark WHERE value IS NOT NULL AND lesson_id = :lesson"
    )
    labels = {str(pupil): label for label, pupil in room.pupils.items()}
    found: dict[str, list[tuple[int, str]]] = {}
    for pupil, value, work in await room.values(query, lesson=room.lesson):
        found.setdefault(labels[pupil], []).append((value, work))
    return found


async def test_a_mark_takes_two_taps_and_so_does_the_next_pupils(room: Classroom) -> None:
    async with room.world.running():
        await room.open_card("Яшин Л.")
        assert room.labels() == ("Отменить", "Исправить", *CARD, "К урокам")
        await room.taps("Оценки")
        assert room.labels() == (*LABELS[:3], "н · Яшин Л.", "К уроку")
        await room.taps("Ёлкин В.")
        assert room.labels()[:5] == ("5", "4", "3", "2", "1")
        assert "✓ ответ на уроке" in room.labels()
        before = len(room.world.emulator.world.presses)
        await room.taps("4", "Абрамов Г.", "2")
    assert len(room.world.emulator.world.presses) - before == 3
    assert await standing(room) == {"Ёлкин В.": [(4, "ответ на уроке")], "Абрамов Г.": [(2, "ответ на уроке")]}
    assert "Записано: Абрамов Глеб — 2 (ответ на уроке)." in room.text
    assert "До 8:41 можно нажать «Отменить», и никому ничего не придёт." in room.text
    assert room.labels()[:2] == ("Отменить", "Исправить")
    assert room.labels()[2:] == ("Абрамов Г. · 2", "Ёлкин В. · 4", "Иванова А.", "н · Яшин Л.", "К уроку")


@pytest.mark.req("MARK-08")
async def test_another_kind_of_work_is_one_tap_and_stays_for_the_next_pupils(room: Classroom) -> None:
    async with room.world.running():
        await room.open_card()
        await room.taps("Оценки", "Ёлкин В.", "контрольная", "5", "Яшин Л.", "3")
        assert "Вид работы: контрольная работа." in room.text
    assert await standing(room) == {"Ёлкин В.": [(5, "контрольная работа")], "Яшин Л.": [(3, "контрольная работа")]}


async def test_a_mark_is_undone_corrected_restored_and_taken_back(room: Classroom) -> None:
    async with room.world.running():
        await room.open_card()
        await room.taps("Оценки", "Ёлкин В.", "2", "Отменить")
        assert await standing(room) == {}
        assert "Снято: Ёлкин Вадим — 2 (ответ на уроке)." in room.text
        await room.taps("Ёлкин В.", "3", "Исправить", "5")
        assert await standing(room) == {"Ёлкин В.": [(5, "ответ на уроке")]}
        assert "Исправлено: Ёлкин Вадим — было 3, стало 5 (ответ на уроке)." in room.text
        await room.taps("Вернуть 3")
        assert await standing(room) == {"Ёлкин В.": [(3, "ответ на уроке")]}
        await room.taps("Ёлкин В. · 3")
        assert "Стоит: 3 (ответ на уроке)" in room.text
        await room.taps("Изменить 3 (ответ на уроке)", "Снять оценку")
        assert await standing(room) == {}
        await room.taps("К уроку")
        assert room.labels() == ("Исправить", *CARD, "К урокам")


async def test_a_pupil_may_have_several_marks_but_not_by_an_impatient_second_tap(room: Classroom) -> None:
    async with room.world.running():
        await room.open_card()
        await room.taps("Оценки", "Ёлкин В.")
        screen, five, four = last(room.teacher).message_id, room.payload("5"), room.payload("4")
        for payload in (five, five, four):
            await room.teacher.forge_press(payload, message_id=screen)
        await room.world.settled()
        assert await standing(room) == {"Ёлкин В.": [(5, "ответ на уроке")]}
        assert "Записано: Ёлкин Вадим — 5 (ответ на уроке)." in room.text
        room.world.clock.move(seconds=1)
        await room.taps("Ёлкин В. · 5", "тест", "4")
        assert room.labels()[3] == "Ёлкин В. · 5 4"
        await room.taps("Отменить")
        assert room.labels()[1] == "Ёлкин В. · 5"
    assert await standing(room) == {"Ёлкин В.": [(5, "ответ на уроке")]}


async def test_a_mark_to_an_absent_pupil_is_asked_about_once_and_is_nothing_without_the_yes(room: Classroom) -> None:
    async with room.world.running():
        await room.open_card("Яшин Л.")
        await room.taps("Оценки", "н · Яшин Л.")
        assert "Какая оценка? Прежде чем записать её, бот переспросит." in room.text
        await room.taps("4")
        assert "Яшин Лев отсутствует на этом уроке. Поставить оценку за пропущенную тему?" in room.text
        assert "Оценка: 4 (ответ на уроке). Отсутствие останется в журнале." in room.text
        assert room.labels() == ("Да, поставить 4", "‹ Назад")
        yes = room.payload("Да, поставить 4")
        await room.taps("‹ Назад")
        assert room.labels()[:5] == ("5", "4", "3", "2", "1")
        assert await standing(room) == {}
        await room.taps("тест", "5", "Да, поставить 5")
        assert "Записано: Яшин Лев — 5 (тест)." in room.text
        assert "Это оценка за пропущенную тему, отсутствие на уроке осталось в журнале." in room.text
        assert "н · Яшин Л. · 5" in room.labels()
        await room.taps("Абрамов Г.", "3")
        assert "пропущенную" not in room.text
        assert await standing(room) == {"Яшин Л.": [(5, "тест")], "Абрамов Г.": [(3, "тест")]}
        room.world.clock.move(seconds=1)
        for _ in range(2):
            await room.teacher.forge_press(yes, message_id=last(room.teacher).message_id)
        await room.world.settled()
    assert await standing(room) == {"Яшин Л.": [(5, "тест"), (4, "ответ на уроке")], "Абрамов Г.": [(3, "тест")]}
    assert await room.values("SELECT count(*) FROM core.absence") == 1


async def test_a_mark_chosen_before_the_absence_was_written_is_asked_about_all_the_same(room: Classroom) -> None:
    async with room.world.running():
        await room.open_card()
        await room.taps("Оценки", "Яшин Л.")
        five = room.payload("5")
        await room.taps("К списку класса", "К уроку", "Исправить", "Яшин Л.", "Готово: отсутствует 1", "Оценки")
        await room.teacher.forge_press(five, message_id=last(room.teacher).message_id)
        await room.world.settled()
        assert room.labels() == ("Да, поставить 5", "‹ Назад")
    assert await standing(room) == {}


async def test_a_button_whose_mark_was_taken_back_gives_no_other(room: Classroom) -> None:
    async with room.world.running():
        await room.open_card()
        await room.taps("Оценки", "Ёлкин В.")
        five = room.payload("5")
        await room.taps("5", "Отменить")
        assert (await room.forged(room.teacher, five)).startswith("По этой кнопке оценка уже ставилась")
    assert await standing(room) == {}


@pytest.mark.req("ROLE-06")
async def test_another_teachers_lesson_is_closed_at_every_button(room: Classroom) -> None:
    pupil = room.pupils["Ёлкин В."]
    async with room.world.running():
        await room.open_card()
        await room.taps("Оценки", "Ёлкин В.", "5")
        mark = UUID(str(await room.values("SELECT id FROM core.mark")))
        other = await colleague(room)
        once = Once("abcdef")
        for press in (
            Marks(room.lesson, 0),
            MarkWhom(room.lesson, pupil, 0),
            Give(room.lesson, pupil, 0, 2, once),
            GiveForMissed(room.lesson, pupil, 0, 2, once),
            Change(room.lesson, mark),
            Correct(room.lesson, mark, 2),
            TakeBack(room.lesson, mark),
        ):
            assert await room.forged(other, pack(press)) == refusal("lesson-of-another-teacher")
    assert await standing(room) == {"Ёлкин В.": [(5, "ответ на уроке")]}


async def test_what_makes_no_sense_is_refused_with_the_journals_own_words(room: Classroom) -> None:
    world, pupil = room.world, room.pupils["Ёлкин В."]
    stranger = await world.builder.pupil(await world.builder.school_class(room.school, "6Б"), "Чужой Иван")
    ahead = await world.builder.lesson(room.school_class, room.person, time(9, 25), number=2)
    mark = UUID(int=1)
    async with world.running():
        await room.open_card()
        for press, told in (
            (Give(ahead, pupil, 0, 5, Once("aaaaaa")), refusal("lesson-ahead", number=2, class_title="5А")),
            (Give(room.lesson, stranger, 0, 5, Once("aaaaab")), refusal("pupil-of-another-class", class_title="5А")),
            (Give(room.lesson, pupil, 0, 9, Once("aaaaac")), refusal("mark-unusual", lowest=1, highest=5)),
            (Give(room.lesson, pupil, 99, 5, Once("aaaaad")), refusal("work-unknown", work="99")),
            (GiveForMissed(room.lesson, pupil, 99, 5, Once("aaaaae")), refusal("work-unknown", work="99")),
            (Marks(room.lesson, 99), refusal("work-unknown", work="99")),
            (Change(room.lesson, mark), refusal("mark-taken-back")),
            (Marks(UUID(int=2), 0), refusal("lesson-unknown")),
        ):
            assert await room.forged(room.teacher, pack(press)) == told, press
        for junk in ("t2:", "t2:g", f"{pack(Marks(room.lesson, 0))}0", "t2:?" + "A" * 22):
            assert "устарела" in await room.forged(room.teacher, junk)
    assert await standing(room) == {}


async def test_first_grades_have_no_marks(room: Classroom) -> None:
    first = await room.world.builder.school_class(room.school, "1В")
    child = await room.world.builder.pupil(first, "Малышев Тит")
    lesson = await room.world.builder.lesson(first, room.person, time(8, 35))
    async with room.world.running():
        await room.open_card()
        told = await room.forged(room.teacher, pack(Give(lesson, child, 0, 5, Once("aaaaaa"))))
    assert told == refusal("first-grade-unmarked")
