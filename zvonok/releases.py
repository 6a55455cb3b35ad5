"""Orders that let pupils go from lessons, at the command line: recorded, listed, withdrawn."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import OFFICE, Act
from core.learning import release_orders
from core.learning.attendance_tables import ReleaseOrder
from core.learning.release_orders import ReleaseDraft, ReleaseKind, ReleaseView
from core.movement import enrolments
from core.movement.movement_tables import Enrolment
from core.school.schools import SchoolCard
from core.school_time import school_date
from core.year.span import Span
from core.year.words import day_words
from texts.reader import load
from zvonok import named
from zvonok.absence_numbers import days_words, named_by
from zvonok.installation import Installation
from zvonok.short_numbers import short
from zvonok.timetable_views import Days, at_school

AHEAD = timedelta(days=30)
_SAY = load("ru").format
_INDENT = "  "


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An order as the office writes it."""

    number: str
    ordered_on: date
    kind: ReleaseKind
    title: str
    days: Span
    lessons: frozenset[int] | None
    pupils: tuple[str, ...]
    classes: tuple[str, ...]
    """Titles: whoever learns there on the first day."""


async def order(here: Installation, school_name: str | None, wanted: Wanted) -> list[str]:
    """Write an order down."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        pupils = await _pupils(session, school, wanted)
        draft = ReleaseDraft(
            number=wanted.number,
            ordered_on=wanted.ordered_on,
            kind=wanted.kind,
            title=wanted.title,
            days=wanted.days,
            lessons=wanted.lessons,
            pupils=pupils,
        )
        made = await release_orders.order(session, _act(here), school.id, draft)
        words = {"number": wanted.number, "day": day_words(wanted.ordered_on), "days": days_words(wanted.days)}
        return [_SAY("releases-ordered", count=len(pupils), id=short(made), **words)]

    return await at_school(here, school_name, work)


async def listing(here: Installation, school_name: str | None, days: Days) -> list[str]:
    """List the orders of some days, from today for a month unless said."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        now = here.school_clock.now()
        span = days.span(school_date(now, school.zone), AHEAD)
        found = await release_orders.listed(session, OFFICE, school.id, span, now)
        lines = [_SAY("releases-title", first=day_words(span.first), last=day_words(span.last))]
        lines += [f"{_INDENT}{line}" for one in found for line in _lines(one)]
        return lines if found else [*lines, _SAY("releases-none")]

    return await at_school(here, school_name, work)


async def withdraw(here: Installation, school_name: str | None, number: str) -> list[str]:
    """Take an order back."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        order_id = await named_by(session, school, ReleaseOrder, number)
        await release_orders.withdraw(session, _act(here), order_id)
        return [_SAY("releases-withdrawn", id=short(order_id))]

    return await at_school(here, school_name, work)


async def _pupils(session: AsyncSession, school: SchoolCard, wanted: Wanted) -> frozenset[UUID]:
    found = {await named.pupil(session, school, one) for one in wanted.pupils}
    classes = [await named.school_class(session, school, title) for title in wanted.classes]
    there = select(Enrolment.pupil_id).where(Enrolment.class_id.in_(classes), enrolments.in_force_on(wanted.days.first))
    return frozenset(found | set((await session.execute(there)).scalars()))


def _lines(one: ReleaseView) -> list[str]:
    """Say one order, and below it whom it lets go."""
    numbers = "" if one.lessons is None else ", ".join(map(str, one.lessons))
    said = _SAY(
        "releases-line",
        days=days_words(one.days),
        lessons=_SAY("releases-lessons", numbers=numbers) if numbers else "",
        kind=_SAY(f"release-kind-{one.kind}"),
        title=one.title,
        number=one.number,
        day=day_words(one.ordered_on),
        id=short(one.id),
    )
    who = [_SAY("releases-pupil", name=pupil.name.in_lists(), **{"class": pupil.class_title}) for pupil in one.pupils]
    return [said, *(f"{_INDENT}{line}" for line in who)]


def _act(here: Installation) -> Act:
    return Act(OFFICE, here.school_clock.now(), f"release:{uuid4()}")
