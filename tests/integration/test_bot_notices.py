"""Notices of a class teacher at the wire: written, looked at, sent to the families; the board tells who has signed."""

import re
from collections.abc import AsyncIterator, Mapping
from uuid import UUID

import pytest

from bot.teacher_payloads import (
    AskToWithdraw,
    Board,
    Drop,
    NewNotice,
    NoHurry,
    Notices,
    NoticeText,
    SendNotice,
    Token,
    WithdrawNotice,
    pack,
)
from core.actor import Act, Actor
from core.database import Database
from core.events import NoticeAct, NoticeAsk
from core.notice import notices
from core.notice.notices import hash_of
from tests.integration.bot_classroom import Classroom, classroom, colleague, refusal
from tests.integration.bot_home import HandGateway, hand_gateway
from tests.integration.bot_world import Rooms, last
from zvonok.sandbox.faults import Cut, Scope

TITLE, TEXT = "Экскурсия в музей", "В пятницу едем в музей.\nСбор в 9:00 у входа, с собой 300 ₽."
WRITTEN = f"{TITLE}\n{TEXT}"
EXAMPLE = {"figures": "27.10", "words": "27 октября"}
"""A week after the day of these tests."""
END_OF_YEAR = "вторник, 31 августа 2027 года"


@pytest.fixture
async def room(core_database: Database, gateway_database: Database, bot_database: Database) -> AsyncIterator[Classroom]:
    async with classroom(Rooms(core_database, gateway_database, bot_database)) as made:
        yield made


async def families(room: Classroom) -> dict[str, UUID]:
    """Bring families: one in the messenger, one without consent, one of two adults, one that nobody knows."""
    builder = room.world.builder
    found = {}
    for label, name, user_id in (("Абрамов Г.", "Абрамова Инна", 200), ("Иванова А.", "Иванова Ольга", 300)):
        found[name] = await builder.guardian(room.pupils[label], name=name)
        await room.world.linked(user_id, found[name])
    found["Иванов Пётр"] = await builder.guardian(room.pupils["Иванова А."], name="Иванов Пётр")
    found["Ёлкин Олег"] = await builder.guardian(room.pupils["Ёлкин В."], name="Ёлкин Олег", consent=False)
    return found


async def open_notices(room: Classroom) -> None:
    """Go to the notices of the own class: they stand under the lessons."""
    await room.types("урок")
    await room.taps("К урокам", "Объявления · 5А")


async def write(room: Classroom, ask: str, *taps: str) -> None:
    """Write a notice up to its last look."""
    await open_notices(room)
    await room.taps("Объявление классу", ask)
    await room.types(WRITTEN)
    await room.taps(*taps)


async def published(room: Classroom) -> list[tuple[str, str, str, str | None, bool]]:
    """Return all notices: title, text, what they ask, last day, whether they are withdrawn."""
    query = (
        "SELECT coalesce(json_agg(json_build_array(title, text, ask, reply_by, withdrawn) ORDER BY published_at), '[]')"
        " FROM core.notice"
    )
    return [tuple(row) for row in await room.values(query)]


async def answered(room: Classroom, guardian: UUID, what: NoticeAct) -> None:
    """Let a guardian answer the only notice."""
    notice = UUID(str(await room.values("SELECT id FROM core.notice")))
    act = Act(Actor("telegram", guardian), room.world.desk.school_clock.now(), f"{guardian}:{what}")
    async with room.world.desk.core.begin() as session:
        assert await notices.answer(session, act, notice, what, hash_of(TITLE, TEXT))


async def test_a_notice_is_written_looked_at_and_sent(room: Classroom) -> None:
    await families(room)
    async with room.world.running():
        await open_notices(room)
        assert room.text.startswith("Объявления · 5А\n\nПока ни одного.")
        await room.taps("Объявление классу", "Подписать")
        assert "Первая строка — заголовок, до 100 знаков" in room.text
        await room.types(WRITTEN)
        assert "Нажмите или напишите свою дату, например: 27.10" in room.text
        assert room.labels()[:5] == (
            "Завтра, среда, 21 октября",
            "Через три дня, пятница, 23 октября",
            "Через неделю, вторник, 27 октября",
            "Без срока",
            "Другой день",
        )
        await room.taps("Через три дня, пятница, 23 октября")
        assert WRITTEN.replace("\n", "\n\n", 1) in room.text
        assert "Семьи подпишут или откажутся. Последний день: пятница, 23 октября." in room.text
        assert "Объявление для семей: 3. До кого не дойдёт, покажет доска «Кто ответил».\n" in room.text
        assert "Без взрослых в журнале (им никто не прочитает): 1." in room.text
        assert await published(room) == []
        await room.taps("Отправить")
        assert await published(room) == [(TITLE, TEXT, "sign", "2026-10-23", False)]
        assert (
            "Отправлено. Семей: 3. До кого не дойдёт, покажет «Кто ответил».\nДо 8:41 можно нажать «Отозвать»"
            in room.text
        )
        await room.taps("К объявлениям")
        assert "1. Экскурсия в музей\nответили 0 из 4\nпоследний день: пятница, 23 октября" in room.text


@pytest.mark.parametrize(
    ("typed", "day"),
    [("25.11", "2026-11-25"), ("до 3 ноября", "2026-11-03"), ("01.02", "2027-02-01"), ("сегодня", "2026-10-20")],
)
async def test_an_own_day_may_be_typed(room: Classroom, typed: str, day: str) -> None:
    async with room.world.running():
        await write(room, "Подтвердить, что прочитали")
        await room.types(typed)
        await room.taps("Отправить")
    assert await published(room) == [(TITLE, TEXT, "confirm", day, False)]


async def test_a_day_that_is_none_is_refused_and_asked_for_again(room: Classroom) -> None:
    async with room.world.running():
        await write(room, "Подписать", "Другой день")
        for typed, told in (
            ("когда-нибудь", refusal("last-day-unclear", **EXAMPLE)),
            ("31.02", refusal("last-day-unclear", **EXAMPLE)),
            ("19.10.2026", refusal("last-day-gone", day="Понедельник, 19 октября", farthest=END_OF_YEAR)),
            ("25.11.2036", refusal("last-day-far", day="вторник, 25 ноября 2036 года", farthest=END_OF_YEAR)),
            ("1.9", refusal("last-day-gone", day="Вторник, 1 сентября", farthest=END_OF_YEAR)),
        ):
            await room.types(typed)
            assert room.text == told
        await room.types("25.11")
        assert "Последний день: среда, 25 ноября." in room.text
        await room.taps("Другой день", "Без срока", "Отправить")
    assert await published(room) == [(TITLE, TEXT, "sign", None, False)]


async def test_a_last_day_of_the_next_year_is_shown_with_its_year_wherever_it_stands(room: Classroom) -> None:
    mother = await room.world.linked(
        200, await room.world.builder.guardian(room.pupils["Иванова А."], name="Иванова О.")
    )
    day = "понедельник, 1 февраля 2027 года"
    async with hand_gateway(room.world) as gateway, room.world.running():
        await write(room, "Подписать")
        await room.types("1.2")
        assert f"Последний день: {day}.\nЭто уже 2027 год. Если вы имели в виду другой день" in room.text
        await room.taps("Отправить")
        assert f"Последний день: {day}." in room.text
        room.world.clock.move(seconds=61)
        await gateway.deliver()
        assert f"Последний день — {day}." in last(mother).text
        await room.taps("Кто ответил")
        assert f"Последний день: {day}." in room.text
        await room.taps("К объявлениям")
        assert f"последний день: {day}" in room.text
        await mother.send("/notices")
        await room.world.settled()
    assert f"Последний день — {day}." in last(mother).text


async def test_emoji_count_as_the_journal_counts_them(room: Classroom) -> None:
    async with room.world.running():
        await open_notices(room)
        await room.taps("Объявление классу", "Прочитать")
        await room.types(f"{TITLE}\n" + "🎒" * 1501)
        assert room.text == refusal("notice-text-too-long", seen=3002, longest=3000)
        await room.types("🎒" * 51 + "\nЕдем.")
        assert room.text == refusal("notice-first-line-long", seen=102, longest=100)
        await room.types(f"{TITLE}\n" + "🎒" * 1500)
        await room.taps("Отправить")
    assert await published(room) == [(TITLE, "🎒" * 1500, "read", None, False)]


async def test_a_notice_to_be_read_has_no_last_day(room: Classroom) -> None:
    async with room.world.running():
        await write(room, "Прочитать")
        assert room.labels() == ("Отправить", "Написать заново", "Не отправлять")
        await room.taps("Отправить")
    assert await published(room) == [(TITLE, TEXT, "read", None, False)]


async def test_title_and_text_may_come_one_after_the_other_and_be_written_anew(room: Classroom) -> None:
    async with room.world.running():
        await open_notices(room)
        await room.taps("Объявление классу", "Прочитать")
        await room.types("Сбор макулатуры")
        assert "Заголовок: Сбор макулатуры\n\nТеперь напишите сам текст." in room.text
        await room.types("В субботу с 10 до 12.\nПомощь нужна!")
        assert "Сбор макулатуры\n\nВ субботу с 10 до 12.\nПомощь нужна!" in room.text
        await room.types("да")
        assert "\nда" not in room.text
        said = [message.text for message in room.teacher.chat.messages if message.from_bot]
        assert said[-2].startswith("Объявление ещё не отправлено, и текст в нём прежний.")
        await room.taps("Написать заново")
        await room.types(WRITTEN)
        await room.taps("Отправить")
    assert await published(room) == [(TITLE, TEXT, "read", None, False)]


async def test_what_is_too_long_or_no_text_is_refused_in_a_clear_sentence(room: Classroom) -> None:
    async with room.world.running():
        await open_notices(room)
        await room.taps("Объявление классу", "Прочитать")
        for typed, told in (
            ("о" * 101, refusal("notice-first-line-long", seen=101, longest=100)),
            ("Тема\n" + "о" * 3001, refusal("notice-text-too-long", seen=3001, longest=3000)),
            ("\u0007", refusal("text-needed")),
        ):
            await room.types(typed)
            assert room.text == told
        room.world.post("message", photo(room))
        await room.world.settled()
        assert room.text.startswith("Фото и файлы к объявлению не прикладываются.")
        await room.types(WRITTEN)
        await room.taps("Отправить")
    assert await published(room) == [(TITLE, TEXT, "read", None, False)]


def photo(room: Classroom) -> Mapping[str, object]:
    """Return a message with a picture, as the wire has it."""
    someone = {"id": room.teacher.user_id, "is_bot": False, "first_name": "Мария"}
    chat = {"id": room.teacher.user_id, "type": "private", "first_name": "Мария"}
    picture = {"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}
    return {"message_id": 90_001, "date": 1790000000, "chat": chat, "from": someone, "photo": [picture]}


async def test_restarts_lose_nothing_and_a_second_tap_sends_nothing_more(room: Classroom) -> None:
    async with room.world.running():
        await open_notices(room)
        await room.taps("Объявление классу", "Подписать")
    async with room.world.running():
        await room.types(WRITTEN)
    async with room.world.running():
        await room.taps("Без срока")
    async with room.world.running():
        send, screen = room.payload("Отправить"), last(room.teacher).message_id
        for _ in range(3):
            await room.teacher.forge_press(send, message_id=screen)
        await room.world.settled()
    assert await published(room) == [(TITLE, TEXT, "sign", None, False)]


async def test_a_notice_that_is_dropped_was_never_there(room: Classroom) -> None:
    async with room.world.running():
        await write(room, "Подписать", "Без срока")
        send = room.payload("Отправить")
        await room.taps("Не отправлять")
        assert room.text == "Объявление не отправлено. Никто ничего не получил."
        assert "устарела" in await room.forged(room.teacher, send)
        await room.types("урок")
        assert "1-й урок" in room.text
    assert await published(room) == []


async def sent_with_gateway(room: Classroom, gateway: HandGateway) -> None:
    """Send a notice to be signed, and let the gateway tell whom it can."""
    await write(room, "Подписать", "Без срока", "Отправить")
    room.world.clock.move(seconds=61)
    await gateway.deliver()


async def test_the_board_tells_who_signed_who_has_not_and_whom_it_did_not_reach(room: Classroom) -> None:
    known = await families(room)
    async with hand_gateway(room.world) as gateway, room.world.running():
        await sent_with_gateway(room, gateway)
        await room.taps("Кто ответил")
        assert room.text.startswith("5А · Экскурсия в музей\nОпубликовано: вторник, 20 октября, 8:40")
        assert "Подписали 0 из 4." in room.text
        assert "Отправлено, ответа пока нет (2): Абрамов Г., Иванова А." in room.text
        assert "Не дошло (2):\nнет согласия родителя: Ёлкин В." in room.text
        assert "в журнале нет взрослых, которым можно сообщить: Яшин Л." in room.text
        await answered(room, known["Абрамова Инна"], NoticeAct.SIGNED)
        await answered(room, known["Иванов Пётр"], NoticeAct.REFUSED)
        await room.taps("Обновить")
        assert "Подписали 1 из 4." in room.text
        assert "Подписали (1): Абрамов Г." in room.text
        assert "Не подписывают (1):\nИванова А.: Иванов Пётр" in room.text
        assert "пока не ответили" not in room.text
        assert "понятно" not in room.text.lower()
        await answered(room, known["Иванова Ольга"], NoticeAct.SIGNED)
        await room.taps("Обновить")
        assert "Подписали 1 из 4." in room.text
        assert (
            "Взрослые ответили по-разному (1):\nИванова А.: подписано — Иванова Ольга, отказ — Иванов Пётр" in room.text
        )
        assert room.text.count("Иванова А.") == 1
        assert "Не подписывают" not in room.text
        assert sum(map(int, re.findall(r"\((\d+)\):", room.text))) == len(room.pupils)


async def test_whom_it_may_have_reached_the_board_names_apart(room: Classroom) -> None:
    await families(room)
    async with hand_gateway(room.world) as gateway, room.world.running():
        await write(room, "Подписать", "Без срока", "Отправить")
        room.world.clock.move(seconds=61)
        room.world.emulator.faults.arm(Cut(accepted=False), Scope(chat_id=200), times=2)
        await gateway.deliver()
        room.world.clock.move(minutes=10)
        await gateway.deliver()
        await room.taps("Кто ответил")
    assert "Отправлено, ответа пока нет (1): Иванова А." in room.text
    assert re.search(r"Возможно, дошло, [^\n]* \(1\): Абрамов Г\.\n", room.text)
    assert "Не дошло (2):" in room.text


async def test_before_it_leaves_the_board_says_so_and_a_withdrawal_is_asked_about_twice(room: Classroom) -> None:
    await families(room)
    mother = room.world.someone(200)
    async with hand_gateway(room.world) as gateway, room.world.running():
        await write(room, "Подписать", "Без срока", "Отправить")
        await gateway.plan()
        await room.taps("Кто ответил")
        assert "Отправляется (2): Абрамов Г., Иванова А." in room.text
        await room.taps("Отозвать")
        assert "Отозвать объявление «Экскурсия в музей»?" in room.text
        await room.taps("Нет, оставить", "Отозвать", "Да, отозвать")
        assert "Объявление отозвано, отвечать на него больше нельзя." in room.text
        assert room.labels() == ("Обновить", "К объявлениям")
        room.world.clock.move(seconds=61)
        await gateway.deliver()
        await room.taps("К объявлениям")
        assert "1. Экскурсия в музей\nотозвано" in room.text
    assert (await published(room))[0][-1] is True
    assert [message for message in mother.chat.messages if message.from_bot] == []


async def test_a_class_that_one_does_not_lead_is_closed_at_every_button(room: Classroom) -> None:
    async with room.world.running():
        await write(room, "Подписать", "Без срока", "Отправить")
        notice = UUID(str(await room.values("SELECT id FROM core.notice")))
        other = await colleague(room)
        assert "Объявления · 5А" not in last(other).labels()
        for press in (
            Notices(room.school_class),
            NewNotice(room.school_class),
            NoticeText(room.school_class, NoticeAsk.READ),
            Board(notice),
            AskToWithdraw(notice),
            WithdrawNotice(notice),
        ):
            assert await room.forged(other, pack(press)) == refusal("class-not-yours", class_title="5А")
        stranger = room.world.someone(666)
        await stranger.send("привет")
        await room.world.settled()
        assert await room.forged(stranger, pack(Board(notice))) == refusal("account-not-linked")
        assert await room.forged(room.teacher, pack(Board(UUID(int=3)))) == refusal("notice-unknown")
        assert await room.forged(room.teacher, pack(Notices(UUID(int=3)))) == refusal("class-gone")
        for old in (Drop(Token("abcdefgh")), NoHurry(Token("abcdefgh")), SendNotice(Token("abcdefgh"), 1)):
            assert "устарела" in await room.forged(room.teacher, pack(old))
    assert (await published(room))[0][-1] is False


async def test_an_administrator_may_see_the_board_of_any_class(room: Classroom) -> None:
    director = await room.world.builder.teacher(room.school, "Орлова Вера", administers=True)
    head = await room.world.linked(102, director)
    async with room.world.running():
        await write(room, "Прочитать", "Отправить")
        notice = UUID(str(await room.values("SELECT id FROM core.notice")))
        await head.send("урок")
        await room.world.settled()
        await head.forge_press(pack(Board(notice)), message_id=last(head).message_id)
        await room.world.settled()
    assert last(head).text.startswith("5А · Экскурсия в музей")
