"""How often a process that sends looks for rings of objects that hold each other: seldom."""

import gc

YOUNG, MIDDLE, OLD = 50_000, 20, 50
"""A batch makes and drops tens of thousands of objects, of which next to none hold each other: looking at them after
each 700, as Python does by itself, took a tenth of the sending. What waits meanwhile is some megabytes."""


def collect_seldom() -> None:
    """Leave what the start has made alone for good, and look at the rest more seldom. For the whole process."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
