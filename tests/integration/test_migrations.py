"""Migrations: once, whole, by whoever owns the database; and the walls that they build between the rooms."""

import asyncio
import itertools
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio
from alembic import command
from sqlalchemy import URL, Connection, Inspector, inspect, text
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.ext.asyncio import create_async_engine

from core.consent import consents
from core.consent.consent_entries import Standing
from core.database import Database, Role, connect_arguments
from core.events import ConsentTerm
from core.journal import Change
from core.school_time import MachineClock, SchoolClock
from core.tables import BusTable, Table
from gateway.addresses import AddressVault
from gateway.categories import FOLLOWS, Category, bits_of
from gateway.heads import Heads
from gateway.intake import Intake
from tests.conftest import _fast_folder
from tests.integration.core_world import DAY, Watch, class_room
from tests.integration.debian_postgres import debian_server
from tests.integration.eventually import WITHIN, eventually
from tests.integration.roster_pages import Office, lesson, office_files, parent, pupil, staff
from zvonok.migrate import LOCK, _config, current, migrate, newest
from zvonok.postgres import running_postgres

ROOT = Path(__file__).parents[2]
DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")
_number = itertools.count(1)


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder that the server's account may enter, for root runs it as another."""
    with tempfile.TemporaryDirectory(dir=_fast_folder(), prefix="zvonok-migrations-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest_asyncio.fixture(
    scope="module",
    loop_scope="module",
    params=[
        "embedded",
        pytest.param("15", marks=pytest.mark.debian("postgresql-15", "/usr/lib/postgresql/15/bin/postgres")),
    ],
)
async def server(request: pytest.FixtureRequest, place: Path) -> AsyncIterator[URL]:
    """A server on which nothing of ours has been yet: not even the roles."""
    if request.param == "15":
        async with debian_server(DEBIAN_15) as url:
            yield url
        return
    async with running_postgres(place / "data", throwaway=True) as embedded:
        yield embedded.url


@pytest.fixture
async def bare(server: URL) -> AsyncIterator[URL]:
    """The server as it was at first, and left so: our roles belong to all of its databases."""
    yield server
    made = [
        row["datname"]
        for row in await Watch(server).rows("SELECT datname FROM pg_database WHERE datname LIKE 'empty%'")
    ]
    await execute(server, *(f"DROP DATABASE {name} WITH (FORCE)" for name in made))
    await execute(server, *(f"DROP ROLE IF EXISTS {role}" for role in Role))


@pytest.fixture
async def empty(bare: URL) -> URL:
    """An empty database of this test's own."""
    return await database_of(bare)


async def database_of(server: URL, owner: URL | None = None) -> URL:
    """Make an empty database; return its address for its owner."""
    name = f"empty_{next(_number)}"
    await execute(server, f"CREATE DATABASE {name}" + (f" OWNER {owner.username}" if owner else ""))
    return (owner or server).set(database=name)


async def login(server: URL, rights: str) -> URL:
    """Make a plain login with a password."""
    name = f"login_{next(_number)}"
    await execute(server, f"CREATE ROLE {name} LOGIN PASSWORD 'pass-{name}' {rights}")
    return server.set(username=name, password=f"pass-{name}")


async def execute(url: URL, *statements: str) -> None:
    connection = await asyncpg.connect(**connect_arguments(url))
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def catalogue(url: URL) -> list[tuple[object, ...]]:
    """Return every relation, function and grant of the database, with what changes when it is made anew."""
    rows = await Watch(url).rows(
        "SELECT n.nspname, c.relname, c.oid::text, c.relfilenode::text, c.relacl::text FROM pg_class c"
        " JOIN pg_namespace n ON n.oid = relnamespace WHERE n.nspname NOT LIKE 'pg\\_%'"
        " AND n.nspname <> 'information_schema'"
        " UNION ALL SELECT n.nspname, p.proname, p.oid::text, '', p.proacl::text FROM pg_proc p"
        " JOIN pg_namespace n ON n.oid = pronamespace WHERE n.nspname IN ('core', 'bus', 'gateway', 'bot', 'public')"
        " ORDER BY 1, 2"
    )
    return [tuple(row) for row in rows]


async def test_an_empty_database_is_brought_up_and_again_is_nothing(empty: URL) -> None:
    assert await current(empty) == "0"
    assert await migrate(empty) == newest() == "0017"
    assert await current(empty) == newest()
    before = await catalogue(empty)
    assert {row[0] for row in before} >= {"core", "bus", "gateway", "bot"}
    assert await migrate(empty) == newest()
    assert await catalogue(empty) == before


MIGRATE = """
import asyncio, os
from sqlalchemy import make_url
from zvonok.migrate import migrate
print(asyncio.run(migrate(make_url(os.environ["ADDRESS"]))))
"""


async def test_of_two_processes_that_start_at_once_one_migrates(empty: URL) -> None:
    environment = {**os.environ, "ADDRESS": empty.render_as_string(hide_password=False), "PYTHONPATH": str(ROOT)}
    holder = await asyncpg.connect(**connect_arguments(empty))
    try:
        await holder.execute("SELECT pg_advisory_lock($1)", LOCK)
        other = await asyncio.create_subprocess_exec(
            sys.executable, "-c", MIGRATE, env=environment, stdout=asyncio.subprocess.PIPE
        )
        here = asyncio.create_task(migrate(empty))
        waiting = "SELECT count(*) = 2 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        await eventually(lambda: Watch(empty).value(waiting), within=60)
        assert await catalogue(empty) == []
    finally:
        await holder.close()
    async with asyncio.timeout(WITHIN):
        said, _ = await other.communicate()
        assert (other.returncode, said.decode().strip(), await here) == (0, newest(), newest())
    assert await Watch(empty).value("SELECT array_agg(version_num) FROM alembic_version") == [newest()]


async def test_a_migration_that_fails_leaves_nothing_and_lets_the_next_one_try(empty: URL) -> None:
    await execute(empty, "CREATE SCHEMA gateway")
    before = await catalogue(empty)
    with pytest.raises(ProgrammingError, match="gateway"):
        await migrate(empty)
    assert await catalogue(empty) == before
    assert await current(empty) == "0"
    await execute(empty, "DROP SCHEMA gateway")
    async with asyncio.timeout(WITHIN):
        assert await migrate(empty) == newest()


def _stop_at(connection: Connection, number: str) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, number)


SCHOOL_OF_0001 = """
INSERT INTO core.school
VALUES ('00000000-0000-0000-0000-000000000001', 'private', 'Школа', 'Asia/Yekaterinburg', '{}', 1);
INSERT INTO core.person (id, school_id, surname, given, patronymic, sort_key)
SELECT ('00000000-0000-0000-0000-00000000000' || n)::uuid, '00000000-0000-0000-0000-000000000001', 'Ф', 'И', '', ''
FROM generate_series(2, 9) n;
INSERT INTO core.guardianship (pupil_id, guardian_id, relation, may_see, barred, since, version, consent_given_on,
  consent_withdrawn_on)
SELECT '00000000-0000-0000-0000-000000000002', ('00000000-0000-0000-0000-00000000000' || n)::uuid, 'мать', true, false,
  '2026-09-01', 1, given::date, withdrawn::date
FROM (VALUES (3, NULL, NULL), (4, '2026-09-01', NULL), (5, NULL, '2026-09-02'), (6, '2026-09-01', '2026-10-01'),
  (7, '2026-10-01', '2026-09-01'), (8, '2026-10-01', '2026-10-01')) v (n, given, withdrawn);
"""
"""A pupil with six adults: every order in which a consent was given and withdrawn, or was not."""
MOVED = {
    3: (None, None),
    4: (date(2026, 9, 1), None),
    5: (None, date(2026, 9, 2)),
    6: (date(2026, 9, 1), date(2026, 10, 1)),
    7: (date(2026, 10, 1), date(2026, 9, 1)),
    8: (date(2026, 10, 1), date(2026, 10, 1)),
}
"""When it was given and withdrawn; one consent of old covers both purposes (CONS-02)."""


async def test_consents_of_old_move_into_the_register_and_say_there_what_they_said(empty: URL) -> None:
    engine = create_async_engine(empty)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_stop_at, "0001")
    finally:
        await engine.dispose()
    await execute(empty, *SCHOOL_OF_0001.strip().split(";\n"))
    assert await migrate(empty) == newest()
    core = Database(empty, Role.CORE)
    try:
        async with core.begin() as session:
            moved = {number: await consents.standing(session, UUID(int=2), UUID(int=number)) for number in MOVED}
    finally:
        await core.close()
    terms = {number: ConsentTerm(given_on=given, withdrawn_on=taken) for number, (given, taken) in MOVED.items()}
    assert moved == {number: Standing(term, term) for number, term in terms.items()}
    today = date(2026, 11, 24)
    assert [number for number, standing in moved.items() if standing.in_force(today)] == [4, 7]
    rows = await Watch(empty).rows("SELECT DISTINCT form, recorded_by FROM core.consent")
    assert [tuple(row) for row in rows] == [("paper", None)]
    assert await Watch(empty).value("SELECT count(*) FROM core.consent") == 16
    left = (
        "SELECT count(*) FROM pg_attribute WHERE attrelid = 'core.guardianship'::regclass AND attname LIKE 'consent%'"
    )
    assert await Watch(empty).value(left) == 0


STAFF_OF_0002 = """
INSERT INTO core.staff VALUES ('00000000-0000-0000-0000-000000000003', 'Директор школы', true),
  ('00000000-0000-0000-0000-000000000004', 'завуч', true), ('00000000-0000-0000-0000-000000000005', 'учитель', false);
INSERT INTO core.audit (id, school_id, at, via, action, subject, before, after)
VALUES ('00000000-0000-0000-0000-0000000000aa', '00000000-0000-0000-0000-000000000001', '2026-09-01', 'office',
  'school.create', 'school/1', NULL, '{"name": "Школа «Ёлка»", "a": [1, 2.5, null]}')
"""


async def test_positions_become_roles_and_what_was_written_of_old_can_be_sealed(empty: URL) -> None:
    engine = create_async_engine(empty)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_stop_at, "0002")
    finally:
        await engine.dispose()
    people = SCHOOL_OF_0001.strip().split(";\n")[:2]
    await execute(empty, *people, *STAFF_OF_0002.strip().split(";\n"))
    assert await migrate(empty) == newest()
    roles = "SELECT person_id, role, until FROM core.role_assignment WHERE by_list ORDER BY person_id"
    assert [tuple(row) for row in await Watch(empty).rows(roles)] == [
        (UUID(int=3), "director", None),
        (UUID(int=4), "deputy", None),
    ]
    ((salt, commitment, sealed),) = await Watch(empty).rows("SELECT salt, commitment, sealed FROM core.audit")
    words = Change("school.create", "school/1", None, {"name": "Школа «Ёлка»", "a": [1, 2.5, None]})
    assert words.commitment(salt) == commitment
    assert sealed is False


async def test_a_plain_login_that_may_make_roles_can_keep_a_school(bare: URL) -> None:
    """No superuser anywhere: what a hosting gives. From the migration to a planned letter."""
    owner = await login(bare, "NOSUPERUSER CREATEROLE")
    url = await database_of(bare, owner)
    assert await migrate(url) == newest()
    for role in Role:
        assert await who_am_i(url, role) == role
    core, gateway = Database(url, Role.CORE), Database(url, Role.GATEWAY)
    try:
        room = await class_room(core, bare.set(database=url.database))
        office = Office(core, room.watch, room.hands, room.school)
        mother = parent("Юдина Яна", mail=("y@example.org", DAY))
        teacher = "Белова Ольга Львовна"
        files = office_files([staff(teacher)], [pupil("6А", "Юдин Юрий", mother)], [lesson("6А", 1, teacher)])
        assert (await office.imports(files)).pupils == 1
        await room.record(0, 1)
        told = len(await room.watch.events())
        heads = Heads(AddressVault(b"addresses of the tests, 32 bytes"), {"mail": "mail:a@b.ru"})
        intake = Intake(gateway, heads, room.hands.clock, MachineClock(source=lambda: room.hands.at))
        assert await intake.run_once() == told
        assert await room.watch.value("SELECT count(*) FROM gateway.fact") == 2
        assert await room.watch.value("SELECT count(*) FROM gateway.refused_event") == 0
    finally:
        await core.close()
        await gateway.close()


async def who_am_i(url: URL, role: Role) -> str:
    database = Database(url, role)
    try:
        async with database.begin() as session:
            return str((await session.execute(text("SELECT current_user"))).scalar_one())
    finally:
        await database.close()


async def test_one_login_may_own_two_installations_on_one_server(bare: URL) -> None:
    owner = await login(bare, "NOSUPERUSER CREATEROLE")
    for _ in range(2):
        url = await database_of(bare, owner)
        assert await migrate(url) == newest()
        assert [await who_am_i(url, role) for role in Role] == list(Role)


async def test_a_login_that_may_make_no_roles_is_refused_and_nothing_is_left(bare: URL) -> None:
    url = await database_of(bare, await login(bare, "NOSUPERUSER NOCREATEROLE"))
    before = await catalogue(url)
    with pytest.raises(DBAPIError, match="permission denied"):
        await migrate(url)
    assert await catalogue(url) == before


FORBIDDEN = {
    Role.CORE: [
        "SELECT * FROM gateway.delivery",
        "SELECT * FROM bot.inbox",
        "SELECT * FROM bus.outbox",
        "DELETE FROM bus.outbox",
        "UPDATE bus.outbox SET part = 0",
        "UPDATE core.audit SET via = 'x'",
        "DELETE FROM core.audit",
        "TRUNCATE core.audit",
        "UPDATE core.consent SET given = true",
        "DELETE FROM core.consent",
        "UPDATE core.notice_answer SET act = 'signed'",
        "DELETE FROM core.notice_answer",
        "DROP TABLE core.audit",
        "ALTER TABLE core.audit ADD COLUMN x int",
        "CREATE TABLE core.x (x int)",
        "SELECT gateway.open_month('2026-11-01')",
        "SELECT * FROM alembic_version",
    ],
    Role.GATEWAY: [
        "SELECT * FROM core.person",
        "INSERT INTO core.command VALUES ('x', '2026-11-01')",
        "SELECT * FROM bot.inbox",
        "INSERT INTO bus.outbox (id, part, event, at) VALUES (gen_random_uuid(), 0, '{}', '2026-11-01')",
        "UPDATE bus.outbox SET part = 0",
        "UPDATE gateway.receipt SET detail = ''",
        "DELETE FROM gateway.receipt",
        "DELETE FROM gateway.attempt",
        "TRUNCATE gateway.attempt",
        "CREATE TABLE gateway.x (x int)",
    ],
    Role.BOT: ["SELECT * FROM core.person", "SELECT * FROM gateway.address", "SELECT * FROM bus.outbox"],
    Role.BUS: ["SELECT * FROM core.person", "SELECT * FROM gateway.address", "SELECT * FROM bot.inbox"],
}


@pytest.mark.parametrize("role", Role)
async def test_each_room_is_closed_to_the_others(database_url: URL, role: Role) -> None:
    database = Database(database_url, role)
    try:
        for statement in FORBIDDEN[role]:
            with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
                await _say(database, statement)
    finally:
        await database.close()


async def _say(database: Database, statement: str) -> None:
    async with database.begin() as session:
        await session.execute(text(statement))


async def test_what_core_believes_of_its_tables_is_what_the_migrations_made(database_url: URL) -> None:
    for path in sorted((ROOT / "core").rglob("*.py")):
        import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    engine = create_async_engine(database_url)
    try:
        async with engine.connect() as connection:
            differences = await connection.run_sync(lambda sync: list(_differences(inspect(sync))))
    finally:
        await engine.dispose()
    assert differences == []


def _differences(made: Inspector) -> list[str]:
    found = []
    believed = [*Table.metadata.sorted_tables, *BusTable.metadata.sorted_tables]
    for schema in ("core", "bus"):
        names = {table.name for table in believed if table.schema == schema}
        found += [f"{schema}: {sorted(names ^ set(made.get_table_names(schema)))}"] * (
            names != set(made.get_table_names(schema))
        )
    for table in believed:
        columns = {column["name"]: column for column in made.get_columns(table.name, table.schema)}
        for name in sorted(columns.keys() ^ table.columns.keys()):
            found.append(f"{table}.{name}")
        for column in table.columns:
            real = columns.get(column.name)
            if real is None:
                continue
            types = (str(column.type.compile(made.dialect)), str(real["type"].compile(made.dialect)))
            if len(set(types)) > 1 or column.nullable != real["nullable"]:
                found.append(f"{column}: {types}, nullable {column.nullable} and {real['nullable']}")
        key = made.get_pk_constraint(table.name, table.schema)["constrained_columns"]
        if key != [column.name for column in table.primary_key]:
            found.append(f"{table}: key {key}")
    return found


async def test_a_quarantine_that_was_released_counts_as_checked(empty: URL) -> None:
    engine = create_async_engine(empty)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_stop_at, "0003")
    finally:
        await engine.dispose()
    await execute(
        empty,
        "INSERT INTO gateway.quarantine (id, snapshot_at, restored_at, released_at, released_by) VALUES"
        " (gen_random_uuid(), '2026-10-01 03:00+05', '2026-10-01 09:00+05', '2026-10-01 10:00+05', 'завуч'),"
        " (gen_random_uuid(), '2026-10-02 03:00+05', '2026-10-02 09:00+05', NULL, NULL)",
    )
    assert await migrate(empty) == newest()
    same = "SELECT array_agg(checked_at IS NOT DISTINCT FROM released_at ORDER BY snapshot_at) FROM gateway.quarantine"
    assert await Watch(empty).value(same) == [True, True]


TIMETABLE_OF_0004 = """
INSERT INTO core.school (id, kind, name, zone, settings, version)
  VALUES (n(1), 'private', 'Школа «Ёлка»', 'Europe/Moscow', '{}', 1);
INSERT INTO core.person (id, school_id, surname, given, patronymic, sort_key)
  SELECT n(i), n(1), 'Ёжиков' || i, 'Лев', '', '' FROM generate_series(2, 4) AS i;
INSERT INTO core.school_class (id, school_id, year, title) VALUES (n(5), n(1), 2026, '10Б'), (n(6), n(1), 2026, 'Хор');
INSERT INTO core.pupil (person_id, class_id) VALUES (n(4), n(5));
INSERT INTO core.subject (id, school_id, name) VALUES (n(7), n(1), 'физика');
INSERT INTO core.slot (id, class_id, weekday, number, starts, ends, subject_id, teacher_id, room) VALUES
  (n(8), n(5), 1, 1, '8:30', '9:15', n(7), n(2), '12'), (n(9), n(5), 1, 2, '9:25', '10:10', n(7), n(2), ''),
  (n(10), n(5), 2, 1, '8:30', '9:15', n(7), n(2), '12');
INSERT INTO core.lesson (id, slot_id, class_id, subject_id, teacher_id, substitute_id, day, number, starts_at, ends_at)
  SELECT n(11 + i), n(8 + i), n(5), n(7), n(2), CASE WHEN i = 0 THEN n(3) END, '2026-10-05', 1, '2026-10-05 05:30Z',
  '2026-10-05 06:15Z' FROM generate_series(0, 1) AS i;
INSERT INTO core.homework (lesson_id, class_id, due_on, set_on, text, nothing_set, set_at, withdrawn, version)
  VALUES (n(12), n(5), '2026-10-05', '2026-10-01', '§ 4', false, '2026-10-01 09:00Z', false, 1)
"""


async def test_a_timetable_of_old_becomes_one_of_classes_groups_and_pupils(empty: URL) -> None:
    engine = create_async_engine(empty)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_stop_at, "0004")
    finally:
        await engine.dispose()
    number = "CREATE FUNCTION n(i int) RETURNS uuid LANGUAGE sql AS 'SELECT lpad(i::text, 32, ''0'')::uuid'"
    await execute(empty, number, *TIMETABLE_OF_0004.strip().split(";\n"))
    assert await migrate(empty) == newest()
    watch = Watch(empty)

    async def rows(query: str) -> list[tuple[object, ...]]:
        return [tuple(row) for row in await watch.rows(query)]

    assert await rows("SELECT title, grade, shift FROM core.school_class ORDER BY title") == [
        ("10Б", 10, 1),
        ("Хор", 0, 1),
    ]
    assert await rows("SELECT pupil_id, class_id, since, until FROM core.enrolment") == [
        (UUID(int=4), UUID(int=5), date(2026, 9, 1), None)
    ]
    assert await rows(
        "SELECT s.weekday, s.number, s.year, s.school_id, r.name FROM core.slot s LEFT JOIN core.room r"
        " ON r.id = s.room_id ORDER BY 1, 2"
    ) == [(1, 1, 2026, UUID(int=1), "12"), (1, 2, 2026, UUID(int=1), None), (2, 1, 2026, UUID(int=1), "12")]
    assert (
        await rows("SELECT planned_day, classes, cancelled FROM core.lesson")
        == [(date(2026, 10, 5), [UUID(int=5)], None)] * 2
    )
    assert await rows("SELECT kind, slot_id, first, data ->> 'teacher' FROM core.timetable_change") == [
        ("substitution", UUID("00000000-0000-0000-0000-000000000008"), date(2026, 10, 5), str(UUID(int=3)))
    ]
    assert await watch.value("SELECT text FROM core.homework") == "§ 4"


CHOICES_OF_0006 = """
INSERT INTO gateway.school VALUES ('00000000-0000-0000-0000-00000000002a', 42, 1, 1, '{"type": "school",
  "kind": "private", "name": "Школа", "zone": "Asia/Yekaterinburg", "settings": {"allowed_channels": ["mail"]}}');
INSERT INTO gateway.recipient SELECT ('00000000-0000-0000-0000-00000000000' || n)::uuid,
  '00000000-0000-0000-0000-00000000002a', 1 FROM generate_series(1, 4) n;
INSERT INTO gateway.follow SELECT '00000000-0000-0000-0000-0000000000ff', id, 1, jsonb_build_object('type',
  'guardianship', 'pupil', '00000000-0000-0000-0000-0000000000ff', 'guardian', id, 'relation', 'мать', 'may_see', true,
  'barred', false, 'since', '2026-09-01', 'consent_given_on', '2026-09-01') FROM gateway.recipient;
INSERT INTO gateway.address (recipient, channel, credential, value, value_hmac, verified_at, ended, version)
SELECT id, 'mail', 'mail:a@b.ru', '', '', '2026-09-01', false, 1 FROM gateway.recipient;
INSERT INTO gateway.subscription SELECT ('00000000-0000-0000-0000-00000000000' || n)::uuid, c, w, m, h, '2026-10-01'
FROM (VALUES (1, 'absence', 'telegram', 'now', NULL), (1, 'absence', 'mail', 'off', NULL),
  (1, 'mark', 'telegram', 'off', NULL), (1, 'mark', 'mail', 'daily', 17),
  (2, 'absence', 'telegram', 'off', NULL), (2, 'absence', 'mail', 'off', NULL)) v (n, c, w, m, h);
INSERT INTO gateway.subscription SELECT '00000000-0000-0000-0000-000000000003', c, w, 'off', NULL, '2026-10-01'
FROM unnest(ARRAY['absence', 'notice', 'remark', 'bad_mark', 'mark', 'praise', 'homework']) c,
  unnest(ARRAY['telegram', 'mail']) w
"""
"""A reader who chose ways, one who wants no absences, one who wants nothing at all, and one who chose nothing."""


async def test_choices_of_old_mean_what_they_meant_and_are_compiled_by_the_first_pass(empty: URL) -> None:
    engine = create_async_engine(empty)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_stop_at, "0006")
    finally:
        await engine.dispose()
    await execute(empty, *CHOICES_OF_0006.strip().split(";\n"))
    assert await migrate(empty) == newest()
    kept = "SELECT category, channel, mode, hour FROM gateway.subscription WHERE recipient = $1 ORDER BY 1, 2"
    watch = Watch(empty)

    async def rows(reader: int) -> list[tuple[object, ...]]:
        return [tuple(row) for row in await watch.rows(kept, UUID(int=reader))]

    assert await rows(1) == [("absence", "telegram", "now", None), ("mark", "mail", "daily", 17)]
    assert await rows(2) == [("absence", "mail", "off", None), ("absence", "telegram", "off", None)]
    silenced = await rows(3)
    assert {mode for _, _, mode, _ in silenced} == {"off"}
    assert {category for category, *_ in silenced} == {*Category} - FOLLOWS.keys()
    switched = await watch.rows("SELECT id, copies FROM gateway.recipient WHERE letters OR copies")
    assert [(row["id"].int, row["copies"]) for row in switched] == [(1, False)], "whoever chose something keeps letters"
    await execute(empty, "INSERT INTO gateway.intake VALUES ('core', 42, '2026-10-01', '2026-10-01')")
    gateway = Database(empty, Role.GATEWAY)
    try:
        clock = SchoolClock(source=lambda: datetime(2026, 11, 24, 9, tzinfo=UTC))
        await Intake(
            gateway, Heads(AddressVault(b"addresses of the tests, 32 bytes"), {}), clock, MachineClock()
        ).run_once()
    finally:
        await gateway.close()
    said = (
        "SELECT recipient, coalesce(channel || ' ' || mode, reason) FROM gateway.watch"
        " WHERE last > '2026-11-24' AND first < '2026-11-24' AND topics & $1 <> 0 ORDER BY recipient"
    )
    absences = [(reader.int, how) for reader, how in await watch.rows(said, bits_of([Category.ABSENCE]))]
    assert absences == [(1, "mail now"), (2, "unsubscribed"), (3, "unsubscribed"), (4, "mail now")]
    gone = [(reader.int, how) for reader, how in await watch.rows(said, bits_of([Category.GONE]))]
    assert gone == absences


RULES_OF_0007 = """
INSERT INTO core.school (id, kind, name, zone, settings, version, rules) VALUES
  ('00000000-0000-0000-0000-00000000002a', 'private', 'Школа', 'Asia/Yekaterinburg', '{}', 1,
   '{"absence_told": "teacher", "weekly_letter_on": "friday", "absence_minutes": 15}'),
  ('00000000-0000-0000-0000-00000000002b', 'private', 'Другая', 'Asia/Yekaterinburg', '{}', 1,
   '{"absence_minutes": 15}');
INSERT INTO gateway.school (id, part, version, rev, state) SELECT id, 42, 1, 7, '{"type": "school", "name": "Школа"}'
  FROM core.school;
INSERT INTO bus.outbox (id, part, event, at) SELECT gen_random_uuid(), 42, jsonb_build_object('type', 'zvonok.school',
  'school', id, 'data', '{"type": "school"}'::jsonb), '2026-10-01' FROM core.school
"""


async def test_rules_that_a_school_decided_of_before_travel_and_nothing_else_is_touched(empty: URL) -> None:
    engine = create_async_engine(empty)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_stop_at, "0007")
    finally:
        await engine.dispose()
    await execute(empty, *RULES_OF_0007.strip().split(";\n"))
    assert await migrate(empty) == newest()
    watch = Watch(empty)
    told = '{"changes_at_once": true, "absences_at_once": false, "weekly_letter_on": 5}'
    known = await watch.rows("SELECT state -> 'telling' AS telling, rev FROM gateway.school ORDER BY id")
    assert [(row["telling"], row["rev"]) for row in known] == [(told, 8), (None, 7)]
    unread = "SELECT event #> '{data,telling}' AS telling FROM bus.outbox ORDER BY event ->> 'school'"
    assert [row["telling"] for row in await watch.rows(unread)] == [told, None]


CONTACTS_OF_0009 = """
INSERT INTO core.school (id, kind, name, zone, settings, version)
  VALUES ('00000000-0000-0000-0000-000000000001', 'private', 'Школа', 'Asia/Yekaterinburg', '{}', 1);
INSERT INTO core.person (id, school_id, surname, given, patronymic, sort_key)
  VALUES ('00000000-0000-0000-0000-000000000002', '00000000-0000-0000-0000-000000000001', 'Ф', 'И', '', '');
INSERT INTO core.contact VALUES ('00000000-0000-0000-0000-000000000002', 'mail', 'a@example.org', '2026-09-01', 3)
"""


async def test_mailboxes_of_before_were_stated_by_the_school_and_stay_as_they_were(empty: URL) -> None:
    engine = create_async_engine(empty)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_stop_at, "0009")
    finally:
        await engine.dispose()
    await execute(empty, *CONTACTS_OF_0009.strip().split(";\n"))
    assert await migrate(empty) == newest()
    (row,) = await Watch(empty).rows("SELECT value, verified_on, version, own FROM core.contact")
    assert tuple(row) == ("a@example.org", date(2026, 9, 1), 3, False)
