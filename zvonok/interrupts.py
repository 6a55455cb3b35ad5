"""Ctrl+C before anything runs and after everything has ended: one calm line, whatever was just being loaded.

In between the running work itself obeys the signal (``zvonok.commands.running``).
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

INTERRUPTED = 130
"""As a shell reports a program that Ctrl+C has ended."""
LINE = "\nОстановлено, ничего не начато.\n"


@contextmanager
def calm_interrupts() -> Iterator[None]:
    """Leave at once while the block has started nothing; when it has ended, the process is leaving already."""
    signal.signal(signal.SIGINT, _leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _leave(*_: object) -> None:
    # No exception: libraries catch them while they are loaded. Nothing is open yet that should be closed.
    os.write(2, LINE.encode())
    os._exit(INTERRUPTED)
