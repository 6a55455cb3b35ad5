"""Movement of pupils by orders (YEAR-21): what an order does, what it leaves alone, and how it is put right."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import URL

from core.actor import OFFICE
from core.database import Database
from core.movement import enrolments, orders
from core.movement.movements import MovementKind, Order
from core.movement.orders import Arrival, Leaving, MovementLine, Transfer
from core.person import newcomers
from core.person.newcomers import Newcomer
from core.plan.plan_tables import GroupClass, GroupMember, StudyGroup
from core.refusals import Conflict, Invalid, NotFound, Refusal
from core.russian import FullName
from core.year.span import Span
from tests.integration.core_world import Watch
from tests.integration.movement_world import FIRST, TODAY, YEAR, Movers, movers

ANNA, GLEB, LEV = "Иванова Анна", "Абрамов Глеб", "Яшин Лев"
DAY = timedelta(days=1)
ORDER = Order("12-у", date(2026, 11, 20))
WHOLE_YEAR = Span(FIRST, date(2027, 8, 31))


@pytest_asyncio.fixture
async def school(core_database: Database, database_url: URL) -> Movers:
    return await movers(core_database, Watch(database_url), {"5А": [ANNA, GLEB], "5Б": [LEV]})


async def transfer(school: Movers, name: str, title: str, on: date, key: str | None = None) -> None:
    async with school.database.begin() as session:
        wanted = Transfer(school.classes[title], on, ORDER)
        await orders.transfer(session, school.act(key=key), school.pupils[name], wanted)


async def leave(school: Movers, name: str, last_day: date, other_school: str = "") -> None:
    async with school.database.begin() as session:
        await orders.leave(session, school.act(), school.pupils[name], Leaving(last_day, ORDER, other_school))


async def correct_last(school: Movers, name: str) -> None:
    last = [line for line in await book(school, name) if line.stands][-1]
    async with school.database.begin() as session:
        await orders.correct(session, school.act(), last.id, Order("13-у", ORDER.day, "ошибка в приказе"))


async def book(school: Movers, name: str) -> tuple[MovementLine, ...]:
    async with school.database.begin() as session:
        return await orders.history(session, OFFICE, school.pupils[name], school.hands.at)


@pytest.mark.req("YEAR-21")
async def test_every_movement_is_recorded_with_its_order(school: Movers) -> None:
    """From another school, from class to class, to another school, and leaving: each on the director's order."""
    async with school.database.begin() as session:
        who = Newcomer(FullName("Новиков", "Пётр", "Олегович"), date(2014, 7, 1))
        newcomer = await newcomers.pupil(session, school.act(), school.school.id, who)
        arrival = Arrival(school.classes["5А"], date(2026, 10, 1), ORDER, "Школа № 3 города Ишима")
        await orders.arrive(session, school.act(), newcomer, arrival)
    school.pupils["Новиков Пётр"] = newcomer
    await transfer(school, ANNA, "5Б", date(2026, 11, 10))
    await leave(school, LEV, date(2026, 11, 23), "Гимназия № 1 города Омска")
    async with school.database.begin() as session:
        wanted = Leaving(TODAY, Order("14-у", ORDER.day, "по достижении 15 лет"))
        await orders.expel(session, school.act(), school.pupils[GLEB], wanted)
        lines = await orders.of_school(session, OFFICE, school.school.id, WHOLE_YEAR, school.hands.at)

    said = [(line.name.in_lists(), line.kind, line.on_day, line.from_title, line.to_title) for line in lines]
    assert said == [
        ("Новиков Пётр", MovementKind.ARRIVED, date(2026, 10, 1), None, "5А"),
        (ANNA, MovementKind.TRANSFERRED, date(2026, 11, 10), "5А", "5Б"),
        (LEV, MovementKind.LEFT, date(2026, 11, 23), "5Б", None),
        (GLEB, MovementKind.EXPELLED, TODAY, "5А", None),
    ]
    assert [line.other_school for line in lines] == ["Школа № 3 города Ишима", "", "Гимназия № 1 города Омска", ""]
    assert {line.order.number for line in lines} == {"12-у", "14-у"}
    assert all(line.order.day == ORDER.day and line.stands for line in lines)
    assert await school.stays(ANNA) == [("5А", FIRST, date(2026, 11, 9)), ("5Б", date(2026, 11, 10), None)]
    assert await school.stays("Новиков Пётр") == [("5А", date(2026, 10, 1), None)]
    assert await school.now(LEV) == ("5Б", date(2026, 11, 23))
    audited = await school.watch.audit("pupil.move")
    assert sorted(row["why"] for row in audited) == [
        *["приказ № 12-у от 20.11.2026"] * 3,
        "приказ № 14-у от 20.11.2026: по достижении 15 лет",
    ]


async def test_the_same_order_given_twice_acts_once(school: Movers) -> None:
    await transfer(school, ANNA, "5Б", TODAY, key="one key")
    before = await school.watch.everything()
    await transfer(school, ANNA, "5Б", TODAY, key="one key")
    assert await school.watch.everything() == before


async def test_a_transfer_ends_the_groups_of_the_former_class(school: Movers) -> None:
    both, own = await _group(school, "немецкий 5 классов", ["5А", "5Б"]), await _group(school, "английский 5А", ["5А"])
    await transfer(school, ANNA, "5Б", TODAY)
    rows = await school.watch.rows("SELECT group_id, until FROM core.group_member")
    assert {row["group_id"]: row["until"] for row in rows} == {own: TODAY - DAY, both: None}
    (audited,) = await school.watch.audit("pupil.move")
    assert str(own) in audited["after"]
    assert str(both) not in audited["after"]


async def _group(school: Movers, title: str, classes: list[str]) -> UUID:
    made = StudyGroup(
        id=UUID(int=len(title)), school_id=school.school.id, year=YEAR, kind="group", purpose="subgroup", title=title
    )
    async with school.database.begin() as session:
        session.add(made)
        await session.flush()
        session.add_all([GroupClass(group_id=made.id, class_id=school.classes[one]) for one in classes])
        session.add(GroupMember(group_id=made.id, pupil_id=school.pupils[ANNA], since=FIRST))
    return made.id


async def test_whoever_left_keeps_his_family_and_his_past(school: Movers) -> None:
    mother = await school.builder.guardian(school.pupils[ANNA], name="Иванова Мария")
    query = "SELECT to_jsonb(t)::text FROM core.{} t ORDER BY 1"
    kept = ("guardianship", "consent", "person", "link_code", "account_person")
    before = {table: await school.watch.rows(query.format(table)) for table in kept}
    events = await school.watch.events()
    await leave(school, ANNA, TODAY - DAY)

    assert {table: await school.watch.rows(query.format(table)) for table in kept} == before
    assert await school.watch.events() == events, "leaving itself tells nobody anything"
    async with school.database.begin() as session:
        history = await orders.history(session, school.act(mother).actor, school.pupils[ANNA], school.hands.at)
    assert [line.kind for line in history] == [MovementKind.LEFT]


async def test_a_wrong_order_is_taken_back_by_another_and_nothing_is_struck_out(school: Movers) -> None:
    await transfer(school, ANNA, "5Б", date(2026, 11, 10))
    await correct_last(school, ANNA)
    await transfer(school, ANNA, "5Б", date(2026, 11, 16))

    lines = await book(school, ANNA)
    assert [(line.kind, line.stands) for line in lines] == [
        (MovementKind.TRANSFERRED, False),
        (MovementKind.CORRECTED, False),
        (MovementKind.TRANSFERRED, True),
    ]
    assert lines[1].order.note == "ошибка в приказе"
    assert await school.stays(ANNA) == [("5А", FIRST, date(2026, 11, 15)), ("5Б", date(2026, 11, 16), None)]


async def test_whoever_left_by_mistake_learns_on_where_he_was_to_learn(school: Movers) -> None:
    """A transfer ordered for a later day happens after all: only the leaving was wrong."""
    later = TODAY + 14 * DAY
    await transfer(school, ANNA, "5Б", later)
    await leave(school, ANNA, TODAY)
    assert await school.stays(ANNA) == [("5А", FIRST, TODAY)]
    await correct_last(school, ANNA)
    assert await school.stays(ANNA) == [("5А", FIRST, later - DAY), ("5Б", later, None)]
    assert await school.now(ANNA) == ("5А", None)


async def test_a_correction_keeps_what_a_list_has_written_since(school: Movers) -> None:
    await school.open_class("5В")
    await transfer(school, ANNA, "5Б", date(2026, 11, 10))
    by_list = date(2026, 11, 20)
    async with school.database.begin() as session:
        await enrolments.move(session, [(school.pupils[ANNA], school.classes["5В"])], by_list, today=TODAY)
    await correct_last(school, ANNA)
    assert await school.stays(ANNA) == [("5А", FIRST, by_list - DAY), ("5В", by_list, None)]
    assert await school.now(ANNA) == ("5В", None)


async def test_whoever_left_by_mistake_comes_back_to_where_a_list_had_put_him(school: Movers) -> None:
    """The list of the coming year took him into 6А; no order ever said so."""
    await school.open_class("6А", year=YEAR + 1)
    september = date(YEAR + 1, 9, 1)
    async with school.database.begin() as session:
        await enrolments.move(session, [(school.pupils[ANNA], school.classes["6А"])], september, today=TODAY)
    before = await school.stays(ANNA)
    await leave(school, ANNA, date(YEAR + 1, 6, 30))
    await correct_last(school, ANNA)
    assert await school.stays(ANNA) == before == [("5А", FIRST, september - DAY), ("6А", september, None)]


async def test_of_two_orders_both_can_be_taken_back_in_turn(school: Movers) -> None:
    """The second was for an earlier day than the first, and cut it."""
    await school.open_class("5В")
    await transfer(school, ANNA, "5Б", TODAY + 14 * DAY)
    await transfer(school, ANNA, "5В", TODAY)
    await correct_last(school, ANNA)
    assert await school.stays(ANNA) == [("5А", FIRST, TODAY + 13 * DAY), ("5Б", TODAY + 14 * DAY, None)]
    await correct_last(school, ANNA)
    assert await school.stays(ANNA) == [("5А", FIRST, None)]


async def test_an_arrival_by_mistake_is_taken_back_whole(school: Movers) -> None:
    who = await school.person("Новиков Пётр")
    async with school.database.begin() as session:
        await orders.arrive(session, school.act(), who, Arrival(school.classes["5А"], TODAY, ORDER))
    await correct_last(school, "Новиков Пётр")
    assert await school.stays("Новиков Пётр") == []


async def test_whoever_is_known_as_an_adult_comes_to_learn_only_if_that_is_meant(school: Movers) -> None:
    mother = await school.builder.guardian(school.pupils[ANNA], name="Иванова Мария")
    teacher = await school.builder.teacher(school.school, "Королёва Анна")
    arrival = Arrival(school.classes["5А"], TODAY, ORDER)
    before = await school.watch.everything()
    for adult in (mother, teacher):
        with pytest.raises(Conflict, match="movement-of-adult"):
            async with school.database.begin() as session:
                await orders.arrive(session, school.act(), adult, arrival)
    async with school.database.begin() as session:
        guardian = await newcomers.institution(session, school.act(), school.school.id, "Дом детства", "Дом детства")
        with pytest.raises(NotFound, match="person-gone"):
            await orders.arrive(session, school.act(), guardian, replace(arrival, adult=True))
        await session.rollback()
    assert await school.watch.everything() == before
    async with school.database.begin() as session:
        await orders.arrive(session, school.act(), mother, replace(arrival, adult=True))
    assert await school.watch.value("SELECT since FROM core.enrolment WHERE pupil_id = $1", mother) == TODAY


async def test_a_last_day_outside_the_year_of_his_class_is_refused(school: Movers) -> None:
    before = await school.watch.everything()
    for last_day in (date.max, date(2050, 1, 1), date(YEAR + 1, 9, 1)):
        with pytest.raises(Invalid, match="movement-other-year"):
            await leave(school, ANNA, last_day)
    with pytest.raises(Conflict, match="pupil-not-enrolled"):
        await leave(school, ANNA, date.min)
    assert await school.watch.everything() == before
    await leave(school, ANNA, date(YEAR + 1, 8, 31))


async def test_in_august_nobody_passes_to_a_class_of_the_next_year_by_a_transfer(school: Movers) -> None:
    await school.open_class("6А", year=YEAR + 1)
    before = await school.watch.everything()
    with pytest.raises(Invalid, match="movement-across-years") as refused:
        await transfer(school, ANNA, "6А", date(YEAR + 1, 8, 10))
    assert refused.value.details == {"former": "5А", "title": "6А"}
    assert await school.watch.everything() == before


async def test_only_the_last_order_is_corrected_and_only_once(school: Movers) -> None:
    await transfer(school, ANNA, "5Б", date(2026, 11, 10))
    await transfer(school, ANNA, "5А", date(2026, 11, 17))
    first, last = await book(school, ANNA)
    for wrong, code in ((first.id, "movement-not-last"), (UUID(int=7), "movement-gone")):
        with pytest.raises(Refusal, match=code):
            async with school.database.begin() as session:
                await orders.correct(session, school.act(), wrong, ORDER)
    await correct_last(school, ANNA)
    with pytest.raises(Conflict, match="movement-corrected"):
        async with school.database.begin() as session:
            await orders.correct(session, school.act(), last.id, ORDER)
    await correct_last(school, ANNA)
    assert await school.stays(ANNA) == [("5А", FIRST, None)]


async def test_an_order_that_cannot_be_changes_nothing(school: Movers) -> None:
    await school.open_class("6А", year=YEAR + 1)
    other = await school.builder.school("Другая школа")
    async with school.database.begin() as session:
        who = Newcomer(FullName("Чужой", "Олег"), date(2014, 7, 1))
        stranger = await newcomers.pupil(session, school.act(), other.id, who)
    anna, to_b = school.pupils[ANNA], school.classes["5Б"]
    before = await school.watch.everything()
    tries = (
        (Conflict, "pupil-in-class-already", Transfer(school.classes["5А"], TODAY, ORDER)),
        (Conflict, "pupil-not-enrolled", Transfer(to_b, FIRST - DAY, ORDER)),
        (Invalid, "movement-other-year", Transfer(school.classes["6А"], TODAY, ORDER)),
        (Invalid, "movement-order-needed", Transfer(to_b, TODAY, Order(" ", TODAY))),
        (NotFound, "class-gone", Transfer(UUID(int=7), TODAY, ORDER)),
    )
    for refusal, code, wanted in tries:
        with pytest.raises(refusal, match=code):
            async with school.database.begin() as session:
                await orders.transfer(session, school.act(), anna, wanted)
    for person, code in ((anna, "pupil-enrolled"), (stranger, "person-gone")):
        with pytest.raises(Refusal, match=code):
            async with school.database.begin() as session:
                await orders.arrive(session, school.act(), person, Arrival(to_b, TODAY, ORDER))
    assert await school.watch.everything() == before


async def test_of_two_orders_given_at_once_one_sees_what_the_other_did(school: Movers) -> None:
    """Leaving and a transfer at the same moment: the second finds a pupil who learns nowhere, or elsewhere."""
    results = await asyncio.gather(
        leave(school, ANNA, TODAY - DAY), transfer(school, ANNA, "5Б", TODAY), return_exceptions=True
    )
    stays, lines = await school.stays(ANNA), await book(school, ANNA)
    assert all(one is None or isinstance(one, Conflict) for one in results)
    assert len(lines) == results.count(None) >= 1
    assert stays == [("5А", FIRST, TODAY - DAY)], "the leaving holds in either order: a later transfer never comes"


async def test_of_the_same_arrival_given_by_two_hands_one_is_refused(school: Movers) -> None:
    person = await school.person("Новиков Пётр")

    async def arrive() -> None:
        async with school.database.begin() as session:
            await orders.arrive(session, school.act(), person, Arrival(school.classes["5А"], TODAY, ORDER))

    results = await asyncio.gather(*(arrive() for _ in range(4)), return_exceptions=True)
    assert results.count(None) == 1
    assert all(one is None or isinstance(one, Conflict) for one in results)
    assert await school.stays("Новиков Пётр") == [("5А", TODAY, None)]
    assert len(await book(school, "Новиков Пётр")) == 1
