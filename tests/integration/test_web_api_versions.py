"""Changes over the HTTP API that say from what they were made: of two at once one is told; nothing matches nothing."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from http import HTTPStatus
from uuid import uuid4

import pytest
from sqlalchemy import URL

from core.database import Database
from tests.integration.api_site import ALL, Answer, ApiSite, api_site

ROUNDS = 4
PASSED, STALE = (HTTPStatus.OK, HTTPStatus.NO_CONTENT), (412, "changed-since")
type Change = Callable[[str], Awaitable[Answer]]


@pytest.fixture
async def site(core_database: Database, gateway_database: Database, database_url: URL) -> AsyncIterator[ApiSite]:
    async with api_site(core_database, gateway_database, database_url) as made:
        yield made


async def raced(tag: str, *changes: Change) -> Answer:
    """Let several change the same from the same version; return what the one was answered that passed."""
    answers = await asyncio.gather(*(change(tag) for change in changes))
    (passed,) = [one for one in answers if one.status in PASSED]
    assert [one.refusal for one in answers if one is not passed] == [STALE] * (len(changes) - 1)
    return passed


async def test_of_two_who_change_homework_at_once_one_is_told(site: ApiSite) -> None:
    key = await site.key(*ALL)

    def put(text: str) -> Change:
        return lambda tag: site.ask(key, "PUT", site.homework, {"text": text}, if_match=tag)

    def delete(tag: str) -> Awaitable[Answer]:
        return site.ask(key, "DELETE", site.homework, if_match=tag)

    for number in range(ROUNDS):
        await site.ask(key, "PUT", site.homework, {"text": f"№ {number}"})
        read = await site.ask(key, "GET", site.homework)
        passed = await raced(read.tag, put(f"§ {number}"), put(f"упр. {number}"))
        read = await site.ask(key, "GET", site.homework)
        assert read.said == passed.said, "what one was told is what stands"
        both_the_same = await raced(read.tag, put(f"стр. {number}"), put(f"стр. {number}"))
        await site.ask(key, "PUT", site.homework, {"text": f"§ {number}"})
        read = await site.ask(key, "GET", site.homework)
        assert both_the_same.said != read.said
        either = await asyncio.gather(delete(read.tag), put(f"№ {number}а")(read.tag))
        assert sorted(one.status for one in either) in ([200, 412], [204, 412])


async def test_of_two_who_change_a_mark_at_once_one_is_told(site: ApiSite) -> None:
    key = await site.key(*ALL)
    for number in range(ROUNDS):
        mark = {"pupil": str(site.pupils[0]), "value": 4}
        given = await site.ask(key, "POST", site.marks, mark, idempotency_key=f"mark-{number:04}")
        one = f"{site.marks}/{given.said['id']}"

        def patch(value: int, path: str = one) -> Change:
            return lambda tag: site.ask(key, "PATCH", path, {"value": value}, if_match=tag)

        await raced(given.tag, patch(5), patch(5))
        read = await site.ask(key, "GET", one)
        # Whoever says what stands already changes nothing, and does not undo what the other has just said.
        same, other = await asyncio.gather(patch(5)(read.tag), patch(3)(read.tag))
        assert other.status == HTTPStatus.OK
        assert same.status == HTTPStatus.OK or same.refusal == STALE
        assert (await site.ask(key, "GET", one)).said["value"] == 3


async def test_where_nothing_stands_nothing_matches_and_what_is_refused_anyway_is_refused_as_that(
    site: ApiSite,
) -> None:
    """By RFC 9110 §13.1.1 and §13.2.1."""
    key = await site.key(*ALL)
    _, mother = await site.site.settled(site.site.mother)
    for tag in ('"something"', "*", "no tag"):
        assert (await site.ask(key, "PUT", site.homework, {"text": "§ 1"}, if_match=tag)).refusal == STALE
        assert (await site.ask(key, "DELETE", site.homework, if_match=tag)).refusal == (404, "homework-unknown")
        nowhere = f"{site.marks}/{uuid4()}"
        assert (await site.ask(key, "PATCH", nowhere, {"value": 5}, if_match=tag)).refusal == (404, "mark-unknown")
        assert (await site.ask(key, "DELETE", nowhere, if_match=tag)).refusal == (404, "mark-unknown")
        hers = await site.ask(mother, "PUT", site.homework, {"text": "§ 1"}, if_match=tag)
        assert hers.refusal == (403, "lesson-of-another-teacher")
    assert await site.site.watch.rows("SELECT * FROM core.homework WHERE version > 0") == []
    read = await site.ask(key, "GET", site.roll)
    assert (await site.ask(key, "DELETE", site.roll, if_match=read.tag)).refusal == (409, "roll-not-called")
    nowhere = f"/lessons/{uuid4()}/roll"
    assert (await site.ask(key, "DELETE", nowhere, if_match=read.tag)).refusal == (404, "lesson-unknown")
    said = {"roster": read.said["roster"], "exceptions": []}
    called = await site.ask(key, "PUT", site.roll, said, if_match=read.tag)
    taken = [site.ask(key, "DELETE", site.roll, if_match=called.tag) for _ in range(2)]
    assert sorted(one.status for one in await asyncio.gather(*taken)) == [200, 412]


async def test_a_repeat_of_what_was_taken_back_since_says_so(site: ApiSite) -> None:
    key = await site.key(*ALL)
    said = {"text": "§ 12"}
    first = await site.ask(key, "PUT", site.homework, said, idempotency_key="homework-1")
    again = await site.ask(key, "PUT", site.homework, said, idempotency_key="homework-1")
    assert (again.status, again.said) == (HTTPStatus.OK, first.said)
    other = await site.ask(key, "PUT", site.homework, {"text": "§ 13"}, if_match=first.tag)
    again = await site.ask(key, "PUT", site.homework, said, idempotency_key="homework-1")
    assert (again.status, again.said) == (HTTPStatus.OK, other.said), "what stands now"
    for _ in range(2):
        assert (await site.ask(key, "DELETE", site.homework, idempotency_key="homework-2")).status == 204
    again = await site.ask(key, "PUT", site.homework, said, idempotency_key="homework-1")
    assert again.refusal == (409, "homework-taken-back")
    assert (await site.ask(key, "PUT", site.homework, said, if_match=other.tag)).refusal == STALE
    assert (await site.ask(key, "GET", site.homework)).refusal == (404, "homework-unknown")
    anew = await site.ask(key, "PUT", site.homework, said, idempotency_key="homework-3")
    assert anew.status == HTTPStatus.OK
    assert (await site.ask(key, "DELETE", site.homework, idempotency_key="homework-2")).status == 204
    assert (await site.ask(key, "GET", site.homework)).said == anew.said, "a repeat takes back nothing that is newer"
