"""Orders that let pupils go from lessons: written, changed, taken back, listed, by the administration alone."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import OFFICE, Act
from core.database import Database
from core.learning import expected, release_orders
from core.learning.release_orders import ReleaseDraft, ReleaseKind, ReleaseView
from core.plan import years
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.rule_book.profiles import Profile, rules_by
from core.year.span import Span
from tests.integration.core_world import DAY, ClassRoom, class_room, refused
from tests.unit.year_cases import calendar

TOMORROW = DAY + timedelta(days=1)
CODES = rules_by(Profile.REGION_2020, {}).absence_codes


class Orders:
    """Commands, each in a transaction of its own; the head gives them."""

    def __init__(self, room: ClassRoom) -> None:
        self.room = room
        self.two = frozenset(room.pupils[:2])
        self.draft = ReleaseDraft(
            number="12-у",
            ordered_on=DAY,
            kind=ReleaseKind.OLYMPIAD,
            title="Олимпиада по математике",
            days=Span(DAY, TOMORROW),
            pupils=self.two,
            lessons=frozenset({3, 2}),
        )

    def act(self, person: UUID | None = None, key: str | None = None) -> Act:
        return self.room.act(person or self.room.head, key)

    async def does[T](self, doing: Callable[[AsyncSession], Awaitable[T]]) -> T:
        async with self.room.database.begin() as session:
            return await doing(session)

    async def order(
        self, draft: ReleaseDraft | None = None, act: Act | None = None, school: UUID | None = None
    ) -> UUID:
        of = school or self.room.school.id
        return await self.does(lambda s: release_orders.order(s, act or self.act(), of, draft or self.draft))

    async def change(
        self, order: UUID, draft: ReleaseDraft, act: Act | None = None, version: int | None = None
    ) -> None:
        query = "SELECT version FROM core.release_order WHERE id = $1"
        seen = version or await self.room.watch.value(query, order)
        await self.does(lambda s: release_orders.change(s, act or self.act(), order, draft, version=seen))

    async def withdraw(self, order: UUID, act: Act | None = None) -> None:
        await self.does(lambda s: release_orders.withdraw(s, act or self.act(), order))

    async def listed(self, by: UUID | None = None, span: Span | None = None) -> tuple[ReleaseView, ...]:
        actor, days = self.act(by).actor, span or Span(DAY, DAY)
        return await self.does(lambda s: release_orders.listed(s, actor, self.room.school.id, days, self.room.hands.at))

    async def free(self, number: int | None = 2) -> set[UUID]:
        """Return who is let go from a lesson of the day."""
        return set(await self.does(lambda s: expected.of_day(s, self.room.pupils, DAY, number, CODES)))


@pytest.fixture
async def orders(core_database: Database, database_url: URL) -> Orders:
    return Orders(await class_room(core_database, database_url))


async def test_an_order_is_written_once_listed_and_in_the_audit(orders: Orders) -> None:
    act = orders.act(key="the same press")
    made = await orders.order(act=act)
    before = await orders.room.watch.everything()
    assert await orders.order(act=act) == made
    assert await orders.room.watch.everything() == before
    (one,) = await orders.listed()
    assert (one.id, one.number, one.ordered_on, one.kind) == (made, "12-у", DAY, ReleaseKind.OLYMPIAD)
    assert (one.title, one.days, one.lessons) == ("Олимпиада по математике", Span(DAY, TOMORROW), (2, 3))
    assert [(who.pupil, who.name.in_lists(), who.class_title) for who in one.pupils] == [
        (orders.room.pupils[0], "Абрамов Глеб", "5А"),
        (orders.room.pupils[1], "Ёлкин Вадим", "5А"),
    ]
    assert await orders.listed(span=Span(TOMORROW + timedelta(days=1), TOMORROW + timedelta(days=1))) == ()
    (row,) = await orders.room.watch.audit("release.order")
    assert (row["person_id"], row["subject"]) == (orders.room.head, f"release-order/{made}")
    assert str(orders.room.pupils[0]) in row["after"]


async def test_the_administration_alone_orders_for_pupils_of_its_own_school(orders: Orders) -> None:
    room = orders.room
    elsewhere = await room.builder.school("Школа 2")
    theirs = await room.builder.pupil(await room.builder.school_class(elsewhere, "5А"), "Чужой Пётр")
    made = await orders.order()
    before = await room.watch.everything()
    for person in (room.teacher, room.class_teacher, room.pupils[0]):
        act = orders.act(person)
        for doing in (
            orders.order(act=act),
            orders.change(made, orders.draft, act),
            orders.withdraw(made, act),
            orders.listed(person),
        ):
            assert await refused(doing) == (Forbidden, "not-allowed")
    assert await refused(orders.order(school=elsewhere.id)) == (Forbidden, "not-allowed")
    assert await refused(orders.order(replace(orders.draft, pupils=frozenset({theirs})))) == (
        NotFound,
        "pupil-unknown",
    )
    assert await refused(orders.withdraw(uuid4())) == (NotFound, "release-unknown")
    assert await room.watch.everything() == before


async def test_what_makes_no_sense_is_refused(orders: Orders) -> None:
    room, draft = orders.room, orders.draft
    gone = await room.builder.pupil(room.school_class, "Ушёл Пётр")
    await room.watch.rows("UPDATE core.enrolment SET until = $2 WHERE pupil_id = $1", gone, DAY - timedelta(days=1))

    def days(first: int, last: int) -> ReleaseDraft:
        return replace(draft, days=Span(DAY + timedelta(days=first), DAY + timedelta(days=last)))

    cases = (
        (replace(draft, number=" "), "text-needed"),
        (replace(draft, title="а" * 201), "text-too-long"),
        (replace(draft, ordered_on=TOMORROW), "release-order-day"),
        (replace(draft, pupils=frozenset()), "release-pupils-needed"),
        (replace(draft, pupils=frozenset({gone, *orders.two})), "release-pupils-elsewhere"),
        (replace(draft, lessons=frozenset()), "release-lessons-odd"),
        (replace(draft, lessons=frozenset({16})), "release-lessons-odd"),
        (days(-32, 0), "release-far"),
        (days(300, 366), "release-far"),
        (days(0, 92), "release-too-long"),
    )
    before = await room.watch.everything()
    for wrong, code in cases:
        assert await refused(orders.order(wrong)) == (Invalid, code)
    assert await room.watch.everything() == before
    await orders.order(days(-31, 60))


async def test_an_order_is_said_otherwise_and_taken_back(orders: Orders) -> None:
    made = await orders.order()
    assert await orders.free() == orders.two
    other = replace(orders.draft, lessons=None, pupils=frozenset(orders.room.pupils[1:3]), title="Кубок")
    await orders.change(made, other)
    await orders.change(made, other)
    (one,) = await orders.listed()
    assert (one.title, one.lessons, one.version) == ("Кубок", None, 2)
    assert await orders.free(7) == other.pupils
    (row,) = await orders.room.watch.audit("release.change")
    assert ("Олимпиада" in row["before"], "Кубок" in row["after"]) == (True, True)
    await orders.room.watch.rows(
        "UPDATE core.enrolment SET until = $2 WHERE pupil_id = $1", orders.room.pupils[1], DAY - timedelta(days=1)
    )
    await orders.change(made, replace(other, title="Кубок школы"))
    orders.room.hands.move(days=40)
    await orders.change(made, replace(other, title="Кубок города"))
    await orders.withdraw(made)
    count = await orders.room.watch.value("SELECT count(*) FROM core.audit")
    await orders.withdraw(made)
    assert await orders.room.watch.value("SELECT count(*) FROM core.audit") == count, "again is harmless"
    assert (await orders.listed(), await orders.free()) == ((), set())
    assert await refused(orders.change(made, other)) == (Conflict, "release-withdrawn")


async def test_a_closed_year_is_written_no_more(orders: Orders) -> None:
    made, office = await orders.order(), Act(OFFICE, orders.room.hands.at, "calendar")
    await orders.does(lambda s: years.set_calendar(s, office, orders.room.school.id, calendar()))
    await orders.room.watch.rows("UPDATE core.school_year SET closed_at = $1", orders.room.hands.at)
    for doing in (orders.order(), orders.change(made, orders.draft), orders.withdraw(made)):
        assert await refused(doing) == (Conflict, "year-closed")
