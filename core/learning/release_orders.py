"""Orders that let pupils go from lessons: to an olympiad, a competition, on duty. A roll is pre-filled by them.

What the school itself has ordered is no absence without a reason, and alarms nobody.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import free_text, rights
from core.access import Right
from core.actor import Act, Actor
from core.journal import Change, audit, first_time, id_made_by
from core.learning import attendance_day
from core.learning.attendance_tables import ReleasedPupil, ReleaseOrder
from core.movement import closing
from core.movement.movement_tables import Enrolment
from core.movement.movements import EARLIEST
from core.person.people import name_of
from core.refusals import Conflict, Invalid, NotFound
from core.russian import FullName
from core.school.schools import SchoolCard
from core.school_time import school_date
from core.tables import Absence, Person, Pupil, SchoolClass
from core.year.span import Span
from core.year.words import day_words

NUMBER_LONGEST, TITLE_LONGEST = 60, 200
PAST, AHEAD = timedelta(days=31), timedelta(days=365)
"""An order is often written after the day; one of a month ago would pre-fill nothing any more."""
LONGEST = timedelta(days=92)
"""Longer is a slip of the pen in a date."""
LESSON_NUMBERS = range(16)
NAMED = 5
"""So many pupils are named in a refusal."""


class ReleaseKind(StrEnum):
    """What pupils are let go for."""

    OLYMPIAD = "olympiad"
    COMPETITION = "competition"
    DUTY = "duty"
    EVENT = "event"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseDraft:
    """What is ordered."""

    number: str
    ordered_on: date
    kind: ReleaseKind
    title: str
    days: Span
    pupils: frozenset[UUID]
    lessons: frozenset[int] | None = None
    """Numbers of the lessons of each day; None: all."""


@dataclass(frozen=True, slots=True)
class Released:
    """One of those who are let go."""

    pupil: UUID
    name: FullName
    class_title: str
    """Of the class where he learns now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseView:
    """An order as it is listed."""

    id: UUID
    number: str
    ordered_on: date
    kind: ReleaseKind
    title: str
    days: Span
    lessons: tuple[int, ...] | None
    pupils: tuple[Released, ...]
    version: int


async def order(session: AsyncSession, act: Act, school_id: UUID, draft: ReleaseDraft) -> UUID:
    """Write an order down; return its id. A repeat returns the one already made.

    Raises ``NotFound``, ``Forbidden``, ``Conflict`` (the year is closed), or ``Invalid``: no number or title, days too
    far off or too many, an odd number of a lesson, nobody named or somebody who does not learn here then.
    """
    facts = await rights.of_school(session, act.actor, school_id, act.at)
    rights.demand(facts, Right.RELEASE_ORDER)
    said = _checked(draft, school_date(act.at, facts.of_school.zone))
    await closing.demand_open(session, school_id, draft.days.first)
    order_id = id_made_by(act.key, "release-order")
    if not await first_time(session, act.key, act.at):
        return order_id
    await _demand_learning(session, school_id, draft.pupils, draft.days)
    row = ReleaseOrder(id=order_id, school_id=school_id, made_by=act.actor.person, made_at=act.at, version=1, **said)
    session.add(row)
    await session.flush()
    await _let_go(session, order_id, frozenset(), draft.pupils)
    await _restate(session, act, facts.of_school, draft.pupils, draft.days)
    await _write_down(session, act, row, "order", None, _as_json(said, draft.pupils))
    return order_id


async def change(session: AsyncSession, act: Act, order_id: UUID, draft: ReleaseDraft, *, version: int) -> None:
    """Say an order otherwise, whole; ``version`` is that of the order as it was seen.

    Raises as ``order`` does, and ``Conflict``: it was withdrawn, or changed meanwhile.
    """
    row, school = await _found(session, act, order_id)
    said = _checked(draft, school_date(act.at, school.zone), stood_before=row)
    await closing.demand_open(session, school.id, min(row.first, draft.days.first))
    if not await first_time(session, act.key, act.at):
        return
    await session.refresh(row, with_for_update=True)
    if row.withdrawn_at is not None:
        raise Conflict("release-withdrawn")
    if row.version != version:
        raise Conflict("release-changed")
    pupils = await _pupils_of(session, order_id)
    before = {name: getattr(row, name) for name in said}
    if (before, pupils) == (said, draft.pupils):
        return
    # Whoever is let go already may have left meanwhile: he stays, whatever else is changed.
    await _demand_learning(session, school.id, draft.pupils - pupils, draft.days)
    for name, value in said.items():
        setattr(row, name, value)
    row.version += 1
    await session.flush()
    await _let_go(session, order_id, pupils, draft.pupils)
    days = Span(min(before["first"], draft.days.first), max(before["last"], draft.days.last))
    await _restate(session, act, school, pupils | draft.pupils, days)
    await _write_down(session, act, row, "change", _as_json(before, pupils), _as_json(said, draft.pupils))


async def withdraw(session: AsyncSession, act: Act, order_id: UUID) -> None:
    """Take an order back; again is harmless. Raises ``NotFound``, ``Forbidden``, ``Conflict`` (the year is closed)."""
    row, school = await _found(session, act, order_id)
    await closing.demand_open(session, school.id, row.first)
    if not await first_time(session, act.key, act.at):
        return
    await session.refresh(row, with_for_update=True)
    if row.withdrawn_at is not None:
        return
    row.withdrawn_by, row.withdrawn_at, row.version = act.actor.person, act.at, row.version + 1
    await session.flush()
    await _restate(session, act, school, await _pupils_of(session, order_id), Span(row.first, row.last))
    await _write_down(session, act, row, "withdraw", {"withdrawn": False}, {"withdrawn": True})


async def listed(
    session: AsyncSession, actor: Actor, school_id: UUID, span: Span, now: datetime
) -> tuple[ReleaseView, ...]:
    """List the orders that stand for some days, by their first day. Raises ``NotFound``, ``Forbidden``."""
    facts = await rights.of_school(session, actor, school_id, now)
    rights.demand(facts, Right.RELEASE_ORDER)
    query = select(ReleaseOrder).where(
        ReleaseOrder.school_id == school_id,
        ReleaseOrder.withdrawn_at.is_(None),
        ReleaseOrder.first <= span.last,
        ReleaseOrder.last >= span.first,
    )
    order_by = (ReleaseOrder.first, ReleaseOrder.ordered_on, ReleaseOrder.number, ReleaseOrder.id)
    rows = (await session.execute(query.order_by(*order_by))).scalars().all()
    released = await _released(session, [row.id for row in rows])
    return tuple(_view(row, released.get(row.id, ())) for row in rows)


async def _released(session: AsyncSession, orders: Collection[UUID]) -> Mapping[UUID, tuple[Released, ...]]:
    rows = await session.execute(
        select(ReleasedPupil.release_id, Person, SchoolClass.title)
        .join(Person, Person.id == ReleasedPupil.pupil_id)
        .join(Pupil, Pupil.person_id == Person.id)
        .join(SchoolClass, SchoolClass.id == Pupil.class_id)
        .where(ReleasedPupil.release_id.in_(orders))
        .order_by(Person.sort_key, Person.id)
    )
    found: dict[UUID, tuple[Released, ...]] = {}
    for order_id, person, title in rows:
        found[order_id] = (*found.get(order_id, ()), Released(person.id, name_of(person), title))
    return found


def _view(row: ReleaseOrder, pupils: tuple[Released, ...]) -> ReleaseView:
    return ReleaseView(
        id=row.id,
        number=row.number,
        ordered_on=row.ordered_on,
        kind=ReleaseKind(row.kind),
        title=row.title,
        days=Span(row.first, row.last),
        lessons=None if row.lessons is None else tuple(row.lessons),
        pupils=pupils,
        version=row.version,
    )


async def _found(session: AsyncSession, act: Act, order_id: UUID) -> tuple[ReleaseOrder, SchoolCard]:
    row = await session.get(ReleaseOrder, order_id)
    if row is None:
        raise NotFound("release-unknown")
    facts = await rights.of_school(session, act.actor, row.school_id, act.at)
    rights.demand(facts, Right.RELEASE_ORDER)
    return row, facts.of_school


def _checked(draft: ReleaseDraft, today: date, *, stood_before: ReleaseOrder | None = None) -> dict[str, Any]:
    """Return what is said of the order as it will stand. Raises ``Invalid``.

    Of an order that stands already its first day may be as long ago as it is.
    """
    number = free_text.fit(" ".join(draft.number.split()), NUMBER_LONGEST)
    title = free_text.fit(" ".join(draft.title.split()), TITLE_LONGEST)
    if not EARLIEST <= draft.ordered_on <= today:
        raise Invalid("release-order-day", day=day_words(draft.ordered_on), today=day_words(today))
    earliest, latest = today - PAST, today + AHEAD
    long_ago = draft.days.first < earliest and (stood_before is None or draft.days.first != stood_before.first)
    if long_ago or draft.days.last > latest:
        raise Invalid("release-far", first=day_words(earliest), last=day_words(latest))
    if draft.days.last - draft.days.first >= LONGEST:
        raise Invalid("release-too-long", days=LONGEST.days)
    if not draft.pupils:
        raise Invalid("release-pupils-needed")
    return {
        "number": number,
        "ordered_on": draft.ordered_on,
        "kind": draft.kind.value,
        "title": title,
        "first": draft.days.first,
        "last": draft.days.last,
        "lessons": _numbers(draft.lessons),
    }


def _numbers(lessons: frozenset[int] | None) -> list[int] | None:
    if lessons is None:
        return None
    if not lessons or not lessons <= set(LESSON_NUMBERS):
        raise Invalid("release-lessons-odd", last=LESSON_NUMBERS[-1])
    return sorted(lessons)


async def _demand_learning(session: AsyncSession, school_id: UUID, pupils: Collection[UUID], days: Span) -> None:
    """Raise ``Invalid`` unless all of these learn here on one of the days; whoever is not the school's is not named."""
    learning = await session.execute(
        select(Enrolment.pupil_id)
        .join(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .where(
            Enrolment.pupil_id.in_(pupils),
            SchoolClass.school_id == school_id,
            Enrolment.since <= days.last,
            or_(Enrolment.until.is_(None), Enrolment.until >= days.first),
        )
    )
    others = set(pupils) - set(learning.scalars())
    if not others:
        return
    known = select(Person).where(Person.id.in_(others), Person.school_id == school_id).order_by(Person.sort_key)
    people = (await session.execute(known)).scalars().all()
    if not people:
        raise NotFound("pupil-unknown")
    names = "; ".join(name_of(one).in_lists() for one in people[:NAMED])
    raise Invalid("release-pupils-elsewhere", names=names, more=max(0, len(people) - NAMED))


async def _pupils_of(session: AsyncSession, order_id: UUID) -> frozenset[UUID]:
    rows = await session.execute(select(ReleasedPupil.pupil_id).where(ReleasedPupil.release_id == order_id))
    return frozenset(rows.scalars())


async def _restate(session: AsyncSession, act: Act, school: SchoolCard, pupils: Collection[UUID], days: Span) -> None:
    """State anew the days of which an absence is on record: whether anybody should be alarmed is another matter now."""
    query = select(Absence.day, Absence.pupil_id).distinct()
    query = query.where(Absence.pupil_id.in_(pupils), Absence.day.between(days.first, days.last))
    of_days: dict[date, list[attendance_day.DayKey]] = {}
    for day, pupil in await session.execute(query):
        of_days.setdefault(day, []).append(attendance_day.DayKey(pupil, day))
    for day in sorted(of_days):
        await attendance_day.raise_and_publish(session, school, of_days[day], act.at)


async def _let_go(session: AsyncSession, order_id: UUID, before: frozenset[UUID], after: frozenset[UUID]) -> None:
    if before - after:
        of_order = ReleasedPupil.release_id == order_id
        await session.execute(delete(ReleasedPupil).where(of_order, ReleasedPupil.pupil_id.in_(before - after)))
    if after - before:
        rows = [{"release_id": order_id, "pupil_id": pupil} for pupil in sorted(after - before)]
        await session.execute(insert(ReleasedPupil), rows)


def _as_json(said: Mapping[str, Any], pupils: Collection[UUID]) -> dict[str, Any]:
    days = {name: said[name].isoformat() for name in ("ordered_on", "first", "last")}
    return {**said, **days, "pupils": [str(one) for one in sorted(pupils)]}


async def _write_down(
    session: AsyncSession,
    act: Act,
    row: ReleaseOrder,
    what: str,
    before: dict[str, Any] | None,
    after: dict[str, Any],
) -> None:
    written = Change(f"release.{what}", f"release-order/{row.id}", before, after)
    await audit(session, act.actor, row.school_id, act.at, written)
