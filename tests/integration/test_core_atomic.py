"""Fact, audit and event commit together: wherever a transaction dies, nothing of it remains."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import URL, event, text
from sqlalchemy.exc import DBAPIError

from core.account import accounts
from core.account.accounts import LinkOffer, MessengerAccount
from core.actor import OFFICE, Act
from core.database import Database
from core.events import Channel, ProposedReason, RemarkKind, SchoolKind
from core.learning import attendance, gradebook, homework, remarks
from core.person import roster
from core.school import school_settings, schools
from tests.integration.core_world import ClassRoom, class_room
from tests.integration.roster_pages import office_files, parent, pupil, staff

ACCOUNT = MessengerAccount(Channel.TELEGRAM, "777")
MOST_STATEMENTS = 60
"""No command needs so many; a test that counts on must end."""


class CrashError(Exception):
    """The process dies here."""


@contextmanager
def dying_before(database: Database, statement: int) -> Iterator[None]:
    """Let the process die before it says its n-th statement (from 0) to the database."""
    said = 0

    def about_to_say(*_: Any) -> None:
        nonlocal said
        if said == statement:
            raise CrashError
        said += 1

    event.listen(database.engine.sync_engine, "before_cursor_execute", about_to_say)
    try:
        yield
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", about_to_say)


@pytest.fixture
async def room(core_database: Database, database_url: URL) -> ClassRoom:
    room = await class_room(core_database, database_url)
    room.hands.move(hours=1)
    await room.record(0, 1)
    return room


async def _answer(room: ClassRoom) -> None:
    guardian = await room.watch.value("SELECT guardian_id FROM core.guardianship LIMIT 1")
    async with room.database.begin() as session:
        await attendance.answer(session, room.act(guardian), room.day(), ProposedReason.ILL)


async def _create(room: ClassRoom) -> None:
    async with room.database.begin() as session:
        await schools.create(
            session, OFFICE, name="Школа 2", kind=SchoolKind.STATE, zone="Asia/Omsk", now=room.hands.at
        )


async def _settings(room: ClassRoom) -> None:
    async with room.database.begin() as session:
        changes = {"undo_window_seconds": 5}
        await school_settings.change(session, OFFICE, room.school.id, changes, room.hands.at)


async def _codes(room: ClassRoom) -> None:
    async with room.database.begin() as session:
        persons = [room.teacher, room.head]
        await accounts.issue_codes(session, OFFICE, room.builder.keeper, persons, room.hands.at)


async def _join(room: ClassRoom) -> None:
    async with room.database.begin() as session:
        await accounts.answer_offer(session, ACCOUNT, date(2014, 3, 5), room.hands.at)


async def _import(room: ClassRoom) -> None:
    async with room.database.begin() as session:
        files = office_files([staff("Белова Ольга Львовна")], [pupil("5А", "Юдин Юрий", parent("Юдина Яна"))])
        await roster.import_roster(session, Act(OFFICE, room.hands.at, "import/1"), room.school, files)


async def _give(room: ClassRoom) -> None:
    async with room.database.begin() as session:
        await gradebook.give(session, room.act(), room.lessons[0], room.pupils[2], 2)


async def _remark(room: ClassRoom) -> None:
    async with room.database.begin() as session:
        await remarks.write(session, room.act(), room.lessons[0], room.pupils[0], RemarkKind.PRAISE, "Молодец")


async def _homework(room: ClassRoom) -> None:
    async with room.database.begin() as session:
        await homework.set_at(session, room.act(), room.lessons[0], "№ 301")


COMMANDS: dict[str, tuple[Callable[[ClassRoom], Awaitable[object]], str, str | None]] = {
    "record": (lambda room: room.record(1, 2, lesson=1), "attendance.record", "attendance/"),
    "replace": (lambda room: room.record(1, 2), "attendance.record", "attendance/"),
    "correct": (lambda room: room.correct({0: None, 1: "б"}), "attendance.record", "attendance/"),
    "withdraw": (lambda room: room.withdraw(1), "attendance.record", "attendance/"),
    "answer": (_answer, "attendance.answer", "attendance/"),
    "give a mark": (_give, "mark.give", "mark/"),
    "write a remark": (_remark, "remark.write", "remark/"),
    "set homework": (_homework, "homework.set", "homework/"),
    "create a school": (_create, "school.create", "school/"),
    "change settings": (_settings, "school.settings", "school/"),
    "issue codes": (_codes, "code.issue", None),
    "join an account": (_join, "account.link", "address/"),
    "import": (_import, "roster.import", "guardianship/"),
}
"""Command, its audit action, the subject of its event (a code is nobody's news)."""


@pytest.fixture
async def prepared(room: ClassRoom) -> ClassRoom:
    """A guardian who has shown his code and owes the birth date."""
    guardian = await room.builder.guardian(room.pupils[0], name="Абрамова Яна")
    code = await room.builder.code(guardian)
    async with room.database.begin() as session:
        shown = await accounts.show_code(session, room.builder.keeper, ACCOUNT, code, room.hands.at)
        assert isinstance(shown, LinkOffer)
    return room


@pytest.mark.req("AUDIT-01")
@pytest.mark.parametrize("name", COMMANDS)
async def test_what_anybody_changes_is_logged_with_time_and_author(prepared: ClassRoom, name: str) -> None:
    command, action, _ = COMMANDS[name]
    prepared.hands.move(minutes=7)
    known = {row["id"] for row in await prepared.watch.audit()}
    await command(prepared)
    fresh = [row for row in await prepared.watch.audit() if row["id"] not in known]
    assert action in {row["action"] for row in fresh}
    guardian = await prepared.watch.value("SELECT guardian_id FROM core.guardianship WHERE version = 1 LIMIT 1")
    authors = {(None, "office"), (prepared.teacher, "telegram"), (guardian, "telegram")}
    for row in fresh:
        assert (row["at"], bool(row["subject"])) == (prepared.hands.at, True)
        assert (row["person_id"], row["via"]) in authors


@pytest.mark.parametrize("name", COMMANDS)
async def test_wherever_a_command_dies_nothing_of_it_remains(prepared: ClassRoom, name: str) -> None:
    command, action, subject = COMMANDS[name]
    before = await prepared.watch.everything()
    for statement in range(MOST_STATEMENTS):
        try:
            with dying_before(prepared.database, statement):
                await command(prepared)
        except CrashError:
            assert await prepared.watch.everything() == before, f"statement {statement}"
        else:
            break
    else:
        raise AssertionError("the command never ends")
    assert statement >= 4
    written = await prepared.watch.everything()
    assert any(f'"action": "{action}"' in row for row in set(written["core.audit"]) - set(before["core.audit"]))
    fresh = set(written["bus.outbox"]) - set(before["bus.outbox"])
    assert all(f'"subject": "{subject}' in row for row in fresh)
    assert bool(fresh) == (subject is not None)


async def _record_and_lose_the_connection(room: ClassRoom) -> None:
    async with room.database.begin() as session:
        backend = (await session.execute(text("SELECT pg_backend_pid()"))).scalar_one()
        await attendance.record(session, room.act(), room.lessons[1], {room.pupils[0]: "н"})
        await room.watch.rows("SELECT pg_terminate_backend($1, 5000)", backend)


async def test_a_connection_cut_before_the_commit_leaves_nothing(room: ClassRoom) -> None:
    before = await room.watch.everything()
    with pytest.raises(DBAPIError):
        await _record_and_lose_the_connection(room)
    assert await room.watch.everything() == before
    assert (await room.record(0, lesson=1)).version == 1
