"""«Ребёнок в школе, это ошибка»: what a guardian says of an entry is a matter for whoever gave the lesson.

It is said of the last entry that there was, and told to its teacher and to whoever answers for the class. Once the
guardian says otherwise, or the entry is gone, they are told that it is over.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, Date, Uuid, bindparam, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.access_names import Role
from core.events import AbsenceDisputedState, dispute_subject, event
from core.learning.attendance_day import DayKey
from core.outbox import publish
from core.person.people import name_of
from core.tables import Lesson, Person, Pupil, RoleAssignment, SchoolClass, Subject

_OVER = text("""
UPDATE core.absence_answer SET lesson_id = NULL
WHERE pupil_id = ANY(:pupils) AND day = :day AND lesson_id = :lesson RETURNING pupil_id, guardian_id""").bindparams(
    bindparam("pupils", type_=ARRAY(Uuid)), bindparam("lesson", type_=Uuid), bindparam("day", type_=Date)
)


@dataclass(frozen=True, slots=True)
class Dispute:
    """Whose word it is, about which entry, and whether it stands."""

    pupil: UUID
    guardian: UUID
    lesson: UUID
    disputed: bool
    version: int
    """Of the pupil's day: it rises with every answer, and with every entry."""


async def tell(session: AsyncSession, school: UUID, disputes: Collection[Dispute], now: datetime) -> None:
    """Publish that entries are disputed, or are so no more."""
    if not disputes:
        return
    lessons = await _lessons(session, {one.lesson for one in disputes})
    pupils = await _pupils(session, {one.pupil: lessons[one.lesson].day for one in disputes})
    await publish(
        session,
        *(
            event(
                _state(one, pupils[one.pupil], lessons[one.lesson]),
                subject=dispute_subject(one.pupil, lessons[one.lesson].day, one.guardian),
                school=school,
                version=one.version,
                at=now,
            )
            for one in disputes
        ),
    )


async def close(
    session: AsyncSession, school: UUID, lesson: UUID, versions: Mapping[DayKey, int], now: datetime
) -> None:
    """Tell that entries of a lesson are disputed no more, since they are gone; by the days at their new versions."""
    if not versions:
        return
    (day,) = {key.day for key in versions}
    values = {"pupils": [key.pupil for key in versions], "day": day, "lesson": lesson}
    over = [
        Dispute(row.pupil_id, row.guardian_id, lesson, disputed=False, version=versions[DayKey(row.pupil_id, day)])
        for row in await session.execute(_OVER, values)
    ]
    await tell(session, school, over, now)


@dataclass(frozen=True, slots=True)
class _Lesson:
    day: date
    number: int
    subject_name: str
    teacher: UUID


async def _lessons(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, _Lesson]:
    gives = func.coalesce(Lesson.substitute_id, Lesson.teacher_id)
    query = select(Lesson.id, Lesson.day, Lesson.number, Subject.name, gives).join(
        Subject, Subject.id == Lesson.subject_id
    )
    rows = await session.execute(query.where(Lesson.id.in_(ids)))
    return {one: _Lesson(day, number, subject, teacher) for one, day, number, subject, teacher in rows}


@dataclass(frozen=True, slots=True)
class _Pupil:
    name: str
    class_title: str
    class_teachers: tuple[UUID, ...]


async def _pupils(session: AsyncSession, days: Mapping[UUID, date]) -> dict[UUID, _Pupil]:
    query = select(Person, SchoolClass).join(Pupil, Pupil.person_id == Person.id)
    query = query.join(SchoolClass, SchoolClass.id == Pupil.class_id).where(Person.id.in_(days))
    found = (await session.execute(query)).all()
    leading = await _standing_in(session, {of_class.id for _, of_class in found})
    return {
        person.id: _Pupil(
            name_of(person).in_lists(),
            of_class.title,
            (
                *(() if of_class.class_teacher_id is None else (of_class.class_teacher_id,)),
                *(one.person_id for one in leading.get(of_class.id, ()) if _holds(one, days[person.id])),
            ),
        )
        for person, of_class in found
    }


async def _standing_in(session: AsyncSession, classes: Collection[UUID]) -> dict[UUID, list[RoleAssignment]]:
    query = select(RoleAssignment).where(RoleAssignment.class_id.in_(classes), RoleAssignment.role == Role.STAND_IN)
    found: dict[UUID, list[RoleAssignment]] = {}
    for one in (await session.execute(query.order_by(RoleAssignment.since, RoleAssignment.id))).scalars():
        if one.class_id is not None:
            found.setdefault(one.class_id, []).append(one)
    return found


def _holds(role: RoleAssignment, day: date) -> bool:
    return role.since <= day and (role.until is None or day <= role.until)


def _state(dispute: Dispute, pupil: _Pupil, lesson: _Lesson) -> AbsenceDisputedState:
    return AbsenceDisputedState(
        pupil=dispute.pupil,
        pupil_name=pupil.name,
        class_title=pupil.class_title,
        guardian=dispute.guardian,
        day=lesson.day,
        lesson=dispute.lesson,
        lesson_number=lesson.number,
        subject_name=lesson.subject_name,
        teacher=lesson.teacher,
        class_teachers=pupil.class_teachers,
        disputed=dispute.disputed,
    )
