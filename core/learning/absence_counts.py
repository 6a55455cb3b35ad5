"""Absences counted: how many eat today, and who was absent for how many days without anybody knowing why."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, DateTime, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.actor import Actor
from core.learning.lesson_learners import LEARN_AT
from core.person.class_titles import title_order
from core.russian import FullName
from core.school_time import school_date
from core.year.span import Span

COMMISSION_FROM = 3
"""So many days without a known cause bring a pupil before the school's commission, unless the school says otherwise."""
# A class as a lesson of all of it: who learns at it, is on its list that day.
_OF_CLASS = "SELECT CAST(:day AS date) AS day, ARRAY[c.id] AS classes, NULL::uuid AS group_id, NULL::uuid AS pupil_id"
_HEADS = text(f"""
WITH held AS (
  SELECT l.* FROM core.lesson l WHERE l.school_id = :school AND l.day = :day AND l.cancelled IS NULL),
class_day AS (
  SELECT one.class_id, bool_and(one.class_id = ANY(held.distant)) AS distant
  FROM held CROSS JOIN LATERAL unnest(held.classes) AS one (class_id)
  WHERE held.pupil_id IS NULL GROUP BY one.class_id),
last AS MATERIALIZED (
  SELECT DISTINCT ON (learner.pupil) learner.pupil, l.id
  FROM held AS l
  JOIN core.roll_call r ON r.lesson_id = l.id AND NOT r.withdrawn
  CROSS JOIN LATERAL ({LEARN_AT}) AS learner
  WHERE l.starts_at <= :at AND learner.pupil = ANY(coalesce(r.learners, ARRAY[learner.pupil]))
  ORDER BY learner.pupil, l.starts_at DESC, l.id),
seen AS MATERIALIZED (
  SELECT last.pupil, a.code IS NOT NULL OR b.left_early IS NOT NULL AS away FROM last
  LEFT JOIN core.absence a ON a.lesson_id = last.id AND a.pupil_id = last.pupil
  LEFT JOIN core.partial_attendance b ON b.lesson_id = last.id AND b.pupil_id = last.pupil),
away_by_word AS (
  SELECT pupil_id FROM core.announced_absence
  WHERE school_id = :school AND withdrawn_at IS NULL AND :day BETWEEN first AND last
  UNION SELECT p.pupil_id FROM core.release_order o JOIN core.released_pupil p ON p.release_id = o.id
  WHERE o.school_id = :school AND o.withdrawn_at IS NULL AND :day BETWEEN o.first AND o.last AND o.lessons IS NULL)
SELECT c.id, c.title, class_day.distant, count(learner.pupil) AS enrolled, count(seen.pupil) AS called,
  count(*) FILTER (WHERE seen.away) AS absent,
  count(*) FILTER (WHERE seen.pupil IS NULL AND away_by_word.pupil_id IS NOT NULL) AS announced
FROM class_day
JOIN core.school_class c ON c.id = class_day.class_id
LEFT JOIN LATERAL (
  SELECT learner.pupil FROM ({_OF_CLASS}) AS l CROSS JOIN LATERAL ({LEARN_AT}) AS learner) AS learner ON true
LEFT JOIN seen ON seen.pupil = learner.pupil
LEFT JOIN away_by_word ON away_by_word.pupil_id = learner.pupil
GROUP BY c.id, class_day.distant""").bindparams(  # noqa: S608 - all of it is ours
    bindparam("school", type_=Uuid), bindparam("day", type_=Date), bindparam("at", type_=DateTime(timezone=True))
)
_UNEXPLAINED = text("""
WITH one AS (
  SELECT a.pupil_id, a.day, c.title, count(*) AS missed, count(*) FILTER (WHERE a.kind = 'unexplained') AS unexplained
  FROM core.school_class c
  JOIN core.enrolment e ON e.class_id = c.id
  JOIN core.absence a ON a.pupil_id = e.pupil_id AND a.missed AND a.day BETWEEN :first AND :last
    AND a.day >= e.since AND (e.until IS NULL OR a.day <= e.until)
  WHERE c.school_id = :school AND (CAST(:class_id AS uuid) IS NULL OR c.id = :class_id)
  GROUP BY a.pupil_id, a.day, c.title)
SELECT person.id, person.surname, person.given, person.patronymic,
  (array_agg(one.title ORDER BY one.day DESC))[1] AS title,
  coalesce(array_agg(one.day ORDER BY one.day) FILTER (WHERE one.unexplained = one.missed), '{}') AS days,
  coalesce(sum(one.unexplained) FILTER (WHERE one.unexplained < one.missed), 0) AS lessons
FROM one JOIN core.person ON person.id = one.pupil_id
WHERE one.unexplained > 0
GROUP BY person.id
ORDER BY person.sort_key, person.id""").bindparams(bindparam("school", type_=Uuid), bindparam("class_id", type_=Uuid))


@dataclass(frozen=True, slots=True)
class HeadCount:
    """How many of a class are at school at a moment."""

    class_id: UUID
    class_title: str
    enrolled: int
    """Learn with the class that day; whoever is taught at home does not."""
    absent: int
    """By the last roll of his own lessons that was called: not there, or gone before its end."""
    announced: int
    """Of those whom no roll of the day has: whose family, or an order, says that they do not come."""
    called: int
    """Of the enrolled: who is on a roll that was called."""
    distant: bool
    """Nobody comes: all lessons of the class are held at a distance."""

    @property
    def present(self) -> int:
        """How many are there, or, where no roll was called yet, are to come."""
        return 0 if self.distant else self.enrolled - self.absent - self.announced


@dataclass(frozen=True, slots=True)
class Unexplained:
    """What a pupil missed without a known cause."""

    pupil: UUID
    name: FullName
    class_title: str
    days: tuple[date, ...]
    """On which nothing of what he missed has a known cause."""
    lessons: int
    """Of other days: some of what he missed then has one."""
    is_over: bool
    """So many days that the commission hears of him."""


async def heads(session: AsyncSession, actor: Actor, school_id: UUID, at: datetime, now: datetime) -> list[HeadCount]:
    """Count, class by class, who is at school at a moment of a day: for the canteen. One statement, and the rights'.

    Classes that have no lessons that day are left out. Raises ``NotFound``, ``Forbidden``.
    """
    facts = await rights.of_school(session, actor, school_id, now)
    rights.demand(facts, Right.ABSENCES_VIEW)
    values = {"school": school_id, "day": school_date(at, facts.of_school.zone), "at": at}
    found = [
        HeadCount(row.id, row.title, row.enrolled, row.absent, row.announced, row.called, distant=row.distant)
        for row in await session.execute(_HEADS, values)
    ]
    return sorted(found, key=lambda one: title_order(one.class_title))


async def unexplained(
    session: AsyncSession, actor: Actor, school_id: UUID, span: Span, now: datetime, *, from_days: int = COMMISSION_FROM
) -> list[Unexplained]:
    """List who in a school missed lessons of these days without a known cause, class by class.

    A day counts on which everything he missed has none, were it one lesson; of other days the lessons are counted.
    ``from_days`` is the threshold of the school's commission. Raises ``NotFound``, ``Forbidden``.
    """
    rights.demand(await rights.of_school(session, actor, school_id, now), Right.ABSENCES_VIEW)
    return await _unexplained(session, (school_id, None), span, from_days)


async def unexplained_of_class(
    session: AsyncSession, actor: Actor, class_id: UUID, span: Span, now: datetime, *, from_days: int = COMMISSION_FROM
) -> list[Unexplained]:
    """List the same of the days on which they learned in one class. Raises ``NotFound``, ``Forbidden``."""
    facts = await rights.of_class(session, actor, class_id, now)
    rights.demand(facts, Right.ABSENCES_VIEW)
    return await _unexplained(session, (facts.of_school.id, class_id), span, from_days)


async def _unexplained(
    session: AsyncSession, where: tuple[UUID, UUID | None], span: Span, from_days: int
) -> list[Unexplained]:
    school_id, class_id = where
    values = {"school": school_id, "class_id": class_id, "first": span.first, "last": span.last}
    found = [
        Unexplained(
            pupil=row.id,
            name=FullName(row.surname, row.given, row.patronymic),
            class_title=row.title,
            days=tuple(row.days),
            lessons=int(row.lessons),
            is_over=len(row.days) >= from_days,
        )
        for row in await session.execute(_UNEXPLAINED, values)
    ]
    return sorted(found, key=lambda one: title_order(one.class_title))
