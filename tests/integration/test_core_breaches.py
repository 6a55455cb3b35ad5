"""A stolen account: reported in time, its stays ended, its operations found, void by an act, their facts put right."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from sqlalchemy import URL

from core.access import Role
from core.account import accounts, logins, sessions
from core.account.accounts import MessengerAccount
from core.account.admission import Kind
from core.account.password_hashing import Hasher
from core.account.sessions import Arrival, Proof
from core.actor import OFFICE, Act, Actor
from core.audit import breaches, voiding
from core.audit.breaches import Breach, BreachNotice, Whom
from core.audit.corrections import Outcome
from core.audit.voiding import VoidingAct
from core.consent import consents
from core.consent.consent_entries import Decision
from core.database import Database
from core.events import AddressState, Channel, ConsentPurpose, NoticeAct, NoticeAsk, RemarkKind
from core.family import guardianships
from core.family.guardianships import Terms
from core.learning import attendance, gradebook, homework, remarks
from core.notice import notices
from core.notice.notices import NoticeDraft
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.rule_book.values import LoginMethod
from core.school import school_rules, school_settings, schools
from core.staff import roles
from core.staff.roles import Term
from tests.integration.account_site import KEEPER, QUICK
from tests.integration.core_world import ClassRoom, class_room, refused

HOUR = timedelta(hours=1)


@dataclass
class Theft:
    """A class room where somebody has an account that may be stolen."""

    room: ClassRoom
    keys: int = field(default=0)

    async def actor(self, person: UUID, chat: str) -> Actor:
        """Link a messenger to a person; return him acting through it."""
        account = MessengerAccount(Channel.TELEGRAM, chat)
        await self.room.builder.link(person, account)
        async with self.room.database.begin() as session:
            return await accounts.actor_for(session, account, person)

    def act(self, actor: Actor, key: str | None = None) -> Act:
        self.keys += 1
        return Act(actor, self.room.hands.at, key or f"act {self.keys}")

    async def report(
        self,
        whose: Actor,
        by: Actor | None = None,
        *,
        found: timedelta = timedelta(),
        told: Mapping[Whom, datetime] | None = None,
        key: str | None = None,
    ) -> Breach:
        """Report that the account is stolen; ``found`` so long ago."""
        self.room.hands.move(seconds=1)
        assert whose.person is not None
        assert whose.account is not None
        notice = BreachNotice(whose.person, whose.account, self.room.hands.at - found, told or {})
        async with self.room.database.begin() as session:
            return await breaches.report(session, self.act(by or whose, key), notice)

    async def void(
        self, breach: Breach, by: Actor = OFFICE, number: str = " 7-ИБ ", key: str | None = None
    ) -> VoidingAct:
        async with self.room.database.begin() as session:
            return await voiding.void(session, self.act(by, key), breach.id, number)

    async def marks(self) -> list[int]:
        """Return the values that stand."""
        rows = await self.room.watch.rows("SELECT value FROM core.mark WHERE value IS NOT NULL ORDER BY value")
        return [row["value"] for row in rows]


@pytest_asyncio.fixture
async def theft(core_database: Database, database_url: URL) -> Theft:
    return Theft(await class_room(core_database, database_url))


@pytest.mark.req("AUTH-10")
async def test_the_clock_of_a_notice_is_its_readers(theft: Theft) -> None:
    room = theft.room
    teacher = await theft.actor(room.teacher, "1")
    parent = await theft.actor(await room.builder.guardian(room.pupils[0], name="Абрамова Ольга Юрьевна"), "2")
    breach = await theft.report(teacher, found=timedelta(minutes=30))
    assert breach.report_by == room.hands.at + timedelta(minutes=30)
    assert breach.told == {Whom.HEAD: room.hands.at, Whom.SUPPORT: room.hands.at}
    assert not breach.is_late
    late = await theft.report(parent, found=timedelta(days=1))
    assert late.report_by == datetime.fromisoformat("2026-11-25T00:00:00+05:00")
    assert not late.is_late
    room.hands.move(hours=24)
    async with room.database.begin() as session:
        rules = {"breach_staff_hours": 2, "breach_parent_days": 2}
        await school_rules.change(session, theft.act(OFFICE), room.school.id, rules)
        assert [one.id for one in await breaches.of_school(session, OFFICE, room.school.id, room.hands.at)] == [
            *sorted([breach.id, late.id])
        ]
    stranger = await theft.actor(room.stranger, "3")
    later = await theft.report(stranger, found=3 * HOUR)
    assert later.report_by == later.found_at + 2 * HOUR
    assert later.is_late


@pytest.mark.req("ROLE-35")
async def test_the_support_has_the_notice_at_the_moment_when_the_head_has_it(theft: Theft) -> None:
    room = theft.room
    async with room.database.begin() as session:
        await roles.grant(session, theft.act(OFFICE), room.stranger, Role.SUPPORT, Term("договор № 3"))
    head, support = await theft.actor(room.head, "1"), await theft.actor(room.stranger, "2")

    async def listed(actor: Actor) -> tuple[Breach, ...]:
        async with room.database.begin() as session:
            return await breaches.of_school(session, actor, room.school.id, room.hands.at)

    assert await listed(head) == await listed(support) == ()
    breach = await theft.report(await theft.actor(room.teacher, "3"))
    assert await listed(head) == await listed(support) == (breach,)
    assert breach.told[Whom.HEAD] == breach.told[Whom.SUPPORT] == room.hands.at
    assert await refused(listed(await theft.actor(room.class_teacher, "4"))) == (Forbidden, "not-allowed")
    # A party to the process: it reports for others and sees what is done under the account; the act is the head's.
    await theft.void(breach, head)
    by_support = await theft.report(await theft.actor(room.class_teacher, "5"), support)
    assert await refused(theft.void(by_support, support)) == (Forbidden, "not-allowed")
    async with room.database.begin() as session:
        assert await breaches.operations(session, support, by_support.id, room.hands.at) == ()


async def test_whoever_was_told_before_the_notice_counts_from_then(theft: Theft) -> None:
    at = theft.room.hands.at
    teacher, head = await theft.actor(theft.room.teacher, "1"), await theft.actor(theft.room.head, "2")
    told = {Whom.HEAD: at - 2 * HOUR, Whom.SUPPORT: at - HOUR}
    breach = await theft.report(teacher, head, found=3 * HOUR, told=told)
    assert (breach.told, breach.void_from, breach.is_late) == (told, at - HOUR, True)


async def test_the_owner_does_not_say_from_when_his_own_doings_are_void(theft: Theft) -> None:
    room, at = theft.room, theft.room.hands.at
    teacher, head = await theft.actor(room.teacher, "1"), await theft.actor(room.head, "2")
    before = await room.watch.everything()
    for whose in (teacher, head):
        for told in (dict.fromkeys(Whom, at - 10 * HOUR), {Whom.SUPPORT: at}):
            found = theft.report(whose, found=20 * HOUR, told=told)
            assert await refused(found) == (Forbidden, "breach-told-not-own")
    assert await room.watch.everything() == before
    assert (await theft.report(teacher, found=20 * HOUR)).void_from == room.hands.at


async def test_moments_too_long_ago_are_slips_of_the_pen(theft: Theft) -> None:
    at = theft.room.hands.at
    teacher, day = await theft.actor(theft.room.teacher, "1"), timedelta(days=1)
    told = dict.fromkeys(Whom, at - 93 * day)
    first = at - datetime(1, 1, 1, tzinfo=UTC)
    assert await refused(theft.report(teacher, found=first)) == (Invalid, "breach-long-ago")
    assert await refused(theft.report(teacher, found=367 * day)) == (Invalid, "breach-long-ago")
    found = theft.report(teacher, OFFICE, found=100 * day, told=told)
    assert await refused(found) == (Invalid, "breach-told-long-ago")
    breach = await theft.report(teacher, OFFICE, found=100 * day, told={Whom.HEAD: at - 91 * day})
    assert breach.told[Whom.HEAD] == at - 91 * day


async def test_a_second_notice_of_the_same_theft_is_the_first(theft: Theft) -> None:
    teacher, head = await theft.actor(theft.room.teacher, "1"), await theft.actor(theft.room.head, "2")
    first = await theft.report(teacher, key="once")
    theft.room.hands.move(minutes=5)
    assert await theft.report(teacher, key="once") == first
    assert await theft.report(teacher, head) == first
    assert len(await theft.room.watch.audit("breach.report")) == 1
    await theft.void(first)
    assert (await theft.report(teacher)).id != first.id


async def test_who_may_report_and_what_makes_no_sense(theft: Theft) -> None:
    room = theft.room
    teacher, stranger = await theft.actor(room.teacher, "1"), await theft.actor(room.stranger, "2")
    head = await theft.actor(room.head, "3")
    before = await room.watch.everything()
    assert await refused(theft.report(teacher, stranger)) == (Forbidden, "not-allowed")
    mixed = Actor("telegram", teacher.person, stranger.account)
    assert await refused(theft.report(mixed)) == (NotFound, "breach-account-unknown")
    assert await refused(theft.report(teacher, found=-HOUR)) == (Invalid, "breach-ahead")
    ahead = {Whom.HEAD: room.hands.at + HOUR}
    assert await refused(theft.report(teacher, head, told=ahead)) == (Invalid, "breach-ahead")
    early = {Whom.HEAD: room.hands.at - HOUR}
    assert await refused(theft.report(teacher, head, told=early)) == (Invalid, "breach-told-before-found")
    async with room.database.begin() as session:
        at = room.hands.at
        assert await refused(breaches.of_school(session, teacher, room.school.id, at)) == (Forbidden, "not-allowed")
        assert await refused(breaches.read(session, head, uuid4(), at)) == (NotFound, "breach-unknown")
    assert await room.watch.everything() == before


@dataclass
class Before:
    """What stood before the theft."""

    mark: UUID
    other_mark: UUID
    remark: UUID
    notice: UUID
    parent: UUID


async def lawful(theft: Theft, by: Actor) -> Before:
    """Do what a teacher does, by hands that may: marks, a roll, homework, a remark, a notice."""
    room = theft.room
    parent = await room.builder.guardian(room.pupils[0], name="Абрамова Ольга Юрьевна")
    first, second = await two_marks(theft, by)
    async with room.database.begin() as session:
        await attendance.record(session, theft.act(by), room.lessons[0], {room.pupils[2]: "н"})
        await homework.set_at(session, theft.act(by), room.lessons[0], "§ 5, № 1")
        remark = await remarks.write(
            session, theft.act(by), room.lessons[0], room.pupils[0], RemarkKind.PRAISE, "Молодец"
        )
        draft = NoticeDraft("Собрание", "Завтра в 18:00.", NoticeAsk.CONFIRM)
        notice = await notices.publish(session, theft.act(by), room.school_class, draft)
    return Before(first, second, remark, notice, parent)


async def two_marks(theft: Theft, by: Actor) -> tuple[UUID, UUID]:
    """Give a four and a five."""
    lesson, pupils = theft.room.lessons[0], theft.room.pupils
    async with theft.room.database.begin() as session:
        four = await gradebook.give(session, theft.act(by), lesson, pupils[0], 4)
        five = await gradebook.give(session, theft.act(by), lesson, pupils[1], 5)
    return four.mark, five.mark


async def do_harm(theft: Theft, thief: Actor, stood: Before) -> None:
    """Do under a stolen account all that leaves a fact."""
    room = theft.room
    async with room.database.begin() as session:
        lesson, pupils = room.lessons[0], room.pupils
        given = await gradebook.give(session, theft.act(thief), lesson, pupils[3], 2)
        await gradebook.correct(session, theft.act(thief), given.mark, 1)
        await gradebook.correct(session, theft.act(thief), stood.mark, 2)
        await gradebook.correct(session, theft.act(thief), stood.other_mark, 3)
        await gradebook.take_back(session, theft.act(thief), stood.other_mark)
        await attendance.correct(session, theft.act(thief), lesson, {pupils[2]: None, pupils[4]: "б"})
        await homework.set_at(session, theft.act(thief), lesson, "Ничего не делать")
        await remarks.write(session, theft.act(thief), lesson, pupils[1], RemarkKind.REMARK, "Плохо")
        await remarks.withdraw(session, theft.act(thief), stood.remark)
        draft = NoticeDraft("Уроков не будет", "Неделю.", NoticeAsk.READ)
        await notices.publish(session, theft.act(thief), room.school_class, draft)
        await notices.withdraw(session, theft.act(thief), stood.notice)
        refusal = Decision(given=False, since=room.hands.at.date())
        await consents.record(session, theft.act(thief), pupils[0], stood.parent, refusal)
        await school_settings.change(session, thief, room.school.id, {"undo_window_seconds": 0}, room.hands.at)
        await roles.grant(session, theft.act(thief), room.stranger, Role.SECRETARY, Term("приказ 13"))


OUTCOMES = {
    "mark.give": {Outcome.PUT_RIGHT},
    "mark.correct": {Outcome.PUT_RIGHT},
    "mark.take-back": {Outcome.PUT_RIGHT},
    "attendance.roll": {Outcome.NO_FACT},
    "attendance.record": {Outcome.PUT_RIGHT},
    "homework.set": {Outcome.PUT_RIGHT},
    "remark.write": {Outcome.PUT_RIGHT},
    "remark.withdraw": {Outcome.NO_WAY_BACK},
    "notice.publish": {Outcome.PUT_RIGHT},
    "notice.withdraw": {Outcome.NO_WAY_BACK},
    "consent.record": {Outcome.PUT_RIGHT},
    "school.settings": {Outcome.PUT_RIGHT},
    "role.grant": {Outcome.PUT_RIGHT},
}
"""Action → what becomes of its fact."""


@pytest.mark.req("AUTH-11", "AUDIT-05")
async def test_what_was_done_under_a_stolen_account_is_void_by_an_act_and_its_facts_are_put_right(theft: Theft) -> None:
    room = theft.room
    thief = await theft.actor(room.head, "1")
    stood = await lawful(theft, thief)
    breach = await theft.report(thief)
    history = await room.watch.rows("SELECT to_jsonb(a) - 'sealed' AS row FROM core.audit a ORDER BY seq")
    room.hands.move(minutes=5)
    await do_harm(theft, thief, stood)
    room.hands.move(minutes=5)
    act = await theft.void(breach, key="once")
    assert (act.number, act.at, act.by) == ("7-ИБ", room.hands.at, None)
    found: dict[str, set[str]] = {}
    for one in act.lines:
        found.setdefault(one.line.action, set()).add(one.note)
    assert found == OUTCOMES
    assert {one.line.account for one in act.lines} == {thief.account}
    assert await theft.marks() == [4, 5]
    assert await room.codes() == {2: "н"}
    assert await stands(theft, stood) == {
        "homework": ["§ 5, № 1"],
        "remarks": [],
        "notices": [],
        "consents": 2,
        "undo": 60,
        "roles": ["director"],
    }
    assert (await room.watch.rows("SELECT to_jsonb(a) - 'sealed' AS row FROM core.audit a ORDER BY seq"))[
        : len(history)
    ] == history, "history is kept"
    (told,) = await room.watch.audit("breach.void")
    assert json.loads(told["after"]) == {"act": "7-ИБ", "operations": len(act.lines), "undone": len(act.lines) - 2}
    assert await theft.void(breach, key="once") == act
    assert await refused(theft.void(breach)) == (Conflict, "breach-void-already")


async def stands(theft: Theft, stood: Before) -> dict[str, object]:
    """Read what stands at the school."""
    room, watch = theft.room, theft.room.watch
    async with room.database.begin() as session:
        consent = await consents.standing(session, room.pupils[0], stood.parent)
        settings = (await schools.of_id(session, room.school.id)).settings
    today = room.hands.at.date()
    return {
        "homework": [row["text"] for row in await watch.rows("SELECT text FROM core.homework WHERE NOT withdrawn")],
        "remarks": [row["text"] for row in await watch.rows("SELECT text FROM core.remark WHERE NOT withdrawn")],
        "notices": [row["title"] for row in await watch.rows("SELECT title FROM core.notice WHERE NOT withdrawn")],
        "consents": sum(consent.term(purpose).in_force(today) for purpose in ConsentPurpose),
        "undo": settings.undo_window_seconds,
        "roles": [row["role"] for row in await watch.rows("SELECT role FROM core.role_assignment")],
    }


async def test_what_somebody_else_has_changed_since_stays_as_he_left_it(theft: Theft) -> None:
    room = theft.room
    thief, teacher = await theft.actor(room.head, "1"), await theft.actor(room.teacher, "2")
    four, five = await two_marks(theft, teacher)
    breach = await theft.report(thief)
    async with room.database.begin() as session:
        await gradebook.correct(session, theft.act(thief), four, 2)
        await gradebook.correct(session, theft.act(teacher), four, 3)
        await gradebook.correct(session, theft.act(thief), five, 2)
        await gradebook.correct(session, theft.act(teacher), five, 4)
        await gradebook.correct(session, theft.act(thief), five, 1)
        given = await gradebook.give(session, theft.act(thief), room.lessons[0], room.pupils[3], 2)
        await gradebook.take_back(session, theft.act(teacher), given.mark)
    act = await theft.void(breach)
    assert await theft.marks() == [3, 4]
    since = Outcome.CHANGED_SINCE
    assert [one.note for one in act.lines] == [since, since, Outcome.PUT_RIGHT, since]
    assert [one.undone for one in act.lines] == [False, False, True, False]


async def test_a_mark_for_a_missed_topic_that_a_thief_took_back_stands_again(theft: Theft) -> None:
    room = theft.room
    thief = await theft.actor(room.teacher, "1")
    await room.record(0)
    async with room.database.begin() as session:
        given = await gradebook.give_for_missed(session, room.act(), room.lessons[0], room.pupils[0], 5)
    breach = await theft.report(thief)
    async with room.database.begin() as session:
        await gradebook.take_back(session, theft.act(thief), given.mark)
    act = await theft.void(breach)
    assert [one.note for one in act.lines] == [Outcome.PUT_RIGHT]
    assert await theft.marks() == [5]
    assert await room.codes() == {0: "н"}


async def test_the_first_calling_of_a_roll_is_taken_back_as_a_whole(theft: Theft) -> None:
    room = theft.room
    thief = await theft.actor(room.teacher, "1")
    breach = await theft.report(thief)
    await room.record(0, 1, act=theft.act(thief))
    act = await theft.void(breach, await theft.actor(room.head, "2"))
    assert act.by == room.head
    assert not await room.is_called()
    assert await room.codes() == {}
    assert {one.line.action: one.note for one in act.lines} == {
        "attendance.roll": Outcome.PUT_RIGHT,
        "attendance.record": Outcome.NOTHING_LEFT,
    }


async def test_a_correction_that_is_refused_is_named_and_the_rest_is_done(theft: Theft) -> None:
    room = theft.room
    thief = await theft.actor(room.teacher, "1")
    await room.record(0, 1)
    breach = await theft.report(thief)
    await room.correct({0: None, 1: "б"}, act=theft.act(thief))
    other = await room.builder.school_class(room.school, "5Б")
    await room.builder.move(room.pupils[0], other)
    act = await theft.void(breach)
    notes = {one.line.subject.rpartition("/")[2]: (one.undone, one.note) for one in act.lines}
    assert notes[str(room.pupils[0])] == (False, "refused:pupil-not-of-this-class")
    assert notes[str(room.pupils[1])] == (True, Outcome.PUT_RIGHT)
    assert await room.codes() == {1: "н"}


async def test_a_parents_answers_and_a_relation_that_a_thief_added(theft: Theft) -> None:
    room = theft.room
    thief = await theft.actor(room.class_teacher, "1")
    parent = await theft.actor(await room.builder.guardian(room.pupils[0], name="Абрамова Ольга Юрьевна"), "2")
    async with room.database.begin() as session:
        draft = NoticeDraft("Собрание", "Завтра в 18:00.", NoticeAsk.CONFIRM)
        notice = await notices.publish(session, theft.act(thief), room.school_class, draft)
    uncle = await room.builder.guardian(room.pupils[2], name="Петров Пётр Петрович")
    breaches_of = [await theft.report(thief), await theft.report(parent)]
    async with room.database.begin() as session:
        shown = await notices.read(session, parent, notice, room.hands.at)
        await notices.answer(session, theft.act(parent), notice, NoticeAct.CONFIRMED, shown.text_hash)
        await guardianships.add(session, theft.act(thief), room.pupils[1], uncle, Terms("дядя"))
    relation, answer = [await theft.void(breach) for breach in breaches_of]
    assert [(one.line.action, one.note) for one in relation.lines] == [("guardianship.add", Outcome.PUT_RIGHT)]
    assert [(one.line.action, one.note) for one in answer.lines] == [("notice.answer", Outcome.NO_WAY_BACK)]
    until = await room.watch.value("SELECT until - since FROM core.guardianship WHERE pupil_id = $1", room.pupils[1])
    assert until == -1, "as if it had never been"


async def test_operations_are_found_by_account_and_moment_and_an_act_is_the_heads(theft: Theft) -> None:
    room = theft.room
    thief, head = await theft.actor(room.teacher, "1"), await theft.actor(room.head, "2")
    await room.record(0, act=theft.act(thief))
    room.hands.move(minutes=1)
    breach = await theft.report(thief)
    await room.record(0, act=theft.act(head), lesson=0)
    await room.correct({3: "н"}, act=theft.act(thief))
    at = room.hands.at
    async with room.database.begin() as session:
        found = await breaches.operations(session, head, breach.id, at)
        assert [(one.action, one.account) for one in found] == [
            ("attendance.roll", thief.account),
            ("attendance.record", thief.account),
        ]
        assert await refused(breaches.operations(session, thief, breach.id, at)) == (Forbidden, "not-allowed")
        assert await refused(voiding.act_of(session, head, breach.id, at)) == (NotFound, "breach-no-act")
    assert await refused(theft.void(breach, thief)) == (Forbidden, "not-allowed")
    assert await refused(theft.void(breach, number=" ")) == (Invalid, "text-needed")
    act = await theft.void(breach, head)
    async with room.database.begin() as session:
        assert await voiding.act_of(session, head, breach.id, at) == act


async def test_a_stolen_messenger_acts_and_hears_no_more_until_a_new_code_opens_it(theft: Theft) -> None:
    room = theft.room
    phone = MessengerAccount(Channel.TELEGRAM, "4217")
    mother = await room.builder.guardian(room.pupils[1], name="Ёлкина Ольга")
    await room.builder.link(mother, phone)
    async with room.database.begin() as session:
        assert await accounts.persons_behind(session, phone) == (mother,)
        actor = await accounts.actor_for(session, phone, mother)
    await theft.report(actor)
    async with room.database.begin() as session:
        assert await accounts.persons_behind(session, phone) == ()
        assert await refused(accounts.actor_for(session, phone, mother)) == (Forbidden, "account-not-linked")
    said = [one.data for one in await room.watch.events(f"address/{mother}/")]
    assert [one.ended for one in said if isinstance(one, AddressState)] == [False, True]
    await room.builder.link(mother, phone)
    async with room.database.begin() as session:
        assert await accounts.persons_behind(session, phone) == (mother,)
    last = (await room.watch.events(f"address/{mother}/"))[-1]
    assert isinstance(last.data, AddressState)
    assert (last.data.ended, last.version) == (False, 3)


async def test_stays_end_and_a_login_closes_with_the_notice(theft: Theft) -> None:
    room = theft.room
    async with room.database.begin() as session:
        (login,) = (await logins.issue(session, theft.act(OFFICE), Hasher(QUICK), [room.teacher])).logins
        account = await logins.of_person(session, room.teacher)
        assert account is not None
        kinds = frozenset({Kind.STAFF})
        arrival = Arrival(account.id, room.teacher, kinds, LoginMethod.PASSWORD, "Firefox", Proof.PASSWORD)
        stay = await sessions.begin(session, KEEPER, arrival, room.hands.at)
        assert (await sessions.visitor(session, KEEPER, stay.token, room.hands.at)).actor.person == room.teacher
    await theft.report(Actor("web", room.teacher, account.id))
    async with room.database.begin() as session:
        refusal = await refused(sessions.visitor(session, KEEPER, stay.token, room.hands.at))
    assert refusal == (Forbidden, "session-over")
    closed = "SELECT closed_why FROM core.account WHERE external_id = $1"
    assert await room.watch.value(closed, login.login) == "breach"
