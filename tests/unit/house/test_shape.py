"""Caps and bans on every module's shape; each rule is also shown a planted fault, so that none is blind."""

import ast
import graphlib
import json
import statistics
import subprocess
import sys
from collections.abc import Mapping

import grimp
import pytest

from tests.unit.house import tree

PRODUCT = tree.modules(*tree.ROOMS)
AROUND = tree.modules(*tree.AROUND)
EVERYTHING = [*PRODUCT, *AROUND]


def found_in(rule: tree.Rule, modules: list[tree.Module]) -> list[str]:
    return [f"{module.name}:{finding}" for module in modules for finding in module.found(rule)]


def planted(rule: tree.Rule, source: str) -> list[str]:
    return list(rule(ast.parse(source)))


def test_functions_are_short() -> None:
    sizes = {f"{module.name}:{function}": size for module in EVERYTHING for function, size in module.sizes}
    assert len(sizes) > 1_000
    assert {name: size for name, size in sizes.items() if size > 60} == {}


def test_the_tail_of_function_lengths_is_bounded() -> None:
    sizes = [size for module in PRODUCT for _, size in module.sizes]
    assert statistics.quantiles(sizes, n=10)[8] <= 25


def test_a_function_is_measured_with_its_docstring_and_what_is_nested_in_it() -> None:
    source = 'def outer():\n    """One."""\n    def inner():\n        return 1\n    return inner\n'
    assert {function.name: size for function, size in tree.functions(ast.parse(source))} == {"outer": 5, "inner": 2}


@pytest.mark.parametrize(("modules", "cap"), [(PRODUCT, 400), (AROUND, 600)], ids=["product", "around"])
def test_modules_fit_on_a_few_screens(modules: list[tree.Module], cap: int) -> None:
    lines = {module.name: module.source.count("\n") for module in modules}
    assert {name: count for name, count in lines.items() if count > cap} == {}


def test_names_of_modules_say_what_is_inside() -> None:
    assert [word for module in EVERYTHING for word in tree.empty_names(module.name)] == []


@pytest.mark.parametrize("name", ["core/utils.py", "core/helpers/ages.py", "web/page_base.py", "bot/Manager.py"])
def test_an_empty_name_is_found(name: str) -> None:
    assert list(tree.empty_names(name)) != []


def test_a_word_inside_a_word_is_no_empty_name() -> None:
    assert list(tree.empty_names("core/database.py")) == []


def test_nothing_is_imported_inside_functions() -> None:
    assert found_in(tree.imports_inside_functions, EVERYTHING) == []


@pytest.mark.parametrize(
    "inside",
    [
        "{}",
        "if a:\n  {}",
        "for a in b:\n  ...\n else:\n  {}",
        "while a:\n  {}",
        "try:\n  ...\n except E:\n  {}\n finally:\n  ...",
        "try:\n  ...\n except* E:\n  ...\n finally:\n  {}",
        "with a:\n  {}",
        "async with a:\n  {}",
        "match a:\n  case 1:\n   {}",
        "class A:\n  {}",
    ],
)
def test_an_import_inside_a_function_is_found(inside: str) -> None:
    source = f"async def f():\n {inside.format('import os')}\n"
    assert [one.partition(": ")[2] for one in planted(tree.imports_inside_functions, source)] == ["import os inside f"]


def test_importing_a_room_does_nothing() -> None:
    run_by_alembic = "migrations/env.py"  # a script by alembic's design: never imported
    imported = [module for module in PRODUCT if module.name != run_by_alembic]
    assert found_in(tree.import_time_effects, imported) == []


@pytest.mark.parametrize(
    "source",
    [
        "load_dotenv()",
        "engine = create_async_engine(url)",
        "STARTED = datetime.now(UTC)",
        "import os\nos.environ['A'] = 'b'",
        "for name in names:\n    register(name)",
        "class A:\n    here = Path('x').read_text()",
        "settings = Settings()",
        "TOKEN = os.environ['TOKEN']",
        "if DEBUG:\n    print('hello')",
        "TABLE = [open(name) for name in names]",
    ],
)
def test_an_effect_at_import_is_found(source: str) -> None:
    assert len(planted(tree.import_time_effects, source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "CODE = re.compile('a')",
        "LATER = lambda: open('x')",
        "MINUTE = timedelta(minutes=1)",
        "router = Router()",
        "class A:\n    '''Doc.'''\n    x: int = field(default=1)",
        "if TYPE_CHECKING:\n    import os",
        "if sys.platform != 'win32':\n    import pwd",
        "if __name__ == '__main__':\n    main()",
    ],
)
def test_naming_a_value_is_no_effect(source: str) -> None:
    assert planted(tree.import_time_effects, source) == []


# The doctor tells whether the database's clock goes right, and so has to ask for it; nothing is decided by the answer.
CLOCK_PROBE = ("zvonok/doctor/database.py", "'now'::timestamptz")


def test_time_comes_into_sql_as_a_parameter() -> None:
    """One place may ask the database for its time, once and as it is written there."""
    sql = [path for room in tree.ROOMS for path in (tree.ROOT / room).rglob("*.sql")]
    in_files = [(path.name, found) for path in sql for found in tree.DATABASE_CLOCK.findall(path.read_text())]
    in_modules = [
        (module.name, finding.partition(": ")[2])
        for module in PRODUCT
        for finding in module.found(tree.database_clocks)
    ]
    assert in_modules + in_files == [CLOCK_PROBE]


@pytest.mark.parametrize(
    "source",
    [
        "text('SELECT now()')",
        "q = 'UPDATE a SET b = CURRENT_TIMESTAMP'",
        "q = f'{a} now ( ) {b}'",
        "sa.func.now()",
        "func.current_timestamp()",
        "text(\"SELECT 'now'::timestamptz\")",
        "q = \"SELECT 'NOW' :: timestamp(3) with time zone\"",
        "q = \"UPDATE a SET b = CAST('today' AS date)\"",
        "q = \"SELECT timestamp with time zone 'now'\"",
        "q = \"SELECT date' tomorrow '\"",
    ],
)
def test_a_clock_of_the_database_is_found(source: str) -> None:
    assert len(planted(tree.database_clocks, source)) == 1


def test_a_word_of_ours_is_no_clock() -> None:
    assert planted(tree.database_clocks, "q = \"mode IN ('now', 'daily') AND date = :day AND b <> 'now'::text\"") == []


def test_a_docstring_may_speak_of_the_clock() -> None:
    assert planted(tree.database_clocks, "def f():\n    '''Not now().'''\n    return 'know(1)'\n") == []


def cycle_in(imports: Mapping[str, set[str]]) -> list[str]:
    try:
        graphlib.TopologicalSorter(imports).prepare()
    except graphlib.CycleError as error:
        return list(error.args[1])
    return []


def test_modules_do_not_import_in_circles() -> None:
    rooms = [room for room in tree.ROOMS if (tree.ROOT / room).is_dir()]
    graph = grimp.build_graph(rooms[0], *rooms[1:], exclude_type_checking_imports=True, cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    unseen = {module.dotted for module in PRODUCT} - imports.keys()
    assert unseen == set(), "a folder without __init__.py"
    assert cycle_in(imports) == []


def test_a_circle_is_found() -> None:
    assert cycle_in({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": set()}) != []


FAULTY = '''
import random
import time
from datetime import datetime


def decide(a, b, c, d, e, f, g) -> int:
    """Return a number."""
    import os  # what a house does not do
    moment = datetime.now()
    print(moment, os, time, random)  # TODO: remove
    if a:
        return 1
    if b and c:
        return 2
    if d or e:
        return 3
    while f:
        if g:
            return 4
        if a and g or e:
            return 5
        elif b:
            continue
    try:
        return random.random()  # noqa
    except Exception:
        return 6
'''


def test_the_linter_refuses_what_the_house_forbids() -> None:
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--no-cache",
        "--output-format=json",
        "--stdin-filename=core/x.py",
    ]
    done = subprocess.run([*command, "-"], cwd=tree.ROOT, input=FAULTY, capture_output=True, text=True, check=False)
    codes = {finding["code"] for finding in json.loads(done.stdout)}
    assert done.returncode == 1
    # complexity, arguments, import inside, naive time, print, TODO, blanket noqa, blind except, missing annotation
    assert codes >= {"C901", "PLR0913", "PLC0415", "DTZ005", "T201", "FIX002", "PGH004", "BLE001", "ANN001"}
