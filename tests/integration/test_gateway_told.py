"""Told versus true on real wires: whatever happens there, the last word that a reader gets is the truth."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from core.database import Database
from core.events import Channel
from gateway.trace import ways
from tests.integration.gateway_world import (
    EXCUSED,
    ILLNESS,
    UNDO,
    UNEXPLAINED,
    Child,
    GatewayWorld,
    Parent,
    gateway_world,
)
from zvonok.sandbox.faults import Cut, Refused, Scope, TooMany, bad_gateway, blocked
from zvonok.sandbox.mail_faults import NO_SUCH_MAILBOX, CutAfterDot, RefuseConnection

CHAT, BOTH, LETTER = (Channel.TELEGRAM,), (Channel.TELEGRAM, Channel.MAIL), (Channel.MAIL,)
EDIT = Scope(method="editMessageText")


@pytest_asyncio.fixture
async def world(core_database: Database, gateway_database: Database, tmp_path: Path) -> AsyncIterator[GatewayWorld]:
    async with gateway_world(core_database, gateway_database, tmp_path) as made:
        yield made


async def absent(world: GatewayWorld, *channels: tuple[Channel, ...]) -> tuple[Child, Parent]:
    """Let a child be absent from lesson 1, and the undo window pass; return the child and the first parent."""
    child = await world.child(*channels)
    await world.states(child, {1: UNEXPLAINED})
    await world.settle()
    await world.pass_undo()
    return child, child.parents[0]


def titles(world: GatewayWorld, parent: Parent) -> list[str]:
    return [message.text.partition("\n")[0] for message in world.chat(parent)]


def subjects(world: GatewayWorld, parent: Parent) -> list[str]:
    return [letter.subject.partition(":")[0] for letter in world.letters(parent)]


# --- the main job -----------------------------------------------------------------------------------------------------


@pytest.mark.req("ATT-08", "MSG-07")
async def test_an_absence_reaches_the_messenger_of_one_parent_and_the_mailbox_of_the_other(world: GatewayWorld) -> None:
    child = await world.child(BOTH, LETTER)
    mother, father = child.parents
    await world.states(child, {1: UNEXPLAINED})
    await world.settle()
    world.clock.move(seconds=UNDO.total_seconds() - 1)
    await world.settle()
    assert world.chat(mother) == ()
    assert world.letters(father) == ()
    world.clock.move(seconds=1)
    await world.settle()
    assert titles(world, mother) == ["Отсутствие на уроке"]
    assert world.letters(mother) == ()
    assert subjects(world, father) == ["Отсутствие на уроке"]
    assert "отсутствует" in (world.letters(father)[0].text or "")
    for _ in range(3):
        await world.pass_undo()
    assert (len(world.chat(mother)), len(world.letters(father))) == (1, 1)


@pytest.mark.req("NOTIF-19")
@pytest.mark.parametrize("kind", [ILLNESS, EXCUSED])
async def test_an_absence_with_a_known_cause_rings_nobody(world: GatewayWorld, kind: str) -> None:
    child = await world.child(BOTH)
    await world.publish(world.day_event(child, {1: ILLNESS if kind == ILLNESS else EXCUSED}))
    await world.settle()
    await world.pass_undo()
    assert world.requests(child.parents[0]) == 0
    assert await world.threads() == {}


async def test_taken_back_within_the_undo_window_nobody_hears_of_it(world: GatewayWorld) -> None:
    child = await world.child(BOTH)
    await world.states(child, {1: UNEXPLAINED})
    await world.settle()
    await world.states(child, {})
    await world.settle()
    await world.pass_undo()
    assert world.requests(child.parents[0]) == 0
    assert await world.stands() == {"telegram": ("suppressed", "superseded")}


async def test_lessons_grow_one_message_and_a_correction_edits_it(world: GatewayWorld) -> None:
    child, parent = await absent(world, CHAT)
    await world.states(child, {1: UNEXPLAINED, 2: UNEXPLAINED})
    await world.pass_undo()
    await world.states(child, {2: UNEXPLAINED})
    await world.settle()
    (message,) = world.chat(parent)
    versions = [*message.earlier, message.content]
    assert [one.text.partition("\n")[0] for one in versions] == [
        "Отсутствие на уроке",
        "Отсутствие на уроках",
        "Исправлено: отсутствие на уроках",
    ]
    assert "1-й урок (математика): запись снята" in message.text
    assert message.buttons != ()


async def test_a_correction_of_a_letter_is_a_letter_in_its_thread(world: GatewayWorld) -> None:
    child, parent = await absent(world, LETTER)
    await world.states(child, {})
    await world.settle()
    first, second = world.letters(parent)
    assert second.subject.startswith("Исправлено")
    assert second.headers["In-Reply-To"] == first.message_id
    assert "1-й урок (математика): запись снята" in (second.text or "")


async def test_cleared_and_absent_again_rings_anew(world: GatewayWorld) -> None:
    child, parent = await absent(world, CHAT)
    await world.states(child, {})
    await world.settle()
    await world.states(child, {1: UNEXPLAINED})
    await world.pass_undo()
    assert titles(world, parent) == ["Исправлено: отметка об отсутствии снята", "Отсутствие на уроке"]


async def test_corrected_back_before_the_edit_left_nothing_is_sent(world: GatewayWorld) -> None:
    child, parent = await absent(world, CHAT)
    await world.states(child, {})
    await world.plan()
    await world.states(child, {1: UNEXPLAINED})
    await world.settle()
    assert world.requests(parent) == 1
    assert await world.stands() == {"telegram": ("accepted", None)}


# --- trouble on the wire ----------------------------------------------------------------------------------------------


async def test_a_server_in_trouble_is_asked_again_and_the_message_comes_once(world: GatewayWorld) -> None:
    world.emulator.faults.arm(bad_gateway(), times=3)
    _, parent = await absent(world, BOTH)
    assert await world.stands() == {"telegram": ("pending", "server-error")}
    await world.retry_for(minutes=2)
    assert (len(world.chat(parent)), len(world.letters(parent))) == (1, 0)


async def test_a_messenger_that_is_away_for_long_is_replaced_by_a_letter(world: GatewayWorld) -> None:
    world.emulator.faults.arm(bad_gateway())
    child, parent = await absent(world, BOTH)
    await world.retry_for(minutes=45, step=2.5)
    assert await world.stands() == {"telegram": ("failed", "retries-exhausted"), "mail": ("accepted", None)}
    world.emulator.faults.lift_all()
    await world.retry_for(minutes=5)
    assert (world.chat(parent), len(world.letters(parent))) == ((), 1), "no second copy when it comes back"
    await world.states(child, {})
    await world.settle()
    assert titles(world, parent) == ["Исправлено: отметка об отсутствии снята"]
    assert "1-й урок (математика): запись снята" in world.chat(parent)[0].text


async def test_a_reader_without_another_way_is_told_when_the_messenger_is_back(world: GatewayWorld) -> None:
    world.emulator.faults.arm(bad_gateway())
    _, parent = await absent(world, CHAT)
    await world.retry_for(minutes=120, step=2.5)
    assert await world.stands() == {"telegram": ("pending", "server-error")}
    world.emulator.faults.lift_all()
    await world.retry_for(minutes=6)
    assert titles(world, parent) == ["Отсутствие на уроке"]


async def test_a_messenger_and_a_mail_server_that_are_both_away_are_asked_in_turns(world: GatewayWorld) -> None:
    world.emulator.faults.arm(bad_gateway())
    world.catcher.faults.arm(RefuseConnection())
    _, parent = await absent(world, BOTH)
    await world.retry_for(minutes=30, step=1.0)
    world.emulator.faults.lift_all()
    await world.retry_for(minutes=15, step=1.0)
    assert (titles(world, parent), world.letters(parent)) == (["Отсутствие на уроке"], ())
    world.catcher.faults.lift_all()
    await world.retry_for(minutes=15, step=1.0)
    assert (len(world.chat(parent)), world.letters(parent)) == (1, ()), "once"


async def test_what_may_have_arrived_is_not_said_again_because_something_else_was_wanted_in_between(
    world: GatewayWorld,
) -> None:
    world.emulator.faults.arm(Cut(accepted=True), times=2)
    child, parent = await absent(world, CHAT)
    await world.retry_for(minutes=1)
    assert await world.stands() == {"telegram": ("unknown", "cut-after-send")}
    await world.states(child, {1: UNEXPLAINED, 2: UNEXPLAINED})
    await world.plan()
    await world.states(child, {1: UNEXPLAINED})
    await world.retry_for(minutes=2)
    assert (world.requests(parent), len(world.chat(parent))) == (2, 2)
    assert await world.stands() == {"telegram": ("unknown", "maybe-told")}


async def test_a_pause_that_is_told_is_waited(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    (parent,) = child.parents
    world.emulator.faults.arm(TooMany(retry_after=40), times=1)
    await world.states(child, {1: UNEXPLAINED})
    await world.settle()
    await world.pass_undo()
    for _ in range(3):
        world.clock.move(seconds=10)
        await world.states(child, {1: UNEXPLAINED})
        await world.settle()
        assert world.requests(parent) == 1, "planning again does not shorten the pause"
    await world.pass_undo()
    assert (world.requests(parent), len(world.chat(parent))) == (2, 1)


async def test_a_blocked_bot_is_replaced_by_a_letter(world: GatewayWorld) -> None:
    child = await world.child(BOTH)
    (parent,) = child.parents
    await world.emulator.person(parent.chat).block()
    await world.states(child, {1: UNEXPLAINED})
    await world.settle()
    await world.pass_undo()
    assert await world.stands() == {"telegram": ("failed", "blocked-by-user"), "mail": ("accepted", None)}
    assert (world.requests(parent), len(world.letters(parent))) == (1, 1)
    await world.states(child, {})
    await world.settle()
    assert subjects(world, parent) == ["Отсутствие на уроке", "Исправлено"]
    assert world.requests(parent) == 1, "a dead address is left alone"


async def test_a_correction_follows_a_reader_who_blocked_the_bot_after_the_first_message(world: GatewayWorld) -> None:
    child, parent = await absent(world, BOTH)
    world.emulator.faults.arm(blocked())
    await world.states(child, {})
    await world.settle()
    assert await world.stands() == {"telegram": ("failed", "blocked-by-user"), "mail": ("accepted", None)}
    (letter,) = world.letters(parent)
    assert letter.subject.startswith("Исправлено")
    assert "1-й урок (математика): запись снята" in (letter.text or "")


@pytest.mark.parametrize("accepted", [False, True])
async def test_a_cut_connection_is_unknown_and_the_absence_goes_out_once_more(
    world: GatewayWorld, *, accepted: bool
) -> None:
    world.emulator.faults.arm(Cut(accepted=accepted), times=1)
    _, parent = await absent(world, BOTH)
    assert await world.stands() == {"telegram": ("pending", "cut-after-send")}
    await world.retry_for(minutes=1)
    assert await world.stands() == {"telegram": ("accepted", None)}
    assert len(world.chat(parent)) == 1 + accepted
    assert world.letters(parent) == ()


async def test_after_two_unknown_sends_the_letter_goes_and_no_third_message(world: GatewayWorld) -> None:
    world.emulator.faults.arm(Cut(accepted=False))
    _, parent = await absent(world, BOTH)
    await world.retry_for(minutes=5)
    assert await world.stands() == {"telegram": ("unknown", "cut-after-send"), "mail": ("accepted", None)}
    assert (world.requests(parent), len(world.letters(parent))) == (2, 1)


async def test_after_an_unknown_a_correction_is_a_new_message_true_by_itself(world: GatewayWorld) -> None:
    world.emulator.faults.arm(Cut(accepted=True), times=2)
    child, parent = await absent(world, CHAT)
    await world.retry_for(minutes=1)
    assert await world.stands() == {"telegram": ("unknown", "cut-after-send")}
    for _ in range(2):
        # Planned again before it leaves, it is still something to tell.
        await world.states(child, {})
        await world.plan()
    await world.settle()
    assert titles(world, parent) == ["Отсутствие на уроке"] * 2 + ["Исправлено: отметка об отсутствии снята"]
    assert "1-й урок (математика): запись снята" in world.chat(parent)[-1].text


async def test_an_edit_that_may_have_happened_is_put_right_when_the_absence_is_true_after_all(
    world: GatewayWorld,
) -> None:
    """The chat may say "present" of a child who is missing: nothing is believed until an edit is certain."""
    child, parent = await absent(world, CHAT)
    world.emulator.faults.arm(Cut(accepted=True), EDIT, times=1)
    await world.states(child, {})
    await world.settle()
    assert titles(world, parent) == ["Исправлено: отметка об отсутствии снята"]
    assert await world.stands() == {"telegram": ("pending", "cut-after-send")}
    await world.states(child, {1: UNEXPLAINED})
    await world.retry_for(minutes=2)
    assert titles(world, parent) == ["Отсутствие на уроке"]
    assert await world.stands() == {"telegram": ("accepted", None)}


async def test_a_message_that_the_parent_deleted_is_corrected_by_a_new_one(world: GatewayWorld) -> None:
    child, parent = await absent(world, CHAT)
    world.emulator.world.delete(world.chat(parent)[0])
    await world.states(child, {})
    await world.settle()
    assert titles(world, parent) == ["Исправлено: отметка об отсутствии снята"]


async def test_a_refused_edit_is_not_hammered_and_the_letter_tells_it(world: GatewayWorld) -> None:
    child, parent = await absent(world, BOTH)
    world.emulator.faults.arm(Refused(400, "Bad Request: something new"))
    await world.states(child, {})
    for _ in range(5):
        await world.settle()
    assert world.requests(parent) == 3, "the alarm, the edit, one new message"
    assert await world.stands() == {"telegram": ("failed", "refused"), "mail": ("accepted", None)}
    assert subjects(world, parent) == ["Исправлено"]


async def test_with_every_way_refused_it_ends_visibly_and_quietly(world: GatewayWorld) -> None:
    world.emulator.faults.arm(Refused(400, "Bad Request: something new"))
    world.catcher.faults.arm(NO_SUCH_MAILBOX)
    _, parent = await absent(world, BOTH)
    for _ in range(5):
        await world.settle()
    assert await world.stands() == {"telegram": ("failed", "refused"), "mail": ("failed", "no-such-mailbox")}
    # Once more after the mailbox was found dead: something of the reader had changed.
    assert world.requests(parent) <= 2
    trace = await world.value("SELECT count(*) FROM gateway.attempt WHERE outcome = 'rejected'")
    assert trace == world.requests(parent) + 1


async def test_a_letter_of_unknown_fate_is_repeated_under_the_same_message_id(world: GatewayWorld) -> None:
    world.catcher.faults.arm(CutAfterDot(), times=1)
    _, parent = await absent(world, LETTER)
    await world.retry_for(minutes=1)
    first, second = world.letters(parent)
    assert first.message_id == second.message_id, "a mail program shows it once"


# --- the ledger is open to whoever asks -------------------------------------------------------------------------------


@pytest.mark.req("NOTIF-15")
async def test_the_way_of_an_absence_is_logged_with_channels_outcomes_and_fallback(world: GatewayWorld) -> None:
    child = await world.child(BOTH)
    (parent,) = child.parents
    await world.emulator.person(parent.chat).block()
    event = world.day_event(child, {1: UNEXPLAINED})
    await world.publish(event)
    await world.settle()
    await world.pass_undo()
    async with world.database.begin() as session:
        (way,) = await ways(session, event_id=event.id)
    assert (way.subject, way.version, way.followers) == (event.subject, 1, 1)
    assert way.state == event.data
    assert way.planned_at is not None
    assert timedelta() <= way.planned_at - way.occurred_at <= timedelta(minutes=20)
    chat, letter = way.threads
    assert (chat.recipient, chat.channel, chat.purpose, chat.state) == (parent.id, "telegram", "alert", "failed")
    assert [(one.act, one.outcome, one.reason) for one in chat.attempts] == [("send", "rejected", "blocked-by-user")]
    assert (letter.channel, letter.purpose, letter.state) == ("mail", "fallback", "accepted")
    assert [(one.act, one.outcome) for one in letter.attempts] == [("send", "accepted")]
