"""Cards, their verification by dates, changed data told by parents, forms of education, the class register."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL

from core.account.identity_documents import IdentityDocument
from core.actor import OFFICE, Act, Actor
from core.database import Database
from core.person import cards, class_register, data_changes, education_forms, verifications
from core.person.card_tables import PersonalCard
from core.person.cards import CLASS_SECTIONS, PUPIL_SECTIONS, TEACHER_SECTIONS, Card
from core.person.class_register import Missing
from core.person.education_forms import EducationForm, Ordered
from core.person.verifications import YEARLY, Duty
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.rule_book.profiles import Profile, rules_by
from core.rule_book.values import Accounting
from core.school import school_rules
from core.tables import Person
from tests.integration.core_world import DAY, ClassRoom, class_room, refused
from texts.reader import load

SEPTEMBER = datetime(2026, 9, 1, 4, 0, tzinfo=UTC)
YEAR = date(2026, 9, 1)


@pytest.fixture
async def room(core_database: Database, database_url: URL) -> ClassRoom:
    return await class_room(core_database, database_url, lessons=0)


async def fill_pupil(
    room: ClassRoom, pupil: int = 0, act: Act | None = None, version: int = 0, **sections: str
) -> Card:
    async with room.database.begin() as session:
        by = act or room.act(room.class_teacher)
        return await cards.fill_pupil_card(session, by, room.pupils[pupil], sections, version)


async def fill_all(room: ClassRoom, *pupils: int) -> None:
    for pupil in pupils:
        await fill_pupil(room, pupil, None, 0, **dict.fromkeys(PUPIL_SECTIONS, "нет"))


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_section_form_and_duty_has_words(language: str) -> None:
    texts = load(language)
    ids = [f"card-{name}" for name in (*PUPIL_SECTIONS, *TEACHER_SECTIONS, *CLASS_SECTIONS)]
    ids += [f"form-{one}" for one in EducationForm] + [f"accounting-{one}" for one in Accounting]
    ids += [f"verification-{one}" for one in Duty] + [f"missing-{one}" for one in Missing]
    assert [one for one in ids if not texts.has(one)] == []


async def test_a_card_is_filled_section_by_section_and_every_change_is_audited(room: ClassRoom) -> None:
    card = await fill_pupil(room, address="  Ленина, 5 ", languages="английский")
    assert (card.version, card.sections["address"]) == (1, "Ленина, 5")
    card = await fill_pupil(room, version=1, address="Мира, 7")
    assert (card.version, card.sections["languages"]) == (2, "английский")
    assert set(card.unfilled) == set(PUPIL_SECTIONS) - {"address", "languages"}
    rows = await room.watch.rows(
        "SELECT before, after, subject FROM core.audit WHERE action = 'card.fill' ORDER BY seq"
    )
    assert rows[1]["before"] == '{"address": "Ленина, 5"}'
    assert rows[1]["after"] == '{"address": "Мира, 7"}'
    assert {row["subject"] for row in rows} == {f"card/pupil/{room.pupils[0]}"}


async def test_two_who_write_one_card_do_not_overwrite_each_other(room: ClassRoom) -> None:
    act = room.act(room.class_teacher)
    await fill_pupil(room, act=act, address="Ленина, 5")
    before = await room.watch.everything()
    assert await refused(fill_pupil(room, version=0, address="Мира, 7")) == (Conflict, "card-changed-since")
    assert (await fill_pupil(room, act=act, address="Ленина, 5")).version == 1
    assert await refused(fill_pupil(room, version=1, adress="Мира")) == (Invalid, "card-section-unknown")
    assert await refused(fill_pupil(room, version=1, address="я" * 501)) == (Invalid, "card-section-too-long")
    assert await room.watch.everything() == before


async def test_a_card_is_seen_by_the_family_and_the_school_and_by_nobody_else(room: ClassRoom) -> None:
    await fill_pupil(room, address="Ленина, 5")
    mother = await room.builder.guardian(room.pupils[0], name="Абрамова Инна")
    other = await room.builder.guardian(room.pupils[1], name="Ёлкина Инна")

    async def seen(person: UUID) -> Card:
        async with room.database.begin() as session:
            return await cards.pupil_card(session, room.act(person).actor, room.pupils[0], room.hands.at)

    for person in (mother, room.class_teacher, room.head, room.pupils[0]):
        assert (await seen(person)).sections["address"] == "Ленина, 5"
    for person in (other, room.teacher, room.pupils[1]):
        assert await refused(seen(person)) == (Forbidden, "not-allowed")
    for person in (mother, room.teacher):
        assert await refused(fill_pupil(room, act=room.act(person), version=1)) == (Forbidden, "not-allowed")


async def test_a_teacher_keeps_his_own_card(room: ClassRoom) -> None:
    async with room.database.begin() as session:
        act = room.act(room.teacher)
        await cards.fill_teacher_card(session, act, room.teacher, {"category": "высшая"}, 0)
        assert (await cards.teacher_card(session, act.actor, room.teacher, act.at)).sections["category"] == "высшая"
        head = room.act(room.head)
        assert (await cards.teacher_card(session, head.actor, room.teacher, act.at)).version == 1
        for stranger, command in ((room.stranger, cards.teacher_card), (room.pupils[0], cards.teacher_card)):
            doing = command(session, room.act(stranger).actor, room.teacher, act.at)
            assert await refused(doing) == (Forbidden, "not-allowed")
        foreign = cards.fill_teacher_card(session, room.act(room.stranger), room.teacher, {"category": "нет"}, 1)
        assert await refused(foreign) == (Forbidden, "not-allowed")
        nobody = cards.teacher_card(session, OFFICE, room.pupils[0], act.at)
        assert await refused(nobody) == (NotFound, "staff-unknown")


async def items(room: ClassRoom, at: datetime) -> list[tuple[Duty, date, date, bool, bool]]:
    async with room.database.begin() as session:
        actor = room.act(room.class_teacher).actor
        found = await verifications.checklist(session, actor, room.school_class, at)
    return [(one.duty, one.period, one.due, one.done_at is not None, one.overdue) for one in found]


async def confirm(room: ClassRoom, duty: Duty, period: date = YEAR, person: UUID | None = None) -> None:
    async with room.database.begin() as session:
        act = room.act(person or room.class_teacher)
        await verifications.confirm(session, act, room.school_class, duty, period)


@pytest.mark.req("YEAR-24")
async def test_data_are_verified_by_15_september_and_looked_at_every_month(room: ClassRoom) -> None:
    fifteenth = date(2026, 9, 15)
    assert await items(room, SEPTEMBER) == [
        *[(duty, YEAR, fifteenth, False, False) for duty in YEARLY],
        (Duty.MONTHLY, YEAR, date(2026, 9, 30), False, False),
    ]
    room.hands.at = SEPTEMBER + timedelta(days=14)
    assert not any(late for *_, late in await items(room, room.hands.at))
    room.hands.move(days=1)
    late = [(duty, period) for duty, period, _, _, overdue in await items(room, room.hands.at) if overdue]
    assert late == [(duty, YEAR) for duty in YEARLY]
    await confirm(room, Duty.QUESTIONNAIRES)
    await confirm(room, Duty.MONTHLY)
    room.hands.at = SEPTEMBER + timedelta(days=61)
    assert [(period, done, overdue) for duty, period, _, done, overdue in await items(room, room.hands.at)][3:] == [
        (YEAR, True, False),
        (date(2026, 10, 1), False, True),
        (date(2026, 11, 1), False, False),
    ]


@pytest.mark.req("YEAR-25", "YEAR-26")
async def test_cards_are_verified_only_when_every_section_is_filled(room: ClassRoom) -> None:
    async with room.database.begin() as session:
        ordered = Ordered(EducationForm.HOME, YEAR, individual_plan=True, order="№ 5")
        await education_forms.change(session, room.act(room.head), room.pupils[4], ordered)
    await fill_all(room, 0, 1, 2, 3)
    with pytest.raises(Conflict) as refusal:
        await confirm(room, Duty.PERSONAL_CARDS)
    assert refusal.value.details == {"count": 1, "first": "Яшин Лев"}
    assert load("ru").format("refusal-personal-cards-unfilled", **refusal.value.details).endswith("карта: Яшин Лев.")
    await fill_all(room, 4)
    await confirm(room, Duty.PERSONAL_CARDS)
    assert await refused(confirm(room, Duty.CLASS_CARD)) == (Conflict, "class-card-unfilled")
    async with room.database.begin() as session:
        act = room.act(room.class_teacher)
        await cards.fill_class_card(session, act, room.school_class, dict.fromkeys(CLASS_SECTIONS, "нет"), 0)
        assert (await cards.class_card(session, act.actor, room.school_class, act.at)).unfilled == ()
    await confirm(room, Duty.CLASS_CARD)
    done = {duty for duty, _, _, done, _ in await items(room, room.hands.at) if done}
    assert done == {Duty.PERSONAL_CARDS, Duty.CLASS_CARD}


async def test_the_deputy_sees_which_class_is_late_by_the_schools_own_dates(room: ClassRoom) -> None:
    async def late(person: UUID) -> list[tuple[str, list[Duty]]]:
        async with room.database.begin() as session:
            actor = room.act(person).actor
            lines = await verifications.overdue(session, actor, room.school.id, SEPTEMBER + timedelta(days=20))
        return [(line.title, [item.duty for item in line.overdue]) for line in lines]

    assert await late(room.head) == [("5А", list(YEARLY))]
    async with room.database.begin() as session:
        await school_rules.change(session, Act(OFFICE, SEPTEMBER, "r"), room.school.id, {"verification_by": "01.10"})
    assert await late(room.head) == []
    assert await refused(late(room.teacher)) == (Forbidden, "not-allowed")
    assert await refused(confirm(room, Duty.MONTHLY, person=room.head)) == (Forbidden, "not-allowed")
    assert await refused(confirm(room, Duty.MONTHLY, date(2027, 1, 1))) == (Invalid, "verification-not-asked")
    assert await refused(confirm(room, Duty.MONTHLY, date(2026, 9, 2))) == (Invalid, "verification-not-asked")


async def tell(room: ClassRoom, person: UUID, text: str = "Новый адрес", pupil: int = 0) -> UUID:
    async with room.database.begin() as session:
        return await data_changes.tell(session, room.act(person), room.pupils[pupil], text)


@pytest.mark.req("CONS-14")
async def test_a_parent_and_a_pupil_tell_and_the_class_teacher_settles_it(room: ClassRoom) -> None:
    mother = await room.builder.guardian(room.pupils[0], name="Абрамова Инна")
    first = await tell(room, mother)
    room.hands.move(minutes=1)
    await tell(room, room.pupils[0], "Новый телефон")
    async with room.database.begin() as session:
        act = room.act(room.class_teacher)
        waiting = await data_changes.waiting(session, act.actor, room.school_class, act.at)
        assert [(one.text, one.about_name.in_lists(), one.told_by_name.in_lists()) for one in waiting] == [
            ("Новый адрес", "Абрамов Глеб", "Абрамова Инна"),
            ("Новый телефон", "Абрамов Глеб", "Абрамов Глеб"),
        ]
        await data_changes.close(session, act, first, "Внесено в личную карту")
        (left,) = await data_changes.waiting(session, act.actor, room.school_class, act.at)
        assert left.text == "Новый телефон"
        again = data_changes.close(session, room.act(room.class_teacher), first, "Ещё раз")
        assert await refused(again) == (Conflict, "data-change-settled")
        (own,) = await data_changes.own(session, Actor("telegram", mother), act.at)
        assert (own.outcome, own.closed_at) == ("Внесено в личную карту", act.at)


async def test_strangers_neither_tell_nor_read_nor_settle(room: ClassRoom) -> None:
    mother = await room.builder.guardian(room.pupils[0], name="Абрамова Инна")
    for stranger in (await room.builder.guardian(room.pupils[1], name="Ёлкина Инна"), room.teacher, room.pupils[1]):
        assert await refused(tell(room, stranger)) == (Forbidden, "not-allowed")
    assert await refused(tell(room, mother, " ")) == (Invalid, "text-needed")
    told = await tell(room, mother)
    async with room.database.begin() as session:
        for person in (mother, room.teacher):
            reading = data_changes.waiting(session, room.act(person).actor, room.school_class, room.hands.at)
            assert await refused(reading) == (Forbidden, "not-allowed")
            closing = data_changes.close(session, room.act(person), told, "Готово")
            assert await refused(closing) == (Forbidden, "not-allowed")
        unknown = data_changes.close(session, room.act(room.class_teacher), uuid4(), "Готово")
        assert await refused(unknown) == (NotFound, "data-change-unknown")


@pytest.mark.req("YEAR-29")
async def test_each_form_of_education_has_its_way_of_accounting(room: ClassRoom) -> None:
    rules = rules_by(Profile.REGION_2020, {})
    assert {education_forms.accounting_of(rules, form) for form in EducationForm} == set(Accounting)
    async with room.database.begin() as session:
        act = room.act(room.head)
        for pupil, form in zip(room.pupils, list(EducationForm)[1:], strict=False):
            ordered = Ordered(form, YEAR, individual_plan=False, order="№ 12 от 01.09.2026")
            await education_forms.change(session, room.act(room.head), pupil, ordered)
        back = Ordered(EducationForm.FULL_TIME, DAY, individual_plan=True, order="№ 30")
        await education_forms.change(session, room.act(room.head), room.pupils[0], back)
        learning = await education_forms.apart(session, act.actor, room.school.id, act.at)
        assert [(one.name.in_lists(), one.form, one.accounting, one.individual_plan) for one in learning] == [
            ("Абрамов Глеб", EducationForm.FULL_TIME, Accounting.CLASS_JOURNAL, True),
            ("Ёлкин Вадим", EducationForm.SELF, Accounting.ASSESSMENT_ONLY, False),
            ("Иванова Анна", EducationForm.EXTERNAL, Accounting.ASSESSMENT_ONLY, False),
            ("Иванова Ева", EducationForm.FREE, Accounting.CLASS_JOURNAL, False),
            ("Яшин Лев", EducationForm.HOME, Accounting.SEPARATE_SHEET, False),
        ]
        chosen = {"accounting_self": "separate-sheet"}
        await school_rules.change(session, room.act(room.head), room.school.id, chosen)
        one = await education_forms.of_pupil(session, room.act(room.class_teacher).actor, room.pupils[1], act.at)
        assert (one.form, one.since, one.accounting) == (EducationForm.SELF, YEAR, Accounting.SEPARATE_SHEET)
    rows = await room.watch.audit("pupil.form")
    assert sorted(row["why"] for row in rows) == ["№ 12 от 01.09.2026"] * 5 + ["№ 30"]


async def test_a_form_needs_an_order_a_day_that_has_come_and_whoever_moves_pupils(room: ClassRoom) -> None:
    async def change(person: UUID, since: date = YEAR, order: str = "№ 5") -> None:
        async with room.database.begin() as session:
            ordered = Ordered(EducationForm.HOME, since, individual_plan=False, order=order)
            await education_forms.change(session, room.act(person), room.pupils[0], ordered)

    before = await room.watch.everything()
    assert await refused(change(room.class_teacher)) == (Forbidden, "not-allowed")
    assert await refused(change(room.head, order=" ")) == (Invalid, "form-order-needed")
    assert await refused(change(room.head, since=DAY + timedelta(days=1))) == (Invalid, "form-day-ahead")
    assert await room.watch.everything() == before


@pytest.mark.req("YEAR-23")
async def test_the_register_is_in_the_order_of_the_alphabet_and_from_the_cards(room: ClassRoom) -> None:
    await fill_pupil(room, 1, file_number="Е-17", address="Мира, 7")
    await room.builder.guardian(room.pupils[1], name="Ёлкина Инна Павловна")
    async with room.database.begin() as session:
        lines = await class_register.register(
            session, room.act(room.class_teacher).actor, room.school_class, room.hands.at
        )
        reading = class_register.register(session, room.act(room.teacher).actor, room.school_class, room.hands.at)
        assert await refused(reading) == (Forbidden, "not-allowed")
    names = [(one.number, one.name.in_lists()) for one in lines]
    assert names == list(enumerate(("Абрамов Глеб", "Ёлкин Вадим", "Иванова Анна", "Иванова Ева", "Яшин Лев"), 1))
    line = lines[1]
    assert (line.birth_date, line.file_number, line.address) == (date(2014, 3, 5), "Е-17", "Мира, 7")
    assert [one.in_full() for one in line.parents] == ["Ёлкина Инна Павловна"]


@pytest.mark.req("YEAR-27")
async def test_a_pupil_without_a_parent_with_birth_date_and_document_is_reported(room: ClassRoom) -> None:
    whole = await room.builder.guardian(room.pupils[0], name="Абрамова Инна")
    await room.builder.guardian(room.pupils[0], name="Абрамов Пётр")
    dated = await room.builder.guardian(room.pupils[1], name="Ёлкина Инна")
    bare = await room.builder.guardian(room.pupils[2], name="Иванова Инна")
    async with room.database.begin() as session:
        for adult in (whole, dated):
            (await session.get_one(Person, adult)).birth_date = date(1985, 1, 1)
        for adult in (whole, bare):
            session.add(IdentityDocument(person_id=adult, kind="passport", number_hash="h", tail="1234"))
    await room.watch.rows("UPDATE core.guardianship SET kind = 'trusted' WHERE guardian_id = $1", bare)
    async with room.database.begin() as session:
        act = room.act(room.head)
        gaps = await class_register.without_parent(session, act.actor, room.school.id, act.at)
        reading = class_register.without_parent(session, room.act(room.teacher).actor, room.school.id, act.at)
        assert await refused(reading) == (Forbidden, "not-allowed")
    assert [(gap.name.in_lists(), gap.missing) for gap in gaps] == [
        ("Ёлкин Вадим", (Missing.DOCUMENT,)),
        ("Иванова Анна", (Missing.PARENT,)),
        ("Иванова Ева", (Missing.PARENT,)),
        ("Яшин Лев", (Missing.PARENT,)),
    ]


async def test_a_weekly_look_comes_round_on_mondays(room: ClassRoom) -> None:
    async with room.database.begin() as session:
        await school_rules.change(session, Act(OFFICE, SEPTEMBER, "r"), room.school.id, {"data_check_every": "week"})
    found = [(period, due) for duty, period, due, *_ in await items(room, SEPTEMBER + timedelta(days=8))][3:]
    assert found == [
        (date(2026, 9, 1), date(2026, 9, 6)),
        (date(2026, 9, 7), date(2026, 9, 13)),
    ]


async def test_cards_stay_the_schools_own(room: ClassRoom) -> None:
    other = await room.builder.school("Школа 2")
    head = await room.builder.teacher(other, "Лисин Пётр", administers=True)
    assert await refused(fill_pupil(room, act=room.act(head), address="нет")) == (Forbidden, "not-allowed")
    async with room.database.begin() as session:
        assert await session.get(PersonalCard, (room.pupils[0], "pupil")) is None
