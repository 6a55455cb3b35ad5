"""The town, on a database of its own; and a folder for installations that bring their own database."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import URL

from tests.acceptance.town import Town, build_town


@pytest_asyncio.fixture
async def town(database_url: URL, tmp_path: Path) -> AsyncIterator[Town]:
    """A class, a local Telegram and a mail server; no process started yet."""
    async with build_town(database_url, tmp_path) as built:
        yield built


@pytest.fixture
def data() -> Iterator[Path]:
    """A folder for an installation's data, which the embedded server's own user can reach, unlike pytest's."""
    with tempfile.TemporaryDirectory(prefix="zvonok-data-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)
