"""A gateway run by hand beside the bot of a test: what parents are told goes out when the test says so."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from core.actor import Act, Actor
from core.events import Channel
from gateway.courier import Courier, CourierSettings
from gateway.heads import Heads
from gateway.intake import Intake
from notifiers.telegram import TelegramNotifier, TelegramSettings
from tests.integration.bot_world import CREDENTIAL, BotWorld
from tests.integration.eventually import eventually
from tests.integration.sandbox_wire import TOKEN
from zvonok.sandbox.chats import PressAnswer
from zvonok.sandbox.people import Person


@dataclass
class HandGateway:
    """A gateway that plans and sends when it is told to."""

    world: BotWorld
    intake: Intake
    courier: Courier

    async def plan(self) -> None:
        """Read all that core has published."""
        await self.intake.run_once()

    async def deliver(self) -> None:
        """Plan and send all that is due."""
        for _ in range(3):
            await self.intake.run_once()
            self.world.clock.move(seconds=1)
            await self.intake.run_once()
            await eventually(self._nothing_to_send)

    async def _nothing_to_send(self) -> bool:
        return await self.courier.run_once() != 0.0 and not self.courier._flying

    async def receipts(self) -> list[tuple[str, str | None]]:
        """List what readers did."""
        async with self.world.desk.gateway.begin() as session:
            rows = await session.execute(text("SELECT kind, detail FROM gateway.receipt ORDER BY at, key"))
            return [(row.kind, row.detail) for row in rows]


@asynccontextmanager
async def hand_gateway(world: BotWorld) -> AsyncIterator[HandGateway]:
    """Put a gateway beside the bot; mail has a credential, though nobody sends letters here."""
    desk = world.desk
    heads = Heads(desk.vault, {Channel.TELEGRAM: CREDENTIAL, Channel.MAIL: "mail:school@example.ru"})
    notifier = TelegramNotifier(
        TelegramSettings(TOKEN, base_url=world.emulator.base_url), clock=desk.machine_clock.monotonic
    )
    courier = Courier(
        CourierSettings(CREDENTIAL, rate=25.0, lease=timedelta(hours=5)),
        desk.gateway,
        notifier,
        desk.vault,
        desk.texts,
        desk.school_clock,
        desk.machine_clock,
        asyncio.Event(),
    )
    intake = Intake(desk.gateway, heads, desk.school_clock, desk.machine_clock)
    try:
        yield HandGateway(world, intake, courier)
    finally:
        await courier.stop()
        await notifier.close()


def act_of(world: BotWorld, person: UUID, key: str) -> Act:
    """Return an act of a person at this moment of the school clock."""
    return Act(Actor(via="telegram", person=person), world.desk.school_clock.now(), key)


async def pressed(world: BotWorld, person: Person, button: str) -> PressAnswer:
    """Press a button, wait until all is handled, and return the answer to the press."""
    answer = await person.press(button, within=5)
    await world.settled()
    assert answer is not None
    return answer


async def forged(world: BotWorld, person: Person, payload: str) -> PressAnswer:
    """Press a button that no message has."""
    newest = person.chat.messages[-1].message_id
    answer = await person.forge_press(payload, message_id=newest, within=5)
    await world.settled()
    assert answer is not None
    return answer


def payload_of(person: Person, label: str) -> str:
    """Return the payload of the newest button with this label."""
    for message in reversed(person.chat.messages):
        for button in (one for row in message.buttons for one in row):
            if button.label == label and button.data is not None:
                return button.data
    raise AssertionError(f"no button {label}")
