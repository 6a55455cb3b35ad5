"""All addresses of the roll call: in a browser after entering, and in a messenger's Mini App."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

from aiohttp import web

from web.app_page import AppPage
from web.entry_desk import EntryDesk
from web.roll_news import RollNews
from web.roll_page import Place, RollPage
from web.roll_visitors import AppVisitors, SiteVisitors
from web.roll_watch import RollWatch
from web.static_files import StaticFiles


def add_to(app: web.Application, entry: EntryDesk) -> None:
    """Take requests of whoever calls a roll, in this application."""
    files, watch = StaticFiles.read(), RollWatch(entry.desk.core, entry.desk.log)
    files.add_to(app)
    AppPage(entry, entry.accounts.apps, files).add_to(app)
    for place in (
        Place("roll", "", SiteVisitors(entry.api), has_login=True),
        Place("app/roll", "../", AppVisitors(entry.api), has_login=False),
    ):
        RollPage(entry, place, files).add_to(app)
        RollNews(entry, place, watch).add_to(app)
    app.cleanup_ctx.append(_looking(watch))
    app.on_shutdown.append(_ending(watch))


def _looking(watch: RollWatch) -> Callable[[web.Application], AsyncIterator[None]]:
    async def look(_: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(watch.run())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    return look


def _ending(watch: RollWatch) -> Callable[[web.Application], Awaitable[None]]:
    async def end(_: web.Application) -> None:
        watch.close()

    return end
