"""A school with a timetable of a week, made into lessons: what views of it show, and what is planned beside it."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

from sqlalchemy import URL, select

from core.actor import OFFICE, Act
from core.database import Database
from core.plan.plan_tables import GroupClass, Room, StudyGroup
from core.tables import Lesson, Slot, Subject
from core.timetable import change_documents, dated
from core.timetable.timetable_tables import TimetableChange
from core.year.changes import Change
from core.year.span import Span
from tests.integration.core_world import ClassRoom, class_room

MONDAY = date(2026, 11, 30)
"""Of the week after the room's ``DAY``."""
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (MONDAY + timedelta(days=number) for number in range(1, 5))
NEXT_MONDAY = MONDAY + timedelta(days=7)
TWO_WEEKS = Span(MONDAY, MONDAY + timedelta(days=13))
YEAR = 2026


@dataclass
class Week:
    """A class with its lessons; slots are named by their subject and day."""

    room: ClassRoom
    subjects: dict[str, UUID] = field(default_factory=dict)

    @property
    def school(self) -> UUID:
        return self.room.school.id

    def act(self, person: UUID | None = None, key: str | None = None) -> Act:
        """Return an act of the room's teacher, or of ``person``."""
        return self.room.act(person, key)

    def office(self) -> Act:
        """Return an act of the operator."""
        return Act(OFFICE, self.room.hands.at, str(uuid4()))

    async def place(self, name: str) -> UUID:
        """Make a room."""
        made = Room(id=uuid4(), school_id=self.school, name=name)
        async with self.room.database.begin() as session:
            session.add(made)
        return made.id

    async def group(self, title: str, *classes: UUID, division: UUID | None = None, kind: str = "group") -> UUID:
        """Make a group of classes, without members."""
        purpose = "subgroup" if kind == "group" else kind
        made = StudyGroup(
            id=uuid4(), school_id=self.school, year=YEAR, kind=kind, purpose=purpose, title=title, division=division
        )
        async with self.room.database.begin() as session:
            session.add(made)
            await session.flush()
            session.add_all([GroupClass(group_id=made.id, class_id=one) for one in classes])
        return made.id

    async def subject(self, name: str) -> UUID:
        """Return a subject of this name."""
        if name not in self.subjects:
            made = Subject(id=uuid4(), school_id=self.school, name=name)
            async with self.room.database.begin() as session:
                session.add(made)
            self.subjects[name] = made.id
        return self.subjects[name]

    async def slot(
        self,
        day: date,
        number: int,
        subject: str = "математика",
        *,
        of: dict[str, UUID] | None = None,
        teacher: UUID | None = None,
        place: UUID | None = None,
    ) -> UUID:
        """Put a lesson on the timetable, at 8:30 and each next number an hour later."""
        made = Slot(
            id=uuid4(),
            school_id=self.school,
            year=YEAR,
            weekday=day.isoweekday(),
            number=number,
            starts=time(7 + number, 30),
            ends=time(8 + number, 15),
            subject_id=await self.subject(subject),
            teacher_id=teacher or self.room.teacher,
            room_id=place,
            **(of or {"class_id": self.room.school_class}),
        )
        async with self.room.database.begin() as session:
            session.add(made)
        return made.id

    async def make(self, now: datetime | None = None) -> None:
        """Make the lessons of two weeks."""
        async with self.room.database.begin() as session:
            await dated.make(session, self.room.school, YEAR, TWO_WEEKS, now or self.room.hands.at)

    async def change(self, *changes: Change, why: str = "") -> None:
        """Record changes of the timetable, and make its lessons anew."""
        for change in changes:
            written = change_documents.write(change)
            row = TimetableChange(
                id=uuid4(),
                school_id=self.school,
                year=YEAR,
                kind=written.kind,
                slot_id=written.slot_id,
                first=written.first,
                last=written.last,
                data=written.data,
                why=why,
                made_at=self.room.hands.at,
            )
            async with self.room.database.begin() as session:
                session.add(row)
        await self.make()

    async def lesson(self, slot: UUID, planned_day: date) -> UUID:
        """Return the lesson that the timetable has on a day."""
        query = select(Lesson.id).where(Lesson.slot_id == slot, Lesson.planned_day == planned_day)
        async with self.room.database.begin() as session:
            return (await session.execute(query)).scalar_one()


async def week(database: Database, url: URL) -> Week:
    """Build a school with a class, and an empty timetable."""
    return Week(await class_room(database, url, lessons=0))
