"""Tables of schema ``core`` that make the audit a chain: seals, heads, erasures."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from core.tables import Table


class AuditSeal(Table):
    """One link of a school's chain: which row stands there, and the hash up to it. Append-only by grant."""

    __tablename__ = "audit_seal"
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    """From 1, without gaps."""
    audit_id: Mapped[UUID] = mapped_column(unique=True)
    hash: Mapped[bytes]
    sealed_at: Mapped[datetime]


class AuditHead(Table):
    """The last link of a school's chain; its row is the lock of whoever seals."""

    __tablename__ = "audit_head"
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
    """0 before the first link."""
    hash: Mapped[bytes]


class AuditErasure(Table):
    """That the words of a row were erased: when, by whom, why. Append-only by grant."""

    __tablename__ = "audit_erasure"
    audit_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    person_id: Mapped[UUID | None]
    why: Mapped[str]
