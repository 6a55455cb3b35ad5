"""Waiting for something real to happen, by looking often and for a bounded time."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable

WITHIN = 20.0
"""Seconds; nothing waits so long unless it is broken."""


async def eventually(looks: Callable[[], object | Awaitable[object]], within: float = WITHIN) -> None:
    """Return when ``looks`` (a function or a coroutine function) says something true; else ``TimeoutError``."""
    async with asyncio.timeout(within):
        while True:
            seen = looks()
            if inspect.isawaitable(seen):
                seen = await seen
            if seen:
                return
            await asyncio.sleep(0.01)
