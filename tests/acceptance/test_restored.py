"""A school's machine dies; what is left is a file, its key and the secret. Whole processes, as the how-to page says."""

import shutil
from pathlib import Path

from tests.acceptance.test_command_line import zvonok

STAFF = "Фамилия;Имя;Отчество;Должность\nИванова;Мария;Петровна;учитель математики\n"


async def test_a_school_comes_back_from_its_backup(tmp_path: Path) -> None:
    data, folder, key, staff = (tmp_path / name for name in ("var", "backups", "key", "staff.csv"))
    folder.mkdir()
    staff.write_text(STAFF, encoding="utf-8")
    settings = {"ZVONOK_BACKUP_FOLDER": str(folder), "ZVONOK_BACKUP_KEY_FILE": str(key)}
    school = ("--school", "Лицей", "--kind", "private", "--zone", "Europe/Moscow")
    assert (await zvonok(data, "import", str(staff), *school))[0] == 0
    code, said = await zvonok(data, "backup", **settings)
    assert (code, "не читается" in said) == (1, True), said
    assert (await zvonok(data, "backup", "key", str(key)))[0] == 0
    code, said = await zvonok(data, "backup", **settings)
    assert (code, "проверена чтением" in said) == (0, True), said
    (file,) = folder.iterdir()
    secret = (data / "secret").read_bytes()
    shutil.rmtree(data)
    code, said = await zvonok(data, "restore", str(file), **settings)
    assert (code, "с другим секретом" in said) == (1, True), said
    (data / "secret").write_bytes(secret)
    code, said = await zvonok(data, "restore", str(file), **settings)
    assert (code, "восстановлена и сошлась" in said) == (0, True), said
    code, said = await zvonok(data, "codes", "--staff")
    assert (code, "Иванова Мария Петровна" in said) == (0, True), said
