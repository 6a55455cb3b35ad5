"""Days, times and lists as people read them, in the language of the texts."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

from texts.reader import Texts

_NUMBERED = re.compile(r"\d+[-/.]?\d*\s?-?[а-яёa-z]?", re.IGNORECASE)
"""Rooms that are named by a number, such as «12», «12а», «3-14»; others have names, such as «спортзал 1»."""


def day_words(texts: Texts, day: date) -> str:
    """Return «пятница, 21 ноября»."""
    return format_date(day, "EEEE, d MMMM", locale=texts.language)


def days_words(texts: Texts, first: date, last: date) -> str:
    """Return «7–12 сентября», or «28 сентября – 3 октября»."""
    begin, end = (format_date(day, "d MMMM", locale=texts.language) for day in (first, last))
    if (first.year, first.month) == (last.year, last.month):
        return texts.format("parent-diary-days", first=str(first.day), last=end)
    return texts.format("parent-diary-days-of-months", first=begin, last=end)


def day_and_year(texts: Texts, day: date, seen_on: date) -> str:
    """Return the same, with the year if it is not that of the day on which it is read."""
    words = day_words(texts, day)
    return words if day.year == seen_on.year else texts.format("bot-day-of-year", day=words, year=str(day.year))


def room_words(texts: Texts, room: str) -> str:
    """Return «каб. 12» for a number, and a name as it is; empty for no room."""
    return texts.format("parent-diary-room", room=room) if _NUMBERED.fullmatch(room.strip()) else room.strip()


def begun(words: str) -> str:
    """Return words as they stand at the beginning of a line."""
    return words[:1].upper() + words[1:]


def bell(at: datetime, zone: str) -> str:
    """Return «8:30» by the school's wall clock."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local.hour}:{local.minute:02}"


def commas(words: Iterable[str]) -> str:
    """Return a list in one line."""
    return ", ".join(words)


def in_classes(children: Iterable[str]) -> str:
    """Return «9В, Иванов Пётр; 7Б, Иванова Анна»: by commas alone two children would read as four."""
    return "; ".join(children)


def lines(*parts: str) -> str:
    """Return the non-empty parts as lines of a message."""
    return "\n".join(part for part in parts if part)


def paragraphs(*parts: str) -> str:
    """Return the non-empty parts as paragraphs of a message."""
    return "\n\n".join(part for part in parts if part)
