"""Tables of schema ``core`` about what is kept of people and classes beside lessons: cards, verifications, news."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.tables import Table


class PersonalCard(Table):
    """The personal card of a pupil or of a teacher (DOC-09): sections in the school's own words."""

    __tablename__ = "personal_card"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    data: Mapped[dict[str, Any]]
    version: Mapped[int]


class ClassCard(Table):
    """The information card of a class (YEAR-26)."""

    __tablename__ = "class_card"
    class_id: Mapped[UUID] = mapped_column(ForeignKey("core.school_class.id"), primary_key=True)
    data: Mapped[dict[str, Any]]
    version: Mapped[int]


class Verification(Table):
    """That the data of a class were checked: once a year, or once a month (YEAR-24…26)."""

    __tablename__ = "verification"
    class_id: Mapped[UUID] = mapped_column(ForeignKey("core.school_class.id"), primary_key=True)
    duty: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[date] = mapped_column(primary_key=True)
    """Its first day: 1 September, or the first of a month."""
    done_by: Mapped[UUID | None]
    done_at: Mapped[datetime]


class DataChange(Table):
    """«Мои данные изменились»: what a parent or a pupil told the school of (CONS-14)."""

    __tablename__ = "data_change"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    about_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"))
    told_by: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"))
    text: Mapped[str]
    told_at: Mapped[datetime]
    closed_by: Mapped[UUID | None]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    """What was done about it, for whoever told."""
