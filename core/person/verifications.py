"""What a class teacher has to verify, by when, and whether he has (YEAR-24…26, DL-19, DL-20).

By 15 September: the questionnaire data of pupils and parents, every pupil's personal card, the class's card. Then,
every month of the school year, whether anything has changed. The dates are the school's rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.actor import Act, Actor
from core.journal import Change, audit, first_time
from core.person import cards
from core.person.card_tables import Verification
from core.person.class_titles import title_order
from core.refusals import Conflict, Invalid
from core.rule_book.model import SchoolRules
from core.rule_book.values import Period
from core.school import school_rules
from core.school_time import school_date, school_year_start
from core.tables import SchoolClass

_MONTHS_OF_LESSONS = (9, 10, 11, 12, 1, 2, 3, 4, 5)
_FIRSTS: Mapping[Period, tuple[int, ...]] = {
    Period.MONTH: _MONTHS_OF_LESSONS,
    Period.QUARTER: (9, 11, 1, 4),
    Period.YEAR: (9,),
}
"""Months in which a period begins; a week begins on each Monday."""
_WEEK = timedelta(days=7)


class Duty(StrEnum):
    """What is to be verified."""

    QUESTIONNAIRES = "questionnaires"
    PERSONAL_CARDS = "personal-cards"
    CLASS_CARD = "class-card"
    MONTHLY = "monthly"
    """Whether data have changed; by the school's rule it may come round more often or more seldom than each month."""


YEARLY = (Duty.QUESTIONNAIRES, Duty.PERSONAL_CARDS, Duty.CLASS_CARD)


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the checklist."""

    duty: Duty
    period: date
    """Its first day."""
    due: date
    """The last day for it."""
    done_at: datetime | None
    done_by: UUID | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A class in the deputy's list."""

    class_id: UUID
    title: str
    overdue: tuple[Item, ...]


async def checklist(session: AsyncSession, actor: Actor, class_id: UUID, now: datetime) -> tuple[Item, ...]:
    """List what has to be verified of a class this school year up to now. Raises ``NotFound``, ``Forbidden``."""
    facts = await rights.of_class(session, actor, class_id, now)
    rights.demand(facts, Right.VERIFICATION_VIEW)
    rules = await school_rules.of_school(session, facts.of_school.id)
    return await _items(session, class_id, rules, school_date(now, facts.of_school.zone))


async def overdue(session: AsyncSession, actor: Actor, school_id: UUID, now: datetime) -> tuple[ClassLine, ...]:
    """List the classes of this school year with something overdue, by title. Raises ``NotFound``, ``Forbidden``."""
    facts = await rights.of_school(session, actor, school_id, now)
    rights.demand(facts, Right.VERIFICATION_VIEW)
    rules = await school_rules.of_school(session, school_id)
    today = school_date(now, facts.of_school.zone)
    year = school_year_start(today).year
    rows = await session.execute(
        select(SchoolClass.id, SchoolClass.title).where(SchoolClass.school_id == school_id, SchoolClass.year == year)
    )
    found = [
        ClassLine(
            class_id, title, tuple(item for item in await _items(session, class_id, rules, today) if item.overdue)
        )
        for class_id, title in sorted(rows, key=lambda row: title_order(row.title))
    ]
    return tuple(line for line in found if line.overdue)


async def confirm(session: AsyncSession, act: Act, class_id: UUID, duty: Duty, period: date) -> None:
    """Say that something was verified; to say it again changes nothing.

    Raises ``NotFound``, ``Forbidden``, ``Invalid`` (not on the list of this year), or ``Conflict`` while cards have
    unfilled sections (YEAR-25, YEAR-26).
    """
    facts = await rights.of_class(session, act.actor, class_id, act.at)
    rights.demand(facts, Right.VERIFICATION_CONFIRM)
    rules = await school_rules.of_school(session, facts.of_school.id)
    today = school_date(act.at, facts.of_school.zone)
    if period not in dict(_wanted(rules, today, duty)):
        raise Invalid("verification-not-asked")
    await _check_filled(session, class_id, duty)
    if not await first_time(session, act.key, act.at):
        return
    values = {"class_id": class_id, "duty": duty.value, "period": period}
    done = {"done_by": act.actor.person, "done_at": act.at}
    put = insert(Verification).values(values | done).on_conflict_do_nothing().returning(Verification.duty)
    if (await session.execute(put)).scalar_one_or_none() is None:
        return
    after = {"duty": duty.value, "period": period.isoformat()}
    change = Change("verification.confirm", f"class/{class_id}", None, after)
    await audit(session, act.actor, facts.of_school.id, act.at, change)


async def _check_filled(session: AsyncSession, class_id: UUID, duty: Duty) -> None:
    if duty is Duty.PERSONAL_CARDS:
        left = await cards.unfilled_in_class(session, class_id)
        if left:
            raise Conflict("personal-cards-unfilled", count=len(left), first=left[0].name.in_lists())
    if duty is Duty.CLASS_CARD and not await cards.class_card_filled(session, class_id):
        raise Conflict("class-card-unfilled")


async def _items(session: AsyncSession, class_id: UUID, rules: SchoolRules, today: date) -> tuple[Item, ...]:
    rows = await session.execute(select(Verification).where(Verification.class_id == class_id))
    done = {(row.duty, row.period): row for row in rows.scalars()}
    found = []
    for duty in Duty:
        for period, due in _wanted(rules, today, duty):
            row = done.get((duty.value, period))
            late = row is None and due < today
            found.append(Item(duty, period, due, row.done_at if row else None, row.done_by if row else None, late))
    return tuple(found)


def _wanted(rules: SchoolRules, today: date, duty: Duty) -> list[tuple[date, date]]:
    """List the periods of a duty that have begun this school year, each with its last day."""
    start = school_year_start(today)
    if duty in YEARLY:
        day, month = (int(part) for part in rules.verification_by.split("."))
        due = date(start.year, month, day)
        return [(start, due if due >= start else due.replace(year=start.year + 1))]
    begun = [first for first in _begins(rules.data_check_every, start) if first <= today]
    ends = [*_begins(rules.data_check_every, start), date(start.year + 1, 6, 1)]
    return [(first, ends[ends.index(first) + 1] - timedelta(days=1)) for first in begun]


def _begins(every: Period, start: date) -> list[date]:
    """Return the first days of all periods of the school year that begins on ``start``."""
    if every is Period.WEEK:
        monday = start - timedelta(days=start.weekday())
        weeks = (date(start.year + 1, 6, 1) - monday) // _WEEK
        return [max(start, monday + number * _WEEK) for number in range(weeks)]
    return [date(start.year if month >= start.month else start.year + 1, month, 1) for month in _FIRSTS[every]]
