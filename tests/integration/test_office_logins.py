"""``zvonok logins``: sheets with first passwords, and what an administrator does when something was lost."""

from http import HTTPStatus
from pathlib import Path

import pytest
from sqlalchemy import URL

from core.account.identity_documents import Document
from core.database import Database
from core.refusals import Invalid, NotFound
from core.school_time import MachineClock
from tests.integration.account_site import GOOD, account_site
from zvonok import logins
from zvonok.installation import Installation
from zvonok.secret import Secret
from zvonok.settings import Settings
from zvonok.trouble import OfficeError


async def test_the_office_prints_logins_and_closes_them(
    core_database: Database, gateway_database: Database, database_url: URL, tmp_path: Path
) -> None:
    settings = Settings(data=tmp_path, public_url="https://zvonok.school.example")
    async with account_site(core_database, gateway_database, database_url) as site:
        here = Installation(settings, database_url, Secret(b"x" * 32), site.hands.clock, MachineClock())
        lines = await logins.issue(here, None, logins.Whose(parents_of="5а", pupils_of="5А"))
        words = lines[0].split()
        assert lines[0].endswith("Ёлкин Вадим  (сменить до 24.12.2026)")
        assert "Ёлкина Яна Юрьевна — 5А, Ёлкин Вадим" in lines[1]
        assert lines[2].startswith("Вход: https://zvonok.school.example.")
        assert (await site.browser().post("/api/login", login=words[0], password=words[1]))[0] == HTTPStatus.OK
        assert len(await logins.issue(here, None, logins.Whose(staff=True))) == 3

        kept = await logins.put_document(here, None, "Ёлкина Яна Юрьевна", Document("паспорт", "65 05 123456"))
        assert kept == ["Документ записан: Ёлкина Яна Юрьевна."]
        rows = await site.watch.rows("SELECT kind, tail, number_hash FROM core.identity_document")
        assert [(row["kind"], row["tail"]) for row in rows] == [("паспорт", "3456")]
        assert "123456" not in str(await site.watch.everything())
        with pytest.raises(Invalid):
            await logins.put_document(here, None, "Ёлкина Яна Юрьевна", Document("паспорт", "№ 5"))

        await site.watch.rows("UPDATE core.consent SET given = false")
        left_out = await logins.issue(here, None, logins.Whose(parents_of="5А"))
        assert left_out[0].startswith("Без логина, потому что нет согласия")
        assert left_out[1:] == ["  Ёлкина Яна Юрьевна"]

        name = "Кузнецова Мария Петровна"
        issued, browser = await site.settled(site.teacher)
        assert await logins.close(here, None, name, "вышла на пенсию") == [f"Логин закрыт: {name}."]
        assert (await browser.get("/api/session"))[0] == HTTPStatus.UNAUTHORIZED
        assert (await site.browser().enter(issued, GOOD))[0] == HTTPStatus.UNAUTHORIZED
        with pytest.raises(NotFound):
            await logins.drop_second_factor(here, None, name)
        with pytest.raises(NotFound):
            await logins.close(here, None, "Никто Никак", "нет такого")


async def test_a_login_for_one_person_is_none_for_his_namesakes(
    core_database: Database, gateway_database: Database, database_url: URL, tmp_path: Path
) -> None:
    async with account_site(core_database, gateway_database, database_url) as site:
        here = Installation(Settings(data=tmp_path), database_url, Secret(b"x" * 32), site.hands.clock, MachineClock())
        other = await site.builder.guardian(site.pupil, name="Кузнецова Мария Петровна")
        await site.issue(site.teacher, other)
        before = await site.watch.rows("SELECT hash FROM core.password ORDER BY 1")
        who = logins.Whose(person="Кузнецова Мария Петровна")
        with pytest.raises(OfficeError, match="таких в школе 2"):
            await logins.issue(here, None, who)
        assert await site.watch.rows("SELECT hash FROM core.password ORDER BY 1") == before
        await site.watch.rows("UPDATE core.person SET birth_date = '1980-05-01' WHERE id = $1", other)
        assert len(await logins.issue(here, None, logins.Whose(person=f"{who.person}, 01.05.1980"))) == 1
        after = await site.watch.rows("SELECT hash FROM core.password ORDER BY 1")
        assert len(set(before) & set(after)) == 1


async def test_a_first_password_opens_the_choice_of_ones_own_and_is_over_with_it(
    core_database: Database, gateway_database: Database, database_url: URL
) -> None:
    async with account_site(core_database, gateway_database, database_url) as site:
        (issued,) = await site.issue(site.teacher)
        interrupted, again = site.browser(), site.browser()
        for browser in (interrupted, again):
            status, said = await browser.enter(issued)
            assert (status, said["due"]) == (HTTPStatus.OK, "new-password")
        assert (await again.post("/api/password", old=issued.password, new=GOOD))[0] == HTTPStatus.OK
        assert (await interrupted.get("/api/session"))[0] == HTTPStatus.UNAUTHORIZED
        assert (await site.browser().enter(issued))[0] == HTTPStatus.UNAUTHORIZED


def test_somebody_must_be_named() -> None:
    with pytest.raises(OfficeError, match="--pupils 5А"):
        logins.check_whose(logins.Whose())
