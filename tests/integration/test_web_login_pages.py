"""Entering by pages, without a script: what the JSON API does, said in words and led on by links."""

import json
import re
import statistics
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from uuid import UUID

import pytest
from sqlalchemy import URL

from core.account import entry_codes
from core.account.accounts import MessengerAccount
from core.account.password_hashing import Hasher
from core.database import Database
from core.events import Channel
from core.refusals import Forbidden
from tests.integration.account_site import BETTER, GOOD, KEEPER, AccountSite, Browser, account_site
from tests.integration.test_web_second_factor import set_up
from web.account_desk import SAME_SECONDS
from web.cookies import SESSION

ANDROID = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/142.0 YaBrowser/25.10 Mobile Safari/537.36"
SEEN = (HTTPStatus.SEE_OTHER, "")
FOREIGN = ("https://evil.example", "null", "http://zvonok.school.example")


@pytest.fixture
async def site(core_database: Database, gateway_database: Database, database_url: URL) -> AsyncIterator[AccountSite]:
    async with account_site(core_database, gateway_database, database_url) as made:
        yield made


async def page_of(browser: Browser, path: str) -> tuple[int, str]:
    status, page, headers = await browser.raw("GET", path)
    return status, headers.get("Location") or page


@pytest.mark.req("AUTH-01", "AUTH-05", "AUTH-07")
async def test_a_teacher_enters_by_what_was_handed_out_and_chooses_a_password_of_his_own(site: AccountSite) -> None:
    (issued,) = await site.issue(site.teacher)
    browser = site.browser()
    status, page = await page_of(browser, "/login")
    assert status == HTTPStatus.OK
    assert "Вход в школьный журнал" in page
    assert "<script" not in page
    assert await browser.fill_in("/login", login=issued.login, password=issued.password) == (*SEEN, "new-password")
    assert await page_of(browser, "/home") == (HTTPStatus.SEE_OTHER, "new-password"), "nothing else before that"
    assert await page_of(browser, "/login") == (HTTPStatus.SEE_OTHER, "new-password")
    status, page, _ = await browser.fill_in("/new-password", old=issued.password, new="короткий")
    assert status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Пароль слишком короткий: нужно не меньше" in page
    assert await browser.fill_in("/new-password", old=issued.password, new=GOOD) == (*SEEN, "home")
    status, page = await page_of(browser, "/home")
    assert (status, "Кузнецова Мария Петровна" in page) == (HTTPStatus.OK, True)
    assert (await site.browser().fill_in("/login", login=issued.login, password=GOOD))[2] == "home"


async def test_a_wrong_password_is_told_as_the_api_tells_it_and_never_shown_again(site: AccountSite) -> None:
    issued, _ = await site.settled(site.teacher)
    answers = []
    for login in (issued.login, "nobody-here"):
        status, page, _ = await site.browser().fill_in("/login", login=login, password="совсем <не> то")
        assert "совсем" not in page
        answers.append((status, page.replace(login, "…")))
    assert answers[0] == answers[1]
    api = await site.browser().post("/api/login", login=issued.login, password="не то")
    assert answers[0][0] == api[0] == HTTPStatus.UNAUTHORIZED
    assert api[1]["message"] in answers[0][1]
    for _ in range(10):
        status, page, headers = await site.browser(address="198.51.100.9").raw(
            "POST",
            "/login",
            {"Content-Type": "application/x-www-form-urlencoded"},
            data="login=nobody&password=x",
        )
    status, page, headers = await site.browser(address="198.51.100.9").raw(
        "POST", "/login", {"Content-Type": "application/x-www-form-urlencoded"}, data="login=nobody&password=x"
    )
    assert (status, headers["Retry-After"]) == (HTTPStatus.TOO_MANY_REQUESTS, "900")
    assert "Попробуйте снова через 15 минут" in page


@pytest.mark.parametrize("origin", FOREIGN)
async def test_no_page_of_another_site_enters_leaves_or_ends_anything(site: AccountSite, origin: str) -> None:
    issued, browser = await site.settled(site.teacher)
    before = await site.watch.everything()
    for path, fields in (
        ("/login", {"login": issued.login, "password": GOOD}),
        ("/new-password", {"old": GOOD, "new": BETTER}),
        ("/forgotten", {"login": issued.login}),
        ("/logout", {}),
        ("/end-other-stays", {}),
        ("/end-stay", {"stay": str(UUID(int=1))}),
        ("/act-as", {"person": str(site.teacher)}),
    ):
        status, page, _ = await browser.fill_in(path, origin, **fields)
        assert (status, "другая страница" in page) == (HTTPStatus.BAD_REQUEST, True), path
    assert await site.watch.everything() == before


async def test_a_form_that_is_none_is_refused_without_a_trace_of_it(site: AccountSite) -> None:
    browser = site.browser()
    form = "application/x-www-form-urlencoded"
    for content_type, body in (
        ("application/json", '{"login":"a","password":"b"}'),
        (form, "login=a"),
        (form, "login=a&password="),
        (form, f"login=a&password={'x' * 1025}"),
        (form, "login=a%00&password=b"),
        ("multipart/form-data; boundary=x", '--x\r\nContent-Disposition: form-data; name="login"\r\n\r\na\r\n--x--'),
    ):
        status, page, _ = await browser.raw("POST", "/login", {"Content-Type": content_type}, data=body)
        assert (status, "Ответ не дошёл целиком" in page) == (HTTPStatus.BAD_REQUEST, True), body


@pytest.mark.req("AUTH-12")
async def test_the_exit_stands_on_the_page_and_ends_the_stay(site: AccountSite) -> None:
    _, browser = await site.settled(site.teacher)
    token = browser.jar[SESSION]
    status, page = await page_of(browser, "/home")
    assert (status, ">Выход<" in page) == (HTTPStatus.OK, True)
    assert await browser.fill_in("/logout") == (*SEEN, "login")
    assert SESSION not in browser.jar
    browser.jar[SESSION] = token
    assert await page_of(browser, "/home") == (HTTPStatus.SEE_OTHER, "login")
    assert await browser.fill_in("/logout") == (*SEEN, "login"), "twice is once"


async def test_the_owner_sees_where_he_has_entered_and_ends_it(site: AccountSite) -> None:
    issued, here = await site.settled(site.teacher)
    phone, other = site.browser(agent=ANDROID), site.browser(agent="<b>кто-то</b>")
    for browser in (phone, other):
        site.hands.move(minutes=2)
        await browser.fill_in("/login", login=issued.login, password=GOOD)
    _, page = await page_of(here, "/home")
    assert "Яндекс Браузер, Android" in page
    assert "&lt;b&gt;кто-то&lt;/b&gt;" in page
    assert page.count("Этот вход") == 1
    stays = re.findall(r'name="stay" value="([\w-]+)"', page)
    assert len(stays) == 2
    assert await here.fill_in("/end-stay", stay=stays[0]) == (*SEEN, "home")
    assert await page_of(other, "/home") == (HTTPStatus.SEE_OTHER, "login")
    assert (await page_of(phone, "/home"))[0] == HTTPStatus.OK
    assert await here.fill_in("/end-other-stays") == (*SEEN, "home")
    assert await page_of(phone, "/home") == (HTTPStatus.SEE_OTHER, "login")
    assert (await page_of(here, "/home"))[0] == HTTPStatus.OK


async def test_nobody_ends_the_stay_of_anybody_else(site: AccountSite) -> None:
    _, mine = await site.settled(site.teacher)
    _, other = await site.settled(site.class_teacher, BETTER)
    stay = await site.watch.value("SELECT id FROM core.session WHERE person_id = $1", site.class_teacher)
    status, page, _ = await mine.fill_in("/end-stay", stay=str(stay))
    assert (status, "Такого входа в вашем списке нет" in page) == (HTTPStatus.NOT_FOUND, True)
    assert (await mine.fill_in("/end-stay", stay="не id"))[0] == HTTPStatus.BAD_REQUEST
    assert (await page_of(other, "/home"))[0] == HTTPStatus.OK


async def test_the_second_step_is_asked_for_before_anything_else(site: AccountSite) -> None:
    issued, _, _, (recovery, *_) = await set_up(site)
    browser = site.browser()
    assert await browser.fill_in("/login", login=issued.login, password=GOOD) == (*SEEN, "second-factor")
    assert await page_of(browser, "/new-password") == (HTTPStatus.SEE_OTHER, "second-factor")
    status, page, _ = await browser.fill_in("/second-factor", code="000000")
    assert (status, "Код не подошёл" in page) == (HTTPStatus.UNAUTHORIZED, True)
    assert await browser.fill_in("/second-factor", code=recovery) == (*SEEN, "home")
    assert (await page_of(browser, "/home"))[0] == HTTPStatus.OK


async def test_looking_at_the_pages_of_entering_changes_nothing(site: AccountSite) -> None:
    _, browser = await site.settled(site.teacher)
    before = await site.watch.everything()
    for visitor in (browser, site.browser()):
        for path in ("/login", "/second-factor", "/new-password", "/forgotten", "/login-code", "/home"):
            for method in ("GET", "HEAD", "GET", "HEAD"):
                status, _, _ = await visitor.raw(method, path)
                assert status in {HTTPStatus.OK, HTTPStatus.SEE_OTHER}
    assert await site.watch.everything() == before


async def chat_of(site: AccountSite, person: UUID, chat: str) -> MessengerAccount:
    """Join a chat to somebody, as a one-time code does."""
    account = MessengerAccount(Channel.MAX, chat)
    rows = site.watch.rows
    (row,) = await rows("INSERT INTO core.account VALUES (gen_random_uuid(), 'max', $1) RETURNING id", chat)
    joined = "INSERT INTO core.account_person (account_id, person_id, linked_at) VALUES ($1, $2, $3)"
    await rows(joined, row["id"], person, site.hands.at)
    return account


async def code_for(site: AccountSite, account: MessengerAccount) -> str:
    async with site.database.begin() as session:
        return (await entry_codes.issue(session, KEEPER, account, site.hands.at)).code


@pytest.mark.req("AUTH-05")
async def test_a_code_of_the_chat_is_typed_as_it_is_read_and_enters(site: AccountSite) -> None:
    chat = await chat_of(site, site.mother, "500")
    code, browser = await code_for(site, chat), site.browser()
    assert (await page_of(browser, "/login-code"))[0] == HTTPStatus.OK
    status, page, _ = await browser.fill_in("/login-code", code="AAAA-AAAA")
    assert (status, "его пять минут прошли" in page) == (HTTPStatus.UNAUTHORIZED, True)
    typed = f" {code[:4]}-{code[4:]}".lower().translate(str.maketrans("abekmhpctyx", "авекмнрстух"))
    assert await browser.fill_in("/login-code", code=typed) == (*SEEN, "home")
    _, page = await page_of(browser, "/home")
    assert "По коду из чата" in page
    assert "Сменить пароль" not in page, "she has none"
    assert (await site.browser().fill_in("/login-code", code=code))[0] == HTTPStatus.UNAUTHORIZED


async def test_a_code_of_the_chat_does_not_go_round_the_second_step(site: AccountSite) -> None:
    _, _, _, (recovery, *_) = await set_up(site)
    code, browser = await code_for(site, await chat_of(site, site.teacher, "501")), site.browser()
    assert await browser.fill_in("/login-code", code=code) == (*SEEN, "second-factor")
    assert await browser.fill_in("/second-factor", code=recovery) == (*SEEN, "home")


async def test_no_code_for_whoever_may_not_enter_so_and_none_for_a_chat_that_was_closed(site: AccountSite) -> None:
    chat = await chat_of(site, site.mother, "502")
    code = await code_for(site, chat)
    await site.watch.rows("UPDATE core.account SET closed_at = $1 WHERE channel = 'max'", site.hands.at)
    assert (await site.browser().fill_in("/login-code", code=code))[0] == HTTPStatus.UNAUTHORIZED
    with pytest.raises(Forbidden, match="account-not-linked"):
        await code_for(site, chat)
    await site.watch.rows("UPDATE core.account SET closed_at = NULL")
    await site.watch.rows("UPDATE core.school SET rules = $1", json.dumps({"login_parents": ["provider"]}))
    with pytest.raises(Forbidden, match="login-other-way"):
        await code_for(site, chat)


PAIRS = 12
"""In the gate; 200 in the long run, on a machine that has nothing else to do."""
MANY = 200


@dataclass
class Heard:
    """What came of asking for one kind of login."""

    answers: set[tuple[int, str]] = field(default_factory=set)
    seconds: list[float] = field(default_factory=list)


@pytest.mark.req("AUTH-16")
@pytest.mark.parametrize(
    "pairs", [PAIRS, pytest.param(MANY, marks=[pytest.mark.deep, pytest.mark.timeout(600)])], ids=["few", "many"]
)
@pytest.mark.parametrize("path", ["/forgotten", "/api/password/forgotten"])
async def test_nobody_learns_from_words_status_or_time_whether_there_is_a_login(
    site: AccountSite, path: str, pairs: int, record_property: Callable[[str, object], None]
) -> None:
    """With the half second that the product takes at least, and tries in turns."""
    issued, _ = await site.settled(site.mother)
    accounts = replace(site.accounts, same_seconds=SAME_SECONDS)
    heard = {issued.login: Heard(), f"{issued.login[:-1]}z": Heard()}
    async with site.beside(accounts) as browser:
        for number in range(pairs):
            for login in sorted(heard, reverse=number % 2 == 0):
                site.hands.move(minutes=11)
                began = time.perf_counter()
                status, said = await _asks_for_a_link(browser, path, login)
                heard[login].seconds.append(time.perf_counter() - began)
                heard[login].answers.add((status, said))
    known, unknown = heard.values()
    assert known.answers == unknown.answers
    assert {status for status, _ in known.answers} == {HTTPStatus.ACCEPTED}
    assert await site.watch.value("SELECT count(*) FROM core.password_reset") == pairs, "what takes longer was done"
    ratio = statistics.median(known.seconds) / statistics.median(unknown.seconds)
    record_property("figure", f"enumeration {path}: {pairs} pairs, medians known / unknown {ratio:.3f}")
    assert 0.9 <= ratio <= 1.1


async def _asks_for_a_link(browser: Browser, path: str, login: str) -> tuple[int, str]:
    if path.startswith("/api/"):
        status, said = await browser.post(path, login=login)
        return status, str(said)
    status, page, _ = await browser.fill_in(path, login=login)
    return status, page


@pytest.mark.deep
@pytest.mark.timeout(600)
async def test_a_wrong_password_takes_as_long_whoever_is_meant(
    site: AccountSite, record_property: Callable[[str, object], None]
) -> None:
    """With hashes that cost what they cost in life: of an unknown login as much is hashed as of a known one."""
    issued, _ = await site.settled(site.mother)
    entrance = replace(site.accounts.entrance, hasher=Hasher())
    heard = {issued.login: Heard(), f"{issued.login[:-1]}z": Heard()}
    kept = await entrance.hasher.make(GOOD)
    await site.watch.rows("UPDATE core.password SET hash = $1", kept)
    async with site.beside(replace(site.accounts, entrance=entrance)) as browser:
        for number in range(MANY):
            for login in sorted(heard, reverse=number % 2 == 0):
                site.hands.move(minutes=16)
                began = time.perf_counter()
                status, page, _ = await browser.fill_in("/login", login=login, password="не то и не это")
                heard[login].seconds.append(time.perf_counter() - began)
                heard[login].answers.add((status, page.replace(login, "…")))
    known, unknown = heard.values()
    assert known.answers == unknown.answers
    ratio = statistics.median(known.seconds) / statistics.median(unknown.seconds)
    record_property("figure", f"enumeration /login: {MANY} pairs, medians known / unknown {ratio:.3f}")
    assert 0.9 <= ratio <= 1.1
