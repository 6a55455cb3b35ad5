"""Remarks and praise at the wire: a phrase or own words, looked at before they go, taken back, each text to its own."""

from collections.abc import AsyncIterator, Mapping
from uuid import UUID

import pytest
from aiogram.types import Message

from bot.teacher_payloads import Phrase, RemarkOn, Remarks, Rephrase, SendRemark, Token, Withdraw, pack
from core.database import Database
from core.events import RemarkKind
from tests.integration.bot_classroom import CARD, LABELS, Classroom, classroom, colleague, refusal
from tests.integration.bot_world import Rooms, last


@pytest.fixture
async def room(core_database: Database, gateway_database: Database, bot_database: Database) -> AsyncIterator[Classroom]:
    async with classroom(Rooms(core_database, gateway_database, bot_database)) as made:
        await made.world.builder.guardian(made.pupils["Ёлкин В."], name="Ёлкина Ольга")
        await made.world.builder.guardian(made.pupils["Ёлкин В."], name="Ёлкин Олег")
        yield made


async def written(room: Classroom) -> list[tuple[str, str, str]]:
    """Return what stands in diaries: kind, label, text."""
    query = (
        "SELECT coalesce(json_agg(json_build_array(kind, pupil_id, text) ORDER BY written_at, id), '[]')"
        " FROM core.remark WHERE NOT withdrawn AND lesson_id = :lesson"
    )
    labels = {str(pupil): label for label, pupil in room.pupils.items()}
    found = await room.values(query, lesson=room.lesson)
    return [(kind, labels[pupil], text) for kind, pupil, text in found]


async def test_a_ready_phrase_is_looked_at_sent_and_taken_back(room: Classroom) -> None:
    async with room.world.running():
        await room.open_card()
        await room.taps("Замечание / похвала")
        assert room.labels() == ("✓ Замечание", "Похвала", *LABELS, "К уроку")
        await room.taps("Ёлкин В.", "Отвлекается на уроке")
        assert room.text.startswith("Замечание · 5А, Ёлкин Вадим\n«Отвлекается на уроке»")
        assert "Увидят родители и представители, записанные в журнале: 2." in room.text
        assert "подождёт 60 с" in room.text
        assert await written(room) == []
        await room.taps("Отправить")
        assert await written(room) == [("remark", "Ёлкин В.", "Отвлекается на уроке")]
        assert "Отправлено.\nДо 8:41 можно нажать «Убрать из дневника»" in room.text
        assert "Слова отправленной записи изменить нельзя: уберите её и напишите заново." in room.text
        await room.taps("Убрать из дневника")
        assert await written(room) == []
        assert "Запись убрана из дневника." in room.text
        assert room.labels() == ("Написать заново", "К списку класса", "К уроку")
        await room.taps("Написать заново")
        assert room.text.startswith("Замечание · 5А, Ёлкин Вадим\n\nВыберите готовую фразу")
        await room.taps("К списку класса")
        await room.taps("К уроку")
        assert room.labels() == ("Исправить", *CARD, "К урокам")


async def test_praise_in_own_words_may_be_typed_again_before_it_goes(room: Classroom) -> None:
    async with room.world.running():
        await room.open_card()
        await room.taps("Замечание / похвала", "Похвала", "Ёлкин В.")
        await room.types("  Решил задачу повышеной трудности\n ")
        assert "«Решил задачу повышеной трудности»" in room.text
        first = last(room.teacher)
        await room.types("Решил задачу повышенной трудности")
        told = await room.teacher.press("Отправить", message_id=first.message_id, within=5)
        await room.world.settled()
        assert told is not None
        assert told.text == "Текст с тех пор изменился, поэтому ничего не отправлено. Вот каким он стал."
        assert await written(room) == []
        await room.taps("Отправить")
        assert await written(room) == [("praise", "Ёлкин В.", "Решил задачу повышенной трудности")]
        # What was sent asks for nothing more: any text opens the lesson again.
        await room.types("урок")
        assert "Записано: все присутствуют." in room.text


async def test_whoever_is_absent_is_marked_in_the_list_of_remarks_too(room: Classroom) -> None:
    async with room.world.running():
        await room.open_card("Яшин Л.")
        await room.taps("Замечание / похвала")
        assert room.labels() == ("✓ Замечание", "Похвала", *LABELS[:3], "н · Яшин Л.", "К уроку")
        await room.taps("Похвала")
        assert room.labels()[-2:] == ("н · Яшин Л.", "К уроку")


async def test_an_impatient_second_tap_sends_nothing_more(room: Classroom) -> None:
    async with room.world.running():
        await room.open_card()
        await room.taps("Замечание / похвала", "Ёлкин В.", "Телефон на уроке")
        send, screen = room.payload("Отправить"), last(room.teacher).message_id
        for _ in range(3):
            await room.teacher.forge_press(send, message_id=screen)
        await room.world.settled()
        assert len(await written(room)) == 1
        assert await room.forged(room.teacher, send) == "Это уже отправлено. Второй раз ничего не уйдёт."
    assert len(await written(room)) == 1


async def test_a_crash_before_the_sending_was_noted_sends_nothing_twice(room: Classroom) -> None:
    async with room.world.running():
        await room.open_card()
        await room.taps("Замечание / похвала", "Ёлкин В.", "Телефон на уроке")
        send = room.payload("Отправить")
        await room.taps("Отправить")
        forgotten = "UPDATE bot.draft SET data = data - 'done' - 'done_at' WHERE kind = 'remark' RETURNING token"
        assert await room.world.value(forgotten)
        await room.teacher.forge_press(send, message_id=last(room.teacher).message_id)
        await room.world.settled()
        assert "Отправлено." in room.text
    assert await written(room) == [("remark", "Ёлкин В.", "Телефон на уроке")]


async def test_a_restart_in_the_middle_loses_nothing(room: Classroom) -> None:
    async with room.world.running():
        await room.open_card()
        await room.taps("Замечание / похвала", "Ёлкин В.")
    async with room.world.running():
        await room.types("Нет сменной обуви")
    async with room.world.running():
        await room.taps("Отправить")
    assert await written(room) == [("remark", "Ёлкин В.", "Нет сменной обуви")]


async def test_a_command_or_a_code_in_the_middle_is_still_one(room: Classroom) -> None:
    world = room.world
    other = await world.builder.teacher(room.school, "Кузнецова Мария Петровна")
    code = await world.builder.code(other)
    async with world.running():
        await room.open_card()
        await room.taps("Замечание / похвала", "Ёлкин В.")
        await room.types("/help")
        assert room.text.startswith("Учителю.")
        await room.types("Нет сменной обуви")
        assert "«Нет сменной обуви»" in room.text
        await room.types(code.lower())
        assert any("Готово! Этот чат связан с журналом" in message.text for message in room.teacher.chat.messages)
        await room.types("/start")
        assert "«Нет сменной обуви»" not in room.text
        await room.types("просто слова")
        assert "просто слова" not in room.text
    assert await written(room) == []


async def test_words_belong_to_the_newest_that_asks_and_to_nothing_once_one_turns_away(room: Classroom) -> None:
    async with room.world.running():
        await room.open_card()
        await room.taps("Замечание / похвала", "Ёлкин В.")
        older = last(room.teacher).message_id
        await room.types("/start")
        await room.taps("Замечание / похвала", "Похвала", "Яшин Л.")
        await room.types("Молодец")
        assert room.text.startswith("Похвала · 5А, Яшин Лев\n«Молодец»")
        assert "В журнале нет взрослых, которым можно об этом сообщить." in room.text
        await room.teacher.press("Нет тетради или учебника", message_id=older)
        await room.world.settled()
        await room.types("и дневника тоже")
        assert room.text.startswith("Замечание · 5А, Ёлкин Вадим\n«и дневника тоже»")
        await room.taps("К списку класса", "К уроку")
        await room.types("урок")
        assert "и дневника" not in room.text
        assert "урок»" not in room.text


async def test_the_word_that_opens_the_lesson_is_never_taken_for_what_was_to_be_written(room: Classroom) -> None:
    async with room.world.running():
        await room.open_card()
        await room.taps("Домашнее задание")
        await room.types("Урок!")
        assert "Записано: все присутствуют." in room.text
        await room.types("Параграф 5")
        assert "Параграф 5" not in room.text, "nothing asks for words any more"
        await room.taps("К урокам")


async def test_what_cannot_be_taken_is_said_in_a_clear_sentence(room: Classroom) -> None:
    async with room.world.running():
        await room.open_card()
        await room.taps("Замечание / похвала", "Ёлкин В.")
        await room.types("о" * 1001)
        assert room.text == refusal("text-too-long", seen=1001, longest=1000)
        for kind, payload, told in (
            ("photo", {"photo": []}, "Фото и файлы в дневник не попадут."),
            ("forward", {"text": "Петя мешал", "forward_origin": FORWARDED}, "Пересланное сообщение не принимаю."),
        ):
            room.world.post("message", message(room, payload))
            await room.world.settled()
            assert room.text.startswith(told), kind
        await room.types("Нет сменной обуви")
        assert "«Нет сменной обуви»" in room.text
    assert await written(room) == []


FORWARDED = {"type": "hidden_user", "sender_user_name": "Кто-то", "date": 1790000000}


def message(room: Classroom, content: Mapping[str, object]) -> dict[str, object]:
    """Return a message that the sandbox's people cannot send, as the wire has it."""
    someone = {"id": room.teacher.user_id, "is_bot": False, "first_name": "Мария"}
    chat = {"id": room.teacher.user_id, "type": "private", "first_name": "Мария"}
    body = {"message_id": 90_000 + len(room.world.pauses), "date": 1790000000, "chat": chat, "from": someone, **content}
    if content.get("photo") == []:
        body["photo"] = [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}]
    assert Message.model_validate(body).from_user is not None
    return body


async def test_an_old_button_says_so(room: Classroom) -> None:
    async with room.world.running():
        await room.open_card()
        for press in (Phrase(Token("abcdefgh"), 1), Rephrase(Token("abcdefgh")), SendRemark(Token("abcdefgh"), 1)):
            assert "устарела" in await room.forged(room.teacher, pack(press))


@pytest.mark.req("ROLE-06")
async def test_another_teachers_lesson_and_remark_are_closed(room: Classroom) -> None:
    pupil = room.pupils["Ёлкин В."]
    async with room.world.running():
        await room.open_card()
        await room.taps("Замечание / похвала", "Ёлкин В.", "Телефон на уроке")
        stolen = room.payload("Отправить")
        other = await colleague(room)
        assert "устарела" in await room.forged(other, stolen)
        await room.taps("Отправить")
        remark = UUID(str(await room.values("SELECT id FROM core.remark")))
        for press in (
            Remarks(room.lesson, RemarkKind.REMARK),
            RemarkOn(room.lesson, pupil, RemarkKind.PRAISE),
            Withdraw(room.lesson, remark),
        ):
            assert await room.forged(other, pack(press)) == refusal("lesson-of-another-teacher")
    assert len(await written(room)) == 1


async def test_nothing_typed_reaches_the_log(room: Classroom, capsys: pytest.CaptureFixture[str]) -> None:
    async with room.world.running():
        await room.open_card()
        await room.taps("Замечание / похвала", "Ёлкин В.")
        await room.types("Тайное слово " * 100)
        await room.types("Тайное слово")
        await room.taps("Отправить")
    said = capsys.readouterr()
    assert "bot.refused" in said.out
    assert "Тайное" not in said.out + said.err
