"""Tables of schema ``core`` about what changes the timetable, and what is planned beside it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, SmallInteger, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from core.tables import Table


class TimetableChange(Table):
    """One change of a lesson, or one act of whole days (TT-04, TT-15). It is withdrawn, never struck out."""

    __tablename__ = "timetable_change"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("core.school.id"))
    year: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str]
    slot_id: Mapped[UUID | None] = mapped_column(ForeignKey("core.slot.id"))
    first: Mapped[date]
    """The day on which the timetable has the lesson; of an act its first day."""
    last: Mapped[date]
    data: Mapped[dict[str, Any]]
    why: Mapped[str] = mapped_column(server_default="")
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime]
    withdrawn_by: Mapped[UUID | None]
    withdrawn_at: Mapped[datetime | None]
    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    """The order in which changes were made: of two that say the same, the later holds."""


class TimetableDay(Table):
    """Head of the subject "the timetable of a class, a group or a pupil on a day"; its version rises under its lock."""

    __tablename__ = "timetable_day"
    learners_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    version: Mapped[int]


class ControlWork(Table):
    """A control work planned for a lesson (TT-12)."""

    __tablename__ = "control_work"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("core.school.id"))
    year: Mapped[int] = mapped_column(SmallInteger)
    lesson_id: Mapped[UUID] = mapped_column(ForeignKey("core.lesson.id"))
    form: Mapped[str]
    topic: Mapped[str]
    for_control: Mapped[bool] = mapped_column(server_default="false")
    """For the school's internal monitoring (ВШК), not only the teacher's."""
    planned_by: Mapped[UUID | None]
    planned_at: Mapped[datetime]
    withdrawn: Mapped[bool] = mapped_column(server_default="false")
    version: Mapped[int]


class SchoolEvent(Table):
    """Something that a school or some classes do beside lessons (YEAR-31, TT-11)."""

    __tablename__ = "school_event"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("core.school.id"))
    classes: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid))
    """None: the whole school's."""
    title: Mapped[str]
    place: Mapped[str] = mapped_column(server_default="")
    note: Mapped[str] = mapped_column(server_default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    planned_by: Mapped[UUID | None]
    planned_at: Mapped[datetime]
    withdrawn: Mapped[bool] = mapped_column(server_default="false")
    version: Mapped[int]
