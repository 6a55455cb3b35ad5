"""Bells, rooms and groups change the timetable from the side: no conflict comes of it, lessons and news follow."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import OFFICE
from core.database import Database
from core.events import ControlWorkState
from core.learning import timetable
from core.plan import groups, open_years, rooms, study_groups, years
from core.plan.study_groups import NewGroup, Purpose
from core.refusals import Conflict
from core.tables import Slot
from core.timetable import control_works, lesson_changes
from core.timetable.change_writing import TimetableClash
from core.timetable.control_works import ControlWorkDraft
from core.timetable.lesson_changes import Place
from core.year.bells import Bell, BellSchedule
from core.year.changes import CancelReason
from core.year.clashes import ClashKind
from core.year.span import Hours
from tests.integration.core_world import refused
from tests.integration.eventually import eventually
from tests.integration.timetable_world import BELLS, MONDAY, TimetableWorld, timetable_world

TUESDAY, FRIDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=4)
SECOND = BellSchedule("вторая смена", 2, tuple(Bell(n, Hours(time(13 + n), time(13 + n, 40))) for n in (1, 2)))
EARLY = replace(SECOND, bells=tuple(Bell(n, Hours(time(7 + n, 40), time(8 + n, 20))) for n in (1, 2)))


@pytest.fixture
async def world(core_database: Database, database_url: URL) -> TimetableWorld:
    return await timetable_world(core_database, database_url)


async def coming(world: TimetableWorld) -> None:
    await world.do(lambda session: timetable.open_coming(session, world.school, world.hands.at))


async def clash(world: TimetableWorld, doing: Callable[[AsyncSession], Awaitable[object]]) -> set[tuple[str, date]]:
    """Demand that something is refused for clashes, and leaves nothing behind; return the first day of each kind."""
    before = await world.watch.everything()
    with pytest.raises(TimetableClash) as refusal:
        await world.do(doing)
    assert await world.watch.everything() == before
    assert all(name in refusal.value.names for name in {one.thing for one in refusal.value.clashes})
    first: dict[str, date] = {}
    for one in refusal.value.clashes:
        first.setdefault(one.kind.value, one.second.day)
    return set(first.items())


async def set_bells(world: TimetableWorld, *bells: BellSchedule) -> None:
    await world.do(lambda session: years.set_bells(session, world.act(), world.school.id, 2026, bells))


def club(world: TimetableWorld, *classes: str) -> NewGroup:
    return NewGroup("шахматы", frozenset(world.classes[one] for one in classes), purpose=Purpose.CLUB)


async def test_bells_and_rooms_that_would_make_a_conflict_are_refused(world: TimetableWorld) -> None:
    await set_bells(world, BELLS, SECOND)
    late = await world.builder.school_class(world.school, "6В")
    await world.slot(2, 1, "математика", "К", class_id=late, shift=2, room_id=world.rooms["12"])
    two = {(ClashKind.TEACHER, TUESDAY), (ClashKind.ROOM, TUESDAY)}
    assert await clash(world, lambda s: years.set_bells(s, world.act(), world.school.id, 2026, (BELLS, EARLY))) == two
    gym = rooms.RoomDraft("12", None, shared=True)
    await world.do(lambda s: rooms.change(s, world.act(), world.rooms["12"], gym))
    one = {(ClashKind.TEACHER, TUESDAY)}
    assert await clash(world, lambda s: years.set_bells(s, world.act(), world.school.id, 2026, (BELLS, EARLY))) == one
    await world.watch.rows("UPDATE core.slot SET teacher_id = $1 WHERE class_id = $2", world.teachers["С"], late)
    await set_bells(world, BELLS, EARLY)
    alone = replace(gym, shared=False)

    async def unshare(session: AsyncSession) -> None:
        await rooms.change(session, world.act(), world.rooms["12"], alone)

    assert await clash(world, unshare) == {(ClashKind.ROOM, TUESDAY)}
    await world.do(lambda s: rooms.change(s, world.act(), world.rooms["12"], replace(gym, name="спортзал")))
    await set_bells(world, BELLS, SECOND)
    await world.do(unshare)


async def test_nobody_joins_two_groups_whose_lessons_are_at_once_and_who_was_told_is_told_anew(
    world: TimetableWorld,
) -> None:
    first, second = await world.group("англ 1", "5А", 0), await world.group("англ 2", "5А", 1)
    for group, teacher in ((first, "К"), (second, "З")):
        await world.slot(2, 5, "английский язык", teacher, group_id=group)
    await world.slot(5, 5, "английский язык", "К", group_id=first)
    await world.make()
    pupil, other = world.pupils["5А"][1:]

    def join(who: UUID, since: date, group: UUID = first) -> Callable[[AsyncSession], Awaitable[None]]:
        return lambda s: groups.join(s, world.act(), group, [who], since)

    assert await clash(world, join(pupil, MONDAY)) == {(ClashKind.PUPIL, TUESDAY)}
    tuesday, friday = [await lesson_of(world, first, day) for day in (TUESDAY, FRIDAY)]
    await world.do(lambda s: lesson_changes.cancel(s, world.act(), tuesday, CancelReason.NO_TEACHER))
    draft = ControlWorkDraft("тест", "глаголы")
    work = await world.do(lambda s: control_works.plan(s, world.act(), friday, draft))
    await world.do(join(other, FRIDAY))
    assert len(await world.events(first, TUESDAY)) == 1, "of a day before it nothing is another"
    told = await world.watch.events(f"control-work/{work}")
    assert [len(one.data.pupils) for one in told if isinstance(one.data, ControlWorkState)] == [1, 2]
    await world.do(lambda s: groups.transfer(s, world.act(), [pupil], second, first, TUESDAY))
    assert [len(state.pupils) for _, state in await world.events(first, TUESDAY)] == [1, 2]
    await world.do(lambda s: groups.leave(s, world.act(), first, [pupil], MONDAY + timedelta(days=2)))
    assert len(await world.events(first, TUESDAY)) == 2


async def test_a_group_drawn_anew_has_its_new_class_at_its_lessons_unless_that_is_busy(world: TimetableWorld) -> None:
    group = await world.do(lambda s: study_groups.create(s, world.act(), world.school.id, club(world, "5А")))
    slot = await world.slot(2, 3, "математика", "С", group_id=group)
    await world.watch.rows("DELETE FROM core.lesson l USING core.slot s WHERE s.id = l.slot_id AND s.number = 3")
    await world.watch.rows("DELETE FROM core.slot WHERE number = 3 AND class_id = $1", world.classes["5А"])
    await coming(world)

    async def widen(session: AsyncSession) -> None:
        await study_groups.change(session, world.act(), group, club(world, "5А", "5Б"))

    assert await clash(world, widen) == {(ClashKind.SUBGROUP, TUESDAY)}
    await world.watch.rows("UPDATE core.slot SET number = 5 WHERE id = $1", slot)
    await world.do(widen)
    await coming(world)
    lesson = await world.read(await lesson_of(world, group, TUESDAY))
    assert (lesson.number, set(lesson.classes)) == (5, set(world.classes.values()))


async def test_a_group_is_closed_when_its_last_day_has_come_and_nothing_is_on_its_way_to_it(
    world: TimetableWorld,
) -> None:
    group = await world.do(lambda s: study_groups.create(s, world.act(), world.school.id, club(world, "5А")))
    slot = await world.slot(1, 5, "математика", "С", group_id=group, until=MONDAY)
    await world.make()
    lesson = await lesson_of(world, group, MONDAY)
    change = await world.do(lambda s: lesson_changes.move(s, world.act(), lesson, Place(FRIDAY, 5)))

    async def close(last_day: date = MONDAY) -> None:
        await world.do(lambda s: study_groups.close(s, world.act(), group, last_day))

    assert await refused(close(TUESDAY)) == (Conflict, "group-goes-on")
    assert await refused(close()) == (Conflict, "group-has-lessons"), "its lesson is held on Friday"
    await world.do(lambda s: lesson_changes.withdraw(s, world.act(), change))
    async with world.database.begin() as session:
        await open_years.alone(session, world.school.id)
        (await session.get_one(Slot, slot)).until = None
        await session.flush()
        second = asyncio.create_task(close())
        await eventually(world.watch.blocked)
    assert await refused(second) == (Conflict, "group-has-lessons"), "a list has brought it lessons"
    await world.watch.rows("UPDATE core.slot SET until = $1", MONDAY)
    async with world.database.begin() as session:
        await groups.join(session, replace(world.act(), actor=OFFICE), group, [world.pupils["5А"][0]], MONDAY)
        second = asyncio.create_task(close())
        await eventually(world.watch.blocked)
    await second
    rows = await world.watch.rows("SELECT until FROM core.group_member WHERE group_id = $1", group)
    assert [row["until"] for row in rows] == [MONDAY]


async def lesson_of(world: TimetableWorld, group: UUID, day: date) -> UUID:
    found: UUID = await world.watch.value("SELECT id FROM core.lesson WHERE group_id = $1 AND day = $2", group, day)
    return found
