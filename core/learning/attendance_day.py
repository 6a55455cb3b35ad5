"""One day of a pupil as one subject: its version, its whole state, and who may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.events import (
    AttendanceDayState,
    GuardianAnswer,
    LessonAbsence,
    ProposedReason,
    attendance_subject,
    event,
)
from core.learning import lesson_learners
from core.learning.absence_codes import CODES
from core.outbox import publish
from core.russian import FullName
from core.school.schools import SchoolCard
from core.school_time import school_year_start
from core.tables import (
    Absence,
    AbsenceAnswer,
    AttendanceDay,
    Lesson,
    Person,
    Pupil,
    SchoolClass,
    Subject,
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


async def raise_and_publish(session: AsyncSession, school: SchoolCard, keys: Sequence[DayKey], now: datetime) -> None:
    """Raise the versions of these subjects under their rows' locks, and publish their whole states.

    Rows are locked in one order everywhere, so that two roll calls of one class cannot wait for each other.
    """
    if not keys:
        return
    rows = [{"pupil_id": key.pupil, "day": key.day, "version": 1} for key in sorted(keys)]
    raised = await session.execute(
        insert(AttendanceDay)
        .on_conflict_do_update(index_elements=["pupil_id", "day"], set_={"version": AttendanceDay.version + 1})
        .returning(AttendanceDay.pupil_id, AttendanceDay.day, AttendanceDay.version),
        rows,
    )
    versions = {DayKey(pupil, day): version for pupil, day, version in raised}
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
    pupils = [key.pupil for key in keys]
    absences = await _absences(session, pupils, day)
    answers = await _answers(session, pupils, day)
    totals = await _totals(session, pupils, day)
    # Of that day: what is corrected later is told of the class in which he learned then.
    titles = await lesson_learners.class_titles(session, dict.fromkeys(pupils, day))
    people = await session.execute(
        select(Person, SchoolClass.school_id)
        .join(Pupil, Pupil.person_id == Person.id)
        .join(SchoolClass, SchoolClass.id == Pupil.class_id)
        .where(Person.id.in_(pupils))
    )
    rows = people.all()
    since = {school: await _counted_since(session, school, day) for school in {school for _, school in rows}}
    return {
        DayKey(person.id, day): AttendanceDayState(
            pupil=person.id,
            pupil_name=FullName(person.surname, person.given, person.patronymic).in_lists(),
            class_title=titles[person.id],
            day=day,
            absences=tuple(absences.get(person.id, ())),
            answers=tuple(answers.get(person.id, ())),
            missed_lessons=totals.get(person.id, 0),
            counted_since=since[school],
        )
        for person, school in rows
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


async def _absences(session: AsyncSession, pupils: Sequence[UUID], day: date) -> dict[UUID, list[LessonAbsence]]:
    rows = await session.execute(
        select(Absence, Lesson.number, Lesson.starts_at, Subject.name)
        .join(Lesson, Lesson.id == Absence.lesson_id)
        .join(Subject, Subject.id == Lesson.subject_id)
        .where(Absence.pupil_id.in_(pupils), Absence.day == day)
        .order_by(Lesson.starts_at)
    )
    found: dict[UUID, list[LessonAbsence]] = {}
    for absence, number, starts_at, subject_name in rows:
        found.setdefault(absence.pupil_id, []).append(
            LessonAbsence(
                lesson=absence.lesson_id,
                number=number,
                subject_name=subject_name,
                starts_at=starts_at,
                code=absence.code,
                kind=CODES[absence.code],
                recorded_at=absence.recorded_at,
            )
        )
    return found


async def _answers(session: AsyncSession, pupils: Sequence[UUID], day: date) -> dict[UUID, list[GuardianAnswer]]:
    rows = await session.execute(
        select(AbsenceAnswer)
        .where(AbsenceAnswer.pupil_id.in_(pupils), AbsenceAnswer.day == day)
        .order_by(AbsenceAnswer.at)
    )
    found: dict[UUID, list[GuardianAnswer]] = {}
    for row in rows.scalars():
        given = GuardianAnswer(guardian=row.guardian_id, reason=ProposedReason(row.reason), at=row.at)
        found.setdefault(row.pupil_id, []).append(given)
    return found


async def _totals(session: AsyncSession, pupils: Sequence[UUID], day: date) -> dict[UUID, int]:
    rows = await session.execute(
        select(Absence.pupil_id, func.count())
        .where(Absence.pupil_id.in_(pupils), Absence.day.between(school_year_start(day), day))
        .group_by(Absence.pupil_id)
    )
    return dict(rows.all())


async def _counted_since(session: AsyncSession, school_id: UUID, day: date) -> date | None:
    """Return since when absences up to ``day`` are on record: a total may not speak of days before the journal."""
    begins = await journal_begins(session, school_id)
    return None if begins is None else max(begins, school_year_start(day))
