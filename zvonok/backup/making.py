"""Making a backup: one snapshot of all rooms while everybody goes on writing, verified before it gets its name."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg

from core.database import Role
from core.upkeep import backups
from core.upkeep.backups import BackupMade
from zvonok import migrate
from zvonok.backup.inventory import connected, shape_of
from zvonok.backup.keys import read_key
from zvonok.backup.manifest import FORMAT, Manifest, Table
from zvonok.backup.places import folder_of, own_folder
from zvonok.backup.reading import check
from zvonok.backup.sealing import BackupKey
from zvonok.backup.shelf import Draft, Shelf, require
from zvonok.backup.troubles import BackupError
from zvonok.backup.writing import BackupWriter
from zvonok.installation import Installation
from zvonok.settings import Settings

LOCK = 0x5A56424B
"""Key of the advisory lock, «ZVBK»: one backup of a database at a time."""
PIECE = 1 << 18
"""Bytes of rows handled at once, in a thread: the loop belongs to conversations."""
LOST = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that is whole, verified and has its name."""

    path: Path
    snapshot_at: datetime
    tables: int
    rows: int
    bytes: int
    removed: int
    """Old backups that went."""
    ahead: int
    """Backups in the folder that are named by a moment yet to come; they are left alone."""


def shelf_of(here: Installation, folder: Path | None = None) -> Shelf:
    """Return the shelf of this installation. Raises ``BackupError`` if its folder is not there."""
    shelf = Shelf(folder_of(here.settings, folder), here.secret.tag())
    shelf.check()
    return shelf


def check_settings(settings: Settings, folder: Path | None) -> None:
    """Look at the key and the folder that are set, before a database is started for them. Raises ``BackupError``."""
    if settings.backup_key is not None or settings.backup_key_file is not None:
        read_key(settings)
    chosen = folder_of(settings, folder)
    if chosen != own_folder(settings):
        require(chosen)


async def make(here: Installation, folder: Path | None = None) -> Made:
    """Make a backup and remove the oldest ones. Raises ``BackupError``; then nothing new is in the folder."""
    key, shelf = read_key(here.settings), shelf_of(here, folder)
    async with _alone(here) as connection:
        at = here.school_clock.now()
        with shelf.draft(at) as draft:
            made = await _fill(here, connection, draft, key, at)
        await _note(here, made)
        removed = await asyncio.to_thread(shelf.prune, here.settings.backup_keep, draft.final)
        ahead = await asyncio.to_thread(shelf.ahead_of, draft.final)
    return Made(draft.final, at, made.tables, made.rows, made.bytes, removed, len(ahead))


@dataclass(frozen=True, slots=True)
class _Filled:
    file: str
    snapshot_at: datetime
    tables: int
    rows: int
    bytes: int
    sha256: str


@asynccontextmanager
async def _alone(here: Installation) -> AsyncIterator[asyncpg.Connection]:
    """Connect; no other backup runs, and no migration changes the tables under this one."""
    connection = await connected(here.url)
    try:
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):
            raise BackupError("Копия уже снимается. Дождитесь её.")
        if not await connection.fetchval("SELECT pg_try_advisory_lock_shared($1)", migrate.LOCK):
            raise BackupError("Сейчас меняется устройство базы данных. Повторите, когда закончится zvonok migrate.")
        yield connection
    finally:
        await connection.close(timeout=5)


async def _fill(
    here: Installation, connection: asyncpg.Connection, draft: Draft, key: BackupKey, at: datetime
) -> _Filled:
    writer = BackupWriter(draft.file, key)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            head = await _head(here, connection, at)
            writer.head(head)
            for table in head.shape.tables:
                await _copy(connection, table, writer)
    except LOST as error:
        raise BackupError(f"База данных прервала снятие копии ({type(error).__name__}).") from None
    sha256 = await asyncio.to_thread(writer.end)
    await asyncio.to_thread(draft.to_disk)
    read = await asyncio.to_thread(check, draft.path, key)
    if read.head != head or read.tallies != writer.tallies:
        raise BackupError("Копия прочитана с диска не такой, какой записана. Проверьте диск: копия не сохранена.")
    return _Filled(draft.final.name, at, len(read.tallies), read.rows, draft.path.stat().st_size, sha256)


async def _head(here: Installation, connection: asyncpg.Connection, at: datetime) -> Manifest:
    salt = uuid4().bytes
    return Manifest(
        format=FORMAT,
        migration=await connection.fetchval("SELECT version_num FROM alembic_version"),
        snapshot_at=at,
        server=str(connection.get_settings().server_version),
        secret_salt=salt.hex(),
        secret_mark=here.secret.mark(salt).hex(),
        shape=await shape_of(connection),
    )


async def _copy(connection: asyncpg.Connection, table: Table, writer: BackupWriter) -> None:
    """Copy one table, in pieces: a region's does not fit into memory."""
    await asyncio.to_thread(writer.table, table)
    async for piece in rows_of(connection, table):
        await asyncio.to_thread(writer.rows, piece)
    await asyncio.to_thread(writer.end_table)


async def rows_of(connection: asyncpg.Connection, table: Table) -> AsyncIterator[bytes]:
    """Yield a table's rows as the text of ``COPY``, in pieces; at most two wait at a time."""
    pieces: asyncio.Queue[bytes | None] = asyncio.Queue(maxsize=2)
    waiting = bytearray()

    async def take(data: bytes) -> None:
        nonlocal waiting
        waiting += data
        if len(waiting) >= PIECE:
            full, waiting = bytes(waiting), bytearray()
            await pieces.put(full)

    async def copy() -> None:
        where: dict[str, Any] = {"schema_name": table.room, "columns": table.columns}
        try:
            await connection.copy_from_table(table.name, output=take, **where)
            await pieces.put(bytes(waiting))
        finally:
            await pieces.put(None)

    copying = asyncio.create_task(copy())
    try:
        while (piece := await pieces.get()) is not None:
            if piece:
                yield piece
        await copying
    finally:
        copying.cancel()
        await asyncio.wait([copying])


async def _note(here: Installation, made: _Filled) -> None:
    now = here.school_clock.now()
    row = BackupMade(uuid4(), made.snapshot_at, now, made.file, made.bytes, made.sha256)
    async with here.database(Role.CORE, pool_size=1) as database, database.begin() as session:
        await backups.note(session, row)
