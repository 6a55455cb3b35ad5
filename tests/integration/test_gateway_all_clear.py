"""Gone, come later, late, entered later, on real wires: what rings, what is changed in silence, what waits."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest_asyncio

from core.database import Database
from core.events import Channel
from gateway.all_clear import BEHIND
from gateway.categories import Category
from tests.integration.gateway_world import ILLNESS, UNEXPLAINED, Child, GatewayWorld, Parent, absence, gateway_world
from tests.integration.test_gateway_news import AT_ONCE, BY_LETTER, choose
from tests.unit.gateway_cases import attended
from zvonok.sandbox.faults import Cut, Scope

CHAT, LETTER = (Channel.TELEGRAM,), (Channel.MAIL,)


@pytest_asyncio.fixture
async def world(core_database: Database, gateway_database: Database, tmp_path: Path) -> AsyncIterator[GatewayWorld]:
    async with gateway_world(core_database, gateway_database, tmp_path) as made:
        yield made


async def day(world: GatewayWorld, child: Child, *absent: int, seen: tuple[int, ...] = (), **changes: Any) -> None:
    """State the child's day, and let the undo window pass."""
    changes = {"attended": attended(*seen)} | changes
    await world.publish(world.day_event(child, dict.fromkeys(absent, UNEXPLAINED), **changes))
    await world.settle()
    await world.pass_undo()


async def ring(world: GatewayWorld) -> None:
    """Let the time pass by which an all-clear rings behind its edit."""
    world.clock.move(seconds=BEHIND.total_seconds())
    await world.settle()


def titles(world: GatewayWorld, parent: Parent) -> list[str]:
    return [message.text.partition("\n")[0] for message in world.chat(parent)]


async def test_a_day_of_alarms_and_all_clears_is_edited_in_place_and_rings_once_for_each(world: GatewayWorld) -> None:
    child = await world.child(CHAT, LETTER)
    mother, father = child.parents
    await day(world, child, 1)
    world.clock.move(hours=1)
    await world.publish(world.day_event(child, {1: UNEXPLAINED}, attended=attended(2)))
    await world.settle()
    assert titles(world, mother) == ["Отсутствие на уроке"], "the teacher may think again"
    await world.pass_undo()
    assert titles(world, mother) == ["Ребёнок в школе, пропущено уроков: 1"]
    await ring(world)
    assert titles(world, mother) == ["Ребёнок в школе, пропущено уроков: 1", "Ребёнок в школе"]
    assert world.chat(mother)[1].buttons == ()
    await day(world, child, 1, seen=(2, 3))
    assert len(world.chat(mother)) == 2, "one more lesson attended is no news"
    world.clock.move(hours=2)
    await day(world, child, 1, 4, seen=(2, 3))
    assert titles(world, mother)[2:] == ["Отсутствие посреди учебного дня"]
    assert "На 2-м и 3-м уроках отмечено присутствие, на 4-м — нет." in world.chat(mother)[2].text
    await day(world, child, 1, 4, 5, seen=(2, 3))
    assert len(world.chat(mother)) == 3, "six lessons of a day are one message that grows"
    assert len(world.chat(mother)[2].earlier) == 1
    for _ in range(2):
        await day(world, child, 1, 4, 5, seen=(2, 3, 6))
        await ring(world)
        await day(world, child, 1, 4, 5, seen=(2, 3))
    await day(world, child, 1, 4, 5, seen=(2, 3, 6))
    rung = [title for title in titles(world, mother) if title == "Ребёнок в школе"]
    assert len(rung) == 2, "to and fro rings no more all-clears"
    subjects = [letter.subject.partition(":")[0] for letter in world.letters(father)]
    assert subjects[:3] == ["Отсутствие на уроке", "Ребёнок в школе", "Отсутствие на уроке"]


async def test_whoever_was_alarmed_by_mistake_is_told_and_whoever_was_not_is_left_in_peace(world: GatewayWorld) -> None:
    alarmed, spared = await world.child(CHAT), await world.child(CHAT, name="Орлова Маша")
    await day(world, alarmed, 1)
    await world.publish(world.day_event(alarmed, {}, attended=attended(1)), world.day_event(spared, {1: UNEXPLAINED}))
    await world.settle()
    await world.publish(world.day_event(spared, {}, attended=attended(1)))
    await world.settle()
    await world.pass_undo()
    assert titles(world, alarmed.parents[0]) == ["Исправлено: отметка об отсутствии снята", "Ребёнок в школе"]
    assert world.requests(spared.parents[0]) == 0


async def test_an_all_clear_that_was_overtaken_by_an_alarm_is_never_sent(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    await day(world, child, 1)
    await world.publish(world.day_event(child, {1: UNEXPLAINED}, attended=attended(2)))
    await world.settle()
    await day(world, child, 1, 2)
    assert titles(world, child.parents[0]) == ["Отсутствие на уроках"]
    bells = await world.rows("SELECT state, reason FROM gateway.delivery WHERE purpose = 'all-clear'")
    assert [tuple(row) for row in bells] == [("suppressed", "superseded")]


async def test_a_message_that_is_gone_is_followed_by_one_and_not_by_two(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    await day(world, child, 1)
    world.emulator.world.delete(world.chat(child.parents[0])[0])
    await world.publish(world.day_event(child, {}, attended=attended(1)))
    await world.settle()
    await ring(world)
    assert titles(world, child.parents[0]) == ["Исправлено: отметка об отсутствии снята"]


async def test_a_cause_that_is_found_is_told_without_a_sound(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    await day(world, child, 1)
    await world.publish(world.day_event(child, {1: ILLNESS}))
    await world.settle()
    await ring(world)
    assert titles(world, child.parents[0]) == ["Уточнено: причина отсутствия известна"]


async def test_an_all_clear_of_unknown_fate_keeps_no_edit_from_arriving(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    parent = child.parents[0]
    await day(world, child, 1)
    world.emulator.faults.arm(Cut(accepted=True), Scope(method="sendMessage"), times=1)
    await world.publish(world.day_event(child, {}, attended=attended(1)))
    await world.retry_for(5)
    assert titles(world, parent)[0] == "Исправлено: отметка об отсутствии снята"
    assert 1 <= titles(world, parent).count("Ребёнок в школе") <= 2


async def test_what_is_entered_late_or_is_only_late_waits_for_loud_hours(world: GatewayWorld) -> None:
    child, other = await world.child(CHAT), await world.child(CHAT, name="Орлова Маша")
    mother, second = child.parents[0], other.parents[0]
    await choose(world, second, AT_ONCE, Category.LATENESS)
    world.clock.move(hours=13)
    await day(world, child, 1)
    await day(world, other, attended=attended(late={1: 15}))
    assert (world.requests(mother), world.requests(second)) == (0, 0), "it is after nine in the evening"
    world.clock.move(hours=9, minutes=30)
    await world.settle()
    assert "отсутствие (внесено позже: 21:40)" in world.chat(mother)[0].text
    assert titles(world, second) == ["Опоздание на урок"]
    lanes = await world.rows("SELECT DISTINCT lane FROM gateway.delivery")
    assert [row.lane for row in lanes] == [1]
    await day(world, child, day=(world.clock.wall - timedelta(days=1)).date(), seen=(1,))
    assert len(world.chat(mother)) == 1, "nobody was alarmed, so that nobody is rung for its end"


async def test_a_letter_says_again_what_the_chat_has_taken_back_since(world: GatewayWorld) -> None:
    """Absent by letter, corrected in the chat, absent after all: the letter of before does not count as told."""
    child = await world.child((Channel.TELEGRAM, Channel.MAIL))
    parent = child.parents[0]
    await choose(world, parent, BY_LETTER, Category.ABSENCE)
    await world.states(child, {1: UNEXPLAINED})
    entered = (absence(1, UNEXPLAINED, world.clock.wall),)
    await world.settle()
    world.clock.move(hours=10)
    await world.settle()
    assert len(world.letters(parent)) == 1
    await choose(world, parent, AT_ONCE, Category.ABSENCE)
    await world.states(child, {})
    await world.settle()
    assert titles(world, parent) == ["Исправлено: отметка об отсутствии снята"]
    await world.publish(world.address_event(parent, Channel.TELEGRAM, ended=True))
    await choose(world, parent, BY_LETTER, Category.ABSENCE)
    again = world.day_event(child, {})
    await world.publish(again.model_copy(update={"data": again.data.model_copy(update={"absences": entered})}))
    await world.settle()
    world.clock.move(hours=24)
    await world.settle()
    assert len(world.letters(parent)) == 2
