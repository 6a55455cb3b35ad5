"""Who of the readers of one event was told, who waits, who was missed, and what the head of its card says of them all.

A reader is told if one of his ways came through. Whoever chose silence, or whose school chose it for him, needed
nothing; whom a lack of consent or of an address hindered, was missed. A reason that is not known here is a miss: better
one look too many than a green card over somebody who heard nothing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from gateway.states import IN_FLIGHT, TOLD, Reason, State
from texts.reader import Texts

type Json = dict[str, Any]


class Standing(StrEnum):
    """How it stands with one reader; the first of several ways decides in this order."""

    TOLD = "told"
    WAITS = "waits"
    MISSED = "missed"
    FORBIDDEN = "forbidden"
    """He must not know, or is not to be told: by law or by the family's papers."""
    UNNEEDED = "unneeded"


TONES = {
    Standing.TOLD: "ok",
    Standing.WAITS: "wait",
    Standing.MISSED: "bad",
    Standing.FORBIDDEN: "quiet",
    Standing.UNNEEDED: "quiet",
}
"""How a standing looks."""

_UNNEEDED = frozenset(
    {Reason.UNSUBSCRIBED, Reason.NOT_RECOMMENDED, Reason.NOT_ASKED_FOR, Reason.SUPERSEDED, Reason.MOVED}
)
_FORBIDDEN = frozenset({Reason.RIGHTS_LOST, Reason.BARRED, Reason.NO_CONTACT, Reason.LIMITED_VIEW})
_ORDER = tuple(Standing)


def of_thread(row: Row[Any]) -> Standing:
    """Return how it stands on one way."""
    state = State(row.state)
    if state in TOLD:
        return Standing.TOLD
    if state is State.PENDING or state in IN_FLIGHT:
        return Standing.WAITS
    if state is State.SUPPRESSED and row.reason in _UNNEEDED:
        return Standing.UNNEEDED
    return Standing.FORBIDDEN if state is State.SUPPRESSED and row.reason in _FORBIDDEN else Standing.MISSED


def of_reader(threads: Sequence[Row[Any]]) -> Standing:
    """Return how it stands with a reader: the best of those ways that carry the newest version planned for him."""
    newest = max(row.want for row in threads)
    return min((of_thread(row) for row in threads if row.want == newest), key=_ORDER.index)


def in_turn(threads: Sequence[Row[Any]], tried: Mapping[UUID, Sequence[Row[Any]]]) -> list[Row[Any]]:
    """Put the ways of one reader into the order in which they were last tried; one never tried stands at its plan."""

    def moment(row: Row[Any]) -> datetime:
        planned: datetime = row.created_at
        return max((one.started_at for one in tried.get(row.id, ())), default=planned)

    return sorted(threads, key=moment)


def is_past(row: Row[Any], threads: Sequence[Row[Any]]) -> bool:
    """Tell whether this way told something that is no longer the newest: later news took another way, or is on it."""
    return of_thread(row) is Standing.TOLD and row.want < max(one.want for one in threads)


@dataclass(frozen=True, slots=True)
class Sum:
    """The readers of one event, counted."""

    by: Counter[Standing]
    waits: Counter[str]
    """Those who wait, by what they wait for."""

    @classmethod
    def of(cls, people: Iterable[tuple[Standing, str]]) -> "Sum":
        """Count readers, each with the words for what he waits for."""
        counted = list(people)
        waits = Counter(words for standing, words in counted if standing is Standing.WAITS)
        return cls(Counter(standing for standing, _ in counted), waits)

    @property
    def due(self) -> int:
        """How many should be told."""
        return self.by[Standing.TOLD] + self.by[Standing.WAITS] + self.by[Standing.MISSED]

    def head(self, texts: Texts) -> Json:
        """Say it in a word: green only if everybody who should have been told was."""
        told, missed, waits = (self.by[one] for one in (Standing.TOLD, Standing.MISSED, Standing.WAITS))
        if missed:
            message = "rail-head-not-all" if told or waits else "rail-head-missed"
            return _sign("some" if told or waits else "bad", texts, message, told, self.due)
        if waits:
            return self._waiting(texts, told)
        if told:
            return _sign("ok", texts, "rail-head-told", told, self.due)
        return _sign("quiet", texts, f"rail-head-{max(self.by, default=Standing.UNNEEDED, key=_ORDER.index)}", 0, 0)

    def _waiting(self, texts: Texts, told: int) -> Json:
        if told:
            return _sign("wait", texts, "rail-head-some-wait", told, self.due)
        return {"tone": "wait", "text": next(iter(self.waits)) if len(self.waits) == 1 else texts.format("rail-flies")}

    def counts(self, texts: Texts) -> list[Json]:
        """List how many stand how, those who wait by what they wait for."""
        found = []
        for standing in Standing:
            if standing is Standing.WAITS:
                waits = sorted(self.waits.items())
                found += [
                    _count("wait", texts.format("rail-count-waits", what=what, count=count)) for what, count in waits
                ]
            elif self.by[standing]:
                found.append(_count(TONES[standing], texts.format(f"rail-count-{standing}", count=self.by[standing])))
        return found


def _sign(tone: str, texts: Texts, message: str, told: int, due: int) -> Json:
    return {"tone": tone, "text": texts.format(message, told=told, due=due)}


def _count(tone: str, text: str) -> Json:
    return {"tone": tone, "text": text}
