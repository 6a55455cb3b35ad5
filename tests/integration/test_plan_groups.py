"""Groups as they are kept: made, divided, filled and emptied by date, refused by name, written by whoever may."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, time
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL, event, select, true

from core.actor import OFFICE, Act, Actor
from core.database import Database
from core.movement import enrolments
from core.plan import group_lists, groups, study_groups
from core.plan.group_lists import GroupTrouble
from core.plan.groups import Left
from core.plan.plan_tables import GroupMember, SchoolYear, StudyGroup
from core.plan.study_groups import GroupKind, NewGroup, Purpose
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.tables import Lesson, Pupil, Slot, Subject
from core.timetable import dated
from core.year.span import Span
from tests.integration.core_world import ClassRoom, class_room, refused

YEAR = 2026
SEPTEMBER, OCTOBER, DECEMBER = date(2026, 9, 1), date(2026, 10, 5), date(2026, 12, 30)


@dataclass
class Halves:
    """A class that is divided for English."""

    room: ClassRoom
    english: UUID
    first: UUID
    second: UUID

    @property
    def act(self) -> Act:
        return Act(OFFICE, self.room.hands.at, str(uuid4()))

    def by(self, person: UUID) -> Act:
        return replace(self.act, actor=Actor("telegram", person))

    def pupils(self, *numbers: int) -> tuple[UUID, ...]:
        return tuple(self.room.pupils[number] for number in numbers)

    async def join(self, group: UUID, *numbers: int, since: date = SEPTEMBER, until: date | None = None) -> None:
        async with self.room.database.begin() as session:
            await groups.join(session, self.act, group, self.pupils(*numbers), since, until)

    async def leave(self, group: UUID, *numbers: int, last_day: date) -> None:
        async with self.room.database.begin() as session:
            await groups.leave(session, self.act, group, self.pupils(*numbers), last_day)

    async def transfer(self, old: UUID, new: UUID, *numbers: int, on: date) -> None:
        async with self.room.database.begin() as session:
            await groups.transfer(session, self.act, self.pupils(*numbers), old, new, on)

    async def create(self, wanted: NewGroup, act: Act | None = None) -> UUID:
        async with self.room.database.begin() as session:
            return await study_groups.create(session, act or self.act, self.room.school.id, wanted)

    async def members(self, group: UUID, day: date) -> set[int]:
        async with self.room.database.begin() as session:
            return self.numbers(await groups.members_on(session, group, day))

    def numbers(self, pupils: Iterable[UUID]) -> set[int]:
        return {self.room.pupils.index(one) for one in pupils}

    async def rows(self) -> list[tuple[UUID, int, date, date | None]]:
        async with self.room.database.begin() as session:
            found = (await session.scalars(select(GroupMember))).all()
            lines = [(one.group_id, self.room.pupils.index(one.pupil_id), one.since, one.until) for one in found]
        return sorted(lines, key=lambda line: (line[1], line[2], line[0]))


@pytest.fixture
async def halves(core_database: Database, database_url: URL) -> Halves:
    room = await class_room(core_database, database_url, lessons=0)
    return await divided(room)


async def divided(room: ClassRoom) -> Halves:
    english = Subject(id=uuid4(), school_id=room.school.id, name="английский язык")
    made = Halves(room, english.id, uuid4(), uuid4())
    async with room.database.begin() as session:
        session.add(english)
        await session.flush()
        parts = ("английский 1", "английский 2")
        made.first, made.second = await study_groups.divide(session, made.act, room.school_class, english.id, parts)
    return made


@pytest.mark.req("YEAR-18")
async def test_a_class_is_divided_into_two_groups_for_each_of_the_subjects_of_the_rule(halves: Halves) -> None:
    room = halves.room
    for name in ("физическая культура", "труд (технология)", "русский язык"):
        async with room.database.begin() as session:
            subject = Subject(id=uuid4(), school_id=room.school.id, name=name)
            session.add(subject)
            await session.flush()
            parts = (f"{name}: первая", f"{name}: вторая")
            ids = await study_groups.divide(session, halves.act, room.school_class, subject.id, parts)
        await halves.join(ids[0], 0, 1)
        await halves.join(ids[1], 2, 3, 4)
        assert await halves.members(ids[0], OCTOBER) == {0, 1}
        assert await halves.members(ids[1], OCTOBER) == {2, 3, 4}
    await halves.join(halves.first, 0, 1, 2)
    assert await halves.members(halves.first, OCTOBER) == {0, 1, 2}
    assert await refused(halves.join(halves.second, 2)) == (Conflict, "group-member-in-rival")


@pytest.mark.req("YEAR-10")
async def test_groups_and_combined_classes_of_every_purpose_with_pupils_by_the_subject_they_chose(
    halves: Halves,
) -> None:
    room = halves.room
    other = await room.builder.school_class(room.school, "6А")
    chosen = {"физика": 0, "химия": 1}
    subjects = {name: Subject(id=uuid4(), school_id=room.school.id, name=name) for name in chosen}
    async with room.database.begin() as session:
        session.add_all(subjects.values())
    own = frozenset([room.school_class])
    for purpose in (Purpose.PROFILE, Purpose.ELECTIVE, Purpose.FACULTATIVE, Purpose.CLUB, Purpose.PROJECT):
        for name, number in chosen.items():
            wanted = NewGroup(f"{name}: {purpose}", own, purpose=purpose, subject=subjects[name].id)
            await halves.join(await halves.create(wanted), number)
    lectures = NewGroup("лекции", own | {other}, GroupKind.STREAM, Purpose.STREAM, subjects["физика"].id)
    await halves.join(await halves.create(lectures), chosen["физика"])
    both = NewGroup("5–6", own | {other}, GroupKind.COMBINED, Purpose.COMBINED)
    combined = await halves.create(both)
    async with room.database.begin() as session:
        cards = await group_lists.of_year(session, OFFICE, room.school.id, YEAR, OCTOBER, room.hands.at)
    formed = [one for one in cards if one.subject in chosen]
    assert len(formed) == 11
    assert all(halves.numbers(one.members) == {chosen[one.subject]} for one in formed if one.subject is not None)
    assert await halves.members(combined, OCTOBER) == {0, 1, 2, 3, 4}


@pytest.mark.req("YEAR-20")
async def test_composition_changes_in_the_year_and_what_was_is_kept(halves: Halves) -> None:
    await halves.join(halves.first, 0, 1, 2)
    await halves.join(halves.second, 3, 4)
    await halves.transfer(halves.first, halves.second, 2, on=OCTOBER)
    await halves.leave(halves.second, 4, last_day=date(2026, 11, 1))
    await halves.join(halves.second, 4, since=date(2026, 11, 23), until=DECEMBER)
    assert await halves.rows() == [
        (halves.first, 0, SEPTEMBER, None),
        (halves.first, 1, SEPTEMBER, None),
        (halves.first, 2, SEPTEMBER, date(2026, 10, 4)),
        (halves.second, 2, OCTOBER, None),
        (halves.second, 3, SEPTEMBER, None),
        (halves.second, 4, SEPTEMBER, date(2026, 11, 1)),
        (halves.second, 4, date(2026, 11, 23), DECEMBER),
    ]
    shown = [await halves.members(halves.second, day) for day in (date(2026, 8, 31), SEPTEMBER, OCTOBER, DECEMBER)]
    assert shown == [set(), {3, 4}, {2, 3, 4}, {2, 3, 4}]
    later = (date(2026, 11, 1), date(2026, 11, 2), date(2026, 12, 31))
    assert [await halves.members(halves.second, day) for day in later] == [{2, 3, 4}, {2, 3}, {2, 3}]
    changed = [
        row for row in await halves.room.watch.audit("group.member") if str(halves.pupils(2)[0]) in row["subject"]
    ]
    assert len(changed) == 2
    assert changed[1]["before"] != changed[1]["after"]


async def test_all_join_or_nobody_and_whoever_cannot_is_named(halves: Halves) -> None:
    await halves.join(halves.first, 1)
    with pytest.raises(Conflict) as told:
        await halves.join(halves.first, 0, 1)
    assert told.value.code == "group-member-already-in"
    assert told.value.details == {"pupil": "Ёлкин Вадим", "group": "английский 1", "day": "01.09.2026"}
    assert await halves.members(halves.first, OCTOBER) == {1}


async def test_who_is_not_in_the_class_on_that_day_does_not_join(halves: Halves) -> None:
    room = halves.room
    other = await room.builder.school_class(room.school, "5Б")
    stranger = await room.builder.pupil(other, "Чужова Зоя")
    async with room.database.begin() as session:
        with pytest.raises(Conflict) as told:
            await groups.join(session, halves.act, halves.first, [*halves.pupils(0), stranger], SEPTEMBER)
    assert told.value.code == "group-member-elsewhere"
    assert told.value.details["pupil"] == "Чужова Зоя"
    async with room.database.begin() as session:
        await enrolments.end(session, [room.pupils[0]], date(2026, 10, 1))
    assert await refused(halves.join(halves.first, 0, since=OCTOBER)) == (Conflict, "group-member-elsewhere")
    with pytest.raises(Conflict) as told:
        await halves.join(halves.first, 0, until=OCTOBER)
    assert told.value.details["day"] == "02.10.2026", "the first day on which he is no longer there"
    await halves.join(halves.first, 0, since=SEPTEMBER)
    assert await halves.rows() == [(halves.first, 0, SEPTEMBER, date(2026, 10, 1))]
    assert await halves.members(halves.first, date(2026, 10, 1)) == {0}
    assert await halves.members(halves.first, date(2026, 10, 2)) == set(), "he has left the school"


async def test_nobody_learns_the_name_of_another_schools_pupil(halves: Halves) -> None:
    room = halves.room
    elsewhere = await room.builder.school("Другая школа")
    theirs = await room.builder.pupil(await room.builder.school_class(elsewhere, "5А"), "Тайный Илья")
    async with room.database.begin() as session:
        with pytest.raises(NotFound) as told:
            await groups.join(session, halves.act, halves.first, [theirs], SEPTEMBER)
        assert told.value.code == "pupil-unknown"
        with pytest.raises(NotFound):
            await groups.leave(session, halves.act, halves.first, [theirs], OCTOBER)


async def test_a_pupil_who_leaves_the_class_leaves_its_groups(halves: Halves) -> None:
    room = halves.room
    parallel = await room.builder.school_class(room.school, "5Б")
    stream = NewGroup("поток", frozenset([room.school_class, parallel]), GroupKind.STREAM, Purpose.STREAM)
    club = NewGroup("шахматы", frozenset([room.school_class]), purpose=Purpose.CLUB)
    async with room.database.begin() as session:
        stream_id = await study_groups.create(session, halves.act, room.school.id, stream)
        club_id = await study_groups.create(session, halves.act, room.school.id, club)
    await halves.join(halves.first, 0)
    await halves.join(stream_id, 0)
    await halves.join(club_id, 0, since=date(2026, 12, 1))
    async with room.database.begin() as session:
        left = await groups.leave_all(session, room.pupils[0], [room.school_class], OCTOBER, to=parallel)
    assert left == (Left(halves.first, SEPTEMBER, OCTOBER), Left(club_id, date(2026, 12, 1), None))
    assert await halves.rows() == sorted(
        [(halves.first, 0, SEPTEMBER, OCTOBER), (stream_id, 0, SEPTEMBER, None)], key=lambda line: line[0]
    )
    async with room.database.begin() as session:
        assert await groups.leave_all(session, room.pupils[0], [room.school_class], OCTOBER) == (
            Left(stream_id, SEPTEMBER, OCTOBER),
        )
        assert await groups.leave_all(session, room.pupils[0], [room.school_class], OCTOBER) == ()


async def test_everybody_of_its_classes_is_in_a_combined_class_without_a_list(halves: Halves) -> None:
    room = halves.room
    small = await room.builder.school_class(room.school, "3А")
    third = await room.builder.pupil(small, "Третьяк Оля")
    both = NewGroup("3–5", frozenset([room.school_class, small]), GroupKind.COMBINED, Purpose.COMBINED)
    async with room.database.begin() as session:
        combined = await study_groups.create(session, halves.act, room.school.id, both)
        assert await groups.members_on(session, combined, OCTOBER) == {*room.pupils, third}
    assert await refused(halves.join(combined, 0)) == (Conflict, "group-without-list")
    async with room.database.begin() as session:
        await enrolments.end(session, [third], OCTOBER)
        assert await groups.members_on(session, combined, OCTOBER) == {*room.pupils, third}
        assert await groups.members_on(session, combined, date(2026, 10, 6)) == set(room.pupils)


async def test_one_condition_tells_in_a_statement_what_members_on_tells(halves: Halves) -> None:
    await halves.join(halves.first, 0, 1, until=OCTOBER)
    await halves.join(halves.second, 3)
    for day in (SEPTEMBER, OCTOBER, DECEMBER):
        async with halves.room.database.begin() as session:
            each = select(StudyGroup.id, Pupil.person_id).join(Pupil, true())
            query = each.where(groups.is_member_on(StudyGroup.id, Pupil.person_id, day))
            told = {(group, halves.room.pupils.index(pupil)) for group, pupil in await session.execute(query)}
        assert told == {
            (group, number) for group in (halves.first, halves.second) for number in await halves.members(group, day)
        }


IMPOSSIBLE = (
    (NewGroup("  ", frozenset(), subject=uuid4()), (Invalid, "text-needed")),
    (NewGroup("а", frozenset(), subject=uuid4()), (Invalid, "group-classes-needed")),
    (NewGroup("а", frozenset(), purpose=Purpose.SUBGROUP), (Invalid, "group-subject-needed")),
    (NewGroup("а", frozenset(), GroupKind.GROUP, Purpose.STREAM), (Invalid, "group-kind-odd")),
    (NewGroup("а", frozenset(), GroupKind.COMBINED, Purpose.CLUB), (Invalid, "group-kind-odd")),
    (NewGroup("а", frozenset(), GroupKind.STREAM, Purpose.STREAM), (Invalid, "group-classes-needed")),
    (NewGroup("а", frozenset([uuid4()]), purpose=Purpose.CLUB, shift=4), (Invalid, "group-shift-odd")),
    (NewGroup("а", frozenset([uuid4()]), purpose=Purpose.CLUB), (NotFound, "class-gone")),
    (NewGroup("а", frozenset([uuid4()]), GroupKind.STREAM, Purpose.STREAM), (Invalid, "group-classes-few")),
)


async def test_a_group_that_cannot_be_is_refused(halves: Halves) -> None:
    before = await halves.room.watch.everything()
    for wanted, how in IMPOSSIBLE:
        assert await refused(halves.create(wanted)) == how
    strange = NewGroup("а", frozenset([halves.room.school_class]), subject=uuid4())
    assert await refused(halves.create(strange)) == (NotFound, "plan-subject-unknown")
    assert await halves.room.watch.everything() == before


async def test_titles_tell_groups_apart_and_a_division_has_one_set_of_classes(halves: Halves) -> None:
    room = halves.room
    other = await room.builder.school_class(room.school, "5Б")
    async with room.database.begin() as session:
        division = (await session.get_one(StudyGroup, halves.first)).division
        same = NewGroup("Английский  1", frozenset([room.school_class]), purpose=Purpose.CLUB)
        how = await refused(study_groups.create(session, halves.act, room.school.id, same))
        assert how == (Conflict, "group-there")
        third = NewGroup("английский 3", frozenset([other]), subject=halves.english, division=division)
        how = await refused(study_groups.create(session, halves.act, room.school.id, third))
        assert how == (Conflict, "group-division-of-others")
        again = await refused(study_groups.divide(session, halves.act, room.school_class, halves.english, ("х", "у")))
        assert again == (Conflict, "group-divided-already")
        alone = await refused(study_groups.divide(session, halves.act, other, halves.english, ("один",)))
        assert alone == (Invalid, "group-parts-few")


async def test_a_repeat_of_an_act_changes_nothing(halves: Halves) -> None:
    room, act = halves.room, halves.act
    wanted = NewGroup("шахматы", frozenset([room.school_class]), purpose=Purpose.CLUB)
    made = set()
    for _ in range(2):
        async with room.database.begin() as session:
            made.add(await study_groups.create(session, act, room.school.id, wanted))
    (club,) = made
    once = halves.act
    for _ in range(2):
        async with room.database.begin() as session:
            await groups.join(session, once, club, halves.pupils(0), SEPTEMBER)
    assert await halves.rows() == [(club, 0, SEPTEMBER, None)]
    assert len(await room.watch.audit("group.create")) == 3


async def test_a_group_is_changed_and_keeps_whoever_is_in_it(halves: Halves) -> None:
    room = halves.room
    other = await room.builder.school_class(room.school, "5Б")
    both = NewGroup("шахматы", frozenset([room.school_class, other]), purpose=Purpose.CLUB)
    async with room.database.begin() as session:
        club = await study_groups.create(session, halves.act, room.school.id, both)
    await halves.join(club, 0)
    async with room.database.begin() as session:
        without = replace(both, classes=frozenset([other]))
        how = await refused(study_groups.change(session, halves.act, club, without))
        assert how == (Conflict, "group-class-in-it")
    async with room.database.begin() as session:
        named = replace(both, title="шахматный кружок", classes=frozenset([room.school_class]), shift=2)
        await study_groups.change(session, halves.act, club, named)
        (card,) = [one for one in await group_lists.cards(session, room.school.id, YEAR, OCTOBER) if one.id == club]
    assert (card.title, card.shift, card.of_classes, card.members) == (
        "шахматный кружок",
        2,
        "5А",
        frozenset([room.pupils[0]]),
    )
    (row,) = await room.watch.audit("group.change")
    assert "шахматы" in row["before"]
    assert "шахматный кружок" in row["after"]


def weekly(halves: Halves, group: UUID) -> Slot:
    return Slot(
        id=uuid4(),
        school_id=halves.room.school.id,
        year=YEAR,
        group_id=group,
        weekday=2,
        number=3,
        starts=time(10),
        ends=time(10, 45),
        subject_id=halves.english,
        teacher_id=halves.room.teacher,
    )


async def test_a_group_is_closed_with_a_day_unless_it_still_has_lessons(halves: Halves) -> None:
    room = halves.room
    await halves.join(halves.first, 0)
    await halves.join(halves.first, 1, until=SEPTEMBER)
    await halves.join(halves.first, 2, since=DECEMBER)
    slot = weekly(halves, halves.first)
    async with room.database.begin() as session:
        session.add(slot)
    async with room.database.begin() as session:
        how = await refused(study_groups.close(session, halves.act, halves.first, OCTOBER))
        assert how == (Conflict, "group-has-lessons")
    async with room.database.begin() as session:
        (await session.get_one(Slot, slot.id)).until = OCTOBER
    async with room.database.begin() as session:
        await study_groups.close(session, halves.act, halves.first, OCTOBER)
    assert await halves.rows() == [
        (halves.first, 0, SEPTEMBER, OCTOBER),
        (halves.first, 1, SEPTEMBER, SEPTEMBER),
    ]
    assert await refused(halves.join(halves.first, 3)) == (Conflict, "group-closed")


async def test_a_closed_year_is_not_written(halves: Halves) -> None:
    room = halves.room
    async with room.database.begin() as session:
        year = SchoolYear(
            school_id=room.school.id, year=YEAR, calendar={}, bells=[], version=1, closed_at=room.hands.at
        )
        session.add(year)
    assert await refused(halves.join(halves.first, 0)) == (Conflict, "plan-year-closed")
    wanted = NewGroup("шахматы", frozenset([room.school_class]), purpose=Purpose.CLUB)
    async with room.database.begin() as session:
        how = await refused(study_groups.create(session, halves.act, room.school.id, wanted))
        assert how == (Conflict, "plan-year-closed")


async def test_a_class_teacher_writes_groups_of_his_class_alone(halves: Halves) -> None:
    room = halves.room
    other = await room.builder.school_class(room.school, "5Б")
    own = NewGroup("шахматы", frozenset([room.school_class]), purpose=Purpose.CLUB)
    both = replace(own, title="шашки", classes=frozenset([room.school_class, other]))
    async with room.database.begin() as session:
        for person, wanted in ((room.teacher, own), (room.stranger, own), (room.class_teacher, both)):
            how = await refused(study_groups.create(session, halves.by(person), room.school.id, wanted))
            assert how == (Forbidden, "not-allowed")
        for person in (room.class_teacher, room.head):
            title = f"шахматы {person}"[:20]
            await study_groups.create(session, halves.by(person), room.school.id, replace(own, title=title))
        shared = await study_groups.create(session, halves.by(room.head), room.school.id, both)
    async with room.database.begin() as session:
        await groups.join(session, halves.by(room.class_teacher), halves.first, halves.pupils(0), SEPTEMBER)
        for person, group in ((room.class_teacher, shared), (room.teacher, halves.first)):
            how = await refused(groups.join(session, halves.by(person), group, halves.pupils(1), SEPTEMBER))
            assert how == (Forbidden, "not-allowed")


@pytest.mark.req("YEAR-11")
async def test_a_stream_is_of_several_classes_and_of_more_than_thirty(halves: Halves) -> None:
    room = halves.room
    other = await room.builder.school_class(room.school, "5Б")
    more = await room.builder.pupils(other, *(f"Поточный Сын{'а' * number}" for number in range(26)))
    wanted = NewGroup("поток", frozenset([room.school_class, other]), GroupKind.STREAM, Purpose.STREAM)
    async with room.database.begin() as session:
        stream = await study_groups.create(session, halves.act, room.school.id, wanted)
        await groups.join(session, halves.act, stream, [*room.pupils[:4], *more], SEPTEMBER)
        found = await group_lists.found_problems(session, room.school.id, YEAR, OCTOBER)
        small = [one for one in found if one.trouble is GroupTrouble.SMALL_STREAM]
        assert [(one.group, one.count) for one in small] == [(stream, 30)]
        await groups.join(session, halves.act, stream, room.pupils[4:5], SEPTEMBER)
        found = await group_lists.found_problems(session, room.school.id, YEAR, OCTOBER)
        assert [one for one in found if one.group == stream] == []
        assert len(await groups.members_on(session, stream, OCTOBER)) == 31
    lecture_hall = await room.builder.room(room.school.id, "лекционный зал")
    async with room.database.begin() as session:
        slot = weekly(halves, stream)
        slot.room_id = lecture_hall
        session.add(slot)
    async with room.database.begin() as session:
        await dated.make(session, room.school, YEAR, Span(OCTOBER, date(2026, 10, 11)), room.hands.at)
        (lesson,) = (await session.scalars(select(Lesson).where(Lesson.group_id == stream))).all()
        assert (set(lesson.classes), lesson.room_id) == ({room.school_class, other}, lecture_hall)


async def test_whoever_is_in_no_part_of_a_divided_class_is_told_of(halves: Halves) -> None:
    await halves.join(halves.first, 0, 1)
    async with halves.room.database.begin() as session:
        found = await group_lists.problems(session, OFFICE, halves.room.school.id, YEAR, OCTOBER, halves.room.hands.at)
    told = {(one.trouble, one.group): halves.numbers(one.pupils) for one in found}
    assert told == {(GroupTrouble.EMPTY, halves.second): set(), (GroupTrouble.OUTSIDE, halves.first): {2, 3, 4}}


async def test_lists_are_in_the_order_of_class_lists(halves: Halves) -> None:
    await halves.join(halves.first, 4, 2, 0, 1)
    room = halves.room
    async with room.database.begin() as session:
        there = await group_lists.members(
            session, Actor("telegram", room.teacher), halves.first, OCTOBER, room.hands.at
        )
        assert [one.name.surname for one in there] == ["Абрамов", "Ёлкин", "Иванова", "Яшин"]
        cards = await group_lists.of_year(session, OFFICE, room.school.id, YEAR, OCTOBER, room.hands.at)
        assert [(one.title, one.subject, one.of_classes, len(one.members)) for one in cards] == [
            ("английский 1", "английский язык", "5А", 4),
            ("английский 2", "английский язык", "5А", 0),
        ]


async def test_all_of_a_class_join_in_as_many_statements_as_one(halves: Halves) -> None:
    counts = []
    for group, numbers in ((halves.first, (0,)), (halves.second, (1, 2, 3, 4))):
        said: list[object] = []

        def hear(*about: object, heard: list[object] = said) -> None:
            heard.append(about)

        async with halves.room.database.begin() as session:
            connection = (await session.connection()).sync_connection
            event.listen(connection, "before_cursor_execute", hear)
            await groups.join(session, halves.act, group, halves.pupils(*numbers), SEPTEMBER)
            event.remove(connection, "before_cursor_execute", hear)
        counts.append(len(said))
    assert counts[0] == counts[1]
    assert 5 < counts[0] < 20
