"""How a command runs: settings read, work done to the end, signals obeyed, the first failure passed on."""

import asyncio
import shlex
import signal
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from contextlib import suppress
from typing import Any

import click

from texts.reader import load
from zvonok import log
from zvonok.called_as import as_called
from zvonok.data_folder import demonstrations_folder
from zvonok.demo.visiting import visited
from zvonok.installation import Installation, installation
from zvonok.open_wires import refuse_open
from zvonok.postgres.place import is_made
from zvonok.settings import Settings, read_settings
from zvonok.trouble import OfficeError

STOPPED = 128
"""A shell reports a program that a signal has ended by this and the signal's number."""


def settings(*, log_format: str = "words") -> Settings:
    """Read the settings and set up the log by them; ``log_format`` unless they name one. Raises ``SettingsError``."""
    found = read_settings()
    log.configure(found.log_level, in_words=(found.log_format or log_format) == "words")
    return found


def run(work: Coroutine[Any, Any, int | None], *, lasting: bool = False) -> None:
    """Run to the end; SIGTERM and Ctrl+C cancel, so that leases are given back and the database stops.

    For what lasts until it is stopped, a signal is the good end; other work was broken off, and the exit code says so.
    """
    received: list[int] = []

    async def supervised() -> int | None:
        task = asyncio.ensure_future(work)
        loop = asyncio.get_running_loop()

        def stop(number: int) -> None:
            # Once: an impatient second Ctrl+C would break off the stopping itself, and leave processes behind.
            if not received:
                task.cancel()
            received.append(number)

        for number in (signal.SIGTERM, signal.SIGINT):
            with suppress(NotImplementedError):
                loop.add_signal_handler(number, stop, number)
        with suppress(asyncio.CancelledError):
            return await task
        return 0 if lasting else STOPPED + received[0]

    try:
        code = asyncio.run(supervised())
    except BaseExceptionGroup as group:
        raise _first(group) from group
    if received and not lasting:
        click.echo("Остановлено.", err=True)
    if code:
        raise click.exceptions.Exit(code)


def serve(process: Callable[[Installation], Awaitable[None]]) -> None:
    """Run a process of the installation until it is stopped; not at all if data would go out openly."""

    async def work() -> None:
        found = settings(log_format="events")
        refuse_open(found)
        async with installation(found) as here:
            await process(here)

    run(work(), lasting=True)


def stay_up(process: Callable[[Installation, Callable[[], None]], Awaitable[None]]) -> None:
    """Run all of an installation as ``serve`` does, and tell people in words what becomes of it.

    The process calls what it is given when everything runs.
    """
    say = load("ru").format

    async def work() -> None:
        found = settings()
        refuse_open(found)
        click.echo(say("run-starting"))
        async with installation(found) as here:
            try:
                await process(here, lambda: click.echo("\n".join(running_words(found))))
            except asyncio.CancelledError:
                click.echo(f"\n{say('run-stopping')}")
                raise

    run(work(), lasting=True)
    click.echo(say("run-stopped"))


def running_words(settings: Settings) -> list[str]:
    """Say what runs by these settings, where the pages are, and what is left out."""
    say = load("ru").format
    has_bot = settings.telegram_token is not None or settings.max_token is not None
    has_pages = settings.public_url is not None
    parts = ["core", "gateway", *(["bot"] if has_bot else []), *(["web"] if has_pages else [])]
    left_out = [
        *([] if has_bot else ["run-no-bot"]),
        *([] if settings.mail_host is not None else ["run-no-mail"]),
        *([] if has_pages else ["run-no-pages"]),
    ]
    where = {"address": settings.public_url or "", "host": settings.web_host, "port": str(settings.web_port)}
    return [
        say("run-started", parts=", ".join(say(f"run-part-{part}") for part in parts)),
        *([say("run-pages", **where)] if has_pages else []),
        *map(say, left_out),
        say("run-how-to-stop"),
    ]


def tell(work: Callable[[Installation], Awaitable[list[str]]], *, makes: bool = False) -> None:
    """Run something on the installation and print the lines that it returns.

    Only what ``makes`` data may begin with none; for whatever asks, an empty database would be an answer that is not
    true. Raises ``OfficeError`` then.
    """

    async def told() -> None:
        found = settings()
        if not makes:
            _require_data(found)
        own, clock = visited(found)
        async with installation(own, school_clock=clock) as here:
            say_lines(await work(here))

    run(told())


def say_lines(lines: Iterable[str]) -> None:
    """Print lines in which every advised command can be called as it stands."""
    for line in lines:
        click.echo(as_called(line))


def _require_data(found: Settings) -> None:
    if found.server_url() is not None or is_made(found.data / "postgres"):
        return
    homes = (found.data, demonstrations_folder())
    demo = next((home / "demo" for home in homes if is_made(home / "demo" / "postgres")), None)
    hint = (
        f"Данные демонстрации лежат в {demo}: начните команду с ZVONOK_DATA={shlex.quote(str(demo))}"
        if demo is not None
        else "Если они в другой папке, начните команду с ZVONOK_DATA=папка. Новую школу заводит zvonok import, "
        "пробную — make demo"
    )
    raise OfficeError(f"В папке {found.data} данных нет. {hint}.")


def _first(group: BaseExceptionGroup[Any]) -> BaseException:
    """Return the first failure inside nested groups."""
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
