"""The book of backups: which were made and when, so that one that is due is not forgotten (BACK-02, BACK-05)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.upkeep.backup_tables import Backup


@dataclass(frozen=True, slots=True)
class BackupMade:
    """A backup that was made, and verified by reading it back before it got its name."""

    id: UUID
    snapshot_at: datetime
    finished_at: datetime
    file: str
    bytes: int
    sha256: str


async def note(session: AsyncSession, made: BackupMade) -> None:
    """Enter a backup."""
    session.add(
        Backup(
            id=made.id,
            snapshot_at=made.snapshot_at,
            finished_at=made.finished_at,
            file=made.file,
            bytes=made.bytes,
            sha256=made.sha256,
            verified_at=made.finished_at,
        )
    )
    await session.flush()


async def last_snapshot(session: AsyncSession, now: datetime) -> datetime | None:
    """Return the moment of the newest backup's snapshot; None if none was ever made.

    A moment after ``now`` is of a clock that was wrong: it must not keep the next backup from being made for years.
    """
    query = select(func.max(Backup.snapshot_at)).where(Backup.snapshot_at <= now)
    return (await session.execute(query)).scalar_one()
