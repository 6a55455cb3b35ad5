"""Writing a backup's frames: compressed, sealed, in a stream."""

import zlib
from typing import BinaryIO

from pydantic import BaseModel

from zvonok.backup import manifest
from zvonok.backup.manifest import Counted, Manifest, Table, Tallies
from zvonok.backup.sealing import BackupKey, SealedWriter
from zvonok.backup.tally import Counter

LEVEL = 1
"""Of zlib: rows of a journal shrink to less than half; higher levels cost twice the time for a hundredth more."""
LENGTH = 4
"""Bytes of a frame's length."""


class BackupWriter:
    """Writes one backup; methods are to be called in the order of the file."""

    def __init__(self, file: BinaryIO, key: BackupKey) -> None:
        self._sealed = SealedWriter(file, key)
        self._packer = zlib.compressobj(LEVEL)
        self._table: Table | None = None
        self._counter = Counter()
        self.tallies: Tallies = {}

    def head(self, head: Manifest) -> None:
        """Write the manifest."""
        self._state(manifest.MANIFEST, head)

    def table(self, table: Table) -> None:
        """Begin a table."""
        self._table, self._counter = table, Counter()
        self._state(manifest.TABLE, table)

    def rows(self, data: bytes) -> None:
        """Write a piece of the table's rows."""
        self._counter.feed(data)
        self._frame(manifest.ROWS, data)

    def end_table(self) -> None:
        """Write what the table held."""
        tally = self._counter.tally()
        self.tallies[str(self._table)] = tally
        self._state(manifest.TALLY, Counted(rows=tally.rows, digest=tally.digest))

    def end(self) -> str:
        """Write the end; return the file's SHA-256."""
        self._frame(manifest.END, b"")
        self._sealed.write(self._packer.flush())
        return self._sealed.close()

    def _state(self, kind: bytes, what: BaseModel) -> None:
        self._frame(kind, what.model_dump_json().encode())

    def _frame(self, kind: bytes, data: bytes) -> None:
        self._sealed.write(self._packer.compress(kind + len(data).to_bytes(LENGTH)))
        self._sealed.write(self._packer.compress(data))
