"""A cluster's files: made by `initdb` once and whole, its password, its socket's folder, the server's settings."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from secrets import token_hex, token_urlsafe
from tempfile import mkdtemp
from typing import Final

from zvonok.postgres.account import run_as
from zvonok.postgres.guardian import read_postmaster_pid
from zvonok.postgres.place import Home
from zvonok.postgres.private_files import close_folder, flush_folder, is_private_folder, write_private
from zvonok.postgres.unavailable import PostgresUnavailable, Trouble, no_space

SUPERUSER: Final = "zvonok"
PORT: Final = 5432  # only a part of the socket's name unless `listen_addresses` is set

SPACE_FOR_NEW_CLUSTER: Final = 128 * 2**20  # bytes; an empty cluster takes 40 MiB and its first segments of log 32

_INITDB_SECONDS = 300.0  # a cheap memory card is slow; two cores here need one second
_LOG_KEPT = 4 * 2**20  # bytes; a longer log becomes server.log.1 at the next start
_SHORT_FOLDER = "/tmp"  # noqa: S108 - the only folder with a short name on every system; used by way of mkdtemp only
_SHORT_PREFIX = "zvonok-socket-"
_SOCKET_PATH_BYTES = 107 if sys.platform == "linux" else 103  # sun_path of unix(7), less its zero byte
_PLAIN_PATH = re.compile(r"[\w/.\-]+")  # nothing that a list of folders, a list of hosts or a URL would take apart

# For a school: a small machine shared with our own processes, and no personal data in a log.
_SETTINGS: Final[Mapping[str, str]] = {
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "96MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "512MB",
    "max_parallel_workers_per_gather": "0",
    "max_logical_replication_workers": "0",
    "jit": "off",
    # logind removes a user's POSIX shared memory when he logs out (RemoveIPC); containers have little of it.
    "dynamic_shared_memory_type": "mmap",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_checkpoints": "off",
}
# A database to be thrown away: nothing is waited for.
_THROWAWAY: Final[Mapping[str, str]] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}
_LOCALE: Final = (
    ("--locale=C.UTF-8",)
    if sys.platform == "linux"
    else ("--locale=C", "--lc-ctype=UTF-8")  # macOS has no C.UTF-8; sorting is the builtin provider's there too
)


def ensure_cluster(home: Home, *, throwaway: bool) -> None:
    """Make the cluster unless it is there; refuse another major version. Under the start lock. Blocking: about 1 s.

    Raises `PostgresUnavailable` or OSError; a failed attempt leaves nothing behind but an unused password.
    """
    if home.cluster.exists():
        _require_own_version(home)
        read_password(home)
        return
    _clear_failed_attempts(home)
    if shutil.disk_usage(home.data).free < SPACE_FOR_NEW_CLUSTER:
        raise no_space(home.data)
    if not home.password_file.exists():
        write_private(home.password_file, token_urlsafe(24))
    _initdb(home, throwaway=throwaway)


def read_password(home: Home) -> str:
    """Read the password of `SUPERUSER`; raises `PostgresUnavailable` if its file was lost."""
    try:
        password = home.password_file.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        password = ""
    if not password:
        message = f"База данных в папке {home.data} есть, а файл {home.password_file} пропал: верните его из копии."
        raise PostgresUnavailable(Trouble.LOST_DATA, message)
    return password


def socket_folder(home: Home) -> Path:
    """Give the folder of the server's socket (0700, the server's own): beside the data, or in /tmp if that is too long.

    A path in /tmp that was used before is used again, so that addresses which are in use stay true after a crash.
    Under the start lock.
    """
    beside = home.data / "run"
    if _fits(beside):
        if not beside.is_dir():
            _make_private_folder(home, beside)
        close_folder(beside, home.server_uid)  # a backup may have brought it back open
        return beside
    before = read_postmaster_pid(str(home.cluster))
    if (
        before
        and _is_short_folder(Path(before.socket_folder))
        and is_private_folder(Path(before.socket_folder), home.server_uid)
    ):
        return Path(before.socket_folder)
    short = Path(mkdtemp(prefix=_SHORT_PREFIX, dir=_SHORT_FOLDER))
    _give_to_server(home, short)
    return short


def server_command(home: Home, socket: Path, options: Mapping[str, str], *, throwaway: bool) -> list[str]:
    """Compose the command line of the server. It is no secret, and holds none."""
    settings = {
        **_SETTINGS,
        **(_THROWAWAY if throwaway else {}),
        **options,
        "port": str(PORT),
        "unix_socket_directories": str(socket),
        "unix_socket_permissions": "0700",
    }
    command = [str(home.programs.program("postgres")), "-D", str(home.cluster)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    return command


def roll_log(home: Home) -> int:
    """Put a long log aside; returns the length in bytes of the log that is written on."""
    length = home.log.stat().st_size if home.log.exists() else 0
    if length <= _LOG_KEPT:
        return length
    home.log.replace(home.log.with_name("server.log.1"))
    return 0


def last_words(home: Home, offset: int) -> str:
    """Find what the log says last, since `offset`, about why the server went away: one line, or an empty string."""
    if not home.log.exists():
        return ""
    text = home.log.read_bytes()[offset:].decode(errors="replace")
    marks = ("FATAL:", "PANIC:", "postgres:")  # the last: before it has a log
    reasons = [line.partition(mark)[2] for line in text.splitlines() for mark in marks if mark in line]
    return reasons[-1].strip() if reasons else ""


def _initdb(home: Home, *, throwaway: bool) -> None:
    """Build beside, then rename: a cluster that can be seen is complete, whenever we are killed."""
    draft = home.data / f"initdb-{token_hex(6)}"
    password = draft.with_suffix(".password")  # a copy that `initdb`, running as another account, may read
    try:
        write_private(password, read_password(home))
        _give_to_server(home, password)
        _make_private_folder(home, draft)
        _run_initdb(home, draft, password, throwaway=throwaway)
        draft.rename(home.cluster)
        flush_folder(home.data)
    finally:
        password.unlink(missing_ok=True)
        shutil.rmtree(draft, ignore_errors=True)


def _run_initdb(home: Home, draft: Path, password: Path, *, throwaway: bool) -> None:
    command = [
        *(home.programs.program("initdb"), "-D", draft, "-U", SUPERUSER, f"--pwfile={password}"),
        *("--auth=scram-sha-256", "--encoding=UTF8", "--no-instructions", "--set=dynamic_shared_memory_type=mmap"),
        *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", *_LOCALE),
        *(("--no-sync",) if throwaway else ()),
    ]
    try:
        answer = run_as(home.account, command, seconds=_INITDB_SECONDS)
    except subprocess.TimeoutExpired as error:
        message = f"База данных в папке {home.data} создаётся слишком долго: диск не успевает."
        raise PostgresUnavailable(Trouble.NOT_STARTED, message) from error
    if answer.returncode == 0:
        return
    if "No space left on device" in answer.stderr or "Disk quota exceeded" in answer.stderr:
        raise no_space(home.data)
    reason = next(
        (line for line in answer.stderr.splitlines() if "error:" in line or "FATAL:" in line), "нет объяснения"
    )
    message = f"Не удалось создать базу данных в папке {home.data}: {reason.strip()}."
    raise PostgresUnavailable(Trouble.NOT_STARTED, message)


def _clear_failed_attempts(home: Home) -> None:
    """Remove what killed attempts left; one that is still dying in there is left to the next time."""
    for leftover in home.data.glob("initdb-*"):
        if leftover.is_dir() and not leftover.is_symlink():
            shutil.rmtree(leftover, ignore_errors=True)
        else:
            leftover.unlink(missing_ok=True)


def _require_own_version(home: Home) -> None:
    try:
        found = (home.cluster / "PG_VERSION").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        message = f"В папке {home.cluster} нет файла PG_VERSION: данные повреждены. Верните папку из копии."
        raise PostgresUnavailable(Trouble.LOST_DATA, message) from None
    if found == str(home.programs.major):
        return
    message = (
        f"Данные в папке {home.data} созданы PostgreSQL {found}, а здесь установлен PostgreSQL {home.programs.major}: "
        "данные не тронуты. Поставьте прежнюю версию Звонка, выгрузите базу (pg_dump) и загрузите её в новую."
    )
    raise PostgresUnavailable(Trouble.OTHER_VERSION, message)


def _fits(folder: Path) -> bool:
    name = os.fsencode(folder / f".s.PGSQL.{PORT}")
    return len(name) <= _SOCKET_PATH_BYTES and _PLAIN_PATH.fullmatch(str(folder)) is not None


def _is_short_folder(folder: Path) -> bool:
    return folder.parent == Path(_SHORT_FOLDER) and folder.name.startswith(_SHORT_PREFIX)


def _make_private_folder(home: Home, folder: Path) -> None:
    folder.mkdir(mode=0o700)
    _give_to_server(home, folder)


def _give_to_server(home: Home, path: Path) -> None:
    """Hand something just made, in a folder that only we can write to, to the account of the server."""
    if home.account is not None:
        os.chown(path, home.account.uid, home.account.gid, follow_symlinks=False)
