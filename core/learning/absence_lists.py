"""The absent of a day as their class teacher goes over them (ATT-10, DL-02), and which classes wait for it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, DateTime, Uuid, bindparam, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.actor import Act, Actor
from core.events import AbsenceKind, ProposedReason, attendance_subject
from core.journal import Change, audit, first_time
from core.learning import expected
from core.learning.attendance_tables import AbsenceAnswer, AbsenceRecheck
from core.learning.expected import Expected
from core.movement import closing
from core.movement.enrolments import in_class_on
from core.person.class_titles import title_order
from core.person.people import name_of
from core.refusals import Invalid
from core.russian import FullName
from core.school import school_rules
from core.school_time import school_date
from core.tables import Absence, AuditRow, Lesson, Person, SchoolClass, Subject
from core.year.words import day_words

REFUSED = "absence.refuse"
"""Action in the audit: the school did not accept what a family said of a day."""
# Names an absence by pupil, lesson and whether its cause is known: what moment it was entered at says too little, for
# whoever enters one may have begun before the list was gone over, and end after it.
_KNOWN = "hashtextextended(a.pupil_id::text || a.lesson_id::text || 'known', 0)"
_SEEN = (
    "hashtextextended(a.pupil_id::text || a.lesson_id::text || "
    "CASE a.kind WHEN 'unexplained' THEN 'unknown' ELSE 'known' END, 0)"
)
_WAITING = text(f"""
SELECT c.id, c.title, teacher.surname, teacher.given, teacher.patronymic,
  count(DISTINCT a.pupil_id) AS absent, r.rechecked_at
FROM core.school_class c
JOIN core.enrolment e ON e.class_id = c.id AND e.since <= :day AND (e.until IS NULL OR e.until >= :day)
JOIN core.absence a ON a.pupil_id = e.pupil_id AND a.day = :day
LEFT JOIN core.absence_recheck r ON r.class_id = c.id AND r.day = :day
LEFT JOIN core.person teacher ON teacher.id = c.class_teacher_id
WHERE c.school_id = :school
GROUP BY c.id, teacher.id, r.rechecked_at, r.seen
HAVING r.rechecked_at IS NULL OR NOT array_agg({_SEEN}) <@ r.seen""").bindparams(  # noqa: S608 - all of it is ours
    bindparam("school", type_=Uuid), bindparam("day", type_=Date)
)
# A cause that becomes known later is nothing new; one that is unknown after all is.
_NOTED = text(f"""
INSERT INTO core.absence_recheck AS r (class_id, day, rechecked_by, rechecked_at, seen)
SELECT :class_id, :day, :by, :at, coalesce(array_agg(DISTINCT one.seen), '{{}}') FROM core.enrolment e
JOIN core.absence a ON a.pupil_id = e.pupil_id AND a.day = :day
CROSS JOIN LATERAL unnest(ARRAY[{_SEEN}, {_KNOWN}]) AS one (seen)
WHERE e.class_id = :class_id AND e.since <= :day AND (e.until IS NULL OR e.until >= :day)
ON CONFLICT (class_id, day) DO UPDATE
SET rechecked_by = excluded.rechecked_by, rechecked_at = excluded.rechecked_at, seen = excluded.seen""").bindparams(  # noqa: S608 - all of it is ours
    bindparam("class_id", type_=Uuid),
    bindparam("by", type_=Uuid),
    bindparam("day", type_=Date),
    bindparam("at", type_=DateTime(timezone=True)),
)


@dataclass(frozen=True, slots=True)
class LessonMissed:
    """A lesson that a pupil missed."""

    lesson: UUID
    number: int
    subject_name: str
    code: str
    kind: AbsenceKind
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """What a guardian says of the day."""

    guardian: UUID
    name: FullName
    reason: ProposedReason
    at: datetime


@dataclass(frozen=True, slots=True)
class AbsentPupil:
    """One line of the list."""

    pupil: UUID
    name: FullName
    lessons: tuple[LessonMissed, ...]
    """In the order in which they began."""
    answers: tuple[Answered, ...]
    """In the order in which they came."""
    announced: Expected | None
    """What was known of the day beforehand: an order of the school, or what the family announced."""
    refused_at: datetime | None
    """When the school said last that it does not accept what the family says."""

    @property
    def is_unexplained(self) -> bool:
        """Tell whether the cause of some absence is not known."""
        return any(one.kind is AbsenceKind.UNEXPLAINED for one in self.lessons)


@dataclass(frozen=True, slots=True)
class AbsentOfDay:
    """The absent of a class on a day, in the order of the class list (YEAR-23)."""

    class_id: UUID
    class_title: str
    day: date
    pupils: tuple[AbsentPupil, ...]
    rechecked_at: datetime | None
    """When they were gone over last."""
    is_done: bool
    """They were gone over, and there is nobody on the list who was not on it then."""


@dataclass(frozen=True, slots=True)
class ClassWaiting:
    """A class with absent pupils whom nobody has gone over, or with others since."""

    class_id: UUID
    class_title: str
    class_teacher: FullName | None
    absent: int
    rechecked_at: datetime | None


async def of_class(session: AsyncSession, actor: Actor, class_id: UUID, day: date, now: datetime) -> AbsentOfDay:
    """List the absent of a class on a day, with all that is known of each. Raises ``NotFound``, ``Forbidden``."""
    facts = await rights.of_class(session, actor, class_id, now)
    rights.demand(facts, Right.ABSENCES_VIEW)
    people = await _absent(session, class_id, day)
    pupils = [one.id for one in people]
    lessons, answers = await _lessons(session, pupils, day), await _answers(session, pupils, day)
    codes = (await school_rules.of_school(session, facts.of_school.id)).absence_codes
    known = await expected.of_day(session, pupils, day, None, codes)
    refused = await _refused(session, pupils, day)
    lines = tuple(
        AbsentPupil(
            pupil=one.id,
            name=name_of(one),
            lessons=tuple(lessons.get(one.id, ())),
            answers=tuple(answers.get(one.id, ())),
            announced=known.get(one.id),
            refused_at=refused.get(attendance_subject(one.id, day)),
        )
        for one in people
    )
    title = (await session.get_one(SchoolClass, class_id)).title
    gone_over = await session.get(AbsenceRecheck, (class_id, day), populate_existing=True)
    if gone_over is None:
        return AbsentOfDay(class_id, title, day, lines, None, is_done=False)
    waits = {row.id for row in await session.execute(_WAITING, {"school": facts.of_school.id, "day": day})}
    return AbsentOfDay(class_id, title, day, lines, gone_over.rechecked_at, is_done=class_id not in waits)


async def recheck(session: AsyncSession, act: Act, class_id: UUID, day: date) -> None:
    """Say that the absent of a class on a day were gone over; once more says so of those marked absent since.

    Raises ``NotFound``, ``Forbidden``, ``Invalid`` (a day to come), ``Conflict`` (a closed year).
    """
    facts = await rights.of_class(session, act.actor, class_id, act.at)
    rights.demand(facts, Right.ABSENCE_CONFIRM)
    school = facts.of_school
    if day > school_date(act.at, school.zone):
        raise Invalid("absence-recheck-ahead", day=day_words(day))
    await closing.demand_open(session, school.id, day)
    if not await first_time(session, act.key, act.at):
        return
    noted = {"class_id": class_id, "day": day, "by": act.actor.person, "at": act.at}
    await session.execute(_NOTED, noted)
    absent = len(await _absent(session, class_id, day))
    change = Change("absence.recheck", f"class/{class_id}/absences/{day.isoformat()}", None, {"absent": absent})
    await audit(session, act.actor, school.id, act.at, change)


async def waiting(
    session: AsyncSession, actor: Actor, school_id: UUID, day: date, now: datetime
) -> tuple[ClassWaiting, ...]:
    """List the classes of a school whose absent of a day nobody has gone over, or not since the last was marked.

    None where the school's rules ask nobody to (``absence_recheck``). Raises ``NotFound``, ``Forbidden``.
    """
    rights.demand(await rights.of_school(session, actor, school_id, now), Right.ABSENCES_VIEW)
    if not (await school_rules.of_school(session, school_id)).absence_recheck:
        return ()
    rows = await session.execute(_WAITING, {"school": school_id, "day": day})
    found = [ClassWaiting(row.id, row.title, _teacher(row), row.absent, row.rechecked_at) for row in rows]
    return tuple(sorted(found, key=lambda one: title_order(one.class_title)))


async def _absent(session: AsyncSession, class_id: UUID, day: date) -> list[Person]:
    missed = select(Absence.pupil_id).where(Absence.day == day, in_class_on(class_id, day, Absence.pupil_id))
    rows = await session.execute(select(Person).where(Person.id.in_(missed)).order_by(Person.sort_key, Person.id))
    return list(rows.scalars())


async def _lessons(session: AsyncSession, pupils: Collection[UUID], day: date) -> Mapping[UUID, list[LessonMissed]]:
    rows = await session.execute(
        select(Absence, Lesson.number, Subject.name)
        .join(Lesson, Lesson.id == Absence.lesson_id)
        .join(Subject, Subject.id == Lesson.subject_id)
        .where(Absence.pupil_id.in_(pupils), Absence.day == day)
        .order_by(Lesson.starts_at, Lesson.id)
    )
    found: dict[UUID, list[LessonMissed]] = {}
    for one, number, subject in rows:
        missed = LessonMissed(one.lesson_id, number, subject, one.code, AbsenceKind(one.kind), one.recorded_at)
        found.setdefault(one.pupil_id, []).append(missed)
    return found


async def _answers(session: AsyncSession, pupils: Collection[UUID], day: date) -> Mapping[UUID, list[Answered]]:
    rows = await session.execute(
        select(AbsenceAnswer, Person)
        .join(Person, Person.id == AbsenceAnswer.guardian_id)
        .where(AbsenceAnswer.pupil_id.in_(pupils), AbsenceAnswer.day == day)
        .order_by(AbsenceAnswer.at, Person.id)
    )
    found: dict[UUID, list[Answered]] = {}
    for one, guardian in rows:
        said = Answered(one.guardian_id, name_of(guardian), ProposedReason(one.reason), one.at)
        found.setdefault(one.pupil_id, []).append(said)
    return found


async def _refused(session: AsyncSession, pupils: Collection[UUID], day: date) -> Mapping[str, datetime]:
    rows = await session.execute(
        select(AuditRow.subject, func.max(AuditRow.at))
        .where(AuditRow.subject.in_([attendance_subject(pupil, day) for pupil in pupils]), AuditRow.action == REFUSED)
        .group_by(AuditRow.subject)
    )
    return dict(rows.all())


def _teacher(row: Any) -> FullName | None:
    return None if row.surname is None else FullName(row.surname, row.given, row.patronymic)
