"""The table of schema ``core`` that holds programs' ways in."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from core.tables import Table


class ApiKey(Table):
    """A key by which a program asks in a school's name; only its digest is kept."""

    __tablename__ = "api_key"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("core.school.id"))
    title: Mapped[str]
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime]
    expires_on: Mapped[date | None]
    """The last day."""
    last_used_on: Mapped[date | None]
    revoked_by: Mapped[UUID | None]
    revoked_at: Mapped[datetime | None]
