"""Letters and immediate messages together tell each reader each thing once, whatever he chose and changes his mind to.

Events of all kinds happen to several families over some days; what every reader has in his chat and in his mailbox at
the end is searched for the token of each event.
"""

import random
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from core.database import Database
from core.events import (
    Addressee,
    Channel,
    ControlWorkState,
    Event,
    HomeworkState,
    MarkState,
    NotHeld,
    RemarkKind,
    RemarkState,
    SchoolEventState,
    TimetableDayState,
    TimetableLesson,
    control_work_subject,
    homework_subject,
    mark_subject,
    remark_subject,
    school_event_subject,
    timetable_subject,
)
from core.school_time import school_date
from gateway import subscriptions
from gateway.categories import Category
from gateway.profiles import OFF, Choice, Mode
from tests.integration.gateway_world import MORNING, ZONE, Child, GatewayWorld, Parent, gateway_world

BOTH = (Channel.TELEGRAM, Channel.MAIL)
LOOKED_AT = (0, 5, 9, 11, 13)
"""Hours after midnight UTC at which the gateway looks besides: from early morning to the last letter."""
DAYS, AFTERWARDS = 4, 2
WAYS = (
    OFF,
    Choice(Mode.NOW, Channel.TELEGRAM),
    Choice(Mode.NOW, Channel.MAIL),
    Choice(Mode.DAILY, Channel.MAIL),
    Choice(Mode.DAILY, Channel.TELEGRAM, hour=17),
    Choice(Mode.WEEKLY, Channel.MAIL, weekday=6),
)


@pytest_asyncio.fixture
async def world(core_database: Database, gateway_database: Database, tmp_path: Path) -> AsyncIterator[GatewayWorld]:
    async with gateway_world(core_database, gateway_database, tmp_path) as made:
        yield made


@dataclass(frozen=True)
class Happening:
    """Something that is to be told once to each adult of the child who wants it; ``token`` stands in its words."""

    child: Child
    category: Category
    token: str


type Maker = Callable[[GatewayWorld, Child, UUID, str], Event]


def mark(world: GatewayWorld, child: Child, name: UUID, token: str) -> Event:
    state = MarkState(
        mark=name,
        pupil=child.id,
        pupil_name=child.name,
        class_title="5А",
        lesson=uuid4(),
        day=school_date(world.clock.wall, ZONE),
        lesson_number=1,
        subject_name=token,
        value=4,
        work="тест",
    )
    return world._event(state, mark_subject(name))


def praise(world: GatewayWorld, child: Child, name: UUID, token: str) -> Event:
    state = RemarkState(
        remark=name,
        pupil=child.id,
        pupil_name=child.name,
        class_title="5А",
        kind=RemarkKind.PRAISE,
        day=school_date(world.clock.wall, ZONE),
        subject_name=None,
        author_name="Петрова Мария Ивановна",
        text=token,
    )
    return world._event(state, remark_subject(name))


def of(child: Child) -> tuple[Addressee, ...]:
    return (Addressee(pupil=child.id, name=child.name),)


def homework(world: GatewayWorld, child: Child, name: UUID, token: str) -> Event:
    today = school_date(world.clock.wall, ZONE)
    state = HomeworkState(
        lesson=name,
        class_title="5А",
        pupils=of(child),
        subject_name="история",
        set_on=today,
        # Longer than all of it lasts: of what is handed in already nobody is told, whatever he chooses by then.
        due_on=today + timedelta(days=10),
        text=token,
    )
    return world._event(state, homework_subject(name))


def cancelled(world: GatewayWorld, child: Child, name: UUID, token: str) -> Event:
    starts_at = world.clock.wall + timedelta(days=1)
    day = school_date(starts_at, ZONE)
    lesson = TimetableLesson(
        lesson=name,
        day=day,
        number=2,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=40),
        subject_name=token,
        teacher_name="Петрова Мария Ивановна",
        room_name=None,
        cancelled=NotHeld.NO_TEACHER,
    )
    state = TimetableDayState(learners=name, class_title="5А", pupils=of(child), day=day, lessons=(lesson,))
    return world._event(state, timetable_subject(name, day))


def work(world: GatewayWorld, child: Child, name: UUID, token: str) -> Event:
    today = school_date(world.clock.wall, ZONE)
    state = ControlWorkState(
        work=name,
        class_title="5А",
        pupils=of(child),
        lesson=uuid4(),
        day=today + timedelta(days=3),
        number=2,
        subject_name="история",
        form="тест",
        topic=token,
        planned_on=today,
    )
    return world._event(state, control_work_subject(name))


def fair(world: GatewayWorld, child: Child, name: UUID, token: str) -> Event:
    starts_at = world.clock.wall + timedelta(days=2)
    state = SchoolEventState(
        event=name,
        title=token,
        place="",
        note="",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        classes=None,
        pupils=of(child),
        planned_on=school_date(world.clock.wall, ZONE),
    )
    return world._event(state, school_event_subject(name))


KINDS: Sequence[tuple[Category, Maker]] = (
    (Category.MARK, mark),
    (Category.PRAISE, praise),
    (Category.HOMEWORK, homework),
    (Category.TIMETABLE, cancelled),
    (Category.TEST, work),
    (Category.EVENT, fair),
)


class Week:
    """Some days of several families, by a seed."""

    def __init__(self, world: GatewayWorld, seed: int) -> None:
        self.world = world
        self.dice = random.Random(seed)  # noqa: S311 - a school week, not a secret
        self.chosen: dict[tuple[UUID, Category], Choice] = {}
        self.happened: list[Happening] = []
        self.events: list[Event] = []

    async def live(self, families: int, events: int) -> None:
        children = [await self.world.child(BOTH, BOTH, name=f"Ребёнок {one}") for one in range(families)]
        for child in children:
            for parent in child.parents:
                for category, _ in KINDS:
                    await self.choose(parent, category, self.dice.choice(WAYS))
        hours = [self.dice.uniform(0, DAYS * 24) for _ in range(events)]
        moments = [(MORNING + timedelta(hours=one), True) for one in hours]
        midnight = MORNING.replace(hour=0, minute=35)
        days = range(DAYS + AFTERWARDS)
        moments += [(midnight + timedelta(days=one, hours=hour), False) for one in days for hour in LOOKED_AT]
        for at, happens in sorted(one for one in moments if one[0] > MORNING):
            await self.until(at)
            if happens:
                await self.happen(self.dice.choice(children))

    async def until(self, moment: datetime) -> None:
        self.world.clock.move(seconds=(moment - self.world.clock.wall).total_seconds())
        await self.world.settle()

    async def choose(self, parent: Parent, category: Category, choice: Choice) -> None:
        self.chosen[parent.id, category] = choice
        async with self.world.database.begin() as session:
            await subscriptions.choose(session, parent.id, category, choice, at=self.world.clock.wall)

    async def happen(self, child: Child) -> None:
        category, made = self.dice.choice(KINDS)
        token = f"слово{len(self.happened)}конец"
        self.happened.append(Happening(child, category, token))
        self.events.append(made(self.world, child, UUID(int=1000 + len(self.happened)), token))
        await self.world.publish(self.events[-1])
        # The same state at a higher version tells nothing new, whenever it comes and whatever was told of it by then.
        again = self.dice.choice(self.events)
        version, at = self.world.next_version(again.subject), self.world.clock.wall
        await self.world.publish(again.model_copy(update={"id": uuid4(), "version": version, "time": at}))
        parent, (other, _) = self.dice.choice(child.parents), self.dice.choice(KINDS)
        if self.dice.random() < 0.3 and self.chosen[parent.id, other] != OFF:
            await self.choose(parent, other, self.dice.choice(WAYS[1:]))

    def told(self, parent: Parent, token: str) -> int:
        """Count the messages and letters in which a reader has been told of something."""
        texts = [one.text for one in self.world.chat(parent)] + [one.text or "" for one in self.world.letters(parent)]
        return sum(token in text for text in texts)

    def check(self) -> None:
        assert {one.category for one in self.happened} == {category for category, _ in KINDS}
        for one in self.happened:
            for parent in one.child.parents:
                wanted = int(self.chosen[parent.id, one.category] != OFF)
                assert self.told(parent, one.token) == wanted, (one, self.chosen[parent.id, one.category])
        everything = [parent for one in self.happened for parent in one.child.parents]
        strangers = [(one, parent) for one in self.happened for parent in everything if parent not in one.child.parents]
        assert all(self.told(parent, one.token) == 0 for one, parent in strangers[:200])


async def test_each_reader_is_told_each_thing_once(world: GatewayWorld) -> None:
    week = Week(world, seed=7)
    await week.live(families=2, events=30)
    week.check()
    bundles = await world.value("SELECT max(n) FROM (SELECT count(*) AS n FROM gateway.delivery GROUP BY bundle) AS b")
    assert bundles > 1, "some letter held several things"
    states = await world.rows("SELECT state, count(*) AS n FROM gateway.delivery GROUP BY state")
    assert {row.state for row in states} == {"accepted", "suppressed"}


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(20))
async def test_each_reader_is_told_each_thing_once_in_many_weeks(world: GatewayWorld, seed: int) -> None:
    week = Week(world, seed)
    await week.live(families=4, events=60)
    week.check()
