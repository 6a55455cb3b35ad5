"""Coming of age: guardians' rights end by themselves, the pupil says who goes on looking, and that is all they get."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest_asyncio
from sqlalchemy import URL

from core.actor import OFFICE, Act
from core.database import Database
from core.events import GuardianshipState, RelationKind, guardianship_subject
from core.family import guardianships, majority
from core.family.guardianships import Terms
from core.family.majority import Question
from core.person import people
from core.refusals import Conflict, Forbidden, Invalid
from tests.integration.core_world import DAY, ClassRoom, class_room, refused

ONE = timedelta(days=1)
TOMORROW_18 = date(2008, 11, 25)


@pytest_asyncio.fixture
async def room(core_database: Database, database_url: URL) -> AsyncIterator[ClassRoom]:
    yield await class_room(core_database, database_url, lessons=0)


class Grown:
    """A pupil who comes of age tomorrow, with his parents and a nanny whom they trust."""

    def __init__(self, room: ClassRoom, pupil: UUID, mother: UUID, father: UUID, nanny: UUID) -> None:
        self.room, self.pupil, self.adults = room, pupil, (mother, father, nanny)

    async def come(self) -> int:
        async with self.room.database.begin() as session:
            return await majority.come(session, self.room.school, self.room.hands.at)

    async def answer(self, *allowed: UUID, by: UUID | None = None) -> None:
        async with self.room.database.begin() as session:
            await majority.answer(session, self.room.act(by or self.pupil), self.pupil, allowed)

    async def sees(self) -> tuple[bool, ...]:
        async with self.room.database.begin() as session:
            found = [await people.children(session, adult, self.room.hands.at) for adult in self.adults]
        return tuple(bool(one) for one in found)

    async def kinds(self) -> list[str]:
        rows = await self.room.watch.rows(
            "SELECT guardian_id, kind FROM core.guardianship WHERE pupil_id = $1", self.pupil
        )
        kinds = {row["guardian_id"]: row["kind"] for row in rows}
        return [kinds[adult] for adult in self.adults]

    async def question(self) -> Question | None:
        async with self.room.database.begin() as session:
            actor = self.room.act(self.pupil).actor
            return await majority.question_of(session, actor, self.pupil, self.room.hands.at)

    async def last_told(self, adult: UUID) -> GuardianshipState:
        state = (await self.room.watch.events(guardianship_subject(self.pupil, adult)))[-1].data
        assert isinstance(state, GuardianshipState)
        return state


@pytest_asyncio.fixture
async def grown(room: ClassRoom) -> Grown:
    pupil = await room.builder.pupil(room.school_class, "Яшин Ян", born=TOMORROW_18)
    mother = await room.builder.guardian(pupil, name="Яшина Яна")
    father = await room.builder.guardian(pupil, name="Яшин Лев")
    nanny = await room.builder.teacher(room.school, "Зимина Ольга Львовна")
    async with room.database.begin() as session:
        act = room.act(room.class_teacher)
        await guardianships.add(session, act, pupil, nanny, Terms("няня", RelationKind.TRUSTED, must_sign=False))
    return Grown(room, pupil, mother, father, nanny)


async def test_on_the_birthday_rights_end_and_the_pupil_is_asked_once(grown: Grown) -> None:
    assert await grown.come() == 0
    assert (await grown.sees(), await grown.question()) == ((True, True, True), None)
    early = grown.answer(grown.adults[0])
    assert await refused(early) == (Conflict, "majority-not-yet")
    grown.room.hands.move(days=1)
    assert sorted(await asyncio.gather(grown.come(), grown.come())) == [0, 1]
    assert await grown.sees() == (False, False, False)
    assert [(await grown.last_told(one)).until for one in grown.adults] == [DAY] * 3
    asked = await grown.question()
    assert asked is not None
    assert (asked.came_on, asked.answered_at, asked.class_title) == (DAY + ONE, None, "5А")
    assert {(one, lets) for one, _, lets in asked.adults} == {(one, False) for one in grown.adults}
    stood = await grown.room.watch.everything()
    assert await grown.come() == 0
    assert await grown.room.watch.everything() == stood
    async with grown.room.database.begin() as session:
        waiting = await majority.unanswered(session, OFFICE, grown.room.school.id, grown.room.hands.at)
    assert [one.pupil for one in waiting] == [grown.pupil]
    assert {row["via"] for row in await grown.room.watch.audit("majority.end")} == {"clockwork"}


async def test_the_answer_is_the_whole_will_and_a_later_one_replaces_it(grown: Grown) -> None:
    grown.room.hands.move(days=1)
    await grown.come()
    mother, father, nanny = grown.adults
    await grown.answer(mother, nanny)
    assert await grown.sees() == (True, False, True)
    assert await grown.kinds() == ["trusted", "parent", "trusted"]
    told = await grown.last_told(mother)
    assert (told.kind, told.must_sign, told.since, told.until) == (RelationKind.TRUSTED, False, DAY + ONE, None)
    assert await grown.come() == 0
    assert await grown.sees() == (True, False, True), "the daily job lets stand what he has said"
    asked = await grown.question()
    assert asked is not None
    assert asked.answered_at == grown.room.hands.at
    assert {one for one, _, lets in asked.adults if lets} == {mother, nanny}
    grown.room.hands.move(days=2)
    await grown.answer()
    assert await grown.sees() == (False, False, False)
    await grown.come()
    await grown.answer(father)
    assert await grown.sees() == (False, True, False)


async def test_only_the_pupil_or_his_paper_speaks_and_only_of_adults_of_his(grown: Grown) -> None:
    room = grown.room
    room.hands.move(days=1)
    await grown.come()
    mother, father, nanny = grown.adults
    for nobody in (mother, room.teacher, room.pupils[0]):
        assert await refused(grown.answer(mother, by=nobody)) == (Forbidden, "not-allowed")
    assert await refused(grown.answer(mother, uuid4())) == (Invalid, "majority-not-an-adult")
    async with room.database.begin() as session:
        await guardianships.bar(session, room.act(room.head), grown.pupil, father, "решение суда № 1")
    assert await refused(grown.answer(father)) == (Conflict, "guardian-barred")
    await grown.answer(nanny, by=room.class_teacher)
    assert await grown.sees() == (False, False, True)
    again = Terms("мать")
    act = Act(OFFICE, room.hands.at, "add")
    async with room.database.begin() as session:
        assert await refused(guardianships.add(session, act, grown.pupil, mother, again)) == (Invalid, "pupil-of-age")


async def test_a_list_brings_no_right_over_a_grown_pupil_and_a_mended_birth_date_asks_anew(grown: Grown) -> None:
    room = grown.room
    room.hands.move(days=1)
    await grown.come()
    newcomer = await room.builder.guardian(grown.pupil, name="Новая Яна")
    assert await grown.come() == 0
    async with room.database.begin() as session:
        assert await people.children(session, newcomer, room.hands.at) == ()
    await room.watch.rows("UPDATE core.person SET birth_date = '2008-11-26' WHERE id = $1", grown.pupil)
    room.hands.move(days=1)
    assert await grown.come() == 1
