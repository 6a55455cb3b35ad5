"""«Оповещение» on the page of one's own account: shown by GET, turned by POST of our own page, a guardian's alone."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

import pytest
from sqlalchemy import URL, text

from core.actor import OFFICE
from core.database import Database
from core.events import AddressState, Channel, DefaultSubscriptions, address_subject, event
from core.outbox import publish
from core.school import school_settings
from core.school_time import MachineClock
from gateway import subscriptions, switches
from gateway.addresses import AddressVault
from gateway.heads import Heads
from gateway.intake import Intake
from gateway.switches import Switches
from tests.integration.account_site import AccountSite, Browser, account_site

TURNED = (HTTPStatus.SEE_OTHER, "", "home")
BUTTONS = ("Сообщать о новом", "Присылать письма", "Повторять сообщения на почту")
VAULT = AddressVault(b"addresses of the tests, 32 bytes")
CREDENTIALS = {"telegram": "telegram:4242", "mail": "mail:school@example.ru"}


@dataclass
class Home:
    """The site, a gateway that plans when it is told to, and a mother who has entered."""

    site: AccountSite
    intake: Intake
    browser: Browser

    async def plan(self) -> None:
        await self.intake.run_once()

    async def page(self) -> str:
        status, page, _ = await self.browser.raw("GET", "/home")
        assert status == HTTPStatus.OK
        return page

    async def turn(self, switch: str, to: str) -> tuple[int, str, str | None]:
        return await self.browser.fill_in("/turn-switch", switch=switch, to=to)

    async def stands(self, person: UUID | None = None) -> Switches | None:
        async with self.site.desk.gateway.begin() as session:
            return await switches.standing(session, person or self.site.mother)

    async def asks_first(self) -> None:
        """Let the school send nothing unasked."""
        async with self.site.database.begin() as session:
            changes = {"default_subscriptions": DefaultSubscriptions.OFF.value, "floor": []}
            await school_settings.change(session, OFFICE, self.site.school, changes, self.site.hands.at)
        await self.plan()

    async def has_addresses(self) -> None:
        """Let her have a chat and a mailbox, both confirmed."""
        at = self.site.hands.at
        for channel, value in ((Channel.TELEGRAM, "200"), (Channel.MAIL, "olga@example.ru")):
            state = AddressState(person=self.site.mother, channel=channel, value=value, verified_at=at)
            subject = address_subject(self.site.mother, channel)
            async with self.site.database.begin() as session:
                await publish(session, event(state, subject=subject, school=self.site.school, version=1, at=at))
        await self.plan()


@pytest.fixture
async def home(core_database: Database, gateway_database: Database, database_url: URL) -> AsyncIterator[Home]:
    async with account_site(core_database, gateway_database, database_url) as site:
        machine = MachineClock(source=lambda: site.machine.at)
        intake = Intake(gateway_database, Heads(VAULT, CREDENTIALS), site.hands.clock, machine)
        _, browser = await site.settled(site.mother)
        made = Home(site, intake, browser)
        await made.plan()
        yield made


def buttons(page: str) -> tuple[str, ...]:
    """Return the buttons of the switches, in their order."""
    return tuple(re.findall(r'aria-describedby="switch-\w+">([^<]+)<', page))


@pytest.mark.req("NOTIF-04")
async def test_a_parent_turns_both_on_where_the_school_asks_first(home: Home) -> None:
    await home.asks_first()
    await home.has_addresses()
    page = await home.page()
    assert buttons(page) == BUTTONS
    assert "Сообщения школы выключены." in page
    assert "Письма на почту выключены." in page
    assert "<script" not in page
    for switch in ("news", "letters", "copies"):
        assert await home.turn(switch, "on") == TURNED
        assert await home.turn(switch, "on") == TURNED, "a second press turns nothing back"
    page = await home.page()
    assert buttons(page) == ("Выключить все сообщения и забыть мой выбор", "Не присылать писем", "Не повторять")
    found = await home.stands()
    assert found is not None
    assert (found.news, found.letters, found.copies) == (True, True, True)
    assert await home.turn("letters", "off") == TURNED
    async with home.site.desk.gateway.begin() as session:
        left = await session.execute(text("SELECT channel, via FROM gateway.opt_out"))
        assert [tuple(row) for row in left] == [("mail", "site")]


async def test_who_unsubscribed_by_a_letter_comes_back_here(home: Home) -> None:
    await home.has_addresses()
    person, at = home.site.mother, home.site.hands.at
    async with home.site.desk.gateway.begin() as session:
        await subscriptions.unsubscribe(session, person, Channel.MAIL, via="letter", at=at)
    assert "Письма на почту выключены." in await home.page()
    assert await home.turn("letters", "on") == TURNED
    assert "Письма на почту включены." in await home.page()
    async with home.site.desk.gateway.begin() as session:
        assert not await subscriptions.has_left(session, person, Channel.MAIL)


async def test_a_teacher_has_no_switches_and_turns_none(home: Home) -> None:
    _, browser = await home.site.settled(home.site.teacher)
    _, page, _ = await browser.raw("GET", "/home")
    assert buttons(page) == ()
    status, _, _ = await browser.fill_in("/turn-switch", switch="news", to="on")
    assert status == HTTPStatus.NOT_FOUND
    assert await home.stands(home.site.teacher) is None


@pytest.mark.parametrize(
    ("fields", "origin"),
    [
        ({"switch": "news", "to": "off"}, "https://evil.example"),
        ({"switch": "news", "to": "off"}, "null"),
        ({"switch": "everything", "to": "off"}, "https://zvonok.school.example"),
        ({"switch": "news", "to": "perhaps"}, "https://zvonok.school.example"),
        ({"switch": "news"}, "https://zvonok.school.example"),
    ],
)
async def test_another_page_and_a_form_that_is_none_of_ours_turn_nothing(
    home: Home, fields: dict[str, str], origin: str
) -> None:
    before = await home.stands()
    status, _, leads = await home.browser.fill_in("/turn-switch", origin=origin, **fields)
    assert (status, leads) == (HTTPStatus.BAD_REQUEST, None)
    assert await home.stands() == before


async def test_a_stranger_is_led_to_the_entrance_and_get_turns_nothing(home: Home) -> None:
    before = await home.stands()
    assert await home.site.browser().fill_in("/turn-switch", switch="news", to="off") == (
        HTTPStatus.SEE_OTHER,
        "",
        "login",
    )
    status, _, _ = await home.browser.raw("GET", "/turn-switch?switch=news&to=off")
    assert status == HTTPStatus.METHOD_NOT_ALLOWED
    assert await home.stands() == before


async def test_of_a_parent_of_whom_the_gateway_has_not_heard_the_page_stands_without_switches(
    core_database: Database, gateway_database: Database, database_url: URL
) -> None:
    async with account_site(core_database, gateway_database, database_url) as site:
        _, browser = await site.settled(site.mother)
        status, page, _ = await browser.raw("GET", "/home")
        assert (status, buttons(page)) == (HTTPStatus.OK, ())
        status, page, _ = await browser.fill_in("/turn-switch", switch="news", to="on")
        assert status == HTTPStatus.SERVICE_UNAVAILABLE
