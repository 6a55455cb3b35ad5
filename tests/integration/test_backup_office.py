"""``zvonok backup`` and ``restore`` as a newcomer meets them: one command, and what has to be known afterwards."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from pydantic import SecretStr
from sqlalchemy import URL

from core.database import Database
from tests.integration.backup_world import BackupWorld, another_database, backup_world
from tests.integration.core_world import ClassRoom, Watch, class_room
from zvonok import auditing
from zvonok.backup import office
from zvonok.kept_heads import KeptHeads
from zvonok.postgres import Server
from zvonok.sealing import sealer


@pytest_asyncio.fixture
async def room(core_database: Database, database_url: URL) -> AsyncIterator[ClassRoom]:
    yield await class_room(core_database, database_url)


def unset(room: ClassRoom, url: URL, folder: Path, **settings: object) -> BackupWorld:
    """Return an installation of which nobody has ever set anything about backups."""
    values: dict[str, object] = {"backup_folder": None, "backup_key_file": None, "secret": None}
    return backup_world(url, folder, room.hands.clock, **values | settings)


async def test_the_first_backup_takes_one_command_and_says_what_to_keep(
    room: ClassRoom, database_url: URL, tmp_path: Path, postgres: Server
) -> None:
    world = unset(room, database_url, tmp_path)
    key, folder = tmp_path / "data-backup.key", tmp_path / "data-backups"
    lines = await office.back_up(world.here, None)
    (file,) = folder.iterdir()
    assert str(file) in lines[0]
    assert lines[1].startswith("Без двух секретов из копии ничего не восстановить.")
    assert lines[2] == f"  ключ копий: {key} (сделан сейчас, прежде его не было)"
    assert lines[3] == f"  секрет установки: {tmp_path / 'data' / 'secret'}"
    assert "сломается диск" in lines[4]
    assert key.read_text().strip() not in "".join(lines)
    async with another_database(postgres) as url:
        restored = await office.restore(world.at(url), file)
        assert "восстановлена и сошлась" in restored[0]
    assert await office.drill(world.here, None)


async def test_the_next_backup_uses_the_same_key_and_says_where_settings_hold_secrets(
    room: ClassRoom, database_url: URL, tmp_path: Path
) -> None:
    world = unset(room, database_url, tmp_path, backup_folder=tmp_path / "backups", secret=SecretStr("s" * 32))
    lines = await office.back_up(world.here, None)
    assert lines[3] == "  секрет установки: настройка ZVONOK_SECRET"
    assert not any("сломается диск" in line for line in lines), "a folder of one's own choice"
    key = (tmp_path / "data-backup.key").read_bytes()
    (tmp_path / "usb").mkdir()
    assert (await office.back_up(world.here, tmp_path / "usb"))[2] == f"  ключ копий: {tmp_path / 'data-backup.key'}"
    assert (tmp_path / "data-backup.key").read_bytes() == key


async def test_a_restore_sets_the_former_heads_aside_and_stands_in_the_audit_itself(
    room: ClassRoom, database_url: URL, tmp_path: Path, postgres: Server
) -> None:
    world = backup_world(database_url, tmp_path, room.hands.clock)
    async with world.here.journal() as database:
        await sealer(world.here, database).pass_once()
        made = await world.make()
        await room.record(0)
        await sealer(world.here, database).pass_once()
    kept = KeptHeads(world.here.settings.data)
    later = kept.read()[room.school.id]
    async with another_database(postgres) as url:
        here = world.at(url)
        lines = await office.restore(here, made.path)
        now = kept.read()[room.school.id]
        assert now.number < later.number
        assert any(line.endswith(now.on_paper()) for line in lines)
        (aside,) = world.here.settings.data.glob("audit-heads-before-*.json")
        assert json.loads(aside.read_bytes()) == {str(room.school.id): str(later)}
        assert any(str(aside) in line for line in lines)
        (entry,) = await Watch(url).audit("backup.restore")
        assert json.loads(entry["before"]) == {"head": str(later)}
        assert json.loads(entry["after"])["file"] == made.path.name
        assert json.loads(entry["after"])["head"] == str(now)
        # No command by hand is wanted, and the entry about the restore is sealed as any other.
        async with here.journal() as database:
            await sealer(here, database).pass_once()
        (whole,) = await auditing.verify(here, None, None)
        assert "журнал действий цел" in whole
        assert kept.read()[room.school.id].number > now.number
