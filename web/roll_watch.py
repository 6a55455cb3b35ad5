"""News of rolls for the pages that are open: the version of each, looked up by one statement a second for all of them.

Not by LISTEN: that takes a connection which no pooler gives, and a NOTIFY in the writer's own transaction would slow
down every roll call of a region for the few that two people look at.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, text
from sqlalchemy.exc import SQLAlchemyError
from structlog.typing import FilteringBoundLogger

from core.database import Database

LOOK_SECONDS = 1.0

_VERSIONS = text("SELECT lesson_id, version FROM core.roll_call WHERE lesson_id = ANY(:lessons)").bindparams(
    bindparam("lessons", type_=ARRAY(Uuid))
)


@dataclass(eq=False, slots=True)
class Watcher:
    """One open page."""

    lesson: UUID
    version: int = 0
    """The newest that is known."""
    closing: bool = False
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def news(self, seconds: float) -> bool:
        """Wait for another version, or the end; False if none came in this time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news.wait()
        came = self._news.is_set()
        self._news.clear()
        return came

    def tell(self, version: int) -> None:
        """Know a version; never waits."""
        if version != self.version:
            self.version = version
            self._news.set()

    def close(self) -> None:
        """End."""
        self.closing = True
        self._news.set()


class RollWatch:
    """All open pages of this process. ``run`` looks until it is cancelled, and only while somebody watches."""

    def __init__(self, database: Database, log: FilteringBoundLogger, every: float = LOOK_SECONDS) -> None:
        self._database = database
        self._log = log
        self._every = every
        self._watchers: dict[UUID, set[Watcher]] = {}
        self._anybody = asyncio.Event()

    @property
    def pages(self) -> int:
        """How many are open."""
        return sum(map(len, self._watchers.values()))

    @contextmanager
    def watching(self, lesson: UUID, version: int) -> Iterator[Watcher]:
        """Watch a lesson's roll, whose version is known, within the block."""
        watcher = Watcher(lesson, version)
        self._watchers.setdefault(lesson, set()).add(watcher)
        self._anybody.set()
        try:
            yield watcher
        finally:
            of_lesson = self._watchers[lesson]
            of_lesson.discard(watcher)
            if not of_lesson:
                del self._watchers[lesson]

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await self._anybody.wait()
            if not self._watchers:
                self._anybody.clear()
                continue
            try:
                await self._look()
            except (SQLAlchemyError, OSError) as error:
                self._log.warning("web.rolls-not-watched", error=type(error).__name__)
            await asyncio.sleep(self._every)

    def close(self) -> None:
        """End every page's stream; browsers come back by themselves."""
        for of_lesson in self._watchers.values():
            for watcher in of_lesson:
                watcher.close()

    async def _look(self) -> None:
        async with self._database.begin() as session:
            rows = await session.execute(_VERSIONS, {"lessons": list(self._watchers)})
            found = [(row.lesson_id, row.version) for row in rows]
        for lesson, version in found:
            for watcher in self._watchers.get(lesson, ()):
                watcher.tell(version)
