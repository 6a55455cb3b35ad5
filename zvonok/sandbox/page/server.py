"""The page's server: an aiohttp application on the loopback, in the event loop of the installation that it shows.

A tool for developers, for schools' training and for screenshots; it refuses to be made outside the sandbox.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from core.database import Role
from texts.reader import load
from zvonok.installation import InstallationError
from zvonok.sandbox.page.gate import gate, harden
from zvonok.sandbox.page.routes import Routes
from zvonok.sandbox.page.state import Page, Shown
from zvonok.sandbox.rail import Rail

HOST = "127.0.0.1"
USUAL_PORT = 8031
"""8:31, a minute after the first bell."""
STOP_SECONDS = 1.0
STATIC = Path(__file__).parent / "static"


@asynccontextmanager
async def served_page(shown: Shown, port: int | None) -> AsyncIterator[str]:
    """Serve the page for the length of the block; yields its address.

    Without a port the usual one is taken, or any free one if that is taken. Raises ``InstallationError``.
    """
    async with shown.here.database(Role.GATEWAY, pool_size=2) as gateway:
        page = Page(shown, Rail(shown.journal, gateway, load("ru"), shown.school.zone))
        app = web.Application(middlewares=[gate])
        app.on_response_prepare.append(harden)
        Routes(page, STATIC).add_to(app)

        async def close_streams(_: web.Application) -> None:
            page.streams.close()

        app.on_shutdown.append(close_streams)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=STOP_SECONDS)
        await runner.setup()
        try:
            await _listen(runner, port)
            # A page that shows nothing new any more would lie: if watching fails, so does the block.
            async with asyncio.TaskGroup() as group:
                watching = group.create_task(page.watch())
                try:
                    yield f"http://{HOST}:{runner.addresses[0][1]}/"
                finally:
                    watching.cancel()
        finally:
            await runner.cleanup()


async def _listen(runner: web.AppRunner, port: int | None) -> None:
    for wanted in (USUAL_PORT, 0) if port is None else (port,):
        try:
            await web.TCPSite(runner, HOST, wanted).start()
        except OSError:
            continue
        return
    raise InstallationError(f"Порт {port} занят или недоступен: выберите другой, --port.")
