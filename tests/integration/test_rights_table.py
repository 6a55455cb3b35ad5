"""The hand-written table of rights against the real database: every cell tried, allowed and refused.

Of every right, every role and each of the three places: the command or query that asks for the right does what it says
exactly where the table lets the role do it; elsewhere it refuses, and its transaction has not so much as locked a row.
"""

import csv
import os
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from core import lesson_rights
from core.access import Reach, Right, Role
from core.actor import OFFICE, Actor
from core.database import Database, connect_arguments
from core.database import Role as DatabaseRole
from core.refusals import Forbidden, NotFound
from tests.conftest import TEMPLATE
from tests.integration.rights_doings import DOINGS
from tests.integration.rights_tries import Doing, Try
from tests.integration.rights_world import BESIDES, NOW, STRANGER, Position, RightsWorld, rights_world
from zvonok.postgres import Server

pytestmark = pytest.mark.asyncio(loop_scope="session")
TABLE = Path("docs/reference/rights.csv")
WRITTEN = text("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
"""Whether the transaction has written anything, or so much as locked a row."""
OFFICERS = frozenset({Role.MUNICIPAL_OFFICER, Role.REGIONAL_OFFICER})
NOT_YET = {("report a breach", role, Position.OWN): "the register of breaches is a school's" for role in OFFICERS}
"""Cells of the table that the journal does not serve yet, each with what is missing; one that is served fails here."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def world(postgres: Server) -> AsyncIterator[RightsWorld]:
    """One database for the module: whatever is done in it is rolled back."""
    name = f"rights_{os.getpid()}"
    server = await asyncpg.connect(**connect_arguments(postgres.url))
    try:
        await server.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        database = Database(postgres.database(name), DatabaseRole.CORE)
        try:
            yield await rights_world(database)
        finally:
            await database.close()
            await server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await server.close()


@pytest.fixture(scope="module")
def table() -> dict[tuple[str, Right], Reach]:
    """What was written by hand."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {(row["role"], Right(row["right"])): Reach(row["reach"]) for row in csv.DictReader(file)}


type Table = dict[tuple[str, Right], Reach]


async def done(world: RightsWorld, doing: Doing, it: Try) -> bool:
    """Do it, and take it back; False: it was refused, and had touched nothing."""
    async with AsyncSession(world.database.engine) as session:
        try:
            await doing.do(session, it)
        except Forbidden:
            assert not await session.scalar(WRITTEN), f"{doing.name}: refused too late"
            return False
        except NotFound:
            assert doing.hides, f"{doing.name}: hides what it should refuse"
            assert not await session.scalar(WRITTEN), f"{doing.name}: refused too late"
            return False
        else:
            return True
        finally:
            await session.rollback()


def lets(table: Table, doing: Doing, role: str, position: Position) -> bool:
    """Tell what the table says: one of the rights that open this reaches there, by the role or the work besides."""
    if (doing.name, role, position) in NOT_YET:
        return False
    reaches = {(role, table.get((role, right), Reach.NONE)) for right in (doing.right, *doing.others)}
    work = BESIDES.get(Role(role)) if role in Role else None
    if work is not None:
        by_work = {table.get((work, right), Reach.NONE) for right in (doing.right, *doing.others)}
        reaches |= {(work, reach) for reach in by_work & {Reach.SELF}}  # no lesson of his is among those tried
    return any(position in doing.thing.covered(one, reach) for one, reach in reaches)


def is_personal(table: Table, right: Right) -> bool:
    """Tell whether everybody who has the right has it for himself or for his child alone."""
    return {reach for (_, one), reach in table.items() if one is right} <= {Reach.SELF, Reach.CHILD}


@pytest.mark.parametrize("right", Right)
async def test_each_cell_lets_do_what_the_table_says_and_nothing_else(
    world: RightsWorld, table: Table, right: Right
) -> None:
    doings = [doing for doing in DOINGS if doing.right is right]
    assert doings, "nothing asks for this right"
    tried = set()
    wrong = []
    for doing in doings:
        for role in Role:
            for position in Position:
                it = Try(world, role, world.actor(role), position)
                allowed = lets(table, doing, role, position)
                if await done(world, doing, it) is not allowed:
                    wrong.append(f"{doing.name}: {role}, {position}: {'refused' if allowed else 'done'}")
                tried.add((role, position))
    assert wrong == []
    assert len(tried) == len(Role) * len(Position)
