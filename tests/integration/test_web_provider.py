"""Entering through a real OpenID provider: whom it means, whom it does not, and what is written down of its data."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import date
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from aiohttp import ClientSession, DummyCookieJar
from sqlalchemy import URL

from core.account import identity_documents
from core.account.identity_documents import Document
from core.actor import OFFICE, Act
from core.database import Database
from core.school_time import MachineClock
from tests.integration.account_site import KEEPER, ORIGIN, AccountSite, Browser, account_site
from tests.integration.openid_process import CLIENT, SECRET, running_provider, sign_in
from web.cookies import PROVIDER, SESSION
from zvonok.openid import OpenIdProvider, OpenIdSettings

REDIRECT = f"{ORIGIN}/login/provider/back"
MOTHER: dict[str, Any] = {
    "family_name": "ЕЛКИНА",
    "given_name": "Яна",
    "middle_name": "Юрьевна",
    "birthdate": "1985-02-28",
    "identity_document": {"type": "passport", "series": "6505", "number": "123456"},
}
PEOPLE: dict[str, dict[str, Any]] = {
    "mother": MOTHER,
    "other-name": {**MOTHER, "given_name": "Инна"},
    "other-day": {**MOTHER, "birthdate": "1985-02-27"},
    "other-paper": {**MOTHER, "identity_document": {"series": "6505", "number": "123457"}},
    "no-paper": {name: told for name, told in MOTHER.items() if name != "identity_document"},
    "no-day": {name: told for name, told in MOTHER.items() if name != "birthdate"},
    "teacher": {
        "family_name": "Кузнецова",
        "given_name": "Мария",
        "middle_name": "Петровна",
        "birthdate": "1985-02-28",
        "identity_document": "6505777777",
    },
    "pupil-of-12": {
        "family_name": "Ёлкин",
        "given_name": "Вадим",
        "birthdate": "2014-03-05",
        "identity_document": {"type": "birth-certificate", "series": "V-ФБ", "number": "512345"},
    },
    "pupil-of-16": {
        "family_name": "Ёлкина",
        "given_name": "Ева",
        "birthdate": "2010-09-09",
        "identity_document": {"type": "passport", "series": "6523", "number": "424242"},
    },
}

pytestmark = pytest.mark.debian("npm", "npm")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def issuer() -> AsyncIterator[str]:
    """The provider's process, one for all tests of this module: it keeps nothing of them but its own sessions."""
    async with running_provider(PEOPLE, REDIRECT) as address:
        yield address


@pytest.fixture
async def site(
    issuer: str, core_database: Database, gateway_database: Database, database_url: URL
) -> AsyncIterator[AccountSite]:
    async with ClientSession(cookie_jar=DummyCookieJar()) as client:
        settings = OpenIdSettings(issuer, CLIENT, REDIRECT, SECRET, scope="openid profile document")
        # The provider lives in the machine's time, as the adapter does.
        provider = OpenIdProvider(settings, client, MachineClock())
        async with account_site(core_database, gateway_database, database_url, provider) as made:
            await born(made, made.mother, date(1985, 2, 28))
            await holds(made, made.mother, "65 05 123456")
            yield made


async def born(site: AccountSite, person: UUID, day: date) -> None:
    await site.watch.rows("UPDATE core.person SET birth_date = $2 WHERE id = $1", person, day)


async def holds(site: AccountSite, person: UUID, number: str) -> None:
    async with site.database.begin() as session:
        act = Act(OFFICE, site.hands.at, str(uuid4()))
        await identity_documents.put(session, act, KEEPER, person, Document("passport", number))


async def go(browser: Browser) -> str:
    """Press the provider's button; return where the browser is sent."""
    status, _, headers = await browser.raw("GET", "/login/provider")
    assert status == HTTPStatus.SEE_OTHER
    return headers["Location"]


async def come(browser: Browser, address: str) -> tuple[int, str]:
    """Come back from the provider."""
    status, page, headers = await browser.raw("GET", address.removeprefix(ORIGIN))
    if headers.get("Location") == "../../home":
        status, page, _ = await browser.raw("GET", "/home")
    return status, page


async def enter(site: AccountSite, person: str) -> tuple[int, str, Browser]:
    browser = site.browser()
    came = await sign_in(await go(browser), person, REDIRECT)
    return *(await come(browser, came.address)), browser


@pytest.mark.req("AUTH-03")
async def test_a_parent_is_found_by_name_birth_date_and_document_and_nothing_of_it_is_kept(site: AccountSite) -> None:
    before = await site.watch.everything()
    status, page, browser = await enter(site, "mother")
    assert (status, "Вы вошли" in page) == (HTTPStatus.OK, True)
    assert (await browser.get("/api/session"))[1]["person"] == str(site.mother)
    assert PROVIDER not in browser.jar
    # Whatever differs or is absent, the answer is one, and says what to compare and who can mend it.
    refusals = {await refused(site, person) for person in PEOPLE.keys() - {"mother"}}
    assert len(refusals) == 1
    assert "Сверьте со школой фамилию, имя, отчество, дату рождения и документ" in refusals.pop()
    after = await site.watch.everything()
    new = str([row for table in after for row in set(after[table]) - set(before[table])])
    told = ("ЕЛКИНА", "1985-02-2", "123456", "6505", "Инна", "other-", "mother", "identity_document")
    assert [word for word in told if word in new] == []


async def refused(site: AccountSite, person: str) -> str:
    status, page, browser = await enter(site, person)
    assert (status, SESSION in browser.jar) == (HTTPStatus.FORBIDDEN, False)
    return page


async def test_the_same_person_comes_back_to_the_same_account_until_the_data_differ(site: AccountSite) -> None:
    for answers in [await asyncio.gather(*(enter(site, "mother") for _ in range(2))) for _ in range(2)]:
        assert [status for status, *_ in answers] == [HTTPStatus.OK] * 2, "in two windows at once"
    assert await site.watch.value("SELECT count(*) FROM core.account WHERE channel = 'provider'") == 1
    await born(site, site.mother, date(1985, 2, 27))
    assert (await enter(site, "mother"))[0] == HTTPStatus.FORBIDDEN
    await born(site, site.mother, date(1985, 2, 28))
    await site.watch.rows("UPDATE core.consent SET given = false")
    status, page, _ = await enter(site, "mother")
    assert (status, "Без согласия" in page) == (HTTPStatus.FORBIDDEN, True)


async def test_the_way_back_is_good_once_and_in_the_browser_that_was_sent(site: AccountSite) -> None:
    victim, thief = site.browser(), site.browser()
    came = await sign_in(await go(victim), "mother", REDIRECT)
    await go(thief)
    assert (await come(thief, came.address))[0] == HTTPStatus.FORBIDDEN, "the link of another's login"
    kept = dict(victim.jar)
    assert (await come(victim, came.address))[0] == HTTPStatus.OK
    victim.jar = kept
    assert (await come(victim, came.address))[0] == HTTPStatus.FORBIDDEN, "a second time"


async def test_a_code_of_another_journey_proves_nothing(site: AccountSite) -> None:
    """The code is bound to its journey by PKCE: put into another one, the provider itself refuses it."""
    victim, thief = site.browser(), site.browser()
    stolen = dict(parse_qsl(urlsplit((await sign_in(await go(victim), "mother", REDIRECT)).address).query))
    own = urlsplit((await sign_in(await go(thief), "teacher", REDIRECT)).address)
    mixed = urlunsplit(own._replace(query=urlencode({**dict(parse_qsl(own.query)), "code": stolen["code"]})))
    status, page = await come(thief, mixed)
    assert (status, "Войти через внешний сервис сейчас не получилось" in page) == (HTTPStatus.FORBIDDEN, True)


async def test_a_login_that_takes_too_long_or_is_broken_off_begins_anew(site: AccountSite) -> None:
    browser = site.browser()
    came = await sign_in(await go(browser), "mother", REDIRECT)
    site.hands.move(minutes=11)
    assert "слишком давно" in (await come(browser, came.address))[1]
    state = dict(parse_qsl(urlsplit(await go(browser)).query))["state"]
    status, page = await come(browser, f"/login/provider/back?state={state}&error=access_denied")
    assert (status, "Вход не завершён" in page) == (HTTPStatus.FORBIDDEN, True)


@pytest.mark.req("AUTH-05")
async def test_staff_enter_by_a_password_and_families_through_the_provider_where_the_school_wants_it(
    site: AccountSite,
) -> None:
    await born(site, site.teacher, date(1985, 2, 28))
    await holds(site, site.teacher, "65 05 777777")
    mother, staff = await site.issue(site.teacher, site.mother)
    rules = {"login_staff": ["password"], "login_pupils": ["provider"], "login_parents": ["provider"]}
    await site.watch.rows("UPDATE core.school SET rules = $1", json.dumps(rules))
    assert (await site.browser().enter(staff))[0] == HTTPStatus.OK
    assert (await enter(site, "mother"))[0] == HTTPStatus.OK
    status, said = await site.browser().enter(mother)
    assert (status, said["error"]) == (HTTPStatus.FORBIDDEN, "login-other-way")
    status, page, _ = await enter(site, "teacher")
    assert (status, "входят другим способом" in page) == (HTTPStatus.FORBIDDEN, True)


@pytest.mark.req("AUTH-02")
async def test_staff_pupils_older_and_younger_than_fourteen_and_parents_enter_through_the_provider(
    site: AccountSite,
) -> None:
    school_class = await site.watch.value("SELECT class_id FROM core.pupil WHERE person_id = $1", site.pupil)
    older = await site.builder.pupil(school_class, "Ёлкина Ева", date(2010, 9, 9))
    await site.builder.guardian(older, name="", person=site.mother)
    await born(site, site.teacher, date(1985, 2, 28))
    papers = {site.teacher: "65 05 777777", site.pupil: "V-ФБ 512345", older: "65 23 424242"}
    for person, number in papers.items():
        await holds(site, person, number)
    whose = {"teacher": site.teacher, "mother": site.mother, "pupil-of-12": site.pupil, "pupil-of-16": older}
    for name, person in whose.items():
        status, page, browser = await enter(site, name)
        assert (status, "Вы вошли" in page) == (HTTPStatus.OK, True), name
        assert (await browser.get("/api/session"))[1]["person"] == str(person)
    # For a pupil of any age an adult of his must have agreed.
    await site.watch.rows("UPDATE core.consent SET given = false")
    assert {name: (await enter(site, name))[0] for name in whose} == {
        "teacher": HTTPStatus.OK,
        "mother": HTTPStatus.FORBIDDEN,
        "pupil-of-12": HTTPStatus.FORBIDDEN,
        "pupil-of-16": HTTPStatus.FORBIDDEN,
    }
