"""What the doctor says of Telegram's address, and whose settings he looks at in a demonstration's folder."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.school_time import MachineClock, SchoolClock
from texts.reader import LANGUAGES, load
from zvonok.demo.alone import alone
from zvonok.doctor.findings import Part, Patient, wrong
from zvonok.doctor.telegram import look_at_telegram
from zvonok.program import program
from zvonok.settings import Settings

REASONS = (
    "credential-refused",
    "proxy-failed",
    "dns-failed",
    "tls-failed",
    "undecodable-answer",
    "server-error",
    "connect-failed",
)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No settings of this shell's; the loop leaves Python's own handlers behind."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("ZVONOK_")]:
        monkeypatch.delenv(name)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", REASONS)
def test_nobody_is_sent_to_a_setting_that_nobody_wrote(reason: str, language: str) -> None:
    lines = {
        address: wrong("telegram", reason=reason, host="api.telegram.org", address=address).line(
            Part.TELEGRAM, load(language)
        )
        for address in ("usual", "given")
    }
    assert "ZVONOK_TELEGRAM_BASE_URL" not in lines["usual"]
    assert all("api.telegram.org" in line and "\n" not in line for line in lines.values())
    assert ("zvonok phone" in by_trial(reason, language)) is (reason == "connect-failed")
    if reason in {"dns-failed", "credential-refused"}:
        assert "ZVONOK_TELEGRAM_BASE_URL" in lines["given"]


def by_trial(reason: str, language: str) -> str:
    """Return what is said where the phone for trials should stand."""
    return wrong("telegram", reason=reason, host="127.0.0.1", address="phone").line(Part.TELEGRAM, load(language))


async def test_the_name_that_was_asked_is_said_and_whether_it_is_telegrams_own() -> None:
    def patient(**settings: str) -> Patient:
        given = {"telegram_token": "1:a", "telegram_proxy": "http://127.0.0.1:1", **settings}
        found = Settings.model_validate(given)
        return Patient(found, SchoolClock(), MachineClock())

    (usual,) = await look_at_telegram(patient())
    (given,) = await look_at_telegram(patient(telegram_base_url="http://bots.school.example:8081"))
    assert (usual.details["host"], usual.details["address"]) == ("api.telegram.org", "usual")
    assert (given.details["host"], given.details["address"]) == ("bots.school.example", "given")


def test_in_a_demonstrations_folder_nobodys_own_settings_are_examined(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = {
        "TELEGRAM_TOKEN": "1:hidden",
        "TELEGRAM_BASE_URL": "http://127.0.0.1:1",
        "MAIL_HOST": "127.0.0.1",
        "MAIL_PORT": "1",
        "MAIL_FROM": "school@example.org",
        "DATABASE_URL": "postgresql://u:hidden@127.0.0.1:1/d",
        "TELEGRAM_TOKKEN": "misspelt",
    }
    lines = [f"ZVONOK_{name}={value}" for name, value in own.items()]
    (tmp_path / ".env").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / ".env").chmod(0o600)
    monkeypatch.setenv("ZVONOK_DATA", "var/demo")
    (tmp_path / "var" / "demo").mkdir(parents=True)
    (tmp_path / "var" / "demo" / "clock").write_text("2026-09-08T05:32:00+00:00", encoding="ascii")
    with alone(tmp_path / "var" / "demo"), pytest.raises(SystemExit) as left:
        program(["doctor"], prog_name="zvonok")
    said = capsys.readouterr().out
    assert left.value.code == 0, said
    assert [line for line in said.splitlines() if "✗" in line] == []
    assert "Телеграм:" not in said
    assert "Почта:" not in said
    assert "var/demo" in said
    assert "– Часы: у демонстрации свои часы: у школы сейчас 08.09.2026, 8:31 по Москве." in said
