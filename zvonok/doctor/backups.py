"""Backups: whether they are set up, whether their key can be read, and whether the last one is fresh."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from zvonok.backup.keys import read_key
from zvonok.backup.troubles import BackupError
from zvonok.doctor.findings import Finding, Patient, off, warning, well, wrong
from zvonok.settings import Settings

FRESH = timedelta(hours=36)
"""A daily backup that is older was missed."""
HOUR = timedelta(hours=1)


async def look_at_backups(patient: Patient) -> list[Finding]:
    """Look at the folder and the key; nothing is opened. In a thread: an external disk may hang."""
    if patient.settings.backup_folder is None:
        return [off("backup-off")]
    return await asyncio.to_thread(_look, patient.settings, patient.settings.backup_folder, patient.machine_clock.now())


def _look(settings: Settings, folder: Path, now: datetime) -> list[Finding]:
    try:
        read_key(settings)
    except BackupError as error:
        return [wrong("backup-key", said=str(error))]
    try:
        made = [path.stat().st_mtime for path in folder.glob("zvonok-*.backup")] if folder.is_dir() else None
    except OSError:
        made = None
    if made is None:
        return [wrong("backup-folder", folder=str(folder))]
    past = [at for at in made if at <= (now + HOUR).timestamp()]
    ahead = len(made) - len(past)
    found = [warning("backup-ahead", count=ahead, folder=str(folder))] if ahead else []
    return [*found, _freshness(past, folder, now)]


def _freshness(made: list[float], folder: Path, now: datetime) -> Finding:
    if not made:
        return warning("backup-none", folder=str(folder))
    age = now - datetime.fromtimestamp(max(made), UTC)
    return (well if age <= FRESH else wrong)("backup-well" if age <= FRESH else "backup-old", hours=age // HOUR)
