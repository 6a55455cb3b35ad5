"""One conversation on both messengers: the same acts, the same code of the bot, real HTTP and PostgreSQL under it."""

from collections.abc import AsyncIterator
from datetime import date, time, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any

import pytest
from sqlalchemy import text

from bot.max_messages import KEEP
from core.account import accounts
from core.database import Database
from core.events import Channel
from gateway.heads import Heads
from gateway.intake import Intake
from gateway.muted_chats import UNTIL_UNMUTED
from tests.integration.bot_world import MAX_TOKEN, BotWorld, Rooms, account_of, bot_world, last
from tests.integration.eventually import eventually
from tests.integration.sandbox_wire import BOT_ID
from zvonok.sandbox.faults import Cut, Fault, Garbage, Refused, Scope, TooMany
from zvonok.sandbox.max_api import MaxEmulator
from zvonok.sandbox.max_world import MaxWorld

NAMES = ("Абрамов Глеб Ильич", "Ёлкин Вадим Олегович", "Иванова Анна Петровна")
BORN = date(2014, 3, 5)
GUARDIAN, TEACHER = 200, 100
PUT_OFF = "SELECT EXISTS (SELECT FROM bot.inbox WHERE done_at IS NULL AND attempts = 0 AND due_at > :now)"


@pytest.fixture
def rooms(core_database: Database, gateway_database: Database, bot_database: Database) -> Rooms:
    return Rooms(core_database, gateway_database, bot_database)


@pytest.fixture
async def world(rooms: Rooms) -> AsyncIterator[BotWorld]:
    async with bot_world(rooms, messenger=Channel.MAX) as made:
        yield made


@pytest.mark.parametrize("messenger", [Channel.TELEGRAM, Channel.MAX])
async def test_a_guardian_and_a_teacher_join_and_a_roll_is_called_with_a_restart_in_the_middle(
    rooms: Rooms, messenger: Channel
) -> None:
    async with bot_world(rooms, messenger=messenger) as world:
        builder = world.builder
        school = await builder.school()
        person = await builder.teacher(school, "Кузнецова Мария Петровна")
        school_class = await builder.school_class(school, "5А")
        await builder.pupils(school_class, *NAMES)
        child = await builder.pupil(school_class, "Яшин Лев", BORN)
        guardian = await builder.guardian(child, name="Яшин Пётр")
        lesson = await builder.lesson(school_class, person, time(8, 30))
        parent, teacher = world.someone(GUARDIAN, "Пётр"), world.someone(TEACHER, "Мария")
        async with world.running():
            await parent.start(await builder.code(guardian))
            await world.settled()
            assert "Напишите дату рождения" in last(parent).text
            await parent.send("5 марта 2014")
            await world.settled()
            assert last(parent).text.startswith("Готово! Этот чат связан с журналом: Яшин Пётр.")
            await teacher.start(await builder.code(person))
            await world.settled()
            roster = last(teacher)
            assert roster.text.startswith("5А · математика")
            await world.taps(teacher, "Ёлкин В.")
        # A new process edits the message that the old one sent.
        async with world.running():
            await world.taps(teacher, "Иванова А.", "Готово: отсутствуют 2")
        assert last(teacher).message_id == roster.message_id
        assert last(teacher).labels()
        absent = "SELECT count(*) FROM core.absence WHERE lesson_id = :lesson"
        assert await world.core_value(absent, lesson=lesson) == 2
        async with world.desk.core.begin() as session:
            for user in (GUARDIAN, TEACHER):
                assert len(await accounts.persons_behind(session, account_of(user, messenger))) == 1


async def test_max_never_gets_more_than_it_grants(world: BotWorld) -> None:
    emulator = max_of(world)
    emulator.enforce()
    person = world.someone(GUARDIAN, "Пётр")
    async with world.running():
        for word in ("/start", *("что-нибудь",) * 5):
            await person.send(word)
        await eventually(lambda: len(emulator.log.delivered(GUARDIAN)) == 6)
    assert [one.answer.code for one in emulator.log.of("POST /messages") if one.answer.code != HTTPStatus.OK] == []


async def test_a_roll_that_is_tapped_fast_shows_the_last_tap_soon_and_asks_max_for_no_more_than_it_grants(
    world: BotWorld,
) -> None:
    emulator, builder = max_of(world), world.builder
    school = await builder.school()
    person = await builder.teacher(school, "Кузнецова Мария Петровна")
    school_class = await builder.school_class(school, "5А")
    await builder.pupils(school_class, *(f"{letter}ов Пётр" for letter in "АБВГДЕЖЗИК"))
    await builder.lesson(school_class, person, time(8, 30))
    teacher = await world.linked(TEACHER, person)
    emulator.enforce()
    async with world.running():
        await teacher.send("/start")
        await world.settled()
        roll = last(teacher)
        before = len(emulator.log.of("PUT /messages"))
        for letter in "АБВГДЕЖЗ":
            await teacher.press(f"{letter}ов П.", message_id=roll.message_id)
        await world.settled()
        await eventually(lambda: "Готово: отсутствуют 8" in last(teacher).labels())
    edits = emulator.log.of("PUT /messages")[before:]
    assert len(edits) < 8, "what nobody would have seen was not drawn"
    assert {one.answer.code for one in (*edits, *emulator.log.of("POST /messages"))} == {HTTPStatus.OK}


@pytest.mark.parametrize(
    "effect",
    [TooMany(), Refused(503, "Service Unavailable"), Cut(accepted=False), Garbage(accepted=False)],
    ids=lambda effect: type(effect).__name__,
)
async def test_no_trouble_of_the_wire_loses_an_answer(
    world: BotWorld, effect: TooMany | Refused | Cut | Garbage
) -> None:
    person = world.someone(GUARDIAN, "Пётр")
    trouble = world.emulator.faults.arm(effect, Scope(method="POST /messages"), times=2)
    async with world.running():
        await person.start()
        for struck in (1, 2):
            await eventually(partial(has_struck, trouble, struck))
            await eventually(lambda: world.value(PUT_OFF, now=world.clock.wall))
            world.clock.move(seconds=90)
        await eventually(lambda: bool(world.emulator.log.delivered(GUARDIAN)))
        await world.settled()
    assert len(world.emulator.log.delivered(GUARDIAN)) == 1
    assert "код с листка" in last(person).text


async def test_what_was_delivered_twice_is_answered_once(world: BotWorld) -> None:
    person = world.someone(GUARDIAN, "Пётр")
    cut = world.emulator.faults.arm(Cut(accepted=True), Scope(method="GET /updates"), times=1, skip=1)
    async with world.running():
        await person.start()
        await eventually(lambda: cut.struck == 1)
        await world.settled()
    assert len(world.emulator.log.delivered(GUARDIAN)) == 1


async def test_an_answer_without_words_asks_max_for_nothing(world: BotWorld) -> None:
    person = world.someone(GUARDIAN, "Пётр")
    async with world.running():
        await person.start()
        await world.settled()
        await person.forge_press("no such button", message_id=last(person).message_id)
        await world.settled()
    answers = world.emulator.log.of("POST /answers")
    assert all(one.parameters["body"]["notification"] for one in answers)
    assert all(one.answer.code == HTTPStatus.OK for one in answers)


async def test_whoever_stops_the_bot_is_not_written_to_and_comes_back_by_a_start(world: BotWorld) -> None:
    person = world.someone(GUARDIAN, "Пётр")
    async with world.running():
        await person.start()
        await world.settled()
        await person.block()
        await world.settled()
        heard = len(world.emulator.log.delivered(GUARDIAN))
        await person.unblock()
        await world.settled()
    assert len(world.emulator.log.delivered(GUARDIAN)) == heard + 1


async def test_whoever_mutes_the_dialogue_is_known_until_he_hears_it_again(world: BotWorld) -> None:
    builder, desk = world.builder, world.desk
    child = await builder.pupil(await builder.school_class(await builder.school(), "5А"), "Яшин Лев", BORN)
    person = await world.linked(GUARDIAN, await builder.guardian(child, name="Яшин Пётр"))
    heads = Heads(desk.vault, {Channel.MAX: world.settings.credential})
    await Intake(desk.gateway, heads, desk.school_clock, desk.machine_clock).run_once()
    messenger = world.emulator.world
    assert isinstance(messenger, MaxWorld)
    async with world.running():
        messenger.mute(BOT_ID, GUARDIAN, messenger.chronicle.clock() + timedelta(hours=2))
        await world.settled()
        lasts = await muted_until(world) - world.clock.wall
        assert timedelta(hours=1, minutes=59) < lasts <= timedelta(hours=2)
        messenger.mute(BOT_ID, GUARDIAN, None)
        await world.settled()
        assert await muted_until(world) == UNTIL_UNMUTED
        await person.block()
        await person.unblock()
        await world.settled()
        assert await muted_until(world) == UNTIL_UNMUTED, "a start does not say that he hears it"
        messenger.tell(BOT_ID, GUARDIAN, "dialog_unmuted")
        await world.settled()
        assert await muted_until(world) is None


async def muted_until(world: BotWorld) -> Any:
    async with world.desk.gateway.begin() as session:
        return (await session.execute(text("SELECT muted_until FROM gateway.address"))).scalar_one()


async def test_numbers_of_messages_are_forgotten_in_time(world: BotWorld) -> None:
    person = world.someone(GUARDIAN, "Пётр")
    async with world.running():
        await person.start()
        await world.settled()
    kept = "SELECT count(*) FROM bot.max_message"
    assert await world.value(kept) == 1
    world.clock.move(days=KEEP.days + 1)
    async with world.running():
        await eventually(lambda: world.value("SELECT NOT EXISTS (SELECT FROM bot.max_message)"))


async def test_the_token_stands_in_no_log(world: BotWorld) -> None:
    person = world.someone(GUARDIAN, "Пётр")
    async with world.running():
        await person.start()
        await world.settled()
    assert MAX_TOKEN not in repr(world.emulator.log.requests)
    assert MAX_TOKEN not in repr(world.settings)


def has_struck(trouble: Fault, times: int) -> bool:
    """Tell whether a trouble has come so often."""
    return trouble.struck >= times


def max_of(world: BotWorld) -> MaxEmulator:
    """Return the emulator of MAX."""
    assert isinstance(world.emulator, MaxEmulator)
    return world.emulator
