"""Tables of schema ``core`` about accounts that are no longer their owners': notices, who was told, what is void."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.tables import Table


class BreachRow(Table):
    """A notice that an account is in strange hands, and the act by which its operations are void (AUTH-10, AUTH-11)."""

    __tablename__ = "breach"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    school_id: Mapped[UUID]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("core.account.id"))
    found_at: Mapped[datetime]
    report_by: Mapped[datetime]
    """The last moment at which the head and the support had to be told."""
    reported_at: Mapped[datetime]
    reported_by: Mapped[UUID | None]
    act_number: Mapped[str | None]
    act_at: Mapped[datetime | None]
    act_by: Mapped[UUID | None]


class BreachTold(Table):
    """That the head, or the support, was told of a breach. Append-only by grant."""

    __tablename__ = "breach_told"
    breach_id: Mapped[UUID] = mapped_column(ForeignKey("core.breach.id"), primary_key=True)
    whom: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class Voided(Table):
    """That an operation in the audit is void, and what became of its fact. Append-only by grant."""

    __tablename__ = "voided"
    audit_id: Mapped[UUID] = mapped_column(primary_key=True)
    breach_id: Mapped[UUID] = mapped_column(ForeignKey("core.breach.id"))
    at: Mapped[datetime]
    undone: Mapped[bool]
    note: Mapped[str]
    """An ``Outcome``, or the refusal of the correction."""
