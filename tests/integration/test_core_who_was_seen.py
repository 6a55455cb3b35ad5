"""What a day's state claims of a pupil: that he was seen, is missing, is back; and what is asked of whom for it."""

from datetime import time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import URL, text, update

from core.database import Database
from core.events import (
    AbsenceDisputedState,
    AttendanceDayState,
    DaySituation,
    LeftEarly,
    ProposedReason,
    RollOverdueState,
)
from core.learning import (
    absence_confirmation,
    absence_counts,
    absence_lists,
    attendance,
    journal_locks,
    release_orders,
    roll_deadlines,
)
from core.learning.entries import Entry
from core.learning.release_orders import ReleaseDraft, ReleaseKind
from core.movement import enrolments
from core.refusals import Conflict, Forbidden, Invalid
from core.tables import Lesson
from core.year.span import Span
from tests.integration.core_world import DAY, FIRST_BELL, ClassRoom, class_room, refused


@pytest.fixture
async def room(core_database: Database, database_url: URL) -> ClassRoom:
    return await class_room(core_database, database_url)


async def answer(room: ClassRoom, guardian: UUID, reason: ProposedReason, pupil: int = 0) -> None:
    async with room.database.begin() as session:
        await attendance.answer(session, room.act(guardian), room.day(pupil), reason)


async def disputes(room: ClassRoom) -> list[tuple[int, UUID, bool]]:
    told = [one.data for one in await room.watch.events("absence-dispute/")]
    return [(one.lesson_number, one.teacher, one.disputed) for one in told if isinstance(one, AbsenceDisputedState)]


async def test_a_dispute_is_of_one_entry_and_each_is_told_to_whoever_gave_that_lesson(room: ClassRoom) -> None:
    guardian = await room.builder.guardian(room.pupils[0], name="Абрамова Ольга")
    async with room.database.begin() as session:
        second = update(Lesson).where(Lesson.id == room.lessons[1]).values(substitute_id=room.stranger)
        await session.execute(second)
    await room.record(0)
    await answer(room, guardian, ProposedReason.AT_SCHOOL)
    await answer(room, guardian, ProposedReason.AT_SCHOOL)
    first = (1, room.teacher, True)
    assert await disputes(room) == [first], "once more says nothing new"
    room.hands.move(minutes=5)
    await room.correct({0: None})
    assert await disputes(room) == [first, (1, room.teacher, False)], "the entry is gone"

    room.hands.move(hours=1)
    await room.record(0, lesson=1, act=room.act(room.stranger))
    assert (await room.states())[-1].answers == (), "it was said of another entry: he is asked again"
    await answer(room, guardian, ProposedReason.AT_SCHOOL)
    again = [first, (1, room.teacher, False), (2, room.stranger, True)]
    assert await disputes(room) == again
    assert [one.reason for one in (await room.states())[-1].answers] == [ProposedReason.AT_SCHOOL]
    room.hands.move(hours=1)
    await room.record(0, lesson=2)
    await answer(room, guardian, ProposedReason.ILL)
    assert await disputes(room) == [*again, (2, room.stranger, False)], "whoever was told that it stands"


async def test_whoever_came_into_the_class_later_was_not_seen_before(room: ClassRoom) -> None:
    """Of a moved and of a new pupil the lessons that were called without them say nothing."""
    other = await room.builder.school_class(room.school, "5Б")
    await room.builder.pupil(other, "Белов Олег")
    elsewhere = await room.builder.lesson(other, room.stranger, time(9, 30), number=2, subject="русский")
    await room.record(0, 1)
    room.hands.move(hours=1, minutes=5)
    async with room.database.begin() as session:
        await attendance.record(session, room.act(room.stranger), elsewhere, {})
        await enrolments.move(session, [(room.pupils[0], other)], DAY, today=DAY)
    guardian = await room.builder.guardian(room.pupils[0], name="Абрамова Ольга")
    await answer(room, guardian, ProposedReason.FAMILY)
    moved = (await room.states())[-1]
    assert (moved.attended, moved.situation) == ((), DaySituation.NOT_COME)

    await room.record(1, lesson=1)
    new = await room.builder.pupil(room.school_class, "Новиков Пётр")
    async with room.database.begin() as session:
        since = text("UPDATE core.enrolment SET since = :day WHERE pupil_id = :pupil")
        await session.execute(since, {"day": DAY, "pupil": new})
    async with room.database.begin() as session:
        heads = await absence_counts.heads(
            session, room.act(room.head).actor, room.school.id, room.hands.at, room.hands.at
        )
    (count,) = [one for one in heads if one.class_id == room.school_class]
    assert (count.enrolled, count.called) == (5, 4), "on no roll yet"
    await room.correct({2: "н"}, lesson=1)
    room.hands.move(hours=1)
    async with room.database.begin() as session:
        await attendance.record(session, room.act(), room.lessons[2], {new: "н"})
    events = await room.watch.events(f"attendance/{new}/")
    (state,) = [one.data for one in events if isinstance(one.data, AttendanceDayState)]
    assert (state.attended, [one.number for one in state.absences]) == ((), [3])
    assert state.situation is DaySituation.NOT_COME, "nobody saw him before: he is not gone"


async def test_whom_the_school_lets_go_is_neither_gone_nor_back(room: ClassRoom) -> None:
    draft = ReleaseDraft(
        number="7-о",
        ordered_on=DAY,
        kind=ReleaseKind.OLYMPIAD,
        title="Олимпиада",
        days=Span(DAY, DAY),
        pupils=frozenset(room.pupils[:2]),
        lessons=frozenset({2}),
    )
    async with room.database.begin() as session:
        made = await release_orders.order(session, room.act(room.head), room.school.id, draft)
    room.hands.move(hours=3)
    await room.record(lesson=0)
    await room.record(0, lesson=1, code="ну")
    assert (await room.states())[-1].situation is DaySituation.PRESENT
    await room.record(lesson=2)
    assert (await room.states())[-1].situation is DaySituation.PRESENT
    await room.correct({1: "н"}, lesson=1)
    unknown = (await room.states(1))[-1]
    assert unknown.situation is DaySituation.CAME_LATER, "the order does not explain what nobody knows"
    async with room.database.begin() as session:
        await release_orders.change(session, room.act(room.head), made, draft, version=1)
    stale = release_orders.ReleaseDraft(
        number="8-о",
        ordered_on=DAY,
        kind=ReleaseKind.OLYMPIAD,
        title="Олимпиада",
        days=Span(DAY, DAY),
        pupils=frozenset(room.pupils[:1]),
    )

    async def change(version: int) -> None:
        async with room.database.begin() as session:
            await release_orders.change(session, room.act(room.head), made, stale, version=version)

    await change(1)
    assert await refused(change(1)) == (Conflict, "release-changed")


async def test_who_left_without_leave_and_is_seen_again_is_told_of(room: ClassRoom) -> None:
    room.hands.move(hours=3)
    await room.record(lesson=0)
    await room.correct({0: Entry(left_early=LeftEarly.WITHOUT)})
    before = len(await room.states())
    await room.record(lesson=1)
    states = await room.states()
    assert len(states) == before + 1
    assert [one.number for one in states[-1].attended] == [1, 2]


async def test_absent_before_is_by_each_pupils_own_last_lesson(room: ClassRoom) -> None:
    await room.record(0, 1, code="б")
    async with room.database.begin() as session:
        own = text("UPDATE core.lesson SET class_id = NULL, pupil_id = :pupil WHERE id = :lesson")
        await session.execute(own, {"pupil": room.pupils[4], "lesson": room.lessons[1]})
    room.hands.move(hours=2)
    async with room.database.begin() as session:
        roll = await attendance.roll(session, room.act().actor, room.lessons[2], room.hands.at)
    assert [line.before for line in roll.pupils] == ["б", "б", None, None, None]
    assert roll.as_last_lesson() == {room.pupils[0]: "б", room.pupils[1]: "б"}


async def test_a_late_roll_is_told_to_whoever_has_to_call_it_now(room: ClassRoom) -> None:
    room.hands.at = FIRST_BELL + timedelta(minutes=21)

    async def tick() -> None:
        async with room.database.begin() as session:
            await roll_deadlines.tick(session, room.hands.at)

    await tick()
    async with room.database.begin() as session:
        replaced = update(Lesson).where(Lesson.id == room.lessons[0]).values(substitute_id=room.stranger)
        await session.execute(replaced)
    await tick()
    await tick()
    await room.record(act=room.act(room.stranger))
    await tick()
    told = [one.data for one in await room.watch.events("roll/")]
    assert [(one.teacher, one.overdue) for one in told if isinstance(one, RollOverdueState)] == [
        (room.teacher, True),
        (room.stranger, True),
        (room.stranger, False),
    ]


async def test_the_list_waits_for_every_absence_that_was_not_gone_over(room: ClassRoom) -> None:
    async def waits() -> bool:
        async with room.database.begin() as session:
            actor = room.act(room.head).actor
            waiting = await absence_lists.waiting(session, actor, room.school.id, DAY, room.hands.at)
            shown = await absence_lists.of_class(session, actor, room.school_class, DAY, room.hands.at)
        assert (room.school_class in {one.class_id for one in waiting}) is not shown.is_done
        return not shown.is_done

    async def go_over() -> None:
        async with room.database.begin() as session:
            await absence_lists.recheck(session, room.act(room.class_teacher), room.school_class, DAY)

    early = room.act()
    room.hands.move(seconds=2)
    await room.record(1, lesson=0, act=early)
    await go_over()
    assert not await waits()
    later = room.act()
    room.hands.move(seconds=2)
    await go_over()
    await room.record(0, 1, act=later)
    assert await waits(), "entered by an act that began before the list was gone over"
    await go_over()
    await room.correct({1: "б"})
    assert not await waits(), "a cause that is known now is nothing new"
    await go_over()
    await room.correct({1: "н"})
    assert await waits(), "one that is unknown after all is"


async def test_of_a_moved_pupil_either_class_teacher_may_say_why(room: ClassRoom) -> None:
    new_teacher = await room.builder.teacher(room.school, "Белова Инна Львовна")
    other = await room.builder.school_class(room.school, "5Б", new_teacher)
    await room.record(0, 1, 2)
    room.hands.move(days=1)
    async with room.database.begin() as session:
        moving = [(room.pupils[0], other), (room.pupils[1], other)]
        await enrolments.move(session, moving, DAY + timedelta(days=1), today=DAY + timedelta(days=1))

    async def confirm(teacher: UUID, pupil: int) -> None:
        async with room.database.begin() as session:
            await absence_confirmation.confirm(session, room.act(teacher), room.day(pupil), "б")

    await confirm(room.class_teacher, 0)
    await confirm(new_teacher, 1)
    assert await refused(confirm(new_teacher, 2)) == (Forbidden, "not-allowed")
    assert await room.codes() == {0: "б", 1: "б", 2: "н"}


async def test_of_two_leaves_at_once_one_stands_and_two_weeks_end_with_their_day(room: ClassRoom) -> None:
    await room.record(0)
    room.hands.move(days=10)
    end = (room.hands.at + timedelta(days=14)).replace(hour=18, minute=59)

    async def unlock(until: timedelta) -> None:
        async with room.database.begin() as session:
            await journal_locks.unlock(session, room.act(room.head), room.lessons[0], end + until, "справка")

    assert await refused(unlock(timedelta(days=1))) == (Invalid, "journal-unlock-until")
    await unlock(timedelta())
    await unlock(timedelta(days=-7))
    standing = await room.watch.value("SELECT count(*) FROM core.journal_unlock WHERE ended_at IS NULL")
    assert standing == 1
