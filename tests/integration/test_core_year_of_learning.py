"""Which classes are meant while those of the coming year stand empty in the lists already."""

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import URL, update

from core.database import Database
from core.person import people
from core.tables import Pupil, SchoolClass
from tests.integration.core_world import ClassRoom, class_room


@pytest.fixture
async def room(core_database: Database, database_url: URL) -> ClassRoom:
    return await class_room(core_database, database_url, lessons=1)


async def meant(room: ClassRoom) -> tuple[list[UUID], int]:
    async with room.database.begin() as session:
        led = await people.classes_led(session, room.class_teacher)
        return [one.id for one in led], len(await people.pupils_of_class(session, room.school, "5А"))


async def test_classes_of_the_coming_year_are_nobodys_until_somebody_learns_in_them(room: ClassRoom) -> None:
    assert await meant(room) == ([room.school_class], 5)
    coming = await room.builder.school_class(room.school, "6А", room.class_teacher)
    again = await room.builder.school_class(room.school, "5А ", room.class_teacher)
    async with room.database.begin() as session:
        await session.execute(update(SchoolClass).where(SchoolClass.id.in_([coming, again])).values(year=2027))
        await session.execute(update(SchoolClass).where(SchoolClass.id == again).values(title="5А"))
    assert await meant(room) == ([room.school_class], 5)
    async with room.database.begin() as session:
        await session.execute(update(Pupil).values(left_on=date(2026, 11, 1)))
    assert set((await meant(room))[0]) == {coming, again}
    async with room.database.begin() as session:
        await session.execute(update(Pupil).values(left_on=None, class_id=coming))
    assert set((await meant(room))[0]) == {coming, again}
