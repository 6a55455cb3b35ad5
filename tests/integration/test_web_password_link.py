"""A forgotten password: the link goes to the owner's confirmed address, works once, and nobody else learns anything."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import URL

from core.account import logins
from core.actor import OFFICE, Act
from core.consent import consents
from core.consent.consent_entries import Decision
from core.database import Database
from core.events import AddressState, Channel, address_subject, event
from core.outbox import publish
from core.school_time import MachineClock
from gateway.addresses import AddressVault
from gateway.courier import Courier, CourierSettings
from gateway.heads import Heads
from gateway.intake import Intake
from notifiers.mail import MailNotifier
from notifiers.mail_settings import MailSettings, Security
from tests.integration.account_site import BETTER, GOOD, LINKS, ORIGIN, AccountSite, account_site
from tests.integration.test_web_second_factor import set_up
from texts.reader import load
from zvonok.sandbox.mail_catcher import MailCatcher
from zvonok.sandbox.mail_spool import Mail

VAULT = AddressVault(b"addresses of the tests, 32 bytes")
CREDENTIAL = "mail:school@example.ru"
ENTERED = load("ru").format("letter-subject-strange-entry")
LINK = re.compile(rf"{re.escape(ORIGIN)}/p/([\w-]+)")


@dataclass
class Post:
    """The site with a gateway and a mail server behind it."""

    site: AccountSite
    gateway: Database
    catcher: MailCatcher
    notifier: MailNotifier
    seconds: float = field(default=0.0)

    async def give_mailbox(self, person: UUID, box: str, *, version: int = 1, verified: bool = True) -> None:
        """State a person's mailbox, as the office does."""
        at = self.site.hands.at
        state = AddressState(
            person=person, channel=Channel.MAIL, value=box, verified_at=at - timedelta(days=1) if verified else None
        )
        subject = address_subject(person, Channel.MAIL)
        async with self.site.database.begin() as session:
            await publish(session, event(state, subject=subject, school=self.site.school, version=version, at=at))

    async def deliver(self) -> tuple[Mail, ...]:
        """Plan what was said, send what is due; return every letter but those about new browsers."""
        return tuple(one for one in await self.deliver_all() if one.subject != ENTERED)

    async def deliver_all(self) -> tuple[Mail, ...]:
        """Plan what was said, send what is due; return every letter that there is."""
        clock = MachineClock(source=lambda: self.site.hands.at, monotonic=lambda: self.seconds)
        await Intake(self.gateway, Heads(VAULT, {"mail": CREDENTIAL}), self.site.hands.clock, clock).run_once()
        courier = Courier(
            CourierSettings(CREDENTIAL, 30),
            self.gateway,
            self.notifier,
            VAULT,
            load("ru"),
            self.site.hands.clock,
            clock,
            asyncio.Event(),
            links=LINKS,
        )
        await courier.run_once()
        self.seconds += 1
        await courier.run_once()
        await courier.stop()
        return self.catcher.spool.mails

    async def forgotten(self, login: str) -> tuple[int, dict[str, Any]]:
        """Ask for a link on the login page."""
        return await self.site.browser().post("/api/password/forgotten", login=login)

    async def link(self, login: str) -> str:
        """Ask, and read the token out of the newest letter."""
        await self.forgotten(login)
        letters = await self.deliver()
        found = LINK.search(letters[-1].text or "")
        assert found is not None, letters[-1].text
        return found[1]


@pytest.fixture
async def post(
    core_database: Database, gateway_database: Database, database_url: URL, tmp_path: Path
) -> AsyncIterator[Post]:
    async with account_site(core_database, gateway_database, database_url) as site, MailCatcher(tmp_path) as catcher:
        settings = MailSettings(
            host=catcher.host, port=catcher.port, security=Security.PLAIN, sender_address="school@example.ru"
        )
        notifier = MailNotifier(settings, now=lambda: site.hands.at, clock=lambda: made.seconds)
        made = Post(site, gateway_database, catcher, notifier)
        await made.give_mailbox(site.mother, "mother@example.org")
        await made.give_mailbox(site.teacher, "teacher@example.org")
        yield made
        await notifier.close()


@pytest.mark.req("AUTH-16")
async def test_whoever_forgot_his_password_sets_another_by_the_link_in_a_letter(post: Post) -> None:
    issued, inside = await post.site.settled(post.site.teacher)
    status, said = await post.forgotten(issued.login)
    (letter,) = await post.deliver()
    assert (status, letter.recipients) == (HTTPStatus.ACCEPTED, ("teacher@example.org",))
    assert letter.subject == "Ссылка для входа в школьный журнал"
    text = letter.text or ""
    assert "до 9:10" in text, "half an hour, by the school's clock"
    assert "согласие" not in text
    found = LINK.search(text)
    assert found is not None
    assert found[0] not in str(await post.site.watch.everything())
    page = f"/p/{found[1]}"
    for method in ("HEAD", "GET", "GET"):
        assert (await post.site.browser().raw(method, page))[0] == HTTPStatus.OK, "looking changes nothing"
    weak = await post.site.browser().raw("POST", page, data={"new": "kuznetsova-mp kuznetsova"})
    assert (weak[0], "легко подобрать" in weak[1]) == (HTTPStatus.UNPROCESSABLE_ENTITY, True)
    status, words, _ = await post.site.browser().raw("POST", page, data={"new": BETTER})
    assert (status, "Пароль изменён" in words) == (HTTPStatus.OK, True)
    assert (await inside.get("/api/session"))[0] == HTTPStatus.UNAUTHORIZED, "every session has ended"
    assert (await post.site.browser().enter(issued, GOOD))[0] == HTTPStatus.UNAUTHORIZED
    assert (await post.site.browser().enter(issued, BETTER))[0] == HTTPStatus.OK
    assert (await post.site.browser().raw("GET", page))[0] == HTTPStatus.GONE
    status, said = await post.site.browser().post("/api/password/new", token=found[1], new=GOOD)
    assert (status, said["error"]) == (HTTPStatus.CONFLICT, "password-link-over"), "good once"
    assert len(await post.site.watch.audit("password.reset")) == 1


async def test_the_answer_does_not_tell_whether_there_is_such_a_login(post: Post) -> None:
    (known,) = await post.site.issue(post.site.teacher)
    (closed,) = await post.site.issue(post.site.class_teacher)
    async with post.site.database.begin() as session:
        await logins.close(session, Act(OFFICE, post.site.hands.at, "close"), post.site.class_teacher, "ушла")
    answers = {str(await post.forgotten(login)) for login in (known.login, closed.login, "nobody")}
    assert len(answers) == 1
    assert [letter.recipients for letter in await post.deliver()] == [("teacher@example.org",)]


async def test_an_unconfirmed_address_gets_no_link(post: Post) -> None:
    (issued,) = await post.site.issue(post.site.class_teacher)
    await post.give_mailbox(post.site.class_teacher, "unconfirmed@example.org", verified=False)
    assert (await post.forgotten(issued.login))[0] == HTTPStatus.ACCEPTED
    assert await post.deliver() == ()


async def test_nobodys_mailbox_is_flooded(post: Post) -> None:
    (issued,) = await post.site.issue(post.site.teacher)
    for login in (issued.login, "nobody"):
        assert {(await post.forgotten(login))[0] for _ in range(6)} == {HTTPStatus.ACCEPTED}
    (letter,) = await post.deliver()
    post.site.hands.move(minutes=9)
    await post.forgotten(issued.login)
    found = LINK.search(letter.text or "")
    assert found is not None
    assert (await post.site.browser().raw("GET", f"/p/{found[1]}"))[0] == HTTPStatus.OK, "the one that is there is good"
    post.site.hands.move(minutes=1)
    await post.forgotten(issued.login)
    assert len(await post.deliver()) == 2


async def test_no_stranger_takes_the_way_to_a_new_password_from_its_owner(post: Post) -> None:
    site = post.site
    issued, known = await site.settled(site.teacher)
    stranger = site.browser(address=known.address)
    await stranger.post("/api/password/forgotten", login="nobody")
    again = "INSERT INTO core.login_try SELECT gen_random_uuid(), key, at FROM core.login_try, generate_series(1, 99)"
    await site.watch.rows(f"{again} WHERE key LIKE 'reset-source:%'")
    status, said = await stranger.post("/api/password/forgotten", login=issued.login)
    assert (status, said["error"]) == (HTTPStatus.TOO_MANY_REQUESTS, "source-too-many")
    assert "новый пароль" not in said["message"], "what is refused is not advised"
    for owner in (known, site.browser(address="192.0.2.5")):
        assert (await owner.post("/api/password/forgotten", login=issued.login))[0] == HTTPStatus.ACCEPTED
    assert len(await post.deliver()) == 1


async def test_whoever_set_a_new_password_enters_at_once_where_he_had_been_mistaken(post: Post) -> None:
    issued, _ = await post.site.settled(post.site.teacher)
    forgetful = post.site.browser(address="192.0.2.5")
    for _ in range(10):
        await forgetful.enter(issued, "забыто")
    assert (await forgetful.enter(issued, GOOD))[0] == HTTPStatus.TOO_MANY_REQUESTS
    token = await post.link(issued.login)
    assert (await forgetful.post("/api/password/new", token=token, new=BETTER))[0] == HTTPStatus.OK
    assert (await forgetful.enter(issued, BETTER))[0] == HTTPStatus.OK


async def test_a_link_asked_for_before_a_withdrawal_is_not_sent_after_it(post: Post) -> None:
    site = post.site
    (issued,) = await site.issue(site.mother)
    await post.forgotten(issued.login)
    async with site.database.begin() as session:
        act = Act(OFFICE, site.hands.at, "withdrawn")
        withdrawn = Decision(given=False, since=site.hands.at.date())
        await consents.record(session, act, site.pupil, site.mother, withdrawn)
    assert await post.deliver() == ()
    assert await site.watch.value("SELECT state FROM gateway.delivery") in {None, "expired"}
    async with site.database.begin() as session:
        again = Decision(given=True, since=site.hands.at.date(), paper_ref="№ 2")
        await consents.record(session, Act(OFFICE, site.hands.at, "again"), site.pupil, site.mother, again)
    await post.forgotten(issued.login)
    assert len(await post.deliver()) == 1, "and what was taken back is not fresh"


async def test_a_link_asked_for_before_a_withdrawal_opens_nothing_after_it(post: Post) -> None:
    (issued,) = await post.site.issue(post.site.mother)
    token = await post.link(issued.login)
    await post.site.watch.rows("UPDATE core.consent SET given = false")
    assert (await post.site.browser().raw("GET", f"/p/{token}"))[0] == HTTPStatus.GONE
    status, said = await post.site.browser().post("/api/password/new", token=token, new=GOOD)
    assert (status, said["error"]) == (HTTPStatus.CONFLICT, "password-link-over")


async def test_a_newer_link_an_hour_and_another_address_end_an_older_one(post: Post) -> None:
    (issued,) = await post.site.issue(post.site.teacher)
    site = post.site

    async def good(token: str) -> bool:
        return (await site.browser().raw("GET", f"/p/{token}"))[0] == HTTPStatus.OK

    first = await post.link(issued.login)
    site.hands.move(minutes=10)
    second = await post.link(issued.login)
    assert [await good(first), await good(second)] == [False, True]
    await post.give_mailbox(site.teacher, "corrected@example.org", version=2)
    await post.deliver()
    assert not await good(second), "it went to a mailbox that is not his"
    site.hands.move(minutes=10)
    third = await post.link(issued.login)
    assert await good(third)
    site.hands.move(minutes=30)
    assert not await good(third)
    assert not await good(third[:-2] + "AA")


async def test_a_late_letter_is_not_sent(post: Post) -> None:
    (issued,) = await post.site.issue(post.site.teacher)
    await post.forgotten(issued.login)
    post.site.hands.move(minutes=31)
    assert await post.deliver() == ()
    assert await post.site.watch.value("SELECT state FROM gateway.delivery") == "expired"


async def test_at_night_and_without_subscriptions_it_comes_all_the_same(post: Post) -> None:
    """The owner asked for it himself, here and now; and a mother does not follow her own affairs as a child's."""
    (issued,) = await post.site.issue(post.site.mother)
    post.site.hands.move(hours=15)
    off = "INSERT INTO gateway.subscription SELECT $1, c, 'mail', 'off', NULL, $2 FROM unnest($3::text[]) c"
    await post.deliver()
    await post.site.watch.rows(off, post.site.mother, post.site.hands.at, ["absence", "notice", "mark"])
    await post.forgotten(issued.login)
    assert [letter.recipients for letter in await post.deliver()] == [("mother@example.org",)]


async def test_whoever_has_lost_his_consent_gets_no_link(post: Post) -> None:
    (issued,) = await post.site.issue(post.site.mother)
    await post.site.watch.rows("UPDATE core.consent SET given = false")
    assert (await post.forgotten(issued.login))[0] == HTTPStatus.ACCEPTED
    assert await post.deliver() == ()


async def test_the_link_enters_without_a_password_once_and_leaves_the_password_alone(post: Post) -> None:
    issued, inside = await post.site.settled(post.site.teacher)
    page = f"/p/{await post.link(issued.login)}"
    browser = post.site.browser(agent="Mozilla/5.0 (iPhone) Safari/605.1.15")
    status, words, headers = await browser.raw("GET", page)
    assert (status, "Кузнецова" in words) == (HTTPStatus.OK, False), "it names nobody before the press"
    assert headers["Referrer-Policy"] == "same-origin"
    status, words, _ = await browser.fill_in(page, "https://evil.example", act="enter")
    assert (status, "другая страница" in words) == (HTTPStatus.BAD_REQUEST, True)
    assert await browser.fill_in(page, act="enter") == (HTTPStatus.SEE_OTHER, "", "../home")
    status, words, _ = await browser.raw("GET", "/home")
    assert (status, "По ссылке, 24 ноября в 8:40" in words.replace("\xa0", " ")) == (HTTPStatus.OK, True)
    assert (await inside.get("/api/session"))[0] == HTTPStatus.OK, "other stays go on"
    assert (await post.site.browser().enter(issued, GOOD))[0] == HTTPStatus.OK
    for fields in ({"act": "enter"}, {"new": BETTER}):
        assert (await post.site.browser().fill_in(page, **fields))[0] == HTTPStatus.GONE, "good once, for either"


async def test_who_enters_by_a_link_still_shows_the_second_factor(post: Post) -> None:
    issued, _, phone, _ = await set_up(post.site)
    page, browser = f"/p/{await post.link(issued.login)}", post.site.browser()
    assert (await browser.fill_in(page, act="enter"))[2] == "../second-factor"
    assert (await browser.raw("GET", "/home"))[2]["Location"] == "second-factor"
    post.site.machine.move(seconds=30)
    assert (await browser.fill_in("/second-factor", code=phone.at(post.site.machine.at)))[2] == "home"


async def test_a_link_enters_whoever_has_not_chosen_a_password_yet(post: Post) -> None:
    """What was handed out on paper may be lost: the mailbox is his."""
    (issued,) = await post.site.issue(post.site.teacher)
    page, browser = f"/p/{await post.link(issued.login)}", post.site.browser()
    assert (await browser.fill_in(page, act="enter"))[2] == "../home"
    assert (await post.site.browser().fill_in("/login", login=issued.login, password=issued.password))[
        2
    ] == "new-password"


async def test_where_the_school_lets_nobody_in_by_a_password_a_link_enters_nobody(post: Post) -> None:
    issued, _ = await post.site.settled(post.site.mother)
    page = f"/p/{await post.link(issued.login)}"
    await post.site.watch.rows("UPDATE core.school SET rules = $1", json.dumps({"login_parents": ["provider"]}))
    status, words, _ = await post.site.browser().fill_in(page, act="enter")
    assert (status, "входят другим способом" in words) == (HTTPStatus.FORBIDDEN, True)
