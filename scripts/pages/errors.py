"""``docs/reference/errors.md``: every refusal by its code, found where it is made, with the sentence people read."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl
from fluent.syntax.visitor import Visitor

from core import refusals
from core.refusals import Refusal
from scripts.pages.source import HEAD, called, one_line, table
from texts.reader import FOLDER, load

ROOT = FOLDER.parent
ROOMS = ("core", "gateway", "bot", "web", "zvonok")
KINDS = {name for name, kind in vars(refusals).items() if isinstance(kind, type) and issubclass(kind, Refusal)}
DEMAND, NOT_ALLOWED = "rights.demand", "not-allowed"
"""What demands a right refuses by itself, with the code that it is given after the right, or with this one."""
MAKING = re.compile(rf"\b(?:{'|'.join(sorted(KINDS))}|demand)\b")
"""Names of which one stands in every module that makes a refusal."""


@dataclass(frozen=True, slots=True, order=True)
class Made:
    """A refusal where it is made."""

    code: str
    kind: str
    module: str


def page(root: Path = ROOT) -> str:
    """Return the page. Raises ``KeyError`` for a refusal that has no sentence."""
    kinds = [(f"`{name}`", one_line(vars(refusals)[name].__doc__)) for name in sorted(KINDS - {"Refusal"})]
    rows = [
        (f"`{code}`", ", ".join(sorted({one.kind for one in made})), sentence(code), _modules(made))
        for code, made in _by_code(root).items()
    ]
    parts = [
        "# Error codes",
        f"How the journal refuses: a class, a code, a sentence. {HEAD}",
        table(("class", "meaning"), kinds),
        "‹…› stands for what the refusal fills in; where a form depends on a number, the form for 2 is shown.",
        table(("code", "class", "sentence", "made in"), rows),
    ]
    return "\n\n".join(parts) + "\n"


def made_in(root: Path = ROOT) -> Iterator[Made]:
    """Find every refusal with a literal code in the product's modules."""
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            if MAKING.search(source):
                yield from _in_module(ast.parse(source), path.relative_to(root).as_posix())


def _in_module(tree: ast.Module, module: str) -> Iterator[Made]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            kind = next((base for base in map(called, node.bases) if base in KINDS), "")
            calls = [call for call in ast.walk(node) if isinstance(call, ast.Call)] if kind else []
            own = [call for call in calls if called(call.func) == "super().__init__"]
            yield from (Made(code, kind, module) for call in own for code in _codes(call))
        elif isinstance(node, ast.Call) and called(node.func) == DEMAND:
            code = ast.literal_eval(node.args[2]) if len(node.args) > 2 else NOT_ALLOWED  # noqa: PLR2004 - its place
            yield Made(str(code), "Forbidden", module)
        elif isinstance(node, ast.Call) and called(node.func) in KINDS:
            yield from (Made(code, called(node.func), module) for code in _codes(node))


def _codes(call: ast.Call) -> list[str]:
    first = call.args[0] if call.args else call
    if isinstance(first, ast.IfExp):
        return [str(ast.literal_eval(one)) for one in (first.body, first.orelse)]
    return [str(first.value)] if isinstance(first, ast.Constant) else []


def _by_code(root: Path) -> dict[str, list[Made]]:
    found: dict[str, list[Made]] = {}
    for made in sorted(set(made_in(root))):
        found.setdefault(made.code, []).append(made)
    return found


def _modules(made: list[Made]) -> str:
    return ", ".join(sorted({f"`{one.module}`" for one in made}))


def sentence(code: str) -> str:
    """Return a refusal's Russian sentence with ‹names› where it fills something in."""
    asked = _Asked()
    asked.visit(_messages()[f"refusal-{code}"])
    shown = {name: 2 if name in asked.counted else f"‹{name}›" for name in asked.names}
    return load("ru").format(f"refusal-{code}", **shown)


class _Asked(Visitor):
    """Arguments of a message, and those by which a form is chosen."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.counted: set[str] = set()

    def visit_VariableReference(self, node: ftl.VariableReference) -> None:  # noqa: N802 - named by the library
        self.names.add(node.id.name)

    def visit_SelectExpression(self, node: ftl.SelectExpression) -> None:  # noqa: N802 - named by the library
        if isinstance(node.selector, ftl.VariableReference):
            self.counted.add(node.selector.id.name)
        self.generic_visit(node)


@cache
def _messages() -> dict[str, ftl.Message]:
    files = sorted((FOLDER / "ru").glob("*.ftl"))
    entries = [
        entry for path in files for entry in FluentParser(with_spans=False).parse(path.read_text(encoding="utf-8")).body
    ]
    return {entry.id.name: entry for entry in entries if isinstance(entry, ftl.Message)}
