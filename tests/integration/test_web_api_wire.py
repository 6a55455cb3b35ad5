"""What no client of ours would send to the HTTP API: packed wrongly, endless, deep, of other kinds; a problem each."""

import asyncio
import gzip
import json
import zlib
from collections.abc import AsyncIterator
from http import HTTPStatus
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import URL

from core.account.api_keys import MadeKey
from core.database import Database
from tests.integration.api_site import ALL, Answer, ApiSite, api_site
from web.api.application import OPERATIONS
from web.api.limits import Limits, Rate
from web.api.openapi import BASE

FREE = Limits(*(Rate(100_000, 100_000),) * 3)
JSON = {"Content-Type": "application/json"}


@pytest.fixture
async def site(core_database: Database, gateway_database: Database, database_url: URL) -> AsyncIterator[ApiSite]:
    async with api_site(core_database, gateway_database, database_url, FREE) as made:
        yield made


async def raw(
    site: ApiSite, key: MadeKey | None, method: str, path: str, body: bytes | BytesIO | None = None, **headers: str
) -> Answer:
    """Send these very bytes; ``content_type`` stands for the header ``Content-Type``."""
    sent = {name.replace("_", "-").title(): value for name, value in headers.items()}
    if key is not None:
        sent["Authorization"] = f"Bearer {key.key}"
    async with site.site.client.request(method, f"{BASE}{path}", headers=sent, data=body) as response:
        text = await response.text()
        return Answer(response.status, json.loads(text) if text else None, response.headers)


def homework(text: str = "§ 1") -> bytes:
    return json.dumps({"text": text}).encode()


async def test_a_body_that_is_not_packed_as_it_says_is_a_problem(
    site: ApiSite, caplog: pytest.LogCaptureFixture
) -> None:
    key = await site.key(*ALL)
    as_json = "application/json"
    for encoding, body in (
        ("gzip", b"not packed at all"),
        ("gzip", zlib.compress(homework())),
        ("gzip", gzip.compress(homework())[:-12]),
        ("deflate", b"\x00\x01\x02garbage"),
    ):
        answer = await raw(site, key, "PUT", site.homework, body, content_type=as_json, content_encoding=encoding)
        assert answer.refusal[0] == HTTPStatus.BAD_REQUEST, (encoding, body)
        assert answer.refusal[1] in {"body-unreadable", "body-broken"}
    bomb = gzip.compress(b" " * 30_000_000)
    answer = await raw(site, key, "PUT", site.homework, bomb, content_type=as_json, content_encoding="gzip")
    assert answer.refusal == (413, "body-too-large")
    for encoding, body in (("gzip", gzip.compress(homework())), ("deflate", zlib.compress(homework()))):
        answer = await raw(site, key, "PUT", site.homework, body, content_type=as_json, content_encoding=encoding)
        assert answer.status == HTTPStatus.OK, encoding
    answer = await raw(site, None, "PUT", site.homework, b"garbage", content_type=as_json, content_encoding="gzip")
    assert answer.refusal == (401, "session-over")
    async with site.site.client.post("/api/login", data=b"garbage", headers={**JSON, "Content-Encoding": "gzip"}) as it:
        assert (it.status, (await it.json())["error"]) == (HTTPStatus.BAD_REQUEST, "body-not-json")
    assert [one for one in caplog.records if one.exc_info] == []


async def test_no_body_makes_it_fail(site: ApiSite) -> None:
    key = await site.key(*ALL)
    pupil = str(site.pupils[0])
    tag = (await site.ask(key, "GET", site.roll)).tag
    deep = (b"[" * 1000 + b"]" * 1000, b'{"text":' * 1000 + b"1" + b"}" * 1000, b"[" * 100_000)
    texts = [b'"\\u0000"', b'"\\ud800"', b'"\\udfff\\ud800"', b'"\xed\xa0\x80"', b'"\xff"', b'" "', b'"\\u200b"', b'""']
    wrong = [b"", b"null", b"[]", b"5", b'"x"', b"{", b'{"text": [1]}', b'{"text": {}}', b'{"text": 1e999}', *deep]
    for body in (*wrong, *(b'{"text": ' + text + b"}" for text in texts), "я".encode("utf-16"), b"\xef\xbb\xbf{}"):
        answer = await raw(site, key, "PUT", site.homework, body, content_type="application/json")
        assert answer.refusal[0] in {400, 422}, body[:40]
    marks = ("9" * 5000, "NaN", "Infinity", "1e308", "-0", "5.5", '"5"', "true", "null", "[5]", "0", "6")
    for number, value in enumerate(marks):
        body = f'{{"pupil": "{pupil}", "value": {value}}}'.encode()
        answer = await raw(
            site, key, "POST", site.marks, body, content_type="application/json", idempotency_key=f"mark-{number:04}"
        )
        assert answer.refusal in {(400, "body-wrong"), (400, "body-broken")}, value
    for said in ('"\\u0000"', '"н\\u0000"', '"\\ud800"', '""', "0", "[]", '"ааааааааааааа"'):
        roll = f'{{"roster": "", "exceptions": [{{"pupil": "{pupil}", "code": {said}}}]}}'.encode()
        answer = await raw(site, key, "PUT", site.roll, roll, content_type="application/json", if_match=tag)
        assert answer.refusal[0] in {400, 409, 422}, said
        body = f'{{"pupil": "{pupil}", "value": 5, "work": {said}}}'.encode()
        answer = await raw(
            site, key, "POST", site.marks, body, content_type="application/json", idempotency_key="work-0001"
        )
        assert answer.refusal[0] in {400, 422}, said
    large = BytesIO(b'{"text": "' + b"a" * 10_000_000 + b'"}')
    answer = await raw(site, key, "PUT", site.homework, large, content_type="application/json")
    assert answer.refusal == (413, "body-too-large")
    for kind in ("text/plain", "application/xml", "multipart/form-data", "application/json5", "x", "", "application/"):
        answer = await raw(site, key, "PUT", site.homework, homework(), content_type=kind)
        assert answer.refusal == (415, "json-needed"), kind
    assert (
        await site.site.watch.rows("SELECT lesson_id FROM core.roll_call UNION SELECT lesson_id FROM core.mark") == []
    )


async def test_every_address_answers_every_method_with_itself_or_a_problem(site: ApiSite) -> None:
    key = await site.key(*ALL)
    places = {"lesson": site.lesson, "mark": site.lesson, "school": site.site.school, "pupil": site.pupils[0]}
    places["school_class"] = site.school_class
    known = {(one.path, one.method) for one in OPERATIONS}
    for path in sorted({one.path for one in OPERATIONS}):
        for method in ("HEAD", "OPTIONS", "TRACE", "PATCH", "DELETE", "PUT", "POST", "PROPFIND"):
            if (path, method) in known:
                continue
            answer = await raw(site, key, method, path.format(**places))
            if method == "HEAD" and (path, "GET") in known:
                got = await site.ask(key, "GET", path.format(**places))
                assert (answer.status, answer.said) == (got.status, None), path
                assert answer.headers.get("ETag") == got.headers.get("ETag")
                continue
            if method != "HEAD":
                assert answer.refusal == (405, "method-unknown"), (method, path)
            allowed = {one for place, one in known if place == path}
            assert set(answer.headers["Allow"].split(",")) == allowed | ({"HEAD"} if "GET" in allowed else set())
    await no_traceback(site, key)


async def no_traceback(site: ApiSite, key: MadeKey) -> None:
    """Ask with bytes that no client library would let out."""
    bearer = f"Authorization: Bearer {key.key}\r\n".encode()
    kind = b"Content-Type: application/json\r\n"
    at, put = f"{BASE}{site.roll}".encode(), f"{BASE}{site.homework}".encode()
    for line, head, expected in (
        (b"GET " + at, b"Authorization: Bearer \xff\xfe\r\n", {401}),
        (b"GET " + at, b"Authorization:\r\n", {401}),
        (b"GET " + at, b"Cookie: __Host-session=\xff\r\n", {401}),
        (b"GET " + at, bearer + b'If-None-Match: "\xff"\r\n', {200}),
        (b"GET " + at, b"X-Forwarded-For: \xff, fe80::1%\xff\r\n", {401}),
        (b"GET " + at + b"?a=%ff%00", bearer, {400}),
        (b"GET " + at + b"?a=%ed%a0%80", bearer, {400}),
        (b"GET " + at[:-4] + b"%72oll", bearer, {200}),
        (b"GET " + at.replace(b"lessons/", b"lessons/%00"), bearer, {400, 404}),
        (b"GET " + at.replace(b"lessons/", b"lessons/%2e%2e%2f"), bearer, {400, 404}),
        (b"PUT " + put, bearer + kind + b"Idempotency-Key: " + b"\xff" * 9 + b"\r\n", {400}),
        (b"PUT " + put, bearer + kind + b"If-Match: \xff\r\n", {412}),
        (b"PUT " + put, bearer + kind + b"If-Match: \r\n", {200, 412}),
        (b"PUT " + put, bearer + b"Content-Type: \xff/\xff\r\n", {400, 415}),
        (b"PUT " + put, bearer + kind + b"Expect: something\r\n", {200, 417}),
        (b"PUT " + put, bearer + kind + b"Content-Encoding: gzip\r\n", {400}),
    ):
        body = b'{"text": "1"}' if line.startswith(b"PUT") else b""
        status, said = await talk(site, line, head, body)
        assert status in expected, (line[:120], head, status, said)
        assert b"Traceback" not in said


async def talk(site: ApiSite, line: bytes, head: bytes, body: bytes) -> tuple[int, bytes]:
    url: Any = site.site.client.make_url("/")
    reader, writer = await asyncio.open_connection(url.host, url.port)
    length = f"Content-Length: {len(body)}\r\n".encode() if body else b""
    writer.write(line + b" HTTP/1.1\r\nHost: here\r\nConnection: close\r\n" + head + length + b"\r\n" + body)
    await writer.drain()
    async with asyncio.timeout(10):
        said = await reader.read()
    writer.close()
    await writer.wait_closed()
    return int(said.split(b" ", 2)[1]), said
