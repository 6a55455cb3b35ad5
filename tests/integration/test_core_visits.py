"""Who came to the journal, by group."""

from datetime import date, timedelta

import pytest
from sqlalchemy import URL

from core.account import logins, sessions
from core.account.admission import Kind
from core.account.password_hashing import Hasher
from core.account.sessions import Arrival, Proof
from core.actor import OFFICE, Act, Actor
from core.audit import visits
from core.audit.visits import Group, Visits
from core.database import Database
from core.learning import diary
from core.refusals import Forbidden, Invalid
from core.rule_book.values import LoginMethod
from tests.integration.account_site import KEEPER, QUICK
from tests.integration.core_world import DAY, class_room, refused

TOMORROW = DAY + timedelta(days=1)


@pytest.mark.req("AUDIT-07")
async def test_visits_are_counted_by_group_from_what_people_did(core_database: Database, database_url: URL) -> None:
    room = await class_room(core_database, database_url)
    mother = await room.builder.guardian(*room.pupils[:2], name="Абрамова Ольга Юрьевна")
    elsewhere = await room.builder.school("Школа 2")

    async def counted(first: date = DAY, last: date = DAY, person: Actor = OFFICE) -> dict[Group, Visits]:
        async with core_database.begin() as session:
            return dict(await visits.counted(session, person, room.school.id, first, last, room.hands.at))

    nobody = dict.fromkeys(Group, Visits())
    assert await counted() == nobody
    for _ in range(2):
        await room.record(0)
    async with core_database.begin() as session:
        for reader, number in ((mother, 0), (mother, 1), (room.pupils[1], 1)):
            asked = Actor("telegram", reader)
            await diary.open_week(
                session, Act(asked, room.hands.at, f"open {reader} {number}"), room.pupils[number], DAY
            )
        await logins.issue(session, Act(OFFICE, room.hands.at, "1"), Hasher(QUICK), [room.teacher])
        account = await logins.of_person(session, room.teacher)
        assert account is not None
        kinds = frozenset({Kind.STAFF})
        arrival = Arrival(account.id, room.teacher, kinds, LoginMethod.PASSWORD, "Firefox", Proof.PASSWORD)
        await sessions.begin(session, KEEPER, arrival, room.hands.at)
    today = {Group.PARENTS: Visits(1, 1), Group.PUPILS: Visits(1, 1), Group.STAFF: Visits(2, 1)}
    assert await counted() == today, "one visit a day and a way"
    room.hands.move(hours=24)
    await room.record(1)
    assert await counted() == today
    assert await counted(TOMORROW, TOMORROW) == nobody | {Group.STAFF: Visits(1, 1)}
    assert await counted(DAY, TOMORROW) == today | {Group.STAFF: Visits(3, 1)}
    assert await counted(person=Actor("telegram", room.head)) == today
    assert await refused(counted(person=Actor("telegram", room.teacher))) == (Forbidden, "not-allowed")
    assert await refused(counted(TOMORROW, DAY)) == (Invalid, "visits-days")
    async with core_database.begin() as session:
        assert dict(await visits.counted(session, OFFICE, elsewhere.id, DAY, TOMORROW, room.hands.at)) == nobody
