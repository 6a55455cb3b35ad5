"""Parts of a backup that need no database: figures, frames, the key, the folder, the hour."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from zvonok.backup import keys, making, places
from zvonok.backup.manifest import FORMAT, Manifest, Shape, Table
from zvonok.backup.reading import Begins, Ends, check, pieces
from zvonok.backup.schedule import is_due
from zvonok.backup.sealing import BackupKey
from zvonok.backup.shelf import Shelf
from zvonok.backup.tally import Counter, Tally
from zvonok.backup.troubles import BackupError, DamagedError
from zvonok.backup.writing import BackupWriter
from zvonok.settings import Settings

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
KEY = BackupKey(b"k" * 32)
PATH = Path("some.backup")
TABLES = (Table(room="core", name="person", columns=("id", "name")), Table(room="bus", name="outbox", columns=("id",)))
HEAD = Manifest(
    format=FORMAT,
    migration="0004",
    snapshot_at=AT,
    server="18.6",
    secret_salt="00",
    secret_mark="00",
    shape=Shape(tables=TABLES, countings=(), months=()),
)


def counted(*data: bytes) -> Tally:
    counter = Counter()
    for piece in data:
        counter.feed(piece)
    return counter.tally()


@given(st.lists(st.binary(max_size=20).map(lambda row: row.replace(b"\n", b"")), max_size=20), st.data())
def test_a_tally_depends_on_the_rows_alone(rows: list[bytes], data: st.DataObject) -> None:
    whole = b"".join(row + b"\n" for row in rows)
    cut = data.draw(st.integers(0, len(whole)))
    shuffled = sorted(rows, reverse=True)
    assert counted(whole[:cut], whole[cut:]) == counted(b"".join(row + b"\n" for row in shuffled))
    assert counted(whole).rows == len(rows)


def test_a_row_that_changed_was_lost_or_doubled_changes_the_tally() -> None:
    tallies = [counted(b"a\nb\n"), counted(b"a\nc\n"), counted(b"a\n"), counted(b"a\nb\nb\n"), counted(b"")]
    assert len(set(tallies)) == len(tallies)


def written(path: Path) -> BackupWriter:
    with path.open("wb") as file:
        writer = BackupWriter(file, KEY)
        writer.head(HEAD)
        for table in TABLES:
            writer.table(table)
            writer.rows(b"1\tone\n2\t")
            writer.rows(b"two\n")
            writer.end_table()
        writer.end()
    return writer


def test_a_backup_is_read_in_the_pieces_it_was_written_in(tmp_path: Path) -> None:
    writer = written(tmp_path / "a.backup")
    with (tmp_path / "a.backup").open("rb") as file:
        read = list(pieces(file, KEY, PATH))
    assert read[0] == HEAD
    assert [one for one in read if isinstance(one, Begins)] == [Begins(table) for table in TABLES]
    assert [one for one in read if isinstance(one, Ends)] == [
        Ends(table, writer.tallies[str(table)]) for table in TABLES
    ]
    assert b"".join(one for one in read if isinstance(one, bytes)) == b"1\tone\n2\ttwo\n" * 2
    assert check(tmp_path / "a.backup", KEY).rows == 4


def test_a_backup_without_one_of_its_tables_is_refused() -> None:
    file = BytesIO()
    writer = BackupWriter(file, KEY)
    writer.head(HEAD)
    writer.table(TABLES[0])
    writer.end_table()
    writer.end()
    file.seek(0)
    with pytest.raises(DamagedError, match="не в том порядке"):
        list(pieces(file, KEY, PATH))


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match=r"Файла .* нет"):
        check(tmp_path / "nothing.backup", KEY)


# --- the key ----------------------------------------------------------------------------------------------------------


def test_a_key_that_was_made_is_read_and_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "key"
    keys.make(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(keys.read_key(Settings(backup_key_file=path)).value) == 64
    before = path.read_bytes()
    with pytest.raises(BackupError, match="уже есть"):
        keys.make(path)
    assert path.read_bytes() == before


def test_a_key_may_stand_in_the_environment() -> None:
    assert keys.read_key(Settings(backup_key=SecretStr("e" * 32))).value == b"e" * 32


@pytest.mark.parametrize(("content", "mode"), [(b"short", 0o600), (b"x" * 64, 0o644)])
def test_a_bad_key_is_refused_and_not_repeated(tmp_path: Path, content: bytes, mode: int) -> None:
    path = tmp_path / "key"
    path.write_bytes(content)
    path.chmod(mode)
    with pytest.raises(BackupError) as refused:
        keys.read_key(Settings(backup_key_file=path))
    assert content.decode() not in str(refused.value).replace(str(path), "")


def test_without_a_key_it_is_said_where_it_is_looked_for_and_how_to_go_on(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="zvonok backup") as refused:
        keys.read_key(Settings(data=tmp_path / "var"))
    assert str(tmp_path / "var-backup.key") in str(refused.value)
    with pytest.raises(BackupError, match=f"zvonok backup key {tmp_path / 'lost'}"):
        keys.read_key(Settings(backup_key_file=tmp_path / "lost"))


def test_a_key_of_our_own_is_made_once_beside_the_data_and_only_if_no_setting_names_one(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "var")
    assert keys.make_own(settings)
    made = keys.read_key(settings)
    assert not keys.make_own(settings)
    assert keys.read_key(settings) == made
    assert [path.name for path in tmp_path.iterdir()] == ["var-backup.key"]
    for named in (Settings(data=tmp_path / "x", backup_key_file=tmp_path / "key"), elsewhere(tmp_path)):
        assert not keys.make_own(named)
    assert [path.name for path in tmp_path.iterdir()] == ["var-backup.key"]


def elsewhere(folder: Path) -> Settings:
    return Settings(data=folder / "x", backup_key=SecretStr("e" * 32))


def test_only_our_own_folder_is_ever_made(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "var")
    assert places.make_own_folder(settings, None)
    assert places.folder_of(settings, None) == tmp_path / "var-backups"
    assert (tmp_path / "var-backups").stat().st_mode & 0o777 == 0o700
    assert not places.make_own_folder(settings, tmp_path / "usb")
    assert not places.make_own_folder(Settings(data=tmp_path / "var", backup_folder=tmp_path / "disk"), None)
    assert {path.name for path in tmp_path.iterdir()} == {"var-backups"}
    with pytest.raises(BackupError, match=f"mkdir -p {tmp_path / 'usb'}"):
        making.check_settings(settings, tmp_path / "usb")


def test_our_own_folder_that_cannot_be_made_asks_for_another(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BackupError, match="zvonok backup --to"):
        places.make_own_folder(Settings(data=tmp_path / "file" / "var"), None)
    with pytest.raises(BackupError, match=re.escape("zvonok backup key ~/zvonok-backup.key")):
        keys.make_own(Settings(data=tmp_path / "file" / "var"))


# --- the folder -------------------------------------------------------------------------------------------------------


def test_a_draft_gets_its_name_at_the_end_alone(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, "aaaaaa")
    with shelf.draft(AT) as draft:
        draft.file.write(b"whole")
        draft.to_disk()
        assert shelf.kept() == []
    (kept,) = shelf.kept()
    assert kept.read_bytes() == b"whole"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [kept.name]


def test_a_draft_that_failed_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> None:
        with Shelf(tmp_path, "aaaaaa").draft(AT) as draft:
            draft.file.write(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="кончилось место"), Shelf(tmp_path, "aaaaaa").draft(AT):
        raise OSError(28, "No space left on device")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="подключите"):
        Shelf(tmp_path / "usb", "aaaaaa").check()
    assert not (tmp_path / "usb").exists()


def test_the_last_ones_stay_and_nobody_else_loses_any(tmp_path: Path) -> None:
    for tag in ("aaaaaa", "bbbbbb"):
        for day in range(5):
            with Shelf(tmp_path, tag).draft(AT + timedelta(days=day)):
                pass
    stranger = tmp_path / "zvonok-aaaaaa-notes.txt"
    stranger.touch()
    dead = tmp_path / ".zvonok-aaaaaa-20261101-000000.backup.part"
    dead.touch()
    assert Shelf(tmp_path, "aaaaaa").prune(2, tmp_path / "zvonok-aaaaaa-20261126-093000.backup") == 3
    names = sorted(path.name for path in Shelf(tmp_path, "aaaaaa").kept())
    assert names == ["zvonok-aaaaaa-20261125-093000.backup", "zvonok-aaaaaa-20261126-093000.backup"]
    assert len(Shelf(tmp_path, "bbbbbb").kept()) == 5
    assert stranger.exists()
    assert not dead.exists()


# --- the hour ---------------------------------------------------------------------------------------------------------

ZONE = "Asia/Yekaterinburg"
THREE = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)
"""3:00 of 22 November in the school's zone."""
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("now", "last", "due"),
    [
        (THREE - MINUTE, THREE - timedelta(days=1), False),
        (THREE, THREE - timedelta(days=1), True),
        (THREE + MINUTE, THREE, False),
        (THREE + timedelta(hours=20), THREE - MINUTE, True),
        (THREE + timedelta(hours=23), THREE + MINUTE, False),
        (THREE - MINUTE, THREE - timedelta(days=1, minutes=1), True),
        (THREE, None, True),
    ],
)
def test_a_backup_is_due_once_since_its_hour(now: datetime, last: datetime | None, *, due: bool) -> None:
    assert is_due(now, last, 3, ZONE) is due


def test_names_of_files_sort_by_time(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, "aaaaaa")
    for at in (AT + timedelta(days=40), AT, AT + timedelta(hours=1)):
        with shelf.draft(at):
            pass
    assert [path.name[14:29] for path in shelf.kept()] == ["20261122-093000", "20261122-103000", "20270101-093000"]
