"""Locked lessons: what days and final marks close, whom a refusal names, what the administration opens, how long."""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL, Update, update

from core.access import Right
from core.actor import OFFICE, Act
from core.database import Database
from core.learning import gradebook, journal_locks
from core.learning.gradebook import ANSWER
from core.learning.journal_locks import keepers
from core.plan.plan_tables import SchoolYear
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.school import school_rules
from core.tables import Lesson, RoleAssignment, RoleRight, Staff
from core.year.span import Span
from tests.integration.core_world import DAY, ClassRoom, class_room, refused
from tests.integration.eventually import WITHIN, eventually
from texts.reader import load

LAST_MOMENT = datetime(2026, 12, 1, 18, 59, tzinfo=UTC)
"""23:59 in the school's zone, a week after the lesson."""
QUARTER = Span(DAY - timedelta(days=60), DAY + timedelta(days=30))
DAYS, FINALS = (Conflict, "journal-locked-days"), (Conflict, "journal-locked-finals")
TEST = "тест"


@pytest.fixture
async def room(core_database: Database, database_url: URL) -> ClassRoom:
    return await class_room(core_database, database_url)


async def give(room: ClassRoom, pupil: int = 1, work: str = ANSWER, act: Act | None = None) -> UUID:
    async with room.database.begin() as session:
        given = await gradebook.give(session, act or room.act(), room.lessons[0], room.pupils[pupil], 4, work)
    return given.mark


async def correct(room: ClassRoom, mark: UUID, value: int, act: Act | None = None) -> None:
    async with room.database.begin() as session:
        await gradebook.correct(session, act or room.act(), mark, value)


async def take_back(room: ClassRoom, mark: UUID) -> None:
    async with room.database.begin() as session:
        await gradebook.take_back(session, room.act(), mark)


async def unlock(room: ClassRoom, act: Act, *, days: int = 1, why: str = "справка принесена поздно") -> UUID:
    async with room.database.begin() as session:
        return await journal_locks.unlock(session, act, room.lessons[0], act.at + timedelta(days=days), why)


async def lock_again(room: ClassRoom, act: Act) -> None:
    async with room.database.begin() as session:
        await journal_locks.lock_again(session, act, room.lessons[0])


async def lock_finals(room: ClassRoom, span: Span = QUARTER, subject: UUID | None = None) -> None:
    async with room.database.begin() as session:
        of = subject or (await session.get_one(Lesson, room.lessons[0])).subject_id
        await journal_locks.lock_finals(session, room.act(room.head), room.school_class, of, span)


async def rule(room: ClassRoom, **changes: Any) -> None:
    async with room.database.begin() as session:
        await school_rules.change(session, Act(OFFICE, room.hands.at, str(changes)), room.school.id, changes)


async def details(room: ClassRoom, mark: UUID) -> Mapping[str, str | int]:
    """Return what the refusal to correct a mark says; there is a sentence for it."""
    with pytest.raises(Conflict) as caught:
        await correct(room, mark, 2)
    load("ru").format(f"refusal-{caught.value.code}", **caught.value.details)
    return caught.value.details


def head(room: ClassRoom, key: str | None = None) -> Act:
    return room.act(room.head, key)


@pytest.mark.req("MARK-21")
async def test_after_a_week_marks_are_changed_only_with_leave_of_the_administration(room: ClassRoom) -> None:
    mark = await give(room)
    room.hands.at = LAST_MOMENT
    await correct(room, mark, 5)
    room.hands.move(minutes=1)
    before = await room.watch.everything()
    for doing in (correct(room, mark, 3), take_back(room, mark), give(room, 2), correct(room, mark, 3, head(room))):
        assert await refused(doing) == DAYS
    assert await refused(unlock(room, room.act())) == (Forbidden, "not-allowed")
    assert await room.watch.everything() == before
    assert await details(room, mark) == {"day": "24.11.2026", "days": 7, "names": "Орлов Пётр Ильич", "more": 0}

    await unlock(room, head(room, "leave"), days=2)
    await correct(room, mark, 3)
    await give(room, 2)
    (row,) = await room.watch.audit("journal.unlock")
    assert (row["person_id"], row["why"], row["subject"]) == (room.head, "справка принесена поздно", _subject(room))
    assert json.loads(row["after"]) == {"until": (room.hands.at + timedelta(days=2)).isoformat()}
    room.hands.move(days=2)
    assert await refused(correct(room, mark, 2)) == DAYS, "the leave is over"


@pytest.mark.req("ATT-11", "AUDIT-04")
async def test_marks_and_attendance_close_with_final_marks_and_after_a_week(room: ClassRoom) -> None:
    mark, called = await give(room), await room.record(2)

    async def closed_by(lock: tuple[type[Conflict], str]) -> None:
        before = await room.watch.everything()
        for act in (room.act(), head(room)):
            for doing in (
                correct(room, mark, 2, act),
                room.record(3, act=act),
                room.correct({2: None}, act=act),
                room.withdraw(called.version, act=act),
            ):
                assert await refused(doing) == lock
        assert await room.watch.everything() == before

    async def open_by_consent(value: int, code: str) -> None:
        await unlock(room, head(room), why="ошибка в перекличке")
        await correct(room, mark, value)
        await room.correct({2: code})
        assert await room.codes() == {2: code}
        await lock_again(room, head(room))

    await lock_finals(room)
    await closed_by(FINALS)
    await open_by_consent(5, "б")
    await closed_by(FINALS)
    await _lift(room, head(room), "четверть не окончена")
    room.hands.at = LAST_MOMENT
    await room.correct({2: "ну"})
    room.hands.move(minutes=1)
    await closed_by(DAYS)
    assert await refused(room.record(1, lesson=1)) == DAYS, "nor is a roll called for the first time"
    await open_by_consent(3, "н")


@pytest.mark.req("AUDIT-03")
async def test_the_rules_of_a_school_say_whether_what_was_entered_may_be_edited_or_not(room: ClassRoom) -> None:
    mark = await give(room)
    await room.record(2)
    await lock_finals(room)
    room.hands.move(days=60)

    async def is_closed_by(lock: tuple[type[Conflict], str]) -> None:
        before = await room.watch.everything()
        for doing in (correct(room, mark, 2), take_back(room, mark), room.correct({2: None})):
            assert await refused(doing) == lock
        assert await room.watch.everything() == before

    await rule(room, lock_after_days=None, lock_after_finals=False)
    await correct(room, mark, 5)
    await room.correct({2: "б"})
    await rule(room, lock_after_finals=True)
    await is_closed_by(FINALS)
    await rule(room, lock_after_finals=False, lock_after_days=59)
    await is_closed_by(DAYS)
    async with room.database.begin() as session:
        session.add(_decided(room, "director", "none"))
    assert await refused(unlock(room, head(room))) == (Forbidden, "not-allowed"), "forbidden without exception"
    await rule(room, lock_after_days=60)
    await correct(room, mark, 3)
    assert await room.codes() == {2: "б"}


async def test_a_leave_is_bounded_replaced_and_ended(room: ClassRoom) -> None:
    mark = await give(room)
    room.hands.move(days=10)
    assert await refused(unlock(room, head(room), days=15)) == (Invalid, "journal-unlock-until")
    assert await refused(unlock(room, head(room), days=0)) == (Invalid, "journal-unlock-until")
    for why in ("", " \u200b ", "я" * 301):
        assert await refused(unlock(room, head(room), why=why)) == (Invalid, "journal-unlock-why")
    assert await room.watch.value("SELECT count(*) FROM core.journal_unlock") == 0

    first = await unlock(room, head(room, "leave"), days=14)
    assert await unlock(room, head(room, "leave"), days=14) == first, "again is harmless"
    await unlock(room, head(room), days=1)
    assert await room.watch.value("SELECT count(*) FROM core.journal_unlock WHERE ended_at IS NULL") == 1
    room.hands.move(days=2)
    assert await refused(correct(room, mark, 3)) == DAYS, "the shorter leave took the longer one's place"

    await unlock(room, head(room), days=3)
    assert await refused(lock_again(room, room.act())) == (Forbidden, "not-allowed")
    await lock_again(room, head(room))
    assert await refused(correct(room, mark, 3)) == DAYS
    before = await room.watch.audit()
    await lock_again(room, head(room))
    assert await room.watch.audit() == before, "nothing was open any more"

    async with room.database.begin() as session:
        session.add(
            SchoolYear(
                school_id=room.school.id, year=2026, calendar={}, version=1, closed_at=room.hands.at, closed_by=None
            )
        )
    assert await refused(unlock(room, head(room))) == (Conflict, "year-closed")


async def test_the_first_mark_of_a_written_work_in_its_time_passes_the_days(room: ClassRoom) -> None:
    await rule(room, lock_after_days=3)
    early = await give(room, 0, TEST)
    await take_back(room, early)
    room.hands.move(days=5)
    await give(room, 1, TEST)
    for doing in (give(room, 1, TEST), give(room, 0, TEST), give(room, 2, ANSWER)):
        assert await refused(doing) == DAYS
    await rule(room, late_first_mark=False)
    assert await refused(give(room, 3, TEST)) == DAYS
    await rule(room, late_first_mark=...)
    room.hands.move(days=3)
    assert await refused(give(room, 3, TEST)) == DAYS, "eight days: no written work is in its time any more"


async def test_final_marks_close_their_period_and_nothing_else(room: ClassRoom) -> None:
    mark = await give(room)
    await lock_finals(room, subject=await _other_subject(room))
    await lock_finals(room, Span(DAY + timedelta(days=1), DAY + timedelta(days=9)))
    await correct(room, mark, 3)
    await lock_finals(room)
    assert await refused(correct(room, mark, 5)) == FINALS
    assert await refused(correct(room, mark, 5, head(room))) == FINALS
    assert await details(room, mark) == {"day": "24.11.2026", "names": "Орлов Пётр Ильич", "more": 0}
    await rule(room, lock_after_finals=False)
    await correct(room, mark, 4)
    await rule(room, lock_after_finals=True)

    await unlock(room, head(room))
    await correct(room, mark, 5)
    await lock_again(room, head(room))
    assert await refused(_lift(room, room.act())) == (Forbidden, "not-allowed")
    assert await refused(_lift(room, head(room), "")) == (Invalid, "journal-unlock-why")
    await _lift(room, head(room), "четверть пересчитана")
    await correct(room, mark, 2)
    (lifted,) = await room.watch.audit("journal.lift-finals")
    span = {"first": QUARTER.first.isoformat(), "last": QUARTER.last.isoformat()}
    assert (json.loads(lifted["before"]), lifted["why"]) == (span, "четверть пересчитана")
    await _lift(room, head(room), "ещё раз")
    assert len(await room.watch.audit("journal.lift-finals")) == 1


async def test_final_marks_set_again_say_nothing_new_and_need_a_subject(room: ClassRoom) -> None:
    await lock_finals(room)
    before = await room.watch.everything()
    await lock_finals(room)
    assert await room.watch.everything() == before
    await lock_finals(room, Span(QUARTER.first, DAY))
    assert await room.watch.value("SELECT last FROM core.finals_lock") == DAY
    assert len(await room.watch.audit("journal.lock-finals")) == 2
    assert await refused(lock_finals(room, subject=room.school.id)) == (NotFound, "subject-unknown")


async def test_who_writes_and_who_sets_final_marks_wait_for_each_other(room: ClassRoom) -> None:
    mark = await give(room)
    async with room.database.begin() as session:
        await gradebook.correct(session, room.act(), mark, 5)
        closing = asyncio.create_task(lock_finals(room))
        await eventually(room.watch.blocked)
    async with asyncio.timeout(WITHIN):
        await closing
    assert await room.watch.value("SELECT value FROM core.mark") == 5
    await _lift(room, head(room), "правка")

    async with room.database.begin() as session:
        subject = (await session.get_one(Lesson, room.lessons[0])).subject_id
        await journal_locks.lock_finals(session, head(room), room.school_class, subject, QUARTER)
        late = asyncio.create_task(refused(correct(room, mark, 2)))
        await eventually(room.watch.blocked)
    async with asyncio.timeout(WITHIN):
        assert await late == FINALS
    assert await room.watch.value("SELECT value FROM core.mark") == 5


async def test_a_refusal_names_three_who_can_open_and_counts_the_rest(room: ClassRoom) -> None:
    mark = await give(room)
    for name in ("Яшина Вера Львовна", "Ёлкина Инна Олеговна", "Белова Анна Юрьевна", "Громов Лев Ильич"):
        await room.builder.teacher(room.school, name, administers=True)
    gone = await room.builder.teacher(room.school, "Авдеев Иван Ильич", administers=True)
    other = await room.builder.school("Школа «Маяк»")
    await room.builder.teacher(other, "Абакумов Олег Ильич", administers=True)
    room.hands.move(days=20)
    async with room.database.begin() as session:
        await session.execute(_dismissal(gone))
    names = "Белова Анна Юрьевна, Громов Лев Ильич, Ёлкина Инна Олеговна"
    assert await details(room, mark) == {"day": "24.11.2026", "days": 7, "names": names, "more": 2}


async def test_whom_a_school_lets_open_lessons_is_named_and_nobody_else(room: ClassRoom) -> None:
    mark = await give(room)
    room.hands.move(days=20)
    async with room.database.begin() as session:
        session.add(_decided(room, "director", "none"))
    assert await details(room, mark) == {"day": "24.11.2026", "days": 7, "names": "none", "more": 0}
    assert await refused(unlock(room, head(room))) == (Forbidden, "not-allowed")
    async with room.database.begin() as session:
        session.add(_decided(room, "own-registrar", "school"))
        session.add(_assigned(room, room.stranger, "own-registrar"))
    async with room.database.begin() as session:
        assert [one.in_full() for one in await keepers(session, room.school, room.hands.at)] == ["Зимин Олег Андреевич"]
    await unlock(room, room.act(room.stranger))
    await correct(room, mark, 5)


async def _lift(room: ClassRoom, act: Act, why: str = "ошибка") -> None:
    async with room.database.begin() as session:
        await journal_locks.lift_finals(session, act, room.lessons[0], why)


async def _other_subject(room: ClassRoom) -> UUID:
    lesson = await room.builder.lesson(room.school_class, room.teacher, time(14), number=8, subject="физика")
    async with room.database.begin() as session:
        return (await session.get_one(Lesson, lesson)).subject_id


def _subject(room: ClassRoom) -> str:
    return f"lesson/{room.lessons[0]}"


def _dismissal(person: UUID) -> Update:
    return update(Staff).where(Staff.person_id == person).values(until=DAY)


def _decided(room: ClassRoom, role: str, reach: str) -> RoleRight:
    act = Right.JOURNAL_UNLOCK.value
    return RoleRight(school_id=room.school.id, role=role, act=act, reach=reach, changed_at=room.hands.at)


def _assigned(room: ClassRoom, person: UUID, role: str) -> RoleAssignment:
    return RoleAssignment(
        id=uuid4(),
        person_id=person,
        school_id=room.school.id,
        role=role,
        since=DAY,
        why="",
        by_list=False,
        granted_at=room.hands.at,
    )
