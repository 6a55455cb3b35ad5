"""One line that says how far long work has come: rewritten on a terminal, said once where nobody looks on."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import TextIO

from core.lists.stages import Stage
from texts.reader import load

QUIET_FOR = 3.0
"""Seconds. Work that is done by then says nothing where its output is kept."""
_SAY = load("ru").format
_REWRITE = "\r\x1b[K"
"""To the beginning of the line, and the line empty (ECMA-48 8.3.41)."""


@dataclass
class ProgressLine:
    """The line. Its stream is never that of the answer."""

    stream: TextIO = field(default_factory=lambda: sys.stderr)
    clock: Callable[[], float] = monotonic
    is_said: bool = False

    def __post_init__(self) -> None:
        self._began = self.clock()

    def stage(self, stage: Stage) -> None:
        """Say that this is being done now."""
        if self.stream.isatty():
            text = _SAY("lists-stage", stage=stage.value, number=list(Stage).index(stage) + 1, of=len(Stage))
            self.stream.write(f"{_REWRITE}{text}")
        elif not self.is_said and self.clock() - self._began >= QUIET_FOR:
            self.stream.write(f"{_SAY('lists-stage-long')}\n")
        else:
            return
        self.is_said = True
        self.stream.flush()

    def clear(self) -> None:
        """Leave no trace on a terminal, whatever came of the work."""
        if self.is_said and self.stream.isatty():
            self.stream.write(_REWRITE)
            self.stream.flush()
