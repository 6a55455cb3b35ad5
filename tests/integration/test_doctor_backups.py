"""The doctor looks at backups: set up, openable, fresh; and at what a restore holds back."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import URL

from core.school_time import MachineClock, SchoolClock
from tests.integration.backup_world import execute
from texts.reader import load
from zvonok.backup import keys
from zvonok.doctor.backups import look_at_backups
from zvonok.doctor.database import look_at_events
from zvonok.doctor.findings import Finding, Grade, Part, Patient
from zvonok.settings import Settings

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def patient(**settings: object) -> Patient:
    return Patient(Settings.model_validate(settings), SchoolClock(source=lambda: NOW), MachineClock(source=lambda: NOW))


async def found(**settings: object) -> tuple[Grade, str]:
    (finding,) = await look_at_backups(patient(**settings))
    assert finding.line(Part.BACKUP, load("ru"))
    return finding.grade, finding.code


@pytest.fixture
def key(tmp_path: Path) -> Path:
    keys.make(tmp_path / "key")
    return tmp_path / "key"


async def test_what_is_missing_is_named(tmp_path: Path, key: Path) -> None:
    assert await found() == (Grade.OFF, "backup-off")
    assert await found(backup_folder=tmp_path) == (Grade.WRONG, "backup-key")
    assert await found(backup_folder=tmp_path / "usb", backup_key_file=key) == (Grade.WRONG, "backup-folder")
    assert await found(backup_folder=tmp_path, backup_key_file=key) == (Grade.WARNING, "backup-none")


@pytest.mark.parametrize(
    ("hours", "expected"),
    [(1, (Grade.WELL, "backup-well")), (36, (Grade.WELL, "backup-well")), (37, (Grade.WRONG, "backup-old"))],
)
async def test_a_backup_that_was_missed_is_told(
    tmp_path: Path, key: Path, hours: int, expected: tuple[Grade, str]
) -> None:
    for age in (hours, 100):
        file = tmp_path / f"zvonok-aaaaaa-{age}.backup"
        file.touch()
        at = (NOW - timedelta(hours=age)).timestamp()
        os.utime(file, (at, at))
    assert await found(backup_folder=tmp_path, backup_key_file=key) == expected


async def test_a_file_of_the_time_to_come_passes_for_no_fresh_backup(tmp_path: Path, key: Path) -> None:
    for age in (-24 * 365, 40):
        file = tmp_path / f"zvonok-aaaaaa-{abs(age)}.backup"
        file.touch()
        at = (NOW - timedelta(hours=age)).timestamp()
        os.utime(file, (at, at))
    found = await look_at_backups(patient(backup_folder=tmp_path, backup_key_file=key))
    assert [(one.grade, one.code) for one in found] == [
        (Grade.WARNING, "backup-ahead"),
        (Grade.WRONG, "backup-old"),
    ]
    assert "Проверьте часы" in found[0].line(Part.BACKUP, load("ru"))


async def test_what_a_restore_holds_back_is_told_until_it_is_released(database_url: URL) -> None:
    here = patient(database_url=database_url.render_as_string(hide_password=False))
    assert [one.code for one in await look_at_events(here)] == ["outbox-read"]
    await execute(
        database_url,
        "INSERT INTO gateway.quarantine (id, snapshot_at, restored_at) VALUES (gen_random_uuid(), now(), now())",
    )
    told: list[Finding] = await look_at_events(here)
    assert [one.code for one in told] == ["outbox-read", "quarantine"]
    assert "zvonok quarantine list" in told[1].line(Part.EVENTS, load("ru"))
