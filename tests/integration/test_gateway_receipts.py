"""Receipts: what a reader did, noted once, by himself only; what a press proves."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from core.database import Database
from core.events import Channel, ProposedReason
from gateway.receipts import ReceiptKind
from gateway.trace import ways
from tests.integration.gateway_world import UNEXPLAINED, Child, GatewayWorld, Parent, gateway_world
from zvonok.sandbox.faults import Cut, Scope

CHAT, BOTH = (Channel.TELEGRAM,), (Channel.TELEGRAM, Channel.MAIL)
OK, EXPLAINED = ReceiptKind.ACKNOWLEDGED, ReceiptKind.EXPLAINED


@pytest_asyncio.fixture
async def world(core_database: Database, gateway_database: Database, tmp_path: Path) -> AsyncIterator[GatewayWorld]:
    async with gateway_world(core_database, gateway_database, tmp_path) as made:
        yield made


async def told(world: GatewayWorld, *channels: tuple[Channel, ...]) -> tuple[Child, Parent]:
    child = await world.child(*(channels or (CHAT,)))
    await world.states(child, {1: UNEXPLAINED})
    await world.settle()
    await world.pass_undo()
    return child, child.parents[0]


async def receipts(world: GatewayWorld) -> list[tuple[str, str]]:
    return [(row.key, row.kind) for row in await world.rows("SELECT key, kind FROM gateway.receipt ORDER BY at, key")]


def labels(world: GatewayWorld, parent: Parent) -> list[str]:
    return list(world.chat(parent)[-1].labels())


async def test_a_press_is_noted_once_and_shows_in_the_message(world: GatewayWorld) -> None:
    _, parent = await told(world)
    assert await world.press(parent, OK, key="update:1") is True
    assert await world.press(parent, OK, key="update:1") is False
    await world.settle()
    assert await receipts(world) == [("update:1", "acknowledged")]
    (message,) = world.chat(parent)
    assert "Вы отметили: понятно." in message.text
    assert "Понятно" not in labels(world, parent)
    assert world.requests(parent) == 2


async def test_pressed_again_under_another_key_it_is_another_act_and_no_other_message(world: GatewayWorld) -> None:
    _, parent = await told(world)
    for key in ("update:1", "update:2"):
        assert await world.press(parent, OK, key=key) is True
        await world.settle()
    assert len(await receipts(world)) == 2
    assert world.requests(parent) == 2, "the message shows it already"


async def traced(world: GatewayWorld) -> list[list[tuple[str, str | None]]]:
    """Return what the trace says of the tries on each thread."""
    async with world.database.begin() as session:
        (way,) = await ways(session)
    return [[(one.act, one.outcome) for one in thread.attempts] for thread in way.threads]


async def test_what_the_readers_own_answer_draws_is_no_correction_in_the_trace(world: GatewayWorld) -> None:
    child, mother = await told(world, CHAT, CHAT)
    world.clock.move(seconds=1)
    await world.press(mother, OK, key="update:1")
    await world.settle()
    world.clock.move(seconds=1)
    await world.states(child, {1: UNEXPLAINED}, {mother.id: ProposedReason.ILL})
    await world.settle()
    await world.states(child, {1: UNEXPLAINED, 2: UNEXPLAINED}, {mother.id: ProposedReason.ILL})
    await world.pass_undo()
    sent, edited, drawn = ("send", "accepted"), ("edit", "accepted"), ("redraw", "accepted")
    assert sorted(await traced(world)) == sorted([[sent, drawn, drawn, edited], [sent, edited]])


async def test_an_answer_drawn_over_a_correction_of_unknown_fate_may_correct_it(world: GatewayWorld) -> None:
    child, parent = await told(world)
    world.emulator.faults.arm(Cut(accepted=True), Scope(method="editMessageText"), times=1)
    world.clock.move(seconds=1)
    await world.states(child, {})
    await world.settle()
    world.clock.move(seconds=1)
    await world.press(parent, OK, key="update:1")
    await world.states(child, {1: UNEXPLAINED})
    await world.retry_for(5)
    (tries,) = (tries for tries in await traced(world) if tries)
    assert (tries[:2], tries[-1]) == ([("send", "accepted"), ("edit", "unknown")], ("edit", "accepted"))


async def test_a_stranger_finds_no_message_behind_a_button(world: GatewayWorld) -> None:
    _, parent = await told(world, CHAT, CHAT)
    assert await world.press(parent, OK, key="update:1", address="9999") is None
    other = str(parent.chat + 1)
    assert await world.press(parent, OK, key="update:2", address=other) is None, "the other guardian is a stranger too"
    await world.publish(world.address_event(parent, Channel.TELEGRAM, ended=True))
    await world.plan()
    assert await world.press(parent, OK, key="update:3") is None, "so is an account that was taken back"
    assert await receipts(world) == []


async def test_nothing_that_one_guardian_presses_shows_at_the_other(world: GatewayWorld) -> None:
    child, mother = await told(world, CHAT, CHAT)
    father = child.parents[1]
    before = world.chat(father)
    assert await world.press(mother, OK, key="update:1") is True
    await world.states(child, {1: UNEXPLAINED}, {mother.id: ProposedReason.ILL})
    await world.settle()
    assert "Ваш ответ: болеет." in world.chat(mother)[0].text
    assert world.chat(father) == before


async def test_a_press_proves_that_a_message_of_unknown_fate_arrived(world: GatewayWorld) -> None:
    world.emulator.faults.arm(Cut(accepted=True), times=2)
    child, parent = await told(world, BOTH)
    await world.plan()
    world.clock.move(seconds=10)
    await world.plan()
    await world.send(world.telegram)
    assert await world.stands() == {"telegram": ("unknown", "cut-after-send")}
    assert await world.press(parent, OK, key="update:1") is True
    await world.settle()
    assert await world.stands() == {"telegram": ("accepted", "proved-by-press")}
    assert (len(world.chat(parent)), world.letters(parent)) == (2, ()), "nobody is told a third time, nor by letter"
    row = (await world.threads())["telegram"]
    assert (row.told, row.unknowns) == (1, 0)
    await world.states(child, {})
    await world.settle()
    assert world.chat(parent)[-1].text.startswith("Исправлено")


async def test_a_press_saves_the_second_try(world: GatewayWorld) -> None:
    world.emulator.faults.arm(Cut(accepted=True), times=1)
    _, parent = await told(world)
    assert await world.stands() == {"telegram": ("pending", "cut-after-send")}
    assert await world.press(parent, OK, key="update:1") is True
    await world.retry_for(minutes=2)
    assert len(world.chat(parent)) == 1
    assert (await world.stands())["telegram"][0] == "accepted"


async def test_a_press_under_the_absence_does_not_stop_the_correction_that_waits(world: GatewayWorld) -> None:
    world.emulator.faults.arm(Cut(accepted=True), times=1)
    child, parent = await told(world)
    await world.states(child, {})
    await world.plan()
    assert await world.press(parent, OK, key="update:1") is True
    await world.retry_for(minutes=1)
    assert [message.text.partition("\n")[0] for message in world.chat(parent)] == [
        "Отсутствие на уроке",
        "Исправлено: отметка об отсутствии снята",
    ]


async def test_an_answer_redraws_the_message_and_never_a_letter(world: GatewayWorld) -> None:
    child, parent = await told(world, BOTH, (Channel.MAIL,))
    by_mail = child.parents[1]
    answers = {parent.id: ProposedReason.ILL, by_mail.id: ProposedReason.LATE}
    await world.states(child, {1: UNEXPLAINED}, answers)
    await world.settle()
    assert "✓ Болеет" in labels(world, parent)
    assert (len(world.letters(by_mail)), len(world.letters(parent))) == (1, 0)


async def test_a_redrawing_that_may_have_failed_alarms_nobody_anew(world: GatewayWorld) -> None:
    child, parent = await told(world, BOTH)
    world.emulator.faults.arm(Cut(accepted=False), Scope(method="editMessageText"))
    await world.states(child, {1: UNEXPLAINED}, {parent.id: ProposedReason.ILL})
    await world.retry_for(minutes=45, step=2.5)
    assert (len(world.chat(parent)), world.letters(parent)) == (1, ())
    assert await world.stands() == {"telegram": ("pending", "cut-after-send")}
    world.emulator.faults.lift_all()
    await world.retry_for(minutes=6)
    assert "✓ Болеет" in labels(world, parent)
