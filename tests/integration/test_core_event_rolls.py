"""The roll of an event or an excursion: called class by class, corrected, by whom; and of lessons beside the plan."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import OFFICE, Act
from core.database import Database
from core.learning import announced_absences, event_rolls
from core.learning.announced_absences import AbsenceDraft, AbsenceReason
from core.learning.event_rolls import EventRecorded, RollOfEvent
from core.plan import years
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.staff import roles
from core.staff.roles import Term
from core.timetable import school_events
from core.timetable.school_events import EventDraft
from core.timetable.timetable_tables import SchoolEvent
from core.year.span import Span
from tests.integration.core_world import DAY, ClassRoom, class_room, refused
from tests.unit.year_cases import calendar

FAIR = EventDraft(
    title="Экскурсия",
    starts_at=datetime(2026, 11, 24, 5, 0, tzinfo=UTC),
    ends_at=datetime(2026, 11, 24, 8, 0, tzinfo=UTC),
)
"""Today, from 10:00 to 13:00 in the school's zone."""


class Excursion:
    """An excursion of 5А and 5Б; commands in transactions of their own, by the head unless another gives them."""

    def __init__(self, room: ClassRoom) -> None:
        self.room, self.first = room, room.school_class

    async def prepare(self) -> None:
        room = self.room
        self.leader = await room.builder.teacher(room.school, "Белова Вера Ильинична")
        self.second = await room.builder.school_class(room.school, "5Б", self.leader)
        self.others = await room.builder.pupils(self.second, "Юдин Ян", "Бойко Лев")
        self.event = await self.plan(replace(FAIR, classes=frozenset({self.first, self.second})))

    def act(self, person: UUID | None = None, key: str | None = None) -> Act:
        return self.room.act(person or self.room.head, key)

    async def does[T](self, doing: Callable[[AsyncSession], Awaitable[T]]) -> T:
        async with self.room.database.begin() as session:
            return await doing(session)

    async def plan(self, draft: EventDraft) -> UUID:
        return await self.does(lambda s: school_events.plan(s, self.act(), self.room.school.id, draft))

    async def record(
        self,
        *absent: UUID,
        act: Act | None = None,
        of: UUID | None = None,
        version: int | None = None,
        event: UUID | None = None,
    ) -> EventRecorded:
        codes, who, which = dict.fromkeys(absent, "н"), act or self.act(), event or self.event
        return await self.does(lambda s: event_rolls.record(s, who, which, codes, of=of, version=version))

    async def correct(
        self, entries: dict[UUID, str | None], act: Act | None = None, version: int | None = None
    ) -> EventRecorded:
        who = act or self.act()
        return await self.does(lambda s: event_rolls.correct(s, who, self.event, entries, version=version))

    async def roll(self, by: UUID | None = None, event: UUID | None = None) -> RollOfEvent:
        actor, which = self.act(by).actor, event or self.event
        return await self.does(lambda s: event_rolls.roll(s, actor, which, self.room.hands.at))

    async def absent(self) -> set[UUID]:
        return {one.id for one in (await self.roll()).pupils if one.code is not None}


@pytest.fixture
async def trip(core_database: Database, database_url: URL) -> Excursion:
    made = Excursion(await class_room(core_database, database_url))
    await made.prepare()
    return made


async def test_the_roll_of_an_event_is_called_by_the_administration_for_all_its_classes(trip: Excursion) -> None:
    room, act = trip.room, trip.act(key="the same press")
    before = await trip.roll()
    assert (before.title, before.day, before.version) == ("Экскурсия", DAY, 0)
    assert [(one.title, one.called) for one in before.classes] == [("5А", False), ("5Б", False)]
    assert [one.id for one in before.pupils] == [*room.pupils, *reversed(trip.others)], "class by class, by name"
    recorded = await trip.record(room.pupils[1], trip.others[0], act=act)
    assert (recorded.version, recorded.absent) == (1, 2)
    assert set(recorded.changed) == {room.pupils[1], trip.others[0]}
    everything = await room.watch.everything()
    again = await trip.record(room.pupils[1], trip.others[0], act=act)
    assert (again.version, again.absent, again.changed) == (1, 2, ())
    assert await room.watch.everything() == everything
    after = await trip.roll()
    assert [one.called for one in after.classes] == [True, True]
    assert [one.id for one in after.pupils if one.code == "н"] == [room.pupils[1], trip.others[0]]
    rows = await room.watch.audit("event.roll")
    assert {(row["subject"], row["after"], row["person_id"]) for row in rows} == {
        (f"school-event/{trip.event}/class/{one}", '{"absent": 1}', room.head) for one in (trip.first, trip.second)
    }
    assert len(await room.watch.audit("event.absence")) == 2
    replaced = await trip.record(room.pupils[2], trip.others[0])
    assert (replaced.version, set(replaced.changed)) == (2, {room.pupils[1], room.pupils[2]})


async def test_a_class_teacher_calls_it_for_his_own_class_and_sees_no_other(trip: Excursion) -> None:
    room = trip.room
    mine = await trip.roll(room.class_teacher)
    assert [one.title for one in mine.classes] == ["5А"]
    assert {one.id for one in mine.pupils} == set(room.pupils)
    await trip.record(room.pupils[0], act=trip.act(room.class_teacher))
    whole = await trip.roll()
    assert [(one.title, one.called) for one in whole.classes] == [("5А", True), ("5Б", False)]
    leader = trip.act(trip.leader)
    assert await refused(trip.record(room.pupils[1], act=leader)) == (Invalid, "event-pupil-elsewhere")
    assert await refused(trip.record(act=leader, of=trip.first)) == (Forbidden, "event-class-not-yours")
    assert await refused(trip.correct({trip.others[0]: "н"}, leader)) == (Conflict, "event-roll-not-called")
    await trip.record(act=trip.act(trip.leader))
    assert await trip.absent() == {room.pupils[0]}, "a class that calls its roll leaves the other's alone"
    await trip.correct({trip.others[0]: "Б"}, trip.act(trip.leader))
    assert await trip.absent() == {room.pupils[0], trip.others[0]}
    stand_in = room.stranger
    await trip.does(
        lambda s: roles.stand_in(s, Act(OFFICE, room.hands.at, str(uuid4())), trip.second, stand_in, Term("приказ № 2"))
    )
    assert [one.title for one in (await trip.roll(stand_in)).classes] == ["5Б"]


async def test_nobody_else_looks_or_calls(trip: Excursion) -> None:
    room = trip.room
    mother = await room.builder.guardian(room.pupils[0], name="Абрамова Ольга")
    head = await room.builder.teacher(await room.builder.school("Школа 2"), "Чужой Пётр", administers=True)
    before = await room.watch.everything()
    for person in (room.teacher, room.pupils[0], mother, head):
        assert await refused(trip.roll(person)) == (Forbidden, "event-class-not-yours")
        assert await refused(trip.record(act=trip.act(person))) == (Forbidden, "event-class-not-yours")
        assert await refused(trip.correct({}, trip.act(person))) == (Forbidden, "event-class-not-yours")
    assert await room.watch.everything() == before
    assert await refused(trip.roll(event=uuid4())) == (NotFound, "event-unknown")


async def test_single_entries_are_corrected_in_the_letters_of_the_school(trip: Excursion) -> None:
    room = trip.room
    assert await refused(trip.correct({room.pupils[0]: "н"})) == (Conflict, "event-roll-not-called")
    await trip.record(room.pupils[0], room.pupils[1])
    assert await refused(trip.correct({room.pupils[0]: "щ"})) == (Invalid, "absence-code-unknown")
    assert await refused(trip.correct({room.pupils[0]: None}, version=0)) == (Conflict, "event-roll-changed")
    corrected = await trip.correct({room.pupils[0]: None, room.pupils[2]: "НУ"}, version=1)
    assert (corrected.version, corrected.absent) == (2, 2)
    codes = {one.id: one.code for one in (await trip.roll()).pupils if one.code}
    assert codes == {room.pupils[1]: "н", room.pupils[2]: "ну"}
    assert await refused(trip.record(version=1)) == (Conflict, "event-roll-changed")
    await trip.record(version=2)
    assert await trip.absent() == set()


async def test_two_class_teachers_at_once_lose_nothing(trip: Excursion) -> None:
    room = trip.room
    await asyncio.gather(
        trip.record(room.pupils[0], act=trip.act(room.class_teacher)),
        trip.record(trip.others[0], act=trip.act(trip.leader)),
    )
    roll = await trip.roll()
    assert (roll.version, [one.called for one in roll.classes]) == (2, [True, True])
    assert await trip.absent() == {room.pupils[0], trip.others[0]}


async def test_an_event_of_a_day_to_come_or_called_off_has_no_roll(trip: Excursion) -> None:
    tomorrow = replace(FAIR, starts_at=FAIR.starts_at + timedelta(days=1), ends_at=FAIR.ends_at + timedelta(days=1))
    later = await trip.plan(tomorrow)
    assert [one.title for one in (await trip.roll(event=later)).classes] == ["5А", "5Б"], "the whole school's"
    assert await refused(trip.record(event=later)) == (Invalid, "event-roll-early")
    office = Act(OFFICE, trip.room.hands.at, "calendar")
    await trip.does(lambda s: years.set_calendar(s, office, trip.room.school.id, calendar()))
    await trip.room.watch.rows("UPDATE core.school_year SET closed_at = $1", trip.room.hands.at)
    assert await refused(trip.record()) == (Conflict, "year-closed")
    await trip.room.watch.rows("UPDATE core.school_year SET closed_at = NULL")
    await trip.does(lambda s: school_events.withdraw(s, trip.act(), trip.event))
    assert await refused(trip.record()) == (Conflict, "event-withdrawn")


async def test_one_class_is_called_at_a_time_and_not_of_an_event_that_has_changed(trip: Excursion) -> None:
    await trip.record(trip.others[0], of=trip.second)
    assert [(one.title, one.called) for one in (await trip.roll()).classes] == [("5А", False), ("5Б", True)]
    async with trip.room.database.begin() as session:
        read_before = await session.get_one(SchoolEvent, trip.event)
        other = replace(FAIR, classes=frozenset({trip.first}))
        await trip.does(lambda s: school_events.change(s, trip.act(), trip.event, other))
        codes = dict.fromkeys(trip.others, "н")
        seen_before = event_rolls.record(session, trip.act(), trip.event, codes)
        assert await refused(seen_before) == (Conflict, "event-roll-changed")
        assert read_before.version == 2
    (out_of_it,) = (one for one in (await trip.roll()).pupils if one.code is not None)
    assert (out_of_it.id, out_of_it.class_id) == (trip.others[0], None)


async def test_the_roll_is_filled_by_what_was_announced_and_an_entry_is_never_out_of_reach(trip: Excursion) -> None:
    room = trip.room
    ill = AbsenceDraft(days=Span(DAY, DAY), reason=AbsenceReason.ILLNESS)
    leader = trip.act(room.class_teacher)
    await trip.does(lambda s: announced_absences.announce(s, leader, room.pupils[3], ill))
    known = {one.id: one.expected for one in (await trip.roll()).pupils if one.expected is not None}
    assert {pupil: one.code for pupil, one in known.items()} == {room.pupils[3]: "б"}
    assert await trip.absent() == set(), "nothing is an absence before the roll is called"
    await trip.record(room.pupils[4])
    third = await room.builder.school_class(room.school, "5В")
    await room.builder.move(room.pupils[4], third)
    last = (await trip.roll()).pupils[-1]
    assert (last.id, last.class_id, last.code) == (room.pupils[4], None, "н")
    await trip.correct({room.pupils[4]: None})
    assert room.pupils[4] not in {one.id for one in (await trip.roll()).pupils}


@pytest.mark.req("ATT-18")
async def test_attendance_is_recorded_at_extracurricular_lessons_and_at_other_activity(trip: Excursion) -> None:
    """Lessons of additional education and extra-curricular ones have a roll as others do; so have events."""
    room = trip.room
    for lesson, service in enumerate(("extra-curricular", "additional")):
        await room.watch.rows(
            "UPDATE core.slot SET service = $2 WHERE id = (SELECT slot_id FROM core.lesson WHERE id = $1)",
            room.lessons[lesson],
            service,
        )
        room.hands.move(hours=1)
        await room.record(lesson + 1, lesson=lesson)
        assert await room.codes(lesson) == {lesson + 1: "н"}
    await trip.record(room.pupils[0], act=trip.act(room.class_teacher))
    assert await trip.absent() == {room.pupils[0]}
