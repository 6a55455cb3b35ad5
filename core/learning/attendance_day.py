"""One day of a pupil as one subject: its version, its whole state, and who may see it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Date, Uuid, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.events import (
    AbsenceKind,
    AttendanceDayState,
    GuardianAnswer,
    LeftEarly,
    LessonAbsence,
    LessonAttended,
    ProposedReason,
    attendance_subject,
    event,
)
from core.learning.day_situation import Part, situation
from core.learning.lesson_learners import LEARN_AT
from core.outbox import publish
from core.russian import FullName
from core.school.schools import SchoolCard
from core.school_time import school_year_start
from core.tables import AttendanceDay, Lesson

_STATES = text(f"""
WITH who AS (
  SELECT person.id AS pupil, person.surname, person.given, person.patronymic, own.school_id, e.class_id,
    coalesce(then_.title, own.title) AS title,
    (SELECT count(*) FROM core.absence a
     WHERE a.pupil_id = person.id AND a.day BETWEEN :begins AND :day AND a.missed) AS missed_lessons
  FROM core.person
  JOIN core.pupil ON pupil.person_id = person.id
  JOIN core.school_class own ON own.id = pupil.class_id
  LEFT JOIN core.enrolment e
    ON e.pupil_id = person.id AND e.since <= :day AND (e.until IS NULL OR e.until >= :day)
  LEFT JOIN core.school_class then_ ON then_.id = e.class_id
  WHERE person.id = ANY(:pupils)),
his AS (
  SELECT learner.pupil, l.id FROM core.lesson l CROSS JOIN LATERAL ({LEARN_AT}) AS learner
  WHERE l.school_id IN (SELECT school_id FROM who) AND l.day = :day AND l.cancelled IS NULL
    AND (l.pupil_id = ANY(:pupils) OR l.classes && ARRAY(SELECT class_id FROM who WHERE class_id IS NOT NULL))
    AND learner.pupil = ANY(:pupils)
  UNION SELECT a.pupil_id, a.lesson_id FROM core.absence a WHERE a.pupil_id = ANY(:pupils) AND a.day = :day)
SELECT who.*, l.id AS lesson, l.number, l.starts_at, subject.name AS subject_name,
  r.version IS NOT NULL AND NOT r.withdrawn AND who.pupil = ANY(coalesce(r.learners, ARRAY[who.pupil])) AS called,
  a.code, a.kind, a.told, a.recorded_at, b.late_minutes, b.left_early,
  a.code IS NOT NULL AND EXISTS (
    SELECT FROM core.released_pupil p JOIN core.release_order o ON o.id = p.release_id
    WHERE p.pupil_id = who.pupil AND o.withdrawn_at IS NULL AND :day BETWEEN o.first AND o.last
      AND (o.lessons IS NULL OR l.number = ANY(o.lessons))) AS released,
  (SELECT min(day) FROM core.lesson WHERE school_id = who.school_id) AS journal_begins,
  said.guardians, said.reasons, said.moments
FROM who
LEFT JOIN his ON his.pupil = who.pupil
LEFT JOIN core.lesson l ON l.id = his.id
LEFT JOIN core.subject ON subject.id = l.subject_id
LEFT JOIN core.roll_call r ON r.lesson_id = l.id
LEFT JOIN core.absence a ON a.lesson_id = l.id AND a.pupil_id = who.pupil
LEFT JOIN core.partial_attendance b ON b.lesson_id = l.id AND b.pupil_id = who.pupil
LEFT JOIN LATERAL (
  SELECT array_agg(guardian_id ORDER BY at) AS guardians, array_agg(reason ORDER BY at) AS reasons,
    array_agg(at ORDER BY at) AS moments
  FROM core.absence_answer WHERE pupil_id = who.pupil AND day = :day) AS said ON true
ORDER BY who.pupil, l.starts_at, l.id""").bindparams(  # noqa: S608 - all of it is ours
    bindparam("pupils", type_=ARRAY(Uuid)), bindparam("day", type_=Date), bindparam("begins", type_=Date)
)


@dataclass(frozen=True, slots=True, order=True)
class DayKey:
    """A pupil and a school day."""

    pupil: UUID
    day: date

    @property
    def subject(self) -> str:
        """Name of the subject in events."""
        return attendance_subject(self.pupil, self.day)


async def raise_and_publish(
    session: AsyncSession, school: SchoolCard, keys: Sequence[DayKey], now: datetime
) -> dict[DayKey, int]:
    """Raise the versions of these subjects under their rows' locks, publish their whole states; return the versions.

    Rows are locked in one order everywhere, so that two roll calls of one class cannot wait for each other.
    """
    if not keys:
        return {}
    rows = [{"pupil_id": key.pupil, "day": key.day, "version": 1} for key in sorted(keys)]
    raised = await session.execute(
        insert(AttendanceDay)
        .on_conflict_do_update(index_elements=["pupil_id", "day"], set_={"version": AttendanceDay.version + 1})
        .returning(AttendanceDay.pupil_id, AttendanceDay.day, AttendanceDay.version),
        rows,
    )
    versions = {DayKey(pupil, day): version for pupil, day, version in raised}
    await publish_states(session, school, versions, now)
    return versions


async def publish_states(
    session: AsyncSession, school: SchoolCard, versions: Mapping[DayKey, int], now: datetime
) -> None:
    """Publish the states of these subjects of one day at versions that were raised in this transaction."""
    if not versions:
        return
    states = await read(session, sorted(versions))
    await publish(
        session,
        *(
            event(states[key], subject=key.subject, school=school.id, version=version, at=now)
            for key, version in versions.items()
        ),
    )


async def read(session: AsyncSession, keys: Sequence[DayKey]) -> dict[DayKey, AttendanceDayState]:
    """Read the states of pupils on one common day, with the running total of the school year and its first day."""
    days = {key.day for key in keys}
    if len(days) != 1:
        raise AssertionError("states are read a day at a time")
    day = days.pop()
    begins = school_year_start(day)
    values = {"pupils": [key.pupil for key in keys], "day": day, "begins": begins}
    rows = (await session.execute(_STATES, values)).all()
    return {
        DayKey(pupil, day): _state(list(of_him), day, begins) for pupil, of_him in groupby(rows, attrgetter("pupil"))
    }


async def journal_begins(session: AsyncSession, school_id: UUID) -> date | None:
    """Return the first day of which the school's journal knows a lesson; None before it."""
    # Answered by the index on school and day, however many lessons there are.
    begins = await session.execute(select(func.min(Lesson.day)).where(Lesson.school_id == school_id))
    return begins.scalar_one()


async def lock(session: AsyncSession, key: DayKey) -> None:
    """Wait for whoever is changing this subject now."""
    await session.execute(
        select(AttendanceDay.version)
        .where(AttendanceDay.pupil_id == key.pupil, AttendanceDay.day == key.day)
        .with_for_update()
    )


def _state(rows: Sequence[Any], day: date, begins: date) -> AttendanceDayState:
    first = rows[0]
    lessons = [row for row in rows if row.lesson is not None]
    absences = tuple(_absence(row) for row in lessons if row.code is not None)
    # Whom the school lets go, by a code or by an order, is neither there nor missing: his day goes by the others.
    counted = [row for row in lessons if not (row.kind == AbsenceKind.EXEMPT or _let_go(row))]
    parts = [Part(row.starts_at, row.code is not None if row.code or row.called else None) for row in counted]
    return AttendanceDayState(
        pupil=first.pupil,
        pupil_name=FullName(first.surname, first.given, first.patronymic).in_lists(),
        class_title=first.title,
        day=day,
        absences=absences,
        attended=tuple(_attended(row) for row in lessons if row.code is None and row.called),
        situation=situation(parts),
        answers=tuple(_answers(first, max((one.recorded_at for one in absences), default=None))),
        missed_lessons=first.missed_lessons,
        # A total may not speak of days before the journal.
        counted_since=None if first.journal_begins is None else max(first.journal_begins, begins),
    )


def _let_go(row: Any) -> bool:
    return row.released and row.kind in (AbsenceKind.EXCUSED, AbsenceKind.ILLNESS)


def _absence(row: Any) -> LessonAbsence:
    return LessonAbsence(
        lesson=row.lesson,
        number=row.number,
        subject_name=row.subject_name,
        starts_at=row.starts_at,
        code=row.code,
        kind=AbsenceKind(row.kind),
        recorded_at=row.recorded_at,
        told=row.told,
    )


def _attended(row: Any) -> LessonAttended:
    return LessonAttended(
        lesson=row.lesson,
        number=row.number,
        subject_name=row.subject_name,
        starts_at=row.starts_at,
        late_minutes=row.late_minutes,
        left_early=None if row.left_early is None else LeftEarly(row.left_early),
    )


def _answers(row: Any, newest: datetime | None) -> Iterable[GuardianAnswer]:
    """Read what guardians say of the day. «Ребёнок в школе» is said of the entries there are, and of no later one."""
    for guardian, reason, at in zip(row.guardians or (), row.reasons or (), row.moments or (), strict=True):
        if reason != ProposedReason.AT_SCHOOL or newest is None or newest <= at:
            yield GuardianAnswer(guardian=guardian, reason=ProposedReason(reason), at=at)
