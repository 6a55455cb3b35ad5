"""The running API against its own description, by a program of others: schemathesis, with every check it has.

It asks with real ids of the school as often as with made-up ones, so that what answers is not a refusal alone.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL

from core.account.api_keys import MadeKey
from core.database import Database
from tests.integration.account_site import Browser
from tests.integration.api_site import ALL, ApiSite, api_site
from web.api.limits import Limits, Rate
from web.api.openapi import BASE
from web.cookies import SESSION

FREE = Limits(*(Rate(1_000_000, 1_000_000),) * 3)
PROGRAM = Path(sys.executable).parent / "schemathesis"
CHECKS = """
[checks]
# Beside what it takes for granted: a refusal of core (422), a roll that is another by now (412), and "If-Match: *",
# which names no version (428).
positive_data_acceptance.expected-statuses = ["2xx", "304", "401", "403", "404", "409", "412", "422", "428"]
# A header that is missing where a change must say what it was made from (RFC 6585 §3).
missing_required_header.expected-statuses = ["400", "401", "403", "428"]
"""


@dataclass(frozen=True)
class Run:
    """How much is asked, and by when it has to be over on a machine that has much else to do."""

    cases: int
    """Of each address."""
    seconds: int
    phases: str = "examples,coverage,fuzzing,stateful"


GATE, DEEP = Run(2, 150, "fuzzing,stateful"), Run(60, 900)
"""What the gate leaves out is every boundary crossed one by one: preparing that alone takes longer than the rest."""


@pytest.fixture
async def site(core_database: Database, gateway_database: Database, database_url: URL) -> AsyncIterator[ApiSite]:
    async with api_site(core_database, gateway_database, database_url, FREE) as made:
        yield made


def configuration(site: ApiSite, mark: UUID, who: MadeKey | Browser) -> str:
    """Return what the program is told of the school."""
    known = {
        "school": site.site.school,
        "school_class": site.school_class,
        "lesson": site.lesson,
        "pupil": site.site.pupil,
        "mark": mark,
    }
    lists = "\n".join(f'[dictionaries.{name}]\nvalues = ["{value}"]' for name, value in known.items())
    bound = "\n".join(f'"path.{name}" = {{ dictionary = "{name}", probability = 0.7 }}' for name in known)
    by_session, by_key = 'session = {{ api_key = "{}" }}', 'key = {{ bearer = "{}" }}'
    entry = by_key.format(who.key) if isinstance(who, MadeKey) else by_session.format(who.jar[SESSION])
    return f"{lists}\n[parameters]\n{bound}\n[auth.openapi]\n{entry}\n{CHECKS}"


async def carried_out(site: ApiSite, folder: Path, who: MadeKey | Browser, run: Run) -> str:
    """Let the program ask as somebody; return what it says if anything is wrong."""
    key = await site.key(*ALL)
    mark = {"pupil": str(site.pupils[0]), "value": 5}
    given = await site.ask(key, "POST", site.marks, mark, idempotency_key=f"mark-{uuid4()}")
    config = folder / "schemathesis.toml"
    config.write_text(configuration(site, UUID(given.said["id"]), who), encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        str(PROGRAM),
        *("--config-file", str(config), "run", str(site.site.client.make_url(f"{BASE}/openapi.json"))),
        *(
            "--checks",
            "all",
            "--max-examples",
            str(run.cases),
            "--seed",
            "20261124",
            "--workers",
            "2",
            "--phases",
            run.phases,
        ),
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(run.seconds):
            written, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return "" if process.returncode == 0 else written.decode()


async def test_a_program_finds_no_answer_that_is_not_described(site: ApiSite, tmp_path: Path) -> None:
    assert await carried_out(site, tmp_path, await site.key(*ALL), GATE) == ""


@pytest.mark.deep
@pytest.mark.timeout(2 * DEEP.seconds)
async def test_neither_a_program_nor_a_teacher_does_in_a_long_run(site: ApiSite, tmp_path: Path) -> None:
    assert await carried_out(site, tmp_path, await site.key(*ALL), DEEP) == ""
    _, teacher = await site.site.settled(site.site.teacher)
    assert await carried_out(site, tmp_path, teacher, DEEP) == ""
