"""Importing 200 modules and aiogram's models makes no garbage: the collector rests until that is done.

It walked everything ten times during a collection, a third of its time, and again whenever tests made something old.
The bot's library is imported the way the bot itself does.
"""

import gc
from pathlib import Path

import pytest

from bot.quick_import import import_aiogram

gc.disable()


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makemodule(module_path: Path) -> None:
    """Import aiogram in the better order, before the first module that may need it."""
    if "bot" in module_path.name:
        import_aiogram()


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Leave what was imported alone from now on, and look after what tests make."""
    gc.freeze()
    gc.enable()
