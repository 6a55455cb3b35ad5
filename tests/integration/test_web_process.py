"""The pages' process: it listens where it is told, and says in a sentence why it does not."""

import asyncio
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import URL

from core.school_time import MachineClock, SchoolClock
from tests.integration.eventually import eventually
from tests.ports import free_port
from zvonok.installation import Installation
from zvonok.processes.pages import run_pages
from zvonok.secret import Secret
from zvonok.settings import Settings
from zvonok.trouble import InstallationError


@pytest.fixture
def here(database_url: URL, tmp_path: Path) -> Installation:
    settings = Settings(data=tmp_path, public_url="http://127.0.0.1", web_port=free_port(), sandbox=True)
    return Installation(settings, database_url, Secret(b"x" * 32), SchoolClock(), MachineClock())


async def healthy(port: int) -> bool:
    async with aiohttp.ClientSession() as client:
        try:
            async with client.get(f"http://127.0.0.1:{port}/health") as response:
                return response.status == HTTPStatus.OK
        except aiohttp.ClientConnectionError:
            return False


async def test_the_pages_answer_until_they_are_stopped_and_leave_the_port(here: Installation) -> None:
    port = here.settings.web_port
    running = asyncio.create_task(run_pages(here))
    try:
        await eventually(lambda: healthy(port))
        with pytest.raises(InstallationError, match="ZVONOK_WEB_PORT"):
            await run_pages(here)
        assert await healthy(port), "the second one took nothing from the first"
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
    assert not await healthy(port)


async def test_without_an_address_for_parents_there_are_no_pages(here: Installation) -> None:
    nowhere = Installation(
        here.settings.model_copy(update={"public_url": None}),
        here.url,
        here.secret,
        here.school_clock,
        here.machine_clock,
    )
    with pytest.raises(InstallationError, match="ZVONOK_PUBLIC_URL"):
        await run_pages(nowhere)
