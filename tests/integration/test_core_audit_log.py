"""The audit as the administration reads it."""

import pytest
from sqlalchemy import URL

from core.actor import OFFICE, Actor
from core.audit import audit_log
from core.audit.audit_log import AuditLine, Wanted
from core.database import Database
from core.refusals import Forbidden, NotFound
from tests.integration.core_world import ClassRoom, class_room, refused


async def read(room: ClassRoom, wanted: Wanted, person: Actor = OFFICE) -> tuple[AuditLine, ...]:
    async with room.database.begin() as session:
        return await audit_log.lines(session, person, room.school.id, wanted, room.hands.at)


async def test_corrections_are_found_by_what_by_whom_and_when(
    core_database: Database, database_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = await class_room(core_database, database_url)
    first = room.hands.at
    await room.record(0)
    second = room.hands.move(minutes=5)
    await room.correct({0: "б"}, act=room.act(room.head))
    subject = f"lesson/{room.lessons[0]}/{room.pupils[0]}"
    entered, corrected = await read(room, Wanted(subject=subject))
    assert (entered.at, entered.person, entered.before, entered.after) == (
        first,
        room.teacher,
        {"code": None},
        {"code": "н"},
    )
    assert (corrected.at, corrected.before, corrected.after) == (second, {"code": "н"}, {"code": "б"})
    assert corrected.name is not None
    assert corrected.name.in_full() == "Орлов Пётр Ильич"
    assert (corrected.via, corrected.action, corrected.erased) == ("telegram", "attendance.record", False)
    assert await read(room, Wanted(subject=subject, since=second)) == (corrected,)
    assert await read(room, Wanted(subject=subject, until=second)) == (entered,)
    assert await read(room, Wanted(subject=subject, person=room.head)) == (corrected,)
    everything = await read(room, Wanted())
    assert [line.seq for line in everything] == sorted(line.seq for line in everything)
    monkeypatch.setattr(audit_log, "SHOWN", 1)
    assert await read(room, Wanted(subject=subject)) == (entered,)
    assert await read(room, Wanted(subject=subject, after=entered.seq)) == (corrected,)
    async with room.database.begin() as session:
        assert await audit_log.every(session, room.school.id, Wanted()) == everything
        assert await audit_log.of_ids(session, {corrected.id, entered.id}) == (entered, corrected)


async def test_the_audit_is_the_administrations_to_read(core_database: Database, database_url: URL) -> None:
    room = await class_room(core_database, database_url)
    assert await read(room, Wanted(), Actor("telegram", room.head))
    for person in (room.teacher, room.class_teacher):
        assert await refused(read(room, Wanted(), Actor("telegram", person))) == (Forbidden, "not-allowed")
    elsewhere = await room.builder.school("Школа 2")
    head = await room.builder.teacher(elsewhere, "Чужой Пётр Ильич", administers=True)
    assert await refused(read(room, Wanted(), Actor("telegram", head))) == (Forbidden, "not-allowed")
    async with room.database.begin() as session:
        lines = audit_log.lines(session, OFFICE, room.head, Wanted(), room.hands.at)
        assert await refused(lines) == (NotFound, "school-unknown")
