"""A gateway with everything real around it: PostgreSQL under its role, the Bot API over HTTP, a mail server.

The journal is played by its contract alone: states in events, put into the outbox under the role of core. Time is moved
by hand; nobody waits.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, text

from core.database import Database
from core.events import (
    AbsenceKind,
    AddressState,
    AttendanceDayState,
    Channel,
    Event,
    GuardianAnswer,
    GuardianshipState,
    LessonAbsence,
    ProposedReason,
    SchoolKind,
    SchoolSettings,
    SchoolState,
    SchoolTelling,
    address_subject,
    attendance_subject,
    event,
    guardianship_subject,
    school_subject,
)
from core.outbox import publish
from core.school_time import MachineClock, SchoolClock, school_date, school_year_start
from gateway import receipts
from gateway.addresses import AddressVault
from gateway.courier import Courier, CourierSettings
from gateway.heads import Heads
from gateway.intake import Intake
from gateway.receipts import ReceiptKind, ToldMessage
from notifiers.mail import MailNotifier
from notifiers.mail_settings import MailSettings, Security
from notifiers.port import Notifier
from notifiers.telegram import TelegramNotifier, TelegramSettings
from tests.integration.sandbox_wire import BOT, BOT_ID, TOKEN
from tests.unit.sandbox_clock import MovableClock
from texts.reader import load
from zvonok.sandbox.bot_api import BotApiEmulator
from zvonok.sandbox.chats import ChatMessage
from zvonok.sandbox.mail_catcher import MailCatcher
from zvonok.sandbox.mail_spool import Mail

ZONE = "Asia/Yekaterinburg"
MORNING = datetime(2026, 10, 20, 3, 40, tzinfo=UTC)
"""Tuesday, 8:40 by the school's clock: ten minutes after the first bell."""
LONG_AGO = (MORNING - timedelta(days=50)).date()
CREDENTIALS = {"telegram": f"telegram:{BOT_ID}", "mail": "mail:school@example.ru"}
UNDO = timedelta(seconds=60)
WITHIN = 10.0
"""Seconds within which something that must happen has happened; nothing waits so long unless it is broken."""
UNEXPLAINED, ILLNESS, EXCUSED = AbsenceKind.UNEXPLAINED, AbsenceKind.ILLNESS, AbsenceKind.EXCUSED


@dataclass
class Parent:
    """A guardian and what he can be reached by."""

    id: UUID
    chat: int
    mailbox: str


@dataclass
class Child:
    """A pupil whose days are stated in events; ``parents`` follow him."""

    id: UUID
    name: str
    parents: tuple[Parent, ...]


@dataclass
class GatewayWorld:
    """One school's journal as events, one gateway, its wires."""

    core: Database
    database: Database
    emulator: BotApiEmulator
    catcher: MailCatcher
    clock: MovableClock = field(default_factory=lambda: MovableClock(MORNING))
    vault: AddressVault = field(default_factory=lambda: AddressVault(b"addresses of the tests, 32 bytes"))
    school: UUID = field(default_factory=uuid4)
    notifiers: dict[str, Notifier] = field(default_factory=dict)
    bell: asyncio.Event = field(default_factory=asyncio.Event)
    _versions: dict[str, int] = field(default_factory=dict)
    _people: int = 0

    def __post_init__(self) -> None:
        self.school_clock = SchoolClock(source=lambda: self.clock.wall)
        self.machine_clock = MachineClock(source=lambda: self.clock.wall, monotonic=lambda: self.clock.seconds)
        self.intake = self.another_intake(self.database)
        self.telegram = self.courier("telegram")
        self.mail = self.courier("mail")

    # --- the gateway's parts -------------------------------------------------------------------------------------

    def another_intake(self, database: Database) -> Intake:
        return Intake(database, Heads(self.vault, CREDENTIALS), self.school_clock, self.machine_clock)

    def courier(self, channel: str, database: Database | None = None, *, rate: float = 30) -> Courier:
        return Courier(
            CourierSettings(CREDENTIALS[channel], rate),
            database or self.database,
            self.notifiers[channel],
            self.vault,
            load("ru"),
            self.school_clock,
            self.machine_clock,
            self.bell,
            jitter=lambda: 0.0,
        )

    async def plan(self) -> int:
        """Let intake pass over everything once."""
        self.bell.clear()
        return await self.intake.run_once()

    async def turn(self, courier: Courier) -> float | None:
        """Let a courier take one turn with a full bucket, and wait until its batch has landed."""
        self.clock.seconds += 1
        pause = await courier.run_once()
        if courier._flying:
            await asyncio.wait(courier._flying)
        return pause

    async def send(self, *couriers: Courier) -> None:
        """Let couriers (all, unless named) send what is due."""
        for courier in couriers or (self.telegram, self.mail):
            # The first turn of an owner only takes the lease: his bucket is empty.
            await self.turn(courier)
            while await self.turn(courier) == 0.0:
                pass

    async def settle(self) -> None:
        """Plan and send until nothing is left to do at this moment of the clock."""
        async with asyncio.timeout(WITHIN):
            await self.plan()
            await self.send()
            while self.bell.is_set():
                await self.plan()
                await self.send()

    async def pass_undo(self) -> None:
        """Move the clock over the undo window, then settle."""
        self.clock.move(seconds=UNDO.total_seconds() + 1)
        await self.settle()

    async def retry_for(self, minutes: float, *, step: float = 0.5) -> None:
        """Move the clock in steps (minutes), settling at each."""
        until = self.clock.wall + timedelta(minutes=minutes)
        while self.clock.wall < until:
            self.clock.move(minutes=step)
            await self.settle()

    # --- the journal's side --------------------------------------------------------------------------------------

    async def publish(self, *events: Event) -> None:
        """Commit events into the outbox, as core does."""
        async with self.core.begin() as session:
            await publish(session, *events)

    def next_version(self, subject: str) -> int:
        self._versions[subject] = self._versions.get(subject, 0) + 1
        return self._versions[subject]

    def school_event(self, telling: SchoolTelling | None = None, **changes: Any) -> Event:
        usual: dict[str, Any] = {"settle_minutes": 0, "floor": (), "allowed_channels": (Channel.TELEGRAM, Channel.MAIL)}
        settings = SchoolSettings(**usual).model_copy(update=changes)
        told = telling or SchoolTelling()
        state = SchoolState(kind=SchoolKind.PRIVATE, name="Школа «Радуга»", zone=ZONE, settings=settings, telling=told)
        subject = school_subject(self.school)
        return self._event(state, subject)

    def follow_event(self, child: Child, parent: Parent, **changes: Any) -> Event:
        values: dict[str, Any] = {
            "since": LONG_AGO,
            "consent_given_on": LONG_AGO,
            "may_see": True,
            "barred": False,
        } | changes
        state = GuardianshipState(pupil=child.id, guardian=parent.id, relation="parent", **values)
        return self._event(state, guardianship_subject(child.id, parent.id))

    def address_event(self, parent: Parent, channel: Channel, value: str | None = None, **changes: Any) -> Event:
        given = value or (str(parent.chat) if channel is Channel.TELEGRAM else parent.mailbox)
        values: dict[str, Any] = {"value": given, "verified_at": self.clock.wall} | changes
        state = AddressState(person=parent.id, channel=channel, **values)
        return self._event(state, address_subject(parent.id, channel))

    def day_event(
        self,
        child: Child,
        absences: Mapping[int, AbsenceKind],
        answers: Mapping[UUID, ProposedReason] | None = None,
        *,
        version: int | None = None,
        **changes: Any,
    ) -> Event:
        """State a day of a child: numbers of lessons and why they were missed."""
        now, day = self.clock.wall, school_date(self.clock.wall, ZONE)
        state = AttendanceDayState(
            pupil=child.id,
            pupil_name=child.name,
            class_title="5 «А»",
            day=day,
            absences=tuple(absence(number, kind, now) for number, kind in sorted(absences.items())),
            answers=tuple(
                GuardianAnswer(guardian=guardian, reason=reason, at=now) for guardian, reason in (answers or {}).items()
            ),
            missed_lessons=len(absences),
            counted_since=school_year_start(day),
        ).model_copy(update=changes)
        subject = attendance_subject(child.id, state.day)
        return self._event(state, subject, version)

    def _event(self, state: Any, subject: str, version: int | None = None) -> Event:
        number = version or self.next_version(subject)
        return event(state, subject=subject, school=self.school, version=number, at=self.clock.wall)

    async def child(self, *ways: Sequence[Channel], name: str = "Ёлкина Саша", **follow: Any) -> Child:
        """Make a child with a parent for each set of ways, known to the gateway."""
        parents = tuple(self._parent() for _ in ways)
        child = Child(uuid4(), name, parents)
        events = [self.follow_event(child, parent, **follow) for parent in parents]
        for parent, channels in zip(parents, ways, strict=True):
            events += [self.address_event(parent, channel) for channel in channels]
            if Channel.TELEGRAM in channels:
                self.open_chat(parent.chat)
        await self.publish(self.school_event(), *events)
        await self.plan()
        return child

    def _parent(self) -> Parent:
        self._people += 1
        return Parent(uuid4(), 1000 + self._people, f"parent{self._people}@example.ru")

    def open_chat(self, chat: int) -> None:
        self.emulator.person(chat, "Родитель")
        self.emulator.world.chronicle.record("started", {"bot_id": BOT_ID, "chat_id": chat})

    async def states(
        self, child: Child, absences: Mapping[int, AbsenceKind], answers: Mapping[UUID, ProposedReason] | None = None
    ) -> None:
        """Publish a new version of the child's day."""
        await self.publish(self.day_event(child, absences, answers))

    async def states_of(self, child: Child, absences: Mapping[int, AbsenceKind], day: date) -> None:
        """Publish a new version of another day of the child."""
        subject = attendance_subject(child.id, day)
        await self.publish(self.day_event(child, absences, version=self.next_version(subject), day=day))

    # --- what people see -----------------------------------------------------------------------------------------

    def chat(self, parent: Parent) -> tuple[ChatMessage, ...]:
        """Messages of the bot that the parent sees now."""
        if parent.chat not in self.emulator.world.people:
            return ()
        return tuple(one for one in self.emulator.person(parent.chat).chat.messages if one.from_bot)

    def letters(self, parent: Parent) -> tuple[Mail, ...]:
        return self.catcher.spool.to(parent.mailbox)

    def requests(self, parent: Parent) -> int:
        """Requests that were made for this parent's chat, whatever came of them."""
        return len(self.emulator.log.of(chat_id=parent.chat))

    async def press(self, parent: Parent, kind: ReceiptKind, *, key: str, address: str | None = None) -> bool | None:
        """Note what the parent pressed under the newest message; None if it is not his, False for a repeat."""
        delivery = await self.value(
            """SELECT id FROM gateway.delivery
WHERE recipient = :parent AND channel = 'telegram' AND purpose <> 'all-clear'""",
            parent=parent.id,
        )
        async with self.database.begin() as session:
            message = await receipts.message_behind(
                session, self.vault, "telegram", address or str(parent.chat), delivery
            )
            if message is None:
                return None
            assert isinstance(message, ToldMessage)
            return await receipts.note(session, message, kind, None, key=key, at=self.clock.wall)

    # --- what the ledger says ------------------------------------------------------------------------------------

    async def threads(self, parent: Parent | None = None) -> dict[str, Row[Any]]:
        """Return the parent's threads (or all, if there is one parent) by channel; but for all-clears that rang."""
        query = """SELECT * FROM gateway.delivery
WHERE recipient = COALESCE(CAST(:parent AS uuid), recipient) AND purpose <> 'all-clear'"""
        rows = await self.rows(query, parent=parent.id if parent else None)
        found = {row.channel: row for row in rows}
        assert len(found) == len(rows)
        return found

    async def stands(self, parent: Parent | None = None) -> dict[str, tuple[str, str | None]]:
        """Return state and reason of each thread by channel."""
        return {channel: (row.state, row.reason) for channel, row in (await self.threads(parent)).items()}

    async def rows(self, query: str, **values: Any) -> Sequence[Row[Any]]:
        async with self.database.begin() as session:
            return (await session.execute(text(query), values)).all()

    async def value(self, query: str, **values: Any) -> Any:
        async with self.database.begin() as session:
            return (await session.execute(text(query), values)).scalar_one()

    async def do(self, statement: str, **values: Any) -> None:
        async with self.database.begin() as session:
            await session.execute(text(statement), values)


def absence(number: int, kind: AbsenceKind, at: datetime) -> LessonAbsence:
    """Return one missed lesson of the school's morning."""
    return LessonAbsence(
        lesson=UUID(int=number),
        number=number,
        subject_name="математика",
        starts_at=MORNING.replace(hour=3, minute=30) + timedelta(hours=number - 1),
        code="н",
        kind=kind,
        recorded_at=at,
    )


@asynccontextmanager
async def gateway_world(core: Database, gateway: Database, folder: Path) -> AsyncIterator[GatewayWorld]:
    """Build the world around fresh databases."""
    clock = MovableClock(MORNING)
    async with BotApiEmulator(BOT, clocks=clock.clocks) as emulator, MailCatcher(folder / "mail") as catcher:
        telegram = TelegramNotifier(TelegramSettings(TOKEN, emulator.base_url), clock=lambda: clock.seconds)
        settings = MailSettings(
            host=catcher.host, port=catcher.port, security=Security.PLAIN, sender_address="school@example.ru"
        )
        mail = MailNotifier(settings, now=lambda: clock.wall, clock=lambda: clock.seconds)
        world = GatewayWorld(core, gateway, emulator, catcher, clock, notifiers={"telegram": telegram, "mail": mail})
        try:
            yield world
        finally:
            await world.telegram.stop()
            await world.mail.stop()
            await telegram.close()
            await mail.close()
