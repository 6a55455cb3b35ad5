"""Choices and all else that decides who is told, in the database: compiled where they change, obeyed from then on."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest_asyncio
from sqlalchemy import text

from core.database import Database
from core.events import (
    AbsenceDisputedState,
    Channel,
    ConsentTerm,
    DefaultSubscriptions,
    RollOverdueState,
    dispute_subject,
    roll_subject,
)
from core.school_time import school_date
from gateway import subscriptions
from gateway.categories import BIT, Category, Duty, Topic
from gateway.own_affairs import duties
from gateway.profiles import OFF, Choice, Mode, Selection, SubscriptionRow, rows_of
from gateway.states import Reason
from gateway.unreached import absence_routes
from gateway.watch_rows import recompile
from tests.integration.gateway_world import (
    MORNING,
    UNEXPLAINED,
    ZONE,
    Child,
    GatewayWorld,
    Parent,
    gateway_world,
)
from tests.integration.test_gateway_news import AT_ONCE, BOTH, CHAT, EVENING, LETTER, at, choose, mark

BY_MAIL = Choice(Mode.NOW, Channel.MAIL)
IN_FORCE = """
SELECT coalesce(channel || ' ' || mode, reason) FROM gateway.watch
WHERE recipient = :recipient AND pupil = :pupil AND topics & :bit <> 0 AND first <= :today AND :today <= last
ORDER BY rank
"""


@pytest_asyncio.fixture
async def world(core_database: Database, gateway_database: Database, tmp_path: Path) -> AsyncIterator[GatewayWorld]:
    async with gateway_world(core_database, gateway_database, tmp_path) as made:
        yield made


async def routes(world: GatewayWorld, pupil: UUID, reader: UUID, topic: Topic = Category.ABSENCE) -> list[str]:
    """Return by which ways the table says that a reader is told today, or why not."""
    today = school_date(world.clock.wall, ZONE)
    values = {"recipient": reader, "pupil": pupil, "bit": BIT[topic], "today": today}
    return [row[0] for row in await world.rows(IN_FORCE, **values)]


async def unsubscribe(world: GatewayWorld, parent: Parent, channel: Channel) -> None:
    async with world.database.begin() as session:
        await subscriptions.unsubscribe(session, parent.id, channel, via="letter", at=world.clock.wall)


async def test_whatever_changes_of_a_profile_changes_its_watches_in_the_same_pass(world: GatewayWorld) -> None:
    child = await world.child(BOTH)
    (parent,) = child.parents

    async def tells(**follow: Any) -> list[str]:
        await world.publish(world.follow_event(child, parent, **follow))
        await world.plan()
        return await routes(world, child.id, parent.id)

    assert await routes(world, child.id, parent.id) == ["telegram now", "mail now"]
    assert await tells(attendance_consent=ConsentTerm(), consent_given_on=None) == ["no-consent"]
    assert await tells(barred=True) == ["barred"]
    assert await tells(may_see=False) == ["rights-lost"]
    assert await tells() == ["telegram now", "mail now"]
    await world.publish(world.address_event(parent, Channel.TELEGRAM, ended=True))
    await world.plan()
    assert await routes(world, child.id, parent.id) == ["mail now"]
    await world.publish(world.school_event(default_subscriptions=DefaultSubscriptions.OFF))
    await world.plan()
    assert await routes(world, child.id, parent.id) == ["not-asked-for"]
    await choose(world, parent, BY_MAIL, Category.ABSENCE)
    assert await routes(world, child.id, parent.id) == ["mail now"]
    await world.publish(world.school_event(allowed_channels=(Channel.TELEGRAM,)))
    await world.plan()
    assert await routes(world, child.id, parent.id) == ["channel-not-allowed"]
    assert await world.value("SELECT count(*) FROM gateway.unwatched") == 0


async def test_what_stands_is_not_written_again_and_an_address_that_died_is_taken_up_by_the_next_pass(
    world: GatewayWorld,
) -> None:
    child = await world.child(CHAT)
    (parent,) = child.parents
    rows = "SELECT id, made_at FROM gateway.watch ORDER BY id"
    before = await world.rows(rows)
    world.clock.move(minutes=5)
    await world.publish(world.follow_event(child, parent), world.school_event(undo_window_seconds=61))
    await world.plan()
    assert await world.rows(rows) == before
    # As a courier does it, beside whoever plans.
    await world.do(
        "UPDATE gateway.address SET dead_reason = 'blocked-by-user' WHERE recipient = :parent", parent=parent.id
    )
    await world.do("UPDATE gateway.recipient SET rev = rev + 1 WHERE id = :parent", parent=parent.id)
    await world.plan()
    assert await routes(world, child.id, parent.id) == ["address-dead"]
    found = (await unreached(world, child))[child.id]
    assert found.nobody
    assert [(one.reason, one.since) for one in found.silent] == [(Reason.ADDRESS_DEAD, world.clock.wall)]


async def unreached(world: GatewayWorld, *children: Child) -> Any:
    async with world.database.begin() as session:
        return await absence_routes(session, [child.id for child in children], school_date(world.clock.wall, ZONE))


async def test_time_passes_over_consents_and_relations_without_any_event(world: GatewayWorld) -> None:
    today = school_date(MORNING, ZONE)
    consent = ConsentTerm(given_on=today + timedelta(days=1), until=today + timedelta(days=3))
    child = await world.child(
        LETTER, attendance_consent=consent, consent_given_on=None, until=today + timedelta(days=5)
    )
    (parent,) = child.parents
    said = []
    for _ in range(7):
        said += await routes(world, child.id, parent.id)
        world.clock.move(hours=24)
    assert said == ["no-consent", *["mail now"] * 3, *["no-consent"] * 2, "rights-lost"]


async def test_of_two_children_each_is_told_as_it_was_chosen_and_marks_by_their_threshold(world: GatewayWorld) -> None:
    first, second = await world.child(BOTH), await world.child(name="Ёлкин Миша")
    (parent,) = first.parents
    await world.publish(world.follow_event(second, parent))
    await world.plan()
    async with world.database.begin() as session:
        choices = [*rows_of(Category.BAD_MARK, AT_ONCE), *rows_of(Category.BAD_MARK, OFF, second.id)]
        await subscriptions.choose_ways(session, parent.id, choices, at=world.clock.wall)
        await subscriptions.choose(session, parent.id, Category.MARK, OFF, at=world.clock.wall)
        four = Selection(Category.BAD_MARK, None, 5)
        await subscriptions.select(session, parent.id, four, at=world.clock.wall)
        maths = Selection(Category.MARK, None, None, frozenset({"математика"}))
        await subscriptions.choose(session, parent.id, Category.MARK, BY_MAIL, at=world.clock.wall, pupil=first.id)
        await subscriptions.select(session, parent.id, maths, at=world.clock.wall)
    await mark(world, first, 4, uuid4())
    await mark(world, second, 2, uuid4())
    await mark(world, second, 5, uuid4())
    await mark(world, first, 5, uuid4(), subject_name="труд")
    await mark(world, first, 5, uuid4())
    await world.pass_undo()
    (chat,) = world.chat(parent)
    assert "математика: 4" in chat.text
    (letter,) = world.letters(parent)
    assert "математика: 5" in (letter.text or "")
    reasons = "SELECT array_agg(reason ORDER BY reason) FROM gateway.delivery WHERE state = 'suppressed'"
    assert await world.value(reasons) == ["other-subject", "unsubscribed", "unsubscribed"]


async def test_whoever_unsubscribed_from_a_channel_gets_nothing_by_it_and_the_school_sees_it(
    world: GatewayWorld,
) -> None:
    child = await world.child(BOTH)
    (parent,) = child.parents
    await mark(world, child, 2, uuid4())
    await world.plan()
    await unsubscribe(world, parent, Channel.MAIL)
    # What waited for the evening letter takes the way that is left.
    await at(world, EVENING + timedelta(minutes=1))
    assert world.letters(parent) == ()
    assert len(world.chat(parent)) == 1
    await unsubscribe(world, parent, Channel.MAIL)
    await unsubscribe(world, parent, Channel.TELEGRAM)
    await world.states(child, {1: UNEXPLAINED})
    await world.pass_undo()
    assert len(world.chat(parent)) == 1
    assert (await unreached(world, child))[child.id].silent[0].reason is Reason.UNSUBSCRIBED
    async with world.database.begin() as session:
        found = await subscriptions.profile(session, parent.id)
        assert found is not None
        assert (found.channels, found.left) == ((), BOTH)
        # Choosing a channel by name is coming back to it; to the other one he does not.
        await subscriptions.choose(session, parent.id, Category.ABSENCE, BY_MAIL, at=world.clock.wall)
    assert await routes(world, child.id, parent.id) == ["mail now"]
    async with world.database.begin() as session:
        await subscriptions.recommend(session, parent.id, at=world.clock.wall)
    assert await routes(world, child.id, parent.id) == ["mail now"]
    async with world.database.begin() as session:
        await subscriptions.resubscribe(session, parent.id, Channel.TELEGRAM, at=world.clock.wall)
    assert await routes(world, child.id, parent.id) == ["telegram now", "mail now"]
    assert not (await unreached(world, child))[child.id].nobody


async def test_a_channel_that_is_off_for_something_is_not_taken_when_the_chosen_one_fails(world: GatewayWorld) -> None:
    child = await world.child(BOTH)
    (parent,) = child.parents
    never = SubscriptionRow(Category.ABSENCE, Channel.MAIL, Mode.OFF)
    async with world.database.begin() as session:
        rows = [*rows_of(Category.ABSENCE, AT_ONCE), never]
        await subscriptions.choose_ways(session, parent.id, rows, at=world.clock.wall)
    assert await routes(world, child.id, parent.id) == ["telegram now"]
    assert await routes(world, child.id, parent.id, Category.NOTICE) == ["telegram now", "mail now"]
    await world.publish(world.address_event(parent, Channel.TELEGRAM, ended=True))
    await world.states(child, {1: UNEXPLAINED})
    await world.pass_undo()
    assert world.letters(parent) == ()
    assert await routes(world, child.id, parent.id) == ["unsubscribed"]


async def test_a_teacher_is_known_from_the_first_thing_that_concerns_his_work(world: GatewayWorld) -> None:
    await world.child(LETTER)
    teacher, guardian = world._parent(), uuid4()
    overdue = RollOverdueState(
        lesson=UUID(int=1),
        class_title="5 «А»",
        subject_name="математика",
        teacher=teacher.id,
        teacher_name="Петрова Мария Ивановна",
        day=school_date(MORNING, ZONE),
        number=1,
        starts_at=MORNING,
        minutes=20,
        overdue=True,
    )
    await world.publish(world._event(overdue, roll_subject(overdue.lesson)))
    await world.plan()
    assert await routes(world, duties(teacher.id), teacher.id, Duty.ROLL) == ["no-address"]
    disputed = AbsenceDisputedState(
        pupil=UUID(int=2),
        pupil_name="Ёлкина Саша",
        class_title="5 «А»",
        guardian=guardian,
        day=overdue.day,
        lesson=overdue.lesson,
        lesson_number=1,
        subject_name="математика",
        teacher=teacher.id,
        disputed=True,
    )
    await world.publish(
        world.address_event(teacher, Channel.MAIL),
        world._event(disputed, dispute_subject(disputed.pupil, disputed.day, guardian)),
    )
    await world.plan()
    for duty in (Duty.ROLL, Duty.DISPUTE, Duty.SCHOOL):
        assert await routes(world, duties(teacher.id), teacher.id, duty) == ["mail now"]
    assert await routes(world, duties(teacher.id), teacher.id, Category.ABSENCE) == []
    assert await world.value("SELECT count(*) FROM gateway.follow WHERE recipient = :id", id=teacher.id) == 1


async def test_recompiling_everybody_changes_nothing(world: GatewayWorld) -> None:
    child = await world.child(BOTH, LETTER, CHAT, ())
    await choose(world, child.parents[0], OFF, Category.PRAISE)
    rows = "SELECT * FROM gateway.watch ORDER BY id"
    before = await world.rows(rows)
    assert len(before) > 20
    async with world.database.begin() as session:
        part = (await session.execute(text("SELECT part FROM gateway.school"))).scalar_one()
        await session.execute(text("UPDATE gateway.school SET watched_rev = 0, policy = ''"))
        assert await recompile(session, part, world.clock.wall) == 4
        assert await recompile(session, part, world.clock.wall) == 0
    assert await world.rows(rows) == before
