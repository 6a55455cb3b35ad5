"""The hand-written table of rights against the real database: every cell tried, allowed and refused.

Of every right, every role and each of the three places: the command or query that asks for the right does what it says
exactly where the table lets the role do it; elsewhere it refuses, and its transaction has not so much as locked a row.
"""

import csv
import os
from collections.abc import AsyncIterator
from itertools import product
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from core import access
from core.access import Reach, Right, Role
from core.actor import OFFICE, Actor
from core.database import Database, connect_arguments
from core.database import Role as DatabaseRole
from core.learning import lesson_rights
from core.notice.notice_tables import Consent
from core.refusals import Forbidden, NotFound, Refusal
from core.tables import Guardianship
from tests.conftest import TEMPLATE
from tests.integration.rights_doings import DOINGS
from tests.integration.rights_tries import Doing, Try
from tests.integration.rights_world import (
    BESIDES,
    FATHER,
    GIVES_LESSONS,
    NOW,
    STRANGER,
    Position,
    RightsWorld,
    rights_world,
)
from tests.school_builder import LONG_AGO
from zvonok.postgres import Server

type Table = dict[tuple[str, Right], Reach]
pytestmark = pytest.mark.asyncio(loop_scope="session")
TABLE = Path("docs/reference/rights.csv")
WROTE = text("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
"""Whether the transaction has written anything, or so much as locked a row."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def world(postgres: Server) -> AsyncIterator[RightsWorld]:
    """One database for the module: whatever is done in it is rolled back."""
    name = f"rights_{os.getpid()}"
    server = await asyncpg.connect(**connect_arguments(postgres.url))
    try:
        await server.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        database = Database(postgres.database(name), DatabaseRole.CORE)
        try:
            yield await rights_world(database)
        finally:
            await database.close()
            await server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await server.close()


@pytest.fixture(scope="module")
def table() -> Table:
    """What was written by hand."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {(row["role"], Right(row["right"])): Reach(row["reach"]) for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def rooms() -> set[str]:
    """Modules of core that name a right, but for those that say what rights are, or that others ask.

    Late rolls open transactions of their own, each of a lesson: whoever may not is refused in test_core_late_rolls.
    """
    naming = {module.stem for module in Path("core").rglob("*.py") if "Right." in module.read_text(encoding="utf-8")}
    return naming - {"access_table", "rights", "handing_out", "group_rights", "change_writing", "late_rolls"}


async def refusal(world: RightsWorld, doing: Doing, it: Try) -> Refusal | None:
    """Do it, and take it back; return how it was refused, which must not have written anything before."""
    async with AsyncSession(world.database.engine) as session:
        try:
            await doing.do(session, it)
        except (Forbidden, NotFound) as refused:
            assert not await session.scalar(WROTE), f"{doing.name}: refused too late"
            return refused
        else:
            return None
        finally:
            await session.rollback()


async def wrong(world: RightsWorld, doing: Doing, it: Try, *, allowed: bool) -> list[str]:
    """Do it, and tell what went otherwise than it had to."""
    found = await refusal(world, doing, it)
    fits = found is None if allowed else isinstance(found, Forbidden) or (found is not None and doing.hides)
    went = "done" if found is None else f"refused, {type(found).__name__}, {found.code}"
    return (
        [] if fits else [f"{it.role} was to be {'let' if allowed else 'refused'}: {doing.name}, {it.position}: {went}"]
    )


def lets(table: Table, doing: Doing, role: str, position: Position) -> bool:
    """Tell what the table says: one of the rights that open this reaches there, by the role or the work besides."""
    asked = (doing.right, *doing.others)
    reaches = {(role, table.get((role, right), Reach.NONE)) for right in asked}
    work = BESIDES.get(Role(role))
    if work is not None:
        # No lesson that is tried is one of his: by his work come what he wrote, what is about him, and the school's.
        by_work = {table.get((work, right)) for right in asked} & {Reach.SELF, Reach.SCHOOL}
        reaches |= {(work, reach) for reach in by_work if reach is not None}
    return any(position in doing.thing.covered(one, reach) for one, reach in reaches)


def is_personal(table: Table, right: Right) -> bool:
    """Tell whether everybody who has the right has it for himself or for his child alone."""
    return {reach for (_, one), reach in table.items() if one is right} <= {Reach.SELF, Reach.CHILD}


@pytest.mark.req("AUTH-06")
@pytest.mark.parametrize("right", Right)
async def test_each_cell_lets_do_what_the_table_says_and_nothing_else(
    world: RightsWorld, table: Table, right: Right
) -> None:
    first, *further = [doing for doing in DOINGS if doing.right is right]
    found: list[str] = []
    tried = 0
    for role, position in product(Role, Position):
        it = Try(world, role, world.actor(role), position)
        found += await wrong(world, first, it, allowed=lets(table, first, role, position))
        tried += 1
        for doing in further:
            # Whoever may not reach his own is tried farther off by the first doing alone.
            if position is Position.OWN or lets(table, doing, role, Position.OWN):
                found += await wrong(world, doing, it, allowed=lets(table, doing, role, position))
    assert found == []
    assert tried == len(Role) * len(Position)


@pytest.mark.parametrize("right", Right)
async def test_the_operator_may_all_that_is_nobodys_own_and_a_stranger_nothing(
    world: RightsWorld, table: Table, right: Right
) -> None:
    assert access.is_personal(right) is is_personal(table, right)
    found: list[str] = []
    for doing, position in product([doing for doing in DOINGS if doing.right is right], Position):
        found += await wrong(world, doing, Try(world, STRANGER, world.actor(STRANGER), position), allowed=False)
        personal = all(is_personal(table, one) for one in (doing.right, *doing.others))
        allowed = not personal and not doing.signed
        found += await wrong(world, doing, Try(world, "office", OFFICE, position), allowed=allowed)
        if not allowed:
            found += await nobody_there(world, doing, position)
    assert found == []


async def nobody_there(world: RightsWorld, doing: Doing, position: Position) -> list[str]:
    """Tell if not even they whose things these are can do it there: what is refused to others is then not there."""
    corner = world.corners[position]
    head = world.wholes[position].head
    theirs = (corner.guardian, world.people[FATHER], corner.pupil, corner.employee, corner.class_teacher, head)
    for person in theirs:
        actor = Actor("web", person, corner.guardian_account if person == corner.guardian else None)
        if await refusal(world, doing, Try(world, "theirs", actor, position)) is None:
            return []
    return [f"nobody can {doing.name}, {position}"]


async def test_every_room_of_core_that_asks_for_a_right_is_tried(rooms: set[str]) -> None:
    tried = {name for doing in DOINGS for name in doing.do.__code__.co_names}
    assert rooms - tried == set()
    assert {doing.right for doing in DOINGS} == set(Right)


async def test_everybody_holds_his_role_alone(world: RightsWorld) -> None:
    held = {}
    async with AsyncSession(world.database.engine) as session:
        for role in (*Role, STRANGER):
            it = Try(world, role, world.actor(role), Position.OWN)
            facts = await lesson_rights.of_lesson(session, it.actor, it.lesson, NOW)
            held[role] = {one.role for one in facts.rights.standing.held}
    assert held == {role: {role, BESIDES.get(role, role)} for role in Role} | {STRANGER: set()}


@pytest.mark.parametrize("name", ["open the diary", "sign a notice", "say why he is absent", "tell of changed data"])
async def test_a_guardian_of_one_child_is_none_of_another_that_is_trusted_to_him(world: RightsWorld, name: str) -> None:
    doings = {doing.name: doing for doing in DOINGS}
    it = Try(world, Role.GUARDIAN, world.actor(Role.GUARDIAN), Position.NEIGHBOUR)
    trusted = {"kind": "trusted", "relation": "тётя", "must_sign": False, "may_see": True, "barred": False}
    async with AsyncSession(world.database.engine) as session:
        other = Guardianship(
            pupil_id=it.at.pupil, guardian_id=world.people[Role.GUARDIAN], since=LONG_AGO, version=1, **trusted
        )
        agreed = Consent(
            id=uuid4(),
            pupil_id=it.at.pupil,
            guardian_id=world.people[Role.GUARDIAN],
            purpose="attendance",
            given=True,
            since=LONG_AGO,
            form="paper",
            recorded_at=NOW,
        )
        session.add_all([other, agreed])
        await session.flush()
        await doings["read the timetable"].do(session, it)
        with pytest.raises((Forbidden, NotFound)):
            await doings[name].do(session, it)


OF_LESSONS = ("read the roll", "read the marks", "read the homework given")
AT_LESSONS = ("call the roll", "give a mark", "correct a mark", "take a mark back", "set homework", "write a remark")
LOGINS = ("hand out a login to an adult", "hand out a login to a pupil")
OF_PUPILS = ("read his card", "read how he learns", "see a pupil's consents", "list his adults")
ENTERED_OF_PUPILS = ("fill his card", "keep his document")
DIARY = ("open the diary",)
NOT_OF_THE_TEACHING = (Role.SUPPORT, Role.MUNICIPAL_OFFICER, Role.REGIONAL_OFFICER, Role.TRUSTED_ADULT, STRANGER)
ADMINISTRATION, READERS = (Role.DIRECTOR, Role.DEPUTY), (Role.PUPIL, Role.GUARDIAN)
OFFICE_OF_THE_SCHOOL = (Role.ADMINISTRATOR, Role.ASSISTANT, Role.SECRETARY, Role.HR, Role.CLERK)
OWN, AT_HOME, NOWHERE = "own", "own neighbour", ""
type InWords = list[tuple[str, tuple[str, ...], str]]
BY_BOTH_REGULATIONS: InWords = [
    *[(role, (*OF_LESSONS, *AT_LESSONS), AT_HOME) for role in ADMINISTRATION],
    (Role.CLASS_TEACHER, ("publish a notice", "hand out a code"), OWN),
    *[(role, (*OF_LESSONS, *AT_LESSONS), OWN) for role in GIVES_LESSONS],
    *[(role, DIARY, OWN if role in READERS else NOWHERE) for role in Role],
]
"""Who teaches, who heads a school, and that the diary is for pupils and their parents."""
IN_SO_MANY_WORDS: dict[str, InWords] = {
    "ROLE-01": [
        *BY_BOTH_REGULATIONS,
        # The categories of the school's own choice: by whom they are made; what they then may is in test_core_roles.
        (Role.ADMINISTRATOR, ("change a rule", "make an own role", "decide about a right"), OWN),
    ],
    "ROLE-02": [
        *BY_BOTH_REGULATIONS,
        (Role.ADMINISTRATOR, ("change a rule", "decide about a right", "bring in lists"), OWN),
        (Role.SECRETARY, ("enter a paper about consent", "change how he learns"), AT_HOME),
        (Role.HR, ("hire", "dismiss", "merge two records", *ENTERED_OF_PUPILS), AT_HOME),
    ],
    "ROLE-26": [
        *[(role, (*OF_LESSONS, *OF_PUPILS, *DIARY), NOWHERE) for role in NOT_OF_THE_TEACHING],
        *[(role, OF_LESSONS, OWN) for role in GIVES_LESSONS],
        *[(role, (*OF_PUPILS, *DIARY), NOWHERE) for role in GIVES_LESSONS],
        (Role.CLASS_TEACHER, (*OF_LESSONS, *OF_PUPILS), OWN),
        *[(role, (*OF_LESSONS, *OF_PUPILS), AT_HOME) for role in ADMINISTRATION],
        # They keep the records of those who are taught (ROLE-03, ROLE-18, ROLE-20), and read no lesson.
        *[(role, ("read his card",), AT_HOME) for role in OFFICE_OF_THE_SCHOOL],
        *[(role, (*OF_LESSONS, *DIARY), NOWHERE) for role in OFFICE_OF_THE_SCHOOL],
        *[(role, ("read his card", *DIARY), OWN) for role in READERS],
        *[(role, OF_LESSONS, NOWHERE) for role in READERS],
    ],
    "ROLE-06": [(Role.TEACHER, (*OF_LESSONS, *AT_LESSONS), OWN)],
    "ROLE-09": [(Role.CLASS_TEACHER, OF_LESSONS, OWN), (Role.CLASS_TEACHER, AT_LESSONS, NOWHERE)],
    "ROLE-13": [(role, (*OF_LESSONS, *AT_LESSONS), AT_HOME) for role in (Role.DIRECTOR, Role.DEPUTY)],
    "ROLE-17": [
        (Role.ADMINISTRATOR, ("change a rule", "choose a profile of rules"), OWN),
        (Role.ADMINISTRATOR, (*LOGINS, "close a login", "fill his card"), AT_HOME),
    ],
    "ROLE-21": [(Role.HR, ("hire", "fill a teacher's card", "dismiss"), AT_HOME)],
    "ROLE-27": [(Role.SUBSTITUTE, (*OF_LESSONS, *AT_LESSONS), OWN)],
    "AUTH-07": [(Role.CLASS_TEACHER, ("hand out a code", *LOGINS), OWN)],
}
"""What requirements say of a role: what it may do in these places and in no other, whatever the table says."""


@pytest.mark.parametrize("said", [pytest.param(one, marks=pytest.mark.req(one)) for one in IN_SO_MANY_WORDS])
async def test_a_role_may_do_what_the_requirement_says_and_there_alone(
    world: RightsWorld, table: Table, said: str
) -> None:
    doings = {doing.name: doing for doing in DOINGS}
    found: list[str] = []
    for role, names, places in IN_SO_MANY_WORDS[said]:
        for name, position in product(names, Position):
            allowed = position in places.split()
            if position is Position.OWN or role not in Role:
                it = Try(world, role, world.actor(role), position)
                found += await wrong(world, doings[name], it, allowed=allowed)
            elif lets(table, doings[name], role, position) is not allowed:
                # Farther off every cell of the table was tried above; here the table itself is held to the words.
                found.append(f"{role}, {name}, {position}: the table says otherwise")
    assert found == []
