"""A school whose people have logins, and browsers that enter over real HTTP."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from http import HTTPStatus
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import structlog
from aiohttp import ClientResponse, DummyCookieJar, web
from aiohttp.test_utils import TestClient, TestServer
from argon2 import Parameters, Type
from sqlalchemy import URL

from core.account import logins
from core.account.account_keeper import AccountKeeper
from core.account.entrance import Entrance
from core.account.entry_codes import CodeEntrance
from core.account.identity_provider import IdentityProvider, ProviderEntrance
from core.account.logins import IssuedLogin
from core.account.password_hashing import Hasher
from core.account.passwords import Passwords
from core.actor import OFFICE, Act
from core.database import Database
from core.events import Channel
from core.school_time import MachineClock
from gateway.links import Links
from tests.integration.core_world import Hands, Watch
from tests.school_builder import SchoolBuilder
from texts.reader import load
from web.account_desk import AccountDesk
from web.api.limits import USUAL, Limits
from web.app import make_app
from web.cookies import APP, DEVICE, PROVIDER, SESSION
from web.desk import Desk
from web.launch_data import AppKey

ORIGIN = "https://zvonok.school.example"
QUICK = Parameters(Type.ID, 19, 16, 32, 1, 8, 1)
"""Hashes that cost nothing: what costs is tried in the unit tests."""
KEEPER = AccountKeeper(b"accounts of the tests, 32 bytes ")
LINKS = Links(ORIGIN, b"links of the tests")
APP_TOKENS = {Channel.TELEGRAM: "42:telegram-of-the-tests", Channel.MAX: "f9LHodD0cOL-of-the-tests"}
GOOD = "четыре рыжих чайника летят"
BETTER = "семь тихих якорей поют"


@dataclass
class Browser:
    """Keeps its cookies as browsers do, and looks at each that it is given."""

    client: TestClient[web.Request, web.Application]
    agent: str = "Mozilla/5.0 (учительская)"
    address: str = "203.0.113.7"
    """As whatever takes TLS off would say it."""
    jar: dict[str, str] = field(default_factory=dict)
    given: SimpleCookie = field(default_factory=SimpleCookie)

    async def post(self, path: str, **body: Any) -> tuple[int, dict[str, Any]]:
        """Send JSON as a page of ours does; return status and what came."""
        async with self._send("POST", path, json=body, headers={"Origin": ORIGIN}) as response:
            return response.status, await response.json()

    async def get(self, path: str) -> tuple[int, dict[str, Any]]:
        """Ask for JSON."""
        async with self._send("GET", path) as response:
            return response.status, await response.json()

    async def raw(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, **sent: Any
    ) -> tuple[int, str, Mapping[str, str]]:
        """Send anything; return status, text and headers."""
        async with self._send(method, path, headers=headers or {}, **sent) as response:
            return response.status, await response.text(), response.headers

    async def fill_in(self, path: str, origin: str | None = ORIGIN, **fields: str) -> tuple[int, str, str | None]:
        """Send a form as a page of ours does; return status, page, and where it leads on."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", **({"Origin": origin} if origin else {})}
        status, page, answered = await self.raw("POST", path, headers, data=urlencode(fields))
        return status, page, answered.get("Location")

    async def enter(self, issued: IssuedLogin, password: str | None = None) -> tuple[int, dict[str, Any]]:
        """Enter by login and password."""
        return await self.post("/api/login", login=issued.login, password=password or issued.password)

    @asynccontextmanager
    async def _send(self, method: str, path: str, **sent: Any) -> AsyncIterator[ClientResponse]:
        headers = {"User-Agent": self.agent, "X-Forwarded-For": self.address, **sent.pop("headers", {})}
        if self.jar:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        async with self.client.request(method, path, headers=headers, allow_redirects=False, **sent) as response:
            self._keep(response)
            yield response

    def _keep(self, response: ClientResponse) -> None:
        self.given = response.cookies
        for name, morsel in response.cookies.items():
            assert name in {SESSION, DEVICE, PROVIDER, APP}
            assert (morsel["secure"], morsel["httponly"], morsel["samesite"], morsel["path"]) == (
                True,
                True,
                "Lax",
                "/",
            )
            assert not morsel["domain"]
            if morsel["max-age"] == "0" or not morsel.value:
                self.jar.pop(name, None)
            else:
                self.jar[name] = morsel.value


@dataclass
class AccountSite:
    """One school, one class, a teacher, a family, and the server before them."""

    database: Database
    watch: Watch
    hands: Hands
    machine: Hands
    builder: SchoolBuilder
    desk: Desk
    accounts: AccountDesk
    client: TestClient[web.Request, web.Application]
    school: UUID
    school_class: UUID
    teacher: UUID
    class_teacher: UUID
    pupil: UUID
    mother: UUID

    def browser(self, **said: Any) -> Browser:
        """Open another browser, without cookies."""
        return Browser(self.client, **said)

    @asynccontextmanager
    async def beside(self, accounts: AccountDesk) -> AsyncIterator[Browser]:
        """Open another server on the same journal, which lets people in otherwise; return a browser before it."""
        server = TestServer(make_app(replace(self.desk, accounts=accounts), USUAL))
        async with TestClient(server, cookie_jar=DummyCookieJar()) as client:
            yield Browser(client)

    async def issue(self, *persons: UUID, act: Act | None = None) -> tuple[IssuedLogin, ...]:
        """Issue logins."""
        async with self.database.begin() as session:
            doing = act or Act(OFFICE, self.hands.at, str(uuid4()))
            return (await logins.issue(session, doing, Hasher(QUICK), persons)).logins

    async def settled(self, person: UUID, password: str = GOOD) -> tuple[IssuedLogin, Browser]:
        """Issue a login, enter by it and choose a password of one's own."""
        (issued,) = await self.issue(person)
        browser = self.browser()
        await browser.enter(issued)
        status, said = await browser.post("/api/password", old=issued.password, new=password)
        assert (status, said) == (HTTPStatus.OK, {"changed": True})
        return issued, browser


@asynccontextmanager
async def account_site(
    database: Database,
    gateway: Database,
    url: URL,
    provider: IdentityProvider | None = None,
    limits: Limits = USUAL,
    hands: Hands | None = None,
) -> AsyncIterator[AccountSite]:
    """Open the site."""
    hands, machine = hands or Hands(), Hands(datetime.fromisoformat("2026-11-24T03:40:00+00:00"))
    builder = SchoolBuilder(database, hands.clock)
    school = await builder.school()
    class_teacher = await builder.teacher(school, "Громова Нина Сергеевна")
    school_class = await builder.school_class(school, "5А", class_teacher)
    pupil = await builder.pupil(school_class, "Ёлкин Вадим", date(2014, 3, 5))
    hasher = Hasher(QUICK)
    accounts = AccountDesk(
        entrance=Entrance(database, hasher, KEEPER),
        codes=CodeEntrance(database, KEEPER),
        passwords=Passwords(database, hasher, KEEPER),
        keeper=KEEPER,
        machine_clock=MachineClock(source=lambda: machine.at),
        origin=ORIGIN,
        provider=None if provider is None else ProviderEntrance(database, provider, KEEPER),
        provider_title="Госуслуги",
        apps={channel: AppKey.of_token(token) for channel, token in APP_TOKENS.items()},
        same_seconds=0,
    )
    log = structlog.get_logger("web")
    desk = Desk(database, gateway, LINKS, load("ru"), hands.clock, log, accounts)
    async with AsyncExitStack() as stack:
        server = TestServer(make_app(desk, limits))
        client = await stack.enter_async_context(TestClient(server, cookie_jar=DummyCookieJar()))
        yield AccountSite(
            database=database,
            watch=Watch(url),
            hands=hands,
            machine=machine,
            builder=builder,
            desk=desk,
            accounts=accounts,
            client=client,
            school=school.id,
            school_class=school_class,
            teacher=await builder.teacher(school, "Кузнецова Мария Петровна"),
            class_teacher=class_teacher,
            pupil=pupil,
            mother=await builder.guardian(pupil, name="Ёлкина Яна Юрьевна"),
        )
