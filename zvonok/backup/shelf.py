"""The folder of backups: what is in it is whole; the last few are kept."""

import errno
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from zvonok.backup.manifest import stamp
from zvonok.backup.troubles import BackupError

SUFFIX, DRAFT = ".backup", ".part"


@dataclass(frozen=True, slots=True)
class Draft:
    """A backup that is being written, under a name of which nobody takes it for one."""

    path: Path
    file: BinaryIO
    final: Path

    def to_disk(self) -> None:
        """Bring all of it to the disk, and let go of the copy in memory, so that reading it back reads the disk."""
        self.file.flush()
        os.fsync(self.file.fileno())
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(self.file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def require(folder: Path) -> None:
    """Look whether a folder is there. It is never made: a disk that is not mounted would be an empty folder.

    Raises ``BackupError``.
    """
    if not folder.is_dir():
        raise BackupError(
            f"Папки {folder} для копий нет. Если она на другом диске, подключите его; если её ещё не было: "
            f"mkdir -p {folder}"
        )


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder in which one installation keeps its backups; others may keep theirs beside them."""

    folder: Path
    tag: str
    """Of the installation: nobody else's files are ever removed."""

    def check(self) -> None:
        """Look whether the folder is there. Raises ``BackupError``."""
        require(self.folder)

    def kept(self) -> Sequence[Path]:
        """Return this installation's backups, the oldest first."""
        own = re.compile(rf"zvonok-{re.escape(self.tag)}-\d{{8}}-\d{{6}}{re.escape(SUFFIX)}")
        return sorted(path for path in self.folder.iterdir() if own.fullmatch(path.name) and path.is_file())

    @contextmanager
    def draft(self, at: datetime) -> Iterator[Draft]:
        """Give a draft; at the end of the block it has its name, whole and on the disk, or is gone if the block raises.

        Raises ``BackupError`` for what a disk may answer.
        """
        final = self.folder / f"zvonok-{self.tag}-{stamp(at)}{SUFFIX}"
        path = final.with_name(f".{final.name}{DRAFT}")
        try:
            if final.exists():
                raise BackupError(f"Копия {final} уже есть.")
            with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file:
                yield Draft(path, file, final)
            path.rename(final)
            self._sync()
        except OSError as error:
            raise BackupError(f"Копию в папке {self.folder} не записать: {_fault(error)}.") from None
        finally:
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def ahead_of(self, made: Path) -> Sequence[Path]:
        """Return the backups that are named by a later moment than one just made: the clock was wrong once, or is."""
        return [path for path in self.kept() if path.name > made.name]

    def prune(self, keep: int, made: Path) -> int:
        """Remove all but the last ``keep``, and drafts that a dead process left; return how many backups went.

        ``made`` is the newest. What is named by a later moment neither counts nor goes: it would push out all others.
        """
        old = [path for path in self.kept() if path.name <= made.name][:-keep]
        for path in (*old, *self.folder.glob(f".zvonok-{self.tag}-*{DRAFT}")):
            path.unlink(missing_ok=True)
        return len(old)

    def _sync(self) -> None:
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _fault(error: OSError) -> str:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return "кончилось место"
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return "нет права писать туда"
        case _:
            return f"диск ответил {type(error).__name__}, {errno.errorcode.get(error.errno or 0, 'без кода')}"
