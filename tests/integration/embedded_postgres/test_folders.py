"""Folders with long and odd names, foreign ones, damaged ones."""

import os
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests.integration.embedded_postgres.processes import (
    KEPT,
    ask,
    contents,
    copy,
    exists,
    kill_all,
    mode,
    nobody_left,
    refusal,
    using,
)
from zvonok.postgres import Trouble, running_postgres


@pytest.mark.parametrize("name", ["глубоко/" * 12, "пробелы, запятые: 'и' \"кавычки\" % @"], ids=["deep", "odd"])
async def test_paths_that_do_not_fit_a_socket(folder: Path, made_once: Path, name: str) -> None:
    data = copy(made_once, folder / name / "data")
    with using(data) as user:
        url = make_url(user.said()["url"])
        socket = Path(str(url.query["host"]))
        assert len(os.fsencode(socket)) < 80
        assert mode(socket) == 0o700
        assert await ask(url, KEPT) == "Ёлкина"
        kill_all(data)
    async with running_postgres(data) as server:
        assert server.url == url  # the folder of the killed server is used again
        assert await ask(make_url(server.url.render_as_string(hide_password=False)), KEPT) == "Ёлкина"
    assert not exists(socket)


async def test_a_foreign_folder_is_left_alone(folder: Path) -> None:
    (folder / "PG_VERSION").write_text("18\n", encoding="utf-8")
    before = contents(folder)
    assert (await refusal(folder)).trouble is Trouble.FOREIGN_FOLDER
    assert contents(folder) == before


async def test_a_file_in_the_place_of_the_folder_is_left_alone(folder: Path) -> None:
    (folder / "data").write_text("письмо", encoding="utf-8")
    assert (await refusal(folder / "data")).trouble is Trouble.FOREIGN_FOLDER
    assert contents(folder) == {str(folder / "data"): "письмо".encode()}


@pytest.mark.parametrize("version", ["17", "19"])
async def test_data_of_another_version_are_left_alone(data: Path, version: str) -> None:
    (data / "cluster" / "PG_VERSION").write_text(f"{version}\n", encoding="utf-8")
    before = contents(data)
    refused = await refusal(data)
    assert refused.trouble is Trouble.OTHER_VERSION
    assert f"PostgreSQL {version}" in str(refused)
    assert contents(data) == before


async def test_a_lost_password_is_told(data: Path) -> None:
    (data / "password").unlink()
    before = contents(data)
    assert (await refusal(data)).trouble is Trouble.LOST_DATA
    assert contents(data) == before


async def test_damaged_data_are_told_and_left_alone(data: Path) -> None:
    control = data / "cluster" / "global" / "pg_control"
    control.rename(control.with_name("elsewhere"))
    refused = await refusal(data)
    assert refused.trouble is Trouble.NOT_STARTED
    assert "could not find the database system" in str(refused)
    await nobody_left(data)
    control.with_name("elsewhere").rename(control)
    async with running_postgres(data) as server:
        assert await ask(server.url, KEPT) == "Ёлкина"


async def test_a_wrong_option_is_told(data: Path) -> None:
    refused = await refusal(data, options={"shared_buffers": "plenty"})
    assert refused.trouble is Trouble.NOT_STARTED
    assert "shared_buffers" in str(refused)
