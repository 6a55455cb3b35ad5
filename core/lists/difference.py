"""What the lists change in the journal, thing by thing and field by field: the one plan that is shown and carried out.

A dry run shows it, an import writes its entries and nothing else, the audit keeps them, and taking an import back
writes them the other way round.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from core.lists.book import SlotKey
from core.lists.matching import Doubt
from core.roster_file import Place

type Values = Mapping[str, Any]
"""As they are kept in JSON: ids and dates are texts."""

FINGERPRINT_LETTERS = 12


class What(StrEnum):
    """What an entry is about, in the order in which things are written."""

    PERSON = "person"
    STAFF = "staff"
    ROLE = "role"
    CLASS = "class"
    PUPIL = "pupil"
    RELATION = "relation"
    CONSENT = "consent"
    ADDRESS = "address"
    SUBJECT = "subject"
    ROOM = "room"
    SLOT = "slot"


ORDER = tuple(What)


class Kind(StrEnum):
    """What becomes of it."""

    NEW = "new"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that an import writes."""

    what: What
    key: tuple[str, ...]
    """Ids: of the person; of pupil and adult; of the subject; of a lesson a ``book.SlotKey``."""
    before: Values | None
    """None: it is new."""
    after: Values | None
    """None only the other way round: it goes."""

    @property
    def kind(self) -> Kind:
        """What becomes of it."""
        return Kind.NEW if self.before is None else Kind.CHANGED

    @property
    def fields(self) -> tuple[tuple[str, Any, Any], ...]:
        """Each field that differs: its name, what stood, what stands then."""
        before, after = self.before or {}, self.after or {}
        names = dict.fromkeys((*after, *before))
        return tuple((name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name))

    def fields_but(self, *left_out: str) -> tuple[str, ...]:
        """Return the names of the fields that differ, but for these."""
        return tuple(name for name, _, _ in self.fields if name not in left_out)

    def turned(self) -> "Entry":
        """Return the entry that takes this one back."""
        return Entry(self.what, self.key, self.after, self.before)


class GoneWhat(StrEnum):
    """What the journal has and the list does not name; an import leaves it as it is."""

    PUPIL = "pupil"
    """In a class that the list names; whoever has left is not missed."""
    STAFF = "staff"
    ADULT = "adult"
    """Of a pupil whom the list names."""
    SLOT = "slot"
    """Of a class or a group whose timetable the list has."""


@dataclass(frozen=True, slots=True)
class Gone:
    """One such thing."""

    what: GoneWhat
    key: tuple[str, ...]


class StaysWhy(StrEnum):
    """Why a line of the list does not bring anything back."""

    DISMISSED = "dismissed"
    LEFT = "left"
    """The school, by an order."""
    RELATION_ENDED = "relation-ended"
    OWN_MAILBOX = "own-mailbox"
    """He confirmed another one himself, or took it back."""


@dataclass(frozen=True, slots=True)
class Stays:
    """What a list names although it is over, or was decided by the person himself; no list takes that back."""

    why: StaysWhy
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """Lines of the list that change nothing."""

    staff: int = 0
    pupils: int = 0
    adults: int = 0
    lessons: int = 0

    @property
    def people(self) -> int:
        """All of them but the lessons."""
        return self.staff + self.pupils + self.adults


@dataclass(frozen=True)
class Difference:
    """Everything that the lists change, what they leave out, and what nobody can tell."""

    entries: tuple[Entry, ...] = ()
    gone: tuple[Gone, ...] = ()
    stays: tuple[Stays, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    unchanged: Counts = Counts()
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """How things are called, by id: people, classes, subjects."""
    known_as: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What tells a person from namesakes, by id: a class, a child, a position."""
    fresh: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Ids that were made up for what is new, and what tells each from the others: those ids are no part of it."""
    places: Mapping[SlotKey, Place] = field(default_factory=lambda: MappingProxyType({}))
    """The line of each weekly lesson of the list."""

    def of(self, what: What, kind: Kind | None = None) -> tuple[Entry, ...]:
        """Return the entries of one kind."""
        return tuple(one for one in self.entries if one.what is what and kind in {None, one.kind})

    @property
    def fingerprint(self) -> str:
        """Return a short text that is equal for equal differences: what was shown is what is written.

        What is gone, doubtful or stays belongs to it; ids of what is not there yet do not.
        """
        said = [
            *([one.what, one.key, one.before, one.after] for one in self.entries),
            *([one.what, one.key] for one in self.gone),
            *([one.why, one.key] for one in self.stays),
            *([one.mark, [str(person) for person in one.offered]] for one in self.doubts),
        ]
        lines = sorted(json.dumps(self._stable(one), ensure_ascii=False, sort_keys=True) for one in said)
        digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:FINGERPRINT_LETTERS]
        return "-".join(digest[start : start + 4] for start in range(0, FINGERPRINT_LETTERS, 4))

    def _stable(self, value: Any) -> Any:
        """Put what tells a new thing from others in place of its id."""
        if isinstance(value, str):
            return self.fresh.get(value, value)
        if isinstance(value, Mapping):
            return {name: self._stable(one) for name, one in value.items()}
        if isinstance(value, list | tuple):
            return [self._stable(one) for one in value]
        return value


def in_order(entries: Iterable[Entry], *, backwards: bool = False) -> list[Entry]:
    """Return the entries in the order of writing: what others refer to comes first, or, going, last."""
    return sorted(entries, key=lambda one: ORDER.index(one.what), reverse=backwards)
