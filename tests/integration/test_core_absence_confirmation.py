"""The school accepts a cause of what was missed without one, or not what the family says (CONF-02)."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import URL

from core.actor import Act, Actor
from core.database import Database
from core.events import AbsenceKind, ProposedReason
from core.learning import absence_confirmation, absence_lists, announced_absences, attendance, journal_locks
from core.learning.announced_absences import AbsenceDraft, AbsenceReason
from core.refusals import Conflict, Forbidden, Invalid
from core.tables import Lesson
from core.year.span import Span
from tests.integration.core_world import DAY, ClassRoom, class_room, refused

LOCKED = (Conflict, "journal-locked-days")


@pytest.fixture
async def room(core_database: Database, database_url: URL) -> ClassRoom:
    return await class_room(core_database, database_url)


async def confirm(room: ClassRoom, code: str = "б", why: str = "", *, act: Act | None = None, pupil: int = 1) -> int:
    async with room.database.begin() as session:
        act = act or by_class_teacher(room)
        return len(await absence_confirmation.confirm(session, act, room.day(pupil), code, why))


async def answer(room: ClassRoom, guardian: UUID, reason: ProposedReason, pupil: int = 1) -> None:
    async with room.database.begin() as session:
        await attendance.answer(session, room.act(guardian), room.day(pupil), reason)


def by_class_teacher(room: ClassRoom) -> Act:
    return room.act(room.class_teacher)


async def test_the_class_teacher_accepts_a_cause_for_the_whole_day(room: ClassRoom) -> None:
    room.hands.move(hours=3)
    assert await refused(confirm(room)) == (Conflict, "absence-all-explained")
    await room.record(1, 2)
    await room.record(1, lesson=1)
    await room.record(1, lesson=2, code="ну")
    before = await room.watch.everything()
    for act in (room.act(), room.act(room.stranger)):
        assert await refused(confirm(room, act=act)) == (Forbidden, "not-allowed")
    assert await refused(confirm(room, "ы")) == (Invalid, "absence-code-unknown")
    assert await refused(confirm(room, "Н")) == (Invalid, "absence-code-no-cause")
    assert await refused(confirm(room, why="я" * 301)) == (Invalid, "text-too-long")
    assert await room.watch.everything() == before

    once = by_class_teacher(room)
    assert await confirm(room, "Б", "справка от 30.11", act=once) == 2
    assert await confirm(room, "Б", act=once) == 0, "a repeat"
    assert [await room.codes(number) for number in range(3)] == [{1: "б", 2: "н"}, {1: "б"}, {1: "ну"}]
    last = (await room.states(1))[-1]
    assert [one.kind for one in last.absences] == [AbsenceKind.ILLNESS, AbsenceKind.ILLNESS, AbsenceKind.EXCUSED]
    (row,) = await room.watch.audit("absence.confirm")
    assert (row["person_id"], row["why"], row["subject"]) == (
        room.class_teacher,
        "справка от 30.11",
        room.day(1).subject,
    )
    lessons = sorted(str(one) for one in room.lessons[:2])
    assert json.loads(row["after"]) == {"code": "б", "lessons": lessons}
    assert await refused(confirm(room)) == (Conflict, "absence-all-explained")


async def test_a_cause_that_is_known_stays_when_the_last_calling_is_taken_back(room: ClassRoom) -> None:
    await room.record(1)
    older = await room.record(1, 2)
    assert await confirm(room) == 1
    assert await room.codes() == {1: "б", 2: "н"}
    before = await room.watch.everything()
    assert await refused(room.withdraw(older.version)) == (Conflict, "roll-changed-since"), "who saw «н» looks again"
    assert await room.watch.everything() == before
    async with room.database.begin() as session:
        newest = await attendance.roll(session, room.act().actor, room.lessons[0], room.hands.at)
    assert newest.version == older.version + 1
    await room.withdraw(newest.version)
    assert await room.codes() == {1: "б"}, "it was not known when the roll was called; it is now"
    kinds = [[one.kind for one in state.absences] for state in await room.states(1)]
    assert kinds == [[AbsenceKind.UNEXPLAINED], [AbsenceKind.ILLNESS]], "and nothing new was told of it"


async def test_a_cause_is_not_put_where_the_older_roll_had_none(room: ClassRoom) -> None:
    """Of pupils who were there when the roll was called first, and of those whose cause was known by then."""
    await room.record(1, code="ну")
    await room.record(1, 2)
    for pupil in (1, 2):
        await confirm(room, pupil=pupil)
    async with room.database.begin() as session:
        newest = await attendance.roll(session, room.act().actor, room.lessons[0], room.hands.at)
    await room.withdraw(newest.version)
    assert await room.codes() == {1: "ну"}


async def test_of_a_locked_day_the_administration_alone_and_with_a_reason(room: ClassRoom) -> None:
    await room.record(1, 2)
    room.hands.move(days=8)
    assert await refused(confirm(room, why="справка")) == LOCKED
    assert await refused(confirm(room, act=room.act(room.head))) == (Invalid, "absence-confirm-why")
    assert await room.codes() == {1: "н", 2: "н"}
    assert await confirm(room, why="справка от 30.11", act=room.act(room.head)) == 1

    async with room.database.begin() as session:
        until = room.hands.at + timedelta(days=1)
        await journal_locks.unlock(session, room.act(room.head), room.lessons[0], until, "справки класса")
    assert await confirm(room, pupil=2) == 1, "what the administration has opened is open to the class teacher"
    assert await room.codes() == {1: "б", 2: "б"}


async def test_final_marks_lock_causes_too(room: ClassRoom) -> None:
    await room.record(1)
    async with room.database.begin() as session:
        subject = (await session.get_one(Lesson, room.lessons[0])).subject_id
        span = Span(DAY - timedelta(days=60), DAY)
        await journal_locks.lock_finals(session, room.act(room.head), room.school_class, subject, span)
    assert await refused(confirm(room)) == (Conflict, "journal-locked-finals")


async def test_what_a_family_says_is_not_accepted_with_a_word_why(room: ClassRoom) -> None:
    mother = await room.builder.guardian(room.pupils[1], name="Ёлкина Вера")

    async def refuse(why: str = "справки нет", act: Act | None = None, pupil: int = 1) -> None:
        async with room.database.begin() as session:
            await absence_confirmation.refuse(session, act or by_class_teacher(room), room.day(pupil), why)

    assert await refused(refuse()) == (Conflict, "absence-all-explained")
    await room.record(1)
    assert await refused(refuse()) == (Conflict, "absence-nothing-said")
    await answer(room, mother, ProposedReason.ILL)
    before = await room.watch.everything()
    assert await refused(refuse(act=room.act())) == (Forbidden, "not-allowed")
    assert await refused(refuse(act=room.act(mother))) == (Forbidden, "not-allowed")
    assert await refused(refuse(" ")) == (Invalid, "absence-refuse-why")
    assert await refused(refuse("я" * 301)) == (Invalid, "text-too-long")
    assert await room.watch.everything() == before
    room.hands.move(hours=1)
    once = by_class_teacher(room)
    await refuse(act=once)
    await refuse(act=once)
    (row,) = await room.watch.audit("absence.refuse")
    assert (row["why"], json.loads(row["before"])) == (
        "справки нет",
        {"answers": {str(mother): "ill"}, "announced": []},
    )
    async with room.database.begin() as session:
        actor = Actor("web", room.class_teacher)
        seen = await absence_lists.of_class(session, actor, room.school_class, DAY, room.hands.at)
    assert [one.refused_at for one in seen.pupils] == [room.hands.at]
    assert await room.codes() == {1: "н"}


async def test_what_a_family_announced_can_be_not_accepted_as_well(room: ClassRoom) -> None:
    draft = AbsenceDraft(days=Span(DAY, DAY), reason=AbsenceReason.FAMILY)
    async with room.database.begin() as session:
        made = await announced_absences.announce(session, by_class_teacher(room), room.pupils[1], draft)
    await room.record(1)
    async with room.database.begin() as session:
        await absence_confirmation.refuse(session, by_class_teacher(room), room.day(1), "не предупредили заранее")
    (row,) = await room.watch.audit("absence.refuse")
    assert json.loads(row["before"]) == {"answers": {}, "announced": [str(made)]}
