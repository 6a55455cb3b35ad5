"""What a school's administration is told of its day: which rolls are late, and how the morning is.

Source: DL-01 and ATT-15 (the record of attendance is controlled inside the school). Both are subjects of a day: what
was told of late rolls is changed as they are called; the morning is told once, at the time the school's rules name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
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
from core.learning.roll_deadlines import rules_of_profiles
from core.outbox import publish
from core.year.span import Span

MORNINGS_AT_ONCE = 20
"""Schools told in one go: each asks for its head counts, and a region has hundreds."""
_AT = (bindparam("now", type_=DateTime(timezone=True)), bindparam("by_profile", type_=Text))
_RULES = "((CAST(:by_profile AS jsonb) -> s.profile) || s.rules)"
_TODAY = "CAST(CAST(:now AS timestamptz) AT TIME ZONE s.zone AS date)"
# Heads of days that are past stay as they were told. All of what is put in is our own.
_CHANGED = text(f"""
WITH late AS (
  SELECT l.school_id, l.day, array_agg(d.lesson_id ORDER BY d.lesson_id) AS lessons
  FROM core.roll_deadline d
  JOIN core.lesson l ON l.id = d.lesson_id
  JOIN core.school s ON s.id = l.school_id
  WHERE d.overdue AND d.step = 3 AND d.day BETWEEN :first AND :last AND l.day = {_TODAY}
  GROUP BY l.school_id, l.day)
SELECT s.id AS school, {_TODAY} AS day, coalesce(late.lessons, '{{}}') AS lessons,
  coalesce(told.version, 0) AS version, coalesce(told.rung, 0) AS rung,
  NOT coalesce(late.lessons, '{{}}') <@ coalesce(told.lessons, '{{}}') AS news,
  ({_RULES} ->> 'roll_reminders_a_day')::int AS most
FROM core.school s
LEFT JOIN late ON late.school_id = s.id
LEFT JOIN core.school_rolls told ON told.school_id = s.id AND told.day = {_TODAY}
WHERE coalesce(late.lessons, '{{}}') <> coalesce(told.lessons, '{{}}')
ORDER BY s.id""").bindparams(*_AT, bindparam("first", type_=Date), bindparam("last", type_=Date))  # noqa: S608 - our own
_TELL = text("""
INSERT INTO core.school_rolls (school_id, day, version, lessons, rung)
VALUES (:school, :day, :version, :lessons, :rung)
ON CONFLICT (school_id, day) DO UPDATE
SET version = excluded.version, lessons = excluded.lessons, rung = excluded.rung
WHERE school_rolls.version < excluded.version
RETURNING version""").bindparams(bindparam("lessons", type_=ARRAY(Uuid)))
_MORNINGS = text(f"""
INSERT INTO core.school_morning (school_id, day)
SELECT s.id, {_TODAY} FROM core.school s
WHERE CAST(CAST(:now AS timestamptz) AT TIME ZONE s.zone AS time) >= ({_RULES} ->> 'morning_at')::time
  AND EXISTS (SELECT FROM core.lesson l WHERE l.school_id = s.id AND l.day = {_TODAY})
  AND NOT EXISTS (SELECT FROM core.school_morning m WHERE m.school_id = s.id AND m.day = {_TODAY})
ORDER BY s.id LIMIT :most
ON CONFLICT DO NOTHING
RETURNING school_id, day""").bindparams(*_AT)  # noqa: S608 - our own
_LESSONS = text("""
SELECT count(*) FILTER (WHERE substitute_id IS NOT NULL AND cancelled IS NULL) AS substituted,
  count(*) FILTER (WHERE cancelled IS NOT NULL) AS cancelled
FROM core.lesson WHERE school_id = :school AND day = :day""")
_ADMINISTRATION = text("""
SELECT a.role, a.person_id FROM core.role_assignment a
WHERE a.school_id = :school AND a.role IN ('director', 'deputy') AND a.since <= :day
  AND (a.until IS NULL OR a.until >= :day)
ORDER BY a.person_id""").bindparams(bindparam("day", type_=Date))


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

    Call it after ``roll_deadlines.tick``; again, by whoever else, states nothing twice.
    """
    around = roll_deadlines.days_around(now)
    values = {"now": now, "by_profile": rules_of_profiles(), **around}
    changed = (await session.execute(_CHANGED, values)).all()
    return sum([await _tell_rolls(session, row, now) for row in changed])


async def tell_mornings(session: AsyncSession, now: datetime) -> int:
    """State the morning of some schools whose time has come, and that have lessons today; return of how many."""
    values = {"now": now, "by_profile": rules_of_profiles(), "most": MORNINGS_AT_ONCE}
    due = (await session.execute(_MORNINGS, values)).all()
    for row in due:
        found = event(
            await _morning(session, row.school_id, row.day, now),
            subject=school_morning_subject(row.school_id, row.day),
            school=row.school_id,
            version=1,
            at=now,
        )
        await publish(session, found)
    return len(due)


async def _tell_rolls(session: AsyncSession, row: Any, now: datetime) -> bool:
    rings = row.news and row.rung < row.most
    values = {"school": row.school, "day": row.day, "lessons": list(row.lessons)}
    told = await session.execute(_TELL, values | {"version": row.version + 1, "rung": row.rung + int(rings)})
    if told.one_or_none() is None:
        return False
    state = SchoolRollsState(
        day=row.day,
        lessons=await _late(session, row.lessons),
        administration=(await _administration(session, row.school, row.day)).of_journal,
        rings=row.rung + int(rings),
    )
    await publish(
        session,
        event(
            state,
            subject=school_rolls_subject(row.school, row.day),
            school=row.school,
            version=row.version + 1,
            at=now,
        ),
    )
    return True


async def _late(session: AsyncSession, lessons: Sequence[UUID]) -> tuple[LateLesson, ...]:
    if not lessons:
        return ()
    return tuple(
        LateLesson(
            lesson=one.lesson,
            class_title=one.class_title,
            subject_name=one.subject_name,
            number=one.number,
            starts_at=one.starts_at,
            teacher_name=one.teacher_name,
        )
        for one in await roll_deadlines.of_lessons(session, lessons)
    )


async def _morning(session: AsyncSession, school: UUID, day: date, now: datetime) -> SchoolMorningState:
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
        absent=sum(one.enrolled - one.present for one in heads),
        unknown=len(unknown),
        late_rolls=len(late),
        substituted=lessons.substituted,
        cancelled=lessons.cancelled,
        administration=(await _administration(session, school, day)).all,
    )


async def _administration(session: AsyncSession, school: UUID, day: date) -> Administration:
    rows = (await session.execute(_ADMINISTRATION, {"school": school, "day": day})).all()
    return Administration(
        tuple(one.person_id for one in rows if one.role == "director"),
        tuple(one.person_id for one in rows if one.role == "deputy"),
    )
