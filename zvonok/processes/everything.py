"""Everything in one process: enough for a school."""

import asyncio

from zvonok.installation import Installation
from zvonok.processes.clockwork import run_core
from zvonok.processes.conversation import run_bot
from zvonok.processes.pages import run_pages
from zvonok.processes.sending import run_gateway


async def run_all(installation: Installation) -> None:
    """Run everything that is set up in one process: enough for a school."""
    async with asyncio.TaskGroup() as group:
        group.create_task(run_core(installation))
        group.create_task(run_gateway(installation))
        if installation.settings.telegram() is not None:
            group.create_task(run_bot(installation))
        if installation.settings.public_url is not None:
            group.create_task(run_pages(installation))
