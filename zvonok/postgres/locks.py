"""Locks between processes: `flock` on files that are never deleted.

The kernel frees such a lock when its holder dies in whatever way, which is what tells a guardian that a killed user
is gone. A lock belongs to the open file description: two `Lock` objects of one process exclude each other too.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from zvonok.postgres.private_files import open_private

if sys.platform != "win32":
    import fcntl

_FIRST_PAUSE = 0.002  # seconds between attempts; doubles up to the longest
_LONGEST_PAUSE = 0.05


class Lock:
    """One open lock file. Not held until one of the `try_` methods has said True; closing gives it up."""

    def __init__(self, path: Path) -> None:
        self.descriptor = open_private(path, os.O_RDWR)

    def try_exclusive(self) -> bool:
        """Take it for ourselves alone, now or not at all."""
        return self._try(fcntl.LOCK_EX)

    def try_shared(self) -> bool:
        """Take it beside other sharers, now or not at all."""
        return self._try(fcntl.LOCK_SH)

    def is_at(self, path: Path) -> bool:
        """Tell whether `path` still names this file, which a removed folder does not."""
        try:
            return os.path.samestat(os.fstat(self.descriptor), path.stat())
        except FileNotFoundError:
            return False

    def release(self) -> None:
        """Give it up and keep the file open."""
        fcntl.flock(self.descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        """Close the file; a copy of the descriptor inherited by another process keeps what was held. Repeatable."""
        descriptor, self.descriptor = self.descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    def _try(self, kind: int) -> bool:
        try:
            fcntl.flock(self.descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def is_free(path: Path) -> bool:
    """Tell whether nobody holds the lock at this moment."""
    lock = Lock(path)
    try:
        return lock.try_exclusive()
    finally:
        lock.close()


async def wait_exclusive(lock: Lock, seconds: float) -> None:
    """Take `lock` alone, letting the event loop run meanwhile; TimeoutError after `seconds`."""
    async with asyncio.timeout(seconds):
        for pause in pauses():
            if lock.try_exclusive():
                return
            await asyncio.sleep(pause)


async def wait_shared(lock: Lock, seconds: float) -> None:
    """Take `lock` beside other sharers, letting the event loop run meanwhile; TimeoutError after `seconds`."""
    async with asyncio.timeout(seconds):
        for pause in pauses():
            if lock.try_shared():
                return
            await asyncio.sleep(pause)


@asynccontextmanager
async def exclusively(path: Path, seconds: float) -> AsyncIterator[None]:
    """Hold the lock file `path` alone for the block; TimeoutError if it is not had within `seconds`."""
    lock = Lock(path)
    try:
        await wait_exclusive(lock, seconds)
        yield
    finally:
        lock.close()


def pauses() -> Iterator[float]:
    """Give the pauses of a polling loop, in seconds: growing, without end."""
    pause = _FIRST_PAUSE
    while True:
        yield pause
        pause = min(pause * 2, _LONGEST_PAUSE)
