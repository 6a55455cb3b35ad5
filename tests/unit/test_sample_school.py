"""The sample school is what the demonstration and the tests rely on, and always the same."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from core.roster_file import GuardianCells, NamedBytes, PupilRow, Relation, RosterFiles, Weekday, name_key
from tests.unit.roster_tables import good, read
from zvonok.demo.dice import Dice
from zvonok.demo.sample_names import PATRONYMICS, feminine, latin
from zvonok.demo.sample_plan import CLASSES, PLAN
from zvonok.demo.sample_school import CSV_FILES, FOLDER, XLSX_FILE, Cast, find_cast, make_files, make_school

RESERVED = re.compile(r"[a-z0-9.]+@(example\.(org|com|net)|[a-z]+\.test)")


def committed(*names: str) -> RosterFiles:
    return good(read(*(NamedBytes(name, (FOLDER / name).read_bytes()) for name in names)))


@pytest.fixture(scope="module")
def school() -> RosterFiles:
    return committed(*CSV_FILES)


@pytest.fixture(scope="module")
def cast(school: RosterFiles) -> Cast:
    return find_cast(school)


def parts(book: bytes) -> dict[str, bytes]:
    """Unpack a book: compressed bytes depend on the library that packed them, the parts do not."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_files_are_made_anew_byte_for_byte() -> None:
    once, again = make_files(make_school()), make_files(make_school())
    assert once == again
    assert set(once) == {path.name for path in FOLDER.iterdir()}
    for name in CSV_FILES:
        assert (FOLDER / name).read_bytes() == once[name]
    assert parts((FOLDER / XLSX_FILE).read_bytes()) == parts(once[XLSX_FILE])


def test_both_forms_say_the_same(school: RosterFiles) -> None:
    book = committed(XLSX_FILE)
    assert (book.staff, book.pupils, book.lessons) == (school.staff, school.pupils, school.lessons)
    assert (book.notices, school.notices) == ((), ())
    made = make_school()
    assert (school.staff, school.pupils, school.lessons) == (made.staff, made.pupils, made.lessons)


def test_its_size(school: RosterFiles) -> None:
    sizes = Counter(row.school_class for row in school.pupils)
    assert set(sizes) == set(CLASSES) == {row.school_class for row in school.lessons}
    assert len(CLASSES) == 24
    assert len(school.pupils) >= 520
    assert 20 <= min(sizes.values()) <= max(sizes.values()) <= 25
    assert 40 <= len(school.staff) <= 50


def test_ages_fit_the_grades_of_2026(school: RosterFiles) -> None:
    first_of_september = date(2026, 9, 1)
    for row in school.pupils:
        age = (first_of_september - row.birth_date) / timedelta(days=365.25)
        assert 5.5 < age - row.school_class.grade < 7


def test_mothers_and_fathers_are_old_enough(school: RosterFiles) -> None:
    for row in school.pupils:
        for guardian in row.guardians:
            assert guardian.birth_date is not None
            assert 18 < (row.birth_date - guardian.birth_date) / timedelta(days=365.25) < 75


def test_addresses_lead_to_nobody(school: RosterFiles) -> None:
    addresses = [row.email for row in school.staff] + [one.email for row in school.pupils for one in row.guardians]
    given = [address for address in addresses if address is not None]
    assert len(given) > 700
    assert [address for address in given if not RESERVED.fullmatch(address)] == []


def people(pupils: Iterable[PupilRow]) -> dict[Hashable, list[tuple[PupilRow, GuardianCells]]]:
    """Return the adults, each with every line they stand in."""
    found: dict[Hashable, list[tuple[PupilRow, GuardianCells]]] = {}
    for row in pupils:
        for guardian in row.guardians:
            found.setdefault(guardian.key, []).append((row, guardian))
    return found


def test_nobody_shares_a_mailbox_or_a_name_with_another_adult(school: RosterFiles) -> None:
    adults = people(school.pupils)
    assert None not in adults
    employees = {(name_key(row.name), row.birth_date): row.email for row in school.staff}
    owners: dict[str, set[Hashable]] = {}
    for key, lines in adults.items():
        for _, guardian in lines:
            owners.setdefault(guardian.email or "", set()).add(key)
    for key, email in employees.items():
        owners.setdefault(email or "", set()).add(key)
    assert {email: keys for email, keys in owners.items() if email and len(keys) > 1} == {}
    names = Counter(str(key[0]) for key in {*adults, *employees} if isinstance(key, tuple))
    assert names.most_common(1)[0][1] == 1


def test_siblings_have_the_same_parents_and_never_the_same_year(school: RosterFiles) -> None:
    families = {key: {row.name.in_full(): row for row, _ in lines} for key, lines in people(school.pupils).items()}
    several = [list(rows.values()) for rows in families.values() if len(rows) > 1]
    assert len(several) > 50
    apart = [
        max(row.school_class for row in rows).grade - min(row.school_class for row in rows).grade for rows in several
    ]
    assert Counter(apart)[0] == 2  # the twins, seen by each of their parents
    assert Counter(apart)[1] == 0


def kinds(pupils: Iterable[PupilRow]) -> Counter[str]:
    """Count the ways in which a family can be reached, or cannot."""
    found: Counter[str] = Counter()
    for row in pupils:
        one = row.guardians[0]
        found["one guardian" if len(row.guardians) == 1 else "two guardians"] += 1
        found["no consent"] += one.consent_on is None and one.email_verified_on is not None
        found["unverified"] += one.consent_on is not None and bool(one.email) and one.email_verified_on is None
        found["no e-mail"] += one.email is None
        found["guardian"] += one.relation is Relation.GUARDIAN
        found["father alone"] += len(row.guardians) == 1 and one.relation is Relation.FATHER
        homes = {guardian.name.surname[:3] for guardian in row.guardians}
        found["two homes"] += len(homes) == 2 and all(guardian.email for guardian in row.guardians)
        found["father without e-mail"] += len(row.guardians) == 2 and row.guardians[1].email is None
    return found


def test_every_kind_of_family_is_there(school: RosterFiles) -> None:
    found = kinds(school.pupils)
    assert found["two guardians"] > found["one guardian"] > 100
    for kind in ("no consent", "unverified", "no e-mail", "father alone", "guardian", "two homes"):
        assert found[kind] >= 5, kind


def test_names_of_every_kind_are_there(school: RosterFiles) -> None:
    names = [row.name for row in school.pupils]
    assert sum("ё" in name.in_full().lower() for name in names) > 50
    assert sum("-" in name.surname for name in names) > 10
    assert sum(not name.patronymic for name in names) >= 3
    full = Counter(name.in_full() for name in names)
    namesakes = [[row for row in school.pupils if row.name.in_full() == name] for name in full if full[name] > 1]
    same_class = [rows for rows in namesakes if len({row.school_class for row in rows}) == 1]
    assert [str(rows[0].school_class) for rows in same_class] == ["5В"]
    assert len({row.birth_date for row in same_class[0]}) == 2
    assert len(namesakes) == 2


def test_one_parent_works_at_the_school(school: RosterFiles) -> None:
    employees = {(name_key(row.name), row.birth_date) for row in school.staff}
    assert len(employees & set(people(school.pupils))) == 1


def test_classes_are_listed_in_the_order_of_the_alphabet(school: RosterFiles) -> None:
    keys = [(row.school_class, row.name.sort_key()) for row in school.pupils]
    assert keys == sorted(keys)


def test_every_class_has_a_class_teacher_who_teaches_it(school: RosterFiles) -> None:
    teachers = {row.class_teacher_of: row.name.in_full() for row in school.staff if row.class_teacher_of}
    assert set(teachers) == set(CLASSES)
    taught = {(row.school_class, row.teacher) for row in school.lessons}
    assert set(teachers.items()) <= taught


def test_the_week_follows_the_curriculum_plan(school: RosterFiles) -> None:
    for school_class in CLASSES:
        hours = Counter(row.subject for row in school.lessons if row.school_class == school_class)
        assert hours == Counter(PLAN[school_class.grade])


def test_a_class_has_no_gaps_and_few_repetitions(school: RosterFiles) -> None:
    for school_class in CLASSES:
        for day in Weekday:
            lessons = [row for row in school.lessons if (row.school_class, row.weekday) == (school_class, day)]
            assert [row.number for row in lessons] == list(range(1, len(lessons) + 1))
            assert all(row.starts_at == time(8, 30) for row in lessons[:1])
            repeated = Counter(row.subject for row in lessons).most_common(1)
            assert all(count <= 2 for _, count in repeated)
            assert lessons or day is Weekday.SATURDAY
            assert 4 <= len(lessons) <= 7 or not lessons


def test_teachers_are_employees_with_sensible_loads_in_one_place_at_a_time(school: RosterFiles) -> None:
    staff = {row.name.in_full() for row in school.staff}
    loads = Counter(row.teacher for row in school.lessons)
    assert set(loads) <= staff
    assert 8 <= min(loads.values()) <= max(loads.values()) <= 27
    places = Counter((row.teacher, row.weekday, row.number) for row in school.lessons)
    assert places.most_common(1)[0][1] == 1
    rooms = Counter((row.room, row.weekday, row.number) for row in school.lessons)
    assert rooms.most_common(1)[0][1] == 1


def test_the_cast(school: RosterFiles, cast: Cast) -> None:
    assert (str(cast.school_class), cast.lesson.weekday, cast.lesson.number) == ("7Б", Weekday.TUESDAY, 1)
    assert (cast.lesson.starts_at, cast.lesson.teacher) == (time(8, 30), cast.teacher.name.in_full())
    pupils = (cast.two_parents, cast.one_parent, cast.two_homes)
    assert len({row.place for row in pupils}) == 3
    assert {row.school_class for row in pupils} == {cast.school_class}
    assert [len(row.guardians) for row in pupils] == [2, 1, 2]
    for row in pupils:
        for guardian in row.guardians:
            assert guardian.consent_on is not None
            assert guardian.email is not None
            assert guardian.email_verified_on is not None
    homes = [{guardian.name.surname[:3] for guardian in row.guardians} for row in pupils]
    assert [len(home) for home in homes] == [1, 1, 2]
    others = [row for row in school.pupils if row not in pupils]
    assert not {one.key for row in pupils for one in row.guardians} & set(people(others))


def test_another_school_has_no_cast(school: RosterFiles, cast: Cast) -> None:
    for missing in (
        replace(school, lessons=()),
        replace(school, staff=()),
        replace(school, pupils=tuple(row for row in school.pupils if row != cast.two_homes)),
    ):
        with pytest.raises(LookupError):
            find_cast(missing)


@pytest.mark.parametrize(
    ("surname", "woman"),
    [
        ("Ёлкин", "Ёлкина"),
        ("Белый", "Белая"),
        ("Широкий", "Широкая"),
        ("Лесной-Соколов", "Лесная-Соколова"),
        ("Гайдай", "Гайдай"),
    ],
)
def test_surnames_of_women(surname: str, woman: str) -> None:
    assert feminine(surname) == woman


def test_names_become_addresses() -> None:
    assert latin("Щёголев-Юсупов") == "shchegolevyusupov"
    assert all(latin(name).isascii() for name in PATRONYMICS)


def test_chance_is_the_same_everywhere_and_fair_enough() -> None:
    dice = Dice(1)
    assert [dice.below(1000) for _ in range(6)] == [509, 648, 382, 795, 500, 553]
    throws = Counter(dice.below(6) for _ in range(6_000))
    assert set(throws) == set(range(6))
    assert 900 < min(throws.values()) <= max(throws.values()) < 1100
    kinds_of_ten = Counter(dice.weighted((("a", 1), ("b", 9))) for _ in range(1_000))
    assert 60 < kinds_of_ten["a"] < 140
