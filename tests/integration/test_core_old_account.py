"""A messenger account that its person has replaced by another."""

from datetime import UTC, datetime

from sqlalchemy import text

from core.account.accounts import MessengerAccount, came_back
from core.database import Database
from core.events import Channel
from core.school_time import SchoolClock
from tests.school_builder import SchoolBuilder

DURING_LESSON = datetime(2026, 10, 20, 3, 40, tzinfo=UTC)


async def test_an_old_account_takes_nothing_back(core_database: Database) -> None:
    """A lost phone that lets the bot in again must not get what goes to the new one."""
    builder = SchoolBuilder(core_database, SchoolClock(source=lambda: DURING_LESSON))
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
