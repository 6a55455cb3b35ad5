"""The API for people: the page at its own address, what the how-to pages tell to type, and keys at the command line."""

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path

import pytest
from sqlalchemy import URL

from core.account.api_keys import KeyDraft, Scope
from core.database import Database
from core.refusals import NotFound
from core.school_time import MachineClock
from tests.integration.api_site import ALL, ApiSite, api_site
from tests.unit.house import tree
from web.api.application import OPERATIONS
from web.api.openapi import BASE
from zvonok import api_keys
from zvonok.installation import Installation
from zvonok.secret import Secret
from zvonok.settings import Settings

BLOCK = re.compile(r"^```sh\n(.+?)^```$", re.DOTALL | re.MULTILINE)


@pytest.fixture
async def site(core_database: Database, gateway_database: Database, database_url: URL) -> AsyncIterator[ApiSite]:
    async with api_site(core_database, gateway_database, database_url) as made:
        yield made


def blocks(page: str) -> list[str]:
    text = (tree.ROOT / "docs" / "how-to" / page).read_text(encoding="utf-8")
    return [block for block in BLOCK.findall(text) if "curl" in block]


async def test_people_read_every_address_on_a_page_without_scripts_and_programs_the_same_in_openapi(
    site: ApiSite,
) -> None:
    async with site.site.client.get(f"{BASE}/") as response:
        page = await response.text()
        assert (response.status, response.content_type) == (HTTPStatus.OK, "text/html")
        policy = response.headers["Content-Security-Policy"]
    async with site.site.client.get(BASE) as response:
        assert (response.status, await response.text()) == (HTTPStatus.OK, page), "without the last stroke too"
    assert "default-src 'none'" in policy
    assert not re.search(r"<script|\sstyle=|\son\w+=|https?://", page)
    described = (await site.ask(None, "GET", "/openapi.json")).said
    for one in OPERATIONS:
        assert f"<code>{one.method} {BASE}{one.path}</code>" in page
        assert described["paths"][one.path][one.method.lower()]["operationId"] == one.name
    assert sum(len(methods) for methods in described["paths"].values()) == len(OPERATIONS)
    tag = (await site.ask(None, "GET", "/openapi.json")).tag
    async with site.site.client.get(f"{BASE}/openapi.json", headers={"If-None-Match": tag}) as again:
        assert again.status == HTTPStatus.NOT_MODIFIED


@pytest.mark.debian("curl", "curl")
async def test_what_the_how_to_page_tells_to_type_works(site: ApiSite, tmp_path: Path) -> None:
    told = blocks("api.md")
    assert told == blocks("api.ru.md")
    given = {
        "API": str(site.site.client.make_url(BASE)),
        "KEY": (await site.key(*ALL)).key,
        "SCHOOL": str(site.site.school),
        "DAY": "2026-11-24",
        "LESSON": str(site.lesson),
        "PUPIL": str(site.site.pupil),
    }
    process = await asyncio.create_subprocess_exec(
        "sh",
        "-eu",
        "-c",
        "\n".join(f"{block}\necho" for block in told),
        env={**given, "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    written, complaint = await process.communicate()
    assert (process.returncode, complaint) == (0, b"")
    said = written.decode()
    me, day, lesson, roll, mark = [json.loads(one) for one in re.findall(r"\{.*?\}(?=\{|\n|$)", said)]
    assert (me["kind"], lesson["id"]) == ("program", str(site.lesson))
    assert (me["school"], str(site.lesson) in {one["id"] for one in day["items"]}) == (given["SCHOOL"], True)
    assert {one["pupil"]: one["code"] for one in roll["pupils"]}[str(site.site.pupil)] == "н"
    assert mark["value"] == 5


async def test_the_office_makes_lists_and_revokes_keys(site: ApiSite, database_url: URL, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, public_url="https://zvonok.school.example")
    here = Installation(settings, database_url, Secret(b"x" * 32), site.site.hands.clock, MachineClock())
    assert await api_keys.listed(here, None) == ["Ключей нет."]
    said, key, _ = await api_keys.make(here, None, KeyDraft(" Табло  в холле ", (Scope.TIMETABLE_READ,)))
    assert said.startswith("Ключ «Табло в холле» создан.")
    me = await site.ask(None, "GET", "/me", authorization=f"Bearer {key}")
    assert me.said["scopes"] == ["timetable:read"]
    (line,) = await api_keys.listed(here, None)
    assert (
        line
        == f"{me.said['id']}  Табло в холле  [timetable:read]  создан 24.11.2026, без срока, последний раз 24.11.2026"
    )
    (row,) = await site.site.watch.rows("SELECT id FROM core.api_key")
    assert await api_keys.revoke(here, row["id"]) == ["Ключ отозван: он больше ничего не откроет."]
    assert (await site.ask(None, "GET", "/me", authorization=f"Bearer {key}")).refusal == (401, "api-key-unknown")
    (line,) = await api_keys.listed(here, None)
    assert "отозван 24.11.2026" in line
    with pytest.raises(NotFound):
        await api_keys.revoke(here, site.lesson)
