"""The gateway of the week: real PostgreSQL, real loops, the week's clock and wire; and who does what is no event."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from itertools import groupby

from sqlalchemy.ext.asyncio import AsyncSession

from core.database import Database
from core.events import Channel, Event
from core.outbox import publish
from core.school_time import MachineClock, SchoolClock
from gateway import own_hours, subscriptions
from gateway.addresses import AddressVault
from gateway.categories import Category
from gateway.courier import Courier, CourierSettings
from gateway.heads import Heads
from gateway.intake import Intake
from gateway.profiles import OFF, Choice, Mode
from gateway.routing import OwnHours
from gateway.service import GatewayService
from tests.school_week.clockwork import Clockwork
from tests.school_week.journal import Happening, Journal
from tests.school_week.people import GUARDIANS, TELEGRAM, Guardian
from tests.school_week.wire import Wire, WireNotifier
from texts.reader import load

CREDENTIALS = {"telegram": "telegram:1", "mail": "mail:school@example.ru"}
CHOSEN = {
    "bad-marks-now": (Category.BAD_MARK, Choice(Mode.NOW, Channel.TELEGRAM)),
    "marks-weekly": (Category.MARK, Choice(Mode.WEEKLY, Channel.MAIL, 17, 6)),
    "no-remarks": (Category.REMARK, OFF),
    "homework-now": (Category.HOMEWORK, Choice(Mode.NOW, Channel.TELEGRAM)),
}


@dataclass
class WeekGateway:
    """One gateway process after another on one database."""

    core: Database
    ledger: Database
    clock: Clockwork
    wire: Wire
    service: GatewayService | None = None
    vault: AddressVault = field(default_factory=lambda: AddressVault(b"addresses of the week, 32 bytes!"))

    async def start(self) -> None:
        """Start a gateway as the command line does, and let it do what it finds."""
        school = SchoolClock(source=lambda: self.clock.wall)
        machine = MachineClock(source=lambda: self.clock.wall, monotonic=lambda: self.clock.seconds)
        bell, texts = asyncio.Event(), load("ru")
        couriers = [
            Courier(
                CourierSettings(credential, 1000),
                self.ledger,
                WireNotifier(channel, self.wire),
                self.vault,
                texts,
                school,
                machine,
                bell,
                jitter=lambda: 0.0,
            )
            for channel, credential in CREDENTIALS.items()
        ]
        intake = Intake(self.ledger, Heads(self.vault, CREDENTIALS), school, machine)
        self.service = GatewayService(self.ledger, intake, couriers, bell)
        await self.clock.start(self.service)

    async def live(self, journal: Journal, until: datetime) -> None:
        """Live the week: at each moment first what happens, then all that follows from it."""
        await self._publish(one.event for one in journal.happenings if one.event and one.at <= self.clock.wall)
        await self.start()
        rest = [one for one in journal.in_order() if one.event is None or one.at > self.clock.wall]
        for at, some in groupby(rest, key=lambda one: one.at):
            await self._go_to(at)
            await self._happen(list(some))
            await self._settle()
        await self._go_to(until)
        await self._settle()

    async def _happen(self, some: Sequence[Happening]) -> None:
        await self._publish(one.event for one in some if one.event)
        for one in some:
            if one.act is not None:
                await self._act(one.act[0], GUARDIANS[one.act[1]])

    async def _publish(self, events: Iterable[Event]) -> None:
        async with self.core.begin() as session:
            await publish(session, *events)

    async def _go_to(self, at: datetime) -> None:
        if self.service is None:
            self.clock.pass_over(at)
        else:
            await self.clock.go_to(at, self.ledger)

    async def _settle(self) -> None:
        if self.service is not None:
            await self.clock.settle()

    async def _act(self, what: str, whom: Guardian) -> None:
        match what:
            case "blocks-bot":
                self.wire.blocked.add(whom.address(TELEGRAM))
            case "lets-bot-in":
                self.wire.blocked.discard(whom.address(TELEGRAM))
            case "no-answer":
                self.wire.unanswered.add(whom.address(TELEGRAM))
            case "gateway-stops":
                await self.clock.stop()
                self.service = None
            case "gateway-starts":
                await self.start()
            case _:
                async with self.ledger.begin() as session:
                    await self._changes(session, what, whom)

    async def _changes(self, session: AsyncSession, what: str, whom: Guardian) -> None:
        at = self.clock.wall
        if what in CHOSEN:
            category, choice = CHOSEN[what]
            await subscriptions.choose(session, whom.id, category, choice, at=at)
        elif what == "unsubscribes-mail":
            await subscriptions.unsubscribe(session, whom.id, Channel.MAIL, via="one-click", at=at)
        elif what == "sleeps-20-to-9":
            await own_hours.choose_hours(session, whom.id, OwnHours((time(20), time(9))), at=at)
        else:
            raise LookupError(what)
