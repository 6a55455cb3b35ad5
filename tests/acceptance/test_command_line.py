"""The command line as a person meets it: whatever is wrong is answered in a Russian sentence."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from tests.acceptance.running_demo import nothing_left
from zvonok.demo.alone import alone
from zvonok.program import COMMANDS

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "README.ru.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
AWAY = "postgresql://u:hidden@127.0.0.1:1/d"


async def zvonok(data: Path, *words: str, **settings: str) -> tuple[int | None, str]:
    process = await started(data, *words, settings=settings)
    out, _ = await process.communicate()
    return process.returncode, out.decode()


async def started(
    data: Path, *words: str, start_new_session: bool = False, settings: Mapping[str, str] = MappingProxyType({})
) -> asyncio.subprocess.Process:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ZVONOK_")}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "zvonok.cli",
        *words,
        env={**environment, "ZVONOK_DATA": str(data), **settings},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=start_new_session,
    )


@pytest.mark.parametrize(
    ("words", "settings", "code", "said"),
    [
        (("ring",), {}, 2, "Команды «ring» нет."),
        (("up",), {"ZVONOK_DATABASE_URL": "mysql://u:hidden@h/d"}, 2, "ZVONOK_DATABASE_URL: нужен PostgreSQL"),
        pytest.param(
            ("up",),
            {"ZVONOK_TELEGRAM_TOKEN": "hidden"},
            2,
            "Токен бота Telegram записан неверно",
            marks=pytest.mark.deep,
        ),
        pytest.param(
            ("up",), {"ZVONOK_SCHOOL_CLOCK_OFFSET_SECONDS": "60"}, 2, "только в песочнице", marks=pytest.mark.deep
        ),
        (("up",), {"ZVONOK_DATABASE_URL": "postgresql://u:hidden@127.0.0.1:1/d"}, 1, "не отвечает или не пускает"),
        # What needs no database is said before one is looked for.
        (("import", "no.csv"), {"ZVONOK_DATABASE_URL": AWAY}, 1, "Файла no.csv нет."),
        pytest.param(("codes",), {"ZVONOK_DATABASE_URL": AWAY}, 1, "Скажите, кому выдать коды", marks=pytest.mark.deep),
        pytest.param(
            ("school", "undo"),
            {"ZVONOK_DATABASE_URL": AWAY},
            1,
            "Команды «undo» нет.",
            marks=pytest.mark.deep,
        ),
        (("doctor",), {"ZVONOK_MAIL_HOTS": "hidden"}, 2, "Похоже, имелось в виду ZVONOK_MAIL_HOST"),
        pytest.param(
            ("doctor", "--part", "mail"),
            {"ZVONOK_TELEGRAM_TOKEN": "1:hidden"},
            0,
            "– Почта: не настроена",
            marks=pytest.mark.deep,
        ),
        pytest.param(("mailbox",), {}, 1, "только в песочнице", marks=pytest.mark.deep),
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


async def test_a_second_demonstration_is_refused_before_anything_heavy_is_loaded(tmp_path: Path) -> None:
    with alone(tmp_path / "demo"):
        kept = tmp_path / "demo" / "people.json"
        kept.parent.mkdir()
        kept.touch()
        returned, text = await zvonok(tmp_path, "demo", "--fresh", PYTHONPROFILEIMPORTTIME="1")
    said = [line for line in text.splitlines() if not line.startswith("import time:")]
    assert (returned, said[-1]) == (1, f"Демонстрация в {tmp_path / 'demo'} уже идёт: остановите её сначала.")
    assert kept.exists(), "the one that runs has lost nothing"
    loaded = set(re.findall(r"^import time:.*\| +(\w+)$", text, re.MULTILINE))
    assert "pydantic" in loaded
    assert loaded & {"aiogram", "aiohttp", "alembic", "asyncpg", "sqlalchemy"} == set()


async def test_who_changes_their_mind_while_the_program_is_loaded_gets_a_line(tmp_path: Path) -> None:
    process = await started(tmp_path, "demo", start_new_session=True)
    assert process.stdout is not None
    assert await process.stdout.readline() == "Загружаю программу…\n".encode()
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to everybody in the foreground
    out, _ = await process.communicate()
    assert (process.returncode, out.decode()) == (130, "\nОстановлено, ничего не начато.\n")
    await nothing_left(tmp_path)


def test_documents_name_only_commands_that_exist() -> None:
    called = {
        (document.name, word)
        for document in DOCUMENTS
        for word in re.findall(r"(?:^|[` /])zvonok ([a-z-]+)", document.read_text(encoding="utf-8"))
    }
    assert called
    assert {(name, word) for name, word in called if word not in COMMANDS} == set()
