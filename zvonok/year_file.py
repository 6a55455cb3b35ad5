"""The file in which the office writes a school year down: ``year.toml``. Pure: bytes in, values or all faults out.

``docs/how-to/school-year.md`` describes it. Keys are those of the file; sentences name table and key in Russian. What
contradicts itself in a file that could be read is found by ``core.year``, not here.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from difflib import get_close_matches
from types import MappingProxyType
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from core import plain_names
from core.refusals import Invalid
from core.year.bells import Bell, BellSchedule
from core.year.calendar import GRADES, Calendar, Holiday, Level, Period, PeriodKind, StudyWeek, Terms
from core.year.span import Hours, Span
from texts.reader import load
from zvonok.trouble import OfficeError

BYTES = 200_000
"""A year takes two or three thousand."""
NAME_LONGEST = 60
MOST = 100
"""Of anything that a year has several of; a tenth of it is much."""
_SAY = load("ru").format
_DAY = re.compile(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})")
_HOURS = re.compile(r"([0-9]{1,2}):([0-9]{2})\s*[-–—]\s*([0-9]{1,2}):([0-9]{2})")
_PLACE = re.compile(r"\(at line (\d+), column \d+\)")


@dataclass(frozen=True, slots=True)
class YearFile:
    """What a file says of a year."""

    calendar: Calendar
    bells: tuple[BellSchedule, ...] | None
    """None: it says nothing of bells, and those that are set stay."""


def read(content: bytes) -> YearFile:
    """Read a file. Raises ``OfficeError`` with a line for each fault."""
    return of_tables(_tables(content))


def of_tables(tables: Mapping[str, Any]) -> YearFile:
    """Read what TOML has made of a file. Raises ``OfficeError`` with a line for each fault."""
    try:
        return _Year.model_validate(tables).values()
    except ValidationError as error:
        faults = [_fault(one) for one in error.errors(include_url=False)]
        raise OfficeError("\n".join([*dict.fromkeys(faults), _SAY("year-file-nothing-set")])) from None


def _tables(content: bytes) -> dict[str, Any]:
    if len(content) > BYTES:
        raise OfficeError(_SAY("year-file-large"))
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise OfficeError(_SAY("year-file-encoding")) from None
    except (ValueError, RecursionError) as error:
        place = _PLACE.search(str(error))
        told = _SAY("year-file-line", line=place[1]) if place else _SAY("year-file-not-toml")
        raise OfficeError(told) from None


def _day(written: object) -> date:
    if isinstance(written, date) and not isinstance(written, datetime):
        return written
    found = _DAY.fullmatch(written.strip()) if isinstance(written, str) else None
    if found is not None:
        day, month, year = map(int, found.groups())
        try:
            return date(year, month, day)
        except ValueError:
            pass
    raise PydanticCustomError("year-day", "not a day")


def _hours(written: object) -> Hours:
    found = _HOURS.fullmatch(written.strip()) if isinstance(written, str) else None
    if found is None:
        raise PydanticCustomError("year-hours", "not hours")
    first_hour, first_minute, last_hour, last_minute = map(int, found.groups())
    try:
        starts, ends = time(first_hour, first_minute), time(last_hour, last_minute)
    except ValueError:
        raise PydanticCustomError("year-hours", "not hours") from None
    if ends <= starts:
        raise PydanticCustomError("year-hours-backwards", "they end before they begin")
    return Hours(starts, ends)


def _name(written: str) -> str:
    try:
        return plain_names.fit(written, NAME_LONGEST)
    except Invalid as refusal:
        kind = "year-name-long" if refusal.code == "text-too-long" else "year-name-empty"
        raise PydanticCustomError(kind, "no name that people could read") from None


def _once(numbers: object) -> object:
    """Refuse a number that stands twice in a list: one of the two was meant to be another."""
    if isinstance(numbers, list) and len(set(map(str, numbers))) < len(numbers):
        raise PydanticCustomError("year-twice", "it stands there twice")
    return numbers


type Day = Annotated[date, BeforeValidator(_day)]
type Name = Annotated[str, AfterValidator(_name)]
type Grade = Annotated[int, Field(ge=1, le=11, strict=True)]
type GradeList = Annotated[tuple[Grade, ...], BeforeValidator(_once)]
type Weekdays = Annotated[tuple[Annotated[int, Field(ge=1, le=7, strict=True)], ...], BeforeValidator(_once)]
type Number = Annotated[str, Field(pattern=r"^1?[0-9]$")]
type LessonHours = Annotated[Hours, BeforeValidator(_hours)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, arbitrary_types_allowed=True)


class _Days(_Table):
    first: Day
    last: Day

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if self.last < self.first:
            raise PydanticCustomError("year-backwards", "the last day is before the first")
        return self

    @property
    def span(self) -> Span:
        return Span(self.first, self.last)


class _Period(_Days):
    name: Name | None = None


class _Terms(_Table):
    levels: Annotated[tuple[Level, ...], Field(min_length=1), BeforeValidator(_once)]
    kind: PeriodKind
    periods: Annotated[tuple[_Period, ...], Field(min_length=1, max_length=MOST)]

    def values(self) -> Terms:
        return Terms(self.kind, tuple(self._period(number, one) for number, one in enumerate(self.periods, 1)))

    def _period(self, number: int, one: _Period) -> Period:
        return Period(number, one.name or _SAY(f"year-period-{self.kind}", number=str(number)), one.span)


class _Holiday(_Days):
    name: Name
    grades: Annotated[GradeList, Field(min_length=1)] | None = None

    def value(self) -> Holiday:
        return Holiday(self.name, self.span, None if self.grades is None else frozenset(self.grades))


class _Moved(_Table):
    day: Day
    by: Day


class _Bells(_Table):
    name: Name
    shift: Annotated[int, Field(ge=1, le=3, strict=True)] = 1
    grades: Annotated[GradeList, Field(min_length=1)] | None = None
    weekdays: Annotated[Weekdays, Field(min_length=1)] | None = None
    lessons: Annotated[dict[Number, LessonHours], Field(min_length=1)]

    def value(self) -> BellSchedule:
        by_number = sorted((int(number), hours) for number, hours in self.lessons.items())
        bells = tuple(Bell(number, hours) for number, hours in by_number)
        return BellSchedule(self.name, self.shift, bells, _set(self.grades), _set(self.weekdays))


class _Year(_Days):
    year: Annotated[int, Field(ge=2000, le=2100, strict=True)]
    five_days: GradeList = ()
    six_days: GradeList = ()
    terms: Annotated[tuple[_Terms, ...], Field(max_length=MOST)] = ()
    holidays: Annotated[tuple[_Holiday, ...], Field(max_length=MOST)] = ()
    days_off: Annotated[tuple[Day, ...], Field(max_length=MOST), BeforeValidator(_once)] = ()
    moved: Annotated[tuple[_Moved, ...], Field(max_length=MOST)] = ()
    bells: Annotated[tuple[_Bells, ...], Field(max_length=MOST)] | None = None

    @model_validator(mode="after")
    def _apart(self) -> Self:
        for kind, found in (
            ("year-grade-in-both", _twice([*self.five_days, *self.six_days])),
            ("year-level-twice", _twice(level for one in self.terms for level in one.levels)),
            ("year-moved-twice", _twice(one.day for one in self.moved)),
        ):
            if found is not None:
                raise PydanticCustomError(kind, "it stands there twice", {"what": _shown(found)})
        return self

    def values(self) -> YearFile:
        week = {**dict.fromkeys(self.five_days, StudyWeek.FIVE), **dict.fromkeys(self.six_days, StudyWeek.SIX)}
        terms = {level: one.values() for one in self.terms for level in one.levels}
        calendar = Calendar(
            year=self.year,
            span=self.span,
            terms=MappingProxyType(terms),
            week=MappingProxyType(dict(sorted(week.items()))),
            holidays=tuple(one.value() for one in self.holidays),
            days_off=frozenset(self.days_off),
            moved=MappingProxyType({one.day: one.by for one in self.moved}),
        )
        return YearFile(calendar, None if self.bells is None else tuple(one.value() for one in self.bells))


def _set(numbers: Sequence[int] | None) -> frozenset[int] | None:
    return None if numbers is None else frozenset(numbers)


def _twice[Thing](things: Iterable[Thing]) -> Thing | None:
    return next((thing for thing, count in Counter(things).items() if count > 1), None)


def _shown(found: object) -> str:
    if isinstance(found, date):
        return f"{found:%d.%m.%Y}"
    return _SAY(f"school-level-{found}") if isinstance(found, Level) else str(found)


KEYS = tuple(
    dict.fromkeys(name for one in (_Year, _Terms, _Period, _Holiday, _Moved, _Bells) for name in one.model_fields)
)
FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "missing": "missing",
        "extra_forbidden": "unknown",
        "int_type": "number",
        "int_parsing": "number",
        "int_from_float": "number",
        "tuple_type": "list",
        "list_type": "list",
        "dict_type": "table",
        "model_type": "table",
        "model_attributes_type": "table",
        "string_type": "text",
        "year-name-empty": "empty",
        "too_short": "empty",
        "string_pattern_mismatch": "lesson-number",
        "year-day": "day",
        "year-hours": "hours",
        "year-hours-backwards": "hours-backwards",
        "year-backwards": "backwards",
        "year-twice": "twice",
    }
)
"""What pydantic finds → ``year-file-fault-…``; the rest need more words."""


def _fault(error: ErrorDetails) -> str:
    """Say one fault: where, and what is needed."""
    kind, context = error["type"], error.get("ctx", {})
    match kind:
        case "greater_than_equal" | "less_than_equal":
            told = _SAY("year-file-fault-bound", bound=str(next(iter(context.values()))), side=kind.partition("_")[0])
        case "too_long":
            told = _SAY("year-file-fault-many", most=MOST)
        case "year-name-long":
            told = _SAY("year-file-fault-long", longest=NAME_LONGEST)
        case "enum":
            told = _SAY("year-file-fault-choice", choices=_choices(error["loc"]))
        case "year-grade-in-both" | "year-level-twice" | "year-moved-twice":
            told = _SAY(f"year-file-fault-{kind.removeprefix('year-')}", what=str(context["what"]))
        case _:
            told = _SAY(f"year-file-fault-{FAULTS[kind]}")
    place = _place(error["loc"])
    near = _near(error["loc"]) if kind == "extra_forbidden" else ""
    return f"{place}: {told}{near}" if place else told[:1].upper() + told[1:]


def _place(loc: tuple[int | str, ...]) -> str:
    """Name the place: «terms № 2, periods № 1, ключ last»."""
    # A key of a table of hours that is no number is told by its value: «7a», «[key]».
    steps = [step for step in loc if step != "[key]"]
    parts: list[str] = []
    for number, step in enumerate(steps):
        if isinstance(step, int):
            parts[-1] = _SAY("year-file-table", name=parts[-1], number=str(step + 1))
        else:
            last = number == len(steps) - 1
            parts.append(_SAY("year-file-key", name=step) if last else step)
    return ", ".join(parts)


def _near(loc: tuple[int | str, ...]) -> str:
    close = get_close_matches(str(loc[-1]).casefold(), KEYS, n=1)
    return f" {_SAY('year-file-fault-near', name=close[0])}" if close else ""


def _choices(loc: tuple[int | str, ...]) -> str:
    if "levels" in loc:
        return ", ".join(f"{level} ({_SAY(f'school-level-{level}')})" for level in GRADES)
    return ", ".join(f"{kind} ({_SAY(f'period-kind-{kind}')})" for kind in PeriodKind)
