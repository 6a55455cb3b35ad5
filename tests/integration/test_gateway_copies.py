"""«Повторять сообщения на почту» on real wires: a message and a letter, each once, each corrected by itself."""

import random
from collections.abc import AsyncIterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from sqlalchemy import Row

from core.database import Database
from core.events import Channel, DefaultSubscriptions, Insisted
from gateway import dead_letters, subscriptions, switches
from gateway.categories import Category
from gateway.profiles import Choice, Mode
from gateway.switches import Switch, Switches
from gateway.unreached import absence_routes
from tests.integration.gateway_world import UNEXPLAINED, Child, GatewayWorld, Parent, gateway_world
from tests.integration.test_gateway_news import choose, mark
from tests.integration.test_gateway_walks import AT_REST, Walk
from tests.unit.gateway_cases import read_absence
from zvonok.sandbox.faults import bad_gateway, blocked
from zvonok.sandbox.mail_faults import NO_SUCH_MAILBOX, RefuseConnection

CHAT, BOTH, LETTER = (Channel.TELEGRAM,), (Channel.TELEGRAM, Channel.MAIL), (Channel.MAIL,)


@pytest_asyncio.fixture
async def world(core_database: Database, gateway_database: Database, tmp_path: Path) -> AsyncIterator[GatewayWorld]:
    async with gateway_world(core_database, gateway_database, tmp_path) as made:
        yield made


async def turned(world: GatewayWorld, parent: Parent, switch: Switch, *, on: bool = True) -> Switches:
    async with world.database.begin() as session:
        return await switches.turn(session, parent.id, switch, on=on, via="chat", at=world.clock.wall)


async def stands(world: GatewayWorld, parent: Parent) -> Switches:
    async with world.database.begin() as session:
        found = await switches.standing(session, parent.id)
    assert found is not None
    return found


async def doubled(world: GatewayWorld, ways: tuple[Channel, ...] = BOTH) -> tuple[Child, Parent]:
    """Make a child whose parent wants the duplicate."""
    child = await world.child(ways)
    await turned(world, child.parents[0], Switch.COPIES)
    return child, child.parents[0]


async def absent(world: GatewayWorld, child: Child, *lessons: int) -> None:
    await world.states(child, dict.fromkeys(lessons, UNEXPLAINED))
    await world.settle()
    await world.pass_undo()


def seen(world: GatewayWorld, parent: Parent) -> tuple[int, int]:
    """Count messages in the chat, and letters in the mailbox."""
    return len(world.chat(parent)), len(world.letters(parent))


@pytest.mark.req("NOTIF-02", "MSG-20")
async def test_a_message_of_the_journal_comes_to_the_messenger_and_once_more_by_letter(world: GatewayWorld) -> None:
    child = await world.child(BOTH, BOTH)
    wants, other = child.parents
    assert not (await stands(world, wants)).copies
    await turned(world, wants, Switch.COPIES)
    await absent(world, child, 1)
    assert (seen(world, wants), seen(world, other)) == ((1, 1), (1, 0))
    (message,), (letter,) = world.chat(wants), world.letters(wants)
    for words in (message.text, letter.text or ""):
        assert "1-й урок, 8:30 (математика): отсутствует" in words
    assert "Ёлкина Саша" in (letter.text or "")
    threads = await world.threads(wants)
    assert {name: (row.purpose, row.state) for name, row in threads.items()} == {
        "telegram": ("alert", "accepted"),
        "mail": ("copy", "accepted"),
    }
    await world.retry_for(5, step=1)
    assert seen(world, wants) == (1, 1), "once each"


async def test_a_correction_changes_the_message_and_follows_by_letter_and_rings_once(world: GatewayWorld) -> None:
    child, parent = await doubled(world)
    await absent(world, child, 1)
    await absent(world, child, 1, 2)
    assert seen(world, parent) == (1, 2), "the message grows, the letter is followed by another"
    await absent(world, child)
    await world.pass_undo()
    (changed, rung), letters = world.chat(parent), world.letters(parent)
    assert len(letters) == 3
    assert "отметка об отсутствии снята" in changed.text
    assert "отметка об отсутствии снята" in (letters[-1].text or "")
    assert rung.text != changed.text
    await world.retry_for(5, step=1)
    assert seen(world, parent) == (2, 3)


async def test_taken_back_in_time_neither_leaves(world: GatewayWorld) -> None:
    child, parent = await doubled(world)
    await world.states(child, {1: UNEXPLAINED})
    await world.settle()
    await world.states(child, {})
    await world.settle()
    await world.pass_undo()
    assert seen(world, parent) == (0, 0)
    assert {row.state for row in (await world.threads(parent)).values()} == {"suppressed"}


async def test_an_evening_letter_for_the_messenger_has_its_copy_and_a_letter_that_was_chosen_has_none(
    world: GatewayWorld,
) -> None:
    child, parent = await doubled(world)
    await choose(world, parent, Choice(Mode.DAILY, Channel.TELEGRAM, 18), Category.BAD_MARK)
    await choose(world, parent, Choice(Mode.DAILY, Channel.MAIL, 18), Category.MARK)
    await mark(world, child, 2, uuid4())
    await world.settle()
    world.clock.move(hours=11)
    await world.settle()
    assert seen(world, parent) == (1, 1)
    world.clock.move(hours=13)
    await mark(world, child, 5, uuid4())
    await world.settle()
    world.clock.move(hours=11)
    await world.settle()
    assert seen(world, parent) == (1, 2), "what comes by letter comes once"


async def test_a_messenger_that_is_away_is_waited_for_and_its_copy_is_there_meanwhile(world: GatewayWorld) -> None:
    child, parent = await doubled(world)
    world.emulator.faults.arm(bad_gateway())
    await absent(world, child, 1)
    assert seen(world, parent) == (0, 1)
    await world.retry_for(12, step=2)
    assert seen(world, parent) == (0, 1), "no second letter stands in for the messenger"
    world.emulator.faults.lift_all()
    await world.retry_for(8, step=2)
    assert seen(world, parent) == (1, 1)


async def test_a_blocked_bot_leaves_one_letter_and_its_corrections(world: GatewayWorld) -> None:
    child, parent = await doubled(world)
    await world.emulator.person(parent.chat).block()
    await absent(world, child, 1)
    assert len(world.letters(parent)) == 1
    await absent(world, child)
    await world.pass_undo()
    assert len(world.letters(parent)) == 2
    assert "отметка об отсутствии снята" in (world.letters(parent)[-1].text or "")


async def test_whoever_blocks_the_bot_after_the_message_hears_the_end_of_it_by_letter(world: GatewayWorld) -> None:
    child, parent = await doubled(world)
    world.catcher.faults.arm(RefuseConnection())
    await absent(world, child, 1)
    assert seen(world, parent) == (1, 0)
    world.emulator.faults.arm(blocked())
    await world.states(child, {})
    await world.settle()
    world.catcher.faults.lift_all()
    await world.retry_for(12, step=2)
    assert "отметка об отсутствии снята" in (world.letters(parent)[-1].text or "")
    assert len(world.letters(parent)) == 1


async def test_a_mailbox_that_died_costs_the_copy_and_nothing_else(world: GatewayWorld) -> None:
    child, parent = await doubled(world)
    world.catcher.faults.arm(NO_SUCH_MAILBOX)
    await absent(world, child, 1)
    await absent(world, child, 1, 2)
    assert seen(world, parent) == (1, 0)
    assert "2-й урок" in world.chat(parent)[0].text
    async with world.database.begin() as session:
        listed = await dead_letters.listed(session, dead_letters.Wanted(), world.clock.wall, limit=5)
    assert not listed, "he knows it: nobody has to see to a copy"
    async with world.database.begin() as session:
        routes = await absence_routes(session, [child.id], world.clock.wall.date())
    assert routes[child.id].told == (parent.id,)


async def test_what_was_told_before_is_not_repeated_and_what_waits_is(world: GatewayWorld) -> None:
    child = await world.child(BOTH)
    (parent,) = child.parents
    await absent(world, child, 1)
    await turned(world, parent, Switch.COPIES)
    await world.settle()
    await world.publish(world.address_event(parent, Channel.TELEGRAM))
    await world.pass_undo()
    assert seen(world, parent) == (1, 0), "looked at again, it is not told again"
    await world.states(child, {1: UNEXPLAINED, 2: UNEXPLAINED})
    await world.settle()
    await turned(world, parent, Switch.COPIES, on=False)
    await world.pass_undo()
    assert seen(world, parent) == (1, 0), "switched off while it waits: it does not leave"
    await turned(world, parent, Switch.COPIES)
    await absent(world, child, 1, 2, 3)
    assert seen(world, parent) == (1, 1)
    assert "3-й урок" in (world.letters(parent)[0].text or "")


@pytest.mark.req("NOTIF-04")
async def test_where_a_school_sends_nothing_unasked_both_switches_are_off_until_the_parent_turns_them(
    world: GatewayWorld,
) -> None:
    child = await world.child(BOTH)
    (parent,) = child.parents
    found = await stands(world, parent)
    assert (found.news, found.letters, found.copies) == (True, True, False), "this school sends what it advises"
    await world.publish(world.school_event(default_subscriptions=DefaultSubscriptions.OFF))
    await world.plan()
    found = await stands(world, parent)
    assert (found.news, found.letters, found.copies, found.mailbox) == (False, False, False, True)
    await absent(world, child, 1)
    assert seen(world, parent) == (0, 0)

    await turned(world, parent, Switch.NEWS)
    found = await stands(world, parent)
    assert (found.news, found.letters) == (True, False)
    assert await subscribed_ways(world, parent) == (Channel.TELEGRAM,)
    await absent(world, child, 1, 2)
    assert seen(world, parent) == (1, 0)
    await mark(world, child, 2, uuid4())
    await world.settle()
    world.clock.move(hours=12)
    await world.settle()
    assert seen(world, parent) == (2, 0), "the evening's marks come to the messenger: letters are off"

    await turned(world, parent, Switch.LETTERS)
    assert await subscribed_ways(world, parent) == BOTH
    world.clock.move(hours=12)
    await mark(world, child, 2, uuid4())
    await world.settle()
    world.clock.move(hours=12)
    await world.settle()
    assert seen(world, parent) == (2, 1)

    await turned(world, parent, Switch.LETTERS, on=False)
    assert await subscribed_ways(world, parent) == (Channel.TELEGRAM,)
    await turned(world, parent, Switch.NEWS, on=False)
    found = await stands(world, parent)
    assert (found.news, found.letters) == (False, False)


async def subscribed_ways(world: GatewayWorld, parent: Parent) -> tuple[Channel, ...]:
    async with world.database.begin() as session:
        found = await subscriptions.profile(session, parent.id)
    assert found is not None
    return found.channels


async def test_letters_that_wait_to_be_asked_for_still_bring_what_the_school_insists_on(world: GatewayWorld) -> None:
    child = await world.child(LETTER)
    (parent,) = child.parents
    await world.publish(world.school_event(default_subscriptions=DefaultSubscriptions.OFF, floor=(Insisted.ABSENCE,)))
    await world.plan()
    await absent(world, child, 1)
    assert len(world.letters(parent)) == 1
    await turned(world, parent, Switch.LETTERS)
    await turned(world, parent, Switch.LETTERS, on=False)
    await absent(world, child, 1, 2)
    assert len(world.letters(parent)) == 1, "switched off by himself, nothing goes there"
    found = await turned(world, parent, Switch.COPIES)
    assert (found.letters, found.copies) == (True, True), "a duplicate that is wanted turns letters on"


async def test_whoever_has_a_mailbox_only_and_wants_messages_wants_letters(world: GatewayWorld) -> None:
    child = await world.child(LETTER)
    await world.publish(world.school_event(default_subscriptions=DefaultSubscriptions.OFF))
    await world.plan()
    found = await turned(world, child.parents[0], Switch.NEWS)
    assert (found.news, found.letters) == (True, True)


async def test_turning_what_is_turned_keeps_what_was_chosen_and_a_stranger_has_no_switches(
    world: GatewayWorld,
) -> None:
    child = await world.child(BOTH)
    (parent,) = child.parents
    weekly = Choice(Mode.WEEKLY, Channel.MAIL, weekday=6)
    await choose(world, parent, weekly, Category.MARK)
    await turned(world, parent, Switch.NEWS)
    async with world.database.begin() as session:
        found = await subscriptions.profile(session, parent.id)
        assert found is not None
        assert found.choices[Category.MARK] == weekly
        assert await switches.standing(session, child.id) is None
    stranger = Parent(child.id, 0, "nobody@example.ru")
    with pytest.raises(LookupError):
        await turned(world, stranger, Switch.COPIES)


# --- at random --------------------------------------------------------------------------------------------------------


async def said(world: GatewayWorld, parent: Parent) -> dict[str, list[Row[Any]]]:
    """Return what left for a parent, by channel, but for all-clears that rang."""
    rows = await world.rows(
        """SELECT d.channel, t.act, t.outcome, t.content_key FROM gateway.attempt t
        JOIN gateway.delivery d ON d.id = t.delivery
        WHERE d.recipient = :parent AND d.purpose <> 'all-clear' AND t.outcome IN ('accepted', 'unknown')
        ORDER BY t.started_at, t.version""",
        parent=parent.id,
    )
    found: dict[str, list[Row[Any]]] = {"telegram": [], "mail": []}
    for row in rows:
        found[row.channel].append(row)
    return found


def repeats(line: Sequence[Row[Any]]) -> list[Row[Any]]:
    """Return what was sent although the very same was certainly there."""
    return [
        second
        for first, second in pairwise(line)
        if (first.outcome, second.act) == ("accepted", "send")
        and read_absence(first.content_key).facts == read_absence(second.content_key).facts
    ]


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_happens_each_side_is_told_the_truth_and_nothing_twice(world: GatewayWorld, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - a walk to be repeated, not a secret
    child, parent = await doubled(world)
    walk = Walk(world, dice, child)
    for _ in range(14):
        await walk.step()
        if dice.random() < 0.2:
            await turned(world, parent, Switch.COPIES, on=dice.random() < 0.7)
    await turned(world, parent, Switch.COPIES)
    await world.publish(
        world.follow_event(child, parent),
        *(world.address_event(parent, channel) for channel in BOTH),
    )
    walk.truth = {1: UNEXPLAINED, 2: UNEXPLAINED, 3: UNEXPLAINED}
    await world.states(child, walk.truth)
    await walk.rest()
    threads, left = await world.threads(parent), await said(world, parent)
    assert {row.state for row in threads.values()} <= set(AT_REST)
    for channel, line in left.items():
        assert not repeats(line), f"{channel}: twice"
        row = threads[channel]
        certain = row.state == "accepted" and read_absence(row.told_key).facts == walk.facts().facts
        assert certain or (row.state in ("failed", "unknown") and row.reason), f"{channel}: {row.state} {row.reason}"
