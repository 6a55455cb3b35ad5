"""The walls between the rooms: they stand, an import planted against any is refused, and nobody else has our names."""

import os
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import Distribution, distributions
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.unit.house import tree

CONFIG = tomllib.loads((tree.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS: list[dict[str, Any]] = CONFIG["tool"]["importlinter"]["contracts"]
STANDING = [room for room in tree.ROOMS if (tree.ROOT / room).is_dir()]


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the rooms in the folder, not on the installed ones."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-logo", "--no-cache"]
    env = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "300"}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for room in STANDING:
        shutil.copytree(tree.ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(tree.ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def plant(folder: Path, contract: dict[str, Any]) -> str:
    """Break one contract by one import; return the import as import-linter writes it."""
    source = contract["source_modules"][0]
    target = contract["forbidden_modules"][0].replace("core.*", "core.tables")
    path = folder / source.replace(".", "/")
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\nimport {target}\n")
    return f"{source} -> {target}"


def test_the_walls_stand(copy: Path) -> None:
    done = lint_imports(copy)
    assert done.returncode == 0, done.stdout
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken" in done.stdout


def test_an_import_through_a_wall_is_refused(copy: Path) -> None:
    planted = [plant(copy, contract) for contract in CONTRACTS]
    done = lint_imports(copy)
    assert done.returncode == 1
    assert f"Contracts: 0 kept, {len(CONTRACTS)} broken" in done.stdout
    assert [wall for wall in planted if wall not in done.stdout] == []


def test_every_room_stands_behind_a_wall() -> None:
    walled = {module.partition(".")[0] for contract in CONTRACTS for module in contract["source_modules"]}
    may_import_everything = {"zvonok"}
    assert walled | may_import_everything == set(STANDING)
    assert set(CONFIG["tool"]["importlinter"]["root_packages"]) == set(STANDING)


def test_what_ships_is_what_the_walls_know() -> None:
    assert set(CONFIG["tool"]["uv"]["build-backend"]["module-name"]) == set(STANDING)


def provided(distribution: Distribution) -> set[str]:
    """Name the packages at the root of a distribution."""
    files = distribution.files or []
    return {file.parts[0].removesuffix(".py") for file in files}


def test_no_other_distribution_has_our_names() -> None:
    ours = {*tree.ROOMS, *tree.AROUND}
    others = [found for found in distributions() if found.name != "zvonok"]
    assert len(others) > 40
    assert {found.name: provided(found) & ours for found in others if provided(found) & ours} == {}


@pytest.mark.parametrize("room", STANDING)
def test_our_names_lead_to_this_checkout(room: str) -> None:
    spec = find_spec(room)
    assert spec is not None
    assert spec.origin == str(tree.ROOT / room / "__init__.py")
