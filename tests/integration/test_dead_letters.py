"""Dead letters: what was given up is seen with its reason; a replay goes through planning, once, and leaves a trace."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from core.database import Database
from core.events import Channel, MarkState, mark_subject
from core.school_time import school_date
from gateway import dead_letters, subscriptions
from gateway.categories import Category
from gateway.dead_letters import DeadLetter, Place, Refused, Replayed, Result, UnderWay, Wanted, WhyNot, Word
from gateway.partition import lock_partition
from gateway.profiles import OFF, Choice, Mode
from gateway.retry import TRIES
from gateway.states import Reason, State
from tests.integration.eventually import eventually
from tests.integration.gateway_world import UNEXPLAINED, ZONE, Child, GatewayWorld, gateway_world
from zvonok.sandbox import faults
from zvonok.sandbox.faults import Cut, bad_gateway
from zvonok.sandbox.mail_faults import NO_SUCH_MAILBOX

CHAT, BOTH = (Channel.TELEGRAM,), (Channel.TELEGRAM, Channel.MAIL)
AT_ONCE = Choice(Mode.NOW, Channel.TELEGRAM)
TOO_LONG = faults.Refused(400, "Bad Request: message is too long")
OPEN, EVERY = Wanted(), Wanted(every=True)
WORD = Word("operator", "Телеграм снова работает")
ANYWAY = Word("operator", "родитель не ответил на звонок", maybe_told=True)


@pytest_asyncio.fixture
async def world(core_database: Database, gateway_database: Database, tmp_path: Path) -> AsyncIterator[GatewayWorld]:
    async with gateway_world(core_database, gateway_database, tmp_path) as made:
        yield made


async def absent(world: GatewayWorld, *children: Child) -> None:
    """Let each of these miss lesson 1, and the undo window pass."""
    await world.publish(*(world.day_event(child, {1: UNEXPLAINED}) for child in children))
    await world.settle()
    await world.pass_undo()


async def dead(world: GatewayWorld, wanted: Wanted = OPEN) -> tuple[DeadLetter, ...]:
    async with world.database.begin() as session:
        return await dead_letters.listed(session, wanted, world.clock.wall, limit=50)


async def the_one(world: GatewayWorld) -> DeadLetter:
    (letter,) = await dead(world, EVERY)
    return letter


async def again(world: GatewayWorld, letter: DeadLetter, word: Word = WORD) -> Result:
    async with world.database.begin() as session:
        return await dead_letters.replay(session, letter, word, world.clock.wall)


async def would(world: GatewayWorld, letter: DeadLetter, word: Word = WORD) -> Result:
    async with world.database.begin() as session:
        return await dead_letters.may_replay(session, letter, word, world.clock.wall)


async def whole_ledger(world: GatewayWorld) -> list[tuple[object, ...]]:
    """Return everything that a refusal must leave as it was."""
    tables = ("delivery", "attempt", "timer", "bundle", "replay", "receipt")
    return [tuple(row) for table in tables for row in await world.rows(f"SELECT * FROM gateway.{table} ORDER BY 1, 2")]  # noqa: S608 - names of ours


async def refused(world: GatewayWorld, letter: DeadLetter, why: str, word: Word = WORD) -> None:
    before = await whole_ledger(world)
    assert await would(world, letter, word) == Refused(why)
    assert await again(world, letter, word) == Refused(why)
    assert await whole_ledger(world) == before, "a refusal changes nothing"


async def test_what_failed_is_seen_with_its_reason_and_goes_again_once(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    world.emulator.faults.arm(TOO_LONG)
    await absent(world, child)
    (letter,) = await dead(world)
    assert (letter.state, letter.reason, letter.channel) == (State.FAILED, "refused", "telegram")
    assert (letter.recipient, letter.category, letter.replays) == (child.parents[0].id, "attendance_day", 0)
    for _ in range(3):
        await world.settle()
    assert world.requests(child.parents[0]) == 1, "nobody tries it by himself"
    world.emulator.faults.lift_all()
    assert await would(world, letter) == Replayed("telegram")
    assert (await the_one(world)).state is State.FAILED, "asking does nothing"
    assert await again(world, letter) == Replayed("telegram")
    assert await again(world, letter) == UnderWay("telegram"), "a repeat changes nothing"
    assert await dead(world, EVERY) == ()
    await world.settle()
    assert len(world.chat(child.parents[0])) == 1
    assert await again(world, letter) == Refused(WhyNot.TOLD)
    rows = await world.rows("SELECT delivery, state, reason, maybe_told, by, why, at FROM gateway.replay")
    assert [tuple(row) for row in rows] == [
        (letter.id, "failed", "refused", False, "operator", "Телеграм снова работает", world.clock.wall)
    ]


async def test_a_messenger_that_is_away_makes_no_dead_letter(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    world.emulator.faults.arm(bad_gateway())
    await absent(world, child)
    await world.retry_for(minutes=45, step=2.5)
    assert await dead(world, EVERY) == ()
    assert await world.stands() == {"telegram": ("pending", "server-error")}, "it is tried on"
    world.emulator.faults.lift_all()
    await world.retry_for(minutes=6)
    assert len(world.chat(child.parents[0])) == 1


async def test_a_new_try_has_all_its_tries_again(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    world.emulator.faults.arm(bad_gateway(), times=TRIES - 1)
    world.emulator.faults.arm(TOO_LONG, times=1)
    world.emulator.faults.arm(bad_gateway())
    await absent(world, child)
    await world.retry_for(minutes=45, step=2.5)
    letter = await the_one(world)
    assert (letter.reason, letter.attempts) == ("refused", TRIES)
    assert await again(world, letter) == Replayed("telegram")
    await world.settle()
    assert await world.stands() == {"telegram": ("pending", "server-error")}, "put off, not given up at once"
    world.emulator.faults.lift_all()
    await world.retry_for(minutes=1)
    assert len(world.chat(child.parents[0])) == 1


async def test_two_operators_at_once_have_it_sent_once(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    world.emulator.faults.arm(TOO_LONG, times=1)
    await absent(world, child)
    letter = await the_one(world)
    results = await asyncio.gather(again(world, letter), again(world, letter))
    assert sorted(type(one).__name__ for one in results) == ["Replayed", "UnderWay"]
    await world.settle()
    assert len(world.chat(child.parents[0])) == 1
    assert await world.value("SELECT count(*) FROM gateway.replay") == 1


async def test_a_replay_waits_until_nobody_else_plans_in_its_partition(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    world.emulator.faults.arm(TOO_LONG, times=1)
    await absent(world, child)
    letter = await the_one(world)
    async with world.database.begin() as planner:
        await lock_partition(planner, letter.part)
        waiting = asyncio.create_task(again(world, letter))
        await eventually(lambda: world.rows("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"))
        assert not waiting.done()
    assert await waiting == Replayed("telegram")


async def test_what_may_have_arrived_goes_again_only_on_an_explicit_word(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    (parent,) = child.parents
    world.emulator.faults.arm(Cut(accepted=True), times=2)
    await absent(world, child)
    await world.retry_for(minutes=2)
    (letter,) = await dead(world)
    assert (letter.state, letter.reason) == (State.UNKNOWN, "cut-after-send")
    await refused(world, letter, WhyNot.MAYBE_TOLD)
    assert world.requests(parent) == 2
    assert await again(world, letter, ANYWAY) == Replayed("telegram")
    world.emulator.faults.arm(Cut(accepted=True), times=1)
    await world.retry_for(minutes=10)
    assert world.requests(parent) == 3, "one word, one message"
    again_dead = await the_one(world)
    assert (again_dead.state, again_dead.replays) == (State.UNKNOWN, 1)
    assert await world.value("SELECT maybe_told FROM gateway.replay") is True


async def test_what_is_no_news_any_more_is_refused(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    world.emulator.faults.arm(TOO_LONG)
    await absent(world, child)
    letter = await the_one(world)
    world.clock.move(days=1)
    assert await dead(world) == (), "nothing is left to decide"
    assert [one.id for one in await dead(world, EVERY)] == [letter.id]
    await refused(world, letter, Reason.TIME_PASSED)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"consent_given_on": None}, Reason.NO_CONSENT),
        ({"may_see": False}, Reason.RIGHTS_LOST),
        ({"barred": True}, Reason.BARRED),
    ],
)
@pytest.mark.parametrize("unknown", [False, True])
async def test_whoever_may_not_be_told_any_more_is_not(
    world: GatewayWorld, changes: dict[str, object], why: Reason, *, unknown: bool
) -> None:
    child = await world.child(CHAT)
    world.emulator.faults.arm(Cut(accepted=False) if unknown else TOO_LONG)
    await absent(world, child)
    await world.retry_for(minutes=2)
    letter = await the_one(world)
    assert letter.state is (State.UNKNOWN if unknown else State.FAILED)
    await world.publish(world.follow_event(child, child.parents[0], **changes))
    await world.plan()
    await refused(world, letter, why, ANYWAY)
    await world.retry_for(minutes=2)
    assert world.chat(child.parents[0]) == ()


async def test_an_address_that_died_is_refused_until_it_lives_again(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    (parent,) = child.parents
    await world.emulator.person(parent.chat).block()
    await absent(world, child)
    letter = next(one for one in await dead(world, EVERY) if one.channel == "telegram")
    assert letter.reason == "blocked-by-user"
    await refused(world, letter, Reason.ADDRESS_DEAD)
    await world.publish(world.address_event(parent, Channel.MAIL))
    await world.plan()
    result = await again(world, letter)
    assert result == UnderWay("mail"), "the new address was planned for by itself"
    await world.settle()
    assert len(world.letters(parent)) == 1
    await refused(world, letter, WhyNot.TOLD_OTHERWISE)


async def test_a_second_way_that_told_it_leaves_nothing_to_decide(world: GatewayWorld) -> None:
    child = await world.child(BOTH)
    world.emulator.faults.arm(TOO_LONG)
    await absent(world, child)
    assert len(world.letters(child.parents[0])) == 1
    assert await dead(world) == ()
    letter = await the_one(world)
    assert letter.told_otherwise
    await refused(world, letter, WhyNot.TOLD_OTHERWISE)


async def test_both_ways_failed_are_two_letters_and_one_message(world: GatewayWorld) -> None:
    child = await world.child(BOTH)
    (parent,) = child.parents
    world.emulator.faults.arm(TOO_LONG)
    world.catcher.faults.arm(NO_SUCH_MAILBOX)
    await absent(world, child)
    letters = {one.channel: one for one in await dead(world)}
    assert set(letters) == {"telegram", "mail"}
    world.emulator.faults.lift_all()
    assert await again(world, letters["telegram"]) == Replayed("telegram")
    assert await again(world, letters["mail"]) == UnderWay("telegram")
    await world.settle()
    assert (len(world.chat(parent)), world.letters(parent)) == (1, ())
    await refused(world, letters["mail"], WhyNot.TOLD_OTHERWISE)


async def test_what_was_put_right_meanwhile_needs_no_message(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    world.emulator.faults.arm(TOO_LONG)
    await absent(world, child)
    letter = await the_one(world)
    await world.states(child, {})
    await world.settle()
    await refused(world, letter, WhyNot.NOTHING_TO_TELL)
    assert world.chat(child.parents[0]) == ()


async def test_a_correction_that_failed_is_sent_again_and_answers_what_was_wrong(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    (parent,) = child.parents
    await absent(world, child)
    world.emulator.faults.arm(TOO_LONG)
    await world.states(child, {})
    await world.settle()
    (letter,) = [one for one in await dead(world, EVERY) if one.told_before]
    world.emulator.faults.lift_all()
    assert await again(world, letter) == Replayed("telegram")
    await world.settle()
    alarm, corrected = world.chat(parent)
    assert alarm.text.startswith("Отсутствие на уроке")
    assert corrected.text.startswith("Исправлено")


async def test_a_mark_goes_again_in_loud_hours_and_not_to_whoever_wants_none(world: GatewayWorld) -> None:
    child = await world.child(CHAT)
    (parent,) = child.parents
    await choose(world, parent.id, AT_ONCE)
    world.emulator.faults.arm(TOO_LONG)
    await mark(world, child)
    await world.pass_undo()
    letter = await the_one(world)
    world.emulator.faults.lift_all()
    world.clock.move(hours=15)
    assert await again(world, letter) == Replayed("telegram")
    await world.settle()
    assert world.chat(parent) == (), "at night"
    world.clock.move(hours=10)
    await world.settle()
    assert len(world.chat(parent)) == 1
    world.emulator.faults.arm(TOO_LONG)
    await mark(world, child)
    await world.pass_undo()
    letter = await the_one(world)
    await choose(world, parent.id, OFF)
    await world.settle()
    await refused(world, letter, Reason.UNSUBSCRIBED)


async def test_a_page_after_the_other_holds_each_letter_once(world: GatewayWorld) -> None:
    world.emulator.faults.arm(TOO_LONG)
    children = [await world.child(CHAT) for _ in range(5)]
    await absent(world, *children)
    seen: list[UUID] = []
    behind: Place | None = None
    while True:
        async with world.database.begin() as session:
            page = await dead_letters.listed(session, Wanted(), world.clock.wall, behind=behind, limit=2)
        if not page:
            break
        seen += [one.id for one in page]
        behind = Place(page[-1].changed_at, page[-1].id)
    assert sorted(seen) == sorted(one.id for one in await dead(world))
    assert len(set(seen)) == 5
    none = [
        Wanted(reason="no-consent"),
        Wanted(channel="mail"),
        Wanted(school=uuid4()),
        Wanted(since=world.clock.wall + timedelta(seconds=1)),
    ]
    assert [await dead(world, wanted) for wanted in none] == [()] * 4
    every = Wanted(reason="refused", channel="telegram", school=world.school, since=world.clock.wall - timedelta(1))
    assert len(await dead(world, every)) == 5


async def choose(world: GatewayWorld, recipient: UUID, choice: Choice) -> None:
    async with world.database.begin() as session:
        for category in (Category.MARK, Category.BAD_MARK):
            await subscriptions.choose(session, recipient, category, choice, at=world.clock.wall)


async def mark(world: GatewayWorld, child: Child) -> None:
    mark_id = uuid4()
    state = MarkState(
        mark=mark_id,
        pupil=child.id,
        pupil_name=child.name,
        class_title="5 «А»",
        lesson=UUID(int=1),
        day=school_date(world.clock.wall, ZONE),
        lesson_number=2,
        subject_name="математика",
        value=4,
        work="ответ на уроке",
    )
    await world.publish(world._event(state, mark_subject(mark_id)))
    await world.settle()
