"""Any sequence of changes of groups, one after another or many at once, against a calendar of days on paper.

The paper has a square for every day, pupil and group and knows nothing of spans: what is stored must show the same
squares, whatever was accepted, and nobody may ever be twice in one place.
"""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import combinations
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import URL
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import OFFICE, Act
from core.database import Database
from core.movement import enrolments
from core.plan import groups, study_groups
from core.plan.plan_tables import GroupMember, StudyGroup
from core.plan.study_groups import NewGroup, Purpose
from core.refusals import Conflict
from core.tables import Subject
from tests.integration.core_world import ClassRoom, class_room
from tests.integration.eventually import eventually

FIRST_DAY = date(2026, 9, 1)
HORIZON = 40
"""Days that the paper has; what has no end reaches beyond the last."""


@dataclass(frozen=True)
class Doing:
    """One command."""

    name: str
    pupils: tuple[int, ...]
    group: int
    to: int
    first: int
    last: int | None


@dataclass
class Paper:
    """In each square the number of the entry by which a pupil is in a group on a day."""

    rivals: Sequence[frozenset[int]]
    squares: dict[tuple[int, int, int], int] = field(default_factory=dict)
    entries: int = 0

    def do(self, doing: Doing) -> bool:
        """Do it for all its pupils, or for nobody."""
        kept, entries = dict(self.squares), self.entries
        if all(self._one(doing, pupil) for pupil in doing.pupils):
            return True
        self.squares, self.entries = kept, entries
        return False

    def _one(self, doing: Doing, pupil: int) -> bool:
        if doing.name == "join":
            last = HORIZON if doing.last is None else doing.last
            return self._write(pupil, doing.group, list(range(doing.first, last + 1)))
        entry = self.squares.get((pupil, doing.group, doing.first))
        moves = doing.name == "move"
        if entry is None or (moves and doing.group == doing.to):
            return False
        mine = [day for day in range(HORIZON + 1) if self.squares.get((pupil, doing.group, day)) == entry]
        rest = [day for day in mine if day > doing.first or (moves and day == doing.first)]
        for day in rest:
            del self.squares[pupil, doing.group, day]
        return self._write(pupil, doing.to, rest) if moves else True

    def _write(self, pupil: int, group: int, days: list[int]) -> bool:
        shut = next((set(rivals) for rivals in self.rivals if group in rivals), {group})
        if not days or any((pupil, one, day) in self.squares for one in shut for day in days):
            return False
        self.entries += 1
        self.squares |= {(pupil, group, day): self.entries for day in days}
        return True


@dataclass
class Yard:
    """A class with two halves and a club."""

    room: ClassRoom
    groups: tuple[UUID, ...]

    def paper(self) -> Paper:
        return Paper([frozenset({0, 1})])

    async def do(self, doing: Doing, at: datetime) -> bool:
        """Tell whether the journal accepted it."""
        act = Act(OFFICE, at, str(uuid4()))
        pupils = [self.room.pupils[one] for one in doing.pupils]
        group, to, on = self.groups[doing.group], self.groups[doing.to], FIRST_DAY + timedelta(days=doing.first)
        until = None if doing.last is None else FIRST_DAY + timedelta(days=doing.last)
        try:
            async with self.room.database.begin() as session:
                if doing.name == "join":
                    await groups.join(session, act, group, pupils, on, until)
                elif doing.name == "leave":
                    await groups.leave(session, act, group, pupils, on)
                else:
                    await groups.transfer(session, act, pupils, group, to, on)
        except Conflict:
            return False
        return True

    async def rows(self) -> list[asyncpg.Record]:
        return await self.room.watch.rows("SELECT group_id, pupil_id, since, until FROM core.group_member")

    async def squares(self) -> set[tuple[int, int, int]]:
        """Return what the stored times show."""
        return {
            (self.room.pupils.index(row["pupil_id"]), self.groups.index(row["group_id"]), day)
            for row in await self.rows()
            for day in range(HORIZON + 1)
            if row["since"] <= FIRST_DAY + timedelta(days=day)
            and (row["until"] is None or FIRST_DAY + timedelta(days=day) <= row["until"])
        }

    async def demand_never_twice(self) -> None:
        """Look at every pair of stored times."""
        halves = set(self.groups[:2])
        for one, other in combinations(await self.rows(), 2):
            exclusive = one["group_id"] == other["group_id"] or {one["group_id"], other["group_id"]} == halves
            if one["pupil_id"] == other["pupil_id"] and exclusive:
                earlier, later = sorted((one, other), key=lambda row: row["since"])
                assert earlier["until"] is not None
                assert earlier["until"] < later["since"]


@pytest.fixture
async def yard(core_database: Database, database_url: URL) -> Yard:
    room = await class_room(core_database, database_url, lessons=0)
    act, subject = Act(OFFICE, room.hands.at, str(uuid4())), uuid4()
    async with core_database.begin() as session:
        session.add(Subject(id=subject, school_id=room.school.id, name="английский язык"))
        await session.flush()
        halves = await study_groups.divide(session, act, room.school_class, subject, ("английский 1", "английский 2"))
        club = NewGroup("шахматы", frozenset([room.school_class]), purpose=Purpose.CLUB)
        chess = await study_groups.create(session, Act(OFFICE, room.hands.at, "club"), room.school.id, club)
    return Yard(room, (*halves, chess))


def doings(chance: random.Random, count: int) -> list[Doing]:
    found = []
    for _ in range(count):
        first = chance.randrange(HORIZON)
        last = chance.choice([None, chance.randrange(HORIZON)])
        name = chance.choice(["join", "join", "leave", "move"])
        pupils = tuple(sorted(chance.sample(range(5), chance.choice([1, 1, 2]))))
        if name == "join" and last is not None:
            first, last = sorted((first, last))
        found.append(Doing(name, pupils, chance.randrange(3), chance.randrange(3), first, last))
    return found


@pytest.mark.parametrize("seed", range(3))
async def test_what_is_stored_is_what_a_calendar_on_paper_shows(yard: Yard, seed: int) -> None:
    paper, accepted = yard.paper(), 0
    for number, doing in enumerate(doings(random.Random(seed), 80)):  # noqa: S311 - a seed makes it repeatable
        taken = await yard.do(doing, yard.room.hands.at + timedelta(microseconds=number))
        assert taken == paper.do(doing), (number, doing)
        accepted += taken
    await yard.demand_never_twice()
    assert await yard.squares() == set(paper.squares)
    assert 10 < accepted < 80, "both answers were heard"


@pytest.mark.parametrize("seed", range(3))
async def test_of_many_changes_at_once_each_is_as_if_alone(yard: Yard, seed: int) -> None:
    wanted = doings(random.Random(seed), 60)  # noqa: S311 - a seed makes it repeatable
    moments = [yard.room.hands.at + timedelta(microseconds=number) for number in range(len(wanted))]

    async def worker(numbers: range) -> list[int]:
        return [number for number in numbers if await yard.do(wanted[number], moments[number])]

    done = await asyncio.gather(*(worker(range(start, len(wanted), 6)) for start in range(6)))
    accepted = sorted(number for mine in done for number in mine)
    assert 10 < len(accepted) < 60, "both answers were heard"
    await yard.demand_never_twice()
    # The audit says in which order the changes of a pupil came: written down under his lock.
    rows = await yard.room.watch.rows("SELECT at, subject FROM core.audit WHERE action = 'group.member' ORDER BY seq")
    for number, pupil in enumerate(yard.room.pupils):
        order = [moments.index(row["at"]) for row in rows if row["subject"] == f"person/{pupil}"]
        paper = yard.paper()
        for one in order:
            doing = wanted[one]
            alone = Doing(doing.name, (number,), doing.group, doing.to, doing.first, doing.last)
            assert paper.do(alone), "each was accepted as the one after those before it"
        assert {square for square in await yard.squares() if square[0] == number} == set(paper.squares)
        changed = {one for one in accepted if number in wanted[one].pupils}
        silent = changed - set(order)
        assert all(wanted[one].name == "leave" for one in silent), "only who left on his last day changes nothing"


async def test_who_leaves_the_class_at_the_same_moment_is_left_in_no_group_of_it(yard: Yard) -> None:
    room = yard.room
    other = await room.builder.school_class(room.school, "5Б")
    on = FIRST_DAY + timedelta(days=20)

    async def moved(pupil: UUID) -> None:
        async with room.database.begin() as session:
            await enrolments.move(session, [(pupil, other)], on)
            await groups.leave_all(session, pupil, [room.school_class], on - timedelta(days=1), to=other)

    for pupil in room.pupils:
        number = room.pupils.index(pupil)
        joins = [
            yard.do(Doing("join", (number,), group, 0, 0 if group else 25, None), room.hands.at) for group in range(3)
        ]
        await asyncio.gather(moved(pupil), *joins)
    for row in await yard.rows():
        assert row["until"] is not None, "a group of the old class keeps nobody"
        assert row["until"] < on


async def test_of_two_who_put_a_pupil_into_both_halves_the_second_waits_and_is_refused(yard: Yard) -> None:
    room = yard.room
    async with room.database.begin() as session:
        act = Act(OFFICE, room.hands.at, str(uuid4()))
        await groups.join(session, act, yard.groups[0], room.pupils[:1], FIRST_DAY)
        other = asyncio.create_task(yard.do(Doing("join", (0, 1), 1, 0, 0, None), room.hands.at))
        await eventually(room.watch.blocked)
    assert not await other, "in words, and nobody of the two has joined"
    assert await yard.squares() == {(0, 0, day) for day in range(HORIZON + 1)}


async def test_the_database_itself_refuses_times_that_share_a_day(yard: Yard) -> None:
    assert await yard.do(Doing("join", (0,), 0, 0, 5, None), yard.room.hands.at)
    pupil = yard.room.pupils[0]
    async with yard.room.database.begin() as session:
        division = (await session.get_one(StudyGroup, yard.groups[0])).division
        for group, name in (
            (0, "group_member_group_id_pupil_id_daterange_excl"),
            (1, "group_member_division_pupil_id"),
        ):
            row = GroupMember(group_id=yard.groups[group], pupil_id=pupil, since=FIRST_DAY, division=division)
            with pytest.raises(IntegrityError, match=name):
                await twice(session, row)


async def twice(session: AsyncSession, row: GroupMember) -> None:
    async with session.begin_nested():
        session.add(row)
