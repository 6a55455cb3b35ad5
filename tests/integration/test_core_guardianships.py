"""Adults of a pupil: recorded, changed, ended, barred; each change told whole, and only by whoever may."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest_asyncio
from sqlalchemy import URL

from core.actor import OFFICE, Act, Actor
from core.consent import consents
from core.consent.consent_entries import Decision
from core.database import Database
from core.events import GuardianshipState, NoticeAct, NoticeAsk, RelationKind, guardianship_subject
from core.family import guardian_lists, guardianships
from core.family.guardian_lists import Lack
from core.family.guardianships import RelationCard, Terms
from core.notice import notice_boards, notices
from core.notice.notices import NoticeDraft
from core.person import newcomers, people
from core.person.newcomers import Newcomer
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.russian import FullName
from tests.integration.core_world import DAY, ClassRoom, class_room, refused

MOTHER = Terms("мать")
GRANDMOTHER = Terms("бабушка", RelationKind.TRUSTED, must_sign=False, priority=3)
ORDER = "решение суда № 2-114 от 20.11.2026"
ONE = timedelta(days=1)


@pytest_asyncio.fixture
async def room(core_database: Database, database_url: URL) -> AsyncIterator[ClassRoom]:
    yield await class_room(core_database, database_url, lessons=0)


async def do(room: ClassRoom, command: Any, *args: Any, by: UUID | None = None, **more: Any) -> Any:
    """Run a command of the class teacher's, or of another's, in a transaction of its own."""
    async with room.database.begin() as session:
        return await command(session, room.act(by or room.class_teacher), *args, **more)


async def by_office(room: ClassRoom, command: Any, *args: Any) -> Any:
    async with room.database.begin() as session:
        return await command(session, Act(OFFICE, room.hands.at, str(uuid4())), *args)


async def adult(room: ClassRoom, name: str = "Иванова Яна Олеговна", pupil: int = 0) -> UUID:
    surname, given, patronymic = name.split()
    who = Newcomer(FullName(surname, given, patronymic))
    found: UUID = await do(room, newcomers.adult_of, room.pupils[pupil], who)
    return found


async def told(room: ClassRoom, guardian: UUID, pupil: int = 0) -> list[GuardianshipState]:
    """Return every state of a relation that was published, in the order of versions."""
    events = await room.watch.events(guardianship_subject(room.pupils[pupil], guardian))
    assert [one.version for one in events] == list(range(1, len(events) + 1))
    return [one.data for one in events if isinstance(one.data, GuardianshipState)]


async def sees(room: ClassRoom, guardian: UUID) -> bool:
    async with room.database.begin() as session:
        return bool(await people.children(session, guardian, room.hands.at))


async def test_an_adult_is_recorded_changed_ended_and_begins_anew(room: ClassRoom) -> None:
    anna, mother = room.pupils[0], await adult(room)
    card = await do(room, guardianships.add, anna, mother, MOTHER)
    assert card == RelationCard(anna, mother, MOTHER, barred=False, since=DAY)
    assert await sees(room, mother)
    assert await refused(do(room, guardianships.add, anna, mother, MOTHER)) == (Conflict, "guardian-already")
    wanted = replace(MOTHER, priority=2, must_sign=False)
    await do(room, guardianships.change, anna, mother, wanted, "так просит семья")
    assert (await do(room, guardianships.change, anna, mother, wanted)).terms == wanted
    await do(room, guardianships.end, anna, mother, DAY, "переезд")
    assert await sees(room, mother), "the last day counts"
    room.hands.move(days=1)
    assert not await sees(room, mother)
    again = await do(room, guardianships.add, anna, mother, MOTHER)
    assert (again.since, again.terms.until) == (DAY + ONE, None)
    assert await sees(room, mother)
    states = await told(room, mother)
    assert [(one.since, one.until, one.priority, one.must_sign) for one in states] == [
        (DAY, None, 1, True),
        (DAY, None, 2, False),
        (DAY, DAY, 2, False),
        (DAY + ONE, None, 1, True),
    ]
    kept = await room.watch.audit("guardianship.change")
    assert [(row["why"], row["person_id"]) for row in kept] == [("так просит семья", room.class_teacher)]


async def test_a_court_s_order_needs_its_right_and_its_paper_and_works_at_once(room: ClassRoom) -> None:
    anna, father = room.pupils[0], await adult(room, "Иванов Пётр Ильич")
    await do(room, guardianships.add, anna, father, Terms("отец"))
    bar, unbar = guardianships.bar, guardianships.unbar
    assert await refused(do(room, bar, anna, father, ORDER)) == (Forbidden, "not-allowed")
    assert await refused(do(room, bar, anna, father, " ", by=room.head)) == (Invalid, "custody-basis-needed")
    await do(room, bar, anna, father, ORDER, by=room.head)
    assert not await sees(room, father)
    assert [(one.barred, one.may_see) for one in await told(room, father)] == [(False, True), (True, True)]
    await do(room, guardianships.end, anna, father, DAY - ONE)
    assert await refused(do(room, guardianships.add, anna, father, Terms("отец"))) == (Conflict, "guardian-barred")
    await do(room, unbar, anna, father, "отмена", by=room.head)
    await do(room, guardianships.add, anna, father, Terms("отец"))
    assert await sees(room, father)
    for silent in (Terms("отец", no_contact=True, basis=ORDER), Terms("отец", may_see=False, basis=ORDER)):
        change = guardianships.change
        assert await refused(do(room, change, anna, father, silent)) == (Forbidden, "not-allowed")
        bare = replace(silent, basis="")
        assert await refused(do(room, change, anna, father, bare, by=room.head)) == (Invalid, "custody-basis-needed")
        assert (await do(room, change, anna, father, silent, by=room.head)).terms == silent
    assert (await told(room, father))[-1].may_see is False


async def test_who_may_record_adults_and_whom(room: ClassRoom) -> None:
    anna, mother = room.pupils[0], await adult(room)
    add = guardianships.add
    for nobody in (room.teacher, room.stranger, mother):
        assert await refused(do(room, add, anna, mother, MOTHER, by=nobody)) == (Forbidden, "not-allowed")
    own = await do(room, newcomers.adult_of, anna, Newcomer(FullName("Зима", "Яна")))
    await by_office(room, add, anna, own, MOTHER)
    assert await refused(do(room, add, anna, room.class_teacher, MOTHER)) == (Forbidden, "guardianship-own")
    assert await refused(do(room, add, anna, anna, MOTHER)) == (Invalid, "guardian-self")
    assert await refused(do(room, add, anna, room.pupils[1], MOTHER)) == (Invalid, "guardian-minor")
    assert await refused(do(room, add, anna, uuid4(), MOTHER)) == (NotFound, "guardian-unknown")
    assert await refused(do(room, add, uuid4(), mother, MOTHER)) == (NotFound, "pupil-unknown")
    signing = Terms("няня", RelationKind.TRUSTED)
    assert await refused(do(room, add, anna, mother, signing)) == (Invalid, "trusted-signs-nothing")
    assert await refused(do(room, add, anna, mother, replace(MOTHER, priority=0))) == (Invalid, "relation-priority")
    past = replace(MOTHER, until=DAY - ONE)
    assert await refused(do(room, add, anna, mother, past)) == (Invalid, "relation-ends-before")
    async with room.database.begin() as session:
        asked = guardian_lists.of_pupil(session, room.act(own).actor, anna, room.hands.at)
        assert await refused(asked) == (Forbidden, "not-allowed"), "a parent reads of nobody's custody"
    other = await room.builder.school("Школа «Омега»")
    elsewhere = await room.builder.teacher(other, "Белова Ольга Львовна")
    assert await refused(do(room, add, anna, elsewhere, MOTHER)) == (NotFound, "guardian-unknown")


async def test_a_repeat_of_a_command_changes_nothing(room: ClassRoom) -> None:
    anna, mother = room.pupils[0], await adult(room)
    acts = [room.act(room.class_teacher) for _ in range(3)]
    steps: list[tuple[Any, tuple[Any, ...]]] = [
        (guardianships.add, (MOTHER,)),
        (guardianships.change, (replace(MOTHER, priority=2),)),
        (guardianships.end, (DAY,)),
    ]
    for act, (command, rest) in zip(acts, steps, strict=True):
        async with room.database.begin() as session:
            await command(session, act, anna, mother, *rest)
    stood = await room.watch.everything()
    for act, (command, rest) in zip(acts, steps, strict=True):
        async with room.database.begin() as session:
            if command is guardianships.add:
                assert (await command(session, act, anna, mother, *rest)).terms.until == DAY
            else:
                await command(session, act, anna, mother, *rest)
    assert await room.watch.everything() == stood


async def test_changes_at_one_moment_follow_one_another(room: ClassRoom) -> None:
    anna, mother = room.pupils[0], await adult(room)
    adding = (do(room, guardianships.add, anna, mother, MOTHER) for _ in range(3))
    added = await asyncio.gather(*adding, return_exceptions=True)
    assert sorted(type(one).__name__ for one in added) == ["Conflict", "Conflict", "RelationCard"]
    await asyncio.gather(
        do(room, guardianships.bar, anna, mother, ORDER, by=room.head),
        do(room, guardianships.end, anna, mother, DAY + ONE),
        do(room, guardianships.end, anna, mother, DAY + 2 * ONE),
    )
    states = await told(room, mother)
    assert len(states) == 4
    assert states[-1].barred
    assert states[-1].until in (DAY + ONE, DAY + 2 * ONE)


async def test_an_institution_stands_in_for_parents_and_is_no_human_being(room: ClassRoom) -> None:
    anna = room.pupils[0]
    home = await by_office(room, newcomers.institution, room.school.id, "Детский дом № 3", "МКУ «Детский дом № 3»")
    there = newcomers.institution, room.school.id, "ДД 3", "МКУ «ДЕТСКИЙ дом № 3»"
    assert await refused(by_office(room, *there)) == (Conflict, "institution-there")
    assert await refused(do(room, guardianships.add, anna, home, MOTHER)) == (Invalid, "guardian-institution")
    await do(room, guardianships.add, anna, home, Terms("детский дом", RelationKind.INSTITUTION))
    mother = await adult(room)
    odd = Terms("мать", RelationKind.INSTITUTION)
    assert await refused(do(room, guardianships.add, anna, mother, odd)) == (Invalid, "guardian-institution")
    async with room.database.begin() as session:
        found = await guardian_lists.of_pupil(session, room.act(room.class_teacher).actor, anna, room.hands.at)
    assert [(one.name.in_lists(), one.card.terms.kind) for one in found] == [
        ("Детский дом № 3", RelationKind.INSTITUTION)
    ]


async def test_every_pupil_without_a_guardian_is_named_with_the_reason(room: ClassRoom) -> None:
    nobody, ended, barred, trusted, fine = room.pupils
    await room.builder.pupil(room.school_class, "Взрослый Ян", born=date(2008, 11, 24))
    mother = await adult(room)
    for pupil in (ended, barred, fine):
        await do(room, guardianships.add, pupil, mother, MOTHER)
    await do(room, guardianships.end, ended, mother, DAY - ONE)
    await do(room, guardianships.bar, barred, mother, ORDER, by=room.head)
    await do(room, guardianships.add, trusted, mother, GRANDMOTHER)
    async with room.database.begin() as session:
        alone = await guardian_lists.alone(session, room.act(room.head).actor, room.school.id, room.hands.at)
        assert await refused(
            guardian_lists.alone(session, room.act(room.teacher).actor, room.school.id, room.hands.at)
        ) == (Forbidden, "not-allowed")
    assert {one.pupil: one.lack for one in alone} == {
        nobody: Lack.NOBODY,
        ended: Lack.ENDED,
        barred: Lack.BARRED,
        trusted: Lack.ONLY_TRUSTED,
    }
    assert {one.class_title for one in alone} == {"5А"}


async def test_a_namesake_is_asked_about_before_he_is_written_down(room: ClassRoom) -> None:
    anna, name = room.pupils[0], FullName("Иванова", "Яна", "Олеговна")
    born = date(1990, 5, 5)
    known = await do(room, newcomers.adult_of, anna, Newcomer(name, born))
    same = do(room, newcomers.adult_of, anna, Newcomer(name, born, namesake=True))
    assert await refused(same) == (Conflict, "person-there")
    undated = do(room, newcomers.adult_of, anna, Newcomer(FullName("ИВАНОВА", "яна", "Олеговна")))
    assert await refused(undated) == (Conflict, "person-there")
    other = await do(room, newcomers.adult_of, anna, Newcomer(name, born + ONE))
    third = await do(room, newcomers.adult_of, anna, Newcomer(name, namesake=True))
    assert len({known, other, third}) == 3
    for odd, code in (
        (Newcomer(FullName("", "Яна")), "person-name-needed"),
        (Newcomer(FullName("Иванова2", "Яна")), "person-name-odd"),
        (Newcomer(name, DAY + ONE), "birth-date-impossible"),
    ):
        assert await refused(do(room, newcomers.adult_of, anna, odd)) == (Invalid, code)
    assert await refused(do(room, newcomers.adult_of, anna, Newcomer(name), by=room.stranger)) == (
        Forbidden,
        "not-allowed",
    )


async def test_whose_signature_is_not_asked_reads_and_signs_nothing(room: ClassRoom) -> None:
    anna, brother = room.pupils[:2]
    mother, father = await adult(room), await adult(room, "Иванов Пётр Ильич")
    nanny = await adult(room, "Зуева Яна Львовна")
    silent = replace(MOTHER, must_sign=False)
    for pupil, guardian, terms in (
        (anna, mother, MOTHER),
        (brother, mother, silent),
        (anna, father, silent),
        (anna, nanny, GRANDMOTHER),
    ):
        await do(room, guardianships.add, pupil, guardian, terms)
        await do(room, consents.record, pupil, guardian, Decision(given=True, since=DAY, paper_ref="№ 1"))
    draft = NoticeDraft("Поездка", "Едем в пятницу.", NoticeAsk.SIGN)
    notice = await do(room, notices.publish, room.school_class, draft)
    async with room.database.begin() as session:
        views = [await notices.read(session, Actor("web", one), notice, room.hands.at) for one in (mother, father)]
        trusted = notices.read(session, Actor("web", nanny), notice, room.hands.at)
        assert await refused(trusted) == (NotFound, "notice-unknown")
        board = await notice_boards.board(session, Actor("web", room.class_teacher), notice, room.hands.at)
    assert [(one.ask, one.pupils) for one in views] == [(NoticeAsk.SIGN, (anna,)), (NoticeAsk.READ, (anna,))]
    assert len(views[0].children) == 2
    lines = {line.pupil: [one.person for one in line.guardians] for line in board.lines if line.guardians}
    assert lines == {anna: [mother]}
    signing = notices.answer, notice, NoticeAct.SIGNED, views[0].text_hash
    assert await refused(do(room, *signing, by=father)) == (Invalid, "notice-asks-otherwise")
    assert await do(room, *signing, by=mother)
    (row,) = await room.watch.rows("SELECT pupils FROM core.notice_answer")
    assert row["pupils"] == [anna]
