"""Who learns where by date: one class a day for anybody, whatever is written and in whatever order."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import URL, event, select

from core.database import Database
from core.movement import enrolments
from core.movement.enrolments import in_class_on, learns_on
from core.movement.places import Place
from core.plan.plan_tables import SchoolYear
from core.refusals import Conflict
from core.tables import Pupil
from tests.integration.core_world import Watch
from tests.integration.movement_world import FIRST, TODAY, Movers, movers
from texts.reader import load

ANNA, GLEB, LEV = "Иванова Анна", "Абрамов Глеб", "Яшин Лев"
DAY = timedelta(days=1)


@pytest_asyncio.fixture
async def school(core_database: Database, database_url: URL) -> Movers:
    return await movers(core_database, Watch(database_url), {"5А": [ANNA, GLEB], "5Б": [LEV]})


async def who_is_in(school: Movers, title: str, day: date) -> set[UUID]:
    async with school.database.begin() as session:
        query = select(Pupil.person_id).where(in_class_on(school.classes[title], day))
        return set((await session.execute(query)).scalars())


async def test_a_pupil_who_moves_is_in_one_class_on_every_day(school: Movers) -> None:
    moved_on = date(2026, 11, 10)
    async with school.database.begin() as session:
        await enrolments.move(session, [(school.pupils[ANNA], school.classes["5Б"])], moved_on, today=TODAY)

    assert await school.stays(ANNA) == [("5А", FIRST, moved_on - DAY), ("5Б", moved_on, None)]
    assert await school.now(ANNA) == ("5Б", None)
    assert await who_is_in(school, "5А", moved_on - DAY) == {school.pupils[ANNA], school.pupils[GLEB]}
    assert await who_is_in(school, "5А", moved_on) == {school.pupils[GLEB]}
    assert await who_is_in(school, "5Б", moved_on) == {school.pupils[ANNA], school.pupils[LEV]}


async def test_a_move_to_come_changes_the_class_of_now_only_on_its_day(school: Movers) -> None:
    moves_on = TODAY + 7 * DAY
    async with school.database.begin() as session:
        await enrolments.move(session, [(school.pupils[ANNA], school.classes["5Б"])], moves_on, today=TODAY)
    before = await school.now(ANNA)
    async with school.database.begin() as session:
        early = await enrolments.follow(session, school.school.id, moves_on - DAY)
        on_time = await enrolments.follow(session, school.school.id, moves_on)
        again = await enrolments.follow(session, school.school.id, moves_on)

    assert (before, await school.now(ANNA)) == (("5А", None), ("5Б", None))
    assert (early, on_time, again) == ((), (school.pupils[ANNA],), ())


async def test_whoever_leaves_learns_to_his_last_day_and_keeps_his_last_class(school: Movers) -> None:
    async with school.database.begin() as session:
        await enrolments.move(session, [(school.pupils[ANNA], school.classes["5Б"])], TODAY + 30 * DAY, today=TODAY)
        await enrolments.end(session, [school.pupils[ANNA]], TODAY + DAY, today=TODAY)
        query = select(Pupil.person_id).where(learns_on(TODAY + DAY))
        still = set((await session.execute(query)).scalars())
        gone = set((await session.execute(select(Pupil.person_id).where(learns_on(TODAY + 2 * DAY)))).scalars())

    assert await school.stays(ANNA) == [("5А", FIRST, TODAY + DAY)], "what was planned beyond his last day never comes"
    assert await school.now(ANNA) == ("5А", None), "he still comes"
    assert still - gone == {school.pupils[ANNA]}
    async with school.database.begin() as session:
        assert await enrolments.follow(session, school.school.id, TODAY + 2 * DAY) == (school.pupils[ANNA],)
    assert await school.now(ANNA) == ("5А", TODAY + DAY)


async def test_whoever_comes_back_is_a_pupil_again(school: Movers) -> None:
    async with school.database.begin() as session:
        await enrolments.end(session, [school.pupils[ANNA]], date(2026, 10, 1), today=TODAY)
        await enrolments.enrol(session, [(school.pupils[ANNA], school.classes["5Б"])], TODAY)

    assert await school.stays(ANNA) == [("5А", FIRST, date(2026, 10, 1)), ("5Б", TODAY, None)]
    assert await school.now(ANNA) == ("5Б", None)


async def test_what_cannot_be_is_refused_by_name(school: Movers) -> None:
    stranger = await school.person("Новиков Пётр")
    anna, to_b = school.pupils[ANNA], school.classes["5Б"]
    before = await school.watch.everything()
    tries: tuple[tuple[str, str, Callable[[Any], Awaitable[None]]], ...] = (
        ("pupil-enrolled", ANNA, lambda session: enrolments.enrol(session, [(stranger, to_b), (anna, to_b)], TODAY)),
        ("pupil-not-enrolled", "Новиков Пётр", lambda session: enrolments.move(session, [(stranger, to_b)], TODAY)),
        ("pupil-not-enrolled", ANNA, lambda session: enrolments.end(session, [anna], FIRST - DAY)),
    )
    for code, name, tried in tries:
        with pytest.raises(Conflict, match=code) as refused:
            async with school.database.begin() as session:
                await tried(session)
        assert (refused.value.details["names"], refused.value.details["more"]) == (name, 0)
    assert await school.watch.everything() == before


async def test_a_move_that_is_turned_back_leaves_one_time_in_one_class(school: Movers) -> None:
    anna, to_a = school.pupils[ANNA], school.classes["5А"]
    for on in (TODAY, FIRST):
        async with school.database.begin() as session:
            await enrolments.move(session, [(anna, school.classes["5Б"])], on, today=TODAY)
            await enrolments.turn_back(session, [(anna, to_a, on)], today=TODAY)
        assert await school.stays(ANNA) == [("5А", FIRST, None)]
    assert await school.now(ANNA) == ("5А", None)


async def test_a_leaving_ordered_since_outlives_the_move_that_is_turned_back(school: Movers) -> None:
    anna = school.pupils[ANNA]
    async with school.database.begin() as session:
        await enrolments.move(session, [(anna, school.classes["5Б"])], TODAY, today=TODAY)
        await enrolments.end(session, [anna], TODAY + 9 * DAY, today=TODAY)
        await enrolments.turn_back(session, [(anna, school.classes["5А"], TODAY)], today=TODAY)
    assert await school.stays(ANNA) == [("5А", FIRST, TODAY + 9 * DAY)]


async def test_whoever_is_laid_out_nowhere_has_never_come(school: Movers) -> None:
    anna = school.pupils[ANNA]
    async with school.database.begin() as session:
        await enrolments.lay_out(session, anna, (), FIRST, today=TODAY)
    assert await school.stays(ANNA) == []
    assert await school.now(ANNA) == ("5А", FIRST - DAY)


async def test_who_learns_already_is_told_where_and_since_when(school: Movers) -> None:
    with pytest.raises(Conflict, match="pupil-enrolled") as refused:
        async with school.database.begin() as session:
            await enrolments.enrol(session, [(school.pupils[ANNA], school.classes["5Б"])], TODAY)
    said = load("ru").format("refusal-pupil-enrolled", **refused.value.details)
    assert said == (
        "Иванова Анна: место в классе уже есть, 5А с 01.09.2026. Чтобы сменить класс, нужен приказ о переводе."
    )


async def test_whatever_is_written_lets_the_lessons_of_its_years_be_made_anew(school: Movers) -> None:
    """Of the year of the day and those after it; also when a day comes on which somebody turns the page."""
    anna, to_b = school.pupils[ANNA], school.classes["5Б"]
    stranger = await school.person("Новиков Пётр")
    later = Place(to_b, TODAY + 30 * DAY, None)
    writers: tuple[Callable[[Any], Awaitable[object]], ...] = (
        lambda session: enrolments.enrol(session, [(stranger, to_b)], TODAY),
        lambda session: enrolments.move(session, [(anna, to_b)], TODAY),
        lambda session: enrolments.turn_back(session, [(anna, school.classes["5А"], TODAY)], today=TODAY),
        lambda session: enrolments.end(session, [stranger], TODAY + DAY),
        lambda session: enrolments.lay_out(session, anna, [later], TODAY, today=TODAY),
        lambda session: enrolments.follow(session, school.school.id, TODAY + 2 * DAY),
        lambda session: enrolments.strike_out(session, [stranger]),
    )
    for year in (2025, 2026, 2027):
        await school.watch.rows(
            "INSERT INTO core.school_year (school_id, year, calendar, version) VALUES ($1, $2, '{}', 1)",
            *(school.school.id, year),
        )
    for number, write in enumerate(writers):
        await school.watch.rows("UPDATE core.school_year SET planned_until = make_date(year + 1, 8, 31)")
        async with school.database.begin() as session:
            await write(session)
        rows = await school.watch.rows("SELECT year FROM core.school_year WHERE planned_until IS NOT NULL")
        assert [row["year"] for row in rows] == ([2025] if number + 1 < len(writers) else []), number
    async with school.database.begin() as session:
        held = await session.get_one(SchoolYear, (school.school.id, 2026))
        held.planned_until = TODAY
        await session.flush()
        assert await enrolments.follow(session, school.school.id, TODAY + 2 * DAY) == ()
        assert held.planned_until == TODAY, "nobody turned a page"
        await enrolments.move(session, [(school.pupils[GLEB], to_b)], TODAY)
        assert held.planned_until is None


async def test_a_pupil_struck_out_has_never_learned_here(school: Movers) -> None:
    anna = school.pupils[ANNA]
    async with school.database.begin() as session:
        await enrolments.strike_out(session, [anna])
    assert await school.stays(ANNA) == []
    assert await school.watch.rows("SELECT 1 FROM core.pupil WHERE person_id = $1", anna) == []
    assert await school.watch.value("SELECT surname FROM core.person WHERE id = $1", anna) == "Иванова"


async def test_rows_held_by_the_session_follow(school: Movers) -> None:
    async with school.database.begin() as session:
        held = await session.get_one(Pupil, school.pupils[ANNA])
        await enrolments.move(session, [(held.person_id, school.classes["5Б"])], TODAY, today=TODAY)
        assert held.class_id == school.classes["5Б"]


@pytest.mark.parametrize("seed", range(3))
async def test_on_every_day_the_class_is_that_of_the_last_writing_of_that_day(school: Movers, seed: int) -> None:
    """A model that knows one class for every day: moves and leavings in any order keep to it, and never overlap."""
    dice = random.Random(seed)  # noqa: S311 - a test's dice
    anna, titles = school.pupils[ANNA], {class_id: title for title, class_id in school.classes.items()}
    days = [FIRST + DAY * number for number in range(120)]
    model: dict[date, UUID | None] = dict.fromkeys(days, school.classes["5А"])
    for _ in range(60):
        on, to = dice.choice(days), dice.choice(list(titles))
        (held,) = await _stays_on(school, anna, [on])
        leaves = dice.random() < 0.2
        async with school.database.begin() as session:
            if held is None:
                back = max(one.until or days[-1] for one in await enrolments.stays(session, anna)) + DAY
                await enrolments.enrol(session, [(anna, to)], back, today=on)
                model |= {day: to for day in days if day >= back}
            elif leaves:
                await enrolments.end(session, [anna], on, today=on)
                model |= dict.fromkeys([day for day in days if day > on])
            else:
                await enrolments.move(session, [(anna, to)], on, today=on)
                model |= {day: to for day in days if on <= day and (held.until is None or day <= held.until)}
        assert [held and held.class_id for held in await _stays_on(school, anna, days)] == [model[day] for day in days]
    async with school.database.begin() as session:
        for day in days[::10]:
            assert (await enrolments.classes_on(session, [anna], day)).get(anna) == model[day]
    overlapping = await school.watch.value(
        "SELECT count(*) FROM core.enrolment a JOIN core.enrolment b ON a.pupil_id = b.pupil_id AND a.since < b.since"
        " AND coalesce(a.until, 'infinity') >= b.since"
    )
    assert overlapping == 0


async def _stays_on(school: Movers, pupil: UUID, days: Sequence[date]) -> list[enrolments.Stay | None]:
    """Find the stay of each day; several of a day would be an error of its own."""
    async with school.database.begin() as session:
        found = await enrolments.stays(session, pupil)
    of_days = [[one for one in found if one.since <= day <= (one.until or date.max)] for day in days]
    assert all(len(each) <= 1 for each in of_days)
    return [next(iter(each), None) for each in of_days]


async def test_movements_of_one_pupil_come_one_after_another(school: Movers) -> None:
    """Many hands move one pupil at the same time: each sees what the one before did, and one class a day is left."""
    anna = school.pupils[ANNA]
    await school.open_class("5В")
    titles = ["5Б", "5В", "5А"] * 4

    async def hand(number: int, title: str) -> None:
        async with school.database.begin() as session:
            on = TODAY + DAY * (number % 5)
            await enrolments.move(session, [(anna, school.classes[title])], on, today=TODAY)

    await asyncio.gather(*(hand(number, title) for number, title in enumerate(titles)))
    found = await school.stays(ANNA)
    for (_, _, until), (_, since, _) in pairwise(found):
        assert until is not None
        assert until + DAY == since
    assert found[0][:2] == ("5А", FIRST)
    assert found[-1][2] is None


async def test_statements_do_not_grow_with_the_pupils(school: Movers) -> None:
    crowd = await school.learn("5А", *[f"Петров{'а' * number} Олег" for number in range(40)])
    counted = []
    for pupils in (crowd[:1], crowd[1:]):
        said: list[str] = []
        listener = _remembering(said)
        event.listen(school.database.engine.sync_engine, "before_cursor_execute", listener)
        async with school.database.begin() as session:
            await enrolments.move(session, [(one, school.classes["5Б"]) for one in pupils], TODAY, today=TODAY)
            back = [(one, school.classes["5А"], TODAY) for one in pupils]
            await enrolments.turn_back(session, back, today=TODAY)
            await enrolments.end(session, pupils, TODAY + DAY, today=TODAY)
            await enrolments.enrol(session, [(one, school.classes["5А"]) for one in pupils], TODAY + 9 * DAY)
            await enrolments.end(session, pupils, TODAY + 9 * DAY)
            await enrolments.strike_out(session, pupils)
        event.remove(school.database.engine.sync_engine, "before_cursor_execute", listener)
        counted.append(len(said))
    assert counted[0] == counted[1]


def _remembering(said: list[str]) -> Callable[..., None]:
    def listener(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    return listener
