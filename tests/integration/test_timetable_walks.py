"""Random walks over changes: what is accepted holds no conflict, and what is refused was not free of one.

Who is where is asked of the stored lessons, in SQL, by rules that stand here a second time.
"""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import URL

from core.database import Database
from core.refusals import Conflict, Refusal
from core.timetable import dated, lesson_changes
from core.timetable.change_writing import TimetableClash
from core.timetable.lesson_changes import Place, Substitute
from core.year.changes import CancelReason
from tests.integration.timetable_world import MONDAY, WEEK, TimetableWorld, timetable_world

DAYS = tuple(MONDAY + timedelta(days=number) for number in range(1, 4))
CONFLICTS = """
SELECT a.id FROM core.lesson a JOIN core.lesson b ON a.id < b.id
  AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at
WHERE a.cancelled IS NULL AND b.cancelled IS NULL
  AND (coalesce(a.substitute_id, a.teacher_id) = coalesce(b.substitute_id, b.teacher_id) OR a.room_id = b.room_id
    OR a.class_id = b.class_id)
"""
IN_THE_WAY = """
SELECT b.id FROM core.lesson b WHERE b.id <> $1 AND b.cancelled IS NULL AND b.day = $2 AND b.number = $3
  AND ($4 = coalesce(b.substitute_id, b.teacher_id) OR $5 = b.room_id OR $6 = b.class_id)
"""
LESSONS = """
SELECT l.* FROM core.lesson l JOIN core.school_class c ON c.id = l.class_id JOIN core.slot s ON s.id = l.slot_id
WHERE l.day = ANY($1) ORDER BY l.planned_day, c.title, s.number
"""
"""In an order that shows no ids: the same walk takes the same lessons each time."""


@pytest_asyncio.fixture
async def world(core_database: Database, database_url: URL) -> TimetableWorld:
    return await timetable_world(core_database, database_url)


class Walk:
    """One walk: each step is tried, and what became of it is compared with what stood in its way."""

    def __init__(self, world: TimetableWorld, seed: int) -> None:
        self.world = world
        self.random = Random(seed)  # noqa: S311 - a walk that can be repeated, no secret
        self.made: list[UUID] = []
        self.accepted = self.refused = 0
        self.pointless: set[str] = set()

    async def step(self) -> None:
        lessons = await self.world.watch.rows(LESSONS, DAYS)
        lesson = self.random.choice(lessons)
        match self.random.choice(("substitute", "move", "move", "cancel", "withdraw")):
            case "substitute":
                teacher = self.random.choice(tuple(self.world.teachers.values()))
                in_the_way = await self._blocked(lesson, (lesson["day"], lesson["number"]), teacher, lesson["room_id"])
                await self._try(self._substitute(lesson["id"], teacher), in_the_way)
            case "move":
                to, number = self.random.choice(DAYS), self.random.randint(1, 6)
                room = self.random.choice((None, *self.world.rooms.values()))
                teacher = lesson["substitute_id"] or lesson["teacher_id"]
                in_the_way = await self._blocked(lesson, (to, number), teacher, await self._room(lesson, room))
                await self._try(self._move(lesson["id"], Place(to, number, room)), in_the_way)
            case "cancel":
                await self._try(self._cancel(lesson["id"]), [])
            case _ if self.made:
                await self._try(self._withdraw(self.random.choice(self.made)), None)
        assert await self.world.watch.rows(CONFLICTS) == []

    async def _blocked(
        self, lesson: Any, place: tuple[date, int], teacher: UUID, room: UUID | None
    ) -> Sequence[Any] | None:
        """Find lessons in the way; None: the lesson is not held, and is refused for that."""
        if lesson["cancelled"] is not None:
            return None
        return await self.world.watch.rows(IN_THE_WAY, lesson["id"], *place, teacher, room, lesson["class_id"])

    async def _room(self, lesson: Any, wanted: UUID | None) -> UUID | None:
        """Tell in which room a moved lesson is held: where the move says, else where its slot does."""
        slot = "SELECT room_id FROM core.slot WHERE id = $1"
        found: UUID | None = wanted or await self.world.watch.value(slot, lesson["slot_id"])
        return found

    async def _try(self, doing: Any, in_the_way: Sequence[Any] | None) -> None:
        try:
            made = await doing
        except TimetableClash:
            self.refused += 1
            assert in_the_way is None or list(in_the_way), "refused though nothing was in the way"
        except Conflict as refusal:
            self.pointless.add(refusal.code)
        else:
            self.accepted += 1
            assert not in_the_way, "accepted though something was in the way"
            self.made += [] if made is None else [made]

    async def _substitute(self, lesson: UUID, teacher: UUID) -> UUID:
        wanted = Substitute(teacher)
        return await self.world.do(lambda s: lesson_changes.substitute(s, self.world.act(), lesson, wanted))

    async def _move(self, lesson: UUID, place: Place) -> UUID:
        return await self.world.do(lambda s: lesson_changes.move(s, self.world.act(), lesson, place))

    async def _cancel(self, lesson: UUID) -> UUID:
        reason = CancelReason.OTHER
        return await self.world.do(lambda s: lesson_changes.cancel(s, self.world.act(), lesson, reason))

    async def _withdraw(self, change: UUID) -> None:
        await self.world.do(lambda s: lesson_changes.withdraw(s, self.world.act(), change))


@pytest.mark.parametrize(
    ("seed", "steps"),
    [(1, 15), *(pytest.param(seed, 35, marks=pytest.mark.deep) for seed in (1, 2, 3))],
)
async def test_no_accepted_change_makes_a_conflict_and_no_refused_one_was_free_of_it(
    world: TimetableWorld, seed: int, steps: int
) -> None:
    walk = Walk(world, seed)
    for _ in range(steps):
        await walk.step()
    assert walk.pointless <= {"timetable-nothing-changes", "timetable-not-held"}
    assert walk.accepted > steps // 5
    assert walk.refused > steps // 10
    # What stands in the lessons is what making them anew would give.
    stands = await world.watch.rows(LESSONS, DAYS)
    made = await world.do(lambda session: dated.make(session, world.school, 2026, WEEK, world.hands.at))
    assert (made.new, made.changed, made.gone) == ((), (), ())
    assert await world.watch.rows(LESSONS, DAYS) == stands


async def test_of_two_at_once_that_clash_together_one_is_refused(world: TimetableWorld) -> None:
    lessons = [await world.lesson(title, DAYS[0], 1) for title in ("5А", "5Б")]

    async def substitute(lesson: UUID) -> str:
        wanted = Substitute(world.teachers["С"])
        try:
            await world.do(lambda session: lesson_changes.substitute(session, world.act(), lesson, wanted))
        except Refusal as refusal:
            return refusal.code
        return "done"

    assert sorted(await asyncio.gather(*map(substitute, lessons))) == ["done", "timetable-clash"]
    assert await world.watch.rows(CONFLICTS) == []
