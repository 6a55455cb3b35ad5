"""What may be wrong with a backup, in sentences for whoever must do something about it."""

from pathlib import Path

from zvonok.trouble import OfficeError


class BackupError(OfficeError):
    """A backup cannot be made, read or restored; the message is a Russian sentence."""


class NotEmptyError(BackupError):
    """There is something in the database already."""

    def __init__(self, table: str) -> None:
        super().__init__(
            f"База данных не пуста: в ней есть {table}. Восстанавливают только в пустую, чтобы ничего не стереть. "
            "Укажите в ZVONOK_DATABASE_URL новую базу или в ZVONOK_DATA новую папку."
        )


class DamagedError(BackupError):
    """The file is not what was written."""

    def __init__(self, path: Path, how: str) -> None:
        super().__init__(f"Копия {path.name} повреждена: {how}. Восстановить из неё ничего нельзя, возьмите другую.")


class WrongKeyError(BackupError):
    """The file was written with another key."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"Ключ не подходит к копии {path.name}: она зашифрована другим. "
            "Начните команду с того ключа, с которым её сделали: ZVONOK_BACKUP_KEY_FILE=ФАЙЛ_КЛЮЧА"
        )
