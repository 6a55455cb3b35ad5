"""The collector of a process that sends: what the start made is left alone, the rest is looked at seldom."""

import gc

from zvonok.processes.collecting import YOUNG, collect_seldom


def test_the_collector_leaves_the_start_alone_and_rests() -> None:
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    known: list[list[int]] = [[] for _ in range(1000)]
    try:
        collect_seldom()
        assert gc.get_freeze_count() >= frozen + len(known)
        assert gc.get_threshold()[0] == YOUNG > 20 * 700
    finally:
        gc.set_threshold(*before)
