"""Closing a year (YEAR-28): two people, one of whom controls the other; and what a closed year refuses."""

from datetime import UTC, date, datetime, time

import pytest
import pytest_asyncio
from sqlalchemy import URL

from core.access import Role
from core.actor import OFFICE, Act, Actor
from core.database import Database
from core.learning import attendance
from core.movement import closing, orders
from core.movement.closing import Closing, Left, LeftToDo
from core.movement.movements import Order
from core.movement.orders import Leaving
from core.plan import years
from core.refusals import Conflict, Forbidden, Invalid, Refusal
from core.staff import roles
from core.staff.roles import Term
from tests.integration.core_world import Watch
from tests.integration.movement_world import YEAR, Movers, movers
from tests.unit import year_cases

ANNA, GLEB = "Иванова Анна", "Абрамов Глеб"
LAST_BELL = date(2027, 5, 26)
JUNE = datetime(2027, 6, 10, 7, 0, tzinfo=UTC)
ORDER = Order("45-у", date(2027, 6, 1))


class People:
    """Who closes a year, and who may not."""

    def __init__(self, school: Movers) -> None:
        self.school = school

    async def hire(self) -> None:
        builder = self.school.builder
        self.teacher = await builder.teacher(self.school.school, "Королёва Анна")
        self.administrator = await builder.teacher(self.school.school, "Мухин Лев")
        self.deputy = await builder.teacher(self.school.school, "Зимина Яна")
        self.both = await builder.teacher(self.school.school, "Орлова Ева")
        given = (
            (self.administrator, Role.ADMINISTRATOR),
            (self.deputy, Role.DEPUTY),
            (self.both, Role.ADMINISTRATOR),
            (self.both, Role.DEPUTY),
        )
        for person, role in given:
            async with self.school.database.begin() as session:
                await roles.grant(session, self.school.act(), person, role, Term("приказ № 1 от 01.09.2026"))


@pytest_asyncio.fixture
async def school(core_database: Database, database_url: URL) -> Movers:
    made = await movers(core_database, Watch(database_url), {"5А": [ANNA], "7А": [GLEB]})
    async with core_database.begin() as session:
        await years.set_calendar(session, made.act(), made.school.id, year_cases.calendar())
    return made


@pytest_asyncio.fixture
async def staff(school: Movers) -> People:
    made = People(school)
    await made.hire()
    school.hands.at = JUNE
    return made


async def propose(school: Movers, act: Act) -> None:
    async with school.database.begin() as session:
        await closing.propose(session, act, school.school.id, YEAR)


async def confirm(school: Movers, act: Act) -> None:
    async with school.database.begin() as session:
        await closing.confirm(session, act, school.school.id, YEAR)


async def state(school: Movers) -> Closing:
    async with school.database.begin() as session:
        return await closing.state(session, OFFICE, school.school.id, YEAR, school.hands.at)


@pytest.mark.req("YEAR-28")
async def test_the_administrator_proposes_and_the_deputy_confirms(school: Movers, staff: People) -> None:
    with pytest.raises(Conflict, match="year-close-not-proposed"):
        await confirm(school, school.act(staff.deputy))
    await propose(school, school.act(staff.administrator))
    assert (await state(school)).closed_at is None
    await confirm(school, school.act(staff.deputy))

    found = await state(school)
    assert (found.proposed_by, found.closed_by, found.closed_at) == (staff.administrator, staff.deputy, JUNE)
    people = [row["person_id"] for row in await school.watch.audit() if row["action"].startswith("year.close")]
    assert sorted(people) == sorted([staff.administrator, staff.deputy])


async def test_nobody_closes_a_year_alone(school: Movers, staff: People) -> None:
    await propose(school, school.act(staff.both))
    tries = (
        (confirm, school.act(staff.both), "year-close-two"),
        (confirm, school.act(), "year-close-by-name"),
        (propose, school.act(), "year-close-by-name"),
        (propose, school.act(staff.deputy), "not-allowed"),
        (confirm, school.act(staff.administrator), "not-allowed"),
        (propose, school.act(staff.teacher), "not-allowed"),
    )
    for tried, act, code in tries:
        with pytest.raises(Forbidden, match=code):
            await tried(school, act)
    assert (await state(school)).closed_at is None


async def test_a_year_that_goes_on_is_not_closed(school: Movers, staff: People) -> None:
    school.hands.at = datetime(2027, 5, 26, 7, 0, tzinfo=UTC)
    assert LeftToDo(Left.YEAR_GOES_ON, 1, until=LAST_BELL) in (await state(school)).left
    with pytest.raises(Conflict, match="year-goes-on") as refused:
        await propose(school, school.act(staff.administrator))
    assert refused.value.details["day"] == "26.05.2027"
    school.hands.at = datetime(2027, 5, 27, 7, 0, tzinfo=UTC)
    await propose(school, school.act(staff.administrator))


async def test_whoever_closes_sees_rolls_that_nobody_called_and_pupils_without_a_next_class(
    school: Movers, staff: People
) -> None:
    for number, title in enumerate(("5А", "5А", "7А"), 1):
        school.hands.at = datetime(2027, 5, 20, 7, 0, tzinfo=UTC)
        await school.builder.lesson(school.classes[title], staff.teacher, time(7 + number, 30), number=number)
    called = await school.watch.value("SELECT id FROM core.lesson WHERE number = 3")
    async with school.database.begin() as session:
        await attendance.record(session, Act(Actor("telegram", staff.teacher), school.hands.at, "a roll"), called, {})
    async with school.database.begin() as session:
        await orders.leave(
            session, school.act(), school.pupils[GLEB], Leaving(LAST_BELL, Order("1", date(2027, 5, 19)))
        )
    school.hands.at = JUNE
    assert (await state(school)).left == (
        LeftToDo(Left.ROLLS, 2, ("5А",)),
        LeftToDo(Left.PUPILS, 1, ("5А",)),
    )
    for until, count in ((date(2027, 12, 31), 1), (date(2027, 9, 1), 1), (date(2027, 8, 31), 0)):
        await school.watch.rows("UPDATE core.enrolment SET until = $1 WHERE pupil_id = $2", until, school.pupils[ANNA])
        pupils = [one.count for one in (await state(school)).left if one.what is Left.PUPILS]
        assert pupils == [count] * count, "whoever would still be there when the next year begins"


async def test_a_closed_year_refuses_what_belongs_to_it_and_lets_pupils_go_in_summer(
    school: Movers, staff: People
) -> None:
    school.hands.at = datetime(2027, 5, 20, 7, 0, tzinfo=UTC)
    lesson = await school.builder.lesson(school.classes["5А"], staff.teacher, time(8, 30))
    school.hands.at = JUNE
    await propose(school, school.act(staff.administrator))
    await confirm(school, school.act(staff.deputy))
    before = await school.watch.everything()
    with pytest.raises(Conflict, match="year-closed"):
        async with school.database.begin() as session:
            await attendance.record(session, school.act(staff.teacher), lesson, {})
    with pytest.raises(Conflict, match="year-closed"):
        async with school.database.begin() as session:
            await orders.leave(session, school.act(), school.pupils[ANNA], Leaving(LAST_BELL, ORDER))
    with pytest.raises(Conflict, match="year-closed-already"):
        await propose(school, school.act(staff.administrator))
    assert await school.watch.everything() == before

    async with school.database.begin() as session:
        await orders.leave(session, school.act(), school.pupils[ANNA], Leaving(date(2027, 6, 20), ORDER))
        days = (date(2026, 8, 31), date(2026, 9, 1), LAST_BELL, JUNE.date(), date(2027, 6, 11))
        closed = [await closing.is_closed(session, school.school.id, day) for day in days]
    assert closed == [False, True, True, True, False]


async def test_only_the_operator_opens_a_closed_year_again_and_says_why(school: Movers, staff: People) -> None:
    async def reopen(act: Act, why: str) -> None:
        async with school.database.begin() as session:
            await closing.reopen(session, act, school.school.id, YEAR, why)

    with pytest.raises(Conflict, match="year-not-closed"):
        await reopen(school.act(), "ошибка в отметках")
    await propose(school, school.act(staff.administrator))
    await confirm(school, school.act(staff.deputy))
    tries: tuple[tuple[Act, str, type[Refusal]], ...] = (
        (school.act(staff.deputy), "ошибка в отметках", Forbidden),
        (school.act(), "  ", Invalid),
        (school.act(), "\u200b\u202e", Invalid),
        (school.act(), "ж" * 301, Invalid),
    )
    for act, why, refusal in tries:
        with pytest.raises(refusal):
            await reopen(act, why)
    await reopen(school.act(), "ошибка в отметках")

    found = await state(school)
    assert (found.closed_at, found.proposed_at) == (None, None)
    (audited,) = await school.watch.audit("year.reopen")
    assert audited["why"] == "ошибка в отметках"
    assert str(staff.deputy) in audited["before"]
    with pytest.raises(Conflict, match="year-close-not-proposed"):
        await confirm(school, school.act(staff.deputy))


async def test_a_year_that_was_never_set_is_not_closed(school: Movers, staff: People) -> None:
    with pytest.raises(Conflict, match="year-not-set"):
        async with school.database.begin() as session:
            await closing.propose(session, school.act(staff.administrator), school.school.id, YEAR - 1)
