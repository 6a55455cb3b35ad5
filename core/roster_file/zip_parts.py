"""Parts of an XLSX file's archive, unpacked under limits that are checked before and while unpacking."""

import io
import struct
import zipfile
import zlib
from typing import Final

from core.roster_file.cells import refuse
from core.roster_file.problems import Code, fault
from core.roster_file.rows import Limits

_DIRECTORY_ENTRY: Final = b"PK\x01\x02"
_MOST_PARTS: Final = 2_000
_ENCRYPTED_FLAG: Final = 0x1
_CHUNK: Final = 1 << 16
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""All that ``zipfile`` was seen to raise on mutilated archives."""


class Parts:
    """The archive's parts by name, whatever the capitals and slashes of the program that wrote it."""

    def __init__(self, archive: zipfile.ZipFile, by_name: dict[str, zipfile.ZipInfo], unpacked_bytes: int) -> None:
        self._archive = archive
        self._by_name = by_name
        self._left = unpacked_bytes

    def __contains__(self, name: str) -> bool:
        return _folded(name) in self._by_name

    def read(self, name: str) -> bytes | None:
        """Unpack a part; None if there is none. Raises :class:`~core.roster_file.cells.RefusedError`."""
        info = self._by_name.get(_folded(name))
        if info is None:
            return None
        chunks: list[bytes] = []
        try:
            with self._archive.open(info) as stream:
                while chunk := stream.read(_CHUNK):
                    self._take(len(chunk))
                    chunks.append(chunk)
        except _DAMAGE as error:
            raise refuse(fault(Code.DAMAGED)) from error
        return b"".join(chunks)

    def _take(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise refuse(fault(Code.UNPACKED_TOO_LARGE))


def open_parts(data: bytes, limits: Limits) -> Parts:
    """Open an archive after checking what its directory declares.

    Sizes declared and real are both bounded: a part that unpacks to more than it declared fails its checksum, and
    what was unpacked is counted besides. Raises :class:`~core.roster_file.cells.RefusedError`.
    """
    if data.count(_DIRECTORY_ENTRY) > _MOST_PARTS:
        raise refuse(fault(Code.UNPACKED_TOO_LARGE))
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        infos = archive.infolist()
    except _DAMAGE as error:
        raise refuse(fault(Code.DAMAGED)) from error
    if sum(info.file_size for info in infos) > limits.unpacked_bytes:
        raise refuse(fault(Code.UNPACKED_TOO_LARGE))
    by_name = {_folded(info.filename): info for info in infos}
    if len(by_name) < len(infos) or any(info.compress_type not in _METHODS for info in infos):
        raise refuse(fault(Code.DAMAGED))
    if any(info.flag_bits & _ENCRYPTED_FLAG for info in infos):
        raise refuse(fault(Code.ENCRYPTED))
    return Parts(archive, by_name, limits.unpacked_bytes)


def _folded(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()
