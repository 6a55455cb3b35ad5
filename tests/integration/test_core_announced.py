"""Absences told beforehand: by whom, for which days, what each may see of them, and how they pre-fill a roll."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from random import Random
from typing import NamedTuple
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL, event
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import OFFICE, Act
from core.database import Database
from core.learning import announced_absences, expected, release_orders
from core.learning.announced_absences import AbsenceDraft, AbsenceReason, AbsenceView
from core.learning.expected import Expected, ExpectedBy
from core.learning.release_orders import ReleaseDraft, ReleaseKind
from core.plan import years
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.rule_book.profiles import Profile, rules_by
from core.year.span import Span
from tests.integration.core_world import DAY, ClassRoom, class_room, refused
from tests.unit.year_cases import calendar

TOMORROW = DAY + timedelta(days=1)
FLU = AbsenceDraft(days=Span(DAY, DAY + timedelta(days=3)), reason=AbsenceReason.ILLNESS, note="Температура 38.")
A2, SCHOOL_2023 = (rules_by(one, {}).absence_codes for one in (Profile.REGION_2020, Profile.SCHOOL_2023))


class Said:
    """Commands, each in a transaction of its own; the mother of the first pupil gives them unless another does."""

    def __init__(self, room: ClassRoom, mother: UUID, father: UUID) -> None:
        self.room, self.mother, self.father = room, mother, father
        self.child = room.pupils[0]

    def act(self, person: UUID | None = None, key: str | None = None) -> Act:
        return self.room.act(person or self.mother, key)

    async def does[T](self, doing: Callable[[AsyncSession], Awaitable[T]]) -> T:
        async with self.room.database.begin() as session:
            return await doing(session)

    async def announce(self, draft: AbsenceDraft = FLU, act: Act | None = None, pupil: UUID | None = None) -> UUID:
        return await self.does(lambda s: announced_absences.announce(s, act or self.act(), pupil or self.child, draft))

    async def until(self, announced: UUID, last: date, act: Act | None = None) -> None:
        await self.does(lambda s: announced_absences.change_last_day(s, act or self.act(), announced, last))

    async def withdraw(self, announced: UUID, act: Act | None = None) -> None:
        await self.does(lambda s: announced_absences.withdraw(s, act or self.act(), announced))

    async def seen(self, by: UUID | None = None, span: Span | None = None) -> tuple[AbsenceView, ...]:
        actor, days = self.act(by).actor, span or Span(DAY, TOMORROW)
        return await self.does(lambda s: announced_absences.of_pupil(s, actor, self.child, days, self.room.hands.at))

    async def of_class(self, by: UUID, span: Span, class_id: UUID | None = None) -> tuple[AbsenceView, ...]:
        actor, of = self.act(by).actor, class_id or self.room.school_class
        return await self.does(lambda s: announced_absences.of_class(s, actor, of, span, self.room.hands.at))

    async def expected(self, day: date = DAY, number: int | None = 1) -> dict[UUID, Expected]:
        return await self.does(lambda s: expected.of_day(s, self.room.pupils, day, number, A2))

    async def order(
        self,
        title: str = "Олимпиада",
        *,
        of: UUID | None = None,
        on: Span | None = None,
        lessons: frozenset[int] | None = None,
    ) -> UUID:
        draft = ReleaseDraft(
            number="12-у",
            ordered_on=DAY,
            kind=ReleaseKind.OLYMPIAD,
            title=title,
            days=on or Span(DAY, DAY),
            pupils=frozenset({of or self.child}),
            lessons=lessons,
        )
        act = self.act(self.room.head)
        return await self.does(lambda s: release_orders.order(s, act, self.room.school.id, draft))

    async def revoke(self, order: UUID) -> None:
        act = self.act(self.room.head)
        await self.does(lambda s: release_orders.withdraw(s, act, order))


@pytest.fixture
async def said(core_database: Database, database_url: URL) -> Said:
    room = await class_room(core_database, database_url)
    mother = await room.builder.guardian(room.pupils[0], name="Абрамова Ольга Юрьевна")
    father = await room.builder.guardian(room.pupils[0], name="Абрамов Павел Ильич")
    return Said(room, mother, father)


async def test_a_guardian_announces_once_and_it_is_in_the_audit(said: Said) -> None:
    act = said.act(key="the same press")
    made = await said.announce(act=act)
    before = await said.room.watch.everything()
    assert await said.announce(act=act) == made
    assert await said.room.watch.everything() == before
    (one,) = await said.seen()
    assert (one.id, one.pupil, one.days, one.reason) == (made, said.child, FLU.days, AbsenceReason.ILLNESS)
    assert (one.note, one.certificate, one.class_title) == ("Температура 38.", False, "5А")
    assert one.announced_by is not None
    assert one.announced_by.in_full() == "Абрамова Ольга Юрьевна"
    (row,) = await said.room.watch.audit("absence.announce")
    assert (row["person_id"], row["subject"]) == (said.mother, f"announced-absence/{made}")


async def test_whoever_leads_the_class_announces_too_and_others_do_not(said: Said) -> None:
    room = said.room
    stranger = await room.builder.guardian(room.pupils[1], name="Ёлкина Вера")
    silent = await room.builder.guardian(said.child, name="Абрамова Инна", consent=False)
    before = await room.watch.everything()
    for person, code in (
        (stranger, "child-not-yours"),
        (room.teacher, "child-not-yours"),
        (room.head, "child-not-yours"),
        (said.child, "child-not-yours"),
        (silent, "consent-needed"),
    ):
        assert await refused(said.announce(act=said.act(person))) == (Forbidden, code)
        if person != room.head:
            assert await refused(said.seen(person)) == (Forbidden, code)
    assert await room.watch.everything() == before, "nothing is written of who may not"
    assert await said.announce(act=said.act(room.class_teacher))
    assert await said.announce(replace(FLU, reason=AbsenceReason.OTHER), Act(OFFICE, room.hands.at, str(uuid4())))
    assert await refused(said.announce(pupil=uuid4())) == (NotFound, "pupil-unknown")


async def test_days_that_cannot_be_meant_are_refused(said: Said) -> None:
    def days(first: int, last: int) -> AbsenceDraft:
        return replace(FLU, days=Span(DAY + timedelta(days=first), DAY + timedelta(days=last)))

    for draft in (days(-8, 0), days(0, 366), days(366, 366)):
        assert await refused(said.announce(draft)) == (Invalid, "absence-announced-far")
    await said.announce(days(-7, 0))
    assert await refused(said.announce(days(1, 93))) == (Invalid, "absence-announced-long")
    await said.announce(days(1, 92))
    assert await refused(said.announce(replace(FLU, note="а" * 501))) == (Invalid, "text-too-long")
    gone = await said.room.builder.pupil(said.room.school_class, "Ушёл Пётр")
    await said.room.watch.rows("UPDATE core.enrolment SET until = $2 WHERE pupil_id = $1", gone, DAY)
    later = replace(FLU, days=Span(TOMORROW, TOMORROW))
    act = said.act(said.room.class_teacher)
    assert await refused(said.announce(later, act, gone)) == (Invalid, "absence-announced-not-learning")
    await said.announce(replace(later, note=" \u200b", reason=AbsenceReason.OTHER))
    assert {one.note for one in await said.seen() if one.days.first == TOMORROW} == {"Температура 38.", ""}


async def test_the_same_reason_twice_on_one_day_is_refused_and_another_is_not(said: Said) -> None:
    made = await said.announce()
    again = replace(FLU, days=Span(FLU.days.last, FLU.days.last + timedelta(days=5)))
    assert await refused(said.announce(again)) == (Conflict, "absence-announced-already")
    assert await refused(said.announce(again, said.act(said.room.class_teacher))) == (
        Conflict,
        "absence-announced-already",
    )
    await said.announce(replace(again, reason=AbsenceReason.FAMILY))
    next_day = FLU.days.last + timedelta(days=1)
    after = await said.announce(replace(FLU, days=Span(next_day, next_day)))
    assert await refused(said.until(made, next_day)) == (Conflict, "absence-announced-already")
    await said.withdraw(after)
    await said.until(made, next_day)


async def test_two_who_press_at_once_do_not_say_the_same_twice(said: Said) -> None:
    outcomes = await asyncio.gather(said.announce(), said.announce(), return_exceptions=True)
    assert sorted(type(one).__name__ for one in outcomes) == ["Conflict", "UUID"]
    assert len(await said.seen()) == 1


async def test_one_guardian_learns_nothing_of_what_the_other_has_said(said: Said) -> None:
    made = await said.announce()
    theirs = said.act(said.father)
    assert await said.seen(said.father) == ()
    for doing in (said.withdraw(made, theirs), said.until(made, TOMORROW, theirs)):
        assert await refused(doing) == (NotFound, "absence-announced-unknown")
    own = await said.announce(act=theirs)
    assert [one.id for one in await said.seen(said.father)] == [own]
    assert {one.id for one in await said.seen(said.room.class_teacher)} == {made, own}
    await said.withdraw(made, said.act(said.room.class_teacher))
    assert [one.id for one in await said.seen(said.room.class_teacher)] == [own]


async def test_the_last_day_is_changed_and_it_is_withdrawn(said: Said) -> None:
    made, longer = await said.announce(), FLU.days.last + timedelta(days=4)
    await said.until(made, longer)
    await said.until(made, longer)
    (one,) = await said.seen()
    assert (one.days.last, one.version) == (longer, 2)
    (row,) = await said.room.watch.audit("absence.announce-change")
    assert (row["before"], row["after"]) == (f'{{"last": "{FLU.days.last}"}}', f'{{"last": "{longer}"}}')
    assert await refused(said.until(made, DAY - timedelta(days=1))) == (Invalid, "year-span-backwards")
    assert await refused(said.until(made, DAY + timedelta(days=366))) == (Invalid, "absence-announced-far")
    await said.withdraw(made)
    before = await said.room.watch.value("SELECT count(*) FROM core.audit")
    await said.withdraw(made)
    assert await said.room.watch.value("SELECT count(*) FROM core.audit") == before, "again is harmless"
    assert await said.seen() == ()
    assert await refused(said.until(made, longer)) == (Conflict, "absence-announced-withdrawn")
    assert await refused(said.withdraw(uuid4())) == (NotFound, "absence-announced-unknown")


async def test_what_is_long_over_stays(said: Said) -> None:
    made = await said.announce()
    said.room.hands.move(days=10)
    await said.until(made, TOMORROW)
    assert await refused(said.withdraw(made)) == (Conflict, "absence-announced-over")
    assert await refused(said.until(made, DAY + timedelta(days=20))) == (Conflict, "absence-announced-over")


async def test_a_closed_year_is_written_no_more(said: Said) -> None:
    made, office = await said.announce(), Act(OFFICE, said.room.hands.at, "calendar")
    await said.does(lambda s: years.set_calendar(s, office, said.room.school.id, calendar()))
    await said.room.watch.rows("UPDATE core.school_year SET closed_at = $1", said.room.hands.at)
    assert await refused(said.announce(replace(FLU, reason=AbsenceReason.OTHER))) == (Conflict, "year-closed")
    assert await refused(said.withdraw(made)) == (Conflict, "year-closed")


async def test_of_a_class_is_listed_who_learns_there_on_those_days(said: Said) -> None:
    room = said.room
    await said.announce()
    other = await room.builder.school_class(room.school, "5Б")
    assert len(await said.of_class(room.class_teacher, Span(DAY, TOMORROW))) == 1
    after = FLU.days.last + timedelta(days=1)
    assert await said.of_class(room.class_teacher, Span(after, after)) == ()
    room.hands.move(days=2)
    await room.builder.move(said.child, other)
    assert len(await said.of_class(room.head, Span(DAY, TOMORROW))) == 1, "on those days he learned here"
    third = DAY + timedelta(days=2)
    assert await said.of_class(room.head, Span(third, third)) == ()
    assert [one.pupil for one in await said.of_class(room.head, Span(third, third), other)] == [said.child]
    assert await refused(said.of_class(room.class_teacher, Span(DAY, DAY), other)) == (Forbidden, "not-allowed")
    assert await refused(said.of_class(said.mother, Span(DAY, DAY))) == (Forbidden, "not-allowed")
    actor = said.act(room.head).actor
    assert (
        len(
            await said.does(
                lambda s: announced_absences.of_school(s, actor, room.school.id, Span(DAY, DAY), room.hands.at)
            )
        )
        == 1
    )


async def test_a_roll_is_filled_by_what_was_announced_and_an_order_wins(said: Said) -> None:
    flu = await said.announce()
    known = await said.expected()
    assert known == {said.child: Expected("б", ExpectedBy.ANNOUNCED, AbsenceReason.ILLNESS, "", FLU.days.last, flu)}
    assert (await said.expected(FLU.days.last)).keys() == {said.child}
    assert await said.expected(FLU.days.last + timedelta(days=1)) == {}
    family = await said.announce(replace(FLU, reason=AbsenceReason.FAMILY, days=Span(DAY, DAY + timedelta(days=9))))
    assert (await said.expected())[said.child].source == flu, "an illness before all else that a family says"
    third = await said.order("Третий урок", lessons=frozenset({3}))
    assert (await said.expected(number=3))[said.child] == Expected(
        "ну", ExpectedBy.RELEASED, ReleaseKind.OLYMPIAD, "Третий урок", DAY, third
    )
    assert [(await said.expected(number=number))[said.child].source for number in (1, None)] == [flu, flu]
    whole = await said.order("Два дня", on=Span(DAY, TOMORROW))
    assert (await said.expected(number=3))[said.child].source == whole, "of two orders the longer one"
    for one in (third, whole):
        await said.revoke(one)
    await said.withdraw(flu)
    assert (await said.expected())[said.child].source == family


async def test_a_class_of_thirty_is_asked_for_in_one_statement(said: Said) -> None:
    more = [await said.room.builder.pupil(said.room.school_class, f"Новый Пётр{number}") for number in range(25)]
    for pupil in (*more[:5], said.child):
        await said.announce(pupil=pupil, act=said.act(said.room.class_teacher))
    await said.order()
    statements: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    engine = said.room.database.engine.sync_engine
    async with said.room.database.begin() as session:
        await session.connection()
        event.listen(engine, "before_cursor_execute", count)
        try:
            known = await expected.of_day(session, [*said.room.pupils, *more], DAY, 1, SCHOOL_2023)
        finally:
            event.remove(engine, "before_cursor_execute", count)
    assert len(statements) == 1
    assert {one.code for one in known.values()} == {"Б", "ОСВ"}
    assert len(known) == 6


class Line(NamedTuple):
    """What was said of one pupil, as the reference goes through it."""

    pupil: UUID
    days: Span
    lessons: frozenset[int] | None
    rank: int
    """An order, an illness, anything else."""
    id: UUID
    code: str

    def order(self) -> tuple[int, int, UUID]:
        return self.rank, -self.days.last.toordinal(), self.id


async def _say_at_random(said: Said, chance: Random) -> Line | None:
    """Announce something or order it; None: the same was said already."""
    first, pupil = DAY + timedelta(days=chance.randrange(6)), chance.choice(said.room.pupils)
    days = Span(first, first + timedelta(days=chance.randrange(5)))
    if chance.random() < 0.5:
        lessons = chance.choice([None, frozenset({1, 2}), frozenset({3})])
        return Line(pupil, days, lessons, 0, await said.order("Дежурство", of=pupil, on=days, lessons=lessons), "ну")
    reason = chance.choice(list(AbsenceReason))
    ill = reason is AbsenceReason.ILLNESS
    try:
        made = await said.announce(AbsenceDraft(days=days, reason=reason), said.act(said.room.class_teacher), pupil)
    except Conflict:
        return None
    return Line(pupil, days, None, 1 if ill else 2, made, "б" if ill else "ну")


async def test_whatever_is_said_and_taken_back_a_roll_is_filled_as_by_hand(said: Said) -> None:
    """Random orders and announcements, against a reference that goes through them one by one."""
    chance, standing = Random(6), list[Line]()  # noqa: S311 - the same walk every time, no secret
    for line in [await _say_at_random(said, chance) for _ in range(60)]:
        if line is not None and chance.random() < 0.3:
            act = said.act(said.room.class_teacher)
            await (said.withdraw(line.id, act) if line.rank else said.revoke(line.id))
        elif line is not None:
            standing.append(line)
    filled = 0
    numbers: tuple[int | None, ...] = (1, 3, None)
    for number, day in product(numbers, (DAY + timedelta(days=one) for one in range(10))):
        meant = [one for one in standing if day in one.days and (one.lessons is None or number in one.lessons)]
        last = sorted(meant, key=Line.order, reverse=True)
        by_hand = {one.pupil: (one.id, one.code) for one in last}
        known = await said.expected(day, number)
        assert {pupil: (one.source, one.code) for pupil, one in known.items()} == by_hand
        filled += len(by_hand)
    assert filled > 50
