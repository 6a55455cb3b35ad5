"""The school as the journal knows it, as far as the office's lists speak of it. Pure values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from uuid import UUID

from core.access_names import Role
from core.consent.consent_entries import ConsentEntry
from core.roster_file import name_key
from core.russian import FullName

type NameKey = tuple[str, str, str]
type Pair = tuple[UUID, UUID]
"""Pupil and adult."""
type SlotKey = tuple[UUID, int, int]
"""Class, weekday, number of the lesson."""

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


@dataclass(frozen=True, slots=True)
class KnownSlot:
    """A weekly place in the timetable."""

    id: UUID
    starts: str
    """«08:30»."""
    ends: str
    subject: UUID
    teacher: UUID
    room: str


@dataclass(frozen=True)
class Book:
    """Everything at one moment."""

    today: date
    year: int
    """Of the classes that lists handed in today mean."""
    people: Mapping[UUID, KnownPerson] = field(default_factory=dict)
    classes: Mapping[UUID, KnownClass] = field(default_factory=dict)
    pupils: Mapping[UUID, UUID] = field(default_factory=dict)
    """Pupil → class."""
    staff: Mapping[UUID, KnownJob] = field(default_factory=dict)
    roles: Mapping[UUID, Role] = field(default_factory=dict)
    """Roles that follow from a position of a list, of today or later."""
    relations: Mapping[Pair, KnownRelation] = field(default_factory=dict)
    addresses: Mapping[UUID, KnownAddress] = field(default_factory=dict)
    subjects: Mapping[str, UUID] = field(default_factory=dict)
    slots: Mapping[SlotKey, KnownSlot] = field(default_factory=dict)

    @cached_property
    def classes_of_year(self) -> Mapping[str, KnownClass]:
        """Classes of the lists' school year, by title."""
        return {one.title: one for one in self.classes.values() if one.year == self.year}

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

    def dismissed(self, person: UUID) -> bool:
        """Tell whether an employee's last day is over."""
        job = self.staff.get(person)
        return job is not None and job.until is not None and job.until < self.today
