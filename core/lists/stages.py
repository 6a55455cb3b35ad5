"""How far the bringing in of lists has come, for whoever waits for it."""

from collections.abc import Callable
from enum import StrEnum


class Stage(StrEnum):
    """What is being done, in the order in which it is done."""

    FILES = "files"
    """The files are read."""
    JOURNAL = "journal"
    """What the journal knows is read."""
    COMPARING = "comparing"
    TIMETABLE = "timetable"
    """The year's lessons are laid out to find what clashes."""
    WRITING = "writing"
    LESSONS = "lessons"
    """The days' lessons are made by the new timetable."""


type OnStage = Callable[[Stage], None]


def unseen(stage: Stage) -> None:
    """Tell nobody."""
    del stage
