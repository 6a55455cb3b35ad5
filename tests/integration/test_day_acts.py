"""Acts of whole days: whom they concern, what they leave alone, what of them is told, how they are taken back."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from sqlalchemy import URL

from core.database import Database
from core.events import NotHeld
from core.learning import attendance
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.timetable import day_acts, lesson_changes
from core.timetable.change_writing import TimetableClash
from core.timetable.day_acts import Acted, ShortBellsRefused
from core.timetable.lesson_changes import Place
from core.timetable.short_bells import shortened
from core.year.bells import Bell, BellSchedule
from core.year.changes import CancelReason, Closed, DayAct, Distance, Effect, Scope, ShortBells, TaughtBy
from core.year.span import Hours, Span
from tests.integration.core_world import refused
from tests.integration.timetable_world import BELLS, MONDAY, TimetableWorld, timetable_world

TUESDAY, SATURDAY = MONDAY + timedelta(days=1), date(2026, 11, 28)
COLD = Closed(CancelReason.WEATHER, "мороз")
HELD = [None, None, None]


@pytest_asyncio.fixture
async def world(core_database: Database, database_url: URL) -> TimetableWorld:
    return await timetable_world(core_database, database_url)


async def carry_out(world: TimetableWorld, effect: Effect, *days: date, key: str | None = None, **scope: Any) -> Acted:
    first, last = (days or (TUESDAY,))[0], (days or (TUESDAY,))[-1]
    act = DayAct(Span(first, last), effect, Scope(**scope))
    return await world.do(lambda session: day_acts.act(session, world.act(key=key), world.school.id, act, "приказ 12"))


async def take_back(world: TimetableWorld, change: UUID) -> Acted:
    return await world.do(lambda session: day_acts.withdraw(session, world.act(), change))


async def starts(world: TimetableWorld, title: str, day: date) -> list[str]:
    query = "SELECT to_char(starts_at AT TIME ZONE 'Asia/Yekaterinburg', 'HH24:MI') AS at FROM core.lesson "
    query += "WHERE class_id = $1 AND day = $2 ORDER BY starts_at"
    return [row["at"] for row in await world.watch.rows(query, world.classes[title], day)]


@pytest.mark.req("TT-15")
async def test_a_lesson_is_cancelled_with_a_reason_of_any_kind_and_the_regime_of_a_day_is_changed(
    world: TimetableWorld,
) -> None:
    reasons = (CancelReason.QUARANTINE, CancelReason.WEATHER, CancelReason.OTHER)
    for number, reason in enumerate(reasons, 1):
        lesson = await world.lesson("5А", TUESDAY, number)
        async with world.database.begin() as session:
            await lesson_changes.cancel(session, world.act(), lesson, reason, "протечка")
    assert await world.cancelled("5А", TUESDAY) == ["quarantine", "weather", "other"]
    await carry_out(world, ShortBells(shortened((BELLS,), 30, pause=10)))
    assert await starts(world, "5Б", TUESDAY) == ["08:30", "09:10", "09:50"]


async def test_a_day_of_frost_cancels_every_lesson_with_its_reason_and_comes_back(world: TimetableWorld) -> None:
    acted = await carry_out(world, COLD)
    assert (acted.lessons, acted.held) == (6, 0)
    assert await world.cancelled("5А", TUESDAY) == await world.cancelled("5Б", TUESDAY) == ["weather"] * 3
    assert await world.cancelled("5А", MONDAY) == HELD
    for title in ("5А", "5Б"):
        state = await world.told(title, TUESDAY)
        assert {(one.cancelled, one.cancelled_note) for one in state.lessons} == {(NotHeld.WEATHER, "мороз")}
    assert (await take_back(world, acted.change)).lessons == 6
    assert await world.cancelled("5А", TUESDAY) == HELD
    assert not any(one.is_changed for one in (await world.told("5А", TUESDAY)).lessons)
    assert (await take_back(world, acted.change)).lessons == 0


async def test_a_quarantine_of_one_class_leaves_the_others_alone(world: TimetableWorld) -> None:
    span = (TUESDAY, TUESDAY + timedelta(days=2))
    acted = await carry_out(world, Closed(CancelReason.QUARANTINE), *span, classes=frozenset({world.classes["5А"]}))
    assert acted.lessons == 9
    assert await world.cancelled("5А", span[1]) == ["quarantine"] * 3
    assert await world.cancelled("5Б", span[1]) == HELD
    assert await world.events(world.classes["5Б"], TUESDAY) == []


async def test_shortened_bells_move_lessons_and_cancel_those_they_do_not_reach_to(world: TimetableWorld) -> None:
    bells = shortened((BELLS,), 30, pause=10, lessons=2)
    await carry_out(world, ShortBells(bells))
    assert await starts(world, "5А", TUESDAY) == ["08:30", "09:10", "10:30"]
    assert await world.cancelled("5А", TUESDAY) == [None, None, "short-day"]
    state = await world.told("5А", TUESDAY)
    assert [one.was is not None and one.was.starts_at for one in state.lessons][1] == datetime(
        2026, 11, 24, 4, 30, tzinfo=UTC
    )


async def test_lessons_at_a_distance_go_on_without_a_room(world: TimetableWorld) -> None:
    await carry_out(world, Distance(), grades=frozenset({5}))
    state = await world.told("5Б", TUESDAY)
    assert {(one.distant, one.room_name, one.cancelled) for one in state.lessons} == {(("5Б",), None, None)}


async def test_a_day_is_taught_by_the_timetable_of_another(world: TimetableWorld) -> None:
    await world.slot(5, 4, "физкультура", "С", class_id=world.classes["5А"])
    friday = date(2026, 11, 27)
    acted = await carry_out(world, TaughtBy(friday), SATURDAY)
    assert acted.lessons == 7
    assert await starts(world, "5А", SATURDAY) == ["08:30", "09:30", "10:30", "11:30"]
    state = await world.told("5А", SATURDAY)
    assert state.taught_by == friday
    await take_back(world, acted.change)
    assert await starts(world, "5А", SATURDAY) == []
    assert (await world.told("5А", SATURDAY)).lessons == ()


async def test_a_lesson_that_was_held_stays_so_and_one_that_nobody_wrote_of_follows(world: TimetableWorld) -> None:
    lesson = await world.lesson("5А", MONDAY, 1)
    world.hands.move(hours=1)
    await world.do(lambda session: attendance.record(session, world.act(), lesson, {}))
    acted = await carry_out(world, Closed(CancelReason.EMERGENCY), MONDAY)
    assert (acted.lessons, acted.held) == (5, 1)
    assert await world.cancelled("5А", MONDAY) == [None, "emergency", "emergency"]
    assert await world.cancelled("5Б", MONDAY) == ["emergency"] * 3
    state = await world.told("5А", MONDAY)
    assert [one.cancelled for one in state.lessons] == [None, NotHeld.EMERGENCY, NotHeld.EMERGENCY]


async def test_a_lesson_moved_to_the_day_is_cancelled_and_one_moved_away_is_not(world: TimetableWorld) -> None:
    wednesday = TUESDAY + timedelta(days=1)
    away, come = await world.lesson("5А", TUESDAY, 1), await world.lesson("5А", wednesday, 1)
    for lesson, day in ((away, wednesday), (come, TUESDAY)):
        async with world.database.begin() as session:
            await lesson_changes.move(session, world.act(), lesson, Place(day, 5))
    await carry_out(world, COLD)
    assert (await world.read(away)).cancelled is None
    assert (await world.read(come)).cancelled == "weather"


async def test_a_swap_for_one_class_that_needs_a_teacher_twice_is_refused(world: TimetableWorld) -> None:
    for title, number in (("5А", 4), ("5Б", 5)):
        await world.slot(3, number, "музыка", "С", class_id=world.classes[title])
    await world.slot(2, 4, "музыка", "С", class_id=world.classes["5Б"])
    await world.make()
    act = carry_out(world, TaughtBy(TUESDAY + timedelta(days=1)), classes=frozenset({world.classes["5А"]}))
    assert await refused(act) == (TimetableClash, "timetable-clash")
    assert await world.cancelled("5А", TUESDAY) == HELD


async def test_an_act_that_changes_nothing_or_makes_no_sense_is_refused(world: TimetableWorld) -> None:
    twice = BellSchedule("х", 1, (Bell(1, Hours(time(8), time(9))), Bell(1, Hours(time(9), time(10)))))
    tries: list[tuple[Effect, tuple[date, ...], dict[str, Any], tuple[type[Exception], str]]] = [
        (COLD, (SATURDAY,), {}, (Conflict, "timetable-no-lessons-then")),
        (Distance(), (), {"shift": 2}, (Conflict, "timetable-nobody-meant")),
        (ShortBells((BELLS,)), (), {}, (Conflict, "timetable-nothing-changes")),
        (COLD, (date(2027, 5, 25), date(2027, 6, 1)), {}, (Invalid, "timetable-act-outside-year")),
        (COLD, (date(2026, 9, 1), date(2027, 1, 20)), {}, (Invalid, "timetable-act-too-long")),
        (COLD, (date.min,), {}, (Invalid, "timetable-act-years")),
        (COLD, (date.max,), {}, (Invalid, "timetable-act-years")),
        (TaughtBy(date.max), (), {}, (Invalid, "timetable-taught-by-itself")),
        (TaughtBy(TUESDAY), (), {}, (Invalid, "timetable-taught-by-itself")),
        (Closed(CancelReason.SHORT_DAY), (), {}, (Invalid, "timetable-reason-of-bells")),
        (ShortBells((twice,)), (), {}, (ShortBellsRefused, "timetable-bells-refused")),
        (ShortBells(()), (), {}, (ShortBellsRefused, "timetable-bells-refused")),
        (COLD, (), {"classes": frozenset({uuid4()})}, (NotFound, "timetable-class-unknown")),
        (COLD, (), {"classes": frozenset()}, (NotFound, "timetable-class-unknown")),
    ]
    before = await world.watch.everything()
    for effect, days, scope, refusal in tries:
        assert await refused(carry_out(world, effect, *days, **scope)) == refusal
    assert await world.watch.everything() == before


async def test_an_act_of_bells_or_of_a_day_without_lessons_is_refused_with_the_real_cause(
    world: TimetableWorld,
) -> None:
    friday = MONDAY + timedelta(days=4)
    for title in ("5А", "5Б"):
        for number in (1, 2, 3):
            async with world.database.begin() as session:
                moved = await world.lesson(title, TUESDAY, number)
                await lesson_changes.move(session, world.act(), moved, Place(friday, number + 3))
    assert await refused(carry_out(world, COLD)) == (Conflict, "timetable-no-lessons-then")
    await world.watch.rows("UPDATE core.slot SET starts = '08:30', ends = '09:10' WHERE weekday = 1 AND number = 1")
    await world.watch.rows("DELETE FROM core.lesson WHERE day = $1 AND number > 1", MONDAY)
    await world.watch.rows("DELETE FROM core.slot WHERE weekday = 1 AND number > 1")
    short = ShortBells(shortened((BELLS,), 30, pause=5))
    assert await refused(carry_out(world, short, MONDAY)) == (Conflict, "timetable-own-hours")


async def test_a_repeat_of_an_act_does_nothing(world: TimetableWorld) -> None:
    first = await carry_out(world, COLD, key="one")
    before = await world.watch.everything()
    again = await carry_out(world, COLD, key="one")
    assert (again.change, again.lessons) == (first.change, 0)
    assert await world.watch.everything() == before


async def test_a_teacher_acts_for_no_school(world: TimetableWorld) -> None:
    own, act = world.act(world.teachers["К"]), DayAct(Span(TUESDAY, TUESDAY), COLD)
    doing = world.do(lambda session: day_acts.act(session, own, world.school.id, act))
    assert await refused(doing) == (Forbidden, "not-allowed")
    made = (await carry_out(world, COLD)).change
    assert await refused(world.do(lambda session: day_acts.withdraw(session, own, made))) == (Forbidden, "not-allowed")
    unknown = world.do(lambda session: day_acts.withdraw(session, world.act(), uuid4()))
    assert await refused(unknown) == (NotFound, "timetable-change-unknown")
