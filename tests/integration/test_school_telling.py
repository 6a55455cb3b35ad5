"""Rules of a school that say how families are told: kept, told with the fact, and obeyed from then on."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import URL

from core.database import Database
from core.events import (
    AbsenceKind,
    Addressee,
    Channel,
    DefaultSubscriptions,
    Event,
    Insisted,
    NotHeld,
    SchoolState,
    SchoolTelling,
    TimetableDayState,
    event,
    timetable_subject,
)
from core.school import school_rules, school_settings
from core.school_time import MachineClock
from gateway import subscriptions
from gateway.addresses import AddressVault
from gateway.categories import Category
from gateway.heads import Heads
from gateway.intake import Intake
from gateway.profiles import Choice, Mode
from tests.integration.core_world import ClassRoom, class_room
from tests.integration.gateway_world import MORNING, Child, GatewayWorld, gateway_world
from tests.integration.test_gateway_learning import SATURDAY, WEEK, Journal, asking, at, body
from tests.integration.test_gateway_timetables import CLASS, COLD, LESSON

BY_HAND = SchoolTelling(absences_at_once=False)
BOTH = (Channel.TELEGRAM, Channel.MAIL)
MISSED = {1: AbsenceKind.UNEXPLAINED}
FRIDAY = SATURDAY - timedelta(days=1)


@pytest_asyncio.fixture
async def world(core_database: Database, gateway_database: Database, tmp_path: Path) -> AsyncIterator[GatewayWorld]:
    async with gateway_world(core_database, gateway_database, tmp_path) as made:
        yield made


@pytest.fixture
async def room(core_database: Database, database_url: URL) -> ClassRoom:
    return await class_room(core_database, database_url, lessons=0)


async def change(room: ClassRoom, **changes: Any) -> None:
    async with room.database.begin() as session:
        await school_rules.change(session, room.act(room.head), room.school.id, changes)


async def told(room: ClassRoom) -> list[tuple[int, SchoolTelling]]:
    states = [one for one in await room.watch.events() if isinstance(one.data, SchoolState)]
    return [(one.version, one.data.telling) for one in states if isinstance(one.data, SchoolState)]


# --- the journal's side -----------------------------------------------------------------------------------------------


async def test_a_rule_is_told_with_the_fact_and_only_if_the_gateway_has_to_obey_it(room: ClassRoom) -> None:
    before = await told(room)
    version = before[-1][0]
    await change(room, absence_minutes=15)
    assert await told(room) == before, "of the roll's twenty minutes the gateway knows nothing"
    await change(room, absence_told="teacher", weekly_letter_on="monday")
    await change(room, changes_told="daily", absence_told=...)
    monday = SchoolTelling(weekly_letter_on=1)
    assert (await told(room))[len(before) :] == [
        (version + 1, monday.model_copy(update={"absences_at_once": False})),
        (version + 2, monday.model_copy(update={"changes_at_once": False})),
    ]
    async with room.database.begin() as session:
        await school_settings.change(
            session, room.act(room.head).actor, room.school.id, {"digest_hour": 17}, room.hands.at
        )
    assert (await told(room))[-1] == (version + 3, monday.model_copy(update={"changes_at_once": False}))


async def test_a_rule_that_is_taken_back_with_its_transaction_is_told_to_nobody(room: ClassRoom) -> None:
    before, audit = await told(room), await room.watch.audit("school.rules")
    with pytest.raises(ZeroDivisionError):  # noqa: PT012 - the transaction is what fails
        async with room.database.begin() as session:
            act = room.act(room.head)
            await school_rules.change(session, act, room.school.id, {"absence_told": "teacher"})
            raise ZeroDivisionError
    assert (await told(room), await room.watch.audit("school.rules")) == (before, audit)
    async with room.database.begin() as session:
        assert (await school_rules.of_school(session, room.school.id)).absence_told == "automatic"


async def test_what_a_school_decides_stands_in_the_gateway_after_the_next_pass(
    room: ClassRoom, gateway_database: Database
) -> None:
    heads = Heads(AddressVault(b"addresses of the tests, 32 bytes"), {})
    intake = Intake(gateway_database, heads, room.hands.clock, MachineClock())
    await intake.run_once()
    await change(room, absence_told="teacher", changes_told="daily", weekly_letter_on="friday")
    assert await intake.run_once() == 1
    (row,) = await room.watch.rows("SELECT state -> 'telling' AS telling, policy FROM gateway.school")
    expected = SchoolTelling(absences_at_once=False, changes_at_once=False, weekly_letter_on=5)
    assert SchoolTelling.model_validate_json(row["telling"]) == expected
    assert row["policy"].endswith(" 005")


# --- the gateway's side -----------------------------------------------------------------------------------------------


async def test_an_absence_waits_for_the_letter_where_the_teacher_tells_unless_the_parent_chose_himself(
    world: GatewayWorld,
) -> None:
    child = await world.child(BOTH, BOTH)
    silent, eager = child.parents
    async with world.database.begin() as session:
        now = Choice(Mode.NOW, Channel.TELEGRAM)
        await subscriptions.choose(session, eager.id, Category.ABSENCE, now, at=world.clock.wall)
    await world.publish(world.school_event(BY_HAND))
    await world.states(child, MISSED)
    await world.pass_undo()
    assert [len(world.chat(one)) for one in (silent, eager)] == [0, 1]
    assert world.letters(silent) == ()
    world.clock.move(hours=12)
    await world.settle()
    (letter,) = world.letters(silent)
    assert child.name in (letter.text or "")
    assert (len(world.chat(silent)), len(world.letters(eager))) == (0, 0)


async def test_a_rule_counts_for_what_waits_and_takes_back_nothing_that_was_told(world: GatewayWorld) -> None:
    first, second = await world.child(BOTH), await world.child(BOTH, name="Орлов Женя")
    await world.states(first, MISSED)
    await world.pass_undo()
    await world.states(second, MISSED)
    await world.plan()
    await world.publish(world.school_event(BY_HAND))
    # A gateway that begins anew knows no more than its tables.
    world.intake = world.another_intake(world.database)
    await world.pass_undo()
    (told,), (waits,) = first.parents, second.parents
    assert (len(world.chat(told)), len(world.chat(waits))) == (1, 0)
    assert (await world.stands(waits))["mail"][0] == "pending"
    await world.publish(world.school_event())
    await world.settle()
    assert (len(world.chat(told)), len(world.chat(waits))) == (1, 1), "back again, and it leaves at once"
    world.clock.move(hours=12)
    await world.settle()
    assert [world.letters(one) for one in (told, waits)] == [(), ()], "nobody is told twice"


async def test_where_nobody_is_told_unasked_what_the_school_insists_on_comes_in_the_evening_too(
    world: GatewayWorld,
) -> None:
    child = await world.child((Channel.TELEGRAM,))
    (parent,) = child.parents
    await world.publish(
        world.school_event(BY_HAND, default_subscriptions=DefaultSubscriptions.OFF, floor=(Insisted.ABSENCE,))
    )
    await world.states(child, MISSED)
    await world.pass_undo()
    assert world.chat(parent) == ()
    async with world.database.begin() as session:
        shown = await subscriptions.profile(session, parent.id)
    assert shown is not None
    assert shown.in_force(Category.ABSENCE) == Choice(Mode.DAILY, Channel.TELEGRAM), "as the bot shows it to him"
    world.clock.move(hours=12)
    await world.settle()
    assert len(world.chat(parent)) == 1


def timetable(world: GatewayWorld, child: Child, version: int, **changes: Any) -> Event:
    day = MORNING.date()
    pupils = (Addressee(pupil=child.id, name=child.name),)
    lessons = (LESSON.model_copy(update=changes),)
    state = TimetableDayState(learners=CLASS, class_title="5А", pupils=pupils, day=day, lessons=lessons)
    return event(
        state, subject=timetable_subject(CLASS, day), school=world.school, version=version, at=world.clock.wall
    )


async def test_changes_told_daily_wait_but_a_day_on_which_nobody_must_come_does_not(world: GatewayWorld) -> None:
    child = await world.child(BOTH)
    (parent,) = child.parents
    await world.publish(world.school_event(SchoolTelling(changes_at_once=False)), timetable(world, child, 1))
    await world.plan()
    await world.publish(timetable(world, child, 2, instead_of="Орлова Анна Ивановна"))
    await world.pass_undo()
    assert world.chat(parent) == ()
    frost = {"cancelled": COLD.cancelled, "cancelled_note": COLD.cancelled_note}
    assert COLD.cancelled is NotHeld.WEATHER
    await world.publish(timetable(world, child, 3, **frost))
    await world.pass_undo()
    (message,) = world.chat(parent)
    assert "мороз" in (message.text or "")


async def test_the_weekly_letter_leaves_on_the_schools_day_and_on_the_readers_own(world: GatewayWorld) -> None:
    child = await world.child((Channel.MAIL,), (Channel.MAIL,))
    silent, chose = child.parents
    async with world.database.begin() as session:
        saturday = Choice(Mode.WEEKLY, Channel.MAIL, weekday=6)
        await subscriptions.choose(session, chose.id, Category.DIGEST, saturday, at=world.clock.wall)
    await world.publish(world.school_event(SchoolTelling(weekly_letter_on=5)))
    weeks = asking(world, Journal({child.id: WEEK}))
    for day in (FRIDAY, SATURDAY):
        await at(world, weeks, 15, 45, day)
        await at(world, weeks, 19, 0, day)
    assert [["17 октября — 23" in one for one in body(world, parent)] for parent in (silent, chose)] == [
        [True],
        [False],
    ]


async def test_a_day_that_is_changed_when_the_letter_is_already_written_loses_nobodys_week(
    world: GatewayWorld,
) -> None:
    child = await world.child((Channel.MAIL,))
    (parent,) = child.parents
    weeks = asking(world, Journal({child.id: WEEK}))
    await at(world, weeks, 15, 45)
    assert body(world, parent) == []
    await world.publish(world.school_event(SchoolTelling(weekly_letter_on=1)))
    await at(world, weeks, 19, 0)
    assert len(body(world, parent)) == 1
    for days in (1, 2):
        await at(world, weeks, 15, 45, SATURDAY + timedelta(days=days))
        await at(world, weeks, 19, 0, SATURDAY + timedelta(days=days))
    assert len(body(world, parent)) == 2, "and the next one on Monday, as was decided"


async def test_a_state_of_before_is_read_and_means_what_it_meant(world: GatewayWorld) -> None:
    await world.publish(world.school_event(BY_HAND))
    raw = world.school_event().model_dump(mode="json")
    del raw["data"]["telling"]
    old = Event.model_validate(raw)
    assert isinstance(old.data, SchoolState)
    assert old.data.telling == SchoolTelling()
    child = await world.child(BOTH)
    await world.states(child, MISSED)
    await world.pass_undo()
    assert len(world.chat(child.parents[0])) == 1
