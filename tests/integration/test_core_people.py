"""Who is who: namesakes are kept apart, one person is one person, in imports and in looking for names."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import URL

from core.actor import OFFICE
from core.database import Database
from core.events import SchoolKind
from core.person import people
from core.refusals import NotFound
from core.roster_file import Relation
from core.school import schools
from tests.integration.core_world import DAY, Hands, Watch, class_room, refused
from tests.integration.roster_pages import Office, office_files, parent, pupil, staff

BORN = date(1988, 2, 1)
VERIFIED = date(2026, 8, 30)


@pytest.fixture
async def office(core_database: Database, database_url: URL) -> Office:
    async with core_database.begin() as session:
        school = await schools.create(
            session, OFFICE, name="Школа 1", kind=SchoolKind.PRIVATE, zone="Asia/Yekaterinburg", now=Hands().at
        )
    return Office(core_database, Watch(database_url), Hands(), school)


async def related(office: Office) -> set[tuple[str, UUID]]:
    """Return who is related: the child's given name and the adult."""
    query = "SELECT given, guardian_id FROM core.guardianship JOIN core.person ON id = pupil_id"
    return {(row["given"], row["guardian_id"]) for row in await office.watch.rows(query)}


async def test_pupils_of_one_name_are_told_apart_by_their_birth_dates(office: Office) -> None:
    mother = parent("Юдина Яна")
    pupils = [pupil("5А", "Юдин Юрий", mother), pupil("5А", "Юдин Юрий", mother, born=date(2015, 5, 8))]
    await office.imports(office_files([], pupils))
    assert len(await office.people("Юдин")) == 2
    assert len(await office.people("Юдина")) == 2
    again = await office.imports(office_files([], pupils))
    assert (again.people, again.unchanged) == (0, 4)


async def test_an_adult_without_a_birth_date_is_not_the_namesake_of_another_family(office: Office) -> None:
    pupils = [pupil("5А", "Юдин Юрий", parent("Юдина Яна")), pupil("5А", "Ким Лев", parent("Юдина Яна"))]
    await office.imports(office_files([], pupils))
    adults = await office.people("Юдина")
    assert len(adults) == 2
    assert {adult for _, adult in await related(office)} == set(adults)


async def test_an_adult_with_a_birth_date_is_one_person_for_all_his_children(office: Office) -> None:
    mother = parent("Юдина Яна", born=BORN, mail=("y@example.org", VERIFIED))
    pupils = [pupil("5А", "Юдин Юрий", mother), pupil("9А", "Юдин Лев", mother, born=date(2011, 5, 7))]
    await office.imports(office_files([], pupils))
    (adult,) = await office.people("Юдина")
    assert await related(office) == {("Юрий", adult), ("Лев", adult)}
    assert len(await office.watch.events("address/")) == 1
    assert len(await office.watch.events("guardianship/")) == 2


async def test_adults_of_one_name_and_other_birth_dates_are_two(office: Office) -> None:
    first, second = parent("Юдина Яна", born=BORN), parent("Юдина Яна", born=BORN + timedelta(days=1))
    await office.imports(office_files([], [pupil("5А", "Юдин Юрий", first), pupil("5А", "Ким Лев", second)]))
    assert len(await office.people("Юдина")) == 2


async def test_an_employee_who_is_a_mother_too_is_one_person(office: Office) -> None:
    rows = [staff("Юдина Яна Олеговна", born=BORN)]
    await office.imports(office_files(rows, [pupil("5А", "Юдин Юрий", parent("Юдина Яна Олеговна", born=BORN))]))
    (both,) = await office.people("Юдина")
    assert await related(office) == {("Юрий", both)}
    async with office.database.begin() as session:
        assert await people.is_staff(session, both, office.hands.at)
        (child,) = await office.people("Юдин")
        assert await people.is_guardian(session, both, [child])
        assert not await people.is_guardian(session, child, [child])


async def test_an_employee_without_a_birth_date_is_not_taken_for_a_mother(office: Office) -> None:
    mother = parent("Юдина Яна Олеговна", born=BORN)
    undated = parent("Юдина Яна Олеговна")
    rows = [staff("Юдина Яна Олеговна")]
    await office.imports(office_files(rows, [pupil("5А", "Юдин Юрий", mother), pupil("5А", "Ким Лев", undated)]))
    assert len(await office.people("Юдина")) == 3
    again = await office.imports(
        office_files(rows, [pupil("5А", "Юдин Юрий", mother), pupil("5А", "Ким Лев", undated)])
    )
    assert (again.people, again.unchanged) == (0, 5)


async def test_spelling_with_or_without_yo_is_one_person(office: Office) -> None:
    await office.imports(office_files([], [pupil("5А", "Ёлкин Пётр", parent("Ёлкина Алёна", born=BORN))]))
    before = await office.people("Ёлкин")
    spelled = pupil("5А", "Елкин Петр", parent("ЕЛКИНА Алена", born=BORN))
    report = await office.imports(office_files([], [spelled]))
    assert (report.people, report.unchanged) == (0, 2)
    assert await office.people("Ёлкин") == before


async def test_another_relation_of_the_same_adult_is_a_change(office: Office) -> None:
    await office.imports(office_files([], [pupil("5А", "Юдин Юрий", parent("Юдина Яна"))]))
    await office.imports(office_files([], [pupil("5А", "Юдин Юрий", parent("Юдина Яна", Relation.GUARDIAN))]))
    query = "SELECT relation, version FROM core.guardianship"
    assert [tuple(row) for row in await office.watch.rows(query)] == [("опекун", 2)]


async def test_people_are_found_by_their_name(office: Office) -> None:
    rows = [staff("Юдина Яна Олеговна"), staff("Юдина Яна Игоревна"), staff("Юдина Ольга Олеговна")]
    await office.imports(office_files(rows, []))

    async def found(name: str) -> list[str]:
        async with office.database.begin() as session:
            ids = await people.by_name(session, office.school, name)
            names = await people.names(session, ids)
        return [names[one] for one in ids]

    assert await found("Юдина Яна") == ["Юдина Яна Игоревна", "Юдина Яна Олеговна"]
    assert await found("Юдина Яна Олеговна") == ["Юдина Яна Олеговна"]
    assert await found("  юдина   ЯНА олеговна ") == ["Юдина Яна Олеговна"]
    assert await found("Юдина Яна Олеговна Старшая") == []
    assert await found("Яна Юдина") == []
    for too_little in ("", " ", "Юдина"):
        assert await found(too_little) == []


async def test_people_are_found_however_yo_is_written(office: Office) -> None:
    await office.imports(office_files([staff("Семёнов Пётр Ильич")], []))
    async with office.database.begin() as session:
        assert len(await people.by_name(session, office.school, "Семенов Петр")) == 1
        assert len(await people.by_name(session, office.school, "Семёнов Пётр Ильич")) == 1


async def test_the_guardians_of_a_class_are_those_who_may_see_now(office: Office) -> None:
    adults = [parent(f"Юдина {given}", born=BORN) for given in ("Яна", "Ева", "Ада", "Зоя", "Ира")]
    await office.imports(
        office_files([], [pupil("5А", f"Юдин {n}", adult) for n, adult in zip("АБВГД", adults, strict=True)])
    )
    changes = {"Ева": "barred = true", "Ада": "may_see = false", "Зоя": f"until = '{DAY - timedelta(days=1)}'"}
    for given, change in changes.items():
        await office.watch.rows(
            f"UPDATE core.guardianship SET {change} WHERE guardian_id = (SELECT id FROM core.person WHERE given = $1)",  # noqa: S608 - our own words
            given,
        )
    async with office.database.begin() as session:
        listed = await people.guardians_of_class(session, office.school, "5А", office.hands.at)
        names = await people.names(session, listed)
        assert await refused(people.guardians_of_class(session, office.school, "5Я", office.hands.at)) == (
            NotFound,
            "class-unknown",
        )
    assert [names[one] for one in listed] == ["Юдина Ира", "Юдина Яна"]


async def test_a_class_teacher_leads_the_classes_of_the_newest_lists(
    core_database: Database, database_url: URL
) -> None:
    room = await class_room(core_database, database_url)
    for title in ("10А", "5Б"):
        await room.builder.school_class(room.school, title, room.class_teacher)
    await room.builder.school_class(room.school, "7А", room.stranger)
    await room.watch.rows(
        "INSERT INTO core.school_class SELECT gen_random_uuid(), school_id, year - 1, '4А', class_teacher_id"
        " FROM core.school_class WHERE title = '5А'"
    )
    async with room.database.begin() as session:
        led = await people.classes_led(session, room.class_teacher)
        assert await people.classes_led(session, room.teacher) == ()
    assert [card.title for card in led] == ["5А", "5Б", "10А"]
    assert led[0].id == room.school_class
