"""Days and answers as people read them, in the language of the texts."""

from datetime import date
from zoneinfo import ZoneInfo

from babel.dates import format_date

from core.events import NoticeAnswer
from texts.reader import Texts

_TOGETHER = "\N{NO-BREAK SPACE}"
"""Between a number and what it numbers: «24 ноября» stands in one line."""


def day(texts: Texts, when: date, seen_on: date) -> str:
    """Return «вторник, 24 ноября», with the year if it is not that of the day on which it is read."""
    year = "" if when.year == seen_on.year else f"{_TOGETHER}y"
    return format_date(when, f"EEEE, d{_TOGETHER}MMMM{year}", locale=texts.language)


def answer(texts: Texts, given: NoticeAnswer, zone: str) -> str:
    """Say what the reader answered and when, by the school's wall clock."""
    local = given.at.astimezone(ZoneInfo(zone))
    when = format_date(local.date(), f"d{_TOGETHER}MMMM", locale=texts.language)
    return texts.format(f"web-own-{given.act}", day=when, time=f"{local.hour}:{local.minute:02}")
