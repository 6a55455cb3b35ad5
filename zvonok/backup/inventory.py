"""What there is to back up, asked of the database itself, so that no table can be forgotten."""

import re
from datetime import date
from typing import Any

import asyncpg
from sqlalchemy import URL

from core.database import Role, connect_arguments
from zvonok.backup.manifest import Counting, Shape, Table
from zvonok.backup.troubles import BackupError

ROOMS = tuple(role.value for role in Role)
"""Schemas that are ours. Beside them stands only the number of the migration."""
CONNECT_SECONDS = 10
# The text of COPY must not depend on who asks, since it is compared; and nobody may cut a long copy short.
SESSION = {
    "application_name": "zvonok:backup",
    "timezone": "UTC",
    "datestyle": "ISO, YMD",
    "intervalstyle": "postgres",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    "statement_timeout": "0",
    "lock_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "row_security": "off",
}
_TABLES = """
SELECT n.nspname AS room, c.relname AS name, array_agg(a.attname::text ORDER BY a.attname) AS columns
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE n.nspname = ANY($1) AND c.relkind = 'r' GROUP BY 1, 2 ORDER BY 1, 2
"""
_COUNTINGS = """
SELECT n.nspname AS room, c.relname AS table, a.attname AS column,
  pg_sequence_last_value(pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname)::regclass) AS last
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attidentity <> ''
WHERE n.nspname = ANY($1) AND c.relkind = 'r' ORDER BY 1, 2, 3
"""
_PARTITIONS = """
SELECT DISTINCT pg_get_expr(c.relpartbound, c.oid) AS bounds
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY($1) AND c.relispartition AND c.relkind = 'r'
"""
_FIRST_DAY = re.compile(r"FROM \('(\d{4}-\d{2}-\d{2})'\)")


async def connected(url: URL) -> asyncpg.Connection:
    """Connect as the owner of all rooms, past their walls. Raises ``BackupError``."""
    arguments: dict[str, Any] = connect_arguments(url)
    try:
        return await asyncpg.connect(**arguments, timeout=CONNECT_SECONDS, server_settings=SESSION)
    except (OSError, asyncpg.PostgresError, TimeoutError) as error:
        raise BackupError(f"База данных не отвечает или не пускает ({type(error).__name__}).") from None


async def shape_of(connection: asyncpg.Connection) -> Shape:
    """Return how the database is built, as the connection's snapshot sees it."""
    tables = await connection.fetch(_TABLES, ROOMS)
    countings = await connection.fetch(_COUNTINGS, ROOMS)
    bounds = await connection.fetch(_PARTITIONS, ROOMS)
    return Shape(
        tables=tuple(Table(room=row["room"], name=row["name"], columns=row["columns"]) for row in tables),
        countings=tuple(Counting.model_validate(dict(row)) for row in countings),
        months=tuple(sorted(_month(row["bounds"]) for row in bounds)),
    )


def _month(bounds: str) -> date:
    found = _FIRST_DAY.search(bounds)
    if found is None:
        raise BackupError(f"Раздел таблицы с границами {bounds} незнаком этой версии программы.")
    return date.fromisoformat(found[1])
