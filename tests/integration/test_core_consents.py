"""The register of consents: what each entry comes to, who may make it, what the office's lists add to it."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL

from core import consents
from core.actor import OFFICE, Act
from core.consents import ConsentEntry, ConsentForm, Standing, from_list, stand
from core.database import Database
from core.events import GuardianshipState, guardianship_subject
from core.refusals import Forbidden, Invalid, NotFound
from tests.integration.core_world import DAY, ClassRoom, class_room, refused
from tests.integration.roster_pages import CONSENT, Office, office_files, parent, pupil

NOT_YOURS = (Forbidden, "consent-not-yours")
FIRST, SECOND, THIRD = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)


def given(since: date, form: ConsentForm = ConsentForm.PAPER, by: UUID | None = None) -> ConsentEntry:
    return ConsentEntry(given=True, since=since, form=form, recorded_by=by)


def not_given(since: date, form: ConsentForm = ConsentForm.PAPER, by: UUID | None = None) -> ConsentEntry:
    return ConsentEntry(given=False, since=since, form=form, recorded_by=by)


@pytest.mark.parametrize(
    ("entries", "standing", "in_force"),
    [
        ([], Standing(), False),
        ([given(FIRST)], Standing(FIRST), True),
        ([not_given(FIRST)], Standing(None, FIRST), False),
        ([given(FIRST), not_given(SECOND)], Standing(FIRST, SECOND), False),
        ([not_given(SECOND), given(FIRST)], Standing(FIRST, SECOND), False),
        ([given(FIRST), not_given(SECOND), given(THIRD)], Standing(THIRD, SECOND), True),
        ([given(FIRST), not_given(FIRST)], Standing(FIRST, FIRST), False),
        ([given(FIRST), not_given(FIRST), given(FIRST)], Standing(FIRST, None), True),
        ([given(FIRST), not_given(THIRD), given(SECOND)], Standing(SECOND, THIRD), False),
    ],
)
def test_the_newest_by_its_own_date_decides(entries: list[ConsentEntry], standing: Standing, *, in_force: bool) -> None:
    assert stand(entries) == standing
    assert stand(entries).in_force is in_force


@pytest.mark.parametrize(
    ("entries", "cell", "added"),
    [
        ([], None, None),
        ([], FIRST, given(FIRST)),
        ([given(FIRST)], FIRST, None),
        ([given(FIRST)], SECOND, given(SECOND)),
        ([given(SECOND)], FIRST, given(FIRST)),
        ([given(SECOND), given(FIRST)], FIRST, None),
        ([given(FIRST)], None, not_given(FIRST)),
        ([given(FIRST, ConsentForm.ELECTRONIC, UUID(int=1))], None, None),
        ([given(FIRST, by=UUID(int=1))], None, None),
        ([given(FIRST), given(SECOND, ConsentForm.ELECTRONIC, UUID(int=1))], None, None),
        ([given(SECOND), given(FIRST, by=UUID(int=1))], None, not_given(SECOND)),
        ([given(FIRST), given(FIRST, by=UUID(int=1))], None, None),
        ([given(FIRST), not_given(FIRST)], None, None),
        ([given(FIRST), not_given(FIRST)], FIRST, given(FIRST)),
        ([given(FIRST), not_given(SECOND)], FIRST, None),
        ([given(FIRST), not_given(SECOND)], None, None),
        ([given(FIRST), not_given(SECOND)], THIRD, given(THIRD)),
        ([given(FIRST), not_given(FIRST, ConsentForm.ELECTRONIC, UUID(int=1))], FIRST, None),
        ([given(FIRST), not_given(FIRST, by=UUID(int=1))], FIRST, None),
    ],
)
def test_a_list_adds_only_what_is_new_and_undoes_no_withdrawal(
    entries: list[ConsentEntry], cell: date | None, added: ConsentEntry | None
) -> None:
    assert from_list(entries, cell) == added
    if added is not None:
        assert from_list([*entries, added], cell) is None


@pytest.fixture
async def room(core_database: Database, database_url: URL) -> ClassRoom:
    return await class_room(core_database, database_url)


@pytest.fixture
async def mother(room: ClassRoom) -> UUID:
    return await room.builder.guardian(room.pupils[0], name="Абрамова Яна", consent=False)


async def record(room: ClassRoom, mother: UUID, entry: ConsentEntry, who: UUID | None = None, key: str = "") -> None:
    act = Act(OFFICE, room.hands.at, key or str(uuid4())) if who is None else room.act(who, key or None)
    async with room.database.begin() as session:
        await consents.record(session, act, room.pupils[0], mother, entry)


async def standing(room: ClassRoom, mother: UUID) -> Standing:
    async with room.database.begin() as session:
        return await consents.standing(session, room.pupils[0], mother)


async def states(room: ClassRoom, mother: UUID) -> list[tuple[date | None, date | None]]:
    events = await room.watch.events(guardianship_subject(room.pupils[0], mother))
    assert [event.version for event in events] == list(range(1, len(events) + 1))
    told = [event.data for event in events if isinstance(event.data, GuardianshipState)]
    return [(one.consent_given_on, one.consent_withdrawn_on) for one in told]


@pytest.mark.req("CONS-01")
async def test_consent_refusal_and_withdrawal_are_registered_told_and_audited(room: ClassRoom, mother: UUID) -> None:
    assert await standing(room, mother) == Standing()
    await record(room, mother, not_given(FIRST))
    await record(room, mother, given(SECOND), room.class_teacher)
    await record(room, mother, not_given(DAY, ConsentForm.ELECTRONIC), mother)
    assert await states(room, mother) == [(None, None), (None, FIRST), (SECOND, FIRST), (SECOND, DAY)]
    assert await standing(room, mother) == Standing(SECOND, DAY)
    rows = await room.watch.rows("SELECT given, since, form, recorded_by FROM core.consent ORDER BY seq")
    assert [tuple(row) for row in rows] == [
        (False, FIRST, "paper", None),
        (True, SECOND, "paper", room.class_teacher),
        (False, DAY, "electronic", mother),
    ]
    audited = await room.watch.audit("consent.record")
    assert {entry["person_id"] for entry in audited} == {None, room.class_teacher, mother}
    assert '{"given_on": "2026-10-01", "withdrawn_on": "2026-11-24"}' in {entry["after"] for entry in audited}


async def test_what_stands_already_and_a_repeat_change_nothing(room: ClassRoom, mother: UUID) -> None:
    await record(room, mother, given(FIRST), key="update/1")
    before = await room.watch.everything()
    await record(room, mother, given(FIRST), key="update/1")
    assert await room.watch.everything() == before
    await record(room, mother, given(FIRST), key="update/2")
    assert len(await states(room, mother)) == 2
    assert await room.watch.value("SELECT count(*) FROM core.consent") == 1


async def test_an_older_paper_is_kept_and_tells_nobody_anything_new(room: ClassRoom, mother: UUID) -> None:
    await record(room, mother, given(SECOND))
    await record(room, mother, given(FIRST))
    assert await states(room, mother) == [(None, None), (SECOND, None)]
    assert await room.watch.value("SELECT count(*) FROM core.consent") == 2


async def test_a_date_ahead_is_refused_and_today_is_not(room: ClassRoom, mother: UUID) -> None:
    before = await room.watch.everything()
    assert await refused(record(room, mother, given(DAY + timedelta(days=1)))) == (Invalid, "consent-date-ahead")
    assert await room.watch.everything() == before
    await record(room, mother, given(DAY))
    assert (await standing(room, mother)).in_force


async def test_paper_is_the_schools_to_enter_and_the_rest_is_the_guardians_alone(room: ClassRoom, mother: UUID) -> None:
    other = await room.builder.guardian(room.pupils[0], name="Абрамов Ян")
    before = await room.watch.everything()
    for who in (room.teacher, room.stranger, other, mother, room.pupils[0]):
        assert await refused(record(room, mother, given(FIRST), who)) == NOT_YOURS
    for anybody in (None, room.class_teacher, room.head, other):
        doing = record(room, mother, given(FIRST, ConsentForm.ELECTRONIC), anybody)
        assert await refused(doing) == NOT_YOURS
    assert await refused(record(room, room.teacher, given(FIRST))) == (NotFound, "guardian-unknown")
    assert await room.watch.everything() == before
    for number, holder in enumerate((None, room.class_teacher, room.head)):
        await record(room, mother, given(FIRST + timedelta(days=number)), holder)
    assert len(await states(room, mother)) == 4


async def test_an_import_meets_the_register_and_not_its_own_memory(room: ClassRoom) -> None:
    office = Office(room.database, room.watch, room.hands, room.school)
    files = office_files([], [pupil("6А", "Юдин Юрий", parent("Юдина Яна"))])
    await office.imports(files)
    (child,) = await office.people("Юдин")
    (adult,) = await office.people("Юдина")
    async with room.database.begin() as session:
        act = room.act(room.head)
        await consents.record(session, act, child, adult, not_given(DAY))
    before = await room.watch.everything()
    report = await office.imports(files)
    assert (report.guardianships, report.unchanged) == (0, 2)
    after = await room.watch.everything()
    assert (after["core.consent"], after["bus.outbox"]) == (before["core.consent"], before["bus.outbox"])
    async with room.database.begin() as session:
        assert await consents.standing(session, child, adult) == Standing(CONSENT, DAY)
    room.hands.move(days=1)
    signed_again = DAY + timedelta(days=1)
    await office.imports(office_files([], [pupil("6А", "Юдин Юрий", parent("Юдина Яна", consent=signed_again))]))
    async with room.database.begin() as session:
        assert (await consents.standing(session, child, adult)).in_force


async def test_a_cell_emptied_by_mistake_and_filled_again_opens_the_way_again(room: ClassRoom) -> None:
    office = Office(room.database, room.watch, room.hands, room.school)
    told = []
    for cell in (CONSENT, None, None, CONSENT, CONSENT):
        await office.imports(office_files([], [pupil("6А", "Юдин Юрий", parent("Юдина Яна", consent=cell))]))
        events = await room.watch.events("guardianship/")
        state = events[-1].data
        assert isinstance(state, GuardianshipState)
        told.append((events[-1].version, state.consent_given_on, state.consent_withdrawn_on))
    assert told == [
        (1, CONSENT, None),
        (2, CONSENT, CONSENT),
        (2, CONSENT, CONSENT),
        (3, CONSENT, None),
        (3, CONSENT, None),
    ]


async def test_an_empty_cell_leaves_what_never_stood_in_a_list(room: ClassRoom) -> None:
    office = Office(room.database, room.watch, room.hands, room.school)
    files = office_files([], [pupil("6А", "Юдин Юрий", parent("Юдина Яна"))])
    await office.imports(files)
    (child,) = await office.people("Юдин")
    (adult,) = await office.people("Юдина")
    for who, entry in ((room.head, given(FIRST)), (adult, given(SECOND, ConsentForm.ELECTRONIC))):
        async with room.database.begin() as session:
            await consents.record(session, room.act(who), child, adult, entry)
        before = await room.watch.everything()
        report = await office.imports(files)
        assert (report.guardianships, report.unchanged) == (0, 2)
        after = await room.watch.everything()
        assert (after["core.consent"], after["bus.outbox"]) == (before["core.consent"], before["bus.outbox"])
        async with room.database.begin() as session:
            assert await consents.standing(session, child, adult) == Standing(entry.since)
