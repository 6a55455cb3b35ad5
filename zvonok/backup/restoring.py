"""The way back: a backup into an empty database, whole or not at all, then up to this program's migration.

The database is built anew by the migrations up to the backup's own. In one transaction its rows are loaded, compared
with what was counted in the snapshot, held (``gateway.quarantine``), and every door is closed: whenever the machine
dies, there is either an empty database or one in which nothing goes on by itself. What is left to do afterwards
(migrations of a newer program, heads of the audit) is done when the same backup is restored once more.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import asyncpg
from sqlalchemy import URL, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from bot import inbox
from core.database import engine_at
from core.upkeep import after_restore
from gateway import quarantine
from zvonok import migrate
from zvonok.backup.inventory import CONNECT_SECONDS, ROOMS, SESSION, connected, shape_of
from zvonok.backup.making import LOST, rows_of
from zvonok.backup.manifest import Manifest, Shape, Table, Tallies
from zvonok.backup.reading import Begins, Contents, Ends, Piece, check, opening, pieces
from zvonok.backup.sealing import BackupKey
from zvonok.backup.tally import Counter
from zvonok.backup.troubles import BackupError, DamagedError, NotEmptyError
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
# Built on our rooms and standing outside of them: building the rooms anew would take it away without a word.
_BUILT_ON_OURS = """
SELECT format('%I.%I', n.nspname, c.relname) AS name
FROM pg_depend d
JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
JOIN pg_class c ON c.oid = r.ev_class
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_class ours ON d.refclassid = 'pg_class'::regclass AND ours.oid = d.refobjid
WHERE ours.relnamespace::regnamespace::text = ANY($1) AND n.nspname <> ALL($1)
UNION
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_class ours ON ours.oid = k.confrelid
WHERE k.contype = 'f' AND ours.relnamespace::regnamespace::text = ANY($1) AND n.nspname <> ALL($1)
ORDER BY 1
"""
# The very backup stands here, still in quarantine, and the last step of its restore, the audit's entry, was never done.
_UNFINISHED = """
SELECT EXISTS (SELECT FROM gateway.quarantine q WHERE q.snapshot_at = $1 AND q.released_at IS NULL
  AND NOT EXISTS (SELECT FROM core.audit a WHERE a.action = $2 AND a.at >= q.restored_at))
"""
TAKEN_OVER = "backup.restore"
"""Action under which a restore stands in the audit of each school; it is entered last."""
NOT_OURS = (
    "На таблицы установки опирается чужое: {names}. При восстановлении таблицы строятся заново, и это пропало бы. "
    "Уберите его или укажите в ZVONOK_DATABASE_URL новую базу."
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

    ``now`` is the school's clock: what happened before it is held back from readers. A restore of this very backup that
    was cut off after its rows stood is gone on with. Raises ``BackupError``; the database is as it was then.
    """
    try:
        contents = await load(url, source, now)
    except NotEmptyError:
        begun = await _begun(url, source)
        if begun is None:
            raise
        contents = begun
    await migrate.migrate(url)
    await _refresh_statistics(url)
    return contents


async def _begun(url: URL, source: Source) -> Contents | None:
    """Return what an unfinished restore of this backup has brought; None if there was none."""
    contents = await asyncio.to_thread(check, source.path, source.key)
    connection = await connected(url)
    try:
        known = await connection.fetchval("SELECT to_regclass('gateway.quarantine') IS NOT NULL")
        begun = known and await connection.fetchval(_UNFINISHED, contents.head.snapshot_at, TAKEN_OVER)
    finally:
        await connection.close(timeout=5)
    return contents if begun else None


async def load(url: URL, source: Source, now: datetime) -> Contents:
    """Restore at the backup's own migration: all rows, held and with every door closed, or none."""
    with opening(source.path) as file:
        read = pieces(file, source.key, source.path)
        head = await _head(read, source)
        await _build_anew(url, head)
        try:
            async with _transaction(url) as (session, connection):
                tallies = await _fill(connection, head, read, source.path)
                await _hold(connection, head, now)
                await _settle(session, now)
        except (*LOST, SQLAlchemyError) as error:
            raise BackupError(COULD_NOT.format(kind=type(error).__name__)) from error
    return Contents(head, tallies)


async def _settle(session: AsyncSession, now: datetime) -> None:
    """Bring each room in order: nothing is in flight, no door stands open, no update waits.

    In the transaction of the rows, so of columns as old as the oldest backup.
    """
    await quarantine.settle(session)
    await after_restore.close_doors(session, now)
    await inbox.set_aside_all(session, now)


@asynccontextmanager
async def _transaction(url: URL) -> AsyncIterator[tuple[AsyncSession, asyncpg.Connection]]:
    """Open one transaction as the owner of all rooms; give it to statements and, as the driver's own, to ``COPY``."""
    arguments = {"server_settings": SESSION, "timeout": CONNECT_SECONDS}
    engine = engine_at(url, connect_args=arguments)
    try:
        async with AsyncSession(engine) as session, session.begin():
            # The driver's transaction begins with the first statement.
            await session.execute(text("SELECT 1"))
            raw = await (await session.connection()).get_raw_connection()
            yield session, raw.driver_connection
    finally:
        await engine.dispose()


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
            if names := [row["name"] for row in await connection.fetch(_BUILT_ON_OURS, ROOMS)]:
                raise BackupError(NOT_OURS.format(names=", ".join(names)))
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
            raise NotEmptyError(name)


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
