"""Curriculum plans and the load as they are kept: written whole, refused by name, compared with the timetable."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import date, time
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import OFFICE, Act, Actor
from core.database import Database
from core.person import education_forms
from core.person.education_forms import EducationForm, Ordered
from core.plan import curriculum, load, study_groups
from core.plan.curriculum import NewPlan, PlanKind, PlanLine
from core.plan.load import NewLoad, Taught
from core.plan.load_comparison import DifferenceKind
from core.plan.plan_tables import SchoolYear
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.tables import Slot, Subject
from core.year.weekly import Service
from tests.integration.core_world import ClassRoom, class_room, refused
from tests.integration.eventually import eventually

YEAR, NOVEMBER = 2026, date(2026, 11, 24)
PROFILES = ("естественно-научный", "гуманитарный", "социально-экономический", "технологический", "универсальный")


@dataclass
class Study:
    """A class, and subjects to learn."""

    room: ClassRoom
    subjects: dict[str, UUID] = field(default_factory=dict)

    @property
    def act(self) -> Act:
        return Act(OFFICE, self.room.hands.at, str(uuid4()))

    def by(self, person: UUID) -> Act:
        return replace(self.act, actor=Actor("telegram", person))

    def plan(self, name: str = "Учебный план", grade: int = 5, **hours: str) -> NewPlan:
        return NewPlan(name, tuple(PlanLine(grade, self.subjects[one], Decimal(count)) for one, count in hours.items()))

    async def put(self, plan: NewPlan, act: Act | None = None) -> UUID:
        async with self.room.database.begin() as session:
            return await curriculum.put(session, act or self.act, self.room.school.id, YEAR, plan)

    async def attach(self, *plans: UUID, act: Act | None = None) -> None:
        async with self.room.database.begin() as session:
            await curriculum.attach(session, act or self.act, self.room.school_class, plans)

    async def cards(self) -> dict[str, NewPlan]:
        async with self.room.database.begin() as session:
            there = await curriculum.of_year(session, OFFICE, self.room.school.id, YEAR, self.room.hands.at)
        return {one.plan.name: one.plan for one in there}

    async def give(self, *wanted: NewLoad, act: Act | None = None) -> tuple[UUID, ...]:
        async with self.room.database.begin() as session:
            return await load.give(session, act or self.act, self.room.school.id, YEAR, wanted)

    def mine(self, subject: str = "maths", hours: str = "5", whom: Taught | None = None) -> NewLoad:
        taught = whom or Taught(self.room.school_class)
        return NewLoad(self.room.teacher, self.subjects[subject], taught, Decimal(hours))

    async def load(self) -> list[tuple[UUID, UUID, Decimal]]:
        async with self.room.database.begin() as session:
            there = await load.of_year(session, OFFICE, self.room.school.id, YEAR, self.room.hands.at)
        return [(one.load.teacher, one.load.whom.id, one.load.hours) for one in there]


@pytest.fixture
async def study(core_database: Database, database_url: URL) -> Study:
    made = Study(await class_room(core_database, database_url, lessons=0))
    async with core_database.begin() as session:
        for short, name in (("maths", "математика"), ("english", "английский язык"), ("chess", "шахматы в школе")):
            made.subjects[short] = uuid4()
            session.add(Subject(id=made.subjects[short], school_id=made.room.school.id, name=name))
    return made


async def ordered(study: Study, pupil: UUID) -> None:
    async with study.room.database.begin() as session:
        form = Ordered(EducationForm.FULL_TIME, date(2026, 9, 1), individual_plan=True, order="приказ № 3")
        await education_forms.change(session, study.act, pupil, form)


@pytest.mark.req("YEAR-06")
async def test_plans_of_the_school_of_each_profile_and_of_pupils_for_lessons_and_beyond(study: Study) -> None:
    own = study.plan("План школы", maths="5", english="3")
    beyond = replace(study.plan("Внеурочная деятельность", chess="1"), service=Service.EXTRA_CURRICULAR)
    profiles = [
        replace(study.plan(f"Профиль {name}", 10, maths="8"), kind=PlanKind.PROFILE, profile=name) for name in PROFILES
    ]
    pupil = study.room.pupils[0]
    of_pupil = replace(study.plan("План Глеба", maths="2"), kind=PlanKind.INDIVIDUAL, pupil=pupil)
    assert await refused(study.put(of_pupil)) == (Conflict, "plan-without-order")
    await ordered(study, pupil)
    wanted = [own, beyond, *profiles, of_pupil, replace(of_pupil, name="Кружки", service=Service.ADDITIONAL)]
    for plan in wanted:
        await study.put(plan)
    kept = await study.cards()
    assert set(kept) == {one.name for one in wanted}
    for plan in wanted:
        stored = kept[plan.name]
        assert (stored.kind, stored.service, stored.profile, stored.pupil) == (
            plan.kind,
            plan.service,
            plan.profile,
            plan.pupil,
        )
        assert set(stored.lines) == set(plan.lines)


async def test_a_plan_is_written_whole_and_what_it_was_stands_in_the_audit(study: Study) -> None:
    first = await study.put(study.plan(maths="5", english="3"))
    study.room.hands.move(minutes=1)
    act = study.act
    for _ in range(2):
        assert await study.put(study.plan("учебный  план", maths="4.5"), act) == first
    ((name, kept),) = (await study.cards()).items()
    assert (name, kept.lines) == ("учебный план", (PlanLine(5, study.subjects["maths"], Decimal("4.50")),))
    made, changed = await study.room.watch.audit("plan.put")
    assert made["before"] is None
    assert '"5"' in changed["before"]
    assert "4,5" in changed["after"]
    await study.put(study.plan("учебный план", maths="4.5"))
    assert len(await study.room.watch.audit("plan.put")) == 2, "the same again is no change"


async def test_a_plan_that_cannot_be_is_refused(study: Study) -> None:
    plan, pupil = study.plan(maths="5"), study.room.pupils[0]
    (line,) = plan.lines
    wrong = {
        "plan-empty": replace(plan, lines=()),
        "plan-line-twice": replace(plan, lines=(line, replace(line, hours=Decimal(1)))),
        "plan-grade-odd": replace(plan, lines=(replace(line, grade=12),)),
        "plan-hours-odd": replace(plan, lines=(replace(line, hours=Decimal("0.1")),)),
        "plan-whose": replace(plan, pupil=pupil),
        "plan-profile-needed": replace(plan, kind=PlanKind.PROFILE),
        "text-needed": replace(plan, name=" "),
    }
    before = await study.room.watch.everything()
    for code, one in wrong.items():
        assert await refused(study.put(one)) == (Invalid, code)
    strange = replace(plan, lines=(replace(line, subject=uuid4()),))
    assert await refused(study.put(strange)) == (NotFound, "plan-subject-unknown")
    assert await study.room.watch.everything() == before


async def test_a_class_learns_by_plans_of_its_grade_and_a_plan_in_use_stays(study: Study) -> None:
    fifth, tenth = await study.put(study.plan(maths="5")), await study.put(study.plan("Десятый", 10, maths="5"))
    assert await refused(study.attach(fifth, tenth)) == (Invalid, "plan-not-of-class")
    assert await refused(study.attach(uuid4())) == (NotFound, "plan-unknown")
    await study.attach(fifth)
    await study.attach(fifth)
    assert len(await study.room.watch.audit("plan.attach")) == 1
    async with study.room.database.begin() as session:
        assert await refused(curriculum.remove(session, study.act, fifth)) == (Conflict, "plan-in-use")
        await curriculum.remove(session, study.act, tenth)
        assert await curriculum.unplanned(session, study.room.school.id, YEAR) == ((), ())
    await study.attach()
    assert list(await study.cards()) == ["Учебный план"]
    await ordered(study, study.room.pupils[1])
    async with study.room.database.begin() as session:
        told = await curriculum.unplanned(session, study.room.school.id, YEAR)
    assert told == ((study.room.school_class,), (study.room.pupils[1],))


async def test_of_two_who_write_a_plan_or_the_load_at_once_the_second_sees_what_the_first_did(study: Study) -> None:
    room = study.room
    plan = await study.put(study.plan(maths="5"))
    (given,) = await study.give(study.mine())

    async def after(first: Callable[[AsyncSession], Awaitable[object]], second: Awaitable[object]) -> tuple[type, str]:
        async with room.database.begin() as session:
            await first(session)
            waiting = asyncio.ensure_future(second)
            await eventually(room.watch.blocked)
        return await refused(waiting)

    async def attach(session: AsyncSession) -> None:
        await curriculum.attach(session, study.act, room.school_class, [plan])

    async def remove(session: AsyncSession) -> None:
        await curriculum.remove(session, study.act, plan)

    async def take(session: AsyncSession) -> None:
        await load.take(session, study.act, given)

    async def does(doing: Callable[[AsyncSession], Awaitable[None]]) -> None:
        async with room.database.begin() as session:
            await doing(session)

    assert await after(attach, does(remove)) == (Conflict, "plan-in-use")
    assert await refused(study.put(study.plan(grade=7, maths="5"))) == (Conflict, "plan-grade-in-use")
    await study.attach()
    assert await after(remove, study.attach(plan)) == (NotFound, "plan-unknown")
    plan = await study.put(study.plan(maths="5"))
    assert await after(remove, does(remove)) == (NotFound, "plan-unknown")
    assert await after(take, does(take)) == (NotFound, "load-unknown")
    assert (len(await room.watch.audit("plan.remove")), len(await room.watch.audit("load.take"))) == (2, 1)


async def test_plans_and_load_are_set_by_whoever_may(study: Study) -> None:
    for person in (study.room.teacher, study.room.class_teacher):
        assert await refused(study.put(study.plan(maths="5"), study.by(person))) == (Forbidden, "not-allowed")
        assert await refused(study.give(study.mine(), act=study.by(person))) == (Forbidden, "not-allowed")
        assert await refused(study.attach(act=study.by(person))) == (Forbidden, "not-allowed")
    head = study.room.head
    await study.put(study.plan(maths="5"), study.by(head))
    await study.give(study.mine(), act=study.by(head))
    async with study.room.database.begin() as session:
        teacher, now = Actor("telegram", study.room.teacher), study.room.hands.at
        assert len(await load.of_year(session, teacher, study.room.school.id, YEAR, now)) == 1
        assert len(await curriculum.of_year(session, teacher, study.room.school.id, YEAR, now)) == 1


@pytest.mark.req("YEAR-15")
async def test_the_load_is_distributed_to_classes_groups_and_pupils(study: Study) -> None:
    room = study.room
    async with room.database.begin() as session:
        english = study.subjects["english"]
        first, second = await study_groups.divide(session, study.act, room.school_class, english, ("анг 1", "анг 2"))
    given = (
        study.mine(hours="5"),
        study.mine("english", "3", Taught(group=first)),
        replace(study.mine("english", "3", Taught(group=second)), teacher=room.class_teacher),
        study.mine("maths", "0.5", Taught(pupil=room.pupils[0])),
    )
    ids = await study.give(*given)
    assert len(set(ids)) == 4
    teacher, other = room.teacher, room.class_teacher
    assert sorted(await study.load(), key=str) == sorted(
        [
            (teacher, room.school_class, Decimal(5)),
            (teacher, first, Decimal(3)),
            (other, second, Decimal(3)),
            (teacher, room.pupils[0], Decimal("0.5")),
        ],
        key=str,
    )
    assert await study.give(study.mine(hours="4.5")) == ids[:1], "in place of what he has"
    async with room.database.begin() as session:
        await load.take(session, study.act, ids[1])
        assert await refused(load.take(session, study.act, uuid4())) == (NotFound, "load-unknown")
    assert {(whom, hours) for _, whom, hours in await study.load()} == {
        (room.school_class, Decimal("4.5")),
        (second, Decimal(3)),
        (room.pupils[0], Decimal("0.5")),
    }
    assert [len(await room.watch.audit(action)) for action in ("load.give", "load.take")] == [5, 1]


async def test_load_that_cannot_be_is_refused_and_nothing_of_it_is_kept(study: Study) -> None:
    elsewhere = await study.room.builder.school("Другая школа")
    theirs = await study.room.builder.school_class(elsewhere, "5А")
    mine = study.mine()
    before = await study.room.watch.everything()
    for wanted, how in (
        (study.mine(whom=Taught()), (Invalid, "load-whom")),
        (study.mine(whom=Taught(uuid4(), uuid4())), (Invalid, "load-whom")),
        (study.mine(whom=Taught(theirs)), (NotFound, "load-whom-unknown")),
        (study.mine(whom=Taught(group=uuid4())), (NotFound, "load-whom-unknown")),
        (replace(mine, teacher=study.room.pupils[0]), (Invalid, "load-not-staff")),
        (replace(mine, subject=uuid4()), (NotFound, "plan-subject-unknown")),
        (replace(mine, hours=Decimal(41)), (Invalid, "plan-hours-odd")),
    ):
        assert await refused(study.give(study.mine("english"), wanted)) == how
    assert await refused(study.give(mine, mine)) == (Invalid, "load-twice")
    assert await study.room.watch.everything() == before


async def test_load_plans_and_timetable_are_compared(study: Study) -> None:
    room, english = study.room, study.subjects["english"]
    await study.attach(await study.put(study.plan(maths="5", english="3")))
    async with room.database.begin() as session:
        first, second = await study_groups.divide(session, study.act, room.school_class, english, ("анг 1", "анг 2"))
    await study.give(study.mine(hours="4"), study.mine("english", "3", Taught(group=first)))
    maths = [slot(study, "maths", number) for number in range(1, 6)]
    maths[3].every, maths[4].until = "odd", date(2026, 10, 1)
    halves = [slot(study, "english", number, first) for number in range(1, 4)]
    async with room.database.begin() as session:
        session.add_all([*maths, *halves])
    async with room.database.begin() as session:
        found = await load.differences(session, OFFICE, room.school.id, YEAR, NOVEMBER, room.hands.at)
    assert {(one.kind, one.learners, one.subject, str(one.wanted), str(one.found)) for one in found} == {
        (DifferenceKind.BELOW_PLAN, room.school_class, study.subjects["maths"], "5.00", "4.00"),
        (DifferenceKind.BELOW_PLAN, room.school_class, english, "3.00", "0"),
        (DifferenceKind.BELOW_LOAD, room.school_class, study.subjects["maths"], "4.00", "3.5"),
    }
    assert second not in {one.learners for one in found}


def slot(study: Study, subject: str, number: int, group: UUID | None = None) -> Slot:
    return Slot(
        id=uuid4(),
        school_id=study.room.school.id,
        year=YEAR,
        class_id=study.room.school_class if group is None else None,
        group_id=group,
        weekday=number,
        number=number,
        starts=time(7 + number),
        ends=time(7 + number, 45),
        subject_id=study.subjects[subject],
        teacher_id=study.room.teacher,
    )


async def test_a_closed_year_keeps_its_plans_and_load(study: Study) -> None:
    plan = await study.put(study.plan(maths="5"))
    (given,) = await study.give(study.mine())
    async with study.room.database.begin() as session:
        at = study.room.hands.at
        session.add(
            SchoolYear(school_id=study.room.school.id, year=YEAR, calendar={}, bells=[], version=1, closed_at=at)
        )
    closed = (Conflict, "plan-year-closed")
    assert await refused(study.put(study.plan(maths="4"))) == closed
    assert await refused(study.attach(plan)) == closed
    assert await refused(study.give(study.mine(hours="4"))) == closed
    async with study.room.database.begin() as session:
        assert await refused(load.take(session, study.act, given)) == closed
        assert await refused(curriculum.remove(session, study.act, plan)) == closed
