"""Lessons as timetables show them: names in place of ids, and what a lesson was to be beside what it has become."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.learning.lesson_rights import learners_title, with_learners
from core.person.class_titles import title_order
from core.person.people import name_of
from core.plan.plan_tables import Room
from core.tables import Lesson, Person, SchoolClass, Slot, Subject
from core.timetable.timetable_tables import ControlWork
from core.year.changes import CancelReason

_OWN, _SUBSTITUTE = aliased(Person), aliased(Person)
_PLANNED_SUBJECT, _PLANNED_ROOM = aliased(Subject), aliased(Room)


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonView:
    """A lesson of a day; what changes have made of it stands beside what it was to be."""

    id: UUID
    slot: UUID
    day: date
    number: int
    starts_at: datetime
    ends_at: datetime
    learners: str
    """Title of the class or the group, or the name of the pupil, who has it."""
    classes: tuple[str, ...]
    """Titles of the classes that they come from."""
    distant: tuple[str, ...]
    """Those of the classes that do not come for it."""
    subject_name: str
    teacher_name: str
    """In full: whoever gives it."""
    room_name: str | None
    control: str | None
    """Form of the control work planned for it."""
    cancelled: CancelReason | None
    """Why it is not held (TT-15)."""
    cancelled_note: str
    planned_day: date
    """On which the timetable has it."""
    planned_number: int
    planned_subject: str
    planned_room: str | None
    own_teacher: str | None
    """In full: whom whoever gives it replaces (TT-05); None: he gives it himself."""

    planned_hours: tuple[time, time] | None = None
    """Which the timetable itself gives it; None: it follows the bells."""

    @property
    def is_moved(self) -> bool:
        """Tell whether it is held on another day, or as another lesson of the day, than the timetable has it."""
        return (self.day, self.number) != (self.planned_day, self.planned_number)

    @property
    def is_all_distant(self) -> bool:
        """Tell whether nobody comes for it."""
        return bool(self.classes) and self.distant == self.classes


async def read(session: AsyncSession, *conditions: ColumnElement[bool]) -> tuple[LessonView, ...]:
    """Read lessons in the order in which they begin; two statements, however many there are.

    Whoever calls has asked for the right to, and names the school among the conditions.
    """
    rows = (await session.execute(_query().where(*conditions))).all()
    titles = await _titles(session, {one for row in rows for one in row[0].classes})
    found = [_view(row, titles) for row in rows]
    return tuple(sorted(found, key=lambda one: (one.starts_at, title_order(one.learners), one.id)))


def _query() -> Select[*tuple[Any, ...]]:
    query = (
        select(
            Lesson,
            Slot,
            learners_title(),
            Subject.name,
            _PLANNED_SUBJECT.name,
            Room.name,
            _PLANNED_ROOM.name,
            _OWN,
            _SUBSTITUTE,
            ControlWork.form,
        )
        .join(Slot, Slot.id == Lesson.slot_id)
        .join(Subject, Subject.id == Lesson.subject_id)
        .join(_PLANNED_SUBJECT, _PLANNED_SUBJECT.id == Slot.subject_id)
        .join(_OWN, _OWN.id == Lesson.teacher_id)
        .outerjoin(_SUBSTITUTE, _SUBSTITUTE.id == Lesson.substitute_id)
        .outerjoin(Room, Room.id == Lesson.room_id)
        .outerjoin(_PLANNED_ROOM, _PLANNED_ROOM.id == Slot.room_id)
        .outerjoin(ControlWork, and_(ControlWork.lesson_id == Lesson.id, ControlWork.withdrawn.is_(False)))
    )
    return with_learners(query)


async def _titles(session: AsyncSession, classes: set[UUID]) -> Mapping[UUID, str]:
    rows = await session.execute(select(SchoolClass.id, SchoolClass.title).where(SchoolClass.id.in_(classes)))
    return MappingProxyType(dict(rows.all()))


def _view(row: Row[*tuple[Any, ...]], titles: Mapping[UUID, str]) -> LessonView:
    lesson, slot, learners, subject, planned_subject, room, planned_room, own, substitute, control = row
    given_by = own if substitute is None else substitute
    return LessonView(
        id=lesson.id,
        slot=slot.id,
        day=lesson.day,
        number=lesson.number,
        starts_at=lesson.starts_at,
        ends_at=lesson.ends_at,
        learners=learners,
        classes=in_order(titles[one] for one in lesson.classes),
        distant=in_order(titles[one] for one in lesson.distant),
        subject_name=subject,
        teacher_name=name_of(given_by).in_full(),
        room_name=room,
        control=control,
        cancelled=None if lesson.cancelled is None else CancelReason(lesson.cancelled),
        cancelled_note=lesson.cancelled_note,
        planned_day=lesson.planned_day,
        planned_number=slot.number,
        planned_subject=planned_subject,
        planned_room=planned_room,
        planned_hours=None if slot.starts is None or slot.ends is None else (slot.starts, slot.ends),
        own_teacher=None if substitute is None else name_of(own).in_full(),
    )


def in_order(titles: Iterable[str]) -> tuple[str, ...]:
    """Return titles of classes as the school lists them: by grade, then by letter."""
    return tuple(sorted(titles, key=title_order))
