"""``zvonok trace`` asked by people: part of a name is enough, several are listed, nobody is a clear refusal."""

from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import URL

from core.school_time import MachineClock
from tests.integration.core_world import Hands
from tests.unit.roster_tables import LESSON, PUPIL, STAFF, csv_text, matrix
from zvonok import office
from zvonok.installation import Installation
from zvonok.office import NewSchool
from zvonok.secret import Secret
from zvonok.settings import Settings
from zvonok.tracing import trace
from zvonok.trouble import OfficeError

NAMESAKE = {**PUPIL, "Имя": "Ева", "Отчество": "", "Дата рождения": "01.02.2015"}
QUIET = "Королёва Алёна, 5А: событий, о которых сообщают взрослым, ещё не было."


@pytest.fixture
async def here(database_url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    monkeypatch.chdir(tmp_path)
    secret = Secret(b"the secret of these tests, of thirty-two bytes")
    made = Installation(Settings(data=tmp_path, database_url=None), database_url, secret, Hands().clock, MachineClock())
    paths = []
    for name, rows in {"staff": [STAFF], "pupils": [PUPIL, NAMESAKE], "timetable": [LESSON]}.items():
        paths.append(tmp_path / f"{name}.csv")
        paths[-1].write_text(csv_text(matrix(*rows)), encoding="utf-8")
    await office.import_files(made, paths, NewSchool("Школа 1", "private", "Asia/Yekaterinburg"))
    return made


async def refused(here: Installation, what: str, day: str | None = None) -> str:
    with pytest.raises(OfficeError) as refusal:
        await trace(here, what, day, None)
    return str(refusal.value)


async def test_part_of_a_name_is_enough_and_several_are_listed_with_what_to_type(here: Installation) -> None:
    assert await trace(here, "алена", None, None) == [QUIET]
    assert await trace(here, "Алёна Королева", None, None) == [QUIET]
    assert await trace(here, "Королёва, 07.05.2015", None, None) == [QUIET]
    for day in ("2026-11-24", "24.11.2026"):
        assert await trace(here, "Алёна", day, None) == [
            "Королёва Алёна, 5А: за 24.11.2026 событий, о которых сообщают взрослым, нет."
        ]
    assert await refused(here, "королева") == (
        "«королева»: таких учеников 2. О ком из них рассказать?\n"
        '  1. Королёва Алёна, 5А: zvonok trace "Королёва Алёна"\n'
        '  2. Королёва Ева, 5А: zvonok trace "Королёва Ева"'
    )


async def test_who_asks_for_an_adult_is_shown_his_children(here: Installation) -> None:
    assert (await refused(here, "Щеглов Игорь")).splitlines() == [
        "«Щеглов Игорь»: это взрослый, а сообщения ищут по ученику. О ком рассказать?",
        '  1. Королёва Алёна, 5А: zvonok trace "Королёва Алёна"',
        '  2. Королёва Ева, 5А: zvonok trace "Королёва Ева"',
    ]


async def test_what_nobody_is_named_says_what_can_be_given(here: Installation) -> None:
    for what in ("Бумбараш", "mark/x", str(uuid4())):
        said = await refused(here, what)
        assert said.startswith(f"«{what}»: ни ученика, ни события с таким именем или номером нет.\n")
        assert 'zvonok trace "Иванова Анна"' in said
    assert "Спросите без --day" in await refused(here, "mark/x", "2026-11-24")
    assert await refused(here, "Алёна", "вчера") == "«вчера» — не день. Напишите так: 24.11.2026"
