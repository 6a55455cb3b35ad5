"""Days, times and lists as people read them, in the language of the texts."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

from texts.reader import Texts


def day_words(texts: Texts, day: date) -> str:
    """Return «пятница, 21 ноября»."""
    return format_date(day, "EEEE, d MMMM", locale=texts.language)


def bell(at: datetime, zone: str) -> str:
    """Return «8:30» by the school's wall clock."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local.hour}:{local.minute:02}"


def commas(words: Iterable[str]) -> str:
    """Return a list in one line."""
    return ", ".join(words)


def lines(*parts: str) -> str:
    """Return the non-empty parts as lines of a message."""
    return "\n".join(part for part in parts if part)


def paragraphs(*parts: str) -> str:
    """Return the non-empty parts as paragraphs of a message."""
    return "\n\n".join(part for part in parts if part)
