"""What the values of a school's rules are made of: closed lists, days of the year, tables."""

import re
from enum import StrEnum
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

_DAY = re.compile(r"(\d\d)\.(\d\d)")
_LONGEST_MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Days of each month; 29 February is no day of every year."""


def _year_day(text: str) -> str:
    found = _DAY.fullmatch(text)
    if found is None:
        raise PydanticCustomError("rule-day", "not a day of the year")
    day, month = int(found[1]), int(found[2])
    if not (1 <= month <= len(_LONGEST_MONTHS) and 1 <= day <= _LONGEST_MONTHS[month - 1]):
        raise PydanticCustomError("rule-day", "no such day")
    return text


type YearDay = Annotated[str, AfterValidator(_year_day)]
"""A day of every year, «05.09»."""
LONGEST_TEXT = 200
type RuleText = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]
"""One line of the school's own words."""


class Period(StrEnum):
    """How often."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class AbsenceClass(StrEnum):
    """What an absence code comes to (CONF-01)."""

    UNEXCUSED = "unexcused"
    ILLNESS = "illness"
    EXCUSED = "excused"
    EXEMPT = "exempt"


class AbsenceCode(BaseModel):
    """One code of the school's table of absences (CONF-01)."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    code: Annotated[str, Field(pattern=r"^[А-ЯЁа-яё]{1,4}$")]
    """As teachers write it; capitals do not tell codes apart."""
    kind: AbsenceClass
    missed: bool
    """Whether the lesson counts as missed."""
    told: bool
    """Whether the family is told of it."""
    meaning: Annotated[str, Field(pattern=r"^[^:;]{1,60}$")]


def _apart(codes: tuple[AbsenceCode, ...]) -> tuple[AbsenceCode, ...]:
    if len({code.code.casefold() for code in codes}) < len(codes):
        raise PydanticCustomError("rule-codes", "a code stands there twice")
    return codes


type AbsenceCodes = Annotated[tuple[AbsenceCode, ...], Field(min_length=1), AfterValidator(_apart)]


class AbsenceTold(StrEnum):
    """Who tells the family of an absence (CONF-20)."""

    AUTOMATIC = "automatic"
    """The journal, as soon as it was entered; the teacher may add a word."""
    TEACHER = "teacher"
    """The teacher, by hand."""


class NoMark(StrEnum):
    """What may stand in a mark's place (CONF-10); apart from the codes of absence, one of which looks the same."""

    EXEMPT = "осв"
    NOT_ASSESSED = "н/а"
    UNMARKED = "безотм"
    NOT_GRADED = "н/оц"


class Grades(NamedTuple):
    """Grades from one to another, both included."""

    first: Annotated[int, Field(ge=1, le=11)]
    last: Annotated[int, Field(ge=1, le=11)]


def _rising(grades: Grades) -> Grades:
    if grades.first > grades.last:
        raise PydanticCustomError("rule-grades", "the first grade is above the last")
    return grades


type GradeSpan = Annotated[Grades, AfterValidator(_rising)]


class HomeworkWay(StrEnum):
    """To which lesson homework is written (CONF-14, HW-07)."""

    GIVEN_AT = "given-at-lesson"
    """«Выданные на текущем уроке»."""
    DUE_AT = "due-at-lesson"
    """«Выданные к текущему уроку»."""


class FinalsOpen(StrEnum):
    """From when final marks of a period may be set (CONF-09)."""

    LAST_WEEK = "last-week"
    LAST_LESSON = "last-lesson"
    ANY_TIME = "any-time"


class FinalsClose(StrEnum):
    """Until when (CONF-09)."""

    BEFORE_HOLIDAYS = "before-holidays"
    NEXT_WORKING_DAY = "next-working-day"


class ChangesTold(StrEnum):
    """When substitutions and moved lessons are told (DL-29)."""

    AT_ONCE = "at-once"
    DAILY = "daily"


class Weekday(StrEnum):
    """A day of the week."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class AddressPlace(StrEnum):
    """Where a parent states his mailbox (CONF-19)."""

    PROFILE = "profile"
    SETTINGS = "settings"


class BreachClock(StrEnum):
    """From what moment the time for reporting a breach runs (CONF-06)."""

    FOUND = "found"
    """From finding it oneself (001 R3 4.3)."""
    NEWS = "news"
    """From getting news of it (001 A1)."""


class LoginMethod(StrEnum):
    """How somebody proves who he is (CONF-11)."""

    PASSWORD = "password"  # noqa: S105 - the name of a method
    PROVIDER = "provider"
    """Through an identity provider, such as ЕСИА."""


def _once(methods: tuple[LoginMethod, ...]) -> tuple[LoginMethod, ...]:
    return tuple(dict.fromkeys(methods))


type LoginMethods = Annotated[tuple[LoginMethod, ...], Field(min_length=1), AfterValidator(_once)]


class NoConsent(StrEnum):
    """What a family without a consent gets (CONF-21): never an account, never a message."""

    PAPER = "paper"
    """Paper extracts, without asking for them."""
    PAPER_ON_REQUEST = "paper-on-request"


class SuccessOf(StrEnum):
    """Of what the success rate of a class is the share (CONF-16)."""

    SUBJECT = "subject"
    """Per subject: pupils whose mark is not below 3, of all pupils."""
    PUPIL = "pupil"
    """Pupils none of whose marks is below 3, of all pupils."""


class Averages(StrEnum):
    """Which averages of a group of schools are shown (CONF-23)."""

    BOTH = "both"
    UNWEIGHTED = "unweighted"
    WEIGHTED = "weighted"


class Export(StrEnum):
    """When the monitoring report is made (DL-35)."""

    ON_REQUEST = "on-request"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


class Accounting(StrEnum):
    """Where what a pupil has learnt is recorded."""

    CLASS_JOURNAL = "class-journal"
    """On the pages of his class, as everybody's."""
    SEPARATE_SHEET = "separate-sheet"
    """On a sheet of his own: his lessons are not the class's."""
    CERTIFICATE = "certificate"
    """By the certificate of where he learns meanwhile."""
    ASSESSMENT_ONLY = "assessment-only"
    """Nothing but the results of interim and final assessment."""
