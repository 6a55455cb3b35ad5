"""Folders to serve; each test gets its own, and may leave no process behind."""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.integration.embedded_postgres.processes import REPOSITORY, connected, copy, kill_all, living
from zvonok.postgres import running_postgres

MEMORY = Path("/dev/shm")  # noqa: S108 - each test has a folder of its own in there, made by mkdtemp
ENOUGH = 2**30  # bytes; a container's default is 64 MiB


@contextmanager
def open_place() -> Iterator[Path]:
    """A folder, in memory if possible, that every account may enter: pytest's own are closed to the server's."""
    in_memory = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH
    place = Path(tempfile.mkdtemp(prefix="zvonok-test-", dir=MEMORY if in_memory else None))
    place.chmod(0o755)
    try:
        yield place
    finally:
        shutil.rmtree(place)


@pytest.fixture(scope="session")
def compiled() -> Iterator[Path]:
    """A place for compiled code, already filled."""
    with open_place() as place:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(place)}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        command = [sys.executable, "-c", "import zvonok.postgres"]
        subprocess.run(command, env=environment, cwd=REPOSITORY, check=True)
        yield place


@pytest.fixture(autouse=True)
def compiled_once(compiled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let our processes keep compiled code, in a place of its own: they start four times as quickly."""
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(compiled))


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of the test's own; afterwards nothing may live that was told of it."""
    with open_place() as place:
        yield place
        left = living(place)
        kill_all(place)
    assert not left


@pytest.fixture(scope="session")
def made_once() -> Iterator[Path]:
    """A cluster with one table; copying it is quicker than `initdb`."""

    async def make(data: Path) -> None:
        async with running_postgres(data, throwaway=True) as server, connected(server.url) as connection:
            await connection.execute("CREATE TABLE kept AS SELECT 'Ёлкина'::text AS name")

    with open_place() as place:
        asyncio.run(make(place / "data"))
        yield place / "data"


@pytest.fixture
def data(folder: Path, made_once: Path) -> Path:
    """A folder of ours with kept data and no server."""
    return copy(made_once, folder / "data")
