"""The checklist of the year, read of a real database: what is there, what is missing, and by when."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL, event
from sqlalchemy.engine import Engine

from core.actor import Actor
from core.database import Database
from core.plan import readiness, years
from core.plan.plan_tables import (
    GroupClass,
    GroupMember,
    Room,
    StudyGroup,
    StudyPlan,
    StudyPlanLine,
    TeachingLoad,
)
from core.plan.readiness import Gap, GapCode, Item, Readiness, ReadinessLine, State
from core.refusals import Forbidden, NotFound
from core.school import school_rules
from core.tables import Pupil, Slot, Subject
from core.timetable.timetable_tables import ControlWork
from tests.integration.core_world import FIRST_BELL, ClassRoom, class_room, refused
from tests.unit.year_cases import FIRST_SHIFT, calendar


@pytest.fixture
async def room(core_database: Database, database_url: URL) -> ClassRoom:
    return await class_room(core_database, database_url, lessons=1)


async def ready(
    room: ClassRoom, now: datetime = FIRST_BELL, actor: Actor | None = None, school: UUID | None = None
) -> Readiness:
    who = actor or room.act(room.teacher).actor
    async with room.database.begin() as session:
        return await readiness.of_year(session, who, school or room.school.id, 2026, now)


async def lines(room: ClassRoom) -> dict[Item, ReadinessLine]:
    return {line.item: line for line in (await ready(room)).lines}


async def add(room: ClassRoom, *rows: Any) -> None:
    async with room.database.begin() as session:
        for row in rows:
            session.add(row)
            await session.flush()


async def form_year(room: ClassRoom) -> None:
    async with room.database.begin() as session:
        await years.set_calendar(session, room.act(room.head), room.school.id, calendar())
        await years.set_bells(session, room.act(room.head), room.school.id, 2026, [FIRST_SHIFT])


def of_school(room: ClassRoom, **more: Any) -> dict[str, Any]:
    return {"id": uuid4(), "school_id": room.school.id, "year": 2026, **more}


async def test_what_is_there_of_a_school_with_one_lesson_and_what_is_missing(room: ClassRoom) -> None:
    found = await lines(room)
    assert {item: [gap.code for gap in line.missing] for item, line in found.items() if line.missing} == {
        Item.PERIODS: [GapCode.NO_CALENDAR],
        Item.HOLIDAYS: [GapCode.NO_CALENDAR],
        Item.PLANS: [GapCode.NO_PLANS],
        Item.ROOMS: [GapCode.NO_ROOMS],
        Item.REGIME: [GapCode.NO_CALENDAR, GapCode.NO_BELLS],
        Item.LOAD: [GapCode.CLASSES_WITHOUT_LOAD],
        Item.SERVICES: [GapCode.NO_PLANS],
        Item.CONTROL_WORKS: [GapCode.NO_CONTROL_WORKS],
    }
    assert found[Item.LOAD].missing == (Gap(GapCode.CLASSES_WITHOUT_LOAD, ("5А",)),)
    counts = {item: line.count for item, line in found.items() if line.count}
    assert counts == {
        Item.SUBJECTS: 1,
        Item.STAFF: 4,
        Item.CLASSES: 1,
        Item.CONTINGENT: 5,
        Item.TIMETABLE: 1,
        Item.SERVICES: 1,
    }


async def test_a_year_that_was_formed_is_ready(room: ClassRoom) -> None:
    await form_year(room)
    async with room.database.begin() as session:
        subject = Subject(id=uuid4(), school_id=room.school.id, name="шахматы", service="extra-curricular")
        session.add(subject)
    basic = StudyPlan(**of_school(room, kind="school", service="basic", name="основной"))
    extra = StudyPlan(**of_school(room, kind="school", service="extra-curricular", name="внеурочный"))
    await add(
        room,
        Room(id=uuid4(), school_id=room.school.id, name="12"),
        basic,
        extra,
        StudyPlanLine(plan_id=basic.id, grade=5, subject_id=subject.id, hours_a_week=5),
        TeachingLoad(
            **of_school(
                room,
                teacher_id=room.teacher,
                subject_id=subject.id,
                class_id=room.school_class,
                hours_a_week=5,
            )
        ),
        Slot(
            **of_school(
                room,
                class_id=room.school_class,
                weekday=2,
                number=3,
                subject_id=subject.id,
                teacher_id=room.teacher,
                service="extra-curricular",
            )
        ),
        ControlWork(
            **of_school(
                room,
                lesson_id=room.lessons[0],
                form="диктант",
                topic="",
                planned_at=FIRST_BELL,
                withdrawn=False,
                version=1,
            )
        ),
    )
    found = await ready(room)
    assert [(line.item, line.missing) for line in found.lines if line.missing] == []
    assert found.is_ready
    assert {line.item for line in found.lines if line.state is State.NOT_NEEDED} == {
        Item.GROUPS,
        Item.STREAMS,
        Item.INDIVIDUAL_PLANS,
        Item.CHANGES,
    }


async def test_groups_streams_and_pupils_on_their_own_plans_are_looked_through(room: ClassRoom) -> None:
    half = StudyGroup(**of_school(room, kind="group", purpose="subgroup", title="5А, английский"))
    stream = StudyGroup(**of_school(room, kind="stream", purpose="stream", title="поток 5"))
    whole = StudyGroup(**of_school(room, kind="combined", purpose="combined", title="5–6"))
    gone = StudyGroup(**of_school(room, kind="group", purpose="club", title="закрытая", closed=True))
    await add(
        room,
        half,
        stream,
        whole,
        gone,
        *(GroupClass(group_id=one.id, class_id=room.school_class) for one in (half, stream, whole, gone)),
        # On the day of asking nobody is in the half: one has left it, another is still to come.
        GroupMember(group_id=half.id, pupil_id=room.pupils[0], since=date(2026, 9, 1), until=date(2026, 11, 23)),
        GroupMember(group_id=half.id, pupil_id=room.pupils[1], since=date(2026, 11, 25)),
        GroupMember(group_id=stream.id, pupil_id=room.pupils[2], since=date(2026, 9, 1)),
    )
    async with room.database.begin() as session:
        for pupil in room.pupils[:2]:
            (await session.get_one(Pupil, pupil)).individual_plan = True
    planned = StudyPlan(**of_school(room, kind="individual", service="basic", name="план", pupil_id=room.pupils[0]))
    await add(room, planned)
    found = await lines(room)
    assert found[Item.GROUPS].missing == (Gap(GapCode.GROUPS_EMPTY, (half.title,)),)
    assert found[Item.STREAMS].missing == (Gap(GapCode.STREAMS_SMALL, (stream.title,)),)
    assert found[Item.INDIVIDUAL_PLANS].missing == (Gap(GapCode.PUPILS_WITHOUT_PLAN, ("5А",)),)
    idle = Gap(GapCode.GROUPS_WITHOUT_LESSONS, (whole.title, half.title, stream.title))
    assert set(found[Item.TIMETABLE].missing[0].names) == set(idle.names)
    assert [found[item].count for item in (Item.GROUPS, Item.STREAMS, Item.INDIVIDUAL_PLANS)] == [2, 1, 2]


async def test_a_class_that_is_taught_and_loaded_through_a_group_lacks_neither(room: ClassRoom) -> None:
    other = await room.builder.school_class(room.school, "6А", room.class_teacher)
    group = StudyGroup(**of_school(room, kind="combined", purpose="combined", title="5–6"))
    async with room.database.begin() as session:
        subject = Subject(id=uuid4(), school_id=room.school.id, name="физика")
        session.add(subject)
    given = {"subject_id": subject.id, "teacher_id": room.teacher, "group_id": group.id}
    before = await lines(room)
    await add(
        room,
        group,
        GroupClass(group_id=group.id, class_id=other),
        Slot(**of_school(room, weekday=3, number=1, **given)),
        TeachingLoad(**of_school(room, hours_a_week=2, **given)),
    )
    after = await lines(room)
    assert before[Item.TIMETABLE].missing == (Gap(GapCode.CLASSES_WITHOUT_LESSONS, ("6А",)),)
    assert after[Item.TIMETABLE].missing == ()
    assert before[Item.LOAD].missing == (Gap(GapCode.CLASSES_WITHOUT_LOAD, ("5А", "6А")),)
    assert after[Item.LOAD].missing == (Gap(GapCode.CLASSES_WITHOUT_LOAD, ("5А",)),)
    assert after[Item.CONTINGENT].missing == (Gap(GapCode.CLASSES_WITHOUT_PUPILS, ("6А",)),)


async def test_whoever_left_and_whoever_comes_later_is_not_counted(room: ClassRoom) -> None:
    await room.watch.rows("UPDATE core.enrolment SET until = '2026-11-23' WHERE pupil_id = $1", room.pupils[0])
    await room.watch.rows("UPDATE core.enrolment SET since = '2026-11-25' WHERE pupil_id = $1", room.pupils[1])
    await room.watch.rows("UPDATE core.staff SET until = '2026-11-23' WHERE person_id = $1", room.stranger)
    found = await lines(room)
    assert (found[Item.CONTINGENT].count, found[Item.STAFF].count) == (3, 3)


async def test_before_the_year_its_first_day_is_looked_at(room: ClassRoom) -> None:
    await room.watch.rows("UPDATE core.enrolment SET since = '2026-09-01'")
    august = await ready(room, datetime(2026, 8, 20, 4, tzinfo=UTC))
    assert {line.item: line.count for line in august.lines}[Item.CONTINGENT] == 5
    assert (august.due, august.days_left) == (date(2026, 9, 5), 16)


async def test_the_days_left_are_counted_by_the_school_s_rule_and_calendar(room: ClassRoom) -> None:
    # Still the 5th in London, already the 6th in Yekaterinburg.
    at = datetime(2026, 9, 5, 20, tzinfo=UTC)
    assert (await ready(room, at)).days_left == -1
    async with room.database.begin() as session:
        await school_rules.change(session, room.act(room.head), room.school.id, {"sections_by": "01.10"})
    found = await ready(room, at)
    assert (found.due, found.days_left) == (date(2026, 10, 1), 25)


async def test_all_staff_see_the_checklist_and_nobody_else_does(room: ClassRoom) -> None:
    for person in (room.head, room.teacher, room.class_teacher):
        assert (await ready(room, actor=room.act(person).actor)).year == 2026
    for person in (room.pupils[0], uuid4()):
        assert await refused(ready(room, actor=Actor("telegram", person))) == (Forbidden, "not-allowed")
    other = await room.builder.school("Школа «Парус»")
    assert await refused(ready(room, school=other.id)) == (Forbidden, "not-allowed")
    assert await refused(ready(room, school=uuid4())) == (NotFound, "school-unknown")


@contextmanager
def counted() -> Iterator[list[str]]:
    """Gather the statements that are sent to any database."""
    seen: list[str] = []

    def note(*arguments: Any) -> None:
        seen.append(arguments[2])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def test_as_many_statements_are_asked_of_a_large_school_as_of_a_small_one(room: ClassRoom) -> None:
    with counted() as small:
        await ready(room)
    for number in range(8):
        title = f"{number + 1}Б"
        made = await room.builder.school_class(room.school, title)
        await room.builder.pupils(made, "Белов Иван", "Белова Анна")
        group = StudyGroup(**of_school(room, kind="group", purpose="club", title=f"кружок {number}"))
        await add(room, group, GroupClass(group_id=group.id, class_id=made))
    with counted() as large:
        found = await ready(room)
    assert {line.item: line.count for line in found.lines}[Item.CONTINGENT] == 21
    assert len(small) == len(large) > 5
