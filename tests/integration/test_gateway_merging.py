"""Two records become one for the gateway: nobody is told anything twice, and nothing that waits is lost."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from core.database import Database
from core.events import Channel, Event, MarkState, PersonMergedState, attendance_subject, mark_subject, merged_subject
from core.school_time import school_date
from gateway import subscriptions
from gateway.categories import Category
from gateway.profiles import Choice, Mode
from gateway.receipts import ReceiptKind
from tests.integration.gateway_world import ILLNESS, UNEXPLAINED, ZONE, Child, GatewayWorld, Parent, gateway_world

CHAT, LETTER = (Channel.TELEGRAM,), (Channel.MAIL,)


@pytest_asyncio.fixture
async def world(core_database: Database, gateway_database: Database, tmp_path: Path) -> AsyncIterator[GatewayWorld]:
    async with gateway_world(core_database, gateway_database, tmp_path) as made:
        yield made


def merging(world: GatewayWorld, kept: UUID, gone: UUID) -> Event:
    return world._event(PersonMergedState(kept=kept, gone=gone), merged_subject(gone), 1)


def ended(world: GatewayWorld, child: Child, parent: Parent, **changes: Any) -> Event:
    return world.follow_event(child, parent, may_see=False, **changes)


async def merge_guardians(world: GatewayWorld, child: Child, kept: Parent, gone: Parent) -> Parent:
    """Merge as core does: the kept guardian takes over relation and chat."""
    one = Parent(kept.id, gone.chat, kept.mailbox)
    await world.publish(
        merging(world, kept.id, gone.id),
        ended(world, child, gone),
        world.address_event(gone, Channel.TELEGRAM, verified_at=None, ended=True),
        world.address_event(one, Channel.TELEGRAM),
        world.follow_event(child, one),
    )
    await world.settle()
    return one


async def merge_pupils(world: GatewayWorld, kept: Child, gone: Child, *states: Event) -> None:
    """Merge as core does: the relations to the one end, those to the other stand, the days are stated anew."""
    await world.publish(
        merging(world, kept.id, gone.id),
        *(ended(world, gone, parent) for parent in gone.parents),
        *(world.follow_event(kept, parent) for parent in gone.parents),
        *states,
    )
    await world.settle()


async def test_a_guardian_told_already_is_not_told_again_and_gets_the_correction_in_place(world: GatewayWorld) -> None:
    child = await world.child(CHAT, ())
    gone, kept = child.parents
    await world.states(child, {1: UNEXPLAINED})
    await world.pass_undo()
    assert len(world.chat(gone)) == 1
    one = await merge_guardians(world, child, kept, gone)
    assert len(world.chat(one)) == 1
    assert await world.press(one, ReceiptKind.ACKNOWLEDGED, key="press")
    await world.states(child, {1: ILLNESS})
    await world.pass_undo()
    (message,) = world.chat(one)
    assert len(message.earlier) >= 1
    assert "болезн" in message.text.casefold()


async def test_what_waits_leaves_once_to_the_kept_guardian(world: GatewayWorld) -> None:
    child = await world.child(CHAT, ())
    gone, kept = child.parents
    await world.states(child, {1: UNEXPLAINED})
    await world.settle()
    one = await merge_guardians(world, child, kept, gone)
    assert world.chat(one) == ()
    await world.pass_undo()
    assert len(world.chat(one)) == 1
    left = await world.rows("SELECT state, reason FROM gateway.delivery WHERE recipient = :gone", gone=gone.id)
    assert {tuple(row) for row in left} == {("suppressed", "rights-lost")}


async def test_a_message_in_another_chat_is_not_changed_in_this_one(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    (gone,) = child.parents
    other = await world.child(CHAT, name="Ёлкин Петя")
    (kept,) = other.parents
    await world.states(child, {1: UNEXPLAINED})
    await world.pass_undo()
    await world.publish(
        merging(world, kept.id, gone.id),
        ended(world, child, gone),
        world.address_event(gone, Channel.TELEGRAM, verified_at=None, ended=True),
        world.follow_event(child, kept),
    )
    await world.settle()
    assert len(world.chat(kept)) == 0
    await world.states(child, {})
    await world.pass_undo()
    assert (len(world.chat(gone)), len(world.chat(kept))) == (1, 1)


async def test_a_pupils_day_that_was_told_is_no_news_under_the_kept_name(world: GatewayWorld) -> None:
    gone = await world.child(CHAT)
    kept = Child(uuid4(), gone.name, gone.parents)
    (parent,) = gone.parents
    await world.publish(world.follow_event(kept, parent))
    await world.states(gone, {1: UNEXPLAINED})
    await world.pass_undo()
    assert len(world.chat(parent)) == 1
    assert await world.press(parent, ReceiptKind.ACKNOWLEDGED, key="press")
    day = world.day_event(kept, {1: UNEXPLAINED}, version=2)
    await merge_pupils(world, kept, gone, day)
    await world.pass_undo()
    assert len(world.chat(parent)) == 1
    today = school_date(world.clock.wall, ZONE)
    rows = await world.rows("SELECT DISTINCT subject FROM gateway.delivery")
    assert [row.subject for row in rows] == [attendance_subject(kept.id, today)]
    assert [tuple(row) for row in await world.rows("SELECT subject, pupils FROM gateway.fact")] == [
        (attendance_subject(kept.id, today), [kept.id])
    ]
    kinds = await world.rows(
        "SELECT kind FROM gateway.receipt WHERE subject = :s", s=attendance_subject(kept.id, today)
    )
    assert [row.kind for row in kinds] == ["acknowledged"]


async def test_two_days_of_one_pupil_become_one_message_and_no_false_all_clear(world: GatewayWorld) -> None:
    gone = await world.child(CHAT)
    kept = Child(uuid4(), gone.name, gone.parents)
    (parent,) = gone.parents
    await world.publish(world.follow_event(kept, parent))
    await world.states(kept, {1: UNEXPLAINED})
    await world.pass_undo()
    await world.states(gone, {2: UNEXPLAINED})
    await world.settle()
    day = world.day_event(kept, {1: UNEXPLAINED, 2: UNEXPLAINED}, version=2)
    await merge_pupils(world, kept, gone, day)
    await world.pass_undo()
    await world.retry_for(2)
    assert len(world.chat(parent)) <= 2
    states = {
        (row.state, row.reason)
        for row in await world.rows(
            "SELECT state, reason FROM gateway.delivery WHERE subject = :s",
            s=attendance_subject(gone.id, school_date(world.clock.wall, ZONE)),
        )
    }
    assert states == {("suppressed", "rights-lost")}


def mark_of(world: GatewayWorld, child: Child, mark: UUID) -> Event:
    state = MarkState(
        mark=mark,
        pupil=child.id,
        pupil_name=child.name,
        class_title="5А",
        lesson=UUID(int=1),
        day=school_date(world.clock.wall, ZONE),
        lesson_number=2,
        subject_name="математика",
        value=2,
        work="ответ на уроке",
    )
    return world._event(state, mark_subject(mark))


async def evening(world: GatewayWorld) -> None:
    """Let the evening letter leave."""
    world.clock.move(hours=10)
    await world.settle()


async def test_a_mark_told_of_the_duplicate_is_not_told_again(world: GatewayWorld) -> None:
    gone = await world.child(CHAT)
    kept = Child(uuid4(), "Ёлкина Александра", gone.parents)
    (parent,) = gone.parents
    mark = uuid4()
    await world.publish(mark_of(world, gone, mark))
    await world.plan()
    await evening(world)
    assert len(world.chat(parent)) == 1
    await world.publish(
        merging(world, kept.id, gone.id),
        ended(world, gone, parent),
        world.follow_event(kept, parent),
        mark_of(world, kept, mark),
    )
    await world.settle()
    world.clock.move(hours=24)
    await world.settle()
    assert len(world.chat(parent)) == 1


@pytest.mark.parametrize("of_pupils", [True, False])
async def test_what_waits_for_the_evening_letter_leaves_with_it_once(world: GatewayWorld, *, of_pupils: bool) -> None:
    child = await world.child(CHAT, ())
    gone, spare = child.parents
    mark = uuid4()
    await world.publish(mark_of(world, child, mark))
    await world.settle()
    reader = gone
    if of_pupils:
        kept = Child(uuid4(), child.name, (gone,))
        await world.publish(
            merging(world, kept.id, child.id),
            ended(world, child, gone),
            world.follow_event(kept, gone),
            mark_of(world, kept, mark),
        )
        await world.settle()
    else:
        reader = await merge_guardians(world, child, spare, gone)
    await evening(world)
    (message,) = world.chat(reader)
    assert "математика" in message.text.casefold()
    world.clock.move(hours=24)
    await world.settle()
    assert len(world.chat(reader)) == 1


async def chosen(world: GatewayWorld, parent: Parent) -> set[tuple[Any, ...]]:
    query = "SELECT category, channel, mode, hour FROM gateway.subscription WHERE recipient = :id"
    return {tuple(row) for row in await world.rows(query, id=parent.id)}


async def test_choices_and_hours_follow_unless_the_kept_guardian_has_his_own(world: GatewayWorld) -> None:
    child = await world.child(CHAT, LETTER)
    gone, kept = child.parents
    off, daily = Choice(Mode.OFF, None), Choice(Mode.DAILY, Channel.MAIL, 17)
    async with world.database.begin() as session:
        await subscriptions.choose(session, gone.id, Category.ABSENCE, off, at=world.clock.wall)
        await subscriptions.choose(session, gone.id, Category.BAD_MARK, off, at=world.clock.wall)
        await subscriptions.choose(session, kept.id, Category.BAD_MARK, daily, at=world.clock.wall)
    await world.do(
        "UPDATE gateway.recipient SET quiet_from = '20:00', quiet_until = '08:00', copies = true WHERE id = :id",
        id=gone.id,
    )
    own = await chosen(world, kept)
    other = await chosen(world, gone)
    await merge_guardians(world, child, kept, gone)
    assert await chosen(world, kept) == own | {row for row in other if row[0] == "absence"}
    assert await chosen(world, gone) == set()
    hours = await world.value("SELECT quiet_from::text FROM gateway.recipient WHERE id = :id", id=kept.id)
    assert hours == "20:00:00"
    assert await world.value("SELECT copies FROM gateway.recipient WHERE id = :id", id=kept.id)


async def test_the_same_merging_again_changes_nothing(world: GatewayWorld) -> None:
    child = await world.child(CHAT, ())
    gone, kept = child.parents
    await world.states(child, {1: UNEXPLAINED})
    await world.pass_undo()
    one = await merge_guardians(world, child, kept, gone)
    before = await ledger(world)
    await world.publish(merging(world, kept.id, gone.id))
    await world.settle()
    assert await ledger(world) == before
    assert len(world.chat(one)) == 1


async def ledger(world: GatewayWorld) -> set[tuple[Any, ...]]:
    return {tuple(row) for row in await world.rows("SELECT id, recipient, state, told FROM gateway.delivery")}
