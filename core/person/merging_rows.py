"""What becomes of every row of a person recorded twice: whose it is then, and which of two that collide stays.

One entry for each table that names a person; a test compares the list with the database. What only says who did
something (who sealed, confirmed, granted, settled) stays as it was written: ``merged_into`` leads on from there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

ALL = "all of it becomes his"
KEPT_STAYS = "his own stays; where he has none, the other's becomes his"


@dataclass(frozen=True, slots=True)
class Handover:
    """What becomes of the rows of one table."""

    table: str
    columns: tuple[str, ...]
    rule: str
    statements: tuple[TextClause, ...]
    """In this order, with ``:kept`` and ``:gone``."""


def _plain(table: str, *columns: str) -> Handover:
    """Hand over what cannot collide."""
    # Names of tables and columns are our own.
    moves = (f"UPDATE core.{table} SET {column} = :kept WHERE {column} = :gone" for column in columns)  # noqa: S608 - names of our own
    return Handover(table, columns, ALL, tuple(text(one) for one in moves))


def _single(table: str, column: str, *before: str) -> Handover:
    """Hand over the one row that a person may have, unless the kept one has it."""
    move = (
        f"UPDATE core.{table} SET {column} = :kept WHERE {column} = :gone"  # noqa: S608 - names of our own
        f" AND NOT EXISTS (SELECT FROM core.{table} k WHERE k.{column} = :kept)"
    )
    drop = f"DELETE FROM core.{table} WHERE {column} = :gone"  # noqa: S608 - names of our own
    return Handover(table, (column,), KEPT_STAYS, tuple(text(one) for one in (*before, move, drop)))


def _keyed(table: str, column: str, others: Sequence[str], newer: str | None) -> Handover:
    """Hand over rows that collide by the rest of their key; ``newer`` is the column by which the later one stays."""
    same = " AND ".join(f"k.{one} = g.{one}" for one in others)
    pair = f"k.{column} = :kept AND g.{column} = :gone AND {same}"
    later = (
        [f"DELETE FROM core.{table} k USING core.{table} g WHERE {pair} AND k.{newer} < g.{newer}"] if newer else []  # noqa: S608 - names of our own
    )
    rest = [
        f"DELETE FROM core.{table} g USING core.{table} k WHERE {pair}",  # noqa: S608 - names of our own
        f"UPDATE core.{table} SET {column} = :kept WHERE {column} = :gone",  # noqa: S608 - names of our own
    ]
    rule = "of two that collide the later one stays" if newer else "of two that are the same one stays"
    return Handover(table, (column,), rule, tuple(text(one) for one in (*later, *rest)))


_OVERLAP = """k.person_id = :kept AND g.person_id = :gone AND k.role = g.role
  AND k.school_id IS NOT DISTINCT FROM g.school_id AND k.authority_id IS NOT DISTINCT FROM g.authority_id
  AND k.class_id IS NOT DISTINCT FROM g.class_id
  AND k.since <= COALESCE(g.until, DATE 'infinity') AND g.since <= COALESCE(k.until, DATE 'infinity')"""
ROLES = Handover(
    "role_assignment",
    ("person_id",),
    "one role held twice at one time is held once, from the earlier day to the later",
    (
        text(f"""
UPDATE core.role_assignment r SET since = x.since, until = x.until
FROM (SELECT k.id, LEAST(k.since, min(g.since)) AS since,
    CASE WHEN k.until IS NULL OR bool_or(g.until IS NULL) THEN NULL ELSE GREATEST(k.until, max(g.until)) END AS until
  FROM core.role_assignment k, core.role_assignment g WHERE {_OVERLAP} GROUP BY k.id) x
WHERE r.id = x.id"""),  # noqa: S608 - a condition of our own
        text(f"DELETE FROM core.role_assignment g USING core.role_assignment k WHERE {_OVERLAP}"),  # noqa: S608 - names of our own
        text("UPDATE core.role_assignment SET person_id = :kept WHERE person_id = :gone"),
    ),
)
STAFF = """UPDATE core.staff k SET since = CASE WHEN k.since IS NULL OR g.since IS NULL THEN NULL
    ELSE LEAST(k.since, g.since) END,
  until = CASE WHEN k.until IS NULL OR g.until IS NULL THEN NULL ELSE GREATEST(k.until, g.until) END
FROM core.staff g WHERE k.person_id = :kept AND g.person_id = :gone"""
CARDS = Handover(
    "personal_card",
    ("person_id",),
    "his own sections stay, unfilled ones are filled from the other's",
    (
        text("""
UPDATE core.personal_card k SET version = GREATEST(k.version, g.version) + 1,
  data = g.data || (SELECT COALESCE(jsonb_object_agg(e.key, e.value), '{}') FROM jsonb_each(k.data) e
    WHERE e.value <> '""')
FROM core.personal_card g WHERE k.person_id = :kept AND g.person_id = :gone AND k.kind = g.kind"""),
        text("""
DELETE FROM core.personal_card g USING core.personal_card k
WHERE k.person_id = :kept AND g.person_id = :gone AND k.kind = g.kind"""),
        text("UPDATE core.personal_card SET person_id = :kept WHERE person_id = :gone"),
    ),
)
DAYS = Handover(
    "attendance_day",
    ("pupil_id",),
    "the higher version stays, and is raised by whoever states the day anew",
    (
        text("""
INSERT INTO core.attendance_day (pupil_id, day, version)
SELECT :kept, g.day, g.version FROM core.attendance_day g WHERE g.pupil_id = :gone
ON CONFLICT (pupil_id, day) DO UPDATE SET version = GREATEST(attendance_day.version, excluded.version)"""),
        text("DELETE FROM core.attendance_day WHERE pupil_id = :gone"),
    ),
)


def _dated(table: str, rival: str) -> Handover:
    """Hand over times that share no day with his own; ``rival`` says which of his own may stand against one."""
    clash = (
        f"k.pupil_id = :kept AND ({rival}) AND daterange(k.since, k.until, '[]') && daterange(g.since, g.until, '[]')"
    )
    return Handover(
        table,
        ("pupil_id",),
        "his own times stay; those of the other that share no day with them become his",
        (
            text(
                f"UPDATE core.{table} g SET pupil_id = :kept WHERE g.pupil_id = :gone"  # noqa: S608 - names of our own
                f" AND NOT EXISTS (SELECT FROM core.{table} k WHERE {clash})"
            ),
            text(f"DELETE FROM core.{table} WHERE pupil_id = :gone"),  # noqa: S608 - names of our own
        ),
    )


# Two weekly lessons of his own at one hour: the other's is told apart by a first day long before the year.
OWN_SLOTS = Handover(
    "slot",
    ("pupil_id",),
    ALL,
    (
        text("""
UPDATE core.slot g SET since = DATE '1900-01-01' FROM core.slot k
WHERE g.pupil_id = :gone AND k.pupil_id = :kept AND g.since IS NULL AND k.since IS NULL
  AND (g.weekday, g.number, g.every) = (k.weekday, k.number, k.every)"""),
        text("UPDATE core.slot SET pupil_id = :kept WHERE pupil_id = :gone"),
    ),
)
SUBSTITUTIONS = Handover(
    "timetable_change",
    (),
    ALL,
    (
        text("""
UPDATE core.timetable_change SET data = jsonb_set(data, '{teacher}', to_jsonb(CAST(CAST(:kept AS uuid) AS text)))
WHERE data ->> 'teacher' = CAST(CAST(:gone AS uuid) AS text)"""),
    ),
)
PREVIOUS_ROLL = text("""
UPDATE core.roll_call SET previous = (previous - CAST(CAST(:gone AS uuid) AS text)) || jsonb_build_object(
  CAST(CAST(:kept AS uuid) AS text), COALESCE(previous -> CAST(CAST(:kept AS uuid) AS text),
    previous -> CAST(CAST(:gone AS uuid) AS text)))
WHERE jsonb_exists(previous, CAST(CAST(:gone AS uuid) AS text))""")
LISTED_ON_ROLL = text("""
UPDATE core.roll_call SET learners = array_replace(learners, :gone, :kept)
WHERE :gone = ANY(learners) AND lesson_id IN (
  SELECT l.id FROM core.lesson l JOIN core.enrolment e ON e.class_id = ANY(l.classes)
  WHERE e.pupil_id IN (:gone, :kept))
""").bindparams(bindparam("gone", type_=Uuid), bindparam("kept", type_=Uuid))
ROLLS = Handover(
    "roll_call",
    ("recorded_by",),
    ALL,
    (*_plain("roll_call", "recorded_by").statements, PREVIOUS_ROLL, LISTED_ON_ROLL),
)

LOADS = Handover(
    "teaching_load",
    ("teacher_id",),
    "of two that are the same one stays",
    (
        text("""
DELETE FROM core.teaching_load g USING core.teaching_load k
WHERE k.teacher_id = :kept AND g.teacher_id = :gone AND (k.school_id, k.year, k.subject_id)
  = (g.school_id, g.year, g.subject_id) AND (k.class_id, k.group_id, k.pupil_id)
  IS NOT DISTINCT FROM (g.class_id, g.group_id, g.pupil_id)"""),
        text("UPDATE core.teaching_load SET teacher_id = :kept WHERE teacher_id = :gone"),
    ),
)

HANDOVERS: tuple[Handover, ...] = (
    # What a pupil has.
    _single("pupil", "person_id"),
    _dated("enrolment", "true"),
    _dated("group_member", "k.group_id = g.group_id OR k.division = g.division"),
    _plain("study_plan", "pupil_id"),
    _keyed("teaching_load", "pupil_id", ["teacher_id", "subject_id", "year"], None),
    OWN_SLOTS,
    _plain("lesson", "pupil_id"),
    _keyed("absence", "pupil_id", ["lesson_id"], "recorded_at"),
    _plain("absence", "recorded_by"),
    _keyed("absence_answer", "pupil_id", ["day", "guardian_id"], "at"),
    _keyed("absence_answer", "guardian_id", ["day", "pupil_id"], "at"),
    _keyed("partial_attendance", "pupil_id", ["lesson_id"], "recorded_at"),
    _plain("partial_attendance", "recorded_by"),
    _plain("announced_absence", "pupil_id", "announced_by"),
    _keyed("released_pupil", "pupil_id", ["release_id"], None),
    _keyed("event_absence", "pupil_id", ["event_id"], "recorded_at"),
    _plain("event_absence", "recorded_by"),
    DAYS,
    _plain("mark", "pupil_id", "given_by"),
    _plain("remark", "pupil_id", "author_id"),
    _keyed("notice_pupil", "pupil_id", ["notice_id"], None),
    _single("majority", "pupil_id"),
    # What an employee has.
    _single("staff", "person_id", STAFF),
    ROLES,
    _plain("school_class", "class_teacher_id"),
    _plain("slot", "teacher_id"),
    _plain("lesson", "teacher_id", "substitute_id"),
    SUBSTITUTIONS,
    LOADS,
    ROLLS,
    _plain("event_roll", "recorded_by"),
    _plain("absence_recheck", "rechecked_by"),
    _plain("roll_deadline", "teacher_id"),
    _plain("release_order", "made_by"),
    _plain("homework", "set_by"),
    _plain("notice", "author_id"),
    # What anybody has.
    CARDS,
    _single("identity_document", "person_id"),
    _single("institution", "person_id"),
    _keyed("account_person", "person_id", ["account_id"], None),
    _keyed("former_account", "person_id", ["account_id"], None),
    _plain("link_code", "person_id"),
    _plain("session", "person_id"),
    _plain("password_reset", "person_id"),
    _plain("mailbox_claim", "person_id"),
    _plain("mailbox_refusal", "person_id"),
    _plain("breach", "person_id"),
    _plain("data_change", "about_id", "told_by"),
    _plain("person", "merged_into"),
)
BY_HAND: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "guardianship": ("pupil_id", "guardian_id"),
        "contact": ("person_id",),
        "consent": ("pupil_id", "guardian_id"),
        "diary_view": ("pupil_id", "viewer_id"),
        "notice_answer": ("guardian_id",),
        "movement": ("pupil_id",),
    }
)
"""Tables whose rows are handed over with events, or by the database's own function for evidence."""


async def hand_over(session: AsyncSession, kept: UUID, gone: UUID) -> dict[str, int]:
    """Hand over the rows of ``HANDOVERS``; return how many were touched, by table."""
    counts: dict[str, int] = {}
    for handover in HANDOVERS:
        for statement in handover.statements:
            # A statement of text answers with a cursor, whose count is that of rows touched.
            result: Any = await session.execute(statement, {"kept": kept, "gone": gone})
            if result.rowcount > 0:
                counts[handover.table] = counts.get(handover.table, 0) + result.rowcount
    return counts
