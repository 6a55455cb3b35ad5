"""An installation around a test's database, with a folder and a key for its backups, and empty databases beside it."""

import itertools
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import asyncpg
from pydantic import SecretStr
from sqlalchemy import URL

from core.database import connect_arguments
from core.school_time import MachineClock, SchoolClock
from tests.conftest import TEMPLATE
from zvonok.backup import keys, making, restoring
from zvonok.backup.making import Made
from zvonok.backup.reading import Contents
from zvonok.backup.restoring import Source
from zvonok.installation import Installation
from zvonok.postgres import Server
from zvonok.secret import Secret
from zvonok.settings import Settings

_number = itertools.count(1)
SECRET = Secret(b"the secret of the tests, 32 bytes")


@dataclass(frozen=True)
class BackupWorld:
    """An installation that can be backed up."""

    here: Installation

    @property
    def folder(self) -> Path:
        folder = self.here.settings.backup_folder
        assert folder is not None
        return folder

    async def make(self) -> Made:
        return await making.make(self.here)

    def source(self, path: Path, **changes: Any) -> Source:
        return replace(Source(path, keys.read_key(self.here.settings), self.here.secret), **changes)

    async def restore(self, url: URL, path: Path) -> Contents:
        return await restoring.restore(url, self.source(path), self.here.school_clock.now())

    def at(self, url: URL) -> Installation:
        """Return the installation with another database."""
        return replace(self.here, url=url)


def backup_world(url: URL, folder: Path, clock: SchoolClock, **settings: Any) -> BackupWorld:
    backups = folder / "backups"
    backups.mkdir()
    keys.make(folder / "key")
    values: dict[str, Any] = {"backup_folder": backups, "backup_key_file": folder / "key", "data": folder / "data"}
    found = Settings(**values | {"secret": SecretStr(SECRET.value.decode())} | settings)
    return BackupWorld(Installation(found, url, SECRET, clock, MachineClock()))


@asynccontextmanager
async def another_database(postgres: Server, *, template: str = TEMPLATE) -> AsyncIterator[URL]:
    """Make a database with all tables and no rows; ``template0`` makes one with nothing at all."""
    name = f"back_{os.getpid()}_{next(_number)}"
    await execute(postgres.url, f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield postgres.database(name)
    finally:
        await execute(postgres.url, f"DROP DATABASE {name} WITH (FORCE)")


async def execute(url: URL, statement: str) -> None:
    connection = await asyncpg.connect(**connect_arguments(url))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def everything(url: URL) -> dict[str, list[str]]:
    """Return every row of every table of every room; read past the walls, by another way than the backup's."""
    connection = await asyncpg.connect(**connect_arguments(url))
    found: dict[str, list[str]] = {}
    try:
        tables = await connection.fetch(
            "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables "
            "WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
        )
        for (name,) in tables:
            rows = await connection.fetch(f"SELECT to_jsonb(t)::text FROM ONLY {name} t ORDER BY 1")  # noqa: S608 - the database's own names
            found[name] = [row[0] for row in rows]
    finally:
        await connection.close()
    return found
