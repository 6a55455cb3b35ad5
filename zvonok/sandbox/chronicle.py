"""The one way in which the sandbox changes: write the happening down, apply it, tell those who watch.

The state is a function of the happenings, so a later sandbox on the same folder comes to the same state by reading
them again.
"""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from zvonok.sandbox.happenings import Happening, Happenings
from zvonok.sandbox.journal import Journal, JournalError

type WallClock = Callable[[], datetime]
type MonotonicClock = Callable[[], float]
type Apply = Callable[[Happening], None]


def wall_clock() -> datetime:
    """Return the machine's time; tests and the demo put their own in its place."""
    return datetime.now(UTC)


class Chronicle:
    """Numbers, journals, applies and publishes happenings. Without a folder nothing outlives the process."""

    def __init__(
        self, folder: Path | None, *, clock: WallClock = wall_clock, monotonic: MonotonicClock = time.monotonic
    ) -> None:
        self.clock = clock
        self.monotonic = monotonic
        self.happenings = Happenings()
        self._journal = None if folder is None else Journal(folder / "sandbox.jsonl")
        self._appliers: dict[str, Apply] = {}
        self._number = 0

    def on(self, kind: str, apply: Apply) -> None:
        """Name the one who applies happenings of this kind."""
        self._appliers[kind] = apply

    def replay(self) -> None:
        """Apply all that was written down before. Call it once, when every kind has its applier.

        ``JournalError`` if the folder was written by a version that this one does not understand.
        """
        if self._journal is None:
            return
        for record in self._journal.read():
            try:
                self._number = record["number"]
                at = datetime.fromtimestamp(record["at"], UTC)
                self._apply(Happening(self._number, at, record["kind"], record["data"]))
            except (KeyError, TypeError, ValueError) as error:
                problem = f"Журнал песочницы не прочесть: запись {self._number} непонятна этой версии."
                raise JournalError(problem) from error

    def record(self, kind: str, data: Mapping[str, Any]) -> None:
        """Let something happen: it is on disk before it is true, and true before anybody is told."""
        happening = Happening(self._number + 1, self.clock(), kind, data)
        if self._journal is not None:
            record = {"number": happening.number, "at": happening.at.timestamp(), "kind": kind, "data": data}
            self._journal.append(record)
        self._number = happening.number
        self._apply(happening)
        self.happenings.publish(happening)

    def _apply(self, happening: Happening) -> None:
        self._appliers[happening.kind](happening)

    def close(self) -> None:
        """Let go of the journal."""
        if self._journal is not None:
            self._journal.close()
