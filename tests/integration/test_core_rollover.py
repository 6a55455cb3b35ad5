"""The passing to a new year: classes, leavers, and everything that belongs to people and therefore stays."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import URL, event, select

from core.account.accounts import MessengerAccount
from core.actor import OFFICE, Act, Actor
from core.database import Database
from core.events import AttendanceDayState, Channel
from core.learning import attendance
from core.movement import enrolments, orders, rollover
from core.movement.movements import MovementKind, Order
from core.movement.orders import Leaving, Transfer
from core.movement.rollover import Answers, Rolled, RolloverPlan
from core.person import people
from core.plan import years
from core.refusals import Conflict, Forbidden
from core.school_time import MachineClock
from core.tables import SchoolClass
from core.year.span import Span
from gateway import subscriptions
from gateway.addresses import AddressVault
from gateway.categories import Category
from gateway.heads import Heads
from gateway.intake import Intake
from gateway.profiles import Choice, Mode
from tests.integration.core_world import Watch
from tests.integration.movement_world import FIRST, YEAR, Movers, movers
from tests.unit import year_cases

ANNA, GLEB, LEV, VERA, PETR, OLEG = (
    "Иванова Анна",
    "Абрамов Глеб",
    "Яшин Лев",
    "Котова Вера",
    "Зуев Пётр",
    "Чижов Олег",
)
JUNE = datetime(2027, 6, 28, 7, 0, tzinfo=UTC)
ORDER = Order("45-у", date(2027, 6, 25))
LAST_DAY, NEW_YEAR = date(2027, 6, 30), date(2027, 9, 1)
DAY = timedelta(days=1)


@pytest_asyncio.fixture
async def school(core_database: Database, database_url: URL) -> Movers:
    lists = {"4А": [GLEB], "5А": [ANNA, OLEG], "9А": [PETR, VERA], "11А": [LEV]}
    made = await movers(core_database, Watch(database_url), lists)
    made.hands.at = JUNE
    return made


def answers(school: Movers, **last_day: date) -> Answers:
    """The tenth grade takes Пётр; Вера goes to college, Олег repeats the fifth grade."""
    return Answers(
        ORDER,
        {school.classes["9А"]: "10А"},
        {school.pupils[VERA]: None, school.pupils[OLEG]: "5Б"},
        last_day.get("last_day", LAST_DAY),
    )


async def propose(school: Movers) -> RolloverPlan:
    async with school.database.begin() as session:
        return await rollover.propose(session, OFFICE, school.school.id, YEAR, school.hands.at)


async def carry_out(school: Movers, plan: RolloverPlan | None = None, key: str | None = None) -> Rolled | None:
    found = plan or await propose(school)
    async with school.database.begin() as session:
        return await rollover.carry_out(
            session, school.act(key=key), school.school.id, YEAR, found.fingerprint, answers(school)
        )


async def turn_the_page(school: Movers, day: date) -> None:
    async with school.database.begin() as session:
        await enrolments.follow(session, school.school.id, day)


async def test_the_plan_names_the_next_class_of_each_and_asks_of_the_ninth_grade(school: Movers) -> None:
    plan = await propose(school)
    assert [(one.title, one.to_title, one.asked, len(one.pupils)) for one in plan.classes] == [
        ("4А", "5А", False, 1),
        ("5А", "6А", False, 2),
        ("9А", "10А", True, 2),
        ("11А", None, False, 1),
    ]
    assert plan.first_day == NEW_YEAR
    assert (await propose(school)).fingerprint == plan.fingerprint


async def test_everybody_learns_in_the_new_class_from_the_first_day_and_where_he_was_until_then(school: Movers) -> None:
    done = await carry_out(school)
    assert done == Rolled(3, 1, 2, ("5А", "5Б", "6А", "10А"), ("5А", "5Б", "6А", "10А"))
    assert await school.stays(ANNA) == [("5А", FIRST, NEW_YEAR - DAY), ("6А", NEW_YEAR, None)]
    assert await school.stays(OLEG) == [("5А", FIRST, NEW_YEAR - DAY), ("5Б", NEW_YEAR, None)]
    assert await school.stays(VERA) == [("9А", FIRST, LAST_DAY)]
    assert await school.now(ANNA) == ("5А", None), "it is June"

    await turn_the_page(school, NEW_YEAR - DAY)
    assert (await school.now(ANNA), await school.now(LEV)) == (("5А", None), ("11А", LAST_DAY))
    await turn_the_page(school, NEW_YEAR)
    assert (await school.now(ANNA), await school.now(PETR)) == (("6А", None), ("10А", None))

    async with school.database.begin() as session:
        span = Span(LAST_DAY, NEW_YEAR)
        lines = await orders.of_school(session, OFFICE, school.school.id, span, school.hands.at)
    kinds = {line.name.in_lists(): (line.kind, line.to_title, line.order.number) for line in lines}
    assert kinds == {
        GLEB: (MovementKind.MOVED_UP, "5А", "45-у"),
        ANNA: (MovementKind.MOVED_UP, "6А", "45-у"),
        OLEG: (MovementKind.REPEATS, "5Б", "45-у"),
        PETR: (MovementKind.MOVED_UP, "10А", "45-у"),
        VERA: (MovementKind.GRADUATED, None, "45-у"),
        LEV: (MovementKind.GRADUATED, None, "45-у"),
    }


@dataclass
class Home:
    """A mother with a messenger and a choice of her own, and the gateway that knows her."""

    school: Movers
    gateway: Database
    mother: UUID

    async def plan(self) -> None:
        """Let the gateway read what the journal said."""
        clock = MachineClock(source=lambda: self.school.hands.at)
        heads = Heads(AddressVault(b"addresses of the tests, 32 bytes"), {"telegram": "telegram:1"})
        await Intake(self.gateway, heads, self.school.hands.clock, clock).run_once()


@pytest_asyncio.fixture
async def home(school: Movers, gateway_database: Database) -> Home:
    mother = await school.builder.guardian(school.pupils[ANNA], name="Иванова Мария")
    await school.builder.link(mother, MessengerAccount(Channel.TELEGRAM, "100"))
    await school.builder.code(mother)
    made = Home(school, gateway_database, mother)
    await made.plan()
    async with gateway_database.begin() as session:
        choice = Choice(Mode.NOW, Channel.TELEGRAM)
        await subscriptions.choose(session, mother, Category.ABSENCE, choice, at=school.hands.at)
    return made


async def test_links_codes_consents_and_subscriptions_stay(home: Home) -> None:
    school = home.school
    gateway = "SELECT to_jsonb(t)::text FROM gateway.{} t ORDER BY 1"
    theirs = ("subscription", "address", "follow", "recipient")
    changing = {"core.audit", "core.command", "core.enrolment", "core.movement", "core.pupil", "core.school_class"}
    before = await school.watch.everything(), [await school.watch.rows(gateway.format(one)) for one in theirs]
    assert all(before[1]), "there is something that could have been lost"
    await carry_out(school)
    await turn_the_page(school, NEW_YEAR)
    await home.plan()

    after = await school.watch.everything(), [await school.watch.rows(gateway.format(one)) for one in theirs]
    assert {table for table in before[0] if before[0][table] != after[0][table]} == changing
    assert after[1] == before[1]
    async with school.database.begin() as session:
        (child,) = await people.children(session, home.mother, datetime(2027, 9, 1, 7, 0, tzinfo=UTC))
    assert (child.pupil, child.class_title) == (school.pupils[ANNA], "6А")


async def test_in_september_the_mother_is_told_as_before(home: Home) -> None:
    """The roll of the new class is called; nothing was connected anew, and the message is planned to her messenger."""
    school = home.school
    teacher = await school.builder.teacher(school.school, "Королёва Анна")
    await carry_out(school)
    await turn_the_page(school, NEW_YEAR)
    query = "SELECT id FROM core.school_class WHERE title = '6А' AND year = $1"
    new_class = await school.watch.value(query, YEAR + 1)
    school.hands.at = datetime(2027, 9, 1, 3, 40, tzinfo=UTC)
    lesson = await school.builder.lesson(new_class, teacher, time(8, 30))
    async with school.database.begin() as session:
        act = Act(Actor("telegram", teacher), school.hands.at, "the first roll")
        await attendance.record(session, act, lesson, {school.pupils[ANNA]: "н"})
    (told,) = await school.watch.events("attendance")
    assert isinstance(told.data, AttendanceDayState)
    assert (told.data.pupil, told.data.class_title) == (school.pupils[ANNA], "6А")

    await home.plan()
    rows = await school.watch.rows("SELECT recipient, channel, state, reason FROM gateway.delivery")
    assert [tuple(row) for row in rows] == [(home.mother, "telegram", "pending", None)]


async def test_class_teachers_lead_on_but_for_the_fourth_grade_and_those_who_go(school: Movers) -> None:
    stays, goes, primary = [
        await school.builder.teacher(school.school, name) for name in ("Королёва Анна", "Мухин Лев", "Зимина Яна")
    ]
    led = {"5А": stays, "9А": goes, "4А": primary}
    for title, teacher in led.items():
        await school.watch.rows(
            "UPDATE core.school_class SET class_teacher_id = $1 WHERE id = $2", teacher, school.classes[title]
        )
    await school.watch.rows("UPDATE core.staff SET until = $1 WHERE person_id = $2", NEW_YEAR - DAY, goes)
    done = await carry_out(school)
    assert done is not None
    assert done.without_teacher == ("5А", "5Б", "10А")
    rows = await school.watch.rows("SELECT title, class_teacher_id FROM core.school_class WHERE year = $1", YEAR + 1)
    assert {row["title"]: row["class_teacher_id"] for row in rows if row["class_teacher_id"]} == {"6А": stays}


async def test_the_same_key_acts_once_and_another_finds_nobody_to_pass(school: Movers) -> None:
    plan = await propose(school)
    assert await carry_out(school, plan, key="one key") is not None
    before = await school.watch.everything()
    assert await carry_out(school, plan, key="one key") is None
    assert await school.watch.everything() == before
    with pytest.raises(Conflict, match="rollover-changed"):
        await carry_out(school, plan)
    assert (await propose(school)).classes == ()


async def test_a_passing_can_be_taken_back_pupil_by_pupil(school: Movers) -> None:
    await carry_out(school)
    for name, title in ((ANNA, "5А"), (VERA, "9А")):
        async with school.database.begin() as session:
            (line,) = await orders.history(session, OFFICE, school.pupils[name], school.hands.at)
            await orders.correct(session, school.act(), line.id, ORDER)
        assert await school.stays(name) == [(title, FIRST, None)]


async def test_nobody_finishes_on_a_day_of_a_closed_year(school: Movers) -> None:
    """What would be written there could never be put right."""
    async with school.database.begin() as session:
        await years.set_calendar(session, school.act(), school.school.id, year_cases.calendar())
    await school.watch.rows("UPDATE core.school_year SET closed_at = $1, closed_by = gen_random_uuid()", JUNE)
    plan = await propose(school)
    before = await school.watch.everything()
    wanted = answers(school, last_day=date(2027, 5, 25))
    with pytest.raises(Conflict, match="year-closed"):
        async with school.database.begin() as session:
            await rollover.carry_out(session, school.act(), school.school.id, YEAR, plan.fingerprint, wanted)
    assert await school.watch.everything() == before
    assert await carry_out(school, plan) is not None, "the thirtieth of June is after the closing"


async def test_two_hands_at_once_carry_it_out_once(school: Movers) -> None:
    plan = await propose(school)
    results = await asyncio.gather(carry_out(school, plan), carry_out(school, plan), return_exceptions=True)
    assert sum(isinstance(one, Rolled) for one in results) == 1
    assert sum(isinstance(one, Conflict) for one in results) == 1
    assert await school.watch.value("SELECT count(*) FROM core.movement") == 6


async def test_a_plan_that_was_looked_at_before_somebody_left_is_refused(school: Movers) -> None:
    plan = await propose(school)
    async with school.database.begin() as session:
        leaving = Leaving(date(2027, 6, 27), ORDER)
        await orders.leave(session, school.act(), school.pupils[OLEG], leaving)
    before = await school.watch.everything()
    with pytest.raises(Conflict, match="rollover-changed"):
        await carry_out(school, plan)
    assert await school.watch.everything() == before


async def test_whoever_passed_already_is_left_alone_and_a_summer_order_goes_on_top(school: Movers) -> None:
    """Анна was put into 6Б by the lists of August; Глеб leaves in August, after the passing was written."""
    await school.open_class("6Б", year=YEAR + 1)
    async with school.database.begin() as session:
        passed = [(school.pupils[ANNA], school.classes["6Б"])]
        await enrolments.move(session, passed, NEW_YEAR, today=JUNE.date())
    await carry_out(school)
    assert await school.stays(ANNA) == [("5А", FIRST, NEW_YEAR - DAY), ("6Б", NEW_YEAR, None)]

    async with school.database.begin() as session:
        leaving = Leaving(date(2027, 8, 20), ORDER)
        await orders.leave(session, school.act(), school.pupils[GLEB], leaving)
        lines = await orders.history(session, OFFICE, school.pupils[GLEB], school.hands.at)
        await orders.correct(session, school.act(), lines[-1].id, ORDER)
    assert await school.stays(GLEB) == [("4А", FIRST, NEW_YEAR - DAY), ("5А", NEW_YEAR, None)], "he stays after all"
    async with school.database.begin() as session:
        query = select(SchoolClass.id).where(SchoolClass.title == "5А", SchoolClass.year == YEAR + 1)
        to = (await session.execute(query)).scalar_one()
        with pytest.raises(Conflict, match="pupil-in-class-already"):
            await orders.transfer(session, school.act(), school.pupils[GLEB], Transfer(to, NEW_YEAR, ORDER))


async def test_statements_do_not_grow_with_the_pupils(core_database: Database, database_url: URL) -> None:
    counted = []
    for size in (1, 40):
        names = [f"Петров{'а' * one} Олег" for one in range(size)]
        school = await movers(core_database, Watch(database_url), {"5А": names}, name=f"Школа {size}")
        school.hands.at = JUNE
        plan = await propose(school)
        said: list[str] = []
        listener = _remembering(said)
        event.listen(core_database.engine.sync_engine, "before_cursor_execute", listener)
        async with core_database.begin() as session:
            wanted = Answers(ORDER)
            await rollover.carry_out(session, school.act(), school.school.id, YEAR, plan.fingerprint, wanted)
        event.remove(core_database.engine.sync_engine, "before_cursor_execute", listener)
        counted.append(len(said))
    assert counted[0] == counted[1]


def _remembering(said: list[str]) -> Callable[..., None]:
    def listener(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    return listener


async def test_only_whoever_may_record_movements_passes_a_school_on(school: Movers) -> None:
    teacher = await school.builder.teacher(school.school, "Королёва Анна")
    with pytest.raises(Forbidden):
        async with school.database.begin() as session:
            await rollover.propose(session, school.act(teacher).actor, school.school.id, YEAR, school.hands.at)
