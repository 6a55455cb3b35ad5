"""A demonstration seen from another process: whose settings hold there, and what time it is at its school."""

import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from core.school_time import SchoolClock
from zvonok.demo.alone import is_of_demonstration, is_played
from zvonok.sandbox.moved_clock import PROMISED_AHEAD, kept_moment
from zvonok.settings import Settings

CLOCK = "clock"
"""The file in a demonstration's folder in which its clock keeps where it stands."""


def visited(settings: Settings) -> tuple[Settings, SchoolClock | None]:
    """Return by which settings and which clock a command works in the folder that these settings name.

    In a demonstration's: on its own database, in its own time. Nobody's ``.env`` leads from there to a real school.
    """
    if not is_of_demonstration(settings.data):
        return settings, None
    return Settings.model_construct(data=settings.data, sandbox=True), clock_of(settings.data)


def clock_of(folder: Path) -> SchoolClock:
    """Return the clock by which a demonstration lives: it runs while that plays, and stands still between."""
    return SchoolClock(source=partial(_moment, folder))


def _moment(folder: Path) -> datetime:
    """Read where the clock stands: never beyond what its owner has promised not to have lived through."""
    kept = kept_moment(folder / CLOCK)
    if kept is None:
        return datetime.now(UTC)
    if not is_played(folder):
        return kept
    # While it runs, it writes down a promise when the last one is up: that long ago it was so much earlier.
    since_written = max(timedelta(), timedelta(seconds=time.time() - (folder / CLOCK).stat().st_mtime))
    return kept - PROMISED_AHEAD + min(since_written, PROMISED_AHEAD)
