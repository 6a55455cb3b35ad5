"""Death at chosen points: an update is neither lost nor acted upon twice."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import time
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.inbox import LEASE
from bot.retry import MAX_ATTEMPTS
from core.database import Database
from tests.integration.bot_process import doomed
from tests.integration.bot_world import BotWorld, Rooms, bot_world, last
from tests.integration.eventually import eventually
from tests.integration.sandbox_wire import BOT_ID
from zvonok.sandbox.faults import Cut, Fault, Hang, Refused, Scope
from zvonok.sandbox.people import Person

CALLS = "SELECT count(*) FROM core.audit WHERE action = 'attendance.roll'"
PROCESS_STARTS = 90.0
"""Seconds within which a process of its own is in conversation, on a machine that is busy with other tests too."""
ABSENT = "SELECT count(*) FROM core.absence"


@dataclass
class Scene:
    """A teacher with an open roster, one pupil ticked."""

    world: BotWorld
    teacher: Person
    lesson: UUID

    async def state(self) -> tuple[int, int]:
        """Return how often the roll was called, and how many are absent."""
        return await self.world.core_value(CALLS), await self.world.core_value(ABSENT)


@pytest.fixture
async def scene(core_database: Database, gateway_database: Database, bot_database: Database) -> AsyncIterator[Scene]:
    async with bot_world(Rooms(core_database, gateway_database, bot_database)) as world:
        builder = world.builder
        school = await builder.school()
        person = await builder.teacher(school, "Кузнецова Мария Петровна")
        school_class = await builder.school_class(school, "5А")
        await builder.pupils(school_class, "Иванова Анна", "Петров Борис")
        lesson = await builder.lesson(school_class, person, time(8, 30))
        teacher = await world.linked(100, person)
        async with world.running():
            await teacher.start()
            await world.settled()
            await world.taps(teacher, "Иванова А.")
        yield Scene(world, teacher, lesson)


async def until(world: BotWorld, query: str) -> None:
    """Wait until a query of the bot's says so."""
    await eventually(lambda: world.value(query), PROCESS_STARTS)


def _struck(fault: Fault, times: int) -> bool:
    return fault.struck >= times


async def _is_put_off(world: BotWorld, attempts: int) -> bool:
    """Tell whether the update waits for its next try: sooner than the end of a lease."""
    query = "SELECT bool_or(attempts = :attempts AND due_at < :end) FROM bot.inbox WHERE done_at IS NULL"
    return bool(await world.value(query, attempts=attempts, end=world.clock.wall + LEASE))


async def revived(scene: Scene) -> None:
    """Start another process after the lease of the dead one, and let it handle what is there."""
    scene.world.emulator.faults.lift_all()
    scene.world.clock.move(seconds=LEASE.total_seconds())
    async with scene.world.running():
        await scene.world.settled()


async def test_killed_while_the_journal_was_writing(scene: Scene) -> None:
    world = scene.world
    async with world.desk.core.begin() as held:
        # The command waits for this lock in the middle of its transaction.
        await held.execute(text("LOCK TABLE core.roll_call IN ACCESS EXCLUSIVE MODE"))
        async with doomed(world):
            await scene.teacher.press("Готово: отсутствует 1")
            await until(world, "SELECT bool_or(attempts = 1) FROM bot.inbox WHERE done_at IS NULL")
            await until(world, "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
    assert await scene.state() == (0, 0)
    await revived(scene)
    assert await scene.state() == (1, 1)
    assert "Записано: отсутствует 1." in last(scene.teacher).text


@pytest.mark.parametrize("method", ["answerCallbackQuery", "editMessageText"])
async def test_killed_between_the_journal_and_the_answer(scene: Scene, method: str) -> None:
    world = scene.world
    fault = world.emulator.faults.arm(Hang(), Scope(method=method), times=1)
    async with doomed(world):
        await scene.teacher.press("Готово: отсутствует 1")
        await eventually(lambda: fault.struck, PROCESS_STARTS)
    assert await scene.state() == (1, 1)
    assert await world.waiting() == 1
    await revived(scene)
    assert await scene.state() == (1, 1)
    assert await world.core_value("SELECT version FROM core.roll_call") == 1
    assert "Записано: отсутствует 1." in last(scene.teacher).text
    assert "Отменить" in last(scene.teacher).labels()


async def test_killed_between_the_undo_and_its_answer(scene: Scene) -> None:
    world = scene.world
    async with world.running():
        await world.taps(scene.teacher, "Готово: отсутствует 1")
    fault = world.emulator.faults.arm(Hang(), Scope(method="answerCallbackQuery"), times=1)
    async with doomed(world):
        await scene.teacher.press("Отменить")
        await eventually(lambda: fault.struck, PROCESS_STARTS)
    assert await scene.state() == (2, 0)
    await revived(scene)
    assert await scene.state() == (2, 0)
    assert "Отменено: этот урок снова без переклички." in last(scene.teacher).text


async def test_killed_in_the_middle_of_ticking(scene: Scene) -> None:
    world = scene.world
    fault = world.emulator.faults.arm(Hang(), Scope(method="editMessageText"), times=1)
    async with doomed(world):
        await scene.teacher.press("Петров Б.")
        await eventually(lambda: fault.struck, PROCESS_STARTS)
    await revived(scene)
    assert last(scene.teacher).labels()[:3] == ("н · Иванова А.", "н · Петров Б.", "Готово: отсутствуют 2")


async def test_what_was_pressed_while_nobody_listened_is_handled_in_its_order(scene: Scene) -> None:
    world, teacher = scene.world, scene.teacher
    await teacher.press("Петров Б.")
    await teacher.press("н · Иванова А.")
    roster = last(teacher)
    await teacher.press("Готово: отсутствует 1", message_id=roster.message_id)
    async with world.running():
        await world.settled()
    assert await scene.state() == (1, 1)
    assert "н · Петров Б." in last(teacher).text


async def test_an_answer_that_was_cut_off_is_given_again_and_the_act_is_not(scene: Scene) -> None:
    world = scene.world
    before = len(world.emulator.log.of("editMessageText", chat_id=100))
    fault = world.emulator.faults.arm(Cut(accepted=True), Scope(method="editMessageText"), times=2)
    async with world.running():
        await scene.teacher.press("Готово: отсутствует 1")
        for strikes in (1, 2):
            await eventually(partial(_struck, fault, strikes))
            await until(world, "SELECT bool_and(attempts = 0) FROM bot.inbox WHERE done_at IS NULL")
            world.clock.move(seconds=2)
        await world.settled()
    assert await scene.state() == (1, 1)
    assert "Записано: отсутствует 1." in last(scene.teacher).text
    assert len(world.emulator.log.of("editMessageText", chat_id=100)) == before + 3
    assert not world.emulator.world.updates.pending(BOT_ID)


async def test_a_link_is_made_once_whenever_its_process_dies(scene: Scene) -> None:
    world = scene.world
    school_class = await world.core_value("SELECT id FROM core.school_class")
    child = await world.builder.pupil(school_class, "Сидорова Ольга")
    code = await world.builder.code(await world.builder.guardian(child, name="Сидоров Иван"))
    parent = world.someone(200)
    fault = world.emulator.faults.arm(Hang(), Scope(method="sendMessage", chat_id=200), times=1, skip=1)
    async with doomed(world):
        await parent.start(code)
        await parent.send("5.3.2014")
        await eventually(lambda: fault.struck, PROCESS_STARTS)
    await revived(scene)
    assert await world.core_value("SELECT count(*) FROM core.audit WHERE action = 'account.link'") == 2
    assert "5А, Сидорова Ольга" in last(parent).text


async def test_a_lost_connection_to_the_database_is_waited_out(scene: Scene, database_url: URL) -> None:
    world = scene.world
    cut = "SELECT bool_or(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    root = create_async_engine(database_url)
    async with world.running():
        async with root.connect() as surgeon, world.desk.core.begin() as held:
            await held.execute(text("LOCK TABLE core.roll_call IN ACCESS EXCLUSIVE MODE"))
            await scene.teacher.press("Готово: отсутствует 1")
            await until(world, "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
            assert (await surgeon.execute(text(cut))).scalar_one()
            await until(world, "SELECT bool_and(attempts = 0) FROM bot.inbox WHERE done_at IS NULL")
            assert await scene.state() == (0, 0)
        world.clock.move(minutes=1)
        await world.settled()
    await root.dispose()
    assert await scene.state() == (1, 1)
    assert "Записано: отсутствует 1." in last(scene.teacher).text


async def test_a_mistake_of_ours_is_set_aside_with_an_apology_and_the_conversation_goes_on(scene: Scene) -> None:
    world, teacher = scene.world, scene.teacher
    # Telegram refuses what we send in a way that no retry helps against.
    refused = Refused(400, "Bad Request: can't parse entities")
    fault = world.emulator.faults.arm(refused, Scope(method="sendMessage", chat_id=100), times=MAX_ATTEMPTS)
    async with world.running():
        await teacher.send("урок")
        await teacher.press("Петров Б.")
        for strikes in range(1, MAX_ATTEMPTS):
            await eventually(partial(_struck, fault, strikes))
            await eventually(partial(_is_put_off, world, strikes))
            world.clock.move(seconds=30)
        await world.settled()
        await eventually(lambda: last(teacher).text.startswith("Простите"))
    failure = await world.value("SELECT failure FROM bot.inbox WHERE failure IS NOT NULL")
    assert failure.startswith("TelegramBadRequest at bot/turn.py:")
    roster = next(message for message in teacher.chat.messages if "Петров Б." in " ".join(message.labels()))
    assert "н · Петров Б." in roster.labels()
