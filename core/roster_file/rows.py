"""The rows of a school office's tables, once read: plain frozen values.

Names, e-mails and dates are personal data: the values have no short forms for logs, log only their places.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Final

from core.roster_file.problems import LineError, Notice, Place
from core.russian import FullName
from core.year.weekly import Every


@dataclass(frozen=True, slots=True)
class NamedBytes:
    """A file as it was handed over."""

    name: str
    """As the office knows it; shown in errors."""
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is read before it is refused. A school of 1,500 pupils needs about a tenth of it."""

    file_bytes: int = 20 * 1024 * 1024
    unpacked_bytes: int = 200 * 1024 * 1024
    """Of all parts of an XLSX file together."""
    elements: int = 1_500_000
    """Of XML in the parts of an XLSX file that are read: seconds of work. A full table of 20,000 pupils has 900,000."""
    rows: int = 20_000
    """Non-empty rows of one table."""
    columns: int = 64
    """Last column that may hold anything."""
    cell_characters: int = 1_000
    errors: int = 200
    """Errors that are kept; the rest is only counted."""


DEFAULT_LIMITS: Final = Limits()


def fold(text: str) -> str:
    """Return the form of a Russian text under which spellings that people do not tell apart are equal."""
    return text.casefold().replace("ё", "е")


def name_key(name: FullName) -> tuple[str, str, str]:
    """Return what two spellings of one name have in common: neither capitals nor ё tell people apart."""
    return fold(name.surname), fold(name.given), fold(name.patronymic)


@dataclass(frozen=True, slots=True, order=True)
class ClassTitle:
    """A class: its grade (параллель) 1–11 and its letter (литера), which a school with one class a grade lacks."""

    grade: int
    letter: str = ""

    def __str__(self) -> str:
        return f"{self.grade}{self.letter}"


class Relation(StrEnum):
    """Who the adult is to the child, as the office wrote it. Which of them act in law, core decides."""

    MOTHER = "mother"
    FATHER = "father"
    STEPMOTHER = "stepmother"
    STEPFATHER = "stepfather"
    ADOPTER = "adopter"
    GUARDIAN = "guardian"
    TRUSTEE = "trustee"
    FOSTER_PARENT = "foster-parent"
    GRANDMOTHER = "grandmother"
    GRANDFATHER = "grandfather"
    SISTER = "sister"
    BROTHER = "brother"
    AUNT = "aunt"
    UNCLE = "uncle"
    REPRESENTATIVE = "representative"


class Weekday(IntEnum):
    """A school day; numbers as in ISO 8601."""

    MONDAY = 1
    TUESDAY = 2
    WEDNESDAY = 3
    THURSDAY = 4
    FRIDAY = 5
    SATURDAY = 6


RELATION_WORDS: Final[Mapping[Relation, str]] = MappingProxyType(
    {
        Relation.MOTHER: "мать",
        Relation.FATHER: "отец",
        Relation.STEPMOTHER: "мачеха",
        Relation.STEPFATHER: "отчим",
        Relation.ADOPTER: "усыновитель",
        Relation.GUARDIAN: "опекун",
        Relation.TRUSTEE: "попечитель",
        Relation.FOSTER_PARENT: "приёмный родитель",
        Relation.GRANDMOTHER: "бабушка",
        Relation.GRANDFATHER: "дедушка",
        Relation.SISTER: "сестра",
        Relation.BROTHER: "брат",
        Relation.AUNT: "тётя",
        Relation.UNCLE: "дядя",
        Relation.REPRESENTATIVE: "законный представитель",
    }
)
"""The word for each relation that the office's table is written with."""

WEEKDAY_WORDS: Final[Mapping[Weekday, str]] = MappingProxyType(
    {
        Weekday.MONDAY: "понедельник",
        Weekday.TUESDAY: "вторник",
        Weekday.WEDNESDAY: "среда",
        Weekday.THURSDAY: "четверг",
        Weekday.FRIDAY: "пятница",
        Weekday.SATURDAY: "суббота",
    }
)
"""The word for each school day."""


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A line of «Сотрудники»."""

    place: Place = field(compare=False)
    name: FullName
    birth_date: date | None
    position: str
    class_teacher_of: ClassTitle | None
    email: str | None
    email_verified_on: date | None
    """When the address was verified on paper; None: not verified, nothing may be sent there."""


@dataclass(frozen=True, slots=True)
class GuardianCells:
    """One adult in a line of «Ученики»; the same adult stands in the line of each of his children."""

    name: FullName
    birth_date: date | None
    relation: Relation
    email: str | None
    email_verified_on: date | None
    """When the address was verified on paper; None: not verified, nothing may be sent there."""
    consent_on: date | None
    """Date of the paper consent given for the pupil of this line; None: no consent."""

    @property
    def key(self) -> tuple[tuple[str, str, str], date] | None:
        """Equal for the same person in different lines; None without a birth date: then nobody can tell."""
        return None if self.birth_date is None else (name_key(self.name), self.birth_date)


@dataclass(frozen=True, slots=True)
class PupilRow:
    """A line of «Ученики»."""

    place: Place = field(compare=False)
    school_class: ClassTitle
    name: FullName
    birth_date: date
    guardians: tuple[GuardianCells, ...]
    """One or two, in the order of the columns."""


@dataclass(frozen=True, slots=True)
class LessonRow:
    """A line of «Расписание»: one lesson of the week."""

    place: Place = field(compare=False)
    school_class: ClassTitle | None
    """None only of a group: of all its classes."""
    weekday: Weekday
    number: int
    starts_at: time | None
    """School's local time, to the minute; None: by the bells."""
    ends_at: time | None
    subject: str
    """In full, starting with a lower-case letter (GEN-17)."""
    teacher: str
    """«Фамилия Имя Отчество», or «Фамилия И. О.»; whom it names, the import finds in «Сотрудники»."""
    room: str | None
    group: str | None = None
    """The title of a group, a stream or a combined class; None: the whole class has it."""
    every: Every = Every.WEEK
    shift: int = 1
    since: date | None = None
    """None: from the year's first day."""
    until: date | None = None
    """The last day; None: to the end of the year."""

    @property
    def hours(self) -> tuple[time, time] | None:
        """From when to when; None: by the bells."""
        return None if self.starts_at is None or self.ends_at is None else (self.starts_at, self.ends_at)

    @property
    def learners(self) -> str:
        """Who has it, as a person would name them."""
        return self.group or str(self.school_class)

    def may_meet(self, other: "LessonRow") -> bool:
        """Tell whether the two can be in one week: of odd and even ones, and of other months, they are not."""
        ends = self.until is None or other.since is None or other.since <= self.until
        begins = other.until is None or self.since is None or self.since <= other.until
        weeks = self.every is other.every or Every.WEEK in (self.every, other.every)
        return self.weekday is other.weekday and weeks and ends and begins


@dataclass(frozen=True, slots=True)
class RosterFiles:
    """Everything that the files said."""

    staff: tuple[StaffRow, ...]
    pupils: tuple[PupilRow, ...]
    lessons: tuple[LessonRow, ...]
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class RosterErrors:
    """Why nothing of the files may be used."""

    errors: tuple[LineError, ...]
    """Never empty; in the office's reading order."""
    more: int = 0
    """How many further errors there are beside those listed."""
    notices: tuple[Notice, ...] = ()
    timetable: RosterFiles | None = None
    """Staff and lessons that could be read, if all the staff could: whom the lessons name can be looked up."""
