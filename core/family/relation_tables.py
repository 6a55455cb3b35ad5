"""Tables of schema ``core`` about relations and roles: institutions, coming of age, a school's own roles."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.tables import Table


class Institution(Table):
    """A "person" who is an organisation that stands in for parents: an orphanage, a social centre."""

    __tablename__ = "institution"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"), primary_key=True)
    full_name: Mapped[str]


class Majority(Table):
    """That a pupil came of age: his guardians' rights ended, and he was asked who may look on."""

    __tablename__ = "majority"
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"), primary_key=True)
    came_on: Mapped[date]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    """None while he has not said."""


class OwnRole(Table):
    """A role that a school made for itself; what it may do stands in ``role_right`` alone."""

    __tablename__ = "own_role"
    school_id: Mapped[UUID] = mapped_column(ForeignKey("core.school.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
