"""Importing 200 modules and aiogram's models makes no garbage: the collector rests until that is done.

It walked everything ten times during a collection, a third of its time, and again whenever tests made something old.
"""

import gc

import pytest

gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Leave what was imported alone from now on, and look after what tests make."""
    gc.freeze()
    gc.enable()
