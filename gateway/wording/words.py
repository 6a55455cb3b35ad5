"""What a message is made of, and the parts that every kind of subject says alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from core.events import SchoolState, Subject
from gateway.content import Content
from texts.reader import Texts

DAYS_KEPT = 1024
"""Days, and moments, whose words are kept: all messages of a bell name the same few."""


@dataclass(frozen=True, slots=True)
class Telling[What: Subject, Said: Content]:
    """Everything that a message is made of."""

    delivery: UUID
    content: Said
    said: Said | None
    """What this reader was told before; None for a first message."""
    state: What
    school: SchoolState
    children: tuple[str, ...] = ()
    """Names of the reader's own children among those whom a subject of many concerns."""
    link: str | None = None
    """The page on which he can answer; None if there are no pages, or nothing to answer."""
    limited: bool = False
    """The reader is told so that he knows; to answer is for others."""


@dataclass(frozen=True, slots=True)
class Key:
    """A button under a message, before it knows its delivery."""

    label: str
    verb: str


@dataclass(frozen=True, slots=True)
class Words:
    """The parts of a message; channels put them together in their own ways."""

    title: str
    about: tuple[str, ...]
    """Who and when; the first line names the child."""
    body: tuple[str, ...]
    closing: tuple[str, ...]
    subject: str
    """Of a letter: it stands on lock screens, so that it tells no mark and no reason."""
    item: tuple[str, ...]
    """The same in an evening letter, under the child's name."""
    own: tuple[str, ...] = ()
    """What the reader did with the message; shown in chats only."""
    reply: str | None = None
    """How to answer a letter."""
    keys: tuple[tuple[Key, ...], ...] = ()
    calm: bool = False
    """Nothing to worry about: a correction, or good news."""
    private: bool = False
    """Not for passing on: the channel is asked to prevent that where it can."""
    link: str | None = None
    link_label: str | None = None
    """What the link's button says; None: that one can answer there."""
    why: str | None = None
    """Why a letter came; None: because of a consent."""
    quiet: bool = False
    """It is told without a sound, where the channel can."""

    @property
    def blocks(self) -> tuple[str, ...]:
        """Title, who and when, what: parts without a line are left out."""
        parts = ("\n".join(lines) for lines in (self.about, self.body))
        return self.title, *(part for part in parts if part)


def pupil_line(texts: Texts, name: str, class_title: str) -> str:
    """Return «Иванова Анна, 5А»."""
    return texts.format("alert-pupil", name=name, class_title=class_title)


def children_line(texts: Texts, names: Iterable[str], class_title: str) -> str:
    """Return the same for several children of one class."""
    return pupil_line(texts, ", ".join(names), class_title)


def day_words(texts: Texts, day: date) -> str:
    """Return «вторник, 20 октября»."""
    return _date(day, "EEEE, d MMMM", texts.language)


def day_and_year(texts: Texts, day: date, told_on: date) -> str:
    """Return the same, with the year if it is not that of the day on which it is told."""
    words = day_words(texts, day)
    return words if day.year == told_on.year else texts.format("news-day-of-year", day=words, year=str(day.year))


def short_day(texts: Texts, day: date) -> str:
    """Return «20 октября»."""
    return _date(day, "d MMMM", texts.language)


def clock(texts: Texts, at: datetime, zone: str) -> str:
    """Return «8:30» by the school's wall clock."""
    here = at.astimezone(ZoneInfo(zone))
    # Not by the moment: in two zones it is one key, and the second school would read the first one's hour.
    return _clock(here.hour, here.minute, texts.language)


@lru_cache(DAYS_KEPT)
def _date(day: date, pattern: str, language: str) -> str:
    return str(format_date(day, pattern, locale=language))


@lru_cache(DAYS_KEPT)
def _clock(hour: int, minute: int, language: str) -> str:
    return str(format_time(time(hour, minute), "H:mm", locale=language))


def understood(texts: Texts, *, done: bool) -> tuple[tuple[Key, ...], ...]:
    """Return the one button «Понятно», until it was pressed."""
    return () if done else ((Key(texts.format("alert-button-ok"), "ok"),),)
