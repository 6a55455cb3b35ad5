"""Organisations: a region, its municipalities, schools under them, branches; data of one are none of another's."""

import asyncio
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL

from core.actor import OFFICE, Act, Actor
from core.database import Database
from core.events import SchoolKind
from core.person import class_register, education_forms, verifications
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.school import organisations, school_rules, schools
from core.school_time import MachineClock, SchoolClock
from core.tables import Person, RoleAssignment, Staff
from tests.integration.core_world import FIRST_BELL, Watch, refused
from zvonok import organisations as at_the_command_line
from zvonok.installation import Installation
from zvonok.secret import Secret
from zvonok.settings import Settings
from zvonok.trouble import OfficeError


def _role(person: UUID, role: str, *, school: UUID | None = None, authority: UUID | None = None) -> RoleAssignment:
    return RoleAssignment(
        id=uuid4(),
        person_id=person,
        school_id=school,
        authority_id=authority,
        role=role,
        since=date(2026, 1, 1),
        why="приказ 1",
        by_list=False,
        granted_at=FIRST_BELL,
    )


class Town:
    """Two regions, one with two municipalities and a school of each kind."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def act(self, actor: Actor = OFFICE) -> Act:
        return Act(actor, FIRST_BELL, str(uuid4()))

    async def build(self) -> "Town":
        async with self.database.begin() as session:
            self.region = await organisations.found_region(session, self.act(), "Область")
            self.other = await organisations.found_region(session, self.act(), "Край")
            self.city = await organisations.found_municipality(session, self.act(), "Город", self.region)
            self.district = await organisations.found_municipality(session, self.act(), "Район", self.region)
            self.ids = {
                kind: (
                    await schools.create(
                        session, OFFICE, name=f"Школа {kind}", kind=kind, zone="Asia/Yekaterinburg", now=FIRST_BELL
                    )
                ).id
                for kind in SchoolKind
            }
            await organisations.place(session, self.act(), self.ids[SchoolKind.MUNICIPAL], self.city)
            await organisations.place(session, self.act(), self.ids[SchoolKind.STATE], self.region)
            await organisations.make_branch(
                session, self.act(), self.ids[SchoolKind.BRANCH], self.ids[SchoolKind.MUNICIPAL]
            )
        return self

    async def director(self, school: UUID) -> Actor:
        async with self.database.begin() as session:
            person = Person(id=uuid4(), school_id=school, surname="Орлов", given="Лев", patronymic="", sort_key="о")
            session.add(person)
            await session.flush()
            session.add(Staff(person_id=person.id, position="директор"))
            session.add(_role(person.id, "director", school=school))
        return Actor("web", person.id)

    async def officer(self, authority: UUID, role: str) -> Actor:
        async with self.database.begin() as session:
            person = Person(
                id=uuid4(), authority_id=authority, surname="Ильин", given="Пётр", patronymic="", sort_key="и"
            )
            session.add(person)
            await session.flush()
            session.add(_role(person.id, role, authority=authority))
        return Actor("web", person.id)

    async def under(self, actor: Actor, authority: UUID) -> list[SchoolKind]:
        async with self.database.begin() as session:
            return [line.kind for line in await organisations.under(session, actor, authority, FIRST_BELL)]


@pytest.fixture
async def town(core_database: Database) -> Town:
    return await Town(core_database).build()


async def test_a_region_sees_what_is_under_it_and_a_municipality_its_own(town: Town) -> None:
    region = await town.officer(town.region, "regional-officer")
    city = await town.officer(town.city, "municipal-officer")
    municipal = [SchoolKind.BRANCH, SchoolKind.MUNICIPAL]
    assert sorted(await town.under(region, town.region)) == sorted([*municipal, SchoolKind.STATE])
    assert await town.under(city, town.city) == municipal
    assert await town.under(region, town.city) == municipal
    for actor, authority in ((city, town.district), (city, town.region), (region, town.other)):
        assert await refused(town.under(actor, authority)) == (Forbidden, "not-allowed")
    assert await refused(town.under(region, uuid4())) == (NotFound, "authority-unknown")


async def test_a_branch_is_listed_by_its_head_organisation(town: Town) -> None:
    async with town.database.begin() as session:
        head = town.ids[SchoolKind.MUNICIPAL]
        (line,) = await organisations.branches(session, OFFICE, head, FIRST_BELL)
        assert (line.id, line.branch_of) == (town.ids[SchoolKind.BRANCH], head)
        assert await organisations.branches(session, OFFICE, line.id, FIRST_BELL) == ()


@pytest.mark.req("GEN-28")
async def test_cabinets_of_all_kinds_stand_in_one_system_and_their_data_apart(town: Town) -> None:
    directors = {kind: await town.director(school) for kind, school in town.ids.items()}
    for kind, director in directors.items():
        for other, school in town.ids.items():
            async with town.database.begin() as session:
                queries = (
                    school_rules.read(session, director, school, FIRST_BELL),
                    verifications.overdue(session, director, school, FIRST_BELL),
                    class_register.without_parent(session, director, school, FIRST_BELL),
                    education_forms.apart(session, director, school, FIRST_BELL),
                    organisations.branches(session, director, school, FIRST_BELL),
                )
                for query in queries:
                    if kind is other:
                        await query
                    else:
                        assert await refused(query) == (Forbidden, "not-allowed")


async def test_what_makes_no_sense_is_refused_and_changes_nothing(town: Town, database_url: URL) -> None:
    watch = Watch(database_url)
    before = await watch.everything()
    municipal, branch = town.ids[SchoolKind.MUNICIPAL], town.ids[SchoolKind.BRANCH]
    cases = [
        (organisations.found_region, ("Область",), (Conflict, "authority-exists")),
        (organisations.found_region, (" ",), (Invalid, "authority-name-needed")),
        (organisations.found_municipality, ("Село", town.city), (NotFound, "authority-unknown")),
        (organisations.found_municipality, ("Село", uuid4()), (NotFound, "authority-unknown")),
        (organisations.place, (municipal, town.region), (Invalid, "municipal-school-under-region")),
        (organisations.place, (municipal, uuid4()), (NotFound, "authority-unknown")),
        (organisations.place, (uuid4(), town.city), (NotFound, "school-unknown")),
        (organisations.make_branch, (municipal, town.ids[SchoolKind.STATE]), (Invalid, "school-is-no-branch")),
        (organisations.make_branch, (branch, branch), (Invalid, "head-is-a-branch")),
    ]
    for command, words, refusal in cases:
        assert await refused(_tried(town, command, *words)) == refusal
    assert await watch.everything() == before


async def _tried(town: Town, command: object, *words: object) -> None:
    assert callable(command)
    async with town.database.begin() as session:
        await command(session, town.act(), *words)


async def test_nobody_but_the_operator_says_who_stands_under_whom(town: Town) -> None:
    officer = await town.officer(town.region, "regional-officer")
    async with town.database.begin() as session:
        act = town.act(officer)
        for doing in (
            organisations.found_region(session, act, "Республика"),
            organisations.place(session, act, town.ids[SchoolKind.PRIVATE], town.city),
            organisations.make_branch(session, act, town.ids[SchoolKind.BRANCH], town.ids[SchoolKind.STATE]),
            organisations.everything(session, officer),
        ):
            assert await refused(doing) == (Forbidden, "office-only")


async def test_a_repeat_leaves_one_trace_in_the_authoritys_own_chain(town: Town, database_url: URL) -> None:
    watch = Watch(database_url)
    act = town.act()
    async with town.database.begin() as session:
        first = await organisations.found_region(session, act, "Республика")
    async with town.database.begin() as session:
        assert await organisations.found_region(session, act, "Республика") == first
    rows = await watch.audit("authority.found")
    assert [row["school_id"] for row in rows if row["subject"] == f"authority/{first}"] == [first]
    async with town.database.begin() as session:
        await organisations.place(session, town.act(), town.ids[SchoolKind.MUNICIPAL], None)
    assert await town.under(OFFICE, town.city) == []
    assert len(await watch.audit("school.place")) == 3


@pytest.mark.usefixtures("town")
async def test_the_operator_sees_and_changes_the_tree(database_url: URL, tmp_path: Path) -> None:
    secret = Secret(b"the secret of these tests, of thirty-two bytes")
    clock = SchoolClock(source=lambda: FIRST_BELL)
    here = Installation(Settings(data=tmp_path, database_url=None), database_url, secret, clock, MachineClock())
    assert await at_the_command_line.under(here, "Школа private", "Посёлок", "Край") == ["Записано."]
    await at_the_command_line.branch(here, "Школа branch", "Школа state")
    assert await at_the_command_line.tree(here) == [
        "Край — регион",
        "  Посёлок — муниципалитет",
        "    Школа private — частная",
        "Область — регион",
        "  Школа state — государственная",
        "  Город — муниципалитет",
        "    Школа municipal — муниципальная",
        "  Район — муниципалитет",
        "Под органами управления не стоят:",
        "  Школа branch — филиал: Школа state",
    ]
    with pytest.raises(OfficeError, match="укажите его регион"):
        await at_the_command_line.under(here, "Школа private", "Хутор", None)


async def test_two_cannot_found_one_region_at_once(town: Town) -> None:
    async def found() -> UUID:
        async with town.database.begin() as session:
            return await organisations.found_region(session, town.act(), "Республика")

    done = await asyncio.gather(found(), found(), return_exceptions=True)
    assert len([one for one in done if isinstance(one, UUID)]) == 1
    assert [one.code for one in done if isinstance(one, Conflict)] == ["authority-exists"]
