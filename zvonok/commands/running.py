"""How a command runs: settings read, work done to the end, signals obeyed, the first failure passed on."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

import click

from zvonok import log
from zvonok.installation import Installation, installation
from zvonok.settings import Settings, read_settings


def settings() -> Settings:
    """Read the settings and set up the log by them. Raises ``SettingsError``."""
    found = read_settings()
    log.configure(found.log_level)
    return found


def run(work: Coroutine[Any, Any, int | None]) -> None:
    """Run to the end; SIGTERM and Ctrl-C cancel, so that leases are given back and the database stops."""

    async def supervised() -> int | None:
        task = asyncio.ensure_future(work)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            with suppress(NotImplementedError):
                loop.add_signal_handler(number, task.cancel)
        with suppress(asyncio.CancelledError):
            return await task
        return 0

    try:
        code = asyncio.run(supervised())
    except BaseExceptionGroup as group:
        raise _first(group) from group
    if code:
        raise click.exceptions.Exit(code)


def serve(process: Callable[[Installation], Awaitable[None]]) -> None:
    """Run a process of the installation until it is stopped."""

    async def work() -> None:
        async with installation(settings()) as here:
            await process(here)

    run(work())


def tell(work: Callable[[Installation], Awaitable[list[str]]]) -> None:
    """Run something on the installation and print the lines that it returns."""

    async def told() -> None:
        async with installation(settings()) as here:
            for line in await work(here):
                click.echo(line)

    run(told())


def _first(group: BaseExceptionGroup[Any]) -> BaseException:
    """Return the first failure inside nested groups."""
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
