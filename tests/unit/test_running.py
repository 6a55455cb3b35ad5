"""How a command runs: signals, and what asks is not answered by an empty database made for the asking."""

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from zvonok.commands.running import run, tell
from zvonok.installation import Installation
from zvonok.postgres.place import MOVED_NOTE
from zvonok.trouble import OfficeError


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    """The loop leaves Python's own handlers behind."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


async def interrupted(number: signal.Signals, done: list[str]) -> None:
    """Be stopped by an impatient person: the signal comes again while everything is being put away."""
    try:
        os.kill(os.getpid(), number)
        await asyncio.Event().wait()
    finally:
        os.kill(os.getpid(), number)
        await asyncio.sleep(0.05)
        done.append("put away")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_what_was_broken_off_says_so_by_its_exit_code(
    number: signal.Signals, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    done: list[str] = []
    with pytest.raises(click.exceptions.Exit) as left:
        run(interrupted(number, done))
    assert (left.value.exit_code, done) == (code, ["put away"])
    assert capsys.readouterr().err == "Остановлено.\n"


def test_for_what_lasts_a_signal_is_the_good_end(capsys: pytest.CaptureFixture[str]) -> None:
    done: list[str] = []
    run(interrupted(signal.SIGINT, done), lasting=True)
    assert done == ["put away"]
    assert capsys.readouterr().err == ""


async def never(here: Installation) -> list[str]:
    raise AssertionError(f"asked of {here.url.database}")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("ZVONOK_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ZVONOK_DATA", "here")
    return tmp_path / "here"


def test_who_asks_where_no_data_are_is_told_and_nothing_is_made(data: Path) -> None:
    with pytest.raises(OfficeError, match=r"В папке here данных нет\. .*ZVONOK_DATA=папка"):
        tell(never)
    assert not data.exists()


def test_who_asks_beside_a_demonstration_is_shown_its_folder(data: Path) -> None:
    (data / "demo" / "postgres").mkdir(parents=True)
    (data / "demo" / "postgres" / MOVED_NOTE).touch()
    with pytest.raises(OfficeError, match="начните команду с ZVONOK_DATA=here/demo"):
        tell(never)
    assert [path.name for path in data.iterdir()] == ["demo"]
