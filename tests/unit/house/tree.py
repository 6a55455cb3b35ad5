"""The tree as its tests see it: the rooms, their modules, and rules that look at one module's syntax.

A rule takes a parsed module and yields what it finds, each beginning with the line; ``docs/explanation/house.md``
says why each rule stands. A module is parsed once a process for all the rules, and its syntax let go at once: a
million nodes kept would be walked by every later collection of garbage.
"""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ROOMS = ("core", "gateway", "notifiers", "bot", "web", "texts", "zvonok", "migrations")
"""The packages that Zvonok ships; ``web`` is kept free for the pages to come."""
AROUND = ("bench", "scripts", "tests")

type Rule = Callable[[ast.Module], Iterator[str]]
type Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One file of Python, read when somebody asks for it: a worker that runs none of these tests parses nothing."""

    path: Path

    @cached_property
    def source(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def sizes(self) -> list[tuple[str, int]]:
        """Its functions, each as line and name, with their lengths."""
        return self._seen[0]

    def found(self, rule: Rule) -> list[str]:
        """Return what a rule finds in it. Raises ``KeyError`` for one that does not hold for its room."""
        return self._seen[1][rule]

    @cached_property
    def _seen(self) -> tuple[list[tuple[str, int]], dict[Rule, list[str]]]:
        tree = ast.parse(self.source)
        sizes = [(f"{function.lineno} {function.name}", size) for function, size in functions(tree)]
        rules = RULES_EVERYWHERE if self.name.startswith(AROUND) else RULES_OF_THE_PRODUCT
        return sizes, {rule: list(rule(tree)) for rule in rules}

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def dotted(self) -> str:
        return self.name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def modules(*rooms: str) -> list[Module]:
    """Read every module of the rooms."""
    paths = [path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]
    return [read(path) for path in paths]


@cache
def read(path: Path) -> Module:
    """Read one module; several tests ask for the same."""
    return Module(path)


BODIES = ("body", "orelse", "finalbody", "handlers", "cases")
"""Where statements stand inside a statement; expressions hold none (of a lambda the body is one expression)."""


def statements(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield every statement under a node, with those that a handler or a case of a match holds."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if node is not tree:
            yield node
        waiting += (under for name in BODIES for under in getattr(node, name, ()))


def functions(tree: ast.AST) -> Iterator[tuple[Function, int]]:
    """Yield every function and method, nested ones too, with its lines from ``def`` to the end, docstring included."""
    for node in statements(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node, (node.end_lineno or node.lineno) - node.lineno + 1


def imports_inside_functions(tree: ast.Module) -> Iterator[str]:
    for function, _ in functions(tree):
        for node in statements(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield f"{node.lineno}: {ast.unparse(node)} inside {function.name}"


_MOMENT_IN_WORDS = r"'\s*(?:now|today|tomorrow|yesterday)\s*'"
_TYPE_OF_TIME = r"(?:timestamp(?:tz)?|timetz?|date)\b(?:\s*\(\s*\d\s*\))?(?:\s+with(?:out)?\s+time\s+zone)?"
DATABASE_CLOCK = re.compile(
    r"\b(?:now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\s*\(\s*\)"
    r"|\b(?:current_timestamp|current_date|current_time|localtimestamp|localtime)\b"
    # Special values of date and time: 'now'::timestamptz, CAST('now' AS date), timestamptz 'now'; else a word.
    rf"|{_MOMENT_IN_WORDS}\s*(?:::|\bas\b)\s*{_TYPE_OF_TIME}"
    rf"|\b{_TYPE_OF_TIME}\s*{_MOMENT_IN_WORDS}",
    re.IGNORECASE,
)


def database_clocks(tree: ast.Module) -> Iterator[str]:
    """Find SQL that reads the server's clock: in strings that are not docstrings, and as SQLAlchemy's ``func.now``."""
    docstrings = set()
    for node in ast.walk(tree):  # a statement comes before what stands in it
        if isinstance(node, ast.Expr):
            docstrings.add(id(node.value))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            for found in DATABASE_CLOCK.finditer(node.value):
                yield f"{node.lineno}: {found.group()}"
        elif isinstance(node, ast.Attribute) and _is_function_of_sqlalchemy(node):
            yield f"{node.lineno}: {ast.unparse(node)}"


def _is_function_of_sqlalchemy(node: ast.Attribute) -> bool:
    clock = any(DATABASE_CLOCK.fullmatch(written) for written in (node.attr, f"{node.attr}()"))
    return clock and ast.unparse(node.value).split(".")[-1] == "func"


EFFECTFUL = frozenset(
    {
        *(
            "open",
            "read_text",
            "read_bytes",
            "write_text",
            "write_bytes",
            "mkdir",
            "iterdir",
            "glob",
            "rglob",
            "exists",
        ),
        *("connect", "create_connection", "create_engine", "create_async_engine", "getaddrinfo", "gethostname"),
        *("run", "Popen", "check_output", "create_task", "new_event_loop", "Thread", "Process"),
        *("now", "utcnow", "today", "monotonic", "perf_counter", "uuid4", "urandom", "token_hex", "token_urlsafe"),
        *("random", "randint", "choice", "getenv", "load_dotenv", "basicConfig", "configure", "print", "input"),
        *("Settings", "Bot", "ClientSession", "TCPConnector", "SMTP"),
    }
)
"""Calls that open, read, start, draw or ask for something, by their last word."""


def import_time_effects(tree: ast.Module) -> Iterator[str]:
    """Find statements that do something when the module is imported, beyond naming values, functions and classes."""
    yield from _effects(tree.body)


def _effects(body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        match node:
            case ast.Import() | ast.ImportFrom() | ast.FunctionDef() | ast.AsyncFunctionDef() | ast.TypeAlias():
                continue
            case ast.Pass() | ast.Expr(value=ast.Constant()) | ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
                continue
            case ast.ClassDef(body=inner):
                yield from _effects(inner)
            case ast.If(test=test, body=then, orelse=otherwise):
                yield from _effectful_calls(test)
                yield from _effects([*then, *otherwise])
            case ast.Assign(targets=[ast.Name() | ast.Tuple()], value=value) | ast.AnnAssign(value=value):
                yield from _effectful_calls(value)
            case _:
                yield f"{node.lineno}: {ast.unparse(node).splitlines()[0]}"


def _effectful_calls(value: ast.AST | None) -> Iterator[str]:
    """Find the calls that evaluating the expression makes; those inside a lambda wait until it is called."""
    if value is None or isinstance(value, ast.Lambda):
        return
    if isinstance(value, ast.Call) and ast.unparse(value.func).split(".")[-1] in EFFECTFUL:
        yield f"{value.lineno}: {ast.unparse(value.func)}() is called at import"
    if isinstance(value, ast.Attribute) and value.attr == "environ":
        yield f"{value.lineno}: the environment is read at import"
    for child in ast.iter_child_nodes(value):
        yield from _effectful_calls(child)


RULES_EVERYWHERE: tuple[Rule, ...] = (imports_inside_functions,)
RULES_OF_THE_PRODUCT: tuple[Rule, ...] = (*RULES_EVERYWHERE, database_clocks, import_time_effects)

EMPTY_NAMES = frozenset({"util", "utils", "helper", "helpers", "common", "base", "manager", "managers", "misc"})


def empty_names(name: str) -> Iterator[str]:
    """Find words in a module's path that say nothing of what is inside."""
    words = re.split(r"[/._]", name)
    yield from (f"{word} in {name}" for word in words if word.lower() in EMPTY_NAMES)
