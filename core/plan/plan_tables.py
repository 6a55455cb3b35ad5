"""Tables of schema ``core`` about a school year: calendar, rooms, plans, groups, load."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Numeric, SmallInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.tables import Table


class SchoolYear(Table):
    """A year of a school: its calendar and bells, each one document, and whether it is closed (YEAR-28)."""

    __tablename__ = "school_year"
    school_id: Mapped[UUID] = mapped_column(ForeignKey("core.school.id"), primary_key=True)
    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    """Of its September."""
    calendar: Mapped[dict[str, Any]]
    bells: Mapped[list[Any]] = mapped_column(JSONB, server_default="[]")
    version: Mapped[int]
    planned_until: Mapped[date | None]
    """The last day whose lessons were made from the timetable as it is now."""
    closing_proposed_by: Mapped[UUID | None]
    closing_proposed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None]
    closed_at: Mapped[datetime | None]


class Room(Table):
    """A room (YEAR-07); a shared one, as a gymnasium, holds several lessons at once."""

    __tablename__ = "room"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("core.school.id"))
    name: Mapped[str]
    seats: Mapped[int | None] = mapped_column(SmallInteger)
    shared: Mapped[bool] = mapped_column(server_default="false")
    closed: Mapped[bool] = mapped_column(server_default="false")


class StudyPlan(Table):
    """A curriculum plan: of the school, a profile or one pupil; of lessons or of activity beyond them (YEAR-06)."""

    __tablename__ = "study_plan"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("core.school.id"))
    year: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str]
    service: Mapped[str]
    name: Mapped[str]
    profile: Mapped[str] = mapped_column(server_default="")
    pupil_id: Mapped[UUID | None] = mapped_column(ForeignKey("core.person.id"))


class StudyPlanLine(Table):
    """So many hours a week of a subject in a grade."""

    __tablename__ = "study_plan_line"
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("core.study_plan.id"), primary_key=True)
    grade: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(ForeignKey("core.subject.id"), primary_key=True)
    hours_a_week: Mapped[Decimal] = mapped_column(Numeric(4, 2))


class ClassPlan(Table):
    """By which plans a class learns."""

    __tablename__ = "class_plan"
    class_id: Mapped[UUID] = mapped_column(ForeignKey("core.school_class.id"), primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("core.study_plan.id"), primary_key=True)


class StudyGroup(Table):
    """A group, a stream (YEAR-11) or a combined class (YEAR-10) of one school year."""

    __tablename__ = "study_group"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("core.school.id"))
    year: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str]
    purpose: Mapped[str]
    title: Mapped[str]
    subject_id: Mapped[UUID | None] = mapped_column(ForeignKey("core.subject.id"))
    division: Mapped[UUID | None]
    """Groups of one division exclude each other: the halves of a class for English."""
    shift: Mapped[int] = mapped_column(SmallInteger, server_default="1")
    closed: Mapped[bool] = mapped_column(server_default="false")


class GroupClass(Table):
    """From which classes a group is drawn."""

    __tablename__ = "group_class"
    group_id: Mapped[UUID] = mapped_column(ForeignKey("core.study_group.id"), primary_key=True)
    class_id: Mapped[UUID] = mapped_column(ForeignKey("core.school_class.id"), primary_key=True)


class GroupMember(Table):
    """That a pupil is in a group from one day to another (YEAR-20); the database refuses times that share a day."""

    __tablename__ = "group_member"
    group_id: Mapped[UUID] = mapped_column(ForeignKey("core.study_group.id"), primary_key=True)
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"), primary_key=True)
    since: Mapped[date] = mapped_column(primary_key=True)
    until: Mapped[date | None]
    """The last day."""
    division: Mapped[UUID | None]
    """The group's: kept here for the database's own check."""


class TeachingLoad(Table):
    """What a teacher is to give, and to whom, in hours a week (YEAR-15)."""

    __tablename__ = "teaching_load"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("core.school.id"))
    year: Mapped[int] = mapped_column(SmallInteger)
    teacher_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"))
    subject_id: Mapped[UUID] = mapped_column(ForeignKey("core.subject.id"))
    class_id: Mapped[UUID | None] = mapped_column(ForeignKey("core.school_class.id"))
    group_id: Mapped[UUID | None] = mapped_column(ForeignKey("core.study_group.id"))
    pupil_id: Mapped[UUID | None] = mapped_column(ForeignKey("core.person.id"))
    hours_a_week: Mapped[Decimal] = mapped_column(Numeric(4, 2))
