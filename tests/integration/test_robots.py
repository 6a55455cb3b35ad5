"""Robots that look into mail open every link there is, before the reader does: nothing of it may be an act of his.

A school's day is told to a family by letter and in a chat, through the real gateway to a mail server and a Bot API;
every address that stands in what arrived is then fetched over HTTP, and the whole database compared, row by row.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import time, timedelta
from html import unescape
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL

from core.actor import Act, Actor
from core.database import Database
from core.events import AddressState, Channel, NoticeAsk, RemarkKind, SubjectAverage, address_subject, event
from core.learning import attendance, gradebook, remarks
from core.notice import notices
from core.notice.notices import NoticeDraft
from core.outbox import publish
from core.school_time import MachineClock
from gateway import subscriptions
from gateway.addresses import AddressVault
from gateway.categories import Category
from gateway.courier import Courier, CourierSettings
from gateway.heads import Heads
from gateway.intake import Intake
from gateway.learning import LearningWeeks
from gateway.profiles import Choice, Mode
from notifiers.mail import MailNotifier
from notifiers.mail_settings import MailSettings, Security
from notifiers.port import Notifier
from notifiers.telegram import TelegramNotifier, TelegramSettings
from tests.integration.account_site import LINKS, ORIGIN, AccountSite, account_site
from tests.integration.core_world import DAY
from tests.integration.sandbox_wire import BOT, BOT_ID, TOKEN
from tests.integration.test_gateway_learning import Journal
from texts.reader import load
from zvonok.sandbox.bot_api import BotApiEmulator
from zvonok.sandbox.mail_catcher import MailCatcher
from zvonok.sandbox.mail_spool import Mail

VAULT = AddressVault(b"addresses of the tests, 32 bytes")
HEADS = {"mail": "mail:school@example.ru", "telegram": f"telegram:{BOT_ID}"}
TOLD = (Category.ABSENCE, Category.NOTICE, Category.CONSENT, Category.REMARK, Category.BAD_MARK, Category.MARK)
CHAT = 5001
ADDRESS = re.compile(r"https?://[^\s\"'<>]+")
HELD = {
    "core.absence_answer",
    "core.notice_answer",
    "core.consent",
    "core.audit",
    "core.password_reset",
    "bus.outbox",
    "gateway.receipt",
    "gateway.opt_out",
    "gateway.subscription",
    "gateway.delivery",
}
"""Tables in which an act of a reader would stand; all others are compared with them."""


@dataclass
class Town:
    """The site, with everything by which a family is told."""

    site: AccountSite
    gateway: Database
    catcher: MailCatcher
    emulator: BotApiEmulator
    senders: dict[str, Notifier] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def clock(self) -> MachineClock:
        return MachineClock(source=lambda: self.site.hands.at, monotonic=lambda: self.seconds)

    def act(self, person: UUID) -> Act:
        return Act(Actor("telegram", person), self.site.hands.at, str(uuid4()))

    async def reached(self, person: UUID, channel: Channel, value: str, mode: Mode) -> None:
        """Give a person an address, and let him choose to be told of everything there."""
        at = self.site.hands.at
        state = AddressState(person=person, channel=channel, value=value, verified_at=at - timedelta(days=1))
        told = event(state, subject=address_subject(person, channel), school=self.site.school, version=1, at=at)
        async with self.site.database.begin() as session:
            await publish(session, told)
        await self.deliver()
        choice = Choice(mode, channel.value, 18 if mode is Mode.DAILY else None)
        async with self.gateway.begin() as session:
            for category in TOLD:
                await subscriptions.choose(session, person, category, choice, at=at)
            if channel is Channel.MAIL:
                saturdays = Choice(Mode.WEEKLY, channel.value, 18, 6)
                await subscriptions.choose(session, person, Category.DIGEST, saturdays, at=at)

    async def deliver(self) -> None:
        """Plan what was said, send what is due."""
        hands = self.site.hands.clock
        await Intake(self.gateway, Heads(VAULT, HEADS), hands, self.clock).run_once()
        for channel, sender in self.senders.items():
            bell, settings = asyncio.Event(), CourierSettings(HEADS[channel], 30)
            courier = Courier(settings, self.gateway, sender, VAULT, load("ru"), hands, self.clock, bell, links=LINKS)
            for _ in range(4):
                await courier.run_once()
                self.seconds += 1
                if courier._flying:
                    await asyncio.wait(courier._flying)
            await courier.stop()

    async def days(self, brother: UUID) -> AsyncIterator[str]:
        """Let the school call a roll, mark, remark and announce; stop whenever something of it has arrived."""
        site = self.site
        school_class = await site.watch.value("SELECT id FROM core.school_class")
        lesson = await site.builder.lesson(school_class, site.teacher, time(8, 30))
        async with site.database.begin() as session:
            await attendance.record(session, self.act(site.teacher), lesson, {site.pupil: "н"})
            await gradebook.give(session, self.act(site.teacher), lesson, brother, 2, "ответ на уроке")
            await remarks.write(session, self.act(site.teacher), lesson, brother, RemarkKind.REMARK, "Нет тетради")
            for ask in NoticeAsk:
                draft = NoticeDraft(f"Поездка {ask}", "Едем в пятницу.", ask, DAY + timedelta(days=9))
                await notices.publish(session, self.act(site.class_teacher), school_class, draft)
        (issued,) = await site.issue(site.mother)
        await site.browser().post("/api/password/forgotten", login=issued.login)
        site.hands.move(minutes=2)
        await self.deliver()
        yield "at once"
        site.hands.move(hours=9, minutes=20)
        await self.deliver()
        yield "in the evening"
        site.hands.move(days=4, hours=-2, minutes=-20)
        average = SubjectAverage(subject_name="математика", hundredths=375, before=400)
        journal = Journal({brother: {"averages": (average,), "marks": 1, "missed": 3}})
        await LearningWeeks(self.gateway, Heads(VAULT, HEADS), journal, site.hands.clock).run_once()
        await self.deliver()
        site.hands.move(hours=2, minutes=20)
        await self.deliver()
        yield "at the end of the week"

    async def lives_a_week(self, brother: UUID) -> None:
        """Let all of it happen at once."""
        async for _ in self.days(brother):
            pass

    def links(self) -> set[str]:
        """Return every address in what has arrived, wherever it stands."""
        said = [part for mail in self.catcher.spool.mails for part in parts_of(mail)]
        for message in self.emulator.person(CHAT, "Дядя").chat.messages:
            said += [message.text, repr(message.content)]
        return {found.rstrip(".,;)>") for text in said for found in ADDRESS.findall(unescape(text))}

    async def everything(self) -> dict[str, list[str]]:
        """Return every row of the database, by table."""
        rows = await self.site.watch.rows(
            "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('core', 'bus', 'gateway', 'bot')"
        )
        found = {}
        for (name,) in rows:
            query = f"SELECT to_jsonb(t)::text FROM {name} t ORDER BY 1"  # noqa: S608 - the database's own names
            found[name] = [row for (row,) in await self.site.watch.rows(query)]
        return found


def parts_of(mail: Mail) -> Iterable[str]:
    yield from (str(value).replace("\n", "") for value in mail.headers.values())
    yield from (mail.text or "", mail.html or "")


def kind(link: str) -> str:
    """Return the page that a link leads to: «a» of an absence, «n» of a notice, «p» of a password, «u» the way out."""
    return urlsplit(link).path.split("/")[1]


@pytest.fixture
async def town(
    core_database: Database, gateway_database: Database, database_url: URL, tmp_path: Path
) -> AsyncIterator[Town]:
    async with (
        account_site(core_database, gateway_database, database_url) as site,
        MailCatcher(tmp_path) as catcher,
        BotApiEmulator(BOT) as emulator,
    ):
        made = Town(site, gateway_database, catcher, emulator)
        wire = MailSettings(
            host=catcher.host, port=catcher.port, security=Security.PLAIN, sender_address="school@example.ru"
        )
        mail = MailNotifier(wire, now=lambda: site.hands.at, clock=lambda: made.seconds)
        telegram = TelegramNotifier(TelegramSettings(TOKEN, emulator.base_url), clock=lambda: made.seconds)
        made.senders = {"mail": mail, "telegram": telegram}
        yield made
        await mail.close()
        await telegram.close()


async def family(town: Town) -> UUID:
    """Make a brother, and three adults: told at once by mail, in the evening by mail, at once in a chat."""
    site = town.site
    school_class = await site.watch.value("SELECT id FROM core.school_class")
    brother = await site.builder.pupil(school_class, "Ёлкин Лев")
    await site.builder.guardian(brother, name="", person=site.mother)
    father = await site.builder.guardian(site.pupil, brother, name="Ёлкин Ян Юрьевич")
    uncle = await site.builder.guardian(site.pupil, brother, name="Ёлкин Пётр Юрьевич")
    town.emulator.person(CHAT, "Дядя")
    town.emulator.world.chronicle.record("started", {"bot_id": BOT_ID, "chat_id": CHAT})
    await town.reached(site.mother, Channel.MAIL, "mother@example.org", Mode.NOW)
    await town.reached(father, Channel.MAIL, "father@example.org", Mode.DAILY)
    await town.reached(uncle, Channel.TELEGRAM, str(CHAT), Mode.NOW)
    return brother


async def open_twice(town: Town, links: Iterable[str], *, over: str = "") -> None:
    """Fetch links as robots do; of the pages ``over`` only that they are gone is known by now."""
    for method in ("GET", "HEAD") * 2:
        for link in sorted(links):
            async with town.site.client.request(method, link.removeprefix(ORIGIN)) as response:
                expected = HTTPStatus.GONE if kind(link) in set(over) else HTTPStatus.OK
                assert response.status == expected, (method, kind(link))
                assert response.headers.get("Set-Cookie") is None
                assert bool(await response.text()) is (method == "GET")


async def test_robots_that_open_every_link_twice_have_answered_read_and_left_nothing(town: Town) -> None:
    async for when in town.days(await family(town)):
        links, before = town.links(), await town.everything()
        assert all(link.startswith(f"{ORIGIN}/") for link in links), "nothing of a letter lies elsewhere"
        assert before.keys() >= HELD
        # A link to a new password is good for an hour.
        await open_twice(town, links, over="" if when == "at once" else "p")
        after = await town.everything()
        assert [name for name, rows in after.items() if rows != before[name]] == [], when
    letters, chat = town.catcher.spool.mails, town.emulator.person(CHAT, "Дядя").chat.messages
    assert {kind(link) for link in town.links()} == {"a", "n", "p", "u"}
    assert {box for mail in letters for box in mail.recipients} == {"mother@example.org", "father@example.org"}
    assert any("Как идёт учёба" in (mail.text or "") for mail in letters)
    assert len([message for message in chat if message.from_bot]) >= len(TOLD)
    ways_out = {mail.message["List-Unsubscribe"] for mail in letters} - {None}
    assert {way.strip().strip("<>") for way in ways_out} <= town.links()
    assert len(ways_out) == 2


async def test_the_same_links_act_when_a_person_presses(town: Town) -> None:
    """What the robots leave as it was, they could have changed: the comparison above sees an act of each page."""
    await town.lives_a_week(await family(town))
    acts = {"a": {"act": "ill"}, "n": {"act": "confirmed"}, "u": {"List-Unsubscribe": "One-Click"}}
    changed = {"a": "core.absence_answer", "n": "core.notice_answer", "u": "gateway.opt_out"}
    for page, table in changed.items():
        before = (await town.everything())[table]
        for link in sorted(one for one in town.links() if kind(one) == page):
            path = link.removeprefix(ORIGIN)
            async with town.site.client.get(path) as response:
                shown = re.search(r'name="text_hash" value="(\w+)"', await response.text())
            form = acts[page] | ({"text_hash": shown[1]} if shown else {})
            async with town.site.client.post(path, data=form, allow_redirects=False):
                pass
        assert (await town.everything())[table] != before, page


async def test_an_absence_in_the_evening_letter_is_answered_by_its_own_link(town: Town) -> None:
    await town.lives_a_week(await family(town))
    (evening,) = (mail for mail in town.catcher.spool.mails if mail.subject.startswith("Новости из школы за 24 ноября"))
    (link,) = {one for one in ADDRESS.findall(evening.text or "") if kind(one) == "a"}
    assert f'href="{link}"' in (evening.html or "")
    async with town.site.client.post(link.removeprefix(ORIGIN), data={"act": "family"}) as response:
        assert "Ваш ответ: по семейным обстоятельствам." in await response.text()
