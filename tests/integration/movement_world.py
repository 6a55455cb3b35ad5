"""A school with classes and pupils who learn in them by date, for tests of movement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from core.actor import OFFICE, Act, Actor
from core.database import Database
from core.movement import enrolments
from core.russian import FullName
from core.school.schools import SchoolCard
from core.school_time import SchoolClock
from core.tables import Person, SchoolClass
from tests.integration.core_world import Hands, Watch
from tests.school_builder import SchoolBuilder

YEAR = 2026
FIRST, LAST = date(YEAR, 9, 1), date(YEAR + 1, 8, 31)
NOON = datetime(YEAR, 11, 24, 7, 0, tzinfo=UTC)
"""A Tuesday, noon at the school."""
TODAY = date(YEAR, 11, 24)


@dataclass
class Movers:
    """A school, its classes by title and its pupils by name."""

    database: Database
    watch: Watch
    school: SchoolCard
    hands: Hands
    classes: dict[str, UUID] = field(default_factory=dict)
    pupils: dict[str, UUID] = field(default_factory=dict)

    @property
    def builder(self) -> SchoolBuilder:
        return SchoolBuilder(self.database, self.hands.clock)

    def act(self, person: UUID | None = None, key: str | None = None) -> Act:
        """Return an act now: of a person, or of the office."""
        actor = OFFICE if person is None else Actor("telegram", person)
        return Act(actor, self.hands.at, key or str(uuid4()))

    async def open_class(self, title: str, teacher: UUID | None = None, year: int = YEAR) -> UUID:
        """Make a class."""
        made = SchoolClass(id=uuid4(), school_id=self.school.id, year=year, title=title, class_teacher_id=teacher)
        async with self.database.begin() as session:
            session.add(made)
        self.classes[title] = made.id
        return made.id

    async def person(self, name: str) -> UUID:
        """Write down somebody who learns nowhere yet."""
        surname, given = name.split()
        who = FullName(surname, given)
        made = Person(
            id=uuid4(),
            school_id=self.school.id,
            surname=surname,
            given=given,
            patronymic="",
            birth_date=date(2014, 3, 5),
            sort_key=who.sort_key(),
        )
        async with self.database.begin() as session:
            session.add(made)
        self.pupils[name] = made.id
        return made.id

    async def learn(self, title: str, *names: str, since: date = FIRST) -> Sequence[UUID]:
        """Let new pupils learn in a class."""
        made = [await self.person(name) for name in names]
        async with self.database.begin() as session:
            await enrolments.enrol(session, [(one, self.classes[title]) for one in made], since, today=TODAY)
        return made

    async def stays(self, name: str) -> list[tuple[str, date, date | None]]:
        """Read where he learns and has learned."""
        async with self.database.begin() as session:
            found = await enrolments.stays(session, self.pupils[name])
        return [(one.title, one.since, one.until) for one in found]

    async def now(self, name: str) -> tuple[str, date | None]:
        """Read the class of the pupil's row, and his last day."""
        query = "SELECT c.title, p.left_on FROM core.pupil p JOIN core.school_class c ON c.id = p.class_id"
        ((title, left_on),) = await self.watch.rows(query + " WHERE p.person_id = $1", self.pupils[name])
        return title, left_on


async def movers(
    database: Database, watch: Watch, lists: Mapping[str, Sequence[str]], name: str = "Школа «Радуга»"
) -> Movers:
    """Make a school with these classes and their pupils, who have learned there since 1 September."""
    hands = Hands(at=NOON)
    school = await SchoolBuilder(database, SchoolClock(source=lambda: hands.at)).school(name)
    made = Movers(database, watch, school, hands)
    for title, names in lists.items():
        await made.open_class(title)
        await made.learn(title, *names)
    return made
