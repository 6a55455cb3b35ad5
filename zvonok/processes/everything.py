"""Everything in one process: enough for a school."""

import asyncio
from collections.abc import Callable

from zvonok.installation import Installation
from zvonok.processes.clockwork import run_core
from zvonok.processes.conversation import run_bot
from zvonok.processes.pages import run_pages
from zvonok.processes.sending import run_gateway


async def run_all(installation: Installation, ready: Callable[[], None] = lambda: None) -> None:
    """Run everything that is set up in one process: enough for a school.

    ``ready`` is called once, when the journal goes and the pages, if there are any, can be opened.
    """
    settings = installation.settings
    goes, opened = asyncio.Event(), asyncio.Event()
    if settings.public_url is None:
        opened.set()

    async def tell_when_ready() -> None:
        await goes.wait()
        await opened.wait()
        ready()

    async with asyncio.TaskGroup() as group:
        group.create_task(run_core(installation, goes.set))
        group.create_task(run_gateway(installation))
        if settings.telegram() is not None or settings.max_bot() is not None:
            group.create_task(run_bot(installation))
        if settings.public_url is not None:
            group.create_task(run_pages(installation, ready=opened.set))
        group.create_task(tell_when_ready())
