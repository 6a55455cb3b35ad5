"""The office's commands about stolen accounts."""

from pathlib import Path

import pytest
from sqlalchemy import URL

from core.account import accounts
from core.account.accounts import MessengerAccount
from core.actor import Act, Actor
from core.database import Database
from core.events import Channel
from core.learning import gradebook
from core.refusals import Conflict, Invalid, NotFound
from core.school_time import MachineClock
from tests.integration.core_world import ClassRoom, class_room, refused
from zvonok import breaching
from zvonok.breaching import Reported
from zvonok.installation import Installation
from zvonok.secret import Secret
from zvonok.settings import Settings
from zvonok.trouble import OfficeError

NAME = "Кузнецова Мария Петровна"


def told(name: str = NAME, account: str | None = None, found: str | None = None, head: str | None = None) -> Reported:
    return Reported(name, account, found, head, None)


async def thief_of(room: ClassRoom) -> Actor:
    """Link a messenger to the teacher; return whoever acts through it."""
    account = MessengerAccount(Channel.TELEGRAM, "1")
    await room.builder.link(room.teacher, account)
    async with room.database.begin() as session:
        return await accounts.actor_for(session, account, room.teacher)


def installation(url: URL, room: ClassRoom, folder: Path) -> Installation:
    secret = Secret(b"the secret of these tests, of thirty-two bytes")
    return Installation(Settings(data=folder, database_url=None), url, secret, room.hands.clock, MachineClock())


async def test_a_theft_from_its_notice_to_its_act(core_database: Database, database_url: URL, tmp_path: Path) -> None:
    room = await class_room(core_database, database_url)
    here = installation(database_url, room, tmp_path)
    thief = await thief_of(room)
    assert await breaching.listed(here, None) == ["Сообщений о чужом доступе нет."]
    room.hands.move(minutes=1)
    (line,) = await breaching.report(here, None, told(found="2026-11-24 08:00", head="2026-11-24 08:30"))
    number, rest = line.split("  ", 1)
    assert rest == (
        f"{NAME} (telegram). Обнаружено 24.11.2026 08:00, сообщить нужно было до 24.11.2026 09:00, "
        "директор и поддержка знают с 24.11.2026 08:41."
    )
    assert await breaching.show(here, None, number) == [
        line,
        "С тех пор под этой учётной записью ничего не сделано.",
    ]
    async with core_database.begin() as session:
        given = await gradebook.give(session, Act(thief, room.hands.at, "1"), room.lessons[0], room.pupils[0], 2)
    shown = f"  24.11.2026 08:41  выставлена оценка (mark/{given.mark})"
    assert await breaching.show(here, None, number) == [line, shown]
    lines = await breaching.void(here, None, number, "7-ИБ")
    voided = f"{shown}: исправлено"
    assert lines == [
        voided,
        "Акт № 7-ИБ: операций признано недействительными: 1, из них исправить вручную: 0.",
    ]
    line += " Акт № 7-ИБ от 24.11.2026 08:41."
    assert await breaching.show(here, None, number) == [line, voided]
    assert await breaching.listed(here, None) == [line]
    assert await refused(breaching.void(here, None, number, "8")) == (Conflict, "breach-void-already")


async def test_what_is_not_clear_is_asked(core_database: Database, database_url: URL, tmp_path: Path) -> None:
    room = await class_room(core_database, database_url)
    here = installation(database_url, room, tmp_path)
    assert await refused(breaching.report(here, None, told("Нет Такой"))) == (NotFound, "person-unknown")
    assert await refused(breaching.report(here, None, told())) == (NotFound, "breach-account-unknown")
    await thief_of(room)
    await room.builder.link(room.teacher, MessengerAccount(Channel.TELEGRAM, "2"))
    with pytest.raises(OfficeError, match=r"telegram \w{8}, telegram \w{8} \(прежний чат\)") as several:
        await breaching.report(here, None, told())
    one = str(several.value).partition("telegram ")[2][:8]
    assert await breaching.report(here, None, told(account=one)) == await breaching.listed(here, None)
    for year in ("0001", "1900"):
        slip = told(account=one, found=f"{year}-01-01 00:00")
        assert await refused(breaching.report(here, None, slip)) == (Invalid, "breach-long-ago")
    assert await refused(breaching.report(here, None, told("\udcff\0"))) == (NotFound, "person-unknown")
    await room.builder.teacher(room.school, NAME)
    with pytest.raises(OfficeError, match="в журнале не один"):
        await breaching.report(here, None, told())
    assert await refused(breaching.show(here, None, "0")) == (NotFound, "breach-unknown")
    with pytest.raises(OfficeError, match="нужно время по часам школы"):
        breaching.check(told(found="вчера"))
    breaching.check(told(found="2026-11-24T08:30"))
