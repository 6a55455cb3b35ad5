"""A real PostgreSQL for whoever asks: one server a session, one database a test, cloned from a migrated template."""

import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio
import structlog
from sqlalchemy import URL

from core.database import Database, Role, connect_arguments
from zvonok.migrate import migrate
from zvonok.postgres import Server, running_postgres

TEMPLATE = "zvonok_template"
ROOM = 1 << 30
"""Bytes that a session's databases may need."""
OWN_OF_TEST = f"test_{os.getpid()}_"
"""So begin the names of databases that are one test's own."""
_number = itertools.count(1)


@contextmanager
def _server_folder() -> Iterator[Path]:
    """A folder for the session, reachable for the unprivileged user under whom the server runs when we are root."""
    with tempfile.TemporaryDirectory(dir=_fast_folder(), prefix="zvonok-tests-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def _fast_folder() -> Path | None:
    """Memory, where there is enough (containers often give 64 MB): tests need no durability."""
    memory = Path("/dev/shm")  # noqa: S108 - the folder made below is private
    usable = memory.is_dir() and os.access(memory, os.W_OK)
    return memory if usable and shutil.disk_usage(memory).free > ROOM else None


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """Undo what a command run inside a test did to the logs of the whole process."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def postgres() -> AsyncIterator[Server]:
    """The session's server, with a migrated template database on it."""
    with _server_folder() as folder:
        async with running_postgres(folder / "data", throwaway=True) as server:
            await _execute(server.url, f"CREATE DATABASE {TEMPLATE}")
            await migrate(server.database(TEMPLATE))
            yield server


@pytest_asyncio.fixture
async def database_url(postgres: Server) -> AsyncIterator[URL]:
    """A fresh migrated database of this test's own."""
    name = f"{OWN_OF_TEST}{next(_number)}"
    # Copied file by file: two thirds of the time that copying through the log takes.
    await _execute(postgres.url, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
    yield postgres.database(name)
    await _execute(postgres.url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest_asyncio.fixture
async def core_database(database_url: URL) -> AsyncIterator[Database]:
    """The journal's side of the database, under its role."""
    async with _opened(database_url, Role.CORE) as database:
        yield database


@pytest_asyncio.fixture
async def gateway_database(database_url: URL) -> AsyncIterator[Database]:
    """The gateway's side of the database, under its role."""
    async with _opened(database_url, Role.GATEWAY) as database:
        yield database


@pytest_asyncio.fixture
async def bot_database(database_url: URL) -> AsyncIterator[Database]:
    """The bot's side of the database, under its role."""
    async with _opened(database_url, Role.BOT) as database:
        yield database


@asynccontextmanager
async def _opened(url: URL, role: Role) -> AsyncIterator[Database]:
    database = Database(url, role)
    try:
        yield database
    finally:
        await database.close()


async def _execute(url: URL, statement: str) -> None:
    connection = await asyncpg.connect(**connect_arguments(url))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
