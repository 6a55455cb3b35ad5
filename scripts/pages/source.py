"""What the pages read out of sources: the text under each field or member, docstrings in one line, tables."""

import ast
import inspect
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise

HEAD = "Made by `python -m scripts.reference_pages`; do not edit by hand."


def meanings(of: type) -> dict[str, str]:
    """Return the text that stands under each field or member of a class and of those it inherits from."""
    found: dict[str, str] = {}
    for one in reversed(of.__mro__):
        if one.__module__.partition(".")[0] in {"core", "gateway", "notifiers", "zvonok"}:
            found |= _in_class(one.__module__, one.__name__)
    return found


@cache
def _in_class(module: str, name: str) -> dict[str, str]:
    source = inspect.getsource(inspect.sys.modules[module])  # type: ignore[attr-defined]  # sys is there, unannounced
    body = next(node.body for node in ast.parse(source).body if isinstance(node, ast.ClassDef) and node.name == name)
    found: dict[str, str] = {}
    for field, text in pairwise(body):
        target = _target(field)
        if target and isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant):
            found[target] = one_line(str(text.value.value))
    return found


def _target(node: ast.stmt) -> str:
    targets = [node.target] if isinstance(node, ast.AnnAssign) else node.targets if isinstance(node, ast.Assign) else []
    return targets[0].id if targets and isinstance(targets[0], ast.Name) else ""


def called(node: ast.expr) -> str:
    """Return a name, dotted or not, or a method of ``super()``, as it is written; nothing for anything else.

    ``ast.unparse`` says the same, and takes as long as everything else together that is done with the syntax.
    """
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=ast.Call(func=ast.Name(id="super"), args=[], keywords=[]), attr=name):
            return f"super().{name}"
        case ast.Attribute(value=value, attr=name):
            before = called(value)
            return f"{before}.{name}" if before else ""
    return ""


def one_line(text: str | None) -> str:
    """Return a docstring as one line of Markdown."""
    return " ".join((text or "").split()).replace("``", "`")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Lay out a table of Markdown; bars inside cells are escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
