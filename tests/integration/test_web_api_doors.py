"""Who is let into the HTTP API, as what, and how often: sessions, keys with scopes, foreign pages, buckets."""

from collections.abc import AsyncIterator
from datetime import date
from http import HTTPStatus
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL

from core.account import api_keys
from core.account.api_keys import KeyDraft, Scope
from core.actor import Act, Actor
from core.database import Database
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from tests.integration.account_site import ORIGIN
from tests.integration.api_site import ALL, ApiSite, api_site
from tests.integration.core_world import DAY, refused
from web.api.limits import Limits, Rate
from web.api.openapi import BASE

FEW = Limits(person=Rate(60, 5), program=Rate(40, 20), stranger=Rate(5, 0.5))


@pytest.fixture
async def site(core_database: Database, gateway_database: Database, database_url: URL) -> AsyncIterator[ApiSite]:
    async with api_site(core_database, gateway_database, database_url, FEW) as made:
        yield made


async def test_a_key_opens_what_its_scopes_say_and_nothing_else(site: ApiSite) -> None:
    _, teacher = await site.site.settled(site.site.teacher)
    reader = await site.key(Scope.JOURNAL_READ)
    writer = await site.key(Scope.JOURNAL_READ, Scope.MARKS_WRITE)
    read = await site.ask(reader, "GET", site.roll)
    assert read.status == HTTPStatus.OK
    said = {"roster": read.said["roster"], "exceptions": []}
    mark = {"pupil": str(site.pupils[0]), "value": 5}
    for key in (reader, writer):
        refusal = await site.ask(key, "PUT", site.roll, said, if_match=read.tag)
        assert (*refusal.refusal, refusal.said["field"]) == (403, "scope-missing", "attendance:write")
        assert (await site.ask(key, "GET", f"/classes/{site.school_class}/pupils")).refusal[0] == HTTPStatus.FORBIDDEN
    assert (await site.ask(reader, "POST", site.marks, mark, idempotency_key="mark-0001")).refusal[0] == 403
    assert (await site.ask(writer, "POST", site.marks, mark, idempotency_key="mark-0001")).status == 201
    for path in ("/me/lessons", f"/pupils/{site.pupils[0]}/diary"):
        assert (await site.ask(writer, "GET", path)).refusal == (403, "person-needed")
    assert (await site.ask(writer, "GET", "/me")).said == {
        "kind": "program",
        "id": str(writer.id),
        "school": str(site.site.school),
        "scopes": ["journal:read", "marks:write"],
    }
    me = (await site.ask(teacher, "GET", "/me")).said
    assert me == {"kind": "person", "id": str(site.site.teacher), "school": str(site.site.school), "scopes": None}
    (row,) = await site.site.watch.audit("mark.give")
    assert (row["via"], row["account_id"], row["person_id"]) == ("api", writer.id, None)
    kept = str(await site.site.watch.everything())
    assert reader.key not in kept
    assert writer.key not in kept


async def test_core_itself_holds_a_program_to_its_scopes_and_its_school(site: ApiSite) -> None:
    """Past the API's own check of scopes: rights are core's."""
    other = await site.site.builder.school("Школа «Другая»")
    abroad = await site.key(*ALL, school=other.id)
    for method, path in (
        ("GET", f"/lessons/{site.lesson}"),
        ("GET", site.marks),
        ("GET", f"/schools/{site.site.school}/classes"),
        ("GET", f"/classes/{site.school_class}/pupils"),
        ("GET", f"/classes/{site.school_class}/control-works?first=2026-11-01&last=2026-11-30"),
    ):
        assert (await site.ask(abroad, method, path)).refusal[0] == HTTPStatus.FORBIDDEN, path
    mark = {"pupil": str(site.pupils[0]), "value": 5}
    assert (await site.ask(abroad, "POST", site.marks, mark, idempotency_key="mark-0001")).refusal[0] == 403
    narrow = await site.key(Scope.HOMEWORK_WRITE)
    async with site.site.database.begin() as session:
        actor = (await api_keys.bearer(session, narrow.key, site.site.hands.at)).actor
        listing = api_keys.listed(session, actor, site.site.school, site.site.hands.at)
        assert await refused(listing) == (Forbidden, "not-allowed")


async def test_a_key_ends_by_its_day_by_being_revoked_and_is_never_told_from_one_that_never_was(site: ApiSite) -> None:
    ends = await site.key(*ALL, expires_on=DAY)
    revoked = await site.key(*ALL)
    assert (await site.ask(ends, "GET", "/me")).status == HTTPStatus.OK
    assert await site.site.watch.value("SELECT last_used_on FROM core.api_key WHERE id = $1", ends.id) == DAY
    async with site.site.database.begin() as session:
        for key in ("first", "again"):
            await api_keys.revoke(session, Act(Actor("office"), site.site.hands.at, key), revoked.id)
    (row,) = await site.site.watch.audit("api-key.revoke")
    assert row["subject"] == f"api-key/{revoked.id}"
    site.site.hands.move(days=1)
    answers = [
        await site.ask(None, "GET", "/me", authorization=shown)
        for shown in (f"Bearer {ends.key}", f"Bearer {revoked.key}", "Bearer zvk_никакой".encode().decode("latin-1"))
    ]
    answers += [await site.ask(None, "GET", "/me", authorization="Basic dXNlcjpwYXNz")]
    assert {one.refusal for one in answers} == {(401, "api-key-unknown")}
    assert {one.headers["WWW-Authenticate"] for one in answers} == {'Bearer realm="zvonok"'}
    assert (await site.ask(None, "GET", "/me")).refusal == (401, "session-over")


async def test_strangers_wait_and_nobody_known_waits_for_them(site: ApiSite) -> None:
    _, teacher = await site.site.settled(site.site.teacher)
    key = await site.key(*ALL)
    tries = [await site.ask(None, "GET", "/me", authorization=f"Bearer zvk_{uuid4()}") for _ in range(7)]
    assert [one.status for one in tries] == [401] * 5 + [429] * 2
    assert tries[-1].refusal == (429, "too-often")
    assert 1 <= int(tries[-1].headers["Retry-After"]) <= 2
    assert (await site.ask(teacher, "GET", "/me")).status == HTTPStatus.OK
    asked = [await site.ask(key, "GET", "/me") for _ in range(80)]
    assert 429 in {one.status for one in asked}, "a program has its own bucket"
    assert (await site.ask(teacher, "GET", "/me")).status == HTTPStatus.OK, "and shares it with nobody"


async def test_another_sites_page_changes_nothing_here(site: ApiSite) -> None:
    _, teacher = await site.site.settled(site.site.teacher)
    mark = {"pupil": str(site.pupils[0]), "value": 5}
    for headers in ({"origin": "https://evil.example"}, {"sec_fetch_site": "cross-site", "origin": ORIGIN}):
        foreign = await site.ask(teacher, "POST", site.marks, mark, idempotency_key="mark-0001", **headers)
        assert foreign.refusal == (403, "foreign-page")
    cookies = "; ".join(f"{name}={value}" for name, value in teacher.jar.items())
    sent = {"Cookie": cookies, "Origin": ORIGIN, "Content-Type": "text/plain", "Idempotency-Key": "mark-0001"}
    async with site.site.client.post(f"{BASE}{site.marks}", data='{"value": 5}', headers=sent) as response:
        assert response.status == HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    assert await site.site.watch.rows("SELECT * FROM core.mark") == []
    opened = await site.ask(teacher, "GET", "/me", origin="https://evil.example")
    assert opened.status == HTTPStatus.OK
    assert "Access-Control-Allow-Origin" not in opened.headers, "reading it is for the browser to refuse"


async def test_what_the_api_itself_refuses_is_a_problem_too(site: ApiSite) -> None:
    key = await site.key(*ALL)
    school = site.site.school
    assert (await site.ask(key, "GET", "/nowhere")).refusal == (404, "nothing-here")
    wrong = await site.ask(key, "PUT", "/me")
    assert (wrong.refusal, wrong.headers["Allow"]) == ((405, "method-unknown"), "GET,HEAD")
    for path, field in (
        ("/lessons/1", "lesson"),
        (f"/lessons/{site.lesson.hex}", "lesson"),
        (f"/schools/{school}/lessons?day=1795000000", "day"),
        (f"/schools/{school}/lessons?day=2026-02-30", "day"),
        (f"/schools/{school}/lessons?dya=2026-02-20", "dya"),
        (f"/schools/{school}/classes?limit=0", "limit"),
        (f"/schools/{school}/classes?limit=5.0", "limit"),
        (f"/schools/{school}/classes?limit=5&limit=6", "limit"),
    ):
        answer = await site.ask(key, "GET", path)
        assert (*answer.refusal, answer.said["field"]) == (400, "parameter-wrong", field), path
    long = await site.ask(key, "PUT", site.homework, {"text": "я" * 70_000})
    assert long.refusal == (413, "body-too-large")
    far = await site.ask(key, "GET", f"/schools/{school}/lessons?day=9999-12-31")
    assert (*far.refusal, far.said["field"]) == (422, "day-out-of-reach", "day")
    backwards = f"/classes/{site.school_class}/control-works?first=2026-11-30&last=2026-11-01"
    assert (await site.ask(key, "GET", backwards)).refusal == (422, "year-span-backwards")
    years = f"/classes/{site.school_class}/control-works?first=2026-11-30&last=2028-11-01"
    assert (await site.ask(key, "GET", years)).refusal == (422, "days-too-many")


async def test_lists_come_in_pages_that_know_where_they_belong(site: ApiSite) -> None:
    key = await site.key(*ALL)
    pupils = f"/classes/{site.school_class}/pupils"
    seen, after, pages = [], "", 0
    while pages < 5:
        page = (await site.ask(key, "GET", f"{pupils}?limit=3{after}")).said
        seen += [one["id"] for one in page["items"]]
        pages += 1
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert (pages, seen) == (2, [str(one) for one in site.pupils])
    classes = f"/schools/{site.site.school}/classes"
    (one,) = (await site.ask(key, "GET", classes)).said["items"]
    assert (one["id"], one["title"], one["class_teacher"]) == (str(site.school_class), "5А", "Громова Нина Сергеевна")
    assert (await site.ask(key, "GET", f"{classes}?limit=3{after}")).refusal == (422, "cursor-unknown")
    assert (await site.ask(key, "GET", f"{pupils}?after=AAAA")).refusal == (422, "cursor-unknown")
    first = (await site.ask(key, "GET", f"{pupils}?limit=2")).said
    gone = first["items"][-1]["id"]
    await site.site.watch.rows("UPDATE core.pupil SET left_on = '2026-01-01' WHERE person_id = $1", UUID(gone))
    rest = (await site.ask(key, "GET", f"{pupils}?limit=2&after={first['next']}")).said
    assert [one["id"] for one in rest["items"]] == [str(one) for one in site.pupils[2:]], "none is skipped"


async def test_a_mother_reads_the_diary_and_that_is_written_down_once_an_hour(site: ApiSite) -> None:
    _, mother = await site.site.settled(site.site.mother)
    path = f"/pupils/{site.site.pupil}/diary"
    for _ in range(2):
        diary = await site.ask(mother, "GET", f"{path}?day=2026-11-24")
        assert (diary.status, diary.said["monday"], diary.said["whole"]) == (HTTPStatus.OK, "2026-11-23", True)
    assert [one["subject"] for one in diary.said["days"][1]["lessons"]] == ["математика"]
    views = await site.site.watch.rows("SELECT viewer_id, via FROM core.diary_view")
    assert [tuple(row) for row in views] == [(site.site.mother, "web")]
    assert (await site.ask(mother, "GET", f"/pupils/{site.pupils[0]}/diary")).refusal == (403, "child-not-yours")
    assert (await site.ask(mother, "GET", site.roll)).refusal == (403, "lesson-not-yours")


async def test_a_key_is_made_for_what_its_maker_may_do_and_shown_once(site: ApiSite) -> None:
    now, school = site.site.hands.at, site.site.school
    async with site.site.database.begin() as session:
        teacher = Act(Actor("web", site.site.teacher), now, "by the teacher")
        draft = KeyDraft("Расписание", (Scope.JOURNAL_READ,))
        assert await refused(api_keys.make(session, teacher, school, draft)) == (Forbidden, "not-allowed")
    made = await site.key(Scope.MARKS_WRITE)
    assert made.key not in repr(made)
    async with site.site.database.begin() as session:
        office = Act(Actor("office"), now, "once")
        await api_keys.make(session, office, school, draft)
        again = api_keys.make(session, office, school, draft)
        assert await refused(again) == (Conflict, "api-key-made-already")
        for wrong, code in (
            (KeyDraft("Без прав", ()), "api-key-no-scope"),
            (KeyDraft("  ", ALL), "text-needed"),
            (KeyDraft("Вчера", ALL, date(2026, 11, 23)), "api-key-over"),
        ):
            assert await refused(api_keys.make(session, office, school, wrong)) == (Invalid, code)
        lines = await api_keys.listed(session, office.actor, school, now)
        assert [(line.title, line.scopes, line.revoked_at) for line in lines if line.id == made.id] == [
            ("Расписание", ("marks:write",), None)
        ]
        assert await refused(api_keys.revoke(session, office, uuid4())) == (NotFound, "api-key-gone")
