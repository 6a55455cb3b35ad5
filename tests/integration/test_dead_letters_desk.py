"""``zvonok dead-letters`` as an operator meets it: who, why, and what to type; a wrong word changes nothing."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import URL, text

from core.database import Database
from core.events import Channel
from core.refusals import Invalid, NotFound
from core.school_time import MachineClock, SchoolClock
from tests.integration.gateway_world import UNEXPLAINED, Child, GatewayWorld, gateway_world
from zvonok import dead_letters as desk
from zvonok.dead_letters import Asked
from zvonok.installation import Installation
from zvonok.sandbox.faults import Cut, Refused
from zvonok.secret import Secret
from zvonok.settings import Settings
from zvonok.trouble import OfficeError

CHAT, BOTH = (Channel.TELEGRAM,), (Channel.TELEGRAM, Channel.MAIL)
TOO_LONG = Refused(400, "Bad Request: message is too long")
EVERY = Asked(every=True)
WHY = "исправили шаблон"


@dataclass
class Desk:
    """A gateway, and the installation whose command line is asked."""

    world: GatewayWorld
    here: Installation

    async def absent(self, *children: Child) -> None:
        await self.world.publish(*(self.world.day_event(child, {1: UNEXPLAINED}) for child in children))
        await self.world.settle()
        await self.world.pass_undo()

    async def name(self, child: Child, surname: str) -> None:
        """Let the journal know the first parent by this name."""
        async with self.world.core.begin() as session:
            school = {"school": self.world.school}
            await session.execute(
                text("""
INSERT INTO core.school (id, kind, name, zone, settings, version)
VALUES (:school, 'private', 'Школа «Радуга»', 'Asia/Yekaterinburg', '{}', 1) ON CONFLICT DO NOTHING"""),
                school,
            )
            await session.execute(
                text("""
INSERT INTO core.person (id, school_id, surname, given, patronymic, sort_key)
VALUES (:id, :school, :surname, 'Игорь', '', '')"""),
                {**school, "id": child.parents[0].id, "surname": surname},
            )

    async def replay(self, *numbers: str, asked: Asked = Asked(), maybe_told: bool = False) -> list[str]:  # noqa: B008 - a frozen value
        return await desk.replay(self.here, numbers, asked, why=WHY, maybe_told=maybe_told)

    async def refused(self, *numbers: str, asked: Asked = Asked()) -> str:  # noqa: B008 - a frozen value
        with pytest.raises(OfficeError) as refusal:
            await self.replay(*numbers, asked=asked)
        return str(refusal.value)


@pytest_asyncio.fixture
async def office(
    core_database: Database, gateway_database: Database, database_url: URL, tmp_path: Path
) -> AsyncIterator[Desk]:
    async with gateway_world(core_database, gateway_database, tmp_path) as world:
        clock = SchoolClock(source=lambda: world.clock.wall)
        here = Installation(Settings(data=tmp_path), database_url, Secret(b"x" * 32), clock, MachineClock())
        yield Desk(world, here)


def number_in(line: str) -> str:
    return line.split(maxsplit=1)[0]


async def test_the_list_says_who_and_why_and_what_to_type(office: Desk) -> None:
    assert await desk.list_(office.here, EVERY, None) == ["Недоставленных сообщений нет."]
    child = await office.world.child(CHAT)
    await office.name(child, "Щеглов")
    office.world.emulator.faults.arm(TOO_LONG)
    await office.absent(child)
    line, why, then = await desk.list_(office.here, Asked(), None)
    number = number_in(line)
    assert line == f"{number}  Щеглов Игорь · Телеграм · пропуски, 20.10.2026"
    assert why == "          20.10.2026 08:41: не отправлено (получен отказ)"
    assert then == (
        f"Подробнее: zvonok dead-letters show {number}\n"
        f'Отправить ещё раз: zvonok dead-letters replay {number} --why "что изменилось"'
    )
    shown = await desk.show(office.here, number)
    assert shown[:2] == [line, why]
    assert shown[2] == "          Сообщать имеет смысл до 21.10.2026 00:00"
    assert shown[3].startswith("Можно отправить ещё раз, путь — Телеграм: zvonok dead-letters replay")
    assert shown[4].startswith("Весь путь: zvonok trace attendance/")


async def test_one_goes_again_by_its_number_and_who_and_why_is_shown(office: Desk) -> None:
    child = await office.world.child(CHAT)
    office.world.emulator.faults.arm(TOO_LONG)
    await office.absent(child)
    number = number_in((await desk.list_(office.here, Asked(), None))[0])
    office.world.emulator.faults.lift_all()
    assert await office.replay(number) == ["Будет отправлено ещё раз: 1 сообщение. Тихие часы соблюдаются."]
    assert await office.replay(number) == ["Уже ждёт отправки: 1 сообщение."]
    assert "Оно уже ждёт отправки или отправляется." in await desk.show(office.here, number)
    await office.world.settle()
    assert len(office.world.chat(child.parents[0])) == 1
    assert await office.refused(number) == f"{number}  {child.parents[0].id}: не отправлено, сообщение дошло."
    shown = await desk.show(office.here, number)
    assert any("решено отправить ещё раз (" in line and WHY in line for line in shown)
    assert (await desk.list_(office.here, Asked(), None))[0].startswith("Недоставленных сообщений, с которыми")


async def test_all_of_a_reason_go_again_and_what_may_have_arrived_only_on_a_word(office: Desk) -> None:
    world = office.world
    failed = [await world.child(CHAT) for _ in range(3)]
    world.emulator.faults.arm(TOO_LONG)
    await office.absent(*failed)
    world.emulator.faults.lift_all()
    doubtful = await world.child(CHAT)
    world.emulator.faults.arm(Cut(accepted=True), times=2)
    await office.absent(doubtful)
    await world.retry_for(minutes=2)
    assert await office.replay(asked=Asked(reason="refused")) == [
        "Будут отправлены ещё раз: 3 сообщения. Тихие часы соблюдаются."
    ]
    await world.settle()
    assert [len(world.chat(child.parents[0])) for child in failed] == [1, 1, 1]
    said = await office.refused(asked=Asked(channel="telegram"))
    assert said.splitlines() == [
        "Не отправлено: 1 — может быть, уже дошло.",
        "Если отправить и то, что могло уже дойти, добавьте --maybe-told: кому-то придёт дважды.",
    ]
    assert len(world.chat(doubtful.parents[0])) == 2
    number = number_in((await desk.list_(office.here, Asked(), None))[0])
    assert any("--maybe-told --why" in line for line in await desk.show(office.here, number))
    assert await office.replay(number, maybe_told=True) == [
        "Будет отправлено ещё раз: 1 сообщение. Тихие часы соблюдаются."
    ]
    await world.settle()
    assert len(world.chat(doubtful.parents[0])) == 3
    assert any("хотя могло уже дойти" in line for line in await desk.show(office.here, number))


async def test_what_needs_nobody_is_listed_only_if_asked_for(office: Desk) -> None:
    helped, late = await office.world.child(BOTH), await office.world.child(CHAT)
    office.world.emulator.faults.arm(TOO_LONG)
    await office.absent(helped, late)
    office.world.clock.move(days=1)
    assert (await desk.list_(office.here, Asked(), None))[0].startswith("Недоставленных сообщений, с которыми")
    notes = [line.partition("; ")[2] for line in (await desk.list_(office.here, EVERY, None))[1:4:2]]
    assert sorted(notes) == ["сообщать уже поздно", "сообщили другим путём"]
    assert (await office.refused(asked=Asked(reason="refused"))).startswith("Недоставленных сообщений, с которыми")


async def test_a_long_list_goes_on_where_it_ended(office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "PAGE", 2)
    children = [await office.world.child(CHAT) for _ in range(3)]
    office.world.emulator.faults.arm(TOO_LONG)
    await office.absent(*children)
    asked = Asked(reason="refused")
    *first, more = await desk.list_(office.here, asked, None)
    last = number_in(first[2])
    assert more == f"Это не всё. Дальше: zvonok dead-letters list --reason refused --behind {last}"
    rest = await desk.list_(office.here, asked, last)
    assert len(rest) == 3
    assert len({number_in(line) for line in (first[0], first[2], rest[0])}) == 3


async def test_a_wrong_word_is_told_and_changes_nothing(office: Desk) -> None:
    child = await office.world.child(CHAT)
    office.world.emulator.faults.arm(TOO_LONG)
    await office.absent(child)
    number = number_in((await desk.list_(office.here, Asked(), None))[0])
    for wrong in ("zzz", "", "0" * 33, "00000000"):
        assert await office.refused(wrong) == (
            f"«{wrong}»: такого сообщения нет. Номера покажет zvonok dead-letters list"
        )
    assert (await office.refused()).startswith("Скажите, что отправить")
    assert (await office.refused(number, asked=Asked(reason="refused"))).startswith("Скажите, что отправить")
    assert (await office.refused(asked=Asked(reason="усталость"))).startswith("«усталость»: такой причины нет.")
    with pytest.raises(Invalid):
        await desk.replay(office.here, [number], Asked(), why="  ", maybe_told=False)
    with pytest.raises(NotFound):
        await office.replay(asked=Asked(school="Школа, которой нет"))
    assert await office.world.stands() == {"telegram": ("failed", "refused")}
    assert await office.world.value("SELECT count(*) FROM gateway.replay") == 0


async def test_a_number_that_begins_two_is_doubtful(office: Desk) -> None:
    children = [await office.world.child(CHAT) for _ in range(2)]
    office.world.emulator.faults.arm(TOO_LONG)
    await office.absent(*children)
    await office.world.do("UPDATE gateway.delivery SET id = overlay(id::text placing 'abcdef12' from 1)::uuid")
    assert (await office.refused("abcdef12")).startswith("«abcdef12»: так начинаются номера нескольких сообщений.")
    whole = str(await office.world.value("SELECT min(id::text) FROM gateway.delivery"))
    assert await office.replay(whole.upper())
