"""Connections under a role: it is there from the first statement, and nothing on the way takes it off."""

import pytest
from sqlalchemy import URL, Executable, text

from core.database import Database, Role, connect_arguments


@pytest.mark.parametrize("role", Role)
async def test_a_connection_stands_under_its_role_whatever_is_reset(database_url: URL, role: Role) -> None:
    database = Database(database_url, role, pool_size=1)
    try:
        for reset in ("SELECT 1", "RESET ALL", "RESET ROLE"):
            async with database.begin() as session:
                await session.execute(text(reset))
                assert (await session.execute(text("SELECT current_user"))).scalar_one() == role.value
    finally:
        await database.close()


async def test_a_block_that_raises_leaves_nothing_and_calls_nobody(core_database: Database) -> None:
    called: list[object] = []
    core_database.after_commit(called.append)
    insert = text("INSERT INTO core.command VALUES (:key, '2026-11-24')")
    count = text("SELECT count(*) FROM core.command")
    with pytest.raises(ZeroDivisionError):
        await _fail(core_database, insert.bindparams(key="one"))
    assert called == []
    async with core_database.begin() as session:
        await session.execute(insert.bindparams(key="two"))
        assert called == []
    assert len(called) == 1
    async with core_database.begin() as session:
        assert (await session.execute(count)).scalar_one() == 1


async def _fail(database: Database, statement: Executable) -> None:
    async with database.begin() as session:
        await session.execute(statement)
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("url", "arguments"),
    [
        (
            URL.create("postgresql+asyncpg", "u", "p@ss", "host", 6000, "db"),
            {"host": "host", "port": 6000, "user": "u", "password": "p@ss", "database": "db"},
        ),
        (
            URL.create("postgresql+asyncpg", "u", database="db", query={"host": "/run/x", "port": "5432"}),
            {"host": "/run/x", "port": "5432", "user": "u", "database": "db"},
        ),
    ],
    ids=["over TCP", "by a socket"],
)
def test_the_same_address_without_sqlalchemy(url: URL, arguments: dict[str, object]) -> None:
    assert connect_arguments(url) == arguments
