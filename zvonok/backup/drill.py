"""The drill: a backup is restored into a scratch database, compared, its chains walked, and the database dropped."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import asyncpg
from sqlalchemy import URL

from core.audit import audit_check
from core.audit.audit_check import Verdict
from core.database import Database, Role
from zvonok.backup.inventory import connected
from zvonok.backup.keys import read_key
from zvonok.backup.making import shelf_of
from zvonok.backup.reading import Contents
from zvonok.backup.restoring import Source, restore
from zvonok.backup.troubles import BackupError
from zvonok.installation import Installation
from zvonok.secret import Secret

MAY_NOT = (
    "Для учебного восстановления нужна ещё одна база на том же сервере, а права создавать базы у нас нет. "
    "Дайте его: ALTER ROLE имя CREATEDB."
)


@dataclass(frozen=True, slots=True)
class Drilled:
    """What a drill has shown."""

    path: Path
    contents: Contents
    verdicts: tuple[tuple[str, Verdict], ...]
    """School's name and its chain's verdict."""

    @property
    def whole(self) -> bool:
        """True if every chain is."""
        return all(verdict.broken is None for _, verdict in self.verdicts)


async def drill(here: Installation, path: Path | None = None) -> Drilled:
    """Restore a backup (the newest, unless one is named) and look at what came back. Raises ``BackupError``."""
    chosen = await asyncio.to_thread(_newest, here) if path is None else path
    source = Source(chosen, read_key(here.settings), here.secret)
    async with _scratch(here.url) as url:
        contents = await restore(url, source, here.school_clock.now())
        return Drilled(chosen, contents, await walk_chains(url, here.secret))


async def walk_chains(url: URL, secret: Secret) -> tuple[tuple[str, Verdict], ...]:
    """Walk every chain of the audit in a database."""
    database = Database(url, Role.CORE, pool_size=1)
    try:
        async with database.begin() as session:
            names = await audit_check.chains(session)
            key = secret.chain_key()
            return tuple([(name, await audit_check.verify(session, key, one)) for one, name in names.items()])
    finally:
        await database.close()


def _newest(here: Installation) -> Path:
    shelf = shelf_of(here)
    kept = shelf.kept()
    if not kept:
        raise BackupError(f"В папке {shelf.folder} копий этой установки нет. Снимите первую: zvonok backup")
    return kept[-1]


@asynccontextmanager
async def _scratch(url: URL) -> AsyncIterator[URL]:
    name = f"zvonok_drill_{uuid4().hex[:8]}"
    connection = await connected(url)
    try:
        try:
            await connection.execute(f"CREATE DATABASE {name}")
        except asyncpg.InsufficientPrivilegeError:
            raise BackupError(MAY_NOT) from None
        try:
            yield url.set(database=name)
        finally:
            await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await connection.close(timeout=5)
