"""What the Makefile calls: the search for a Python, the lock, the hosts, the Debian packages."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts import check_hosts
from scripts.debian_packages import Need, install, needs
from tests.unit.house import tree

MAKEFILE = (tree.ROOT / "Makefile").read_text(encoding="utf-8")
LOCK = (tree.ROOT / "requirements.lock").read_text(encoding="utf-8")
UV_LOCK = (tree.ROOT / "scripts" / "uv.txt").read_text(encoding="utf-8")


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A checkout on a machine without any Python: bin/ is all of its PATH, and there is no home."""
    shutil.copytree(tree.ROOT / "scripts", tmp_path / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "dirname").symlink_to(shutil.which("dirname") or "")
    return tmp_path


def python(folder: Path, name: str, code: int) -> Path:
    """Put a stand-in interpreter: its probe ends with the code, and when it is used it says its name and arguments."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'#!/bin/sh\n[ "$1" = -c ] && exit {code}\necho "{name} $@"\n')
    path.chmod(0o755)
    return path


def search(folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    alone = {"PATH": str(folder / "bin"), "HOME": str(folder / "home"), **env}
    command = ["/bin/sh", "scripts/bootstrap.sh"]
    return subprocess.run(command, cwd=folder, env=alone, capture_output=True, text=True, check=False)


WORKS, TOO_OLD, NO_VENV = 0, 3, 4


def test_without_a_python_one_line_says_so(bare: Path) -> None:
    done = search(bare)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "нужен Python 3.12" in done.stderr
    assert "no Python 3.12+ was found" in done.stderr


def test_a_python_without_venv_is_named_in_one_line(bare: Path) -> None:
    python(bare / "bin", "python3", NO_VENV)
    done = search(bare)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert f"{bare}/bin/python3 has" not in done.stdout
    assert f"у {bare}/bin/python3 нет модуля venv" in done.stderr
    assert "install python3-venv" in done.stderr


def test_an_unfit_python_that_was_asked_for_is_not_replaced_by_another(bare: Path) -> None:
    python(bare / "bin", "python3.12", WORKS)
    old = python(bare / "elsewhere", "python3.9", TOO_OLD)
    done = search(bare, PYTHON=str(old))
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert f"PYTHON={old} не подходит" in done.stderr


@pytest.mark.parametrize(
    ("places", "taken"),
    [
        ({"bin/python3": WORKS}, "python3"),
        ({"bin/python3": TOO_OLD, "bin/python3.12": WORKS}, "python3.12"),
        ({"bin/python3.13": NO_VENV, "bin/python3.12": WORKS}, "python3.12"),
        ({"bin/python3": TOO_OLD, "home/.pyenv/versions/3.12.1/bin/python3": WORKS}, "python3"),
        ({"home/.local/share/uv/python/cpython-3.13.1-linux/bin/python3": WORKS}, "python3"),
        ({"bin/python3.13": WORKS, ".venv/bin/python": WORKS}, "python"),
        ({".venv/bin/python": TOO_OLD, "bin/python3.13": WORKS}, "python3.13"),
    ],
)
def test_the_first_fit_python_prepares_the_environment(bare: Path, places: dict[str, int], taken: str) -> None:
    for place, code in places.items():
        python((bare / place).parent, Path(place).name, code)
    done = search(bare)
    assert done.stdout == f"{taken} -I scripts/bootstrap.py\n"
    assert done.returncode == 0


def test_the_python_that_was_asked_for_is_taken(bare: Path) -> None:
    python(bare / "bin", "python3.12", WORKS)
    asked = python(bare / "with space", "python3.13", WORKS)
    assert search(bare, PYTHON=str(asked)).stdout == "python3.13 -I scripts/bootstrap.py\n"


def test_an_environment_of_others_behind_a_link_is_left_as_it_is(tmp_path: Path) -> None:
    for name in ("requirements.lock", "pyproject.toml", "scripts/bootstrap.py", "scripts/uv.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(tree.ROOT / name, tmp_path / name)
    others = tmp_path / "others"
    others.mkdir()
    (others / "kept").write_text("", encoding="utf-8")
    (tmp_path / ".venv").symlink_to(others)
    command = [sys.executable, "-I", "scripts/bootstrap.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert ".venv здесь – ссылка на чужую папку" in done.stderr
    assert [one.name for one in others.iterdir()] == ["kept"]


def test_every_target_is_phony_and_documented() -> None:
    targets = re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE)
    phony = re.search(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)
    assert phony is not None
    assert set(phony[1].split()) == set(targets)
    assert set(targets) >= {"demo", "test", "test-deep", "lint", "bench", "requirements", "lock", "clean", "help"}
    assert set(re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.MULTILINE)) == set(targets)


def test_the_gate_of_ci_is_lint_and_test() -> None:
    gate = tree.ROOT / ".ci" / "run"
    assert os.access(gate, os.X_OK)
    assert gate.read_text(encoding="utf-8").splitlines()[-1] == "exec make lint test"


@pytest.mark.parametrize("lock", [LOCK, UV_LOCK], ids=["requirements.lock", "uv.txt"])
def test_a_lock_names_no_address_and_hashes_every_package(lock: str) -> None:
    assert "://" not in lock
    packages = re.findall(r"^[a-z0-9].*==.*$", lock, re.MULTILINE)
    assert packages != []
    assert [line for line in packages if not line.endswith("\\")] == []
    assert lock.count("--hash=sha256:") >= len(packages)
    assert [line for line in lock.splitlines() if re.match(r"(-e|-i|--index|--find|--extra|\w+ @)", line)] == []


def locked() -> dict[str, str]:
    """Read the versions in the lock; the last one where markers choose between several."""
    return dict(re.findall(r"^([a-z0-9][a-z0-9-]*)==([^ ;]+)", LOCK, re.MULTILINE))


def test_the_lock_answers_to_what_the_project_asks_for() -> None:
    project = tomllib.loads((tree.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [Requirement(text) for text in [*project["dependencies"], *project["optional-dependencies"]["dev"]]]
    versions = locked()
    unmet = [str(need) for need in asked if versions.get(canonicalize_name(need.name), "0") not in need.specifier]
    assert unmet == [], "run make lock"


def test_uv_is_locked_at_the_version_that_is_asked_for() -> None:
    asked = (tree.ROOT / "scripts" / "uv.in").read_text(encoding="utf-8").splitlines()[-1]
    assert UV_LOCK.startswith(f"{asked} \\\n")


def test_a_clone_chooses_a_python_that_the_project_takes() -> None:
    assert (tree.ROOT / ".python-version").read_text(encoding="utf-8") == "3.12\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "clean.md").write_text("Install it from your registry.\n")
    return tmp_path


def test_a_tree_without_registry_hosts_passes(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check_hosts.main(repository) == 0
    assert "none in the tree" in capsys.readouterr().out


def test_a_host_of_a_registry_is_refused(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hosts = check_hosts.hosts()
    assert len(hosts) >= 2
    planted = [f"See HTTPS://{host.upper()}/simple" for host in sorted(hosts)]
    (repository / "planted.md").write_text("\n".join(planted))
    assert check_hosts.main(repository) == 1
    named = re.findall(r"^registry host: planted.md:(\d+):", capsys.readouterr().err, re.MULTILINE)
    assert named == [str(number) for number in range(1, len(hosts) + 1)]


def test_a_mirror_that_this_machine_uses_is_a_registry_too(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_INDEX_URL", "https://user:secret@wheels.school.example:8443/simple")
    (repository / "planted.lock").write_text("--index-url https://wheels.school.example/simple\n")
    assert check_hosts.main(repository) == 1


def test_addresses_are_read_from_any_setting() -> None:
    told = [
        "global.index-url='https://u:p@a.example/simple'",
        "deb [arch=amd64] http://b.example:80/debian x",
        "c.example",
    ]
    assert check_hosts.hosts_in(told) == {"a.example", "b.example"}


@pytest.mark.parametrize("address", ["http://127.0.0.1:3141/root", "http://localhost:8080/simple", "http://nexus/pip"])
def test_this_machine_itself_is_no_registry(address: str) -> None:
    assert check_hosts.hosts_in([address]) == set()


def test_outside_a_repository_the_check_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check_hosts.main(tmp_path) == 1
    assert "cannot search" in capsys.readouterr().err


def test_needs_of_debian_are_read_from_marks(tmp_path: Path) -> None:
    (tmp_path / "test_a.py").write_text(
        "import package_that_is_not_here\n"
        "pytestmark = pytest.mark.debian('postgresql-15', '/nowhere/postgres')\n"
        "@pytest.mark.debian('dash', 'sh')\n"
        "def test_a(): ...\n"
    )
    found = needs(tmp_path)
    assert found == {Need("postgresql-15", "/nowhere/postgres"), Need("dash", "sh")}
    assert {need.package for need in found if need.missing} == {"postgresql-15"}


@pytest.mark.parametrize(("knows", "calls"), [(True, 1), (False, 3)])
def test_debian_lists_are_refreshed_only_when_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, knows: bool, calls: int
) -> None:
    """apt-get is replaced by a script that refuses to install until its lists were updated."""
    lists = tmp_path / "lists"
    if knows:
        lists.touch()
    apt = tmp_path / "apt-get"
    apt.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/log\n[ "$1" = update ] && : > {lists}\n[ -e {lists} ]\n')
    apt.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert install(["postgresql-15"])
    log = (tmp_path / "log").read_text().splitlines()
    assert len(log) == calls
    assert log[-1].startswith("install -y")
    assert log[-1].endswith(" postgresql-15")


def test_a_package_that_cannot_be_had_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    apt = tmp_path / "apt-get"
    apt.write_text("#!/bin/sh\nexit 100\n")
    apt.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not install(["moonlight"])
