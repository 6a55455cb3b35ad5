"""What is kept of a failure for whoever mends it: the place and the kind, and none of the values that it quotes."""

import json
from pathlib import Path
from typing import NoReturn

import asyncpg
import pytest
import structlog
from sqlalchemy.exc import DBAPIError

from zvonok import backtrace, failures, log

NAME = "Ёлкин Вадим"


def refuse() -> NoReturn:
    raise asyncpg.DataError(f"invalid input for query argument $2: '{NAME}'\nDETAIL:  Key (name)=({NAME})\n  {NAME}")


def broken() -> Exception:
    """Return an error as the database's driver and SQLAlchemy raise it, with what they quote."""
    try:
        try:
            refuse()
        except asyncpg.DataError as error:
            raise DBAPIError("SELECT 1", {"name": NAME}, error) from error
    except DBAPIError as error:
        return error


def test_a_kept_failure_names_the_place_and_the_kind_and_no_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZVONOK_DATA", str(tmp_path))
    said, code = failures.told(broken())
    kept = (tmp_path / "errors.log").read_text(encoding="utf-8")
    assert (str(tmp_path / "errors.log") in said, code) == (True, failures.REFUSED)
    assert NAME not in kept + said
    assert "DETAIL" not in kept
    assert f"{Path(__file__).name}:" in kept
    assert "asyncpg.exceptions.DataError sqlstate=22000" in kept
    assert kept.splitlines()[-1] == "sqlalchemy.exc.DBAPIError"
    failures.told(KeyError(NAME))
    assert NAME not in (tmp_path / "errors.log").read_text(encoding="utf-8")


def test_errors_of_a_group_and_what_an_error_hid_on_purpose() -> None:
    group = ExceptionGroup(NAME, [broken(), OSError(28, NAME)])
    lines = backtrace.of(group).splitlines()
    assert lines[0] == "builtins.ExceptionGroup"
    assert "  | sqlalchemy.exc.DBAPIError" in lines
    assert lines[-1] == "  | builtins.OSError errno=28"
    hidden = ValueError(NAME)
    hidden.__context__, hidden.__suppress_context__ = KeyError(NAME), True
    assert backtrace.of(hidden) == "builtins.ValueError"


def test_a_log_shows_an_exception_without_its_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    before = structlog.get_config()
    try:
        log.configure("info")
        try:
            json.loads(NAME)
        except ValueError:
            structlog.get_logger().exception("page broke", school="1")
        shown = capsys.readouterr().err
    finally:
        structlog.configure(**before)
    assert "page broke" in shown
    assert "json.decoder.JSONDecodeError" in shown
    assert NAME not in shown
