"""Two databases of one school: both have messages that are due, one has a million finished ones beside them.

The rows are made by SQL in the months that are open to the gateway, as a school leaves them: those of summer are almost
empty. Older months are there as partitions, closed and empty: no statement may look into them.
"""

from datetime import date, datetime, timedelta

import asyncpg
from sqlalchemy import URL

from core.database import connect_arguments
from core.school_time import month_of
from gateway.partition import oldest_month

MONTHS = 24
DUE = 2_000
"""Messages that wait alone; as many wait in letters."""
IN_A_LETTER = 5
_SCHOOL_ID, _PART = "00000000-0000-4000-8000-000000000001", 7
_SUMMER = {6: 0.1, 7: 0.0, 8: 0.1}
"""Of an ordinary month's messages."""

_SCHOOL = "INSERT INTO gateway.school (id, part, version, rev, state) VALUES ($1, $2, 1, 1, '{}')"
_HORIZON = "INSERT INTO gateway.intake (source, part, horizon, seen_at) VALUES ('core', $1, $2, $2)"
_READERS = """INSERT INTO gateway.recipient (id, school, rev)
SELECT md5('r' || n)::uuid, $1, 1 FROM generate_series(1, 2000) n"""
_BUNDLES = """INSERT INTO gateway.bundle (id, recipient, channel, slot)
SELECT md5('b' || n)::uuid, md5('r' || n)::uuid, 'telegram', $1 FROM generate_series(1, $2::int) n"""
_ROWS = """INSERT INTO gateway.delivery (month, id, subject, recipient, channel, purpose, school, part, credential,
  lane, not_before, due_at, expires_at, state, want, want_key, told, told_key, gen, recipient_rev, school_rev,
  provider_id, attempts, unknowns, created_at, changed_at, bundle)
SELECT $1, gen_random_uuid(), 'mark/' || gen_random_uuid(), md5('r' || 1 + n % 2000)::uuid, 'telegram', 'alert', $2,
  $3, $4, 1, at, at, at + interval '7 days', $5, 1, key, told, CASE WHEN told = 1 THEN key END, 1, 1, 1,
  CASE WHEN told = 1 THEN n::text END, 0, 0, at, at,
  CASE WHEN $8::int > 0 THEN md5('b' || 1 + (n - 1) / $8::int)::uuid END
FROM (SELECT n, $6::timestamptz + n * interval '1 second' AS at, CASE WHEN $5 = 'accepted' THEN 1 END AS told,
  '{"acknowledged":false,"bad":false,"of":"mark","subject":"алгебра","value":4,"work":"answer"}' AS key
  FROM generate_series(1, $7::int) n) one"""
_UNTENDED = """UPDATE pg_index SET indisready = false, indisvalid = false FROM pg_class i
WHERE i.oid = indexrelid AND i.relkind = 'i' AND i.relnamespace = 'gateway'::regnamespace"""
"""Rows then come without entries in any index, and REINDEX makes each whole again: a third of the time."""


def months_until(now: datetime) -> list[date]:
    """Return the months of the partitions, the newest last."""
    found = [month_of(now.date())]
    while len(found) < MONTHS:
        found.append(month_of(found[-1] - timedelta(days=1)))
    return found[::-1]


def finished_in(now: datetime, finished: int) -> dict[date, int]:
    """Return how many finished messages each open month holds."""
    opened = [month for month in months_until(now) if month >= oldest_month(now)]
    weights = {month: _SUMMER.get(month.month, 1.0) for month in opened}
    return {month: round(finished * weight / sum(weights.values())) for month, weight in weights.items()}


async def fill(url: URL, credential: str, now: datetime, finished: int) -> None:
    """Make the months, what is due in the newest one, and a past of so many messages; let the server look at it all."""
    connection = await asyncpg.connect(**connect_arguments(url))
    try:
        await connection.execute("SET synchronous_commit = off")
        await connection.execute(_SCHOOL, _SCHOOL_ID, _PART)
        await connection.execute(_HORIZON, _PART, now)
        await connection.execute(_READERS, _SCHOOL_ID)
        months = months_until(now)
        for month in months:
            await connection.execute("SELECT gateway.open_month($1)", month)
        await connection.execute(_UNTENDED)
        for month, count in finished_in(now, finished).items() if finished else ():
            at = datetime.combine(month, now.timetz())
            await connection.execute(_ROWS, month, _SCHOOL_ID, _PART, credential, "accepted", at, count, 0)
        await connection.execute(_BUNDLES, now, DUE // IN_A_LETTER)
        waiting = (months[-1], _SCHOOL_ID, _PART, credential, "pending", now - timedelta(hours=1), DUE)
        await connection.execute(_ROWS, *waiting, 0)
        await connection.execute(_ROWS, *waiting, IN_A_LETTER)
        await connection.execute("REINDEX SCHEMA gateway")
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()
