"""A demonstration is alone in its folder. Loaded before everything else, so that a second one is refused at once."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zvonok.trouble import InstallationError

USUAL_HOME = Path("var")
"""Where demonstrations lie unless the environment names a data folder."""


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep another demonstration away from the folder, by a lock that dies with the process.

    Raises ``InstallationError`` if one is there; it names the address of that one's page, if it has one.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _lock(folder).open("a", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InstallationError(_refusal(folder)) from None
        lock.truncate(0)
        yield


def stands_at(folder: Path, address: str) -> None:
    """Leave the address of the page for whoever is refused; the folder must be held."""
    _lock(folder).write_text(address, encoding="ascii")


def _refusal(folder: Path) -> str:
    address = _lock(folder).read_text(encoding="ascii").strip()
    where = f"Откройте {address} или сначала остановите её." if address else "остановите её сначала."
    return f"Демонстрация в {folder} уже идёт{'. ' if address else ': '}{where}"


def is_of_demonstration(folder: Path) -> bool:
    """Tell whether a demonstration has ever played in this folder."""
    return _lock(folder).is_file()


def is_played(folder: Path) -> bool:
    """Tell whether a demonstration plays in this folder right now."""
    if not is_of_demonstration(folder):
        return False
    with _lock(folder).open(encoding="ascii") as lock:
        try:
            # Shared, for a moment: whoever asks keeps nobody else from asking.
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def home_of(data: Path) -> Path:
    """Return the folder in which demonstrations lie: this one, or the one above if it is a demonstration's own."""
    return data.parent if is_of_demonstration(data) else data


def _lock(folder: Path) -> Path:
    """Return the lock's file: beside the folder, which may be cleared while it is held."""
    whole = folder.resolve()
    return whole.parent / f"{whole.name}.lock"
