"""Closing a school year (YEAR-28): the administrator proposes it, the deputy or the director confirms.

What is closed is not written any more: lessons, groups, plans and load of the year say ``year-closed``. A movement is
refused for the days up to the closing; pupils come and go in summer, too. A closed year is opened again by the
operator of the installation only, who says why.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import any_, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import free_text, rights
from core.access import Right
from core.actor import Act, Actor
from core.journal import Change, audit, first_time
from core.movement import enrolments
from core.movement.movement_tables import Enrolment
from core.person.class_titles import title_order
from core.plan import open_years, stored_years
from core.plan.plan_tables import SchoolYear
from core.refusals import Conflict, Forbidden, Invalid
from core.rights import Facts
from core.school_time import school_date
from core.tables import Lesson, RollCall, School, SchoolClass, Slot

WHY_LONGEST = 300


class Left(StrEnum):
    """What may still be left to do in a year that is to be closed."""

    YEAR_GOES_ON = "year-goes-on"
    """Its periods are not over, or lessons are still to come; it cannot be closed."""
    ROLLS = "rolls"
    """Lessons that were held, and whose roll nobody called."""
    PUPILS = "pupils"
    """Pupils who after the year would still learn in a class of it: nobody said where they go."""

    @property
    def forbids(self) -> bool:
        """Whether the year cannot be closed before; the rest is told to whoever confirms."""
        return self is Left.YEAR_GOES_ON


@dataclass(frozen=True, slots=True)
class LeftToDo:
    """One thing left to do."""

    what: Left
    count: int
    classes: tuple[str, ...] = ()
    """Whose lessons or pupils these are, where the classes can be told apart."""
    until: date | None = None
    """The last day of the year that goes on."""


@dataclass(frozen=True, slots=True)
class Closing:
    """How far the closing of a year has come."""

    year: int
    proposed_by: UUID | None
    proposed_at: datetime | None
    closed_by: UUID | None
    closed_at: datetime | None
    left: tuple[LeftToDo, ...]


async def state(session: AsyncSession, actor: Actor, school_id: UUID, year: int, now: datetime) -> Closing:
    """Show what is left to do before a year is closed, and who has proposed or closed it.

    What is not looked at: marks and final marks. Raises ``NotFound``, ``Forbidden``, ``Conflict`` (the school has not
    set this year).
    """
    facts = await rights.of_school(session, actor, school_id, now)
    rights.demand(facts, Right.YEAR_VIEW)
    row = await _row(session, school_id, year)
    left = await _left(session, school_id, year, school_date(now, facts.of_school.zone))
    return Closing(year, row.closing_proposed_by, row.closing_proposed_at, row.closed_by, row.closed_at, tuple(left))


async def propose(session: AsyncSession, act: Act, school_id: UUID, year: int) -> None:
    """Propose to close a year; again, by whomever, names the last to have done so.

    Raises ``NotFound``, ``Forbidden``, ``Conflict``: the year is closed, goes on, or has not been set.
    """
    facts = await rights.of_school(session, act.actor, school_id, act.at)
    rights.demand(facts, Right.YEAR_CLOSE_PROPOSE)
    _demand_named(act)
    if not await first_time(session, act.key, act.at):
        return
    row = await _open(session, facts, year, act.at)
    before = _said(row)
    row.closing_proposed_by, row.closing_proposed_at = act.actor.person, act.at
    await _keep(session, act, row, "year.close-propose", before)


async def confirm(session: AsyncSession, act: Act, school_id: UUID, year: int) -> None:
    """Close a year that somebody else has proposed to close.

    Raises ``NotFound``, ``Forbidden`` (``year-close-two``: whoever proposed it himself), ``Conflict``: nobody proposed
    it, or the year is closed, goes on, or has not been set.
    """
    facts = await rights.of_school(session, act.actor, school_id, act.at)
    rights.demand(facts, Right.YEAR_CLOSE)
    _demand_named(act)
    if not await first_time(session, act.key, act.at):
        return
    row = await _open(session, facts, year, act.at)
    if row.closing_proposed_at is None:
        raise Conflict("year-close-not-proposed", year=_words(year))
    if row.closing_proposed_by == act.actor.person:
        raise Forbidden("year-close-two")
    before = _said(row)
    row.closed_by, row.closed_at = act.actor.person, act.at
    await _keep(session, act, row, "year.close", before)


async def reopen(session: AsyncSession, act: Act, school_id: UUID, year: int, why: str) -> None:
    """Open a closed year again. For the operator of the installation only.

    Raises ``NotFound``, ``Forbidden``, ``Invalid`` (no reason), ``Conflict`` (it is not closed, or was never set).
    """
    await rights.of_school(session, act.actor, school_id, act.at)
    if not act.actor.is_office:
        raise Forbidden("office-only")
    reason = " ".join(free_text.plain(why).split())
    if free_text.says_nothing(reason) or len(reason) > WHY_LONGEST:
        raise Invalid("year-reopen-why", longest=WHY_LONGEST)
    if not await first_time(session, act.key, act.at):
        return
    row = await _row(session, school_id, year, lock=True)
    if row.closed_at is None:
        raise Conflict("year-not-closed", year=_words(year))
    before = _said(row)
    row.closed_by = row.closed_at = row.closing_proposed_by = row.closing_proposed_at = None
    await _keep(session, act, row, "year.reopen", before, reason)


async def first_day_after(session: AsyncSession, school_id: UUID, year: int) -> date:
    """Return the first day of the year after one; 1 September while its calendar is not set. Asks for no rights."""
    stored = await stored_years.stored(session, school_id, year + 1)
    return date(year + 1, 9, 1) if stored is None else stored.calendar.span.first


async def is_closed(session: AsyncSession, school_id: UUID, day: date) -> bool:
    """Tell whether a day lies in a closed year, and not after the day on which it was closed. Asks for no rights."""
    zone = (await session.execute(select(School.zone).where(School.id == school_id))).scalar_one()
    for year in (day.year - 1, day.year):
        stored = await stored_years.stored(session, school_id, year)
        if stored is None or stored.closed_at is None:
            continue
        if stored.calendar.span.first <= day <= school_date(stored.closed_at, zone):
            return True
    return False


async def demand_open(session: AsyncSession, school_id: UUID, day: date) -> None:
    """Raise ``Conflict`` if a day ``is_closed``; else its year stays open until the commit."""
    await open_years.hold(session, school_id, (day.year - 1, day.year))
    if await is_closed(session, school_id, day):
        raise Conflict("year-closed", day=f"{day:%d.%m.%Y}")


def _demand_named(act: Act) -> None:
    """Two people close a year: one who is not named cannot be told from the other."""
    if act.actor.person is None:
        raise Forbidden("year-close-by-name")


async def _row(session: AsyncSession, school_id: UUID, year: int, *, lock: bool = False) -> SchoolYear:
    row = await session.get(SchoolYear, (school_id, year), with_for_update=lock or None, populate_existing=True)
    if row is None:
        raise Conflict("year-not-set", year=_words(year))
    return row


async def _open(session: AsyncSession, facts: Facts, year: int, now: datetime) -> SchoolYear:
    school = facts.of_school
    row = await _row(session, school.id, year, lock=True)
    if row.closed_at is not None:
        raise Conflict("year-closed-already", year=_words(year))
    goes_on = await _goes_on(session, school.id, year, school_date(now, school.zone))
    if goes_on is not None:
        raise Conflict("year-goes-on", year=_words(year), day=f"{goes_on:%d.%m.%Y}")
    return row


async def _keep(
    session: AsyncSession, act: Act, row: SchoolYear, action: str, before: dict[str, Any], why: str | None = None
) -> None:
    row.version += 1
    await session.flush()
    subject = f"school/{row.school_id}/year/{row.year}"
    await audit(session, act.actor, row.school_id, act.at, Change(action, subject, before, _said(row), why=why))


async def _goes_on(session: AsyncSession, school_id: UUID, year: int, today: date) -> date | None:
    """Return the last day of a year that is not over: of its periods, or of the lessons that were planned."""
    stored = await stored_years.stored(session, school_id, year)
    periods = [] if stored is None else [one for terms in stored.calendar.terms.values() for one in terms.periods]
    ahead = (
        select(func.max(Lesson.day))
        .join(Slot, Slot.id == Lesson.slot_id)
        .where(Lesson.school_id == school_id, Slot.year == year, Lesson.day > today, Lesson.cancelled.is_(None))
    )
    planned = (await session.execute(ahead)).scalar_one_or_none()
    last = max([period.span.last for period in periods] + ([] if planned is None else [planned]), default=None)
    return last if last is not None and last >= today else None


async def _left(session: AsyncSession, school_id: UUID, year: int, today: date) -> list[LeftToDo]:
    goes_on = await _goes_on(session, school_id, year, today)
    rolls, of_rolls = await _uncalled(session, school_id, year, today)
    pupils, of_pupils = await _staying(session, school_id, year)
    return [
        *([] if goes_on is None else [LeftToDo(Left.YEAR_GOES_ON, 1, until=goes_on)]),
        *([LeftToDo(Left.ROLLS, rolls, of_rolls)] if rolls else []),
        *([LeftToDo(Left.PUPILS, pupils, of_pupils)] if pupils else []),
    ]


async def _uncalled(session: AsyncSession, school_id: UUID, year: int, today: date) -> tuple[int, tuple[str, ...]]:
    """Count the lessons that were held without a roll, and name the classes that had them."""
    called = exists().where(RollCall.lesson_id == Lesson.id, RollCall.withdrawn.is_(False))
    held = (Slot.year == year, Lesson.school_id == school_id, Lesson.day < today, Lesson.cancelled.is_(None), ~called)
    count = select(func.count()).select_from(Lesson).join(Slot, Slot.id == Lesson.slot_id).where(*held)
    of_classes = exists().where(Slot.id == Lesson.slot_id, SchoolClass.id == any_(Lesson.classes), *held)
    titles = select(SchoolClass.title).where(
        SchoolClass.school_id == school_id, SchoolClass.year == year, of_classes.correlate(SchoolClass)
    )
    return (await session.execute(count)).scalar_one(), _in_turn((await session.execute(titles)).scalars())


async def _staying(session: AsyncSession, school_id: UUID, year: int) -> tuple[int, tuple[str, ...]]:
    """Count the pupils who would learn in a class of the year when the next one begins, and name the classes."""
    first_day = await first_day_after(session, school_id, year)
    rows = await session.execute(
        select(SchoolClass.title, func.count())
        .join(Enrolment, Enrolment.class_id == SchoolClass.id)
        .where(SchoolClass.school_id == school_id, SchoolClass.year == year, enrolments.in_force_on(first_day))
        .group_by(SchoolClass.title)
    )
    found = dict(rows.all())
    return sum(found.values()), _in_turn(found)


def _in_turn(titles: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(titles, key=title_order))


def _said(row: SchoolYear) -> dict[str, Any]:
    return {
        "proposed_by": None if row.closing_proposed_by is None else str(row.closing_proposed_by),
        "proposed_at": None if row.closing_proposed_at is None else row.closing_proposed_at.isoformat(),
        "closed_by": None if row.closed_by is None else str(row.closed_by),
        "closed_at": None if row.closed_at is None else row.closed_at.isoformat(),
    }


def _words(year: int) -> str:
    return f"{year}/{year + 1}"
