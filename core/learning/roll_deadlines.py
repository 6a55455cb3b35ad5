"""Rolls that are late (DL-01): lessons begun so long ago that the absent should be marked, and are not.

A lesson held at a distance has a roll like any other: who is there is seen on the screen. One without anybody on its
list has none. What is late is asked for, and told: the journal's clockwork looks every minute, and states of each
lesson that its roll is nearly late, and late, anew when another has to call it, and once more when it was called after
all. Whoever marks in time hears nothing; nobody is reminded more often in a day than his school wants.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Text, Uuid, bindparam, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.actor import Actor
from core.event_attendance import RollOverdueState, RollStep, roll_subject
from core.events import event
from core.learning import lesson_rights
from core.learning.lesson_learners import LEARN_AT
from core.outbox import publish
from core.person.class_titles import title_order
from core.person.people import name_of
from core.rule_book.profiles import RULES_IN_SQL, every_profile, rules_kept
from core.school_time import school_date
from core.tables import Lesson, Person, School, Subject

DAY = timedelta(days=1)
_STEPS = {1: RollStep.BEGUN, 2: RollStep.SOON, 3: RollStep.LATE}
WATCHED = timedelta(days=31)
"""For so long a late roll that is called after all is told."""
_UNCALLED = "NOT EXISTS (SELECT FROM core.roll_call r WHERE r.lesson_id = l.id AND NOT r.withdrawn)"
_GIVES = "coalesce(l.substitute_id, l.teacher_id)"
_SINCE = "CAST(:now AS timestamptz) - l.starts_at"
# What a school has decided itself over what its profile says: put together once for a school, not for each lesson.
_SCHOOLS = f"""
SELECT s.id, s.zone, (r.rules ->> 'absence_minutes')::int AS late_after,
  (r.rules ->> 'roll_reminder_minutes')::int AS remind_after, (r.rules ->> 'roll_bell_reminder')::boolean AS at_bell,
  (r.rules ->> 'roll_reminders_a_day')::int AS most
FROM core.school s
CROSS JOIN LATERAL (SELECT {RULES_IN_SQL} AS rules OFFSET 0) AS r"""  # noqa: S608 - all of it is ours
_LATE_NOW = f"{_SINCE} >= make_interval(mins => s.late_after)"
_STEP = f"""CASE WHEN l.cancelled IS NOT NULL THEN 0
    WHEN {_LATE_NOW} THEN 3
    WHEN {_SINCE} >= make_interval(mins => s.remind_after) THEN 2
    WHEN s.at_bell AND {_SINCE} >= interval '0' THEN 1
    ELSE 0 END"""
_REMINDED = "roll_deadline.overdue AND roll_deadline.step = 2 AND NOT roll_deadline.silent"
_TODAY = "l.day = CAST(CAST(:now AS timestamptz) AT TIME ZONE s.zone AS date)"
_NOW = bindparam("now", type_=DateTime(timezone=True))
_PROFILES = bindparam("profiles", type_=Text)
# All of what is put into these is our own.
_LATE = text(f"""
WITH s AS MATERIALIZED ({_SCHOOLS} WHERE s.id = :school)
SELECT l.id FROM core.lesson l JOIN s ON s.id = l.school_id
WHERE l.school_id = :school AND l.day = :day AND l.cancelled IS NULL AND {_LATE_NOW} AND {_UNCALLED}
  AND EXISTS ({LEARN_AT}) AND (CAST(:class_id AS uuid) IS NULL OR :class_id = ANY(l.classes))""").bindparams(  # noqa: S608 - our own
    _NOW, _PROFILES, bindparam("school", type_=Uuid), bindparam("class_id", type_=Uuid)
)
# Who learns at a lesson is asked last, of the few that are left. A reminder beyond the day's number is not made; that
# a roll is late is told its administration in any case, and changes what its teacher has.
_GOES_ON = text(f"""
WITH s AS MATERIALIZED ({_SCHOOLS}),
waiting AS MATERIALIZED (
  SELECT l.id, l.day, l.classes, l.group_id, l.pupil_id, {_GIVES} AS teacher_id, step.step, s.most
  FROM s
  JOIN core.lesson l ON l.school_id = s.id AND l.day BETWEEN :first AND :last
  CROSS JOIN LATERAL (SELECT {_STEP} AS step) AS step
  WHERE {_TODAY} AND l.starts_at <= CAST(:now AS timestamptz) AND step.step > 0 AND l.cancelled IS NULL AND {_UNCALLED}
    AND NOT EXISTS (
      SELECT FROM core.roll_deadline d WHERE d.lesson_id = l.id AND d.overdue AND d.step >= step.step)),
learnt AS (
  SELECT l.*, row_number() OVER (PARTITION BY l.teacher_id ORDER BY l.step DESC, l.id)
    <= l.most - coalesce((SELECT sum(d.rung) FROM core.roll_deadline d
                          WHERE d.teacher_id = l.teacher_id AND d.day = l.day), 0) AS rings
  FROM waiting l WHERE EXISTS ({LEARN_AT}))
INSERT INTO core.roll_deadline (lesson_id, day, teacher_id, version, overdue, step, rung, silent)
SELECT id, day, teacher_id, 1, true, step, rings::int, NOT rings FROM learnt WHERE rings OR step = 3 ORDER BY id
ON CONFLICT (lesson_id) DO UPDATE
SET version = roll_deadline.version + 1, overdue = true, teacher_id = excluded.teacher_id, step = excluded.step,
  -- Whoever was reminded that it is nearly late reads in the same message that it is.
  rung = roll_deadline.rung + CASE WHEN {_REMINDED} THEN 0 ELSE excluded.rung END,
  silent = excluded.silent AND NOT ({_REMINDED})
WHERE NOT roll_deadline.overdue OR roll_deadline.step < excluded.step
RETURNING lesson_id, version, overdue, step, silent""").bindparams(_NOW, _PROFILES)  # noqa: S608 - our own
# Joined by hand: asked as above, rolls of all times would be read each minute.
_NO_MORE = text(f"""
WITH s AS MATERIALIZED ({_SCHOOLS})
UPDATE core.roll_deadline d SET version = d.version + 1, overdue = false FROM (
  SELECT one.lesson_id FROM core.roll_deadline one
  JOIN core.lesson l ON l.id = one.lesson_id
  JOIN s ON s.id = l.school_id
  LEFT JOIN core.roll_call r ON r.lesson_id = one.lesson_id
  WHERE one.overdue AND one.day >= :oldest AND ({_STEP} < one.step OR NOT coalesce(r.withdrawn, true))) AS over
WHERE d.lesson_id = over.lesson_id AND d.overdue
RETURNING d.lesson_id, d.version, d.overdue, d.step, d.silent""").bindparams(_NOW, _PROFILES)  # noqa: S608 - our own
# Who was put in another's place after it had become late has to hear of it, and the other that it is his no more.
_OF_ANOTHER = text(f"""
UPDATE core.roll_deadline d SET version = d.version + 1, teacher_id = {_GIVES}, rung = 1, silent = false
FROM core.lesson l
WHERE d.overdue AND d.day >= :oldest AND l.id = d.lesson_id AND d.teacher_id <> {_GIVES}
RETURNING d.lesson_id, d.version, d.overdue, d.step, d.silent""")  # noqa: S608 - our own


@dataclass(frozen=True, slots=True)
class LateRoll:
    """A lesson of today whose roll is late."""

    lesson: UUID
    school: UUID
    class_title: str
    """What those who have it are called: a class, a group, a stream, a pupil."""
    subject_name: str
    teacher: UUID
    """Who gives it, in his own or in another's place."""
    teacher_name: str
    day: date
    number: int
    starts_at: datetime
    minutes: int
    """Within so many minutes of the beginning the school wants it called."""


async def overdue(session: AsyncSession, actor: Actor, school_id: UUID, now: datetime) -> tuple[LateRoll, ...]:
    """List the lessons of today whose roll is late, of a whole school. Raises ``NotFound``, ``Forbidden``."""
    facts = await rights.of_school(session, actor, school_id, now)
    rights.demand(facts, Right.ABSENCES_VIEW)
    return await _overdue(session, facts.of_school.zone, school_id, None, now)


async def overdue_of_class(session: AsyncSession, actor: Actor, class_id: UUID, now: datetime) -> tuple[LateRoll, ...]:
    """List the same of the lessons that a class, or some of it, has. Raises ``NotFound``, ``Forbidden``."""
    facts = await rights.of_class(session, actor, class_id, now)
    rights.demand(facts, Right.ABSENCES_VIEW)
    return await _overdue(session, facts.of_school.zone, facts.of_school.id, class_id, now)


async def tick(session: AsyncSession, now: datetime) -> int:
    """State of which lessons of today, in all schools, the roll has gone a step on, and which is waited for no more.

    Returns of how many. For the journal's clockwork; again, by whoever else, states nothing twice.
    """
    values = {"now": now, "profiles": every_profile()}
    turned = [
        *await session.execute(_GOES_ON, values | days_around(now)),
        *await session.execute(_NO_MORE, values | {"oldest": now.date() - WATCHED}),
        *await session.execute(_OF_ANOTHER, {"oldest": now.date() - WATCHED}),
    ]
    if not turned:
        return 0
    found = {one.lesson: one for one in await of_lessons(session, [row.lesson_id for row in turned])}
    await publish(
        session,
        *(
            event(
                _state(found[row.lesson_id], row),
                subject=roll_subject(row.lesson_id),
                school=found[row.lesson_id].school,
                version=row.version,
                at=now,
            )
            for row in turned
        ),
    )
    return len(turned)


def days_around(now: datetime) -> dict[str, date]:
    """Return between which days today lies in any zone, as parameters of a query."""
    return {"first": now.date() - DAY, "last": now.date() + DAY}


async def _overdue(
    session: AsyncSession, zone: str, school_id: UUID, class_id: UUID | None, now: datetime
) -> tuple[LateRoll, ...]:
    values = {
        "now": now,
        "profiles": every_profile(),
        "school": school_id,
        "day": school_date(now, zone),
        "class_id": class_id,
    }
    late = (await session.execute(_LATE, values)).scalars().all()
    return await of_lessons(session, late) if late else ()


async def of_lessons(session: AsyncSession, lessons: Sequence[UUID]) -> tuple[LateRoll, ...]:
    """Read lessons, of whatever schools, in the order in which they begin; for whoever has found their rolls late."""
    title = lesson_rights.learners_title()
    query = (
        select(Lesson, title, Subject.name, Person, School.profile, School.rules)
        .join(Subject, Subject.id == Lesson.subject_id)
        .join(School, School.id == Lesson.school_id)
        .join(Person, Person.id == func.coalesce(Lesson.substitute_id, Lesson.teacher_id))
        .where(Lesson.id == func.any(bindparam("lessons", list(lessons), type_=ARRAY(Uuid))))
    )
    found = [
        LateRoll(
            lesson=lesson.id,
            school=lesson.school_id,
            class_title=learners,
            subject_name=subject,
            teacher=person.id,
            teacher_name=name_of(person).in_full(),
            day=lesson.day,
            number=lesson.number,
            starts_at=lesson.starts_at,
            minutes=rules_kept(profile, rules).absence_minutes,
        )
        for lesson, learners, subject, person, profile, rules in await session.execute(
            lesson_rights.with_learners(query)
        )
    ]
    return tuple(sorted(found, key=lambda one: (one.starts_at, title_order(one.class_title), one.lesson)))


def _state(late: LateRoll, row: Any) -> RollOverdueState:
    return RollOverdueState(
        lesson=late.lesson,
        class_title=late.class_title,
        subject_name=late.subject_name,
        teacher=late.teacher,
        teacher_name=late.teacher_name,
        day=late.day,
        number=late.number,
        starts_at=late.starts_at,
        minutes=late.minutes,
        overdue=row.overdue,
        step=_STEPS[row.step],
        silent=row.silent,
    )
