"""A pupil who has left the class since: the roll that no longer lists him does not touch his entry."""

from datetime import UTC, datetime, time

from sqlalchemy import text, update

from core.account.accounts import MessengerAccount, came_back
from core.actor import Act, Actor
from core.database import Database
from core.events import Channel
from core.learning import attendance
from core.school_time import SchoolClock
from core.tables import Pupil
from tests.school_builder import SchoolBuilder

DURING_LESSON = datetime(2026, 10, 20, 3, 40, tzinfo=UTC)


def _builder(core: Database) -> SchoolBuilder:
    return SchoolBuilder(core, SchoolClock(source=lambda: DURING_LESSON))


async def test_calling_the_roll_again_leaves_him_absent(core_database: Database) -> None:
    builder = _builder(core_database)
    school = await builder.school()
    teacher = await builder.teacher(school, "Королёва Анна")
    class_a, class_b = await builder.school_class(school, "5А"), await builder.school_class(school, "5Б")
    moved, stays = await builder.pupils(class_a, "Абрамов Лев", "Яшина Ёлка")
    lesson = await builder.lesson(class_a, teacher, time(8, 30))
    actor = Actor("telegram", teacher)
    async with core_database.begin() as session:
        await attendance.record(session, Act(actor, DURING_LESSON, "1"), lesson, {moved: "н"})
    async with core_database.begin() as session:
        await session.execute(update(Pupil).where(Pupil.person_id == moved).values(class_id=class_b))
    async with core_database.begin() as session:
        recorded = await attendance.record(session, Act(actor, DURING_LESSON, "2"), lesson, {stays: "н"})
    assert recorded.changed == (stays,)
    async with core_database.begin() as session:
        absent = (await session.execute(text("SELECT pupil_id FROM core.absence"))).scalars().all()
    assert set(absent) == {moved, stays}


async def test_an_old_account_takes_nothing_back(core_database: Database) -> None:
    """A lost phone that lets the bot in again must not get what goes to the new one."""
    builder = _builder(core_database)
    school = await builder.school()
    child = await builder.pupil(await builder.school_class(school, "5А"), "Иванова Анна")
    mother = await builder.guardian(child, name="Иванова Ольга")
    old, new = MessengerAccount(Channel.TELEGRAM, "100"), MessengerAccount(Channel.TELEGRAM, "200")
    await builder.link(mother, old)
    await builder.link(mother, new)
    for account in (old, new):
        async with core_database.begin() as session:
            await came_back(session, account, key=f"back:{account}", now=DURING_LESSON)
        async with core_database.begin() as session:
            contact = (await session.execute(text("SELECT value, version FROM core.contact"))).one()
        assert contact.value == "200"
    assert contact.version == 3, "linked twice, and stated once more by the account that counts"
