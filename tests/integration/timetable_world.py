"""A small school with a weekly timetable and its dated lessons, for tests of what changes them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import URL, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import OFFICE, Act, Actor
from core.database import Database
from core.events import Event, TimetableDayState
from core.plan import years
from core.plan.plan_tables import GroupClass, GroupMember, StudyGroup
from core.school.schools import SchoolCard
from core.tables import Lesson, RoleAssignment, Slot, Subject
from core.timetable import dated
from core.year.bells import Bell, BellSchedule
from core.year.span import Hours, Span
from tests.integration.core_world import Hands, Watch
from tests.integration.planted import planted
from tests.school_builder import LONG_AGO, SchoolBuilder
from tests.unit.year_cases import calendar

MONDAY = date(2026, 11, 23)
BEFORE_SCHOOL = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
"""On it at 8:00 by the school, half an hour before the first bell."""
WEEK = Span(MONDAY, date(2026, 11, 28))
BELLS = BellSchedule(
    "первая смена",
    1,
    tuple(Bell(number, Hours(time(7 + number, 30), time(8 + number, 10))) for number in range(1, 7)),
)
"""Lesson 1 from 8:30 to 9:10, lesson 2 from 9:30, and so on."""


@dataclass
class TimetableWorld:
    """5А and 5Б with three lessons a day each, given by two teachers; a third has none."""

    database: Database
    watch: Watch
    hands: Hands
    builder: SchoolBuilder
    school: SchoolCard
    classes: dict[str, UUID]
    teachers: dict[str, UUID]
    pupils: dict[str, tuple[UUID, ...]]
    head: UUID
    rooms: dict[str, UUID] = field(default_factory=dict)

    def act(self, person: UUID | None = None, key: str | None = None) -> Act:
        """Return an act of the head, or of ``person``, now."""
        return Act(Actor("telegram", person or self.head), self.hands.at, key or str(uuid4()))

    async def deputy(self) -> UUID:
        """Make a deputy of the director."""
        person = await self.builder.teacher(self.school, "Белова Вера Ильинична")
        async with self.database.begin() as session:
            session.add(
                RoleAssignment(
                    id=uuid4(),
                    person_id=person,
                    school_id=self.school.id,
                    role="deputy",
                    since=LONG_AGO,
                    why="",
                    by_list=False,
                    granted_at=self.hands.at,
                )
            )
        return person

    async def do[T](self, doing: Callable[[AsyncSession], Awaitable[T]]) -> T:
        """Do something in a transaction of its own."""
        async with self.database.begin() as session:
            return await doing(session)

    async def slot(self, weekday: int, number: int, subject: str, teacher: str, **said: Any) -> UUID:
        """Put a lesson into the weekly timetable: of ``class_id`` or ``group_id``."""
        async with self.database.begin() as session:
            known = select(Subject.id).where(Subject.school_id == self.school.id, Subject.name == subject)
            found = (await session.execute(known)).scalar_one_or_none()
            if found is None:
                found = uuid4()
                session.add(Subject(id=found, school_id=self.school.id, name=subject))
                await session.flush()
            slot = Slot(
                id=uuid4(),
                school_id=self.school.id,
                year=2026,
                weekday=weekday,
                number=number,
                subject_id=found,
                teacher_id=self.teachers[teacher],
                **said,
            )
            session.add(slot)
        return slot.id

    async def group(self, title: str, of: str, *members: int) -> UUID:
        """Make a group of a class with these of its pupils."""
        made = uuid4()
        async with self.database.begin() as session:
            session.add(
                StudyGroup(id=made, school_id=self.school.id, year=2026, kind="group", purpose="subgroup", title=title)
            )
            await session.flush()
            session.add(GroupClass(group_id=made, class_id=self.classes[of]))
            for member in members:
                session.add(GroupMember(group_id=made, pupil_id=self.pupils[of][member], since=LONG_AGO))
        return made

    async def make(self, span: Span = WEEK) -> None:
        """Make the dated lessons."""
        await self.do(lambda session: dated.make(session, self.school, 2026, span, self.hands.at))

    async def lesson(self, title: str, day: date, number: int) -> UUID:
        """Find a lesson of a class."""
        query = "SELECT id FROM core.lesson WHERE class_id = $1 AND day = $2 AND number = $3"
        found: UUID = await self.watch.value(query, self.classes[title], day, number)
        return found

    async def read(self, lesson: UUID) -> Lesson:
        """Read a lesson as it stands."""
        return await self.do(lambda session: session.get_one(Lesson, lesson))

    async def cancelled(self, title: str, day: date) -> list[str | None]:
        """Return why each lesson of a class on a day is not held, in their order."""
        query = "SELECT cancelled FROM core.lesson WHERE class_id = $1 AND day = $2 ORDER BY number"
        return [row["cancelled"] for row in await self.watch.rows(query, self.classes[title], day)]

    async def events(self, learners: UUID, day: date) -> list[tuple[Event, TimetableDayState]]:
        """Return what was published of somebody's day, in the order of versions."""
        found = sorted(await self.watch.events(f"timetable/{learners}/{day}"), key=lambda one: one.version)
        assert [one.version for one in found] == list(range(1, len(found) + 1))
        return [(one, one.data) for one in found if isinstance(one.data, TimetableDayState)]

    async def told(self, title: str, day: date) -> TimetableDayState:
        """Return the newest state of a class's day."""
        return (await self.events(self.classes[title], day))[-1][1]


async def timetable_world(database: Database, url: URL) -> TimetableWorld:
    """Build the school; its lessons of the week are made."""
    world = await planted("timetable_world", database, url, lambda: _timetable_world(database, url))
    hands = Hands(BEFORE_SCHOOL)
    return replace(
        world,
        database=database,
        watch=Watch(url),
        hands=hands,
        builder=SchoolBuilder(database, hands.clock),
        classes=dict(world.classes),
        teachers=dict(world.teachers),
        pupils=dict(world.pupils),
        rooms=dict(world.rooms),
    )


async def _timetable_world(database: Database, url: URL) -> TimetableWorld:
    hands = Hands(BEFORE_SCHOOL)
    builder = SchoolBuilder(database, hands.clock)
    school = await builder.school()
    teachers = {
        "К": await builder.teacher(school, "Кузнецова Мария Петровна"),
        "З": await builder.teacher(school, "Зимин Олег Андреевич"),
        "С": await builder.teacher(school, "Седова Анна Юрьевна"),
    }
    classes = {title: await builder.school_class(school, title) for title in ("5А", "5Б")}
    names = {"5А": ("Ёлкин Вадим", "Иванова Анна", "Абрамов Глеб"), "5Б": ("Яшин Лев", "Бойко Ян")}
    world = TimetableWorld(
        database=database,
        watch=Watch(url),
        hands=hands,
        builder=builder,
        school=school,
        classes=classes,
        teachers=teachers,
        pupils={title: await builder.pupils(classes[title], *called) for title, called in names.items()},
        head=await builder.teacher(school, "Орлов Пётр Ильич", administers=True),
    )
    world.rooms = {name: await builder.room(school.id, name) for name in ("12", "14")}
    year, bells = (Act(OFFICE, hands.at - timedelta(hours=1), key) for key in ("year", "bells"))
    await world.do(lambda session: years.set_calendar(session, year, school.id, calendar()))
    await world.do(lambda session: years.set_bells(session, bells, school.id, 2026, (BELLS,)))
    for weekday in range(1, 6):
        for number in (1, 2, 3):
            of_a, of_b = ("К", "З") if number % 2 else ("З", "К")
            await world.slot(weekday, number, "математика", of_a, class_id=classes["5А"], room_id=world.rooms["12"])
            await world.slot(weekday, number, "русский язык", of_b, class_id=classes["5Б"], room_id=world.rooms["14"])
    await world.make()
    return world
