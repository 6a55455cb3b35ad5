"""Tables of schema ``core`` about where pupils learn by date, and the orders that move them (YEAR-21)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.tables import Table


class Enrolment(Table):
    """That a pupil learns in a class from one day to another; the database refuses times that share a day."""

    __tablename__ = "enrolment"
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"), primary_key=True)
    class_id: Mapped[UUID] = mapped_column(ForeignKey("core.school_class.id"))
    since: Mapped[date] = mapped_column(primary_key=True)
    until: Mapped[date | None]
    """The last day; None: still."""


class Movement(Table):
    """One pupil's movement by an order. Append-only by grant: a mistake is corrected by another row."""

    __tablename__ = "movement"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("core.school.id"))
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"))
    kind: Mapped[str]
    on_day: Mapped[date]
    """The first day of the new state; of whoever leaves, his last day."""
    from_class: Mapped[UUID | None] = mapped_column(ForeignKey("core.school_class.id"))
    to_class: Mapped[UUID | None] = mapped_column(ForeignKey("core.school_class.id"))
    order_number: Mapped[str]
    order_day: Mapped[date]
    other_school: Mapped[str] = mapped_column(server_default="")
    note: Mapped[str] = mapped_column(server_default="")
    places_before: Mapped[list[Any]] = mapped_column(JSONB, server_default="[]")
    """Where he would have learned without the order, from its first day on, as ``places.Place`` writes it."""
    places_after: Mapped[list[Any]] = mapped_column(JSONB, server_default="[]")
    """Where he was to learn with it: what differs from this later, somebody else has written."""
    recorded_by: Mapped[UUID | None]
    recorded_at: Mapped[datetime]
    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
