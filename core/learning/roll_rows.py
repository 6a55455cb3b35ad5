"""The roll of a lesson in the database: read in one statement, written in one.

A roll call takes few statements because each is a way to the server and back while others wait: at a bell all classes
of a region call theirs within minutes.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, JSON, Boolean, Date, DateTime, SmallInteger, Text, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import Act
from core.events import LeftEarly
from core.learning.absence_codes import KINDS
from core.learning.entries import Entry, entry_kept
from core.learning.journal_locks import LOCKING_OF
from core.learning.lesson_learners import LEARN_AT
from core.learning.lock_rules import Locking
from core.rule_book.values import AbsenceCode

type Entries = Mapping[UUID, Entry]
"""By pupil; whoever was there all the time has none."""

_READ = text(f"""
SELECT r.version, r.withdrawn, r.previous, EXISTS (SELECT FROM core.command WHERE key = :key) AS repeated,
  who.pupil, who.learns, a.code, b.late_minutes, b.left_early,
  EXISTS (SELECT FROM core.absence o WHERE o.pupil_id = who.pupil AND o.day = l.day AND o.lesson_id <> l.id)
    OR EXISTS (SELECT FROM core.partial_attendance o WHERE o.pupil_id = who.pupil AND o.day = l.day
      AND o.lesson_id <> l.id AND o.left_early IS NOT NULL) AS missed,
  {LOCKING_OF}
FROM core.lesson l
LEFT JOIN core.roll_call r ON r.lesson_id = l.id
LEFT JOIN LATERAL (
  SELECT pupil, bool_or(learns) AS learns FROM (
    SELECT pupil, true AS learns FROM ({LEARN_AT}) AS learner
    UNION ALL SELECT pupil_id, false FROM core.absence WHERE lesson_id = l.id
    UNION ALL SELECT pupil_id, false FROM core.partial_attendance WHERE lesson_id = l.id) AS one
  GROUP BY pupil) AS who ON true
LEFT JOIN core.absence a ON a.lesson_id = l.id AND a.pupil_id = who.pupil
LEFT JOIN core.partial_attendance b ON b.lesson_id = l.id AND b.pupil_id = who.pupil
WHERE l.id = :lesson""").bindparams(bindparam("lesson", type_=Uuid), bindparam("key", type_=Text))  # noqa: S608 - both are ours

# A cause that is unknown after all is a new entry; one that becomes known leaves the entry as old as it was.
_UNKNOWN_NOW = "excluded.kind = 'unexplained' AND absence.kind <> 'unexplained'"
_WRITE = text(f"""
WITH first AS (
  INSERT INTO core.command (key, at) VALUES (:key, :at) ON CONFLICT DO NOTHING RETURNING key),
called AS (
  INSERT INTO core.roll_call (lesson_id, recorded_by, recorded_at, version, withdrawn, previous, learners)
  SELECT :lesson, :by, :at, 1, :withdrawn, :previous, :learners FROM first
  ON CONFLICT (lesson_id) DO UPDATE SET version = roll_call.version + 1, withdrawn = excluded.withdrawn,
    previous = excluded.previous, learners = CASE WHEN :calls THEN excluded.learners
      WHEN roll_call.learners IS NOT NULL
        THEN ARRAY(SELECT DISTINCT unnest(roll_call.learners || excluded.learners)) END
  RETURNING version),
no_more_absent AS (
  DELETE FROM core.absence WHERE lesson_id = :lesson AND pupil_id = ANY(:there) AND EXISTS (SELECT FROM first)),
no_more_partial AS (
  DELETE FROM core.partial_attendance
  WHERE lesson_id = :lesson AND pupil_id = ANY(:whole) AND EXISTS (SELECT FROM first)),
absent AS (
  INSERT INTO core.absence (lesson_id, pupil_id, day, code, kind, missed, told, recorded_by, recorded_at)
  SELECT :lesson, one.pupil, :day, one.code, one.kind, one.missed, one.told, :by, :at
  FROM first, unnest(:absent, :codes, :kinds, :missed, :told) AS one (pupil, code, kind, missed, told)
  ON CONFLICT (lesson_id, pupil_id) DO UPDATE
  SET code = excluded.code, kind = excluded.kind, missed = excluded.missed, told = excluded.told,
    recorded_by = CASE WHEN {_UNKNOWN_NOW} THEN excluded.recorded_by ELSE absence.recorded_by END,
    recorded_at = CASE WHEN {_UNKNOWN_NOW} THEN excluded.recorded_at ELSE absence.recorded_at END),
partial AS (
  INSERT INTO core.partial_attendance (lesson_id, pupil_id, day, late_minutes, left_early, recorded_by, recorded_at)
  SELECT :lesson, one.pupil, :day, one.late, one.left_early, :by, :at
  FROM first, unnest(:partial, :late, :left) AS one (pupil, late, left_early)
  ON CONFLICT (lesson_id, pupil_id) DO UPDATE
  SET late_minutes = excluded.late_minutes, left_early = excluded.left_early),
days AS (
  INSERT INTO core.attendance_day (pupil_id, day, version)
  SELECT one.pupil, :day, 1 FROM first, unnest(:touched) AS one (pupil) ORDER BY one.pupil
  ON CONFLICT (pupil_id, day) DO UPDATE SET version = attendance_day.version + 1
  RETURNING pupil_id, version)
SELECT called.version AS roll, days.pupil_id AS pupil, days.version AS day_version
FROM called LEFT JOIN days ON true""").bindparams(  # noqa: S608 - all of it is ours
    bindparam("key", type_=Text),
    bindparam("at", type_=DateTime(timezone=True)),
    bindparam("lesson", type_=Uuid),
    bindparam("by", type_=Uuid),
    bindparam("day", type_=Date),
    bindparam("withdrawn", type_=Boolean),
    bindparam("previous", type_=JSON(none_as_null=True)),
    bindparam("calls", type_=Boolean),
    *(bindparam(name, type_=ARRAY(Uuid)) for name in ("learners", "there", "whole", "absent", "partial", "touched")),
    *(bindparam(name, type_=ARRAY(Text)) for name in ("codes", "kinds", "left")),
    *(bindparam(name, type_=ARRAY(Boolean)) for name in ("missed", "told")),
    bindparam("late", type_=ARRAY(SmallInteger)),
)


@dataclass(frozen=True, slots=True)
class RollRows:
    """The roll of a lesson as it stands, while nobody else writes of the lesson."""

    version: int
    """0 while it has not been called."""
    withdrawn: bool
    previous: Entries | None
    """Before the last change; None if that was the first calling."""
    repeated: bool
    """The command has been carried out already."""
    learners: frozenset[UUID]
    entries: Entries
    missing_elsewhere: frozenset[UUID]
    """Of those on the roll: who was absent from another lesson of the day, or left one before its end."""
    locking: Locking

    @property
    def is_called(self) -> bool:
        """Tell whether it counts as called."""
        return self.version > 0 and not self.withdrawn

    @property
    def absent(self) -> int:
        """How many are absent."""
        return sum(entry.code is not None for entry in self.entries.values())

    @property
    def roster(self) -> str:
        """Name this list of learners."""
        return roster_of(self.learners)


@dataclass(frozen=True, slots=True)
class Writing:
    """What is to be written of a roll."""

    lesson: UUID
    day: date
    entries: Mapping[UUID, Entry]
    """Of those that change; an entry without anything: was there."""
    codes: Mapping[str, AbsenceCode]
    """The school's, by what stands in the entries."""
    touched: Collection[UUID]
    """Pupils whose day is another than before."""
    withdrawn: bool
    previous: dict[str, Any] | None
    learners: Collection[UUID]
    """Who is on the list by which it is called; of a roll that is corrected, whom the correction names."""
    calls: bool


def roster_of(learners: Collection[UUID]) -> str:
    """Name a list of learners: two lists of the same people have the same name, and no others."""
    digest = blake2b(digest_size=8)
    for one in sorted(learners):
        digest.update(one.bytes)
    return digest.hexdigest()


async def read(session: AsyncSession, lesson: UUID, key: str) -> RollRows:
    """Read the roll of a lesson."""
    rows = (await session.execute(_READ, {"lesson": lesson, "key": key})).all()
    first = rows[0]
    previous = first.previous
    of_pupils = [row for row in rows if row.pupil is not None]
    return RollRows(
        version=first.version or 0,
        withdrawn=bool(first.withdrawn),
        previous=None if previous is None else {UUID(pupil): entry_kept(kept) for pupil, kept in previous.items()},
        repeated=first.repeated,
        learners=frozenset(row.pupil for row in of_pupils if row.learns),
        entries={row.pupil: entry for row in of_pupils if (entry := _entry(row)) is not None},
        missing_elsewhere=frozenset(row.pupil for row in of_pupils if row.missed),
        locking=Locking(finals=first.finals, open_until=first.open_until),
    )


async def write(session: AsyncSession, act: Act, it: Writing) -> tuple[int, dict[UUID, int]] | None:
    """Write a roll; return its version and those of the days that it touches, None if the command came before."""
    rows = (await session.execute(_WRITE, _values(act, it))).all()
    if not rows:
        return None
    return rows[0].roll, {row.pupil: row.day_version for row in rows if row.pupil is not None}


def _values(act: Act, it: Writing) -> dict[str, Any]:
    absent = [(pupil, it.codes[entry.code]) for pupil, entry in sorted(it.entries.items()) if entry.code is not None]
    partial = [(pupil, entry) for pupil, entry in sorted(it.entries.items()) if entry.is_partial]
    return {
        "key": act.key,
        "at": act.at,
        "lesson": it.lesson,
        "by": act.actor.person,
        "day": it.day,
        "withdrawn": it.withdrawn,
        "previous": it.previous,
        "learners": sorted(it.learners),
        "calls": it.calls,
        "there": [pupil for pupil, entry in it.entries.items() if entry.code is None],
        "whole": [pupil for pupil, entry in it.entries.items() if not entry.is_partial],
        "absent": [pupil for pupil, _ in absent],
        "codes": [code.code for _, code in absent],
        "kinds": [KINDS[code.kind].value for _, code in absent],
        "missed": [code.missed for _, code in absent],
        "told": [code.told for _, code in absent],
        "partial": [pupil for pupil, _ in partial],
        "late": [entry.late_minutes for _, entry in partial],
        "left": [None if entry.left_early is None else entry.left_early.value for _, entry in partial],
        "touched": list(it.touched),
    }


def _entry(row: Any) -> Entry | None:
    if row.code is not None:
        return Entry(row.code)
    if row.late_minutes is None and row.left_early is None:
        return None
    return Entry(None, row.late_minutes, None if row.left_early is None else LeftEarly(row.left_early))
