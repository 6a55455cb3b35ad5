"""A person who joins a new chat of a messenger leaves the old one: it opens nothing, is told, and can be reported."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import URL

from core.account import accounts, entry_codes, lost_accounts, sessions
from core.account.account_keeper import AccountKeeper
from core.account.accounts import Linked, MessengerAccount
from core.account.entry_codes import CodeEntrance, TypedCode
from core.account.lost_accounts import FIRST_PAUSE, LONGEST_PAUSE, MOST_TRIES, Farewell
from core.actor import OFFICE, Act, Actor
from core.audit import breaches
from core.audit.breaches import BreachNotice, Whom
from core.database import Database
from core.events import Channel, ProposedReason
from core.learning import attendance
from core.refusals import Forbidden
from tests.integration.core_world import ClassRoom, class_room, refused

OLD, NEW = (MessengerAccount(Channel.TELEGRAM, number) for number in ("100", "200"))
IN_MAX = MessengerAccount(Channel.MAX, "100")
BORN = date(2014, 3, 5)
KEEPER = AccountKeeper(b"accounts of the tests, 32 bytes ")


@dataclass
class Phones:
    """A class room, and a mother with one phone after the other."""

    room: ClassRoom
    mother: UUID

    async def join(self, account: MessengerAccount, person: UUID | None = None) -> Linked:
        """Join a guardian by a new code and the birth date of the child."""
        now, keeper = self.room.hands.at, self.room.builder.keeper
        code = await self.room.builder.code(person or self.mother)
        async with self.room.database.begin() as session:
            await accounts.show_code(session, keeper, account, code, now)
        async with self.room.database.begin() as session:
            return await accounts.answer_offer(session, account, BORN, now)

    async def behind(self, account: MessengerAccount) -> Sequence[UUID]:
        async with self.room.database.begin() as session:
            return await accounts.persons_behind(session, account)

    async def actor(self, account: MessengerAccount) -> Actor:
        async with self.room.database.begin() as session:
            return await accounts.actor_for(session, account, self.mother)

    async def site_code(self, account: MessengerAccount) -> str:
        async with self.room.database.begin() as session:
            return (await entry_codes.issue(session, KEEPER, account, self.room.hands.at)).code

    async def enter(self, code: str) -> str:
        """Enter the site by a code of a chat; return the token of the stay."""
        entrance = CodeEntrance(self.room.database, KEEPER)
        return (await entrance.enter(TypedCode(code, "203.0.113.7"), self.room.hands.at)).opened.token

    async def visit(self, token: str) -> UUID | None:
        """Come back with a token."""
        async with self.room.database.begin() as session:
            return (await sessions.visitor(session, KEEPER, token, self.room.hands.at)).actor.person

    async def due(self, channel: Channel = Channel.TELEGRAM) -> tuple[Farewell, ...]:
        """Take what is to be told."""
        async with self.room.database.begin() as session:
            return await lost_accounts.claim(session, channel, self.room.hands.at)

    async def told(self, farewell: Farewell) -> None:
        async with self.room.database.begin() as session:
            await lost_accounts.told(session, farewell)


@pytest.fixture
async def phones(core_database: Database, database_url: URL) -> Phones:
    room = await class_room(core_database, database_url, lessons=1)
    return Phones(room, await room.builder.guardian(room.pupils[0], name="Абрамова Яна Олеговна"))


async def test_a_new_chat_takes_the_place_of_the_old_one(phones: Phones) -> None:
    assert not (await phones.join(OLD)).replaced
    before = await phones.actor(OLD)
    phones.room.hands.move(minutes=1)
    assert (await phones.join(NEW)).replaced
    assert (await phones.behind(OLD), await phones.behind(NEW)) == ((), (phones.mother,))
    assert await refused(phones.actor(OLD)) == (Forbidden, "account-not-linked")
    assert await refused(phones.site_code(OLD)) == (Forbidden, "account-not-linked")
    (entry,) = await phones.room.watch.audit("account.leave")
    assert (entry["person_id"], entry["account_id"]) == (phones.mother, (await phones.actor(NEW)).account)
    assert str(before.account) in str(entry["before"])


async def test_what_the_old_chat_opened_on_the_site_is_shut(phones: Phones) -> None:
    await phones.join(OLD)
    inside, unused = await phones.enter(await phones.site_code(OLD)), await phones.site_code(OLD)
    assert await phones.visit(inside) == phones.mother
    await phones.join(NEW)
    with pytest.raises(Forbidden, match="session-over"):
        await phones.visit(inside)
    assert await phones.room.watch.value("SELECT ended_why FROM core.session") == "left-chat"
    assert await refused(phones.enter(unused)) == (Forbidden, "entry-code-wrong")
    assert await phones.visit(await phones.enter(await phones.site_code(NEW))) == phones.mother


async def test_another_messenger_and_other_people_of_the_old_chat_stay(phones: Phones) -> None:
    father = await phones.room.builder.guardian(phones.room.pupils[0], name="Абрамов Олег")
    await phones.join(OLD)
    await phones.join(OLD, father)
    await phones.join(IN_MAX)
    await phones.join(NEW)
    assert await phones.behind(OLD) == (father,)
    assert await phones.behind(NEW) == await phones.behind(IN_MAX) == (phones.mother,)
    rows = await phones.room.watch.rows("SELECT channel, value FROM core.contact WHERE person_id = $1", phones.mother)
    assert {(row["channel"], row["value"]) for row in rows} == {("telegram", "200"), ("max", "100")}
    rows = await phones.room.watch.rows("SELECT value FROM core.contact WHERE person_id = $1", father)
    assert [row["value"] for row in rows] == ["100"]


async def test_whoever_comes_back_to_the_old_chat_leaves_the_new_one(phones: Phones) -> None:
    await phones.join(OLD)
    await phones.join(NEW)
    (farewell,) = await phones.due()
    assert (await phones.join(OLD)).replaced
    await phones.told(farewell)
    assert (await phones.behind(OLD), await phones.behind(NEW)) == ((phones.mother,), ())
    phones.room.hands.move(days=1)
    assert [one.external_id for one in await phones.due()] == ["200"], "the old one is his again"
    assert not (await phones.join(OLD)).replaced
    assert await phones.room.watch.value("SELECT count(*) FROM core.former_account") == 1


async def test_the_old_chat_is_told_until_it_knows(phones: Phones) -> None:
    await phones.join(OLD)
    assert await phones.due() == ()
    await phones.join(NEW)
    assert await phones.due(Channel.MAX) == ()
    (farewell,) = await phones.due()
    assert (farewell.person, farewell.external_id, farewell.school_name) == (
        phones.mother,
        "100",
        phones.room.school.name,
    )
    assert await phones.due() == (), "somebody is about to tell it"
    phones.room.hands.move(seconds=FIRST_PAUSE.total_seconds() - 1)
    assert await phones.due() == ()
    phones.room.hands.move(seconds=1)
    assert await phones.due() == (farewell,), "he has died"
    await phones.told(farewell)
    phones.room.hands.move(days=3)
    assert await phones.due() == ()


async def test_a_chat_that_cannot_be_reached_for_days_is_left_alone(phones: Phones) -> None:
    await phones.join(OLD)
    await phones.join(NEW)
    begun, times = phones.room.hands.at, 0
    while await phones.due():
        times += 1
        last_at = phones.room.hands.at
        phones.room.hands.move(seconds=LONGEST_PAUSE.total_seconds())
    assert times == MOST_TRIES
    assert last_at - begun > timedelta(days=2)


async def test_a_chat_that_was_shut_as_stolen_is_told_nothing(phones: Phones) -> None:
    await phones.join(OLD)
    stolen = await phones.actor(OLD)
    await report(phones, stolen, phones.room.hands.at)
    await phones.join(NEW)
    assert await phones.due() == ()
    assert (await phones.behind(OLD), await phones.behind(NEW)) == ((), (phones.mother,))


async def test_a_lost_phone_is_reported_when_its_owner_has_a_new_one(phones: Phones) -> None:
    room = phones.room
    await room.record(0)
    await phones.join(OLD)
    lost, at = await phones.actor(OLD), room.hands.at
    room.hands.move(minutes=5)
    async with room.database.begin() as session:
        await attendance.answer(session, Act(lost, room.hands.at, "thief"), room.day(0), ProposedReason.ILL)
    await phones.join(NEW)
    async with room.database.begin() as session:
        found = await breaches.accounts_of(session, phones.mother)
    assert [(one.account, one.channel, one.is_former) for one in found] == [
        ((await phones.actor(NEW)).account, "telegram", False),
        (lost.account, "telegram", True),
    ]
    breach = await report(phones, lost, at)
    async with room.database.begin() as session:
        done = await breaches.operations(session, OFFICE, breach, room.hands.at)
    assert "attendance.answer" in [one.action for one in done]
    assert await phones.behind(NEW) == (phones.mother,), "her new chat goes on"


async def report(phones: Phones, whose: Actor, since: datetime) -> UUID:
    """Let the office report an account; everything under it is void since then."""
    assert whose.person is not None
    assert whose.account is not None
    at = phones.room.hands.move(minutes=1)
    notice = BreachNotice(whose.person, whose.account, since, {Whom.HEAD: since, Whom.SUPPORT: since})
    async with phones.room.database.begin() as session:
        return (await breaches.report(session, Act(OFFICE, at, f"lost {at}"), notice)).id
