"""How an event beside lessons is told: «Мероприятие: Ярмарка, 14:00–15:00, актовый зал». Pure."""

from collections.abc import Iterable, Iterator
from datetime import date, time

from bot.wording import bell, commas, lines
from core.school_time import at_school, end_of_school_date
from core.timetable.school_events import EventView
from texts.reader import Texts


def event_words(texts: Texts, event: EventView, day: date, zone: str) -> str:
    """Say to a family what goes on on a day, when and where."""
    return _said(texts, (event.title, *_hours(texts, event, day, zone), event.place))


def event_for_staff(texts: Texts, event: EventView, day: date, zone: str) -> str:
    """Say also for whom, if it is not the whole school's, and below it what else the school has noted of it."""
    words = (event.title, *_hours(texts, event, day, zone), event.place, *(event.classes or ()))
    return lines(_said(texts, words), event.note)


def _said(texts: Texts, words: Iterable[str]) -> str:
    return texts.format("school-event", what=commas(one for one in words if one))


def _hours(texts: Texts, event: EventView, day: date, zone: str) -> Iterator[str]:
    """Say when on this day; of several days, only what of them is on this one."""
    begins, ends = event.starts_at > at_school(day, time(), zone), event.ends_at < end_of_school_date(day, zone)
    if begins and ends:
        yield texts.format("school-event-hours", starts=bell(event.starts_at, zone), ends=bell(event.ends_at, zone))
    elif begins:
        yield texts.format("school-event-from", starts=bell(event.starts_at, zone))
    elif ends:
        yield texts.format("school-event-until", ends=bell(event.ends_at, zone))
    else:
        yield texts.format("school-event-all-day")
