"""Answers that refuse a message, a reader, a whole bot or mail account: nobody is left with what is false."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest_asyncio

from core.database import Database
from core.events import Channel
from gateway import subscriptions
from gateway.categories import Category
from gateway.profiles import Choice, Mode
from tests.integration.gateway_world import UNEXPLAINED, Child, GatewayWorld, gateway_world
from zvonok.sandbox.faults import Refused, Scope
from zvonok.sandbox.mail_faults import RefuseMail

CHAT, MAIL, BOTH = (Channel.TELEGRAM,), (Channel.MAIL,), (Channel.TELEGRAM, Channel.MAIL)
EDITS = Scope(method="editMessageText")
SPAM = RefuseMail("554 5.7.1 Message rejected under suspicion of SPAM")
REVOKED = Refused(401, "Unauthorized")
NEW_WORDS = Refused(400, "Bad Request: MESSAGE_EDIT_TIME_EXPIRED")


@pytest_asyncio.fixture
async def world(core_database: Database, gateway_database: Database, tmp_path: Path) -> AsyncIterator[GatewayWorld]:
    async with gateway_world(core_database, gateway_database, tmp_path) as made:
        yield made


async def absent(world: GatewayWorld, *ways: tuple[Channel, ...]) -> Child:
    """A child whose absence stands, its parents about to be told."""
    child = await world.child(*ways)
    await world.states(child, {1: UNEXPLAINED})
    return child


# --- one message ------------------------------------------------------------------------------------------------------


async def test_an_edit_refused_in_new_words_becomes_one_new_message(world: GatewayWorld) -> None:
    child = await absent(world, CHAT)
    await world.pass_undo()
    world.emulator.faults.arm(NEW_WORDS, EDITS)
    world.clock.move(minutes=5)
    await world.states(child, {1: UNEXPLAINED, 2: UNEXPLAINED})
    await world.pass_undo()
    await world.retry_for(5)
    said = world.chat(child.parents[0])
    assert len(said) == 2, "the old one cannot be changed, and says less than is true"
    assert await world.stands() == {"telegram": ("accepted", None)}


async def test_where_the_new_message_is_refused_too_that_is_the_end(world: GatewayWorld) -> None:
    child = await absent(world, CHAT)
    await world.pass_undo()
    world.emulator.faults.arm(NEW_WORDS)
    before = world.requests(child.parents[0])
    await world.states(child, {1: UNEXPLAINED, 2: UNEXPLAINED})
    await world.pass_undo()
    await world.retry_for(5)
    assert await world.stands() == {"telegram": ("failed", "refused")}
    assert world.requests(child.parents[0]) == before + 2, "the edit, and one new message"


# --- one mailbox ------------------------------------------------------------------------------------------------------


async def test_one_mailbox_that_takes_us_for_spam_holds_up_nobody_else(world: GatewayWorld) -> None:
    child, other = await absent(world, MAIL), await absent(world, MAIL)
    fault = world.catcher.faults.arm(SPAM, child.parents[0].mailbox)
    await world.pass_undo()
    assert len(world.letters(other.parents[0])) == 1
    assert await world.value("SELECT pause_until FROM gateway.credential WHERE id LIKE 'mail:%'") is None
    await world.retry_for(10, step=0.05)
    assert fault.struck < 15, "a try of its own, later each time"


async def test_where_letters_are_taken_for_spam_the_chat_takes_over(world: GatewayWorld) -> None:
    child = await world.child(BOTH)
    at_once = Choice(Mode.NOW, Channel.MAIL)
    async with world.database.begin() as session:
        await subscriptions.choose(session, child.parents[0].id, Category.ABSENCE, at_once, at=world.clock.wall)
    world.catcher.faults.arm(SPAM)
    await world.states(child, {1: UNEXPLAINED})
    await world.pass_undo()
    await world.retry_for(10)
    assert len(world.chat(child.parents[0])) == 1
    assert await world.stands() == {"mail": ("failed", "retries-exhausted"), "telegram": ("accepted", None)}


async def test_an_account_that_several_mailboxes_refuse_pauses_for_longer_and_longer(world: GatewayWorld) -> None:
    for name in ("Ёлкина Саша", "Иванов Петя", "Козлова Аня", "Орлов Кирилл"):
        await world.states(await world.child(MAIL, name=name), {1: UNEXPLAINED})
    fault = world.catcher.faults.arm(SPAM)
    await world.pass_undo()
    await world.retry_for(60)
    assert await world.value("SELECT pause_reason FROM gateway.credential WHERE id LIKE 'mail:%'") == "policy"
    assert fault.struck < 100, "four letters, five minutes apart in the end"


# --- a whole bot ------------------------------------------------------------------------------------------------------


async def refused_for(world: GatewayWorld, child: Child, minutes: float) -> int:
    """Let a token stay revoked for so long; returns how many letters the parent has."""
    await world.pass_undo()
    await world.retry_for(minutes)
    return len(world.letters(child.parents[0]))


async def test_a_revoked_token_sends_the_alarm_by_mail_within_minutes(world: GatewayWorld) -> None:
    child = await absent(world, BOTH)
    world.emulator.faults.arm(REVOKED)
    assert await refused_for(world, child, 3) == 0, "a trouble of a minute is no letter"
    assert await refused_for(world, child, 6) == 1
    assert await world.stands() == {"telegram": ("failed", "retries-exhausted"), "mail": ("accepted", None)}
    assert await refused_for(world, child, 30) == 1


async def test_what_was_never_even_offered_falls_back_as_well(world: GatewayWorld) -> None:
    child = await absent(world, BOTH)
    world.emulator.faults.arm(REVOKED)
    await world.pass_undo()
    await world.retry_for(2)
    late = await world.child(BOTH, name="Иванов Петя")
    await world.do("UPDATE gateway.credential SET pause_until = pause_until + interval '1 hour'")
    await world.states(late, {1: UNEXPLAINED})
    await world.pass_undo()
    await world.retry_for(6)
    assert world.requests(late.parents[0]) == 0
    assert (len(world.letters(child.parents[0])), len(world.letters(late.parents[0]))) == (1, 1)


async def test_without_another_way_it_waits_and_the_messenger_is_asked_less_and_less(world: GatewayWorld) -> None:
    child = await absent(world, CHAT)
    fault = world.emulator.faults.arm(REVOKED)
    await world.pass_undo()
    await world.retry_for(60)
    assert await world.stands() == {"telegram": ("pending", "credential-refused")}
    assert fault.struck < 25, "five minutes apart in the end"
    world.emulator.faults.lift_all()
    await world.retry_for(6)
    assert len(world.chat(child.parents[0])) == 1
    assert await world.value("SELECT refused_since FROM gateway.credential WHERE id LIKE 'telegram:%'") is None


async def test_a_message_that_has_not_waited_long_goes_by_no_other_way(world: GatewayWorld) -> None:
    child = await absent(world, BOTH)
    await world.pass_undo()
    await world.do(
        "UPDATE gateway.credential SET refused_since = :since, pause_until = :until WHERE id LIKE 'telegram:%'",
        since=world.clock.wall - timedelta(minutes=10),
        until=world.clock.wall + timedelta(seconds=150),
    )
    await world.states(child, {1: UNEXPLAINED, 2: UNEXPLAINED})
    await world.pass_undo()
    await world.retry_for(3)
    assert world.letters(child.parents[0]) == ()
    assert await world.stands() == {"telegram": ("accepted", None)}
    assert await world.value("SELECT refused_since FROM gateway.credential WHERE id LIKE 'telegram:%'") is None
