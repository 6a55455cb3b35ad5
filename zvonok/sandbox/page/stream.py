"""Server-sent events: each stream is told which parts of the state have changed and sends each part whole.

A stream begins with everything, so one that was lost and came back has missed nothing. Parts that change again before
they were sent are sent once.
"""

import asyncio
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

TOGETHER_SECONDS = 0.03
"""Changes so close to each other travel together."""
PING_SECONDS = 10.0
"""A sign of life so often: a browser notices a dead connection only by silence."""
RETRY_MILLISECONDS = 700

type Topic = tuple[str, str]
"""Kind of a part (``phone``, ``mail``, ``clock`` …) and which one of it; the second may be empty."""
type Show = Callable[[Topic], Any]


@dataclass(eq=False, slots=True)
class _Stream:
    dirty: dict[Topic, None] = field(default_factory=dict)
    """In the order of the changes."""
    news: asyncio.Event = field(default_factory=asyncio.Event)
    closing: bool = False
    whole: bool = False
    """Whether everything has been sent once."""


class Streams:
    """All open streams."""

    def __init__(self, show: Show, everything: Callable[[], Iterable[Topic]]) -> None:
        self._show = show
        self._everything = everything
        self._streams: set[_Stream] = set()

    @property
    def watched(self) -> bool:
        """Whether anybody looks."""
        return bool(self._streams)

    def changed(self, *topics: Topic) -> None:
        """Tell every stream; never waits."""
        for stream in self._streams:
            stream.dirty.update(dict.fromkeys(topics))
            stream.news.set()

    def close(self) -> None:
        """End every stream; the browsers will come back by themselves, if there is anybody to come back to."""
        for stream in self._streams:
            stream.closing = True
            stream.news.set()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer one browser for as long as it stays."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8"})
        await response.prepare(request)
        await response.write(f"retry: {RETRY_MILLISECONDS}\n\n".encode())
        stream = _Stream(dict.fromkeys(self._everything()))
        stream.news.set()
        self._streams.add(stream)
        try:
            with suppress(ConnectionError):
                while not stream.closing:
                    await self._send_news(stream, response)
        finally:
            self._streams.discard(stream)
        return response

    async def _send_news(self, stream: _Stream, response: web.StreamResponse) -> None:
        try:
            async with asyncio.timeout(PING_SECONDS):
                await stream.news.wait()
        except TimeoutError:
            await response.write(_event("ping", {}))
            return
        await asyncio.sleep(TOGETHER_SECONDS)
        stream.news.clear()
        topics = tuple(stream.dirty)
        stream.dirty.clear()
        for topic in topics:
            await response.write(_event(topic[0], self._show(topic)))
        if not stream.whole:
            stream.whole = True
            await response.write(_event("whole", {}))


def _event(kind: str, data: Any) -> bytes:
    return f"event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode(errors="replace")
