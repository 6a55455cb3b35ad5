"""One-time codes: who gets them, what they open, how they are guessed at and how that ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import URL

from core.account import accounts
from core.account.accounts import CODE_ALPHABET, CodeKeeper, IssuedCode, Linked, LinkOffer, MessengerAccount
from core.actor import OFFICE, Act, Actor
from core.consent import consents
from core.consent.consent_entries import BOTH, Decision
from core.database import Database
from core.events import AddressState, Channel, address_subject
from core.refusals import Conflict, Forbidden, Invalid, NotFound, Refusal
from tests.integration.core_world import ClassRoom, class_room, refused

ME, SOMEBODY = (MessengerAccount(Channel.TELEGRAM, number) for number in ("100", "200"))
BORN, WRONG = date(2014, 3, 5), date(2014, 5, 3)


@dataclass
class Door:
    """A class room, and a messenger account that knocks."""

    room: ClassRoom
    keeper: CodeKeeper
    mother: UUID

    @property
    def now(self) -> datetime:
        return self.room.hands.at

    async def issue(self, *persons: UUID) -> tuple[IssuedCode, ...]:
        async with self.room.database.begin() as session:
            return (await accounts.issue_codes(session, OFFICE, self.keeper, persons, self.now)).codes

    async def code(self, person: UUID | None = None) -> str:
        (issued,) = await self.issue(person or self.mother)
        return issued.code

    async def show(self, code: str, account: MessengerAccount = ME) -> LinkOffer | Linked:
        """Show a code the way the bot does: a refusal is counted in a transaction of its own."""
        try:
            async with self.room.database.begin() as session:
                return await accounts.show_code(session, self.keeper, account, code, self.now)
        except Refusal as refusal:
            await self._count(account, refusal)
            raise

    async def answer(self, born: date, account: MessengerAccount = ME) -> Linked:
        try:
            async with self.room.database.begin() as session:
                return await accounts.answer_offer(session, account, born, self.now)
        except Refusal as refusal:
            await self._count(account, refusal)
            raise

    async def _count(self, account: MessengerAccount, refusal: Refusal) -> None:
        async with self.room.database.begin() as session:
            wrong_date = refusal.code == "link-birth-date-wrong"
            await accounts.note_attempt(session, account, self.now, wrong_date=wrong_date)

    async def behind(self, account: MessengerAccount = ME) -> Sequence[UUID]:
        async with self.room.database.begin() as session:
            return await accounts.persons_behind(session, account)


@pytest.fixture
async def door(core_database: Database, database_url: URL) -> Door:
    room = await class_room(core_database, database_url, lessons=0)
    mother = await room.builder.guardian(room.pupils[0], name="Абрамова Яна Олеговна")
    return Door(room, room.builder.keeper, mother)


async def test_a_code_is_shown_once_and_kept_only_as_a_keyed_hash(door: Door) -> None:
    (issued,) = await door.issue(door.mother)
    assert len(issued.code) == 10
    assert set(issued.code) <= set(CODE_ALPHABET)
    assert (issued.person, issued.name.in_full()) == (door.mother, "Абрамова Яна Олеговна")
    assert issued.children == ("5А, Абрамов Глеб",)
    everything = str(await door.room.watch.everything())
    assert issued.code not in everything
    assert door.keeper.hash(issued.code) in everything
    assert CodeKeeper(b"another secret").hash(issued.code) != door.keeper.hash(issued.code)


async def test_codes_are_the_offices_to_issue_and_the_class_teachers_for_his_families(door: Door) -> None:
    before = await door.room.watch.everything()
    for actor in (Actor("telegram", door.room.head), Actor("office", door.room.head), Actor("telegram")):
        async with door.room.database.begin() as session:
            doing = accounts.issue_codes(session, actor, door.keeper, [door.mother], door.now)
            assert await refused(doing) == (Forbidden, "not-allowed")
    assert await door.room.watch.everything() == before
    async with door.room.database.begin() as session:
        actor = Actor("telegram", door.room.class_teacher)
        issue = await accounts.issue_codes(session, actor, door.keeper, [door.mother], door.now)
    assert [one.person for one in issue.codes] == [door.mother]


async def test_a_new_code_kills_the_unused_one_of_the_same_person_only(door: Door) -> None:
    other = await door.room.builder.guardian(door.room.pupils[1], name="Ёлкина Ольга")
    first, others = await door.code(), await door.code(other)
    second = await door.code()
    assert await refused(door.show(first)) == (NotFound, "link-code-unknown")
    assert isinstance(await door.show(second), LinkOffer)
    assert isinstance(await door.show(others, SOMEBODY), LinkOffer)


async def test_until_the_birth_date_is_given_only_class_and_initials_are_shown(door: Door) -> None:
    await door.room.builder.guardian(door.room.pupils[1], name="", person=door.mother)
    shown = await door.show(await door.code())
    assert shown == LinkOffer(("5А, А. Г.", "5А, Ё. В."))
    assert await door.behind() == ()
    assert await door.room.watch.events("address/") == []


@pytest.mark.parametrize(
    "written",
    [
        str,
        str.lower,
        lambda code: f"{code[:5]}-{code[5:]}",
        lambda code: f" {code[:4].lower()} {code[4:8]}-{code[8:]} ",
    ],
    ids=["plain", "lower case", "hyphen", "spaces"],
)
async def test_a_code_may_be_typed_as_people_type(door: Door, written: type[str]) -> None:
    assert isinstance(await door.show(written(await door.code())), LinkOffer)


async def test_the_birth_date_of_any_child_joins_the_guardian(door: Door) -> None:
    second = await door.room.builder.pupil(door.room.school_class, "Абрамов Ян", date(2016, 2, 29))
    await door.room.builder.guardian(second, name="", person=door.mother)
    await door.show(await door.code())
    linked = await door.answer(date(2016, 2, 29))
    assert (linked.person, linked.is_guardian) == (door.mother, True)
    assert linked.children == ("5А, Абрамов Глеб", "5А, Абрамов Ян")
    assert await door.behind() == (door.mother,)
    async with door.room.database.begin() as session:
        actor = await accounts.actor_for(session, ME, door.mother)
        assert (actor.via, actor.person) == ("telegram", door.mother)
        assert await refused(accounts.actor_for(session, ME, door.room.head)) == (Forbidden, "account-not-linked")
        assert await refused(accounts.actor_for(session, SOMEBODY, door.mother)) == (Forbidden, "account-not-linked")


async def test_joining_states_the_messenger_as_a_verified_address(door: Door) -> None:
    await door.show(await door.code())
    await door.answer(BORN)
    (event,) = await door.room.watch.events("address/")
    assert (event.subject, event.version) == (address_subject(door.mother, Channel.TELEGRAM), 1)
    assert event.data == AddressState(person=door.mother, channel=Channel.TELEGRAM, value="100", verified_at=door.now)
    (entry,) = await door.room.watch.audit("account.link")
    assert (entry["person_id"], entry["subject"], entry["at"]) == (door.mother, f"person/{door.mother}", door.now)
    assert entry["account_id"] == await door.room.watch.value("SELECT id FROM core.account")


async def test_a_new_account_of_the_same_person_is_the_address_from_then_on(door: Door) -> None:
    for account in (ME, SOMEBODY):
        await door.show(await door.code(), account)
        await door.answer(BORN, account)
    states = [(event.version, event.data) for event in await door.room.watch.events("address/")]
    assert [(version, state.value) for version, state in states if isinstance(state, AddressState)] == [
        (1, "100"),
        (2, "200"),
    ]


async def test_the_day_of_verification_is_the_schools_day(door: Door) -> None:
    door.room.hands.at = datetime(2026, 11, 24, 20, 30, tzinfo=UTC)  # the 25th has begun in Yekaterinburg
    await door.show(await door.code())
    await door.answer(BORN)
    query = "SELECT verified_on FROM core.contact WHERE channel = 'telegram'"
    assert await door.room.watch.value(query) == date(2026, 11, 25)


async def test_an_employee_is_joined_by_the_code_alone(door: Door) -> None:
    linked = await door.show(await door.code(door.room.teacher))
    assert isinstance(linked, Linked)
    assert (linked.person, linked.is_guardian, linked.children) == (door.room.teacher, False, ())
    assert await door.behind() == (door.room.teacher,)


async def test_one_account_may_stand_for_two_persons(door: Door) -> None:
    elsewhere = await door.room.builder.school("Школа «Парус»")
    own_class = await door.room.builder.school_class(elsewhere, "2Б")
    sibling = await door.room.builder.pupil(own_class, "Абрамов Ян")
    there = await door.room.builder.guardian(sibling, name="Абрамова Яна")
    for person in (door.mother, there):
        await door.show(await door.code(person))
        await door.answer(BORN)
    assert set(await door.behind()) == {door.mother, there}
    assert await door.room.watch.value("SELECT count(*) FROM core.account") == 1
    assert {event.school for event in await door.room.watch.events("address/")} == {door.room.school.id, elsewhere.id}


async def test_a_used_code_opens_nothing_more_except_to_whom_it_has_opened(door: Door) -> None:
    code = await door.code()
    await door.show(code)
    await door.answer(BORN)
    before = await door.room.watch.everything()
    assert isinstance(await door.show(code), Linked)
    assert await door.room.watch.everything() == before
    assert await refused(door.show(code, SOMEBODY)) == (Conflict, "link-code-used")
    assert await door.behind(SOMEBODY) == ()
    assert await refused(door.answer(BORN)) == (NotFound, "link-no-offer")


async def test_a_code_lasts_thirty_days(door: Door) -> None:
    (issued,) = await door.issue(door.mother)
    assert issued.expires_at == door.now + timedelta(days=30)
    door.room.hands.at = issued.expires_at - timedelta(seconds=1)
    assert isinstance(await door.show(issued.code), LinkOffer)
    door.room.hands.move(seconds=1)
    assert await refused(door.answer(BORN)) == (NotFound, "link-no-offer")
    assert await refused(door.show(issued.code)) == (Conflict, "link-code-expired")


async def test_an_offer_lasts_half_an_hour(door: Door) -> None:
    code = await door.code()
    await door.show(code)
    door.room.hands.move(minutes=30)
    assert await refused(door.answer(BORN)) == (NotFound, "link-no-offer")
    await door.show(code)
    assert (await door.answer(BORN)).person == door.mother


async def test_five_wrong_dates_burn_the_code_even_from_several_accounts(door: Door) -> None:
    code = await door.code()
    left = []
    for account in (ME, ME, SOMEBODY, SOMEBODY, ME):
        await door.show(code, account)
        with pytest.raises(Invalid) as refusal:
            await door.answer(WRONG, account)
        assert refusal.value.code == "link-birth-date-wrong"
        left.append(refusal.value.details["left"])
    assert left == [4, 3, 2, 1, 0]
    assert await refused(door.answer(BORN)) == (NotFound, "link-no-offer")
    assert await refused(door.show(code)) == (NotFound, "link-code-unknown")
    assert await door.behind() == ()


async def test_a_mistyped_code_does_not_spend_the_tries_of_the_right_one(door: Door) -> None:
    await door.show(await door.code())
    for _ in range(5):
        assert await refused(door.show("AAAAAAAAAA")) == (NotFound, "link-code-unknown")
    assert (await door.answer(BORN)).person == door.mother


async def test_ten_refusals_close_the_door_to_the_account_for_an_hour(door: Door) -> None:
    code = await door.code()
    for _ in range(10):
        assert await refused(door.show("AAAAAAAAAA")) == (NotFound, "link-code-unknown")
        door.room.hands.move(minutes=1)
    for doing in (door.show(code), door.answer(BORN), door.show("AAAAAAAAAA")):
        before = await door.room.watch.everything()
        assert await refused(doing) == (Forbidden, "link-too-many-attempts")
        assert before["core.link_code"] == (await door.room.watch.everything())["core.link_code"]
    assert isinstance(await door.show(code, SOMEBODY), LinkOffer)
    door.room.hands.move(minutes=63)
    assert isinstance(await door.show(code), LinkOffer)


async def test_whoever_showed_the_code_last_is_asked(door: Door) -> None:
    code = await door.code()
    await door.show(code, SOMEBODY)
    await door.show(code, ME)
    assert await refused(door.answer(BORN, SOMEBODY)) == (NotFound, "link-no-offer")
    assert (await door.answer(BORN)).person == door.mother


@pytest.mark.parametrize("change", ["barred = true", "may_see = false", "until = '2026-11-23'", "since = '2026-11-25'"])
async def test_whoever_may_not_see_the_child_now_is_not_joined(door: Door, change: str) -> None:
    code = await door.code()
    await door.show(code)
    await door.room.watch.rows(f"UPDATE core.guardianship SET {change}")  # noqa: S608 - our own words
    assert await refused(door.answer(BORN)) == (Invalid, "link-birth-date-wrong")
    assert await refused(door.show(code)) == (Conflict, "link-no-children")
    assert await door.behind() == ()


async def test_a_pupil_is_nobodys_guardian(door: Door) -> None:
    code = await door.code(door.room.pupils[0])
    assert await refused(door.show(code)) == (Conflict, "link-no-children")


async def test_codes_come_in_the_order_of_the_alphabet(door: Door) -> None:
    people = [door.room.teacher, door.room.stranger, door.room.head, door.room.class_teacher]
    issued = await door.issue(*people)
    assert [one.name.surname for one in issued] == ["Громова", "Зимин", "Кузнецова", "Орлов"]
    assert len({one.code for one in issued}) == 4


async def test_an_account_that_came_back_is_told_anew_once_for_each_person(door: Door) -> None:
    await door.show(await door.code())
    await door.answer(BORN)
    await door.show(await door.code(door.room.teacher))
    before = await door.room.watch.events("address/")
    for key in ("update/1", "update/1"):
        async with door.room.database.begin() as session:
            await accounts.came_back(session, ME, key=key, now=door.now)
    fresh = (await door.room.watch.events("address/"))[len(before) :]
    assert {(event.subject, event.version) for event in fresh} == {
        (address_subject(person, Channel.TELEGRAM), 2) for person in (door.mother, door.room.teacher)
    }
    everything = await door.room.watch.everything()
    async with door.room.database.begin() as session:
        await accounts.came_back(session, SOMEBODY, key="update/2", now=door.now)
    now = await door.room.watch.everything()
    assert now["bus.outbox"] == everything["bus.outbox"]


async def test_a_stranger_is_nobody(door: Door) -> None:
    assert await door.behind(SOMEBODY) == ()
    async with door.room.database.begin() as session:
        assert not await accounts.has_offer(session, SOMEBODY, door.now)


@pytest.mark.req("CONS-04")
async def test_without_a_consent_in_force_nobody_gets_a_code_and_the_office_hears_who(door: Door) -> None:
    room, today = door.room, date(2026, 11, 24)
    silent = await room.builder.guardian(room.pupils[1], name="Ёлкин Олег", consent=False)
    async with room.database.begin() as session:
        issue = await accounts.issue_codes(
            session, OFFICE, door.keeper, [silent, door.mother, room.teacher, room.pupils[1]], door.now
        )
    assert {one.person for one in issue.codes} == {door.mother, room.teacher}
    assert {(one.person, one.why) for one in issue.left_out} == {
        (silent, "no-consent"),
        (room.pupils[1], "no-consent"),
    }
    for consent, told in (
        (Decision(given=True, since=today, purposes=BOTH[:1], until=today, paper_ref="№ 1"), True),
        (None, False),
    ):
        if consent is not None:
            async with room.database.begin() as session:
                act = Act(OFFICE, door.now, "consent/1")
                await consents.record(session, act, room.pupils[1], silent, consent)
        else:
            room.hands.move(days=1)
        assert len(await door.issue(silent)) == told


async def test_a_code_opens_nothing_once_the_consent_is_withdrawn(door: Door) -> None:
    first, second = await door.code(), await door.code()
    await door.show(second)
    async with door.room.database.begin() as session:
        refusal = Decision(given=False, since=date(2026, 11, 24))
        await consents.record(session, Act(OFFICE, door.now, "consent/1"), door.room.pupils[0], door.mother, refusal)
    assert await refused(door.answer(BORN)) == (Forbidden, "link-no-consent")
    assert await refused(door.show(second)) == (Forbidden, "link-no-consent")
    assert await refused(door.show(first)) == (NotFound, "link-code-unknown")
    assert await door.behind() == ()
