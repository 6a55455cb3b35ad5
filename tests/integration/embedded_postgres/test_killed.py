"""Whoever is killed, the data stay, the next start is clean and nobody is left behind."""

import asyncio
import os
import shutil
import signal
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import make_url

from tests.integration.embedded_postgres.processes import (
    CARELESS_INIT,
    KEPT,
    ask,
    ask_again,
    connected,
    guardian_of,
    kill,
    kill_all,
    living,
    nobody_left,
    postmaster_of,
    state,
    stranger_like_the_server,
    until,
    using,
)
from zvonok.postgres import running_postgres


async def test_a_killed_user_is_gone_too(data: Path) -> None:
    with using(data) as user:
        user.said()
        kill(user.process.pid)
        await nobody_left(data)


async def test_a_killed_server_comes_back_under_its_address(data: Path) -> None:
    async with running_postgres(data) as server:
        guardian, postmaster = guardian_of(data), postmaster_of(data)
        kill(postmaster)
        assert await ask_again(server.url, KEPT) == "Ёлкина"
        assert postmaster_of(data) != postmaster
        assert guardian_of(data) == guardian
    assert not living(data)


async def test_users_do_not_notice_a_killed_guardian(data: Path) -> None:
    async with running_postgres(data) as server, connected(server.url) as connection:
        kill(guardian_of(data))
        async with running_postgres(data) as again:  # finds no guardian and brings one
            assert again == server
        await until(lambda: "adopted the running server" in (data / "server.log").read_text(encoding="utf-8"))
        assert await connection.fetchval(KEPT) == "Ёлкина"
        guardian_of(data)
    assert not living(data)


async def test_users_bring_back_a_server_that_was_killed_with_its_guardian(data: Path) -> None:
    async with running_postgres(data) as server:
        kill_all(data)
        assert await ask_again(server.url, KEPT) == "Ёлкина"
        guardian_of(data)
    assert not living(data)


async def test_the_last_user_brings_a_guardian_to_stop_an_unguarded_server(data: Path) -> None:
    async with running_postgres(data):
        kill(guardian_of(data))
    assert not living(data)


async def test_an_adopted_server_that_is_killed_comes_back(data: Path) -> None:
    async with running_postgres(data) as server:
        kill(guardian_of(data))
        async with running_postgres(data):
            kill(postmaster_of(data))
            assert await ask_again(server.url, KEPT) == "Ёлкина"
    assert not living(data)


async def test_all_killed(data: Path) -> None:
    with using(data) as user:
        url = make_url(user.said()["url"])
        async with connected(url) as connection:
            await connection.execute("SET synchronous_commit = on; INSERT INTO kept VALUES ('Щукин')")
        kill_all(data)
    assert (data / "cluster" / "postmaster.pid").exists()
    assert list((data / "run").glob(".s.PGSQL.*"))
    async with running_postgres(data) as server:
        assert await ask(server.url, "SELECT string_agg(name, ' ') FROM kept") == "Ёлкина Щукин"


async def test_a_zombie_server_is_no_server(data: Path) -> None:
    with using(data, sys.executable, "-c", CARELESS_INIT) as careless:
        careless.said()
        postmaster = postmaster_of(data)
        kill_all(data, but=careless.process.pid)
        await until(lambda: state(postmaster) == "Z")
        async with running_postgres(data) as server:
            assert await ask(server.url, KEPT) == "Ёлкина"
            assert state(postmaster) == "Z"
            assert postmaster_of(data) != postmaster


async def test_a_stale_number_that_another_program_got(data: Path) -> None:
    async with running_postgres(data):
        before = postmaster_of(data)
        kill(guardian_of(data), before)
        await until(lambda: state(before) in {"Z", None})
    with stranger_like_the_server() as stranger:
        for file in (data / "cluster" / "postmaster.pid", data / "run" / ".s.PGSQL.5432.lock"):
            lines = file.read_text(encoding="utf-8").split("\n")
            file.write_text("\n".join([str(stranger.pid), *lines[1:]]), encoding="utf-8")
        async with running_postgres(data) as server:
            assert await ask(server.url, KEPT) == "Ёлкина"
        assert stranger.poll() is None
        stranger.kill()


async def test_a_busy_backend_that_outlived_its_server(data: Path) -> None:
    with using(data) as user:
        url = make_url(user.said()["url"])
        connection = await asyncpg.connect(
            host=url.query["host"], user=url.username, password=url.password, database="zvonok"
        )
        busy = asyncio.create_task(connection.execute("DO $$ BEGIN LOOP END LOOP; END $$"))
        backend = await ask_again(url, "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'DO %'")
        kill(guardian_of(data), postmaster_of(data), user.process.pid)  # nobody is left to stop it in order
        await until(lambda: living(data) == [backend])
    async with running_postgres(data) as server:
        assert await ask(server.url, KEPT) == "Ёлкина"
        assert state(backend) in {"Z", None}
    with pytest.raises((OSError, asyncpg.PostgresError)):
        await busy
    await connection.close()


async def test_a_guardian_told_to_go_stays_while_there_are_users(data: Path) -> None:
    async with running_postgres(data) as server:
        guardian = guardian_of(data)
        os.kill(guardian, signal.SIGTERM)
        os.kill(guardian, signal.SIGHUP)
        assert await ask(server.url, KEPT) == "Ёлкина"
        assert guardian_of(data) == guardian
    assert not living(data)


async def test_a_folder_removed_while_in_use(data: Path) -> None:
    async with running_postgres(data) as server:
        guardian, postmaster = guardian_of(data), postmaster_of(data)
        shutil.rmtree(data)
        assert not server.data.exists()
    await until(lambda: state(guardian) in {"Z", None} and state(postmaster) in {"Z", None})


async def test_who_leaves_a_removed_folder_does_not_wait_for_those_who_came_to_a_new_one(data: Path) -> None:
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(running_postgres(data))
        shutil.rmtree(data)
        with using(data) as user:
            user.said()
            async with asyncio.timeout(20):
                await stack.aclose()
            user.leave()


async def test_a_first_start_that_is_cancelled_can_be_repeated(folder: Path) -> None:
    data = folder / "data"

    async def start() -> None:
        async with running_postgres(data, throwaway=True):
            pytest.fail("cancelled too late to say anything")

    starting = asyncio.create_task(start())
    await until(lambda: list(data.glob("initdb-*")))
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    await nobody_left(data)
    assert not list(data.glob("initdb-*"))
    async with running_postgres(data, throwaway=True) as server:
        assert await ask(server.url, "SELECT 1") == 1


async def test_a_first_start_that_is_killed_can_be_repeated(folder: Path) -> None:
    data = folder / "data"
    with using(data) as user:
        await until(lambda: list(data.glob("initdb-*")))
        kill(user.process.pid)
    async with running_postgres(data, throwaway=True) as server:
        assert await ask(server.url, "SELECT 1") == 1
    await nobody_left(data)
