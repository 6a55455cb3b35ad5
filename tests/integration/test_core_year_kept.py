"""What is kept of a year beside its lessons: plans of single pupils, the regime of each, the secretary's movement."""

from datetime import date, time
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import URL

from core.consent import consents
from core.consent.consent_entries import Decision
from core.database import Database
from core.events import RelationKind
from core.family import guardianships
from core.family.guardianships import Terms
from core.movement import orders
from core.movement.movements import MovementKind, Order
from core.movement.orders import Arrival, Leaving, Transfer
from core.person import education_forms, newcomers
from core.person.education_forms import EducationForm, Ordered
from core.person.newcomers import Newcomer
from core.plan import curriculum, groups, shifts, study_groups, years
from core.plan.curriculum import NewPlan, PlanKind, PlanLine
from core.plan.study_groups import GroupKind, NewGroup, Purpose
from core.russian import FullName
from core.tables import RoleAssignment, Subject
from core.year.bells import Bell, BellSchedule
from core.year.calendar import StudyWeek
from core.year.span import Hours, Span
from tests.integration.timetable_world import BELLS, MONDAY, TimetableWorld, timetable_world
from tests.school_builder import LONG_AGO
from tests.unit.year_cases import calendar

SEPTEMBER = date(2026, 9, 1)
SECOND = BellSchedule(
    "вторая смена", 2, tuple(Bell(number, Hours(time(12 + number), time(12 + number, 40))) for number in range(1, 7))
)


@pytest.fixture
async def world(core_database: Database, database_url: URL) -> TimetableWorld:
    return await timetable_world(core_database, database_url)


@pytest.mark.req("YEAR-12")
async def test_pupils_with_plans_of_their_own_are_listed_and_so_are_those_who_lack_one(world: TimetableWorld) -> None:
    first, second, _ = world.pupils["5А"]
    music = Subject(id=uuid4(), school_id=world.school.id, name="музыка")
    async with world.database.begin() as session:
        session.add(music)
        await session.flush()
        ordered = Ordered(EducationForm.FULL_TIME, SEPTEMBER, individual_plan=True, order="приказ № 3")
        for pupil in (first, second):
            await education_forms.change(session, world.act(), pupil, ordered)
        line = PlanLine(5, music.id, Decimal(2))
        plan = NewPlan("План Вадима", (line,), kind=PlanKind.INDIVIDUAL, pupil=first)
        await curriculum.put(session, world.act(), world.school.id, 2026, plan)
        cards = await curriculum.of_year(session, world.act().actor, world.school.id, 2026, world.hands.at)
        assert [(one.plan.name, one.plan.pupil) for one in cards if one.plan.pupil] == [("План Вадима", first)]
        _, lacking = await curriculum.unplanned(session, world.school.id, 2026)
        assert lacking == (second,)


@pytest.mark.req("YEAR-14")
async def test_class_group_stream_and_pupil_each_have_their_shift_and_week(world: TimetableWorld) -> None:
    async with world.database.begin() as session:
        await years.set_bells(session, world.act(), world.school.id, 2026, (BELLS, SECOND))
        await shifts.set_shift(session, world.act(), world.classes["5Б"], 2)
        both = frozenset(world.classes.values())
        made = {
            GroupKind.GROUP: NewGroup("хор", both, purpose=Purpose.CLUB, shift=2),
            GroupKind.STREAM: NewGroup("поток", both, kind=GroupKind.STREAM, purpose=Purpose.STREAM, shift=2),
        }
        ids = {
            kind: await study_groups.create(session, world.act(), world.school.id, one) for kind, one in made.items()
        }
        for group in ids.values():
            await groups.join(session, world.act(), group, world.pupils["5А"][:1], SEPTEMBER)
    pupil = world.pupils["5Б"][0]
    slots = [
        await world.slot(6, 1, "музыка", "С", class_id=world.classes["5Б"], shift=2),
        await world.slot(3, 5, "музыка", "С", group_id=ids[GroupKind.GROUP], shift=2),
        await world.slot(4, 5, "музыка", "С", group_id=ids[GroupKind.STREAM], shift=2),
        await world.slot(5, 5, "музыка", "С", pupil_id=pupil, shift=2),
    ]
    six = dict(calendar().week) | {5: StudyWeek.SIX}
    await world.do(lambda session: years.set_calendar(session, world.act(), world.school.id, calendar(week=six)))
    await world.make(Span(MONDAY, date(2026, 11, 28)))
    clock = "to_char(starts_at AT TIME ZONE 'Asia/Yekaterinburg', 'HH24:MI')"
    query = f"SELECT {clock} FROM core.lesson WHERE slot_id = $1"  # noqa: S608 - words of our own
    begins = {slot: await world.watch.value(query, slot) for slot in slots}
    assert list(begins.values()) == ["13:00", "17:00", "17:00", "17:00"]
    shift = await world.watch.value("SELECT shift FROM core.school_class WHERE id = $1", world.classes["5Б"])
    assert shift == 2


@pytest.mark.req("ROLE-20")
async def test_the_secretary_keeps_the_book_of_movement_and_takes_the_consent(world: TimetableWorld) -> None:
    secretary = await world.builder.teacher(world.school, "Орлова Вера Ильинична")
    async with world.database.begin() as session:
        session.add(
            RoleAssignment(
                id=uuid4(),
                person_id=secretary,
                school_id=world.school.id,
                role="secretary",
                since=LONG_AGO,
                why="приказ № 1",
                by_list=False,
                granted_at=world.hands.at,
            )
        )
    today, order = MONDAY, Order("14-у", MONDAY)

    async with world.database.begin() as session:
        who = Newcomer(FullName("Белкин", "Юрий", "Львович"), date(2015, 5, 5))
        child = await newcomers.pupil(session, world.act(secretary), world.school.id, who)
        await orders.arrive(
            session, world.act(secretary), child, Arrival(world.classes["5А"], today, order, "Школа № 2")
        )
        mother = await newcomers.adult_of(
            session, world.act(secretary), child, Newcomer(FullName("Белкина", "Анна", "Ильинична"), date(1985, 1, 2))
        )
        await guardianships.add(session, world.act(secretary), child, mother, Terms("мать", RelationKind.PARENT))
        decision = Decision(given=True, since=today, paper_ref="папка 5А")
        await consents.record(session, world.act(secretary), child, mother, decision)
        wanted = Transfer(world.classes["5Б"], date(2026, 11, 24), order)
        await orders.transfer(session, world.act(secretary), child, wanted)
        await orders.leave(session, world.act(secretary), child, Leaving(date(2026, 11, 27), order, "Школа № 3"))
        lines = await orders.history(session, world.act(secretary).actor, child, world.hands.at)
    assert {line.kind for line in lines} == {MovementKind.ARRIVED, MovementKind.TRANSFERRED, MovementKind.LEFT}
    assert {line.recorded_by for line in lines} == {secretary}
    given = await world.watch.value("SELECT bool_and(given) FROM core.consent WHERE pupil_id = $1", child)
    assert given is True
