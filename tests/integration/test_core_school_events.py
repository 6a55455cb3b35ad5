"""Events beside lessons: planned, changed, called off, seen by whoever works at the school."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import Act
from core.database import Database
from core.events import NoticeAsk, NoticeState
from core.notice import notices
from core.notice.notices import NoticeDraft
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.timetable import school_events, views
from core.timetable.school_events import EventDraft, EventView
from core.timetable.views import DayView
from core.year.span import Span
from tests.integration.core_world import refused
from tests.integration.week_world import MONDAY, TUESDAY, WEDNESDAY, Week, week

FAIR = EventDraft(
    title="Ярмарка",
    starts_at=datetime(2026, 11, 30, 9, 0, tzinfo=UTC),
    ends_at=datetime(2026, 11, 30, 11, 0, tzinfo=UTC),
    place="Актовый зал",
)
"""From 14:00 to 16:00 in the school's zone."""


class Events:
    """Commands on events, each in a transaction of its own; the head gives them."""

    def __init__(self, it: Week) -> None:
        self.it = it

    def act(self, person: UUID | None = None, key: str | None = None) -> Act:
        return self.it.act(person or self.it.room.head, key)

    async def does[T](self, doing: Callable[[AsyncSession], Awaitable[T]]) -> T:
        async with self.it.room.database.begin() as session:
            return await doing(session)

    async def plan(self, draft: EventDraft = FAIR, act: Act | None = None, school: UUID | None = None) -> UUID:
        return await self.does(lambda s: school_events.plan(s, act or self.act(), school or self.it.school, draft))

    async def change(self, event: UUID, draft: EventDraft, act: Act | None = None) -> None:
        await self.does(lambda s: school_events.change(s, act or self.act(), event, draft))

    async def withdraw(self, event: UUID, act: Act | None = None) -> None:
        await self.does(lambda s: school_events.withdraw(s, act or self.act(), event))

    async def monday_of(self, class_id: UUID, by: UUID | None = None) -> DayView:
        actor, now = self.act(by).actor, self.it.room.hands.at
        week = await self.does(lambda s: views.of_class(s, actor, class_id, MONDAY, now))
        return week.days[0]

    async def seen(self, first: date, last: date | None = None, by: UUID | None = None) -> tuple[EventView, ...]:
        actor, span = self.act(by).actor, Span(first, last or first)
        return await self.does(lambda s: school_events.of_school(s, actor, self.it.school, span, self.it.room.hands.at))


@pytest.fixture
async def events(core_database: Database, database_url: URL) -> Events:
    return Events(await week(core_database, database_url))


async def test_an_event_is_planned_once_and_in_the_audit(events: Events) -> None:
    act = events.act(key="the same press")
    made = await events.plan(act=act)
    before = await events.it.room.watch.everything()
    assert await events.plan(act=act) == made
    assert await events.it.room.watch.everything() == before
    (event,) = await events.seen(MONDAY)
    assert (event.id, event.title, event.place, event.classes) == (made, "Ярмарка", "Актовый зал", None)
    assert event.starts_at == FAIR.starts_at
    (row,) = await events.it.room.watch.audit("school-event.plan")
    assert (row["person_id"], row["subject"]) == (events.it.room.head, f"school-event/{made}")
    assert "Ярмарка" in row["after"]


async def test_events_of_a_class_name_it(events: Events) -> None:
    room = events.it.room
    other = await room.builder.school_class(room.school, "10А")
    await events.plan(replace(FAIR, classes=frozenset((other, room.school_class))))
    (event,) = await events.seen(MONDAY)
    assert event.classes == ("5А", "10А"), "by grade, then by letter"


async def test_an_event_is_listed_on_every_day_that_it_touches(events: Events) -> None:
    camp = replace(FAIR, title="Поход", ends_at=FAIR.ends_at + timedelta(days=1))
    await events.plan(camp)
    assert [len(await events.seen(day)) for day in (MONDAY, TUESDAY, WEDNESDAY)] == [1, 1, 0]
    assert await events.seen(MONDAY - timedelta(days=1)) == ()
    night = replace(FAIR, title="Звездочёты", starts_at=datetime(2026, 12, 2, 18, 30, tzinfo=UTC))
    night = replace(night, ends_at=datetime(2026, 12, 2, 19, 0, tzinfo=UTC))
    await events.plan(night)
    assert [one.title for one in await events.seen(WEDNESDAY)] == ["Звездочёты"], "23:30 there, until midnight"
    assert await events.seen(WEDNESDAY + timedelta(days=1)) == ()


async def test_an_event_is_changed_and_called_off(events: Events) -> None:
    made = await events.plan()
    await events.change(made, replace(FAIR, title="Большая  ярмарка", note="Сменная обувь"))
    (event,) = await events.seen(MONDAY)
    assert (event.title, event.note) == ("Большая ярмарка", "Сменная обувь")
    (row,) = await events.it.room.watch.audit("school-event.change")
    assert "Ярмарка" in row["before"]
    await events.withdraw(made)
    count = await events.it.room.watch.value("SELECT count(*) FROM core.audit")
    await events.withdraw(made)
    assert await events.it.room.watch.value("SELECT count(*) FROM core.audit") == count, "again is harmless"
    assert await events.seen(MONDAY) == ()
    assert await refused(events.change(made, FAIR)) == (Conflict, "event-withdrawn")


async def test_what_changes_nothing_is_not_written_down(events: Events) -> None:
    made = await events.plan(replace(FAIR, classes=frozenset((events.it.room.school_class,))))
    await events.change(made, replace(FAIR, classes=frozenset((events.it.room.school_class,))))
    assert await events.it.room.watch.audit("school-event.change") == []


async def test_what_makes_no_sense_is_refused(events: Events) -> None:
    backwards = replace(FAIR, ends_at=FAIR.starts_at)
    assert await refused(events.plan(backwards)) == (Invalid, "event-ends-before")
    assert await refused(events.plan(replace(FAIR, ends_at=FAIR.ends_at + timedelta(days=40)))) == (
        Invalid,
        "event-too-long",
    )
    assert await refused(events.plan(replace(FAIR, title=" "))) == (Invalid, "text-needed")
    assert await refused(events.plan(replace(FAIR, classes=frozenset()))) == (Invalid, "event-classes-needed")
    assert await refused(events.plan(replace(FAIR, classes=frozenset((uuid4(),))))) == (NotFound, "class-gone")
    assert await refused(events.withdraw(uuid4())) == (NotFound, "event-unknown")
    assert await refused(events.plan(school=uuid4())) == (NotFound, "school-unknown")


async def test_a_class_of_another_school_is_nobodys_here(events: Events) -> None:
    room = events.it.room
    elsewhere = await room.builder.school("Школа 2")
    theirs = await room.builder.school_class(elsewhere, "5А")
    assert await refused(events.plan(replace(FAIR, classes=frozenset((theirs,))))) == (NotFound, "class-gone")
    assert await refused(events.plan(school=elsewhere.id)) == (Forbidden, "not-allowed")


async def test_the_administration_plans_and_all_staff_look(events: Events) -> None:
    room = events.it.room
    for person in (room.teacher, room.class_teacher, room.pupils[0]):
        assert await refused(events.plan(act=events.act(person))) == (Forbidden, "not-allowed")
    made = await events.plan()
    assert await refused(events.withdraw(made, events.act(room.teacher))) == (Forbidden, "not-allowed")
    assert await refused(events.change(made, FAIR, events.act(room.teacher))) == (Forbidden, "not-allowed")
    assert len(await events.seen(MONDAY, by=room.stranger)) == 1
    assert await refused(events.seen(MONDAY, by=room.pupils[0])) == (Forbidden, "not-allowed")


async def test_events_of_the_school_and_of_a_class_stand_beside_the_lessons_of_its_week(events: Events) -> None:
    room = events.it.room
    await events.it.slot(MONDAY, 1)
    await events.it.make()
    other = await room.builder.school_class(room.school, "5Б")
    await events.plan()
    await events.plan(replace(FAIR, title="Экскурсия", classes=frozenset((room.school_class,))))
    await events.plan(replace(FAIR, title="Концерт", classes=frozenset((other,))))
    mine, theirs = await events.monday_of(room.school_class), await events.monday_of(other)
    assert ([one.subject_name for one in mine.lessons], [one.title for one in mine.events]) == (
        ["математика"],
        ["Экскурсия", "Ярмарка"],
    )
    assert ([*theirs.lessons], [one.title for one in theirs.events]) == ([], ["Концерт", "Ярмарка"])


@pytest.mark.req("YEAR-31")
async def test_teachers_see_events_beside_the_timetable_and_the_class_teacher_tells_parents(events: Events) -> None:
    room = events.it.room
    mother = await room.builder.guardian(room.pupils[0], name="Абрамова Ольга")
    await events.it.slot(MONDAY, 1)
    await events.it.make()
    await events.plan()
    await events.plan(replace(FAIR, title="Экскурсия", classes=frozenset((room.school_class,))))
    for teacher in (room.teacher, room.stranger, room.class_teacher):
        day = await events.monday_of(room.school_class, by=teacher)
        assert (len(day.lessons), [one.title for one in day.events]) == (1, ["Экскурсия", "Ярмарка"])
    draft = NoticeDraft("Экскурсия", "30 ноября в 14:00, сбор в вестибюле.", NoticeAsk.READ)
    leader, parent = events.act(room.class_teacher), events.act(mother).actor
    told = await events.does(lambda s: notices.publish(s, leader, room.school_class, draft))
    (read,) = await events.does(lambda s: notices.for_guardian(s, parent, room.hands.at))
    assert (read.id, read.title) == (told, "Экскурсия")
    (sent,) = await room.watch.events("notice/")
    assert isinstance(sent.data, NoticeState)
