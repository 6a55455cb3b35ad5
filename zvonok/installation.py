"""What every process of an installation stands on: settings, secret, clocks, a migrated database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
import structlog
from sqlalchemy import URL

from core.database import Database, Role, connect_arguments
from core.outbox import OutboxBell
from core.school_time import MachineClock, SchoolClock
from zvonok import migrate
from zvonok.database_address import Distrust, distrust
from zvonok.open_wires import Wire, refuse_open
from zvonok.postgres import running_postgres
from zvonok.secret import Secret, read_secret
from zvonok.settings import NEWEST_SERVER, OLDEST_SERVER, Settings
from zvonok.trouble import InstallationError

CONNECT_SECONDS = 10
_DOUBTS = {
    None: "Проверьте адрес, имя и пароль.",
    Distrust.NAME: "Сертификат сервера выдан на другое имя. Что делать, скажет zvonok doctor",
    Distrust.SIGNER: "Сертификату сервера не от кого верить. Что делать, скажет zvonok doctor",
    Distrust.NO_TLS: "Сервер не умеет шифровать связь. Что делать, скажет zvonok doctor",
}
_AWAY = "База данных из ZVONOK_DATABASE_URL не отвечает или не пускает. {doubt}"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Installation:
    """One installation, as a process sees it."""

    settings: Settings
    url: URL
    secret: Secret
    school_clock: SchoolClock
    machine_clock: MachineClock

    @asynccontextmanager
    async def database(self, role: Role, *, pool_size: int = 8) -> AsyncIterator[Database]:
        """Open a pool under a role for the length of the block."""
        database = Database(self.url, role, pool_size=pool_size)
        try:
            yield database
        finally:
            await database.close()

    @asynccontextmanager
    async def journal(self) -> AsyncIterator[Database]:
        """Open the journal's pool, with its bell rung after each commit that published something."""
        async with self.database(Role.CORE) as database:
            bell = OutboxBell(database)
            ringing = asyncio.create_task(bell.run())
            try:
                yield database
            finally:
                ringing.cancel()
                await asyncio.wait([ringing])
                await bell.ring_if_wanted()


@asynccontextmanager
async def installation(
    settings: Settings, *, migrated: bool = True, school_clock: SchoolClock | None = None
) -> AsyncIterator[Installation]:
    """Open an installation: the given PostgreSQL or the embedded one, which runs at least as long as the block.

    With ``migrated`` the database must stand at this code's newest migration; raises ``InstallationError`` if not, and
    if the wire to the database is open to others (``zvonok.open_wires``).
    ``school_clock`` takes the place of the settings' one, in the sandbox only.
    """
    if school_clock is not None and not settings.sandbox:
        raise InstallationError("Часы школы можно переводить только в песочнице.")
    refuse_open(settings, Wire.DATABASE)
    secret = read_secret(settings)
    clock = school_clock or SchoolClock(settings.school_clock_offset)
    given = settings.server_url()
    if given is not None:
        await _check_server(given)
        if migrated:
            await _check_migrated(given)
        yield Installation(settings, given, secret, clock, MachineClock())
        return
    async with running_postgres(settings.data / "postgres") as server:
        # The embedded database is nobody else's: whoever comes first brings it up to date.
        await migrate.migrate(server.url)
        yield Installation(settings, server.url, secret, clock, MachineClock())


async def _check_server(url: URL) -> None:
    try:
        connection = await asyncpg.connect(**connect_arguments(url), timeout=CONNECT_SECONDS)
    except (OSError, asyncpg.PostgresError, TimeoutError) as error:
        _log.error("database away", error=type(error).__name__)
        raise InstallationError(_AWAY.format(doubt=_DOUBTS[distrust(error)])) from None
    try:
        major = connection.get_server_version().major
    finally:
        await connection.close()
    if not OLDEST_SERVER <= major <= NEWEST_SERVER:
        raise InstallationError(f"PostgreSQL {major} не подходит: нужна версия {OLDEST_SERVER}–{NEWEST_SERVER}.")


async def _check_migrated(url: URL) -> None:
    stands, newest = await migrate.current(url), migrate.newest()
    if stands < newest:
        raise InstallationError("База данных старее программы. Выполните: zvonok migrate")
    if stands > newest:
        raise InstallationError("База данных новее программы. Обновите программу.")
