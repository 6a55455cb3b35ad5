"""An event loop in virtual time: it jumps to the next timer, and stands still while a real effect is outstanding."""

import asyncio
import selectors
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

QUIET_SECONDS = 0.004
"""Real time without an answer after which whoever waits for one is asked whether it hangs on a lock."""


class StuckError(Exception):
    """Everybody waits, and nothing is left that could wake anybody."""


class _Selector(selectors.BaseSelector):
    """The real selector, asked only while something real is outstanding."""

    def __init__(self) -> None:
        self._real = selectors.DefaultSelector()
        self.loop: VirtualLoop | None = None

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._real.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._real.unregister(fileobj)

    def modify(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._real.modify(fileobj, events, data)

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._real.get_map()

    def get_key(self, fileobj: Any) -> selectors.SelectorKey:
        return self._real.get_key(fileobj)

    def close(self) -> None:
        self._real.close()

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        loop = self.loop
        if loop is None or loop.stopping:
            return self._real.select(0)
        if loop.outstanding:
            events = self._real.select(0 if timeout == 0 else QUIET_SECONDS)
            if not events and timeout != 0:
                loop.on_quiet()
            return events
        if timeout != 0:
            loop.idle(timeout)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """``time()`` is virtual. ``admit`` is called whenever nothing can run: it may let one more effect begin."""

    def __init__(self) -> None:
        self._now = 0.0
        self.outstanding = 0
        self.stopping = False
        self.admit: Callable[[], bool] = lambda: False
        self.on_quiet: Callable[[], None] = lambda: None
        selector = _Selector()
        super().__init__(selector)
        selector.loop = self
        self.set_exception_handler(lambda *_: None)

    def time(self) -> float:
        """Return virtual seconds."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Let time pass at once; what is due runs next."""
        self._now += seconds

    def idle(self, timeout: float | None) -> None:
        """Let somebody go on: whoever waits for an effect first, then whoever waits for a moment."""
        if self.admit():
            return
        if timeout is None:
            raise StuckError
        self._now += timeout

    @contextmanager
    def real(self) -> Iterator[None]:
        """Stand still: something real is under way."""
        self.outstanding += 1
        try:
            yield
        finally:
            self.outstanding -= 1

    def restart(self) -> None:
        """Begin at nought again, with nobody waiting."""
        self.forget()
        self._now = 0.0

    def forget(self) -> None:
        """Drop every timer and whatever is ready: nobody of the run before ever wakes."""
        scheduled: list[Any] = self._scheduled  # type: ignore[attr-defined]  # the loop's own list has no other door
        scheduled.clear()
