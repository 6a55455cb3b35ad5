"""The unprivileged account that the server runs as when we are root: PostgreSQL refuses to run as root.

No account is created and no mode of any existing folder is changed: the only things done are to look and to choose.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from zvonok.postgres.unavailable import OWN_SERVER_HINT, PostgresUnavailable, Trouble

if sys.platform != "win32":
    import pwd

# The school's administrator may make an account of our own; every system has the second.
PREFERRED_ACCOUNTS = ("zvonok", "nobody")

# What PostgreSQL and our guardian get to see of our environment: neither settings (PGPORT, PGDATA, …) nor secrets.
_KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


@dataclass(frozen=True, slots=True)
class Account:
    """A user of this system; supplementary groups are not used."""

    uid: int
    gid: int
    name: str


def clean_environment() -> dict[str, str]:
    """Make an environment with nothing of ours in it: English messages, UTC, and what programs need to be found."""
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    return {"PATH": os.defpath, **kept, "LC_ALL": "C", "TZ": "UTC"}


def owner_of(path: Path) -> Account | None:
    """Find the unprivileged account that owns `path`; None if root does, or if the system has no name for the owner.

    Without a name `initdb` refuses to work.
    """
    owner = path.stat()
    if owner.st_uid == 0:
        return None
    try:
        return Account(owner.st_uid, owner.st_gid, pwd.getpwuid(owner.st_uid).pw_name)
    except KeyError:
        return None


def server_account(names: Sequence[str] = PREFERRED_ACCOUNTS) -> Account:
    """Choose the account for a server of our own; raises `PostgresUnavailable` on a system that has none of them."""
    for name in names:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        if found.pw_uid != 0:
            return Account(found.pw_uid, found.pw_gid, found.pw_name)
    wanted = " или ".join(names)
    message = f"PostgreSQL не работает от имени root, а пользователя {wanted} в системе нет: создайте его."
    raise PostgresUnavailable(Trouble.NO_ACCOUNT, f"{message} {OWN_SERVER_HINT}")


def run_as(
    account: Account | None, command: Sequence[str | Path], *, seconds: float = 60.0
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end as `account` (None: as ourselves), without a terminal, its output captured.

    Raises OSError if it cannot be executed, `subprocess.TimeoutExpired` after `seconds`.
    """
    return subprocess.run(  # noqa: S603 - our own programs by absolute path, no shell, arguments are not a user's
        command,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        cwd="/",
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=seconds,
        start_new_session=True,
        check=False,
    )


def may_enter(account: Account, folder: Path) -> bool:
    """Tell whether `account` can reach `folder` through all of its parents; asked of the system, so ACLs count.

    Raises `PostgresUnavailable` if root may not become another account (a container without that right).
    """
    try:
        return run_as(account, ["/bin/sh", "-c", 'test -x "$1"', "sh", folder]).returncode == 0
    except PermissionError as error:
        message = f"PostgreSQL не работает от имени root, а стать пользователем {account.name} здесь нельзя."
        raise PostgresUnavailable(Trouble.NO_ACCOUNT, f"{message} {OWN_SERVER_HINT}") from error
