"""Tables of schema ``core`` that hold what is told about learning: marks, remarks, homework, the diary's readers."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from core.tables import Table


class Mark(Table):
    """A mark for a lesson (MARK-06). Its row stays when it is taken back: ``value`` is None then."""

    __tablename__ = "mark"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    lesson_id: Mapped[UUID] = mapped_column(ForeignKey("core.lesson.id"))
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"))
    day: Mapped[date]
    value: Mapped[int | None] = mapped_column(SmallInteger)
    work: Mapped[str]
    given_by: Mapped[UUID | None] = mapped_column(ForeignKey("core.person.id"))
    given_at: Mapped[datetime]
    version: Mapped[int]


class Remark(Table):
    """A teacher's remark or praise about a pupil."""

    __tablename__ = "remark"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"))
    lesson_id: Mapped[UUID | None] = mapped_column(ForeignKey("core.lesson.id"))
    day: Mapped[date]
    kind: Mapped[str]
    text: Mapped[str]
    author_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"))
    written_at: Mapped[datetime]
    withdrawn: Mapped[bool]
    version: Mapped[int]


class Homework(Table):
    """What the learners of a lesson have to do for a lesson (HW-05): one row by the lesson at which it is due."""

    __tablename__ = "homework"
    lesson_id: Mapped[UUID] = mapped_column(ForeignKey("core.lesson.id"), primary_key=True)
    due_on: Mapped[date]
    set_on: Mapped[date]
    text: Mapped[str]
    nothing_set: Mapped[bool]
    set_by: Mapped[UUID | None] = mapped_column(ForeignKey("core.person.id"))
    set_at: Mapped[datetime]
    withdrawn: Mapped[bool]
    version: Mapped[int]


class DiaryView(Table):
    """That a guardian has opened a week of the diary (DIARY-04). Append-only by grant."""

    __tablename__ = "diary_view"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"))
    viewer_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"))
    week: Mapped[date]
    """Monday of the week."""
    via: Mapped[str]
    at: Mapped[datetime]
