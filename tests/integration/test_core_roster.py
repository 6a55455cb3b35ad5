"""The office's files become people, classes, relations and lessons: once, whole, and told to whoever must know."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import URL

import zvonok.demo
from core.access import Role
from core.actor import OFFICE
from core.database import Database
from core.events import AddressState, Channel, ConsentTerm, GuardianshipState, SchoolKind
from core.learning import timetable
from core.person import people
from core.person.roster import RosterRefused
from core.refusals import Invalid
from core.roster_file import Code, NamedBytes, Relation, RosterFiles, Weekday, read_roster
from core.school import schools
from core.school_time import school_date
from core.staff.positions import role_of
from tests.integration.core_world import DAY, Hands, Watch, refused
from tests.integration.roster_pages import CONSENT, Office, lesson, office_files, parent, pupil, staff

TEACHER = "Белова Ольга Львовна"
BORN = date(1988, 2, 1)
VERIFIED = date(2026, 8, 30)
ROLES = """
SELECT surname, position, role, r.until FROM core.role_assignment r
JOIN core.person p ON p.id = r.person_id JOIN core.staff s USING (person_id) ORDER BY 1
"""
SAMPLE = Path(zvonok.demo.__file__).parent / "sample"


@pytest.fixture
async def office(core_database: Database, database_url: URL) -> Office:
    async with core_database.begin() as session:
        school = await schools.create(
            session, OFFICE, name="Школа 1", kind=SchoolKind.PRIVATE, zone="Asia/Yekaterinburg", now=Hands().at
        )
    return Office(core_database, Watch(database_url), Hands(), school)


def sample(*names: str) -> RosterFiles:
    read = read_roster([NamedBytes(name, (SAMPLE / name).read_bytes()) for name in names], today=DAY)
    assert isinstance(read, RosterFiles)
    return read


async def journal(office: Office) -> Mapping[str, list[str]]:
    """Return everything but the audit, which tells of each import."""
    return {name: rows for name, rows in (await office.watch.everything()).items() if name != "core.audit"}


@pytest.mark.req("YEAR-13")
async def test_the_sample_school_comes_in_once_whatever_files_it_is_in(office: Office) -> None:
    files = sample("staff.csv", "pupils.csv", "timetable.csv")
    report = await office.imports(files)
    assert (report.pupils, report.staff, report.unchanged) == (len(files.pupils), len(files.staff), 0)
    assert report.guardianships == sum(len(row.guardians) for row in files.pupils)
    assert report.slots == len(files.lessons)
    counted = "SELECT (SELECT count(*) FROM core.{}) AS n"
    tables = {"pupil": report.pupils, "staff": report.staff, "guardianship": report.guardianships, "slot": report.slots}
    for table, count in tables.items():
        assert await office.watch.value(counted.format(table)) == count
    before = await journal(office)
    again = await office.imports(files)
    assert again.unchanged == report.pupils + report.staff + report.guardianships
    assert (again.people, again.pupils, again.staff, again.guardianships, again.addresses) == (0, 0, 0, 0, 0)
    assert await journal(office) == before
    book = await office.imports(sample("school.xlsx"))
    assert book == again
    assert await journal(office) == before
    assert len(await office.watch.audit("roster.import")) == 3


@pytest.mark.req("YEAR-08", "YEAR-09")
async def test_staff_and_classes_with_their_class_teachers_are_listed(office: Office) -> None:
    rows = [staff(TEACHER, of="5А"), staff("Орлов Пётр Ильич", "директор"), staff("Ёлкин Ян Ильич", of="5Б")]
    mother = parent("Юдина Яна")
    files = office_files(rows, [pupil("5А", "Юдин Юрий", mother), pupil("5Б", "Юдин Лев", mother)])
    await office.imports(files)
    async with office.database.begin() as session:
        listed = await people.staff_of(session, office.school, office.hands.at)
        names = await people.names(session, listed)
    assert [names[one] for one in listed] == [TEACHER, "Ёлкин Ян Ильич", "Орлов Пётр Ильич"]
    query = "SELECT title, surname FROM core.school_class c JOIN core.person p ON p.id = class_teacher_id ORDER BY 1"
    assert [tuple(row) for row in await office.watch.rows(query)] == [("5А", "Белова"), ("5Б", "Ёлкин")]
    assert [tuple(row) for row in await office.watch.rows(ROLES)] == [("Орлов", "директор", "director", None)]
    changed = office_files(
        [staff(TEACHER, "заместитель директора по учебной работе"), staff("Орлов Пётр Ильич", "учитель", of="5А")], []
    )
    await office.imports(changed)
    assert [tuple(row) for row in await office.watch.rows(ROLES)] == [
        ("Белова", "заместитель директора по учебной работе", "deputy", None)
    ]
    office.hands.move(days=1)
    await office.imports(office_files([staff(TEACHER, "учитель")], []))
    yesterday = school_date(office.hands.at, office.school.zone) - timedelta(days=1)
    assert [tuple(row) for row in await office.watch.rows(ROLES)] == [("Белова", "учитель", "deputy", yesterday)]
    assert len(await office.watch.audit("role.by-list")) == 4
    query = "SELECT surname FROM core.school_class c JOIN core.person p ON p.id = class_teacher_id WHERE title = '5А'"
    assert await office.watch.value(query) == "Орлов"


@pytest.mark.parametrize(
    ("position", "role"),
    [
        ("директор", Role.DIRECTOR),
        ("Директор школы", Role.DIRECTOR),
        ("директор гимназии", Role.DIRECTOR),
        ("завуч начальных классов", Role.DEPUTY),
        ("заместитель директора по учебно-воспитательной работе", Role.DEPUTY),
        ("Зам. директора по УВР", Role.DEPUTY),
        ("зам директора по воспитательной работе", Role.DEPUTY),
        ("заместитель директора по научно-методической работе", Role.DEPUTY),
        ("заместитель директора по АХЧ", None),
        ("заместитель директора по безопасности", None),
        ("секретарь директора", None),
        ("директор столовой", None),
        ("учитель", None),
    ],
)
def test_whoever_answers_for_teaching_administers_the_journal(position: str, role: Role | None) -> None:
    assert role_of(position) is role


async def test_consent_and_verification_reach_the_events_on_the_schools_day(office: Office) -> None:
    mother = parent("Юдина Яна", mail=("y@example.org", VERIFIED))
    father = parent("Юдин Ян", Relation.FATHER, mail=("i@example.org", None), consent=None)
    await office.imports(office_files([], [pupil("5А", "Юдин Юрий", mother, father)]))
    (child,) = await office.watch.rows("SELECT person_id AS id FROM core.pupil")
    told = [event.data for event in await office.watch.events("guardianship/")]
    assert {(one.relation, one.attendance_consent.given_on) for one in told if isinstance(one, GuardianshipState)} == {
        ("мать", CONSENT),
        ("отец", None),
    }
    for one in told:
        assert isinstance(one, GuardianshipState)
        assert (one.pupil, one.may_see, one.barred, one.since, one.until) == (child["id"], True, False, DAY, None)
    addresses = [event.data for event in await office.watch.events("address/")]
    midnight = datetime(2026, 8, 29, 19, tzinfo=UTC)
    assert {(one.value, one.channel, one.verified_at) for one in addresses if isinstance(one, AddressState)} == {
        ("y@example.org", Channel.MAIL, midnight),
        ("i@example.org", Channel.MAIL, None),
    }


@pytest.mark.parametrize(
    ("consent", "mail", "subject"),
    [
        (None, ("y@example.org", VERIFIED), "guardianship/"),
        (date(2026, 10, 1), ("y@example.org", VERIFIED), "guardianship/"),
        (CONSENT, ("new@example.org", VERIFIED), "address/"),
        (CONSENT, ("new@example.org", None), "address/"),
        (CONSENT, ("y@example.org", None), "address/"),
        (CONSENT, ("y@example.org", date(2026, 10, 1)), "address/"),
    ],
    ids=str,
)
async def test_what_changed_on_paper_is_told_whole_at_a_higher_version(
    office: Office, consent: date | None, mail: tuple[str, date | None], subject: str
) -> None:
    mother = parent("Юдина Яна", mail=("y@example.org", VERIFIED))
    await office.imports(office_files([], [pupil("5А", "Юдин Юрий", mother)]))
    before = await office.watch.events()
    changed = parent("Юдина Яна", mail=mail, consent=consent)
    await office.imports(office_files([], [pupil("5А", "Юдин Юрий", changed)]))
    (event,) = (await office.watch.events())[len(before) :]
    assert (event.subject.startswith(subject), event.version) == (True, 2)
    match event.data:
        case GuardianshipState() as told:
            taken_back = CONSENT if consent is None else None
            term = ConsentTerm(given_on=consent or CONSENT, withdrawn_on=taken_back)
            assert (told.achievement_consent, told.attendance_consent) == (term, term)
        case AddressState() as told:
            assert (told.value, told.verified_at is None) == (mail[0], mail[1] is None)
        case _:
            raise AssertionError(event.data)


async def test_an_empty_cell_says_nothing_of_a_known_address(office: Office) -> None:
    mother = parent("Юдина Яна", mail=("y@example.org", VERIFIED))
    await office.imports(office_files([], [pupil("5А", "Юдин Юрий", mother)]))
    before = await journal(office)
    await office.imports(office_files([], [pupil("5А", "Юдин Юрий", parent("Юдина Яна"))]))
    assert await journal(office) == before


async def test_a_pupil_moves_to_another_class_and_stays_who_he_is(office: Office) -> None:
    mother = parent("Юдина Яна")
    await office.imports(office_files([], [pupil("5А", "Юдин Юрий", mother)]))
    (before,) = await office.people("Юдин")
    await office.imports(office_files([], [pupil("5Б", "Юдин Юрий", mother)]))
    assert await office.people("Юдин") == [before]
    query = "SELECT title FROM core.pupil JOIN core.school_class c ON c.id = class_id"
    assert await office.watch.value(query) == "5Б"


async def test_the_timetable_names_teachers_in_full_or_by_initials(office: Office) -> None:
    rows = [staff(TEACHER), staff("Белов Олег Львович")]
    written = ["Белова Ольга Львовна", "Белова О. Л.", "Белова О.Л.", "белов олег львович", "Белов О. Л."]
    lessons = [lesson("5А", number, teacher) for number, teacher in enumerate(written, 1)]
    await office.imports(office_files(rows, [pupil("5А", "Юдин Юрий", parent("Юдина Яна"))], lessons))
    query = "SELECT surname FROM core.slot JOIN core.person p ON p.id = teacher_id ORDER BY number"
    assert [row["surname"] for row in await office.watch.rows(query)] == ["Белова"] * 3 + ["Белов"] * 2
    async with office.database.begin() as session:
        assert await timetable.open_day(session, office.school, DAY, office.hands.at) == 5


async def test_unknown_and_ambiguous_teachers_are_all_named_with_their_lines(office: Office) -> None:
    rows = [staff(TEACHER), staff("Белова Оксана Леонидовна")]
    lessons = [
        lesson("5А", 1, TEACHER),
        lesson("5А", 2, "Белова О. Л."),
        lesson("5А", 3, "Щукин Иван Иванович"),
        lesson("5А", 4, "Юдина Яна Юрьевна"),
    ]
    files = office_files(rows, [pupil("5А", "Юдин Юрий", parent("Юдина Яна Юрьевна"))], lessons)
    before = await office.watch.everything()
    with pytest.raises(RosterRefused) as refusal:
        await office.imports(files)
    told = [(problem.place.line, problem.code, problem.args["teacher"]) for problem in refusal.value.problems]
    assert told == [
        (3, Code.TEACHER_AMBIGUOUS, "Белова О. Л."),
        (4, Code.TEACHER_UNKNOWN, "Щукин Иван Иванович"),
        (5, Code.TEACHER_UNKNOWN, "Юдина Яна Юрьевна"),
    ]
    assert await office.watch.everything() == before


async def test_a_teacher_in_two_classes_at_once_is_named_however_he_is_written(office: Office) -> None:
    mother = parent("Юдина Яна")
    lessons = [lesson("5А", 1, TEACHER), lesson("5Б", 1, "Белова О. Л."), lesson("5Б", 2, TEACHER)]
    pupils = [pupil("5А", "Юдин Юрий", mother), pupil("5Б", "Юдин Лев", mother)]
    before = await office.watch.everything()
    with pytest.raises(RosterRefused) as refusal:
        await office.imports(office_files([staff(TEACHER)], pupils, lessons))
    (problem,) = refusal.value.problems
    assert (problem.code, problem.place.line, problem.args["school_class"]) == (Code.TEACHER_BUSY, 3, "5А")
    assert await office.watch.everything() == before


async def test_a_refused_roster_is_a_refusal_with_a_code(office: Office) -> None:
    doing = office.imports(office_files([], [], [lesson("5А", 1, TEACHER)]))
    assert await refused(doing) == (RosterRefused, "roster-refused")
    assert issubclass(RosterRefused, Invalid)


async def test_a_changed_timetable_changes_the_slot(office: Office) -> None:
    pupils = [pupil("5А", "Юдин Юрий", parent("Юдина Яна"))]
    rows = [staff(TEACHER), staff("Щукин Иван Иванович")]
    await office.imports(office_files(rows, pupils, [lesson("5А", 1, TEACHER)]))
    changed = replace(lesson("5А", 1, "Щукин Иван Иванович"), subject="химия", room="7")
    friday = lesson("5А", 1, TEACHER, weekday=Weekday.FRIDAY)
    await office.imports(office_files(rows, pupils, [changed, friday]))
    query = (
        "SELECT weekday, number, s.name, surname, r.name FROM core.slot JOIN core.subject s ON s.id = subject_id"
        " JOIN core.person p ON p.id = teacher_id LEFT JOIN core.room r ON r.id = room_id ORDER BY 1"
    )
    slots = [tuple(row) for row in await office.watch.rows(query)]
    assert slots == [(2, 1, "химия", "Щукин", "7"), (5, 1, "алгебра", "Белова", None)]


async def test_two_offices_importing_the_same_files_at_once_bring_everybody_in_once(office: Office) -> None:
    await office.imports(office_files([staff(TEACHER)], [pupil("5А", "Юдин Юрий", parent("Юдина Яна"))]))
    files = office_files(
        [staff(TEACHER), staff("Щукин Иван Иванович")],
        [pupil("5А", f"Юдин {given}", parent("Юдина Яна", born=BORN)) for given in ("Юрий", "Лев", "Ян")],
    )
    reports = await asyncio.gather(*(office.imports(files) for _ in range(3)))
    assert sorted(report.pupils for report in reports) == [0, 0, 2]
    assert len(await office.people("Юдин")) == 3
    assert len(await office.people("Щукин")) == 1
    versions = [(event.subject, event.version) for event in await office.watch.events()]
    assert len(versions) == len(set(versions))


async def test_an_import_leaves_no_null_in_disguise_in_the_audit(office: Office) -> None:
    await office.imports(office_files([staff(TEACHER)], []))
    query = "SELECT count(*) FROM core.audit WHERE action = 'roster.import' AND before IS NULL"
    assert await office.watch.value(query) == 1
