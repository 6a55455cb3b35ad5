"""«Войти на сайте» at the wire: the chat gives a code, the site takes it once, and nobody learns more by it."""

import re
from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from core.account import sessions
from core.account.entry_codes import CodeEntrance, TypedCode
from core.account.sessions import Need, Proof
from core.database import Database
from core.refusals import Forbidden
from tests.integration.bot_home import hand_gateway, pressed
from tests.integration.bot_world import Rooms, bot_world, last
from tests.integration.test_bot_subscriptions import Reader

SITE = "https://zvonok.school.example"
CODE = re.compile(r"\b([2-9A-HJ-NP-Z]{4})-([2-9A-HJ-NP-Z]{4})\b")


@pytest.fixture
async def reader(core_database: Database, gateway_database: Database, bot_database: Database) -> AsyncIterator[Reader]:
    rooms = Rooms(core_database, gateway_database, bot_database)
    async with bot_world(rooms, site=SITE) as world, hand_gateway(world) as gateway:
        school = await world.builder.school(undo_window=0)
        school_class = await world.builder.school_class(school, "5А")
        child = await world.builder.pupil(school_class, "Иванова Анна Петровна", date(2014, 3, 5))
        mother_id = await world.builder.guardian(child, name="Иванова Ольга")
        made = Reader(world, gateway, school, school_class, child, mother_id, world.someone(200, "Ольга"))
        await made.linked()
        async with world.running():
            yield made


def code_in(said: str) -> str:
    found = CODE.search(said)
    assert found is not None, said
    return found[1] + found[2]


def entrance(reader: Reader) -> CodeEntrance:
    return CodeEntrance(reader.world.desk.core, reader.world.desk.account_keeper)


async def enter(reader: Reader, code: str, later: timedelta = timedelta()) -> sessions.Visitor:
    now = reader.world.desk.school_clock.now() + later
    entered = await entrance(reader).enter(TypedCode(code, "203.0.113.7", "Chrome"), now)
    async with reader.world.desk.core.begin() as session:
        return await sessions.visitor(session, reader.world.desk.account_keeper, entered.opened.token, now)


@pytest.mark.req("AUTH-05", "AUTH-07")
async def test_a_parent_without_a_login_enters_by_a_code_of_her_chat_once(reader: Reader) -> None:
    said = await reader.says("/site")
    assert f"Откройте {SITE}/login-code" in said
    assert "действует один раз" in said
    code = code_in(said)
    async with reader.world.desk.core.begin() as session:
        kept = (await session.execute(text("SELECT * FROM core.entry_code"))).one()
        assert code not in str(kept)
    here = await enter(reader, code)
    assert (here.actor.person, here.need) == (reader.mother_id, Need.NOTHING)
    async with reader.world.desk.core.begin() as session:
        (line,) = await sessions.of_account(session, here, reader.world.desk.school_clock.now())
    assert (line.proof, line.device) == (Proof.CODE, "Chrome")
    with pytest.raises(Forbidden, match="entry-code-wrong"):
        await enter(reader, code)


async def test_a_newer_code_ends_the_older_and_five_minutes_end_both(reader: Reader) -> None:
    first, second = code_in(await reader.says("Войти на сайте")), code_in(await reader.says("вход на сайт"))
    for code, later in ((first, timedelta()), (second, timedelta(minutes=5)), ("22222222", timedelta())):
        with pytest.raises(Forbidden, match="entry-code-wrong"):
            await enter(reader, code, later)
    assert (await enter(reader, second, timedelta(minutes=4, seconds=59))).actor.person == reader.mother_id


async def test_the_button_stands_under_own_data_and_a_stranger_gets_no_code(reader: Reader) -> None:
    await reader.says("/me")
    assert last(reader.mother).labels()[-3:] == ("Указать почту", "Войти на сайте", "‹ В начало")
    await pressed(reader.world, reader.mother, "Войти на сайте")
    assert CODE.search(last(reader.mother).text) is not None
    stranger = reader.world.someone(777, "Кто-то")
    await stranger.send("/site")
    await reader.world.settled()
    assert CODE.search(last(stranger).text) is None
    async with reader.world.desk.core.begin() as session:
        assert (await session.execute(text("SELECT count(*) FROM core.entry_code"))).scalar_one() == 1


async def test_guesses_of_one_network_end_and_say_when_to_come_back(reader: Reader) -> None:
    for _ in range(100):
        with pytest.raises(Forbidden, match="entry-code-wrong"):
            await enter(reader, "22222222")
    with pytest.raises(Forbidden) as refused:
        await enter(reader, code_in(await reader.says("/site")))
    assert (refused.value.code, refused.value.details) == ("source-too-many", {"minutes": 15})
