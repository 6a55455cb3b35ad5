"""The town, on a database of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from sqlalchemy import URL

from tests.acceptance.town import Town, build_town


@pytest_asyncio.fixture
async def town(database_url: URL, tmp_path: Path) -> AsyncIterator[Town]:
    """A class, a local Telegram and a mail server; no process started yet."""
    async with build_town(database_url, tmp_path) as built:
        yield built
