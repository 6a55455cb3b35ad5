"""Nobody rises above himself: not by another's credentials or record, nor by a position, nor by work that is over."""

from asyncio import gather
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from sqlalchemy import URL

from core import rights
from core.access import Reach, Right, Role
from core.account import accounts, identity_documents, logins, second_factor
from core.account.account_keeper import AccountKeeper
from core.account.accounts import CodeKeeper, LinkOffer, MessengerAccount
from core.account.identity_documents import Document
from core.account.password_hashing import Hasher
from core.actor import OFFICE, Act, Actor
from core.consent import consents
from core.consent.consent_entries import Decision
from core.database import Database
from core.events import Channel, RelationKind
from core.family import guardianships
from core.family.guardianships import Terms
from core.person import merging, newcomers
from core.person.newcomers import Newcomer
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.russian import FullName
from core.school import organisations
from core.staff import role_rights, roles, staffing
from core.staff.role_rights import Decided
from core.staff.roles import Term
from core.staff.staffing import Job
from tests.integration.account_site import QUICK
from tests.integration.core_world import DAY, ClassRoom, class_room, refused
from tests.integration.eventually import eventually

ONE = timedelta(days=1)
ORDER = "приказ № 7 от 20.11.2026"
HASHER = Hasher(QUICK)
CODES = CodeKeeper(b"codes of these tests")
KEEPER = AccountKeeper(b"accounts of these tests, 32 bytes")
FRIEND = Terms("знакомый", RelationKind.TRUSTED, must_sign=False)
FATHER = Terms("отец")
NO = (Forbidden, "not-allowed")


@pytest_asyncio.fixture
async def room(core_database: Database, database_url: URL) -> AsyncIterator[ClassRoom]:
    yield await class_room(core_database, database_url, lessons=0)


async def do(room: ClassRoom, command: Any, *args: Any, by: UUID | None = None) -> Any:
    """Run a command of the office's, or of somebody's, in a transaction of its own."""
    actor = OFFICE if by is None else Actor("web", by)
    async with room.database.begin() as session:
        return await command(session, Act(actor, room.hands.at, str(uuid4())), *args)


async def login(room: ClassRoom, *persons: UUID, by: UUID | None = None) -> list[str]:
    """Issue logins; return for whom, or why not."""
    issued = await do(room, logins.issue, HASHER, persons, by=by)
    return [*["issued" for _ in issued.logins], *[one.why for one in issued.left_out]]


async def code(room: ClassRoom, person: UUID, by: UUID | None = None) -> accounts.Issue:
    actor = OFFICE if by is None else Actor("web", by)
    async with room.database.begin() as session:
        return await accounts.issue_codes(session, actor, CODES, [person], room.hands.at)


async def holder(room: ClassRoom, role: Role, name: str) -> UUID:
    """Hire somebody and give him a role."""
    person = await room.builder.teacher(room.school, name)
    await do(room, roles.grant, person, role, Term(ORDER))
    return person


async def has(room: ClassRoom, person: UUID, right: Right, *, days: int = 0) -> bool:
    async with room.database.begin() as session:
        facts = await rights.of_school(session, Actor("web", person), room.school.id, room.hands.at + days * ONE)
    return facts.may(right)


# Another's credentials.


async def test_a_class_teacher_gets_no_employees_access_by_making_him_an_adult_of_her_pupil(room: ClassRoom) -> None:
    helper = await holder(room, Role.SUPPORT, "Опорин Лев Ильич")
    await do(room, staffing.dismiss, helper, DAY - ONE, ORDER)
    support = await do(room, roles.grant, helper, Role.SUPPORT, Term(ORDER, since=DAY + ONE))
    for victim in (room.head, room.stranger, helper):
        await do(room, guardianships.add, room.pupils[0], victim, FRIEND, by=room.class_teacher)
        await do(room, guardianships.change, room.pupils[0], victim, FATHER, by=room.class_teacher)
        for trying in (login(room, victim, by=room.class_teacher), code(room, victim, by=room.class_teacher)):
            assert await refused(trying) == NO
    await do(room, roles.end, support, DAY, "не вышел")
    assert await login(room, room.head) == ["issued"]


async def test_a_class_teacher_reaches_no_other_class_by_a_relation_that_she_wrote_down_herself(
    room: ClassRoom,
) -> None:
    other = await room.builder.school_class(room.school, "7Б", room.teacher)
    far = await room.builder.pupil(other, "Чижов Ян", date(2012, 2, 2))
    mother = await room.builder.guardian(far, name="Чижова Инна")
    leader = room.class_teacher
    for terms in (FRIEND, FATHER):
        if terms is FRIEND:
            await do(room, guardianships.add, room.pupils[0], mother, terms, by=leader)
        else:
            await do(room, guardianships.change, room.pupils[0], mother, terms, by=leader)
        assert await refused(login(room, mother, by=leader)) == NO
        assert await refused(code(room, mother, by=leader)) == NO
    assert await login(room, mother, by=room.teacher) == ["issued"], "her own child's class teacher hands it out"
    # Of a family whose children all learn in her class she may write down an adult and hand out his login.
    uncle = await do(room, newcomers.adult_of, room.pupils[1], Newcomer(FullName("Ёлкин", "Пётр")), by=leader)
    await do(room, guardianships.add, room.pupils[1], uncle, FATHER, by=leader)
    await do(room, consents.record, room.pupils[1], uncle, Decision(given=True, since=DAY, paper_ref="№ 5"))
    assert await login(room, uncle, by=leader) == ["issued"]
    # A family of two classes, as the office wrote it down, is hers too (AUTH-07).
    both = await room.builder.guardian(far, room.pupils[2], name="Иванова Яна")
    assert await login(room, both, by=leader) == ["issued"]


async def test_a_relation_that_is_over_or_only_trusted_hands_out_nothing(room: ClassRoom) -> None:
    mother = await room.builder.guardian(room.pupils[0], name="Абрамова Яна")
    await do(room, guardianships.end, room.pupils[0], mother, DAY - ONE, "развод")
    nanny = await room.builder.guardian(room.pupils[1], name="Нянина Ольга")
    await room.watch.rows("UPDATE core.guardianship SET kind = 'trusted' WHERE guardian_id = $1", nanny)
    for nobody_of_hers in (mother, nanny):
        assert await refused(login(room, nobody_of_hers, by=room.class_teacher)) == NO
        assert await refused(code(room, nobody_of_hers, by=room.class_teacher)) == NO


async def test_an_assistant_looks_after_accounts_but_not_of_those_who_give_roles_and_rights(room: ClassRoom) -> None:
    assistant = await holder(room, Role.ASSISTANT, "Помощников Ян Львович")
    administrator = await holder(room, Role.ADMINISTRATOR, "Главный Лев Ильич")
    coming = await room.builder.teacher(room.school, "Будущева Яна Львовна")
    await do(room, roles.grant, coming, Role.DIRECTOR, Term(ORDER, since=DAY + 9 * ONE))
    await do(room, role_rights.name_role, room.school.id, "it", "ИТ")
    await do(room, role_rights.decide, room.school.id, Decided("it", Right.RIGHTS_CHANGE, Reach.SCHOOL))
    own_role = await room.builder.teacher(room.school, "Сетев Пётр Ильич")
    await do(room, roles.grant, own_role, "it", Term(ORDER))
    above = (Forbidden, "above-you")
    for victim in (room.head, administrator, coming, own_role):
        await login(room, victim)
        for command, *args in (
            (logins.issue, HASHER, [victim]),
            (logins.close, victim, "закрыть"),
            (second_factor.take_off_for, victim),
        ):
            assert await refused(do(room, command, *args, by=assistant)) == above
        assert await refused(code(room, victim, by=assistant)) == above
    assert await login(room, room.teacher, by=assistant) == ["issued"]
    assert await login(room, room.head, by=administrator) == ["issued"]


async def test_a_login_that_is_two_peoples_is_handed_out_only_by_whoever_may_to_both(room: ClassRoom) -> None:
    assistant = await holder(room, Role.ASSISTANT, "Помощников Ян Львович")
    mother = await room.builder.guardian(room.pupils[0], name="Абрамова Яна")
    await login(room, mother)
    await room.watch.rows(
        "INSERT INTO core.account_person SELECT account_id, $2, linked_at FROM core.account_person"
        " WHERE person_id = $1",
        mother,
        room.head,
    )
    assert await refused(login(room, mother, by=assistant)) == (Forbidden, "above-you")
    assert await refused(login(room, mother, by=room.class_teacher)) == NO


async def test_what_a_family_was_handed_is_void_when_its_adult_begins_to_work(room: ClassRoom) -> None:
    mother = await room.builder.guardian(room.pupils[0], name="Абрамова Яна")
    (known,) = (await code(room, mother, by=room.class_teacher)).codes
    assert await login(room, mother, by=room.class_teacher) == ["issued"]
    await do(room, staffing.hire, mother, Job("директор", ORDER))
    async with room.database.begin() as session:
        showing = accounts.show_code(
            session, CODES, MessengerAccount(Channel.TELEGRAM, "66"), known.code, room.hands.at
        )
        assert await refused(showing) == (NotFound, "link-code-unknown")
    changed = await room.watch.value("SELECT changed_at FROM core.password")
    assert changed + logins.FIRST_PASSWORD_LIVES < room.hands.at, "the first password is too old"
    helper = await room.builder.guardian(room.pupils[1], name="Ёлкина Яна")
    await code(room, helper, by=room.class_teacher)
    await do(room, roles.grant, helper, Role.SUPPORT, Term(ORDER))
    assert await room.watch.rows("SELECT 1 FROM core.link_code WHERE used_at IS NULL") == []


async def test_what_the_school_has_closed_only_those_who_manage_accounts_open_again(room: ClassRoom) -> None:
    mother = await room.builder.guardian(room.pupils[0], name="Абрамова Яна")
    assert await login(room, mother, by=room.class_teacher) == ["issued"]
    await do(room, logins.close, mother, "суд запретил")
    assert await login(room, mother, by=room.class_teacher) == ["login-closed"]
    left = (await code(room, mother, by=room.class_teacher)).left_out
    assert [one.why for one in left] == ["login-closed"]
    assert await room.watch.value("SELECT closed_why FROM core.account") == "суд запретил"
    await room.watch.rows("UPDATE core.account SET closed_why = 'breach'")
    assert await login(room, mother, by=room.class_teacher) == ["issued"], "after a breach she hands out a new one"
    await do(room, logins.close, mother, "суд запретил")
    assert await login(room, mother) == ["issued"]


# Another's record.


async def test_whoever_merges_gets_nothing_by_it(room: ClassRoom) -> None:
    secretary = await holder(room, Role.SECRETARY, "Писарева Ольга Львовна")
    hr = await holder(room, Role.HR, "Кадрова Инна Львовна")
    administrator = await holder(room, Role.ADMINISTRATOR, "Главный Лев Ильич")
    mother = await room.builder.guardian(room.pupils[0], name="Абрамова Яна")
    again = await room.builder.guardian(room.pupils[1], name="Абрамова Яна")
    before = await room.watch.everything()

    async def merge(by: UUID, kept: UUID, gone: UUID) -> tuple[Any, str]:
        return await refused(do(room, merging.merge, kept, gone, "дубль", by=by))

    for one in (secretary, hr, administrator):
        for other in (room.head, mother, room.teacher):
            assert await merge(one, one, other) == (Forbidden, "merge-own")
            assert await merge(one, other, one) == (Forbidden, "merge-own")
    for kept, gone in ((room.teacher, room.stranger), (mother, room.teacher), (room.teacher, mother)):
        assert await merge(secretary, kept, gone) == (Forbidden, "merge-staff")
    for kept, gone in ((room.teacher, room.head), (room.head, room.teacher), (secretary, room.teacher)):
        assert await merge(hr, kept, gone) == (Forbidden, "merge-roles")
    for adult in (mother, secretary):
        if adult is mother:
            assert await merge(secretary, adult, room.pupils[2]) == (Conflict, "merge-pupil-and-adult")
        assert await merge(administrator, room.pupils[2], adult) == (Conflict, "merge-pupil-and-adult")
    assert await room.watch.everything() == before
    await do(room, merging.merge, mother, again, "дубль", by=secretary)
    await do(room, merging.merge, room.teacher, room.stranger, "дубль", by=hr)


async def test_two_records_that_contradict_each_other_stay_two(room: ClassRoom) -> None:
    kept, gone = room.pupils[2], await room.builder.pupil(room.school_class, "Иванова Анна", date(2014, 3, 6))
    assert await refused(do(room, merging.merge, kept, gone, "дубль")) == (Conflict, "merge-birth-dates")
    await room.watch.rows("UPDATE core.person SET birth_date = NULL WHERE id = $1", gone)
    for person, number in ((kept, "65 05 123456"), (gone, "65 05 654321")):
        await do(room, identity_documents.put, KEEPER, person, Document("Паспорт", number))
    assert await refused(do(room, merging.merge, kept, gone, "дубль")) == (Conflict, "merge-documents")
    await do(room, identity_documents.put, KEEPER, gone, Document("паспорт", "6505 123456"))
    await do(room, merging.merge, kept, gone, "дубль")


async def test_a_role_that_is_given_while_a_merging_waits_is_seen(room: ClassRoom) -> None:
    hr = await holder(room, Role.HR, "Кадрова Инна Львовна")
    async with room.database.begin() as session:
        await roles.grant(session, Act(OFFICE, room.hands.at, "g"), room.stranger, Role.DIRECTOR, Term(ORDER))
        waiting = gather(do(room, merging.merge, room.teacher, room.stranger, "дубль", by=hr), return_exceptions=True)
        await eventually(room.watch.blocked)
    (answer,) = await waiting
    assert isinstance(answer, Forbidden)
    assert answer.code == "merge-roles"


# A position, a decision, work that is over.


async def test_hr_writes_down_a_director_and_makes_none(room: ClassRoom) -> None:
    hr = await holder(room, Role.HR, "Кадрова Инна Львовна")
    person = await do(room, newcomers.employee, room.school.id, Newcomer(FullName("Зуева", "Яна")), by=hr)
    assert await do(room, staffing.hire, person, Job("Директор", ORDER), by=hr) is Role.DIRECTOR
    assert not await has(room, person, Right.ROLE_GRANT)
    assert await room.watch.audit("role.by-list") == []
    await do(room, roles.grant, person, Role.DIRECTOR, Term(ORDER), by=room.head)
    assert await has(room, person, Right.ROLE_GRANT)
    administrator = await holder(room, Role.ADMINISTRATOR, "Главный Лев Ильич")
    other = await do(room, newcomers.employee, room.school.id, Newcomer(FullName("Зуев", "Ян")), by=administrator)
    assert await do(room, staffing.hire, other, Job("завуч", ORDER), by=administrator) is None
    assert await has(room, other, Right.CLASS_LEAD)


async def test_a_role_does_nothing_before_the_first_day_of_work_and_nothing_after_the_last(room: ClassRoom) -> None:
    last, person = DAY + 5 * ONE, room.stranger
    await do(room, staffing.dismiss, person, last, ORDER)
    await do(room, roles.grant, person, Role.DEPUTY, Term(ORDER))
    await do(room, roles.grant, person, Role.SECRETARY, Term(ORDER, until=last + ONE))
    await do(room, roles.grant, person, Role.CLERK, Term(ORDER, until=last - ONE))
    await do(room, roles.stand_in, room.school_class, person, Term(ORDER))
    async with room.database.begin() as session:
        given = await roles.of_person(session, OFFICE, person, room.hands.at)
    assert {one.role: one.until for one in given} == {
        "deputy": last,
        "secretary": last,
        "clerk": last - ONE,
        "stand-in": last,
    }
    await room.watch.rows("UPDATE core.role_assignment SET until = NULL")
    assert [await has(room, person, Right.CLASS_LEAD, days=day) for day in (0, 5, 6)] == [True, True, False]
    coming = await do(room, newcomers.employee, room.school.id, Newcomer(FullName("Зуева", "Яна")))
    await do(room, staffing.hire, coming, Job("учитель", ORDER, since=DAY + ONE))
    await do(room, roles.grant, coming, Role.DIRECTOR, Term(ORDER))
    assert [await has(room, coming, Right.ROLE_GRANT, days=day) for day in (0, 1)] == [False, True]
    stranger = await room.builder.guardian(room.pupils[0], name="Абрамова Яна")
    await room.watch.rows(
        "UPDATE core.role_assignment SET person_id = $1 WHERE person_id = $2 AND role = 'deputy'", stranger, person
    )
    assert not await has(room, stranger, Right.CLASS_LEAD), "who does not work here at all has no such role either"


async def test_no_way_round_what_no_school_takes(room: ClassRoom) -> None:
    for role, right, reach in (
        ("administrator", Right.RIGHTS_CHANGE, Reach.SELF),
        ("administrator", Right.ROLE_GRANT, Reach.SELF),
        ("guardian", Right.CONSENT_GIVE, Reach.SELF),
        ("guardian", Right.NOTICE_ANSWER, Reach.SELF),
        ("guardian", Right.ACCOUNT_OWN, Reach.CHILD),
        ("guardian", Right.BREACH_REPORT, Reach.CHILD),
        ("teacher", Right.BREACH_REPORT, Reach.LESSON),
        ("teacher", Right.ACCOUNT_OWN, Reach.SCHOOL),
        ("pupil", Right.ABSENCE_EXPLAIN, Reach.SELF),
        ("pupil", Right.NOTICE_ANSWER, Reach.SELF),
        ("pupil", Right.MAJORITY_ANSWER, Reach.NONE),
    ):
        deciding = do(room, role_rights.decide, room.school.id, Decided(role, right, reach))
        assert await refused(deciding) == (Invalid, "role-right-impossible")


# Two at once.


async def test_of_two_who_hand_out_access_at_once_one_is_told_so(room: ClassRoom) -> None:
    mother = await room.builder.guardian(room.pupils[0], name="Абрамова Яна")

    async def both(one: Any, other: Any) -> list[Any]:
        """Let the second wait for the first."""
        async with room.database.begin() as session:
            await session.connection()
            first = await one(session)
            waiting = gather(other, return_exceptions=True)
            await eventually(room.watch.blocked)
        return [first, *await waiting]

    async def issue(session: Any) -> Any:
        return await logins.issue(session, Act(OFFICE, room.hands.at, str(uuid4())), HASHER, [mother])

    first, second = await both(issue, login(room, mother))
    assert ([one.person for one in first.logins], second) == ([mother], ["meanwhile"])

    async def codes(session: Any) -> Any:
        return await accounts.issue_codes(session, OFFICE, CODES, [mother], room.hands.at)

    shown, late = await both(codes, code(room, mother))
    assert (len(shown.codes), late.codes, [one.why for one in late.left_out]) == (1, (), ["meanwhile"])
    async with room.database.begin() as session:
        account = MessengerAccount(Channel.TELEGRAM, "100")
        offered = await accounts.show_code(session, CODES, account, shown.codes[0].code, room.hands.at)
    assert isinstance(offered, LinkOffer)


async def test_of_two_who_say_that_a_role_never_was_the_second_is_told_that_there_is_none(room: ClassRoom) -> None:
    made = await do(room, roles.grant, room.stranger, Role.CLERK, Term(ORDER))
    async with room.database.begin() as session:
        await roles.end(session, Act(OFFICE, room.hands.at, "first"), made, DAY - ONE, "ошибка")
        waiting = gather(do(room, roles.end, made, DAY - ONE, "ошибка"), return_exceptions=True)
        await eventually(room.watch.blocked)
    (answer,) = await waiting
    assert isinstance(answer, NotFound)
    assert answer.code == "role-unknown"


# What was typed.

NUL, HALF, LONG = "а\x00б", "а\udcffб", "ы" * 200_000


@pytest.mark.parametrize("typed", [NUL, HALF])
async def test_signs_that_no_database_keeps_are_left_out(room: ClassRoom, typed: str) -> None:
    mother = await room.builder.guardian(room.pupils[0], name="Абрамова Яна")
    await login(room, mother)
    await do(room, logins.close, mother, typed)
    made = await do(room, roles.grant, room.stranger, Role.CLERK, Term(typed))
    await do(room, roles.end, made, DAY, typed)
    await do(room, merging.merge, room.pupils[2], room.pupils[3], typed)
    await do(room, organisations.found_region, typed)
    await do(room, identity_documents.put, KEEPER, room.pupils[0], Document(typed, "1234567"))
    await do(room, staffing.dismiss, room.stranger, DAY, typed)
    whys = {row["why"] for row in await room.watch.audit() if row["why"]}
    assert whys == {"аб"}
    assert await room.watch.value("SELECT kind FROM core.identity_document") == "аб"
    unknown: list[tuple[Any, ...]] = [
        (roles.grant, room.teacher, typed, Term(ORDER)),
        (role_rights.decide, room.school.id, Decided(typed, Right.FIGURES_VIEW, Reach.SCHOOL)),
        (role_rights.name_role, room.school.id, typed, "Психолог"),
    ]
    for command, *args in unknown:
        kind, _ = await refused(do(room, command, *args))
        assert kind in {Invalid, NotFound}


async def test_words_too_many_and_years_that_nobody_means_are_refused(room: ClassRoom) -> None:
    mother = await room.builder.guardian(room.pupils[0], name="Абрамова Яна")
    await login(room, mother)
    made = await do(room, roles.grant, room.stranger, Role.CLERK, Term(ORDER))
    before = await room.watch.everything()
    long: list[tuple[Any, ...]] = [
        (logins.close, mother, LONG),
        (roles.end, made, DAY, LONG),
        (merging.merge, room.pupils[2], room.pupils[3], LONG),
        (identity_documents.put, KEEPER, room.pupils[0], Document(LONG, "1234567")),
    ]
    for command, *args in long:
        assert await refused(do(room, command, *args)) == (Invalid, "text-too-long")
    assert await refused(do(room, organisations.found_region, LONG)) == (Invalid, "authority-name-needed")
    assert await refused(do(room, logins.close, mother, " ")) == (Invalid, "text-needed")
    job = Job("учитель", ORDER)
    for odd in (date.min, date(9999, 12, 31), date(1900, 1, 1)):
        dated: list[tuple[Any, ...]] = [
            (staffing.dismiss, room.teacher, odd, ORDER),
            (staffing.hire, mother, replace(job, since=odd)),
            (roles.grant, room.teacher, Role.CLERK, Term(ORDER, since=odd)),
            (roles.grant, room.teacher, Role.CLERK, Term(ORDER, until=odd)),
            (roles.end, made, odd, ""),
        ]
        for command, *args in dated:
            assert await refused(do(room, command, *args)) == (Invalid, "day-odd")
    assert await room.watch.everything() == before
