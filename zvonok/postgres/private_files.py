"""Files and folders that only their owner reads. A new file belongs to whoever owns the folder it lies in.

That matters when root visits data of an ordinary user: what root leaves behind must stay the user's. Links are never
followed, since such a folder is not under root's control.
"""

import errno
import os
import stat
from pathlib import Path
from secrets import token_hex

_OWNER_ONLY = 0o600


def open_private(path: Path, flags: int) -> int:
    """Open (create, mode 0600) `path` and return the descriptor; OSError if it is a link or no plain file."""
    descriptor = os.open(path, flags | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, _OWNER_ONLY)
    try:
        _give_to_owner_of(path.parent, descriptor)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def write_private(path: Path, text: str) -> None:
    """Put `text` into `path` so that it is there whole and on disk, or not at all."""
    draft = path.with_name(f"{path.name}.{token_hex(4)}.new")
    descriptor = open_private(draft, os.O_WRONLY | os.O_TRUNC)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Bring names made or changed in `folder` to the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_private_folder(folder: Path, owner: int) -> bool:
    """Tell whether `folder` is a real folder of user id `owner` that nobody else may enter (0700, not a link)."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == owner and stat.S_IMODE(found.st_mode) & 0o077 == 0


def close_folder(folder: Path, owner: int) -> None:
    """Make a folder of user id `owner` private; PermissionError if it is another's, OSError if it is no folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        if os.fstat(descriptor).st_uid != owner:
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), str(folder))
        os.fchmod(descriptor, 0o700)
    finally:
        os.close(descriptor)


def _give_to_owner_of(folder: Path, descriptor: int) -> None:
    file, owner = os.fstat(descriptor), folder.stat()
    if os.geteuid() != 0 or file.st_uid == owner.st_uid:
        return
    if not stat.S_ISREG(file.st_mode) or file.st_nlink != 1:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), str(folder))
    os.fchown(descriptor, owner.st_uid, owner.st_gid)
