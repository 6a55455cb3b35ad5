"""What the rail is drawn from: the journal's audit, the outbox, the gateway's ledger, each read under its own role.

Any subject of events is shown, whatever it is about: nothing here knows kinds of subjects but the journal's old name
for a roll's entry, ``lesson/<lesson>/<pupil>``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import Database

KEPT_ACTS = 300
KEPT_FACTS = 40

# That a first calling was taken back stands in the roll, not in the audit: its newest act is the taking back.
ACTS = text("""
WITH latest AS (SELECT * FROM core.audit WHERE person_id IS NOT NULL ORDER BY at DESC, id LIMIT :limit)
SELECT a.id, a.at, a.via, a.person_id AS actor, a.before,
  CASE WHEN a.action = 'attendance.roll' AND r.withdrawn
    AND a.at = max(a.at) OVER (PARTITION BY a.subject, a.action) THEN 'attendance.roll.undone'
    ELSE a.action END AS action,
  a.after, p.surname, p.given, p.patronymic, c.title AS class_title, l.number,
  CASE WHEN a.action = 'attendance.record' THEN 'attendance/' || split_part(a.subject, '/', 3) || '/' || l.day
    ELSE a.subject END AS subject
FROM latest a
LEFT JOIN core.person p ON p.id = a.person_id
LEFT JOIN core.lesson l ON a.subject LIKE 'lesson/%' AND l.id::text = split_part(a.subject, '/', 2)
LEFT JOIN core.roll_call r ON r.lesson_id = l.id
LEFT JOIN core.school_class c ON c.id = l.classes[1]
ORDER BY a.at DESC, a.id
""")
# Readings of the diary are registered apart from the audit.
READINGS = text("""
SELECT v.id, v.at, v.via, v.viewer_id AS actor, 'diary.open' AS action, NULL AS before,
  jsonb_build_object('pupil', child.surname || ' ' || child.given) AS after, p.surname, p.given, p.patronymic,
  NULL AS class_title, NULL AS number, 'diary/' || v.pupil_id || '/' || v.viewer_id AS subject
FROM core.diary_view v JOIN core.person p ON p.id = v.viewer_id JOIN core.person child ON child.id = v.pupil_id
ORDER BY v.at DESC, v.id LIMIT :limit
""")
WAITING = text("""
SELECT event ->> 'subject' AS subject, (event ->> 'version')::int AS version, at, event -> 'data' AS data
FROM bus.outbox ORDER BY seq DESC LIMIT :limit
""")
FACTS = text("""
SELECT f.month, f.subject, f.version, f.occurred_at, f.planned_at, f.followers, f.data FROM gateway.fact f
LEFT JOIN LATERAL (
  SELECT max(d.changed_at) AS at FROM gateway.delivery d WHERE d.month = f.month AND d.subject = f.subject
) AS touched ON true
ORDER BY GREATEST(f.occurred_at, touched.at) DESC, f.subject LIMIT :limit
""")
THREADS = text("""
SELECT d.id, d.subject, d.recipient, d.channel, d.state, d.reason, d.want, d.due_at, d.created_at, d.changed_at, b.slot
FROM gateway.delivery d
JOIN unnest(CAST(:months AS date[]), CAST(:subjects AS text[])) AS k (month, subject)
  ON k.month = d.month AND k.subject = d.subject
LEFT JOIN gateway.bundle b ON b.id = d.bundle
ORDER BY d.created_at, d.id
""")
ATTEMPTS = text("""
SELECT delivery, act, version, started_at, finished_at, outcome, reason FROM gateway.attempt
WHERE delivery = ANY(CAST(:deliveries AS uuid[])) ORDER BY started_at, id
""")
RECEIPTS = text("""
SELECT delivery, kind, detail, at FROM gateway.receipt
WHERE delivery = ANY(CAST(:deliveries AS uuid[])) ORDER BY at, key
""")
NAMES = text("SELECT id, surname, given FROM core.person WHERE id = ANY(CAST(:persons AS uuid[]))")

type Rows = Sequence[Row[Any]]


@dataclass(frozen=True, slots=True)
class Records:
    """One look at everything."""

    acts: Rows
    waiting: Rows
    facts: Rows
    threads: Rows
    attempts: Rows
    receipts: Rows
    names: dict[Any, str]
    """Readers by their ids."""


async def look(core: Database, gateway: Database) -> Records:
    """Read what happened lately."""
    async with gateway.begin() as session:
        waiting = (await session.execute(WAITING, {"limit": KEPT_FACTS})).all()
        facts = (await session.execute(FACTS, {"limit": KEPT_FACTS})).all()
        keys = {"months": [row.month for row in facts], "subjects": [row.subject for row in facts]}
        threads = (await session.execute(THREADS, keys)).all()
        deliveries = {"deliveries": [row.id for row in threads]}
        attempts = (await session.execute(ATTEMPTS, deliveries)).all()
        receipts = (await session.execute(RECEIPTS, deliveries)).all()
    async with core.begin() as session:
        found = (await session.execute(ACTS, {"limit": KEPT_ACTS})).all()
        readings = (await session.execute(READINGS, {"limit": KEPT_FACTS})).all()
        names = await _names(session, threads)
    acts = sorted([*found, *readings], key=lambda row: row.at, reverse=True)
    return Records(acts, waiting, facts, threads, attempts, receipts, names)


async def _names(session: AsyncSession, threads: Rows) -> dict[Any, str]:
    persons = sorted({row.recipient for row in threads})
    return {row.id: f"{row.surname} {row.given}" for row in await session.execute(NAMES, {"persons": persons})}
