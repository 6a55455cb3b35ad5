"""``zvonok export``: what comes out goes in again as no difference; nothing in it runs in a spreadsheet."""

import csv
import io
import random
import stat
from itertools import batched
from pathlib import Path

import pytest
from sqlalchemy import URL

from core.access_names import Right
from core.actor import OFFICE, Act, Actor
from core.database import Database
from core.events import SchoolKind
from core.lists import exporting
from core.lists.exporting import ListKind
from core.refusals import Forbidden
from core.roster_file import NamedBytes, RosterFiles, read_roster
from core.roster_file.writing import to_csv, to_xlsx
from core.school import schools
from tests.integration.core_world import DAY, Hands, refused
from tests.integration.random_rosters import roster
from tests.integration.test_core_lists_property import Desk as RandomDesk
from tests.integration.test_office import SIGNED
from tests.integration.test_office_lists import ListDesk
from tests.unit.roster_tables import STAFF
from zvonok import exports, groups, load
from zvonok.plan_files import WhichYear
from zvonok.trouble import OfficeError

HOSTILE = ('=HYPERLINK("http://example.org")', "+7", "-1", "@SUM(A1)", "'=2+2", "\uff1d1+1")
SEEDS = 6
IMPORTED = (ListKind.PUPILS, ListKind.STAFF, ListKind.TIMETABLE)


@pytest.fixture
async def desk(database_url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ListDesk:
    monkeypatch.chdir(tmp_path)
    desk = ListDesk(database_url, tmp_path)
    await desk.imports(desk.files())
    return desk


def cells(path: Path) -> list[list[str]]:
    """Read a CSV file past the product."""
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")), delimiter=";"))


async def test_whatever_was_brought_in_comes_out_and_in_again_unchanged(
    core_database: Database, database_url: URL
) -> None:
    hands = Hands()
    for seed in range(SEEDS):
        async with core_database.begin() as session:
            school = await schools.create(
                session, OFFICE, name=f"Школа {seed}", kind=SchoolKind.PRIVATE, zone="Asia/Omsk", now=hands.at
            )
        desk = RandomDesk(core_database, database_url, school, hands)
        await desk.brings(roster(random.Random(seed)).files())  # noqa: S311 - dice of a test
        tables = {}
        async with core_database.begin() as session:
            for kind in IMPORTED:
                tables[kind] = (await exporting.export(session, desk.act(), school, kind)).table
        as_csv = [NamedBytes(f"{kind.value}.csv", to_csv(table)) for kind, table in tables.items()]
        as_book = [NamedBytes("школа.xlsx", to_xlsx({kind.value: table for kind, table in tables.items()}))]
        for files in (as_csv, as_book):
            read = read_roster(files, today=DAY)
            assert isinstance(read, RosterFiles), read
            shown = await desk.looks(read)
            assert (shown.entries, shown.gone, shown.doubts, shown.stays) == ((), (), (), ()), seed


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
async def test_what_a_spreadsheet_would_run_is_shielded_and_read_as_it_was(desk: ListDesk, ending: str) -> None:
    for position, room in batched(HOSTILE, 2):
        await desk.watch.rows("UPDATE core.staff SET position = $1", position)
        await desk.watch.rows("UPDATE core.room SET name = $1", room)
        paths = [desk.folder / f"{kind.value}{ending}" for kind in IMPORTED]
        for kind, path in zip(IMPORTED, paths, strict=True):
            exports.check_target(path, overwrite=True)
            await exports.export(desk.here, None, kind, path)
            if ending == ".csv":
                assert not [
                    cell for row in cells(path) for cell in row if cell.lstrip(" \t").startswith(tuple("=+-@\uff1d"))
                ]
        assert (await desk.looks(paths))[0].endswith("Загрузка ничего не изменит: всё уже так и записано."), position


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        (ListKind.CLASSES, ["5А", "Семёнова Ольга Петровна", "1"]),
        (
            ListKind.PARENTS,
            [
                *("5А", "Королёва Алёна Игоревна", "Королёва Анна Юрьевна", "мать"),
                *("koroleva@example.org", "30.08.2026", "29.08.2026"),
            ],
        ),
        (
            ListKind.TIMETABLE,
            ["5А", "вторник", "1", "8:30", "9:10", "математика", "Семёнова Ольга Петровна", "21"],
        ),
    ],
)
async def test_a_list_is_a_file_for_its_office_alone(desk: ListDesk, kind: ListKind, row: list[str]) -> None:
    path = desk.folder / "список.csv"
    lines = await exports.export(desk.here, None, kind, path)
    assert f"Записано в {path}." in lines[0]
    assert cells(path)[1] == row
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    (kept,) = await desk.watch.audit("roster.export")
    assert f'"list": "{kind.value}"' in kept["after"]
    assert [one.name for one in desk.folder.iterdir() if one.name.startswith(".")] == []


async def test_groups_load_and_movement_come_out_with_their_columns(desk: ListDesk) -> None:
    await desk.watch.rows(
        "INSERT INTO core.study_group (id, school_id, year, kind, purpose, title)"
        " SELECT gen_random_uuid(), id, 2026, 'group', 'club', 'хор' FROM core.school"
    )
    await desk.watch.rows("INSERT INTO core.group_class SELECT g.id, c.id FROM core.study_group g, core.school_class c")
    path = desk.folder / "groups.csv"
    await exports.export(desk.here, None, ListKind.GROUPS, path)
    assert cells(path)[1][:4] == ["5А", "", "хор", "кружок"]
    await desk.watch.rows(
        "INSERT INTO core.group_member SELECT g.id, p.person_id, '2026-09-01' FROM core.study_group g, core.pupil p"
    )
    await desk.watch.rows(
        "INSERT INTO core.teaching_load (id, school_id, year, teacher_id, subject_id, class_id, hours_a_week)"
        " SELECT gen_random_uuid(), school_id, 2026, teacher_id, subject_id, class_id, 5 FROM core.slot"
    )
    await exports.export(desk.here, None, ListKind.GROUPS, path)
    assert cells(path)[1][4:] == ["Королёва", "Алёна", "Игоревна", "07.05.2015", "01.09.2026", ""]
    before = await desk.watch.rows("SELECT * FROM core.group_member")
    lines = await groups.bring_in(desk.here, WhichYear(), path, dry=False)
    assert await desk.watch.rows("SELECT * FROM core.group_member") == before, lines
    await exports.export(desk.here, None, ListKind.LOAD, path)
    assert cells(path)[1] == ["Семёнова Ольга Петровна", "математика", "5А", "", "", "5.00"]
    (line,) = await load.bring_in(desk.here, WhichYear(), path, dry=False)
    assert line == "Нагрузка: новых строк 0, изменено 0, без изменений 1, не названо в файле и осталось 0."
    await desk.watch.rows(
        "WITH other AS (INSERT INTO core.person SELECT (jsonb_populate_record(p, jsonb_build_object("
        "'id', gen_random_uuid(), 'birth_date', '1970-01-01'))).* FROM core.person p"
        " JOIN core.staff s ON s.person_id = p.id RETURNING id)"
        " INSERT INTO core.staff (person_id, position) SELECT id, 'завуч' FROM other"
    )
    await exports.export(desk.here, None, ListKind.LOAD, path)
    assert cells(path)[1][0].startswith("Семёнова Ольга Петровна (")
    assert await load.bring_in(desk.here, WhichYear(), path, dry=False) == [line], "one of two namesakes is meant"
    await exports.export(desk.here, None, ListKind.MOVEMENT, path)
    assert len(cells(path)) == 1


async def test_whoever_has_left_is_in_no_list_of_pupils(desk: ListDesk) -> None:
    await desk.watch.rows("UPDATE core.enrolment SET until = '2026-11-20'")
    path = desk.folder / "pupils.csv"
    assert "строк — 0" in (await exports.export(desk.here, None, ListKind.PUPILS, path))[0]


async def test_adults_for_whom_a_line_has_no_room_are_counted(desk: ListDesk) -> None:
    third = {**SIGNED, "Родитель 2: фамилия": "Котова", "Родитель 2: имя": "Вера", "Родитель 2: кем приходится": "тётя"}
    await desk.brings([desk.file("more.csv", third)])
    lines = await exports.export(desk.here, None, ListKind.PUPILS, desk.folder / "out.csv")
    assert "(в ней их двое): 1." in lines[1]


def test_where_a_list_may_be_written_is_looked_at_first(tmp_path: Path) -> None:
    there = tmp_path / "list.csv"
    there.write_text("мой файл")
    for path, word in ((tmp_path / "list.doc", "csv или"), (there, "уже есть"), (tmp_path / "no" / "a.csv", "Папки")):
        with pytest.raises(OfficeError, match=word):
            exports.check_target(path, overwrite=False)
    exports.check_target(there, overwrite=True)


async def test_a_list_that_cannot_be_written_was_not_taken_out(desk: ListDesk) -> None:
    with pytest.raises(OfficeError, match="не записать"):
        await exports.export(desk.here, None, ListKind.STAFF, desk.folder)
    assert await desk.watch.audit("roster.export") == []
    assert [one.name for one in desk.folder.parent.iterdir() if one.name.startswith(f".{desk.folder.name}.")] == []


async def test_whoever_may_not_import_takes_nothing_out(core_database: Database, desk: ListDesk) -> None:
    teacher = await desk.watch.value("SELECT person_id FROM core.staff")
    act = Act(Actor("telegram", teacher), desk.hands.at, "export")
    async with core_database.begin() as session:
        school = await schools.find(session, None)
        for kind in ListKind:
            assert await refused(exporting.export(session, act, school, kind)) == (Forbidden, "office-only")
    assert Right.ROSTER_IMPORT.value == "roster.import"


@pytest.mark.req("YEAR-35")
async def test_lists_of_pupils_classes_groups_and_staff_are_entered_and_kept_up_to_date(desk: ListDesk) -> None:
    path = desk.folder / "groups.csv"
    head = "Класс;Предмет;Группа;Фамилия;Имя;Вид группы;В группе с"
    path.write_text(f"{head}\n5А;математика;математика 1;Королёва;Алёна;;\n", encoding="utf-8")
    await groups.bring_in(desk.here, WhichYear(), path, dry=False)
    moved = {**SIGNED, "Класс": "5Б", "Фамилия": "Королёва-Зимина"}
    staff = {**STAFF, "Должность": "завуч", "Классное руководство": "5Б"}
    await desk.brings([desk.file("pupils.csv", moved), desk.file("staff.csv", staff)])
    now = await desk.watch.rows(
        "SELECT p.surname, c.title, t.surname, s.position FROM core.pupil u JOIN core.person p ON p.id = u.person_id"
        " JOIN core.school_class c ON c.id = u.class_id JOIN core.person t ON t.id = c.class_teacher_id"
        " JOIN core.staff s ON s.person_id = t.id"
    )
    assert [tuple(row) for row in now] == [("Королёва-Зимина", "5Б", STAFF["Фамилия"], "завуч")]
    left = await desk.watch.value("SELECT until < '2026-11-24' FROM core.group_member")
    assert left is not False, "the group of the old class is left"
