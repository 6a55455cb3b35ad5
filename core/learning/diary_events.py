"""What goes on beside the lessons of a pupil: events of the school, and of his class on the day (TT-11)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from core.learning.diary_places import Places
from core.school.schools import SchoolCard
from core.timetable import school_events, views
from core.timetable.school_events import EventView
from core.year.span import Span


async def by_day(
    session: AsyncSession, places: Places, span: Span, school: SchoolCard
) -> Mapping[date, tuple[EventView, ...]]:
    """List the events of each day as they begin; of several days, on each of them.

    Asks for no rights. What is noted of an event beside is for those who work at the school: it is left out.
    """
    found: dict[date, set[EventView]] = {}
    # Whoever is taught apart from his class has its events all the same: an event is no lesson.
    for one in sorted({one.class_id for one in places.schooling}):
        for event in await school_events.within(session, school, span, one):
            for day in span.days():
                here = places.on(day)
                if here is not None and here.class_id == one and views.is_on(event, day, school.zone):
                    found.setdefault(day, set()).add(replace(event, note=""))
    return {day: tuple(sorted(of_day, key=lambda one: (one.starts_at, one.title))) for day, of_day in found.items()}
