"""Backups of a real database: all of it comes back, or nothing does."""

import asyncio
import hashlib
import json
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from sqlalchemy import URL
from structlog.testing import capture_logs

import migrations
from bot.inbox import Inbox
from core.account.account_tables import PasswordReset, Session
from core.account.accounts import MessengerAccount
from core.audit import audit_chain
from core.database import Database, Role
from core.events import Channel
from core.school_time import MachineClock
from core.tables import Account
from gateway.heads import Heads
from gateway.intake import Intake
from tests.integration.backup_world import SECRET, BackupWorld, another_database, backup_world, everything, execute
from tests.integration.core_world import ClassRoom, Watch, class_room
from tests.integration.eventually import eventually
from zvonok import migrate
from zvonok.backup import making, office, restoring, schedule
from zvonok.backup.inventory import ROOMS, connected
from zvonok.backup.manifest import Table
from zvonok.backup.sealing import BackupKey
from zvonok.backup.shelf import Draft
from zvonok.backup.troubles import BackupError, DamagedError, WrongKeyError
from zvonok.backup.writing import BackupWriter
from zvonok.installation import Installation
from zvonok.kept_heads import KeptHeads
from zvonok.postgres import Server
from zvonok.processes.clockwork import run_core
from zvonok.sealing import sealer
from zvonok.secret import Secret
from zvonok.trouble import OfficeError

WRITERS = 4


@dataclass
class Town:
    """A class whose lessons are written down, and the installation around it."""

    room: ClassRoom
    world: BackupWorld
    postgres: Server

    @property
    def url(self) -> URL:
        return self.world.here.url


@pytest_asyncio.fixture
async def town(postgres: Server, database_url: URL, core_database: Database, tmp_path: Path) -> AsyncIterator[Town]:
    room = await class_room(core_database, database_url)
    yield Town(room, backup_world(database_url, tmp_path, room.hands.clock), postgres)


async def plan(url: URL, room: ClassRoom) -> None:
    """Let a gateway plan what lies in the outbox, so that its rooms hold something too."""
    gateway = Database(url, Role.GATEWAY, pool_size=2)
    try:
        await Intake(
            gateway, Heads(SECRET.vault(), {"telegram": "telegram:1"}), room.hands.clock, MachineClock()
        ).run_once()
    finally:
        await gateway.close()


# --- all of it --------------------------------------------------------------------------------------------------------


async def test_every_row_of_every_room_comes_back(town: Town, bot_database: Database) -> None:
    await town.room.record(0, 2)
    await plan(town.url, town.room)
    await town.room.correct({1: "н"})
    await Inbox(bot_database, "telegram:1").store(
        [{"update_id": 1, "message": {"text": "\\N\t\n\x00ё"}}], town.room.hands.at
    )
    before = await everything(town.url)
    made = await town.world.make()
    async with another_database(town.postgres) as url:
        contents = await restoring.load(url, town.world.source(made.path), town.room.hands.at)
        after = await everything(url)
    assert contents.rows == sum(map(len, before.values())) - len(before["public.alembic_version"])
    assert before["gateway.fact_2026_11"] != []
    assert before["bus.outbox"] != []
    assert len(after.pop("gateway.quarantine")) == 1
    (update,), (was,) = after.pop("bot.inbox"), before.pop("bot.inbox")
    assert json.loads(update)["body"] == json.loads(was)["body"]
    assert after == {name: rows for name, rows in before.items() if name != "gateway.quarantine"}


async def test_life_goes_on_in_what_was_restored(town: Town) -> None:
    await town.room.record(0)
    made = await town.world.make()
    async with another_database(town.postgres, template="template0") as url:
        await town.world.restore(url, made.path)
        assert await migrate.current(url) == migrate.newest()
        database = Database(url, Role.CORE)
        try:
            town.room.database, town.room.watch = database, Watch(url)
            # References stand again, numbers go on, and every grant is there.
            town.room.hands.move(hours=1)
            await town.room.record(1, lesson=1)
            assert await town.room.codes(1) == {1: "н"}
        finally:
            await database.close()
        watch = Watch(url)
        assert await watch.value("SELECT count(*) = count(DISTINCT seq) FROM bus.outbox")
        assert await watch.value("SELECT max(seq) FROM core.audit") > await Watch(town.url).value(
            "SELECT max(seq) FROM core.audit"
        )
        references = "SELECT count(*) FROM pg_constraint WHERE contype = 'f'"
        assert await watch.value(references) == await Watch(town.url).value(references)


async def with_open_doors(town: Town) -> None:
    """Let somebody be in on the pages, with a link for a new password on its way."""
    account, later = uuid4(), town.room.hands.at + timedelta(days=1)
    async with town.room.database.begin() as session:
        session.add(Account(id=account, channel="web", external_id="anybody"))
        await session.flush()
        stay = {"account_id": account, "person_id": town.room.teacher, "expires_at": later}
        at = dict.fromkeys(("created_at", "seen_at"), town.room.hands.at)
        session.add(
            Session(
                id=uuid4(),
                token_hash=b"t",
                method="password",
                proof="password",
                device="",
                idle_seconds=60,
                **stay,
                **at,
            )
        )
        session.add(PasswordReset(id=uuid4(), **stay))


async def seal(town: Town) -> None:
    async with town.room.database.begin() as session:
        await audit_chain.seal(session, SECRET.chain_key(), town.room.school.id, town.room.hands.at)


async def test_doors_are_closed_and_waiting_updates_are_set_aside(town: Town, bot_database: Database) -> None:
    """What was ended, used or handled in the lost time must not begin again by itself."""
    await with_open_doors(town)
    code = await town.room.builder.code(town.room.stranger)
    inbox = Inbox(bot_database, "telegram:1")
    await inbox.store([{"update_id": 1}], town.room.hands.at)
    made = await town.world.make()
    async with another_database(town.postgres) as url:
        await town.world.restore(url, made.path)
        watch = Watch(url)
        assert await watch.value("SELECT ended_why FROM core.session") == "restored"
        assert await watch.value("SELECT used_at FROM core.password_reset") == town.room.hands.at
        assert await watch.value("SELECT failure FROM bot.inbox WHERE done_at IS NOT NULL") == "restored"
        assert code
        assert await watch.value("SELECT count(*) FROM core.link_code WHERE used_at IS NULL") == 1


async def test_a_restore_that_dies_after_its_rows_stand_has_closed_the_doors_and_is_gone_on_with(
    town: Town, bot_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await seal(town)
    await with_open_doors(town)
    await Inbox(bot_database, "telegram:1").store([{"update_id": 1}], town.room.hands.at)
    made = await town.world.make()

    async def die(url: URL, to: str = "head") -> str:
        if to == "head":
            raise KeyboardInterrupt
        return await go_on(url, to)

    go_on = migrate.migrate
    async with another_database(town.postgres) as url:
        here, watch = town.world.at(url), Watch(url)
        with monkeypatch.context() as patched:
            patched.setattr(migrate, "migrate", die)
            with pytest.raises(KeyboardInterrupt):
                await office.restore(here, made.path)
        # No process that looks at this database now finds anything open.
        assert await watch.value("SELECT ended_why FROM core.session") == "restored"
        assert await watch.value("SELECT count(*) FROM core.password_reset WHERE used_at IS NULL") == 0
        assert await watch.value("SELECT count(*) FROM bot.inbox WHERE done_at IS NULL") == 0
        before = await watch.value("SELECT count(*) FROM core.audit")
        assert "восстановлена и сошлась" in (await office.restore(here, made.path))[0]
        (entry,) = await watch.rows("SELECT * FROM core.audit WHERE action = 'backup.restore'")
        assert json.loads(entry["after"])["file"] == made.path.name
        assert await watch.value("SELECT count(*) FROM core.audit") == before + 1
        with pytest.raises(BackupError, match="не пуста"):
            await office.restore(here, made.path)


async def test_how_much_was_lost_is_told_by_the_heads_that_were_kept_outside(town: Town) -> None:
    keep = sealer(town.world.here, town.room.database)
    await town.room.record(0)
    await keep.pass_once()
    made = await town.world.make()
    async with another_database(town.postgres) as url:
        same = await office.restore(town.world.at(url), made.path)
    KeptHeads(town.world.here.settings.data).path.unlink()
    await keep.pass_once()
    before = len(await town.room.watch.rows("SELECT id FROM core.audit"))
    await town.room.correct({1: "н"})
    await town.room.correct({1: None})
    await keep.pass_once()
    lost = len(await town.room.watch.rows("SELECT id FROM core.audit")) - before
    async with another_database(town.postgres) as url:
        less = await office.restore(town.world.at(url), made.path)
    assert (
        f"{town.room.school.name}: судя по хранившемуся концу журнала действий, после копии ничего не внесено." in same
    )
    assert any(line.startswith(f"{town.room.school.name}: ") and f"пропало записей: {lost}." in line for line in less)


async def test_another_backup_does_not_go_on_with_an_unfinished_restore(town: Town) -> None:
    made = await town.world.make()
    town.room.hands.move(hours=1)
    other = await town.world.make()
    async with another_database(town.postgres) as url:
        await restoring.load(url, town.world.source(made.path), town.room.hands.at)
        with pytest.raises(BackupError, match="не пуста"):
            await town.world.restore(url, other.path)


async def test_what_others_have_built_on_our_tables_is_not_dropped(town: Town) -> None:
    made = await town.world.make()
    async with another_database(town.postgres) as url:
        await execute(url, "CREATE VIEW public.of_the_office AS SELECT id FROM core.person")
        await execute(url, "CREATE TABLE public.lockers (pupil uuid REFERENCES core.pupil)")
        with pytest.raises(BackupError, match=r"опирается чужое: public\.lockers, public\.of_the_office\."):
            await town.world.restore(url, made.path)
        assert await Watch(url).value("SELECT count(*) FROM public.of_the_office") == 0
        await execute(url, "DROP VIEW public.of_the_office; DROP TABLE public.lockers")
        await town.world.restore(url, made.path)


async def test_no_room_is_forgotten(town: Town) -> None:
    connection = await connected(town.url)
    try:
        query = (
            "SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' "
            "AND nspname NOT IN ('information_schema', 'public')"
        )
        assert {row["nspname"] for row in await connection.fetch(query)} == set(ROOMS)
        left = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        assert [row["tablename"] for row in left] == ["alembic_version"]
    finally:
        await connection.close()


async def test_one_moment_of_all_rooms_while_everybody_writes(town: Town) -> None:
    """Each command leaves rows in four tables of two rooms; in the backup they stand together (BACK-02, GEN-13)."""
    stop = asyncio.Event()

    async def write(pupil: int) -> None:
        done = 0
        while not stop.is_set():
            act = town.room.act(key=f"load:{pupil}:{done}")
            await town.room.correct({pupil: None if done % 2 else "н"}, act=act)
            done += 1

    async def busy() -> bool:
        return bool(await Watch(town.url).value(WRITTEN, "load:%") > 3 * WRITERS)

    await town.room.record()
    writers = [asyncio.create_task(write(pupil)) for pupil in range(WRITERS)]
    await eventually(busy)
    sure = await keys(town.url)
    made = await town.world.make()
    stop.set()
    await asyncio.gather(*writers)
    async with another_database(town.postgres) as url:
        await town.world.restore(url, made.path)
        watch, there = Watch(url), await keys(url)
        assert sure <= there < await keys(town.url), "nobody wrote while the backup was made"
        for pupil in range(WRITERS):
            commands = await watch.value(WRITTEN, f"load:{pupil}:%")
            states = await watch.events(town.room.day(pupil).subject)
            assert [one.version for one in states] == list(range(1, commands + 1))
            subject = f"lesson/{town.room.lessons[0]}/{town.room.pupils[pupil]}"
            assert await watch.value("SELECT count(*) FROM core.audit WHERE subject = $1", subject) == commands
            absent = await watch.value("SELECT count(*) FROM core.absence WHERE pupil_id = $1", town.room.pupils[pupil])
            assert absent == commands % 2


WRITTEN = "SELECT count(*) FROM core.command WHERE key LIKE $1"


async def keys(url: URL) -> set[str]:
    return {row["key"] for row in await Watch(url).rows("SELECT key FROM core.command")}


# --- nothing of it ----------------------------------------------------------------------------------------------------


async def refused(town: Town, path: Path, kind: type[BackupError] = BackupError, **changes: Any) -> str:
    """Try to restore into an empty database; return why it was refused, having seen that it is still empty."""
    async with another_database(town.postgres) as url:
        with pytest.raises(kind) as refusal:
            await restoring.restore(url, town.world.source(path, **changes), town.room.hands.at)
        left = await everything(url)
        assert {name for name, rows in left.items() if rows} == {"public.alembic_version"}
        assert await migrate.migrate(url) == migrate.newest()
    return str(refusal.value)


async def test_what_does_not_fit_is_refused_in_words_and_changes_nothing(town: Town) -> None:
    await town.room.record(0)
    made = await town.world.make()
    whole = made.path.read_bytes()
    spoilt = made.path.with_name("spoilt")
    spoilt.write_bytes(whole[: len(whole) - 40])
    assert "обрезан" in await refused(town, spoilt, DamagedError)
    spoilt.write_bytes(whole[:200] + bytes([whole[200] ^ 1]) + whole[201:])
    assert "испорчен" in await refused(town, spoilt, DamagedError)
    assert "ZVONOK_BACKUP_KEY_FILE" in await refused(town, made.path, WrongKeyError, key=BackupKey(b"other" * 8))
    assert "секрет" in await refused(town, made.path, secret=Secret(b"another secret of 32 bytes or more"))


async def test_a_file_damaged_after_its_first_tables_leaves_nothing_behind(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await town.room.record(0)
    monkeypatch.setattr("zvonok.backup.sealing.CHUNK", 256)
    made = await town.world.make()
    whole = made.path.read_bytes()
    made.path.write_bytes(whole[:-300])
    assert "обрезан" in await refused(town, made.path, DamagedError)


async def test_a_database_with_anything_in_it_is_left_alone(town: Town) -> None:
    await town.room.record(0)
    made = await town.world.make()
    before = await everything(town.url)
    with pytest.raises(BackupError, match=r"не пуста: в ней есть bot\.|не пуста: в ней есть (bus|core)\."):
        await town.world.restore(town.url, made.path)
    assert await everything(town.url) == before


async def test_a_backup_of_a_newer_program_is_refused(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    made = await town.world.make()
    monkeypatch.setattr(migrate, "newest", lambda: "0002")
    with pytest.raises(BackupError, match="более новой программой"):
        await town.world.restore(town.url, made.path)


async def test_an_older_backup_is_brought_up_to_this_program(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await town.room.record(0)
    made = await town.world.make()
    versions = tmp_path / "migrations"
    shutil.copytree(Path(str(migrations.__file__)).parent, versions)
    newer = 'from alembic import op\nrevision = "0099"\ndown_revision = "{}"\n\n\ndef upgrade() -> None:\n    {}\n'
    added = 'op.execute("ALTER TABLE core.absence ADD COLUMN note text")'
    (versions / "versions" / "0099_note.py").write_text(newer.format(migrate.newest(), added))
    monkeypatch.setattr(migrations, "__file__", str(versions / "__init__.py"))
    async with another_database(town.postgres, template="template0") as url:
        await town.world.restore(url, made.path)
        assert await migrate.current(url) == "0099"
        assert await Watch(url).value("SELECT count(*) FROM core.absence WHERE note IS NULL") == 1


# --- the folder, the book, the drill ----------------------------------------------------------------------------------


async def test_backups_are_entered_and_only_the_last_ones_stay(town: Town) -> None:
    world = BackupWorld(
        replace(town.world.here, settings=town.world.here.settings.model_copy(update={"backup_keep": 2}))
    )
    for _ in range(3):
        town.room.hands.move(days=1)
        made = await world.make()
    assert made.removed == 1
    assert len(list(world.folder.iterdir())) == 2
    rows = await Watch(town.url).rows("SELECT * FROM core.backup ORDER BY snapshot_at")
    assert [row["file"] for row in rows][-1] == made.path.name
    assert rows[-1]["sha256"] == hashlib.sha256(made.path.read_bytes()).hexdigest()
    assert rows[-1]["bytes"] == made.bytes == made.path.stat().st_size


async def test_files_of_a_clock_that_was_once_wrong_neither_push_out_a_backup_nor_stop_the_next(town: Town) -> None:
    world = BackupWorld(
        replace(town.world.here, settings=town.world.here.settings.model_copy(update={"backup_keep": 2}))
    )
    ahead = [world.folder / f"zvonok-{SECRET.tag()}-20300101-00000{number}.backup" for number in range(3)]
    for path in ahead:
        path.write_bytes(b"of the year 2030")
    await execute(
        town.url,
        "INSERT INTO core.backup VALUES (gen_random_uuid(), '2030-01-01Z', '2030-01-01Z', 'x', 1, 'x', '2030-01-01Z')",
    )
    assert await schedule.back_up_if_due(world.here, town.room.database), "what is to come was not made yet"
    kept: list[Path] = []
    for _ in range(3):
        town.room.hands.move(days=1)
        made = await world.make()
        kept = [*kept, made.path][-2:]
        assert (made.path.exists(), made.ahead) == (True, 3)
    assert sorted(world.folder.iterdir()) == sorted([*kept, *ahead])
    assert any("дата в имени ещё не наступила: 3" in line for line in await office.back_up(later(town, world), None))


def later(town: Town, world: BackupWorld) -> Installation:
    town.room.hands.move(days=1)
    return world.here


async def test_a_daily_backup_is_made_once(town: Town) -> None:
    async def due() -> bool:
        return await schedule.back_up_if_due(town.world.here, town.room.database)

    assert [await due(), await due()] == [True, False]
    town.room.hands.move(days=1)
    assert [await due(), await due()] == [True, False]


async def test_the_journal_s_process_makes_it_by_itself_and_goes_on_after_trouble(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "AFTER_TROUBLE_SECONDS", 0.01)
    folder = town.world.folder
    folder.rmdir()
    with capture_logs() as logs:
        running = asyncio.create_task(run_core(town.world.here))
        await eventually(lambda: any(one["event"] == "backup not made" and "подключите" in one["why"] for one in logs))
        folder.mkdir()
        await eventually(lambda: list(folder.glob("zvonok-*.backup")))
        running.cancel()
        await asyncio.wait([running])


async def test_two_backups_at_once_and_one_beside_a_migration_are_refused(town: Town) -> None:
    connection = await connected(town.url)
    try:
        for key, why in ((making.LOCK, "уже снимается"), (migrate.LOCK, "zvonok migrate")):
            await connection.execute("SELECT pg_advisory_lock($1)", key)
            with pytest.raises(BackupError, match=why):
                await town.world.make()
            await connection.execute("SELECT pg_advisory_unlock($1)", key)
    finally:
        await connection.close()
    assert list(town.world.folder.iterdir()) == []


async def test_a_database_that_dies_in_the_middle_leaves_no_file(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'zvonok:backup'"
    begin = BackupWriter.table

    def kill_before(writer: BackupWriter, table: Table) -> None:
        if str(table) == "core.person":
            asyncio.run(execute(town.postgres.url, ends))
        begin(writer, table)

    monkeypatch.setattr(BackupWriter, "table", kill_before)
    with pytest.raises(BackupError, match="прервала"):
        await town.world.make()
    assert list(town.world.folder.iterdir()) == []
    assert await Watch(town.url).value("SELECT count(*) FROM core.backup") == 0


async def test_a_file_that_the_disk_spoils_never_gets_its_name(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    to_disk = Draft.to_disk

    def spoil(draft: Draft) -> None:
        to_disk(draft)
        draft.file.seek(300)
        draft.file.write(b"???")
        draft.file.flush()

    monkeypatch.setattr(Draft, "to_disk", spoil)
    with pytest.raises(DamagedError):
        await town.world.make()
    assert list(town.world.folder.iterdir()) == []


async def test_a_drill_compares_walks_the_chains_and_leaves_no_database(town: Town) -> None:
    await town.room.record(0)
    await seal(town)
    await town.world.make()
    lines = await office.drill(town.world.here, None)
    assert "сошлась" in lines[0]
    assert any("цепочка действий цела" in line for line in lines)
    assert await Watch(town.url).value("SELECT count(*) FROM pg_database WHERE datname LIKE 'zvonok_drill_%'") == 0
    assert await Watch(town.url).value("SELECT count(*) FROM gateway.quarantine") == 0


async def test_a_drill_finds_a_chain_that_was_broken_before_the_backup(town: Town) -> None:
    await town.room.record(0)
    await seal(town)
    await execute(town.url, "UPDATE core.audit SET action = 'attendance.forged' WHERE action = 'attendance.roll'")
    await town.world.make()
    with pytest.raises(BackupError, match="НЕ цела"):
        await office.drill(town.world.here, None)
    assert await Watch(town.url).value("SELECT count(*) FROM pg_database WHERE datname LIKE 'zvonok_drill_%'") == 0


# --- at the command line ----------------------------------------------------------------------------------------------


async def test_the_operator_sees_who_waits_for_what_and_no_texts(town: Town) -> None:
    room = town.room
    mother = await room.builder.guardian(*room.pupils[:2], name="Абрамова Ольга Львовна")
    await room.builder.link(mother, MessengerAccount(Channel.TELEGRAM, "77"))
    await room.record(0, 1)
    await plan(town.url, room)
    made = await town.world.make()
    async with another_database(town.postgres) as url:
        lines = await office.restore(town.world.at(url), made.path)
        assert "восстановлена и сошлась" in lines[0]
        assert "  Абрамова Ольга Львовна · Телеграм: пропуски — 2" in lines
        assert "Ждут решения 2 сообщения." in lines
        assert not any("Глеб" in line or "математика" in line for line in lines)
        here = town.world.at(url)
        sheets = [line for line in lines if line.startswith("  ") and "zvonok" in line]
        assert [line.split()[-1] for line in sheets] == ["bar", "consent", "people", "staff", "breach"]
        assert "zvonok quarantine checked" in lines[-1]
        with pytest.raises(OfficeError, match="Сначала проверьте бумаги"):
            await office.release(here, discard=True)
        (said,) = await office.checked(here)
        assert "новое сообщается сразу" in said
        assert "zvonok quarantine release" in (await office.list_held(here))[-1]
        assert await office.release(here, discard=True) == [
            "Карантин снят, сообщений отменено: 2. Исправления к ним, если будут, уйдут."
        ]
        assert (
            await office.list_held(here)
            == await office.release(here, discard=False)
            == await office.checked(here)
            == ["Задержанных сообщений нет."]
        )


@pytest.mark.req("BACK-02")
async def test_a_backup_goes_to_an_external_disk_and_is_verified_there(town: Town, tmp_path: Path) -> None:
    await town.room.record(0)
    disk = tmp_path / "usb"
    disk.mkdir()
    said, *_ = await office.back_up(town.world.here, disk)
    (file,) = disk.iterdir()
    assert str(file) in said
    (line,) = await office.verify(town.world.here.settings, file)
    assert "цела" in line
    async with another_database(town.postgres) as url:
        await town.world.restore(url, file)
        assert await Watch(url).value("SELECT count(*) FROM core.absence") == 1
