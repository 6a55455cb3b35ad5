"""The walls in the database: each role may do its room's work and nothing else, whatever the code tries."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import URL, text
from sqlalchemy.exc import ProgrammingError

from core.database import Database, Role

DENIED = "permission denied"


@asynccontextmanager
async def under(url: URL, role: Role) -> AsyncIterator[Database]:
    database = Database(url, role, pool_size=1)
    try:
        yield database
    finally:
        await database.close()


async def run(database: Database, statement: str) -> None:
    async with database.begin() as session:
        await session.execute(text(statement))


FORBIDDEN = [
    # The gateway never reads the journal: what it must know comes as events.
    (Role.GATEWAY, "SELECT 1 FROM core.person"),
    (Role.GATEWAY, "SELECT 1 FROM core.absence"),
    (Role.GATEWAY, "SELECT 1 FROM core.contact"),
    (Role.GATEWAY, "SELECT 1 FROM core.audit"),
    (Role.GATEWAY, "INSERT INTO core.command VALUES ('k', TIMESTAMPTZ '2026-10-20T00:00:00Z')"),
    (Role.GATEWAY, "SELECT 1 FROM bot.inbox"),
    # It takes events out of the outbox, and puts none in.
    (Role.GATEWAY, "UPDATE bus.outbox SET part = 1"),
    (
        Role.GATEWAY,
        "INSERT INTO bus.outbox (id, part, event, at) VALUES (gen_random_uuid(), 1, '{}', TIMESTAMPTZ '2026-10-20Z')",
    ),
    # Evidence is added to, never taken away.
    (Role.GATEWAY, "DELETE FROM gateway.receipt"),
    (Role.GATEWAY, "UPDATE gateway.receipt SET detail = 'x'"),
    (Role.GATEWAY, "TRUNCATE gateway.receipt"),
    (Role.GATEWAY, "DELETE FROM gateway.attempt"),
    (Role.GATEWAY, "TRUNCATE gateway.attempt"),
    (Role.GATEWAY, "CREATE TABLE gateway.mine (id int)"),
    (Role.GATEWAY, "CREATE TABLE public.mine (id int)"),
    (Role.GATEWAY, "DROP TABLE gateway.delivery"),
    # Core decides and does not tell.
    (Role.CORE, "SELECT 1 FROM gateway.delivery"),
    (Role.CORE, "SELECT 1 FROM gateway.address"),
    (Role.CORE, "SELECT 1 FROM gateway.receipt"),
    (Role.CORE, "SELECT 1 FROM gateway.fact"),
    (Role.CORE, "SELECT 1 FROM bot.inbox"),
    (Role.CORE, "SELECT gateway.open_month(DATE '2026-10-01')"),
    (Role.CORE, "DELETE FROM bus.outbox"),
    (Role.CORE, "UPDATE core.audit SET action = 'nothing'"),
    (Role.CORE, "DELETE FROM core.audit"),
    (Role.CORE, "TRUNCATE core.audit"),
    # The conversation goes through the rooms' own commands.
    (Role.BOT, "SELECT 1 FROM core.person"),
    (Role.BOT, "SELECT 1 FROM gateway.address"),
    (Role.BOT, "SELECT 1 FROM bus.outbox"),
]


@pytest.mark.parametrize(("role", "statement"), FORBIDDEN, ids=[f"{role}: {what[:60]}" for role, what in FORBIDDEN])
async def test_a_role_may_not(database_url: URL, role: Role, statement: str) -> None:
    async with under(database_url, role) as database:
        with pytest.raises(ProgrammingError, match=f"{DENIED}|must be owner"):
            await run(database, statement)


ALLOWED = [
    (Role.GATEWAY, "SELECT gateway.open_month(DATE '2026-10-01')"),
    (Role.GATEWAY, "DELETE FROM bus.outbox"),
    (Role.GATEWAY, "SELECT 1 FROM gateway.receipt"),
    (Role.CORE, "SELECT 1 FROM core.audit"),
    (Role.CORE, "DELETE FROM core.absence"),
    (Role.BOT, "DELETE FROM bot.inbox"),
]


@pytest.mark.parametrize(("role", "statement"), ALLOWED, ids=[f"{role}: {what}" for role, what in ALLOWED])
async def test_the_refusals_above_are_not_for_everything(database_url: URL, role: Role, statement: str) -> None:
    async with under(database_url, role) as database:
        await run(database, statement)


async def test_a_month_that_the_gateway_opened_is_behind_the_same_wall(database_url: URL) -> None:
    async with under(database_url, Role.GATEWAY) as gateway:
        await run(gateway, "SELECT gateway.open_month(DATE '2026-10-01')")
        with pytest.raises(ProgrammingError, match="must be owner"):
            await run(gateway, "DROP TABLE gateway.delivery_2026_10")
    async with under(database_url, Role.CORE) as core:
        with pytest.raises(ProgrammingError, match=DENIED):
            await run(core, "SELECT 1 FROM gateway.delivery_2026_10")


async def test_a_receipt_is_kept_even_from_a_transaction_that_would_change_it(gateway_database: Database) -> None:
    put = (
        "INSERT INTO gateway.receipt (key, month, delivery, subject, recipient, kind, at)"
        " VALUES ('update:1', DATE '2026-10-01', gen_random_uuid(), 's', gen_random_uuid(), 'read',"
        " TIMESTAMPTZ '2026-10-20Z')"
    )
    await run(gateway_database, put)
    with pytest.raises(ProgrammingError, match=DENIED):
        await run(
            gateway_database,
            put.replace("'read'", "'acknowledged'") + " ON CONFLICT (key) DO UPDATE SET kind = excluded.kind",
        )
    async with gateway_database.begin() as session:
        assert (await session.execute(text("SELECT kind FROM gateway.receipt"))).scalar_one() == "read"
