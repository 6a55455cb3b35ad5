"""Other schools of the same kind: the rows of one, copied by the database itself under other ids.

An id becomes another by its last eight hexadecimal digits, everywhere where something refers to it; only in the
audit's documents, which no step looks into, it stands as it was.
"""

from dataclasses import dataclass
from uuid import UUID

import asyncpg
from sqlalchemy import URL

from core.database import connect_arguments

_DIGITS = 8
_KEPT = 36 - _DIGITS
_ID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{4}"
"""An id without its last digits."""
_COLUMNS = """
SELECT c.table_name, c.column_name, c.udt_name, c.is_generated, c.is_identity
FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
WHERE c.table_schema = 'core' AND t.table_type = 'BASE TABLE'
  AND NOT (SELECT relispartition FROM pg_class WHERE oid = ('core.' || c.table_name)::regclass)
ORDER BY c.table_name, c.ordinal_position"""
_SPEAK_OF_IDS = frozenset({("audit", "subject"), ("timetable_change", "data")})
_OWN_MOMENTS = frozenset({("audit", "at")})
"""No two schools did a thing at the same moment."""
_OWN_NAMES = frozenset({("school", "name"), ("command", "key")})
_UNTENDED = """
UPDATE pg_index SET indisready = false, indisvalid = false FROM pg_class i
WHERE i.oid = indexrelid AND i.relkind = 'i' AND i.relnamespace = 'core'::regnamespace"""
"""Rows then come without entries in any index, and REINDEX makes each whole again; keys cannot be dropped instead,
being referred to."""


@dataclass(frozen=True, slots=True)
class _Column:
    table: str
    name: str
    kind: str

    def copied(self, number: int) -> str:
        """Return the expression of this column in a copy."""
        last = f"{number:0{_DIGITS}x}"
        where = self.table, self.name
        if self.kind == "uuid":
            return _other(self.name, last)
        if self.kind == "_uuid":
            each = f"ARRAY(SELECT {_other('one', last)} FROM unnest({self.name}) AS one)"  # noqa: S608 - the database's own names
            only = f"ARRAY[{_other(f'{self.name}[1]', last)}]"
            return f"CASE cardinality({self.name}) WHEN 0 THEN {self.name} WHEN 1 THEN {only} ELSE {each} END"
        if where in _SPEAK_OF_IDS:
            return f"regexp_replace({self.name}::text, '({_ID})[0-9a-f]{{{_DIGITS}}}', '\\1{last}', 'g')::{self.kind}"
        if where in _OWN_NAMES:
            return f"{self.name} || ' {number}'"
        if where in _OWN_MOMENTS:
            return f"{self.name} + interval '{number} minutes'"
        return self.name


def _other(one: str, last: str) -> str:
    return f"(left({one}::text, {_KEPT}) || '{last}')::uuid"


def id_in(number: int, of: UUID) -> UUID:
    """Return what an id of the first school is in a copy."""
    return UUID(f"{str(of)[:_KEPT]}{number:0{_DIGITS}x}")


async def copy(url: URL, copies: int) -> None:
    """Add copies of the only school of a database; ``url`` is that of its owner."""
    connection = await asyncpg.connect(**connect_arguments(url))
    try:
        # What is copied whole refers to what was copied with it: nothing need be looked up again.
        await connection.execute("SET session_replication_role = replica")
        await connection.execute("SET maintenance_work_mem = '512MB'")
        await connection.execute(_UNTENDED)
        for table, columns in (await _tables(connection)).items():
            await connection.execute(f"CREATE TEMP TABLE first AS SELECT * FROM core.{table}")  # noqa: S608 - the database's own names
            names = ", ".join(one.name for one in columns)
            for number in range(1, copies + 1):
                values = ", ".join(one.copied(number) for one in columns)
                await connection.execute(f"INSERT INTO core.{table} ({names}) SELECT {values} FROM first")  # noqa: S608 - the database's own names
            await connection.execute("DROP TABLE first")
        await connection.execute("REINDEX SCHEMA core")
    finally:
        await connection.close()


async def _tables(connection: asyncpg.Connection) -> dict[str, list[_Column]]:
    """Return the tables that have rows, with the columns that are written."""
    found: dict[str, list[_Column]] = {}
    for table, name, kind, is_generated, is_identity in await connection.fetch(_COLUMNS):
        if is_generated == "NEVER" and is_identity == "NO":
            found.setdefault(table, []).append(_Column(table, name, kind))
    filled = {one: await connection.fetchval(f"SELECT EXISTS (SELECT FROM core.{one})") for one in found}  # noqa: S608 - the database's own names
    return {table: columns for table, columns in found.items() if filled[table]}
