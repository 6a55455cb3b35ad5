"""A demonstration's folder is one demonstration's, and its ports are held from the moment they are chosen."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.ports import free_port
from zvonok.data_folder import data_folder, demonstrations_folder
from zvonok.demo.alone import alone, is_of_demonstration, stands_at
from zvonok.demo.stage import any_listener, kept_listener
from zvonok.demo.visiting import CLOCK, visited
from zvonok.sandbox.moved_clock import MovedClock, kept_moment
from zvonok.sandbox.page.server import page_listener
from zvonok.settings import Settings
from zvonok.trouble import InstallationError


def test_two_that_start_at_once_hold_different_ports_and_keep_them(tmp_path: Path) -> None:
    usual = free_port()
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    with kept_listener(one, usual) as first, kept_listener(other, usual) as second:
        ports = first.getsockname()[1], second.getsockname()[1]
        assert ports[0] == usual != ports[1]
        assert ((one / "pages-port").read_text(), (other / "pages-port").read_text()) == (str(ports[0]), str(ports[1]))
    with kept_listener(other, usual) as again:
        assert again.getsockname()[1] == ports[1], "links in old letters still open"


def test_a_kept_port_that_is_taken_meanwhile_is_left_to_its_taker(tmp_path: Path) -> None:
    with any_listener() as taker:
        taken = taker.getsockname()[1]
        (tmp_path / "pages-port").write_text(str(taken))
        with kept_listener(tmp_path, taken) as instead:
            port = instead.getsockname()[1]
        assert port != taken
        assert (tmp_path / "pages-port").read_text() == str(port)


def test_a_port_that_was_asked_for_and_is_taken_is_refused_at_once() -> None:
    with any_listener() as taker, pytest.raises(InstallationError, match="занят или недоступен"):
        page_listener(taker.getsockname()[1])


def test_a_folder_is_one_demonstrations(tmp_path: Path) -> None:
    folder = tmp_path / "var" / "demo"
    assert not is_of_demonstration(folder)
    with alone(folder), pytest.raises(InstallationError, match="уже идёт"), alone(folder):
        raise AssertionError("two in one folder")
    with alone(folder):
        assert is_of_demonstration(folder)
    assert not is_of_demonstration(Path("/"))


def test_only_the_environment_says_where_demonstrations_lie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ZVONOK_DATA", raising=False)
    (tmp_path / ".env").write_text("ZVONOK_DATA=data\n", encoding="utf-8")
    assert (data_folder(), demonstrations_folder()) == (Path("data"), Path("var")), "a school's folder gets deleted"
    monkeypatch.setenv("ZVONOK_DATA", "var/demo")
    assert demonstrations_folder() == Path("var/demo")
    with alone(Path("var/demo")):
        assert demonstrations_folder() == Path("var"), "no demonstration inside a demonstration"


def test_a_visitor_lives_by_the_demonstrations_clock_and_reads_nobodys_base(tmp_path: Path) -> None:
    folder, first = tmp_path / "demo", datetime(2026, 9, 8, 5, 31, tzinfo=UTC)
    own = Settings.model_construct(data=folder, database_url=SecretStr("postgresql://u:p@db.school.example/d"))
    assert visited(own) == (own, None)
    folder.mkdir()
    with alone(folder):
        clock = MovedClock(folder / CLOCK, first, first + timedelta(days=200))
        clock.move_to(first + timedelta(days=1))
        settings, there = visited(own)
        assert (settings.server_url(), settings.data, settings.sandbox) == (None, folder, True)
        assert there is not None
        assert timedelta() <= clock.now() - there.now() + timedelta(seconds=1) < timedelta(seconds=20)
        clock.close()
    assert there.now() == there.now() == kept_moment(folder / CLOCK), "between two plays it stands still"
    assert there.now() >= first + timedelta(days=1)


def test_whoever_is_refused_hears_where_the_other_one_stands(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    with alone(folder):
        stands_at(folder, "http://127.0.0.1:8031/")
        with pytest.raises(InstallationError, match=r"уже идёт\. Откройте http://127\.0\.0\.1:8031/"), alone(folder):
            raise AssertionError("two in one folder")
    with alone(folder), pytest.raises(InstallationError, match="уже идёт: остановите"), alone(folder):
        raise AssertionError("a new one has no page yet")
