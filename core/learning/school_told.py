"""What a school's administration is told of its day: which rolls are late, and how the morning is.

Source: DL-01 and ATT-15 (the record of attendance is controlled inside the school). Both are subjects of a day: what
was told of late rolls is changed as they are called; the morning is told once, at the time the school's rules name.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Date, DateTime, Text, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import OFFICE
from core.event_attendance import (
    LateLesson,
    SchoolMorningState,
    SchoolRollsState,
    school_morning_subject,
    school_rolls_subject,
)
from core.events import event
from core.learning import absence_counts, roll_deadlines
from core.learning.roll_deadlines import LateRoll
from core.outbox import publish
from core.rule_book.profiles import RULES_IN_SQL, every_profile
from core.year.span import Span

MORNINGS_AT_ONCE = 20
"""Schools told in one go: each asks for its head counts, and a region has hundreds."""
_AT = (bindparam("now", type_=DateTime(timezone=True)), bindparam("profiles", type_=Text))
_TODAY = "CAST(CAST(:now AS timestamptz) AT TIME ZONE s.zone AS date)"
# It rings when more have become late, as often as the school wants. All of what is put in is our own.
_ROLLS = text(f"""
WITH late AS (
  SELECT l.school_id, array_agg(d.lesson_id ORDER BY d.lesson_id) AS lessons
  FROM core.roll_deadline d
  JOIN core.lesson l ON l.id = d.lesson_id
  JOIN core.school s ON s.id = l.school_id
  WHERE d.overdue AND d.step = 3 AND d.day BETWEEN :first AND :last AND l.day = {_TODAY}
  GROUP BY l.school_id),
changed AS (
  SELECT s.id, {_TODAY} AS day, coalesce(late.lessons, '{{}}') AS lessons, coalesce(told.version, 0) AS version,
    coalesce(told.rung, 0) AS rung,
    NOT coalesce(late.lessons, '{{}}') <@ coalesce(told.lessons, '{{}}')
      AND coalesce(told.rung, 0) < ({RULES_IN_SQL} ->> 'roll_reminders_a_day')::int AS rings
  FROM core.school s
  LEFT JOIN late ON late.school_id = s.id
  LEFT JOIN core.school_rolls told ON told.school_id = s.id AND told.day = {_TODAY}
  WHERE coalesce(late.lessons, '{{}}') <> coalesce(told.lessons, '{{}}'))
INSERT INTO core.school_rolls (school_id, day, version, lessons, rung)
SELECT id, day, version + 1, lessons, rung + rings::int FROM changed ORDER BY id
ON CONFLICT (school_id, day) DO UPDATE
SET version = excluded.version, lessons = excluded.lessons, rung = excluded.rung
WHERE school_rolls.version < excluded.version
RETURNING school_id, day, version, lessons, rung""").bindparams(  # noqa: S608 - our own
    *_AT, bindparam("first", type_=Date), bindparam("last", type_=Date)
)
_MORNINGS = text(f"""
INSERT INTO core.school_morning (school_id, day)
SELECT s.id, {_TODAY} FROM core.school s
WHERE CAST(CAST(:now AS timestamptz) AT TIME ZONE s.zone AS time) >= ({RULES_IN_SQL} ->> 'morning_at')::time
  AND EXISTS (SELECT FROM core.lesson l WHERE l.school_id = s.id AND l.day = {_TODAY})
  AND NOT EXISTS (SELECT FROM core.school_morning m WHERE m.school_id = s.id AND m.day = {_TODAY})
ORDER BY s.id LIMIT :most
ON CONFLICT DO NOTHING
RETURNING school_id, day""").bindparams(*_AT)  # noqa: S608 - our own
_LESSONS = text("""
SELECT count(*) FILTER (WHERE substitute_id IS NOT NULL AND cancelled IS NULL) AS substituted,
  count(*) FILTER (WHERE cancelled IS NOT NULL) AS cancelled
FROM core.lesson WHERE school_id = :school AND day = :day""")
# Who works there, as the rights ask it (``core.rights``).
_ADMINISTRATION = text("""
SELECT a.school_id, a.role, a.person_id
FROM unnest(:schools, :days) AS asked (school, day)
JOIN core.role_assignment a ON a.school_id = asked.school AND a.role IN ('director', 'deputy')
  AND a.since <= asked.day AND (a.until IS NULL OR a.until >= asked.day)
JOIN core.staff w ON w.person_id = a.person_id
  AND (w.since IS NULL OR w.since <= asked.day) AND (w.until IS NULL OR w.until >= asked.day)
ORDER BY a.person_id""").bindparams(bindparam("schools", type_=ARRAY(Uuid)), bindparam("days", type_=ARRAY(Date)))


@dataclass(frozen=True, slots=True)
class Administration:
    """Who answers for a school on a day."""

    directors: tuple[UUID, ...]
    deputies: tuple[UUID, ...]

    @property
    def of_journal(self) -> tuple[UUID, ...]:
        """Who controls the journal (ROLE-14): the deputies, or the director of a school without any."""
        return self.deputies or self.directors

    @property
    def all(self) -> tuple[UUID, ...]:
        """Everybody, each once."""
        return tuple(dict.fromkeys((*self.directors, *self.deputies)))


async def tell_rolls(session: AsyncSession, now: datetime) -> int:
    """State of each school whose late rolls are others than were told; return of how many.

    Call it after ``roll_deadlines.tick``; again, by whoever else, states nothing twice. Sets, however many.
    """
    values = {"now": now, "profiles": every_profile(), **roll_deadlines.days_around(now)}
    told = (await session.execute(_ROLLS, values)).all()
    if not told:
        return 0
    late = defaultdict[UUID, list[LateLesson]](list)
    for one in await roll_deadlines.of_lessons(session, [lesson for row in told for lesson in row.lessons]):
        late[one.school].append(_late(one))
    of = await _administration(session, told)
    await publish(
        session,
        *(
            event(
                SchoolRollsState(
                    day=row.day,
                    lessons=tuple(late[row.school_id]),
                    administration=of[row.school_id].of_journal,
                    rings=row.rung,
                ),
                subject=school_rolls_subject(row.school_id, row.day),
                school=row.school_id,
                version=row.version,
                at=now,
            )
            for row in told
        ),
    )
    return len(told)


async def tell_mornings(session: AsyncSession, now: datetime) -> int:
    """State the morning of some schools whose time has come, and that have lessons today; return of how many."""
    values = {"now": now, "profiles": every_profile(), "most": MORNINGS_AT_ONCE}
    due = (await session.execute(_MORNINGS, values)).all()
    if not due:
        return 0
    of = await _administration(session, due)
    await publish(
        session,
        *[
            event(
                await _morning(session, row, of[row.school_id], now),
                subject=school_morning_subject(row.school_id, row.day),
                school=row.school_id,
                version=1,
                at=now,
            )
            for row in due
        ],
    )
    return len(due)


def _late(one: LateRoll) -> LateLesson:
    return LateLesson(
        lesson=one.lesson,
        class_title=one.class_title,
        subject_name=one.subject_name,
        number=one.number,
        starts_at=one.starts_at,
        teacher_name=one.teacher_name,
    )


async def _morning(session: AsyncSession, due: Any, of: Administration, now: datetime) -> SchoolMorningState:
    school, day = due.school_id, due.day
    heads = [one for one in await absence_counts.heads(session, OFFICE, school, now, now) if not one.distant]
    unknown = await absence_counts.unexplained(session, OFFICE, school, Span(day, day), now, from_days=1)
    late = await roll_deadlines.overdue(session, OFFICE, school, now)
    lessons = (await session.execute(_LESSONS, {"school": school, "day": day})).one()
    return SchoolMorningState(
        day=day,
        at=now,
        classes=len(heads),
        called=sum(one.called > 0 for one in heads),
        enrolled=sum(one.enrolled for one in heads),
        present=sum(one.present for one in heads),
        unknown=len(unknown),
        late_rolls=len(late),
        substituted=lessons.substituted,
        cancelled=lessons.cancelled,
        administration=of.all,
    )


async def _administration(session: AsyncSession, days: Sequence[Any]) -> Mapping[UUID, Administration]:
    """Find who answers for these schools, each on its day."""
    asked = {"schools": [one.school_id for one in days], "days": [one.day for one in days]}
    holders = defaultdict[tuple[UUID, str], list[UUID]](list)
    for row in await session.execute(_ADMINISTRATION, asked):
        holders[row.school_id, row.role].append(row.person_id)
    return {
        school: Administration(tuple(holders[school, "director"]), tuple(holders[school, "deputy"]))
        for school in asked["schools"]
    }
