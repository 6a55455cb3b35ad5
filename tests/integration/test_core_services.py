"""The journal beyond lessons: electives, facultatives, clubs, extended day, courses; and every level of school."""

from datetime import date, time, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL

from core.database import Database
from core.learning import attendance, diary, gradebook, timetable
from core.learning.absence_codes import ABSENT
from core.plan import curriculum, groups, study_groups
from core.plan.curriculum import NewPlan, PlanLine
from core.plan.study_groups import NewGroup, Purpose
from core.refusals import Invalid
from core.tables import Slot, Subject
from core.year.calendar import level_of
from core.year.weekly import Service
from tests.integration.core_world import refused
from tests.integration.timetable_world import MONDAY, TimetableWorld, timetable_world
from tests.unit.year_cases import calendar

BEYOND = {
    Purpose.ELECTIVE: Service.BASIC,
    Purpose.FACULTATIVE: Service.BASIC,
    Purpose.CLUB: Service.ADDITIONAL,
    Purpose.EXTENDED_DAY: Service.EXTRA_CURRICULAR,
    Purpose.COURSE: Service.EXTRA_CURRICULAR,
}


@pytest.fixture
async def world(core_database: Database, database_url: URL) -> TimetableWorld:
    return await timetable_world(core_database, database_url)


async def subject(world: TimetableWorld, name: str, service: Service) -> UUID:
    made = Subject(id=uuid4(), school_id=world.school.id, name=name, service=service.value)
    async with world.database.begin() as session:
        session.add(made)
    return made.id


async def planned(world: TimetableWorld, purpose: Purpose) -> UUID:
    """Make a group, its plan and its weekly hour beyond the bells; return its lesson of Monday."""
    service = BEYOND[purpose]
    what = await subject(world, f"предмет «{purpose}»", service)
    async with world.database.begin() as session:
        wanted = NewGroup(f"группа {purpose}", frozenset([world.classes["5А"]]), purpose=purpose, subject=what)
        group = await study_groups.create(session, world.act(), world.school.id, wanted)
        await groups.join(session, world.act(), group, world.pupils["5А"][:2], date(2026, 9, 1))
        plan = NewPlan(f"план {purpose}", (PlanLine(5, what, Decimal(1)),), service=service)
        await curriculum.put(session, world.act(), world.school.id, 2026, plan)
        slot = Slot(
            id=uuid4(),
            school_id=world.school.id,
            year=2026,
            group_id=group,
            weekday=1,
            number=8,
            starts=time(15),
            ends=time(15, 45),
            subject_id=what,
            teacher_id=world.teachers["С"],
            service=service.value,
        )
        session.add(slot)
    await world.make()
    return UUID(str(await world.watch.value("SELECT id FROM core.lesson WHERE slot_id = $1", slot.id)))


@pytest.mark.req("GEN-09", "YEAR-33", "TT-02")
@pytest.mark.parametrize("purpose", BEYOND)
async def test_everything_taught_has_a_plan_a_timetable_and_a_journal_by_the_same_rules(
    world: TimetableWorld, purpose: Purpose
) -> None:
    lesson = await planned(world, purpose)
    plans = await world.do(
        lambda session: curriculum.of_year(session, world.act().actor, world.school.id, 2026, world.hands.at)
    )
    assert [one.plan.service for one in plans if one.plan.name == f"план {purpose}"] == [BEYOND[purpose]]
    teacher = world.teachers["С"]
    (card,) = await world.do(lambda session: timetable.lessons_of(session, [teacher], MONDAY))
    assert (card.id, card.class_title) == (lesson, f"группа {purpose}")
    absent, present, stranger = world.pupils["5А"]
    early = attendance.record
    async with world.database.begin() as session:
        assert await refused(early(session, world.act(teacher), lesson, {})) == (Invalid, "lesson-not-begun")
    world.hands.move(hours=7, minutes=30)
    async with world.database.begin() as session:
        called = await attendance.record(session, world.act(teacher), lesson, {absent: ABSENT})
        assert called.absent == 1
        await gradebook.give(session, world.act(teacher), lesson, present, 5)
        doing = gradebook.give(session, world.act(teacher), lesson, stranger, 5)
        assert await refused(doing) == (Invalid, "pupil-of-another-class")
    mother = await world.builder.guardian(absent, present, name="Ёлкина Ольга")
    for child, code, marks in ((absent, ABSENT, []), (present, None, [5])):
        actor = world.act(mother).actor
        async with world.database.begin() as session:
            week = await diary.week(session, actor, child, MONDAY, world.hands.at)
        (shown,) = [one for one in week.days[0].lessons if one.subject_name == f"предмет «{purpose}»"]
        assert (shown.absence_code, [mark.value for mark in shown.marks]) == (code, marks)


@pytest.mark.req("GEN-10")
async def test_the_journal_is_kept_for_every_grade_of_the_three_levels(world: TimetableWorld) -> None:
    year = calendar()
    titles = [f"{grade}В" for grade in sorted(year.week)]
    assert {level_of(grade) for grade in year.week} == set(year.terms)
    lessons: dict[str, tuple[UUID, UUID]] = {}
    for number, title in enumerate(titles, 1):
        made = await world.builder.school_class(world.school, title)
        child = await world.builder.pupil(made, "Белкин Юра")
        starts = time(7 + number)
        slot = await world.slot(
            2, number, "литература", "С", class_id=made, starts=starts, ends=starts.replace(minute=40)
        )
        await world.make()
        found = await world.watch.value("SELECT id FROM core.lesson WHERE slot_id = $1", slot)
        lessons[title] = UUID(str(found)), child
    world.hands.move(days=1, hours=15)
    act = world.act(world.teachers["С"])
    for title, (lesson, child) in lessons.items():
        async with world.database.begin() as session:
            assert (await attendance.record(session, world.act(act.actor.person), lesson, {})).absent == 0
            giving = gradebook.give(session, world.act(act.actor.person), lesson, child, 4)
            if title == "1В":
                assert await refused(giving) == (Invalid, "first-grade-unmarked")
            else:
                assert (await giving).version == 1
    day = MONDAY + timedelta(days=1)
    assert all(year.period_of(day, level) is not None for level in year.terms)
