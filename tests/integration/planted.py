"""A school that many tests begin with is built once a session, and copied into the database of each test."""

from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
from sqlalchemy import URL

from core.database import Database, connect_arguments
from tests.conftest import OWN_OF_TEST

_BUILT: dict[str, Any] = {}
"""By the database that holds it: what the building returned."""
_UNTOUCHED = "SELECT NOT EXISTS (SELECT FROM core.school) AND NOT EXISTS (SELECT FROM core.person)"


async def planted[World](name: str, database: Database, url: URL, build: Callable[[], Awaitable[World]]) -> World:
    """Return what ``build`` returns, with its rows in the database at ``url``; ids are the same for every test.

    Where something stands already it is built beside it, and on another server than the session's there. What is
    returned belongs to the database of the first test: whoever calls puts the present one in.
    """
    own = str(url.database)
    if not own.startswith(OWN_OF_TEST) or not await _is_untouched(url):
        return await build()
    seed = f"seed_{name}"
    # Nobody may be connected to what is copied.
    await database.close()
    if seed not in _BUILT:
        _BUILT[seed] = await build()
        await database.close()
        await _copy(url, own, seed)
    else:
        await _execute(url, f"DROP DATABASE {own}")
        await _copy(url, seed, own)
    world: World = _BUILT[seed]
    return world


async def _is_untouched(url: URL) -> bool:
    connection = await asyncpg.connect(**connect_arguments(url))
    try:
        return bool(await connection.fetchval(_UNTOUCHED))
    finally:
        await connection.close()


async def _copy(url: URL, source: str, target: str) -> None:
    await _execute(url, f"CREATE DATABASE {target} TEMPLATE {source} STRATEGY FILE_COPY")


async def _execute(url: URL, statement: str) -> None:
    connection = await asyncpg.connect(**connect_arguments(url.set(database="postgres")))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
