"""A running server for anyone who asks: `running_postgres`.

Who comes takes `start.lock`, shares `users.lock`, and launches a guardian unless one holds `guardian.lock`; who stays
looks now and then whether one still does; who goes lets `users.lock` go, and if nobody else shares it waits until the
guardian has stopped the server. A user killed on the way lets go of the same locks.
"""

import asyncio
import logging
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final

import asyncpg
from sqlalchemy import URL

from zvonok.postgres.account import clean_environment
from zvonok.postgres.cluster import (
    PORT,
    SUPERUSER,
    ensure_cluster,
    last_words,
    read_password,
    roll_log,
    server_command,
    socket_folder,
)
from zvonok.postgres.guardian import may_be_a_server, read_postmaster_pid
from zvonok.postgres.locks import Lock, exclusively, is_free, pauses, wait_shared
from zvonok.postgres.place import SYSTEM_FOLDER, Home, Notify, settle
from zvonok.postgres.private_files import is_private_folder, open_private
from zvonok.postgres.unavailable import OWN_SERVER_HINT, PostgresUnavailable, Trouble, no_space, refusing

DATABASE: Final = "zvonok"
NO_OPTIONS: Final[Mapping[str, str]] = MappingProxyType({})

# Seconds. Starting may mean to replay a log after a crash, stopping to write all changed pages out. A guardian that
# gives up ends the waiting at once, so patience costs nothing.
_START_PATIENCE = 300.0
_STOP_PATIENCE = 60.0
_CONNECT_SECONDS = 10.0
_LAUNCH_SECONDS = 60.0
_WATCH_SECONDS = 1.0
_LONGEST_WATCH_SECONDS = 60.0  # between attempts when guardians give up or are killed again and again
_LAUNCHES = 2

# What asyncpg raises when a server is not there yet, or dies in the middle of a word.
_CUT_OFF: Final = (
    asyncpg.OperatorInterventionError,
    asyncpg.PostgresConnectionError,
    asyncpg.InternalClientError,
    asyncpg.InterfaceError,
)

_logger = logging.getLogger(__name__)
_GUARDIAN = Path(__file__).with_name("guardian.py")


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs at least as long as the block of `running_postgres` lasts."""

    url: URL  # its login is a superuser; the text of it hides the password
    data: Path  # the folder in use: cluster, password, server.log; for root perhaps not the one asked for
    version: str  # "18.6"

    def database(self, name: str) -> URL:
        """Give the address of another database on this server; it need not exist yet."""
        return self.url.set(database=name)


@dataclass(frozen=True, slots=True)
class _Visit:
    """One use of a home: holds `users.lock` shared."""

    home: Home
    options: Mapping[str, str]
    throwaway: bool
    users: Lock


@asynccontextmanager
async def running_postgres(
    data: Path,
    *,
    options: Mapping[str, str] = NO_OPTIONS,
    throwaway: bool = False,
    notify: Notify | None = None,
    system_folder: Path = SYSTEM_FOLDER,
) -> AsyncIterator[Server]:
    """Run the block beside a PostgreSQL whose data are kept in the folder `data`, with an empty database `zvonok`.

    Any number of processes (and blocks of one process) may ask for the same folder: the first starts the server, the
    last one out stops it, and waits for that. `options` are server settings (`{"log_statement": "all"}`), `throwaway`
    trades safety against a power cut for speed; both take effect only with the one who starts the server. `notify`
    gets a Russian line if, for root, data had to go elsewhere (to `system_folder`); by default it is logged.

    Raises `PostgresUnavailable` with a sentence for the user; what was in the folder before is unharmed then.
    """
    settling = partial(settle, data, notify, system_folder)
    visit, server = await _come(data, settling, options, throwaway=throwaway)
    watching = asyncio.create_task(_watch(visit))
    try:
        yield server
    finally:
        watching.cancel()
        try:
            await asyncio.wait([watching])
        finally:
            await _go(visit)


async def _come(
    data: Path, settling: Callable[[], Home], options: Mapping[str, str], *, throwaway: bool
) -> tuple[_Visit, Server]:
    if sys.platform == "win32":
        message = "Встроенный PostgreSQL не работает под Windows: запускайте Звонок в WSL."
        raise PostgresUnavailable(Trouble.NO_BINARIES, f"{message} {OWN_SERVER_HINT}")
    with refusing(data):
        home = await _to_the_end(settling)
        visit = _Visit(home, options, throwaway, Lock(home.users_lock))
        try:
            return visit, await _attach(visit)
        except BaseException:
            visit.users.close()
            raise


async def _attach(visit: _Visit) -> Server:
    home = visit.home
    try:
        async with exclusively(home.start_lock, _START_PATIENCE), asyncio.timeout(_START_PATIENCE):
            await wait_shared(visit.users, _STOP_PATIENCE)  # not granted while a guardian is stopping the server
            await _to_the_end(ensure_cluster, home, throwaway=visit.throwaway)
            return await _serve(visit)
    except (TimeoutError, subprocess.TimeoutExpired) as error:
        message = f"База данных в папке {home.data} не отвечает слишком долго. Журнал: {home.log}"
        raise PostgresUnavailable(Trouble.NOT_STARTED, message) from error


async def _serve(visit: _Visit) -> Server:
    offset = 0
    for _ in range(_LAUNCHES):
        offset = await _to_the_end(_ensure_guardian, visit)
        server = await _answering(visit.home)
        if server is not None and not is_free(visit.home.guardian_lock):
            return server
    raise _not_started(visit.home, offset)


async def _watch(visit: _Visit) -> None:
    """Bring a guardian if it was killed; and with it the server, if that was killed too. Never ends by itself."""
    pause = _WATCH_SECONDS
    while True:
        await asyncio.sleep(pause)
        try:
            launched = await _look_after_guardian(visit)
            pause = min(pause * 2, _LONGEST_WATCH_SECONDS) if launched else _WATCH_SECONDS
        except (OSError, subprocess.SubprocessError) as error:
            _logger.warning("looking after the database in %s: %s", visit.home.data, error)


async def _look_after_guardian(visit: _Visit) -> bool:
    home = visit.home
    if not visit.users.is_at(home.users_lock):
        return False  # somebody removed the folder
    start = Lock(home.start_lock)
    try:
        if not start.try_exclusive() or not is_free(home.guardian_lock):
            return False  # somebody is at it, or all is well
        await _to_the_end(_ensure_guardian, visit)
    finally:
        start.close()
    return True


async def _go(visit: _Visit) -> None:
    """Let go; the last one waits until the server has stopped. What fails here is the guardian's to finish."""
    home = visit.home
    try:
        if visit.users.is_at(home.users_lock):  # else somebody removed the folder: nothing to wait for
            async with asyncio.timeout(_STOP_PATIENCE), exclusively(home.start_lock, _STOP_PATIENCE):
                await _leave(visit)
    except (OSError, subprocess.SubprocessError) as error:
        _logger.warning("leaving the database in %s: %s", home.data, error)
    finally:
        visit.users.close()


async def _leave(visit: _Visit) -> None:
    """Give up the share under the start lock, so that nobody comes meanwhile; see that a server has its guardian."""
    home = visit.home
    last = _leave_last(visit.users)
    for pause in pauses():
        if is_free(home.guardian_lock):
            if not _runs_unguarded(home):
                return
            await _to_the_end(_ensure_guardian, visit)  # its guardian was killed
        elif not last:
            return
        await asyncio.sleep(pause)


def _leave_last(users: Lock) -> bool:
    """Give up the share; tell whether nobody else has one."""
    users.release()
    if users.try_exclusive():
        users.release()
        return True
    if users.try_shared():
        users.release()
        return False
    return True  # the guardian has it alone


def _runs_unguarded(home: Home) -> bool:
    found = read_postmaster_pid(str(home.cluster))
    return found is not None and may_be_a_server(found.pid)


async def _to_the_end[**P, T](work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run blocking `work` in a thread; if cancelled, wait for its end first, since it works under our locks."""
    running = asyncio.ensure_future(asyncio.to_thread(work, *args, **kwargs))
    try:
        return await asyncio.shield(running)
    finally:
        await asyncio.wait([running])
        running.exception()  # seen, though a cancelled caller will not hear of it


def _ensure_guardian(visit: _Visit) -> int:
    """Launch a guardian unless one lives; give the length of the log before. Under the start lock. Blocking: 50 ms."""
    home = visit.home
    lock = Lock(home.guardian_lock)
    try:
        if not lock.try_exclusive():
            return home.log.stat().st_size
        offset = roll_log(home)
        _launch_guardian(visit, lock)
    finally:
        lock.close()  # the guardian's copy goes on holding it
    return offset


def _launch_guardian(visit: _Visit, guardian_lock: Lock) -> None:
    home = visit.home
    socket = socket_folder(home)
    account = (home.account.uid, home.account.gid) if home.account else (os.geteuid(), os.getegid())
    log = open_private(home.log, os.O_WRONLY | os.O_APPEND)
    users = Lock(home.users_lock)
    try:
        locks = (guardian_lock.descriptor, users.descriptor)
        command = server_command(home, socket, visit.options, throwaway=visit.throwaway)
        subprocess.run(  # noqa: S603 - our own script by this interpreter, no shell; settings are ours, not a user's
            [sys.executable, "-I", "-S", _GUARDIAN, *map(str, (*locks, *account, home.cluster, socket)), *command],
            pass_fds=locks,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=clean_environment(),
            start_new_session=True,
            timeout=_LAUNCH_SECONDS,
            check=False,  # whether a guardian came of it is told by its lock
        )
    finally:
        users.close()
        os.close(log)


async def _answering(home: Home) -> Server | None:
    """Wait until the server lets us in; None if its guardian gave up before."""
    password = await asyncio.to_thread(read_password, home)
    for pause in pauses():
        url = _address(home, password)
        version = await _version(url, home) if url else None
        if url and version:
            return Server(url, home.data, version)
        if is_free(home.guardian_lock):
            break
        await asyncio.sleep(pause)
    return None


def _address(home: Home, password: str) -> URL | None:
    """Where the server says it listens; None while it does not, or if that is no folder of the server's account."""
    found = read_postmaster_pid(str(home.cluster))
    if found is None or not found.ready or not is_private_folder(Path(found.socket_folder), home.server_uid):
        return None
    where = {"host": found.socket_folder, "port": str(found.port)}
    return URL.create("postgresql+asyncpg", SUPERUSER, password, database=DATABASE, query=where)


async def _version(url: URL, home: Home) -> str | None:
    """Log in, making our database if it is missing; None while the server is not there yet."""
    try:
        return await _log_in(url)
    except (OSError, *_CUT_OFF):
        return None  # not yet, or no more: the guardian decides
    except asyncpg.DiskFullError as error:
        raise no_space(home.data) from error
    except asyncpg.PostgresError as error:
        message = f"База данных в папке {home.data} не пускает: {error}. Журнал: {home.log}"
        raise PostgresUnavailable(Trouble.NOT_STARTED, message) from error


async def _log_in(url: URL) -> str:
    connection = await asyncpg.connect(
        host=url.query["host"],
        port=PORT,
        user=url.username,
        password=url.password,
        database="postgres",
        timeout=_CONNECT_SECONDS,
    )
    try:
        if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", DATABASE):
            # Messages of sessions hold values of rows: their clients get them, our own logs hold them without values.
            await connection.execute(f"ALTER ROLE {SUPERUSER} SET log_min_messages = log")
            await connection.execute(f"CREATE DATABASE {DATABASE}")
        return str(connection.get_settings().server_version)
    finally:
        await connection.close()


def _not_started(home: Home, offset: int) -> PostgresUnavailable:
    reason = last_words(home, offset)
    if "No space left on device" in reason:
        return no_space(home.data)
    explanation = f": {reason}" if reason else ""
    message = f"PostgreSQL не запустился в папке {home.data}{explanation}. Журнал: {home.log}"
    return PostgresUnavailable(Trouble.NOT_STARTED, message)
