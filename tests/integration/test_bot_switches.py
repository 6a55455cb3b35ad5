"""«Оповещение» in the chat: two taps from the first screen, on both messengers, off where the school asks first."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import text

from core.actor import OFFICE
from core.database import Database
from core.events import AddressState, Channel, DefaultSubscriptions, address_subject, event
from core.outbox import publish
from core.school import school_settings
from core.school.schools import SchoolCard
from gateway import subscriptions, switches
from gateway.heads import Heads
from gateway.intake import Intake
from gateway.switches import Switches
from tests.integration.bot_home import forged, payload_of
from tests.integration.bot_world import CREDENTIAL, MAX_CREDENTIAL, BotWorld, Rooms, bot_world, last
from tests.integration.eventually import eventually
from zvonok.sandbox.people import Person

BORN = date(2014, 3, 5)
NEWS, LETTERS, COPIES = "Сообщать о новом", "Присылать письма", "Повторять сообщения на почту"
MESSENGERS = pytest.mark.parametrize("messenger", [Channel.TELEGRAM, Channel.MAX])
CREDENTIALS: dict[str, str] = {
    Channel.TELEGRAM: CREDENTIAL,
    Channel.MAX: MAX_CREDENTIAL,
    Channel.MAIL: "mail:school@example.ru",
}


@pytest.fixture
def rooms(core_database: Database, gateway_database: Database, bot_database: Database) -> Rooms:
    return Rooms(core_database, gateway_database, bot_database)


@dataclass
class Family:
    """A mother who is joined by one messenger, her child's school, and a gateway that plans when it is told to."""

    world: BotWorld
    intake: Intake
    school: SchoolCard
    mother_id: UUID
    mother: Person

    async def plan(self) -> None:
        await self.intake.run_once()

    async def joins(self) -> None:
        await self.mother.start(await self.world.builder.code(self.mother_id))
        await self.world.settled()
        await self.mother.send("5.3.2014")
        await self.world.settled()
        await self.plan()

    async def has_mailbox(self) -> None:
        now = self.world.clock.wall
        state = AddressState(person=self.mother_id, channel=Channel.MAIL, value="olga@example.ru", verified_at=now)
        subject = address_subject(self.mother_id, Channel.MAIL)
        async with self.world.desk.core.begin() as session:
            await publish(session, event(state, subject=subject, school=self.school.id, version=1, at=now))
        await self.plan()

    async def school_has(self, **changes: object) -> None:
        async with self.world.desk.core.begin() as session:
            await school_settings.change(session, OFFICE, self.school.id, changes, self.world.clock.wall)
        await self.plan()

    async def opens(self) -> str:
        """Come to the switches from the first screen, and count the taps."""
        await self.mother.send("/start")
        await self.world.settled()
        for button in ("Что и как присылать", "Мои данные и оповещения"):
            await self.tap(button)
        await eventually(lambda: last(self.mother).text.startswith("Мои данные и оповещения\n"))
        return last(self.mother).text

    async def tap(self, button: str) -> None:
        """Press it as soon as it is there: in MAX a screen may be drawn a second after the last one."""
        await eventually(lambda: button in last(self.mother).labels())
        await self.world.taps(self.mother, button)

    async def shows(self, *marked: str) -> None:
        """Wait for the screen with these switches turned on."""
        await eventually(lambda: self.marked() == marked)

    def marked(self) -> tuple[str, ...]:
        """Return the switches that the screen shows as turned on."""
        return tuple(label.removeprefix("✓ ") for label in last(self.mother).labels() if label.startswith("✓ "))

    async def stands(self) -> Switches:
        async with self.world.desk.gateway.begin() as session:
            found = await switches.standing(session, self.mother_id)
        assert found is not None
        return found


@asynccontextmanager
async def family(rooms: Rooms, messenger: Channel = Channel.TELEGRAM) -> AsyncIterator[Family]:
    async with bot_world(rooms, messenger=messenger) as world:
        school = await world.builder.school(undo_window=0)
        school_class = await world.builder.school_class(school, "5А")
        child = await world.builder.pupil(school_class, "Иванова Анна Петровна", BORN)
        mother_id = await world.builder.guardian(child, name="Иванова Ольга")
        desk = world.desk
        intake = Intake(desk.gateway, Heads(desk.vault, CREDENTIALS), desk.school_clock, desk.machine_clock)
        made = Family(world, intake, school, mother_id, world.someone(200, "Ольга"))
        allowed = [one.value for one in (messenger, Channel.MAIL)]
        async with world.running():
            await made.school_has(allowed_channels=allowed)
            await made.joins()
            yield made


@pytest.mark.req("NOTIF-04", "NOTIF-02")
@MESSENGERS
async def test_both_are_off_where_the_school_asks_first_and_the_parent_turns_them_on(
    rooms: Rooms, messenger: Channel
) -> None:
    async with family(rooms, messenger) as made:
        await made.school_has(default_subscriptions=DefaultSubscriptions.OFF.value, floor=[])
        await made.has_mailbox()
        shown = await made.opens()
        assert "Сообщения школы выключены." in shown
        assert "Письма на почту выключены." in shown
        await made.shows()

        await made.tap(NEWS)
        await made.shows(NEWS)
        assert "Сообщения школы приходят." in last(made.mother).text
        await made.tap(LETTERS)
        await made.shows(NEWS, LETTERS)
        assert "Письма на почту приходят." in last(made.mother).text
        await made.tap(COPIES)
        await made.shows(NEWS, LETTERS, COPIES)
        assert "повторяем письмом" in last(made.mother).text
        found = await made.stands()
        assert (found.news, found.letters, found.copies, found.mailbox) == (True, True, True, True)


@MESSENGERS
async def test_each_is_turned_off_again_and_all_messages_only_after_a_question(
    rooms: Rooms, messenger: Channel
) -> None:
    async with family(rooms, messenger) as made:
        await made.has_mailbox()
        await made.opens()
        await made.shows(NEWS, LETTERS)
        for button, left in ((COPIES, (NEWS, LETTERS, COPIES)), (f"✓ {COPIES}", (NEWS, LETTERS))):
            await made.tap(button)
            await made.shows(*left)
        await made.tap(f"✓ {LETTERS}")
        await made.shows(NEWS)
        await made.tap(f"✓ {NEWS}")
        await eventually(lambda: last(made.mother).text.startswith("Выключить все сообщения школы?"))
        assert "отсутствие на уроке" in last(made.mother).text, "what the school insists on is said before"
        await made.tap("Оставить как есть")
        await made.shows(NEWS)
        await made.tap(f"✓ {NEWS}")
        await made.tap("Да, выключить")
        await eventually(lambda: "Сообщения школы выключены." in last(made.mother).text)
        await made.shows()
        assert "Исключение – то, о чём школа сообщает всегда: отсутствие на уроке" in last(made.mother).text
        found = await made.stands()
        assert (found.news, found.letters, found.copies) == (False, False, False)


async def test_who_unsubscribed_by_a_letter_finds_the_way_back_in_the_chat(rooms: Rooms) -> None:
    async with family(rooms) as made:
        await made.has_mailbox()
        at = made.world.clock.wall
        async with made.world.desk.gateway.begin() as session:
            await subscriptions.unsubscribe(session, made.mother_id, Channel.MAIL, via="letter", at=at)
        await made.mother.send("/subscriptions")
        await made.world.settled()
        assert "Письма на почту выключены. Включить их можно здесь же" in last(made.mother).text
        await made.opens()
        await made.shows(NEWS)
        await made.tap(LETTERS)
        await made.shows(NEWS, LETTERS)
        async with made.world.desk.gateway.begin() as session:
            assert not await subscriptions.has_left(session, made.mother_id, Channel.MAIL)


async def test_the_tick_waits_for_a_mailbox_and_a_button_pressed_twice_turns_nothing_back(rooms: Rooms) -> None:
    async with family(rooms) as made:
        await made.mother.send("Оповещение")
        await made.world.settled()
        assert "Письма начнут приходить, когда почта будет подтверждена." in last(made.mother).text
        payload = payload_of(made.mother, COPIES)
        for _ in range(2):
            await forged(made.world, made.mother, payload)
            await made.shows(NEWS, LETTERS, COPIES)
        found = await made.stands()
        assert (found.copies, found.mailbox) == (True, False)


async def test_nobody_turns_the_switches_of_another(rooms: Rooms) -> None:
    async with family(rooms) as made:
        await made.opens()
        payload = payload_of(made.mother, COPIES)
        stranger = await made.world.builder.guardian(
            await made.world.builder.pupil(await made.world.builder.school_class(made.school, "6Б"), "Яшин Лев", BORN),
            name="Яшин Пётр",
        )
        await made.plan()
        answer = await forged(made.world, made.mother, payload.replace(made.mother_id.hex, stranger.hex))
        assert answer.text is not None
        async with made.world.desk.gateway.begin() as session:
            changed = await session.execute(text("SELECT count(*) FROM gateway.recipient WHERE copies"))
            assert changed.scalar_one() == 0
