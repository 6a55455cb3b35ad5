"""The second factor of staff over real HTTP: set up, asked for, accepted once, guessed at in vain."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from http import HTTPStatus
from uuid import uuid4

import pytest
from pyotp import TOTP
from sqlalchemy import URL

from core.account import second_factor
from core.account.logins import IssuedLogin
from core.actor import OFFICE, Act
from core.database import Database
from tests.integration.account_site import GOOD, AccountSite, Browser, account_site
from web.cookies import DEVICE, SESSION


@pytest.fixture
async def site(core_database: Database, gateway_database: Database, database_url: URL) -> AsyncIterator[AccountSite]:
    async with account_site(core_database, gateway_database, database_url) as made:
        yield made


async def set_up(site: AccountSite) -> tuple[IssuedLogin, Browser, TOTP, list[str]]:
    """Have the teacher set up an application; return it with the recovery codes."""
    issued, browser = await site.settled(site.teacher)
    begun = (await browser.post("/api/second-factor", password=GOOD))[1]
    phone = TOTP(begun["secret"])
    assert begun["uri"].startswith("otpauth://totp/")
    assert issued.login in begun["uri"]
    status, said = await browser.post("/api/second-factor/confirm", code=phone.at(site.machine.at))
    assert status == HTTPStatus.OK
    return issued, browser, phone, said["recovery_codes"]


async def knock(site: AccountSite, issued: IssuedLogin) -> Browser:
    """Enter as far as the password leads."""
    browser = site.browser()
    status, said = await browser.enter(issued, GOOD)
    assert (status, said) == (HTTPStatus.OK, {"due": "second-factor"}), "and no name before the code"
    return browser


async def show(browser: Browser, code: str) -> int:
    return (await browser.post("/api/login/second-factor", code=code))[0]


async def test_with_a_second_factor_the_password_alone_opens_nothing(site: AccountSite) -> None:
    issued, first, phone, _ = await set_up(site)
    browser = await knock(site, issued)
    before = browser.jar[SESSION]
    for path in ("/api/sessions", "/api/session"):
        assert "name" not in (await browser.get(path))[1]
    for path in ("/api/password", "/api/second-factor", "/api/sessions/end-others"):
        assert (await browser.post(path, old=GOOD, new=GOOD))[0] == HTTPStatus.FORBIDDEN
    site.machine.move(seconds=30)
    assert await show(browser, phone.at(site.machine.at)) == HTTPStatus.OK
    assert (await browser.get("/api/sessions"))[0] == HTTPStatus.OK
    browser.jar[SESSION] = before
    assert (await browser.get("/api/session"))[0] == HTTPStatus.UNAUTHORIZED, "the token before is another's by now"
    assert (await first.get("/api/sessions"))[0] == HTTPStatus.OK, "where it was set up it was shown"


async def test_a_code_is_accepted_once_and_older_ones_no_more(site: AccountSite) -> None:
    issued, _, phone, _ = await set_up(site)
    used = phone.at(site.machine.at)
    assert await show(await knock(site, issued), used) == HTTPStatus.UNAUTHORIZED, "it was shown when setting up"
    site.machine.move(seconds=60)
    now, before = phone.at(site.machine.at), phone.at(site.machine.at - timedelta(seconds=30))
    assert await show(await knock(site, issued), now) == HTTPStatus.OK
    late = await knock(site, issued)
    assert [await show(late, code) for code in (now, before)] == [HTTPStatus.UNAUTHORIZED] * 2


async def test_a_phones_clock_may_be_wrong_by_one_step(site: AccountSite) -> None:
    issued, _, phone, _ = await set_up(site)
    site.machine.move(minutes=5)
    shown = [
        (steps, await show(await knock(site, issued), phone.at(site.machine.at + timedelta(seconds=30 * steps))))
        for steps in (-2, 2, -1, 1)
    ]
    assert shown == [(-2, 401), (2, 401), (-1, 200), (1, 200)]


async def test_a_recovery_code_stands_in_for_the_phone_once(site: AccountSite) -> None:
    issued, _, _, codes = await set_up(site)
    assert len(set(codes)) == len(codes) == 8
    written = f"{codes[3][:5].lower()}-{codes[3][5:]} "
    assert await show(await knock(site, issued), written) == HTTPStatus.OK
    assert await show(await knock(site, issued), codes[3]) == HTTPStatus.UNAUTHORIZED
    assert await show(await knock(site, issued), codes[4]) == HTTPStatus.OK
    kept = str(await site.watch.everything())
    assert [code for code in codes if code in kept] == []


async def test_codes_are_not_guessed(site: AccountSite) -> None:
    issued, first, phone, codes = await set_up(site)
    site.machine.move(minutes=1)
    answers = [await show(await knock(site, issued), f"{number:06}") for number in range(6)]
    assert answers == [HTTPStatus.UNAUTHORIZED] * 5 + [HTTPStatus.TOO_MANY_REQUESTS]
    stranger = await knock(site, issued)
    status, said = await stranger.post("/api/login/second-factor", code=phone.at(site.machine.at))
    assert (status, said["error"]) == (HTTPStatus.TOO_MANY_REQUESTS, "code-too-many")
    assert "запасной код подойдёт и сейчас" in said["message"]
    assert DEVICE not in stranger.jar, "a password alone makes no browser known"
    assert await show(await knock(site, issued), codes[0]) == HTTPStatus.OK, "no stranger takes this way from the owner"
    assert len(await site.watch.audit("second-factor.recovery")) == 1
    assert (await first.get("/api/sessions"))[0] == HTTPStatus.OK, "whoever is in stays in"
    assert (await first.enter(issued, GOOD))[1]["due"] == "second-factor"
    site.machine.move(minutes=1)
    assert await show(first, phone.at(site.machine.at)) == HTTPStatus.OK, "he has entered from this browser before"
    site.machine.move(minutes=1)
    site.hands.move(minutes=60)
    assert await show(await knock(site, issued), phone.at(site.machine.at)) == HTTPStatus.OK


async def test_an_unfinished_login_ends_in_ten_minutes(site: AccountSite) -> None:
    issued, _, _, codes = await set_up(site)
    browser = await knock(site, issued)
    site.hands.move(minutes=10)
    assert await show(browser, codes[0]) == HTTPStatus.UNAUTHORIZED
    assert await show(await knock(site, issued), codes[0]) == HTTPStatus.OK


async def test_it_is_for_staff_and_begins_with_its_first_code(site: AccountSite) -> None:
    _, mother = await site.settled(site.mother)
    status, said = await mother.post("/api/second-factor", password=GOOD)
    assert (status, said["error"]) == (HTTPStatus.FORBIDDEN, "second-factor-staff-only")
    issued, teacher = await site.settled(site.teacher)
    assert (await teacher.post("/api/second-factor/confirm", code="000000"))[1]["error"] == "second-factor-not-begun"
    await teacher.post("/api/second-factor", password=GOOD)
    assert (await teacher.post("/api/second-factor/confirm", code="000000"))[0] == HTTPStatus.UNAUTHORIZED
    assert (await site.browser().enter(issued, GOOD))[1]["due"] == "nothing", "begun is not set up"


async def test_it_is_taken_off_by_a_code_or_by_whoever_manages_accounts(site: AccountSite) -> None:
    issued, browser, phone, _ = await set_up(site)
    site.machine.move(minutes=1)
    assert (await browser.post("/api/second-factor/off", code="000000"))[0] == HTTPStatus.UNAUTHORIZED
    assert (await browser.post("/api/second-factor/off", code=phone.at(site.machine.at)))[0] == HTTPStatus.OK
    assert (await site.browser().enter(issued, GOOD))[1]["due"] == "nothing"
    begun = (await browser.post("/api/second-factor", password=GOOD))[1]
    await browser.post("/api/second-factor/confirm", code=TOTP(begun["secret"]).at(site.machine.at))
    assert (await site.browser().enter(issued, GOOD))[1]["due"] == "second-factor"
    async with site.database.begin() as session:
        await second_factor.take_off_for(session, Act(OFFICE, site.hands.at, str(uuid4())), site.teacher)
    assert (await site.browser().enter(issued, GOOD))[1]["due"] == "nothing"
    actions = [row["action"] for row in await site.watch.audit() if row["action"].startswith("second-factor")]
    assert sorted(actions) == ["second-factor.off"] * 2 + ["second-factor.on"] * 2


async def test_a_stay_left_open_does_not_lock_its_owner_out(site: AccountSite) -> None:
    _, browser = await site.settled(site.teacher)
    status, said = await browser.post("/api/second-factor")
    assert (status, said["error"]) == (HTTPStatus.BAD_REQUEST, "body-field")
    answers = [await browser.post("/api/second-factor", password="догадка") for _ in range(6)]
    assert [status for status, _ in answers] == [HTTPStatus.FORBIDDEN] * 5 + [HTTPStatus.TOO_MANY_REQUESTS]
    assert answers[-1][1]["error"] == "password-too-many"
    assert await site.watch.value("SELECT count(*) FROM core.second_factor") == 0
    site.hands.move(minutes=59)
    await browser.get("/api/session")
    site.hands.move(minutes=1)
    assert (await browser.post("/api/second-factor", password=GOOD))[0] == HTTPStatus.OK


async def test_two_windows_at_once_set_up_one_second_factor(site: AccountSite) -> None:
    issued, browser = await site.settled(site.teacher)
    begun = await asyncio.gather(*(browser.post("/api/second-factor", password=GOOD) for _ in range(4)))
    assert [status for status, _ in begun] == [HTTPStatus.OK] * 4
    tried = [await browser.post("/api/second-factor/confirm", code=phone_of(said, site)) for _, said in begun]
    assert sorted(status for status, _ in tried).count(HTTPStatus.OK) == 1
    assert (await browser.post("/api/second-factor", password=GOOD))[1]["error"] == "second-factor-set-up"
    assert (await site.browser().enter(issued, GOOD))[1]["due"] == "second-factor"


def phone_of(begun: dict[str, str], site: AccountSite) -> str:
    return TOTP(begun["secret"]).at(site.machine.at)


async def test_with_a_second_factor_a_shorter_password_will_do(site: AccountSite) -> None:
    short = "ы7;Йх=ъ2"
    _, browser = await site.settled(site.class_teacher)
    assert (await browser.post("/api/password", old=GOOD, new=short))[1]["error"] == "password-short"
    _, browser, *_ = await set_up(site)
    assert (await browser.post("/api/password", old=GOOD, new=short))[0] == HTTPStatus.OK
