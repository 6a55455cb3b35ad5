"""Events beside lessons at the command line: listed, planned, called off."""

import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import OFFICE, Act
from core.school.schools import SchoolCard
from core.school_time import at_school as moment
from core.school_time import school_date
from core.timetable import school_events
from core.timetable.school_events import EventDraft
from core.timetable.timetable_tables import SchoolEvent
from core.year.words import day_words
from texts.reader import load
from zvonok import named
from zvonok.installation import Installation
from zvonok.short_numbers import named_by, short
from zvonok.timetable_views import Days, at_school, event_line, weekday_of
from zvonok.trouble import OfficeError

AHEAD = timedelta(days=30)
_CLOCK = r"([01]?[0-9]|2[0-3]):([0-5][0-9])"
HOURS = re.compile(rf"{_CLOCK}\s*[-–—]\s*{_CLOCK}")
_SAY = load("ru").format
_INDENT = "  "


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An event as the office writes it."""

    title: str
    first: date
    last: date | None
    """None: the same day."""
    hours: tuple[time, time]
    """From when on the first day, to when on the last."""
    classes: tuple[str, ...]
    """Titles; none: the whole school's."""
    place: str
    note: str


def hours_of(written: str) -> tuple[time, time]:
    """Read «14:00-16:00»: from when to when, possibly of another day. Raises ``OfficeError``."""
    read = HOURS.fullmatch(written.strip())
    if read is None:
        raise OfficeError(_SAY("change-hours-shape", written=written))
    hour, minute, last_hour, last_minute = map(int, read.groups())
    return time(hour, minute), time(last_hour, last_minute)


async def listing(here: Installation, school_name: str | None, days: Days) -> list[str]:
    """List the events of some days, of the coming month unless said."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        now = here.school_clock.now()
        span = days.span(school_date(now, school.zone), AHEAD)
        found = await school_events.of_school(session, OFFICE, school.id, span, now)
        lines = [_SAY("events-title", first=day_words(span.first), last=day_words(span.last))]
        for one in found:
            begins = one.starts_at.astimezone(ZoneInfo(school.zone)).date()
            day = _SAY("timetable-day", weekday=weekday_of(begins), day=day_words(begins))
            lines.append(f"{_INDENT}{day}: {event_line(one, school.zone)} ({short(one.id)})")
        return lines if found else [*lines, _SAY("events-none")]

    return await at_school(here, school_name, work)


async def plan(here: Installation, school_name: str | None, wanted: Wanted) -> list[str]:
    """Plan an event of the school, or of some classes."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        classes = frozenset([await named.school_class(session, school, title) for title in wanted.classes])
        starts, ends = wanted.hours
        draft = EventDraft(
            title=wanted.title,
            starts_at=moment(wanted.first, starts, school.zone),
            ends_at=moment(wanted.last or wanted.first, ends, school.zone),
            classes=classes or None,
            place=wanted.place,
            note=wanted.note,
        )
        made = await school_events.plan(session, _act(here), school.id, draft)
        return [_SAY("events-planned", title=wanted.title, id=short(made))]

    return await at_school(here, school_name, work)


async def withdraw(here: Installation, school_name: str | None, number: str) -> list[str]:
    """Call an event off."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        event_id = await named_by(session, school, SchoolEvent, number)
        await school_events.withdraw(session, _act(here), event_id)
        return [_SAY("events-withdrawn", id=short(event_id))]

    return await at_school(here, school_name, work)


def _act(here: Installation) -> Act:
    return Act(OFFICE, here.school_clock.now(), f"school-event:{uuid4()}")
