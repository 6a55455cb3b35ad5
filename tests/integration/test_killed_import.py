"""An import whose process dies in the middle has never been; the same files, brought in again, are all there."""

import asyncio
import multiprocessing
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import URL, make_url

from core.actor import OFFICE
from core.database import Database, connect_arguments
from core.events import SchoolKind
from core.lists.difference import Difference
from core.roster_file import NamedBytes, RosterFiles, read_roster
from core.roster_file.writing import lessons_table, pupils_table, staff_table, to_csv
from core.school import schools
from core.school_time import MachineClock, SchoolClock
from tests.integration.core_world import DAY, Hands
from tests.integration.eventually import eventually
from tests.integration.random_rosters import Draft, change, expected_gone, roster, seen, seen_gone
from tests.integration.test_core_lists_property import Desk
from zvonok import lists
from zvonok.installation import Installation
from zvonok.lists import Asked, NewSchool
from zvonok.secret import Secret
from zvonok.settings import Settings

_PROCESSES = multiprocessing.get_context("forkserver")
KNOWN = NewSchool(None, None, None)
TABLES = ("contact", "audit")
"""In the middle of what is written, and before its last."""
MANY = 1_000


def _import(order: Mapping[str, Any]) -> None:
    """Bring files in, in a process of its own, at a time that stands still."""
    at = datetime.fromisoformat(order["at"])
    settings = Settings(data=Path(order["folder"]), database_url=None)
    secret = Secret(b"the secret of these tests, of thirty-two bytes")
    here = Installation(settings, make_url(order["url"]), secret, SchoolClock(source=lambda: at), MachineClock())
    asyncio.run(lists.bring_in(here, [Path(one) for one in order["paths"]], KNOWN, Asked()))


class Large(Draft):
    """A roster of so many people that birth dates repeat: names alone tell them apart."""

    def birth(self, first: date) -> date:
        """Return a birth date of somebody of school age, or of his parents'."""
        self.number += 1
        return first + timedelta(days=self.number % 900)


@asynccontextmanager
async def doomed(desk: Desk, url: URL, paths: list[Path]) -> AsyncIterator[None]:
    """Begin an import in a process of its own, and kill it (SIGKILL) at the end of the block."""
    order = {
        "url": url.render_as_string(hide_password=False),
        "at": desk.hands.move(minutes=1).isoformat(),
        "folder": str(paths[0].parent),
        "paths": [str(one) for one in paths],
    }
    _PROCESSES.set_forkserver_preload([__name__])
    process = _PROCESSES.Process(target=_import, args=(order,), daemon=True)
    await asyncio.to_thread(process.start)
    try:
        yield
    finally:
        process.kill()
        await asyncio.to_thread(process.join)
        process.close()


async def dies(desk: Desk, url: URL, paths: list[Path], table: str) -> None:
    """Let an import die when it is about to write into a table; whatever it wrote before must not stay."""
    before = await desk.watch.everything()
    blocker = await asyncpg.connect(**connect_arguments(url))
    try:
        async with blocker.transaction():
            # Whoever reads goes on; whoever writes there waits, with all that he wrote before.
            await blocker.execute(f"LOCK TABLE core.{table} IN SHARE MODE")
            async with doomed(desk, url, paths):
                await eventually(desk.watch.blocked, within=60)
                assert await desk.watch.value("SELECT count(*) FROM pg_locks WHERE NOT granted") == 1
    finally:
        await blocker.close()
    await eventually(lambda: _is_alone(desk), within=60)
    assert await desk.watch.everything() == before, table


async def _is_alone(desk: Desk) -> bool:
    """Tell whether the backend of the dead process has seen that nobody is there any more."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND xact_start IS NOT NULL"
    return bool(await desk.watch.value(f"{query} AND pid <> pg_backend_pid() AND backend_type = 'client backend'") == 0)


def files_of(draft: Draft, folder: Path) -> list[Path]:
    """Write the lists as an office would hand them in."""
    tables = {
        "staff": staff_table(draft.staff),
        "pupils": pupils_table(draft.pupils),
        "timetable": lessons_table(draft.lessons),
    }
    paths = [folder / f"{name}.csv" for name in tables]
    for path, table in zip(paths, tables.values(), strict=True):
        path.write_bytes(to_csv(table))
    return paths


def as_read(paths: list[Path]) -> RosterFiles:
    """Read the files."""
    read = read_roster([NamedBytes(path.name, path.read_bytes()) for path in paths], today=DAY)
    assert isinstance(read, RosterFiles), read
    return read


async def brings(desk: Desk, url: URL, paths: list[Path]) -> None:
    """Bring the files in, in this process, and let them be the last."""
    settings = Settings(data=paths[0].parent, database_url=None)
    secret = Secret(b"the secret of these tests, of thirty-two bytes")
    desk.hands.move(minutes=1)
    await lists.bring_in(Installation(settings, url, secret, desk.hands.clock, MachineClock()), paths, KNOWN, Asked())


async def school_desk(database: Database, url: URL) -> Desk:
    """Make the desk of a school without anybody."""
    hands = Hands()
    async with database.begin() as session:
        school = await schools.create(
            session, OFFICE, name="Школа", kind=SchoolKind.PRIVATE, zone="Asia/Omsk", now=hands.at
        )
    return Desk(database, url, school, hands)


def told(shown: Difference) -> tuple[object, object]:
    """Return what a difference says, as the expectations are written."""
    return seen(shown), seen_gone(shown)


async def test_a_killed_import_of_some_leaves_nothing(
    core_database: Database, database_url: URL, tmp_path: Path
) -> None:
    desk = await school_desk(core_database, database_url)
    draft = roster(random.Random(7))  # noqa: S311 - dice of a test
    paths = files_of(draft, tmp_path)
    # With all but the last written; the long run below dies in the middle, too.
    await dies(desk, database_url, paths, TABLES[-1])
    await brings(desk, database_url, paths)
    assert not (await desk.looks(as_read(paths))).entries


@pytest.mark.deep
async def test_a_killed_re_import_of_a_thousand_leaves_nothing_and_its_difference_is_exact(
    core_database: Database, database_url: URL, tmp_path: Path
) -> None:
    desk = await school_desk(core_database, database_url)
    few = roster(random.Random(11))  # noqa: S311 - dice of a test
    draft = Large(few.dice, few.staff, few.pupils, few.lessons, number=few.number)
    draft.pupils += [draft.pupil() for _ in range(MANY - len(draft.pupils))]
    await brings(desk, database_url, files_of(draft, tmp_path))
    change(draft)
    paths = files_of(draft, tmp_path)
    expected = (draft.expected, expected_gone(draft))
    assert told(await desk.looks(as_read(paths))) == expected
    for table in TABLES:
        await dies(desk, database_url, paths, table)
    assert told(await desk.looks(as_read(paths))) == expected
    await brings(desk, database_url, paths)
    shown = await desk.looks(as_read(paths))
    assert (shown.entries, seen_gone(shown)) == ((), expected[1])
