"""A school's machine dies; what is left is a file, its key and the secret. Whole processes, as the how-to page says."""

import shutil
from pathlib import Path

import pytest

from tests.acceptance.test_command_line import zvonok
from zvonok.backup import keys

STAFF = "Фамилия;Имя;Отчество;Должность\nИванова;Мария;Петровна;учитель математики\n"


@pytest.mark.deep
@pytest.mark.req("BACK-02")
async def test_a_school_comes_back_from_its_backup(tmp_path: Path, data: Path) -> None:
    disk, key, staff = (tmp_path / name for name in ("disk", "key", "staff.csv"))
    disk.mkdir()
    keys.make(key)
    staff.write_text(STAFF, encoding="utf-8")
    school = ("--school", "Лицей", "--kind", "private", "--zone", "Europe/Moscow")
    code, said = await zvonok(data / "var", "import", str(staff), *school)
    assert code == 0, said
    code, said = await zvonok(data / "var", "backup", "--to", str(disk), ZVONOK_BACKUP_KEY_FILE=str(key))
    assert (code, "проверена чтением" in said) == (0, True), said
    (file,) = disk.iterdir()
    secret = (data / "var" / "secret").read_bytes()
    shutil.rmtree(data / "var")
    (data / "var").mkdir()
    (data / "var" / "secret").write_bytes(secret)
    code, said = await zvonok(data / "var", "restore", str(file), ZVONOK_BACKUP_KEY_FILE=str(key))
    assert (code, "восстановлена и сошлась" in said) == (0, True), said
    code, said = await zvonok(data / "var", "codes", "--staff")
    assert (code, "Иванова Мария Петровна" in said) == (0, True), said
