"""Table of schema ``core`` that remembers which backups were made."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from core.tables import Table


class Backup(Table):
    """A backup that was made and read back; the file itself may be anywhere by now. Append-only by grant."""

    __tablename__ = "backup"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    snapshot_at: Mapped[datetime]
    """Everything committed before this moment of the school's clock is in it."""
    finished_at: Mapped[datetime]
    file: Mapped[str]
    """Its name, without the folder."""
    bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    verified_at: Mapped[datetime | None]
