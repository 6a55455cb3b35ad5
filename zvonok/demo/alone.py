"""A demonstration is alone in its folder. Loaded before everything else, so that a second one is refused at once."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zvonok.trouble import InstallationError


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep another demonstration away from the folder, by a lock that dies with the process.

    Raises ``InstallationError`` if one is there.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _lock(folder).open("a", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InstallationError(f"Демонстрация в {folder} уже идёт: остановите её сначала.") from None
        yield


def is_of_demonstration(folder: Path) -> bool:
    """Tell whether a demonstration has ever played in this folder."""
    return _lock(folder).is_file()


def _lock(folder: Path) -> Path:
    """Return the lock's file: beside the folder, which may be cleared while it is held."""
    whole = folder.resolve()
    return whole.parent / f"{whole.name}.lock"
