"""A small school in a real database, and eyes that see everything that a command of core has left there."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from sqlalchemy import URL

from core.actor import Act, Actor
from core.database import Database, connect_arguments
from core.events import BELL, AttendanceDayState, Event
from core.learning import attendance
from core.learning.attendance import Recorded, Written
from core.learning.attendance_day import DayKey
from core.refusals import Refusal
from core.school.schools import SchoolCard
from core.school_time import SchoolClock
from tests.integration.eventually import WITHIN
from tests.integration.planted import planted
from tests.school_builder import SchoolBuilder

DAY = date(2026, 11, 24)
FIRST_BELL = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)
"""8:30 in the school's zone, a Tuesday."""
NAMES = ("Абрамов Глеб", "Ёлкин Вадим", "Иванова Анна", "Иванова Ева", "Яшин Лев")


@dataclass
class Hands:
    """A clock that stands until it is moved."""

    at: datetime = FIRST_BELL + timedelta(minutes=10)

    @property
    def clock(self) -> SchoolClock:
        return SchoolClock(source=lambda: self.at)

    def move(self, **span: float) -> datetime:
        self.at += timedelta(**span)
        return self.at


@dataclass(frozen=True)
class Watch:
    """Reads the whole database past every wall, as its owner."""

    url: URL

    async def rows(self, query: str, *values: object) -> list[asyncpg.Record]:
        """Run one statement on a connection of its own."""
        connection = await asyncpg.connect(**connect_arguments(self.url))
        try:
            return list(await connection.fetch(query, *values))
        finally:
            await connection.close()

    async def value(self, query: str, *values: object) -> Any:
        """Read one value."""
        (row,) = await self.rows(query, *values)
        return row[0]

    async def events(self, subject: str = "") -> list[Event]:
        """Read the outbox in the order of writing; ``subject`` is a beginning, in which % stands for anything."""
        query = "SELECT event FROM bus.outbox WHERE event ->> 'subject' LIKE $1 || '%' ORDER BY seq"
        return [Event.model_validate_json(row["event"]) for row in await self.rows(query, subject)]

    async def audit(self, action: str | None = None) -> list[asyncpg.Record]:
        """Read the audit."""
        return await self.rows("SELECT * FROM core.audit WHERE $1::text IS NULL OR action = $1 ORDER BY at, id", action)

    async def everything(self) -> dict[str, list[str]]:
        """Return every row of every table of core and the bus, so that two moments can be compared."""
        tables = await self.rows(
            "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('core', 'bus')"
        )
        each = [f"SELECT '{name}', to_jsonb(t)::text FROM {name} t" for (name,) in tables]  # noqa: S608 - the database's own names
        found: dict[str, list[str]] = {name: [] for (name,) in tables}
        for name, row in await self.rows(" UNION ALL ".join(each) + " ORDER BY 1, 2"):
            found[name].append(row)
        return found

    async def blocked(self) -> int:
        """Count connections of this database that wait for somebody's lock."""
        return int(
            await self.value(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
        )


class Ear:
    """Listens on the bell's channel on a connection of its own."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection = connection
        self.rings = 0
        self._rang = asyncio.Event()

    def hear(self, *_: object) -> None:
        self.rings += 1
        self._rang.set()

    async def ring(self) -> None:
        """Wait for the next ring."""
        async with asyncio.timeout(WITHIN):
            await self._rang.wait()
        self._rang.clear()

    async def caught_up(self) -> int:
        """Return how often it rang, after everything said before now has been heard."""
        await self.connection.execute("SELECT 1")
        return self.rings


@asynccontextmanager
async def listening(url: URL) -> AsyncIterator[Ear]:
    connection = await asyncpg.connect(**connect_arguments(url))
    ear = Ear(connection)
    try:
        await connection.add_listener(BELL, ear.hear)
        yield ear
    finally:
        await connection.close()


@dataclass
class ClassRoom:
    """One class with its pupils, its lessons of the day and everybody who may or may not touch them."""

    database: Database
    watch: Watch
    hands: Hands
    builder: SchoolBuilder
    school: SchoolCard
    school_class: UUID
    pupils: tuple[UUID, ...]
    teacher: UUID
    class_teacher: UUID
    head: UUID
    stranger: UUID
    lessons: tuple[UUID, ...] = field(default=())

    def act(self, person: UUID | None = None, key: str | None = None) -> Act:
        """Return an act of the lesson's teacher, or of ``person``, now."""
        return Act(Actor("telegram", person or self.teacher), self.hands.at, key or str(uuid4()))

    def day(self, pupil: int = 0) -> DayKey:
        """Return the key of a pupil's day."""
        return DayKey(self.pupils[pupil], DAY)

    async def record(self, *absent: int, lesson: int = 0, act: Act | None = None, code: str = "н") -> Recorded:
        """Call a roll with these pupils absent."""
        entries = {self.pupils[number]: code for number in absent}
        async with self.database.begin() as session:
            return await attendance.record(session, act or self.act(), self.lessons[lesson], entries)

    async def correct(self, entries: Mapping[int, Written], *, lesson: int = 0, act: Act | None = None) -> Recorded:
        """Correct entries of a called roll."""
        wanted = {self.pupils[number]: code for number, code in entries.items()}
        async with self.database.begin() as session:
            return await attendance.correct(session, act or self.act(), self.lessons[lesson], wanted)

    async def withdraw(self, version: int, *, lesson: int = 0, act: Act | None = None) -> Recorded:
        """Take the last calling back."""
        async with self.database.begin() as session:
            return await attendance.withdraw(session, act or self.act(), self.lessons[lesson], version)

    async def codes(self, lesson: int = 0) -> dict[int, str]:
        """Return the entries that stand in the table, by the pupil's place in ``pupils``."""
        query = "SELECT pupil_id, code FROM core.absence WHERE lesson_id = $1"
        rows = await self.watch.rows(query, self.lessons[lesson])
        return {self.pupils.index(row["pupil_id"]): row["code"] for row in rows}

    async def is_called(self, lesson: int = 0) -> bool:
        """Tell whether the roll counts as called."""
        query = "SELECT count(*) FROM core.roll_call WHERE lesson_id = $1 AND NOT withdrawn"
        return bool(await self.watch.value(query, self.lessons[lesson]))

    async def states(self, pupil: int = 0) -> list[AttendanceDayState]:
        """Return every state of a pupil's day that was published, in the order of versions."""
        events = sorted(await self.watch.events(self.day(pupil).subject), key=lambda one: one.version)
        assert [one.version for one in events] == list(range(1, len(events) + 1))
        return [one.data for one in events if isinstance(one.data, AttendanceDayState)]


async def class_room(database: Database, url: URL, lessons: int = 3) -> ClassRoom:
    """Build a school with one class of five; its first lesson began ten minutes ago."""
    room = await planted(f"class_room_{lessons}", database, url, lambda: _class_room(database, url, lessons))
    hands = Hands()
    builder = SchoolBuilder(database, hands.clock)
    return replace(room, database=database, watch=Watch(url), hands=hands, builder=builder)


async def _class_room(database: Database, url: URL, lessons: int) -> ClassRoom:
    hands = Hands()
    builder = SchoolBuilder(database, hands.clock)
    school = await builder.school()
    class_teacher = await builder.teacher(school, "Громова Нина Сергеевна")
    school_class = await builder.school_class(school, "5А", class_teacher)
    room = ClassRoom(
        database=database,
        watch=Watch(url),
        hands=hands,
        builder=builder,
        school=school,
        school_class=school_class,
        pupils=await builder.pupils(school_class, *NAMES),
        teacher=await builder.teacher(school, "Кузнецова Мария Петровна"),
        class_teacher=class_teacher,
        head=await builder.teacher(school, "Орлов Пётр Ильич", administers=True),
        stranger=await builder.teacher(school, "Зимин Олег Андреевич"),
    )
    room.lessons = tuple(
        [
            await builder.lesson(school_class, room.teacher, time(8 + number, 30), number=number + 1)
            for number in range(lessons)
        ]
    )
    return room


async def refused(doing: Awaitable[object]) -> tuple[type[Refusal], str]:
    """Await what must be refused, and return how."""
    try:
        await doing
    except Refusal as refusal:
        return type(refusal), refusal.code
    raise AssertionError("it was not refused")


def missed(states: Sequence[AttendanceDayState]) -> list[int]:
    """Return the running totals."""
    return [state.missed_lessons for state in states]
