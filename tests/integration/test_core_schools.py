"""Schools: what each kind starts with, and how settings change and are told."""

import asyncio

import pytest
from sqlalchemy import URL, select

from core.actor import OFFICE
from core.database import Database
from core.events import Channel, SchoolKind, SchoolSettings, SchoolState, school_subject
from core.refusals import Conflict, Invalid, NotFound
from core.school import school_settings, schools
from core.school.schools import SchoolCard
from core.tables import School
from tests.integration.core_world import FIRST_BELL, Watch, refused
from tests.integration.eventually import eventually


@pytest.fixture
def watch(database_url: URL) -> Watch:
    return Watch(database_url)


async def make(
    database: Database, name: str = "Школа 1", kind: SchoolKind = SchoolKind.PRIVATE, zone: str = "Asia/Yekaterinburg"
) -> SchoolCard:
    async with database.begin() as session:
        return await schools.create(session, OFFICE, name=name, kind=kind, zone=zone, now=FIRST_BELL)


async def change(database: Database, school: SchoolCard, **changes: object) -> SchoolCard:
    async with database.begin() as session:
        await schools.find(session, school.name)
        return await school_settings.change(session, OFFICE, school.id, changes, FIRST_BELL)


@pytest.mark.parametrize("kind", SchoolKind)
async def test_a_foreign_messenger_is_off_unless_the_school_is_private(
    core_database: Database, watch: Watch, kind: SchoolKind
) -> None:
    school = await make(core_database, kind=kind)
    private = kind is SchoolKind.PRIVATE
    assert school.settings.allowed_channels == (*((Channel.TELEGRAM,) if private else ()), Channel.MAX, Channel.MAIL)
    assert school.settings.undo_window_seconds == 60
    (event,) = await watch.events()
    state = SchoolState(kind=kind, name="Школа 1", zone="Asia/Yekaterinburg", settings=school.settings)
    assert (event.subject, event.school, event.version, event.data) == (school_subject(school.id), school.id, 1, state)
    (entry,) = await watch.audit()
    assert (entry["action"], entry["school_id"], entry["at"], entry["via"]) == (
        "school.create",
        school.id,
        FIRST_BELL,
        "office",
    )


async def test_two_schools_cannot_have_one_name(core_database: Database, watch: Watch) -> None:
    await make(core_database)
    before = await watch.everything()
    assert await refused(make(core_database)) == (Conflict, "school-exists")
    assert await watch.everything() == before


@pytest.mark.parametrize(
    "zone", ["Europe/Moskow", "", "../etc/passwd", "/etc/passwd", "Екатеринбург", "Europe", "a\0b"]
)
async def test_a_zone_that_is_not_there_is_refused(core_database: Database, watch: Watch, zone: str) -> None:
    before = await watch.everything()
    assert await refused(make(core_database, zone=zone)) == (Invalid, "school-zone-unknown")
    assert await watch.everything() == before


async def test_a_changed_setting_is_told_whole_at_a_higher_version(core_database: Database, watch: Watch) -> None:
    school = await make(core_database)
    changed = await change(core_database, school, undo_window_seconds=0)
    changed = await change(core_database, school, allowed_channels=["mail"])
    assert changed.settings == SchoolSettings(undo_window_seconds=0, allowed_channels=(Channel.MAIL,))
    events = await watch.events()
    assert [event.version for event in events] == [1, 2, 3]
    assert [event.data.settings for event in events if isinstance(event.data, SchoolState)][-1] == changed.settings
    entries = await watch.audit("school.settings")
    assert len(entries) == 2
    assert all(row["before"] != row["after"] for row in entries)
    async with core_database.begin() as session:
        assert await schools.find(session) == changed


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"undo_window": 5}, "undo_window"),
        ({"undo_window_seconds": -1}, "undo_window_seconds"),
        ({"undo_window_seconds": 3601}, "undo_window_seconds"),
        ({"undo_window_seconds": "минута"}, "undo_window_seconds"),
        ({"undo_window_seconds": None}, "undo_window_seconds"),
        ({"undo_window_seconds": True}, "undo_window_seconds"),
        ({"allowed_channels": ["telegramm"]}, "allowed_channels"),
        ({"allowed_channels": "mail"}, "allowed_channels"),
        ({"allowed_channels": []}, "allowed_channels"),
        ({"undo_window_seconds": 5, "allowed_channels": [""]}, "allowed_channels"),
    ],
    ids=str,
)
async def test_an_impossible_setting_is_named_and_changes_nothing(
    core_database: Database, watch: Watch, changes: dict[str, object], named: str
) -> None:
    school = await make(core_database)
    before = await watch.everything()
    with pytest.raises(Invalid) as refusal:
        await change(core_database, school, **changes)
    assert (refusal.value.code, refusal.value.details) == ("school-setting-invalid", {"setting": named})
    assert await watch.everything() == before


async def test_settings_changed_by_two_at_once_are_both_kept(core_database: Database, watch: Watch) -> None:
    school = await make(core_database)
    async with core_database.begin() as session:
        await schools.find(session, school.name)
        await school_settings.change(session, OFFICE, school.id, {"undo_window_seconds": 5}, FIRST_BELL)
        late = asyncio.create_task(change(core_database, school, allowed_channels=["mail"]))
        await eventually(watch.blocked)
    assert (await late).settings == SchoolSettings(undo_window_seconds=5, allowed_channels=(Channel.MAIL,))
    assert [event.version for event in await watch.events()] == [1, 2, 3]


async def test_a_held_school_object_does_not_hide_what_somebody_else_changed(core_database: Database) -> None:
    school = await make(core_database)
    async with core_database.begin() as session:
        held = (await session.execute(select(School))).scalars().all()
        await change(core_database, school, undo_window_seconds=5)
        changed = await school_settings.change(session, OFFICE, school.id, {"allowed_channels": ["mail"]}, FIRST_BELL)
    assert len(held) == 1
    assert changed.settings == SchoolSettings(undo_window_seconds=5, allowed_channels=(Channel.MAIL,))


async def test_the_only_school_needs_no_name_and_several_do(core_database: Database) -> None:
    async with core_database.begin() as session:
        assert await refused(schools.find(session)) == (NotFound, "school-unknown")
    first = await make(core_database)
    async with core_database.begin() as session:
        assert await schools.find(session) == first
        assert await refused(schools.find(session, "Школа 2")) == (NotFound, "school-unknown")
    second = await make(core_database, "Школа 2", SchoolKind.STATE, "Asia/Kamchatka")
    async with core_database.begin() as session:
        assert await refused(schools.find(session)) == (Invalid, "school-name-needed")
        assert await schools.find(session, "Школа 2") == second
        assert await schools.all_schools(session) == (first, second)
