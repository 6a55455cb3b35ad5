"""Rooms and subjects in the database: named once, changed by those who may, closed only when nothing is in them."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import Act, Actor
from core.database import Database
from core.plan import rooms, subjects
from core.plan.plan_tables import Room
from core.plan.rooms import RoomDraft
from core.plan.subjects import PlanPart, SubjectDraft
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.tables import Lesson, Slot, Subject
from core.year.weekly import Service
from tests.integration.core_world import DAY, FIRST_BELL, ClassRoom, class_room, refused
from tests.integration.eventually import eventually


@pytest.fixture
async def room(core_database: Database, database_url: URL) -> ClassRoom:
    return await class_room(core_database, database_url, lessons=1)


async def done[Result](room: ClassRoom, work: Callable[[AsyncSession], Awaitable[Result]]) -> Result:
    async with room.database.begin() as session:
        return await work(session)


async def add_room(room: ClassRoom, name: str, act: Act | None = None, **more: Any) -> UUID:
    made = act or room.act(room.head)
    return await done(room, lambda session: rooms.add(session, made, room.school.id, RoomDraft(name, **more)))


async def change_room(room: ClassRoom, which: UUID, draft: RoomDraft, act: Act | None = None) -> None:
    made = act or room.act(room.head)
    await done(room, lambda session: rooms.change(session, made, which, draft))


async def close(room: ClassRoom, which: UUID, act: Act | None = None, *, closed: bool = True) -> None:
    made = act or room.act(room.head)
    await done(room, lambda session: rooms.set_closed(session, made, which, closed=closed))


async def all_rooms(room: ClassRoom, person: UUID | None = None) -> tuple[rooms.RoomCard, ...]:
    actor = room.act(person).actor
    return await done(room, lambda session: rooms.listed(session, actor, room.school.id, FIRST_BELL))


async def add_subject(room: ClassRoom, name: str, act: Act | None = None, **more: Any) -> UUID:
    made = act or room.act(room.head)
    return await done(room, lambda session: subjects.add(session, made, room.school.id, SubjectDraft(name, **more)))


async def change_subject(room: ClassRoom, which: UUID, draft: SubjectDraft, act: Act | None = None) -> None:
    made = act or room.act(room.head)
    await done(room, lambda session: subjects.change(session, made, which, draft))


async def all_subjects(room: ClassRoom, actor: Actor | None = None) -> list[tuple[str, str, str]]:
    who = actor or room.act().actor
    found = await done(room, lambda session: subjects.listed(session, who, room.school.id, FIRST_BELL))
    return [(card.name, card.part, card.service) for card in found]


@pytest.mark.req("YEAR-07")
async def test_rooms_are_listed_by_number_then_by_name(room: ClassRoom) -> None:
    for name in ("спортзал", "10", "2", "2 А"):
        await add_room(room, name)
    listed = await all_rooms(room)
    assert [card.name for card in listed] == ["2", "2 А", "10", "спортзал"]


async def test_a_room_is_changed_and_each_change_is_audited(room: ClassRoom) -> None:
    made = await add_room(room, " 12 ", seats=30)
    room.hands.move(minutes=1)
    await change_room(room, made, RoomDraft("12а", 28, shared=True))
    (card,) = await all_rooms(room)
    assert card == rooms.RoomCard(made, "12а", 28, shared=True, closed=False)
    (added,) = await room.watch.audit("room.add")
    (changed,) = await room.watch.audit("room.change")
    assert json.loads(added["after"]) == {"name": "12", "seats": 30, "shared": False, "closed": False}
    assert changed["before"] == added["after"]
    assert json.loads(changed["after"]) == {"name": "12а", "seats": 28, "shared": True, "closed": False}


async def test_a_room_is_added_once_however_it_is_spelt_and_however_often(room: ClassRoom) -> None:
    act = room.act(room.head, "once")
    assert await add_room(room, "Спортзал", act) == await add_room(room, "Спортзал", act)
    before = await room.watch.everything()
    assert await refused(add_room(room, "спортзал ")) == (Conflict, "room-there")
    assert await refused(add_room(room, "  ")) == (Invalid, "text-needed")
    assert await refused(add_room(room, "к" * 41)) == (Invalid, "text-too-long")
    for seats in (0, 2001):
        assert await refused(add_room(room, "12", seats=seats)) == (Invalid, "room-seats")
    assert await room.watch.everything() == before


async def test_rooms_and_subjects_that_look_the_same_are_the_same(room: ClassRoom) -> None:
    await add_room(room, "\u202e12\u00ad")
    await add_subject(room, "химия\u200b")
    async with room.database.begin() as session:
        session.add(Room(id=uuid4(), school_id=room.school.id, name="14\u200b"))
        session.add(Subject(id=uuid4(), school_id=room.school.id, name="физика\u200b"))
    assert {card.name for card in await all_rooms(room)} == {"12", "14\u200b"}
    for name in ("12", "1\u200b2", "14"):
        assert await refused(add_room(room, name)) == (Conflict, "room-there")
    for name in ("химия", "хи\u00adмия", "физика"):
        assert await refused(add_subject(room, name)) == (Conflict, "subject-there")
    for name in ("\u202e", "\u00ad\u200b"):
        assert await refused(add_room(room, name)) == (Invalid, "text-needed")
        assert await refused(add_subject(room, name)) == (Invalid, "text-needed")


async def test_two_who_add_the_same_room_at_once_do_not_both(room: ClassRoom) -> None:
    async with room.database.begin() as session:
        await rooms.add(session, room.act(room.head), room.school.id, RoomDraft("12"))
        late = asyncio.create_task(refused(add_room(room, "12")))
        await eventually(room.watch.blocked)
    assert await late == (Conflict, "room-there")


async def weekly(room: ClassRoom, which: UUID, **values: Any) -> None:
    """Put the lesson of the class room's timetable into a room."""
    async with room.database.begin() as session:
        slot = (await session.execute(select(Slot))).scalar_one()
        slot.room_id = which
        for name, value in values.items():
            setattr(slot, name, value)


async def dated(room: ClassRoom, which: UUID | None, **values: Any) -> None:
    async with room.database.begin() as session:
        lesson = await session.get_one(Lesson, room.lessons[0])
        lesson.room_id = which
        for name, value in values.items():
            setattr(lesson, name, value)


async def test_a_room_with_lessons_stays_open(room: ClassRoom) -> None:
    made = await add_room(room, "12")
    await weekly(room, made)
    with pytest.raises(Conflict, match="room-in-use") as found:
        await close(room, made)
    assert found.value.details == {"name": "12", "weekly": 1, "dated": 0}
    await weekly(room, made, until=date(2026, 11, 23))
    await dated(room, made, day=DAY)
    with pytest.raises(Conflict, match="room-in-use") as found:
        await close(room, made)
    assert found.value.details == {"name": "12", "weekly": 0, "dated": 1}
    await dated(room, made, cancelled="other")
    await close(room, made)
    (card,) = await all_rooms(room)
    assert card.closed
    await close(room, made, closed=False)
    assert [row["subject"] for row in await room.watch.audit("room.close")] == [f"room/{made}"]
    assert len(await room.watch.audit("room.open")) == 1


async def test_a_lesson_of_the_past_does_not_keep_a_room_open(room: ClassRoom) -> None:
    made = await add_room(room, "12")
    await weekly(room, made, until=date(2026, 11, 23))
    await dated(room, made, day=date(2026, 11, 23))
    await close(room, made)
    before = await room.watch.everything()
    act = room.act(room.head, "again")
    await close(room, made, act)
    after = await room.watch.everything()
    assert after["core.audit"] == before["core.audit"]


@pytest.mark.req("YEAR-05")
async def test_subjects_are_listed_in_two_parts_lessons_first(room: ClassRoom) -> None:
    await add_subject(room, "разговоры о важном", service=Service.EXTRA_CURRICULAR, part=PlanPart.SCHOOL)
    await add_subject(room, "краеведение", part=PlanPart.SCHOOL)
    await add_subject(room, "физика")
    await add_subject(room, "биология")
    assert await all_subjects(room) == [
        ("биология", "federal", "basic"),
        ("математика", "federal", "basic"),
        ("физика", "federal", "basic"),
        ("краеведение", "school", "basic"),
        ("разговоры о важном", "school", "extra-curricular"),
    ]


@pytest.mark.req("GEN-17")
async def test_a_subject_is_entered_in_full_from_a_lower_case_letter_and_exactly_as_it_is_given(
    room: ClassRoom,
) -> None:
    await add_subject(room, "история России")
    await add_subject(room, "россиеведение", service=Service.EXTRA_CURRICULAR)
    before = await room.watch.everything()
    assert await refused(add_subject(room, "Физика")) == (Invalid, "subject-name-capital")
    assert await refused(add_subject(room, "матем.")) == (Invalid, "subject-name-short")
    assert await refused(add_subject(room, "ОБЖ")) == (Invalid, "subject-name-short")
    assert await refused(add_subject(room, "история россии")) == (Conflict, "subject-there")
    assert await room.watch.everything() == before
    assert ("история России", "federal", "basic") in await all_subjects(room)


async def test_a_subject_is_renamed_and_keeps_its_lessons(room: ClassRoom) -> None:
    made = await done(room, lambda session: session.scalar(select(Subject.id)))
    assert made is not None
    await change_subject(room, made, SubjectDraft("алгебра", PlanPart.SCHOOL, Service.ADDITIONAL))
    assert await all_subjects(room) == [("алгебра", "school", "additional")]
    (row,) = await room.watch.audit("subject.change")
    assert json.loads(row["before"]) == {"name": "математика", "part": "federal", "service": "basic"}
    assert json.loads(row["after"]) == {"name": "алгебра", "part": "school", "service": "additional"}
    counted = select(func.count(Lesson.id)).where(Lesson.subject_id == made)
    assert await done(room, lambda session: session.scalar(counted)) == 1


async def test_a_name_that_a_list_once_brought_may_stay_while_the_rest_is_changed(room: ClassRoom) -> None:
    old = uuid4()
    async with room.database.begin() as session:
        session.add(Subject(id=old, school_id=room.school.id, name="ОБЖ"))
    await change_subject(room, old, SubjectDraft("ОБЖ", PlanPart.SCHOOL))
    assert ("ОБЖ", "school", "basic") in await all_subjects(room)
    assert await refused(change_subject(room, old, SubjectDraft("ИЗО"))) == (Invalid, "subject-name-short")
    assert await refused(change_subject(room, old, SubjectDraft("математика"))) == (Conflict, "subject-there")


async def test_a_change_of_nothing_and_a_repeat_leave_no_audit(room: ClassRoom) -> None:
    act = room.act(room.head, "once")
    made = await add_subject(room, "физика", act)
    assert await add_subject(room, "физика", act) == made
    rename = room.act(room.head, "rename")
    await change_subject(room, made, SubjectDraft("физика"))
    await change_subject(room, made, SubjectDraft("химия"), rename)
    await change_subject(room, made, SubjectDraft("биология"), rename)
    assert [len(await room.watch.audit(name)) for name in ("subject.add", "subject.change")] == [1, 1]
    assert "химия" in {name for name, _, _ in await all_subjects(room)}


async def test_teachers_see_rooms_and_subjects_and_change_none(room: ClassRoom) -> None:
    made, subject = await add_room(room, "12"), await add_subject(room, "физика")
    before = await room.watch.everything()
    for stranger in (room.teacher, room.class_teacher):
        act = room.act(stranger)
        assert len(await all_rooms(room, stranger)) == 1
        assert len(await all_subjects(room, act.actor)) == 2
        for doing in (
            add_room(room, "13", act),
            close(room, made, act),
            change_room(room, made, RoomDraft("13"), act),
            add_subject(room, "химия", act),
            change_subject(room, subject, SubjectDraft("химия"), act),
        ):
            assert await refused(doing) == (Forbidden, "not-allowed")
    for pupil in room.pupils[:1]:
        assert await refused(all_rooms(room, pupil)) == (Forbidden, "not-allowed")
        assert await refused(all_subjects(room, Actor("telegram", pupil))) == (Forbidden, "not-allowed")
    assert await room.watch.everything() == before


async def test_what_is_not_there_is_not_found(room: ClassRoom) -> None:
    assert await refused(close(room, uuid4())) == (NotFound, "room-unknown")
    assert await refused(change_subject(room, uuid4(), SubjectDraft("химия"))) == (NotFound, "subject-unknown")


async def test_another_school_may_have_the_same_names_and_touches_nothing_here(room: ClassRoom) -> None:
    made = await add_room(room, "12")
    other = await room.builder.school("Школа «Парус»")
    head = await room.builder.teacher(other, "Белов Иван Ильич", administers=True)
    act = Act(Actor("telegram", head), datetime(2026, 11, 24, 4, tzinfo=UTC), "other")
    await done(room, lambda session: rooms.add(session, act, other.id, RoomDraft("12")))
    closing = done(room, lambda session: rooms.set_closed(session, act, made, closed=True))
    assert await refused(closing) == (Forbidden, "not-allowed")
    assert [card.id for card in await all_rooms(room)] == [made]
    names = select(func.count(Room.id)).where(Room.name == "12")
    assert await done(room, lambda session: session.scalar(names)) == 2
