"""Marks, remarks, homework and notices: at once, in loud hours, with the evening letter, or not at all."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from core.database import Database
from core.events import (
    Addressee,
    Channel,
    DefaultSubscriptions,
    HomeworkState,
    MarkState,
    NoticeAct,
    NoticeAnswer,
    NoticeAsk,
    NoticeState,
    RemarkKind,
    RemarkState,
    homework_subject,
    mark_subject,
    notice_subject,
    remark_subject,
)
from core.school_time import school_date
from gateway import reach, subscriptions
from gateway.categories import Category
from gateway.profiles import OFF, Choice, Mode
from gateway.receipts import ReceiptKind
from tests.integration.gateway_world import UNEXPLAINED, ZONE, Child, GatewayWorld, Parent, gateway_world
from tests.unit.gateway_cases import MORNING
from zvonok.sandbox.mail_faults import CutAfterDot, RefuseConnection

CHAT, BOTH, LETTER = (Channel.TELEGRAM,), (Channel.TELEGRAM, Channel.MAIL), (Channel.MAIL,)
AT_ONCE = Choice(Mode.NOW, Channel.TELEGRAM)
BY_LETTER = Choice(Mode.DAILY, Channel.MAIL, 18)
EVENING = timedelta(hours=9, minutes=20)
"""From 8:40 to 18:00."""


@pytest_asyncio.fixture
async def world(core_database: Database, gateway_database: Database, tmp_path: Path) -> AsyncIterator[GatewayWorld]:
    async with gateway_world(core_database, gateway_database, tmp_path) as made:
        yield made


async def mark(world: GatewayWorld, child: Child, value: int | None, mark_id: UUID, **changes: Any) -> None:
    state = MarkState(
        mark=mark_id,
        pupil=child.id,
        pupil_name=child.name,
        class_title="5 «А»",
        lesson=UUID(int=1),
        day=school_date(MORNING, ZONE),
        lesson_number=2,
        subject_name="математика",
        value=value,
        work="ответ на уроке",
    ).model_copy(update=changes)
    await world.publish(world._event(state, mark_subject(mark_id)))


async def remark(world: GatewayWorld, child: Child, remark_id: UUID, kind: RemarkKind, **changes: Any) -> None:
    state = RemarkState(
        remark=remark_id,
        pupil=child.id,
        pupil_name=child.name,
        class_title="5 «А»",
        kind=kind,
        day=school_date(world.clock.wall, ZONE),
        subject_name="математика",
        author_name="Петрова Мария Ивановна",
        text="Нет тетради",
    ).model_copy(update=changes)
    await world.publish(world._event(state, remark_subject(remark_id)))


async def notice(world: GatewayWorld, notice_id: UUID, *children: Child, **changes: Any) -> None:
    state = NoticeState(
        notice=notice_id,
        class_title="5 «А»",
        pupils=tuple(Addressee(pupil=child.id, name=child.name) for child in children),
        author_name="Петрова Мария Ивановна",
        title="Поездка в музей",
        text="В пятницу едем в музей.\nНужно ваше согласие.",
        text_hash="ab" * 32,
        ask=NoticeAsk.SIGN,
        reply_by=date(2026, 10, 23),
        published_on=school_date(MORNING, ZONE),
    ).model_copy(update=changes)
    await world.publish(world._event(state, notice_subject(notice_id)))


async def choose(world: GatewayWorld, parent: Parent, choice: Choice, *categories: Category) -> None:
    async with world.database.begin() as session:
        for category in categories:
            await subscriptions.choose(session, parent.id, category, choice, at=world.clock.wall)


async def at(world: GatewayWorld, since_morning: timedelta) -> None:
    """Move the clock to so long after 8:40 and settle."""
    world.clock.move(seconds=(MORNING + since_morning - world.clock.wall).total_seconds())
    await world.settle()


# --- at once ----------------------------------------------------------------------------------------------------------


@pytest.mark.req("NOTIF-08", "NOTIF-05")
async def test_a_bad_mark_goes_at_once_to_whoever_chose_that_and_its_correction_edits_it(world: GatewayWorld) -> None:
    child = await world.child(BOTH)
    parent, mark_id = child.parents[0], uuid4()
    await choose(world, parent, AT_ONCE, Category.BAD_MARK)
    await choose(world, parent, OFF, Category.MARK)
    await mark(world, child, 2, mark_id)
    await world.settle()
    assert world.chat(parent) == (), "the undo window is waited out"
    await world.pass_undo()
    (told,) = world.chat(parent)
    assert told.text == (
        "Новая оценка\n\nЁлкина Саша, 5 «А»\nвторник, 20 октября, 2-й урок\n\n• математика: 2 (ответ на уроке)"
    )
    # A 4 is no bad mark, and yet whoever was told of a 2 must know what became of it.
    await mark(world, child, 4, mark_id)
    await world.pass_undo()
    (told,) = world.chat(parent)
    assert told.text.startswith("Исправлено: оценка")
    assert "• математика: было 2, стало 4 (ответ на уроке)" in told.text
    await mark(world, child, 4, uuid4())
    await world.pass_undo()
    assert len(world.chat(parent)) == 1, "good marks are switched off"
    assert world.letters(parent) == ()


async def test_a_mark_taken_back_in_time_is_never_told(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    mark_id = uuid4()
    await choose(world, child.parents[0], AT_ONCE, Category.BAD_MARK, Category.MARK)
    await mark(world, child, 2, mark_id)
    await world.settle()
    await mark(world, child, None, mark_id)
    await world.pass_undo()
    assert world.chat(child.parents[0]) == ()
    assert await world.stands() == {"telegram": ("suppressed", "superseded")}


async def test_who_switched_a_category_off_is_told_nothing_and_the_reason_is_kept(world: GatewayWorld) -> None:
    child = await world.child(BOTH)
    parent = child.parents[0]
    async with world.database.begin() as session:
        await subscriptions.silence(session, parent.id, at=world.clock.wall)
    await mark(world, child, 2, uuid4())
    await world.states(child, {1: UNEXPLAINED})
    await world.pass_undo()
    assert (world.chat(parent), world.letters(parent)) == ((), ())
    reasons = await world.rows("SELECT channel, state, reason FROM gateway.delivery")
    assert {tuple(row) for row in reasons} == {("none", "suppressed", "unsubscribed")}


async def test_whoever_chose_nothing_is_not_said_to_have_chosen(world: GatewayWorld) -> None:
    child = await world.child(BOTH, CHAT)
    silent, sullen = child.parents
    await choose(world, sullen, OFF, Category.HOMEWORK)
    lesson, later = uuid4(), uuid4()
    await world.publish(world._event(homework(lesson, child), homework_subject(lesson)))
    await world.settle()
    await world.publish(world.school_event(default_subscriptions=DefaultSubscriptions.OFF))
    await world.publish(world._event(homework(later, child), homework_subject(later)))
    await world.pass_undo()
    rows = await world.rows("SELECT subject, recipient, reason FROM gateway.delivery")
    assert {(row.subject, row.recipient): row.reason for row in rows} == {
        (homework_subject(lesson), silent.id): "not-recommended",
        (homework_subject(lesson), sullen.id): "unsubscribed",
        (homework_subject(later), silent.id): "not-asked-for",
        (homework_subject(later), sullen.id): "unsubscribed",
    }


# --- quiet hours ------------------------------------------------------------------------------------------------------


async def test_a_remark_of_the_evening_waits_for_the_morning_and_an_absence_does_not(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    parent = child.parents[0]
    await at(world, timedelta(hours=12, minutes=30))
    await remark(world, child, uuid4(), RemarkKind.REMARK)
    await world.pass_undo()
    assert world.chat(parent) == (), "21:10 is quiet"
    await world.states(child, {13: UNEXPLAINED})  # since 20:30: entered in time, so that it is an alarm
    await world.pass_undo()
    assert len(world.chat(parent)) == 1
    await at(world, timedelta(hours=22, minutes=19))
    assert len(world.chat(parent)) == 1, "6:59 is quiet"
    await at(world, timedelta(hours=22, minutes=20))
    assert world.chat(parent)[1].text.startswith("Замечание учителя\n\n")
    assert "«Нет тетради»\nПетрова Мария Ивановна, математика" in world.chat(parent)[1].text


async def test_what_could_not_leave_before_the_quiet_began_waits_it_out(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    parent = child.parents[0]
    await at(world, timedelta(hours=12, minutes=15))
    await remark(world, child, uuid4(), RemarkKind.REMARK)
    await world.plan()
    # Nobody sends for half an hour: due at 20:56, and 21:25 is no time for it any more.
    await at(world, timedelta(hours=12, minutes=45))
    assert world.chat(parent) == ()
    await at(world, timedelta(hours=22, minutes=21))
    assert len(world.chat(parent)) == 1


# --- the evening letter -----------------------------------------------------------------------------------------------


@pytest.mark.req("NOTIF-14")
async def test_what_is_daily_leaves_in_one_letter_and_a_correction_with_the_next(world: GatewayWorld) -> None:
    child = await world.child(BOTH)
    parent, bad = child.parents[0], uuid4()
    await choose(world, parent, BY_LETTER, Category.BAD_MARK, Category.MARK, Category.REMARK)
    await mark(world, child, 2, bad)
    await mark(world, child, 5, uuid4(), subject_name="русский язык")
    await remark(world, child, uuid4(), RemarkKind.REMARK)
    await world.pass_undo()
    assert (world.chat(parent), world.letters(parent)) == ((), ())
    await at(world, EVENING + timedelta(seconds=1))
    (letter,) = world.letters(parent)
    assert letter.subject == "Новости из школы за 20 октября: Ёлкина Саша, 5 «А»"
    said = letter.text or ""
    assert [line in said for line in ("• математика: 2 (ответ на уроке), 20 октября", "• русский язык: 5 (")] == [
        True
    ] * 2
    assert "• Замечание учителя: «Нет тетради» (Петрова Мария Ивановна, математика)" in said
    assert {row.state for row in await world.rows("SELECT state FROM gateway.delivery")} == {"accepted"}
    await mark(world, child, 4, bad)
    await world.pass_undo()
    assert len(world.letters(parent)) == 1
    await at(world, EVENING + timedelta(days=1, seconds=1))
    (_, second) = world.letters(parent)
    assert "• математика: было 2, стало 4 (ответ на уроке), 20 октября" in (second.text or "")
    assert "русский" not in (second.text or "")
    assert world.chat(parent) == ()


async def test_an_evening_without_news_has_no_letter(world: GatewayWorld) -> None:
    child = await world.child(LETTER)
    mark_id = uuid4()
    await mark(world, child, 2, mark_id)
    await world.pass_undo()
    await mark(world, child, None, mark_id)
    await at(world, EVENING + timedelta(seconds=1))
    assert world.letters(child.parents[0]) == ()
    assert await world.stands() == {"mail": ("suppressed", "superseded")}


async def test_a_letter_takes_nobody_elses_child_and_two_children_share_it(world: GatewayWorld) -> None:
    first = await world.child(LETTER)
    parent = first.parents[0]
    second, stranger = await world.child(name="Ёлкин Миша"), await world.child(LETTER, name="Щукина Мира")
    await world.publish(world.follow_event(second, parent))
    for child in (first, second, stranger):
        await mark(world, child, 5, uuid4())
    await at(world, EVENING + timedelta(seconds=1))
    (letter,) = world.letters(parent)
    assert "Ёлкина Саша" in letter.subject
    assert "Ёлкин Миша" in letter.subject
    assert "Щукина" not in (letter.text or "") + letter.subject


async def test_what_comes_after_a_letter_was_claimed_goes_into_the_next_and_none_is_split(world: GatewayWorld) -> None:
    child = await world.child(LETTER)
    parent = child.parents[0]
    await mark(world, child, 2, uuid4())
    await mark(world, child, 3, uuid4())
    await at(world, EVENING + timedelta(seconds=1))
    # Switched on after the letter of its slot has left: the planner may not open that letter again.
    await choose(world, parent, OFF, Category.BAD_MARK)
    await mark(world, child, 1, uuid4())
    await world.pass_undo()
    await choose(world, parent, BY_LETTER, Category.BAD_MARK)
    assert len(world.letters(parent)) == 1
    assert await world.value("SELECT count(*) FROM gateway.bundle WHERE closed_at IS NULL") == 0
    await mark(world, child, 4, uuid4())
    await at(world, EVENING + timedelta(days=1, seconds=1))
    assert len(world.letters(parent)) == 2


async def test_a_dead_mailbox_sends_the_evening_to_the_chat(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    await mark(world, child, 2, uuid4())
    await at(world, EVENING + timedelta(seconds=1))
    (told,) = world.chat(child.parents[0])
    assert told.text.startswith("Новости из школы за 20 октября\n\nЁлкина Саша, 5 «А»\n• математика: 2")


async def test_a_change_of_mind_counts_for_what_waits(world: GatewayWorld) -> None:
    child = await world.child(BOTH)
    parent = child.parents[0]
    await mark(world, child, 2, uuid4())
    await world.pass_undo()
    assert world.chat(parent) == ()
    await choose(world, parent, AT_ONCE, Category.BAD_MARK)
    await world.settle()
    assert len(world.chat(parent)) == 1
    await at(world, EVENING + timedelta(seconds=1))
    assert world.letters(parent) == (), "told at once, not told again in the evening"


# --- notices ----------------------------------------------------------------------------------------------------------


async def test_a_notice_names_the_readers_own_children_only_and_shows_only_his_own_answer(world: GatewayWorld) -> None:
    first = await world.child(CHAT, CHAT)
    parent, other = first.parents
    second, stranger = await world.child(name="Ёлкин Миша"), await world.child(CHAT, name="Щукина Мира")
    await world.publish(world.follow_event(second, parent), world.follow_event(second, other, barred=True))
    notice_id = uuid4()
    await notice(world, notice_id, first, second, stranger)
    await world.pass_undo()
    (told,) = world.chat(parent)
    assert told.text.startswith("Объявление: Поездка в музей\n\nЁлкина Саша, Ёлкин Миша, 5 «А»\n\nВ пятницу едем")
    assert told.text.endswith("Нужна ваша подпись. Последний день — пятница, 23 октября.")
    assert [button.label for row in told.buttons for button in row] == ["Подписать", "Не подписывать"]
    assert "Ёлкина Саша, 5 «А»\n" in world.chat(other)[0].text
    assert "Щукина Мира, 5 «А»\n" in world.chat(stranger.parents[0])[0].text
    signed = NoticeAnswer(guardian=parent.id, act=NoticeAct.SIGNED, at=world.clock.wall)
    await notice(world, notice_id, first, second, stranger, answers=(signed,))
    await world.settle()
    (told,) = world.chat(parent)
    assert told.text.endswith("Вы подписали. Спасибо!")
    assert [button.label for row in told.buttons for button in row] == ["Изменить ответ"]
    assert "подписали" not in world.chat(other)[0].text
    assert len(world.chat(other)) == 1


async def test_the_board_says_who_was_told_who_acted_and_why_somebody_was_not(world: GatewayWorld) -> None:
    child = await world.child(CHAT, CHAT)
    silent = await world.child(CHAT, consent_given_on=None)
    told, acted = child.parents
    notice_id = uuid4()
    await notice(world, notice_id, child, silent, ask=NoticeAsk.READ, reply_by=None)
    await world.pass_undo()
    await world.press(acted, ReceiptKind.ACKNOWLEDGED, key="press:1")
    await world.settle()
    async with world.database.begin() as session:
        seen = await reach.reached(session, notice_subject(notice_id), school_date(MORNING, ZONE))
    assert (seen[told.id].told, seen[told.id].acted) == (True, False)
    assert (seen[acted.id].told, seen[acted.id].acted) == (True, True)
    assert (seen[silent.parents[0].id].told, seen[silent.parents[0].id].reason) == (False, "no-consent")
    assert world.chat(acted)[0].text.endswith("Вы отметили: понятно.")


def homework(lesson: UUID, child: Child) -> HomeworkState:
    return HomeworkState(
        lesson=lesson,
        class_title="5 «А»",
        pupils=(Addressee(pupil=child.id, name=child.name),),
        subject_name="математика",
        set_on=date(2026, 10, 20),
        due_on=date(2026, 10, 22),
        text="№ 12, 13",
    )


async def test_homework_is_told_to_whoever_wants_it_with_its_change(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    parent, lesson = child.parents[0], uuid4()
    await choose(world, parent, AT_ONCE, Category.HOMEWORK)
    state = homework(lesson, child)
    await world.publish(world._event(state, homework_subject(lesson)))
    await world.pass_undo()
    (told,) = world.chat(parent)
    assert told.text == ("Домашнее задание: математика\n\nЁлкина Саша, 5 «А»\nК уроку: четверг, 22 октября\n\n№ 12, 13")
    await world.publish(world._event(state.model_copy(update={"text": "№ 14"}), homework_subject(lesson)))
    await world.pass_undo()
    assert world.chat(parent)[0].text.startswith("Изменилось домашнее задание: математика")
    assert len(world.chat(parent)) == 1


# --- what nobody knows ---------------------------------------------------------------------------------------------
# --- what nobody knows --------------------------------------------------------------------------------------------


async def test_a_letter_of_unknown_outcome_goes_once_more_whole_and_then_no_more(world: GatewayWorld) -> None:
    child = await world.child(LETTER)
    await mark(world, child, 2, uuid4())
    await mark(world, child, 3, uuid4())
    await world.pass_undo()
    # As if the process had died with the letter on the wire: claimed, marked as sending, never recorded.
    await at(world, EVENING - timedelta(seconds=30))
    await world.do(
        "UPDATE gateway.delivery SET state = 'sending', claim = gen_random_uuid(), epoch = 0, lease_until = :past,"
        " attempts = 1",
        past=world.clock.wall - timedelta(hours=1),
    )
    await world.do(
        "INSERT INTO gateway.attempt (id, month, delivery, act, gen, version, content_key, epoch, started_at)"
        " SELECT gen_random_uuid(), month, id, 'send', 0, 1, want_key, 0, :past FROM gateway.delivery",
        past=world.clock.wall - timedelta(hours=1),
    )
    await at(world, EVENING + timedelta(minutes=10))
    await world.retry_for(30)
    (letter,) = world.letters(child.parents[0])
    assert (letter.text or "").count("• математика") == 2
    assert {row.state for row in await world.rows("SELECT state FROM gateway.delivery")} == {"accepted"}


async def test_a_letter_that_a_dead_courier_had_only_claimed_leaves_the_same_evening(world: GatewayWorld) -> None:
    child = await world.child(LETTER)
    bad = uuid4()
    await mark(world, child, 2, bad)
    await mark(world, child, 3, uuid4())
    await world.pass_undo()
    await at(world, EVENING - timedelta(seconds=30))
    await world.do("UPDATE gateway.bundle SET closed_at = :at", at=world.clock.wall)
    await world.do(
        "UPDATE gateway.delivery SET state = 'claimed', claim = gen_random_uuid(), epoch = 0, lease_until = :past",
        past=world.clock.wall - timedelta(hours=1),
    )
    # Corrected meanwhile: the letter that leaves is true.
    await mark(world, child, 4, bad)
    await at(world, EVENING + timedelta(minutes=2))
    await world.retry_for(3)
    (letter,) = world.letters(child.parents[0])
    assert (letter.text or "").count("• математика") == 2
    assert "• математика: 4 (ответ" in (letter.text or "")
    assert await world.value("SELECT count(*) FROM gateway.bundle") == 1


async def test_a_mail_server_that_is_away_delays_the_letter_and_loses_nothing_of_it(world: GatewayWorld) -> None:
    child = await world.child(LETTER)
    await mark(world, child, 2, uuid4())
    await mark(world, child, 3, uuid4())
    world.catcher.faults.arm(RefuseConnection(), times=3)
    await at(world, EVENING + timedelta(seconds=1))
    assert world.letters(child.parents[0]) == ()
    await mark(world, child, 5, uuid4())
    await world.retry_for(40)
    (letter,) = world.letters(child.parents[0])
    assert (letter.text or "").count("• математика") == 2, "what came later waits for the next letter"
    await at(world, EVENING + timedelta(days=1, seconds=1))
    assert len(world.letters(child.parents[0])) == 2


async def test_a_letter_cut_after_the_dot_comes_twice_at_most_and_tells_the_same(world: GatewayWorld) -> None:
    child = await world.child(LETTER)
    await mark(world, child, 2, uuid4())
    await mark(world, child, 3, uuid4())
    world.catcher.faults.arm(CutAfterDot(), times=1)
    await at(world, EVENING + timedelta(seconds=1))
    await world.retry_for(40)
    letters = world.letters(child.parents[0])
    assert 1 <= len(letters) <= 2
    assert len({letter.text for letter in letters}) == 1
    assert {row.state for row in await world.rows("SELECT state FROM gateway.delivery")} == {"accepted"}


async def test_an_evening_too_long_for_one_message_says_how_much_more_there_is(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    await choose(world, child.parents[0], Choice(Mode.DAILY, Channel.TELEGRAM, 18), Category.REMARK)
    for number in range(8):
        await remark(world, child, uuid4(), RemarkKind.REMARK, text=f"{number} " + "😀" * 400)
    await at(world, EVENING + timedelta(seconds=1))
    (told,) = world.chat(child.parents[0])
    shown = told.text.count("Замечание учителя")
    assert 1 <= shown < 8
    assert told.text.endswith(f"И ещё {8 - shown} записи: они в дневнике и среди объявлений, /diary и /notices")
    assert len(told.text.encode("utf-16-le")) // 2 <= 4096
    assert {row.state for row in await world.rows("SELECT state FROM gateway.delivery")} == {"accepted"}


async def test_a_notice_that_asks_for_an_answer_does_not_wait_for_the_evening(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    parent = child.parents[0]
    await choose(world, parent, Choice(Mode.DAILY, Channel.TELEGRAM, 18), Category.NOTICE)
    await notice(world, uuid4(), child, ask=NoticeAsk.READ)
    await notice(world, uuid4(), child, ask=NoticeAsk.SIGN)
    await world.pass_undo()
    (told,) = world.chat(parent)
    assert told.buttons
    await at(world, EVENING + timedelta(seconds=1))
    assert len(world.chat(parent)) == 2
