"""Where backups and their key lie when no setting says so: beside the data folder, never in it.

Whoever deletes the data folder, or copies it away, must neither delete its backups nor take their key along.
"""

from pathlib import Path

from zvonok.backup.troubles import BackupError
from zvonok.settings import Settings


def own_folder(settings: Settings) -> Path:
    """Return where backups go if no folder is set: ``var-backups`` beside ``var``."""
    return _beside(settings, "-backups")


def own_key(settings: Settings) -> Path:
    """Return where the key lies if no setting names it: ``var-backup.key`` beside ``var``."""
    return _beside(settings, "-backup.key")


def folder_of(settings: Settings, chosen: Path | None) -> Path:
    """Return the folder that counts: the chosen one, the one of the settings, or our own."""
    return chosen or settings.backup_folder or own_folder(settings)


def make_own_folder(settings: Settings, chosen: Path | None) -> bool:
    """Make our own folder if it is the one that counts; tell whether it does. A chosen one is never made.

    Raises ``BackupError``.
    """
    folder = folder_of(settings, chosen)
    if folder != own_folder(settings):
        return False
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise BackupError(
            f"Папку {folder} для копий не создать ({type(error).__name__}). Укажите свою, она должна уже быть: "
            "zvonok backup --to ПАПКА"
        ) from None
    return True


def _beside(settings: Settings, ending: str) -> Path:
    data = settings.data.resolve()
    return data.with_name(f"{data.name}{ending}")
