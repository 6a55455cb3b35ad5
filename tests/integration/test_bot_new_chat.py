"""A lost phone at the wire: a new code in a new chat, the old one shut and told; several addresses; other people's."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

import pytest
from sqlalchemy import text

from bot.farewells import Farewells
from bot.inbox import LEASE
from bot.wire import make_bot
from core.account import accounts
from core.actor import Act, Actor
from core.database import Database
from core.events import Channel
from core.learning import attendance
from core.person import mailboxes
from tests.integration.bot_home import HandGateway, hand_gateway, pressed
from tests.integration.bot_process import doomed
from tests.integration.bot_world import BotWorld, Rooms, account_of, bot_world, last
from tests.integration.eventually import eventually
from tests.integration.sandbox_wire import TOKEN
from tests.integration.test_bot_crash import PROCESS_STARTS
from zvonok.sandbox.faults import Cut, Hang, Refused, Scope
from zvonok.sandbox.people import Person

BORN = date(2014, 3, 5)
GONE = "журнал теперь открыт в другом чате"
UNTOLD = "SELECT count(*) FROM core.former_account WHERE untold"


@dataclass
class Home:
    """A mother who has joined from one phone, and holds another."""

    world: BotWorld
    gateway: HandGateway
    child: UUID
    lesson: UUID
    teacher: UUID
    mother: UUID
    old: Person
    new: Person

    async def join(self, chat: Person, world: BotWorld | None = None) -> str:
        """Show a new code of hers in a chat; return what the chat is told last."""
        there = world or self.world
        await chat.start(await self.world.builder.code(self.mother))
        await there.settled()
        await chat.send("5.3.2014")
        await there.settled()
        return last(chat).text

    async def absent(self) -> None:
        """Miss the lesson; whoever is to be told is."""
        now = self.world.desk.school_clock.now()
        async with self.world.desk.core.begin() as session:
            act = Act(Actor("telegram", self.teacher), now, "roll")
            await attendance.record(session, act, self.lesson, {self.child: "н"})
        await self.gateway.deliver()

    async def behind(self, user_id: int) -> int:
        async with self.world.desk.core.begin() as session:
            return len(await accounts.persons_behind(session, account_of(user_id)))

    def farewells(self) -> int:
        """Count the times that the old chat was told."""
        return sum(GONE in one.text for one in self.old.chat.messages)


@pytest.fixture
def rooms(core_database: Database, gateway_database: Database, bot_database: Database) -> Rooms:
    return Rooms(core_database, gateway_database, bot_database)


@pytest.fixture
async def home(rooms: Rooms) -> AsyncIterator[Home]:
    async with bot_world(rooms) as world, hand_gateway(world) as gateway:
        builder = world.builder
        school = await builder.school(undo_window=0)
        school_class = await builder.school_class(school, "5А")
        child = await builder.pupil(school_class, "Иванова Анна Петровна", BORN)
        teacher = await builder.teacher(school, "Кузнецова Мария")
        lesson = await builder.lesson(school_class, teacher, time(8, 30))
        mother = await builder.guardian(child, name="Иванова Ольга")
        old = await world.linked(200, mother)
        yield Home(world, gateway, child, lesson, teacher, mother, old, world.someone(300, "Ольга"))


async def test_a_lost_phone_opens_nothing_more_and_says_why(home: Home) -> None:
    world, old = home.world, home.old
    async with world.running():
        await home.absent()
        alert = last(old)
        assert "Отсутствие на уроке" in alert.text
        welcome = await home.join(home.new)
        assert "Прежний чат в этом мессенджере отключён" in welcome
        farewell = last(old)
        assert farewell.text.startswith("Школа «Радуга». ")
        assert GONE in farewell.text
        assert not any(word in farewell.text for word in ("Иванова", "Анна", "Ольга", "5А"))
        answer = await old.press("Болеет", message_id=alert.message_id, within=5)
        await world.settled()
        assert answer is not None
        assert await world.core_value("SELECT count(*) FROM core.absence_answer") == 0
        for words in ("/start", "/diary", "/me", "/subscriptions", "/notices", "/site"):
            await old.send(words)
            await world.settled()
            assert "Иванова" not in last(old).text
            assert last(old).labels() == ()
        assert "Иванова Анна" in home.new.chat.messages[-1].text
    assert (await home.behind(200), await home.behind(300), home.farewells()) == (0, 1, 1)


async def test_what_comes_next_comes_to_the_new_chat_alone(home: Home) -> None:
    async with home.world.running():
        await home.join(home.new)
        before = len(home.old.chat.messages)
        await home.absent()
        await pressed(home.world, home.new, "Болеет")
    assert len(home.old.chat.messages) == before
    assert await home.world.core_value("SELECT count(*) FROM core.absence_answer") == 1


async def test_the_old_chat_is_told_though_the_process_died_before_it_could(home: Home) -> None:
    world = home.world
    fault = world.emulator.faults.arm(Hang(), Scope(method="sendMessage", chat_id=300), times=1, skip=1)
    async with doomed(world):
        await home.new.start(await world.builder.code(home.mother))
        await home.new.send("5.3.2014")
        await eventually(lambda: fault.struck, PROCESS_STARTS)
    assert (await home.behind(200), home.farewells()) == (0, 0)
    async with world.running():
        await eventually(lambda: home.farewells() == 1)
        world.clock.move(seconds=LEASE.total_seconds())
        await world.settled()
    assert home.farewells() == 1


@pytest.mark.parametrize("effect", [Refused(502, "Bad Gateway"), Cut(accepted=False)], ids=["refused", "cut"])
async def test_trouble_of_the_wire_puts_the_farewell_off_and_not_the_welcome(home: Home, effect: Refused | Cut) -> None:
    world = home.world
    world.emulator.faults.arm(effect, Scope(method="sendMessage", chat_id=200), times=1)
    async with world.running():
        assert (await home.join(home.new)).startswith("Готово!")
        assert (home.farewells(), await world.core_value(UNTOLD)) == (0, 1)
        world.clock.move(minutes=2)
        bot = make_bot(TOKEN, base_url=world.emulator.base_url, proxy=None)
        try:
            for _ in range(2):
                await Farewells(bot, world.desk, Channel.TELEGRAM).say_due()
        finally:
            await bot.session.close()
    assert (home.farewells(), await world.core_value(UNTOLD)) == (1, 0)


async def test_a_family_tablet_stays_the_fathers_when_the_mother_leaves_it(home: Home) -> None:
    father = await home.world.builder.guardian(home.child, name="Иванов Пётр")
    await home.world.linked(200, father)
    async with home.world.running():
        assert "Прежний чат" in await home.join(home.new)
        assert "Для остальных ничего не изменилось" in last(home.old).text
        await home.old.send("/start")
        await home.world.settled()
        assert "Иванова Анна" in last(home.old).text
    assert (await home.behind(200), await home.behind(300), home.farewells()) == (1, 1, 1)


async def test_nobody_is_told_where_the_bot_was_stopped(home: Home) -> None:
    async with home.world.running():
        await home.old.block()
        await home.world.settled()
        assert (await home.join(home.new)).startswith("Готово!")
    assert (home.farewells(), await home.world.core_value(UNTOLD)) == (0, 0)


async def test_two_messengers_and_a_mailbox_serve_one_mother(home: Home, rooms: Rooms) -> None:
    async with bot_world(rooms, messenger=Channel.MAX) as other, home.world.running(), other.running():
        in_max = other.someone(400, "Ольга")
        assert (await home.join(in_max, other)).startswith("Готово!")
        for world, chat in ((home.world, home.old), (other, in_max)):
            await chat.send("/start")
            await world.settled()
            assert "Иванова Анна" in last(chat).text
        await in_max.send("/me")
        await other.settled()
        await in_max.press("Указать почту")
        await other.settled()
        await in_max.send("olga@example.ru")
        await other.settled()
        await confirm_all(home)
        await home.old.send("/me")
        await home.world.settled()
        assert "Почта: olga@example.ru. Она подтверждена" in last(home.old).text, "one person, whatever the chat"
    await home.gateway.plan()
    async with home.world.desk.gateway.begin() as session:
        rows = await session.execute(
            text("SELECT channel FROM gateway.address WHERE recipient = :id AND NOT ended ORDER BY channel"),
            {"id": home.mother},
        )
        assert list(rows.scalars()) == ["mail", "max", "telegram"]
    assert home.farewells() == 0


async def confirm_all(home: Home) -> None:
    """Let whoever holds the mailboxes open the links."""
    async with home.world.desk.core.begin() as session:
        for claim in (await session.execute(text("SELECT id FROM core.mailbox_claim"))).scalars().all():
            await mailboxes.confirm(session, claim, home.world.desk.school_clock.now())


async def test_a_newcomer_learns_nothing_of_other_peoples_codes_and_mailboxes(home: Home) -> None:
    world = home.world
    school_class = await world.core_value("SELECT id FROM core.school_class")
    sibling = await world.builder.pupil(school_class, "Петров Борис", date(2014, 7, 1))
    father = await world.builder.guardian(sibling, name="Петров Иван")
    await world.linked(500, father)
    async with world.desk.core.begin() as session:
        act = Act(Actor("telegram", home.mother), world.desk.school_clock.now(), "hers")
        await mailboxes.ask(session, act, home.mother, "olga@example.ru")
    await confirm_all(home)
    newcomer, heard = home.new, len(home.old.chat.messages)
    code = await world.builder.code(home.mother)
    async with world.running():
        # Somebody else's code: class and initials, and only the birth date goes further; the holder's chat stays hers.
        await newcomer.start(code)
        await world.settled()
        assert "Иванова" not in last(newcomer).text
        assert "Ольга" not in last(newcomer).text
        await newcomer.send("1.7.2014")
        await world.settled()
        assert (await home.behind(300), await home.behind(200)) == (0, 1)
        # Her own chat uses it up; the newcomer hears of a used code, and of nobody.
        await home.old.start(code)
        await home.old.send("5.3.2014")
        await world.settled()
        await newcomer.start(code)
        await world.settled()
        assert last(newcomer).text.startswith("Этот код уже использован.")
        # Another's mailbox and nobody's: one answer, but for what was typed.
        father_there, said = world.someone(500), []
        for box in ("olga@example.ru", "nobody@example.ru"):
            await father_there.send("/me")
            await world.settled()
            label = "Указать почту" if box.startswith("olga") else "Указать другую почту"
            await father_there.press(label)
            await world.settled()
            await father_there.send(box)
            await world.settled()
            said.append((last(father_there).text.replace(box, "…"), last(father_there).labels()))
            world.clock.move(minutes=11)
        clock_of = [(words.partition(" до ")[0], labels) for words, labels in said]
        assert clock_of[0] == clock_of[1]
    assert home.farewells() == 0
    assert not any("example.ru" in one.text for one in home.old.chat.messages[heard:])
