"""The pages' process: answers browsers behind the links of letters."""

import asyncio
from collections.abc import Callable
from socket import socket

import structlog
from aiohttp import web

from core.database import Role
from texts.reader import load
from web.app import make_app
from web.desk import Desk
from zvonok.installation import Installation
from zvonok.processes.entering import entering
from zvonok.trouble import InstallationError

STOP_SECONDS = 5.0
"""Given to answers under way when the process is told to stop."""


async def run_pages(
    installation: Installation, listening: socket | None = None, ready: Callable[[], None] = lambda: None
) -> None:
    """Serve the pages until cancelled. Raises ``InstallationError`` without a public address or without the port.

    ``listening`` is a socket that listens already, instead of the one that the settings tell of; its owner closes it.
    ``ready`` is called when browsers can come.
    """
    settings = installation.settings
    if settings.public_url is None:
        raise InstallationError("Страницам нужен адрес, который открывают родители: задайте ZVONOK_PUBLIC_URL.")
    async with (
        installation.journal() as core,
        installation.database(Role.GATEWAY) as gateway,
        entering(installation, core, settings.public_url) as accounts,
    ):
        desk = Desk(
            core=core,
            gateway=gateway,
            links=installation.secret.links(settings.public_url),
            texts=load("ru"),
            school_clock=installation.school_clock,
            log=structlog.get_logger("web"),
            accounts=accounts,
        )
        # No access log: addresses hold tokens.
        runner = web.AppRunner(make_app(desk), access_log=None, shutdown_timeout=STOP_SECONDS)
        await runner.setup()
        try:
            if listening is None:
                await _listen(runner, settings.web_host, settings.web_port)
            else:
                await web.SockSite(runner, listening).start()
            ready()
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()


async def _listen(runner: web.AppRunner, host: str, port: int) -> None:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError:
        raise InstallationError(
            f"Страницы не могут слушать {host}:{port}: адрес занят или недоступен. Проверьте ZVONOK_WEB_HOST и "
            "ZVONOK_WEB_PORT."
        ) from None
