"""The register of consents: who may make an entry, whom it is told to, what the office's lists add to it."""

import asyncio
import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL

from core.actor import OFFICE, Act
from core.consent import consent_sheets, consent_texts, consents
from core.consent.consent_entries import ConsentForm, Decision, Standing
from core.consent.consent_texts import TextRef, TextVersion, hash_of
from core.database import Database
from core.events import ConsentPurpose, ConsentTerm, GuardianshipState, guardianship_subject
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from tests.integration.core_world import DAY, ClassRoom, class_room, refused
from tests.integration.roster_pages import CONSENT, Office, office_files, parent, pupil

NOT_YOURS = (Forbidden, "consent-not-yours")
FIRST, SECOND = date(2026, 9, 1), date(2026, 10, 1)
ACHIEVEMENT, ATTENDANCE = ConsentPurpose.ACHIEVEMENT, ConsentPurpose.ATTENDANCE
ELECTRONIC = ConsentForm.ELECTRONIC


def given(since: date, form: ConsentForm = ConsentForm.PAPER, **extra: Any) -> Decision:
    sheet = {"paper_ref": "папка 1"} if form is ConsentForm.PAPER else {}
    return Decision(given=True, since=since, form=form, **sheet | extra)


def not_given(since: date, form: ConsentForm = ConsentForm.PAPER, **extra: Any) -> Decision:
    return Decision(given=False, since=since, form=form, **extra)


def term(given_on: date | None = None, withdrawn_on: date | None = None, until: date | None = None) -> ConsentTerm:
    return ConsentTerm(given_on=given_on, until=until, withdrawn_on=withdrawn_on)


def both(given_on: date | None = None, withdrawn_on: date | None = None, until: date | None = None) -> Standing:
    stands = term(given_on, withdrawn_on, until)
    return Standing(stands, stands)


@pytest.fixture
async def room(core_database: Database, database_url: URL) -> ClassRoom:
    return await class_room(core_database, database_url)


@pytest.fixture
async def mother(room: ClassRoom) -> UUID:
    return await room.builder.guardian(room.pupils[0], name="Абрамова Яна", consent=False)


async def record(room: ClassRoom, mother: UUID, decision: Decision, who: UUID | None = None, key: str = "") -> None:
    act = Act(OFFICE, room.hands.at, key or str(uuid4())) if who is None else room.act(who, key or None)
    async with room.database.begin() as session:
        await consents.record(session, act, room.pupils[0], mother, decision)


async def standing(room: ClassRoom, mother: UUID) -> Standing:
    async with room.database.begin() as session:
        return await consents.standing(session, room.pupils[0], mother)


async def states(room: ClassRoom, mother: UUID) -> list[Standing]:
    """Return what the gateway was told of the mother, version after version."""
    events = await room.watch.events(guardianship_subject(room.pupils[0], mother))
    assert [event.version for event in events] == list(range(1, len(events) + 1))
    told = [event.data for event in events if isinstance(event.data, GuardianshipState)]
    return [Standing(one.achievement_consent, one.attendance_consent) for one in told]


async def publish(room: ClassRoom, text: str, who: UUID | None = None) -> TextVersion:
    act = Act(OFFICE, room.hands.at, str(uuid4())) if who is None else room.act(who)
    async with room.database.begin() as session:
        return await consent_texts.publish(session, act, room.school.id, text)


@pytest.mark.req("CONS-01")
async def test_consent_refusal_and_withdrawal_are_registered_told_and_audited(room: ClassRoom, mother: UUID) -> None:
    assert await standing(room, mother) == Standing()
    await record(room, mother, not_given(FIRST))
    await record(room, mother, given(SECOND, paper_ref="№ 17"), room.class_teacher)
    await record(room, mother, not_given(DAY, ELECTRONIC), mother)
    assert await states(room, mother) == [both(), both(None, FIRST), both(SECOND, FIRST), both(SECOND, DAY)]
    assert await standing(room, mother) == both(SECOND, DAY)
    rows = await room.watch.rows(
        "SELECT purpose, given, since, form, recorded_by, paper_ref FROM core.consent ORDER BY seq"
    )
    assert [tuple(row) for row in rows] == [
        (purpose, *entry)
        for entry in (
            (False, FIRST, "paper", None, ""),
            (True, SECOND, "paper", room.class_teacher, "№ 17"),
            (False, DAY, "electronic", mother, ""),
        )
        for purpose in ("achievement", "attendance")
    ]
    audited = await room.watch.audit("consent.record")
    assert {entry["person_id"] for entry in audited} == {None, room.class_teacher, mother}
    signed = next(json.loads(entry["after"]) for entry in audited if entry["person_id"] == room.class_teacher)
    dates = {"given_on": "2026-10-01", "until": None, "withdrawn_on": "2026-09-01"}
    assert signed == {
        "achievement": dates,
        "attendance": dates,
        "form": "paper",
        "paper_ref": "№ 17",
        "text_version": None,
    }


@pytest.mark.req("CONS-02")
async def test_one_sheet_covers_both_purposes_and_each_may_be_withdrawn_alone(room: ClassRoom, mother: UUID) -> None:
    await record(room, mother, given(FIRST))
    await record(room, mother, not_given(DAY, ELECTRONIC, purposes=(ACHIEVEMENT,)), mother)
    assert (await states(room, mother))[1:] == [both(FIRST), Standing(term(FIRST, DAY), term(FIRST))]
    assert (await standing(room, mother)).in_force(DAY)
    assert await room.watch.value("SELECT count(*) FROM core.consent") == 3


async def test_what_was_given_until_a_day_says_so_to_the_gateway(room: ClassRoom, mother: UUID) -> None:
    await record(room, mother, given(FIRST))
    await record(room, mother, given(FIRST, until=DAY))
    assert (await states(room, mother))[-1] == both(FIRST, until=DAY)
    for doing, code in (
        (given(DAY, until=DAY - timedelta(days=1)), "consent-until-before-since"),
        (not_given(DAY, until=DAY), "consent-until-of-refusal"),
        (given(DAY, purposes=()), "consent-purpose-needed"),
        (given(DAY, paper_ref="№" * 301), "consent-paper-ref-too-long"),
        (given(DAY, paper_ref="\u200b\x00 "), "consent-paper-ref-needed"),
    ):
        assert await refused(record(room, mother, doing)) == (Invalid, code)


async def test_an_electronic_consent_is_given_today_to_the_very_text_in_force(room: ClassRoom, mother: UUID) -> None:
    nothing = given(DAY, ELECTRONIC)
    assert await refused(record(room, mother, nothing, mother)) == (Invalid, "consent-text-needed")
    old = await publish(room, "Согласен на обработку.", room.head)
    assert old == await publish(room, "Согласен на обработку. ")
    new = await publish(room, "Согласна или согласен на обработку.")
    assert ([old.version, new.version], new.text_hash) == ([1, 2], hash_of(new.text))
    for ref, refusal in (
        (old.ref, (Conflict, "consent-text-changed")),
        (TextRef(2, old.text_hash), (Conflict, "consent-text-changed")),
        (TextRef(3, new.text_hash), (NotFound, "consent-text-unknown")),
    ):
        before = await room.watch.everything()
        assert await refused(record(room, mother, given(DAY, ELECTRONIC, text=ref), mother)) == refusal
        assert await room.watch.everything() == before
    yesterday = given(DAY - timedelta(days=1), ELECTRONIC, text=new.ref)
    assert await refused(record(room, mother, yesterday, mother)) == (Invalid, "consent-date-not-today")
    await record(room, mother, given(DAY, ELECTRONIC, text=new.ref), mother)
    await record(room, mother, given(FIRST, text=old.ref, paper_ref="папка 3"))
    rows = await room.watch.rows("SELECT DISTINCT form, text_id FROM core.consent ORDER BY form")
    assert [tuple(row) for row in rows] == [("electronic", new.id), ("paper", old.id)]
    assert await standing(room, mother) == both(DAY)
    (entry, _) = await room.watch.audit("consent.record")
    assert json.loads(entry["after"])["text_version"] in {1, 2}


async def test_texts_are_the_administrations_to_publish_and_nobodys_to_change(room: ClassRoom, mother: UUID) -> None:
    before = await room.watch.everything()
    for who in (room.class_teacher, room.teacher, mother):
        assert await refused(publish(room, "Текст", who)) == (Forbidden, "not-allowed")
    for nothing in (" \n", "\u200b", "\x00\u2060 \ud800"):
        assert await refused(publish(room, nothing)) == (Invalid, "consent-text-empty")
    assert await refused(publish(room, "т" * 20_001)) == (Invalid, "consent-text-too-long")
    assert await room.watch.everything() == before
    text = await publish(room, "Текст")
    (entry,) = await room.watch.audit("consent-text.publish")
    assert json.loads(entry["after"]) == {"version": 1, "text_hash": text.text_hash}
    await room.watch.rows("UPDATE core.consent_text SET text = 'Другой'")
    doing = record(room, mother, given(DAY, ELECTRONIC, text=text.ref), mother)
    assert await refused(doing) == (Conflict, "consent-text-changed")


async def test_two_who_publish_at_once_make_two_versions(room: ClassRoom) -> None:
    made = await asyncio.gather(*(publish(room, f"Текст {number}") for number in range(4)))
    assert sorted(one.version for one in made) == [1, 2, 3, 4]
    async with room.database.begin() as session:
        texts = await consent_texts.versions(session, room.school.id)
    assert [(one.version, one.intact) for one in texts] == [(4, True), (3, True), (2, True), (1, True)]


async def test_what_stands_already_and_a_repeat_change_nothing(room: ClassRoom, mother: UUID) -> None:
    await record(room, mother, given(FIRST), key="update/1")
    before = await room.watch.everything()
    await record(room, mother, given(FIRST), key="update/1")
    assert await room.watch.everything() == before
    await record(room, mother, given(FIRST), key="update/2")
    assert len(await states(room, mother)) == 2
    assert await room.watch.value("SELECT count(*) FROM core.consent") == 2


async def test_an_older_paper_is_kept_and_tells_nobody_anything_new(room: ClassRoom, mother: UUID) -> None:
    await record(room, mother, given(SECOND))
    await record(room, mother, given(FIRST))
    assert await states(room, mother) == [both(), both(SECOND)]
    assert await room.watch.value("SELECT count(*) FROM core.consent") == 4


async def test_a_date_ahead_is_refused_and_today_is_not(room: ClassRoom, mother: UUID) -> None:
    before = await room.watch.everything()
    assert await refused(record(room, mother, given(DAY + timedelta(days=1)))) == (Invalid, "consent-date-ahead")
    assert await room.watch.everything() == before
    await record(room, mother, given(DAY))
    assert (await standing(room, mother)).in_force(DAY)


async def test_paper_is_the_schools_to_enter_and_the_rest_is_the_guardians_alone(room: ClassRoom, mother: UUID) -> None:
    other = await room.builder.guardian(room.pupils[0], name="Абрамов Ян")
    before = await room.watch.everything()
    for who in (room.teacher, room.stranger, other, mother, room.pupils[0]):
        assert await refused(record(room, mother, given(FIRST), who)) == NOT_YOURS
    for anybody in (None, room.class_teacher, room.head, other):
        assert await refused(record(room, mother, not_given(DAY, ELECTRONIC), anybody)) == NOT_YOURS
    assert await refused(record(room, room.teacher, given(FIRST))) == (NotFound, "guardian-unknown")
    assert await room.watch.everything() == before
    for number, holder in enumerate((None, room.class_teacher, room.head)):
        await record(room, mother, given(FIRST + timedelta(days=number)), holder)
    assert len(await states(room, mother)) == 4


async def test_a_paper_of_the_same_day_does_not_undo_what_a_parent_did_himself(room: ClassRoom, mother: UUID) -> None:
    await record(room, mother, given(FIRST), room.class_teacher)
    await record(room, mother, not_given(DAY, ELECTRONIC, purposes=(ATTENDANCE,)), mother)
    before = await room.watch.everything()
    for who in (room.class_teacher, room.head, None):
        assert await refused(record(room, mother, given(DAY), who)) == (Conflict, "consent-withdrawn-himself")
    assert await room.watch.everything() == before
    await record(room, mother, given(DAY, purposes=(ACHIEVEMENT,)), room.class_teacher)
    room.hands.move(days=1)
    await record(room, mother, given(DAY + timedelta(days=1)), room.class_teacher)
    assert (await standing(room, mother)).attendance.in_force(DAY + timedelta(days=1))


async def test_nobody_records_his_own_paper(room: ClassRoom) -> None:
    own = await room.builder.guardian(room.pupils[0], name="", person=room.class_teacher, consent=False)
    for decision in (given(DAY), not_given(DAY)):
        assert await refused(record(room, own, decision, own)) == (Forbidden, "consent-own-paper")
    await record(room, own, given(DAY), room.head)


async def test_a_place_of_a_paper_is_kept_without_signs_that_no_paper_has(room: ClassRoom, mother: UUID) -> None:
    await record(room, mother, given(DAY, paper_ref=" папка\x00 3\udcff "))
    assert await room.watch.value("SELECT DISTINCT paper_ref FROM core.consent") == "папка 3"
    (entry,) = await room.watch.audit("consent.record")
    assert json.loads(entry["after"])["paper_ref"] == "папка 3"


@pytest.mark.req("CONS-03")
async def test_head_deputy_and_class_teacher_see_whom_nobody_has_asked(room: ClassRoom, mother: UUID) -> None:
    builder, (first, second, *_) = room.builder, room.pupils
    asked = await builder.guardian(second, name="Ёлкина Яна")
    expired = await builder.guardian(second, name="Ёлкин Олег", consent=False)
    await builder.guardian(second, name="Ёлкин Пётр", consent=False)
    async with room.database.begin() as session:
        act = room.act(room.class_teacher)
        await consents.record(session, act, second, expired, given(FIRST, until=SECOND))
    for who in (room.class_teacher, room.head):
        async with room.database.begin() as session:
            sheet = await consent_sheets.of_class(session, room.act(who).actor, room.school_class, room.hands.at)
        assert [line.guardian for line in sheet.lines if not line.unanswered] == [asked]
        assert [(line.pupil, line.guardian_name.in_full(), line.states[0].value) for line in sheet.unanswered] == [
            (first, "Абрамова Яна", "missing"),
            (second, "Ёлкин Олег", "expired"),
            (second, "Ёлкин Пётр", "missing"),
        ]
    await record(room, mother, not_given(FIRST, purposes=(ACHIEVEMENT,)))
    async with room.database.begin() as session:
        (sheet,) = await consent_sheets.of_school(session, room.act(room.head).actor, room.school.id, room.hands.at)
        assert sheet.title == "5А"
        assert [state.value for state in sheet.lines[0].states] == ["refused", "missing"]
        assert sheet.lines[0].unanswered
        for who in (room.stranger, room.teacher, mother):
            actor = room.act(who).actor
            doing = consent_sheets.of_class(session, actor, room.school_class, room.hands.at)
            assert await refused(doing) == (Forbidden, "not-allowed")
        whole = consent_sheets.of_school(session, room.act(room.class_teacher).actor, room.school.id, room.hands.at)
        assert await refused(whole) == (Forbidden, "not-allowed")


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
        assert await consents.standing(session, child, adult) == both(CONSENT, DAY)
    room.hands.move(days=1)
    signed_again = DAY + timedelta(days=1)
    await office.imports(office_files([], [pupil("6А", "Юдин Юрий", parent("Юдина Яна", consent=signed_again))]))
    async with room.database.begin() as session:
        assert await consents.standing(session, child, adult) == both(signed_again, DAY)


async def test_a_cell_emptied_by_mistake_and_filled_again_opens_the_way_again(room: ClassRoom) -> None:
    office = Office(room.database, room.watch, room.hands, room.school)
    told = []
    for cell in (CONSENT, None, None, CONSENT, CONSENT):
        await office.imports(office_files([], [pupil("6А", "Юдин Юрий", parent("Юдина Яна", consent=cell))]))
        events = await room.watch.events("guardianship/")
        state = events[-1].data
        assert isinstance(state, GuardianshipState)
        assert state.achievement_consent == state.attendance_consent
        told.append((events[-1].version, state.attendance_consent))
    assert told == [
        (1, term(CONSENT)),
        (2, term(CONSENT, CONSENT)),
        (2, term(CONSENT, CONSENT)),
        (3, term(CONSENT)),
        (3, term(CONSENT)),
    ]


async def test_an_empty_cell_leaves_what_never_stood_in_a_list(room: ClassRoom) -> None:
    office = Office(room.database, room.watch, room.hands, room.school)
    files = office_files([], [pupil("6А", "Юдин Юрий", parent("Юдина Яна", consent=None))])
    await office.imports(files)
    (child,) = await office.people("Юдин")
    (adult,) = await office.people("Юдина")
    text = await publish(room, "Согласие")
    by_head, by_herself = room.act(room.head), room.act(adult)
    numbered = Act(OFFICE, room.hands.at, str(uuid4()))
    for act, decision in (
        (by_head, given(FIRST)),
        (numbered, given(SECOND, paper_ref="№ 17")),
        (by_herself, given(DAY, ELECTRONIC, text=text.ref)),
    ):
        async with room.database.begin() as session:
            await consents.record(session, act, child, adult, decision)
        before = await room.watch.everything()
        report = await office.imports(files)
        assert (report.guardianships, report.unchanged) == (0, 2)
        after = await room.watch.everything()
        assert (after["core.consent"], after["bus.outbox"]) == (before["core.consent"], before["bus.outbox"])
        async with room.database.begin() as session:
            assert await consents.standing(session, child, adult) == both(decision.since)
