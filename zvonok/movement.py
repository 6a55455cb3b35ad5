"""Movement of pupils at the command line: orders of arriving, transfer, leaving, and the book of them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import OFFICE, Act
from core.movement import orders
from core.movement.movements import MovementKind, Order
from core.movement.orders import Arrival, Leaving, MovementLine, Transfer
from core.person import newcomers
from core.person.newcomers import Newcomer
from core.refusals import NotFound
from core.school import schools
from core.school.schools import SchoolCard
from core.school_time import school_date, school_year_start
from core.tables import SchoolClass
from core.year.span import Span
from texts.reader import load
from zvonok import named
from zvonok.installation import Installation
from zvonok.trouble import OfficeError

_SAY = load("ru").format


@dataclass(frozen=True, slots=True)
class Comer:
    """Who comes, and from where."""

    name: str
    new: bool
    born: date | None = None
    namesake: bool = False
    other_school: str = ""
    adult: bool = False
    """Known as an employee or as somebody's parent, and meant all the same."""


async def arrive(
    here: Installation, school_name: str | None, comer: Comer, title: str, since: date, order: Order
) -> list[str]:
    """Take a pupil into a class, writing him down first if he is new."""
    if comer.new and comer.born is None:
        raise OfficeError(_SAY("movement-born-needed"))

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        if comer.new:
            who = Newcomer(named.full_name(comer.name), comer.born, namesake=comer.namesake)
            person = await newcomers.pupil(session, _act(here), school.id, who)
        else:
            person = await named.the_one(session, school, comer.name)
        class_id = await _class_on(session, school, title, since)
        arrival = Arrival(class_id, since, order, comer.other_school, comer.adult)
        await orders.arrive(session, _act(here), person, arrival)
        return [_SAY("movement-arrived", name=comer.name, **{"class": title.upper()}, day=_day(since))]

    return await _at(here, school_name, work)


async def transfer(
    here: Installation, school_name: str | None, pupil: str, title: str, on: date, order: Order
) -> list[str]:
    """Pass a pupil to another class of the same year."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        found = await named.pupil(session, school, pupil)
        to_class = await _class_on(session, school, title, on)
        left = await orders.transfer(session, _act(here), found, Transfer(to_class, on, order))
        said = _SAY("movement-transferred", name=pupil, **{"class": title.upper()}, day=_day(on))
        return [said, *_groups(len(left))]

    return await _at(here, school_name, work)


async def leave(
    here: Installation, school_name: str | None, pupil: str, leaving: Leaving, *, expelled: bool = False
) -> list[str]:
    """Let a pupil go."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        found = await named.pupil(session, school, pupil)
        go = orders.expel if expelled else orders.leave
        await go(session, _act(here), found, leaving)
        return [_SAY("movement-left", name=pupil, day=_day(leaving.last_day))]

    return await _at(here, school_name, work)


async def correct(here: Installation, school_name: str | None, pupil: str, order: Order) -> list[str]:
    """Take back the last order about a pupil that stands."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        found = await named.pupil(session, school, pupil)
        lines = await orders.history(session, OFFICE, found, here.school_clock.now())
        last = next((line for line in reversed(lines) if line.stands), None)
        if last is None:
            raise OfficeError(_SAY("movement-nothing-to-correct", name=pupil))
        await orders.correct(session, _act(here), last.id, order)
        return [_SAY("movement-corrected", name=pupil), *_line(replace(last, stands=False))]

    return await _at(here, school_name, work)


async def listing(
    here: Installation, school_name: str | None, pupil: str | None, since: date | None, until: date | None
) -> list[str]:
    """List a pupil's movements, or the school's of some days; without days of this school year up to its end."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        now = here.school_clock.now()
        if pupil is not None:
            lines = await orders.history(session, OFFICE, await named.pupil(session, school, pupil), now)
        else:
            first = since or school_year_start(school_date(now, school.zone))
            last = until or date(first.year + 1, 8, 31)
            lines = await orders.of_school(session, OFFICE, school.id, Span(first, last), now)
        return [said for line in lines for said in _line(line)] or [_SAY("movement-none")]

    return await _at(here, school_name, work)


type Work = Callable[[AsyncSession, SchoolCard], Awaitable[list[str]]]


async def _at(here: Installation, school_name: str | None, work: Work) -> list[str]:
    """Do something at a school, in one transaction."""
    async with here.journal() as database, database.begin() as session:
        return await work(session, await schools.find(session, school_name))


async def _class_on(session: AsyncSession, school: SchoolCard, title: str, day: date) -> UUID:
    """Find the class of this title in the school year of a day. Raises ``NotFound``."""
    year = school_year_start(day).year
    query = select(SchoolClass.id).where(
        SchoolClass.school_id == school.id, SchoolClass.title == title.upper(), SchoolClass.year == year
    )
    found = (await session.execute(query)).scalar_one_or_none()
    if found is None:
        raise NotFound("class-unknown", title=title)
    return found


def _line(line: MovementLine) -> list[str]:
    """Say one movement, and below it what else is known of it."""
    said = _SAY(
        "movement-line",
        day=_day(line.on_day),
        name=line.name.in_lists(),
        what=_SAY(f"movement-kind-{line.kind}"),
        way=_way(line),
        number=line.order.number,
        order_day=_day(line.order.day),
    )
    more = [_SAY("movement-other-school", school=line.other_school)] if line.other_school else []
    more += [_SAY("movement-note", note=line.order.note)] if line.order.note else []
    void = not line.stands and line.kind is not MovementKind.CORRECTED
    more += [_SAY("movement-void")] if void else []
    return [said, *(f"  {one}" for one in more)]


def _way(line: MovementLine) -> str:
    way = "movement-back" if line.kind is MovementKind.CORRECTED else "movement-way"
    match line.from_title, line.to_title:
        case str(before), str(after):
            return _SAY(way, **{"from": before, "to": after})
        case str(before), None:
            return _SAY(f"{way}-from", **{"from": before})
        case None, str(after):
            return _SAY(f"{way}-to", to=after)
        case _:
            return ""


def _groups(count: int) -> list[str]:
    return [_SAY("movement-groups-left", count=count)] if count else []


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _act(here: Installation) -> Act:
    return Act(OFFICE, here.school_clock.now(), f"movement:{uuid4()}")
