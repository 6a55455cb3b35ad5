"""The roll of a lesson: called, repeated, replaced, corrected, taken back; fact, audit and event go together."""

from datetime import date, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL, event

from core.access_names import Role
from core.actor import OFFICE, Act
from core.database import Database
from core.events import AbsenceDisputedState, AbsenceKind, DaySituation, LeftEarly, ProposedReason, RollStep
from core.learning import announced_absences, attendance, roll_deadlines
from core.learning.announced_absences import AbsenceDraft, AbsenceReason
from core.learning.entries import Entry
from core.refusals import Conflict, Invalid, NotFound
from core.school import school_rules
from core.tables import RoleAssignment, SchoolClass
from core.year.span import Span
from tests.integration.core_world import DAY, FIRST_BELL, ClassRoom, class_room, missed, refused


@pytest.fixture
async def room(core_database: Database, database_url: URL) -> ClassRoom:
    return await class_room(core_database, database_url)


async def rule(room: ClassRoom, **changes: Any) -> None:
    async with room.database.begin() as session:
        await school_rules.change(session, Act(OFFICE, room.hands.at, str(uuid4())), room.school.id, changes)


async def test_the_absent_are_recorded_and_everybody_else_was_present(room: ClassRoom) -> None:
    recorded = await room.record(1, 4)
    assert (recorded.version, recorded.absent) == (1, 2)
    assert set(recorded.changed) == {room.pupils[1], room.pupils[4]}
    assert await room.codes() == {1: "н", 4: "н"}
    assert await room.is_called()
    assert (await room.codes(1), await room.is_called(1)) == ({}, False)


async def test_nobody_absent_is_a_roll_that_was_called(room: ClassRoom) -> None:
    recorded = await room.record()
    assert (recorded.version, recorded.absent, recorded.changed) == (1, 0, ())
    assert await room.is_called()
    assert await room.watch.events("attendance/") == []


async def test_the_event_carries_the_whole_day(room: ClassRoom) -> None:
    await room.record(1)
    (event,) = await room.watch.events("attendance/")
    (state,) = await room.states(1)
    assert (event.type, event.school, event.time) == ("zvonok.attendance_day", room.school.id, room.hands.at)
    assert (state.pupil, state.pupil_name, state.class_title, state.day) == (room.pupils[1], "Ёлкин Вадим", "5А", DAY)
    (absence,) = state.absences
    assert (absence.lesson, absence.number, absence.subject_name) == (room.lessons[0], 1, "математика")
    assert (absence.starts_at, absence.code, absence.kind) == (FIRST_BELL, "н", AbsenceKind.UNEXPLAINED)
    assert absence.recorded_at == room.hands.at
    assert (state.answers, state.missed_lessons) == ((), 1)


async def test_lessons_are_parts_of_one_day_in_the_order_of_the_bell(room: ClassRoom) -> None:
    room.hands.move(hours=3)
    for lesson in (2, 0, 1):
        await room.record(0, lesson=lesson)
    states = await room.states()
    assert [[absence.number for absence in state.absences] for state in states] == [[3], [1, 3], [1, 2, 3]]
    assert missed(states) == [1, 2, 3]


@pytest.mark.req("ATT-03", "ATT-04")
async def test_the_absence_is_recorded_by_its_cause(room: ClassRoom) -> None:
    async with room.database.begin() as session:
        codes = {room.pupils[0]: "н", room.pupils[1]: "б", room.pupils[2]: "ну"}
        await attendance.record(session, room.act(), room.lessons[0], codes)
    told = [state for pupil in (0, 1, 2) for state in await room.states(pupil)]
    assert [(state.absences[0].kind, state.absences[0].told, state.missed_lessons) for state in told] == [
        (AbsenceKind.UNEXPLAINED, True, 1),
        (AbsenceKind.ILLNESS, False, 1),
        (AbsenceKind.EXCUSED, False, 1),
    ]
    assert await room.codes() == {0: "н", 1: "б", 2: "ну"}


@pytest.mark.req("ATT-05")
async def test_a_school_may_know_one_code_only_for_absent_for_whatever_cause(room: ClassRoom) -> None:
    only = {"code": "н", "kind": "unexcused", "missed": True, "told": True, "meaning": "не был"}
    await rule(room, absence_codes=[only])
    ill = AbsenceDraft(days=Span(DAY, DAY), reason=AbsenceReason.ILLNESS)
    async with room.database.begin() as session:
        await announced_absences.announce(session, room.act(room.class_teacher), room.pupils[1], ill)
        roll = await attendance.roll(session, room.act().actor, room.lessons[0], room.hands.at)
    expected = [line.expected for line in roll.pupils if line.expected is not None]
    assert [(one.code, one.reason) for one in expected] == [(None, AbsenceReason.ILLNESS)], "a hint without a code"
    before = await room.watch.everything()
    for code in ("б", "ну", "УП", "ОСВ"):
        assert await refused(room.record(1, code=code)) == (Invalid, "absence-code-unknown")
    assert await room.watch.everything() == before
    await room.record(0, 1)
    assert await room.codes() == {0: "н", 1: "н"}
    alike = {
        (one.code, one.kind, one.told, state.missed_lessons)
        for pupil in (0, 1)
        for state in await room.states(pupil)
        for one in state.absences
    }
    assert alike == {("н", AbsenceKind.UNEXPLAINED, True, 1)}, "ill or not"


@pytest.mark.req("ATT-06")
async def test_by_the_regulation_of_2023_the_list_of_codes_is_open_and_the_exempt_miss_nothing(room: ClassRoom) -> None:
    async with room.database.begin() as session:
        profile = Act(OFFICE, room.hands.at, "profile")
        await school_rules.choose_profile(session, profile, room.school.id, "school-2023")
    entries: dict[int, attendance.Written] = {0: "УП", 1: "б", 2: "осв", 3: "н"}
    await room.record()
    await room.correct(entries)
    assert await refused(room.correct({4: "ку"})) == (Invalid, "absence-code-unknown")
    async with room.database.begin() as session:
        codes = (await school_rules.of_school(session, room.school.id)).absence_codes
    drill = {"code": "КУ", "kind": "exempt", "missed": False, "told": True, "meaning": "кадетские учения"}
    await rule(room, absence_codes=[*(one.model_dump(mode="json") for one in codes), drill])
    await room.correct({4: "ку"})
    assert await room.codes() == {0: "УП", 1: "Б", 2: "ОСВ", 3: "н", 4: "КУ"}, "as the table writes them"
    seen = []
    for pupil in range(5):
        (state,) = await room.states(pupil)
        (one,) = state.absences
        seen.append((one.code, one.kind, one.told, one.is_told, state.missed_lessons))
    assert seen == [
        ("УП", AbsenceKind.EXCUSED, False, False, 1),
        ("Б", AbsenceKind.ILLNESS, False, False, 1),
        ("ОСВ", AbsenceKind.EXEMPT, False, False, 0),
        ("н", AbsenceKind.UNEXPLAINED, True, True, 1),
        ("КУ", AbsenceKind.EXEMPT, True, True, 0),
    ]


async def test_a_roll_is_not_taken_back_to_a_code_that_the_school_has_given_up(room: ClassRoom) -> None:
    await room.record(0, code="ну")
    recorded = await room.record(1)
    only = {"code": "н", "kind": "unexcused", "missed": True, "told": True, "meaning": "не был"}
    await rule(room, absence_codes=[only])
    before = await room.watch.everything()
    assert await refused(room.withdraw(recorded.version)) == (Invalid, "absence-code-unknown")
    assert await room.watch.everything() == before


async def test_who_is_exempt_from_a_lesson_is_neither_missing_from_it_nor_back_after_it(room: ClassRoom) -> None:
    async with room.database.begin() as session:
        profile = Act(OFFICE, room.hands.at, "profile")
        await school_rules.choose_profile(session, profile, room.school.id, "school-2023")
    room.hands.move(hours=3)
    await room.record(lesson=0)
    await room.record(0, 1, lesson=1, code="ОСВ")
    await room.record(1, lesson=2)
    assert (await room.states(0))[-1].situation is DaySituation.PRESENT
    assert (await room.states(1))[-1].situation is DaySituation.GONE
    await room.record(1, lesson=0)
    assert (await room.states(1))[-1].situation is DaySituation.ABSENT_ALL_DAY, "of all lessons that he has"


@pytest.mark.req("ATT-01")
async def test_within_twenty_minutes_the_absent_are_marked_and_who_has_not_done_it_is_told(room: ClassRoom) -> None:
    """Two classes at one bell: one teacher calls the roll in the twentieth minute, the other does not."""
    parallel = await room.builder.school_class(room.school, "5Б")
    await room.builder.pupil(parallel, "Лисин Ян")
    idle = await room.builder.lesson(parallel, room.stranger, time(8, 30))
    room.hands.at = FIRST_BELL + timedelta(minutes=19, seconds=59)
    assert (await room.record(1)).absent == 1
    told = []
    for _ in range(3):
        async with room.database.begin() as session:
            await roll_deadlines.tick(session, room.hands.at)
        events = [(one.subject, one.data) for one in await room.watch.events("roll/")]
        told.append([of for of, state in events if getattr(state, "step", None) is RollStep.LATE])
        room.hands.move(seconds=1)
    assert told == [[], [f"roll/{idle}"], [f"roll/{idle}"]]


async def test_calling_again_replaces_the_roll_and_tells_only_what_differs(room: ClassRoom) -> None:
    await room.record(0, 1)
    before = await room.watch.events("attendance/")
    recorded = await room.record(1, 2)
    assert (recorded.version, recorded.absent) == (2, 2)
    assert set(recorded.changed) == {room.pupils[0], room.pupils[2]}
    assert await room.codes() == {1: "н", 2: "н"}
    fresh = (await room.watch.events("attendance/"))[len(before) :]
    assert {event.subject for event in fresh} == {room.day(0).subject, room.day(2).subject}
    assert missed(await room.states(0)) == [1, 0]


async def test_the_same_command_twice_acts_once(room: ClassRoom) -> None:
    act = room.act(key="update/1")
    first = await room.record(0, act=act)
    before = await room.watch.everything()
    again = await room.record(0, act=act)
    assert (again.version, again.absent, again.changed) == (first.version, first.absent, ())
    assert await room.watch.everything() == before


async def test_a_correction_changes_single_entries(room: ClassRoom) -> None:
    await room.record(0, 1)
    recorded = await room.correct({0: None, 2: "б"})
    assert (recorded.version, recorded.absent) == (2, 2)
    assert await room.codes() == {1: "н", 2: "б"}
    assert (await room.states(0))[-1].absences == ()
    assert len(await room.states(1)) == 1


async def test_another_cause_is_a_correction(room: ClassRoom) -> None:
    await room.record(0)
    await room.correct({0: "б"})
    states = await room.states()
    assert [state.absences[0].kind for state in states] == [AbsenceKind.UNEXPLAINED, AbsenceKind.ILLNESS]
    assert missed(states) == [1, 1]


async def test_a_roll_that_was_not_called_cannot_be_corrected(room: ClassRoom) -> None:
    before = await room.watch.everything()
    assert await refused(room.correct({0: "н"})) == (Conflict, "roll-not-called")
    assert await room.watch.everything() == before


async def test_taking_back_the_first_calling_leaves_the_roll_uncalled(room: ClassRoom) -> None:
    recorded = await room.record(0, 1)
    taken = await room.withdraw(recorded.version)
    assert (taken.version, taken.absent) == (2, 0)
    assert (await room.codes(), await room.is_called()) == ({}, False)
    assert [len(state.absences) for state in await room.states()] == [1, 0]
    assert await refused(room.correct({0: "н"})) == (Conflict, "roll-not-called")


async def test_taking_back_a_later_calling_restores_the_one_before(room: ClassRoom) -> None:
    await room.record(0, code="б")
    recorded = await room.record(1)
    await room.withdraw(recorded.version)
    assert (await room.codes(), await room.is_called()) == ({0: "б"}, True)


async def test_taking_back_a_correction_restores_what_it_changed(room: ClassRoom) -> None:
    await room.record(0, 1)
    recorded = await room.correct({0: None, 2: "б"})
    await room.withdraw(recorded.version)
    assert await room.codes() == {0: "н", 1: "н"}


async def test_a_roll_called_anew_after_being_taken_back_is_uncalled_when_taken_back_again(room: ClassRoom) -> None:
    first = await room.record(0)
    await room.withdraw(first.version)
    second = await room.record(1)
    await room.withdraw(second.version)
    assert (await room.codes(), await room.is_called()) == ({}, False)


async def test_an_older_version_cannot_be_taken_back(room: ClassRoom) -> None:
    first = await room.record(0)
    await room.record(1)
    before = await room.watch.everything()
    assert await refused(room.withdraw(first.version)) == (Conflict, "roll-changed-since")
    assert await room.watch.everything() == before


async def test_what_nobody_called_cannot_be_taken_back(room: ClassRoom) -> None:
    assert await refused(room.withdraw(0)) == (Conflict, "roll-changed-since")
    first = await room.record(0)
    taken = await room.withdraw(first.version)
    assert await refused(room.withdraw(taken.version)) == (Conflict, "roll-changed-since")


async def test_taking_back_twice_under_one_key_acts_once(room: ClassRoom) -> None:
    recorded = await room.record(0)
    act = room.act(key="update/2")
    taken = await room.withdraw(recorded.version, act=act)
    before = await room.watch.everything()
    again = await room.withdraw(recorded.version, act=act)
    assert (again.version, again.absent, again.changed) == (taken.version, 0, ())
    assert await room.watch.everything() == before


async def test_correcting_twice_under_one_key_acts_once_even_if_the_roll_was_taken_back_since(room: ClassRoom) -> None:
    await room.record(0)
    act = room.act(key="update/3")
    corrected = await room.correct({1: "н"}, act=act)
    await room.withdraw(corrected.version)
    before = await room.watch.everything()
    again = await room.correct({1: "н"}, act=act)
    assert again.changed == ()
    assert await room.watch.everything() == before


async def test_a_roll_read_in_the_transaction_that_changed_it_is_the_new_one(room: ClassRoom) -> None:
    recorded = await room.record(0)
    actor = room.act().actor
    async with room.database.begin() as session:
        assert (await attendance.roll(session, actor, room.lessons[0], room.hands.at)).version == recorded.version
        taken = await attendance.withdraw(session, room.act(), room.lessons[0], recorded.version)
        assert (await attendance.roll(session, actor, room.lessons[0], room.hands.at)).version == taken.version == 2


async def test_the_roll_is_the_class_list_with_what_is_known(room: ClassRoom) -> None:
    guardian = await room.builder.guardian(room.pupils[1], name="Ёлкина Ольга")
    await room.record(1, 2)
    async with room.database.begin() as session:
        await attendance.answer(session, room.act(guardian), room.day(1), ProposedReason.ILL)
    room.hands.move(hours=1)
    await room.record(1, lesson=1)
    room.hands.move(hours=1)
    async with room.database.begin() as session:
        roll = await attendance.roll(session, room.act().actor, room.lessons[2], room.hands.at)
    assert roll.version == 0
    names = ["Абрамов Глеб", "Ёлкин Вадим", "Иванова Анна", "Иванова Ева", "Яшин Лев"]
    assert [line.name.in_lists() for line in roll.pupils] == names
    assert [line.absent_before for line in roll.pupils] == [False, True, False, False, False]
    assert [line.answers for line in roll.pupils] == [(), (ProposedReason.ILL,), (), (), ()]
    assert {line.code for line in roll.pupils} == {None}


async def test_a_lesson_that_has_not_begun_has_no_roll_yet(room: ClassRoom) -> None:
    room.hands.at = FIRST_BELL - timedelta(seconds=1)
    before = await room.watch.everything()
    assert await refused(room.record(0)) == (Invalid, "lesson-not-begun")
    assert await room.watch.everything() == before
    room.hands.at = FIRST_BELL
    assert (await room.record(0)).absent == 1


async def test_nothing_is_recorded_of_a_pupil_of_another_class(room: ClassRoom) -> None:
    other = await room.builder.pupil(await room.builder.school_class(room.school, "5Б"), "Чужой Иван")
    before = await room.watch.everything()
    async with room.database.begin() as session:
        entries = {room.pupils[0]: "н", other: "н"}
        doing = attendance.record(session, room.act(), room.lessons[0], entries)
        assert await refused(doing) == (Invalid, "pupil-not-of-this-class")
    assert await room.watch.everything() == before


async def test_capitals_do_not_tell_codes_apart(room: ClassRoom) -> None:
    await room.record(0, code="Н")
    assert await room.codes() == {0: "н"}


@pytest.mark.parametrize("code", ["x", "", "н "])
async def test_an_unknown_code_is_refused(room: ClassRoom, code: str) -> None:
    before = await room.watch.everything()
    assert await refused(room.record(0, code=code)) == (Invalid, "absence-code-unknown")
    assert await room.watch.everything() == before


async def test_an_unknown_lesson_is_refused(room: ClassRoom) -> None:
    async with room.database.begin() as session:
        doing = attendance.record(session, room.act(), uuid4(), {})
        assert await refused(doing) == (NotFound, "lesson-unknown")


async def test_missed_lessons_are_counted_since_the_first_of_september(room: ClassRoom) -> None:
    older = ["2026-08-31", "2026-09-01", "2026-10-12", "2026-11-25"]
    for day in older:
        await room.watch.rows(
            "WITH s AS (SELECT * FROM core.lesson WHERE id = $1), l AS (INSERT INTO core.lesson (id, school_id,"
            " slot_id, planned_day, class_id, classes, subject_id, teacher_id, day, number, starts_at, ends_at) SELECT"
            " gen_random_uuid(), school_id, slot_id, $2::text::date, class_id, classes, subject_id, teacher_id,"
            " $2::text::date, number, starts_at, ends_at FROM s RETURNING id, day)"
            " INSERT INTO core.absence SELECT id, $3, day, 'н', NULL, $4 FROM l",
            room.lessons[0],
            day,
            room.pupils[0],
            FIRST_BELL,
        )
    await room.record(0)
    (state,) = await room.states()
    assert (state.missed_lessons, state.counted_since) == (3, date(2026, 9, 1))


async def test_a_total_says_from_which_day_the_journal_of_the_school_is_kept(room: ClassRoom) -> None:
    await room.record(0)
    assert [state.counted_since for state in await room.states()] == [DAY]


async def test_the_audit_says_who_changed_what_from_what_to_what(room: ClassRoom) -> None:
    await room.record(0)
    act = Act(room.act(room.head).actor, room.hands.move(minutes=1), "correction")
    await room.correct({0: "б", 1: "н"}, act=act)
    entries = await room.watch.audit("attendance.record")
    where = f"lesson/{room.lessons[0]}"
    told = [(row["subject"], row["before"], row["after"], row["person_id"], row["via"]) for row in entries]
    assert told[0] == (f"{where}/{room.pupils[0]}", '{"code": null}', '{"code": "н"}', room.teacher, "telegram")
    assert set(told[1:]) == {
        (f"{where}/{room.pupils[0]}", '{"code": "н"}', '{"code": "б"}', room.head, "telegram"),
        (f"{where}/{room.pupils[1]}", '{"code": null}', '{"code": "н"}', room.head, "telegram"),
    }
    assert [row["at"] for row in entries] == [act.at - timedelta(minutes=1), act.at, act.at]
    assert [row["after"] for row in await room.watch.audit("attendance.roll")] == ['{"absent": 1}', '{"absent": 2}']


async def test_the_office_may_record_and_stands_in_the_audit_without_a_person(room: ClassRoom) -> None:
    await room.record(0, act=Act(OFFICE, room.hands.at, "office/1"))
    (entry,) = await room.watch.audit("attendance.record")
    assert (entry["person_id"], entry["account_id"], entry["via"]) == (None, None, "office")


@pytest.mark.req("ATT-07")
async def test_late_and_gone_early_are_notes_of_the_lesson_and_no_absences(room: ClassRoom) -> None:
    late, nurse = Entry(late_minutes=12), Entry(left_early=LeftEarly.NURSE)
    async with room.database.begin() as session:
        entries: dict[UUID, attendance.Written] = {room.pupils[0]: late, room.pupils[1]: nurse, room.pupils[2]: "н"}
        recorded = await attendance.record(session, room.act(), room.lessons[0], entries)
    assert (recorded.absent, len(recorded.changed)) == (1, 3)
    async with room.database.begin() as session:
        roll = await attendance.roll(session, room.act().actor, room.lessons[0], room.hands.at)
    assert [line.entry for line in roll.pupils[:3]] == [late, nurse, Entry("н")]
    (state,) = await room.states(0)
    assert (state.absences, state.attended[0].late_minutes, state.situation) == ((), 12, DaySituation.PRESENT)
    await room.withdraw(recorded.version)
    assert await room.watch.value("SELECT count(*) FROM core.partial_attendance") == 0


async def test_a_roll_called_by_an_older_list_is_refused(room: ClassRoom) -> None:
    async with room.database.begin() as session:
        roll = await attendance.roll(session, room.act().actor, room.lessons[0], room.hands.at)
    await room.builder.pupil(room.school_class, "Бойко Ян")
    async with room.database.begin() as session:
        doing = attendance.record(session, room.act(), room.lessons[0], {}, roster=roll.roster)
        assert await refused(doing) == (Conflict, "roll-list-changed")


async def test_the_day_tells_who_did_not_come_who_went_and_who_came_after_all(room: ClassRoom) -> None:
    for lesson, absent in enumerate(([0, 1, 3], [0, 2], [0, 2])):
        room.hands.move(hours=1 if lesson else 0)
        await room.record(*absent, lesson=lesson)
    told = {pupil: [(one.situation, one.missed_lessons) for one in await room.states(pupil)] for pupil in range(5)}
    assert told == {
        0: [(DaySituation.NOT_COME, 1), (DaySituation.NOT_COME, 2), (DaySituation.ABSENT_ALL_DAY, 3)],
        1: [(DaySituation.NOT_COME, 1), (DaySituation.CAME_LATER, 1), (DaySituation.CAME_LATER, 1)],
        2: [(DaySituation.GONE, 1), (DaySituation.GONE, 2)],
        3: [(DaySituation.NOT_COME, 1), (DaySituation.CAME_LATER, 1), (DaySituation.CAME_LATER, 1)],
        4: [],
    }


async def test_a_roll_of_thirty_takes_eight_statements_in_one_transaction(room: ClassRoom) -> None:
    await room.builder.pupils(room.school_class, *(f"Петров Имя{number}" for number in range(25)))
    said: list[str] = []
    engine = room.database.engine.sync_engine

    def note(*context: object) -> None:
        said.append(str(context[2]))

    event.listen(engine, "after_cursor_execute", note)
    await room.record(0, 1, 2, 3, 4)
    event.remove(engine, "after_cursor_execute", note)
    assert len(said) <= 8, said


async def test_a_family_that_says_he_is_at_school_is_a_matter_for_the_lessons_teacher(room: ClassRoom) -> None:
    mother = await room.builder.guardian(room.pupils[0], name="Абрамова Ольга")
    await room.record(0)
    for reason in (ProposedReason.AT_SCHOOL, ProposedReason.ILL):
        async with room.database.begin() as session:
            await attendance.answer(session, room.act(mother), room.day(), reason)
    disputes = [one.data for one in await room.watch.events("absence-dispute/")]
    told = [one for one in disputes if isinstance(one, AbsenceDisputedState)]
    assert [(one.disputed, one.teacher, one.lesson) for one in told] == [
        (True, room.teacher, room.lessons[0]),
        (False, room.teacher, room.lessons[0]),
    ]


async def test_a_dispute_names_the_class_teacher_and_whoever_stands_in_for_him_that_day(room: ClassRoom) -> None:
    mother = await room.builder.guardian(room.pupils[0], name="Абрамова Ольга")
    async with room.database.begin() as session:
        row = await session.get_one(SchoolClass, room.school_class)
        row.class_teacher_id = room.class_teacher
        for since, person in ((DAY, room.teacher), (DAY + timedelta(days=1), room.class_teacher)):
            session.add(
                RoleAssignment(
                    id=uuid4(),
                    person_id=person,
                    school_id=room.school.id,
                    role=Role.STAND_IN,
                    class_id=room.school_class,
                    since=since,
                    until=DAY + timedelta(days=1),
                    why="приказ",
                    by_list=False,
                    granted_at=room.hands.at,
                )
            )
    await room.record(0)
    async with room.database.begin() as session:
        await attendance.answer(session, room.act(mother), room.day(), ProposedReason.AT_SCHOOL)
    (told,) = [one.data for one in await room.watch.events("absence-dispute/")]
    assert isinstance(told, AbsenceDisputedState)
    assert told.class_teachers == (room.class_teacher, room.teacher)
