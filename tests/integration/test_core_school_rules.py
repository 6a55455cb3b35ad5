"""Rules of a school in the database: own ones over a profile, changed by those who may, each change in the audit."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL

from core.actor import OFFICE, Act
from core.database import Database
from core.learning import attendance
from core.refusals import Forbidden, Invalid, NotFound
from core.rule_book.profiles import Profile, rules_by
from core.school import school_rules
from core.school.school_rules import RulesView
from core.school_time import MachineClock
from tests.integration.core_world import ClassRoom, class_room, refused
from zvonok import rules as at_the_command_line
from zvonok.installation import Installation
from zvonok.secret import Secret
from zvonok.settings import Settings
from zvonok.trouble import OfficeError


@pytest.fixture
async def room(core_database: Database, database_url: URL) -> ClassRoom:
    return await class_room(core_database, database_url, lessons=0)


async def change(room: ClassRoom, act: Act | None = None, **changes: Any) -> RulesView:
    async with room.database.begin() as session:
        return await school_rules.change(session, act or room.act(room.head), room.school.id, changes)


async def choose(room: ClassRoom, profile: str, act: Act | None = None) -> RulesView:
    async with room.database.begin() as session:
        return await school_rules.choose_profile(session, act or room.act(room.head), room.school.id, profile)


async def test_a_school_begins_with_the_regulation_of_the_region(room: ClassRoom) -> None:
    async with room.database.begin() as session:
        view = await school_rules.read(session, OFFICE, room.school.id, room.hands.at)
        assert await school_rules.of_school(session, room.school.id) == view.rules
    assert view == RulesView(Profile.REGION_2020, rules_by(Profile.REGION_2020, {}), frozenset())


async def test_its_own_rules_stand_over_the_profile_and_are_audited(room: ClassRoom) -> None:
    view = await change(room, absence_minutes=15, lock_after_days=None)
    assert (view.rules.absence_minutes, view.rules.lock_after_days) == (15, None)
    assert view.own == {"absence_minutes", "lock_after_days"}
    room.hands.move(minutes=1)
    view = await choose(room, "school-2023")
    assert (view.profile, view.rules.absence_minutes, view.rules.senior_work_days) == (Profile.SCHOOL_2023, 15, 4)
    assert view.own == {"absence_minutes", "lock_after_days"}
    first, second = await room.watch.audit("school.rules")
    assert [json.loads(row["after"]) for row in (first, second)] == [
        {"profile": "region-2020", "rules": {"absence_minutes": 15, "lock_after_days": None}},
        {"profile": "school-2023", "rules": {"absence_minutes": 15, "lock_after_days": None}},
    ]
    assert second["before"] == first["after"]
    assert {first["person_id"], second["person_id"]} == {room.head}


async def test_what_equals_the_profile_is_no_rule_of_its_own(room: ClassRoom) -> None:
    assert (await change(room, senior_work_days=4)).own == {"senior_work_days"}
    assert (await choose(room, "school-2023")).own == frozenset()
    assert (await change(room, absence_minutes=15)).own == {"absence_minutes"}
    view = await change(room, absence_minutes=...)
    assert (view.own, view.rules.absence_minutes) == (frozenset(), 20)


async def test_a_repeat_and_a_change_of_nothing_leave_no_second_trace(room: ClassRoom) -> None:
    act = room.act(room.head, "once")
    await change(room, act, absence_minutes=15)
    before = await room.watch.everything()
    await change(room, act, absence_minutes=15)
    await change(room, absence_minutes=15)
    assert await room.watch.everything() == before


IMPOSSIBLE: list[tuple[dict[str, Any], str, str | None]] = [
    ({"absence_minutes": 0}, "rule-number", "absence_minutes"),
    ({"absence_minutes": 15, "verification_by": "31.04"}, "rule-day", "verification_by"),
    ({"homework_way": "как-нибудь"}, "rule-choice", "homework_way"),
    ({"low_percent": 99}, "rule-low-above-optimal", None),
    ({"undo_window": 5}, "rule-unknown", "undo_window"),
    ({"undo_window": ...}, "rule-unknown", "undo_window"),
]


async def test_an_impossible_rule_is_named_and_changes_nothing(room: ClassRoom) -> None:
    before = await room.watch.everything()
    for changes, code, named in IMPOSSIBLE:
        with pytest.raises(Invalid) as refusal:
            await change(room, **changes)
        assert (refusal.value.code, refusal.value.details.get("name")) == (code, named)
    assert await refused(choose(room, "regulation")) == (Invalid, "rule-profile-unknown")
    assert await room.watch.everything() == before


async def test_teachers_neither_change_rules_nor_read_them_in_the_office(room: ClassRoom) -> None:
    before = await room.watch.everything()
    for stranger in (room.teacher, room.class_teacher):
        assert await refused(change(room, room.act(stranger), absence_minutes=15)) == (Forbidden, "not-allowed")
        assert await refused(choose(room, "school-2023", room.act(stranger))) == (Forbidden, "not-allowed")
        async with room.database.begin() as session:
            reading = school_rules.read(session, room.act(stranger).actor, room.school.id, room.hands.at)
            assert await refused(reading) == (Forbidden, "not-allowed")
    async with room.database.begin() as session:
        assert await refused(school_rules.of_school(session, room.teacher)) == (NotFound, "school-unknown")
    assert await room.watch.everything() == before


async def test_rules_changed_by_two_at_once_are_both_kept(room: ClassRoom) -> None:
    async with room.database.begin() as session:
        await school_rules.change(session, room.act(room.head), room.school.id, {"absence_minutes": 15})
        late = asyncio.create_task(change(room, lock_after_days=14))
        await asyncio.sleep(0)
    assert (await late).own == {"absence_minutes", "lock_after_days"}


async def test_the_office_sees_and_changes_rules_in_words(room: ClassRoom, database_url: URL, tmp_path: Path) -> None:
    secret = Secret(b"the secret of these tests, of thirty-two bytes")
    settings = Settings(data=tmp_path, database_url=None)
    here = Installation(settings, database_url, secret, room.hands.clock, MachineClock())
    shown = await at_the_command_line.rules(here, None, None, ())
    assert shown[0] == "Школа «Радуга»: «Регламент региона, 2020». Своих правил нет."
    assert shown[1:3] == [
        "Откуда набор: приказ № 287 от 28.02.2020 (образование ХМАО — Югры).",
        (
            "С ним заводится каждая школа, сама она набора ещё не выбирала. "
            "Выбрать другой: zvonok school rules --profile school-2023"
        ),
    ]
    minutes = "срок, за который отмечают отсутствующих (от начала урока)"
    assert f"  {minutes}: 20 минут  [absence_minutes]" in shown
    assert not any("DL-" in line or " = " in line for line in shown)
    assert sum("docs/reference/school-rules.md" in line for line in shown) == 1
    assert shown[-3].endswith("zvonok school rules absence_minutes=21")
    said = await at_the_command_line.rules(here, None, "school-2023", ("absence_minutes=15", "homework_by=9:30"))
    assert said == [
        "Школа «Радуга»: «Положение школы, 2023». Своих правил: 2 (отмечены *).",
        f"* {minutes}: 15 минут  [absence_minutes]",
        "* домашнее задание записано в тот же день до: 09:30  [homework_by]",
        "Записано.",
    ]
    back = await at_the_command_line.rules(here, None, None, ("absence_minutes=",))
    assert back[0].endswith("Своё правило: 1 (отмечено *).")
    assert back[1] == f"  {minutes}: 20 минут  [absence_minutes]"
    said = await at_the_command_line.rules(here, None, None, ("absence_told=Учитель", "absence_minutes=15 минут"))
    assert said[1:3] == [
        "* кто сообщает семье об отсутствии: учитель  [absence_told]",
        f"* {minutes}: 15 минут  [absence_minutes]",
    ]
    (line, choices, source, example, back_again) = await at_the_command_line.rules(here, None, None, ("absence_told",))
    assert line == said[1]
    assert choices == "Каким может быть: одно из: «журнал сам», «учитель»."
    assert source == ("Откуда: приказ № 287 от 28.02.2020 (образование ХМАО — Югры): приложение 4; сам приказ, п. 2–3.")
    assert example.endswith('zvonok school rules absence_told="журнал сам"')
    assert back_again.endswith("zvonok school rules absence_told=")
    whole = await at_the_command_line.rules(here, None, None, ())
    assert whole[1] == "Откуда набор: положение одной школы о журнале от 31.08.2023."
    assert whole[2].startswith("Выбран ")
    assert whole[2].endswith(", кем: канцелярия, командой zvonok.")
    before = await room.watch.everything()
    assert await refused(at_the_command_line.rules(here, None, None, ("homework_by=25:00",))) == (Invalid, "rule-clock")
    assert await room.watch.everything() == before
    with pytest.raises(OfficeError, match="Спросить о правиле и изменить другое"):
        at_the_command_line.check(("absence_minutes", "homework_by=9:30"))
    with pytest.raises(Invalid) as refusal:
        at_the_command_line.check(("absence_told=никто",))
    assert refusal.value.details["choices"] == "«журнал сам», «учитель»"


@pytest.mark.req("ROLE-11")
async def test_by_the_schools_rule_the_class_teacher_marks_the_absent_and_goes_over_the_list_again(
    core_database: Database, database_url: URL
) -> None:
    """Against ROLE-09 (CONF-02): the second profile lets the class teacher do it, for the own class alone."""
    room = await class_room(core_database, database_url, lessons=2)
    assert await refused(room.record(0, act=room.act(room.class_teacher))) == (Forbidden, "lesson-not-yours")
    await choose(room, "school-2023")
    await room.record(0, 1)
    marked = await room.correct({2: "б", 3: "уп"}, act=room.act(room.class_teacher))
    assert set(marked.changed) == {room.pupils[2], room.pupils[3]}
    # Later on the day the list is read again, lesson by lesson, and put right where it was wrong.
    room.hands.move(hours=2)
    async with room.database.begin() as session:
        actor = room.act(room.class_teacher).actor
        roll = await attendance.roll(session, actor, room.lessons[0], room.hands.at)
    assert [line.code for line in roll.pupils] == ["н", "н", "Б", "УП", None]
    await room.correct({0: "б", 1: None, 4: "н"}, act=room.act(room.class_teacher))
    assert await room.codes() == {0: "Б", 2: "Б", 3: "УП", 4: "н"}
    assert (await room.record(0, 4, lesson=1, act=room.act(room.class_teacher))).absent == 2
    assert {row["person_id"] for row in await room.watch.audit("attendance.record")} == {
        room.teacher,
        room.class_teacher,
    }


async def test_the_rule_opens_the_own_class_alone_and_ends_when_the_school_says_so(
    core_database: Database, database_url: URL
) -> None:
    room = await class_room(core_database, database_url, lessons=1)
    await choose(room, "school-2023")
    other = await room.builder.teacher(room.school, "Лисин Пётр Ильич")
    await room.builder.school_class(room.school, "6А", other)
    assert await refused(room.record(1, act=room.act(other))) == (Forbidden, "lesson-not-yours")
    await change(room, class_teacher_sets_absence=False)
    assert await refused(room.record(1, act=room.act(room.class_teacher))) == (Forbidden, "lesson-not-yours")
    await choose(room, "region-2020")
    await change(room, class_teacher_sets_absence=True)
    assert (await room.record(1, act=room.act(room.class_teacher))).absent == 1
    assert await room.codes() == {1: "н"}
