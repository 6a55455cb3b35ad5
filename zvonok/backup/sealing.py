"""An encrypted file, written and read as a stream of any length.

AES-256-GCM over chunks, each under a nonce of its number and of whether it is the last (the STREAM construction of
Hoang, Reyhanitabar, Rogaway and Vizár, 2015; age's files are made so too): a chunk changed, moved, left out or cut off
is found. Each file has a key of its own, derived from the installation's backup key and a random salt.

Layout: ``MAGIC``, salt (32), mark of the key (16), CRC-32 of all that (4), then chunks of ``CHUNK`` bytes and a tag.
"""

import hmac
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from zvonok.backup.troubles import DamagedError, WrongKeyError

MAGIC = b"ZVONOK BACKUP 1\n"
SALT, MARK, CRC, TAG = 32, 16, 4, 16
HEADER = len(MAGIC) + SALT + MARK + CRC
CHUNK = 1 << 18
LAST, NOT_LAST = b"\x01", b"\x00"


@dataclass(frozen=True, slots=True)
class BackupKey:
    """What opens backups; kept apart from them and from the machine whose data they hold."""

    value: bytes = field(repr=False)

    def _derived(self, salt: bytes, use: bytes, length: int) -> bytes:
        return HKDF(SHA256(), length, salt, b"zvonok backup " + use).derive(self.value)

    def cipher(self, salt: bytes) -> AESGCM:
        """Return what seals the chunks of one file."""
        return AESGCM(self._derived(salt, b"chunks", 32))

    def mark(self, salt: bytes) -> bytes:
        """Return what tells, without opening anything, whether a file was written with this key."""
        return self._derived(salt, b"mark", MARK)


class SealedWriter:
    """Seals what is written. ``close`` seals the last chunk; a file without it counts as cut."""

    def __init__(self, file: BinaryIO, key: BackupKey) -> None:
        salt = os.urandom(SALT)
        head = MAGIC + salt + key.mark(salt)
        self._header = head + zlib.crc32(head).to_bytes(CRC)
        self._file, self._cipher = file, key.cipher(salt)
        self._number = 0
        self._waiting = bytearray()
        self._hash = sha256()
        self._put(self._header)

    def write(self, data: bytes) -> None:
        """Add data; a full chunk is written only when more comes, since it may be the last."""
        self._waiting += data
        while len(self._waiting) > CHUNK:
            self._seal(bytes(self._waiting[:CHUNK]), NOT_LAST)
            del self._waiting[:CHUNK]

    def close(self) -> str:
        """Seal what is left and return the file's SHA-256; the file itself stays open."""
        self._seal(bytes(self._waiting), LAST)
        return self._hash.hexdigest()

    def _seal(self, chunk: bytes, last: bytes) -> None:
        self._put(self._cipher.encrypt(_nonce(self._number, last), chunk, self._header))
        self._number += 1

    def _put(self, data: bytes) -> None:
        self._hash.update(data)
        self._file.write(data)


def opened(file: BinaryIO, key: BackupKey, path: Path) -> Iterator[bytes]:
    """Yield what a sealed file holds, chunk by chunk. Raises ``WrongKeyError``, ``DamagedError``.

    A file that is cut is found at its end only: whoever reads must do nothing for good before that.
    """
    header, salt = _header(file, key, path)
    cipher = key.cipher(salt)
    number = 0
    block = file.read(CHUNK + TAG)
    while True:
        following = file.read(CHUNK + TAG)
        last = NOT_LAST if following else LAST
        try:
            chunk = cipher.decrypt(_nonce(number, last), block, header)
        except InvalidTag:
            raise DamagedError(path, _fault(number, block, last=last == LAST)) from None
        yield chunk
        if not following:
            return
        block, number = following, number + 1


def _header(file: BinaryIO, key: BackupKey, path: Path) -> tuple[bytes, bytes]:
    header = file.read(HEADER)
    if not header.startswith(MAGIC[: len(header)]) or not header:
        raise DamagedError(path, "это не копия Звонка")
    if len(header) < HEADER:
        raise DamagedError(path, "файл обрезан в самом начале")
    if zlib.crc32(header[:-CRC]).to_bytes(CRC) != header[-CRC:]:
        raise DamagedError(path, "испорчено начало файла")
    salt = header[len(MAGIC) : len(MAGIC) + SALT]
    if not hmac.compare_digest(key.mark(salt), header[-CRC - MARK : -CRC]):
        raise WrongKeyError(path)
    return header, salt


def _fault(number: int, block: bytes, *, last: bool) -> str:
    """Say where: a last chunk that does not open is most often one that was not the last when it was written."""
    at = HEADER + number * (CHUNK + TAG)
    if not block:
        return "файл обрезан, нет ничего, кроме начала"
    if last:
        return f"файл обрезан или испорчен после {at} байт"
    return f"испорчены байты {at}–{at + len(block)}"


def _nonce(number: int, last: bytes) -> bytes:
    return number.to_bytes(11) + last
