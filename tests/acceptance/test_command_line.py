"""The command line as a person meets it: whatever is wrong is answered in a Russian sentence."""

import asyncio
import os
import re
import sys
from pathlib import Path

import pytest

from zvonok.cli import COMMANDS

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "README.ru.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
AWAY = "postgresql://u:hidden@127.0.0.1:1/d"


async def zvonok(data: Path, *words: str, **settings: str) -> tuple[int | None, str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ZVONOK_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "zvonok.cli",
        *words,
        env={**environment, "ZVONOK_DATA": str(data), **settings},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate()
    return process.returncode, out.decode()


@pytest.mark.parametrize(
    ("words", "settings", "code", "said"),
    [
        (("ring",), {}, 2, "Такой команды нет."),
        (("trace",), {}, 2, "Не хватает: WHAT."),
        (("up", "--loud"), {}, 2, "Ключа --loud нет."),
        (("import", "x.csv", "--kind", "secret"), {}, 2, "--kind: такое значение не подходит."),
        (("up",), {"ZVONOK_DATABASE_URL": "mysql://u:hidden@h/d"}, 2, "ZVONOK_DATABASE_URL: нужен PostgreSQL"),
        (("up",), {"ZVONOK_TELEGRAM_TOKEN": "hidden"}, 2, "Токен бота Telegram записан неверно"),
        (("up",), {"ZVONOK_SCHOOL_CLOCK_OFFSET_SECONDS": "60"}, 2, "только в песочнице"),
        (("up",), {"ZVONOK_DATABASE_URL": "postgresql://u:hidden@127.0.0.1:1/d"}, 1, "не отвечает или не пускает"),
        # What needs no database is said before one is looked for.
        (("import", "no.csv"), {"ZVONOK_DATABASE_URL": AWAY}, 1, "Файла no.csv нет."),
        (("codes",), {"ZVONOK_DATABASE_URL": AWAY}, 1, "Скажите, кому выдать коды"),
        (("school", "undo"), {"ZVONOK_DATABASE_URL": AWAY}, 1, "«undo»: нужен вид имя=значение."),
        (("doctor",), {"ZVONOK_MAIL_HOTS": "hidden"}, 2, "Похоже, имелось в виду ZVONOK_MAIL_HOST"),
        (("doctor", "--part", "mail"), {"ZVONOK_TELEGRAM_TOKEN": "1:hidden"}, 0, "– Почта: не настроена"),
        (("mailbox",), {}, 1, "только в песочнице"),
    ],
)
async def test_what_is_wrong_is_said_in_russian(
    tmp_path: Path, words: tuple[str, ...], settings: dict[str, str], code: int, said: str
) -> None:
    returned, text = await zvonok(tmp_path, *words, **settings)
    assert returned == code, text
    assert said in text
    assert "Traceback" not in text
    assert "hidden" not in text, "a secret is never repeated"


async def test_a_broken_file_changes_nothing_and_names_its_line(tmp_path: Path, data: Path) -> None:
    table = tmp_path / "staff.csv"
    table.write_text("Фамилия;Имя;Отчество;Должность\nИванова;;;учитель\n", encoding="utf-8")
    words = ("import", str(table), "--school", "Ш", "--kind", "private", "--zone", "Asia/Omsk")
    returned, text = await zvonok(data, *words)
    assert returned == 1, text
    assert re.search(r"staff\.csv, строка 2, .*Имя", text), text
    assert "Ничего не загружено" in text
    returned, text = await zvonok(data, "school")
    assert (returned, text.strip()) == (1, "Такой школы в журнале нет."), "not even the school was made"


def test_documents_name_only_commands_that_exist() -> None:
    called = {
        (document.name, word)
        for document in DOCUMENTS
        for word in re.findall(r"(?:^|[` /])zvonok ([a-z]+)", document.read_text(encoding="utf-8"))
    }
    assert called
    assert {(name, word) for name, word in called if word not in COMMANDS} == set()
