"""Many hands on one class at once, each on a connection of its own: nothing is lost, nothing waits for ever."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Awaitable, Iterable
from datetime import time
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import URL

from core.database import Database, connect_arguments
from core.events import AttendanceDayState, ProposedReason
from core.learning import attendance
from core.learning.attendance import Recorded
from core.refusals import Conflict, Refusal
from tests.integration.core_world import DAY, ClassRoom, class_room, refused
from tests.integration.eventually import WITHIN, eventually


@pytest.fixture
async def room(core_database: Database, database_url: URL) -> ClassRoom:
    room = await class_room(core_database, database_url)
    room.hands.move(hours=3)
    return room


async def together(doings: Iterable[Awaitable[object]]) -> list[object]:
    """Do everything at once; a refusal is a result, anything else that goes wrong is not."""
    async with asyncio.timeout(WITHIN):
        done = await asyncio.gather(*doings, return_exceptions=True)
    for result in done:
        if isinstance(result, BaseException) and not isinstance(result, Refusal):
            raise result
    return list(done)


async def check(room: ClassRoom) -> None:
    """Compare what was published, what stands in the tables and what the audit tells: all must say the same."""
    rows = await room.watch.rows("SELECT pupil_id, lesson_id, code FROM core.absence WHERE day = $1", DAY)
    stands = {(row["pupil_id"], row["lesson_id"]): row["code"] for row in rows}
    answers = await room.watch.rows("SELECT pupil_id, guardian_id, reason FROM core.absence_answer WHERE day = $1", DAY)
    heads = await room.watch.rows("SELECT pupil_id, version FROM core.attendance_day WHERE day = $1", DAY)
    versions = {row["pupil_id"]: row["version"] for row in heads}
    for place, pupil in enumerate(room.pupils):
        states = await room.states(place)
        assert len(states) == versions.get(pupil, 0)
        told = states[-1] if states else None
        assert absences_of(told) == {key: code for key, code in stands.items() if key[0] == pupil}
        assert answers_of(told) == {(row["guardian_id"], row["reason"]) for row in answers if row["pupil_id"] == pupil}
        assert (told.missed_lessons if told else 0) == sum(key[0] == pupil for key in stands)
    assert await replayed(room) == stands


def absences_of(state: AttendanceDayState | None) -> dict[tuple[UUID, UUID], str]:
    return {(state.pupil, one.lesson): one.code for one in state.absences} if state else {}


def answers_of(state: AttendanceDayState | None) -> set[tuple[UUID, str]]:
    return {(one.guardian, one.reason.value) for one in state.answers} if state else set()


async def replayed(room: ClassRoom) -> dict[tuple[UUID, UUID], str]:
    """Replay the audit: each entry must begin where another one ended, or somebody's change was lost."""
    flows: dict[str, Counter[str | None]] = {}
    for row in await room.watch.audit("attendance.record"):
        flow = flows.setdefault(row["subject"], Counter())
        flow[json.loads(row["before"])["code"]] -= 1
        flow[json.loads(row["after"])["code"]] += 1
    found = {}
    for subject, flow in flows.items():
        _, lesson, pupil = subject.split("/")
        left = {code: count for code, count in flow.items() if count}
        last = next((code for code, count in left.items() if count > 0), None)
        assert left == ({} if last is None else {None: -1, last: 1}), subject
        if last is not None:
            found[UUID(pupil), UUID(lesson)] = last
    return found


async def test_corrections_of_different_pupils_at_once_are_all_kept(room: ClassRoom) -> None:
    await room.record()
    done = await together(room.correct({place: "н"}) for place in range(5))
    assert sorted(one.version for one in done if isinstance(one, Recorded)) == [2, 3, 4, 5, 6]
    assert await room.codes() == dict.fromkeys(range(5), "н")
    await check(room)


async def test_two_hands_on_one_pupil_follow_each_other(room: ClassRoom) -> None:
    await room.record(0)
    codes: list[str | None] = ["б", "ну", None, "н", "б", "ну"]
    people = [room.teacher, room.head]
    doings = [room.correct({0: code}, act=room.act(people[turn % 2])) for turn, code in enumerate(codes)]
    done = await together(doings)
    assert len({one.version for one in done if isinstance(one, Recorded)}) == len(codes)
    await check(room)


async def test_lessons_of_one_pupil_recorded_at_once_are_one_day(room: ClassRoom) -> None:
    await together(room.record(0, lesson=lesson) for lesson in range(3))
    states = await room.states()
    assert [len(state.absences) for state in states] == [1, 2, 3]
    assert [state.missed_lessons for state in states] == [1, 2, 3]
    await check(room)


async def test_roll_calls_of_one_class_never_wait_for_each_other_in_a_circle(room: ClassRoom) -> None:
    other = await room.builder.teacher(room.school, "Белова Ольга Львовна")
    biology = await room.builder.lesson(room.school_class, other, time(8, 30), number=6, subject="биология")
    room.lessons = (*room.lessons, biology)
    orders = [(0, 1, 2, 3, 4), (4, 3, 2, 1, 0), (2, 4, 0, 3, 1), (3, 1, 4, 0, 2)]
    for absent in (orders, [(), (), (), ()], orders):
        await together(
            room.record(*places, lesson=lesson, act=room.act(other if lesson == 3 else None))
            for lesson, places in enumerate(absent)
        )
        await check(room)


async def test_the_days_of_a_class_are_locked_in_one_order_whoever_comes(room: ClassRoom) -> None:
    """The last day is held; whoever wants all of them must wait for it with all the others in his hands."""
    await room.record(0, 1, 2, 3, 4)
    last_first = sorted(range(5), key=lambda place: room.pupils[place], reverse=True)
    lock = "SELECT version FROM core.attendance_day WHERE pupil_id = $1 FOR UPDATE"
    holder = await asyncpg.connect(**connect_arguments(room.watch.url))
    try:
        async with holder.transaction():
            await holder.execute(lock, room.pupils[last_first[0]])
            late = asyncio.create_task(room.correct(dict.fromkeys(last_first, "б")))
            await eventually(room.watch.blocked)
            for place in last_first[1:]:
                with pytest.raises(asyncpg.LockNotAvailableError):
                    await room.watch.rows(f"{lock} NOWAIT", room.pupils[place])
    finally:
        await holder.close()
    assert (await late).absent == 5
    await check(room)


async def test_a_roll_called_twice_at_once_is_called_and_replaced(room: ClassRoom) -> None:
    done = await together([room.record(0), room.record(1, act=room.act(room.head))])
    last = max((one for one in done if isinstance(one, Recorded)), key=lambda one: one.version)
    assert last.version == 2
    assert await room.codes() in ({0: "н"}, {1: "н"})
    await check(room)


async def test_one_update_handled_by_two_processes_at_once_acts_once(room: ClassRoom) -> None:
    act = room.act(key="update/1")
    done = await together(room.record(0, act=act) for _ in range(4))
    assert sorted(len(one.changed) for one in done if isinstance(one, Recorded)) == [0, 0, 0, 1]
    assert len(await room.watch.audit("attendance.roll")) == 1
    await check(room)


async def test_a_correction_that_meets_a_taking_back_does_not_bring_the_roll_to_life(room: ClassRoom) -> None:
    recorded = await room.record(0)
    async with room.database.begin() as session:
        await attendance.withdraw(session, room.act(), room.lessons[0], recorded.version)
        late = asyncio.create_task(refused(room.correct({1: "н"}, act=room.act(room.head))))
        await eventually(room.watch.blocked)
    assert await late == (Conflict, "roll-not-called")
    assert (await room.codes(), await room.is_called()) == ({}, False)
    await check(room)


async def test_a_taking_back_that_meets_a_correction_takes_nothing_back(room: ClassRoom) -> None:
    recorded = await room.record(0)
    async with room.database.begin() as session:
        await attendance.correct(session, room.act(room.head), room.lessons[0], {room.pupils[1]: "б"})
        late = asyncio.create_task(refused(room.withdraw(recorded.version)))
        await eventually(room.watch.blocked)
    assert await late == (Conflict, "roll-changed-since")
    assert await room.codes() == {0: "н", 1: "б"}
    await check(room)


async def test_an_answer_that_meets_a_correction_comes_too_late(room: ClassRoom) -> None:
    guardian = await room.builder.guardian(room.pupils[0], name="Абрамова Яна")
    await room.record(0)
    async with room.database.begin() as session:
        await attendance.correct(session, room.act(), room.lessons[0], {room.pupils[0]: None})
        late = asyncio.create_task(refused(say(room, guardian, ProposedReason.ILL)))
        await eventually(room.watch.blocked)
    assert await late == (Conflict, "absence-already-corrected")
    await check(room)


async def test_a_correction_that_meets_an_answer_carries_it(room: ClassRoom) -> None:
    guardian = await room.builder.guardian(room.pupils[0], name="Абрамова Яна")
    await room.record(0)
    async with room.database.begin() as session:
        await attendance.answer(session, room.act(guardian), room.day(), ProposedReason.ILL)
        late = asyncio.create_task(room.correct({0: "б"}))
        await eventually(room.watch.blocked)
    await late
    assert [answer.reason for answer in (await room.states())[-1].answers] == [ProposedReason.ILL]
    await check(room)


async def say(room: ClassRoom, guardian: UUID, reason: ProposedReason) -> None:
    async with room.database.begin() as session:
        await attendance.answer(session, room.act(guardian), room.day(), reason)


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_many_do_at_once_all_that_is_told_is_true(room: ClassRoom, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - a test's dice, repeatable by its seed
    guardians = [await room.builder.guardian(room.pupils[0], name=f"Абрамова {given}") for given in ("Яна", "Ида")]
    hands = [room.teacher, room.head]

    def something() -> Awaitable[object]:
        lesson, act = dice.randrange(3), room.act(dice.choice(hands))
        absent = dice.sample(range(5), dice.randrange(4))
        match dice.randrange(5):
            case 0:
                return room.record(*absent, lesson=lesson, act=act)
            case 1 | 2:
                entries = {place: dice.choice(["н", "б", "ну", None]) for place in absent}
                return room.correct(entries, lesson=lesson, act=act)
            case 3:
                return room.withdraw(dice.randrange(1, 8), lesson=lesson, act=act)
            case _:
                return say(room, dice.choice(guardians), dice.choice(list(ProposedReason)))

    for _ in range(5):
        await together([something() for _ in range(8)])
        await check(room)
