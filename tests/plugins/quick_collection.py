"""Importing 200 modules and aiogram's models makes no garbage: the collector rests until that is done.

It walked everything ten times during a collection, a third of its time, and again whenever tests made something old.
The bot's library is imported the way the bot itself does.

Workers that run side by side collect the same tests, and none of them finds a test's rewritten assertions written
before: each would rewrite all. So each begins with a part of its own, and finds the others' parts done. (Under
``PYTHONDONTWRITEBYTECODE`` nothing is written, and so nothing is shared.)
"""

import gc
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import pytest

from bot.quick_import import import_aiogram

gc.disable()


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makemodule(module_path: Path) -> None:
    """Import aiogram in the better order, before the first module that may need it."""
    if "bot" in module_path.name:
        import_aiogram()


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """In a worker, import the tests beginning with its own part; what cannot be imported is reported by collecting."""
    worker = getattr(session.config, "workerinput", None)
    if worker is None or sys.dont_write_bytecode:
        return
    import_aiogram()
    files = modules(session.config.rootpath, session.config.args)
    for name in turned(files, int(worker["workerid"].removeprefix("gw")), worker["workercount"]):
        with suppress(Exception, pytest.skip.Exception):
            import_module(name)


def modules(root: Path, arguments: Sequence[str]) -> list[str]:
    """Return the names of the test modules that the arguments of a run lead to, by their order in the tree."""
    places = [root / argument.partition("::")[0] for argument in arguments]
    files = {file for place in places for file in ([place] if place.is_file() else place.rglob("test_*.py"))}
    return [".".join(file.relative_to(root).with_suffix("").parts) for file in sorted(files)]


def turned(names: Sequence[str], part: int, parts: int) -> list[str]:
    """Return the names beginning with the given part of them, and after the last with the first."""
    begin = len(names) * part // parts
    return [*names[begin:], *names[:begin]]


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Leave what was imported alone from now on, and look after what tests make."""
    gc.freeze()
    gc.enable()
