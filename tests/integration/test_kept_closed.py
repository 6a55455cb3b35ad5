"""What is kept, is kept whole and from strangers: in the folder of the database, beside it, and in backups."""

import stat
from pathlib import Path

import pytest
from sqlalchemy import URL

from core.database import Database
from tests.integration.backup_world import another_database, backup_world, everything
from tests.integration.core_world import Watch, class_room
from zvonok.backup.keys import read_key
from zvonok.doctor.machine import OPEN_TO_OTHERS
from zvonok.postgres import Server
from zvonok.secret import read_secret
from zvonok.settings import Settings

PEOPLE = "core.person"


def closed_to_others(path: Path) -> bool:
    """Tell whether nobody but its owner may do anything with a file or a folder."""
    return not stat.S_IMODE(path.lstat().st_mode) & OPEN_TO_OTHERS


@pytest.mark.req("BACK-06", "CONS-11")
async def test_what_is_kept_is_lost_to_nobody_and_read_by_nobody(
    core_database: Database, database_url: URL, postgres: Server, tmp_path: Path
) -> None:
    room = await class_room(core_database, database_url)
    world = backup_world(database_url, tmp_path, room.hands.clock)
    made = await world.make()
    kept = made.path.read_bytes()
    names = [row["surname"] for row in await Watch(database_url).rows("SELECT DISTINCT surname FROM core.person")]
    assert len(names) > 1
    assert [name for name in names if name.encode() in kept] == []
    assert read_key(world.here.settings)
    settings = Settings(data=tmp_path / "data", database_url=None)
    read_secret(settings)
    closed = [postgres.data / "cluster", settings.data / "secret", made.path, tmp_path / "key"]
    assert [path for path in closed if not closed_to_others(path)] == []
    async with another_database(postgres) as lost:
        await world.restore(lost, made.path)
        assert (await everything(lost))[PEOPLE] == (await everything(database_url))[PEOPLE] != []
