"""The roll call as a page: who may, what comes of taps that come twice, late, from two people, or from nobody."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import date, time, timedelta
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import URL, event, update

from core.account.accounts import MessengerAccount
from core.account.sessions import APP_LIFETIME
from core.actor import OFFICE, Act, Actor
from core.database import Database
from core.events import Channel
from core.learning import announced_absences, attendance
from core.learning.announced_absences import AbsenceDraft, AbsenceReason
from core.learning.roll_taps import KEEP, forget
from core.plan.plan_tables import GroupMember, StudyGroup
from core.school import school_rules
from core.tables import Account, Lesson, Person, SchoolClass
from core.year.span import Span
from tests.integration.account_site import Browser
from tests.integration.roll_site import RollSite, roll_site, state_of
from web.cookies import APP, SESSION
from web.launch_data import LIVES

CHAT = 5001
OTHER = "00000000-0000-4000-8000-000000000008"
"""Another browser than that of the site's usual taps."""
SEEN = HTTPStatus.SEE_OTHER


@pytest.fixture
async def rolls(core_database: Database, gateway_database: Database, database_url: URL) -> AsyncIterator[RollSite]:
    async with roll_site(core_database, gateway_database, database_url) as made:
        yield made


async def opened(browser: Browser, path: str = "/roll") -> tuple[int, str]:
    status, page, headers = await browser.raw("GET", path)
    return status, headers.get("Location") or page


async def state_at(browser: Browser, path: str = "/roll") -> dict[str, object]:
    status, page = await opened(browser, path)
    assert status == HTTPStatus.OK
    return state_of(page)


@pytest.mark.req("ATT-01")
async def test_the_roll_of_the_lesson_that_is_on_is_called_by_taps(rolls: RollSite) -> None:
    browser = await rolls.entered()
    status, page = await opened(browser)
    assert status == HTTPStatus.OK
    assert "<h1>5А · математика</h1>" in page
    assert re.findall(r"<b>(\w+)</b>", page) == ["Абрамов", "Ёлкин", "Иванова", "Иванова", "Яшин"]
    state = state_of(page)
    assert (state["called"], state["may"], state["entries"], state["lesson"]) == (False, True, {}, str(rolls.lesson))
    assert not any(name in str(state) for name in ("Ёлкин", "Абрамов")), "the script's state holds no names"
    taps = rolls.taps(state, {1: {"code": "н"}, 4: {"late": 12}, 0: {}})
    status, said = await browser.post("/roll/taps", **taps)
    assert (status, said["overtaken"]) == (HTTPStatus.OK, [])
    assert (said["state"]["called"], said["state"]["version"]) == (True, 1)
    assert (await rolls.codes(), await rolls.late()) == ({1: "н"}, {4: 12})
    again = await browser.post("/roll/taps", **taps)
    assert (again[0], again[1]["state"]["version"]) == (HTTPStatus.OK, 1), "sent twice, done once"
    status, said = await browser.post("/roll/taps", **rolls.taps(said["state"], {1: {"late": 15}}))
    assert (said["state"]["version"], await rolls.codes(), await rolls.late()) == (2, {}, {1: 15, 4: 12})
    actions = [row["action"] for row in await rolls.site.watch.audit("attendance.roll")]
    assert len(actions) == 2


@pytest.mark.req("ATT-01")
async def test_the_roll_is_called_by_a_plain_form_where_no_script_runs(rolls: RollSite) -> None:
    browser = await rolls.entered()
    _, page = await opened(browser)
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    assert set(fields) == {"lesson", "version", "roster", "key"}
    assert re.findall(r'<select id="p\d" name="([^"]+)"', page) == [str(one) for one in rolls.pupils]
    chosen = {
        str(rolls.pupils[0]): "",
        str(rolls.pupils[1]): "н",
        str(rolls.pupils[2]): "б",
        str(rolls.pupils[3]): "late",
    }
    for _ in range(2):
        status, _, led = await browser.fill_in(
            "/roll", **fields, **{key: value for key, value in chosen.items() if value}
        )
        assert (status, led) == (SEEN, f"roll?lesson={rolls.lesson}"), "pressed twice, done once"
    assert (await rolls.codes(), await rolls.late()) == ({1: "н", 2: "б"}, {3: 10})
    _, page = await opened(browser, f"/roll?lesson={rolls.lesson}")
    assert '<option value="kept" selected>опоздание 10 мин' in page
    assert page.count('<option value="н" selected>') == 1
    fields |= {"key": str(uuid4())}
    status, page, _ = await browser.fill_in("/roll", **fields)
    assert (status, "Эту перекличку уже изменили" in page) == (HTTPStatus.CONFLICT, True)
    assert await rolls.codes() == {1: "н", 2: "б"}
    fields |= {"key": str(uuid4()), "version": "1", str(rolls.pupils[3]): "kept", str(rolls.pupils[1]): "н"}
    assert (await browser.fill_in("/roll", **fields))[0] == SEEN
    assert (await rolls.codes(), await rolls.late()) == ({1: "н"}, {3: 10})


async def test_two_teachers_call_one_roll_and_the_last_tap_of_each_child_stays(rolls: RollSite) -> None:
    one, other = await rolls.entered(), await rolls.entered(rolls.deputy)
    first, second = await state_at(one), await state_at(other, f"/roll?lesson={rolls.lesson}")
    assert second["may"] is True
    await one.post("/roll/taps", **rolls.taps(first, {0: {"code": "н"}, 1: {"code": "н"}}, ago=4000))
    # The other one pressed «Готово» on a page that did not know it yet: it adds, and takes nothing back.
    status, said = await other.post("/roll/taps", **rolls.taps(second, {1: {}, 2: {"code": "н"}}, ago=1000, page=OTHER))
    assert (status, said["overtaken"]) == (HTTPStatus.OK, [])
    assert await rolls.codes() == {0: "н", 2: "н"}


async def test_a_tap_that_was_long_under_way_does_not_undo_a_later_one(rolls: RollSite) -> None:
    one, other = await rolls.entered(), await rolls.entered(rolls.deputy)
    _, said = await one.post("/roll/taps", **rolls.taps(await state_at(one), {}))
    rolls.site.hands.move(minutes=10)
    await other.post(
        "/roll/taps",
        **rolls.taps(said["state"], {1: {}, 2: {"code": "н"}}, whose=str(rolls.deputy), page=OTHER),
    )
    rolls.site.hands.move(minutes=5)
    # Eleven minutes ago the child was missing; five minutes ago somebody saw it.
    stale = rolls.taps(said["state"], {1: {"code": "н"}, 2: {}, 3: {"code": "н"}}, ago=11 * 60_000)
    status, said = await one.post("/roll/taps", **stale)
    assert (status, set(said["overtaken"])) == (HTTPStatus.OK, {str(rolls.pupils[1]), str(rolls.pupils[2])})
    assert await rolls.codes() == {2: "н", 3: "н"}
    # By a phone without network, twice: what counts is when it was tapped, not when it came.
    rolls.site.hands.move(minutes=10)
    await one.post("/roll/taps", **rolls.taps(said["state"], {4: {"code": "н"}}, ago=9 * 60_000))
    rolls.site.hands.move(minutes=5)
    theirs = rolls.taps(said["state"], {4: {}}, ago=13 * 60_000, whose=str(rolls.deputy), page=OTHER)
    _, said = await other.post("/roll/taps", **theirs)
    assert (said["overtaken"], await rolls.codes()) == ([], {2: "н", 3: "н"})
    async with rolls.site.database.begin() as session:
        await forget(session, rolls.site.hands.at + KEEP + timedelta(seconds=1))
    assert await rolls.site.watch.value("SELECT count(*) FROM core.roll_tap") == 0


async def test_the_taps_of_one_page_never_overtake_each_other_however_long_each_is_under_way(rolls: RollSite) -> None:
    browser = await rolls.entered()
    _, said = await browser.post("/roll/taps", **rolls.taps(await state_at(browser), {1: {"code": "н"}}))
    _, said = await browser.post("/roll/taps", **rolls.taps(said["state"], {1: {}}, ago=3000))
    assert (said["overtaken"], await rolls.codes()) == ([], {})
    # The same teacher in another browser is another page: what it brings late is late.
    late = rolls.taps(said["state"], {1: {"code": "н"}}, ago=60_000, page=OTHER)
    _, said = await browser.post("/roll/taps", **late)
    assert (said["overtaken"], await rolls.codes()) == ([str(rolls.pupils[1])], {})


async def test_a_call_and_its_answer_take_few_statements(rolls: RollSite, record_property: Any) -> None:
    browser = await rolls.entered()
    state = await state_at(browser)
    asked: list[str] = []

    @event.listens_for(rolls.site.database.engine.sync_engine, "before_cursor_execute")
    def count(_: object, __: object, statement: str, *___: object) -> None:
        asked.append(statement)

    await browser.post("/roll/taps", **rolls.taps(state, {1: {"code": "н"}}))
    called = len(asked)
    asked.clear()
    await browser.get(f"/roll/state?lesson={rolls.lesson}")
    record_property("figure", f"statements: a roll called by a page {called}, its state read {len(asked)}")
    assert (called <= 24, len(asked) <= 10) == (True, True)


async def test_what_the_chat_wrote_since_is_later_than_an_old_tap(rolls: RollSite) -> None:
    browser = await rolls.entered()
    state = await state_at(browser)
    rolls.site.hands.move(minutes=8)
    await rolls.called_in_the_chat(1, 2)
    rolls.site.hands.move(minutes=2)
    old = rolls.taps(state, {1: {}, 4: {"code": "н"}}, ago=5 * 60_000)
    status, said = await browser.post("/roll/taps", **old)
    assert (status, said["overtaken"]) == (HTTPStatus.OK, [str(rolls.pupils[1])])
    assert await rolls.codes() == {1: "н", 2: "н", 4: "н"}
    new = rolls.taps(said["state"], {1: {}}, ago=60_000)
    assert (await browser.post("/roll/taps", **new))[1]["overtaken"] == []
    assert await rolls.codes() == {2: "н", 4: "н"}


async def test_two_at_the_same_moment_lose_nothing_of_each_other(rolls: RollSite) -> None:
    one, other = await rolls.entered(), await rolls.entered(rolls.deputy)
    state = await state_at(one)
    mine = rolls.taps(state, {0: {"code": "н"}})
    theirs = rolls.taps(state, {4: {"code": "н"}}, whose=str(rolls.deputy), page=OTHER)
    sent = ((one, mine), (other, theirs), (one, mine))
    answers = await asyncio.gather(*(browser.post("/roll/taps", **taps) for browser, taps in sent))
    assert [status for status, _ in answers] == [HTTPStatus.OK] * 3
    assert await rolls.codes() == {0: "н", 4: "н"}


@pytest.mark.parametrize("reason", list(AbsenceReason))
async def test_a_roll_begins_with_what_the_family_said_and_shows_who_was_missing_before(
    rolls: RollSite, reason: AbsenceReason
) -> None:
    async with rolls.site.database.begin() as session:
        day = rolls.site.hands.at.date()
        draft = AbsenceDraft(days=Span(day, day), reason=reason)
        act = Act(Actor("telegram", rolls.site.mother), rolls.site.hands.at, str(uuid4()))
        await announced_absences.announce(session, act, rolls.site.pupil, draft)
    await rolls.called_in_the_chat(2)
    rolls.site.hands.move(minutes=60)
    browser = await rolls.entered()
    _, page = await opened(browser)
    state = state_of(page)
    assert (state["lesson"], state["before"]) == (str(rolls.later), {str(rolls.pupils[2]): "н"})
    known = state["known"]
    assert set(known) == {str(rolls.pupils[1])}
    assert f'<option value="{known[str(rolls.pupils[1])]}" selected>' in page
    assert "не было на прошлом уроке" in page
    assert state["hints"][str(rolls.pupils[1])] != ""


async def test_half_of_a_class_has_half_of_the_list(rolls: RollSite) -> None:
    half = rolls.pupils[1:3]
    async with rolls.site.database.begin() as session:
        group = StudyGroup(
            id=uuid4(),
            school_id=rolls.site.school,
            year=2026,
            kind="group",
            purpose="subgroup",
            title="5А, английский 1",
        )
        session.add(group)
        await session.flush()
        session.add_all(GroupMember(group_id=group.id, pupil_id=one, since=date(2026, 9, 1)) for one in half)
        of_group = {"class_id": None, "group_id": group.id}
        await session.execute(update(Lesson).where(Lesson.id == rolls.lesson).values(of_group))
    browser = await rolls.entered()
    _, page = await opened(browser)
    assert "<h1>5А, английский 1 · математика</h1>" in page
    assert re.findall(r'<select id="p\d" name="([^"]+)"', page) == [str(one) for one in half]
    state = state_of(page)
    status, said = await browser.post("/roll/taps", **rolls.taps(state, {0: {"code": "н"}}))
    assert (status, said["error"]) == (HTTPStatus.UNPROCESSABLE_ENTITY, "pupil-not-of-this-class")
    assert (await browser.post("/roll/taps", **rolls.taps(state, {1: {"code": "н"}})))[0] == HTTPStatus.OK
    assert await rolls.codes() == {1: "н"}


async def test_whatever_a_child_and_a_subject_are_called_it_is_text(rolls: RollSite) -> None:
    name = "<script>alert(1)</script>'\"&"
    async with rolls.site.database.begin() as session:
        await session.execute(update(Person).where(Person.id == rolls.pupils[0]).values(surname=name))
        await session.execute(update(SchoolClass).where(SchoolClass.id == rolls.site.school_class).values(title=name))
    _, page = await opened(await rolls.entered())
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;&#39;&#34;&amp;") >= 3
    assert state_of(page)["lesson"] == str(rolls.lesson)


async def test_another_lesson_of_the_day_is_one_press_away(rolls: RollSite) -> None:
    browser = await rolls.entered()
    _, page = await opened(browser)
    assert re.findall(r'href="roll\?lesson=([^"]+)"', page) == [str(rolls.lesson), str(rolls.later)]
    assert 'aria-current="page">1. 8:30' in page
    state = await state_at(browser, f"/roll?lesson={rolls.later}")
    status, said = await browser.post("/roll/taps", **rolls.taps(state, {}))
    assert (status, said["error"]) == (HTTPStatus.UNPROCESSABLE_ENTITY, "lesson-not-begun")
    assert "ещё не начался" in said["message"]
    rolls.site.hands.move(hours=9)
    browser = await rolls.entered(rolls.site.teacher)
    _, page = await opened(browser)
    assert state_of(page)["lesson"] == str(rolls.later), "after the last bell its roll may still be corrected"


@pytest.mark.req("ROLE-09")
async def test_the_class_teacher_sees_the_roll_of_another_and_does_not_change_it(rolls: RollSite) -> None:
    browser = await rolls.entered(rolls.site.class_teacher)
    _, page = await opened(browser, f"/roll?lesson={rolls.lesson}")
    state = state_of(page)
    assert (state["may"], "можно только посмотреть" in page, 'id="done"' in page) == (False, True, False)
    status, said = await browser.post("/roll/taps", **rolls.taps(state, {1: {"code": "н"}}))
    assert (status, said["error"], await rolls.codes()) == (HTTPStatus.FORBIDDEN, "lesson-not-yours", {})


async def test_whoever_gives_no_lessons_finds_none_and_nobody_elses(rolls: RollSite) -> None:
    stranger = await rolls.site.builder.teacher(await rolls.school(), "Чужой Пётр Петрович")
    for person in (stranger, rolls.site.mother):
        browser = await rolls.entered(person)
        status, page = await opened(browser)
        assert (status, "ваших уроков больше нет" in page) == (HTTPStatus.OK, True)
        status, page = await opened(browser, f"/roll?lesson={rolls.lesson}")
        assert (status, "Ёлкин" in page) == (HTTPStatus.FORBIDDEN, False)
        for path in (f"/roll/state?lesson={rolls.lesson}", f"/roll/news?lesson={rolls.lesson}&version=0"):
            status, said = await browser.get(path)
            assert (status, said["error"]) == (HTTPStatus.FORBIDDEN, "lesson-not-yours")
        before = await rolls.codes()
        forged = {"lesson": str(rolls.lesson), "called": False, "roster": None, "whose": str(person)}
        status, said = await browser.post("/roll/taps", **rolls.taps(forged, {1: {"code": "н"}}))
        assert (status, said["error"], await rolls.codes()) == (HTTPStatus.FORBIDDEN, "lesson-not-yours", before)
    for lesson in (uuid4(), "nonsense"):
        assert (await opened(browser, f"/roll?lesson={lesson}"))[0] == HTTPStatus.NOT_FOUND


async def test_the_way_to_the_roll_stands_on_an_employees_own_page(rolls: RollSite) -> None:
    for person, there in ((rolls.site.teacher, True), (rolls.site.mother, False)):
        _, page = await opened(await rolls.entered(person), "/home")
        assert ('href="roll"' in page) is there


async def test_without_a_stay_there_is_nothing_and_a_browser_is_led_to_the_login(rolls: RollSite) -> None:
    nobody = rolls.site.browser()
    assert await opened(nobody) == (SEEN, "login")
    assert (await nobody.fill_in("/roll", lesson=str(rolls.lesson), key=str(uuid4())))[2] == "login"
    for path in ("/roll/state", "/roll/news", "/app/roll/state", "/app/roll/news"):
        status, said = await nobody.get(f"{path}?lesson={rolls.lesson}&version=0")
        assert (status, said["error"]) == (HTTPStatus.UNAUTHORIZED, "session-over")
    status, page = await opened(nobody, "/app/roll")
    assert (status, "откройте перекличку ещё раз из чата" in page) == (HTTPStatus.UNAUTHORIZED, True)


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
async def test_no_page_of_another_site_taps(rolls: RollSite, origin: str) -> None:
    browser = await rolls.entered()
    state = await state_at(browser)
    before = await rolls.site.watch.everything()
    taps = rolls.taps(state, {1: {"code": "н"}})
    status, said, _ = await browser.raw("POST", "/roll/taps", {"Origin": origin}, json=taps)
    assert (status, "foreign-page" in said) == (HTTPStatus.BAD_REQUEST, True)
    status, _, _ = await browser.fill_in("/roll", origin, lesson=str(rolls.lesson), key=str(uuid4()))
    assert status == HTTPStatus.BAD_REQUEST
    shown = {"messenger": "telegram", "init_data": rolls.init_data(CHAT)}
    status, _, _ = await browser.raw("POST", "/app/enter", {"Origin": origin}, json=shown)
    assert status == HTTPStatus.BAD_REQUEST
    assert await rolls.site.watch.everything() == before


async def test_what_is_no_command_is_refused_without_a_trace(rolls: RollSite) -> None:
    browser = await rolls.entered()
    state = await state_at(browser)
    before = await rolls.site.watch.everything()
    good = rolls.taps(state, {1: {"code": "н"}})
    for wrong, status in (
        ({"lesson": "x"}, 400),
        ({"tapped": {str(rolls.pupils[1]): -1}}, 400),
        ({"tapped": {"x": 1}}, 400),
        ({"entries": {str(rolls.pupils[1]): {"late": 0}}}, 400),
        ({"entries": {str(rolls.pupils[1]): {"late": 241}}}, 400),
        ({"entries": {str(rolls.pupils[1]): {"left": "by-the-window"}}}, 400),
        ({"more": 1}, 400),
        ({"entries": {str(rolls.pupils[1]): {"code": "ъъ"}}}, 422),
        ({"entries": {str(rolls.pupils[1]): {"code": "н", "late": 3}}}, 422),
        ({"entries": {str(uuid4()): {"code": "н"}}}, 422),
        ({"roster": "another"}, 409),
        ({"whose": str(rolls.deputy)}, 401),
        ({"lesson": str(uuid4())}, 404),
    ):
        answered, said = await browser.post("/roll/taps", **(good | wrong))
        assert (answered, bool(said["message"])) == (status, True), wrong
    assert await rolls.site.watch.everything() == before


async def test_a_roll_that_was_taken_back_in_the_chat_is_not_called_by_a_single_tap(rolls: RollSite) -> None:
    browser = await rolls.entered()
    _, said = await browser.post("/roll/taps", **rolls.taps(await state_at(browser), {}))
    async with rolls.site.database.begin() as session:
        act = Act(Actor("telegram", rolls.site.teacher), rolls.site.hands.at, str(uuid4()))
        await attendance.withdraw(session, act, rolls.lesson, 1)
    status, said = await browser.post("/roll/taps", **rolls.taps(said["state"], {1: {"code": "н"}}))
    assert (status, said["error"]) == (HTTPStatus.CONFLICT, "roll-not-called")


async def test_a_locked_lesson_says_so_in_a_sentence(rolls: RollSite) -> None:
    browser = await rolls.entered()
    state = await state_at(browser)
    async with rolls.site.database.begin() as session:
        rule = Act(OFFICE, rolls.site.hands.at, "rule")
        await school_rules.change(session, rule, rolls.site.school, {"lock_after_days": 1})
    rolls.site.hands.move(days=3)
    browser = await rolls.entered()
    status, said = await browser.post("/roll/taps", **rolls.taps(state, {1: {"code": "н"}}))
    assert (status, await rolls.codes()) == (HTTPStatus.CONFLICT, {})
    assert said["message"].startswith("Урок 24.11.2026 закрыт")


async def test_only_a_page_with_a_script_lets_one_run_and_it_is_ours(rolls: RollSite) -> None:
    browser = await rolls.entered()
    _, page, headers = await browser.raw("GET", "/roll")
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert not re.search(r"unsafe|https?:|\*", policy)
    assert (headers["Cache-Control"], "frame-ancestors 'none'" in policy) == ("no-store", True)
    for file in re.findall(r'(?:src|href)="(static/[^"]+)"', page):
        status, _, kept = await browser.raw("GET", f"/{file}")
        assert (status, kept["Cache-Control"]) == (HTTPStatus.OK, "public, max-age=31536000, immutable")
        assert kept["X-Content-Type-Options"] == "nosniff"
    assert (await browser.raw("GET", "/static/roll.js"))[0] == HTTPStatus.NOT_FOUND
    _, _, headers = await browser.raw("GET", "/home")
    assert "script-src" not in headers["Content-Security-Policy"]


# --- the Mini App ---


@pytest.mark.parametrize("channel", [Channel.TELEGRAM, Channel.MAX])
async def test_the_owner_of_a_chat_opens_the_mini_app_and_calls_the_roll(rolls: RollSite, channel: Channel) -> None:
    browser = await rolls.app(rolls.site.teacher, CHAT, channel)
    assert set(browser.jar) == {APP}
    _, page = await opened(browser, "/app/roll")
    assert 'src="../static/roll-' in page
    status, _ = await browser.post("/app/roll/taps", **rolls.taps(state_of(page), {1: {"code": "н"}}))
    assert (status, await rolls.codes()) == (HTTPStatus.OK, {1: "н"})
    (row,) = await rolls.site.watch.audit("attendance.roll")
    assert (row["via"], row["person_id"]) == ("web", rolls.site.teacher)
    stay = await rolls.site.watch.rows("SELECT proof, expires_at - created_at AS whole, idle_seconds FROM core.session")
    assert [tuple(one) for one in stay] == [("app", APP_LIFETIME.whole, APP_LIFETIME.idle.total_seconds())]


async def test_a_stay_of_the_mini_app_opens_nothing_else_and_no_other_stay_opens_it(rolls: RollSite) -> None:
    app = await rolls.app(rolls.site.teacher, CHAT)
    thief = rolls.site.browser()
    thief.jar[SESSION] = app.jar[APP]
    assert await opened(thief, "/home") == (SEEN, "login")
    assert await opened(thief, "/roll") == (SEEN, "login")
    assert (await thief.get("/api/v1/me/lessons"))[0] == HTTPStatus.UNAUTHORIZED
    assert await opened(app, "/home") == (SEEN, "login")
    site = await rolls.entered()
    site.jar[APP] = site.jar[SESSION]
    assert (await opened(site, "/app/roll"))[0] == HTTPStatus.UNAUTHORIZED


async def test_what_the_messenger_did_not_sign_opens_nothing(rolls: RollSite) -> None:
    await rolls.site.builder.link(rolls.site.teacher, MessengerAccount(Channel.TELEGRAM, str(CHAT)))
    before = await rolls.site.watch.everything()
    good = rolls.init_data(CHAT)
    old = rolls.init_data(CHAT, auth_date=str(int((rolls.site.machine.at - LIVES).timestamp()) - 1))
    for init_data, channel, code, words in (
        (rolls.init_data(CHAT, Channel.MAX), Channel.TELEGRAM, "app-forged", "не бот вашей школы"),
        (good, Channel.MAX, "app-forged", "не бот вашей школы"),
        (good.replace(str(CHAT), "5002"), Channel.TELEGRAM, "app-forged", "не бот вашей школы"),
        (f"{good}&hash={'0' * 64}", Channel.TELEGRAM, "app-broken", "не сказал, кто"),
        (old, Channel.TELEGRAM, "app-old", "слишком давно"),
    ):
        browser = rolls.site.browser()
        status, said = await rolls.knock(browser, init_data, channel)
        assert (status, said["error"], words in said["message"]) == (HTTPStatus.FORBIDDEN, code, True)
        assert browser.jar == {}
    assert await rolls.site.watch.everything() == before


async def test_a_strangers_a_familys_and_a_closed_chat_open_nothing(rolls: RollSite) -> None:
    browser = rolls.site.browser()
    status, said = await rolls.knock(browser, rolls.init_data(CHAT))
    assert (status, said["error"]) == (HTTPStatus.FORBIDDEN, "account-not-linked")
    await rolls.site.builder.link(rolls.site.mother, MessengerAccount(Channel.TELEGRAM, "5002"))
    status, said = await rolls.knock(browser, rolls.init_data(5002))
    assert (status, said["error"]) == (HTTPStatus.FORBIDDEN, "app-for-employees")
    app = await rolls.app(rolls.site.teacher, CHAT)
    assert (await opened(app, "/app/roll"))[0] == HTTPStatus.OK
    # A new chat of the same teacher takes the place of the old one, whose open page is shut at once.
    await rolls.site.builder.link(rolls.site.teacher, MessengerAccount(Channel.TELEGRAM, "5003"))
    status, said = await rolls.knock(browser, rolls.init_data(CHAT))
    assert (status, said["error"], browser.jar) == (HTTPStatus.FORBIDDEN, "account-not-linked", {})
    assert (await opened(app, "/app/roll"))[0] == HTTPStatus.UNAUTHORIZED


async def test_a_chat_that_was_shut_as_stolen_opens_nothing_from_that_moment(rolls: RollSite) -> None:
    app = await rolls.app(rolls.site.teacher, CHAT)
    async with rolls.site.database.begin() as session:
        shut = update(Account).where(Account.external_id == str(CHAT))
        await session.execute(shut.values(closed_at=rolls.site.hands.at, closed_why="breach"))
    state = {"whose": "x", "lesson": str(rolls.lesson), "called": False, "roster": None}
    assert (await app.post("/app/roll/taps", **rolls.taps(state, {})))[0] == HTTPStatus.UNAUTHORIZED
    status, said = await rolls.knock(rolls.site.browser(), rolls.init_data(CHAT))
    assert (status, said["error"]) == (HTTPStatus.FORBIDDEN, "account-not-linked")


async def test_the_button_says_which_lesson_and_the_signed_word_counts(rolls: RollSite) -> None:
    await rolls.site.builder.link(rolls.site.teacher, MessengerAccount(Channel.TELEGRAM, str(CHAT)))
    browser = rolls.site.browser()
    for start, address, wanted in (
        (None, None, "app/roll"),
        (None, rolls.later, f"app/roll?lesson={rolls.later}"),
        (str(rolls.lesson), rolls.later, f"app/roll?lesson={rolls.lesson}"),
        ("spring-campaign", None, "app/roll"),
    ):
        signed = rolls.init_data(CHAT) if start is None else rolls.init_data(CHAT, start_param=start)
        answer = await rolls.knock(browser, signed, lesson=None if address is None else str(address))
        assert answer == (HTTPStatus.OK, {"next": wanted})


async def test_a_teacher_of_two_schools_calls_both_rolls_from_one_chat(rolls: RollSite) -> None:
    builder = rolls.site.builder
    school = await builder.school("Вторая школа")
    there = await builder.teacher(school, "Кузнецова Мария Петровна")
    group = await builder.school_class(school, "7Б")
    await builder.pupils(group, "Второв Иван")
    lesson = await builder.lesson(group, there, time(12, 30))
    await builder.link(there, MessengerAccount(Channel.TELEGRAM, str(CHAT)))
    browser = await rolls.app(rolls.site.teacher, CHAT)
    _, page = await opened(browser, "/app/roll")
    assert re.findall(r'href="roll\?lesson=([^"]+)"', page) == [str(one) for one in (rolls.lesson, rolls.later, lesson)]
    rolls.site.hands.move(hours=4)
    browser = await rolls.app(rolls.site.teacher, CHAT)
    state = await state_at(browser, f"/app/roll?lesson={lesson}")
    status, _ = await browser.post("/app/roll/taps", **rolls.taps(state, {}))
    assert status == HTTPStatus.OK
    (row,) = await rolls.site.watch.audit("attendance.roll")
    assert row["person_id"] == there


async def test_the_owner_sees_the_stay_of_his_mini_app_end(rolls: RollSite) -> None:
    browser = await rolls.app(rolls.site.teacher, CHAT)
    rolls.site.hands.move(minutes=59)
    await state_at(browser, "/app/roll")
    rolls.site.hands.move(minutes=61)
    assert (await opened(browser, "/app/roll"))[0] == HTTPStatus.UNAUTHORIZED


# --- news ---


async def test_an_open_page_hears_of_another_version_soon_and_of_nothing_else(rolls: RollSite) -> None:
    one = await rolls.entered()
    state = await state_at(one)
    heard: list[str] = []

    async def listen() -> None:
        headers = {"Cookie": f"{SESSION}={one.jar[SESSION]}"}
        path = f"/roll/news?lesson={rolls.lesson}&version={state['version']}"
        async with rolls.site.client.get(path, headers=headers) as response:
            assert response.headers["Content-Type"].startswith("text/event-stream")
            async for line in response.content:
                heard.append(line.decode().strip())
                if line.startswith(b"data:"):
                    return

    listening = asyncio.create_task(listen())
    await asyncio.sleep(0.2)
    assert [line.partition(":")[0] for line in heard if line] == ["retry"]
    await rolls.called_in_the_chat(1)
    async with asyncio.timeout(5):
        await listening
    assert [line for line in heard if line][1:] == ["data: 1"]


async def test_the_server_asks_once_a_second_however_many_pages_are_open_and_not_at_all_without_any(
    rolls: RollSite,
) -> None:
    one = await rolls.entered()
    asked: list[str] = []

    @event.listens_for(rolls.site.database.engine.sync_engine, "before_cursor_execute")
    def count(_: object, __: object, statement: str, *___: object) -> None:
        if "core.roll_call WHERE lesson_id = ANY" in statement:
            asked.append(statement)

    await asyncio.sleep(1.2)
    assert asked == []
    headers = {"Cookie": f"{SESSION}={one.jar[SESSION]}"}
    path = f"/roll/news?lesson={rolls.lesson}&version=0"
    streams = [await rolls.site.client.get(path, headers=headers) for _ in range(20)]
    asked.clear()
    await asyncio.sleep(2.5)
    assert 2 <= len(asked) <= 3
    for stream in streams:
        stream.close()


async def test_a_server_that_stops_ends_its_streams_at_once(rolls: RollSite) -> None:
    one = await rolls.entered()
    headers = {"Cookie": f"{SESSION}={one.jar[SESSION]}"}
    path = f"/roll/news?lesson={rolls.lesson}&version=0"
    async with rolls.site.client.head(path, headers=headers) as head:
        assert (head.status, await head.read()) == (HTTPStatus.OK, b"")
    stream = await rolls.site.client.get(path, headers=headers)
    await rolls.site.client.app.shutdown()
    async with asyncio.timeout(2):
        assert (await stream.read()).startswith(b"retry: ")
