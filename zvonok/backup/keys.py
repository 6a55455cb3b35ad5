"""The key of backups: from a file or the environment, never from the data folder that is backed up."""

import os
import secrets
import stat
from pathlib import Path

from pydantic import SecretStr

from zvonok.backup.sealing import BackupKey
from zvonok.backup.troubles import BackupError
from zvonok.settings import Settings

SHORTEST = 32
"""Characters; what ``make`` writes has twice as many."""
LONGEST = 4096
OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO
WITHOUT = (
    "Копии шифруются, и нужен ключ. Сделайте его один раз: zvonok backup key ФАЙЛ — и укажите файл в "
    "ZVONOK_BACKUP_KEY_FILE. Второй экземпляр ключа храните не на этой машине: без него копии не открыть."
)


def read_key(settings: Settings) -> BackupKey:
    """Return the key. Raises ``BackupError`` if there is none, or none that is good; its value is never repeated."""
    if settings.backup_key is not None:
        return _checked(settings.backup_key, "ZVONOK_BACKUP_KEY")
    path = settings.backup_key_file
    if path is None:
        raise BackupError(WITHOUT)
    try:
        with path.open("rb") as file:
            content = file.read(LONGEST)
            mode = os.fstat(file.fileno()).st_mode
    except OSError as error:
        raise BackupError(f"Файл ключа {path} не читается ({type(error).__name__}).") from None
    if mode & OPEN_TO_OTHERS:
        raise BackupError(f"Файл ключа {path} могут читать посторонние. Закройте его: chmod 600 {path}")
    return _checked(SecretStr(content.decode("utf-8", "replace")), str(path))


def make(path: Path) -> None:
    """Write a new key, for its owner only; a file that is there is never overwritten. Raises ``BackupError``."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_hex(SHORTEST).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise BackupError(f"Файл {path} уже есть. Ключ не заменяют: старые копии откроет только он.") from None
    except OSError as error:
        raise BackupError(f"Файл ключа {path} не записать ({type(error).__name__}).") from None


def _checked(value: SecretStr, where: str) -> BackupKey:
    stripped = value.get_secret_value().strip()
    if len(stripped) < SHORTEST:
        raise BackupError(f"{where}: ключ копий короче {SHORTEST} знаков. Сделайте его командой zvonok backup key.")
    return BackupKey(stripped.encode())
