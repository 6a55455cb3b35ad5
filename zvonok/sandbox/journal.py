"""The sandbox's memory on disk: one JSON object a line, appended and flushed.

A flushed line survives the death of the process (not of the machine: nothing is synced to the disk itself). A line that
was being written when the process died is dropped at the next opening, and cut off so that nothing is glued to it.
"""

import fcntl
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any


class JournalError(Exception):
    """The journal cannot be used; the text says why, in Russian, for whoever started the sandbox."""


class Journal:
    """An append-only JSONL file with one owner at a time.

    Raises ``JournalError`` when another process holds it or when a line other than the last is broken.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._file: IO[bytes] = path.open("a+b")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.close()
            message = (
                f"Журнал песочницы {path.name} уже занят другим процессом: остановите его или возьмите другую папку."
            )
            raise JournalError(message) from error

    def read(self) -> Iterator[dict[str, Any]]:
        """Yield every whole record in order; a torn last line is cut off the file."""
        self._file.seek(0)
        whole = 0
        for number, line in enumerate(self._file, start=1):
            if not line.endswith(b"\n"):
                self._file.truncate(whole)
                return
            whole += len(line)
            yield self._record(line, number)

    def _record(self, line: bytes, number: int) -> dict[str, Any]:
        try:
            record = json.loads(line)
        except ValueError as error:
            raise JournalError(f"Журнал песочницы {self._path.name}: строка {number} испорчена.") from error
        if not isinstance(record, dict):
            raise JournalError(f"Журнал песочницы {self._path.name}: в строке {number} не запись.")
        return record

    def append(self, record: Mapping[str, Any]) -> None:
        """Write one record and hand it to the operating system before returning."""
        line = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
        # A lone surrogate becomes its own JSON escape, so nothing that was received is too odd to write down.
        self._file.write(line.encode(errors="backslashreplace") + b"\n")
        self._file.flush()

    def close(self) -> None:
        """Let go of the file and of its lock."""
        self._file.close()
