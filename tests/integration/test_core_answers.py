"""What a parent says of an absence: whose word counts, until when, and what becomes of it."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import URL

from core.actor import OFFICE, Act
from core.database import Database
from core.events import GuardianAnswer, ProposedReason
from core.learning import attendance
from core.learning.attendance_day import DayKey
from core.refusals import Conflict, Forbidden
from tests.integration.core_world import DAY, ClassRoom, class_room, refused

NOT_YOURS = (Forbidden, "child-not-yours")


@pytest.fixture
async def room(core_database: Database, database_url: URL) -> ClassRoom:
    return await class_room(core_database, database_url)


@pytest.fixture
async def mother(room: ClassRoom) -> UUID:
    mother = await room.builder.guardian(room.pupils[0], name="Абрамова Яна")
    await room.record(0)
    return mother


async def say(room: ClassRoom, who: UUID | None, reason: ProposedReason, *, key: str | None = None) -> None:
    act = Act(OFFICE, room.hands.at, "office/1") if who is None else room.act(who, key)
    async with room.database.begin() as session:
        await attendance.answer(session, act, room.day(), reason)


async def test_an_answer_is_a_proposal_that_travels_with_the_day(room: ClassRoom, mother: UUID) -> None:
    at = room.hands.move(minutes=1)
    await say(room, mother, ProposedReason.ILL)
    state = (await room.states())[-1]
    assert state.answers == (GuardianAnswer(guardian=mother, reason=ProposedReason.ILL, at=at),)
    assert [(absence.code, absence.kind.value) for absence in state.absences] == [("н", "unexplained")]
    assert await room.codes() == {0: "н"}
    (entry,) = await room.watch.audit("attendance.answer")
    told = (entry["subject"], entry["before"], entry["after"], entry["person_id"], entry["at"])
    assert told == (room.day().subject, '{"reason": null}', '{"reason": "ill"}', mother, at)


async def test_another_answer_replaces_the_first(room: ClassRoom, mother: UUID) -> None:
    await say(room, mother, ProposedReason.LATE)
    room.hands.move(seconds=1)
    await say(room, mother, ProposedReason.ILL)
    answers = [[answer.reason for answer in state.answers] for state in await room.states()]
    assert answers == [[], [ProposedReason.LATE], [ProposedReason.ILL]]
    assert [row["before"] for row in await room.watch.audit("attendance.answer")] == [
        '{"reason": null}',
        '{"reason": "late"}',
    ]


async def test_each_guardian_has_an_answer_of_his_own_in_the_order_given(room: ClassRoom, mother: UUID) -> None:
    father = await room.builder.guardian(room.pupils[0], name="Абрамов Ян")
    await say(room, father, ProposedReason.UNAWARE)
    room.hands.move(seconds=1)
    await say(room, mother, ProposedReason.ILL)
    assert [answer.guardian for answer in (await room.states())[-1].answers] == [father, mother]


@pytest.mark.parametrize("key", ["update/1", "update/2"], ids=["the same press", "a second press"])
async def test_saying_the_same_again_says_nothing_new(room: ClassRoom, mother: UUID, key: str) -> None:
    await say(room, mother, ProposedReason.ILL, key="update/1")
    told = await room.watch.events()
    audited = await room.watch.audit()
    await say(room, mother, ProposedReason.ILL, key=key)
    assert await room.watch.events() == told
    assert await room.watch.audit() == audited


async def test_after_a_correction_there_is_nothing_left_to_answer(room: ClassRoom, mother: UUID) -> None:
    await room.correct({0: None})
    before = await room.watch.everything()
    assert await refused(say(room, mother, ProposedReason.ILL)) == (Conflict, "absence-already-corrected")
    assert await room.watch.everything() == before


async def test_a_day_without_any_roll_has_nothing_to_answer(room: ClassRoom, mother: UUID) -> None:
    async with room.database.begin() as session:
        day = DayKey(room.pupils[0], DAY + timedelta(days=1))
        doing = attendance.answer(session, room.act(mother), day, ProposedReason.ILL)
        assert await refused(doing) == (Conflict, "absence-already-corrected")


@pytest.mark.parametrize(
    ("column", "value", "may"),
    [
        ("barred", True, False),
        ("may_see", False, False),
        ("since", DAY, True),
        ("since", DAY + timedelta(days=1), False),
        ("until", DAY, True),
        ("until", DAY - timedelta(days=1), False),
    ],
    ids=str,
)
async def test_only_whoever_may_see_the_child_today_may_answer(
    room: ClassRoom, mother: UUID, column: str, value: object, *, may: bool
) -> None:
    await room.watch.rows(f"UPDATE core.guardianship SET {column} = $1", value)  # noqa: S608 - our own column
    before = await room.watch.everything()
    if may:
        await say(room, mother, ProposedReason.ILL)
        assert len((await room.states())[-1].answers) == 1
    else:
        assert await refused(say(room, mother, ProposedReason.ILL)) == NOT_YOURS
        assert await room.watch.everything() == before


async def test_the_last_day_of_a_right_ends_at_the_schools_midnight(room: ClassRoom, mother: UUID) -> None:
    await room.watch.rows("UPDATE core.guardianship SET until = $1", DAY)
    room.hands.move(hours=23 - 8, minutes=18)  # 23:58 in Yekaterinburg, 18:58 in Greenwich
    await say(room, mother, ProposedReason.ILL)
    room.hands.move(minutes=3)
    assert await refused(say(room, mother, ProposedReason.LATE)) == NOT_YOURS


async def test_a_parent_of_another_child_the_teacher_and_the_office_may_not_answer(
    room: ClassRoom, mother: UUID
) -> None:
    other = await room.builder.guardian(room.pupils[1], name="Ёлкина Ольга")
    before = await room.watch.everything()
    for who in (other, room.teacher, room.head, room.pupils[0], None):
        assert await refused(say(room, who, ProposedReason.ILL)) == NOT_YOURS
    assert await room.watch.everything() == before
    assert mother not in (other, room.teacher)


async def test_answers_stay_with_the_day_when_another_lesson_is_missed(room: ClassRoom, mother: UUID) -> None:
    await say(room, mother, ProposedReason.ILL)
    room.hands.move(hours=1)
    await room.record(0, lesson=1)
    state = (await room.states())[-1]
    assert (len(state.absences), len(state.answers)) == (2, 1)
