"""Reading a backup: every piece is checked against what was counted when it was written."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, ValidationError

from zvonok.backup import manifest
from zvonok.backup.manifest import Counted, Manifest, Table, Tallies
from zvonok.backup.sealing import BackupKey, opened
from zvonok.backup.tally import Counter, Tally
from zvonok.backup.troubles import BackupError, DamagedError
from zvonok.backup.writing import LENGTH

PIECE = 1 << 20
"""Bytes unpacked at once, however well they were packed."""
PREFIX = 1 + LENGTH


@dataclass(frozen=True, slots=True)
class Begins:
    """A table begins."""

    table: Table


@dataclass(frozen=True, slots=True)
class Ends:
    """A table ended, and held what it was counted to hold."""

    table: Table
    tally: Tally


type Piece = Manifest | Begins | bytes | Ends
"""What a backup is read in; bytes are rows of the table that began last."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a whole, undamaged backup holds."""

    head: Manifest
    tallies: Tallies

    @property
    def rows(self) -> int:
        """Return the rows of all tables together."""
        return sum(tally.rows for tally in self.tallies.values())


def pieces(file: BinaryIO, key: BackupKey, path: Path) -> Iterator[Piece]:
    """Yield a backup piece by piece; the first one is its manifest.

    Raises ``WrongKeyError``, ``DamagedError``, and ``BackupError`` for a format of the future. Whatever was yielded
    before is not to be believed then.
    """
    frames = _frames(file, key, path)
    head = _stated(Manifest, _next(frames, manifest.MANIFEST, path), path)
    yield head
    for expected in head.shape.tables:
        table = _stated(Table, _next(frames, manifest.TABLE, path), path)
        if table != expected:
            raise DamagedError(path, f"таблицы стоят не в том порядке ({table})")
        yield Begins(table)
        yield from _rows(frames, table, path)
    _next(frames, manifest.END, path)
    if next(frames, None) is not None:
        raise DamagedError(path, "после конца есть что-то ещё")


def check(path: Path, key: BackupKey) -> Contents:
    """Read a whole file and return what it holds. Raises as ``pieces`` does, and ``BackupError`` if it cannot be read.

    Blocking: minutes for a large one.
    """
    tallies: Tallies = {}
    head: Manifest | None = None
    with opening(path) as file:
        for piece in pieces(file, key, path):
            if isinstance(piece, Manifest):
                head = piece
            elif isinstance(piece, Ends):
                tallies[str(piece.table)] = piece.tally
    if head is None:
        raise DamagedError(path, "в ней нет заголовка")
    return Contents(head, tallies)


def opening(path: Path) -> BinaryIO:
    """Open a backup for reading. Raises ``BackupError``."""
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise BackupError(f"Файла {path} нет.") from None
    except OSError as error:
        raise BackupError(f"Файл {path} не открывается ({type(error).__name__}).") from None


def _rows(frames: Iterator[tuple[bytes, bytes]], table: Table, path: Path) -> Iterator[bytes | Ends]:
    counter = Counter()
    for kind, data in frames:
        if kind == manifest.ROWS:
            counter.feed(data)
            yield data
            continue
        stated = _stated(Counted, _as(kind, data, manifest.TALLY, path), path).tally()
        if stated != counter.tally():
            raise DamagedError(path, f"строки таблицы {table} не сходятся со счётом")
        yield Ends(table, stated)
        return
    raise DamagedError(path, f"таблица {table} не кончается")


def _next(frames: Iterator[tuple[bytes, bytes]], wanted: bytes, path: Path) -> bytes:
    kind, data = next(frames, (b"", b""))
    return _as(kind, data, wanted, path)


def _as(kind: bytes, data: bytes, wanted: bytes, path: Path) -> bytes:
    if kind != wanted:
        raise DamagedError(path, "её части стоят не в том порядке")
    return data


def _stated[What: BaseModel](what: type[What], data: bytes, path: Path) -> What:
    try:
        return what.model_validate_json(data)
    except ValidationError:
        raise BackupError(
            f"Копия {path.name} сделана другой версией программы и этой не понятна. Обновите программу."
        ) from None


def _frames(file: BinaryIO, key: BackupKey, path: Path) -> Iterator[tuple[bytes, bytes]]:
    """Cut what was unpacked into frames."""
    waiting = bytearray()
    for data in _unpacked(file, key, path):
        waiting += data
        while len(waiting) >= PREFIX:
            end = PREFIX + int.from_bytes(waiting[1:PREFIX])
            if len(waiting) < end:
                break
            frame = bytes(waiting[:1]), bytes(waiting[PREFIX:end])
            del waiting[:end]
            yield frame
    if waiting:
        raise DamagedError(path, "её последняя часть не кончается")


def _unpacked(file: BinaryIO, key: BackupKey, path: Path) -> Iterator[bytes]:
    unpacker = zlib.decompressobj()
    try:
        for chunk in opened(file, key, path):
            data = chunk
            while data:
                yield unpacker.decompress(data, PIECE)
                data = unpacker.unconsumed_tail
        yield unpacker.flush()
    except zlib.error:
        raise DamagedError(path, "её не распаковать") from None
    except OSError as error:
        raise BackupError(f"Файл {path} не читается ({type(error).__name__}).") from None
