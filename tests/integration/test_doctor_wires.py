"""Open wires: the doctor names them and what to write, commands do not start, and nobody connects to look or to try.

A caller of ``0.0.0.0`` comes to this machine, but by its writing it is not the loopback.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from core.school_time import MachineClock, SchoolClock
from texts.reader import load
from zvonok.doctor.examination import PROBES, Report, examine
from zvonok.doctor.findings import Grade, Part, Patient
from zvonok.program import program
from zvonok.settings import read_settings

ELSEWHERE = "0.0.0.0"  # noqa: S104 - called, not listened on
TOKEN = "123456:ABCDEFGHIJKLMNOPQRSTUVWXYZ-hidden"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings of this shell's, no ``.env`` of this checkout's."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("ZVONOK_", "PG"))]:
        monkeypatch.delenv(name)


@asynccontextmanager
async def visited() -> AsyncIterator[tuple[int, list[int]]]:
    """Give the port of a server that counts its callers and hangs up."""
    callers: list[int] = []

    async def count(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        callers.append(1)
        writer.close()

    server = await asyncio.start_server(count, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], callers


async def examined(*parts: Part, **settings: Any) -> Report:
    patient = Patient(read_settings(**settings), SchoolClock(), MachineClock())
    return await examine(patient, [], probes={part: PROBES[part] for part in parts})


def graded(report: Report, part: Part, beginning: str = "wire") -> list[tuple[Grade, str]]:
    return [(one.grade, one.code) for one in report.findings[part] if one.code.startswith(beginning)]


def at(port: int, part: Part) -> dict[str, Any]:
    mail = {"mail_host": ELSEWHERE, "mail_port": port, "mail_security": "plain", "mail_from": "bell@example.org"}
    database = {"database_url": f"postgresql://u:hidden@{ELSEWHERE}:{port}/z?sslmode=disable"}
    telegram = {"telegram_token": TOKEN, "telegram_base_url": f"http://{ELSEWHERE}:{port}"}
    every: dict[Part, dict[str, Any]] = {
        Part.MAIL: mail,
        Part.DATABASE: database,
        Part.EVENTS: database,
        Part.TELEGRAM: telegram,
    }
    return every[part]


@pytest.mark.parametrize("part", [Part.DATABASE, Part.EVENTS, Part.TELEGRAM, Part.MAIL])
async def test_an_open_wire_is_trouble_and_is_not_used_to_look(part: Part) -> None:
    async with visited() as (port, callers):
        report = await examined(part, **at(port, part))
        [(grade, wire)] = graded(report, Part.SETTINGS)
        assert (grade, report.code) == (Grade.WRONG, 1)
        assert graded(report, part) == [(Grade.OFF, "wire-shut")]
        assert callers == []
        told = "\n".join(report.lines(load("ru")))
        assert ELSEWHERE in told
        assert "hidden" not in told
        trusted = await examined(part, protected_hosts=ELSEWHERE, **at(port, part))
        assert graded(trusted, Part.SETTINGS) == [(Grade.OFF, "wire-promised")]
        assert graded(trusted, part) == []
        assert callers, f"with the school's word {wire} is looked at"


async def test_open_pages_are_trouble_in_whatever_part_one_asks_for() -> None:
    report = await examined(Part.CLOCK, public_url="http://zvonok.example", web_host="10.0.0.5", sandbox=True)
    assert graded(report, Part.SETTINGS) == [(Grade.WRONG, "wire-pages"), (Grade.WRONG, "wire-listening")]
    assert report.code == 1


async def test_an_open_password_of_a_proxy_is_a_warning() -> None:
    report = await examined(telegram_token=TOKEN, telegram_proxy="http://u:hidden@proxy.example:3128")
    assert graded(report, Part.SETTINGS, "proxy") == [(Grade.WARNING, "proxy-password")]
    assert "hidden" not in "\n".join(report.lines(load("ru")))


def called(monkeypatch: pytest.MonkeyPatch, words: str, settings: dict[str, str]) -> Result:
    for name, value in settings.items():
        monkeypatch.setenv(f"ZVONOK_{name}", value)
    return CliRunner().invoke(program, words.split())


@pytest.mark.req("BACK-06", "CONS-11")
@pytest.mark.parametrize("command", ["up", "core", "gateway", "bot", "web"])
def test_no_process_starts_while_a_wire_is_open(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str) -> None:
    mail = {"MAIL_HOST": "smtp.example", "MAIL_FROM": "bell@example.org", "MAIL_SECURITY": "plain"}
    result = called(monkeypatch, command, mail)
    assert result.exit_code == 1
    head, told = result.output.splitlines()
    assert head == "Не запущено: данные детей пошли бы по сети незашифрованными."
    assert told == (
        "✗ письма уходят на smtp.example незашифрованными. Задайте ZVONOK_MAIL_SECURITY=starttls или tls. Если дорога "
        "туда защищена иначе (VPN), допишите smtp.example в ZVONOK_PROTECTED_HOSTS."
    )
    assert list(tmp_path.iterdir()) == [], "neither a secret nor a database was made"


@pytest.mark.parametrize("command", ["migrate", "import lists.csv", "codes --staff", "backup", "up"])
def test_no_command_reaches_a_database_openly(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str) -> None:
    (tmp_path / "lists.csv").write_text("фамилия\n", "utf-8")
    (tmp_path / "copies").mkdir()
    url = "postgresql://u:hidden@db.example/z?sslmode=prefer"
    result = called(monkeypatch, command, {"DATABASE_URL": url, "BACKUP_FOLDER": str(tmp_path / "copies")})
    assert result.exit_code == 1
    assert "связь с базой на db.example не зашифрована" in result.output
    assert "hidden" not in result.output
    assert not (tmp_path / "var").exists()


def test_what_needs_no_open_wire_is_not_refused_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    mail = {"MAIL_HOST": "smtp.example", "MAIL_FROM": "bell@example.org", "MAIL_SECURITY": "plain"}
    result = called(monkeypatch, "staff list", mail)
    assert "не зашифрован" not in result.output
    assert "данных нет" in result.output


def test_the_doctors_exit_code_tells_of_an_open_wire(monkeypatch: pytest.MonkeyPatch) -> None:
    result = called(monkeypatch, "doctor --part clock", {"PUBLIC_URL": "http://zvonok.example"})
    assert result.exit_code == 1
    assert "✗ Настройки: адрес страниц на zvonok.example не защищён" in result.output
    assert "укажите в ZVONOK_PUBLIC_URL адрес с https://" in result.output
