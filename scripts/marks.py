"""Which requirements tests are marked with, read from their source: cheap enough for a test, unlike collecting them."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MARK = "mark.req"


def marked(folder: Path = ROOT / "tests") -> set[str]:
    """Return the ids that tests under a folder carry. Raises ``ValueError`` for a mark that cannot be read so."""
    return {one for path in sorted(folder.rglob("test_*.py")) for one in _in_file(path)}


def _in_file(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    if MARK not in text:
        return
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(MARK):
            for argument in node.args:
                ids = _ids(tree, argument)
                if not ids:
                    raise ValueError(f"{path}:{node.lineno}: the ids of this mark cannot be read without running it")
                yield from ids


def _ids(tree: ast.Module, argument: ast.expr) -> list[str]:
    """Read an id, or those that a comprehension takes from the keys of a table of the module."""
    if isinstance(argument, ast.Name):
        keys = [key for table in _looped_over(tree, argument.id) for key in _keys(tree, table)]
        return [one for key in keys for one in _ids(tree, key)]
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return [argument.value]
    return []


def _looped_over(tree: ast.Module, variable: str) -> list[str]:
    loops = [node for node in ast.walk(tree) if isinstance(node, ast.comprehension)]
    named = [loop for loop in loops if isinstance(loop.target, ast.Name) and loop.target.id == variable]
    return [loop.iter.id for loop in named if isinstance(loop.iter, ast.Name)]


def _keys(tree: ast.Module, table: str) -> list[ast.expr]:
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == table:
            return [key for key in node.value.keys if key is not None] if isinstance(node.value, ast.Dict) else []
    return []
