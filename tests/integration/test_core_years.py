"""A school year in the database: set whole or not at all, by those who may, each change audited and planned anew."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, time
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import Act, Actor
from core.database import Database
from core.plan import shifts, stored_years, years
from core.plan.plan_tables import SchoolYear, StudyGroup
from core.plan.years import BellsRefused, CalendarRefused, SlotsWithoutBells, SlotWithoutBell
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.tables import SchoolClass, Slot, Subject
from core.year.bells import Bell, BellCode, BellSchedule
from core.year.calendar import Calendar, Level, Period, PeriodKind, StudyWeek, Terms
from core.year.calendar_problems import CalendarCode
from core.year.span import Hours
from tests.integration.core_world import FIRST_BELL, ClassRoom, class_room, refused
from tests.integration.eventually import eventually
from tests.unit.year_cases import FIRST_SHIFT, calendar, span

OTHER = calendar(days_off=frozenset())


@pytest.fixture
async def room(core_database: Database, database_url: URL) -> ClassRoom:
    return await class_room(core_database, database_url, lessons=0)


async def done[Result](room: ClassRoom, work: Callable[[AsyncSession], Awaitable[Result]]) -> Result:
    async with room.database.begin() as session:
        return await work(session)


async def set_calendar(room: ClassRoom, wanted: Calendar, act: Act | None = None) -> bool:
    made = act or room.act(room.head)
    return await done(room, lambda session: years.set_calendar(session, made, room.school.id, wanted))


async def set_bells(room: ClassRoom, *bells: BellSchedule, act: Act | None = None, year: int = 2026) -> bool:
    made = act or room.act(room.head)
    return await done(room, lambda session: years.set_bells(session, made, room.school.id, year, bells))


async def card(room: ClassRoom, actor: Actor | None = None, year: int = 2026) -> years.YearCard:
    who = actor or room.act(room.teacher).actor
    return await done(room, lambda session: years.read(session, who, room.school.id, year, FIRST_BELL))


async def stored(room: ClassRoom) -> stored_years.StoredYear | None:
    return await done(room, lambda session: stored_years.stored(session, room.school.id, 2026))


async def of_year(room: ClassRoom, **values: Any) -> None:
    async with room.database.begin() as session:
        await session.execute(update(SchoolYear).values(**values))


async def test_a_year_is_nothing_until_it_is_set(room: ClassRoom) -> None:
    assert await stored(room) is None
    assert await card(room) == years.YearCard(2026, None, (), 0, None)


async def test_periods_holidays_and_bells_are_kept_as_they_were_set(room: ClassRoom) -> None:
    wanted, grade_5 = calendar(), replace(FIRST_SHIFT, name="пятые", grades=frozenset({5}))
    assert await set_calendar(room, wanted)
    assert await set_bells(room, grade_5, FIRST_SHIFT)
    assert await card(room) == years.YearCard(2026, wanted, (grade_5, FIRST_SHIFT), 2, None)


@pytest.mark.req("YEAR-03")
async def test_every_level_has_periods_of_its_own_kind_and_bounds_and_none_goes_without(room: ClassRoom) -> None:
    quarters, halves = calendar().terms[Level.BASIC], calendar().terms[Level.SECONDARY]
    thirds = tuple(
        Period(number, f"{number} триместр", span(first, last))
        for number, (first, last) in enumerate((("09-01", "11-20"), ("11-21", "02-28"), ("03-01", "05-26")), 1)
    )
    modules = (
        Period(1, "осенний модуль", span("09-01", "12-29")),
        Period(2, "весенний модуль", span("01-11", "05-26")),
    )
    for one in (quarters, Terms(PeriodKind.TRIMESTER, thirds), halves, Terms(PeriodKind.OWN, modules)):
        terms = {Level.PRIMARY: quarters, Level.BASIC: one, Level.SECONDARY: halves}
        await set_calendar(room, calendar(terms=terms))
        kept = (await card(room)).calendar
        assert kept is not None
        assert kept.terms == terms
    for level in Level:
        with pytest.raises(CalendarRefused) as found:
            await set_calendar(room, calendar(terms={one: quarters for one in Level if one is not level}))
        lacking = [problem for problem in found.value.problems if problem.code is CalendarCode.NO_PERIODS]
        assert [problem.level for problem in lacking] == [level]


@pytest.mark.req("YEAR-04")
async def test_holidays_have_their_names_and_bounds_and_nobody_learns_then(room: ClassRoom) -> None:
    await set_calendar(room, calendar())
    found = await stored(room)
    assert found is not None
    assert found.calendar.holidays == calendar().holidays
    for holiday in calendar().holidays:
        for day in holiday.span.days():
            learning = {grade for grade in range(1, 12) if found.calendar.is_study_day(day, grade)}
            assert learning & (holiday.grades or frozenset(range(1, 12))) == set()


async def test_planners_get_every_grade_with_the_longest_week_for_those_that_are_not_named(room: ClassRoom) -> None:
    await set_calendar(room, calendar())
    found = await stored(room)
    assert found is not None
    assert found.calendar.week[5] is StudyWeek.FIVE
    assert {grade for grade, week in found.calendar.week.items() if week is StudyWeek.SIX} == {0, 11}
    assert set(found.calendar.week) == set(range(12))
    assert replace(found.calendar, week=calendar().week) == calendar()


async def test_each_change_is_audited_from_what_to_what(room: ClassRoom) -> None:
    await set_calendar(room, calendar())
    room.hands.move(minutes=1)
    await set_calendar(room, OTHER)
    await set_bells(room, FIRST_SHIFT)
    first, second = await room.watch.audit("year.calendar")
    assert (first["before"], first["person_id"], first["subject"]) == (None, room.head, "year/2026")
    assert second["before"] == first["after"]
    assert json.loads(second["after"])["kept"]["days_off"] == []
    (bells,) = await room.watch.audit("year.bells")
    assert json.loads(bells["before"]) == {"kept": []}
    assert [one["name"] for one in json.loads(bells["after"])["kept"]] == [FIRST_SHIFT.name]


async def test_what_was_planned_by_the_old_year_is_to_be_planned_again(room: ClassRoom) -> None:
    await set_calendar(room, calendar())
    for change in (set_calendar(room, OTHER), set_bells(room, FIRST_SHIFT)):
        await of_year(room, planned_until=date(2026, 12, 1))
        before = await stored(room)
        assert await change
        after = await stored(room)
        assert before is not None
        assert after is not None
        assert (before.planned_until, after.planned_until) == (date(2026, 12, 1), None)
        assert after.version == before.version + 1


async def test_a_repeat_and_a_change_of_nothing_leave_no_trace(room: ClassRoom) -> None:
    acts = [room.act(room.head, f"once {number}") for number in range(2)]
    await set_calendar(room, calendar(), acts[0])
    await set_bells(room, FIRST_SHIFT, act=acts[1])
    await of_year(room, planned_until=date(2026, 12, 1))
    before = await room.watch.everything()
    assert not await set_calendar(room, OTHER, acts[0])
    assert not await set_bells(room, act=acts[1])
    assert not await set_calendar(room, calendar())
    assert not await set_bells(room, FIRST_SHIFT)
    assert await room.watch.everything() == before


async def test_a_calendar_that_contradicts_itself_is_refused_with_every_reason(room: ClassRoom) -> None:
    before = await room.watch.everything()
    with pytest.raises(CalendarRefused) as found:
        await set_calendar(room, calendar(terms={}, moved={date(2026, 9, 7): date(2026, 9, 7)}))
    codes = [problem.code for problem in found.value.problems]
    assert codes == [CalendarCode.NO_PERIODS] * 3 + [CalendarCode.MOVED_BY_ITSELF]
    assert found.value.details == {"count": 4}
    assert await room.watch.everything() == before


async def test_bells_that_contradict_each_other_are_refused_with_every_reason(room: ClassRoom) -> None:
    await set_calendar(room, calendar())
    before = await room.watch.everything()
    with pytest.raises(BellsRefused) as found:
        await set_bells(room, FIRST_SHIFT, replace(FIRST_SHIFT, name="вторые", bells=()))
    assert [problem.code for problem in found.value.problems] == [BellCode.NO_BELLS, BellCode.SCHEDULE_HIDDEN]
    assert await room.watch.everything() == before


async def test_bells_have_to_come_after_the_calendar(room: ClassRoom) -> None:
    assert await refused(set_bells(room, FIRST_SHIFT)) == (Conflict, "plan-calendar-first")


async def test_a_calendar_without_a_grade_that_has_a_class_names_the_class(room: ClassRoom) -> None:
    await room.builder.school_class(room.school, "10А")
    await room.builder.school_class(room.school, "Логос")
    with pytest.raises(Invalid, match="plan-class-without-grade") as found:
        await set_calendar(room, calendar(week=dict.fromkeys((1, 10), StudyWeek.FIVE)))
    assert found.value.details == {"classes": "5А"}
    assert await stored(room) is None


async def slot(room: ClassRoom, **values: Any) -> None:
    subject = Subject(id=uuid4(), school_id=room.school.id, name=f"предмет {uuid4()}")
    plain = {"id": uuid4(), "school_id": room.school.id, "year": 2026, "weekday": 1, "number": 6}
    who = {"class_id": room.school_class} if {"group_id", "pupil_id"}.isdisjoint(values) else {}
    async with room.database.begin() as session:
        session.add(subject)
        await session.flush()
        session.add(Slot(subject_id=subject.id, teacher_id=room.teacher, **plain | who | values))


async def group(room: ClassRoom) -> UUID:
    made = uuid4()
    async with room.database.begin() as session:
        session.add(StudyGroup(id=made, school_id=room.school.id, year=2026, kind="group", purpose="club", title="хор"))
    await room.watch.rows("INSERT INTO core.group_class VALUES ($1, $2)", made, room.school_class)
    return made


async def test_bells_that_leave_lessons_of_the_timetable_without_hours_are_refused(room: ClassRoom) -> None:
    await set_calendar(room, calendar())
    await slot(room, number=7)
    await slot(room, number=2, shift=2, weekday=2)
    await slot(room, number=9, starts=time(17), ends=time(18))
    await slot(room, number=8, group_id=await group(room))
    await slot(room, number=0, pupil_id=room.pupils[0])
    await slot(room, number=1)
    before = await room.watch.everything()
    with pytest.raises(SlotsWithoutBells) as found:
        await set_bells(room, FIRST_SHIFT)
    assert found.value.slots == (
        SlotWithoutBell("хор", 8, 1),
        SlotWithoutBell("5А", 0, 1),
        SlotWithoutBell("5А", 7, 1),
        SlotWithoutBell("5А", 2, 2),
    )
    assert await room.watch.everything() == before
    longer = tuple(Bell(number, Hours(time(7 + number), time(7 + number, 40))) for number in range(9))
    assert await set_bells(room, replace(FIRST_SHIFT, bells=longer), replace(FIRST_SHIFT, name="вторая", shift=2))


async def test_a_closed_year_stays_as_it_is(room: ClassRoom) -> None:
    await set_calendar(room, calendar())
    await of_year(room, closed_at=FIRST_BELL)
    assert (await card(room)).closed_at == FIRST_BELL
    before = await room.watch.everything()
    assert await refused(set_calendar(room, OTHER)) == (Conflict, "plan-year-closed")
    assert await refused(set_bells(room, FIRST_SHIFT)) == (Conflict, "plan-year-closed")
    assert await refused(shift(room, 2)) == (Conflict, "plan-year-closed")
    assert await room.watch.everything() == before


async def shift(room: ClassRoom, number: int, act: Act | None = None) -> None:
    made = act or room.act(room.head)
    await done(room, lambda session: shifts.set_shift(session, made, room.school_class, number))


async def test_the_shift_of_a_class_is_recorded_and_audited(room: ClassRoom) -> None:
    await shift(room, 2)
    await shift(room, 2)
    async with room.database.begin() as session:
        assert (await session.get_one(SchoolClass, room.school_class)).shift == 2
    (row,) = await room.watch.audit("class.shift")
    assert (json.loads(row["before"]), json.loads(row["after"])) == ({"shift": 1}, {"shift": 2})
    for wrong in (0, 4):
        assert await refused(shift(room, wrong)) == (Invalid, "shift-unknown")


async def test_teachers_see_the_year_and_set_nothing_of_it(room: ClassRoom) -> None:
    await set_calendar(room, calendar())
    before = await room.watch.everything()
    for stranger in (room.teacher, room.class_teacher):
        act = room.act(stranger)
        assert (await card(room, act.actor)).calendar == calendar()
        assert await refused(set_calendar(room, OTHER, act)) == (Forbidden, "not-allowed")
        assert await refused(set_bells(room, FIRST_SHIFT, act=act)) == (Forbidden, "not-allowed")
        assert await refused(shift(room, 2, act)) == (Forbidden, "not-allowed")
    parent = await room.builder.guardian(room.pupils[0], name="Иванова Ольга")
    for outsider in (parent, room.pupils[0]):
        assert await refused(card(room, Actor("telegram", outsider))) == (Forbidden, "not-allowed")
    reading = done(room, lambda session: years.read(session, room.act().actor, uuid4(), 2026, FIRST_BELL))
    assert await refused(reading) == (NotFound, "school-unknown")
    after = await room.watch.everything()
    assert {name: rows for name, rows in after.items() if rows != before[name]}.keys() <= {
        "core.person",
        "core.guardianship",
        "core.consent",
        "bus.outbox",
    }


async def test_two_who_set_a_year_for_the_first_time_at_once_come_one_after_the_other(room: ClassRoom) -> None:
    async with room.database.begin() as session:
        assert await years.set_calendar(session, room.act(room.head), room.school.id, calendar())
        late = asyncio.create_task(set_calendar(room, OTHER))
        await eventually(room.watch.blocked)
    assert await late
    found = await card(room)
    assert found.calendar == OTHER
    assert found.version == 2
