"""Until when a breach must be reported (AUTH-10, DL-27, CONF-06). Pure."""

from datetime import date, datetime, timedelta

from core.school_time import end_of_school_date, school_date

SATURDAY = 6
"""By ISO. Holidays come with the school's calendar; until then a weekday is a working day."""


def hours_after(found_at: datetime, hours: int) -> datetime:
    """Return the last moment for whoever has hours: employees and pupils."""
    return found_at + timedelta(hours=hours)


def working_days_after(found_at: datetime, days: int, zone: str) -> datetime:
    """Return the last moment for whoever has working days: parents.

    A term of days begins on the day after and ends with its last day (Civil Code of Russia, art. 191 and 194).
    """
    day = school_date(found_at, zone)
    for _ in range(days):
        day = _next_working(day)
    return end_of_school_date(day, zone)


def _next_working(day: date) -> date:
    day += timedelta(days=1)
    while day.isoweekday() >= SATURDAY:
        day += timedelta(days=1)
    return day
