"""To whom and by what: rights, consent, the school's policy, addresses; what had no way is told once there is one."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from core.database import Database
from core.events import Channel
from gateway.credentials import NOBODY, assign
from tests.integration.gateway_world import CREDENTIALS, UNEXPLAINED, Child, GatewayWorld, Parent, gateway_world

CHAT, BOTH, LETTER = (Channel.TELEGRAM,), (Channel.TELEGRAM, Channel.MAIL), (Channel.MAIL,)


@pytest_asyncio.fixture
async def world(core_database: Database, gateway_database: Database, tmp_path: Path) -> AsyncIterator[GatewayWorld]:
    async with gateway_world(core_database, gateway_database, tmp_path) as made:
        yield made


async def absent(world: GatewayWorld, *channels: tuple[Channel, ...], **follow: Any) -> tuple[Child, Parent]:
    child = await world.child(*channels, **follow)
    await world.states(child, {1: UNEXPLAINED})
    await world.settle()
    await world.pass_undo()
    return child, child.parents[0]


def reached(world: GatewayWorld, parent: Parent) -> tuple[int, int]:
    """Count what was asked of the messenger for this parent, and the letters in the mailbox."""
    return world.requests(parent), len(world.letters(parent))


# --- no way: a reason, and the message once there is one --------------------------------------------------------------


@pytest.mark.req("CONS-17")
async def test_without_consent_nothing_electronic_leaves_and_with_it_the_absence_is_told(world: GatewayWorld) -> None:
    child, parent = await absent(world, BOTH, consent_given_on=None)
    assert reached(world, parent) == (0, 0)
    assert await world.stands() == {"none": ("suppressed", "no-consent")}
    await world.publish(world.follow_event(child, parent))
    await world.settle()
    assert reached(world, parent) == (1, 0)
    await world.publish(world.follow_event(child, parent, consent_withdrawn_on=world.clock.wall.date()))
    await world.states(child, {1: UNEXPLAINED, 2: UNEXPLAINED})
    await world.settle()
    await world.pass_undo()
    assert reached(world, parent) == (1, 0)
    threads = await world.threads()
    assert (threads["telegram"].state, threads["telegram"].told) == ("accepted", 1)
    untold = threads["none"]
    assert (untold.state, untold.reason, untold.want) == ("suppressed", "no-consent", 2), "what is not told, and why"


async def test_an_unconfirmed_address_gets_nothing_until_it_is_confirmed(world: GatewayWorld) -> None:
    child = await world.child(())
    (parent,) = child.parents
    await world.publish(world.address_event(parent, Channel.MAIL, verified_at=None))
    await world.states(child, {1: UNEXPLAINED})
    await world.settle()
    await world.pass_undo()
    assert reached(world, parent) == (0, 0)
    assert await world.stands() == {"none": ("suppressed", "no-address")}
    await world.publish(world.address_event(parent, Channel.MAIL))
    await world.settle()
    assert reached(world, parent) == (0, 1)
    await world.settle()
    assert reached(world, parent) == (0, 1)


async def test_a_parent_who_links_a_messenger_later_today_is_told_then(world: GatewayWorld) -> None:
    _, parent = await absent(world, ())
    assert await world.stands() == {"none": ("suppressed", "no-address")}
    world.open_chat(parent.chat)
    world.clock.move(hours=2)
    await world.publish(world.address_event(parent, Channel.TELEGRAM))
    await world.settle()
    assert reached(world, parent) == (1, 0)


async def test_a_barred_guardian_is_told_nothing_and_the_other_one_is(world: GatewayWorld) -> None:
    child = await world.child(BOTH, BOTH)
    barred, other = child.parents
    await world.publish(world.follow_event(child, barred, barred=True))
    await world.states(child, {1: UNEXPLAINED})
    await world.settle()
    await world.pass_undo()
    assert (reached(world, barred), reached(world, other)) == ((0, 0), (1, 0))
    assert await world.stands(barred) == {"none": ("suppressed", "barred")}


async def test_a_right_lost_before_the_message_left_stops_it(world: GatewayWorld) -> None:
    child = await world.child(BOTH)
    (parent,) = child.parents
    await world.states(child, {1: UNEXPLAINED})
    await world.settle()
    await world.publish(world.follow_event(child, parent, may_see=False))
    await world.settle()
    await world.pass_undo()
    assert reached(world, parent) == (0, 0)
    assert await world.stands() == {"telegram": ("suppressed", "rights-lost")}


async def test_a_correction_does_not_reach_who_lost_the_right_after_being_told(world: GatewayWorld) -> None:
    child, parent = await absent(world, CHAT)
    await world.publish(world.follow_event(child, parent, until=world.clock.wall.date() - timedelta(days=1)))
    await world.states(child, {})
    await world.settle()
    assert reached(world, parent) == (1, 0)
    assert await world.stands() == {"telegram": ("suppressed", "rights-lost")}


# --- the school's policy ----------------------------------------------------------------------------------------------


async def test_a_channel_that_the_school_may_not_use_is_not_used(world: GatewayWorld) -> None:
    child = await world.child(BOTH, CHAT)
    with_mail, without = child.parents
    await world.publish(world.school_event(allowed_channels=(Channel.MAIL,)))
    await world.states(child, {1: UNEXPLAINED})
    await world.settle()
    await world.pass_undo()
    assert (reached(world, with_mail), reached(world, without)) == ((0, 1), (0, 0))
    assert await world.stands(without) == {"none": ("suppressed", "channel-not-allowed")}
    await world.publish(world.school_event())
    await world.settle()
    assert (reached(world, with_mail), reached(world, without)) == ((0, 1), (1, 0)), "allowed today, told today"


async def test_a_channel_forbidden_while_the_message_waited_moves_it(world: GatewayWorld) -> None:
    child = await world.child(BOTH)
    await world.states(child, {1: UNEXPLAINED})
    await world.settle()
    await world.publish(world.school_event(allowed_channels=(Channel.MAIL,)))
    await world.settle()
    await world.pass_undo()
    assert reached(world, child.parents[0]) == (0, 1)
    assert await world.stands() == {
        "telegram": ("suppressed", "moved-to-another-channel"),
        "mail": ("accepted", None),
    }


async def test_a_channel_that_is_not_set_up_here_is_no_way(world: GatewayWorld) -> None:
    await assign(world.database, {"mail": CREDENTIALS["mail"]}, ("telegram", "mail"))
    child = await world.child(BOTH, CHAT)
    await assign(world.database, {"mail": CREDENTIALS["mail"]}, ("telegram", "mail"))
    assert await world.value("SELECT DISTINCT credential FROM gateway.address WHERE channel = 'telegram'") == NOBODY
    with_mail, without = child.parents
    await world.states(child, {1: UNEXPLAINED})
    await world.settle()
    await world.pass_undo()
    assert (reached(world, with_mail), reached(world, without)) == ((0, 1), (0, 0))
    assert await world.stands(without) == {"none": ("suppressed", "channel-not-set-up")}


async def test_what_waits_follows_its_channel_to_another_bot(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    await world.do("UPDATE gateway.address SET credential = 'telegram:old'")
    await world.states(child, {1: UNEXPLAINED})
    await world.settle()
    await world.pass_undo()
    assert reached(world, child.parents[0]) == (0, 0)
    await assign(world.database, CREDENTIALS, ("telegram", "mail"))
    await world.settle()
    assert reached(world, child.parents[0]) == (1, 0)


@pytest.mark.req("GEN-28")
async def test_two_schools_in_one_gateway_are_kept_apart(world: GatewayWorld) -> None:
    mine = await world.child(BOTH, name="Ёлкина Саша")
    first, world.school = world.school, uuid4()
    theirs = await world.child(BOTH, name="Щукина Мира")
    await world.publish(world.school_event(allowed_channels=(Channel.MAIL,)))
    await world.states(theirs, {1: UNEXPLAINED})
    await world.settle()
    await world.pass_undo()
    (them,), (me,) = theirs.parents, mine.parents
    assert (reached(world, them), reached(world, me)) == ((0, 1), (0, 0)), "each school's policy is its own"
    world.school = first
    await world.states(mine, {1: UNEXPLAINED})
    await world.settle()
    await world.pass_undo()
    assert (reached(world, them), reached(world, me)) == ((0, 1), (1, 0))
    schools = await world.rows("SELECT school, recipient FROM gateway.delivery")
    assert {(row.school, row.recipient) for row in schools} >= {(first, me.id)}
    assert (first, them.id) not in {(row.school, row.recipient) for row in schools}


# --- addresses that die and come back ---------------------------------------------------------------------------------


async def test_a_bot_let_in_again_tells_what_nobody_could(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    (parent,) = child.parents
    await world.emulator.person(parent.chat).block()
    await world.states(child, {1: UNEXPLAINED})
    await world.settle()
    await world.pass_undo()
    assert await world.stands() == {
        "telegram": ("failed", "blocked-by-user"),
        "none": ("suppressed", "address-dead"),
    }
    await world.states(child, {1: UNEXPLAINED, 2: UNEXPLAINED})
    await world.settle()
    await world.pass_undo()
    assert world.requests(parent) == 1, "a dead address is left alone"
    await world.emulator.person(parent.chat).unblock()
    await world.publish(world.address_event(parent, Channel.TELEGRAM))
    await world.settle()
    (message,) = world.chat(parent)
    assert message.text.startswith("Отсутствие на уроках")


async def test_a_bot_let_in_again_repeats_nothing_and_corrects_what_the_letter_said(world: GatewayWorld) -> None:
    child = await world.child(BOTH)
    (parent,) = child.parents
    await world.emulator.person(parent.chat).block()
    await world.states(child, {1: UNEXPLAINED})
    await world.settle()
    await world.pass_undo()
    await world.emulator.person(parent.chat).unblock()
    await world.publish(world.address_event(parent, Channel.TELEGRAM))
    await world.settle()
    assert (world.chat(parent), len(world.letters(parent))) == ((), 1)
    await world.states(child, {})
    await world.settle()
    (message,) = world.chat(parent)
    assert message.text.startswith("Исправлено: отметка об отсутствии снята")
    assert "1-й урок (математика): запись снята" in message.text
    assert len(world.letters(parent)) == 1


async def test_an_address_taken_back_before_sending_is_not_used(world: GatewayWorld) -> None:
    child = await world.child(BOTH)
    (parent,) = child.parents
    await world.states(child, {1: UNEXPLAINED})
    await world.settle()
    await world.publish(world.address_event(parent, Channel.TELEGRAM, ended=True))
    await world.settle()
    await world.pass_undo()
    assert reached(world, parent) == (0, 1)


async def test_a_new_account_of_the_same_parent_gets_what_comes_next(world: GatewayWorld) -> None:
    child, parent = await absent(world, CHAT)
    old, parent.chat = parent.chat, 9000
    world.open_chat(parent.chat)
    await world.publish(world.address_event(parent, Channel.TELEGRAM))
    await world.settle()
    assert world.chat(parent) == ()
    await world.states(child, {})
    await world.settle()
    (message,) = world.chat(parent)
    assert message.text.startswith("Исправлено")
    before = world.emulator.person(old).chat.messages
    assert [one.text.partition("\n")[0] for one in before] == ["Отсутствие на уроке"]
