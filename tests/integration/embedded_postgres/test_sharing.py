"""The first user starts the server, the last one out stops it."""

import asyncio
from pathlib import Path

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.integration.embedded_postgres.processes import (
    KEPT,
    ask,
    connected,
    guardian_of,
    living,
    parent_of,
    postmaster_of,
    using,
)
from zvonok.postgres import running_postgres


async def test_first_start_and_kept_data(folder: Path) -> None:
    data = folder / "new" / "data"
    async with running_postgres(data, throwaway=True) as server:
        engine = create_async_engine(server.url)
        async with engine.begin() as session:
            await session.execute(text("CREATE TABLE kept AS SELECT 'Ёлкина'::text AS name"))
            facts = "SELECT concat_ws(' ', current_database(), current_setting('TimeZone'), upper('ё')"
            encoding = "pg_encoding_to_char(encoding), datlocprovider, datlocale"
            answer = await session.scalar(text(f"{facts}, {encoding}) FROM pg_database WHERE datname = 'zvonok'"))
        await engine.dispose()
        assert answer == "zvonok UTC Ё UTF8 b C.UTF-8"
        assert (server.data, server.version.partition(".")[0]) == (data, "18")
    assert not living(data)
    async with running_postgres(data, throwaway=True) as server:
        assert await ask(server.url, KEPT) == "Ёлкина"


async def test_a_database_by_another_name_from_a_template(data: Path) -> None:
    async with running_postgres(data, throwaway=True) as server:
        async with connected(server.database("postgres")) as connection:
            await connection.execute("CREATE DATABASE one_test TEMPLATE zvonok")
        assert await ask(server.database("one_test"), KEPT) == "Ёлкина"


async def test_start_and_stop_on_kept_data_are_quick(data: Path) -> None:
    loop = asyncio.get_running_loop()
    begun = loop.time()
    async with running_postgres(data):
        started = loop.time()
    assert started - begun < 3  # 0.12 s and 0.02 s measured; the bound only catches waiting for a timeout
    assert loop.time() - started < 3


async def test_waiting_for_a_start_leaves_the_event_loop_free(folder: Path) -> None:
    turns = 0

    async def tick() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0.005)

    ticking = asyncio.create_task(tick())
    async with running_postgres(folder / "data", throwaway=True):
        ticking.cancel()
    assert turns > 20  # initdb alone takes half a second


async def test_the_last_user_out_stops_the_server(data: Path) -> None:
    with using(data) as first:
        url = make_url(first.said()["url"])
        postmaster = postmaster_of(data)
        async with running_postgres(data) as server:
            first.leave()
            assert (server.url, await ask(url, KEPT)) == (url, "Ёлкина")
            async with running_postgres(data) as same:  # and once more in one process
                assert same == server
            assert postmaster_of(data) == postmaster
    assert not living(data)


async def test_two_who_come_at_one_instant_get_one_server(folder: Path) -> None:
    data = folder / "data"
    with using(data) as one, using(data) as other:
        assert one.said()["url"] == other.said()["url"]
        assert len([pid for pid in living(data) if parent_of(pid) == guardian_of(data)]) == 1
        one.leave()
        other.leave()
    assert not living(data)


async def test_users_who_come_while_the_server_is_being_stopped(data: Path) -> None:
    async def visit() -> object:
        async with running_postgres(data, throwaway=True) as server:
            return await ask(server.url, KEPT)

    for _ in range(3):
        assert set(await asyncio.gather(*(visit() for _ in range(4)))) == {"Ёлкина"}
    assert not living(data)


async def test_options_reach_the_server_and_ours_cannot_be_overridden(data: Path) -> None:
    options = {"work_mem": "3MB", "unix_socket_permissions": "0777"}
    async with running_postgres(data, options=options, throwaway=True) as server:
        assert await ask(server.url, "SHOW work_mem") == "3MB"
        assert await ask(server.url, "SHOW fsync") == "off"
        assert await ask(server.url, "SHOW unix_socket_permissions") == "0700"
