"""Days from one to another, and hours of one day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Self

from core.refusals import Invalid
from core.year.words import day_words


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Days from ``first`` to ``last``, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise Invalid("year-span-backwards", first=day_words(self.first), last=day_words(self.last))

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def days(self) -> Iterator[date]:
        """Yield every day in turn."""
        for number in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=number)

    def overlaps(self, other: Self) -> bool:
        """Tell whether the two share a day."""
        return self.first <= other.last and other.first <= self.last

    def covers(self, other: Self) -> bool:
        """Tell whether every day of the other is one of these."""
        return self.first <= other.first and other.last <= self.last


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """From when to when something goes on, by the school's wall clock."""

    starts: time
    ends: time

    def __post_init__(self) -> None:
        if self.ends <= self.starts:
            raise Invalid("year-hours-backwards", starts=f"{self.starts:%H:%M}", ends=f"{self.ends:%H:%M}")

    def __str__(self) -> str:
        return f"{self.starts:%H:%M}–{self.ends:%H:%M}"
