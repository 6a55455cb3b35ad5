"""The guardian: a small process that keeps one server running while it has users, and stops it after the last one.

Run as a script, `python -I -S guardian.py …`, by whoever starts the server; leaves its parent at once. It needs
nothing but the standard library and imports little of it: it starts in 40 ms and takes 4 MiB of its own.

It knows no password. It holds `guardian.lock` as long as it lives (inherited locked), runs the server as its own child
(so that a killed server is no zombie), starts it again if it dies, and waits for `users.lock`: the kernel gives it
when the last user is gone, however that came. As root it first becomes the server's account for good.
"""
# ruff: noqa: PTH105, PTH106, PTH108, PTH115, PTH118, PTH119, PTH120, PTH208 - importing pathlib would double the start

import os
import select
import signal
import sys
import threading
import time
from collections.abc import Sequence
from typing import Final, NamedTuple

if sys.platform != "win32":
    import fcntl

# How a server is asked to stop, and how many seconds it gets: fast shutdown, immediate shutdown, none. Each is safe;
# after the latter two the next start replays the log. PostgreSQL 18.6 hangs if a fast shutdown is asked for
# while it recovers from the crash of a backend (tried: always, whichever process had crashed).
_STOPPING: Final = (("SIGINT", 20.0), ("SIGQUIT", 10.0), ("SIGKILL", 10.0))

_SHORT_LIFE = 2.0  # seconds; a server that dies younger did not come up
_TRIES = 3  # servers in a row that did not come up
_PAUSE_BETWEEN_TRIES = 0.1

# Backends of a killed server leave by themselves, unless they are busy.
_ORPHANS_LEAVE_WITHIN = 1.0
_ORPHANS_WAITED_FOR = 10.0


class PostmasterPid(NamedTuple):
    """What `postmaster.pid` says; it outlives a killed server, so every word of it may be stale."""

    pid: int
    port: int
    socket_folder: str
    ready: bool


def read_postmaster_pid(cluster: str) -> PostmasterPid | None:
    """Read `postmaster.pid`; None if there is none, or it is being written."""
    try:
        lines = _read_own(os.path.join(cluster, "postmaster.pid")).decode(errors="surrogateescape").split("\n")
        return PostmasterPid(int(lines[0]), int(lines[3]), lines[4], lines[7].strip() == "ready")
    except (OSError, ValueError, IndexError):
        return None


def is_postgres_of(pid: int, cluster: str) -> bool:
    """Tell whether process `pid` lives and is PostgreSQL at work in `cluster`: not a zombie, not another program.

    PostgreSQL's processes stay in their data directory. Only Linux tells; elsewhere nothing is trusted (False), and
    PostgreSQL's own interlock (shared memory named in `postmaster.pid`) refuses to start beside a living one.
    """
    try:
        program = os.readlink(f"/proc/{pid}/exe").removesuffix(" (deleted)")
        return os.path.basename(program) == "postgres" and os.readlink(f"/proc/{pid}/cwd") == cluster
    except OSError:
        return False


def may_be_a_server(pid: int) -> bool:
    """Tell whether a living process of PostgreSQL's name has this number; asks nothing that needs a right to know.

    Root in a container may not look into processes of other accounts, as `is_postgres_of` does.
    """
    try:
        _, name, rest = _read_own(f"/proc/{pid}/stat").partition(b" (postgres) ")
    except OSError:
        return False
    return bool(name) and rest[:1] not in {b"Z", b"X"}


def processes_of(cluster: str) -> list[int]:
    """List the living PostgreSQL processes at work in `cluster`, of whatever parent."""
    try:
        names = os.listdir("/proc")
    except OSError:
        return []
    return [int(name) for name in names if name.isdecimal() and is_postgres_of(int(name), cluster)]


def claim_stale_pid(cluster: str) -> None:
    """Make a stale `postmaster.pid` not stand in the way of a server that is a child of this process.

    PostgreSQL takes any living process of its own user for a rival, be it a zombie or a program that got the same
    number; but never its own parent. So the number is replaced by ours. The rest of the file stays: by the shared
    memory named there PostgreSQL still refuses to start beside living backends, which deleting the file would allow.
    """
    path = os.path.join(cluster, "postmaster.pid")
    try:
        first, newline, rest = _read_own(path).partition(b"\n")
    except FileNotFoundError:
        return
    if not first.strip().isdigit():
        rest = b""  # cut off while it was written: no server had come so far as to have memory
    descriptor = os.open(f"{path}.new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    try:
        os.write(descriptor, str(os.getpid()).encode() + newline + rest)
    finally:
        os.close(descriptor)
    os.replace(f"{path}.new", path)


class Wakening:
    """Lets one `wait` answer to a child's death, to a signal and to the users' going."""

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC) if hasattr(os, "pipe2") else _pipe()
        signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)

    def ring(self) -> None:
        """Wake the waiter; callable from a thread."""
        os.write(self._writer, b"\0")

    def wait(self, seconds: float | None, *others: int) -> None:
        """Return after a signal, a ring, `seconds`, or when one of `others` can be read."""
        select.select([self._reader, *others], [], [], seconds)
        try:
            while os.read(self._reader, 512):
                continue
        except BlockingIOError:
            return


class Postmaster:
    """The server's first process: our child, or one adopted from a killed guardian (Linux: by its pidfd)."""

    def __init__(self, pid: int, handle: int | None = None) -> None:
        self.pid = pid
        self._handle = handle
        self._ended: str | None = None
        self.started = time.monotonic()

    @property
    def watched(self) -> tuple[int, ...]:
        """What `Wakening.wait` shall watch besides."""
        return () if self._handle is None else (self._handle,)

    def ended(self) -> str | None:
        """Tell how it ended, None while it lives. Only this reaps a child: until then its number stays its own."""
        if self._ended is None:
            self._ended = self._child_ended() if self._handle is None else self._adopted_ended(self._handle)
        return self._ended

    def send(self, number: signal.Signals) -> None:
        """Send a signal unless it has ended."""
        if self.ended() is not None:
            return
        if self._handle is None:
            os.kill(self.pid, number)
        else:
            _send(self._handle, number)

    def _child_ended(self) -> str | None:
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if pid == 0:
            return None
        code = os.waitstatus_to_exitcode(status)
        return f"killed by signal {-code}" if code < 0 else f"exit code {code}"

    @staticmethod
    def _adopted_ended(handle: int) -> str | None:
        readable, _, _ = select.select([handle], [], [], 0)
        return "adopted, cause unknown" if readable else None


class Guardian:
    """Keeps one server. `command` is its command line, `socket` the folder of its socket."""

    def __init__(self, cluster: str, socket: str, command: list[str]) -> None:
        self._cluster = cluster
        self._socket = socket
        self._command = command
        self._wakening = Wakening()
        self._users_gone = threading.Event()
        self._told_to_leave = False
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._on_order)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def run(self, users_lock: int) -> int:
        """Serve until the users are gone; 0 then, 1 if the server could not be kept running."""
        threading.Thread(target=self._wait_for_users, args=(users_lock,), daemon=True).start()
        failures = 0
        while failures < _TRIES:
            postmaster = self._adopt() or self._start()
            how = self._watch(postmaster)
            if self._users_gone.is_set():
                self._clear_socket(for_good=True)
                return 0
            if self._told_to_leave:
                return 0
            failures = failures + 1 if time.monotonic() - postmaster.started < _SHORT_LIFE else 1
            _say(f"the server (process {postmaster.pid}) is gone while in use: {how}; starting it again")
            self._wakening.wait(_PAUSE_BETWEEN_TRIES)
        _say("the server does not come up: giving up")
        return 1

    def _watch(self, postmaster: Postmaster) -> str:
        """Wait for its end, or stop it when the users are gone; how it ended."""
        while (how := postmaster.ended()) is None and not self._users_gone.is_set():
            self._wakening.wait(None, *postmaster.watched)
        return how or self._stop(postmaster)

    def _stop(self, postmaster: Postmaster) -> str:
        for name, patience in _STOPPING:
            postmaster.send(signal.Signals[name])
            deadline = time.monotonic() + patience
            while (how := postmaster.ended()) is None and (left := deadline - time.monotonic()) > 0:
                self._wakening.wait(left, *postmaster.watched)
            if how is not None:
                return how
            _say(f"the server (process {postmaster.pid}) did not heed {name} for {patience:.0f} s")
        return "not at all"

    def _adopt(self) -> Postmaster | None:
        """Take over a server that runs already, its guardian killed. Its users do not notice."""
        found = read_postmaster_pid(self._cluster)
        if found is None or not is_postgres_of(found.pid, self._cluster):
            return None
        try:
            handle = os.pidfd_open(found.pid)
        except ProcessLookupError:
            return None
        if not is_postgres_of(found.pid, self._cluster):  # now the number cannot change hands any more
            os.close(handle)
            return None
        _say(f"adopted the running server (process {found.pid})")
        return Postmaster(found.pid, handle)

    def _start(self) -> Postmaster:
        if os.path.lexists(os.path.join(self._cluster, "postmaster.pid")):  # the last one was killed
            self._part_with_orphans()
            claim_stale_pid(self._cluster)
        self._clear_socket(for_good=False)
        quiet = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)]
        return Postmaster(os.posix_spawn(self._command[0], self._command, os.environ, file_actions=quiet))

    def _part_with_orphans(self) -> None:
        """Wait for backends that outlived their server; ask those that are too busy to notice."""
        begun = time.monotonic()
        asked: set[int] = set()
        while (orphans := processes_of(self._cluster)) and time.monotonic() - begun < _ORPHANS_WAITED_FOR:
            if time.monotonic() - begun > _ORPHANS_LEAVE_WITHIN:
                for pid in set(orphans) - asked:
                    asked.add(pid)
                    _quit_orphan(pid, self._cluster)
            self._wakening.wait(0.02)

    def _clear_socket(self, *, for_good: bool) -> None:
        """Remove a killed server's socket, whose lock file would stand in the way; for good: a folder in /tmp too."""
        try:
            for name in os.listdir(self._socket):
                if name.startswith(".s.PGSQL."):
                    os.unlink(os.path.join(self._socket, name))
            if for_good and os.path.dirname(self._socket) != os.path.dirname(self._cluster):
                os.rmdir(self._socket)
        except FileNotFoundError:
            return  # somebody removed the whole folder

    def _wait_for_users(self, users_lock: int) -> None:
        fcntl.flock(users_lock, fcntl.LOCK_EX)
        self._users_gone.set()
        self._wakening.ring()

    def _on_order(self, *_: object) -> None:
        """Note that the machine goes down: the users are told too, so the server stays till they go, but no longer."""
        self._told_to_leave = True


def main(arguments: Sequence[str]) -> None:
    """Arguments: descriptors of the held guardian.lock and of users.lock, uid, gid, cluster, socket folder, command."""
    guardian_lock, users_lock, uid, gid = (int(number) for number in arguments[:4])
    cluster, socket, *command = arguments[4:]
    for descriptor in (guardian_lock, users_lock):
        os.set_inheritable(descriptor, False)  # noqa: FBT003 - the system call has no names
    if os.fork():
        os._exit(0)
    os.setsid()
    os.umask(0o077)
    os.chdir("/")
    if os.geteuid() != uid:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    os._exit(Guardian(cluster, socket, command).run(users_lock))  # the thread may still be waiting


def _quit_orphan(pid: int, cluster: str) -> None:
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        if is_postgres_of(pid, cluster):
            _say(f"process {pid} outlived its server: asked to quit")
            _send(handle, signal.SIGQUIT)
    finally:
        os.close(handle)


def _send(handle: int, number: signal.Signals) -> None:
    try:
        signal.pidfd_send_signal(handle, number)
    except ProcessLookupError:
        return


def _read_own(path: str) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        return os.read(descriptor, 8192)
    finally:
        os.close(descriptor)


def _pipe() -> tuple[int, int]:
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    os.set_blocking(writer, False)
    return reader, writer


def _say(line: str) -> None:
    now = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime())
    os.write(2, f"{now} [{os.getpid()}] GUARDIAN: {line}\n".encode())


if __name__ == "__main__":
    main(sys.argv[1:])
