"""Rolls that are late (DL-01): lessons begun so long ago that the absent should be marked, and are not.

A lesson held at a distance has a roll like any other: who is there is seen on the screen. One without anybody on its
list has none. What is late is asked for, and told: the journal's clockwork looks every minute, and states of each
lesson once that its roll is late, anew when another has to call it, and once more when it was called after all.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Text, Uuid, bindparam, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.actor import Actor
from core.event_attendance import RollOverdueState, roll_subject
from core.events import event
from core.learning import lesson_rights
from core.learning.lesson_learners import LEARN_AT
from core.outbox import publish
from core.person.class_titles import title_order
from core.person.people import name_of
from core.rule_book.profiles import Profile, rules_by, rules_kept
from core.school_time import school_date
from core.tables import Lesson, Person, School, Subject

DAY = timedelta(days=1)
WATCHED = timedelta(days=31)
"""For so long a late roll that is called after all is told."""
_MINUTES = "coalesce((s.rules ->> 'absence_minutes')::int, (CAST(:minutes AS jsonb) ->> s.profile)::int)"
_DUE = f"l.cancelled IS NULL AND l.starts_at <= CAST(:now AS timestamptz) - make_interval(mins => {_MINUTES})"
_UNCALLED = "NOT EXISTS (SELECT FROM core.roll_call r WHERE r.lesson_id = l.id AND NOT r.withdrawn)"
_GIVES = "coalesce(l.substitute_id, l.teacher_id)"
_TODAY = "l.day = CAST(CAST(:now AS timestamptz) AT TIME ZONE s.zone AS date)"
_NOW = bindparam("now", type_=DateTime(timezone=True))
_BY_PROFILE = bindparam("minutes", type_=Text)
# All of what is put into these is our own.
_LATE = text(f"""
SELECT l.id FROM core.lesson l JOIN core.school s ON s.id = l.school_id
WHERE l.school_id = :school AND l.day = :day AND {_DUE} AND {_UNCALLED} AND EXISTS ({LEARN_AT})
  AND (CAST(:class_id AS uuid) IS NULL OR :class_id = ANY(l.classes))""").bindparams(  # noqa: S608 - our own
    _NOW, _BY_PROFILE, bindparam("school", type_=Uuid), bindparam("class_id", type_=Uuid)
)
# Who learns at a lesson is asked last, of the few that are left.
_BECOME_LATE = text(f"""
WITH waiting AS MATERIALIZED (
  SELECT l.id, l.day, l.classes, l.group_id, l.pupil_id, {_GIVES} AS teacher_id FROM core.school s
  JOIN core.lesson l ON l.school_id = s.id AND l.day BETWEEN :first AND :last
  WHERE {_TODAY} AND {_DUE} AND {_UNCALLED}
    AND NOT EXISTS (SELECT FROM core.roll_deadline d WHERE d.lesson_id = l.id AND d.overdue))
INSERT INTO core.roll_deadline (lesson_id, day, teacher_id, version, overdue)
SELECT l.id, l.day, l.teacher_id, 1, true FROM waiting l WHERE EXISTS ({LEARN_AT}) ORDER BY l.id
ON CONFLICT (lesson_id) DO UPDATE
SET version = roll_deadline.version + 1, overdue = true, teacher_id = excluded.teacher_id
WHERE NOT roll_deadline.overdue
RETURNING lesson_id, version, overdue""").bindparams(_NOW, _BY_PROFILE)  # noqa: S608 - our own
# Joined by hand: asked as above, rolls of all times would be read each minute.
_NO_MORE = text(f"""
UPDATE core.roll_deadline d SET version = d.version + 1, overdue = false FROM (
  SELECT one.lesson_id FROM core.roll_deadline one
  JOIN core.lesson l ON l.id = one.lesson_id
  JOIN core.school s ON s.id = l.school_id
  LEFT JOIN core.roll_call r ON r.lesson_id = one.lesson_id
  WHERE one.overdue AND one.day >= :oldest AND (NOT ({_DUE}) OR NOT coalesce(r.withdrawn, true))) AS over
WHERE d.lesson_id = over.lesson_id AND d.overdue
RETURNING d.lesson_id, d.version, d.overdue""").bindparams(_NOW, _BY_PROFILE)  # noqa: S608 - our own
# Who was put in another's place after it had become late has to hear of it, and the other that it is his no more.
_OF_ANOTHER = text(f"""
UPDATE core.roll_deadline d SET version = d.version + 1, teacher_id = {_GIVES} FROM core.lesson l
WHERE d.overdue AND d.day >= :oldest AND l.id = d.lesson_id AND d.teacher_id <> {_GIVES}
RETURNING d.lesson_id, d.version, d.overdue""")  # noqa: S608 - our own


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
    """State of which lessons of today, in all schools, the roll has become late, and of which it is so no more.

    Returns of how many. For the journal's clockwork; again, by whoever else, states nothing twice.
    """
    values = {"now": now, "minutes": _by_profile()}
    around = {"first": now.date() - DAY, "last": now.date() + DAY}
    turned = [
        *await session.execute(_BECOME_LATE, values | around),
        *await session.execute(_NO_MORE, values | {"oldest": now.date() - WATCHED}),
        *await session.execute(_OF_ANOTHER, {"oldest": now.date() - WATCHED}),
    ]
    if not turned:
        return 0
    found = {one.lesson: one for one in await _read(session, [row.lesson_id for row in turned])}
    await publish(
        session,
        *(
            event(
                _state(found[row.lesson_id], is_late=row.overdue),
                subject=roll_subject(row.lesson_id),
                school=found[row.lesson_id].school,
                version=row.version,
                at=now,
            )
            for row in turned
        ),
    )
    return len(turned)


async def _overdue(
    session: AsyncSession, zone: str, school_id: UUID, class_id: UUID | None, now: datetime
) -> tuple[LateRoll, ...]:
    values = {
        "now": now,
        "minutes": _by_profile(),
        "school": school_id,
        "day": school_date(now, zone),
        "class_id": class_id,
    }
    late = (await session.execute(_LATE, values)).scalars().all()
    return await _read(session, late) if late else ()


async def _read(session: AsyncSession, lessons: Any) -> tuple[LateRoll, ...]:
    """Read these lessons in the order in which they begin."""
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


def _state(late: LateRoll, *, is_late: bool) -> RollOverdueState:
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
        overdue=is_late,
    )


@cache
def _by_profile() -> str:
    """Return, as JSON, how many minutes each profile gives to a school that has decided nothing itself."""
    return json.dumps({profile.value: rules_by(profile, {}).absence_minutes for profile in Profile})
