"""Two records of one person become one: every table, every collision, the events; never across schools."""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL

from core.account.accounts import MessengerAccount
from core.account.identity_documents import IdentityDocument
from core.actor import OFFICE, Act
from core.database import Database
from core.events import (
    AddressState,
    AttendanceDayState,
    Channel,
    GuardianshipState,
    HomeworkState,
    MarkState,
    NoticeAct,
    NoticeAsk,
    NoticeState,
    PersonMergedState,
    ProposedReason,
    RemarkKind,
    RemarkState,
    guardianship_subject,
)
from core.learning import attendance, diary, gradebook, homework, remarks
from core.notice import notices
from core.person import cards, data_changes, merging, merging_rows, roster, twins
from core.person.card_tables import DataChange, PersonalCard
from core.person.merging import Merged
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.roster_file import NamedBytes, RosterFiles, read_roster
from core.school_time import MachineClock
from core.tables import Contact, RoleAssignment
from tests.integration.core_world import DAY, ClassRoom, class_room, refused
from tests.integration.eventually import eventually
from tests.unit.roster_tables import PUPIL, csv_text, matrix
from zvonok import twins as at_the_command_line
from zvonok.installation import Installation
from zvonok.secret import Secret
from zvonok.settings import Settings
from zvonok.trouble import OfficeError

FOREIGN = """
SELECT c.conrelid::regclass::text AS table_name, a.attname AS column_name
FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)
WHERE c.contype = 'f' AND c.confrelid = 'core.person'::regclass
"""


@pytest.fixture
async def room(core_database: Database, database_url: URL) -> ClassRoom:
    made = await class_room(core_database, database_url, lessons=2)
    made.hands.move(hours=2)
    return made


async def merge(room: ClassRoom, kept: UUID, gone: UUID, act: Act | None = None, why: str = "одна и та же") -> Merged:
    async with room.database.begin() as session:
        by = act or Act(OFFICE, room.hands.move(minutes=1), str(uuid4()))
        return await merging.merge(session, by, kept, gone, why)


async def left_behind(room: ClassRoom, gone: UUID) -> dict[str, int]:
    """Count, by table, what still names a person anywhere in core, past every wall."""
    found = {}
    for name, rows in (await room.watch.everything()).items():
        if name in {"core.audit", "core.command", "bus.outbox"}:
            continue
        count = sum(str(gone) in row for row in rows)
        if count:
            found[name] = count
    return found


async def test_every_column_that_names_a_person_is_handed_over(room: ClassRoom) -> None:
    there = {(row["table_name"].removeprefix("core."), row["column_name"]) for row in await room.watch.rows(FOREIGN)}
    handled = {(one.table, column) for one in merging_rows.HANDOVERS for column in one.columns}
    handled |= {(table, column) for table, columns in merging_rows.BY_HAND.items() for column in columns}
    assert there == handled
    assert all(one.rule for one in merging_rows.HANDOVERS)


async def test_everything_of_a_pupil_becomes_the_kept_ones(room: ClassRoom) -> None:
    kept, gone = room.pupils[2], room.pupils[3]
    mother = await room.builder.guardian(gone, name="Иванова Инна")
    await room.record(3, lesson=0)
    async with room.database.begin() as session:
        await attendance.answer(session, room.act(mother), room.day(3), ProposedReason.ILL)
        await gradebook.give_for_missed(session, room.act(), room.lessons[0], gone, 2)
        await remarks.write(session, room.act(), room.lessons[0], gone, RemarkKind.REMARK, "Нет тетради")
        await homework.set_at(session, room.act(), room.lessons[0], "Упражнение 5")
        notice = await notices.publish(
            session,
            room.act(room.class_teacher),
            room.school_class,
            notices.NoticeDraft("Музей", "Едем в пятницу", NoticeAsk.SIGN),
        )
        shown = await notices.read(session, room.act(mother).actor, notice, room.hands.at)
        await notices.answer(session, room.act(mother), notice, NoticeAct.SIGNED, shown.text_hash)
        await diary.open_week(session, room.act(mother), gone, DAY)
        await cards.fill_pupil_card(session, room.act(room.class_teacher), gone, {"address": "Мира, 7"}, 0)
        await data_changes.tell(session, room.act(mother), gone, "Новый телефон")
    before = len(await room.watch.events())
    merged = await merge(room, kept, gone)
    assert await left_behind(room, gone) == {"core.person": 1}
    assert await room.watch.value("SELECT merged_into FROM core.person WHERE id = $1", gone) == kept
    assert {"absence", "mark", "remark", "guardianship", "personal_card", "notice_pupil"} <= merged.rows.keys()
    assert await room.codes() == {2: "н"}
    events = (await room.watch.events())[before:]
    assert type(events[0].data) is PersonMergedState
    assert [one.subject for one in events if str(gone) in one.model_dump_json()] == [
        f"person/{gone}",
        guardianship_subject(gone, mother),
    ]
    states = {type(one.data): one.data for one in events}
    day = states[AttendanceDayState]
    assert isinstance(day, AttendanceDayState)
    assert (day.pupil, len(day.absences), day.answers[0].reason) == (kept, 1, ProposedReason.ILL)
    for kind in (MarkState, RemarkState):
        state = states[kind]
        assert isinstance(state, MarkState | RemarkState)
        assert (state.pupil, state.pupil_name) == (kept, "Иванова Анна")
    for many in (states[HomeworkState], states[NoticeState]):
        assert isinstance(many, HomeworkState | NoticeState)
        assert sorted(one.pupil for one in many.pupils) == sorted(set(room.pupils) - {gone})
    async with room.database.begin() as session:
        view = await notices.read(session, room.act(mother).actor, notice, room.hands.at)
        assert (view.pupils, view.own and view.own.act) == ((kept,), NoticeAct.SIGNED)


async def test_events_of_one_subject_go_on_from_the_higher_version(room: ClassRoom) -> None:
    kept, gone = room.pupils[2], room.pupils[3]
    await room.record(3, lesson=0)
    await room.correct({3: "б"})
    await room.correct({3: "ну"})
    await room.record(2, lesson=1)
    await merge(room, kept, gone)
    rows = await room.watch.rows("SELECT pupil_id, version FROM core.attendance_day")
    assert [tuple(row) for row in rows] == [(kept, 5)]
    listed = "SELECT count(*) FILTER (WHERE $1 = ANY(learners)) FROM core.roll_call"
    assert [await room.watch.value(listed, one) for one in (kept, gone)] == [2, 0]
    last = (await room.watch.events(room.day(2).subject))[-1]
    assert isinstance(last.data, AttendanceDayState)
    assert (last.version, [one.code for one in last.data.absences], last.data.missed_lessons) == (5, ["ну", "н"], 2)


async def test_of_two_entries_for_one_lesson_the_later_one_stays(room: ClassRoom) -> None:
    kept, gone = room.pupils[2], room.pupils[3]
    await room.record(2, 3, lesson=0)
    await room.watch.rows(
        "UPDATE core.absence SET recorded_at = recorded_at + interval '1 hour', code = 'б' WHERE pupil_id = $1", gone
    )
    await room.record(2, 3, lesson=1)
    await merge(room, kept, gone)
    assert (await room.codes(0), await room.codes(1)) == ({2: "б"}, {2: "н"})


async def test_taking_a_roll_back_after_a_merging_brings_no_stranger(room: ClassRoom) -> None:
    await room.record(3, lesson=0)
    recorded = await room.record(lesson=0)
    await merge(room, room.pupils[2], room.pupils[3])
    await room.withdraw(recorded.version)
    assert await room.codes() == {2: "н"}


async def relation(room: ClassRoom, pupil: UUID, guardian: UUID) -> Mapping[str, Any]:
    query = "SELECT * FROM core.guardianship WHERE pupil_id = $1 AND guardian_id = $2"
    (row,) = await room.watch.rows(query, pupil, guardian)
    return dict(row)


async def test_of_two_relations_what_forbids_wins(room: ClassRoom) -> None:
    pupil = room.pupils[0]
    kept = await room.builder.guardian(pupil, name="Абрамова Инна")
    gone = await room.builder.guardian(pupil, name="Абрамова Инна Львовна")
    await room.watch.rows(
        "UPDATE core.guardianship SET barred = true, basis = 'решение суда', priority = 2, until = $2, "
        "since = since - 100, version = 7 WHERE guardian_id = $1",
        gone,
        date(2027, 5, 31),
    )
    await merge(room, kept, gone)
    row = await relation(room, pupil, kept)
    assert (row["barred"], row["may_see"], row["priority"], row["basis"]) == (True, True, 1, "решение суда")
    assert row["until"] == date(2027, 5, 31)
    ended = (await room.watch.events(guardianship_subject(pupil, gone)))[-1]
    stands = (await room.watch.events(guardianship_subject(pupil, kept)))[-1]
    assert isinstance(ended.data, GuardianshipState)
    assert isinstance(stands.data, GuardianshipState)
    assert (ended.version, ended.data.may_see, stands.data.barred) == (8, False, True)
    assert await left_behind(room, gone) == {"core.person": 1}


async def test_consents_of_both_records_stand_in_one_register(room: ClassRoom) -> None:
    pupil = room.pupils[0]
    kept = await room.builder.guardian(pupil, name="Абрамова Инна", consent=False)
    gone = await room.builder.guardian(pupil, name="Абрамова Инна Львовна")
    await room.watch.rows(
        "INSERT INTO core.consent (id, pupil_id, guardian_id, purpose, given, since, form, recorded_at) "
        "VALUES (gen_random_uuid(), $1, $2, 'attendance', false, $3, 'paper', $4)",
        pupil,
        kept,
        DAY - timedelta(days=1),
        room.hands.at,
    )
    await merge(room, kept, gone)
    last = (await room.watch.events(guardianship_subject(pupil, kept)))[-1].data
    assert isinstance(last, GuardianshipState)
    assert last.achievement_consent.in_force(DAY)
    assert not last.attendance_consent.in_force(DAY)


async def test_addresses_and_accounts_follow_a_guardian(room: ClassRoom) -> None:
    pupil = room.pupils[0]
    kept = await room.builder.guardian(pupil, name="Абрамова Инна")
    gone = await room.builder.guardian(room.pupils[1], name="Абрамова Инна Львовна")
    account = MessengerAccount(Channel.TELEGRAM, "77")
    await room.builder.link(gone, account)
    async with room.database.begin() as session:
        session.add(Contact(person_id=kept, channel="mail", value="a@example.ru", verified_on=None, version=3))
        session.add(Contact(person_id=gone, channel="mail", value="b@example.ru", verified_on=DAY, version=1))
    await merge(room, kept, gone)
    rows = await room.watch.rows("SELECT * FROM core.contact ORDER BY channel")
    assert [(row["person_id"], row["channel"], row["value"], row["version"]) for row in rows] == [
        (kept, "mail", "b@example.ru", 4),
        (kept, "telegram", "77", 2),
    ]
    events = [one.data for one in await room.watch.events("address/") if isinstance(one.data, AddressState)]
    assert {(one.person, one.channel) for one in events if one.ended} == {
        (gone, Channel.MAIL),
        (gone, Channel.TELEGRAM),
    }
    assert {(one.person, one.value) for one in events[1:] if not one.ended} == {(kept, "b@example.ru"), (kept, "77")}
    assert await room.watch.value("SELECT array_agg(person_id) FROM core.account_person") == [kept]
    assert await left_behind(room, gone) == {"core.person": 1}
    assert {row["pupil_id"] for row in await room.watch.rows("SELECT pupil_id FROM core.guardianship")} == {
        room.pupils[0],
        room.pupils[1],
    }


async def test_work_and_roles_of_an_employee_become_one(room: ClassRoom) -> None:
    kept, gone = room.head, room.teacher
    await room.record(0)
    async with room.database.begin() as session:
        for person, since, until in (
            (gone, date(2019, 9, 1), None),
            (gone, date(2001, 1, 1), date(2002, 1, 1)),
        ):
            session.add(
                RoleAssignment(
                    id=uuid4(),
                    person_id=person,
                    school_id=room.school.id,
                    role="director",
                    since=since,
                    until=until,
                    why="приказ",
                    by_list=False,
                    granted_at=room.hands.at,
                )
            )
    await room.watch.rows("UPDATE core.role_assignment SET since = $2 WHERE person_id = $1", kept, date(2024, 1, 1))
    await merge(room, kept, gone)
    rows = await room.watch.rows("SELECT since, until FROM core.role_assignment WHERE person_id = $1 ORDER BY 1", kept)
    assert [tuple(row) for row in rows] == [
        (date(2001, 1, 1), date(2002, 1, 1)),
        (date(2019, 9, 1), None),
    ]
    assert await room.watch.value("SELECT count(*) FROM core.lesson WHERE teacher_id = $1", kept) == 2
    assert await left_behind(room, gone) == {"core.person": 1}


async def test_cards_are_filled_from_both_and_one_document_stays(room: ClassRoom) -> None:
    kept, gone = room.pupils[2], room.pupils[3]
    async with room.database.begin() as session:
        for person, data, paper in (
            (kept, {"address": "Мира, 7", "family": ""}, "паспорт"),
            (gone, {"address": "нет", "family": "мать"}, "свидетельство о рождении"),
        ):
            session.add(PersonalCard(person_id=person, kind="pupil", data=data, version=1))
            session.add(IdentityDocument(person_id=person, kind=paper, number_hash=str(person), tail="1234"))
        session.add(DataChange(id=uuid4(), about_id=gone, told_by=gone, text="телефон", told_at=room.hands.at))
    await merge(room, kept, gone)
    (card,) = await room.watch.rows("SELECT person_id, data, version FROM core.personal_card")
    assert (card["person_id"], json.loads(card["data"])) == (kept, {"address": "Мира, 7", "family": "мать"})
    assert card["version"] == 2
    assert await room.watch.value("SELECT array_agg(number_hash) FROM core.identity_document") == [str(kept)]


async def test_what_was_signed_cannot_be_moved_without_a_merging(room: ClassRoom) -> None:
    async with room.database.begin() as session:
        with pytest.raises(Exception, match="not merged"):
            await session.execute(merging.EVIDENCE, {"gone": room.pupils[0]})


async def test_what_may_not_be_merged_is_refused_and_changes_nothing(room: ClassRoom) -> None:
    other = await room.builder.school("Школа 2")
    foreign = await room.builder.teacher(other, "Зимин Олег Андреевич")
    mother = await room.builder.guardian(room.pupils[0], name="Абрамова Инна")
    await merge(room, room.pupils[1], room.pupils[2])
    before = await room.watch.everything()
    cases = [
        ((room.stranger, room.stranger), (Invalid, "merge-same-person")),
        ((room.stranger, foreign), (Invalid, "merge-across-schools")),
        ((foreign, room.stranger), (Invalid, "merge-across-schools")),
        ((room.stranger, uuid4()), (NotFound, "record-unknown")),
        ((uuid4(), room.stranger), (NotFound, "record-unknown")),
        ((mother, room.pupils[0]), (Conflict, "merge-relatives")),
        ((room.pupils[0], mother), (Conflict, "merge-relatives")),
        ((room.pupils[3], room.pupils[2]), (Conflict, "merge-merged-already")),
        ((room.pupils[2], room.pupils[3]), (Conflict, "merge-merged-already")),
    ]
    for (kept, gone), refusal in cases:
        assert await refused(merge(room, kept, gone)) == refusal
    assert await refused(merge(room, room.pupils[3], room.pupils[4], why=" ")) == (Invalid, "merge-reason-needed")
    for person in (room.teacher, room.class_teacher, mother):
        by = merge(room, room.pupils[3], room.pupils[4], room.act(person))
        assert await refused(by) == (Forbidden, "not-allowed")
    assert await room.watch.everything() == before


async def test_the_audit_says_who_why_and_what(room: ClassRoom) -> None:
    act = Act(OFFICE, room.hands.at, "once")
    await room.record(3)
    merged = await merge(room, room.pupils[2], room.pupils[3], act, "  внесена  дважды ")
    assert await merge(room, room.pupils[2], room.pupils[3], act) == Merged(room.pupils[2], {})
    (row,) = await room.watch.audit("person.merge")
    assert (row["why"], row["subject"]) == ("внесена дважды", f"person/{room.pupils[2]}")
    assert json.loads(row["before"])["person"] == str(room.pupils[3])
    assert json.loads(row["after"])["moved"] == merged.rows


async def test_what_came_to_the_duplicate_meanwhile_is_moved_by_doing_it_again(room: ClassRoom) -> None:
    kept, gone = room.pupils[2], room.pupils[3]
    await merge(room, kept, gone)
    await room.watch.rows(
        "INSERT INTO core.absence (lesson_id, pupil_id, day, code, recorded_at) VALUES ($1, $2, $3, 'н', $4)",
        room.lessons[0],
        gone,
        DAY,
        datetime(2026, 11, 24, 4, tzinfo=UTC),
    )
    await merge(room, kept, gone)
    assert await left_behind(room, gone) == {"core.person": 1}
    third = room.pupils[4]
    await merge(room, third, kept)
    rows = await room.watch.rows("SELECT id FROM core.person WHERE merged_into = $1", third)
    assert {row["id"] for row in rows} == {kept, gone}


async def test_records_that_look_like_one_person_are_listed(room: ClassRoom, database_url: URL, tmp_path: Path) -> None:
    await room.builder.pupil(room.school_class, "Елкин Вадим")
    await room.builder.pupil(room.school_class, "Яшин Лев", date(2013, 1, 1))
    await room.builder.guardian(room.pupils[4], name="Зимин Олег Андреевич")
    other = await room.builder.school("Школа 2")
    await room.builder.teacher(other, "Кузнецова Мария Петровна")
    async with room.database.begin() as session:
        found = await twins.listed(session, OFFICE, room.school.id, room.hands.at)
        reading = twins.listed(session, room.act(room.teacher).actor, room.school.id, room.hands.at)
        assert await refused(reading) == (Forbidden, "not-allowed")
    assert {one.first.name.surname.replace("ё", "е") for one in found} == {"Елкин", "Зимин"}
    secret = Secret(b"the secret of these tests, of thirty-two bytes")
    settings = Settings(data=tmp_path, database_url=None)
    here = Installation(settings, database_url, secret, room.hands.clock, MachineClock())
    shown = await at_the_command_line.listing(here, "Школа «Радуга»")
    assert [line.split("  ", 1)[1] for line in shown if "Зимин" in line] in (
        [
            "Зимин Олег Андреевич: дата рождения неизвестна; учитель",
            "Зимин Олег Андреевич: дата рождения неизвестна; взрослый у детей: Яшин Лев",
        ],
        [
            "Зимин Олег Андреевич: дата рождения неизвестна; взрослый у детей: Яшин Лев",
            "Зимин Олег Андреевич: дата рождения неизвестна; учитель",
        ],
    )
    for one in found:
        (line,) = await at_the_command_line.merge(here, str(one.first.person), str(one.second.person), "один человек")
        assert line.startswith("Записи соединены.")
    none = await at_the_command_line.listing(here, "Школа «Радуга»")
    assert none == ["Записей, похожих на одного человека, нет."]
    with pytest.raises(OfficeError, match="не номер записи"):
        at_the_command_line.number("Зимин")


async def test_an_old_list_means_the_kept_person(room: ClassRoom) -> None:
    mother = await room.builder.guardian(room.pupils[3], name="Иванова Инна")
    await merge(room, room.pupils[2], room.pupils[3])
    rows = [
        {**PUPIL, "Фамилия": "Иванова", "Имя": name, "Отчество": "", "Дата рождения": "05.03.2014"}
        | {"Родитель 1: фамилия": "Иванова", "Родитель 1: имя": "Инна", "Родитель 1: отчество": ""}
        | {"Родитель 1: дата рождения": ""}
        for name in ("Ева",)
    ]
    before = await room.watch.value("SELECT count(*) FROM core.person")
    files = read_roster([NamedBytes("pupils.csv", csv_text(matrix(*rows)).encode())], today=DAY)
    assert isinstance(files, RosterFiles)
    async with room.database.begin() as session:
        await roster.import_roster(session, Act(OFFICE, room.hands.at, "list"), room.school, files)
    query = "SELECT guardian_id FROM core.guardianship WHERE pupil_id = $1"
    assert mother in {row["guardian_id"] for row in await room.watch.rows(query, room.pupils[2])}
    added = await room.watch.rows("SELECT given FROM core.person OFFSET $1", before)
    assert "Ева" not in {row["given"] for row in added}
    assert "Инна" not in {row["given"] for row in added}


async def test_whoever_is_writing_about_the_duplicate_is_waited_for(room: ClassRoom) -> None:
    kept, gone = room.pupils[2], room.pupils[3]
    async with room.database.begin() as session:
        await gradebook.give(session, room.act(), room.lessons[0], gone, 4)
        merging_now = asyncio.create_task(merge(room, kept, gone))
        await eventually(room.watch.blocked)
    await merging_now
    assert await room.watch.value("SELECT array_agg(pupil_id) FROM core.mark") == [kept]
