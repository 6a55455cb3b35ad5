"""The way back: a backup into an empty database, whole or not at all, then up to this program's migration.

The database is built anew by the migrations up to the backup's own; its rows are loaded in one transaction, compared
with what was counted in the snapshot, and held (``gateway.quarantine``) before anybody can see them.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import asyncpg
from sqlalchemy import URL

from bot import inbox
from core.database import Database, Role
from core.upkeep import after_restore
from gateway import quarantine
from zvonok import migrate
from zvonok.backup.inventory import ROOMS, connected, shape_of
from zvonok.backup.making import LOST, rows_of
from zvonok.backup.manifest import Manifest, Shape, Table, Tallies
from zvonok.backup.reading import Begins, Contents, Ends, Piece, opening, pieces
from zvonok.backup.sealing import BackupKey
from zvonok.backup.tally import Counter
from zvonok.backup.troubles import BackupError, DamagedError
from zvonok.secret import Secret

_OURS = "SELECT format('%I', nspname) AS room FROM pg_namespace WHERE nspname = ANY($1)"
_ALL = """
SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY($1) AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1
"""
_REFERENCES = """
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS off,
  format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS back
FROM pg_constraint WHERE contype = 'f' AND conparentid = 0 AND connamespace::regnamespace::text = ANY($1)
ORDER BY conrelid::regclass::text, conname
"""
_OPEN_MONTH = "SELECT gateway.open_month($1)"
_COUNT_ON = "SELECT setval(pg_get_serial_sequence(format('%I.%I', $1::text, $2::text), $3), $4)"
# Of columns as old as the oldest backup: this runs before newer migrations.
_HOLD = (
    """INSERT INTO gateway.quarantine (id, snapshot_at, restored_at) VALUES (gen_random_uuid(), $1, $2)""",
    "UPDATE gateway.delivery SET held = true WHERE state IN ('pending', 'claimed', 'sending')",
)
NOT_EMPTY = (
    "База данных не пуста: в ней есть {table}. Восстанавливают только в пустую, чтобы ничего не стереть. "
    "Укажите в ZVONOK_DATABASE_URL новую базу или в ZVONOK_DATA новую папку."
)
FOREIGN = (
    "Копия {file} сделана установкой с другим секретом: адреса родителей, коды и цепочки аудита без него не прочитать. "
    "Верните прежний секрет: в ZVONOK_SECRET или файлом secret в папку данных."
)
NEWER = "Копия {file} сделана более новой программой (миграция {migration}). Обновите программу и повторите."
OTHER_BUILD = (
    "Копия {file} сделана сборкой программы с другим устройством таблиц: {table}. Возьмите ту же версию программы."
)
COULD_NOT = "База данных не приняла копию ({kind}). В ней ничего не изменилось."


@dataclass(frozen=True, slots=True)
class Source:
    """A backup to restore from, and what must fit it."""

    path: Path
    key: BackupKey
    secret: Secret


async def restore(url: URL, source: Source, now: datetime) -> Contents:
    """Restore into an empty database and bring it up to the newest migration; return what was restored.

    ``now`` is the school's clock: what happened before it is held back from readers. Raises ``BackupError``; the
    database holds nothing then.
    """
    contents = await load(url, source, now)
    await migrate.migrate(url)
    await settle(url, now)
    await _refresh_statistics(url)
    return contents


async def settle(url: URL, now: datetime) -> None:
    """Bring each room in order: nothing is in flight, no door stands open, no update waits. Repeatable."""
    async with _room(url, Role.GATEWAY) as database, database.begin() as session:
        await quarantine.settle(session)
    async with _room(url, Role.CORE) as database, database.begin() as session:
        await after_restore.close_doors(session, now)
    async with _room(url, Role.BOT) as database:
        await inbox.set_aside_all(database, now)


@asynccontextmanager
async def _room(url: URL, role: Role) -> AsyncIterator[Database]:
    database = Database(url, role, pool_size=1)
    try:
        yield database
    finally:
        await database.close()


async def load(url: URL, source: Source, now: datetime) -> Contents:
    """Restore at the backup's own migration."""
    with opening(source.path) as file:
        read = pieces(file, source.key, source.path)
        head = await _head(read, source)
        await _build_anew(url, head)
        connection = await connected(url)
        try:
            async with connection.transaction():
                tallies = await _fill(connection, head, read, source.path)
                await _hold(connection, head, now)
        except LOST as error:
            raise BackupError(COULD_NOT.format(kind=type(error).__name__)) from error
        finally:
            await connection.close(timeout=5)
    return Contents(head, tallies)


async def _head(read: Iterator[Piece], source: Source) -> Manifest:
    """Read the manifest and look whether this program and this installation can do anything with it."""
    head = await asyncio.to_thread(next, read)
    if not isinstance(head, Manifest):
        raise DamagedError(source.path, "в ней нет заголовка")
    if head.migration > migrate.newest():
        raise BackupError(NEWER.format(file=source.path.name, migration=head.migration))
    if source.secret.mark(bytes.fromhex(head.secret_salt)).hex() != head.secret_mark:
        raise BackupError(FOREIGN.format(file=source.path.name))
    return head


async def _build_anew(url: URL, head: Manifest) -> None:
    """Take away empty rooms and build them at the backup's migration."""
    connection = await connected(url)
    try:
        async with connection.transaction():
            await _require_empty(connection)
            for row in await connection.fetch(_OURS, ROOMS):
                await connection.execute(f"DROP SCHEMA {row['room']} CASCADE")
            await connection.execute("DROP TABLE IF EXISTS alembic_version")
    except LOST as error:
        raise BackupError(COULD_NOT.format(kind=type(error).__name__)) from error
    finally:
        await connection.close(timeout=5)
    await migrate.migrate(url, head.migration)


async def _require_empty(connection: asyncpg.Connection) -> None:
    for row in await connection.fetch(_ALL, ROOMS):
        name = row["name"]
        await connection.execute(f"LOCK TABLE {name} IN ACCESS EXCLUSIVE MODE")
        # The name was quoted by the database itself.
        if await connection.fetchval(f"SELECT EXISTS (SELECT FROM {name})"):  # noqa: S608
            raise BackupError(NOT_EMPTY.format(table=name))


async def _fill(connection: asyncpg.Connection, head: Manifest, read: Iterator[Piece], path: Path) -> Tallies:
    await _require_empty(connection)
    for month in head.shape.months:
        await connection.execute(_OPEN_MONTH, month)
    _compare_shapes(head.shape, await shape_of(connection), path)
    references = await connection.fetch(_REFERENCES, ROOMS)
    for one in references:
        await connection.execute(one["off"])
    tallies = await _load(connection, read, path)
    for one in references:
        await connection.execute(one["back"])
    for counting in head.shape.countings:
        if counting.last is not None:
            await connection.execute(_COUNT_ON, counting.room, counting.table, counting.column, counting.last)
    await compare(connection, head.shape.tables, tallies)
    return tallies


def _compare_shapes(wanted: Shape, built: Shape, path: Path) -> None:
    """Refuse a backup of other tables: a migration that was edited since would lose columns without a word."""
    ours = {(str(table), table.columns) for table in built.tables}
    for table in wanted.tables:
        if (str(table), table.columns) not in ours:
            raise BackupError(OTHER_BUILD.format(file=path.name, table=table))


async def _load(connection: asyncpg.Connection, read: Iterator[Piece], path: Path) -> Tallies:
    tallies: Tallies = {}
    table: Table | None = None
    async for piece in _in_thread(read):
        match piece:
            case Begins(table):
                ended = await _load_table(connection, table, read)
                tallies[str(table)] = ended.tally
            case _:
                raise DamagedError(path, f"после таблицы {table} стоит не то")
    return tallies


async def _load_table(connection: asyncpg.Connection, table: Table, read: Iterator[Piece]) -> Ends:
    ends: list[Ends] = []

    async def rows() -> AsyncIterator[bytes]:
        async for piece in _in_thread(read):
            match piece:
                case bytes():
                    yield piece
                case Ends():
                    ends.append(piece)
                    return

    await connection.copy_to_table(table.name, source=rows(), schema_name=table.room, columns=table.columns)
    return ends[0]


async def _in_thread(read: Iterator[Piece]) -> AsyncIterator[Piece]:
    """Yield what is read and opened in a thread."""
    while (piece := await asyncio.to_thread(next, read, None)) is not None:
        yield piece


async def compare(connection: asyncpg.Connection, tables: Sequence[Table], tallies: Tallies) -> None:
    """Count the database's own rows and compare with the backup's. Raises ``BackupError`` naming the table."""
    for table in tables:
        counter = Counter()
        async for piece in rows_of(connection, table):
            await asyncio.to_thread(counter.feed, piece)
        if counter.tally() != tallies[str(table)]:
            raise BackupError(f"Таблица {table} восстановилась не такой, какой была в копии.")


async def _hold(connection: asyncpg.Connection, head: Manifest, now: datetime) -> None:
    begin, hold = _HOLD
    await connection.execute(begin, head.snapshot_at, now)
    await connection.execute(hold)


async def _refresh_statistics(url: URL) -> None:
    """Tell PostgreSQL's planner of the new rows: the first hour would be slow without it."""
    connection = await connected(url)
    try:
        await connection.execute("ANALYZE")
    finally:
        await connection.close(timeout=5)
