"""What a school or some classes do beside lessons: a fair, an excursion, a line-up (YEAR-31, TT-11).

Events stand next to the timetable and stop no lesson: whoever wants lessons cancelled for one, cancels them. Each
change is told whole to whoever listens (``event_telling``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import free_text, rights
from core.access import Right
from core.actor import Act, Actor
from core.journal import Change, audit, first_time, id_made_by
from core.refusals import Conflict, Invalid, NotFound
from core.school.schools import SchoolCard
from core.school_time import at_school, end_of_school_date
from core.tables import SchoolClass
from core.timetable import event_telling
from core.timetable.lesson_views import in_order
from core.timetable.timetable_tables import SchoolEvent
from core.year.span import Span

TITLE_LONGEST, PLACE_LONGEST, NOTE_LONGEST = 100, 100, 1000
LONGEST = timedelta(days=31)
"""Longer is a slip of the pen in a date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDraft:
    """What is planned."""

    title: str
    starts_at: datetime
    ends_at: datetime
    classes: frozenset[UUID] | None = None
    """None: the whole school's."""
    place: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventView:
    """An event as timetables show it."""

    id: UUID
    title: str
    classes: tuple[str, ...] | None
    """Their titles; None: the whole school's."""
    place: str
    note: str
    starts_at: datetime
    ends_at: datetime


async def plan(session: AsyncSession, act: Act, school_id: UUID, draft: EventDraft) -> UUID:
    """Plan an event. A repeat returns the one already planned.

    Raises ``NotFound`` (no such school or class in it), ``Forbidden``, or ``Invalid``: no title, an end that is not
    after the beginning or a month later, no class named.
    """
    facts = await rights.of_school(session, act.actor, school_id, act.at)
    rights.demand(facts, Right.TIMETABLE_SET)
    said = await _checked(session, school_id, draft)
    event_id = id_made_by(act.key, "school-event")
    if not await first_time(session, act.key, act.at):
        return event_id
    event = SchoolEvent(
        id=event_id,
        school_id=school_id,
        planned_by=act.actor.person,
        planned_at=act.at,
        version=1,
        **said,
    )
    session.add(event)
    await session.flush()
    await event_telling.tell(session, facts.of_school, event, act.at)
    await _write_down(session, act, event, "plan", None, _as_json(said))
    return event_id


async def change(session: AsyncSession, act: Act, event_id: UUID, draft: EventDraft) -> None:
    """Plan an event otherwise. Raises as ``plan`` does, and ``Conflict`` (withdrawn)."""
    event, school = await _open(session, act, event_id)
    said = await _checked(session, event.school_id, draft)
    if not await first_time(session, act.key, act.at):
        return
    await session.refresh(event, with_for_update=True)
    if event.withdrawn:
        raise Conflict("event-withdrawn")
    before = {name: getattr(event, name) for name in said}
    if before == said:
        return
    for name, value in said.items():
        setattr(event, name, value)
    await _raise(session, act, school, event)
    await _write_down(session, act, event, "change", _as_json(before), _as_json(said))


async def withdraw(session: AsyncSession, act: Act, event_id: UUID) -> None:
    """Take an event off; again is harmless. Raises ``NotFound``, ``Forbidden``."""
    event, school = await _open(session, act, event_id)
    if not await first_time(session, act.key, act.at):
        return
    await session.refresh(event, with_for_update=True)
    if event.withdrawn:
        return
    event.withdrawn = True
    await _raise(session, act, school, event)
    await _write_down(session, act, event, "withdraw", {"withdrawn": False}, {"withdrawn": True})


async def of_school(
    session: AsyncSession, actor: Actor, school_id: UUID, span: Span, now: datetime
) -> tuple[EventView, ...]:
    """List the events of some days as they begin. Raises ``NotFound``, ``Forbidden`` (staff only)."""
    facts = await rights.of_school(session, actor, school_id, now)
    rights.demand(facts, Right.YEAR_VIEW)
    return await within(session, facts.of_school, span)


async def within(
    session: AsyncSession, school: SchoolCard, span: Span, class_id: UUID | None = None
) -> tuple[EventView, ...]:
    """List the events of some days: all, or those of the school and of one class. Asks for no rights."""
    query = select(SchoolEvent).where(
        SchoolEvent.school_id == school.id,
        SchoolEvent.withdrawn.is_(False),
        SchoolEvent.starts_at < end_of_school_date(span.last, school.zone),
        SchoolEvent.ends_at > at_school(span.first, time(), school.zone),
    )
    rows = (await session.execute(query.order_by(SchoolEvent.starts_at, SchoolEvent.title, SchoolEvent.id))).scalars()
    found = [one for one in rows if class_id is None or one.classes is None or class_id in one.classes]
    titles = await _titles(session, {one for event in found for one in event.classes or ()})
    return tuple(_view(event, titles) for event in found)


async def _open(session: AsyncSession, act: Act, event_id: UUID) -> tuple[SchoolEvent, SchoolCard]:
    event = await session.get(SchoolEvent, event_id)
    if event is None:
        raise NotFound("event-unknown")
    facts = await rights.of_school(session, act.actor, event.school_id, act.at)
    rights.demand(facts, Right.TIMETABLE_SET)
    return event, facts.of_school


async def _raise(session: AsyncSession, act: Act, school: SchoolCard, event: SchoolEvent) -> None:
    """Raise the version of an event, whose row is locked, and tell what it says now."""
    event.version += 1
    await session.flush()
    await event_telling.tell(session, school, event, act.at)


async def _checked(session: AsyncSession, school_id: UUID, draft: EventDraft) -> dict[str, Any]:
    """Return what is said of the event as it will stand. Raises ``Invalid``, ``NotFound``."""
    if draft.ends_at <= draft.starts_at:
        raise Invalid("event-ends-before")
    if draft.ends_at - draft.starts_at > LONGEST:
        raise Invalid("event-too-long", days=LONGEST.days)
    return {
        "title": free_text.fit(" ".join(draft.title.split()), TITLE_LONGEST),
        "place": _short(draft.place, PLACE_LONGEST),
        "note": _short(draft.note, NOTE_LONGEST),
        "starts_at": draft.starts_at,
        "ends_at": draft.ends_at,
        "classes": await _checked_classes(session, school_id, draft.classes),
    }


def _short(written: str, longest: int) -> str:
    """Return a text that may be left out. Raises ``Invalid``."""
    return "" if free_text.says_nothing(written) else free_text.fit(written, longest)


async def _checked_classes(
    session: AsyncSession, school_id: UUID, classes: frozenset[UUID] | None
) -> list[UUID] | None:
    if classes is None:
        return None
    if not classes:
        raise Invalid("event-classes-needed")
    known = select(func.count()).where(SchoolClass.id.in_(classes), SchoolClass.school_id == school_id)
    if (await session.execute(known)).scalar_one() < len(classes):
        raise NotFound("class-gone")
    return sorted(classes)


async def _titles(session: AsyncSession, classes: set[UUID]) -> Mapping[UUID, str]:
    rows = await session.execute(select(SchoolClass.id, SchoolClass.title).where(SchoolClass.id.in_(classes)))
    return dict(rows.all())


def _view(event: SchoolEvent, titles: Mapping[UUID, str]) -> EventView:
    return EventView(
        id=event.id,
        title=event.title,
        classes=None if event.classes is None else in_order(titles[one] for one in event.classes),
        place=event.place,
        note=event.note,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
    )


def _as_json(said: Mapping[str, Any]) -> dict[str, Any]:
    classes = said["classes"]
    return {
        **said,
        "starts_at": said["starts_at"].isoformat(),
        "ends_at": said["ends_at"].isoformat(),
        "classes": None if classes is None else [str(one) for one in classes],
    }


async def _write_down(
    session: AsyncSession, act: Act, event: SchoolEvent, what: str, before: dict[str, Any] | None, after: dict[str, Any]
) -> None:
    written = Change(f"school-event.{what}", f"school-event/{event.id}", before, after)
    await audit(session, act.actor, event.school_id, act.at, written)
