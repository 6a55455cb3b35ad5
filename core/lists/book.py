"""The school as the journal knows it, as far as the office's lists speak of it. Pure values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from core.access_names import Role
from core.consent.consent_entries import ConsentEntry
from core.roster_file import name_key
from core.roster_file.rows import fold
from core.russian import FullName
from core.year.weekly import LearnersKind

type NameKey = tuple[str, str, str]
type Pair = tuple[UUID, UUID]
"""Pupil and adult."""
type SlotKey = tuple[UUID, int, int, str, str]
"""Class or group, weekday, number of the lesson, in which weeks, since which day («» from the year's first)."""

TAKEN_BACK = "загрузка отменена"
"""As the paper of a relation: the list that brought it was taken back, and it never was. A list may bring it again."""
NO_ADDRESS = ""
"""As an address: the list that brought it was taken back. The line stays, so that its versions go on."""


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A record of a person."""

    id: UUID
    name: FullName
    born: date | None
    merged_into: UUID | None = None

    @property
    def key(self) -> NameKey:
        """His name, as far as spellings do not matter."""
        return name_key(self.name)


@dataclass(frozen=True, slots=True)
class KnownClass:
    """A class of a school year."""

    id: UUID
    title: str
    year: int
    teacher: UUID | None = None


@dataclass(frozen=True, slots=True)
class KnownJob:
    """That somebody works, or worked, at the school."""

    position: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class KnownRelation:
    """A relation of an adult to a pupil."""

    word: str
    since: date
    until: date | None = None
    basis: str = ""
    is_trusted: bool = False
    """A trusted adult, whom lists of parents do not name."""
    consents: tuple[ConsentEntry, ...] = ()
    """In the order of recording."""

    def in_force(self, today: date) -> bool:
        """Tell whether it holds on this day."""
        return self.since <= today and (self.until is None or self.until >= today)

    @property
    def never_was(self) -> bool:
        """Tell whether the import that brought it was taken back."""
        return self.basis == TAKEN_BACK and self.until == self.since - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class KnownAddress:
    """A mailbox."""

    value: str
    verified_on: date | None = None
    own: bool = False
    """He confirmed it himself, or took it back himself: a list says nothing against that."""


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """Where a pupil learns: his latest enrolment, which may begin in September."""

    class_id: UUID
    since: date
    until: date | None = None
    """His last day, of whoever has left or is to leave."""


@dataclass(frozen=True, slots=True)
class KnownGroup:
    """A group, a stream or a combined class."""

    id: UUID
    title: str
    year: int
    classes: frozenset[UUID]
    kind: LearnersKind = LearnersKind.GROUP
    closed: bool = False


@dataclass(frozen=True, slots=True, order=True)
class KnownMembership:
    """That a pupil is in a group."""

    group: UUID
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class KnownRoom:
    """A room."""

    id: UUID
    name: str
    closed: bool = False


@dataclass(frozen=True, slots=True)
class KnownSlot:
    """A weekly place in the timetable of a class or a group."""

    id: UUID
    year: int
    values: Mapping[str, Any]
    """As entries keep them: hours («08:30», or None by the bells), subject, teacher, room, shift, last day."""


@dataclass(frozen=True)
class Book:
    """Everything at one moment."""

    today: date
    year: int
    """Of the classes that lists handed in today mean."""
    people: Mapping[UUID, KnownPerson] = field(default_factory=dict)
    classes: Mapping[UUID, KnownClass] = field(default_factory=dict)
    pupils: Mapping[UUID, KnownPlace] = field(default_factory=dict)
    staff: Mapping[UUID, KnownJob] = field(default_factory=dict)
    roles: Mapping[UUID, Role] = field(default_factory=dict)
    """Roles that follow from a position of a list, of today or later."""
    relations: Mapping[Pair, KnownRelation] = field(default_factory=dict)
    addresses: Mapping[UUID, KnownAddress] = field(default_factory=dict)
    subjects: Mapping[str, UUID] = field(default_factory=dict)
    rooms: Mapping[str, KnownRoom] = field(default_factory=dict)
    """By name, as far as spellings do not matter."""
    groups: Mapping[UUID, KnownGroup] = field(default_factory=dict)
    members: Mapping[UUID, tuple[KnownMembership, ...]] = field(default_factory=dict)
    """Pupil → the groups in which he is, or is to be."""
    slots: Mapping[SlotKey, KnownSlot] = field(default_factory=dict)

    @cached_property
    def classes_of_year(self) -> Mapping[str, KnownClass]:
        """Classes of the lists' school year, by title."""
        return {one.title: one for one in self.classes.values() if one.year == self.year}

    @cached_property
    def groups_of_year(self) -> Mapping[str, KnownGroup]:
        """Groups of the lists' school year, by title as far as spellings do not matter."""
        return {fold(one.title): one for one in self.groups.values() if one.year == self.year}

    def class_of(self, pupil: UUID) -> UUID:
        """Return the class in which a pupil learns, or learned last."""
        return self.pupils[pupil].class_id

    @cached_property
    def adults_of(self) -> Mapping[UUID, tuple[UUID, ...]]:
        """The adults of each pupil, those whose relation has ended included."""
        found: dict[UUID, tuple[UUID, ...]] = {}
        for pupil, adult in self.relations:
            found[pupil] = (*found.get(pupil, ()), adult)
        return found

    @cached_property
    def called(self) -> Mapping[UUID, frozenset[NameKey]]:
        """Each person's name, and the names of the duplicates merged into him: an old list means him by these too."""
        found: dict[UUID, set[NameKey]] = {}
        for one in self.people.values():
            found.setdefault(one.merged_into or one.id, set()).add(one.key)
        return {person: frozenset(keys) for person, keys in found.items()}

    def has_left(self, pupil: UUID) -> bool:
        """Tell whether a pupil's last day is over."""
        until = self.pupils[pupil].until
        return until is not None and until < self.today

    def dismissed(self, person: UUID) -> bool:
        """Tell whether an employee's last day is over."""
        job = self.staff.get(person)
        return job is not None and job.until is not None and job.until < self.today
