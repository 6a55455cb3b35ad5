"""Of whom nobody is told when they are absent: the class teacher sees it at the bot, the office at the command line."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from bot.teacher_payloads import Unreached, pack
from core.database import Database
from core.events import Channel
from core.refusals import NotFound
from gateway import subscriptions
from tests.integration.bot_classroom import Classroom, classroom, colleague, refusal
from tests.integration.bot_home import forged, hand_gateway
from tests.integration.bot_world import Rooms
from tests.integration.core_world import refused
from tests.integration.test_bot_notices import families, open_notices
from tests.integration.test_office import Desk
from zvonok import unreached


@pytest.fixture
async def room(core_database: Database, gateway_database: Database, bot_database: Database) -> AsyncIterator[Classroom]:
    async with classroom(Rooms(core_database, gateway_database, bot_database)) as made:
        yield made


async def test_a_class_teacher_sees_whom_to_telephone_and_why(room: Classroom) -> None:
    adults = await families(room)
    async with hand_gateway(room.world) as gateway, room.world.running():
        await open_notices(room)
        assert "Не узнают об отсутствии: 4" in room.labels()
        await room.taps("Не узнают об отсутствии: 4")
        assert "• Абрамов Г., Ёлкин В., Иванова А. — чат или почта ещё подключаются" in room.text
        await gateway.plan()
        await room.taps("К объявлениям", "Не узнают об отсутствии: 2")
        assert room.text == (
            "5А: о чьём отсутствии никто в семье не узнает\n\n"
            "• Ёлкин В. — нет согласия родителя\n"
            "• Яшин Л. — в журнале нет взрослых, которым можно сообщить\n\n"
            "Если кого-то из них нет на уроке, сообщение никому не придёт. Позвоните, пожалуйста, семье сами."
        )
        async with room.world.desk.gateway.begin() as session:
            leaves = subscriptions.unsubscribe
            await leaves(session, adults["Абрамова Инна"], Channel.TELEGRAM, via="page", at=room.world.clock.wall)
        await room.taps("К объявлениям", "Не узнают об отсутствии: 3")
        assert "• Абрамов Г. — от таких сообщений отказались сами" in room.text


async def test_whoever_stops_the_bot_is_seen_at_once_and_gone_when_he_lets_it_in_again(room: Classroom) -> None:
    await families(room)
    parent = room.world.someone(300)
    async with hand_gateway(room.world) as gateway, room.world.running():
        await gateway.plan()
        await parent.block()
        await room.world.settled()
        await open_notices(room)
        await room.taps("Не узнают об отсутствии: 3")
        (line,) = [one for one in room.text.splitlines() if one.startswith("• Иванова А.")]
        assert "адрес больше не действует" in line
        await parent.unblock()
        await room.world.settled()
        await gateway.plan()
        await room.taps("К объявлениям")
        assert "Не узнают об отсутствии: 2" in room.labels()


async def test_whoever_calls_the_roll_is_told_of_whom_no_family_learns(room: Classroom) -> None:
    await families(room)
    async with hand_gateway(room.world) as gateway, room.world.running():
        await gateway.plan()
        await room.types("урок")
        await room.taps("Абрамов Г.", "Ёлкин В.", "Готово: отсутствуют 2")
    assert "Родителям уйдёт через" in room.text
    assert room.text.endswith(
        "Ни до кого в семье сообщение не дойдёт: Ёлкин В.\n"
        "Позвоните, пожалуйста, сами или скажите классному руководителю."
    )


async def test_nobody_else_sees_it(room: Classroom) -> None:
    async with room.world.running():
        other = await colleague(room)
        answer = await forged(room.world, other, pack(Unreached(room.school_class)))
    assert answer.text == refusal("class-not-yours", class_title="5А")


@pytest.fixture
async def desk(database_url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    made = Desk(database_url, tmp_path)
    await made.imports(made.files())
    return made


async def test_the_office_lists_them_of_the_school_or_of_a_class(desk: Desk) -> None:
    title, *lines, count = await unreached.listing(desk.here, None, None)
    assert title == "О чьём отсутствии на уроке никто в семье не узнает"
    assert count == f"Всего: {len(lines)} из {len(lines)}"
    assert any("— чат или почта ещё подключаются" in line for line in lines)
    of_class = await unreached.listing(desk.here, None, "5А")
    assert of_class[1:-1] == [line for line in lines if line.startswith("  5А, ")] != []
    assert await refused(unreached.listing(desk.here, None, "99Я")) == (NotFound, "class-unknown")
