"""News of a roll to an open page (server-sent events): the version that it has now, and nothing else.

The page asks for the rest itself, with its own rights, and only if it does not know that version from its own taps. A
stream ends after a while: the browser comes back, and the rights are asked for again. Source: HTML, «Server-sent
events».
"""

from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web
from aiohttp.hdrs import METH_HEAD

from core.access import Right
from core.learning import lesson_rights
from core.refusals import Forbidden, NotFound
from web.entry_desk import EntryDesk
from web.json_api import in_json
from web.roll_page import Place, lesson_asked
from web.roll_watch import RollWatch, Watcher

STREAM = "text/event-stream"
MOST_PAGES = 10_000
"""Of one process; beyond that a page asks by itself, and more seldom."""
LASTS_SECONDS, LASTS_SPREAD = 600.0, 120
"""A stream ends after the first and some of the second: at a bell all begin at once, and must not all come back so."""
PING_SECONDS = 25.0
"""Whatever stands between takes a connection that is silent for a minute for a dead one."""
RETRY_MILLISECONDS, RETRY_SPREAD = 2000, 8000
_STEP = 37
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class RollNews:
    """The handler of ``/roll/news``."""

    entry: EntryDesk
    place: Place
    watch: RollWatch

    def add_to(self, app: web.Application) -> None:
        """Take requests in this application."""
        self.entry.api.get(app, f"/{self.place.address}/news", self._answer)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        now, lesson, version = self.entry.now(), lesson_asked(request), request.query.get("version", "")
        caller = await self.place.visitors.caller(request, now)
        if lesson is None or not (version.isascii() and version.isdecimal() and len(version) <= _DIGITS):
            raise NotFound("lesson-unknown")
        async with self.entry.desk.core.begin() as session:
            actor = await caller.for_lesson(session, lesson, now)
            facts = await lesson_rights.of_lesson(session, actor, lesson, now)
        if not facts.may(Right.JOURNAL_VIEW):
            raise Forbidden("lesson-not-yours")
        if self.watch.pages >= MOST_PAGES:
            return in_json({"error": "away"}, status=HTTPStatus.SERVICE_UNAVAILABLE)
        if request.method == METH_HEAD:
            return web.Response(content_type=STREAM)
        response = web.StreamResponse(headers={"Content-Type": f"{STREAM}; charset=utf-8", "X-Accel-Buffering": "no"})
        with self.watch.watching(lesson, int(version)) as watcher, suppress(ConnectionError):
            await response.prepare(request)
            turn = self.watch.pages * _STEP
            await response.write(f"retry: {RETRY_MILLISECONDS + turn * _STEP % RETRY_SPREAD}\n\n".encode())
            await self._tell(watcher, response, LASTS_SECONDS + turn % LASTS_SPREAD)
        return response

    async def _tell(self, watcher: Watcher, response: web.StreamResponse, seconds: float) -> None:
        monotonic = self.entry.accounts.machine_clock.monotonic
        until = monotonic() + seconds
        while not watcher.closing and monotonic() < until:
            if await watcher.news(PING_SECONDS):
                await response.write(f"data: {watcher.version}\n\n".encode())
            else:
                await response.write(b":\n\n")
