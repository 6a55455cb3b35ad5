"""The key of backups: from a file or the environment, never from the data folder that is backed up."""

import os
import secrets
import stat
from pathlib import Path

from pydantic import SecretStr

from zvonok.backup.places import own_key
from zvonok.backup.sealing import BackupKey
from zvonok.backup.troubles import BackupError
from zvonok.settings import Settings

SHORTEST = 32
"""Characters; what ``make`` writes has twice as many."""
LONGEST = 4096
OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO
WITHOUT = (
    "Копии шифруются, а ключа здесь нет: ни в настройках, ни в файле {path}. Если копии уже есть, верните их ключ в "
    "этот файл или начните команду с ZVONOK_BACKUP_KEY_FILE=ФАЙЛ_КЛЮЧА. Если копий ещё нет, ключ сделает первая: "
    "zvonok backup"
)


def read_key(settings: Settings) -> BackupKey:
    """Return the key. Raises ``BackupError`` if there is none, or none that is good; its value is never repeated."""
    if settings.backup_key is not None:
        return _checked(settings.backup_key, "ZVONOK_BACKUP_KEY", settings)
    path = key_file(settings)
    if settings.backup_key_file is None and not path.exists():
        raise BackupError(WITHOUT.format(path=path))
    try:
        with path.open("rb") as file:
            content = file.read(LONGEST)
            mode = os.fstat(file.fileno()).st_mode
    except FileNotFoundError:
        raise BackupError(
            f"Файла ключа {path} нет. Верните его на место; если ключа ещё не было: zvonok backup key {path}"
        ) from None
    except OSError as error:
        raise BackupError(
            f"Файл ключа {path} не читается ({type(error).__name__}). Читать его должен тот, кто запускает zvonok: "
            f"chown $USER {path}"
        ) from None
    if mode & OPEN_TO_OTHERS:
        raise BackupError(f"Файл ключа {path} могут читать посторонние. Закройте его: chmod 600 {path}")
    return _checked(SecretStr(content.decode("utf-8", "replace")), str(path), settings)


def key_file(settings: Settings) -> Path:
    """Return the file in which the key lies, or is looked for; it does not count if the environment has a key."""
    return settings.backup_key_file or own_key(settings)


def make_own(settings: Settings) -> bool:
    """Make the key if no setting says where it is and there is none yet; tell whether it was made.

    Raises ``BackupError``.
    """
    path = own_key(settings)
    if settings.backup_key is not None or settings.backup_key_file is not None or path.exists():
        return False
    make(path)
    return True


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
        raise BackupError(
            f"Файл ключа {path} не записать ({type(error).__name__}). Сделайте ключ там, куда писать можно: "
            "zvonok backup key ~/zvonok-backup.key — и снимите копию: "
            "ZVONOK_BACKUP_KEY_FILE=~/zvonok-backup.key zvonok backup"
        ) from None


def _checked(value: SecretStr, where: str, settings: Settings) -> BackupKey:
    stripped = value.get_secret_value().strip()
    if len(stripped) < SHORTEST:
        new = own_key(settings)
        raise BackupError(
            f"{where}: ключ копий короче {SHORTEST} знаков. Годный сделает команда zvonok backup key {new} — потом "
            f"укажите его: ZVONOK_BACKUP_KEY_FILE={new}"
        )
    return BackupKey(stripped.encode())
