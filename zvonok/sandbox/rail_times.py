"""Moments on the rail, by the school's wall clock: the hour alone, and the day in front if it is another one. Pure."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date


def clock(at: datetime, zone: ZoneInfo) -> str:
    """Say «18:00»."""
    there = at.astimezone(zone)
    return f"{there.hour}:{there.minute:02}"


def dated(at: datetime, beside: datetime, zone: ZoneInfo, language: str, pattern: str = "d MMMM") -> str:
    """Say «18:00», or «9 сентября, 18:00» if ``beside`` is on another day of the school."""
    there = at.astimezone(zone)
    if there.date() == beside.astimezone(zone).date():
        return clock(at, zone)
    return f"{format_date(there.date(), pattern, locale=language)}, {clock(at, zone)}"
