"""A private PostgreSQL of Debian's: its own folder, its own socket, nobody else's; gone when the block ends."""

import asyncio
import os
import secrets
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
from sqlalchemy import URL

from core.database import connect_arguments
from tests.integration.eventually import WITHIN, eventually
from zvonok.postgres.account import clean_environment, run_as, server_account

LOGIN = "zvonok"
DIES_WITH_US = ("setpriv", "--pdeathsig", "INT")
"""A test process that is killed tidies nothing up; every Debian has this program."""


@asynccontextmanager
async def debian_server(programs: Path, *also: str, port: int = 5432) -> AsyncIterator[URL]:
    """Run the server whose programs are in this folder; its login is a superuser with a password.

    ``also`` are settings that go before ours, such as ``ssl=on``.
    """
    account = server_account() if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="zvonok-pg-"))
    password = secrets.token_urlsafe(16)
    words = folder / "words"
    words.write_text(password)
    if account is not None:
        for path in (folder, words):
            os.chown(path, account.uid, account.gid)
    data = str(folder / "data")
    initdb = [str(programs / "initdb"), "-D", data, "-U", LOGIN, f"--pwfile={words}", "--auth=scram-sha-256"]
    try:
        made = await asyncio.to_thread(run_as, account, [*initdb, "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"])
        assert made.returncode == 0, made.stderr
        own = (f"port={port}", "listen_addresses=", f"unix_socket_directories={folder}", "fsync=off")
        settings = (*own, "max_connections=60", *also)
        server = await asyncio.create_subprocess_exec(
            *DIES_WITH_US,
            *(str(programs / "postgres"), "-D", data, *(word for setting in settings for word in ("-c", setting))),
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            env=clean_environment(),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            where = {"host": str(folder), "port": str(port)}
            url = URL.create("postgresql+asyncpg", LOGIN, password, database="postgres", query=where)
            await eventually(lambda: _answers(url))
            yield url
        finally:
            server.send_signal(signal.SIGINT)  # sessions are ended, then it stops
            async with asyncio.timeout(WITHIN):
                await server.wait()
    finally:
        shutil.rmtree(folder)


async def _answers(url: URL) -> bool:
    try:
        connection = await asyncpg.connect(**connect_arguments(url))
    except (OSError, asyncpg.PostgresError):
        return False
    await connection.close()
    return True
