"""What strangers send to the doors: other people's provider logins, broken cookies, addresses that proxies wrote."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus
from uuid import UUID, uuid4

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict
from sqlalchemy import URL

from core.account import identity_documents, identity_provider
from core.account.identity_documents import Document
from core.account.identity_provider import Journey, Proven
from core.actor import OFFICE, Act, Actor
from core.audit import breaches
from core.audit.breaches import BreachNotice
from core.database import Database
from core.refusals import Forbidden, NotFound
from core.russian import FullName
from tests.integration.account_site import GOOD, KEEPER, AccountSite, Browser, account_site
from tests.integration.core_world import refused
from web.cookies import DEVICE, PROVIDER, SESSION
from web.json_api import source_of

BORN = date(1985, 2, 28)
MOTHER = Proven(
    "https://idp.example", "sub-1", FullName("Ёлкина", "Яна", "Юрьевна"), BORN, Document("passport", "6505123456")
)


@dataclass
class Provider:
    """An identity provider that vouches for whoever comes."""

    proven: Proven = MOTHER
    states: list[str] = field(default_factory=list)

    async def address(self, journey: Journey) -> str:
        self.states.append(journey.state)
        return "https://idp.example/auth"

    async def prove(self, code: str, journey: Journey, issuer: str | None) -> Proven:
        assert (code, journey.state in self.states, issuer) == ("c", True, None)
        return self.proven


@dataclass
class Doors:
    """The site, and the provider beside it."""

    site: AccountSite
    provider: Provider

    async def enter(self, browser: Browser) -> tuple[int, str]:
        """Enter through the provider."""
        status, page, _ = await browser.raw("GET", "/login/provider")
        if status != HTTPStatus.SEE_OTHER:
            return status, page
        back = f"/login/provider/back?state={self.provider.states[-1]}&code=c"
        status, page, headers = await browser.raw("GET", back)
        if headers.get("Location") == "../../home":
            status, page, _ = await browser.raw("GET", "/home")
        return status, page

    async def holds(self, person: UUID, number: str) -> None:
        """Record somebody's document and birth date."""
        await self.site.watch.rows("UPDATE core.person SET birth_date = $2 WHERE id = $1", person, BORN)
        async with self.site.database.begin() as session:
            act = Act(OFFICE, self.site.hands.at, str(uuid4()))
            await identity_documents.put(session, act, KEEPER, person, Document("passport", number))


@pytest.fixture
async def doors(core_database: Database, gateway_database: Database, database_url: URL) -> AsyncIterator[Doors]:
    provider = Provider()
    async with account_site(core_database, gateway_database, database_url, provider) as site:
        made = Doors(site, provider)
        await made.holds(site.mother, "6505123456")
        yield made


async def is_in(doors: Doors, token: str) -> bool:
    browser = doors.site.browser()
    browser.jar = {SESSION: token}
    return (await browser.get("/api/session"))[0] == HTTPStatus.OK


async def test_a_stay_ends_when_the_provider_means_another_person_since(doors: Doors) -> None:
    first, second = doors.site.browser(), doors.site.browser()
    assert (await doors.enter(first))[0] == HTTPStatus.OK
    # The school had mixed up two women of one name.
    name = "UPDATE core.person SET surname = 'Ёлкина', given = 'Яна', patronymic = 'Юрьевна' WHERE id = $1"
    await doors.site.watch.rows(name, doors.site.teacher)
    await doors.holds(doors.site.mother, "6505999999")
    await doors.holds(doors.site.teacher, "6505123456")
    assert await is_in(doors, first.jar[SESSION])
    assert (await doors.enter(second))[0] == HTTPStatus.OK
    assert (await second.get("/api/session"))[1]["person"] == str(doors.site.teacher)
    assert not await is_in(doors, first.jar[SESSION])


async def test_whoever_enters_through_the_provider_ends_the_stay_of_that_browser(doors: Doors) -> None:
    _, browser = await doors.site.settled(doors.site.teacher)
    token = browser.jar[SESSION]
    assert (await doors.enter(browser))[0] == HTTPStatus.OK
    assert not await is_in(doors, token)
    assert (await browser.get("/api/session"))[1]["person"] == str(doors.site.mother)


async def test_a_provider_login_closed_by_a_breach_says_so_and_is_opened_by_whoever_manages_accounts(
    doors: Doors,
) -> None:
    site = doors.site
    assert (await doors.enter(site.browser()))[0] == HTTPStatus.OK
    account = await site.watch.value("SELECT id FROM core.account WHERE channel = 'provider'")

    async def reopen(actor: Actor) -> None:
        async with site.database.begin() as session:
            await identity_provider.reopen(session, Act(actor, site.hands.at, str(uuid4())), site.mother)

    assert await refused(reopen(OFFICE)) == (NotFound, "provider-account-open")
    async with site.database.begin() as session:
        act = Act(Actor("web", site.mother, account), site.hands.at, str(uuid4()))
        await breaches.report(session, act, BreachNotice(site.mother, account, site.hands.at))
    status, page = await doors.enter(site.browser())
    assert (status, "Администратор школы проверит" in page) == (HTTPStatus.FORBIDDEN, True)
    assert "никто не найден" not in page
    assert await refused(reopen(Actor("web", site.mother))) == (Forbidden, "not-allowed")
    await reopen(OFFICE)
    assert (await doors.enter(site.browser()))[0] == HTTPStatus.OK
    assert len(await site.watch.audit("provider.reopen")) == 1


async def test_a_parent_who_goes_on_as_an_employee_stays_as_one_and_enters_as_one(doors: Doors) -> None:
    site = doors.site
    sail = await site.builder.school("Школа «Парус»")
    teacher = await site.builder.teacher(sail, "Ёлкина Яна Юрьевна")
    await doors.holds(teacher, "6505123456")
    # The family's school was there first, so the stay begins as the mother's.
    browser = site.browser()
    rule = "UPDATE core.school SET rules = rules || jsonb_build_object('login_staff', $2::text[]) WHERE id = $1"
    await site.watch.rows(rule, sail.id, ["password"])
    assert (await doors.enter(browser))[0] == HTTPStatus.OK
    assert (await browser.get("/api/session"))[1]["person"] == str(site.mother)
    status, said = await browser.post("/api/session/person", person=str(teacher))
    assert (status, said["error"]) == (HTTPStatus.FORBIDDEN, "login-other-way")
    await site.watch.rows(rule, sail.id, ["password", "provider"])
    assert (await browser.post("/api/session/person", person=str(teacher)))[0] == HTTPStatus.OK
    site.hands.move(minutes=61)
    assert (await browser.get("/api/session"))[0] == HTTPStatus.UNAUTHORIZED, "an hour, as every employee's"


async def test_a_whole_school_may_enter_through_the_provider_and_a_flood_may_not(doors: Doors) -> None:
    for _ in range(3):
        assert (await doors.enter(doors.site.browser()))[0] == HTTPStatus.OK
    assert await doors.site.watch.value("SELECT count(*) FROM core.login_try") == 0, "who has entered is not counted"
    await doors.site.browser().raw("GET", "/login/provider")
    again = "INSERT INTO core.login_try SELECT gen_random_uuid(), key, at FROM core.login_try, generate_series(1, 999)"
    await doors.site.watch.rows(again)
    status, page = await doors.enter(doors.site.browser())
    assert (status, "Из вашей сети слишком много попыток" in page) == (HTTPStatus.FORBIDDEN, True)
    assert (await doors.enter(doors.site.browser(address="192.0.2.5")))[0] == HTTPStatus.OK


@pytest.mark.parametrize("value", [b"\xff\xfe", b"\xff.x", b"\xe9.\xe9", b""])
async def test_a_cookie_of_no_encoding_is_nobodys(doors: Doors, value: bytes) -> None:
    issued, _ = await doors.site.settled(doors.site.teacher)
    sent = f'{{"login": "{issued.login}", "password": "{GOOD}"}}'.encode()
    for name in (SESSION, DEVICE, PROVIDER):
        cookie = name.encode() + b"=" + value
        assert await said_to(doors, b"GET /api/session", cookie) == HTTPStatus.UNAUTHORIZED
        assert await said_to(doors, b"POST /api/login", cookie, sent) == HTTPStatus.OK
        assert await said_to(doors, b"GET /login/provider/back?state=x&code=y", cookie) == HTTPStatus.FORBIDDEN


async def said_to(doors: Doors, what: bytes, cookie: bytes, body: bytes = b"") -> int:
    """Send a request byte by byte, as no proper client would; return the status."""
    reader, writer = await asyncio.open_connection(doors.site.client.host, doors.site.client.port)
    head = b"Host: x\r\nContent-Type: application/json\r\nConnection: close\r\nCookie: " + cookie
    writer.write(what + b" HTTP/1.1\r\n" + head + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return int(answer.split()[1])


@pytest.mark.parametrize("login", ["a\x00b", "\x85", "\u202eabc"])
async def test_a_login_that_none_can_be_is_wrong_like_any_other(doors: Doors, login: str) -> None:
    status, said = await doors.site.browser().post("/api/login", login=login, password="x\x00y")
    assert (status, said["error"]) == (HTTPStatus.UNAUTHORIZED, "login-wrong")
    assert (await doors.site.browser().post("/api/password/forgotten", login=login))[0] == HTTPStatus.ACCEPTED


async def test_a_body_too_large_is_refused_in_json(doors: Doors) -> None:
    status, said = await doors.site.browser().post("/api/login", login="a" * 20_000, password="x")
    assert (status, said["error"]) == (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body-too-large")


UNREADABLE = (
    # An address with a zone is another machine's own name for somebody.
    *("fe80::1%x", "fe80::1%25eth0", "::ffff:5.6.7.8%1", "::1%", "[fe80::1%eth0]:99999", "5.6.7.8%eth0"),
    *("", "[", "[]", "[]:80", "]", ":", "::1]:80", "[5.6.7.8", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1"),
    *("5.6.7.8:80:90", "for=5.6.7.8", "\xff", "٥.٦.٧.٨", "1" * 10_000, ":" * 10_000),
)


@pytest.mark.parametrize(
    ("lines", "source"),
    [
        (["203.0.113.9"], "203.0.113.9"),
        (["6.6.6.6", "203.0.113.9"], "203.0.113.9"),
        (["6.6.6.6, 203.0.113.9"], "203.0.113.9"),
        (["6.6.6.6, ::ffff:5.6.7.8"], "5.6.7.8"),
        (["5.6.7.8:1234"], "5.6.7.8"),
        (["[2001:db8::1]:443"], "2001:0db8:0000:0000"),
        (["2001:db8::1"], "2001:0db8:0000:0000"),
        (["unknown"], "10.0.0.2"),
        (["203.0.113.9, "], "10.0.0.2"),
        (["[::ffff:5.6.7.8]:443"], "5.6.7.8"),
        (["5.6.7.8:"], "5.6.7.8"),
        (["::ffff:0506:0708"], "5.6.7.8"),
        ([], "10.0.0.2"),
    ],
)
def test_the_network_of_a_request_is_what_the_last_proxy_says(lines: list[str], source: str) -> None:
    headers = CIMultiDict([("X-Forwarded-For", line) for line in lines])
    assert source_of(request_from("10.0.0.2", headers)) == source
    assert source_of(request_from("::ffff:10.0.0.2", headers)) == source
    assert source_of(request_from("198.51.100.7", headers)) == "198.51.100.7", "whoever is no proxy of ours"


@pytest.mark.parametrize("written", UNREADABLE)
def test_what_cannot_be_read_says_for_nobody(written: str) -> None:
    headers = CIMultiDict([("X-Forwarded-For", "5.6.7.8"), ("X-Forwarded-For", written)])
    assert source_of(request_from("10.0.0.2", headers)) == "10.0.0.2"


def test_a_neighbour_on_the_wire_is_himself_by_whichever_wire_he_comes() -> None:
    forwarded = CIMultiDict([("X-Forwarded-For", "5.6.7.8")])
    assert source_of(request_from("fe80::1%eth0", forwarded)) == "fe80:0000:0000:0000"
    assert source_of(request_from("::1%lo", forwarded)) == "5.6.7.8"
    assert source_of(request_from("", forwarded)) == "", "of a socket that is a file nobody knows who asks"


def request_from(peer: str, headers: CIMultiDict[str]) -> web.Request:
    return make_mocked_request("GET", "/", headers=headers).clone(remote=peer)
