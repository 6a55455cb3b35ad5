"""The absent of a day gone over, heads counted, unexplained days summed."""

import json
from collections.abc import Callable, Sequence
from datetime import date, time, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL, event, insert, update

from core.actor import OFFICE, Act, Actor
from core.database import Database
from core.events import AbsenceKind, ProposedReason
from core.learning import absence_counts, absence_lists, attendance
from core.learning.absence_counts import HeadCount, Unexplained
from core.learning.absence_lists import AbsentOfDay, ClassWaiting
from core.learning.attendance_tables import AnnouncedAbsence, PartialAttendance, ReleasedPupil, ReleaseOrder
from core.learning.expected import ExpectedBy
from core.plan.plan_tables import GroupMember, StudyGroup
from core.refusals import Forbidden, Invalid
from core.school import school_rules
from core.tables import Absence, Lesson, Pupil
from core.year.span import Span
from tests.integration.core_world import DAY, FIRST_BELL, ClassRoom, class_room, refused

TOMORROW = DAY + timedelta(days=1)


@pytest.fixture
async def room(core_database: Database, database_url: URL) -> ClassRoom:
    return await class_room(core_database, database_url)


async def listed(room: ClassRoom, person: UUID | None = None, day: date = DAY) -> AbsentOfDay:
    async with room.database.begin() as session:
        actor = Actor("web", person or room.class_teacher)
        return await absence_lists.of_class(session, actor, room.school_class, day, room.hands.at)


async def recheck(room: ClassRoom, act: Act | None = None, day: date = DAY) -> None:
    async with room.database.begin() as session:
        await absence_lists.recheck(session, act or room.act(room.class_teacher), room.school_class, day)


async def waiting(room: ClassRoom, person: UUID | None = None) -> tuple[ClassWaiting, ...]:
    async with room.database.begin() as session:
        actor = Actor("web", person or room.head)
        return await absence_lists.waiting(session, actor, room.school.id, DAY, room.hands.at)


async def heads(room: ClassRoom, minutes: int, person: UUID | None = None) -> list[HeadCount]:
    async with room.database.begin() as session:
        actor = Actor("web", person or room.head)
        at = FIRST_BELL + timedelta(minutes=minutes)
        return await absence_counts.heads(session, actor, room.school.id, at, room.hands.at)


async def unexplained(room: ClassRoom, *, of_class: bool, from_days: int | None = None) -> list[Unexplained]:
    span = Span(DAY - timedelta(days=30), DAY)
    threshold = {} if from_days is None else {"from_days": from_days}
    async with room.database.begin() as session:
        if of_class:
            actor = Actor("web", room.class_teacher)
            return await absence_counts.unexplained_of_class(
                session, actor, room.school_class, span, room.hands.at, **threshold
            )
        return await absence_counts.unexplained(session, OFFICE, room.school.id, span, room.hands.at, **threshold)


async def answer(room: ClassRoom, guardian: UUID, reason: ProposedReason, pupil: int = 1) -> None:
    async with room.database.begin() as session:
        await attendance.answer(session, room.act(guardian), room.day(pupil), reason)


@pytest.mark.req("ATT-10")
async def test_the_class_teacher_goes_over_the_absent_of_the_day(room: ClassRoom) -> None:
    mother = await room.builder.guardian(room.pupils[1], name="Ёлкина Вера Ильинична")
    room.hands.move(hours=2)
    await room.record(3, 1)
    await room.record(1, lesson=1, code="б")
    await answer(room, mother, ProposedReason.ILL)
    await _announce(room, 3)
    seen = await listed(room)
    assert (seen.class_title, seen.rechecked_at, seen.is_done) == ("5А", None, False)
    sick, away = seen.pupils
    assert [sick.name.in_lists(), away.name.in_lists()] == ["Ёлкин Вадим", "Иванова Ева"]
    assert [(one.number, one.subject_name, one.code, one.kind) for one in sick.lessons] == [
        (1, "математика", "н", AbsenceKind.UNEXPLAINED),
        (2, "математика", "б", AbsenceKind.ILLNESS),
    ]
    assert [(one.name.in_full(), one.reason) for one in sick.answers] == [("Ёлкина Вера Ильинична", ProposedReason.ILL)]
    assert (sick.announced, away.answers, sick.is_unexplained, sick.refused_at) == (None, (), True, None)
    assert away.announced is not None
    assert (away.announced.by, away.announced.code, away.announced.until) == (ExpectedBy.ANNOUNCED, "ну", TOMORROW)

    assert [(one.class_title, one.class_teacher, one.absent) for one in await waiting(room)] == [
        ("5А", (await _name(room, room.class_teacher)), 2)
    ]
    await recheck(room)
    seen = await listed(room)
    assert (seen.rechecked_at, seen.is_done, await waiting(room)) == (room.hands.at, True, ())
    (row,) = await room.watch.audit("absence.recheck")
    assert (row["person_id"], json.loads(row["after"])) == (room.class_teacher, {"absent": 2})

    gone_over = room.hands.at
    room.hands.move(minutes=40)
    await room.record(0, lesson=2)
    assert not (await listed(room)).is_done, "somebody was marked absent since"
    assert [(one.absent, one.rechecked_at) for one in await waiting(room)] == [(3, gone_over)]
    await recheck(room)
    assert await waiting(room) == ()


async def test_who_may_see_and_go_over_the_absent(room: ClassRoom) -> None:
    await room.record(1)
    before = await room.watch.everything()
    for doing in (
        listed(room, room.teacher),
        recheck(room, room.act()),
        waiting(room, room.class_teacher),
        heads(room, 10, room.class_teacher),
    ):
        assert await refused(doing) == (Forbidden, "not-allowed")
    assert await refused(recheck(room, day=TOMORROW)) == (Invalid, "absence-recheck-ahead")
    assert await room.watch.everything() == before
    once = room.act(room.class_teacher, "once")
    await recheck(room, once)
    room.hands.move(hours=1)
    await recheck(room, once)
    assert len(await room.watch.audit("absence.recheck")) == 1
    async with room.database.begin() as session:
        act = Act(OFFICE, room.hands.at, "rule")
        await school_rules.change(session, act, room.school.id, {"absence_recheck": False})
    await room.record(2, lesson=1, act=room.act(room.head))
    assert await waiting(room) == (), "this school asks nobody to"


async def test_heads_are_counted_by_the_last_roll_of_ones_own_lessons(room: ClassRoom) -> None:
    room.hands.move(hours=4)
    await _announce(room, 0)
    await _release(room, 2, lessons=None)
    await _release(room, 3, lessons=[5])
    (seen,) = await heads(room, 5)
    assert (seen.class_title, seen.enrolled, seen.absent, seen.announced, seen.called) == ("5А", 5, 0, 2, 0)
    assert seen.present == 3, "nobody has called a roll: those who were announced do not come"
    await room.record(1)
    assert [(one.absent, one.announced, one.present) for one in await heads(room, 5)] == [(1, 0, 4)]
    await room.record(3, 4, lesson=1)
    assert [one.absent for one in await heads(room, 59)] == [1]
    assert [one.absent for one in await heads(room, 60)] == [2], "the first has come, two are gone"
    await _left_early(room, 0, lesson=1)
    assert [one.absent for one in await heads(room, 60)] == [3], "who left before the end eats at home"

    # The third lesson is of a group with the first pupil alone, who is there again; the others have no word in it.
    await _as_group(room, lesson=2, members=[0])
    await room.record(lesson=2)
    assert [one.absent for one in await heads(room, 130)] == [2]
    async with room.database.begin() as session:
        home = update(Pupil).where(Pupil.person_id == room.pupils[4]).values(education_form="home")
        await session.execute(home)
    assert [(one.enrolled, one.absent) for one in await heads(room, 130)] == [(4, 1)]


async def test_classes_at_home_are_counted_as_such_and_those_without_lessons_not_at_all(room: ClassRoom) -> None:
    other = await room.builder.school_class(room.school, "10Б", room.class_teacher)
    await room.builder.pupils(other, "Щеглов Пётр", "Дроздова Инна")
    free = await room.builder.school_class(room.school, "1В", room.class_teacher)
    await room.builder.pupil(free, "Чижов Олег")
    said: list[str] = []
    engine = room.database.engine.sync_engine
    listener = _remembering(said)
    event.listen(engine, "before_cursor_execute", listener)
    await heads(room, 10)
    of_one = len(said)
    lesson = await room.builder.lesson(other, room.teacher, time(8, 30))
    said.clear()
    assert len(await heads(room, 10)) == 2
    event.remove(engine, "before_cursor_execute", listener)
    assert len(said) == of_one, "one statement for all classes, and those of the rights"
    assert [(one.class_title, one.enrolled) for one in await heads(room, 10)] == [("5А", 5), ("10Б", 2)]
    async with room.database.begin() as session:
        await session.execute(update(Lesson).where(Lesson.id == lesson).values(distant=[other]))
    assert [(one.class_title, one.present, one.distant) for one in await heads(room, 10)] == [
        ("5А", 5, False),
        ("10Б", 0, True),
    ]
    async with room.database.begin() as session:
        await session.execute(update(Lesson).where(Lesson.class_id == other).values(cancelled="weather"))
    assert [one.class_title for one in await heads(room, 10)] == ["5А"]


async def test_days_without_a_known_cause_are_summed_for_the_commission(room: ClassRoom) -> None:
    kinds = {
        0: [["unexplained", "unexplained"], ["unexplained"], ["unexplained"]],
        1: [["unexplained", "illness"], ["unexplained"], []],
        2: [["illness"], ["excused", "excused"], []],
        # Released from a lesson that does not count as missed: the rest of the day stands as it is.
        3: [["unexplained", "exempt"], ["unexplained"], []],
    }
    days = [DAY - timedelta(days=number) for number in range(3)]
    await _absences(room, days, kinds)
    found = await unexplained(room, of_class=True)
    assert [(one.name.in_lists(), one.class_title, one.days, one.lessons, one.is_over) for one in found] == [
        ("Абрамов Глеб", "5А", tuple(reversed(days)), 0, True),
        ("Ёлкин Вадим", "5А", (days[1],), 1, False),
        ("Иванова Ева", "5А", (days[1], days[0]), 0, False),
    ]
    assert await unexplained(room, of_class=False) == found
    assert [one.is_over for one in await unexplained(room, of_class=False, from_days=2)] == [True, False, True]
    async with room.database.begin() as session:
        span = Span(DAY, DAY)
        seen = await absence_counts.unexplained(session, OFFICE, room.school.id, span, room.hands.at)
    assert [(one.name.given, len(one.days), one.lessons) for one in seen] == [
        ("Глеб", 1, 0),
        ("Вадим", 0, 1),
        ("Ева", 1, 0),
    ]
    async with room.database.begin() as session:
        for doing in (
            absence_counts.unexplained(session, room.act().actor, room.school.id, span, room.hands.at),
            absence_counts.unexplained_of_class(session, room.act().actor, room.school_class, span, room.hands.at),
        ):
            assert await refused(doing) == (Forbidden, "not-allowed")


def _remembering(said: list[str]) -> Callable[..., None]:
    def remember(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    return remember


async def _name(room: ClassRoom, person: UUID) -> object:
    (one,) = await waiting(room)
    assert one.class_teacher is not None
    assert one.class_teacher.in_full() == "Громова Нина Сергеевна"
    assert person == room.class_teacher
    return one.class_teacher


async def _announce(room: ClassRoom, pupil: int) -> None:
    async with room.database.begin() as session:
        session.add(
            AnnouncedAbsence(
                id=uuid4(),
                school_id=room.school.id,
                pupil_id=room.pupils[pupil],
                first=DAY,
                last=TOMORROW,
                reason="family",
                note="",
                certificate=False,
                announced_at=room.hands.at,
                version=1,
            )
        )


async def _release(room: ClassRoom, pupil: int, *, lessons: list[int] | None) -> None:
    order = ReleaseOrder(
        id=uuid4(),
        school_id=room.school.id,
        number="12",
        ordered_on=DAY,
        kind="olympiad",
        title="Олимпиада",
        first=DAY,
        last=DAY,
        lessons=lessons,
        made_at=room.hands.at,
        version=1,
    )
    async with room.database.begin() as session:
        session.add(order)
        await session.flush()
        session.add(ReleasedPupil(release_id=order.id, pupil_id=room.pupils[pupil]))


async def _left_early(room: ClassRoom, pupil: int, lesson: int) -> None:
    async with room.database.begin() as session:
        session.add(
            PartialAttendance(
                lesson_id=room.lessons[lesson],
                pupil_id=room.pupils[pupil],
                day=DAY,
                left_early="nurse",
                recorded_at=room.hands.at,
            )
        )


async def _as_group(room: ClassRoom, lesson: int, members: Sequence[int]) -> None:
    group = StudyGroup(
        id=uuid4(), school_id=room.school.id, year=DAY.year, kind="group", purpose="subgroup", title="5А английский"
    )
    async with room.database.begin() as session:
        session.add(group)
        await session.flush()
        since = date(2026, 9, 1)
        session.add_all(GroupMember(group_id=group.id, pupil_id=room.pupils[one], since=since) for one in members)
        of_group = {"class_id": None, "group_id": group.id}
        await session.execute(update(Lesson).where(Lesson.id == room.lessons[lesson]).values(**of_group))


async def _absences(room: ClassRoom, days: Sequence[date], kinds: dict[int, list[list[str]]]) -> None:
    """Enter absences of these days, lesson by lesson of each: what they came to, by pupil."""
    for number in range(4, 7):
        lesson = await room.builder.lesson(room.school_class, room.teacher, time(8 + number, 30), number=number)
        room.lessons = (*room.lessons, lesson)
    rows = [
        {
            "lesson_id": room.lessons[2 * days.index(day) + number],
            "pupil_id": room.pupils[pupil],
            "day": day,
            "code": "н",
            "recorded_at": room.hands.at,
            "kind": kind,
            "missed": kind != "exempt",
        }
        for pupil, by_day in kinds.items()
        for day, of_day in zip(days, by_day, strict=True)
        for number, kind in enumerate(of_day)
    ]
    async with room.database.begin() as session:
        await session.execute(insert(Absence), rows)
