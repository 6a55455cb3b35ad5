"""An exemption without a reason is a hole: every one in the tree and in its settings states why."""

import re
import tokenize
import tomllib
from io import StringIO
from typing import Any

import pytest

from tests.unit.house import tree

PYPROJECT = (tree.ROOT / "pyproject.toml").read_text(encoding="utf-8")
CONFIG: dict[str, Any] = tomllib.loads(PYPROJECT)
EVERYTHING = tree.modules(*tree.ROOMS, *tree.AROUND)

HUSHED = re.compile(r"#\s*(?:ruff:\s*|flake8:\s*)?noqa|#\s*type:\s*ignore|#\s*pragma|#\s*fmt:|#\s*pyright|#\s*mypy:")
CODED = re.compile(
    r"#\s*(?:(?:ruff:\s*)?noqa:\s*[A-Z]+\d+(?:[,\s]+[A-Z]+\d+)*|type:\s*ignore\[[a-z\-, ]+\])(?P<reason>.*)"
)
WORDS = re.compile(r"\w{2,}")


def groundless(source: str) -> list[str]:
    """Return the comments that hush a checker without a code, or without a reason after it or in a comment above."""
    if not HUSHED.search(source):  # nor is it in a comment then; most modules need no look at their words
        return []
    comments = [
        token for token in tokenize.generate_tokens(StringIO(source).readline) if token.type == tokenize.COMMENT
    ]
    standing = {token.start[0] for token in comments if token.line.lstrip().startswith("#")}
    return [
        f"{token.start[0]}: {token.string}"
        for token in comments
        if HUSHED.search(token.string) and not _grounded(token.string, above=token.start[0] - 1 in standing)
    ]


def _grounded(comment: str, *, above: bool) -> bool:
    coded = CODED.search(comment)
    return coded is not None and (above or len(WORDS.findall(coded["reason"])) >= 2)


def test_no_checker_is_hushed_without_a_reason() -> None:
    assert [f"{module.name}:{found}" for module in EVERYTHING for found in groundless(module.source)] == []


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa",
        "# noqa: S603",
        "# type: ignore",
        "# type: ignore[arg-type]",
        "# type: ignore  # the stub is wrong",
        "# ruff: noqa",
        "# fmt: off",
    ],
)
def test_a_hushed_checker_is_found(comment: str) -> None:
    assert len(groundless(f"x = 1\ny = f(x)  {comment}\n")) == 1


@pytest.mark.parametrize(
    "line",
    [
        "y = f(x)  # noqa: S603 — our own literal words",
        "y = f(x)  # type: ignore[arg-type]  # the stub is wrong",
        "# The stub forgets None.\ny = f(x)  # type: ignore[arg-type]",
        "# ruff: noqa: PTH118 - starts twice as fast without pathlib",
        "# speaks of noise",
    ],
)
def test_a_grounded_exemption_is_let_through(line: str) -> None:
    assert groundless(f"{line}\n") == []


def exemptions(section: str) -> list[str]:
    """Return the lines of a section of pyproject.toml that exempt something, up to the next section."""
    body = PYPROJECT.split(f"\n[{section}]\n", 1)[1].split("\n[", 1)[0]
    lists = body.split("ignore = [", 1)[1] if section == "tool.ruff.lint" else body
    return [line for line in lists.splitlines() if line.strip().startswith('"') and not line.rstrip().endswith("[")]


@pytest.mark.parametrize("section", ["tool.ruff.lint", "tool.ruff.lint.per-file-ignores"])
def test_every_exemption_from_the_linter_has_its_reason(section: str) -> None:
    lines = exemptions(section)
    assert len(lines) >= 5
    assert [line for line in lines if len(WORDS.findall(line.partition("#")[2])) < 2] == []


def test_the_exemptions_that_were_read_are_all_there_are() -> None:
    lint = CONFIG["tool"]["ruff"]["lint"]
    assert len(exemptions("tool.ruff.lint")) == len(lint["ignore"])
    assert len(exemptions("tool.ruff.lint.per-file-ignores")) == sum(map(len, lint["per-file-ignores"].values()))


def test_every_wall_has_its_reason() -> None:
    names = [contract["name"] for contract in CONFIG["tool"]["importlinter"]["contracts"]]
    assert [name for name in names if len(WORDS.findall(name)) < 6] == []
    assert len(set(names)) == len(names)


def test_every_door_in_a_wall_has_its_reason() -> None:
    doors = [line for line in PYPROJECT.splitlines() if re.match(r'\s+"[\w.*]+ -> ', line)]
    listed = [contract.get("ignore_imports", []) for contract in CONFIG["tool"]["importlinter"]["contracts"]]
    assert len(doors) == sum(map(len, listed))
    assert [door for door in doors if len(WORDS.findall(door.partition("#")[2])) < 3] == []


def test_every_package_without_types_is_excused() -> None:
    overrides = PYPROJECT.split("[[tool.mypy.overrides]]")[1:]
    assert [text for text in overrides if "\n# " not in text.split("\n[", 1)[0]] == []
