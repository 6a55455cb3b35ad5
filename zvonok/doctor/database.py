"""The database: reachable, of a version we know, direct, migrated, its roles ours; and whether its outbox is read."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import asyncpg
from sqlalchemy import URL

from core.database import Role, connect_arguments
from zvonok import migrate
from zvonok.database_address import Distrust, distrust
from zvonok.doctor.findings import Finding, Patient, off, warning, well, wrong
from zvonok.postgres import PostgresUnavailable, running_postgres
from zvonok.postgres.account import server_account
from zvonok.postgres.binaries import find_installation, try_installation
from zvonok.postgres.place import is_made
from zvonok.settings import NEWEST_SERVER, OLDEST_SERVER

CONNECT_SECONDS = 10
SKEW = timedelta(seconds=5)
"""Farther apart, leases of two machines overlap and lateness is counted wrongly."""
UNREAD_WARNING, UNREAD_WRONG = timedelta(minutes=1), timedelta(minutes=10)
"""Age of the oldest event that nobody has taken: a gateway takes one within a second."""
# The one question to the database's clock: it is compared, nothing is decided by it.
_ITS_CLOCK = "SELECT 'now'::timestamptz"


async def look_at_database(patient: Patient) -> list[Finding]:
    """Look at the given PostgreSQL, or at the embedded one if it has been made already; nothing is made or migrated."""
    folder = patient.settings.data / "postgres"
    try:
        if _to_be_made(patient):
            return [await asyncio.to_thread(_programs, folder)]
        async with _server(patient) as url:
            return await _reached(url, patient)
    except PostgresUnavailable as error:
        return [wrong("database-embedded", said=str(error))]


async def look_at_events(patient: Patient) -> list[Finding]:
    """Look whether somebody takes the journal's events; a database that does not answer is told of in its own part."""
    if _to_be_made(patient):
        return [off("outbox-unseen")]
    try:
        async with _server(patient) as url:
            return [await _outbox(url, patient), *await _held(url)]
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, PostgresUnavailable):
        return [off("outbox-unseen")]


def _to_be_made(patient: Patient) -> bool:
    return patient.settings.server_url() is None and not is_made(patient.settings.data / "postgres")


@asynccontextmanager
async def _server(patient: Patient) -> AsyncIterator[URL]:
    """Give the address of the server, the embedded one started for the length of the block."""
    given = patient.settings.server_url()
    if given is not None:
        yield given
        return
    async with running_postgres(patient.settings.data / "postgres") as server:
        yield server.url


def _programs(folder: Path) -> Finding:
    """Tell whether the embedded PostgreSQL would run; nothing is made."""
    if os.geteuid() == 0:
        server_account()  # refuses in words if the system has none to run the server as
    found = try_installation(find_installation(), None)
    return off("database-to-be-made", version=f"{found.major}.{found.minor}", folder=str(folder))


async def _reached(url: URL, patient: Patient) -> list[Finding]:
    """Look at a server; the first trouble that hides the rest ends the looking."""
    try:
        async with _connected(url) as connection:
            return await _look(connection, url, patient)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        return [_refusal(error)]


@asynccontextmanager
async def _connected(url: URL, role: Role | None = None) -> AsyncIterator[asyncpg.Connection]:
    settings = {"application_name": "zvonok:doctor"} | ({} if role is None else {"role": role.value})
    connection = await asyncpg.connect(
        **connect_arguments(url), timeout=CONNECT_SECONDS, server_settings=settings, statement_cache_size=0
    )
    try:
        yield connection
    finally:
        await connection.close(timeout=CONNECT_SECONDS)


def _refusal(error: Exception) -> Finding:
    """Say by the kind of the error what keeps us out; its text may quote the address and the name."""
    match error:
        case asyncpg.InvalidCatalogNameError():
            return wrong("database-missing")
        case asyncpg.InvalidAuthorizationSpecificationError():
            return wrong("database-login")
        case asyncpg.TooManyConnectionsError():
            return wrong("database-full")
        case OSError():
            return _away(error)
        case _:
            return wrong("database-refuses", kind=type(error).__name__)


def _away(error: OSError) -> Finding:
    if isinstance(error, socket.gaierror):
        return wrong("database-host")
    match distrust(error):
        case None:
            return wrong("database-away")
        case Distrust.NO_TLS:
            return wrong("database-no-tls")
        case kind:
            return wrong("database-certificate", kind=kind.value)


async def _look(connection: asyncpg.Connection, url: URL, patient: Patient) -> list[Finding]:
    version = connection.get_server_version()
    if not OLDEST_SERVER <= version.major <= NEWEST_SERVER:
        return [wrong("database-version", major=version.major, oldest=OLDEST_SERVER, newest=NEWEST_SERVER)]
    # A pooler makes up the process number that it tells at the start of a session.
    if await connection.fetchval("SELECT pg_backend_pid()") != connection.get_server_pid():
        return [wrong("database-pooler")]
    found = [well("database-answers", version=_said_version(connection))]
    stands, newest = await migrate.current(url), migrate.newest()
    if stands != newest:
        older = stands < newest
        how = warning if older and patient.settings.server_url() is None else wrong
        code = "database-older" if older else "database-newer"
        return [*found, how(code, stands=stands, newest=newest), await _clock(connection, patient)]
    found += [well("database-migrated", number=stands), *await _roles(url)]
    if found[-1].code == "database-roles":
        found += await _zones(url)
    return [*found, await _clock(connection, patient)]


def _said_version(connection: asyncpg.Connection) -> str:
    """Return the version as PostgreSQL says it, "18.6": the driver's ``minor`` is 0 ever since version 10."""
    return str(connection.get_settings().server_version).partition(" ")[0]


async def _roles(url: URL) -> list[Finding]:
    refused = []
    for role in Role:
        try:
            async with _connected(url, role) as connection:
                await connection.fetchval("SELECT 1")
        except asyncpg.PostgresError:
            refused.append(role.value)
    if refused:
        return [wrong("database-role-refused", roles=", ".join(refused))]
    return [well("database-roles")]


async def _outbox(url: URL, patient: Patient) -> Finding:
    async with _connected(url, Role.GATEWAY) as connection:
        waiting, oldest = await connection.fetchrow("SELECT count(*), min(at) FROM bus.outbox")
    age = timedelta() if oldest is None else patient.school_clock.now() - oldest
    if age < UNREAD_WARNING:
        return well("outbox-read")
    how = wrong if age >= UNREAD_WRONG else warning
    return how("outbox-unread", count=waiting, minutes=int(age.total_seconds() // 60))


async def _held(url: URL) -> list[Finding]:
    """Tell of messages that a restore holds back: they wait for a person, and nobody else says so."""
    async with _connected(url, Role.GATEWAY) as connection:
        if await connection.fetchval("SELECT EXISTS (SELECT FROM gateway.quarantine WHERE released_at IS NULL)"):
            held = "SELECT count(*) FROM gateway.delivery WHERE held AND state = 'pending'"
            return [warning("quarantine", count=await connection.fetchval(held))]
    return []


async def _zones(url: URL) -> list[Finding]:
    async with _connected(url, Role.CORE) as connection:
        zones = [row["zone"] for row in await connection.fetch("SELECT DISTINCT zone FROM core.school ORDER BY 1")]
    return [wrong("zone-missing", zone=zone) for zone in zones if not zone_is_known(zone)]


def zone_is_known(zone: str) -> bool:
    """Tell whether this machine has the data of a time zone."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, OSError, ValueError):
        return False
    return True


async def _clock(connection: asyncpg.Connection, patient: Patient) -> Finding:
    before = patient.machine_clock.now()
    its: datetime = await connection.fetchval(_ITS_CLOCK)
    apart = its - (before + (patient.machine_clock.now() - before) / 2)
    seconds = round(abs(apart.total_seconds()))
    return wrong("database-clock", seconds=seconds) if abs(apart) > SKEW else well("database-clock-fits")
