"""Death at chosen points: an update is neither lost nor acted upon twice."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import time
from uuid import UUID

import pytest
from sqlalchemy import text

from bot.inbox import LEASE
from core.database import Database
from tests.integration.bot_world import WITHIN, BotWorld, Rooms, bot_world, last
from tests.integration.sandbox_wire import BOT_ID
from zvonok.sandbox.faults import Cut, Hang, Scope
from zvonok.sandbox.people import Person

CALLS = "SELECT count(*) FROM core.audit WHERE action = 'attendance.roll'"
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
async def scene(
    core_database: Database, gateway_database: Database, bot_database: Database
) -> AsyncIterator[Scene]:
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


@asynccontextmanager
async def doomed(world: BotWorld) -> AsyncIterator[None]:
    """Run the bot in a process of its own, and kill it at the end of the block: nothing of it runs any more."""
    order = {
        "url": world.desk.core.url.render_as_string(hide_password=False),
        "at": world.clock.wall.isoformat(),
        "codes": world.desk.keeper.secret.hex(),
        "addresses": world.desk.vault.secret.hex(),
        "settings": asdict(world.settings),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.integration.bot_process", json.dumps(order), stdout=asyncio.subprocess.DEVNULL
    )
    try:
        yield
    finally:
        os.kill(process.pid, signal.SIGKILL)
        await process.wait()


async def until(world: BotWorld, query: str) -> None:
    """Wait until a query of the bot's says so."""
    async with asyncio.timeout(3 * WITHIN):
        while not await world.value(query):
            await asyncio.sleep(0.02)


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
        async with asyncio.timeout(3 * WITHIN):
            while not fault.struck:
                await asyncio.sleep(0.02)
    assert await scene.state() == (1, 1)
    assert await world.waiting() == 1
    await revived(scene)
    assert await scene.state() == (1, 1)
    assert await world.core_value("SELECT version FROM core.roll_call") == 1
    assert "Записано: отсутствует 1." in last(scene.teacher).text
    assert "Отменить" in last(scene.teacher).labels()


async def test_killed_in_the_middle_of_ticking(scene: Scene) -> None:
    world = scene.world
    fault = world.emulator.faults.arm(Hang(), Scope(method="editMessageReplyMarkup"), times=1)
    async with doomed(world):
        await scene.teacher.press("Петров Б.")
        async with asyncio.timeout(3 * WITHIN):
            while not fault.struck:
                await asyncio.sleep(0.02)
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
    fault = world.emulator.faults.arm(Cut(accepted=True), Scope(method="editMessageText"), times=2)
    async with world.running():
        await scene.teacher.press("Готово: отсутствует 1")
        for strikes in (1, 2):
            async with asyncio.timeout(WITHIN):
                while fault.struck < strikes:
                    await asyncio.sleep(0.01)
            await until(world, "SELECT bool_and(attempts = 0) FROM bot.inbox WHERE done_at IS NULL")
            world.clock.move(seconds=2)
        await world.settled()
    assert await scene.state() == (1, 1)
    assert "Записано: отсутствует 1." in last(scene.teacher).text
    assert len(world.emulator.log.of("editMessageText", chat_id=100)) == 3
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
        async with asyncio.timeout(3 * WITHIN):
            while not fault.struck:
                await asyncio.sleep(0.02)
    await revived(scene)
    assert await world.core_value("SELECT count(*) FROM core.audit WHERE action = 'account.link'") == 2
    assert "5А, Сидорова Ольга" in last(parent).text
