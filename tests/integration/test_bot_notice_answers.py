"""A parent's answers to notices at the wire, with the real gateway between the class teacher and the message."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import text

from bot.parent_payloads import AskToRefuse, AskToSign, Confirm, Listed, Open, Sign, Told, pack_parent, shown_signs
from core import free_text
from core.consent import consents
from core.consent.consent_entries import Decision
from core.database import Database
from core.events import NoticeAct, NoticeAsk
from core.notice import notices
from core.notice.notices import NoticeDraft, hash_of
from core.refusals import Invalid
from core.school.schools import SchoolCard
from tests.integration.bot_home import HandGateway, act_of, forged, hand_gateway, payload_of, pressed
from tests.integration.bot_world import BotWorld, Rooms, bot_world, last
from zvonok.sandbox.people import Person

TITLE, TEXT = "Экскурсия в музей", "Едем в пятницу, 23 октября. Возьмите паспорт и обед."
STALE = "Эта кнопка не для вас или устарела. Ничего не изменилось."
NOT_YOURS = "Этого объявления нет, или оно не для вас."


@dataclass
class Board:
    """A class with two children, a parent of each, and its class teacher."""

    world: BotWorld
    gateway: HandGateway
    school: SchoolCard
    school_class: UUID
    teacher: UUID
    child: UUID
    mother_id: UUID
    mother: Person
    other_id: UUID
    other: Person
    published: int = 0

    async def publish(
        self, ask: NoticeAsk, *, title: str = TITLE, words: str = TEXT, reply_by: date | None = None
    ) -> UUID:
        """Let the class teacher publish, and bring it to the parents."""
        self.published += 1
        act = act_of(self.world, self.teacher, f"notice-{self.published}")
        async with self.world.desk.core.begin() as session:
            made = await notices.publish(session, act, self.school_class, NoticeDraft(title, words, ask, reply_by))
        self.world.clock.move(seconds=1)
        await self.gateway.deliver()
        return made

    async def withdraw(self, notice: UUID) -> None:
        """Let the class teacher take it back."""
        async with self.world.desk.core.begin() as session:
            await notices.withdraw(session, act_of(self.world, self.teacher, "withdraw"), notice)

    async def answers(self) -> list[tuple[UUID, str, str]]:
        """List what was answered, as the journal has it."""
        async with self.world.desk.core.begin() as session:
            rows = await session.execute(
                text("SELECT guardian_id, act, text_hash FROM core.notice_answer ORDER BY seq")
            )
            return [(row.guardian_id, row.act, row.text_hash) for row in rows]

    async def says(self, words: str) -> str:
        """Let the mother write, and return the answer."""
        await self.mother.send(words)
        await self.world.settled()
        return last(self.mother).text


@pytest.fixture
async def board(core_database: Database, gateway_database: Database, bot_database: Database) -> AsyncIterator[Board]:
    async with bot_world(Rooms(core_database, gateway_database, bot_database)) as world, hand_gateway(world) as gateway:
        builder = world.builder
        school = await builder.school(undo_window=0)
        teacher = await builder.teacher(school, "Кузнецова Мария Петровна")
        school_class = await builder.school_class(school, "5А", teacher)
        child = await builder.pupil(school_class, "Иванова Анна Петровна")
        mother_id = await builder.guardian(child, name="Иванова Ольга")
        other_id = await builder.guardian(await builder.pupil(school_class, "Петров Олег"), name="Петрова Нина")
        mother, other = await world.linked(200, mother_id), await world.linked(300, other_id)
        yield Board(world, gateway, school, school_class, teacher, child, mother_id, mother, other_id, other)


async def test_a_confirmation_counts_at_once_and_the_message_shows_it(board: Board) -> None:
    await board.publish(NoticeAsk.CONFIRM)
    told = last(board.mother)
    assert TEXT in told.text
    async with board.world.running():
        answer = await pressed(board.world, board.mother, "Прочитано")
    assert (answer.text, answer.show_alert) == ("Спасибо! Школа видит, что вы прочитали.", False)
    assert await board.answers() == [(board.mother_id, "confirmed", hash_of(TITLE, TEXT))]
    assert await board.gateway.receipts() == [("acknowledged", "confirmed")]
    await board.gateway.deliver()
    redrawn = last(board.mother)
    assert redrawn.message_id == told.message_id
    assert "Вы подтвердили: прочитано." in redrawn.text
    assert redrawn.labels() == ()
    assert "Вы подтвердили" not in last(board.other).text


async def test_a_notice_that_asks_nothing_is_understood(board: Board) -> None:
    await board.publish(NoticeAsk.READ)
    async with board.world.running():
        answer = await pressed(board.world, board.mother, "Понятно")
    assert answer.text == "Спасибо! Отметили, что вы в курсе."
    assert await board.gateway.receipts() == [("acknowledged", None)]
    assert await board.answers() == []


@pytest.mark.parametrize(
    ("first", "second", "act", "thanks", "stands"),
    [
        ("Подписать", "Подписываю", "signed", "Подписано. Спасибо!", "✓ Вы подписали: 20 октября, 8:"),
        (
            "Не подписывать",
            "Не подписываю",
            "refused",
            "Записано: вы не подписываете. Классный руководитель это видит.",
            "Вы ответили, что не подписываете: 20 октября, 8:",
        ),
    ],
)
async def test_only_the_second_press_under_the_exact_text_signs(
    board: Board, first: str, second: str, act: str, thanks: str, stands: str
) -> None:
    await board.publish(NoticeAsk.SIGN, reply_by=date(2026, 10, 22))
    told = last(board.mother)
    async with board.world.running():
        await pressed(board.world, board.mother, first)
        question = last(board.mother)
        assert question.message_id != told.message_id
        assert f"{TITLE}\n\n{TEXT}\n\n5А: Иванова Анна\n" in question.text
        assert question.labels() == (second, "‹ Назад")
        assert ("Точно не подписывать?" in question.text) is (act == "refused")
        assert await board.answers() == []
        assert await board.gateway.receipts() == []
        answer = await pressed(board.world, board.mother, second)
    assert answer.text == thanks
    assert await board.answers() == [(board.mother_id, act, hash_of(TITLE, TEXT))]
    assert await board.gateway.receipts() == [("acknowledged", act)]
    done = last(board.mother)
    assert done.message_id == question.message_id
    assert done.text.startswith(stands)
    assert "\nИзменить ответ можно по этот день включительно: четверг, 22 октября." in done.text
    assert done.labels() == ("Изменить ответ", "Текст объявления", "Объявления")
    await board.gateway.deliver()
    redrawn = next(one for one in board.mother.chat.messages if one.message_id == told.message_id)
    assert redrawn.labels() == ("Изменить ответ",)
    async with board.world.running():
        await board.mother.press("Изменить ответ", message_id=told.message_id)
        await board.world.settled()
    other = {"Подписываю", "Не подписываю"} - {second}
    assert last(board.mother).labels() == (*other, "‹ Назад")


async def test_back_leaves_everything_unanswered(board: Board) -> None:
    await board.publish(NoticeAsk.SIGN)
    async with board.world.running():
        await board.world.taps(board.mother, "Подписать", "‹ Назад")
    assert last(board.mother).text.startswith(f"{TITLE}\n\n{TEXT}")
    assert "Ждёт вашей подписи." in last(board.mother).text
    assert last(board.mother).labels() == ("Подписать", "Не подписывать", "Объявления")
    assert await board.answers() == []


async def test_pressed_twice_signs_once_and_a_change_of_mind_is_recorded(board: Board) -> None:
    await board.publish(NoticeAsk.SIGN)
    async with board.world.running():
        await board.world.taps(board.mother, "Подписать")
        sign = payload_of(board.mother, "Подписываю")
        for _ in range(2):
            answer = await forged(board.world, board.mother, sign)
            assert answer.text == "Подписано. Спасибо!"
        assert [act for _, act, _ in await board.answers()] == ["signed"]
        assert await board.gateway.receipts() == [("acknowledged", "signed")]
        board.world.clock.move(seconds=1)
        await board.world.taps(board.mother, "Объявления", TITLE, "Изменить ответ")
        assert "✓ Вы подписали: 20 октября, 8:" in last(board.mother).text
        await board.world.taps(board.mother, "Не подписываю")
    assert [act for _, act, _ in await board.answers()] == ["signed", "refused"]
    assert await board.gateway.receipts() == [("acknowledged", "signed"), ("acknowledged", "refused")]


async def test_an_answer_is_changed_under_itself_and_a_refusal_is_nowhere_called_understood(board: Board) -> None:
    await board.publish(NoticeAsk.SIGN)
    async with board.world.running():
        await board.world.taps(board.mother, "Не подписывать", "Не подписываю")
        assert "\nПока ответы принимаются, его можно изменить." in last(board.mother).text
        await board.gateway.deliver()
        assert not any("понятно" in message.text.lower() for message in board.mother.chat.messages)
        board.world.clock.move(seconds=1)
        await board.world.taps(board.mother, "Изменить ответ")
        question = last(board.mother)
        assert "Вы ответили, что не подписываете: 20 октября, 8:" in question.text
        assert "Новый ответ заменит этот: классный руководитель увидит новый." in question.text
        assert question.labels() == ("Подписываю", "‹ Назад")
        await board.world.taps(board.mother, "‹ Назад")
        assert last(board.mother).labels() == ("Изменить ответ", "Объявления")
        await board.world.taps(board.mother, "Изменить ответ", "Подписываю")
    assert [act for _, act, _ in await board.answers()] == ["refused", "signed"]


async def test_after_the_last_day_no_button_offers_another_answer(board: Board) -> None:
    await board.publish(NoticeAsk.SIGN, reply_by=date(2026, 10, 20))
    async with board.world.running():
        await board.world.taps(board.mother, "Не подписывать", "Не подписываю")
        board.world.clock.move(days=1)
        answer = await pressed(board.world, board.mother, "Изменить ответ")
        assert answer.show_alert
        await board.world.taps(board.mother, "Текст объявления")
    assert last(board.mother).labels() == ("Объявления",)
    assert "изменить" not in last(board.mother).text.lower()


async def test_of_two_cards_the_older_one_overturns_nothing_and_shows_what_is_true(board: Board) -> None:
    await board.publish(NoticeAsk.SIGN)
    told = last(board.mother).message_id
    async with board.world.running():
        await board.world.taps(board.mother, "Не подписывать")
        older, refuse = last(board.mother), payload_of(board.mother, "Не подписываю")
        await board.mother.press("Подписать", message_id=told)
        await board.world.settled()
        await board.world.taps(board.mother, "Подписываю")
        answer = await board.mother.forge_press(refuse, message_id=older.message_id, within=5)
        await board.world.settled()
        assert answer is not None
        assert (answer.text, answer.show_alert) == (
            "Вы с тех пор уже ответили, поэтому эта кнопка ничего не изменила. Вот что записано сейчас.",
            True,
        )
        shown = next(one for one in board.mother.chat.messages if one.message_id == older.message_id)
        assert "✓ Вы подписали: 20 октября, 8:" in shown.text
        assert shown.labels() == ("Изменить ответ", "Объявления")
        again = await board.mother.press("Подписать", message_id=told, within=5)
        await board.world.settled()
    assert again is not None
    assert again.text == "Вы уже так и ответили."
    assert "✓ Вы подписали: 20 октября, 8:" in last(board.mother).text
    assert [act for _, act, _ in await board.answers()] == ["signed"]
    assert await board.gateway.receipts() == [("acknowledged", "signed")]


async def test_a_confirmation_pressed_twice_is_noted_once(board: Board) -> None:
    await board.publish(NoticeAsk.CONFIRM)
    confirm = payload_of(board.mother, "Прочитано")
    async with board.world.running():
        for _ in range(2):
            assert (await forged(board.world, board.mother, confirm)).text == "Спасибо! Школа видит, что вы прочитали."
    assert [act for _, act, _ in await board.answers()] == ["confirmed"]
    assert await board.gateway.receipts() == [("acknowledged", "confirmed")]


async def test_a_signature_handled_twice_counts_once(board: Board) -> None:
    await board.publish(NoticeAsk.SIGN)
    async with board.world.running():
        await board.world.taps(board.mother, "Подписать", "Подписываю")
    async with board.world.desk.bot.begin() as session:
        await session.execute(text("UPDATE bot.inbox SET done_at = NULL, due_at = received_at"))
    async with board.world.running():
        await board.world.settled()
    assert len(await board.answers()) == 1
    assert await board.gateway.receipts() == [("acknowledged", "signed")]


async def test_too_late_withdrawn_or_another_text_is_said_clearly(board: Board) -> None:
    notice = await board.publish(NoticeAsk.SIGN, reply_by=date(2026, 10, 20))
    async with board.world.running():
        await board.world.taps(board.mother, "Подписать")
        first, sign = payload_of(board.mother, "Подписать"), payload_of(board.mother, "Подписываю")
        other_text = sign[:-14] + shown_signs(hash_of(TITLE, "Едем в субботу."))
        said = [(await forged(board.world, board.mother, other_text)).text]
        board.world.clock.move(days=1)
        said += [(await forged(board.world, board.mother, button)).text for button in (sign, first)]
        await board.withdraw(notice)
        said += [(await forged(board.world, board.mother, button)).text for button in (sign, first)]
    assert said == [
        "Текст объявления изменился. Прочитайте его ещё раз и ответьте снова.",
        *["Последний день для ответа прошёл. Если ответ всё ещё важен, напишите классному руководителю."] * 2,
        *["Школа отозвала это объявление, отвечать не нужно."] * 2,
    ]
    assert (await board.answers(), await board.gateway.receipts()) == ([], [])


async def test_somebody_elses_message_and_notice_stay_his(board: Board) -> None:
    notice = await board.publish(NoticeAsk.SIGN)
    stranger = board.world.someone(666)
    shown = shown_signs(hash_of(TITLE, TEXT))
    async with board.world.running():
        await board.world.taps(board.mother, "Подписать")
        first, second = payload_of(board.mother, "Подписать"), payload_of(board.mother, "Подписываю")
        await stranger.start()
        await board.world.settled()
        for thief in (board.other, stranger):
            assert (await forged(board.world, thief, first)).text == STALE
            assert (await forged(board.world, thief, second)).text == NOT_YOURS
            for press in (
                AskToRefuse(Listed(board.mother_id, notice)),
                Open(Listed(board.mother_id, notice)),
                AskToSign(Listed(board.mother_id, notice)),
                Sign(Listed(board.mother_id, notice), NoticeAct.SIGNED, shown),
                Sign(Told(UUID(int=5)), NoticeAct.SIGNED, shown),
            ):
                answer = await forged(board.world, thief, pack_parent(press))
                assert answer.show_alert
                assert answer.text
    assert (await board.answers(), await board.gateway.receipts()) == ([], [])


async def test_a_button_of_another_kind_of_message_does_nothing(board: Board) -> None:
    await board.publish(NoticeAsk.SIGN)
    delivery = payload_of(board.mother, "Подписать").split(":")[1]
    async with board.world.running():
        assert (await forged(board.world, board.mother, f"a:{delivery}:ill")).text == STALE
        assert (await forged(board.world, board.mother, f"a:{delivery}:unaware")).text == STALE
        confirm = await forged(board.world, board.mother, f"a:{delivery}:confirm")
        assert (confirm.text or "").startswith("На это объявление так не отвечают.")
    assert (await board.answers(), await board.gateway.receipts()) == ([], [])


@pytest.mark.parametrize("lost", ["barred = true", "until = '2026-10-19'"])
async def test_who_lost_the_right_reads_and_answers_nothing(board: Board, lost: str) -> None:
    await board.publish(NoticeAsk.SIGN)
    await board.publish(NoticeAsk.READ, title="Сбор у входа")
    async with board.world.running():
        await board.world.taps(board.mother, "Подписать")
        buttons = [payload_of(board.mother, label) for label in ("Понятно", "Подписать", "Подписываю")]
        async with board.world.desk.core.begin() as session:
            change = f"UPDATE core.guardianship SET {lost} WHERE guardian_id = :mother"  # noqa: S608 - our own words
            await session.execute(text(change), {"mother": board.mother_id})
        for button in buttons:
            answer = await forged(board.world, board.mother, button)
            assert "не записан ни один ученик" in (answer.text or "")
        assert "не записан ни один ученик" in await board.says("/notices")
    assert (await board.answers(), await board.gateway.receipts()) == ([], [])


async def test_whoever_withdrew_his_consent_is_told_whom_to_ask(board: Board) -> None:
    await board.publish(NoticeAsk.SIGN)
    act = act_of(board.world, board.teacher, "withdrawn")
    withdrawn = Decision(given=False, since=act.at.date())
    async with board.world.desk.core.begin() as session:
        await consents.record(session, act, board.child, board.mother_id, withdrawn)
    async with board.world.running():
        said = await board.says("/notices")
        assert said.startswith("Без вашего согласия на обработку персональных данных объявления здесь не видны.")
        assert "О ком речь: Иванова Анна" in said
        assert TITLE not in said
        answer = await pressed(board.world, board.mother, "Подписать")
        assert (answer.text[:53], answer.show_alert) == ("Вашего согласия на обработку персональных данных сейч", True)
    assert await board.answers() == []


async def test_the_list_shows_what_waits_first_and_lets_it_be_answered(board: Board) -> None:
    await board.publish(NoticeAsk.SIGN)
    await board.publish(NoticeAsk.CONFIRM, title="Собрание", words="В среду в 18:00.", reply_by=date(2026, 10, 21))
    gone = await board.publish(NoticeAsk.CONFIRM, title="Субботник", words="В субботу в 10:00.")
    await board.withdraw(gone)
    async with board.world.running():
        assert await board.says("/notices") == (
            "Объявления. Ждут ответа: 2.\n\n"
            "Собрание\n5А: Иванова Анна\n"
            "Ждёт ответа: подтвердите, что прочитали. Последний день — среда, 21 октября.\n\n"
            "Экскурсия в музей\n5А: Иванова Анна\nЖдёт вашей подписи.\n\n"
            "Субботник\n5А: Иванова Анна\nШкола отозвала это объявление, отвечать не нужно."
        )
        listed = last(board.mother).message_id
        await board.world.taps(board.mother, "Собрание")
        assert last(board.mother).text.startswith("Собрание\n\nВ среду в 18:00.\n\n5А: Иванова Анна\nКузнецова Мария")
        await board.world.taps(board.mother, "Прочитано")
        assert last(board.mother).text.startswith("✓ Вы подтвердили, что прочитали: 20 октября, 8:")
        await board.world.taps(board.mother, "Объявления", TITLE, "Подписать")
        assert TEXT in last(board.mother).text
        await board.world.taps(board.mother, "‹ Назад", "Подписать", "Подписываю", "Объявления")
        assert last(board.mother).text.startswith("Объявления. Отвечать сейчас не на что.")
        await board.world.taps(board.mother, TITLE, "Изменить ответ", "Не подписываю")
    assert last(board.mother).message_id == listed
    assert [act for _, act, _ in await board.answers()] == ["confirmed", "signed", "refused"]


async def test_a_long_list_has_pages(board: Board) -> None:
    for number in range(10):
        await board.publish(NoticeAsk.READ, title=f"Объявление {number}")
    async with board.world.running():
        await board.says("/notices")
        first = last(board.mother).labels()
        await board.world.taps(board.mother, "Старше ›")
        second = last(board.mother).labels()
        await board.world.taps(board.mother, "‹ Новее")
    assert (len(first), len(second)) == (10, 4)
    assert last(board.mother).labels() == first


async def test_the_longest_text_is_shown_whole_before_it_is_signed(board: Board) -> None:
    words = "🎒" * 1496 + " и обед."
    assert free_text.length(words) == notices.TEXT_LONGEST == 3000
    with pytest.raises(Invalid, match="notice-text-too-long"):
        await board.publish(NoticeAsk.SIGN, words=f"{words}.")
    await board.publish(NoticeAsk.SIGN, words=words)
    async with board.world.running():
        await board.says("/notices")
        for button in (TITLE, "Подписать"):
            await board.world.taps(board.mother, button)
            assert words in last(board.mother).text
        await board.world.taps(board.mother, "Подписываю")
    assert [act for _, act, _ in await board.answers()] == ["signed"]


async def test_without_notices_the_list_says_so_and_a_confirmation_needs_a_notice(board: Board) -> None:
    async with board.world.running():
        assert (await board.says("/notices")).startswith("Объявлений пока нет.")
        press = pack_parent(Confirm(Listed(board.mother_id, UUID(int=9))))
        assert (await forged(board.world, board.mother, press)).text == NOT_YOURS
