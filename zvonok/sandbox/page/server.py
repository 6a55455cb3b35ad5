"""The page's server: an aiohttp application on the loopback, in the event loop of the installation that it shows.

A tool for developers, for schools' training and for screenshots; it refuses to be made outside the sandbox.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from socket import create_server, socket

from aiohttp import web

from core.database import Role
from texts.reader import load
from zvonok.sandbox.page.gate import gate, harden
from zvonok.sandbox.page.routes import Routes
from zvonok.sandbox.page.state import Page, Shown
from zvonok.sandbox.rail import Rail
from zvonok.trouble import InstallationError

HOST = "127.0.0.1"
USUAL_PORT = 8031
"""8:31, a minute after the first bell."""
STOP_SECONDS = 1.0
STATIC = Path(__file__).parent / "static"


def page_listener(port: int | None) -> socket:
    """Listen where the page will stand, before it is worth looking at: whether a port is taken is said at once.

    Without a port the usual one is taken, or any free one if that is taken. Raises ``InstallationError``.
    """
    for wanted in (USUAL_PORT, 0) if port is None else (port,):
        try:
            return create_server((HOST, wanted))
        except OSError:
            continue
    raise InstallationError(f"Порт {port} занят или недоступен: выберите другой, --port.")


@asynccontextmanager
async def served_page(shown: Shown, listening: socket) -> AsyncIterator[str]:
    """Serve the page for the length of the block; yields its address. The socket's owner closes it."""
    async with shown.here.database(Role.GATEWAY, pool_size=2) as gateway:
        page = Page(shown, Rail(shown.journal, gateway, load("ru"), shown.school.zone, shown.clock.now))
        app = web.Application(middlewares=[gate])
        app.on_response_prepare.append(harden)
        Routes(page, STATIC).add_to(app)

        async def close_streams(_: web.Application) -> None:
            page.streams.close()

        app.on_shutdown.append(close_streams)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=STOP_SECONDS)
        await runner.setup()
        try:
            await web.SockSite(runner, listening).start()
            # A page that shows nothing new any more would lie: if watching fails, so does the block.
            async with asyncio.TaskGroup() as group:
                watching = group.create_task(page.watch())
                try:
                    yield f"http://{HOST}:{listening.getsockname()[1]}/"
                finally:
                    watching.cancel()
        finally:
            await runner.cleanup()
