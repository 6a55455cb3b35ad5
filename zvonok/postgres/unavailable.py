"""Why the embedded PostgreSQL cannot be had: one exception, a closed set of reasons, a sentence for the person."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from errno import EDQUOT, ENOSPC
from pathlib import Path

OWN_SERVER_HINT = "Можно взять и свой PostgreSQL 15–18: адрес задаёт ZVONOK_DATABASE_URL."


class Trouble(StrEnum):
    """What is wrong; each is met by other words and by another remedy."""

    NO_BINARIES = "no-binaries"  # no wheel for this platform, or its programs do not run here
    NO_ACCOUNT = "no-account"  # root, and no unprivileged account to run the server as
    NO_ACCESS = "no-access"  # the folder may not be read, written or passed through
    NO_SPACE = "no-space"
    FOREIGN_FOLDER = "foreign-folder"  # holds something that is not ours: left alone
    LOST_DATA = "lost-data"  # a part of our own folder is missing: left alone, nothing is made anew over it
    OTHER_VERSION = "other-version"  # data of another major version of PostgreSQL
    NOT_STARTED = "not-started"  # the server was launched and did not come up, or did not let us in


class PostgresUnavailable(Exception):  # noqa: N818 - named by what the user meets; the house's refusals have no "Error"
    """The server cannot be had; `str()` is one Russian sentence or two, fit to be printed. Holds no secret."""

    def __init__(self, trouble: Trouble, message: str) -> None:
        super().__init__(message)
        self.trouble = trouble


@contextmanager
def refusing(folder: Path) -> Iterator[None]:
    """Translate what the system says about files under `folder` (OSError) into `PostgresUnavailable`."""
    try:
        yield
    except OSError as error:
        where = error.filename if isinstance(error.filename, str) else str(folder)
        if error.errno in {ENOSPC, EDQUOT}:
            raise no_space(folder) from error
        if isinstance(error, PermissionError):
            message = f"Нет прав на «{where}»: база данных Звонка должна лежать в папке, доступной для записи."
            raise PostgresUnavailable(Trouble.NO_ACCESS, f"{message} {OWN_SERVER_HINT}") from error
        message = f"Не удалось открыть базу данных в папке {folder}: «{where}» — {error.strerror}."
        raise PostgresUnavailable(Trouble.NO_ACCESS, message) from error


def no_space(folder: Path) -> PostgresUnavailable:
    """Make the refusal for a full disk (or quota) under `folder`."""
    message = f"На диске с папкой {folder} не хватает места для базы данных. Освободите место и запустите снова."
    return PostgresUnavailable(Trouble.NO_SPACE, message)
