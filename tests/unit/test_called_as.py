"""Commands in our answers are written so that the person who asked can call them."""

from pathlib import Path

import pytest

from zvonok.called_as import as_called, called_as
from zvonok.demo.alone import alone


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a checkout; no program of our name lies where a shell looks by itself."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))


@pytest.mark.parametrize(
    ("program", "said"),
    [
        (".venv/bin/zvonok", ".venv/bin/zvonok"),
        ("/opt/elsewhere/zvonok", "/opt/elsewhere/zvonok"),
        ("zvonok", "zvonok"),
        ("/opt/app/zvonok/cli.py", "zvonok"),
        ("/usr/bin/pytest", "zvonok"),
    ],
)
def test_a_command_is_named_as_it_was_called(program: str, said: str) -> None:
    assert called_as(program) == said


def test_a_path_into_the_checkout_is_shortened(tmp_path: Path) -> None:
    assert called_as(str(tmp_path / ".venv/bin/zvonok")) == ".venv/bin/zvonok"


def test_what_the_shell_finds_by_itself_needs_no_path(tmp_path: Path) -> None:
    program = tmp_path / "bin" / "zvonok"
    program.parent.mkdir()
    program.touch(mode=0o755)
    assert called_as(str(program)) == "zvonok"


OURS = ".venv/bin/zvonok"


def test_every_command_in_a_line_is_written_so_and_nothing_else() -> None:
    line = (
        "Запустите: zvonok up или (zvonok gateway). ZVONOK_DATA=x zvonok doctor; "
        "~/zvonok-backup.key, bin/zvonok up, zvonok."
    )
    assert as_called(line, OURS, {}) == (
        "Запустите: .venv/bin/zvonok up или (.venv/bin/zvonok gateway). ZVONOK_DATA=x .venv/bin/zvonok doctor; "
        "~/zvonok-backup.key, bin/zvonok up, zvonok."
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Снова: zvonok trace mark/9 (…)", "Снова: ZVONOK_DATA=var/demo .venv/bin/zvonok trace mark/9 (…)"),
        ("ZVONOK_DATA=x zvonok doctor", "ZVONOK_DATA=x .venv/bin/zvonok doctor"),
        ("ZVONOK_DATA='my data/demo' zvonok doctor", "ZVONOK_DATA='my data/demo' .venv/bin/zvonok doctor"),
        (
            "ZVONOK_BACKUP_KEY_FILE=~/zvonok-backup.key zvonok backup",
            "ZVONOK_DATA=var/demo ZVONOK_BACKUP_KEY_FILE=~/zvonok-backup.key .venv/bin/zvonok backup",
        ),
        ("начать заново: make demo ARGS=--fresh.", "начать заново: ZVONOK_DATA=var/demo make demo ARGS=--fresh."),
        ("начните команду с ZVONOK_DATA=папка. Или нет", "начните команду с ZVONOK_DATA=папка. Или нет"),
        ("Звонок: zvonok.", "Звонок: zvonok."),
    ],
)
def test_the_data_folder_of_the_environment_is_named_once(line: str, said: str) -> None:
    assert as_called(line, OURS, {"ZVONOK_DATA": "var/demo"}) == said


@pytest.mark.parametrize(
    ("folder", "said"),
    [("var/demo", "make demo"), ("my data/demo-check", "ZVONOK_DATA='my data' make demo")],
)
def test_no_demonstration_is_begun_inside_another(folder: str, said: str) -> None:
    with alone(Path(folder)):
        assert as_called("make demo", OURS, {"ZVONOK_DATA": folder}) == said
        assert as_called("zvonok up", OURS, {"ZVONOK_DATA": "x"}) == "ZVONOK_DATA=x .venv/bin/zvonok up"


def test_a_folder_with_a_space_is_written_for_a_shell() -> None:
    assert as_called("zvonok up", "zvonok", {"zvonok_data": "my data"}) == "ZVONOK_DATA='my data' zvonok up"


def test_what_no_shell_has_called_is_told_no_folder() -> None:
    assert as_called("zvonok up", "/opt/app/zvonok/cli.py", {"ZVONOK_DATA": "/data"}) == "zvonok up"
