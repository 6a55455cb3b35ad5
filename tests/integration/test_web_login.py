"""Entering by login and password over real HTTP: who gets in, who does not, and what a session is worth."""

import asyncio
from collections.abc import AsyncIterator
from http import HTTPStatus
from uuid import uuid4

import pytest
from sqlalchemy import URL

from core.account import logins
from core.account.password_hashing import Hasher
from core.actor import OFFICE, Act, Actor
from core.database import Database
from core.refusals import Forbidden
from tests.integration.account_site import BETTER, GOOD, KEEPER, QUICK, AccountSite, account_site
from tests.integration.core_world import refused
from web.cookies import DEVICE, SESSION


@pytest.fixture
async def site(core_database: Database, gateway_database: Database, database_url: URL) -> AsyncIterator[AccountSite]:
    async with account_site(core_database, gateway_database, database_url) as made:
        yield made


@pytest.mark.req("AUTH-01")
async def test_everybody_enters_by_a_login_of_his_own_and_chooses_his_password(site: AccountSite) -> None:
    issued = await site.issue(site.teacher, site.mother)
    assert {one.login for one in issued} == {"kuznetsova-mp", "elkina-yayu"}
    for one in issued:
        browser = site.browser()
        status, said = await browser.enter(one)
        assert (status, said["due"]) == (HTTPStatus.OK, "new-password")
        status, said = await browser.get("/api/sessions")
        assert (status, said["error"]) == (HTTPStatus.FORBIDDEN, "password-change-due")
        assert (await browser.post("/api/password", old=one.password, new=GOOD))[0] == HTTPStatus.OK
        status, said = await browser.get("/api/session")
        assert said == {"due": "nothing", "person": str(one.person), "name": one.name.in_full()}
        assert (await site.browser().enter(one))[0] == HTTPStatus.UNAUTHORIZED, "the first password is good once"
        assert (await site.browser().enter(one, GOOD))[0] == HTTPStatus.OK
    shouted = await site.browser().post("/api/login", login=f"  {issued[0].login.upper()} ", password=GOOD)
    assert shouted[0] == HTTPStatus.OK, "neither capitals nor blanks matter in a login"
    kept = str(await site.watch.everything())
    assert not any(secret in kept for secret in (GOOD, *(one.password for one in issued), browser.jar[SESSION]))


async def test_whatever_is_wrong_the_answer_is_one(site: AccountSite) -> None:
    issued, _ = await site.settled(site.teacher)
    (closed,) = await site.issue(site.class_teacher)
    async with site.database.begin() as session:
        act = Act(OFFICE, site.hands.at, "close")
        await logins.close(session, act, site.class_teacher, "вышла на пенсию")
    tries = [(issued.login, "не тот пароль"), ("nobody", GOOD), (closed.login, closed.password), ("' OR 1=1 --", GOOD)]
    answers = [await site.browser().post("/api/login", login=login, password=word) for login, word in tries]
    assert len({str(answer) for answer in answers}) == 1
    assert answers[0][0] == HTTPStatus.UNAUTHORIZED
    assert answers[0][1]["message"].startswith("Логин или пароль не подошли.")


@pytest.mark.req("AUTH-12")
async def test_the_exit_ends_the_session_for_good(site: AccountSite) -> None:
    _, browser = await site.settled(site.teacher)
    token = browser.jar[SESSION]
    assert await browser.post("/api/logout") == (HTTPStatus.OK, {"left": True})
    assert SESSION not in browser.jar
    browser.jar[SESSION] = token
    status, said = await browser.get("/api/session")
    assert (status, said["error"]) == (HTTPStatus.UNAUTHORIZED, "session-over")
    assert await site.watch.value("SELECT ended_why FROM core.session WHERE ended_at IS NOT NULL") == "left"


async def test_a_teacher_who_went_away_has_left(site: AccountSite) -> None:
    _, browser = await site.settled(site.teacher)
    for minutes, status in ((59, HTTPStatus.OK), (60, HTTPStatus.UNAUTHORIZED), (0, HTTPStatus.UNAUTHORIZED)):
        site.hands.move(minutes=minutes)
        assert (await browser.get("/api/session"))[0] == status


async def test_after_a_month_a_parent_enters_anew_however_often_he_looks_in(site: AccountSite) -> None:
    _, browser = await site.settled(site.mother)
    answers = []
    for _ in range(6):
        site.hands.move(days=6)
        answers.append((await browser.get("/api/session"))[0])
    assert answers == [HTTPStatus.OK] * 4 + [HTTPStatus.UNAUTHORIZED] * 2


async def test_sessions_are_listed_and_ended(site: AccountSite) -> None:
    issued, here = await site.settled(site.teacher)
    there, third = site.browser(agent="Класс 12\x85"), site.browser(agent="Дом")
    for other in (there, third):
        site.hands.move(minutes=2)
        assert (await other.enter(issued, GOOD))[0] == HTTPStatus.OK
    lines = (await here.get("/api/sessions"))[1]["sessions"]
    assert [line["device"] for line in lines] == ["Mozilla/5.0 (учительская)", "Дом", "Класс 12"]
    assert [line["this"] for line in lines] == [True, False, False]
    assert await here.post("/api/sessions/end", session=lines[1]["session"]) == (HTTPStatus.OK, {"ended": 1})
    assert (await third.get("/api/session"))[0] == HTTPStatus.UNAUTHORIZED
    assert (await there.get("/api/session"))[0] == HTTPStatus.OK
    assert await here.post("/api/sessions/end-others") == (HTTPStatus.OK, {"ended": 1})
    assert (await there.get("/api/session"))[0] == HTTPStatus.UNAUTHORIZED
    assert (await here.get("/api/session"))[0] == HTTPStatus.OK


async def test_whoever_enters_in_a_strangers_browser_ends_his_stay(site: AccountSite) -> None:
    _, browser = await site.settled(site.teacher)
    token = browser.jar[SESSION]
    (issued,) = await site.issue(site.class_teacher)
    assert (await browser.enter(issued))[0] == HTTPStatus.OK
    browser.jar[SESSION] = token
    assert (await browser.get("/api/session"))[0] == HTTPStatus.UNAUTHORIZED


async def test_two_administrators_at_once_open_one_account(site: AccountSite) -> None:
    made = [one for issued in await asyncio.gather(*(site.issue(site.teacher) for _ in range(3))) for one in issued]
    assert {one.login for one in made} == {"kuznetsova-mp"}
    assert await site.watch.value("SELECT count(*) FROM core.account") == 1
    entered = [(await site.browser().enter(one))[0] for one in made]
    assert entered.count(HTTPStatus.OK) == 1


async def test_nobody_ends_a_strangers_session(site: AccountSite) -> None:
    _, here = await site.settled(site.teacher)
    _, stranger = await site.settled(site.mother)
    mine = (await here.get("/api/sessions"))[1]["sessions"][0]["session"]
    status, said = await stranger.post("/api/sessions/end", session=mine)
    assert (status, said["error"]) == (HTTPStatus.NOT_FOUND, "session-unknown")
    assert (await here.get("/api/session"))[0] == HTTPStatus.OK


async def test_another_password_ends_the_other_sessions(site: AccountSite) -> None:
    issued, here = await site.settled(site.teacher)
    there = site.browser()
    await there.enter(issued, GOOD)
    assert (await here.post("/api/password", old="не тот", new=BETTER))[1]["error"] == "password-old-wrong"
    assert (await here.post("/api/password", old=GOOD, new=GOOD))[1]["error"] == "password-same"
    assert (await here.post("/api/password", old=GOOD, new="kuznetsova-mp 5А"))[1]["error"] == "password-guessable"
    assert (await here.post("/api/password", old=GOOD, new="чайник"))[1]["error"] == "password-short"
    assert (await there.get("/api/session"))[0] == HTTPStatus.OK, "what was refused changed nothing"
    assert (await here.post("/api/password", old=GOOD, new=BETTER))[0] == HTTPStatus.OK
    assert [(await one.get("/api/session"))[0] for one in (here, there)] == [HTTPStatus.OK, HTTPStatus.UNAUTHORIZED]


async def test_a_stranger_who_guesses_locks_out_strangers_and_not_the_teacher(site: AccountSite) -> None:
    issued, teacher = await site.settled(site.teacher)
    stranger = site.browser(address="198.51.100.66")
    for _ in range(10):
        assert (await stranger.enter(issued, "догадка"))[0] == HTTPStatus.UNAUTHORIZED
    status, text, headers = await stranger.raw("POST", "/api/login", json={"login": issued.login, "password": GOOD})
    assert (status, headers["Retry-After"]) == (HTTPStatus.TOO_MANY_REQUESTS, "900"), text
    assert "новый: ссылка придёт и сейчас" in text
    assert (await site.browser(address="192.0.2.5").enter(issued, GOOD))[0] == HTTPStatus.OK, "a new device at home"
    teacher.address = stranger.address
    assert (await teacher.enter(issued, GOOD))[0] == HTTPStatus.OK, "he has entered from this browser before"
    site.hands.move(minutes=15)
    assert (await site.browser(address=stranger.address).enter(issued, GOOD))[0] == HTTPStatus.OK, "and anybody soon"


async def test_guesses_from_everywhere_leave_every_network_some_tries(site: AccountSite) -> None:
    issued, _ = await site.settled(site.teacher)
    await site.browser(address="198.51.100.1").enter(issued, "догадка")
    # The rest as if they had come from other networks: the same key, the same time.
    again = "INSERT INTO core.login_try SELECT gen_random_uuid(), key, at FROM core.login_try, generate_series(1, 99)"
    await site.watch.rows(f"{again} WHERE key LIKE 'login-anywhere:%'")
    stranger = site.browser(address="198.51.100.2")
    answers = [(await stranger.enter(issued, "догадка"))[0] for _ in range(4)]
    assert answers == [HTTPStatus.UNAUTHORIZED] * 3 + [HTTPStatus.TOO_MANY_REQUESTS]
    assert (await site.browser(address="192.0.2.5").enter(issued, GOOD))[0] == HTTPStatus.OK


async def test_guesses_at_once_are_counted_one_by_one_and_unknown_logins_like_known_ones(site: AccountSite) -> None:
    async def guess() -> int:
        return (await site.browser().post("/api/login", login="nobody", password="догадка"))[0]

    answers = await asyncio.gather(*(guess() for _ in range(14)))
    assert sorted(answers) == [HTTPStatus.UNAUTHORIZED] * 10 + [HTTPStatus.TOO_MANY_REQUESTS] * 4


async def test_a_pupil_who_guesses_at_many_logins_locks_nobody_of_his_school_out(site: AccountSite) -> None:
    issued, teacher = await site.settled(site.teacher)
    source = site.browser(address="2001:db8:1:2:ffff::1")
    await source.post("/api/login", login="u0", password="догадка")
    # The rest as if they had been made: the same key, the same time.
    again = "INSERT INTO core.login_try SELECT gen_random_uuid(), key, at FROM core.login_try, generate_series(1, {})"
    await site.watch.rows(again.format(99) + " WHERE key LIKE 'source:%'")
    answers = [(await source.post("/api/login", login="u1", password="догадка"))[0] for _ in range(4)]
    assert answers == [HTTPStatus.UNAUTHORIZED] * 3 + [HTTPStatus.TOO_MANY_REQUESTS], "fewer tries at each"
    neighbour = "2001:db8:1:2::9"
    assert (await site.browser(address=neighbour).enter(issued, GOOD))[0] == HTTPStatus.OK, "the same home"
    await site.watch.rows(again.format(999) + " WHERE key LIKE 'source-at-all:%'")
    status, said = await site.browser(address=neighbour).enter(issued, GOOD)
    assert (status, said["error"]) == (HTTPStatus.TOO_MANY_REQUESTS, "source-too-many"), "a flood"
    assert "Из вашей сети" in said["message"]
    teacher.address = neighbour
    assert (await teacher.enter(issued, GOOD))[0] == HTTPStatus.OK
    assert (await site.browser(address="192.0.2.5").enter(issued, GOOD))[0] == HTTPStatus.OK


async def test_a_mark_of_another_login_opens_no_side_door(site: AccountSite) -> None:
    _, mother = await site.settled(site.mother)
    (issued,) = await site.issue(site.teacher)
    mother.jar.pop(SESSION)
    for _ in range(10):
        await mother.enter(issued, "догадка")
    assert (await mother.enter(issued))[0] == HTTPStatus.TOO_MANY_REQUESTS
    assert not KEEPER.knows_device(issued.login, mother.jar[DEVICE])


async def test_a_success_forgives_the_mistakes_before_it(site: AccountSite) -> None:
    issued, browser = await site.settled(site.teacher)
    for _ in range(3):
        for _ in range(9):
            assert (await browser.enter(issued, "описка"))[0] == HTTPStatus.UNAUTHORIZED
        assert (await browser.enter(issued, GOOD))[0] == HTTPStatus.OK


async def test_another_sites_page_changes_nothing(site: AccountSite) -> None:
    _, browser = await site.settled(site.teacher)
    path = "/api/sessions/end-others"
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        status, text, _ = await browser.raw("POST", path, headers, json={})
        assert status == HTTPStatus.BAD_REQUEST
        assert "foreign-page" in text
    form = {"Content-Type": "text/plain"}
    status, text, _ = await browser.raw("POST", "/api/login", form, data='{"login": "a", "password": "b"}')
    assert (status, "body-not-json" in text) == (HTTPStatus.BAD_REQUEST, True)
    status, text, _ = await browser.raw("POST", "/api/login", json={"login": "a", "password": 5})
    assert (status, "«password»" in text) == (HTTPStatus.BAD_REQUEST, True)


async def test_only_whoever_may_issues_logins(site: AccountSite) -> None:
    async def by(person: object, *whom: object) -> tuple[type, str]:
        act = Act(Actor("web", person), site.hands.at, str(uuid4()))  # type: ignore[arg-type] # ids of the site
        return await refused(site.issue(*whom, act=act))  # type: ignore[arg-type] # the same

    assert await by(site.mother, site.mother) == (Forbidden, "not-allowed")
    assert await by(site.teacher, site.mother) == (Forbidden, "not-allowed")
    assert await by(site.class_teacher, site.teacher) == (Forbidden, "not-allowed")


async def test_without_a_consent_there_is_no_account(site: AccountSite) -> None:
    issued, browser = await site.settled(site.mother)
    await site.watch.rows("UPDATE core.consent SET given = false")
    act = Act(OFFICE, site.hands.at, "again")
    async with site.database.begin() as session:
        made = await logins.issue(session, act, Hasher(QUICK), [site.mother, site.pupil, site.teacher])
    assert [one.person for one in made.logins] == [site.teacher]
    assert {(one.person, one.why) for one in made.left_out} == {
        (site.mother, "no-consent"),
        (site.pupil, "no-consent"),
    }
    status, said = await site.browser().enter(issued, GOOD)
    assert (status, said["error"]) == (HTTPStatus.FORBIDDEN, "login-no-consent")
    assert (await browser.get("/api/session"))[0] == HTTPStatus.OK, "looked at once a minute"
    site.hands.move(minutes=1)
    status, said = await browser.get("/api/session")
    assert (status, said["error"]) == (HTTPStatus.FORBIDDEN, "login-no-consent")


@pytest.mark.req("AUTH-07")
async def test_the_class_teacher_hands_out_access_to_pupils_and_parents(site: AccountSite) -> None:
    act = Act(Actor("web", site.class_teacher), site.hands.at, "hand-out")
    issued = await site.issue(site.mother, site.pupil, act=act)
    assert [one.children for one in issued] == [(), ("5А, Ёлкин Вадим",)]
    for one in issued:
        assert (await site.browser().enter(one))[0] == HTTPStatus.OK
    assert len(await site.watch.audit("login.issue")) == 2
