"""A lesson over the HTTP API: its roll by exceptions and versions, its marks, its homework; real HTTP throughout."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from uuid import uuid4

import pytest
from sqlalchemy import URL

from core.account.api_keys import Scope
from core.actor import OFFICE, Act
from core.database import Database
from core.learning import announced_absences, release_orders
from core.learning.announced_absences import AbsenceDraft, AbsenceReason
from core.learning.release_orders import ReleaseDraft, ReleaseKind
from core.year.span import Span
from tests.integration.api_site import ALL, ApiSite, api_site
from tests.integration.core_world import DAY
from web.api.openapi import BASE


@pytest.fixture
async def site(core_database: Database, gateway_database: Database, database_url: URL) -> AsyncIterator[ApiSite]:
    async with api_site(core_database, gateway_database, database_url) as made:
        yield made


async def test_a_roll_is_called_by_exceptions_from_what_was_seen_and_taken_back(site: ApiSite) -> None:
    _, teacher = await site.site.settled(site.site.teacher)
    first, second, third, fourth = site.pupils
    read = await site.ask(teacher, "GET", site.roll)
    assert (read.status, read.said["called"], read.said["version"]) == (HTTPStatus.OK, False, 0)
    assert [one["pupil"] for one in read.said["pupils"]] == [str(one) for one in site.pupils]
    assert (await site.ask(teacher, "GET", site.roll, if_none_match=read.tag)).status == HTTPStatus.NOT_MODIFIED
    said = {
        "roster": read.said["roster"],
        "exceptions": [{"pupil": str(first), "code": "н"}, {"pupil": str(second), "late_minutes": 7}],
    }
    assert (await site.ask(teacher, "PUT", site.roll, said)).refusal == (428, "version-needed")
    assert (await site.ask(teacher, "PUT", site.roll, said, if_match='"other"')).refusal == (412, "changed-since")
    assert await site.site.watch.rows("SELECT * FROM core.roll_call") == []
    called = await site.ask(teacher, "PUT", site.roll, said, if_match=read.tag, idempotency_key="first-roll")
    assert (called.status, called.said["called"], called.said["version"]) == (HTTPStatus.OK, True, 1)
    assert [(one["code"], one["late_minutes"]) for one in called.said["pupils"]] == [
        ("н", None),
        (None, 7),
        (None, None),
        (None, None),
    ]
    again = await site.ask(teacher, "PUT", site.roll, said, if_match=read.tag, idempotency_key="first-roll")
    assert (again.status, again.said, again.tag) == (HTTPStatus.OK, called.said, called.tag), "the same request again"
    stale = await site.ask(teacher, "PUT", site.roll, said, if_match=read.tag)
    assert stale.refusal == (412, "changed-since"), "and another one from the old version"
    entries = {"entries": [{"pupil": str(third), "code": "б"}, {"pupil": str(first)}]}
    corrected = await site.ask(teacher, "PATCH", site.roll, entries, if_match=f"W/{called.tag}")
    assert [one["code"] for one in corrected.said["pupils"]] == [None, None, "б", None]
    back = await site.ask(teacher, "DELETE", site.roll, if_match=corrected.tag)
    assert [one["code"] for one in back.said["pupils"]] == ["н", None, None, None]
    assert back.tag not in {called.tag, corrected.tag}
    assert back.said["version"] == 3
    assert str(fourth) == back.said["pupils"][3]["pupil"]


async def test_of_two_who_change_one_roll_at_once_one_is_told(site: ApiSite) -> None:
    _, teacher = await site.site.settled(site.site.teacher)
    program = await site.key(*ALL)
    read = await site.ask(teacher, "GET", site.roll)
    both = [
        site.ask(
            who,
            "PUT",
            site.roll,
            {"roster": read.said["roster"], "exceptions": [{"pupil": str(pupil), "code": "н"}]},
            if_match=read.tag,
        )
        for who, pupil in ((teacher, site.pupils[0]), (program, site.pupils[1]))
    ]
    answers = await asyncio.gather(*both)
    assert sorted(one.status for one in answers) == [HTTPStatus.OK, HTTPStatus.PRECONDITION_FAILED]
    absent = await site.site.watch.rows("SELECT pupil_id FROM core.absence")
    assert len(absent) == 1, "nothing of the first is lost, and nothing of the second is half done"


async def test_what_cannot_be_in_a_roll_is_named_by_its_place(site: ApiSite) -> None:
    key = await site.key(*ALL)
    read = await site.ask(key, "GET", site.roll)
    one = str(site.pupils[0])

    async def refused(exceptions: object, **more: object) -> tuple[int, str, str | None]:
        said = {"roster": read.said["roster"], "exceptions": exceptions, **more}
        answer = await site.ask(key, "PUT", site.roll, said, if_match=read.tag)
        return (*answer.refusal, answer.said.get("pointer"))

    assert await refused([{"pupil": one, "code": 5}]) == (400, "body-wrong", "/exceptions/0/code")
    assert await refused([], extra=1) == (400, "body-wrong", "/extra")
    assert await refused([{"pupil": one}, {"pupil": one}]) == (422, "pupil-twice", "/exceptions/1/pupil")
    assert await refused([{"pupil": one, "code": "ы"}]) == (422, "absence-code-unknown", None)
    assert await refused([{"pupil": str(uuid4()), "code": "н"}]) == (422, "pupil-not-of-this-class", None)
    assert await refused([{"pupil": one, "code": "н"}], roster="older") == (409, "roll-list-changed", None)
    broken = await site.ask(key, "PUT", site.roll, "никакой не объект", if_match=read.tag)
    assert broken.refusal == (400, "body-broken")
    assert await site.site.watch.rows("SELECT * FROM core.roll_call") == []


async def test_marks_are_given_one_by_one_and_all_together_and_a_repeat_gives_none_twice(site: ApiSite) -> None:
    _, teacher = await site.site.settled(site.site.teacher)
    mark = {"pupil": str(site.pupils[0]), "value": 5}
    assert (await site.ask(teacher, "POST", site.marks, mark)).refusal == (400, "key-needed")
    given = await site.ask(teacher, "POST", site.marks, mark, idempotency_key="mark-0001")
    assert given.status == HTTPStatus.CREATED
    assert given.headers["Location"] == f"marks/{given.said['id']}"
    again = await site.ask(teacher, "POST", site.marks, mark, idempotency_key="mark-0001")
    assert (again.status, again.said) == (HTTPStatus.CREATED, given.said)
    other = await site.ask(teacher, "POST", site.marks, mark | {"value": 4}, idempotency_key="mark-0001")
    assert other.refusal == (422, "repeat-of-another-request")
    key = await site.key(*ALL)
    both = [site.ask(key, "POST", site.marks, mark | {"value": 3}, idempotency_key="same-time") for _ in range(4)]
    at_once = await asyncio.gather(*both)
    assert {(one.status, one.said["id"]) for one in at_once} == {(HTTPStatus.CREATED, at_once[0].said["id"])}
    several = [{"pupil": str(pupil), "value": 4, "work": "диктант"} for pupil in site.pupils]
    strange = [*several, {"pupil": str(uuid4()), "value": 3}]
    none = await site.ask(
        teacher, "POST", f"/lessons/{site.lesson}/mark-batches", {"marks": strange}, idempotency_key="bulk-0001"
    )
    assert none.refusal == (422, "pupil-of-another-class")
    assert await site.site.watch.value("SELECT count(*) FROM core.mark") == 2, "all together or none"
    for _ in range(2):
        all_of = await site.ask(
            teacher, "POST", f"/lessons/{site.lesson}/mark-batches", {"marks": several}, idempotency_key="bulk-0002"
        )
        assert [one["value"] for one in all_of.said["items"]] == [4, 4, 4, 4]
    assert await site.site.watch.value("SELECT count(*) FROM core.mark") == 6


async def test_a_mark_is_corrected_from_what_was_seen_and_gone_when_it_is_taken_back(site: ApiSite) -> None:
    key = await site.key(*ALL)
    mark = {"pupil": str(site.pupils[0]), "value": 2}
    given = await site.ask(key, "POST", site.marks, mark, idempotency_key="mark-0001")
    one = f"{site.marks}/{given.said['id']}"
    better = await site.ask(key, "PATCH", one, {"value": 3}, if_match=given.tag)
    assert (better.status, better.said["value"], better.said["version"]) == (HTTPStatus.OK, 3, 2)
    assert (await site.ask(key, "PATCH", one, {"value": 4}, if_match=given.tag)).refusal == (412, "changed-since")
    assert (await site.ask(key, "PATCH", one, {"value": 6})).refusal == (400, "body-wrong")
    assert (await site.ask(key, "GET", one)).said == better.said
    assert (await site.ask(key, "GET", site.marks)).said["items"] == [better.said]
    for _ in range(2):
        gone = await site.ask(key, "DELETE", one, if_match=better.tag, idempotency_key="gone-0001")
        assert (gone.status, gone.said) == (HTTPStatus.NO_CONTENT, None)
    assert (await site.ask(key, "GET", one)).refusal == (404, "mark-unknown")
    assert (await site.ask(key, "DELETE", one)).refusal == (404, "mark-unknown")


async def test_homework_is_set_read_and_taken_back(site: ApiSite) -> None:
    _, teacher = await site.site.settled(site.site.teacher)
    assert (await site.ask(teacher, "GET", site.homework)).refusal == (404, "homework-unknown")
    done = await site.ask(teacher, "PUT", site.homework, {"text": "§ 12,\u0000 № 301"})
    assert (done.said["text"], done.said["due_on"]) == ("§ 12, № 301", "2026-11-26")
    read = await site.ask(teacher, "GET", site.homework)
    assert (read.said, read.tag) == (done.said, done.tag)
    assert (await site.ask(teacher, "PUT", site.homework, {"text": "§ 13"}, if_match='"old"')).status == 412
    nothing = await site.ask(teacher, "PUT", site.homework, {"text": None}, if_match=read.tag)
    assert (nothing.said["nothing_set"], nothing.said["text"]) == (True, "Не задано")
    assert (await site.ask(teacher, "PUT", site.homework, {"text": "  "})).refusal == (422, "text-needed")
    assert (await site.ask(teacher, "DELETE", site.homework)).status == HTTPStatus.NO_CONTENT
    assert (await site.ask(teacher, "GET", site.homework)).status == HTTPStatus.NOT_FOUND


async def test_a_teacher_reads_his_own_day_and_a_program_the_schools(site: ApiSite) -> None:
    _, teacher = await site.site.settled(site.site.teacher)
    key = await site.key(Scope.TIMETABLE_READ)
    mine = await site.ask(teacher, "GET", "/me/lessons")
    (lesson,) = mine.said["items"]
    assert (lesson["id"], lesson["roll_called"], mine.said["day"]) == (str(site.lesson), False, "2026-11-24")
    assert (await site.ask(teacher, "GET", "/me/lessons?day=2026-11-25")).said["items"] == []
    whole = await site.ask(key, "GET", f"/schools/{site.site.school}/lessons?day=2026-11-24")
    assert [one["id"] for one in whole.said["items"]] == [str(site.lesson)]
    assert (await site.ask(key, "GET", f"/lessons/{site.lesson}")).refusal == (403, "scope-missing")
    assert (await site.ask(teacher, "GET", f"/lessons/{site.lesson}")).said["subject"] == "математика"
    hints = await site.ask(teacher, "GET", f"{site.roll}/hints")
    assert hints.said == {"lesson": str(site.lesson), "items": []}


async def test_whose_absence_is_known_beforehand_is_hinted_and_enters_no_roll_by_itself(site: ApiSite) -> None:
    key = await site.key(Scope.JOURNAL_READ)
    first, second, *_ = site.pupils
    act = Act(OFFICE, site.site.hands.at, "ill")
    until = DAY + timedelta(days=2)
    flu = AbsenceDraft(days=Span(DAY, until), reason=AbsenceReason.ILLNESS, note="Температура 38.")
    olympiad = ReleaseDraft(
        number="12-у",
        ordered_on=DAY,
        kind=ReleaseKind.OLYMPIAD,
        title="Олимпиада по химии",
        days=Span(DAY, DAY),
        pupils=frozenset({second}),
    )
    async with site.site.database.begin() as session:
        await announced_absences.announce(session, act, first, flu)
        await release_orders.order(session, replace(act, key="order"), site.site.school, olympiad)
    hints = await site.ask(key, "GET", f"{site.roll}/hints")
    assert hints.said["items"] == [
        {"pupil": str(pupil), "absent_before": False, "answers": [], "expected": expected}
        for pupil, expected in (
            (
                first,
                {"by": "announced", "reason": "illness", "order": None, "until": str(until), "suggested_code": "б"},
            ),
            (
                second,
                {
                    "by": "released",
                    "reason": "olympiad",
                    "order": "Олимпиада по химии",
                    "until": str(DAY),
                    "suggested_code": "ну",
                },
            ),
        )
    ]
    assert {one["code"] for one in (await site.ask(key, "GET", site.roll)).said["pupils"]} == {None}
    described = (await site.ask(None, "GET", "/openapi.json")).said["components"]["schemas"]["ExpectedAbsence"]
    assert set(described["properties"]["reason"]["enum"]) == {*AbsenceReason, *ReleaseKind}
    assert all(one["description"] for one in described["properties"].values())
    async with site.site.client.get(f"{BASE}/") as page:
        words = await page.text()
    assert all(f"items[].expected.{name}" in words for name in described["properties"]), "people read of them too"
