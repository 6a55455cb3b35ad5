"""What goes on beside the lessons of a pupil: events of the school, and of his class on the day (TT-11)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.learning.diary_places import Places
from core.school.schools import SchoolCard
from core.school_time import at_school, end_of_school_date
from core.tables import SchoolClass
from core.timetable import school_events
from core.timetable.school_events import EventView
from core.year.span import Span


async def by_day(
    session: AsyncSession, places: Places, span: Span, school: SchoolCard
) -> Mapping[date, tuple[EventView, ...]]:
    """List the events of each day as they begin; of several days, on each of them.

    Asks for no rights. What is noted of an event beside is for those who work at the school: it is left out.
    """
    classes = (await session.execute(select(SchoolClass.id).where(SchoolClass.id.in_(places.learners)))).scalars().all()
    found: dict[date, set[EventView]] = {}
    for one in classes:
        for event in await school_events.within(session, school, span, one):
            for day in span.days():
                if places.has(one, day) and _is_on(event, day, school.zone):
                    found.setdefault(day, set()).add(replace(event, note=""))
    return {day: tuple(sorted(of_day, key=lambda one: (one.starts_at, one.title))) for day, of_day in found.items()}


def _is_on(event: EventView, day: date, zone: str) -> bool:
    return event.starts_at < end_of_school_date(day, zone) and event.ends_at > at_school(day, time(), zone)
