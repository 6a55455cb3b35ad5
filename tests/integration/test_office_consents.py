"""Consents at the office's command line: the unanswered, sheets of paper, the text, the forms."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import URL

from core.events import ConsentPurpose
from core.refusals import NotFound
from core.school_time import MachineClock
from tests.integration.core_world import DAY, Hands, Watch, refused
from tests.unit.roster_tables import LESSON, PUPIL, STAFF, csv_text, matrix
from zvonok import consents, office
from zvonok.consents import Sheet
from zvonok.installation import Installation
from zvonok.office import NewSchool, WhoGetsCodes
from zvonok.secret import Secret
from zvonok.settings import Settings
from zvonok.trouble import OfficeError


@pytest.fixture
async def here(database_url: URL, tmp_path: Path) -> Installation:
    """A school with one pupil, of whom the father has signed nothing."""
    made = Installation(
        Settings(data=tmp_path, database_url=None),
        database_url,
        Secret(b"the secret of these tests, of thirty-two bytes"),
        Hands().clock,
        MachineClock(),
    )
    unsigned = {**PUPIL, "Родитель 2: согласие от": ""}
    paths = []
    for name, row in (("staff", STAFF), ("pupils", unsigned), ("timetable", LESSON)):
        paths.append(tmp_path / f"{name}.csv")
        paths[-1].write_text(csv_text(matrix(row)), encoding="utf-8")
    await office.import_files(made, paths, NewSchool("Школа 1", "private", "Asia/Yekaterinburg"))
    return made


async def listing(here: Installation, *, everybody: bool = False) -> list[str]:
    return await consents.listing(here, None, None, everybody=everybody)


SIGNED = Sheet(
    "Королёва Алёна", "щеглов игорь", given=True, since=None, until=None, purposes=(), paper_ref="№ 17", version=None
)
FATHER = "5А, Королёва Алёна — Щеглов Игорь (отец): "


async def test_the_unanswered_are_listed_until_a_sheet_of_paper_is_entered(here: Installation) -> None:
    assert await listing(here) == [
        "5А: нет ответа у 1 из 2",
        "  Королёва Алёна — Щеглов Игорь (отец): успеваемость — не спрошено, посещаемость — не спрошено",
    ]
    who = WhoGetsCodes("5А", None, staff=False)
    lines = await office.codes(here, None, who)
    assert "Королёва Анна Юрьевна — 5А, Королёва Алёна" in lines[0]
    assert lines[1:] == ["Без кода, потому что нет согласия на обработку персональных данных:", "  Щеглов Игорь"]
    until = replace(SIGNED, until=DAY, purposes=(ConsentPurpose.ATTENDANCE,))
    assert await consents.enter(here, None, until) == [
        FATHER + "успеваемость — не спрошено, посещаемость — согласие с 24.11.2026 по 24.11.2026"
    ]
    assert len(await listing(here)) == 2, "of achievement nobody has asked him"
    refusal = replace(SIGNED, given=False, purposes=(ConsentPurpose.ACHIEVEMENT,))
    assert await consents.enter(here, None, refusal) == [
        FATHER + "успеваемость — отказ с 24.11.2026, посещаемость — согласие с 24.11.2026 по 24.11.2026"
    ]
    assert await listing(here) == ["5А: нет ответа у 0 из 2"]
    assert len(await listing(here, everybody=True)) == 3
    assert len(await office.codes(here, None, who)) == 2


async def test_a_sheet_of_nobody_is_refused(here: Installation) -> None:
    for sheet in (replace(SIGNED, child="Королёва Анна"), replace(SIGNED, parent="Щеглов")):
        with pytest.raises(OfficeError, match="в журнале нет"):
            await consents.enter(here, None, sheet)
    with pytest.raises(OfficeError, match="Класса «7Б» в журнале нет"):
        await consents.enter(here, None, replace(SIGNED, class_title="7Б"))
    assert await refused(consents.enter(here, None, replace(SIGNED, version=3))) == (NotFound, "consent-text-unknown")


async def test_the_text_is_published_from_a_file_and_printed_on_forms(
    here: Installation, database_url: URL, tmp_path: Path
) -> None:
    with pytest.raises(OfficeError, match="Текста согласия у школы ещё нет"):
        await consents.forms(here, None, None, everybody=False)
    path = tmp_path / "текст.txt"
    for wrong, words in ((tmp_path, "не открывается"), (tmp_path / "нет.txt", "не открывается")):
        with pytest.raises(OfficeError, match=words):
            await consents.texts(here, None, wrong)
    path.write_bytes("Согласие".encode("cp1251"))
    with pytest.raises(OfficeError, match="не текст в UTF-8"):
        await consents.texts(here, None, path)
    path.write_text("\ufeffЯ согласен на обработку\r\nданных моего ребёнка.\r\n", encoding="utf-8")
    (published,) = await consents.texts(here, None, path)
    assert published.startswith("Версия 1 от 24.11.2026, SHA-256 ")
    shown = await consents.texts(here, None, None)
    assert shown == [published, "", "Я согласен на обработку", "данных моего ребёнка."]
    blank = await consents.forms(here, None, None, everybody=False)
    assert "данных моего ребёнка." in blank
    assert blank[-1] == "Текст: версия 1, SHA-256 " + published.rpartition(" ")[2]
    for_father = await consents.forms(here, None, "5а", everybody=False)
    assert "Родитель или законный представитель: Щеглов Игорь" in for_father
    assert "Ученик, класс: Королёва Алёна Игоревна, 5А" in for_father
    both = await consents.forms(here, None, "5А", everybody=True)
    assert len(both) == 2 * len(for_father) + 1
    await consents.enter(here, None, replace(SIGNED, version=1))
    assert await consents.forms(here, None, "5А", everybody=False) == [
        "Все взрослые этого класса ответили: печатать нечего."
    ]
    await Watch(database_url).rows("UPDATE core.consent_text SET text = 'Другое'")
    assert "ТЕКСТ ИЗМЕНЁН МИМО ЖУРНАЛА" in (await consents.texts(here, None, None))[0]
